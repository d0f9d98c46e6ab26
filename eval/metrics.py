"""Metrics of one ranking against graded relevance, each in [0, 1]."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence


def hit(ranking: Sequence[str], grades: Mapping[str, int], k: int) -> float:
    """1 where a relevant document is among the first ``k``."""
    return float(any(grades.get(document, 0) > 0 for document in ranking[:k]))


def reciprocal_rank(ranking: Sequence[str], grades: Mapping[str, int]) -> float:
    """One over the rank of the first relevant document; 0 where there is none."""
    return next((1 / rank for rank, document in enumerate(ranking, 1) if grades.get(document, 0) > 0), 0.0)


def ndcg(ranking: Sequence[str], grades: Mapping[str, int], k: int = 10) -> float:
    """Normalised discounted cumulative gain with linear gains (Järvelin and Kekäläinen 2002)."""
    gains = [grades.get(document, 0) for document in ranking[:k]]
    best = sorted(grades.values(), reverse=True)[:k]
    return _discounted(gains) / _discounted(best) if best else 0.0


def _discounted(gains: Sequence[int]) -> float:
    return sum(gain / math.log2(rank + 1) for rank, gain in enumerate(gains, 1))
