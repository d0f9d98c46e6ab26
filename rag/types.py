"""The nouns of Vouch: frozen, slotted dataclasses on the standard library only.

Offsets count Python characters in ``Document.text``, the stored text. That text never changes: new text is a
new version of the document, so an offset in an answer stays true for as long as the version is kept.
"""

from __future__ import annotations

import calendar
import datetime as dt
import math
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum


@dataclass(frozen=True, slots=True, order=True)
class PartialDate:
    """A date of which some parts may be unknown: ``PartialDate(2024, 3)`` is March 2024.

    ``PartialDate(None, 6, 3)`` is "June 3" of a year nobody stated.
    """

    year: int | None = None
    month: int | None = None
    day: int | None = None

    @property
    def precision(self) -> str:
        """One of ``day``, ``month``, ``year``, ``month-day`` (the year is unknown) and ``unknown``."""
        if self.year is None:
            return "month-day" if self.month and self.day else "unknown"
        if self.month is None:
            return "year"
        return "month" if self.day is None else "day"

    def first(self) -> dt.date | None:
        """The earliest day it can mean; None where the year is unknown."""
        if self.year is None:
            return None
        return dt.date(self.year, self.month or 1, (self.day or 1) if self.month else 1)

    def last(self) -> dt.date | None:
        """The latest day it can mean; None where the year is unknown."""
        if self.year is None:
            return None
        month = self.month or 12
        day = self.day if self.month and self.day else calendar.monthrange(self.year, month)[1]
        return dt.date(self.year, month, day)

    def isoformat(self) -> str:
        """ISO 8601 at the known precision: ``2024-03-18``, ``2024-03``, ``2024``, ``--06-03``, or empty."""
        match self.precision:
            case "day":
                return f"{self.year:04d}-{self.month:02d}-{self.day:02d}"
            case "month":
                return f"{self.year:04d}-{self.month:02d}"
            case "year":
                return f"{self.year:04d}"
            case "month-day":
                return f"--{self.month:02d}-{self.day:02d}"
            case _:
                return ""

    @classmethod
    def fromisoformat(cls, text: str) -> PartialDate:
        """The inverse of :meth:`isoformat`. Raises ValueError for anything else, impossible days included."""
        if not text:
            return cls()
        yearless = text.startswith("--")
        fields = (text[2:] if yearless else text).split("-")
        widths = [2, 2] if yearless else [4, 2, 2][: len(fields)]
        if [len(part) for part in fields] != widths or not all(part.isascii() and part.isdigit() for part in fields):
            raise ValueError(f"not a date: {text!r}")
        numbers = [int(part) for part in fields]
        date = cls(None, *numbers) if yearless else cls(*numbers)
        dt.date(date.year or 2000, date.month or 1, date.day or 1)  # 2000 is a leap year: --02-29 exists
        return date

    def __str__(self) -> str:
        """As a person writes it: ``18 March 2024``, ``March 2024``, ``3 June (year not stated)``."""
        name = calendar.month_name[self.month] if self.month else ""
        match self.precision:
            case "day":
                return f"{self.day} {name} {self.year}"
            case "month":
                return f"{name} {self.year}"
            case "year":
                return str(self.year)
            case "month-day":
                return f"{self.day} {name} (year not stated)"
            case _:
                return "date not stated"


class Basis(StrEnum):
    """How a document's date is known."""

    METADATA = "metadata"  # the format names it as the publication date
    TEXT = "text"  # the text states it in full
    INFERRED = "inferred"  # the text states a part, and its other dates leave one choice
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Published:
    """When a document was published, how that is known, and the words it was read from."""

    date: PartialDate = field(default_factory=PartialDate)
    basis: Basis = Basis.UNKNOWN
    words: str = ""

    def __str__(self) -> str:
        return str(self.date)


class Grounds(StrEnum):
    """How the moment of a statement is known."""

    STATED = "stated"  # its words name it
    RELATIVE = "relative"  # its words name it from the document's date: "at the end of last month"
    PUBLISHED = "published"  # it is the document's own date
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Moment:
    """When a statement was true: some day from ``first`` to ``last``, both included; None where the year is unknown.

    ``label`` is how a person writes it ("end-February 2024"), ``words`` the exact words it was read from, empty
    where it is the document's date; ``since`` is where a time that the statement covers began ("since December 2022").
    """

    first: dt.date | None
    last: dt.date | None
    label: str
    grounds: Grounds
    words: str = ""
    since: dt.date | None = None

    @property
    def told(self) -> str:
        """ "as at end-February 2024"; "since 2018" is told as it is."""
        spans = self.label.startswith(("since ", "from ", "until ", "before ", "after "))
        return self.label if spans else f"as at {self.label}"


@dataclass(frozen=True, slots=True)
class Quantity:
    """A figure as it is written, ``text[start:end]``.

    ``number`` is exact and scaled ("0.26 million" is 260000); ``unit`` is what is counted or measured ("applications",
    "%", "HK$") and ``qualifier`` what changes its meaning ("over", "about"), each empty where nothing is written.
    """

    number: Decimal
    unit: str
    qualifier: str
    start: int
    end: int


class BlockKind(StrEnum):
    """What a stretch of the stored text is."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ITEM = "item"
    ROW = "row"  # one row of a table, written with its column names


@dataclass(frozen=True, slots=True)
class Block:
    """One structural unit, ``document.text[start:end]``; ``level`` is a heading's or a list item's depth from 1."""

    kind: BlockKind
    start: int
    end: int
    level: int = 1


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a file or URL gave, before cleaning.

    ``pages`` holds Markdown-like text (``#`` headings, ``-`` items, ``|`` tables), one string a page; formats
    without pages have one. ``published`` is only what the format itself names a publication date, never the
    date of a file.
    """

    source: str
    sha256: str
    format: str
    pages: tuple[str, ...]
    title: str | None = None
    published: str | None = None
    metadata: Mapping[str, str] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Cleaned:
    """The text to store, with its structure.

    ``blocks`` are in order and do not overlap; ``pages`` holds the offset at which each page starts;
    ``margins`` the lines that were taken out (navigation, sign-offs), from which a date may still be read.
    """

    text: str
    title: str
    blocks: tuple[Block, ...]
    pages: tuple[int, ...] = (0,)
    margins: tuple[str, ...] = ()


CAPTION_CHARS = 160  # a longer paragraph before a table is none
MOST_LEVELS = 10  # deeper than any heading


@dataclass(frozen=True, slots=True)
class Document:
    """One version of a document as it is stored and cited.

    ``sha256`` is that of the file as it was read, by which a quote leads back to its origin;
    ``pages`` the offset at which each page starts (one for formats without pages).
    """

    id: int
    source: str
    title: str
    text: str
    published: Published
    sha256: str
    format: str
    blocks: tuple[Block, ...]
    pages: tuple[int, ...] = (0,)
    metadata: Mapping[str, str] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()

    def page_at(self, offset: int) -> int | None:
        """The page number (from 1) that holds a character offset; None for a document without pages."""
        return bisect_right(self.pages, offset) if len(self.pages) > 1 or self.format == "pdf" else None

    def headings_above(self, offset: int) -> tuple[str, ...]:
        """The headings that a character offset stands under, from the top down; for a row the table's caption too."""
        above: list[Block] = []
        before = self.blocks[: bisect_right(self.blocks, offset, key=lambda block: block.start)]
        in_table = bool(before) and before[-1].kind is BlockKind.ROW
        for block in reversed(before):
            if in_table and block.kind is not BlockKind.ROW:
                in_table, caption = False, self.text[block.start : block.end]
                if block.kind is BlockKind.PARAGRAPH and len(caption) <= CAPTION_CHARS and caption[-1:] not in ".?!":
                    above.append(replace(block, level=MOST_LEVELS))
            if block.kind is BlockKind.HEADING and (not above or block.level < above[-1].level):
                above.append(block)
            if above and above[-1].level == 1:
                break
        return tuple(self.text[block.start : block.end] for block in reversed(above))


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of a document; ``text == document.text[start:end]`` always.

    ``sentences`` are ``(start, end)`` offsets into the document, in order, within ``[start, end)``, items and
    table rows among them, headings not: a heading announces, it states nothing. ``headings`` are the title and
    headings it stands under, from the top down, without those inside its own text.
    """

    id: int
    document_id: int
    start: int
    end: int
    text: str
    sentences: tuple[tuple[int, int], ...] = ()
    headings: tuple[str, ...] = ()

    @property
    def search_text(self) -> str:
        """What is embedded and indexed: headings for context, then the text."""
        return "\n".join((*self.headings, self.text))

    def words(self, start: int, end: int) -> str:
        """``document.text[start:end]``, of offsets within the passage."""
        return self.text[start - self.start : end - self.start]

    def sentence_around(self, start: int, end: int) -> tuple[int, int]:
        """Offsets of the sentences that hold ``[start, end)``; where it begins in a heading, of its line."""
        first = bisect_right(self.sentences, (start, math.inf)) - 1
        last = bisect_right(self.sentences, (end - 1, math.inf)) - 1
        if first >= 0 and start < self.sentences[first][1]:
            return self.sentences[first][0], max(self.sentences[last][1], end)
        line = self.text.rfind("\n", 0, start - self.start) + 1
        after = self.text.find("\n", end - self.start)
        return self.start + line, self.start + (after if after >= 0 else len(self.text))


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that a search found. Ranks count from 1; None where that search did not return the passage."""

    passage: Passage
    score: float
    dense_rank: int | None = None
    lexical_rank: int | None = None
    dense_score: float | None = None
    lexical_score: float | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """Words a reader chose, ``document.text[start:end]``, and the whole sentence that holds them.

    ``score`` is a probability in [0, 1] that the words answer the question, comparable across passages. Where
    a question has no short answer, ``start`` and ``end`` are those of the sentence.
    """

    passage: Passage
    start: int
    end: int
    sentence_start: int
    sentence_end: int
    score: float


@dataclass(frozen=True, slots=True)
class Citation:
    """Exact words of a document: ``document.text[start:end] == quote``. ``number`` is the marker in the answer."""

    number: int
    document_id: int
    source: str
    title: str
    published: Published
    start: int
    end: int
    quote: str
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Point:
    """One value of a series: the exact words, the moment they speak of, and where they stand.

    ``quantity`` is the figure they hold, with offsets into ``value``; None where the value is no figure.
    """

    value: str
    moment: Moment
    citation: Citation
    quantity: Quantity | None = None


class Fate(StrEnum):
    """What became of words that might have answered; the first that holds is told."""

    ANSWERS = "answers"
    PASSED_OVER = "passed over"  # sure enough, but other words are surer, or newer
    UNSURE = "unsure"  # below the least confidence
    ANOTHER_TIME = "another time"  # than the one asked about
    UNDATED = "undated"  # a time is asked about, and theirs is not known
    ANOTHER_OFFICE = "another office"  # than the one asked about, or no name of a person
    UNNAMED = "unnamed"  # their document names no such year, month or ordinal as the question does


@dataclass(frozen=True, slots=True)
class Candidate:
    """Words that a reader marked, ``document.text[start:end] == words``, how sure it was, and what became of them.

    ``score`` lies in [0, 1]; ``moment`` is when they were true, None where that is not known.
    """

    document_id: int
    start: int
    end: int
    words: str
    score: float
    fate: Fate
    moment: Moment | None = None


@dataclass(frozen=True, slots=True)
class Removed:
    """A sentence that a model wrote and nobody was shown, and why not."""

    sentence: str
    reason: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What ``ask`` returns.

    ``text`` is what a person reads, with markers ``[1]``; ``short`` the exact words, where the question has some.
    An abstention has ``text is None``, says why in ``reason``, and still carries the nearest ``hits``.
    ``confidence`` lies in [0, 1]; ``timings`` holds seconds by stage. ``moment`` is when what is answered was true;
    ``timeline`` the whole series, oldest first, where documents answer at different moments (also of an abstention,
    where the series does not reach the time asked about); ``conflicts`` the values of one moment that differ, and
    ``computed`` the figures of ``short`` that no document states but that follow from the cited ones.
    ``candidates`` are the words that were read as a possible answer, those that answer first, then the surest.
    ``written_by`` names the model that wrote ``text``, None where it is made of the documents' own sentences;
    ``removed`` holds what the model wrote and the documents do not bear out, ``notes`` what a reader should know of
    how the answer came about: a model that failed, for one.
    """

    question: str
    text: str | None
    short: str | None = None
    citations: tuple[Citation, ...] = ()
    confidence: float = 0.0
    as_of: dt.date | None = None
    moment: Moment | None = None
    timeline: tuple[Point, ...] = ()
    conflicts: tuple[Point, ...] = ()
    computed: tuple[str, ...] = ()
    hits: tuple[Hit, ...] = ()
    reason: str | None = None
    timings: Mapping[str, float] = field(default_factory=dict)
    candidates: tuple[Candidate, ...] = ()
    written_by: str | None = None
    removed: tuple[Removed, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def abstained(self) -> bool:
        """True where the documents don't say."""
        return self.text is None


@dataclass(frozen=True, slots=True)
class Message:
    """One turn that a generator is given: ``role`` is ``system``, ``user`` or ``assistant``."""

    role: str
    content: str


@dataclass(frozen=True, slots=True)
class NumberedPassage:
    """A passage as a generator sees it, under the number that its markers name, and the document it is of."""

    number: int
    passage: Passage
    document: Document


@dataclass(frozen=True, slots=True)
class Evidence:
    """The words that bear a sentence, ``document.text[start:end]`` of the document of passage ``number``."""

    number: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Checked:
    """What became of one sentence that a generator wrote.

    ``text`` is the sentence as it may be shown, its markers repaired; None where it was removed, and then ``reason``
    says why in a person's words and ``evidence`` is empty.
    """

    sentence: str
    text: str | None
    evidence: tuple[Evidence, ...] = ()
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class SearchFilter:
    """Which documents may answer: published by ``as_of`` (last possible day), source containing ``source``,
    and metadata equal to ``metadata``. With ``as_of``, a document whose year is unknown is left out."""

    as_of: dt.date | None = None
    published_from: dt.date | None = None
    source: str | None = None
    metadata: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Failure:
    """A file that could not be indexed, and what to do about it. ``error`` is the name of the error."""

    source: str
    error: str
    reason: str


@dataclass(frozen=True, slots=True)
class IndexReport:
    """What one run of ``index`` did; sources in the order they were met."""

    added: tuple[str, ...] = ()
    updated: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    failed: tuple[Failure, ...] = ()
    warnings: tuple[str, ...] = ()
    passages: int = 0
    seconds: float = 0.0


# --- briefs and comparisons -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Reference:
    """A document as it is named."""

    document_id: int
    source: str
    title: str
    published: Published


@dataclass(frozen=True, slots=True)
class Entry:
    """Something the documents say: the exact words, the moment they speak of, and who else says so.

    ``citation`` is the newest document's; ``also`` holds the others, oldest first. ``score`` in [0, 1] tells how near
    the words are to the topic.
    """

    moment: Moment
    citation: Citation
    also: tuple[Citation, ...] = ()
    score: float = 0.0

    @property
    def since(self) -> Published:
        """When the first document that says so was published."""
        return self.also[0].published if self.also else self.citation.published


@dataclass(frozen=True, slots=True)
class Series:
    """The values of one figure, latest first; ``label`` says what is counted ("applications received").

    ``conflicts`` holds the values of one moment that differ.
    """

    label: str
    points: tuple[Point, ...]
    conflicts: tuple[Point, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """Something that was still to come when it was written, and what a later document says of it, if any does."""

    entry: Entry
    later: Entry | None = None


@dataclass(frozen=True, slots=True)
class Brief:
    """What the documents say about a topic: every statement an exact quote with its document and date.

    ``entries`` are in the order of the moments they speak of, those without a known moment last; ``figures`` the series
    that values form; ``first`` and ``last`` the first and the last dated document on it, of ``documents`` in all.
    Where the documents say nothing, all is empty and ``reason`` says why. ``left_out`` counts documents of which nobody
    knows whether they had been published by ``as_of``. ``timings`` holds seconds by stage. ``text`` is what a model
    made of all this, with markers ``[1]``, None where none did; ``written_by``, ``removed`` and ``notes`` are as in
    ``Answer``.
    """

    topic: str
    entries: tuple[Entry, ...] = ()
    figures: tuple[Series, ...] = ()
    plans: tuple[Plan, ...] = ()
    citations: tuple[Citation, ...] = ()
    first: Reference | None = None
    last: Reference | None = None
    documents: int = 0
    as_of: dt.date | None = None
    left_out: int = 0
    reason: str | None = None
    timings: Mapping[str, float] = field(default_factory=dict)
    text: str | None = None
    written_by: str | None = None
    removed: tuple[Removed, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def abstained(self) -> bool:
        """True where the documents say nothing about the topic."""
        return self.reason is not None


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a comparison: what had been published by a day, or one document."""

    name: str
    as_of: dt.date | None = None
    document: Reference | None = None
    documents: int = 0


@dataclass(frozen=True, slots=True)
class Change:
    """A figure on both sides.

    ``difference`` is worked out from the two values, and stands in no document; None where they are the same, or where
    their words leave it open. ``conflicts`` holds values of one moment that differ.
    """

    label: str
    first: Point
    second: Point
    difference: str | None = None
    conflicts: tuple[Point, ...] = ()


@dataclass(frozen=True, slots=True)
class Comparison:
    """What two sides say about a topic.

    ``changed`` are figures with another value on the second side, ``same`` those with one value on both; ``only_first``
    and ``only_second`` statements that the other side has none like, ``both`` those that both have. Not repeated is not
    untrue. Where neither side says anything, all is empty and ``reason`` says why. ``left_out`` counts documents
    without a known year, which belong to no day. ``text``, ``written_by``, ``removed`` and ``notes`` are as in
    ``Brief``.
    """

    topic: str
    first: Side
    second: Side
    changed: tuple[Change, ...] = ()
    same: tuple[Change, ...] = ()
    only_first: tuple[Entry, ...] = ()
    only_second: tuple[Entry, ...] = ()
    both: tuple[Entry, ...] = ()
    citations: tuple[Citation, ...] = ()
    left_out: int = 0
    reason: str | None = None
    timings: Mapping[str, float] = field(default_factory=dict)
    text: str | None = None
    written_by: str | None = None
    removed: tuple[Removed, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def abstained(self) -> bool:
        """True where neither side says anything about the topic."""
        return self.reason is not None


Told = Answer | Brief | Comparison  # whatever the documents were asked for
