"""Questions as statements, and "more than so many" as "how many"."""

from __future__ import annotations

import time

import pytest

from rag.stating import Marked, marked, statement_of


@pytest.mark.parametrize(
    ("question", "statement"),
    [
        ("Did the fund reach its target?", "The fund reached its target."),
        ("Has the committee met yet?", "The committee has met."),
        ("Is the toll road already in use?", "The toll road is in use."),
        ("Did people from two villages talk about the dam?", "People from two villages talked about the dam."),
        ("Does the ferry carry lorries?", "The ferry carries lorries."),
        ("Were the growers turned down when they asked?", "The growers were turned down when they asked."),
        ("By March 2023, had anybody been hired?", "By March 2023, somebody had been hired."),
        ("Is there any doctor on the island now?", "There is some doctor on the island."),
        ("Will the city pay for the choir?", "The city will pay for the choir."),
    ],
)
def test_a_question_is_put_as_a_statement(question: str, statement: str) -> None:
    stated = statement_of(question)
    assert stated is not None
    assert stated.text == statement


@pytest.mark.parametrize(
    "question",
    [
        "Did they build a school or a clinic?",
        "Didn't the board meet?",
        "Did nobody come?",
        "When did the board meet?",
        "Did",
        "",
    ],
)
def test_a_choice_a_denial_and_other_questions_are_no_statement(question: str) -> None:
    assert statement_of(question) is None


def test_who_acts_and_what_was_done_are_told_apart() -> None:
    active, passive = statement_of("Did Ms Lo sign the lease?"), statement_of("Was the lease signed by Ms Lo?")
    assert active and passive
    assert (active.subject, active.act, active.passive) == ("Ms Lo", "signed", False)
    assert (passive.subject, passive.act, passive.passive) == ("The lease", "signed", True)


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("Has the guild met more than 150 firms?", Marked("How many firms has the guild met?", "150", "firms", "more")),
        (
            "Had at least 40 000 people arrived by May 2021?",
            Marked("How many people had arrived by May 2021?", "40 000", "people", "least"),
        ),
        ("Were there fewer than 50 fires?", Marked("How many fires were there?", "50", "fires", "less")),
    ],
)
def test_more_than_so_many_is_asked_openly(question: str, asked: Marked) -> None:
    assert marked(question) == asked


@pytest.mark.parametrize(
    "question", ["Did 50 firms come?", "Did more than 5 firms and over 6 farms come?", "Who came?"]
)
def test_what_names_no_one_side_of_a_figure_is_not_asked_openly(question: str) -> None:
    assert marked(question) is None


def test_long_questions_are_read_at_once() -> None:
    start = time.perf_counter()
    for words in ("Did the the " * 400, "Is " + "a" * 4_000 + "?", "Has more than 5 " * 200):
        statement_of(words)
        marked(words)
    assert time.perf_counter() - start < 2
