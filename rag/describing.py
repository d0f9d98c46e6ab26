"""The sentences that describe together: the one an answer stands in, and those beside it that only continue it.

A neighbour is taken where its first words point back ("It", "This", "For example") or name the same subject, within
one paragraph. A list is taken whole after the sentence that announces it, or not at all; an item that is asked about
alone is taken whole, with the items under it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from itertools import takewhile

from rag.lexical import STOP_WORDS, query_words
from rag.questions import singular
from rag.types import BlockKind, Document, Span

MAX_LIST_CHARS = 1_200  # a longer list after a colon, or item, is left in the document

Offsets = tuple[int, int]


def sentences_around(question: str, span: Span, document: Document, limit: int = 3) -> list[Offsets]:
    """One to ``limit`` stretches of ``document.text`` in order, without overlap, each of whole sentences.

    They are the sentence of ``span`` and the neighbours that continue it. An item, and a list with more items than
    would fit, is one stretch. Empty only where the span's sentence is not in the document.
    """
    chosen = (span.sentence_start, span.sentence_end)
    at = bisect_right(document.blocks, chosen[0], key=lambda block: block.start) - 1
    if not 0 <= chosen[0] < chosen[1] <= len(document.text):
        return []
    if at < 0 or chosen[1] > document.blocks[at].end:
        return [chosen]
    if document.blocks[at].kind is BlockKind.ITEM:
        at, chosen = _announcement(question, span, document, at)
    block = document.blocks[at]
    if block.kind is BlockKind.ITEM:
        return [_item(document, at) or chosen]
    inside = [(start, end) for start, end in span.passage.sentences if block.start <= start < end <= block.end]
    if block.kind is not BlockKind.PARAGRAPH or chosen not in inside:
        return [chosen]
    listed = _list_after(document, at, chosen, limit)
    return [chosen, *listed] if listed else _grown(question, document.text, inside, inside.index(chosen), limit)


_PRONOUN = re.compile(r"(?:[Ii]t|[Tt]hey|This|These|Those|Such|[Ii]ts|[Tt]heir|Both|The (?:latter|former))\b")
_PERSONAL = re.compile(r"(?:[Hh]e|[Ss]he|[Hh]is|[Hh]er)\b")
_ELABORATES = re.compile(
    r"(?:For (?:example|instance)|In particular|Specifically|As a result|Therefore|Thus|Consequently|Hence|However"
    r"|To (?:this|that) end|Among (?:other things|them|these))\b"
)
_ADDS = re.compile(
    r"(?:In addition|Additionally|Also|Moreover|Furthermore|Besides|Likewise|Similarly|First(?:ly)?|Second(?:ly)?"
    r"|Third(?:ly)?|Finally|Lastly)\b(?! (?:to|of)\b),?\s*"
)
_OPENING = re.compile(  # "At the meeting, members ..."
    r"(?:In|At|On|During|After|Before|Since|Under|With|Upon|By|For|As|While|When|Further to|\w+ed|\w+ing|\w+ly)\b"
    r"[^,.;:]{0,120}, "
)
_TOPIC = re.compile(
    r"\b(?:about|on|for|with|against|regarding|concerning|in relation to|to (?:help|improve|protect))\b"
)
_JOINS = frozenset("of for on and the in".split())
_TITLES = frozenset("mr ms mrs miss dr prof professor sir madam".split())


def _grown(question: str, text: str, sentences: Sequence[Offsets], at: int, limit: int) -> list[Offsets]:
    """Back to what a pronoun stands for, then on while the next sentence continues these."""
    first = last = at
    while first and last - first + 1 < limit and _leans_on(question, text, sentences[first - 1], sentences[first]):
        first -= 1
    while last + 1 < len(sentences) and last - first + 1 < limit:
        if not _continues(question, text, sentences[last], sentences[last + 1]):
            break
        last += 1
    return list(sentences[first : last + 1])


def _leans_on(question: str, text: str, before: Offsets, sentence: Offsets) -> bool:
    """Whether a sentence needs the one before it; whom "he" stands for is mostly said by the question already."""
    if _PERSONAL.match(text, *_main(text, sentence)):
        return bool(_content(question) & _content(text[slice(*before)][:2_000]) - _subject(text, before))
    return _PRONOUN.match(text, *_main(text, sentence)) is not None


def _continues(question: str, text: str, sentence: Offsets, following: Offsets) -> bool:
    """Whether the following sentence goes on about the same; of a person or a named body, only about what is asked."""
    if _PRONOUN.match(text, *_main(text, following)) or _ELABORATES.match(text, *following):
        return True
    adds = _ADDS.match(text, *following)
    rest = (adds.end(), following[1]) if adds else following
    subject, next_subject = _subject(text, sentence), _subject(text, rest)
    asked = _content(question) - subject - next_subject
    about_it = bool(asked & _content(text[slice(*following)][:2_000]))
    if _PERSONAL.match(text, *_main(text, following)):
        return about_it
    same = bool(subject and next_subject) and (subject <= next_subject or next_subject <= subject)
    also = adds or re.match(r"\W*(?:[\w'’-]+\W+){0,8}also\b", text[slice(*following)][:200])
    return (same or _PRONOUN.match(text, *rest) is not None) and (about_it or also is not None)


def _main(text: str, sentence: Offsets) -> Offsets:
    """A sentence without an opening such as "At the meeting,"."""
    opening = _OPENING.match(text, *sentence)
    return (opening.end() if opening else sentence[0]), sentence[1]


def _subject(text: str, sentence: Offsets) -> set[str]:
    """The words of what a sentence begins with: a name, or the first noun."""
    start, end = _main(text, sentence)
    words = re.findall(r"[\w'’/&-]+", text[start : min(end, start + 200)])
    words = words[1:] if words and words[0].lower() in ("the", "a", "an", "our") else words
    named = list(takewhile(lambda word: word[0].isupper() or word in _JOINS, words)) or words[:1]
    return {singular(word.lower()) for word in named} - _JOINS - _TITLES


def _content(text: str) -> set[str]:
    return {singular(word) for word in query_words(text)} - STOP_WORDS - _TITLES - _TITLES


def _run(document: Document, at: int) -> Offsets:
    """The slice of list items from a block on, and back to the first of them."""
    first = last = at
    while first and document.blocks[first - 1].kind is BlockKind.ITEM:
        first -= 1
    while last < len(document.blocks) and document.blocks[last].kind is BlockKind.ITEM:
        last += 1
    return first, last


def _list_after(document: Document, at: int, chosen: Offsets, limit: int) -> list[Offsets]:
    """The items that a sentence ending in a colon announces: each, or all as one stretch where they are too many."""
    if not document.text[slice(*chosen)].rstrip().endswith(":") or chosen[1] < document.blocks[at].end or limit < 2:
        return []
    first, last = _run(document, at + 1)
    items = [(block.start, block.end) for block in document.blocks[first:last]]
    if first <= at or not items or items[-1][1] - items[0][0] > MAX_LIST_CHARS:
        return []
    return items if len(items) < limit else [(items[0][0], items[-1][1])]


def _item(document: Document, at: int) -> Offsets | None:
    """A whole item, with those under it that it announces; None where it is too long."""
    blocks, last = document.blocks, at
    if _said(document, at).endswith(":"):
        level = blocks[at].level
        deeper = takewhile(lambda block: block.kind is BlockKind.ITEM and block.level > level, blocks[at + 1 :])
        last += len(list(deeper))
    whole = blocks[at].start, blocks[last].end
    return whole if whole[1] - whole[0] <= MAX_LIST_CHARS else None


def _said(document: Document, at: int) -> str:
    """The end of a block, all of a short one."""
    block = document.blocks[at]
    return document.text[max(block.start, block.end - 2_000) : block.end]


def _announcement(question: str, span: Span, document: Document, at: int) -> tuple[int, Offsets]:
    """The block and sentence of what is asked about: an item, the one it stands under, or what announces them all."""
    chosen, blocks = (span.sentence_start, span.sentence_end), document.blocks
    asked, item = _content(question), _content(_said(document, at))
    topic = _content(_TOPIC.split(question)[-1]) if _TOPIC.search(question) else set()  # "What is done about waste?"
    intro = _run(document, at)[0] - 1
    above = next((n for n in range(at - 1, intro, -1) if blocks[n].level < blocks[at].level), None)
    heads = _said(document, above) if above is not None else ""
    if above is not None and heads.endswith(":") and topic & _content(heads) and not topic & item:
        return above, (blocks[above].start, blocks[above].end)
    if intro < 0:
        return at, chosen
    block = blocks[intro]
    ends = [(start, end) for start, end in span.passage.sentences if block.start <= start and end == block.end]
    if not ends or not document.text[slice(*ends[-1])].endswith(":"):
        return at, chosen
    announced = _content(document.text[slice(*ends[-1])])
    picked = topic & item and len(topic & item) >= len(topic & announced)
    return (at, chosen) if picked or len(asked & announced) <= len(asked & item) else (intro, ends[-1])
