"""Retrieval measured on a public collection, through the product's own way in.

    python -m eval.retrieval COLLECTION [--library DIR]

COLLECTION is a folder with corpus.jsonl[.gz], queries.jsonl[.gz] and qrels.tsv. Prints hit@1, @5, @20, MRR and
nDCG@10 for dense search, keyword search and their fusion. With ``--library`` the indexed collection is kept there.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import mean

from tqdm import tqdm

from eval.collections import Collection, read_collection, write_documents
from eval.metrics import hit, ndcg, reciprocal_rank
from rag.dense import DenseSearch, FaissIndex
from rag.indexing import index
from rag.lexical import KeywordSearch
from rag.models import load_embedder
from rag.retrieval import fuse
from rag.seams import PassageSearch
from rag.store import Reading, reading

DEPTH = 100  # passages taken from each search
Run = dict[str, list[str]]


def main(arguments: Sequence[str] | None = None) -> None:
    """Index the collection where it is not yet, run the three searches, print a table."""
    parser = argparse.ArgumentParser(prog="python -m eval.retrieval", description=__doc__.partition("\n")[0])
    parser.add_argument("collection", type=Path)
    parser.add_argument("--library", type=Path)
    options = parser.parse_args(arguments)
    collection = read_collection(options.collection)
    with tempfile.TemporaryDirectory() as scratch:
        library = options.library or Path(scratch) / "library"
        if not library.exists():
            _index(collection, Path(scratch) / "documents", library)
        with reading(library) as view:
            runs = search_all(collection, view)
    print(f"{len(collection.queries)} queries")
    print(f"{'search':<8} {'hit@1':>7} {'hit@5':>7} {'hit@20':>7} {'MRR':>7} {'nDCG@10':>7}")
    for name, run in runs.items():
        print(f"{name:<8} " + " ".join(f"{value:>7.4f}" for value in score(run, collection)))


def _index(collection: Collection, documents: Path, library: Path) -> None:
    write_documents(collection, documents)
    with tqdm(total=len(collection.documents), desc="indexing", unit=" documents") as bar:
        report = index(documents, library, progress=lambda done, total, source: bar.update(1) and None)
    print(f"indexed {len(report.added)} documents, {report.passages} passages in {report.seconds:.0f} s")


def search_all(collection: Collection, view: Reading) -> dict[str, Run]:
    """Rankings of documents by query, for each way to search."""
    ids, vectors = view.vectors()
    dense = DenseSearch(load_embedder(), FaissIndex.build(ids, vectors))
    lexical = KeywordSearch(view.connection)
    document_of = {
        passage: Path(source).stem
        for passage, source in view.connection.execute(
            "SELECT p.id, d.source FROM passages p JOIN documents d ON d.id = p.document_id"
        )
    }
    runs: dict[str, Run] = {"dense": {}, "keyword": {}, "hybrid": {}}
    for query, text in tqdm(collection.queries.items(), desc="searching", unit=" queries"):
        found = {"dense": _search(dense, text), "keyword": _search(lexical, text)}
        found["hybrid"] = fuse(found["dense"][:50], found["keyword"][:50])
        for name, scored in found.items():
            runs[name][query] = list(dict.fromkeys(document_of[passage] for passage, _ in scored))
    return runs


def _search(search: PassageSearch, text: str) -> list[tuple[int, float]]:
    return search.search(text, DEPTH)


def score(run: Run, collection: Collection) -> tuple[float, ...]:
    """hit@1, hit@5, hit@20, MRR and nDCG@10 over all judged queries."""
    metrics: list[Callable[[list[str], dict[str, int]], float]] = [
        lambda ranking, grades: hit(ranking, grades, 1),
        lambda ranking, grades: hit(ranking, grades, 5),
        lambda ranking, grades: hit(ranking, grades, 20),
        reciprocal_rank,
        ndcg,
    ]
    return tuple(mean(metric(run[query], collection.relevant[query]) for query in run) for metric in metrics)


if __name__ == "__main__":
    main()
