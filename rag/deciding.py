"""Yes or no, only where the words of one sentence force it.

A wrong verdict is worse than none. Question and sentence are cut alike: who acts, what is acted on, and phrases
behind prepositions. All that the question names must stand in the same role of the sentence, word for word, figures
and dates compared as ranges. Then one denial or opposite makes "No", none makes "Yes". A denial, and what is said to
hold rather than to have happened, must also say no more than was asked: "free on Mondays" is not "free". A participle
beside a plain statement of what has happened is read as a clause of its own. Conditions, hearsay, exceptions, plans
and anything not understood give no verdict.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import chain, dropwhile, pairwise

from rag.questions import COUNT, count_of
from rag.types import PartialDate

MOST_CHARS = 1_500  # of a question or a sentence; longer ones are none
MOST_ASKED = 30  # words of a question
MOST_VERBS = 12  # that may be the asked one: a sentence with more only repeats itself


def verdict(question: str, sentence: str) -> bool | None:
    """True where the sentence forces "Yes" to a yes/no question, False where it forces "No", None otherwise.

    None also for questions that are not answered by yes or no, that offer a choice or that deny ("Didn't ...?").
    """
    if max(len(question), len(sentence)) > MOST_CHARS or sentence.rstrip().endswith("?"):
        return None
    asked, told = words_of(question), words_of(sentence)
    if not 3 <= len(asked) <= MOST_ASKED or hedges(told) - hedges(asked):
        return None
    readings = ((one, other) for one in _asked(asked) for other in chain(_told(told, one), _beside(told, one)))
    verdicts = {_weighed(one, other) for one, other in readings} - {None}
    return verdicts.pop() if len(verdicts) == 1 else None


# --- words -----------------------------------------------------------------------------------------------------

PREPOSITIONS = frozenset(
    "of in on at for to from by with within without under over above below between among through throughout during "
    "before after since until till against about into onto near behind beside across along around towards toward via "
    "per than as despite inside outside unlike besides beyond".split()
)
_DETERMINERS = frozenset("a an the this these those its their his her our your my".split())
NEGATIONS = frozenset("not no never without neither nor none nobody nothing nowhere hardly scarcely barely".split())
_BE = {"is": "present", "are": "present", "was": "past", "were": "past"}
_MODALS = {word: word for word in "may will must should would could might".split()} | {"can": "may", "shall": "will"}
HELPERS = frozenset([*_BE, *_MODALS, *"be been being has have had having do does did".split()])
# They leave a statement as it is; "nearly", "partly" and the like do not.
_ADVERBS = frozenset(
    "also already now officially formally then subsequently recently successfully jointly finally indeed today "
    "yesterday thus therefore however moreover furthermore yet".split()
)
_IDLE = _DETERMINERS | _ADVERBS | {"no", "not"}
_IN_GROUP = HELPERS | _ADVERBS | {"not", "never", "to", "failed", "declined", "refused"}  # before a verb
_BREAKS = HELPERS | frozenset("but while whereas although though because who which that when where so nor".split())
_HEDGES = re.compile(
    r"\b(?:if|unless|whether|or|either|provided|depending|subject|in case|as long as|except\w*|exclud\w+|other than"
    r"|apart from|rather than|instead|opposed|only|solely|merely|part(?:ly|ially)|in (?:part|principle|theory|some)"
    r"|provisional\w*|conditional\w*|tentative\w*|most|mostly|mainly|largely|half|almost|nearly|virtually|reported(?:ly)?"
    r"|alleg\w+|claim\w*|believ\w+|think|thinks|thought|rumou?r\w*|suppos\w+|apparently|seem\w*|appear(?:s|ed)?"
    r"|suggest\w*|argue[sd]?|den(?:y|ies|ied|ying)|doubt\w*|disput\w+|accus\w+|false\w*|untrue|incorrect\w*|wrong\w*"
    r"|mistaken\w*|hope[sd]?|wish\w*|perhaps|maybe|possib\w+|probab\w+|(?:un)?likely|potential\w*|according"
    r"|sa(?:y|ys|id|ying)|told|tells?|critics|until|till|sometimes|occasionally|usually|normally|generally|typically"
    r"|temporarily|(?:one|figure) of (?:the|its|their|them))\b"
)


def hedges(words: Sequence[Word]) -> set[str]:
    """Conditions, hearsay and exceptions; the "about" of a figure is none of them."""
    return set(_HEDGES.findall(" ".join("figure" if word.kind == "amount" else word.key for word in words)))


_SCALES = {"thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
_QUALIFIER = (
    "(?P<above>more than|over|above|in excess of)|(?P<least>at least|no fewer than|no less than|not less than)"
    "|(?P<below>under|below|less than|fewer than)|(?P<most>up to|at most|no more than|not more than)"
    "|(?P<nearly>nearly|almost)|(?P<about>about|around|approximately|roughly|some|close to)|exactly"
)
_MONTHS = [name for name in calendar.month_name if name]
_LEXER = re.compile(
    r"(?P<date>\b(?:(?:(?P<day>\d{1,2})(?:st|nd|rd|th)? (?:of )?)?(?!May (?!\d))"
    rf"(?P<month>{'|'.join(_MONTHS)})(?: (?P<nth>\d{{1,2}})\b(?!,\d))?(?:,? (?P<year>\d{{4}}))?\b"
    r"|(?<![.,])(?P<alone>1[5-9]\d\d|20\d\d)(?![.,]?\d|[-–/]\d|\s?%| per ?cent| \d{3}\b)\b"
    r"|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b))"
    rf"|(?P<amount>(?i:(?<![\w.-])(?:(?:{_QUALIFIER})\s+)?(?P<money>(?:HK|US|A|C)?[$£€¥]\s?)?"
    rf"(?P<number>\d{{1,3}}(?:[ ,\u00a0\u2009\u202f]\d{{3}})+(?:\.\d+)?(?!\d)|\d+(?:\.\d+)?|\b{COUNT})"
    rf"(?:[ \u00a0-](?P<scale>{'|'.join(_SCALES)})\b)?(?P<share>\s?%|\s?per ?cent\b)?(?P<more> or more\b)?(?![\w-])))"
    r"|(?P<word>'s\b|'|(?i:\bsets? up|\bt(?:ake|akes|ook|aken) part|\bcall(?:s|ed)? off)\b|[^\W_]+(?:[-&/.][^\W_]+)*)"
    r"|(?P<mark>[^\s\"“”])"
)

_Bound = tuple[Decimal | int, int]  # the value, and -1 just below it, 0 at it, 1 just above
_LEAST, _MOST = (Decimal("-Infinity"), 0), (Decimal("Infinity"), 0)


@dataclass(frozen=True, slots=True)
class Word:
    """One word, mark, amount or date; ``bounds`` hold the least and the most of the amount, or the days (ordinals)."""

    key: str  # lower case, without hyphens and z
    kind: str  # word, mark, amount, date, or when: a date with its preposition
    is_name: bool = False
    lemmas: frozenset[str] = frozenset()  # what it may be a form of
    forms: frozenset[str] = frozenset()  # as a verb: base, third, past, participle, ing
    bounds: tuple[_Bound, _Bound] | None = None
    unit: str = ""  # of an amount: its currency or "%"


Run = tuple[Word, ...]


_ITS = r"(?= (?:the|its|their)\b)"


def words_of(text: str) -> Run:
    """The words of a text, contractions and "no longer" written out."""
    text = re.sub(r"(?i)\bno longer\b", "not", re.sub(r"(?i)\bnone of\b", "no", re.sub(r"[‘’]", "'", text)))
    text = re.sub(r"(?i)\bwon't\b", "will not", re.sub(r"(?i)\bcan(?:'t|not)\b", "can not", text))
    text = re.sub(rf", (?:well |far )?(?:above|in excess of|more than){_ITS}", ", exceeding", text)
    text = re.sub(rf", (?:well |far )?(?:below|(?:falling )?short of|less than){_ITS}", ", missing", text)
    text = re.sub(rf"\bfell (?:well |far )?short of{_ITS}", "missed", text)
    text = re.sub(r"(?i)\ba total of\b", "", re.sub(r"(?i)(?<=\w)n't\b", " not", text))
    return tuple(map(_word, _LEXER.finditer(text)))


def _word(found: re.Match[str]) -> Word:
    key = re.sub(r"(?<=\w{3})iz(?=\w)", "is", found[0].lower().replace("-", ""))
    if found["date"]:
        return _date(found)
    if found["amount"]:
        return _amount(found, key)
    key = {"'": "'s", "i": "you", "we": "you"}.get(key, key)
    return Word(key, "mark") if found["mark"] else Word(key, "word", found[0][0].isupper(), *_inflected(key))


def _date(found: re.Match[str]) -> Word:
    """A date; without a year, or on an impossible day, it has no bounds and only the same words are the same."""
    day, year = found["day"] or found["nth"], found["year"] or found["alone"]
    month = _MONTHS.index(found["month"]) + 1 if found["month"] else None
    date = PartialDate(int(year) if year else None, month, int(day) if day else None)
    with suppress(ValueError):
        if (first := date.first()) and (last := date.last()):
            return Word(date.isoformat(), "date", bounds=((first.toordinal(), 0), (last.toordinal(), 0)))
    return Word(found[0], "date")  # as it is written: "May" is no "may"


def _amount(found: re.Match[str], key: str) -> Word:
    """An amount with what its qualifier leaves open: "over 5" is anything above 5, "about 5" a tenth either way."""
    number = re.sub(r"[^\w.]", "", found["number"])
    value = Decimal(number) if number[0].isdigit() else Decimal(count_of(number))
    value *= _SCALES.get((found["scale"] or "").lower(), 1)
    low = high = (value, 0)
    if found["below"] or found["most"]:
        low, high = _LEAST, (value, -1 if found["below"] else 0)
    elif found["above"] or found["least"] or found["more"]:
        low, high = (value, 1 if found["above"] else 0), _MOST
    elif found["nearly"] or found["about"]:
        low, high = (value - value / 10, 0), (value, -1) if found["nearly"] else (value + value / 10, 0)
    unit = (found["money"] or "").strip().upper() or ("%" if found["share"] else "")
    return Word(key, "amount", bounds=(low, high), unit=unit)


# base past participle; fewer words where some are the same
_IRREGULAR = (
    "agree agreed|become became become|begin began begun|break broke broken|bring brought|build built|buy bought"
    "|choose chose chosen|come came come|cost|cut|do did done|draw drew drawn|fall fell fallen|find found|get got"
    "|give gave given|go went gone|grow grew grown|have had|hear heard|hit|hold held|keep kept|lead led|leave left"
    "|lend lent|lose lost|make made|meet met|pay paid|put|read|rise rose risen|run ran run|see saw seen|sell sold"
    "|send sent|set|shut|speak spoke spoken|spend spent|split|stand stood|take took taken|win won|write wrote written"
)
_FORMS = {"has": ("have", {"third"}), "does": ("do", {"third"}), "are": ("is", set()), "were": ("was", set())}
for _row in (row.split() for row in _IRREGULAR.split("|")):
    _three = {"base": _row[0], "past": _row[min(1, len(_row) - 1)], "participle": _row[-1]}
    _FORMS |= {form: (_row[0], {name for name, word in _three.items() if word == form}) for form in _row}
_SAME = {
    "take part": "attend",
    "participate": "attend",
    "host": "hold",
    "organise": "hold",
    "organize": "hold",
    "set up": "establish",
    "found": "establish",
    "begin": "start",
    "call off": "cancel",
    "surpass": "exceed",
}
_OPPOSITES = {
    frozenset(pair.split("/"))
    for pair in (
        "accept/reject accept/refuse accept/decline approve/reject approve/refuse increase/decrease increase/fall "
        "increase/decline rise/fall rise/drop rise/decline grow/fall grow/decline raise/lower win/lose support/oppose "
        "allow/ban allow/prohibit include/exclude meet/miss reach/miss succeed/fail hold/cancel open/closed "
        "public/private larger/smaller bigger/smaller higher/lower longer/shorter older/younger older/newer "
        "compulsory/voluntary compulsory/optional mandatory/voluntary mandatory/optional legal/illegal valid/invalid "
        "exceed/miss available/unavailable safe/unsafe eligible/ineligible permanent/temporary"
    ).split()
}
_ONCE = frozenset("open establish launch create build complete introduce bear die abolish".split())


def _inflected(key: str) -> tuple[frozenset[str], frozenset[str]]:
    """What a word may be a form of, one name for words of one meaning, and as which forms of a verb."""
    word, space, particle = key.partition(" ")
    stem = word.removesuffix("ing") if word.endswith("ing") else re.sub("(?<=[^e])ed$", "", word)
    bases, forms = {word}, {"base"}
    if word in _FORMS:
        bases, forms = {_FORMS[word][0]}, _FORMS[word][1]
    elif stem != word:
        bases |= {stem, stem + "e", re.sub("i$", "y", stem), re.sub(r"(?<=..)(.)\1$", r"\1", stem)}
        forms = {"ing"} if word.endswith("ing") else {"past", "participle"}
    elif len(word) > 3 and re.search("[^sui]s$", word):
        bases |= {word[:-1], re.sub("ies$", "y", word), re.sub("(?<=[xsho])es$", "", word)}
        forms = {"base", "third"}
    return frozenset(_SAME.get(base + space + particle, base + space + particle) for base in bases), frozenset(forms)


def _are_opposites(one: Word, other: Word) -> bool:
    return any(frozenset((a, b)) in _OPPOSITES for a in one.lemmas | {one.key} for b in other.lemmas | {other.key})


# --- clauses ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Phrase:
    """Words in one role: agent, patient (also what a copula says), when, or behind a preposition, the role's name."""

    role: str
    words: Run


@dataclass(frozen=True, slots=True)
class _Clause:
    """A question or a sentence, read with one of its words as the main verb."""

    helpers: str  # "has been"
    tense: str  # "past", "present" or a modal
    verb: Word
    phrases: tuple[_Phrase, ...]  # the subject first
    rest: Run  # behind what was understood
    denials: int = 0


_SHAPES = [  # helpers, tense, voice, the form of the verb
    ("", "past", "active", "past"),
    ("", "present", "active", "third"),
    ("|do|does", "present", "active", "base"),
    ("did|(?:(?:has|have|had) )?(?:failed|declined|refused) to|(?:has|have) yet to", "past", "active", "base"),
    ("has|have|had", "past", "active", "participle"),
    ("was|were|(?:has|have|had) been|(?:has|have) yet to be", "past", "passive", "participle"),
    ("is|are", "present", "passive", "participle"),
    *((modal, tense, "active", "base") for modal, tense in _MODALS.items()),
    *((f"{modal} be", tense, "passive", "participle") for modal, tense in _MODALS.items()),
]


def _clauses(helpers: str, verb: Word, subject: Run, words: Run) -> Iterator[_Clause]:
    """Every clause that a subject, a verb with its helpers and the words behind it may be."""
    phrases, rest = _phrases(words)
    shapes = [shape[1:3] for shape in _SHAPES if shape[3] in verb.forms and re.fullmatch(shape[0], helpers)]
    if verb.key in _BE and not helpers:
        shapes = [(_BE[verb.key], "copular")]
    for tense, voice in shapes:
        role, names = ("patient", {"by": "agent"}) if voice == "passive" else ("agent", {"object": "patient"})
        others = [replace(phrase, role=names.get(phrase.role, phrase.role)) for phrase in phrases]
        yield _Clause(helpers, tense, verb, (_Phrase(role, subject), *others), rest)


def _phrases(words: Run) -> tuple[list[_Phrase], Run]:
    """Words cut before each preposition but "of", up to the end of the clause, and the rest."""
    cut: list[tuple[str, list[Word]]] = [("object", [])]
    end = next((i for i in range(len(words)) if _is_end(words, i)), len(words))
    for word in words[:end]:
        role, inside = cut[-1]
        plain = role != "object" and inside[:1] and inside[0].key not in _DETERMINERS and not inside[0].is_name
        # An infinitive or an -ing form keeps what follows it: "after opening the office in May".
        verbal = plain and ("ing" in inside[0].forms or (role == "to" and inside[0].kind == "word"))
        if word.key in PREPOSITIONS and not verbal and not (inside and word.key == "of"):
            cut.append((word.key, []))
        else:
            inside.append(word)
    return [_phrase(role, tuple(inside)) for role, inside in cut if _bare(inside) or role != "object"], words[end:]


def _is_end(words: Run, i: int) -> bool:
    """Whether a clause ends before a word; "and" ends none where it may join two halves of a noun phrase."""
    if words[i].key != "and":
        return words[i].kind == "mark" or words[i].key in _BREAKS
    after = words[min(i + 1, len(words) - 1)]
    starts = after.is_name or "past" in after.forms or after.key in _BREAKS | _DETERMINERS
    return starts or after.kind != "word" or words[i - 1].kind != "word"


_WHEN = {"in": "in", "on": "in", "at": "in", "before": "before", "after": "after", "by": "by"}


def _phrase(role: str, words: Run) -> _Phrase:
    """A phrase; a lone date becomes the days its preposition leaves, "before 2020" all up to the last of 2019."""
    role, kinds = _WHEN.get(role, role), [word.kind for word in words]
    if kinds != ["date"] or role not in _WHEN:
        return _Phrase("size" if (role, kinds) == ("by", ["amount"]) else role, words)  # "by 3 per cent"
    date = words[0]
    if date.bounds and role != "in":
        first, last = date.bounds
        bounds = ((last[0], 1), _MOST) if role == "after" else (_LEAST, (first[0], -1) if role == "before" else last)
        date = replace(date, bounds=bounds)
    return _Phrase("when", (replace(date, kind="when", key=f"{role} {date.key}"),))


def _bare(words: Sequence[Word]) -> list[Word]:
    return [word for word in words if word.key not in _IDLE]


def _asked(words: Run) -> Iterator[_Clause]:
    """The question read with each of its words that may be the main verb."""
    words = tuple(word for word in words if word.key not in ("?", "ever", "any"))
    if not words or {word.key for word in words} & (NEGATIONS | {"or"}):
        return
    first, rest = words[0], words[1:]
    for i in range(1, len(rest)):
        helped = i > 1 and rest[i - 1].key in ("be", "been")
        helpers = f"{first.key} {rest[i - 1].key}" if helped else first.key
        yield from _clauses(helpers, rest[i], rest[: i - helped], rest[i + 1 :])
        if first.key in _BE:
            yield from _clauses("", first, rest[:i], rest[i:])


def _told(words: Run, asked: _Clause) -> Iterator[_Clause]:
    """The sentence read with each verb that is the asked one, or its opposite; its one denial must belong to it."""
    negations = sum(word.key in NEGATIONS for word in words)
    verbs = [i for i, word in enumerate(words) if word.lemmas & asked.verb.lemmas or _are_opposites(word, asked.verb)]
    for at in verbs if len(verbs) <= MOST_VERBS and negations <= 1 else ():
        start, end = at, at + 1
        while words[at].key not in _BE and start and words[start - 1].key in _IN_GROUP:
            start -= 1
        while words[at].key in _BE and end < len(words) and words[end].key in _IN_GROUP - HELPERS:
            end += 1
        group = [word.key for word in (*words[start:at], *words[at + 1 : end])]
        denied = not NEGATIONS.isdisjoint(group)
        idle = NEGATIONS | {"yet"} if denied else _ADVERBS - {"yet"}  # "not officially" is no plain denial
        lead, subject = _subject(words[:start])
        for clause in _clauses(" ".join(key for key in group if key not in idle), words[at], subject, words[end:]):
            main = [phrase.words[:1] for phrase in clause.phrases if phrase.role in ("agent", "patient")]
            if negations == denied + sum(word.key in NEGATIONS for words in main for word in words):  # "no council"
                denials = negations + bool(re.search("failed|declined|refused|yet", clause.helpers))
                yield replace(clause, phrases=(*clause.phrases, *lead), denials=denials)


def _subject(words: Run) -> tuple[list[_Phrase], Run]:
    """The phrase that leads to the subject ("In May 2024,"), and the subject without an aside (", Mr Hale,")."""
    words = _started(words)
    first = next((i for i, word in enumerate(words) if word.key not in PREPOSITIONS), 0)
    dated = first and (words[first].kind == "date" or words[first].key in _ADVERBS)
    end = first + 1 if dated else next((i for i, word in enumerate(words) if first and word.key == ","), 0)
    lead, words = [_phrase(words[first - 1].key, words[first:end])] if end else [], _started(words[end:])
    cuts = [i for i, word in enumerate(words) if word.key in (",", "(", ")")]
    return lead, words[: cuts[0]] if len(cuts) > 1 and cuts[-1] == len(words) - 1 else words


def _started(words: Run) -> Run:
    return tuple(dropwhile(lambda word: word.key in _ADVERBS or word.key == ",", words))


# --- beside the main clause ------------------------------------------------------------------------------------

_DEGREES = frozenset("far well easily comfortably slightly narrowly just thus thereby which having".split())
_PLANS = re.compile(
    r"\b(?:expect\w*|plan(?:ned|ning)|aim\w*|hop(?:es?|ed|ing)|intend\w*|schedul\w+|estimat\w+|forecast\w*|projected"
    r"|predict\w*|propos\w+|seeks?|sought|want\w*|promis\w+|pledg\w+|due|attempt\w*|tried|threaten\w*|offer\w*"
    r"|agreed|consider\w*|discuss\w*|being)\b|, and\b|[;:–—]"
)
# Told of what has happened, not of who did it: "left, allowing others in", "lost the case, ending its run".
_LOOSE = frozenset(
    "include comprise contain cover employ represent total cost house serve have be hold carry wear own belong involve "
    "feature span stretch weigh measure run live work stand lie allow enable cause prompt force make leave give raise "
    "spark lead result mean create bring take let help operate succeed follow mark call".split()
)
_PAPERS = frozenset("plan scheme bill proposal package strategy programme policy law report draft".split())
_REACH = frozenset("exceed meet reach miss".split())  # what a figure does to a target
_AUTHORITIES = frozenset("government ministry council authority city state department agency board".split())


def _beside(words: Run, asked: _Clause) -> Iterator[_Clause]:
    """What is said beside a plain statement: ", ending the strike", ", set up in 2004,", "Chaired by Ms A, the ..."."""
    verbs = [i for i, word in enumerate(words) if word.lemmas & asked.verb.lemmas or _are_opposites(word, asked.verb)]
    plain = all(word.key not in NEGATIONS and word.key not in _MODALS for word in words)
    for at in verbs if plain and len(verbs) <= MOST_VERBS else ():
        start = at
        while start and words[start - 1].key in _DEGREES:
            start -= 1
        led, apart = {word.key for word in words[start:at]}, not start or words[start - 1].key == ","
        if "having" in led and not apart:  # "with 300 nurses having come"
            first = max((i + 1 for i in range(start) if words[i].key == "with"), default=start)
            yield from _clauses("has", words[at], words[first:start], words[at + 1 :])
        elif apart and start and ("ing" in words[at].forms or ("which" in led and words[at].lemmas & _REACH)):
            yield from _added(words[: start - 1], replace(words[at], forms=frozenset({"past"})), words[at + 1 :], asked)
        elif apart and not led and "participle" in words[at].forms:
            yield from _set_off(words, at)


def _set_off(words: Run, at: int) -> Iterator[_Clause]:
    """A passive participle before the subject, or between it and its verb: "The board, set up in 2004, runs ..."."""
    comma = next((i for i in range(at, len(words)) if words[i].key == ","), len(words))
    ahead = words[comma + 1 :]
    until = next((i for i, word in enumerate(ahead) if word.forms & {"past", "third"} or word.key in HELPERS), None)
    if until is None or (at and until):
        return
    _, subject = _subject(words[: at - 1] if at else ahead[:until])
    now = ahead[until].key not in ("was", "were", "had") and "past" not in ahead[until].forms
    for helpers in ("is", "was") if now else ("was",):
        yield from _clauses(helpers, words[at], subject, words[at + 1 : comma])


def _added(main: Run, verb: Word, after: Run, asked: _Clause) -> Iterator[_Clause]:
    """What else a subject has done, or what its figure does to a target; never what came of what it has done."""
    stated = _stated(main, asked)
    if stated is None or verb.lemmas & _REACH:
        if stated and _is_of_target(asked, after, stated):
            yield _Clause("", "past", verb, asked.phrases, ())
        return
    # "A ward, treating 40 patients" may be who treats them, "the plan, closing two schools" what says so.
    patients = [one.words for one in stated.phrases if one.role == "patient" and not one.words[-1].is_name]
    known = [words for words in patients if words[0].key in _DETERMINERS - {"a", "an"} and words[-1].key not in _PAPERS]
    does = after[:1] and after[0].kind != "mark" and after[0].key not in PREPOSITIONS
    befell = verb.lemmas & _LOOSE or stated.verb.lemmas & {"lose", "fail", "leave"}
    if (
        stated.phrases[0].role == "agent"
        and not befell
        and does
        and (known or stated.verb.lemmas & {"rule", "vote", "decide"})
    ):
        clauses = _clauses("", verb, stated.phrases[0].words, after)
        yield from (one for one in clauses if _weighed(asked, one))


def _stated(words: Run, asked: _Clause) -> _Clause | None:
    """A clause of what has happened, by its first verb; None where it may say more than one thing or something else."""
    keys, finite = [word.key for word in words], [word.key in HELPERS or "past" in word.forms for word in words]
    at = next((i for i in range(1, len(words)) if keys[i - 1] != "," and finite[i] and not words[i].is_name), 0)
    planned = any(a.key == "to" and b.forms and not b.is_name and b.key not in _IDLE for a, b in pairwise(words))
    twice = "and" in keys[at:] and any(finite[at + keys[at:].index("and") :])
    if planned or twice or not (_BREAKS - HELPERS).isdisjoint(keys) or _PLANS.search(" ".join(keys)):
        return None
    last = next((words[i] for i in range(at, len(words)) if keys[i] not in _IN_GROUP), words[at])
    verb = last if "participle" in last.forms else words[at]
    told = (one for one in _told(words, replace(asked, verb=verb)) if one.verb is verb and one.tense == "past")
    return next((replace(one, rest=words) for one in told if one.helpers[:3] != "had" or asked.helpers == "did"), None)


def _is_of_target(asked: _Clause, after: Run, stated: _Clause) -> bool:
    """Whether a participle is about the target asked about, and all else that is asked stands in the main clause."""
    after = after[: next((i for i in range(len(after)) if _is_end(after, i)), len(after))]
    parts = {one.role: one.words for one in asked.phrases}
    agent, times = parts.pop("agent", ()), {word.key for word in parts.pop("when", ())}
    (whose, wanted, more), (owner, target, rest) = _target(parts.pop("patient", ())), _target(after)
    more, subject = (*wanted[:-1], *more, *chain(*parts.values())), stated.phrases[0].words
    done = {"agent", "patient"} <= {one.role for one in stated.phrases}  # by someone: the target is none of others'
    itself, named = _same(agent, subject, False) == 0, bool(owner) and not done and _same(agent, owner, False) == 0
    official = not itself and [word.key in _AUTHORITIES for word in _bare(owner)] == [True]
    counted = [word for one in stated.phrases[1:] if one.role == ("agent" if done else "in") for word in one.words]
    if not {_root(stated.verb), "number", "total"}.isdisjoint(
        map(_root, agent)
    ):  # "the number of tours", "tour bookings"
        counted += (stated.verb, *_target(subject)[1][-1:])
    figures = rest[:1] and rest[0].key in ("of", "by")  # "of hiring at least 500 nurses", "by 12 per cent"
    left = [word for word in rest if word.kind != "date" and not (figures and (word.bounds or "ing" in word.forms))]
    return (
        any(word.kind == "amount" for word in stated.rest)
        and _same(wanted[-1:], target[-1:], False) == 0
        and (_same(whose, owner, False) == 0 if whose else not owner or named or official)
        and (itself or named or _are_known(agent, counted))
        and times <= {one.words[0].key for one in stated.phrases if one.role == "when"}
        and _are_known(more, (*stated.rest, *target, *rest))
        and _are_known(
            (*target[:-1], *left), (*stated.rest, *agent, *more, *words_of("annual yearly official overall"))
        )
    )


def _target(words: Run) -> tuple[Run, Run, Run]:
    """Whose target it is, the target, and what is said of it: "the ministry" "annual target" "of 500 homes"."""
    owned = next((i + 1 for i, word in enumerate(words) if word.key == "'s"), 0)
    until = next((i for i in range(owned, len(words)) if words[i].key in PREPOSITIONS), len(words))
    return words[: max(0, owned - 1)], words[owned:until], words[until:]


def _are_known(words: Sequence[Word], told: Sequence[Word]) -> bool:
    """Whether each has one of the same root among others: "the number of arrivals", where some have arrived."""
    roots = {_root(word) for word in told} | {"number", "total"}
    return all(_root(word) in roots for word in _bare(words) if word.key not in PREPOSITIONS)


def _root(word: Word) -> str:
    if word.kind == "amount" and word.bounds and word.bounds[0] > _LEAST:
        return str(word.bounds[0][0])  # "of 500", "of at least 500"
    return re.sub(r"(?<=...)(?:als?|ations?|ions?|ments?|ings?|ed|es?|s)$", "", word.key)


# --- the verdict -----------------------------------------------------------------------------------------------


def _weighed(asked: _Clause, told: _Clause) -> bool | None:
    """The verdict of one reading: each phrase of the question found, then denials and opposites counted."""
    if asked.rest or asked.tense != told.tense or (told.helpers[:3] == "had" and asked.helpers != "did"):
        return None
    denied = told.denials + _are_opposites(asked.verb, told.verb)
    flips, left = denied, list(told.phrases)
    for phrase in asked.phrases:
        fits = [(found, one) for one in left if (found := _fits(phrase, one, asked.verb, flips)) is not None]
        if not fits:
            return None
        flips += fits[0][0]
        left.remove(fits[0][1])
    other = any(one.role in ("patient", "object") or not one.words for one in left)  # "opened a shop", "opened up"
    return None if flips > 1 or other or _leaves_open(asked, told, left, denied, flips) else not flips


def _leaves_open(asked: _Clause, told: _Clause, left: Sequence[_Phrase], denied: int, flips: int) -> bool:
    """Whether more is said, or less denied, than was asked."""
    ends, copular = [word.key for word in told.rest[:2]], asked.verb.key in _BE
    amounts = any(word.kind == "amount" for phrase in asked.phrases for word in phrase.words)
    indefinite = [bool(phrase.words) and phrase.words[0].key in ("a", "an") for phrase in asked.phrases]
    if denied and (amounts or indefinite[0]):
        return True  # others may have applied, another plan may have been approved
    if not flips and (asked.tense in ("past", "will") if not copular else any(indefinite[1:2])):
        # What happened, happened, and a city in the north is a city; but 20 in May and 30 in June are two figures.
        return not HELPERS.isdisjoint(ends[:1]) or (amounts and ends[:1] == ["and"])
    sizes = all(one.role == "size" for one in left)
    return not sizes or not (ends in ([], ["."]) or (ends[0] == "," and ends[1:] in (["which"], ["who"], ["and"])))


def _fits(wanted: _Phrase, said: _Phrase, verb: Word, flips: int) -> int | None:
    """0 where a phrase says what the question's one says, 1 where it excludes it, None where neither."""
    if wanted.role != said.role:
        return None
    found = _same(wanted.words, said.words, opposites=verb.key in _BE and wanted.role == "patient")
    if wanted.role == "when" and flips:
        return 0 if wanted.words[0].key == said.words[0].key else None
    # Only who and what can exclude, and for what happens once, when.
    excludes = wanted.role in ("agent", "patient") or (wanted.role == "when" and verb.lemmas & _ONCE)
    return found if excludes or not found else None


def _same(asked: Run, told: Run, opposites: bool) -> int | None:
    """How many figures (or opposites) differ where the words are the same one by one; None where they are not."""
    mine, yours = _bare(asked), _bare(told)
    found: list[int | None] = []
    for before, one, other in zip([None, *mine], mine, yours, strict=False):
        label = before and before.key not in PREPOSITIONS and one.kind == "amount" and one.key != other.key
        found.append(None if label else _differs(one, other, opposites))  # "section 5" is no figure
    return None if len(mine) != len(yours) or None in found else sum(filter(None, found))


def _differs(asked: Word, told: Word, opposites: bool) -> int | None:
    """0 where the told word says what the asked one says, 1 where it excludes it, None where neither."""
    if asked.kind == "word":
        plain = told.kind == "word" and not asked.is_name and asked.key.isalpha()
        alike = plain and asked.lemmas & told.lemmas and asked.forms - {"third"} == told.forms - {"third"}
        return 0 if asked.key == told.key or alike else 1 if opposites and _are_opposites(asked, told) else None
    if asked.key == told.key or asked.kind == "date" or not asked.bounds or not told.bounds:
        return 0 if asked.key == told.key else None
    (low, high), (least, most) = asked.bounds, told.bounds
    more = asked.kind == "amount" and low == high and least > high and not asked.unit  # did 100 attend, if 150 did?
    if (asked.kind, asked.unit) != (told.kind, told.unit) or more:
        return None
    return 0 if low <= least and most <= high else 1 if least > high or most < low else None
