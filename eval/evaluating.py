"""A set put to a library: the default run, and the baselines where they are wanted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

from eval.baselines import BASELINES, PICKER, without_time
from eval.figures import Run
from eval.report import About, Report
from eval.scoring import Recorder, Scored, ask_all, name_of
from eval.validate import Question
from rag import __version__
from rag.answering import Assistant
from rag.models import READER, load_embedder, load_reader
from rag.picking import SentencePicker
from rag.store import reading

if TYPE_CHECKING:
    from rag.seams import Embedder, Reader


def evaluate(
    questions: Sequence[Question],
    library: Path,
    name: str,
    *,
    reader: Reader | None = None,
    embedder: Embedder | None = None,
    held_out: bool = False,
    baselines: bool = False,
    timeless: bool = False,
) -> Report:
    """Ask every question once, and once more for each baseline. Raises SetError, LibraryNotFound, EmbedderMismatch."""
    embedder, reader = embedder or load_embedder(), reader or load_reader()
    with without_time() if timeless else nullcontext():
        scored = _ask(questions, library, embedder, reader, "asking")
    runs = []
    if baselines:
        for part, without in BASELINES.items():
            with without():
                runs.append(Run.of(part, _ask(questions, library, embedder, reader, part)))
        runs.append(Run.of(PICKER, _ask(questions, library, embedder, SentencePicker(embedder), PICKER)))
    about = About(name, _described(library), _named(reader), __version__)
    return Report(about, tuple(scored), _published(library), tuple(runs), held_out)


def _ask(questions: Sequence[Question], library: Path, embedder: Embedder, reader: Reader, name: str) -> list[Scored]:
    recorder = Recorder(reader)
    return ask_all(Assistant(library, embedder=embedder, reader=recorder), recorder, questions, name)


def _named(reader: Reader) -> str:
    name = str(getattr(reader, "name", type(reader).__name__))
    return "as shipped" if name == str(READER) else name_of(name)


def _described(library: Path) -> str:
    with reading(library) as view:
        documents, passages = len(view.live()), view.count_passages()
    return f"{documents} documents ({passages} passages)"


def _published(library: Path) -> dict[str, dt.date]:
    with reading(library) as view:
        found = {name_of(document.source): document.published.date.last() for document in view.documents()}
    return {name: day for name, day in found.items() if day}
