"""Whether the words of passages bear a claim, as far as rules can tell: figures, times, posts, quotations, denials.

A rule only ever finds fault. What no rule objects to may still be wrong; that is for the support score to judge.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

from rag.citing import unsupported
from rag.lexical import STOP_WORDS, index_text
from rag.moments import mentions, moment_of, of_document
from rag.negatives import OPPOSITES
from rag.quantities import quantities, same_kind
from rag.stages import NO_LEVEL, clause, stages_of
from rag.types import Document, Evidence, Moment, NumberedPassage, PartialDate, Quantity

MOST_EVIDENCE = 3  # sentences that bear one claim
SENTENCE_CHARS = 2_000  # of a longer sentence or line, only the beginning is compared

# Words of a document that address whoever answers: never evidence, and nothing that follows from them is said.
_ORDER = re.compile(
    r"""(?ix)\b(?:ignor|disregard|forget|overrid)\w*\b[^.\n]{0,60}\b(?:above|previous|prior|earlier|preceding|instructions?
        |rules?|prompts?|context|passages?|everything)\b
    | \b(?:system\ prompt|language\ model|chat\ ?bots?|AI\ (?:assistants?|models?|systems?)|prompt\ injection)\b
    | ^\W*(?:(?:note|message|instructions?)\ (?:to|for)\ )?(?:the\ )?(?:AI|assistant|model|system|user)\s?[:,]
    | (?:^|[.;:,]\ |\b(?:and|then|instead|only|always|just|simply|must|should|please|shall|will)\ )
      (?:answer|reply|respond|say|output|print|repeat)(?:\ (?:to\ )?(?:the\ user|every|any|all)\b[^.]{0,40})?
      (?:\ (?:only|just|with|that|exactly|always|simply|in)\b|\ ?:|\ ?["“'‘]|\ \d)
    | \byou\ (?:must|should|are\ to|shall|need\ to|have\ to)\ (?:now\ |only\ |always\ )?
      (?:answer|reply|respond|say|ignore|cite|pretend|act)\b
    | \b(?:only|correct|right|true|real)\ answer\ (?:to\b[^.]{0,60}\ )?is\b | \byou\ are\ (?:now\ )?(?:an?|the)\ \w+\ (?:assistant|bot|model)"""
)


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence, item or table row of a passage; ``text`` is ``document.text[start:end]``."""

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
            found += [_ORDER_LINE.sub(" ", text) for text in (*dict.fromkeys(above), entry.passage.text)]
        return found

    @cached_property
    def dates(self) -> list[str]:
        """The dates they mean without writing them out: the document's own, "yesterday", "June 3" with its year."""
        found = []
        for entry in self.entries:
            published = entry.document.published.date
            found += [str(published)] if published.year else []
            for mention in mentions(entry.passage.text, published):
                if mention.moment.first and mention.moment.last:
                    found += [mention.moment.label, *_days_of(mention.moment)]
        return list(dict.fromkeys(found))

    def evidence_for(self, claim: str) -> list[Line]:
        """The lines that share most with a claim, at most three, in their order: each adds something."""
        rare = Counter(stem for line in self.lines for stem in stems(line.text))
        weights = {stem: _weight(stem, rare[stem]) for stem in stems(claim) if rare[stem]}
        total = sum(weights.values())
        chosen: list[Line] = []
        while weights and len(chosen) < MOST_EVIDENCE:
            scored = [(sum(weights.get(stem, 0.0) for stem in stems(line.text)), -place)
                      for place, line in enumerate(self.lines)]  # fmt: skip
            gain, place = max(scored)
            if gain <= (0.15 * total if chosen else 0):
                break
            chosen.append(self.lines[-place])
            for stem in stems(chosen[-1].text):
                weights.pop(stem, None)
        return sorted(chosen, key=self.lines.index)

    def near(self, lines: Sequence[Line], reach: int = 1) -> list[Line]:
        """The lines with their neighbours of the same passage."""
        places = {self.lines.index(line) for line in lines}
        wide = {p + step for p in places for step in range(-reach, reach + 1)} & set(range(len(self.lines)))
        kept = [
            p for p in wide if any(abs(p - q) <= reach and self.lines[p].entry is self.lines[q].entry for q in places)
        ]
        return [self.lines[p] for p in sorted(kept)]


_ORDER_LINE = re.compile(rf"(?m)[^.!?\n]*(?:{_ORDER.pattern.removeprefix('(?ix)')})[^.!?\n]*[.!?]?", re.I | re.X)


def gives_orders(words: str) -> bool:
    """Whether words tell a model what to say or do, rather than telling a reader something."""
    return _ORDER.search(words) is not None


def _lines(entry: NumberedPassage) -> Iterator[Line]:
    """The sentences of a passage that state something; all of it where it has none."""
    passage = entry.passage
    for start, end in passage.sentences or ((passage.start, passage.end),):
        text = passage.text[start - passage.start : end - passage.start]
        if text.strip() and not gives_orders(text):
            yield Line(entry, start, end, text[:SENTENCE_CHARS])


def _days_of(moment: Moment) -> list[str]:
    if moment.first is None or moment.last is None:
        return []
    if moment.first == moment.last:
        return [str(PartialDate(moment.first.year, moment.first.month, moment.first.day))]
    if (moment.first.year, moment.first.month) == (moment.last.year, moment.last.month):
        return [str(PartialDate(moment.first.year, moment.first.month))]
    return [str(PartialDate(moment.first.year))] if moment.first.year == moment.last.year else []


_SUFFIX = re.compile(r"(?:ations?|ings?|ments?|als?|ers?|ors?|ed|es|ly|s|e)$")
_NEUTRAL = STOP_WORDS | set("also will said says per cent new other".split())


def stems(text: str) -> set[str]:
    """The content words of a text in a crude common form: "approved", "approval" and "approvals" are one."""
    words = re.findall(r"[^\W_]+", index_text(text.lower().replace("'s", "").replace("’s", "")))
    return {_stem(word) for word in words if word not in _NEUTRAL}


def _stem(word: str) -> str:
    return word if word.isdigit() or len(word) < 5 else _SUFFIX.sub("", word)[:7]


def _weight(stem: str, count: int) -> float:
    return (3.0 if stem.isdigit() else 1.0) / (1 + count) ** 0.5


# --- faults ------------------------------------------------------------------------------------------------------


def fault(claim: str, ground: Ground, evidence: Sequence[Line]) -> str | None:
    """Why the passages do not bear a claim, in a person's words; None where no rule objects."""
    if words := _unquoted(claim, ground):
        return f"The quoted words “{words}” stand in no passage."
    computed = worked_out(claim, ground)
    lacking = unsupported(claim, ground.texts, [*ground.dates, *computed])
    if lacking:
        return f"No passage says “{lacking[0]}”."
    if _other_post(claim, ground):
        return "The passages give that person another post."
    near = ground.near(evidence)
    for figure in quantities(claim):
        if claim[figure.start : figure.end] not in computed and (reason := _figure_fault(claim, figure, near, ground)):
            return reason
    if _other_time(claim, evidence, near):
        return "The passage tells this of another time."
    if not computed and _contradicted(claim, evidence):
        return "The passage says the opposite."
    return None


_QUOTED = re.compile(r"[\"“”]([^\"“”]{3,400})[\"“”]|(?<!\w)[‘']([^‘’']{3,400}(?:[’'](?=\w)[^‘’']*)*)[’'](?!\w)")


def _plain(text: str) -> str:
    text = re.sub(r"[‘’]", "'", re.sub(r"[“”]", '"', text))
    return " ".join(text.split()).casefold()


def _unquoted(claim: str, ground: Ground) -> str:
    """The first words in quotation marks that stand in no passage; empty where all do."""
    said = [_plain(text) for text in ground.texts]
    for found in _QUOTED.finditer(claim):
        words = (found[1] or found[2]).strip()
        if not any(_plain(words).strip(" .,;:") in text for text in said):
            return words
    return ""


_UP = re.compile(
    r"(?:more than|over|above|at least|not less|not fewer|no less|no fewer|in excess|upwards|well over|just over|or more|\+|>|≥)"
)
_DOWN = re.compile(
    r"(?:less than|fewer than|under|below|at most|not more|no more|up to|just under|nearly|almost|close to|or less|or fewer|<|≤)"
)
_JUST = re.compile(r"exactly")


def _direction(qualifier: str) -> str:
    for name, pattern in (("up", _UP), ("down", _DOWN), ("just", _JUST)):
        if pattern.match(qualifier):
            return name
    return ""


def _figure_fault(claim: str, figure: Quantity, near: Sequence[Line], ground: Ground) -> str | None:
    """Why no place where the passages have a figure is what the claim says of it."""
    reasons = []
    for line in near:
        for own in quantities(line.text):
            if own.number != figure.number:
                continue
            reason = _unlike(claim, figure, line, own)
            if reason is None:
                return None
            reasons.append(reason)
    if reasons:
        return reasons[0]
    elsewhere = any(own.number == figure.number for line in ground.lines for own in quantities(line.text))
    return "The passage says this figure of something else." if elsewhere else None


def _unlike(claim: str, figure: Quantity, line: Line, own: Quantity) -> str | None:
    said, meant = _direction(figure.qualifier), _direction(own.qualifier)
    if said and (said, meant) not in {("up", "up"), ("down", "down")} and (said != "just" or own.qualifier):
        wrong = said == "just" or meant or own.qualifier
        if wrong and not (said == "up" and own.qualifier in ("some",)):
            return f"The passage says “{own.qualifier or 'no more than the figure'}” of this figure, not “{figure.qualifier}”."
    told = _stages_at(claim, figure) - {"change"}
    there = _stages_at(line.text, own) - {"change"}
    if told and there and not told & there:
        return "The passage says this figure of something else."
    published = line.entry.document.published.date
    then, now = _moment(claim, figure, published), _moment(line.text, own, published)
    if (
        then
        and now
        and now.first
        and now.last
        and then.first
        and then.last
        and (then.last < now.first or then.first > now.last)
    ):
        return f"The passage gives this figure for {now.label}."
    return None


def _stages_at(text: str, figure: Quantity) -> frozenset[str]:
    left, right = clause(text, figure.start, figure.end)
    return stages_of(text[left:right])


def _moment(text: str, figure: Quantity, published: PartialDate) -> Moment | None:
    """The time stated of a figure; of the document where nothing is; None of a claim that states none."""
    moment = moment_of(text, figure.start, figure.end, published)
    return moment if moment.words else None


def _other_time(claim: str, evidence: Sequence[Line], near: Sequence[Line]) -> bool:
    """Whether the line that says what a claim says has dates of its own, and none of them is the claim's."""
    if not evidence:
        return False
    best = max(evidence, key=lambda line: len(_undated(claim, line) & _undated(line.text, line)))
    published = best.entry.document.published.date
    own = [m.moment for m in mentions(best.text, published)]
    own_days = [m for m in own if m.first and m.last]
    for mention in mentions(claim, published):
        then = mention.moment
        if not (then.first and then.last):
            continue
        others = [m for m in own_days if _overlap(m, then)]
        around_it = [m.moment for line in near for m in mentions(line.text, line.entry.document.published.date)]
        if own_days and not others and not _is_published(then, best.entry.document):
            shared = len(_undated(claim, best) & _undated(best.text, best)) / max(len(_undated(claim, best)), 1)
            if shared >= 0.5 or not any(_overlap(m, then) for m in around_it):
                return True
    return False


def _undated(text: str, line: Line) -> set[str]:
    for mention in reversed(mentions(text, line.entry.document.published.date)):
        text = text[: mention.start] + " " + text[mention.end :]
    return {stem for stem in stems(text) if not stem.isdigit()}


def _overlap(one: Moment, other: Moment) -> bool:
    return bool(one.first and one.last and other.first and other.last) and (
        one.first <= other.last and other.first <= one.last  # type: ignore[operator]
    )


def _is_published(moment: Moment, document: Document) -> bool:
    own = of_document(document.published.date)
    return _overlap(own, moment)


_DENIAL = re.compile(
    r"\b(?:not|never|no|none|neither|nor|nobody|nothing|without|cannot|fail(?:s|ed)? to|refus\w+|den(?:y|ied|ies)|unable|yet to"
    r"|lacks?|lacked)\b|n['’]t\b",
    re.I,
)
_NO_DENIAL = re.compile(r"(?i)\bnot only\b|\bno (?:fewer|less|more|later|earlier) than\b|\bno\.? ?\d|\bnot (?:less|fewer|more) than\b"
                        r"|\bnot to mention\b|^(?:no|yes),|\bno longer ago\b")  # fmt: skip
_CLAUSES = re.compile(
    r"[;:]\s|,\s(?:and|but|while|which|who|where|not|nor|since|so)\b|\s(?:but|while|whereas|although|though|since|because|and not)\s|\s[–—-]\s|\.\s"
)
_PAIRS = [pair.split() for pair in OPPOSITES.replace("\n", " ").split(";")]
_OPPOSITE: dict[str, set[str]] = {}
for _one, _other in _PAIRS:
    _OPPOSITE.setdefault(_one, set()).add(_other)
    _OPPOSITE.setdefault(_other, set()).add(_one)
# In these pairs one word stands beside the other too often to deny it.
_LOOSE = set("with without for against like dislike good bad right left light dark more less most least first last old new".split()) | set(
    "man woman men women love hate small large little big long short public private local national past future".split())  # fmt: skip


def _denies(words: str) -> bool:
    return _DENIAL.search(_NO_DENIAL.sub(" ", words)) is not None


def _contradicted(claim: str, evidence: Sequence[Line]) -> bool:
    """Whether the clause that says most of what a claim says is denied and the claim is not, or the other way round."""
    clauses = [part for line in evidence for part in _parts(line.text)]
    if not clauses:
        return False
    for part in _parts(claim):
        own = stems(part)
        if len(own) < 2:
            continue
        best = max(clauses, key=lambda words: (len(stems(words) & own), -len(words)))
        shared = stems(best) & own
        if len(shared) >= max(2, 0.4 * len(own)) and _denies(part) != _denies(best):
            return not (_denies(part) and any(_denies(line.text) for line in evidence))
        if len(shared) < 0.4 * len(own) and _denies(part) and not any(_denies(line.text) for line in evidence):
            return True
    words = {word for line in evidence for word in re.findall(r"[a-z]+", line.text.lower())}
    told = set(re.findall(r"[a-z]+", claim.lower()))
    return any(
        _OPPOSITE.get(word, set()) & (words - told) and word not in words and word not in _LOOSE for word in told
    )


def _parts(text: str) -> list[str]:
    return [part for part in _CLAUSES.split(text) if part and part.strip()]


# --- posts ---------------------------------------------------------------------------------------------------------

_TITLE = r"(?:(?:Mr|Mrs|Ms|Miss|Dr|Prof|Professor|Sir|Dame|Madam)\.?\s+)"
_WORDS = r"[A-Z][\w'’.-]+(?:\s+[A-Z][\w'’.-]+){0,3}"
_OFFICES = "Secretary|Minister|Director|Mayor|Governor|President|Chairman|Chairwoman|Chair|Chief|Executive|Commissioner|Provost|Premier|Head"
_OFFICE = rf"(?:[A-Z][\w'’-]+\s+){{0,3}}(?:{_OFFICES})\b(?:(?:\s+(?:General|Executive))?(?:\s+(?:for|of)\s+(?:the\s+)?[A-Z][\w'’-]+(?:(?:,|\s+and|\s+of|\s+for)?(?:\s+the)?\s+[A-Z][\w'’-]+){{0,5}}))?"
_IS = r"(?:,?\s+(?:who\s+)?(?:is|was|as|serves\s+as|served\s+as|became|remains)|,|;\s*Post:|\s+\()?\s*(?:the\s+|an?\s+)?(?:(?:present|current|then|new)\s+)?"
_PERSON_OFFICE = re.compile(
    rf"(?P<name>{_TITLE}{_WORDS}|(?<=Name:\s){_WORDS}|{_WORDS}(?=\s+(?:is|was)\b|,\s+the\b)){_IS}(?P<office>{_OFFICE})"
)
_OFFICE_PERSON = re.compile(
    rf"(?P<office>{_OFFICE})(?:,|\s+is|\s+was|,\s+at\s+present|,?\s+currently)?\s+(?P<name>{_TITLE}{_WORDS})"
)


def _posts(text: str) -> list[tuple[frozenset[str], frozenset[str]]]:
    """Persons with the posts that a text gives them, as sets of words."""
    found = []
    for pattern in (_PERSON_OFFICE, _OFFICE_PERSON):
        for match in pattern.finditer(text):
            name = frozenset(re.findall(r"\w+", re.sub(_TITLE, "", match["name"]).casefold()))
            office = frozenset(re.findall(r"\w+", match["office"].casefold())) - {"the", "of", "for", "and"}
            if name and office and not name & office:
                found.append((name, office))
    return found


def _other_post(claim: str, ground: Ground) -> bool:
    """Whether a claim gives a person a post that the passages give to another, or another than they give."""
    told = _posts(claim)
    known = [pair for text in ground.texts for pair in _posts(text)] if told else []
    for name, office in told:
        if any((name <= n or n <= name) and (office <= o or o <= office) for n, o in known):
            continue
        has_other = any(name <= n or n <= name for n, _ in known)
        is_others = any(office <= o or o <= office for _, o in known)
        if has_other or is_others:
            return True
    return False


# --- what follows from two figures ---------------------------------------------------------------------------------

_COMPUTES = re.compile(
    r"(?i)\b(?:by|difference|increase|rise|rose|grew|growth|gr(?:ow|own)|fell|drop(?:ped)?|gain(?:ed)?|add(?:ed|itional)?|more|fewer|less|total|together|combined"
    r"|sum|altogether|in all|between|both|gap|remain(?:ing|ed)?|left|another|not yet)\b"
)


def worked_out(claim: str, ground: Ground) -> list[str]:
    """The figures of a claim that are the sum, the difference or the growth of two like figures of the passages."""
    lacking = unsupported(claim, ground.texts, ground.dates)
    figures = [figure for figure in quantities(claim) if claim[figure.start : figure.end] in lacking]
    if not figures or not _COMPUTES.search(claim):
        return []
    told = stages_of(claim) - NO_LEVEL
    given = [(figure, stages_of(line.text[slice(*clause(line.text, figure.start, figure.end))]))
             for line in ground.lines for figure in quantities(line.text)][:60]  # fmt: skip
    pairs = [(one, other) for (one, a), (other, b) in combinations(given, 2) if _like(one, other, a, b, told)]
    return [claim[figure.start : figure.end] for figure in figures if any(_follows(figure, *pair) for pair in pairs)]


def _like(one: Quantity, other: Quantity, a: frozenset[str], b: frozenset[str], told: Iterable[str]) -> bool:
    """Whether two figures may be added or compared, in a claim about so many stages."""
    wanted = set(told)
    alike = same_kind(one, other) and (not a or not b or bool(a & b) or len(wanted) > 1)
    return alike and (not wanted or not (a | b) or bool(wanted & (a | b)))


def _follows(figure: Quantity, one: Quantity, other: Quantity) -> bool:
    low, high = sorted((one.number, other.number))
    if figure.unit == "%":
        return low > 0 and abs((high - low) / low * 100 - figure.number) < 1
    return figure.number in (low + high, high - low) and low != high


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
