"""When a paper itself is of: only what its own words tell, and only of the paper that is named."""

from __future__ import annotations

import pytest

from rag.dates import published
from rag.imprint import dated
from rag.types import Document

PAPERS = [
    "Ferry passes\n\nHelp for those who cross every day.\n\nHarbour Office\n\nLeaflet, revised May 2024",
    "Harbour Office\n\nPress release\n\n18 July 2024\n\nThe Old Mole opens\n\nThe mole opened on 15 July 2024.",
    "Harbour Board\n\nMinutes of the meeting held on 28 November 2023\n\nThe Board met.",
    "Harbour Office\n\nPress release\n\n2 August 2024\n\nNew trams\n\nTrams came.",
]
DOCUMENTS = [
    Document(number, f"{number}.txt", text.split("\n")[0], text, published(text), "0" * 64, "text", ())
    for number, text in enumerate(PAPERS, 1)
]


@pytest.mark.parametrize(
    ("question", "number", "words"),
    [
        ("When was the leaflet on ferry passes last revised?", 1, "May 2024"),
        ("How old is the ferry passes leaflet?", 1, "May 2024"),
        ("When was the press release about the Old Mole issued?", 2, "18 July 2024"),
        ("What is the date of the Harbour Board minutes?", 3, "28 November 2023"),
    ],
)
def test_the_words_that_date_a_paper(question: str, number: int, words: str) -> None:
    found = dated(question, DOCUMENTS)
    assert found and (found.passage.document_id, found.passage.words(found.start, found.end)) == (number, words)
    text = PAPERS[number - 1]
    assert found.passage.text == text[found.passage.start : found.passage.end]


@pytest.mark.parametrize(
    "question",
    [
        "When was the press release issued?",  # there are two
        "When were the minutes of the Harbour Board published?",  # their day is the meeting's
        "When was the press release about the Old Mole revised?",
        "When was the leaflet on bus passes revised?",
        "When did the mole open?",
        "When was the report on the mole that the Board asked for written, and by whom?",
    ],
)
def test_nothing_where_no_words_tell_it(question: str) -> None:
    assert dated(question, DOCUMENTS) is None
