"""Questions that set two values or two dates against each other: two sub-questions, and the result with its arithmetic.

A wrong difference is worse than none: units must agree, values and dates must be ordered beyond doubt, and a
qualifier in an answer ("over", "about") stays in the result, which is never more exact than what it is made of.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal

from rag.ordinals import ORDINAL
from rag.quantities import SCALES, SPACES, is_count, number_of
from rag.questions import singular
from rag.types import PartialDate

MOST_CHARS = 400  # of a question or an answer: longer ones compare nothing
TWICE = 2


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two stand-alone questions, and what to make of their answers.

    ``asks`` is "difference", "share" (a change in per cent), "factor", "first", "last", "larger" or "smaller".
    ``grows`` is what a question about a difference takes for granted: True for a second value above the first, False
    for one below it, None for neither.
    """

    first: str
    second: str
    first_name: str  # the alternative, or the moment, as the question names it
    second_name: str
    asks: str
    grows: bool | None = None


@dataclass(frozen=True, slots=True)
class Amount:
    """A figure and how it is written: "over HK$1.2 billion" is 1200000000, "over", "HK$", "billion".

    ``scale`` is the word that multiplies, and ``separator`` what stands between thousands (None below a thousand).
    """

    value: Decimal
    qualifier: str = ""
    unit: str = ""
    scale: str = ""
    separator: str | None = None

    @property
    def sense(self) -> str:
        """What the qualifier says: "over", "under", "about", "least", "most", or nothing."""
        return _SENSES.get(self.qualifier, "")

    def bounds(self) -> tuple[Decimal, Decimal]:
        """The least and the most it can mean: "over 130 000" is below 140 000 as figures are rounded for reports."""
        last = int(self.value.normalize().as_tuple().exponent)  # the place of the last digit that is not zero
        step = min(Decimal(1).scaleb(last), abs(self.value) / 10)
        low = {"under": self.value - step, "about": self.value - step, "most": Decimal("-Infinity")}
        high = {"over": self.value + step, "about": self.value + step, "least": Decimal("Infinity")}
        return low.get(self.sense, self.value), high.get(self.sense, self.value)


def parts(question: str) -> Comparison | None:
    """The two questions a comparison is made of; None where it does not clearly compare exactly two."""
    if len(question) > MOST_CHARS:
        return None
    plain = " ".join(question.split()).rstrip(" ?.!").replace("{", "").replace("}", "")
    plain = plain[:1].lower() + plain[1:]
    for pattern, read in _READINGS:
        found = pattern.fullmatch(plain)
        comparison = read(found) if found else None
        if comparison and comparison.first != comparison.second:
            return comparison
    return None


def outcome(comparison: Comparison, first_answer: str, second_answer: str) -> str | None:
    """The result in words with what it rests on: "about 30 000 (end-February 2024: about 160 000 − ...)".

    None where an answer holds no single value or date, where units differ, where qualifiers or unknown parts of a
    date leave the order open, and where a value fell that the question says grew.
    """
    if comparison.asks in ("first", "last"):
        return _dated(comparison, first_answer, second_answer)
    first, second = quantity(first_answer), quantity(second_answer)
    if first is None or second is None or not _agree(first, second):
        return None
    if first.value == second.value and {first.sense, second.sense} in ({""}, {"about"}):
        return f"{'no difference' if comparison.asks == 'difference' else 'neither'}: both {first_answer.strip()}"
    one = (first, comparison.first_name, first_answer.strip())
    other = (second, comparison.second_name, second_answer.strip())
    low, high = sorted((one, other), key=lambda side: side[0].value)
    if low[0].bounds()[1] >= high[0].bounds()[0]:
        return None
    if comparison.asks in ("share", "factor"):
        return _relative(comparison, one, other)
    if comparison.asks == "difference":
        return None if comparison.grows not in (None, high is other) else _difference(low, high)
    if comparison.asks == "larger":
        return f"{high[1]} ({high[2]}, more than {low[2]})"
    return f"{low[1]} ({low[2]}, less than {high[2]})"


def beyond(value: str, mark: str, side: str) -> bool | None:
    """Whether a value in words is more than a mark, at "least" so many, "less" or at "most"; None where that is open.

    "Over 200" is more than 200, and what it has to do with 250 nobody knows.
    """
    first, second = quantity(value), quantity(mark)
    if first is None or second is None or (second.unit and not _agree(first, second)):
        return None
    low, high = _reach(first)
    over, under = first.sense == "over", first.sense == "under"
    if side in ("more", "most"):
        sure, never = low > second.value or (over and low == second.value), high <= second.value
    else:
        sure, never = low >= second.value, high < second.value or (under and high == second.value)
    if not sure and not never:
        return None
    return sure if side in ("more", "least") else never


def _reach(amount: Amount) -> tuple[Decimal, Decimal]:
    """What an amount leaves open by its words alone: "over 200" any number above, "about 200" a tenth either way."""
    low = {"under": Decimal("-Infinity"), "most": Decimal("-Infinity"), "about": amount.value * Decimal("0.9")}
    high = {"over": Decimal("Infinity"), "least": Decimal("Infinity"), "about": amount.value * Decimal("1.1")}
    return low.get(amount.sense, amount.value), high.get(amount.sense, amount.value)


# --- dates -----------------------------------------------------------------------------------------------------
# A few forms of its own: the parser in rag/dates.py belongs to another part, and is for finding a document's date.

_MONTHS = [name for name in calendar.month_name if name]
_SPOKEN = re.compile(
    r"(?<![\w-])(?:(?:(?P<day>\d{1,2})(?:st|nd|rd|th)? (?:of )?)?"
    rf"(?P<month>{'|'.join(_MONTHS)})(?: (?P<nth>\d{{1,2}})(?:st|nd|rd|th)?\b)?(?:,? (?P<year>\d{{4}}))?"
    r"|(?P<iso>\d{4}-\d\d-\d\d)|(?P<alone>1[5-9]\d\d|20\d\d))(?![\w-]|[,.]\d|/\d)"
)
_DATE = re.sub(r"\?P<\w+>", "?:", _SPOKEN.pattern).replace(r"(?<![\w-])", "")  # without its groups
_DATE = f"(?:(?:the )?(?:early|mid|late|end|beginning|start)(?: of |[- ]))?{_DATE}"
_WHEN = re.compile(rf"\b(?:in|on|by|since|during|as at|as of|at|until|from) {_DATE}")


def moment(text: str, default_year: int | None = None) -> PartialDate | None:
    """The one date in an answer's words, as exact as they are; ``default_year`` where they state no year.

    None for none, for two, ranges and impossible days. "end-February 2024" is February 2024.
    """
    if len(text) > MOST_CHARS:
        return None
    words = re.sub(r"(?<=\bend)-", " ", " ".join(text.split()))
    dates = {_date(found, default_year) for found in _SPOKEN.finditer(words)}
    if len(dates) != 1 or re.search(r"\d{3}|\d\w{0,2}\s?(?:to|and|or|[-–&])\s", _SPOKEN.sub(" ", words)):
        return None
    return dates.pop()


def _date(found: re.Match[str], default_year: int | None) -> PartialDate | None:
    year, day = found["year"] or found["alone"] or default_year, found["day"] or found["nth"]
    month = _MONTHS.index(found["month"]) + 1 if found["month"] else None
    with suppress(ValueError):
        if found["iso"]:
            return PartialDate.fromisoformat(found["iso"])
        date = PartialDate(int(year) if year else None, month, int(day) if day else None)
        if PartialDate(int(year or 2000), month, date.day).last() and date.precision != "unknown":
            return date
    return None


def _dated(comparison: Comparison, first_answer: str, second_answer: str) -> str | None:
    first, second = moment(first_answer), moment(second_answer)
    if first is None or second is None:
        return None
    if first == second:
        return f"neither: both on {first}" if first.precision == "day" else None
    sides = [(first, comparison.first_name), (second, comparison.second_name)]
    early, late = sorted(sides, key=lambda side: side[0].first() or dt.date.min)
    ends, begins = early[0].last(), late[0].first()
    if ends is None or begins is None or ends >= begins:  # all that one can mean lies before all that the other can
        return None
    if comparison.asks == "first":
        return f"{early[1]} ({early[0]}, before {late[0]})"
    return f"{late[1]} ({late[0]}, after {early[0]})"


# --- numbers ---------------------------------------------------------------------------------------------------

_QUALIFIERS = {
    "over": "over|more than|above|in excess of|just over|well over|upwards of|>",
    "under": "under|less than|fewer than|below|just under|nearly|almost|close to|<",
    "about": "about|around|approximately|roughly|some|estimated|an estimated|or so|~|≈",
    "least": "at least|no fewer than|no less than|not less than|not fewer than|or more|or above|or over|+|≥",
    "most": "at most|up to|no more than|not more than|as many as|or less|or fewer|or below|or under|≤",
}
_SENSES = {word: sense for sense, words in _QUALIFIERS.items() for word in words.split("|")}
_GAP = re.compile(rf"\d([,'{SPACES}])\d{{3}}")
_SCALE = re.compile(rf"(?:\d|^[a-z]+)[{SPACES}-]?({'|'.join(sorted(SCALES, key=len, reverse=True))})$", re.IGNORECASE)
_NOUN = re.compile(r"\s(?!(?:in|on|at|of|by|to|and|or|for|from|as|than|were|was|are|is|have|has|had)\b)([a-z]{1,30})\b")
_NO_COUNT = re.compile(r"(?i)[/:–−-]|\s?(?:-?fold|times)\b|\s(?:in|out of|of the) (?:\d|two|three|four|five|ten|every)")


def quantity(text: str) -> Amount | None:
    """The one number in an answer's words; None for none, for several, ranges, ratios and bare years."""
    if len(text) > MOST_CHARS:
        return None
    bare = _WHEN.sub(lambda found: " " * len(found[0]), text)
    figure = number_of(bare)
    if figure is None or figure.number < 0 or _NO_COUNT.match(bare, figure.end):
        return None
    if re.search(r"\d", bare[: figure.start] + bare[figure.end :]):
        return None
    words, noun = bare[figure.start : figure.end], _NOUN.match(bare, figure.end)
    scaled, gap = _SCALE.search(words), _GAP.search(words)
    scale = scaled[1].lower() if scaled else ""
    compound = re.match("(?i)[a-z]+[ -](?!per)[a-z]", words) and not scale  # "twenty-three"
    if compound or (len(scale) in (1, 2) and is_count(figure.unit)):
        return None  # and nobody knows what "500k" are
    thousands = figure.number >= 1000 * Decimal(10) ** SCALES.get(scale, 0)
    separator = gap[1] if gap else "" if thousands else None
    qualifier = figure.qualifier
    if re.match(r"or |\W", qualifier):  # written behind the number, or as a mark
        qualifier = {"least": "at least", "most": "at most"}.get(_SENSES[qualifier], _SENSES[qualifier])
    return Amount(figure.number, qualifier, figure.unit or (noun[1] if noun else ""), scale, separator)


def apart(one: tuple[str, str], other: tuple[str, str]) -> str | None:
    """How far two values that sources give of one thing are apart, with the arithmetic; each is a name and an answer.

    None where an answer holds no single value, and where units differ. Unlike :func:`outcome`, it takes round figures
    as they are written: what they could mean is not asked.
    """
    first, second = quantity(one[1]), quantity(other[1])
    if first is None or second is None or not _agree(first, second):
        return None
    sides = ((first, one[0], one[1].strip()), (second, other[0], other[1].strip()))
    low, high = sorted(sides, key=lambda side: side[0].value)
    return _difference(low, high)


def _agree(first: Amount, second: Amount) -> bool:
    """Whether two units can be set against each other; a counted noun may be left out of one, a measure may not."""
    none, lone = sorted((singular(first.unit), singular(second.unit)))
    return none == lone or (not none and is_count(lone))


def _difference(low: tuple[Amount, str, str], high: tuple[Amount, str, str]) -> str:
    turned = {"over": "less than", "under": "more than", "about": "about", "least": "at most", "most": "at least"}
    both = high[0].sense and low[0].sense
    qualifier = "about" if both else high[0].qualifier or turned.get(low[0].sense, "")
    result = f"{qualifier} {_written(high[0].value - low[0].value, high[0], low[0])}".strip()
    return f"{result} ({high[1]}: {high[2]} − {low[1]}: {low[2]})"


def _relative(comparison: Comparison, one: tuple[Amount, str, str], other: tuple[Amount, str, str]) -> str | None:
    """A change as a share of the first value, or how many times the first the second is."""
    begin, end = one[0].value, other[0].value
    if (
        one[0].unit in ("%", "percentage points")
        or begin <= 0
        or end <= 0
        or comparison.grows not in (None, end > begin)
    ):
        return None
    exact = abs(end - begin) / begin * 100 if comparison.asks == "share" else end / begin
    rounded = round(exact, max(0, 1 - exact.adjusted())).normalize()
    about = "about " if one[0].qualifier or other[0].qualifier or rounded != exact else ""
    times = "twice" if rounded == TWICE else f"{rounded:f} times"
    result = f"{about}{rounded:f} %" if comparison.asks == "share" else f"{about}{times}"
    return f"{result} (from {one[1]}: {one[2]} to {other[1]}: {other[2]})"


def _written(value: Decimal, high: Amount, low: Amount) -> str:
    """A difference as its inputs are written: their separator, their scale where both have it, their unit."""
    scale = high.scale if high.scale == low.scale else ""
    thousands = {high.separator, low.separator} - {None}
    separator = max((one or "" for one in thousands), default=",")
    number = f"{value.scaleb(-SCALES.get(scale, 0)).normalize():,f}".replace(",", separator)
    scaled = f"{number}{' ' if len(scale) > 2 else ''}{scale}"
    unit = "" if not low.unit else "percentage points" if high.unit == "%" else high.unit
    return f"{unit}{scaled}" if unit and not unit[-1].islower() else f"{scaled} {unit}".strip()


# --- the question ----------------------------------------------------------------------------------------------

_RISES = "grow|grown|growth|increase|increased|rise|risen|go up|gone up"
_FALLS = "fall|fallen|decrease|decreased|decline|declined|drop|dropped|reduction|go down|gone down"
_GROWS = dict.fromkeys(_RISES.split("|"), True) | dict.fromkeys(_FALLS.split("|"), False)
_DEGREES = {"longer": "long", "larger": "large", "bigger": "large", "taller": "tall", "higher": "high", "older": "old",
            "heavier": "heavy", "wider": "wide", "deeper": "deep", "shorter": "long", "smaller": "large",
            "lower": "high", "younger": "old", "lighter": "heavy"}  # fmt: skip
_SMALLER = frozenset("shorter smaller lower younger lighter fewer less".split())
_VALUE = re.compile(  # the name of a value: "the adult fee", "the price of a ticket"
    r"(?:[\w'-]+ ){0,6}(?:fee|price|cost|fare|rate|charge|salary|wage|income|budget|population|number|amount|total"
    r"|share|percentage|target|length|height|area|size|weight|age|depth|width|capacity|tax|deposit|rent|speed|distance"
    r"|revenue|profit|debt|limit|quota|minimum|maximum|fine|allowance|grant|temperature)s?(?: (?:of|for|in|at) .+)?"
)
_PARTICIPLES = (  # "the opening of A": when was A opened?
    "opening/opened establishment/established founding/founded foundation/founded creation/created launch/launched "
    "signing/signed publication/published construction/built election/elected closure/closed birth/born "
    "introduction/introduced completion/completed adoption/adopted approval/approved"
)
_EVENTS = dict(pair.split("/") for pair in _PARTICIPLES.split())
_HELD = re.compile(
    r"\b(?i:meeting|conference|summit|session|ceremony|forum|visit|hearing|exhibition|congress|fair"
    r"|plenary|symposium|seminar|workshop|talks|gathering)\b"
)
_BASES = {"opened": "open", "closed": "close", "started": "start", "began": "begin", "ended": "end"}


def _over_time(found: re.Match[str]) -> Comparison:
    """A value at two moments: "How much did X grow between T1 and T2?", "Was X higher in T1 or T2?" """
    what, first, second = found["what"], found["t1"], found["t2"]
    verb, degree = (found.groupdict().get(name) for name in ("verb", "degree"))
    year = re.search(r"\d{4}$", second)
    if year and not re.search(r"\d{4}", first):
        first = f"{first} {year[0]}"  # "between January and March 2024"
    form = f"What {'were' if re.search('(?<!s)s$', what) and ' of ' not in what else 'was'} {what} {{}}?"
    asks, grows = "difference", _GROWS.get(verb or "")
    if " than " in found[0]:
        grows = degree in _SMALLER  # "higher than" takes the first value for the larger
    elif degree:
        asks = "smaller" if degree in _SMALLER else "larger"
    names = [re.sub(f"^{_AT}", "", moment) for moment in (first, second)]
    return Comparison(form.format(_at(first)), form.format(_at(second)), names[0], names[1], asks, grows)


def _at(moment: str) -> str:
    """A moment with its preposition."""
    if re.match("(?:in|on|at|by|as|during) ", moment):
        return moment
    at, on = re.match("(?:the )?(?:end|beginning|start)", moment), re.match(r"(?:[A-Z][a-z]+ )?\d{1,2}\b", moment)
    return f"{'at' if at else 'on' if on else 'in'} {moment}"


def _counted(found: re.Match[str]) -> Comparison | None:
    """ "How many more people arrived in 2023 than in 2022?", "How many more people live in A than B?" """
    one, other = found["one"], found["other"]
    alike = found["again"] or all(map(str.isupper, one[0] + other[0])) or all(map(str.isdigit, one[0] + other[0]))
    if not alike or re.search(r"\b(?:and|or)\b", f"{one} {other}"):
        return None
    return _both(f"How {found['how']} {found['what']} {found['at']} {{}}?", (one, other), found["degree"], than=True)


def _numbered(found: re.Match[str]) -> Comparison | None:
    """ "How many fewer firms were in the second batch than in the first?" """
    rest, one, other, noun = (found[name] for name in ("rest", "one", "other", "noun"))
    form = f"How {found['how']} {re.sub(rf'{re.escape(one)} (?={noun})', '{} ', rest, count=1)}?"
    pair = (f"the {one} {noun}", f"the {other} {noun}")
    return Comparison(form.format(one), form.format(other), *pair, "difference", found["degree"] in _SMALLER)


def _exceeding(found: re.Match[str]) -> Comparison | None:
    """ "By how many pupils does the third intake exceed the second?" """
    one, what = found["one"], found["what"] or ""
    other = _ORDINAL.sub(found["other"], one, count=1)
    more = found["verb"] in ("exceed", "outnumber", "outdo")
    form = f"How {found['how']}{what} does {{}} have?"
    return Comparison(form.format(one), form.format(other), one, other, "difference", grows=not more)


_ORDINAL = re.compile(rf"\b{ORDINAL}\b")


def _set_apart(found: re.Match[str]) -> Comparison:
    """ "How far apart are the figures for approvals and arrivals in May 2024?" """
    one, other, when = found["a"], found["b"], _at(found["t1"])
    return Comparison(f"How many {one} {when}?", f"How many {other} {when}?", one, other, "difference")


def _both(form: str, pair: tuple[str, str], degree: str, *, than: bool) -> Comparison:
    """The question ``form`` of both: their difference ("longer than"), or which is more so ("longer, A or B")."""
    less = degree in _SMALLER
    asks = "difference" if than else "smaller" if less else "larger"
    return Comparison(form.format(pair[0]), form.format(pair[1]), *pair, asks, less if than and degree else None)


def _sized(found: re.Match[str]) -> Comparison | None:
    """ "How much longer is A than B?", "Which is larger, A or B?" """
    pair, be, degree = _pair(found["pair"]), found["is"], found["degree"]
    if pair is None or re.match("(?:in|on|at|by|for|from) ", pair[1]):
        return None
    form = f"What {be} {{}}?" if all(map(_VALUE.fullmatch, pair)) else f"How {_DEGREES[degree]} {be} {{}}?"
    return _both(form, pair, degree, than=" than " in found["pair"])


def _shared(found: re.Match[str]) -> Comparison | None:
    """ "What is the difference in price between A and B?", "Which city has the larger population, A or B?" """
    pair, degree, noun = _pair(found["pair"]), found.groupdict().get("degree"), found["noun"]
    if pair is None or not (noun or all(map(_VALUE.fullmatch, pair))):
        return None  # "between a visa and a permit" asks for an explanation
    be = {"has": "is", "had": "was"}.get(found["is"], found["is"])
    return _both(f"What {be} {f'the {noun} of ' if noun else ''}{{}}?", pair, degree or "", than=degree is None)


def _pair(text: str) -> tuple[str, str] | None:
    """The two sides of the one "and", "or" or "than" that divides them; None where another division is possible."""
    text = re.sub("^(?:either|both) ", "", text)
    sides = re.split(" (?:or|than) ", text)  # "A and B or C" has one division, "A and B and C" two
    sides = sides if len(sides) == 2 else re.split(" (?:and|or|than) ", text)
    return (sides[0], sides[1]) if len(sides) == 2 and not re.search("[,;]", text) else None


def _ordered(found: re.Match[str]) -> Comparison | None:
    """ "Which came first, A or B?", "Was A or B opened first?", "Which of A and B opened first?" """
    pair, done, did = _pair(found["pair"]), found.groupdict().get("done"), found.groupdict().get("did")
    if pair is None:
        return None
    form = f"When did {{}} {_BASES.get(did, did)}?" if did else f"When was {{}} {done}?" if done else ""
    asks = "last" if found["order"] in ("last", "later", "newer") else "first"
    return Comparison(form.format(pair[0]) or _when(*pair), form.format(pair[1]) or _when(*pair[::-1]), *pair, asks)


def _when(name: str, beside: str) -> str:
    """ "When was A opened?" for "the opening of A", and for A beside "the opening of B"; meetings are held."""
    event, other = (re.fullmatch(rf"(?:the )?({'|'.join(_EVENTS)}) of (.+)", one) for one in (name, beside))
    if not event and _HELD.search(name):
        return f"When was {name} held?"
    done = event or other
    return f"When was {event[2] if event else name} {_EVENTS[done[1]] if done else 'established'}?"


_IS, _FIRST = "(?P<is>is|are|was|were)", "(?P<order>first|earlier|last|later)"
_AT = "(?:(?:in|on|at|by|as at|as of|during) )?"
_T1, _T2 = f"(?P<t1>{_AT}{_DATE})", f"(?P<t2>{_AT}{_DATE})"
_PERIOD = f"(?:between|from) {_T1} (?:and|to) {_T2}"
_DEGREE = f"(?P<degree>{'|'.join(_DEGREES)})"
_WHICH, _OR = "(?:which|who|what)(?: [a-z]+){0,3}?", "(?P<pair>.+ or .+)"
_DONE, _DID = r"(?P<done>born|built|set up|held|founded|\w+ed)", f"(?P<did>{'|'.join(_BASES)})"
_READERS: tuple[tuple[Callable[[re.Match[str]], Comparison | None], tuple[str, ...]], ...] = (
    (_over_time, (
        rf"(?:by )?how much (?:did|has|have|had) (?P<what>.+?) (?P<verb>{_RISES}|{_FALLS}|changed?) {_PERIOD}",
        rf"what {_IS} the (?P<verb>{_RISES}|{_FALLS}|change) (?:in|of) (?P<what>.+?) {_PERIOD}",
        rf"how much {_DEGREE} {_IS} (?P<what>.+?) {_T1} than {_T2}",
        rf"what {_IS} the difference between (?P<what>.+?) {_T1} and {_T2}",
        rf"{_IS} (?P<what>.+?) {_DEGREE} {_T1} or {_T2}")),
    (_numbered, (
        r"how (?P<how>many|much) (?P<degree>more|fewer|less) "
        rf"(?P<rest>.*?\b(?P<one>{ORDINAL}) (?P<noun>[a-z]+)\b.*?) than (?:(?:in|on|at|by|for|from|with) )?"
        rf"(?:(?:the|its|their|his|her) )?(?P<other>{ORDINAL})(?: one| (?P=noun))?(?: (?:did|does|do|had|has|was))?",)),
    (_set_apart, (
        rf"how far apart {_IS} (?:the )?(?:figures|numbers|totals|counts) (?:of|for) (?P<a>[a-z ]+?) and"
        rf" (?P<b>[a-z ]+?) {_T1}",
        rf"what {_IS} the (?:gap|distance|difference) between the (?:number|figure|count|total)s? (?:of|for)"
        r" (?P<a>[a-z ]+?) and (?:(?:the (?:number|figure|count|total)s? |that )(?:of|for) )?(?P<b>[a-z ]+?)"
        rf" {_T1}")),
    (_exceeding, (
        rf"by how (?P<how>many|much)(?P<what> [\w'-]+){{0,3}}? (?:does|did|do) (?P<one>.*?\b{ORDINAL} [a-z]+\b.*?)"
        rf" (?P<verb>exceed|outnumber|outdo|fall short of|trail) (?:the|its) (?P<other>{ORDINAL})(?: one| [a-z]+)?",)),
    (_counted, (
        r"how (?P<how>many|much) (?P<degree>more|fewer|less) (?P<what>.+) (?P<at>in|on|at|from|for) (?P<one>.+?)"
        r" than (?P<again>(?P=at) )?(?P<other>.+)",)),
    (_ordered, (
        rf"{_WHICH} (?:came|happened|took place|was|is) {_FIRST}(?: in \d{{4}})?[,:] {_OR}",
        rf"{_WHICH} {_IS} (?P<order>older|newer), {_OR}",
        rf"{_WHICH} {_IS} {_DONE} {_FIRST}, {_OR}",
        rf"{_WHICH} {_DID} {_FIRST}, {_OR}",
        rf"which of (?P<pair>.+ and .+) {_DID} {_FIRST}",
        rf"did {_OR} (?P<did>{'|'.join(_BASES.values())}) {_FIRST}",
        rf"{_IS} {_OR} {_DONE} {_FIRST}")),
    (_sized, (
        rf"how much {_DEGREE} {_IS} (?P<pair>.+ than .+)",
        rf"{_WHICH} {_IS} {_DEGREE}, {_OR}",
        rf"{_IS} {_OR} {_DEGREE}")),
    (_shared, (
        rf"what {_IS} the difference (?:in (?P<noun>.+?) )?between (?P<pair>.+ and .+)",
        rf"{_WHICH} (?P<is>has|had) (?:the|a) {_DEGREE} (?P<noun>[a-z ]+), {_OR}")),
)  # fmt: skip
_READINGS = tuple((re.compile(pattern), read) for read, patterns in _READERS for pattern in patterns)
