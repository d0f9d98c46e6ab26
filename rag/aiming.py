"""Whether what was aimed at was reached, where one place of a document gives both figures, or says so in words.

"Did they get as many visitors as they had hoped for?" is answered by "188 000 visitors, fewer than the 200 000 hoped
for": nothing has to be said of reaching anything. A figure counts as aimed at by the words of its clause ("a target
of", "had expected", "the contract required"), the other is what came of it. Aims of a longer time than the figure is
of ("for the whole year") can be reached early, but not missed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from rag.grounds import stems
from rag.quantities import quantities, same_kind
from rag.stages import stages_of
from rag.stating import statement_of
from rag.types import Document, Hit, Passage, Quantity

MOST_CHARS = 1_500  # of a question or of what is read for it

_INTENDS = (
    r"want(?:s|ed)?|hop(?:e[sd]?|ing)|wish(?:e[sd])?|plan(?:s|ned)?|intend(?:s|ed)?|expect(?:s|ed)?|aim(?:s|ed)?"
    r"|promis(?:e[sd]?|ing)|pledged?|undertaken|undertook|set out|reckoned|counted on|budgeted|forecast|predicted"
    r"|anticipated|foreseen|foresaw|looked for|provided for|required?s?|asks? for|asked for|obliged|committed|projected"
    r"|scheduled|called for|bargained for|envisaged"
)
_AIM = r"targets?|goals?|aims?|objectives?|quotas?|promises?|pledges?|plan"
_INTENDED = re.compile(rf"\b(?:{_INTENDS}|{_AIM})\b", re.IGNORECASE)
_HAVER = r"(?:it|they|he|she|the [\w’' -]{2,40}?|[A-Z][\w’' -]{2,40}?)"
_REACH = r"reach(?:ed)?|met|meet|hit|achieved?|kept|keep|fulfil(?:led)?|attain(?:ed)?"
_EXCEED = r"beat(?:en)?|exceed(?:ed)?|surpass(?:ed)?|outdo(?:ne)?|topp?(?:ed)?|pass(?:ed)?|overshot|overtaken"
_MISS = r"miss(?:ed)?|f[ae]ll(?:en)? short of|fail(?:ed)? to (?:reach|meet|hit|achieve|keep)"
_INTENT = rf"(?:(?:had|has|have|were|was) )?(?:{_INTENDS})\b"
_ASKED = (  # what is asked, and how an aim stands in a question that asks it
    ("less", re.compile(rf"\b(?:fewer|less)\b.* than {_HAVER} {_INTENT}|\b(?:{_MISS})\b.*\b(?:{_AIM})\b", re.I)),
    (
        "reach",
        re.compile(
            rf"\bas (?:many|much|few|little|often|far|high|large|fast)\b.* as (?:{_HAVER} {_INTENT}|(?:planned|hoped|"
            r"expected|intended|promised|desired)\b)",
            re.I,
        ),
    ),
    ("shorter", re.compile(rf"\b(?:shorter|lower|smaller|faster|sooner)\b.* than {_HAVER} {_INTENT}", re.I)),
    ("more", re.compile(rf"\b(?:more|higher|longer|larger|greater)\b.* than {_HAVER} {_INTENT}", re.I)),
    ("more", re.compile(rf"\b(?:{_EXCEED})\b.*\b(?:{_AIM})\b|\b(?:{_AIM})\b.*\b(?:{_EXCEED})\b", re.I)),
    ("more", re.compile(rf"\b(?:that|which|figure|number)\b.* {_INTENT}.*\b(?:{_EXCEED})\b", re.I)),
    ("more", re.compile(rf"\b(?:{_EXCEED})\b.*\b(?:what|number|figure)\b.*{_INTENT}", re.I)),
    ("reach", re.compile(rf"\b(?:{_REACH})\b.*\b(?:{_AIM})\b|\b(?:{_AIM})\b.*\b(?:{_REACH})\b", re.I)),
    ("reach", re.compile(rf"\b(?:{_REACH})\b.*\b(?:what|number|figure|that)\b.*{_INTENT}", re.I)),
    ("reach", re.compile(rf"\b(?:what|number|figure|that)\b.* {_INTENT}.*\b(?:{_REACH})\b", re.I)),
)
_ALREADY = re.compile(r"\b(?:already|yet|so far|by now|by)\b", re.IGNORECASE)
_SEEMS = re.compile(
    r"\b(?:many|much|few|manage[ds]?|get|got|gets|number|figure|able|succeed\w*|come up to|year|years)\b", re.I
)


@dataclass(frozen=True, slots=True)
class Aim:
    """What a question asks of an aim: to ``reach`` it, to be ``more`` or ``less``, or ``shorter`` where less is wanted.

    ``about`` are the content words of what it is about, ``persons`` what finds the persons that are counted, if any;
    ``by_now`` says whether it asks for what had come of it so far.
    """

    asks: str
    about: frozenset[str]
    persons: re.Pattern[str] | None
    by_now: bool


def aim_of(question: str) -> Aim | None:
    """The aim a yes/no question asks about; None for any other question."""
    if len(question) > MOST_CHARS:
        return None
    asks = next((name for name, pattern in _ASKED if pattern.search(question)), None)
    if asks is None:
        return None
    stated = statement_of(question)
    if stated and not stages_of(question):  # what is done may be told in another verb; an approval is no receipt
        question = re.sub(rf"\b(?:{re.escape(stated.act)}|{re.escape(stated.base)})\b", " ", question)
    verbs = re.compile(rf"\b(?:{_REACH}|{_EXCEED}|{_MISS}|more|fewer|less|shorter|longer|higher|lower|than)\b", re.I)
    plain = _SEEMS.sub(" ", verbs.sub(" ", _INTENDED.sub(" ", question)))
    counted = _PEOPLE.search(question)
    sort = None if counted is None else _PERSONS if counted[0].lower() in ("people", "persons") else _PEOPLE
    return Aim(asks, frozenset(stems(_PEOPLE.sub(" ", plain))), sort, _ALREADY.search(question) is not None)


@dataclass(frozen=True, slots=True)
class Outcome:
    """One or two sentences, ``document.text[start:end]`` of the passage, and whether they say "yes"."""

    passage: Passage
    start: int
    end: int
    says: bool


# Words of a question that say nothing of what is aimed at: that something comes of it, and when it is asked.
_GENERIC = frozenset(
    stems(
        "come find take become win attract receive see bring complete have do help show year month season term want"
        " first total end already yet time times"
    )
)
_BODIES = [  # who aims, in words for the same
    frozenset(stems(words))
    for words in (
        "city town country government council authority municipality region county state",
        "company firm operator organisation association agency service office board network programme body",
        "organiser festival museum university school district hospital clinic library",
    )
]
_PEOPLE = re.compile(r"\b(?:people|persons?|somebody|individuals?|newcomers?|arrivals?)\b", re.IGNORECASE)
_PERSONS = re.compile(
    rf"{_PEOPLE.pattern}|\b(?:visitors?|guests?|passengers?|travellers?|spectators?|participants?|users?|readers?|customers?)\b",
    re.IGNORECASE,
)
_REFERS = re.compile(r"\b(?:it|they|them|its|their|these|those|he|she)\b", re.IGNORECASE)


def outcomes(aim: Aim, hits: Sequence[Hit], documents: Mapping[int, Document]) -> list[Outcome]:
    """What the passages say of the aim a question asks about, each place once."""
    found: dict[tuple[int, int, int], Outcome] = {}
    for hit in hits:
        document = documents[hit.passage.document_id]
        above = stems(" ".join((document.title, *hit.passage.headings, str(document.published))))
        for start, end, context in _places(hit.passage):
            text = hit.passage.words(start, end)
            if _is_about(aim, context, above) and (says := outcome(aim, text)) is not None:
                found.setdefault((document.id, start, end), Outcome(hit.passage, start, end, says))
    return list(found.values())


def _places(passage: Passage) -> Iterator[tuple[int, int, str]]:
    """Each sentence, and each two that follow each other in one paragraph; with the one before, which "them" is in."""
    sentences = passage.sentences
    for at, (start, end) in enumerate(sentences):
        paragraph = at and "\n\n" not in passage.words(sentences[at - 1][1], start)
        refers = paragraph and _REFERS.search(passage.words(start, end))
        before = sentences[at - 1][0] if refers else start
        yield start, end, passage.words(before, end)
        if paragraph:
            yield sentences[at - 1][0], end, passage.words(sentences[at - 1][0], end)


def _is_about(aim: Aim, context: str, above: set[str]) -> bool:
    """Whether a place says all that a question is about; who aims may be told in another word for such a body."""
    said = stems(context)
    known, bodies = said | above, frozenset().union(*_BODIES)
    own = aim.about - _GENERIC - bodies
    if not own <= known or (aim.persons and not aim.persons.search(context)):
        return False
    named = all(any(word in one and one & known for one in _BODIES) for word in aim.about & bodies)
    return bool(own & said) or (named and bool(aim.about & bodies))


# --- what a place says -------------------------------------------------------------------------------------------

_CLAUSE = re.compile(
    r"[;:]\s|(?<=[.!?])\s|,\s(?!\d{3}\b)|\s(?=(?:against|compared with|fewer than the|more than the|less than the)\s)"
)
_BASELINE = re.compile(r"\b(?:from|against|compared (?:with|to)|than|of the)\s+(?:the |about |over |some )*$")
_LESS_IS_WANTED = re.compile(
    r"\b(?:below|under|within|at most|no more than|not more than|less than|fewer than|down to)\s+$"
    r"|\b(?:cut|reduce|lower|limit|keep|shorten|bring)\w*\b[^.;]* to\s+$",
    re.IGNORECASE,
)
_LONGER = re.compile(
    r"\b(?:whole|annual|yearly|a year|per year|for the year|by the end of|each year|every year)\b", re.I
)
_OF_A_YEAR = re.compile(
    r"\b(?:in|of|during|for) (?:the (?:whole )?year|(?:19|20)\d\d)\b|\bin the year to\b|\bannual", re.I
)
_OTHER = r"(?:had )?(?:expected|planned|hoped|intended|promised|predicted|forecast|anticipated|budgeted|foreseen)\b"
_SAID = (
    ("more", re.compile(rf"\b(?:more|higher|larger|greater) than (?:(?:{_HAVER}) {_INTENT}|{_OTHER})", re.I)),
    ("less", re.compile(rf"\b(?:fewer|less|lower|smaller) than (?:(?:{_HAVER}) {_INTENT}|{_OTHER})", re.I)),
    (
        "more",
        re.compile(
            rf"\b(?:{_AIM})\b.*\b(?:{_EXCEED})\b|\b(?:{_EXCEED})\b.*\b(?:{_AIM})\b|\babove (?:it|the {_AIM})\b", re.I
        ),
    ),
    (
        "reach",
        re.compile(
            rf"\b(?:{_AIM})\b.*\b(?:was|were|been) (?:{_REACH})\b"
            r"|\b(?:reached|met|achieved|hit) (?:its|their|the|that|this)(?: \w+){0,2} "
            rf"(?:{_AIM})\b",
            re.I,
        ),
    ),
    (
        "less",
        re.compile(
            rf"\b(?:{_AIM})\b.*\b(?:{_MISS})\b|\b(?:{_MISS})\b.*\b(?:{_AIM})\b|\bbelow (?:it|the {_AIM})\b", re.I
        ),
    ),
)
_UNSURE = re.compile(
    r"\b(?:not|never|no|if|will|would|may|might|could|expect(?:s|ed)? to|hopes? to|likely|should|yet to|nearly"
    r"|almost)\b"
)


def outcome(aim: Aim, text: str) -> bool | None:
    """Whether a place of one or two sentences, which gives an aim, says that it came out as asked; None where not."""
    if len(text) > MOST_CHARS or not _INTENDED.search(text):
        return None
    came = _by_figures(text, aim.by_now) or _by_words(text)
    if came is None:
        return None
    return {
        "reach": came in ("more", "even") if came[0] != "-" else came in ("-less", "-even"),
        "more": came in ("more", "-more"),
        "less": came in ("less", "-less"),
        "shorter": came in ("less", "-less"),
    }[aim.asks]


def _by_words(text: str) -> str | None:
    for name, pattern in _SAID:
        found = pattern.search(text)
        if found and not _UNSURE.search(text, max(0, found.start() - 40), found.end()):
            return {"reach": "even"}.get(name, name)
    return None


def _by_figures(text: str, by_now: bool) -> str | None:
    """How the one figure that came of it compares with the one aimed at: "more", "even", "less".

    With a dash before it where less was wanted. None where the aim is of another time than what came.
    """
    aimed: list[tuple[Quantity, str]] = []
    came: list[tuple[Quantity, str]] = []
    for clause in _CLAUSE.split(text):
        intends = _INTENDED.search(clause) is not None
        for figure in quantities(clause):
            if intends:
                aimed.append((figure, clause))
            elif not _BASELINE.search(clause, 0, figure.start):
                came.append((figure, clause))
    if len(aimed) != 1:
        return None
    goal, aim = aimed[0]
    alike = [(figure, clause) for figure, clause in came if not goal.unit or not figure.unit or same_kind(figure, goal)]
    if len({figure.number for figure, _ in alike}) != 1:
        return None
    figure, clause = alike[0]
    if _of_another_time(aim, clause):
        return None
    low, high = _bounds(figure)
    word = "more" if low > goal.number else "even" if low == goal.number else "less" if high < goal.number else ""
    less_wanted = _LESS_IS_WANTED.search(aim, 0, goal.start) or (
        _AT_MOST.match(goal.qualifier) and "than the" not in aim[: goal.start]
    )
    partly = _LONGER.search(aim) and not _OF_A_YEAR.search(clause)
    if not word or (partly and word == "less" and not less_wanted and not by_now):
        return None
    return f"-{word}" if less_wanted else word


_AT_MOST = re.compile(r"below|under|within|less|fewer|at most|no more|not more")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_NEXT = re.compile(
    r"\b(?:plans|intends|wants|hopes|expects|promises) (?:to|for)\b|\bnext (?:year|season|month)|\bwill\b|\bis to\b",
    re.IGNORECASE,
)


def _of_another_time(aim: str, came: str) -> bool:
    """Whether an aim is for what is still to come, or for another year."""
    years, others = (set(_YEAR.findall(clause)) for clause in (aim, came))
    ahead = _NEXT.search(aim) and not re.search(r"\b(?:a|every|each|per) (?:year|month|season)\b", aim)
    return bool(ahead) or bool(years and others and not years & others)


def _bounds(figure: Quantity) -> tuple[Decimal, Decimal]:
    if re.match(r"over|more|above|at least|upwards|well over", figure.qualifier):
        return figure.number, Decimal("Infinity")
    if re.match(r"under|less|fewer|below|nearly|almost|up to|at most|close to", figure.qualifier):
        return Decimal("-Infinity"), figure.number
    if re.match(r"about|around|some|roughly|approximately", figure.qualifier):
        return figure.number * Decimal("0.95"), figure.number * Decimal("1.05")
    return figure.number, figure.number
