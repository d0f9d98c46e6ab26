"""A name is given whole, and nothing beside it."""

from __future__ import annotations

import pytest

from rag.statements import _whole_name
from rag.types import Passage, Span


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
