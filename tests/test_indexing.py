"""The way in: what is followed, what is skipped, what is reported."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from conftest import WordEmbedder

from rag import Assistant, index, remove
from rag.errors import DocumentNotFound, LibraryNotFound
from rag.picking import SentencePicker
from rag.store import reading
from rag.types import Basis, IndexReport


def names(sources: tuple[str, ...] | list[str]) -> list[str]:
    return sorted(Path(source).name for source in sources)


def test_added_unchanged_changed_and_removed_are_followed(
    tmp_path: Path, notices: Path, embedder: WordEmbedder
) -> None:
    library = tmp_path / "library"
    first = index(notices, library, embedder=embedder)
    assert names(first.added) == ["bridge.md", "ferry.txt", "library.txt"] and not first.failed
    worked = embedder.embedded
    second = index(notices, library, embedder=embedder)
    assert names(second.unchanged) == names(first.added) and embedder.embedded == worked
    (notices / "ferry.txt").write_text("New ferry opens\n\nThe night ferry was cancelled on 6 April 2022.\n")
    (notices / "library.txt").unlink()
    third = index(notices, library, embedder=embedder)
    assert (names(third.updated), names(third.removed)) == (["ferry.txt"], ["library.txt"])
    with reading(library) as view:
        assert names(list(view.live())) == ["bridge.md", "ferry.txt"]
        assert "cancelled" in view.find("ferry.txt").text


def test_a_missing_folder_removes_nothing(tmp_path: Path, notices: Path, embedder: WordEmbedder) -> None:
    library = tmp_path / "library"
    index(notices, library, embedder=embedder)
    shutil.move(notices, tmp_path / "unmounted")
    report = index(notices, library, embedder=embedder)
    assert report.removed == () and [f.error for f in report.failed] == ["SourceNotFound"]
    with reading(library) as view:
        assert len(view.live()) == 3


def test_indexing_one_file_leaves_its_neighbours(tmp_path: Path, notices: Path, embedder: WordEmbedder) -> None:
    library = tmp_path / "library"
    index(notices, library, embedder=embedder)
    report = index(notices / "ferry.txt", library, embedder=embedder)
    assert names(report.unchanged) == ["ferry.txt"] and report.removed == ()


def test_a_file_that_turned_bad_keeps_its_last_good_version(
    tmp_path: Path, notices: Path, embedder: WordEmbedder
) -> None:
    library = tmp_path / "library"
    index(notices, library, embedder=embedder)
    (notices / "ferry.txt").write_bytes(b"")
    report = index(notices, library, embedder=embedder)
    (failure,) = report.failed
    assert failure.error == "EmptySource" and "version indexed before stays" in failure.reason
    with reading(library) as view:
        assert "night ferry" in view.find("ferry.txt").text


def test_progress_counts_every_file(tmp_path: Path, notices: Path, embedder: WordEmbedder) -> None:
    (notices / "empty.txt").touch()
    seen: list[tuple[int, int]] = []
    index(notices, tmp_path / "l", embedder=embedder, progress=lambda done, total, source: seen.append((done, total)))
    assert seen == [(1, 4), (2, 4), (3, 4), (4, 4)]


def test_an_interrupted_run_is_taken_up(
    tmp_path: Path, notices: Path, embedder: WordEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = tmp_path / "library"
    monkeypatch.setattr("rag.indexing.BATCH_PASSAGES", 1)

    def interrupt(done: int, total: int, source: str) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        index(notices, library, embedder=embedder, progress=interrupt)
    with reading(library) as view:
        assert view.live() == {}
    before = embedder.embedded
    report = index(notices, library, embedder=embedder)
    assert len(report.added) == 3
    with reading(library) as view:
        passages = view.count_passages()
    assert 0 < embedder.embedded - before < passages


def test_what_was_staged_for_a_file_since_deleted_is_forgotten(
    tmp_path: Path, notices: Path, embedder: WordEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = tmp_path / "library"
    monkeypatch.setattr("rag.indexing.BATCH_PASSAGES", 1)
    with pytest.raises(ZeroDivisionError):
        index(notices, library, embedder=embedder, progress=lambda done, total, source: 1 // (total - done))
    (notices / "bridge.md").unlink()
    index(notices, library, embedder=embedder)
    with reading(library) as view:
        rows = view.connection.execute("SELECT source, state FROM documents").fetchall()
    assert sorted((Path(source).name, state) for source, state in rows) == [
        ("ferry.txt", "live"),
        ("library.txt", "live"),
    ]


def test_removed_documents_cannot_answer(tmp_path: Path, notices: Path, embedder: WordEmbedder) -> None:
    library = tmp_path / "library"
    index(notices, library, embedder=embedder)
    assistant = Assistant(library, embedder=embedder, reader=SentencePicker(embedder))
    assert "ferry" in assistant.ask("What carries 1 200 passengers a day?").hits[0].passage.text
    assert names(remove(["ferry.txt"], library)) == ["ferry.txt"]
    answer = assistant.ask("What carries 1 200 passengers a day?")
    assert all("ferry" not in hit.passage.text for hit in answer.hits)
    with pytest.raises(DocumentNotFound):
        remove(["ferry.txt"], library)


def test_a_list_of_names_is_removed_together_or_not_at_all(
    tmp_path: Path, notices: Path, embedder: WordEmbedder
) -> None:
    library = tmp_path / "library"
    index(notices, library, embedder=embedder)
    with pytest.raises(DocumentNotFound):
        remove(["ferry.txt", "nowhere.txt"], library)
    with reading(library) as view:
        assert len(view.live()) == 3
    with pytest.raises(LibraryNotFound):
        remove(["ferry.txt"], tmp_path / "elsewhere")


def test_dates_and_structure_reach_the_store(tmp_path: Path, notices: Path, embedder: WordEmbedder) -> None:
    index(notices, tmp_path / "library", embedder=embedder)
    with reading(tmp_path / "library") as view:
        ferry, bridge = view.find("ferry.txt"), view.find("bridge.md")
        for document in view.documents():
            for passage in view.passages(range(1, view.count_passages() + 1)):
                if passage.document_id == document.id:
                    assert passage.text == document.text[passage.start : passage.end]
    assert (ferry.published.date.isoformat(), ferry.published.basis) == ("2022-03-04", Basis.TEXT)
    assert "Ends/" not in ferry.text
    assert bridge.published.date.isoformat() == "2023-05-09"
    assert bridge.title == "Bridge repairs"


def test_nothing_to_index_is_a_report_too(tmp_path: Path, embedder: WordEmbedder) -> None:
    (tmp_path / "empty").mkdir()
    report = index(tmp_path / "empty", tmp_path / "library", embedder=embedder)
    assert report == IndexReport(seconds=report.seconds)
