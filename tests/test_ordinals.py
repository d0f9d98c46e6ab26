"""Figures told of the first batch and of the second."""

from __future__ import annotations

import pytest

from rag.ordinals import asked, of_figure, one_by_one, told


@pytest.mark.parametrize(
    ("sentence", "figure", "ordinal"),
    [
        ("A first batch of firms, about 30 of them, was announced.", "30", "first"),
        ("About 30 firms came in the first batch and 20 in the second.", "30", "first"),
        ("About 30 firms came in the first batch and 20 in the second.", "20", "second"),
        ("The 2nd batch has 20 firms.", "20", "second"),
        ("The first batch came in May; 50 firms have been invited, 20 to the second batch.", "20", "second"),
        ("The batches have 50 firms.", "50", ""),
        ("The first session heard of 20 firms.", "20", ""),
    ],
)
def test_whose_figure_it_is(sentence: str, figure: str, ordinal: str) -> None:
    start = sentence.index(figure)
    assert of_figure("batch", sentence, start, start + len(figure)) == ordinal


def test_questions_about_each_and_about_the_newest() -> None:
    each = one_by_one("How many firms were in each successive batch?")
    assert each is not None and each.of("first") == "How many firms were in the first batch?" and not each.newest
    newest = one_by_one("How many firms are in the newest group that came?")
    assert newest is not None and newest.newest and newest.noun == "group"
    assert one_by_one("How many firms came in each year?") is None
    assert asked("How many firms were in the 2nd batch?") == ("second", "batch") and asked("How many firms?") is None


def test_a_group_is_a_batch_where_no_groups_are_numbered() -> None:
    texts = ["The first batch and the second batch came.", "The first intake ended, the second intake began."]
    assert told("group", texts) == [("first", "batch"), ("second", "batch")]
    assert told("intake", texts) == [("first", "intake"), ("second", "intake")]
    assert told("session", texts) == []
