from __future__ import annotations

import time

import pytest

from rag.stages import besides, clause, other_stage, plain, searched, stages_asked, stages_of, told_of

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


@pytest.mark.parametrize(
    ("words", "planned"),
    [
        ("500 applications under the Talent Plan were approved", False),
        ("500 applications were approved, as planned", False),
        ("under the plan 500 applications were approved", False),
        ("exceeding its goals, it approved 500", False),
        ("a target of 400 families", True),
        ("the Board aims at 400 approvals", True),
        ("400 are expected by June", True),
        ("it is expected to reach 400", True),
        ("the 400 planned flats", True),
        ("Measure: Target; 2024: 400", True),
    ],
)
def test_a_plan_governs_its_figure(words: str, planned: bool) -> None:
    assert ("planned" in stages_of(words)) is planned


@pytest.mark.parametrize("sentence", ["The target, says the Board, is 400 flats", "Its target, 400 flats, is for 2025"])
def test_a_target_is_told_across_a_comma(sentence: str) -> None:
    start = sentence.index("400")
    assert "planned" in stages_of(told_of(sentence, start, start + 3))


@pytest.mark.parametrize(
    ("question", "stages"),
    [
        ("How many applications were there?", {"received"}),
        ("What is the total number of applications so far?", {"received"}),
        ("How many applications had been made by May 2024?", {"received"}),
        ("How many applications does the Board have?", {"received"}),
        ("How many applications were withdrawn?", set()),
        ("How many withdrawn applications are there?", set()),
        ("How many applicants are women?", set()),
        ("How many applicants hold a degree?", set()),
        ("How many applications did the Board process?", set()),
        ("How many were approved under the Talent Plan?", {"approved"}),
    ],
)
def test_applications_are_those_received_only_where_nothing_else_is_told(question: str, stages: set[str]) -> None:
    assert stages_asked(question) == stages


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("How many applications were given the green light?", "How many applications were approved?"),
        ("How many were given the green light?", "How many were approved?"),
        ("How many people turned up by May?", "How many people arrived by May?"),
        *((same, same) for same in (
            "How many claims were settled last year?", "How many patients were admitted to hospital?",
            "How many motions were moved?", "How many sites were cleared?", "How many planes have landed?",
            "How many teams reached the city final?", "How many people were admitted to hospital?",
        )),
    ],
)  # fmt: skip
def test_a_question_is_put_plainly_where_persons_or_papers_are_asked(question: str, asked: str) -> None:
    assert plain(question) == asked


@pytest.mark.parametrize(
    ("question", "stages"),
    [
        ("How many applications were made, granted or not?", {"received"}),
        ("How many families had permission to move, arrived or not?", {"approved"}),
        ("How many of those approved have moved to the estate?", {"arrived"}),
        ("Of everybody let in, how many people have come?", {"arrived"}),
        ("How many people came after their applications were approved?", {"arrived"}),
        ("How many applications have arrived?", {"arrived"}),  # as a follow-up is made whole
        ("How many requests for flats had reached the Board's office by May?", {"received"}),
        ("How many applications for flats, granted and not granted, were there?", {"received"}),
        ("How many newcomers has the estate received?", {"arrived"}),
        ("How many of those approved have not come yet?", {"not arrived"}),
        ("How many families have never arrived?", {"not arrived"}),
        ("How many people came after the law was passed?", {"arrived"}),
        ("How many forms had been sent in when the year came to an end?", {"received"}),
    ],
)
def test_the_stage_asked_is_that_of_the_question_itself(question: str, stages: set[str]) -> None:
    assert stages_asked(question) == stages


def test_what_is_denied_is_another_stage() -> None:
    assert stages_of("60 families had not yet arrived") == {"not arrived"}
    assert other_stage("How many families have arrived?", "60 families had not yet arrived") is True
    assert other_stage("How many families have not arrived?", "300 families have arrived") is True
    assert other_stage("How many families have not arrived?", "60 families had not yet arrived") is False


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("How many requests have been given the green light so far?", []),
        ("How many applications by doctors were approved?", ["doctors"]),
        ("How many people have moved to Elm Estate under the scheme?", ["Elm", "Estate", "scheme"]),
    ],
)
def test_what_a_question_names_besides_the_stage(question: str, words: list[str]) -> None:
    assert [
        word for word in besides(question) if word not in {"to", "by", "under", "the", "have", "so", "were"}
    ] == words


def test_papers_are_searched_by_the_words_they_use() -> None:
    assert str(searched("How many families turned up at Elm Estate?")).startswith("people arrived")
    assert searched("How many flats are there?") is None


def test_a_span_past_its_sentence_is_in_the_last_clause() -> None:
    assert clause("60 came, 50 left", 9, 40) == (9, 16)


@pytest.mark.parametrize("words", ["target is ", "people moved ", "many applications ", "the number of "])
def test_a_long_line_is_read_in_a_moment(words: str) -> None:
    start = time.perf_counter()
    assert stages_of(words * 3_000) <= {"arrived", "received", "planned"}
    assert time.perf_counter() - start < 2
