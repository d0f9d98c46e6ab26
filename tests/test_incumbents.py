"""Who held a post when, on notices of a harbour board."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from rag import post_questions
from rag.asked_time import asked, without
from rag.incumbents import came, gives, holders, of_the_post
from rag.statements import Statement, statements
from rag.types import Block, BlockKind, Document, Hit, PartialDate, Passage, Published, Span

TODAY = dt.date(2025, 3, 1)


def paper(number: int, published: PartialDate, text: str) -> tuple[Document, Hit]:
    heads = [Block(BlockKind.HEADING, *one.span(), level=1) for one in re.finditer(r"^# .*", text)]
    rest = heads[0].end if heads else 0
    sentences = tuple(one.span() for one in re.finditer(r"(?<=\n)[^#].*|(?<=\. )[A-Z].*|^[^#].*?(?=\. [A-Z]|$)", text))
    document = Document(
        number,
        f"{number}.txt",
        "Notice",
        text,
        Published(published),
        "0",
        "txt",
        (*heads, Block(BlockKind.PARAGRAPH, rest, len(text))),
    )
    return document, Hit(Passage(number, number, 0, len(text), text, sentences), 1.0)


def told(question: str, *papers: tuple[PartialDate, str], today: dt.date = TODAY) -> list[tuple[str, str]]:
    """Who answers, latest first, and the label of each moment."""
    documents, hits = {}, []
    for number, (published, text) in enumerate(papers, start=1):
        documents[number], hit = paper(number, published, text)
        hits.append(hit)
    time = asked(question, today)
    post = post_questions.asked(without(question, time.spans))
    assert post is not None, question
    found = holders(post, time, today, hits, documents, ())
    said = sorted(found.said, key=lambda one: one.when(), reverse=True) if found else []
    return [(one.words, one.moment.label) for one in said]


def day(year: int, month: int | None = None, of_month: int | None = None) -> PartialDate:
    return PartialDate(year, month, of_month)


LUND = (day(2022, 3, 7), "Ms Berit Lund, director of the Harbour Board, opened the quay.")
LUND_AGAIN = (day(2023, 9, 4), "Ms Berit Lund, director of the Harbour Board, closed the quay.")
HOLM = (day(2024, 5, 20), "Dr Ida Holm, director of the Harbour Board, opened the lock.")
CHANGE = (day(2024, 4, 2), "Dr Ida Holm succeeded Ms Berit Lund as director of the Harbour Board on 1 April 2024.")
NEWS = (day(2024, 3, 4), "Dr Ida Holm will take over as director of the Harbour Board from 1 April 2024.")
QUESTION = "Who is the director of the Harbour Board?"


def names(question: str, *papers: tuple[PartialDate, str], today: dt.date = TODAY) -> list[str]:
    return [name for name, _ in told(question, *papers, today=today)]


def test_the_latest_is_in_office_now() -> None:
    assert names(QUESTION, LUND, HOLM)[0] == "Dr Ida Holm"
    assert names(QUESTION, LUND_AGAIN, CHANGE) == ["Dr Ida Holm"]


def test_who_is_yet_to_come_is_not_in_office() -> None:
    before = dt.date(2024, 3, 10)
    assert names(QUESTION, LUND_AGAIN, NEWS, today=before) == ["Ms Berit Lund"]
    assert names(QUESTION, LUND_AGAIN, NEWS)[0] == "Dr Ida Holm"


@pytest.mark.parametrize(
    ("question", "holder"),
    [
        ("Who was director of the Harbour Board in March 2022?", ["Ms Berit Lund"]),
        ("Who was director of the Harbour Board in June 2022?", ["Ms Berit Lund"]),  # named before and after
        ("Who was director of the Harbour Board in January 2022?", []),
        ("Who was director of the Harbour Board in January 2024?", []),  # one of two, and no paper says which
        ("Who was director of the Harbour Board in June 2024?", ["Dr Ida Holm"]),  # within a month of the last paper
        ("Who was director of the Harbour Board in January 2026?", []),
        ("Who will be director of the Harbour Board in 2027?", []),
    ],
)
def test_the_time_asked_about(question: str, holder: list[str]) -> None:
    assert names(question, LUND, LUND_AGAIN, HOLM) == holder


def test_a_change_divides_the_time() -> None:
    assert told("Who was director of the Harbour Board in May 2024?", CHANGE, HOLM)[0][0] == "Dr Ida Holm"
    assert names("Who was director of the Harbour Board in March 2024?", CHANGE, LUND_AGAIN) == ["Ms Berit Lund"]
    assert names("Who was director of the Harbour Board in March 2024?", CHANGE) == []
    assert told(QUESTION, CHANGE) == [("Dr Ida Holm", "since 1 April 2024")]


def test_the_years_of_office() -> None:
    text = "Mr Tom Hale, who was director of the Harbour Board from 2015 to 2019, spoke."
    old = (day(2024, 6, 3), text)
    assert names("Who was director of the Harbour Board in 2017?", old) == ["Mr Tom Hale"]
    assert names("Who was director of the Harbour Board in 2021?", old) == []
    assert names(QUESTION, old, HOLM) == ["Dr Ida Holm"]
    since = (day(2024, 6, 3), "Ms Ada Lin has been harbour master since 2021.")
    assert told("Who was harbour master in 2022?", since) == [("Ms Ada Lin", "since 2021")]
    assert names("Who was harbour master in 2020?", since) == []


def test_who_has_left_is_not_in_office() -> None:
    left = (day(2024, 1, 8), "Ms Berit Lund stepped down as director of the Harbour Board.")
    assert "Ms Berit Lund" not in names(QUESTION, HOLM, left)


def test_the_heading_dates_a_row() -> None:
    rows = (PartialDate(), "# Visit to Vik, November 2023\nName: Ms Ada Lin; Post: Secretary for Ports")
    assert told("Who was in charge of ports in November 2023?", rows) == [("Ms Ada Lin", "November 2023")]
    assert names("Who was in charge of ports in May 2023?", rows, HOLM) == []


@pytest.mark.parametrize(
    ("question", "holder"),
    [
        ("Who was Ida Holm's predecessor?", ["Ms Berit Lund"]),
        ("Who was Berit Lund's successor?", ["Dr Ida Holm"]),
        ("Who did Ida Holm succeed?", ["Ms Berit Lund"]),
        ("Who was the predecessor of Ida Holm as director of the Harbour Board?", ["Ms Berit Lund"]),
        ("Who was the successor to Berit Lund?", ["Dr Ida Holm"]),
        ("Who was Tom Hale's predecessor?", []),
    ],
)
def test_the_one_before_and_the_one_after(question: str, holder: list[str]) -> None:
    assert names(question, CHANGE, LUND) == holder


def test_the_one_before_by_the_papers_days() -> None:
    question = "Who was director of the Harbour Board before Ida Holm?"
    assert names(question, LUND, HOLM) == ["Ms Berit Lund"]
    assert names(question, HOLM) == []


def test_of_several_posts_none_is_meant() -> None:
    two = (day(2024, 6, 3), "Ms Ada Lin is chair of the Audit Committee. Mr Bo Wu is chair of the Quay Committee.")
    assert names("Who is the chair?", two) == []
    assert names("Who is the chair of the Quay Committee?", two) == ["Mr Bo Wu"]


def test_the_event_tells_which_paper() -> None:
    question = "Who was director of the Harbour Board when the quay was opened?"
    assert names(question, LUND, HOLM) == ["Ms Berit Lund"]


def said(question: str, *papers: tuple[str, str, float]) -> list[Statement]:
    documents, spans = {}, []
    for number, (words, text, score) in enumerate(papers, start=1):
        documents[number], hit = paper(number, day(2024, 6, 3), text)
        start = text.index(words)
        spans.append(Span(hit.passage, start, start + len(words), 0, len(text), score))
    return statements(question, spans, documents)


@pytest.mark.parametrize(
    ("question", "kept"),
    [
        ("Who is the Secretary for Health?", ["Mr Lo Kam"]),
        ("Who is the Minister of Health?", ["Ms Bo Wu"]),
        ("Who is the Vice Minister of Health?", ["Mr Yu Tan"]),
        ("Who is the Secretary for Transport?", []),
    ],
)
def test_what_a_reader_took_for_the_holder_of_another_post(question: str, kept: list[str]) -> None:
    papers = [
        ("Mr Lo Kam", "Mr Lo Kam, Secretary for Health, opened the clinic.", 0.8),
        ("Ms Bo Wu", "Ms Bo Wu, Minister of Health, opened the clinic.", 0.7),
        ("Mr Yu Tan", "Mr Yu Tan, Vice Minister of Health, opened the clinic.", 0.6),
        ("Ms Ada Lin", "Ms Ada Lin opened the clinic.", 0.5),
    ]
    post = post_questions.asked(question)
    assert post is not None
    found = of_the_post(post, said(question, *papers))
    assert [one.words for one in found] == kept
    assert all(gives(post, one) for one in found)


def test_since_when_somebody_holds_a_post() -> None:
    text = "The Board has appointed Ms Ana Reyes as harbour master. She takes over from Mr Erik Moe on 1 March 2024."
    document, hit = paper(1, day(2024, 1, 22), text)
    asked_since = post_questions.since("Since when has Ana Reyes been harbour master?")
    assert asked_since is not None
    spans = came(asked_since, [hit], {1: document})
    assert [text[span.start : span.end] for span in spans] == ["1 March 2024"]
    assert post_questions.since("When did the harbour open?") is None


def test_she_is_whom_the_sentence_before_names() -> None:
    papers = (
        (day(2023, 2, 14), "Mr Erik Moe, who has been harbour master since 2018, spoke."),
        (day(2024, 1, 22), "The Board has appointed Ms Ana Reyes as harbour master. She takes over from Mr Erik Moe "
         "on 1 March 2024."),
    )  # fmt: skip
    assert names("Who was harbour master in February 2024?", *papers) == ["Mr Erik Moe"]
    assert names("Who is the harbour master?", *papers, today=dt.date(2024, 2, 10))[0] == "Mr Erik Moe"
    assert names("Who is the harbour master?", *papers) == ["Ms Ana Reyes"]
    assert names("Who did Ana Reyes replace?", *papers) == ["Mr Erik Moe"]


def test_who_chairs_a_body_does_not_run_it() -> None:
    text = "Ms Berit Lund is chair of the Harbour Board. Dr Ida Holm is chief executive of the Harbour Board."
    assert names("Who runs the Harbour Board?", (day(2024, 6, 3), text)) == ["Dr Ida Holm"]
    assert names("Who chairs the Harbour Board?", (day(2024, 6, 3), text)) == ["Ms Berit Lund"]


GONE = (day(2024, 6, 10), "Ms Berit Lund stepped down at the end of May as director of the Harbour Board. Mr Tom Hale "
        "has been acting director since 3 June 2024.")  # fmt: skip


def test_who_acts_counts_once_the_holder_has_left() -> None:
    assert names(QUESTION, LUND_AGAIN, GONE) == ["Mr Tom Hale"]
    assert names("Who leads the Harbour Board?", LUND_AGAIN, GONE) == ["Mr Tom Hale"]
    assert names("Who was director of the Harbour Board in April 2024?", LUND_AGAIN, GONE) == ["Ms Berit Lund"]
    acting = (day(2024, 6, 10), "Mr Tom Hale, acting director of the Harbour Board, spoke.")
    assert names(QUESTION, HOLM, acting) == ["Dr Ida Holm"]
    assert names(QUESTION, acting) == []


HEAD = (day(2023, 6, 19), "Dr Ada Lin stands down as head teacher on 30 June 2023 to sail round the world. Mr Bo Wu, "
         "who taught chemistry, takes up the post on 1 July.")  # fmt: skip


@pytest.mark.parametrize(
    ("question", "holder"),
    [
        ("Who was head teacher in May 2023?", ["Dr Ada Lin"]),
        ("Who was head teacher in July 2023?", ["Mr Bo Wu"]),
        ("Who was head teacher in August 2023?", ["Mr Bo Wu"]),
    ],
)
def test_who_takes_up_the_post_that_another_leaves(question: str, holder: list[str]) -> None:
    before = (day(2023, 5, 8), "Dr Ada Lin, head teacher, welcomed the parents.")
    after = (day(2024, 1, 25), "Mr Bo Wu, head teacher, welcomed the parents.")
    assert names(question, before, HEAD, after) == holder


@pytest.mark.parametrize(
    ("question", "holder"),
    [
        ("Who was harbour master in June 2025?", ["Ana Reyes"]),
        ("Who was harbour master in August 2025?", []),  # one has left and the other is yet to come
        ("Who was harbour master in October 2025?", ["Erik Moe"]),
    ],
)
def test_between_two_nobody_is_told(question: str, holder: list[str]) -> None:
    text = ("Ana Reyes leaves us on 31 July to run the port of Vik. The Board has appointed Erik Moe to succeed her as "
            "harbour master from 1 September 2025.")  # fmt: skip
    before = (day(2024, 10, 3), "Ana Reyes, harbour master, spoke.")
    assert names(question, before, (day(2025, 6, 26), text)) == holder


def test_who_is_still_to_retire_holds_it_and_the_next_has_a_day() -> None:
    text = ("Ruth Moe, harbour master since 2016, will retire on 31 March 2023 after 38 years at sea. She will be "
            "succeeded on 1 April by Ana Reyes, at present deputy harbour master at Vik Port Authority.")  # fmt: skip
    paper = (day(2023, 2, 6), text)
    assert names("Who is the harbour master?", paper, today=dt.date(2023, 3, 1)) == ["Ruth Moe"]
    assert names("Who was harbour master in April 2023?", paper) == ["Ana Reyes"]
    assert names("Who was deputy harbour master in 2022?", paper) == []


def test_the_predecessor_was_in_office_until_then() -> None:
    text = ("Mr Rafael Moe, who took over as harbour master on 11 November 2024, spoke. His predecessor, Ms Ana Reyes, "
            "is now at sea.")  # fmt: skip
    papers = ((day(2024, 7, 18), "Ms Ana Reyes, harbour master, spoke."), (day(2025, 1, 23), text))
    assert names("Who was harbour master in October 2024?", *papers) == ["Ms Ana Reyes"]
    assert names("Who is the harbour master?", *papers) == ["Mr Rafael Moe"]
    assert names("Which official has the harbour master job at the moment?", *papers) == ["Mr Rafael Moe"]


def test_a_paper_without_a_year_tells_nothing_of_other_years() -> None:
    undated = (PartialDate(None, 11, 11), "Ms Ana Reyes, director of the Harbour Board, spoke.")
    assert names("Who was director of the Harbour Board in 2010?", undated, LUND) == []


@pytest.mark.parametrize(
    ("question", "words", "sentence", "kept"),
    [
        ("Who is the head of Lock Safety?", "Ada Lin", "Please send it to Ada Lin in Lock Safety.", False),
        ("Who is the head of Lock Safety?", "Ada Lin", "Ada Lin leads Lock Safety.", True),
        ("Who is the director of locks at the Harbour Board?", "Ms Lin",
         "Ms Lin joins the Harbour Board from the port of Vik, where she was director of locks.", False),
        ("Who is the president of the Harbour College?", "Ada Lin",
         "The provost of the Harbour College, Bo Wu, and the vice-president of Quay College, Ada Lin, spoke.", False),
    ],
)  # fmt: skip
def test_who_only_works_there_or_holds_another_post(question: str, words: str, sentence: str, kept: bool) -> None:
    post = post_questions.asked(question)
    assert post is not None
    assert bool(of_the_post(post, said(question, (words, sentence, 0.8)))) is kept
