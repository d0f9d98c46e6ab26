"""Questions that set two values or two dates against each other: two sub-questions, and the result with its arithmetic.

A wrong difference is worse than none: units must agree, values and dates must be ordered beyond doubt, and a
qualifier in an answer ("over", "about") stays in the result, which is never more exact than what it is made of.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

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

    def bounds(self) -> tuple[Decimal, Decimal]:
        """The least and the most it can mean: "over 130 000" is below 140 000 as figures are rounded for reports."""
        step = min(Decimal(1).scaleb(_last_place(self.value)), abs(self.value) / 10)
        match _SENSES.get(self.qualifier, ""):
            case "over":
                return self.value, self.value + step
            case "under":
                return self.value - step, self.value
            case "about":
                return self.value - step, self.value + step
            case "least":
                return self.value, Decimal("Infinity")
            case "most":
                return Decimal("-Infinity"), self.value
        return self.value, self.value


def parts(question: str) -> Comparison | None:
    """The two questions a comparison is made of; None where it does not clearly compare exactly two."""
    if len(question) > MOST_CHARS:
        return None
    plain = " ".join(question.split()).rstrip(" ?.!")
    plain = re.sub(r"^(?:and|so|about|approximately|roughly|exactly)\b,?\s+(?=\w)", "", plain, flags=re.IGNORECASE)
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
    if _are_equal(first, second):
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


# --- numbers ---------------------------------------------------------------------------------------------------

_SENSES = {
    "over": "over", "more than": "over", "above": "over", "in excess of": "over", "just over": "over",
    "under": "under", "less than": "under", "fewer than": "under", "below": "under", "just under": "under",
    "nearly": "under", "almost": "under", "close to": "under",
    "about": "about", "around": "about", "approximately": "about", "roughly": "about", "some": "about",
    "at least": "least", "no fewer than": "least", "no less than": "least", "not less than": "least",
    "at most": "most", "up to": "most", "no more than": "most", "not more than": "most", "as many as": "most",
}  # fmt: skip
_OPPOSITE = {"over": "under", "under": "over", "about": "about", "least": "at most", "most": "at least"}
_ONES = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_WORDS = {word: n for n, word in enumerate(_ONES, 1)} | {word: 10 * n for n, word in enumerate(_TENS, 2)}
_WORDS |= {f"{ten}-{one}": _WORDS[ten] + _WORDS[one] for ten in _TENS for one in _ONES[:9]}
_SCALES = {"hundred": 2, "thousand": 3, "million": 6, "billion": 9, "trillion": 12, "k": 3, "m": 6, "bn": 9, "tn": 12}
_NUMBER = re.compile(
    rf"(?:\b(?P<how>{'|'.join(sorted(_SENSES, key=len, reverse=True))})\s+)?"
    r"(?P<money>(?:\b(?:HK|US|A|C|NZ|S))?[$£€¥]\s?|\b(?:HKD|USD|GBP|EUR|RMB)\s?)?"
    r"(?<![\w.,/:–−-])(?:(?P<digits>\d{1,3}(?P<gap>[ ,\u00a0\u2009\u202f'])\d{3}(?:(?P=gap)\d{3})*(?!\d)(?:\.\d+)?"
    r"|\d+(?:\.\d+)?)"
    rf"|(?P<word>\b(?:{'|'.join(sorted(_WORDS, key=len, reverse=True))})\b))(?![,.]?\d)"
    rf"(?:[ \u00a0-]?(?P<scale>{'|'.join(_SCALES)})\b)?(?P<share>\s?%|\s?per ?cent\b)?(?P<tail>[\w/:–−-]?)",
    re.IGNORECASE,
)  # fmt: skip
_NOUN = re.compile(
    r"\s((?:square |cubic |percentage )?"
    r"(?!(?:in|on|at|of|by|to|and|or|for|from|as|than|were|was|are|is|have|has|had)\b)[a-z]{1,30})\b"
)
_NO_COUNT = re.compile(
    r"\s?(?:-?fold|times)\b|\s(?:in|out of|of the) (?:\d|two|three|four|five|ten|every)", re.IGNORECASE
)


def quantity(text: str) -> Quantity | None:
    """The one number in an answer's words; None for none, for several, ranges, ratios and bare years.

    >>> quantity("about 13 000 jobs")
    Quantity(value=Decimal('13000'), qualifier='about', unit='jobs', scale='', separator=' ')
    """
    if len(text) > MOST_CHARS:
        return None
    bare = _WHEN.sub(lambda found: " " * len(found[0]), text)
    found = list(_NUMBER.finditer(bare))
    if len(found) != 1 or found[0]["tail"] or _NO_COUNT.match(bare, found[0].end()):
        return None
    number = found[0]
    qualifier, money = (number["how"] or "").lower(), (number["money"] or "").strip().upper()
    noun = _NOUN.match(bare, number.end())
    unit = money or ("%" if number["share"] else noun[1].lower() if noun else "")
    scale = (number["scale"] or "").lower()
    if scale in ("k", "bn", "tn") and not money:
        return None
    if scale == "m" and not money:
        unit, scale = "m", ""
    if re.fullmatch(r"(?:1[5-9]|20)\d\d", number["digits"] or "") and not (qualifier or unit or scale):
        return None
    if re.search(r"\d", bare[: number.start()] + bare[number.end() :]):
        return None
    digits = re.sub(r"[^\d.]", "", number["digits"] or "")
    value = Decimal(digits or _WORDS[number["word"].lower()])
    return Quantity(value.scaleb(_SCALES.get(scale, 0)) + 0, qualifier, unit, scale, _separator(number, value))


def _separator(number: re.Match[str], value: Decimal) -> str | None:
    if number["gap"]:
        return number["gap"]
    return "" if value >= 1000 else None


def _last_place(value: Decimal) -> int:
    """The power of ten of the last digit that is not zero: 4 of 130 000."""
    return int(value.normalize().as_tuple().exponent)


def _agree(first: Quantity, second: Quantity) -> bool:
    """Whether two units can be set against each other; a counted noun may be left out of one, a measure may not."""
    if first.unit == second.unit or first.unit.rstrip("s") == second.unit.rstrip("s"):
        return True
    lone = first.unit or second.unit
    return (not first.unit or not second.unit) and lone.isalpha() and lone not in _MEASURES and not lone.isupper()


_MEASURES = frozenset(
    "m km cm mm kg g l ha t mw kw gw metre metres meter meters kilometre kilometres kilometer kilometers mile miles "
    "foot feet inch inches yard yards hectare hectares acre acres tonne tonnes ton tons gram grams kilogram kilograms "
    "litre litres liter liters gallon gallons second seconds minute minutes hour hours day days week weeks month "
    "months year years dollar dollars euro euros pound pounds yuan degree degrees watt "
    "watts megawatts volt volts".split()
)


def _are_equal(first: Quantity, second: Quantity) -> bool:
    senses = {_SENSES.get(one.qualifier, "") for one in (first, second)}
    return first.value == second.value and senses in ({""}, {"about"})


def _difference(comparison: Comparison, first: Quantity, second: Quantity, words: tuple[str, str]) -> str:
    low, high = (first, second) if second.value > first.value else (second, first)
    names, said = [comparison.first_name, comparison.second_name], list(words)
    if high is second:
        names.reverse()
        said.reverse()
    senses = (_SENSES.get(high.qualifier, ""), _SENSES.get(low.qualifier, ""))
    if all(senses):
        qualifier = "about"
    else:
        qualifier = high.qualifier or {"over": "less than", "under": "more than"}.get(
            senses[1], _OPPOSITE.get(senses[1], "")
        )
    result = f"{qualifier} {_written(high.value - low.value, high, low)}".strip()
    return f"{result} ({names[0]}: {said[0]} − {names[1]}: {said[1]})"


def _written(value: Decimal, high: Quantity, low: Quantity) -> str:
    """A difference as its inputs are written: their separator, their scale where both have it, their unit."""
    scale = high.scale if high.scale == low.scale else ""
    separators = [one.separator for one in (high, low) if one.separator is not None]
    separator = next((one for one in separators if one), "" if separators else ",")
    number = f"{value.scaleb(-_SCALES.get(scale, 0)).normalize():,f}".replace(",", separator)
    space = "" if scale in ("k", "m", "bn", "tn") else " "
    scaled = f"{number}{space}{scale}".strip()
    unit = high.unit if high.unit.rstrip("s") == low.unit.rstrip("s") else ""
    if unit == "%":
        return f"{scaled} percentage points"
    return f"{unit}{scaled}" if unit and not unit[-1].islower() else f"{scaled} {unit}".strip()


# --- dates -----------------------------------------------------------------------------------------------------
# A few forms of its own: the parser in rag/dates.py belongs to another part, and is for finding a document's date.

_MONTHS = {name.lower(): number for number, name in enumerate(calendar.month_name) if name}
_MONTH = "|".join(name for name in calendar.month_name if name)
_NTH = r"(?:st|nd|rd|th)?"
_SPOKEN = re.compile(
    rf"(?<![\w-])(?:(?P<d1>\d{{1,2}}){_NTH} (?:of )?(?P<m1>{_MONTH})(?:,? (?P<y1>\d{{4}}))?"
    rf"|(?P<m2>{_MONTH}) (?P<d2>\d{{1,2}}){_NTH}(?:,? (?P<y2>\d{{4}}))?|(?P<m3>{_MONTH})(?:,? (?P<y3>\d{{4}}))?"
    r"|(?P<y4>\d{4})-(?P<n4>\d{2})-(?P<d4>\d{2})|(?P<y5>1[5-9]\d\d|20\d\d))(?![\w-]|[,.]\d|/\d)",
    re.IGNORECASE,
)
_END = re.compile(r"(?<=\bend)-", re.IGNORECASE)  # "end-February 2024"
_WHEN = re.compile(
    rf"\b(?:in|on|by|since|during|as at|as of|at|until|from) (?:the )?(?:(?:end|early|mid|late)(?: of |[- ]))?"
    rf"(?:\d{{1,2}} (?:{_MONTH})(?:,? \d{{4}})?|(?:{_MONTH})(?: \d{{1,2}}\b)?(?:,? \d{{4}})?|(?:1[5-9]|20)\d\d)"
    r"(?![\d,.]\d)\b",
    re.IGNORECASE,
)


def moment(text: str, default_year: int | None = None) -> PartialDate | None:
    """The one date in an answer's words, as exact as they are; ``default_year`` where they state no year.

    None for none, for two, ranges and impossible days. "end-February 2024" is February 2024.
    """
    if len(text) > MOST_CHARS:
        return None
    words = _END.sub(" ", " ".join(text.split()))
    dates = {date for found in _SPOKEN.finditer(words) for date in [_date(found, default_year)]}
    rest = _SPOKEN.sub(" ", words)
    if len(dates) != 1 or re.search(r"\d{3}|\d\w{0,2}\s?(?:to|and|or|[-–&])\s", rest):
        return None
    return dates.pop()


def _date(found: re.Match[str], default_year: int | None) -> PartialDate | None:
    named = {name[0]: value for name, value in found.groupdict().items() if value}
    year = int(named["y"]) if "y" in named else default_year
    month = _MONTHS[named["m"].lower()] if "m" in named else int(named["n"]) if "n" in named else None
    day = int(named["d"]) if "d" in named else None
    if named.get("m") == "may" and day is None:
        return None  # "it may"
    try:
        dt.date(2000 if year is None else year, month or 1, day or 1)
    except ValueError:
        return None
    return PartialDate(year, month, day) if year or (month and day) else None


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


# --- the question ----------------------------------------------------------------------------------------------

_DATE = (
    rf"(?:(?:the )?(?:early|mid|late|end|beginning|start)(?: of |[- ]))?(?:\d{{1,2}} (?:{_MONTH})(?:,? \d{{4}})?"
    rf"|(?:{_MONTH})(?: \d{{1,2}})?(?:,? \d{{4}})?|(?:1[5-9]|20)\d\d)(?!\d)"
)
_AT = "(?:(?:in|on|at|by|as at|as of|during) )?"
_TWO_DATES = rf"(?:between (?P<t1>{_AT}{_DATE}) and (?P<t2>{_AT}{_DATE})|from (?P<t3>{_DATE}) to (?P<t4>{_DATE}))"
_IS = "(?P<is>is|are|was|were)"
_RISES = "grow|grown|increase|increased|rise|risen|go up|gone up|climb|climbed|improve|improved|expand|expanded"
_FALLS = "fall|fallen|decrease|decreased|decline|declined|drop|dropped|shrink|shrunk|go down|gone down"
_UP = frozenset([*_RISES.split("|"), "growth", "more", "gain"])
_DOWN = frozenset([*_FALLS.split("|"), "reduction", "fewer", "less", "loss"])
_MEASURED = {
    "longer": "long", "larger": "large", "bigger": "large", "taller": "tall", "higher": "high", "older": "old",
    "heavier": "heavy", "wider": "wide", "deeper": "deep", "greater": "large", "more expensive": "expensive",
    "dearer": "expensive", "faster": "fast",
}  # fmt: skip
_LESSER = {
    "shorter": "long", "smaller": "large", "lower": "high", "younger": "old", "lighter": "heavy", "narrower": "wide",
    "cheaper": "expensive", "less expensive": "expensive", "slower": "fast", "newer": "old", "shallower": "deep",
}  # fmt: skip
_DEGREE = rf"(?P<degree>{'|'.join([*_MEASURED, *_LESSER])})"
_VALUES = frozenset(
    "fee price cost fare rate charge salary wage pay income budget population number amount total share percentage "
    "proportion target length height area size weight age depth width duration capacity tax deposit rent speed "
    "distance revenue profit debt output limit quota minimum maximum fine allowance grant turnout temperature "
    "value".split()
)
_FIRST = "(?P<order>first|earlier|earliest|sooner|last|later|latest|most recently|more recently)"
_LAST = frozenset("last later latest".split()) | {"most recently", "more recently"}
# What a noun for an event asks of the thing it happened to.
_EVENTS = {
    "opening": "When was {} opened?", "reopening": "When was {} reopened?", "establishment": "When was {} established?",
    "founding": "When was {} founded?", "foundation": "When was {} founded?", "creation": "When was {} created?",
    "formation": "When was {} formed?", "launch": "When was {} launched?", "signing": "When was {} signed?",
    "publication": "When was {} published?", "construction": "When was {} built?", "election": "When was {} elected?",
    "appointment": "When was {} appointed?", "introduction": "When was {} introduced?",
    "closure": "When was {} closed?", "closing": "When was {} closed?",
    "completion": "When was {} completed?", "adoption": "When was {} adopted?",
    "approval": "When was {} approved?", "release": "When was {} released?", "announcement": "When was {} announced?",
    "inauguration": "When was {} inaugurated?", "abolition": "When was {} abolished?", "passage": "When was {} passed?",
    "passing": "When was {} passed?", "birth": "When was {} born?", "death": "When did {} die?",
    "start": "When did {} start?", "beginning": "When did {} begin?", "end": "When did {} end?",
    "arrival": "When did {} arrive?", "setting up": "When was {} set up?",
}  # fmt: skip
_NOMINAL = re.compile(rf"(?:the )?(?P<noun>{'|'.join(_EVENTS)}) of (?P<what>.+)", re.IGNORECASE)
_OWNED = re.compile(rf"(?P<what>.+)['’]s? (?P<noun>{'|'.join(_EVENTS)})", re.IGNORECASE)
_HELD = re.compile(
    r"\b(?:meeting|conference|symposium|summit|session|ceremony|festival|forum|match|visit|trial|hearing|election|games"
    r"|exhibition|workshop|seminar|congress|plenary|referendum|fair|tournament|war|battle|course)\b",
    re.IGNORECASE,
)


def _grew(found: re.Match[str]) -> Comparison | None:
    """ "By how much did X grow between T1 and T2?", "What was the increase in X from T1 to T2?" """
    first, second = found["t1"] or found["t3"], found["t2"] or found["t4"]
    year = re.search(r"\d{4}$", second)
    if year and not re.search(r"\d{4}", first):
        first = f"{first} {year[0]}"
    verb, what = found["verb"].lower(), found["what"]
    grows = True if verb in _UP else False if verb in _DOWN else None
    what = re.sub(r"^(?:the )?value of ", "", what)
    were = "were" if re.search(r"(?<!s)s$", what) and " of " not in what else "was"
    first, second = _at(first), _at(second)
    return Comparison(f"What {were} {what} {first}?", f"What {were} {what} {second}?", _bare(first), _bare(second),
                      "difference", grows)  # fmt: skip


def _at(moment: str) -> str:
    """A moment with its preposition."""
    if re.match(r"(?:in|on|at|by|as at|as of|during)\s", moment):
        return moment
    if re.match(r"(?:the )?(?:end|beginning|start)\b", moment, re.IGNORECASE):
        return f"at {moment}"
    return f"on {moment}" if re.match(r"\d{1,2} |[A-Z][a-z]+ \d{1,2}\b(?!\d)", moment) else f"in {moment}"


def _bare(moment: str) -> str:
    return re.sub(r"^(?:in|on|at|by|as at|as of|during)\s", "", moment)


def _more(found: re.Match[str]) -> Comparison | None:
    """ "How many more people arrived in 2023 than in 2022?", "How many more students does A have than B?" """
    asked, what, other = f"How {found['how']}", found["what"], found["other"]
    grows = found["verb"].lower() != "more"  # the first value is taken for the larger
    behind = re.fullmatch(r"(?P<at>in|on|at|by|as at|as of|during|before|after|from|to|for|with) (?P<other>.+)", other)
    preposition = behind["at"] if behind else _preposition(what, other)
    if preposition:
        head, at, one = what.rpartition(f" {preposition} ")
        other = behind["other"] if behind else other
        if at and head and not re.search(r"\b(?:and|or)\b", one + other):
            return Comparison(
                f"{asked} {head}{at}{one}?", f"{asked} {head}{at}{other}?", one, other, "difference", grows
            )
        return None
    has = re.fullmatch(r"(?:(?P<noun>.+?) )?(?P<aux>does|do|did) (?P<one>.+?) (?P<verb>\w+)", what)
    if has:
        noun = f" {_escaped(has['noun'])}" if has["noun"] else ""
        form = f"{asked}{noun} {has['aux']} {{}} {_escaped(has['verb'])}?"
        return Comparison(form.format(has["one"]), form.format(other), has["one"], other, "difference", grows)
    return None


def _preposition(what: str, other: str) -> str | None:
    """ "in" of "arrived in 2023" where the other is a bare date too, or of "live in Arvik" where it is a bare name."""
    for alike, flags in ((_DATE, re.IGNORECASE), (r"[A-Z]\w*(?: [A-Z]\w*)*", 0)):
        found = re.search(rf" (in|on|at|by|as at|as of|during|from) {alike}$", what, flags)
        if found and re.fullmatch(alike, other, flags):
            return found[1]
    return None


def _more_men(found: re.Match[str]) -> Comparison | None:
    """ "How many more men than women attended?" """
    asked, rest = f"How {found['how']}", found["rest"]
    return Comparison(f"{asked} {found['one']} {rest}?", f"{asked} {found['other']} {rest}?", found["one"],
                      found["other"], "difference", found["verb"].lower() != "more")  # fmt: skip


def _longer(found: re.Match[str]) -> Comparison | None:
    """ "How much longer is A than B?", "How much higher was the fee in 2023 than in 2022?" """
    degree, be, one, other = found["degree"].lower(), found["is"].lower(), found["one"], found["other"]
    grows = degree in _LESSER
    behind = re.fullmatch(rf"(?P<what>.+?) (?P<at>{_AT}{_DATE})", one, re.IGNORECASE)
    if behind and re.fullmatch(_AT + _DATE, other, re.IGNORECASE):
        form = f"What {be} {_escaped(behind['what'])} {{}}?"
        first, second = _at(behind["at"]), _at(other)
        return Comparison(form.format(first), form.format(second), _bare(first), _bare(second), "difference", grows)
    if re.match(r"(?:in|on|at|by)\s", other) or degree == "newer":
        return None
    return Comparison(_how(degree, be, one), _how(degree, be, other), one, other, "difference", grows)


def _how(degree: str, be: str, name: str) -> str:
    """The question for one value: "How long is A?", and "What is A?" where A itself names a value."""
    positive = _MEASURED.get(degree) or _LESSER[degree]
    if _is_value(name):
        return f"What {be} {name}?"
    if positive == "expensive":
        return f"How much {'did' if be in ('was', 'were') else 'do' if be == 'are' else 'does'} {name} cost?"
    return f"How {positive} {be} {name}?"


def _is_value(name: str) -> bool:
    words = re.findall(r"\w+", re.split(r" (?:of|for|in|at|on|to) ", name)[0].lower())
    return bool(words) and (words[-1] in _VALUES or words[-1].removesuffix("s") in _VALUES)


def _difference_between(found: re.Match[str]) -> Comparison | None:
    """ "What is the difference between the X fee and the Y fee?", "... the difference in price between A and B?" """
    pair = _pair(found["both"], "and")
    if pair is None:
        return None
    be, (one, other) = found["is"].lower(), pair
    dated = re.fullmatch(rf"(?P<what>.+?) (?P<at>{_AT}{_DATE})", one, re.IGNORECASE)
    if dated and (later := re.fullmatch(rf"(?:(?:that|those|the one) )?(?P<at>{_AT}{_DATE})", other, re.IGNORECASE)):
        first, second = _at(dated["at"]), _at(later["at"])
        form = f"What {be} {_escaped(dated['what'])} {{}}?"
        return Comparison(form.format(first), form.format(second), _bare(first), _bare(second), "difference")
    one, other = _completed(one, other)
    if found["what"]:
        what = found["what"] if found["what"].startswith(("the ", "their ")) else f"the {found['what']}"
        form = f"What {be} {_escaped(what.removeprefix('their '))} of {{}}?"
        return Comparison(form.format(one), form.format(other), one, other, "difference")
    if not (_is_value(one) and _is_value(other)):
        return None  # "between a visa and a permit" asks for an explanation
    return Comparison(f"What {be} {one}?", f"What {be} {other}?", one, other, "difference")


def _pair(text: str, word: str) -> tuple[str, str] | None:
    """The two sides of the one "and" or "or" that can divide them; None where another division is possible."""
    text = re.sub(r"^(?:either|both) ", "", text.strip(" ,"))
    sides = [
        (text[: cut.start()].strip(" ,"), text[cut.end() :].strip(" ,")) for cut in re.finditer(rf",? {word} ", text)
    ]
    sides = [(one, other) for one, other in sides if one and other]
    if len(sides) > 1:
        sides = [(one, other) for one, other in sides if one.split()[0].lower() == other.split()[0].lower()]
    if len(sides) != 1 or (word == "or" and re.search(r"[,;]", "".join(sides[0]))):
        return None
    return sides[0]


def _completed(one: str, other: str) -> tuple[str, str]:
    """What "and" let one side leave out: "the adult and (the) child fees", "the fee for adults and children"."""
    last = other.rsplit(maxsplit=1)[-1]
    if _is_value(last) and not _is_value(one):
        head = last.lower().removesuffix("s") if last.lower().removesuffix("s") in _VALUES else last
        article = "" if re.match(r"(?:the|an?) ", other) or not re.match("the ", one) else "the "
        return f"{one} {head}", f"{article}{other[: -len(last)]}{head}"
    shared = re.match(r"(?P<head>the .+? (?P<at>for|of|in|at)) ", one)
    if shared and not re.match(r"(?:the|an?) ", other) and not _is_value(other):
        return one, f"{shared['head']} {other.removeprefix(shared['at'] + ' ')}"
    return one, other


def _alternatives(text: str) -> tuple[str, str] | None:
    """A and B of "A or B", and of "which of A and B"."""
    return _pair(text, "or" if re.search(r"\bor\b", text, re.IGNORECASE) else "and")


def _ordered(found: re.Match[str], form: str | None = None) -> Comparison | None:
    """ "Which came first, A or B?" """
    pair = _alternatives(found["pair"])
    if pair is None:
        return None
    one, other = pair
    forms = (form, form) if form else (_event_form(one), _event_form(other))
    if not form and forms[0] and not forms[1] and not _HELD.search(other):  # "the opening of A or B"
        forms = (forms[0], forms[0])
    order = found.groupdict().get("order") or found["age"]
    asks = "last" if order.lower() in _LAST | {"newer", "newest", "younger", "youngest"} else "first"
    return Comparison(_when(one, forms[0]), _when(other, forms[1]), one, other, asks)


def _event_form(name: str) -> str | None:
    found = _NOMINAL.fullmatch(name) or _OWNED.fullmatch(name)
    return _EVENTS[found["noun"].lower()] if found else None


def _when(name: str, form: str | None) -> str:
    """ "When was A opened?" for "the opening of A"; meetings are held, other things established."""
    found = _NOMINAL.fullmatch(name) or _OWNED.fullmatch(name)
    if found and form == _EVENTS[found["noun"].lower()]:
        name = found["what"]
    return (form or ("When was {} held?" if _HELD.search(name) else "When was {} established?")).format(name)


def _done_first(found: re.Match[str]) -> Comparison | None:
    """ "Which was opened first, A or B?", "Was A or B opened first?" """
    return _ordered(found, f"When was {{}} {_escaped(found['verb'])}?")


def _did_first(found: re.Match[str]) -> Comparison | None:
    """ "Which opened first, A or B?" (a past form) and "Did A or B open first?" (the base)."""
    verb = found["verb"] if found["aux"] else _base(found["verb"])
    return _ordered(found, f"When did {{}} {_escaped(verb)}?") if verb else None


def _escaped(text: str) -> str:
    return text.replace("{", "").replace("}", "")


_BASES = {
    "began": "begin", "took effect": "take effect", "came into force": "come into force", "met": "meet",
    "left": "leave", "won": "win",
}  # fmt: skip


def _base(past: str) -> str | None:
    """ "open" of "opened", "close" of "closed"; None for what is no past form known here."""
    past = past.lower()
    if past in _BASES:
        return _BASES[past]
    if not past.endswith("ed") or len(past) < 5:
        return None
    stem = past[:-2]
    if stem.endswith("i"):
        return stem[:-1] + "y"
    if stem[-1] == stem[-2] and stem[-1] not in "ls":
        return stem[:-1]
    return stem + "e" if re.search(r"(?:[vcguz]|[^s]s|[aiou]r|[aeiou]t(?<!it)|[aiou]n(?<!in)|[aei]l)$", stem) else stem


def _largest(found: re.Match[str]) -> Comparison | None:
    """ "Which is larger, A or B?", "Is A or B larger?" """
    pair = _alternatives(found["pair"])
    if pair is None:
        return None
    one, other = _completed(*pair)
    degree, be = _comparative(found["size"]), found["is"].lower()
    asks = "smaller" if degree in _LESSER else "larger"
    return Comparison(_how(degree, be, one), _how(degree, be, other), one, other, asks)


def _comparative(word: str) -> str:
    """ "larger" of "largest"."""
    word = word.lower().replace("most ", "more ").replace("least ", "less ")
    return word.removesuffix("est") + "er" if word.endswith("est") else word


def _having(found: re.Match[str]) -> Comparison | None:
    """ "Which has more students, A or B?", "Which has the larger budget, A or B?" """
    pair = _alternatives(found["pair"])
    if pair is None:
        return None
    degree, noun = _comparative(found["most"]), _escaped(found["noun"])
    asks = "smaller" if degree in _LESSER or degree in ("fewer", "less") else "larger"
    past = found["has"].lower() == "had"
    if degree in ("more", "fewer", "less", "most"):
        many = "many" if noun.endswith("s") or noun == "people" else "much"
        form = f"How {many} {noun} {'did' if past else 'does'} {{}} have?"
    else:
        form = f"What {'was' if past else 'is'} the {noun} of {{}}?"
    return Comparison(form.format(pair[0]), form.format(pair[1]), *pair, asks)


def _higher_then(found: re.Match[str]) -> Comparison | None:
    """ "Was the fee higher in 2022 or 2023?" """
    first, second = _at(found["t1"]), _at(found["t2"])
    form = f"What {found['is'].lower()} {_escaped(found['what'])} {{}}?"
    asks = "smaller" if _comparative(found["size"]) in _LESSER else "larger"
    return Comparison(form.format(first), form.format(second), _bare(first), _bare(second), asks)


def _yearly(found: re.Match[str]) -> Comparison | None:
    """ "Were more applications approved in 2022 or 2023?", "Which year saw more arrivals, 2022 or 2023?" """
    groups = found.groupdict()
    first, second = _at(found["t1"]), _at(found["t2"])
    asks = "larger" if found["verb"].lower() in ("more", "most") else "smaller"
    noun = _escaped(found["noun"])
    form = f"How many {noun} {groups['aux'].lower()} {groups['done']} {{}}?" if groups.get("aux") else (
        f"How many {noun} were there {{}}?"
    )  # fmt: skip
    return Comparison(form.format(first), form.format(second), _bare(first), _bare(second), asks)


_WHO = (
    r"(?:which|what|who)(?: (?:one|of them|of these|of the two|of the following)"
    r"| (?!(?:is|are|was|were|has|have|had|came)\b)[a-z]+){0,3}?"
)
_PAIR = r"(?:,|:|;| -| –| —)? (?P<pair>.+)"  # "..., A or B"
_OF = r"(?:which|who)(?: one)? of (?P<pair>.+?),?"  # "which of A and B ..."
_CAME = r"(?:came|comes|come|happened|occurred|took place|was|is)"
_AGE = r"(?P<age>older|oldest|newer|newest|younger|youngest)"
_DONE = r"(?P<verb>born|built|set up|held|won|made|founded|\w+ed)"
_PAST = r"(?P<verb>came into force|took effect|began|met|left|won|\w+ed)(?P<aux>)"
_SIZES = "|".join(
    [*_MEASURED, *_LESSER, "largest|biggest|longest|highest|tallest|smallest|lowest|shortest|widest|deepest"]
)
_SIZE = rf"(?P<size>{_SIZES})"
_MOST = (
    r"(?P<most>more|fewer|most|fewest|larger|bigger|higher|smaller|lower|longer|greater"
    r"|largest|highest|lowest|smallest)"
)
_HOW_LARGE = rf"(?:what|how (?:much|large|big)) {_IS} the"
_CHANGES = "difference|change|increase|rise|growth|decrease|fall|drop|decline|reduction"
_READINGS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Comparison | None]], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), read)
    for pattern, read in (
        (rf"(?:by )?how (?:much|many)(?: percentage points)? (?:did|has|have|had) (?P<what>.+?) "
         rf"(?P<verb>{_RISES}|{_FALLS}|change|changed|differ)(?: by)? {_TWO_DATES}", _grew),
        (rf"what {_IS} the (?:total |overall |net )?(?P<verb>{_CHANGES}) (?:in|of) (?P<what>.+?) {_TWO_DATES}", _grew),
        (r"how (?P<how>many|much) (?P<verb>more|fewer|less) (?P<one>\w+) than (?P<other>\w+) (?P<rest>.+)", _more_men),
        (r"how (?P<how>many|much) (?P<verb>more|fewer|less) (?P<what>.+?),? than (?P<other>.+?)"
         r"(?: (?:did|does|do|has|had|have))?", _more),
        (rf"(?:by )?how (?:much|many (?!times)[a-z ]{{1,20}}?) {_DEGREE} {_IS} (?P<one>.+?) than (?P<other>.+?)"
         r"(?: (?:is|was|are|were))?", _longer),
        (rf"{_HOW_LARGE} (?:(?P<what>(?!total)[a-z]+) )?difference between (?P<both>.+)", _difference_between),
        (rf"{_HOW_LARGE} difference in (?P<what>.+?) between (?P<both>.+)", _difference_between),
        (rf"{_WHO} {_CAME} (?:the )?{_FIRST}(?: of the two)?{_PAIR}", _ordered),
        (rf"{_WHO} (?:was|were) {_DONE} {_FIRST}{_PAIR}", _done_first),
        (rf"{_WHO} (?:was|were) the {_FIRST} to be {_DONE}{_PAIR}", _done_first),
        (rf"{_WHO} {_PAST} {_FIRST}{_PAIR}", _did_first),
        (rf"{_WHO} {_IS} (?:the )?{_AGE}(?: of the two)?{_PAIR}", _ordered),
        (rf"{_OF} {_CAME} {_FIRST}", _ordered),
        (rf"{_OF} (?:was|were) {_DONE} {_FIRST}", _done_first),
        (rf"{_OF} {_PAST} {_FIRST}", _did_first),
        (rf"{_OF} {_IS} (?:the )?{_AGE}", _ordered),
        (rf"(?P<aux>did) (?P<pair>.+? or .+?) (?P<verb>set up|take effect|come into force|\w+) {_FIRST}", _did_first),
        (rf"(?:was|were) (?P<pair>.+? or .+?) {_DONE} {_FIRST}", _done_first),
        (rf"(?:is|are|was|were) (?P<pair>.+? or .+?) (?:the )?{_AGE}", _ordered),
        (rf"{_WHO} {_IS} (?:the )?{_SIZE}(?: of the two)?{_PAIR}", _largest),
        (rf"{_OF} {_IS} (?:the )?{_SIZE}", _largest),
        (rf"{_IS} (?P<pair>.+? or .+?) (?:the )?{_SIZE}", _largest),
        (rf"{_IS} (?P<what>.+?) {_SIZE} (?P<t1>{_AT}{_DATE}) or (?P<t2>{_AT}{_DATE})", _higher_then),
        (rf"{_WHO} (?P<has>has|have|had) (?:the |a )?{_MOST} (?P<noun>[a-z][a-z ]{{1,40}}?){_PAIR}", _having),
        (rf"{_OF} (?P<has>has|have|had) (?:the |a )?{_MOST} (?P<noun>[a-z][a-z ]{{1,40}})", _having),
        (rf"(?P<aux>were|was) (?P<verb>more|fewer) (?P<noun>.+?) (?P<done>\w+ed|made|built|held|sold|taken|given)"
         rf" (?P<t1>{_AT}{_DATE}) or (?P<t2>{_AT}{_DATE})", _yearly),
        (rf"(?:which|what) (?:year|month) (?:saw|had|brought) (?:the )?(?P<verb>more|fewer|most|fewest) (?P<noun>.+?)"
         rf"(?:,|:| -| –)? (?P<t1>{_DATE}) or (?P<t2>{_DATE})", _yearly),
    )
)  # fmt: skip
