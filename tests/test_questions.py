"""What a question asks for, by its words alone."""

from __future__ import annotations

import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from rag.questions import Kind, asked_for, bare, expected_count, head_noun, is_of_type, kind_of, singular


@pytest.mark.parametrize(
    ("kind", "questions"),
    [
        (
            Kind.SPAN,
            "Who chairs the Harbour Board?|how much did the pier cost|hw many boats came|When will the ferry run?"
            "|date of the fifth regatta|name the mayor of Northport|Which city hosts the regatta?|whats the salary"
            "|Which committee advises the Board?|What causes floods?|May 2024 regatta venue|What was the theme?"
            "|Is the pier run by the Board or the Council?|Which school was the first to sign?|Who is Mr Oak?|?|",
        ),
        (
            Kind.LIST,
            "Which six Northport schools took part?|which officials attended|What are the eleven aims?"
            "|list schools riga"
            "|can you please list the aims|who were the speakers|Which two professors spoke?|names of the six schools"
            "|name the members of the Board|Which Old Town schools sent guests?|What documents do I need?"
            "|wich schools attended|Who attended the regatta?|officials who signed the charter"
            "|What does the fund include?"
            "|identify all the ports",
        ),
        (
            Kind.DEFINITION,
            "What does NPHB stand for?|nphb meaning|full name of NPHB|what is NPHB short for?|wat does nphb mean"
            "|meaning of the acronym NPHB|define a quay|Tell me what NPHB stands for",
        ),
        (
            Kind.DESCRIPTION,
            "What is the role of the Board?|describe the fund|explain how it works|How will the Council save water?"
            "|why was the pier closed|What will the Council do about waste and noise?|what is said about noise"
            "|What is NPHB?|What is the Harbour Safety Charter?|What is a work permit?|whats the purpose of the fund"
            "|Could you explain the fund|What did Ms Elm say about the pier?|tell me about the fund"
            "|purpose of the fund",
        ),
        (
            Kind.YES_NO,
            "Did the port exceed its target?|is the pier open on sundays|Has the bridge been repaired?|Isn't it closed?"
            "|At the regatta, did Ms Elm speak?|do you know whether the ferry runs|Did 100 or more people come?"
            "|Was it closed or not?|According to the report, will it open?",
        ),
        (
            Kind.COMPARISON,
            "By how much did visits grow between May and June?|What is the difference between a quay and a pier?"
            "|Which came first, the ferry or the bridge?|Which is larger, Riga or Narva?|which is earlier A or B"
            "|How many more boats came in May than June?|how much longer is the bridge"
            "|How much did visits rise since May?"
            "|Did the ferry or the bridge open first?|Who has more staff, the Board or the Council?"
            "|How long after the platform did the office open?|How many months passed between the two?"
            "|compare the two ports|diference between quay and pier",
        ),
    ],
)
def test_kinds(kind: Kind, questions: str) -> None:
    wrong = {question: kind_of(question) for question in questions.split("|") if kind_of(question) is not kind}
    assert wrong == {}


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("hw many boats came", "number"),
        ("About how many came?", "number"),
        ("number of boats moored", "number"),
        ("what is the total number of visits", "number"),
        ("For how long will it close?", "number"),
        ("date of the fifth regatta", "date"),
        ("On what date was it held?", "date"),
        ("by when must I apply", "date"),
        ("What was the opening date?", "date"),
        ("In which year did it close?", "date"),
        ("According to Mr Oak, who signed?", "person"),
        ("Who was mayor when it opened?", "person"),
        ("Which minister spoke?", "person"),
        ("whos the mayor", "person"),
        ("Where is the pier?", "place"),
        ("In which city was it held?", "place"),
        ("regatta venue", "place"),
        ("What happened when it closed?", None),
        ("What did the director say?", None),
        ("Did it close when it rained?", None),
        ("How will it work?", None),
        ("Why?", None),
        ("", None),
    ],
)
def test_what_a_short_answer_is(question: str, wanted: str | None) -> None:
    assert asked_for(question) == wanted


@pytest.mark.parametrize(
    ("question", "count"),
    [
        ("Which six schools took part?", 6),
        ("What are the eleven aims?", 11),
        ("what are the 11 aims", 11),
        ("list all 12 members", 12),
        ("name the two ports", 2),
        ("what were the other four papers?", 4),
        ("In which two cities was it held?", 2),
        ("the eleven aims", 11),
        ("Which two of the six schools won?", 2),
        ("which of the six schools won", None),
        ("name two ports", None),
        ("Which schools signed in 2023?", None),
        ("which 2023 papers", None),
        ("what are the aims of the three boards", None),
        ("What is the 5 year plan?", None),
        ("Which one school won?", None),
        ("Who did the Council give the two boats to?", None),
        ("", None),
    ],
)
def test_how_many_members_there_are(question: str, count: int | None) -> None:
    assert expected_count(question) == count


@pytest.mark.parametrize(
    ("question", "noun"),
    [
        ("Which six Northport universities sent boats?", "university"),
        ("what are the eleven areas of work", "area"),
        ("which old town officials went", "official"),
        ("who were the people there", "person"),
        ("list the boxes", "box"),
        ("Did it rain?", None),
        ("which city", None),
    ],
)
def test_what_is_enumerated(question: str, noun: str | None) -> None:
    assert head_noun(question) == noun


def test_words_that_only_look_plural_stay_as_they_are() -> None:
    assert [singular(word) for word in ["process", "status", "this", "gas", "boats", "companies"]] == [
        "process", "status", "this", "gas", "boat", "company"
    ]  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=200) | st.lists(st.sampled_from("which what the six are did or more first by how many".split()),
                                        max_size=60).map(" ".join))  # fmt: skip
@example("\x00")
@example("which ²")
def test_any_text_has_a_kind(question: str) -> None:
    assert kind_of(question) in Kind
    assert asked_for(question) in {"number", "date", "person", "place", None}
    count = expected_count(question)
    assert count is None or count > 1
    assert kind_of(question) == kind_of(f"  {question} ")


@pytest.mark.parametrize(
    "words", ["which ", "what is ", "did or first ", "in x, ", "and ", "which of a and ", "how long "]
)
def test_long_questions_are_quick(words: str) -> None:
    question = (words * 2_000)[:2_000]
    started = time.process_time()
    kind_of(question), asked_for(question), expected_count(question), head_noun(question)
    assert time.process_time() - started < 1


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("Hi, for my talk: how many flats are there? Thanks!", "how many flats are there?"),
        ("Hello! I am writing a speech; who chairs the Board?", "who chairs the Board?"),
        ("How many flats are there?", "How many flats are there?"),
        *(
            (same, same)
            for same in (
                "High schools: how many were built?",
                "My question is about the clinic. How many beds are there?",
                "I live in Arvik; what is the tax?",
                "Hi, how many beds are there? I mean in Arvik",
            )
        ),
        ("The 900 of May: what do they count?", "The 900 of May: what do they count?"),
    ],
)
def test_a_greeting_is_no_part_of_the_question(question: str, asked: str) -> None:
    assert bare(question) == asked


@pytest.mark.parametrize(
    "question",
    ["Which totals of refunds have been published?", "What do the papers say about the number of refunds?",
     "latest approvals", "numbers of refunds"],
)  # fmt: skip
def test_totals_are_numbers(question: str) -> None:
    assert asked_for(question) == "number" and kind_of(question) is Kind.SPAN


def test_a_clause_is_no_persons_name() -> None:
    assert not is_of_type("person", "The Board put most of the delay down to Lock Four at the old harbour")
    assert is_of_type("person", "Ms Berit Lund, who was director of the Harbour Board until the end of May")
