"""Each kind of question gets what it asks for, from spans that a fake reader chose."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace

import pytest

from rag import asked_time
from rag.abstaining import unexplained
from rag.replies import Found, Reply, Shortfall, Unexplained, newest_of_the_best
from rag.replying import reply_to
from rag.statements import statements
from rag.types import Block, BlockKind, Document, Hit, PartialDate, Passage, Published, Span

TEXT = (
    "The Harbour Board met Riga University, Tartu University and the Institute of Ports. "
    "It has approved over 260 000 permits since March 2021. "
    "The night ferry opened in May 2019 and the day ferry opened in June 2020. "
    "The Office for Harbour Traffic (OHT) carried about 1 200 people in 2020 and 1 500 people in 2021. "
    "The Board exceeded its target for 2020."
)


def document(text: str = TEXT, number: int = 1, year: int = 2024) -> Document:
    return Document(number, f"{number}.txt", "Notice", text, Published(PartialDate(year, 3, 1)), "0", "txt",
                    (Block(BlockKind.PARAGRAPH, 0, len(text)),))  # fmt: skip


def passage(text: str = TEXT, number: int = 1) -> Passage:
    sentences = tuple(m.span() for m in re.finditer(r"[^. ][^.]*\.", text))
    return Passage(number, number, 0, len(text), text, sentences)


def span(words: str, score: float = 0.9, text: str = TEXT, number: int = 1) -> Span:
    start = text.index(words)
    within = next(s for s in passage(text).sentences if s[0] <= start < s[1])
    return Span(passage(text, number), start, start + len(words), *within, score)


class Library:
    """Finds for each question the span whose words it was told to."""

    def __init__(self, **answers: str) -> None:
        self._answers, self.asked = answers, []

    def find(self, question: str) -> Found:
        self.asked.append(question)
        words = next((w for key, w in self._answers.items() if key.replace("_", " ") in question), None)
        spans = [span(words)] if words else []
        documents = {1: document()}
        return Found([Hit(passage(), 1.0)], statements("", spans, documents), documents)


@pytest.mark.parametrize(
    ("question", "found", "short"),
    [
        ("How many permits has the board approved?", "260 000", "over 260 000"),
        ("Which universities and institutes did the board meet?", "Tartu University",
         "Riga University; Tartu University; Institute of Ports"),
        ("What does OHT stand for?", "OHT", "Office for Harbour Traffic"),
        ("Did the Board exceed its target for 2020?", "target for 2020", "Yes"),
        ("What did the board do about its target?", "target for 2020", None),
    ],
)  # fmt: skip
def test_the_kind_decides_what_is_shown(question: str, found: str, short: str | None) -> None:
    reply = reply_to(question, Library(**{question: found}).find, 0.5)
    assert isinstance(reply, Reply) and reply.short == short
    for one in reply.spans:
        assert TEXT[one.sentence_start : one.sentence_end] == TEXT[one.sentence_start : one.sentence_end].strip()
        assert one.sentence_start <= one.start < one.end <= one.sentence_end


def test_a_comparison_asks_for_both_values_and_shows_the_arithmetic() -> None:
    library = Library(night="May 2019", day="June 2020")
    reply = reply_to("Which opened first, the night ferry or the day ferry?", library.find, 0.5)
    assert isinstance(reply, Reply) and len(reply.spans) == 2
    assert reply.short is not None and "night ferry" in reply.short and "May 2019" in reply.short
    assert reply.lead.startswith(reply.short)


def test_a_comparison_with_one_value_is_no_comparison() -> None:
    reply = reply_to("Which opened first, the night ferry or the bus?", Library(night="May 2019").find, 0.5)
    assert isinstance(reply, Reply) and reply.short is None and reply.lead == ""


def test_below_the_threshold_there_is_no_reply() -> None:
    found = Library(permits="260 000")
    assert reply_to("How many permits?", found.find, 0.95) is None
    assert reply_to("How many llamas?", found.find, 0.0) is None


def test_of_near_answers_the_newest_wins_and_far_ones_do_not() -> None:
    old, new = "In 2019 there were 5 boats.", "In 2020 there were 7 boats."
    documents = {1: document(old, 1, 2019), 2: document(new, 2, 2020)}
    near = [span("5", 0.9, old, 1), span("7", 0.8, new, 2)]
    assert newest_of_the_best(Found([], statements("", near, documents), documents), 0.5) == near[1]
    far = [span("5", 0.9, old, 1), span("7", 0.3, new, 2)]
    assert newest_of_the_best(Found([], statements("", far, documents), documents), 0.2) == far[0]


class Papers:
    """Dated papers; every question finds the words it names in any of its keys, with their scores."""

    def __init__(self, *papers: tuple[str, tuple[int, int, int]], **answers: dict[str, float]) -> None:
        self._texts = {number: text for number, (text, _) in enumerate(papers, 1)}
        self._documents = {
            number: Document(number, f"{number}.txt", "Notice", text, Published(PartialDate(*day)), "0", "txt",
                             (Block(BlockKind.PARAGRAPH, 0, len(text)),))
            for number, (text, day) in enumerate(papers, 1)
        }  # fmt: skip
        self._answers = answers

    def find(self, question: str) -> Found:
        answers = next((found for key, found in self._answers.items() if key.replace("_", " ") in question), {})
        spans = [
            span(words, score, text, number)
            for words, score in answers.items()
            for number, text in self._texts.items()
            if words in text
        ]
        spans.sort(key=lambda one: -one.score)
        said = statements(question, spans, self._documents)
        return Found([], said, self._documents, asked_time.asked(question, dt.date(2025, 6, 1)))


APPROVED = "The Board had approved {} flats."


def approved(words: str, *day: int) -> tuple[str, tuple[int, int, int]]:
    return APPROVED.format(words), (day[0], day[1], day[2])


def test_an_ordinary_question_with_a_figure_gets_its_ordinary_answer() -> None:
    paper = ("Companies with more than 50 employees have to register since 1 May 2020.", (2020, 4, 1))
    papers = Papers(paper, Since_when={"1 May 2020": 0.95})
    reply = reply_to("Since when do companies with more than 50 employees have to register?", papers.find, 0.2)
    assert isinstance(reply, Reply) and reply.short == "1 May 2020"


def test_where_no_series_is_known_the_plain_question_is_answered() -> None:
    paper = ("Visitors first exceeded 40 000 on 3 May 2021.", (2021, 6, 1))
    papers = Papers(paper, When={"3 May 2021": 0.9})
    reply = reply_to("When did visitors first exceed 40 000?", papers.find, 0.2)
    assert isinstance(reply, Reply) and reply.short == "3 May 2021"


def test_values_of_another_kind_pass_no_mark() -> None:
    papers = Papers(("The Board had 1 200 flats.", (2021, 6, 1)), rate={"1 200": 0.9})
    reply = reply_to("When did the vacancy rate first exceed 10 per cent?", papers.find, 0.2)
    assert not isinstance(reply, Shortfall) and (reply is None or "First known" not in reply.lead)


def test_a_mark_that_no_known_value_passes_is_told() -> None:
    papers = Papers(approved("500", 2023, 3, 1), approved("up to 900", 2023, 9, 1),
                    approved={"500": 0.9, "900": 0.9})  # fmt: skip
    short = reply_to("When did approved flats first exceed 800?", papers.find, 0.2)
    assert isinstance(short, Shortfall) and short.nearest.words == "up to 900" and len(short.values) == 2
    says = Papers(approved("500", 2023, 3, 1), ("Approved flats exceeded 800 in May 2023.", (2023, 6, 1)),
                  How_many={"500": 0.9}, When={"May 2023": 0.8})  # fmt: skip
    told = reply_to("When did approved flats first exceed 800?", says.find, 0.2)
    assert isinstance(told, Reply) and told.short == "May 2023"


def test_a_mark_that_sources_contradict_is_told_with_both() -> None:
    papers = Papers(approved("500", 2023, 3, 1), approved("700", 2024, 1, 31), approved("850", 2024, 1, 31),
                    approved={"500": 0.9, "700": 0.9, "850": 0.8})  # fmt: skip
    reply = reply_to("When did approved flats first exceed 800?", papers.find, 0.2)
    assert isinstance(reply, Reply) and {one.words for one in reply.conflicts} == {"700", "850"}
    assert "850" in str(reply.short) and "but 700 by another document" in str(reply.short)


CHANGE = "By how much did the number of approved flats grow between January 2024 and December 2024?"


def test_one_statement_of_a_whole_year_is_no_change() -> None:
    papers = Papers(("In 2024 the Board approved 5 000 flats.", (2025, 1, 10)), flats={"5 000": 0.9})
    assert reply_to(CHANGE, papers.find, 0.2) is None


def test_a_stated_change_answers() -> None:
    paper = ("Between January 2024 and December 2024 the number of approved flats grew by 600.", (2025, 1, 10))
    reply = reply_to(CHANGE, Papers(paper, approved={"600": 0.9}).find, 0.2)
    assert isinstance(reply, Reply) and reply.short is None and reply.computed == ()
    assert "grew by 600" in reply.spans[0].passage.text


def test_the_end_of_a_change_on_which_sources_differ_gives_no_single_difference() -> None:
    ends = [approved("700", 2024, 1, 31), approved("850", 2024, 1, 31), approved("1 300", 2024, 12, 31)]
    answers = {"700": 0.9, "850": 0.8, "1 300": 0.9}
    reply = reply_to(CHANGE, Papers(*ends, approved=answers).find, 0.2)
    assert isinstance(reply, Reply) and set(reply.computed) == {"600", "450"} and "differ" in reply.lead
    assert all(value in str(reply.short) for value in answers)
    assert {one.words for one in reply.conflicts} == {"700", "850"}
    ends.append(
        ("By the end of January 2024 the Board had approved 700 flats.", (2024, 2, 9))
    )  # two papers against one
    reply = reply_to(CHANGE, Papers(*ends, approved=answers).find, 0.2)
    assert isinstance(reply, Reply) and reply.computed == ("600",) and str(reply.short).startswith("600 (")
    assert {one.words for one in reply.conflicts} == {"700", "850"}


def test_a_course_shows_what_differs_in_it() -> None:
    papers = Papers(approved("700", 2024, 1, 31), approved("850", 2024, 1, 31), approved("1 300", 2024, 12, 31),
                    approved={"700": 0.9, "850": 0.8, "1 300": 0.9})  # fmt: skip
    reply = reply_to("How has the number of approved flats changed over time?", papers.find, 0.2)
    assert isinstance(reply, Reply) and {one.words for one in reply.conflicts} == {"700", "850"}
    assert reply.short == "850 or 700 (31 January 2024) → 1 300 (31 December 2024)"


BOARD = (("The current Board opened on 3 May 2022.", (2022, 5, 4)), ("The fair opened on 9 June 2023.", (2023, 6, 10)))


@pytest.mark.parametrize(
    ("question", "short"),
    [
        ("When did the current Board open?", "3 May 2022"),
        ("When did the latest Board open?", "3 May 2022"),
        ("When did the Board open at the end of last year?", "3 May 2022"),
        ("When did the Board last meet?", "9 June 2023"),
        ("When has the Board most recently met?", "9 June 2023"),
        ("What is the date of the Board's latest meeting?", "9 June 2023"),
    ],
)
def test_the_latest_date_is_for_the_last_time_of_an_event(question: str, short: str) -> None:
    papers = Papers(*BOARD, Board={"3 May 2022": 0.9, "9 June 2023": 0.5})
    reply = reply_to(question, papers.find, 0.2)
    assert isinstance(reply, Reply) and reply.short == short


def test_a_faint_latest_value_is_not_as_sure_as_the_best() -> None:
    papers = Papers(approved("500", 2023, 3, 1), approved("800", 2023, 9, 1), approved={"500": 0.8, "800": 0.15})
    reply = reply_to("How many flats had the Board approved?", papers.find, 0.2)
    assert isinstance(reply, Reply) and reply.short == "800" and reply.confidence == pytest.approx(0.6)
    assert reply_to("How many flats had the Board approved?", papers.find, 0.7) is None


def test_only_the_figure_of_a_difference_counts_as_computed() -> None:
    papers = Papers(approved("700", 2024, 1, 31), approved("1 300", 2024, 12, 31),
                    approved={"700": 0.9, "1 300": 0.9})  # fmt: skip
    reply = reply_to(CHANGE, papers.find, 0.2)
    assert isinstance(reply, Reply) and reply.computed == ("600",) and "1 300" in str(reply.short)


def test_one_figure_found_for_both_is_no_comparison() -> None:
    def find(question: str) -> Found:
        sure, documents = 0.9 if "night" in question else 0.7, {1: document()}
        spans = [span("1 200", sure)]
        return Found([Hit(passage(), 1.0)], statements("", spans, documents), documents)

    reply = reply_to("Which is larger, the night load or the day load?", find, 0.3)
    assert not (isinstance(reply, Reply) and reply.short and "both" in reply.short)
    reply = reply_to("How much larger is the night load than the day load?", find, 0.3)
    assert not (isinstance(reply, Reply) and reply.short and "no difference" in reply.short)


def test_both_parts_are_of_one_event() -> None:
    texts = {1: "The pact was signed on May 3 by Ms Lo Mei.", 2: "The pact was signed on June 9 by Mr Tom Hale."}
    documents = {number: document(text, number) for number, text in texts.items()}

    def find(question: str) -> Found:
        chosen = [("June 9", 0.9, 2)] if "When" in question else [("Lo Mei", 0.9, 1), ("Tom Hale", 0.5, 2)]
        spans = [span(words, score, texts[number], number) for words, score, number in chosen]
        hits = [Hit(passage(text, number), 1.0) for number, text in texts.items()]
        return Found(hits, statements(question, spans, documents), documents)

    reply = reply_to("When was the pact signed and who signed it?", find, 0.3)
    assert isinstance(reply, Reply) and reply.short is not None
    assert "Tom Hale" in reply.short and "Lo Mei" not in reply.short


# --- several values of one thing at one moment ------------------------------------------------------------------

MARCH = (2024, 3, 31)
LET = "how many flats had been let by 31 March 2024"


def flats(*told: tuple[str, tuple[int, int, int]], scores: dict[str, float]) -> Papers:
    """Papers on how many flats had been let, each as of its own day."""
    return Papers(*((f"The Board had let {words} flats.", day) for words, day in told), flats=scores)


def asked_of(question: str, papers: Papers) -> Reply:
    reply = reply_to(question, papers.find, 0.2)
    assert isinstance(reply, Reply)
    return reply


TWO = flats(("about 160", MARCH), ("150", MARCH), scores={"160": 0.8, "150": 0.7})
ONE = flats(("160", MARCH), scores={"160": 0.8})
ALIKE = flats(("160", MARCH), ("about 160", MARCH), scores={"160": 0.8})
THREE = flats(("160", MARCH), ("150", MARCH), ("120", MARCH), scores={"160": 0.8, "150": 0.7, "120": 0.6})
APART = flats(("130", (2024, 1, 31)), ("160", MARCH), scores={"130": 0.7, "160": 0.8})


def test_how_far_apart_two_sources_are_is_computed_from_both() -> None:
    reply = asked_of("How far apart are the two totals of flats let by 31 March 2024?", TWO)
    assert str(reply.short).startswith("about 10 (") and reply.computed == ("about 10",)
    assert len(reply.spans) == 2 and len(reply.conflicts) == 2 and str(reply.short).count("Notice") == 2


@pytest.mark.parametrize(
    ("question", "short"),
    [
        ("What is the lower of the two figures for flats let by 31 March 2024?", "150"),
        ("Which of the two counts of flats let by 31 March 2024 is the larger?", "about 160"),
        ("Which figures are there for flats let by 31 March 2024, and who gives which?", "about 160; 150"),
        (f"Do the papers agree on {LET}?", "about 160; 150"),
        ("Had 160 or 150 flats been let by 31 March 2024?", "about 160; 150"),
        (f"{LET.capitalize()}, according to each of the papers?", "about 160; 150"),
    ],
)
def test_what_is_asked_of_two_values(question: str, short: str) -> None:
    reply = asked_of(question, TWO)
    assert reply.short == short and len(reply.spans) == 2 and len(reply.conflicts) == 2


@pytest.mark.parametrize(
    ("papers", "lead", "documents"), [(ONE, "A single document tells it:", 1), (ALIKE, "The documents agree:", 2)]
)
@pytest.mark.parametrize(
    "question",
    [
        "What is the lower of the two figures for flats let by 31 March 2024?",
        "How far apart are the two totals of flats let by 31 March 2024?",
        f"Do the papers agree on {LET}?",
    ],
)
def test_where_no_two_values_are_told_the_one_is(question: str, papers: Papers, lead: str, documents: int) -> None:
    reply = asked_of(question, papers)
    assert (reply.short, reply.lead, len(reply.spans)) == ("160", lead, documents)
    assert not reply.conflicts and not reply.computed


def test_of_three_values_none_is_the_lower_of_two() -> None:
    reply = asked_of("What is the lower of the two figures for flats let by 31 March 2024?", THREE)
    assert reply.short == "160; 150; 120" and reply.lead.startswith("The documents differ:")


def test_values_of_two_moments_are_no_conflict() -> None:
    reply = asked_of(f"Do the papers agree on {LET}?", APART)
    assert reply.short == "160" and reply.lead == "A single document tells it:" and not reply.conflicts
    reply = asked_of("Had 130 or 160 flats been let by 31 March 2024?", APART)
    assert reply.short == "160" and not reply.conflicts


def test_neither_of_two_figures_is_told() -> None:
    reply = asked_of("Had 140 or 150 flats been let by 31 March 2024?", ONE)
    assert (reply.short, reply.lead) == ("160", "Neither:")


def test_a_reason_for_the_difference_is_quoted_and_none_is_made_up() -> None:
    why = "Why do the two totals of flats let by 31 March 2024 differ?"
    lower = "The Board had let 150 flats. This count leaves out flats let by the week."
    told = Papers(("The Board had let 160 flats.", MARCH), (lower, MARCH), flats={"160": 0.8, "150": 0.7})
    reply = asked_of(why, told)
    assert reply.short is None and len(reply.spans) == 3
    first = reply.spans[0]
    assert first.passage.words(first.start, first.end).startswith("This count leaves out")
    silent = reply_to(why, TWO.find, 0.2)
    assert isinstance(silent, Unexplained) and [one.words for one in silent.values] == ["about 160", "150"]
    assert "do not say why" in unexplained(silent.values, ["A", "B"])


def test_batches_are_compared_by_number() -> None:
    paper = ("A first batch, of about 30 firms, came in May. A second batch, of around 20 firms, came in June.", MARCH)
    papers = Papers(paper, firms={"30": 0.5, "20": 0.6})
    reply = asked_of("How many fewer firms were in the Board's second batch than in its first?", papers)
    assert str(reply.short).startswith("about 10 (the first batch") and reply.computed == ("about 10",)
    untold = reply_to("How many fewer firms were in the Board's third batch than in its second?", papers.find, 0.2)
    assert not isinstance(untold, Reply) or not untold.computed

    def find(question: str) -> Found:
        return replace(papers.find(question), hits=[Hit(passage(paper[0]), 1.0)])

    each = reply_to("How many firms were in each successive batch?", find, 0.2)
    assert isinstance(each, Reply) and each.short == "about 30 (first batch) → around 20 (second batch)"
    newest = reply_to("How many firms are in the newest batch?", find, 0.2)
    assert isinstance(newest, Reply) and newest.short == "around 20"


def test_two_named_papers_that_tell_it_of_different_times_do_not_differ() -> None:
    told = {"harbour": ("130", (2024, 1, 31)), "board": ("160", MARCH)}
    papers = Papers(*((f"By the {name} the town had let {words} flats.", day) for name, (words, day) in told.items()),
                    flats={"130": 0.7, "160": 0.8})  # fmt: skip
    reply = asked_of("Do the harbour notice and the board notice agree on how many flats the town had let?", papers)
    assert reply.short == "130 (31 January 2024); 160 (31 March 2024)" and not reply.conflicts
    assert reply.lead.startswith("The documents tell it of different times")
