"""Document -> Passages: along sentences and structure, with exact character offsets.

A passage never crosses a heading unless what stands before it is too short to say anything alone, never cuts
a sentence unless the sentence alone is over the limit, and keeps list items and table rows whole likewise.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rag.types import Block, BlockKind, Cleaned, Passage

# Characters, not tokens, so that passages do not depend on a model. About 180 tokens of English: with title
# and headings it stays inside the 256 tokens the default embedder sees. Measured by `python -m eval.passages`.
TARGET_CHARS = 800
# A section shorter than this is joined to the next one: a heading and five words find nothing alone.
MIN_CHARS = 150
HEADING_CHARS = 300  # each passage repeats the headings above it, longer ones only so far

Offsets = tuple[int, int]


@dataclass(frozen=True, slots=True)
class _Unit:
    """What is never cut: a sentence, a heading, a list item's sentence or a table row."""

    start: int
    end: int
    block: Block
    path: tuple[str, ...]  # the headings above it


def chunk(cleaned: Cleaned, *, target: int = TARGET_CHARS, minimum: int = MIN_CHARS) -> list[Passage]:
    """Cut a text into passages of about ``target`` characters, in order, without overlap.

    Every non-space character inside a block lands in exactly one passage. Ids are 0: the store gives them.
    """
    passages = []
    for group in _groups(_units(cleaned, target), target, minimum):
        start, end = group[0].start, group[-1].end
        inside = {cleaned.text[u.start : u.end] for u in group if _is_heading(u)}
        path = _common_path([u.path for u in group])
        headings = tuple(dict.fromkeys(h[:HEADING_CHARS] for h in (cleaned.title, *path) if h and h not in inside))
        sentences = tuple((u.start, u.end) for u in group if not _is_heading(u))
        passages.append(Passage(0, 0, start, end, cleaned.text[start:end], sentences, headings))
    return passages


def _units(cleaned: Cleaned, limit: int) -> Iterator[_Unit]:
    path: list[tuple[int, str]] = []
    for block in cleaned.blocks:
        if block.kind is BlockKind.HEADING:
            path = [(level, text) for level, text in path if level < block.level]
        above = tuple(text for _, text in path)
        for start, end in _sentences(cleaned.text, block):
            for piece in _pieces(cleaned.text, start, end, limit):
                yield _Unit(*piece, block, above)
        if block.kind is BlockKind.HEADING:
            path.append((block.level, cleaned.text[block.start : block.end]))


def _sentences(text: str, block: Block) -> list[Offsets]:
    """Sentences of one block, trimmed of white space; headings and table rows are one."""
    if block.kind in (BlockKind.HEADING, BlockKind.ROW):
        return [(block.start, block.end)]
    from sentencex import get_sentence_boundaries

    spans = []
    for found in get_sentence_boundaries("en", text[block.start : block.end]):
        start, end = block.start + found["start_index"], block.start + found["end_index"]
        words = text[start:end]
        start, end = start + len(words) - len(words.lstrip()), end - (len(words) - len(words.rstrip()))
        if start < end:
            spans.append((start, end))
    return spans


def _pieces(text: str, start: int, end: int, limit: int) -> Iterator[Offsets]:
    """A sentence over the limit is cut at white space; where there is none, at the limit."""
    while end - start > limit:
        cut = text.rfind(" ", start + 1, start + limit + 1)
        cut = start + limit if cut < 0 else cut
        yield start, cut
        start = cut
        while start < end and text[start].isspace():
            start += 1
    if start < end:
        yield start, end


def _groups(units: Iterator[_Unit], target: int, minimum: int) -> Iterator[list[_Unit]]:
    group: list[_Unit] = []
    for unit in units:
        if group and _closes(group, unit, target, minimum):
            # A heading left at the end of a passage belongs to what follows it.
            carried = _trailing_headings(group)
            if carried and carried[0].start + target < unit.end and _is_heading(unit):
                carried = []  # headings alone fill a passage
            if len(carried) < len(group):
                yield group[: len(group) - len(carried)]
                group = carried
        group.append(unit)
    if group:
        yield group


def _closes(group: Sequence[_Unit], unit: _Unit, target: int, minimum: int) -> bool:
    if unit.end - group[0].start > target:
        return True
    new_section = _is_heading(unit) and not _is_heading(group[-1])
    return new_section and group[-1].end - group[0].start >= minimum


def _is_heading(unit: _Unit) -> bool:
    return unit.block.kind is BlockKind.HEADING


def _trailing_headings(group: Sequence[_Unit]) -> list[_Unit]:
    count = 0
    while count < len(group) and _is_heading(group[-1 - count]):
        count += 1
    return list(group[len(group) - count :])


def _common_path(paths: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    shared = paths[0]
    for path in paths[1:]:
        while path[: len(shared)] != shared:
            shared = shared[:-1]
    return shared
