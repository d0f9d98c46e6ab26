"""A brief: what the documents say about a topic, in the order of time, every statement an exact quote.

Figures that changed are one series each, what was still to come is kept apart with what later documents say of it, and
where documents differ both values stand side by side. A model may write a brief from the same quotes.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence, Set
from dataclasses import replace
from decimal import Decimal

from rag import abstaining, figures, gathering, temporal
from rag.gathering import Said, Shelf
from rag.picking import missing_words, stems
from rag.statements import Statement
from rag.types import Brief, Document, Grounds, Hit, Plan, Reference, Series, Span

MOST = 8  # statements
RELEVANT, OF_THE_BEST = 0.4, 0.55  # least score of a statement, and least share of the best one's
MOST_SERIES, MOST_PLANS = 6, 4
MOST_VALUES = 6  # of a series
REPEATS = 0.5  # what a statement loses for being near one that is already taken
NOTHING_NEW = 0.2  # and for giving no figure that is not

LATER = 10  # passages looked at for what became of a plan


def brief(topic: str, shelf: Shelf, most: int = MOST) -> Brief:
    """What the library says about a topic, in at most so many statements; with a reason where it says nothing."""
    said, hits = shelf.find(topic)
    near = relevant(said)
    if not near:
        return Brief(topic, as_of=shelf.wanted.as_of, reason=nothing_on(topic, shelf, hits))
    rows = [row for row in figures.rows(topic, said) if _changes(row)][:MOST_SERIES]
    values = [_latest_first(row) for row in rows]
    against = [disputed(row) for row in rows]
    groups = gathering.merged(near)
    planned = [group for group in groups if group[0].to_come()]
    shown = {one.quantity.number for row in values for one in row if one.quantity}
    chosen = joined(in_time(choose([group for group in groups if group not in planned], most, shown)))
    plans = [(group, told_of_later(group[0], shelf)) for group in in_time(each_plan(planned)[:MOST_PLANS])]
    spans = [
        *(quote(said, one) for row in values for one in row),
        *(quote(said, one) for row in against for one in row),
        *(one.span() for group in chosen for one in group),
        *(one.span() for group, after in plans for one in (*group, *after[:1])),
    ]
    citations = gathering.numbered(spans, shelf.documents)
    dated = sorted({one.document.id: one for one in near if one.document.published.date.last()}.values(), key=_age)
    return Brief(
        topic=topic,
        entries=gathering.entries(chosen, citations),
        figures=tuple(
            Series(figures.label_of(row), gathering.points(value, citations), gathering.points(differ, citations))
            for row, value, differ in zip(rows, values, against, strict=True)
        ),
        plans=tuple(
            Plan(entry, next(iter(gathering.entries([after[:1]] if after else [], citations)), None))
            for group, after in plans
            for entry in gathering.entries([group], citations)
        ),
        citations=tuple(citations),
        first=reference(dated[0].document) if dated else None,
        last=reference(dated[-1].document) if dated else None,
        documents=len({one.document.id for one in near}),
        as_of=shelf.wanted.as_of,
        left_out=shelf.left_out(),
    )


def nothing_on(topic: str, shelf: Shelf, hits: Sequence[Hit]) -> str:
    """Why there is nothing to tell about a topic, in one sentence a person can act on."""
    wanted = shelf.wanted
    if wanted.as_of:
        later = [one for one in shelf.as_of(None).find(topic)[0] if one.published > wanted.as_of]
        if later:
            return abstaining.known_later(min(later, key=lambda one: one.published).document, wanted.as_of)
    empty = abstaining.nothing_to_search(shelf.view, wanted, hits)
    if empty:
        return empty
    missing = missing_words(topic, [hit.passage.search_text for hit in hits])
    if not missing:
        return f'no statement in the nearest passages is about "{topic}"'
    words = "; the nearest passages do not mention " + ", ".join(f'"{word}"' for word in missing)
    return f'the documents don\'t say anything about "{topic}"{words}'


def reference(document: Document) -> Reference:
    """A document as it is named."""
    return Reference(document.id, document.source, document.title, document.published)


def quote(said: Sequence[Said], one: Statement) -> Span:
    """The stretch that a figure is quoted by: the shortest that holds it."""
    number = one.span.passage.document_id
    held = [s for s in said if s.document.id == number and s.start <= one.given.start and one.given.end <= s.end]
    return min(held, key=lambda s: s.end - s.start).span() if held else one.given


def _age(one: Said) -> tuple[int, int]:
    return one.published.toordinal(), one.document.id


# --- what is told --------------------------------------------------------------------------------------------------


def relevant(said: Sequence[Said]) -> list[Said]:
    """Those near enough to be shown as statements; figures may be taken from fainter ones."""
    least = max(RELEVANT, OF_THE_BEST * max((one.score for one in said), default=0.0))
    return [one for one in said if one.score >= least]


def choose(groups: Sequence[Sequence[Said]], most: int, shown: Set[Decimal] = frozenset()) -> list[Sequence[Said]]:
    """The nearest groups of which each adds something to those before it, and to the figures that are shown anyway."""
    left, taken = list(groups), list[Sequence[Said]]()
    while left and len(taken) < most:
        best = max(left, key=lambda group: _gain(group, taken, shown))
        left.remove(best)
        taken.append(best)
    return taken


def _gain(group: Sequence[Said], taken: Sequence[Sequence[Said]], shown: Set[Decimal]) -> float:
    one = group[0]
    near = max((float(one.vector @ other[0].vector) for other in taken), default=0.0)
    known = frozenset(shown).union(*(gathering.numbers(member) for other in taken for member in other))
    told = gathering.numbers(one)
    stale = bool(told) and told <= known
    return max(member.score for member in group) - REPEATS * max(near - 0.4, 0.0) - NOTHING_NEW * stale


def joined(groups: Sequence[Sequence[Said]]) -> list[Sequence[Said]]:
    """With stretches that follow each other in a paragraph, and are of one moment, as one."""
    kept: list[Sequence[Said]] = []
    for group in groups:
        one = group[0]
        for place, other in enumerate(kept):
            first, second = sorted((one, other[0]), key=lambda said: said.start)
            between = first.document.text[first.end : second.start]
            follows = first.passage == second.passage and first.end <= second.start and not between.strip()
            alone = len(group) == len(other) == 1  # what other documents say too stays by itself
            if alone and follows and "\n\n" not in between and one.moment.label == other[0].moment.label:
                kept[place] = [replace(first, end=second.end, score=max(one.score, other[0].score))]
                break
        else:
            kept.append(group)
    return kept


def in_time(groups: Sequence[Sequence[Said]]) -> list[Sequence[Said]]:
    """In the order of the moments they speak of; undated ones last."""
    return sorted(groups, key=lambda group: (gathering.when(group[0].moment), -group[0].score))


# --- figures -------------------------------------------------------------------------------------------------------


def _changes(row: Sequence[Statement]) -> bool:
    """Whether a row holds more than one value; two of one moment in one document are of two things."""
    return any(
        not temporal.same_value(one, other)
        and (one.when() != other.when() or one.span.passage.document_id != other.span.passage.document_id)
        for one in row
        for other in row
    )


def _latest_first(row: Sequence[Statement]) -> list[Statement]:
    """One statement for each value and moment: in the words that most documents use, from the nearest of them."""
    used = Counter(one.words.casefold() for one in row)
    kept: list[Statement] = []
    for one in sorted(row, key=lambda one: (-used[one.words.casefold()], -one.score)):
        same = (
            other for other in kept if temporal.same_value(one, other) and gathering.one_time(one.moment, other.moment)
        )
        if not any(same):
            kept.append(one)
    return sorted(kept, key=lambda one: (one.when(), one.score), reverse=True)[:MOST_VALUES]


def disputed(row: Sequence[Statement]) -> list[Statement]:
    """Values of one moment that contradict each other, in the order of their documents."""
    for one in sorted(row, key=lambda one: (one.when(), one.score), reverse=True):
        against = temporal.conflicts(row, one)
        if against:
            first: dict[object, Statement] = {}
            for value in against:
                first.setdefault(value.quantity and value.quantity.number, value)
            return list(first.values())
    return []


# --- plans ---------------------------------------------------------------------------------------------------------

_DONE = re.compile(
    r"\b(?:(?:was|were|has been|have been|had been) (?:\w+ )?(?:held|hosted|opened|launched|established|set up|founded"
    r"|created|staged|started|begun|welcomed|introduced|built|completed|published|organi[sz]ed|announced|signed|closed"
    r"|convened|extended|formed|presented|inaugurated|cancelled|postponed|put off|called off|delayed)"
    r"|opened|took place|began|started|ended|closed|concluded|was over|came into (?:force|operation)|launched|convened"
    r"|hosted|held|signed|established|founded|cancelled|postponed)\b",
    re.IGNORECASE,
)
_PASSIVE = re.compile(
    r"\bbe (?:\w+ )?\w+(?:ed|ld|un|up|lt)$|\b(?:set|scheduled|planned|due|expected)\s*$|\bfor$", re.IGNORECASE
)
_NAME = re.compile(r"[A-Z][\w'’-]+(?:(?: (?:of|for|the))* [A-Z][\w'’-]+)+")
_ORDINAL = re.compile(
    r"\b(?:second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|\d+(?:st|nd|rd|th))\b", re.IGNORECASE
)


def each_plan(groups: Sequence[Sequence[Said]]) -> list[Sequence[Said]]:
    """Plans of one thing for one time as one, newest first in it."""
    kept: list[list[Said]] = []
    for group in groups:
        name = stems(_planned(_sentence(group[0])))
        for other in kept:
            same = name and name == stems(_planned(_sentence(other[0])))
            if same and gathering.one_time(group[0].moment, other[0].moment):
                other.extend(group)
                other.sort(key=_age, reverse=True)
                break
        else:
            kept.append(list(group))
    return [*kept]


def _sentence(one: Said) -> str:
    return one.document.text[slice(*one.sentence)]


def told_of_later(plan: Said, shelf: Shelf) -> list[Said]:
    """What later documents say of a plan: that it was done, or will not be; newest first.

    They name the same, are of no other time, and tell of something done: better none than a wrong one.
    """
    words = _sentence(plan)
    known = plan.document.published.date.last()
    if known is None:
        return []
    wanted = _planned(words)
    found = shelf.find(wanted or words, LATER)[0]
    after = [one for one in found if (one.document.published.date.first() or known) > known]
    return sorted((one for one in after if _tells(one, words, wanted, plan)), key=_age, reverse=True)


def _planned(words: str) -> str:
    """The name of what is planned: the first after the verb, or the last before it in the passive; else empty."""
    found = gathering.TO_COME.search(words)
    if found is None:
        return ""
    passive = _PASSIVE.search(found.group())
    after, before = _NAME.findall(words[found.end() :][:120]), _NAME.findall(words[: found.start()])
    if passive:
        return before[-1] if before else ""
    return after[0] if after else ""


def _tells(one: Said, plan: str, wanted: str, planned: Said) -> bool:
    words = _sentence(one)
    if not _DONE.search(words) or gathering.TO_COME.search(words):
        return False
    if {found.lower() for found in _ORDINAL.findall(words)} - {found.lower() for found in _ORDINAL.findall(plan)}:
        return False
    named = (Grounds.STATED, Grounds.RELATIVE)
    dated = one.moment.grounds in named and planned.moment.grounds in named
    if dated and not gathering.one_time(one.moment, planned.moment):
        return False
    if wanted:
        return stems(wanted) <= stems(words)
    asked = stems(plan)
    return len(asked & stems(words)) >= 0.6 * len(asked)
