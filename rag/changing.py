"""Questions about a course of values: how something changed, and when it first passed a mark.

They are answered from the series that the plain question about the value gives. What is asked is taken out of the
question ("when did", "first exceed 150 000"), and what is left is what is counted.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from rag.asked_time import without
from rag.quantities import is_count, quantities, same_kind
from rag.questions import asked_for, singular
from rag.types import Quantity

MOST_CHARS = 400
BOTH_ENDS = 2


@dataclass(frozen=True, slots=True)
class Course:
    """The plain question about the value, and the mark to be passed; ``mark`` is None where the course is asked.

    ``mark`` holds number and unit, its offsets mean nothing; ``falls`` says that it is passed from above.
    """

    question: str
    mark: Quantity | None = None
    falls: bool = False


def course(question: str) -> Course | None:
    """What a question about a course of values asks for; None where it is none."""
    plain = " ".join(question.split()).rstrip(" ?.!")
    if len(plain) > MOST_CHARS or _TWO_VALUES.match(plain):
        return None
    passed = _passing(plain)
    if passed:
        return passed
    if _CHANGES.search(plain):
        return Course(plain_question(_CHANGED.sub(" ", _CHANGES.sub(" ", plain))))
    return None


def _passing(plain: str) -> Course | None:
    """The course whose mark a question asks about; None where a figure only says which things are meant."""
    when = _WHEN.search(plain)
    passed = _PASSES.search(plain) or (_COUNTS.search(plain) if _FIRST.search(plain) else None)
    if when is None or passed is None or _OF_WHICH.search(plain[: passed.start()]):
        return None
    marks = quantities(passed["mark"])
    if not marks or re.search(r"\w", re.sub(r"\bthe\b", "", passed["mark"][: marks[0].start])):
        return None
    if marks[0].number < LEAST_MARK and is_count(marks[0].unit):
        return None
    counted = passed["mark"][marks[0].end :].removesuffix(" mark")
    left = f"{plain[: passed.start('verb')]} {counted}"[when.end() if when.start() == 0 else 0 :]
    left = re.sub(r" first\b", "", _EARLIEST.sub("", left))
    falls = bool(_BELOW.search(passed["verb"]))
    return Course(plain_question(left, counts=is_count(marks[0].unit)), replace(marks[0], start=0, end=0), falls)


def difference(question: str, times: Sequence[tuple[int, int]]) -> str | None:
    """The plain question about the value whose change between two times is asked; None where no change is asked.

    ``times`` are the words ``question[start:end]`` that name them.
    """
    plain = without(question, times).rstrip(" ?.!")
    if len(plain) > MOST_CHARS:
        return None
    asks = _SHARE_OR_FACTOR.match(plain) or (None if _RELATIVE.search(plain) else _DIFFERS.search(plain))
    if asks is None:
        return None
    asked_words = plain[asks.start() :]
    plain = " ".join(_ROSE.sub(" ", plain[asks.end() :]).split())
    plain = _LEFT_OVER.sub("", plain)
    return size_question(plain) if _HOW_MUCH_LARGER.match(asked_words) else plain_question(plain, counts=True)


def size_question(left: str) -> str:
    """The plain question about what has a size: "How many boats?", "What is the fee?", "How large is the list?"."""
    plain = plain_question(left)
    return plain if asked_for(plain) else plain.replace("What is ", "How large is ", 1)


def with_plain_ends(question: str) -> str:
    """The question with the counts between which a change is asked named by their times, and by the year it tells.

    "In the course of 2024, from the January count to the November one" is "from January to November 2024".
    """
    if len(question) > MOST_CHARS:
        return question
    if _TIMES_AS.match(question):  # "as many in May as in March"
        question = _AS.sub(r" than \1", question)
    if len(_COUNT_OF.findall(question)) == BOTH_ENDS:
        question = _COUNT_OF.sub(r"\1\2", question)
    ends, year = _MONTHS_ALONE.search(question), _IN_YEAR.search(question)
    if ends and year:
        question = f"{question[: ends.end()]} {year['year']}{question[ends.end() :]}"
        question = _IN_YEAR.sub("", question, count=1)
    return question


def measure(question: str) -> str:
    """How a change is asked for: as a "difference", a "share" (in per cent) or a "factor"."""
    if _BY_FACTOR.search(question):
        return "factor"
    return "share" if _BY_SHARE.search(question) else "difference"


def grows(question: str) -> bool | None:
    """True where the question takes a rise for granted, False for a fall, None for neither."""
    if _FALLS.search(question):
        return False
    return True if _RISES.search(question) else None


def comparable(value: Quantity, mark: Quantity) -> bool:
    """Whether a value can be set against a mark: both are counts, or shares, sums or measures of one kind."""
    return same_kind(value, mark) or (is_count(value.unit) and is_count(mark.unit))


def tells_change(words: str) -> bool:
    """Whether words state by how much something changed: "rose by 60", "an increase of 60"."""
    return bool(_TOLD.search(words))


def names(sentence: str, mark: Quantity) -> bool:
    """Whether a sentence holds the very figure of a mark."""
    return any(one.number == mark.number and comparable(one, mark) for one in quantities(sentence))


def passes(value: Quantity, mark: Decimal, *, falls: bool) -> bool:
    """Whether a value is beyond the mark for certain.

    "Over 150 000" exceeds 150 000, "about 150 000" does not; "up to 900" may be any number below.
    """
    words = value.qualifier.lower()
    if falls:
        if words in _OVER | _AT_LEAST:
            return False
        return value.number + _about(value) < mark or (value.number == mark and words in _UNDER | _NEARLY)
    if words in _UNDER | _AT_MOST:
        return False
    return value.number - _about(value, nearly=1) > mark or (value.number == mark and words in _OVER)


def _about(value: Quantity, *, nearly: int = 0) -> Decimal:
    """How far off a figure can be that is given as "about" so much, or as "nearly" so much, downwards."""
    words = value.qualifier.lower()
    share = Decimal("0.5") if words in _ABOUT else Decimal(nearly if words in _NEARLY else 0)
    last = Decimal(1).scaleb(int(value.number.normalize().as_tuple().exponent))  # its last digit that is not zero
    return share * min(last, abs(value.number) / 10)


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split("|"))


_OVER = _set("over|more than|just over|well over|above|in excess of|upwards of|exceeding|>")
_UNDER = _set("under|less than|fewer than|below|<")
_AT_LEAST = _set("at least|not less than|no less than|not fewer than|no fewer than|or more|or above|or over|+|≥")
_AT_MOST = _set("at most|up to|not more than|no more than|as many as|or less|or fewer|or below|or under|≤")
_NEARLY = _set("nearly|almost|close to|just under")
_ABOUT = _set("about|around|approximately|roughly|some|estimated|an estimated|or so|~|≈")
_AUX = r"(?:did|has|have|had|does|do|is|are|was|were)\b"
_TWO_VALUES = re.compile(
    r"(?:by )?how (?:much|many) (?!of)\b(?!.*\b(?:over time|so far)$)", re.IGNORECASE
)  # one difference is asked
_WHEN = re.compile(
    r"\b(?:(?:by |since )?when|(?:in|by|on|at|since) (?:which|what) (?:month|year|date|day|point|time|stage)"
    r"|earliest)\b",
    re.IGNORECASE,
)
# A figure is a mark where the question says that it was passed ...
_PASSES = re.compile(
    r"\b(?:(?:first|ever) )?(?P<verb>exceed(?:ed)?"
    r"|(?:pass(?:ed)?|cross(?:ed)?|hit|broken?|break) (?!more |over |under |fewer )"
    r"|reach(?:ed)?|top(?:ped)?|surpass(?:ed)?"
    r"|(?:go|gone|went|grow|grown|rise|risen|climb(?:ed)?|get|got|fall(?:en)?|drop(?:ped)?|sink|run|move)"
    r" (?:to )?(?:more than|over|above|past|beyond|below|under|less than|fewer than))(?P<mark> ?.+)",
    re.IGNORECASE,
)
# ... or where it counts the subject itself, and the first time is asked. Of "companies with more than 50 employees" it
# only tells which are meant.
_COUNTS = re.compile(
    r"(?:\b(?:did|had|has|have|were|was|are|been|that)|\b(?:earliest|first) \w+ (?:with|of|that)|^(?:by |since )?when)"
    r" (?:first )?(?P<verb>more than|over|above|fewer than|less than|below|under)(?P<mark> .+)",
    re.IGNORECASE,
)
_FIRST = re.compile(r"\b(?:first|by when|earliest|since when (?:have|has|had) there)\b", re.IGNORECASE)
_EARLIEST = re.compile(r"^which is the (?:earliest|first) \w+ (?:with|of|that)\b", re.IGNORECASE)
_OF_WHICH = re.compile(r"\b(?:that|which|who|whose|if|where) (?:(?:have|has|had|can|may|first|ever) )*$", re.IGNORECASE)
_BELOW = re.compile(r"below|under|less|fewer|fall|drop|sink", re.IGNORECASE)
_VERBS = (
    "chang(?:e[ds]?|ing)|grow[ns]?|grew|develop(?:ed|s)?|evolved?|rise[ns]?|rose|fell|fall(?:en|s)?|increased?|decreased?"
    "|fared?|progress(?:ed)?|(?:go|gone|went) (?:up|down)|shifted?|shr[aiu]nk|multipl(?:y|ied)|expand(?:ed)?"
    "|jump(?:ed)?|swell(?:ed)?|swollen|dwindled?|declined?|drop(?:ped)?"
)
_COMPARED = "bigger|smaller|larger|longer|shorter|higher|lower"
_ON_TOP = r"(?:on top|in addition|(?:were|was|been|got) added)\b"
_DIFFERS = re.compile(
    rf"\b(?:by )?how (?:much|many)(?: {_AUX})? (?=.*\b(?:{_VERBS}|climb|{_COMPARED})\b)"
    r"|\b(?:by )?how (?:much|many) (?:more|fewer|less|additional|extra|further)\b"
    rf"|\bhow (?:much|many) (?=[^?]*\b{_ON_TOP})"
    r"|\b(?:what (?:is|was) )?the (?:increase|rise|growth|change|difference|decrease|fall|drop)"
    r" (?:in|of|between) (?:the )?",
    re.IGNORECASE,
)
_BY_SHARE = re.compile(
    r"\b(?:in|by|what|which|how many|the) (?:what |which )?(?:per ?cent|percentages?)\b(?! of\b)", re.IGNORECASE
)
_BY_FACTOR = re.compile(r"\b(?:by )?(?:what|which) factor\b|\bhow many times\b", re.IGNORECASE)
_SHARE_OR_FACTOR = re.compile(
    rf"^(?:(?:in|by) (?:what |which )?(?:per ?cent|percentage|factor)|(?:by )?how many (?:times|per ?cent)),?"
    rf"(?: how (?:much|far))?(?: {_AUX})? (?=.*\b(?:{_VERBS}|climb)\b)"
    r"|^how many times (?:as (?:large|big|high|many|much) (?:(?:is|are|was|were) )?"
    r"|(?:larger|bigger|higher|more) (?:(?:is|are|was|were) )?)"
    r"|^(?:what|which) (?:is|was) the (?:percentage|relative) (?:increase|rise|growth|change|decrease|fall|drop)"
    r" (?:in|of) (?:the )?",
    re.IGNORECASE,
)
_FALLS = re.compile(
    r"\b(?:fell|fall(?:en)?|decreas\w+|decline[ds]?|drop\w*|fewer|less|(?:go|gone|went) down|shr[aiu]nk|dwindled?"
    r"|shorter|smaller|lower)\b",
    re.IGNORECASE,
)
_RISES = re.compile(
    r"\b(?:gr[eo]wn?|grows|growth|r[io]sen?|rises|increas\w+|climb\w*|more|bigger|(?:go|gone|went) up"
    r"|multipl\w+|expand\w*|jump\w*|swell\w*|larger|higher|longer"
    rf"|additional|extra|further|{_ON_TOP})\b",
    re.IGNORECASE,
)
_TOLD = re.compile(
    rf"\b(?:{_VERBS}|climb(?:ed)?|dropped|declined|up|down) (?:\w+ )?by\b"
    r"|\b(?:increase|rise|growth|change|drop|fall|decrease|difference) of\b"
    r"|\b(?:more|fewer|less) than (?:in|at|on|by)\b",
    re.IGNORECASE,
)
_RELATIVE = re.compile(r"\b(?:per ?cent|percentage|factor|proportion|times)\b|%", re.IGNORECASE)  # another arithmetic
_ROSE = re.compile(
    rf"\b(?:{_VERBS}|climb(?:ed)?|{_COMPARED}|get|got|than|(?:(?:came|come|coming|have|had|has) )*{_ON_TOP})\b",
    re.IGNORECASE,
)
_MONTH = f"(?:{'|'.join(calendar.month_name[1:])})"
_HOW_MUCH_LARGER = re.compile(rf"how much (?:{_COMPARED}) (?:is|are|was|were)\b", re.IGNORECASE)
_COUNT_OF = re.compile(  # "the January count", "the November one", "the count at the end of May"
    rf"\bthe ({_MONTH}(?: (?:19|20)\d\d)?) (?:counts?|figures?|totals?|tally|numbers?|reports?|one)\b"
    r"|\b(between|from|and|to) the (?:count|figure|total|tally|number|one) (?:at|in|of|for|as at)"
    r"(?= (?:the end|end|early|mid|late|\d|[A-Z]))"
)
_TIMES_AS = re.compile(r"how many times as (?:large|big|high|many|much)\b", re.IGNORECASE)
_AS = re.compile(r" as (in|at|on|by|during)(?= )")
_MONTHS_ALONE = re.compile(rf"\b(?:between|from) {_MONTH} (?:and|to|until) {_MONTH}\b(?! \d)")
_IN_YEAR = re.compile(r",? ?\b(?:in|during|over|within|in the course of) (?P<year>(?:19|20)\d\d)\b,?")
_LEFT_OVER = re.compile(r"(?: (?:by|in|at|on|between|from|to|and|as at|of)(?: the)?)+$", re.IGNORECASE)
_COURSE_OF = "trend|development|history|evolution|time ?line|course|progress(?:ion)?|growth|trajectory|series"
_THEN = "(?= *(?:$|over|between|from|since|in|during|so far|through|throughout|after|until|across|with time))"
_CHANGES = re.compile(
    rf"^(?:(?:show|tell) me how |how (?:much |far )?{_AUX} )(?=.+(?<!the )(?<!a )(?<!of )\b(?:{_VERBS}|moved)\b{_THEN})"
    rf"|^(?:\w+ ){{0,3}}(?:the )?(?:{_COURSE_OF})s? (?:of|in|for)\b|\bover (?:time|the (?:years|months))\b"
    r"|\bone after (?:another|the other)\b|\b(?:each|every) (?:successive|reported)\b"
    r"|\b(?:every|all(?: the)?) (?:figures?|values?|totals?|counts?)\b"
    r"|^(?:(?:list|show|give|name|tell)(?: me| us)?|what (?:are|were)) the (?:successive |different |several )?"
    r"(?:figures|values|totals|counts|numbers) (?:of|for) (?=.*\b(?:at|on|in) (?:each|every) (?:date|time|report)\b)"
    r"|\b(?:the )?successive (?:figures|values|totals|counts|numbers) (?:of|for)\b"
    r"|\b(?:at|on|in) (?:each|every) (?:date|point in time)\b|\bfrom report to report\b|\bdate by date\b",
    re.IGNORECASE,
)
_CHANGED = re.compile(rf"\b(?:been )?(?:{_VERBS})\b{_THEN}|\bmoved(?= so far$|$)|\bso far\b", re.IGNORECASE)
LEAST_MARK = 20  # "passed the 2 bills" passes no mark
_NUMBER_OF = re.compile(
    r"^(?:the )?(?:total |overall |cumulative )?(?:number|count|total|figure|tally|amount|pile|sum)s?"
    r" (?:of|for) (?:the )?",
    re.IGNORECASE,
)


def plain_question(left: str, *, counts: bool = False) -> str:
    """What is left of a question, asked plainly: "the number of applications" by "How many applications?"."""
    words = " ".join(left.split()).strip(" ,;:")
    words = re.sub(rf"^(?:{_AUX} |there |been |it on record that |first )+", "", words, flags=re.IGNORECASE)
    words = re.sub(r"^(?:what|which|give me|with its date),? ", "", words, flags=re.IGNORECASE)
    counted = _NUMBER_OF.match(words)
    if counted:
        return f"How many {words[counted.end() :]}?"
    head = re.split(r"\b(?:of|on|with|under|who|that|which|in|for|from|to|by|since|at|between|were|was)\b", words)[0]
    head = re.sub(r" \w+ed *$", "", head).split()
    counts = counts or bool(head and singular(head[-1].lower()) != head[-1].lower())
    return f"How many {words}?" if counts else f"What is {words}?"
