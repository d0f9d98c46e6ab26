"""Questions about a tally, asked again in the words of the papers.

People ask how many "got the green light", "packed their bags", "tried their luck"; papers tell how many applications
were received and approved, and how many people arrived. A question that counts one of these, whatever its words, is
asked again plainly, with the time it asks about and with all that says which applications or people are meant.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from rag.asked_time import Asked
from rag.changing import LEAST_MARK
from rag.quantities import is_count, quantities
from rag.stages import ANYBODY, PAPERS, stages_of
from rag.types import Quantity


class _Tally(NamedTuple):
    """The usual words for a stage: "how many applications were received", "the number of applications received"."""

    counted: str
    verb: str
    noun: str


_TALLIES = {
    "received": _Tally("applications", "were received", "applications received"),
    "approved": _Tally("applications", "were approved", "applications approved"),
    "arrived": _Tally("people", "arrived", "people who arrived"),
    "refused": _Tally("applications", "were refused", "applications refused"),
}


def plainly(question: str, stage: str, told: Sequence[tuple[int, int]], time: Asked) -> str | None:
    """The plain question; None where a question asks for anything but a tally or how it went.

    ``question[start:end]`` of each of ``told`` are the words that tell the stage; ``time`` is the time asked about.
    """
    usual = _TALLIES.get(stage)
    if usual is None or _ASKS_OTHERWISE.search(question) or _is_of_another(question, stage):
        return None
    launched = [found.span() for found in _LAUNCHED.finditer(question)]  # all of a running total is since then
    times = [span for span in time.spans if not any(low <= span[0] < high for low, high in launched)]
    if times and time.relation == "since":
        return None
    marks = _marks(question, times)
    framing = [found.span() for pattern in (_FRAMING, _SAID, _WHEN) for found in pattern.finditer(question)]
    if any(_NAMES_A_PAPER.search(question[start:end]) for start, end in framing):
        return None
    blanked = _blanked(question, [*times, *launched, *told, *framing, *((one.start, one.end) for one in marks)])
    clause = _clause(blanked, told)
    which = _which(clause)
    if which is None or _NEGATED.search(clause) or (_OTHER_TIME.search(clause) and not _COURSE.search(question)):
        return None
    when = _when(question, time, times)
    if len(marks) == 1 and _WHEN.search(question) and _PASSES.search(question):
        verb = "fall below" if _BELOW.search(question[: marks[0].start]) else "exceed"
        mark = question[marks[0].start : marks[0].end]
        return f"When did the number of {usual.noun}{which} first {verb} {mark}{when}?"
    if time.relation == "between" and times and _GROWS.search(question):
        return f"By how much did the number of {usual.noun}{which} grow{when}?"
    if _COURSE.search(question) and not _HOW_MANY.search(question):
        return f"How did the number of {usual.noun}{which} change over time?"
    if (_COUNTS.search(question) or not _QUESTION_WORD.search(question)) and not _GROWS.search(question):
        return f"How many {usual.counted} {usual.verb}{which}{when}?"
    return None


def outstanding(question: str, time: Asked) -> dict[str, str] | None:
    """The two plain questions, by the stage they ask for, whose answers differ by what is asked: how many of the
    approved have not come yet.

    None where it is not asked how many that are through one stage are not through a later one.
    """
    told = stages_of(question)
    later = [name for name in _TALLIES if f"not {name}" in told]
    before = [name for name in _TALLIES if name in told]
    if not _HOW_MANY.search(question) or len(later) != 1 or len(before) != 1 or len(time.moments) > 1:
        return None
    if [*_TALLIES].index(before[0]) >= [*_TALLIES].index(later[0]) or "refused" in (*later, *before):
        return None
    when = _when(question, time, time.spans)
    scheme = _SCHEME.search(_blanked(question, time.spans))
    under = f" under the {scheme[0]}" if scheme else ""
    return {
        name: f"How many {_TALLIES[name].counted} {_TALLIES[name].verb}{under}{when}?" for name in (before[0], later[0])
    }


def _when(question: str, time: Asked, times: Sequence[tuple[int, int]]) -> str:
    """The words for the time asked about, to put behind a question."""
    if not time.moments:
        return ""
    words = [question[start:end].strip(" ,") for start, end in times]
    if time.relation == "before":  # "ahead of the summit planned for May 2024"
        words = [re.sub(r"^(?:(?:before|for|in|on|of|the) )*", "before ", one, flags=re.IGNORECASE) for one in words]
    return "".join(f" {one[:1].lower() if _BEGINS.match(one) else one[:1]}{one[1:]}" for one in words)


_BEGINS = re.compile(r"(?:By|At|As|In|On|Until|Up|Before|From|Between|During|To)\b")  # "By the end of May 2024, ..."


_HOW_MANY = re.compile(r"\bhow (?:many|much|large|big|strong|high)\b", re.IGNORECASE)
_COUNTS = re.compile(
    rf"{_HOW_MANY.pattern}|\b(?:numbers?|totals?|counts?|tall(?:y|ies)|figures?|sum|headcount|intake|volume|size|pile|stack"
    r"|heap|crowd|influx|inflow)\b",
    re.IGNORECASE,
)
_QUESTION_WORD = re.compile(
    r"\b(?:who|whose|whom|where|why|which|what|when|how|is|are|was|were|does|do|did|can|could|will|would|should|has|have"
    r"|had)\b",
    re.IGNORECASE,
)
_ASKS_OTHERWISE = re.compile(
    r"\b(?:per ?cent|percentage|share|proportion|ratio|rate|factor|times|average|target|goal|fewer|apart|lower|higher"
    r"|differ\w*|compare\w*|versus|vs|agree|of (?:the )?two|which (?:is|was|were|one))\b|%"
    r"|^(?:is|are|was|were|does|do|did|has|have|had|who|whose|where|why|should)\b"
    r"|\b(?:and|or) (?:who|where|why|what|how)\b",
    re.IGNORECASE,
)
_GROWS = re.compile(
    r"\b(?:gr[eo]w\w*|increas\w+|r[io]sen?|rises?|climb\w*|more|additional|extra|added|on top|gain\w*|bigger"
    r"|go(?:ne)? up|went up|jump\w*|swell\w*)\b",
    re.IGNORECASE,
)
_FRAMING = re.compile(  # how a tally is asked for, which says nothing of what is counted
    r"\b(?:gr[eo]w\w*|increas\w+|r[io]sen?|rises?|climb\w*|more|additional|extra|bigger"
    r"|go(?:ne)? (?:up|past|over)|went up"
    r"|develop\w*|evol\w+|chang\w+|over time|moved so far|first|earliest"
    r"|(?-i:pass(?:ed)?)(?= (?:the )?(?:\d|an? ))|exceed\w*|(?-i:top(?:ped)?)|past|over|above|beyond|surpass\w*"
    r"|on record|mark|thanks|altogether|in all|all in all|in total|most|up-to-date|to date|so far|til(?:l)? now"
    r"|up to now|as things stand|by now|until now|report by report|step by step|that year)\b",
    re.IGNORECASE,
)
_SAYING = (
    "cit(?:e|ed)|report(?:ed)?|announc(?:e|ed)|mention(?:ed)?|quot(?:e|ed)|hear|heard|tell|told|stat(?:e|ed)|say|said"
    "|publish(?:ed)?|disclos(?:e|ed)|giv(?:e|en)|record(?:ed)?"
)
_SAID = re.compile(  # who says it: "did the Secretary cite", "according to the page", "as told in Arvik"
    rf"\b(?:did|does|do|has|have|had) (?:(?:the|its) [^,?]{{1,60}}?"
    rf"|(?:[A-Z][\w'’-]*,? (?:(?:for|of|and|the) )*){{1,6}})\b(?:{_SAYING})\b"
    rf"|\baccording to [^,?]*|\bas (?:{_SAYING})\b[^,?]*|\bthat (?:the )?\w+ (?:{_SAYING})\b|\bfirst (?:{_SAYING})\b"
)
_NAMES_A_PAPER = re.compile(r"\b(?:of|in|dated) (?:\w+ )?\d")  # "does the note of January 2024 say"
_LAUNCHED = re.compile(
    r"\bsince (?:the |its |their )?[^,?]*?\b(?:beg[au]n|start(?:ed)?|launch(?:ed)?|introduc\w+|open(?:ed)?"
    r"|enhanced|created|came in|set up|beginning|outset)\b[^,?]*"
    r"|(?<=schemes )(?:that (?:were )?|which (?:were )?)?(?:started|begun|began|launched|introduced|opened"
    r"|enhanced|widened) (?:in|at|since)\b[^,?]*",
    re.IGNORECASE,
)
_COURSE = re.compile(
    r"\b(?:all|every|each|list|trace|walk me|show|chart|plot|histor\w+|develop\w*|evol\w+|chang\w+|over time"
    r"|moved so far|course|trend|successive|report by report|step by step|figures|totals|counts|tallies|progress\w*)\b",
    re.IGNORECASE,
)


# --- when a mark was passed ------------------------------------------------------------------------------------

_WHEN = re.compile(
    r"\bwhen\b|\b(?:what|which) (?:\w+ )?(?:month|date|day|year|point|time|report|release)\b|\bearliest\b",
    re.IGNORECASE,
)
_PASSES = re.compile(
    r"\b(?:exceed\w*|top(?:ped)?|pass(?:ed)?|cross\w*|surpass\w*|reach\w*|hit|broke|over|above|more than|beyond|past"
    r"|under|below|fewer than|less than)\b",
    re.IGNORECASE,
)
_BELOW = re.compile(r"\b(?:under|below|fewer|less)\b", re.IGNORECASE)


def _is_of_another(question: str, stage: str) -> bool:
    """Whether only those are meant that are through another stage: "of those approved, how many had come"."""
    of_those = " ".join(found[1] for found in _OF_THOSE.finditer(question))
    return bool(stages_of(of_those) - {stage})


_OF_THOSE = re.compile(
    r"\bof ((?:the|those|these|them|all|every\w*)\b[^,?]*?)(?=,|\?|$|\b(?:had|have|has|were|was|are|is|did|do)\b)",
    re.IGNORECASE,
)
_NEGATED = re.compile(r"\b(?:not|never|yet|still|\w+n['’]t)\b", re.IGNORECASE)
_OTHER_TIME = re.compile(
    r"\b(?:years?|months?|weeks?|quarters?|days?|annual\w*|yearly|monthly|weekly|daily)\b", re.IGNORECASE
)


def _marks(question: str, times: Sequence[tuple[int, int]]) -> list[Quantity]:
    """The counts a question names."""
    return [
        one
        for one in quantities(question)
        if one.number >= LEAST_MARK and is_count(one.unit)
        if not any(start <= one.start < end for start, end in times)
    ]


# --- which applications or people are meant ---------------------------------------------------------------------


def _blanked(question: str, stretches: Sequence[tuple[int, int]]) -> str:
    """The question with a bar in the place of each letter of some words."""
    for start, end in stretches:
        question = question[:start] + "|" * (end - start) + question[end:]
    return question


def _clause(blanked: str, told: Sequence[tuple[int, int]]) -> str:
    """The clauses that count, or that tell the stage: what is said around them says not which are meant."""
    cuts = [0, *(found.end() for found in _BREAK.finditer(blanked)), len(blanked)]
    clauses = list(pairwise(cuts))
    counting = _HOW_MANY if _HOW_MANY.search(blanked) else _COUNTS
    kept = [
        blanked[low:high]
        for low, high in clauses
        if counting.search(blanked, low, high) or any(low <= start < high for start, _ in told)
    ]
    return " ".join(kept) or blanked


_BREAK = re.compile(r"[,;:!?–—]\s|[.]\s(?=[A-Z])|\bthat is\b")
_GENERIC = re.compile(
    rf"(?:{ANYBODY}|{PAPERS}|talented|hopefuls?|ppl|folks?|ones|bids?|forms?|files?|dossiers?)", re.IGNORECASE
)
_AUXILIARY = "is|are|was|were|be|been|being|has|have|had|having|do|does|did|can|could|will|would|may|might|must|should"
_PREPOSITION = "from|by|for|of|among|with|to|onto|into|in|under|through|via|within|on|at|since|until|as|than|about"
_STOP = (
    rf"{_AUXILIARY}|{_PREPOSITION}|and|or|but|that|who|which|what|when|how|many|much|it|they|there|we|you|i|he|she|ever"
    r"|already|now|so|far|yet|actually|really|finally|get|got|gets|give|given|gives|put|please|first|only|just|not|join|enter|apply"
)
_DETERMINER = r"(?:the|an?|its|their|his|her|our|all|these|those|any|some)"
_WORD = rf"(?!(?:{_STOP}|{_DETERMINER})\b)\b[\w'’&-]+"
_NOUN_PHRASE = rf"(?P<words>{_WORD}(?: {_WORD}){{0,4}})"
_IS_PAPER = re.compile(r"(?:papers?|documents?|releases?|reports?|records?|books?|places?)", re.IGNORECASE)
_SCHEME = re.compile(
    rf"(?P<words>(?:{_WORD} ){{0,5}})\b(?P<noun>schemes?|program(?:me)?s?|routes?|pass(?:es)?|plans?|initiatives?)\b",
    re.IGNORECASE,
)
_PHRASE = re.compile(  # "from doctors", and what is done something with: "applied for | a licence"
    rf"(?:\b(?P<preposition>from|by|for|of|among|with|to|into|in|at|on) (?:{_DETERMINER} )*|\b{_DETERMINER} )"
    + _NOUN_PHRASE,
    re.IGNORECASE,
)
_NAME = re.compile(  # whose tally it is: "did Norland receive"
    r"(?<=[\w|,] )(?!(?:Mr|Ms|Mrs|Miss|Dr)\b)[A-Z]\w+(?: [A-Z]\w+)*"
)
_MODIFIED = re.compile(
    rf"\b(?:many|much|(?:number|total|count|tally|figure|sum|headcount|volume)s? (?:of|for)) (?:{_DETERMINER} )*"
    + _NOUN_PHRASE,
    re.IGNORECASE,
)
_OF_NO_SORT = frozenset(
    "total totals number numbers count counts tally figure figures sum overall cumulative grand latest newest current"
    " recent last report reports record records books paper papers document documents release releases terms reality"
    " fact practice all date time now place places moment end authorities authority government officials office desk"
    " desks vetting process talented skilled would-be prospective hopeful successful new fresh individual different"
    " published reported known given so-called actual whole entire every each running headcount people way city"
    " applications application requests request thanks entry demand pile heap stack crowd influx inflow".split()
)
_MONTHS = frozenset(name.lower() for name in calendar.month_name[1:])


def _which(clause: str) -> str | None:
    """What says which are meant, as phrases to put behind; None where other things are counted."""
    counted = _MODIFIED.search(clause)
    words = counted["words"].split() if counted else []
    place = next((place for place, word in enumerate(words) if _GENERIC.fullmatch(word)), None)
    scheme = _SCHEME.search(clause)
    if counted and place is None and not (scheme and scheme.start() < counted.end()) and _is_a_thing(words):
        return None
    sorts = [word for word in words[:place] if not _says_nothing(word)] if place else []
    if scheme:
        sorts = [word for word in sorts if word not in scheme[0].split()]
        clause = clause[: scheme.start()] + "|" + clause[scheme.end() :]
    if counted:
        clause = clause.replace(counted[0], "|", 1)
    found = [one for one in _PHRASE.finditer(clause) if not all(map(_says_nothing, one["words"].split()))]
    phrases = [f" {one['preposition'] or 'for'} {one['words']}" for one in found]
    phrases += [f" in {name[0]}" for name in _NAME.finditer(_blanked(clause, [one.span() for one in found]))]
    named = f" under the {scheme[0]}" if scheme else ""
    return "".join(f" of {word}" for word in sorts) + named + "".join(phrases)


def _is_a_thing(words: Sequence[str]) -> bool:
    """Whether something other than applications or persons is counted: vessels, dollars."""
    return _IS_PAPER.fullmatch(words[-1]) is not None or not all(map(_says_nothing, words))


def _says_nothing(word: str) -> bool:
    """Whether a word does not tell some applications or people from others."""
    bare = re.sub(r"['’]s?$", "", word).lower()
    return bare in _OF_NO_SORT or bare in _MONTHS or _GENERIC.fullmatch(bare) is not None or bare.isdigit()
