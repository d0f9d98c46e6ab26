from __future__ import annotations

from decimal import Decimal

import pytest

from rag.changing import Course, course, passes
from rag.quantities import quantities


@pytest.mark.parametrize(
    ("question", "plain"),
    [
        ("How has the number of students changed since 2019?", "How many students since 2019?"),
        ("How did unemployment develop over the years?", "What is unemployment?"),
        ("How did the number of hospital beds change over time?", "How many hospital beds?"),
        ("Show me how the count of tenants developed.", "How many tenants?"),
        ("How have passenger numbers on the ferry evolved so far?", "How many passenger numbers on the ferry?"),
        ("Trend of complaints lodged?", "How many complaints lodged?"),
        ("What totals of visitors were reported, one after another?", "How many visitors were reported?"),
    ],
)
def test_a_course_is_asked_by_the_value(question: str, plain: str) -> None:
    assert course(question) == Course(plain)


@pytest.mark.parametrize(
    ("question", "plain", "mark", "falls"),
    [
        ("When did the number of visitors first exceed 40 000?", "How many visitors?", "40000", False),
        ("By when had more than 2,000 flats been let?", "How many flats been let?", "2000", False),
        ("In which month did the tally of refunds pass 0.5 million?", "How many refunds?", "500000", False),
        ("When did the reservoir first fall below 40 per cent?", "What is the reservoir?", "40", True),
    ],
)
def test_a_mark_is_taken_out_of_the_question(question: str, plain: str, mark: str, falls: bool) -> None:
    assert course(question) == Course(plain, Decimal(mark), falls)


@pytest.mark.parametrize(
    "question",
    [
        "When was the bridge opened?",
        "How did the Minister respond to the change?",
        "How old is the leaflet, and when was it last changed?",
        "How many people live here?",
        "When did the Council pass the 2 bills?",
        "By how much did the fee grow between 2019 and 2020?",
        "How much did the fare increase?",
        "What is the development plan?",
        "x" * 5_000,
        "",
    ],
)
def test_other_questions_are_left_alone(question: str) -> None:
    assert course(question) is None


@pytest.mark.parametrize(
    ("value", "falls", "passed"),
    [
        ("over 150 000", False, True),
        ("about 150 000", False, False),
        ("150 000", False, False),
        ("160 000", False, True),
        ("nearly 150 000", True, True),
        ("149 999", True, True),
        ("150 000", True, False),
    ],
)
def test_a_mark_is_passed_only_for_certain(value: str, falls: bool, passed: bool) -> None:
    (quantity,) = quantities(value)
    assert passes(quantity, Decimal(150_000), falls=falls) is passed
