"""What is told one by one: the first batch, the second round. Whose figure is this, and how many are told of?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.quantities import quantities
from rag.questions import singular
from rag.stages import clause

WORDS = "first second third fourth fifth sixth seventh eighth ninth tenth".split()
_DIGITS = dict(zip("1st 2nd 3rd 4th 5th 6th 7th 8th 9th 10th".split(), WORDS, strict=True))
ORDINAL = rf"(?:{'|'.join((*WORDS, *_DIGITS))})"
_GROUPS = "batch|group|round|wave|cohort|tranche|intake|lot"  # which are much the same
_NUMBERED = rf"{_GROUPS}|phase|stage|edition|session|meeting|call|draw|campaign|series|season"
_ASKED = re.compile(rf"\b(?P<ordinal>{ORDINAL}) (?P<noun>(?:{_NUMBERED})(?:e?s)?)\b", re.IGNORECASE)
_EACH = re.compile(
    r"\b(?:each|every)(?: one)?(?: of (?:the|its|their)(?: \w+)?)?(?: (?:successive|single|separate|consecutive|new))? "
    rf"(?P<noun>(?:{_NUMBERED})(?:e?s)?)\b|\bone (?P<noun2>{_NUMBERED}) after (?:another|the other)\b",
    re.IGNORECASE,
)
_NEWEST = re.compile(
    rf"\b(?:the |its |their )?(?:newest|latest|last|most recent) (?P<noun>{_NUMBERED})\b(?! (?:to|at|in) \d)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class OneByOne:
    """A question about each of several that are numbered, or about the newest of them.

    ``form`` asks about one of them, which stands in the place of ``{}``.
    """

    form: str
    noun: str
    newest: bool

    def of(self, ordinal: str) -> str:
        """The question about one of them."""
        return self.form.format(f"the {ordinal} {self.noun}")


def one_by_one(question: str) -> OneByOne | None:
    """None where a question asks about no such thing."""
    plain = question.replace("{", "").replace("}", "")
    for pattern in (_EACH, _NEWEST):
        found = pattern.search(plain)
        if found:
            noun = singular(next(filter(None, found.groups())).lower())
            return OneByOne(f"{plain[: found.start()]}{{}}{plain[found.end() :]}", noun, pattern is _NEWEST)
    return None


def asked(question: str) -> tuple[str, str] | None:
    """The one that a question asks about: ("second", "batch")."""
    found = _ASKED.search(question)
    return (_word(found["ordinal"]), singular(found["noun"].lower())) if found else None


def told(noun: str, texts: Sequence[str]) -> list[tuple[str, str]]:
    """Which are told of, in their order, with the noun the texts have for it: ("first", "batch") for "group".

    Another noun only where the texts do not number that one.
    """
    nouns = [noun, *(_GROUPS.split("|") if noun in _GROUPS.split("|") else ())]
    for one in nouns:
        pattern = _of(one)
        found = {_word(mark["ordinal"]) for text in texts for mark in pattern.finditer(text)}
        if len(found) > 1:
            return [(word, one) for word in WORDS if word in found]
    return []


def of_figure(noun: str, sentence: str, start: int, end: int) -> str:
    """Of which the figure ``sentence[start:end]`` is told: of the one in its clause, or of the last one before it.

    Empty where the sentence does not say it, and where another figure stands between.
    """
    if not _of(noun).search(sentence):
        return ""
    marks = [(one.start(), one.end(), _word(one["ordinal"])) for one in _LONE.finditer(sentence)]
    others = [(one.start, one.end) for one in quantities(sentence) if one.end <= start or one.start >= end]
    free = [
        (low, word)
        for low, high, word in marks
        if not any(min(high, end) <= place[0] and place[1] <= max(low, start) for place in others)
    ]
    left, right = clause(sentence, start, end)
    within = [word for low, word in free if left <= low < right]
    before = [word for low, word in free if low < start]
    return within[0] if len(within) == 1 else before[-1] if before else ""


def _of(noun: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?P<ordinal>{ORDINAL}) (?:[a-z]+ )?{re.escape(noun)}\b", re.IGNORECASE)


_LONE = re.compile(rf"\b(?P<ordinal>{ORDINAL})\b(?! (?:half|quarter|time|term|place|floor)\b)", re.IGNORECASE)


def _word(ordinal: str) -> str:
    return _DIGITS.get(ordinal.lower(), ordinal.lower())
