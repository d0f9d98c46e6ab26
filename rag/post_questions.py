"""What post a question asks about: "who minded transport", "which deputy governor has been holding talks"."""

from __future__ import annotations

import re
from dataclasses import replace

from rag.picking import stems
from rag.posts import Asked, Post, is_once, post_of, telling
from rag.questions import Kind, kind_of

_NOW = r"(?:(?:currently|now|presently|actually|also|still|today|newly|first|really) )*"
_BE = (
    rf"(?:is|was|['’]s|are|were|has been|had been|will be|would be|became|becomes|serves? as|served as|acts? as"
    rf"|acted as|is serving as|was serving as|sits as) {_NOW}"
)
_BE_ANY = rf"(?:(?:is|was|['’]s|has been|had been|are|were|got|gets|has|had|will|would) {_NOW})?"
_LEAD = (
    r"(?:leads?|led|leading|(?<!was )(?<!is )heads?|headed|heading|runs?|ran|running"
    r"|manag(?:es?|ed|ing)|direct(?:s|ed|ing)?"
    r"|minds?|minded"
    r"|minding|overs(?:ees?|aw|eeing)|look(?:s|ed|ing)? after|handl(?:es?|ed|ing)|govern(?:s|ed|ing)?"
    r"|steer(?:s|ed|ing)?|supervis(?:es?|ed|ing)|command(?:s|ed|ing)?|tak(?:es?|ing) care of|took care of"
    r"|(?:put |placed |now )?in charge of|(?:put |placed )?at the (?:head|helm|top) of|responsible for"
    r"|answers? for|answered for"
    r"|accountable for|(?:has|had|takes?|took|given|holds?|held) charge of|deals? with|dealt with|bosses"
    r"|entrusted with|tasked with|the one in charge of|calls? the shots (?:at|in))"
)
_PRESIDE = (
    r"(?:chairs?|chaired|chairing|presid(?:es?|ed|ing) (?:over|at)|convenes?|takes? the chair (?:of|at)|took the"
    r" chair (?:of|at)|in the chair (?:of|at))"
)
_HOLD = (
    r"(?:holds?|held|holding|has|had|having|occup(?:ies|ied)|fill(?:s|ed)?|took up|takes up|took|takes|got|given"
    r"|has taken"
    r"|keeps?|kept)"
)
_POST_WORD = r"(?:post|office|position|job|role|title|brief|portfolio|chair|seat|reins|remit)"
_WHO = r"whom?(?: (?:was it that|is it that|it is that|exactly))? "
_FORMS = tuple(
    (kind, re.compile(pattern, re.IGNORECASE))
    for kind, pattern in (
        ("before", rf"{_WHO}(?:did )(?P<person>.+?) (?:replace|succeed|take over from|follow)(?P<what> as .+)?$"),
        ("before", rf"{_WHO}{_BE_ANY}(?P<person>.+?)['’]s? (?:immediate )?predecessor(?P<what> (?:as|at|in) .+)?$"),
        (
            "before",
            rf"{_WHO}{_BE_ANY}the (?:immediate )?predecessor (?:of|to) (?P<person>.+?)(?P<what> (?:as|at|in) .+)?$",
        ),
        (
            "after",
            rf"{_WHO}{_BE_ANY}the (?:immediate )?successor (?:of|to) (?P<person>.+?)(?P<what> (?:as|at|in) .+)?$",
        ),
        ("before", rf"{_WHO}(?:came before|preceded) (?P<person>.+?)(?P<what> (?:as|at|in) .+)?$"),
        ("after", rf"{_WHO}{_BE_ANY}(?P<person>.+?)['’]s? (?:immediate )?successor(?P<what> (?:as|at|in) .+)?$"),
        (
            "after",
            rf"{_WHO}{_BE_ANY}(?:succeed(?:s|ed)?|replac(?:es?|ed)|took over from|takes over from|taken over from"
            rf"|came after|follow(?:s|ed)) (?P<person>.+?)(?P<what> (?:as|at|in) .+)?$",
        ),
        ("chair", rf"{_WHO}{_BE_ANY}{_PRESIDE} (?P<what>.+)$"),
        ("led", rf"{_WHO}{_BE_ANY}{_LEAD} (?P<what>.+)$"),
        ("chair", rf"{_WHO}(?:is |was )?(?P<what>.+?) (?:is |was |being )?(?:chaired|presided over) by$"),
        ("led", rf"{_WHO}(?:is |was )?(?P<what>.+?) (?:is |was )?(?:led|run|headed|managed|directed|overseen) by$"),
        (
            "held",
            rf"{_WHO}{_BE_ANY}{_HOLD} (?:up )?(?:the |a )?(?:{_POST_WORD}) (?:of|as|for|in|at|on) (?P<what>.+)$",
        ),
        ("brief", rf"{_WHO}{_BE_ANY}{_HOLD} (?:the |a )?(?P<what>.+?) (?:brief|portfolio|reins|remit)(?P<where> .+)?$"),
        (
            "held",
            rf"{_WHO}{_BE_ANY}{_HOLD} (?:the |a )?(?P<what>.+?) (?:post|office|position|job|role|title)"
            r"(?: (?:in|on|at) .+)?$",
        ),
        (
            "post",
            rf"{_WHO}{_BE_ANY}(?:made|named|appointed|elected|chosen(?: as)?|picked as|sworn in as|installed as"
            rf"|standing in as|filling in as|deputi[sz]ing as|acting as|working as|serving as) (?P<what>.+)$",
        ),
        ("post", rf"{_WHO}{_BE}(?:(?:the|our|an?|your) )?(?P<what>.+)$"),
        ("which", r"(?:which|what) (?P<what>.+)$"),
        ("post", r"(?:what (?:is|was|['’]s) |tell me |give |give me )?(?:the )?name of (?:the )?(?P<what>.+)$"),
        ("post", r"name (?:the )?(?P<what>.+)$"),
    )
)
_ASIDE = re.compile(
    r",? (?:according to|as things (?:stand|stood)|at that time|in those days|these days|nowadays|at the time|back then"
    r"|right now|at the moment|at present|(?:as )?(?:currently|presently))\b(?P<rest>[^,]*)(?:,|$)",
    re.IGNORECASE,
)
_EVENT = re.compile(
    r",? (?:at the (?:time|date|moment) of|(?:at|by) the time(?= )|on the (?:day|occasion) of|during|while|when"
    r"|as of the"
    r"|at the (?=(?:[\w-]+ )*(?:meeting|plenary|session|summit|symposium|opening|ceremony|signing|conference"
    r"|talks|launch)\b))"
    r" ?(?P<event>.+)$",
    re.IGNORECASE,
)
_DESCRIBED = re.compile(
    r" (?:(?:that|which) |(?:\w{3,}ed|set up|founded|built|begun) "
    r"(?=(?:in|by|at|under|during|on|last|for|to|after|before|with|earlier)\b))(?P<about>.+)$"
)
_OPENING = re.compile(
    r"^(?:(?:and|so|but|then|ok|okay|well|hi|hello|please|(?:can|could|would) you (?:please )?tell me|do you know"
    r"|tell me|i(?:'d| would) like to know|any idea)[, ]+)+(?=who|which|what|name)"
    r"|^[^?]{0,90}?,? (?=who(?:['’]s|m)?\b|which (?:\w+ ){0,2}(?:minister|secretary|official|director|governor"
    r"|mayor)\b)",
    re.IGNORECASE,
)


def asked(question: str) -> Asked | None:
    """The post whose holder a question asks for; None where it asks for nobody's.

    The words of its time are to be left out (see asked_time.py).
    """
    line = " ".join(question.replace("’", "'").split()).rstrip(" ?.!")
    line = re.sub(r"\b([Ww])ho'?s\b", r"\1ho is", _OPENING.sub("", line))
    line = _ANY_HOLDER.sub("who ", _NAME_OF_WHO.sub("who ", line))
    if kind_of(line) is Kind.LIST or _SEVERAL.match(line):
        return None
    line, event = _cut(_EVENT, line, "event")
    past, runs = _PAST_TENSE.search(line) is not None, _RUNS.search(line) is not None
    line = _ASIDE.sub("", line).rstrip(" ,")
    relation = person = ""
    before = _BEFORE_ONE.search(line)
    if before:
        line, relation, person = line[: before.start()], before["word"].lower(), before["person"]
    for kind, pattern in _FORMS:
        found = pattern.match(line)
        if found is None:
            continue
        if kind in ("led", "chair") and is_once(found["what"]):
            return None
        one = _asked(kind, found)
        if one is None:
            continue
        event_words = frozenset(stems(event))
        if kind in ("before", "after"):
            return replace(one, event=event_words, past=past, runs=runs)
        return replace(one, event=event_words, relation=relation, person=person, past=past, runs=runs)
    return None


_SINCE = re.compile(
    r"(?:since when|from when|how long|for how long|when|since what (?:day|month|year|date)|in (?:which|what) year)"
    r" (?:has|had|did|was|is|does|have) (?P<person>(?:(?:Mr|Ms|Mrs|Miss|Dr"
    r"|Prof\w*)\.? )?[A-Z][\w'-]+(?: [A-Z][\w'-]+)*)"
    r" (?:(?:been|become|became|take over|start|begin|serv\w+|(?:been |be )?(?:appointed|elected|named|made|sworn"
    r" in)|hold|held"
    r"|take up|assume|working|work)(?: (?:in )?office)?(?: as| in| the (?:post|office|job) of)?|take"
    r" office)(?: (?:the|an?) | |$)(?P<what>.*)$",
    re.IGNORECASE,
)


def since(question: str) -> Asked | None:
    """The post and the person where a question asks since when somebody holds it; None for any other."""
    line = " ".join(question.replace("’", "'").split()).rstrip(" ?.!")
    found = _SINCE.match(line)
    if found is None or not found["person"][0].isupper():
        return None
    post = post_of(found["what"]) if found["what"] else Post("head")
    return Asked(post, relation="since", person=found["person"]) if post else None


_NAME_OF_WHO = re.compile(
    r"^(?:(?:what(?: is| was|'s)|tell me|give me|give) )?(?:the )?name of (?:the )?(?:person|man|woman|official|one)"
    r" (?:who |that )?(?=(?:is |was |has |had )?[a-z]+)",
    re.IGNORECASE,
)
_ANY_HOLDER = re.compile(  # "which councillor has the transport job": what he is called besides tells no post
    rf"^(?:which|what) (?:councillor|member|official|politician|person) (?={_HOLD} (?:the|a) .+ {_POST_WORD}\b)",
    re.IGNORECASE,
)
_RUNS = re.compile(r"\b(?:runs?|ran|running|manag\w+|boss\w*|day-to-day)\b", re.IGNORECASE)
_PAST_TENSE = re.compile(
    r"\b(?:was|were|had|led|headed|ran|managed|directed|minded|oversaw|looked|handled|chaired|presided|held|took"
    r"|became)\b"
)
_SEVERAL = re.compile(r"who (?:are|were|all)\b|who (?:is|was|sits|sat|serves|served) on\b", re.IGNORECASE)
_BEFORE_ONE = re.compile(
    r" (?P<word>before|after) (?P<person>(?:(?:Mr|Ms|Mrs|Miss|Dr|Prof\w*)\.? )?[A-Z][\w'-]+(?: [A-Z][\w'-]+)*)$"
)


def _cut(pattern: re.Pattern[str], line: str, group: str) -> tuple[str, str]:
    found = pattern.search(line)
    return (line[: found.start()], found[group] or "") if found else (line, "")


def _asked(kind: str, found: re.Match[str]) -> Asked | None:
    """The post that one form of question names; None where what it names is none."""
    what = (found["what"] or "").strip(" ,")
    if kind in ("before", "after"):
        post = post_of(re.sub(r"^(?:as|at|in) (?:the )?", "", what)) if what else None
        known = post or Post("head", words=telling(re.sub(r"^(?:as|at|in) ", "", what)))
        return Asked(known, relation=kind, person=found["person"]) if re.search(r"[A-Z]", found["person"]) else None
    what, as_post = _cut(_AS_POST, what, "post")
    what, about = _cut(_DESCRIBED, what, "about")
    place = _where(what)
    acting = frozenset({"acting"}) if _STANDS_IN.search(found[0]) else frozenset()
    if kind == "which":
        return _which(what)
    if kind in ("post", "held", "brief"):
        post = post_of(what)
        if kind == "brief":
            where = found["where"] or ""
            post, place = post_of(what, led="head"), place | telling(where)
        elif kind == "held" and post is None:
            post = post_of(what, led="head")
    else:
        post = post_of(what, led="chair" if kind == "chair" else "head")
    if as_post and post:
        named = post_of(as_post)
        post = replace(named, words=named.words | post.words) if named else post
    if post is None or (kind == "post" and not _is_post(what)):
        return None
    return Asked(replace(post, ranks=post.ranks | acting), place & post.words | place, telling(about))


_AS_POST = re.compile(r",? as (?:its|the|their|our) (?P<post>.+)$")
_STANDS_IN = re.compile(r"\b(?:standing in|filling in|deputi[sz]ing|stand-in|caretaker)\b", re.IGNORECASE)
_OWNER = re.compile(r"^(?:the )?((?:[A-Z][\w-]* ?)+)'s ")


def _where(what: str) -> frozenset[str]:
    """The words that say where a post is: "in Hong Kong", "Norland's"."""
    inside = re.search(r"\bin (?:the )?((?:[A-Z][\w'-]*(?: |$))+)(?:government|administration)?$", what)
    ruled = re.search(r"\b(?:in|of) (?:the )?((?:[A-Z][\w'-]*(?: |$))+)(?:government|administration)$", what)
    owner = _OWNER.match(what)
    return frozenset().union(*(telling(one[1]) for one in (inside, ruled, owner) if one))


def _is_post(what: str) -> bool:
    """Whether words are a post's name, and no clause: "the mayor who signed", "the author of the report"."""
    return len(what.split()) <= 14 and not re.search(r"\b(?:who|whom|whose|did|does|has|have|had)\b", what)


_WHICH_POST = re.compile(
    r"(?P<post>.+?) (?:is|was|has|had|have|will|would|can|could|signed|met|led|leads|spoke|said|took|opened|held|holds"
    r"|heads|headed|visited|attended|welcomed|looks|looked|runs|ran|oversees|deals|chairs|chaired"
    r"|answers) (?P<does>.*)$"
)


def _which(what: str) -> Asked | None:
    """ "Which deputy governor of Norland has been holding talks", "which minister is responsible for ports"."""
    found = _WHICH_POST.match(what)
    named = post_of(found["post"]) if found else None
    if found is None or named is None or named.head in ("member", "representative"):
        return None
    rest = what[found.end("post") :]
    field = re.search(rf"\b(?:{_LEAD}) (?P<what>.+)$", rest)
    if field and not named.words:
        return Asked(replace(named, words=telling(field["what"])))
    return Asked(named, does=frozenset(stems(found["does"]))) if named.words else None


def searched(question: str) -> str | None:
    """The words by which papers may name the holder of a post that a question only describes; None for any other."""
    post = asked(question)
    if post is None or post.is_named:
        return None
    words = [word for word in re.findall(r"[\w-]+", question) if stems(word) & (post.post.words | post.about)]
    return f"Secretary Minister Director Head Chair {' '.join(words)}"
