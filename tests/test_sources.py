from __future__ import annotations

import os
import stat
import time
from pathlib import Path
from typing import Any

import pytest

from rag import sources
from rag.errors import (
    AccessDenied,
    SourceNotFound,
    SourceTooLarge,
    UnsupportedSource,
)
from rag.sources import expand, read
from rag.types import Failure


def failures(found: list[str | Failure]) -> list[tuple[str, str]]:
    return [(failure.source, failure.error) for failure in found if isinstance(failure, Failure)]


# -------------------------------------------------------------------------------------------------- finding the sources


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of documents and of what lies around documents."""
    root = tmp_path.resolve() / "docs"
    for name in ("b.txt", "a.md", "sub/c.pdf", "sub/deeper/D.HTML", "photo.jpg", "notes.py", "Makefile"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("x")
    for name in (".git/readme.md", ".hidden.txt", "~$b.docx", "library/library.sqlite3", "library/inner.txt"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("x")
    return root


def under(root: Path, *names: str) -> list[str]:
    return [str(root / name) for name in names]


def test_a_folder_gives_its_documents_sorted(folder: Path) -> None:
    assert list(expand([folder])) == under(folder, "a.md", "b.txt", "sub/c.pdf", "sub/deeper/D.HTML")


def test_one_path_need_not_be_in_a_list(folder: Path) -> None:
    assert list(expand(str(folder / "a.md"))) == under(folder, "a.md")


def test_each_source_comes_once_in_the_order_given(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    url = "https://example.org/a.pdf"
    paths: list[str | Path] = ["sub", url, "b.txt", folder / "sub/../b.txt", f"{folder}//sub/c.pdf", url, folder, "./"]
    assert list(expand(paths)) == [
        *under(folder, "sub/c.pdf", "sub/deeper/D.HTML"),
        url,
        *under(folder, "b.txt", "a.md"),
    ]


def test_a_file_named_is_given_whatever_its_suffix(folder: Path) -> None:
    assert list(expand([folder / "Makefile", folder / ".hidden.txt"])) == under(folder, "Makefile", ".hidden.txt")


def test_a_document_of_another_format_is_reported_with_its_cure(folder: Path) -> None:
    (folder / "old.doc").write_text("x")
    failure = next(found for found in expand([folder]) if isinstance(found, Failure))
    assert (failure.source, failure.error) == (str(folder / "old.doc"), "UnsupportedSource")
    assert "save it as .docx" in failure.reason


@pytest.mark.parametrize(
    ("pattern", "names"),
    [
        ("*.txt", ["b.txt"]),
        ("**/*.pdf", ["sub/c.pdf"]),
        ("**/*", ["a.md", "b.txt", "sub/c.pdf", "sub/deeper/D.HTML"]),
        ("s*", ["sub/c.pdf", "sub/deeper/D.HTML"]),
        ("[ab].*", ["a.md", "b.txt"]),
        ("?.md", ["a.md"]),
        (".git/*.md", [".git/readme.md"]),
    ],
)
def test_patterns(folder: Path, pattern: str, names: list[str]) -> None:
    assert list(expand([f"{folder}/{pattern}"])) == under(folder, *names)


def test_a_file_with_a_bracket_in_its_name_is_a_file(folder: Path) -> None:
    (folder / "a[1].txt").write_text("x")
    assert list(expand([folder / "a[1].txt"])) == under(folder, "a[1].txt")


@pytest.mark.parametrize(
    "missing", ["nothing.txt", "no/such/folder", "*.nothing", "", "bad\0name.txt", "n" * 300 + ".txt"]
)
def test_what_is_missing_is_reported(folder: Path, missing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    (failure,) = expand([missing])
    assert isinstance(failure, Failure)
    assert (failure.source, failure.error) == (missing, "SourceNotFound")
    assert ": " in failure.reason  # what is wrong: what to do


def test_a_home_folder_is_found(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(folder))
    assert list(expand(["~/b.txt", "~/*.md"])) == under(folder, "b.txt", "a.md")


def test_other_addresses_are_refused() -> None:
    assert failures(list(expand(["ftp://example.org/a.txt"]))) == [("ftp://example.org/a.txt", "UnsupportedSource")]


def test_loops_of_links_end_and_repeat_nothing(folder: Path) -> None:
    (folder / "sub/up").symlink_to(folder)
    (folder / "sub/deeper/again").symlink_to(folder / "sub")
    (folder / "itself").symlink_to(folder / "itself")
    (folder / "same.txt").symlink_to(folder / "b.txt")
    expected = under(folder, "a.md", "b.txt", "sub/c.pdf", "sub/deeper/D.HTML")
    assert sorted(map(str, expand([folder]))) == expected
    assert sorted(map(str, expand([f"{folder}/**/*"]))) == expected


def test_a_link_out_of_the_folder_is_followed_and_a_dead_one_reported(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere.txt").write_text("x")
    (folder / "sub/link.txt").symlink_to(tmp_path / "elsewhere.txt")
    (folder / "sub/dead.txt").symlink_to(tmp_path / "gone.txt")
    found = list(expand([folder / "sub"]))
    assert str(tmp_path.resolve() / "elsewhere.txt") in found
    assert failures(found) == [(str(folder / "sub/dead.txt"), "SourceNotFound")]


def test_a_folder_that_may_not_be_listed_is_reported(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    listed = os.scandir

    def scandir(path: str) -> Any:  # permissions do not bind root, so the refusal is played
        if path.endswith("/sub"):
            raise PermissionError(13, "Permission denied")
        return listed(path)

    monkeypatch.setattr(os, "scandir", scandir)
    found = list(expand([folder]))
    assert failures(found) == [(str(folder / "sub"), "AccessDenied")]
    assert found[:2] == under(folder, "a.md", "b.txt")


def test_a_name_that_is_no_text_is_reported(tmp_path: Path) -> None:
    name = os.fsencode(tmp_path) + b"/caf\xe9.txt"
    with open(name, "wb") as file:  # noqa: PTH123
        file.write(b"x")
    (failure,) = expand([tmp_path])
    assert isinstance(failure, Failure)
    assert failure.source.encode().endswith(b"caf\\udce9.txt")
    assert "rename" in failure.reason


def test_deeply_nested_folders(tmp_path: Path) -> None:
    root = Path(os.path.realpath(tmp_path))
    inner = root
    for _ in range(800):  # one by one: mkdir(parents=True) recurses
        inner /= "a"
        inner.mkdir()
    (inner / "deep.txt").touch()
    assert list(expand([root])) == [str(inner / "deep.txt")]
    for found in expand([f"{root}/**/*.txt"]):
        assert isinstance(found, str) or "too deep" in found.reason


def test_the_folders_among_paths(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(folder))
    monkeypatch.setenv("USERPROFILE", str(folder))
    given: list[str | Path] = ["~/sub", folder / "b.txt", "https://example.org/", os.sep, folder / "none", "bad\0name"]
    assert sources.folders_among(given) == (str(folder / "sub") + os.sep, os.path.realpath(os.sep))
    assert sources.folders_among(str(folder)) == (str(folder) + os.sep,)


def test_a_large_folder_is_listed_quickly(tmp_path: Path) -> None:
    for number in range(3000):
        (tmp_path / f"{number}.txt").touch()
    begun = time.process_time()
    assert len(list(expand([tmp_path]))) == 3000
    assert time.process_time() - begun < 1


# -------------------------------------------------------------------------------------------------------- reading bytes


def test_bytes_are_read(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"\r\n\xff")
    assert read(str(tmp_path / "a.txt")).data == b"\r\n\xff"


def test_a_file_over_the_limit_is_refused_unread(tmp_path: Path) -> None:
    with (tmp_path / "huge.txt").open("wb") as file:
        file.truncate(200 * 2**20)  # sparse: takes no room
    with pytest.raises(SourceTooLarge, match=r"200 MB is over the limit of 100 MB.*split"):
        read(str(tmp_path / "huge.txt"))


def test_a_file_at_the_limit_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "MAX_BYTES", 10)
    (tmp_path / "a.txt").write_bytes(b"x" * 10)
    assert read(str(tmp_path / "a.txt")).data == b"x" * 10
    (tmp_path / "a.txt").write_bytes(b"x" * 11)
    with pytest.raises(SourceTooLarge):
        read(str(tmp_path / "a.txt"))


def test_a_file_that_is_gone_a_folder_and_a_pipe(tmp_path: Path) -> None:
    with pytest.raises(SourceNotFound):
        read(str(tmp_path / "gone.txt"))
    with pytest.raises(UnsupportedSource):
        read(str(tmp_path))
    if hasattr(os, "mkfifo"):  # not on Windows
        os.mkfifo(tmp_path / "pipe.txt")
        with pytest.raises(UnsupportedSource):
            read(str(tmp_path / "pipe.txt"))


def test_a_file_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_args: object) -> None:
        raise PermissionError(13, "Permission denied")

    (tmp_path / "a.txt").touch()
    monkeypatch.setattr(Path, "read_bytes", refuse)
    with pytest.raises(AccessDenied, match=r"chmod \+r"):
        read(str(tmp_path / "a.txt"))


@pytest.mark.skipif(getattr(os, "geteuid", lambda: 1)() == 0, reason="root may read everything")
def test_real_permissions(tmp_path: Path) -> None:
    (tmp_path / "a.txt").touch(mode=0)
    with pytest.raises(AccessDenied):
        read(str(tmp_path / "a.txt"))
    (tmp_path / "sub").mkdir(mode=stat.S_IWUSR)
    assert failures(list(expand([tmp_path / "sub"]))) == [(str(tmp_path.resolve() / "sub"), "AccessDenied")]
