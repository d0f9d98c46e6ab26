"""The extractive reader: the exact words that answer a question, from several passages, on one scale.

Every passage is read under its headings, in overlapping windows where it is long. A window gives its best spans, each
by its margin over "not here". The same words from several passages speak for each other, and one logistic model of
what the network, the search and that agreement say turns each span into the probability that it is right. The model
is fitted by ``python -m eval.confidence`` on questions the network never saw.
"""

from __future__ import annotations

import json
import math
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path

import numpy as np

from rag.errors import ModelDamaged
from rag.network import Network, Scores, Window
from rag.picking import Coverage, stage_of_figure, unnamed
from rag.quantities import quantities
from rag.questions import asked_for, is_of_type
from rag.types import Hit, Passage, Span

ANSWER_TOKENS = 40
PER_WINDOW = 5  # spans kept
HEADINGS_CHARS = 240
MOST_FIGURES = 12  # of a passage


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for a span."""

    margin: float  # start and end logits over those of "not here"
    answerable: float  # the network's logit that the window answers at all
    share: float = 0.0  # log of its part of the weight of all spans, over all passages
    agreement: float = 0.0  # the like part of the same words in other passages, from 0 to 1
    rank: float = 0.0  # log of the passage's rank in the search
    cosine: float = 0.0  # of question and passage, 0 where dense search did not return it
    unnamed: float = 0.0  # share of the question's names and figures that the passage lacks
    untyped: float = 0.0  # 1 where a number, date or person is asked for and the words are none
    covered: float = 0.0  # share of the question's words that the sentence has in some form
    covered_around: float = 0.0  # the same of the passage and its headings
    doubt: float = 0.0  # the margin where it is below 0
    other_verb: float = 0.0  # 1 or 2 where a number's clause tells of another thing done: received, not approved
    same_stage: float = 0.0  # 1 where it tells of just what is asked: "granted" for "approved"


@dataclass(frozen=True, slots=True)
class Confidence:
    """A logistic model over :class:`Evidence`; fields but ``bias`` are weights of the same name."""

    bias: float = -1.0
    margin: float = 0.5
    answerable: float = 0.0
    share: float = 0.5
    agreement: float = 0.0
    rank: float = 0.0
    cosine: float = 0.0
    unnamed: float = 0.0
    untyped: float = 0.0
    covered: float = 0.0
    covered_around: float = 0.0
    doubt: float = 0.0
    # Set by hand, as in the sentence picker: encyclopedia questions do not turn on them, official figures do.
    other_verb: float = -1.2
    same_stage: float = 1.6

    def logit(self, evidence: Evidence) -> float:
        """That the span answers, on the scale of log odds."""
        weighted = (float(getattr(self, name)) * float(value) for name, value in asdict(evidence).items())
        return self.bias + sum(weighted)

    def probability(self, evidence: Evidence) -> float:
        """That the span answers."""
        return 1 / (1 + math.exp(-max(-60.0, min(60.0, self.logit(evidence)))))

    @classmethod
    def beside(cls, folder: Path) -> Confidence:
        """As fitted for the model in a folder; a plain reading of the margin where none was. Raises ModelDamaged."""
        file = folder / "confidence.json"
        if not file.is_file():
            return cls()
        try:
            found = json.loads(file.read_text("utf-8"))
            if not isinstance(found, dict):
                raise TypeError("not an object of weights")
            return cls(**{field.name: float(found[field.name]) for field in fields(cls) if field.name in found})
        except (OSError, ValueError, TypeError) as problem:
            raise ModelDamaged(
                f"{file} is no record of confidence ({problem}): fetch the reader again, or delete the file"
            ) from problem


@dataclass(frozen=True, slots=True)
class Candidate:
    """Words that may answer, ``document.text[start:end]``."""

    hit: Hit
    start: int
    end: int
    evidence: Evidence

    @property
    def text(self) -> str:
        """The words."""
        return self.hit.passage.words(self.start, self.end)


class ExtractiveReader:
    """Reads with a question-answering network."""

    def __init__(self, network: Network, confidence: Confidence | None = None) -> None:
        self._network = network
        self.confidence = confidence or Confidence()

    @property
    def name(self) -> str:
        """The model's folder or hub name."""
        return self._network.name

    @property
    def path(self) -> str:
        """What it computes with, such as ``bf16 on CPU (AMX), 2 threads``."""
        return self._network.path

    def read(self, question: str, hits: Sequence[Hit]) -> list[Span]:
        """Spans, best first; ``score`` is the probability that the words answer the question."""
        (candidates,) = self.candidates([(question, hits)])
        scored = [(self.confidence.probability(candidate.evidence), candidate) for candidate in candidates]
        scored.sort(key=lambda entry: -entry[0])
        return [_span(candidate, probability) for probability, candidate in scored]

    def candidates(self, asked: Sequence[tuple[str, Sequence[Hit]]]) -> list[list[Candidate]]:
        """For each question with its hits what could answer, with the evidence; all windows in one go."""
        read = [_Asked(question, hits, self._network) for question, hits in asked]
        scores = iter(self._network.score([window for one in read for group in one.windows for window in group]))
        return [one.candidates(scores) for one in read]


class _Asked:
    """One question, the passages to read, and their windows."""

    def __init__(self, question: str, hits: Sequence[Hit], network: Network) -> None:
        self._question, self._hits = question, hits
        self._wanted, self._covered = asked_for(question), Coverage(question)
        self._contexts = [_context(hit.passage) for hit in hits]
        self.windows = network.windows(question, [text for text, _ in self._contexts])

    def candidates(self, scores: Iterator[Scores]) -> list[Candidate]:
        """Takes as many scores as there are windows."""
        found: list[Candidate] = []
        for rank, (hit, (text, before), group) in enumerate(
            zip(self._hits, self._contexts, self.windows, strict=True), 1
        ):
            offset = hit.passage.start - before
            figures = _figures(text, before) if self._wanted == "number" else []
            shared = {"rank": math.log(rank), "cosine": hit.dense_score or 0.0,
                      "unnamed": unnamed(self._question, hit.passage),
                      "covered_around": self._covered.by(hit.passage.search_text)}  # fmt: skip
            best = [
                self._candidate(
                    hit, start + offset, end + offset, replace(evidence, **shared, **self._fit(text, start, end))
                )
                for window in group
                for start, last, evidence in _spans(window, next(scores), before, text, figures)
                for end in (_of_one_paragraph(text, start, last) if self._wanted else last,)
                if not _is_of_several(text, start, end, figures)
            ]
            found += _apart(best)[: PER_WINDOW + len(figures)]
        return weighed(found)

    def _candidate(self, hit: Hit, start: int, end: int, evidence: Evidence) -> Candidate:
        """The words with what their sentence has of the question."""
        sentence = hit.passage.words(*hit.passage.sentence_around(start, end))
        told = {"covered": self._covered.by(sentence), "doubt": min(evidence.margin, 0.0)}
        return Candidate(hit, start, end, replace(evidence, **told))

    def _fit(self, text: str, start: int, end: int) -> dict[str, float]:
        """Whether the words are of the kind asked for."""
        untyped = float(not is_of_type(self._wanted, text[start:end]))
        if self._wanted != "number":
            return {"untyped": untyped}
        other, same = stage_of_figure(self._question, text, start, end)
        return {"untyped": untyped, "other_verb": other, "same_stage": float(same and not untyped)}


def _context(passage: Passage) -> tuple[str, int]:
    """What the network reads, and where in it the passage's own text begins.

    "today (March 18)", as press releases write, is read as "on March 18", character for character in its place: a
    network that learned from an encyclopedia does not know that form.
    """
    above = ". ".join(passage.headings)[:HEADINGS_CHARS]
    above = f"{above}\n" if above else ""
    text = _DATELINE.sub(lambda found: f"{'on':<{len(found[1]) + 2}}{found[2]} ", passage.text)
    return above + text, len(above)


_DATELINE = re.compile(r"\b([Tt]oday|[Tt]omorrow|[Yy]esterday) \(([^()\n]{3,20}\d)\)")


def _figures(context: str, before: int) -> list[tuple[int, int]]:
    """Offsets of the figures of a passage: where one is asked for, each is considered."""
    return [(before + q.start, before + q.end) for q in quantities(context[before:])[:MOST_FIGURES]]


def _of_one_paragraph(context: str, start: int, end: int) -> int:
    """Where words end that run on into another paragraph, such as a date before the number of the page."""
    cut = context.find("\n\n", start, end)
    return cut if cut > start else end


def _is_of_several(context: str, start: int, end: int, figures: Sequence[tuple[int, int]]) -> bool:
    """Whether words run over figures of different cells or lines: "220 000; End of February: 250 000"."""
    within = [figure for figure in figures if start <= figure[0] and figure[1] <= end]
    return len(within) > 1 and re.search(r"[;\n]", context[within[0][1] : within[-1][0]]) is not None


def _spans(
    window: Window, scores: Scores, before: int, context: str, figures: Sequence[tuple[int, int]] = ()
) -> Iterator[tuple[int, int, Evidence]]:
    """The best spans of a window, as whole words, that begin at or after ``before``, and all ``figures`` within it."""
    places = [i for i, (start, end) in enumerate(window.offsets) if start >= before and end > start]
    if not places:
        return
    first = places[0]
    starts, ends = scores.starts[first:], scores.ends[first:]
    # Row i holds the ends of spans that start at token i: a band, so that end >= start and no span is too long.
    padded = np.concatenate([ends, np.full(ANSWER_TOKENS - 1, -np.inf, dtype=ends.dtype)])
    band = np.lib.stride_tricks.sliding_window_view(padded, ANSWER_TOKENS) + starts[:, None]
    count = min(8 * PER_WINDOW, band.size)
    flat = np.argpartition(-band, count - 1, axis=None)[:count]
    taken: list[tuple[int, int]] = []
    for index in flat[np.argsort(-band.flat[flat], kind="stable")]:
        start, length = divmod(int(index), ANSWER_TOKENS)
        end = start + length
        value = float(band[start, length])
        if not math.isfinite(value) or any(start <= e and s <= end for s, e in taken):
            continue
        taken.append((start, end))
        offsets = window.offsets[first + start][0], window.offsets[first + end][1]
        yield (
            *whole_words(context, *offsets, before),
            Evidence(margin=value - scores.nowhere, answerable=scores.answerable),
        )
        if len(taken) == PER_WINDOW:
            break
    for start, end in figures:
        tokens = [i for i, (low, high) in enumerate(window.offsets) if low < end and start < high and i >= first]
        alone = [(s + first, e + first) for s, e in taken if not _is_of_several(
            context, window.offsets[s + first][0], window.offsets[e + first][1], figures)]  # fmt: skip
        if tokens and not any(tokens[0] <= e and s <= tokens[-1] for s, e in alone):
            value = float(scores.starts[tokens[0]] + scores.ends[tokens[-1]])
            yield start, end, Evidence(margin=value - scores.nowhere, answerable=scores.answerable)


_GROUP_AFTER = re.compile(r"(?:[ ,\u00a0\u2009\u202f]\d{3})+(?!\d)")
_GROUP_BEFORE = re.compile(r"(?<![\d.,])\d{1,3}(?:[ ,\u00a0\u2009\u202f]\d{3})*[ ,\u00a0\u2009\u202f]$")


_NAME_GOES_ON = re.compile(  # "Shenzhen" of "Shenzhen-Hong Kong Science and Technology Zone"
    r"-[A-Z][\w'’]*(?:[ -](?:(?:and|of|for|the) )*[A-Z][\w'’]*(?:-[a-z]+)?){0,8}"
)


def whole_words(text: str, start: int, end: int, before: int = 0) -> tuple[int, int]:
    """The span grown to whole words, numbers ("260" of "260 000") and hyphenated names, not past ``before``."""
    while start > before and text[start - 1].isalnum() and text[start].isalnum():
        start -= 1
    while end < len(text) and text[end - 1].isalnum() and text[end].isalnum():
        end += 1
    name = _NAME_GOES_ON.match(text, end) if text[end - 1].isalpha() else None
    end = name.end() if name else end
    if text[end - 1].isdigit():
        after = _GROUP_AFTER.match(text, end)
        digits = re.search(r"\d+$", text[max(start, end - 4) : end])
        if after and digits and len(digits.group()) <= 3:
            end = after.end()
    if re.match(r"\d{3}(?!\d)", text[start:end]):
        group = _GROUP_BEFORE.search(text[max(before, start - 16) : start])
        if group:
            start -= len(group.group())
    return start, end


def _apart(candidates: list[Candidate]) -> list[Candidate]:
    """The best first, without those that overlap a better one: windows see the same words twice."""
    kept: list[Candidate] = []
    for candidate in sorted(candidates, key=lambda c: -c.evidence.margin):
        if not any(candidate.start < other.end and other.start < candidate.end for other in kept):
            kept.append(candidate)
    return kept


_EDGE = re.compile(r"^(?:the|a|an|in|on|at|about|over|around|some)\s+|[\s.,;:'\"()]+", re.I)


def weighed(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Candidates with one normalisation over all passages, and what other passages with the same words add."""
    if not candidates:
        return []
    margins = np.array([candidate.evidence.margin for candidate in candidates], dtype=np.float64)
    weights = np.exp(margins - max(margins.max(), 0.0))
    weights /= weights.sum() + math.exp(-max(margins.max(), 0.0))  # "not here" weighs as a margin of 0
    same: dict[str, list[int]] = defaultdict(list)
    for number, candidate in enumerate(candidates):
        same[_EDGE.sub(" ", candidate.text.casefold()).strip()].append(number)
    agreeing = np.zeros(len(candidates))
    for group in same.values():
        for number in group:
            others = {candidates[i].hit.passage.id for i in group} - {candidates[number].hit.passage.id}
            agreeing[number] = sum(weights[i] for i in group if candidates[i].hit.passage.id in others)
    return [
        replace(
            candidate,
            evidence=replace(candidate.evidence, share=math.log(max(weights[i], 1e-9)), agreement=float(agreeing[i])),
        )
        for i, candidate in enumerate(candidates)
    ]


def _span(candidate: Candidate, probability: float) -> Span:
    start, end = candidate.start, candidate.end
    return Span(candidate.hit.passage, start, end, *candidate.hit.passage.sentence_around(start, end), probability)
