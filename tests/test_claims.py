"""Claims made by rule: what is borne stays borne, and what is not differs from it in what is said to be wrong."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag import claims
from rag.claims import Claims, around, mutated, reworded, sentences, told
from rag.negatives import Example

CONTEXT = (
    "The Harbour Board (HB) opened the Northport depot in May 1921 at a cost of 3,200 pounds. "
    "Lea Sommer, the first manager, ran it until 1934. She moved to Riga in 1935. "
    "The rival yard at Eastbank belonged to Ivo Brandt, who sold it to the City Council in 1950. "
    "A new pier will be opened next year, and more than 400 people are to be employed."
)
OTHER = "The Northport ferry sailed to Riga every day until 1960. Its captain was Ola Berg, a friend of the Board."
KIN = {"depot": ["yard", "station"], "opened": ["closed", "built"], "people": ["workers"], "manager": ["captain"],
       "employ": ["hire"], "move": ["travel"], "employed": ["hired"]}  # fmt: skip


def example(question: str, answer: str, context: str = CONTEXT) -> Example:
    start = context.index(answer)
    return Example(question, context, ((start, start + len(answer)),), "test")


EXAMPLES = [
    example("When was the Northport depot opened by the Harbour Board?", "May 1921"),
    example("Who ran the depot until 1934?", "Lea Sommer"),
    example("When did Lea Sommer move to Riga?", "1935"),
    example("Who was captain of the ferry?", "Ola Berg", OTHER),
]


def all_claims(kind: str) -> list[claims.Claim]:
    made = Claims(EXAMPLES, KIN)
    return [claim for seed in range(80) for e in EXAMPLES for claim in getattr(made, kind)(e, random.Random(seed))]


@pytest.mark.parametrize("kind", ["of_question", "of_sentence"])
def test_claims_of_both_kinds_are_made(kind: str) -> None:
    made = all_claims(kind)
    borne = sum(claim.borne for claim in made) / len(made)
    assert 0.25 < borne < 0.65
    for claim in made:
        assert claim.text.strip() and claim.source.strip()
        assert claim.borne is False or claim.wrong == ()
        assert all(0 <= start < end <= len(claim.text) + 1 for start, end in claim.wrong or ())


@pytest.mark.parametrize(
    ("question", "answer", "statement"),
    [
        ("Who ran the depot until 1934?", "Lea Sommer", "Lea Sommer ran the depot until 1934."),
        ("When did Lea Sommer move to Riga?", "1935", "Lea Sommer moved to Riga 1935."),
        ("When was the depot opened by the Board?", "May 1921", "The depot was opened by the Board May 1921."),
        ("How many people live in Riga?", "400", "400 people live in Riga."),
        ("Why then?", "it rained", "Why then? it rained"),
    ],
)
def test_question_and_answer_become_a_statement(question: str, answer: str, statement: str) -> None:
    made = {told(question, answer, CONTEXT, random.Random(seed)).text for seed in range(20)}
    assert made == {statement, f"{question} {answer}"}


def test_other_words_keep_figures_and_names() -> None:
    sentence = CONTEXT[slice(*sentences(CONTEXT)[0])]
    made = {reworded(sentence, random.Random(seed)) for seed in range(60)}
    assert len(made) > 3
    for text in made:
        assert "1921" in text and "Northport" in text and ("3,200" in text or "3 200" in text)


@pytest.mark.parametrize("place", range(5))
def test_a_changed_sentence_or_source_differs_where_it_says(place: int) -> None:
    sentence = CONTEXT[slice(*sentences(CONTEXT)[place])]
    for seed in range(60):
        made = mutated(sentence, CONTEXT, KIN, random.Random(seed))
        assert made is not None and made.borne is False and made.wrong
        assert (made.text, made.source) != (sentence, CONTEXT)
        assert made.text == sentence or made.source == CONTEXT  # one of the two was changed, not both
        if made.source != CONTEXT:
            assert made.text[slice(*made.wrong[0])] in CONTEXT


def test_what_is_changed_in_both_stays_borne() -> None:
    sentence = CONTEXT[slice(*sentences(CONTEXT)[0])]
    made = [claims._both(sentence, CONTEXT, KIN, random.Random(seed)) for seed in range(40)]
    assert all(claim.borne and claim.text in claim.source for claim in made)
    assert sum(claim.source != CONTEXT for claim in made) > 10


def test_the_source_holds_the_sentence() -> None:
    start, end = sentences(CONTEXT)[2]
    for seed in range(30):
        assert CONTEXT[start:end] in around(CONTEXT, start, end, random.Random(seed))


@given(st.text(max_size=120), st.text(max_size=300), st.integers(0, 99))
def test_any_text_at_all(question: str, context: str, seed: int) -> None:
    made = Claims([Example(question, context or "x", ((0, len(context)),), "x")], KIN)
    for one in (made.of_question, made.of_sentence):
        for claim in one(Example(question, context or "x", ((0, len(context)),), "x"), random.Random(seed)):
            assert isinstance(claim.borne, bool)
