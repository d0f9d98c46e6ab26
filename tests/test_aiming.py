"""What was aimed at and what came of it."""

from __future__ import annotations

import pytest

from rag.aiming import aim_of, outcome

REACHED = "Did the society plant as many oaks as it wanted?"


@pytest.mark.parametrize(
    ("question", "text", "says"),
    [
        (REACHED, "The society planted 900 oaks in spring, against a target of 800.", True),
        (REACHED, "The society planted 700 oaks in spring, fewer than the 800 it had hoped for.", False),
        (REACHED, "The society planted 900 oaks. Its goal had been 800.", True),
        (REACHED, "The society planted over 800 oaks; it had set out to plant 750.", True),
        (REACHED, "The target for oaks was 800. It has been exceeded.", True),
        (REACHED, "The society’s goal is to plant 800 oaks. That goal has been passed.", True),
        ("Did more guests come than the inn had expected?", "Some 400 guests came; 300 had been expected.", True),
        ("Did more guests come than the inn had expected?", "300 guests came, as many as the 300 expected.", False),
        (
            "Did fewer guests come than the inn had expected?",
            "About 400 guests came, 90 more than the inn had expected.",
            False,
        ),
        (
            "Has the wait become shorter than the surgery aimed at?",
            "The wait fell from 19 days to 12 days. The aim had been to bring it below 14 days.",
            True,
        ),
    ],
)
def test_figures_and_words_tell_what_came_of_an_aim(question: str, text: str, says: bool | None) -> None:
    aim = aim_of(question)
    assert aim is not None
    assert outcome(aim, text) is says


@pytest.mark.parametrize(
    "text",
    [
        "The society planted 700 oaks; next year it plans to plant 800.",
        "In 2022 the society planted 700 oaks; the target for 2023 is 800.",
        "By May the society had planted 300 oaks. The goal for the whole year is 800.",
        "The society planted 700 oaks and 200 elms. Its goal had been 800.",
        "The society planted nearly 800 oaks, against a target of 790.",
        "The society planted 700 oaks in spring, up from 650.",
    ],
)
def test_an_aim_of_another_time_or_an_open_figure_tells_nothing(text: str) -> None:
    aim = aim_of(REACHED)
    assert aim is not None
    assert outcome(aim, text) is None


def test_what_had_been_reached_so_far_can_fall_short_of_a_year() -> None:
    aim = aim_of("Had the society already reached its goal of oaks for the year by May?")
    assert aim is not None
    assert outcome(aim, "By May the society had planted 300 oaks. The goal for the whole year is 800.") is False


@pytest.mark.parametrize("question", ["Did the society plant oaks?", "What was the target?", "Is the goal known?"])
def test_other_questions_ask_for_no_aim(question: str) -> None:
    assert aim_of(question) is None
