"""Names in a claim and in the passages: who holds which post, what an abbreviation stands for, who goes with whom."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.grounds import Ground, Line, stems
from rag.lexical import STOP_WORDS
from rag.moments import mentions
from rag.types import PartialDate

TITLE = r"(?:(?:Mr|Mrs|Ms|Miss|Dr|Prof|Professor|Sir|Dame|Madam)\.?\s+)"
_NAME = r"[A-Z][\w'’.-]+(?:\s+[A-Z][\w'’.-]+){0,3}"
_HEADS = (
    "Secretary|Minister|Director|Mayor|Governor|President|Chairman|Chairwoman|Chair|Chief|Executive|Commissioner|Provost"
    "|Premier|Head"
)
_OF = r"(?:\s+(?:for|of)\s+(?:the\s+)?[A-Z][\w'’-]+(?:(?:,|\s+and|\s+of|\s+for)?(?:\s+the)?\s+[A-Z][\w'’-]+){0,5})"
_OFFICE = rf"(?:[A-Z][\w'’-]+\s+){{0,3}}(?:{_HEADS})\b(?:(?:\s+(?:General|Executive))?{_OF})?"
_IS = (
    r"(?:,?\s+(?:who\s+)?(?:is|was|as|serves\s+as|served\s+as|became|remains)|,|;\s*Post:|\s+\()?\s*"
    r"(?:the\s+|an?\s+)?(?:(?:present|current|then|new)\s+)?"
)
_PERSON = rf"{TITLE}{_NAME}|(?<=Name:\s){_NAME}|{_NAME}(?=\s+(?:is|was)\b|,\s+the\b)"
_PERSON_OFFICE = re.compile(rf"(?P<name>{_PERSON}){_IS}(?P<office>{_OFFICE})")
_OFFICE_PERSON = re.compile(
    rf"(?P<office>{_OFFICE})(?:,|\s+is|\s+was|,\s+at\s+present|,?\s+currently)?\s+(?P<name>{TITLE}{_NAME})"
)


def misnames(claim: str, ground: Ground) -> str | None:
    """Which name or post of a claim the passages give otherwise, in a person's words; None where none."""
    if _other_post(claim, ground):
        return "The passages give that person another post."
    if _other_name(claim, ground):
        return "The passages give that body another name."
    return None


def _posts(text: str) -> list[tuple[frozenset[str], frozenset[str]]]:
    """Persons with the posts that a text gives them, as sets of words."""
    found = []
    for pattern in (_PERSON_OFFICE, _OFFICE_PERSON):
        for match in pattern.finditer(text):
            name = frozenset(re.findall(r"\w+", re.sub(TITLE, "", match["name"]).casefold()))
            office = frozenset(re.findall(r"\w+", match["office"].casefold())) - {"the", "of", "for", "and"}
            if name and office and not name & office:
                found.append((name, office))
    return found


def _other_post(claim: str, ground: Ground) -> bool:
    """Whether a claim gives a person a post that the passages give to another, or another than they give."""
    told = _posts(claim)
    known = [pair for text in ground.texts for pair in _posts(text)] if told else []
    for name, office in told:
        if any((name <= n or n <= name) and (office <= o or o <= office) for n, o in known):
            continue
        has_other = any(name <= n or n <= name for n, _ in known)
        is_others = any(office <= o or o <= office for _, o in known)
        if has_other or is_others:
            return True
    return False


_ABBREVIATED = re.compile(
    r"((?:[A-Z][\w'’-]*\s+(?:(?:of|for|and|the|on)\s+)*){1,7}[A-Z][\w’'-]*)\s*\((?:the\s+)?([A-Z][A-Z&]+)[,)]"
)
_WRITTEN_OUT = re.compile(r"\b([A-Z][A-Z&]+), (?:the )?((?:[A-Z]\w+ ?(?:of |for |and |the )?){2,7})")


def _other_name(claim: str, ground: Ground) -> bool:
    """Whether an abbreviation stands for another name than the passages say."""
    known = {short: full for text in ground.texts for full, short in _ABBREVIATED.findall(text)}
    told = _ABBREVIATED.findall(claim)
    told += [(full, short) for short, full in _WRITTEN_OUT.findall(claim)]
    return any(short in known and not _same_name(full, known[short]) for full, short in told)


def _same_name(one: str, other: str) -> bool:
    a, b = stems(one), stems(other)
    return a <= b or b <= a


_PRONOUN = re.compile(
    r"^\W*(?:He|She|It|They|This|These|Its|His|Her|Their|Here)\b|\b(?:he|she|they|his|her|their|him|them)\b"
)
_NAMED = re.compile(rf"{TITLE}?(?P<name>[A-Z][\w’'-]*(?:\s+[A-Z][\w’'-]*)*)")
_CONJUNCT = re.compile(r",?\s+(?:and|while|whereas|but)\s+(?=[^,;]*\b[a-z]+)|;\s+")


def goes_on(line: Line) -> bool:
    """Whether a line speaks of somebody or something by a pronoun."""
    return _PRONOUN.search(line.text) is not None


def parts_names(claim: str, ground: Ground) -> bool:
    """Whether one part of a claim joins names that no sentence of the passages joins."""
    said = [_around(place, ground.lines) for place in range(len(ground.lines))]
    for mention in reversed(mentions(claim, PartialDate())):
        claim = claim[: mention.start] + claim[mention.end :]
    for part in conjuncts(claim):
        names = [_tail(found["name"]) for found in _NAMED.finditer(part) if found.start() or found["name"] != found[0]
                 or len(found["name"].split()) > 1]  # fmt: skip
        names = [name for name in names if name.lower() not in STOP_WORDS and any(name in text for text in said)]
        if len(set(names)) > 1 and not any(all(name in text for name in names) for text in said):
            return True
    return False


def conjuncts(claim: str) -> list[str]:
    """The parts of a claim that state something each; "Bo and Li met" is one."""
    parts: list[str] = []
    for part in _CONJUNCT.split(claim):
        if parts and not re.search(r"(?:^|\s)[a-z]{2,}", parts[-1]):
            parts[-1] += f" and {part}"
        else:
            parts.append(part)
    return parts


def _tail(name: str) -> str:
    """The last word of a name, by which it is found."""
    return re.sub(r"['’]s$", "", name).split()[-1]


def _around(place: int, lines: Sequence[Line]) -> str:
    """A line, and the one before it where it goes on about the same."""
    text = lines[place].text
    if place and lines[place - 1].entry is lines[place].entry and _PRONOUN.search(text):
        return f"{_around(place - 1, lines)} {text}" if place > 1 else f"{lines[0].text} {text}"
    return text
