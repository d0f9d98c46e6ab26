"""Judgements worked by hand; documents are short enough to count their characters."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from eval import judging
from eval.metrics import agreement, holds, set_f1
from eval.validate import DatedValue, Evidence, Question
from rag.types import Answer, Citation, Hit, Passage, Published, Span

TEXT = "The ferry carries 1 200 passengers. It opened in March. Ada Wong and Ben Lee run it."
FIRST, SECOND, THIRD = (0, 35), (36, 55), (56, 84)


def question(*answers: str, **more: Any) -> Question:
    given: dict[str, Any] = {
        "id": "q",
        "category": "factoid",
        "question": "?",
        "answers": answers,
        "evidence": (Evidence("a.txt", TEXT[slice(*FIRST)]),),
        "as_of": None,
        "history": (),
        "all": False,
        "computed": False,
        "unanswerable": not answers,
        "moment": None,
        "timeline": (),
        "says": (),
    }
    return Question(**{**given, **more})


def answer(short: str | None, *cited: tuple[int, int], text: str | None = "", confidence: float = 0.8) -> Answer:
    citations = tuple(
        Citation(number, 1, "a.txt", "A", Published(), start, end, TEXT[start:end])
        for number, (start, end) in enumerate(cited, 1)
    )
    marks = " ".join(f"{one.quote} [{one.number}]" for one in citations)
    return Answer("?", text if text is None else marks or text, short, citations, confidence, hits=(hit(),))


def hit(start: int = 0, end: int = len(TEXT), document: int = 1) -> Hit:
    return Hit(Passage(1, document, start, end, TEXT[start:end]), 1.0)


def span(start: int, end: int, sentence: tuple[int, int]) -> Span:
    return Span(hit().passage, start, end, *sentence, 0.5)


PLACES: dict[int, list[tuple[int, int]]] = {1: [FIRST]}


@pytest.mark.parametrize(
    ("gold", "short", "right"),
    [
        (("1 200",), "1,200", True),
        (("1 200",), "about 1 200 passengers", True),
        (("200",), "1 200", False),
        (("1.2 million",), "1 200 000", True),
        (("Ada Wong",), "the engineer Ada Wong", True),
        (("Ada Wong",), "Ada", False),
        (("1 200",), "1 200; 900", False),
        (("1 200",), "of 1 500 about 1 200", False),
        (("1 200",), "1 200 (June: 2 000 − May: 800 (late))", True),
        (("yes",), "Yes", True),
        (("no",), "Nobody knows", False),
    ],
)
def test_right_is_what_a_person_takes_for_it(gold: tuple[str, ...], short: str, right: bool) -> None:
    assert judging.is_right(question(*gold), answer(short, FIRST)) is right


def test_a_set_is_right_when_every_member_is_there() -> None:
    wanted = question("Ada Wong", "Ben Lee", all=True)
    assert judging.is_right(wanted, answer("Ada Wong; Ben Lee", THIRD))
    assert not judging.is_right(wanted, answer("Ada Wong", THIRD))
    assert judging.set_nearness(wanted, answer("Ada Wong; Cy Tan", THIRD)) == pytest.approx(0.5)
    assert judging.set_nearness(wanted, answer("Ada Wong", THIRD)) == pytest.approx(2 / 3)
    assert set_f1([], ["a"]) == 0 and set_f1(["b"], ["a"]) == 0


def test_silence_is_right_only_where_nothing_answers() -> None:
    silent = answer(None, text=None)
    assert judging.is_right(question(), silent) and not judging.is_right(question("1 200"), silent)
    assert not judging.is_right(question(), answer("1 200", FIRST))


def test_figures_are_equal_however_written_and_words_as_squad_has_them() -> None:
    assert agreement("over 260 000", ["260,000"]) == (1, 1)
    assert agreement("0.26 million", ["260 000"]) == (1, 1)
    assert agreement("the March", ["March"]) == (1, 1)
    assert agreement("early March", ["March"]) == (0, pytest.approx(2 / 3))
    assert agreement("It carried 260 000 people in all those years", ["260 000"])[0] == 0
    assert holds("ends in 260 000.", "260000") and not holds("1 260 000", "260 000")


def test_citations_are_judged_by_what_they_show() -> None:
    wanted = question("1 200")
    both = answer("1 200", FIRST, SECOND)
    assert judging.citation_precision(wanted, both, PLACES) == 0.5
    assert judging.citation_recall(wanted, both, PLACES) == 1
    assert judging.citation_recall(wanted, answer("March", SECOND), PLACES) == 0
    assert judging.citation_precision(wanted, answer(None, text=None), PLACES) is None
    assert judging.citation_recall(wanted, answer(None, text=None), PLACES) == 0
    people = question("Ada Wong", "Cy Tan", all=True)
    assert judging.citation_recall(people, answer("Ada Wong", THIRD), {1: [THIRD]}) == 0.5


def test_a_yes_is_not_supported_by_a_quote_that_says_no() -> None:
    assert not judging.supports(question("yes"), answer("Yes", SECOND).citations[0], PLACES)


TIMELINE = tuple(DatedValue(value, moment, "a.txt") for value, moment in (("900", "2022"), ("1 200", "2023")))


def test_an_older_value_is_stale_and_a_younger_one_of_the_wrong_time() -> None:
    latest = question("1 200", timeline=TIMELINE)
    assert judging.is_stale(latest, answer("900", FIRST)) is True
    assert judging.is_stale(latest, answer("1 200", FIRST)) is False
    assert judging.is_stale(latest, answer(None, text=None)) is None
    assert judging.is_stale(question("900", timeline=TIMELINE), answer("1 200", FIRST)) is None  # nothing is older
    assert fails(question("900", timeline=TIMELINE), answer("1 200", FIRST)) == judging.WRONG_TIME


def fails(asked: Question, given: Answer, read: Sequence[Span] = ()) -> str | None:
    return judging.failure(asked, given, PLACES, read, {1: TEXT})


def test_a_failure_is_told_by_the_first_step_that_failed() -> None:
    wanted, wrong, silent = question("1 200"), answer("March", SECOND), answer(None, text=None)
    offered = [span(18, 23, FIRST)]
    assert TEXT[18:23] == "1 200"
    assert fails(wanted, answer("1 200", FIRST), offered) is None
    assert fails(question(), wrong) == judging.INVENTED
    elsewhere = Answer("?", "x", "x", hits=(hit(36, 84),))
    assert fails(wanted, elsewhere) == judging.NOT_RETRIEVED
    assert fails(wanted, wrong, [span(49, 54, SECOND)]) == judging.NOT_READ
    assert fails(wanted, wrong, offered) == judging.NOT_CHOSEN
    assert fails(wanted, silent, offered) == judging.ABSTAINED
    assert fails(wanted, silent) == judging.NOT_READ
