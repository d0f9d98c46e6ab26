"""What follows from the figures of passages: sums, differences and growth, worked out anew to check a claim."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from rag.citing import unsupported
from rag.grounds import Ground, Line, overlap
from rag.moments import mentions, moment_of
from rag.quantities import quantities, same_kind
from rag.stages import NO_LEVEL, clause, stages_of
from rag.types import Moment, Quantity

MOST_FIGURES = 60  # of the passages, of which each two are compared

_RISES = r"ris(?:e|es|ing|en)|rose|gr(?:ew|ow|own|owth)|increas(?:e|ed)|climb(?:ed)?|gain(?:ed)?|added"
_FALLS = r"fell|fall(?:en)?|drop(?:ped)?|decreas(?:e|ed)|declin(?:e|ed)|lost|shrank"
_SUMS = r"together|combined|altogether|in all|in total|the sum|make (?:about|some|up|around)|add up"
_GAPS = r"difference|gap|more [\w ]{0,30}than (?:in|at|by|on|the)|fewer [\w ]{0,30}than|not yet|remain(?:ing|ed)?|left"
_COMPUTES = re.compile(rf"(?i)\b(?:{_RISES}|{_FALLS}|{_SUMS}|{_GAPS})\b")

_BY = re.compile(r"\bby (?:(?:about|some|over|more than|around|nearly|at least|roughly) )?$")  # "rose by 130 000"


@dataclass(frozen=True, slots=True)
class _Value:
    """A figure of a passage with what was done to what it counts, and when."""

    figure: Quantity
    stages: frozenset[str]
    moment: Moment


def worked_out(claim: str, ground: Ground) -> list[str]:
    """The figures of a claim that are the sum, the difference or the growth of two like figures of the passages."""
    lacking = unsupported(claim, ground.texts, ground.dates)
    figures = [figure for figure in quantities(claim)
               if claim[figure.start : figure.end] in lacking or _BY.search(claim, 0, figure.start)]  # fmt: skip
    if not figures or not _COMPUTES.search(claim):
        return []
    told = stages_of(claim) - NO_LEVEL
    values = [
        _Value(figure, stages_of_figure(line.text, figure), _when(line, figure))
        for line in ground.lines
        for figure in quantities(line.text)
    ][:MOST_FIGURES]
    times = [m.moment for m in mentions(claim, ground.entries[0].document.published.date) if m.moment.first]
    pairs = [(a, b) for a, b in combinations(values, 2) if _comparable(a, b, told) and _at(a, b, times)]
    return [
        claim[figure.start : figure.end]
        for figure in figures
        if any(_follows(claim, figure, *sorted(pair, key=_day)) for pair in pairs)
    ]


def without_reckoning(claim: str) -> str:
    """A claim without the words that say that something was worked out: these stand nowhere."""
    return _COMPUTES.sub(" ", claim)


def _day(value: _Value) -> dt.date:
    return value.moment.last or dt.date.min


def _when(line: Line, figure: Quantity) -> Moment:
    return moment_of(line.text, figure.start, figure.end, line.entry.document.published.date)


def _comparable(one: _Value, other: _Value, told: frozenset[str]) -> bool:
    """Whether two figures count the same: what the claim counts, where it says so."""
    wanted = told or one.stages or other.stages
    return same_kind(one.figure, other.figure) and (not wanted or bool(wanted & one.stages and wanted & other.stages))


def _at(one: _Value, other: _Value, times: Sequence[Moment]) -> bool:
    """Whether two figures are of the first and the last time that a claim names."""
    if len(times) < 2:
        return True
    first, last = times[0], times[-1]
    return any(overlap(a.moment, first) and overlap(b.moment, last) for a, b in ((one, other), (other, one)))


def _follows(claim: str, figure: Quantity, one: _Value, other: _Value) -> bool:
    """Whether a figure is what a claim makes of two others, the earlier first."""
    before, after = one.figure.number, other.figure.number
    if re.search(rf"(?i)\b(?:{_SUMS})\b", claim):
        return figure.number == before + after
    if _day(one) != _day(other):
        rises = re.search(rf"(?i)\b(?:{_RISES})\b", claim)
        if (after < before and rises) or (after > before and re.search(rf"(?i)\b(?:{_FALLS})\b", claim)):
            return False
    if figure.unit == "%":
        return before > 0 and abs(abs(after - before) / before * 100 - figure.number) < 1
    return before != after and figure.number == abs(after - before)


def stages_of_figure(text: str, figure: Quantity) -> frozenset[str]:
    """What was done to what a figure counts: by its clause, and in a table's row by its cell or the row's first one."""
    left, right = clause(text, figure.start, figure.end)
    if _ROW.match(text):
        left = text.rfind("; ", 0, figure.start) + 1
        right = text.find(";", figure.end) if ";" in text[figure.end :] else len(text)
        return stages_of(text[left:right]) or stages_of(text.partition(";")[0])
    return stages_of(text[left:right])


_ROW = re.compile(r"[^;:]{1,60}: [^;]*; [^;:]{1,60}: ")
