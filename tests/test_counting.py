"""Questions about a figure that they give."""

from __future__ import annotations

from decimal import Decimal

import pytest

from rag.counting import figure_asked, tells


@pytest.mark.parametrize(
    ("question", "figure"),
    [
        ("What exactly does the 480 reported for May 2023 count?", 480),
        ("The 1 900 at the end of March 2024: what is it a number of?", 1_900),
        ("What does the figure of 52 000 stand for?", 52_000),
        ("Is the 210 of January 2024 a count of dock workers or of boats?", 210),
        ("What are the 310 in the report a number of?", 310),
    ],
)
def test_what_a_figure_counts_is_asked(question: str, figure: int) -> None:
    found = figure_asked(question)
    assert found is not None and found.number == Decimal(figure)


@pytest.mark.parametrize(
    "question",
    [
        "How many boats were there in May 2023?",
        "What does the Board of 12 members count as a boat?",
        "What does it cost to moor 40 boats?",
        "When did the count first exceed 480?",
        "What happened in May 2023?",
        "",
    ],
)
def test_other_questions_are_left_alone(question: str) -> None:
    assert figure_asked(question) is None


def test_the_sentence_must_hold_the_figure_and_should_speak_of_what_is_asked() -> None:
    question = "Is the 210 a target for permits or for arrivals?"
    figure = figure_asked(question)
    assert figure is not None
    target = tells(question, figure, "The target for arrivals is 210 people.")
    assert target > tells(question, figure, "The fee was paid for 210 boats.") > 0
    assert tells(question, figure, "The target for arrivals is 310 people.") == 0
    assert tells(question, figure, "The price is $210.") == 0
