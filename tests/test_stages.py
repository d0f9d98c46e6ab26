from __future__ import annotations

import pytest

from rag.stages import clause, other_stage, stages_of

SENTENCE = "We had received 900 requests, 500 of which were granted, and some 300 families have moved to the estate"


@pytest.mark.parametrize(("figure", "stage"), [("900", "received"), ("500", "approved"), ("300", "arrived")])
def test_each_figure_has_the_stage_of_its_clause(figure: str, stage: str) -> None:
    start = SENTENCE.index(figure)
    left, right = clause(SENTENCE, start, start + len(figure))
    assert stages_of(SENTENCE[left:right]) == {stage}


@pytest.mark.parametrize(
    ("question", "words", "other"),
    [
        ("How many were approved?", "some 500 were granted", False),
        ("How many got the green light?", "500 permits approved", False),
        ("How many were approved?", "900 requests received", True),
        ("How many families came to the estate?", "300 families have moved to the estate", False),
        ("How many families came to the estate?", "a target of 400 families moving to the estate", True),
        ("How many families are expected to move to the estate?", "a target of 400 families moving to it", False),
        ("How many were turned down?", "70 were rejected", False),
        ("How many were turned down?", "70 were approved", True),
        ("How many flats are there?", "900 requests received", None),
        ("How many requests were received?", "there are 900", None),
    ],
)
def test_stages_are_told_apart(question: str, words: str, other: bool | None) -> None:
    assert other_stage(question, words) is other
