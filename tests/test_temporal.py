"""Statements in time, on notices of a housing board: which speak of the time asked about, series, conflicts."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from rag.asked_time import asked
from rag.statements import Statement, statements, with_qualifier
from rag.temporal import conflicts, latest_date, named_day, series, timely
from rag.types import Block, BlockKind, Document, PartialDate, Passage, Published, Span

NOTICES = {
    1: (PartialDate(2023, 3, 10), "By end-February 2023 the Board had received 900 applications. Of these, about 500 "
        "had been granted. Some 300 families had already moved to the new estates."),
    2: (PartialDate(2023, 9, 1), "To date 1 400 applications have been received and over 800 approved. The Board aims "
        "at 2 000 approvals a year. In the past month approvals rose by 60."),
    3: (PartialDate(2024, 2, 5), "As at the end of last month, the Board had approved more than 1 100 applications. "
        "Ms Ada Lin is the Director of Housing."),
    4: (PartialDate(2023, 4, 2), "By end-February 2023 the Board had approved 650 applications."),
    5: (PartialDate(2022, 5, 1), "Mr Bo Chan is the Director of Housing."),
}  # fmt: skip
TODAY = dt.date(2024, 6, 1)


def document(number: int) -> Document:
    published, text = NOTICES[number]
    block = Block(BlockKind.PARAGRAPH, 0, len(text))
    return Document(number, f"{number}.txt", "Notice", text, Published(published), "0", "txt", (block,))


DOCUMENTS = {number: document(number) for number in NOTICES}


def span(number: int, words: str, score: float = 0.8) -> Span:
    text = NOTICES[number][1]
    sentences = tuple(match.span() for match in re.finditer(r"[A-Z].*?\.(?= [A-Z]|$)", text))
    start = text.index(words)
    within = next(place for place in sentences if place[0] <= start < place[1])
    passage = Passage(number, number, 0, len(text), text, sentences)
    return Span(passage, start, start + len(words), *within, score)


APPROVED = [span(2, "800"), span(1, "500"), span(3, "1 100", 0.3), span(1, "900", 0.5), span(1, "300", 0.4),
            span(2, "2 000", 0.6), span(2, "60", 0.5), span(2, "1 400", 0.5)]  # fmt: skip
QUESTION = "How many applications have been approved?"


def said(question: str = QUESTION, spans: list[Span] = APPROVED) -> list[Statement]:
    return statements(question, spans, DOCUMENTS)


def values(found: list[Statement]) -> list[tuple[str, str]]:
    return [(one.words, one.moment.label) for one in found]


def test_a_statement_knows_its_moment_and_its_qualifier() -> None:
    assert dict(values(said())) == {
        "over 800": "1 September 2023",
        "about 500": "end-February 2023",  # "of these" goes on about the sentence before
        "more than 1 100": "end-January 2024",
        "900": "end-February 2023",
        "Some 300": "end-February 2023",  # "had already moved" by then
        "2 000": "1 September 2023",
        "60": "the month to 1 September 2023",
        "1 400": "1 September 2023",
    }


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("How many applications have been approved?", ["about 500", "over 800", "more than 1 100"]),
        ("How many were given the green light?", ["about 500", "over 800", "more than 1 100"]),
        ("How many applications were received?", ["900", "1 400"]),
        ("How many applications were there?", ["900", "1 400"]),
        ("How many families moved to the estates?", ["Some 300"]),
    ],
)
def test_a_series_holds_one_stage_and_neither_targets_nor_increases(question: str, expected: list[str]) -> None:
    spans = APPROVED
    first = next(one for one in said(question, spans) if one.words in expected)
    assert [one.words for one in series(question, first, said(question, spans))] == expected


def test_only_the_time_asked_about_answers() -> None:
    def at(question: str) -> list[str]:
        reach = dt.date(2024, 2, 5)
        return [one.words for one in timely(question, said(question), asked(question, TODAY), reach, DOCUMENTS)]

    assert set(at("How many had been approved by March 2023?")) == {"about 500", "900", "Some 300"}
    assert "more than 1 100" in at("How many had been approved at the end of January 2024?")
    assert "more than 1 100" not in at("How many had been approved in September 2023?")
    assert at("How many had been approved by the end of 2025?") == []
    assert at("How many had been approved by January 2020?") == []
    assert len(at("How many have been approved?")) == len(APPROVED)


def test_values_of_one_moment_that_differ_are_a_conflict() -> None:
    found = series(QUESTION, said()[1], said(QUESTION, [*APPROVED, span(4, "650")]))
    chosen = next(one for one in found if one.words == "about 500")
    assert [one.words for one in conflicts(found, chosen)] == ["about 500", "650"]
    assert conflicts(found, next(one for one in found if one.words == "over 800")) == []


def test_who_held_an_office_is_a_series_of_names() -> None:
    spans = [span(3, "Ms Ada Lin"), span(5, "Mr Bo Chan", 0.7), span(3, "Board", 0.6)]
    question = "Who is the Director of Housing?"
    found = series(question, said(question, spans)[0], said(question, spans))
    assert [one.words for one in found] == ["Mr Bo Chan", "Ms Ada Lin"]
    question = "Who opened the estate?"
    assert len(series(question, said(question, spans)[0], said(question, spans))) == 1


def test_a_span_over_several_figures_is_narrowed_to_the_one_asked_for() -> None:
    wide = span(2, "1 400 applications have been received and over 800")
    assert said(QUESTION, [wide])[0].words == "over 800"
    assert said("How many were received?", [wide])[0].words == "1 400"


@pytest.mark.parametrize(
    ("text", "part", "whole"),
    [
        ("over 260 000 were", "260 000", "over 260 000"),
        ("about HK$1.2 million", "1.2", "about HK$1.2 million"),
        ("some 15 per cent of", "15", "some 15 per cent"),
        ("moreover 15 left", "15", "15"),
        ("over the 15 bridges", "15", "15"),
        ("over May 2021", "May 2021", "May 2021"),
    ],
)
def test_a_figure_keeps_what_changes_its_meaning(text: str, part: str, whole: str) -> None:
    start = text.index(part)
    assert text[slice(*with_qualifier(text, start, start + len(part)))] == whole


def test_of_dates_the_latest_is_when_something_last_happened() -> None:
    spans = [span(1, "end-February 2023"), span(3, "the end of last month", 0.5), span(5, "Mr Bo Chan")]
    found = said("When did the Board last count?", spans)
    assert latest_date(found[0], found).words == "the end of last month"
    assert named_day(found[2]) is None


# --- statements of several papers: (words to find, their sentence, the day of the paper, score) ---------------------

Told = tuple[str, str, tuple[int, int, int], float]


def told(question: str, *papers: Told) -> list[Statement]:
    spans, documents = [], {}
    for number, (words, text, date, score) in enumerate(papers, 1):
        block = (Block(BlockKind.PARAGRAPH, 0, len(text)),)
        published = Published(PartialDate(*(part or None for part in date)))
        documents[number] = Document(number, f"{number}.txt", "Notice", text, published, "0", "txt", block)
        body = text.rfind("\n\n") + 2 if "\n\n" in text else 0
        sentences = tuple((m.start() + body, m.end() + body) for m in re.finditer(r"\S[^.]*\.?", text[body:]))
        start = text.rindex(words) if text.count(words) == 1 else text.index(words)
        within = next(place for place in sentences if place[0] <= start < place[1])
        spans.append(
            Span(Passage(number, number, 0, len(text), text, sentences), start, start + len(words), *within, score)
        )
    return statements(question, spans, documents)


def joined(question: str, *papers: Told) -> list[str]:
    found = told(question, *papers)
    return [one.words for one in series(question, found[0], found)]


OLD, NEW = (2023, 5, 1), (2024, 5, 1)


@pytest.mark.parametrize(
    ("question", "one", "other"),
    [
        ("How many flats were let in Kowloon?", ("120", "In Kowloon 120 flats were let."),
         ("95", "In Sha Tin 95 flats were let.")),
        ("how many flats were let in kowloon", ("120", "In all, Kowloon has let 120 flats."),
         ("95", "In all, Tai Po has let 95 flats.")),
        ("How many flats were let in Kowloon?", ("120", "In Kowloon 120 flats were let."),
         ("95", "Kowloon has many.\n\nIn Sha Tin 95 flats were let.")),
        ("What is the adult fee?", ("$20", "The adult fee is $20."), ("$10", "The child fee is $10.")),
        ("What is the fee for adults?", ("$20", "The fee for adults is $20."), ("$10", "The fee for children is $10.")),
        ("How many junior members are there?", ("60", "There are 60 junior members."),
         ("30", "There are 30 senior members.")),
        ("How much is the adult ticket?", ("$20", "Class: Adult; Ticket: $20; Bus: $3."),
         ("$10", "Class: Child; Ticket: $10; Bus: $3.")),
        ("How long is the Long Bridge?", ("120", "The Long Bridge is 120 metres long."),
         ("90", "The Short Bridge is 90 metres long.")),
        ("How long is the Long Bridge?", ("120", "The Long Bridge is 120 metres long."),
         ("90", "It is by the Long Bridge.\n\nThe Short Bridge is 90 metres long.")),
        ("How many applications were approved?", ("500", "500 applications were approved."),
         ("30", "They were approved within 30 days.")),
        ("How many applications were approved?", ("500", "500 applications were approved."),
         ("95", "Those approved came from 95 countries.")),
        ("How many applications were approved?", ("500", "500 applications were approved."),
         ("5 million", "The Board approved 5 million dollars for repairs.")),
        ("How much was approved?", ("HK$5 million", "HK$5 million was approved."),
         ("US$7 million", "US$7 million was approved.")),
        ("How many members does the library have?", ("400", "The library has 400 members."),
         ("9 000", "By 2030 the library will have 9 000 members.")),
        ("How many applications have been approved?", ("9 000", "In all 9 000 applications have been approved."),
         ("60", "Last month the Board approved 60 applications.")),
        ("How many applications have been approved?", ("9 000", "By end-April 9 000 applications had been approved."),
         ("60", "In March 2024 the Board approved 60 applications.")),
        ("How many llamas does the zoo have?", ("20", "The zoo has 20."), ("900", "The zoo has received 900.")),
        ("How many were approved?", ("500", "500 were approved."),
         ("800", "A target of 800 approved flats was set.")),
    ],
)  # fmt: skip
def test_a_series_is_of_one_thing(question: str, one: tuple[str, str], other: tuple[str, str]) -> None:
    assert len(joined(question, (*one, OLD, 0.8), (*other, NEW, 0.5))) == 1


@pytest.mark.parametrize(
    ("question", "one", "other"),
    [
        ("How many flats were let in Kowloon?", ("120", "In Kowloon 120 flats were let."),
         ("150", "Kowloon\n\nAs many as 150 flats were let.")),
        ("How many flats were let in Kowloon?", ("120", "In Kowloon 120 flats were let."),
         ("150", "This is on Kowloon.\n\nThe number of flats let is 150.")),
        ("What is the adult fee?", ("$20", "The adult fee is $20."), ("$25", "The fee is now $25.")),
        ("How many applications were approved?", ("500", "500 applications were approved."),
         ("700", "700 people were granted permits.")),
        ("How many applications were approved?", ("500", "500 were approved."), ("700", "700 talents got approval.")),
        ("How many members does the library have?", ("400", "In 2022 the library had 400 members."),
         ("500", "The library has 500 members.")),
        ("How many permits were granted?", ("500", "In 2022 the Board granted 500 permits."),
         ("700", "In 2023 the Board granted 700 permits.")),
        ("How many applications were approved under the Talent Plan?",
         ("500", "Under the Talent Plan 500 were approved."),
         ("700", "700 applications were approved under the Talent Plan.")),
        ("How many members will the library have by 2030?", ("9 000", "By 2030 the library will have 9 000 members."),
         ("8 000", "By 2030 the library will have 8 000 members.")),
    ],
)  # fmt: skip
def test_a_series_is_told_in_many_words(question: str, one: tuple[str, str], other: tuple[str, str]) -> None:
    assert len(joined(question, (*one, OLD, 0.8), (*other, NEW, 0.5))) == 2


def test_the_newest_word_for_an_unchanged_value_is_kept() -> None:
    question = "How many members does the library have?"
    text = "The library has {} members."
    papers = [("300", (2023, 2, 5)), ("800", (2024, 2, 5)), ("800", (2024, 3, 7)), ("800", (2024, 5, 20))]
    found = told(question, *((number, text.format(number), date, 0.8) for number, date in papers))
    labels = [one.moment.label for one in series(question, found[0], found)]
    assert labels == ["5 February 2023", "5 February 2024", "20 May 2024"]


@pytest.mark.parametrize(
    ("one", "other", "differ"),
    [
        ("100 000", "190 000", True),
        ("1 000", "1 999", True),
        ("about 500", "650", True),
        ("150 000", "160 000", True),
        ("over 130 000", "160 000", True),
        ("nearly 160 000", "158 740", False),
        ("160 000", "158 740", False),
        ("at least 500", "650", False),
        ("over 150 000", "160 000", False),
        ("more than 150 000", "151 200", False),
    ],
)
def test_a_rounded_figure_contradicts_only_what_it_cannot_mean(one: str, other: str, differ: bool) -> None:
    question = "How many members does the library have?"
    papers = [(words, f"The library has {words} members.", NEW, 0.8) for words in (one, other)]
    found = told(question, *papers)
    assert bool(conflicts(series(question, found[0], found), found[0])) is differ
    assert bool(conflicts(series(question, found[0], found), found[1])) is differ


@pytest.mark.parametrize(
    ("text", "date", "question", "counts"),
    [
        ("In 2024 the library won 5 000 members.", (2025, 1, 5), "How many by 15 January 2024?", False),
        ("The library has 5 000 members.", (2024, 1, 0), "How many by January 2024?", True),
        ("The library has 5 000 members.", (2024, 1, 0), "How many by 15 January 2024?", False),
        ("The library has 5 000 members.", (2024, 1, 8), "How many by 15 January 2024?", True),
    ],
)
def test_what_was_asked_for_a_day_must_be_over_by_then(
    text: str, date: tuple[int, int, int], question: str, counts: bool
) -> None:
    found = told(question, ("5 000", text, date, 0.8))
    assert bool(timely(question, found, asked(question, TODAY), TODAY, {1: DOCUMENTS[1]})) is counts


@pytest.mark.parametrize(
    ("text", "name", "holds"),
    [
        ("The Director of Housing met Mr Wu Tang of the Rail Union.", "Wu Tang", False),
        ("The Director of Housing and Mr Wu Tang opened it.", "Wu Tang", False),
        ("The Director of Housing, Ms Ada Lin, and Mr Wu Tang opened it.", "Wu Tang", False),
        ("Mr Wu Tang thanked the Director of Housing.", "Wu Tang", False),
        ("The Deputy Director of Housing, Mr Wu Tang, came.", "Wu Tang", False),
        ("The Director of Housing, Mr Wu Tang, came.", "Wu Tang", True),
        ("The Director of Housing Mr Wu Tang came.", "Mr Wu Tang", True),
        ("Mr Wu Tang, Director of Housing, came.", "Wu Tang", True),
        ("Mr Wu Tang became the Director of Housing.", "Wu Tang", True),
        ("Mr Wu Tang has been appointed as Director of Housing.", "Wu Tang", True),
        ("The Director of Housing is Mr Wu Tang.", "Wu Tang", True),
        ("Office: Director of Housing; Holder: Mr Wu Tang.", "Wu Tang", True),
    ],
)
def test_an_office_stands_beside_the_name_of_who_holds_it(text: str, name: str, holds: bool) -> None:
    question = "Who is the Director of Housing?"
    papers: list[Told] = [("Bo Chan", "Mr Bo Chan is the Director of Housing.", OLD, 0.8), (name, text, NEW, 0.7)]
    assert len(joined(question, *papers)) == 1 + holds


def test_each_cell_of_a_row_has_its_own_moment_and_the_stage_of_the_row() -> None:
    row = "Count: Applications approved; January 2024: over 130 000; End of February 2024: about 160 000"
    question = "How many applications were approved?"
    found = told(question, ("130 000", row, (2024, 3, 20), 0.8), ("160 000", row, (2024, 3, 20), 0.7))
    assert values(series(question, found[0], found)) == [
        ("over 130 000", "January 2024"), ("about 160 000", "end-February 2024")]  # fmt: skip
    assert len(joined("How many applications were received?", *(
        ("900", "900 applications were received.", OLD, 0.8), ("130 000", row, NEW, 0.8)))) == 1  # fmt: skip


def test_a_figure_whose_verb_is_left_out_has_the_date_of_the_one_before() -> None:
    text = "The number of approvals had by the end of April 2024 climbed to 600, and the number of arrivals to 400."
    assert told("How many arrived?", ("400", text, (2024, 6, 9), 0.8))[0].moment.label == "end-April 2024"


@pytest.mark.parametrize(
    ("text", "question", "counts"),
    [
        ("As of 31 December 2024, 5 000 trams had been delivered.", "How many trams were delivered in 2024?", False),
        ("In 2024, 5 000 trams were delivered.", "How many trams were delivered in 2024?", True),
        ("In 2023-24, 5 000 trams were delivered.", "How many trams were delivered in 2023-24?", True),
        ("In 2024, 5 000 trams were delivered.", "How many trams were delivered in 2023-24?", False),
        ("In 2024, 5 000 trams were delivered.", "How many trams were delivered in autumn 2024?", False),
        ("As of 31 December 2024, 5 000 trams were in service.", "How many trams were in service in 2024?", True),
        ("As of 31 December 2024, 5 000 trams had been delivered.", "How many trams had been delivered in 2024?", True),
    ],
)
def test_a_total_does_not_tell_what_was_done_in_a_time(text: str, question: str, counts: bool) -> None:
    found = told(question, ("5 000", text, (2025, 1, 5), 0.8))
    assert bool(timely(question, found, asked(question, TODAY), TODAY, {1: DOCUMENTS[1]})) is counts


def test_a_value_of_just_the_time_asked_about_goes_first() -> None:
    question = "How many doses were given in 2022-23?"
    whole = ("196", "In 2022-23 the campaign gave 196 doses.", (2024, 5, 16), 0.5)
    part = ("112", "In May 2022 the campaign gave 112 doses.", (2023, 2, 6), 0.5)
    found = timely(
        question, told(question, whole, part), asked(question, TODAY), TODAY, {1: DOCUMENTS[1], 2: DOCUMENTS[1]}
    )
    assert [one.words for one in found] == ["196"]


@pytest.mark.parametrize(
    ("text", "joins"),
    [
        ("In May 2025, 96 per cent of vehicles met the standard.", True),
        ("In May 2025, 96 per cent of patients came.", False),
    ],
)
def test_a_faint_value_in_fewer_of_the_same_words_is_of_the_series(text: str, joins: bool) -> None:
    question = "What is the share of vehicles in the centre that meet the standard?"
    best = ("78 per cent", "78 per cent of the vehicles in the centre meet the standard.", (2023, 3, 14), 0.9)
    assert (len(joined(question, best, ("96 per cent", text, (2025, 6, 12), 0.1))) == 2) is joins
