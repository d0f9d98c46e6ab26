"""Questions that ask two things."""

from __future__ import annotations

import pytest

from rag.parts import parts


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
