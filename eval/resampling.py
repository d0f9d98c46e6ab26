"""How sure a figure is: bootstrap intervals over questions, and paired tests between two runs. All seeded."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

RESAMPLES = 1_000
SEED = 0
SURE = 0.95  # of an interval

Values = npt.NDArray[np.float64]
Statistic = Callable[[Values], float]
"""Columns of values, float64 of shape (columns, questions), to one figure; NaN, as in them, where it does not apply."""


@dataclass(frozen=True, slots=True)
class Interval:
    """A figure, the bounds that a resample stays within with probability ``SURE``, and over how many questions."""

    value: float
    low: float
    high: float
    count: int


@dataclass(frozen=True, slots=True)
class Difference:
    """A figure of one run less that of another on the same questions, its bounds, and how likely chance alone is."""

    value: float
    low: float
    high: float
    p: float


def interval(statistic: Statistic, values: Values) -> Interval:
    """The statistic over the questions it applies to, with the percentile bootstrap (Efron 1979).

    Raises ValueError where it applies to none.
    """
    values = values[:, ~np.isnan(values).any(axis=0)]
    count = values.shape[1]
    if not count:
        raise ValueError("there are no questions to measure: ask some")
    low, high = _bounds(np.array([statistic(values[:, chosen]) for chosen in _samples(count)]))
    return Interval(statistic(values), low, high, count)


def difference(statistic: Statistic, old: Values, new: Values) -> Difference:
    """New less old; columns are the same questions in the same order. ``p`` is two-sided.

    Raises ValueError where the runs are not of the same questions.
    """
    if old.shape != new.shape or not old.shape[1]:
        raise ValueError("only runs of the same questions can be compared: choose reports of one set")
    changes = np.array([statistic(new[:, c]) - statistic(old[:, c]) for c in _samples(old.shape[1])])
    changes = changes[~np.isnan(changes)]
    low, high = _bounds(changes) if len(changes) else (math.nan, math.nan)
    tail = min(np.mean(changes <= 0), np.mean(changes >= 0)) if len(changes) else 1.0
    return Difference(statistic(new) - statistic(old), low, high, float(min(1.0, 2 * tail)))


def mcnemar(old: Sequence[float], new: Sequence[float]) -> float:
    """How likely chance alone changes as many answers one way (exact test, McNemar 1947); values are 0 or 1."""
    gained = sum(1 for before, after in zip(old, new, strict=True) if after > before)
    lost = sum(1 for before, after in zip(old, new, strict=True) if after < before)
    changed, fewer = gained + lost, min(gained, lost)
    return min(1.0, 2 * sum(math.comb(changed, k) for k in range(fewer + 1)) / (1 << changed))


def _samples(count: int) -> npt.NDArray[np.int64]:
    return np.random.default_rng(SEED).integers(0, count, size=(RESAMPLES, count))


def _bounds(found: Values) -> tuple[float, float]:
    low, high = np.quantile(found, [(1 - SURE) / 2, (1 + SURE) / 2])
    return float(low), float(high)
