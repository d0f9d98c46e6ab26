"""The lists that what was read stands in, as replies: how far each is believed to be the one asked for."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from rag import listing
from rag.questions import expected_count, head_noun, singular
from rag.replies import Found, Reply
from rag.types import Document, Passage, Span

COUNTED, NAMED = 0.5, 0.2  # how far towards certainty it brings a list to be as long as asked, or of that name
ANNOUNCED_CHARS = 300  # before a list, in which it is announced


def enumerations(question: str, found: Found) -> list[Reply]:
    """The enumerations that spans stand in, each believed in as much as the spans in it are together.

    The reader's belief is split among the members; that there are as many as the question says, or that its noun is
    in the words around them, is a reason of its own.
    """
    groups: dict[tuple[str, ...], list[tuple[Span, list[tuple[int, int]]]]] = {}
    for span in found.spans:
        text = found.documents[span.passage.document_id].text
        document = found.documents[span.passage.document_id]
        members = next(
            filter(None, (listing.members(question, one, document) for one in _or_others(question, span))), []
        )
        if members:
            groups.setdefault(tuple(text[slice(*member)] for member in members), []).append((span, members))
    replies = []
    for names, group in groups.items():
        span, members = group[0]
        document = found.documents[span.passage.document_id]
        doubt = math.prod(1 - one.score for one, _ in group) * (1 - _announced(question, members, document))
        spans = tuple(_around(start, end, span, document) for start, end in members)
        replies.append(Reply(spans, "; ".join(names), 1 - doubt))
    return replies


def _or_others(question: str, span: Span) -> Iterator[Span]:
    """A span; where it is asked who is on a body, the other persons of its sentence too: the chair is named first."""
    yield span
    for found in (
        _PERSON.finditer(span.passage.words(span.sentence_start, span.sentence_end)) if _ON.match(question) else ()
    ):
        yield replace(span, start=span.sentence_start + found.start(), end=span.sentence_start + found.end())


_ON = re.compile(r"who (?:is|are|was|were|sits?|sat|serves?|served) on\b|.*\bmembers\b", re.IGNORECASE)
_PERSON = re.compile(r"\b(?:Mr|Ms|Mrs|Miss|Dr|Prof|Professor)\.? [A-Z][\w-]+(?: [A-Z][\w-]+)*")


def _announced(question: str, members: Sequence[tuple[int, int]], document: Document) -> float:
    """How far towards certainty it brings an enumeration to be of what is asked for, by number or by name."""
    if expected_count(question) == len(members):
        return COUNTED
    noun = head_noun(question)
    around = document.text[max(0, members[0][0] - ANNOUNCED_CHARS) : members[-1][1]]
    return NAMED if noun and noun in map(singular, re.findall(r"[\w-]+", around.lower())) else 0.0


def _around(start: int, end: int, best: Span, document: Document) -> Span:
    """A member of a list as a span: quoted with the sentence that was read, or where that lies elsewhere, its line."""
    if best.sentence_start <= start and end <= best.sentence_end:
        return replace(best, start=start, end=end)
    block = next((block for block in document.blocks if block.start <= start and end <= block.end), None)
    low, high = (block.start, block.end) if block and block.end - block.start <= 1_000 else (start, end)
    passage = best.passage
    if not (passage.start <= low and high <= passage.end):
        passage = Passage(passage.id, document.id, low, high, document.text[low:high])
    return Span(passage, start, end, low, high, best.score)
