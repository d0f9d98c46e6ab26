"""What a confidence is worth: fits it, and draws reliability and risk against coverage.

    python -m eval.confidence COLLECTION QUESTIONS [--library DIR] [--reader MODEL] [--limit N] [--fit] [--plots DIR]

Every question of QUESTIONS (JSON lines with ``question``, ``context`` and ``answers``, none where the passage it was
asked of does not answer it) is put to the whole of COLLECTION. Half of them, by passage, may fit; the other half is
reported. ``--fit`` writes ``confidence.json`` beside the reader's model.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, fields
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from eval.collections import read_collection, read_lines
from eval.metrics import calibration_error, coverage_at, f1, reliability, risk_coverage
from eval.open_domain import Question, collect, sample
from eval.retrieval import index_collection
from rag.models import READER, load_reader
from rag.reading import Candidate, Confidence, Evidence
from rag.store import reading

READ = 10  # passages, as the product does
CONSIDERED = 5  # candidates a question that take part in fitting
SET = ("other_verb", "same_stage")  # weights set by hand
NAMES = [field.name for field in fields(Evidence) if field.name not in SET]
RIGHT = 0.5  # from this F1 on an answer counts as right

Case = tuple[Question, list[Candidate]]


def main(arguments: Sequence[str] | None = None) -> None:
    """Collect, fit on one half where asked to, report on the other."""
    parser = argparse.ArgumentParser(prog="python -m eval.confidence", description=__doc__.partition("\n")[0])
    parser.add_argument("collection", type=Path)
    parser.add_argument("questions", type=Path)
    parser.add_argument("--library", type=Path)
    parser.add_argument("--reader", metavar="MODEL")
    parser.add_argument("--limit", type=int)
    parser.add_argument("--fit", action="store_true")
    parser.add_argument("--plots", type=Path, help="folder for reliability.png and risk_coverage.png")
    options = parser.parse_args(arguments)
    reader = load_reader(options.reader)
    halves = split(options.questions, options.limit)
    with tempfile.TemporaryDirectory() as scratch:
        library = index_collection(read_collection(options.collection), options.library, Path(scratch))
        with reading(library) as view:
            fitting = collect(halves[0], view, reader, READ) if options.fit else []
            held = collect(halves[1], view, reader, READ)
    confidence = reader.confidence
    if options.fit:
        confidence = fit(fitting)
        file = Path(options.reader or READER) / "confidence.json"
        file.write_text(json.dumps({k: round(v, 4) for k, v in asdict(confidence).items()}, indent=2) + "\n", "utf-8")
        print(file.read_text("utf-8"))
    report(held, confidence, options.plots)


def split(file: Path, limit: int | None) -> tuple[list[Question], list[Question]]:
    """Two halves that share no passage."""
    halves: tuple[list[Question], list[Question]] = [], []
    for row in read_lines(file):
        digest = hashlib.sha256(row["context"].encode()).digest()[0]
        halves[digest % 2].append(Question(row["question"], [answer["text"] for answer in row["answers"]]))
    each = None if limit is None else limit // 2
    return sample(halves[0], each), sample(halves[1], each)


def is_right(question: Question, candidate: Candidate) -> bool:
    """Whether the words overlap enough with a right answer; never where there is none."""
    return bool(question.gold) and f1(candidate.text, question.gold) >= RIGHT


def fit(cases: Sequence[Case]) -> Confidence:
    """Weights that tell right candidates from wrong, then scaled so that the best one's score is a probability."""
    rows, right = [], []
    for question, candidates in cases:
        for candidate in sorted(candidates, key=lambda c: -c.evidence.margin)[:CONSIDERED]:
            rows.append([getattr(candidate.evidence, name) for name in NAMES])
            right.append(is_right(question, candidate))
    ranking = LogisticRegression(max_iter=2000).fit(rows, right)
    weights = dict(zip(NAMES, map(float, ranking.coef_[0]), strict=True))
    ranked = Confidence(float(ranking.intercept_[0]), **dict.fromkeys(SET, 0.0), **weights)
    best = [
        (max(candidates, key=lambda c: ranked.logit(c.evidence)), question)
        for question, candidates in cases
        if candidates
    ]
    scale = LogisticRegression().fit([[ranked.logit(c.evidence)] for c, _ in best], [is_right(q, c) for c, q in best])
    slope, shift = float(scale.coef_[0][0]), float(scale.intercept_[0])
    scaled = {name: weight * slope for name, weight in weights.items()}
    return Confidence(ranked.bias * slope + shift, **scaled)


def report(cases: Sequence[Case], confidence: Confidence, plots: Path | None) -> None:
    """How far the confidence of the best candidate can be trusted."""
    chosen = [
        (max(((confidence.probability(c.evidence), is_right(q, c)) for c in candidates), default=(0.0, False)), q)
        for q, candidates in cases
    ]
    sure, right = [p for (p, _), _ in chosen], [float(r) for (_, r), _ in chosen]
    answerable = [bool(question.gold) for _, question in chosen]
    print(
        f"{len(cases)} questions, {sum(answerable)} of them answerable; {np.mean(right):.3f} right if all are answered"
    )
    print(f"calibration error        {calibration_error(sure, right):.4f}")
    print(f"AUC right against wrong  {roc_auc_score(right, sure):.4f}")
    only = [i for i, has in enumerate(answerable) if has]
    for name, part in (("all", range(len(sure))), ("answerable", only)):
        coverage = coverage_at(0.8, [sure[i] for i in part], [right[i] for i in part])
        print(f"coverage at 80 % right   {coverage:.4f} of {name}")
    print("threshold  answered  wrong of these  refused of unanswerable  refused of answerable")
    for threshold in (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7):
        given = [p >= threshold for p in sure]
        wrong = 1 - np.mean([r for r, g in zip(right, given, strict=True) if g] or [1])
        silent = [np.mean([not g for g, a in zip(given, answerable, strict=True) if a is has]) for has in (False, True)]
        print(f"{threshold:>9}  {np.mean(given):>8.3f}  {wrong:>14.3f}  {silent[0]:>23.3f}  {silent[1]:>21.3f}")
    if plots:
        draw(sure, right, plots)


def draw(sure: Sequence[float], right: Sequence[float], folder: Path) -> None:
    """``reliability.png`` and ``risk_coverage.png``."""
    import matplotlib as mpl

    mpl.use("agg")
    from matplotlib import pyplot as plt

    folder.mkdir(parents=True, exist_ok=True)
    figure, axes = plt.subplots(figsize=(5, 5), layout="constrained")
    bins = reliability(sure, right)
    axes.plot([0, 1], [0, 1], ":", color="grey", label="as sure as right")
    sizes = [20 + 400 * bin.count / len(sure) for bin in bins]
    axes.scatter([bin.confidence for bin in bins], [bin.right for bin in bins], s=sizes)
    axes.plot([bin.confidence for bin in bins], [bin.right for bin in bins])
    axes.set(xlabel="confidence", ylabel="share right", xlim=(0, 1), ylim=(0, 1),
             title=f"Reliability: error {calibration_error(sure, right):.3f}, {len(sure):,} questions")  # fmt: skip
    axes.legend()
    figure.savefig(folder / "reliability.png", dpi=120)
    figure, axes = plt.subplots(figsize=(6, 4), layout="constrained")
    points = risk_coverage(sure, right)
    axes.plot([c for c, _ in points], [wrong for _, wrong in points])
    axes.set(xlabel="share of questions answered", ylabel="share of answers wrong", xlim=(0, 1), ylim=(0, None),
             title="Risk against coverage")  # fmt: skip
    axes.grid(alpha=0.3)
    figure.savefig(folder / "risk_coverage.png", dpi=120)


if __name__ == "__main__":
    main()
