"""Who did it to whom, which of two is more, and what goes with whom: whether a claim turns it round.

A claim may have every word of a passage and still exchange its parts. Compared are a verb with a name on either side,
two things on either side of "than" or "before", and persons paired with what stands in brackets behind them or is told
of them "respectively".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from rag.grounds import stems
from rag.naming import TITLE, conjuncts
from rag.wording import stem

_CLAUSE = re.compile(r"[;:]\s|,\s(?:and|but|while|which|who|where|whereas)\s|\s(?:while|whereas|but)\s|\.\s")
_CAPITAL = re.compile(rf"(?:{TITLE})?(?<![\w-])([A-Z][\w-]*)")
_WORD = re.compile(r"\b[a-z]{3,}\b")
_PASSIVE = re.compile(r"\b(?:is|are|was|were|been|being|be)\s+(?:\w+ly\s+)?$")
_MUTUAL = {stem(word) for word in "meet agree cooperate merge share together attend speak".split()}
_PAST = frozenset(  # verbs of somebody to somebody whose past has no "ed"
    "led beat won gave given sold bought paid sent told saw seen took taken sued wrote written taught chose chosen "
    "drove driven caught found hired forgave forgiven overtook overtaken succeeded shot threw thrown brought".split()
)


def turned_round(claim: str, texts: Sequence[str]) -> bool:
    """Whether a claim says of two things what the passages say of them the other way round."""
    return (
        _exchanges(claim, texts, _deeds)
        or _exchanges(claim, texts, _comparisons)
        or any(_mispairs(claim, text) for text in texts)
    )


@dataclass(frozen=True, slots=True)
class _Relation:
    """One thing and another as a verb or a comparison puts them: ``first`` did it, or is more, or came earlier."""

    kind: str
    first: frozenset[str]
    second: frozenset[str]

    def reverses(self, other: _Relation) -> bool:
        """Whether the same is said with the two exchanged."""
        crossed = self.first & other.second and self.second & other.first
        return self.kind == other.kind and bool(crossed) and not self.first & other.first

    def agrees(self, other: _Relation) -> bool:
        """Whether the same is said."""
        return self.kind == other.kind and bool(self.first & other.first and self.second & other.second)


def _exchanges(claim: str, texts: Sequence[str], find: Callable[[str], Iterator[_Relation]]) -> bool:
    told = list(find(claim))
    said = [relation for text in texts for relation in find(text)] if told else []
    return any(
        any(one.reverses(other) for other in said) and not any(one.agrees(other) for other in said) for one in told
    )


# --- deeds -----------------------------------------------------------------------------------------------------------


def _deeds(text: str) -> Iterator[_Relation]:
    """Each verb that has a name on either side: the one who did it first."""
    for clause in _CLAUSE.split(text):
        names = [(found.start(1), found[1].casefold()) for found in _CAPITAL.finditer(clause)]
        for found in _WORD.finditer(clause):
            if not (found[0].endswith("ed") or found[0] in _PAST) or stem(found[0]) in _MUTUAL:
                continue
            before = frozenset(name for at, name in names if at < found.start())
            after = frozenset(name for at, name in names if at > found.end())
            by = clause.find(" by ", found.end())
            if _PASSIVE.search(clause, 0, found.start()) or by == found.end():
                agents = frozenset(name for at, name in names if at > by) if by >= 0 else frozenset()
                before, after = agents, before
            if before and after:
                yield _Relation(stem(found[0]), before - after, after - before)


# --- comparisons -----------------------------------------------------------------------------------------------------

_MORE = "more|higher|larger|greater|bigger|longer|later|older|faster|stronger|better|further|richer|wider|newer"
_LESS = "fewer|less|lower|smaller|shorter|earlier|younger|slower|weaker|worse|nearer|poorer|narrower"
_THAN = re.compile(rf"\b(?:(?P<up>{_MORE})|(?P<down>{_LESS}))\b(?P<of>[^.;]*?)\bthan\b(?!\s+(?:[$€£]|\d|half\b))", re.I)
_BESIDE = re.compile(
    r"\b(?:(?P<up>above|exceed(?:s|ed)?|surpass(?:es|ed)?|outnumber(?:s|ed)?|ahead of|after)"
    r"|(?P<down>below|trail(?:s|ed)?|behind|before|lag(?:s|ged)? behind))\b(?!\s+(?:[$€£]|\d))",
    re.I,
)


def _comparisons(text: str) -> Iterator[_Relation]:
    """What is more, or later, than something else."""
    for clause in _CLAUSE.split(text):
        for pattern in (_THAN, _BESIDE):
            found = pattern.search(clause)
            if not found:
                continue
            between = found["of"] if pattern is _THAN else ""
            left, right = (
                frozenset(stems(part)) for part in (clause[: found.start()] + between, clause[found.end() :])
            )
            kind = "time" if re.fullmatch(r"(?i)after|before|later|earlier", found[1] or found[2]) else "size"
            first, second = (left - right, right - left) if found["up"] else (right - left, left - right)
            if first and second:
                yield _Relation(kind, first, second)


# --- pairs -----------------------------------------------------------------------------------------------------------

_PERSON = re.compile(rf"{TITLE}(?P<name>[A-Z][\w-]*(?:\s[A-Z][\w-]*)*)")
_BRACKETED = re.compile(rf"{TITLE}(?P<name>[A-Z][\w-]*(?:\s[A-Z][\w-]*)*)\s\((?P<what>[^)]+)\)")
_TAIL = re.compile(r"\b(?:of|for|with|to|from|in|at)\s")


def _pairs(text: str) -> list[tuple[frozenset[str], frozenset[str]]]:
    """Persons with what a sentence pairs each of them with, as words."""
    found = [(_capitals(match["name"]), _capitals(match["what"])) for match in _BRACKETED.finditer(text)]
    before, word, _ = text.partition("respectively")
    if word:
        for place in reversed([match.end() for match in _TAIL.finditer(before)]):
            things = [_capitals(part) for part in re.split(r",?\s+and\s+|,\s", before[place:].strip(" ,"))]
            persons = [_capitals(match["name"]) for match in _PERSON.finditer(before, 0, place)]
            if len(things) > 1 and all(things) and len(persons) >= len(things):
                found += zip(persons[-len(things) :], things, strict=True)
                break
    return found if len(found) > 1 else []


def _mispairs(claim: str, text: str) -> bool:
    """Whether a part of a claim gives a person what the passage gives only to another beside it."""
    pairs = _pairs(text)
    for part in conjuncts(claim) if pairs else ():
        said = _capitals(part)
        for name, what in pairs:
            others = [other - what for person, other in pairs if person != name and not person & said]
            rest = said - name
            if name <= said and not rest & what and any(other & rest for other in others):
                return True
    return False


def _capitals(text: str) -> frozenset[str]:
    return frozenset(found.casefold() for found in re.findall(r"\b[A-Z][\w-]*", re.sub(TITLE, "", text)))
