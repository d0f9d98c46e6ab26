"""Questions about a course of values: how something changed, and when it first passed a mark.

They are answered from the series that the plain question about the value gives. What is asked is taken out of the
question ("when did", "first exceed 150 000"), and what is left is what is counted.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from rag.quantities import is_count, quantities
from rag.questions import singular
from rag.types import Quantity

MOST_CHARS = 400


@dataclass(frozen=True, slots=True)
class Course:
    """The plain question about the value, and the mark to be passed; ``mark`` is None where the course is asked.

    ``falls`` says that the mark is passed from above.
    """

    question: str
    mark: Decimal | None = None
    falls: bool = False


def course(question: str) -> Course | None:
    """What a question about a course of values asks for; None where it is none."""
    plain = " ".join(question.split()).rstrip(" ?.!")
    if len(plain) > MOST_CHARS or _TWO_VALUES.match(plain):
        return None
    when, passed = _WHEN.search(plain), _PASSES.search(plain)
    if when and passed:
        marks = quantities(passed["mark"])
        large = marks and (marks[0].number >= _LEAST_MARK or not is_count(marks[0].unit))
        if large and not re.search(r"\w", passed["mark"][: marks[0].start].replace("the", "")):
            counted = passed["mark"][marks[0].end :]
            left = f"{plain[: passed.start()]} {counted}"[when.end() if when.start() == 0 else 0 :]
            return Course(
                _plain(left, counts=is_count(marks[0].unit)),
                marks[0].number,
                bool(re.search("below|under", passed["verb"], re.IGNORECASE)),
            )
    if _CHANGES.search(plain):
        return Course(_plain(_CHANGED.sub(" ", _CHANGES.sub(" ", plain))))
    return None


def difference(question: str, times: Sequence[tuple[int, int]]) -> str | None:
    """The plain question about the value whose change between two times is asked; None where no change is asked.

    ``times`` are the words ``question[start:end]`` that name them.
    """
    for start, end in sorted(times, reverse=True):
        question = f"{question[:start]} {question[end:]}"
    plain = " ".join(question.split()).rstrip(" ?.!")
    asks = _DIFFERS.search(plain)
    if asks is None or len(plain) > MOST_CHARS or _RELATIVE.search(plain):
        return None
    plain = " ".join(_ROSE.sub(" ", plain[asks.end() :]).split())
    return _plain(_LEFT_OVER.sub("", plain), counts=True)


def grows(question: str) -> bool | None:
    """True where the question takes a rise for granted, False for a fall, None for neither."""
    if _FALLS.search(question):
        return False
    return True if _RISES.search(question) else None


def passes(value: Quantity, mark: Decimal, *, falls: bool) -> bool:
    """Whether a value is beyond the mark for certain: "over 150 000" exceeds 150 000, "about 150 000" does not."""
    if falls:
        return value.number < mark or (value.number == mark and value.qualifier in _UNDER)
    return value.number > mark or (value.number == mark and value.qualifier in _OVER)


_OVER = frozenset({"over", "more than", "above", "in excess of", "upwards of", "exceeding"})
_UNDER = frozenset({"under", "less than", "fewer than", "below", "nearly", "almost"})
_AUX = r"(?:did|has|have|had|does|do|is|are|was|were)\b"
_TWO_VALUES = re.compile(
    r"(?:by )?how (?:much|many) (?!of)\b(?!.*\b(?:over time|so far)$)", re.IGNORECASE
)  # one difference is asked
_WHEN = re.compile(
    r"\b(?:(?:by |since )?when|(?:in|by|on|at|since) (?:which|what) (?:month|year|date|day|point|time|stage)"
    r"|earliest)\b",
    re.IGNORECASE,
)
_PASSES = re.compile(
    r"\b(?:first |ever )?(?P<verb>exceed(?:ed|ing)?|pass(?:ed)?|reach(?:ed)?|top(?:ped)?|cross(?:ed)?|surpass(?:ed)?"
    r"|hit|broken?|break|more than|(?:(?:go|gone|grow|grown|rise|risen|climb(?:ed)?|get|got|fall(?:en)?|drop(?:ped)?"
    r"|sink|run) )?(?:over|above|past|beyond|below|under))(?P<mark> .+)",
    re.IGNORECASE,
)
_VERBS = (
    "chang(?:e[ds]?|ing)|grow[ns]?|grew|develop(?:ed|s)?|evolved?|rise[ns]?|rose|fell|fall(?:en|s)?|increased?|decreased?"
    "|fared?|progress(?:ed)?|(?:go|gone|went) (?:up|down)|shifted?"
)
_DIFFERS = re.compile(
    rf"\b(?:by )?how (?:much|many)(?: {_AUX})? (?=.*\b(?:{_VERBS}|climb|bigger|smaller)\b)"
    r"|\b(?:by )?how (?:much|many) (?:more|fewer|less)\b"
    r"|\b(?:what (?:is|was) )?the (?:increase|rise|growth|change|difference|decrease|fall|drop)"
    r" (?:in|of|between) (?:the )?",
    re.IGNORECASE,
)
_FALLS = re.compile(
    r"\b(?:fell|fall(?:en)?|decreas\w+|decline[ds]?|drop\w*|fewer|less|(?:go|gone|went) down)\b", re.IGNORECASE
)
_RISES = re.compile(
    r"\b(?:gr[eo]wn?|grows|growth|r[io]sen?|rises|increas\w+|climb\w*|more|bigger|(?:go|gone|went) up)\b", re.IGNORECASE
)
_RELATIVE = re.compile(r"\b(?:per ?cent|percentage|factor|proportion|times)\b|%", re.IGNORECASE)  # another arithmetic
_ROSE = re.compile(rf"\b(?:{_VERBS}|climb(?:ed)?|bigger|smaller|get|got|than)\b", re.IGNORECASE)
_LEFT_OVER = re.compile(r"(?: (?:by|in|at|on|between|from|to|and|as at|of)(?: the)?)+$", re.IGNORECASE)
_COURSE_OF = "trend|development|history|evolution|time ?line|course|progress(?:ion)?|growth|trajectory|series"
_THEN = "(?= *(?:$|over|between|from|since|in|during|so far|through|throughout|after|until|across|with time))"
_CHANGES = re.compile(
    rf"^(?:(?:show|tell) me how |how (?:much |far )?{_AUX} )(?=.+(?<!the )(?<!a )(?<!of )\b(?:{_VERBS})\b{_THEN})"
    rf"|^(?:\w+ ){{0,3}}(?:the )?(?:{_COURSE_OF})s? (?:of|in|for)\b|\bover (?:time|the (?:years|months))\b"
    r"|\bone after (?:another|the other)\b|\b(?:each|every) (?:successive|reported)\b"
    r"|\b(?:every|all(?: the)?) (?:figures?|values?|totals?|counts?)\b",
    re.IGNORECASE,
)
_CHANGED = re.compile(rf"\b(?:been )?(?:{_VERBS})\b{_THEN}|\bso far\b", re.IGNORECASE)
_LEAST_MARK = 20  # "passed the 2 bills" passes no mark
_NUMBER_OF = re.compile(
    r"^(?:the )?(?:total |overall |cumulative )?(?:number|count|total|figure|tally|amount|pile|sum)s?"
    r" (?:of|for) (?:the )?",
    re.IGNORECASE,
)


def _plain(left: str, *, counts: bool = False) -> str:
    """What is left of a question, asked plainly: "the number of applications" by "How many applications?"."""
    words = " ".join(left.split()).strip(" ,;:")
    words = re.sub(rf"^(?:{_AUX} |there |been |it first on record that |first )+", "", words, flags=re.IGNORECASE)
    words = re.sub(r"^(?:what|which|give me|with its date),? ", "", words, flags=re.IGNORECASE)
    counted = _NUMBER_OF.match(words)
    if counted:
        return f"How many {words[counted.end() :]}?"
    head = re.split(r"\b(?:of|on|with|under|who|that|which|in|for|from|to|by|since|at|between|were|was)\b", words)[0]
    head = re.sub(r" \w+ed *$", "", head).split()
    counts = counts or bool(head and singular(head[-1].lower()) != head[-1].lower())
    return f"How many {words}?" if counts else f"What is {words}?"
