"""Figures as they are written: "over HK$1.2 billion", "260 000 applications", "twenty-three", "15 per cent".

One scan tells them apart from what has digits but measures nothing: dates, times, ordinals, marks of lists, references
("section 12"), names ("COVID-19", "5G"). A figure that cannot be read beyond doubt is left out; so are fractions in
words ("two-thirds", "one in five"), of which not all have an exact decimal.
Own code: no library that was tried reads both "13 000" and "0.26 million" whole, with offsets and without floats.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import replace
from decimal import Decimal

from rag.lexical import STOP_WORDS
from rag.questions import singular
from rag.types import Quantity

SPACES = " \u00a0\u2009\u202f"
MOST_DIGITS = 24  # longer ones are serial numbers; decimals of this length are exact in any context


def quantities(text: str) -> list[Quantity]:
    """Every figure of a text, in order.

    ``text[start:end]`` holds currency, number, scale and "%"; the qualifier and what is counted stand beside it.
    "10 to 15 per cent" is two figures with the same unit. Linear in the length of the text; never raises.
    """
    found: list[Quantity] = []
    for match in _SCAN.finditer(text):
        if not match["other"] and (quantity := _quantity(text, match)):
            if found and not quantity.unit and _TO.fullmatch(text, found[-1].end, quantity.start):
                quantity = replace(quantity, unit=found[-1].unit)  # "$5-7 million"
            found.append(quantity)
    return found


def number_of(words: str) -> Quantity | None:
    """The one figure that words such as an answer hold; None where they hold none or several."""
    return found[0] if len(found := quantities(words)) == 1 else None


def same_number(a: str, b: str) -> bool:
    """Whether two wordings hold one figure each and these are the same: "260 000", "about 0.26 million".

    Qualifiers do not count, and units only where both have one: "15%" is "15", but not "15 people".
    """
    one, other = number_of(a), number_of(b)
    if one is None or other is None or one.number != other.number:
        return False
    return not (one.unit and other.unit) or same_kind(one, other)


def same_kind(a: Quantity, b: Quantity) -> bool:
    """Whether two figures can be values of one series: they count or measure the same, or one does not say what.

    Shares, money and measures must say so both times. "Individuals" or "people" may be any sort of persons.
    """
    units = {singular(a.unit), singular(b.unit)}
    persons = units & {"person", "individual"}
    if "" in units:
        return is_count(a.unit or b.unit)
    return len(units) == 1 or bool(persons and units - persons <= _SORTS_OF_PERSONS)


def is_count(unit: str) -> bool:
    """Whether a unit is a counted noun, or none is written: no share, money or measure."""
    name = unit.rpartition(" ")[2]
    measured = {name, name.removesuffix("s"), singular(name)} & {*_MEASURES, *_MONEY}
    return not (measured or unit == "percentage points" or unit.isupper() or re.search("[%$£€¥°]", unit))


# How numbers are written.
_S, _J = f"[{SPACES}]", f"[{SPACES}-]"  # a space; what may join number words
_WORDS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety"
).split()
SMALL = dict(zip(_WORDS, [*range(20), *range(20, 100, 10)], strict=True))
_LARGE = {"thousand": 3, "million": 6, "billion": 9, "trillion": 12}
SCALES = {**_LARGE, "hundred": 2, "lakh": 5, "crore": 7, "k": 3, "mn": 6, "m": 6, "bn": 9, "tn": 12}


def _spelled() -> str:
    """The grammar of number words up to trillions, in which a scale is followed by lower ones only."""
    large, joined = "|".join(_LARGE), rf"{_J}(?:and{_J})?"
    units, teens, tens = map("|".join, (_WORDS[1:10], _WORDS[19::-1], _WORDS[20:]))  # "sixteen" is tried before "six"
    tens = rf"(?:(?:{tens})(?:{_J}(?:{units}))?|{teens})\b"
    small = rf"(?:(?:{tens}|an?\b){_J}hundred\b(?:{joined}{tens}(?!{_J}hundred\b))?|{tens})"
    scaled, lower = [rf"{_J}dozen\b"], rf"(?:{joined}{small}(?!{_J}(?:{large}|dozen)\b))?"
    for scale in _LARGE:
        scaled.append(rf"{_J}{scale}\b{lower}")
        lower = rf"(?:{joined}{small}{_J}{scale}\b)?{lower}"
    half = rf"{_S}and{_S}a{_S}half\b(?:{_S}(?:{large})\b)?"
    large = f"(?:{'|'.join(scaled)})"
    part = rf"(?:half{_S}an?|(?:an?|one){_S}quarter(?:{_S}of{_S}an?)?|three{_J}quarters{_S}of{_S}an?|an?)\b"
    return rf"(?<![\w/'’-])(?=[aefhnostz])(?:{part}{large}|{small}(?:{half}|{large})?)(?!['’]\w)"


_MEASURES = set(  # each with or without "s"
    "m km cm mm kg g ha mw kw gw kwh mb gb ml l metre meter kilometre kilometer mile foot feet inch inche ton tonne "
    "acre hectare gram kilogram litre liter second minute hour day night week month year degree time fold".split()
)
_MONEY = set("dollar cent euro pound penny pence yuan renminbi yen peso rupee franc pataca".split())
_GLUED = "(?:km|cm|mm|kg|g|ha|[MkG]W|kWh|[MG]B|ml|m|l|°C)"
_BEFORE = r"(?<!\w)(?:(?:HK|US|AU?|CA?|NZ|S|NT)?\$|[£€¥]|(?:HKD|USD|GBP|EUR|RMB|CNY|MOP|JPY)(?![A-Z]))"
_DIGITS = (  # groups of three with one kind of mark between them, or one run; nothing else numeric beside them
    rf"(?P<digits>(?!0\d)(?>\d{{1,3}}(?P<gap>[,'{SPACES}])\d{{3}}(?:(?P=gap)\d{{3}}){{0,8}}+(?!\d)|\d++)(?:\.\d++)?)"
    r"(?!\d|[.,:/'’]\d)"
)
_FIGURE = (
    rf"(?:(?P<money>{_BEFORE}{_S}?)|(?P<minus>(?<=[a-z(:]{_S})[−-])|(?<![\w.,:/'’#§@=−–-])|(?<=[\d%][–-])){_DIGITS}"
    rf"(?:{_J}?(?P<scale>(?![mM]\b)(?i:{'|'.join(SCALES)})|(?(money)[mM]|(?!)))(?!\w))?"
    rf"|(?P<words>(?i:{_spelled()}))"
)

# What is no figure.
_MONTH = "|".join((*calendar.month_name[1:], *map(str.upper, calendar.month_name[1:])))
_MONTH = rf"(?:{_MONTH}|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b\.?)"
_DAY = r"\d{1,2}(?:st|nd|rd|th)?(?!\w)"
_DAYS = rf"{_DAY}(?:(?:{_S}?[–-]{_S}?|,{_S}(?:and{_S})?|{_S}(?:to|and|or|until){_S}){_DAY}){{0,4}}"
_YEAR = r"(?:1[5-9]|20)\d\d"
_DATE = (
    rf"(?<![\w$£€¥.,])(?:(?P<days>{_DAYS}){_S}(?:of{_S})?(?P<month>{_MONTH})(?!\w)(?:,?{_S}(?P<year>\d{{4}})(?!\w))?"
    rf"|(?P<month2>{_MONTH})(?:{_S}(?P<days2>{_DAYS})(?!{_S}\d{{3}}(?!\d))(?:,?{_S}(?P<year2>\d{{4}})(?!\w))?"
    rf"|,?{_S}(?P<year3>\d{{4}})(?!\w))"
    rf"|(?P<iso>\d{{4}}-\d\d-\d\d)(?!\d)|(?P<years>{_YEAR}[–/-](?:{_YEAR}|\d\d)|{_YEAR}s)(?!\w))"
)
_REFERENCES = (
    r"(?i:sections?|articles?|annex(?:es)?|appendix|chapters?|clauses?|paragraphs?|paras?|pages?|pp|footnotes?|items?"
    r"|questions?|tables?|rules?|steps?|phases?|levels?|grades?|tiers?|rooms?|flat|hotline|tel|telephone|fax|covid|class)"
    r"|Nos?|no(?=\.)|[Cc]ap(?=\.)|Form|Part|Schedule|Figure|Fig|Stage|Group|Type|Block|Unit|Route|Zone|Pier|Gate"
)
_REFERENCE = (
    r"\d{1,4}[A-Za-z]?(?:[./-]\d{1,4}){0,3}(?:\(\w{1,4}\)){0,3}"
    rf"(?!\w|[.,]\d|{_S}?%|{_S}(?:per|thousand|million|billion|\d{{3}})\b)"
)
_FEW = rf"(?:\d{{1,2}}(?![\d.,])|{'|'.join(SMALL)})"
_OTHER = "|".join((
    r"(?<![\w.,:])\d{1,2}(?:[:.]\d\d(?::\d\d)?\s?(?:[ap]m\b|[ap]\.m\.?|noon|hours)|:\d\d(?::\d\d)?)(?!\w)",  # 10:30 am
    r"(?<![\w.,:])\d{1,2}\s?(?:[ap]m\b|[ap]\.m\.?|noon\b|o'clock)",
    rf"\b(?:{_REFERENCES})\.?{_J}?{_REFERENCE}(?:(?:,|{_S}(?:and|or|to)|[–-]){_S}?{_REFERENCE}){{0,9}}",
    r"(?:(?m:^)[ \t*•#-]{0,8}|(?<=[.:;] ))\(?\d{1,3}[.)](?=\s+\S)|\(\d{1,3}[a-z]?\)",  # marks of lists
    r"(?m:^)\d{1,2}(?:\.\d{1,2}){1,3}(?=\s+[A-Z])",  # and of numbered headings
    r"(?<![\w.,:/])\d++(?:(?:[/:]\d++)++|(?:[.–-]\d++){2,})",  # 24/7, 1:3, 1.2.3
    r"(?<!\w)\+\d{1,3}[ -]?\d[\d -]{5,14}|(?<![\w.,])\d{4}[ -]\d{4}(?!\w|[.,]\d)",  # telephones
    rf"\b(?i:{_FEW}{_S}(?:in|out{_S}of){_S}(?:every{_S})?{_FEW}\b(?!{_J}(?:times|hours|days|weeks|months|years)\b))",
))  # fmt: skip
DATE = re.compile(_DATE)  # with the groups days, month, year or their twins, iso, years
_SCAN = re.compile(rf"(?P<other>{_DATE}|{_OTHER})|{_FIGURE}")

# What stands beside a figure.
_QUALIFIERS = (
    "(?:not|no) (?:more|less|fewer) than|more than|less than|fewer than|just over|well over|over|just under|under|above"
    "|below|in excess of|upwards of|at least|at most|as many as|up to|about|around|approximately|roughly|nearly|almost"
    "|close to|an estimated|estimated|some|exactly"
)
_QUALIFIER = re.compile(rf"(?:(?<![\w-])(?P<words>(?i:{_QUALIFIERS.replace(' ', _S)})){_S}|(?P<mark>[~≈<>≤≥]){_S}?)$")
_AFTERWARDS = re.compile(rf"\+|{_S}(?:or{_S}(?:more|less|fewer|above|over|below|under|so)|at{_S}(?:least|most))\b")
_SHARE = re.compile(rf"{_S}?(?:%|(?i:per{_S}?cent\b))|(?P<points>{_S}percentage{_S}points?\b)")
_MEASURE = re.compile(
    rf"{_S}?({_GLUED})(?!\w)|{_J}((?:(?:square|cubic|nautical){_S})?"
    rf"(?:{'|'.join(sorted(_MEASURES, key=len, reverse=True))})s?)(?![\w-]|['’]\w)"
)
_GOES_ON = re.compile(
    rf"\w|[–-][^\W\d_]|{_J}?[½¼¾⅓⅔]"
    rf"|{_J}(?:first|third|fourth|fifth|sixth|seventh|eighth|tenth|quarter|half|halves|dozen|{'|'.join(_LARGE)})"
)
_TO, _AND = re.compile(rf"{_S}?[–-]{_S}?|{_S}(?:to|or){_S}"), re.compile(rf"{_S}and{_S}")
_WORD = re.compile(rf"{_S}([^\W\d_]+(?:[’'-][^\W\d_]+){{0,3}})(?!\w)")
_PLURAL = re.compile(r"\w\w(?<!ss)(?<!us)(?<!is)(?<!['’]s)$(?<=s)")
_PLURALS = set("people men women children staff personnel police aircraft cattle criteria yuan yen".split())
_SORTS_OF_PERSONS = set("talent applicant student visitor worker resident professional graduate adult".split())
_STOPS = STOP_WORDS - {"more"} | set(
    "above across after again ago all also always among another around because before below besides between both came "
    "cover during each either even ever every few gave gives here however include includes its just last later less "
    "makes marks may means might must near next now off once only out over per perhaps plus refers remains represents "
    "respectively rises says shows since still takes through throughout thus till today together too towards under "
    "unless until up upon versus via whereas whether while within without yes yet exceeds equals".split()
)
_OF_YEARS = set("figures results elections games prices accounts estimates levels statistics targets".split())
_TIME_BEFORE = re.compile(  # what stands before a year
    r"(?:^|(?<=\W))(?i:(?:in|by|since|until|till|from|(?<!total )of|for|before|after|during|to|between|and|end|early"
    r"|late|mid|year|the|its|their|his|her|this)\s)$|[A-Z][a-z]+\s$"
)


def _quantity(text: str, match: re.Match[str]) -> Quantity | None:
    """What a match of a figure means; None where its surroundings show that it is none."""
    start, end = match.span()
    before = text[max(0, start - 28) : start]
    partner, share = _partner(text, end, before), _SHARE.match(text, end)
    number = _number(match, partner)
    if number is None or not (share or _ends(text, end)) or _is_name(text, match, before):
        return None
    found = _QUALIFIER.search(before)
    before = before[: found.start()] if found else before
    qualifier = " ".join((found["words"] or found["mark"]).lower().split()) if found else ""
    later = _AFTERWARDS.match(text, end)
    unit, after = _unit(text, match, later.end() if later else end, number)
    if not qualifier and (later := later or _AFTERWARDS.match(text, after)):
        qualifier = " ".join(later[0].split())
    unit = _unit(text, partner, partner.end(), Decimal(0))[0] if partner and not unit else unit
    pronoun = match[0].lower() == "one" and len(text) > len("one.") and not (unit or qualifier)
    if pronoun or _is_year(text, match, before, qualifier, unit):
        return None
    return Quantity(number, unit, qualifier, start, share.end() if share and unit == "%" else end)


def _number(match: re.Match[str], partner: re.Match[str] | None) -> Decimal | None:
    """The exact value; the first of "10 to 15 million" takes the scale of the second."""
    value, scale = _value(match)
    if partner and not scale and 0 <= value < 1000:
        most, scale = _value(partner)
        shared = Decimal(f"{value:f}E{scale}")
        value = shared if shared <= most else value
    if len(match["digits"] or "") > MOST_DIGITS:
        return None
    return Decimal(int(value)) if value == int(value) else value  # 1200000000, not 1.2E+9


def _value(match: re.Match[str]) -> tuple[Decimal, int]:
    """The value, and the power of ten that its last word stands for. Made from text: arithmetic may round."""
    words = (match["words"] or "").lower().replace("-", " ").split()
    scale = SCALES.get(words[-1] if words else (match["scale"] or "").lower(), 0)
    digits = _spelled_out(_hundredths(words)) if words else re.sub(r"[^\d.]", "", match["digits"]) + f"E{scale}"
    return Decimal(("-" if match["minus"] else "") + digits), scale


def _spelled_out(hundredths: int) -> str:
    whole, part = divmod(hundredths, 100)
    return f"{whole}.{part:02}".rstrip("0").rstrip(".")


def _hundredths(words: list[str]) -> int:
    """A hundred times the number that words spell, of which "half" and "quarter" make an integer."""
    total = group = 0
    for word in words:
        if word in _LARGE:
            total, group = total + group * 10 ** _LARGE[word], 0
        elif word in ("a", "an"):  # "a hundred", not "half a million"
            group = group or 100
        elif word in ("hundred", "dozen"):
            group *= 100 if word == "hundred" else 12
        elif word in ("quarter", "quarters"):  # "a quarter of a million"
            group //= 4
        else:
            group += 50 if word == "half" else 100 * SMALL.get(word, 0)
    return total + group


def _partner(text: str, end: int, before: str) -> re.Match[str] | None:
    """The second figure of the range or choice in which the first ends here."""
    joined = (_AND if re.search(r"(?i)\bbetween\b", before) else _TO).match(text, end)
    second = _SCAN.match(text, joined.end()) if joined else None
    return second if second and not second["other"] else None


def _ends(text: str, end: int) -> bool:
    """Whether a number ends here: no name ("5G"), ordinal ("23rd") or fraction ("two-thirds") goes on."""
    return bool(_MEASURE.match(text, end)) or not _GOES_ON.match(text, end)


def _is_name(text: str, match: re.Match[str], before: str) -> bool:
    """Whether a number word begins a name inside a sentence: "at the Seven Sisters"."""
    capitals = re.match(rf"[A-Z][\w -]+{_S}[A-Z]", text[match.start() : match.end() + 2])
    return bool(match["words"] and capitals and re.search(r"[\w,;\"'“‘]\s?$", before))


def _is_year(text: str, match: re.Match[str], before: str, qualifier: str, unit: str) -> bool:
    """Of a bare "2024": a count needs a qualifier or what is counted, and no word before it that goes with years."""
    if not re.fullmatch(_YEAR, match[0]) or unit == "%":
        return False
    if qualifier or _TIME_BEFORE.search(before):
        return bool(_TIME_BEFORE.search(before)) or (qualifier == "up to" and not unit)
    counted = re.match(rf"{_S}(?:(?:new|more|other|related){_S})?(\w+)", text[match.end() : match.end() + 40])
    return not (unit and counted and unit.startswith(counted[1].lower())) or unit in _OF_YEARS


def _unit(text: str, match: re.Match[str], end: int, number: Decimal) -> tuple[str, int]:
    """What is counted or measured, and where its words end."""
    if share := _SHARE.match(text, end):
        return "percentage points" if share["points"] else "%", share.end()
    if match["money"]:
        return match["money"].strip(), end
    if measure := _MEASURE.match(text, end):
        return " ".join((measure[1] or measure[2]).lower().split()), measure.end()
    return _noun(text, end, single=number == 1)


def _noun(text: str, start: int, *, single: bool) -> tuple[str, int]:
    """The head of the noun phrase that follows: the first plural within four words, the last of two plurals in a row.

    After 1 it is the last of one or two words that are neither verb nor adverb.
    """
    words: list[tuple[str, int]] = []
    while len(words) < 4 and (found := _WORD.match(text, words[-1][1] if words else start)):
        if (word := found[1].lower()) in _STOPS:
            break
        words.append((word, found.end()))
    plural = [word in _PLURALS or bool(_PLURAL.search(word)) for word, _ in words] + [False]
    if any(plural):
        first = plural.index(True)
        return words[first + plural[first + 1]]
    nouns = [word for word in words if not re.search("(?:ed|ing|ly)$", word[0])]
    return nouns[-1] if single and 0 < len(nouns) <= 2 else ("", start)
