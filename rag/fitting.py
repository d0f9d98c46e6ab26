"""Figures that fit a question by the words around them: of the stage asked about, with all else the question names.

A reader knows the words of a question and of a paper by their likeness; that "put in for" and "received" are one
thing, and "received" and "approved" two, it knows badly. Where a paper's own words say that a figure counts just what
is asked, that is a reason of its own to believe it.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Mapping, Sequence, Set

from rag import ordinals
from rag.lexical import STOP_WORDS
from rag.picking import missing_words, stems
from rag.quantities import is_count, quantities, same_kind
from rag.questions import asked_for, is_of_type, singular
from rag.stages import (
    ANYBODY,
    PAPERS,
    TOTALLED,
    besides,
    counted_at_a_stage,
    other_stage,
    stages_asked,
    stages_of,
    told_of,
)
from rag.statements import ROW, Statement, named_day
from rag.types import Document
from rag.wording import stem

FITS = 0.5  # how far towards certainty it brings a figure
OTHER = 0.15  # what is left of the belief in a figure that is told to be of another stage, or of another thing
UNTOLD = 0.8  # where the words around it lack something that the question names
_COUNTED_AT = TOTALLED | {"refused", "waiting"}


def fitted(
    question: str,
    plain: str,
    said: Sequence[Statement],
    documents: Mapping[int, Document],
    today: dt.date,
    *,
    in_plain_words: bool,
    unread: Sequence[str],
) -> list[Statement]:
    """The statements by how well they fit the kind of question, best first; those of no kind of its own as they are.

    ``plain`` is the question without its time; ``in_plain_words`` and ``unread`` are what :func:`surer` takes.
    """
    wanted, told = asked_for(question), list(said)
    if wanted == "number":
        told = surer(plain, told, documents, plain=in_plain_words, unread=unread)
    if wanted in ("number", "date", "person"):
        told = [one if _is_of_type(question, wanted, one.words) else one.scored(one.score * OTHER) for one in told]
    if wanted == "date":
        told = up_to_date(plain, told, documents)
    return done(question, told, today) if wanted in ("number", "date") else told


def _is_of_type(question: str, wanted: str, words: str) -> bool:
    """Whether words can be the figure, the date or the person that is asked for."""
    return is_of_type(wanted, words) or (wanted == "number" and not _COUNTS.search(question))  # "how long": "until May"


_COUNTS = re.compile(r"how (?:many|much)\b", re.IGNORECASE)


def surer(
    question: str,
    said: Sequence[Statement],
    documents: Mapping[int, Document],
    *,
    plain: bool = False,
    unread: Sequence[str] = (),
) -> list[Statement]:
    """The statements, best first: surer where their words fit the question, less sure where they tell another thing.

    In a ``plain`` question (see tallies.py) every word says which are meant, and in another the words ``unread``.
    """
    question = _with_names(question, documents)
    stages, named = stages_asked(question), besides(question)
    one_stage = len(stages) == 1 and stages <= _COUNTED_AT
    everywhere, placed = _everywhere(question, documents), bool(_PLACED.search(question) or _OWNER.search(question))
    absent: dict[int, set[str]] = {}  # of each document the words named that it lacks
    weighed = []
    for one in said:
        score, against = one.score, _stands_against(question, one)
        other = one.quantity and other_stage(question, one.clause)
        if one.quantity is None:
            pass
        elif (
            other
            or against == "less"
            or _tells_another(question, one, stages, unread)
            or _is_of_no_such(question, one, everywhere)
        ):
            score *= OTHER
        elif one_stage or stages_of(one.clause) & TOTALLED:
            document = documents[one.span.passage.document_id]
            missing = [word for word in _missing(named, one, document, placed=placed) if word not in everywhere]
            if missing and document.id not in absent:
                absent[document.id] = {*missing_words(" ".join(named), [document.text, document.title])}
            untold = {*missing} - {*_of_a_scheme(question)} if plain else set()
            exact = untold and missing_words(" ".join(untold), [_before(one)])  # "900 applications for flats. Of these"
            if missing and (exact or _restricts(question, missing, absent[document.id], staged=bool(stages))):
                score *= OTHER
            elif missing:
                score *= UNTOLD if one_stage else 1
            elif one_stage and other is False and _counts(one):
                score = 1 - (1 - score) * (1 - FITS)
        elif _is_of_the_batch(question, one) or (
            against == "more" and _is_told_of_it(named, one, documents, placed=placed)
        ):
            score = 1 - (1 - score) * (1 - FITS)
        weighed.append(one.scored(score))
    return sorted(weighed, key=lambda one: -one.score)


def _is_of_no_such(question: str, one: Statement, everywhere: Set[str]) -> bool:
    """Whether a name in the question has a word that neither the paragraph nor what stands above it has."""
    asked = re.sub(r"['’]s\b", "", question[1:])
    named = [name for name in _NAMES.findall(asked) if not _is_shortened(name, _around(one))]
    names = {word for name in named for word in name.split()} - everywhere - _MONTHS
    if not names:
        return False
    low, high = one.paper.rfind("\n\n", 0, one.span.start) + 1, one.paper.find("\n\n", one.span.end)
    if low and _POINTS_BACK.match(one.paper, low):
        low = one.paper.rfind("\n\n", 0, low - 1) + 1
    if _OURSELVES.search(one.sentence):  # the body whose paper it is, which its title may not name
        low, high = 0, len(one.paper)
    around = f"{_around(one)}\n{one.paper[low : high if high > 0 else None]}"
    return bool(missing_words(" ".join(names), [around, _initials(around)]))


def _is_shortened(name: str, text: str) -> bool:
    """Whether a text has the first letters of a name within a short form: "OASES" for "Attracting Strategic ..."."""
    letters = ".*".join(word[0] for word in name.split())
    return " " in name and any(re.search(letters, short) for short in re.findall(r"\b[A-Z]{3,}\b", text))


_OURSELVES = re.compile(r"\b(?:[Ww]e|[Oo]ur|us)\b")
_POINTS_BACK = re.compile(r"\s*(?:The|It|Its|This|That|These|They|He|She|His|Her|Their)\b")
_NAMES = re.compile(r"(?<=[ (])[A-Z][a-z]{2}[\w'’-]*(?: [A-Z][a-z][\w'’-]*)*")


def _is_told_of_it(named: Sequence[str], one: Statement, documents: Mapping[int, Document], *, placed: bool) -> bool:
    """Whether all that the question names is told of a figure, in its sentence or the one that it goes on from."""
    missing = _missing(named, one, documents[one.span.passage.document_id], placed=placed)
    return not missing_words(" ".join(missing), [_before(one)])


def done(question: str, said: Sequence[Statement], by: dt.date) -> list[Statement]:
    """The statements, best first: less sure where they tell of a plan and the question asks for what has been done.

    What was to be on a day that has passed ``by`` then is taken to have been.
    """
    if not _ASKS_DONE.search(question) or _ASKS_PLAN.search(question):
        return list(said)
    weighed = [one.scored(one.score * OTHER) if _is_open(one, by) else one for one in said]
    return sorted(weighed, key=lambda one: -one.score)


def _is_open(one: Statement, by: dt.date) -> bool:
    if not _PLANNED.search(one.clause):
        return False
    day = named_day(one)
    return day is None or day > by or not re.search(r"\b\d{1,2}\b(?! ?\d{3})", one.words)


def up_to_date(question: str, said: Sequence[Statement], documents: Mapping[int, Document]) -> list[Statement]:
    """The dates, best first: surer to which something was moved, less sure that a paper denies or a later one does,
    or that only dates the paper itself."""
    asked = {stem for stem in stems(question) if stem not in STOP_WORDS}
    denied, everywhere = [one for one in said if _DENIES.search(one.clause)], _everywhere(question, documents)
    weighed = []
    for one in said:
        day, score, document = _day(one), one.score, documents[one.span.passage.document_id]
        overtaken = day and any(_day(other) == day and _is_later(other, one) for other in denied)
        elsewhere = _names_a_rival(question, one) or _is_of_no_such(question, one, everywhere)
        if overtaken or elsewhere or _dates_the_paper(one, document):
            score *= OTHER
        elif day and _MOVED.search(one.sentence) and len(asked - stems("\n".join((_around(one), *one.led_up)))) <= 1:
            score = 1 - (1 - score) * (1 - FITS)
        weighed.append(one.scored(score))
    return sorted(weighed, key=lambda one: -one.score)


def _dates_the_paper(one: Statement, document: Document) -> bool:
    """Whether a line says no more than of when its paper is: "Briefing note, January 2024"."""
    line = " ".join(one.sentence.split())
    return len(line) <= LINE_CHARS and bool(document.published.words) and document.published.words in line


LINE_CHARS = 60


def _names_a_rival(question: str, one: Statement) -> bool:
    """Whether a sentence joins others than the question does: "Guangdong and Hong Kong" for "Hong Kong and Beijing"."""
    asked, around = _JOINED.findall(question), "\n".join((*one.headings, *one.led_up, one.sentence))
    missing = [name for pair in asked for name in pair if name not in around]
    kept = [name for pair in asked for name in pair if name in one.sentence]
    told = {name for pair in _JOINED.findall(one.sentence) for name in pair}
    return bool(missing and kept and told & {*kept} and told - {name for pair in asked for name in pair})


_ONE_NAME = r"[A-Z][\w'’]*(?: [A-Z][\w'’]*)*"
_JOINED = re.compile(rf"\b({_ONE_NAME})(?: and |[-–/]| with )(?:the )?({_ONE_NAME})")


def _day(one: Statement) -> dt.date | None:
    """The last day that the words name, by themselves or in their sentence."""
    return named_day(one) or (one.moment.last if one.moment.words and one.words in one.moment.words else None)


def _is_later(other: Statement, one: Statement) -> bool:
    days = other.published.last(), one.published.last()
    return other == one or bool(days[0] and days[1] and days[0] > days[1])


_DENIES = re.compile(r"\b(?:not|no longer|never|cannot)\b|n['’]t\b", re.IGNORECASE)
_MOVED = re.compile(
    r"\b(?:slip\w*|postpon\w+|delay\w*|put back|push\w* back|brought forward|moved|reschedul\w+|deferr?\w*|extend\w*)\b"
    r"[^.;]*\b(?:to|until|till)\b|\b(?:new|revised|later|earlier) date\b",
    re.IGNORECASE,
)
_ASKS_DONE = re.compile(r"\b(?:did|was|were|has|have|had)\b(?! to\b)", re.IGNORECASE)
_ASKS_PLAN = re.compile(
    r"\b(?:will|shall|would|should|to be|due|plan\w*|expect\w*|target\w*|goals?|aim\w*|intend\w*|hop(?:e|ed|ing)"
    r"|scheduled|forecast\w*|project(?:ed|ions?)|propos\w+|promis\w+|supposed|meant|budget\w*|said|estimat\w+)\b",
    re.IGNORECASE,
)
_PLANNED = re.compile(
    r"\b(?:will|shall|(?:is|are|was|were|be) (?:now |still |also )?"
    r"(?:due|set|expected|planned|scheduled|likely|hoped|intended) (?:to|for|in)"
    r"|(?:aims?|plans?|intends?|hopes?|expects?) to|(?:we|they|it) (?:now )?expects?\b|to be \w+(?:ed|en|t)\b)",
    re.IGNORECASE,
)


def _tells_another(question: str, one: Statement, stages: Set[str], unread: Sequence[str]) -> bool:
    """Whether the words around a figure say that it counts others than are asked about."""
    return bool(
        (one.quantity and _counts_another(question, one.quantity.unit, one.clause))
        or _is_elsewhere(question, one.clause)
        or _is_denied(stages, one.clause)
        or _of_several_schemes(question, one)
        or _of_another_batch(question, one)
        or (unread and missing_words(" ".join(unread), [_around(one)]))
    )


def _of_another_batch(question: str, one: Statement) -> bool:
    """Whether the figure of the first batch is told where the second is asked about."""
    asked = ordinals.asked(question)
    return asked is not None and _batch(asked[1], one) not in ("", asked[0])


def _is_of_the_batch(question: str, one: Statement) -> bool:
    """Whether it is asked how many are in the second batch, and a figure says how many that has: "about 20 of them"."""
    asked, counted = ordinals.asked(question), _MEMBERS.search(question)
    if asked is None or counted is None or one.quantity is None or _batch(asked[1], one) != asked[0]:
        return False
    return one.quantity.unit in ("", counted["noun"])


def _batch(noun: str, one: Statement) -> str:
    place = one.span.sentence_start
    return ordinals.of_figure(noun, one.sentence, one.span.start - place, one.span.end - place)


_MEMBERS = re.compile(
    r"\bhow many (?:[\w'-]+ ){0,3}?(?P<noun>[\w'-]+) (?:is|are|was|were|has|have|had)(?: there| been)* in\b", re.I
)


def _counts(one: Statement) -> bool:
    return one.quantity is not None and counted_at_a_stage(one.quantity.unit) and len(quantities(one.words)) == 1


def _counts_another(question: str, unit: str, clause: str) -> bool:
    """Whether a figure counts a thing that the question names, but does not count (companies, not jobs), persons where
    other things are counted, or all of them where a rate is asked."""
    if is_count(unit) and unit != "%" and _RATE.search(question) and not _RATE.search(clause):
        return True
    counted = _COUNTED.search(question)
    if _ASKS_MONEY.search(question) and unit and not _MONEY.search(unit):
        return True
    if counted is None or not unit:
        return False
    if _MONEY.search(unit):
        return True
    if is_count(unit) and not (_ANY_COUNTED.search(counted[1]) or _ANY_COUNTED.search(unit)):
        own, told = (
            {stem(word) for word in re.findall(r"[a-z]+", text.lower())} for text in (counted[1], f"{unit} {clause}")
        )
        return not own & told
    named, asked = ({singular(word) for word in re.findall(r"[\w-]+", text.lower())} for text in (question, counted[1]))
    if counted_at_a_stage(unit):
        things = bool(stages_of(clause)) and not stages_of(counted[1])
        return things and not any(map(counted_at_a_stage, asked))
    return singular(unit.lower()) in named - asked


_ASKS_MONEY = re.compile(
    r"\bhow much (?:money|funding|(?:did|do|does|will|would|can|could|has|have|had|was|were|is|are)\b.*"
    r"\b(?:cost|costs|pay|pays|paid|spend|spent|spending|fund\w*|budget|invest\w*|charge[sd]?|claim|worth|price|fee)\b)"
    r"|\bwhat (?:is|was|were|are) the (?:\w+ ){0,2}(?:cost|price|fee|budget)s?\b",
    re.IGNORECASE,
)
_ANY_COUNTED = re.compile(  # who or what may be named in many ways
    rf"\b(?:{ANYBODY}|{PAPERS}|ones|items?|things?|cases?|units?|places?|individuals|members?|times?)\b", re.IGNORECASE
)
_RATE = re.compile(
    r"\b(?:per|each|every|an?) (?:day|week|month|quarter|year)\b|\b(?:rate|percentage|proportion|share of)\b"
)
_MONEY = re.compile(r"[$£€¥]|\b(?:dollars?|euros?|pounds?|pence|cents?|yuan|renminbi|yen|[A-Z]{3})\b")
_AFTER = (
    "is|are|was|were|has|have|had|do|does|did|can|could|will|would|of|in|at|on|for|by|from|to|who|that|which|with|under"
)
_COUNTED = re.compile(
    rf"\bhow many (?!(?:{_AFTER})\b)((?:[\w'’-]+ ){{0,4}}?[\w'’-]+)(?= (?:{_AFTER})\b|\W*$)", re.IGNORECASE
)


def _stands_against(question: str, one: Statement) -> str:
    """ "less" where another figure of the sentence or row is told of all that the question names in this one's clause,
    and of more, or of as much in another column where no word picks one; "more" where this one is against every
    other; else "".

    The buses ordered, delivered and in service stand side by side, and a question names one of the three.
    """
    if len(one.sentence) > MOST_CHARS or one.quantity is None or other_stage(question, one.clause) is False:
        return ""
    unnamed = " ".join(
        word for word in question.split()[1:] if not word[0].isupper()
    )  # names are of the whole sentence
    asked = {stem for stem in stems(unnamed) if stem not in STOP_WORDS}
    own, low = asked & stems(one.clause), one.given.start - one.span.sentence_start
    others = [
        asked & stems(told_of(one.sentence, other.start, other.end))
        for other in quantities(one.sentence)
        if not (other.start < low + len(one.words) and low < other.end)
        if same_kind(other, one.quantity) or ROW.match(one.sentence)  # a column says what its cells are
    ]
    verbs = {stem for found in _WAS_DONE.findall(question) for stem in stems(found)}
    if any(own < other or (verbs & other and not verbs & own) for other in others):
        return "less"  # what was given, not what was delivered
    unread = asked - stems(f"{_around(one)} {' '.join(one.led_up)}")
    if unread and own in others and ROW.match(one.sentence):
        return "less"  # it names none of the columns as they are headed
    return "more" if others and all(other < own for other in others) else ""


_WAS_DONE = re.compile(
    r"\b(?:were|was|been|being|had|has|have|are|is) (?:\w+ly |already |so far |now |in )?([a-z]{4,})\b(?! (?:of|the)\b)"
)
MOST_CHARS = 1_500  # of a sentence that is read figure by figure


def _is_elsewhere(question: str, clause: str) -> bool:
    """Whether a clause names another place than the question: "arrived in Arvik" for "in Norland"."""
    asked, told = ([place for place in _PLACE.findall(words) if place not in _MONTHS] for words in (question, clause))
    return bool(asked and told) and not any(place in clause or place in _initials(clause) for place in asked)


_MONTHS, _YEAR = frozenset(calendar.month_name[1:]), re.compile(r"(?:19|20)\d\d")
_PLACE = re.compile(r"\b(?:in|into|to|at) (?:the )?([A-Z]\w+(?: [A-Z]\w+)*)")


def _is_denied(stages: Set[str], clause: str) -> bool:
    """Whether those not yet through a stage are asked for, and a clause tells of no such."""
    denied = {stage for stage in stages if stage.startswith("not ")}
    return bool(denied) and not stages_of(clause) & (denied | {"refused", "waiting"})


def _of_several_schemes(question: str, one: Statement) -> bool:
    """Whether the question names one scheme, and a figure of several together is told."""
    named = _NAMED_SCHEME.findall(question)
    if not named or any(name in one.clause for name in named):
        return False
    return any(name in one.sentence for name in named) and len(_A_SCHEME.findall(one.sentence)) > 1


_NAMED_SCHEME = re.compile(r"\b(?:[A-Z][\w-]+ )+(?:Scheme|Programme|Program|Route|Pass|Plan|Visa|Permit)\b")
_A_SCHEME = re.compile(r"(?i)\b(?:schemes?|programmes?|programs?|routes?|visas?|permits?)\b")


def _around(one: Statement, *, placed: bool = False) -> str:
    """A sentence with what it stands under. Where a place is asked about (``placed``), the title of an event there
    does not tell it."""
    titles = [title for title in one.headings if not (placed and _EVENT.search(title))]
    return "\n".join((*titles, one.sentence))


def _before(one: Statement) -> str:
    """The sentence before, of the same passage, where this one goes on about its applications or people."""
    passage = one.span.passage
    before = [place for place in passage.sentences if place[1] <= one.span.sentence_start]
    return passage.words(*before[-1]) if before and _GOES_ON.search(one.sentence) else ""


_GOES_ON = re.compile(
    r"^(?:These|They|Both|Those)\b|\b(?:of|among) (?:them|these|those|which)\b"
    r"|\bof (?:that|this|the) (?:number|total)\b",
    re.IGNORECASE,
)


def _of_a_scheme(question: str) -> list[str]:
    """The words of schemes without a name: "talent admission schemes"."""
    return [word for found in _SCHEME_NAMED.finditer(question) for word in found[0].split()]


def _missing(named: Sequence[str], one: Statement, document: Document, *, placed: bool) -> list[str]:
    """What the question names and neither the sentence nor what it stands under holds."""
    around, sentence = _around(one, placed=placed), one.sentence
    if not _SCHEMES.search(sentence):  # then it is of the schemes that its paper is about
        around += "\n" + " ".join(found[0] for found in _SCHEME_NAMED.finditer(document.text))
    initials = _initials(around)
    missing = {*missing_words(" ".join(named), [around, _SCHEMES.sub("scheme programme program", around)])}
    missing -= {
        word for led in one.led_up for word in re.findall(r"\w+", led.lower()) if word.title() in named
    }  # names
    return [
        word
        for word in named
        if (word.lower() in missing or (_US.fullmatch(word) and word not in around))
        and not (word.isupper() and word in initials)
        if not (_YEAR.fullmatch(word) or word in _MONTHS)  # the time asked about is another matter (see temporal.py)
    ]


_US = re.compile(r"US|IT|UK|EU|UN")  # two of them are other words in small letters
_PLACED = re.compile(r"\b(?:in|into|to|at|from|for|of) (?:the )?[A-Z]")
_EVENT = re.compile(
    r"\b(?:visit\w*|trips?|tours?|meets?|met|attends?|conferences?|plenary|summit|symposium|forum|talks|delegation)\b",
    re.I,
)


def _everywhere(question: str, documents: Mapping[int, Document]) -> set[str]:
    """The words of a place or an owner ("in Norland", "Norland's") that most papers name: it tells none from others."""
    names = {*_PLACE.findall(question), *_OWNER.findall(question)}
    most = max(MOST_PAPERS, MOST_SHARE * len(documents))
    common = [name for name in names if sum(name in document.text for document in documents.values()) >= most]
    short = [word for word in _SHORT_FORM.findall(question) if _spelt_out(word, documents) >= most]
    return {word for name in (*common, *short) for word in (*name.split(), "s")}


def _spelt_out(short: str, documents: Mapping[int, Document]) -> int:
    """In how many papers a name has these first letters: "Hong Kong" for HK."""
    name = re.compile(r"\b" + " ".join(rf"{letter}[a-z]\w*" for letter in short) + r"\b")
    return sum(name.search(document.text) is not None for document in documents.values())


MOST_PAPERS, MOST_SHARE = 3, 0.75  # at least: of fewer nothing can be told
_SHORT_FORM = re.compile(r"\b(?:in|into|to|the) ([A-Z]{2,4})\b")
_OWNER = re.compile(r"\b([A-Z]\w+(?: [A-Z]\w+)*)['’]s\b")


def _with_names(question: str, documents: Mapping[int, Document]) -> str:
    """The question with the names of schemes as papers write them: "top talent pass scheme" is a name."""
    for found in _SCHEME_NAMED.finditer(question):
        words = found[0].split()
        for phrase in (" ".join(words[start:]) for start in range(len(words) - 1)):
            written = re.compile(re.escape(phrase), re.IGNORECASE)
            names = {name[0] for one in documents.values() for name in written.finditer(one.text)}
            if names and all(name.istitle() for name in names):
                question = question.replace(phrase, min(names))
                break
    return question


def _initials(text: str) -> str:
    """The first letters of all names, in which a short form ("HK") is found."""
    return "".join(re.findall(r"\b([A-Z])\w", text))


_SCHEME_NAMED = re.compile(r"\b(?:[a-z][\w-]* ){1,4}(?:schemes?|programmes?|programs?)\b")  # one with a name is not all
_SCHEMES = re.compile(r"\b(?:schemes?|programmes?|programs?)\b", re.IGNORECASE)


def _restricts(question: str, missing: Sequence[str], absent: Set[str], *, staged: bool) -> bool:
    """Whether a name is missing, or a word that says which of all are meant ("from doctors") and the document lacks."""
    if any(word[:1].isupper() for word in missing):
        return True
    restricting = {word.lower() for found in _RESTRICTS.findall(question) for word in found.split()}
    return any(word.lower() in absent for word in missing if word.lower() in restricting or not staged)


_RESTRICTS = re.compile(
    r"\b(?:many|number of|by|from|for|of|among|with|to)(?= (?:the |an? |their |its )?([\w-]+(?: [\w-]+)?))"
)
