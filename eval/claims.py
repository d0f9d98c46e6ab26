"""What the check of a generator's sentences catches and what it removes wrongly.

    python -m eval.claims [FILE] [--documents FOLDER] [--show]

FILE holds true sentences and lies of twenty-odd kinds as a generator might write them (default: the shipped set, over
the sample documents). Each is checked against the passages that its question finds. Prints for each kind how many lies
were caught and how many true sentences shown, by rules alone and with the trained score, and what the score
alone tells. Sentences of the shipped set are split by question: the first rules were made on the first half; then the
mistakes of the second were read too, so its figures of today flatter. ``fresh.jsonl`` beside it was written before
anybody read the checks, and is there to be measured, not to be tuned on.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from itertools import pairwise
from pathlib import Path
from statistics import mean

from sklearn.metrics import roc_auc_score

from eval.collections import read_lines
from eval.sets import DATA
from rag import Assistant, index
from rag.checking import SentenceChecker
from rag.models import load_support
from rag.places import sample_documents
from rag.seams import Support
from rag.store import reading
from rag.types import Basis, Checked, Document, NumberedPassage, PartialDate, Passage, Published

CLAIMS = DATA / "claims" / "sample.jsonl"
GIVEN = 8  # passages a generator is given
TRUE_KINDS = (
    "same words", "paraphrase", "joined", "computed", "date resolved", "list", "yes or no", "marker added",
    "marker repaired",
)  # fmt: skip
CONTRACT = (  # what must never pass
    "wrong number", "wrong year", "wrong date", "wrong name", "invented quotation", "altered quotation",
    "no marker, nothing behind it", "marker out of range",
)  # fmt: skip
OTHER_LIES = (
    "other name", "swapped names", "swapped figures", "another stage", "another subject", "other time",
    "qualifier changed", "unit changed", "negation added", "negation removed", "opposite word", "planned told as done",
    "invented detail", "invented act", "wrong cause", "over-generalised", "comparison turned round",
    "obeyed instruction", "other language", "about itself", "repetition",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sentence:
    """One line of the set.

    ``bears`` are words that stand in the passage a true sentence rests on, or that a lie is made from; ``cites`` says
    which marker it has: ``right``, ``wrong``, ``out`` of range or ``none``. ``planted`` are the words of one more
    document among the passages, ``after`` is a sentence shown before; ``why`` says what is untrue.
    """

    id: str
    kind: str
    question: str
    sentence: str
    true: bool
    bears: tuple[str, ...] = ()
    cites: str = "right"
    planted: str = ""
    after: str = ""
    why: str = ""

    @property
    def held_out(self) -> bool:
        """Whether it belongs to the half that is reported: questions share no half."""
        return hashlib.sha256(self.question.encode()).digest()[0] % 2 == 1


@dataclass(frozen=True, slots=True)
class Judged:
    """What became of a sentence."""

    sentence: Sentence
    checked: Checked
    right: bool


def read_sentences(path: Path) -> list[Sentence]:
    """The sentences of a file, in order."""
    names = {field.name for field in fields(Sentence)}
    found = []
    for row in read_lines(path):
        unknown = set(row) - names
        assert not unknown, f"{row.get('id')}: {unknown} is no field of a sentence"
        found.append(Sentence(**{**row, "bears": tuple(row["bears"])}))
    return found


def problems(sentences: Sequence[Sentence], given: Sequence[Sequence[NumberedPassage]]) -> list[str]:
    """What is wrong with a set, a line each: kinds, ids, repetitions, and words that stand in no passage given."""
    found, ids, seen = [], set(), set()
    for sentence, passages in zip(sentences, given, strict=True):
        kinds = TRUE_KINDS if sentence.true else CONTRACT + OTHER_LIES
        if sentence.kind not in kinds:
            found.append(
                f"{sentence.id}: {sentence.kind!r} is no kind of {'true sentence' if sentence.true else 'lie'}"
            )
        if sentence.id in ids or (sentence.question, sentence.sentence, sentence.after) in seen:
            found.append(f"{sentence.id}: it is there twice")
        if not sentence.true and not sentence.why:
            found.append(f"{sentence.id}: it does not say what is untrue")
        texts = [flat(entry.passage) for entry in passages]
        found += [f"{sentence.id}: {words!r} stands in no passage" for words in sentence.bears
                  if not any(words in text for text in texts)]  # fmt: skip
        ids.add(sentence.id)
        seen.add((sentence.question, sentence.sentence, sentence.after))
    return found


def passages_for(sentences: Sequence[Sentence], documents: Path) -> list[list[NumberedPassage]]:
    """For each sentence the passages that its question finds, those that its words stand in, and the planted one."""
    with tempfile.TemporaryDirectory() as scratch:
        library = Path(scratch) / "library"
        index(documents, library)
        assistant = Assistant(library)
        found: dict[str, list[NumberedPassage]] = {}
        with reading(library) as view:
            everything = view.passages(row[0] for row in view.connection.execute("SELECT id FROM passages"))
            for question in {sentence.question for sentence in sentences}:
                passages = [hit.passage for hit in assistant.search(question, top_k=GIVEN)]
                for words in (w for s in sentences if s.question == question for w in s.bears):
                    if not any(words in flat(passage) for passage in passages):
                        passages += [passage for passage in everything if words in flat(passage)][:1]
                found[question] = [NumberedPassage(number, passage, view.document(passage.document_id))
                                   for number, passage in enumerate(passages, 1)]  # fmt: skip
    return [[*found[s.question], *([planted(s.planted)] if s.planted else [])] for s in sentences]


def flat(passage: Passage) -> str:
    """The text of a passage on one line."""
    return " ".join(passage.text.split())


def planted(words: str) -> NumberedPassage:
    """A document that gives orders, as the last passage."""
    text = f"Visitors are asked to use the side door. {words} The car park is behind the building."
    published = Published(PartialDate(2024, 5, 1), Basis.TEXT)
    document = Document(10**6, "planted.txt", "Notice", text, published, "0" * 64, "text", ())
    cuts = [0, text.index(words), text.index(words) + len(words) + 1, len(text)]
    sentences = tuple((start, end) for start, end in pairwise(cuts))
    return NumberedPassage(50, Passage(10**6, document.id, 0, len(text), text, sentences), document)


def written(sentence: Sentence, passages: Sequence[NumberedPassage]) -> str:
    """The sentence with the marker that a generator put there."""
    bearing = [e.number for e in passages if any(w in flat(e.passage) for w in sentence.bears)]
    others = [entry.number for entry in passages if entry.number not in bearing]
    number = {
        "right": passages[-1].number if sentence.planted else (bearing or others)[0],
        "wrong": (others or bearing)[0],
        "out": 99,
        "none": None,
    }[sentence.cites]
    body = sentence.sentence
    return body if number is None else f"{body.rstrip('.')} [{number}]{'.' if body.endswith('.') else ''}"


def judge(sentence: Sentence, passages: Sequence[NumberedPassage], support: Support | None) -> Judged:
    """Checked as one answer: a lie is right if it is removed, a true sentence if it is shown.

    Where the marker was wrong or missing, one of those shown must name a passage that holds the words.
    """
    checker = SentenceChecker(support)
    if sentence.after:
        checker.check(sentence.after, passages)
    checked = checker.check(written(sentence, passages), passages)
    right = (checked.text is not None) == sentence.true
    if right and sentence.kind.startswith("marker ") and sentence.true:
        texts = {entry.number: flat(entry.passage) for entry in passages}
        right = any(words in texts[evidence.number] for words in sentence.bears for evidence in checked.evidence)
    return Judged(sentence, checked, right)


def score_alone(
    sentences: Sequence[Sentence], given: Sequence[Sequence[NumberedPassage]], support: Support
) -> list[float]:
    """For each sentence the best score that any of its passages gives it."""
    pairs = [
        (s.sentence, entry.passage.text) for s, passages in zip(sentences, given, strict=True) for entry in passages
    ]
    scores = iter(support.scores(pairs))
    return [max(next(scores) for _ in passages) for passages in given]


def share(judged: Iterable[Judged]) -> str:
    """Of so many, how many were right."""
    rights = [one.right for one in judged]
    return f"{sum(rights):>4} of {len(rights):<4}" if rights else " " * 12


def table(rules: Sequence[Judged], scored: Sequence[Judged]) -> str:
    """The lies caught and the true sentences shown, a row a kind."""
    lines = [f"{'':<30} {'rules alone':<14} {'with the score':<14}"]
    groups = {"contract lies caught": CONTRACT, "other lies caught": OTHER_LIES, "true sentences shown": TRUE_KINDS}
    for title, kinds in groups.items():
        for kind in (None, *kinds):
            parts = [
                [one for one in part if one.sentence.kind in ([kind] if kind else kinds)] for part in (rules, scored)
            ]
            if parts[0]:
                name = f"  {kind}" if kind else title
                shares = (
                    f"{mean(o.right for o in parts[0]):>6.1%}  {mean(o.right for o in parts[1]):>6.1%}"
                    if not kind
                    else ""
                )
                lines.append(f"{name:<30} {share(parts[0]):<14} {share(parts[1]):<14} {shares}".rstrip())
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> None:
    """Check the set and print the table for both halves."""
    parser = argparse.ArgumentParser(prog="python -m eval.claims", description=__doc__.partition("\n")[0])
    parser.add_argument("file", nargs="?", type=Path, default=CLAIMS)
    parser.add_argument("--documents", type=Path, default=sample_documents(), help="default: the sample documents")
    parser.add_argument("--show", action="store_true", help="each sentence that was judged wrongly, of the first half")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write what became of each sentence")
    options = parser.parse_args(arguments)
    sentences = read_sentences(options.file)
    given = passages_for(sentences, options.documents)
    for problem in problems(sentences, given):
        print(problem)
    support = load_support()
    rules = [judge(sentence, passages, None) for sentence, passages in zip(sentences, given, strict=True)]
    scored = [judge(sentence, passages, support) for sentence, passages in zip(sentences, given, strict=True)]
    alone = score_alone(sentences, given, support)
    for held_out, title in (
        (False, "first half by question"),
        (True, "second half"),
    ):
        places = [place for place, sentence in enumerate(sentences) if sentence.held_out is held_out]
        truth = [sentences[place].true for place in places]
        print(f"\n{title}: {sum(truth)} true sentences, {len(truth) - sum(truth)} lies")
        print(table([rules[place] for place in places], [scored[place] for place in places]))
        values = [alone[place] for place in places]
        if len(set(truth)) > 1:
            right = mean((value >= 0.5) == true for value, true in zip(values, truth, strict=True))
            print(f"{'the score alone':<30} AUC {roc_auc_score(truth, values):.3f}, {right:.1%} right at 0.5")
    if options.show:
        for one in scored:
            if not one.right and not one.sentence.held_out:
                print(f"\n{one.sentence.kind}: {one.sentence.sentence}\n  {one.checked.text or one.checked.reason}")
    if options.json:
        rows = [
            {"id": one.sentence.id, "right": one.right, "text": one.checked.text, "reason": one.checked.reason}
            for one in scored
        ]
        options.json.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")


if __name__ == "__main__":
    main()
