"""The way in: paths to a library that can be asked, on one page.

walk -> skip what is unchanged -> load -> clean -> date -> cut into passages -> embed in batches -> one transaction
makes it all live -> the search snapshot is built from SQLite and swapped in.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from rag import cleaning, dates, lexical, loading, places, snapshot
from rag.chunking import chunk
from rag.errors import DamagedSource, LibraryNotFound, LoadError
from rag.models import load_embedder
from rag.sources import expand, folders_among, read
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
    sources = list(expand(paths))
    if not any(isinstance(source, str) for source in sources) and not folder.exists():  # a typo makes no library
        failed = tuple(source for source in sources if isinstance(source, Failure))
        return IndexReport(failed=failed, seconds=time.perf_counter() - started)
    with writing(folder, embedder) as writer:
        run = _Run(writer, embedder, progress or (lambda done, total, source: None), writer.live())
        run.take_in(sources)
        gone = _gone(paths, run.live, run.met)
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


def library_to_ask(
    library: str | os.PathLike[str] | None, embedder: Embedder, progress: Progress | None = None
) -> Path:
    """The library named, or else the default one, or else - while there is none - the sample library."""
    if library is not None:
        return Path(library)
    if places.default_library().exists():
        return places.default_library()
    return sample_library(embedder, progress)


def sample_library(embedder: Embedder, progress: Progress | None = None) -> Path:
    """The library of the documents that come with Vouch: indexed at its first use, once for each embedding model."""
    folder = places.sample_library(embedder.fingerprint)
    try:
        with reading(folder) as view:
            if view.live():
                return folder
    except LibraryNotFound:
        pass
    index(places.sample_documents(), folder, embedder=embedder, progress=progress)
    return folder


@dataclass
class _Run:
    """One run of ``index``: what was met, and what became of it."""

    writer: Writing
    embedder: Embedder
    progress: Progress
    live: dict[str, tuple[int, str]]
    batch: list[tuple[Document, list[Passage]]] = field(default_factory=list)
    pending: int = 0  # passages in the batch
    met: set[str] = field(default_factory=set)
    staged: list[int] = field(default_factory=list)
    added: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    failed: list[Failure] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def take_in(self, sources: list[str | Failure]) -> None:
        """Read, embed and stage what is new or changed, in batches; the rest is only looked at."""
        for done, source in enumerate(sources, 1):
            if isinstance(source, Failure):
                self.failed.append(source)
            else:
                self._take(source)
            self.progress(done, len(sources), source.source if isinstance(source, Failure) else source)
        self._stage()

    def _take(self, source: str) -> None:
        self.met.add(source)
        try:
            raw = read(source)
            sha256 = hashlib.sha256(raw.data).hexdigest()
            if self.live.get(source, (0, ""))[1] == sha256:
                self.unchanged.append(source)
                return
            staged = self.writer.staged(source, sha256)
            if staged is None:
                self._add(*prepare(source, raw.data, raw.content_type))
            else:  # an interrupted run had come this far
                self.staged.append(staged[0])
                self._warn(source, staged[1])
        except LoadError as error:
            kept = " (the version indexed before stays)" if source in self.live else ""
            self.failed.append(Failure(source, type(error).__name__, f"{error}{kept}"))
        else:
            (self.updated if source in self.live else self.added).append(source)

    def _add(self, document: Document, passages: list[Passage]) -> None:
        self._warn(document.source, document.warnings)
        self.batch.append((document, passages))
        self.pending += len(passages)
        if self.pending >= BATCH_PASSAGES:
            self._stage()

    def _warn(self, source: str, warnings: Iterable[str]) -> None:
        self.warnings += [f"{source}: {warning}" for warning in warnings]

    def _stage(self) -> None:
        if not self.batch:
            return
        vectors = self.embedder.embed([p.search_text for _, passages in self.batch for p in passages])
        entries, start = [], 0
        for document, passages in self.batch:
            entries.append((document, passages, vectors[start : start + len(passages)]))
            start += len(passages)
        self.staged += self.writer.stage(entries)
        self.batch.clear()
        self.pending = 0


def prepare(source: str, data: bytes, content_type: str | None = None) -> tuple[Document, list[Passage]]:
    """Bytes to a document with its passages, both without numbers yet. Raises LoadError."""
    try:
        loaded = loading.load(source, data, content_type)
        cleaned = cleaning.clean(loaded)
        published = dates.published(cleaned.text, stated=loaded.published, margins=cleaned.margins)
        passages = chunk(cleaned)
    except (LoadError, MemoryError, ImportError):  # a missing package is no fault of the file
        raise
    except Exception as error:  # whatever a hostile file may provoke, it costs that file and not the run
        raise DamagedSource(
            f"it could not be read ({type(error).__name__}: {error}): save it anew, or leave it out and report it"
        ) from error
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
    return document, passages


def _gone(paths: Iterable[str | os.PathLike[str]], live: Iterable[str], met: set[str]) -> list[str]:
    """Live sources below a named folder whose file no longer exists.

    A folder that is itself missing says nothing: it may be a disk that is not mounted.
    """
    folders = folders_among(paths)
    below = [source for source in live if source not in met and source.startswith(folders)]
    return [source for source in below if _is_missing(source)]


def _is_missing(source: str) -> bool:
    try:
        Path(source).stat()
    except (FileNotFoundError, NotADirectoryError):
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
