"""What documents and people wrote comes out as text, whatever it holds."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from decimal import Decimal
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.types import (
    Answer,
    Basis,
    Block,
    BlockKind,
    Candidate,
    Citation,
    Document,
    Failure,
    Fate,
    Grounds,
    Hit,
    IndexReport,
    Moment,
    PartialDate,
    Passage,
    Point,
    Published,
    Quantity,
    Removed,
)
from ui import papers, rendering, texts
from ui.escaping import attribute, line, shown
from ui.originals import Original

NASTY = st.text(alphabet=st.sampled_from("ab <>&\"'/=`${}[]()!\\\n\u202e\u200b\x00\ud800é1"), max_size=30)
KNOWN = {"article", "header", "h2", "h3", "p", "bdi", "div", "span", "section", "ol", "ul", "li", "button", "q",
         "strong", "details", "summary", "table", "thead", "tbody", "tr", "th", "td", "form", "input", "svg", "path",
         "i", "line", "polyline", "text", "g", "title", "circle", "mark", "dl", "dt", "dd", "code", "blockquote",
         "option", "nav", "s"}  # fmt: skip


class Reader(HTMLParser):
    """Tags with their attributes, and the text between them."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def harmless(html: str) -> Reader:
    """Only tags of ours, no handlers, no addresses."""
    read = Reader(html)
    for tag, attributes in read.tags:
        assert tag in KNOWN, tag
        assert not {name for name in attributes if name.startswith("on") or name in ("href", "src", "srcdoc")}
    return read


def document(text: str, title: str = "T", source: str = "/d.txt", **more: object) -> Document:
    blocks = (Block(BlockKind.PARAGRAPH, 0, len(text)),)
    return Document(1, source, title, text, Published(), "0" * 64, "txt", blocks, **more)  # type: ignore[arg-type]


def citation(text: str, start: int, end: int, number: int = 1, title: str = "T") -> Citation:
    return Citation(number, 1, "/d.txt", title, Published(PartialDate(2024, 3)), start, end, text[start:end])


def answer(text: str, quote: tuple[int, int], **more: object) -> Answer:
    cited = citation(text, *quote)
    hits = (Hit(Passage(1, 1, 0, len(text), text), 1.0, 1, None, 0.5, None),)
    settings = {"text": f"{cited.quote} [1]", "citations": (cited,), "confidence": 0.9, "hits": hits} | more
    return Answer("Q?", **settings)  # type: ignore[arg-type]


@given(NASTY, NASTY, NASTY)
def test_nothing_in_an_answer_is_markup(question: str, text: str, title: str) -> None:
    text += "x"
    told = (Candidate(1, 0, len(text), text, 0.5, Fate.UNSURE), Candidate(1, 0, 1, title, 0.5, Fate.ANSWERS))
    more = {"candidates": told, "removed": (Removed(title, question),), "notes": (title,)}
    given_answer = answer(text, (0, len(text)), short=text[:9], reason=title, timings={title: 0.1}, **more)
    written = replace(given_answer, text=f"{title} [1]\n\n[2]", written_by=title)
    shelf = {1: document(text, title, source=title)}
    for one in (given_answer, written, Answer(question, None, reason=title, hits=given_answer.hits)):
        read = harmless(rendering.turn_html(1, one, shelf, note=title))
        assert "\u202e" not in read.text
        assert "\x00" not in read.text
    harmless(papers.source_html(shelf[1], [(0, 1)], (0, len(text))))
    harmless(papers.shelf_html([(shelf[1], 1)], lambda _: Original.CHANGED, may_change=True))
    harmless(papers.options_html([shelf[1]]))
    harmless(rendering.history_html([("ab", title, "today")], None))
    harmless(rendering.next_html([question], answered=True))
    report = IndexReport(added=(title,), failed=(Failure(title, "E", question),), warnings=(f"{title}: {question}",))
    harmless(papers.report_html(report))


def test_documents_of_one_title_are_told_apart_where_one_is_chosen() -> None:
    one, other, alone = (replace(document("x", title), id=number) for number, title in enumerate("AAB", 1))
    assert papers.names_of([one, other, alone]) == {1: "A (document 1)", 2: "A (document 2)", 3: "B"}
    assert harmless(papers.sides_html([one, replace(alone, title='"><b>')])).tags[1][1]["value"] == '"><b>'


@given(st.text(max_size=60))
def test_text_comes_out_as_it_went_in(text: str) -> None:
    plain = re.sub(
        r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]", "", text
    )
    assert Reader(shown(plain)).text == plain
    assert Reader(f'<i title="{attribute(plain)}">').tags[0][1]["title"] == " ".join(plain.split())


def test_signs_that_turn_text_around_are_shown_and_joiners_stay() -> None:
    assert "U+202E" in shown("a\u202eb")
    assert "right-to-left override" in shown("a\u202eb")
    assert "\u200d" in shown("\U0001f469\u200d\U0001f4bb")
    assert line("a  b\nc") == "<bdi>a b c</bdi>"


@given(st.data())
def test_a_source_shows_its_whole_text_with_exactly_the_quotes_marked(data: st.DataObject) -> None:
    text = data.draw(st.text(alphabet="ab c<&\n", min_size=3, max_size=40))
    offsets = st.integers(0, len(text))
    spans = [tuple(sorted(data.draw(st.tuples(offsets, offsets)))) for _ in range(3)]
    cut = data.draw(st.integers(1, len(text) - 1))
    blocks = (Block(BlockKind.HEADING, 0, cut), Block(BlockKind.ITEM, cut, len(text)))
    paper = Document(1, "/d", "", text, Published(), "", "txt", blocks)
    html = papers.source_html(paper, spans, spans[0]).partition('<div class="text"')[2]
    assert Reader(f"<div{html}").text == text
    current = "".join(re.findall(r'<mark class="current">(.*?)</mark>', html, re.DOTALL))
    assert Reader(current).text == text[slice(*spans[0])]


def test_a_long_document_is_shown_around_its_quote() -> None:
    text = "word " * 60_000
    html = papers.source_html(document(text), [], (150_000, 150_004))
    assert len(html) < 100_000
    assert '<mark class="current">' in html
    assert html.count("are not shown") == 2


def test_markers_within_a_quote_stay_words() -> None:
    text = "As shown in [1] and [2] the bridge is 90 m long."
    html = rendering.turn_html(1, answer(text, (0, len(text)), short="90 m"), {})
    assert html.count('class="mark"') == 1
    assert "in [1] and [2] the" in html
    assert "<strong>90 m</strong>" in html


def test_a_computed_figure_is_marked_with_its_arithmetic_apart() -> None:
    text = "It was 9. It is 12."
    html = rendering.turn_html(1, answer(text, (0, 9), short="3 (2024: 12 − 2023: 9)", computed=("3",)), {})
    assert '<p class="short"><bdi>3</bdi><span class="badge">' in html
    assert "2024: 12 − 2023: 9" in html


def point(value: str, day: dt.date, number: int) -> Point:
    text = f"{value} came"
    figure = Decimal("".join(re.findall(r"\d", value)))
    return Point(value, Moment(day, day, str(day), Grounds.STATED), citation(text, 0, len(text), number),
                 Quantity(figure, "", "", 0, len(value)))  # fmt: skip


def test_a_series_is_drawn_with_a_point_for_each_value() -> None:
    points = [point(str(10 * year), dt.date(year, 1, 1), year) for year in range(2020, 2030)]
    text = "20200 came"
    html = rendering.turn_html(1, answer(text, (0, 5), timeline=tuple(points)), {})
    assert html.count('<g class="point"') == 10
    heights = [float(y) for y in re.findall(r'<circle cx="[\d.]+" cy="([\d.]+)"', html)]
    assert heights == sorted(heights, reverse=True)
    assert html.count("<tr><td><bdi>20") == 10  # the same as a table
    alone = rendering.turn_html(1, answer(text, (0, 5), timeline=(points[0], points[0])), {})
    assert '<g class="point"' not in alone  # one moment makes no course
    assert "<table>" in alone


def test_labels_of_a_drawing_do_not_cover_each_other() -> None:
    days = [dt.date(2024, 1, 31), dt.date(2024, 2, 29), dt.date(2024, 2, 29), dt.date(2024, 11, 30)]
    values = ["over 130 000", "about 160 000", "150 000", "more than 260 000"]
    points = [point(value, day, at) for at, (value, day) in enumerate(zip(values, days, strict=True), 1)]
    html = rendering.turn_html(1, answer("150 000 came", (0, 7), timeline=tuple(points)), {})
    labels = re.findall(r'<text class="value" x="([\d.]+)" y="([\d.]+)">(.*?)</text>', html)
    assert len(labels) == 4
    boxes = [(float(x) - 3 * len(w), float(x) + 3 * len(w), float(y)) for x, y, w in labels]
    for at, (left, right, y) in enumerate(boxes):
        for other_left, other_right, other_y in boxes[at + 1 :]:
            assert right <= other_left or other_right <= left or abs(y - other_y) >= 11


def test_the_file_says_how_its_date_is_known() -> None:
    paper = Document(
        1, "/d", "T", "x", Published(PartialDate(2024, 3, 4), Basis.TEXT, "Ends/4 March 2024"), "", "txt", ()
    )
    assert "the text says “<bdi>Ends/4 March 2024</bdi>”" in papers.source_html(paper, [], None)


def test_what_a_model_wrote_has_markers_that_open_and_says_who_wrote_it() -> None:
    text = "It was built in 1911."
    written = "It dates from 1911 [1]. <b>No</b> more [7].\n\nThat is all [1]."
    removed = (Removed("It is <i>blue</i>.", "No passage says so"),)
    notes = ("A note & more",)
    one = replace(answer(text, (0, len(text))), text=written, written_by="tiny<1b>", removed=removed, notes=notes)
    html = rendering.turn_html(1, one, {1: document(text)})
    read = harmless(html)
    assert html.count('class="mark"') == 2  # [7] cites nothing, and stays text
    assert "[7]" in read.text
    assert "Written by tiny<1b>, each sentence checked" in read.text
    assert "1 sentence was removed" in read.text
    assert "It is <i>blue</i>." in read.text
    assert "No passage says so" in read.text
    assert "A note & more" in read.text


def test_each_possible_answer_is_told_with_its_fate() -> None:
    text = "In 1911, or 1912."
    moment = Moment(None, None, "May 1911", Grounds.STATED)
    candidates = (
        Candidate(1, 3, 7, "1911", 0.91, Fate.ANSWERS, moment),
        Candidate(1, 12, 16, "1912", 0.123, Fate.ANOTHER_TIME),
        Candidate(2, 0, 4, "gone", 0.02, Fate.UNSURE),
    )
    html = rendering.turn_html(1, answer(text, (0, 17), candidates=candidates), {1: document(text)}, least=0.2)
    read = harmless(html)
    for told in ("91%", "May 1911", "in the answer", "12%", "of another time", "2%", "not sure enough", "Below 20%"):
        assert told in read.text
    weighed = html.partition('class="weighed"')[2].partition("</table>")[0]
    assert weighed.count("data-start") == 2  # what is no longer there does not open
    nothing = rendering.turn_html(1, Answer("Q?", None, reason="r", hits=answer(text, (0, 2)).hits), {})
    assert texts.NOTHING_READ in nothing


def test_every_fate_and_state_has_its_words() -> None:
    assert set(texts.FATES) == set(Fate)
    assert set(texts.STATE) == set(Original)


def test_the_shelf_tells_the_state_and_the_text_of_each_page() -> None:
    paper = document("one page" + "third", source="/there/d.pdf", pages=(0, 8, 8))
    html = papers.shelf_html([(paper, 3)], lambda _: Original.CHANGED, may_change=True)
    read = harmless(html)
    assert papers.characters_by_page(paper) == [8, 0, 5]
    for told in (
        "3 pages",
        "13 characters",
        "3 passages",
        "d.pdf",
        "the file has changed",
        "1 without text",
        "no text",
    ):
        assert told in read.text
    assert [name for name in ("only", "reindex", "delete") if f'data-act="{name}"' in html] == [
        "only",
        "reindex",
        "delete",
    ]
    sample = papers.shelf_html([(paper, 3)], lambda _: Original.GONE, may_change=False)
    assert "reindex" not in sample
    assert "delete" not in sample


@pytest.mark.parametrize(
    ("source", "linked"),
    [
        ("https://example.org/a?b=1&c=2", True),
        ("http://example.org", True),
        ("javascript:alert(1)", False),
        ("https://example.org/ onclick=x", False),
        ("/home/a/https://example.org", False),
        ("https://example.org/\u202eabc", False),
    ],
)
def test_only_the_address_a_page_was_fetched_from_is_a_link(source: str, linked: bool) -> None:
    html = papers.source_html(document("x", source=source), [], None)
    links = [attributes for tag, attributes in Reader(html).tags if tag == "a"]
    assert bool(links) == linked
    if linked:
        assert links[0]["href"] == source
        assert links[0]["rel"] == "noopener noreferrer"
