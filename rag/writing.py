"""A model writes the answer; shown of it is what the documents bear out, sentence by sentence.

What the reader found (see answering.py) stays the measure. Its time, its series and its figures hold; where it is
sure of the words asked for, the model has to say them; and it is the answer where the model fails, refuses, or
writes nothing that stands. A sentence that was shown is never taken back.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace

from rag import citing
from rag.checking import SentenceChecker
from rag.errors import ModelError
from rag.prompting import REFUSAL, Form, prompt
from rag.seams import Generator, Support
from rag.types import Answer, Citation, Document, Evidence, NumberedPassage, Passage, Point, Removed, Span

MOST_TOKENS = 400
MOST_SENTENCES = 12
MOST_SENTENCE_CHARS = 1_000  # a sentence that is longer never ends
MOST_REPEATS = 2
SURE = 0.5  # from this confidence on, what the reader found has to be in the answer

_MARKER = re.compile(r"\s*[\[【](\d[\d, ]*)[\]】]")


@dataclass(frozen=True, slots=True)
class Task:
    """What is to be written: ``found`` is the answer, or the abstention, of the documents' own sentences;
    ``passages`` come best first, and ``in_time`` says that their dates matter. A brief or a comparison has no answer
    that was found: its own sentences stand beside what is written, and ``found`` has an empty text."""

    question: str
    found: Answer
    passages: Sequence[tuple[Passage, Document]]
    in_time: bool = False
    form: Form = Form.ANSWER


def write(
    generator: Generator, support: Support | None, task: Task, stopped: Callable[[], bool] = lambda: False
) -> Iterator[str | Answer]:
    """The text piece by piece, then the answer; no answer where ``stopped`` said so between two words."""
    draft = _Draft(task, generator, support)
    try:
        asked = prompt(
            task.question,
            task.passages,
            generator,
            most=MOST_TOKENS,
            as_of=task.found.as_of,
            in_time=task.in_time,
            form=task.form,
        )
        with closing(generator.write(asked.messages, most=MOST_TOKENS)) as pieces:
            for sentence in _bounded(sentences(_until(stopped, pieces))):
                yield from draft.take(sentence, asked.passages)
    except ModelError as error:
        yield from draft.broken(error)
    if not stopped():
        yield from draft.finish()
        yield draft.answer


# --- a stream of words as sentences ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence as a model wrote it, markers included; ``lead`` is what stands before it when it follows another,
    ``whole`` is False where the model broke off in it."""

    text: str
    lead: str = " "
    whole: bool = True


_TOKEN = re.compile(
    r"</?think>|[\[【]\d[\d, ]*[\]】]?|(?:(?!</?think>)[^\s\[【。！？])*[。！？]"
    r"|(?:(?!</?think>)[^\s\[【。！？])+|[\[【]|\s+"
)
_ENDS = re.compile(r"[.!?…。！？][\"'”’)\]]*$")
_ITEM = re.compile(r"^\s*(?:[-*•]|\d{1,2}[.)])\s+")
_AN_ITEM = "\n- "  # what stands before an item
_ENUMERATOR = re.compile(r"(?:1|\s*\n\s*\d{1,2})[.)]")
_EMPHASIS = re.compile(r"\*\*|__|^#+\s*|^\s*>\s*")


def sentences(pieces: Iterable[str]) -> Iterator[Sentence]:
    """Whole sentences, each as soon as the word after it is there; they do not depend on how the text is cut up.

    A line is a sentence of its own, a marker belongs to the sentence before it, and thinking aloud is left out.
    """
    current, gap, thinking = "", "", False
    for part in _tokens(pieces):
        if part in ("<think>", "</think>"):
            current, gap, thinking = "", "", part == "<think>"
        elif thinking:
            continue
        elif part.isspace():
            gap += part
        elif current and ("\n" in gap or (not _MARKER.fullmatch(part) and _is_end(current, part))):
            yield from _sentence(current)
            current, gap = gap + part, ""
        else:
            current, gap = current + gap + part, ""
            if len(current) > MOST_SENTENCE_CHARS:
                yield from _sentence(current, whole=False)
                return
    yield from _sentence(current, whole=_ENDS.search(current) is not None or current.endswith(("]", "】")))


def _tokens(pieces: Iterable[str]) -> Iterator[str]:
    """Words, markers and the space between; the last one only when it is certain that it goes on no further."""
    rest = ""
    for piece in pieces:
        *whole, rest = _TOKEN.findall(rest + piece) or [""]
        yield from whole
        if len(rest) > MOST_SENTENCE_CHARS:
            break
    if rest:
        yield rest


def _is_end(current: str, following: str) -> bool:
    """Whether a sentence ends before a word."""
    words = _MARKER.sub("", current).strip()
    if not _ENDS.search(words) or _ENUMERATOR.fullmatch(current):
        return False
    if words[-1] in "。！？":
        return True
    from sentencex import get_sentence_boundaries

    return any(found["start_index"] >= len(words) for found in get_sentence_boundaries("en", f"{words} {following}"))


def _sentence(written: str, whole: bool = True) -> Iterator[Sentence]:
    breaks = "\n" in written[: len(written) - len(written.lstrip())]
    text = _EMPHASIS.sub("", written.strip()).strip()
    item = _ITEM.match(text)
    text = text[item.end() :] if item else text
    if text:
        yield Sentence(text, _AN_ITEM if item else "\n" if breaks else " ", whole)


def _until(stopped: Callable[[], bool], pieces: Iterable[str]) -> Iterator[str]:
    for piece in pieces:
        if stopped():
            return
        yield piece


def _bounded(written: Iterable[Sentence]) -> Iterator[Sentence]:
    """At most so many, and an end to endless repetition."""
    seen: Counter[str] = Counter()
    for number, sentence in enumerate(written, 1):
        words = _words(sentence.text)
        if seen[words] == MOST_REPEATS:
            return
        seen[words] += 1
        yield sentence
        if number == MOST_SENTENCES:
            return


def _words(text: str) -> str:
    return " ".join(re.findall(r"\w+", _MARKER.sub("", text).casefold()))


# --- what becomes of them --------------------------------------------------------------------------------------

_REFUSALS = {_words(REFUSAL), _words(REFUSAL.replace("do not", "don't")), _words(REFUSAL.replace("do not", "don’t"))}
_YES_NO = re.compile(r"(?i)(yes|no)\b")


class _Draft:
    """The sentences of one answer that stand, their citations, and what was removed."""

    def __init__(self, task: Task, generator: Generator, support: Support | None) -> None:
        self._found, self._form = task.found, task.form
        self._generator = generator  # a server's model has its name once it was asked
        self._checker = SentenceChecker(support)
        self._documents = {document.id: document for _, document in task.passages}
        self._spans: list[Span] = []
        self._citations: list[Citation] = []
        self._pieces: list[str] = []  # that stand
        self._announced: tuple[Sentence, str] | None = None  # a line with a colon, until an item under it is shown
        self._shown = 0  # how many of them were given out
        self._refused = False
        self._removed: list[Removed] = []
        self._notes: list[str] = []
        self.answer = task.found

    def take(self, sentence: Sentence, passages: Sequence[NumberedPassage]) -> Iterator[str]:
        """What may be shown now."""
        words = _words(sentence.text)
        if words in _REFUSALS:
            self._refused = True
        decides = words in ("yes", "no") and words == (self._found.short or "").lower()
        if decides or words in _REFUSALS:  # the decision stands above the text anyway
            return
        text, reason = self._judged(sentence, passages)
        if reason:
            self._removed.append(Removed(sentence.text, reason))
            return
        if _announces(sentence):
            self._drop_announced()
            self._announced = sentence, text
            return
        if self._announced and sentence.lead == _AN_ITEM:
            self._stand(*self._announced)
            self._announced = None
        self._drop_announced()
        self._stand(sentence, text)
        if self._may_be_shown():
            yield from self._show()

    def _stand(self, sentence: Sentence, text: str) -> None:
        self._pieces.append((sentence.lead if self._pieces else sentence.lead.lstrip()) + text)

    def _drop_announced(self) -> None:
        """What was announced did not come: a list of which no item stands."""
        if self._announced:
            self._removed.append(Removed(self._announced[0].text, "Nothing under it is shown."))
            self._announced = None

    def _judged(self, sentence: Sentence, passages: Sequence[NumberedPassage]) -> tuple[str, str]:
        """A sentence as it is shown, and nothing; or why it is not."""
        against = _against(self._found, sentence.text) if sentence.whole else "It breaks off."
        if against:  # before the checker, which takes what it lets pass as said
            return "", against
        announces = _announces(sentence)
        checked = (self._checker.introduces if announces else self._checker.check)(sentence.text, passages)
        if checked.text is None:
            return "", checked.reason or "The documents do not bear it out."
        if announces and not checked.evidence:
            return checked.text, ""
        text = self._cited(checked.text, checked.evidence, passages)
        return text, "" if text else "The words it rests on cannot be quoted."

    def broken(self, error: ModelError) -> Iterator[str]:
        """The model failed: what was shown stays, and the documents' own sentences follow."""
        failure = f"{self._generator.name} could not write the {self._form} ({error})"
        if self._shown and self._found.text is not None:
            self._notes.append(f"{failure}; the documents' own sentences follow what it had written")
            self._pieces[self._shown :] = [f"\n{self._own_sentences()}"] if self._found.text else []
            yield from self._show()
        else:
            self._notes.append(failure + ("" if self._shown else self._instead()))
            del self._pieces[self._shown :]

    def finish(self) -> Iterator[str]:
        """The last pieces, after which ``answer`` is whole."""
        self._drop_announced()
        if self._pieces and (self._shown or self._may_be_shown()):
            yield from self._show()
            self.answer = self._written()
            return
        if not self._notes:
            self._notes.append(self._why_not())
        if self._found.text:
            yield self._found.text
        self.answer = replace(self._found, removed=tuple(self._removed), notes=tuple(self._notes))

    def _show(self) -> Iterator[str]:
        while self._shown < len(self._pieces):
            self._shown += 1
            yield self._pieces[self._shown - 1]

    def _may_be_shown(self) -> bool:
        """Where the reader is sure, not before the model has said the same."""
        return self._found.confidence < SURE or self._found.abstained or self._says_the_same()

    def _says_the_same(self) -> bool:
        """Whether what stands has the figures, dates and names that the reader found."""
        said = _MARKER.sub("", "".join(self._pieces))
        return not citing.unsupported(self._found.short or "", [said])

    def _cited(self, text: str, rests_on: Sequence[Evidence], passages: Sequence[NumberedPassage]) -> str:
        """A sentence with the numbers of its citations for those of the passages; empty where nothing is quoted."""
        by_number = {entry.number: entry.passage for entry in passages}
        numbers: dict[int, list[int]] = {}
        for evidence in rests_on:
            passage = by_number[evidence.number]
            around = passage.sentence_around(evidence.start, evidence.end)
            self._spans.append(Span(passage, evidence.start, evidence.end, *around, 1.0))
            self._citations = citing.cite(self._documents, self._spans)
            numbers.setdefault(evidence.number, []).extend(
                one.number
                for one in self._citations
                if (one.document_id, one.start) == (passage.document_id, around[0])
            )
        if not any(numbers.values()):
            return ""

        def renumbered(marker: re.Match[str]) -> str:
            named = [number for passage in re.findall(r"\d+", marker[1]) for number in numbers.get(int(passage), ())]
            space = " " if marker[0][0].isspace() else ""
            return space + "".join(f"[{number}]" for number in dict.fromkeys(named))

        return _MARKER.sub(renumbered, text)

    def _own_sentences(self) -> str:
        """The text of what was found, under the numbers that its citations have here."""
        text, place = self._found.text or "", 0
        for citation in self._found.citations:
            at = text.find(f"{citation.quote} [{citation.number}]", place)
            if at >= 0:
                number = self._number(citation)
                end = at + len(citation.quote)
                text = f"{text[:end]} [{number}]{text[end + len(f' [{citation.number}]') :]}"
                place = end
        return text

    def _number(self, citation: Citation) -> int:
        """The number of a citation here, a new one where it is not among them yet."""
        for one in self._citations:
            if (one.document_id, one.start, one.end) == (citation.document_id, citation.start, citation.end):
                return one.number
        self._citations.append(replace(citation, number=len(self._citations) + 1))
        return len(self._citations)

    def _written(self) -> Answer:
        found = self._found
        if not found.abstained and not self._says_the_same():
            found = replace(found, short=None, citations=(), moment=None, timeline=(), conflicts=())
        for citation in found.citations:
            self._number(citation)
        return replace(
            found,
            text="".join(self._pieces),
            citations=tuple(self._citations),
            timeline=self._points(found.timeline),
            conflicts=self._points(found.conflicts),
            reason=None,
            written_by=self._generator.name,
            removed=tuple(self._removed),
            notes=tuple(self._notes),
        )

    def _points(self, points: Sequence[Point]) -> tuple[Point, ...]:
        return tuple(replace(point, citation=self._citations[self._number(point.citation) - 1]) for point in points)

    def _why_not(self) -> str:
        """Why what the model wrote is not the answer."""
        name = self._generator.name
        if self._pieces:
            return f"What {name} wrote is not what the reader found{self._instead()}"
        if self._refused:
            return f"{name} found no answer in the passages{self._instead()}"
        wrote = "nothing that the documents bear out" if self._removed else "nothing"
        return f"{name} wrote {wrote}{self._instead()}"

    def _instead(self) -> str:
        return "" if self._found.abstained else "; these are the documents' own sentences"


def _announces(sentence: Sentence) -> bool:
    """Whether a line announces a list."""
    return _MARKER.sub("", sentence.text).rstrip().endswith(":")


def _against(found: Answer, sentence: str) -> str | None:
    """What of the reader's findings a sentence goes against: yes for no, or an old value as if it still held."""
    begins, decided = (_YES_NO.match(text or "") for text in (sentence, found.short))
    if begins and decided and begins[1].lower() != decided[1].lower():
        return f"The documents say {decided[1].lower()}."
    said = _MARKER.sub("", sentence)
    if found.moment is None or (found.short and not citing.unsupported(found.short, [said])):
        return None
    for point in found.timeline:
        of_another_time = point.moment.last is not None and point.moment.last != found.moment.last
        if of_another_time and point.quantity and not citing.unsupported(point.value, [said]):
            year = point.moment.last.year if point.moment.last else 0
            if str(year) not in said:
                return f"It gives the figure of {point.moment.label} without saying so."
    return None
