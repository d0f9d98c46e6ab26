"""The way in: paths to a library that can be asked, on one page.

walk -> skip what is unchanged -> load -> clean -> date -> cut into passages -> embed in batches -> one transaction
makes it all live -> the search snapshot is built from SQLite and swapped in.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from rag import cleaning, dates, lexical, loading, places, snapshot
from rag.chunking import chunk
from rag.errors import LibraryNotFound, LoadError
from rag.models import load_embedder
from rag.store import Writing, reading, writing
from rag.types import Document, Failure, IndexReport, Passage

if TYPE_CHECKING:
    from rag.seams import Embedder

# Passages embedded and staged together: enough to sort by length, few enough that a kill costs seconds of work.
BATCH_PASSAGES = 512

Progress = Callable[[int, int, str], None]
Paths = str | os.PathLike[str] | Iterable[str | os.PathLike[str]]


def index(
    paths: Paths,
    library: str | os.PathLike[str] | None = None,
    *,
    embedder: Embedder | None = None,
    progress: Progress | None = None,
) -> IndexReport:
    """Bring a library up to date with files, folders, glob patterns and URLs.

    Unchanged files cost nothing but reading them; changed ones become new versions; files that are gone from a
    named folder are removed. A file that cannot be read is reported in ``failed`` and the rest goes on; the
    version of it that was indexed before, if any, stays. ``progress(done, total, source)`` is called per file.

    Raises LibraryBusy, EmbedderMismatch, LibraryFull, LibraryDamaged; the library is then as it was before.
    """
    embedder = embedder or load_embedder()
    folder = places.default_library() if library is None else Path(library)
    paths = [paths] if isinstance(paths, str | os.PathLike) else list(paths)
    started = time.perf_counter()
    with writing(folder, embedder) as writer:
        run = _Run(writer, embedder, progress or (lambda done, total, source: None))
        run.take_in(list(loading.expand(paths)))
        gone = _gone(paths, writer.live(), run.met)
        if run.staged or gone:
            writer.publish(run.staged, gone, lexical.index_text)
            run.warnings += _publish_snapshot(writer, folder)
        else:
            run.warnings += _tidy_up(writer, folder)
        return IndexReport(
            added=tuple(run.added),
            updated=tuple(run.updated),
            removed=tuple(gone),
            unchanged=tuple(run.unchanged),
            failed=tuple(run.failed),
            warnings=tuple(run.warnings),
            passages=writer.count_passages(),
            seconds=time.perf_counter() - started,
        )


def remove(names: Iterable[str], library: str | os.PathLike[str] | None = None) -> list[str]:
    """Forget documents, by number or name, all versions and every word of them; returns their sources.

    Once it returns, no answer can come from them. Raises DocumentNotFound, LibraryNotFound, LibraryBusy.
    """
    folder = places.default_library() if library is None else Path(library)
    with writing(folder) as writer:
        sources = [writer.find(name).source for name in names]
        writer.publish([], sources, lexical.index_text)
        _publish_snapshot(writer, folder)
        return sources


def ensure_sample_library(progress: Progress | None = None) -> Path:
    """The library of the shipped sample documents, indexed at first use."""
    folder = places.sample_library()
    try:
        with reading(folder) as view:
            if view.live():
                return folder
    except LibraryNotFound:
        pass
    index(places.sample_documents(), folder, progress=progress)
    return folder


@dataclass
class _Run:
    """One run of ``index``: what was met, and what became of it."""

    writer: Writing
    embedder: Embedder
    progress: Progress
    met: set[str] = field(default_factory=set)
    staged: list[int] = field(default_factory=list)
    added: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    failed: list[Failure] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def take_in(self, sources: list[str | Failure]) -> None:
        batch: list[tuple[Document, list[Passage]]] = []
        for done, entry in enumerate(self._new(sources), 1):
            batch += entry
            if sum(len(passages) for _, passages in batch) >= BATCH_PASSAGES:
                self._stage(batch)
                batch = []
            source = sources[done - 1]
            self.progress(done, len(sources), source if isinstance(source, str) else source.source)
        self._stage(batch)

    def _new(self, sources: list[str | Failure]) -> Iterator[list[tuple[Document, list[Passage]]]]:
        """For each source what has to be embedded: one document, or none."""
        live = self.writer.live()
        for source in sources:
            if isinstance(source, Failure):
                self.failed.append(source)
                yield []
                continue
            self.met.add(source)
            try:
                yield self._prepare(source, live)
            except LoadError as error:
                kept = " (the version indexed before stays)" if source in live else ""
                self.failed.append(Failure(source, type(error).__name__, f"{error}{kept}"))
                yield []

    def _prepare(self, source: str, live: dict[str, tuple[int, str]]) -> list[tuple[Document, list[Passage]]]:
        data = loading.read_bytes(source)
        sha256 = hashlib.sha256(data).hexdigest()
        if source in live and live[source][1] == sha256:
            self.unchanged.append(source)
            return []
        number = self.writer.staged(source, sha256)
        prepared = [] if number is not None else [prepare(source, data)]
        if number is not None:
            self.staged.append(number)
        (self.updated if source in live else self.added).append(source)
        for document, _ in prepared:
            self.warnings += [f"{source}: {warning}" for warning in document.warnings]
        return prepared

    def _stage(self, batch: list[tuple[Document, list[Passage]]]) -> None:
        if not batch:
            return
        vectors = self.embedder.embed([p.search_text for _, passages in batch for p in passages])
        entries, start = [], 0
        for document, passages in batch:
            entries.append((document, passages, vectors[start : start + len(passages)]))
            start += len(passages)
        self.staged += self.writer.stage(entries)


def prepare(source: str, data: bytes) -> tuple[Document, list[Passage]]:
    """Bytes to a document with its passages, both without numbers yet. Raises LoadError."""
    loaded = loading.load(source, data)
    cleaned = cleaning.clean(loaded)
    published = dates.published(cleaned.text, stated=loaded.published, margins=cleaned.margins)
    document = Document(
        id=0,
        source=source,
        title=cleaned.title,
        text=cleaned.text,
        published=published,
        sha256=loaded.sha256,
        format=loaded.format,
        blocks=cleaned.blocks,
        pages=cleaned.pages,
        metadata=loaded.metadata,
        warnings=loaded.warnings,
    )
    return document, chunk(cleaned)


def _gone(paths: Iterable[str | os.PathLike[str]], live: Iterable[str], met: set[str]) -> list[str]:
    """Live sources below a named folder whose file no longer exists.

    A folder that is itself missing says nothing: it may be a disk that is not mounted.
    """
    folders = [f"{os.path.realpath(path).rstrip('/')}/" for path in paths if Path(path).is_dir()]
    below = [source for source in live if source not in met and source.startswith(tuple(folders))]
    return [source for source in below if _is_missing(source)]


def _is_missing(source: str) -> bool:
    try:
        Path(source).stat()
    except FileNotFoundError:
        return True
    except OSError:  # may not be looked at: not the same as gone
        return False
    return False


def _tidy_up(writer: Writing, folder: Path) -> list[str]:
    """What a killed run left, where this one has nothing to publish: staged versions, a snapshot not yet written."""
    writer.discard_staged()
    return [] if snapshot.is_current(folder / "snapshots", writer.generation) else _publish_snapshot(writer, folder)


def _publish_snapshot(writer: Writing, folder: Path) -> list[str]:
    from rag.dense import FaissIndex

    try:
        snapshot.publish(folder / "snapshots", writer.generation, FaissIndex.build(*writer.vectors()).to_bytes())
    except OSError as error:
        return [f"the search snapshot could not be written ({error}); it is rebuilt at every start until it can"]
    return []
