"""What the documents say about a topic: stretches that can be quoted, how near each is, of when, and its figures.

The same said twice is one; figures of one kind make series. Briefs and comparisons are made of this.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from rag import citing
from rag.defining import expansions, short_forms
from rag.mentions import mentions, of_document
from rag.moments import moment_of
from rag.picking import stems
from rag.quantities import quantities
from rag.statements import Statement, statements
from rag.stretches import block_at, headings_above, leans, stretches
from rag.types import (
    BlockKind,
    Citation,
    Document,
    Entry,
    Grounds,
    Hit,
    Moment,
    PartialDate,
    Passage,
    Point,
    SearchFilter,
    Span,
)

if TYPE_CHECKING:
    from rag.retrieval import HybridRetriever
    from rag.seams import Embedder
    from rag.store import Reading

PASSAGES = 30  # are looked at for a topic

ON_TOPIC = 0.6  # share of the topic's words, rare ones counting more, that a statement or what it stands under has
NEAR, HALF_NAMED = 0.5, 0.3  # cosine from which a statement is on topic with so much of its words
LEAST_WORDS = 8  # of a statement that says something by itself
MOST_SENTENCES = 400  # are weighed
CONTINUES, BESIDE, HEADING = 0.8, 0.62, 0.62  # what its words count for in a paragraph that goes on about it, in the
# sentence before, and in headings ...
SCATTERED = 0.55  # at most, for the words of a name that do not stand together
UNRESOLVED = 0.15  # what a stretch loses that begins with "They"
ABOUT = 0.3  # ... of which it is so large a share
LARGE = 100  # two figures of this size are not the same by chance
SAME_WORDS, SAME_FIGURES = 0.8, 0.5  # cosine from which two statements say the same, without and with equal figures


@dataclass(frozen=True, slots=True)
class Said:
    """One stretch, ``document.text[start:end]``; ``sentence`` bounds the one that was weighed.

    ``score`` tells how near it is to the topic; ``figures`` what it counts; ``vector`` is of unit length.
    """

    document: Document
    passage: Passage
    start: int
    end: int
    sentence: tuple[int, int]
    score: float
    moment: Moment
    figures: tuple[Statement, ...]
    vector: Any = field(compare=False, repr=False)

    @property
    def published(self) -> dt.date:
        """The last day it may have been published on; the first day of all where nobody knows."""
        return self.document.published.date.last() or dt.date.min

    def to_come(self) -> bool:
        """Whether it tells of what was still to come when it was published."""
        known, last = self.document.published.date.last(), self.moment.last
        past = known and last and last < known and self.moment.grounds is Grounds.STATED
        return not past and TO_COME.search(self.document.text, *self.sentence) is not None

    def span(self) -> Span:
        """As it is cited: the whole stretch."""
        return Span(self.passage, self.start, self.end, self.start, self.end, self.score)


def topic_of(words: str) -> str:
    """What a request for a brief is about: "What do the documents say about the night ferry?" is "night ferry"."""
    plain = " ".join(words.split()).rstrip(" ?.!")
    found = _REQUEST.match(plain)
    plain = plain[found.end() :] if found and len(plain) > found.end() + 1 else plain
    return re.sub(r"^(?:the|an?) (?=\S{2})", "", plain, flags=re.IGNORECASE)


_BRIEF = r"(?:brief(?:ing)?|summary|overview|timeline)(?: note)?"
_REQUEST = re.compile(
    r"(?:please |can you |could you )*(?:"
    r"(?:what|which) (?:do|does|did|is|has been|have)(?: \w+){0,4}? (?:says?|said|known|told) (?:about|on|of)"
    r"|(?:tell|brief|inform|update) (?:me|us) (?:about|on)"
    rf"|(?:give|write|make|show)(?: me| us)? (?:a |the )?(?:short |dated )?{_BRIEF} (?:of|on|about|for)"
    rf"|(?:a |the )?{_BRIEF} (?:of|on|about)|summari[sz]e|brief)\s+",
    re.IGNORECASE,
)


def other_names(topic: str, passages: Sequence[Passage]) -> list[str]:
    """What a short form stands for, or the short form of a long one, as the passages define it."""
    long_form, short_form = (
        expansions(topic.upper() if topic.islower() else topic, passages),
        short_forms(topic, passages),
    )
    found = long_form if " " not in topic else short_form
    names = [span.passage.words(span.start, span.end) for span in found[:1]]
    return [" ".join(name.split()) for name in names]


class Shelf:
    """What is searched for a topic: one view of a library, under one filter."""

    def __init__(self, view: Reading, retriever: HybridRetriever, embedder: Embedder, wanted: SearchFilter) -> None:
        self.view, self.wanted = view, wanted
        self.documents: dict[int, Document] = {}
        self._weighed: dict[tuple[int, int], Passage] = {}
        self._retriever, self._embedder = retriever, embedder

    def find(self, topic: str, limit: int = PASSAGES) -> tuple[list[Said], list[Hit]]:
        """What the passages nearest to a topic say about it, and these passages; both nearest first."""
        hits = self.hits(topic, limit)
        return self.weigh(self.names(topic, hits), [hit.passage for hit in hits]), hits

    def hits(self, topic: str, limit: int = PASSAGES) -> list[Hit]:
        """The passages nearest to a topic by any of its names."""
        found = self._retriever.retrieve(topic, limit, self.wanted)
        for name in self.names(topic, found)[1:]:
            known = {hit.passage.id for hit in found}
            found += [hit for hit in self._retriever.retrieve(name, limit, self.wanted) if hit.passage.id not in known]
        return found

    def names(self, topic: str, hits: Sequence[Hit], passages: Sequence[Passage] = ()) -> list[str]:
        """The topic, and its short or long form as the passages define it."""
        return [topic, *other_names(topic, [*(hit.passage for hit in hits), *passages])]

    def weigh(self, names: Sequence[str], passages: Sequence[Passage]) -> list[Said]:
        """What passages say about a topic by any of its names, nearest first."""
        for number in {passage.document_id for passage in passages} - set(self.documents):
            self.documents[number] = self.view.document(number)  # earlier versions too
        self._weighed |= {(passage.document_id, passage.start): passage for passage in passages}
        return gather(names, passages, self.documents, self._embedder)

    def quoted(self, citations: Sequence[Citation]) -> list[tuple[Passage, Document]]:
        """What is cited, each quote as a passage of its own under the headings it stands under."""
        return [
            (_cut(passage, one.start, one.end), self.documents[one.document_id])
            for one in citations
            for passage in self._weighed.values()
            if passage.document_id == one.document_id and passage.start <= one.start < one.end <= passage.end
        ]

    def left_out(self) -> int:
        """How many documents no date tells to have been published by the day asked about."""
        return sum(one.published.date.last() is None for one in self.view.documents()) if self.wanted.as_of else 0

    def as_of(self, day: dt.date | None) -> Shelf:
        """The same over what had been published by a day; over everything that is in the library now without one."""
        return Shelf(self.view, self._retriever, self._embedder, replace(self.wanted, as_of=day))


def _cut(passage: Passage, start: int, end: int) -> Passage:
    """The part of a passage between two offsets, with its sentences there."""
    sentences = tuple((max(a, start), min(b, end)) for a, b in passage.sentences if a < end and start < b)
    return replace(passage, start=start, end=end, text=passage.words(start, end), sentences=sentences)


# --- how near ----------------------------------------------------------------------------------------------------


def gather(
    names: Sequence[str], passages: Sequence[Passage], documents: Mapping[int, Document], embedder: Embedder
) -> list[Said]:
    """What the passages say about a topic by any of its names, nearest first; empty where they say nothing."""
    places = [
        (passage, documents[passage.document_id], sentence, whole)
        for passage in passages
        for sentence, whole in stretches(passage, documents[passage.document_id])
    ][:MOST_SENTENCES]
    if not places:
        return []
    texts = [document.text[slice(*whole)] for _, document, _, whole in places]
    vectors = embedder.embed([*names, *texts])
    topic = _Topic.of(names, texts)
    found = []
    for (passage, document, sentence, whole), text, vector in zip(places, texts, vectors[len(names) :], strict=True):
        cosine = max(float(vector @ name) for name in vectors[: len(names)])
        held = topic.held(document, sentence, whole)
        near = cosine >= NEAR and held >= HALF_NAMED and topic.is_named(document, whole)
        if held >= ON_TOPIC or near:
            score = 0.4 * cosine + 0.45 * held + _worth(text) - (UNRESOLVED if leans(document, *whole) else 0.0)
            figures = _figures(names[0], Span(passage, *whole, *whole, score), documents)
            moment = _moment(document, sentence, whole, figures)
            found.append(Said(document, passage, *whole, sentence, score, moment, figures, vector))
    return sorted(found, key=lambda one: (-one.score, -one.published.toordinal()))


@dataclass(frozen=True, slots=True)
class _Topic:
    """The words of each name of a topic and how rare they are.

    ``phrases`` are names of several words that some text has as they are: scattered, their words are of other things.
    ``proper`` are words that no text writes small.
    """

    names: tuple[Mapping[str, float], ...]
    phrases: tuple[str, ...]
    proper: frozenset[str]

    @classmethod
    def of(cls, names: Sequence[str], texts: Sequence[str]) -> _Topic:
        held, whole = [stems(text) for text in texts], _folded(" ".join(texts))
        rare = [
            {stem: math.log(1 + len(held) / (1 + sum(stem in one for one in held))) for stem in _topic_stems(name)}
            for name in names
        ]
        several = [_folded(name) if len(one) > 2 else "" for name, one in zip(names, rare, strict=True)]
        phrases = [name if name and name in whole else "" for name in several]
        small = stems(" ".join(re.findall(r"\b[a-z][\w'’-]*", " ".join(texts))))
        return cls(tuple(rare), tuple(phrases), frozenset(stem for name in rare for stem in name) - small)

    def held(self, document: Document, sentence: tuple[int, int], whole: tuple[int, int]) -> float:
        """The share of the topic's words in a stretch, or, counting less, in what it goes on from or stands under."""
        text = document.text[slice(*whole)]
        own = self._share(text)
        if own >= 1.0:
            return own
        block = document.blocks[max(block_at(document, whole[0]), 0)]
        before = f"{document.text[min(block.start, whole[0]) : whole[0]]}\n{text}"
        above = f"{headings_above(document, whole[0])}\n{text}"
        again, counts = self._says_again(text), bool(quantities(text))
        found = [own, BESIDE * self._share(f"{_sentence_before(document, block.start, whole[0])}\n{text}")]
        if again or counts:
            found.append(CONTINUES * self._share(before))
        about = self._is_about(document, whole[0])
        in_table = counts and block.kind is BlockKind.ROW
        if (again and (about or counts)) or (about and (own > 0 or in_table or leans(document, *sentence))):
            found.append(HEADING * self._share(above))
        return max(found) / (1 if self._names_all(f"{before}\n{above}") else 2)

    def is_named(self, document: Document, whole: tuple[int, int]) -> bool:
        """Whether a topic that the texts have as a name stands in a stretch, its paragraph or the headings above."""
        block = document.blocks[max(block_at(document, whole[0]), 0)]
        around = _folded(
            f"{document.text[min(block.start, whole[0]) : whole[1]]}\n{headings_above(document, whole[0])}"
        )
        return not any(self.phrases) or any(phrase in around for phrase in self.phrases if phrase)

    def _share(self, text: str) -> float:
        held, words = stems(text), _folded(text)
        shares = []
        for name, phrase in zip(self.names, self.phrases, strict=True):
            share = sum(weight for stem, weight in name.items() if stem in held) / (sum(name.values()) or 1.0)
            shares.append(min(share, SCATTERED) if phrase and phrase not in words else share)
        return max(shares)

    def _names_all(self, text: str) -> bool:
        """Whether words hold all of what is written with capitals in one name of the topic."""
        held = stems(text)
        return any(self.proper & set(name) <= held for name in self.names)

    def _says_again(self, text: str) -> bool:
        """Whether a text says "the scheme" or "the enhanced schemes" of what the topic names."""
        words = stems(" ".join(re.findall(r"\b[Tt]h(?:e|is|ese|at) ((?:\w+ )?\w+)", text)))
        return any(words & set(name) for name in self.names)

    def _is_about(self, document: Document, offset: int) -> bool:
        """Whether the title or a heading above is about the topic, and does not only mention it among other things."""
        for heading in headings_above(document, offset).splitlines():
            words = stems(heading)
            if any(len(words & set(name)) >= ABOUT * len(words) > 0 for name in self.names):
                return True
        return False


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()


def _topic_stems(name: str) -> set[str]:
    """The stems of a topic's words, of "co-operation" only one."""
    found = stems(name)
    return {stem for stem in found if len(stem) > 2} or found


def _sentence_before(document: Document, first: int, start: int) -> str:
    """The sentence before an offset in the block that begins at ``first``, as far as full stops tell."""
    before = document.text[min(first, start) : start].rstrip()
    return re.split(r"(?<=[.!?])\s", before)[-1]


def _worth(text: str) -> float:
    """More for figures, dates and names; less for words about the paper itself."""
    figures = 0.12 if quantities(text) else 0.0
    dated = 0.04 if _DATED.search(text) else 0.0
    named = 0.04 if _NAMED.search(text) else 0.0
    short = 0.1 if len(text.split()) < LEAST_WORDS else 0.0
    return figures + dated + named - short - (0.6 if _OF_ITSELF.search(text) else 0.0)


_NAMED = re.compile(r"\b[A-Z][\w'’-]+ [A-Z][\w'’-]+|\b[A-Z]{3,}\b")
_DATED = re.compile(
    r"\b(?:(?:19|20)\d\d|January|February|March|April|May|June|July|August|September|October|November|December)\b"
)
_OF_ITSELF = re.compile(
    r"\b(?:(?:this|the) (?:page|paper|table|leaflet|note|list|document|article)s? "
    r"(?:does|do|sets?|shows?|lays?|puts?|covers?|rounds?|gives?|lists?|is|are)"
    r"|what follows|(?:is|are) (?:found|set out) (?:at|in) annex|as they were given|figures were given|easily confused"
    r"|keeps? separate counts|do not mix|check before|side by side"
    r"|(?:heard|gave|took stock of) (?:\w+ ){0,3}(?:latest|newest) (?:count|figures?))\b",
    re.IGNORECASE,
)


# --- of when, and what it counts -----------------------------------------------------------------------------------


def _figures(topic: str, span: Span, documents: Mapping[int, Document]) -> tuple[Statement, ...]:
    """The figures of a stretch, each with the moment and the clause it is told of."""
    text = documents[span.passage.document_id].text
    spans = []
    for one in quantities(text[span.start : span.end]):
        start, end = span.start + one.start, span.start + one.end
        if span.passage.start <= start and end <= span.passage.end:
            low, high = span.passage.sentence_around(start, end)
            spans.append(replace(span, start=start, end=end, sentence_start=low, sentence_end=high))
    return tuple(one for one in statements(topic, spans, documents) if one.quantity is not None)


def _moment(
    document: Document, sentence: tuple[int, int], whole: tuple[int, int], figures: Sequence[Statement]
) -> Moment:
    """The moment a stretch speaks of: that of its figures, else what its words name, else the document's date."""
    own = [one for one in figures if sentence[0] <= one.span.start < sentence[1]]
    quoted = document.text[slice(*whole)]
    dated = [one for one in own if one.moment.words and one.moment.words in quoted]
    if dated:
        return max(dated, key=Statement.when).moment
    published = document.published.date
    text = document.text[slice(*sentence)]
    to_come = _still_to_come(text, published) if TO_COME.search(text) else None
    if to_come:
        return to_come
    for start, end in (sentence, whole):
        named = _named(document.text[start:end], published)
        if named.grounds in (Grounds.STATED, Grounds.RELATIVE) and str(PartialDate()) not in named.label:
            return named
    return of_document(published)


def _still_to_come(text: str, published: PartialDate) -> Moment | None:
    """The first moment that a sentence names and that was not over when it was published."""
    known = published.last()
    named = (mention.moment for mention in mentions(text, published))
    return next((moment for moment in named if known and moment.last and moment.last > known), None)


def _named(text: str, published: PartialDate) -> Moment:
    """The moment that the subject of a sentence is told of, or the only one that it names outside a relative clause."""
    first = re.match(r"\W*\w+", text)
    moment = moment_of(text, 0, first.end() if first else 1, published)
    if moment.grounds in (Grounds.STATED, Grounds.RELATIVE) and not _is_of_a_thing(text, moment):
        return moment
    moment = of_document(published)
    found = [mention for mention in mentions(text, published) if mention.role in ("at", "by", "now", "over")]
    alone = len(found) == 1 and not re.search(r",|\b(?:who|whose|which|that|where)\b", text[: found[0].start])
    return found[0].moment if alone and not _is_of_a_thing(text, found[0].moment) else moment


def _is_of_a_thing(text: str, moment: Moment) -> bool:
    """Whether a date is of something beside what is told: "the Chamber, established over 30 years ago, has ...".

    So is that of "the first since the session in 1985", and of "organised by the Council founded in 1944".
    """
    before = text[: max(text.find(moment.words), 0)] if moment.words else ""
    since = re.search(r"\bsince\b", before) and "since" not in moment.words.lower()
    founded = _FOUNDED.search(before)
    if founded and not founded["aside"]:  # "the Board opened the ferry in" 2022: that is told
        founded = founded if re.search(r"\b(?:was|were|is|are|has|have|had)\b", before[: founded.start()]) else None
    return bool(since or founded)


_FOUNDED = re.compile(
    r"(?:(?P<aside>, )(?:\w+ly )?|\b(?!(?:was|were|been|is|are) )\w+ )(?:established|founded|launched|set up|opened"
    r"|created|formed|built|born|introduced|signed|published)\b[^,.;]{0,60}$"
)


_EVENT = (
    r"(?:h[eo]ld|host(?:ed)?|open(?:ed)?|launch(?:ed)?|establish(?:ed)?|set up|found(?:ed)?|created?|staged?"
    r"|start(?:ed)?|beg[iu]n|welcomed?|introduced?|buil[dt]|completed?|publish(?:ed)?|organi[sz]ed?|invest(?:ed)?"
    r"|offer(?:ed)?|announced?|sign(?:ed)?|closed?|convened?|extend(?:ed)?|rise|risen|fall(?:en)?|cut|raised?"
    r"|receive|move|run|carry|employ|pay|cost|reach)\b"
)
TO_COME = re.compile(  # what was not done yet when it was written
    r"\b(?:will|shall|would|is to|are to|was to|were to|plans? to|planned to|intends? to|aims? to|expects? to"
    rf"|expected to|scheduled to|due to|hopes? to) (?:also |then |soon |be |have )*{_EVENT}"
    r"|\b(?:are|is|was|were) (?:forecast|expected|scheduled|planned|set (?=to\b|for\b)|due (?=in\b|on\b|by\b|for\b))"
    r"|\b(?:scheduled|set) for\b",
    re.IGNORECASE,
)


def when(moment: Moment) -> dt.date:
    """Its place in time; the last day of all for what is not dated."""
    if moment.first is None or moment.last is None:
        return dt.date.max
    return moment.first if (moment.last - moment.first).days > 31 and moment.since is None else moment.last


# --- the same said twice -------------------------------------------------------------------------------------------


def merged(said: Sequence[Said]) -> list[list[Said]]:
    """Groups of stretches that say the same, newest document first; the groups in the order of their nearest."""
    groups: list[list[Said]] = []
    for one in said:
        group = next((group for group in groups if any(_same(one, other) for other in group)), None)
        if group is None:
            groups.append([one])
        elif (at := next((p for p, other in enumerate(group) if _overlaps(one, other)), None)) is not None:
            wider = max(one, group[at], key=lambda said: said.end - said.start)
            group[at] = replace(wider, score=max(one.score, group[at].score))
        elif not any(other.document.id == one.document.id for other in group):
            group.append(one)
    for group in groups:
        group.sort(key=lambda one: one.published, reverse=True)
    return groups


def _same(one: Said, other: Said) -> bool:
    """Whether two stretches say the same: close words, no other figure, no other time."""
    if _overlaps(one, other):
        return True
    if one.to_come() != other.to_come():
        return False
    cosine = float(one.vector @ other.vector)
    mine, theirs = numbers(one), numbers(other)
    if mine != theirs or not one_time(one.moment, other.moment):
        return False
    if len([number for number in mine if number >= LARGE]) > 1:
        return True
    if mine:
        return cosine >= SAME_FIGURES
    dated = one.moment.grounds is other.moment.grounds is Grounds.STATED and one.moment.label == other.moment.label
    return cosine >= SAME_WORDS - (0.08 if dated else 0.0)


def _overlaps(one: Said, other: Said) -> bool:
    return one.document.id == other.document.id and one.start < other.end and other.start < one.end


def numbers(one: Said) -> set[Decimal]:
    """The figures of a stretch."""
    return {figure.quantity.number for figure in one.figures if figure.quantity}


def one_time(one: Moment, other: Moment) -> bool:
    """Whether two moments can be one; a document's own date says little of the moment."""
    if Grounds.PUBLISHED in (one.grounds, other.grounds) or Grounds.UNKNOWN in (one.grounds, other.grounds):
        return True
    if one.first is None or one.last is None or other.first is None or other.last is None:
        return one.label == other.label
    return one.first <= other.last and other.first <= one.last


# --- citations -----------------------------------------------------------------------------------------------------


def numbered(spans: Sequence[Span], documents: Mapping[int, Document]) -> list[Citation]:
    """Citations of the spans in their order; of spans that overlap, one of all their words."""
    whole: list[Span] = []
    for span in spans:
        beside = [one for one in whole if _overlap(one, span)]
        start, end = min(one.start for one in (span, *beside)), max(one.end for one in (span, *beside))
        union = replace(span, start=start, end=end, sentence_start=start, sentence_end=end)
        at = whole.index(beside[0]) if beside else len(whole)
        whole = [*whole[:at], union, *(one for one in whole[at:] if one not in beside)]
    return citing.cite(documents, whole)


def _overlap(one: Span, other: Span) -> bool:
    return (
        one.passage.id == other.passage.id
        and one.passage.document_id == other.passage.document_id
        and (one.start < other.end and other.start < one.end)
    )


def entries(groups: Sequence[Sequence[Said]], citations: Sequence[Citation]) -> tuple[Entry, ...]:
    """What each group of stretches says, quoted from its newest; without those whose words were not in the document."""
    found = []
    for group in groups:
        quotes = [citation for one in group for citation in _holding(citations, one.span())]
        if quotes and quotes[0].document_id == group[0].document.id:
            also = tuple(one for one in dict.fromkeys(reversed(quotes)) if one != quotes[0])
            found.append(Entry(group[0].moment, quotes[0], also, min(max(one.score for one in group), 1.0)))
    return tuple(found)


def points(values: Sequence[Statement], citations: Sequence[Citation]) -> tuple[Point, ...]:
    """Figures as values of a series, in their order."""
    return tuple(
        Point(one.words, one.moment, citation, one.quantity)
        for one in values
        for citation in _holding(citations, one.given)[:1]
    )


def _holding(citations: Sequence[Citation], span: Span) -> list[Citation]:
    document = span.passage.document_id
    return [c for c in citations if c.document_id == document and c.start <= span.start < span.end <= c.end]
