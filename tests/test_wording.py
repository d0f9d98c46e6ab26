"""Words that say the same or the opposite, and what a claim says beyond its passages."""

from __future__ import annotations

from collections import Counter

import pytest
from test_checking import check

from rag.covering import content
from rag.grounds import stems
from rag.wording import LIGHT, OPPOSITES, SAME, plain, stem


def test_no_word_is_in_two_groups() -> None:
    words = Counter(word for group in SAME.split(";") for word in group.partition("|")[0].split())
    assert [word for word, count in words.items() if count > 1] == []
    assert len(words) > 400


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The Board was set up.", "the board's establishment"),
        ("Lea chaired the Board.", "Lea took the chair of the Board"),
        ("Lea was at the meeting.", "Lea at the talks"),
        ("organized co-operation", "organised cooperation"),
    ],
)
def test_the_same_is_known_in_other_words(one: str, other: str) -> None:
    assert stems(one) == stems(other)


def test_opposites_are_of_groups() -> None:
    assert stem("ended") in OPPOSITES[stem("launched")] and stem("fell") in OPPOSITES[stem("growth")]
    assert all(stem(word) not in others for word, others in OPPOSITES.items())
    assert "over" in LIGHT
    assert plain("Launched by the end of March") == "launched by the march"  # there nothing ends


def test_names_figures_and_dates_are_no_content() -> None:
    assert content("Mr Ivo Brandt resigned over 12 on 4 May 2023") == {stem("resigned")}


@pytest.mark.parametrize(
    "lie",
    [
        "Mr Ivo Brandt resigned [1].",
        "The bridge was closed in 2023 [1].",
        "The Harbour Board cancelled the permits [2].",
        "The Arvik Bridge was opened because the ferry sank [1].",
        "All requests for permits had been approved [2].",
        "Only students use the ferries [2].",
        "Ms Lea Sommer was opened by the Arvik Bridge [1].",
        "Tolls have been charged since 1 July 2023 [1].",
    ],
)
def test_what_is_invented_beside_true_names_is_removed(lie: str) -> None:
    assert check(lie).text is None
    assert check(lie, 0.4).text is None
