"""The server: nobody comes in without credentials, errors have names, and what is sent stays within limits."""

from __future__ import annotations

import asyncio
import base64
import io
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from desks import FERRY, HeldReader, desk_over, ferry
from fastapi.testclient import TestClient
from starlette.applications import Starlette
from starlette.responses import StreamingResponse
from starlette.types import Message
from starlette.websockets import WebSocketDisconnect
from test_conversations import WHOLE

from rag.errors import LibraryDamaged, ModelDamaged
from ui import rest
from ui.conversations import Conversations, file_beside
from ui.desk import Closing, Desk
from ui.guard import AuthError, Credentials, Limits
from ui.opening import Opening
from ui.server import AddressTaken, create_app, exposure, serve
from ui.uploads import FOLDER

AUTH = Credentials.parse("anna:it's a:secret")


def client_of(desk: Desk, page: Any = None, **settings: Any) -> TestClient:
    app = create_app(desk, Conversations(file_beside(desk.library)), page, **settings)
    return TestClient(app, base_url="http://localhost", raise_server_exceptions=False)


@pytest.fixture
def client(home: Path) -> Iterator[TestClient]:
    with client_of(desk_over(home / "library")) as client:
        yield client


def a_page() -> Any:
    import gradio as gr

    with gr.Blocks() as page:
        box = gr.Textbox()
        gr.Button("go").click(lambda words: words, box, box)
        gr.File()
    return page


# --- who may come in ------------------------------------------------------------------------------------------------

FACES = [
    ("GET", "/"),
    ("GET", "/api/status"),
    ("POST", "/api/ask"),
    ("POST", "/api/brief"),
    ("POST", "/api/compare"),
    ("POST", "/api/index"),
    ("GET", "/api/documents"),
    ("GET", "/api/documents/1"),
    ("DELETE", "/api/documents/1"),
    ("GET", "/api/conversations/x/export"),
    ("GET", "/openapi.json"),
    ("GET", "/docs"),
    ("GET", "/redoc"),
    ("POST", "/mcp"),
    ("GET", "/mcp"),
    ("GET", "/config"),
    ("GET", "/gradio_api/info"),
    ("POST", "/gradio_api/queue/join"),
    ("GET", "/gradio_api/queue/data"),
    ("POST", "/gradio_api/upload"),
    ("GET", "/gradio_api/file=/etc/passwd"),
    ("GET", "/gradio_api/heartbeat/x"),
    ("GET", "/assets/index.js"),
    ("GET", "/nothing/here"),
    ("OPTIONS", "/api/ask"),
]


@pytest.fixture(scope="module")
def locked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    desk = desk_over(tmp_path_factory.mktemp("locked") / "library")
    desk.add([])  # a library of its own: the sample is not asked for
    with client_of(desk, a_page(), auth=AUTH) as client:
        yield client


@pytest.mark.parametrize(("method", "path"), FACES)
def test_without_credentials_every_face_answers_401(locked: TestClient, method: str, path: str) -> None:
    refused = locked.request(method, path)
    assert refused.status_code == 401 and refused.json()["error"] == "Unauthorized"
    assert refused.headers["www-authenticate"].startswith("Basic ")


def test_with_credentials_the_faces_are_there(locked: TestClient) -> None:
    locked.auth = (AUTH.user, AUTH.password)
    try:
        for path in ("/", "/config", "/openapi.json", "/gradio_api/info"):
            assert locked.get(path).status_code == 200, path
        assert locked.get("/docs").status_code == 404  # its page would load scripts from elsewhere
        assert locked.get("/gradio_api/file=/etc/passwd").status_code == 403
    finally:
        locked.auth = None


@pytest.mark.parametrize(
    "header",
    [
        "Basic",
        "Basic !!!",
        "Basic " + base64.b64encode(b"anna").decode(),
        "Basic " + base64.b64encode(b"anna:it's a:secre").decode(),
        "Basic " + base64.b64encode(b"ann:a:it's a:secret").decode(),
        "Basic " + base64.b64encode("änna:ß".encode("latin-1")).decode(),
        "Bearer " + base64.b64encode(b"anna:it's a:secret").decode(),
    ],
)
def test_wrong_credentials_are_refused(locked: TestClient, header: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ui.guard.WRONG_PASSWORD_SECONDS", 0)
    assert locked.get("/api/status", headers={"authorization": header}).status_code == 401


def test_wrong_guesses_wait_one_after_the_other_and_nobody_else_does(locked: TestClient) -> None:
    started = time.perf_counter()
    with ThreadPoolExecutor(4) as pool:
        guesses = [pool.submit(locked.get, "/api/status", auth=("anna", "guess")) for _ in range(4)]
        assert locked.get("/api/documents", auth=(AUTH.user, AUTH.password)).status_code == 200
        assert not all(guess.done() for guess in guesses)
    assert time.perf_counter() - started >= 2


def test_websockets_are_guarded_too(locked: TestClient) -> None:
    with pytest.raises(WebSocketDisconnect), locked.websocket_connect("/gradio_api/queue/join"):
        pass


def test_credentials_need_a_user_and_a_password() -> None:
    assert Credentials("anna", "it's a:secret") == AUTH
    for wrong in ("", "anna", "anna:", ":secret"):
        with pytest.raises(AuthError, match="colon"):
            Credentials.parse(wrong)


@pytest.mark.parametrize("host", ["evil.example", "evil.example:7860", "localhost.evil.example", "", "[::1].evil"])
def test_other_names_than_ours_are_refused(client: TestClient, host: str) -> None:
    refused = client.get("/api/status", headers={"host": host})
    assert refused.status_code == 421 and refused.json()["error"] == "HostRefused"


@pytest.mark.parametrize("host", ["localhost:7860", "127.0.0.1", "127.0.0.1:80", "[::1]:7860", "192.168.1.7:7860"])
def test_addresses_and_localhost_are_ours(client: TestClient, host: str) -> None:
    assert client.get("/api/status", headers={"host": host}).status_code == 200


def test_a_name_can_be_given(home: Path) -> None:
    with client_of(desk_over(home / "library"), hosts=["Vouch.Example.org"]) as client:
        assert client.get("/api/status", headers={"host": "vouch.example.org:80"}).status_code == 200


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"origin": "http://localhost"}, 200),
        ({"origin": "null", "sec-fetch-site": "same-origin"}, 200),
        ({"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"}, 200),  # a link to the page
        ({"sec-fetch-site": "none"}, 200),
        ({"origin": "http://evil.example"}, 403),
        ({"origin": "http://localhost:3000"}, 403),
        ({"origin": "null"}, 403),
        ({"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors"}, 403),
        ({"sec-fetch-site": "same-site", "sec-fetch-mode": "cors"}, 403),
    ],
)
def test_pages_of_other_sites_are_refused(client: TestClient, headers: dict[str, str], status: int) -> None:
    assert client.get("/api/status", headers=headers).status_code == status


# --- what a browser is told -----------------------------------------------------------------------------------------


def test_every_response_carries_the_security_headers(locked: TestClient) -> None:
    auth = (AUTH.user, AUTH.password)
    for path, given in (("/api/status", auth), ("/api/none", auth), ("/api/status", None), ("/config", auth)):
        headers = locked.get(path, auth=given).headers
        assert headers["x-content-type-options"] == "nosniff" and headers["referrer-policy"] == "no-referrer"
        assert headers["content-security-policy"].startswith("default-src 'none'; base-uri 'none'")
        assert "frame-ancestors 'none'" in headers["content-security-policy"]


def test_only_the_pages_own_scripts_may_run(locked: TestClient) -> None:
    pages = [locked.get("/", auth=(AUTH.user, AUTH.password)) for _ in range(2)]
    nonces = []
    for page in pages:
        policy = page.headers["content-security-policy"]
        scripts = policy.split("script-src ", 1)[1].split(";")[0]
        assert "unsafe" not in scripts and "http" not in policy and "*" not in policy
        nonce = scripts.split("'nonce-", 1)[1].split("'")[0]
        assert page.text.count("<script") == page.text.count(f'<script nonce="{nonce}"') > 1
        nonces.append(nonce)
    assert nonces[0] != nonces[1]


# --- REST -----------------------------------------------------------------------------------------------------------


def send(client: TestClient, *files: tuple[str, bytes], **fields: Any) -> Any:
    return client.post("/api/index", files=[("files", (name, io.BytesIO(data))) for name, data in files], data=fields)


def test_documents_are_sent_asked_read_and_forgotten(client: TestClient, home: Path) -> None:
    report = send(client, ("../ferry.txt", FERRY.encode()), ("scan.pdf", b"%PDF-broken"))
    assert report.status_code == 200
    (added,), (failed,) = report.json()["added"], report.json()["failed"]
    assert added == str((home / "library" / FOLDER / "ferry.txt").resolve())
    assert failed["error"] == "DamagedSource"
    (listed,) = client.get("/api/documents").json()
    assert (listed["title"], listed["passages"], listed["pages"]) == ("New ferry opens", 1, 1)
    assert listed["published"]["date"] == "2022-03-04" and "text" not in listed

    asked = client.post("/api/ask", json={"question": "How many passengers?", "history": [["When?", "in 2022"]]})
    answer = asked.json()
    assert answer["short"] == "1 200 passengers" and asked.headers["cache-control"] == "no-store"
    (citation,) = answer["citations"]
    document = client.get(f"/api/documents/{citation['document_id']}").json()
    assert document["text"][citation["start"] : citation["end"]] == citation["quote"]

    for filters in ({"as_of": "2021"}, {"published_from": "2023-01-01"}, {"source": "nowhere"}):
        assert client.post("/api/ask", json={"question": "How many passengers?"} | filters).json()["text"] is None
    assert client.delete(f"/api/documents/{listed['id']}").json() == {"removed": [added]}
    assert client.get("/api/documents").json() == [] and not Path(added).exists()
    assert client.post("/api/ask", json={"question": "How many passengers?"}).json()["text"] is None


def test_status_tells_what_answers(client: TestClient) -> None:
    client.get("/api/documents")  # waits for the models
    told = client.get("/api/status").json()
    assert told["ready"] and told["sample"] and told["record"]["reader_sha256"] == "ab" * 32


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "name"),
    [
        ("POST", "/api/ask", {"question": " "}, 422, "QuestionError"),
        ("POST", "/api/ask", {"question": "x" * 3000}, 422, "QuestionError"),
        ("POST", "/api/ask", {"question": "Who?", "as_of": "someday"}, 422, "DateError"),
        ("POST", "/api/ask", {"question": "Who?", "published_from": "2024-13"}, 422, "DateError"),
        ("POST", "/api/ask", {}, 422, "RequestInvalid"),
        ("POST", "/api/ask", {"question": "Who?", "histroy": []}, 422, "RequestInvalid"),
        ("POST", "/api/ask", {"question": "Who?", "history": [["a", "b"]] * 51}, 422, "RequestInvalid"),
        ("POST", "/api/index", None, 400, "RagError"),
        ("GET", "/api/documents/999", None, 404, "DocumentNotFound"),
        ("GET", "/api/documents/one", None, 422, "RequestInvalid"),
        ("DELETE", "/api/documents/1", None, 409, "SampleOnly"),
        ("GET", "/api/conversations/x/export", None, 404, "ConversationNotFound"),
        ("GET", "/api/nothing", None, 404, "NotFound"),
        ("POST", "/api/brief", {"topic": " "}, 422, "QuestionError"),
        ("POST", "/api/brief", {"topic": "ferry", "as_of": "someday"}, 422, "DateError"),
        ("POST", "/api/brief", {"topic": "ferry", "most": 0}, 422, "RequestInvalid"),
        ("POST", "/api/compare", {"topic": "ferry", "first": "2024"}, 422, "RequestInvalid"),
        ("POST", "/api/compare", {"topic": "ferry", "first": "2024", "second": "no.txt"}, 404, "DocumentNotFound"),
        (
            "POST",
            "/api/compare",
            {"topic": "post", "first": "2024", "second": "who-is-who.docx"},
            422,
            "QuestionError",
        ),
        ("PUT", "/api/ask", None, 405, "MethodNotAllowed"),
    ],
)
def test_errors_have_names_and_say_what_to_do(
    client: TestClient, method: str, path: str, body: Any, status: int, name: str
) -> None:
    refused = client.request(method, path, json=body)
    assert (refused.status_code, refused.json()["error"]) == (status, name)
    assert set(refused.json()) == {"error", "message"} and refused.json()["message"]


@pytest.mark.parametrize(
    ("error", "status"),
    [(LibraryDamaged("it is damaged"), 500), (ModelDamaged("fetch it again"), 500), (ZeroDivisionError("secret"), 500)],
)
def test_what_goes_wrong_here_is_told_without_a_trace(
    home: Path, error: Exception, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = desk_over(home / "library")

    def fail() -> None:
        raise error

    monkeypatch.setattr(desk, "documents", fail)
    with client_of(desk) as client:
        refused = client.get("/api/documents")
    assert refused.status_code == status
    assert "secret" not in refused.text and "Traceback" not in refused.text and ".py" not in refused.text
    assert refused.json()["error"] in (type(error).__name__, "InternalError")


def test_a_full_line_and_a_late_answer_have_their_own_status(home: Path) -> None:
    reader = HeldReader("goal")
    desk = desk_over(home / "library", reader, at_once=1, waiting=0, seconds=0.3)
    desk.documents()
    with client_of(desk) as client:
        late = client.post("/api/ask", json={"question": "What is the goal?"})
        assert (late.status_code, late.json()["error"]) == (504, "OutOfTime")
        busy = client.post("/api/ask", json={"question": "What is the goal?"})  # the first is still being read
        assert (busy.status_code, busy.json()["error"]) == (503, "Busy") and int(busy.headers["retry-after"]) > 0
        reader.let.set()


def test_what_is_sent_has_limits(home: Path) -> None:
    limits = Limits(files=2, file_bytes=2_000, upload_bytes=8_000, body_bytes=500)
    desk = desk_over(home / "library")
    with client_of(desk, limits=limits) as client:
        large = send(client, ("a.txt", b"x" * 3_000))
        assert (large.status_code, large.json()["error"]) == (413, "SourceTooLarge")
        assert send(client, ("a.txt", b"x" * 9_000)).status_code == 413
        assert send(client, *[(f"{n}.txt", FERRY.encode()) for n in range(3)]).status_code == 400
        body = json.dumps({"question": "x" * 600}).encode()
        refused = client.post("/api/ask", content=body, headers={"content-type": "application/json"})
        assert (refused.status_code, refused.json()["error"]) == (413, "TooLarge")
        unannounced = client.post(  # no Content-Length: counted as it comes
            "/api/ask", content=iter([body[:400], body[400:]]), headers={"content-type": "application/json"}
        )
        assert (unannounced.status_code, unannounced.json()["error"]) == (413, "TooLarge")
        assert send(client, ("a.txt", FERRY.encode())).status_code == 200
    assert [path.name for path in (home / "library" / FOLDER).iterdir()] == ["a.txt"]


def test_a_brief_and_a_comparison_in_json(client: TestClient) -> None:
    client.post("/api/index", files=[("files", ("ferry.txt", FERRY.encode()))])
    later = FERRY.replace("1 200", "1 500").replace("2022", "2023").replace("New ferry", "The ferry")
    client.post("/api/index", files=[("files", ("later.txt", later.encode()))])
    brief = client.post("/api/brief", json={"topic": "night ferry", "most": 3}).json()
    assert brief["reason"] is None and 0 < len(brief["entries"]) <= 3
    for citation in brief["citations"]:
        text = client.get(f"/api/documents/{citation['document_id']}").json()["text"]
        assert text[citation["start"] : citation["end"]] == citation["quote"]
    assert client.post("/api/brief", json={"topic": "night ferry", "as_of": "2001"}).json()["reason"]
    sides = {"first": "2022-12", "second": "2023-12"}
    compared = client.post("/api/compare", json={"topic": "night ferry"} | sides).json()
    assert [side["documents"] for side in (compared["first"], compared["second"])] == [1, 2]
    by_paper = {"first": "ferry.txt", "second": "later.txt"}
    assert client.post("/api/compare", json={"topic": "night ferry"} | by_paper).json()["citations"]


def test_openapi_describes_what_is_answered(client: TestClient) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    send(client, ("ferry.txt", FERRY.encode()))
    paths = client.get("/openapi.json").json()["paths"]
    assert set(paths) >= {"/api/ask", "/api/index", "/api/documents", "/api/documents/{number}"}

    def described(path: str, method: str) -> Any:
        return paths[path][method]["responses"]["200"]["content"]["application/json"]["schema"]

    answer = client.post("/api/ask", json={"question": "How many passengers?"}).json()
    assert answer["citations"]
    jsonschema.validate(answer, described("/api/ask", "post"))
    jsonschema.validate(rest.to_json(WHOLE), described("/api/ask", "post"))
    jsonschema.validate(client.get("/api/documents/1").json(), described("/api/documents/{number}", "get"))
    jsonschema.validate(send(client, ("b.pdf", b"x")).json(), described("/api/index", "post"))
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(answer | {"confidence": "high"}, described("/api/ask", "post"))


def test_a_conversation_is_exported(client: TestClient, home: Path) -> None:
    kept = Conversations(file_beside(home / "library"))
    conversation = kept.start(title="Ferries")
    kept.append(conversation.id, "How many?", WHOLE)
    for form, beginning in (("markdown", "# Ferries"), ("html", "<!doctype html>"), ("json", "{")):
        file = client.get(f"/api/conversations/{conversation.id}/export", params={"form": form})
        assert file.text.startswith(beginning) and "attachment" in file.headers["content-disposition"]


# --- serving --------------------------------------------------------------------------------------------------------


def test_other_machines_are_warned_of() -> None:
    assert exposure("127.0.0.1", None) == exposure("localhost", None) == exposure("::1", None) == ""
    assert "--auth" in exposure("0.0.0.0", None) and "unencrypted" in exposure("192.168.1.7", AUTH)


def test_a_port_in_use_is_named(home: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(AddressTaken, match="--port"):
        desk = desk_over(home / "library")
        serve(desk, Conversations(file_beside(desk.library)), port=taken.getsockname()[1])


def test_the_server_answers_while_the_page_is_still_being_built(home: Path) -> None:
    desk = desk_over(home / "library")
    ready, failed = threading.Event(), threading.Event()

    def build() -> Any:
        assert ready.wait(30)
        return create_app(desk, Conversations(file_beside(desk.library)), auth=AUTH)

    opening = Opening(build, failed.set, AUTH, (), Limits())
    with TestClient(opening, base_url="http://localhost") as client:
        assert client.get("/").status_code == 401
        client.auth = (AUTH.user, AUTH.password)
        page = client.get("/")
        assert "opening" in page.text and "'nonce-" in page.headers["content-security-policy"]
        waiting = client.get("/api/status")
        assert (waiting.status_code, waiting.json()["error"]) == (503, "Opening") and waiting.headers["retry-after"]
        ready.set()
        until = time.monotonic() + 30
        while client.get("/api/status").status_code == 503 and time.monotonic() < until:
            time.sleep(0.02)
        assert client.get("/api/status").json()["version"]
    assert not failed.is_set()
    with pytest.raises(Closing):  # the desk went with it
        desk.asking("Who?")


def test_open_pages_do_not_keep_a_stopped_server_waiting() -> None:
    """A page listens to a stream without an end; what somebody asked for is still answered."""

    async def endless() -> AsyncIterator[bytes]:
        while True:
            yield b"."
            await asyncio.sleep(0.01)

    async def run(method: str) -> bool:
        opening = Opening(Starlette, lambda: None, None, (), Limits())  # type: ignore[arg-type]
        opening._app = StreamingResponse(endless())  # type: ignore[assignment]
        begun = asyncio.Event()

        async def receive() -> Message:
            await asyncio.Event().wait()
            raise AssertionError

        async def send(message: Message) -> None:
            begun.set()

        serving = asyncio.create_task(opening({"type": "http", "method": method, "path": "/"}, receive, send))
        await begun.wait()
        opening.end_streams()
        done, _ = await asyncio.wait({serving}, timeout=0.5)
        serving.cancel()
        return bool(done)

    assert asyncio.run(run("GET")) and not asyncio.run(run("POST"))


def test_a_page_that_cannot_be_built_stops_the_server(home: Path) -> None:
    desk = desk_over(home / "library")
    with pytest.raises(ZeroDivisionError):
        serve(desk, Conversations(file_beside(desk.library)), lambda: 1 / 0, port=0)  # type: ignore[arg-type,return-value]


def test_a_server_that_is_stopped_lets_an_indexing_run_finish(home: Path, tmp_path: Path) -> None:
    """A real process, SIGTERM while documents are being added: it ends by itself, and they are in the library."""
    import httpx

    program = """
import sys, time
from pathlib import Path
from desks import desk_over
from ui.conversations import Conversations, file_beside
from ui.server import serve
from conftest import WordEmbedder
real = WordEmbedder.embed
def slow(self, texts, *, progress=None):
    if any("zeppelin" in text for text in texts):
        print("embedding", flush=True)
        time.sleep(3)
    return real(self, texts, progress=progress)
WordEmbedder.embed = slow
desk = desk_over(Path(sys.argv[1]))
desk.documents()
serve(desk, Conversations(file_beside(desk.library)), port=0, started=lambda url: print(url, flush=True))
"""
    root = Path(__file__).parents[1]
    library = home / "library"
    with subprocess.Popen(
        [sys.executable, "-c", program, str(library)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=root / "tests",
        env={**os.environ, "PYTHONPATH": str(root)},
    ) as process:
        assert process.stdout and process.stderr
        url = process.stdout.readline().strip()
        outcome: list[Any] = []

        while httpx.get(f"{url}/api/status").status_code == 503:  # opening
            time.sleep(0.1)

        def add() -> None:
            with ferry(tmp_path, "z.txt", "The zeppelin landed on 3 May 2021.\n").open("rb") as file:
                outcome.append(httpx.post(f"{url}/api/index", files={"files": file}, timeout=60))

        adding = threading.Thread(target=add)
        adding.start()
        assert process.stdout.readline().strip() == "embedding"
        process.send_signal(signal.SIGTERM)
        adding.join(60)
        assert process.wait(60) in (0, -signal.SIGTERM)
        errors = process.stderr.read()
    assert "Traceback" not in errors, errors
    assert outcome[0].json()["added"]
    desk = desk_over(library)
    assert len(desk.documents()) == 1
    desk.close()
