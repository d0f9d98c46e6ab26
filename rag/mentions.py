"""The moments that a text mentions: each date phrase with the first and the last day it can mean.

Nothing is invented: what is told from the document's date is known as far as that date is, and a year that neither the
text nor the document's date leaves as the only one stays open.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from dateutil.relativedelta import relativedelta, weekday

from rag.date_phrases import ORDINALS, ROLES, WEEKDAYS, Calendar, Phrase, Relative, phrases
from rag.dates import FIRST_YEAR, LAST_YEAR, MONTHS, possible_date, tense
from rag.types import Grounds, Moment, PartialDate

NOT_STATED = "(year not stated)"
TOLD_CHARS = 250  # how far on a year that was named is still being told
NEAR_DAYS = 270  # a month further off is not named without its year


@dataclass(frozen=True, slots=True)
class YearlessMoment(Moment):
    """A moment of a year nobody states: its month, and its day where the words name one."""

    month: int = 0
    day: int | None = None


@dataclass(frozen=True, slots=True)
class Mention:
    """A date phrase, ``text[start:end]`` with its preposition, and the moment of a statement that it dates.

    ``role`` is what the words make of the date: ``at`` (in, on, last month), ``by`` (by, as at, until), ``now`` (today,
    so far), ``since``, ``from``, ``over`` (over the past year), ``before``, ``after``, or empty where it dates no
    statement by itself ("the March 2024 report"). ``named`` holds the days as the words name them: one moment, or the
    two ends of a range.
    """

    start: int
    end: int
    moment: Moment
    role: str
    named: tuple[Moment, ...]


def mentions(text: str, published: PartialDate, *, settle: bool = True) -> list[Mention]:
    """Every date phrase of a text, in order.

    ``published`` anchors what is relative to the document's date. With ``settle``, a month or day without a year gets
    the year that ``published`` and the tense of the words around it leave; without, its year stays open.
    """
    found: list[Mention] = []
    before: Phrase | None = None
    told: int | None = None  # the year that the text is speaking of
    for phrase in phrases(text):
        told = told if before and phrase.start - before.end < TOLD_CHARS else None
        days = _moment(text, phrase, told, published, settle)
        told = phrase.year or told
        joined = phrase.joined if before and found and found[-1].end == before.end else ""
        before = phrase
        if days is None:
            continue
        one = _mention(text, phrase, days, published)
        whole = _range(text, found[-1], one) if joined == "range" else None
        if whole:
            found[-1] = whole
        elif joined == "list" and not phrase.prep and not phrase.attribute:
            found.append(replace(one, role=found[-1].role))
        else:
            found.append(one)
    return found


def of_document(published: PartialDate) -> Moment:
    """The document's own date as a moment."""
    if published.precision == "month-day":
        month, day = published.month or 0, published.day
        return YearlessMoment(None, None, str(published), Grounds.PUBLISHED, month=month, day=day)
    grounds = Grounds.PUBLISHED if published.year else Grounds.UNKNOWN
    return Moment(published.first(), published.last(), str(published), grounds)


# --- the days they mean ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Days:
    first: dt.date
    last: dt.date
    label: str
    since: dt.date | None = None


def _moment(text: str, phrase: Phrase, told: int | None, published: PartialDate, settle: bool) -> Moment | None:
    """What a phrase names; None for what no calendar of 1700 to 2100 has."""
    words, named = text[phrase.start : phrase.end], phrase.named
    if isinstance(named, Relative):
        moment = _anchored(lambda day: _relative(named, published, day), words, published)
    elif named.years is not None:
        years = named.years
        moment = _anchored(lambda day: _calendar(named, day.year + years), words, published)
    else:
        grounds, year = Grounds.STATED, named.date.year
        if year is None and settle:
            year = _settled(named, published, tense(text, phrase.start, phrase.end), told, phrase.prep)
            grounds = Grounds.RELATIVE if year else Grounds.STATED
        days = _calendar(named, year or 2000)  # a leap year: it has 29 February
        if days is None:
            return None
        moment = Moment(days.first, days.last, days.label, grounds, words)
        if year is None:
            label, date = days.label.replace("2000", NOT_STATED), named.date
            return YearlessMoment(None, None, label, grounds, words, month=date.month or 0, day=date.day)
    return moment


def _calendar(named: Calendar, year: int) -> _Days | None:
    """The days of a calendar date in a year; None where that year does not have it."""
    if named.months:
        begin, end, name = named.months
        first, last = dt.date(year, begin, 1), _bounds(PartialDate(year, end))[1]
        if named.mod == "end":
            return _Days(last, last, f"the end of {name} of {year}")
        return _Days(first, last, f"{name} of {year}" if name.startswith("the ") else f"{name} {year}")
    if named.last_year:
        label = f"{year}-{named.last_year % 100:02d}"
        label = f"the {label} {named.kind}" if named.kind else label
        if named.last_year > year + 1:
            return _Days(dt.date(year, 1, 1), dt.date(named.last_year, 12, 31), label)
        month = 9 if named.kind.startswith(("academic", "school")) else 4  # so that 2022-23 and 2023-24 are two times
        first = dt.date(year, month, 1)
        return _Days(first, first.replace(year=year + 1) - dt.timedelta(1), label)
    date = replace(named.date, year=year)
    if date.month and not possible_date(year, date.month, date.day):
        return None
    if named.first_day:
        last = _bounds(date)[1]
        return _Days(last.replace(day=named.first_day), last, f"{named.first_day} to {date}")
    return _narrowed(date, named.mod)


def _bounds(date: PartialDate) -> tuple[dt.date, dt.date]:
    first, last = date.first(), date.last()
    if first is None or last is None:
        raise ValueError("a date without its year")
    return first, last


_THIRDS = ("early", "mid", "late")
_NARROWED = {"early": "early ", "mid": "mid-", "late": "late ", "end": "end-", "start": "start of "}


def _narrowed(date: PartialDate, mod: str) -> _Days:
    """The part of a month or a year that ``mod`` names: a third of it, its last day, a year's first or last month."""
    first, last = _bounds(date)
    if mod not in _NARROWED or date.day:
        return _Days(first, last, str(date))
    if mod == "end":
        first = last if date.month else last.replace(day=1)
    elif mod == "start":
        last = first.replace(day=10 if date.month else 31)
    elif date.month:
        third = _THIRDS.index(mod) * 10
        first, last = first.replace(day=third + 1), last if third == 20 else last.replace(day=third + 10)
    else:
        third = _THIRDS.index(mod) * 4
        first, last = first.replace(month=third + 1), _bounds(PartialDate(first.year, third + 4))[1]
    return _Days(first, last, f"{_NARROWED[mod]}{date}")


def _settled(named: Calendar, published: PartialDate, verb: str, told: int | None, prep: str) -> int | None:
    """The year of a month or day that the document's date and a verb leave; None where they leave another choice.

    That year's days have begun (past) or have not ended (future) when the document was published, and are near. Where
    the text speaks of another year, ``told``, what is past may well be of that one.
    """
    first, last = published.first(), published.last()
    if first is None or last is None or published.month is None:
        return None
    past = prep in ("as at", "as of", "since") or verb == "past"
    steps = (-1, 0, 1) if named.near else (0, -1) if past else (0, 1) if verb == "future" else ()
    for year in (first.year + step for step in steps):
        days = _calendar(named, year)
        if days is None or abs(days.first - first).days > (31 if named.near else NEAR_DAYS):
            continue
        if named.near or (days.first <= last if past else days.last >= first):
            return None if past and not named.near and told not in (None, year, first.year) else year
    return None


# --- from the document's date ----------------------------------------------------------------------------------


_PREPOSITION = re.compile(rf"^(?:{'|'.join(sorted(ROLES, key=len, reverse=True))}|over|across)\s+", re.IGNORECASE)


def _anchored(read: Callable[[dt.date], _Days | None], words: str, published: PartialDate) -> Moment:
    """What words mean seen from the document's date, as far as that is known.

    They are read from the first and the last day that the document can be of; where its year is unknown, from that day
    in two years, and what both have in common stays.
    """
    bare = _PREPOSITION.sub("", words)
    if published.precision == "unknown":
        return Moment(None, None, f"{bare} (date not stated)", Grounds.RELATIVE, words)
    leap = (published.month, published.day) == (2, 29)
    years = (published.year,) if published.year else (2000, 2004 if leap else 2001)
    dates = [replace(published, year=year) for year in years]
    vague = Moment(None, None, f"{bare}, seen from {published}", Grounds.RELATIVE, words)
    try:
        days = [read(day) for date in dates for day in (date.first(), date.last()) if day]
    except (ValueError, OverflowError):  # before the first year there is, or after the last
        return vague
    low, high = days[0], days[-1]
    if low is None or high is None or (low.since or low.first).year < FIRST_YEAR or high.last.year > LAST_YEAR:
        return vague
    if published.year:
        label = low.label if low.label == high.label else vague.label
        return Moment(low.first, high.last, label, Grounds.RELATIVE, words, low.since)
    one, other = ((ends.first.replace(year=2000), ends.last.replace(year=2000)) for ends in (low, high))
    if one != other or high.first.month != high.last.month:
        return vague
    label, day = high.label.replace(str(high.first.year), NOT_STATED), high.first.day
    day_known = day if high.first == high.last else None
    return YearlessMoment(None, None, label, Grounds.RELATIVE, words, month=high.first.month, day=day_known)


def _relative(named: Relative, published: PartialDate, day: dt.date) -> _Days | None:
    """The days that relative words name on one day; None where they are too vague to name any."""
    if named.kind == "now":
        return _Days(day, day, str(published))
    if named.kind == "ago":
        return _ago(named.count or 0, named.unit, day)
    if named.kind == "step":
        days = _named_unit(named, day)
        if days is None or named.mod not in ("earlier", "later") or named.step:
            return days
        first, last = (days.first, day) if named.mod == "earlier" else (day, days.last)
        return _Days(first, last, f"{named.mod} in {days.label}")
    if named.count is None:
        return _Days(day, day, str(published)) if named.kind == "past" else None
    length = _length(named.count, named.unit)
    if named.kind == "coming":
        return _Days(day, day + length, f"the {named.span} from {published}")
    return _Days(day, day, f"the {named.span} to {published}", day - length)


def _ago(count: int, unit: str, day: dt.date) -> _Days:
    then = day - _length(count, unit)
    if unit == "week":
        return _Days(then - dt.timedelta(3), then + dt.timedelta(3), f"about {_partial(then)}")
    month = then.month if unit in ("day", "month", "quarter") else None
    date = PartialDate(then.year, month, then.day if unit == "day" else None)
    return _narrowed(date, "")


def _named_unit(named: Relative, day: dt.date) -> _Days | None:
    """Yesterday, "this", "last" (-1) or "next" (1) week, month, quarter, year, Friday or May."""
    unit, step = named.unit, named.step
    weekdays = WEEKDAYS.lower().split("|")
    monday = day - dt.timedelta(day.weekday())
    if unit == "day":
        return _narrowed(_partial(day + dt.timedelta(step)), "")
    if unit in weekdays:
        number = weekdays.index(unit)
        beside = relativedelta(days=step, weekday=weekday(number, step)) if step else None
        return _narrowed(_partial(day + beside if beside else monday + dt.timedelta(number)), "")
    if unit == "week":
        monday += dt.timedelta(7 * step)
        return _Days(monday, monday + dt.timedelta(6), f"the week of {_partial(monday)}")
    if unit in MONTHS:
        passed = (MONTHS[unit] - day.month) * step <= 0
        date = PartialDate(day.year + (step if passed else 0), MONTHS[unit])
    else:
        then = day + _length(step, unit)
        quarter = (then.month - 1) // 3
        if unit == "quarter":
            months = (quarter * 3 + 1, quarter * 3 + 3, f"the {list(ORDINALS)[quarter]} quarter")
            return _calendar(Calendar(PartialDate(), named.mod, months), then.year)
        date = PartialDate(then.year, then.month if unit == "month" else None)
    return _narrowed(date, named.mod)


def _partial(day: dt.date) -> PartialDate:
    return PartialDate(day.year, day.month, day.day)


def _length(count: int, unit: str) -> relativedelta:
    unit, count = {"quarter": ("month", 3 * count), "decade": ("year", 10 * count)}.get(unit, (unit, count))
    return relativedelta(**{f"{unit}s": count})


# --- what they date --------------------------------------------------------------------------------------------


_UNTIL = ("until", "till", "up to", "up until", "through")


def _mention(text: str, phrase: Phrase, days: Moment, published: PartialDate) -> Mention:
    role = _role(phrase, days)
    if role == "by" and phrase.named.mod == "end":
        days = replace(days, first=days.last)  # what stood at the end stood on the last day
    moment = named = days
    now = of_document(published)
    if phrase.prep in _UNTIL and days.last and now.last and days.last > now.last:
        moment = replace(days, first=now.first, label=f"until {days.label}")  # it holds already
    elif role == "since":
        moment = _since(days, now)
    elif role == "year":  # "the year ended 31 March 2024"
        began = days.last - relativedelta(years=1, days=-1) if days.last and days.last.year > FIRST_YEAR else None
        moment = replace(days, first=days.last, label=f"the year to {days.label}", since=began)
    elif role in ("before", "after"):
        moment = replace(days, first=None, last=None, label=f"{role} {days.label}")
    if role in ("over", "year"):
        role, named = "over", replace(days, first=moment.since, since=None)
    return Mention(phrase.start, phrase.end, moment, role, (named,))


def _role(phrase: Phrase, days: Moment) -> str:
    named, role = phrase.named, ROLES.get(phrase.prep, "")
    if phrase.attribute:
        return ""
    if phrase.prep == "to" and named.mod == "end":
        return "by"  # "counted to the end of last month"
    if isinstance(named, Calendar):
        return role
    if days.since:
        return "over"
    if named.kind == "now" and role not in ("since", "from", "before", "after"):
        return "now"
    return role if phrase.prep else "at"


def _since(days: Moment, now: Moment) -> Moment:
    """What holds since a day holds when the document says so, ``now``; what begins later holds from then."""
    if days.first and now.last and days.first > now.last:
        return replace(days, label=f"from {days.label}", since=days.first)
    return replace(now, label=f"since {days.label}", grounds=days.grounds, words=days.words, since=days.first)


def _range(text: str, one: Mention, other: Mention) -> Mention | None:
    """Two mentions as the ends of one range; None where they are out of order or one is a range itself."""
    first, last = one.named[0], other.named[0]
    if len(one.named) > 1 or (first.first and last.last and first.first > last.last):
        return None
    known = first.first is not None and last.last is not None
    year = NOT_STATED if not last.last else str(last.last.year)
    both = last.label.endswith(year) and len(first.label) > len(year)
    label = f"{first.label.removesuffix(' ' + year) if both else first.label} to {last.label}"
    words = text[one.start : other.end]
    moment = Moment(first.first if known else None, last.last if known else None, label, last.grounds, words)
    role = "at" if one.role or words[:7].lower() == "between" else ""
    return Mention(one.start, other.end, moment, role, (first, last))
