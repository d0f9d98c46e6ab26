"""SQLite, the only truth: documents and their versions, passages, vectors, and the keyword index over them.

A library is a folder: ``library.sqlite3``, ``writer.lock`` and ``snapshots/`` (rebuildable). Every row of
``documents`` is one version of one source; its number is never used again, so a citation stays traceable.
Versions are *staged* in small commits while a run embeds, and made *live* together in one transaction: killed
at any moment, the library answers as before the run or as after it, and the next run takes up what was staged.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rag.errors import (
    DocumentNotFound,
    EmbedderMismatch,
    LibraryBusy,
    LibraryDamaged,
    LibraryError,
    LibraryFull,
    LibraryNotFound,
)
from rag.types import Basis, Block, BlockKind, Document, PartialDate, Passage, Published, SearchFilter

if TYPE_CHECKING:
    from rag.seams import Embedder, Vectors

FILE = "library.sqlite3"
FORMAT = "1"
_OTHER_FORMAT = "{} was made by another version of Vouch: move the folder away and index the documents again"

_SCHEMA = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE documents (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    source TEXT NOT NULL, sha256 TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('staged', 'live', 'superseded')),
    title TEXT NOT NULL, text TEXT NOT NULL, format TEXT NOT NULL,
    published TEXT NOT NULL, published_last TEXT, basis TEXT NOT NULL, words TEXT NOT NULL,
    blocks TEXT NOT NULL, pages TEXT NOT NULL, metadata TEXT NOT NULL, warnings TEXT NOT NULL,
    indexed_at TEXT NOT NULL
);
CREATE INDEX versions_of_source ON documents (source, sha256);
CREATE UNIQUE INDEX one_live_version ON documents (source) WHERE state = 'live';
CREATE TABLE passages (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    document_id INTEGER NOT NULL REFERENCES documents ON DELETE CASCADE,
    start INTEGER NOT NULL, end INTEGER NOT NULL, sentences TEXT NOT NULL, headings TEXT NOT NULL
);
CREATE INDEX passages_of_document ON passages (document_id);
CREATE TABLE vectors (passage_id INTEGER PRIMARY KEY REFERENCES passages ON DELETE CASCADE, vector BLOB NOT NULL);
CREATE VIRTUAL TABLE keywords USING fts5 (text, tokenize = 'porter unicode61 remove_diacritics 2');
CREATE TRIGGER keywords_follow AFTER DELETE ON passages BEGIN DELETE FROM keywords WHERE rowid = old.id; END;
"""

_DOCUMENT = "id, source, title, text, published, basis, words, sha256, format, blocks, pages, metadata, warnings"


@contextlib.contextmanager
def _named_errors(library: Path) -> Iterator[None]:
    """SQLite's errors by our names, each with what to do next."""
    try:
        yield
    except sqlite3.OperationalError as error:
        if "full" in str(error):
            raise LibraryFull(f"the disk is full: free some room and index again; {library} is as before") from error
        if "locked" in str(error):
            raise LibraryBusy(f"{library} is being written to: try again in a moment") from error
        if "I/O" in str(error):
            raise LibraryError(f"cannot use the library {library} ({error}): is the disk full or failing?") from error
        raise LibraryError(f"cannot use the library {library} ({error}): check the folder's permissions") from error
    except sqlite3.DatabaseError as error:
        raise LibraryDamaged(
            f"{library / FILE} is damaged ({error}): move the folder away and index the documents again"
        ) from error


def _connect(library: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(library / FILE, isolation_level=None, timeout=10, check_same_thread=False)
    connection.execute("PRAGMA foreign_keys = ON")
    return connection


@contextlib.contextmanager
def reading(library: Path) -> Iterator[Reading]:
    """One consistent view of a library, held until the block ends, whatever a writer does meanwhile.

    Raises LibraryNotFound, LibraryDamaged.
    """
    if not (library / FILE).is_file():
        raise LibraryNotFound(f"there is no library at {library}: run `rag index PATH --library {library}` first")
    with _named_errors(library), contextlib.closing(_connect(library)) as connection:
        connection.execute("BEGIN")
        view = Reading(connection)
        if not view.exists():
            raise LibraryNotFound(f"the library at {library} is not made yet: run `rag index PATH --library {library}`")
        if view.meta("format") != FORMAT:
            raise LibraryDamaged(_OTHER_FORMAT.format(library))
        yield view


@contextlib.contextmanager
def writing(library: Path, embedder: Embedder | None = None) -> Iterator[Writing]:
    """The one writer of a library; an embedder creates it where there is none.

    Raises LibraryBusy where another process writes, EmbedderMismatch where it was made with another model.
    """
    from filelock import FileLock, Timeout

    if embedder is None and not (library / FILE).is_file():
        raise LibraryNotFound(f"there is no library at {library}: run `rag index PATH --library {library}` first")
    try:
        library.mkdir(parents=True, exist_ok=True)
        lock = FileLock(library / "writer.lock")
        with lock.acquire(blocking=False), _named_errors(library), contextlib.closing(_connect(library)) as connection:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")  # what a report acknowledges survives a power cut
            connection.execute("PRAGMA secure_delete = ON")  # a removed document leaves no text behind
            writer = Writing(connection)
            if embedder is not None:
                writer.accept(embedder)
            if writer.meta("format") != FORMAT:
                raise LibraryDamaged(_OTHER_FORMAT.format(library))
            yield writer
    except Timeout:
        raise LibraryBusy(f"another process is writing to {library}: wait until it ends and try again") from None
    except OSError as error:
        if error.errno == 28:  # ENOSPC
            raise LibraryFull(f"the disk is full: free some room and index again; {library} is as before") from error
        raise LibraryError(f"cannot write to {library} ({error}): choose another --library") from error


class Reading:
    """Queries over one consistent view of a library."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection

    def exists(self) -> bool:
        """False where a run was killed before it had made the tables."""
        return self.connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'meta'").fetchone() is not None

    def meta(self, key: str) -> str | None:
        """A fact about the library as a whole: format, embedder, fingerprint, dimension, generation."""
        row = self.connection.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return None if row is None else str(row[0])

    @property
    def generation(self) -> str:
        """Another random word after every published change; structures built from the library carry it.

        Random and not counted, so that a library put back from a copy never meets what was built from another.
        """
        return self.meta("generation") or ""

    def check(self, embedder: Embedder) -> None:
        """Raises EmbedderMismatch, by name, where the library was made with another embedding model."""
        name, fingerprint = self.meta("embedder"), self.meta("fingerprint") or ""
        if fingerprint != embedder.fingerprint:
            raise EmbedderMismatch(
                f"this library was made with the embedding model {name} ({fingerprint[:8]}), not "
                f"{embedder.name} ({embedder.fingerprint[:8]}): ask with `--embedder {name}`, or index the "
                "documents into another --library"
            )

    def live(self) -> dict[str, tuple[int, str]]:
        """Source -> (document id, sha256) of every document that can be answered from."""
        rows = self.connection.execute("SELECT source, id, sha256 FROM documents WHERE state = 'live' ORDER BY id")
        return {source: (number, sha256) for source, number, sha256 in rows}

    def documents(self) -> Iterator[Document]:
        """Every live document, oldest number first."""
        for row in self.connection.execute(f"SELECT {_DOCUMENT} FROM documents WHERE state = 'live' ORDER BY id"):
            yield _document(row)

    def document(self, number: int) -> Document:
        """A document by number, superseded versions included. Raises DocumentNotFound."""
        row = self.connection.execute(
            f"SELECT {_DOCUMENT} FROM documents WHERE id = ? AND state != 'staged'",
            (number,),
        ).fetchone()
        if row is None:
            raise DocumentNotFound(f"no document {number} in this library: `rag list` shows those there are")
        return _document(row)

    def find(self, name: str) -> Document:
        """A document by number, full source, or the end of its source ("minutes.pdf"). Raises DocumentNotFound."""
        if name.isascii() and name.isdigit() and len(name) < 19:  # SQLite's integers end there
            return self.document(int(name))
        sources = self.live()
        matches = [s for s in sources if s == name] or [
            s for s in sources if f"/{s}".replace("\\", "/").endswith("/" + name.lstrip("/"))
        ]
        if len(matches) != 1:
            what = f"{len(matches)} documents are" if matches else "no document is"
            raise DocumentNotFound(f"{what} called {name!r}: use a number from `rag list`")
        return self.document(sources[matches[0]][0])

    def count_passages(self, document_id: int | None = None) -> int:
        """Passages that can be found, in one document or in all."""
        only = "" if document_id is None else "AND d.id = ?"
        row = self.connection.execute(
            f"SELECT count(*) FROM passages p JOIN documents d ON d.id = p.document_id WHERE d.state = 'live' {only}",
            () if document_id is None else (document_id,),
        ).fetchone()
        return int(row[0])

    def passages(self, ids: Iterable[int]) -> list[Passage]:
        """Passages in the order of ``ids``."""
        wanted = json.dumps(order := list(ids))
        rows = self.connection.execute(
            "SELECT id, document_id, start, end, sentences, headings FROM passages"
            " WHERE id IN (SELECT value FROM json_each(?))",
            (wanted,),
        ).fetchall()
        # Cut here and not by SQLite, which counts characters from the start of the text for each passage anew.
        texts = dict(
            self.connection.execute(
                "SELECT id, text FROM documents WHERE id IN (SELECT document_id FROM passages"
                " WHERE id IN (SELECT value FROM json_each(?)))",
                (wanted,),
            )
        )
        found = {row[0]: _passage(row, texts[row[1]]) for row in rows}
        return [found[number] for number in order]

    def vectors(self) -> tuple[list[int], Vectors]:
        """Ids and unit vectors of every live passage: float32 of shape (passages, dimension)."""
        import numpy as np

        dimension = int(self.meta("dimension") or 0)
        count = self.count_passages()
        ids, matrix = [], np.empty((count, dimension), dtype=np.float32)
        rows = self.connection.execute(
            "SELECT v.passage_id, v.vector FROM vectors v JOIN passages p ON p.id = v.passage_id"
            " JOIN documents d ON d.id = p.document_id WHERE d.state = 'live' ORDER BY v.passage_id"
        )
        for row, (number, blob) in enumerate(rows):
            ids.append(number)
            matrix[row] = np.frombuffer(blob, dtype=np.float32)
        return ids, matrix

    def allowed(self, wanted: SearchFilter) -> list[int] | None:
        """Ids of the passages a filter leaves, or None where it leaves all."""
        clauses, values = _conditions(wanted)
        if not clauses:
            return None
        rows = self.connection.execute(
            "SELECT p.id FROM passages p JOIN documents d ON d.id = p.document_id"
            f" WHERE d.state = 'live' AND {' AND '.join(clauses)} ORDER BY p.id",
            values,
        )
        return [int(row[0]) for row in rows]


def _conditions(wanted: SearchFilter) -> tuple[list[str], list[str]]:
    """SQL conditions over ``d``; every value is bound, never written into the statement."""
    clauses: list[str] = []
    values: list[str] = []
    if wanted.as_of is not None:
        clauses.append("d.published_last <= ?")
        values.append(wanted.as_of.isoformat())
    if wanted.published_from is not None:
        clauses.append("d.published_last >= ?")
        values.append(wanted.published_from.isoformat())
    if wanted.source is not None:
        clauses.append("instr(d.source, ?) > 0")
        values.append(wanted.source)
    for key, value in wanted.metadata.items():
        clauses.append("EXISTS (SELECT 1 FROM json_each(d.metadata) m WHERE m.key = ? AND m.value = ?)")
        values += [key, value]
    return clauses, values


class Writing(Reading):
    """Changes to a library, by its one writer."""

    def accept(self, embedder: Embedder) -> None:
        """Create the tables for this embedding model, or check that they were made with it."""
        if self.exists():
            self.check(embedder)
            return
        facts = {
            "format": FORMAT,
            "embedder": embedder.name,
            "fingerprint": embedder.fingerprint,
            "dimension": str(embedder.dimension),
            "generation": "0",
        }
        with self._transaction():
            for statement in _SCHEMA.split(";\n"):
                self.connection.execute(statement)
            self.connection.executemany("INSERT INTO meta VALUES (?, ?)", facts.items())

    def staged(self, source: str, sha256: str) -> tuple[int, list[str]] | None:
        """Number and warnings of a version that an interrupted run has already read and embedded."""
        row = self.connection.execute(
            "SELECT id, warnings FROM documents WHERE state = 'staged' AND source = ? AND sha256 = ?", (source, sha256)
        ).fetchone()
        return None if row is None else (int(row[0]), json.loads(row[1]))

    def stage(self, batch: Sequence[tuple[Document, Sequence[Passage], Vectors]]) -> list[int]:
        """Keep documents with their passages and vectors, not yet answered from; returns their numbers."""
        with self._transaction():
            return [self._stage(*entry) for entry in batch]

    def _stage(self, document: Document, passages: Sequence[Passage], vectors: Vectors) -> int:
        last = document.published.date.last()
        values: dict[str, object] = {
            "source": document.source,
            "sha256": document.sha256,
            "state": "staged",
            "title": document.title,
            "text": document.text,
            "format": document.format,
            "published": document.published.date.isoformat(),
            "published_last": last and last.isoformat(),
            "basis": document.published.basis.value,
            "words": document.published.words,
            "blocks": json.dumps([(b.kind.value, b.start, b.end, b.level) for b in document.blocks]),
            "pages": json.dumps(document.pages),
            "metadata": json.dumps(dict(document.metadata)),
            "warnings": json.dumps(document.warnings),
            "indexed_at": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        }
        number = self._insert("documents", values)
        for passage, vector in zip(passages, vectors, strict=True):
            facts: dict[str, object] = {
                "document_id": number,
                "start": passage.start,
                "end": passage.end,
                "sentences": json.dumps(passage.sentences),
                "headings": json.dumps(passage.headings),
            }
            self._insert("vectors", {"passage_id": self._insert("passages", facts), "vector": vector.tobytes()})
        return number

    def _insert(self, table: str, values: dict[str, object]) -> int:
        names, marks = ", ".join(values), ", ".join(f":{name}" for name in values)
        cursor = self.connection.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", values)
        assert cursor.lastrowid is not None  # noqa: S101
        return cursor.lastrowid

    def publish(self, staged: Sequence[int], removed: Sequence[str], index_text: Callable[[str], str]) -> None:
        """Make staged versions live and forget removed sources, all in one transaction.

        A version that was live stays readable by its number; other staged rows, left by runs that were
        interrupted, are deleted. ``index_text`` gives the form in which keywords are indexed.
        """
        with self._transaction():
            for number in staged:
                (source,) = self.connection.execute("SELECT source FROM documents WHERE id = ?", (number,)).fetchone()
                self._supersede(source)
                self.connection.execute("UPDATE documents SET state = 'live' WHERE id = ?", (number,))
                self._index_keywords(number, index_text)
            for source in removed:
                self.connection.execute("DELETE FROM documents WHERE source = ?", (source,))
            if removed:  # until its segments are merged, the keyword index keeps the stems of deleted rows
                self.connection.execute("INSERT INTO keywords (keywords) VALUES ('optimize')")
            self.discard_staged()
            self.connection.execute("UPDATE meta SET value = lower(hex(randomblob(8))) WHERE key = 'generation'")
        if removed:  # out of the write-ahead log as well, unless a reader still holds it
            self.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def discard_staged(self) -> None:
        """Delete what is staged and was not published."""
        self.connection.execute("DELETE FROM documents WHERE state = 'staged'")

    def _supersede(self, source: str) -> None:
        self.connection.execute(
            "DELETE FROM passages WHERE document_id IN (SELECT id FROM documents WHERE source = ? AND state = 'live')",
            (source,),
        )
        self.connection.execute(
            "UPDATE documents SET state = 'superseded' WHERE source = ? AND state = 'live'", (source,)
        )

    def _index_keywords(self, number: int, index_text: Callable[[str], str]) -> None:
        ids = [row[0] for row in self.connection.execute("SELECT id FROM passages WHERE document_id = ?", (number,))]
        self.connection.executemany(
            "INSERT INTO keywords (rowid, text) VALUES (?, ?)",
            [(passage.id, index_text(passage.search_text)) for passage in self.passages(ids)],
        )

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[None]:
        self.connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            if self.connection.in_transaction:  # a full disk has already rolled it back
                self.connection.execute("ROLLBACK")
            raise
        self.connection.execute("COMMIT")


def _document(row: tuple[object, ...]) -> Document:
    number, source, title, text, published, basis, words, sha256, format_, blocks, pages, metadata, warnings = row
    return Document(
        id=int(str(number)),
        source=str(source),
        title=str(title),
        text=str(text),
        published=Published(PartialDate.fromisoformat(str(published)), Basis(str(basis)), str(words)),
        sha256=str(sha256),
        format=str(format_),
        blocks=tuple(Block(BlockKind(k), s, e, level) for k, s, e, level in json.loads(str(blocks))),
        pages=tuple(json.loads(str(pages))),
        metadata=json.loads(str(metadata)),
        warnings=tuple(json.loads(str(warnings))),
    )


def _passage(row: tuple[int, int, int, int, str, str], text: str) -> Passage:
    number, document_id, start, end, sentences, headings = row
    return Passage(
        id=number,
        document_id=document_id,
        start=start,
        end=end,
        text=text[start:end],
        sentences=tuple((s, e) for s, e in json.loads(sentences)),
        headings=tuple(json.loads(headings)),
    )
