"""Whether the words of passages bear a claim, as far as rules can tell: figures, times, posts, quotations, denials.

A rule only ever finds fault. What no rule objects to may still be wrong; that is for the support score to judge.
"""

from __future__ import annotations

import datetime as dt
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
from rag.quantities import is_count, quantities, same_kind
from rag.stages import NO_LEVEL, clause, stages_of
from rag.types import Document, Evidence, Moment, NumberedPassage, PartialDate, Quantity

MOST_EVIDENCE = 3  # sentences that bear one claim
MOST_FIGURES = 60  # of the passages, of which each two are compared
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
    if lacking := _lacking(claim, ground, computed):
        return f"No passage says “{lacking}”."
    if _other_post(claim, ground):
        return "The passages give that person another post."
    if _misnamed(claim, ground):
        return "The passages give that body another name."
    near = ground.near(evidence)
    for figure in quantities(claim):
        if claim[figure.start : figure.end] not in computed and (reason := _figure_fault(claim, figure, near, ground)):
            return reason
    if _other_time(claim, evidence, near):
        return "The passage tells this of another time."
    if not computed and _contradicted(claim, evidence):
        return "The passage says the opposite."
    return None


_BEGINS = re.compile(
    r"^(?:Between|Within|During|Under|Since|After|Before|Until|Among|Through|Throughout|Over|Around|Both|Further|Later"
    r"|Earlier|Also|Only|Even|While|Although|Because|Currently|Today|Meanwhile|Together|Following)\b"
)
_FOR = re.compile(r"\s(?:for|of)\s(?:the\s)?")


def _lacking(claim: str, ground: Ground, computed: Sequence[str]) -> str:
    """The first figure, date or name that no passage has; empty where all have."""
    plain = _BEGINS.sub(lambda found: found[0].lower(), claim)
    for words in unsupported(plain, ground.texts, [*ground.dates, *computed]):
        # "Mr Sun for Hong Kong" leaves the verb out: a person, and whom he stands for
        person = re.search(rf"{_TITLE}{re.escape(words)}", plain) and len(_FOR.split(words)) == 2
        if not person or unsupported("It is " + " and ".join(_FOR.split(words)), ground.texts):
            return words
    return ""


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
            reason = _unlike(claim, figure, line, own, ground)
            if reason is None:
                return None
            reasons.append(reason)
    if reasons:
        return reasons[0]
    elsewhere = any(own.number == figure.number for line in ground.lines for own in quantities(line.text))
    return "The passage says this figure of something else." if elsewhere else None


def _unlike(claim: str, figure: Quantity, line: Line, own: Quantity, ground: Ground) -> str | None:
    said, meant = _direction(figure.qualifier), _direction(own.qualifier)
    if said != meant and (said in ("up", "down") or (said == "just" and own.qualifier)):
        return f"The passage does not say “{figure.qualifier}” of this figure."
    told = _stages_of_figure(claim, figure) - {"change"}
    there = _stages_of_figure(line.text, own) - {"change"}
    place = ground.lines.index(line)
    if not there and place and _PRONOUN.search(line.text) and ground.lines[place - 1].entry is line.entry:
        there = stages_of(ground.lines[place - 1].text) - {"change"}
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


def _stages_of_figure(text: str, figure: Quantity) -> frozenset[str]:
    """What was done to what a figure counts: by its clause, and in a table's row by its cell or the row's first one."""
    left, right = clause(text, figure.start, figure.end)
    if _ROW.match(text):
        left = text.rfind("; ", 0, figure.start) + 1
        right = text.find(";", figure.end) if ";" in text[figure.end :] else len(text)
        return stages_of(text[left:right]) or stages_of(text.partition(";")[0])
    return stages_of(text[left:right])


_ROW = re.compile(r"[^;:]{1,60}: [^;]*; [^;:]{1,60}: ")


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
    r"[;:]\s|,\s(?:and|but|while|which|who|where|not|nor|since|so)\b|\s(?:but|while|whereas|although|though|since|because)\s|\s[–—-]\s|\sand\s(?=not\b)|\.\s"
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
    if not _denies(claim) and _only_denied(stems(claim), clauses):
        return True
    words = {word for line in evidence for word in re.findall(r"[a-z]+", line.text.lower())}
    told = set(re.findall(r"[a-z]+", claim.lower()))
    return any(
        _OPPOSITE.get(word, set()) & (words - told) and word not in words and word not in _LOOSE for word in told
    )


def _only_denied(own: set[str], clauses: Sequence[str]) -> bool:
    """Whether a word of a claim stands only where the passage denies it: "for arrivals and not for approvals"."""
    affirmed = {stem for words in clauses if not _denies(words) for stem in stems(words)}
    denied = [stems(_DENIAL.sub(" ", words)) for words in clauses if _denies(words)]
    return any(found <= own and found - affirmed for found in denied)


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


# --- doubts ----------------------------------------------------------------------------------------------------------

_AHEAD = re.compile(
    r"(?i)\b(?:will|shall|would|(?:is|are|was|were) (?:now )?(?:to|due|set|expected|planned|forecast|projected|scheduled|intended|looked)"
    r"|expect\w*|forecast\w*|plan(?:s|ned)?|target\w*|goal|aims?|hopes?|intend\w*|propos\w*|would|may|might|could|next year|to come)\b"
)
_DONE = re.compile(r"(?i)\b(?:was|were|has|have|had|already|did)\b|\b\w{3,}ed\b")
_PRONOUN = re.compile(r"^(?:\W*)(?:He|She|It|They|This|These|Its|His|Her|Their|Here)\b|\b(?:he|she|they|his|her|their|him|them)\b")
_NAMED = re.compile(rf"{_TITLE}?(?P<name>[A-Z][\w’'-]*(?:\s+[A-Z][\w’'-]*)*)")
_CONJUNCT = re.compile(r",?\s+(?:and|while|whereas|but)\s+(?=[^,;]*\b[a-z]+)|;\s+")
_ABBREVIATED = re.compile(r"((?:[A-Z][\w’'-]*\s+(?:(?:of|for|and|the|on)\s+)*){1,7}[A-Z][\w’'-]*)\s*\((?:the\s+)?([A-Z][A-Z&]+)[,)]")


def doubt(claim: str, ground: Ground, evidence: Sequence[Line]) -> str | None:
    """What makes a claim that no rule objects to less likely to be borne, in a person's words; None where nothing does.

    A sentence with a doubt is shown only if the support score is sure of it.
    """
    near = ground.near(evidence)
    if any(not _counts(figure, near) for figure in quantities(claim)):
        return "The passage says this figure of something else."
    if _told_as_done(claim, evidence):
        return "The passage tells this as planned, not as done."
    if _parted(claim, ground):
        return "The passages do not say this of these names together."
    return None


def _counts(figure: Quantity, near: Sequence[Line]) -> bool:
    """Whether what a figure is said to count is what it counts, or stands beside it."""
    if not figure.unit or not is_count(figure.unit):
        return True
    unit = stems(figure.unit)
    found = [(line, own) for line in near for own in quantities(line.text) if own.number == figure.number]
    words = {stem for line in near for stem in stems(line.text)}
    return not found or any((own.unit and same_kind(figure, own)) or unit <= stems(line.text) for line, own in found) or (
        any(not own.unit for _, own in found) and unit <= words
    )


def _told_as_done(claim: str, evidence: Sequence[Line]) -> bool:
    if _AHEAD.search(claim) or not _DONE.search(claim) or not evidence:
        return False
    clauses = [part for line in evidence for part in _parts(line.text)]
    own = stems(claim)
    best = max(clauses, key=lambda words: (len(stems(words) & own), -len(words)))
    return _AHEAD.search(best) is not None


def _parted(claim: str, ground: Ground) -> bool:
    """Whether one part of a claim joins names that no sentence of the passages joins."""
    said = [_around(place, ground.lines) for place in range(len(ground.lines))]
    for mention in reversed(mentions(claim, PartialDate())):
        claim = claim[: mention.start] + claim[mention.end :]
    for part in _conjuncts(claim):
        names = [_tail(found["name"]) for found in _NAMED.finditer(part) if found.start() or found["name"] != found[0]
                 or len(found["name"].split()) > 1]  # fmt: skip
        names = [name for name in names if name.lower() not in STOP_WORDS and any(name in text for text in said)]
        if len(set(names)) > 1 and not any(all(name in text for name in names) for text in said):
            return True
    return False


def _conjuncts(claim: str) -> list[str]:
    """The parts of a claim that state something each; "Bo and Li met" is one."""
    parts: list[str] = []
    for part in _CONJUNCT.split(claim):
        if parts and not re.search(r"(?:^|\s)[a-z]{2,}", parts[-1]):
            parts[-1] += f" and {part}"
        else:
            parts.append(part)
    return parts


def _tail(name: str) -> str:
    """The last word of a name, by which it is found."""
    return re.sub(r"['’]s$", "", name).split()[-1]


def _around(place: int, lines: Sequence[Line]) -> str:
    """A line, and the one before it where it goes on about the same."""
    text = lines[place].text
    if place and lines[place - 1].entry is lines[place].entry and _PRONOUN.search(text):
        return f"{_around(place - 1, lines)} {text}" if place > 1 else f"{lines[0].text} {text}"
    return text


def _misnamed(claim: str, ground: Ground) -> bool:
    """Whether an abbreviation stands for another name than the passages say."""
    known = {short: full for text in ground.texts for full, short in _ABBREVIATED.findall(text)}
    told = _ABBREVIATED.findall(claim)
    told += [(full, short) for short, full in re.findall(r"\b([A-Z][A-Z&]+), (?:the )?((?:[A-Z]\w+ ?(?:of |for |and |the )?){2,7})", claim)]
    return any(short in known and not _same_name(full, known[short]) for full, short in told)


def _same_name(one: str, other: str) -> bool:
    a, b = stems(one), stems(other)
    return a <= b or b <= a


# --- what follows from two figures ---------------------------------------------------------------------------------

_RISES = r"ris(?:e|es|ing|en)|rose|gr(?:ew|ow|own|owth)|increas(?:e|ed)|climb(?:ed)?|gain(?:ed)?|added"
_FALLS = r"fell|fall(?:en)?|drop(?:ped)?|decreas(?:e|ed)|declin(?:e|ed)|lost|shrank"
_SUMS = r"together|combined|altogether|in all|in total|the sum|make (?:about|some|up|around)|add up|both (?:batches|of them)"
_GAPS = r"difference|gap|more [\w ]{0,30}than (?:in|at|by|on|the)|fewer [\w ]{0,30}than|not yet|remain(?:ing|ed)?|left"
_COMPUTES = re.compile(rf"(?i)\b(?:{_RISES}|{_FALLS}|{_SUMS}|{_GAPS})\b")


@dataclass(frozen=True, slots=True)
class _Value:
    """A figure of a passage with what was done to what it counts, and when."""

    figure: Quantity
    stages: frozenset[str]
    moment: Moment


def worked_out(claim: str, ground: Ground) -> list[str]:
    """The figures of a claim that are the sum, the difference or the growth of two like figures of the passages."""
    lacking = unsupported(claim, ground.texts, ground.dates)
    figures = [figure for figure in quantities(claim) if claim[figure.start : figure.end] in lacking]
    if not figures or not _COMPUTES.search(claim):
        return []
    told = stages_of(claim) - NO_LEVEL
    values = [
        _Value(figure, _stages_of_figure(line.text, figure), _when(line, figure))
        for line in ground.lines
        for figure in quantities(line.text)
    ][:MOST_FIGURES]
    times = [m.moment for m in mentions(claim, ground.entries[0].document.published.date) if m.moment.first]
    pairs = [(a, b) for a, b in combinations(values, 2) if _comparable(a, b, told) and _at(a, b, times)]
    return [
        claim[figure.start : figure.end]
        for figure in figures
        if any(_follows(claim, figure, *sorted(pair, key=_day)) for pair in pairs)
    ]


def _day(value: _Value) -> dt.date:
    return value.moment.last or dt.date.min


def _when(line: Line, figure: Quantity) -> Moment:
    return moment_of(line.text, figure.start, figure.end, line.entry.document.published.date)


def _comparable(one: _Value, other: _Value, told: frozenset[str]) -> bool:
    """Whether two figures count the same: what the claim counts, where it says so."""
    wanted = told or one.stages or other.stages
    return same_kind(one.figure, other.figure) and (not wanted or bool(wanted & one.stages and wanted & other.stages))


def _at(one: _Value, other: _Value, times: Sequence[Moment]) -> bool:
    """Whether two figures are of the first and the last time that a claim names."""
    if len(times) < 2:
        return True
    first, last = times[0], times[-1]
    return any(_overlap(a.moment, first) and _overlap(b.moment, last) for a, b in ((one, other), (other, one)))


def _follows(claim: str, figure: Quantity, one: _Value, other: _Value) -> bool:
    """Whether a figure is what a claim makes of two others, the earlier first."""
    before, after = one.figure.number, other.figure.number
    if re.search(rf"(?i)\b(?:{_SUMS})\b", claim):
        return figure.number == before + after
    if _day(one) != _day(other):
        rises = re.search(rf"(?i)\b(?:{_RISES})\b", claim)
        if (after < before and rises) or (after > before and re.search(rf"(?i)\b(?:{_FALLS})\b", claim)):
            return False
    if figure.unit == "%":
        return before > 0 and abs(abs(after - before) / before * 100 - figure.number) < 1
    return before != after and figure.number == abs(after - before)


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
