"""Both searches under one filter, fused; the same words not shown twice.

Fusion is a weighted sum of scores brought to [0, 1] over each search's own candidates. Measured on 3,068 questions
over 21,179 paragraphs by ``python -m eval.retrieval``, hit@1 and hit@5: keywords 0.748 and 0.908, dense 0.555 and
0.793, reciprocal ranks (k = 60, equal weights) 0.677 and 0.900, reciprocal ranks at their best (k = 10, dense 0.4)
0.717 and 0.928, this sum 0.756 and 0.931.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from rag.types import Hit, Passage, SearchFilter

if TYPE_CHECKING:
    from rag.seams import PassageSearch
    from rag.store import Reading

CANDIDATES = 50  # taken from each search
DENSE_WEIGHT = 0.4  # the rest is the keyword search's; 0.3 to 0.5 differ by under one point of hit@5
_SAME_WORDS = 0.9  # passages that share this much of their three-word runs, and all figures, say the same

Scored = list[tuple[int, float]]


class HybridRetriever:
    """Dense and keyword search over one view of a library."""

    def __init__(self, view: Reading, dense: PassageSearch, lexical: PassageSearch) -> None:
        self._view = view
        self._dense = dense
        self._lexical = lexical

    def retrieve(self, query: str, top_k: int, wanted: SearchFilter | None = None) -> list[Hit]:
        """The best ``top_k`` passages, best first; the filter is applied before the cut."""
        allowed = None if wanted is None else self._view.allowed(wanted)
        depth = max(CANDIDATES, 2 * top_k)
        dense = self._dense.search(query, depth, allowed)
        lexical = self._lexical.search(query, depth, allowed)
        fused = fuse(dense, lexical)[: 3 * top_k]  # enough to leave top_k when repetitions are gone
        passages = {p.id: p for p in self._view.passages(number for number, _ in fused)}
        hits = _with_ranks([(passages[number], score) for number, score in fused], dense, lexical)
        return _distinct(hits, top_k)


def fuse(dense: Scored, lexical: Scored, dense_weight: float = DENSE_WEIGHT) -> Scored:
    """Weighted sum of min-max scores; a passage that one search did not return gets nothing from it."""
    fused: dict[int, float] = {}
    for weight, scored in ((dense_weight, dense), (1 - dense_weight, lexical)):
        lowest, highest = min((s for _, s in scored), default=0.0), max((s for _, s in scored), default=0.0)
        for number, score in scored:
            share = (score - lowest) / (highest - lowest) if highest > lowest else 1.0
            fused[number] = fused.get(number, 0.0) + weight * share
    return sorted(fused.items(), key=lambda entry: (-entry[1], entry[0]))


def _with_ranks(fused: Sequence[tuple[Passage, float]], dense: Scored, lexical: Scored) -> list[Hit]:
    dense_at = {number: (rank, score) for rank, (number, score) in enumerate(dense, 1)}
    lexical_at = {number: (rank, score) for rank, (number, score) in enumerate(lexical, 1)}
    hits = []
    for passage, score in fused:
        dense_rank, dense_score = dense_at.get(passage.id, (None, None))
        lexical_rank, lexical_score = lexical_at.get(passage.id, (None, None))
        hits.append(Hit(passage, score, dense_rank, lexical_rank, dense_score, lexical_score))
    return hits


def _distinct(hits: Sequence[Hit], top_k: int) -> list[Hit]:
    """The first ``top_k`` hits without those that only repeat a better one.

    Figures count: "over 130 000 approved" and "over 160 000 approved" are two statements, not one.
    """
    kept: list[tuple[Hit, set[str], list[str]]] = []
    for hit in hits:
        words = re.findall(r"\w+", hit.passage.text.casefold())
        figures = [word for word in words if word.isdigit()]
        runs = {" ".join(words[i : i + 3]) for i in range(max(1, len(words) - 2))}
        same = any(figures == others and len(runs & seen) >= _SAME_WORDS * len(runs | seen) for _, seen, others in kept)
        if not same:
            kept.append((hit, runs, figures))
        if len(kept) == top_k:
            break
    return [hit for hit, _, _ in kept]
