"""What each span says, and of when: statements.

A statement is what a reader found, with the moment it was true of (see moments.py), the clause that tells what it
counts, and its figure. A span over several figures is narrowed to one.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from rag.moments import mentions, moment_of
from rag.quantities import number_of, quantities
from rag.questions import asked_for
from rag.stages import other_stage, stages_of, told_of
from rag.types import Document, Grounds, Moment, PartialDate, Quantity, Span

WIDE_DAYS = 31  # a moment that may be any day of a longer time is not the latest by its last day


@dataclass(frozen=True, slots=True)
class Statement:
    """Words that may answer, with the moment they speak of; ``quantity`` is the figure they hold.

    ``headings`` are what they stand under, the document's title first; ``led_up`` the sentences before, in the same
    paragraph, that say of what a sentence is that names nothing itself.
    """

    span: Span
    published: PartialDate
    moment: Moment
    given: Span  # the words with what changes the meaning of a figure: "over", "million"
    words: str
    clause: str
    quantity: Quantity | None = None
    paper: str = ""  # the whole text it is from
    headings: tuple[str, ...] = ()
    led_up: tuple[str, ...] = ()

    @property
    def score(self) -> float:
        """The probability that the words answer."""
        return self.span.score

    @property
    def sentence(self) -> str:
        """The sentence the words stand in."""
        return self.span.passage.words(self.span.sentence_start, self.span.sentence_end)

    def scored(self, score: float) -> Statement:
        """The same with another probability."""
        return replace(self, span=replace(self.span, score=score), given=replace(self.given, score=score))

    def when(self) -> dt.date:
        """Its place in time; the first day of all for what is not dated."""
        moment = self.moment
        if moment.first is None or moment.last is None:
            return dt.date.min
        wide = (moment.last - moment.first).days > WIDE_DAYS and moment.since is None
        return moment.first if wide else moment.last


def statements(question: str, spans: Sequence[Span], documents: Mapping[int, Document]) -> list[Statement]:
    """What each span says, and of when; in their order."""
    said = [_statement(question, span, documents[span.passage.document_id]) for span in spans]
    said = [one for one in said if not (_HOW_MANY.match(question) and _is_a_year(one))]
    return said if _BEFORE_CHANGE.search(question) else [one for one in said if not _is_former(one)]


_BEFORE_CHANGE = re.compile(
    r"\b(?:from|before|former\w*|previous\w*|original\w*|first|old|chang\w+|rais\w+|up)\b", re.IGNORECASE
)
_FORMER = re.compile(
    r"\b(?:rais\w+|increas\w+|r[io]sen?|rises?|gr[eo]wn?|lift\w*|cut|reduc\w+|lower\w*|fell|fallen|dropp\w+|decreas\w+"
    r"|chang\w+|mov\w+|slip\w*|postpon\w+|delay\w*|put back|brought forward|extend\w*|expand\w*|widen\w*|revis\w+"
    r"|went|goes?)\b[^.;]{0,60}\bfrom (?:(?:about|around|over|some|nearly|just|under|more than|the|\w+ing) )*$",
    re.IGNORECASE,
)
_TO_ANOTHER = re.compile(r"[^.;,]{0,30}? to (?:about |around |over |some |nearly |more than |just |under )*[\w$£€¥]")


def _is_former(one: Statement) -> bool:
    """Whether words are what something was changed from: "raised from £12 million to £20 million"."""
    offset = one.span.sentence_start
    changed = _FORMER.search(one.sentence, max(0, one.given.start - offset - 120), one.given.start - offset)
    return changed is not None and _TO_ANOTHER.match(one.sentence, one.given.end - offset) is not None


_HOW_MANY = re.compile(r"\s*how (?:many|much)\b", re.IGNORECASE)
_YEAR = re.compile(r"(?:19|20)\d\d")
_IN = re.compile(r"\b(?:in|since|by|of|from|until|during|to|and) $", re.IGNORECASE)


def _is_a_year(one: Statement) -> bool:
    """Whether a bare number is the year of "1 500 vessels in 2023", not the count of "received 2023 vessels"."""
    before = one.paper[max(0, one.given.start - 8) : one.given.start]
    return one.quantity is None and bool(_YEAR.fullmatch(one.words) and _IN.search(before))


def named_day(one: Statement) -> dt.date | None:
    """The last day that the words of a statement name, where they are a date whose year is known."""
    days = [mention.named[-1].last for mention in mentions(one.words, one.published)]
    return max((day for day in days if day), default=None)


def _statement(question: str, span: Span, document: Document) -> Statement:
    span = _latter(span, document)
    span = _one_figure(question, span, document) if asked_for(question) == "number" else span
    sentence = document.text[span.sentence_start : span.sentence_end]
    start, end = span.start - span.sentence_start, span.end - span.sentence_start
    published = document.published.date
    moment = moment_of(sentence, start, end, published)
    counts = number_of(document.text[span.start : span.end]) is not None
    goes_on = bool(_ANAPHORA.search(sentence) or (counts and _HAD.search(sentence)))
    if moment.grounds is Grounds.PUBLISHED and (goes_on or (counts and stages_of(sentence))):
        moment = _of_the_sentences_before(span, document, counts_on=not goes_on) or moment
    if moment.grounds is Grounds.PUBLISHED:
        moment = _of_the_cell(sentence, start, published) or _of_the_heading(span, document) or moment
    low, high = with_qualifier(document.text, span.start, span.end)
    if asked_for(question) not in ("person", "place", "number", "date"):
        low, high = _whole_name(document.text, low, high, span)
    given = replace(span, start=max(low, span.sentence_start), end=high)
    words = document.text[given.start : given.end]
    figure = number_of(words)
    there = next((q for q in quantities(sentence) if q.start < end and start < q.end), None)
    if figure and there is None:  # the day of a date
        figure = None
    elif figure and there and not figure.unit:  # what is counted stands beside the words
        figure = replace(figure, unit=there.unit)
    above = dict.fromkeys((document.title, *span.passage.headings, *document.headings_above(span.start)))
    return Statement(
        span, published, moment, given, words, told_of(sentence, start, end), figure, document.text,
        headings=tuple(above), led_up=_led_up(span, sentence),
    )  # fmt: skip


_COLUMN = re.compile(r"(?:^|; )(?P<label>[^;:]{4,40}): [^;:]*$")


def _of_the_cell(sentence: str, start: int, published: PartialDate) -> Moment | None:
    """The moment that heads the column of a cell or begins its row: "Station: Old Mole; 2021: 47; 2022: 44"."""
    row, cell = ROW.match(sentence), _COLUMN.search(sentence, 0, start)
    for label in (cell["label"], row["first"]) if row and cell else ():
        told = f"in {label}"  # a bare year is no date elsewhere
        for one in mentions(told, published):
            if one.end - one.start == len(told):
                return one.moment
    return None


ROW = re.compile(r"[^;:.]{1,60}: (?P<first>[^;:]{1,120}); [^;:.]{1,60}: ")  # of a table: "Count: approved; 2023: 120"


def _of_the_heading(span: Span, document: Document) -> Moment | None:
    """The moment that the nearest heading names for what stands under it: "The programme at the end of 2024"."""
    above = document.headings_above(span.start)
    found = mentions(above[-1], document.published.date) if above else []
    stood = [one.moment for one in found if one.role in ("at", "by") and _STOOD.match(one.moment.words)]
    return stood[0] if len(found) == 1 and stood else None


_STOOD = re.compile(r"(?:as )?(?:at|of|by)\b|(?:the )?end\b", re.IGNORECASE)


def _led_up(span: Span, sentence: str) -> tuple[str, ...]:
    """The sentences of a paragraph up to one that names something, where the sentence itself names nothing.

    "I turn to the Renewal Grant. By May we had received 14 500 applications."
    """
    passage, following, led = span.passage, span.sentence_start, list[str]()
    for start, end in reversed([place for place in passage.sentences if place[1] <= following]):
        named = _NAMES_SOMETHING.search(led[0] if led else sentence)
        if named or len(led) == SENTENCES_LED or "\n" in passage.words(end, following):
            break
        led.insert(0, passage.words(start, end))
        following = start
    return tuple(led)


SENTENCES_LED = 3


def _one_figure(question: str, span: Span, document: Document) -> Span:
    """Of a span over several figures ("250 000, of which 160 000") the one whose clause is of the stage asked about."""
    text = document.text[span.start : span.end]
    found = quantities(text)
    if not found or (len(found) == 1 and "\n" not in text):
        return span
    parts = [narrowed(span, span.start + one.start, span.start + one.end) for one in found]
    return next((part for part in parts if other_stage(question, _told(part, document)) is False), parts[0])


def _latter(span: Span, document: Document) -> Span:
    """Of a span over what something was changed from and to, what it was changed to."""
    both = _FROM_TO.search(document.text[span.start : span.end])
    changed = both and _FORMER.search(document.text, span.sentence_start, span.start + both.start())
    return narrowed(span, span.start + both.end(), span.end) if both and changed else span


_FROM_TO = re.compile(r"(?:^|(?<=from ))[^.;]{1,60}? to (?=[\w$£€¥])")


def _told(span: Span, document: Document) -> str:
    sentence = document.text[span.sentence_start : span.sentence_end]
    return told_of(sentence, span.start - span.sentence_start, span.end - span.sentence_start)


def narrowed(span: Span, start: int, end: int) -> Span:
    """A part of a span, with the sentence that holds it."""
    low, high = span.passage.sentence_around(start, end)
    return replace(span, start=start, end=end, sentence_start=low, sentence_end=high)


_ANAPHORA = re.compile(
    r"^(?:These|They|Both)\b|\b(?:of|among) (?:them|these|those|which)\b"
    r"|\bof (?:that|this|the) (?:number|total|figure)\b",
    re.IGNORECASE,
)
_HAD = re.compile(r"\bhad (?:already |now |also |by then |in fact )*(?:been|come|gone|\w+ed)\b")
SENTENCES_BACK = 2


def _of_the_sentences_before(span: Span, document: Document, *, counts_on: bool) -> Moment | None:
    """The moment a sentence before names, where this one goes on about the same: "Of these, ...", "... had come".

    With ``counts_on`` this one only gives another figure; then the one before must give figures of stages too.
    """
    before = [place for place in span.passage.sentences if place[1] <= span.sentence_start]
    for start, end in reversed(before[-SENTENCES_BACK:]):
        between = document.text[end : span.sentence_start]
        if "\n\n" in between or ("\n" in between and (start, end) != before[-1]):
            return None  # another paragraph, or an item of a list further off
        if counts_on and not (stages_of(document.text[start:end]) and quantities(document.text[start:end])):
            return None
        moment = moment_of(document.text[start:end], 0, end - start, document.published.date)
        if moment.grounds in (Grounds.STATED, Grounds.RELATIVE):
            return moment
    return None


def _whole_name(text: str, start: int, end: int, span: Span) -> tuple[int, int]:
    """The whole name where words begin or end within it: "Top Talent Pass Scheme" for "Talent Pass"."""
    if not _NAME.fullmatch(text, start, end) or _TITLED.match(text, start):
        return start, end
    before = _NAME_BEFORE.search(text[max(span.sentence_start, start - 120) : start])
    after = _NAME_AFTER.match(text, end, span.sentence_end)
    if before and not _TITLED.search(before[0]):
        whole = _FIELDS.search(before[0]) or before.string[: before.start()].lower().endswith("the ")
        start -= len(before[0] if whole else before[0].rpartition(" and ")[2])  # "Norland Steel and Arvik Port Board"
    return start, after.end() if after else end


_NAME = re.compile(r"[A-Z][\w'’-]*(?: (?:of |and |for |the )*[A-Z][\w'’-]*)*")
_DAY = f"(?:{'|'.join([*calendar.day_name, *calendar.month_name[1:]])})"
_NO_PART = (  # of a name, though it has a capital at the beginning of a sentence or as a date
    rf"(?:{_DAY}|The|In|At|On|By|For|From|A|An|With|Under|Its|Their|Of|And|Last|Next|This|That|When|While|However|Yes|No"
    r"|Yesterday|Today|Tomorrow|Both|Between|I|We|He|She|It|They)"
)
_NAMES_SOMETHING = re.compile(  # besides persons and dates
    rf"\b(?!(?:{_NO_PART}|Mr|Ms|Mrs|Miss|Dr|Sir|Councillor|Professor)\b)[A-Z][\w'’-]+ (?:(?:of|for|and|the) )*"
    rf"(?!{_DAY}\b)[A-Z][a-z][\w'’-]+"
)
_NAME_AFTER = re.compile(rf"(?: (?!(?:Mr|Ms|Mrs|Miss|Dr|Prof|Professor|{_NO_PART})\b)[A-Z][\w'’-]*)+")
_FIELDS = re.compile(r"\b(?:of|for) .* and ")  # "Minister of Trade and Industry"
_TITLED = re.compile(r"(?:Mr|Ms|Mrs|Miss|Dr|Prof|Professor)\b")
_NAME_BEFORE = re.compile(  # not the word that begins the sentence, unless it goes on
    rf"(?<![.!?:] )(?<![^\W\d_])(?:(?!{_NO_PART} )[A-Z][\w'’-]* (?:of |and |for |of the )?)*"
    rf"(?!{_NO_PART} )[A-Z][\w'’-]* $"
)
_QUALIFIER = re.compile(
    r"(?:over|about|around|nearly|almost|approximately|some|at least|at most|up to|more than|less than|fewer than"
    r"|close to|under|upwards of|not more than|no more than|not less than|(?:HK|US|A|C)?[$£€¥])\s*$",
    re.IGNORECASE,
)
_UNIT = re.compile(r"\s?(?:%|per cent\b|percent\b|million\b|billion\b|trillion\b)")


def with_qualifier(text: str, start: int, end: int) -> tuple[int, int]:
    """A figure with what changes its meaning: "over 260 000", "HK$1.2 million", "15 per cent"."""
    if re.match(r"[$£€¥]?\d", text[start:end]):
        for _ in range(2):  # "about HK$"
            before = _QUALIFIER.search(text[max(0, start - 16) : start])
            if before and (before.start() == 0 or not before.string[before.start() - 1].isalnum()):
                start -= len(before.group())
    if text[start:end] and text[end - 1].isdigit():
        after = _UNIT.match(text, end)
        end = after.end() if after else end
    return start, end
