"""Date phrases as people write them: "end-February 2024", "in the past three years", "tomorrow (January 9)".

Only found and taken apart here; which days they mean is the work of rag.mentions. "may", "march", "second" and
03/04/2024 are no dates, and neither is the year in an event's name.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from rag.dates import DATE, MONTHS, possible_date, read_date
from rag.types import PartialDate


@dataclass(frozen=True, slots=True)
class Calendar:
    """A date as a calendar names it, with the "early", "mid", "late", "end" or "start" (``mod``) before it.

    Its year may be open, or ``years`` after the document's. ``months`` is a part of the year, (1, 3, "the first
    quarter"), ``first_day`` belongs to "8 to 18 March", ``last_year`` and ``kind`` to "the 2023-24 financial year";
    the date in "tomorrow (January 9)" is ``near``.
    """

    date: PartialDate
    mod: str = ""
    months: tuple[int, int, str] | None = None
    first_day: int | None = None
    last_year: int | None = None
    kind: str = ""
    years: int | None = None
    near: bool = False

    @property
    def yearless(self) -> bool:
        """Whether the words leave the year open."""
        return self.date.year is None and self.years is None


@dataclass(frozen=True, slots=True)
class Relative:
    """A time told from the document's date, of the ``kind`` "now", "ago", "past", "coming" or "step".

    ``count`` units ago, or of the past or coming ones, whose ``span`` reads "three years"; None in "the coming weeks".
    The ``step`` of "last Friday" is -1, of "this May" 0.
    """

    kind: str
    unit: str = "day"
    count: int | None = None
    step: int = 0
    mod: str = ""
    span: str = ""


@dataclass(frozen=True, slots=True)
class Phrase:
    """A date phrase, ``text[start:end]`` with its preposition ``prep``."""

    start: int
    end: int
    named: Calendar | Relative
    prep: str = ""  # one of ``ROLES``
    joined: str = ""  # to the phrase before it, as a "range" or in a "list"
    attribute: bool = False  # "the March 2024 report", "last year's"

    @property
    def year(self) -> int | None:
        """The year that the words name."""
        return self.named.date.year if isinstance(self.named, Calendar) else None


def phrases(text: str) -> list[Phrase]:
    """Every date phrase of a text, in order; years that one half of a pair leaves to the other are shared."""
    found: list[Phrase] = []
    for core in _CORE.finditer(text):
        if core.start() < (found[-1].end if found else 0) or "\n\n" in core[0]:
            continue
        left = _left(text, core, found[-1] if found else None)
        relative = any(core[name] for name in ("day", "ago", "side_unit", "unit", "now"))
        phrase = _relative_phrase(text, core, left) if relative else _calendar_phrase(text, core, left)
        if phrase:
            found.append(phrase)
    return _with_shared_years(found)


# --- how dates are written -------------------------------------------------------------------------------------


def _spaced(pattern: str) -> str:
    """A pattern whose blanks stand for any white space."""
    return pattern.replace(" ", r"\s+")


_NUMBERS = {"a": 1, "an": 1}
_NUMBERS |= {
    word: number
    for number, word in enumerate("one two three four five six seven eight nine ten eleven twelve".split(), 1)
}
_NUMBER = rf"(?:\d{{1,3}}|{'|'.join(_NUMBERS)})"
_FULL = "January|February|March|April|May|June|July|August|September|October|November|December"
WEEKDAYS = "Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday"
_YEAR = r"(?:1[789]|20)\d\d"
_UNIT = "day|week|month|quarter|year|decade"
_RELATIVE = _spaced(
    r"(?P<day>today|tonight|yesterday|tomorrow|this (?:morning|afternoon|evening))\b"
    rf"|(?P<ago>{_NUMBER}) (?P<ago_unit>{_UNIT})s? ago\b"
    r"|(?:(?:over|in|during|within|for|throughout|across) (?:the|these) (?P<side>past|last|next|coming)"
    rf"|the (?P<side2>past|coming)) (?:(?P<count>{_NUMBER}) )?(?P<side_unit>{_UNIT})(?P<many>s?)\b(?! of\b)"
    rf"|(?P<which>this|last|next|the (?:current|present)) "
    rf"(?P<unit>week|month|quarter|year|{WEEKDAYS}|(?-i:{_FULL}))\b(?! of\b)"
    r"|(?<!up )(?P<now>(?:so|thus) far|to date|(?:up to |until )?now(?! that)|currently|at present|at the moment)\b"
).replace(r"(?<!up\s+)", r"(?<!up\s)")  # a look-behind has one width
_PART = _spaced(
    rf"(?P<part>(?:the )?(?P<nth>first|second|third|fourth|last|1st|2nd|3rd|4th) (?:(?P<months>{_NUMBER}) months"
    rf"|(?P<what>quarter|half)) of (?:the year )?(?:(?P<part_year>{_YEAR})|(?P<part_which>this|last|next) year)\b"
    rf"|(?:(?P<letter>[QH])(?P<number>[1-4])|(?P<number2>[1-4])Q)[\s-]?(?P<part_year2>{_YEAR})\b"
    rf"|(?P<part_year3>{_YEAR})[\s-]?Q(?P<number3>[1-4])\b"
    rf"|(?:the )?(?P<season>spring|summer|autumn)(?: of)? (?P<season_year>{_YEAR})\b)"
)
# Without a year only a capital makes months of "may" and "march"; "mar" and "august" are other words too.
_LONE_MONTH = (
    rf"(?P<month>(?-i:{_FULL}|Jan|Feb|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)"
    r"|january|february|april|june|july|september|october|november|december)\b"
)
_CORE = re.compile(
    rf"(?<![\w$€£])(?=\w)(?<!\d[.,/])(?:(?<!-)(?:{_RELATIVE})|{_PART}|{DATE}|{_LONE_MONTH}"
    rf"|(?<!\d[-–])(?P<year>{_YEAR})(?P<to>[-–/](?:{_YEAR}|\d\d))?(?![\w%])(?![.,/–-]\d))",
    re.IGNORECASE,
)
_PREPOSITIONS = {
    "at": "in|on|at|during|throughout|within|for|around|towards",
    "by": "as at|as of|as on|by|until|till|up to|up until|no later than|not later than|on or before|through",
    "since": "since|starting|starting from|starting in|starting on|beginning in|beginning on|as from|with effect from",
    "before": "before|prior to|ahead of|earlier than",
    "after": "after|following|later than",
    "from": "from",
    "year": "year to|year ended|year ending",
    "": "to|of|dated|between",
}
ROLES = {preposition: role for role, words in _PREPOSITIONS.items() for preposition in words.split("|")}
_NO_YEAR_FOLLOWS = frozenset("on at around towards through to of dated".split())  # "at 2024" is a number
_MOD = "early|late|earlier|later|mid|middle|end|close|last day|start|beginning"
_MODS = {"middle": "mid", "close": "end", "last day": "end", "beginning": "start"}
_LEFT = re.compile(
    _spaced(
        rf"(?:(?<![\w-])(?P<prep>{'|'.join(sorted(ROLES, key=len, reverse=True))}) (?:(?:at least|about|around) )?)?"
        rf"(?:(?<![\w-])(?:the )?(?P<mod>{_MOD})(?:[\s-]+| (?:of|in) ))?"
        r"(?:(?<![\w-])(?:the )?(?P<kind>(?:(?:financial|fiscal|academic|school|tax) )?year|FY)(?: of|:)?\s*"
        r"|(?P<the>the ))?"
        r"(?:(?<![\w$€£.,-])(?P<first>\d{1,2})(?:st|nd|rd|th)?(?:\s?(?P<dash>[-–])\s?| (?:and|to) ))?$"
    ),
    re.IGNORECASE,
)
_LEFT_CHARS = 48
# The words that such a beginning can end in: most dates in a long list have none of them before them.
_LEFT_WORDS = {words.split()[-1] for words in (*ROLES, *_MOD.split("|"))}
_LEFT_WORDS |= set("of in year year: fy the least about around and to".split())
_JOIN = re.compile(
    _spaced(
        r"(?:\s*(?P<range>[-–—])\s*|(?: |, )(?P<to>to|until|till|through|up to) |(?: |, )(?P<and>and) "
        r"|\s?(?:,|&| or)\s+(?:or )?)"
        rf"(?:(?:in|on|as at|by|at|of) )?(?:the )?(?:(?:{_MOD})(?:[\s-]+| of ))?"
    ),
    re.IGNORECASE,
)
_YEAR_AFTER = re.compile(_spaced(r",? (?:of )?(?P<which>this|last|next) year\b"), re.IGNORECASE)
_KIND_AFTER = re.compile(_spaced(r" (?P<kind>(?:financial|fiscal|academic|school|tax|calendar) year)\b"), re.IGNORECASE)
_TO_DAY = re.compile(r"\s?[-–]\s?(\d{1,2})\b(?![,.]?\d)(?:,?\s+(\d{4})\b)?|\s+(?:to|and)\s+(\d{1,2}),\s+(\d{4})\b")
_BRACKETED = re.compile(rf"\s?[(（]\s?(?:on\s+)?{DATE}\s?[)）]", re.IGNORECASE)
_ONWARDS = re.compile(r"\s+(?:onwards?\b|on(?=\s*[,.;)]|$))", re.IGNORECASE)
_POSSESSIVE = re.compile(r"['’]s?\b")
_THE_DATE = re.compile(r"the\s+(?!\d{1,2}(?:st|nd|rd|th))", re.IGNORECASE)  # "the March 2024 report"
_THOUSANDS = re.compile(r"[ ,\u00a0\u2009\u202f]\d{3}(?!\d)")
# "in 2024 cases", "by 2000 people": a number of things, unless a verb says what the things do.
_COUNTED = re.compile(
    _spaced(
        r" (?!(?:was|has|is|as|its|this|thus|across|always|perhaps|unless|towards|years?)\b)"
        r"(?:[a-z-]{1,30}s|people|staff|per ?cent|million|billion|thousand|hundred|children|(?:wo)?men)\b"
        r"(?! (?:had|have|has|was|were|will|would|are|is|rose|fell|grew|stood|came|\w{1,20}ed)\b)"
    )
)
_GREW = re.compile(
    r"\b(?:rose|risen|gr[eo]wn?|\w+creased?|fell|fallen|dropped|declined|cut|reduced|raised|up|down)\s+$", re.I
)
_EVENT = re.compile(
    r"\s+(?:[A-Z][\w'’-]*\s+){0,4}?(?:Address|Budget|Conference|Summit|Forum|Report|Congress|Sessions?|Plenary|Symposium|Review"
    r"|Awards?|Expo|Convention|Assembly|Index|Festival|Games|Edition|Exhibition|Elections?|Act|Ordinance|Regulations?)\b"
    r"|\s+(?:policy\s+address|budget|summit|index|edition)\b"
)
_CELL = re.compile(r"(?:^|[;|\n])\s*$")  # "2023: 5 000; 2024: 6 000"
_THAN = re.compile(r"\b(?:than|as)\s+$", re.IGNORECASE)  # "more than in 2022"
_A_NAME = re.compile(r"\s+[A-Z][a-z]")
_AIMED = re.compile(
    r"\b(?:targets?|goals?|aims?|forecasts?|estimates?|projections?|quotas?|plans?|budgets?|ceilings?|outlook)\b"
    r"(?:\s+(?:of|is|was|set)\b[^,;]{0,25})?\s+$",
    re.IGNORECASE,
)  # "a target of 35 000 for 2025"


# --- finding them ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Left:
    """What stands before the date itself: where it begins, its preposition and what narrows the date."""

    start: int
    prep: str = ""
    mod: str = ""
    kind: str = ""
    first_day: int | None = None
    joined: str = ""
    the: bool = False


def _left(text: str, date: re.Match[str], before: Phrase | None) -> _Left:
    core, floor = date.start(), before.end if before else 0
    low = max(floor, core - _LEFT_CHARS)
    join = _JOIN.fullmatch(text, floor, core) if before and core - floor < _LEFT_CHARS else None
    joined = ""
    if before and join:
        ranged = join["range"] or join["to"] or (join["and"] and before.prep == "between")
        year = isinstance(before.named, Calendar) and before.named.date.precision == "year"
        joined = "range" if ranged else "list" if year or not date["year"] else ""  # "in 2022 and 2023"
    words = text[low:core].rstrip("-– \t\n\u00a0").rsplit(None, 1)
    word = words[-1].lstrip("([{\"'“‘").lower() if words else ""
    may_be = word in _LEFT_WORDS or (word[:1].isdigit() and not word[2:3].isdigit())
    found = _LEFT.search(text[low:core]) if may_be else None
    if not found:
        return _Left(core, joined=joined)
    prep, mod, kind = (" ".join((found[name] or "").lower().split()) for name in ("prep", "mod", "kind"))
    first = int(found["first"]) if found["first"] else None
    if first and not found["dash"] and prep not in ("from", "between", "on", "in", "during"):
        return _Left(core)  # "chapters 5 and 9 January 2024"
    return _Left(low + found.start(), prep, _MODS.get(mod, mod), kind, first, joined, bool(found["the"]))


def _relative_phrase(text: str, core: re.Match[str], left: _Left) -> Phrase:
    if left.kind or left.first_day or left.the:
        left = _Left(core.start())
    end = core.end()
    named, attribute = _relative(core, left.mod), bool(_POSSESSIVE.match(text, end))
    phrase = Phrase(left.start, end, named, left.prep, left.joined, attribute)
    bracket = _BRACKETED.match(text, end) if core["day"] or core["unit"] else None
    date = read_date(bracket) if bracket else None
    if bracket and date:
        near = bool(core["day"] and not date.year)
        return replace(phrase, end=bracket.end(), named=Calendar(date, near=near), prep=left.prep or "on")
    return phrase


def _relative(core: re.Match[str], mod: str) -> Relative:
    if core["now"] or (core["day"] and core["day"].lower() not in _BESIDE_TODAY):
        return Relative("now")
    if core["day"]:
        return Relative("step", step=_BESIDE_TODAY[core["day"].lower()])
    if core["ago"]:
        return Relative("ago", core["ago_unit"].lower(), _number(core["ago"]))
    if core["side_unit"]:
        coming = (core["side"] or core["side2"]).lower() in ("next", "coming")
        count = _number(core["count"]) if core["count"] else None if core["many"] else 1
        span = " ".join(f"{core['count'] or ''} {core['side_unit']}{core['many']}".lower().split())
        return Relative("coming" if coming else "past", core["side_unit"].lower(), count, span=span)
    return Relative("step", core["unit"].lower(), step=_YEARS[" ".join(core["which"].lower().split())], mod=mod)


def _number(word: str) -> int:
    return _NUMBERS.get(word.lower()) or int(word)


def _calendar_phrase(text: str, core: re.Match[str], left: _Left) -> Phrase | None:
    read = _part if core["part"] else _bare_year if core["year"] else _lone_month if core["month"] else _dated
    found = read(text, core, left)
    if found is None:
        return None
    named, end, attribute = found
    if left.kind and not core["year"]:
        left = replace(left, start=core.start(), prep="")
    named = replace(named, mod=left.mod if not named.date.day else "")
    if named.yearless and (after := _YEAR_AFTER.match(text, end)):
        named, end = replace(named, years=_YEARS[after["which"].lower()]), after.end()
    aimed = left.prep in ("for", "by") and _AIMED.search(text[max(0, left.start - 60) : left.start])
    than = _THAN.search(text[max(0, left.start - 10) : left.start])
    attribute = attribute or bool(_POSSESSIVE.match(text, end) or aimed or than)
    prep, onwards = left.prep, _ONWARDS.match(text, end)
    if prep == "from" and onwards:
        prep, end = "since", onwards.end()
    elif prep in ("from", "between") and (named.last_year or named.first_day):
        prep = "in"
    return Phrase(left.start, end, named, prep, joined=left.joined, attribute=attribute)


_BESIDE_TODAY = {"yesterday": -1, "tomorrow": 1}
_YEARS = {"this": 0, "last": -1, "next": 1, "the current": 0, "the present": 0}
ORDINALS = {word: number for number, word in enumerate("first second third fourth".split(), 1)}
ORDINALS |= {"1st": 1, "2nd": 2, "3rd": 3, "4th": 4}
_Read = tuple[Calendar, int, bool]  # the date, where its words end, whether it only says which of several things


_SEASONS = {"spring": 3, "summer": 6, "autumn": 9}  # of the north; winter is of two years


def _part(text: str, core: re.Match[str], left: _Left) -> _Read | None:
    """Quarters, halves and the first or last months of a year."""
    if core["season"]:
        first, name = _SEASONS[core["season"].lower()], core["season"].lower()
        return Calendar(PartialDate(int(core["season_year"])), months=(first, first + 2, name)), core.end(), False
    nth, months = (core["nth"] or "").lower(), core["months"]
    digits = core["number"] or core["number2"] or core["number3"]
    half = (core["letter"] or core["what"] or "").lower().startswith("h")
    length = _number(months) if months else 6 if half else 3
    last = nth == "last"
    ordinal = 12 // length if last and not months else int(digits) if digits else ORDINALS.get(nth, 1)
    if length * ordinal > 12 or length == 0 or (months and nth not in ("first", "last")):
        return None
    first = 13 - length if last else length * (ordinal - 1) + 1
    part = f"{months} months".lower() if months else "half" if half else "quarter"
    name = f"the {nth if months else list(ORDINALS)[ordinal - 1]} {part}"
    year = core["part_year"] or core["part_year2"] or core["part_year3"]
    years = _YEARS[core["part_which"].lower()] if core["part_which"] else None
    date = PartialDate(int(year) if year else None)
    return Calendar(date, months=(first, first + length - 1, name), years=years), core.end(), False


def _bare_year(text: str, core: re.Match[str], left: _Left) -> _Read | None:
    """Four digits are a year only after words that make them one, and not where they count things or name an event."""
    end, kind = core.end(), left.kind
    after = _KIND_AFTER.match(text, end)
    if after:
        end, kind = after.end(), after["kind"].lower()
    cell = text[end : end + 1] == ":" and _CELL.search(text[max(0, core.start() - 3) : core.start()])
    told = cell or left.mod or kind or left.joined or (left.prep and left.prep not in _NO_YEAR_FOLLOWS)
    grew = left.prep in ("by", "from") and _GREW.search(text[max(0, left.start - 20) : left.start])
    event = _EVENT.match(text, end) or (left.prep == "for" and _A_NAME.match(text, end))
    counted = _COUNTED.match(text, end) and not kind
    named = left.the and not after and not (core["to"] and left.prep)  # "the 2024 plan", not "in the 2023-24 season"
    if not told or named or left.first_day or grew or event or counted:
        return None
    year, last = int(core["year"]), None
    if core["to"]:
        digits = core["to"][1:]
        last = int(digits) if len(digits) == 4 else year - year % 100 + int(digits) + 100 * (int(digits) < year % 100)
        if not (year < last <= year + 30 if len(digits) == 4 else last == year + 1):
            return None
    return (
        Calendar(PartialDate(year), last_year=last, kind="" if kind in ("year", "calendar year") else kind),
        end,
        False,
    )


def _lone_month(text: str, core: re.Match[str], left: _Left) -> _Read | None:
    """A month without a day or a year needs a preposition, and is no person's name: "by May Chan"."""
    named = core["month"] in ("May", "April", "June", "August") and left.prep not in ("in", "since", "until", "during")
    if left.the or not (left.prep or left.mod or left.joined) or (named and _A_NAME.match(text, core.end())):
        return None
    return Calendar(PartialDate(None, MONTHS[core["month"].lower()])), core.end(), False


def _dated(text: str, core: re.Match[str], left: _Left) -> _Read | None:
    """Dates with a day or a year, as rag.dates reads them."""
    date, end = read_date(core), core.start() + len(core[0].rstrip("."))
    month = core["m1"] or core["m2"] or core["m3"] or ""
    if date is None or (date.year is None and month in ("march", "may")):
        return None
    if core["m2"] and not date.year and (left.prep == "in" or _THOUSANDS.match(text, end)):
        return Calendar(PartialDate(None, date.month)), core.end("m2"), False  # "in March 12 schools opened"
    named = Calendar(date)
    if left.first_day and date.day and left.first_day < date.day:
        named = replace(named, first_day=left.first_day)
    elif core["m2"] and date.day and not date.year and (to := _TO_DAY.match(text, end)):
        last, year = int(to[1] or to[3]), to[2] or to[4]
        through = possible_date(int(year) if year else None, date.month or 0, last)
        if through and last > date.day:
            named, end = Calendar(through, first_day=date.day), to.end()
    return named, end, bool(_THE_DATE.match(core[0]))


def _with_shared_years(found: Sequence[Phrase]) -> list[Phrase]:
    """ "between March and May 2024", "from November 2023 to February": one year, or the one that keeps the order."""
    shared = list(found)
    pairs = [(i, i + 1) for i in range(len(shared) - 1) if shared[i + 1].joined]
    for here, there in [*reversed(pairs), *((after, before) for before, after in pairs)]:
        one, other = shared[here].named, shared[there].named
        if isinstance(one, Calendar) and isinstance(other, Calendar) and one.yearless and other.date.year:
            early, late = (one.date, other.date) if here < there else (other.date, one.date)
            crossing = _later(early, late) * (-1 if here < there else 1)
            shared[here] = replace(
                shared[here], named=replace(one, date=replace(one.date, year=other.date.year + crossing))
            )
    return shared


def _later(one: PartialDate, other: PartialDate) -> bool:
    """Whether a date comes after another in the same year, as far as both are known."""
    if not one.month or not other.month:
        return False
    days = one.day > other.day if one.month == other.month and one.day and other.day else False
    return one.month > other.month or days
