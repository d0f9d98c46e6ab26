"""Briefs on topics of which a person has written down what a good one must hold, and which words are on topic.

    python -m eval.briefs [FILE] [--library DIR] [--most N] [--each]

FILE holds one JSON object a line: ``topic`` with ``must`` (each a list of alternatives, each one words that stand
together in one quote, "+" between them) and ``about`` (a statement on topic has one of these words), ``not`` (and none
of these); or ``"nothing": true`` where the documents don't say. Prints the share of must-haves that the quotes hold,
the share of statements on topic, and the share of empty topics that are said to be so. Without ``--library`` the sample
library is asked.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from eval.sets import DATA, SetError
from rag.answering import Assistant
from rag.briefing import MOST
from rag.indexing import sample_library
from rag.models import load_embedder
from rag.types import Brief

SHIPPED = DATA / "briefs" / "topics.jsonl"


@dataclass(frozen=True, slots=True)
class Topic:
    """What a brief on a topic must hold; nothing where the documents say nothing about it."""

    topic: str
    must: tuple[tuple[str, ...], ...]
    about: tuple[str, ...]
    off: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Judged:
    """A brief against its topic: must-haves that no quote holds, and statements off topic, of how many."""

    topic: Topic
    brief: Brief
    missing: tuple[tuple[str, ...], ...]
    astray: tuple[str, ...]
    statements: int


def main(arguments: Sequence[str] | None = None) -> None:
    """Write every brief, judge it, print the shares."""
    parser = argparse.ArgumentParser(prog="python -m eval.briefs", description=__doc__.partition("\n")[0])
    parser.add_argument("file", nargs="?", type=Path, default=SHIPPED)
    parser.add_argument("--library", type=Path, help="a library of your own (default: the sample library)")
    parser.add_argument("--most", type=int, default=MOST, help=f"statements of a brief (default {MOST})")
    parser.add_argument("--each", action="store_true", help="also what is missing and what is astray, by topic")
    options = parser.parse_args(arguments)
    embedder = load_embedder()
    assistant = Assistant(options.library or sample_library(embedder), embedder=embedder)
    judged = [judge(topic, assistant.brief(topic.topic, most=options.most)) for topic in read(options.file)]
    print(report(judged))
    if options.each:
        print("\n".join(line for one in judged for line in _each(one)))


def read(path: Path) -> list[Topic]:
    """The topics of a file. Raises SetError."""
    try:
        entries = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
        return [
            Topic(
                entry["topic"],
                tuple(map(tuple, entry.get("must", ()))),
                tuple(entry.get("about", ())),
                tuple(entry.get("not", ())),
            )
            for entry in entries
            if bool(entry.get("must")) != bool(entry.get("nothing")) or _unfit(entry)
        ]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SetError(f"{path} holds no topics ({error!r}): write one JSON object a line") from error


def _unfit(entry: object) -> bool:
    raise ValueError(f'give "must", or "nothing": true: {entry!r}')


def judge(topic: Topic, brief: Brief) -> Judged:
    """A brief against what it must hold. Whatever it cites counts: statements, figures, plans."""
    quotes = [_plain(citation.quote) for citation in brief.citations]
    missing = tuple(need for need in topic.must if not any(_held(words, quotes) for words in need))
    said = [*brief.entries, *(plan.entry for plan in brief.plans)]
    astray = tuple(entry.citation.quote for entry in said if not _on_topic(topic, entry.citation.quote))
    return Judged(topic, brief, missing, astray, len(said))


def _held(words: str, quotes: Sequence[str]) -> bool:
    return any(all(_plain(word) in quote for word in words.split("+")) for quote in quotes)


def _on_topic(topic: Topic, quote: str) -> bool:
    words = _plain(quote)
    return any(word in words for word in topic.about) and not any(word in words for word in topic.off)


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()


def report(judged: Sequence[Judged]) -> str:
    """The shares as a table."""
    told = [one for one in judged if one.topic.must]
    empty = [one for one in judged if not one.topic.must]
    must, missing = sum(len(one.topic.must) for one in told), sum(len(one.missing) for one in told)
    statements, astray = sum(one.statements for one in told), sum(len(one.astray) for one in told)
    rows = [
        ("must-have statements quoted", must - missing, must),
        ("statements on topic", statements - astray, statements),
        ("topics told of", sum(not one.brief.abstained for one in told), len(told)),
        ("empty topics said to be so", sum(one.brief.abstained for one in empty), len(empty)),
    ]
    lines = ["| | share | of |", "|---|---|---|"]
    return "\n".join(lines + [f"| {name} | {count / total:.0%} | {total} |" for name, count, total in rows if total])


def _each(judged: Judged) -> list[str]:
    return [
        f"{judged.topic.topic}: {judged.statements} statements",
        *(f"    missing: {' or '.join(need)}" for need in judged.missing),
        *(f"    astray: {' '.join(quote.split())[:160]}" for quote in judged.astray),
    ]


if __name__ == "__main__":
    main()
