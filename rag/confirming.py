"""Yes, where one sentence bears out the statement that a question asks about, in whatever words.

deciding.py and affirming.py need the question's own words. Here the question is turned into a statement, and each
sentence that shares something with it is checked as a claim of a model is: rules find fault, and where none does, the
trained support score has to be sure, the surer the more of
its words a place lacks. What is only planned is not done, what holds of
some does not hold of all, and what "still" holds must be told as still holding. "No" is never said.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from rag.bearing import SCATTERED, fault
from rag.covering import missing
from rag.deciding import hedges, words_of
from rag.grounds import Ground, stems
from rag.moments import mentions
from rag.naming import abbreviations
from rag.quantities import quantities
from rag.stating import PAST, Stated, statement_of
from rag.types import Document, Hit, NumberedPassage, PartialDate, Passage

MARKS = (0.1, 0.45, 0.55)  # of the support score, by how many content words of the statement the place lacks
MARK_ACT = 0.6  # where it lacks the word for what was done: a plan put before the council is not approved
MARK_TOGETHER = 0.55  # where a sentence is read with the one before it, for what "it" is
MOST_CHARS = 1_500  # of a sentence with the one before it
MOST_SCORED = 8  # places
LEAST_WORDS = 5  # of a sentence
MOST_NAMES = 2  # other names, of each of which a statement is made
LEAST_SHARED = 0.3  # of the content words of a statement

Scores = Callable[[Sequence[tuple[str, str]]], list[float]]


@dataclass(frozen=True, slots=True)
class Borne:
    """One or two sentences, ``document.text[start:end]`` of the passage, that bear a statement with this score."""

    passage: Passage
    start: int
    end: int
    score: float


def confirmed(question: str, hits: Sequence[Hit], documents: Mapping[int, Document], scores: Scores) -> list[Borne]:
    """The sentences that bear out what a yes/no question asks; none where the question cannot be put as a statement."""
    statement = statement_of(question)
    if statement is None or _COMPARES.search(question):
        return []
    judged = [
        (one.text, place, mark)
        for one in (statement, *_by_other_names(statement, hits))
        for place in _near(one.text, hits, documents)
        if (mark := _mark(question, one, place)) is not None
    ]
    found = scores([(text, place.text) for text, place, _ in judged]) if judged else []
    return [
        Borne(place.passage, place.start, place.end, score)
        for (_, place, mark), score in zip(judged, found, strict=True)
        if score >= mark
    ]


def _by_other_names(statement: Stated, hits: Sequence[Hit]) -> list[Stated]:
    """The statement with a name shortened, or written out, as a passage does it: "the Harbour Office (HO)"."""
    names = {short: full for hit in hits for short, full in abbreviations(hit.passage.search_text).items()}
    pairs = [pair for short, full in names.items() for pair in ((full, short), (short, full))]
    found = []
    for name, other in pairs:
        whole = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)")
        if whole.search(statement.text):
            text, subject = (other.join(whole.split(words)) for words in (statement.text, statement.subject))
            found.append(replace(statement, text=text, subject=subject))
    return found[:MOST_NAMES]


@dataclass(frozen=True, slots=True)
class _Place:
    """A sentence, with the one before it where it says "it" or "they" of something in that one."""

    passage: Passage  # the whole one
    ground: Ground
    start: int
    end: int
    text: str
    shared: float  # of the statement's words
    together: bool


def _near(statement: str, hits: Sequence[Hit], documents: Mapping[int, Document]) -> list[_Place]:
    """The sentences that share most with a statement."""
    own = stems(statement)
    places = [place for hit in hits for place in _places(own, hit.passage, documents[hit.passage.document_id])]
    unique = {(place.passage.document_id, place.start, place.end): place for place in reversed(places)}
    near = sorted((one for one in unique.values() if one.shared >= LEAST_SHARED), key=lambda one: -one.shared)
    return near[:MOST_SCORED]


def _places(own: set[str], passage: Passage, document: Document) -> Iterator[_Place]:
    """Each sentence, and where it says "it" or "they", the same with the one before it in its paragraph."""
    above = stems(" ".join((document.title, *passage.headings)))
    for at, (start, end) in enumerate(passage.sentences):
        firsts = [at]
        if at and _REFERS.search(passage.words(start, end)):
            paragraph = "\n\n" not in passage.words(passage.sentences[at - 1][1], start)
            firsts += [at - 1] * paragraph
        for first in firsts:
            low = passage.sentences[first][0]
            text = passage.words(low, end)
            if len(text) > MOST_CHARS:
                continue
            shared = len(own & (stems(text) | above)) / max(1, len(own))
            part = replace(passage, start=low, end=end, text=text, sentences=passage.sentences[first : at + 1])
            yield _Place(passage, Ground([NumberedPassage(1, part, document)]), low, end, text, shared, first < at)


_REFERS = re.compile(
    r"^\W*(?:It|They|He|She|This|These|That|Those|Both|Of (?:these|them|which))\b"
    r"|\b(?:it|they|them|him|its|their|his|her|one|this|these)\b"
)


# --- what a claim of ours may not make of a sentence ---------------------------------------------------------------

_AHEAD = re.compile(
    r"\b(?:will|shall|would|(?-i:may)|might|could|should|(?:is|are|was|were) (?:now |still )?(?:to|due|set"
    r"|expected|planned|scheduled|intended|meant|being)\b|expect\w*|forecast"
    r"|plan(?:s|ned|ning)?|target|goal|aim(?:s|ed)?|hop(?:e[sd]?|ing)|intend\w*"
    r"|propos\w*|promis\w*|pledg\w*|under (?:construction|way|negotiation|discussion)|(?:put off|postponed|delayed)"
    r"|wants? to|wanted to|considering|next (?:year|month|week|spring|summer|autumn|winter)|soon)\b",
    re.IGNORECASE,
)
_FUTURE = re.compile(r"\b(?:will|shall|going to|plan(?:s|ned)?|intends?|aims?|expect\w*|due|hopes?)\b", re.IGNORECASE)
_DENIAL = re.compile(
    r"\b(?:not|never|no|none|neither|nor|nobody|nothing|without|cannot|fail(?:s|ed)? to|unable|yet to|lacks?|lacked"
    r"|instead)\b|n['’]t\b",
    re.IGNORECASE,
)
_UNDONE = re.compile(  # what came to nothing, unless just that is asked
    r"\b(?:refus\w+|declin\w+|reject\w*|withdr\w+|cancel\w*|turned (?:\w+ )?down|g[ai]ven? up|gave up|dropped out"
    r"|abandon\w*|scrap\w*|defeat\w*|appeal\w*|halt\w*|suspend\w*|abolish\w*|dissolv\w*|close[sd]?|clos(?:ure|ing)|terminat\w*)\b",
    re.IGNORECASE,
)
_COMPARES = re.compile(
    r"\b(?:more|fewer|less|better|worse|\w{3,}er) (?:[\w’'-]+ ){0,6}?than\b|\b(?:as|so) (?:many|much|\w+) .*\bas\b"
    r"|\btwice\b|\b(?:more|fewer|less|higher|lower|longer|shorter|larger|smaller|dearer|cheaper)\b",
    re.IGNORECASE,
)
_PERSON = re.compile(r"\b(?:Mr|Mrs|Ms|Miss|Dr|Prof|Professor|Sir)\b\.? [A-Z]")
_NAMES_ONE = re.compile(
    r"\b(?:chair\w*|mayor|minister|secretary|director|governor|president|head|leader|superintendent|rector|master|manager"
    r"|officer|post|deputy|predecessor|successor)\b",
    re.IGNORECASE,
)
_OUGHT = re.compile(
    r"^May\b|\b(?:can|could|(?-i:may)|must|should|shall|ought|(?:have|has|had) to|need\w*|allowed|permitted|required"
    r"|obliged|necessary|entitled|free|open|closed)\b",
    re.IGNORECASE,
)
_VERB = re.compile(
    r"\b(?:ha[sd]|have|was|were|is|are|been|\w{2,}(?:ed|es|s)|\w*(?:ew|old|ook|ave|ent|ame|aw|ade|et|uilt))\b"
)
# A word of a question, and what a sentence must have for it.
_NEEDS = {
    re.compile(pattern, re.IGNORECASE): re.compile(needed, re.IGNORECASE)
    for pattern, needed in {
        r"\b(?:all|every\w*|each|whole|entire|always|completely)\b": (
            r"\b(?:all|every\w*|each|whole|entire\w*|always|complete\w*|last of the)\b"
        ),
        r"\bboth\b": r"\b(?:both|two|and|together|joint\w*)\b",
        r"\bonly\b|\balone\b": r"\b(?:only|alone|solely|exclusively|nobody else|no other)\b",
        r"\bmost\b": r"\b(?:most|majority|more than half|all)\b",
        r"\bstill\b": r"\b(?:still|remain\w*|continu\w+|stay\w*|go(?:es)? on|keep\w*)\b",
        r"\b(?:again|back)\b": (
            r"\b(?:again|back|resum\w+|re-?open\w*|re-?start\w*|restor\w+|return\w*|lifted|rebuilt)\b"
        ),
        r"\bfirst\b": r"\b(?:first|inaugural|never|initial)\b",
        r"\blast\b": r"\b(?:last|final)\b",
        r"\b(?:himself|herself|themselves|itself|personally|in person)\b": (
            r"\b(?:himself|herself|themselves|itself|personally|in person)\b"
        ),
    }.items()
}


def _mark(question: str, statement: Stated, place: _Place) -> float | None:
    """The support score that a place needs; None where a rule objects."""
    if not _allows(question, statement.text, place):
        return None
    if _exchanges(statement, place.text) or _turns_back(statement.text, place.text):
        return None
    if _counts_another(statement.text, place.text):
        return None
    lacking = missing(statement.text, place.ground)
    if not _in_one_part(statement.text, place.text, len(lacking)):
        return None
    # an office, a post, a duty or a leave must be told as it is asked: "free for schools" is no duty to pay
    most = 0 if _NAMES_ONE.search(question) or _OUGHT.search(question) else len(MARKS) - 1
    problem = fault(statement.text, place.ground, place.ground.lines[-1:])
    if len(lacking) > most or (problem and not (place.together and problem == SCATTERED)):
        return None  # "she presented the budget to the council, which adopted it" is said by two sentences
    mark = max(MARKS[len(lacking)], MARK_TOGETHER if place.together else 0.0)
    return max(mark, MARK_ACT) if lacking & stems(statement.act) else mark


_WORD = re.compile(r"[^\W_]+(?:['’]s\b)?")
_PASSIVE = re.compile(r"\b(?:is|are|was|were|been|being|be) (?:\w+ly |also |then )?$")
_DONE = re.compile(rf"(?:ed|{'|'.join(f'^{word}$' for word in sorted(PAST))})$")


def _exchanges(statement: Stated, text: str) -> bool:
    """Whether the verb of a statement stands in a place with the subject on its other side, wherever it stands."""
    act, subject = stems(statement.act), stems(statement.subject)
    if not subject or not (statement.passive or _DONE.search(statement.act)):
        return False
    verbs = [word for word in _WORD.finditer(text) if act & stems(word[0]) and _DONE.search(word[0].lower())]
    if not verbs:
        return False
    for verb in verbs:
        passive = _PASSIVE.search(text, 0, verb.start()) is not None
        before, after = stems(text[: verb.start()]), stems(text[verb.end() :])
        sides = before if passive == statement.passive else after
        if passive and not statement.passive:  # "it was sold to a museum"
            sides = stems(text[verb.end() :].partition(" by ")[2])
        if subject & sides or not subject & (before | after):
            return False
    return True


_PART_OF = re.compile(r"\b(?:of|out of) (?:the |its |their |all |these )?(?:\w+ )?$", re.IGNORECASE)


_WAY = re.compile(r"\b(?P<way>from|to|into|before|after|by|against)\s+(?:the\s+)?(?P<name>[A-Z][\w'’-]*)")
_OTHER_WAYS = {"from": "to into", "to": "from", "into": "from", "before": "after", "after": "before", "by": "against",
               "against": "by"}  # fmt: skip


def _turns_back(statement: str, text: str) -> bool:
    """Whether a place has a name behind the opposite preposition only: "from Arden to Lisk", "from Lisk to Arden"."""
    told = [(found["name"], found["way"]) for found in _WAY.finditer(text)]
    return any(
        (found["name"], found["way"]) not in told
        and any((found["name"], way) in told for way in _OTHER_WAYS[found["way"]].split())
        for found in _WAY.finditer(statement)
    )


def _counts_another(statement: str, text: str) -> bool:
    """Whether a figure of a statement counts other things in a place, or is only the whole that a part is told of."""
    told = quantities(text)
    for figure in quantities(statement):
        same = [own for own in told if own.number == figure.number]
        unlike = [own for own in same if own.unit and figure.unit and not stems(own.unit) & stems(figure.unit)]
        if same and (len(unlike) == len(same) or all(_PART_OF.search(text, 0, own.start) for own in same)):
            return True
    return False


def _in_one_part(statement: str, text: str, lacking: int) -> bool:
    """Whether one of the parts that semicolons divide says it: the cells of a row tell of several things."""
    own = stems(statement)
    return ";" not in text or any(len(own - stems(part)) <= max(lacking, 0) for part in re.split(r";\s", text))


def _allows(question: str, statement: str, place: _Place) -> bool:
    """Whether what is told has happened, or holds, of just those who are asked about."""
    text = place.text
    if not place.ground.lines or text.rstrip().endswith("?") or len(text.split()) < LEAST_WORDS:
        return False
    if len(_PERSON.findall(text)) > 1 and (_PERSON.search(question) or _NAMES_ONE.search(question)):
        return False  # who of several did it is for the words to force
    if not _VERB.search(text) or _denies(text, statement) or hedges(words_of(text)) - hedges(words_of(question)):
        return False
    published = place.ground.entries[0].document.published.date
    if not asks_ahead(question) and (_AHEAD.search(text) or is_to_come(text, published)):
        return False
    return all(needed.search(text) for asks, needed in _NEEDS.items() if asks.search(question))


def _denies(text: str, statement: str) -> bool:
    """Whether something is denied, or came to nothing that is not asked."""
    own = stems(statement)
    return _DENIAL.search(text) is not None or any(not stems(found[0]) <= own for found in _UNDONE.finditer(text))


_COUNTED_ON = re.compile(r"\b(?:later|after|following|thereafter)\b", re.IGNORECASE)


def is_to_come(text: str, published: PartialDate) -> bool:
    """Whether a day that is told lies after the day it was told: "The show opens on 8 June", printed in April."""
    last = published.last()
    return last is not None and any(
        one.moment.first is not None and one.moment.first > last and not _COUNTED_ON.search(one.moment.words)
        for one in mentions(text, published)
    )


def asks_ahead(question: str) -> bool:
    """Whether a question asks for what is still to come."""
    return _FUTURE.search(question) is not None
