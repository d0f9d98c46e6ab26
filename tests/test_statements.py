"""A name is given whole, and nothing beside it; a year is no count."""

from __future__ import annotations

import pytest

from rag.statements import _whole_name, statements
from rag.types import Block, BlockKind, Document, PartialDate, Passage, Published, Span


@pytest.mark.parametrize(
    ("sentence", "words", "whole"),
    [
        ("Under the Top Talent Pass Scheme, 30 came.", "Talent Pass", "Top Talent Pass Scheme"),
        ("It is in the Arvik Science and Technology Park.", "Park", "Arvik Science and Technology Park"),
        ("Ms Lo visited Oslo Monday to open it.", "Oslo", "Oslo"),
        ("In May Oslo hosted the fair.", "Oslo", "Oslo"),
        ("On Monday Norland Steel said so.", "Norland Steel", "Norland Steel"),
        ("Last Monday Norland Steel said so.", "Norland Steel", "Norland Steel"),
        ("However Norland won.", "Norland", "Norland"),
        ("It was signed by Norland Steel and Arvik Port Board.", "Port Board", "Arvik Port Board"),
    ],
)
def test_a_name_is_given_whole_and_no_more(sentence: str, words: str, whole: str) -> None:
    start = sentence.index(words)
    end, passage = start + len(words), Passage(1, 1, 0, len(sentence), sentence)
    low, high = _whole_name(sentence, start, end, Span(passage, start, end, 0, len(sentence), 1.0))
    assert sentence[low:high] == whole


@pytest.mark.parametrize(("question", "kept"), [("How many vessels came in 2024?", 1), ("When did they come?", 2)])
def test_a_year_is_no_count(question: str, kept: int) -> None:
    text = "The Trust received 1 500 vessels in 2023 and 1 800 vessels in 2024."
    document = Document(1, "1.txt", "Notice", text, Published(PartialDate(2025, 3, 1)), "0", "txt",
                        (Block(BlockKind.PARAGRAPH, 0, len(text)),))  # fmt: skip
    passage = Passage(1, 1, 0, len(text), text, ((0, len(text)),))
    starts = [(text.index(words), len(words)) for words in ("2023", "1 800")]
    spans = [Span(passage, start, start + length, 0, len(text), 0.5) for start, length in starts]
    assert len(statements(question, spans, {1: document})) == kept


def test_a_count_that_looks_like_a_year_is_one() -> None:
    text = "The Trust received 2023 vessels."
    document = Document(1, "1.txt", "Notice", text, Published(PartialDate(2025, 3, 1)), "0", "txt",
                        (Block(BlockKind.PARAGRAPH, 0, len(text)),))  # fmt: skip
    span = Span(Passage(1, 1, 0, len(text), text, ((0, len(text)),)), 19, 23, 0, len(text), 0.5)
    assert [one.words for one in statements("How many vessels came?", [span], {1: document})] == ["2023"]


LIST = (
    "The programme at the end of 2024\nIts target was passed in September.\nOrders had risen.\nOf these, 131 had come."
    "\nStation: Old Mole; 2021: 47; 2022: 44"
)


@pytest.mark.parametrize(("figure", "moment"), [("131", "end-2024"), ("47", "2021"), ("44", "2022")])
def test_a_figure_is_of_the_time_of_its_heading_or_its_column(figure: str, moment: str) -> None:
    lines, at = [], 0
    for line in LIST.split("\n"):
        lines.append((at, at + len(line)))
        at += len(line) + 1
    kinds = [BlockKind.HEADING, *[BlockKind.ITEM] * 3, BlockKind.ROW]
    blocks = tuple(Block(kind, *line) for kind, line in zip(kinds, lines, strict=True))
    document = Document(1, "1.txt", "Notice", LIST, Published(PartialDate(2025, 1, 23)), "0", "txt", blocks)
    passage = Passage(1, 1, 0, len(LIST), LIST, tuple(lines[1:]))
    start = LIST.index(figure)
    low, high = passage.sentence_around(start, start + len(figure))
    (one,) = statements("How many?", [Span(passage, start, start + len(figure), low, high, 0.5)], {1: document})
    assert one.moment.label == moment and one.headings == ("Notice", "The programme at the end of 2024")
