"""Names in a claim and in the passages: who holds which post, what an abbreviation stands for, who goes with whom."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.grounds import Ground, Line, stems
from rag.lexical import STOP_WORDS
from rag.moments import mentions
from rag.types import PartialDate

ITEM_CHARS = 60  # of an item of a list
SHORT = 4  # content words of a statement that one sentence must have together
TITLE = r"(?:(?:Mr|Mrs|Ms|Miss|Dr|Prof|Professor|Sir|Dame|Madam)\.?\s+)"
_NAME = r"[A-Z][\w'’.-]+(?:\s+[A-Z][\w'’.-]+){0,3}"
_HEADS = (
    "Secretary|Minister|Director|Mayor|Governor|President|Chairman|Chairwoman|Chair|Chief|Executive|Commissioner|Provost"
    "|Premier|Head"
)
_OF = r"(?:\s+(?:for|of)\s+(?:the\s+)?[A-Z][\w'’-]+(?:(?:,|\s+and|\s+of|\s+for)?(?:\s+the)?\s+[A-Z][\w'’-]+){0,5})"
_OFFICE = (
    rf"(?:[A-Z][\w'’-]+\s+){{0,3}}(?:{_HEADS})\b(?:\s+and\s+(?:[A-Z][\w'’-]+\s+){{0,2}}[A-Z][\w'’-]+(?=\s+(?:of|for)\s))?"
    rf"(?:(?:\s+(?:General|Executive))?{_OF})?"
)
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
            for words in _offices(match["office"]):
                office = frozenset(re.findall(r"\w+", words.casefold())) - {"the", "of", "for", "and"}
                if name and office and not name & office:
                    found.append((name, office))
    return found


def _offices(words: str) -> list[str]:
    """ "Provost and Vice-Chancellor of the University" are two posts."""
    found = re.match(rf"((?:[A-Z][\w'’-]+\s+){{0,3}}(?:{_HEADS}))\s+and\s+([^,]+?)(?=\s+(?:of|for)\s)(.*)", words)
    return [f"{found[1]}{found[3]}", f"{found[2]}{found[3]}"] if found else [words]


_RANKS = {"vice", "deputy", "under", "acting", "assistant"}


def _other_post(claim: str, ground: Ground) -> bool:
    """Whether a claim gives a person a post that the passages give to another, or another than they give."""
    told = _posts(claim)
    known = [pair for text in ground.texts for pair in _posts(text)] if told else []
    for name, office in told:
        own = [o for n, o in known if name <= n or n <= name]
        if any((office <= o or o <= office) and office & _RANKS == o & _RANKS for o in own):
            continue
        if own or any(office <= o or o <= office for _, o in known):
            return True
    return False


_ABBREVIATED = re.compile(
    r"((?:[A-Z][\w'’-]*\s+(?:(?:of|for|and|the|on)\s+)*){1,7}[A-Z][\w’'-]*)\s*\((?:the\s+)?([A-Z][A-Z&]+)[,)]"
)
_WRITTEN_OUT = re.compile(
    r"\b([A-Z][A-Z&]+), (?:the )?((?:[A-Z]\w+ ?(?:of |for |and |the )?){2,7})(?=, (?!and\b)[a-z]|\Z)"
)


def abbreviations(text: str) -> dict[str, str]:
    """The short forms that a text gives in brackets behind a name, with the name: "Harbour Office (HO)"."""
    return {short: full for full, short in _ABBREVIATED.findall(text)}


def _other_name(claim: str, ground: Ground) -> bool:
    """Whether an abbreviation stands for another name than the passages say."""
    known = {short: full for text in ground.texts for short, full in abbreviations(text).items()}
    told = _ABBREVIATED.findall(claim)
    told += [(full, short) for short, full in _WRITTEN_OUT.findall(claim)]
    return any(short in known and not _same_name(full, known[short]) for full, short in told)


def _same_name(one: str, other: str) -> bool:
    a, b = stems(one), stems(other)
    return a <= b or b <= a


_PRONOUN = re.compile(
    r"^\W*(?:He|She|It|They|This|These|His|Her|Their|Its|Here|There)\b|\b(?:he|she|they|its|his|her|their|them|him)\b"
)
_NAMED = re.compile(rf"{TITLE}?(?P<name>[A-Z][\w’'-]*(?:\s+[A-Z][\w’'-]*)*)")
_CONJUNCT = re.compile(r",?\s+(?:and|while|whereas|but)\s+(?=[^,;]*\b[a-z]+)|;\s+")


def goes_on(line: Line) -> bool:
    """Whether a line speaks of somebody or something by a pronoun."""
    return _PRONOUN.search(line.text) is not None


def parts_names(claim: str, ground: Ground) -> bool:
    """Whether one part of a claim joins names that no sentence of the passages joins."""
    said, parts = _parts(claim, ground)
    return any(len(names) > 1 and not any(all(_in(name, text) for name in names) for text in said) for names in parts)


def exchanges_names(claim: str, ground: Ground) -> bool:
    """Whether two parts of a claim have each the other's name."""
    said, parts = _parts(claim, ground)
    pairs = [names for names in parts if len(names) == 2]
    return len(pairs) == 2 and _exchanged(pairs[0], pairs[1], said)


def _parts(claim: str, ground: Ground) -> tuple[list[str], list[list[str]]]:
    """What the passages say, and the names of each part of a claim."""
    said = [_around(place, ground.lines, lists=True) for place in range(len(ground.lines))]
    for mention in reversed(mentions(claim, PartialDate())):
        claim = claim[: mention.start] + claim[mention.end :]
    return said, [_names(part, said) for part in conjuncts(claim)]


def _exchanged(one: Sequence[str], other: Sequence[str], said: Sequence[str]) -> bool:
    """Whether sentences pair two names of each of two pairs the other way round: "A for B and C for D"."""
    parts = [part for text in said for part in re.split(r"\s+(?:and|while)\s+|;\s+", text)]

    def joined(a: str, b: str) -> bool:
        return any(_in(a, part) and _in(b, part) for part in parts)

    return joined(one[0], other[1]) and joined(other[0], one[1]) and not joined(*one) and not joined(*other)


def _names(part: str, said: Sequence[str]) -> list[str]:
    """The names of a part of a claim that the passages know; a sentence's first word alone is none."""
    found = [m["name"] for m in _NAMED.finditer(part) if m.start() or m["name"] != m[0] or " " in m["name"]]
    names = dict.fromkeys(re.sub(r"['’]s$", "", name) for name in found if name.lower() not in STOP_WORDS)
    return [name for name in names if any(_in(name, text) for text in said)]


def _in(name: str, text: str) -> bool:
    """Whether a text has a name: whole, or a person's family name behind a title."""
    if name in text:
        return True
    words = name.split()
    return len(words) > 1 and any(
        re.search(rf"{TITLE}{re.escape(word)}(?!\w)(?!\s[A-Z])", text) for word in (words[0], words[-1])
    )


_ACTS = re.compile(
    rf"{TITLE}(?P<name>[A-Z][\w’'-]*(?:\s+[A-Z][\w’'-]*)*)\s+(?:(?:has|had|have|also|then)\s+)*(?P<verb>[a-z]+ed)\b"
)


def acts_for_another(claim: str, ground: Ground) -> bool:
    """Whether a claim says of a person what the passages say of others only: who signed, who came."""
    said = [_around(place, ground.lines) for place in range(len(ground.lines))]
    for found in _ACTS.finditer(claim):
        verb = stems(found["verb"])
        doing = [text for text in said if verb & stems(text)]
        known = any(_in(found["name"], text) for text in said)
        if verb and known and doing and not any(_in(found["name"], text) for text in doing):
            return True
    return False


def scattered(claim: str, ground: Ground) -> bool:
    """Whether the few words of a short statement all stand in the passages, but in no sentence together."""
    above = stems(
        " ".join(text for entry in ground.entries for text in (entry.document.title, *entry.passage.headings))
    )
    said = [stems(_around(place, ground.lines)) for place in range(len(ground.lines))]
    for part in conjuncts(claim):
        own = stems(part)
        here = any(own - above <= line for line in said)
        if 2 <= len(own) <= SHORT and not here and all(any(stem in line for line in said) for stem in own):
            return True
    return False


_ASIDE = re.compile(
    r"^([^,]{2,60}), ((?:[a-z]+ly )?[a-z]+(?:ed|un|ade) [^,]{4,120}), ((?:has|had|is|was|will|[a-z]+s|[a-z]+ed)\b.*)$"
)


def conjuncts(claim: str) -> list[str]:
    """The parts of a claim that state something each; "Bo and Li met" is one."""
    parts: list[str] = []
    if found := _ASIDE.match(claim):  # "The Board, founded in 1990, runs the ferry"
        return [f"{found[1]} was {found[2]}", *conjuncts(f"{found[1]} {found[3]}")]
    for part in _CONJUNCT.split(claim):
        only_names = not re.search(r"(?:^|\s)(?!the\b|and\b)[a-z]{2,}", part)  # "the Bureau of Labour and Welfare"
        if parts and (only_names or not re.search(r"(?:^|\s)[a-z]{2,}", parts[-1])):
            parts[-1] += f" and {part}"
        else:
            parts.append(part)
    return parts


def _around(place: int, lines: Sequence[Line], *, lists: bool = False) -> str:
    """A line, and the one before it where it goes on about the same, or, with ``lists``, is an item of one list."""
    text = lines[place].text
    if place and lines[place - 1].entry is lines[place].entry:
        before = lines[place - 1].text
        listed = lists and len(text) < ITEM_CHARS and (len(before) < ITEM_CHARS or before[-1:] == ":")
        if listed or _PRONOUN.search(text):
            return f"{_around(place - 1, lines, lists=lists)} {text}"
    return text
