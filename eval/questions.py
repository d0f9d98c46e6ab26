"""A question set put to a library: evidence found, quotes exact, answers right, refusals, no date invented.

    python -m eval.questions [QUESTIONS.jsonl [DOCUMENTS]] [--library DIR] [--without-time] [--verbose]

Questions are JSON lines with ``question``, ``answers``, ``evidence`` (``doc``, ``quote``) and, where they apply,
``as_of``, ``history``, ``unanswerable`` and ``all``.
"""

from __future__ import annotations

import argparse
import datetime as dt
import re
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

from eval.collections import read_lines
from rag import answering, asked_time
from rag.answering import Assistant
from rag.asked_time import Asked
from rag.citing import unsupported
from rag.indexing import index
from rag.lexical import index_text
from rag.moments import mentions, of_document
from rag.places import sample_documents
from rag.store import reading
from rag.types import Answer, Citation, Document

WORDS_BEFORE = 600  # characters in which a sentence before the quote may name the time it goes on about
TIME_SET = Path(__file__).parent / "data" / "time.jsonl"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one question."""

    asked: dict[str, Any]
    answer: Answer
    found: bool  # a listed evidence sentence lies inside the first five passages
    exact: bool  # every quote stands in its document at its offsets
    right: bool
    invented: bool  # the short answer names a date or figure that neither quotes, dates of documents nor sums hold


def main(arguments: Sequence[str] | None = None) -> None:
    """Index the documents, ask every question, print the figures."""
    parser = argparse.ArgumentParser(prog="python -m eval.questions", description=__doc__.partition("\n")[0])
    parser.add_argument("questions", type=Path, nargs="?", default=TIME_SET)
    parser.add_argument("documents", type=Path, nargs="?", help="default: the sample library's")
    parser.add_argument("--library", type=Path)
    parser.add_argument("--without-time", action="store_true", help="as of no date, without series: what time earns")
    parser.add_argument("--verbose", action="store_true", help="print every question with its answer")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as scratch:
        library = options.library or Path(scratch)
        index(options.documents or sample_documents(), library)
        assistant = Assistant(library)
        with without_time() if options.without_time else nullcontext():
            outcomes = [run(assistant, asked, options.without_time) for asked in read_lines(options.questions)]
    if options.verbose:
        for outcome in outcomes:
            _print(outcome)
    _summarise(outcomes)


@contextmanager
def without_time() -> Iterator[None]:
    """Every question read without its time, every figure without its series.

    The time that a question names is still no part of a name: else it would bar documents that do not mention it.
    """
    time_asked, spoken_of = asked_time.asked, answering._spoken_of
    with ExitStack() as patches:
        for name, nothing in (
            ("rag.asked_time.asked", lambda question, today: Asked()),
            ("rag.answering._spoken_of", lambda question, _, spans, documents:
                spoken_of(question, time_asked(question, dt.date.today()), spans, documents)),
            ("rag.temporal.latest_date", lambda best, said: best),
            ("rag.temporal.series", lambda question, best, said: [best]),
            ("rag.changing.course", lambda question: None),
            ("rag.changing.difference", lambda question, times: None),
        ):  # fmt: skip
            patches.enter_context(patch(name, nothing))
        yield


def run(assistant: Assistant, asked: dict[str, Any], timeless: bool = False) -> Outcome:
    """Ask one question and judge the answer; ``timeless`` leaves its as-of date out."""
    history = tuple((question, answer) for question, answer in asked.get("history", ()))
    answer = assistant.ask(asked["question"], None if timeless else asked.get("as_of"), history)
    quotes = [_folded(evidence["quote"]) for evidence in asked["evidence"]]
    found = any(quote in _folded(hit.passage.text) for hit in answer.hits[:5] for quote in quotes)
    with reading(assistant.library) as view:
        documents = {citation.document_id: view.document(citation.document_id) for citation in answer.citations}
    exact = all(documents[c.document_id].text[c.start : c.end] == c.quote for c in answer.citations)
    return Outcome(asked, answer, found, exact, _is_right(asked, answer), bool(invented(answer, documents)))


def invented(answer: Answer, documents: Mapping[int, Document]) -> list[str]:
    """What a person reads as the answer and no cited words say; ``documents`` are those cited, by number.

    Moments count as told where the quote, the sentences before it or the document's date are read to name them.
    """
    named = {citation: _moments_named(citation, documents[citation.document_id]) for citation in answer.citations}
    shown = [(point.moment.label, named[point.citation]) for point in (*answer.timeline, *answer.conflicts)]
    if answer.moment:
        shown.append((answer.moment.label, [label for labels in named.values() for label in labels]))
    wrong = [label for label, labels in shown if label not in labels and unsupported(label, labels)]
    told = [label for label, _ in shown if label not in wrong]
    held = [answer.question, *(citation.quote for citation in answer.citations)]
    return wrong + unsupported(answer.short or "", held, [*answer.computed, *told])


def _moments_named(citation: Citation, document: Document) -> list[str]:
    """The quote, its document's date, and the moments that the quote and the words before it name."""
    published = document.published.date
    words = (citation.quote, document.text[max(0, citation.start - WORDS_BEFORE) : citation.start])
    labels = [moment.label for text in words for mention in mentions(text, published) for moment in mention.named]
    return [citation.quote, str(published), of_document(published).label, *labels]


def _is_right(asked: dict[str, Any], answer: Answer) -> bool:
    if asked.get("unanswerable"):
        return answer.text is None
    if answer.text is None:
        return False
    given = _folded(answer.short or answer.text)
    matches = [bool(re.search(rf"(?<!\w){re.escape(_folded(gold))}(?!\w)", given)) for gold in asked["answers"]]
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
    dates = sum(o.invented for o in outcomes)
    print(f"invented dates      {dates}")
    print(f"exact quotes        {'all' if all(o.exact for o in outcomes) else 'NOT ALL'} of {quotes}")
    groups: dict[str, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        groups[outcome.asked.get("category", "all")].append(outcome)
    for name, group in groups.items():
        print(f"right {name:<14}{sum(o.right for o in group)}/{len(group)}")
    print(f"right in all        {sum(o.right for o in outcomes)}/{len(outcomes)}")


if __name__ == "__main__":
    main()
