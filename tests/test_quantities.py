"""Figures in text: what is one, what number it is, what it counts, and what only looks like one."""

from __future__ import annotations

import time
from decimal import Decimal, localcontext

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.quantities import is_count, number_of, quantities, same_kind, same_number
from rag.types import Quantity


def read(text: str) -> list[tuple[str, str, str, str]]:
    """Each figure as its words, number, unit and qualifier."""
    return [(text[q.start : q.end], f"{q.number:f}", q.unit, q.qualifier) for q in quantities(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("over 48 000 permits were issued", ("48 000", "48000", "permits", "over")),
        ("48\u00a0000 permits", ("48\u00a0000", "48000", "permits", "")),
        ("48\u2009000 permits", ("48\u2009000", "48000", "permits", "")),
        ("48\u202f000 permits", ("48\u202f000", "48000", "permits", "")),
        ("48,000 permits", ("48,000", "48000", "permits", "")),
        ("48000 permits", ("48000", "48000", "permits", "")),
        ("48k permits", ("48k", "48000", "permits", "")),
        ("0.048 million permits", ("0.048 million", "48000", "permits", "")),
        ("1 234 567.8 tonnes", ("1 234 567.8", "1234567.8", "tonnes", "")),
        ("it cost HK$1.2 billion", ("HK$1.2 billion", "1200000000", "HK$", "")),
        ("more than $40 billion in works", ("$40 billion", "40000000000", "$", "more than")),
        ("US$3m", ("US$3m", "3000000", "US$", "")),
        ("about £ 7.50 a day", ("£ 7.50", "7.50", "£", "about")),
        ("RMB30 million", ("RMB30 million", "30000000", "RMB", "")),
        ("12 million Hong Kong dollars", ("12 million", "12000000", "dollars", "")),
        ("6 lakh villages", ("6 lakh", "600000", "villages", "")),
        ("15 per cent of them", ("15 per cent", "15", "%", "")),
        ("rose 15.3%.", ("15.3%", "15.3", "%", "")),
        ("rose by 3 percentage points", ("3", "3", "percentage points", "")),
        ("a change of −0.3%", ("−0.3%", "-0.3", "%", "")),
        ("eleven co-operation areas", ("eleven", "11", "areas", "")),
        ("nearly twenty-three schools", ("twenty-three", "23", "schools", "nearly")),
        ("a dozen firms", ("a dozen", "12", "firms", "")),
        ("half a dozen firms", ("half a dozen", "6", "firms", "")),
        ("two hundred and fifty jobs", ("two hundred and fifty", "250", "jobs", "")),
        ("half a million people", ("half a million", "500000", "people", "")),
        ("a quarter of a million people", ("a quarter of a million", "250000", "people", "")),
        ("three quarters of a billion", ("three quarters of a billion", "750000000", "", "")),
        ("two and a half years", ("two and a half", "2.5", "years", "")),
        ("a hundred thousand", ("a hundred thousand", "100000", "", "")),
        ("a million three hundred thousand and one", ("a million three hundred thousand and one", "1300001", "", "")),
        ("Two people came", ("Two", "2", "people", "")),
        ("five of the bridges", ("five", "5", "", "")),
        ("one new office in Arvik", ("one", "1", "office", "")),
        ("1 application was lost", ("1", "1", "application", "")),
        ("30 strategic enterprises with plans", ("30", "30", "enterprises", "")),
        ("23 renowned universities on the coast", ("23", "23", "universities", "")),
        ("10 sports associations", ("10", "10", "associations", "")),
        ("about 9 000 of which had been approved", ("9 000", "9000", "", "about")),
        ("the figure of 9 000 includes renewals", ("9 000", "9000", "", "")),
        ("9 000 have come to the towns", ("9 000", "9000", "", "")),
        ("26 weeks’ notice", ("26", "26", "weeks", "")),
        ("a two-day visit", ("two", "2", "day", "")),
        ("60 square metres", ("60", "60", "square metres", "")),
        ("at least 5km", ("5", "5", "km", "at least")),
        ("3 m", ("3", "3", "m", "")),
        ("not less than 30", ("30", "30", "", "not less than")),
        ("no more than 30", ("30", "30", "", "no more than")),
        ("up to\u00a030 seats", ("30", "30", "seats", "up to")),
        ("65 or over", ("65", "65", "", "or over")),
        ("4 or more weeks", ("4", "4", "weeks", "or more")),
        ("5 days or more", ("5", "5", "days", "or more")),
        ("200+ firms", ("200", "200", "firms", "+")),
        ("~200", ("200", "200", "", "~")),
        ("created 2000 jobs", ("2000", "2000", "jobs", "")),
        ("Over 2000 jobs", ("2000", "2000", "jobs", "over")),
        ("in March 18 000 jobs were lost", ("18 000", "18000", "jobs", "")),
        ("120 in 2023", ("120", "120", "", "")),
    ],
)  # fmt: skip
def test_a_figure(text: str, found: tuple[str, str, str, str]) -> None:
    assert read(text) == [found]


@pytest.mark.parametrize(
    ("text", "numbers", "units"),
    [
        ("10 to 15 per cent", "10 15", "% %"),
        ("10–15%", "10 15", "% %"),
        ("between 10 and 15 million tonnes", "10000000 15000000", "tonnes tonnes"),
        ("between one million and two million people", "1000000 2000000", "people people"),
        ("between ten and fifteen thousand", "10000 15000", " "),
        ("one hundred and two hundred", "100 200", " "),
        ("1 or 2 weeks", "1 2", "weeks weeks"),
        ("$5-7 million", "5000000 7000000", "$ $"),
        ("from 900 to 1.2 million", "900 1200000", " "),
        ("five boats and 12 crew members", "5 12", "boats members"),
        ("250 000 applications, about 160 000 of which", "250000 160000", "applications "),
        ("10 000, 20 000 and 30 000 visits", "10000 20000 30000", "  visits"),
    ],
)
def test_several_figures(text: str, numbers: str, units: str) -> None:
    found = quantities(text)
    assert [f"{q.number:f}" for q in found] == numbers.split()
    assert [q.unit for q in found] == units.split(" ")


@pytest.mark.parametrize(
    "text",
    ["the third meeting", "the 23rd plenary", "its twenty-first year", "2. Apply in person", "(iii) and (2)",
     "Apply.\n12) Pay the fee", "3.2 Scope of the law", "in 2024", "The 2024 elections", "by around 2030",
     "up to 2025", "18 March 2024", "March 18", "on 11, 12 and 13 March", "2024-03-18", "2023-24", "the 1990s",
     "10:30 am", "at 5 pm", "HKT 17:30", "COVID-19", "Form 3A", "the G20", "a 5G network", "section 12", "A4",
     "sections 3 and 4", "Annex 2, Annex 3", "paragraphs 4 to 6", "No. 7", "classes", "a five-star hotel",
     "a one-stop service", "the 14th Five-Year Plan", "two-thirds", "three quarters", "one in five", "2 out of 10",
     "2½ years", "1/2", "24/7", "1.2.3", "12,34", "10 000,5", "007", "2537 1234", "+852 2810 2717", "18-01-03",
     "one of them", "No one came", "at the Seven Sisters", "dozens of", "hundreds", "3 hundred thousand", "-5",
     "5 million-strong", "9" * 30, "", "http://a.b/c?d=5"],
)  # fmt: skip
def test_what_is_no_figure(text: str) -> None:
    assert read(text) == []


def test_the_one_figure_of_an_answer() -> None:
    found = number_of("over 48 000")
    assert found == Quantity(Decimal(48000), "", "over", 5, 11)
    assert number_of("One.") == Quantity(Decimal(1), "", "", 0, 3)
    assert number_of("48 000 in May 2023") is not None
    for words in ("", "many", "10 to 15", "2019", "1 in 5", "5th", "May 5"):
        assert number_of(words) is None, words


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        ("over 260 000", "0.26 million applications", True),
        ("eleven", "11", True),
        ("15%", "15 per cent", True),
        ("15%", "15", True),
        ("15%", "15 people", False),
        ("HK$15", "US$15", False),
        ("26 000", "260 000", False),
        ("260 000", "many", False),
        ("", "", False),
    ],
)
def test_same_numbers(a: str, b: str, same: bool) -> None:
    assert same_number(a, b) is same
    assert same_number(b, a) is same


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        ("applications", "applications", True),
        ("applications", "application", True),
        ("applications", "", True),
        ("", "", True),
        ("applications", "arrivals", False),
        ("talents", "individuals", True),
        ("people", "person", True),
        ("individuals", "applications", False),
        ("students", "workers", False),
        ("%", "%", True),
        ("%", "percentage points", False),
        ("%", "applications", False),
        ("%", "", False),
        ("HK$", "HK$", True),
        ("HK$", "US$", False),
        ("HK$", "", False),
        ("HK$", "applications", False),
        ("dollars", "", False),
        ("square metres", "", False),
        ("square metres", "metres", False),
        ("days", "day", True),
        ("days", "", False),
        ("km", "miles", False),
        ("times", "", False),
    ],
)
def test_what_can_stand_in_one_series(a: str, b: str, same: bool) -> None:
    one, other = (Quantity(Decimal(number), unit, "", 0, 1) for number, unit in ((1, a), (2, b)))
    assert same_kind(one, other) is same
    assert same_kind(other, one) is same


def test_what_counts() -> None:
    assert is_count("applications")
    assert is_count("")
    assert not any(map(is_count, ("%", "HK$", "RMB", "euros", "tonnes", "square feet", "°c", "percentage points")))


SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
).split()
TENS = "- - twenty thirty forty fifty sixty seventy eighty ninety".split()


def spelled(number: int) -> str:
    """A number in British words, written here a second time as an oracle."""
    for size, name in ((10**9, "billion"), (10**6, "million"), (1000, "thousand"), (100, "hundred")):
        if number >= size:
            rest = number % size
            joint = " and " if 0 < rest < 100 else " "
            return f"{spelled(number // size)} {name}" + (joint + spelled(rest) if rest else "")
    if number >= 20:
        return TENS[number // 10] + (f"-{SMALL[number % 10]}" if number % 10 else "")
    return SMALL[number]


def ways(number: int) -> list[str]:
    """A number as official papers may write it."""
    grouped = [f"{number:,}".replace(",", mark) for mark in (" ", ",", "\u00a0", "\u2009", "\u202f")]
    scaled = [f"{Decimal(number).scaleb(-power):f} {name}" for power, name in ((6, "million"), (9, "billion"))]
    return [*grouped, *scaled, f"{Decimal(number).scaleb(-3):f}k", spelled(number), spelled(number).replace("-", " ")]


@settings(deadline=None)
@given(
    st.integers(2_100, 10**11), st.sampled_from(["", "Over ", "It issued about "]), st.sampled_from(["", " permits."])
)
def test_however_it_is_written_it_is_the_same_number_at_its_place(number: int, before: str, after: str) -> None:
    for words in ways(number):
        text = before + words + after
        found = quantities(text)
        assert [(q.number, text[q.start : q.end]) for q in found] == [(Decimal(number), words)], words
        assert bool(found[0].qualifier) == bool(before)
        assert found[0].unit == ("permits" if after else "")
        assert same_number(text, str(number))


@settings(deadline=None)
@given(st.integers(0, 10**15), st.integers(0, 10**15))
def test_numbers_are_the_same_only_where_they_are_equal(one: int, other: int) -> None:
    assert same_number(f"about {one:,} boats", f"{other:,} boats") is (one == other)


PIECES = (
    "5 12 000 260 1,234 2024 March 18 of and to or over about more than a one two hundred million twenty -three % $ "
    "HK$ k . , - \n ( ) / : half dozen in section people boats per cent 5G £ 1.5 bn th ½ ٣ ² – − ’s"
).split(" ")
words = st.text(max_size=80) | st.lists(st.sampled_from(PIECES), max_size=30).flatmap(
    lambda pieces: st.sampled_from(["", " ", "\u00a0"]).map(lambda joint: joint.join(pieces))
)


@settings(deadline=None)
@given(words)
def test_any_text_is_read_in_order_without_overlap(text: str) -> None:
    place = 0
    for found in quantities(text):
        assert place <= found.start < found.end <= len(text)
        assert text[found.start : found.end].strip() == text[found.start : found.end]
        assert found.number.is_finite()
        assert found.unit == found.unit.strip()
        place = found.end
    number_of(text)


def test_numbers_do_not_depend_on_the_arithmetic_of_the_caller() -> None:
    with localcontext() as context:
        context.prec = 2
        found = [q.number for q in quantities("123 456.78 tonnes, 1.2345 million people, one thousand and one nights")]
    assert found == [Decimal("123456.78"), Decimal(1234500), Decimal(1001)]


@pytest.mark.parametrize(
    ("piece", "size"),
    [("1", 1_000_000), ("1,", 1_000_000), ("million ", 1_000_000), ("100 ", 200_000), ("one hundred and ", 100_000),
     ("100 100 1000 ", 50_000), ("5 a", 200_000), ("1 to ", 20_000), ("March 1, ", 200_000), ("section 1, ", 100_000)],
)  # fmt: skip
def test_hostile_text_costs_linear_time(piece: str, size: int) -> None:
    """Where cost grew with the square these would take minutes."""
    text = piece * (size // len(piece))
    started = time.process_time()
    quantities(text)
    assert time.process_time() - started < 10
