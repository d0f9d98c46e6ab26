"""Questions that a text answers, read off its own sentences: figures, dates, offices, lists, short forms, headings.

Each comes with the words that would answer it. A pattern reads what a person wrote and will sometimes read it wrongly,
so a question is only shown when asking it brings these very words back (see suggesting.py).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from ui import texts


class Sort(StrEnum):
    """What a question asks for."""

    FIGURE = "figure"
    DATE = "date"
    OFFICE = "office"
    LIST = "list"
    LETTERS = "letters"
    HEADING = "heading"
    TIME = "time"  # the same at another time


@dataclass(frozen=True, slots=True)
class Posed:
    """A question and the words that should answer it, empty where any answer will do; ``start`` is where they stand."""

    question: str
    words: str
    sort: Sort
    start: int = 0


def posed(text: str) -> list[Posed]:
    """The questions that a text answers by the look of it, in the order of the words that answer them."""
    found = [one for pose in _POSES for one in pose(text) if len(one.question) <= _LONGEST]
    return sorted({one.question: one for one in reversed(found)}.values(), key=lambda one: one.start)


_LONGEST = 110
_FIGURE = r"(?P<figure>\d{1,3}(?:[ ,\u00a0]\d{3})+|\d+(?:\.\d+)?(?: (?:thousand|million|billion))?)"
_COUNTED = r"(?P<counted>(?:[a-z][\w-]+ ){0,3}?[a-z][\w-]*s|(?:[a-z][\w-]+ )?people)"
_WHERE = r"(?P<where> (?:in|to|at|from) (?:the )?[A-Z][\w-]+(?: [A-Z][\w-]+)*)?"
_DONE = r"(?P<done>(?:been )?(?:\w+ed|met|come|grown|sold|built|held|made|given|taken|paid|spent|set up))"
_COUNT = re.compile(rf"\b{_FIGURE} {_COUNTED} (?P<have>have|had|were|are) (?:already |now )?{_DONE}\b{_WHERE}")
_DOER = re.compile(
    rf"\b(?P<doer>(?:[Tt]he )?[A-Z][\w-]+(?: (?:[A-Z][\w-]+|of|for))*) (?P<have>has|have|had) (?:already |now )?"
    rf"(?P<done>\w+ed|met|built|sold|held|made|spent)(?P<with> (?:with|to|for|in))? (?:[a-z]+ ){{0,3}}?{_FIGURE} {_COUNTED}\b"
)


def _figures(text: str) -> Iterator[Posed]:
    for found in _COUNT.finditer(text):
        counted = re.sub("^(?:related|such|said|these|those) ", "", found["counted"])
        asked = f"{counted} {found['have']} {found['done']}{found['where'] or ''}"
        yield Posed(texts.HOW_MANY.format(rest=asked), found["figure"], Sort.FIGURE, found.start("figure"))
    for found in _DOER.finditer(text):
        who = re.sub("^The ", "the ", found["doer"])
        asked = f"{found['counted']} {found['have']} {who} {found['done']}{found['with'] or ''}"
        yield Posed(texts.HOW_MANY.format(rest=asked), found["figure"], Sort.FIGURE, found.start("figure"))


_MONTH = "(?:January|February|March|April|May|June|July|August|September|October|November|December)"
_DATE = rf"(?P<date>(?:\d{{1,2}} )?{_MONTH}(?: \d{{1,2}},)? (?:19|20)\d\d|(?:19|20)\d\d)\b"
_MADE = "(?P<made>opened|launched|established|set up|founded|built|signed|introduced|completed|inaugurated|published)"
_THING = r"(?P<thing>(?:(?:the|its|The|Its) (?:[a-z-]+ ){0,3}?)?[A-Z][\w'’-]*(?: (?:[A-Z][\w'’-]*|of|for|and|on|the))*(?: \([A-Z]+\))?)"
_HALL = r"(?P<thing>[Tt]he (?:[a-z-]+ ){1,3}of (?:the )?[A-Z][\w'’-]*(?: [A-Z][\w'’-]*)*)"
_BEGUN = re.compile(
    rf"(?:{_HALL}|{_THING.replace('thing', 'other')}) (?P<be>was|were) (?:\w+ly )?{_MADE} (?:in|on) {_DATE}"
)


def _dates(text: str) -> Iterator[Posed]:
    for found in _BEGUN.finditer(text):
        thing = re.sub(r"^(?:The|Its) ", lambda word: word[0].lower(), found["thing"] or found["other"])
        if thing.lower().startswith(("its ", "it", "they", "this", "these", "he ", "she ")):
            continue
        thing = re.sub(r" \([A-Z]+\)$", "", thing)
        question = texts.WHEN.format(be=found["be"], thing=thing, made=found["made"])
        yield Posed(question, found["date"], Sort.DATE, found.start("date"))


_TITLED = r"(?:Mr|Mrs|Ms|Miss|Dr|Prof|Professor|Sir|Dame)\.? (?P<name>[A-Z][\w'’-]+(?: [A-Z][\w'’-]+){1,2})"
_HEAD = (
    "Secretary|Minister|Director|Commissioner|President|Chairman|Chairwoman|Chairperson|Chair|Mayor|Governor|Executive"
)
_OFFICE = rf"(?P<office>(?:[A-Z][\w'’-]+ )*?(?:{_HEAD})(?:[ -](?:[A-Z][\w'’-]+|of|for|and|the|General))*)"
_NAMED = re.compile(rf"\b[Tt]he {_OFFICE}, {_TITLED}")
_HOLDS = re.compile(rf"{_TITLED}, (?:the )?{_OFFICE}(?=[,.;]| (?:and|who|said|led|met)\b)")


def _offices(text: str) -> Iterator[Posed]:
    for pattern in (_NAMED, _HOLDS):
        for found in pattern.finditer(text):
            office = re.sub(r" (?:of|for|and|the)$", "", found["office"])
            yield Posed(texts.WHO_HOLDS.format(office=office), found["name"], Sort.OFFICE, found.start("name"))


_SEVERAL = re.compile(
    r"\b[Tt]he (?P<number>three|four|five|six|seven|eight|nine|ten) (?P<things>(?:[a-z-]+ )?[a-z]{3,}s"
    r"(?: (?:of|in|between|signed with|with) (?:the )?[A-Z][\w-]+(?: [A-Z][\w-]+)*)?)\b"
)


def _lists(text: str) -> Iterator[Posed]:
    for found in _SEVERAL.finditer(text):
        if found["things"].split()[0] not in _NO_MEMBERS:
            question = texts.WHAT_ARE.format(number=found["number"], things=found["things"])
            yield Posed(question, "", Sort.LIST, found.start())


_NO_MEMBERS = frozenset(
    "sides parties days weeks months years hours minutes times others last past first latest".split()
)
_LETTERS = re.compile(
    r"\b(?P<name>(?:[A-Z][\w'’-]+ (?:(?:of|for|the|and|on) )*){2,})\((?:the )?(?P<short>[A-Z]{3,8})\)"
)


def _letters(text: str) -> Iterator[Posed]:
    for found in _LETTERS.finditer(text):
        question = texts.STANDS_FOR.format(letters=found["short"])
        yield Posed(question, found["name"].split()[-1], Sort.LETTERS, found.start())


_HEADING = re.compile(r"^(?:#+ )?(?P<line>(?:What|Who|When|Where|Why|How|Which)\b[^\n?]{8,90}\?)$", re.MULTILINE)


def _headings(text: str) -> Iterator[Posed]:
    for found in _HEADING.finditer(text):
        if not re.search(r"\b(?:it|they|them|this|that|these|those|he|she)\b", found["line"]):
            yield Posed(found["line"], "", Sort.HEADING, found.start())


_POSES: tuple[Callable[[str], Iterator[Posed]], ...] = (_figures, _dates, _offices, _lists, _letters, _headings)
