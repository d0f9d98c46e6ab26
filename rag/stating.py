"""The statement that a yes/no question asks about: "The fund reached its target." for "Did the fund reach its target?".

There is no parser behind it: where the subject ends is told by a list of common verbs, by endings and by what may not
stand inside a noun phrase. A verb that is missed leaves the words in an order that nobody writes, which no score and no
rule takes for what a document says: the question then gets no "Yes".
"""

from __future__ import annotations

import re
from dataclasses import dataclass

MOST_WORDS = 40  # of a question

_ASKS = re.compile(
    r"(?P<opening>(?:[A-Z][^,?]{1,80}, )?)(?P<helper>did|does|do|has|have|had|was|were|is|are|am|will|can|could|would"
    r"|should|may|might|must|shall) (?P<rest>[^?]+?)[\s?.!]*$",
    re.IGNORECASE,
)
_CHOICE = re.compile(r"\bor\b(?! (?:more|less|so|later|above|over|fewer|earlier|older|younger|below|under)\b)", re.I)
_DENIES = re.compile(r"\b(?:not|never|nobody|nothing|none|no|without|neither|nor)\b|n['’]t\b", re.IGNORECASE)
_ASIDE = re.compile(  # what a person adds to "has it been done?" and no document says
    r"\b(?:yet|already|ever|actually|really|indeed|after all|in the end|by now|at last|finally|now|so far|perhaps)\b"
    r"|\b(?:at all|any ?more|as well|too)\b(?=\W*$)",
    re.IGNORECASE,
)
_OPEN = {"any": "some", "anybody": "somebody", "anyone": "somebody", "anything": "something", "anywhere": "somewhere"}
_ALONE = frozenset("it they he she i you we this these those there everybody everyone somebody nobody".split())
_LEADS = frozenset(  # words that begin or continue a noun phrase: none of them ends it
    "a an the this that these those its their his her our your my some any all each every both no more fewer less most"
    " many several other another first second third new old next last of in on at for from to by with between under"
    " over about after before since during against through into within as than and who which whose that".split()
)
_PREPOSITIONS = frozenset(
    "of in on at for from to by with between under over about after before since during against through into"
    " within".split()
)
_OPENS_PREDICATE = frozenset("still also only just currently there here part a an".split())
_VERBS = frozenset(
    """accept achieve act add admit agree aim allow announce answer apologise appeal appear apply appoint approve argue
    arrange arrive ask attend attract avoid back ban be bear beat become begin believe belong borrow break bring build
    buy call cancel carry catch cause celebrate change charge choose claim close collect come complete concern conduct
    confirm connect consider contain continue contribute convert cooperate cost cover create cut deal decide declare
    decline decrease deliver demand deny depend describe design destroy develop die disagree discuss dismiss double
    draw drive drop earn elect employ enable end enjoy enter establish exceed exist expand expect explain extend face
    fail fall favour fear fill find finish fit fix follow forbid force form found fulfil gain gather get give go grant
    grow halt handle happen have head hear help hire hold hope host improve include increase inform insist inspect
    install intend introduce invest invite issue join keep kill know lack land last launch lead learn leave lend let
    lie like list live lose lower maintain make manage mean meet merge miss move need obey obtain occur offer open
    operate oppose order organise overtake own participate pass pay perform plan plant play praise prepare present
    prevent produce promise propose protect prove provide publish punish put raise reach read receive recognise
    recruit reduce refer refuse regret reject relocate remain remember remove renew rent repair replace reply report
    request require rescue resign resist respond rest result return reveal rise rule run save say score see seem sell
    send serve set settle share shoot show shut sign sit speak spend split stand start stay step stop strike succeed
    suffer suggest supply support suspend take talk teach tell test thank think throw travel treat try turn use vary
    visit vote wait walk want warn wear win wish withdraw work write""".split()
)
_IRREGULAR = dict(
    pair.split("/")
    for pair in """
    be/was bear/bore beat/beat become/became begin/began break/broke bring/brought build/built buy/bought
    catch/caught choose/chose come/came cost/cost cut/cut deal/dealt draw/drew drive/drove fall/fell
    find/found fit/fitted forbid/forbade get/got give/gave go/went grow/grew have/had hear/heard hold/held
    keep/kept know/knew lead/led leave/left lend/lent let/let lie/lay lose/lost make/made mean/meant meet/met
    overtake/overtook pay/paid put/put read/read rise/rose run/ran say/said see/saw sell/sold send/sent
    set/set shoot/shot show/showed shut/shut sit/sat speak/spoke spend/spent split/split stand/stood
    strike/struck take/took teach/taught tell/told think/thought throw/threw wear/wore win/won
    withdraw/withdrew write/wrote stop/stopped drop/dropped ban/banned plan/planned ride/rode admit/admitted
    refer/referred regret/regretted step/stepped occur/occurred do/did""".split()
)
_PARTICIPLES = frozenset(
    """
    been become begun broken brought built bought caught chosen come cost cut dealt done drawn driven fallen
    found forbidden got gotten given gone grown had heard held kept known led left lent let lain lost made
    meant met overtaken paid put read ridden risen run said seen sold sent set shot shown shut sat spoken
    spent stood struck taken taught told thought thrown torn worn won withdrawn written split""".split()
)


@dataclass(frozen=True, slots=True)
class Stated:
    """A statement, its subject, and the word of it that tells what was done or what holds: "reached", "open"."""

    text: str
    subject: str = ""
    act: str = ""
    base: str = ""  # as the question has it: "reach"
    passive: bool = False


PAST = _PARTICIPLES | frozenset(_IRREGULAR.values())  # what ends in no "ed"


def statement_of(question: str) -> Stated | None:
    """What a "yes" would say, with its words in a statement's order; None for a choice, a denial and all else.

    "Yet", "already" and "in the end" are left out: what they ask is whether it is so by now.
    """
    asks = _ASKS.fullmatch(" ".join(question.split()))
    if asks is None or _CHOICE.search(asks["rest"]) or _DENIES.search(asks["rest"]):
        return None
    helper, rest = asks["helper"].lower(), " ".join(_ASIDE.sub(" ", asks["rest"]).split())
    words = [_OPEN.get(word.lower(), word) for word in rest.split()]
    if not 2 <= len(words) <= MOST_WORDS:
        return None
    cut = _end_of_subject(words, helper)
    if not 0 < cut < len(words):
        return None
    subject, predicate = words[:cut], _predicate(helper, words[cut:])
    opening = asks["opening"]
    subject[0] = subject[0] if opening else subject[0][:1].upper() + subject[0][1:]
    act = next((word for word in predicate if word.lower() not in _HELPERS), predicate[-1])
    passive = _is_participle(act) and any(word in _BE for word in predicate[: predicate.index(act)])
    return Stated(f"{opening}{' '.join([*subject, *predicate])}.", " ".join(subject), act, words[cut], passive)


_BE = frozenset("is are was were be been".split())

_HELPERS = frozenset("is are was were be been has have had will can could would should may might must shall".split())


def _predicate(helper: str, words: list[str]) -> list[str]:
    if helper == "do":
        return words
    if helper == "did":
        return [_past(words[0]), *words[1:]]
    return [_third(words[0]), *words[1:]] if helper == "does" else [helper, *words]


def _past(verb: str) -> str:
    if verb in _IRREGULAR:
        return _IRREGULAR[verb]
    if verb.endswith("e"):
        return f"{verb}d"
    return re.sub(r"(?<=[^aeiou])y$", "i", verb) + "ed"


def _third(verb: str) -> str:
    if verb in ("have", "be"):
        return {"have": "has", "be": "is"}[verb]
    return re.sub(r"(?<=[^aeiou])y$", "ie", verb) + ("es" if re.search(r"(?:s|sh|ch|x|o)$", verb) else "s")


def _end_of_subject(words: list[str], helper: str) -> int:
    """How many words the subject has."""
    if words[0].lower() in _ALONE:
        return 1
    begins = _is_participle if helper in ("has", "have", "had") else _is_verb
    if helper in ("is", "are", "was", "were", "am"):
        return _before_what_it_is(words)
    for place in range(1, len(words)):
        if begins(words[place]) and words[place - 1].lower() not in _LEADS:
            return place
    return next((i for i in range(1, len(words)) if _ends_before(words, i)), 0)


def _is_verb(word: str) -> bool:
    return word in _VERBS


def _is_participle(word: str) -> bool:
    return word in _PARTICIPLES or (word.islower() and len(word) > 4 and word.endswith("ed"))


def _ends_before(words: list[str], place: int) -> bool:
    """Whether a word that no list knows stands where only a verb can: behind a noun, before an object."""
    word, before, after = words[place], words[place - 1].lower(), words[place + 1 : place + 2]
    if not word.islower() or word in _LEADS or before in _LEADS or not after:
        return False
    return after[0].lower() in _LEADS - {"of", "and", "who", "which", "in"}


def _before_what_it_is(words: list[str]) -> int:
    """Where "is" and its like belong: before a participle, an adverb or a second noun phrase, else the last word."""
    for place in range(1, len(words)):
        word, before = words[place], words[place - 1].lower()
        if before in _LEADS:
            continue
        if _is_participle(word) or word in _OPENS_PREDICATE or (word.endswith("ing") and len(word) > 5):
            return place
        if word in _STATES or word in ("the", "its", "their", "his", "her"):
            return place
    fixed = [
        i for i in range(1, len(words)) if words[i] in _PREPOSITIONS - {"of"} and words[i - 1].lower() not in _LEADS
    ]
    return fixed[0] if fixed else len(words) - 1


_STATES = frozenset(
    "open closed free able available possible necessary allowed over ready complete higher lower larger smaller bigger"
    " longer shorter older newer better worse more fewer less as responsible in-house content happy pleased busy full"
    " empty public private legal compulsory voluntary finished late early under".split()
)


# --- how many, for "more than so many" ---------------------------------------------------------------------------

_MARKED = re.compile(
    r"\b(?:(?P<more>more than|over|above|upwards of|in excess of)"
    r"|(?P<least>at least|no fewer than|no less than|as many as)"
    r"|(?P<less>fewer than|less than|under|below)|(?P<most>at most|no more than|not more than|up to))"
    r" (?P<number>(?:(?:HK|US|A|C)?[$£€¥] ?)?\d[\d,. \u00a0]*(?: ?(?:million|billion|thousand))?)"
    r" (?P<noun>(?:[a-z-]+ ){0,2}?[a-z-]+s|people|children)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Marked:
    """ "How many firms has it met?" for "Has it met more than 150 firms?": the figure, what is counted, and the side.

    A value on the ``side`` of the figure makes it a "yes": "more", "least" (so many or more), "less" or "most".
    """

    question: str
    number: str
    noun: str
    side: str


def marked(question: str) -> Marked | None:
    """What a question about more or fewer than so many asks openly; None for any other question."""
    found = list(_MARKED.finditer(question))
    asks = _ASKS.fullmatch(" ".join(question.split()))
    if (
        len(found) != 1
        or asks is None
        or _CHOICE.search(question)
        or _DENIES.search(re.sub(r"\bno (?=f|l|m)", "", question))
    ):
        return None
    one = found[0]
    side = next(name for name in ("more", "least", "less", "most") if one[name])
    before = question[asks.start("rest") : one.start()].strip()
    if before:
        rest = f"{before} {question[one.end() :].strip()}".rstrip(" ?.!")
        opened = f"{asks['opening']}how many {one['noun']} {asks['helper'].lower()} {rest}?"
    else:
        stated = statement_of(question)
        if stated is None:
            return None
        opened = _MARKED.sub(lambda match: f"how many {match['noun']}", stated.text.rstrip("."), count=1) + "?"
    return Marked(opened[:1].upper() + opened[1:], one["number"].strip(), one["noun"], side)
