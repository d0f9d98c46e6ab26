"""What can be quoted by itself, of when it is, and what counts as the same."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import WordEmbedder
from test_answering import QuotingReader

from rag.answering import Assistant
from rag.gathering import _named
from rag.indexing import index
from rag.store import reading
from rag.stretches import leans, stretches
from rag.types import Brief, PartialDate


def quoted(tmp_path: Path, text: str, name: str = "paper.md") -> list[str]:
    """Every stretch of a paper."""
    (tmp_path / name).write_text(text)
    index([tmp_path / name], tmp_path / "library", embedder=WordEmbedder())
    with reading(tmp_path / "library") as view:
        (document,) = view.documents()
        found = view.passages(view.vectors()[0])
        return [document.text[slice(*whole)] for passage in found for _, whole in stretches(passage, document)]


def test_a_sentence_that_leans_on_others_is_quoted_with_them(tmp_path: Path) -> None:
    text = (
        "By March 250 applications had come in. Of that number 160 had been approved. They were read by two offices.\n"
    )
    assert quoted(tmp_path, text) == [
        "By March 250 applications had come in.",
        "By March 250 applications had come in. Of that number 160 had been approved.",
        text.strip(),
    ]


def test_a_sentence_never_takes_one_of_another_paragraph(tmp_path: Path) -> None:
    found = quoted(tmp_path, "The Board opened the old pier in spring.\n\nIt carries many people every single day.\n")
    assert found[1] == "It carries many people every single day."


def test_a_short_list_is_quoted_with_its_head(tmp_path: Path) -> None:
    text = "# Plans\n\nThe Board met. It chose three piers for boats:\n\n- Northport\n- Old pier\n- Eastern Landing\n"
    (chosen,) = [one for one in quoted(tmp_path, text) if "Northport" in one]
    assert chosen == "It chose three piers for boats:\n\n- Northport\n- Old pier\n- Eastern Landing"


def test_a_list_under_a_heading_is_quoted_with_the_heading(tmp_path: Path) -> None:
    text = "# Report\n\nThey met.\n\n## Piers in use\n\n- Northport, for the night ferry\n- Old pier, for guests\n"
    (chosen,) = [one for one in quoted(tmp_path, text) if "Northport" in one]
    assert chosen.startswith("Piers in use") and chosen.endswith("- Old pier, for guests")


def test_labels_numbers_and_questions_are_no_statements(tmp_path: Path) -> None:
    assert (
        quoted(tmp_path, "Harbour, all boats\n\nWhat did the Board decide about the pier?\n\nEnds\n\n1. Yes.\n") == []
    )


@pytest.mark.parametrize(
    ("words", "needs"),
    [
        ("It carries 700 people.", True),
        ("In October 2023 it presented a first batch.", True),
        ("Over 130 000 of them had been granted.", True),
        ("The other is to help people move.", True),
        ("The ferry carries 700 people.", False),
        ("In October 2023 the Board presented a first batch.", False),
        ("Items are kept in a depot.", False),
    ],
)
def test_which_sentences_lean(words: str, needs: bool, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(words)
    index([tmp_path / "a.txt"], tmp_path / "library", embedder=WordEmbedder())
    with reading(tmp_path / "library") as view:
        (document,) = view.documents()
    assert leans(document, 0, len(document.text)) is needs


@pytest.mark.parametrize(
    ("words", "label"),
    [
        ("The Office was set up in December 2022.", "December 2022"),
        ("The Board opened the night ferry in March 2022.", "March 2022"),
        ("When: 8 January 2024; What happened: the agreement was signed", "8 January 2024"),
        ("It is the first race held here since the one in 1985.", "14 December 2024"),
        ("Mr Lee noted that the Chamber, established over 30 years ago, has grown.", "14 December 2024"),
        ("This was organised by the Council of Design founded by the city in 1944.", "14 December 2024"),
        ("The agreement is about food.", "14 December 2024"),
    ],
)
def test_the_moment_of_a_statement_is_never_that_of_a_thing_in_it(words: str, label: str) -> None:
    assert _named(words, PartialDate(2024, 12, 14)).label == label


def brief(tmp_path: Path, texts: dict[str, str], topic: str) -> Brief:
    from rag.models import load_embedder

    embedder = load_embedder()
    for name, text in texts.items():
        (tmp_path / name).write_text(text)
    index([tmp_path / name for name in texts], tmp_path / "library", embedder=embedder)
    return Assistant(tmp_path / "library", embedder=embedder, reader=QuotingReader("")).brief(topic)


def test_a_short_form_finds_the_long_one_and_the_other_way_round(tmp_path: Path) -> None:
    texts = {
        "a.txt": "Issued on 1 May 2022\n\nThe Harbour Ferry Office (HFO) was set up this year. HFO runs two boats.\n",
        "b.txt": "Issued on 1 May 2023\n\nThe Harbour Ferry Office moved to the old pier in April 2023.\n",
    }
    for topic in ("HFO", "hfo", "Harbour Ferry Office"):
        said = " ".join(one.quote for one in brief(tmp_path, texts, topic).citations)
        assert "moved to the old pier" in said and "runs two boats" in said


def test_words_of_a_name_that_stand_apart_are_of_something_else(tmp_path: Path) -> None:
    texts = {
        "a.txt": "Issued on 1 May 2022\n\nThe Global Boat Summit opened on 1 May 2022 in the city hall.\n",
        "b.txt": "Issued on 2 May 2022\n\nA global maker of toys showed a boat on a hill and a summit made of sugar.\n",
    }
    said = " ".join(one.quote for one in brief(tmp_path, texts, "Global Boat Summit").citations)
    assert "opened" in said and "sugar" not in said
