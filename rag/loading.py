"""Paths to files, and files to Markdown-like text with what the format itself says (title, date, page breaks).

``expand`` finds the sources, ``read_bytes`` reads one, ``load`` turns its bytes into a :class:`~rag.types.Loaded`.
A page from the web comes as bytes from ``rag.fetching`` and goes through the same ``load``.

The content decides the format, not the name: a PDF called ``notes.txt`` is read as a PDF, with a warning. Messages of
errors leave out the source, which stands beside them in a :class:`~rag.types.Failure`.
"""

from __future__ import annotations

import codecs
import csv
import datetime as dt
import email
import email.policy
import email.utils
import hashlib
import io
import json
import os
import re
import shutil
import stat
import subprocess
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from rag.errors import (
    AccessDenied,
    DamagedSource,
    EmptySource,
    EncryptedSource,
    LoadError,
    SourceNotFound,
    SourceTooLarge,
    UnsupportedSource,
)
from rag.types import Failure, Loaded

if TYPE_CHECKING:
    from email.message import MIMEPart

    from docx.document import Document as WordDocument
    from PIL.Image import Image
    from pptx.slide import Slide
    from pypdf import PageObject, PdfReader

MAX_BYTES = 100 * 2**20
"""The largest file that is read."""
MAX_UNPACKED_BYTES = 300 * 2**20
"""The most a .docx, .pptx or .xlsx may unpack to."""
MAX_XML_BYTES = 64 * 2**20
"""The largest single XML part of a .docx or .pptx: parsers hold it whole, at some twenty times its size."""
MAX_RATIO = 200
"""The most an archive of over 50 MB unpacked may have been packed by; documents stay near 20."""
MAX_MEMBERS = 20_000
MAX_SPAN = 100
"""The most rows or columns one merged cell is repeated in."""
MAX_CELLS = 10_000_000
"""The most places a table may have: a few bytes can claim a million columns."""
OCR_SECONDS = 120
"""Time allowed for reading one scanned image."""

LIBRARY_FILE = "library.sqlite3"

_FORMATS = {
    **{".txt": "text", ".text": "text", ".md": "markdown", ".markdown": "markdown"},
    **{".html": "html", ".htm": "html", ".xhtml": "html", ".pdf": "pdf", ".docx": "docx", ".pptx": "pptx"},
    **{".xlsx": "xlsx", ".xlsm": "xlsx", ".csv": "csv", ".tsv": "csv", ".eml": "eml"},
}
_CURES = {
    **dict.fromkeys((".doc", ".docm", ".odt", ".rtf", ".pages"), "save it as .docx"),
    **dict.fromkeys((".ppt", ".pptm", ".odp"), "save it as .pptx"),
    **dict.fromkeys((".xls", ".xlsb", ".ods"), "save it as .xlsx"),
    **{".epub": "convert it to .html", ".msg": "save it as .eml", ".mbox": "save its messages as .eml"},
}
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
_READABLE = "Vouch reads .txt .md .html .pdf .docx .pptx .xlsx .csv .tsv .eml"
_OCR_CURE = "install tesseract (Debian, Ubuntu: apt-get install tesseract-ocr) and index it again"


@dataclass(frozen=True, slots=True)
class _Content:
    """What one reader found in the bytes."""

    pages: tuple[str, ...]
    title: str | None = None
    published: str | None = None
    metadata: dict[str, str] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()


# ---------------------------------------------------------------------------------------------- finding the sources


def is_url(source: str) -> bool:
    """True for an ``http`` or ``https`` address, which ``rag.fetching`` reads."""
    return source[:8].lower().startswith(("http://", "https://"))


def expand(paths: Iterable[str | os.PathLike[str]]) -> Iterator[str | Failure]:
    """The sources behind files, folders, glob patterns and URLs, each once, as absolute real paths or URLs.

    Paths keep the order they are given in; what a folder or pattern holds comes sorted. In folders, hidden entries,
    Vouch libraries and files of other kinds (images, archives, programs) are passed over; a document format that
    Vouch does not read gives a :class:`Failure`, as do missing paths and folders that may not be listed.
    """
    if isinstance(paths, str | os.PathLike):
        paths = [paths]
    seen: set[str] = set()
    for path in paths:
        for found in _expand_one(os.fspath(path), seen):
            if isinstance(found, Failure):
                yield found
            elif found not in seen:
                seen.add(found)
                yield found if _is_encodable(found) else _unencodable(found)


def read_bytes(source: str) -> bytes:
    """A file's bytes, or what a URL gives.

    Raises SourceNotFound, AccessDenied, UnsupportedSource (not a file) and SourceTooLarge; for a URL also
    AddressRefused and FetchFailed. Who wants the server's word on type and encoding calls ``rag.fetching.fetch``.
    """
    if is_url(source):
        from rag.fetching import fetch  # the other half of this part

        return fetch(source).data
    try:
        status = Path(source).stat()  # before opening: opening a named pipe would wait for ever
        if not stat.S_ISREG(status.st_mode):
            raise UnsupportedSource(f"it is not a file but a folder, pipe or device. {_READABLE}: name such a file.")
        if status.st_size > MAX_BYTES:
            raise _too_large(status.st_size)
        with Path(source).open("rb") as file:
            data = file.read(MAX_BYTES + 1)  # it may have grown since
    except OSError as error:
        raise _os_failure(error) from error
    if len(data) > MAX_BYTES:
        raise _too_large(len(data))
    return data


def _too_large(size: int) -> SourceTooLarge:
    return SourceTooLarge(
        f"{size / 2**20:,.0f} MB is over the limit of {MAX_BYTES / 2**20:,.0f} MB for one file: "
        "split it into smaller files, for example by chapter or year, and index those."
    )


def _os_failure(error: OSError | ValueError) -> LoadError:
    if isinstance(error, PermissionError):
        return AccessDenied("it may not be read: give yourself read permission (chmod +r), or leave it out.")
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return SourceNotFound("no such file or folder: check the spelling and the folder you are in.")
    reason = error.strerror if isinstance(error, OSError) else str(error)
    return SourceNotFound(f"it cannot be opened ({reason}): check the path and the disk it is on.")


def _failure(source: str, error: LoadError) -> Failure:
    return Failure(source, type(error).__name__, str(error))


def _is_encodable(path: str) -> bool:
    try:
        path.encode()
    except UnicodeEncodeError:
        return False
    return True


def _unencodable(path: str) -> Failure:
    shown = path.encode(errors="backslashreplace").decode()
    return _failure(shown, UnsupportedSource("its name is not valid UTF-8: rename the file, then index it again."))


def _expand_one(path: str, seen: set[str]) -> Iterator[str | Failure]:
    if is_url(path):
        yield path
        return
    if "://" in path:
        yield _failure(
            path, UnsupportedSource("only http and https addresses are fetched: download it, index the file.")
        )
        return
    expanded = os.path.expanduser(path)  # noqa: PTH111  Path.expanduser raises for an unknown user
    try:
        mode = os.stat(expanded).st_mode  # noqa: PTH116  Path("") would be the current folder
    except (OSError, ValueError) as error:
        if any(character in path for character in "*?["):
            yield from _expand_pattern(path, expanded, seen)
        else:
            yield _failure(path, _os_failure(error))
        return
    real = os.path.realpath(expanded)
    if stat.S_ISDIR(mode):
        yield from _walk(real, seen)
    else:
        yield real


def _walk(folder: str, seen: set[str]) -> Iterator[str | Failure]:
    """Every readable file under a real folder path. ``seen`` holds the folders done, so a loop of links ends."""
    if folder in seen:
        return
    seen.add(folder)
    try:
        with os.scandir(folder) as listing:
            entries = sorted(listing, key=lambda entry: entry.name)
    except OSError as error:
        yield _failure(folder, _os_failure(error))
        return
    if any(entry.name == LIBRARY_FILE for entry in entries):
        return
    for entry in entries:
        if not entry.name.startswith((".", "~$")):  # hidden, or the lock file of an open Office document
            yield from _visit(entry, seen)


def _visit(entry: os.DirEntry[str], seen: set[str]) -> Iterator[str | Failure]:
    try:
        path = os.path.realpath(entry.path) if entry.is_symlink() else entry.path
        is_folder, is_file = entry.is_dir(), entry.is_file()
    except OSError:  # a link to itself
        is_folder = is_file = False
    if is_folder:
        yield from _walk(path, seen)
    elif is_file:
        yield from _readable(path)
    elif _suffix(entry.name) in _FORMATS and entry.is_symlink():
        yield _failure(entry.path, SourceNotFound("a link that leads nowhere: mend or remove the link."))


def _readable(path: str) -> Iterator[str | Failure]:
    """The path where its name is of a known format; a Failure for a document of another; else nothing."""
    suffix = _suffix(path)
    if suffix in _FORMATS:
        yield path
    elif suffix in _CURES:
        yield _failure(path, UnsupportedSource(f"{suffix} files are not read: {_CURES[suffix]} and index that."))


def _expand_pattern(shown: str, pattern: str, seen: set[str]) -> Iterator[str | Failure]:
    parts = Path(pattern).parts
    fixed = next(i for i, part in enumerate(parts) if any(character in part for character in "*?["))
    root = Path(*parts[:fixed])
    try:  # pathlib, since its ** does not follow links and so cannot loop
        matches = sorted(_visible(root.glob("/".join(parts[fixed:])), root, parts[fixed:]))
    except (OSError, ValueError) as error:
        yield _failure(shown, SourceNotFound(f"not a usable pattern ({error}): write it like 'docs/**/*.pdf'."))
        return
    if not matches:
        yield _failure(shown, SourceNotFound("no file matches this pattern: check the folder, or write '**' for any."))
    for match in matches:
        real = os.path.realpath(match)
        yield from _walk(real, seen) if os.path.isdir(real) else _readable(real)  # noqa: PTH112


def _visible(paths: Iterable[Path], root: Path, pattern: Sequence[str]) -> Iterator[str]:
    """Without what is hidden (unless the pattern itself names something hidden) or lies in a library."""
    hidden = () if any(part.startswith(".") for part in pattern) else (".", "~$")
    shown: dict[Path, bool] = {root.parent: True}

    def is_shown(folder: Path) -> bool:
        if folder not in shown:
            named = folder == root or not folder.name.startswith(hidden)
            shown[folder] = named and is_shown(folder.parent) and not (folder / LIBRARY_FILE).exists()
        return shown[folder]

    return (str(path) for path in paths if not path.name.startswith(hidden) and is_shown(path.parent))


def _suffix(path: str) -> str:
    return os.path.splitext(path)[1].lower()  # noqa: PTH122  ten times faster than a Path, and on the way of each file


# ------------------------------------------------------------------------------------------------ choosing a reader


def load(source: str, data: bytes, content_type: str | None = None) -> Loaded:
    """Bytes to text. Reads nothing else, except that scanned pages are handed to ``tesseract`` where it is installed.

    ``content_type`` is the HTTP header of a fetched page. Raises EmptySource, EncryptedSource, DamagedSource,
    UnsupportedSource and SourceTooLarge.
    """
    if not data:
        raise EmptySource("the file is empty (0 bytes): copy or download it again.")
    named = _named_format(source, content_type)
    found = _format(data, named, _suffix(source))
    try:
        content = _READERS[found](data, _charset(content_type))
    except LoadError:
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
    return Loaded(
        source=source,
        sha256=hashlib.sha256(data).hexdigest(),
        format=found,
        pages=content.pages,
        title=_real_title(content.title),
        published=content.published,
        metadata=content.metadata,
        warnings=warnings,
    )


def _named_format(source: str, content_type: str | None) -> str | None:
    """What the header or the name says. ``text/plain`` says nothing: servers send it for Markdown and CSV too."""
    declared = (content_type or "").partition(";")[0].strip().lower()
    if declared in _CONTENT_TYPES:
        return _CONTENT_TYPES[declared]
    name = unquote(urlsplit(source).path) if is_url(source) else source
    return _FORMATS.get(_suffix(name), "text" if declared == "text/plain" else None)


def _format(data: bytes, named: str | None, suffix: str) -> str:
    """The format by content, else by name. Raises for what no reader takes."""
    if data.startswith(b"PK\x03\x04") or data.startswith(b"PK\x05\x06"):
        return _zip_format(data, suffix)
    if b"%PDF-" in data[: 1024 if named == "pdf" else 16]:
        return "pdf"
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        raise _ole_failure(data, suffix)
    if data.startswith((b"{\\rtf", b"%!PS")):
        raise UnsupportedSource("RTF and PostScript are not read: save it as .docx or .pdf and index that.")
    if not data.startswith(_WIDE_BOMS) and _is_binary(data):
        if named is None:
            raise UnsupportedSource(f"it is neither text nor a document Vouch knows. {_READABLE}: save it as one.")
        raise DamagedSource(
            f"by its name {_KINDS[named]}, but its bytes are not: it is damaged or of another kind. "
            "Open it in the program it belongs to, save it anew, and index that."
        )
    if named == "html" or _starts_as_html(data):
        return "html"
    return named if named in ("markdown", "csv", "eml") else "text"


def _zip_format(data: bytes, suffix: str) -> str:
    """docx, pptx or xlsx by the folders inside, after refusing what would unpack to too much."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            found = next(
                (form for top, form in _OFFICE_FOLDERS if any(m.filename.startswith(top) for m in members)), ""
            )
            if not found:
                cure = _CURES.get(suffix, "unpack it and index the files inside")
                raise UnsupportedSource(f"it is a zip archive, which Vouch does not open: {cure}.")
            _check_unpacked_size(members, len(data), found)
            # The sizes above are only what the archive claims. This reads each member in small steps, never beyond
            # its claimed size, and finds those that lie: parsers, which read a member whole, then meet none.
            damaged = archive.testzip()
    except (zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, OSError, NotImplementedError, RuntimeError) as error:
        damaged = str(error)
    except Exception as error:  # zlib.error, lzma errors, struct.error: a broken archive all the same
        if isinstance(error, LoadError):
            raise
        damaged = str(error)
    if damaged:
        raise DamagedSource(f"its archive is broken or cut short ({damaged}): copy or download it again.")
    return found


_OFFICE_FOLDERS = (("word/", "docx"), ("ppt/", "pptx"), ("xl/", "xlsx"))


def _check_unpacked_size(members: Sequence[zipfile.ZipInfo], packed: int, found: str) -> None:
    unpacked = sum(member.file_size for member in members)
    xml = max((member.file_size for member in members if member.filename.endswith((".xml", ".rels"))), default=0)
    if (
        unpacked > MAX_UNPACKED_BYTES
        or (unpacked > 50 * 2**20 and unpacked > MAX_RATIO * packed)
        or (found != "xlsx" and xml > MAX_XML_BYTES)  # .xlsx rows are streamed
        or len(members) > MAX_MEMBERS
    ):
        raise SourceTooLarge(
            f"it unpacks from {packed / 2**20:,.1f} MB to {unpacked / 2**20:,.0f} MB in {len(members):,} parts, which "
            "is more than is safe to open: if you trust it, split it or take out its pictures, and index that."
        )


def _ole_failure(data: bytes, suffix: str) -> LoadError:
    """Old Office files and password-protected new ones share one container."""
    if "EncryptedPackage".encode("utf-16-le") in data:
        return EncryptedSource("it is protected by a password: open it, remove the password, save it and index that.")
    cure = _CURES.get(suffix, "save it as .docx, .pptx or .xlsx")
    return UnsupportedSource(f"it is in an old Office format: {cure} and index that.")


def _starts_as_html(data: bytes) -> bool:
    head = data[:1024]
    if head.startswith(_WIDE_BOMS):
        head = head.replace(b"\0", b"")
    return bool(re.match(rb"[^<]{0,4}\s*(<\?xml[^>]*>\s*|<!--.*?-->\s*)*<(!doctype\s+html|html)\b", head, re.I | re.S))


# -------------------------------------------------------------------------------------------------- bytes to text

_WIDE_BOMS = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_BOMS = (  # UTF-32 first: its little-endian mark begins with UTF-16's
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CONTROLS = bytes(set(range(32)) - set(b"\t\n\v\f\r\x1a\x1b")) + b"\x7f"
_ASCII = bytes(range(128))
_SAMPLE_BYTES = 2**16
_LEGACY_ENCODINGS = (  # of those that fit the bytes about equally well, the first is the likeliest
    *("cp1252", "gb18030", "big5hkscs", "big5", "cp932", "cp949", "euc_jp", "iso2022_jp", "cp1251", "koi8_r"),
    *("cp1250", "cp1253", "cp1254", "cp1255", "cp1256", "cp874"),
)
_SUPERSETS = {  # as browsers do: pages that name the left mean the right
    **{"gb2312": "gb18030", "gbk": "gb18030", "big5": "big5hkscs", "shift_jis": "cp932", "euc_kr": "cp949"},
    **{"iso8859-1": "cp1252", "ascii": "cp1252"},
}


def _is_binary(data: bytes) -> bool:
    """More than one byte in a hundred is a control character: text has next to none, programs and archives plenty."""
    return 100 * (len(data) - len(data.translate(None, _CONTROLS))) > len(data)


def _decode(data: bytes, declared: str | None = None) -> tuple[str, tuple[str, ...]]:
    """The text, and a warning where the encoding had to be guessed. ``declared`` counts only if it isn't UTF-8."""
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _decode_as(data, encoding), ()
    try:
        return data.decode(), ()
    except UnicodeDecodeError:
        text = data.decode(errors="replace")
    bad, foreign = text.count("\ufffd"), len(data.translate(None, _ASCII))
    if 20 * bad < foreign:
        return text, (f"{bad} places are not valid UTF-8 and are marked \ufffd: save the file anew as UTF-8.",)
    if declared:
        try:
            return data.decode(_superset(declared)), ()
        except (LookupError, UnicodeError):
            pass  # a wrong or unknown name: guess instead
    encoding = _guess_encoding(data)
    return _decode_as(data, encoding, "replace"), (f"it is not UTF-8 and was read as {encoding}: check its accents.",)


def _decode_as(data: bytes, encoding: str, errors: str = "strict") -> str:
    try:
        return data.decode(encoding, errors)
    except UnicodeError as error:
        raise DamagedSource(
            f"it is not valid {encoding}: copy it again, or save it as UTF-8 and index that."
        ) from error


def _superset(declared: str) -> str:
    name = codecs.lookup(declared).name
    return _SUPERSETS.get(name, name)


def _guess_encoding(data: bytes) -> str:
    """The legacy encoding that fits the lines beyond ASCII best; at least one byte is."""
    from charset_normalizer import from_bytes

    first = len(data) - len(data.lstrip(_ASCII))
    lines = data[max(0, first - 40) : first + 16 * _SAMPLE_BYTES].splitlines(keepends=True)
    foreign = b"".join(line for line in lines if not line.isascii())
    sample = foreign[:_SAMPLE_BYTES]
    if len(sample) == _SAMPLE_BYTES:  # do not cut through a character
        sample = sample[: sample.rfind(b"\n") + 1] or sample
    matches = list(from_bytes(sample, cp_isolation=list(_LEGACY_ENCODINGS)))
    if not matches:
        raise DamagedSource("its encoding cannot be told: save it as UTF-8 text and index that.")
    top = matches[0]
    best = [match for match in matches if match.chaos <= top.chaos and match.coherence > top.coherence - 0.06]
    names = {name for match in best for name in (match.encoding, *(twin.encoding for twin in match.submatch))}
    return min(names, key=_LEGACY_ENCODINGS.index)


def _charset(content_type: str | None) -> str | None:
    found = re.search(r"charset=[\"']?([\w.:-]+)", content_type or "", re.I)
    return found[1] if found else None


# ------------------------------------------------------------------------------------- what several readers share

_ISO_DATE = re.compile(r"(\d{4})(?:[-/](\d{1,2})(?:[-/](\d{1,2}))?)?(?![\d/-])")
_WRITTEN_DATES = ("%d %B %Y", "%B %d, %Y", "%B %d %Y", "%d %b %Y", "%b %d, %Y", "%Y%m%d", "%B %Y", "%b %Y")
_WHITE_SPACE = re.compile(r"[ \t\n\r\f\v\x85\u2028\u2029]+")
_NO_TITLE = re.compile(
    r"untitled|no title|title|document\d*|slide \d+|powerpoint presentation|presentation\d*|book\d+|microsoft word.*"
    r"|.*\.(docx?|pdf|pptx?|xlsx?|indd|qxd|dvi|tex|rtf|odt|txt)|[\W\d_]*",
    re.I,
)


def _iso_date(text: str | None) -> str | None:
    """``2024-03-18``, ``2024-03`` or ``2024`` where the words can mean nothing else; ``03/04/2024`` could."""
    words = " ".join((text or "").split())
    if match := _ISO_DATE.match(words):
        year, month, day = (int(part) if part else None for part in match.groups())
        try:
            dt.date(year or 0, month or 1, day or 1)
        except ValueError:
            return None
        return "-".join([f"{year:04d}", *(f"{part:02d}" for part in (month, day) if part)])
    for form in _WRITTEN_DATES:
        try:
            date = dt.datetime.strptime(words, form).date()
        except ValueError:
            continue
        return date.isoformat() if "%d" in form else f"{date:%Y-%m}"
    try:
        return email.utils.parsedate_to_datetime(words).date().isoformat()
    except (ValueError, IndexError):
        return None


def _real_title(title: str | None) -> str | None:
    """The title in one line; None where it is a program's filler or a file name."""
    words = " ".join((title or "").split())
    return None if _NO_TITLE.fullmatch(words) else words


def _table(rows: Iterable[Sequence[str]]) -> str:
    """A pipe table whose header is the first row; a table of one row or one column becomes lines.

    Rows of one single value above the header are captions, and stay lines. Empty rows and columns are left out.
    """
    cells: list[list[str]] = []
    met = 0
    for row in rows:
        met += len(row)
        _check_cells(met)
        line = [_folded(cell).strip() for cell in row]
        if any(line):
            cells.append([line[0]] if len(set(line)) == 1 else line)  # a cell merged over the whole row
    captions = next((i for i, row in enumerate(cells) if sum(map(bool, row)) > 1), len(cells))
    lines = [cell for row in cells[:captions] for cell in row if cell]
    columns = sorted({i for row in cells[captions:] for i, cell in enumerate(row) if cell})
    _check_cells(len(cells) * len(columns))
    if len(cells) - captions == 1:
        lines.append("; ".join(filter(None, cells[captions])))
    elif cells[captions:]:
        body = [[row[i].replace("|", "\\|") if i < len(row) else "" for i in columns] for row in cells[captions:]]
        body.insert(1, ["---"] * len(columns))
        lines.append("\n".join(f"| {' | '.join(row)} |" for row in body))
    return "\n\n".join(lines)


def _check_cells(count: int) -> None:
    if count > MAX_CELLS:
        raise SourceTooLarge(
            f"a table in it has over {MAX_CELLS:,} cells, empty ones included: "
            "delete empty rows and columns, or split it."
        )


def _folded(text: str | None) -> str:
    """Every run of white space as one space; a no-break space stays, since it holds a number together."""
    return _WHITE_SPACE.sub(" ", text or "")


def _with_date(metadata: dict[str, str | None], created: dt.datetime | None) -> dict[str, str]:
    """The fields that say something, with the file's own date under ``created``: not when it was published."""
    known = {key: " ".join(value.split()) for key, value in metadata.items() if value and value.strip()}
    return {**known, "created": created.date().isoformat()} if created else known


# ---------------------------------------------------------------------------------------------- text and Markdown


def _read_text(data: bytes, charset: str | None) -> _Content:
    text, warnings = _decode(data, charset)
    return _Content((text,), warnings=warnings)


_FRONT_MATTER = re.compile(r"---[ \t]*\r?\n(.*?\r?\n)(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.S)
_FIELD = re.compile(r"([\w-]+)[ \t]*:[ \t]*(.*?)[ \t]*\r?$", re.M)


def _read_markdown(data: bytes, charset: str | None) -> _Content:
    """Front matter is read line by line: its ``title`` and ``date``, the other plain fields as metadata."""
    text, warnings = _decode(data, charset)
    block = _FRONT_MATTER.match(text)
    if block is None or not _FIELD.match(block[1].lstrip()):
        return _Content((text,), warnings=warnings)
    fields = {match[1].lower(): _unquoted(match[2]) for match in _FIELD.finditer(block[1]) if match[2]}
    title = fields.pop("title", None)
    dates = [fields.pop(name, None) for name in ("published", "date")]
    published = next(filter(None, map(_iso_date, dates)), None)
    return _Content((text[block.end() :],), title, published, fields, warnings)


def _unquoted(value: str) -> str:
    quoted = re.fullmatch(r"([\"'])(.*)\1", value)
    return quoted[2] if quoted else value


# ------------------------------------------------------------------------------------------------------------ HTML

_PUBLISHED_NAMES = (  # in order of trust; "modified" and "created" are not publication
    *("article:published_time", "og:article:published_time", "datepublished", "citation_publication_date"),
    *("dcterms.issued", "dc.date.issued", "dcterms.date", "dc.date", "dcterms.available", "parsely-pub-date"),
    *("sailthru.date", "publication_date", "publish-date", "publishdate", "publish_date", "pubdate", "date"),
)
_INLINE_MARKS = ("b", "strong", "i", "em", "u", "s", "mark", "small", "big", "font", "tt", "cite", "var", "ins", "abbr")
_NOT_CONTENT = ("script", "style", "noscript", "template", "nav", "aside", "footer", "svg", "iframe", "object", "head")
_MENUS = "//*[@role='navigation'] | //header[not(.//h1 or .//h2)]"
_BLOCKS = frozenset(
    {
        *("address", "article", "blockquote", "body", "center", "dd", "details", "div", "dl", "dt", "fieldset"),
        *("figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "html"),
        *("legend", "li", "main", "ol", "p", "pre", "section", "summary", "table", "tbody", "td", "tfoot", "th"),
        *("thead", "tr", "ul"),
    }
)
_TABLE_TAGS = frozenset(("table", "thead", "tbody", "tfoot", "tr", "th", "td"))
_TRAFILATURA_CHARACTERS = 1_000_000
"""Longer pages are taken whole: choosing the article takes some eight seconds per million characters."""
_TRAFILATURA_WORK = 1_000_000
"""Likewise pages of more elements times depth than this; a long encyclopedia article has half of it."""


def _read_html(data: bytes, charset: str | None) -> _Content:
    named = re.search(rb"(?:charset|encoding)\s*=\s*[\"']?([\w.:-]+)", data[:2048])
    text, warnings = _decode(data, charset or (named[1].decode() if named else None))
    return replace(_html_content(text), warnings=warnings)


def _html_content(text: str) -> _Content:
    import lxml.html
    from trafilatura.metadata import extract_title

    declaration = re.match(r"\s*<\?xml[^>]*\?>", text)  # lxml refuses text that names its own encoding
    text = text[declaration.end() :] if declaration else text
    if not text.strip():
        return _Content(("",))
    parser = lxml.html.HTMLParser(remove_comments=True, remove_pis=True, no_network=True)
    tree = lxml.html.document_fromstring(text.replace("\0", ""), parser=parser)
    published, title = _html_published(tree), extract_title(tree)
    _simplify(tree)
    manageable = len(text) < _TRAFILATURA_CHARACTERS and _elements_by_depth(tree) < _TRAFILATURA_WORK
    article = _article(tree) if manageable else ""
    whole = _whole_page(tree)
    return _Content((article if _keeps_enough(article, whole) else whole,), title, published)


def _article(tree: Any) -> str:
    import trafilatura

    markdown = trafilatura.extract(tree, output_format="markdown", include_comments=False, fast=False) or ""
    return re.sub(r"\\([\\`*_~\[\]#>+.()!-])", r"\1", markdown)  # it escapes for a renderer; here text stays as written


def _elements_by_depth(tree: Any) -> int:
    from lxml import etree

    depth = deepest = count = 0
    for event, _ in etree.iterwalk(tree, events=("start", "end")):
        depth += 1 if event == "start" else -1
        deepest, count = max(deepest, depth), count + 1
    return deepest * count // 2


def _keeps_enough(article: str, whole: str) -> bool:
    """Trafilatura finds the article on long pages, but on short ones drops parts, or headings and tables."""
    if 2 * len(article) < len(whole):
        return False
    return all(re.search(mark, article, re.M) for mark in _STRUCTURE if re.search(mark, whole, re.M))


_STRUCTURE = (r"^#", r"^\|", r"^ *(-|\d+\.) ", r"\n\n")


def _html_published(tree: Any) -> str | None:
    """The date the page itself calls its publication; never one from its address, its footer or "last modified"."""
    named: dict[str, str] = {}
    for meta in tree.iter("meta"):
        for key in ("property", "name", "itemprop"):
            named.setdefault((meta.get(key) or "").strip().lower(), meta.get("content") or "")
    times = tree.xpath("//*[@itemprop='datePublished'] | //time[@pubdate]")
    candidates = [
        *(named.get(name) for name in _PUBLISHED_NAMES[:3]),
        *(date for script in tree.xpath("//script[@type='application/ld+json']") for date in _json_dates(script.text)),
        *(time.get("content") or time.get("datetime") or time.text_content() for time in times),
        *(named.get(name) for name in _PUBLISHED_NAMES[3:]),
    ]
    return next(filter(None, map(_iso_date, candidates)), None)


def _json_dates(text: str | None) -> list[str]:
    """``datePublished`` of the page's own objects in JSON-LD; those nested deeper are of comments and other pages."""
    try:
        found = json.loads(text or "null")
    except (ValueError, RecursionError):
        return []
    objects = found if isinstance(found, list) else [found]
    graphs = [thing.get("@graph") for thing in objects if isinstance(thing, dict)]
    objects = objects + [thing for graph in graphs if isinstance(graph, list) for thing in graph]
    dates = [thing.get("datePublished") for thing in objects if isinstance(thing, dict)]
    return [date for date in dates if isinstance(date, str)]


def _simplify(tree: Any) -> None:
    """In place: no inline marks, no footnote numbers stuck to words, plain tables, questions of a FAQ as headings."""
    from lxml import etree

    etree.strip_tags(tree, *_INLINE_MARKS)
    etree.strip_elements(tree, "script", "style", "noscript", "template", with_tail=False)
    for raised in list(tree.iter("sup")):
        if raised.find(".//a") is not None:
            raised.drop_tree()  # "160 000" with footnote 1 must not become "160 0001"
        elif re.match(r"\s*[-+−]?\d", raised.text or ""):
            raised.text = f"^{raised.text.strip()}"
    etree.strip_tags(tree, "sup", "sub")
    for summary in tree.iter("summary"):
        summary.tag = "h3"
    for terms in list(tree.iter("dl")):
        if [child.tag for child in terms] == ["dt", "dd"] * (len(terms) // 2) and not terms.xpath(".//ul | .//ol"):
            cells = [_inline(child) for child in terms]
            _replace(terms, _pair_list(zip(cells[::2], cells[1::2], strict=True)))
    for table in list(tree.iter("table")):
        if not table.xpath(".//table | .//ul | .//ol | .//h1 | .//h2 | .//h3 | .//form"):  # those are for layout
            _simplify_table(table)


def _simplify_table(table: Any) -> None:
    """Merged cells repeated in each place they cover; a table of "name: value" rows becomes a list."""
    from lxml.html import builder

    rows = table.xpath(".//tr")
    grid = _cell_grid(rows)
    captions = [builder.P(_inline(caption)) for caption in table.iter("caption")]
    if rows and all([cell.tag for cell in row.xpath("./th | ./td")] == ["th", "td"] for row in rows):
        _replace(table, *captions, _pair_list((line[0], line[1]) for line in grid))
        return
    lines = [builder.TR(*((builder.TD if i else builder.TH)(cell) for cell in line)) for i, line in enumerate(grid)]
    _replace(table, *captions, builder.TABLE(*lines))


def _pair_list(pairs: Iterable[tuple[str, str]]) -> Any:
    from lxml.html import builder

    return builder.UL(*(builder.LI(f"{name.rstrip(': ')}: {value}") for name, value in pairs))


def _replace(element: Any, *others: Any) -> None:
    others[-1].tail = element.tail
    for other in others:
        element.addprevious(other)
    element.getparent().remove(element)


def _cell_grid(rows: Sequence[Any]) -> list[list[str]]:
    """The text of each place of a table, with ``colspan`` and ``rowspan`` filled in."""
    grid: list[list[str]] = []
    filled = 0
    hanging: dict[int, tuple[int, str]] = {}  # column -> rows still covered from above, and the text
    for row in rows:
        line: list[str] = []
        cells = iter(row.xpath("./th | ./td"))
        while True:
            rest, text = hanging.pop(len(line), (0, ""))
            if rest:
                if rest > 1:
                    hanging[len(line)] = (rest - 1, text)
                line.append(text)
                continue
            cell = next(cells, None)
            if cell is None:
                break
            text = _inline(cell)
            for _ in range(_span(cell, "colspan")):
                if _span(cell, "rowspan") > 1:
                    hanging[len(line)] = (_span(cell, "rowspan") - 1, text)
                line.append(text)
        grid.append(line)
        filled += len(line)
        _check_cells(filled)
    return grid


def _span(cell: Any, name: str) -> int:
    value = (cell.get(name) or "").strip()
    return min(int(value[:6]), MAX_SPAN) if value.isascii() and value.isdigit() and value != "0" else 1


def _whole_page(tree: Any) -> str:
    """All of the page but scripts, menus and footers, block by block."""
    for element in tree.xpath("|".join(f"//{tag}" for tag in _NOT_CONTENT) + f"|{_MENUS}"):
        if element.getparent() is not None:
            element.drop_tree()
    for menu in _menus(tree):
        if menu.getparent() is not None:
            menu.drop_tree()
    return "\n\n".join(block for block in _html_blocks(tree) if block)


def _menus(tree: Any) -> list[Any]:
    """Blocks of three links or more with hardly any text beside them, unless they are most of the page."""
    from lxml import etree

    menus = []
    sizes: list[tuple[int, int, int]] = [(0, 0, 0)]  # characters, of them in links, and links, of each open element
    for event, element in etree.iterwalk(tree, events=("start", "end")):
        if event == "start":
            sizes.append((len(element.text or ""), 0, 0))
            continue
        characters, linked, links = sizes.pop()
        if element.tag == "a":
            linked, links = characters, 1
        elif element.tag in ("ul", "ol", "div", "p") and links > 2 and 10 * linked > 8 * characters:
            menus.append((element, characters))
        outer = sizes[-1]
        sizes[-1] = (outer[0] + characters + len(element.tail or ""), outer[1] + linked, outer[2] + links)
    return [menu for menu, characters in menus if 2 * characters < sizes[0][0]]


def _html_blocks(element: Any) -> Iterator[str]:
    """Headings, lists, tables and paragraphs in order; text between blocks is a paragraph of its own."""
    loose = [_folded(element.text)]
    for child in element:
        if child.tag == "br":
            loose.append("\n")
        elif any(inner.tag in _BLOCKS for inner in child.iter()):
            yield _paragraph(loose)
            loose = []
            yield from _html_block(child)
        else:
            loose += _pieces(child)
        loose.append(_folded(child.tail))
    yield _paragraph(loose)


def _html_block(element: Any) -> Iterator[str]:
    tag = element.tag
    if re.fullmatch("h[1-6]", tag):
        yield f"{'#' * int(tag[1])} {_inline(element)}"
    elif tag in ("ul", "ol"):
        yield "\n".join(_items(element, 0))
    elif tag == "table" and not any(inner.tag in _BLOCKS - _TABLE_TAGS for inner in element.iter()):
        yield _table([_inline(cell) for cell in row.xpath("./th | ./td")] for row in element.iter("tr"))
    elif tag == "pre":
        yield element.text_content().strip("\n")
    else:
        yield from _html_blocks(element)


def _items(listing: Any, level: int) -> Iterator[str]:
    for item in listing:
        inner = [child for child in item if child.tag in ("ul", "ol")]
        text = "".join(_pieces(item, skipped=("ul", "ol"))).strip()
        if text:
            yield f"{'  ' * level}- {_folded(text)}"
        for nested in [item] if item.tag in ("ul", "ol") else inner:
            yield from _items(nested, level + 1)


def _pieces(element: Any, skipped: Sequence[str] = ()) -> Iterator[str]:
    """The text of an element piece by piece, its inner blocks and line breaks apart by a space."""
    yield _folded(element.text)
    for child in element:
        gap = " " if child.tag in _BLOCKS or child.tag == "br" else ""
        yield gap
        if child.tag not in skipped:
            yield from _pieces(child, skipped)
        yield gap + _folded(child.tail)


def _inline(element: Any) -> str:
    return _folded("".join(_pieces(element))).strip()


def _paragraph(pieces: Iterable[str]) -> str:
    lines = (_folded(line).strip() for line in "".join(pieces).split("\n"))
    return "\n".join(line for line in lines if line)


# ------------------------------------------------------------------------------------------------------------- PDF


def _read_pdf(data: bytes, _charset: str | None) -> _Content:
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
    pages, unread, broken = _pdf_pages(reader)
    warnings = [f"{_page_list(broken)} could not be read: save the PDF anew and index it again."] if broken else []
    recognised = {number: _recognise(reader.pages[number - 1]) for number in unread}
    for number, text in recognised.items():
        pages[number - 1] = text
    by_ocr = [number for number, text in recognised.items() if text.strip()]
    still_unread = [number for number in unread if number not in by_ocr]
    if by_ocr:
        warnings.append(f"no text layer on {_page_list(by_ocr)}: read by OCR, so check figures against the scan.")
    if still_unread:
        cure = "OCR found no text there" if shutil.which("tesseract") else _OCR_CURE
        warnings.append(f"no text layer on {_page_list(still_unread)}: {cure}.")
    if not any(page.strip() for page in pages):
        raise EmptySource(" ".join(warnings) or "the PDF has no page with text: check it, or leave it out.")
    return _Content(tuple(pages), *_pdf_facts(reader), tuple(warnings))


def _pdf_pages(reader: PdfReader) -> tuple[list[str], list[int], list[int]]:
    """The pages' text, the numbers (from 1) of pages that show something but hold no text, and of broken pages."""
    pages, unread, broken = [], [], []
    for number, page in enumerate(reader.pages, 1):
        try:
            text = page.extract_text()
            if not text.strip() and _shows_something(page):
                unread.append(number)
        except Exception:  # one broken page does not cost the others
            text = ""
            broken.append(number)
        pages.append(text)
    if broken and len(broken) == len(pages):
        raise DamagedSource("none of the PDF's pages could be read: save it anew with a PDF program and index that.")
    return pages, unread, broken


def _shows_something(page: PageObject) -> bool:
    """False for a page left blank."""
    contents = page.get_contents()
    return contents is not None and bool(contents.get_data().strip())


def _pdf_facts(reader: PdfReader) -> tuple[str | None, None, dict[str, str]]:
    """Title and metadata. A PDF's dates are of its file, so none of them is the date of publication."""
    try:
        facts = reader.metadata
        if facts is None:
            return None, None, {}
        return facts.title, None, _with_date({"author": facts.author}, facts.creation_date)
    except Exception:  # malformed facts do not cost the text
        return None, None, {}


def _page_list(numbers: Sequence[int]) -> str:
    """``page 2``, ``pages 2-4, 7``."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1] = [runs[-1][0], number]
        else:
            runs.append([number])
    return ("pages " if len(numbers) > 1 else "page ") + ", ".join("-".join(map(str, run)) for run in runs)


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


# ---------------------------------------------------------------------------------------------------------- Office


def _read_docx(data: bytes, _charset: str | None) -> _Content:
    import docx

    document = docx.Document(io.BytesIO(data))
    facts = document.core_properties
    blocks = [block for block in _word_blocks(document.element.body, document) if block]
    text = re.sub(r"(?m)^( *- .*)\n\n(?= *- )", r"\1\n", "\n\n".join(blocks))
    return _Content((text,), facts.title, None, _with_date({"author": facts.author}, facts.created))


_WORD_WRAPPERS = {"sdt", "sdtContent", "ins", "moveTo", "smartTag", "customXml"}


def _word_blocks(parent: Any, document: WordDocument) -> Iterator[str]:
    """Paragraphs and tables in document order, also inside content controls and text boxes."""
    for element in parent:
        name = element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
        if name == "p":
            yield _word_paragraph(element, document)
            for box in element.iter(f"{_WORD}txbxContent"):
                if not any(outer.tag.endswith("}Fallback") for outer in box.iterancestors()):
                    yield from _word_blocks(box, document)
        elif name == "tbl":
            yield _table(_word_rows(element))
        elif name in _WORD_WRAPPERS:
            yield from _word_blocks(element, document)


_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_WORD_TEXT = {
    **{f"{_WORD}tab": "\t", f"{_WORD}br": "\n", f"{_WORD}cr": "\n"},
    **{f"{_WORD}noBreakHyphen": "-", f"{_WORD}p": " "},
}


def _word_text(element: Any) -> str:
    """The text of a paragraph or cell with accepted changes and links, without text boxes inside it."""
    parts: list[str] = []
    for node in element.iter(f"{_WORD}t", *_WORD_TEXT):
        if node is element or _is_set_apart(node, element):
            continue
        if not node.tag.endswith("}tab") or node.getparent().tag == f"{_WORD}r":  # the others are tab stops
            parts.append(_WORD_TEXT.get(node.tag, node.text or ""))
    return "".join(parts).strip()


def _is_set_apart(node: Any, element: Any) -> bool:
    """True for what a text box inside ``element`` holds."""
    for outer in node.iterancestors():
        if outer is element:
            return False
        if outer.tag == f"{_WORD}txbxContent":
            return True
    return False


def _word_paragraph(element: Any, document: WordDocument) -> str:
    from docx.text.paragraph import Paragraph

    text = _word_text(element)
    mark = _word_mark(Paragraph(element, document)) if text else ""
    if mark is None:  # a line of the table of contents
        return ""
    return f"{mark}{_folded(text)}" if mark else text


def _word_mark(paragraph: Any) -> str | None:
    """``## `` for a heading, ``  - `` for a list item, by the style or one it is based on; None for contents lines."""
    level, style = _word_list_level(paragraph._p.pPr), paragraph.style
    while style is not None:
        name = (style.name or "").lower()
        if name.startswith("toc "):
            return None
        if name == "title":
            return "# "
        if heading := re.fullmatch(r"heading ([1-9])", name):
            return "#" * min(int(heading[1]), 6) + " "
        if listed := re.fullmatch(r"list (?:bullet|number)(?: ([2-5]))?", name):
            return "  " * max(int(listed[1] or 1) - 1, level or 0) + "- "
        level = _word_list_level(style.element.pPr) if level is None else level
        style = style.base_style
    return "" if level is None or level < 0 else "  " * level + "- "


def _word_list_level(properties: Any) -> int | None:
    """A list item's depth from 0; None where nothing is said; -1 where a list is switched off."""
    numbering = None if properties is None else properties.numPr
    if numbering is None:
        return None
    if numbering.numId is not None and numbering.numId.val == 0:
        return -1
    return 0 if numbering.ilvl is None else min(int(numbering.ilvl.val), 8)


def _word_rows(table: Any) -> Iterator[list[str]]:
    """A table's rows, with merged cells repeated in each place they cover."""
    above: list[str] = []
    for row in table.xpath("./w:tr | ./w:sdt/w:sdtContent/w:tr"):
        line = [""] * min(row.grid_before, MAX_SPAN)
        for cell in row.xpath("./w:tc | ./w:sdt/w:sdtContent/w:tc"):
            goes_on = cell.vMerge == "continue" and len(line) < len(above)
            line += [above[len(line)] if goes_on else _word_text(cell)] * min(cell.grid_span, MAX_SPAN)
        above = line
        yield line


def _read_pptx(data: bytes, _charset: str | None) -> _Content:
    from pptx import Presentation

    show = Presentation(io.BytesIO(data))
    facts = show.core_properties
    pages = tuple("\n\n".join(filter(None, _slide_blocks(slide))) for slide in show.slides)
    return _Content(pages, facts.title, None, _with_date({"author": facts.author}, facts.created))


def _slide_blocks(slide: Slide) -> Iterator[str]:
    title = slide.shapes.title
    if title is not None and title.text_frame.text.strip():
        yield f"## {_folded(title.text_frame.text).strip()}"
    for shape in slide.shapes:
        if title is None or shape.shape_id != title.shape_id:
            yield from _shape_blocks(shape)
    if slide.has_notes_slide and (notes := slide.notes_slide.notes_text_frame) is not None and notes.text.strip():
        yield f"Notes: {notes.text.strip()}"


def _shape_blocks(shape: Any) -> Iterator[str]:
    from pptx.enum.shapes import PP_PLACEHOLDER

    kind = shape.placeholder_format.type if shape.is_placeholder else None
    if kind in (PP_PLACEHOLDER.DATE, PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.SLIDE_NUMBER):
        return
    if hasattr(shape, "shapes"):  # a group
        for inner in shape.shapes:
            yield from _shape_blocks(inner)
    elif getattr(shape, "has_table", False):
        yield _table([cell.text for cell in row.cells] for row in shape.table.rows)
    elif shape.has_text_frame:
        bulleted = kind in (PP_PLACEHOLDER.BODY, PP_PLACEHOLDER.OBJECT)
        lines = [(p.level, _folded(p.text).strip()) for p in shape.text_frame.paragraphs if p.text.strip()]
        yield "\n".join(f"{'  ' * level}- {text}" if bulleted or level else text for level, text in lines)


def _read_xlsx(data: bytes, _charset: str | None) -> _Content:
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    pages = []
    for sheet in book.worksheets:
        sheet.reset_dimensions()  # what the file claims may be too little, or a million empty rows
        table = _table([_cell_text(cell.value, cell.number_format) for cell in row] for row in sheet.iter_rows())
        pages.append(f"## {sheet.title}\n\n{table}" if table else "")
    facts = book.properties
    return _Content(tuple(pages), facts.title, None, _with_date({"author": facts.creator}, None))


def _cell_text(value: object, form: str | None) -> str:
    """A value as its cell shows it, dates in ISO form."""
    if value is None:
        return ""
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        return value.date().isoformat()
    if isinstance(value, int | float) and not isinstance(value, bool):
        if form and "%" in form:
            decimals = re.search(r"\.(0+)%", form)
            return f"{value:.{min(len(decimals[1]), 9) if decimals else 0}%}"
        return repr(value).removesuffix(".0") if abs(value) < 1e15 else f"{value:.15g}"
    return str(value)


# --------------------------------------------------------------------------------------------------- CSV and e-mail


def _read_csv(data: bytes, charset: str | None) -> _Content:
    text, warnings = _decode(data, charset)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    return _Content((_table(rows),), warnings=warnings)


def _delimiter(text: str) -> str:
    """Of the usual separators the one that makes the most fields, the same number in each of the first lines."""

    def evenness(separator: str) -> tuple[bool, int]:
        sample = csv.reader(io.StringIO(text[:20_000], newline=""), delimiter=separator)
        widths = [len(row) for row, _ in zip(sample, range(20), strict=False) if row]
        return len(set(widths)) == 1 and widths[0] > 1, sum(widths)

    return max(",\t;|", key=evenness)


def _read_eml(data: bytes, _charset: str | None) -> _Content:
    message = email.message_from_bytes(data, policy=email.policy.default)
    body = message.get_body(("plain", "html"))
    text, warnings = ("", ()) if body is None else _mail_text(body)
    if body is not None and body.get_content_type() == "text/html":
        text = "\n\n".join(_html_content(text).pages)
    names = [part.get_filename() or part.get_content_type() for part in message.iter_attachments()]
    if names:
        warnings += (f"attachments are not read ({', '.join(names)}): save them and index the files.",)
    if not text.strip():
        raise EmptySource(" ".join(("the e-mail has no text: check it, or leave it out.", *warnings)))
    people = {name: str(message[name]) if message[name] else None for name in ("from", "to")}
    return _Content((text,), message["subject"], _iso_date(message["date"]), _with_date(people, None), warnings)


def _mail_text(part: MIMEPart) -> tuple[str, tuple[str, ...]]:
    payload = part.get_payload(decode=True)
    return _decode(payload if isinstance(payload, bytes) else b"", part.get_content_charset())


_READERS: dict[str, Callable[[bytes, str | None], _Content]] = {
    "text": _read_text,
    "markdown": _read_markdown,
    "html": _read_html,
    "pdf": _read_pdf,
    "docx": _read_docx,
    "pptx": _read_pptx,
    "xlsx": _read_xlsx,
    "csv": _read_csv,
    "eml": _read_eml,
}
