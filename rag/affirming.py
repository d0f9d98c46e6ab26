"""Yes, where one sentence says all that a question names, and in its order.

deciding.py forces a verdict by the roles of words and passes over much that a reader sees at once: "met with the
Governor, and then the Acting Mayor" does say that they met the Acting Mayor. Here every word that matters must stand in
the sentence in some form, each name behind the same preposition, the one who acts before what is done. A word of rank
or order that was not asked ("Vice", "second"), a denial, a condition or hearsay, and there is no "yes"; "no" is never
said. What a title or a heading names may be left out by the sentence.
"""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from dataclasses import dataclass
from itertools import takewhile

from rag.deciding import HELPERS, MOST_CHARS, NEGATIONS, PREPOSITIONS, Run, Word, hedges, words_of

LEFT_OUT = 0.25  # share of the words asked about that only the title or the headings may say
_IDLE = frozenset(
    "a an the this that these those its their his her our and both also already then so far now ever any there"
    " actually really indeed together mr ms mrs miss dr".split()
)
_TURNS = frozenset(  # a word before a noun that makes it another one
    "vice deputy acting assistant under former honorary associate first second third fourth fifth sixth seventh eighth"
    " ninth tenth previous next last other another".split()
)
_FIXED = frozenset("in at by from to under into onto against before after without".split())
_ENUMERATES = re.compile(r"\b(?:includ(?:ed|es|ing)|such as|among (?:them|whom)|namely|comprised)\b")


def affirms(question: str, sentence: str, around: str = "") -> bool:
    """Whether the sentence says all that a yes/no question names; ``around`` is the title and the headings above it."""
    if max(len(question), len(sentence)) > MOST_CHARS or sentence.rstrip().endswith("?"):
        return False
    is_one = _IS_ONE.match(question) and _IS.search(sentence) and not _WAS.search(sentence)
    if not is_one and not _EVENT.match(question):
        return False  # a state, a duty or a leave holds only as it is told: "free" on Mondays
    asked, told, above = words_of(question), words_of(sentence), words_of(around[:MOST_CHARS])
    if any(word.key in NEGATIONS or word.key == "or" for word in asked) or hedges(told) - hedges(asked) - {"or"}:
        return False
    if asked[0].key == "will" and not any(word.key in ("will", "shall") for word in told):
        return False  # what was held before is no plan
    named = [i for i, word in enumerate(asked) if i and _counts(word)]
    missing = [asked[i] for i in named if not any(_is_same(asked[i], other) for other in told)]
    if len(named) < 2 or len(missing) > LEFT_OUT * len(named):
        return False
    if not all(any(_is_same(word, other) for other in above) for word in missing):
        return False
    said = [i for i in named if asked[i] not in missing]
    return any(_says(asked, said, told, at, is_one=bool(is_one)) for at in range(len(told)))


def _says(asked: Run, named: Sequence[int], told: Run, start: int, *, is_one: bool) -> bool:
    """Whether what is asked stands in the sentence from a word on, with nothing between that changes it."""
    if not any(_is_same(asked[i], told[start]) for i in named):
        return False
    places = [next((at for at in range(start, len(told)) if _is_same(asked[i], told[at])), None) for i in named]
    found = [at for at in places if at is not None]
    if len(found) < len(places) or len(set(found)) < 2:
        return False
    within = told[start : max(found) + 1]
    said = " ".join(word.key for word in (*told[max(0, start - 3) : start], *within))
    if _CHANGES.search(said) or (_PLANNED.search(said) and not _PLANNED.search(" ".join(word.key for word in asked))):
        return False
    enumerated = _ENUMERATES.search(" ".join(word.key for word in told[start : found[0]]))
    if not enumerated and sum(at > found[0] for at in found[1:]) * 2 <= len(found) - 1:
        return False
    kept = {*found}
    others = [at for at in range(start, max(found)) if at not in kept and _is_verb(told[at])]
    if (others and not enumerated) or (is_one and not _is_told_to_be(told, kept)):
        return False
    dated = [at for at in range(start, max(found)) if told[at].kind in ("date", "when")]
    if not kept.issuperset(dated) and any(asked[i].kind in ("date", "when") for i in named):
        return False  # "5 per cent in 2022 and 3 per cent in 2023"
    elsewhere = [at for at in range(start, max(found)) if at not in kept and told[at].is_name]
    if any(_led_by(told, at) in ("in", "at") for at in elsewhere) and any(
        _led_by(asked, i) in ("in", "at") for i in named
    ):
        return False  # "met Ms Lo in Bergen and Mr Lind in Oslo"
    verbs = [(i, at) for i, at in zip(named, found, strict=True) if _is_verb(told[at])]
    objects = [(i, at) for i, at in zip(named, found, strict=True) if verbs and i > verbs[0][0] and at > verbs[0][1]]
    if not enumerated and not all(_led_by(asked, i) or _is_object(told, at, kept) for i, at in objects):
        return False
    return all(_stands_alike(asked, i, told, at, kept) for i, at in zip(named, found, strict=True))


def _is_told_to_be(told: Run, kept: Set[int]) -> bool:
    """Whether all that follows "is" is what was asked, or a word right before that: not "is next to a", "is near a"."""
    be = next((at for at in range(len(told)) if told[at].key in ("is", "are")), len(told))
    known = {told[at].key for at in kept} | _IDLE | {"of", "under"}
    between = [at for at in range(be + 1, max(kept)) if told[at].key not in known]
    return be < max(kept) and all(at + 1 in kept and told[at].key not in PREPOSITIONS for at in between)


def _is_object(told: Run, at: int, kept: Set[int]) -> bool:
    """Whether a word is what the verb acts on, not of a phrase behind it: "met the staff of", "won a place in"."""
    if told[at].kind != "word" or told[at].key.endswith("ly"):
        return True
    leader = _leader(told, at)
    if leader is not None:
        return told[leader].key in ("with", "as") and leader - 1 in kept and _is_verb(told[leader - 1])
    before = at - 1
    while (
        told[before].key in _IDLE - {"and"} or told[before].is_name or (before in kept and not _is_verb(told[before]))
    ):
        before -= 1
    before -= told[before].key in ("with", "as")  # "met with over 200 firms"
    if before not in kept and told[before - 1].key in _IDLE - {"and"} and told[before].key not in _JOINS:
        before -= 1  # "signed the new memorandum"
        while told[before].key in _IDLE - {"and"}:
            before -= 1
    return before in kept or told[before].key in _JOINS | {","} or told[before - 1 : before] == ()


_IS_ONE = re.compile(r"\s*(?:is|are)\b.*\b(?:an?|under(?! \d)|part of)\b", re.IGNORECASE)
_IS, _WAS = re.compile(r"\b(?:is|are)\b"), re.compile(r"\b(?:was|were|had|former|once)\b")
_EVENT = re.compile(r"\s*(?:did|has|have|had|was|were|will)\b", re.IGNORECASE)
_CHANGES = re.compile(
    rf"\b(?:{'|'.join(NEGATIONS)}|or|fail\w*|declin\w*|refus\w*|yet|offered|ordered|wanted|forced|asked|may|might|could"
    r"|attempt\w*|close to|but|when|once|while|whereas|although|though|because|who|which|whose|predecessor|successor)\b"
    r"|;|, with\b"
)
_PLANNED = re.compile(r"\b(?:to be|will|shall|would|plan(?:s|ned)? to|intends? to|aims? to|expected to|hopes? to)\b")
_REPORTS = frozenset("stated delivered gave included comprised were was had has have been".split())


def _is_verb(word: Word) -> bool:
    return "past" in word.forms and not word.is_name and word.key not in _REPORTS and word.kind == "word"


def _counts(word: Word) -> bool:
    return word.kind != "mark" and word.key not in _IDLE | HELPERS | PREPOSITIONS and word.key != "'s"


def _is_same(asked: Word, told: Word) -> bool:
    """Forms of one word, the same date, or an amount that lies in the one asked about."""
    if asked.bounds and told.bounds:
        same_kind = asked.kind == told.kind and asked.unit == told.unit
        return same_kind and asked.bounds[0] <= told.bounds[0] and told.bounds[1] <= asked.bounds[1]
    if asked.key == told.key or asked.lemmas & told.lemmas:
        return "ing" not in told.forms or "ing" in asked.forms
    one, other = _SUFFIX.sub("", asked.key), _SUFFIX.sub("", told.key)
    return len(one) >= 4 and one == other and "ing" not in told.forms


_SUFFIX = re.compile(r"(?:ations?|ements?|ments?|ors?|ers?|ions?|ives?|ed|es|s|e|y)$")


def _stands_alike(asked: Run, i: int, told: Run, at: int, kept: Set[int]) -> bool:
    """Whether a word is of the same phrase in both: nothing beside it makes it another thing, place or time."""
    before, after = told[at - 1 : at], told[at + 1 : at + 2]
    if before and at - 1 not in kept and _turns(before[0], told[at]):
        return False
    if after and at + 1 not in kept and (after[0].key == "'s" or _turns(after[0], told[at], follows=True)):
        return asked[i + 1 : i + 2] != () and asked[i + 1].key == after[0].key
    if asked[i].key in _TURNS and not (told[at + 1 : at + 2] and _is_same(asked[i + 1], told[at + 1])):
        return False  # "first held" is no "first fair"
    passive = {word.key for word in asked} & {"was", "were", "is", "are", "been", "be"}
    if before and before[0].key in ("was", "were", "been", "be", "is", "are") and not passive:
        return False
    led, leads = _led_by(asked, i), _led_by(told, at)
    if led == leads == "of" and not _is_same(asked[(_leader(asked, i) or 1) - 1], told[(_leader(told, at) or 1) - 1]):
        return False  # "the Mayor of Oslo and the Governor of Arvik"
    if "of" in (led, leads) and led != leads and not {led, leads} & _FIXED:
        return told[at].is_name and asked[i].is_name and i > 2
    if asked[i].kind == "amount":
        counted = list(takewhile(lambda word: word.kind != "amount", told[at + 1 : at + 4]))
        return any(_is_same(asked[i + 1], word) for word in counted) if i + 1 < len(asked) else True
    if _is_verb(told[at]):
        return before[:1] != () and before[0].key != "," and _goes_on(asked[i + 1 :], told[at + 1 :])
    if led in ("in", "at"):  # where or when: said in just these words
        return leads in ("in", "at", "on")
    ends = i + 2 >= len(asked) or asked[i + 1].key == "?"
    return (led not in _FIXED or leads == led) and not (ends and after and after[0].key == "of")


def _goes_on(asked: Run, told: Run) -> bool:
    """Whether a verb has an object in the sentence where it has one in the question: "opened a shop", "opened"."""
    objects = [
        bool(run) and run[0].kind != "mark" and run[0].key not in PREPOSITIONS | _JOINS | HELPERS
        for run in (asked, told)
    ]
    return objects[0] or not objects[1]


def _turns(beside: Word, word: Word, *, follows: bool = False) -> bool:
    """Whether a word beside another makes it another thing: "Vice", "budget review", "Norland Steel"."""
    if beside.kind != "word" or beside.key in _IDLE | HELPERS | PREPOSITIONS | _JOINS:
        return beside.key in _TURNS
    if beside.is_name:
        return word.is_name and beside.key not in _GENERIC and (follows or "past" not in word.forms)
    return not beside.forms & {"past", "third"} or (not follows and beside.key in _TURNS)


_JOINS = frozenset("and or but that who which when while than as including include included".split())
_GENERIC = frozenset("municipality city province region government sar special mr ms mrs miss dr professor".split())


def _led_by(words: Run, at: int) -> str | None:
    """The preposition that leads the phrase of a word."""
    leader = _leader(words, at)
    return None if leader is None else words[leader].key


def _leader(words: Run, at: int) -> int | None:
    """Where the preposition stands that leads the phrase of a word."""
    for place in range(at - 1, max(0, at - 5) - 1, -1):
        word = words[place]
        if word.key in PREPOSITIONS:
            return place
        if word.kind != "word" or not (word.is_name or word.key in _IDLE):
            return None
    return None


@dataclass(frozen=True, slots=True)
class Opened:
    """A yes/no question about who holds an office or leads something, asked openly, and whom it names.

    ``had_others``: it asks who held an office once, so that somebody else found there is no "no".
    """

    question: str
    named: str
    had_others: bool = False


_LED = r"chaired|led|headed|run|directed|co-chaired|presided over"
_NAME = (
    r"(?:the |an? )?(?:(?:Mr|Ms|Mrs|Miss|Dr|Professor)\.? )?"
    r"[A-Z][\w'’-]*(?:(?: |, )(?:(?:of|for|and|the) )*[A-Z][\w'’-]*)*"
)
_BY_WHOM = re.compile(rf"(?:Is|Was|Are|Were) (?P<what>.+) (?P<led>{_LED}) by (?P<named>{_NAME})\?*$")
_WHO_IS = re.compile(
    rf"(?P<be>Is|Was) (?P<named>(?:Mr|Ms|Mrs|Miss|Dr|Professor)\.? {_NAME}) (?P<office>the .+)\?*$", re.DOTALL
)


def opened(question: str) -> Opened | None:
    """ "Who is the board chaired by?" for "Is the board chaired by Ms Lo?"; None for what may have several answers."""
    found = _BY_WHOM.match(question)
    if found and found["led"] != "co-chaired":
        return Opened(f"Who is {found['what']} {found['led']} by?", found["named"])
    found = _WHO_IS.match(question)
    if found is None:
        return None
    be = found["be"].lower()
    return Opened(f"Who {be} {found['office'].rstrip('?')}?", found["named"], had_others=be == "was")


def is_the_one(named: str, words: str, sentence: str) -> bool | None:
    """Whether ``words``, an answer out of ``sentence``, are who is named; None where a person meets an office."""
    asked, given = _name(named), _name(words)
    before = sentence.partition(words)[0][-OFFICE_CHARS:]
    if _ranks(f"{before} {words}" if _OFFICE_BEFORE.search(before) else words) - _ranks(named):
        return None  # "the Deputy Mayor", "the former Mayor, Ms Lo"
    titles = [{_SEXES.get(title, title) for title in _TITLED.findall(one)} - {"Dr", "Prof", "Professor"}
              for one in (named, words)]  # fmt: skip
    if all(titles) and not titles[0] & titles[1] and asked & given:
        return None  # "Mr Hale", "Ms Hale"
    if re.match(r"[A-Z]", named) and not titles[0] and re.search(rf"\b{re.escape(named)} [A-Z]", words):
        return None  # "Norland", "Norland Steel"
    if asked <= given or (given <= asked and _BARE.sub("", named) in sentence):
        return True
    if _TITLED.search(words) and not _TITLED.search(named):
        office = _OFFICE_BEFORE.search(before)  # "the Chief Secretary, Mr Chan"
        given = _name(office[1]) if office else given
        return True if asked <= given else False if office else None
    if bool(_TITLED.search(named)) != bool(_TITLED.search(words)):
        return None
    return None if given < asked or not given else False


OFFICE_CHARS = 160  # before a name, in which its office may stand
_RANKS = frozenset("vice deputy acting assistant permanent under former associate honorary interim co".split())
_SEXES = {"Mrs": "Ms", "Miss": "Ms"}


def _ranks(words: str) -> set[str]:
    return {*re.findall(r"[a-z]+", words.lower())} & _RANKS


_OFFICE_BEFORE = re.compile(r"((?:[A-Z][\w'’-]*|for|of|and)(?: (?:[A-Z][\w'’-]*|for|of|and|the))*), $")
_TITLED = re.compile(r"\b(?:Mr|Ms|Mrs|Miss|Dr|Prof|Professor)\b")

_BARE = re.compile(rf"^(?:the |an? )?(?:{_TITLED.pattern}\.? )?")


def _name(words: str) -> set[str]:
    return set(re.findall(r"[A-Z][\w'’-]*", _TITLED.sub("", words)))
