"""A document's file is looked at, and read again only after it was written to."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from rag.types import Document, Published
from ui import originals
from ui.originals import Original, Originals


def document(source: str, text: str = "old") -> Document:
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    return Document(1, source, "T", text, Published(), sha256, "text", ())


def test_as_read_changed_and_gone(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text("old")
    looking, paper = Originals(), document(str(file))
    assert looking.state(paper) is Original.AS_READ
    file.write_text("newer")
    assert looking.state(paper) is Original.CHANGED
    file.write_text("old")
    assert looking.state(paper) is Original.AS_READ
    file.unlink()
    assert looking.state(paper) is Original.GONE


def test_no_address_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Originals().state(document("https://example.invalid/a")) is Original.WEB


def test_an_unchanged_file_is_read_once_and_a_large_one_never(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "a.txt"
    file.write_text("old")
    looking, paper = Originals(), document(str(file))
    looking.state(paper)
    monkeypatch.setattr(hashlib, "file_digest", None)
    assert looking.state(paper) is Original.AS_READ
    monkeypatch.setattr(originals, "MOST_BYTES", 2)
    file.write_text("newer")
    assert looking.state(paper) is Original.AS_READ
