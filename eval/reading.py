"""The reader alone, on questions that come with their passage (SQuAD 1.1 and 2.0, TyDi GoldP and the like).

    python -m eval.reading FILE... [--reader MODEL] [--limit N]

FILEs are JSON lines ``{"question", "context", "answers": [{"text"}]}``, gzipped or not. Prints exact match and F1 over
the answerable questions, and where a file has unanswerable ones the SQuAD 2.0 F1 over all at the best single
threshold and the area under the curve for answerable against not.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean
from typing import Any

from sklearn.metrics import roc_auc_score
from tqdm import tqdm

from eval.collections import read_lines
from eval.metrics import best_threshold, exact_match, f1
from rag.models import load_reader
from rag.reading import Candidate, ExtractiveReader
from rag.types import Hit, Passage

TOGETHER = 64  # questions read in one go


@dataclass(frozen=True, slots=True)
class Reading:
    """What the reader made of one question: its best words, and the margins it had for them."""

    gold: list[str]
    given: str
    margin: float
    answerable: float

    @property
    def score(self) -> float:
        """That there is an answer: both heads have a say."""
        return self.margin / 2 + self.answerable


def main(arguments: Sequence[str] | None = None) -> None:
    """Read each file and print one line for it."""
    parser = argparse.ArgumentParser(prog="python -m eval.reading", description=__doc__.partition("\n")[0])
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--reader", metavar="MODEL", help="folder or hub name (default: the one shipped)")
    parser.add_argument("--limit", type=int, default=1_000_000, help="questions a file")
    options = parser.parse_args(arguments)
    reader = load_reader(options.reader)
    print(f"{'file':<34} {'asked':>6} {'F1':>6} {'EM':>6} {'F1 of all':>9} {'AUC':>6} {'margin':>6} {'head':>6}")
    for file in options.files:
        rows = list(read_lines(file))[: options.limit]
        figures = summarise(list(read(rows, reader)))
        print(f"{file.name:<34} {len(rows):>6} " + " ".join(f"{value:>6.4f}" for value in figures), flush=True)


def read(rows: Sequence[dict[str, Any]], reader: ExtractiveReader) -> Iterator[Reading]:
    """Each question over its own passage, which counts as found."""
    with tqdm(total=len(rows), unit=" questions", leave=False) as bar:
        for start in range(0, len(rows), TOGETHER):
            part = rows[start : start + TOGETHER]
            asked = [(row["question"], [as_hit(row["context"])]) for row in part]
            for row, candidates in zip(part, reader.candidates(asked), strict=True):
                best: Candidate | None = max(candidates, key=lambda c: c.evidence.margin, default=None)
                gold = [answer["text"] for answer in row["answers"]]
                if best is None:
                    yield Reading(gold, "", -100.0, -100.0)
                else:
                    yield Reading(gold, best.text, best.evidence.margin, best.evidence.answerable)
            bar.update(len(part))


def as_hit(context: str) -> Hit:
    """A passage of its own."""
    return Hit(Passage(0, 0, 0, len(context), context, ((0, len(context)),)), 1.0)


def summarise(readings: Sequence[Reading]) -> list[float]:
    """F1 and EM on the answerable; SQuAD 2.0 F1 and the areas where some are not."""
    answerable = [reading for reading in readings if reading.gold]
    figures = [mean(f1(r.given, r.gold) for r in answerable), mean(exact_match(r.given, r.gold) for r in answerable)]
    if len(answerable) < len(readings):
        answered = [f1(r.given, r.gold) for r in readings]
        silent = [float(not r.gold) for r in readings]
        figures.append(best_threshold([r.score for r in readings], answered, silent)[0])
        has = [bool(r.gold) for r in readings]
        figures += [
            float(roc_auc_score(has, values))
            for values in (
                [r.score for r in readings],
                [r.margin for r in readings],
                [r.answerable for r in readings],
            )
        ]
    return figures


if __name__ == "__main__":
    main()
