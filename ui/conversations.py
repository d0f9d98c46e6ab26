"""Conversations and what people thought of the answers, in one SQLite file beside the library.

An answer, a brief or a comparison is kept whole, as JSON, so that it is shown again as it was given whatever became of
the library since. Deleting a conversation overwrites its words in the file.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import secrets
import sqlite3
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rag.errors import RagError
from rag.types import Answer, Told
from ui.desk import Record

if TYPE_CHECKING:
    from pydantic import TypeAdapter

TITLE_CHARS = 80
_FORMAT = 1
_SCHEMA = f"""
CREATE TABLE conversations (
    id TEXT PRIMARY KEY, owner TEXT NOT NULL, title TEXT NOT NULL, started TEXT NOT NULL, changed TEXT NOT NULL
);
CREATE INDEX newest ON conversations (owner, changed);
CREATE TABLE turns (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    conversation TEXT NOT NULL REFERENCES conversations ON DELETE CASCADE,
    asked TEXT NOT NULL, question TEXT NOT NULL, said TEXT NOT NULL, answer TEXT NOT NULL, settings TEXT NOT NULL,
    rating TEXT, note TEXT NOT NULL DEFAULT ''
);
CREATE INDEX turns_of_conversation ON turns (conversation);
PRAGMA user_version = {_FORMAT};
"""


class ConversationError(RagError):
    """Something about the kept conversations."""


class ConversationNotFound(ConversationError):
    """No conversation or turn by that number."""


class ConversationsUnreadable(ConversationError):
    """Their file is damaged, of another version, or may not be used."""


class Rating(StrEnum):
    """What a person thought of an answer."""

    UP = "up"
    DOWN = "down"


@dataclass(frozen=True, slots=True)
class Settings:
    """What a question was asked under, and what answered it."""

    as_of: dt.date | None = None
    published_from: dt.date | None = None
    source: str | None = None
    record: Record | None = None


@dataclass(frozen=True, slots=True)
class Conversation:
    """A conversation as a list shows it; times are in UTC."""

    id: str
    title: str
    started: dt.datetime
    changed: dt.datetime
    turns: int


@dataclass(frozen=True, slots=True)
class Turn:
    """A question and its answer, or a topic and what was told of it; the time is in UTC."""

    id: int
    asked: dt.datetime
    question: str
    answer: Told
    settings: Settings
    rating: Rating | None = None
    note: str = ""


def file_beside(library: Path) -> Path:
    """Where the conversations about a library are kept: not within it, whose folder is made by indexing alone."""
    return library.with_name(f"{library.name}.conversations.sqlite3")


class Conversations:
    """The kept conversations; safe to use from many threads and processes. Its file is made by the first of them.

    ``owner`` is any word that tells people apart who share a server. It is no secret and protects nothing; a
    conversation is found by its own number, which cannot be guessed.
    """

    def __init__(self, file: Path) -> None:
        self._file = file

    def start(self, owner: str = "", title: str = "") -> Conversation:
        """A new, empty conversation. Without a title it takes that of its first question."""
        number, now = secrets.token_hex(8), _now()
        with self._open() as connection:
            connection.execute(
                "INSERT INTO conversations VALUES (?, ?, ?, ?, ?)", (number, owner, _title(title), now, now)
            )
        return self.conversation(number)

    def append(self, conversation: str, question: str, answer: Told, settings: Settings | None = None) -> Turn:
        """Keep a question with its answer. Raises ConversationNotFound."""
        settings, now = settings or Settings(), _now()
        kept = (_adapter(Told).dump_json(answer), _adapter(Settings).dump_json(settings))
        with self._open() as connection:
            changed = connection.execute(
                "UPDATE conversations SET changed = ?, title = iif(title = '', ?, title) WHERE id = ?",
                (now, _title(question), conversation),
            )
            _must_have(changed, conversation)
            turn = connection.execute(
                "INSERT INTO turns (conversation, asked, question, said, answer, settings) VALUES (?, ?, ?, ?, ?, ?)",
                (conversation, now, question, _said(answer), *(text.decode() for text in kept)),
            ).lastrowid
        assert turn is not None  # noqa: S101
        return Turn(turn, dt.datetime.fromisoformat(now), question, answer, settings)

    def recent(self, owner: str = "", matching: str = "", limit: int = 100) -> tuple[Conversation, ...]:
        """Those of an owner, the last changed first; with ``matching`` those that hold every word of it."""
        found, values = "", [owner]
        for word in matching.split():
            pattern = "%" + word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
            found += (
                r" AND (c.title LIKE ? ESCAPE '\' OR EXISTS (SELECT 1 FROM turns t WHERE t.conversation = c.id"
                r" AND (t.question || ' ' || t.said) LIKE ? ESCAPE '\'))"
            )
            values += [pattern, pattern]
        with self._open() as connection:
            rows = connection.execute(
                f"{_CONVERSATION} WHERE c.owner = ?{found} ORDER BY c.changed DESC, c.rowid DESC LIMIT ?",
                (*values, limit),
            ).fetchall()
        return tuple(map(_conversation, rows))

    def conversation(self, number: str) -> Conversation:
        """Raises ConversationNotFound."""
        with self._open() as connection:
            row = connection.execute(f"{_CONVERSATION} WHERE c.id = ?", (number,)).fetchone()
        if row is None:
            raise _not_found(number)
        return _conversation(row)

    def turns(self, conversation: str) -> tuple[Turn, ...]:
        """Its questions and answers, oldest first. Raises ConversationNotFound."""
        self.conversation(conversation)
        with self._open() as connection:
            rows = connection.execute(
                "SELECT id, asked, question, answer, settings, rating, note FROM turns WHERE conversation = ?"
                " ORDER BY id",
                (conversation,),
            ).fetchall()
        return tuple(map(_turn, rows))

    def cut(self, conversation: str, turn: int) -> None:
        """Forget a turn and those after it: what a person edits is asked anew."""
        with self._open() as connection:
            connection.execute("DELETE FROM turns WHERE conversation = ? AND id >= ?", (conversation, turn))

    def rename(self, number: str, title: str) -> None:
        """Raises ConversationNotFound."""
        with self._open() as connection:
            _must_have(
                connection.execute("UPDATE conversations SET title = ? WHERE id = ?", (_title(title), number)), number
            )

    def delete(self, number: str) -> None:
        """Forget a conversation, every word of it. Raises ConversationNotFound."""
        with self._open() as connection:
            _must_have(connection.execute("DELETE FROM conversations WHERE id = ?", (number,)), number)

    def rate(self, turn: int, rating: Rating | None, note: str = "") -> None:
        """What a person thinks of an answer; None takes it back. Raises ConversationNotFound."""
        with self._open() as connection:
            changed = connection.execute(
                "UPDATE turns SET rating = ?, note = ? WHERE id = ?", (rating and rating.value, note, turn)
            )
            _must_have(changed, f"turn {turn}")

    @contextlib.contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        """One transaction, with SQLite's errors by our name."""
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            with contextlib.closing(sqlite3.connect(self._file, timeout=10, isolation_level=None)) as connection:
                connection.execute("PRAGMA foreign_keys = ON")
                connection.execute("PRAGMA secure_delete = ON")
                connection.execute("BEGIN IMMEDIATE")
                self._check(connection)
                yield connection
                connection.execute("COMMIT")
        except (sqlite3.Error, OSError) as error:
            raise ConversationsUnreadable(
                f"the conversations in {self._file} cannot be used ({error}): move the file away to begin anew, "
                "or mend its permissions"
            ) from error

    def _check(self, connection: sqlite3.Connection) -> None:
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        if version == 0:
            for statement in _SCHEMA.split(";\n"):
                connection.execute(statement)
        elif version != _FORMAT:
            raise ConversationsUnreadable(f"{self._file} was made by another version of Vouch: move it away")


_CONVERSATION = (
    "SELECT c.id, c.title, c.started, c.changed, (SELECT count(*) FROM turns t WHERE t.conversation = c.id)"
    " FROM conversations c"
)


def _conversation(row: tuple[str, str, str, str, int]) -> Conversation:
    number, title, started, changed, turns = row
    return Conversation(number, title, dt.datetime.fromisoformat(started), dt.datetime.fromisoformat(changed), turns)


def _turn(row: tuple[int, str, str, str, str, str | None, str]) -> Turn:
    number, asked, question, answer, settings, rating, note = row
    return Turn(
        number,
        dt.datetime.fromisoformat(asked),
        question,
        _adapter(Told).validate_json(answer),
        _adapter(Settings).validate_json(settings),
        Rating(rating) if rating else None,
        note,
    )


@cache
def _adapter(noun: Any) -> TypeAdapter[Any]:
    """Nouns to JSON and back, exactly; the JSON of ``rag ask`` is for people and drops what it can."""
    from pydantic import TypeAdapter

    return TypeAdapter(noun)


def _said(told: Told) -> str:
    """The words by which a turn is found again."""
    if isinstance(told, Answer):
        return f"{told.short or ''} {(told.text if told.text is not None else told.reason) or ''}"
    return " ".join([told.text or told.reason or "", *(one.quote for one in told.citations)])


def _title(text: str) -> str:
    return textwrap.shorten(text, TITLE_CHARS, placeholder=" …")


def _now() -> str:
    return dt.datetime.now(dt.UTC).isoformat()


def _must_have(changed: sqlite3.Cursor, what: str) -> None:
    if not changed.rowcount:
        raise _not_found(what)


def _not_found(what: str) -> ConversationNotFound:
    return ConversationNotFound(f"no conversation {what}: it may have been deleted; start a new one")
