"""Whether the support score knows better than the reader that a passage does not answer.

    python -m eval.verifying FILE [--limit N] [--support FOLDER]

FILE is as in eval.reading, with unanswerable questions. The reader's best words are put behind the question, and the
support score judges both against the passage. Prints the area under the curve and the best F1 over all of the reader's
no-answer score, of the support score, and of a logistic model of both that is fitted on the first half of the file (by
passages) and judged on the second, and the other way round.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from eval.collections import read_lines
from eval.metrics import best_threshold, f1
from eval.reading import TOGETHER, Reading, read
from rag.models import READER, SUPPORT, load_reader
from rag.support import SupportScorer

Floats = NDArray[np.float64]


def main(arguments: Sequence[str] | None = None) -> None:
    """Read, verify, compare."""
    parser = argparse.ArgumentParser(prog="python -m eval.verifying", description=__doc__.partition("\n")[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--limit", type=int, default=1_000_000)
    parser.add_argument("--support", type=Path, default=SUPPORT, help="folder of the score (default: the one shipped)")
    options = parser.parse_args(arguments)
    rows = list(read_lines(options.file))[: options.limit]
    readings = list(read(rows, load_reader()))
    scorer = SupportScorer(READER, options.support)
    pairs = [
        (f"{row['question'].strip()} {one.given}", row["context"]) for row, one in zip(rows, readings, strict=True)
    ]
    scores = [score for at in range(0, len(pairs), TOGETHER) for score in scorer.scores(pairs[at : at + TOGETHER])]
    support = np.array([math.log(score + 1e-6) - math.log(1 - score + 1e-6) for score in scores])
    reader = np.array([one.score for one in readings])
    contexts = [row["context"] for row in rows]
    middle = contexts.index(contexts[len(contexts) // 2])
    halves = np.arange(len(rows)) < middle
    for name, values in (
        ("reader", reader),
        ("support", support),
        ("both", crossed(reader, support, readings, halves)),
    ):
        print(f"{name:<8} {figures(readings, values)}")


def crossed(reader: Floats, support: Floats, readings: Sequence[Reading], first: NDArray[np.bool_]) -> Floats:
    """A logistic model of both scores, each half judged by the weights of the other."""
    features = np.stack([reader, support], axis=1)
    answerable = np.array([bool(one.gold) for one in readings])
    found = np.zeros(len(readings))
    for part in (first, ~first):
        model = LogisticRegression().fit(features[~part], answerable[~part])
        print(
            f"weights: reader {model.coef_[0][0]:.3f}, support {model.coef_[0][1]:.3f}, bias {model.intercept_[0]:.3f}"
        )
        found[part] = model.decision_function(features[part])
    return found


def figures(readings: Sequence[Reading], values: Floats) -> str:
    """AUC answerable or not, and F1 over all at the best threshold."""
    answered = [f1(one.given, one.gold) for one in readings]
    silent = [float(not one.gold) for one in readings]
    auc = roc_auc_score([bool(one.gold) for one in readings], values)
    best = best_threshold(list(values), answered, silent)[0]
    return f"AUC {auc:.4f}, F1 of all {best:.4f}"


if __name__ == "__main__":
    main()
