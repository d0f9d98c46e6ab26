"""Statements in time: which of them speak of the time asked about, the series they form, and where they conflict.

Several statements (see statements.py) of one thing make a series: the same kind of figure at the same stage (received
is not approved), or the holders of one office. Of a series the latest answers; two different values of one moment are
a conflict, and both are shown.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal

from rag import asked_time, incumbents, post_questions, posts
from rag.asked_time import Asked, as_of_day, overlaps, without
from rag.lexical import STOP_WORDS
from rag.moments import mentions, of_document
from rag.quantities import is_count, same_kind
from rag.questions import asked_for, singular
from rag.stages import NO_LEVEL, PAPERS, PERSONS, other_stage, stages_asked, stages_of
from rag.statements import WIDE_DAYS, Statement, named_day
from rag.types import Document, Grounds, Moment, PartialDate, Quantity
from rag.wording import stem

SAME_STAGE = 0.15  # of the best score: a figure that is told to be of the stage asked about may be so much fainter
NO_STAGE = 0.4  # where no words name a stage


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
    counts_a_period = _counts_a_period(question, asked)
    if counts_a_period:
        of_it = [one for one in of_it if one.quantity is None or _is_of_a_period(one, asked.moments[0])]
    first = min((moment.first for moment in asked.moments if moment.first), default=None)
    if asked.relation in ("after", "since") or (first and reach and first > reach):
        return of_it
    day = as_of_day(asked)
    if asked.relation in ("by", "before") or (asked.relation == "at" and _is_one_day(asked)):
        earlier = [one for one in said if day and one.moment.last and one.moment.last <= day]
        return earlier if asked.relation != "at" else of_it or earlier
    if of_it or counts_a_period:
        return _of_the_whole(of_it, asked)
    return [one for one in said if overlaps(one.moment, asked.moments[0]) is None]


def _counts_a_period(question: str, asked: Asked) -> bool:
    """Whether what was done in a time is counted, which no total by its end tells: "were delivered in 2024"."""
    if asked.relation != "at" or len(asked.moments) != 1 or not _COUNTS_DEEDS.search(question):
        return False
    moment, words = asked.moments[0], question[slice(*asked.spans[0])]
    long = moment.first and moment.last and (moment.last - moment.first).days > WIDE_DAYS
    return bool(long and _PREPOSITION.match(words))


def _is_of_a_period(one: Statement, asked: Moment) -> bool:
    """Whether a figure counts what was done in a time that lies in the one asked about."""
    own = (one.moment.first, one.moment.last)
    if spread(one) != "period" or not (own[0] and own[1] and asked.first and asked.last):
        return False
    return asked.first <= own[0] and own[1] <= asked.last


_COUNTS_DEEDS = re.compile(  # not "had been delivered", "were in service"
    r"how (?:many|much)\b(?!.*\b(?:had|has|have|been|so far|in total|altogether|by then)\b).*\b"
    r"(?:(?:was|were) (?:\w{2,}ed|given|paid|built|sold|held|made|sent|bought|seen)|did \w+|arrived|joined|came"
    r"|applied|entered|opened)\b",
    re.IGNORECASE,
)


def _of_the_whole(said: Sequence[Statement], asked: Asked) -> list[Statement]:
    """Of statements within a time asked about those of just that time, where they are likely: "in 2022-23"."""
    whole = _from_to(asked)
    exact = [one for one in said if (one.moment.first, one.moment.last) == (whole.first, whole.last)]
    likely = NO_STAGE * max((one.score for one in said), default=0.0)
    return exact if asked.relation == "at" and any(one.quantity and one.score >= likely for one in exact) else [*said]


def tells_of(sentence: str, published: PartialDate, asked: Moment) -> bool:
    """Whether a sentence names the time asked about, or stands in a document of that time and names none."""
    named = [moment for mention in mentions(sentence, published) for moment in mention.named]
    return any(overlaps(moment, asked) for moment in named or [of_document(published)])


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
    elif (post := _post(question)) and incumbents.gives(post, best) is not False:
        like = [best, *(one for one in said if one != best and _is_of_another_time(post, best, one))]
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


def of_the_moment(question: str, chosen: Statement, said: Sequence[Statement]) -> list[Statement]:
    """What each document says of the same thing at the moment of ``chosen``, which comes first: one statement each."""
    alike = [one for one in said if _is_same_figure(question, chosen, one) and _same_moment(one, chosen)]
    surest: dict[int, Statement] = {chosen.span.passage.document_id: chosen}
    for one in sorted(alike, key=lambda statement: -statement.score):
        surest.setdefault(one.span.passage.document_id, one)
    return list(surest.values())


def together(question: str, said: Sequence[Statement]) -> list[Statement]:
    """Figures of one thing, and words for one day, believed together; best first.

    The reader's belief is split among "130 000 by January" and "260 000 by November", and which of them is asked for
    is not for it to decide; so it is among "today" and "(March 18)". That one of them answers is as sure as they are
    together, of figures each document counted once, of days in one sentence; each keeps its place among them.
    """
    best = max(said, key=lambda one: one.score, default=None)
    wanted = asked_for(question)
    if best is None or not best.score:
        return list(said)
    if wanted == "number" and best.quantity:
        like = [one for one in said if _is_same_figure(question, best, one)]
        return _raised(said, like, [one.span.passage.document_id for one in like])
    if wanted == "date":
        day, place = named_day(best), (best.span.passage.document_id, best.span.sentence_start)
        like = [one for one in said if (one.span.passage.document_id, one.span.sentence_start) == place]
        like = [one for one in like if day and named_day(one) == day]
        return _raised(said, like, [one.span.start for one in like])
    return list(said)


def _raised(said: Sequence[Statement], like: Sequence[Statement], sources: Sequence[object]) -> list[Statement]:
    """The statements, those alike raised as much as the best of them is by the others; each source counts once."""
    surest: dict[object, float] = {}
    for one, source in zip(like, sources, strict=True):
        surest[source] = max(surest.get(source, 0.0), one.score)
    gain = (1 - math.prod(1 - score for score in surest.values())) / max(max(surest.values(), default=1.0), 1e-9)
    known = {*map(id, like)}
    raised = [one.scored(one.score * gain) if id(one) in known else one for one in said]
    return sorted(raised, key=lambda one: -one.score)


def _is_same_figure(question: str, best: Statement, one: Statement) -> bool:
    if one == best:
        return True
    if one.quantity is None or best.quantity is None or other_stage(question, one.clause):
        return False
    asked, told = stages_asked(question) or stages_of(best.clause), stages_of(one.clause)
    if (told - asked) & NO_LEVEL or ((told or stages_of(best.clause) & asked) and not asked & told):
        return False
    faint = FAINT if _says_the_same(one, best) else SAME_STAGE if asked & told else NO_STAGE
    if one.score < faint * best.score or _is_plan(one) != _is_plan(best):
        return False
    if {spread(one), spread(best)} == {"period", "total"} or not _counts_the_same(question, best, one, asked & told):
        return False
    return _names_the_same(question, best, one) and not _of_another_sort(question, best, one)


def _says_the_same(one: Statement, best: Statement) -> bool:
    """Whether a clause says what another does, in some of its words: "of vehicles met the standard"."""
    clauses = [_undated(other.clause.replace(other.words, " "), other.published) for other in (one, best)]
    told = [{stem(word) for word in _words(clause) - _SAYS_NOTHING} for clause in clauses]
    return len(told[0]) >= LEAST_SAID and told[0] <= told[1]


FAINT, LEAST_SAID = 0.05, 3  # of the best score; words besides the figure
_SAYS_NOTHING = STOP_WORDS | {"per", "cent", "percent", "present", "now", "so", "far", "already", "had", "has", "have"}
_OF_ONE_STAGE = re.compile(f"{PERSONS}|{PAPERS}")


def _counts_the_same(question: str, best: Statement, one: Statement, staged: frozenset[str]) -> bool:
    """Whether the units are one; at one stage persons and papers are: "500 talents", "500 applications" approved.

    A figure without a unit counts what the other does, or what the question names.
    """
    if one.quantity is None or best.quantity is None:
        return False
    units = one.quantity.unit, best.quantity.unit
    if staged and all(not unit or _OF_ONE_STAGE.fullmatch(unit.lower()) for unit in units):
        return True
    named = {singular(word) for word in _words(question)}
    if not units[1] and units[0] and singular(units[0]) not in named:
        return False
    return same_kind(one.quantity, best.quantity)


def _is_plan(one: Statement) -> bool:
    """Whether a statement tells of what was still to come when it was published."""
    first, known = one.moment.first, one.published.last()
    to_come = first and known and first > known and not _TO_NOW.search(one.clause)
    return bool(to_come or _WILL.search(one.clause))


_WILL = re.compile(r"\b(?:will|shall)\b[^.;]{0,120}\d")
_TO_NOW = re.compile(
    r"\b(?:ha(?:s|ve|d)|so far|to date|in all|altogether|total\w*|cumulative\w*|there (?:were|was|are|is))\b", re.I
)
_STOOD = re.compile(r"\b(?:is|are|was|were|stood at|costs?|numbered|remained)\s(?:\w+\s){0,2}?[^\w\s]{0,3}\d")
PERIOD_DAYS = 27


def spread(one: Statement) -> str:
    """ "period" for what was done in one ("in 2023", "over the past year"), "total" for what has been done by a day."""
    moment = one.moment
    if moment.first is None or moment.last is None or moment.grounds is Grounds.PUBLISHED:
        return "total" if _TO_NOW.search(one.clause) else ""
    as_at = _PERFECT_DATE.match(moment.words) or moment.words.lower().startswith(("since", "from"))
    if moment.since and not as_at:
        return "period"
    if _TO_NOW.search(one.clause) or _STOOD.search(one.clause):
        return "total"
    if (moment.last - moment.first).days >= PERIOD_DAYS:
        return "period" if _PREPOSITION.match(moment.words) else ""
    return "total" if _PERFECT_DATE.match(moment.words) else ""


_PREPOSITION = re.compile(r"(?i)(?:in|during|within|over|throughout|last|this|the (?:last|past))\b")
_PERFECT_DATE = re.compile(r"(?i)(?:by|as at|as of|until|up to|to date|so far|at the end|now|today)\b")


def _post(question: str) -> posts.Asked | None:
    """The post whose holder is asked for."""
    return post_questions.asked(without(question, asked_time.asked(question, dt.date.today()).spans))


def _is_of_another_time(post: posts.Asked, best: Statement, one: Statement) -> bool:
    """Whether a statement says of somebody that he holds a post at another time."""
    return incumbents.gives(post, one) is True and one.score >= NO_STAGE * best.score and not _same_moment(one, best)


# --- what the figures are of -----------------------------------------------------------------------------------


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.casefold()))


def _heading(one: Statement) -> str:
    """The nearest heading above a statement: in its passage, or the last of those the passage stands under."""
    passage, end = one.span.passage, one.span.passage.start
    heading = passage.headings[-1] if passage.headings else ""
    for low, high in passage.sentences:
        if low > one.span.sentence_start:
            break
        heading = passage.text[end - passage.start : low - passage.start].strip(" \n#*-") or heading
        end = high
    return heading


def _context(one: Statement) -> str:
    """The sentence with what it stands under."""
    return "\n".join((*one.headings, _heading(one), *one.led_up, one.sentence))


def _undated(text: str, published: PartialDate) -> str:
    for mention in reversed(mentions(text, published)):
        text = text[: mention.start] + "," + text[mention.end :]
    return text


_CELL = re.compile(r"[:;] [A-Z]\w+")  # a cell of a table begins with a capital, and is no name for that
_NAMED = re.compile(r"\b[A-Z]\w+|(?<=[A-Z][a-z]{3} )\d{1,3}\b(?!\s?[\d%])|\b[A-Z]\b(?=\W*$)|(?<= )[B-HJ-Z]\b")
_RIVAL = re.compile(r"\b(?i:in|of|at|for|from|under|near|to|on) (?:the )?([A-Z]\w+)")


def _names_the_same(question: str, best: Statement, one: Statement) -> bool:
    """Whether a statement is of what the question and ``best`` name: its sentence, its headings, or its document
    where the sentence names nothing else instead.
    """
    asked = _undated(question, best.published)
    names = {name.casefold() for name in _NAMED.findall(asked[1:])}
    if not names:  # typed in small letters; what the paper writes small too ("talent") is no name
        told = _CELL.sub(" ", _undated(best.sentence, best.published)[1:])
        named = {name.casefold() for name in _NAMED.findall(told)}
        names = named & _words(asked) - set(re.findall(r"\b[a-z]\w*", best.paper))
    lower = set(re.findall(r"\b[a-z]\w*", question))  # "how long is the Long Bridge"
    missing = {name for name in names & _words(_context(best)) if not _holds(one.sentence, name, lower)}
    if not missing or not all(_holds(f"{_context(one)}\n{one.paper}", name, lower) for name in missing):
        return not missing
    known = _words(question) | _words(_context(best))
    told = _undated(one.sentence, one.published)
    rivals = _RIVAL.findall(told)
    for name in names - missing:  # "the Short Bridge"
        rivals += re.findall(rf"([A-Z]\w+) (?i:{name})\b", told)
    if _IS_NAME.fullmatch(_heading(one)) and any(not _holds(_context(one), name, lower) for name in missing):
        rivals += _heading(one).split()
    return all(word.casefold() in known for word in rivals)


def _holds(text: str, name: str, lower: set[str]) -> bool:
    """Whether a text has a name, as a name where the question has the word in another sense too."""
    letters = rf"{name[0].upper()}(?i:{name[1:]})" if name in lower else f"(?i:{name})"
    return re.search(rf"\b{letters}\b", text) is not None


_IS_NAME = re.compile(r"[A-Z]\w+(?: [A-Z]\w+){0,3}")
_HEAD = re.compile(
    r"([a-z][\w-]*)(?: (?:for|of|in) (?:\w+ ){0,3}?\w+)? (?:is|was|are|were|costs?"
    r"|remains?|stands? at|stood at|rose to|fell to)\b"
)
_NO_SORT = frozenset(
    "a about all an and another any as at by current did do does each every few for from had has have in is its latest"
    " many more most much new newest number of on only or other our overall over some such than that the their these"
    " this those to total under was were what which whole with".split()
)


def _sorts(noun: str, text: str) -> set[str]:
    """The words that tell which sort of ``noun`` is meant: "adult" of "adult fee", "fee for adults"."""
    one = rf"{re.escape(noun)}(?:s|es)?"
    found = re.findall(rf"([^\W\d]+)[ -]{one}\b", text) + re.findall(
        rf"\b{one} (?:for|of) (?:(?:the|an?|all) )?([a-z]+)", text
    )
    return {singular(word) for word in found if word not in _NO_SORT and not stages_of(word)}


def _of_another_sort(question: str, best: Statement, one: Statement) -> bool:
    """Whether a statement puts another sort of the thing in the place of the one asked about: child fees."""
    asked, like, told = (text.lower() for text in (_undated(question, best.published), best.sentence, one.sentence))
    words = {singular(word) for word in _words(told)}
    cells = [_FIRST_CELL.match(text) for text in (like, told)]
    if cells[0] and cells[1] and cells[0]["label"] == cells[1]["label"]:
        kinds = [{singular(word) for word in _words(text)} for text in (asked, cells[0]["value"], cells[1]["value"])]
        if kinds[0] & kinds[1] - _NO_SORT - kinds[2] and not stages_of(cells[1]["value"]):
            return True
    unit = best.quantity.unit if best.quantity else ""
    head = None if unit and is_count(unit) else _HEAD.search(like)
    noun = singular(unit.lower()) if unit and is_count(unit) else head[1] if head else ""
    if not noun or stages_of(noun):
        return False
    wanted = _sorts(noun, asked) & _sorts(noun, like)
    return bool(wanted - words and _sorts(noun, told) - wanted)


_FIRST_CELL = re.compile(r"(?P<label>[^;:.]{1,60}): (?P<value>[^;:]{1,120}); [^;:.]{1,60}: ")


def _without_repeats(values: Sequence[Statement]) -> list[Statement]:
    """Without a value between two that are the same: what changes is news, and so is that nothing has."""
    kept: list[Statement] = []
    for place, one in enumerate(values):
        beside = (values[place - 1], values[place + 1]) if 0 < place < len(values) - 1 else ()
        others = [other for other in values if other != one and _same_moment(one, other)]
        if not (beside and not others and all(same_value(one, other) for other in beside)):
            kept.append(one)
    return kept


def same_value(one: Statement, other: Statement) -> bool:
    """The same figure whatever its qualifier, or the same name whatever its title."""
    if one.quantity and other.quantity:
        return one.quantity.number == other.quantity.number
    names = [incumbents.name_words(statement.words) for statement in (one, other)]
    return names[0] <= names[1] or names[1] <= names[0]


def _same_moment(one: Statement, other: Statement) -> bool:
    if one.when() == dt.date.min or other.when() == dt.date.min:
        return False
    narrow = all(s.moment.last and s.when() == s.moment.last for s in (one, other))
    return one.moment.label == other.moment.label or (narrow and bool(overlaps(one.moment, other.moment)))


def conflicts(values: Sequence[Statement], chosen: Statement) -> list[Statement]:
    """Values of the moment of ``chosen`` that contradict it, ``chosen`` first; none where all agree.

    "Over 150 000" does not contradict 160 000, nor "nearly 160 000" 158 740.
    """
    others = [
        one
        for one in values
        if _same_moment(one, chosen)
        and not same_value(one, chosen)
        and one.span.passage.document_id != chosen.span.passage.document_id
        and not _agree(one, chosen)
    ]
    return [chosen, *others] if others else []


def _agree(one: Statement, other: Statement) -> bool:
    """Whether one figure lies where the words of the other put it: at its last digit, or beyond what it is over."""
    if one.quantity is None or other.quantity is None:
        return False
    figures = one.quantity, other.quantity
    return any(
        low <= figure.number <= high
        for figure, (low, high) in zip(figures, map(_reach, reversed(figures)), strict=True)
    )


def _reach(quantity: Quantity) -> tuple[Decimal, Decimal]:
    """The least and the most that a figure as written can mean.

    A round figure by itself is exact to two digits, one that says so ("about") to its last that is not zero.
    """
    number, words = quantity.number, quantity.qualifier
    place = Decimal(1).scaleb(int(number.normalize().as_tuple().exponent)) if number else Decimal(1)
    if words in ("at least", "not less than", "no less than", "no fewer than", "not fewer than", "upwards of"):
        return number, Decimal("Infinity")
    if words in ("at most", "up to", "not more than", "no more than"):
        return Decimal("-Infinity"), number
    if words in ("over", "more than", "above", "in excess of", "exceeding"):
        return number, number + place
    if words in ("under", "less than", "fewer than", "below"):
        return number - place, number
    if not words and number:
        place = min(place, Decimal(1).scaleb(number.adjusted() - 1))
    return number - place / 2, number + place / 2
