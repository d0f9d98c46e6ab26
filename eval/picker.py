"""Fits the sentence picker: the weights of ``rag.picking.WEIGHTS``, and how far its confidence can be trusted.

    python -m eval.picker QUESTIONS.jsonl.gz... [--questions 1500]

Question files are JSON lines ``{"question", "context", "answers": [{"text", "start"}]}``. Every context becomes
passages of one pool; each question reads the ten best by keywords. For every second question the passages that hold
its answer are taken out, so that the right confidence is low. One half of the questions fits, the other is reported.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Sequence
from dataclasses import astuple, dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from tqdm import tqdm

from eval.collections import read_lines
from eval.metrics import calibration_error
from eval.pools import Pool
from rag.models import load_embedder
from rag.picking import Evidence, Weights, weigh

READ = 10
FEATURES = [field.name for field in fields(Weights) if field.name != "bias"]


@dataclass(frozen=True, slots=True)
class Case:
    """The sentences one question reads, and which of them hold its answer."""

    evidence: list[Evidence]
    holds: list[bool]


def main(arguments: Sequence[str] | None = None) -> None:
    """Fit, report on the other half, print the weights to put into rag/picking.py."""
    parser = argparse.ArgumentParser(prog="python -m eval.picker", description=__doc__.partition("\n")[0])
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--questions", type=int, default=1500)
    options = parser.parse_args(arguments)
    rows = [row for file in options.files for row in read_lines(file)]
    cases = [case for case in collect(rows, options.questions) if case.evidence]
    half = len(cases) // 2
    weights = fit(cases[:half])
    print("WEIGHTS =", Weights(*(round(value, 2) for value in astuple(weights))))
    report(cases[half:], weights)


def collect(rows: list[dict[str, Any]], count: int) -> list[Case]:
    """Cases for a fixed random sample of the questions."""
    contexts = list(dict.fromkeys(row["context"] for row in rows))
    pool = Pool(contexts)
    number_of = {context: number for number, context in enumerate(contexts)}
    embedder = load_embedder()
    sample = random.Random(0).sample(rows, min(count, len(rows)))
    cases = []
    for position, row in enumerate(tqdm(sample, desc="reading", unit=" questions")):
        hits = [pool.passages[i] for i, _ in pool.keywords.search(row["question"], 3 * READ)]
        spans = [(number_of[row["context"]], a["start"], a["start"] + len(a["text"])) for a in row["answers"]]
        if position % 2:
            texts = [answer["text"].casefold() for answer in row["answers"]]
            hits = [hit for hit in hits if not any(text in hit.text.casefold() for text in texts)]
        evidence = weigh(row["question"], hits[:READ], embedder)
        cases.append(Case(evidence, [any(_overlaps(found, *span) for span in spans) for found in evidence]))
    return cases


def _overlaps(found: Evidence, number: int, start: int, end: int) -> bool:
    return found.passage.document_id == number and found.start < end and start < found.end


def _features(evidence: Sequence[Evidence]) -> np.ndarray:
    return np.array([[getattr(found, name) for name in FEATURES] for found in evidence])


def fit(cases: Sequence[Case]) -> Weights:
    """Weights that rank the sentences, then scaled so that the best one's score is a probability."""
    features = np.concatenate([_features(case.evidence) for case in cases])
    ranking = LogisticRegression(max_iter=1000).fit(features, np.concatenate([case.holds for case in cases]))
    best = [(scores.max(), case.holds[int(scores.argmax())]) for case, scores in _scored(cases, ranking.coef_[0])]
    scale = LogisticRegression().fit([[score] for score, _ in best], [right for _, right in best])
    slope = float(scale.coef_[0][0])
    return Weights(float(scale.intercept_[0]), *(float(value) * slope for value in ranking.coef_[0]))


def _scored(cases: Sequence[Case], coefficients: np.ndarray) -> list[tuple[Case, np.ndarray]]:
    return [(case, _features(case.evidence) @ coefficients) for case in cases]


def report(cases: Sequence[Case], weights: Weights) -> None:
    """How often the best sentence holds the answer, and whether its confidence says so."""
    chosen = [max(zip(case.evidence, case.holds, strict=True), key=lambda e: e[0].logit(weights)) for case in cases]
    confidence = np.array([1 / (1 + np.exp(-found.logit(weights))) for found, _ in chosen])
    right = np.array([holds for _, holds in chosen])
    readable = [any(case.holds) for case in cases]
    print(f"best sentence right where one was: {right.sum() / sum(readable):.3f} of {sum(readable)}")
    print(f"AUC of its confidence: {roc_auc_score(right, confidence):.3f}")
    print(f"calibration error: {calibration_error(confidence.tolist(), right.tolist()):.3f}")
    for threshold in (0.2, 0.3, 0.4, 0.5, 0.6):
        answered = confidence >= threshold
        wrong = 1 - right[answered].mean()
        print(f"  answered from {threshold}: {answered.mean():.2f} of all, {wrong:.2f} of them wrong")


if __name__ == "__main__":
    main()
