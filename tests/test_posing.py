"""Questions are read off what the text says, and never take long to read, whatever the text is."""

from __future__ import annotations

import time

import pytest

from ui.posing import Posed, Sort, posed


@pytest.mark.parametrize(
    ("text", "question", "words", "sort"),
    [
        (
            "By May, over 260 000 applications have been approved.",
            "How many applications have been approved?",
            "260 000",
            Sort.FIGURE,
        ),
        (
            "1,200 related visas had already been issued by then.",
            "How many visas have been issued?",
            "1,200",
            Sort.FIGURE,
        ),
        (
            "About 90 000 people have arrived in Port Ada since.",
            "How many people have arrived in Port Ada?",
            "90 000",
            Sort.FIGURE,
        ),
        (
            "The Harbour Board has met with more than 200 shipping firms.",
            "How many shipping firms has the Harbour Board met with?",
            "200",
            Sort.FIGURE,
        ),
        (
            "The night office of the Harbour Board was set up in October 2023.",
            "When was the night office of the Harbour Board set up?",
            "October 2023",
            Sort.DATE,
        ),
        (
            "The Harbour Board was formally established on 4 March 2022.",
            "When was the Harbour Board established?",
            "4 March 2022",
            Sort.DATE,
        ),
        (
            "The Minister of Ferries and Tides, Ms Ada May Wong, spoke.",
            "Who is the Minister of Ferries and Tides?",
            "Ada May Wong",
            Sort.OFFICE,
        ),
        ("Mr Jo Field, Mayor, met them.", "Who is the Mayor?", "Jo Field", Sort.OFFICE),
        (
            "The five routes of the Harbour Board are these.",
            "What are the five routes of the Harbour Board?",
            "",
            Sort.LIST,
        ),
        ("The Harbour Planning Board (HPB) met.", "What does HPB stand for?", "Board", Sort.LETTERS),
        ("x\nWhen does the Petrel leave?\nAt nine.", "When does the Petrel leave?", "", Sort.HEADING),
    ],
)
def test_what_a_sentence_answers_is_asked(text: str, question: str, words: str, sort: Sort) -> None:
    assert [(one.question, one.words, one.sort) for one in posed(text)] == [(question, words, sort)]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "It was opened in 2023.",  # what?
        "In 2024 figures were given.",  # a year is no figure
        "The Under Secretary, Mr Jo Field, spoke.",  # of what?
        "The two sides met. The three others are late.",
        "What does it do there?",
        "Who is invited?",  # to what?
    ],
)
def test_what_would_not_be_understood_alone_is_not_asked(text: str) -> None:
    assert posed(text) == []


def test_a_question_is_posed_once_where_its_answer_first_stands() -> None:
    text = "Then 5 ships were sold. Later 7 ships were sold."
    assert posed(text) == [Posed("How many ships were sold?", "5", Sort.FIGURE, 5)]


@pytest.mark.parametrize(
    "text",
    ["A" * 20_000, "A " * 10_000, "The " * 5_000, "a-" * 10_000, "A'" * 10_000, "100 000 " * 2_500, "12 a b c " * 2_200,
     "Aa of " * 3_300 + "(", "the three " * 2_000, "Mr Aa Aa, " * 2_000, "What " * 4_000],
)  # fmt: skip
def test_no_text_takes_long(text: str) -> None:
    started = time.thread_time()
    posed(text)
    assert time.thread_time() - started < 2
