from __future__ import annotations

import datetime as dt
import re

import pytest

from rag.fitting import done, surer, up_to_date
from rag.statements import Statement, statements
from rag.types import Basis, Document, PartialDate, Passage, Published, Span

TEXT = (
    "The housing scheme had received 900 requests by May. Of these, 500 were granted. Some 300 families have moved in. "
    "The Board met 40 companies."
)
SCORE = 0.1


def said(question: str, text: str = TEXT) -> dict[str, Statement]:
    """Every figure of a text as a statement that the reader hardly believes, by its words."""
    sentences, at = [], 0
    for part in text.split(". "):
        sentences.append((at, at + len(part)))
        at += len(part) + 2
    published = Published(PartialDate(2024, 6, 1), Basis.TEXT)
    document = Document(1, "a.txt", "The housing scheme", text, published, "0" * 64, "text", ())
    passage = Passage(1, 1, 0, len(text), text, tuple(sentences))
    spans = []
    for figure in re.findall(r"\d+%?", text):
        start = text.index(figure)
        end = start + len(figure)
        spans.append(Span(passage, start, end, *passage.sentence_around(start, end), SCORE))
    found = surer(question, statements(question, spans, {1: document}), {1: document})
    return {text[one.span.start : one.span.end]: one for one in found}


@pytest.mark.parametrize(
    ("question", "figure"),
    [
        ("How many requests were put in?", "900"),
        ("How many people were given the green light?", "500"),
        ("How many people have turned up under the housing scheme?", "300"),
        ("How many people have turned up under the housing programme?", "300"),
    ],
)
def test_the_figure_of_the_stage_asked_about_is_surer(question: str, figure: str) -> None:
    found = said(question)
    assert found[figure].score > 0.5 and next(iter(found)) == figure
    assert all(one.score <= SCORE for words, one in found.items() if words != figure)


@pytest.mark.parametrize(
    "question",
    [
        "How many requests by doctors were put in?",  # of whom the paper does not tell
        "How many requests were turned down?",
        "How many families have not moved in?",
        "How many companies did the Board meet?",
        "How many requests were received and how many granted?",
    ],
)
def test_nothing_is_surer_where_the_words_do_not_fit(question: str) -> None:
    assert all(one.score <= SCORE for one in said(question).values())


def test_a_figure_of_another_stage_is_less_sure() -> None:
    found = said("How many requests were granted?")
    assert found["900"].score < SCORE and found["300"].score < SCORE and found["40"].score == SCORE


def test_what_is_planned_is_not_done() -> None:
    text = "The firms are expected to create 70 jobs"
    assert said("How many jobs did the firms create?", text)["70"].score < SCORE
    assert said("How many jobs are the firms expected to create?", text)["70"].score == SCORE


def test_a_figure_of_another_thing_that_the_question_names_is_less_sure() -> None:
    assert said("How many jobs did the companies create?")["40"].score < SCORE


@pytest.mark.parametrize(
    "question",
    [
        "How many requests by doctors were granted?",
        "How many women have moved in?",
        "How many requests were granted per month?",
        "What is the rate of requests that were granted?",
        "How many requests for the Harbour Scheme were granted?",
        "How many companies have moved in?",
        "How many families have moved out?",
        "How many requests for Scheme 2 were granted?",
        "How many requests were granted within 30 days?",
        "How many requests were received and not granted?",
    ],
)
def test_a_total_is_not_believed_where_some_of_it_is_asked(question: str) -> None:
    assert max(one.score for one in said(question).values()) <= SCORE


def test_what_the_sentence_before_tells_is_not_told_of_the_figure() -> None:
    text = "Doctors and nurses may apply. A total of 900 requests were received from nurses"
    assert said("How many requests from doctors were received?", text)["900"].score <= SCORE


def test_a_denial_makes_nothing_surer() -> None:
    assert said("How many requests were granted?", "Of the 900 requests none was granted")["900"].score <= SCORE


def test_a_rate_may_be_money_and_a_plan_may_be_asked_for() -> None:
    assert said("What is the rate of council tax?", "It is $1800 a year")["1800"].score == SCORE
    assert said("How many beds will the clinic have?", "It is expected to have 400 beds")["400"].score == SCORE


def test_another_place_is_another_count() -> None:
    text = "In all 300 families have moved to Arvik Town"
    assert said("How many families have moved to Norland?", text)["300"].score < SCORE
    assert said("How many families have moved to Arvik Town?", text)["300"].score > 0.5
    assert said("How many families have moved to AT?", text)["300"].score > 0.5


def test_money_is_no_count() -> None:
    text = "The firms expect to invest $90 and to create 40 jobs"
    assert said("How many jobs are the firms expected to bring?", text)["90"].score < SCORE


def test_a_share_counts_nobody() -> None:
    assert all(
        one.score == SCORE for one in said("How many requests were granted?", "In all 40% were granted").values()
    )


ROW = "As at: May; Trams ordered: 96; Trams delivered: 32; Trams in service: 23"
SENTENCE = "By spring 96 trams had been ordered, 32 trams delivered, and 23 trams were in service"


@pytest.mark.parametrize("text", [ROW, SENTENCE])
@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("How many trams had been delivered?", "32"),
        ("How many trams were in service?", "23"),
        ("How many trams had been ordered?", "96"),
    ],
)
def test_of_figures_side_by_side_the_one_told_of_what_is_asked(text: str, question: str, told: str) -> None:
    found = said(question, text)
    assert found.pop(told).score > SCORE > max(one.score for one in found.values())


def test_no_column_is_believed_where_no_word_picks_one() -> None:
    assert max(one.score for one in said("How many trams are red?", ROW).values()) < SCORE


@pytest.mark.parametrize(
    ("question", "surer"),
    [
        ("How much did the pier cost?", False),
        ("How much is the pier expected to cost?", True),
    ],
)
def test_what_will_be_is_not_told_of_what_was(question: str, surer: bool) -> None:
    found = said(question, "The pier will cost 14 million").values()
    assert all((one.score == SCORE) is surer for one in done(question, list(found), dt.date(2026, 1, 1)))


def test_a_name_of_the_sentence_before_goes_on_where_none_is_named() -> None:
    text = "I turn to the Harbour Grant. By May we had received 900 requests. The Mole Fund had received 70 requests"
    found = said("How many requests for the Harbour Grant were received?", text)
    assert found["900"].score > SCORE > found["70"].score


def test_a_grant_is_nothing_granted() -> None:
    text = "By May the Harbour Grant had received 900 requests, of which 500 were granted"
    found = said("How many requests for the Harbour Grant were received?", text)
    assert found["900"].score > SCORE > found["500"].score


OLD, NEW = ("The ward opens in May 2024.", PartialDate(2023, 6, 1)), PartialDate(2024, 1, 5)


@pytest.mark.parametrize(
    ("news", "best"),
    [
        ("The opening of the ward has slipped from May 2024 to July 2024.", "July 2024"),
        ("The ward would not open in May. The new date was July 2024.", "July 2024"),
        ("The canteen opens in July 2024.", "May 2024"),
    ],
)
def test_the_date_to_which_a_later_paper_moves_it(news: str, best: str) -> None:
    documents, spans = {}, []
    for number, (text, day) in enumerate((OLD, (news, NEW)), 1):
        documents[number] = Document(number, f"{number}.txt", "Ward", text, Published(day), "0" * 64, "text", ())
        ends = [found.end() for found in re.finditer(r"\.(?= |$)", text)]
        places = [(text.rfind(". ", 0, end - 1) + 2 if ". " in text[: end - 1] else 0, end) for end in ends]
        passage = Passage(number, number, 0, len(text), text, tuple(places))
        for found in re.finditer(r"(?:May|July)(?: 2024)?", text):
            score = 0.6 if number == 1 else 0.3
            spans.append(Span(passage, *found.span(), *passage.sentence_around(*found.span()), score))
    question = "When does the ward open?"
    assert up_to_date(question, statements(question, spans, documents), documents)[0].words == best


@pytest.mark.parametrize(
    ("question", "text", "kept"),
    [
        ("How many midwives have been hired?", "By May 518 nurses had been hired", False),
        ("How many nurses have been hired?", "By May 518 nurses had been hired", True),
        ("How many firms have been met?", "By May 518 enterprises had been met", True),  # the same in other words
        ("How much did the second season cost?", "The second season had 158 sites", False),
        ("How many doses were given?", "Of 275 doses delivered, 233 were given", False),
        ("How many staff work at the Coldbeck Hospital?", "The trust employs 790 staff", False),
        ("How many staff does the Trust employ?", "Trust report. We employ 790 staff", True),
        ("How many staff work at the Old Harbour Office?", "The OHO employs 790 staff", True),
    ],
)
def test_a_figure_of_another_thing_is_not_believed(question: str, text: str, kept: bool) -> None:
    first = re.findall(r"\d+", text)[0]
    assert (said(question, text)[first].score >= SCORE) is kept
