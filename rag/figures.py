"""Figures on a topic that belong together: values of one kind at several moments or in several documents, and what they
count. A wrong row is worse than none.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from rag import stages, temporal
from rag.gathering import Said, one_time
from rag.picking import stems
from rag.questions import singular
from rag.statements import Statement

LABEL_CHARS = 50  # of the words before a figure, and half as many after it
LEAST_SAID = 2  # words of a clause that tell what a figure is of
MOST_FIGURES = 80  # are set against each other


def rows(topic: str, said: Sequence[Said]) -> list[list[Statement]]:
    """Figures of one kind at several moments or in several documents, nearest first; in a row oldest first.

    Unlike a series of :mod:`rag.temporal`, a row keeps every document that gives a value, and figures that no stage
    tells apart belong together only where nearly the same is said of them.
    """
    asked = " ".join(stages.besides(topic)) or topic  # "applications under the schemes" is about all their stages
    left = sorted(_each_once(said), key=lambda one: -one.score)[:MOST_FIGURES]
    found = []
    while left:
        series = [one for one in temporal.series(asked, left[0], left) if _of_one_kind(one, left[0])]
        alike = [one for one in left if any(_gives_the_same(one, value) for value in series)]
        taken = {id(one) for one in alike}
        left = [one for one in left if id(one) not in taken]
        row = _of_one_thing(alike)
        if len({(one.span.passage.document_id, one.moment.label, one.words) for one in row}) > 1:
            found.append(sorted(row, key=lambda one: (one.when(), one.score)))
    return found


def _of_one_thing(row: Sequence[Statement]) -> list[Statement]:
    """Without different values that one document gives for one moment: they are of parts, say of the rows of a table.

    A value that another document gives for that moment too stays.
    """

    def doubted(one: Statement) -> bool:
        beside = [other for other in row if not temporal.same_value(one, other) and _in_one_place(one, other)]
        confirmed = (
            temporal.same_value(one, other) and one_time(one.moment, other.moment)
            for other in row
            if other.span.passage.document_id != one.span.passage.document_id
        )
        return bool(beside) and not any(confirmed)

    return [one for one in row if not doubted(one)]


def _in_one_place(one: Statement, other: Statement) -> bool:
    same = one.span.passage.document_id == other.span.passage.document_id
    return same and one.moment.label == other.moment.label


def _of_one_kind(one: Statement, best: Statement) -> bool:
    """Whether two figures are told to be of the same: at a stage, or in nearly the same words."""
    if one == best or _stages(one) & _stages(best):
        return True
    mine, theirs = (_plain(statement.clause) for statement in (one, best))
    ordinals = (set(_ORDINAL.findall(statement.clause.lower())) for statement in (one, best))
    return len(mine & theirs) >= 0.6 * len(mine | theirs) > 0 and len(set(map(frozenset, ordinals))) == 1


def _stages(one: Statement) -> frozenset[str]:
    return stages.stages_of(one.clause) - stages.NO_LEVEL


def _plain(clause: str) -> set[str]:
    """What a clause says besides its figures, dates and qualifiers."""
    return {stem for stem in stems(_UNCOUNTED.sub(" ", clause)) if not any(map(str.isdigit, stem))}


_ORDINAL = re.compile(r"\b(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|\d+(?:st|nd|rd|th))\b")
_UNCOUNTED = re.compile(
    r"\b(?:over|about|around|nearly|almost|approximately|some|only|least|than|under|million|billion|hundred|thousand|end|early|late"
    r"|January|February|March|April|May|June|July|August|September|October|November|December)\b",
    re.IGNORECASE,
)


def _each_once(said: Sequence[Said]) -> list[Statement]:
    """The figures of all stretches; small numbers in words ("two offices") measure nothing."""
    found: dict[tuple[int, int], Statement] = {}
    for one in said:
        for figure in one.figures:
            if re.search(r"\d", figure.words) or (figure.quantity and figure.quantity.number >= 10):
                found.setdefault((one.document.id, figure.span.start), figure)
    told = Counter((_told(figure), figure.quantity and figure.quantity.number) for figure in found.values())
    values = Counter(told_as for told_as, _ in told)
    return [figure for figure in found.values() if values[_told(figure)] == 1]


def _told(figure: Statement) -> tuple[object, ...]:
    """What a document tells of a figure: two values told in the same words are of two things."""
    unit = figure.quantity.unit if figure.quantity else ""
    return figure.span.passage.document_id, figure.moment.label, singular(unit), frozenset(_plain(figure.clause))


def _gives_the_same(one: Statement, value: Statement) -> bool:
    """Whether a statement repeats a value of a series: the same figure at the same stage and moment."""
    if one == value:
        return True
    units = {singular(each.quantity.unit) for each in (one, value) if each.quantity and each.quantity.unit}
    stage, other = stages.stages_of(one.clause), stages.stages_of(value.clause)
    alike = bool(stage & other) or (stage == other and len(units) == 1)
    return alike and temporal.same_value(one, value) and one_time(one.moment, value.moment)


def label_of(row: Sequence[Statement]) -> str:
    """What a row of figures counts: "applications received", or the words of a value: "held talks with … firms"."""
    units = [one.quantity.unit for one in reversed(row) if one.quantity and one.quantity.unit]
    unit = next((unit for unit in units if unit.islower()), "")
    told = [stage for stage in _STAGES if any(stage in stages.stages_of(one.clause) for one in row)]
    if told and (not unit or stages.counted_at_a_stage(unit)):
        noun = _NOUNS.get(told[0], "")
        return f"{unit or noun} {told[0]}" if not _says_stage(unit, told[0]) else unit
    best = max(row, key=lambda one: len(_plain(one.clause)))
    start, end = best.given.start, best.given.end
    around = best.paper[best.span.sentence_start : start], best.paper[end : best.span.sentence_end]
    if len(_plain(best.clause)) >= LEAST_SAID:
        before, _, after = best.clause.partition(best.words)
        around = before, after
    return _window(*around)


def _window(before: str, after: str) -> str:
    """The words around a figure, of which "…" takes the place: "held talks with … enterprises"."""
    before, after = " ".join(before.split()).lstrip(" ,;:"), " ".join(after.split()).rstrip(" ,;:.")
    if len(before) > LABEL_CHARS:
        before = before[-LABEL_CHARS:].partition(" ")[2]
    if len(after) > LABEL_CHARS // 2:
        after = after[: LABEL_CHARS // 2].rpartition(" ")[0]
    return f"{before} … {after}".strip()


_STAGES = ("received", "approved", "arrived", "refused", "waiting")
_NOUNS = {"received": "applications", "approved": "applications", "arrived": "people", "refused": "applications"}


def _says_stage(unit: str, stage: str) -> bool:
    return stage in stages.stages_of(unit)
