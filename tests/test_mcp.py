"""MCP: a real client over a real connection lists the tools and calls them; nobody without credentials does."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
import uvicorn
from desks import FERRY, desk_over, ferry
from mcp import Client
from mcp.client.streamable_http import streamable_http_client
from mcp_types import CallToolResult

from ui.conversations import Conversations, file_beside
from ui.guard import Credentials
from ui.mcp import call
from ui.server import _listen, create_app
from ui.uploads import Upload

LONG = FERRY + "".join(f"\nThe boat number {number} was painted in spring.\n" for number in range(300))
AUTH = ("anna", "secret")


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("mcp")
    desk = desk_over(folder / "library")
    desk.add([Upload("ferry.txt", ferry(folder)), Upload("boats.txt", ferry(folder, "boats.txt", LONG))])
    app = create_app(desk, Conversations(file_beside(desk.library)), auth=Credentials(*AUTH))
    listening = _listen("127.0.0.1", 0)
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=2))
    thread = threading.Thread(target=server.run, args=([listening],))
    thread.start()
    yield f"http://127.0.0.1:{listening.getsockname()[1]}/mcp"
    server.should_exit = True
    thread.join(30)
    listening.close()


def with_client(address: str, use: Callable[[Client], Awaitable[Any]], auth: tuple[str, str] | None = AUTH) -> Any:
    async def run() -> Any:
        async with (
            httpx2.AsyncClient(auth=auth) as http,
            Client(streamable_http_client(address, http_client=http)) as c,
        ):
            return await use(c)

    return asyncio.run(run())


def called(address: str, tool: str, **arguments: Any) -> CallToolResult:
    return with_client(address, lambda client: client.call_tool(tool, arguments))


def text_of(result: CallToolResult) -> str:
    (content,) = result.content
    return str(getattr(content, "text", ""))


def test_the_tools_are_listed_and_described(address: str) -> None:
    listed = with_client(address, lambda client: client.list_tools())
    assert [tool.name for tool in listed.tools] == ["ask", "brief", "compare", "search", "read_document"]
    assert all(tool.description and tool.annotations.read_only_hint for tool in listed.tools)
    assert listed.tools[0].input_schema["required"] == ["question"]


def test_an_answer_comes_with_its_citations(address: str) -> None:
    result = called(address, "ask", question="How many passengers does the ferry carry?")
    answer = result.structured_content
    assert not result.is_error and answer["short"] == "1 200 passengers"
    citation = answer["citations"][0]
    read = called(address, "read_document", document_id=citation["document_id"], start=citation["start"],
                  length=citation["end"] - citation["start"]).structured_content  # fmt: skip
    assert read["text"] == citation["quote"]
    assert citation["quote"] in text_of(result) and citation["title"] in text_of(result)


def test_an_abstention_says_why_and_is_no_error(address: str) -> None:
    result = called(address, "ask", question="How many passengers?", as_of="2001")
    assert not result.is_error and result.structured_content["text"] is None
    assert text_of(result).startswith("No answer:")


def test_a_brief_and_a_comparison_come_as_text_and_as_content(address: str) -> None:
    brief = called(address, "brief", topic="night ferry")
    assert not brief.is_error and brief.structured_content["entries"]
    assert all(one["quote"].split()[0] in text_of(brief) for one in brief.structured_content["citations"])
    compared = called(address, "compare", topic="night ferry", first="1", second="2")
    assert not compared.is_error and compared.structured_content["second"]["document"]["document_id"] == 2
    assert called(address, "compare", topic="ferry", first="1", second="2022").is_error


def test_search_gives_passages_with_their_places(address: str) -> None:
    result = called(address, "search", question="boat painted", limit=3)
    passages = result.structured_content["passages"]
    assert len(passages) == 3
    for passage in passages:
        place = {"start": passage["start"], "length": passage["end"] - passage["start"]}
        read = called(address, "read_document", document_id=passage["document_id"], **place)
        assert read.structured_content["text"] == passage["text"] and passage["text"] in text_of(result)


def test_a_long_document_is_read_part_by_part(address: str) -> None:
    parts, start = [], 0
    while start is not None:
        part = called(address, "read_document", document_id=2, start=start, length=5_000).structured_content
        parts.append(part["text"])
        start = part["next_start"]
    assert len(parts) > 2 and len("".join(parts)) == part["characters"]
    assert "".join(parts).endswith("The boat number 299 was painted in spring.")
    beyond = called(address, "read_document", document_id=2, start=10**9)
    assert beyond.structured_content["text"] == "" and beyond.structured_content["next_start"] is None


@pytest.mark.parametrize(
    ("tool", "arguments", "name"),
    [
        ("ask", {"question": " "}, "QuestionError"),
        ("ask", {"question": "Who?", "as_of": "someday"}, "DateError"),
        ("ask", {}, "RequestInvalid"),
        ("search", {"question": "boat", "limit": 1000}, "RequestInvalid"),
        ("read_document", {"document_id": 99}, "DocumentNotFound"),
        ("read_document", {"document_id": 1, "start": -1}, "RequestInvalid"),
        ("delete_everything", {}, "ToolNotFound"),
    ],
)
def test_errors_have_names_and_say_what_to_do(address: str, tool: str, arguments: dict[str, Any], name: str) -> None:
    result = called(address, tool, **arguments)
    assert result.is_error and text_of(result).startswith(f"{name}: ")
    assert result.structured_content["error"] == name


def test_what_goes_wrong_here_is_told_without_a_trace(home: Path) -> None:
    desk = desk_over(home / "library")
    desk.document = lambda number: 1 / 0  # type: ignore[assignment]
    result = asyncio.run(call(desk, "read_document", {"document_id": 1}))
    assert result.is_error and text_of(result).startswith("InternalError") and "division" not in text_of(result)
    desk.close()


@pytest.mark.parametrize("auth", [None, ("anna", "guess")])
def test_without_credentials_nothing_is_listed(address: str, auth: tuple[str, str] | None) -> None:
    call = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
    accepted = {"accept": "application/json, text/event-stream"}
    assert httpx2.post(address, json=call, headers=accepted, auth=auth).status_code == 401
    assert httpx2.post(address, json=call, headers=accepted, auth=AUTH).status_code == 200
    with pytest.raises(BaseExceptionGroup):
        with_client(address, lambda client: client.list_tools(), auth=auth)
