"""Values set against each other: what several sources give of one thing, those of two things that are compared, that
of each thing that is numbered.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from rag import changing, comparing, courses, differing, ordinals, tallies, temporal
from rag.asked_time import Asked
from rag.differing import Asks, Several
from rag.questions import asked_for
from rag.replies import (
    Find,
    Found,
    Reply,
    Shortfall,
    Unexplained,
    as_rough,
    best_backed,
    computed_figure,
    newest_of_the_best,
    place_of,
    series_of,
    side_by_side,
    sureness,
)
from rag.statements import Statement, named_day
from rag.types import Span

MOST_RAISED = 7  # times: what is left of the belief is shared among the others
MOST_AGREEING = 4  # documents that are quoted for one value
REASON_CHARS = 600  # from a value to where its paper may tell why it is not another


def reply_to(question: str, find: Find, least: float) -> Reply | Shortfall | Unexplained | None:
    """What a question asks of the values that several sources give of one thing."""
    several = differing.several(question)
    return _several(several, find, least) if several else None


def _several(several: Several, find: Find, least: float) -> Reply | Shortfall | Unexplained | None:
    """What is asked of the values that sources give of one thing at one moment; without a moment, of its course."""
    found = find(several.question)
    best = newest_of_the_best(found, least)
    if best is None:
        return None
    if several.asks is Asks.ALL and not found.asked.moments:
        return courses.course(changing.Course(several.question), find, least)
    series, chosen = series_of(several.question, best, found)
    sure = sureness(chosen, series, best.score)
    if sure < least or chosen.quantity is None:
        return None
    told = _told_at_once(several, chosen, series, found)
    if not told:
        return _at_different_times(several.named, series, found, sure)
    values = _distinct(temporal.conflicts(told, told[0]) or told[:1])
    if several.asks is Asks.WHY:
        return _why_they_differ(several.question, values, found, sure)
    reply = _of_values(several, values, told, found, sure)
    timeline = tuple(series) if len(series) > 1 else ()
    differ = tuple(values) if len(values) > 1 else ()
    return replace(reply, moment=values[0].moment, timeline=timeline, conflicts=differ)


def _told_at_once(several: Several, chosen: Statement, series: Sequence[Statement], found: Found) -> list[Statement]:
    """What each document says at the moment of ``chosen``, or each of the two that are named.

    Where no time is asked, at the latest at which they differ, or at which both that are named tell it; empty where
    these two tell it at no moment.
    """
    question = found.question or several.question
    moments = [chosen, *([] if found.asked.moments else reversed(series))]
    at_each = [temporal.of_the_moment(question, one, _of_each_document(one, found.said)) for one in moments]
    if several.named and several.asks is not Asks.WHOSE:
        return next((pair for told in at_each if (pair := _of_both(several.named, told, found))), [])
    return next((told for told in at_each if temporal.conflicts(told, told[0])), at_each[0])


def _of_both(names: Sequence[str], told: Sequence[Statement], found: Found) -> list[Statement]:
    """What each of two named documents says; empty where one of them says nothing."""
    pair = [one for name in names if (one := _of_source(name, told, found))]
    apart = len({one.span.passage.document_id for one in pair}) == len(names)
    return pair if apart else []


def _at_different_times(names: Sequence[str], series: Sequence[Statement], found: Found, sure: float) -> Reply | None:
    """The latest value of each of two documents that tell it of no common moment."""
    pair = _of_both(names, [*reversed(series)], found)
    if not pair:
        return None
    short = "; ".join(f"{one.words} ({one.moment.label})" for one in pair)
    sides = "; ".join(f"{one.words}, {one.moment.label} ({_title(one, found)})" for one in pair)
    lead = f"The documents tell it of different times: {sides}:"
    return Reply(tuple(one.given for one in pair), short, sure, lead, timeline=tuple(series))


def _of_each_document(chosen: Statement, said: Sequence[Statement]) -> list[Statement]:
    """The statements, those of other documents than ``chosen`` as sure as they are if it does not answer.

    The reader's belief is split among all documents; where several are asked for, each is weighed without the others.
    """
    gain = min(MOST_RAISED, 1 / max(1 - chosen.score, 1e-9))
    number = chosen.span.passage.document_id
    return [one if one.span.passage.document_id == number else one.scored(min(0.99, one.score * gain)) for one in said]


def _distinct(values: Sequence[Statement]) -> list[Statement]:
    """Each value once."""
    kept: list[Statement] = []
    for one in values:
        if not any(temporal.same_value(one, other) for other in kept):
            kept.append(one)
    return kept


def _of_values(
    several: Several, values: Sequence[Statement], told: Sequence[Statement], found: Found, sure: float
) -> Reply:
    """The reply, from the different values and from what each document says."""
    if len(values) == 1:
        return _agreed(several, told, sure)
    if several.asks is Asks.WHOSE:
        values = _of_which_it_is_told(several.named[0], values, told, found)
    if several.asks is Asks.WHOSE and len(values) == 1:
        return Reply((values[0].given,), values[0].words, sure)
    if several.asks is Asks.GAP and len(values) == 2:
        first, second = ((_title(one, found), one.words) for one in values)
        outcome = comparing.apart(first, second)
        if outcome:
            spans = tuple(one.given for one in values)
            return Reply(spans, outcome, sure, f"{outcome}:", computed=(computed_figure(outcome),))
    if several.asks in (Asks.LOWER, Asks.HIGHER) and len(values) == 2:
        one, other = sorted(values, key=lambda one: one.quantity.number if one.quantity else 0)
        one, other = (one, other) if several.asks is Asks.LOWER else (other, one)
        if several.source:
            short = f"{_title(one, found)} ({one.words})"
            return Reply((one.given, other.given), short, sure, f"{short}, the other being {other.words}:")
        lead = f"{one.words} ({_title(one, found)}), the other being {other.words} ({_title(other, found)}):"
        return Reply((one.given, other.given), one.words, sure, lead)
    sides = "; ".join(f"{one.words} ({_title(one, found)})" for one in values)
    spans, short = tuple(one.given for one in values), "; ".join(one.words for one in values)
    return Reply(spans, short, sure, f"The documents differ: {sides}:")


def _agreed(several: Several, told: Sequence[Statement], sure: float) -> Reply:
    """One value, with every document that gives it."""
    alike = told[:MOST_AGREEING]
    lead = "The documents agree:" if len(alike) > 1 else "A single document tells it:"
    if several.asks is Asks.EITHER:
        numbers = {one.number for one in several.figures}
        lead = "" if told[0].quantity and told[0].quantity.number in numbers else "Neither:"
        alike = alike[:1]
    return Reply(tuple(one.given for one in alike), told[0].words, sure, lead)


def _of_which_it_is_told(
    words: str, values: Sequence[Statement], told: Sequence[Statement], found: Found
) -> Sequence[Statement]:
    """The value of which its sentence or title tells what the question does, or else its paper; all where that is
    told of several or of none."""
    for whole in (False, True):
        those = []
        for value in values:
            for one in (other for other in told if temporal.same_value(value, other)):
                document = found.documents[one.span.passage.document_id]
                around = [document.text] if whole else [one.sentence, *one.span.passage.headings]
                if differing.holds(words, [document.title, *around]):
                    those.append(one)
                    break
        if those:
            return those if len(those) == 1 else values
    return values


def _of_source(name: str, told: Sequence[Statement], found: Found) -> Statement | None:
    """What the document says that a question names: by its title or file, or else by its text."""
    papers = [(one, found.documents[one.span.passage.document_id]) for one in told]
    titled = [one for one, paper in papers if differing.holds(name, [paper.title, paper.source])]
    return next(
        iter(titled or [one for one, paper in papers if differing.holds(name, [paper.title, paper.text])]), None
    )


def _why_they_differ(
    question: str, values: Sequence[Statement], found: Found, sure: float
) -> Reply | Unexplained | None:
    """The sentence near one of the values that tells why it is not the other; None where they do not differ."""
    if len(values) < 2:
        return None
    for one in values:
        for passage in [one.span.passage, *(hit.passage for hit in found.hits)]:
            if passage.document_id != one.span.passage.document_id:
                continue
            for start, end in passage.sentences:
                near = abs(start - one.span.sentence_start) <= REASON_CHARS
                if near and differing.reason(passage.words(start, end), found.question or question):
                    because = Span(passage, start, end, start, end, sure)
                    spans = (because, *(value.given for value in values))
                    return Reply(spans, None, sure, moment=one.moment, conflicts=tuple(values))
    return Unexplained(tuple(values))


def _title(one: Statement, found: Found) -> str:
    """The title of the document that a statement is from."""
    return " ".join(found.documents[one.span.passage.document_id].title.split())


def outstanding(question: str, asked: Asked, find: Find, least: float) -> Reply | None:
    """How many are through one stage and not yet through a later one, at one moment."""
    both = tallies.outstanding(question, asked)
    if both is None:
        return None
    (name, first), (later, second) = both.items()
    comparison = comparing.Comparison(first, second, name, later, "difference", grows=False)
    return compared(question, comparison, find, least, at_once=True)


def compared(
    question: str, comparison: comparing.Comparison | None, find: Find, least: float, *, at_once: bool = False
) -> Reply | None:
    """Both values found on their own, then set against each other; ``at_once`` only where they are of one moment."""
    if comparison is None:
        return None
    both: list[Statement] = []
    sure, whole = 1.0, find(question).said
    for part in (comparison.first, comparison.second):
        found = _of_the_numbered(part, find(part), whole)
        best = newest_of_the_best(found, least)
        if best is None:
            return None
        series, chosen = series_of(part, best, found)
        sure *= sureness(chosen, series, best.score)  # both must be right
        differing = temporal.conflicts(series, chosen) or [chosen]
        settled = best_backed(differing, found.said)
        if len(settled) > 1:
            return side_by_side(differing, series, sure) if sure >= least else None
        both += [as_rough(one, found.said) for one in settled]
    if place_of(both[0].given) == place_of(both[1].given):  # one statement for both: what differs is not told
        return None
    if at_once and both[0].when() != both[1].when():
        return None
    dated = comparison.asks in ("first", "last")
    words = [_dated_words(one) if dated else one.words for one in both]
    outcome = comparing.outcome(comparison, words[0], words[1]) if sure >= least else None
    if outcome is None:
        return None
    computed = (computed_figure(outcome),) if comparison.asks == "difference" else (*words,) if dated else ()
    return Reply((both[0].given, both[1].given), outcome, sure, f"{outcome}:", computed=computed)


def _dated_words(one: Statement) -> str:
    """A date with the year that its document tells: "January 8" of a paper of 2024."""
    day = named_day(one)
    if day is None or not re.search(r"\d", one.words) or re.search(r"\b(?:19|20)\d\d\b", one.words):
        return one.words
    return f"{day.day} {day:%B %Y}"


def one_by_one(question: str, find: Find, least: float) -> Reply | None:
    """The figure of each that is numbered ("each batch"), or of the newest of them."""
    asked = ordinals.one_by_one(question)
    if asked is None or asked_for(question) != "number":
        return None
    whole = find(question)
    known = ordinals.told(asked.noun, [hit.passage.text for hit in whole.hits])
    if len(known) < 2:
        return None
    values = []
    for ordinal, noun in known[-1:] if asked.newest else known:
        part = replace(asked, noun=noun).of(ordinal)
        found = _of_the_numbered(part, find(part), whole.said)
        best = newest_of_the_best(found, least)
        if best:
            values.append((ordinal, noun, series_of(part, best, found)[1]))
    if not values:
        return None
    spans, sure = tuple(one.given for _, _, one in values), min(one.score for _, _, one in values)
    if asked.newest:
        return Reply(spans, values[0][2].words, sure, moment=values[0][2].moment)
    short = " → ".join(f"{one.words} ({ordinal} {noun})" for ordinal, noun, one in values)
    return Reply(spans, short, sure, f"{short}:")


def _of_the_numbered(part: str, found: Found, whole: Sequence[Statement]) -> Found:
    """Of a question about the second batch only what is told of that, read for it or for the ``whole`` comparison."""
    asked = ordinals.asked(part)
    if asked is None:
        return found
    known = {place_of(one.span) for one in found.said}
    said = [*found.said, *(one for one in whole if place_of(one.span) not in known)]
    return replace(found, said=sorted((one for one in said if _is_of_the(*asked, one)), key=lambda one: -one.score))


def _is_of_the(ordinal: str, noun: str, one: Statement) -> bool:
    """Whether a figure is told of the batch, round or session of that number."""
    place = one.span.sentence_start
    told = ordinals.of_figure(noun, one.sentence, one.span.start - place, one.span.end - place)
    return one.quantity is not None and told == ordinal
