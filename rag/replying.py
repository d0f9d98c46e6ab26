"""From spans to what answers a question of its kind: a value, a list, a definition, a description, yes or no,
a comparison, a course of values. Each kind has its module; this one knows in which order they are tried and what they
fall back on: ``reply_to`` begins with what only some questions ask for, ``_plain_reply`` goes by the kind.
"""

from __future__ import annotations

import re
from dataclasses import replace

from rag import (
    changing,
    comparing,
    counting,
    courses,
    defining,
    describing,
    enumerations,
    holdings,
    imprint,
    incumbents,
    post_questions,
    posts,
    several_values,
    temporal,
    verdicts,
)
from rag.following import resolve
from rag.parts import parts
from rag.questions import Kind, asked_for, kind_of
from rag.replies import (
    Find,
    Found,
    Reply,
    Shortfall,
    Unexplained,
    is_whole,
    newest_of_the_best,
    published_on,
    series_of,
    side_by_side,
    sureness,
    words_of,
)
from rag.statements import named_day
from rag.types import Document, Span

LISTED = 0.5  # of the best score: a list is given rather than words that are so much surer
BESIDE = 0.7  # how sure an office is that stands beside the name


def reply_to(question: str, find: Find, least: float) -> Reply | Shortfall | Unexplained | None:
    """The answer with at least the confidence ``least``; None where there is none."""
    special = (
        several_values.reply_to(question, find, least)
        or several_values.one_by_one(question, find, least)
        or _counted(question, find)
    )
    if special:
        return special
    asked = parts(question)
    if len(asked) == 2:
        both = _both(asked[0], asked[1], find, least)
        if both:
            return both
    return courses.reply_to(question, find, least) or _plain_reply(question, find, least)


def _plain_reply(question: str, find: Find, least: float) -> Reply | None:
    """By the kind of the question: first what is computed, then what has words of its own, then the best span."""
    kind = kind_of(question)
    found = find(question)
    compared = (
        several_values.outstanding(question, found.asked, find, least)
        or courses.grown(question, found.asked, find, least)
        or several_values.compared(question, comparing.parts(question), find, least)
        or courses.at_each_time(question, found.asked, find, least, _plain_reply)
    )
    if compared:
        return compared
    found = courses.without_levels(question, found, least)
    if kind is Kind.DEFINITION:
        defined = _defined(question, found)
        if defined:
            return defined
    told = _office_held(question, found) or _since_when(question, found) or _paper_dated(question, found)
    if told:
        return told
    best = newest_of_the_best(found, least)
    if kind is Kind.YES_NO:
        told = verdicts.reply_to(question, found, find, least, _plain_reply)
        return told or (Reply((best,), None, best.score) if best else None)  # the best sentence, without the word
    if kind is Kind.LIST:
        return _listed(question, found, least)
    if best is None:
        return None
    document = found.documents[best.passage.document_id]
    if kind in (Kind.DESCRIPTION, Kind.COMPARISON) or is_whole(best):  # one value is no comparison
        return _described(question, best, document)
    valued = _valued(question, best, found)
    if valued.confidence < least or (_ASKS_YEAR.search(question) and not _names_a_year(valued, found)):
        return None
    return valued


def plainly(question: str) -> str:
    """The question as it was searched for: one about a course of values by the value."""
    course = changing.course(question)
    return course.question if course else question


def _both(question: str, other: str, find: Find, least: float) -> Reply | None:
    """The answers to both parts of a question, the second asked as a follow-up of the first; None without either."""
    first = reply_to(question, find, least)
    if not isinstance(first, Reply):
        return None
    whole = resolve(other, [(question, first.short or "")])
    second = reply_to(whole, _of_the_documents(first, find), least) if _ONE_EVENT.search(other) else None
    if not isinstance(second, Reply):
        second = reply_to(whole, find, least)
    if not isinstance(second, Reply):
        return None
    return Reply(
        spans=tuple(dict.fromkeys(first.spans + second.spans)),
        short="; ".join((first.short, second.short)) if first.short and second.short else None,
        confidence=min(first.confidence, second.confidence),
        lead=" ".join(filter(None, (first.lead, second.lead))),
        moment=first.moment if first.moment == second.moment else None,
        conflicts=first.conflicts + second.conflicts,
        computed=first.computed + second.computed,
    )


_ONE_EVENT = re.compile(  # "who signed it": of several agreements the one whose day the first part told
    r"^(?:who|when|where)\b(?!.*\b(?:is|are|has|have|does|do|can|will)\b).*\b(?:it|them|they|he|she|him|her)\b", re.I
)


def _of_the_documents(reply: Reply, find: Find) -> Find:
    """What is found in the documents that a reply rests on."""
    known = {span.passage.document_id for span in reply.spans}

    def found(question: str) -> Found:
        all_of_it = find(question)
        return replace(
            all_of_it,
            hits=[hit for hit in all_of_it.hits if hit.passage.document_id in known],
            said=[one for one in all_of_it.said if one.span.passage.document_id in known],
            untimely=[one for one in all_of_it.untimely if one.span.passage.document_id in known],
        )

    return found


def _counted(question: str, find: Find) -> Reply | None:
    """The sentence that tells what a figure counts: that of the question's words, of the time it asks about."""
    figure = counting.figure_asked(question)
    if figure is None:
        return None
    found = find(question)
    best: tuple[float, Span] | None = None
    for passage in (hit.passage for hit in found.hits):
        published = found.documents[passage.document_id].published.date
        for start, end in passage.sentences:
            sentence = passage.words(start, end)
            sure = counting.tells(question, figure, sentence)
            if sure and found.asked.moments:
                sure *= temporal.tells_of(sentence, published, found.asked.moments[-1])
            if sure > (best[0] if best else 0.0):
                best = sure, Span(passage, start, end, start, end, BESIDE)
    return Reply((best[1],), None, BESIDE) if best else None


def _defined(question: str, found: Found) -> Reply | None:
    """By the words beside a short form, wherever the passages define it."""
    passages = [hit.passage for hit in found.hits]
    short_form, long_form = defining.acronym_asked(question), defining.short_form_asked(question)
    spans: list[Span] = []
    if short_form:
        spans = defining.expansions(short_form, passages)
    elif long_form:
        spans = defining.short_forms(long_form, passages)
    if not spans:
        return None
    best = spans[0]
    return Reply((best,), words_of(best), best.score)


def _office_held(question: str, found: Found) -> Reply | None:
    """The office beside the name of whose post is asked for, from the newest document that gives one."""
    asks = _POST_OF.match(question)
    name = next(filter(None, asks.groups())) if asks else ""
    held: list[Span] = []
    for passage in (hit.passage for hit in found.hits) if name else ():
        document = found.documents[passage.document_id]
        for start, end in passage.sentences:
            sentence = document.text[start:end]
            for one in holdings.holdings(sentence, document.published.date):
                if _is_of(name, one, sentence):
                    held.append(Span(passage, start + one.post_start, start + one.post_end, start, end, BESIDE))
                    break
    if not held:
        return None
    newest = max(held, key=lambda span: published_on(span, found))
    return Reply((newest,), words_of(newest), newest.score)


_POST_OF = re.compile(
    r"(?:what|which) (?:post|position|office|title|job)s? (?:does|did|do) (?P<holder>.+?) (?:hold|have|occupy)\W*$"
    r"|what (?:is|was) (?P<owner>.+?)['’]s (?:post|position|office|title|job)\W*$"
    r"|what (?:is|was) the (?:post|position|office|title|job) of (?P<bearer>.+?)\W*$",
    re.IGNORECASE,
)


def _is_of(name: str, held: holdings.Holding, sentence: str) -> bool:
    """Whether a post, called by its name, is told to be that of whom a question names."""
    whose = sentence[held.start : held.end]
    asked, told = (set(re.findall(r"[A-Z][\w-]+", words)) - _TITLES for words in (name, whose))
    called = posts.post_of(sentence[held.post_start : held.post_end]) is not None
    return bool(asked) and asked <= told and called and not held.status


_TITLES = frozenset("Mr Ms Mrs Miss Dr Prof Professor Sir Dame Madam".split())


def _since_when(question: str, found: Found) -> Reply | None:
    """Since when somebody holds a post, from the newest document that says it."""
    asked = post_questions.since(question)
    spans = incumbents.came(asked, found.hits, found.documents) if asked else []
    return Reply((spans[0],), words_of(spans[0]), spans[0].score) if spans else None


def _paper_dated(question: str, found: Found) -> Reply | None:
    """The date of a paper that is asked about itself."""
    span = imprint.dated(question, found.documents.values())
    return Reply((span,), words_of(span), span.score) if span else None


def _listed(question: str, found: Found, least: float) -> Reply | None:
    """The enumeration that is most believed in; the best words alone where none comes near them."""
    best = newest_of_the_best(found, least)
    lists = sorted(enumerations.enumerations(question, found), key=lambda one: -one.confidence)
    if lists and lists[0].confidence >= max(least, LISTED * best.score if best else 0.0):
        return lists[0]
    if best is None:
        return None
    return _described(question, best, found.documents[best.passage.document_id], short=not is_whole(best))


def _described(question: str, best: Span, document: Document, *, short: bool = False) -> Reply:
    sentences = describing.sentences_around(question, best, document) or [(best.sentence_start, best.sentence_end)]
    spans = tuple(replace(best, start=s, end=e, sentence_start=s, sentence_end=e) for s, e in sentences)
    return Reply(spans, document.text[best.start : best.end] if short else None, best.score)


def _valued(question: str, best: Span, found: Found) -> Reply:
    """A value: of a series the latest, with the whole of it; where sources differ about one moment, each of them."""
    series, chosen = series_of(question, best, found)
    if asked_for(question) == "date" and _LAST_TIME.search(question[: changing.MOST_CHARS]):
        series, chosen = [], temporal.latest_date(chosen, found.said)
    differing = temporal.conflicts(series, chosen)
    sure = sureness(chosen, series, best.score)
    if differing:
        return side_by_side(differing, series, sure)
    timeline = tuple(series) if len(series) > 1 else ()
    return Reply((chosen.given,), chosen.words, sure, moment=chosen.moment, timeline=timeline)


_LAST_TIME = re.compile(  # "last", "latest" or "most recently" said of the event whose date is asked
    r"\bwhen\b.*\b(?:did|has|have|had|is|was|were)\b.*(?<!the )(?<!['’]s )\b(?:last|most recently)(?= \w| ?\W?$)"
    r"(?! (?:year|month|week|quarter|summer|winter|autumn|spring|night|(?-i:[A-Z])))"
    r"|\bwhen (?:was|is|were) (?:the|their|its|\w+['’]s) (?:last|latest|newest|most recent) "
    r"|\bdates? of .*\b(?:last|latest|newest|most recent) |\bfor the last time\b",
    re.IGNORECASE,
)
_ASKS_YEAR = re.compile(r"\b(?:which|what) year\b", re.IGNORECASE)


def _names_a_year(reply: Reply, found: Found) -> bool:
    """Whether the words tell the year: "today" in a paper without one does not."""
    given = next((one for one in found.said if one.given == reply.spans[0]), None)
    return given is None or named_day(given) is not None
