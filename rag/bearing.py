"""Whether the words of passages bear a claim, as far as rules can tell.

A rule only ever finds fault: a figure, date, name or quotation that stands nowhere, or is of another thing or time; a
denial of what is affirmed. What no rule objects to may still be wrong; that is for the support score to judge.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag import wording
from rag.citing import unsupported
from rag.covering import content
from rag.grounds import Ground, Line, overlap, stems
from rag.moments import mentions, moment_of, of_document
from rag.naming import acts_for_another, exchanges_names, goes_on, misnames, parts_names, scattered
from rag.negatives import OPPOSITES
from rag.quantities import is_count, quantities, same_kind
from rag.reckoning import stages_of_figure, worked_out
from rag.roles import turned_round
from rag.stages import PAPERS, stages_of
from rag.types import Moment, PartialDate, Quantity

ANOTHER_TIME = "The passage tells this of another time."
TURNED_ROUND = "The passage says it the other way round."
SCATTERED = "The passages have its words, but do not say this."
SOMETHING_ELSE = "The passage says this figure of something else."


def fault(claim: str, ground: Ground, evidence: Sequence[Line]) -> str | None:
    """Why the passages do not bear a claim, in a person's words; None where no rule objects.

    ``evidence`` are the lines of ``ground`` that bear the claim best.
    """
    claim = _THE_TWO.sub("the", claim)
    if words := _misquoted(claim, ground):
        return f"The quoted words “{words}” stand in no passage."
    computed = worked_out(claim, ground)
    if words := _lacking(claim, ground, computed):
        return f"No passage says “{words}”."
    if exchanges_names(claim, ground) or turned_round(claim, [line.text for line in ground.lines]):
        return TURNED_ROUND
    if problem := misnames(claim, ground):
        return problem
    return _misstated(claim, ground, evidence, computed)


def _misstated(claim: str, ground: Ground, evidence: Sequence[Line], computed: Sequence[str]) -> str | None:
    """Why what stands in the passages does not stand there as the claim has it."""
    near = ground.near(evidence)
    for figure in quantities(claim):
        if claim[figure.start : figure.end] not in computed and (problem := _misread(claim, figure, near, ground)):
            return problem
    if _at_another_time(claim, evidence, near):
        return ANOTHER_TIME
    if not computed and _contradicted(claim, evidence):
        return "The passage says the opposite."
    if any(not _counts(claim, figure, near) for figure in quantities(claim)):
        return SOMETHING_ELSE
    return _told_otherwise(claim, evidence, near) or _not_of_these(claim, ground, near)


def _told_otherwise(claim: str, evidence: Sequence[Line], near: Sequence[Line]) -> str | None:
    """What a claim makes of what the passages tell: a deed of a plan, all of some, a cause."""
    if _told_as_done(claim, evidence):
        return "The passage tells this as planned, not as done."
    if _told_of_all(claim, evidence):
        return "The passage does not say this of all."
    if _CAUSE.search(claim) and not any(_CAUSAL.search(line.text) for line in near):
        return "The passage does not give this cause."
    return None


def _not_of_these(claim: str, ground: Ground, near: Sequence[Line]) -> str | None:
    """Whether the passages say what a claim says, but of others."""
    if parts_names(claim, ground) or acts_for_another(claim, ground):
        return "The passages do not say this of the names in it."
    if _only_of_another(claim, near):
        return "The passage says “only” of something else."
    if scattered(claim, ground):
        return SCATTERED
    return None


_THE_TWO = re.compile(r"\bthe two\b(?! \d)", re.IGNORECASE)  # "the two sides": whoever they are, it counts nothing

# --- what stands nowhere ---------------------------------------------------------------------------------------------

_BEGINS = re.compile(
    r"^(?:Between|Within|During|Under|Since|After|Before|Until|Among|Through|Throughout|Over|Around|Both|Further|Later"
    r"|Earlier|Also|Only|Even|While|Although|Because|Currently|Today|Meanwhile|Together|Following)\b"
)
_FOR = re.compile(r"\s(?:for|of)\s(?:the\s)?")
_QUOTED = re.compile(
    r"[\"“”]([^\"“”]{3,400})[\"“”]|(?<!\w)[‘']([^‘’']{3,400}(?:[’'](?=\w)[^‘’']*)*)[’'](?!\w)"  # not "Wong's"
)


def _lacking(claim: str, ground: Ground, computed: Sequence[str]) -> str:
    """The first figure, date or name that no passage has; empty where all have."""
    plain = _BEGINS.sub(lambda found: found[0].lower(), claim)
    for words in unsupported(plain, ground.texts, [*ground.dates, *computed]):
        # "Mr Sun for Hong Kong", "the Government of Hong Kong": names that a sentence has apart
        pieces = [piece for piece in _FOR.split(words) if piece]
        apart = len(pieces) > 1 and any(
            not unsupported(f"It is {' and '.join(pieces)}", [line.text]) for line in ground.lines
        )
        if not apart and words.lower() != "one":
            return words
    return ""


def _misquoted(claim: str, ground: Ground) -> str:
    """The first words in quotation marks that stand in no passage; empty where all do."""
    said = [_plain(text) for text in ground.texts]
    for found in _QUOTED.finditer(claim):
        words = (found[1] or found[2]).strip()
        if not any(_plain(words).strip(" .,;:") in text for text in said):
            return words
    return ""


def _plain(text: str) -> str:
    text = re.sub(r"[‘’]", "'", re.sub(r"[“”]", '"', text))
    return " ".join(text.split()).casefold()


# --- figures ---------------------------------------------------------------------------------------------------------

_UP = re.compile(
    r"more than|over|above|at least|(?:not|no) (?:less|fewer)|in excess|upwards|(?:well|just) over|or more|\+|>|≥"
)
_DOWN = re.compile(
    r"(?:less|fewer) than|under|below|at most|(?:not|no) more|up to|just under|nearly|almost|close to|or less|<|≤"
)


_PASSED = re.compile(r"\b(?:pass|exceed|surpass|topp)ed $")


def _direction(qualifier: str) -> str:
    if _UP.match(qualifier):
        return "up"
    return "down" if _DOWN.match(qualifier) else ""


def _misread(claim: str, figure: Quantity, near: Sequence[Line], ground: Ground) -> str | None:
    """Why no place where the passages have a figure says of it what the claim says."""
    problems = []
    for line in near:
        for own in quantities(line.text):
            if own.number == figure.number:
                problem = _unlike(claim, figure, line, own, ground)
                if problem is None:
                    return None
                problems.append(problem)
    if problems:
        return problems[0]
    elsewhere = any(own.number == figure.number for line in ground.lines for own in quantities(line.text))
    return SOMETHING_ELSE if elsewhere else None


def _unlike(claim: str, figure: Quantity, line: Line, own: Quantity, ground: Ground) -> str | None:
    """Why a figure of a claim is not what the same number is in a line."""
    said, passed = _direction(figure.qualifier), _PASSED.search(line.text, 0, own.start)
    if (said and said != ("up" if passed else _direction(own.qualifier))) or (
        figure.qualifier == "exactly" and own.qualifier
    ):
        return f"The passage does not say “{figure.qualifier}” of this figure."
    told, there = stages_of_figure(claim, figure), stages_of_figure(line.text, own)
    if _WHOLE.search(claim, 0, figure.start):  # "160 000 of the 250 000": the clause tells what became of the first
        told = frozenset()
    before = ground.before(line)
    if not there and before and goes_on(line):
        there = stages_of(before.text)
    told, there = told - {"change"}, there - {"change"}
    if told and there and not told & there:
        return SOMETHING_ELSE
    published = line.entry.document.published.date
    then, now = _stated(claim, figure, published), _stated(line.text, own, published)
    if then and now and not overlap(then, now):
        return f"The passage gives this figure for {now.label}."
    return None


_WHOLE = re.compile(r"\d of the (?:(?:more|less|over|about|some|nearly|almost|around|at|least|than) ?)*$")


_PAPERS = re.compile(PAPERS)


def _stated(text: str, figure: Quantity, published: PartialDate) -> Moment | None:
    """The time that a text states of a figure; None where it states none, or none of a known year."""
    moment = moment_of(text, figure.start, figure.end, published)
    return moment if moment.words and moment.first and moment.last else None


def _says_of_what(claim: str, figure: Quantity, near: Sequence[Line]) -> bool:
    """Whether a figure without a unit speaks of what it counts in the passages: by that word, or by what was done."""
    found = [(line, own) for line in near for own in quantities(line.text) if own.number == figure.number]
    told = stages_of_figure(claim, figure)
    return not found or any(
        not own.unit
        or not is_count(own.unit)
        or stems(own.unit) & stems(claim)
        or told & stages_of_figure(line.text, own)
        for line, own in found
    )


def _counts(claim: str, figure: Quantity, near: Sequence[Line]) -> bool:
    """Whether what a figure is said to count is what it counts, or stands beside it."""
    if not figure.unit:
        return _says_of_what(claim, figure, near)
    if not is_count(figure.unit):
        return True
    unit = stems(figure.unit)
    same = [own for line in near for own in quantities(line.text) if own.number == figure.number]
    if _PAPERS.fullmatch(figure.unit) and any(_PAPERS.fullmatch(own.unit) for own in same):
        return True  # the stages have been compared: approvals are applications approved
    found = [(line, own) for line in near for own in quantities(line.text) if own.number == figure.number]
    if not found or any((own.unit and same_kind(figure, own)) or unit <= stems(line.text) for line, own in found):
        return True
    return any(not own.unit for _, own in found) and unit <= {stem for line in near for stem in stems(line.text)}


# --- times -----------------------------------------------------------------------------------------------------------


def _at_another_time(claim: str, evidence: Sequence[Line], near: Sequence[Line]) -> bool:
    """Whether the line that says what a claim says has dates of its own, and none of them is the claim's."""
    if not evidence:
        return False
    best = max(evidence, key=lambda line: len(_undated(claim, line) & _undated(line.text, line)))
    document = best.entry.document
    own = [m.moment for m in mentions(best.text, document.published.date) if m.moment.first]
    about = [m.moment for line in near for m in mentions(line.text, line.entry.document.published.date)]
    asked = _undated(claim, best)
    says_it = len(asked & _undated(best.text, best)) >= 0.5 * len(asked)
    for mention in mentions(claim, document.published.date):
        then = mention.moment
        printed = overlap(of_document(document.published.date), then)  # the day of "today", unless the line has its own
        if not own or then.first is None or (printed and not says_it):
            continue
        if not any(overlap(moment, then) for moment in (own if says_it else [*own, *about])):
            return True
    return False


_YEAR = re.compile(r"\d{4}")


def dated_elsewhere(claim: str, ground: Ground) -> bool:
    """Whether lines that have all the words of a claim date it, and none of them as the claim does."""
    published = [line.entry.document.published.date for line in ground.lines]
    dated = False
    for line, day in zip(ground.lines, published, strict=True):
        then = [mention.moment for mention in mentions(claim, day) if mention.moment.first]
        own = [mention for mention in mentions(line.text, day) if mention.moment.first]
        if then and own and _undated(claim, line) <= stems(line.text):
            if any(overlap(one, mention.moment) for one in then for mention in own):
                return False
            dated = dated or any(_YEAR.search(line.text, mention.start, mention.end) for mention in own)
    return dated


def _undated(text: str, line: Line) -> set[str]:
    for mention in reversed(mentions(text, line.entry.document.published.date)):
        text = f"{text[: mention.start]} {text[mention.end :]}"
    return {stem for stem in stems(text) if not stem.isdigit()}


_AHEAD = re.compile(
    r"\bmay\b|(?i:\b(?:will|shall|would|(?:is|are|was|were) (?:now )?(?:to|due|set|expected|planned|forecast|projected"
    r"|scheduled|intended|looked)|expect\w*|forecast\w*|plan(?:s|ned)?|target\w*|goal|aims?|hopes?|intend\w*|propos\w*|might"
    r"|could|perhaps|possibly|maybe|next year)\b)"
)
_UNSURE = re.compile(r"\b(?i:perhaps|possibly|maybe|might|could)\b|\bmay\b")
_DONE = re.compile(r"(?i)\b(?:was|were|has|have|had|already|did)\b|\b\w{3,}ed\b")


def _told_as_done(claim: str, evidence: Sequence[Line]) -> bool:
    """Whether a claim tells as done what the clause that says most of it tells as planned."""
    if _AHEAD.search(claim):
        return False
    clauses = [part for line in evidence for part in _clauses(line.text)]
    nearest = _nearest(claim, clauses) if clauses else ""
    if not _DONE.search(claim):
        return _UNSURE.search(nearest) is not None
    ahead = _AHEAD.search(nearest)
    # "It was chaired by Lea, who is to leave": what stands before has been done
    return ahead is not None and not content(claim) <= stems(nearest[: ahead.start()])


_ALL = re.compile(
    r"\b(?:all|every|each|always|everywhere|entirely|completely|wholly|whole|both|without exception)\b", re.IGNORECASE
)
_SOME = re.compile(
    r"\b(?:some|many|several|most|mostly|partly|in part|a few|a number|certain|often|usually|sometimes|except"
    r"|apart from|not (?:all|every\w*|each)|other than"
    r"|(?:one|two|three|four|five|six|seven|eight|nine|ten|\d+|half|part) of"
    r" (?:the|these|them|its|their|which|whom))\b(?! \d)",
    re.IGNORECASE,
)
_CAUSE = re.compile(
    r"\b(?:because|due to|owing to|thanks to|as a result|results? (?:from|in)|resulted|led to|leads? to"
    r"|caus(?:e[sd]?|ing)|the reason|in response to|on account of)\b",
    re.IGNORECASE,
)
_CAUSAL = re.compile(
    rf"{_CAUSE.pattern}|:\s|\s[–—]\s"
    r"|\b(?:since|as|so|for|therefore|thus|hence|reasons?|why|given|in view|after|following)\b",
    re.IGNORECASE,
)


def _told_of_all(claim: str, evidence: Sequence[Line]) -> bool:
    """Whether a claim says of all what the clause that says most of it says of some."""
    clauses = [part for line in evidence for part in _clauses(line.text)]
    if not clauses or not _ALL.search(claim) or _SOME.search(claim):
        return False
    nearest = _nearest(claim, clauses)
    return _SOME.search(nearest) is not None and not _ALL.search(nearest)


# --- denials ---------------------------------------------------------------------------------------------------------

_DENIAL = re.compile(
    r"\b(?:not|never|no|none|neither|nor|nobody|nothing|without|cannot|fail(?:s|ed)? to|refus\w+|den(?:y|ied|ies)"
    r"|unable|yet to|lacks?|lacked)\b|n['’]t\b",
    re.IGNORECASE,
)
_NO_DENIAL = re.compile(
    r"\bnot only\b|\bno (?:fewer|less|more|later|earlier) than\b|\bno\.? ?\d|\bnot (?:less|fewer|more) than\b"
    r"|\bnot to mention\b|^(?:no|yes),",
    re.IGNORECASE,
)
_CLAUSE = re.compile(
    r"[;:]\s|,\s(?:(?:and|but|while|which|who|where|since|so)\b|(?=not\b|nor\b))|\s[–—-]\s|\.\s"
    r"|\s(?:but|while|whereas|although|though|since|because)\s|\sand\s(?=not\b)"
)
_OPPOSITE: dict[str, set[str]] = {}
for _one, _other in (pair.split() for pair in OPPOSITES.replace("\n", " ").split(";")):
    _OPPOSITE.setdefault(_one, set()).add(_other)
    _OPPOSITE.setdefault(_other, set()).add(_one)
# One of these stands beside its opposite too often to deny it.
_LOOSE = set(
    "with without for against like dislike good bad right left light dark more less most least first last old new man"
    " woman men women love hate small large little big long short public private local national past future".split()
)


def _denies(words: str) -> bool:
    return _DENIAL.search(_NO_DENIAL.sub(" ", words)) is not None


def _clauses(text: str) -> list[str]:
    return [part for part in _CLAUSE.split(text) if part.strip()]


def _nearest(words: str, clauses: Sequence[str]) -> str:
    """The clause that shares most with some words; of equals the shortest."""
    own = stems(words)
    return max(clauses, key=lambda clause: (len(stems(clause) & own), -len(clause)))


def _contradicted(claim: str, evidence: Sequence[Line]) -> bool:
    """Whether the passages deny what a claim affirms, or affirm what it denies."""
    clauses = [part for line in evidence for part in _clauses(line.text)]
    if not clauses:
        return False
    some_denied = any(_denies(line.text) for line in evidence)
    for part in _clauses(claim):
        own = stems(part)
        best = _nearest(part, clauses)
        shared, denies = len(stems(best) & own), _denies(part)
        if len(own) < 2 or (denies and some_denied):
            continue
        if denies or (shared >= max(2, 0.4 * len(own)) and _denies(best)):
            return True
    return (not _denies(claim) and _only_denied(stems(claim), clauses)) or _opposes(claim, evidence)


def _only_denied(own: set[str], clauses: Sequence[str]) -> bool:
    """Whether a word of a claim stands only where the passage denies it: "for arrivals and not for approvals"."""
    affirmed = {stem for words in clauses if not _denies(words) for stem in stems(words)}
    denied = [stems(_DENIAL.sub(" ", words)) for words in clauses if _denies(words)]
    return any(found <= own and found - affirmed for found in denied)


_ONLY = re.compile(
    r"\b(?:only|alone|solely|exclusively|just|none but|no other|nobody else|but one|sole)\b", re.IGNORECASE
)
_ONLY_THIS = re.compile(r"\bonly (?!a?bout\b|\d)((?:[\w’'-]+ ?){1,6})", re.IGNORECASE)


def _only_of_another(claim: str, near: Sequence[Line]) -> bool:
    """Whether a claim says "only" of what the passages do not say it of."""
    found = _ONLY_THIS.search(claim)
    if not found:
        return False
    noun = stems(re.split(r"\b(?:is|are|was|were|has|have|had|can|may|will|[a-z]+ed)\b", found[1])[0])
    clauses = [part for line in near for part in _clauses(line.text) if _ONLY.search(part)]
    return bool(noun) and not any(noun <= stems(part) for part in clauses)


def _opposes(claim: str, evidence: Sequence[Line]) -> bool:
    """Whether a claim has a word where the passages have its opposite: "fell" for "rose"."""
    words = {word for line in evidence for word in re.findall(r"[a-z]+", line.text.lower())}
    told = set(re.findall(r"[a-z]+", claim.lower()))
    if any(_OPPOSITE.get(word, set()) & (words - told) for word in told - words - _LOOSE):
        return True
    said, own = stems(" ".join(line.text for line in evidence)), stems(claim)
    return any(wording.OPPOSITES.get(word, set()) & (said - own) for word in own - said)
