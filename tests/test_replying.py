"""Each kind of question gets what it asks for, from spans that a fake reader chose."""

from __future__ import annotations

import re

import pytest

from rag.replying import Found, newest_of_the_best, reply_to
from rag.temporal import statements
from rag.types import Block, BlockKind, Document, Hit, PartialDate, Passage, Published, Span

TEXT = (
    "The Harbour Board met Riga University, Tartu University and the Institute of Ports. "
    "It has approved over 260 000 permits since March 2021. "
    "The night ferry opened in May 2019 and the day ferry opened in June 2020. "
    "The Office for Harbour Traffic (OHT) carried about 1 200 people in 2020 and 1 500 people in 2021. "
    "The Board exceeded its target for 2020."
)


def document(text: str = TEXT, number: int = 1, year: int = 2024) -> Document:
    return Document(number, f"{number}.txt", "Notice", text, Published(PartialDate(year, 3, 1)), "0", "txt",
                    (Block(BlockKind.PARAGRAPH, 0, len(text)),))  # fmt: skip


def passage(text: str = TEXT, number: int = 1) -> Passage:
    sentences = tuple(m.span() for m in re.finditer(r"[^. ][^.]*\.", text))
    return Passage(number, number, 0, len(text), text, sentences)


def span(words: str, score: float = 0.9, text: str = TEXT, number: int = 1) -> Span:
    start = text.index(words)
    within = next(s for s in passage(text).sentences if s[0] <= start < s[1])
    return Span(passage(text, number), start, start + len(words), *within, score)


class Library:
    """Finds for each question the span whose words it was told to."""

    def __init__(self, **answers: str) -> None:
        self._answers, self.asked = answers, []

    def find(self, question: str) -> Found:
        self.asked.append(question)
        words = next((w for key, w in self._answers.items() if key.replace("_", " ") in question), None)
        spans = [span(words)] if words else []
        documents = {1: document()}
        return Found([Hit(passage(), 1.0)], statements("", spans, documents), documents)


@pytest.mark.parametrize(
    ("question", "found", "short"),
    [
        ("How many permits has the board approved?", "260 000", "over 260 000"),
        ("Which universities and institutes did the board meet?", "Tartu University",
         "Riga University; Tartu University; Institute of Ports"),
        ("What does OHT stand for?", "OHT", "Office for Harbour Traffic"),
        ("Did the Board exceed its target for 2020?", "target for 2020", "Yes"),
        ("What did the board do about its target?", "target for 2020", None),
    ],
)  # fmt: skip
def test_the_kind_decides_what_is_shown(question: str, found: str, short: str | None) -> None:
    reply = reply_to(question, Library(**{question: found}).find, 0.5)
    assert reply is not None and reply.short == short
    for one in reply.spans:
        assert TEXT[one.sentence_start : one.sentence_end] == TEXT[one.sentence_start : one.sentence_end].strip()
        assert one.sentence_start <= one.start < one.end <= one.sentence_end


def test_a_comparison_asks_for_both_values_and_shows_the_arithmetic() -> None:
    library = Library(night="May 2019", day="June 2020")
    reply = reply_to("Which opened first, the night ferry or the day ferry?", library.find, 0.5)
    assert reply is not None and len(reply.spans) == 2
    assert reply.short is not None and "night ferry" in reply.short and "May 2019" in reply.short
    assert reply.lead.startswith(reply.short)


def test_a_comparison_with_one_value_is_no_comparison() -> None:
    reply = reply_to("Which opened first, the night ferry or the bus?", Library(night="May 2019").find, 0.5)
    assert reply is not None and reply.short is None and reply.lead == ""


def test_below_the_threshold_there_is_no_reply() -> None:
    found = Library(permits="260 000")
    assert reply_to("How many permits?", found.find, 0.95) is None
    assert reply_to("How many llamas?", found.find, 0.0) is None


def test_of_near_answers_the_newest_wins_and_far_ones_do_not() -> None:
    old, new = "In 2019 there were 5 boats.", "In 2020 there were 7 boats."
    documents = {1: document(old, 1, 2019), 2: document(new, 2, 2020)}
    near = [span("5", 0.9, old, 1), span("7", 0.8, new, 2)]
    assert newest_of_the_best(Found([], statements("", near, documents), documents), 0.5) == near[1]
    far = [span("5", 0.9, old, 1), span("7", 0.3, new, 2)]
    assert newest_of_the_best(Found([], statements("", far, documents), documents), 0.2) == far[0]
