"""How often "Yes" and "No" are right, to questions that are put in other words than the documents'.

    python -m eval.yesno [FILE] [--documents FOLDER] [--half first|second] [--show]

Of the shipped questions about fourteen short papers a third are to be answered "Yes", a third ask for what one thing
makes untrue (who, what, when, where, how many, planned, all, denied), a third for what is not told. They were written
before the rules; these were made with the first seven papers in view, the second seven are there to be measured.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from eval.collections import read_lines
from eval.sets import DATA
from rag import Answer, Assistant, index

QUESTIONS = DATA / "yesno" / "questions.jsonl"
DOCUMENTS = DATA / "yesno" / "documents"
KINDS = ("true", "false", "untold")
WORDS = {"true": "Yes", "false": "No", "untold": ""}


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of the set; ``changed`` says what makes an untrue one untrue."""

    id: str
    document: str
    question: str
    kind: str
    half: str
    changed: str = ""


@dataclass(frozen=True, slots=True)
class Judged:
    """The word that a question got, empty where there was none, what was quoted, and the seconds it took."""

    asked: Asked
    word: str
    quotes: str
    seconds: float

    @property
    def right(self) -> bool:
        """Whether it got its word."""
        return self.word == WORDS[self.asked.kind]


def word_of(answer: Answer) -> str:
    """ "Yes", "No", or nothing."""
    return answer.short if answer.short in ("Yes", "No") else ""


def judge(asked: Sequence[Asked], documents: Path) -> list[Judged]:
    """Each question put to a library of the documents."""
    with tempfile.TemporaryDirectory() as scratch:
        library = Path(scratch) / "library"
        index(documents, library)
        assistant = Assistant(library)
        assistant.ask(asked[0].question)  # the models are loaded by the first
        judged = []
        for one in asked:
            start = time.perf_counter()
            answer = assistant.ask(one.question)
            seconds = time.perf_counter() - start
            quotes = " ".join(" ".join(citation.quote.split()) for citation in answer.citations)
            judged.append(Judged(one, word_of(answer), quotes, seconds))
    return judged


def table(judged: Sequence[Judged]) -> str:
    """What was said to each kind of question, and the share of the words that were right."""
    lines = [f"{'':<22}{'Yes':>5}{'No':>5}{'no word':>9}"]
    changes = sorted({one.asked.changed for one in judged} - {""})
    for kind, changed in [*((kind, None) for kind in KINDS), *(("false", changed) for changed in changes)]:
        those = [one for one in judged if one.asked.kind == kind and changed in (None, one.asked.changed)]
        counts = [sum(one.word == word for one in those) for word in ("Yes", "No", "")]
        lines.append(f"{f'  {changed}' if changed else kind:<22}{counts[0]:>5}{counts[1]:>5}{counts[2]:>9}")
    for word in ("Yes", "No"):
        said = [one.right for one in judged if one.word == word]
        due = [one.right for one in judged if WORDS[one.asked.kind] == word]
        share = f"{sum(said) / len(said):.0%}" if said else "-"
        found = f"{sum(due) / len(due):.0%}" if due else "-"
        lines.append(f"{word}: right {sum(said)} of {len(said)} ({share}); found {sum(due)} of {len(due)} ({found})")
    lines.append(f"a question: {median(one.seconds for one in judged) * 1000:.0f} ms")
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> None:
    """Put the questions and print the table of each half."""
    parser = argparse.ArgumentParser(prog="python -m eval.yesno", description=__doc__.partition("\n")[0])
    parser.add_argument("file", nargs="?", type=Path, default=QUESTIONS)
    parser.add_argument("--documents", type=Path, default=DOCUMENTS, help="the folder that they are about")
    parser.add_argument("--half", choices=("first", "second"), help="only one half")
    parser.add_argument("--show", action="store_true", help="each question with its word and what was quoted")
    options = parser.parse_args(arguments)
    asked = [Asked(**row) for row in read_lines(options.file)]
    for half in (options.half,) if options.half else ("first", "second"):
        judged = judge([one for one in asked if one.half == half], options.documents)
        print(f"\n{half} half: {len(judged)} questions\n{table(judged)}")
        for one in judged if options.show else ():
            wrong = "!" if one.word and not one.right else " "
            print(f"{wrong} {one.asked.kind:<6} {one.word:<3} {one.asked.question}\n            {one.quotes[:220]}")


if __name__ == "__main__":
    main()
