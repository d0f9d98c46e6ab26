"""Statements in time: which of them speak of the time asked about, the series they form, and where they conflict.

A statement is what a reader found, with the moment it was true of (see moments.py). Several statements of one thing
make a series: the same kind of figure at the same stage (received is not approved), or the holders of one office. Of a
series the latest answers; two different values of one moment are a conflict, and both are shown.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from rag.asked_time import Asked, as_of_day, overlaps
from rag.moments import mentions, moment_of, of_document
from rag.quantities import number_of, quantities, same_kind
from rag.questions import asked_for
from rag.stages import other_stage, stages_asked, stages_of, told_of
from rag.types import Document, Grounds, Moment, PartialDate, Quantity, Span

SAME_STAGE = 0.15  # of the best score: a figure that is told to be of the stage asked about may be so much fainter
NO_STAGE = 0.4  # where no words name a stage
WIDE_DAYS = 31  # a moment that may be any day of a longer time is not the latest by its last day


@dataclass(frozen=True, slots=True)
class Statement:
    """Words that may answer, with the moment they speak of; ``quantity`` is the figure they hold."""

    span: Span
    published: PartialDate
    moment: Moment
    given: Span  # the words with what changes the meaning of a figure: "over", "million"
    words: str
    clause: str
    quantity: Quantity | None = None

    @property
    def score(self) -> float:
        """The probability that the words answer."""
        return self.span.score

    def when(self) -> dt.date:
        """Its place in time; the first day of all for what is not dated."""
        moment = self.moment
        if moment.first is None or moment.last is None:
            return dt.date.min
        wide = (moment.last - moment.first).days > WIDE_DAYS and moment.since is None
        return moment.first if wide else moment.last


def statements(question: str, spans: Sequence[Span], documents: Mapping[int, Document]) -> list[Statement]:
    """What each span says, and of when; in their order."""
    return [_statement(question, span, documents[span.passage.document_id]) for span in spans]


def _statement(question: str, span: Span, document: Document) -> Statement:
    span = _one_figure(question, span, document) if asked_for(question) == "number" else span
    sentence = document.text[span.sentence_start : span.sentence_end]
    start, end = span.start - span.sentence_start, span.end - span.sentence_start
    published = document.published.date
    moment = moment_of(sentence, start, end, published)
    goes_on = _ANAPHORA.search(sentence) or (_HAD.search(sentence) and number_of(document.text[span.start : span.end]))
    if moment.grounds is Grounds.PUBLISHED and goes_on:
        moment = _of_the_sentences_before(span, document) or moment
    low, high = with_qualifier(document.text, span.start, span.end)
    given = replace(span, start=max(low, span.sentence_start), end=high)
    words = document.text[given.start : given.end]
    return Statement(span, published, moment, given, words, told_of(sentence, start, end), number_of(words))


def _one_figure(question: str, span: Span, document: Document) -> Span:
    """Of a span over several figures ("250 000, of which 160 000") the one whose clause is of the stage asked about."""
    found = quantities(document.text[span.start : span.end])
    sentence = document.text[span.sentence_start : span.sentence_end]
    offset = span.start - span.sentence_start
    fitting = []
    for quantity in found if len(found) > 1 else ():
        told = told_of(sentence, quantity.start + offset, quantity.end + offset)
        if other_stage(question, told) is False:
            fitting.append(quantity)
    if len(found) < 2:
        return span
    one = (fitting or found)[0]
    return replace(span, start=span.start + one.start, end=span.start + one.end)


_ANAPHORA = re.compile(
    r"^(?:These|They|Both)\b|\b(?:of|among) (?:them|these|those|which)\b"
    r"|\bof (?:that|this|the) (?:number|total|figure)\b",
    re.IGNORECASE,
)
_HAD = re.compile(r"\bhad (?:already |now |also |by then |in fact )*(?:been|come|gone|\w+ed)\b")
SENTENCES_BACK = 2


def _of_the_sentences_before(span: Span, document: Document) -> Moment | None:
    """The moment a sentence before names, where this one goes on about the same: "Of these, ...", "... had come"."""
    before = [place for place in span.passage.sentences if place[1] <= span.sentence_start]
    for start, end in reversed(before[-SENTENCES_BACK:]):
        if "\n\n" in document.text[end : span.sentence_start]:
            return None
        moment = moment_of(document.text[start:end], 0, end - start, document.published.date)
        if moment.grounds in (Grounds.STATED, Grounds.RELATIVE):
            return moment
    return None


# --- the time asked about --------------------------------------------------------------------------------------


def timely(
    question: str, said: Sequence[Statement], asked: Asked, reach: dt.date | None, documents: Mapping[int, Document]
) -> list[Statement]:
    """Those that speak of the time asked about; all where none is asked.

    ``reach`` is the day up to which documents exist: what is asked of a later time is only answered by a statement
    about that very time, such as a plan.
    """
    if not asked.moments:
        return list(said)
    of_it = [one for one in said if _speaks_of(question, one, asked, documents)]
    first = min((moment.first for moment in asked.moments if moment.first), default=None)
    if asked.relation in ("after", "since") or (first and reach and first > reach):
        return of_it
    day = as_of_day(asked)
    if asked.relation in ("by", "before") or _is_one_day(asked):
        earlier = [one for one in said if day and one.moment.first and one.moment.first <= day]
        return earlier if asked.relation != "at" else of_it or earlier
    return of_it or [one for one in said if overlaps(one.moment, asked.moments[0]) is None]


def _is_one_day(asked: Asked) -> bool:
    moment = asked.moments[-1]
    return moment.first is not None and moment.first == moment.last


def _speaks_of(question: str, one: Statement, asked: Asked, documents: Mapping[int, Document]) -> bool:
    if asked.relation in ("after", "since"):
        start = asked.moments[0].last if asked.relation == "after" else asked.moments[0].first
        return bool(start and one.moment.last and one.moment.last >= start)
    whole = _from_to(asked)
    if overlaps(one.moment, whole):
        return True
    if one.quantity and asked_for(question) == "number":
        return False
    document = documents[one.span.passage.document_id]
    sentence = document.text[one.span.sentence_start : one.span.sentence_end]
    named = [moment for mention in mentions(sentence, one.published) for moment in mention.named]
    return any(overlaps(moment, whole) for moment in (*named, of_document(one.published)))


def _from_to(asked: Asked) -> Moment:
    """The whole time between the moments of a question; its one moment where it names no two."""
    first, last = asked.moments[0], asked.moments[-1]
    if asked.relation != "between" or first.first is None or last.last is None:
        return first
    return Moment(first.first, last.last, f"{first.label} to {last.label}", Grounds.STATED)


def named_day(one: Statement) -> dt.date | None:
    """The last day that the words of a statement name, where they are a date whose year is known."""
    days = [mention.named[-1].last for mention in mentions(one.words, one.published)]
    return max((day for day in days if day), default=None)


def latest_date(best: Statement, said: Sequence[Statement]) -> Statement:
    """Of dates about as good as ``best`` the latest: "when did they last meet"."""
    near = [one for one in said if one.score >= NO_STAGE * best.score and named_day(one)]
    return max(near, key=lambda one: (named_day(one) or dt.date.min, one.score), default=best)


# --- series ----------------------------------------------------------------------------------------------------


def series(question: str, best: Statement, said: Sequence[Statement]) -> list[Statement]:
    """The values that statements like ``best`` give, oldest first, one for each moment and value.

    Only ``best`` where the question asks for no figure and no holder of an office, or where nothing else is dated.
    """
    if best.quantity is not None:
        like = [one for one in said if _is_same_figure(question, best, one)]
    elif asked_for(question) == "person" and _OFFICE.search(question) and _is_name(best.words):
        like = [best, *(one for one in said if one != best and _holds_the_same_office(question, best, one))]
    else:
        like = [best]
    dated = [one for one in like if one.moment.last]
    if best.moment.last is None or (len({one.when() for one in dated}) < 2 and best.quantity is None):
        return [best]
    values: list[Statement] = []
    for one in sorted(dated, key=lambda statement: -statement.score):
        if not any(_same_moment(one, other) and same_value(one, other) for other in values):
            values.append(one)
    return _without_repeats(sorted(values, key=lambda statement: (statement.when(), statement.score)))


def _is_same_figure(question: str, best: Statement, one: Statement) -> bool:
    if one.quantity is None or best.quantity is None or other_stage(question, one.clause):
        return False
    asked, told = stages_asked(question) or stages_of(best.clause), stages_of(one.clause)
    if asked and not asked & told and (told or asked & stages_of(best.clause)):
        return False
    if asked & told:  # the units may be worded differently: talents, people
        return one.score >= SAME_STAGE * best.score and _is_money(one) == _is_money(best)
    return one.score >= NO_STAGE * best.score and same_kind(one.quantity, best.quantity)


def _is_money(one: Statement) -> bool:
    return one.quantity is not None and bool(re.search(r"[%$£€¥]", one.quantity.unit))


def _without_repeats(values: Sequence[Statement]) -> list[Statement]:
    """Without a value that only repeats the one before: news is what changes a series."""
    kept: list[Statement] = []
    for one in values:
        if kept and same_value(one, kept[-1]) and not any(_same_moment(one, other) for other in values if other != one):
            continue
        kept.append(one)
    return kept


_OFFICE = re.compile(
    r"(?i)\bwho\b.*\b(?:secretary|minister|director|president|mayor|governor|commissioner|chair(?:man|woman|person)?|head|chief"
    r"|leader|executive|officer|convenor|dean|principal|in charge|heads?|leads?|chairs|directs|runs)\b"
)
_OFFICE_WORDS = re.compile(
    r"\b[A-Z][\w'’-]+|\b(?:secretary|minister|director|president|mayor|governor|head|chair\w*)\b"
)


def _holds_the_same_office(question: str, best: Statement, one: Statement) -> bool:
    """Whether a statement names somebody, at another time, in a sentence that names the whole office asked about."""
    if not _is_name(one.words) or one.score < NO_STAGE * best.score or _same_moment(one, best):
        return False
    return {word.casefold() for word in _OFFICE_WORDS.findall(question)[1:]} <= set(
        re.findall(r"\w+", one.clause.casefold())
    )


_TITLE = re.compile(r"\b(?:Mr|Ms|Mrs|Miss|Dr|Prof|Professor|Sir|Dame|Madam|The Hon|JP|GBM|GBS)\b\.?")


def _is_name(words: str) -> bool:
    return len(re.findall(r"\b[A-Z][\w'’-]+", _TITLE.sub("", words))) >= 2


def same_value(one: Statement, other: Statement) -> bool:
    """The same figure whatever its qualifier, or the same name whatever its title."""
    if one.quantity and other.quantity:
        return one.quantity.number == other.quantity.number
    names = [set(re.findall(r"\w+", _TITLE.sub("", statement.words).casefold())) for statement in (one, other)]
    return names[0] <= names[1] or names[1] <= names[0]


def _same_moment(one: Statement, other: Statement) -> bool:
    if one.when() == dt.date.min or other.when() == dt.date.min:
        return False
    narrow = all(s.moment.last and s.when() == s.moment.last for s in (one, other))
    return one.moment.label == other.moment.label or (narrow and bool(overlaps(one.moment, other.moment)))


def conflicts(values: Sequence[Statement], chosen: Statement) -> list[Statement]:
    """Values of the moment of ``chosen`` that contradict it, ``chosen`` first; none where all agree.

    "Over 150 000" does not contradict 160 000 where the one is rounded, but does where both are counts of their own.
    """
    others = [
        one
        for one in values
        if _same_moment(one, chosen)
        and not same_value(one, chosen)
        and one.span.passage.document_id != chosen.span.passage.document_id
        and not _within_rounding(one, chosen)
    ]
    return [chosen, *others] if others else []


def _within_rounding(one: Statement, other: Statement) -> bool:
    """Whether one figure is the other to fewer digits: "nearly 160 000" and 158 740."""
    if one.quantity is None or other.quantity is None:
        return False
    low, high = sorted((one.quantity, other.quantity), key=lambda quantity: len(_digits(quantity.number)))
    place = Decimal(1).scaleb(int(low.number.normalize().as_tuple().exponent))  # of its last digit that is not zero
    return len(_digits(low.number)) < len(_digits(high.number)) and abs(low.number - high.number) < place


def _digits(number: Decimal) -> str:
    return "".join(map(str, number.normalize().as_tuple().digits))


_QUALIFIER = re.compile(
    r"(?:over|about|around|nearly|almost|approximately|some|at least|at most|up to|more than|less than|fewer than"
    r"|close to|under|upwards of|not more than|no more than|not less than|(?:HK|US|A|C)?[$£€¥])\s*$",
    re.IGNORECASE,
)
_UNIT = re.compile(r"\s?(?:%|per cent\b|percent\b|million\b|billion\b|trillion\b)")


def with_qualifier(text: str, start: int, end: int) -> tuple[int, int]:
    """A figure with what changes its meaning: "over 260 000", "HK$1.2 million", "15 per cent"."""
    if re.match(r"[$£€¥]?\d", text[start:end]):
        for _ in range(2):  # "about HK$"
            before = _QUALIFIER.search(text[max(0, start - 16) : start])
            if before and (before.start() == 0 or not before.string[before.start() - 1].isalnum()):
                start -= len(before.group())
    if text[start:end] and text[end - 1].isdigit():
        after = _UNIT.match(text, end)
        end = after.end() if after else end
    return start, end
