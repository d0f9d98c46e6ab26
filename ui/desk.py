"""What every face does over one library: ask, search, add, remove, look up. Safe to use from many threads.

Questions stand in one line, changes of the library in another, so that adding documents never blocks an answer.
``rag.Assistant`` holds nothing that two questions could disturb: each opens its own view of the library, the encoder
computes every question in the same pool of threads, and the search index is replaced as a whole. As many questions
run at once as there are cores; a second one uses the time in which the first is in Python and not in the encoder.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import errno
import os
import queue
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from rag import __version__, briefing, contrasting, indexing, store
from rag.answering import MIN_CONFIDENCE, TOP_K, Assistant, History
from rag.errors import LibraryError, LibraryFull, LibraryNotFound, RagError
from rag.indexing import Progress
from rag.models import READER, READER_SHA256, load_embedder, load_reader, load_support
from rag.sources import is_url
from rag.types import Answer, Brief, Comparison, Document, Failure, Hit, IndexReport, Told
from ui.uploads import FOLDER, Keeping, Upload

if TYPE_CHECKING:
    from collections.abc import Generator as Stream

    from rag.seams import Embedder, Generator, Reader, Vectors

WAITING_QUESTIONS = 64
WAITING_CHANGES = 8
WAITING_ERRANDS = 16
QUESTION_SECONDS = 60.0
WRITING_SECONDS = 300.0  # where a model writes the answers
HELPING = 32  # passages embedded at a time while documents are added: about a third of a second on two cores
ASIDE_SECONDS = 20.0  # how long an errand waits for questions to be done before it is given up
COURTESY_SECONDS = 0.5  # how long a helping waits for questions to be done; without an end, it might never come

T = TypeVar("T")
Stopped = Callable[[], bool]


class DeskError(RagError):
    """Something about the desk, not about the library or the question."""


class Busy(DeskError):
    """Too many are waiting already."""


class OutOfTime(DeskError):
    """A question took longer than it may."""


class Closing(DeskError):
    """The server is being stopped."""


class SampleOnly(DeskError):
    """There is no library yet, only the sample that comes with Vouch."""


@dataclass(frozen=True, slots=True)
class Models:
    """What reads and searches. The hash is that of the reader's weights, empty where nothing is known of them."""

    embedder: Embedder
    reader: Reader
    reader_name: str
    reader_sha256: str = ""
    generator: Generator | None = None


@dataclass(frozen=True, slots=True)
class Shelved:
    """A document of the library, and into how many passages it is cut."""

    document: Document
    passages: int


@dataclass(frozen=True, slots=True)
class Record:
    """What answered: for the audit of an answer. Hashes are SHA-256 in hex; ``files`` those of the files cited from,
    by number of the document."""

    version: str
    library: str
    sample: bool
    generation: str
    documents: int
    embedder: str
    embedder_sha256: str
    reader: str
    reader_sha256: str
    min_confidence: float
    files: Mapping[int, str] = field(default_factory=dict)


def load_models(
    embedder: str | None = None,
    reader: str | None = None,
    generator: Callable[[], Generator | None] = lambda: None,
) -> Models:
    """Models by folder or hub name; those that come with Vouch by default. Raises ModelNotFound, ModelDamaged."""
    if reader is None:
        return Models(load_embedder(embedder), load_reader(), READER.name, READER_SHA256, generator())
    sha256 = _weights_sha256(Path(reader).expanduser())
    return Models(load_embedder(embedder), load_reader(reader), reader, sha256, generator())


class Desk:
    """One library and the models to ask it with."""

    def __init__(
        self,
        library: Path,
        *,
        models: Callable[[], Models] = load_models,
        min_confidence: float = MIN_CONFIDENCE,
        at_once: int | None = None,
        waiting: int = WAITING_QUESTIONS,
        seconds: float = QUESTION_SECONDS,
    ) -> None:
        """Loads nothing yet.

        ``at_once`` questions are answered together (by default one for each core), ``waiting`` more may wait, and
        ``seconds`` is how long one may take, its wait included.
        """
        self.library = library
        self.seconds = seconds
        self._min_confidence = min_confidence
        self._load = models
        self._loading: Future[Models] | None = None
        self._assistant: Assistant | None = None
        self._is_made = False
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self._questions = _Line("question", at_once or os.cpu_count() or 1, waiting)
        self._changes = _Line("change", 1, WAITING_CHANGES)
        self._errands = _Line("errand", 1, WAITING_ERRANDS)

    # --- ready or not -------------------------------------------------------------------------------------------

    def warm(self) -> None:
        """Start loading the models, if nobody has, and return at once."""
        self._models()

    @property
    def ready(self) -> bool:
        """Whether the models are loaded and a library is open."""
        return self._assistant is not None

    @property
    def failure(self) -> RagError | None:
        """Why loading failed, if it did; the next question tries again."""
        loading = self._loading
        error = loading.exception() if loading and loading.done() else None
        return error if isinstance(error, RagError) else None

    @property
    def sends_to(self) -> str:
        """The address off this machine to which passages are sent for a model to write from; empty where there is none,
        and as long as the models are being loaded."""
        from rag.generation import ServerGenerator, is_local, shown

        if not self.ready:
            return ""
        writer = self._models().result().generator
        return shown(writer.url) if isinstance(writer, ServerGenerator) and not is_local(writer.url) else ""

    @property
    def is_sample(self) -> bool:
        """Whether there is no library yet, so that the sample library answers."""
        return not self._made()

    # --- asking -------------------------------------------------------------------------------------------------

    def asking(
        self,
        question: str,
        *,
        as_of: str | dt.date | None = None,
        history: History = (),
        source: str | None = None,
        published_from: dt.date | None = None,
    ) -> Future[Answer]:
        """A place in the line; cancelling what still waits gives it up. Raises Busy, Closing.

        Its result raises what ``Assistant.ask`` raises, and ModelNotFound or ModelDamaged.
        """

        return self._joined(
            lambda stopped: self._opened().stream(
                question, as_of, history, source=source, published_from=published_from, stopped=stopped
            )
        )

    def ask(
        self,
        question: str,
        *,
        as_of: str | dt.date | None = None,
        history: History = (),
        source: str | None = None,
        published_from: dt.date | None = None,
    ) -> Answer:
        """Answer, waiting for the models and for one's turn. Raises what :meth:`asking` does, and OutOfTime."""
        return self.within_time(
            self.asking(question, as_of=as_of, history=history, source=source, published_from=published_from)
        )

    def stream(
        self,
        question: str,
        *,
        as_of: str | dt.date | None = None,
        history: History = (),
        source: str | None = None,
        published_from: dt.date | None = None,
    ) -> Streaming:
        """A place in the line for an answer as ``Assistant.stream`` gives it. Raises Busy, Closing.

        Iterating raises what ``Assistant.stream`` raises, and OutOfTime where nothing came for so many seconds.
        """
        return self._streamed(
            lambda stopped: self._opened().stream(
                question, as_of, history, source=source, published_from=published_from, stopped=stopped
            )
        )

    def searching(
        self, question: str, top_k: int = TOP_K, *, as_of: str | dt.date | None = None
    ) -> Future[tuple[Hit, ...]]:
        """A place in the line for :meth:`search`."""
        return self._questions.join(lambda: self._opened().search(question, as_of, top_k=top_k))

    def search(self, question: str, top_k: int = TOP_K, *, as_of: str | dt.date | None = None) -> tuple[Hit, ...]:
        """The nearest passages, best first, unread. Raises what :meth:`ask` raises."""
        return self.within_time(self.searching(question, top_k, as_of=as_of))

    def briefing(
        self,
        topic: str,
        *,
        as_of: str | dt.date | None = None,
        source: str | None = None,
        published_from: dt.date | None = None,
        most: int = briefing.MOST,
    ) -> Future[Brief]:
        """A place in the line for what the documents say about a topic. Raises Busy, Closing."""
        return self._joined(
            lambda stopped: self._opened().stream_brief(
                topic, as_of, source=source, published_from=published_from, most=most, stopped=stopped
            )
        )

    def stream_brief(
        self,
        topic: str,
        *,
        as_of: str | dt.date | None = None,
        source: str | None = None,
        published_from: dt.date | None = None,
    ) -> Streaming:
        """A brief as :meth:`stream` gives an answer."""
        return self._streamed(
            lambda stopped: self._opened().stream_brief(
                topic, as_of, source=source, published_from=published_from, stopped=stopped
            )
        )

    def comparing(self, topic: str, first: str, second: str, *, most: int = contrasting.MOST) -> Future[Comparison]:
        """A place in the line for what two days or two documents say about a topic. Raises Busy, Closing."""
        return self._joined(
            lambda stopped: self._opened().stream_comparison(topic, first, second, most=most, stopped=stopped)
        )

    def stream_comparison(self, topic: str, first: str, second: str) -> Streaming:
        """A comparison as :meth:`stream` gives an answer."""
        return self._streamed(lambda stopped: self._opened().stream_comparison(topic, first, second, stopped=stopped))

    def within_time(self, future: Future[T]) -> T:
        """The result of a place in the line. Raises OutOfTime, and Closing where it was given up."""
        try:
            return future.result(self.seconds)
        except TimeoutError:
            future.cancel()
            raise self.out_of_time() from None
        except CancelledError:
            raise closing() from None

    def out_of_time(self) -> OutOfTime:
        """The error for a question that took too long."""
        return OutOfTime(f"no answer within {self.seconds:g} seconds: ask again in a moment, or ask for less at a time")

    def errand(self, work: Callable[[], T]) -> Future[T]:
        """A place in the line for what nobody waits for, one at a time. Raises Busy, Closing."""
        return self._errands.join(work)

    def ask_aside(
        self,
        question: str,
        *,
        as_of: str | dt.date | None = None,
        history: History = (),
        source: str | None = None,
        published_from: dt.date | None = None,
    ) -> Answer:
        """Answer in the documents' own words, when nobody asks and in nobody's place: for errands.

        Raises Busy where people go on asking.
        """
        if not self._questions.wait_until_empty(ASIDE_SECONDS):
            raise Busy("people are asking: this errand is given up")
        quoting = self._opened().quoting()
        return quoting.ask(question, as_of, history, source=source, published_from=published_from)

    # --- the library --------------------------------------------------------------------------------------------

    @property
    def generation(self) -> str:
        """The state of the library that is asked; another after every change of it."""
        folder = self._folder()
        with store.reading(folder) as view:
            return f"{folder} {view.generation}"

    def adding(
        self,
        uploads: Sequence[Upload] = (),
        urls: Sequence[str] = (),
        *,
        progress: Progress | None = None,
        replace: bool = False,
    ) -> Future[IndexReport]:
        """A place in the line of changes for files that were sent and for URLs. Raises Busy, Closing.

        The files are copied into the library's folder when their turn comes: let them lie until it is done. One that
        has the name of another is kept beside it, unless ``replace``. The run goes on when nobody waits for it.
        """
        return self._changes.join(lambda: self._add(uploads, urls, progress, replace))

    def add(
        self,
        uploads: Sequence[Upload] = (),
        urls: Sequence[str] = (),
        *,
        progress: Progress | None = None,
        replace: bool = False,
    ) -> IndexReport:
        """Keep and index files that were sent, and URLs. Raises Busy, Closing and what ``rag.index`` raises."""
        return _finished(self.adding(uploads, urls, progress=progress, replace=replace))

    def index(self, paths: Iterable[str | os.PathLike[str]], progress: Progress | None = None) -> IndexReport:
        """Bring the library up to date with paths of this machine and URLs, where they are: also to index one again.

        Never pass paths that came over the network. Raises Busy, Closing and what ``rag.index`` raises.
        """
        wanted = list(paths)
        return _finished(self._changes.join(lambda: self._index(wanted, progress)))

    def reindexing(self, sources: Sequence[str], progress: Progress | None = None) -> Future[IndexReport]:
        """A place in the line of changes for documents to be read again. Raises SampleOnly, Busy, Closing.

        ``sources`` are those of documents of this library, never paths that came over the network.
        """
        if not self._made():
            raise _sample_only()
        return self._changes.join(lambda: self._index(sources, progress))

    def removing(self, names: Iterable[str]) -> Future[list[str]]:
        """A place in the line of changes for :meth:`remove`."""
        wanted = list(names)
        return self._changes.join(lambda: self._remove(wanted))

    def remove(self, names: Iterable[str]) -> list[str]:
        """Forget documents by number or name, and the files that were sent for them; returns their sources.

        Raises SampleOnly, DocumentNotFound, LibraryBusy, Busy, Closing.
        """
        return _finished(self.removing(names))

    def documents(self) -> tuple[Shelved, ...]:
        """Every document, in the order they came. Waits for the models where there is only the sample library."""
        with store.reading(self._folder()) as view:
            return tuple(Shelved(document, view.count_passages(document.id)) for document in view.documents())

    def document(self, number: int) -> Document:
        """A document by number, earlier versions included. Raises DocumentNotFound."""
        with store.reading(self._folder()) as view:
            return view.document(number)

    def find(self, name: str) -> Document:
        """A document by number or file name. Raises DocumentNotFound."""
        with store.reading(self._folder()) as view:
            return view.find(name)

    def record(self, told: Told | None = None) -> Record:
        """What answers at this moment, for the audit of what was just told."""
        models, folder = self._models().result(), self._folder()
        cited = {citation.document_id for citation in told.citations} if told else set()
        with store.reading(folder) as view:
            known = {number for number, _ in view.live().values()}
            return Record(
                version=__version__,
                library=str(folder),
                sample=self.is_sample,
                generation=view.generation,
                documents=len(known),
                embedder=models.embedder.name,
                embedder_sha256=models.embedder.fingerprint,
                reader=models.reader_name,
                reader_sha256=models.reader_sha256,
                min_confidence=self._min_confidence,
                files={number: view.document(number).sha256 for number in sorted(cited & known)},
            )

    def close(self) -> None:
        """Take nothing new, stop what a model writes, let what is being added come to its end, then return."""
        self._closing.set()
        self._errands.close(drop_waiting=True, wait=False)
        self._questions.close(drop_waiting=True)
        self._changes.close(drop_waiting=True)

    # --- within -------------------------------------------------------------------------------------------------

    def _models(self) -> Future[Models]:
        """The models, being loaded or loaded; begun anew where that failed."""
        with self._lock:
            if self._loading is None or (self._loading.done() and self._loading.exception()):
                self._loading = Future()
                threading.Thread(target=self._fill, args=(self._loading,), name="loading", daemon=True).start()
            return self._loading

    def _fill(self, loading: Future[Models]) -> None:
        try:
            models = self._load()
            self._open(models)
        except BaseException as error:  # whoever waits for the models is told, by the future
            loading.set_exception(error)
        else:
            loading.set_result(models)

    def _opened(self) -> Assistant:
        return self._open(self._models().result())

    def _open(self, models: Models) -> Assistant:
        """The assistant over the library; over the sample library while there is none."""
        folder = self.library if self._made() else indexing.sample_library(models.embedder)
        kept = self._assistant
        if kept is None or kept.library != folder:
            kept = self._assistant = Assistant(
                folder,
                embedder=models.embedder,
                reader=models.reader,
                generator=models.generator,
                support=load_support() if models.generator else True,
                min_confidence=self._min_confidence,
            )
        return kept

    def _joined(self, begin: Callable[[Stopped], Stream[str | T, None, None]]) -> Future[T]:
        """A place in the line for what a stream ends with."""

        def last() -> T:
            for part in self._parts(begin):
                if not isinstance(part, str):
                    return part
            raise closing()

        return self._questions.join(last)

    def _streamed(self, begin: Callable[[Stopped], Stream[str | Told, None, None]]) -> Streaming:
        """A place in the line for a stream."""
        streaming = Streaming(self.seconds, self.out_of_time)
        streaming.begin(self._questions.join(lambda: streaming.take(self._parts(begin, lambda: streaming.closed))))
        return streaming

    def _parts(
        self, begin: Callable[[Stopped], Stream[str | T, None, None]], given_up: Stopped = lambda: False
    ) -> Iterator[str | T]:
        """What is on its way, until it is given up or the desk closes."""
        with contextlib.closing(begin(lambda: given_up() or self._closing.is_set())) as stream:
            yield from stream

    def _folder(self) -> Path:
        return self.library if self._made() else self._opened().library

    def _made(self) -> bool:
        """Whether something was ever published in the library; a first upload may have failed."""
        if not self._is_made:
            try:
                with store.reading(self.library) as view:
                    self._is_made = view.generation != "0"
            except LibraryNotFound:
                return False
        return self._is_made

    def _add(
        self, uploads: Sequence[Upload], urls: Sequence[str], progress: Progress | None, replaces: bool
    ) -> IndexReport:
        keeping = Keeping((self.library / FOLDER).resolve())
        refused = tuple(_refused(url) for url in urls if not is_url(url))
        unreadable: list[str] | None = None
        try:
            paths = [str(path) for path in keeping.keep(uploads, replaces)] if uploads else []
            report = self._index([*paths, *(url for url in urls if is_url(url))], progress)
            unreadable = [failure.source for failure in report.failed]
        except OSError as error:
            raise _unkept(self.library, error) from error
        finally:
            keeping.settle(unreadable)
        return replace(report, failed=(*report.failed, *refused), warnings=(*keeping.warnings, *report.warnings))

    def _index(self, paths: Sequence[str | os.PathLike[str]], progress: Progress | None) -> IndexReport:
        embedder = _Courteous(self._models().result().embedder, self._questions)
        return indexing.index(paths, self.library, embedder=embedder, progress=progress)

    def _remove(self, names: Sequence[str]) -> list[str]:
        if not self._made():
            raise _sample_only()
        removed = indexing.remove(names, self.library)
        kept = (self.library / FOLDER).resolve()
        for source in removed:
            if not is_url(source) and Path(source).parent == kept:
                Path(source).unlink(missing_ok=True)
        return removed


class Streaming(Iterator[str | Told]):
    """An answer, a brief or a comparison on its way: its text piece by piece, the whole of it last.

    Whoever reads may be in another thread than what writes; ``close`` may be called from a third one, and stops both.
    """

    def __init__(self, seconds: float, out_of_time: Callable[[], OutOfTime]) -> None:
        self._seconds, self._out_of_time = seconds, out_of_time
        self._parts: queue.SimpleQueue[str | Told | None] = queue.SimpleQueue()
        self._closed = threading.Event()
        self._is_whole = False
        self._done: Future[None]

    def begin(self, done: Future[None]) -> None:
        """Its place in the line is this one."""
        self._done = done
        done.add_done_callback(lambda _: self._parts.put(None))

    def take(self, parts: Iterable[str | Told]) -> None:
        """Pass on what comes, until it ends or nobody reads it any more."""
        for part in parts:
            if self.closed:
                return
            self._parts.put(part)

    @property
    def closed(self) -> bool:
        """Whether nobody reads it any more."""
        return self._closed.is_set()

    def __iter__(self) -> Streaming:
        return self

    def __next__(self) -> str | Told:
        try:
            part = self._parts.get(timeout=self._seconds)
        except queue.Empty:
            self.close()
            raise self._out_of_time() from None
        if part is None:
            self._parts.put(None)  # whoever asks again finds the end again
            self._end()
            raise StopIteration
        self._is_whole = not isinstance(part, str)
        return part

    def _end(self) -> None:
        """Raise what kept it from coming to its end, if anybody still wants to know."""
        if self.closed or self._is_whole:
            return
        if self._done.cancelled() or self._done.exception() is None:
            raise closing()
        self._done.result()

    def close(self) -> None:
        """Give it up: nothing more comes, and the model stops writing."""
        self._closed.set()
        self._done.cancel()
        self._parts.put(None)


class _Line:
    """So many at once, so many waiting; whoever comes after them is told so."""

    def __init__(self, name: str, at_once: int, waiting: int) -> None:
        self._pool = ThreadPoolExecutor(at_once, thread_name_prefix=name)
        self._room = at_once + waiting
        self._inside = 0
        self._changed = threading.Condition()

    def join(self, work: Callable[[], T]) -> Future[T]:
        """Raises Busy, Closing."""
        with self._changed:
            if self._inside >= self._room:
                raise Busy(f"{self._inside} are being served or waiting already: try again in a moment")
            self._inside += 1
        try:
            future = self._pool.submit(work)
        except RuntimeError:
            self._leave()
            raise closing() from None
        future.add_done_callback(lambda _: self._leave())
        return future

    def _leave(self) -> None:
        with self._changed:
            self._inside -= 1
            self._changed.notify_all()

    def wait_until_empty(self, seconds: float) -> bool:
        """Until nobody is in the line, or for so long; whether nobody is."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._inside, seconds)

    def close(self, drop_waiting: bool, *, wait: bool = True) -> None:
        """Take nobody new; returns when those being served are done."""
        self._pool.shutdown(wait=wait, cancel_futures=drop_waiting)


class _Courteous:
    """The embedder as it serves indexing: in small helpings, and before each, questions come first."""

    def __init__(self, embedder: Embedder, questions: _Line) -> None:
        self._embedder = embedder
        self._questions = questions
        self.name, self.fingerprint, self.dimension = embedder.name, embedder.fingerprint, embedder.dimension

    def embed(self, texts: Sequence[str], *, progress: Callable[[int], None] | None = None) -> Vectors:
        """See :class:`rag.seams.Embedder`."""
        import numpy as np

        parts = []
        for start in range(0, len(texts), HELPING):
            self._questions.wait_until_empty(COURTESY_SECONDS)
            parts.append(self._embedder.embed(texts[start : start + HELPING]))
            if progress:
                progress(start + len(parts[-1]))
        return np.concatenate(parts) if parts else self._embedder.embed(texts)


def closing() -> Closing:
    """The error for whoever comes, or waits, while the server is being stopped."""
    return Closing("Vouch is being stopped: start it again and repeat this")


def _sample_only() -> SampleOnly:
    return SampleOnly("these are the sample documents that come with Vouch: add documents of your own first")


def _finished(future: Future[T]) -> T:
    try:
        return future.result()
    except CancelledError:
        raise closing() from None


def _unkept(library: Path, error: OSError) -> LibraryError:
    if error.errno == errno.ENOSPC:
        return LibraryFull(f"the disk is full: free some room and add the files again; {library} is as before")
    return LibraryError(f"the files cannot be kept in {library} ({error}): check the folder's permissions")


def _refused(url: str) -> Failure:
    return Failure(
        url, "UnsupportedSource", "only http and https addresses are fetched: download it, then add the file"
    )


def _weights_sha256(folder: Path) -> str:
    import hashlib

    weights = folder / "model.safetensors"
    if not weights.is_file():
        return ""
    with weights.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
