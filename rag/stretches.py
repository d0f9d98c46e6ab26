"""What can be quoted by itself: a sentence with those before it that it leans on, a table's row, a list with its head.

Every stretch is one run of a document's characters, so that it is quoted as it stands.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

from rag.types import BlockKind, Document, Passage

MOST_CHARS = 500  # of a stretch; a sentence alone may be longer
LEAST_WORDS = 4
SENTENCES_BACK = 2

Offsets = tuple[int, int]


def stretches(passage: Passage, document: Document) -> Iterator[tuple[Offsets, Offsets]]:
    """Each sentence of a passage that says something, and the stretch of the document that quotes it whole."""
    seen: set[Offsets] = set()
    for sentence in passage.sentences:
        words = document.text[slice(*sentence)]
        if words.endswith("?") or (_says_little(words) and not _is_item(document, sentence)):
            continue
        listed = _listed(document, sentence)
        within = listed and passage.start <= listed[0] and listed[1] <= passage.end  # what is cited is one passage's
        whole = listed if listed and within else _grown(passage, document, sentence)
        if whole not in seen and not _says_little(document.text[slice(*whole)]):
            seen.add(whole)
            yield sentence, whole


def leans(document: Document, start: int, end: int) -> bool:
    """Whether nobody knows whom or what a sentence speaks of without the one before it."""
    return _LEANS.match(document.text, start, end) is not None


def block_at(document: Document, offset: int) -> int:
    """The place of the block that holds a character, among ``document.blocks``; -1 before the first."""
    return bisect_right(document.blocks, offset, key=lambda block: block.start) - 1


def headings_above(document: Document, offset: int) -> str:
    """The document's title and the headings that a character stands under."""
    found: list[str] = []
    level = 99
    for block in reversed(document.blocks[: block_at(document, offset) + 1]):
        if block.kind is BlockKind.HEADING and block.level < level:
            found.append(document.text[block.start : block.end])
            level = block.level
    return "\n".join([document.title, *reversed(found)])


def _says_little(words: str) -> bool:
    """A label, a caption or the number of an item: no sentence."""
    count = len(re.findall(r"[^\W\d_]{2,}", words))
    return count < LEAST_WORDS or (count < 2 * LEAST_WORDS and not re.search(r"[.!:;”\"’')…]\s*$|\d", words))


def _is_item(document: Document, sentence: Offsets) -> bool:
    at = block_at(document, sentence[0])
    return at >= 0 and document.blocks[at].kind is BlockKind.ITEM


def _listed(document: Document, sentence: Offsets) -> Offsets | None:
    """The head of a list with all its items, where the sentence is one of them and the whole is short."""
    blocks, at = document.blocks, block_at(document, sentence[0])
    if at < 0:
        return None
    announces = document.text[slice(*sentence)].rstrip().endswith(":") and at + 1 < len(blocks)
    if blocks[at].kind is not BlockKind.ITEM and not (announces and blocks[at + 1].kind is BlockKind.ITEM):
        return None
    first = at if blocks[at].kind is BlockKind.ITEM else at + 1
    last = first
    while first and blocks[first - 1].kind is BlockKind.ITEM:
        first -= 1
    while last + 1 < len(blocks) and blocks[last + 1].kind is BlockKind.ITEM:
        last += 1
    begins = _head(document, first - 1) if first else None
    return (begins, blocks[last].end) if begins is not None and blocks[last].end - begins <= MOST_CHARS else None


def _head(document: Document, at: int) -> int | None:
    """Where the words begin that announce the list after a block: a heading, or a sentence with a colon."""
    block = document.blocks[at]
    words = document.text[block.start : block.end].rstrip()
    if block.kind is BlockKind.HEADING:
        return block.start
    if block.kind is not BlockKind.PARAGRAPH or not words.endswith(":"):
        return None
    ends = [found.end() for found in re.finditer(r"[.?!]\s+(?=\S)", words)]
    return block.start + (ends[-1] if ends else 0)


def _grown(passage: Passage, document: Document, sentence: Offsets) -> Offsets:
    """A sentence with those before it, in its paragraph, without which nobody knows whom or what it speaks of."""
    start, end = sentence
    before = [one for one in passage.sentences if one[1] <= start]
    for earlier in reversed(before[-SENTENCES_BACK:]):
        words = document.text[slice(*earlier)]
        apart = "\n\n" in document.text[earlier[1] : start] or end - earlier[0] > MOST_CHARS
        if apart or not re.search(r"[^\W\d_]{2}", words) or not _LEANS.match(document.text, start, end):
            break
        start = earlier[0]
    return start, end


_POINTS = (
    r"(?:it|they|he|she|this|these|those|such|its|his|her|their|both|each of (?:them|these)"
    r"|that (?:number|total|figure|goal|target|year|day))\b"
)
_LEANS = re.compile(
    rf"\W*(?:{_POINTS}|the (?:latter|former|others?|two|three|same|text)\b|one (?:is|was|of (?:them|these))\b"
    r"|(?:an)?other (?:is|was)\b|of (?:that|these|those|them|this|which|the (?:two|three|four|five|total))\b"
    r"|(?:among|with|besides|after|before|by) (?:them|these|those|him|her|that|this|other things)\b"
    r"|(?:in addition|also|moreover|furthermore|however|but|and|yet|then|similarly|likewise|for example|as a result"
    r"|therefore|thus|instead|taken together|in all|from there|nor|no)\b"
    r"|[^.;:\n]{0,60}?\bof (?:them|these|those|which|that number)\b"
    rf"|(?:in|on|at|by|since|for|from) [^.;\n]{{2,40}}?(?:, {_POINTS}|\b(?:it|they|he|she)\b))",
    re.IGNORECASE,
)
