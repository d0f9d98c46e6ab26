"""From a question to a cited answer, or to an abstention that says why.

A follow-up is made whole and misspelt words are mended. Then everything is read from one state of the library: the
passages that both searches find among the documents allowed, the words in them that may answer, and of these the reply
that a question of its kind gets. What it quotes and what it tells is compared with the documents before it is shown.
"""

from __future__ import annotations

import calendar
import copy
import datetime as dt
import os
import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Generator as Stream
from contextlib import contextmanager, suppress
from dataclasses import replace
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING

from rag import (
    abstaining,
    asked_time,
    briefing,
    changing,
    citing,
    contrasting,
    dates,
    fitting,
    gathering,
    incumbents,
    indexing,
    post_questions,
    retelling,
    snapshot,
    stages,
    tallies,
    temporal,
    weighing,
    writing,
)
from rag.asked_time import Asked
from rag.dense import DenseSearch, FaissIndex
from rag.errors import DateError, DocumentNotFound, QuestionError
from rag.following import resolve
from rag.lexical import KeywordSearch
from rag.models import english_words, load_embedder, load_reader, load_stage_tagger, load_support
from rag.quantities import quantities
from rag.questions import asked_for, bare
from rag.replies import Found, Reply, Shortfall, Unexplained
from rag.replying import plainly, reply_to
from rag.retrieval import HybridRetriever
from rag.spelling import Vocabulary, mended
from rag.statements import Statement, statements
from rag.store import Reading, reading
from rag.types import Answer, Brief, Citation, Comparison, Document, Hit, Moment, Passage, Point, SearchFilter, Span

if TYPE_CHECKING:
    from rag.seams import Embedder, Generator, Reader, Support

MAX_QUESTION_CHARS = 2_000
TOP_K = 10  # passages read; the eval reports 1, 5, 10 and 20
MIN_CONFIDENCE = 0.2
SURE, SURE_WITH_WORDS = 0.7, 0.5  # of the stage a question asks about: of itself, and where known words tell it too
MOST_PASSAGES = 12  # that a model writes from
HOPE = 0.1  # below this confidence there is hardly an answer in the passages that a model could find
LIKELY = 0.5  # of the best score: statements of what is asked, however old

History = Sequence[tuple[str, str]]


class Assistant:
    """Answers questions from one library; keeps the models and the search index between questions."""

    def __init__(
        self,
        library: str | os.PathLike[str] | None = None,
        *,
        embedder: Embedder | None = None,
        reader: Reader | None = None,
        generator: Generator | None = None,
        support: Support | bool = True,
        min_confidence: float = MIN_CONFIDENCE,
    ) -> None:
        """Without ``library`` the default one is used, or the sample library while there is no default one.

        With ``generator`` that model writes the answers, and what of them the documents bear out is shown. ``support``
        judges what rules cannot: the score that comes with Vouch, loaded when a model first writes; another one; or
        none with False.
        """
        self._embedder = embedder = embedder or load_embedder()
        self._library = indexing.library_to_ask(library, embedder)
        self._reader = reader or load_reader()
        self._generator, self._support = generator, support
        self._min_confidence = min_confidence
        self._english = english_words()
        self._index: tuple[str, FaissIndex] | None = None

    @property
    def library(self) -> Path:
        """The folder it answers from."""
        return self._library

    def quoting(self) -> Assistant:
        """The same assistant, which writes nothing: its answers are made of the documents' own sentences."""
        twin = copy.copy(self)
        twin._generator = None
        return twin

    def ask(
        self,
        question: str,
        as_of: str | dt.date | None = None,
        history: History = (),
        *,
        source: str | None = None,
        published_from: dt.date | None = None,
        metadata: Mapping[str, str] | None = None,
        top_k: int = TOP_K,
    ) -> Answer:
        """Answer a question, citing the exact words, or abstain and say why.

        ``as_of`` lets only documents published by that day answer; ``history`` holds earlier question and
        answer pairs, oldest first. ``source``, ``published_from`` and ``metadata`` keep to documents whose path or URL
        contains the one, that were published on that day or later, and whose metadata hold those entries.
        Raises QuestionError, DateError, LibraryNotFound, EmbedderMismatch, LibraryDamaged.
        """
        stream = self.stream(
            question,
            as_of,
            history,
            source=source,
            published_from=published_from,
            metadata=metadata,
            top_k=top_k,
        )
        (answer,) = (part for part in stream if isinstance(part, Answer))
        return answer

    def stream(
        self,
        question: str,
        as_of: str | dt.date | None = None,
        history: History = (),
        *,
        source: str | None = None,
        published_from: dt.date | None = None,
        metadata: Mapping[str, str] | None = None,
        top_k: int = TOP_K,
        stopped: Callable[[], bool] = lambda: False,
    ) -> Stream[str | Answer, None, None]:
        """Answer as :meth:`ask` does, with the text piece by piece as it is ready and the whole ``Answer`` last.

        A piece was checked before it is given and is never taken back: the pieces joined are ``Answer.text``. An
        abstention has none. Nothing happens before the first piece is asked for; closing the iterator ends the work,
        and so does ``stopped``, which a model asks between two words: then no ``Answer`` comes. Raises what
        :meth:`ask` raises.
        """
        question = _checked(question)
        wanted = SearchFilter(dates.parse_as_of(as_of), published_from, source, metadata or {})
        clock = _Clock()
        with reading(self._library) as view:
            retriever = self._retriever(view)
            vocabulary = Vocabulary(view.connection, self._english)
            asked = mended(resolve(bare(question), history), vocabulary.known, vocabulary.similar)
            clock.lap("open")
            search = _Search(view, retriever, self._reader, wanted, top_k, clock, self._judge)
            found = self._found(question, asked, search)
            passages = self._to_write_from(asked, found, search) if self._generator else []
            if self._generator and passages:
                in_time = bool(found.as_of or found.timeline or search.time_asked(asked).moments)
                task = writing.Task(asked, found, passages, in_time)
                for part in writing.write(self._generator, self._judge(), task, stopped):
                    clock.lap("write")
                    yield part
            else:
                if found.text is not None:
                    yield found.text
                yield found

    def _found(self, question: str, asked: str, search: _Search) -> Answer:
        """The answer made of the documents' own sentences, or the abstention."""
        asked = changing.with_plain_ends(asked)
        asked = self._plainly(asked, search) or asked

        def find(part: str) -> Found:
            return search.find(part if part == asked else self._plainly(part, search) or part)

        reply = reply_to(asked, find, self._min_confidence)
        if isinstance(reply, Reply):
            citations = citing.cite(search.documents, reply.cited)
            search.clock.lap("cite")
            if citations:
                return _compose(question, reply, citations, search, asked, self._min_confidence)
            reply = None
        return _abstention(question, asked, search, self._min_confidence, reply)

    def _plainly(self, asked: str, search: _Search) -> str | None:
        """A question about a tally in the words of the papers; None for any other, and where that is not sure."""
        question = stages.without_asides(asked)
        told = load_stage_tagger().tag(question)
        known = stages.stages_asked(question) == {told.stage}
        if told.words and all(question[start].isupper() for start, _ in told.words if start):
            return None  # the "Renewal Grant" is a name
        if not told.stage or told.probability < (SURE_WITH_WORDS if known else SURE):
            return None
        if not known and search.counts(question, told.words):
            return None  # the papers use the person's own word
        words, time_asked = [*told.words, *stages.words_of(told.stage, question)], search.time_asked(question)
        plain = tallies.plainly(question, told.stage, words, time_asked)
        if plain:
            search.worded[plain] = asked
        else:
            search.unread[asked] = tallies.unread(question, told.stage, words, time_asked)
        return plain

    def _to_write_from(self, asked: str, found: Answer, search: _Search) -> list[tuple[Passage, Document]]:
        """The passages a model may write from, best first; none where its answer could only be worse.

        That is a figure worked out from the documents; and where there is no answer, a question that asks for a
        figure, a name or a date, or about a time: figures of something else, or of another time, are there enough.
        """
        exact = asked_for(asked) or search.time_asked(asked).moments or found.as_of
        hopeless = exact or found.confidence < HOPE or self._min_confidence > MIN_CONFIDENCE
        if found.computed or (found.abstained and hopeless):
            return []
        return search.passages()[:MOST_PASSAGES]

    def search(
        self,
        question: str,
        as_of: str | dt.date | None = None,
        *,
        source: str | None = None,
        published_from: dt.date | None = None,
        top_k: int = TOP_K,
    ) -> tuple[Hit, ...]:
        """The passages nearest to a question or a few words, best first; nobody reads them for an answer.

        Keeps to the documents that :meth:`ask` would, and raises what it raises.
        """
        question = _checked(question)
        wanted = SearchFilter(dates.parse_as_of(as_of), published_from, source)
        with reading(self._library) as view:
            return tuple(self._retriever(view).retrieve(question, top_k, wanted))

    def brief(
        self,
        topic: str,
        as_of: str | dt.date | None = None,
        *,
        source: str | None = None,
        published_from: dt.date | None = None,
        most: int = briefing.MOST,
    ) -> Brief:
        """What the documents say about a topic, in the order of time, in at most ``most`` statements and their figures.

        Every statement is an exact quote; with a generator, ``text`` tells the same in a model's words. Keeps to the
        documents that :meth:`ask` would, and raises what it raises.
        """
        stream = self.stream_brief(topic, as_of, source=source, published_from=published_from, most=most)
        (told,) = (part for part in stream if isinstance(part, Brief))
        return told

    def stream_brief(
        self,
        topic: str,
        as_of: str | dt.date | None = None,
        *,
        source: str | None = None,
        published_from: dt.date | None = None,
        most: int = briefing.MOST,
        stopped: Callable[[], bool] = lambda: False,
    ) -> Stream[str | Brief, None, None]:
        """A brief as :meth:`stream` gives an answer: a model's text piece by piece, the whole ``Brief`` last."""
        topic = _checked(topic)
        wanted = SearchFilter(dates.parse_as_of(as_of), published_from, source)
        clock = _Clock()
        with self._shelf(wanted) as shelf:
            told = briefing.brief(self._topic(topic, shelf), shelf, most)
            clock.lap("brief")
            yield from self._retold(told, shelf, clock, stopped)

    def compare(
        self, topic: str, first: str | dt.date, second: str | dt.date, *, most: int = contrasting.MOST
    ) -> Comparison:
        """What two sides say about a topic: two days ("2024-01-31"), or two documents, by number or file name.

        Of two days the earlier is the first side. With a generator, ``text`` tells it in a model's words. Raises what
        :meth:`ask` raises, DocumentNotFound, and QuestionError for a day beside a document.
        """
        stream = self.stream_comparison(topic, first, second, most=most)
        (found,) = (part for part in stream if isinstance(part, Comparison))
        return found

    def stream_comparison(
        self,
        topic: str,
        first: str | dt.date,
        second: str | dt.date,
        *,
        most: int = contrasting.MOST,
        stopped: Callable[[], bool] = lambda: False,
    ) -> Stream[str | Comparison, None, None]:
        """A comparison as :meth:`stream` gives an answer: a model's text piece by piece, the ``Comparison`` last."""
        topic = _checked(topic)
        clock = _Clock()
        with self._shelf(SearchFilter()) as shelf:
            topic = self._topic(topic, shelf)
            sides = [_side(one, shelf.view) for one in (first, second)]
            if sides[0] == sides[1]:
                raise QuestionError("both sides are the same: name two dates, or two documents")
            match sides:
                case [dt.date() as early, dt.date() as late]:
                    found = contrasting.compare_dates(topic, early, late, shelf, most)
                case [Document() as one, Document() as other]:
                    found = contrasting.compare_documents(topic, one, other, shelf, most)
                case _:
                    raise QuestionError("compare two dates or two documents, not one of each")
            clock.lap("compare")
            yield from self._retold(found, shelf, clock, stopped)

    def _retold(
        self, told: retelling.Retold, shelf: gathering.Shelf, clock: _Clock, stopped: Callable[[], bool]
    ) -> Iterator[str | retelling.Retold]:
        """What was told, by the model too where there is one."""
        told = replace(told, timings=clock.laps)
        if self._generator is None or not told.citations:
            yield told
            return
        quoted = shelf.quoted(told.citations)
        for part in retelling.retell(told, quoted, self._generator, self._judge(), stopped):
            clock.lap("write")
            yield part

    def _judge(self) -> Support | None:
        """The score for whether words bear a sentence, loaded when it is first needed."""
        if self._support is True:
            self._support = load_support()
        return self._support or None

    @contextmanager
    def _shelf(self, wanted: SearchFilter) -> Iterator[gathering.Shelf]:
        with reading(self._library) as view:
            yield gathering.Shelf(view, self._retriever(view), self._embedder, wanted)

    def _topic(self, words: str, shelf: gathering.Shelf) -> str:
        """A topic without the request around it, its misspelt words mended."""
        vocabulary = Vocabulary(shelf.view.connection, self._english)
        return mended(gathering.topic_of(words), vocabulary.known, vocabulary.similar)

    def _retriever(self, view: Reading) -> HybridRetriever:
        view.check(self._embedder)
        dense = DenseSearch(self._embedder, self._dense_index(view))
        return HybridRetriever(view, dense, KeywordSearch(view.connection))

    def _dense_index(self, view: Reading) -> FaissIndex:
        """The index of exactly the generation that is being read: kept, from its snapshot, or from SQLite."""
        kept = self._index
        if kept is None or kept[0] != view.generation:
            kept = self._index = (view.generation, _open_index(self._library, view))
        return kept[1]


def ask(
    question: str,
    library: str | os.PathLike[str] | None = None,
    as_of: str | dt.date | None = None,
    history: History = (),
) -> Answer:
    """Answer one question; for more than one, an ``Assistant`` saves opening the library each time."""
    return Assistant(library).ask(question, as_of, history)


class _Clock:
    """Seconds by stage."""

    def __init__(self) -> None:
        self.laps: dict[str, float] = {}
        self._last = time.perf_counter()

    def lap(self, stage: str) -> None:
        now = time.perf_counter()
        self.laps[stage], self._last = self.laps.get(stage, 0.0) + now - self._last, now


class _Search:
    """Retrieves and reads, each question once; a comparison asks two besides its own."""

    def __init__(
        self,
        view: Reading,
        retriever: HybridRetriever,
        reader: Reader,
        wanted: SearchFilter,
        top_k: int,
        clock: _Clock,
        judge: Callable[[], Support | None],
    ) -> None:
        self.view, self.wanted, self.clock, self._judge = view, wanted, clock, judge
        self._retriever, self._reader, self._top_k = retriever, reader, top_k
        self._found: dict[str, Found] = {}
        self._hits: dict[str, list[Hit]] = {}
        self.weighed: list[weighing.Weighed] = []
        self.unread: dict[str, list[str]] = {}  # the words of a question about a tally that may say which is meant
        self.worded: dict[str, str] = {}  # the person's own words for a question that was put plainly
        self.documents: dict[int, Document] = {}

    def find(self, question: str) -> Found:
        """The passages for a question, and what could answer it."""
        if question not in self._found:
            hits = self._retrieve(question)
            plain = question
            if asked_for(question) == "number":
                plain = _without_time(stages.plain(question), self)
                hits = self._with(stages.searched(plain), hits)
            hits = self._with(
                post_questions.searched(asked_time.without(question, self.time_asked(question).spans)), hits
            )
            documents = {number: self._document(number) for number in {hit.passage.document_id for hit in hits}}
            self.clock.lap("retrieve")
            spans = self._reader.read(plain, [_dated(hit, documents) for hit in hits])
            self.clock.lap("read")
            self._found[question] = self._in_time(question, hits, spans, documents)
            self.clock.lap("time")
        return self._found[question]

    def counts(self, question: str, words: Sequence[tuple[int, int]]) -> bool:
        """Whether some words of a question say in its passages what was done with those that a figure counts."""
        said = [re.compile(rf"\b{re.escape(question[start:end])}\b", re.IGNORECASE) for start, end in words]
        hits = self._retrieved(question) if said else []
        sentences = (hit.passage.words(*place) for hit in hits for place in hit.passage.sentences)
        return any(
            all(pattern.search(stages.told_of(sentence, one.start, one.end)) for pattern in said)
            and stages.counted_at_a_stage(one.unit)
            for sentence in sentences
            if all(pattern.search(sentence) for pattern in said)
            for one in quantities(sentence)
        )

    def _retrieved(self, query: str) -> list[Hit]:
        """The passages that the search finds for a query, which is put to it once."""
        if query not in self._hits:
            self._hits[query] = self._retriever.retrieve(query, self._top_k, self.wanted)
        return self._hits[query]

    def _retrieve(self, question: str) -> list[Hit]:
        """The passages for a question; for one asked in other words than a person's, in turn those for either."""
        found = self._retrieved(question)
        if question not in self.worded:
            return found
        theirs = self._retrieved(self.worded[question])
        in_turn = (hit for pair in zip_longest(theirs, found) for hit in pair if hit)
        return list({hit.passage.id: hit for hit in in_turn}.values())[: self._top_k]

    def _with(self, usual: str | None, hits: list[Hit]) -> list[Hit]:
        """Also the passages that are found by the words papers use for what a question asks about."""
        if usual is None:
            return hits
        known = {hit.passage.id for hit in hits}
        others = self._retrieved(usual)
        return hits + [hit for hit in others if hit.passage.id not in known][: self._top_k // 2]

    def passages(self) -> list[tuple[Passage, Document]]:
        """What was found, best first, of each part of a question in turn; without what speaks only of another time, or
        of another session or year."""
        parts = [
            [(hit.passage, found.documents[hit.passage.document_id]) for hit in _to_the_point(question, found)]
            for question, found in self._found.items()
        ]
        in_turn = (one for rank in zip_longest(*parts) for one in rank if one)
        return list({passage.id: (passage, document) for passage, document in in_turn}.values())

    def time_asked(self, question: str) -> Asked:
        """The time a question asks about, seen from the as-of date or today."""
        return asked_time.asked(question, self.today)

    def without_as_of(self) -> _Search:
        """The same search over everything that is in the library now."""
        everything = replace(self.wanted, as_of=None)
        return _Search(self.view, self._retriever, self._reader, everything, self._top_k, self.clock, self._judge)

    def _in_time(
        self, question: str, hits: Sequence[Hit], spans: Sequence[Span], documents: Mapping[int, Document]
    ) -> Found:
        time_asked = self.time_asked(question)
        spans = [one for one in spans if one.sentence_start <= one.start < one.end <= one.sentence_end]
        spoken = _spoken_of(question, time_asked, spans, documents)
        plain = asked_time.without(question, time_asked.spans)
        told = temporal.together(plain, statements(question, spoken, documents))
        told = fitting.fitted(
            question,
            plain,
            told,
            documents,
            self.today,
            in_plain_words=question in self.worded,
            unread=self.unread.get(question, ()),
        )
        unnamed = [span for span in spans if span not in spoken]
        post = post_questions.asked(plain)
        held = incumbents.holders(post, time_asked, self.today, hits, documents, told) if post else None
        if held:
            self.weighed.append(weighing.Weighed(unnamed, held.others, held.untimely, held.said))
            return Found(hits, held.said, documents, time_asked, held.untimely, question, self._judge)
        said = incumbents.of_the_post(post, told) if post else told
        timely = temporal.timely(question, said, time_asked, _reach(said), documents)
        untimely = [one for one in said if one not in timely]
        other_post = [one for one in told if one not in said]
        self.weighed.append(weighing.Weighed(unnamed, other_post, untimely, timely))
        return Found(hits, timely, documents, time_asked, untimely, question, self._judge)

    @property
    def today(self) -> dt.date:
        """The day that the question is asked on: the as-of date, or today."""
        return self.wanted.as_of or dt.date.today()

    def _document(self, number: int) -> Document:
        if number not in self.documents:
            self.documents[number] = self.view.document(number)
        return self.documents[number]


def _to_the_point(question: str, found: Found) -> list[Hit]:
    """Passages that speak of what a question pins down, and not only of a time that it does not ask about."""
    timely, untimely = ({one.span.passage.id for one in said} for said in (found.said, found.untimely))
    speaking = _speaking(question, found.asked, found.documents)
    return [
        hit
        for hit in found.hits
        if hit.passage.document_id in speaking
        and (hit.passage.id in timely or not (found.asked.moments or hit.passage.id in untimely))
    ]


def _reach(said: Sequence[Statement]) -> dt.date | None:
    """The last day of which a document is that tells of what is asked."""
    likely = LIKELY * max((one.score for one in said), default=0.0)
    return max((day for one in said if one.score >= likely and (day := one.published.last())), default=None)


def _without_time(question: str, search: _Search) -> str:
    """A question about a figure as it is read: its time is not the reader's to judge (see temporal.py)."""
    time_asked = search.time_asked(question)
    return asked_time.without(question, time_asked.spans if time_asked.moments else ())


def _dated(hit: Hit, documents: Mapping[int, Document]) -> Hit:
    """A passage as it is read: under its date too, for "how many had come by January 2024"."""
    published = documents[hit.passage.document_id].published.date
    if published.precision == "unknown":
        return hit
    return replace(hit, passage=replace(hit.passage, headings=(str(published), *hit.passage.headings)))


def _side(name: str | dt.date, view: Reading) -> dt.date | Document:
    """One side of a comparison: a day, else a document. A number without dashes below 1000 is a document's.

    Raises DocumentNotFound.
    """
    if isinstance(name, dt.date):
        return name
    with suppress(DateError):
        day = None if name.strip().isdigit() and len(name.strip()) < 4 else dates.parse_as_of(name)
        if day:
            return day
    try:
        return view.find(name.strip())
    except DocumentNotFound as error:
        raise DocumentNotFound(f"{name!r} is no date such as 2024-01-31, and {error}") from error


def _open_index(library: Path, view: Reading) -> FaissIndex:
    count, dimension = view.count_passages(), int(view.meta("dimension") or 0)
    data = snapshot.load(library / "snapshots", view.generation)
    if data is not None:
        index = FaissIndex.from_bytes(data)
        if (len(index), index.dimension) == (count, dimension):
            return index
    return FaissIndex.build(*view.vectors())


def _checked(question: str) -> str:
    question = " ".join(question.encode("utf-8", "replace").decode().split())  # half a surrogate pair is no letter
    if not question:
        raise QuestionError("the question is empty: ask something in plain words")
    if len(question) > MAX_QUESTION_CHARS:
        raise QuestionError(
            f"the question has {len(question):,} characters: ask in at most {MAX_QUESTION_CHARS:,}, "
            "and index long texts as documents"
        )
    return question


_PINNED = re.compile(
    r"\b(?:(?:19|20)\d\d(?:/\d\d)?|(?i:third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth)"
    r"|[Ss]econd [A-Z]\w+(?: [A-Z]\w+)*|\d+(?:st|nd|rd|th)"
    r"|January|February|March|April|May|June|July|August|September|October|November|December)\b"
)


def _spoken_of(
    question: str, time_asked: Asked, spans: Sequence[Span], documents: Mapping[int, Document]
) -> list[Span]:
    """Spans of documents that speak of what the question pins down."""
    speaking = _speaking(question, time_asked, documents)
    return [span for span in spans if span.passage.document_id in speaking]


def _speaking(question: str, time_asked: Asked, documents: Mapping[int, Document]) -> set[int]:
    """Documents that speak of every ordinal in the question, and every year or month that is part of a name.

    Words nearest to "the sixth session" in papers on the fifth would be a wrong answer. The time that the question
    asks about is another matter (see temporal.py).
    """
    named = asked_time.without(question, time_asked.spans)
    pinned = {word.lower() for word in _PINNED.findall(named)}
    if not pinned:
        return set(documents)
    words = {number: _moments_of(document) for number, document in documents.items()}
    return {number for number, said in words.items() if all(word in said for word in pinned)}


def _moments_of(document: Document) -> str:
    """A document's words in lower case, with its date and the months and years it names by "last month"."""
    words = f"{document.text} {document.published}".lower()
    date = document.published.date
    for which, step in (("last", -1), ("next", 1)):
        if date.year and date.month and f"{which} month" in words:
            at = dt.date(date.year, date.month, 15) + step * dt.timedelta(days=30)
            words += f" {calendar.month_name[at.month].lower()} {at.year}"
        if date.year and f"{which} year" in words:
            words += f" {date.year + step}"
    return words


def _compose(
    question: str, reply: Reply, citations: Sequence[Citation], search: _Search, asked: str, least: float
) -> Answer:
    shown = citations[: len(citing.cite(search.documents, reply.spans))]
    quotes = " ".join(f"{citation.quote} [{citation.number}]" for citation in shown)
    if _invented(question, reply, citations, search.documents):
        reply = replace(
            reply, lead="", short=None, computed=()
        )  # the quotes stand; what does not follow from them goes
    return Answer(
        question=question,
        text=f"{reply.lead} {quotes}".lstrip(),
        short=reply.short,
        citations=tuple(citations),
        confidence=reply.confidence,
        as_of=search.wanted.as_of,
        moment=reply.moment,
        timeline=_points(reply.timeline, citations),
        conflicts=_points(reply.conflicts, citations),
        computed=reply.computed,
        hits=tuple(search.find(asked).hits),
        timings=search.clock.laps,
        candidates=weighing.candidates(search.weighed, reply.cited, least),
        notes=(f"The question was read as: {asked}",) if _in_other_words(asked, search) else (),
    )


def _in_other_words(asked: str, search: _Search) -> bool:
    """Whether a question was put so differently from a person's own words that they should know."""
    theirs = search.worded.get(asked)
    return theirs is not None and not stages.is_usual(theirs)


def _invented(
    question: str, reply: Reply, citations: Sequence[Citation], documents: Mapping[int, Document]
) -> list[str]:
    """Numbers, dates and names of an answer that neither its quotes nor the question hold and that nothing computes.

    The title of a document that is cited stands beside its quote.
    """
    held = [question, *(citation.quote for citation in citations)]
    told = [
        one.moment.label
        for one in (*reply.timeline, *reply.conflicts)
        if _is_told(one.moment, documents[one.span.passage.document_id])
    ]
    words = citing.without_titles(f"{reply.lead} {reply.short or ''}", citations)
    return citing.unsupported(words, held, (*reply.computed, *told))


def _is_told(moment: Moment, document: Document) -> bool:
    """Whether a moment's label is the document's date, or follows from words that stand in the document.

    Its months and years must be those of its days, and where the words name months, months that they name.
    """
    if moment.label == str(document.published):
        return True
    label, words = ({*_MONTH_OR_YEAR.findall(text)} for text in (moment.label, moment.words))
    days = " ".join(f"{day:%B %Y}" for day in (moment.first, moment.last, moment.since) if day)
    months = {word[:3] for word in words if word.isalpha()}
    return (
        bool(moment.words)
        and " ".join(moment.words.split()) in " ".join(document.text.split())
        and (not days or label <= {*days.split()})
        and (not months or {word[:3] for word in label if word.isalpha()} <= months)
    )


_MONTH_OR_YEAR = re.compile(rf"\b(?:(?:{'|'.join(calendar.month_abbr[1:])})[a-z]*|(?:19|20)\d\d)\b")


def _points(said: Sequence[Statement], citations: Sequence[Citation]) -> tuple[Point, ...]:
    """Statements with the citation that holds each."""
    return tuple(
        Point(one.words, one.moment, citation, one.quantity)
        for one in said
        for citation in citations
        if citation.document_id == one.given.passage.document_id
        and citation.start <= one.given.start < one.given.end <= citation.end
    )


def _abstention(
    question: str, asked: str, search: _Search, least: float, short: Shortfall | Unexplained | None
) -> Answer:
    found = search.find(plainly(asked))
    if isinstance(short, Unexplained):
        titles = [search.documents[one.span.passage.document_id].title for one in short.values]
        reason = abstaining.unexplained(short.values, titles)
        series: Sequence[Statement] = short.values
    elif short:
        reason = abstaining.not_passed(short.mark, short.falls, short.nearest, search.wanted.as_of)
        series = short.values
    else:
        reason, series = _why_not(plainly(asked), search, found, least)
    citations = citing.cite(search.documents, [one.given for one in series])
    sure = found.spans[0].score if found.spans else 0.0
    return Answer(
        question=question,
        text=None,
        citations=tuple(citations),
        confidence=sure if sure < least else 0.0,  # words that are sure, but of something else
        as_of=search.wanted.as_of,
        timeline=_points(series, citations),
        hits=tuple(found.hits),
        reason=reason,
        timings=search.clock.laps,
        candidates=weighing.candidates(search.weighed, (), least),
    )


def _why_not(asked: str, search: _Search, found: Found, least: float) -> tuple[str, Sequence[Statement]]:
    """Why there is no answer, and the values of other times where there are some."""
    view, wanted = search.view, search.wanted
    if wanted.as_of:
        everything = search.without_as_of()
        said = [one for one in everything.find(asked).said if one.score >= least]
        later = [one for one in said if (one.published.last() or dt.date.min) > wanted.as_of]
        if later and not any(one.score >= least for one in (*found.said, *found.untimely)):
            first = min(later, key=lambda one: one.published.first() or dt.date.max)
            return abstaining.known_later(everything.documents[first.span.passage.document_id], wanted.as_of), ()
    empty = abstaining.nothing_to_search(view, wanted, found.hits)
    if empty:
        return empty, ()
    untimely = [one for one in found.untimely if one.score >= least]
    if untimely and search.time_asked(asked).moments:
        best = max(untimely, key=lambda one: one.score)
        series = temporal.series(asked, best, untimely)
        return abstaining.another_time(search.time_asked(asked), series), series
    return abstaining.unsure(view, asked, wanted, found.hits), ()
