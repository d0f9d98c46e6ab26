"""Spans: the best of a brute-force search, whole words, inside the passage, comparable over passages."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.network import Scores, Window
from rag.reading import ANSWER_TOKENS, Confidence, Evidence, ExtractiveReader, is_of_type, whole_words
from rag.types import Hit, Passage

TEXT = "The ferry opened in May 2021. It carried over 260 000 people, and the fare was HK$2.65."


class WordNetwork:
    """A token a word; each word's logits are set by the test."""

    name, path = "words", "by hand"

    def __init__(
        self, starts: dict[str, float], ends: dict[str, float], nowhere: float = 0.0, size: int = 1_000
    ) -> None:
        self._starts, self._ends, self._nowhere, self._size = starts, ends, nowhere, size

    def windows(self, question: str, contexts: Sequence[str]) -> list[list[Window]]:
        found = []
        for context in contexts:
            words = [match.span() for match in re.finditer(r"\w+|[^\w\s]", context)]
            parts = [words[i : i + self._size] for i in range(0, max(len(words), 1), max(self._size // 2, 1))]
            self._texts = getattr(self, "_texts", {})
            for part in parts:
                self._texts[id(part)] = context
            found.append([Window([0] * len(part), [1] * len(part), 0, part) for part in parts])
        return found

    def score(self, windows: Sequence[Window]) -> list[Scores]:
        return [
            Scores(
                np.array([self._starts.get(self._word(w, *o), -5.0) for o in w.offsets], dtype=np.float32),
                np.array([self._ends.get(self._word(w, *o), -5.0) for o in w.offsets], dtype=np.float32),
                self._nowhere,
                0.0,
            )
            for w in windows
        ]

    def _word(self, window: Window, start: int, end: int) -> str:
        return self._texts[id(window.offsets)][start:end]


def hit(text: str, number: int = 1, headings: tuple[str, ...] = (), start: int = 100) -> Hit:
    sentences = [
        (start + m.start(), start + m.end()) for m in re.finditer(r"[^.]+(?:\.\d+)?[^.]*\.?", text) if m.group().strip()
    ]
    return Hit(
        Passage(number, number, start, start + len(text), text, tuple(sentences), headings), 1.0, dense_score=0.5
    )


def test_the_best_span_with_its_sentence_and_document_offsets() -> None:
    reader = ExtractiveReader(WordNetwork({"May": 4.0}, {"2021": 4.0}))
    best = reader.read("When did it open?", [hit(TEXT)])[0]
    assert TEXT[best.start - 100 : best.end - 100] == "May 2021"
    assert TEXT[best.sentence_start - 100 : best.sentence_end - 100] == "The ferry opened in May 2021."


def test_words_of_a_heading_are_read_but_never_cited() -> None:
    reader = ExtractiveReader(WordNetwork({"Depot": 9.0, "May": 1.0}, {"Depot": 9.0, "2021": 1.0}))
    spans = reader.read("What?", [hit(TEXT, headings=("Depot",))])
    assert all(100 <= span.start < span.end <= 100 + len(TEXT) for span in spans)
    assert TEXT[spans[0].start - 100 : spans[0].end - 100] == "May 2021"


def test_a_figure_is_taken_whole() -> None:
    reader = ExtractiveReader(WordNetwork({"260": 4.0}, {"260": 4.0}))
    best = reader.read("How many?", [hit(TEXT)])[0]
    assert TEXT[best.start - 100 : best.end - 100] == "260 000"


@pytest.mark.parametrize(
    ("text", "part", "whole"),
    [("over 260 000 people", "260", "260 000"), ("over 260 000 people", "000", "260 000"),
     ("over 1 260 000 people", "260", "1 260 000"), ("in 2021 300 people", "300", "300"),
     ("establishment", "lish", "establishment"),
     ("the 18th day", "18", "18th"), ("260\u00a0000", "260", "260\u00a0000"), ("page 12, 345 of", "345", "345")],
)  # fmt: skip
def test_whole_words(text: str, part: str, whole: str) -> None:
    start = text.index(part)
    assert text[slice(*whole_words(text, start, start + len(part)))] == whole


@settings(deadline=None)
@given(text=st.text(min_size=1, max_size=200), data=st.data())
def test_whole_words_only_grow_within_the_text(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    low, high = whole_words(text, start, end)
    assert 0 <= low <= start < end <= high <= len(text)


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 10_000))
def test_the_first_span_is_that_of_a_brute_force_search(seed: int) -> None:
    rng = np.random.default_rng(seed)
    words = [f"w{i}" for i in range(60)]
    starts = dict(zip(words, rng.normal(size=60).astype(float), strict=True))
    ends = dict(zip(words, rng.normal(size=60).astype(float), strict=True))
    text = " ".join(words)
    best = max(
        (
            (starts[a] + ends[b], i, j)
            for i, a in enumerate(words)
            for j, b in enumerate(words)
            if 0 <= j - i < ANSWER_TOKENS
        )
    )
    found = ExtractiveReader(WordNetwork(starts, ends)).read("?", [hit(text, start=0)])
    assert text[found[0].start : found[0].end].split() == words[best[1] : best[2] + 1]
    for one in found:
        assert not any(other is not one and one.start < other.end and other.start < one.end for other in found)


def test_windows_see_the_same_words_once() -> None:
    reader = ExtractiveReader(WordNetwork({"May": 4.0}, {"2021": 4.0}, size=10))
    spans = reader.read("When?", [hit(TEXT)])
    assert len({(span.start, span.end) for span in spans}) == len(spans)


def test_passages_share_one_scale_and_agreement_counts() -> None:
    network = WordNetwork({"May": 4.0, "June": 4.0}, {"2021": 4.0, "2020": 4.0})
    confidence = Confidence(bias=-2.0, margin=0.3, share=0.3, agreement=3.0)
    reader = ExtractiveReader(network, confidence)
    hits = [hit("It opened in June 2020.", 1), hit("It opened in May 2021.", 2), hit("Opened: May 2021.", 3)]
    spans = reader.read("When?", hits)
    assert spans[0].passage.id in (2, 3)
    assert spans[0].score > next(span.score for span in spans if span.passage.id == 1)
    assert all(0 <= span.score <= 1 for span in spans)
    alone = reader.read("When?", hits[1:2])[0].score
    assert alone < reader.read("When?", hits[1:])[0].score


def test_a_figure_of_something_else_done_counts_less() -> None:
    text = "By then it had received 250 forms, 160 of which had been accepted."
    reader = ExtractiveReader(WordNetwork({"250": 4.0, "160": 3.5}, {"250": 4.0, "160": 3.5}))
    best = reader.read("How many forms had been accepted?", [hit(text)])[0]
    assert text[best.start - 100 : best.end - 100] == "160"


def test_nothing_to_read() -> None:
    reader = ExtractiveReader(WordNetwork({}, {}))
    assert reader.read("Who?", []) == []
    assert reader.read("Who?", [hit("")]) == []


def test_confidence_never_overflows() -> None:
    for margin in (-1e6, 0.0, 1e6):
        assert 0.0 <= Confidence(margin=1.0).probability(Evidence(margin, 0.0)) <= 1.0
    assert math.isclose(Confidence(0.0, 0.0, share=0.0).probability(Evidence(3.0, 1.0)), 0.5)


@pytest.mark.parametrize(
    ("wanted", "words", "is_one"),
    [("number", "over 260 000", True), ("number", "3 June", False), ("number", "twelve", True),
     ("number", "2000", True),
     ("number", "the council", False), ("date", "May 2021", True), ("date", "last week", True), ("date", "Riga", False),
     ("person", "Dr Lea Sommer", True), ("person", "the chair", False), ("place", "anywhere", True), (None, "x", True)],
)  # fmt: skip
def test_words_that_can_be_what_is_asked_for(wanted: str | None, words: str, is_one: bool) -> None:
    assert is_of_type(wanted, words) is is_one


def test_a_dateline_is_read_as_a_plain_date_in_its_place() -> None:
    text = "The board met in Arvik today (March 18) and goes on tomorrow (March 19)."
    network = WordNetwork({}, {})
    seen: list[str] = []

    def windows(question: str, contexts: Sequence[str]) -> list[list[Window]]:
        seen.extend(contexts)
        return [[] for _ in contexts]

    network.windows = windows  # type: ignore[method-assign]
    ExtractiveReader(network).read("When did it meet?", [Hit(Passage(1, 1, 0, len(text), text), 1.0)])  # type: ignore[arg-type]
    assert [len(read) for read in seen] == [len(text)]
    assert seen[0].split() == "The board met in Arvik on March 18 and goes on on March 19 .".split()
    assert all(seen[0].index(day) == text.index(day) for day in ("March 18", "March 19"))
