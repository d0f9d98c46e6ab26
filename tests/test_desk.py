"""The desk: waits for the models, keeps the line, keeps what is sent, and never lets adding block asking."""

from __future__ import annotations

import errno
import shutil
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from conftest import WordEmbedder
from desks import FERRY, HeldReader, desk_over, ferry
from test_answering import QuotingReader

from rag.errors import DocumentNotFound, LibraryFull, ModelNotFound, QuestionError
from rag.store import reading
from rag.types import Answer, IndexReport, Message
from ui.desk import Busy, Closing, Desk, Models, OutOfTime, SampleOnly, load_models
from ui.uploads import FOLDER, Upload, safe_name


@pytest.fixture
def desk(home: Path) -> Iterator[Desk]:
    desk = desk_over(home / "library")
    yield desk
    desk.close()


def send(desk: Desk, path: Path, name: str | None = None, replace: bool = False) -> IndexReport:
    return desk.add([Upload(name or path.name, path)], replace=replace)


def test_until_something_is_added_the_sample_library_answers(desk: Desk, tmp_path: Path) -> None:
    assert not desk.ready and desk.is_sample
    assert len(desk.documents()) == 15 and desk.ready and desk.record().sample
    assert not desk.library.exists()
    send(desk, ferry(tmp_path))
    assert not desk.is_sample and [one.passages for one in desk.documents()] == [1]
    answer = desk.ask("How many passengers does the ferry carry?")
    assert answer.short == "1 200 passengers"
    record = desk.record(answer)
    with reading(desk.library) as view:
        assert (record.generation, record.documents) == (view.generation, 1)
        assert record.files == {1: view.document(1).sha256}


def test_an_upload_that_cannot_be_read_makes_no_library_and_is_not_kept(desk: Desk, tmp_path: Path) -> None:
    report = send(desk, ferry(tmp_path, "empty.pdf", ""))
    assert [failure.error for failure in report.failed] == ["EmptySource"]
    assert desk.is_sample and not list((desk.library / FOLDER).iterdir())


def test_what_is_sent_stays_where_its_document_says(desk: Desk, tmp_path: Path) -> None:
    sent = ferry(tmp_path)
    send(desk, sent)
    sent.unlink()
    (shelved,) = desk.documents()
    source = Path(shelved.document.source)
    assert source.parent == (desk.library / FOLDER).resolve() and source.read_text() == FERRY
    assert desk.index([str(source)]).unchanged == (str(source),)
    assert desk.remove([str(shelved.document.id)]) == [str(source)]
    assert not source.exists() and desk.documents() == ()
    assert desk.ask("How many passengers?").abstained
    with pytest.raises(DocumentNotFound):
        desk.document(shelved.document.id)


def test_a_file_of_the_same_name_replaces_nothing_unless_it_is_told_to(desk: Desk, tmp_path: Path) -> None:
    send(desk, ferry(tmp_path / "a"))
    report = send(desk, ferry(tmp_path / "b", text=FERRY.replace("1 200", "1 500")))
    assert len(report.added) == 1 and "ferry (2).txt" in report.warnings[0]
    assert send(desk, ferry(tmp_path / "c")).unchanged  # the same file again
    report = send(desk, ferry(tmp_path / "d", text=FERRY.replace("1 200", "1 900")), replace=True)
    assert len(report.updated) == 1
    texts = {Path(one.document.source).name: one.document.text for one in desk.documents()}
    assert "1 900" in texts["ferry.txt"] and "1 500" in texts["ferry (2).txt"]
    report = send(desk, ferry(tmp_path / "e", text=""), replace=True)  # unreadable: what was there stays
    assert report.failed and "1 900" in (desk.library / FOLDER / "ferry.txt").read_text()
    assert {path.name for path in (desk.library / FOLDER).iterdir()} == {"ferry.txt", "ferry (2).txt"}


def test_a_full_disk_is_named_and_leaves_all_as_it_was(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(desk, ferry(tmp_path))

    real = shutil.copyfile

    def full(source: Path, target: Path) -> None:
        if "other" not in target.name:
            real(source, target)
            return
        target.write_text("half of")
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("shutil.copyfile", full)
    fits = Upload("ferry.txt", ferry(tmp_path / "b", text=FERRY.replace("1 200", "1 500")))
    with pytest.raises(LibraryFull):
        desk.add([fits, Upload("other.txt", fits.path)], replace=True)
    assert [path.read_text() for path in (desk.library / FOLDER).iterdir()] == [FERRY]


def test_two_files_of_one_name_sent_together_are_both_kept(desk: Desk, tmp_path: Path) -> None:
    first, second = ferry(tmp_path / "a"), ferry(tmp_path / "b", text=FERRY.replace("1 200", "1 500"))
    report = desk.add([Upload("ferry.txt", first), Upload("ferry.txt", second)], replace=True)
    assert len(report.added) == 2 and len(desk.documents()) == 2


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd", "passwd"),
        ("..\\..\\boot.ini", "boot.ini"),
        ("/absolute/minutes.pdf", "minutes.pdf"),
        (".ssh", "ssh"),
        ("..", "document"),
        ("", "document"),
        ("a\x00b\n\u202ecod.exe", "a_b_ _cod.exe"),
        ("con.txt", "_con.txt"),
        ("~$lock.docx", "lock.docx"),
        ("minutes?*.pdf", "minutes__.pdf"),
        ("年報 2024.pdf", "年報 2024.pdf"),
        ("x" * 300 + ".pdf", "x" * 116 + ".pdf"),
    ],
)
def test_names_of_uploads_cannot_lead_anywhere(name: str, safe: str, tmp_path: Path) -> None:
    assert safe_name(name).replace(" ", "") == safe.replace(" ", "")
    assert (tmp_path / safe_name(name)).parent == tmp_path


def test_only_web_addresses_are_fetched(desk: Desk, tmp_path: Path) -> None:
    report = desk.add([], [str(ferry(tmp_path)), "file:///etc/passwd"])
    assert [failure.error for failure in report.failed] == ["UnsupportedSource"] * 2
    (failure,) = desk.add([], ["http://127.0.0.1:9/x"]).failed
    assert failure.error == "AddressRefused"


def test_the_sample_cannot_be_removed_from(desk: Desk) -> None:
    with pytest.raises(SampleOnly):
        desk.remove(["1"])


def test_searching_finds_without_reading(home: Path, tmp_path: Path) -> None:
    reader = HeldReader("1 200 passengers")  # would wait for ever
    desk = desk_over(home / "library", reader)
    send(desk, ferry(tmp_path))
    hits = desk.search("night ferry", 5)
    assert len(hits) == 1 and "night ferry" in hits[0].passage.text
    assert desk.search("night ferry", as_of="2020") == ()
    with pytest.raises(QuestionError):
        desk.search("  ")
    desk.close()


def test_whoever_comes_after_the_line_is_full_is_told_so(home: Path) -> None:
    reader = HeldReader("goal")
    desk = desk_over(home / "library", reader, at_once=1, waiting=1)
    desk.documents()
    first = desk.asking("What is the goal?")
    assert reader.begun.acquire(timeout=30)
    second = desk.asking("What is the goal?")
    with pytest.raises(Busy):
        desk.ask("What is the goal?")
    assert second.cancel()  # gives its place to the next
    third = desk.asking("What is the goal?")
    reader.let.set()
    assert first.result(30).question and third.result(30).question
    desk.close()


def test_a_question_that_takes_too_long_is_given_up_and_the_next_one_served(home: Path) -> None:
    reader = HeldReader("goal")
    desk = desk_over(home / "library", reader, at_once=1, seconds=0.2)
    desk.documents()
    with pytest.raises(OutOfTime):
        desk.ask("What is the goal?")
    reader.let.set()
    desk.seconds = 30
    assert desk.ask("What is the goal?").question
    desk.close()


def test_models_that_fail_to_load_are_told_to_whoever_asks_and_tried_again(home: Path) -> None:
    attempts = []

    def load() -> Models:
        attempts.append(1)
        if len(attempts) == 1:
            raise ModelNotFound("no model: install it")
        return Models(WordEmbedder(), QuotingReader("goal"), "quoting")

    desk = Desk(home / "library", models=load)
    with pytest.raises(ModelNotFound):
        desk.ask("What is the goal?")
    assert isinstance(desk.failure, ModelNotFound) and not desk.ready
    assert desk.ask("What is the goal?").question
    assert desk.failure is None and desk.ready and len(attempts) == 2
    desk.close()


class HeldEmbedder(WordEmbedder):
    """Embeds texts of a new document only when let."""

    def __init__(self) -> None:
        super().__init__()
        self.begun, self.let = threading.Event(), threading.Event()

    def embed(self, texts, *, progress=None) -> np.ndarray:  # type: ignore[no-untyped-def]
        if any("zeppelin" in text for text in texts):
            self.begun.set()
            assert self.let.wait(30)
        return super().embed(texts, progress=progress)


def test_adding_documents_does_not_block_questions_and_closing_waits_for_it(home: Path, tmp_path: Path) -> None:
    embedder = HeldEmbedder()
    desk = Desk(home / "library", models=lambda: Models(embedder, QuotingReader("1 200 passengers"), "quoting"))
    send(desk, ferry(tmp_path))
    adding = desk.adding([Upload("zeppelin.txt", ferry(tmp_path, "z.txt", "The zeppelin landed on 3 May 2021.\n"))])
    assert embedder.begun.wait(30)
    assert desk.ask("How many passengers?").short == "1 200 passengers"  # while the other is being embedded
    closing = threading.Thread(target=desk.close)
    closing.start()
    with pytest.raises(Closing):
        for _ in range(1000):  # the line shuts a moment after
            desk.ask("How many passengers?")
            time.sleep(0.01)
    assert closing.is_alive() and not adding.done()
    embedder.let.set()
    closing.join(30)
    assert adding.result().added
    with reading(desk.library) as view:
        assert len(view.live()) == 2


def test_questions_and_changes_from_many_threads(desk: Desk, tmp_path: Path) -> None:
    """Each answer comes from one state of the library, whatever is added or removed meanwhile."""
    send(desk, ferry(tmp_path))

    def churn(number: int) -> None:
        name = f"other{number}.txt"
        send(desk, ferry(tmp_path, name, f"Notice {number}\n\nThe tram carries 90 people. Issued on 1 May 2023\n"))
        desk.remove([name])

    with ThreadPoolExecutor(9) as pool:
        changes = [pool.submit(churn, number) for number in range(6)]
        answers = [pool.submit(desk.ask, "How many passengers?") for _ in range(60)]
        assert {future.result(60).short for future in answers} == {"1 200 passengers"}
        for change in changes:
            change.result(60)
    assert len(desk.documents()) == 1


def test_the_real_models_answer_from_many_threads_as_from_one(home: Path) -> None:
    """No lock is needed around the models, and none is there."""
    questions = [
        "How many talent scheme applications had been approved by end-November 2024?",
        "Who chairs the committee on talents?",
        "What does HKTE stand for?",
        "How has the number of approved applications changed over time?",
    ]
    desk = Desk(home / "library", at_once=4)
    alone = [desk.ask(question) for question in questions]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(desk.ask, questions * 3))
    assert any(answer.text for answer in alone)
    assert [replace(one, timings={}) for one in together] == [replace(one, timings={}) for one in alone] * 3
    desk.close()


class SlowGenerator:
    """Writes a word whenever it is let; knows whether it was stopped."""

    name, context = "slow", 4096

    def __init__(self) -> None:
        self.begun, self.stopped = threading.Event(), threading.Event()

    def count(self, text: str) -> int:
        return len(text) // 3

    def write(self, messages: Sequence[Message], *, most: int) -> Iterator[str]:
        try:
            while True:
                self.begun.set()
                time.sleep(0.01)
                yield "word "
        finally:
            self.stopped.set()


def writing_desk(folder: Path) -> tuple[Desk, SlowGenerator]:
    generator = SlowGenerator()
    models = Models(WordEmbedder(), QuotingReader("1 200 passengers", 0.3), "quoting", generator=generator)
    desk = Desk(folder / "library", models=lambda: models, at_once=1, waiting=0)
    desk.index([str(ferry(folder / "papers"))])
    return desk, generator


def test_a_stream_comes_through_the_line_and_ends_with_the_answer(desk: Desk, tmp_path: Path) -> None:
    send(desk, ferry(tmp_path))
    stream = desk.stream("How many passengers does the ferry carry?")
    text, answer = stream
    assert isinstance(answer, Answer) and text == answer.text and answer.short == "1 200 passengers"
    assert list(stream) == []
    with pytest.raises(QuestionError):
        next(desk.stream("  "))


def test_a_model_that_writes_is_loaded_with_the_others(tmp_path: Path) -> None:
    generator = SlowGenerator()
    assert load_models(generator=lambda: generator).generator is generator and load_models().generator is None


def test_closing_a_stream_stops_the_model_and_frees_the_place(tmp_path: Path) -> None:
    desk, generator = writing_desk(tmp_path)
    stream = desk.stream("How many passengers does the ferry carry?")
    assert generator.begun.wait(10)
    with pytest.raises(Busy):
        desk.stream("And now?")
    stream.close()
    assert list(stream) == [] and generator.stopped.wait(10)
    desk.close()


def test_a_desk_that_closes_stops_what_is_being_written(tmp_path: Path) -> None:
    desk, generator = writing_desk(tmp_path)
    stream = desk.stream("How many passengers does the ferry carry?")
    assert generator.begun.wait(10)
    desk.close()
    assert generator.stopped.is_set()
    with pytest.raises(Closing):
        list(stream)


def test_a_stream_that_stands_still_is_given_up(tmp_path: Path) -> None:
    desk, generator = writing_desk(tmp_path)
    desk.seconds = 0.2
    with pytest.raises(OutOfTime):
        list(desk.stream("How many passengers does the ferry carry?"))
    assert generator.stopped.wait(10)
    desk.close()
