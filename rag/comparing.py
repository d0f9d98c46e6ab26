"""Questions that set two values or two dates against each other: two sub-questions, and the result with its arithmetic.

A wrong difference is worse than none: units must agree, values and dates must be ordered beyond doubt, and a
qualifier in an answer ("over", "about") stays in the result, which is never more exact than what it is made of.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal

from rag.questions import COUNT, count_of
from rag.types import PartialDate

MOST_CHARS = 400  # of a question or an answer: longer ones compare nothing


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two stand-alone questions, and what to make of their answers.

    ``asks`` is "difference", "first", "last", "larger" or "smaller". ``grows`` is what a question about a difference
    takes for granted: True for a second value above the first, False for one below it, None for neither.
    """

    first: str
    second: str
    first_name: str  # the alternative, or the moment, as the question names it
    second_name: str
    asks: str
    grows: bool | None = None


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number in words: "over HK$1.2 billion" is 1200000000, "over", "HK$", "billion".

    ``unit`` is a currency, "%", or the noun behind the number ("jobs", "km"), empty where there is none; ``scale``
    is the word that multiplies, and ``separator`` what stands between thousands (None below a thousand).
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
    words = (_said(first_answer, first), _said(second_answer, second))
    if first.value == second.value and {first.sense, second.sense} in ({""}, {"about"}):
        return f"no difference: both {words[0]}" if comparison.asks == "difference" else f"neither: both {words[0]}"
    if first.bounds()[1] >= second.bounds()[0] and second.bounds()[1] >= first.bounds()[0]:
        return None
    grew = second.value > first.value
    if comparison.asks == "difference":
        return None if comparison.grows not in (None, grew) else _difference(comparison, first, second, words)
    second_wins = grew == (comparison.asks == "larger")
    name = comparison.second_name if second_wins else comparison.first_name
    won, lost = words[::-1] if second_wins else words
    return f"{name} ({won}, {'more' if comparison.asks == 'larger' else 'less'} than {lost})"


def _said(answer: str, value: Quantity) -> str:
    """An answer's words inside a sentence: "over 5" of "Over 5"."""
    answer = answer.strip()
    return answer[:1].lower() + answer[1:] if value.qualifier and answer.lower().startswith(value.qualifier) else answer


# --- dates -----------------------------------------------------------------------------------------------------
# A few forms of its own: the parser in rag/dates.py belongs to another part, and is for finding a document's date.

_MONTHS = [name for name in calendar.month_name if name]
_SPOKEN = re.compile(
    r"(?<![\w-])(?:(?:(?P<day>\d{1,2})(?:st|nd|rd|th)? (?:of )?)?"
    rf"(?P<month>{'|'.join(_MONTHS)})(?: (?P<nth>\d{{1,2}})(?:st|nd|rd|th)?\b)?(?:,? (?P<year>\d{{4}}))?"
    r"|(?P<iso>\d{4}-\d\d-\d\d)|(?P<alone>1[5-9]\d\d|20\d\d))(?![\w-]|[,.]\d|/\d)"
)
_ROUGHLY = "(?:(?:the )?(?:early|mid|late|end|beginning|start)(?: of |[- ]))?"
_DATE = _ROUGHLY + re.sub(r"\?P<\w+>", "?:", _SPOKEN.pattern).replace(r"(?<![\w-])", "")  # without its groups
_WHEN = re.compile(rf"\b(?:in|on|by|since|during|as at|as of|at|until|from) {_DATE}")


def moment(text: str, default_year: int | None = None) -> PartialDate | None:
    """The one date in an answer's words, as exact as they are; ``default_year`` where they state no year.

    None for none, for two, ranges and impossible days. "end-February 2024" is February 2024.
    """
    if len(text) > MOST_CHARS:
        return None
    words = re.sub(r"(?<=\bend)-", " ", " ".join(text.split()))
    dates = {_date(found, default_year) for found in _SPOKEN.finditer(words)}
    rest = _SPOKEN.sub(" ", words)
    if len(dates) != 1 or re.search(r"\d{3}|\d\w{0,2}\s?(?:to|and|or|[-–&])\s", rest):
        return None
    return dates.pop()


def _date(found: re.Match[str], default_year: int | None) -> PartialDate | None:
    year, day = found["year"] or found["alone"] or default_year, found["day"] or found["nth"]
    month = _MONTHS.index(found["month"]) + 1 if found["month"] else None
    with suppress(ValueError):
        if found["iso"]:
            return PartialDate.fromisoformat(found["iso"])
        date = PartialDate(int(year) if year else None, month, int(day) if day else None)
        return date if date.first() or date.precision == "month-day" else None
    return None


def _dated(comparison: Comparison, first_answer: str, second_answer: str) -> str | None:
    first, second = moment(first_answer), moment(second_answer)
    if first is None or second is None:
        return None
    if first == second:
        return f"neither: both on {first}" if first.precision == "day" else None
    first_is_earlier = _is_before(first, second)
    if not first_is_earlier and not _is_before(second, first):
        return None
    first_wins = first_is_earlier == (comparison.asks == "first")
    name = comparison.first_name if first_wins else comparison.second_name
    won, lost = (first, second) if first_wins else (second, first)
    return f"{name} ({won}, {'before' if comparison.asks == 'first' else 'after'} {lost})"


def _is_before(one: PartialDate, other: PartialDate) -> bool:
    """Whether all that one date can mean lies before all that the other can."""
    last, first = one.last(), other.first()
    return last is not None and first is not None and last < first


# --- numbers ---------------------------------------------------------------------------------------------------

_QUALIFIERS = {
    "over": "over|more than|above|in excess of|just over",
    "under": "under|less than|fewer than|below|just under|nearly|almost|close to",
    "about": "about|around|approximately|roughly|some",
    "least": "at least|no fewer than|no less than|not less than",
    "most": "at most|up to|no more than|not more than|as many as",
}
_SENSES = {word: sense for sense, words in _QUALIFIERS.items() for word in words.split("|")}
_SCALES = {"hundred": 2, "thousand": 3, "million": 6, "billion": 9, "trillion": 12, "k": 3, "m": 6, "bn": 9, "tn": 12}
_NUMBER = re.compile(
    rf"(?:\b(?P<how>{'|'.join(_SENSES)})\s+)?"
    r"(?P<money>(?:\b(?:HK|US|A|C|NZ|S))?[$£€¥]\s?|\b(?:HKD|USD|GBP|EUR|RMB)\s?)?(?<![\w.,/:–−-])"
    r"(?P<number>\d{1,3}(?P<gap>[ ,\u00a0\u2009\u202f'])\d{3}(?:(?P=gap)\d{3})*(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?"
    rf"|\b{COUNT}\b)(?![,.]?\d)(?:[ \u00a0-]?(?P<scale>{'|'.join(_SCALES)})\b)?"
    r"(?P<share>\s?%|\s?per ?cent\b)?(?P<tail>[\w/:–−-]?)",
    re.IGNORECASE,
)
_NOUN = re.compile(
    r"\s((?:square |cubic |percentage )?"
    r"(?!(?:in|on|at|of|by|to|and|or|for|from|as|than|were|was|are|is|have|has|had)\b)[a-z]{1,30})\b"
)
_NO_COUNT = re.compile(r"\s?(?:-?fold|times)\b|\s(?:in|out of|of the) (?:\d|two|three|four|five|ten|every)", re.IGNORECASE)
_MEASURES = frozenset(  # each with or without "s"
    "m km cm mm kg g l ha t mw kw gw metre meter kilometre kilometer mile foot feet inche yard hectare acre tonne ton "
    "gram kilogram litre liter gallon second minute hour day week month year dollar euro pound yuan degree watt "
    "megawatt volt".split()
)


def quantity(text: str) -> Quantity | None:
    """The one number in an answer's words; None for none, for several, ranges, ratios and bare years.

    >>> quantity("about 13 000 jobs")
    Quantity(value=Decimal('13000'), qualifier='about', unit='jobs', scale='', separator=' ')
    """
    if len(text) > MOST_CHARS:
        return None
    bare = _WHEN.sub(lambda found: " " * len(found[0]), text)
    number, *more = [*_NUMBER.finditer(bare)] or [None]
    if number is None or more or number["tail"] or _NO_COUNT.match(bare, number.end()):
        return None
    qualifier, scale = (number["how"] or "").lower(), (number["scale"] or "").lower()
    noun, money = _NOUN.match(bare, number.end()), (number["money"] or "").strip().upper()
    unit = money or ("%" if number["share"] else noun[1].lower() if noun else "")
    if len(scale) < 3 and scale and not money:  # "3 m" are metres, "500k" may be anything
        unit, scale = scale, ""
    year = re.fullmatch(r"(?:1[5-9]|20)\d\d", number["number"]) and not (qualifier or unit or scale)
    if unit in ("k", "bn", "tn") or year or re.search(r"\d", bare[: number.start()] + bare[number.end() :]):
        return None
    value = Decimal(re.sub(r"[^\d.]", "", number["number"]) or count_of(number["number"]))
    separator = number["gap"] or ("" if value >= 1000 else None)
    return Quantity(value.scaleb(_SCALES.get(scale, 0)) + 0, qualifier, unit, scale, separator)


def _agree(first: Quantity, second: Quantity) -> bool:
    """Whether two units can be set against each other; a counted noun may be left out of one, a measure may not."""
    units = {first.unit.rstrip("s"), second.unit.rstrip("s")}
    lone = max(units)
    return len(units) == 1 or ("" in units and lone.isalpha() and lone not in _MEASURES and not lone.isupper())


def _difference(comparison: Comparison, first: Quantity, second: Quantity, words: tuple[str, str]) -> str:
    sides = [(first, comparison.first_name, words[0]), (second, comparison.second_name, words[1])]
    (low, low_name, less), (high, high_name, more) = sorted(sides, key=lambda side: side[0].value)
    turned = {"over": "less than", "under": "more than", "about": "about", "least": "at most", "most": "at least"}
    qualifier = "about" if high.sense and low.sense else high.qualifier or turned.get(low.sense, "")
    result = f"{qualifier} {_written(high.value - low.value, high, low)}".strip()
    return f"{result} ({high_name}: {more} − {low_name}: {less})"


def _written(value: Decimal, high: Quantity, low: Quantity) -> str:
    """A difference as its inputs are written: their separator, their scale where both have it, their unit."""
    scale = high.scale if high.scale == low.scale else ""
    separators = [one.separator for one in (high, low) if one.separator is not None]
    separator = next((one for one in separators if one), "" if separators else ",")
    number = f"{value.scaleb(-_SCALES.get(scale, 0)).normalize():,f}".replace(",", separator)
    scaled = f"{number}{'' if len(scale) < 3 else ' '}{scale}"
    unit = high.unit if high.unit.rstrip("s") == low.unit.rstrip("s") else ""
    if unit == "%":
        return f"{scaled} percentage points"
    return f"{unit}{scaled}" if unit and not unit[-1].islower() else f"{scaled} {unit}".strip()


# --- the question ----------------------------------------------------------------------------------------------

_RISES = "grow|grown|increase|increased|rise|risen|go up|gone up|climb|climbed|growth"
_FALLS = "fall|fallen|decrease|decreased|decline|declined|drop|dropped|shrink|shrunk|go down|gone down|reduction"
_LARGER = {"longer": "long", "larger": "large", "bigger": "large", "taller": "tall", "higher": "high", "older": "old",
           "heavier": "heavy", "wider": "wide", "deeper": "deep", "more expensive": "expensive"}  # fmt: skip
_SMALLER = {"shorter": "long", "smaller": "large", "lower": "high", "younger": "old", "lighter": "heavy",
            "narrower": "wide", "cheaper": "expensive", "less expensive": "expensive"}  # fmt: skip
_VALUE = re.compile(  # names of values: "the adult fee", "the price of a ticket"
    r"(?:[\w'-]+ ){0,6}(?:fee|price|cost|fare|rate|charge|salary|wage|income|budget|population|number|amount|total|share"
    r"|percentage|target|length|height|area|size|weight|age|depth|width|capacity|tax|deposit|rent|speed|distance"
    r"|revenue|profit|debt|limit|quota|minimum|maximum|fine|allowance|grant|temperature|value)s?"
    r"(?: (?:of|for|in|at|on|to) .+)?",
    re.IGNORECASE,
)
_EVENTS = dict(  # what a noun for an event asks of the thing it happened to
    pair.split("/")
    for pair in (
        "opening/opened establishment/established founding/founded foundation/founded creation/created launch/launched "
        "formation/formed signing/signed publication/published construction/built election/elected closure/closed "
        "appointment/appointed introduction/introduced completion/completed adoption/adopted approval/approved "
        "release/released announcement/announced birth/born"
    ).split()
)
_HELD = re.compile(
    r"\b(?:meeting|conference|symposium|summit|session|ceremony|festival|forum|match|visit|hearing|election|exhibition"
    r"|workshop|seminar|congress|fair|tournament)\b",
    re.IGNORECASE,
)
_BASES = {"opened": "open", "closed": "close", "started": "start", "began": "begin", "ended": "end", "arrived": "arrive"}


def _over_time(found: re.Match[str]) -> Comparison | None:
    """A value at two moments: "How much did X grow between T1 and T2?", "Was X higher in T1 or T2?" """
    groups = found.groupdict()
    what, be, verb, degree = found["what"], groups.get("is"), groups.get("verb") or "", groups.get("degree") or ""
    first, second = found["t1"], found["t2"]
    year = re.search(r"\d{4}$", second)
    if year and not re.search(r"\d{4}", first):
        first = f"{first} {year[0]}"  # "between January and March 2024"
    plural = re.search(r"(?<!s)s$", what) and " of " not in what
    form = f"What {be.lower() if be and degree else 'were' if plural else 'was'} {what} {{}}?"
    grows = {**dict.fromkeys(_RISES.split("|"), True), **dict.fromkeys(_FALLS.split("|"), False)}.get(verb.lower())
    if groups.get("than"):  # the first value is taken for the larger
        grows = degree.lower() in _SMALLER
    asks = "difference" if not degree or groups.get("than") else "smaller" if degree.lower() in _SMALLER else "larger"
    bare = [re.sub(rf"^{_AT}", "", one) for one in (first, second)]
    return Comparison(form.format(_at(first)), form.format(_at(second)), *bare, asks, grows)


def _at(moment: str) -> str:
    """A moment with its preposition."""
    if re.match(r"(?:in|on|at|by|as at|as of|during)\s", moment):
        return moment
    if re.match(r"(?:the )?(?:end|beginning|start)\b", moment, re.IGNORECASE):
        return f"at {moment}"
    return f"on {moment}" if re.match(r"\d{1,2} |[A-Z][a-z]+ \d{1,2}\b(?!\d)", moment) else f"in {moment}"
