"""When a document was published, and the day that an as-of date means.

Nothing is invented: a date counts only where the words around it say that the document, not some event in it,
is of that day. A year that nobody states is inferred only where the text's other dates leave one choice.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from rag.errors import DateError
from rag.types import Basis, PartialDate, Published

HEAD_CHARS = 4_000
TAIL_CHARS = 2_000
HEAD_LINES = 12
TAIL_LINES = 6
EVIDENCE_CHARS = 100_000  # how far into a text other dates are looked for
MOST_MENTIONS = 500  # a text with more years than this settles nothing
FIRST_YEAR, LAST_YEAR = 1700, 2100


def published(text: str, *, stated: str | None = None, margins: Sequence[str] = ()) -> Published:
    """When the document was published, how that is known, and the words it was read from.

    ``stated`` is what the format names a publication date and goes first; then come sign-offs ("Ends/Monday,
    March 18, 2024", in ``margins`` or in the text's head and tail), datelines, a dateline without a year whose
    year the text settles, a line naming a month, and "last updated". A dateline whose year stays open gives month
    and day. Minutes are of the day of their meeting. Impossible dates count as absent.
    """
    if stated and (date := _stated(stated)):
        return Published(date, Basis.METADATA, stated.strip())
    head, tail = _head(text), _tail(text)
    signed = [*_labelled(margins, _LABEL), *_labelled(head, _LABEL), *_labelled(tail, _LABEL)]
    lone = [*_alone(head[:HEAD_LINES], months=head[:6]), *_alone(tail[-TAIL_LINES:], months=tail[-3:])]
    full = [*signed, *_after_today(text), *_datelines(head), *lone, *_of_the_meeting(head),
            *_within([*head, *tail]), *_day_and_month([*head[:6], *tail[-3:]])]  # fmt: skip
    for found in full:
        if found.date.precision == "day":
            return Published(found.date, Basis.TEXT, found.words)
    dated = [found for found in full if found.date.precision in ("month", "year")]
    yearless = next((found for found in full if found.date.precision == "month-day"), None)
    updated = [found for found in _labelled([*margins, *head, *tail], _UPDATED) if found.date.year]
    if yearless and (inferred := _inferred(text, yearless, [*dated, *updated])):
        return inferred
    for found in (*dated, *updated, *([yearless] if yearless else [])):
        return Published(found.date, Basis.TEXT, found.words)
    return Published()


def parse_as_of(text: str | dt.date | None) -> dt.date | None:
    """The last day that an as-of date can mean: "January 2024" is 31 January 2024, None stays None.

    Raises DateError for what is no date and for numeric forms that two countries read differently.
    """
    if text is None or isinstance(text, dt.date):
        return text.date() if isinstance(text, dt.datetime) else text
    words = " ".join(str(text).split())  # a person may well pass the year 2024 as a number
    ending = _END_OF.match(words)
    bare = words[ending.end() :] if ending else words
    found = _DATE.fullmatch(bare)
    date = read_date(found) if found else _year_or_month(bare)
    if date is None or date.year is None or (ending and date.day):
        ambiguous = re.fullmatch(r"(?:0?[1-9]|1[0-2])[./-](?:0?[1-9]|1[0-2])[./-](?:\d\d)?\d\d", bare)
        why = "can be read in two ways" if ambiguous else "is not a date"
        raise DateError(f"{words[:60]!r} {why}. Write the date as 2024-01-31, 31 January 2024, January 2024 or 2024.")
    return date.last()


# --- dates as they are written ---------------------------------------------------------------------------------

MONTHS = {name.lower(): number for number, name in enumerate(calendar.month_name) if name}
MONTHS |= {name.lower(): number for number, name in enumerate(calendar.month_abbr) if name} | {"sept": 9}
MONTH = r"(?:January|February|March|April|May|June|July|August|September|October|November|December|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)"  # noqa: E501
_WEEKDAY = r"(?:Mon|Tues?|Wednes|Wed|Thurs?|Thu|Fri|Satur|Sat|Sun)(?:day)?"
_TH = r"(?:st|nd|rd|th)?"
DATE = (  # a pattern for case-blind use, its match for ``read_date``
    rf"(?:(?P<weekday>{_WEEKDAY})\.?,?\s+)?(?:the\s+)?(?:"
    rf"(?P<d1>\d{{1,2}}){_TH}(?:\s+day)?(?:\s+of)?[\s-]+(?P<m1>{MONTH})\b\.?(?:,?[\s-]+(?P<y1>\d{{4}})\b)?"
    rf"|(?P<m2>{MONTH})\.?\s+(?P<d2>\d{{1,2}}){_TH}\b(?:,?\s+(?P<y2>\d{{4}})\b)?"
    rf"|(?P<m3>{MONTH})\.?,?\s+(?P<y3>\d{{4}})\b"
    r"|(?P<y4>\d{4})(?P<mark>[-/.])(?P<m4>\d{1,2})(?P=mark)(?P<d4>\d{1,2})(?!\d)"
    r"|(?P<y5>\d{4})\s?年\s?(?P<m5>\d{1,2})\s?月(?:\s?(?P<d5>\d{1,2})\s?日)?"
    r"|(?P<d6>\d{1,2})[/.](?P<m6>\d{1,2})[/.](?P<y6>\d{4})(?!\d))"
)
_DATE = re.compile(DATE, re.IGNORECASE)
_END_OF = re.compile(r"(?:the )?end(?:-| of )", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Found:
    date: PartialDate
    words: str
    weekday: int | None = None  # Monday is 0


def read_date(found: re.Match[str]) -> PartialDate | None:
    """The date a match spells; None where no calendar has it or two readings are open."""
    parts = {name[0]: value for name, value in found.groupdict().items() if value and name[1:].isdigit()}
    day, year = (int(parts[key]) if key in parts else None for key in "dy")
    name = parts["m"]
    if name.isdigit():
        month = int(name)
        if found["d6"] and day and day <= 12 and month <= 12 and day != month:
            return None  # 03/04/2024: March or April?
        if found["d6"] and month > 12:
            month, day = day or 0, month
    elif name == "may" or (name in ("mar", "dec", "sept", "sep") and found["m3"]):
        return None  # a verb, or no name at all
    else:
        month = MONTHS[name.lower()]
    return possible_date(year, month, day)


def possible_date(year: int | None, month: int, day: int | None) -> PartialDate | None:
    """The date, where a calendar of 1700 to 2100 has it."""
    if year is not None and not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    try:
        dt.date(year or 2000, month, day or 1)  # 2000 is a leap year
    except ValueError:
        return None
    return PartialDate(year, month, day)


def _year_or_month(text: str) -> PartialDate | None:
    """ "2024" and "2024-01"."""
    found = re.fullmatch(r"(\d{4})(?:-(\d{2}))?", text, re.ASCII)
    if not found or not FIRST_YEAR <= int(found[1]) <= LAST_YEAR:
        return None
    return possible_date(int(found[1]), int(found[2]), None) if found[2] else PartialDate(int(found[1]))


def _found(match: re.Match[str], words: str | None = None) -> _Found | None:
    date = read_date(match)
    weekday = match["weekday"]
    number = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"].index(weekday[:3].lower()) if weekday else None
    return _Found(date, " ".join((words or match[0]).split()), number) if date else None


# --- the format's own words ------------------------------------------------------------------------------------

_STAMP = re.compile(r"(?:D:)?(\d{4})-?(\d{2})-?(\d{2})(?:[T ]?\d{2}.*|Z)?", re.DOTALL)


def _stated(words: str) -> PartialDate | None:
    """A date from metadata: ISO 8601, a PDF stamp, RFC 5322, or as a person writes it."""
    words = " ".join(words.split())[:120]
    if stamp := _STAMP.fullmatch(words):
        year, month, day = map(int, stamp.groups())
        return possible_date(year, month, day)
    if date := _year_or_month(words):
        return date
    date = read_date(found) if (found := _DATE.search(words)) else None
    return date if date and date.year else None


# --- sign-offs, datelines and lone lines -----------------------------------------------------------------------

_LABEL = re.compile(
    r"(?:ends?\s?/|(?:(?:first|originally|date|press release|news release)\s+)?(?:published|issued|released|posted"
    r"|gazetted)(?:\s+(?:on|date))?|(?:publication|issue|release|posting)\s+date|date\s+of\s+(?:publication|issue|release|posting)"
    r"|dated(?:\s+this)?|(?P<weak>date)|for\s+immediate\s+release"
    r"|(?:[a-z]+\s+){0,2}?(?:note|circular|bulletin|newsletter|leaflet|fact\s?sheet|briefing|memo(?:randum)?|paper)(?=[,:])"
    r"|(?:version|edition|issue|revision|rev\.?)\s+(?:no\.?\s*)?\d[\w.]{0,6}(?=[,:(\s–-])|(?:press|news|media)\s+(?:release|statement|notice))",
    re.IGNORECASE,
)
_UPDATED = re.compile(
    r"(?:[a-z]+,\s)?(?:(?:this\s+)?page\s+)?(?:was\s+)?(?:last\s+)?(?:updated|revised|modified|reviewed|amended|edited)(?:\s+(?:on|date))?"
    r"|(?:last\s+)?(?:update|revision|review|modification)(?:\s+date)?|date\s+(?:last\s+)?(?:updated|revised|modified)",
    re.IGNORECASE,
)
_AFTER_LABEL = re.compile(r"\s*[:,/|–—-]?\s*(?:on\s+)?(?:the\s+)?(?:this\s+)?", re.IGNORECASE)
_AFTER_DATE = re.compile(
    r"[\s.,;)\]]*(?:(?:at\s+)?\d{1,2}[:.]\d{2}.{0,30}|(?:by|at|in)\s.{0,80}|[|,;·-]?\s*(?:last\s+)?updated.*"
    r"|\((?:\w+day|[A-Z]{2,4})\)|\.\s+(?-i:[A-Z]).*)?[\s.)]*",
    re.IGNORECASE | re.DOTALL,
)
_OF_AN_EVENT = re.compile(
    r"(?:time|venue|place|location|where|speakers?|attendance|admission|present)\b", re.IGNORECASE
)
_OTHER_DATE = re.compile(
    r"\b(?:deadline|closing|effective|commenc\w*|expir\w*|valid|until|due|hearing|birth|(?:event|meeting|start|end|opening"
    r"|review) dates?|when|starts|ends|from|by)\b",
    re.IGNORECASE,
)
_TODAY = re.compile(r"\b(?:today|tonight|this\s+(?:morning|afternoon|evening))\s?[,(（]\s?(?:on\s+)?", re.IGNORECASE)
_CAPITALS = re.compile(r"(?:[A-Z][\w.'’]*(?:-[\w.'’]+)*[ ,/(（–—-]+){1,8}")
_WORD_START = re.compile(r"(?<=[ ,/(（–—-])[A-Z\d]")
_NO_PLACE = re.compile(
    rf"\b(?:On|In|Since|By|From|Until|Till|As|At|After|Before|During|Of|For|To|Between|{MONTH}|{_WEEKDAY}|Born|Died|Meetings?|Conference"
    r"|Session|Summit|Minutes|Hearing|Exhibition|Election|Forum|Festival|Day|Deadline|Tomorrow|Yesterday|Next|Last)\b",
    re.IGNORECASE,
)
_AFTER_PLACE = re.compile(r"\s*(?:[–—:-]|\(|$)")
_AFTER_BRACKET = re.compile(r"\s?[)）]\s*(?:[–—:-]|$)")  # a life, "(5 May 1870 – 6 June 1940)", is no dateline
_ACTED = re.compile(r"[(（](?=[A-Z\d])")
_VERB = re.compile(r"\s?[)）]\s+(?:\w{2,}ed|said|met|began|held|led|told|gave|took|paid|left|spoke)\b")


def _head(text: str) -> list[str]:
    return [line.strip(" #*-") for line in text[:HEAD_CHARS].split("\n") if line.strip(" #*-")][: HEAD_LINES + 3]


def _tail(text: str) -> list[str]:
    lines = text[-TAIL_CHARS:].split("\n")
    if len(text) > TAIL_CHARS:
        lines = lines[1:]  # the cut may have gone through the first
    return [line.strip(" #*-") for line in lines if line.strip(" #*-")][-TAIL_LINES - 2 :]


def _labelled(lines: Sequence[str], label: re.Pattern[str]) -> Iterator[_Found]:
    """Dates that a label names: "Published: 5 March 2024", or the label and the date on lines of their own."""
    for number, line in enumerate(lines):
        start = label.match(line)
        if not start or len(line) > 200:
            continue
        near = lines[max(0, number - 3) : number + 4]
        if "weak" in start.groupdict() and start["weak"] and any(_OF_AN_EVENT.match(other) for other in near):
            continue
        after = _AFTER_LABEL.match(line, start.end())
        rest = line[after.end() if after else start.end() :]
        following = rest if rest or number + 1 == len(lines) else lines[number + 1]
        found = _date_at_the_start(following)
        if found:
            words = line if following is rest else f"{line} {following}"
            yield _Found(found.date, words, found.weekday)


def _date_at_the_start(text: str) -> _Found | None:
    match = _DATE.match(text)
    if match:
        return _found(match) if _AFTER_DATE.fullmatch(text, match.end()) else None
    year = re.match(r"(?:19|20)\d\d(?=[.)]?$)", text)
    return _Found(PartialDate(int(year[0])), year[0]) if year else None


def _after_today(text: str) -> Iterator[_Found]:
    """ "today (March 18, 2024)" and "today (June 3)"; tomorrow and yesterday speak of other days."""
    for today in _TODAY.finditer(text, 0, HEAD_CHARS):
        match = _DATE.match(text, today.end())
        if not match:
            continue
        closed = text[match.end() : match.end() + 1] in (")", "）")
        found = _found(match, text[today.start() : match.end() + closed])
        if found and found.date.day:
            yield found


def _datelines(head: Sequence[str]) -> Iterator[_Found]:
    """ "HONG KONG, 18 March 2024 –" at the start of a line, and "The Secretary (January 8) met" in the first ones."""
    for line in head[:6]:
        opening = line[:120]
        match = _date_after_a_place(opening)
        if match:
            place = opening[: match.start()].rstrip()
            bracketed = place.endswith(("(", "（"))
            after = _AFTER_BRACKET if bracketed else _AFTER_PLACE
            found = _found(match, opening[: match.end() + bracketed])
            if found and found.date.day and not _NO_PLACE.search(place) and after.match(opening, match.end()):
                yield found
        for bracket in _ACTED.finditer(line, 0, 300):
            match = _DATE.match(line, bracket.end())
            if match and _VERB.match(line, match.end()):
                found = _found(match, f"({match[0]})")
                if found and found.date.precision == "month-day":
                    yield found


def _date_after_a_place(opening: str) -> re.Match[str] | None:
    """The date right after the capitalised words that open a line."""
    capitals = _CAPITALS.match(opening)
    starts = _WORD_START.finditer(opening, 0, capitals.end() + 1) if capitals else ()
    return next((match for start in starts if (match := _DATE.match(opening, start.start()))), None)


_SAYS_WHEN = re.compile(
    r"[.|;·•–—(] *(?:[Ff]irst )?(?:[Pp]ublished|[Ii]ssued|[Rr]eleased|[Pp]osted)(?: on)?:? (?=[\w])"
)


def _within(lines: Sequence[str]) -> Iterator[_Found]:
    """Dates that a label names further on in a short line: "Policy Team. Published on 5 March 2024."."""
    for line in lines:
        label = _SAYS_WHEN.search(line, 0, 200)
        found = _date_at_the_start(line[label.end() :]) if label else None
        if found:
            yield found


def _day_and_month(lines: Sequence[str]) -> list[_Found]:
    """The day that has a line to itself, without a year, as under a notice; none where lines name different days."""
    found = [one for line in lines if (match := _DATE.fullmatch(line.strip("()（） .,"))) and (one := _found(match))]
    days = [one for one in found if one.date.precision == "month-day"]
    return days[:1] if len({one.date for one in days}) == 1 else []


_MINUTES = re.compile(  # or the line of a paper that says for which meeting it is
    r"(?:\w+ )?(?:minutes|record|notes|proceedings) of\b|minutes\b|(?:date of )?meeting(?: date)?:", re.IGNORECASE
)
_HELD = re.compile(r"\b(?:held|meeting|session|sitting)\b", re.IGNORECASE)


def _of_the_meeting(head: Sequence[str]) -> Iterator[_Found]:
    """The day of the meeting that minutes are of, or a paper is for: they go by it, and say no other."""
    lines = head[:6]
    if any(_MINUTES.match(line) for line in lines):
        dated = [(line, match) for line in lines if _HELD.search(line) for match in _DATE.finditer(line)]
        found = [one for line, match in dated if (one := _found(match, line[:200])) and one.date.day]
        if len({one.date for one in found}) == 1:
            yield found[0]


def _alone(lines: Sequence[str], months: Sequence[str]) -> list[_Found]:
    """The date that has a line to itself, or opens one before a dash; none where lines name different dates.

    A month alone counts only in ``months``, the outermost lines: further in it may head a column or a section.
    """
    found: list[_Found] = []
    for number, line in enumerate(lines):
        match = _DATE.match(line.strip("()（） "))
        if not match or len(line) > 300:
            continue
        rest = line.strip("()（） ")[match.end() :].strip(" .,;")
        if rest and not re.match(r"[–—(-]\s?\w", rest):
            continue
        before = lines[number - 1] if number else ""
        if (len(before) <= 30 or before.endswith(":")) and _OTHER_DATE.search(before):
            continue
        one = _found(match)
        if one and one.date.year and (one.date.day or line in months):
            found.append(one)
    return found if len({one.date for one in found}) == 1 else []


# --- a year that nobody states ---------------------------------------------------------------------------------

_MENTION = re.compile(
    rf"(?P<end>\b(?:end|late)[- ](?:of\s+)?|\bthe\s+end\s+of\s+)?(?:(?:(?P<d1>\d{{1,2}})\s+)?\b(?P<month>{MONTH})\.?"
    rf"\s+(?:(?P<d2>\d{{1,2}}),?\s+)?)?(?<![\d,.$€£/])(?<!\d-)(?P<year>(?:18|19|20)\d\d)(?P<to>[-–/]\d{{2,4}})?(?![\d,.]\d)\b"
)
_EDITION = re.compile(
    r"(?:\b(?:[Tt]he|[Hh]is|[Hh]er|[Ii]ts|[Tt]heir|[Oo]ur)|['’]s)\s+(?=(?P<year>20\d\d)(?P<to>[-–/]\d{2,4})?\s+(?:[A-Z][\w'’-]*\s+){0,3}?"
    r"(?P<what>(?:[A-Z][\w'’-]*\s+)??(?:Address|Budget|Conference|Summit|Forum|Report|Congress|Sessions?|Plenary|Symposium"
    r"|Review|Awards?|Expo|Convention|Assembly)\b))"
)
_THIS_YEAR = re.compile(
    r"\b(?P<which>this|last|next)\s+year\s?[,(]\s?(?:in\s+)?(?P<after>20\d\d)\b"
    rf"|\b(?:{MONTH}\s+)?(?P<before>20\d\d),?\s(?:\(|of\s+)?(?P<which2>this|last)\s+year\b"
)
_FUTURE = (
    r"will|shall|would|to\s+be\s+\w+|scheduled|plans?\s+to|planned|planning|expect(?:s|ed)|aims?|aiming|upcoming|forthcoming"
    r"|next|due\s+(?:in|to|for|by)|target(?:s|ed|ing)?|slated|proposed|intends?|intended|going\s+to|later|by"
)
_PAST = r"was|were|had|has|have|did|since|following|after|as\s+at|as\s+of|began|became|took\s+place|set\s+up"
_CUE = re.compile(rf"\b(?:(?P<future>{_FUTURE})|(?P<past>{_PAST}))\b", re.IGNORECASE)
_WEAK_PAST = re.compile(
    r"\b(?:\w{3,}ed|held|met|made|said|told|gave|came|went|built|led|brought|saw|rose|fell|grew|took)\b"
)
_IN = re.compile(r"\b(?:in|since|during|as\s+at|as\s+of|end[- ]|early|late|mid)[- ]*$")
_SENTENCE_END = re.compile(r"[.!?][\"”’)]?\s+(?=[A-Z“\"‘(])|\n")


@dataclass(frozen=True, slots=True)
class _Mention:
    first: dt.date
    last: dt.date
    words: str
    tense: str  # "past", "future" or ""
    edition: bool = False


def _inferred(text: str, dateline: _Found, dated: Sequence[_Found]) -> Published | None:
    """The dateline with its year, where the text's other dates leave one; None otherwise."""
    if near := _settled_by_a_line(dateline, dated):
        return near
    text = text[:EVIDENCE_CHARS]
    mentions = list(islice(_mentions(text), MOST_MENTIONS))
    if len(mentions) == MOST_MENTIONS:
        return None
    lower = max((m for m in mentions if m.tense == "past"), key=lambda m: (m.first, m.edition), default=None)
    upper = min((m for m in mentions if m.tense == "future"), key=lambda m: m.last, default=None)
    days = [
        day
        for year in range(FIRST_YEAR, LAST_YEAR)
        if (day := _day_in(year, dateline))
        and (lower is None or day >= lower.first)
        and (upper is None or day <= upper.last)
        and dateline.weekday in (None, day.weekday())
    ]
    pinned = {(_pinned_year(pin), " ".join(pin[0].split())) for pin in _THIS_YEAR.finditer(text)}
    if len({year for year, _ in pinned}) == 1:
        year, words = min(pinned)
        return _with_year(dateline, year, words) if any(day.year == year for day in days) else None
    if lower and upper:
        return _with_year(dateline, days[0].year, f"{lower.words} … {upper.words}") if len(days) == 1 else None
    if lower and lower.edition and _is_of_its_year(lower, dateline, mentions):
        return (
            _with_year(dateline, lower.first.year, lower.words) if days and days[0].year == lower.first.year else None
        )
    return None


def _settled_by_a_line(dateline: _Found, dated: Sequence[_Found]) -> Published | None:
    """A line "March 2024" over "today (March 18)", or "last updated" within the month after it."""
    for line in dated:
        year, month = line.date.year, line.date.month
        if year is None or month is None:
            continue
        day = _day_in(year, dateline)
        if day is None or dateline.weekday not in (None, day.weekday()):
            continue
        last = line.date.last()
        if (month == day.month and line.date.day is None) or (
            last and dt.timedelta() <= last - day <= dt.timedelta(31)
        ):
            return _with_year(dateline, year, line.words)
    return None


def _mentions(text: str) -> Iterator[_Mention]:
    """Every year in the text, with the earliest and latest day it can mean and what its sentence makes of it."""
    editions = {edition.end(): edition for edition in _EDITION.finditer(text)}
    for match in _MENTION.finditer(text):
        year, month = int(match["year"]), MONTHS.get((match["month"] or "").lower(), None)
        day = int(match["d1"] or match["d2"] or 0) or None
        date = possible_date(year, month, day) if month else PartialDate(year)
        first, last = (date.first(), date.last()) if date else (None, None)
        if first is None or last is None:
            continue
        if match["end"]:
            first = last if month else dt.date(year, 12, 1)
        edition = editions.get(match.start())
        verb = tense(text, match.start(), match.end())
        words = match[0]
        if edition:
            words = text[match.start() : edition.end("what")]
            verb = verb or "past"
        elif not month and not _IN.search(_before(text, match.start()) + (match["end"] or "")):
            verb = ""  # a bare number that may not even be a year
        yield _Mention(first, last, " ".join(words.split()), verb, edition is not None)


def _before(text: str, start: int) -> str:
    """The same sentence's words before an offset."""
    window = text[max(0, start - 250) : start]
    ends = list(_SENTENCE_END.finditer(window))
    return window[ends[-1].end() :] if ends else window


def tense(text: str, start: int, end: int) -> str:
    """Whether the date ``text[start:end]`` is told as past or as future; empty where no word says so.

    The nearest verb or preposition before the date counts; for a date that opens its sentence, the next one after it.
    """
    before = _before(text, start)
    after = _SENTENCE_END.split(text[end : end + 250], maxsplit=1)[0]
    cues = list(_CUE.finditer(before))
    if cues:
        return "future" if cues[-1]["future"] else "past"
    if _WEAK_PAST.search(before):
        return "past"
    cue = _CUE.search(after)
    if cue:
        return "future" if cue["future"] else "past"
    return "past" if _WEAK_PAST.search(after) else ""


def _day_in(year: int, dateline: _Found) -> dt.date | None:
    month, day = dateline.date.month, dateline.date.day
    try:
        return dt.date(year, month or 0, day or 0)
    except ValueError:
        return None


def _pinned_year(pin: re.Match[str]) -> int:
    """The year a document is of that writes "last year (2023)"."""
    year = int(pin["after"] or pin["before"])
    return year + {"this": 0, "last": 1, "next": -1}[(pin["which"] or pin["which2"]).lower()]


def _is_of_its_year(edition: _Mention, dateline: _Found, mentions: Sequence[_Mention]) -> bool:
    """Whether a yearly thing's edition dates the document to its own year.

    Early in a year people still speak of the last edition, so only the later months settle it; and no later year
    may be mentioned at all.
    """
    year = edition.first.year
    later = any(mention.last.year > year for mention in mentions)
    return not later and (dateline.date.month or 0) >= (4 if re.match(r"20\d\d[-–/]", edition.words) else 7)


def _with_year(dateline: _Found, year: int, words: str) -> Published:
    date = PartialDate(year, dateline.date.month, dateline.date.day)
    return Published(date, Basis.INFERRED, f"{dateline.words} … {words}")
