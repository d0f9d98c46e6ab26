"""How a value changed from one time to another: its course, the first moment it is past a mark, the difference
between two moments, the answer at each time that a question lists.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from rag import changing, comparing, parts, temporal
from rag.asked_time import Asked, overlaps, without
from rag.questions import asked_for
from rag.replies import (
    NEAR,
    Ask,
    Find,
    Found,
    Reply,
    Shortfall,
    all_conflicts,
    as_rough,
    best_backed,
    computed_figure,
    newest_of_the_best,
    series_of,
    sureness,
)
from rag.stages import TOTALLED, stages_asked
from rag.statements import WIDE_DAYS, Statement
from rag.types import Moment, Quantity


def reply_to(question: str, find: Find, least: float) -> Reply | Shortfall | None:
    """The course asked about, unless a mark in it is named by what the question finds in its own words."""
    asked = changing.course(question)
    told = course(asked, find, least) if asked else None
    if isinstance(told, Shortfall) and _names(told.mark, question, find, least):
        return None
    return told


def course(asked: changing.Course, find: Find, least: float) -> Reply | Shortfall | None:
    """How a value changed, or the first moment at which it is known to have passed a mark."""
    found = find(asked.question)
    best = newest_of_the_best(found, least)
    if best is None:
        return None
    series, chosen = series_of(asked.question, best, found)
    sure = sureness(chosen, series, best.score)
    if sure < least:
        return None
    if asked.mark is not None:
        return _passed(series, asked.mark, asked.falls, sure)
    if len(series) < 2:
        return None
    differing = all_conflicts(series)
    short = " → ".join(
        f"{' or '.join(one.words for one in values)} ({values[0].moment.label})" for values in _by_moment(series)
    )
    spans = tuple(one.given for one in series)
    return Reply(spans, short, sure, f"{short}:", chosen.moment, tuple(series), differing)


def _by_moment(series: Sequence[Statement]) -> list[list[Statement]]:
    """A series with the values of one moment that contradict each other together."""
    groups: list[list[Statement]] = []
    for one in series:
        if groups and temporal.conflicts([one], groups[-1][0]):
            groups[-1].append(one)
        else:
            groups.append([one])
    return groups


def _passed(series: Sequence[Statement], mark: Quantity, falls: bool, confidence: float) -> Reply | Shortfall | None:
    """The first value beyond the mark; where another of that moment is not, both are told."""
    known = [(one, one.quantity) for one in series if one.quantity and changing.comparable(one.quantity, mark)]
    if not known:
        return None
    for one, value in known:
        if changing.passes(value, mark.number, falls=falls):
            before = [other for other, _ in known if other.when() < one.when()]
            told = f", after {before[-1].words} ({before[-1].moment.label})" if before else " or earlier"
            against = temporal.conflicts(series, one)[1:]
            told += "".join(f", but {other.words} by another document" for other in against)
            short = f"{one.moment.label} ({one.words}{told})"
            spans = (one.given, *(other.given for other in (*before[-1:], *against)))
            differing = all_conflicts([*before, one, *against])
            return Reply(spans, short, confidence, f"First known by {short}:", one.moment, tuple(series), differing)
    nearest, _ = (min if falls else max)(known, key=lambda pair: pair[1].number)
    return Shortfall(mark, falls, nearest, tuple(series))


def _names(mark: Quantity, question: str, find: Find, least: float) -> bool:
    """Whether the best words on a question stand in a sentence that names the mark: "in May they passed 5 000"."""
    found = find(question)
    best = newest_of_the_best(found, least)
    if best is None:
        return False
    sentence = found.documents[best.passage.document_id].text[best.sentence_start : best.sentence_end]
    return changing.names(sentence, mark)


def grown(question: str, asked: Asked, find: Find, least: float) -> Reply | None:
    """By how much a value changed between two moments, both taken from one series.

    What came in between two moments is the difference of two totals, where no document counts it by itself.
    """
    since = asked.relation == "since" and len(asked.moments) == 1
    plain = changing.difference(question, asked.spans)
    flow = plain is None and _is_flow(question, asked)
    plain = without(question, asked.spans) if flow else plain
    if plain is None or not (since or len(asked.moments) == 2):
        return None
    found = find(plain)
    if flow and _of_periods(find(question), least):
        return None
    best = newest_of_the_best(found, least)
    if best is None:
        return None
    series = series_of(plain, best, found)[0]
    if flow:  # "in 2023: 140" is no total
        series = [day for one in series if (day := _on_a_day(one, found.said))]
    ends = [_at(moment, series) for moment in asked.moments] + series[-1:] * since
    if ends[0] is None or ends[1] is None or ends[0].when() == ends[1].when():
        return None
    grows = flow or changing.grows(question)
    if " than " in question and asked.relation == "at" and grows is not None:  # "more at the end of March than in May"
        grows = grows == (ends[0].when() > ends[1].when())
    ends.sort(key=lambda one: one.when() if one else dt.date.min)
    sure = min(sureness(end, series, best.score) for end in ends if end)
    firsts, seconds = (best_backed(temporal.conflicts(series, end) or [end], found.said) for end in ends if end)
    pairs = [(as_rough(first, found.said), as_rough(second, found.said)) for first in firsts for second in seconds]
    outcomes = [
        comparing.outcome(
            comparing.Comparison(
                plain, plain, first.moment.label, second.moment.label, changing.measure(question), grows
            ),
            first.words,
            second.words,
        )
        for first, second in pairs
    ]
    if sure < least or None in outcomes:
        return None
    short = "; ".join(map(str, outcomes))  # a difference for each of the values between which sources do not settle
    lead = f"{short}:" if len(pairs) == 1 else f"The documents differ: {short}:"
    times = {one.when() for one in (*firsts, *seconds)}
    return Reply(
        tuple(dict.fromkeys(one.given for pair in pairs for one in pair)),
        short,
        sure,
        lead,
        timeline=tuple(series),
        conflicts=all_conflicts([one for one in series if one.when() in times]),
        computed=tuple(map(computed_figure, map(str, outcomes))),
    )


def without_levels(question: str, found: Found, least: float) -> Found:
    """Without levels where a change between two moments is asked, or what was done between them."""
    if changing.difference(question, found.asked.spans) and len(found.asked.moments) == 2:
        return replace(found, said=[one for one in found.said if changing.tells_change(one.clause)])
    return replace(found, said=_of_periods(found, least)) if _is_flow(question, found.asked) else found


def at_each_time(question: str, asked: Asked, find: Find, least: float, ask: Ask) -> Reply | None:
    """The answer for each of the times that a question lists; which of them no document tells is said."""
    labels = [moment.label for moment in asked.moments]
    listed = parts.at_each_time(question, asked.spans, labels) if asked.relation in ("at", "by") else ()
    replies = [(label, ask(one, find, least)) for label, one in zip(labels, listed, strict=False)]
    told = [(label, reply) for label, reply in replies if reply and reply.short]
    if not told:
        return None
    lacking = [label for label, _ in replies if label not in {known for known, _ in told}]
    return Reply(
        spans=tuple(dict.fromkeys(span for _, reply in told for span in reply.spans)),
        short="; ".join(f"{reply.short} ({label})" for label, reply in told),
        confidence=min(reply.confidence for _, reply in told),
        lead=f"The documents don't say it for {' or '.join(lacking)}." if lacking else "",
        conflicts=tuple(one for _, reply in told for one in reply.conflicts),
        computed=tuple(figure for _, reply in told for figure in reply.computed),
    )


def _on_a_day(one: Statement, said: Sequence[Statement]) -> Statement | None:
    """The same value as it stood on one day; the papers may tell it of a longer time too."""
    same = [other for other in said if other.quantity and temporal.same_value(one, other)]
    days = [other for other in (one, *same) if _is_of_one_day(other.moment) and overlaps(one.moment, other.moment)]
    return next(iter(days), None)


def _is_of_one_day(moment: Moment) -> bool:
    """Whether a moment is a day or the end of a time, at which a total stands."""
    return moment.label.startswith("end-") or (moment.first is not None and moment.first == moment.last)


def _of_periods(found: Found, least: float) -> list[Statement]:
    """Statements of what was done in a time, not by its end."""
    enough = max(least, NEAR * max((one.score for one in found.said), default=0.0))
    return [one for one in found.said if one.score >= enough and temporal.spread(one) == "period"]


def _is_flow(question: str, asked: Asked) -> bool:
    """Whether a question counts what was received, approved or arrived between two moments."""
    stages = stages_asked(question)
    two = asked.relation == "between" and len(asked.moments) == 2
    return two and asked_for(question) == "number" and len(stages) == 1 and stages <= TOTALLED


def _at(asked: Moment, series: Sequence[Statement]) -> Statement | None:
    """The last value of a time asked about, of those that are not of a longer time: "in 2024" is not in December."""
    those = [one for one in series if overlaps(one.moment, asked) is not False and _is_within(one.moment, asked)]
    return max(those, key=lambda one: (one.when(), one.score), default=None)


def _is_within(moment: Moment, asked: Moment) -> bool:
    """Whether a moment is of a month at most, or lies within the time asked about."""
    if moment.first is None or moment.last is None:
        return False
    if (moment.last - moment.first).days <= WIDE_DAYS:
        return True
    return bool(asked.first and asked.last and asked.first <= moment.first and moment.last <= asked.last)
