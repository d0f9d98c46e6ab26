"""Public test collections as this project stores them: documents, queries, relevance; and question sets."""

from __future__ import annotations

import csv
import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Collection:
    """A retrieval test collection. ``relevant`` maps a query's id to the grades of its documents."""

    documents: dict[str, tuple[str, str]]  # id -> (title, text)
    queries: dict[str, str]
    relevant: dict[str, dict[str, int]]


def read_lines(path: Path) -> Iterator[dict[str, Any]]:
    """The objects of a JSON-lines file, gzipped or not."""
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def read_collection(folder: Path) -> Collection:
    """A folder with ``corpus.jsonl[.gz]``, ``queries.jsonl[.gz]`` and ``qrels.tsv``, or BEIR's ``qrels/test.tsv``.

    Only judged queries are kept.
    """
    relevant: dict[str, dict[str, int]] = {}
    judged = folder / "qrels.tsv"
    with (judged if judged.exists() else folder / "qrels" / "test.tsv").open(encoding="utf-8", newline="") as table:
        for query, document, grade in list(csv.reader(table, delimiter="\t"))[1:]:
            if int(grade) > 0:
                relevant.setdefault(query, {})[document] = int(grade)
    corpus, queries = (next(folder.glob(f"{name}.jsonl*")) for name in ("corpus", "queries"))
    return Collection(
        {_id(entry): (entry.get("title", ""), entry["text"]) for entry in read_lines(corpus)},
        {_id(entry): entry["text"] for entry in read_lines(queries) if _id(entry) in relevant},
        relevant,
    )


def _id(entry: dict[str, Any]) -> str:
    return str(entry["id"] if "id" in entry else entry["_id"])


def write_documents(collection: Collection, folder: Path) -> None:
    """Each document as a Markdown file named by its id, so that the product's own way in is what is measured."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, (title, text) in collection.documents.items():
        body = text if not title or text.startswith(title) else f"# {title}\n\n{text}"
        (folder / f"{number}.md").write_text(body, encoding="utf-8")
