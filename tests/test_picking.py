"""The first reader: the right number, date or person of a sentence, and sentences in a sensible order."""

from __future__ import annotations

import pytest
from conftest import WordEmbedder

from rag.picking import SentencePicker, missing_words, short_answer
from rag.types import Hit, Passage

RECEIVED = "By then the desk had received more than 50 000 forms, about 31 000 of which had been accepted."
OPENED = (
    "The depot, which cost $12.5 million, was opened in May 2021 by Mr Ivo Brandt and Dr Lea Sommer of the council."
)


@pytest.mark.parametrize(
    ("question", "sentence", "short"),
    [
        ("How many forms had been accepted?", RECEIVED, "about 31 000"),
        ("How many forms had been received?", RECEIVED, "more than 50 000"),
        ("How many of the permit forms had been accepted?", RECEIVED, "about 31 000"),
        (
            "How many forms were approved?",
            "It brought in 50 000 forms, 31 000 approvals and 12 000 visits.",
            "31 000",
        ),
        ("How many complaints were made in 2023?", "(1) 162 complaints were made in 2023.", "162"),
        ("How long is bridge number 3-4?", "Bridge 3-4 is 19 metres long.", "19"),
        ("How many berths will there be?", "There will be four to eight berths.", "four to eight"),
        ("How much is the fare?", "The fare rises from $2.10 to $2.65.", None),
        ("How many were hurt?", "In the two years 11 and 7 people respectively were hurt.", None),
        ("How many loans in 2023?", "Library: Harbour; Year: 2023; Visits: 70418; Loans: 28640", "28640"),
        ("How many reservoirs are there?", "The five reservoirs hold 212 million cubic metres.", "five"),
        ("How many delegates came?", "In March 2024 150 delegates came.", "150"),
        ("How many people came?", "About 2000 people came in 2019.", "About 2000"),
        ("How many jobs were lost?", "In 2012 the mill closed and 1800 jobs were lost.", "1800"),
        ("When was the depot opened?", OPENED, "May 2021"),
        ("How much did the depot cost?", OPENED, "$12.5 million"),
        ("Who opened the depot?", OPENED, "Mr Ivo Brandt"),
        ("Who is Mr Ivo Brandt's colleague at the depot?", OPENED, "Dr Lea Sommer"),
        ("Who runs the harbour?", "The harbour is run by the Director of Ports.", "Director of Ports"),
        ("How many jobs will it bring?", "It brings $3 billion and about 1 200 jobs.", "about 1 200"),
        ("What percentage passed?", "Some 62 per cent passed in 2019.", "Some 62 per cent"),
        ("How many lanes are there?", "There are three lanes.", "three"),
        ("Why was it closed?", OPENED, None),
        ("When was the vote?", "The Mayor spoke before the vote on 3 June.", "3 June"),
        ("When will it close?", "Nobody has said.", None),
        ("How many in 2019?", "It happened on 4 March 2019.", None),
    ],
)
def test_short_answers(question: str, sentence: str, short: str | None) -> None:
    found = short_answer(question, sentence)
    assert (found and sentence[slice(*found)]) == short


def passage(text: str, number: int = 1) -> Passage:
    sentences, start = [], 0
    for sentence in text.split("\n"):
        sentences.append((start, start + len(sentence)))
        start += len(sentence) + 1
    return Passage(number, number, 0, len(text), text, tuple(sentences))


def test_the_sentence_that_speaks_of_the_question_comes_first(embedder: WordEmbedder) -> None:
    passages = [passage("The pier was painted green.\nThe ferry carries 1 200 passengers a day."), passage(OPENED, 2)]
    spans = SentencePicker(embedder).read("How many passengers does the ferry carry?", [Hit(p, 1.0) for p in passages])
    best = spans[0]
    assert passages[0].text[best.sentence_start : best.sentence_end].startswith("The ferry")
    assert passages[0].text[best.start : best.end] == "1 200"
    assert len(spans) == 3 and all(0 <= span.score <= 1 for span in spans)
    assert [span.score for span in spans] == sorted((span.score for span in spans), reverse=True)


def test_names_the_passage_does_not_mention_count_against_it(embedder: WordEmbedder) -> None:
    picker = SentencePicker(embedder)
    text = passage("The Fifth Session of the Board was held in Riga in May 2021.")
    (fifth,) = picker.read("When was the Fifth Session of the Board held?", [Hit(text, 1.0)])
    (sixth,) = picker.read("When was the Sixth Session of the Board held?", [Hit(text, 1.0)])
    assert sixth.score < fifth.score


def test_missing_words_are_those_in_no_passage_in_any_form() -> None:
    assert missing_words("Was the salary approved?", ["Approval was given."]) == ["salary"]


def test_nothing_to_read(embedder: WordEmbedder) -> None:
    assert SentencePicker(embedder).read("Who?", []) == []


def test_a_deputy_is_not_the_head(embedder: WordEmbedder) -> None:
    text = passage("Ms Sima Fox, the Vice Mayor of Riga, signed.")
    (mayor,) = SentencePicker(embedder).read("Who is the Mayor of Riga?", [Hit(text, 1.0)])
    (vice,) = SentencePicker(embedder).read("Who is the Vice Mayor of Riga?", [Hit(text, 1.0)])
    assert mayor.score <= 0.5 < vice.score / mayor.score


def test_a_body_is_no_person() -> None:
    assert short_answer("Who runs the night ferry?", "It is under the Labour and Welfare Bureau of Northport.") is None
