"""Questions about several values of one thing at one moment."""

from __future__ import annotations

import pytest

from rag.differing import Asks, Several, holds, reason, several


def asked(question: str) -> tuple[str, str] | None:
    found = several(question)
    return (str(found.asks), found.question) if found else None


@pytest.mark.parametrize(
    ("question", "asks", "plain"),
    [
        ("How far apart are the two totals of berths for end-May 2023?", "gap", "How many berths by end-May 2023?"),
        ("What is the difference between the two figures given for moorings in June 2023?", "gap",
         "How many moorings in June 2023?"),
        ("By how much do the sources differ on the number of pupils at the end of May 2023?", "gap",
         "How many pupils at the end of May 2023?"),
        ("What is the lower of the two figures reported for patients at end-May 2023?", "lower",
         "How many patients at end-May 2023?"),
        ("Which of the two counts of patients by May 2023 is the larger one?", "higher",
         "How many patients by May 2023?"),
        ("Which figures are there for pupils enrolled by May 2023, and who gives which?", "all",
         "How many pupils enrolled by May 2023?"),
        ("We see two counts of berths let by May 2023. Which are they?", "all", "How many berths let by May 2023?"),
        ("How many berths had been let by May 2023, according to each of the papers?", "all",
         "How many berths had been let by May 2023?"),
        ("Do the sources agree on how many nurses were hired by May 2023?", "agree",
         "How many nurses were hired by May 2023?"),
        ("Why do the two totals of berths for May 2023 differ?", "why", "How many berths by May 2023?"),
        ("Why are there fewer berths for May 2023 on the harbour page than the board was told of?", "why",
         "How many berths by May 2023?"),
        ("Had 500 or 650 berths been let by May 2023?", "either", "How many berths been let by May 2023?"),
        ("Is the number of pupils about 500 or 650?", "either", "How many pupils?"),
    ],
)  # fmt: skip
def test_what_is_asked_of_the_values_and_the_plain_question(question: str, asks: str, plain: str) -> None:
    assert asked(question) == (asks, plain)


def test_the_sources_that_a_question_names() -> None:
    found = several("Do the harbour page and the port commission agree on how many berths were let by May 2023?")
    assert found is not None and found.named == ("the harbour page", "the port commission")
    found = several("Of the two counts of berths for May 2023, which was put before the Port Commission?")
    assert found == Several("How many berths by May 2023?", Asks.WHOSE, ("was put before the Port Commission",))


@pytest.mark.parametrize(
    "question",
    [
        "How far apart are the two piers?",
        "Which of the two bridges is longer?",
        "Do the parties agree on the treaty, or not?",
        "Did the two ministers agree to meet?",
        "What is the difference between a visa and a permit?",
        "Is it 5 km or more to the port?",
        "Are there 3 piers, 2 docks or 4 yards?",
        "Why is the fee higher on Sundays?",
        "How many berths had been let by May 2023?",
        "x" * 5_000,
        "",
    ],
)
def test_other_questions_are_left_alone(question: str) -> None:
    assert several(question) is None


def test_a_source_is_known_by_its_name() -> None:
    assert holds("the summit page", ["Harbour Summit set for May"])
    assert holds("was put before the Port Commission", ["Given by: Port Commission, 3 May"])
    assert not holds("the school page", ["Harbour Summit set for May"]) and not holds("the page", ["Page"])


@pytest.mark.parametrize(
    ("sentence", "tells"),
    [
        ("This page rounds down to the nearest 50.", True),
        ("The figure does not include renewals.", True),
        ("It is lower because berths let by the week were left out.", True),
        ("By May 2023 the board had let 500 berths.", False),
        ("A round table was held in May.", False),
        ("The works of both rounds cost $12 million.", False),
        ("The ferry was late because of a storm in May.", False),
    ],
)
def test_a_reason_why_a_figure_is_not_another(sentence: str, tells: bool) -> None:
    assert reason(sentence, "How many berths were let by May 2023?") is tells
