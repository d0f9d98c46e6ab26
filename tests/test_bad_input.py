"""A folder of everything that can be wrong with a file, and a good one: one line each, and the good one answers."""

from __future__ import annotations

import io
import os
import shutil
import sqlite3
import zipfile
from pathlib import Path

import pytest
from conftest import WordEmbedder

from rag import Assistant, index, store
from rag.errors import LibraryError, LibraryFull
from rag.picking import SentencePicker
from rag.store import reading


def word_file(members: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return packed.getvalue()


@pytest.fixture
def bad_folder(tmp_path: Path, notices: Path) -> Path:
    from pypdf import PdfWriter

    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    whole = io.BytesIO()
    writer.write(whole)
    writer.encrypt("secret")
    locked = io.BytesIO()
    writer.write(locked)
    bomb = {"[Content_Types].xml": b"<Types/>", "word/document.xml": b" " * 400_000_000}
    for name, data in {
        "empty.txt": b"",
        "blank.txt": b" \n\t \n",
        "nothing.pdf": b"",
        "truncated.pdf": whole.getvalue()[:-100],
        "locked.pdf": locked.getvalue(),
        "scan.pdf": whole.getvalue(),
        "program.txt": bytes(range(256)) * 20,
        "bomb.docx": word_file(bomb),
        "hollow.docx": word_file({"word/document.xml": b"<w:document/>"}),
        "notzip.xlsx": b"PK\x03\x04 and then nothing",
    }.items():
        (notices / name).write_bytes(data)
    with (notices / "huge.txt").open("wb") as file:
        file.truncate(200_000_000)
    (notices / "loop").symlink_to(notices, target_is_directory=True)
    (notices / "dangling.txt").symlink_to(tmp_path / "nowhere.txt")
    return notices


def test_every_bad_file_is_one_line_and_the_rest_goes_on(
    tmp_path: Path, bad_folder: Path, embedder: WordEmbedder
) -> None:
    report = index(bad_folder, tmp_path / "library", embedder=embedder)
    assert sorted(Path(source).name for source in report.added) == ["bridge.md", "ferry.txt", "library.txt"]
    found = {Path(failure.source).name: failure.error for failure in report.failed}
    expected = {
        "empty.txt": "EmptySource",
        "blank.txt": "EmptySource",
        "nothing.pdf": "EmptySource",
        "truncated.pdf": "DamagedSource",
        "locked.pdf": "EncryptedSource",
        "scan.pdf": "EmptySource",
        "program.txt": "DamagedSource",
        "bomb.docx": "SourceTooLarge",
        "hollow.docx": "DamagedSource",
        "notzip.xlsx": "DamagedSource",
        "huge.txt": "SourceTooLarge",
        "dangling.txt": "SourceNotFound",
    }
    assert found == expected
    for failure in report.failed:
        assert len(failure.reason.splitlines()) == 1 and len(failure.reason) > 30, failure
    assert (
        Assistant(tmp_path / "library", embedder=embedder, reader=SentencePicker(embedder))
        .ask("What does the night ferry carry?")
        .hits
    )


def test_a_file_with_the_wrong_extension_is_read_for_what_it_is(
    tmp_path: Path, notices: Path, embedder: WordEmbedder
) -> None:
    (notices / "page.pdf").write_text(
        "<!doctype html><html><body><h1>Tram</h1><p>The tram runs hourly.</p></body></html>"
    )
    report = index(notices, tmp_path / "library", embedder=embedder)
    assert not report.failed and any("page.pdf" in warning for warning in report.warnings)
    with reading(tmp_path / "library") as view:
        assert "The tram runs hourly." in view.find("page.pdf").text


@pytest.mark.skipif(getattr(os, "geteuid", lambda: 1)() == 0, reason="the superuser may read every file")
def test_a_file_that_may_not_be_read(tmp_path: Path, notices: Path, embedder: WordEmbedder) -> None:
    (notices / "ferry.txt").chmod(0)
    (failure,) = index(notices, tmp_path / "library", embedder=embedder).failed
    assert failure.error == "AccessDenied"


def test_a_full_disk_leaves_the_library_as_it_was(
    tmp_path: Path, notices: Path, embedder: WordEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = tmp_path / "library"
    index(notices, library, embedder=embedder)
    before = {file.name: file.read_bytes() for file in library.iterdir() if file.suffix == ".sqlite3"}
    (notices / "long.txt").write_text(
        "A notice.\n\n" + "\n\n".join(f"Sentence number {n} of many." for n in range(5000))
    )
    connect = store._connect

    def nearly_full(folder: Path) -> sqlite3.Connection:
        connection = connect(folder)
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages + 2}")
        return connection

    with monkeypatch.context() as patched:
        patched.setattr(store, "_connect", nearly_full)
        with pytest.raises(LibraryFull, match="free some room"):
            index(notices, library, embedder=embedder)
    with reading(library) as view:
        assert len(view.live()) == 3
    assert {name: (library / name).read_bytes() for name in before} == before
    assert len(index(notices, library, embedder=embedder).added) == 1


def test_a_snapshot_that_cannot_be_written_is_a_warning(
    tmp_path: Path, notices: Path, embedder: WordEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*arguments: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("rag.snapshot.publish", full)
    report = index(notices, tmp_path / "library", embedder=embedder)
    assert len(report.added) == 3 and "rebuilt" in report.warnings[-1]
    assert Assistant(tmp_path / "library", embedder=embedder, reader=SentencePicker(embedder)).ask("ferry").hits


def test_a_library_in_an_impossible_place(tmp_path: Path, notices: Path, embedder: WordEmbedder) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(LibraryError, match="choose another --library"):
        index(notices, tmp_path / "file" / "library", embedder=embedder)


def test_a_damaged_library_is_rebuilt_after_moving_it_away(
    tmp_path: Path, notices: Path, embedder: WordEmbedder
) -> None:
    library = tmp_path / "library"
    index(notices, library, embedder=embedder)
    file = library / store.FILE
    data = bytearray(file.read_bytes())
    data[4096:12288] = os.urandom(8192)
    file.write_bytes(data)
    with pytest.raises(LibraryError, match="index the documents again"), reading(library) as view:
        list(view.documents())
        view.connection.execute("PRAGMA integrity_check").fetchall()
        view.vectors()
        view.live()
    shutil.move(library, tmp_path / "away")
    assert len(index(notices, library, embedder=embedder).added) == 3
