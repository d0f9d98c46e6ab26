"""Questions about time, from documents to what a person sees; a fake reader offers every figure it meets."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree

import pytest
from conftest import WordEmbedder

from eval.baselines import without_time
from eval.judging import invented
from rag import Assistant, answering, index
from rag.errors import RagError
from rag.plotting import plot_timeline
from rag.quantities import quantities
from rag.rendering import answer_text, to_json
from rag.stages import other_stage, told_of
from rag.store import reading
from rag.types import Answer, Document, Grounds, Hit, Moment, PartialDate, Point, Quantity, Span

NOTICES = {
    "march.txt": "Housing Board, 10 March 2023\n\nBy end-February 2023 the Board had received 900 applications for"
    " flats. Of these, about 500 applications had been granted.",
    "september.txt": "Housing Board, 1 September 2023\n\nTo date 1 400 applications for flats have been received and"
    " over 800 applications approved.",
    "february.txt": "Housing Board, 5 February 2024\n\nAs at the end of last month, the Board had approved more than"
    " 1 100 applications for flats.",
}  # fmt: skip


class FigureReader:
    """Every figure, those of the stage asked about with more confidence."""

    def read(self, question: str, hits: Sequence[Hit]) -> list[Span]:
        spans = []
        for passage in (hit.passage for hit in hits):
            for low, high in passage.sentences:
                sentence = passage.text[low - passage.start : high - passage.start]
                for figure in quantities(sentence):
                    other = other_stage(question, told_of(sentence, figure.start, figure.end))
                    score = {False: 0.8, None: 0.3, True: 0.1}[other]
                    spans.append(Span(passage, low + figure.start, low + figure.end, low, high, score))
        return sorted(spans, key=lambda span: -span.score)


@pytest.fixture
def assistant(tmp_path: Path, embedder: WordEmbedder) -> Assistant:
    folder = tmp_path / "notices"
    folder.mkdir()
    for name, text in NOTICES.items():
        (folder / name).write_text(text, "utf-8")
    index(folder, tmp_path / "library", embedder=embedder)
    return Assistant(tmp_path / "library", embedder=embedder, reader=FigureReader(), min_confidence=0.2)


QUESTION = "How many applications for flats have been approved?"


def timeline(answer: Answer) -> list[tuple[str, str]]:
    return [(point.value, point.moment.label) for point in answer.timeline]


def test_the_latest_value_answers_and_the_series_goes_with_it(assistant: Assistant) -> None:
    answer = assistant.ask(QUESTION)
    assert answer.short == "more than 1 100"
    assert timeline(answer) == [
        ("about 500", "end-February 2023"),
        ("over 800", "1 September 2023"),
        ("more than 1 100", "end-January 2024"),
    ]
    for point in answer.timeline:
        assert point.value in point.citation.quote and point.citation in answer.citations
        assert point.quantity is not None
        assert point.value[point.quantity.start : point.quantity.end].replace(" ", "") == str(point.quantity.number)
    shown = answer_text(answer)
    assert "as at end-January 2024, published 5 February 2024" in shown
    assert "end-February 2023  about 500" in shown
    assert json.loads(json.dumps(to_json(answer)))["timeline"][0]["quantity"]["number"] == 500


@pytest.mark.parametrize(
    ("question", "as_of", "short"),
    [
        (QUESTION, "2023-12-31", "over 800"),
        (QUESTION, "2023-03-31", "about 500"),
        ("How many applications for flats had been approved by March 2023?", None, "about 500"),
        ("How many applications for flats had been approved at the end of January 2024?", None, "more than 1 100"),
        ("How many applications for flats had been approved by the end of last year?", "2024-03-01", "over 800"),
        ("How many applications for flats were received?", None, "1 400"),
        ("What is the latest number of applications received?", "2023-03-31", "900"),
        ("How many applications for flats had been approved by the end of January 2024?", "2023-12-31", None),
    ],
)
def test_as_it_stood_then(assistant: Assistant, question: str, as_of: str | None, short: str | None) -> None:
    assert assistant.ask(question, as_of).short == short


def test_what_was_not_yet_known_says_when_it_came(assistant: Assistant) -> None:
    answer = assistant.ask(QUESTION, "2023-01-31")
    assert answer.text is None
    assert "31 January 2023" in str(answer.reason) and "10 March 2023" in str(answer.reason)


def test_beyond_the_last_document_the_latest_value_is_named(assistant: Assistant) -> None:
    answer = assistant.ask("How many applications for flats had been approved by the end of 2025?")
    assert answer.text is None and answer.short is None
    for words in ("end-2025", "more than 1 100", "as at end-January 2024", "published 5 February 2024"):
        assert words in str(answer.reason)
    assert timeline(answer)[-1] == ("more than 1 100", "end-January 2024")
    assert "more than 1 100" in answer_text(answer)


def test_a_change_is_computed_from_two_cited_values(assistant: Assistant) -> None:
    answer = assistant.ask(
        "By how much did the number of approved applications grow between end-February 2023 and end-January 2024?"
    )
    assert str(answer.short).startswith("about 600") and answer.computed == ("about 600",)
    assert {"about 500", "more than 1 100"} <= {quote for c in answer.citations for quote in
                                                ("about 500", "more than 1 100") if quote in c.quote}  # fmt: skip


@pytest.mark.parametrize(
    ("question", "short"),
    [
        ("How many applications were approved between end-February 2023 and the end of January 2024?", "about 600"),
        ("How many more applications had been approved at the end of January 2024 than in February 2023?", "about 600"),
        ("By what percentage did approved applications grow between end-February 2023 and end-January 2024?",
         "about 120 %"),
    ],
)  # fmt: skip
def test_what_came_between_two_moments_is_computed(assistant: Assistant, question: str, short: str) -> None:
    answer = assistant.ask(question)
    assert str(answer.short).startswith(short) and answer.computed == (short,)
    assert {point.value for point in answer.timeline} >= {"about 500", "more than 1 100"}


def test_counts_of_two_years_are_not_subtracted(tmp_path: Path, embedder: WordEmbedder) -> None:
    text = "Posted on 1 March 2024\n\nCount: Permits approved; 2022: 120; 2023: 140\n"
    (tmp_path / "permits.txt").write_text(text, "utf-8")
    index(tmp_path / "permits.txt", tmp_path / "library", embedder=embedder)
    asked = Assistant(tmp_path / "library", embedder=embedder, reader=FigureReader(), min_confidence=0.2)
    assert not asked.ask("How many permits were approved between 2022 and 2023?").computed


def test_a_course_tells_the_whole_series(assistant: Assistant) -> None:
    answer = assistant.ask("How has the number of approved applications for flats changed over time?")
    assert answer.short == (
        "about 500 (end-February 2023) → over 800 (1 September 2023) → more than 1 100 (end-January 2024)"
    )
    assert len(answer.citations) == 3


def test_when_a_mark_was_passed(assistant: Assistant) -> None:
    answer = assistant.ask("When did the number of approved applications first exceed 800?")
    assert str(answer.short).startswith("1 September 2023 (over 800, after about 500")


def test_a_mark_beyond_all_values_names_the_highest(assistant: Assistant) -> None:
    question = "When did the number of approved applications first exceed 5 000?"
    answer = assistant.ask(question)
    assert answer.text is None and answer.confidence == 0.0 and len(answer.timeline) == 3
    assert answer.reason == (
        "no document tells of more than 5 000; the highest they give is more than 1 100, "
        "as at end-January 2024, published 5 February 2024"
    )
    earlier = assistant.ask(question, "2023-12-31")
    assert earlier.reason == (
        "no document published by 31 December 2023 tells of more than 5 000; the highest they give is over 800, "
        "published 1 September 2023"
    )


def test_what_was_known_is_not_called_unknown(assistant: Assistant) -> None:
    answer = assistant.ask("In which year were most applications for flats approved?", "2023-12-31")
    assert answer.text is None and "first document" not in str(answer.reason)
    assert answer.confidence == 0.0  # the figures that were found are sure, but name no year


def test_an_unrelated_newer_document_reaches_no_further(
    tmp_path: Path, embedder: WordEmbedder, assistant: Assistant
) -> None:
    (tmp_path / "notices" / "fair.txt").write_text(
        "Fair Office, 3 March 2026\n\nThe fair for flats and gardens expects 90 stalls."
    )
    index(tmp_path / "notices", assistant.library, embedder=embedder)
    answer = assistant.ask("How many applications for flats had been approved by the end of 2025?")
    assert answer.text is None and "more than 1 100" in str(answer.reason)


def test_the_age_is_that_of_the_document_that_tells_the_moment(assistant: Assistant) -> None:
    answer = assistant.ask("How has the number of approved applications for flats changed over time?")
    assert answer.citations[0].published.date == PartialDate(2023, 3, 10)
    assert "as at end-January 2024, published 5 February 2024" in answer_text(answer).splitlines()[-1]


def documents_of(assistant: Assistant, answer: Answer) -> dict[int, Document]:
    with reading(assistant.library) as view:
        return {one.document_id: view.document(one.document_id) for one in answer.citations}


def test_no_wrong_label_gets_past_the_contract(assistant: Assistant, monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = Moment(dt.date(2023, 1, 31), dt.date(2023, 1, 31), "end-January 2023", Grounds.STATED, "end-February 2023")
    said = answering.statements
    monkeypatch.setattr(
        answering,
        "statements",
        lambda *asked: [replace(one, moment=wrong) if one.quantity and one.quantity.number == 500 else one
                        for one in said(*asked)],
    )  # fmt: skip
    answer = assistant.ask("How has the number of approved applications for flats changed over time?")
    assert answer.short is None and answer.computed == () and "January 2023" not in str(answer.text)
    assert len(answer.timeline) == 3


def test_the_eval_finds_an_invented_date(assistant: Assistant) -> None:
    answer = assistant.ask("How has the number of approved applications for flats changed over time?")
    documents = documents_of(assistant, answer)
    assert invented(answer, documents) == []
    first = answer.timeline[0]
    wrong = replace(first, moment=replace(first.moment, label="end-April 2023"))
    changed = replace(answer, timeline=(wrong, *answer.timeline[1:]))
    assert "end-April 2023" in invented(changed, documents)
    changed = replace(changed, short=str(answer.short).replace("end-February 2023", "end-April 2023"))
    assert "end-April 2023" in invented(changed, documents)
    assert invented(replace(answer, moment=wrong.moment), documents) == ["end-April 2023"]
    assert invented(replace(answer, short="777 (1 May 2020)"), documents) == ["777", "1 May 2020"]


def test_without_time_a_year_asked_for_bars_no_document(assistant: Assistant) -> None:
    question = "How many applications for flats had been approved by October 2022?"
    assert assistant.ask(question).text is None
    with without_time():
        assert assistant.ask(question).short is not None
        assert assistant.ask("How many applications for flats had the Ninth Board approved?").text is None


def test_a_quote_cannot_forge_a_citation(tmp_path: Path, embedder: WordEmbedder, assistant: Assistant) -> None:
    answer = assistant.ask(QUESTION)
    forged = "about 500\n[2] Official Gazette"
    citations = tuple(replace(one, quote=one.quote + "\n[9] Official Gazette") for one in answer.citations)
    shown = answer_text(replace(answer, short=forged, text=f"{answer.text}\n[8] Official Gazette", citations=citations))
    assert not [line for line in shown.splitlines() if line.lstrip().startswith(("[2] Off", "[8]", "[9]"))]


def test_sources_that_differ_stand_side_by_side(tmp_path: Path, embedder: WordEmbedder, assistant: Assistant) -> None:
    other = tmp_path / "notices" / "other.txt"
    other.write_text(
        "Housing Bureau, 12 March 2023\n\nBy end-February 2023 the Board had approved 650 applications for flats."
    )
    index(tmp_path / "notices", assistant.library, embedder=embedder)
    answer = assistant.ask("How many applications for flats had been approved by March 2023?")
    assert {point.value for point in answer.conflicts} == {"about 500", "650"}
    assert str(answer.text).startswith("The documents differ:") and len(answer.citations) >= 2


def test_a_series_is_drawn(assistant: Assistant, tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    answer = assistant.ask(QUESTION)
    for name in ("series.png", "series.svg"):
        plot_timeline("Approved $ flats", answer.timeline, tmp_path / name)
        assert (tmp_path / name).stat().st_size > 5_000
    with pytest.raises(RagError, match="PNG or SVG"):
        plot_timeline("", answer.timeline, tmp_path / "series.exe")
    with pytest.raises(RagError, match="no series"):
        plot_timeline("", (), tmp_path / "none.png")


def points(answer: Answer, *values: str) -> list[Point]:
    return [
        replace(answer.timeline[0], value=value, quantity=Quantity(Decimal(number), "%", "", 0, 1),
                moment=replace(answer.timeline[0].moment, last=dt.date(2023, month, 1)))
        for month, (value, number) in enumerate(((one, one.strip("\x00\x1b%")) for one in values), 1)
    ]  # fmt: skip


def test_small_figures_and_odd_signs_are_drawn(assistant: Assistant, tmp_path: Path) -> None:
    mpl = pytest.importorskip("matplotlib")
    answer = assistant.ask(QUESTION)
    with mpl.rc_context({"svg.fonttype": "none"}):  # text as text
        plot_timeline("Vacant \x1b[31m\x00", points(answer, "3.2%", "\x1b3.3%\x00", "3.4%"), tmp_path / "s.svg")
    texts = [
        "".join(one.itertext()) for one in ElementTree.parse(tmp_path / "s.svg").iter() if one.tag.endswith("}text")
    ]
    marks = [text for text in texts if text.replace(".", "").isdigit()]
    assert len(marks) == len(set(marks)) > 2 and "3.2" in marks
    with pytest.raises(RagError, match="folder"):
        plot_timeline("", answer.timeline, tmp_path / "missing" / "s.png")
