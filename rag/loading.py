"""Loading: bytes to Markdown-like text, with the title, the date and the pages that a format knows of.

The content decides the format, not the name: a PDF called ``notes.txt`` is read as a PDF, with a warning. Text,
Markdown, separated values and e-mail are read here, the larger formats in modules of their own. Messages of errors
leave out the source, which stands beside them in a :class:`~rag.types.Failure`.
"""

from __future__ import annotations

import codecs
import csv
import email
import email.policy
import hashlib
import io
import re
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from rag import office, pdf, webpage
from rag.errors import DamagedSource, EmptySource, EncryptedSource, LoadError, UnsupportedSource
from rag.markup import Content, facts, iso_date, pipe_table
from rag.sources import CURES, FORMATS, MAX_BYTES, READABLE, is_url, suffix_of
from rag.types import Loaded

if TYPE_CHECKING:
    from email.message import MIMEPart

_CONTENT_TYPES = {
    "text/html": "html",
    "application/xhtml+xml": "html",
    "text/markdown": "markdown",
    "text/csv": "csv",
    "text/tab-separated-values": "csv",
    "application/pdf": "pdf",
    "message/rfc822": "eml",
}
_KINDS = {
    "text": "plain text",
    "markdown": "Markdown",
    "html": "a web page",
    "pdf": "a PDF",
    "docx": "a Word document",
    "pptx": "a PowerPoint file",
    "xlsx": "an Excel workbook",
    "csv": "a table of separated values",
    "eml": "an e-mail",
}
_NO_TITLE = re.compile(
    r"untitled.{0,12}|\(?anonymous\)?|\(?unspecified\)?|no ?title|title|home|index|document ?\d*|(slide|layout) \d+"
    r"|powerpoint presentation"
    r"|(presentation|book|sheet)\d+|presentation|microsoft (word|powerpoint|excel)\b.*"
    r"|.*\.(docx?|html?|pdf|pptx?|xlsx?|indd|qxd|dvi|tex|rtf|odt|txt)|[\W\d_]*",
    re.I,
)


def load(source: str, data: bytes, content_type: str | None = None) -> Loaded:
    """Bytes to text. Reads nothing else, except that scanned pages are handed to ``tesseract`` where it is installed.

    ``content_type`` is the HTTP header of a fetched page. Raises EmptySource, EncryptedSource, DamagedSource,
    UnsupportedSource and SourceTooLarge.
    """
    if not data:
        raise EmptySource("the file is empty (0 bytes): copy or download it again.")
    named = _named_format(source, content_type)
    found = _format(data, named, suffix_of(source))
    try:
        content = _read(found, data, content_type)
    except (LoadError, ImportError):  # a package that is missing is no fault of the file
        raise
    except Exception as error:  # whatever a parser makes of a broken file, it is this file's failure
        raise DamagedSource(
            f"it could not be read as {_KINDS[found]} ({type(error).__name__}: {str(error)[:120]}): "
            "open it in the program it belongs to, save it anew, and index that."
        ) from error
    if not any(page and not page.isspace() for page in content.pages):
        raise EmptySource(f"there is no text in it, read as {_KINDS[found]}: check it, or leave it out.")
    warnings = content.warnings
    if named and named != found:
        warnings = (f"by its name {_KINDS[named]}, by its content {_KINDS[found]}: read as the latter.", *warnings)
    title = " ".join((content.title or "").split())
    return Loaded(
        source=source,
        sha256=hashlib.sha256(data).hexdigest(),
        format=found,
        pages=content.pages,
        title=None if _NO_TITLE.fullmatch(title) else title,  # a program's filler, or a file name
        published=content.published,
        metadata=content.metadata,
        warnings=warnings,
    )


# ------------------------------------------------------------------------------------------------- which format it is


def _named_format(source: str, content_type: str | None) -> str | None:
    """What the header or the name says. ``text/plain`` says nothing: servers send it for Markdown and CSV too."""
    declared = (content_type or "").partition(";")[0].strip().lower()
    if declared in _CONTENT_TYPES:
        return _CONTENT_TYPES[declared]
    name = unquote(urlsplit(source).path) if is_url(source) else source
    return FORMATS.get(suffix_of(name), "text" if declared == "text/plain" else None)


def _format(data: bytes, named: str | None, suffix: str) -> str:
    """The format by content, else by name. Raises for what no reader takes."""
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        if found := office.archive_format(data):
            return found
        cure = CURES.get(suffix, "unpack it and index the files inside")
        raise UnsupportedSource(f"it is a zip archive, which Vouch does not open: {cure}.")
    if b"%PDF-" in data[: 1024 if named == "pdf" else 16]:
        return "pdf"
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):  # old Office files and new ones with a password
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise EncryptedSource("it needs a password: open it, remove the password, save it and index that.")
        cure = CURES.get(suffix, "save it as .docx, .pptx or .xlsx")
        raise UnsupportedSource(f"it is in an old Office format: {cure} and index that.")
    if data.startswith((b"{\\rtf", b"%!PS")):
        raise UnsupportedSource("RTF and PostScript are not read: save it as .docx or .pdf and index that.")
    if not data.startswith(_WIDE_BOMS) and _is_binary(data):
        if named is None:
            raise UnsupportedSource(f"it is neither text nor a document Vouch knows. {READABLE}: save it as one.")
        raise DamagedSource(
            f"by its name {_KINDS[named]}, but its bytes are not: it is damaged or of another kind. "
            "Open it in the program it belongs to, save it anew, and index that."
        )
    if named == "html" or _starts_as_html(data):
        return "html"
    return named if named in ("markdown", "csv", "eml") else "text"


def _is_binary(data: bytes) -> bool:
    """More than one byte in a hundred is a control character: text has next to none, programs and archives plenty."""
    return 100 * (len(data) - len(data.translate(None, _CONTROLS))) > len(data)


# Atomic and possessive: tried in every other way, a row of comments would take time without end.
_HTML_START = re.compile(
    rb"[^<]{0,4}+\s*+(?:(?><\?xml[^>]*>|<!--.*?-->)\s*+)*+<(?:!doctype\s+html|html)\b", re.I | re.S
)


def _starts_as_html(data: bytes) -> bool:
    head = data[:1024]
    if head.startswith(_WIDE_BOMS):
        head = head.replace(b"\0", b"")
    return bool(_HTML_START.match(head))


def _read(form: str, data: bytes, content_type: str | None) -> Content:
    if form in _FROM_BYTES:
        return _FROM_BYTES[form](data)
    declared: str | None = None
    if match := re.search(r"charset=[\"']?([\w.:-]+)", content_type or "", re.I):
        declared = match[1]
    elif form == "html" and (inside := re.search(rb"(?:charset|encoding)\s*=\s*[\"']?([\w.:-]+)", data[:2048])):
        declared = inside[1].decode()
    text, warnings = _decode(data, declared)
    content = _FROM_TEXT[form](text)
    return replace(content, warnings=warnings) if warnings else content


# -------------------------------------------------------------------------------------------------- bytes to text

_WIDE_BOMS = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_CONTROLS = bytes(set(range(32)) - set(b"\t\n\v\f\r\x1a\x1b")) + b"\x7f"
_ASCII = bytes(range(128))
_SAMPLE_BYTES = 2**16
_LEGACY_ENCODINGS = (  # of those that fit the bytes about equally well, the first is the likeliest
    "cp1252 gb18030 big5hkscs big5 cp932 cp949 euc_jp iso2022_jp cp1251 koi8_r cp1250 cp1253 cp1254 cp1255 cp1256 cp874"
).split()
_SUPERSETS = {  # as browsers do: pages that name the left mean the right
    **{"gb2312": "gb18030", "gbk": "gb18030", "big5": "big5hkscs", "shift_jis": "cp932", "euc_kr": "cp949"},
    **{"iso8859-1": "cp1252", "ascii": "cp1252"},
}


def _decode(data: bytes, declared: str | None) -> tuple[str, tuple[str, ...]]:
    """The text, and a warning where the encoding had to be guessed. ``declared`` counts only if it isn't UTF-8."""
    if data.startswith(_WIDE_BOMS):
        encoding = "utf-32" if data.startswith(_WIDE_BOMS[:2]) else "utf-16"  # in this order: marks begin alike
        try:
            return data.decode(encoding), ()
        except UnicodeError as error:
            raise DamagedSource(
                f"it is not valid {encoding}: copy it again, or save it as UTF-8 and index that."
            ) from error
    data = data.removeprefix(codecs.BOM_UTF8)
    try:
        return data.decode(), ()
    except UnicodeDecodeError:
        text = data.decode(errors="replace")
    bad, foreign = text.count("\ufffd"), len(data.translate(None, _ASCII))
    if 20 * bad < foreign:
        return text, (f"{bad} places are not valid UTF-8 and are marked \ufffd: save the file anew as UTF-8.",)
    if declared:
        try:
            name = codecs.lookup(declared).name
            return data.decode(_SUPERSETS.get(name, name)), ()
        except (LookupError, UnicodeError):
            pass  # a wrong or unknown name: guess instead
    encoding = _guess_encoding(data)
    return data.decode(encoding, "replace"), (f"it is not UTF-8 and was read as {encoding}: check its accents.",)


def _guess_encoding(data: bytes) -> str:
    """The legacy encoding that fits the lines beyond ASCII best; at least one byte is."""
    from charset_normalizer import from_bytes

    first = len(data) - len(data.lstrip(_ASCII))
    lines = data[max(0, first - 40) : first + 16 * _SAMPLE_BYTES].splitlines(keepends=True)
    sample = b"".join(line for line in lines if not line.isascii())[:_SAMPLE_BYTES]
    if len(sample) == _SAMPLE_BYTES:  # do not cut through a character
        sample = sample[: sample.rfind(b"\n") + 1] or sample
    matches = list(from_bytes(sample, cp_isolation=_LEGACY_ENCODINGS))
    if not matches:
        raise DamagedSource("its encoding cannot be told: save it as UTF-8 text and index that.")
    top = matches[0]
    best = [match for match in matches if match.chaos <= top.chaos and match.coherence > top.coherence - 0.06]
    names = {name for match in best for name in (match.encoding, *(twin.encoding for twin in match.submatch))}
    return min(names, key=_LEGACY_ENCODINGS.index)


# ----------------------------------------------------------------------------------------------- the small formats

_FRONT_MATTER = re.compile(r"---[ \t]*\r?\n(.*?\r?\n)(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.S)
_FIELD = re.compile(r"^([\w-]+)[ \t]*:(.*)$", re.M)


def _markdown(text: str) -> Content:
    """Front matter is read line by line: its ``title`` and ``date``, the other plain fields as metadata."""
    block = _FRONT_MATTER.match(text)
    if block is None or not _FIELD.match(block[1].lstrip()):
        return Content((text,))
    fields = {match[1].lower(): _unquoted(match[2].strip()) for match in _FIELD.finditer(block[1])}
    fields = {name: value for name, value in fields.items() if value}
    title = fields.pop("title", None)
    dates = [fields.pop(name, None) for name in ("published", "date")]
    return Content((text[block.end() :],), title, next(filter(None, map(iso_date, dates)), None), fields)


def _unquoted(value: str) -> str:
    quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "\"'"
    return value[1:-1] if quoted else value


def _csv(text: str) -> Content:
    csv.field_size_limit(MAX_BYTES)  # of the whole process, and by itself 131,072 characters
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    return Content((pipe_table(rows),))


def _delimiter(text: str) -> str:
    """Of the usual separators the one that makes the most fields, the same number in each of the first lines."""

    def evenness(separator: str) -> tuple[bool, int]:
        sample = csv.reader(io.StringIO(text[:20_000], newline=""), delimiter=separator)
        widths = [len(row) for row, _ in zip(sample, range(20), strict=False) if row]
        return len(set(widths)) == 1 and widths[0] > 1, sum(widths)

    return max(",\t;|", key=evenness)


def _eml(data: bytes) -> Content:
    message = email.message_from_bytes(data, policy=email.policy.default)
    body = message.get_body(("plain", "html"))
    text, warnings = ("", ()) if body is None else _mail_text(body)
    names = [part.get_filename() or part.get_content_type() for part in message.iter_attachments()]
    if names:
        warnings += (f"attachments are not read ({', '.join(names)}): save them and index the files.",)
    if not text.strip():
        raise EmptySource(" ".join(("the e-mail has no text: check it, or leave it out.", *warnings)))
    people = {name: str(message[name] or "") for name in ("from", "to")}
    return Content((text,), message["subject"], iso_date(message["date"]), facts(**people), warnings)


def _mail_text(part: MIMEPart) -> tuple[str, tuple[str, ...]]:
    payload = part.get_payload(decode=True)
    text, warnings = _decode(payload if isinstance(payload, bytes) else b"", part.get_content_charset())
    return (webpage.read(text).pages[0] if part.get_content_type() == "text/html" else text), warnings


_FROM_BYTES: dict[str, Callable[[bytes], Content]] = {
    "pdf": pdf.read,
    "docx": office.read_docx,
    "pptx": office.read_pptx,
    "xlsx": office.read_xlsx,
    "eml": _eml,
}
_FROM_TEXT: dict[str, Callable[[str], Content]] = {
    "text": lambda text: Content((text,)),
    "markdown": _markdown,
    "html": webpage.read,
    "csv": _csv,
}
