"""Questions answered from a whole collection: retrieve, then read 1, 5, 10 and 20 passages.

    python -m eval.open_domain COLLECTION [--library DIR] [--reader MODEL] [--limit N]

COLLECTION is a folder with corpus, queries (with ``answer``) and qrels. Prints exact match and F1 by passages read,
and the coverage at which four of five answers are right when the least confident ones are withheld.
"""

from __future__ import annotations

import argparse
import math
import random
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean

from tqdm import tqdm

from eval.collections import read_collection, read_lines
from eval.metrics import coverage_at, exact_match, f1
from eval.retrieval import index_collection
from rag.dense import DenseSearch, FaissIndex
from rag.lexical import KeywordSearch
from rag.models import load_embedder, load_reader
from rag.reading import Candidate, Confidence, ExtractiveReader, weighed
from rag.retrieval import HybridRetriever
from rag.store import Reading, reading

DEPTHS = (1, 5, 10, 20)
TOGETHER = 8  # questions read in one go


@dataclass(frozen=True, slots=True)
class Question:
    """A question and its right answers; none where nothing in the collection answers it."""

    text: str
    gold: list[str]


def main(arguments: Sequence[str] | None = None) -> None:
    """Index the collection where it is not yet, ask, print a table."""
    parser = argparse.ArgumentParser(prog="python -m eval.open_domain", description=__doc__.partition("\n")[0])
    parser.add_argument("collection", type=Path)
    parser.add_argument("--library", type=Path)
    parser.add_argument("--reader", metavar="MODEL")
    parser.add_argument("--limit", type=int, help="a random sample of so many questions")
    options = parser.parse_args(arguments)
    reader = load_reader(options.reader)
    collection = read_collection(options.collection)
    rows = [
        row for row in read_lines(next(options.collection.glob("queries.jsonl*"))) if row["id"] in collection.queries
    ]
    questions = [Question(row["text"], row["answer"] if isinstance(row["answer"], list) else [row["answer"]])
                 for row in rows]  # fmt: skip
    with tempfile.TemporaryDirectory() as scratch:
        library = index_collection(collection, options.library, Path(scratch))
        with reading(library) as view:
            found = collect(sample(questions, options.limit), view, reader, max(DEPTHS))
    print(f"{len(found)} questions\n{'passages':<9} {'EM':>6} {'F1':>6} {'coverage at 80 % right':>23}")
    for depth in DEPTHS:
        print(
            f"{depth:<9} " + "{:>6.4f} {:>6.4f} {:>23.4f}".format(*score(found, depth, reader.confidence)), flush=True
        )


def sample(questions: Sequence[Question], count: int | None) -> list[Question]:
    """A fixed random sample, in random order; all of them without ``count``."""
    return random.Random(0).sample(list(questions), min(count or len(questions), len(questions)))


def collect(
    questions: Sequence[Question], view: Reading, reader: ExtractiveReader, depth: int
) -> list[tuple[Question, list[Candidate]]]:
    """What could answer each question among its ``depth`` best passages."""
    embedder = load_embedder()
    dense = DenseSearch(embedder, FaissIndex.build(*view.vectors()))
    retriever = HybridRetriever(view, dense, KeywordSearch(view.connection))
    found: list[tuple[Question, list[Candidate]]] = []
    with tqdm(total=len(questions), desc="reading", unit=" questions") as bar:
        for start in range(0, len(questions), TOGETHER):
            part = questions[start : start + TOGETHER]
            asked = [(question.text, retriever.retrieve(question.text, depth)) for question in part]
            found += zip(part, reader.candidates(asked), strict=True)
            bar.update(len(part))
    return found


def first(candidates: Sequence[Candidate], depth: int) -> list[Candidate]:
    """What there would be, had only the first ``depth`` passages been read."""
    return weighed([c for c in candidates if c.evidence.rank <= math.log(depth) + 1e-9])


def score(
    found: Sequence[tuple[Question, list[Candidate]]], depth: int, confidence: Confidence
) -> tuple[float, float, float]:
    """Exact match, F1 and coverage at 80 % right, with ``depth`` passages read."""
    exact, overlaps, sure = [], [], []
    for question, candidates in found:
        scored = [(confidence.probability(c.evidence), c.text) for c in first(candidates, depth)]
        probability, given = max(scored, default=(0.0, ""))
        exact.append(exact_match(given, question.gold))
        overlaps.append(f1(given, question.gold))
        sure.append(probability)
    return mean(exact), mean(overlaps), coverage_at(0.8, sure, [value >= 0.5 for value in overlaps])


if __name__ == "__main__":
    main()
