"""Questions to begin with, read off the documents: who is named with an office, which letters stand for what."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import zip_longest

from rag.types import Document
from ui import texts

QUESTIONS = 4
READ = 20_000  # characters of each document that are looked at
_OFFICE = re.compile(
    r"\b((?:Mr|Mrs|Ms|Miss|Dr|Prof|Professor)\.? (?:[A-Z][\w'-]+ ){1,2}[A-Z][\w'-]+), (?:the |an? )?[A-Z]"
)
_SHORT = re.compile(r"\b(?:[A-Z][\w'-]+ (?:(?:of|for|the|and|on) )*){2,}\((?:the )?([A-Z][A-Za-z]*[A-Z])\)")
_HEADING = re.compile(r"^(?:What|Who|When|Where|Why|How|Which|Can|Does|Is|Are)\b[^\n?]{8,90}\?$", re.MULTILINE)


def questions(documents: Sequence[Document]) -> tuple[str, ...]:
    """A few questions, of different kinds and documents where possible; empty where the texts suggest none."""
    kinds: tuple[list[str], ...] = ([], [], [])
    for document in documents:
        for kind, found in zip(kinds, _of(document.text[:READ]), strict=True):
            kind += [question for question in found[:1] if question not in kind]
        if all(len(kind) >= QUESTIONS for kind in kinds):
            break
    mixed = [question for some in zip_longest(*kinds) for question in some if question]
    return tuple(mixed[:QUESTIONS])


def _of(text: str) -> tuple[list[str], list[str], list[str]]:
    headings = _HEADING.findall(text)
    letters = [texts.STANDS_FOR.format(letters=short) for short in _SHORT.findall(text)]
    people = [texts.WHO_IS.format(name=name) for name in _OFFICE.findall(text)]
    return headings, letters, people
