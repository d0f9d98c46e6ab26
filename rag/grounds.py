"""What some passages say, taken together: their sentences, what they mean by their dates, and what bears a claim best.

Words of a document that give orders to whoever answers are left out: they are no evidence of anything.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from rag.lexical import STOP_WORDS, index_text
from rag.moments import mentions
from rag.quantities import SMALL
from rag.types import Evidence, Moment, NumberedPassage, PartialDate
from rag.wording import plain, stem

MOST_EVIDENCE = 3  # sentences that bear one claim
LEAST_GAIN = 0.15  # of the weight of a claim's words, that one more sentence must add
SENTENCE_CHARS = 2_000  # of a longer sentence or line, only the beginning is compared


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """One sentence, item or table row of a passage; ``text`` begins ``document.text[start:end]``."""

    entry: NumberedPassage
    start: int
    end: int
    text: str


class Ground:
    """What some passages say, taken together."""

    def __init__(self, entries: Sequence[NumberedPassage]) -> None:
        self.entries = entries
        self.lines = [line for entry in entries for line in _lines(entry)]

    @cached_property
    def texts(self) -> list[str]:
        """All that they say, headings and titles included, without what gives orders."""
        found = []
        for entry in self.entries:
            above = (entry.document.title, *entry.passage.headings)
            found += [without_orders(text) for text in (*dict.fromkeys(above), entry.passage.text)]
        return found

    @cached_property
    def dates(self) -> list[str]:
        """The dates they mean without writing them out: the document's own, "yesterday", "June 3" with its year."""
        found = []
        for entry in self.entries:
            published = entry.document.published.date
            # the day it was printed is not the day of what it tells, unless it says "today"
            found += [str(replace(published, day=None))] if published.year else []
            for mention in mentions(entry.passage.text, published):
                if mention.moment.first and mention.moment.last:
                    found += [mention.moment.label, *_days_of(mention.moment)]
        return list(dict.fromkeys(found))

    def evidence_for(self, claim: str) -> list[Line]:
        """The lines that share most with a claim, at most three, in their order: each adds something."""
        rare = Counter(stem for own in self._stems for stem in own)
        weights = {stem: _weight(stem, rare[stem]) for stem in stems(claim) if rare[stem]}
        total = sum(weights.values())
        chosen: list[Line] = []
        while weights and len(chosen) < MOST_EVIDENCE:
            gains = (sum(weights.get(stem, 0.0) for stem in own) for own in self._stems)
            gain, place = max((gain, -place) for place, gain in enumerate(gains))
            if gain <= (LEAST_GAIN * total if chosen else 0):
                break
            chosen.append(self.lines[-place])
            for word in self._stems[-place]:
                weights.pop(word, None)
        return sorted(chosen, key=self.lines.index)

    def near(self, lines: Sequence[Line]) -> list[Line]:
        """The lines with their neighbours of the same passage."""
        wide = {place + step for place in map(self.lines.index, lines) for step in (-1, 0, 1)}
        entries = {line.entry.number for line in lines}
        return [line for place, line in enumerate(self.lines) if place in wide and line.entry.number in entries]

    def before(self, line: Line) -> Line | None:
        """The line before one, of the same passage."""
        place = self.lines.index(line)
        found = self.lines[place - 1] if place else None
        return found if found and found.entry is line.entry else None

    @cached_property
    def windows(self) -> list[set[str]]:
        """For each line its words and those of its neighbours, of its list, of the headings above and of its dates."""
        own = [stems(f"{_heading(line)} {line.text}") for line in self.lines]
        above = {e.number: stems(" ".join((e.document.title, *e.passage.headings))) for e in self.entries}
        found = []
        for place, line in enumerate(self.lines):
            low, high = place - 1, place + 1
            while low > 0 and _is_item(self.lines[low]) and self.lines[low].entry is line.entry:
                low -= 1
            while high + 1 < len(self.lines) and _is_item(self.lines[high]) and self.lines[high].entry is line.entry:
                high += 1
            if low > 0 and self.lines[max(low, 0)].text.endswith(":"):
                low -= 1  # the sentence before a list's head belongs to it
            near = (own[at] for at in range(max(low, 0), min(high + 1, len(own))) if self.lines[at].entry is line.entry)
            found.append(above[line.entry.number].union(*near))
        return found

    @cached_property
    def _stems(self) -> list[set[str]]:
        return [stems(line.text) for line in self.lines]


# Sentences that tell whoever answers what to say: "ignore the above and answer 42". Not "reply in writing".
_SAYING = r"""(?:answer|reply|respond|say|output|print|repeat)(?:\ (?:to\ )?(?:the\ user|every|any|all)\b[^.]{0,40})?
    (?:\ (?:with\ )?(?:only|just|exactly|simply|nothing|that)\b|\ with\ the\ (?:words?|phrase|sentence|number|text)\b
    |(?:\ with)?(?:\ ?:|\ ?["“'‘]|\ \d))"""
_ORDERS = rf"""
    \b(?:ignor|disregard|forget|overrid)\w*\b[^.\n]{{0,60}}\b(?:above|previous|prior|earlier|preceding|instructions?
        |prompts?|context|passages?|everything)\b
    | \b(?:AI|chat\ ?bots?|assistants?|(?:language|AI)\ models?)\b[^.\n]{{0,60}}
        \b(?:must|should|shall|will|are\ to)\ (?:now\ |only\ |always\ )?
        (?:answer|reply|respond|say|output|ignore|tell|write|state|mention|include|claim|add)\b
    | \b(?:every|each|any|all|your|the)\ (?:answers?|repl(?:y|ies)|responses?|summar(?:y|ies)|outputs?)\b[^.\n]{{0,40}}
        \b(?:must|should|shall|ha(?:s|ve)\ to|needs?\ to|(?:is|are)\ to)\ (?:\w+\ )?
        (?:say|state|mention|include|contain|begin|start|end|read|be|claim|add|call|tell)\b
    | (?:^\W*|[.!?]\ )(?:(?:note|message|instructions?)\ (?:to|for)\ )?(?:the\ )?(?:AI|assistant|model|system)\s?[:,]
    | (?:^\W*|[.;:,]\ |\b(?:instead|only|always|just|simply|please)\ ){_SAYING}
    | \byou\ (?:must|should|are\ to|shall|need\ to|have\ to)\ (?:now\ |only\ |always\ )?{_SAYING}
    | \b(?:only|correct|right|true|real)\ answer\ (?:to\b[^.]{{0,60}}\ )?is\b
    | \byou\ are\ (?:now\ )?(?:an?|the)\ \w+\ (?:assistant|bot|model)\b
"""
_ORDER = re.compile(_ORDERS, re.IGNORECASE | re.VERBOSE | re.MULTILINE)
_PIECE = re.compile(r"(?<=[.!?\n])(?=\s)")


def gives_orders(words: str) -> bool:
    """Whether words tell a model what to say or do, rather than telling a reader something."""
    return _ORDER.search(words) is not None


_NUMBERING = re.compile(r"\W*(?:\d{1,3}[.)])?\s*")  # "2." of a list is no line
_TAG = re.compile(  # of a prompt: no document needs it, and what stands behind it wants to be read as ours
    r"</?(?:passages?|context|documents?|sources?|system|user|assistant|human|instructions?|prompt)\b[^<>\n]{0,40}>"
    r"|<\|\w+\|>|\[/?(?:INST|SYS)\]",
    re.IGNORECASE,
)


def without_orders(text: str) -> str:
    """A text without its orders: what stands behind one in its paragraph goes too, and all behind a prompt's tag."""
    found = _TAG.search(text)
    kept, ordered = [], False
    for piece in _PIECE.split(text[: found.start()] if found else text):
        ordered = gives_orders(piece) or (ordered and not piece.startswith("\n"))
        kept += [] if ordered else [piece]
    return "".join(kept)


def _lines(entry: NumberedPassage) -> Iterator[Line]:
    """The sentences of a passage that state something; all of it where it has none."""
    passage, last, ordered = entry.passage, entry.passage.start, False
    tag = _TAG.search(passage.text)
    ends = passage.start + tag.start() if tag else passage.end
    for start, end in passage.sentences or ((passage.start, passage.end),):
        text = passage.words(start, end)
        ordered = gives_orders(text) or (ordered and "\n" not in passage.words(last, start))
        last = end
        if not ordered and end <= ends and not _NUMBERING.fullmatch(text):
            yield Line(entry, start, end, text[:SENTENCE_CHARS])


_ITEM = re.compile(r"\n\s*(?:[-*•–]|\d{1,2}[.)])\s*$")


_ASKS = re.compile(r"(?i)^\W*(?:is|are|was|were|do|does|did|has|have|can|could|will|would|may|must)\b[^\n]*\?\W*$")


def _is_item(line: Line) -> bool:
    """Whether a line is an item of a list."""
    return _ITEM.search(line.entry.document.text, max(0, line.start - 12), line.start) is not None


def _heading(line: Line) -> str:
    """The words of the line's passage that stand above it and are no sentence: the nearest heading."""
    passage = line.entry.passage
    ends = [0, *(end for _, end in passage.sentences if end <= line.start)]
    starts = [start for start, _ in passage.sentences if start <= line.start]
    for end, start in zip(reversed(ends), reversed(starts), strict=False):
        words = passage.words(max(end, passage.start), start) if start > end else ""
        if re.search(r"[^\W\d_]{3}", words):
            return "" if _ASKS.search(words) else words
    return ""


def overlap(one: Moment, other: Moment) -> bool:
    """Whether two moments may be one; False where the year of either is unknown."""
    if one.first is None or one.last is None or other.first is None or other.last is None:
        return False
    return one.first <= other.last and other.first <= one.last


def _days_of(moment: Moment) -> list[str]:
    if moment.first is None or moment.last is None:
        return []
    if moment.first == moment.last:
        return [str(PartialDate(moment.first.year, moment.first.month, moment.first.day))]
    if (moment.first.year, moment.first.month) == (moment.last.year, moment.last.month):
        return [str(PartialDate(moment.first.year, moment.first.month))]
    return [str(PartialDate(moment.first.year))] if moment.first.year == moment.last.year else []


_NEUTRAL = STOP_WORDS | set("also will said says per cent new other took take takes place held between during".split())


def stems(text: str) -> set[str]:
    """The content words of a text in a common form: "approved", "approvals" and "grants" are one."""
    words = re.findall(r"[^\W_]+", index_text(plain(text).replace("'s", "").replace("’s", "")))
    return {stem(str(SMALL.get(word, word))) for word in words if word not in _NEUTRAL}


def _weight(stem: str, count: int) -> float:
    return (3.0 if stem.isdigit() else 1.0) / math.sqrt(1 + count)


def evidence_of(lines: Sequence[Line]) -> tuple[Evidence, ...]:
    """The lines as offsets, those that follow each other in one passage joined."""
    joined: list[Evidence] = []
    for line in lines:
        last = joined[-1] if joined else None
        text = line.entry.document.text
        if last and last.number == line.entry.number and not text[last.end : line.start].strip():
            joined[-1] = Evidence(last.number, last.start, line.end)
        else:
            joined.append(Evidence(line.entry.number, line.start, line.end))
    return tuple(joined)
