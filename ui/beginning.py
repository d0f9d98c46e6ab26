"""Questions to begin with, read off the documents: who is named with an office, which letters stand for what."""

from __future__ import annotations

import re
from collections.abc import Sequence

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
    """A few questions, of different documents where possible; empty where the texts suggest none."""
    found: list[str] = []
    for document in documents:
        found += [question for question in _of(document.text[:READ])[:1] if question not in found]
        if len(found) == QUESTIONS:
            break
    return tuple(found)


def _of(text: str) -> list[str]:
    headings = _HEADING.findall(text)
    people = [texts.WHO_IS.format(name=name) for name in _OFFICE.findall(text)]
    letters = [texts.STANDS_FOR.format(letters=short) for short in _SHORT.findall(text)]
    return [*headings, *people, *letters]
