"""What the page may ask for: nothing that it did not send itself, and nothing that is not what it says."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from conftest import WordEmbedder
from desks import desk_over, ferry
from test_answering import QuotingReader

from rag.generation import ServerGenerator
from ui import page, texts
from ui.conversations import Conversations
from ui.desk import Desk, Models
from ui.originals import Original
from ui.uploads import Upload

testclient = pytest.importorskip("fastapi.testclient")
Call = Callable[..., dict[str, Any]]


@pytest.fixture
def call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Call]:
    """Calls a function of the page as the browser does, over a library of one document."""
    from ui.page import build, options
    from ui.server import create_app

    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path / "sent"))
    desk = desk_over(tmp_path / "library")
    desk.add([Upload("ferry.txt", ferry(tmp_path / "there"))])
    kept = Conversations(tmp_path / "kept.sqlite3")
    with testclient.TestClient(
        create_app(desk, kept, build(desk, kept, shared=True), page_options=options()), base_url="http://localhost"
    ) as client:

        def asked(name: str, **payload: Any) -> dict[str, Any]:
            given = client.post(f"/gradio_api/run/{name}", json={"data": [{"browser": "a", **payload}]})
            assert given.status_code == 200
            return dict(given.json()["data"][0])

        asked.client = client  # type: ignore[attr-defined]
        yield asked


def test_the_page_stands_in_what_is_sent_first(call: Call) -> None:
    sent = call.client.get("/")  # type: ignore[attr-defined]
    head, _, body = sent.text.partition("</head>")
    assert 'template id="vouch-page"' in head
    assert texts.WELCOME in head
    assert "vouch" not in body
    assert "$" not in head.partition("<template")[2].partition("</template>")[0]  # every word is in its place
    assert "'unsafe-eval'" not in sent.headers["content-security-policy"]
    assert int(sent.headers["content-length"]) == len(sent.content)


def test_a_question_is_answered_and_kept_for_its_own_browser(call: Call) -> None:
    given = call("ask", question="How many passengers?", token="t")
    assert "1 200 passengers" in given["html"]
    assert given["conversation"] in call("history")["html"]
    assert given["conversation"] not in call("history", browser="b")["html"]
    assert "1 200 passengers" in call("conversation", conversation=given["conversation"])["html"]
    call("forget", conversation=given["conversation"])
    assert given["conversation"] not in call("history")["html"]
    assert "error" in call("conversation", conversation=given["conversation"])


def test_no_other_file_of_the_machine_is_taken_in(call: Call, tmp_path: Path) -> None:
    secret = ferry(tmp_path / "there", "secret.txt", "The secret of the harbour is a tunnel.")
    for path in (str(secret), str(tmp_path / "sent" / ".." / "there" / "secret.txt"), ""):
        assert call("add", files=[{"name": "a.txt", "path": path}])["error"] == texts.NOT_UPLOADED
    assert call("shelf")["count"] == 1
    link = tmp_path / "sent" / "link.txt"
    link.parent.mkdir(exist_ok=True)
    link.symlink_to(secret)
    assert call("add", files=[{"name": "a.txt", "path": str(link)}])["error"] == texts.NOT_UPLOADED


@pytest.mark.parametrize("words", ["", "0" * 16, None])
def test_a_source_opens_only_at_the_words_that_were_cited(call: Call, words: str | None) -> None:
    assert call("source", document=1, start=0, end=9, words=words)["error"] == texts.GONE
    assert call("source", document=99, start=0, end=9, words=words)["error"] == texts.GONE


@pytest.mark.parametrize(
    ("name", "payload"),
    [
        ("ask", {"question": ["a"], "token": "t"}),
        ("ask", {"question": "", "token": "t"}),
        ("ask", {"question": "x" * 3000, "token": "t"}),
        ("ask", {"question": "Who?", "as_of": "soon", "token": "t"}),
        ("ask", {"question": "Who?", "published_from": "soon", "token": "t"}),
        ("source", {"document": "1", "start": 0, "end": 1}),
        ("rate", {"turn": 99, "vote": 1}),
        ("export", {"turn": 1, "conversation": "none", "kind": "markdown"}),
        ("progress", {"job": "none"}),
        ("rename", {"conversation": "none", "title": "x"}),
        ("rename", {"conversation": "none", "title": "x" * 300}),
        ("reindex", {"document": 99}),
        ("reindex", {"document": "/etc/passwd"}),
        ("suggest", {"turn": 99, "conversation": "none"}),
        ("hear", {"token": "t", "after": "0"}),
        ("ask", {"question": "ferry", "mode": "poem", "token": "t"}),
        ("ask", {"question": "ferry", "mode": "brief", "as_of": "soon", "token": "t"}),
        ("ask", {"question": "ferry", "mode": "compare", "first": "2022", "token": "t"}),
        ("ask", {"question": "ferry", "mode": "compare", "first": "2022", "second": "2022-12-31", "token": "t"}),
        ("ask", {"question": "ferry", "mode": "compare", "first": "2022", "second": "ferry.txt", "token": "t"}),
        ("ask", {"question": "ferry", "mode": "compare", "first": "2022", "second": "2022-13-45", "token": "t"}),
        ("read_date", {"text": "nobody.txt", "field": "first"}),
        ("add", {"files": [{"name": "a", "path": "b"}] * 501}),
    ],
)
def test_what_cannot_be_done_is_told_in_words(call: Call, name: str, payload: dict[str, Any]) -> None:
    told = call(name, **payload)
    assert told["error"].endswith((".", "?"))
    assert "Traceback" not in json.dumps(told)


def test_dates_are_read_back(call: Call) -> None:
    assert call("read_date", text="January 2024", field="as_of") == {"day": "31 January 2024"}
    assert call("read_date", text="2024-02", field="published_from") == {"day": "1 February 2024"}


def test_a_brief_and_a_comparison_are_told_and_kept(call: Call) -> None:
    given = call("ask", question="night ferry", mode="brief", token="t")
    assert 'data-mode="brief"' in given["html"]
    assert "The Harbour Board opened the night ferry" in given["html"]
    again = {"conversation": given["conversation"], "token": "t"}
    given = call("ask", question="night ferry", mode="compare", first="2021", second="4 March 2022", **again)
    assert 'data-first="2021-12-31" data-second="2022-03-04"' in given["html"]
    answered = call("ask", question="How many passengers?", **again)["html"]
    assert "1 200 passengers" in answered
    kept = call("conversation", conversation=given["conversation"])["html"]
    assert kept.count("<article") == 3
    assert kept.endswith(answered)
    turn = int(given["html"].partition('data-turn="')[2].partition('"')[0])
    told = call("copy", turn=turn, conversation=given["conversation"])["text"]
    assert "by 31 December 2021" in told
    assert "Compare: night ferry" in call("export", turn=turn, kind="markdown", **again)["text"]
    assert set(call("suggest", turn=turn, **again)) == {"html"}


def test_the_sides_of_a_comparison_are_read_back(call: Call) -> None:
    assert call("read_date", text="January 2024", field="first") == {"day": "31 January 2024"}
    assert call("read_date", text="ferry.txt", field="second") == {"day": "New ferry opens"}
    assert call("read_date", text="New ferry opens", field="second") == {"day": "New ferry opens"}
    assert '<option value="New ferry opens">4 March 2022</option>' in call("shelf")["sides"]


def test_a_conversation_is_renamed(call: Call) -> None:
    number = call("ask", question="How many passengers?", token="t")["conversation"]
    assert call("rename", conversation=number, title="  Night <b>ferry</b> ") == {}
    assert "Night &lt;b&gt;ferry&lt;/b&gt;" in call("history")["html"]
    assert call("rename", conversation=number, title="") == {}  # an empty name changes nothing
    assert "Night" in call("history")["html"]


def test_a_document_is_read_again(call: Call, tmp_path: Path) -> None:
    kept = next((tmp_path / "library").rglob("ferry.txt"))
    assert "up to date" in call("shelf")["html"]
    kept.write_text(kept.read_text().replace("1 200", "1 300"))
    assert texts.STATE[Original.CHANGED] in call("shelf")["html"]
    state = call("reindex", document=1)
    for _ in range(200):
        if state.get("finished"):
            break
        time.sleep(0.05)
        state = call("progress", job=state["job"])
    assert texts.STATE_UPDATED in state["html"]
    assert texts.STATE[Original.CHANGED] not in call("shelf")["html"]
    kept.unlink()
    assert texts.STATE[Original.GONE] in call("shelf")["html"]


def test_what_is_not_being_asked_is_not_heard(call: Call) -> None:
    assert call("hear", token="none", after=0) == {"pieces": [], "done": True}


def test_what_is_suggested_is_html_of_ours(call: Call) -> None:
    given = call("ask", question="How many passengers?", token="t")
    turn = int(given["html"].partition('data-turn="')[2].partition('"')[0])
    assert set(call("suggest", conversation=given["conversation"], turn=turn)) == {"html"}
    assert set(call("begin")) == {"html"}


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("http://127.0.0.1:11434/v1", ""),
        ("https://anna:secret@models.example.org/v1", "https://models.example.org/v1"),
    ],
)
def test_where_passages_are_sent_is_told(tmp_path: Path, url: str, told: str) -> None:
    generator = ServerGenerator(url, "a", allow_remote=True)
    models = Models(WordEmbedder(), QuotingReader("x"), "quoting", generator=generator)
    desk = Desk(tmp_path / "library", models=lambda: models)
    assert desk.sends_to == ""  # nothing is loaded for that
    desk.search("x")
    assert desk.sends_to == told


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ("2026-11-22 09:05", "today, 09:05"),
        ("2026-11-21 23:59", "yesterday"),
        ("2026-11-20 12:00", "20 November 2026"),
        ("2026-11-23 00:01", "23 November 2026"),  # a clock that was set back
    ],
)
def test_when_a_conversation_was_last_changed(changed: str, told: str) -> None:
    now = datetime.fromisoformat("2026-11-22 23:00+00:00")
    assert page._when(datetime.fromisoformat(f"{changed}+00:00"), now) == told
