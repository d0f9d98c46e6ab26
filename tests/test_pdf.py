from __future__ import annotations

import io
import shutil
import time

import pytest
from documents import page, pdf
from PIL import Image, ImageDraw, ImageFont
from pypdf import PdfReader, PdfWriter

from rag import markup
from rag import pdf as pdf_part
from rag.errors import (
    DamagedSource,
    EmptySource,
    EncryptedSource,
    SourceTooLarge,
)
from rag.loading import load


def scan(text: str) -> bytes:
    """A PDF of one page that is only a picture of the text."""
    picture = Image.new("L", (1200, 400), 255)
    ImageDraw.Draw(picture).text((60, 120), text, fill=0, font=ImageFont.load_default(64))
    out = io.BytesIO()
    picture.save(out, "PDF", resolution=150)
    return out.getvalue()


def joined(*files: bytes) -> bytes:
    writer = PdfWriter()
    for file in files:
        writer.append(PdfReader(io.BytesIO(file)))
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def test_a_pdf_keeps_its_pages_and_its_creation_is_not_its_publication() -> None:
    loaded = load("/a.pdf", pdf("First page", "", "Third page", title="A real title"))
    assert [text.strip() for text in loaded.pages] == ["First page", "", "Third page"]
    assert (loaded.title, loaded.published, loaded.warnings) == ("A real title", None, ())
    assert loaded.metadata == {"author": "Ann", "created": "2020-01-02"}


@pytest.mark.parametrize(
    "title",
    ["Microsoft Word - report.doc", "report-final.docx", "untitled", "", "12-3", "Slide 1", "Untitled 1", "Sheet2"],
)
def test_a_title_a_program_filled_in_is_none(title: str) -> None:
    assert load("/a.pdf", pdf("Text", title=title)).title is None


def test_truncated_pdfs() -> None:
    whole = pdf(*("Some words " * 20 for _ in range(5)))
    for length in (5, 9, 100, len(whole) // 2, len(whole) - 30):
        with pytest.raises(DamagedSource, match=r"cut short|download"):
            load("/a.pdf", whole[:length])


def test_a_malformed_pdf_names_its_kind() -> None:
    with pytest.raises(DamagedSource, match="could not be read as a PDF"):
        load("/a.pdf", b"%PDF-1.7\nnothing of the sort\n%%EOF")


def test_encrypted_pdfs() -> None:
    for user, opens in (("secret", False), ("", True)):
        writer = PdfWriter(clone_from=io.BytesIO(pdf("Open words")))
        writer.encrypt(user, "owner", algorithm="AES-256")
        out = io.BytesIO()
        writer.write(out)
        if opens:
            assert page("/a.pdf", out.getvalue()).strip() == "Open words"
        else:
            with pytest.raises(EncryptedSource, match="password"):
                load("/a.pdf", out.getvalue())


def test_scanned_pages_without_ocr_are_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    picture = scan("unseen")
    loaded = load("/a.pdf", joined(pdf("Words"), picture, picture, pdf("More"), picture))
    assert [text.strip() for text in loaded.pages] == ["Words", "", "", "More", ""]
    (warning,) = loaded.warnings
    assert warning.startswith("no text layer on pages 2-3, 5: install tesseract")
    assert warning.endswith("then `rag remove` this document and index it again.")  # unchanged, it is not read anew
    with pytest.raises(EmptySource, match=r"no text layer on page 1: .*tesseract-ocr\), then index it again"):
        load("/a.pdf", picture)


@pytest.mark.skipif(shutil.which("tesseract") is None, reason="tesseract is not installed")
def test_scanned_pages_are_read_by_ocr() -> None:
    loaded = load("/a.pdf", joined(pdf("Words"), scan("The fee is 4,750 dollars")))
    assert "The fee is 4,750 dollars" in loaded.pages[1]
    assert loaded.warnings == ("no text layer on page 2: read by OCR, so check figures against the scan.",)


@pytest.mark.skipif(shutil.which("tesseract") is None, reason="tesseract is not installed")
def test_a_picture_stored_on_its_side_is_turned_before_ocr() -> None:
    picture = Image.new("L", (1200, 400), 255)
    ImageDraw.Draw(picture).text((60, 120), "Turned on its side", fill=0, font=ImageFont.load_default(64))
    out = io.BytesIO()
    picture.rotate(90, expand=True).save(out, "PDF", resolution=150)
    writer = PdfWriter(clone_from=io.BytesIO(out.getvalue()))
    writer.pages[0].rotate(90)
    out = io.BytesIO()
    writer.write(out)
    assert "Turned on its side" in page("/a.pdf", out.getvalue())


def test_ocr_that_fails_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _name: "/bin/false")
    loaded = load("/a.pdf", joined(pdf("Words"), scan("unseen")))
    assert loaded.warnings == ("no text layer on page 2: OCR found no text there.",)


def test_a_page_listed_many_times_is_read_once() -> None:
    listed = pdf("Some words").replace(b"/Kids [3 0 R]", b"/Kids [" + b"3 0 R " * 50 + b"]")
    loaded = load("/a.pdf", listed.replace(b"/Count 1", b"/Count 50"))
    assert [text.strip() for text in loaded.pages] == ["Some words", *[""] * 49]


def test_pages_that_take_too_long_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    long = pdf(*["words) Tj (" * 20_000] * 50)
    monkeypatch.setattr(pdf_part, "SECONDS", 0.1)
    monkeypatch.setattr(pdf_part, "SECONDS_PER_MB", 0.0)
    begun = time.process_time()
    with pytest.raises(SourceTooLarge, match="split it"):
        load("/a.pdf", long)
    assert time.process_time() - begun < 5


def test_a_drawing_too_large_to_read_costs_its_page_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_part, "MAX_PAGE_BYTES", 1000)
    loaded = load("/a.pdf", pdf("Words", "words) Tj (" * 200))
    assert loaded.warnings == ("page 2 could not be read: save the PDF anew and index it again.",)


def test_more_text_than_a_file_may_give_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(markup, "MAX_CHARACTERS", 30)
    with pytest.raises(SourceTooLarge, match="characters"):
        load("/a.pdf", pdf(*["Some words"] * 4))
