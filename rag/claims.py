"""Claims that a passage bears and claims that it does not, made by rule from questions, answers and sentences.

What trains the support score (train_support.py). Beside each claim that is borne stands one that differs in a
figure, a name, a word, a negation, its time or its subject, so that shared words alone decide nothing. As often as the
claim its source is changed instead, and at times both alike, so that odd wording decides nothing either. Some claims
that count as not borne are borne after all; it is little enough not to matter in training.
"""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from rag.lexical import STOP_WORDS
from rag.negatives import OPPOSITES, Example, Kin, altered, contradicted, without_answer

NEIGHBOURS = 6  # passages on either side that are taken to be of the same article
SOURCE_WORDS = 190
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim over the words of a source; ``wrong`` are the characters of it that are not borne, None if unknown."""

    text: str
    source: str
    borne: bool
    wrong: tuple[Span, ...] | None = ()


class Claims:
    """Makes claims from questions with their passages."""

    def __init__(self, examples: Sequence[Example], kin: Kin) -> None:
        self._kin = kin
        self._of_passage: dict[str, list[Example]] = defaultdict(list)
        order: dict[str, dict[str, None]] = defaultdict(dict)
        for example in examples:
            order[example.source].setdefault(example.context)
            if example.spans:
                self._of_passage[example.context].append(example)
        self._passages = {source: list(contexts) for source, contexts in order.items()}
        self._place = {source: {c: i for i, c in enumerate(found)} for source, found in self._passages.items()}

    def of_question(self, example: Example, rng: random.Random) -> Iterator[Claim]:
        """The question with its answer, and one or two ways in which that is not borne."""
        spans = [span for span in example.spans if span[1] - span[0] <= 160]
        if not spans:
            return
        start, end = rng.choice(spans)
        answer = example.context[start:end]
        source = around(example.context, start, end, rng, (60, 100, 150, SOURCE_WORDS))
        yield told(example.question, answer, source, rng)
        wrong = rng.choice(self._other_answers(example, source) or [""])
        if wrong and rng.random() < 0.4:
            text = told(example.question, wrong, source, rng).text
            yield Claim(text, source, False, _places(text, wrong))
        kind = rng.random()
        place = source.find(answer)
        here = replace(example, context=source, spans=((place, place + len(answer)),))
        if kind < 0.6 and place >= 0 and (other := altered(here, self._kin, rng)):
            text = told(other.question, answer, source, rng).text
            known = text.startswith(other.question)
            yield Claim(text, source, False, _changed(f"{example.question} {answer}", text) if known else None)
        elif kind < 0.75 and (other := contradicted(example, self._kin, rng)):
            yield replace(told(example.question, answer, _cut(other.context, start, rng), rng), borne=False, wrong=None)
        elif kind < 0.85 and (other := without_answer(example)):
            found = rng.choice(_alike(answer, other.context) or [answer])
            place = max(other.context.find(found), 0)
            yield replace(told(example.question, found, _cut(other.context, place, rng), rng), borne=False, wrong=None)
        else:
            passage = self._neighbour(example, example.question, rng)
            found = rng.choice(_alike(answer, passage) or [answer]) if passage else ""
            if passage and answer.casefold() not in passage.casefold():
                place = max(passage.find(found), 0)
                made = told(example.question, found, _cut(passage, place, rng), rng)
                yield replace(made, borne=False, wrong=None)

    def of_sentence(self, example: Example, rng: random.Random) -> Iterator[Claim]:
        """A sentence of the passage in other form, and one or two ways in which that is not borne."""
        spans = [s for s in sentences(example.context) if 5 <= example.context[slice(*s)].count(" ") <= 45]
        if not spans:
            return
        start, end = rng.choice(spans)
        sentence = " ".join(example.context[start:end].split())
        source = around(example.context, start, end, rng)
        before = [s for s in spans if s[1] <= start][-1:]
        if before and example.context[slice(*before[0])].strip() in source:
            sentence = _named(sentence, example.context[slice(*before[0])].strip())
        text = reworded(sentence, rng)
        if rng.random() < 0.2 and len(spans) > 1:
            text = _joined(text, " ".join(example.context[slice(*rng.choice(spans))].split()), rng)
            source = around(example.context, min(s for s, _ in spans), end, rng) if rng.random() < 0.3 else source
            if any(part.rstrip(".") not in " ".join(source.split()) for part in text.split("; ")[1:]):
                text = reworded(sentence, rng)
        yield Claim(text, source, True, ()) if rng.random() < 0.75 else _both(text, source, self._kin, rng)
        for _ in range(rng.choice((1, 1, 2))):
            if made := mutated(text, source, self._kin, rng):
                yield made
        if rng.random() < 0.35 and (passage := self._neighbour(example, sentence, rng)):
            place = rng.choice(sentences(passage) or [(0, 0)])
            if sentence[:-1].casefold() not in " ".join(passage.split()).casefold():
                yield Claim(text, around(passage, *place, rng), False, None)

    def _neighbour(self, example: Example, words: str, rng: random.Random) -> str | None:
        """Another passage of the same article, mostly the one that shares most words."""
        at = self._place[example.source][example.context]
        near = self._passages[example.source][max(at - NEIGHBOURS, 0) : at + NEIGHBOURS + 1]
        near = [passage for passage in near if passage != example.context]
        if not near:
            return None
        asked = _content(words)
        return max(near, key=lambda p: len(asked & _content(p))) if rng.random() < 0.7 else rng.choice(near)

    def _other_answers(self, example: Example, source: str) -> list[str]:
        """Words of the source that answer other questions of it, or are of the kind of the right ones."""
        right = [example.context[slice(*span)].casefold() for span in example.spans]
        kind = _kind(example.question)
        others = [other for other in self._of_passage[example.context] if other.question != example.question]
        same = [other for other in others if _kind(other.question) == kind] or others
        words = [other.context[slice(*span)] for other in same for span in other.spans[:1]]
        words += _alike(example.context[slice(*example.spans[0])], source)
        return [w for w in words if w in source and not any(w.casefold() in r or r in w.casefold() for r in right)]


# --- words and places ------------------------------------------------------------------------------------------

_SENTENCE = re.compile(r"(?<=[.!?])[\"'”’)\]]*\s+(?=[A-Z\"'“(\[])|\n+")
_NUMBER = re.compile(r"(?<![\w.,])(?:\d{1,3}(?:[, \u00a0]\d{3})+|\d+(?:\.\d+)?)(?![\w])")
_YEAR = re.compile(r"\b(?:1\d|20)\d\d\b(?!,\d)")
_MONTHS = "January February March April May June July August September October November December".split()
_MONTH = re.compile(rf"\b(?:{'|'.join(_MONTHS)})\b")
_NAME = re.compile(r"\b[A-Z]\w+(?:[-'’]\w+)*(?:(?: (?:of|de|and|the))* [A-Z]\w+(?:[-'’]\w+)*){0,3}")
_WORD = re.compile(r"[A-Za-z]+(?:['’][a-z]+)?")
_SPELLED = "one two three four five six seven eight nine ten eleven twelve".split()
_COUNTED = re.compile(rf"(?i)\b(?:{'|'.join(_SPELLED[1:])})\b")


def sentences(text: str) -> list[Span]:
    """Offsets of the sentences of a text, roughly."""
    cuts = [0, *(found.end() for found in _SENTENCE.finditer(text)), len(text)]
    return [(start, start + len(text[start:end].rstrip())) for start, end in pairwise(cuts) if text[start:end].strip()]


def around(text: str, start: int, end: int, rng: random.Random, words: Sequence[int] = (0, 40, 80, 120, 190)) -> str:
    """The sentences that hold ``[start, end)``, with others about them up to one of so many ``words``."""
    spans = sentences(text)
    low = max((i for i, span in enumerate(spans) if span[0] <= start), default=0)
    high = max((i for i, span in enumerate(spans) if span[0] < max(end, start + 1)), default=low)
    budget = rng.choice(words)
    while low > 0 or high < len(spans) - 1:
        left = low > 0 and (high == len(spans) - 1 or rng.random() < 0.5)
        wider = (low - 1, high) if left else (low, high + 1)
        if text[spans[wider[0]][0] : spans[wider[1]][1]].count(" ") > budget:
            break
        low, high = wider
    found = text[spans[low][0] : spans[high][1]] if spans else text
    return found if found.count(" ") <= 2 * SOURCE_WORDS else text[max(start - 500, 0) : end + 500]


def _cut(text: str, place: int, rng: random.Random) -> str:
    place = min(place, len(text) - 1)
    return around(text, place, place + 1, rng, (60, 100, 150, SOURCE_WORDS))


def _content(text: str) -> set[str]:
    return {word for word in re.findall(r"\w+", text.lower()) if word not in STOP_WORDS}


def _places(text: str, words: str) -> tuple[Span, ...]:
    place = text.find(words)
    return ((place, place + len(words)),) if place >= 0 else ()


def _changed(before: str, after: str) -> tuple[Span, ...] | None:
    """The stretch of ``after`` that differs; None where so much does that it tells nothing."""
    limit = min(len(before), len(after))
    left = next((i for i in range(limit) if before[i] != after[i]), limit)
    right = next((i for i in range(limit - left) if before[-1 - i] != after[-1 - i]), limit - left)
    if len(after) - right - left > 60:
        return None
    return ((max(left - 1, 0), max(len(after) - right, left + 1)),)


def _kind(question: str) -> str:
    found = re.search(r"(?i)\b(who|whom|when|where|why|how many|how much|how|which|what)\b", question)
    return found[0].lower() if found else ""


def _names(text: str) -> list[str]:
    """Names that do not begin a sentence, where any word has a capital."""
    found = (
        (m.group().removeprefix("The "), text[max(m.start() - 2, 0) : m.start()].strip()) for m in _NAME.finditer(text)
    )
    return [
        n for n, before in found if len(n) > 2 and n.lower() not in STOP_WORDS and (" " in n or before not in ("", "."))
    ]


def _alike(words: str, text: str) -> list[str]:
    """Other words of a text that are a year, a number or a name as the given ones are."""
    for pattern in (_YEAR, _NUMBER):
        if pattern.search(words):
            return [found for found in set(pattern.findall(text)) if found not in words]
    if words[:1].isupper():
        return sorted({name for name in _names(text) if not set(name.split()) & set(words.split())})
    return []


# --- a question and its answer as one statement ------------------------------------------------------------------

_AUXILIARIES = "is|are|was|were|do|does|did|has|have|had|can|could|will|would|should|may|must"
_SUBJECT = re.compile(rf"(?i)^(?:who|what|which(?: \w+){{1,2}}?)(?= (?!(?:{_AUXILIARIES})\b)\w+)")
_IS = re.compile(r"(?i)^(?:who|what|when|where) (is|are|was|were) (.+)$")
_DID = re.compile(r"(?i)^(who|whom|what|when|where|why|how)(?: (?:year|day|date|city|country))? (did|does|do) (.+)$")
_MANY = re.compile(
    r"(?i)^how (?:many|much) ((?:\w+ ){1,3}?)(?=(?:were|was|are|is|have|had|has|live|lived|work|attended)\b)"
)


def told(question: str, answer: str, source: str, rng: random.Random) -> Claim:
    """Question and answer as a statement where a rule can, or else, and at times anyway, one after the other."""
    plain = question.strip()
    if rng.random() < 0.5:
        return Claim(f"{plain} {answer}", source, True)
    asked = plain.rstrip(" ?")
    statement = _statement(asked, " ".join(answer.split()).rstrip(".,; "), source)
    return Claim(statement[:1].upper() + statement[1:] + "." if statement else f"{plain} {answer}", source, True)


def _statement(asked: str, answer: str, source: str) -> str:
    if found := _MANY.match(asked):
        return f"{answer} {asked[found.start(1) :]}"
    if found := _IS.match(asked):
        verb, rest = found.groups()
        words = rest.split()
        for place, word in enumerate(words[1:], 1):
            if re.fullmatch(
                r"\w+ed|born|held|made|built|founded|known|given|taken|won|found|sold|written|shown|sent|set", word
            ):
                return " ".join([*words[:place], verb.lower(), *words[place:], answer])
        return f"{rest} {verb.lower()} {answer}" if len(words) < 9 else ""
    if found := _DID.match(asked):
        words = found[3].split()
        here = set(re.findall(r"\w+", source.lower()))
        for place, word in enumerate(words[1:], 1):
            past = _past(word)
            if past & here:
                return " ".join([*words[:place], sorted(past & here)[0], *words[place + 1 :], answer])
        return ""
    if found := _SUBJECT.match(asked):
        return answer + asked[found.end() :]
    return ""


_IRREGULAR = dict(pair.split(":") for pair in (
    "win:won become:became begin:began take:took make:made give:gave go:went leave:left lose:lost come:came get:got"
    " hold:held build:built write:wrote find:found say:said see:saw sell:sold send:sent lead:led run:ran grow:grew"
    " fall:fell rise:rose speak:spoke bring:brought buy:bought think:thought keep:kept meet:met pay:paid tell:told"
    " show:showed know:knew draw:drew choose:chose break:broke spend:spent drive:drove"
).split())  # fmt: skip


def _past(verb: str) -> set[str]:
    return {verb + "ed", verb + "d", verb + verb[-1] + "ed", verb[:-1] + "ied", verb + "s", verb + "es"} | {
        _IRREGULAR.get(verb, verb + "ed")
    }


# --- a sentence in other words -----------------------------------------------------------------------------------

_LEADING = re.compile(r"^((?:In|On|At|By|After|Since|During|From|Until|Before) [^,;]{3,40}), (\w[^;]{15,}?)\.?$")
_ASIDE = re.compile(
    r" \([^()]{3,80}\)|, (?:which|who|where|including|such as|as well as) [^,;()]{5,80}(?=,|\.$)"
    r"(?:,(?= \w+ed\b| (?:is|was|are|were|has|had)\b))?"
)
_APPOSED = re.compile(r"\b([A-Z]\w+(?: [A-Z]\w+){1,3}), ((?:the|an?) [a-z][^,;().]{4,60}), (?=\w)")
_SHORT = re.compile(r"\b((?:[A-Z]\w+ (?:(?:of|for|and|the) )*){1,6}[A-Z]\w+) \(([A-Z][A-Z&]{1,7})\)")
_CLAUSE = re.compile(r"(?:, (?:and|but|while|whereas|although|though|so)|;) ")
_BEGINNING = re.compile(
    r"^(?:However|Moreover|In addition|Furthermore|Therefore|For example|Also|Then|But|And|Additionally|Finally|Thus"
    r"|As a result),? (?=\w)"
)
_TITLES = re.compile(r"\b(?:Mr|Mrs|Ms|Dr|Sir|Professor)\.? (?=[A-Z])")


def reworded(sentence: str, rng: random.Random) -> str:
    """The same said otherwise: clauses dropped, moved, connectives changed, figures and titles written differently."""
    text = _BEGINNING.sub("", sentence)
    if rng.random() < 0.5 and (found := _APPOSED.search(text)):
        text = f"{found[1]} {rng.choice(('is', 'was'))} {found[2]}."
    if rng.random() < 0.5:
        text = _SHORT.sub(lambda found: rng.choice((found[1], found[2])), text)
    if rng.random() < 0.4:
        text = _ASIDE.sub("", text)
    clauses = _CLAUSE.split(text)
    if len(clauses) > 1 and rng.random() < 0.4 and min(clause.count(" ") for clause in clauses) > 3:
        text = rng.choice(clauses)
    if rng.random() < 0.5 and (found := _LEADING.match(text)):
        text = f"{found[2]} {found[1][0].lower()}{found[1][1:]}."
    for pattern, write, chance in _FORMS:
        if rng.random() < chance:
            text = pattern.sub(write, text)
    if rng.random() < 0.15:
        text = f"{rng.choice(('According to the text,', 'The text says that', 'Overall,', 'It is stated that'))} {text}"
    text = text.strip(" ,;")
    return text[:1].upper() + text[1:] if rng.random() < 0.9 else text.rstrip(".")


_FORMS: list[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str], float]] = [
    (re.compile(r"\b(\d{1,3}),(\d{3})\b"), r"\1 \2", 0.3),
    (re.compile(r"(?<=\d)%"), " per cent", 0.3),
    (re.compile(r"\bper ?cent\b"), "%", 0.3),
    (_COUNTED, lambda found: str(_SPELLED.index(found[0].lower()) + 1), 0.3),
    (re.compile(rf"\b({'|'.join(_MONTHS)}) (\d{{1,2}}), (\d{{4}})"), r"\2 \1 \3", 0.4),
    (re.compile(rf"\b(\d{{1,2}}) ({'|'.join(_MONTHS)}) (\d{{4}})"), r"\2 \1, \3", 0.4),
    (_TITLES, "", 0.4),
    (re.compile(r"\bmore than\b"), "over", 0.4),
    (re.compile(r"\bover (?=\d)"), "more than ", 0.4),
    (re.compile(r"\b(?:approximately|around) (?=\d)"), "about ", 0.4),
    (re.compile(r"\bbegan\b"), "started", 0.3),
    (re.compile(r"\bbecause\b"), "since", 0.3),
    (re.compile(r"\balthough\b"), "though", 0.3),
    (re.compile(r"\bdue to\b"), "because of", 0.3),
    (re.compile(r"\balso \b"), "", 0.5),
]


def _named(sentence: str, before: str) -> str:
    """A sentence about "he", "she" or "it" with the name that the sentence before it begins with."""
    name = re.match(r"(?:The )?[A-Z]\w+(?: [A-Z]\w+){1,3}(?= (?:was|is|had|has|became|\w+ed)\b)", before)
    return re.sub(r"^(?:He|She|It)\b", name[0], sentence) if name else sentence


def _joined(one: str, other: str, rng: random.Random) -> str:
    joint = rng.choice(("; ", "; also, ", "; "))
    return f"{one.rstrip('.')}{joint}{other}"


# --- a sentence that says something else -------------------------------------------------------------------------

_PAIRS = [pair.split() for pair in OPPOSITES.replace("\n", " ").split(";")]
_OPPOSITE = {word: other for pair in _PAIRS for word, other in (pair, pair[::-1])} | {
    "over": "under", "under": "over", "all": "none", "always": "never", "never": "always", "may": "must",
    "both": "neither", "since": "until", "until": "since", "only": "also", "nearly": "over", "almost": "over",
    "some": "all", "several": "no",
}  # fmt: skip
_AUXILIARY = re.compile(rf"\b(?:{_AUXILIARIES})\b(?! not\b|n['’]t)")
_NEGATION = re.compile(r"\b(?:not|never)\b ?|\bno longer ", re.I)
_PASSIVE = "".join(rf"(?<!\b{word} )" for word in "be was were is are has had have been".split())
_REGULAR = re.compile(rf"{_PASSIVE}\b([a-z]{{3,}})ed\b(?! by)")

Change = Callable[[str, str, Kin, random.Random], "tuple[Span, str] | None"]


def mutated(text: str, source: str, kin: Kin, rng: random.Random) -> Claim | None:
    """A claim that the source does not bear: one thing is changed in it, or as often in the source instead."""
    for change in rng.sample(_CHANGES, len(_CHANGES)):
        made = change(text, source, kin, rng)
        if not made or made[1].casefold() == text[slice(*made[0])].casefold():
            continue
        (start, end), word = made
        old = text[start:end]
        if old and rng.random() < 0.35 and re.search(rf"(?<!\w){re.escape(old)}(?!\w)", source):
            other = re.sub(rf"(?<!\w){re.escape(old)}(?!\w)", word.replace("\\", ""), source)
            return Claim(text, other, False, ((start, end),))
        return Claim(text[:start] + word + text[end:], source, False, ((start, start + max(len(word), 1)),))
    return None


def _both(text: str, source: str, kin: Kin, rng: random.Random) -> Claim:
    """The same word changed in claim and source: what is borne stays borne."""
    for change in rng.sample((_other_figure, _other_name, _other_word, _contrary), 4):
        made = change(text, source, kin, rng)
        if made and (old := text[slice(*made[0])]) and len(old) > 1:
            pattern = re.compile(rf"(?<!\w){re.escape(old)}(?!\w)")
            if pattern.search(source):
                word = made[1].replace("\\", "")
                return Claim(pattern.sub(word, text), pattern.sub(word, source), True)
    return Claim(text, source, True)


def _put(found: re.Match[str], word: str) -> tuple[Span, str]:
    return found.span(), word


def _other_figure(text: str, source: str, kin: Kin, rng: random.Random) -> tuple[Span, str] | None:
    """Another year, month, number or count, of the source where it has one."""
    for pattern in rng.sample((_YEAR, _NUMBER, _MONTH, _COUNTED), 4):
        found = rng.choice(list(pattern.finditer(text)) or [None])
        if not found:
            continue
        others = sorted({m.group() for m in pattern.finditer(source)} - {found.group()})
        if others and rng.random() < 0.6:
            return _put(found, rng.choice(others))
        if pattern in (_MONTH, _COUNTED):
            return _put(found, rng.choice(_MONTHS if pattern is _MONTH else _SPELLED[1:]))
        return _put(found, _near(found.group(), rng))
    return None


def _near(number: str, rng: random.Random) -> str:
    """Another number written as this one is: a digit changed, or one added or lost."""
    places = [i for i, character in enumerate(number) if character.isdigit()]
    if len(places) > 2 and not re.fullmatch(r"(?:1\d|20)\d\d", number) and rng.random() < 0.3:
        return number + "0" if "," not in number and rng.random() < 0.5 else number[: places[-1]] or "1"
    place = rng.choice(places[-2:] if re.fullmatch(r"(?:1\d|20)\d\d", number) else places)
    digit = rng.choice([d for d in "123456789" if d != number[place]])
    return number[:place] + digit + number[place + 1 :]


def _other_name(text: str, source: str, kin: Kin, rng: random.Random) -> tuple[Span, str] | None:
    found = rng.choice(
        [m for m in _NAME.finditer(text) if m.group().lower() not in STOP_WORDS and len(m.group()) > 2] or [None]
    )
    if not found or (found.start() == 0 and " " not in found.group()):
        return None
    others = [name for name in _names(source) if not set(name.split()) & set(found.group().split())]
    return _put(found, rng.choice(others)) if others else None


def _other_word(text: str, source: str, kin: Kin, rng: random.Random) -> tuple[Span, str] | None:
    """A content word for one used like it."""
    words = [m for m in _WORD.finditer(text) if m.group() in kin and m.group() not in STOP_WORDS and len(m.group()) > 4]
    if not words:
        return None
    found = rng.choice(words)
    here = set(re.findall(r"\w+", source.lower()))
    others = [word for word in kin[found.group()][:12] if word not in text.lower() and len(word) > 3]
    known = [word for word in kin[found.group()] if word in here and word not in text.lower()]
    return _put(found, rng.choice(known[:4] if known and rng.random() < 0.6 else others)) if others else None


def _contrary(text: str, source: str, kin: Kin, rng: random.Random) -> tuple[Span, str] | None:
    words = [
        m
        for m in _WORD.finditer(text)
        if m.group() in _OPPOSITE and (len(m.group()) > 3 or m.group() in ("all", "may"))
    ]
    return _put(found, _OPPOSITE[found.group()]) if words and (found := rng.choice(words)) else None


def _negated(text: str, source: str, kin: Kin, rng: random.Random) -> tuple[Span, str] | None:
    if there := _NEGATION.search(text):
        return there.span(), ""
    if found := _AUXILIARY.search(text):
        return (found.end(), found.end()), rng.choice((" not", " not", " never", " no longer"))
    for found in _REGULAR.finditer(text):
        for base in (found[1], found[1] + "e", found[1][:-1]):
            if base in kin:
                return _put(found, f"did not {base}")
    return None


_TO_COME = re.compile(
    r"\b(?:will|shall) be\b|\b(?:is|are) (?:to be|expected to be|planned to be|due to be)\b"
    r"|\b(?:will|(?:plan|hope|intend|aim)s? to|(?:is|are) (?:to|(?:expected|planned|set|due) to)) (?=[a-z]{3,})"
)


def _done(text: str, source: str, kin: Kin, rng: random.Random) -> tuple[Span, str] | None:
    """What is to come told as done."""
    found = _TO_COME.search(text)
    if not found:
        return None
    if found[0].endswith("be"):
        return _put(found, rng.choice(("was", "has been", "were")))
    verb = re.match(r"[a-z]+", text[found.end() :])
    past = sorted(_past(verb[0]) & kin.keys()) if verb else []
    return ((found.start(), found.end() + len(verb[0])), past[0]) if verb and past else None


def _exchanged(text: str, source: str, kin: Kin, rng: random.Random) -> tuple[Span, str] | None:
    """Two names in each other's place: who did it to whom."""
    names = [m for m in _NAME.finditer(text) if len(m.group()) > 2 and m.group().lower() not in STOP_WORDS]
    if len(names) < 2:
        return None
    one, other = sorted(rng.sample(names, 2), key=lambda m: m.start())
    between = text[one.end() : other.start()]
    if re.fullmatch(r",? (?:and |or )?|, ", between):
        return None  # "Bo and Li" is "Li and Bo"
    return (one.start(), other.end()), other.group() + between + one.group()


def _other_time(text: str, source: str, kin: Kin, rng: random.Random) -> tuple[Span, str] | None:
    """A time, a place or a party added that the source states of something else, or does not state."""
    years = [year for year in _YEAR.findall(source) if year not in text]
    names = [name for name in _names(source) if name not in text]
    options = [f" in {year}" for year in years[:3]] + [
        f" {rng.choice(('in', 'by', 'for', 'with'))} {n}" for n in names[:3]
    ]
    options += [f" in {rng.choice(_MONTHS)}"] if rng.random() < 0.2 else []
    end = len(text.rstrip(" ."))
    return ((end, end), rng.choice(options)) if options else None


# Named as often as it shall be tried first.
_CHANGES: list[Change] = [
    *[_other_figure] * 3, *[_other_name] * 3, *[_other_word] * 3, *[_contrary] * 2, *[_negated] * 2, *[_exchanged] * 3,
    *[_done] * 2, _other_time,
]  # fmt: skip
