"""A process whose children change a library and are killed: before a chosen step, or after a chosen time.

``test_killed`` drives it with lines of JSON. What is heavy is imported once, here, and every run is a fork of it, so
that hundreds of runs take a minute. A *step* is an SQL statement, or a file opened for writing, renamed or deleted.
``python killable.py LIBRARY STOP`` instead watches a library until the file STOP is there.
"""

from __future__ import annotations

import json
import os
import select
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

from conftest import WordEmbedder

from rag import Assistant, index, indexing, remove, snapshot
from rag.dense import FaissIndex
from rag.errors import LibraryNotFound
from rag.lexical import index_text
from rag.picking import SentencePicker
from rag.store import Reading, reading

BATCH_PASSAGES = 6  # small, so that a run of a few files stages several times

State = dict[str, str]
"""Source -> SHA-256 of every document that can be answered from."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one run. ``acknowledged``: it returned and said so; ``killed``: it ended by a signal."""

    killed: bool
    acknowledged: bool
    seconds: float
    step: str = ""  # the one it was killed before
    embedded: int = 0  # passages


def observe(library: Path) -> State:
    """What a library holds, after checking that everything in it belongs together."""
    try:
        with reading(library) as view:
            check(view, snapshot.load(library / "snapshots", view.generation))
            return {source: sha256 for source, (_, sha256) in view.live().items()}
    except LibraryNotFound:
        return {}


def check(view: Reading, kept: bytes | None) -> None:
    """Each live document has its passages, each passage one vector and one row of keywords; nothing is left over."""
    texts = {document.id: document.text for document in view.documents()}
    rows = view.connection.execute(
        "SELECT p.id FROM passages p JOIN documents d ON d.id = document_id WHERE state = 'live' ORDER BY p.id"
    )
    ids = [row[0] for row in rows]
    passages = view.passages(ids)
    assert {p.document_id for p in passages} == set(texts)
    assert all(p.text and p.text == texts[p.document_id][p.start : p.end] for p in passages)
    keywords = dict(view.connection.execute("SELECT rowid, text FROM keywords"))
    assert keywords == {p.id: index_text(p.search_text) for p in passages}
    numbers, vectors = view.vectors()
    assert numbers == ids
    assert (vectors == WordEmbedder().embed([p.search_text for p in passages])).all()
    assert kept is None or kept == FaissIndex.build(numbers, vectors).to_bytes()


class Runs:
    """The test's end: orders runs, one after the other."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def run(
        self,
        folder: Path,
        library: Path,
        *,
        die_at: int | None = None,
        seconds: float | None = None,
        forget: str | None = None,
    ) -> Outcome:
        """Index a folder, or forget one source; killed before its ``die_at``-th step or after ``seconds``."""
        order = {"folder": str(folder), "library": str(library), "die_at": die_at, "seconds": seconds, "forget": forget}
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        outcome = Outcome(**json.loads(self._process.stdout.readline()))
        assert outcome.killed or outcome.acknowledged, "the run failed: its traceback is above"
        return outcome


@contextmanager
def runs() -> Iterator[Runs]:
    """A process to order runs from."""
    with start() as process:
        yield Runs(process)
        assert process.stdin is not None
        process.stdin.close()  # which ends it


def start(*arguments: str) -> subprocess.Popen[str]:
    """This file as a process; one thread each, so that a fork has all it needs."""
    environment = {
        **os.environ,
        "PYTHONPATH": str(Path(__file__).parents[1]),
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
    }
    command = [sys.executable, __file__, *arguments]
    return subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def obey() -> None:
    indexing.BATCH_PASSAGES = BATCH_PASSAGES
    with tempfile.TemporaryDirectory() as folder:  # imports what the library imports late
        (Path(folder) / "a.txt").write_text("Warm up\n\nThe gate was opened on 9 May 2023.\n")
        index(folder, Path(folder) / "library", embedder=WordEmbedder())
    for line in sys.stdin:
        print(json.dumps(asdict(carry_out(json.loads(line)))), flush=True)


def carry_out(order: dict[str, Any]) -> Outcome:
    receiver, sender = os.pipe()
    started = time.perf_counter()
    child = os.fork()
    if child == 0:
        os.close(receiver)
        run_as_child(order, sender)
    os.close(sender)
    if not select.select([receiver], [], [], order["seconds"])[0]:
        os.kill(child, signal.SIGKILL)
    with os.fdopen(receiver) as pipe:
        said = pipe.read()  # empty where it was killed from here
    status = os.waitpid(child, 0)[1]
    facts = json.loads(said) if said else {"acknowledged": False}
    return Outcome(os.WIFSIGNALED(status), seconds=time.perf_counter() - started, **facts)


def run_as_child(order: dict[str, Any], sender: int) -> None:
    try:
        watch_steps(order["die_at"], sender)
        embedder = WordEmbedder()
        if order["forget"]:
            remove([order["forget"]], order["library"])
        else:
            report = index(order["folder"], order["library"], embedder=embedder)
            assert not report.failed and not report.warnings
        os.write(sender, json.dumps({"acknowledged": True, "embedded": embedder.embedded}).encode())
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(0)


def watch_steps(die_at: int | None, sender: int) -> None:
    """Count the steps of this process from now on, and end it before number ``die_at`` (from 1)."""
    steps = 0

    def step(name: str) -> None:
        nonlocal steps
        if name.startswith("--"):  # a part of a statement, run by a trigger or by FTS5
            return
        steps += 1
        if steps == die_at:
            os.write(sender, json.dumps({"acknowledged": False, "step": name[:40]}).encode())
            os.kill(os.getpid(), signal.SIGKILL)

    class Traced(sqlite3.Connection):
        def __init__(self, *arguments: Any, **options: Any) -> None:
            super().__init__(*arguments, **options)
            self.set_trace_callback(step)

    def heard(event: str, arguments: tuple[Any, ...]) -> None:
        if event in ("os.rename", "os.remove") or (event == "open" and arguments[2] & (os.O_WRONLY | os.O_RDWR)):
            step(event)

    sys.addaudithook(heard)
    sqlite3.connect = partial(sqlite3.connect, factory=Traced)  # type: ignore[assignment]


def watch(library: Path, stop: Path) -> None:
    """Print each state seen, in order, as the library is written to and its writers are killed."""
    assistant = Assistant(library, embedder=WordEmbedder(), reader=SentencePicker(WordEmbedder()))
    looks, seen = 0, None
    while not stop.exists():
        state = observe(library)
        answer = assistant.ask("Who opened the anchor gate?")
        assert answer.citations and answer.citations[0].source.endswith("anchor.md"), answer
        if state != seen:
            print(json.dumps(state), flush=True)
        looks, seen = looks + 1, state
    print(looks)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        watch(Path(sys.argv[1]), Path(sys.argv[2]))
    else:
        obey()
