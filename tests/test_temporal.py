"""Statements in time, on notices of a housing board: which speak of the time asked about, series, conflicts."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from rag.asked_time import asked
from rag.temporal import (
    Statement,
    conflicts,
    latest_date,
    named_day,
    series,
    statements,
    timely,
    with_qualifier,
)
from rag.types import Block, BlockKind, Document, PartialDate, Passage, Published, Span

NOTICES = {
    1: (PartialDate(2023, 3, 10), "By end-February 2023 the Board had received 900 applications. Of these, about 500 "
        "had been granted. Some 300 families had already moved to the new estates."),
    2: (PartialDate(2023, 9, 1), "To date 1 400 applications have been received and over 800 approved. The Board aims "
        "at 2 000 approvals a year. In the past month approvals rose by 60."),
    3: (PartialDate(2024, 2, 5), "As at the end of last month, the Board had approved more than 1 100 applications. "
        "Ms Ada Lin is the Director of Housing."),
    4: (PartialDate(2023, 4, 2), "By end-February 2023 the Board had approved 650 applications."),
    5: (PartialDate(2022, 5, 1), "Mr Bo Chan is the Director of Housing."),
}  # fmt: skip
TODAY = dt.date(2024, 6, 1)


def document(number: int) -> Document:
    published, text = NOTICES[number]
    block = Block(BlockKind.PARAGRAPH, 0, len(text))
    return Document(number, f"{number}.txt", "Notice", text, Published(published), "0", "txt", (block,))


DOCUMENTS = {number: document(number) for number in NOTICES}


def span(number: int, words: str, score: float = 0.8) -> Span:
    text = NOTICES[number][1]
    sentences = tuple(match.span() for match in re.finditer(r"[A-Z].*?\.(?= [A-Z]|$)", text))
    start = text.index(words)
    within = next(place for place in sentences if place[0] <= start < place[1])
    passage = Passage(number, number, 0, len(text), text, sentences)
    return Span(passage, start, start + len(words), *within, score)


APPROVED = [span(2, "800"), span(1, "500"), span(3, "1 100", 0.3), span(1, "900", 0.5), span(1, "300", 0.4),
            span(2, "2 000", 0.6), span(2, "60", 0.5), span(2, "1 400", 0.5)]  # fmt: skip
QUESTION = "How many applications have been approved?"


def said(question: str = QUESTION, spans: list[Span] = APPROVED) -> list[Statement]:
    return statements(question, spans, DOCUMENTS)


def values(found: list[Statement]) -> list[tuple[str, str]]:
    return [(one.words, one.moment.label) for one in found]


def test_a_statement_knows_its_moment_and_its_qualifier() -> None:
    assert dict(values(said())) == {
        "over 800": "1 September 2023",
        "about 500": "end-February 2023",  # "of these" goes on about the sentence before
        "more than 1 100": "end-January 2024",
        "900": "end-February 2023",
        "Some 300": "end-February 2023",  # "had already moved" by then
        "2 000": "1 September 2023",
        "60": "the month to 1 September 2023",
        "1 400": "1 September 2023",
    }


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("How many applications have been approved?", ["about 500", "over 800", "more than 1 100"]),
        ("How many were given the green light?", ["about 500", "over 800", "more than 1 100"]),
        ("How many applications were received?", ["900", "1 400"]),
        ("How many applications were there?", ["900", "1 400"]),
        ("How many families moved to the estates?", ["Some 300"]),
    ],
)
def test_a_series_holds_one_stage_and_neither_targets_nor_increases(question: str, expected: list[str]) -> None:
    spans = APPROVED
    first = next(one for one in said(question, spans) if one.words in expected)
    assert [one.words for one in series(question, first, said(question, spans))] == expected


def test_only_the_time_asked_about_answers() -> None:
    def at(question: str) -> list[str]:
        reach = dt.date(2024, 2, 5)
        return [one.words for one in timely(question, said(question), asked(question, TODAY), reach, DOCUMENTS)]

    assert set(at("How many had been approved by March 2023?")) == {"about 500", "900", "Some 300"}
    assert "more than 1 100" in at("How many had been approved at the end of January 2024?")
    assert "more than 1 100" not in at("How many had been approved in September 2023?")
    assert at("How many had been approved by the end of 2025?") == []
    assert at("How many had been approved by January 2020?") == []
    assert len(at("How many have been approved?")) == len(APPROVED)


def test_values_of_one_moment_that_differ_are_a_conflict() -> None:
    found = series(QUESTION, said()[1], said(QUESTION, [*APPROVED, span(4, "650")]))
    chosen = next(one for one in found if one.words == "about 500")
    assert [one.words for one in conflicts(found, chosen)] == ["about 500", "650"]
    assert conflicts(found, next(one for one in found if one.words == "over 800")) == []


def test_who_held_an_office_is_a_series_of_names() -> None:
    spans = [span(3, "Ms Ada Lin"), span(5, "Mr Bo Chan", 0.7), span(3, "Board", 0.6)]
    question = "Who is the Director of Housing?"
    found = series(question, said(question, spans)[0], said(question, spans))
    assert [one.words for one in found] == ["Mr Bo Chan", "Ms Ada Lin"]
    question = "Who opened the estate?"
    assert len(series(question, said(question, spans)[0], said(question, spans))) == 1


def test_a_span_over_several_figures_is_narrowed_to_the_one_asked_for() -> None:
    wide = span(2, "1 400 applications have been received and over 800")
    assert said(QUESTION, [wide])[0].words == "over 800"
    assert said("How many were received?", [wide])[0].words == "1 400"


@pytest.mark.parametrize(
    ("text", "part", "whole"),
    [
        ("over 260 000 were", "260 000", "over 260 000"),
        ("about HK$1.2 million", "1.2", "about HK$1.2 million"),
        ("some 15 per cent of", "15", "some 15 per cent"),
        ("moreover 15 left", "15", "15"),
        ("over the 15 bridges", "15", "15"),
        ("over May 2021", "May 2021", "May 2021"),
    ],
)
def test_a_figure_keeps_what_changes_its_meaning(text: str, part: str, whole: str) -> None:
    start = text.index(part)
    assert text[slice(*with_qualifier(text, start, start + len(part)))] == whole


def test_of_dates_the_latest_is_when_something_last_happened() -> None:
    spans = [span(1, "end-February 2023"), span(3, "the end of last month", 0.5), span(5, "Mr Bo Chan")]
    found = said("When did the Board last count?", spans)
    assert latest_date(found[0], found).words == "the end of last month"
    assert named_day(found[2]) is None
