"""The REST face: JSON in, JSON out, the same nouns and field names as ``rag ask --json``."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Sequence
from concurrent.futures import Future
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException

from rag import __version__, briefing, contrasting
from rag.answering import MAX_QUESTION_CHARS
from rag.errors import (
    DateError,
    DocumentNotFound,
    LibraryBusy,
    LibraryError,
    LibraryFull,
    LibraryNotFound,
    ModelError,
    QuestionError,
    RagError,
    SourceTooLarge,
)
from rag.rendering import to_json
from rag.types import Answer, Brief, Comparison, Document, IndexReport, PartialDate
from ui.conversations import ConversationNotFound, Conversations
from ui.desk import Busy, Closing, Desk, OutOfTime, SampleOnly, Shelved, closing
from ui.exporting import Form, export
from ui.guard import Limits
from ui.uploads import Upload

RETRY_SECONDS = 5
MAX_TURNS = 50
MAX_FIELD_CHARS = 2_000
MOST_STATEMENTS = 50

T = TypeVar("T")

_STATUS: tuple[tuple[type[RagError], int], ...] = (
    (DocumentNotFound, 404),
    (ConversationNotFound, 404),
    (LibraryNotFound, 404),
    (SampleOnly, 409),
    (SourceTooLarge, 413),
    (QuestionError, 422),
    (DateError, 422),
    (Busy, 503),
    (Closing, 503),
    (LibraryBusy, 503),
    (OutOfTime, 504),
    (LibraryFull, 507),
    (LibraryError, 500),  # damaged, or made with another model: nothing that the client could mend
    (ModelError, 500),
)


class Asked(BaseModel):
    """A question."""

    model_config = ConfigDict(extra="forbid")

    question: str = Field(description="in plain words", max_length=4 * MAX_QUESTION_CHARS)
    as_of: str | None = Field(None, description="only what had been published by then, e.g. 2024-01-31", max_length=100)
    published_from: str | None = Field(None, description="only what was published on that day or later", max_length=100)
    source: str | None = Field(None, description="only documents whose path contains this", max_length=MAX_FIELD_CHARS)
    history: list[tuple[str, str]] = Field(
        default_factory=list, description="earlier questions and answers, oldest first", max_length=MAX_TURNS
    )


class Briefed(BaseModel):
    """A topic to write a brief on."""

    model_config = ConfigDict(extra="forbid")

    topic: str = Field(description="a few words", max_length=4 * MAX_QUESTION_CHARS)
    as_of: str | None = Field(None, description="only what had been published by then, e.g. 2024-01-31", max_length=100)
    published_from: str | None = Field(None, description="only what was published on that day or later", max_length=100)
    source: str | None = Field(None, description="only documents whose path contains this", max_length=MAX_FIELD_CHARS)
    most: int = Field(briefing.MOST, ge=1, le=MOST_STATEMENTS, description="how many statements at most")


class Contrasted(BaseModel):
    """A topic, and the two sides to compare on it."""

    model_config = ConfigDict(extra="forbid")

    topic: str = Field(description="a few words", max_length=4 * MAX_QUESTION_CHARS)
    first: str = Field(description="a date, or a document's number or file name", max_length=MAX_FIELD_CHARS)
    second: str = Field(description="another of the same kind", max_length=MAX_FIELD_CHARS)
    most: int = Field(contrasting.MOST, ge=1, le=MOST_STATEMENTS, description="how many statements of a kind at most")


def describe_errors(app: FastAPI) -> None:
    """Every error of the app as ``{"error": its name, "message": what to do next}``, and no trace of the program."""

    @app.exception_handler(RagError)
    async def named(request: Request, error: RagError) -> Response:
        status = next((status for kind, status in _STATUS if isinstance(error, kind)), 400)
        return _error(status, type(error).__name__, str(error))

    @app.exception_handler(RequestValidationError)
    async def unfit(request: Request, error: RequestValidationError) -> Response:
        reasons = [f"{'.'.join(str(part) for part in one['loc'])}: {one['msg']}" for one in error.errors()[:5]]
        return _error(422, "RequestInvalid", "; ".join(reasons))

    @app.exception_handler(HTTPException)
    async def refused(request: Request, error: HTTPException) -> Response:
        name = {404: "NotFound", 405: "MethodNotAllowed"}.get(error.status_code, "RequestRefused")
        return _error(error.status_code, name, str(error.detail))

    @app.exception_handler(Exception)
    async def unexpected(request: Request, error: Exception) -> Response:
        return _error(500, "InternalError", "something went wrong here: the server's log says what")


def _error(status: int, name: str, message: str) -> JSONResponse:
    headers = {"retry-after": str(RETRY_SECONDS)} if status == 503 else {}
    return JSONResponse({"error": name, "message": message}, status, headers)


async def answer_to(desk: Desk, asked: Asked) -> Answer:
    """What the desk answers, without holding a thread while it waits. Raises what ``Desk.ask`` raises."""
    return await in_time(
        desk,
        desk.asking(
            asked.question,
            as_of=asked.as_of or None,
            history=asked.history,
            source=asked.source or None,
            published_from=_first_day(asked.published_from),
        ),
    )


async def brief_on(desk: Desk, asked: Briefed) -> Brief:
    """A brief. Raises what ``Desk.briefing`` raises, and OutOfTime."""
    since = _first_day(asked.published_from)
    place = desk.briefing(
        asked.topic, as_of=asked.as_of or None, source=asked.source or None, published_from=since, most=asked.most
    )
    return await in_time(desk, place)


async def comparison_of(desk: Desk, asked: Contrasted) -> Comparison:
    """A comparison. Raises what ``Desk.comparing`` raises, and OutOfTime."""
    return await in_time(desk, desk.comparing(asked.topic, asked.first, asked.second, most=asked.most))


async def in_time(desk: Desk, future: Future[T]) -> T:
    """The result of a question's place in the line. Raises OutOfTime, Closing."""
    try:
        return await asyncio.wait_for(asyncio.wrap_future(future), desk.seconds)
    except TimeoutError:
        raise desk.out_of_time() from None
    except asyncio.CancelledError:
        if future.cancelled() and not _being_cancelled():
            raise closing() from None
        raise


def routes(desk: Desk, conversations: Conversations, limits: Limits) -> APIRouter:
    """All of ``/api``."""
    router = APIRouter(prefix="/api", tags=["Vouch"], responses=_described(_ERRORS))
    _add_asking(router, desk)
    _add_library(router, desk, limits)

    @router.get("/conversations/{number}/export", summary="A conversation with full citations, to keep")
    def exported(number: str, form: Form = Form.MARKDOWN) -> Any:
        conversation = conversations.conversation(number)
        text = export(conversation.title, conversations.turns(number), form)
        name = f"conversation-{conversation.started:%Y-%m-%d}.{form.suffix}"
        return Response(
            text, media_type=form.media_type, headers={"content-disposition": f'attachment; filename="{name}"'}
        )

    return router


def _add_asking(router: APIRouter, desk: Desk) -> None:
    @router.get("/status", summary="Whether Vouch is ready, and what answers")
    def status() -> Any:
        return {
            "version": __version__,
            "ready": desk.ready,
            "sample": desk.is_sample,
            "record": to_json(desk.record()) if desk.ready else None,
        }

    @router.post("/ask", summary="Ask a question", responses=_described({200: Answer}))
    async def ask(asked: Asked) -> Any:
        """Answers with the exact words of the documents, or says why they do not answer.

        `text` is null for an abstention. Offsets count characters of the document's stored text.
        """
        return JSONResponse(to_json(await answer_to(desk, asked)))

    @router.post("/brief", summary="What the documents say about a topic", responses=_described({200: Brief}))
    async def brief(asked: Briefed) -> Any:
        """Figures as series, then exact quotes in the order of time, and what was still to come.

        `reason` says why where the documents say nothing about it; it is null otherwise.
        """
        return JSONResponse(to_json(await brief_on(desk, asked)))

    @router.post("/compare", summary="Two dates or two documents on a topic", responses=_described({200: Comparison}))
    async def compare(asked: Contrasted) -> Any:
        """What was known by two days, or what two documents say: figures side by side, and what only one side says.

        A `difference` is worked out from the two values and stands in no document.
        """
        return JSONResponse(to_json(await comparison_of(desk, asked)))


def _add_library(router: APIRouter, desk: Desk, limits: Limits) -> None:
    @router.post("/index", summary="Add documents", responses=_described({200: IndexReport}), openapi_extra=_FORM)
    async def index(request: Request) -> Any:
        """Keeps the files in the library's folder and indexes them, and pages by their URLs.

        A file that cannot be read is told in `failed`, and the others are taken in. A file with the name of another
        is kept beside it under a new name, which `warnings` tells, unless `replace` is true.
        """
        async with request.form(max_files=limits.files, max_fields=limits.files) as form:
            files = [one for one in form.getlist("files") if isinstance(one, UploadFile)]
            urls = [one for one in form.getlist("urls") if isinstance(one, str) and one.strip()]
            replace = str(form.get("replace", "")).lower() in ("true", "1", "on", "yes")
            if not files and not urls:
                raise RagError("nothing to add: send files as 'files', or addresses as 'urls'")
            folder = TemporaryDirectory(prefix="vouch-", ignore_cleanup_errors=True)
            try:
                uploads = await run_in_threadpool(_spooled, files, Path(folder.name), limits)
                future = desk.adding(uploads, urls, replace=replace)
            except BaseException:
                folder.cleanup()
                raise
        future.add_done_callback(lambda _: folder.cleanup())  # not before the desk has its copies, whoever hangs up
        return JSONResponse(to_json(await _done(future)))

    @router.get("/documents", summary="List the documents")
    def documents() -> Any:
        return JSONResponse([_facts(one) for one in desk.documents()])

    @router.get("/documents/{number}", summary="A document with its stored text", responses=_described({200: Document}))
    def document(number: int) -> Any:
        return JSONResponse(to_json(desk.document(number)))

    @router.delete("/documents/{number}", summary="Forget a document, every word of it")
    async def forget(number: int) -> Any:
        return JSONResponse({"removed": await _done(desk.removing([str(number)]))})


async def _done(future: Future[T]) -> T:
    """The result of a place in the line of changes, which takes its time; the run goes on when the client hangs up."""
    try:
        return await asyncio.shield(asyncio.wrap_future(future))
    except asyncio.CancelledError:
        if future.cancelled() and not _being_cancelled():
            raise closing() from None
        raise


def _being_cancelled() -> bool:
    task = asyncio.current_task()
    return bool(task and task.cancelling())


def _spooled(files: Sequence[UploadFile], folder: Path, limits: Limits) -> list[Upload]:
    """The files that were sent, each in a file of its own; their names are only noted."""
    uploads = []
    for place, sent in enumerate(files):
        name = sent.filename or "document"
        if (sent.size or 0) > limits.file_bytes:
            raise SourceTooLarge(f"{name} is over the limit of {limits.file_bytes / 2**20:,.0f} MB: send it in parts")
        path = folder / str(place)
        with path.open("wb") as file:
            shutil.copyfileobj(sent.file, file)
        uploads.append(Upload(name, path))
    return uploads


def _first_day(text: str | None) -> Any:
    if not text:
        return None
    try:
        return PartialDate.fromisoformat(text).first()
    except ValueError:
        raise DateError(f"published_from takes a date such as 2024-01-31, 2024-01 or 2024, not {text[:60]!r}") from None


def _facts(shelved: Shelved) -> dict[str, Any]:
    """A document without its text."""
    document = to_json(shelved.document)
    counts = {"characters": len(shelved.document.text), "pages": len(shelved.document.pages)}
    left_out = ("text", "blocks", "pages", "metadata")
    return {k: v for k, v in document.items() if k not in left_out} | counts | {"passages": shelved.passages}


# --- as OpenAPI tells it ------------------------------------------------------------------------------------------


class Problem(BaseModel):
    """An error."""

    error: str = Field(description="its name, such as QuestionError")
    message: str = Field(description="what to do next")


_ERRORS: dict[int, type] = {400: Problem, 401: Problem, 413: Problem, 422: Problem, 503: Problem, 504: Problem}
_FORM: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "properties": {
                        "files": {"type": "array", "items": {"type": "string", "format": "binary"}},
                        "urls": {"type": "array", "items": {"type": "string", "format": "uri"}},
                        "replace": {"type": "boolean", "default": False},
                    },
                }
            }
        },
    }
}


class _AsWritten(GenerateJsonSchema):
    """Schemas of the nouns in the form in which ``rag.rendering.to_json`` writes them."""

    def dataclass_schema(self, schema: core_schema.DataclassSchema) -> JsonSchemaValue:
        if schema["cls"] is PartialDate:
            return {"type": ["string", "null"], "description": "2024-03-18, 2024-03, 2024, --06-03, or null"}
        return super().dataclass_schema(schema)

    def decimal_schema(self, schema: core_schema.DecimalSchema) -> JsonSchemaValue:
        return {"type": "number"}


def schema_of(noun: type) -> JsonSchemaValue:
    """The JSON schema of a noun, with what it refers to under ``$defs``."""
    return TypeAdapter(noun).json_schema(mode="serialization", schema_generator=_AsWritten)


def _described(nouns: dict[int, type]) -> dict[int | str, dict[str, Any]]:
    return {
        status: {
            "description": (noun.__doc__ or "").partition("\n")[0],
            "content": {"application/json": {"schema": _inline(noun)}},
        }
        for status, noun in nouns.items()
    }


def _inline(noun: type) -> JsonSchemaValue:
    """OpenAPI looks for definitions in one place, so each schema brings its own, resolved."""
    schema = schema_of(noun)
    definitions = schema.pop("$defs", {})

    def resolved(part: Any) -> Any:
        if isinstance(part, dict):
            if "$ref" in part:
                return resolved(definitions[part["$ref"].rpartition("/")[2]])
            return {key: resolved(value) for key, value in part.items()}
        return [resolved(one) for one in part] if isinstance(part, list) else part

    return dict(resolved(schema))
