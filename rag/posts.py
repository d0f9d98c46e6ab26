"""Posts: which one is meant, and whether it is the one asked about.

A post is its head ("secretary"), its rank ("deputy") and the words of its field, body and place. A deputy, an
assistant, who holds the like post in another field and who leads a part of the body hold another one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from rag.picking import stems
from rag.questions import singular

_CHAIR = "chair chairman chairwoman chairperson convenor convener"
_LEADING = (
    "minister director mayor governor president commissioner premier chancellor provost rector dean principal "
    "headteacher headmaster headmistress superintendent executive manager warden commander controller coordinator "
    "co-ordinator harbourmaster ombudsman master"
)
_PLAIN = "head chief boss leader"  # of anything
_OTHERS = (
    "secretary officer treasurer registrar ambassador consul inspector comptroller auditor attorney speaker curator "
    "librarian captain marshal clerk spokesman spokeswoman spokesperson deputy adviser advisor aide assistant "
    "representative matron editor bishop sheriff councillor member trustee envoy counsel founder engineer surgeon "
    "accountant nurse"
)
HEADS = frozenset(f"{_CHAIR} {_LEADING} {_PLAIN} {_OTHERS}".split())
_ONE_HEAD = {**dict.fromkeys(_CHAIR.split(), "chair"), **dict.fromkeys(_PLAIN.split(), "head"),
             "advisor": "adviser", "co-ordinator": "coordinator"}  # fmt: skip
_LEADERS = frozenset(_LEADING.split()) | {"chair", "head"}
RANKS = {"vice": "deputy", "deputy": "deputy", "under": "under", "acting": "acting", "interim": "acting",
          "caretaker": "acting", "assistant": "assistant", "associate": "assistant", "permanent": "permanent",
          "honorary": "honorary", "junior": "junior", "shadow": "shadow", "co": "co", "pro": "pro"}  # fmt: skip
PAST = frozenset("former ex past previous late outgoing retired then".split())
COMING = frozenset("incoming designate elect next future".split())
_SCOPELESS = frozenset("head chief general executive managing prime first".split())  # before a head: of the same scope
_KINDS = _SCOPELESS | frozenset(  # before a head they make it another post, whoever's it is
    "financial private personal press political second home foreign chair parliamentary medical finance company"
    " deputy".split()
)
_PARTS = frozenset(  # bodies within others: who leads one does not lead the whole
    "committee subcommittee panel group team unit branch division section force advisory council association union club"
    " delegation commission".split()
)
BODIES = _PARTS | frozenset(
    "board bureau office department ministry authority agency trust network company centre center hospital"
    " clinic school"
    " college university institute district service fund court port library museum bank foundation corporation".split()
)
_IDLE = frozenset(  # words that tell no post from another
    "government national brief portfolio post position role job responsibility person official current present new"
    " incumbent name city town province state county municipal municipality administration time whole at moment"
    " newly now currently office-holder affairs matters side issues one there here charge"
    " responsible mr ms mrs miss dr".split()
)


@dataclass(frozen=True, slots=True)
class Post:
    """A post in its words: ``kind`` stands before the head ("chief"), ``words`` (stems) are all that tell which.

    ``ranks`` holds ``deputy``, ``acting``, ...; ``status`` is ``past``, ``coming`` or empty.
    """

    head: str
    ranks: frozenset[str] = frozenset()
    kind: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()
    status: str = ""


def post_of(words: str, *, led: str = "") -> Post | None:
    """The post that words name; with ``led`` that of whoever leads what they name. None where they name none."""
    plain = _plain(words)
    if led:
        return Post(led, words=telling(plain))
    tail = _PREPOSITION.search(plain)
    before = plain[: tail.start()] if tail else plain
    tokens = re.findall(r"[a-z][\w'-]*", before)
    places = [place for place, token in enumerate(tokens) if singular(token) in HEADS]
    if not places:
        return None
    at = places[-1]
    if tokens[at] in _PLAIN.split() and len(tokens) == at + 2 and tokens[-1] not in _IDLE:
        at += 1  # "head doctor"
    head = _ONE_HEAD.get(singular(tokens[at]), singular(tokens[at]))
    others = [*tokens[:at], *tokens[at + 1 :]]
    ranks = frozenset(RANKS[word] for word in others if word in RANKS)
    if {"vice", "deputy"} <= {*others}:  # whose vice-chancellor is the first of all
        ranks |= {"second"}
    status = "past" if PAST & {*others} else "coming" if COMING & {*others} else ""
    others = [word for word in others if word not in (RANKS.keys() | PAST | COMING)]
    after = plain[tail.end() :] if tail else ""
    kind = frozenset(stems(" ".join(_KINDS & {*others})))
    return Post(head, ranks, kind, telling(f"{' '.join(others)} {after}"), status)


_PREPOSITION = re.compile(r",? (?:of|for|at|in|on|to|with|from)\b(?: (?:the|its|our|all)\b)?|, ")
_ALIKE = (
    (re.compile(r"\b(?:chief executive officer|ceo)\b"), "chief executive"),
    (re.compile(r"\bhead[ -](?=teacher|master|mistress)"), "head"),
    (re.compile(r"\bharbou?r[ -]?master\b"), "harbour harbourmaster"),
    (re.compile(r"\b(vice|deputy|ex|co|pro|acting|under|assistant)-(?=[a-z])"), r"\1 "),
    (re.compile(r"\b([a-z]+)-(general|elect|designate)\b"), r"\2 \1"),
    (re.compile(r"\b(director|secretary|attorney|auditor|inspector|surgeon|comptroller) general\b"), r"general \1"),
    (re.compile(r"\bminister of state\b"), "junior minister"),
    (re.compile(r"\bsecretary of state\b"), "secretary"),
    (re.compile(r"\bsub-(?=committee)"), "sub"),
    (re.compile(r"\bsecond in command\b|\bnumber two\b"), "deputy head"),
)


def _plain(words: str) -> str:
    """In lower case, "vice-chair" and "CEO" as everything else is written."""
    plain = " ".join(words.replace("’", "'").lower().split())
    for pattern, instead in _ALIKE:
        plain = pattern.sub(instead, plain)
    return plain


def telling(words: str) -> frozenset[str]:
    """The stems of the words that tell a post from others."""
    kept = (word for word in re.findall(r"[\w-]+", _plain(words).replace("'s", "")) if word not in _IDLE)
    return frozenset(stems(" ".join(kept)))


def is_once(thing: str) -> bool:
    """Whether a thing is led once and not held: a delegation, talks, a march."""
    core = _PREPOSITION.split(_plain(thing), maxsplit=1)[0].split()
    return bool(core) and _ONCE.fullmatch(core[-1]) is not None


_ONCE = re.compile(  # what is led once, not held: "who led the delegation"
    r"\b(?:delegations?|sides?|talks?|meetings?|sessions?|visits?|tours?|trips?|missions?|discussions?|march"
    r"|ceremon\w+|negotiations?|seminars?|symposium|summit|conference|plenary|search|way|inquiry|debate|efforts?"
    r"|others?|first|second)\b"
)


# --- whether the one is the other ---


@dataclass(frozen=True, slots=True)
class Asked:
    """A question for who holds a post: ``post`` as it names it.

    ``place`` are those of its words that only say where; ``about`` are words that describe what is led ("promised in
    the 2024 Policy Address"); ``event`` says when ("the bridge opened"), and ``does`` what else is told of the holder.
    ``runs`` where it asks who runs something rather than leads
    it, ``past`` where it asks who was rather than who is. ``relation`` is ``before`` where the one before ``person``
    is asked for, ``after`` for the next, ``since`` where it asks since when ``person`` holds it, else empty.
    """

    post: Post
    place: frozenset[str] = frozenset()
    about: frozenset[str] = frozenset()
    event: frozenset[str] = frozenset()
    does: frozenset[str] = frozenset()
    relation: str = ""
    person: str = ""
    past: bool = False
    runs: bool = False

    @property
    def is_named(self) -> bool:
        """Whether the post is called by its name, not described by what its holder does."""
        return self.post.head != "head"

    @property
    def is_specific(self) -> bool:
        """Whether it says which post at all."""
        return self.is_named or bool(self.post.words)


@dataclass(frozen=True, slots=True)
class Around:
    """What stands around a post: its clause without its own words; headings and text before it; the whole paper."""

    clause: str
    before: str
    paper: str = ""


def fit(question: Asked, held: Post, around: Around) -> float:
    """How sure it is, in [0, 1], that a post is the one asked about; 0 where it is another.

    Another is one of another head or rank, of another field or body, and of a body within the one asked about.
    """
    want = question.post
    if held.ranks != want.ranks or not _same_head(want, held):
        return 0.0
    kind = held.kind - want.kind - (_SCOPELESS_STEMS if want.head == "head" else frozenset())
    extra, missing = held.words - want.words - held.kind, want.words - held.words
    if want.words and (kind or extra & _PART_STEMS or (missing and extra)):
        return 0.0
    if not missing and not question.about:
        return EXACT - EXTRA * min(len(extra), 3) if want.words else UNNAMED
    placed = want.head not in _OF_PLACES - {"minister"} and bool(want.words - question.place)
    easy = question.place if placed else frozenset()
    if missing and missing <= easy and held.words:
        return EXACT if missing <= stems(around.paper) else 0.0
    if missing & _BODY_STEMS and held.head in _OF_PLACES:
        return 0.0
    wanted = (missing - easy) | question.about
    if wanted <= stems(around.clause):
        return CLAUSE
    return CONTEXT if _is_around(wanted, missing | want.words & _BODY_STEMS, around) else 0.0


def has_head(post: Post, sentence: str) -> bool:
    """Whether a sentence has the head of a post somewhere, and its rank."""
    words = re.findall(r"[a-z]+", _plain(sentence))
    if not post.ranks <= {RANKS.get(word) for word in words}:
        return False
    return any(_ONE_HEAD.get(one, one) == post.head for one in map(singular, words)) or (
        post.head == "chair" and re.search(r"\b(?:chair\w*|presid\w+)\b", sentence) is not None
    )


def is_of_a_body(want: Post, held: Post) -> bool:
    """Whether a post says of which body it is, and the one asked about does not."""
    return bool((held.words - held.kind - want.words) & _BODY_STEMS)


def tells_a_leader(sentence: str) -> bool:
    """Whether a sentence has a word for a post or for leading."""
    words = re.findall(r"[a-z][\w-]*", _plain(sentence))
    return any(singular(word) in HEADS for word in words) or _LEADING_WORDS.search(sentence) is not None


_LEADING_WORDS = re.compile(
    r"\b(?:lead|leads|led|heads|headed|heading|runs?|ran|running|manag|direct|overs[ea]|look\w* after|charge|responsib"
    r"|presid|chair|convene|supervis|govern|command|coordinat|co-ordinat|helm|deals? with|mind|handl|portfolio|brief"
    r"|steer|found|host|organis|organiz)",
    re.IGNORECASE,
)
EXACT, EXTRA, CLAUSE, CONTEXT, UNNAMED = 0.9, 0.04, 0.75, 0.7, 0.6
_SEATED = frozenset(stems("committee subcommittee panel"))  # they have a chair
_OF_PLACES = frozenset("mayor governor president premier minister".split())
_SCOPELESS_STEMS = frozenset(stems(" ".join(_SCOPELESS)))
_PART_STEMS = frozenset(stems(" ".join(_PARTS)))


def _same_head(want: Post, held: Post) -> bool:
    if want.head != "head":
        return held.head == want.head
    if want.words & _SEATED:
        return held.head in ("chair", "head", "coordinator")
    if held.head == "member" and "cabinet" in held.words:
        return True
    if held.head in ("secretary", "officer"):  # of a government, not of a committee
        return not want.words & _PART_STEMS and (held.head == "secretary" or "chief" in held.kind)
    return held.head in _LEADERS


def _is_around(wanted: frozenset[str], named: frozenset[str], around: Around) -> bool:
    """Whether a post that is only called "its chairman" is of what is asked: by its clause, or what was spoken of last.

    Where the clause says of what or for whom, that decides.
    """
    if _OF_ANOTHER.search(around.clause) or not wanted <= stems(f"{around.before} {around.clause}"):
        return False
    bodies = named & _BODY_STEMS
    spoken_of = [found[0] for found in _BODY.finditer(f"{around.before}\n{around.clause}")]
    if spoken_of and not bodies and stems(spoken_of[-1]) & _PART_STEMS - named:
        return False
    last = [words for words in spoken_of if bodies & stems(words) and not stems(words) <= bodies]  # not "the Board"
    return not bodies or not last or named <= stems(f"{last[-1]} {around.clause}") | bodies


_BODY_STEMS = frozenset(stems(" ".join(BODIES)))
_OF_ANOTHER = re.compile(r"\b(?:of|for|in) (?:the )?[A-Z]\w+")
_BODY = re.compile(
    rf"(?:[A-Z][\w'’-]* (?:(?:of|for|on|and) )?)*\b(?i:{'|'.join(sorted(BODIES))})\b(?: (?:of|for"
    rf"|on) [A-Z][\w'’-]*(?:(?:,| and|, and)? [A-Z][\w'’-]*)*)?"
)
