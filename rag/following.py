"""A follow-up question made to stand alone, from the questions and answers before it.

It asks something else of the same event ("When?"), names another case ("And in 2023?"), leaves out what was spoken of
("Who attended?") or points back ("its task"). Any other stays as it is: better found too little than wrongly tied.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Sequence
from dataclasses import dataclass

_TURNS = 6  # how far back a follow-up may reach
_MOST_CHARS = 600  # a longer question is no follow-up


def resolve(question: str, history: Sequence[tuple[str, str]]) -> str:
    """The question with what it leaves to the ``(question, answer)`` pairs before it, oldest first, filled in.

    The very same question comes back where it stands alone, or where nothing before it fits.
    """
    turns: list[_Turn] = []  # newest first
    for asked, answer in history[-_TURNS:]:
        alone = _plain(_standing_alone(asked[:_MOST_CHARS], turns)).rstrip(" ?.!")
        said = _plain(re.sub(r"\[\d+\]", "", (answer or "")[:_MOST_CHARS])).strip(" .")
        turns.insert(0, _Turn(alone, said, _phrases(alone), _phrases(said)))
    return _standing_alone(question, turns)


def _standing_alone(question: str, turns: Sequence[_Turn]) -> str:
    line = _plain(question[:_MOST_CHARS])
    if not turns or not line or len(question) > _MOST_CHARS:
        return question
    opener = _OPENER.match(line)
    bare = rest = (line[opener.end() :] if opener else line) or line
    if opener and opener[0][:3].lower() in {"and", "but"} and not {*rest.lower().split()} & (_AUXILIARIES | _ASKING):
        bare = f"What about {rest}"
    bare = _at_its_time(bare, turns)
    for way in (_grown_since, _asked_again, _another_group, _another_case, _left_out, _pointing_back):
        found = way(bare, turns)
        if found and found != bare and len(found) <= _MOST_CHARS:
            return _as_question(found)
    whole = opener and _FRONT.match(rest) and len(rest.split()) > 3
    return _as_question(_at_the_same_time(rest, turns[0])) if whole else question


def _plain(text: str) -> str:
    return re.sub(r"\b(who|what|where|when|how)['’]s\b", r"\1 is", " ".join(text.split()), flags=re.IGNORECASE)


def _as_question(text: str) -> str:
    text = re.sub(r" +([?.!,])", r"\1", " ".join(text.split())).rstrip(" ?.,!") + "?"
    return text[0].upper() + text[1:]


_BE = frozenset("is are was were be been being".split())
_AUXILIARIES = _BE | frozenset("do does did has have had will would can could shall should may might must".split())
_ASKING = frozenset("who whom whose what which when where why how".split())
_ARTICLES = frozenset("the a an any all some each every both no".split())
_PERSONAL = frozenset("it its they them their he him his she her".split())
_OWNERS, _ASKED_FOR = frozenset("its their his her".split()), frozenset("which what many much".split())
_PRONOUNS = _PERSONAL | frozenset("i you we me us our there this that these those".split())
_PLACING = frozenset("in on at to from near".split())
_PREPOSITIONS = _PLACING | frozenset(
    "about after against among as before behind between by during for into of onto over per since through towards "
    "under until up upon via with within without".split()
)
_LINKS = frozenset("and or but if than then because while whether so not also many much more most yes part".split())
_SMALL_WORDS = _AUXILIARIES | _ASKING | _ARTICLES | _PRONOUNS | _PREPOSITIONS | _LINKS
_VERBS = frozenset(
    "accept agree announce apply appoint approve arrive attend attract become begin bring choose come concern contain "
    "cost cover create decide discuss establish exceed get give go grow happen help hold include increase introduce "
    "invest invite involve join keep launch leave make manage meet move need pay produce propose provide publish "
    "receive reduce renew require say see sell send serve set sign speak spend stay take use visit win write".split()
)
_IRREGULAR = dict(
    pair.split(":")
    for pair in "began:begin became:become brought:bring built:build chose:choose came:come gave:give given:give "
    "went:go grew:grow held:hold kept:keep led:lead left:leave made:make met:meet paid:pay ran:run rose:rise said:say "
    "saw:see sent:send set:set sold:sell spoke:speak spent:spend took:take taken:take won:win wrote:write".split()
)
_ROLES = frozenset("chair chairman chief director executive head leader mayor minister president secretary".split())
_MEN, _WOMEN, _EITHER = ("Mr ", "Mr. ", "Sir "), ("Ms ", "Mrs ", "Miss ", "Madam "), ("Dr ", "Dr. ", "Prof")
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may(?=[ ,]+\d)|(?-i:May)|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_YEAR = r"(?:the (?:financial |school )?year )?(?:19|20)\d\d(?:[-/–]\d\d(?:\d\d)?)?\b"
_DATE = (
    r"(?:(?:the )?(?:end|beginning|start|early|mid|late|first half|second half)[ -]+(?:of )?(?:the )?)?"
    rf"(?:(?:\d{{1,2}}(?:st|nd|rd|th)? (?:of )?)?{_MONTH}(?: \d{{1,2}}(?:st|nd|rd|th)?\b)?(?:,? {_YEAR})?|{_YEAR}"
    rf"|(?:the )?(?:last|this|next|previous|first|second|third|fourth) (?:year|month|week|quarter)(?: of {_YEAR})?"
    rf"|(?:the )?(?:spring|summer|autumn)(?: of)? {_YEAR}"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)days?|weekends?|weekdays|today|yesterday|tomorrow|q[1-4]\b)"
)
_BEFORE_DATE = r"as (?:at|of)|at|by|in|on|during|since|until|till|before|after|from|up to|between|within"
_TIME = re.compile(rf"\b(?:(?P<preposition>{_BEFORE_DATE}) )?(?P<date>{_DATE}(?: (?:and|to) {_DATE})?)", re.IGNORECASE)


def _base_form(verb: str) -> str:
    """signed, signs -> sign; sent -> send; of a verb that is not known, the likeliest."""
    endings = (("ied", "y"), ("ies", "y"), ("ed", ""), ("d", ""), ("es", ""), ("s", ""))
    bases = (verb.removesuffix(ending) + instead for ending, instead in endings if verb.endswith(ending))
    return _IRREGULAR.get(verb) or next((base for base in bases if base in _VERBS), verb.removesuffix("ed"))


def _singular(noun: str) -> str:
    """universities -> university; OASES, class, campus and basis are no plurals."""
    return re.sub(r"(?<![sui])s$", "", re.sub(r"ies$", "y", noun))


# Noun phrases: they end at a verb, a small word or a mark
_VERB = rf"(?:(?:{'|'.join(_VERBS)})s?|{'|'.join(_IRREGULAR)}|[a-z]{{3,}}ed|able|available|free|open|still|valid)\b"
_ANY_WORD = rf"(?!(?i:{'|'.join(_SMALL_WORDS)})\b)\w[\w&'’/-]*+(?:\.(?= [A-Z]))?+"
_WORD = rf"(?!{_VERB}|[a-z]+ (?:the|an?|its?|their|them|his|her)\b){_ANY_WORD}"  # before "the" stands a verb
_NOUNS = rf"{_WORD}(?: {_WORD})*"
_LIST = rf"{_NOUNS}(?:(?:,| and| &|, and) (?=[A-Z]){_NOUNS})*"
_PHRASE = re.compile(  # after "the", a participle is an adjective; "Labour and Welfare Bureau" is one name
    rf"\b(?<!\b[Ww]ho )(?:(?i:{'|'.join(_ARTICLES)}) {_ANY_WORD}(?: {_WORD})*|{_NOUNS})"
    rf"(?: (?:and|&) (?=[A-Z]){_NOUNS})?(?: (?:of(?: the| an?)?|(?:for|on|under|with)(?: the)?(?= [A-Z])) {_LIST})*"
)


@dataclass(frozen=True, slots=True)
class _Phrase:
    """A noun phrase, ``text == question[start:end]``; its main noun and the word before it, both in lower case."""

    text: str
    start: int
    end: int
    before: str
    noun: str
    is_name: bool
    is_person: bool
    is_plural: bool

    @property
    def named(self) -> str:
        """As a later sentence speaks of it: "the six universities", "the scheme"."""
        first, _, rest = self.text.partition(" ")
        if first.lower() in _ARTICLES and rest:
            return f"the {rest}"
        office = self.is_name and rest.startswith(("of ", "for ", "on "))  # Office for ...
        return f"the {self.text}" if office or self.before in _ASKED_FOR | _OWNERS else self.text


def _phrase(text: str, start: int = 0, before: str = "") -> _Phrase:
    words = re.split(r" (?:of|for|on|under|with|in|at|to) ", text, maxsplit=1)[0].split()
    noun = _singular(words[-1].lower())
    person = text.startswith((*_MEN, *_WOMEN, *_EITHER)) or noun in _ROLES
    plural = (person and " and " in text) or noun in {"children", "people"} or _singular(words[-1]) != words[-1]
    name = any(word[0].isupper() for word in words if word.lower() not in _ARTICLES)
    return _Phrase(text, start, start + len(text), before, noun, name, person, plural and words[0] not in {"a", "an"})


def _phrases(text: str) -> list[_Phrase]:
    """The noun phrases, in order, each followed by those within it ("the head of HKTE", "HKTE"); times are none."""
    found: list[_Phrase] = []
    timeless = _TIME.sub(lambda time: "?" * len(time[0]), text)
    for _, match in zip(range(30), _PHRASE.finditer(timeless), strict=False):  # a real question has a few
        before = timeless[: match.start()].lower().split() or [""]
        text, verb = match[0], _VERB_LAST.fullmatch(match[0])
        if before[-1] in ("did", "do", "does") and verb and _NO_VERB_AFTER.match(timeless, match.end()):
            text = verb["subject"]  # "did the Trust aim for"
        found.append(_phrase(text, match.start(), before[-1]))
        for inner in list(re.finditer(r"\b(of|for|on|under|with) (?=\w)", text))[:5]:
            found.append(_phrase(text[inner.end() :], match.start() + inner.end(), inner[1]))
    return found


_VERB_LAST = re.compile(r"(?P<subject>(?:\S+ )*\S+) [a-z]+")
_NO_VERB_AFTER = re.compile(rf"\W*$| (?:{'|'.join(_PREPOSITIONS)})\b")


@dataclass(frozen=True, slots=True)
class _Turn:
    """A question, which stands alone, its answer, and the noun phrases of both."""

    question: str
    answer: str
    phrases: Sequence[_Phrase]
    answered: Sequence[_Phrase]

    @property
    def given(self) -> _Phrase | None:
        """The answer, where it is one noun phrase."""
        return next((p for p in self.answered[:1] if p.text in {self.answer, self.answer.removeprefix("in ")}), None)


_OPENER = re.compile(r"(?:(?:and|but|so|then|also|ok(?:ay)?|yes|no|thanks|thank you|now|well)\b[ ,.:;!-]*)+", re.I)
_ASKED = r"(?:who|whom|what|which|when|where|why|how(?: (?:many|much|long|often))?)"
_LINKED = r"(?:(?:by|with|to|for|from|in|on|at|since|until|under) )?"
_FRONT = re.compile(rf"(?P<wh>{_LINKED}{_ASKED}) (?P<rest>.+)", re.IGNORECASE)
_HOW_MANY = re.compile(r"how many\b", re.IGNORECASE)
# "When?", "By whom?", "Which ones?": another question about the same event
_BARE = re.compile(
    rf"(?i)(?P<wh>{_LINKED}(?:{_ASKED}|(?<= )(?:which|what) \w+|what (?:date|time|year|month|day|reason)|which ones))"
    r"(?: (?:exactly|not|so))?(?: \w+ (?:this|that)(?: happen| take place)?| d(?:o|oes|id) (?:he|she|they))?\W*$"
)


def _asked_again(question: str, turns: Sequence[_Turn]) -> str | None:
    found, event = _BARE.match(question), _event(turns[0])
    wh = found["wh"].lower() if found else ""
    if wh in {"which", "which ones"} and _HOW_MANY.match(turns[0].question):
        return _HOW_MANY.sub("which", turns[0].question)
    if event is None or wh in {"", "who", "whom", "what", "which", "which ones", "how many"}:
        return None
    if question.lower().startswith("why not") and (subject := _phrases(event)[:1]):
        event = f"{event[: subject[0].end]} not{event[subject[0].end :]}"
    return f"{wh} {_TIME.sub('', event) if wh.startswith(('when', 'what', 'since', 'until')) else event}"


def _event(turn: _Turn) -> str | None:
    """What a question is about, as it goes on after another question word: "did Ms Ho sign the treaty"."""
    question, front = turn.question, _FRONT.match(turn.question)
    if front is None:
        return question[:1].lower() + question[1:] if question.partition(" ")[0].lower() in _AUXILIARIES else None
    asked = next((phrase for phrase in turn.phrases if phrase.start == front.start("rest")), None)
    if asked is None and front["wh"].lower() not in {"who", "whom", "what", "which", "how much"}:
        return front["rest"]
    thing = asked.named if asked else turn.given and re.sub("^The ", "the ", turn.given.text)
    verb, _, others = (question[asked.end :].strip() if asked else front["rest"]).partition(" ")
    if not thing or not verb:
        return None
    if verb not in _AUXILIARIES:  # who signed it
        past = verb in _IRREGULAR or verb.endswith("ed")
        return f"{'did' if past else 'does' if verb.endswith('s') else 'do'} {thing} {_base_form(verb)} {others}"
    subject = next((phrase for phrase in turn.phrases if phrase.before == verb and verb not in _BE), None)
    done, _, tail = question[subject.end :].strip().partition(" ") if subject else ("", "", others)
    return f"{verb} {subject.text if subject else ''} {done} {thing} {tail}"


# "by the end of the month after", "a year later": seen from the time asked about before
_LATER = re.compile(
    r"\b(?:(?:the|that) )?(?:(?P<side>following|subsequent|preceding) (?P<unit>month|year)"
    r"|(?:a |one |the )?(?P<unit2>month|year) (?P<side2>after|later|before|earlier))(?: (?:that|then))?(?=\W*$|[,;])",
    re.IGNORECASE,
)
_MONTH_OF_YEAR = re.compile(rf"\b(?:(?P<month>{'|'.join(calendar.month_name[1:])}),? )?(?P<year>(?:19|20)\d\d)\b")


def _at_its_time(question: str, turns: Sequence[_Turn]) -> str:
    """The question with a month or year that is told from the one asked about before by its name."""
    later, named = _LATER.search(question), _MONTH_OF_YEAR.search(turns[0].question)
    if later is None or named is None:
        return question
    step = -1 if (later["side"] or later["side2"]).lower() in ("preceding", "before", "earlier") else 1
    month, year = named["month"], int(named["year"])
    if (later["unit"] or later["unit2"]).lower() == "year":
        when = f"{month} {year + step}" if month and later["side2"] in ("later", "earlier") else f"{year + step}"
    elif month:
        place = list(calendar.month_name).index(month) - 1 + step
        when = f"{calendar.month_name[place % 12 + 1]} {year + place // 12}"
    else:
        return question
    return f"{question[: later.start()]}{when}{question[later.end() :]}"


# "How much had that gone up by May?": what was asked about, now and then
_GROWN = re.compile(
    r"(?:by )?how (?:much|many|far) (?:had|has|have|did|was|were) (?:that|this|it|they|these|those"
    r"|the (?:number|figure|total|count|tally))(?: \w+)?"
    r" (?:(?P<up>go(?:ne)? up|gr[eo]wn?|r[io]sen?|increased?|climb(?:ed)?)"
    r"|(?P<down>go(?:ne)? down|fall(?:en)?|drop(?:ped)?|decreased?|declined?))"
    r" (?P<when>(?:by|until|till|at|in|as at) .+)",
    re.IGNORECASE,
)
_VALUE_THEN = re.compile(r"what (?P<is>is|was|are|were) (?P<what>.+)", re.IGNORECASE)


def _grown_since(question: str, turns: Sequence[_Turn]) -> str | None:
    """The same value at two times: "How many more had come by May than by March", "How much higher was the fee"."""
    previous, found = turns[0].question, _GROWN.fullmatch(question.rstrip(" ?.!"))
    time = next(_TIME.finditer(previous), None)
    if found is None or time is None or not _TIME.search(found["when"]):
        return None
    left = " ".join(f"{previous[: time.start()]} {previous[time.end() :]}".split())
    then = f"{found['when']} than {time['preposition'] or 'in'} {time['date']}"
    counted, value = _HOW_MANY.match(left), _VALUE_THEN.fullmatch(left)
    if counted:
        return f"How many {'more' if found['up'] else 'fewer'}{left[counted.end() :]} {then}"
    return value and f"How much {'higher' if found['up'] else 'lower'} {value['is']} {value['what']} {then}"


# "And what about those who came?": the same of others that are counted
_OTHERS = re.compile(
    r"(?:what|how) about (?:the |those |these )?(?:(?P<noun>[\w-]+) )?(?P<link>who|that|which) (?P<rest>.+?)\W*$",
    re.IGNORECASE,
)
_COUNT = re.compile(
    r"(?P<before>.*\b(?:numbers?|counts?|totals?|tall(?:y|ies)|figures?) (?:of|for) )(?P<old>.+?)"
    r"(?P<after> (?:change|grow|gr[eo]wn?|develop|evolve|rise|rose|go|gone|climb|move|increase|fall|look)\w*\b.*)?",
    re.IGNORECASE,
)


_CUT = r" (?:who|that|which|in|under|for|by|from|of|to|at)\b"


def _another_group(question: str, turns: Sequence[_Turn]) -> str | None:
    found, previous = _OTHERS.match(question), turns[0].question
    count, many = _COUNT.fullmatch(previous), _HOW_MANY.match(previous)
    if found is None or not (count or many):
        return None
    counted = re.split(_CUT, count["old"])[0].split()[-1] if count else "ones"
    noun = found["noun"] if (found["noun"] or "ones").lower() != "ones" else None
    group = f"{noun or ('people' if found['link'] == 'who' else counted)} {found['link']} {found['rest']}"
    if count:
        return f"{count['before']}{group}{count['after'] or ''}"
    return _at_the_same_time(f"How many {group}", turns[0])


# "What about Beijing?", "And for students?", "In 2023?": the same of another place, group or time
_WHAT_ABOUT = re.compile(r"(?:what|how) about (?P<case>\S.*?)\W*$", re.IGNORECASE)


def _another_case(question: str, turns: Sequence[_Turn]) -> str | None:
    found = _WHAT_ABOUT.match(question)
    case = found["case"] if found else question.rstrip(" ?.!")
    words, time = case.lower().split(), _TIME.fullmatch(case)
    clear = found or time or {*words[:1]} & _PREPOSITIONS or (question.endswith("?") and len(words) <= 3)
    if not words or not clear or len(words) > 10 or {*words} & (_AUXILIARIES | _ASKING | _PRONOUNS):
        return None  # a question, or keywords
    if time:
        return _at_another_time(time, turns[0].question)
    if re.fullmatch(r"[a-z]+ed", case):  # "and refused?"
        return re.sub(r"(.*\b)[a-z]+ed\b", rf"\1{case}", turns[0].question, count=1)
    return _of_another(case, turns[0])


def _at_another_time(new: re.Match[str], previous: str) -> str:
    old = [None, *_TIME.finditer(previous)][-1]
    bare = re.match(r"last|this|next|today|yesterday|tomorrow", new["date"], re.IGNORECASE)
    preposition = new["preposition"] or ("" if bare else (old and old["preposition"]) or "in")
    start, end = old.span() if old else (len(previous), len(previous))
    return f"{previous[:start]} {preposition.lower()} {new['date']}{previous[end:]}"


def _of_another(case: str, turn: _Turn) -> str:
    """The phrase that is most like the new one makes room for it: rather of the same noun than of the same sort."""
    previous, (first, _, rest) = turn.question, case.partition(" ")
    preposition = first.lower() if first.lower() in _PREPOSITIONS and rest else ""
    new, alike = _phrase(rest if preposition else case), _PLACING if preposition in _PLACING else {preposition}
    olds = [old for old in turn.phrases if not preposition or old.before in alike]
    if preposition == "for" and not olds:
        olds = [old for old in turn.phrases if old.before in _AUXILIARIES]
    sort = new.is_name, new.is_person, new.is_plural
    olds = [old for old in olds if old.noun == new.noun or (old.is_name, old.is_person, old.is_plural) == sort]
    if not olds:
        topic = f" for {turn.phrases[0].named}" if turn.phrases and not re.search(" (?:of|for) ", case) else ""
        return f"{previous} {case}" if preposition else f"What about {case}{topic}"
    old = max(olds, key=lambda old: (old.noun == new.noun, old.before in _AUXILIARIES, old.start))
    before, text = previous[: old.start], new.text.removeprefix("the " if old.before in _ASKED_FOR else "")
    if preposition in _PLACING:
        before = f"{before.rstrip().rpartition(' ')[0]} {preposition} "
    if new.noun == old.noun and " of " in old.text and " of " not in text:  # the Vice Mayor: of Beijing, too
        text += old.text[old.text.index(" of ") :]
    return before + text + previous[old.end :]


# "How many had arrived?", "Who attended?", "What was the theme?": what was spoken of is left out
_COUNTED = re.compile(
    r"(?i)(?P<wh>how many|which|(?P<share>what (?:percentage|share)))(?P<of> of (?:them|those|these))? "
    rf"(?P<rest>(?!\w+ (?:the|an?)\b)(?:{'|'.join(_AUXILIARIES)}|{_VERB})\b.*?)\W*$"
)
_UNFINISHED = re.compile(  # what a question ends with; the group's name ties on what is missing
    r"(?i)(?!(?:\w+ )?(?:what|whom|which|how many)\b.* (?:do|does|did|will|has|had) )"
    r"(?!.*\b(?:was|were|been)\b.*(?:ed|chair)\W*$).*\b"
    r"(?:(?:attend|sign|chair|join)(?:s|ed)?|(?P<in>t(?:akes?|ook) part|participated?)|(?P<for>appl(?:y|ies|ied))"
    r"|(?P<to>came|come)|(?P<of>(?:is|was|are|were|will be) (?:the|that) (?:[a-z]+ )?(?:agenda|aim|budget|chairman|cost"
    r"|deadline|director|fee|head|members|name|price|purpose|quota|target|tasks?|theme|title|topic|venue)))\W*$"
)


def _left_out(question: str, turns: Sequence[_Turn]) -> str | None:
    found, end = _COUNTED.match(question), _UNFINISHED.match(question)
    topic = _antecedent("it", turns) or _antecedent("they", turns)
    ended = f"{question.rstrip(' ?.!')} {end.lastgroup or ''} {topic}" if end and topic else None
    said = _counted(found, turns) if found else ended
    return said and (_pointing_back(said, turns) or said)


def _counted(found: re.Match[str], turns: Sequence[_Turn]) -> str | None:
    """The noun from what was counted before, and the time where it was a count then, too."""
    counted = next((p for turn in turns for p in turn.phrases if p.is_plural and not p.is_person), None)
    theirs = _DOING.match(found["rest"])  # "how many did it receive"
    if counted is None or (_phrases(found["rest"]) and not (found["of"] or found["share"] or theirs)):
        return None  # how many were killed in the fire of 1911
    noun, tail = f"of {counted.named}" if found["share"] else counted.named.removeprefix("the "), ""
    scheme = re.fullmatch(r"(?!of )(.* (?:fund|plan|programme|project|scheme)) applications", noun)
    if scheme and not {*found["rest"].split()} & _BE:  # applications are approved; what arrives is something else
        noun, tail = "", f"under the {scheme[1]}"
    return _at_the_same_time(f"{found['wh']} {noun} {found['rest']} {tail}", turns[0])


_DOING = re.compile(r"(?:did|do|does|has|have|had|will|would|can|could) (?:it|he|she)\b", re.IGNORECASE)


def _at_the_same_time(question: str, turn: _Turn) -> str:
    """A count that follows a count is of the same moment, unless it names its own."""
    time, counts = _TIME.search(turn.question), _HOW_MANY.match(question) and _HOW_MANY.match(turn.question)
    return f"{question.rstrip(' ?.!')} {time[0]}" if time and counts and not _TIME.search(question) else question


# "its task", "that committee", "by then"
_NOT_EASY_TO = r"(?!.{0,60}\b(?:that|who|when|whether|if|(?<!ed )(?<!able )to (?!the\b|an?\b)[a-z]+(?<!s))\b)"
_REFERENCE = re.compile(  # not: "is it easy to park", "is it true that"
    rf"(?i)\b(?:(?<!time is )it{_NOT_EASY_TO}|its|they|them|their|he|him|his|she|her|this|that|these|those|the"
    r"|(?<!is )(?<!are )(?<!was )(?<!were )(?<!will )there(?! (?:is|are|was|were|be)\b))\b(?!['’])"
)
_THAT_TIME = re.compile(r"\b(?:(in|on|at|by|since|until) )?(?:that (?:year|month|week|day|time)|(?<=by )then)\b", re.I)
_CLAUSE = re.compile(
    r",|\b(?:if|when|after|before|that|because|while|until|and|but|or|who|which|where|whether|than)\b", re.I
)


def _pointing_back(question: str, turns: Sequence[_Turn]) -> str | None:
    """Every word that points back, replaced by what it points to; None where none does."""
    time = next((time for turn in turns for time in _TIME.finditer(f"{turn.answer} | {turn.question}")), None)
    text, at = question, 0
    if time:
        text = _THAT_TIME.sub(lambda that: f"{that[1] or time['preposition'] or 'in'} {time['date']}", text)
    for _ in range(8):  # a real question has one or two
        found = _REFERENCE.search(text, at)
        if found is None:
            break
        word = found[0].lower()
        way = _pronoun if word in _PERSONAL else _place if word == "there" else _same_noun
        end, words = way(found, turns) or (found.end(), found[0])  # where what points back ends, and what it means
        text, at = text[: found.start()] + words + text[end:], found.start() + len(words)
    return text if text != question else None


def _same_noun(found: re.Match[str], turns: Sequence[_Turn]) -> tuple[int, str] | None:
    """ "that committee", "these areas", and "the Committee" after one with a longer name."""
    nouns = re.compile(_NOUNS).match(found.string, found.end() + 1)
    if nouns is None or re.search(r"\b(?:true|sa\w+|know|believe|think|show) $", found.string[: found.start()]):
        return None
    whole = not re.match(r" (?:of|for|on|in|at|to|under|with|that|which)\b|['’]", found.string[nouns.end() :])
    for noun in re.finditer(r"[\w-]+", nouns[0].lower()):
        same = next((p for t in turns for p in (*t.phrases, *t.answered) if p.noun == _singular(noun[0])), None)
        longer = same and whole and noun[0] == nouns[0].lower() and len(same.text.split()) > 2
        if same and (longer or found[0].lower() != "the"):
            return nouns.start() + noun.end(), same.named
    return None


def _place(found: re.Match[str], turns: Sequence[_Turn]) -> tuple[int, str] | None:
    for turn in turns:
        named = next((phrase for phrase in turn.phrases if phrase.is_name and phrase.before in _PLACING), None)
        if place := (turn.given if turn.question.lower().startswith("where") else None) or named:
            return found.end(), f"in {place.text}"
    topic = _antecedent("it", turns)
    return (found.end(), f"at {topic}") if topic else None


def _pronoun(found: re.Match[str], turns: Sequence[_Turn]) -> tuple[int, str] | None:
    word, rest = found[0].lower(), found.string[found.end() :]
    same = {"its": "it", "them": "they", "their": "they", "him": "he", "his": "he", "her": "she"}
    name = _antecedent(same.get(word, word), turns) if _refers_back(found) else None
    if name and (other := re.match(r" (?:for|in|on|at|with) (?=\w)", rest)):  # sign it for Hong Kong
        name = name.rsplit(other[0], 1)[0]
    owned = _PHRASE.match(rest, 1) if word in _OWNERS else None
    end, words = (owned.end(), f"the {owned[0]} of {name}") if owned else (0, name)
    return (found.end() + end, words) if name and words else None


def _refers_back(found: re.Match[str]) -> bool:
    """Whether a pronoun has nothing in its own question to stand for."""
    text, word, start = found.string, found[0].lower(), found.start()
    person, several = word in {"he", "him", "his", "she", "her"}, word in {"they", "them", "their"}
    own = [
        text[phrase.end : start]
        for phrase in _phrases(text)
        if phrase.end <= start and phrase.before not in _PREPOSITIONS
        if (several or not phrase.is_plural) and (person or not phrase.is_person)
    ]
    if text.lower().startswith("who") and word not in {"it", "its"}:
        own.append(text[3:start])
    if word in _OWNERS:  # does the museum lend its pictures; but: what is the aim of its visit
        return all({*between.lower().split()} <= _SMALL_WORDS - {"do", "have"} for between in own)
    return not any(_CLAUSE.search(between) for between in own)  # in one clause nothing is named twice


def _antecedent(pronoun: str, turns: Sequence[_Turn]) -> str | None:
    """What "it", "they", "he" or "she" stands for: the likeliest, rather from a newer turn."""
    phrases = [(age, turn, phrase) for age, turn in enumerate(turns) for phrase in (*turn.answered, *turn.phrases)]
    fits = [(weight - 1.5 * age, phrase) for age, turn, phrase in phrases if (weight := _weight(pronoun, phrase, turn))]
    return max(fits, key=lambda fit: fit[0])[1].named if fits else None


def _weight(pronoun: str, phrase: _Phrase, turn: _Turn) -> float:
    """How likely a pronoun means a phrase of a turn, being its answer, a subject or an object; 0 where it cannot."""
    asked, several, answers = turn.question.lower(), pronoun == "they", phrase in turn.answered
    if pronoun in {"he", "she"}:
        other = phrase.is_plural or phrase.text.startswith(_WOMEN if pronoun == "he" else _MEN)
        person = phrase.is_person or (phrase is turn.given and phrase.is_name and asked.startswith("who"))
        return (3 + answers) * (person and not other)
    definite = phrase.is_name or phrase.text.lower().split()[0] in _ARTICLES
    if answers:  # they: Ms Ho and Mr Li; it: the Welfare Bureau, a framework agreement
        one = not any(other.is_plural and other.before in _ASKED_FOR for other in turn.phrases)
        fits = several or (one and definite and re.match(r"which|what d(?:o|oes|id) ", asked))
        return 4 if fits and phrase is turn.given and phrase.is_plural == several == phrase.is_person else 0
    group = several and not phrase.is_plural  # they: the committee; of two people only both could be meant
    unfit = phrase.before in _PLACING or not definite or any(other.is_person for other in turn.phrases)
    if phrase.is_person or (phrase.is_plural and not several) or (group and unfit):
        return 0
    weight = 3.1 if phrase.before in _AUXILIARIES else 3.0 if phrase.before in _ASKED_FOR else 2.5
    weight -= (phrase.before in _PLACING) + (
        not phrase.is_name and re.search(" (?:of|for|on) ", phrase.text) is not None
    )
    return weight + 0.5 * definite - group * (1.5 if phrase.is_name else 3.5)
