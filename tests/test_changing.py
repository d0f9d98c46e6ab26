from __future__ import annotations

from decimal import Decimal

import pytest

from rag.changing import Course, comparable, course, difference, grows, measure, passes, tells_change, with_plain_ends
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
    found = course(question)
    assert found is not None and found.mark is not None
    assert (found.question, found.mark.number, found.falls) == (plain, Decimal(mark), falls)


def test_a_mark_keeps_its_unit() -> None:
    found = course("When did the vacancy rate first exceed 10 per cent?")
    assert found is not None and found.mark is not None and found.mark.unit == "%"
    (flats,), (share,) = quantities("1 200 flats"), quantities("12%")
    assert not comparable(flats, found.mark) and comparable(share, found.mark)


@pytest.mark.parametrize(
    "question",
    [
        "Since when do companies with more than 50 employees have to register?",
        "Since when must vehicles over 20 tonnes carry a plate?",
        "When did more than 2,000 people attend the rally?",
        "By when must companies with more than 50 employees register?",
        "When did firms with over 300 staff first have to report?",
        "When did the law for lorries exceeding 20 tonnes begin?",
        "When did firms that exceed 50 employees have to register?",
        "When was a fee of over $500 first charged?",
        "When did people over 65 first travel free?",
    ],
)
def test_a_figure_that_says_which_are_meant_is_no_mark(question: str) -> None:
    assert course(question) is None


@pytest.mark.parametrize(
    ("question", "plain"),
    [
        ("Since when have there been more than 300 tenants who complained?", "How many tenants who complained?"),
        ("Which is the earliest count with over 800 boats in the port?", "How many boats in the port?"),
        ("When is it first on record that over 950 boats were in the port?", "How many boats were in the port?"),
        ("In what month did the clubs' members pass the 2 000 mark?", "How many the clubs' members?"),
    ],
)
def test_a_count_of_the_subject_is_a_mark_where_the_first_time_is_asked(question: str, plain: str) -> None:
    found = course(question)
    assert found is not None and found.mark is not None and found.question == plain


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
        ("fewer than 900 000", False, False),
        ("up to 200 000", False, False),
        ("at most 200 000", False, False),
        ("160 000 or fewer", False, False),
        ("about 151 000", False, True),
        ("about 160 000", False, True),
        ("about 200 000", False, True),
        ("nearly 160 000", False, False),
        ("nearly 300 000", False, True),
        ("at least 100 000", True, False),
        ("over 140 000", True, False),
        ("about 140 000", True, True),
        ("less than 150 000", True, True),
    ],
)
def test_a_mark_is_passed_only_for_certain(value: str, falls: bool, passed: bool) -> None:
    (quantity,) = quantities(value)
    assert passes(quantity, Decimal(150_000), falls=falls) is passed


@pytest.mark.parametrize(
    ("words", "change"),
    [
        ("Permits rose by 60", True),
        ("an increase of 60 permits", True),
        ("In 2024 the Board approved 5 000 permits", False),
        ("more than 700 permits", False),
    ],
)
def test_a_level_tells_no_change(words: str, change: bool) -> None:
    assert tells_change(words) is change


def test_what_is_taken_for_granted() -> None:
    assert grows("How much did it fall?") is False and grows("How much did it grow?") is True
    assert grows("How much did it change?") is None


@pytest.mark.parametrize(
    ("question", "plain", "asked_as"),
    [
        ("By how much did complaints rise?", "How many complaints?", "difference"),
        ("How many more people had applied?", "How many people had applied?", "difference"),
        ("By what percentage did complaints rise?", "How many complaints?", "share"),
        ("In per cent, how much did the number of complaints rise?", "How many complaints?", "share"),
        ("By what factor did complaints grow?", "How many complaints?", "factor"),
        ("How many times did the number of complaints multiply?", "How many complaints?", "factor"),
        ("What was the percentage increase in complaints?", "How many complaints?", "share"),
        ("Take both counts: how many complaints came on top?", "How many complaints?", "difference"),
        ("How many complaints were added?", "How many complaints?", "difference"),
        ("How much shorter was the waiting list?", "How large is the waiting list?", "difference"),
    ],
)
def test_a_change_is_asked_as_a_difference_a_share_or_a_factor(question: str, plain: str, asked_as: str) -> None:
    assert (difference(question, ()), measure(question)) == (plain, asked_as)


@pytest.mark.parametrize("question", ["What percentage of complaints rose to the Board?", "How many people moved in?"])
def test_what_asks_for_no_change(question: str) -> None:
    assert difference(question, ()) is None


@pytest.mark.parametrize(
    ("question", "plain"),
    [
        ("By what factor did it grow in the course of 2024, from the January count to the November one?",
         "By what factor did it grow from January to November 2024?"),
        ("How many came between the count at the end of May 2023 and the one at the end of June?",
         "How many came between the end of May 2023 and the end of June?"),
        ("How many times as many boats were there in May 2023 as in March 2023?",
         "How many times as many boats were there in May 2023 than in March 2023?"),
        ("How did the May count come about?", "How did the May count come about?"),
    ],
)  # fmt: skip
def test_the_ends_of_a_change_are_named_by_their_times(question: str, plain: str) -> None:
    assert with_plain_ends(question) == plain
