"""Near misses: each differs from a question that is answered in one thing, and says so."""

from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag import negatives
from rag.negatives import Example, altered, contradicted, elsewhere, without_answer, word_kin

CONTEXT = (
    "The Harbour Board opened the Northport depot in May 1921 at a cost of 3,200 pounds. "
    "Dr Lea Sommer ran it until 1934. "
    "The rival yard at Eastbank belonged to Ivo Brandt, who sold it to the City Council in 1950 and moved to Riga. "
    "Both employed about 400 people."
)
KIN = {"depot": ["yard", "station"], "opened": ["closed", "built"], "people": ["workers"]}


def example(question: str, answer: str) -> Example:
    start = CONTEXT.index(answer)
    return Example(question, CONTEXT, ((start, start + len(answer)),), "test")


OPENED = example("When was the Northport depot opened by the Harbour Board?", "May 1921")


def test_the_answer_goes_with_its_sentence() -> None:
    left = without_answer(OPENED)
    assert left is not None and left.spans == () and left.question == OPENED.question
    assert "1921" not in left.context and "Dr Lea Sommer" in left.context
    assert without_answer(Example("When?", "It opened in 1921.", ((13, 17),), "test")) is None


def test_another_passage_never_holds_the_answer() -> None:
    others = [CONTEXT, "In May 1921 it rained.", "The weather was fine."]
    moved = elsewhere(OPENED, others, random.Random(0))
    assert moved is not None and moved.context == "The weather was fine." and moved.spans == ()
    assert elsewhere(OPENED, others[:2], random.Random(0)) is None


def test_the_passage_most_like_the_question_is_the_harder_one() -> None:
    others = ["The weather was fine.", "The Harbour Board opened another depot."]
    made = {elsewhere(OPENED, others, random.Random(seed)).context for seed in range(20)}  # type: ignore[union-attr]
    assert made == set(others)
    hard = [elsewhere(OPENED, others, random.Random(seed)).context for seed in range(60)]  # type: ignore[union-attr]
    assert hard.count(others[1]) > 40


def test_a_contradicted_sentence_no_longer_answers() -> None:
    made = {contradicted(OPENED, KIN, random.Random(seed)) for seed in range(40)} - {None}
    assert len(made) > 2
    for one in made:
        assert one is not None and one.spans == () and one.question == OPENED.question
        changed = one.context.split(". ")[0]
        assert changed != CONTEXT.split(". ", maxsplit=1)[0] and one.context.endswith(CONTEXT.split(". ", 1)[1])
        assert "May 1921" in changed  # what would have been the answer stays
    negated = contradicted(example("Who owned it?", "Ivo Brandt"), {}, random.Random(0))
    assert negated is None  # "who" is not in the sentence, and it has no auxiliary to negate


def test_names_change_places() -> None:
    question = "When did Ivo Brandt sell Eastbank to the City Council?"
    made = {negatives._exchanged(question, CONTEXT, "1950", KIN, random.Random(seed)) for seed in range(30)}
    assert "When did Eastbank sell Ivo Brandt to the City Council?" in made


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (negatives._other_name, {"Eastbank", "Ivo Brandt", "City Council", "Riga", "Lea Sommer"}),
        (negatives._other_word, {"yard", "station", "closed", "built"}),
        (negatives._opposite, {"closed"}),
        (negatives._negated, {"n't", "not", "never"}),
        (negatives._narrowed, {"Lea Sommer", "1934", "1950", "Eastbank", "Riga", "Ivo Brandt", "City Council"}),
    ],
)
def test_each_change_changes_one_thing(change: negatives.Change, expected: set[str]) -> None:
    made = {change(OPENED.question, CONTEXT, "May 1921", KIN, random.Random(seed)) for seed in range(40)} - {None}
    assert made
    for question in made:
        assert question and question != OPENED.question
        assert any(word in question for word in expected), question
        assert "May 1921" not in question


def test_figures_change_to_figures() -> None:
    made = {
        negatives._other_figure("Who ran it until 1934?", CONTEXT, "Dr Lea Sommer", {}, random.Random(s))
        for s in range(30)
    }
    assert len(made) > 2 and "Who ran it until 1934?" not in made
    assert all(question and question.startswith("Who ran it until ") for question in made)


def test_an_altered_question_keeps_its_passage_and_loses_its_answer() -> None:
    for seed in range(30):
        made = altered(OPENED, KIN, random.Random(seed))
        assert made is not None and made.context == CONTEXT and made.spans == () and made.question != OPENED.question


@given(question=st.text(max_size=80), context=st.text(max_size=300), seed=st.integers(0, 99))
def test_any_text_at_all(question: str, context: str, seed: int) -> None:
    made = altered(Example(question, context, ((0, len(context)),), "x"), KIN, random.Random(seed))
    assert made is None or made.spans == ()


def test_kin_are_near_words_but_not_inflections() -> None:
    vocabulary = {"harbour": 0, "harbours": 1, "port": 2, "poem": 3, "##ing": 4, "verse": 5}
    vectors = np.array([[1, 0], [1, 0.01], [0.9, 0.2], [0, 1], [5, 5], [0.1, 1]], dtype=np.float32)
    kin = word_kin(vocabulary, vectors, count=4)
    assert kin["harbour"][0] == "port" and "harbours" not in kin["harbour"] and "harbour" not in kin["harbour"]
    assert kin["poem"][0] == "verse"
