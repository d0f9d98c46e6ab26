"""Questions that ask two things."""

from __future__ import annotations

import datetime as dt

import pytest

from rag.asked_time import asked
from rag.parts import at_each_time, parts


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("When and where was the fair held?", ("When was the fair held?", "where was the fair held?")),
        ("Who is the Mayor of Arvik and which board is it under?",
         ("Who is the Mayor of Arvik?", "Which board is it under?")),
        ("How much money and how many jobs are expected of the firms?",
         ("How much money are expected of the firms?", "how many jobs are expected of the firms?")),
        ("How many firms did the board meet in 2023 and how many in 2024?",
         ("How many firms did the board meet in 2023?", "How many firms did the board meet in 2024?")),
        ("How much cargo came in 2024 and how much of it was oil?",
         ("How much cargo came in 2024?", "How much of it was oil?")),
        ("What is the Port Board, and when was it set up?", ("What is the Port Board?", "When was it set up?")),
    ],
)  # fmt: skip
def test_two_questions_in_one(question: str, asked: tuple[str, str]) -> None:
    assert parts(question) == asked


@pytest.mark.parametrize(
    "question",
    [
        "Who signed and sealed the letter?",
        "How much did it grow and when did it change?",  # one course of values
        "What is the difference between what was asked and what was given?",
        "Who came and why?",
        "How many firms did the board meet in 2023 and how much by 2024?",
        "Which towns and villages are served?",
        "",
        "and what",
    ],
)
def test_one_question(question: str) -> None:
    assert parts(question) == (question,)


@pytest.mark.parametrize(
    ("question", "each"),
    [
        (
            "How many had come by January, by May and by June 2024?",
            ("How many had come by January 2024?", "How many had come by May 2024?", "How many had come by June 2024?"),
        ),
        (
            "At the end of 2023 and at the end of 2024, who was Mayor?",
            ("At end-2023 who was Mayor?", "At end-2024 who was Mayor?"),
        ),
        ("How many came in 2022, 2023?", ("How many came in 2022?", "How many came in 2023?")),
        ("How many more came in 2023 than in 2022?", ()),
        ("By how much did it grow in 2022 and 2023?", ()),
        ("How many came in 2022?", ()),
    ],
)
def test_a_question_for_each_time_that_it_lists(question: str, each: tuple[str, ...]) -> None:
    time = asked(question, dt.date(2026, 1, 1))
    assert at_each_time(question, time.spans, [moment.label for moment in time.moments]) == each
