"""Citations: exact words of a stored document, checked against it before anybody sees them.

And the numbers contract: an answer holds no number, date, percentage, sum of money or proper name that its quotes lack.
"""

from __future__ import annotations

import calendar
import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from rag.lexical import STOP_WORDS
from rag.quantities import DATE, SMALL, is_count, quantities
from rag.questions import singular
from rag.types import Citation, Document, PartialDate, Quantity, Span


def cite(documents: Mapping[int, Document], spans: Sequence[Span]) -> list[Citation]:
    """The sentence around each span as a numbered citation, each sentence once.

    ``documents`` are those the spans are of, by number, as they are stored.

    A span whose words do not stand in the stored text at its offsets is dropped: a reader may be wrong about
    the answer, never about the quote.
    """
    citations: list[Citation] = []
    for span in spans:
        document = documents[span.passage.document_id]
        quote = document.text[span.sentence_start : span.sentence_end]
        read = span.passage.words(span.sentence_start, span.sentence_end)
        within = span.sentence_start <= span.start < span.end <= span.sentence_end
        seen = any((c.document_id, c.start) == (document.id, span.sentence_start) for c in citations)
        if quote and quote == read and within and not seen:
            citations.append(
                Citation(
                    number=len(citations) + 1,
                    document_id=document.id,
                    source=document.source,
                    title=document.title,
                    published=document.published,
                    start=span.sentence_start,
                    end=span.sentence_end,
                    quote=quote,
                    page=document.page_at(span.sentence_start),
                )
            )
    return citations


def without_titles(words: str, citations: Sequence[Citation]) -> str:
    """Words without the whole titles of cited documents, which stand beside their quotes."""
    for title in sorted((" ".join(one.title.split()) for one in citations), key=len, reverse=True):
        for beside in (f"({title})", f"{title}:", f"{title} (") if title else ():
            words = words.replace(beside, "(" if beside[-1] == "(" else "")
    return words


def unsupported(claim: str, quotes: Sequence[str], computed: Sequence[str] = ()) -> list[str]:
    """The words of a claim whose number, date, percentage, sum of money or name no quote says; each once, in order.

    ``computed`` holds what was worked out from the quotes ("30 000", "end-February 2024") and counts as said. Wording
    does not matter: "0.26 million" is "260,000", "eleven" is 11, "March 18, 2024" is "18 March 2024", and a quote
    may be more exact than the claim. Names are compared without titles, case, punctuation and possessive "'s".
    Not seen: a lone capitalised word that begins a sentence, and a qualifier that was changed.
    """
    texts = [*quotes, *computed]
    known = [_Text(text) for text in texts]
    common = STOP_WORDS.union(*(re.findall(r"\b[a-z]+", text) for text in texts))
    lacking, place = [], 0
    for start, end, fact in sorted(_facts(claim, common), key=lambda fact: (fact[0], -fact[1])):
        if end > place and not any(text.says(fact) for text in known):
            lacking.append(claim[start:end])
            place = end
    return list(dict.fromkeys(lacking))


@dataclass(frozen=True, slots=True)
class _Day:
    """A date in a text, with the part of it that is meant: "early", "mid", "late", "start", "end" or nothing."""

    date: PartialDate
    part: str = ""

    def says(self, other: _Day) -> bool:
        """Whether this is the other date, or a more exact one."""
        pairs = zip(*((d.date.year, d.date.month, d.date.day, d.part or None) for d in (self, other)), strict=True)
        return all(asked is None or asked == own for own, asked in pairs)


_Fact = Quantity | _Day | str  # a string stands for words to be found as they are, in the form that _tokens gives


class _Text:
    """What a quote says."""

    def __init__(self, text: str) -> None:
        self._tokens = _tokens(text)
        self._units: dict[Decimal, set[str]] = defaultdict(set)
        self._days: set[_Day] = set()
        for _, _, fact in _measured(text):
            if isinstance(fact, Quantity):
                self._units[fact.number].add(fact.unit)
            else:
                self._days.add(fact)

    def says(self, fact: _Fact) -> bool:
        """Whether it has the date or a more exact one, the figure, or the words."""
        if isinstance(fact, Quantity):
            return any(_same_unit(fact.unit, unit) for unit in self._units.get(fact.number, ()))
        if isinstance(fact, _Day):
            return any(own.says(fact) for own in self._days)
        return f" {fact} " in self._tokens


def _same_unit(claimed: str, quoted: str) -> bool:
    """A bare figure may be of anything, a counted one of anything counted; shares, money and measures must agree."""
    if claimed in ("$", "dollars"):
        return quoted == "dollars" or quoted.endswith("$")
    return not claimed or singular(claimed) == singular(quoted) or (is_count(claimed) and is_count(quoted))


# --- what a text states ----------------------------------------------------------------------------------------

_SPACE = "[ \u00a0\u2009\u202f]"
_PART = re.compile(rf"(?i)\b(early|mid|late|end|beginning|start)(?:-|{_SPACE}(?:of{_SPACE}(?:the{_SPACE})?)?)$")
_YEAR = re.compile(r"(?<![\w.,:/–])(?:1[5-9]|20)\d\d(?![\w/–]|-\d|[.,:]\d)")
_ORDINALS = dict(zip(
    "second third fourth fifth sixth seventh eighth ninth tenth".split(),
    "2nd 3rd 4th 5th 6th 7th 8th 9th 10th".split(),
    strict=True,
))  # fmt: skip
_WORD = "|".join([*_ORDINALS, *(word for word, number in SMALL.items() if number > 1)])
_FRACTION = "(?:half|halves|quarters?|(?:thir|four|fif|six|seven|eigh|nin|ten)ths?)"
_NUMERAL = re.compile(  # what is left beside figures and dates; a reference with the word before it
    rf"(?:(?<![\w.'’])[^\W\d_]+\.?{_SPACE}(?=\d{{1,4}}[A-Z]?(?!\w)))?(?<![\w.,:/])\w*\d\w*(?:[.,:/–-]\w+)*"
    rf"|\b(?i:(?:one|{_WORD})(?:[ -]{_FRACTION}|[ ](?:in|out[ ]of)[ ](?:every[ ])?(?:{_WORD}))|{_FRACTION}|{_WORD})\b"
)
_YEARS = re.compile(r"\d{4}[–/-](?:\d\d){1,2}")


def _measured(text: str) -> list[tuple[int, int, _Day | Quantity]]:
    """The figures and dates of a text, with offsets."""
    figures = [(figure.start, figure.end, figure) for figure in quantities(text)]
    dated = [(*match.span(), _Day(date, part)) for match in DATE.finditer(text) for date, part in _dates(text, match)]
    rest = _without(text, [*figures, *dated])
    years = [(*match.span(), _Day(PartialDate(int(match[0])), _part(text, match))) for match in _YEAR.finditer(rest)]
    return [*figures, *dated, *years]


def _dates(text: str, match: re.Match[str]) -> Iterator[tuple[PartialDate, str]]:
    """The dates of one match: two of "11 and 12 March" and of "2023-24"; none of "1990s", which is no year."""
    part = _part(text, match)
    if match["iso"]:
        yield PartialDate(*map(int, match["iso"].split("-"))), part
    elif match["years"]:
        years = re.findall(r"\d+", match["years"]) if match["years"][-1].isdigit() else []
        yield from ((PartialDate(int(years[0][: 4 - len(year)] + year)), "") for year in years)
    else:
        year = match["year"] or match["year2"] or match["year3"]
        name = (match["month"] or match["month2"])[:3].title()
        days = re.findall(r"\d+", match["days"] or match["days2"] or "")
        month = list(calendar.month_abbr).index(name)
        for day in days or [None]:
            yield PartialDate(int(year) if year else None, month, int(day) if day else None), part


def _part(text: str, match: re.Match[str]) -> str:
    found = _PART.search(text[max(0, match.start() - 24) : match.start()])
    return found[1].lower().replace("beginning", "start") if found else ""


def _without(text: str, facts: Iterable[tuple[int, int, object]]) -> str:
    """The text with the words of some facts struck out, at its length."""
    pieces, place = [], 0
    for start, end, _ in sorted(facts, key=lambda fact: fact[:2]):
        if end > place:
            pieces += [text[place:start], "_" * (end - max(start, place))]
            place = end
    return "".join(pieces) + text[place:]


def _tokens(text: str) -> str:
    """Lower-case words between single spaces: titles and possessives dropped, "third" as "3rd", "two" as "2"."""
    plain = unicodedata.normalize("NFKC", _TITLE.sub(" ", text)).casefold()
    plain = re.sub(r"(?<=\w)['’]s\b", "", plain)
    plain = re.sub(r"\b([^\W\d_])\.(?=[^\W\d_]\b)", r"\1", plain)  # "u.s." is "us."
    words = re.findall(r"\d+(?:[.,:]\d+)*\w*|[^\W_]+", plain)
    return f" {' '.join(_NUMBERED.get(word, word) for word in words)} "


_NUMBERED = {**_ORDINALS, **{word: str(number) for word, number in SMALL.items()}}

# --- names -----------------------------------------------------------------------------------------------------

_MARKER = re.compile(r"\[\d{1,3}(?:, ?\d{1,3})*\]")
_TITLE = re.compile(r"\b(?:Mr|Mrs|Ms|Miss|Dr|Prof|Professor|Sir|Dame|Madam|Hon)\b\.?")
_CAPITAL = r"[A-ZÀ-ÖØ-Þ]\w*(?:[’'&.-][^\W\d_]\w*|-\d\w*)*"
_NAME = re.compile(rf"(?<!\w)(?<!\w[’']){_CAPITAL}(?:{_SPACE}(?:(?:of|for){_SPACE}(?:the{_SPACE})?)?{_CAPITAL})*")
_BEGINS = re.compile(r"(?:[.!?:\n][\"'”’)\]]*\s*[*•-]?|[\"“])\s*$")


def _facts(claim: str, common: Collection[str]) -> Iterator[tuple[int, int, _Fact]]:
    """Everything a claim must have from its quotes; ``common`` holds words that are no names."""
    claim = _MARKER.sub(lambda marker: " " * len(marker[0]), claim)
    measured = [fact for fact in _measured(claim) if not _YEARS.fullmatch(claim[fact[0] : fact[1]])]  # found as written
    yield from measured
    rest = _without(claim, measured)
    for match in _NUMERAL.finditer(rest):
        start = match.start()
        first, *last = re.split(_SPACE, match[0], maxsplit=1)
        if last and first.lower() in STOP_WORDS:  # "at 17:30"
            start = match.end() - len(last[0])
        if tokens := _tokens(rest[start : match.end()]).strip():
            yield start, match.end(), tokens
    untitled = _TITLE.sub(lambda title: "|" * len(title[0]), rest)
    for match in _NAME.finditer(untitled):
        begin = _name_start(untitled, match, common)
        if begin is not None and (tokens := _tokens(untitled[begin : match.end()]).strip()) not in ("", "i"):
            yield begin, match.end(), tokens


def _name_start(text: str, match: re.Match[str], common: Collection[str]) -> int | None:
    """Where the name in a run of capitalised words begins; None where a sentence merely begins there.

    A sentence's first word is no name if the quotes have it in lower case, and not known to be one if it stands alone.
    """
    before = text[max(0, match.start() - 12) : match.start()]
    if (match.start() > 8 or before.strip(' *•-"“')) and not _BEGINS.search(before):
        return match.start()
    first, _, others = match[0].partition(" ")
    if first.lower() in common:
        return match.end() - len(others) if others else None
    surely = others or re.search(r"[A-Z\d].*[A-Z\d]|['’]s$", first)
    return match.start() if surely else None
