"""Question sets from files: the shipped ones, a person's own, and SQuAD's."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from eval.collections import read_lines
from eval.validate import Question, malformed, question_of
from rag.errors import RagError

DATA = Path(__file__).parent / "data"
HELD_OUT = DATA / "held_out.jsonl"
T = TypeVar("T")
SHIPPED = tuple(DATA / name for name in ("time.jsonl", "general.jsonl"))


class SetError(RagError):
    """A file that holds no questions as they are asked here; the message names the line."""


def read_questions(paths: Sequence[Path]) -> list[Question]:
    """The questions of JSON-lines files, in order. Only ``question`` and ``answers`` (or ``unanswerable``) are needed.

    Raises SetError.
    """
    questions = [question for path in paths for question in _questions(path)]
    if not questions:
        raise SetError(f"{', '.join(map(str, paths))}: no questions in it: write one JSON object a line")
    repeated = {question.id for question in questions if sum(other.id == question.id for other in questions) > 1}
    if repeated:
        raise SetError(f"the id {min(repeated)!r} is there more than once: give each question its own")
    return questions


def choice(entries: Sequence[T], count: int | None) -> list[T]:
    """A fixed random choice of so many, in their order; all of them without ``count``."""
    if count is None or count >= len(entries):
        return list(entries)
    return [entries[place] for place in sorted(random.Random(0).sample(range(len(entries)), max(count, 1)))]


def _questions(path: Path) -> Iterator[Question]:
    for number, line in enumerate(_read(path).splitlines(), 1):
        if line.strip():
            try:
                entry = json.loads(line)
            except ValueError as error:
                raise SetError(f"{path}:{number}: not JSON ({error}): write one object a line") from error
            yield _question(entry, f"{path}:{number}", f"{path.stem}-{number:03d}")


def _question(entry: Any, place: str, name: str) -> Question:
    if not isinstance(entry, dict):
        raise SetError(f"{place}: not a JSON object: write one object a line")
    entry = {"id": name, "category": "all", "answers": [], "evidence": [], **entry}
    for problem in malformed(entry):
        raise SetError(f"{place}: {problem}")
    if bool(entry["answers"]) == entry.get("unanswerable", False):
        raise SetError(f'{place}: give "answers", or "unanswerable": true where the documents do not say')
    return question_of(entry)


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except OSError as error:
        raise SetError(f"{path} cannot be read ({error.strerror}): check the name") from error
    except UnicodeDecodeError as error:
        raise SetError(f"{path} is not UTF-8: save it as such") from error


def squad(path: Path) -> list[tuple[Question, str]]:
    """The questions of a SQuAD 1.1 or 2.0 file, each with its own passage. Raises SetError.

    The original JSON, or JSON lines (gzipped or not) with ``id``, ``question``, ``context`` and ``answers``.
    """
    try:
        if {".jsonl", ".gz"} & set(path.suffixes):
            return [(_squad_question(entry), str(entry["context"])) for entry in read_lines(path)]
        return [
            (_squad_question(entry), str(paragraph["context"]))
            for article in json.loads(_read(path))["data"]
            for paragraph in article["paragraphs"]
            for entry in paragraph["qas"]
        ]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SetError(f"{path} is not in SQuAD's format ({error!r}): take the original JSON file") from error


def _squad_question(entry: Mapping[str, Any]) -> Question:
    answers = list(dict.fromkeys(answer["text"] for answer in entry["answers"]))
    return question_of(
        {
            "id": str(entry["id"]),
            "category": "answerable" if answers else "unanswerable",
            "question": entry["question"],
            "answers": answers,
            "evidence": [],
            "unanswerable": not answers,
        }
    )
