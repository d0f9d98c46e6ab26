"""What time a question asks about: "by January 2024", "between January and end-February 2024", "latest"."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from rag.mentions import Mention, YearlessMoment, mentions
from rag.types import Moment, PartialDate


@dataclass(frozen=True, slots=True)
class Asked:
    """The time that a question names, and the words ``question[start:end]`` of each of ``spans`` that name it.

    ``relation`` is ``at``, ``by`` (as it stood then: by, as at, as of, until), ``before``, ``after``, ``since``,
    ``between`` (two moments), ``latest`` (no moment), or empty where no time is asked. A month or day whose year the
    question leaves open is a ``YearlessMoment``.
    """

    moments: tuple[Moment, ...] = ()
    relation: str = ""
    spans: tuple[tuple[int, int], ...] = ()


# Of two times in one question ("of those received since 2022, how many had been approved by March 2024?") the first
# of these is asked.
_ORDER = ("between", "by", "before", "at", "after", "since")
_LATEST = re.compile(
    r"\b(?:latest|newest|most\s+recent(?:ly)?|(?<!-)current(?:ly)?(?![\w-]|\s+(?:affairs|accounts?|assets?|liabilit\w+|events|year"
    r"|financial|month|quarter|week))|these\s+days|nowadays|right\s+now|presently|as\s+of\s+today|up[\s-]to[\s-]date|at\s+the\s+moment)\b",
    re.IGNORECASE,
)
# Questions are typed in a hurry: after these words, and before a year, "may" and "march" are months.
_SMALL_MONTH = re.compile(
    r"\b(?:in|by|since|until|till|before|after|from|to|between|and|during|of|end|early|mid|late)[\s-]+(may|mar|march|dec|sept?)(?=\.?,?\s+\d{4}\b)"
)
_AHEAD = re.compile(  # "ahead of the summit planned for May 2024"
    r"\b(?:before|ahead\s+of|prior\s+to|in\s+the\s+run-up\s+to)\s+the\b[^,;?]*\s(?:(?:for|in|on|of)\s+)?$",
    re.IGNORECASE,
)
_THAN = re.compile(r"\bthan\s+$", re.IGNORECASE)
_NO_TIME = re.compile(
    r"(?:the|of|to|dated|between|for|by)\s", re.IGNORECASE
)  # "the March 2024 report", "the target for 2025"


def asked(question: str, today: dt.date) -> Asked:
    """The time a question asks about; what is relative ("last year") is seen from ``today``.

    A date in a name ("the 2024 Policy Address") is no time asked, and neither is the year of a target.
    """
    text = _SMALL_MONTH.sub(lambda found: found[0][: found.start(1) - found.start()] + found[1].capitalize(), question)
    published = PartialDate(today.year, today.month, today.day)
    found = [(one, _relation(text, one)) for one in mentions(text, published, settle=False)]
    if any(_THAN.search(text, 0, one.start) for one, _ in found):  # "more by the end of May than by January"
        found = [(one, "at" if relation == "by" else relation) for one, relation in found]
    for relation in _ORDER:
        those = [one for one, other in found if other == relation]
        if those:
            moments = tuple(_asked(question, text, one, moment, relation) for one in those for moment in one.named)
            if relation == "between":
                moments, those = _both_ends(question[those[0].start :], moments[0], moments[1]), those[:1]
            places = tuple((one.start, one.end) for one in those)
            return Asked(_of_one_year(question, moments, places, today), relation, places)
    spans = {(one.start, one.end) for one, relation in found if relation == "latest"}
    spans |= {(word.start(), word.end()) for word in _LATEST.finditer(question)}
    return Asked((), "latest" if spans else "", tuple(sorted(spans)))


def _of_one_year(
    question: str, moments: tuple[Moment, ...], spans: Sequence[tuple[int, int]], today: dt.date
) -> tuple[Moment, ...]:
    """Moments of which one names the year for all: "at the end of February 2024 than in January"."""
    years = {moment.first.year for moment in moments if moment.first}
    if len(years) != 1 or len(spans) != len(moments) or not any(isinstance(one, YearlessMoment) for one in moments):
        return moments
    (year,) = years
    for moment, (_, end) in sorted(zip(moments, spans, strict=True), key=lambda pair: -pair[1][1]):
        if isinstance(moment, YearlessMoment):
            dated = next(one.first for one in moments if one.first)
            before = " than " in question[:end] and moment.month > dated.month
            question = f"{question[:end]} {year - before}{question[end:]}"
    named = asked(question, today).moments
    if len(named) != len(moments):
        return moments
    return tuple(replace(one, words=moment.words) for one, moment in zip(named, moments, strict=True))


def without(question: str, spans: Sequence[tuple[int, int]]) -> str:
    """A question without the words ``question[start:end]`` that name its time, single spaces between the others."""
    for start, end in sorted(spans, reverse=True):
        question = f"{question[:start]} {question[end:]}"
    return " ".join(question.split())


def overlaps(moment: Moment, asked_moment: Moment) -> bool | None:
    """Whether two moments can be the same; None where a year is unknown and their months and days do not differ."""
    if moment.first and moment.last and asked_moment.first and asked_moment.last:
        return moment.first <= asked_moment.last and asked_moment.first <= moment.last
    one, other = _month_days(moment), _month_days(asked_moment)
    return False if one and other and not one & other else None


def as_of_day(asked: Asked) -> dt.date | None:
    """The last day that the question lets count: of "by January 2024" 31 January, of "before May 2024" 30 April.

    None where the question sets none, or names no year.
    """
    if asked.relation == "before":
        first = min((moment.first for moment in asked.moments if moment.first), default=None)
        return first - dt.timedelta(1) if first else None
    last = [moment.last for moment in asked.moments if moment.last]
    return max(last) if asked.relation in ("at", "by") and len(last) == len(asked.moments) else None


def _relation(text: str, mention: Mention) -> str:
    if len(mention.named) == 2:
        return "between"
    if _AHEAD.search(text, 0, mention.start):
        return "before"
    bare = mention.role == "" and mention.named[0].last is not None
    if _THAN.search(text, 0, mention.start):  # "than in January"
        return "at"
    if bare and not _NO_TIME.match(text, mention.start) and text[mention.end : mention.end + 1] not in ("'", "’"):
        return "at"  # "arrivals nov 2024"
    return {"now": "latest", "over": "since", "from": "since"}.get(mention.role, mention.role)


def _asked(question: str, text: str, mention: Mention, moment: Moment, relation: str) -> Moment:
    """A moment with the question's own letters; "at the end of 2024" asks for what stood on its last day."""
    start = text.index(moment.words, mention.start)
    end_of = relation == "at" and moment.label.startswith("end-")
    first = moment.last if end_of else moment.first
    return replace(moment, first=first, words=question[start : start + len(moment.words)])


def _both_ends(words: str, first: Moment, second: Moment) -> tuple[Moment, Moment]:
    """ "Between the end of January and February 2024" means two ends; "between January and end-February" does not."""
    months = second.first and second.last and second.first.day == 1 and second.first.month == second.last.month
    if months and first.label.startswith("end-") and words[:7].lower() == "between":
        second = replace(second, first=second.last, label=f"end-{second.label}")
    return first, second


def _month_days(moment: Moment) -> set[tuple[int, int]]:
    """Every (month, day) that a moment can be of; empty where nothing is known of them, or all can be."""
    if isinstance(moment, YearlessMoment) and moment.month:
        days = range(1, 32) if moment.day is None else (moment.day,)
        return {(moment.month, day) for day in days}
    if not moment.first or not moment.last or (moment.last - moment.first).days >= 365:
        return set()
    span = (moment.first + dt.timedelta(number) for number in range((moment.last - moment.first).days + 1))
    return {(day.month, day.day) for day in span}
