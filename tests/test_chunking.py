"""Offsets are exact, nothing is lost, nothing is cut that need not be: on ugly text too."""

from __future__ import annotations

import time

from hypothesis import given, settings
from hypothesis import strategies as st

from rag.chunking import TARGET_CHARS, chunk
from rag.types import Block, BlockKind, Cleaned

UGLY = st.text(
    st.sampled_from(" .!?,abcXYZ09\u00a0é你。\U0001f600\u05d0") | st.characters(codec="utf-8"), min_size=1
).filter(lambda text: text.strip() == text and "\n" not in text)
BLOCKS = st.lists(st.tuples(st.sampled_from(list(BlockKind)), UGLY, st.integers(1, 3)), min_size=1, max_size=12)


def cleaned(blocks: list[tuple[BlockKind, str, int]], title: str = "Title") -> Cleaned:
    text, made = "", []
    for kind, words, level in blocks:
        text += "\n\n" if text else ""
        made.append(Block(kind, len(text), len(text) + len(words), level))
        text += words
    return Cleaned(text, title, tuple(made))


@settings(max_examples=200, deadline=None)
@given(BLOCKS, st.integers(20, 200))
def test_every_character_of_every_block_lands_in_one_passage(
    blocks: list[tuple[BlockKind, str, int]], target: int
) -> None:
    source = cleaned(blocks)
    passages = chunk(source, target=target, minimum=10)
    previous = 0
    covered: set[int] = set()
    stated: set[int] = set()
    for passage in passages:
        assert passage.text == source.text[passage.start : passage.end]
        assert previous <= passage.start < passage.end
        previous = passage.end
        for start, end in passage.sentences:
            assert passage.start <= start < end <= passage.end
            stated.update(range(start, end))
        covered.update(range(passage.start, passage.end))
    for block in source.blocks:
        wanted = {i for i in range(block.start, block.end) if not source.text[i].isspace()}
        assert wanted <= covered
        assert block.kind is BlockKind.HEADING or wanted <= stated


@settings(max_examples=100, deadline=None)
@given(BLOCKS)
def test_passages_keep_to_the_target(blocks: list[tuple[BlockKind, str, int]]) -> None:
    for passage in chunk(cleaned(blocks), target=60, minimum=10):
        headed = bool(passage.sentences) and passage.sentences[0][0] > passage.start  # headings stay with what follows
        one_line = "\n" not in passage.text
        assert passage.end - passage.start <= 60 or len(passage.sentences) > 1 or headed or one_line


def test_a_passage_starts_at_its_heading_and_knows_those_above() -> None:
    source = cleaned(
        [
            (BlockKind.HEADING, "Report", 1),
            (BlockKind.PARAGRAPH, "An opening sentence of some length. " * 6 + "End.", 1),
            (BlockKind.HEADING, "Costs", 2),
            (BlockKind.PARAGRAPH, "Steel costs four million. " * 8 + "End.", 1),
        ],
        title="Report",
    )
    first, second = chunk(source)
    assert first.text.startswith("Report") and first.headings == ()
    assert second.text.startswith("Costs") and second.headings == ("Report",)
    assert second.search_text.startswith("Report\nCosts")


def test_a_section_too_short_to_stand_alone_joins_the_next() -> None:
    source = cleaned(
        [
            (BlockKind.HEADING, "Gas", 2),
            (BlockKind.PARAGRAPH, "Short.", 1),
            (BlockKind.HEADING, "Water", 2),
            (BlockKind.PARAGRAPH, "Also short.", 1),
        ]
    )
    assert len(chunk(source)) == 1


def test_sentences_are_not_cut_at_titles_and_abbreviations() -> None:
    words = "Mr. Chan met Dr. Lee of St. Mary's at 3.30 p.m. today. They spoke of No. 5, etc. and left."
    (passage,) = chunk(cleaned([(BlockKind.PARAGRAPH, words, 1)]))
    first, second = (passage.text[s:e] for s, e in passage.sentences)
    assert first.endswith("today.") and second.startswith("They")


def test_a_line_of_five_megabytes_is_cut_at_white_space() -> None:
    source = cleaned([(BlockKind.PARAGRAPH, "word " * 1_000_000 + "end", 1)])
    passages = chunk(source)
    assert max(p.end - p.start for p in passages) <= 800
    assert all(not p.text.startswith(" ") and p.text.endswith(("word", "end")) for p in passages)


def test_nothing_gives_nothing() -> None:
    assert chunk(Cleaned("", "", ())) == []


def test_headings_in_a_row_fill_passages_in_linear_time() -> None:
    source = cleaned([(BlockKind.HEADING, f"Heading {number}", 2) for number in range(10_000)])
    start = time.perf_counter()
    passages = chunk(source)
    assert time.perf_counter() - start < 3
    assert max(len(passage.text) for passage in passages) <= TARGET_CHARS
    assert "\n\n".join(passage.text for passage in passages) == source.text


def test_headings_before_a_text_stay_with_it_where_they_fit() -> None:
    words = "word " * 18 + "ends."
    source = cleaned(
        [(BlockKind.HEADING, "Part", 1), (BlockKind.HEADING, "Section", 2), (BlockKind.PARAGRAPH, words, 1)]
    )
    assert [passage.text for passage in chunk(source, target=100)] == [source.text]


def test_a_huge_heading_is_not_repeated_whole() -> None:
    source = cleaned(
        [(BlockKind.HEADING, "word " * 2_000 + "end", 1), (BlockKind.PARAGRAPH, "A sentence here. " * 99 + "End.", 1)]
    )
    assert sum(len(heading) for passage in chunk(source) for heading in passage.headings) < 10_000
