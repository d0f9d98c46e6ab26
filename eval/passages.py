"""How long should a passage be? Retrieval measured for several lengths, reading the same number of characters.

    python -m eval.passages COLLECTION [--articles 60] [--sizes 300 500 800 1200 2000]

The paragraphs of COLLECTION are joined to articles by title and cut anew for each size. A question counts as found
when its paragraph's answer stands in the passages read, best first, within a budget of 4,000 or 8,000 characters.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from tqdm import tqdm

from eval.collections import Collection, read_collection, read_lines
from eval.pools import Pool
from rag.dense import DenseSearch, FaissIndex
from rag.models import load_embedder
from rag.retrieval import CANDIDATES, fuse
from rag.types import Passage

BUDGETS = (4_000, 8_000)  # characters read: five and ten passages of the default size


@dataclass(frozen=True, slots=True)
class Asked:
    """A question and where its answer stands: characters ``start`` to ``end`` of article ``article``."""

    text: str
    article: int
    start: int
    end: int


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure each size and print a table."""
    parser = argparse.ArgumentParser(prog="python -m eval.passages", description=__doc__.partition("\n")[0])
    parser.add_argument("collection", type=Path)
    parser.add_argument("--articles", type=int, default=60)
    parser.add_argument("--sizes", type=int, nargs="+", default=[300, 500, 800, 1200, 2000])
    options = parser.parse_args(arguments)
    answers = {entry["id"]: entry["answer"] for entry in read_lines(next(options.collection.glob("queries.jsonl*")))}
    titles, articles, asked = join(read_collection(options.collection), answers, options.articles)
    print(f"{len(articles)} articles, {len(asked)} questions")
    print("characters  passages  " + "  ".join(f"in {budget:,}" for budget in BUDGETS))
    for size in options.sizes:
        found = measure(Pool(articles, titles, size), asked)
        count = len(Pool(articles, titles, size).passages)
        print(f"{size:>10}  {count:>8}  " + "  ".join(f"{share:8.3f}" for share in found), flush=True)


def join(collection: Collection, answers: dict[str, str], limit: int) -> tuple[list[str], list[str], list[Asked]]:
    """Titles, articles and questions: articles that are asked about come first, others fill up to ``limit``."""
    asked_about = {next(iter(grades)) for grades in collection.relevant.values()}
    paragraphs: dict[str, list[str]] = defaultdict(list)
    for number, (title, _) in collection.documents.items():
        paragraphs[title].append(number)
    titles = sorted(paragraphs, key=lambda title: asked_about.isdisjoint(paragraphs[title]))[:limit]
    articles, places = [], {}
    for article, title in enumerate(titles):
        offset, texts = 0, []
        for number in paragraphs[title]:
            text = collection.documents[number][1].replace("\n", " ")
            places[number] = (article, offset, text)
            texts.append(text)
            offset += len(text) + 1
        articles.append("\n".join(texts))
    asked = []
    for query, text in collection.queries.items():
        article, offset, paragraph = places.get(next(iter(collection.relevant[query])), (-1, 0, ""))
        at = paragraph.find(answers[query])
        if at >= 0:
            asked.append(Asked(text, article, offset + at, offset + at + len(answers[query])))
    return titles, articles, asked


def measure(pool: Pool, asked: Sequence[Asked]) -> list[float]:
    """For each budget, the share of questions whose answer is read."""
    embedder = load_embedder()
    vectors = embedder.embed([passage.search_text for passage in pool.passages])
    dense = DenseSearch(embedder, FaissIndex.build(range(len(pool.passages)), vectors))
    reached = []
    for question in tqdm(asked, leave=False, unit=" questions"):
        fused = fuse(dense.search(question.text, CANDIDATES), pool.keywords.search(question.text, CANDIDATES))
        reached.append(_characters_until(question, [pool.passages[number] for number, _ in fused]))
    return [float(np.mean(np.array(reached) <= budget)) for budget in BUDGETS]


def _characters_until(question: Asked, passages: Sequence[Passage]) -> float:
    """Characters read when the answer has been, in the order of ``passages``."""
    read = 0
    for passage in passages:
        read += passage.end - passage.start
        if passage.document_id == question.article and passage.start <= question.start and question.end <= passage.end:
            return read
    return float("inf")


if __name__ == "__main__":
    main()
