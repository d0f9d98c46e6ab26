"""What a run is judged by: each figure with the values it is made of, and runs held against each other."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import mean

import numpy as np

from eval.resampling import Difference, Interval, Statistic, Values, difference, interval, mcnemar
from eval.scoring import Scored

CHANCE = 0.05  # below this p a difference counts


def _mean(values: Values) -> float:
    (column,) = values
    kept = column[~np.isnan(column)]
    return float(kept.mean()) if len(kept) else math.nan


def _risk_area(values: Values) -> float:
    """As :func:`eval.metrics.risk_area`, fast enough to resample."""
    confidence, right = values[:, ~np.isnan(values).any(axis=0)]
    wrong = np.cumsum(1 - right[np.argsort(-confidence, kind="stable")])
    return float((wrong / np.arange(1, len(wrong) + 1)).mean()) if len(wrong) else math.nan


def _calibration_error(values: Values, bins: int = 10) -> float:
    """As :func:`eval.metrics.calibration_error`, fast enough to resample."""
    confidence, right = values[:, ~np.isnan(values).any(axis=0)]
    placed = np.minimum((confidence * bins).astype(int), bins - 1)
    apart = np.bincount(placed, confidence - right, bins)
    return float(np.abs(apart).sum() / len(right)) if len(right) else math.nan


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of a report: its columns of values and what is made of them."""

    name: str
    label: str
    meaning: str
    columns: tuple[str, ...]
    statistic: Statistic = _mean
    less_is_better: bool = False


FIGURES = {
    figure.name: figure
    for figure in (
        Figure("right", "right", "of all questions, those without an answer included", ("right",)),
        Figure("answered_right", "right where there is an answer", "of the questions that have one", ("has_right",)),
        Figure("f1", "F1", "words shared by the short answer and the gold one, figures equal however written", ("f1",)),
        Figure("exact", "exact match", "the short answer is the gold one, word for word", ("exact",)),
        Figure("set_f1", "F1 of lists", "members given and members wanted", ("set_f1",)),
        Figure("found", "evidence in the first 5", "a passage with gold evidence among the first five", ("Success@5",)),
        Figure("recall", "recall@10", "passages with gold evidence among the first ten", ("R@10",)),
        Figure("mrr", "MRR", "one over the rank of the first passage with gold evidence", ("RR@10",)),
        Figure("ndcg", "nDCG@10", "gold evidence near the top", ("nDCG@10",)),
        Figure("cited", "citation precision", "shown quotes that hold the answer or are gold evidence",
               ("citation_precision",)),
        Figure("citation_recall", "citation recall", "what must be shown that a quote shows", ("citation_recall",)),
        Figure("faithful", "quote fidelity", "answers whose quotes all stand in the documents, word for word",
               ("faithful",)),
        Figure("invented", "invented", "answers with a date or figure that no quote, date or sum holds", ("invented",),
               less_is_better=True),
        Figure("refused", "refused where nothing answers", "of the questions without an answer", ("refused",)),
        Figure("false_refusal", "refused wrongly", "of the questions with an answer", ("false_refusal",),
               less_is_better=True),
        Figure("as_of", "right as of a date", "of the questions asked as of a date", ("as_of",)),
        Figure("stale", "stale", "an older value given as the one asked for", ("stale",), less_is_better=True),
        Figure("risk_area", "area under risk-coverage", "share wrong of the surest answers, over all shares of them",
               ("confidence", "answer_right"), _risk_area, less_is_better=True),
        Figure("calibration", "calibration error", "how far confidence and share right lie apart, over ten bins",
               ("confidence", "answer_right"), _calibration_error, less_is_better=True),
    )
}  # fmt: skip
HEADLINES = ("right", "answered_right", "f1", "found", "cited", "faithful", "refused", "false_refusal", "as_of",
             "risk_area")  # fmt: skip
"""What the README shows and the gate watches."""


def _values(one: Scored) -> dict[str, float | None]:
    """What each column holds for a question; None where it does not apply."""
    right, open_ = float(one.right), one.question.unanswerable
    return {
        "right": right,
        "has_right": None if open_ else right,
        "f1": one.f1,
        "exact": one.exact,
        "set_f1": one.set_f1,
        **{name: one.retrieval.get(name) for name in ("Success@5", "R@10", "RR@10", "nDCG@10")},
        "citation_precision": one.citation_precision,
        "citation_recall": one.citation_recall,
        "faithful": mean(float(quote.exact) for quote in one.quotes) if one.quotes else None,
        "invented": float(bool(one.invented)) if one.answered and one.quotes else None,
        "refused": float(not one.answered) if open_ else None,
        "false_refusal": None if open_ else float(not one.answered),
        "as_of": right if one.question.as_of else None,
        "stale": None if one.stale is None else float(one.stale),
        "confidence": one.confidence if one.answered else None,
        "answer_right": right if one.answered else None,
    }


@dataclass(frozen=True, slots=True)
class Run:
    """The values of every question of one run; ``columns`` are as long as ``ids``, None where one does not apply."""

    name: str
    ids: tuple[str, ...]
    columns: Mapping[str, tuple[float | None, ...]]

    @classmethod
    def of(cls, name: str, scored: Sequence[Scored]) -> Run:
        """From scored questions."""
        rows = [_values(one) for one in scored]
        return cls(name, tuple(one.question.id for one in scored),
                   {key: tuple(_rounded(row[key]) for row in rows) for key in rows[0]})  # fmt: skip

    def values(self, figure: Figure, ids: Sequence[str] | None = None) -> Values:
        """The columns of a figure, NaN where it does not apply, for ``ids`` in that order or all."""
        at = {name: place for place, name in enumerate(self.ids)}
        places = [at[name] for name in (ids or self.ids)]
        rows = [[self.columns[column][place] for place in places] for column in figure.columns]
        return np.array([[math.nan if value is None else value for value in row] for row in rows])

    def interval(self, figure: Figure) -> Interval | None:
        """The figure with its bounds; None where it applies to no question."""
        values = self.values(figure)
        return interval(figure.statistic, values) if (~np.isnan(values).any(axis=0)).any() else None


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


@dataclass(frozen=True, slots=True)
class Change:
    """A figure in two runs of the same questions; ``old`` and ``new`` are of these questions alone."""

    figure: Figure
    old: float
    new: float
    difference: Difference

    @property
    def verdict(self) -> str:
        """``better``, ``worse``, or ``same`` where chance alone may have done it."""
        if not self.difference.p < CHANCE or not self.difference.value:
            return "same"
        return "better" if (self.difference.value < 0) == self.figure.less_is_better else "worse"


def changes(old: Run, new: Run, names: Sequence[str] = tuple(FIGURES)) -> list[Change]:
    """Each figure that both runs have, over the questions that both asked; whether right by McNemar's test.

    Raises ValueError where they have no question in common.
    """
    common = [name for name in old.ids if name in set(new.ids)]
    found = []
    for figure in (FIGURES[name] for name in names):
        before, after = old.values(figure, common), new.values(figure, common)
        if not common or np.isnan(before).all() or np.isnan(after).all():
            continue
        change = difference(figure.statistic, before, after)
        if figure.name == "right":
            change = Difference(change.value, change.low, change.high, mcnemar(before[0].tolist(), after[0].tolist()))
        found.append(Change(figure, figure.statistic(before), figure.statistic(after), change))
    if not found:
        raise ValueError("these runs have no question in common: choose reports of one set")
    return found
