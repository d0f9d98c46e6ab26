"""The chat page: what Gradio serves, and the functions it calls.

``page.html`` is the page before anything was asked, ``page.js`` what moves in it, ``page.css`` how it looks: they go
into the head of Gradio's page, so that it stands at the first paint and no script has to be compiled from text (which
the server's content security policy forbids, and which Gradio's own HTML component does). The functions below are
Gradio endpoints. They take what the page sends, which is checked, and return HTML from ``ui.rendering`` or an
``error`` in words.
"""

from __future__ import annotations

import asyncio
import contextlib
import html
import inspect
import json
import logging
import re
import secrets
import string
from collections.abc import Awaitable, Callable, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rag import dates
from rag.errors import DateError, DocumentNotFound, QuestionError, RagError
from rag.memo import brief_text, comparison_text
from rag.rendering import answer_text
from rag.types import Answer, Brief, Document, Failure, IndexReport, PartialDate, Told
from ui import papers, rendering, telling, texts
from ui.conversations import ConversationNotFound, Conversations, Rating, Settings, Turn
from ui.desk import WAITING_QUESTIONS, Desk, Streaming
from ui.exporting import Form, export
from ui.originals import Originals
from ui.suggesting import Suggestions
from ui.uploads import Upload

if TYPE_CHECKING:
    import gradio
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

ROOM = Path(__file__).parent
MOST_FILES = 500
LISTENERS = 2 * WAITING_QUESTIONS  # threads that wait for answers, begun when needed; more can never be asked at once
HEARING_SECONDS = 20.0  # how long the page's request for more of an answer is held
REMEMBERED = 6  # earlier turns that a follow-up may refer to

Payload = dict[str, Any]  # what the page sends and gets: JSON
_LOG = logging.getLogger(__name__)


class PageError(RagError):
    """What the page sent cannot be done."""


def build(desk: Desk, conversations: Conversations, *, shared: bool = False) -> gradio.Blocks:
    """The page over a desk; :func:`options` go with it when it is mounted.

    ``shared``: several people use it, and each browser sees its own conversations only.
    """
    import gradio as gr
    from gradio.events import api

    page = _Page(desk, conversations, shared)
    blocks: gr.Blocks
    with gr.Blocks(title=texts.TITLE, analytics_enabled=False) as blocks:
        for function in page.functions():
            api(_served(function), api_name=function.__name__, queue=False, api_visibility="undocumented")
    return blocks


def options() -> dict[str, Any]:
    """What ``gr.mount_gradio_app`` needs to know besides: puts the page into the head of what Gradio sends."""
    from starlette.middleware import Middleware

    return {"app_kwargs": {"middleware": [Middleware(_WithHead, head=_head().encode())]}}


def waiting() -> str:
    """The page alone, which can be shown before Gradio is there: what is asked on it waits until it is."""
    begin = '<!doctype html><html lang="en"><head><meta charset="utf-8">'
    width = '<meta name="viewport" content="width=device-width, initial-scale=1">'
    return f"{begin}{width}<title>{texts.TITLE}</title>{_head()}</head><body></body></html>"


class _WithHead:
    """Adds to the head of the page on its way out. Gradio's own ``head`` comes late, by its script."""

    def __init__(self, app: ASGIApp, head: bytes) -> None:
        self._app, self._head = app, head

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See ASGI."""
        held: list[Message] = []
        body = bytearray()

        async def changed(message: Message) -> None:
            if message["type"] == "http.response.start":
                held.append(message)
                return
            if message["type"] != "http.response.body":
                await send(message)
                return
            body.extend(message.get("body", b""))
            if message.get("more_body"):
                return
            page = bytes(body).replace(b"</head>", self._head + b"</head>", 1)
            kept = [(name, value) for name, value in held[0]["headers"] if name.lower() != b"content-length"]
            await send({**held[0], "headers": [*kept, (b"content-length", b"%d" % len(page))]})
            await send({"type": "http.response.body", "body": page})

        is_page = scope["type"] == "http" and scope["method"] == "GET" and scope["path"] == "/"
        await self._app(scope, receive, changed if is_page else send)


def _head() -> str:
    """The page itself: its look, its parts and its script."""
    style, script = ((ROOM / name).read_text(encoding="utf-8") for name in ("page.css", "page.js"))
    return (
        f'<link rel="icon" href="{_ICON}"><meta name="color-scheme" content="light dark"><style>{style}</style>'
        f'<template id="vouch-page">{_body()}</template><script type="module">{script}</script>'
    )


_ICON = (
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E%3Cpath fill='%231d5c4d' "
    "d='M7 4h13l6 6v18H7z'/%3E%3Cpath fill='none' stroke='white' stroke-width='3' d='m11.5 17.5 4 4 7-8'/%3E%3C/svg%3E"
)


def _body() -> str:
    """The page with the words of ``ui.texts`` in their places."""
    words = {name: html.escape(value) for name, value in vars(texts).items() if isinstance(value, str)}
    template = string.Template((ROOM / "page.html").read_text(encoding="utf-8"))
    return template.substitute(words, words=html.escape(json.dumps(texts.IN_BROWSER)))


def _served(function: Callable[[Payload], Any]) -> Callable[[dict[str, Any]], Any]:
    """A function as Gradio serves it: what is wrong comes back as words, and what is unexpected goes to the log."""

    async def serve(payload: dict[str, Any]) -> dict[str, Any]:
        try:
            payload = _checked(payload)
            if inspect.iscoroutinefunction(function):
                return dict(await function(payload))
            return dict(await asyncio.to_thread(function, payload))
        except RagError as error:
            return {"error": _sentence(str(error))}
        except Exception:  # the face: nothing may get past it
            _LOG.exception("the page's %s failed", function.__name__)
            return {"error": texts.UNEXPECTED}

    serve.__name__ = function.__name__
    return serve


def _checked(payload: Any) -> Payload:
    if not isinstance(payload, dict):
        raise PageError(texts.UNEXPECTED)
    return payload


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:] + ("" if words.endswith((".", "?", "!")) else ".")


@dataclass
class _Job:
    """Files on their way into the library."""

    future: Future[IndexReport]
    unsent: tuple[str, ...]
    sent: tuple[Path, ...]
    done: int = 0
    total: int = 0
    name: str = ""

    def come(self, done: int, total: int, source: str) -> None:
        """How far it has come; see ``rag.index``."""
        self.done, self.total, self.name = done, total, Path(source).name


@dataclass
class _Underway:
    """A question that is being answered, or a topic told of, and the pieces of the text that have come."""

    streaming: Streaming
    pieces: list[str] = field(default_factory=list)
    news: asyncio.Event = field(default_factory=asyncio.Event)

    def listen(self, loop: asyncio.AbstractEventLoop) -> Told | None:
        """Takes what comes to the end, waiting for it; None where it was given up."""
        told: Told | None = None
        for part in self.streaming:
            if isinstance(part, str):
                self.pieces.append(part)
                loop.call_soon_threadsafe(self.news.set)
            else:
                told = part
        return told


class _Mode(StrEnum):
    """What is asked for."""

    ANSWER = "answer"
    BRIEF = "brief"
    COMPARE = "compare"


@dataclass(frozen=True)
class _Asked:
    """A question as the page sent it, checked; a topic where a brief or a comparison is asked for."""

    question: str
    mode: _Mode
    sides: tuple[str, str]
    settings: Settings
    owner: str
    conversation: str
    replaces: int | None
    history: Sequence[tuple[str, str]] = field(default=())


class _Page:
    """What the page can do. Every function takes and returns JSON."""

    def __init__(self, desk: Desk, conversations: Conversations, shared: bool) -> None:
        self._desk = desk
        self._kept = conversations
        self._shared = shared
        self._suggestions = Suggestions(desk)
        self._originals = Originals()
        self._asking: dict[str, _Underway] = {}
        self._listeners = ThreadPoolExecutor(LISTENERS, thread_name_prefix="listening")
        self._jobs: dict[str, _Job] = {}

    def functions(self) -> Iterable[Callable[[Payload], Payload | Awaitable[Payload]]]:
        """All of them, by the names that page.js uses."""
        return (
            *(self.status, self.shelf, self.begin, self.read_date, self.ask, self.hear, self.stop, self.suggest),
            *(self.source, self.history, self.conversation, self.rename, self.forget, self.rate),
            *(self.copy, self.export, self.export_all, self.add, self.progress, self.reindex, self.remove),
        )

    # --- opening ----------------------------------------------------------------------------------------------

    def status(self, payload: Payload) -> Payload:
        """Whether questions are answered at once."""
        self._desk.warm()
        failure = self._desk.failure
        address = self._desk.sends_to
        return {
            "ready": self._desk.ready,
            "failure": f"{texts.NO_MODELS}: {failure}" if failure else "",
            "private": texts.SENT_TO.format(address=address) if address else "",
        }

    def shelf(self, payload: Payload) -> Payload:
        """The documents, as a list and as the choice of one."""
        shelved = self._desk.documents()
        documents = [one.document for one in shelved]
        sample = self._desk.is_sample
        matching = _text(payload, "matching", 200)
        entries = [(one.document, one.passages) for one in shelved]
        return {
            "html": papers.shelf_html(entries, self._originals.state, may_change=not sample, matching=matching),
            "options": papers.options_html(documents),
            "sides": papers.sides_html(documents),
            "count": len(documents),
            "sample": sample,
        }

    async def begin(self, payload: Payload) -> Payload:
        """Questions to begin with."""
        if await asyncio.to_thread(lambda: self._desk.is_sample):
            return {"html": rendering.examples_html(texts.SAMPLE_QUESTIONS)}
        return {"html": rendering.examples_html(await self._errand(self._suggestions.beginnings))}

    async def _errand(self, find: Callable[[], Sequence[str]]) -> Sequence[str]:
        """What is found while nobody asks; nothing where that fails, for nobody asked for it."""
        try:
            found = asyncio.wrap_future(self._desk.errand(find))
            await asyncio.wait({found})
            return () if found.cancelled() else found.result()
        except RagError:
            return ()

    def read_date(self, payload: Payload) -> Payload:
        """A date as it was understood; a side of a comparison too, which may be a document."""
        if payload.get("field") in ("first", "second"):
            return {"day": self._side(_text(payload, "text", 4000))[1]}
        written = _text(payload, "text", 60)
        day = _from_day(written) if payload.get("field") == "published_from" else dates.parse_as_of(written)
        return {"day": str(PartialDate(day.year, day.month, day.day)) if day else ""}

    # --- asking -----------------------------------------------------------------------------------------------

    async def ask(self, payload: Payload) -> Payload:
        """Answer a question, or tell of a topic, and keep it in its conversation."""
        asked = await asyncio.to_thread(self._asked, payload)
        token = _text(payload, "token", 64)
        loop = asyncio.get_running_loop()
        streaming = self._streaming(asked)
        underway = self._asking[token] = _Underway(streaming)
        try:
            told = await loop.run_in_executor(self._listeners, underway.listen, loop)
        finally:
            streaming.close()
            wanted = self._asking.pop(token, None) is not None
            underway.news.set()
        return await asyncio.to_thread(self._keep, asked, told) if wanted and told else {"stopped": True}

    def _streaming(self, asked: _Asked) -> Streaming:
        limits = asked.settings
        if asked.mode is _Mode.COMPARE:
            return self._desk.stream_comparison(asked.question, *asked.sides)
        if asked.mode is _Mode.BRIEF:
            return self._desk.stream_brief(
                asked.question, as_of=limits.as_of, source=limits.source, published_from=limits.published_from
            )
        return self._desk.stream(
            asked.question,
            as_of=limits.as_of,
            history=asked.history,
            source=limits.source,
            published_from=limits.published_from,
        )

    async def hear(self, payload: Payload) -> Payload:
        """What has come of an answer since so many pieces of it; waits a while for more."""
        token, after = _text(payload, "token", 64), _number(payload, "after")
        underway = self._asking.get(token)
        if underway is None:
            return {"pieces": [], "done": True}
        if len(underway.pieces) <= after:
            underway.news.clear()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(underway.news.wait(), HEARING_SECONDS)
        return {"pieces": underway.pieces[after:], "done": token not in self._asking}

    def stop(self, payload: Payload) -> Payload:
        """Give up a question: it is not kept, not asked if it still waits, and what writes it is told to end."""
        underway = self._asking.pop(_text(payload, "token", 64), None)
        if underway:
            underway.streaming.close()
        return {}

    async def suggest(self, payload: Payload) -> Payload:
        """What to ask after a turn, or instead of it; found while nobody asks."""
        turn = await asyncio.to_thread(self._turn, payload)
        turns = await asyncio.to_thread(self._turns, _text(payload, "conversation", 64))
        history = _history([one for one in turns if one.id < turn.id])
        told = turn.answer
        answer = told if isinstance(told, Answer) else Answer(turn.question, "", citations=told.citations)
        find = partial(self._suggestions.after, turn.question, answer, history, turn.settings)
        return {"html": rendering.next_html(await self._errand(find), answered=not told.abstained)}

    def _asked(self, payload: Payload) -> _Asked:
        mode = _mode(payload)
        conversation = _text(payload, "conversation", 64)
        replaces = payload.get("replaces")
        turns = self._turns(conversation)
        earlier = [turn for turn in turns if turn.id != replaces]
        compares = mode is _Mode.COMPARE
        return _Asked(
            question=_text(payload, "question", 4000),
            mode=mode,
            sides=self._sides(payload) if compares else ("", ""),
            settings=Settings() if compares else _settings(payload),  # sides are times or documents themselves
            owner=self._owner(payload),
            conversation=conversation if turns else "",
            replaces=replaces if isinstance(replaces, int) else None,
            history=_history(earlier),
        )

    def _sides(self, payload: Payload) -> tuple[str, str]:
        first, second = (self._side(_text(payload, name, 4000))[0] for name in ("first", "second"))
        return first, second

    def _side(self, written: str) -> tuple[str, str]:
        """A date, or a document by number: the page names it by its title. And both in words. Raises QuestionError."""
        if not written:
            raise QuestionError(texts.TWO_SIDES)
        with contextlib.suppress(DateError):
            day = None if written.isdecimal() and len(written) < 4 else dates.parse_as_of(written)
            if day:
                return day.isoformat(), _day(day)
        documents = [one.document for one in self._desk.documents()]
        named = papers.names_of(documents)
        found = [one for one in documents if written in (named[one.id], one.title)]
        if len(found) > 1:
            raise QuestionError(texts.MANY_OF_NAME.format(count=len(found), name=written))
        if found:
            return str(found[0].id), found[0].title
        try:
            document = self._desk.find(written)
        except DocumentNotFound:
            raise DocumentNotFound(texts.NO_SIDE.format(name=written)) from None
        return str(document.id), document.title

    def _turns(self, conversation: str) -> Sequence[Turn]:
        try:
            return self._kept.turns(conversation) if conversation else ()
        except ConversationNotFound:  # deleted meanwhile, in another window
            return ()

    def _keep(self, asked: _Asked, told: Told) -> Payload:
        settings = replace(asked.settings, record=self._desk.record(told))
        conversation = asked.conversation or self._kept.start(asked.owner).id
        if asked.replaces is not None:
            self._kept.cut(conversation, asked.replaces)
        turn = self._kept.append(conversation, asked.question, told, settings)
        return {"html": self._shown(turn, self._documents([turn])), "conversation": conversation}

    def _documents(self, turns: Iterable[Turn]) -> dict[int, Document]:
        """The documents of the turns' hits, as far as they still say what they said."""
        answers = [turn.answer for turn in turns if isinstance(turn.answer, Answer)]
        said = {hit.passage.document_id: hit.passage for answer in answers for hit in answer.hits}
        found = {}
        for number, passage in said.items():
            try:
                document = self._desk.document(number)
            except DocumentNotFound:
                continue
            if document.text[passage.start : passage.end] == passage.text:
                found[number] = document
        return found

    def _shown(self, turn: Turn, documents: dict[int, Document]) -> str:
        settings, told = turn.settings, turn.answer
        limits = rendering.limits_html(
            "" if told.text else _day(settings.as_of), settings.source or "", _day(settings.published_from)
        )
        vote = {Rating.UP: 1, Rating.DOWN: -1, None: 0}[turn.rating]
        least = settings.record.min_confidence if settings.record else None
        if not isinstance(told, Answer):
            return telling.turn_html(turn.id, turn.question, told, asked=limits, vote=vote, note=turn.note)
        return rendering.turn_html(turn.id, told, documents, asked=limits, vote=vote, note=turn.note, least=least)

    def source(self, payload: Payload) -> Payload:
        """A document, opened at a quote. Raises DocumentNotFound where it no longer holds these words."""
        number, start, end = (_number(payload, name) for name in ("document", "start", "end"))
        try:
            document = self._desk.document(number)
        except DocumentNotFound:
            raise DocumentNotFound(texts.GONE) from None
        if papers.fingerprint(document.text[start:end]) != payload.get("words"):
            raise DocumentNotFound(texts.GONE)
        spans = [
            (span[0], span[1])
            for span in payload.get("spans") or ()
            if isinstance(span, list) and len(span) == 2 and all(isinstance(offset, int) for offset in span)
        ]
        return {"html": papers.source_html(document, spans, (start, end) if start < end else None)}

    # --- conversations ----------------------------------------------------------------------------------------

    def _owner(self, payload: Payload) -> str:
        return _text(payload, "browser", 64) if self._shared else ""

    def history(self, payload: Payload) -> Payload:
        """The conversations, newest first."""
        matching = _text(payload, "matching", 200)
        found = [one for one in self._kept.recent(self._owner(payload), matching) if one.turns]
        rows = [(one.id, one.title, _when(one.changed.astimezone(), datetime.now().astimezone())) for one in found]
        return {"html": rendering.history_html(rows, payload.get("current"), searched=bool(matching))}

    def conversation(self, payload: Payload) -> Payload:
        """A kept conversation, as it was."""
        turns = self._kept.turns(_text(payload, "conversation", 64))
        documents = self._documents(turns)
        return {"html": "".join(self._shown(turn, documents) for turn in turns)}

    def rename(self, payload: Payload) -> Payload:
        """Give a conversation another name; an empty one changes nothing."""
        title = _text(payload, "title", 200)
        if title:
            self._kept.rename(_text(payload, "conversation", 64), title)
        return {}

    def forget(self, payload: Payload) -> Payload:
        """Delete a conversation."""
        self._kept.delete(_text(payload, "conversation", 64))
        return {}

    def rate(self, payload: Payload) -> Payload:
        """Keep what a person thinks of an answer."""
        rating = {1: Rating.UP, -1: Rating.DOWN}.get(_number(payload, "vote"))
        self._kept.rate(_number(payload, "turn"), rating, _text(payload, "note", 2000))
        return {}

    def _turn(self, payload: Payload) -> Turn:
        number = _number(payload, "turn")
        for turn in self._kept.turns(_text(payload, "conversation", 64)):
            if turn.id == number:
                return turn
        raise ConversationNotFound(texts.GONE)

    def copy(self, payload: Payload) -> Payload:
        """An answer as plain text, with where each quote stands."""
        turn = self._turn(payload)
        return {"text": f"{turn.question}\n\n{_plain(turn.answer)}\n"}

    def export(self, payload: Payload) -> Payload:
        """An answer as a file to keep, with the record of what answered."""
        turn = self._turn(payload)
        form = Form(_text(payload, "kind", 20))
        name = "-".join(re.findall(r"\w+", turn.question.lower())[:8]) or "answer"
        return {
            "name": f"{name}.{form.suffix}",
            "type": form.media_type,
            "text": export(turn.question, [turn], form),
        }

    def export_all(self, payload: Payload) -> Payload:
        """The whole conversation as a file to keep."""
        number, form = _text(payload, "conversation", 64), Form(_text(payload, "kind", 20))
        title, turns = self._kept.conversation(number).title, self._kept.turns(number)
        return {"name": f"conversation.{form.suffix}", "type": form.media_type, "text": export(title, turns, form)}

    # --- the library ------------------------------------------------------------------------------------------

    def add(self, payload: Payload) -> Payload:
        """Take files that were sent through this page, and web pages, into the library."""
        files = payload.get("files") or []
        if len(files) > MOST_FILES:
            raise PageError(texts.TOO_MANY_FILES.format(count=MOST_FILES))
        uploads = [Upload(_text(one, "name", 500), _uploaded(_text(one, "path", 4000))) for one in files]
        urls = [str(url) for url in payload.get("urls") or []][:MOST_FILES]
        unsent = tuple(str(name) for name in payload.get("unsent") or [])
        job = _Job(Future(), unsent, tuple(upload.path for upload in uploads))
        job.future = self._desk.adding(uploads, urls, progress=job.come)
        return self._begun(job)

    def reindex(self, payload: Payload) -> Payload:
        """Read a document's file or address again."""
        source = self._desk.document(_number(payload, "document")).source
        job = _Job(Future(), (), ())
        job.future = self._desk.reindexing([source], progress=job.come)
        return self._begun(job)

    def _begun(self, job: _Job) -> Payload:
        number = secrets.token_hex(8)
        self._jobs[number] = job
        return self.progress({"job": number})

    def progress(self, payload: Payload) -> Payload:
        """How far the files have come; with the report, once, when all are done."""
        number = _text(payload, "job", 64)
        job = self._jobs.get(number)
        if job is None:
            raise PageError(texts.GONE)
        if not job.future.done():
            if not job.total:
                return {"job": number, "text": texts.WAITING}
            words = texts.INDEXING.format(done=job.done, total=job.total, name=job.name)
            return {"job": number, "text": words, "share": job.done / job.total}
        del self._jobs[number]
        for path in job.sent:
            path.unlink(missing_ok=True)
        report = job.future.result()
        unsent = [Failure(name, "UnsupportedSource", texts.NOT_SENT) for name in job.unsent]
        return {"finished": True, "html": papers.report_html(report, unsent)}

    def remove(self, payload: Payload) -> Payload:
        """Forget a document."""
        self._desk.remove([str(_number(payload, "document"))])
        return {}


def _history(turns: Sequence[Turn]) -> list[tuple[str, str]]:
    """Turns as a follow-up refers to them."""
    answered = [(turn.question, turn.answer) for turn in turns[-REMEMBERED:]]
    return [(said, answer.short or answer.text or "") for said, answer in answered if isinstance(answer, Answer)]


def _plain(told: Told) -> str:
    if isinstance(told, Answer):
        return answer_text(told)
    return brief_text(told) if isinstance(told, Brief) else comparison_text(told)


def _mode(payload: Payload) -> _Mode:
    try:
        return _Mode(_text(payload, "mode", 20) or _Mode.ANSWER)
    except ValueError:
        raise PageError(texts.UNEXPECTED) from None


def _settings(payload: Payload) -> Settings:
    since = _text(payload, "published_from", 20)
    return Settings(
        as_of=dates.parse_as_of(_text(payload, "as_of", 60) or None),
        published_from=_from_day(since) if since else None,
        source=_text(payload, "source", 4000) or None,
    )


def _text(payload: Payload, name: str, most: int) -> str:
    value = payload.get(name) or ""
    if not isinstance(value, str) or len(value) > most:
        raise PageError(texts.UNEXPECTED)
    return value.strip()


def _number(payload: Payload, name: str) -> int:
    value = payload.get(name)
    if not isinstance(value, int):
        raise PageError(texts.UNEXPECTED)
    return value


def _uploaded(path: str) -> Path:
    """A file that this page has sent, and no other file of the machine. Raises PageError."""
    from gradio.utils import get_upload_folder

    file = Path(path).resolve()
    if not file.is_relative_to(Path(get_upload_folder()).resolve()) or not file.is_file():
        raise PageError(texts.NOT_UPLOADED)
    return file


def _from_day(written: str) -> date | None:
    try:
        return PartialDate.fromisoformat(written).first()
    except ValueError:
        raise DateError(texts.BAD_FROM) from None


def _when(changed: datetime, now: datetime) -> str:
    """A day, and of today the time; both moments are of this machine's time zone."""
    if changed.date() == now.date():
        return texts.TODAY.format(time=f"{changed:%H:%M}")
    return texts.YESTERDAY if (now.date() - changed.date()).days == 1 else _day(changed.date())


def _day(day: date | None) -> str:
    return str(PartialDate(day.year, day.month, day.day)) if day else ""
