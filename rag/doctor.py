"""Is everything here that answers need? Each finding says what to do where the answer is no."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rag.errors import LibraryNotFound, RagError
from rag.models import load_embedder, load_reader
from rag.store import reading


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at. ``well`` is False only where answers would suffer."""

    subject: str
    well: bool
    text: str

    def __str__(self) -> str:
        return f"{'ok' if self.well else 'NO':<3} {self.subject:<10} {self.text}"


def examine(library: Path, embedder: str | None = None) -> list[Finding]:
    """Look at the models, the OCR program and a library."""
    return [*_embedder(embedder), _reader(), _ocr(), *_library(library, embedder)]


def _embedder(name: str | None) -> Iterator[Finding]:
    try:
        embedder = load_embedder(name)
    except RagError as error:
        yield Finding("embedder", False, str(error))
        return
    yield Finding("embedder", True, f"{embedder.name}, weights verified (sha256 {embedder.fingerprint[:12]}…)")
    yield Finding("processor", True, getattr(embedder, "path", "not told"))


def _reader() -> Finding:
    try:
        return Finding("reader", True, f"the one that comes with Vouch, weights verified; {load_reader().path}")
    except RagError as error:
        return Finding("reader", False, str(error))


def _ocr() -> Finding:
    found = shutil.which("tesseract")
    return Finding(
        "OCR", True, found or "no tesseract command: scanned pages are reported, not read; install it to read them"
    )


def _library(library: Path, name: str | None) -> Iterator[Finding]:
    try:
        with reading(library) as view:
            (problem,) = view.connection.execute("PRAGMA quick_check").fetchone()
            documents, passages = len(view.live()), view.count_passages()
            (keywords,) = view.connection.execute("SELECT count(*) FROM keywords").fetchone()
            if problem == "ok" and keywords != passages:
                problem = f"{keywords} keyword rows for {passages} passages"
            advice = "" if problem == "ok" else ": move the folder away and index the documents again"
            counts = f"{library}: {documents} documents, {passages} passages"
            yield Finding("library", problem == "ok", f"{counts}, {problem}{advice}")
            view.check(load_embedder(name))
    except LibraryNotFound:
        yield Finding(
            "library", True, f"none yet at {library}: `rag ask` uses the sample library until `rag index PATH`"
        )
    except RagError as error:
        yield Finding("library", False, str(error))
