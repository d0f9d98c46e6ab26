"""A first reader: picks the best sentence by dense and lexical evidence, and short words where the question asks
for a number, a date or a person. It needs no trained model, and stays as baseline and fallback.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rag.lexical import STOP_WORDS, index_text, query_words
from rag.stages import clause, other_stage, told_of
from rag.types import Hit, Passage, Span

if TYPE_CHECKING:
    from rag.seams import Embedder

# Left to a sentence that has no number, date or person where one is asked for, or names a deputy of who is asked for.
HALF_TRUST = 0.5
MAX_SENTENCES = 200  # read at most; twenty passages have about 120


@dataclass(frozen=True, slots=True)
class Weights:
    """A logistic model of "this sentence holds the answer", fitted by ``python -m eval.picker``."""

    bias: float
    cosine: float
    coverage: float  # share of the question's words, rare ones counting more, found in the sentence
    context: float  # the same share in sentence, headings and passage
    verbs: float  # asked for a figure: share of the question's participles ("approved") in the sentence; else 1
    typed: float  # the sentence has a number, date or name where the question asks for one
    unnamed: float  # share of the names and figures in the question that the passage does not mention


# All but one are fitted. Encyclopedia questions give participles no weight of their own, but in official papers the
# figure of what was received stands beside the figure of what was approved: that weight is set, and bias with it.
WEIGHTS = Weights(bias=-8.06, cosine=7.12, coverage=1.55, context=1.18, verbs=1.0, typed=0.28, unnamed=-1.04)

_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_DATE = re.compile(
    rf"\b(?:(?:early|mid|late|end)[- ])?(?:\d{{1,2}} (?:{_MONTHS})\b(?:,? \d{{4}})?"
    rf"|(?:{_MONTHS})\b(?: \d{{1,2}}\b(?!\d))?(?:,? \d{{4}}\b)?|(?:1[5-9]|20)\d\d\b)"
)
_NUMBER = re.compile(
    r"(?:\b(?:over|about|around|nearly|almost|approximately|some|at least|at most|up to|more than|less than|fewer than"
    r"|close to|under)\s+)?(?:(?:HK|US|A|C)?[$£€¥]\s?)?"
    r"(?<![\w./-])(?!0\d)(?:\d{1,3}(?:[ ,]\d{3})+(?!\d)|\d+)(?:\.\d+)?(?![\w/]|-\d)"
    r"(?:\s?%|\s(?:per cent|percent|million|billion|trillion)\b)?",
    re.IGNORECASE,
)
_NUMBER_WORD = re.compile(
    r"\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozens?|hundreds?|thousands?)\b", re.I
)
_NAME = r"[A-Z][\w'’-]+(?: (?:[A-Z]\.|[A-Z][\w'’-]+)){0,3}"
_PERSON = re.compile(rf"\b(?:Mr|Ms|Mrs|Miss|Dr|Prof|Professor|Sir|Dame|Madam)\.? {_NAME}")
_OFFICE = re.compile(
    r"\b(?:[A-Z][\w'’-]+ ){0,2}(?:Secretary|Minister|Director|President|Mayor|Governor|Commissioner|Chairman|Chair)"
    r"(?:(?: (?:for|of|and|the|on))* [A-Z][\w'’-]+)*"
)
_RANK = re.compile(r"\b(?:Vice|Deputy|Acting|Former|Under|Assistant|Associate)[ -](?=([A-Z]\w+))")
_SPECIFIC = re.compile(
    r"\b(?:[A-Z][\w'’-]*|\d[\w,.]*|first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth)\b"
)


class SentencePicker:
    """The baseline reader: every sentence of the passages is scored, the best come first."""

    def __init__(self, embedder: Embedder, weights: Weights = WEIGHTS) -> None:
        self._embedder = embedder
        self._weights = weights

    def read(self, question: str, hits: Sequence[Hit]) -> list[Span]:
        """One span a sentence, best first; ``score`` is the probability that it answers."""
        passages = [hit.passage for hit in hits]
        evidence = weigh(question, passages, self._embedder)
        spans = []
        for found in evidence:
            short = short_answer(question, found.text)
            start, end = short or (0, len(found.text))
            score = 1 / (1 + math.exp(-found.logit(self._weights)))
            if (short is None and _asked_for(question)) or _is_other_office(question, found.text):
                score *= HALF_TRUST
            spans.append(Span(found.passage, found.start + start, found.start + end, found.start, found.end, score))
        return sorted(spans, key=lambda span: -span.score)


@dataclass(frozen=True, slots=True)
class Evidence:
    """One sentence, ``document.text[start:end]``, and what speaks for it."""

    passage: Passage
    start: int
    end: int
    text: str
    cosine: float
    coverage: float
    context: float
    verbs: float
    typed: float
    unnamed: float

    def logit(self, weights: Weights) -> float:
        """The log-odds under a set of weights."""
        return (
            weights.bias
            + weights.cosine * self.cosine
            + weights.coverage * self.coverage
            + weights.context * self.context
            + weights.verbs * self.verbs
            + weights.typed * self.typed
            + weights.unnamed * self.unnamed
        )


def weigh(question: str, passages: Sequence[Passage], embedder: Embedder) -> list[Evidence]:
    """The evidence for each sentence of the passages, in their order."""
    places = [(number, p, start, end) for number, p in enumerate(passages) for start, end in p.sentences][
        :MAX_SENTENCES
    ]
    if not places:
        return []
    texts = [p.text[start - p.start : end - p.start] for _, p, start, end in places]
    vectors = embedder.embed([question, *texts])
    words = query_words(question)
    held = [stems(text) for text in texts]
    weights = _rarity(words, held)
    around = [stems(passage.search_text) for passage in passages]
    missing = [unnamed(question, passage) for passage in passages]
    wanted = _asked_for(question)
    verbs = {_stem(word) for word in words if wanted == "number" and _is_verb(word)}
    return [
        Evidence(
            passage,
            start,
            end,
            text,
            cosine=float(vectors[0] @ vectors[i + 1]),
            coverage=_coverage(weights, held[i]),
            context=_coverage(weights, held[i] | around[number]),
            verbs=len(verbs & held[i]) / len(verbs) if verbs else 1.0,
            typed=float(wanted is not None and _candidates(wanted, question, text) != []),
            unnamed=missing[number],
        )
        for i, ((number, passage, start, end), text) in enumerate(zip(places, texts, strict=True))
    ]


def missing_words(question: str, texts: Iterable[str]) -> list[str]:
    """The question's words that no text has in any form: what the documents do not speak of."""
    known: set[str] = set().union(*map(stems, texts))
    return [word for word in query_words(question) if _stem(word) not in known and word not in STOP_WORDS]


class Coverage:
    """How much of a question texts speak of; each text is looked at once."""

    def __init__(self, question: str) -> None:
        self._asked = {_stem(word) for word in query_words(question) if word not in STOP_WORDS}
        self._shares: dict[str, float] = {}

    def by(self, text: str) -> float:
        """Share of the question's words that the text has in some form; 0 where the question has none."""
        if text not in self._shares:
            self._shares[text] = len(self._asked & stems(text)) / len(self._asked) if self._asked else 0.0
        return self._shares[text]


def unnamed(question: str, passage: Passage) -> float:
    """Share of the names, figures and ordinals in the question that the passage and its headings lack."""
    specific = _SPECIFIC.findall(question[:1].lower() + question[1:])
    known = stems(passage.search_text)
    asked = {_stem(word) for name in specific for word in query_words(name)}
    return len(asked - known) / len(asked) if asked else 0.0


def _rarity(words: Sequence[str], held: Sequence[set[str]]) -> dict[str, float]:
    return {
        stem: math.log(1 + len(held) / (1 + sum(stem in sentence for sentence in held))) for stem in map(_stem, words)
    }


def _coverage(weights: dict[str, float], held: set[str]) -> float:
    total = sum(weights.values())
    return sum(weight for stem, weight in weights.items() if stem in held) / total if total else 0.0


def stems(text: str) -> set[str]:
    """The rough stems of a text's words, without stop words: "approved", "approval" and "approve" are one."""
    return {_stem(word) for word in query_words(text)}


_SUFFIX = re.compile(r"(?:ations?|ements?|ments?|ings?|edly|ies|ied|als?|ers?|ors?|ions?|ives?|ed|es|ly|s|e|y)$")


def _stem(word: str) -> str:
    """A rough common stem: approve, approved, approval; apply, applied, applications."""
    short = _SUFFIX.sub("", word)
    return short if len(short) >= 4 else word


def _asked_for(question: str) -> str | None:
    """``number``, ``date`` or ``person`` where the question's words ask for one."""
    text = question.lower()
    if re.search(
        r"\bh[o]?w (?:many|much|large|big|old|long|far)\b|\bwhat (?:number|percentage|proportion|share)\b", text
    ):
        return "number"
    if re.search(r"\bwhen\b|\b(?:what|which) (?:date|day|month|year|time)\b|\bsince when\b", text):
        return "date"
    if re.search(r"\bwho(?:m|se)?\b", text):
        return "person"
    return None


def short_answer(question: str, sentence: str) -> tuple[int, int] | None:
    """Offsets in the sentence of the number, date or person asked for, or None where the question names no type.

    None also where the sentence pairs several with several ("11 and 7 respectively"): which is whose is not read.
    """
    wanted = _asked_for(question)
    if wanted is None or "respectively" in sentence:
        return None
    found = _candidates(wanted, question, sentence)
    best = max(found, key=lambda offsets: _nearness(question, sentence, *offsets), default=None)
    return best if best is None or wanted != "number" else _whole_range(sentence, *best)


_TO = re.compile(r"\s+to\s+")


def _whole_range(sentence: str, start: int, end: int) -> tuple[int, int] | None:
    """ "four to eight" is one answer; of "rises from 2.10 to 2.65" either may be meant, so there is none."""
    for pattern in (_NUMBER, _NUMBER_WORD):
        joined = _TO.match(sentence, end)
        following = joined and pattern.match(sentence, joined.end())
        if following:
            return None if re.search(r"\bfrom\s+$", sentence[:start]) else (start, following.end())
    return None if re.search(r"\bfrom\s.{1,30}\sto\s+$", sentence[:start]) else (start, end)


def _candidates(wanted: str, question: str, sentence: str) -> list[tuple[int, int]]:
    dates = [match.span() for match in _DATE.finditer(sentence)]
    if wanted == "date":
        return [(start, end) for start, end in dates if sentence[start:end].casefold() not in question.casefold()]
    if wanted == "person":
        return _people(question.casefold(), sentence)
    numbers = [match.span() for match in _NUMBER.finditer(sentence) if _counts(match, question, sentence, dates)]
    words = [match.span() for match in _NUMBER_WORD.finditer(sentence)]
    return numbers + [(start, end) for start, end in words if not numbers or _is_counted(question, sentence[end:])]


def _is_counted(question: str, following: str) -> bool:
    """Whether the next word is one the question speaks of: "five" before "reservoirs"."""
    after = query_words(following[:40])[:1]
    return bool(after) and _stem(after[0]) in {_stem(word) for word in query_words(question)}


_MARKER = re.compile(r"\(?\d{1,2}[.)]\s")  # of a list, at the start of an item


def _counts(number: re.Match[str], question: str, sentence: str, dates: Sequence[tuple[int, int]]) -> bool:
    """Whether a number is a quantity the question may ask for.

    It is none as the marker of a list, as a figure the question itself names, as money where "how many" is asked,
    and as part of a date. A bare "2019" is a year, unless a qualifier ("about 2019") or what is counted ("2019
    people") goes with it.
    """
    marker = _MARKER.match(sentence)
    named = {index_text(word) for word in re.findall(r"\d[\d ,.]*\d|\d", question)}
    if (marker and number.start() < marker.end()) or index_text(number.group().strip()) in named:
        return False
    if "how many" in question.lower() and re.search("[$£€¥]", number.group()):
        return False
    if not any(start < number.end() <= end for start, end in dates):
        return True
    alone = any(end == number.end() and sentence[start:end].isdigit() for start, end in dates)
    return alone and (not number.group().isdigit() or _is_counted(question, sentence[number.end() :]))


def _people(known: str, sentence: str) -> list[tuple[int, int]]:
    """People with a title before their name; else offices. What the question names is not its answer.

    Bare capitalised words are left alone: in official papers they are bodies and places more often than people.
    """
    for pattern in (_PERSON, _OFFICE):
        found = [match.span() for match in pattern.finditer(sentence) if match.group().casefold() not in known]
        if found:
            return found
    return []


def _nearness(question: str, sentence: str, start: int, end: int) -> float:
    """How much a candidate's own clause speaks of what is asked.

    Verbs decide between neighbouring figures ("received 250 000, 160 000 of which were approved"), and what is
    counted decides most: after "how many jobs" a number before "jobs".
    """
    left, right = clause(sentence, start, end)
    asked = {_stem(word): 2.5 if _is_verb(word) else 1.0 for word in query_words(question)}
    score = 0.0
    for word in set(query_words(sentence[left:right])):
        score += asked.get(_stem(word), -1.0 if _is_verb(word) else -0.02)
    counted = re.search(r"how many ((?:\w+ ){0,3}\w+)", question.lower())
    following = {_stem(word) for word in query_words(sentence[end:right])[:2]}
    if counted and following & {_stem(word) for word in query_words(counted.group(1))}:
        score += 1.0
    return score


def _is_verb(word: str) -> bool:
    """Past participles, on which figures in official prose turn: received, approved, arrived, taken."""
    return word.endswith(("ed", "en"))


def stage_of_figure(question: str, text: str, start: int, end: int) -> tuple[float, bool]:
    """Whether a figure's own clause tells of another thing done than the question asks, and whether of just that.

    The first is 2 where it is beyond doubt (received, not approved), 1 where only its verbs are others, else 0; the
    second is true of "granted" where "approved" is asked.
    """
    words = _clause_around(text, start, end)
    other = other_stage(question, words)
    if other is not None:
        return 2.0 * other, not other
    asked = {_stem(word) for word in query_words(question) if _is_verb(word)}
    told = {_stem(word) for word in query_words(words) if _is_verb(word)}
    return float(bool(asked and told) and not asked & told), False


def _clause_around(text: str, start: int, end: int) -> str:
    left = max(text.rfind(". ", 0, start), text.rfind("\n", 0, start)) + 1
    right = min((at for at in (text.find(". ", end), text.find("\n", end)) if at >= 0), default=len(text))
    return told_of(text[left:right], start - left, end - left)


def _is_other_office(question: str, sentence: str) -> bool:
    """Whether a sentence speaks of the Vice Mayor where the question asks for the Mayor."""
    asked = question.casefold()
    return any(
        office[1].casefold() in asked and office.group().strip(" -").casefold() not in asked
        for office in _RANK.finditer(sentence)
    )
