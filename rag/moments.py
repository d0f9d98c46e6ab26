"""What moment the words of a sentence speak of: which of its date phrases governs a figure, a name or an office.

A wrong date is worse than the document's own: a date counts where its clause, a phrase that opens the sentence or an
"as at" that closes it makes it the statement's. The date of a launch, of a target or of another clause does not.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from rag.mentions import Mention, YearlessMoment, mentions, of_document
from rag.types import Grounds, Moment, PartialDate

__all__ = ["Mention", "YearlessMoment", "mentions", "moment_of", "of_document"]

SENTENCE_CHARS = 4_000  # of a longer sentence, the words this near are read


def moment_of(sentence: str, start: int, end: int, published: PartialDate) -> Moment:
    """The moment that the words ``sentence[start:end]`` speak of; the document's own date where no phrase names one.

    ``since`` is set where the sentence says when the time it covers began. A figure that another is compared with, and
    that has no date of its own, is of an unknown time.
    """
    cut = max(0, start - SENTENCE_CHARS // 2) if len(sentence) > SENTENCE_CHARS else 0
    sentence, start = sentence[cut : start + SENTENCE_CHARS // 2], start - cut
    found = mentions(sentence, published)
    clauses = _Clauses.of(sentence, start, min(end - cut, len(sentence)), found)
    dated = [mention for mention in found if clauses.dates(mention)]
    chosen = _own(clauses, dated)
    if chosen is None and _BASELINE.search(clauses.masked, max(0, start - 60), start):
        return Moment(None, None, "date not stated", Grounds.UNKNOWN)
    chosen = chosen or _leading(clauses, dated, published) or _trailing(clauses, dated, published)
    began = _began(clauses, found)
    if began is None:
        return chosen.moment if chosen else of_document(published)
    moment, since = chosen.moment if chosen else of_document(published), began.named[0].first
    if chosen is None and (began.role == "over" or (moment.last and since and since > moment.last)):
        return began.moment  # "over the past year", "with effect from 1 April"
    return moment if since and moment.last and since > moment.last else replace(moment, since=since)


# --- clauses ---------------------------------------------------------------------------------------------------

_MASK = "_"  # stands for the characters of a date, so that its commas and names divide nothing
_CUT = re.compile(
    r"(?P<hard>;|\n\n|\b(?:while|whereas|although|though|but|against|versus|compared\s+(?:with|to)|(?:up|down)\s+from)\b)"
    r"|,(?!\d)|\s[–—-]\s|[()（）]|:(?=\s)|\b(?:when|where|before|after|until|because|if)\b",
    re.IGNORECASE,
)
_VERB = re.compile(
    r"\b(?:ha[sd]|have|having|was|were|is|are|be|been|will|would|stood|rose|fell|came|grew|said|made|went|drew|led|brought"
    r"|took|gave|held|saw|won|sold|built|met|kept|left|began|became|\w{2,}ed)\b"
)
_BASELINE = re.compile(
    r"\b(?:against|versus|compared\s+(?:with|to)|(?:up|down)\s+from)\s+(?:(?:the|about|over|some|only|just|more|than|nearly|around)\s+){0,3}$",
    re.IGNORECASE,
)
_OPENING = re.compile(
    r"\W*(?:(?:and|but|however|also|then|overall|meanwhile|in\s+all|of\s+these|already|only|as)\b\W*)?", re.IGNORECASE
)
_LABEL = re.compile(r"\W*[\w \u00a0/-]{1,40}:\s*")  # of a table's cell: "As at: 8 January 2024; Received: …"
_ASIDE = re.compile(r"\s*(?:at|in|on|during)\b", re.IGNORECASE)
_WENT_ON = re.compile(r"\s*(?:\w{2,}ed|had|was|were|said|made|gave|met|held|took)\b")
_PRESENT = re.compile(r"\b(?:has|have|is|are|will|now|stands?)\b", re.IGNORECASE)
_FUTURE = re.compile(r"\b(?:will|shall|would|to\s+be|expect\w*|plan\w*|due|target\w*)\b", re.IGNORECASE)
_BEGAN = (
    r"(?:launched|established|introduced|set\s+up|founded|created|announced|begun|began|started|opened|signed|enacted|adopted"
    r"|published|widened|released|enhanced|promulgated|amended|formed|implemented|rolled\s+out|commenced)"
)
_BEGUN_IN = re.compile(rf"\b{_BEGAN}\s+$", re.IGNORECASE)
_OF_A_THING = re.compile(  # "under the schemes launched in …", "through a platform that …"
    r"\b(?:under|through|via|by|for|from|with|at|in|into|of|to|on)\s+(?!which\b|whom\b)(?:[\w'’-]+\s+){1,5}?"
    rf"(?:(?:that|which|who)\b|(?<=[a-z]\s)(?<!(?:was|has|had)\s)(?<!(?:were|been|have)\s){_BEGAN}\s+$)"
)
_GAPPED = re.compile(r"\W*and\s[^.;]*\s(?:to|at)\s", re.IGNORECASE)  # "..., and that of arrivals to 170 000"
_SINCE = re.compile(rf"\W*since\b[^,;{_MASK}]*", re.IGNORECASE)
_MARKS = " \t\n,;:–—-\"'“”‘’"
_COUNTS = ("at", "by", "now", "before", "after")


@dataclass(frozen=True, slots=True)
class _Clauses:
    """A sentence around the words ``[start, end)``, its dates masked; ``low`` and ``high`` bound their own clause."""

    masked: str
    start: int
    end: int
    low: int
    high: int
    cuts: tuple[tuple[int, int, bool], ...]  # (start, end, whether it parts two statements)

    @classmethod
    def of(cls, sentence: str, start: int, end: int, found: Sequence[Mention]) -> _Clauses:
        characters = list(sentence)
        for mention in found:
            characters[mention.start : mention.end] = _MASK * (mention.end - mention.start)
        masked = "".join(characters)
        cuts = tuple((cut.start(), cut.end(), bool(cut["hard"])) for cut in _CUT.finditer(masked))
        before = [stop for _, stop, _ in cuts if stop <= start] or [0]
        after = [(begin, hard) for begin, _, hard in cuts if begin >= end] + [(len(masked), True)]
        low, high = before[-1], after[0][0]
        aside = masked[before[-2] : low] if len(before) > 1 else ""
        if aside.strip(_MARKS) and not aside.strip(_MARKS + _MASK):
            low = before[-2]  # "He said that, as at end-March, 60 had come"
        elif _ASIDE.match(aside) and _WENT_ON.match(masked, low):
            low = before[-2]  # "The Board, at its meeting in March, approved 12"
        for number in range(min(2, len(after) - 1)):
            if after[number][1] or _VERB.search(masked, low, high):
                break
            high = after[number + 1][0]  # "160 000, or 64%, had been approved": the clause goes on until its verb
        return cls(masked, start, end, low, high, cuts)

    def dates(self, mention: Mention) -> bool:
        """Whether a mention dates a statement at all: by its preposition, or alone in its place."""
        if mention.role:
            return mention.role in _COUNTS
        before, after = self.masked[: mention.start].rstrip()[-1:], self.masked[mention.end :].lstrip()[:1]
        if before and before in "(（":
            return after in (")", "）")
        return self.heads(mention) and after in ("", *",:;–—|")

    def heads(self, mention: Mention) -> bool:
        """Whether nothing stands before a mention in its statement but a linking word or a cell's label."""
        low = max((stop for _, stop, hard in self.cuts if hard and stop <= mention.start), default=0)
        openings = (_OPENING.match(self.masked, low), _LABEL.match(self.masked), _SINCE.match(self.masked))
        return any(found and found.end() == mention.start for found in openings)

    def own(self, mention: Mention) -> bool:
        """Whether a mention stands in the words' own clause."""
        return self.low <= mention.start < self.high


# --- which date governs ----------------------------------------------------------------------------------------


def _own(clauses: _Clauses, dated: Sequence[Mention]) -> Mention | None:
    """The nearest date of the words' own clause, or the one in a bracket right after them."""
    inside = [mention for mention in dated if clauses.own(mention) and _attached(clauses, mention)]
    bracket = re.compile(r"\s?[(（]\s?").match(clauses.masked, clauses.end)
    inside += [mention for mention in dated if bracket and mention.start == bracket.end()]
    return min(inside, key=lambda m: (max(m.start - clauses.end, clauses.start - m.end, 0), -m.start), default=None)


def _attached(clauses: _Clauses, mention: Mention) -> bool:
    """Whether a date of the same clause is said of the words and not of a thing beside them."""
    masked = clauses.masked
    if mention.role in ("by", "now"):
        return True
    if mention.start >= clauses.end:
        return not _OF_A_THING.search(masked, clauses.end, mention.start)
    between = masked[mention.end : clauses.start]
    opening = _OPENING.match(masked, clauses.low)
    opens = opening is not None and opening.end() == mention.start
    begun = _BEGUN_IN.search(masked, max(0, mention.start - 30), mention.start) and _VERB.search(between)
    return not begun and (opens or not _PRESENT.search(between))


def _leading(clauses: _Clauses, dated: Sequence[Mention], published: PartialDate) -> Mention | None:
    """The nearest date that opens a statement before the words, where it still governs their clause.

    "In 2022 it opened, and over 5 000 have come": they have come by now, not in 2022.
    """
    own = clauses.masked[clauses.low : clauses.high]
    if _GAPPED.match(own) and not _VERB.search(own):
        begin = max((start for start, _, hard in clauses.cuts if hard and start < clauses.start), default=0)
        before = [m for m in dated if begin <= m.start < clauses.low]
        if before:
            return before[-1]
    for mention in reversed(dated):
        if mention.end <= clauses.start and clauses.heads(mention):
            to_come = _to_come(mention, published)
            elsewhere = not _FUTURE.search(own) if to_come else _PRESENT.search(own)
            if mention.role != "at" or not elsewhere:
                return mention
    return None


def _trailing(clauses: _Clauses, dated: Sequence[Mention], published: PartialDate) -> Mention | None:
    """An "as at" or "so far" further on in the statement: "60 had applied, and 50 had come as at end-March"."""
    stop = min((begin for begin, _, hard in clauses.cuts if hard and begin >= clauses.end), default=len(clauses.masked))
    after = [m for m in dated if clauses.high <= m.start < stop and m.role in ("by", "now")]
    return next((mention for mention in after if not _to_come(mention, published)), None)


def _to_come(mention: Mention, published: PartialDate) -> bool:
    first, last = mention.moment.first, published.last()
    return bool(first and last and first > last)


def _began(clauses: _Clauses, found: Sequence[Mention]) -> Mention | None:
    """Where the time that the words cover began: "since …" in their clause or opening the sentence.

    "Since the scheme was launched in end-2022, …" counts too.
    """
    since = _SINCE.match(clauses.masked)
    starts = [
        mention
        for mention in found
        if mention.named[0].first
        and (
            (mention.role in ("since", "over") and (clauses.own(mention) or clauses.heads(mention)))
            or (since and since.end() == mention.start and mention.end <= clauses.low)
        )
    ]
    return next((mention for mention in reversed(starts) if mention.start < clauses.high), None)
