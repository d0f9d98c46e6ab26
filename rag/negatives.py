"""Questions that a passage does not answer, made from questions that it does.

A reader learns to abstain from near misses: a name, a figure, a verb or a negation changed in the question or in the
sentence that answers it, the same passage without that sentence, the neighbouring passage. Some of what is made
here is answerable after all; it is little enough not to matter in training, and is never used for measuring.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from rag.lexical import STOP_WORDS

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

Kin = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Example:
    """A question over a passage; ``spans`` are the character offsets that answer it, none where nothing does."""

    question: str
    context: str
    spans: tuple[tuple[int, int], ...]
    source: str


OPPOSITES = """
more less; most least; first last; before after; increase decrease; increased decreased; rise fall; rose fell;
high low; higher lower; highest lowest; large small; larger smaller; largest smallest; big little; long short;
longer shorter; longest shortest; old new; older younger; oldest youngest; early late; earlier later; earliest latest;
win lose; won lost; start end; started ended; begin finish; began finished; open close; opened closed; accept reject;
accepted rejected; approve refuse; approved refused; allow forbid; allowed forbidden; include exclude;
included excluded; add remove; added removed; create destroy; created destroyed; build demolish; built demolished;
buy sell; bought sold; arrive leave; arrived left; join quit; joined quit; gain lose; gained lost; love hate;
support oppose; supported opposed; agree disagree; agreed disagreed; like dislike; same different; similar different;
good bad; better worse; best worst; strong weak; stronger weaker; strongest weakest; rich poor; richest poorest;
north south; northern southern; east west; eastern western; upper lower; inside outside; above below; left right;
male female; man woman; men women; father mother; son daughter; brother sister; husband wife; king queen; boy girl;
public private; domestic foreign; internal external; local national; major minor; majority minority; maximum minimum;
common rare; easy difficult; fast slow; faster slower; hot cold; light dark; heavy light; hard soft; full empty;
near far; nearest farthest; closest farthest; ancient modern; past future; former current; often rarely;
usually rarely; with without; for against; import export; imported exported;
lend borrow; teach learn; cause prevent; caused prevented; attack defend; attacked defended; enter exit; push pull;
legal illegal; possible impossible; successful unsuccessful; known unknown; popular unpopular; positive negative;
true false; alive dead; born died; birth death; life death; peace war; friend enemy; ally enemy; victory defeat;
success failure; advantage disadvantage; benefit drawback; strength weakness; question answer; supply demand;
income expense; profit loss; cheap expensive; urban rural; guilty innocent; permanent temporary; direct indirect;
voluntary compulsory; primary secondary; superior inferior; ascending descending; expand shrink; expanded shrank
"""
_PAIRS = [pair.split() for pair in OPPOSITES.replace("\n", " ").split(";")]
_OPPOSITE = {word: other for pair in _PAIRS for word, other in (pair, pair[::-1])}

_WORD = re.compile(r"[A-Za-z]+(?:['’][a-z]+)?")
_NAME = re.compile(r"\b[A-Z]\w+(?:-\w+)*(?:(?: (?:of|the|de|and))* [A-Z]\w+(?:-\w+)*){0,3}")
_YEAR = re.compile(r"\b1[0-9]\d\d\b|\b20\d\d\b")
_NUMBER = re.compile(r"(?<![\w.,])\d{1,3}(?:,\d{3})+(?![\w])|(?<![\w.,])\d+(?:\.\d+)?(?![\w])")
_TOKEN = re.compile(r"[A-Za-z]+|\d+")
_AUXILIARY = re.compile(r"\b(is|are|was|were|did|does|do|has|have|had|can|could|will|would|should|may|must)\b", re.I)
_NEGATION = re.compile(r"\b(?:not|never)\b ?|n['’]t\b", re.I)
_SENTENCE = re.compile(r"(?<=[.!?])[\"'”’)\]]*\s+(?=[A-Z\"'“(\[])")
_WH = re.compile(r"^(who|when|where|how many|how much|why)\b", re.I)


def without_answer(example: Example) -> Example | None:
    """The passage without the sentences that hold an answer, or None where too little is left."""
    answers = {example.context[start:end].casefold() for start, end in example.spans}
    cuts = [0, *(found.end() for found in _SENTENCE.finditer(example.context)), len(example.context)]
    sentences = list(pairwise(cuts))
    kept = [
        example.context[start:end]
        for start, end in sentences
        if not any(start < e and s < end for s, e in example.spans)
        and not any(answer in example.context[start:end].casefold() for answer in answers)
    ]
    context = "".join(kept).strip()
    return replace(example, context=context, spans=()) if len(kept) > 1 and len(context) > 120 else None


def elsewhere(example: Example, passages: Sequence[str], rng: random.Random) -> Example | None:
    """The question put to another passage that does not hold its answer: mostly to the one that is most like it."""
    answers = [example.context[start:end].casefold() for start, end in example.spans]
    others = [p for p in passages if p != example.context and not any(a in p.casefold() for a in answers)]
    if not others:
        return None
    asked = set(_content(example.question))
    shared = [len(asked & set(_WORD.findall(passage.lower()))) for passage in others]
    hard = rng.random() < 0.7
    context = others[max(range(len(others)), key=shared.__getitem__)] if hard else rng.choice(others)
    return replace(example, context=context, spans=())


def altered(example: Example, kin: Kin, rng: random.Random) -> Example | None:
    """The question with one thing changed so that the passage no longer answers it."""
    answers = " ".join(example.context[start:end] for start, end in example.spans)
    for change in rng.sample(_CHANGES, len(_CHANGES)):
        question = change(example.question, example.context, answers, kin, rng)
        if question and question.casefold() != example.question.casefold():
            return replace(example, question=question, spans=())
    return None


def contradicted(example: Example, kin: Kin, rng: random.Random) -> Example | None:
    """The passage with one word of the sentence that answers changed, a word that the question has too, or negated."""
    start, end = example.spans[0]
    if sum(s < end + 400 and start < e + 400 for s, e in example.spans) < len(example.spans):
        return None  # it is answered in several places
    cuts = [0, *(found.end() for found in _SENTENCE.finditer(example.context)), len(example.context)]
    left = max(cut for cut in cuts if cut <= start)
    right = min(cut for cut in cuts if cut >= end)
    sentence = example.context[left:right]
    asked = {word.lower() for word in _WORD.findall(example.question)} | set(_NUMBER.findall(example.question))
    places = [m for m in _TOKEN.finditer(sentence) if m.group().lower() in asked and not _touches(m, left, example)]
    rng.shuffle(places)
    for found in places:
        word = _contrary(found.group(), example, kin, rng)
        if word:
            changed = re.sub(rf"\b{re.escape(found.group())}\b", word.replace("\\", ""), sentence)
            return replace(example, context=example.context[:left] + changed + example.context[right:], spans=())
    auxiliary = _AUXILIARY.search(sentence)
    if not auxiliary or _NEGATION.search(sentence):
        return None
    changed = f"{sentence[: auxiliary.end()]} not{sentence[auxiliary.end() :]}"
    return replace(example, context=example.context[:left] + changed + example.context[right:], spans=())


def _touches(found: re.Match[str], offset: int, example: Example) -> bool:
    return any(start < found.end() + offset and found.start() + offset < end for start, end in example.spans)


def _contrary(word: str, example: Example, kin: Kin, rng: random.Random) -> str | None:
    """What stands instead of a word so that the sentence says something else."""
    lower = word.lower()
    if word.isdigit():
        return str(max(int(word) + rng.choice((-9, -3, -2, -1, 1, 2, 3, 10)), 1)) if len(word) < 7 else None
    if word[0].isupper() and lower not in _OPPOSITE:
        others = [n for n in _names(example.context) if word not in n and n not in example.question and " " not in n]
        return rng.choice(others) if others else None
    if lower in _OPPOSITE and (len(lower) > 4 or lower not in STOP_WORDS):  # "for" is seldom against
        return _OPPOSITE[lower]
    near = [other for other in kin.get(lower, ()) if other not in example.question.lower()]
    return rng.choice(near[:10]) if near and lower not in STOP_WORDS and rng.random() < 0.6 else None


def _content(question: str) -> list[str]:
    return [word for word in _WORD.findall(question.lower()) if word not in STOP_WORDS]


def _other_name(question: str, context: str, answers: str, kin: Kin, rng: random.Random) -> str | None:
    """A name of the question for another of the passage."""
    asked = [m for m in _NAME.finditer(question) if m.start() > 0 and m.group() in context and len(m.group()) > 2]
    if not asked:
        return None
    found = rng.choice(asked)
    others = {name for name in _names(context) if name not in question and name not in answers}
    others = {name for name in others if not set(name.split()) & set(found.group().split())}
    return _put(question, found, rng.choice(sorted(others))) if others else None


def _other_figure(question: str, context: str, answers: str, kin: Kin, rng: random.Random) -> str | None:
    """A year or number of the question for another, of the passage where it has one."""
    for pattern in (_YEAR, _NUMBER):
        asked = list(pattern.finditer(question))
        if not asked:
            continue
        found = rng.choice(asked)
        others = sorted({m.group() for m in pattern.finditer(context)} - set(pattern.findall(question)))
        if others and rng.random() < 0.7:
            return _put(question, found, rng.choice(others))
        plain = found.group().replace(",", "").split(".")[0]
        return _put(question, found, str(max(int(plain) + rng.choice((-20, -9, -3, -2, -1, 1, 2, 3, 10, 25)), 1)))
    return None


def _other_word(question: str, context: str, answers: str, kin: Kin, rng: random.Random) -> str | None:
    """A content word for one of the same kind ("king", "bishop"), of the passage where it has one."""
    words = [m for m in _WORD.finditer(question) if m.group() in kin and m.group() not in STOP_WORDS]
    here = set(_WORD.findall(context.lower()))
    rng.shuffle(words)
    for found in words:
        others = [word for word in kin[found.group()] if word not in question.lower() and word not in answers.lower()]
        known = [word for word in others if word in here]
        if known and rng.random() < 0.7:
            return _put(question, found, rng.choice(known[:4]))
        if others and rng.random() < 0.6:
            return _put(question, found, rng.choice(others[:12]))
    return None


def _exchanged(question: str, context: str, answers: str, kin: Kin, rng: random.Random) -> str | None:
    """Two names or two nouns of the question in each other's place."""
    names = [m for m in _NAME.finditer(question) if m.start() > 0]
    words = [m for m in _WORD.finditer(question) if m.start() > 0 and m.group() in kin and m.group() not in STOP_WORDS]
    places = names if len(names) > 1 else words
    if len(places) < 2:
        return None
    one, other = sorted(rng.sample(places, 2), key=lambda m: m.start())
    between = question[one.end() : other.start()]
    return question[: one.start()] + other.group() + between + one.group() + question[other.end() :]


def _opposite(question: str, context: str, answers: str, kin: Kin, rng: random.Random) -> str | None:
    words = [m for m in _WORD.finditer(question) if m.group().lower() in _OPPOSITE and m.start() > 0]
    if not words:
        return None
    found = rng.choice(words)
    return _put(question, found, _OPPOSITE[found.group().lower()])


def _negated(question: str, context: str, answers: str, kin: Kin, rng: random.Random) -> str | None:
    """ "did" for "didn't", and the other way round."""
    there = _NEGATION.search(question)
    if there:
        return " ".join((question[: there.start()] + question[there.end() :]).split())
    found = _AUXILIARY.search(question)
    if not found:
        return None
    if rng.random() < 0.5 and found.group().lower() in "is are was were did does do has have had could would should":
        return _put(question, found, found.group() + "n't")
    words = list(_WORD.finditer(question, found.end()))
    if len(words) < 2:
        return None
    after = found.end() if not found.group().lower().startswith("d") else words[min(1, len(words) - 1)].end()
    return f"{question[:after]} {rng.choice(('not', 'never'))}{question[after:]}"


def _names(context: str) -> list[str]:
    """Names that do not begin a sentence, where any word has a capital."""
    names = []
    for found in _NAME.finditer(context):
        name = found.group().removeprefix("The ")
        begins = context[max(found.start() - 2, 0) : found.start()].strip() in ("", ".")
        if len(name) > 2 and name.lower() not in STOP_WORDS and (" " in name or not begins):
            names.append(name)
    return names


def _narrowed(question: str, context: str, answers: str, kin: Kin, rng: random.Random) -> str | None:
    """A condition added that the passage states of something else: a year, a place, a name."""
    years = [y for y in _YEAR.findall(context) if y not in question and y not in answers]
    names = [name for name in _names(context) if name not in question and name not in answers]
    options = [f" in {year}" for year in years[:4]]
    options += [f" {rng.choice(('in', 'by', 'for', 'with', 'of'))} {name}" for name in names[:6]]
    if not options:
        return None
    return question.rstrip(" ?") + rng.choice(options) + "?"


def _other_kind(question: str, context: str, answers: str, kin: Kin, rng: random.Random) -> str | None:
    """Another thing asked of the same event: "where" for "when"."""
    found = _WH.match(question)
    if not found or rng.random() < 0.6:
        return None
    kind = found.group(1).lower()
    others = {"who": ("why", "when"), "when": ("where", "why"), "where": ("when", "why"), "why": ("when", "where")}
    return _put(question, found, rng.choice(others[kind]).capitalize()) if kind in others else None


Change = Callable[[str, str, str, Kin, random.Random], str | None]
# Named as often as it shall be tried first.
_CHANGES: list[Change] = [
    _other_name, _other_name, _other_name, _other_figure, _other_figure, _other_word, _other_word, _other_word,
    _opposite, _opposite, _negated, _narrowed, _other_kind, _exchanged,
]  # fmt: skip


def _put(question: str, found: re.Match[str], word: str) -> str:
    return question[: found.start()] + word + question[found.end() :]


def word_kin(vocabulary: Mapping[str, int], vectors: npt.NDArray[np.float32], count: int = 30) -> Kin:
    """For each whole word of a tokenizer's vocabulary the words used like it, by its input embeddings.

    ``vectors`` has the shape (vocabulary, width). Inflections of the word itself are left out.
    """
    import numpy as np

    words = [word for word in vocabulary if len(word) > 3 and word.isascii() and word.isalpha()]
    count = min(count, len(words) - 1)
    rows = vectors[[vocabulary[word] for word in words]]
    rows = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    kin = {}
    for start in range(0, len(words), 2_000):
        near = rows[start : start + 2_000] @ rows.T
        best = np.argpartition(-near, count, axis=1)[:, :count]
        for offset, columns in enumerate(best):
            word = words[start + offset]
            ordered = columns[np.argsort(-near[offset, columns])]
            kin[word] = [words[i] for i in ordered if not _inflected(word, words[i])]
    return kin


def _inflected(word: str, other: str) -> bool:
    shared = next((i for i, (a, b) in enumerate(zip(word, other, strict=False)) if a != b), min(len(word), len(other)))
    return shared >= min(len(word), len(other)) - 2 and shared >= 3
