"""Retrieval measured on a public collection, through the product's own way in.

    python -m eval.retrieval COLLECTION [--library DIR]

COLLECTION is a folder with corpus.jsonl[.gz], queries.jsonl[.gz] and qrels.tsv. Prints hit@1, @5, @20, MRR and
nDCG@10 for dense search, keyword search, their fusion, and reciprocal rank fusion to compare with. With ``--library``
the indexed collection is kept there.
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
from rag.retrieval import CANDIDATES, DENSE_WEIGHT, Scored, fuse
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
        library = index_collection(collection, options.library, Path(scratch))
        with reading(library) as view:
            runs = search_all(collection, view)
    print(f"{len(collection.queries)} queries")
    print(f"{'search':<8} {'hit@1':>7} {'hit@5':>7} {'hit@20':>7} {'MRR':>7} {'nDCG@10':>7}")
    for name, run in runs.items():
        print(f"{name:<8} " + " ".join(f"{value:>7.4f}" for value in score(run, collection)))


def index_collection(collection: Collection, library: Path | None, scratch: Path) -> Path:
    """The indexed collection: the library named, where it is there already."""
    library = library or scratch / "library"
    if not library.exists():
        write_documents(collection, scratch / "documents")
        with tqdm(total=len(collection.documents), desc="indexing", unit=" documents") as bar:
            report = index(scratch / "documents", library, progress=lambda done, total, source: bar.update(1) and None)
        print(f"indexed {len(report.added)} documents, {report.passages} passages in {report.seconds:.0f} s")
    return library


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
    runs: dict[str, Run] = {name: {} for name in ("dense", "keyword", "hybrid", "RRF k=60", "RRF k=10")}
    for query, text in tqdm(collection.queries.items(), desc="searching", unit=" queries"):
        found = {"dense": dense.search(text, DEPTH), "keyword": lexical.search(text, DEPTH)}
        pair = found["dense"][:CANDIDATES], found["keyword"][:CANDIDATES]
        found["hybrid"] = fuse(*pair)
        found["RRF k=60"] = reciprocal_ranks(*pair, k=60, dense_weight=0.5)
        found["RRF k=10"] = reciprocal_ranks(*pair, k=10, dense_weight=DENSE_WEIGHT)
        for name, scored in found.items():
            runs[name][query] = list(dict.fromkeys(document_of[passage] for passage, _ in scored))
    return runs


def reciprocal_ranks(dense: Scored, lexical: Scored, k: int, dense_weight: float) -> Scored:
    """Reciprocal rank fusion (Cormack, Clarke and Büttcher 2009), weighted."""
    fused: dict[int, float] = {}
    for weight, scored in ((dense_weight, dense), (1 - dense_weight, lexical)):
        for rank, (number, _) in enumerate(scored, 1):
            fused[number] = fused.get(number, 0.0) + weight / (k + rank)
    return sorted(fused.items(), key=lambda entry: -entry[1])


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
