"""Who holds a post, and who held it when: of all that papers say of it, what answers a question.

A paper tells more than its own day: whom it names was in office then, and "since 2022" or "until 1 May" says how far
that reaches. Where two papers name the same person, so was he in between; how it was before the first of them and long
after the last nobody knows.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from rag import holdings, posts
from rag.asked_time import Asked, as_of_day, overlaps
from rag.moments import Mention, mentions, of_document
from rag.picking import stems
from rag.statements import Statement, statements
from rag.types import Document, Grounds, Hit, Moment, PartialDate, Passage, Span

STEADY = dt.timedelta(31)  # so long after the last paper somebody is taken to be still in office
NEARLY = 0.21  # below the best fit: as good
DOES = 0.05  # how much surer who also does what the question tells of him is
BEFORE_CHARS = 600  # before a sentence, in which the body it speaks of is named


@dataclass(frozen=True, slots=True)
class Incumbent:
    """Somebody in a post, as one sentence says: from ``first`` to ``last``, as far as that is known.

    ``sure`` is how surely the post is the one asked about. ``ended`` where he had left it when that was written,
    ``until`` the day he left or is to leave. ``after`` is whose place he took, ``before`` who took his.
    """

    said: Statement
    post: posts.Post
    sure: float
    first: dt.date | None = None
    last: dt.date | None = None
    ended: bool = False
    until: dt.date | None = None
    after: str = ""
    before: str = ""

    def has_left_by(self, day: dt.date) -> bool:
        """Whether he is known to have left by a day."""
        return self.ended or bool(self.until and self.until <= day)


@dataclass(frozen=True, slots=True)
class Holders:
    """What answers (``said``), what is of another time (``untimely``), and what is of another post (``others``)."""

    said: list[Statement]
    untimely: list[Statement]
    others: list[Statement]


def holders(
    question: posts.Asked,
    asked: Asked,
    today: dt.date,
    hits: Sequence[Hit],
    documents: Mapping[int, Document],
    read: Sequence[Statement],
) -> Holders | None:
    """Who held the post asked about at the time asked about; None where no passage says who ever did.

    ``today`` is the day that a question without a time is asked on; ``read`` is what a reader made of the passages.
    """
    told = list(_told(question, hits, documents, read))
    told = _of_one_post(question, _of_the_event(question, told, documents))
    if not told:
        return None
    acting = [one for one in told if "acting" in one.post.ranks - question.post.ranks]
    told = [one for one in told if one not in acting]
    if question.relation:
        chosen = _beside(question, told)
    else:
        chosen = _at(asked, told, today, _reach(documents), past=question.past)
        if not chosen and any(one.ended or one.until for one in told):
            chosen = _at(asked, acting, today, _reach(documents), past=question.past)
    told = [*told, *(one for one in acting if one in chosen)]
    kept = [one.said for one in chosen]
    untimely = [one.said for one in told if one.said not in kept]
    places = {_place(one.said) for one in told}
    return Holders(kept, untimely, [one for one in read if _place(one) not in places])


def of_the_post(question: posts.Asked, said: Sequence[Statement]) -> list[Statement]:
    """Without statements whose own words give the person another post, or do not speak of the post at all."""
    kept = [one for one in said if gives(question, one) is not False and _speaks_of_it(question, one)]
    if question.relation:
        return [one for one in kept if _is_name(one.words) and not name_words(question.person) <= name_words(one.words)]
    if kept and _is_name(max(kept, key=lambda one: one.score).words):  # then "its chairman" says less
        return [one for one in kept if _is_name(one.words)]
    return kept


def gives(question: posts.Asked, one: Statement) -> bool | None:
    """Whether a statement's sentence gives its person the post asked about; None where it gives him none."""
    held = [
        posts.fit(question, other.post, posts.Around(one.sentence, one.sentence, one.paper)) > 0
        for other in holdings.holdings(one.sentence, one.published)
        if other.start < one.span.end - one.span.sentence_start and one.span.start - one.span.sentence_start < other.end
    ]
    return any(held) if held else None


def _speaks_of_it(question: posts.Asked, one: Statement) -> bool:
    """Whether the sentence has the post's head, where the question names one, and a name is to be its holder's."""
    if not _is_name(one.words):
        return True
    if not question.is_named:
        return bool(question.relation) or posts.tells_a_leader(one.sentence)
    if question.relation or question.does or not question.post.words:
        return posts.has_head(question.post, one.sentence)
    around = posts.Around(one.sentence, one.sentence, one.paper)
    return any(posts.fit(question, other, around) for other in holdings.named(one.sentence))


def came(question: posts.Asked, hits: Sequence[Hit], documents: Mapping[int, Document]) -> list[Span]:
    """The dates since when somebody, ``question.person``, holds a post, those of the newest papers first."""
    found: list[tuple[dt.date, Span]] = []
    for passage, unit, held, _ in _all(question, hits, documents):
        document, offset = documents[passage.document_id], unit[0][0]
        text, published = document.text[offset : unit[-1][1]], document.published.date
        if not name_words(question.person) <= name_words(text[held.start : held.end]) or held.status == "past":
            continue
        for one in mentions(text, published):
            if _tells(one, held, text) == "since":
                words = _AFTER_PREPOSITION.match(text, one.start)
                start = offset + (words.end() if words else one.start)
                span = Span(passage, start, offset + one.end, offset, unit[-1][1], posts.EXACT)
                found.append((published.last() or dt.date.min, span))
    return [span for _, span in sorted(found, key=lambda pair: pair[0], reverse=True)]


_AFTER_PREPOSITION = re.compile(r"(?:since|from|on|in|at)\s+", re.IGNORECASE)


# --- what is told ---------------------------------------------------------------------------------------------------


def _told(
    question: posts.Asked, hits: Sequence[Hit], documents: Mapping[int, Document], read: Sequence[Statement]
) -> Iterator[Incumbent]:
    """Everybody to whom the passages give the post, as far as is known from when to when."""
    for passage, unit, held, sure in _all(question, hits, documents):
        document = documents[passage.document_id]
        said = statements(_ANYBODY, [_span(held, sure, passage, unit, read)], documents)[0]
        yield _incumbent(held, sure, said, document.text[unit[0][0] : unit[-1][1]])


def _all(
    question: posts.Asked, hits: Sequence[Hit], documents: Mapping[int, Document]
) -> Iterator[tuple[Passage, list[tuple[int, int]], holdings.Holding, float]]:
    """Whatever gives the post to somebody: where it stands, and how sure it is the one asked about; each once."""
    known: set[tuple[int, int]] = set()
    for passage in (hit.passage for hit in hits):
        document = documents[passage.document_id]
        for unit in _units(passage, document.text):
            place = unit[0][0], unit[-1][1]
            if (document.id, place[0]) in known:
                continue
            known.add((document.id, place[0]))
            found = holdings.holdings(document.text[slice(*place)], document.published.date)
            for held in found:
                sure = _sureness(question, held, found, passage, place, document)
                if sure:
                    yield passage, unit, held, sure


def _units(passage: Passage, text: str) -> Iterator[list[tuple[int, int]]]:
    """The sentences, each with those that go on about somebody: "She takes over on 1 May"."""
    unit: list[tuple[int, int]] = []
    for place in passage.sentences:
        if unit and len(unit) < UNIT and _GOES_ON.match(text, *place) and "\n\n" not in text[unit[-1][1] : place[0]]:
            unit.append(place)
            continue
        if unit:
            yield unit
        unit = [place]
    if unit:
        yield unit


UNIT = 3  # sentences
_ANYBODY = "Who held it before?"  # as a question that no statement is left out for
_GOES_ON = re.compile(
    r"(?:She|He|His predecessor|Her predecessor)\b"
    r"|[^.!?]*\btakes? (?:up|over) (?:the (?:post|role|job)|on)\b"
    r"|[^.!?]*\b(?:succeed|replace)(?:s|ed)? (?:her|him)\b"
    r"|(?:Mr|Ms|Mrs|Miss|Dr|Professor|Sir|Dame|Lord|Lady|Councillor) [A-Z][\w-]+ [a-z]"
)


def _sureness(
    question: posts.Asked,
    held: holdings.Holding,
    found: Sequence[holdings.Holding],
    passage: Passage,
    place: tuple[int, int],
    document: Document,
) -> float:
    text = document.text[slice(*place)]
    if question.relation and not question.is_specific:
        known = held.after or held.before or question.relation == "since"
        return posts.EXACT if known else 0.0
    before = document.text[max(0, place[0] - BEFORE_CHARS) : place[0]]
    before += "" if holdings.is_row(text) else text[: min(held.start, held.post_start)]
    headings = "\n".join((document.title, *passage.headings))
    around = posts.Around(holdings.clause(text, held, found), f"{headings}\n{before}", document.text)
    sure = posts.fit(question, _not_acting(question, held.post), around)
    if posts.is_of_a_body(question.post, held.post) and _ELSEWHERE.search(text, 0, held.post_start):
        return 0.0
    does = question.does and len(question.does & stems(f"{before[-200:]} {text}")) / len(question.does)
    return min(1.0, sure + DOES * does) if sure and does else sure


def _not_acting(question: posts.Asked, held: posts.Post) -> posts.Post:
    """Who acts for a post counts as its holder where nobody else does."""
    return replace(held, ranks=held.ranks - ({"acting"} - question.post.ranks))


_ELSEWHERE = re.compile(
    r"\b(?:at present|previously|formerly|until now|until recently),? (?:the )?(?!.)", re.IGNORECASE
)


def _span(
    held: holdings.Holding,
    sure: float,
    passage: Passage,
    unit: Sequence[tuple[int, int]],
    read: Sequence[Statement],
) -> Span:
    """The holder's name, with the sentences that tell it; surer where a reader chose it too."""
    offset = unit[0][0]
    start, end = offset + held.start, offset + held.end
    low, high = offset + min(held.start, held.post_start), offset + max(held.end, held.post_end, held.told)
    those = [place for place in unit if place[0] < high and low < place[1]]
    same = [one.score for one in read if one.span.start < end and start < one.span.end
            and one.span.passage.document_id == passage.document_id]  # fmt: skip
    score = 1 - (1 - sure) * (1 - max(same, default=0.0))
    return Span(passage, start, end, those[0][0], those[-1][1], score)


def _incumbent(held: holdings.Holding, sure: float, said: Statement, text: str) -> Incumbent:
    """With the days that the text, or the heading it stands under, gives."""
    published = said.published
    moment, ended, since, until = _moment(said), held.status == "past", None, None
    for one in mentions(text, published):
        named = _in_a_year(one, held, published)
        match _tells(one, held, text):
            case "both":
                since, until, moment = named[0].first, named[1].last, one.moment
            case "until" if until is None or not held.changed:
                until, moment = named[0].last, replace(named[0], label=f"until {named[0].label}")
            case "since":
                since, moment = named[0].first, _since(replace(one, named=named), published)
    if moment.since and since is None:
        moment = of_document(published)  # it is somebody else's
    known = published.last()
    to_come = bool(until and known and until > known)
    ended = (ended and not to_come) or bool(until and known and until < known)
    first = since or (until if until and not to_come else moment.first if until is None else published.first())
    if held.status == "coming" and since is None:
        first = dt.date.max  # nobody knows from when
    last = until or moment.last
    if since and (last is None or last < since):
        last = since
    said = replace(said, moment=moment)
    return Incumbent(said, held.post, sure, first or last, last, ended, until, held.after, held.before)


def _moment(said: Statement) -> Moment:
    """The moment a statement speaks of; that of its heading or document where none is named, or one still to come."""
    moment, now = said.moment, of_document(said.published)
    if moment.grounds in (Grounds.PUBLISHED, Grounds.UNKNOWN):
        return _of_the_heading(said) or moment
    if now.last and (moment.first is None or moment.first > now.last):
        return now
    return moment


def _in_a_year(one: Mention, held: holdings.Holding, published: PartialDate) -> tuple[Moment, ...]:
    """The days of a mention; "on 31 July", when somebody comes or goes, is the one nearest to the paper's day."""
    today, day = published.first(), one.named[0].words or one.named[0].label
    if not held.changed or one.named[0].first or today is None or len(one.named) != 1:
        return one.named
    years = [mentions(f"on {_BARE_DAY.sub('', day)} {today.year + more}", published) for more in (-1, 0, 1)]
    those = [found[0].named[0] for found in years if found and found[0].named[0].first]
    return (min(those, key=lambda it: abs((it.first or today) - today)),) if those else one.named


_BARE_DAY = re.compile(r"^(?:on|from|by|until|till|since) (?:the )?| \(year not stated\)$")


_UNTIL = re.compile(r"(?:un)?till?\b", re.IGNORECASE)
_KEY = re.compile(r"(?:^|; )([^:;]{1,40}): $")
_CAME, _LEFT = re.compile(r"(?i)since|from|appointed|start|took"), re.compile(r"(?i)until|to$|left|end")


def _tells(one: Mention, held: holdings.Holding, text: str) -> str:
    """Whether a date is that ``since`` or ``until`` when somebody holds a post, ``both`` of a range; else empty."""
    if holdings.is_row(text):
        key = _KEY.search(text, 0, one.start)
        return "" if key is None else "since" if _CAME.match(key[1]) else "until" if _LEFT.match(key[1]) else ""
    low, high = holdings.clause_of(text, held)
    if not (low <= one.start < high) and text[: one.start].strip(" ,("):
        return ""
    if held.after and ", who" in text[held.told : one.start]:
        return ""  # "Ms Lo follows Mr Hale, who had been there since 2016"
    if len(one.named) == 2:
        return "both"
    if _UNTIL.match(text, one.start):
        return "until"
    if one.role in ("since", "from"):
        others = one.role == "from" and held.status == "past" and held.before and one.start > held.changes
        return "until" if others else "since"  # "appointed Mr Moe to succeed her from 1 May"
    if held.changed and one.role == "at":
        return "until" if held.status == "past" else "since"
    if held.changed and one.role == "now" and not held.status:
        return "since"
    return ""


def _since(one: Mention, published: PartialDate) -> Moment:
    """From a day on, as far as the document's date; what begins later holds from then."""
    named, now = one.named[0], of_document(published)
    if named.first is None:
        return named
    if now.last is None or named.first > now.last:
        return replace(named, label=f"from {named.label}", since=named.first)
    return replace(now, label=f"since {named.label}", grounds=named.grounds, words=named.words, since=named.first)


def _of_the_heading(said: Statement) -> Moment | None:
    """The moment that the nearest heading names: "Visit to Arvik, May 2024"."""
    named = [one.named for one in mentions(" ".join(said.headings[1:][-1:]), said.published)]
    return next((moments[0] for moments in named if len(moments) == 1 and moments[0].first), None)


# --- which of them is asked for -------------------------------------------------------------------------------------


def _of_the_event(
    question: posts.Asked, told: Sequence[Incumbent], documents: Mapping[int, Document]
) -> list[Incumbent]:
    """Those told of in papers that speak of the event by which a question says when."""
    those = [
        one for one in told
        if question.event and question.event <= stems(documents[one.said.span.passage.document_id].text)
    ]  # fmt: skip
    return those or list(told)


def _of_one_post(question: posts.Asked, told: Sequence[Incumbent]) -> list[Incumbent]:
    """Those whose post fits best, persons rather than "the Financial Secretary"; none where several may be meant."""
    told = [one for one in told if _is_name(one.said.words)] or list(told)
    best = max(told, key=lambda one: one.sure, default=None)
    if best is None:
        return []
    if question.relation and not question.is_specific:
        return told
    kept = [one for one in told if one.sure >= best.sure - NEARLY]
    bare = [one for one in kept if not posts.is_of_a_body(question.post, one.post)]
    kept = bare if bare and question.is_named else kept
    if not question.is_named and not question.relation:
        kept = _of_one_head(question, kept)
    if question.post.words or _one_within({one.post.words for one in kept if one.post.words}):
        return kept
    return _agreed(kept)


_RUN = frozenset("executive director manager".split())
SURE = posts.EXACT - 3 * posts.EXTRA  # of a post that is called by what is asked


def _of_one_head(question: posts.Asked, told: Sequence[Incumbent]) -> list[Incumbent]:
    """Those of one post where what is led has several: who chairs the board does not run it."""
    named = {one.post.head for one in told if one.sure >= SURE}
    if named:
        told = [
            one for one in told
            if one.post.head in named | {"head"}
            or (question.runs and one.post.head in _RUN and one.sure >= posts.CLAUSE)
        ]  # fmt: skip
    heads = {one.post.head for one in told}
    if len(heads) == 1 or "secretary" in heads:
        return list(told)
    wanted = _RUN if question.runs else {"chair", "head"}
    return [one for one in told if one.post.head in wanted] or _agreed(told)


def _agreed(told: Sequence[Incumbent]) -> list[Incumbent]:
    """All of them where they are one person, however the post is called."""
    return [one for one in told if all(_same_person(one, other) for other in told)]


def _one_within(words: set[frozenset[str]]) -> bool:
    """Whether one post's words are part of all others': "Mayor", "Mayor of Arvik"."""
    least = min(words, key=len, default=frozenset())
    return all(least <= other for other in words)


def _at(
    asked: Asked, told: Sequence[Incumbent], today: dt.date, reach: dt.date | None, *, past: bool
) -> list[Incumbent]:
    """Those in office at the time asked about, now where it is none."""
    if not asked.moments:
        coming = [one for one in told if one.first and one.first > today]
        now = [one for one in told if not one.has_left_by(today) and not any(_is_told_with(one, it) for it in coming)]
        left = [one for one in told if one.has_left_by(today) and one.last]
        still = [one for one in now if not any(_has_left(one, other) for other in left)]
        return still or (left if past else [])
    if asked.relation in ("after", "since"):
        start = asked.moments[0].last if asked.relation == "after" else asked.moments[0].first
        return [
            one for one in told if start and one.last and one.last >= start and not (one.ended and one.last == start)
        ]
    first, last = _days(asked)
    if first is None or last is None:
        return [one for one in told if overlaps(one.said.moment, asked.moments[0]) is not False]
    during = [one for one in told if one.first and one.last and one.first <= last and first <= one.last]
    during = [one for one in during if not (one.ended and one.last == first and one.first != one.last)]
    during = [one for one in during if not _had_left(one, told, first)]
    if during:
        return during
    within = bool(reach and first <= reach)
    return _between(told, first, last, within) or [
        one
        for one in told
        if all(it.first is None for it in told) and overlaps(one.said.moment, asked.moments[0]) is None
    ]


def _days(asked: Asked) -> tuple[dt.date | None, dt.date | None]:
    day = as_of_day(asked) if asked.relation in ("by", "before") else None
    if day:
        return day, day
    return asked.moments[0].first, asked.moments[-1].last


def _between(told: Sequence[Incumbent], first: dt.date, last: dt.date, within: bool) -> list[Incumbent]:
    """Those who were in office before and after a time, or who had been shortly before."""
    earlier = [one for one in told if one.last and one.last < first and one.first]
    later = [one for one in told if one.first and one.first > last]
    before = max(earlier, key=lambda one: one.last or dt.date.min, default=None)
    if before is None or before.last is None or before.ended or _had_left(before, told, first):
        return []
    after = min(later, key=lambda one: (one.first or dt.date.max, not _same_person(before, one)), default=None)
    if after and (_same_person(before, after) or _is_one(name_words(before.said.words), name_words(after.after))):
        return [before]
    one_day = first == last and within and after is None
    return [before] if one_day or first - before.last <= STEADY else []


def _had_left(one: Incumbent, told: Sequence[Incumbent], day: dt.date) -> bool:
    """Whether somebody is told to have left before a day, and not to have come back by then."""
    his = [other for other in told if _same_person(one, other)]
    left = max((it.until or it.last for it in his if (it.until or it.ended) and it.last), default=None)
    back = any(it.first and left and left < it.first <= day and not it.ended for it in his)
    return bool(left and left < day and not back)


def _is_told_with(one: Incumbent, other: Incumbent) -> bool:
    """Whether one paper tells both of the same person."""
    return one.said.span.passage.document_id == other.said.span.passage.document_id and _same_person(one, other)


def _has_left(one: Incumbent, other: Incumbent) -> bool:
    """Whether somebody is told to have left what an older statement says he holds."""
    return bool(_same_person(one, other) and other.last and one.last and one.last <= max(other.last, _known(other)))


def _known(one: Incumbent) -> dt.date:
    return one.said.published.last() or dt.date.min


def _beside(question: posts.Asked, told: Sequence[Incumbent]) -> list[Incumbent]:
    """The one before somebody, or the one after: as a sentence tells, or as the papers name them one after another."""
    before, person = question.relation == "before", name_words(question.person)
    direct = [one for one in told if _is_one(person, name_words(one.before if before else one.after))]
    if direct or not question.is_specific:
        return direct
    heads = {one.post.head for one in told if person <= name_words(one.said.words)}
    dated = sorted(
        (one for one in told if one.last and one.post.head in heads),
        key=lambda one: (one.last or dt.date.min, _known(one)),
    )
    theirs = [place for place, one in enumerate(dated) if person <= name_words(one.said.words)]
    if not theirs:
        return []
    beside = dated[: theirs[0]][-1:] if before else dated[theirs[-1] + 1 :][:1]
    return beside


def _reach(documents: Mapping[int, Document]) -> dt.date | None:
    days = [one.published.date.last() for one in documents.values()]
    return max((day for day in days if day), default=None)


# --- persons --------------------------------------------------------------------------------------------------------

_TITLE = re.compile(r"\b(?:Mr|Ms|Mrs|Miss|Dr|Prof|Professor|Sir|Dame|Madam|The Hon|JP|GBM|GBS)\b\.?")


def name_words(words: str) -> set[str]:
    """The words of a name without titles."""
    return set(re.findall(r"\w+", _TITLE.sub("", words).casefold()))


def _same_person(one: Incumbent, other: Incumbent) -> bool:
    return _is_one(name_words(one.said.words), name_words(other.said.words))


def _is_one(name: set[str], other: set[str]) -> bool:
    """Whether one name is a part of the other: "Mr Hale", "Tom Hale"."""
    return bool(name and other) and (name <= other or other <= name)


def _is_name(words: str) -> bool:
    """Whether words are somebody's name, and not an office or "its chairman"."""
    return (
        bool(_TITLE.search(words) or len(re.findall(r"\b[A-Z][\w'’-]+", words)) >= 2) and posts.post_of(words) is None
    )


def _place(one: Statement) -> tuple[int, int]:
    return one.span.passage.document_id, one.span.sentence_start
