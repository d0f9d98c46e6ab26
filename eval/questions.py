"""A question set put to a library: evidence found, quotes exact, answers right, refusals.

    python -m eval.questions QUESTIONS.jsonl DOCUMENTS [--library DIR] [--verbose]

Questions are JSON lines with ``question``, ``answers``, ``evidence`` (``doc``, ``quote``) and, where they apply,
``as_of``, ``history``, ``unanswerable`` and ``all``.
"""

from __future__ import annotations

import argparse
import re
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eval.collections import read_lines
from rag.answering import Assistant
from rag.indexing import index
from rag.lexical import index_text
from rag.store import reading
from rag.types import Answer


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one question."""

    asked: dict[str, Any]
    answer: Answer
    found: bool  # a listed evidence sentence lies inside the first five passages
    exact: bool  # every quote stands in its document at its offsets
    right: bool


def main(arguments: Sequence[str] | None = None) -> None:
    """Index the documents, ask every question, print the figures."""
    parser = argparse.ArgumentParser(prog="python -m eval.questions", description=__doc__.partition("\n")[0])
    parser.add_argument("questions", type=Path)
    parser.add_argument("documents", type=Path)
    parser.add_argument("--library", type=Path)
    parser.add_argument("--verbose", action="store_true", help="print every question with its answer")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as scratch:
        library = options.library or Path(scratch)
        index(options.documents, library)
        assistant = Assistant(library)
        outcomes = [run(assistant, asked) for asked in read_lines(options.questions)]
    if options.verbose:
        for outcome in outcomes:
            _print(outcome)
    _summarise(outcomes)


def run(assistant: Assistant, asked: dict[str, Any]) -> Outcome:
    """Ask one question and judge the answer."""
    history = tuple((question, answer) for question, answer in asked.get("history", ()))
    answer = assistant.ask(asked["question"], asked.get("as_of"), history)
    quotes = [_folded(evidence["quote"]) for evidence in asked["evidence"]]
    found = any(quote in _folded(hit.passage.text) for hit in answer.hits[:5] for quote in quotes)
    with reading(assistant.library) as view:
        exact = all(view.document(c.document_id).text[c.start : c.end] == c.quote for c in answer.citations)
    return Outcome(asked, answer, found, exact, _is_right(asked, answer))


def _is_right(asked: dict[str, Any], answer: Answer) -> bool:
    if asked.get("unanswerable"):
        return answer.text is None
    if answer.text is None:
        return False
    given = _folded(answer.short or answer.text)
    matches = [_folded(gold) in given for gold in asked["answers"]]
    return all(matches) if asked.get("all") else any(matches)


def _folded(text: str) -> str:
    """For comparison: white space folded, "13 000" as 13000, lower case, without articles."""
    text = re.sub(r"\b(?:a|an|the)\b", " ", index_text(text.replace("\u200b", "")).casefold())
    return re.sub(r"\s+", " ", text).strip()


def _print(outcome: Outcome) -> None:
    asked, answer = outcome.asked, outcome.answer
    mark = "right" if outcome.right else "WRONG"
    unfound = "" if outcome.found or asked.get("unanswerable") else "NOT FOUND "
    print(f"{mark} {unfound}{asked['question']}")
    print(f"      -> {answer.short or answer.text or answer.reason} ({answer.confidence:.2f})")


def _summarise(outcomes: Sequence[Outcome]) -> None:
    answerable = [outcome for outcome in outcomes if not outcome.asked.get("unanswerable")]
    quotes = sum(len(outcome.answer.citations) for outcome in outcomes)
    print(f"evidence recall@5   {sum(o.found for o in answerable)}/{len(answerable)}")
    print(f"exact quotes        {'all' if all(o.exact for o in outcomes) else 'NOT ALL'} of {quotes}")
    groups: dict[str, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        groups[outcome.asked.get("category", "all")].append(outcome)
    for name, group in groups.items():
        print(f"right {name:<14}{sum(o.right for o in group)}/{len(group)}")
    print(f"right in all        {sum(o.right for o in outcomes)}/{len(outcomes)}")


if __name__ == "__main__":
    main()
