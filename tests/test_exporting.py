"""Exports: full citations, the record of what answered, and nothing that a reader's program would act on."""

from __future__ import annotations

import datetime as dt
import html
import json
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from test_conversations import BRIEF, CITED, COMPARISON, RECORD, WHOLE

from rag.types import Answer, Removed
from ui.conversations import Rating, Settings, Turn
from ui.exporting import Form, export

HOSTILE = (
    "<script>alert(1)</script><img src=x onerror=alert(2)> ![x](http://evil.example/a.png) [y](javascript:alert(3)) "
    "`code` **bold** | cell |\u202eright-to-left\x1b[31m\n# heading\n<svg onload=alert(4)>"
)
ASKED = dt.datetime(2026, 11, 22, 9, 30, tzinfo=dt.UTC)
SETTINGS = Settings(dt.date(2024, 3, 1), dt.date(2020, 1, 1), "notices", RECORD)
TURNS = (
    Turn(1, ASKED, "How many?", WHOLE, SETTINGS, Rating.DOWN, "the wrong year"),
    Turn(2, ASKED, "And who?", Answer("And who?", None, reason="nobody says"), SETTINGS),
)


def hostile() -> list[Turn]:
    citation = replace(CITED, title=HOSTILE, source=HOSTILE, quote=HOSTILE)
    point = replace(WHOLE.timeline[0], value=HOSTILE, citation=citation)
    answer = replace(WHOLE, question=HOSTILE, text=HOSTILE, short=HOSTILE, citations=(citation,), timeline=(point,),
                     written_by=HOSTILE, removed=(Removed(HOSTILE, HOSTILE),), notes=(HOSTILE,))  # fmt: skip
    said = replace(BRIEF.entries[0], citation=citation, also=(citation,))
    brief = replace(BRIEF, topic=HOSTILE, entries=(said,), text=HOSTILE, written_by=HOSTILE, notes=(HOSTILE,),
                    figures=(replace(BRIEF.figures[0], label=HOSTILE, points=(point,)),))  # fmt: skip
    side = replace(COMPARISON.second, name=HOSTILE)
    both = replace(COMPARISON, first=side, second=side, only_first=(said,), citations=(citation,),
                   changed=(replace(COMPARISON.changed[0], label=HOSTILE, first=point),))  # fmt: skip
    return [
        Turn(1, ASKED, HOSTILE, told, replace(SETTINGS, source=HOSTILE), Rating.UP, HOSTILE)
        for told in (answer, brief, both)
    ]


@pytest.mark.parametrize("form", [Form.MARKDOWN, Form.HTML])
def test_an_export_tells_where_every_word_is_from_and_what_answered(form: Form) -> None:
    text = export("Ferries", TURNS, form)
    told = html.unescape(text).replace("\\", "")
    for fact in (
        "Ferries", "How many?", "over 1 200 [1]", "Ferry", "3 June (year not stated) (inferred)", "page 2", "/a/b.txt",
        "document 4, characters 10-20", "end-February 2024", "2026-11-22 09:30:00 UTC", "0.75", "2024-03-01",
        "2020-01-01", "notices", "/lib", "3 documents", "00ff", "mini", "ab" * 32, "cd" * 32, "0.1.0", "ef" * 32,
        "down, the wrong year", "No answer: nobody says.",
    ):  # fmt: skip
        assert fact in told, fact


def test_json_holds_everything_in_the_form_of_rag_ask() -> None:
    told = json.loads(export("Ferries", TURNS, Form.JSON))
    first = told["turns"][0]
    assert told["title"] == "Ferries" and len(told["turns"]) == 2
    assert first["answer"]["citations"][0]["published"]["date"] == "--06-03"
    assert first["answer"]["timeline"][0]["quantity"]["number"] == 1200.5
    assert first["settings"]["record"]["files"] == {"4": "ef" * 32} and first["rating"] == "down"


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.seen: list[tuple[str, list[tuple[str, str | None]]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, attrs))


def test_words_of_documents_are_text_in_html() -> None:
    text = export(HOSTILE, hostile(), Form.HTML)
    parser = Tags()
    parser.feed(text)
    assert {tag for tag, _ in parser.seen} <= {
        "html", "head", "meta", "title", "style", "body", "h1", "section", "h2", "p", "table", "tr", "th", "td", "ol",
        "li", "b", "small", "blockquote", "dl", "dt", "dd", "h3", "ul",
    }  # fmt: skip
    attributes = {name for _, attrs in parser.seen for name, _ in attrs}
    assert attributes <= {"lang", "charset", "http-equiv", "content", "name", "class", "value"}
    assert "\u202e" not in text and "\x1b" not in text
    assert "default-src 'none'" in text


def test_words_of_documents_are_text_in_markdown() -> None:
    text = export(HOSTILE, hostile(), Form.MARKDOWN)
    assert "\u202e" not in text and "\x1b" not in text
    markdown_it = pytest.importorskip("markdown_it")
    parser = Tags()
    rendered = markdown_it.MarkdownIt("commonmark", {"html": True, "linkify": True}).enable("table").render(text)
    parser.feed(rendered)
    allowed = {
        "h1",
        "h2",
        "h3",
        "p",
        "strong",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "ol",
        "ul",
        "li",
        "blockquote",
    }
    assert {tag for tag, _ in parser.seen} <= allowed
    assert "<script>alert(1)</script>" in html.unescape(rendered)  # as words
    assert [tag for tag, _ in parser.seen].count("td") == 3  # a bar in a value makes no cell


@pytest.mark.parametrize(
    "words",
    ["1. one", "12) one", "- one", "+ one", "* one", "# one", "=== one", "---", "> one", "see http://a.example/x",
     "www.a.example", "a@b.example", "<http://a.example>", "~~one~~", "&lt;b&gt;", "a\\*b*", "    one"],
)  # fmt: skip
def test_nothing_that_begins_a_line_or_looks_like_a_link_acts(words: str) -> None:
    markdown_it = pytest.importorskip("markdown_it")
    answer = Answer("Q", words)
    text = export("T", [Turn(1, ASKED, "Q", answer, Settings())], Form.MARKDOWN).split("- asked")[0]
    rendered = markdown_it.MarkdownIt("gfm-like", {"html": True, "linkify": False}).render(text)
    parser = Tags()
    parser.feed(rendered)
    assert [tag for tag, _ in parser.seen] == ["h1", "h2", "p"]
    assert html.escape(words.strip(), quote=False) in rendered
    assert not GFM_LINK.search(text)


GFM_LINK = re.compile(r"https?://|(?<!\w)www\.\w|\w@\w")  # what GitHub makes a link of without being told


def test_an_export_of_nothing_is_a_whole_file() -> None:
    for form in Form:
        assert "Empty" in export("Empty", [], form)


@pytest.mark.parametrize("form", list(Form))
def test_what_a_model_wrote_is_told_and_what_of_it_was_removed(form: Form) -> None:
    answer = replace(
        WHOLE, written_by="tiny:1b", removed=(Removed("It is blue.", "Nobody says so."),), notes=("Slow.",)
    )
    text = export("Ferries", [Turn(1, ASKED, "How many?", answer, SETTINGS)], form)
    for fact in ("tiny:1b", "It is blue.", "Nobody says so.", "Slow."):
        assert fact in html.unescape(text).replace("\\", "")


@pytest.mark.parametrize("form", [Form.MARKDOWN, Form.HTML])
def test_a_brief_and_a_comparison_are_exported_with_their_quotes(form: Form) -> None:
    turns = [Turn(1, ASKED, "ferry", BRIEF, SETTINGS), Turn(2, ASKED, "ferry", COMPARISON, SETTINGS)]
    told = html.unescape(export("Ferries", turns, form)).replace("\\", "")
    for fact in (
        "Brief: ferry", "It carries over 1 200 [1].", "Figures that changed: passengers",
        "over 1 200, end-February 2024",
        "end-February 2024: “over 1 200” [1][1]", "Still to come", "written by", "tiny", "It sank.", "a note",
        "Compare: ferry (by 1 March 2024, Ferry)", "Difference: about 60 (Computed)", "Only in “Ferry”",
        "Figures that are the same", "piers", "document 4, characters 10-20", "2024-03-01",
    ):  # fmt: skip
        assert fact in told, fact
    nothing = Turn(3, ASKED, "ferry", replace(BRIEF, reason="nobody says", text=None), SETTINGS)
    assert "No answer: nobody says." in export("F", [nothing], form)
    assert json.loads(export("F", turns, Form.JSON))["turns"][1]["answer"]["changed"][0]["difference"] == "about 60"
