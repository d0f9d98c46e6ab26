"""From spans to what answers a question of its kind: a value, a list, a definition, a description, yes or no,
a comparison, a course of values. Each kind has its module; this one knows in which order they are tried and what they
fall back on.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from rag import (
    affirming,
    aiming,
    changing,
    comparing,
    confirming,
    counting,
    deciding,
    defining,
    describing,
    differing,
    holdings,
    imprint,
    incumbents,
    listing,
    ordinals,
    post_questions,
    posts,
    stating,
    tallies,
    temporal,
)
from rag.asked_time import Asked, as_of_day, overlaps, without
from rag.differing import Asks, Several
from rag.following import resolve
from rag.grounds import stems
from rag.parts import at_each_time, parts
from rag.questions import Kind, asked_for, expected_count, head_noun, kind_of, singular
from rag.stages import TOTALLED, stages_asked
from rag.statements import WIDE_DAYS, Statement, named_day
from rag.types import Document, Hit, Moment, Passage, Quantity, Span

if TYPE_CHECKING:
    from rag.seams import Support

NEAR = 0.65  # of the best score: among answers this close the newest document's is given
FORCED = 0.6  # how far towards certainty it brings a sentence that its words force yes or no
MARKED = 0.3  # how sure a figure must be for it to be compared with the one in a question
AIMED = 0.7  # how sure it is what came of an aim, where a document sets the one against the other
LISTED = 0.5  # of the best score: a list is given rather than words that are so much surer
COUNTED, NAMED = 0.5, 0.2  # how far towards certainty it brings a list to be as long as asked, or of that name
ANNOUNCED_CHARS = 300  # before a list, in which it is announced
IN_SERIES = 0.75  # of the best score: what a figure is worth at least that continues the series of the best


@dataclass(frozen=True, slots=True)
class Found:
    """What was read for one question: passages, best first, what they say likewise, and the documents they are of.

    ``said`` speaks of the time asked about, ``untimely`` of another; ``question`` is the question as it was put to the
    papers, where that is in other words. ``judge`` gives the support score, if any.
    """

    hits: Sequence[Hit]
    said: Sequence[Statement]
    documents: Mapping[int, Document]
    asked: Asked = field(default_factory=Asked)
    untimely: Sequence[Statement] = ()
    question: str = ""
    judge: Callable[[], Support | None] = lambda: None

    @property
    def spans(self) -> list[Span]:
        """What the statements were read from."""
        return [one.span for one in self.said]


@dataclass(frozen=True, slots=True)
class Reply:
    """What answers: the words to show, where there are short ones, and the spans they rest on, as they are cited.

    ``lead`` says what no document says in so many words: "Yes", a difference with its arithmetic, of which ``computed``
    holds the figures. ``moment`` is that of the answer, ``timeline`` the series it is taken from, ``conflicts`` the
    values that contradict each other.
    """

    spans: tuple[Span, ...]
    short: str | None
    confidence: float
    lead: str = ""
    moment: Moment | None = None
    timeline: tuple[Statement, ...] = ()
    conflicts: tuple[Statement, ...] = ()
    computed: tuple[str, ...] = ()

    @property
    def cited(self) -> tuple[Span, ...]:
        """All spans to cite, those of the answer first."""
        return (*self.spans, *(one.given for one in (*self.conflicts, *self.timeline)))


@dataclass(frozen=True, slots=True)
class Shortfall:
    """The values known of what was asked, oldest first, none of which is beyond the mark; ``nearest`` comes nearest."""

    mark: Quantity
    falls: bool
    nearest: Statement
    values: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Unexplained:
    """Values of one moment that differ, where it is asked why and no document says it."""

    values: tuple[Statement, ...]


Find = Callable[[str], Found]


def reply_to(question: str, find: Find, least: float) -> Reply | Shortfall | Unexplained | None:
    """The answer with at least the confidence ``least``; None where there is none."""
    several = differing.several(question)
    special = (
        (_several(several, find, least) if several else None)
        or _one_by_one(question, find, least)
        or _counted(question, find)
    )
    if special:
        return special
    asked = parts(question)
    if len(asked) == 2:
        both = _both(asked[0], asked[1], find, least)
        if both:
            return both
    course = changing.course(question)
    told = _course(course, find, least) if course else None
    if isinstance(told, Shortfall) and _names(told.mark, question, find, least):
        told = None
    return told or _plain_reply(question, find, least)


def _both(question: str, other: str, find: Find, least: float) -> Reply | None:
    """The answers to both parts of a question, the second asked as a follow-up of the first; None without either."""
    first = reply_to(question, find, least)
    if not isinstance(first, Reply):
        return None
    whole = resolve(other, [(question, first.short or "")])
    second = reply_to(whole, _of_the_documents(first, find), least) if _ONE_EVENT.search(other) else None
    if not isinstance(second, Reply):
        second = reply_to(whole, find, least)
    if not isinstance(second, Reply):
        return None
    return Reply(
        spans=tuple(dict.fromkeys(first.spans + second.spans)),
        short="; ".join((first.short, second.short)) if first.short and second.short else None,
        confidence=min(first.confidence, second.confidence),
        lead=" ".join(filter(None, (first.lead, second.lead))),
        moment=first.moment if first.moment == second.moment else None,
        conflicts=first.conflicts + second.conflicts,
        computed=first.computed + second.computed,
    )


_ONE_EVENT = re.compile(  # "who signed it": of several agreements the one whose day the first part told
    r"^(?:who|when|where)\b(?!.*\b(?:is|are|has|have|does|do|can|will)\b).*\b(?:it|them|they|he|she|him|her)\b", re.I
)


def _of_the_documents(reply: Reply, find: Find) -> Find:
    """What is found in the documents that a reply rests on."""
    known = {span.passage.document_id for span in reply.spans}

    def found(question: str) -> Found:
        all_of_it = find(question)
        return replace(
            all_of_it,
            hits=[hit for hit in all_of_it.hits if hit.passage.document_id in known],
            said=[one for one in all_of_it.said if one.span.passage.document_id in known],
            untimely=[one for one in all_of_it.untimely if one.span.passage.document_id in known],
        )

    return found


def plainly(question: str) -> str:
    """The question as it was searched for: one about a course of values by the value."""
    course = changing.course(question)
    return course.question if course else question


def _plain_reply(question: str, find: Find, least: float) -> Reply | None:
    kind = kind_of(question)
    found = find(question)
    compared = (
        _outstanding(question, found.asked, find, least)
        or _grown(question, found.asked, find, least)
        or _compared(question, comparing.parts(question), find, least)
        or _at_each_time(question, found.asked, find, least)
    )
    if compared:
        return compared
    found = _no_levels(question, found, least)
    if kind is Kind.DEFINITION:
        defined = _defined(question, found)
        if defined:
            return defined
    told = _office_held(question, found) or _since_when(question, found) or _paper_dated(question, found)
    if told:
        return told
    best = newest_of_the_best(found, least)
    if kind is Kind.YES_NO:
        told = (
            _decided(question, found)
            or _opened(question, find, least)
            or _marked(question, find, least)
            or _aimed(question, found)
            or _confirmed(question, found)
        )
        return told or (Reply((best,), None, best.score) if best else None)  # the best sentence, without the word
    if kind is Kind.LIST:
        return _listed(question, found, least)
    if best is None:
        return None
    document = found.documents[best.passage.document_id]
    if kind in (Kind.DESCRIPTION, Kind.COMPARISON) or is_whole(best):  # one value is no comparison
        return _described(question, best, document)
    valued = _valued(question, best, found)
    if valued.confidence < least or (_ASKS_YEAR.search(question) and not _names_a_year(valued, found)):
        return None
    return valued


_POST_OF = re.compile(
    r"(?:what|which) (?:post|position|office|title|job)s? (?:does|did|do) (?P<holder>.+?) (?:hold|have|occupy)\W*$"
    r"|what (?:is|was) (?P<owner>.+?)['’]s (?:post|position|office|title|job)\W*$"
    r"|what (?:is|was) the (?:post|position|office|title|job) of (?P<bearer>.+?)\W*$",
    re.IGNORECASE,
)
BESIDE = 0.7  # how sure an office is that stands beside the name


def _office_held(question: str, found: Found) -> Reply | None:
    """The office beside the name of whose post is asked for, from the newest document that gives one."""
    asks = _POST_OF.match(question)
    name = next(filter(None, asks.groups())) if asks else ""
    held: list[Span] = []
    for passage in (hit.passage for hit in found.hits) if name else ():
        document = found.documents[passage.document_id]
        for start, end in passage.sentences:
            sentence = document.text[start:end]
            for one in holdings.holdings(sentence, document.published.date):
                if _is_of(name, one, sentence):
                    held.append(Span(passage, start + one.post_start, start + one.post_end, start, end, BESIDE))
                    break
    if not held:
        return None
    newest = max(held, key=lambda span: _published(span, found))
    return Reply((newest,), _words(newest), newest.score)


def _paper_dated(question: str, found: Found) -> Reply | None:
    """The date of a paper that is asked about itself."""
    span = imprint.dated(question, found.documents.values())
    return Reply((span,), _words(span), span.score) if span else None


def _is_of(name: str, held: holdings.Holding, sentence: str) -> bool:
    """Whether a post, called by its name, is told to be that of whom a question names."""
    whose = sentence[held.start : held.end]
    asked, told = (set(re.findall(r"[A-Z][\w-]+", words)) - _TITLES for words in (name, whose))
    called = posts.post_of(sentence[held.post_start : held.post_end]) is not None
    return bool(asked) and asked <= told and called and not held.status


_TITLES = frozenset("Mr Ms Mrs Miss Dr Prof Professor Sir Dame Madam".split())


def _since_when(question: str, found: Found) -> Reply | None:
    """Since when somebody holds a post, from the newest document that says it."""
    asked = post_questions.since(question)
    spans = incumbents.came(asked, found.hits, found.documents) if asked else []
    return Reply((spans[0],), _words(spans[0]), spans[0].score) if spans else None


def _valued(question: str, best: Span, found: Found) -> Reply:
    """A value: of a series the latest, with the whole of it; where sources differ about one moment, each of them."""
    series, chosen = _series(question, best, found)
    if asked_for(question) == "date" and _LAST_TIME.search(question[: changing.MOST_CHARS]):
        series, chosen = [], temporal.latest_date(chosen, found.said)
    differing = temporal.conflicts(series, chosen)
    sure = _sureness(chosen, series, best.score)
    if differing:
        return _differing(differing, series, sure)
    timeline = tuple(series) if len(series) > 1 else ()
    return Reply((chosen.given,), chosen.words, sure, moment=chosen.moment, timeline=timeline)


def _differing(differing: Sequence[Statement], series: Sequence[Statement], confidence: float) -> Reply:
    """Values of one moment side by side."""
    spans, short = tuple(one.given for one in differing), "; ".join(one.words for one in differing)
    return Reply(
        spans, short, confidence, "The documents differ:", differing[0].moment, tuple(series), tuple(differing)
    )


def _sureness(chosen: Statement, series: Sequence[Statement], best: float) -> float:
    """A faint figure is surer as one more of a series that a better one belongs to; a name or a date is not."""
    continues = len(series) > 1 and chosen.quantity is not None
    return max(chosen.score, IN_SERIES * best if continues else 0.0)


_LAST_TIME = re.compile(  # "last", "latest" or "most recently" said of the event whose date is asked
    r"\bwhen\b.*\b(?:did|has|have|had|is|was|were)\b.*(?<!the )(?<!['’]s )\b(?:last|most recently)(?= \w| ?\W?$)"
    r"(?! (?:year|month|week|quarter|summer|winter|autumn|spring|night|(?-i:[A-Z])))"
    r"|\bwhen (?:was|is|were) (?:the|their|its|\w+['’]s) (?:last|latest|newest|most recent) "
    r"|\bdates? of .*\b(?:last|latest|newest|most recent) |\bfor the last time\b",
    re.IGNORECASE,
)
_ASKS_YEAR = re.compile(r"\b(?:which|what) year\b", re.IGNORECASE)


def _names_a_year(reply: Reply, found: Found) -> bool:
    """Whether the words tell the year: "today" in a paper without one does not."""
    given = next((one for one in found.said if one.given == reply.spans[0]), None)
    return given is None or named_day(given) is not None


def _series(question: str, best: Span, found: Found) -> tuple[list[Statement], Statement]:
    """The series the best span belongs to, and its latest value; of several for one moment the surest."""
    question = found.question or question
    first = next(one for one in found.said if one.span == best)
    surest = max(found.said, key=lambda one: one.score)
    series = temporal.series(question, surest if surest.quantity else first, found.said)
    if len(series) < 2:
        return [first], first
    latest = max(one.when() for one in series)
    return series, max((one for one in series if one.when() == latest), key=lambda one: one.score)


def _course(course: changing.Course, find: Find, least: float) -> Reply | Shortfall | None:
    """How a value changed, or the first moment at which it is known to have passed a mark."""
    found = find(course.question)
    best = newest_of_the_best(found, least)
    if best is None:
        return None
    series, chosen = _series(course.question, best, found)
    sure = _sureness(chosen, series, best.score)
    if sure < least:
        return None
    if course.mark is not None:
        return _passed(series, course.mark, course.falls, sure)
    if len(series) < 2:
        return None
    differing = _all_conflicts(series)
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


def _all_conflicts(series: Sequence[Statement]) -> tuple[Statement, ...]:
    """Every value of a series that another of the same moment contradicts."""
    return tuple(one for one in series if temporal.conflicts(series, one))


def _several(several: Several, find: Find, least: float) -> Reply | Shortfall | Unexplained | None:
    """What is asked of the values that sources give of one thing at one moment; without a moment, of its course."""
    found = find(several.question)
    best = newest_of_the_best(found, least)
    if best is None:
        return None
    if several.asks is Asks.ALL and not found.asked.moments:
        return _course(changing.Course(several.question), find, least)
    series, chosen = _series(several.question, best, found)
    sure = _sureness(chosen, series, best.score)
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


def _counted(question: str, find: Find) -> Reply | None:
    """The sentence that tells what a figure counts: that of the question's words, of the time it asks about."""
    figure = counting.figure_asked(question)
    if figure is None:
        return None
    found = find(question)
    best: tuple[float, Span] | None = None
    for passage in (hit.passage for hit in found.hits):
        published = found.documents[passage.document_id].published.date
        for start, end in passage.sentences:
            sentence = passage.words(start, end)
            sure = counting.tells(question, figure, sentence)
            if sure and found.asked.moments:
                sure *= temporal.tells_of(sentence, published, found.asked.moments[-1])
            if sure > (best[0] if best else 0.0):
                best = sure, Span(passage, start, end, start, end, BESIDE)
    return Reply((best[1],), None, BESIDE) if best else None


def _one_by_one(question: str, find: Find, least: float) -> Reply | None:
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
            values.append((ordinal, noun, _series(part, best, found)[1]))
    if not values:
        return None
    spans, sure = tuple(one.given for _, _, one in values), min(one.score for _, _, one in values)
    if asked.newest:
        return Reply(spans, values[0][2].words, sure, moment=values[0][2].moment)
    short = " → ".join(f"{one.words} ({ordinal} {noun})" for ordinal, noun, one in values)
    return Reply(spans, short, sure, f"{short}:")


def _is_of_the(ordinal: str, noun: str, one: Statement) -> bool:
    """Whether a figure is told of the batch, round or session of that number."""
    place = one.span.sentence_start
    told = ordinals.of_figure(noun, one.sentence, one.span.start - place, one.span.end - place)
    return one.quantity is not None and told == ordinal


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


MOST_RAISED = 7  # times: what is left of the belief is shared among the others


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
            return Reply(spans, outcome, sure, f"{outcome}:", computed=(_result(outcome),))
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


MOST_AGREEING = 4  # documents that are quoted for one value


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


REASON_CHARS = 600  # from a value to where its paper may tell why it is not another


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
            differing = _all_conflicts([*before, one, *against])
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


def _grown(question: str, asked: Asked, find: Find, least: float) -> Reply | None:
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
    series = _series(plain, best, found)[0]
    if flow:  # "in 2023: 140" is no total
        series = [day for one in series if (day := _on_a_day(one, found.said))]
    ends = [_at(moment, series) for moment in asked.moments] + series[-1:] * since
    if ends[0] is None or ends[1] is None or ends[0].when() == ends[1].when():
        return None
    grows = flow or changing.grows(question)
    if " than " in question and asked.relation == "at" and grows is not None:  # "more at the end of March than in May"
        grows = grows == (ends[0].when() > ends[1].when())
    ends.sort(key=lambda one: one.when() if one else dt.date.min)
    sure = min(_sureness(end, series, best.score) for end in ends if end)
    firsts, seconds = (_best_backed(temporal.conflicts(series, end) or [end], found.said) for end in ends if end)
    pairs = [(_as_rough(first, found.said), _as_rough(second, found.said)) for first in firsts for second in seconds]
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
        conflicts=_all_conflicts([one for one in series if one.when() in times]),
        computed=tuple(map(_result, map(str, outcomes))),
    )


def _no_levels(question: str, found: Found, least: float) -> Found:
    """Without levels where a change between two moments is asked, or what was done between them."""
    if changing.difference(question, found.asked.spans) and len(found.asked.moments) == 2:
        return replace(found, said=[one for one in found.said if changing.tells_change(one.clause)])
    return replace(found, said=_of_periods(found, least)) if _is_flow(question, found.asked) else found


def _at_each_time(question: str, asked: Asked, find: Find, least: float) -> Reply | None:
    """The answer for each of the times that a question lists; which of them no document tells is said."""
    labels = [moment.label for moment in asked.moments]
    listed = at_each_time(question, asked.spans, labels) if asked.relation in ("at", "by") else ()
    replies = [(label, _plain_reply(one, find, least)) for label, one in zip(labels, listed, strict=False)]
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


def _best_backed(differing: Sequence[Statement], said: Sequence[Statement]) -> list[Statement]:
    """Of values of one moment those that most documents give; of these the ones about as sure as the surest."""
    backed = [
        len({other.span.passage.document_id for other in said
             if other.when() == one.when() and other.quantity and temporal.same_value(one, other)})
        for one in differing
    ]  # fmt: skip
    most = [one for one, count in zip(differing, backed, strict=True) if count == max(backed)]
    return [one for one in most if one.score >= NEAR * max(other.score for other in most)]


def _result(outcome: str) -> str:
    """The figure that was computed, without the values it was computed from."""
    return re.split(r" \(|:", outcome, maxsplit=1)[0]


def newest_of_the_best(found: Found, least: float) -> Span | None:
    """The best span; of those nearly as good the one in the newest document."""
    if not found.spans or found.spans[0].score < max(least, 1e-9):
        return None
    near = [span for span in found.spans if span.score >= max(least, NEAR * found.spans[0].score)]
    return max(near, key=lambda span: (_published(span, found), span.score))


def _published(span: Span, found: Found) -> dt.date:
    """The last day that the document of a span can be of; the first of all where its year is unknown."""
    return found.documents[span.passage.document_id].published.date.last() or dt.date.min


def is_whole(span: Span) -> bool:
    """Whether a reader gave a sentence for want of shorter words."""
    return (span.start, span.end) == (span.sentence_start, span.sentence_end)


def _listed(question: str, found: Found, least: float) -> Reply | None:
    """The enumeration that is most believed in; the best words alone where none comes near them."""
    best = newest_of_the_best(found, least)
    lists = sorted(_enumerations(question, found), key=lambda one: -one.confidence)
    if lists and lists[0].confidence >= max(least, LISTED * best.score if best else 0.0):
        return lists[0]
    if best is None:
        return None
    return _described(question, best, found.documents[best.passage.document_id], short=not is_whole(best))


def _enumerations(question: str, found: Found) -> list[Reply]:
    """The enumerations that spans stand in, each believed in as much as the spans in it are together.

    The reader's belief is split among the members; that there are as many as the question says, or that its noun is
    in the words around them, is a reason of its own.
    """
    groups: dict[tuple[str, ...], list[tuple[Span, list[tuple[int, int]]]]] = {}
    for span in found.spans:
        text = found.documents[span.passage.document_id].text
        document = found.documents[span.passage.document_id]
        members = next(
            filter(None, (listing.members(question, one, document) for one in _or_others(question, span))), []
        )
        if members:
            groups.setdefault(tuple(text[slice(*member)] for member in members), []).append((span, members))
    replies = []
    for names, group in groups.items():
        span, members = group[0]
        document = found.documents[span.passage.document_id]
        doubt = math.prod(1 - one.score for one, _ in group) * (1 - _announced(question, members, document))
        spans = tuple(_around(start, end, span, document) for start, end in members)
        replies.append(Reply(spans, "; ".join(names), 1 - doubt))
    return replies


def _or_others(question: str, span: Span) -> Iterator[Span]:
    """A span; where it is asked who is on a body, the other persons of its sentence too: the chair is named first."""
    yield span
    for found in (
        _PERSON.finditer(span.passage.words(span.sentence_start, span.sentence_end)) if _ON.match(question) else ()
    ):
        yield replace(span, start=span.sentence_start + found.start(), end=span.sentence_start + found.end())


_ON = re.compile(r"who (?:is|are|was|were|sits?|sat|serves?|served) on\b|.*\bmembers\b", re.IGNORECASE)
_PERSON = re.compile(r"\b(?:Mr|Ms|Mrs|Miss|Dr|Prof|Professor)\.? [A-Z][\w-]+(?: [A-Z][\w-]+)*")


def _announced(question: str, members: Sequence[tuple[int, int]], document: Document) -> float:
    """How far towards certainty it brings an enumeration to be of what is asked for, by number or by name."""
    if expected_count(question) == len(members):
        return COUNTED
    noun = head_noun(question)
    around = document.text[max(0, members[0][0] - ANNOUNCED_CHARS) : members[-1][1]]
    return NAMED if noun and noun in map(singular, re.findall(r"[\w-]+", around.lower())) else 0.0


def _described(question: str, best: Span, document: Document, *, short: bool = False) -> Reply:
    sentences = describing.sentences_around(question, best, document) or [(best.sentence_start, best.sentence_end)]
    spans = tuple(replace(best, start=s, end=e, sentence_start=s, sentence_end=e) for s, e in sentences)
    return Reply(spans, document.text[best.start : best.end] if short else None, best.score)


def _decided(question: str, found: Found) -> Reply | None:
    """By a sentence that forces yes or no, of several the newest.

    Every sentence of the passages is weighed: a reader of short words has none to mark for "yes".
    """
    forcing = _forcing(question, found)
    if not forcing:
        return None
    span, says = max(forcing, key=lambda one: (_published(one[0], found), one[0].score))
    word = "Yes" if says else "No"
    differing = {verdict for _, verdict in forcing} == {True, False}
    return Reply((span,), None if differing else word, span.score, lead="" if differing else f"{word}.")


def _opened(question: str, find: Find, least: float) -> Reply | None:
    """By who it is, where the question names who it might be: "Is it chaired by the Mayor?"."""
    open_question = affirming.opened(question)
    reply = _plain_reply(open_question.question, find, least) if open_question else None
    if open_question is None or reply is None or reply.short is None or len(reply.spans) != 1:
        return None
    span = reply.spans[0]
    sentence = span.passage.words(span.sentence_start, span.sentence_end)
    says = affirming.is_the_one(open_question.named, reply.short, sentence)
    if says is None or (open_question.had_others and not says):
        return None
    word = "Yes" if says else "No"
    return Reply(reply.spans, word, reply.confidence, lead=f"{word}.", moment=reply.moment)


def _forcing(question: str, found: Found) -> list[tuple[Span, bool]]:
    """The sentences whose words force yes (True) or no, surer than what the reader found in them."""
    forcing = []
    for passage in (hit.passage for hit in found.hits):
        document = found.documents[passage.document_id]
        around = "\n".join((document.title, *passage.headings))
        for start, end in passage.sentences:
            says = _says(question, document.text[start:end], around, document, found.asked)
            if says is not None:
                read = [span.score for span in found.spans if (span.sentence_start, span.sentence_end) == (start, end)]
                score = 1 - (1 - max(read, default=0.0)) * (1 - FORCED)
                forcing.append((Span(passage, start, end, start, end, score), says))
    return forcing


def _says(question: str, sentence: str, around: str, document: Document, asked: Asked) -> bool | None:
    """What a sentence forces; what was published by a day had been done by then."""
    says = deciding.verdict(question, sentence)
    if confirming.is_to_come(sentence, document.published.date) and not confirming.asks_ahead(question):
        return says or None  # "the show begins on 8 June", told in May
    if says is None and affirming.affirms(question, sentence, around):
        return True
    day, known = as_of_day(asked), document.published.date.last()
    if says is None and asked.relation in ("by", "before") and day and known and known <= day:
        question = without(question, asked.spans)
        done = deciding.verdict(question, sentence) or affirming.affirms(question, sentence, around)
        return True if done else None
    return says


def _marked(question: str, find: Find, least: float) -> Reply | None:
    """By the figure itself, where the question asks whether it is more or less than so many."""
    mark = stating.marked(question)
    reply = _plain_reply(mark.question, find, max(least, MARKED)) if mark else None
    if mark is None or reply is None or reply.short is None or reply.lead or len(reply.spans) != 1:
        return None
    span = reply.spans[0]
    words = span.passage.words(span.sentence_start, span.sentence_end)
    said = " ".join((*span.passage.headings, _list_head(span), words))
    names = _NAME.findall(without(mark.question, find(mark.question).asked.spans), 1)
    says = comparing.beyond(reply.short, mark.number, mark.side)
    if says is None or not stems(mark.noun) <= stems(said) or any(name not in said for name in names):
        return None  # a figure of other things, or of somebody else
    return replace(reply, short="Yes" if says else "No", lead="Yes." if says else "No.")


_NAME = re.compile(r"\b[A-Z][\w’'-]+")
_ITEM = re.compile(r"\n\s*[-*•–]\s*$")


def _list_head(span: Span) -> str:
    """The line that announces the list an item stands in: "The Harbour Office keeps these counts:"."""
    passage = span.passage
    if not _ITEM.search(passage.words(passage.start, span.sentence_start)):
        return ""
    before = [passage.words(start, end) for start, end in passage.sentences if end <= span.sentence_start]
    return next((line for line in reversed(before) if line.endswith(":")), "")


def _aimed(question: str, found: Found) -> Reply | None:
    """By what came of an aim, told by the newest document; no word where places of it differ."""
    aim = aiming.aim_of(question)
    outcomes = aiming.outcomes(aim, found.hits, found.documents) if aim else []
    spans = {Span(one.passage, one.start, one.end, one.start, one.end, AIMED): one.says for one in outcomes}
    if not spans:
        return None
    newest = max(_published(span, found) for span in spans)
    latest = {span: says for span, says in spans.items() if _published(span, found) == newest}
    if len({*latest.values()}) > 1:
        return None
    span = min(latest, key=lambda span: span.end - span.start)
    word = "Yes" if latest[span] else "No"
    return Reply((span,), word, span.score, lead=f"{word}.")


def _confirmed(question: str, found: Found) -> Reply | None:
    """By the newest sentence that bears out the statement asked about."""
    support = found.judge()
    if support is None:
        return None
    plain, hits = _by_then(question, found)
    borne = confirming.confirmed(plain, hits, found.documents, support.scores)
    if not borne:
        return None
    spans = [Span(one.passage, one.start, one.end, one.start, one.end, one.score) for one in borne]
    newest = max(spans, key=lambda span: (_published(span, found), span.start - span.end))
    return Reply((newest,), "Yes", newest.score, lead="Yes.")


def _by_then(question: str, found: Found) -> tuple[str, Sequence[Hit]]:
    """The question without "by January 2024", and the passages that had been published by then."""
    day = as_of_day(found.asked) if found.asked.relation in ("by", "before") else None
    if day is None:
        return question, found.hits
    known = {number for number, one in found.documents.items() if (one.published.date.last() or dt.date.max) <= day}
    return without(question, found.asked.spans), [hit for hit in found.hits if hit.passage.document_id in known]


def _defined(question: str, found: Found) -> Reply | None:
    """By the words beside a short form, wherever the passages define it."""
    passages = [hit.passage for hit in found.hits]
    short_form, long_form = defining.acronym_asked(question), defining.short_form_asked(question)
    spans: list[Span] = []
    if short_form:
        spans = defining.expansions(short_form, passages)
    elif long_form:
        spans = defining.short_forms(long_form, passages)
    if not spans:
        return None
    best = spans[0]
    return Reply((best,), _words(best), best.score)


def _outstanding(question: str, asked: Asked, find: Find, least: float) -> Reply | None:
    """How many are through one stage and not yet through a later one, at one moment."""
    both = tallies.outstanding(question, asked)
    if both is None:
        return None
    (name, first), (later, second) = both.items()
    comparison = comparing.Comparison(first, second, name, later, "difference", grows=False)
    return _compared(question, comparison, find, least, at_once=True)


def _compared(
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
        series, chosen = _series(part, best, found)
        sure *= _sureness(chosen, series, best.score)  # both must be right
        differing = temporal.conflicts(series, chosen) or [chosen]
        settled = _best_backed(differing, found.said)
        if len(settled) > 1:
            return _differing(differing, series, sure) if sure >= least else None
        both += [_as_rough(one, found.said) for one in settled]
    if _place(both[0].given) == _place(both[1].given):  # one statement for both: what differs is not told
        return None
    if at_once and both[0].when() != both[1].when():
        return None
    dated = comparison.asks in ("first", "last")
    words = [_dated_words(one) if dated else one.words for one in both]
    outcome = comparing.outcome(comparison, words[0], words[1]) if sure >= least else None
    if outcome is None:
        return None
    computed = (_result(outcome),) if comparison.asks == "difference" else (*words,) if dated else ()
    return Reply((both[0].given, both[1].given), outcome, sure, f"{outcome}:", computed=computed)


def _of_the_numbered(part: str, found: Found, whole: Sequence[Statement]) -> Found:
    """Of a question about the second batch only what is told of that, read for it or for the ``whole`` comparison."""
    asked = ordinals.asked(part)
    if asked is None:
        return found
    known = {_place(one.span) for one in found.said}
    said = [*found.said, *(one for one in whole if _place(one.span) not in known)]
    return replace(found, said=sorted((one for one in said if _is_of_the(*asked, one)), key=lambda one: -one.score))


def _as_rough(one: Statement, said: Sequence[Statement]) -> Statement:
    """The same value of the same moment where a paper says that it is rough: a difference must not be told exactly."""
    rough = [
        other
        for other in said
        if other.quantity and other.quantity.qualifier and other.score >= NEAR * one.score
        if other.when() == one.when() and temporal.same_value(one, other)
    ]
    return one if one.quantity and one.quantity.qualifier else next(iter(rough), one)


def _place(span: Span) -> tuple[int, int, int]:
    """Where words stand, however much they are believed."""
    return span.passage.document_id, span.start, span.end


def _dated_words(one: Statement) -> str:
    """A date with the year that its document tells: "January 8" of a paper of 2024."""
    day = named_day(one)
    if day is None or not re.search(r"\d", one.words) or re.search(r"\b(?:19|20)\d\d\b", one.words):
        return one.words
    return f"{day.day} {day:%B %Y}"


def _words(span: Span) -> str:
    return span.passage.words(span.start, span.end)


def _around(start: int, end: int, best: Span, document: Document) -> Span:
    """A member of a list as a span: quoted with the sentence that was read, or where that lies elsewhere, its line."""
    if best.sentence_start <= start and end <= best.sentence_end:
        return replace(best, start=start, end=end)
    block = next((block for block in document.blocks if block.start <= start and end <= block.end), None)
    low, high = (block.start, block.end) if block and block.end - block.start <= 1_000 else (start, end)
    passage = best.passage
    if not (passage.start <= low and high <= passage.end):
        passage = Passage(passage.id, document.id, low, high, document.text[low:high])
    return Span(passage, start, end, low, high, best.score)
