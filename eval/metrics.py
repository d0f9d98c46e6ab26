"""Metrics: a ranking against graded relevance, an answer against right ones, a confidence against the outcome."""

from __future__ import annotations

import math
import re
import string
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import mean

from rag.lexical import index_text
from rag.quantities import same_number


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


def normalised(answer: str) -> str:
    """An answer as SQuAD compares it: lower case, without punctuation and articles, single spaces."""
    kept = "".join(character for character in answer.lower() if character not in string.punctuation)
    return " ".join(re.sub(r"\b(?:a|an|the)\b", " ", kept).split())


def exact_match(given: str, gold: Sequence[str]) -> float:
    """1 where the answer is one of the right ones; with no right one, 1 for the empty answer."""
    return max((float(normalised(given) == normalised(answer)) for answer in gold), default=float(not given))


def f1(given: str, gold: Sequence[str]) -> float:
    """Best word overlap with a right answer; with no right one, 1 for the empty answer (SQuAD 2.0)."""
    return max((_overlap(normalised(given).split(), normalised(answer).split()) for answer in gold),
               default=float(not given))  # fmt: skip


def _overlap(given: Sequence[str], gold: Sequence[str]) -> float:
    if not given or not gold:
        return float(given == gold)
    common = sum((Counter(given) & Counter(gold)).values())
    return 2 * common / (len(given) + len(gold))


def agreement(given: str, gold: Sequence[str]) -> tuple[float, float]:
    """Exact match and F1, where equal figures are equal however they are written: "260,000", "0.26 million".

    Else as SQuAD compares, with "260 000" as one word.
    """
    if any(same_number(given, answer) and _bare(given, answer) for answer in gold):
        return 1.0, 1.0
    given, gold = index_text(given), [index_text(answer) for answer in gold]
    return exact_match(given, gold), f1(given, gold)


def _bare(given: str, answer: str) -> bool:
    """Whether both are a figure with little beside it: a sentence about a figure is not that figure."""
    return max(len(normalised(index_text(words)).split()) for words in (given, answer)) <= 4


def set_f1(given: Sequence[str], gold: Sequence[str]) -> float:
    """F1 of a list: a member given counts where it holds a right one, a right one where some member given holds it."""
    if not given or not gold:
        return float(not given and not gold)
    precision = mean(float(any(holds(member, right) for right in gold)) for member in given)
    recall = mean(float(any(holds(member, right) for member in given)) for right in gold)
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def holds(text: str, words: str) -> bool:
    """Whether the words stand in the text as whole words, without regard to case, articles and digit grouping."""
    return re.search(rf"(?<!\w){re.escape(_folded(words))}(?!\w)", _folded(text)) is not None


def _folded(text: str) -> str:
    text = index_text(text.replace("\u200b", "")).casefold().replace("’", "'")
    return " ".join(re.sub(r"\b(?:a|an|the)\b", " ", text).split())


def best_threshold(
    confidence: Sequence[float], answered: Sequence[float], silent: Sequence[float]
) -> tuple[float, float]:
    """The mean score at the best single threshold, and that threshold.

    ``answered`` and ``silent`` are a question's scores for answering and for abstaining.
    """
    order = sorted(range(len(confidence)), key=lambda i: -confidence[i])
    total = best = sum(silent)
    threshold = math.inf
    for place, i in enumerate(order):
        total += answered[i] - silent[i]
        tied = place + 1 < len(order) and confidence[order[place + 1]] == confidence[i]
        if total > best and not tied:
            best, threshold = total, confidence[i]
    return best / len(confidence), threshold


@dataclass(frozen=True, slots=True)
class Bin:
    """Answers of like confidence: the mean of it, the share of them that are right, and how many they are."""

    confidence: float
    right: float
    count: int


def reliability(confidence: Sequence[float], right: Sequence[float], bins: int = 10) -> list[Bin]:
    """Bins of equal width over the confidence, from the least to the most; empty ones are left out."""
    placed: dict[int, list[tuple[float, float]]] = {}
    for value, truth in zip(confidence, right, strict=True):
        placed.setdefault(min(int(value * bins), bins - 1), []).append((value, truth))
    return [
        Bin(mean(v for v, _ in group), mean(t for _, t in group), len(group)) for _, group in sorted(placed.items())
    ]


def calibration_error(confidence: Sequence[float], right: Sequence[float], bins: int = 10) -> float:
    """Expected calibration error over bins of equal width (Guo et al. 2017)."""
    found = reliability(confidence, right, bins)
    return sum(abs(bin.confidence - bin.right) * bin.count for bin in found) / max(len(confidence), 1)


def risk_coverage(confidence: Sequence[float], right: Sequence[float]) -> list[tuple[float, float]]:
    """``(coverage, share wrong)`` as the threshold falls from the surest answer to the least sure."""
    order = sorted(zip(confidence, right, strict=True), key=lambda pair: -pair[0])
    points, wrong = [], 0.0
    for place, (_, truth) in enumerate(order, 1):
        wrong += 1 - truth
        points.append((place / len(order), wrong / place))
    return points


def risk_area(confidence: Sequence[float], right: Sequence[float]) -> float:
    """Area under risk against coverage: the share wrong, averaged over all coverages (Geifman and El-Yaniv 2017)."""
    return mean(wrong for _, wrong in risk_coverage(confidence, right)) if len(confidence) else 0.0


def coverage_at(share: float, confidence: Sequence[float], right: Sequence[float]) -> float:
    """The largest coverage at which at least ``share`` of the answers are right."""
    return max((c for c, wrong in risk_coverage(confidence, right) if 1 - wrong >= share), default=0.0)
