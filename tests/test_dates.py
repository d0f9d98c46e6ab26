"""Dates, on sixty small documents: what states a publication date, what only looks like one, what a text settles."""

import datetime as dt
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.cleaning import clean
from rag.dates import parse_as_of, published
from rag.errors import DateError
from rag.types import Basis, Loaded, PartialDate

SHARED = Path(__file__).parents[2] / "shared"
BODY = "The Harbour Office keeps the northern piers.\n\nIt has done so for many years, and will go on."


def date_of(text: str, **known: object) -> tuple[str, str]:
    found = published(text, **known)  # type: ignore[arg-type]
    return found.date.isoformat(), found.basis.value


# --- what the format names


@pytest.mark.parametrize(
    ("stated", "iso"),
    [
        ("2024-03-18", "2024-03-18"),
        ("2024-03-18T17:30:00+08:00", "2024-03-18"),
        ("Mon, 18 Mar 2024 17:30:00 +0800", "2024-03-18"),
        ("D:20240318173000+08'00'", "2024-03-18"),
        ("March 18, 2024", "2024-03-18"),
        ("2024年3月18日", "2024-03-18"),
        ("2024-03", "2024-03"),
        ("March 2024", "2024-03"),
        ("2024", "2024"),
    ],
)
def test_metadata_goes_first(stated: str, iso: str) -> None:
    assert date_of(f"Pier opens\n\nPublished: 1 May 2020\n\n{BODY}", stated=stated) == (iso, "metadata")


@pytest.mark.parametrize(
    "stated", ["", "soon", "yesterday", "2024-13-01", "31 February 2024", "9999-01-01", "03/04/2024", "0001-01-01"]
)
def test_metadata_that_is_no_date_is_passed_over(stated: str) -> None:
    assert date_of(f"Pier opens\n\nPublished: 1 May 2020\n\n{BODY}", stated=stated) == ("2020-05-01", "text")
    assert date_of(BODY, stated=stated) == ("", "unknown")


# --- what the text states


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        (f"Pier opens\n\n{BODY}\n\nEnds/Monday, April 15, 2024\nIssued at HKT 08:30", "2024-04-15"),
        (f"Pier opens\n\nIssued on 5 March 2024\n\n{BODY}", "2024-03-05"),
        (f"Pier opens\n\nIssued on 5 March 2024 by the Harbour Office\n\n{BODY}", "2024-03-05"),
        (f"Pier opens\n\nPublished: 5 March 2024\n\n{BODY}", "2024-03-05"),
        (f"Pier opens\n\nPublished 5 March 2024 Last updated 9 May 2024\n\n{BODY}", "2024-03-05"),
        (f"Pier opens\n\nPublished\n\n5 March 2024\n\n{BODY}", "2024-03-05"),
        (f"Pier opens\n\nDate: 2024-03-05\n\n{BODY}", "2024-03-05"),
        (f"Pier opens\n\nDate of issue: 25.03.2024\n\n{BODY}", "2024-03-25"),
        (f"Notice\n\n{BODY}\n\nDated this 5th day of March 2024\n\nA. Keeper", "2024-03-05"),
        (f"FOR IMMEDIATE RELEASE: March 5, 2024\n\nPier opens\n\n{BODY}", "2024-03-05"),
        (f"Pier opens\n\nHONG KONG, 18 March 2024 – The pier opened.\n\n{BODY}", "2024-03-18"),
        (f"Pier opens\n\nPORT ELIZABETH (Sept 3, 2024) — The pier opened.\n\n{BODY}", "2024-09-03"),
        (f"Pier opens\n\nHong Kong (March 18, 2024)\n\n{BODY}", "2024-03-18"),
        (f"Pier opens\n\nMarch 18, 2024 – The pier opened.\n\n{BODY}", "2024-03-18"),
        (f"Pier opens\n\n18 March 2024\n\n{BODY}", "2024-03-18"),
        (f"Pier opens\n\nMonday, 18th March 2024\n\n{BODY}", "2024-03-18"),
        (f"碼頭啟用\n\n（2024年3月18日）\n\n{BODY}", "2024-03-18"),
        (f"Pier opens\n\nThe pier opened today (March 18, 2024).\n\n{BODY}", "2024-03-18"),
        (f"Pier opens\n\nThe pier opened this morning (18 March 2024).\n\n{BODY}", "2024-03-18"),
        (f"Paper on piers\n\n{BODY}\n\nHarbour Office\n\nMarch 2024", "2024-03"),
        (f"Paper on piers\n\nMarch 2024\n\n{BODY}", "2024-03"),
        (f"Paper on piers\n\nBriefing note, March 2024\n\n{BODY}", "2024-03"),
        (f"Paper on piers\n\nLeaflet, revised March 2024\n\n{BODY}", "2024-03"),
        (f"Paper on piers\n\nFirst published 2023\n\n{BODY}", "2023"),
        (f"Pier opens\n\n{BODY}\n\nLast updated: 9 May 2024", "2024-05-09"),
        (f"Pier opens\n\nMarch 2024\n\n{BODY}\n\nLast updated: 9 May 2024", "2024-03"),
        (f"Piers\n\nHarbour Office, Data Team. Published on 5 March 2024.\n\n{BODY}", "2024-03-05"),
        (f"Pier Committee\n\nMinutes of the meeting held at the Old Mole on 5 March 2024\n\n{BODY}", "2024-03-05"),
        (f"Pier figures\n\nReleased on 5 March 2024. Figures are for the pier as a whole.\n\n{BODY}", "2024-03-05"),
        (
            f"Paper 7: The pier\n\nMeeting: Harbour Board, Wednesday 6 March 2024\n\nBy: A. Keeper\n\n{BODY}",
            "2024-03-06",
        ),
        (f"Your pier\n\n{BODY}\n\nVersion 3, March 2024\n\nReplaces Version 2", "2024-03"),
        (f"Minutes of the ninth meeting\n\nheld on Tuesday, 5 March 2024 at 10 am\n\n{BODY}", "2024-03-05"),
    ],
)
def test_stated_in_the_text(text: str, iso: str) -> None:
    assert date_of(text) == (iso, "text")


def test_the_words_are_the_documents_own() -> None:
    found = published(BODY, margins=("NNNN", "Ends/Thursday, November 28, 2024", "Issued at HKT 09:20"))
    assert (found.date, found.basis) == (PartialDate(2024, 11, 28), Basis.TEXT)
    assert found.words == "Ends/Thursday, November 28, 2024"
    assert published("The pier opened today (April 15,\n2024).").words == "today (April 15, 2024)"


def test_the_sign_off_wins_over_a_dateline() -> None:
    text = f"Pier opens\n\nThe pier opened today (April 14, 2024).\n\n{BODY}"
    assert date_of(text, margins=("Ends/Monday, April 15, 2024",)) == ("2024-04-15", "text")


def test_the_fuller_of_sign_off_and_dateline_is_preferred() -> None:
    text = f"Pier opens\n\nThe pier opened today (April 15, 2024).\n\n{BODY}"
    assert date_of(text, margins=("Ends/Monday, April 15",)) == ("2024-04-15", "text")


# --- what only looks like a publication date


@pytest.mark.parametrize(
    "text",
    [
        f"The 2024 Policy Address\n\n{BODY}",
        f"Annual Report 2023\n\n{BODY}",
        f"Pier opens\n\n{BODY}\n\n© 2023 Harbour Office",
        f"Pier opens\n\nThe pier was opened on 18 March 2024.\n\n{BODY}",
        f"Pier opens\n\nSince 18 March 2024, boats have come.\n\n{BODY}",
        f"Pier opens\n\nOn March 18, 2024 – a Monday – boats came.\n\n{BODY}",
        f"Pier party\n\nDate: 5 May 2024\nTime: 2pm\nVenue: the old pier\n\n{BODY}",
        f"Pier party\n\nClosing date\n\n5 May 2024\n\n{BODY}",
        f"Grants\n\nApplication deadline:\n\n5 May 2024\n\n{BODY}",
        "Holidays\n\n1 January 2024\n\n29 March 2024\n\n1 May 2024",
        "History\n\n5 May 2001 – The pier opens\n\n6 June 2003 – It burns down",
        f"Jane Keeper (5 May 1870 – 6 June 1940) kept the light.\n\n{BODY}",
        f"Jane Keeper\n\nDate of birth: 5 May 1970\n\n{BODY}",
        f"Pier opens\n\nBoats will come tomorrow (January 9).\n\n{BODY}",
        f"Pier opens\n\nBoats came yesterday (January 7, 2024).\n\n{BODY}",
        f"Pier opens\n\nIt opens on Labour Day (May 1).\n\n{BODY}",
        f"Pier opens\n\nPublished: 31 February 2024\n\n{BODY}",
        f"Pier opens\n\nDate: 2024-13-01\n\n{BODY}",
        f"Pier opens\n\nDate: 1 May 9999\n\n{BODY}",
        f"Pier opens\n\nDate: 0001-01-01\n\n{BODY}",
        f"Pier opens\n\nDate: 03/04/2024\n\n{BODY}",
        f"Board Meeting (18 March 2024)\n\n{BODY}",
        f"The pier may 2024 times be used\n\n{BODY}",
        f"Minutes of the meeting\n\nheld on 5 March 2024, before that of 9 April 2024\n\n{BODY}",
        f"Pier opens\n\n{BODY}\n\n1 May\n\n2 May",
        f"Report\n\nReleased in May 2019 the film was a success.\n\n{BODY}",
        "",
        BODY,
    ],
)
def test_never_invented(text: str) -> None:
    assert date_of(text) == ("", "unknown")


# --- a year that nobody states


def release(dateline: str, *sentences: str) -> str:
    return f"Pier opens\n\nThe Harbour Office {dateline} opened the pier.\n\n" + "\n\n".join(sentences)


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        (release("today (December 14)", "The keeper announced it in his 2024 Policy Address."), "2024-12-14"),
        (release("today (May 6)", "The 2024-25 Budget provided the money."), "2024-05-06"),
        (release("today (September 6)", "It follows the 2024 Piers Work Conference."), "2024-09-06"),
        (
            release("today (January 8)", "The office was set up in October 2023.", "It will hold a fair in May 2024."),
            "2024-01-08",
        ),
        (release("today (January 8)", "A fair was held in March 2023 last year."), "2024-01-08"),
        (release("today (June 3)", "It is the fourth pier built this year (2024)."), "2024-06-03"),
        (release("today (June 3)", "It opens fully next year (2025)."), "2024-06-03"),
        (
            release("today (Monday, June 3)", "It was begun in 2021.", "It will be finished in 2026."),
            "2024-06-03",  # the only Monday among five years
        ),
        (
            release("today (March 18)", "As at end-February 2024, ten boats had come.", "More will in May 2024."),
            "2024-03-18",
        ),
        (
            release("today (February 10)", "As at end-February 2024, ten boats had come.", "More will in May 2025."),
            "2025-02-10",  # what stood at the end of February cannot be told on the tenth
        ),
        ("Paper\n\nMarch 2024\n\nThe pier opened today (March 18).", "2024-03-18"),
        (release("today (March 18)", "Last updated: 20 March 2024"), "2024-03-18"),
    ],
)
def test_inferred_where_one_choice_is_left(text: str, iso: str) -> None:
    assert date_of(text) == (iso, "inferred")


def test_inferred_dates_give_their_reasons() -> None:
    found = published(release("today (December 14)", "He announced it in his 2024 Policy Address."))
    assert found.words == "today (December 14) … 2024 Policy Address"
    found = published(release("today (January 8)", "It was set up in October 2023.", "It will move in May 2024."))
    assert found.words == "today (January 8) … October 2023 … May 2024"


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        (release("today (June 3)"), "--06-03"),
        (release("today (3 June)", "A second pier is due early next year."), "--06-03"),
        (release("today (Monday, June 3)"), "--06-03"),
        (release("today (June 3)", "The office was founded in 1999."), "--06-03"),
        (release("today (June 3)", "Since December 2022, boats have come."), "--06-03"),
        (release("today (June 3)", "It was begun in 2019.", "It will be finished in 2031."), "--06-03"),
        (
            release("today (December 14)", "He spoke of it in his 2024 Policy Address.", "The 2026 plan is out."),
            "--12-14",
        ),
        (release("today (January 8)", "He announced it in his 2023 Policy Address."), "--01-08"),
        (release("today (December 14)", "It serves the 2030 Agenda for piers."), "--12-14"),
        (release("today (Tuesday, December 14)", "He announced it in his 2024 Policy Address."), "--12-14"),
        (release("today (June 3)", "The fair was held in May 2024.", "It will be held in May 2023."), "--06-03"),
        ("Pier opens\n\nHONG KONG, June 3 – The pier opened.", "--06-03"),
        ("Pier opens\n\nThe keeper (June 3) visited the pier.", "--06-03"),
        (f"Pier closed\n\n{BODY}\n\nHarbour Office\n\n3 June", "--06-03"),
    ],
)
def test_the_year_stays_open(text: str, iso: str) -> None:
    assert date_of(text) == (iso, "text")


def test_february_29_needs_a_leap_year() -> None:
    text = release("today (February 29)", "It was begun in 2021.", "It will be finished in 2026.")
    assert date_of(text) == ("2024-02-29", "inferred")


# --- as-of dates


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2024-01-31", dt.date(2024, 1, 31)),
        (" 31 January 2024 ", dt.date(2024, 1, 31)),
        ("Jan 31, 2024", dt.date(2024, 1, 31)),
        ("January 2024", dt.date(2024, 1, 31)),
        ("2024-02", dt.date(2024, 2, 29)),
        ("2024", dt.date(2024, 12, 31)),
        ("end-February 2024", dt.date(2024, 2, 29)),
        ("the end of 2023", dt.date(2023, 12, 31)),
        ("31/01/2024", dt.date(2024, 1, 31)),
        ("2024年3月18日", dt.date(2024, 3, 18)),
        (dt.date(2024, 3, 18), dt.date(2024, 3, 18)),
        (dt.datetime(2024, 3, 18, 12), dt.date(2024, 3, 18)),
        (None, None),
    ],
)
def test_as_of(text: str | dt.date | None, day: dt.date | None) -> None:
    assert parse_as_of(text) == day
    assert not isinstance(parse_as_of(text), dt.datetime)


@pytest.mark.parametrize(
    "text", ["", " ", "soon", "2024-02-31", "9999999", "June 3", "0000", "31 February 2024", "2024-13", "20240101x"]
)
def test_as_of_refuses_with_an_example(text: str) -> None:
    with pytest.raises(DateError, match="2024-01-31"):
        parse_as_of(text)


def test_as_of_does_not_guess_which_number_is_the_month() -> None:
    with pytest.raises(DateError, match="two ways"):
        parse_as_of("03/04/2024")


# --- any text at all


@given(st.text() | st.from_regex(r"(today \(|Date: |\n\n)?(May|March) [0-9]{1,3}, [0-9]{4}\)?", fullmatch=True))
@settings(deadline=None, max_examples=200)
def test_any_text_gives_a_date_or_none(text: str) -> None:
    found = published(text, stated=text, margins=(text,))
    assert PartialDate.fromisoformat(found.date.isoformat()) == found.date
    assert (found.basis is Basis.UNKNOWN) == (found.date == PartialDate())
    assert bool(found.words) == (found.basis is not Basis.UNKNOWN)


@pytest.mark.parametrize("unit", ["A", "Aa ", "2024-", "5 March 2024 ", "published ", "the 2024 Aa Bb "])
def test_long_lines_take_linear_time(unit: str) -> None:
    start = time.perf_counter()
    published("today (March 5) " + unit * (1_000_000 // len(unit)))
    assert time.perf_counter() - start < 5


def test_the_real_press_releases() -> None:
    if not (SHARED / "seeds").exists():
        pytest.skip("shared/seeds is not beside this checkout")
    found = {}
    for path in (SHARED / "seeds").glob("0*.txt"):
        document = clean(Loaded(path.name, "0" * 64, "text", (path.read_text(),)))
        found[path.name[:3]] = date_of(document.text, margins=document.margins)
    assert found == {
        "000": ("2024-12-14", "inferred"),
        "001": ("--06-03", "text"),
        "002": ("2024-01-08", "inferred"),
        "003": ("2024-03-18", "text"),
        "004": ("2023-11-29", "text"),
    }
