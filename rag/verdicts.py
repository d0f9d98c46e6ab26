"""Yes or no: by words that force it, who it is, the figure itself, what came of an aim, a sentence that bears the
statement out.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import replace

from rag import affirming, aiming, comparing, confirming, deciding, stating
from rag.asked_time import Asked, as_of_day, without
from rag.grounds import stems
from rag.replies import Ask, Find, Found, Reply, published_on
from rag.types import Document, Hit, Span

FORCED = 0.6  # how far towards certainty it brings a sentence that its words force yes or no
MARKED = 0.3  # how sure a figure must be for it to be compared with the one in a question
AIMED = 0.7  # how sure it is what came of an aim, where a document sets the one against the other


def reply_to(question: str, found: Found, find: Find, least: float, ask: Ask) -> Reply | None:
    """Yes or no; None where nothing tells it."""
    return (
        _decided(question, found)
        or _opened(question, find, least, ask)
        or _marked(question, find, least, ask)
        or _aimed(question, found)
        or _confirmed(question, found)
    )


def _decided(question: str, found: Found) -> Reply | None:
    """By a sentence that forces yes or no, of several the newest.

    Every sentence of the passages is weighed: a reader of short words has none to mark for "yes".
    """
    forcing = _forcing(question, found)
    if not forcing:
        return None
    span, says = max(forcing, key=lambda one: (published_on(one[0], found), one[0].score))
    word = "Yes" if says else "No"
    differing = {verdict for _, verdict in forcing} == {True, False}
    return Reply((span,), None if differing else word, span.score, lead="" if differing else f"{word}.")


def _forcing(question: str, found: Found) -> list[tuple[Span, bool]]:
    """The sentences whose words force yes (True) or no, surer than what the reader found in them."""
    forcing = []
    for passage in (hit.passage for hit in found.hits):
        document = found.documents[passage.document_id]
        around = "\n".join((document.title, *passage.headings))
        for start, end in passage.sentences:
            says = _says(question, document.text[start:end], around, document, found.asked)
            if says is not None:
                read = [span.score for span in found.spans if (span.sentence_start, span.sentence_end) == (start, end)]
                score = 1 - (1 - max(read, default=0.0)) * (1 - FORCED)
                forcing.append((Span(passage, start, end, start, end, score), says))
    return forcing


def _says(question: str, sentence: str, around: str, document: Document, asked: Asked) -> bool | None:
    """What a sentence forces; what was published by a day had been done by then."""
    says = deciding.verdict(question, sentence)
    if confirming.is_to_come(sentence, document.published.date) and not confirming.asks_ahead(question):
        return says or None  # "the show begins on 8 June", told in May
    if says is None and affirming.affirms(question, sentence, around):
        return True
    day, known = as_of_day(asked), document.published.date.last()
    if says is None and asked.relation in ("by", "before") and day and known and known <= day:
        question = without(question, asked.spans)
        done = deciding.verdict(question, sentence) or affirming.affirms(question, sentence, around)
        return True if done else None
    return says


def _opened(question: str, find: Find, least: float, ask: Ask) -> Reply | None:
    """By who it is, where the question names who it might be: "Is it chaired by the Mayor?"."""
    open_question = affirming.opened(question)
    reply = ask(open_question.question, find, least) if open_question else None
    if open_question is None or reply is None or reply.short is None or len(reply.spans) != 1:
        return None
    span = reply.spans[0]
    sentence = span.passage.words(span.sentence_start, span.sentence_end)
    says = affirming.is_the_one(open_question.named, reply.short, sentence)
    if says is None or (open_question.had_others and not says):
        return None
    word = "Yes" if says else "No"
    return Reply(reply.spans, word, reply.confidence, lead=f"{word}.", moment=reply.moment)


def _marked(question: str, find: Find, least: float, ask: Ask) -> Reply | None:
    """By the figure itself, where the question asks whether it is more or less than so many."""
    mark = stating.marked(question)
    reply = ask(mark.question, find, max(least, MARKED)) if mark else None
    if mark is None or reply is None or reply.short is None or reply.lead or len(reply.spans) != 1:
        return None
    span = reply.spans[0]
    words = span.passage.words(span.sentence_start, span.sentence_end)
    said = " ".join((*span.passage.headings, _list_head(span), words))
    names = _NAME.findall(without(mark.question, find(mark.question).asked.spans), 1)
    says = comparing.beyond(reply.short, mark.number, mark.side)
    if says is None or not stems(mark.noun) <= stems(said) or any(name not in said for name in names):
        return None  # a figure of other things, or of somebody else
    return replace(reply, short="Yes" if says else "No", lead="Yes." if says else "No.")


_NAME = re.compile(r"\b[A-Z][\w’'-]+")
_ITEM = re.compile(r"\n\s*[-*•–]\s*$")


def _list_head(span: Span) -> str:
    """The line that announces the list an item stands in: "The Harbour Office keeps these counts:"."""
    passage = span.passage
    if not _ITEM.search(passage.words(passage.start, span.sentence_start)):
        return ""
    before = [passage.words(start, end) for start, end in passage.sentences if end <= span.sentence_start]
    return next((line for line in reversed(before) if line.endswith(":")), "")


def _aimed(question: str, found: Found) -> Reply | None:
    """By what came of an aim, told by the newest document; no word where places of it differ."""
    aim = aiming.aim_of(question)
    outcomes = aiming.outcomes(aim, found.hits, found.documents) if aim else []
    spans = {Span(one.passage, one.start, one.end, one.start, one.end, AIMED): one.says for one in outcomes}
    if not spans:
        return None
    newest = max(published_on(span, found) for span in spans)
    latest = {span: says for span, says in spans.items() if published_on(span, found) == newest}
    if len({*latest.values()}) > 1:
        return None
    span = min(latest, key=lambda span: span.end - span.start)
    word = "Yes" if latest[span] else "No"
    return Reply((span,), word, span.score, lead=f"{word}.")


def _confirmed(question: str, found: Found) -> Reply | None:
    """By the newest sentence that bears out the statement asked about."""
    support = found.judge()
    if support is None:
        return None
    plain, hits = _by_then(question, found)
    borne = confirming.confirmed(plain, hits, found.documents, support.scores)
    if not borne:
        return None
    spans = [Span(one.passage, one.start, one.end, one.start, one.end, one.score) for one in borne]
    newest = max(spans, key=lambda span: (published_on(span, found), span.start - span.end))
    return Reply((newest,), "Yes", newest.score, lead="Yes.")


def _by_then(question: str, found: Found) -> tuple[str, Sequence[Hit]]:
    """The question without "by January 2024", and the passages that had been published by then."""
    day = as_of_day(found.asked) if found.asked.relation in ("by", "before") else None
    if day is None:
        return question, found.hits
    known = {number for number, one in found.documents.items() if (one.published.date.last() or dt.date.max) <= day}
    return without(question, found.asked.spans), [hit for hit in found.hits if hit.passage.document_id in known]
