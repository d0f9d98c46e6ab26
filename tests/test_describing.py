"""Sentences that describe together, never one on another subject."""

from __future__ import annotations

import time
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_listing import document, paragraphs, span_of

from rag.describing import sentences_around
from rag.types import BlockKind, Passage, Span


def described(question: str, markdown: str, words: str, limit: int = 3) -> list[str]:
    source = document(markdown)
    return [source.text[s:e] for s, e in sentences_around(question, span_of(source, words), source, limit)]


BOARD = "The Harbour Board runs the piers."


@pytest.mark.parametrize(
    ("following", "taken"),
    [
        ("It also licenses boats.", True),
        ("They were built in May.", True),
        ("This costs little.", True),
        ("These stand in the old town.", True),
        ("For example, it mends rails.", True),
        ("In addition, the Board licenses boats.", True),
        ("The Board also licenses boats.", True),
        ("In May, it will open a shop.", True),
        ("The Council disagrees.", False),
        ("Ferries stop at ten.", False),
        ("Meanwhile, the Council met.", False),
        ("In addition, ferries stop at ten.", False),
        ("He left early.", False),
        ("The Council also met.", False),
        ("The Board sold a boat.", False),
    ],
)
def test_a_neighbour_that_continues(following: str, taken: bool) -> None:
    found = described("What is the role of the Harbour Board?", f"{BOARD} {following}", "runs")
    assert found == ([BOARD, following] if taken else [BOARD])


def test_the_same_subject_only_about_what_is_asked() -> None:
    text = "Mr Oak spoke of the piers at length. He praised the piers again. He went home by bus."
    found = described("What did Mr Oak say about the piers?", text, "spoke")
    assert found == ["Mr Oak spoke of the piers at length.", "He praised the piers again."]


def test_back_to_what_a_pronoun_stands_for() -> None:
    text = f"The town is old. {BOARD} It licenses boats."
    assert described("Who licenses boats?", text, "licenses") == [BOARD, "It licenses boats."]
    named = "Mr Oak came by sea. He spoke of the piers."
    assert described("What did Mr Oak say about the piers?", named, "spoke") == ["He spoke of the piers."]


def test_no_more_than_the_limit() -> None:
    text = f"{BOARD} It licenses boats. It mends rails. It sells maps."
    assert len(described("What does the Board do?", text, "runs")) == 3
    assert described("What does the Board do?", text, "runs", 1) == [BOARD]
    assert described("What does the Board do?", text, "sells") == [
        "It licenses boats.", "It mends rails.", "It sells maps."
    ]  # fmt: skip


def test_never_across_a_heading_or_paragraph() -> None:
    assert described("What does the Board do?", f"{BOARD}\n\n# Ferries\n\nIt is said they stop.", "runs") == [BOARD]
    assert described("What does the Board do?", f"{BOARD}\n\nIt is said they stop.", "runs") == [BOARD]
    assert described("Why?", f"{BOARD}\n\n# Ferries\n\nIt is said they stop.", "is said") == ["It is said they stop."]


def test_a_list_after_a_colon_item_by_item_where_it_fits() -> None:
    text = "The Board has two duties:\n\n- to run piers;\n- to mend rails.\n\nThat is all.\n"
    wanted = ["The Board has two duties:", "to run piers;", "to mend rails."]
    assert [item.removeprefix("- ") for item in described("What are its duties?", text, "two duties")] == wanted


def test_a_longer_list_as_one_stretch() -> None:
    text = "The Board has duties:\n\n- to run piers;\n- to mend rails;\n- to sell maps.\n\nThat is all.\n"
    announced, items = described("What are its duties?", text, "duties")
    assert announced == "The Board has duties:"
    assert items.count("to ") == 3 and items.endswith("maps.")


def test_an_item_brings_its_list_where_the_list_is_asked_about() -> None:
    text = "The Board will do the following:\n\n- run piers;\n- mend rails.\n\nThat is all.\n"
    assert len(described("What will the Board do?", text, "mend rails")) == 3
    assert described("When will rails be mended?", text, "mend rails") == ["mend rails."]


TASKS = """# Plan

The two towns agreed to do the following about transport, homes and waste:

1. Buses. The towns will share bus lanes from May. Norland will pay for the signs.
2. Waste: set up a joint tip and share lorries; they will also recycle glass.
3. Homes:
   - build 400 flats
   - mend old roofs
4. The towns will hold a fair. It will be in June. Entry is free. It has a market. It ends at ten.

That is all.
"""


@pytest.mark.parametrize(
    ("question", "words", "first", "last"),
    [
        ("What will Norland and Arvik do about buses and signs?", "bus lanes", "1. Buses.", "the signs."),
        ("What will the two towns do about waste?", "joint tip", "2. Waste", "recycle glass."),
        ("What will the towns do about waste and lorries?", "share lorries", "2. Waste", "recycle glass."),
        ("What will they do about homes?", "Homes:", "3. Homes:", "mend old roofs"),
        ("What will they do about homes?", "400 flats", "3. Homes:", "mend old roofs"),
        ("What will they do about flats?", "400 flats", "build", "400 flats"),
        ("What will they do about the fair and its market?", "hold a fair", "4. The towns", "at ten."),
    ],
)
def test_an_item_asked_about_is_taken_whole_and_alone(question: str, words: str, first: str, last: str) -> None:
    found = described(question, TASKS, words)
    assert len(found) == 1
    assert found[0].startswith(first) and found[0].endswith(last)


def test_all_items_where_all_are_asked_about() -> None:
    for question in ("What did the two towns agree to do?", "What will they do about transport, homes and waste?"):
        announced, items = described(question, TASKS, "joint tip")
        assert announced.startswith("The two towns") and items.startswith("1.") and items.endswith("ten.")


def test_of_an_item_too_long_only_the_sentence() -> None:
    items = "- " + " ".join(f"Rule {n} of the Board is a long one." for n in range(60)) + "\n- Rule 99.\n"
    assert described("What does rule 9 say?", f"# Rules\n\n{items}", "Rule 9 of") == [
        "Rule 9 of the Board is a long one."
    ]


def test_a_list_too_long_is_left() -> None:
    items = "\n".join(f"- duty {n} of the Board, which is a long one" for n in range(60))
    assert described("What are its duties?", f"The Board has duties:\n\n{items}\n", "has duties") == [
        "The Board has duties:"
    ]


def test_a_table_row_stands_alone() -> None:
    text = "| Name | Post |\n|---|---|\n| It | Chair |\n| They | Clerk |\n"
    assert described("What is It?", text, "It") == ["Name: It; Post: Chair"]


def test_a_span_that_is_not_in_the_document() -> None:
    source = paragraphs([BOARD])
    whole = Passage(1, 1, 0, 10, "x" * 10, ((0, 10),))
    assert sentences_around("What?", Span(whole, 500, 510, 500, 510, 0.5), source) == []


SENTENCES = st.lists(
    st.sampled_from(
        ["It is so.", "He said:", "The Board met.", "In May, they left.", "For example, this:", "•", "\u05d0. "]
    )
    | st.text(min_size=1, max_size=20),
    min_size=1,
    max_size=5,
)


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(list(BlockKind)), SENTENCES), min_size=1, max_size=5),
    st.integers(1, 4),
    st.text(max_size=20) | st.just("What did the Board say in May?"),
    st.data(),
)
def test_whole_sentences_in_order(
    parts: list[tuple[BlockKind, list[str]]], limit: int, question: str, data: st.DataObject
) -> None:
    source = paragraphs([" ".join(sentences) for _, sentences in parts])
    blocks = tuple(replace(block, kind=kind) for block, (kind, _) in zip(source.blocks, parts, strict=True))
    source = replace(source, blocks=blocks)
    sentences = []
    for block, (_, texts) in zip(blocks, parts, strict=True):
        start = block.start
        for text in texts:
            sentences.append((start, start + len(text)))
            start += len(text) + 1
    first, last = data.draw(st.sampled_from(sentences))
    whole = Passage(1, 1, 0, len(source.text), source.text, tuple(sentences))
    found = sentences_around(question, Span(whole, first, last, first, last, 0.5), source, limit)
    assert 1 <= len(found) <= limit
    starts, ends = {s for s, _ in sentences}, {e for _, e in sentences}
    assert all(start in starts and end in ends for start, end in found)
    assert all(one[1] <= two[0] for one, two in pairwise(found))
    headings = [block for block in blocks if block.kind is BlockKind.HEADING]
    if len(found) > 1:
        assert not any(found[0][0] <= heading.start < found[-1][1] for heading in headings)


@pytest.mark.parametrize(
    "text", ["It is so. " * 200_000, "word" * 1_000_000, "In " * 1_000_000, "The Board of " * 300_000]
)
def test_hostile_text_takes_no_time(text: str) -> None:
    source = paragraphs([text])
    middle = len(text) // 2
    whole = Passage(1, 1, 0, len(text), text, ((0, middle), (middle, len(text))))
    started = time.process_time()
    sentences_around("What is it?", Span(whole, middle, len(text), middle, len(text), 0.5), source)
    sentences_around("What is it?", Span(whole, 0, middle, 0, middle, 0.5), source)
    assert time.process_time() - started < 2
