"""Questions about a tally, asked again in the words of the papers.

People ask how many "got the green light", "packed their bags", "tried their luck"; papers tell how many applications
were received and approved, and how many people arrived. A question that counts one of these, whatever its words, is
asked again plainly, with the time it asks about and with all that says which applications or people are meant.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Sequence
from typing import NamedTuple

from rag.asked_time import Asked
from rag.changing import LEAST_MARK
from rag.quantities import is_count, quantities
from rag.stages import ANYBODY, PAPERS, stages_of, words_of
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
    """The plain question; None where a question asks for anything but a tally or how it went, or says more than that.

    ``question[start:end]`` of each of ``told`` are the words that tell the stage; ``time`` is the time asked about.
    """
    usual = _TALLIES.get(stage)
    if usual is None or _ASKS_OTHERWISE.search(question) or _is_of_another(question, stage):
        return None
    times = _times(question, time)
    course = bool(_COURSE.search(question)) and not _HOW_MANY.search(question)
    since = bool(times) and time.relation == "since" and not course
    rest = _rest(question, told, time)
    which, unread = _which(rest)
    if unread or since or _NEGATED.search(rest) or _within(question, times, time):
        return None
    when, marks = _when(question, time, times), _marks(question, times)
    if marks and not (len(marks) == 1 and _WHEN.search(question) and _PASSES.search(question)):
        return None
    if marks:
        verb = "fall below" if _BELOW.search(question[: marks[0].start]) else "exceed"
        mark = question[marks[0].start : marks[0].end]
        return f"When did the number of {usual.noun}{which} first {verb} {mark}{when}?"
    if time.relation == "between" and times and _GROWS.search(question):
        return f"By how much did the number of {usual.noun}{which} grow{when}?"
    if course:
        return f"How did the number of {usual.noun}{which} change over time?"
    if _ASKS_TALLY.search(question) and not _HOW_WAS.match(question) and not _GROWS.search(question):
        return f"How many {usual.counted} {usual.verb}{which}{when}?"
    return None


def unread(question: str, stage: str, told: Sequence[tuple[int, int]], time: Asked) -> list[str]:
    """The words of a question about a tally that are neither framing nor a phrase: they may say which are meant."""
    if stage not in _TALLIES or _is_of_another(question, stage) or _ASKS_SHARE.search(question):
        return []
    marks = [] if _WHEN.search(question) else _marks(question, _times(question, time))
    return [*_which(_rest(question, told, time))[1], *(question[one.start : one.end] for one in marks)]


def _times(question: str, time: Asked) -> list[tuple[int, int]]:
    """Where the time asked about is named; not that of the launch, since which a running total counts all."""
    launched = [found.span() for found in _LAUNCHED.finditer(question)]
    return [span for span in time.spans if not any(low <= span[0] < high for low, high in launched)]


def _rest(question: str, told: Sequence[tuple[int, int]], time: Asked) -> str:
    """A question without the words for stage, time and marks, and without those that only frame it."""
    times = _times(question, time)
    frames = (_FRAMING, _SAID, _WHEN, _LAUNCHED, _CHAT, *([_AHEAD] if time.relation == "before" else []))
    framing = [
        found.span()
        for pattern in frames
        for found in pattern.finditer(question)
        if not (pattern is _SAID and _NAMES_A_PAPER.search(found[0]))
    ]
    return _blanked(question, [*times, *told, *framing, *((one.start, one.end) for one in _marks(question, times))])


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
    words = [*words_of(before[0], question), *words_of(later[0], question)]
    denied = [found.span() for found in _NEGATED.finditer(question)]
    which, unread_words = _which(_rest(question, [*words, *denied], time))
    if unread_words:
        return None
    when = _when(question, time, time.spans)
    return {
        name: f"How many {_TALLIES[name].counted} {_TALLIES[name].verb}{which}{when}?" for name in (before[0], later[0])
    }


def _within(question: str, times: Sequence[tuple[int, int]], time: Asked) -> bool:
    """Whether what was done in a month or a year is asked for, which no running total tells: "came in May 2024"."""
    words = [question[start:end].lower() for start, end in times if time.relation == "at"]
    return any(one.startswith(("in ", "during ", "within ")) for one in words) and not _BY_THEN.search(question)


_BY_THEN = re.compile(r"\b(?:had|have|has|hv|been|so far|in total|altogether)\b", re.IGNORECASE)


def _when(question: str, time: Asked, times: Sequence[tuple[int, int]]) -> str:
    """The words for the time asked about, to put behind a question."""
    if not time.moments:
        return ""
    words = [question[start:end].strip(" ,") for start, end in times]
    if time.relation == "before":  # "ahead of the summit planned for May 2024"
        words = [re.sub(r"^(?:(?:before|for|in|on|of|the) )*", "before ", one, flags=re.IGNORECASE) for one in words]
    return " and".join(f" {one[:1].lower() if _BEGINS.match(one) else one[:1]}{one[1:]}" for one in words)


_BEGINS = re.compile(r"(?:By|At|As|In|On|Until|Up|Before|From|Between|During|To)\b")  # "By the end of May 2024, ..."


_HOW_MANY = re.compile(r"\bhow (?:many|much|large|big|strong|high)\b", re.IGNORECASE)
_COUNTS = re.compile(
    rf"{_HOW_MANY.pattern}|\b(?:numbers?|totals?|counts?|tall(?:y|ies)|figures?|sum|headcount|intake|volume|size"
    r"|pile|stack|heap|crowd|influx|inflow)\b",
    re.IGNORECASE,
)
_ASKS_TALLY = re.compile(  # "how many", "what is the total of", "arrivals by May?"; not "how was the number found"
    rf"{_HOW_MANY.pattern}|\b(?:what|give|tell|show|could i have|can i have|let me have)\b.*{_COUNTS.pattern}"
    r"|^(?!.*\b(?:who|whose|whom|where|why|which|what|when|how|is|are|was|were|does|do|did|can|could|will|would"
    r"|should|has|have|had)\b)",
    re.IGNORECASE,
)
_HOW_WAS = re.compile(r"how (?!many\b|much\b|large\b|big\b|strong\b|high\b)|which\b", re.IGNORECASE)
_ASKS_OTHERWISE = re.compile(
    r"\b(?:per ?cent|percentage|share|proportion|ratio|rate|factor|times|average|target|goal|fewer|apart|lower|higher"
    r"|differs?|differences?|compare\w*|versus|vs|agree|of (?:the )?two)\b|%"
    r"|(?<!^)\bwhich (?:is|was|were|one)\b|^(?:is|are|was|were|does|do|did|has|have|had|who|whose|where|why|should)\b"
    r"|\b(?:and|or) (?:who|where|why|what|how)\b",
    re.IGNORECASE,
)
_ASKS_SHARE = re.compile(r"\b(?:per ?cent|percentage|share|proportion|ratio|rate)\b|%", re.IGNORECASE)
_GROWS = re.compile(
    r"\b(?:gr[eo]w\w*|increas\w+|r[io]sen?|rises?|climb\w*|more|additional|extra|added|on top|bigger"
    r"|go(?:ne)? up|went up|jump\w*|swell\w*)\b",
    re.IGNORECASE,
)
_FRAMING = re.compile(  # how a tally is asked for, which says nothing of what is counted
    r"\b(?:gr[eo]w\w*|increas\w+|r[io]sen?|rises?|climb\w*|more|additional|extra|bigger"
    r"|go(?:ne)? (?:up|past|over)|went up|develop\w*|evol\w+|chang\w+|over time|moved so far|first|earliest"
    r"|(?-i:pass(?:ed)?)(?= (?:the )?(?:\d|an? ))|exceed\w*|(?-i:top(?:ped)?)|surpass\w*"
    r"|(?:past|over|above|beyond|more than)(?= (?:the )?(?:\d|an? |one |half ))"
    r"|last (?:known|reported|count|number|figure|tally|total|report)|on record|mark|thanks|altogether|in all"
    r"|all in all|in total|most|up-to-date|to date|so far|til(?:l)? now|up to now|as things stand|by now|until now"
    r"|report by report|step by step|source by source|(?:over|through|throughout|in the course of) (?:19|20)\d\d"
    r"|a place|put at|that mentions? it|going by the|that year|closed|came to an end|one after (?:another|the other)"
    r"|(?:was|were|been|being) (?:reported|recorded|published|announced)|meaning|namely|that is to say"
    r"|in the sense of)\b",
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
_AHEAD = re.compile(r"\b(?:ahead of|before|prior to|in the run-up to) the [^,?]*", re.IGNORECASE)
_CHAT = re.compile(r"^[^?]*?\b(?:I|I['’]\w+|you|we|[Nn]ever mind|[Hh]i|[Hh]ello)\b[^?]*?[.:;!] (?=[^?]*\?)")
_NAMES_A_PAPER = re.compile(r"\b(?:of|in|dated) (?:\w+ )?\d")  # "does the note of January 2024 say"
_LAUNCH = "beg[au]n|start(?:ed)?|launched|introduced|opened|enhanced|widened|improved"
_LAUNCHED = re.compile(  # schemes without a name: all that a running total counts came since then
    rf"\b[Ss]ince (?:the |its |their )?(?:[a-z-]+ ){{0,3}}(?:schemes|programmes|programs|scheme|programme|program) "
    rf"(?:were |was |had been )?(?:{_LAUNCH})\b(?: (?:in|at) [^,?]*)?"
    r"|\b[Ss]ince the (?:start|beginning|launch|outset)(?=[,?]|$)"
    rf"|(?<=schemes )(?:that (?:were )?|which (?:were )?)?(?:{_LAUNCH}) (?:in|at|since)\b[^,?]*"
)
_COURSE = re.compile(
    r"\b(?:all|every|each|list|trace|walk me|show|chart|plot|histor\w+|develop\w*|evol\w+|chang\w+|over time"
    r"|moved so far|course|trend|successive|report by report|step by step|figures|totals|counts|tallies"
    r"|progress\w*)\b",
    re.IGNORECASE,
)


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


def _marks(question: str, times: Sequence[tuple[int, int]]) -> list[Quantity]:
    """The counts a question names."""
    return [
        one
        for one in quantities(question)
        if one.number >= LEAST_MARK and is_count(one.unit)
        if not any(start <= one.start < end for start, end in times)
        if not _YEAR.fullmatch(question, one.start, one.end)
    ]


_YEAR = re.compile(r"(?:19|20)\d\d")


# --- which applications or people are meant ---------------------------------------------------------------------


def _blanked(question: str, stretches: Sequence[tuple[int, int]]) -> str:
    """The question with a bar in the place of each letter of some words."""
    for start, end in stretches:
        question = question[:start] + "|" * (end - start) + question[end:]
    return question


_GENERIC = re.compile(
    rf"(?:{ANYBODY}|{PAPERS}|talented|hopefuls?|ppl|folks?|ones|bids?|forms?|files?|dossiers?)", re.IGNORECASE
)
_DETERMINERS = frozenset("the a an its their his her our all these those any some".split())
_FILLERS = _DETERMINERS | frozenset(  # words of a question that tell nothing from anything else
    "is are was were be been being has have had hv having do does did can could will would may might must should"
    " from by for of among with to onto into in under through via within on at since until as and or but that who"
    " which what when how many much it they there we you i he she them ever already now so far yet actually really"
    " finally get got gets give given gives please first only just join enter apply tell telling me us show know"
    " mind need want list hi hello about roughly approximately someone everyone everybody large big strong high walk"
    " trace chart plot every each one if let see say said stand stands stood go goes going made counted here over up"
    " than trend history pulled draw drew drawn attract attracted".split()
)
_DETERMINER = rf"\b(?:{'|'.join(sorted(_DETERMINERS))})"
_FILLER = f"(?:{'|'.join(sorted(_FILLERS))})"
_WORD = rf"(?!{_FILLER}\b)\b[^\W_][\w'’&-]*"
_NOUN_PHRASE = rf"(?P<words>{_WORD}(?: {_WORD}){{0,4}})"
_SCHEME = re.compile(
    rf"(?:\b(?:under|through|via|by|of|for|to|with|in|onto|into|at) )?(?:{_DETERMINER} )*"
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
    rf"\b(?:many|much|(?:number|total|count|tally|figure|sum|headcount|volume)s? (?:of|for))"
    rf" (?:\|+ (?=(?:[\w'’-]+ ){{0,3}}{_GENERIC.pattern}\b))*(?:{_DETERMINER} )*" + _NOUN_PHRASE,
    re.IGNORECASE,
)
_OF_NO_SORT = frozenset(
    "total totals number numbers count counts tally tallies figure figures sum overall cumulative grand latest newest"
    " current recent report reports record records book books paper papers document documents release releases terms"
    " reality fact practice date time moment authorities authority government office desk desks vetting process"
    " talented skilled would-be prospective hopeful successful published reported known actual whole entire running"
    " headcount intake city applications application requests request entry demand pile heap stack crowd influx"
    " inflow".split()
)
_MONTHS = frozenset(name.lower() for name in calendar.month_name[1:])


def _which(rest: str) -> tuple[str, list[str]]:
    """What says which are meant, as phrases to put behind, and the words that could not be read so."""
    scheme, counted = _SCHEME.search(rest), _MODIFIED.search(rest)
    sorts = []
    if counted and not (scheme and scheme.start() < counted.end()):
        *sorts, noun = counted["words"].split()
        if not (_GENERIC.fullmatch(noun) or noun.lower() in _TALLY_NOUNS):
            return "", [*_EXCLUDES.findall(rest), noun]  # vessels, dollars
        sorts = [word for word in sorts if not _says_nothing(word)]
        rest = _blanked(rest, [counted.span()])
    if scheme:
        rest = _blanked(rest, [scheme.span()])
    phrases = [one for one in _PHRASE.finditer(rest) if not all(map(_says_nothing, one["words"].split()))]
    rest = _blanked(rest, [one.span() for one in phrases])
    names = list(_NAME.finditer(rest))
    rest = _blanked(rest, [one.span() for one in names])
    words = _ANY_WORD.findall(rest.lower())
    unread = [word for word in words if not (_ENDING.sub("", word) in _FILLERS or _says_nothing(word))]
    which = [f" of {word}" for word in sorts]
    which += [f" under the {scheme['words']}{scheme['noun']}"] if scheme else []
    which += [f" {(one['preposition'] or 'for').lower()} {one['words']}" for one in phrases]
    which += [f" in {one[0]}" for one in names]
    return "".join(which), unread


_EXCLUDES = re.compile(r"\b(?:outside|without|except|besides|excluding|elsewhere)\b", re.IGNORECASE)
_ANY_WORD = re.compile(r"[^\W_][\w'’-]*")
_ENDING = re.compile(r"['’](?:s|ve|d|re|m)$")  # "what's", "who've"
_TALLY_NOUNS = frozenset("number numbers total totals count counts figure figures".split())


def _says_nothing(word: str) -> bool:
    """Whether a word does not tell some applications or people from others."""
    bare = re.sub(r"['’]s?$", "", word).lower()
    return bare in _OF_NO_SORT or bare in _MONTHS or _GENERIC.fullmatch(bare) is not None
