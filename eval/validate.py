"""A question set proven against its documents: every quote, answer, date and sum in it follows from the stored text.

    python -m eval.validate FILE... [--documents DIR]

Documents are loaded and cleaned as ``index`` does it, without a model; by default those of the sample library. A set
is JSON lines with ``id``, ``category``, ``question``, ``answers`` (any of them is right; with ``all`` each is needed)
and ``evidence`` (``doc``, ``quote``). Where they apply: ``as_of``, ``history``, ``unanswerable``, ``computed`` (the
answer is arithmetic), ``moment`` (the day or month of the answer's value), ``timeline`` (``value``, ``moment``,
``doc``, oldest first), ``says`` (what an abstention should name) and ``note``.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any

from rag.dates import parse_as_of
from rag.errors import DateError, LoadError
from rag.indexing import prepare
from rag.lexical import index_text
from rag.places import sample_documents
from rag.types import Document, PartialDate

TIME_CATEGORIES = frozenset(
    "latest as-of not-yet-known beyond-the-last-document change first-exceeds series office-holders plan-and-done "
    "conflicts partial-dates different-quantities".split()
)
CATEGORIES = TIME_CATEGORIES | frozenset(
    "factoid time compare list describe yesno multidoc definition unanswerable followup noisy".split()
)
"""Every category a question may have; "time" is for sets that do not tell kinds of it apart."""

_NEEDED = ("id", "category", "question", "answers", "evidence")
_SILENT = frozenset({"not-yet-known", "beyond-the-last-document"})  # nothing in them has an answer
_FACTOR_WORDS = {"doubled": Decimal(2), "twice": Decimal(2)}
_SMALLEST_TOTAL = 10_000  # a number of a question that is no year and no day


@dataclass(frozen=True, slots=True)
class Evidence:
    """Exact words of a document, named by its file name; white space counts as one space."""

    doc: str
    quote: str


@dataclass(frozen=True, slots=True)
class DatedValue:
    """One value of a series: ``moment`` is an ISO date, a month (``2024-02``) or a year."""

    value: str
    moment: str
    doc: str


@dataclass(frozen=True, slots=True)
class Question:
    """One line of a set. ``answers`` is empty where the documents don't say."""

    id: str
    category: str
    question: str
    answers: tuple[str, ...]
    evidence: tuple[Evidence, ...]
    as_of: str | None
    history: tuple[tuple[str, str], ...]
    all: bool
    computed: bool
    unanswerable: bool
    moment: str | None
    timeline: tuple[DatedValue, ...]
    says: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong in one line of a file, and what to do about it."""

    file: Path
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


Documents = Mapping[str, Document]


def main(arguments: Sequence[str] | None = None) -> int:
    """Print what is wrong and the number of questions per category; 1 where anything is wrong."""
    parser = argparse.ArgumentParser(prog="python -m eval.validate", description=__doc__.partition("\n")[0])
    parser.add_argument("files", type=Path, nargs="+", metavar="FILE")
    parser.add_argument("--documents", type=Path, default=sample_documents(), metavar="DIR")
    options = parser.parse_args(arguments)
    for path in (*options.files, options.documents):
        if not path.exists():
            parser.error(f"{path} does not exist: check the name")
    questions, problems = validate(options.files, read_documents(options.documents))
    for problem in problems:
        print(problem)
    for category, count in sorted(Counter(question.category for question in questions).items()):
        print(f"{category:<26}{count:>5}")
    print(f"{'all':<26}{len(questions):>5}   {f'{len(problems)} problems' if problems else 'no problems'}")
    return int(bool(problems))


def read_documents(folder: Path) -> dict[str, Document]:
    """The readable documents of a folder as they would be stored, by file name; the others are left out."""
    documents = {}
    for path in sorted(path for path in folder.iterdir() if path.is_file()):
        try:
            documents[path.name] = prepare(path.name, path.read_bytes())[0]
        except LoadError:
            continue
    return documents


def validate(files: Sequence[Path], documents: Documents) -> tuple[list[Question], list[Problem]]:
    """The well-formed questions of all files, and whatever is wrong in any line; ids are unique across the files."""
    questions: list[Question] = []
    problems: list[Problem] = []
    seen: set[object] = set()
    for file in files:
        for number, line in enumerate(file.read_bytes().splitlines(), 1):
            entry, messages = _entry(line)
            if not messages:
                question = question_of(entry)
                questions.append(question)
                messages = [message for check in _CHECKS for message in check(question, documents)]
                messages += _repeated(question, seen)
            problems += [Problem(file, number, message) for message in messages]
    return questions, problems


# ------------------------------------------------------------------------------------------------ the form of a line


def _entry(line: bytes) -> tuple[dict[str, Any], list[str]]:
    try:
        entry = json.loads(line)
    except ValueError as error:
        return {}, [f"not JSON ({error}): write one object a line, without empty lines"]
    if not isinstance(entry, dict):
        return {}, ["not a JSON object: write one object a line"]
    return entry, [*malformed(entry)]


def malformed(entry: Mapping[str, object]) -> Iterator[str]:
    """What keeps an object from being a question."""
    for key in _NEEDED:
        if key not in entry:
            yield f"{key!r} is missing: add it"
    for key, value in entry.items():
        if key not in _FORMS:
            yield f"{key!r} is no key of a question: take it out, or choose one of {', '.join(sorted(_FORMS))}"
        elif not _FORMS[key][0](value):
            yield f"{key!r} must be {_FORMS[key][1]}: correct it"


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _are_texts(value: object) -> bool:
    return isinstance(value, list) and all(map(_is_text, value))


def _are_pairs(value: object) -> bool:
    return isinstance(value, list) and all(_are_texts(pair) and len(pair) == 2 for pair in value)


def _are_records(*keys: str) -> Callable[[object], bool]:
    def fits(value: object) -> bool:
        return isinstance(value, list) and all(
            isinstance(record, dict) and record.keys() == set(keys) and all(map(_is_text, record.values()))
            for record in value
        )

    return fits


_FORMS: dict[str, tuple[Callable[[object], bool], str]] = {
    **dict.fromkeys(("id", "category", "question", "as_of", "moment", "note"), (_is_text, "words")),
    **dict.fromkeys(("answers", "says"), (_are_texts, "a list of words")),
    **dict.fromkeys(("all", "computed", "unanswerable"), (lambda value: isinstance(value, bool), "true or false")),
    "history": (_are_pairs, "a list of [question, answer] pairs"),
    "evidence": (_are_records("doc", "quote"), "a list of objects with doc and quote"),
    "timeline": (_are_records("value", "moment", "doc"), "a list of objects with value, moment and doc"),
}


def question_of(entry: Mapping[str, Any]) -> Question:
    """The question that a well-formed object is."""
    return Question(
        id=entry["id"],
        category=entry["category"],
        question=entry["question"],
        answers=tuple(entry["answers"]),
        evidence=tuple(Evidence(**record) for record in entry["evidence"]),
        as_of=entry.get("as_of"),
        history=tuple((asked, answered) for asked, answered in entry.get("history", ())),
        all=entry.get("all", False),
        computed=entry.get("computed", False),
        unanswerable=entry.get("unanswerable", False),
        moment=entry.get("moment"),
        timeline=tuple(DatedValue(**record) for record in entry.get("timeline", ())),
        says=tuple(entry.get("says", ())),
    )


def _repeated(question: Question, seen: set[object]) -> Iterator[str]:
    asked = (_folded(question.question), question.as_of, question.history)
    if question.id in seen:
        yield f"the id {question.id!r} is taken: give each question its own"
    if asked in seen:
        yield "the same question was asked before, as of the same day: ask it in other words, or take it out"
    seen.update((question.id, asked))


# ---------------------------------------------------------------------------------- what the documents have to say


def _category(question: Question, _: Documents) -> Iterator[str]:
    if question.category not in CATEGORIES:
        yield f"the category {question.category!r} is unknown: choose one of {', '.join(sorted(CATEGORIES))}"


def _evidence(question: Question, documents: Documents) -> Iterator[str]:
    for doc in sorted(_named(question.evidence, question.timeline) - documents.keys()):
        yield f"there is no document {doc!r}: write the file name of one of {', '.join(sorted(documents))}"
    for evidence in question.evidence:
        document = documents.get(evidence.doc)
        if document and _on_one_line(evidence.quote) not in _on_one_line(document.text):
            yield f"{evidence.doc} does not hold {evidence.quote!r}: copy the words from its stored text"
    if question.answers and not question.evidence:
        yield "an answer needs evidence: quote the words it rests on"


def _named(evidence: Sequence[Evidence], timeline: Sequence[DatedValue]) -> set[str]:
    return {record.doc for record in evidence} | {row.doc for row in timeline}


def _answers(question: Question, _: Documents) -> Iterator[str]:
    if question.unanswerable == bool(question.answers):
        yield 'give answers, or no answers and "unanswerable": true'
    if question.category in _SILENT and (question.answers or not question.says):
        yield f'a question {question.category} has no answers, but "says" what an abstention should name'
    if question.answers and question.says:
        yield '"says" is for an abstention: take it out, or take out the answers'
    if question.answers and not question.computed:
        stated = [answer for answer in question.answers if answer in ("yes", "no") or _quoted(question, answer)]
        if not stated or (question.all and len(stated) < len(question.answers)):
            lacking = [answer for answer in question.answers if answer not in stated]
            yield f"no evidence holds {lacking}: quote words that do, or mark the answer as computed"


def _abstention(question: Question, documents: Documents) -> Iterator[str]:
    published = [str(documents[e.doc].published) for e in question.evidence if e.doc in documents]
    for words in question.says:
        if not _quoted(question, words) and not any(_holds(date, words) for date in published):
            yield f'{words!r} of "says" is in no evidence and no publication date of it: quote words that hold it'


def _as_of(question: Question, documents: Documents) -> Iterator[str]:
    """Only what was published by the day may answer; what was not yet known has its first document after it."""
    early = question.category == "not-yet-known"
    if question.as_of is None:
        if early:
            yield 'a question not-yet-known needs "as_of"'
        return
    day = _last_day(question.as_of)
    if day is None or day.isoformat() != question.as_of:
        yield f"{question.as_of!r} is no day: write it as 2024-01-31"
        return
    cited = question.evidence if question.answers or early else ()
    for doc in sorted(_named(cited, question.timeline) & documents.keys()):
        first, last = documents[doc].published.date.first(), documents[doc].published.date.last()
        if early and (first is None or first <= day):
            yield f"{doc} may have been published by {day}: then it was known; move the day or the evidence"
        if not early and (last is None or last > day):
            yield f"{doc} may have been published after {day}: cite an earlier document or move the day"


def _first_document(question: Question, documents: Documents) -> Iterator[str]:
    """Where nothing was known yet, the gold names the date of the first document on it."""
    dates = [documents[e.doc].published for e in question.evidence if e.doc in documents]
    known = [(found.date.first(), str(found)) for found in dates if found.date.year]
    if question.category == "not-yet-known" and known:
        label = min(known)[1]
        if not all(_holds(label, words) for words in question.says):
            yield f'the first document cited is of {label}: let "says" name that'


def _timeline(question: Question, documents: Documents) -> Iterator[str]:
    days = [_last_day(row.moment) for row in question.timeline]
    for row, day in zip(question.timeline, days, strict=True):
        if day is None:
            yield f"the moment {row.moment!r} is no date: write it as 2024-02-29, 2024-02 or 2024"
        if row.doc in documents and not _holds(documents[row.doc].text, row.value):
            yield f"{row.doc} does not hold the value {row.value!r}: write it as the document does"
    if any(earlier and later and earlier > later for earlier, later in pairwise(days)):
        yield "the timeline is not in order: put the oldest value first"
    if question.category == "series" and len(question.timeline) < 2:
        yield "a series needs a timeline of two values or more"


def _moment(question: Question, _: Documents) -> Iterator[str]:
    if question.moment is None:
        return
    label = re.sub(r"^(?:early|mid|late)[- ]", "", question.moment)
    try:
        day = parse_as_of(label.removesuffix(" (year not stated)") + (" 2000" if "(year" in label else ""))
    except DateError:
        yield f"the moment {question.moment!r} is no date: write it as end-February 2024 or 8 January 2024"
        return
    days = [_last_day(row.moment) for row in question.timeline]
    if days and day not in days:
        yield f"the timeline has no value at {question.moment}: correct one of the two"
    elif days and question.category == "latest" and day != days[-1]:
        yield f"{question.moment} is not the end of the timeline: the latest value wins"


def _sums(question: Question, _: Documents) -> Iterator[str]:
    if not question.computed:
        return
    if question.timeline:
        possible = _arithmetic([number for row in question.timeline for number in _numbers(row.value)])
    else:
        possible = _arithmetic([number for evidence in question.evidence for number in _numbers(evidence.quote)])
    given = [number for answer in question.answers for number in _figures(answer)]
    wrong = [number for number in given if not any(_rounds_to(result, number) for result in possible)]
    if wrong or not given:
        yield f"{', '.join(map(str, wrong)) or 'no figure'}: not worked out from the timeline or evidence; do it again"


def _threshold(question: Question, _: Documents) -> Iterator[str]:
    """The answer to "when did it first exceed N" is the first row of the series above N."""
    limits = [number for number in _numbers(question.question) if number >= _SMALLEST_TOTAL]
    if question.category != "first-exceeds" or not limits:
        return
    totals = [(total, row.moment) for row in question.timeline for total in _numbers(row.value)]
    above = [moment for total, moment in totals if total >= limits[0]]  # "more than 100 000" does exceed it
    if not totals:
        yield "a question first-exceeds needs a timeline: list the values it is judged by"
    elif above and (day := _last_day(above[0])):
        if not any(_holds(answer, f"{day:%B %Y}") for answer in question.answers):
            yield f"the first value above {limits[0]} is of {day:%B %Y}: let an answer say so"
    elif question.answers:
        yield f"no value of the timeline is above {limits[0]}: there is no answer"


_CHECKS = (
    _category,
    _evidence,
    _answers,
    _abstention,
    _as_of,
    _first_document,
    _timeline,
    _moment,
    _sums,
    _threshold,
)


# ------------------------------------------------------------------------------------------------ words and figures


def _on_one_line(text: str) -> str:
    """White space, no-break spaces included, as single spaces, and without zero-width spaces."""
    return " ".join(text.replace("\u200b", "").split())


def _folded(text: str) -> str:
    return index_text(_on_one_line(text)).casefold()


def _holds(text: str, words: str) -> bool:
    """Whether the words stand in the text as whole words: "30" is not in "130 000"."""
    return re.search(rf"(?<!\w){re.escape(_folded(words))}(?!\w)", _folded(text)) is not None


def _quoted(question: Question, words: str) -> bool:
    return any(_holds(evidence.quote, words) for evidence in question.evidence)


def _numbers(text: str) -> list[Decimal]:
    return [Decimal(digits) for digits in re.findall(r"\d+(?:\.\d+)?", index_text(text.replace(",", "")))]


def _figures(answer: str) -> list[Decimal]:
    return _numbers(answer) or [factor for word, factor in _FACTOR_WORDS.items() if word in answer.casefold()]


def _arithmetic(numbers: Sequence[Decimal]) -> set[Decimal]:
    """Differences, factors and percentages between any two of the numbers."""
    results: set[Decimal] = set()
    for one, other in combinations(numbers, 2):
        results.add(abs(other - one))
        if one:
            results |= {other / one, abs(other - one) / one * 100}
    return results


def _rounds_to(exact: Decimal, given: Decimal) -> bool:
    decimals = len(str(given).partition(".")[2])
    return abs(exact - given) * 2 <= Decimal(1).scaleb(-decimals)


def _last_day(moment: str) -> dt.date | None:
    """The last day that an ISO date, month or year can mean; None for what is none."""
    try:
        return PartialDate.fromisoformat(moment).last()
    except ValueError:
        return None


if __name__ == "__main__":
    sys.exit(main())
