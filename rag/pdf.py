"""PDF, page by page; pages that are only a picture go through OCR where ``tesseract`` is installed."""

from __future__ import annotations

import io
import shutil
import subprocess
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from rag.errors import DamagedSource, EmptySource, EncryptedSource, SourceTooLarge
from rag.markup import Content, check_characters, facts

if TYPE_CHECKING:
    from PIL.Image import Image
    from pypdf import PageObject, PdfReader

OCR_SECONDS = 120
"""Time allowed for reading one scanned image."""
SECONDS = 30.0
"""Processor time allowed for reading a PDF, OCR not counted, and ``SECONDS_PER_MB`` more for each megabyte of it."""
SECONDS_PER_MB = 60.0
MAX_PAGE_BYTES = 20 * 2**20
"""The most a page's content may unpack to; pages of text have some 20 kB, and parsing takes a second per megabyte."""

_OCR_CURE = "install tesseract (Debian, Ubuntu: apt-get install tesseract-ocr), then {}"
_UNCHANGED = "`rag remove` this document and index it again"  # indexing passes over a file that has not changed


def read(data: bytes) -> Content:
    """The text of each page, blank ones included.

    A page that is listed again is left blank there. Raises DamagedSource, EncryptedSource, EmptySource and
    SourceTooLarge.
    """
    check_time = _clock(SECONDS + SECONDS_PER_MB * len(data) / 2**20)
    reader = _opened(data)
    met: set[object] = set()
    characters = 0
    pages: list[str] = []
    numbers: dict[str, list[int]] = {"text": [], "ocr": [], "unread": [], "broken": []}
    for number, page in enumerate(reader.pages, 1):
        text, how = ("", "text") if page.indirect_reference in met else _page(page, check_time)
        met.update({page.indirect_reference} - {None})
        pages.append(text)
        numbers[how].append(number)
        characters += len(text)
        check_characters(characters)
    if pages and len(numbers["broken"]) == len(pages):
        raise DamagedSource("none of the PDF's pages could be read: save it anew with a PDF program and index that.")
    some = any(page.strip() for page in pages)
    cure = _OCR_CURE.format(_UNCHANGED if some else "index it again")
    no_text = "OCR found no text there" if shutil.which("tesseract") else cure
    said = {
        "broken": "{} could not be read: save the PDF anew and index it again.",
        "ocr": "no text layer on {}: read by OCR, so check figures against the scan.",
        "unread": f"no text layer on {{}}: {no_text}.",
    }
    warnings = tuple(words.format(_page_list(numbers[how])) for how, words in said.items() if numbers[how])
    if not some:
        raise EmptySource(" ".join(warnings) or "the PDF has no page with text: check it, or leave it out.")
    return Content(tuple(pages), *_title_and_facts(reader), warnings)


def _clock(seconds: float) -> Callable[..., None]:
    """A function that raises SourceTooLarge once this thread has worked for so many seconds."""
    end = time.thread_time() + seconds

    def check_time(*_: object) -> None:
        if time.thread_time() > end:
            raise SourceTooLarge(
                f"reading its pages takes over {seconds:,.0f} seconds, far more than a PDF of its size should: "
                "split it, or save it anew with a PDF program, and index that."
            )

    return check_time


def _opened(data: bytes) -> PdfReader:
    from pypdf import PdfReader
    from pypdf.errors import DependencyError

    if b"%%EOF" not in data[-2048:]:
        raise DamagedSource("the PDF is cut short (it has no end-of-file mark): copy or download it again.")
    reader = PdfReader(io.BytesIO(data))
    try:
        locked = reader.is_encrypted and not reader.decrypt("")  # many need no password for reading
    except (DependencyError, NotImplementedError):
        locked = True
    if locked:
        raise EncryptedSource("the PDF needs a password: open it, save it without one, and index that.")
    return reader


def _page(page: PageObject, check_time: Callable[..., None]) -> tuple[str, str]:
    """A page's text, and how it came: ``text`` (also of a blank page), ``ocr``, ``unread`` or ``broken``."""
    try:
        contents = page.get_contents()
        content = b"" if contents is None else contents.get_data()
        if len(content) > MAX_PAGE_BYTES:
            return "", "broken"
        text = page.extract_text(visitor_operand_before=check_time)  # a form may be drawn again and again
        check_time()
        if text.strip() or not content.strip():
            return text, "text"
    except SourceTooLarge:
        raise
    except Exception:  # one broken page does not cost the others
        return "", "broken"
    text = _recognise(page)
    return text, "ocr" if text.strip() else "unread"


def _recognise(page: PageObject) -> str:
    """The text of a scanned page's pictures by OCR; empty without tesseract or where it finds none."""
    tesseract = shutil.which("tesseract")
    if tesseract is None:
        return ""
    try:
        pictures = [image.image for image in page.images]
        large = [picture for picture in pictures if picture is not None and min(picture.size) > 50]
        return "\n".join(
            _recognise_picture(tesseract, picture.rotate(-page.rotation, expand=True)) for picture in large
        )
    except Exception:  # a picture that cannot be opened leaves the page unread, which the caller reports
        return ""


def _recognise_picture(tesseract: str, picture: Image) -> str:
    png = io.BytesIO()
    picture.convert("L").save(png, "PNG")
    done = subprocess.run(  # noqa: S603  the bytes go in by a pipe, no part of the file into the command
        [tesseract, "stdin", "stdout"], input=png.getvalue(), capture_output=True, timeout=OCR_SECONDS, check=True
    )
    return done.stdout.decode(errors="replace").replace("\f", "")


def _page_list(numbers: Sequence[int]) -> str:
    """``page 2``, ``pages 2-4, 7``."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1] = [runs[-1][0], number]
        else:
            runs.append([number])
    return ("pages " if len(numbers) > 1 else "page ") + ", ".join("-".join(map(str, run)) for run in runs)


def _title_and_facts(reader: PdfReader) -> tuple[str | None, None, dict[str, str]]:
    """Title, date of publication and metadata. A PDF's dates are of its file, so none is that of publication."""
    try:
        known = reader.metadata
        return (
            (known.title, None, facts(author=known.author, created=known.creation_date)) if known else (None, None, {})
        )
    except Exception:  # malformed facts do not cost the text
        return None, None, {}
