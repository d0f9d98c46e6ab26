"""Killed at any moment, a library reopens as it was before the run or as it is after it, never as a mixture."""

from __future__ import annotations

import hashlib
import json
import os
import random
import shutil
import sqlite3
from collections import Counter
from collections.abc import Iterator
from itertools import count
from operator import itemgetter
from pathlib import Path

import pytest
from conftest import WordEmbedder

from rag import Answer, Assistant
from rag.indexing import prepare
from rag.picking import SentencePicker
from rag.store import FILE, reading, writing

if not hasattr(os, "fork"):
    pytest.skip("runs are forked, which this system cannot", allow_module_level=True)

from killable import Outcome, Runs, State, observe, runs, start

KILLS = 200
SEED = 20240318
FILES = 25
WHOLE_EVERY = 20  # this often a run is let through and compared with a library built from scratch


class Desk:
    """A folder of files that are written, changed, renamed and removed; every text has a word no other ever had."""

    def __init__(self, folder: Path, rng: random.Random) -> None:
        folder.mkdir()
        self.folder = folder
        self._rng = rng
        self._names = count(1)
        self._words: dict[str, str] = {}

    def write(self, path: Path, word: str | None = None) -> None:
        word = word or f"Quay{next(self._names)}x"
        sentences = [f"Its {self._rng.choice(THINGS)} cost {self._rng.randint(2, 999)} crowns." for _ in range(3)]
        parts = [f"## Part {n}\n\n{' '.join(sentences)} {FILLER}" for n in range(self._rng.randint(0, 4))]
        path.write_text("\n\n".join([f"# Notice on {word}", f"Mayor Lee opened the {word} gate.", *parts]) + "\n")
        self._words[_sha256(path)] = word

    def add(self) -> None:
        self.write(self.folder / f"{next(self._names)}.md")

    def change_some(self) -> None:
        """A third of the files or fewer; of every five changes one adds, one renames and one removes."""
        for _ in range(self._rng.randint(3, 9)):
            path = self._rng.choice(sorted(self.folder.glob("[0-9]*.md")))
            match self._rng.choice(("add", "change", "change", "rename", "remove")):
                case "add":
                    self.add()
                case "change":
                    self.write(path)
                case "rename":
                    path.rename(self.folder / f"{next(self._names)}.md")
                case "remove" if len(list(self.folder.iterdir())) > FILES // 2:
                    path.unlink()

    def state(self) -> State:
        return {str(path.resolve()): _sha256(path) for path in self.folder.iterdir()}

    def word(self, sha256: str) -> str:
        return self._words[sha256]


THINGS = ("pier", "roof", "bell", "lamp", "fence", "clock", "ramp", "tower", "bench", "crane")
FILLER = "The harbour board met in the town hall, heard the reports and put the matter off until spring. " * 2


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.fixture(scope="module")
def indexer() -> Iterator[Runs]:
    with runs() as process:
        yield process


@pytest.fixture
def rng() -> random.Random:
    print(f"seed {SEED}")
    return random.Random(SEED)


@pytest.fixture
def desk(tmp_path: Path, rng: random.Random) -> Desk:
    made = Desk(tmp_path / "desk", rng)
    for _ in range(FILES):
        made.add()
    return made


def ask(library: Path, word: str) -> Answer:
    return Assistant(library, embedder=WordEmbedder(), reader=SentencePicker(WordEmbedder())).ask(
        f"Who opened the {word} gate?"
    )


def check_answers(library: Path, state: State, gone: State, desk: Desk, rng: random.Random) -> None:
    """A document of this state answers, with its own words; one that only the other state has does not."""
    source, sha256 = rng.choice(sorted(state.items()))
    answer = ask(library, desk.word(sha256))
    assert answer.citations and answer.citations[0].source == source and desk.word(sha256) in answer.citations[0].quote
    others = sorted(set(gone.values()) - set(state.values()))
    if others:
        word = desk.word(rng.choice(others))
        assert not any(word in hit.passage.search_text for hit in ask(library, word).hits)


def check_file(library: Path) -> None:
    connection = sqlite3.connect(library / FILE)
    assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    connection.execute("INSERT INTO keywords (keywords) VALUES ('integrity-check')")  # raises where it fails
    connection.close()


def findings(library: Path, word: str) -> set[tuple[str, int, int, float]]:
    with reading(library) as view:
        sources = {number: source for source, (number, _) in view.live().items()}
    hits = ask(library, word).hits
    found = {(sources[h.passage.document_id], h.passage.start, h.passage.end, round(h.score, 6)) for h in hits}
    return {hit for hit in found if hit[3] > min(found, key=itemgetter(3))[3]}  # equals at the cut may differ


def check_as_from_scratch(indexer: Runs, desk: Desk, library: Path, scratch: Path) -> None:
    shutil.rmtree(scratch, ignore_errors=True)
    indexer.run(desk.folder, scratch)
    assert observe(library) == observe(scratch) == desk.state()
    for sha256 in sorted(desk.state().values())[:3]:
        assert findings(library, desk.word(sha256)) == findings(scratch, desk.word(sha256))


def leftovers(library: Path) -> list[str]:
    """What a finished run must not leave: half-made versions, snapshots that are not this generation's."""
    with reading(library) as view:
        staged = [row[0] for row in view.connection.execute("SELECT source FROM documents WHERE state = 'staged'")]
        generation = view.generation
    names = [file.name for file in (library / "snapshots").iterdir()]
    kept = [name for name in names if name.startswith(f"{generation}-") and not name.endswith(".tmp")]
    return staged + (names if len(kept) != 1 else [name for name in names if name != kept[0]])


def test_killed_at_random(indexer: Runs, desk: Desk, rng: random.Random, tmp_path: Path) -> None:
    library = tmp_path / "library"
    told: Counter[str] = Counter()
    indexer.run(desk.folder, library)
    desk.change_some()
    usual = indexer.run(desk.folder, library).seconds
    before = observe(library)
    while told["killed"] < KILLS:
        if before == desk.state() or rng.random() < 0.5:
            desk.change_some()
        whole = sum(told.values()) % WHOLE_EVERY == 0
        outcome = indexer.run(desk.folder, library, seconds=None if whole else rng.uniform(0, 1.3 * usual))
        state, after = observe(library), desk.state()
        assert state == after if outcome.acknowledged else state in (before, after)
        check_answers(library, state, after if state == before else before, desk, rng)
        if whole:
            usual = outcome.seconds
            check_file(library)
            assert leftovers(library) == []
            check_as_from_scratch(indexer, desk, library, tmp_path / "scratch")
        told["killed" if outcome.killed else "not killed"] += 1
        told["killed, reopened as " + ("after" if state == after else "before")] += outcome.killed
        before = state
    print(dict(told))
    assert told["killed, reopened as before"] and told["killed, reopened as after"]


@pytest.mark.parametrize("kind", ["first", "changes"])
def test_killed_at_every_step(kind: str, indexer: Runs, rng: random.Random, tmp_path: Path) -> None:
    """From the same start, killed before each SQL statement and file operation in turn; then run to the end."""
    desk, start_from = small_desk(indexer, rng, tmp_path)
    if kind == "first":
        shutil.rmtree(start_from)
        start_from.mkdir()
    else:
        desk.write(desk.folder / "1.md")
        (desk.folder / "2.md").rename(desk.folder / "4.md")
        (desk.folder / "3.md").unlink()
        desk.write(desk.folder / "5.md")
    before, after = observe(start_from), desk.state()
    embedded = []
    reached: Counter[str] = Counter()
    for library, outcome in killed_at_each_step(indexer, desk, start_from):
        state = observe(library)
        assert state in (before, after)
        reached[f"{outcome.step.split()[0]}, then {'after' if state == after else 'before'}"] += 1
        again = indexer.run(desk.folder, library)
        if outcome.step == "COMMIT" and state == before:
            embedded.append(again.embedded)
        assert observe(library) == after
        assert leftovers(library) == []
    print(dict(reached))
    assert reached["COMMIT, then before"] >= 2 and reached["os.rename, then after"] == 1
    # Killed before the first commit, the run starts again; before the last, what was staged is taken up.
    assert embedded[0] > 0 and embedded[-1] == 0


def test_forgetting_killed_at_every_step(indexer: Runs, rng: random.Random, tmp_path: Path) -> None:
    desk, start_from = small_desk(indexer, rng, tmp_path)
    before = observe(start_from)
    source, sha256 = next(iter(before.items()))
    seen = set()
    for library, _ in killed_at_each_step(indexer, desk, start_from, forget=source):
        state = observe(library)
        seen.add(source in state)
        assert state == before or state == {s: h for s, h in before.items() if s != source}
        quotes = [citation.quote for citation in ask(library, desk.word(sha256)).citations]
        assert any(desk.word(sha256) in quote for quote in quotes) == (source in state)
    assert seen == {True, False}


def test_what_a_killed_run_staged_goes_with_its_file(indexer: Runs, rng: random.Random, tmp_path: Path) -> None:
    desk, library = small_desk(indexer, rng, tmp_path)
    path = desk.folder / "9.md"
    desk.write(path)
    document, passages = prepare(str(path), path.read_bytes())
    embedder = WordEmbedder()
    with writing(library, embedder) as writer:
        writer.stage([(document, passages, embedder.embed([p.search_text for p in passages]))])
    path.unlink()
    indexer.run(desk.folder, library)
    assert leftovers(library) == []


def small_desk(indexer: Runs, rng: random.Random, tmp_path: Path) -> tuple[Desk, Path]:
    desk = Desk(tmp_path / "desk", rng)
    for name in ("1.md", "2.md", "3.md"):
        desk.write(desk.folder / name)
    indexer.run(desk.folder, tmp_path / "before")
    return desk, tmp_path / "before"


def killed_at_each_step(
    indexer: Runs, desk: Desk, start_from: Path, forget: str | None = None
) -> Iterator[tuple[Path, Outcome]]:
    for die_at in count(1):
        library = start_from.with_name("library")
        shutil.rmtree(library, ignore_errors=True)
        shutil.copytree(start_from, library)
        outcome = indexer.run(desk.folder, library, die_at=die_at, forget=forget)
        if not outcome.killed:
            break
        yield library, outcome


def test_a_reader_beside_killed_writers(indexer: Runs, desk: Desk, rng: random.Random, tmp_path: Path) -> None:
    """It sees the states one after the other, each whole, and none that was not."""
    library, stop = tmp_path / "library", tmp_path / "stop"
    desk.write(desk.folder / "anchor.md", "anchor")
    usual = indexer.run(desk.folder, library).seconds
    states = [observe(library)]
    with start(str(library), str(stop)) as reader:
        assert reader.stdout is not None
        first = json.loads(reader.stdout.readline())
        for _ in range(60):
            desk.change_some()
            indexer.run(desk.folder, library, seconds=rng.uniform(0, 2 * usual))
            state = observe(library)
            assert state in (states[-1], desk.state())
            if state != states[-1]:
                states.append(state)
        stop.touch()
        *lines, looks = reader.stdout.read().splitlines()
    assert reader.returncode == 0
    print(f"{len(states)} states, {len(lines)} changes seen, {looks} looks")
    seen = iter(states)
    assert all(state in seen for state in [first, *map(json.loads, lines)])  # in their order
    assert len(lines) >= 3
