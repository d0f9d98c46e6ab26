"""Which words of a claim the passages lack: what it says beside its names, figures and dates, which rules compare.

A claim may be worded otherwise, but it may not say more. Each content word of one of its parts has to stand in one
place of the passages, by itself or by a word that means the same (wording.py).
"""

from __future__ import annotations

import re

from rag.grounds import Ground, stems
from rag.moments import mentions
from rag.naming import TITLE, conjuncts
from rag.quantities import quantities
from rag.types import PartialDate
from rag.wording import LIGHT, plain

_NAME = re.compile(r"[A-Z][\w’'-]*(?:\s+(?:(?:of|for|and|the)\s+(?:the\s+)?)?[A-Z][\w’'-]*)*(?:['’]s\b)?")
_TITLE = re.compile(rf"\b{TITLE}")
_WORD = re.compile(r"[^\W_]+")


def content(text: str) -> frozenset[str]:
    """The content words of a text in their common form, without names, figures, dates and light words."""
    for figure in reversed(quantities(text)):
        text = f"{text[: figure.start]} {text[figure.end :]}"
    words = re.sub(r"['’]s\b", "", plain(_NAME.sub(" ", _sentence_case(_undated(text)))))
    return frozenset(stems(" ".join(word for word in _WORD.findall(words) if word not in LIGHT)))


def missing(claim: str, ground: Ground) -> frozenset[str]:
    """The content words and names of a claim that the place which says most of their part lacks."""
    lacking: set[str] = set()
    for part in conjuncts(claim):
        own = content(part) | stems(" ".join(_NAME.findall(_sentence_case(_undated(part)))))
        lacking |= min((own - there for there in ground.windows), key=len, default=own)
    return frozenset(lacking)


def _undated(text: str) -> str:
    for mention in reversed(mentions(text, PartialDate())):
        text = f"{text[: mention.start]} {text[mention.end :]}"
    return _TITLE.sub("", text).strip()


def _sentence_case(text: str) -> str:
    """A text whose first word has a small letter where a sentence merely begins with it."""
    first = _NAME.match(text)
    return text[:1].lower() + text[1:] if first and " " not in first[0] and first[0][1:].islower() else text
