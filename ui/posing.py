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
_FIGURE = (
    r"(?!(?:19|20)\d\d\b)(?P<figure>\d{1,3}(?:[ ,\u00a0]\d{3}){1,4}|\d+(?:\.\d+)?(?: (?:thousand|million|billion))?)"
)
_COUNTED = r"(?P<counted>(?:[a-z][\w-]{1,30} ){0,3}?[a-z][\w-]{0,30}s|(?:[a-z][\w-]{1,30} )?people)"
_PLACE = r" (?:in|to|at|from|for) (?:the )?[A-Z][\w-]{1,30}(?: [A-Z][\w-]{1,30}){0,4}"
_WHERE, _THERE = rf"(?P<where>{_PLACE})?", rf"(?P<there>{_PLACE})"
_PASSIVE = r"(?:\w{1,30}ed|met|sold|built|held|made|given|paid|spent|set up)"
_BEEN = rf"(?:(?:have|had) (?:already |now )?been|were)(?: already| now)? {_PASSIVE}"
_HAS = r"(?:have|had) (?:already |now )?(?:arrived|applied|joined|registered|enrolled|graduated|settled|moved|left)"
_COUNT = re.compile(rf"\b{_FIGURE} {_COUNTED} (?:(?P<done>{_BEEN})\b{_WHERE}|(?P<did>{_HAS})\b{_THERE})")
_DOER = re.compile(
    rf"\b(?P<doer>(?:[Tt]he )?[A-Z][\w-]{{1,30}}(?: (?:[A-Z][\w-]{{1,30}}|of|for)){{0,6}}) (?P<have>has|have|had)"
    rf" (?:already |now )?"
    rf"(?P<done>\w{{1,30}}ed|met|built|sold|held|made|spent)(?P<with> (?:with|to|for|in))?"
    rf" (?:[a-z]{{1,20}} ){{0,3}}?{_FIGURE} {_COUNTED}\b"
)


def _figures(text: str) -> Iterator[Posed]:
    for found in _COUNT.finditer(text):
        counted = re.sub("^(?:related|such|said|these|those) ", "", found["counted"])
        done = re.sub("^had ", "have ", found["done"] or found["did"]).replace(" already ", " ").replace(" now ", " ")
        asked = f"{counted} {done}{found['where'] or found['there'] or ''}"
        yield Posed(texts.HOW_MANY.format(rest=asked), found["figure"], Sort.FIGURE, found.start("figure"))
    for found in _DOER.finditer(text):
        who = re.sub("^The ", "the ", found["doer"])
        asked = f"{found['counted']} {found['have']} {who} {found['done']}{found['with'] or ''}"
        yield Posed(texts.HOW_MANY.format(rest=asked), found["figure"], Sort.FIGURE, found.start("figure"))


_MONTH = "(?:January|February|March|April|May|June|July|August|September|October|November|December)"
_DATE = rf"(?P<date>(?:\d{{1,2}} )?{_MONTH}(?: \d{{1,2}},)? (?:19|20)\d\d|(?:19|20)\d\d)\b"
_MADE = "(?P<made>opened|launched|established|set up|founded|built|signed|introduced|completed|inaugurated|published)"
_NAME = r"[A-Z][\w'’-]{0,30}(?: (?:[A-Z][\w'’-]{0,30}|of|for|and|on|the)){0,8}"
_THING = rf"\b(?P<thing>(?:[Tt]he (?:[a-z-]{{1,20}} ){{0,3}}(?:of (?:the )?)?)?{_NAME}(?: \([A-Z]+\))?)"
_BEGUN = re.compile(rf"{_THING} (?P<be>was|were) (?:\w{{1,30}}ly )?{_MADE} (?:in|on) {_DATE}")


def _dates(text: str) -> Iterator[Posed]:
    for found in _BEGUN.finditer(text):
        thing = re.sub(r" \([A-Z]+\)$", "", re.sub("^The ", "the ", found["thing"]))
        if thing not in _NO_NAMES:
            question = texts.WHEN.format(be=found["be"], thing=thing, made=found["made"])
            yield Posed(question, found["date"], Sort.DATE, found.start("date"))


_NO_NAMES = frozenset("It They This That These Those He She There Both We".split())


_TITLED = r"(?:Mr|Mrs|Ms|Miss|Dr|Prof|Professor|Sir|Dame)\.? (?P<name>[A-Z][\w'’-]{1,30}(?: [A-Z][\w'’-]{1,30}){1,2})"
_HEAD = (
    "Secretary|Minister|Director|Commissioner|President|Chairman|Chairwoman|Chairperson|Chair|Mayor|Governor|Executive"
)
_OFFICE = (
    rf"(?P<office>(?:[A-Z][\w'’-]{{1,30}} ){{0,5}}?(?:{_HEAD})"
    r"(?:[ -](?:[A-Z][\w'’-]{1,30}|of|for|and|the|General)){0,12})"
)
_NAMED = re.compile(rf"\b[Tt]he {_OFFICE}, {_TITLED}")
_HOLDS = re.compile(rf"{_TITLED}, (?:the )?{_OFFICE}(?=[,.;]| (?:and|who|said|led|met)\b)")


def _offices(text: str) -> Iterator[Posed]:
    for pattern in (_NAMED, _HOLDS):
        for found in pattern.finditer(text):
            office = re.sub(r" (?:of|for|and|the)$", "", found["office"])
            if not (" of " in office or " for " in office or office in _WHOLE):
                continue
            yield Posed(texts.WHO_HOLDS.format(office=office), found["name"], Sort.OFFICE, found.start("name"))


_WHOLE = frozenset(
    {"Chief Executive", "Prime Minister", "Financial Secretary", "Chief Secretary", "President", "Mayor"}
)
_SEVERAL = re.compile(
    r"\b[Tt]he (?P<number>three|four|five|six|seven|eight|nine|ten) (?P<things>(?:[a-z-]{1,20} )?[a-z]{3,30}s"
    r"(?: (?:of|in|between|signed with|with) (?:the )?[A-Z][\w-]{1,30}(?: [A-Z][\w-]{1,30}){0,4})?)\b"
)


def _lists(text: str) -> Iterator[Posed]:
    for found in _SEVERAL.finditer(text):
        if not _NO_MEMBERS & set(found["things"].split()[:2]):
            question = texts.WHAT_ARE.format(number=found["number"], things=found["things"])
            yield Posed(question, "", Sort.LIST, found.start())


_NO_MEMBERS = frozenset(
    "sides parties days weeks months years hours minutes times others last past first latest are is was has".split()
)
_LETTERS = re.compile(
    r"\b(?P<name>(?:[A-Z][\w'’-]{1,30} (?:(?:of|for|the|and|on) ){0,2}){2,8})\((?:the )?(?P<short>[A-Z]{3,8})\)"
)


def _letters(text: str) -> Iterator[Posed]:
    for found in _LETTERS.finditer(text):
        question = texts.STANDS_FOR.format(letters=found["short"])
        yield Posed(question, found["name"].split()[-1], Sort.LETTERS, found.start())


_CAPITAL = re.compile(r" [A-Z]\w")  # a heading that names nothing is only understood under the one above it
_HEADING = re.compile(r"^(?:#+ )?(?P<line>(?:What|Who|When|Where|Why|How|Which)\b[^\n?]{8,90}\?)$", re.MULTILINE)


def _headings(text: str) -> Iterator[Posed]:
    for found in _HEADING.finditer(text):
        if _CAPITAL.search(found["line"]) and not _POINTS.search(found["line"]):
            yield Posed(found["line"], "", Sort.HEADING, found.start())


_POINTS = re.compile(r"\b(?:it|they|them|this|that|these|those|he|she)\b")
_POSES: tuple[Callable[[str], Iterator[Posed]], ...] = (_figures, _dates, _offices, _lists, _letters, _headings)
