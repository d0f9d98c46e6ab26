"""What a question asks for: the kind of its answer, the type of a short one, and how many members it has.

Decided by the question's words alone, misspelt ones and bare keywords included; where two kinds fit, the one with
the stricter wording is tried first. Nothing here looks at a document.
"""

from __future__ import annotations

import re
from enum import StrEnum


class Kind(StrEnum):
    """What shape an answer has."""

    SPAN = "span"  # a few words
    LIST = "list"  # all members of an enumeration
    DEFINITION = "definition"  # what an acronym stands for, what a word means
    DESCRIPTION = "description"  # one to three sentences
    YES_NO = "yes_no"
    COMPARISON = "comparison"  # two values or two dates


def kind_of(question: str) -> Kind:
    """The kind of answer a question asks for; ``SPAN`` where no other is certain."""
    plain = _plain(question)
    if _ASKS_FIGURES.match(plain):
        return Kind.SPAN
    if _COMPARES.search(plain):
        return Kind.COMPARISON
    if _DEFINES.search(plain) and not re.match(r"(?:who|when|where)\b", plain):
        return Kind.DEFINITION
    if _BEGINS_YES_NO.match(plain):
        return Kind.SPAN if re.search(_OR, plain) else Kind.YES_NO
    if _TELLS.match(plain):
        return Kind.DESCRIPTION
    if _asks_for_several(plain):
        return Kind.LIST
    if _DESCRIBES.search(plain) or _asks_about_a_name(question, plain):
        return Kind.DESCRIPTION
    return Kind.SPAN


def asked_for(question: str) -> str | None:
    """``number``, ``date``, ``person`` or ``place`` where the question's words ask for one.

    Its first question word decides: "who was mayor when it opened" asks for a person.
    """
    plain = _plain(question)
    if _BEGINS_YES_NO.match(plain):
        return None
    word = _QUESTION_WORD.search(plain)
    if word is None:
        return next((name for name, pattern in _KEYWORD_TYPES.items() if pattern.search(plain)), None)
    return next((name for name, pattern in _TYPES.items() if pattern.match(plain, word.start())), None)


_A_DATE = re.compile(
    r"(?i)\b(?:(?:\d{1,2}(?:st|nd|rd|th)? (?:of )?)?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b"
    r"(?: \d{1,2}\b(?! ?\d{3}))?(?:,? \d{4}\b)?|(?:1\d|20)\d\d\b(?! ?\d{3}))"
)
_A_TIME = re.compile(
    r"(?i)\b(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|to-?day|tomorrow|yesterday|now|noon|midnight|morning|evening"
    r"|night|week|month|year|decade|century|spring|summer|autumn|winter|before|after|when|during|until|since|while|early"
    r"|late|end|daily|weekly|monthly|annually)"
)
_THINGS = re.compile(r"\d\s+[a-z]{3}|[$£€¥%]")  # "72 charging points"
_A_COUNT = re.compile(
    r"(?i)\d|\b(?:no|none|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|twenty|thirty|forty|fifty"
    r"|sixty|seventy|eighty|ninety|dozens?|hundreds?|thousands?|millions?|billions?|half|quarter|third|both|single|all|many|few"
    r"|double|twice|several|pair)\b"
)


_LONGEST_NAME = 11  # words without a comma; what is longer is a clause
_NOBODY = re.compile(r"(?:you|we|they|he|she|it|i|those|these|people|anyone|everyone)\W*", re.IGNORECASE)


def is_of_type(wanted: str | None, words: str) -> bool:
    """Whether words can be the number, date or person that is asked for; of anything else all words can be."""
    if wanted == "number":
        # A year may be a count as well ("about 2000"), a whole date not.
        return bool(_A_COUNT.search(words if words.strip().isdigit() else _A_DATE.sub("", words)))
    if wanted == "date":
        return bool(
            _A_DATE.search(words) or _A_TIME.search(words) or (re.search(r"\d", words) and not _THINGS.search(words))
        )
    if wanted == "person":
        short = len(re.split(r",|;|\band\b", words)[0].split()) <= _LONGEST_NAME
        return short and any(map(str.isupper, words)) and not _NOBODY.fullmatch(words)
    return True


def expected_count(question: str) -> int | None:
    """How many members the question says there are: 6 of "which six universities", else None.

    None too for "which of the six", which asks for some of them, and "name two", which is content with any two.
    """
    found = _COUNTED.search(_plain(question))
    if found is None or (found["order"] and not found["all"]):
        return None
    count = count_of(found["number"])
    return count if count > 1 else None


def head_noun(question: str) -> str | None:
    """What is enumerated, in the singular: "university" of "which six Beijing universities took part"."""
    plain = _plain(question)
    asking = _ASKED_NOUN.search(plain)
    words = _WORD.findall(plain, asking.end())[:7] if asking else []
    return next((singular(word) for word in words if _is_plural(word)), None)


def singular(word: str) -> str:
    """A lower-case noun without its plural ending, roughly: enough to find "university" by "universities"."""
    if word in _PLURALS or not _is_plural(word):
        return _PLURALS.get(word, word)
    if word.endswith("ies"):
        return word[:-3] + "y"
    return word[:-2] if word.endswith(("sses", "shes", "ches", "xes")) else word[:-1]


def count_of(number: str) -> int:
    """6 of "six" or of "6", as ``COUNT`` matches them."""
    return _NUMBERS.get(number.lower()) or int(number)


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns))


_WORD = re.compile(r"[\w'-]+")
_ASKS = r"(?:how|what|which|when|where|who|whom|whose|why)\b"
_QUESTION_WORD = re.compile(rf"\b{_ASKS}")
_AUXILIARIES = (
    "did do does is are was were has have had will would can could may might must shall should isn't aren't wasn't "
    "weren't didn't don't doesn't hasn't haven't hadn't won't wouldn't can't couldn't shouldn't"
).split()
_AUX = rf"(?:{'|'.join(_AUXILIARIES)})\b"
_NUMBER_WORDS = (
    "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen "
    "nineteen twenty"
)
_NUMBERS = {word: number for number, word in enumerate(_NUMBER_WORDS.split(), start=2)}
COUNT = rf"(?:{'|'.join(_NUMBERS)}|\d{{1,3}})"  # a number that may say how many members there are
# Slips in the words that decide, where a library that happens to know them has kept them.
_MENDED = {
    "hw": "how", "hwo": "how", "wat": "what", "wht": "what", "waht": "what", "wich": "which", "whch": "which",
    "whcih": "which", "wen": "when", "whn": "when", "wher": "where", "whre": "where", "wy": "why", "lsit": "list",
    "diffrence": "difference", "diference": "difference", "u": "you", "pls": "please",
}  # fmt: skip
_CONTRACTED = re.compile(r"\b(what|wat|who|how|when|where)'?s\b")
_POLITE = _any(
    r"(?:(?:and|so|but|also|ok|okay|hi|hello|well|then|please|kindly)\b"
    r"|(?:can|could|would|will) you(?= (?:please |kindly |also )?"
    r"(?:tell|list|name|give|describe|explain|say|show|define|summari[sz]e|outline|identify|help)\b)"
    r"|tell me(?! (?:more )?about)"
    rf"|about(?= {_ASKS})"
    rf"|(?:do you know|any idea|say|i (?:want|need|would like|wish) to know|i'd like to know|(?:may|can) i know)"
    rf"(?= (?:if\b|whether\b|{_ASKS})))[\s,]+"
)
_OPENING = re.compile(  # "at the meeting, did ..."
    r"(?:according to|in|at|on|during|as (?:at|of)|by|for|after|before|since|under|besides|apart from|from|with|within"
    rf"|regarding|between|when|if)\b[^?]{{1,200}}?, (?=(?:{_ASKS}|{_AUX}|list\b|name\b))"
)


def bare(question: str) -> str:
    """The question itself, of one that comes with a greeting, a reason or thanks: "Hello, for a speech: how ..."."""
    found = _CHATTY.match(question)
    if found is None or _SAYS_MORE.search(question[1 : found.start("asked")] + question[found.end("asked") + 2 :]):
        return question
    return found["asked"]


_SAYS_MORE = re.compile(r"\b[A-Z]\w|\d|\b(?:about|regarding|concerning)\b")
_CHATTY = re.compile(
    r"\s*(?:(?:hi|hello|hey|dear|good (?:morning|afternoon|evening)|sorry|quick question|thanks)\b"
    r"|i['’ ]|we['’ ]|my )[^?]*?"
    rf"[:.!,;–—-]\s*(?P<asked>(?:{_ASKS}|in\b|by\b|as\b|at\b)[^?]*\?)[^?]{{0,80}}$",
    re.IGNORECASE,
)


def _plain(question: str) -> str:
    """Lower case, common slips mended, without courtesies and openings before the question itself."""
    words = question.lower().replace("’", "'").split()
    plain = _CONTRACTED.sub(r"\1 is", " ".join(_MENDED.get(word, word) for word in words))
    while polite := _POLITE.match(plain):
        plain = plain[polite.end() :]
    opening = _OPENING.match(plain)
    asked_before = opening and _QUESTION_WORD.search(opening[0], opening[0].find(" "))
    return plain[opening.end() :] if opening and not asked_before else plain


_ER = (
    r"(?:larger|bigger|smaller|greater|higher|lower|longer|shorter|older|newer|younger|earlier|later|sooner|faster"
    r"|slower|cheaper|dearer|better|worse|nearer|closer|farther|taller|heavier|lighter|stronger|fewer|less|more)\b"
)
_EST = r"(?:largest|biggest|smallest|highest|lowest|longest|shortest|oldest|earliest|latest|most|least|first)\b"
_MORE = rf"(?:{_ER}|{_EST})(?! than)"
_OR = r"\bor (?!(?:not|more|less|so|later|above|over|fewer|earlier|older|younger|below|under)\b)"
_CHANGE = (  # "how much did it grow by", not "how much did tax increases cost"
    r"(?:grow|grown|increased?|rise|risen|fall|fallen|drop|dropped|declined?|decreased?|changed?|differ|reduced)"
    r"(?:$|\?| (?:between|from|since|by|in|during|over|after|to)\b)"
)
_COMPARES = _any(
    r"\bby (?:how much|what (?:percentage|factor|margin))\b|^by how many\b",
    r"\bdifference\b.* between\b",
    r"^compare\b|\bcomparison (?:of|between)\b",
    r"^(?!when|where|why|how).* (?:versus|vs\.?) ",
    rf"\bhow (?:many|much) {_ER}",
    r"\bhow many times (?:as|more|larger|bigger)\b",
    rf"\bhow much (?:did|has|have|had|does)\b.*\b{_CHANGE}",
    r"\bhow (?:long|many \w+) (?:after|before)\b.* (?:did|was|were)\b",
    r"\bhow (?:long|many \w+) (?:\w+ ){0,2}(?:between|later|earlier|passed)\b",
    r"\bwhat (?:is|was) the (?:increase|decrease|rise|growth|drop|fall|change) .*\b(?:between|from)\b",
    r"^(?:which|what)\b.* (?:came|began|held|built|set up|was|is|were|\w+ed) (?:first|earlier|later)(?:[?,:]|$)",
    rf"^(?:which|who|what|where)\b.* (?:{_AUX}|came|got|\w+ed) (?:\w+ ){{0,3}}{_MORE}.*{_OR}",
    rf"^{_AUX} .*(?:{_OR}.*\b{_MORE}|\b{_MORE}.*{_OR})",
)
_DEFINES = _any(
    r"\b(?:stands?|short) for\b|\bfull (?:name|form)\b|^define\b",
    r"\bmeaning of\b|^(?:what is )?(?:the )?definition of\b|\b(?:meaning|definition)\W*$",
    rf"^(?!how|which|{_AUX}).*\b(?:acronym|abbreviation|abbreviated|abbreviates)\b",
    r"^what (?:does|do|did) .* mean\W*$|^what is meant by\b",
)
_BEGINS_YES_NO = re.compile(rf"(?:(?!may \d){_AUX}(?!-)|if\b|whether\b)(?=.* .* |.*\?)")  # not "may 2024 summit"
_TELLS = _any(r"(?:describe|explain|summari[sz]e|outline|tell me|discuss|overview|details? (?:of|on))\b")
_TOPIC = (
    r"(?:role|task|purpose|aim|function|mission|duty|responsibility|objective|background|significance|importance"
    r"|reasons?|process|procedure|policy|strategy|views?|attitude|impact|effects?|nature|idea|details|remarks|comments"
    r"|implications|consequences|circumstances|rationale)\b"
)
_SAY = (
    r"(?:do|doing|done|say|said|discuss|announce|pledge|promise|stress|highlight|mention|express|urge|emphasi[sz]e|hope"
    r"|think|believe|propose|suggest|explain|report|happen|recommend)"
)
_THE = r"(?:(?:the|its|their|his|her) )?"
_DESCRIBES = _any(
    r"^why\b|\bhow come\b|\bin what way\b|\bwhat about\b",
    r"^how\b(?! (?:many|much|large|big|old|long|far|high|tall|deep|wide|fast|heavy|often|frequently|few|small|soon)\b)",
    rf"^(?:the )?{_TOPIC} (?:of|for|behind|why)\b|^(?:about|info\w*|background)\b",
    rf"\bwhat (?:is|was|are|were) {_THE}(?:[\w'-]+ ){{0,3}}{_TOPIC}",
    r"\bwhat (?:happens|happened)\b",
    rf"\bwhat (?:did|do|does|will|would|has|have|can|could|should|must) (?:[^ ]+ ){{0,15}}{_SAY}"
    r"(?:[?,]|$| (?:about|with|to|for|on|in|at|of|that|when|if)\b)",
    r"\bwhat (?:is|was|are|were) (?:[^ ]+ ){0,6}(?:doing|said|known about|planned|proposed|being done)\b",
)
_SEVERAL = _any(
    r"^(?:list|enumerate|itemi[sz]e)\b|\blist(?: of (?:the |all )?\w+s\b.*)?\W*$",
    r"\bnames of\b|^(?:all )?(?:the )?members of\b",
    rf"\bwhat (?:are|were) (?!(?:you|we|they)\b|{_THE}{_TOPIC}|.* called\W*$)",
    r"^who (?:all|are|were)\b|^who (?:else )?(?:attended|accompanied|participated|took part|were present)\b",
    r"^who (?:is|was|sits|sat|serves|served) on\b.*\b(?:committee|board|panel|council|commission|body)\b",
    r"^what (?:does|do|did) .* (?:include|comprise|contain|consist of|cover)\W*$|^what (?:is|was) included\b",
    r"^(?:the )?[\w-]+s (?:who|that|attending|present|represented|taking part)\b",
)
_ASKED_NOUN = _any(
    r"(?:\bwhich|\bwhat (?:are|were)|^what|\bwho (?:are|were)|^(?:list|name|enumerate|identify|give|state|mention)\b"
    r"(?: me| us)?|\bnames of)\b(?: (?:the|all|these|those|its|their|his|her))*"
)
_ORDER = re.compile(r"(?:name|identify|give|state|mention)(?: me| us)? (?:(?:all|the|these|those) )+")
_CHOICE = re.compile(r"(which|what)(?= (?!of\b))((?: [\w'-]+){1,6})")
_PLURALS = {"people": "person", "men": "man", "women": "woman", "children": "child", "criteria": "criterion"}
_NOT_PLURAL = re.compile(r"(?:ss|us|is|'s|^does|^always|^news|^perhaps)$")
_NOT_IN_NOUN = {
    *_AUXILIARIES,
    *"needs happens causes makes means drives of in at on for to from with by that who the a an it he she they".split(),
}
_AFTER_NOUN = {
    *_AUXILIARIES,
    *"of that who which and sent met took made held went came gave led won got told spoke left grew lost paid".split(),
}


def _is_plural(word: str) -> bool:
    return word in _PLURALS or (len(word) > 3 and word.endswith("s") and not _NOT_PLURAL.search(word))


def _asks_for_several(plain: str) -> bool:
    if _SEVERAL.search(plain) or expected_count(plain) is not None:
        return True
    order = _ORDER.match(plain)
    if order:
        return any(map(_is_plural, _WORD.findall(plain, order.end())[:4]))
    word = _QUESTION_WORD.search(plain)
    choice = _CHOICE.match(plain, word.start()) if word else None
    return choice is not None and _is_plural_phrase(choice[1], choice[2].split())


def _is_plural_phrase(asking: str, words: list[str]) -> bool:
    """Whether "which" or "what" is followed by a plural noun; "which body advises it" has a verb there."""
    for place, word in enumerate(words):
        if word in _NOT_IN_NOUN:
            return False
        if _is_plural(word):
            following = words[place + 1] if place + 1 < len(words) else "that"
            surely = asking == "which" and place == 0
            return surely or following in _AFTER_NOUN or following.endswith("ed")
    return False


def _asks_about_a_name(question: str, plain: str) -> bool:
    """Whether it is "What is HKTE?", "what is a work permit?", "What is the Harbour Board?"."""
    asked = re.match(r"what (?:is|are|was) ((?:an? )?)((?:the )?)([^?]*)", plain)
    if asked is None or not asked[3].strip() or "'s " in asked[3]:
        return False
    words = question.rstrip(" ?.").split()[-len(asked[3].split()) :]  # as they were written, capitals and all
    named = all(word[:1].isupper() or word in ("of", "for", "on", "and", "the", "in") for word in words)
    return named or (not asked[2] and len(words) <= (4 if asked[1] else 1))


_COUNTED = re.compile(
    r"(?:(?P<order>^(?:list|name|enumerate|identify|state|give|mention)\b)"
    r"|^|\b(?:which|what|what (?:are|were)|who (?:are|were)|names of)\b) ?"
    r"(?:me |us )?(?P<all>(?:(?:all|the|these|those|its|their|his|her) )*)"
    r"(?:(?:other|main|key|new|different|following|major|first|last|top|chief) )*"
    rf"(?P<number>{COUNT}) "
    r"(?!(?:per|percent|million|billion|thousand|hundred|year|month|day|week|hour|or|to|and)\b)[a-z]"
)
_BETWEEN = rf"(?: (?!(?:{'|'.join(sorted(_NOT_IN_NOUN))})\b)[\w'-]+){{0,2}}"
_BE = r"(?:is|was|are|were) (?:the )?"
_QUANTITY = (
    r"(?:(?:(?:total|overall|current|annual|expected|exact|average|minimum|maximum|latest|last|known|newest|most recent"
    r"|most up-to-date|up-to-date|lower|higher|first|final|original|initial|new|yearly|monthly|weekly|daily|combined"
    r"|full|whole) )*(?:number|percentage|proportion|share|amount|total|sum|figure"
    r"|(?:\w+ )?rate|cost|price|fee|salary|wage|rate|population|quota|quantity|capacity|tally|count|headcount)s?\b"
    r"|(?:\w+ )?(?:budget|target|average)(?=\W*$| (?:of|for|in|at|on|under)\b))"
)
_PERSON = (
    r"(?:person|people|minister|official|professor|secretary|mayor|director|leader|speaker|member|president|chairman"
    r"|chairperson|chair|man|woman|delegate|commissioner|governor)s?\b"
)
_PLACE = (
    r"(?:city|cities|country|countries|place|venue|location|town|province|district|region|address|hall|building|street"
    r"|village|island|port|site)s?\b"
)
_SAY_OF_THE_NUMBER = (
    r"what (?:do|does|did) [^,?]{1,60}? (?:say|tell|report) (?:about|of|on) (?:the )?"
    r"(?:number|tally|total|count)s? of\b"
)
_ASKS_FIGURES = _any(_SAY_OF_THE_NUMBER, r"(?:what|which) (?:totals|figures|counts|numbers|tallies) of\b")
_TYPES = {  # matched at the first question word
    "number": _any(
        r"how (?:many|much|large|big|old|long|far|high|tall|deep|wide|fast|heavy|few|small)\b",
        rf"(?:what|which) (?:(?:is|was|are|were|does|did) (?:the )?)?{_QUANTITY}",
        r"what (?:is|was) the (?:latest|newest|last word) on how (?:many|much)\b",
        _SAY_OF_THE_NUMBER,
    ),
    "date": _any(
        r"when\b",
        r"(?:what|which) (?:is the |was the )?(?:exact )?(?:dates?|days?|months?|years?|time|deadline|weekday)\b",
        rf"what {_BE}(?:[\w'-]+ ){{0,2}}(?:date|deadline)\b",
    ),
    "person": _any(
        rf"who(?:m|se)?\b|(?:what|which){_BETWEEN} {_PERSON}|what {_BE}names? of (?:the )?(?:\w+ ){{0,2}}{_PERSON}"
    ),
    "place": _any(rf"where\b|(?:what|which){_BETWEEN} {_PLACE}|what {_BE}(?:venue|location|address|site)\b"),
}
_KEYWORD_TYPES = {  # where there is no question word
    "number": _any(
        rf"^(?:the )?{_QUANTITY}",
        r"\b(?:numbers?|no\.?|amounts?|percentage) of\b",
        r"^(?:(?:latest|newest|current|total|all|approved|granted|successful|new) )*"
        r"(?:applications|approvals|arrivals|requests|visas|permits)\b",
    ),
    "date": _any(r"\b(?:date|year|month|day|time) of\b", r"\b(?:date|deadline)\W*$"),
    "place": _any(r"\b(?:location|venue|address|place)(?: (?:of|for)\b|\W*$)"),
}
