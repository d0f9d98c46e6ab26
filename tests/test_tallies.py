"""Questions about a tally, asked again in the words of the papers."""

from __future__ import annotations

import datetime as dt

import pytest

from rag import asked_time, stages, tallies
from rag.train_stages import unbracketed

TODAY = dt.date(2026, 11, 22)


def plainly(marked: str, stage: str) -> str | None:
    """The plain question for one whose words for the stage stand in square brackets."""
    question, told = unbracketed(marked)
    return tallies.plainly(
        question, stage, [*told, *stages.words_of(stage, question)], asked_time.asked(question, TODAY)
    )


@pytest.mark.parametrize(
    ("marked", "stage", "plain"),
    [
        ("How many people have [packed their bags and come]?", "arrived", "How many people arrived?"),
        ("how many [got the nod]", "approved", "How many applications were approved?"),
        (
            "By the end of March 2024, how many [threw their hat in the ring] for the Harbour Scheme?",
            "received",
            "How many applications were received under the Harbour Scheme by the end of March 2024?",
        ),
        (
            "How many female applicants were [waved through] in Norland?",
            "approved",
            "How many applications were approved of female in Norland?",
        ),
        (
            "How many bids from doctors [paid off]?",
            "approved",
            "How many applications were approved from doctors?",
        ),
        (
            "When did the total of people who had [made it over] first top 20 000?",
            "arrived",
            "When did the number of people who arrived first exceed 20 000?",
        ),
        (
            "By how much did the [pile of applications] grow between January 2024 and May 2024?",
            "received",
            "By how much did the number of applications received grow between January 2024 and May 2024?",
        ),
        (
            "Walk me through how the count of those who [got a yes] developed, report by report.",
            "approved",
            "How did the number of applications approved change over time?",
        ),
        (
            "Since the scheme began in 2022, how many have been [told yes]?",
            "approved",
            "How many applications were approved?",  # a running total is since then anyway
        ),
        ("For doctors, how many bids [got the nod]?", "approved", "How many applications were approved for doctors?"),
        ("how many did Norland [let in]", "approved", "How many applications were approved in Norland?"),
        (
            "How many arrivals did the Port Secretary cite on 8 January 2024?",
            "arrived",
            "How many people arrived on 8 January 2024?",
        ),
    ],
)
def test_a_tally_is_asked_for_plainly(marked: str, stage: str, plain: str) -> None:
    assert plainly(marked, stage) == plain


@pytest.mark.parametrize(
    ("marked", "stage"),
    [
        ("How many vessels [came in] last year?", "arrived"),  # another thing is counted
        ("What share of the applications was [waved through]?", "approved"),
        ("Who [came over] first?", "arrived"),
        ("Has the number of people who [came] reached 20 000?", "arrived"),
        ("How many of those approved had [come]?", "arrived"),
        ("How many have [come] since March 2024?", "arrived"),  # no total: what came after a day
        ("How many more had [come] than gone?", "arrived"),
        ("How many papers were [signed] at the plenary?", "approved"),
        ("What is the target for [arrivals]?", "planned"),
        ("How many [came] in May 2024?", "arrived"),  # of a month by itself
        ("How was the number of people who [came] worked out?", "arrived"),
    ],
)
def test_anything_else_is_left_as_it_was_asked(marked: str, stage: str) -> None:
    assert plainly(marked, stage) is None


@pytest.mark.parametrize(
    ("marked", "unread"),
    [
        ("How many were [waved through] online?", ["online"]),
        ("How many people who studied abroad [got the nod]?", ["studied", "abroad"]),
        ("How many nurses [made it over]?", ["nurses"]),
        ("How many people over 60 [came]?", ["60"]),
        ("How many people outside Harrow were [let in]?", ["outside", "Harrow"]),
    ],
)
def test_what_is_not_accounted_for_may_say_which_are_meant(marked: str, unread: list[str]) -> None:
    question, told = unbracketed(marked)
    stage = "arrived" if "came" in marked else "approved"
    words = [*told, *stages.words_of(stage, question)]
    time = asked_time.asked(question, TODAY)
    assert tallies.unread(question, stage, words, time) == unread
    assert not unread or tallies.plainly(question, stage, words, time) is None


def test_what_is_through_one_stage_and_not_through_the_next() -> None:
    question = "By 8 January 2024, how many of those approved had not come yet?"
    both = tallies.outstanding(question, asked_time.asked(question, TODAY))
    assert both == {
        "approved": "How many applications were approved by 8 January 2024?",
        "arrived": "How many people arrived by 8 January 2024?",
    }
    question = "How many of those approved had come?"
    assert tallies.outstanding(question, asked_time.asked(question, TODAY)) is None
