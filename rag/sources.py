"""Which files and pages to read, and their bytes.

Messages of errors leave out the source, which stands beside them in a :class:`~rag.types.Failure`.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path

from rag.errors import AccessDenied, LoadError, SourceNotFound, SourceTooLarge, UnsupportedSource
from rag.fetching import Fetched, fetch
from rag.types import Failure

MAX_BYTES = 100 * 2**20
"""The largest file that is read."""
LIBRARY_FILE = "library.sqlite3"

FORMATS = {
    **{".txt": "text", ".text": "text", ".md": "markdown", ".markdown": "markdown"},
    **{".html": "html", ".htm": "html", ".xhtml": "html", ".pdf": "pdf", ".docx": "docx", ".pptx": "pptx"},
    **{".xlsx": "xlsx", ".xlsm": "xlsx", ".csv": "csv", ".tsv": "csv", ".eml": "eml"},
}
"""The formats that are read, by the suffix of a name."""
CURES = {
    **dict.fromkeys((".doc", ".docm", ".odt", ".rtf", ".pages"), "save it as .docx"),
    **dict.fromkeys((".ppt", ".pptm", ".odp"), "save it as .pptx"),
    **dict.fromkeys((".xls", ".xlsb", ".ods"), "save it as .xlsx"),
    **{".epub": "convert it to .html", ".msg": "save it as .eml", ".mbox": "save its messages as .eml"},
}
"""What to do with documents in other formats, likewise."""
READABLE = "Vouch reads .txt .md .html .pdf .docx .pptx .xlsx .csv .tsv .eml"

_Entry = os.DirEntry[str] | Path
_HIDDEN = (".", "~$")  # "~$" begins the lock file of an open Office document


def is_url(source: str) -> bool:
    """True for an ``http`` or ``https`` address."""
    return source[:8].lower().startswith(("http://", "https://"))


def suffix_of(path: str) -> str:
    """``.pdf`` of ``/a/B.PDF``."""
    return os.path.splitext(path)[1].lower()


def read(source: str) -> Fetched:
    """A file's bytes, with no content type, or what a URL gives.

    Raises SourceNotFound, AccessDenied, UnsupportedSource (not a file) and SourceTooLarge; for a URL AddressRefused,
    FetchFailed and SourceTooLarge.
    """
    if is_url(source):
        return fetch(source)
    path = Path(source)
    try:
        status = path.stat()  # before opening: opening a named pipe would wait for ever
        if not stat.S_ISREG(status.st_mode):
            raise UnsupportedSource(f"it is not a file but a folder, pipe or device. {READABLE}: name such a file.")
        if status.st_size > MAX_BYTES:
            raise SourceTooLarge(
                f"{status.st_size / 2**20:,.0f} MB is over the limit of {MAX_BYTES / 2**20:,.0f} MB for one file: "
                "split it into smaller files, for example by chapter or year, and index those."
            )
        return Fetched(path.read_bytes(), None)
    except OSError as error:
        raise _os_failure(error) from error


def expand(paths: Iterable[str | os.PathLike[str]]) -> Iterator[str | Failure]:
    """The sources behind files, folders, glob patterns and URLs, each once, as absolute real paths or URLs.

    Paths keep the order they are given in; what a folder or pattern holds comes sorted. In folders, hidden entries,
    Vouch libraries and files of other kinds (images, archives, programs) are passed over; a document format that
    Vouch does not read gives a :class:`Failure`, as do missing paths and folders that may not be listed.
    """
    if isinstance(paths, str | os.PathLike):
        paths = [paths]
    seen: set[str | Failure] = set()  # what was given, and folders walked
    for path in paths:
        for found in _expand_one(os.fspath(path), seen):
            if found not in seen:
                seen.add(found)
                yield _storable(found) if isinstance(found, str) else found


def folders_among(paths: str | os.PathLike[str] | Iterable[str | os.PathLike[str]]) -> tuple[str, ...]:
    """The folders that are named, as real paths that end in a separator: what starts with one lies below it."""
    named = [paths] if isinstance(paths, str | os.PathLike) else paths
    expanded = [os.path.expanduser(path) for path in named]
    return tuple(os.path.join(os.path.realpath(path), "") for path in expanded if os.path.isdir(path))


def _expand_one(path: str, seen: set[str | Failure]) -> Iterator[str | Failure]:
    if is_url(path):
        yield path
        return
    if "://" in path:
        reason = "only http and https addresses are fetched: download it, index the file."
        yield _failure(path, UnsupportedSource(reason))
        return
    expanded = os.path.expanduser(path)
    try:
        mode = os.stat(expanded).st_mode
    except (OSError, ValueError) as error:
        is_pattern = any(character in path for character in "*?[")
        yield from _expand_pattern(path, expanded, seen) if is_pattern else [_failure(path, _os_failure(error))]
        return
    real = os.path.realpath(expanded)
    # A file that is named need have no known suffix.
    yield from _walk(Path(real), seen) if stat.S_ISDIR(mode) else [real]


def _walk(start: _Entry, seen: set[str | Failure]) -> Iterator[str | Failure]:
    """What a real folder or file leads to, to any depth. ``seen`` holds the folders done, so a loop of links ends."""
    waiting = [start]
    while waiting:
        entry = waiting.pop()
        if not _is_folder(entry):
            yield from _meet(entry)
            continue
        folder = os.path.realpath(entry) if entry.is_symlink() else os.fspath(entry)
        if folder not in seen:
            seen.add(folder)
            try:
                waiting += reversed(_entries(folder))
            except OSError as error:
                yield _failure(folder, _os_failure(error))


def _is_folder(entry: _Entry) -> bool:
    return os.path.isdir(entry) if entry.is_symlink() else entry.is_dir()


def _entries(folder: str) -> list[os.DirEntry[str]]:
    """What is in a folder, sorted, without what is hidden; nothing for a Vouch library."""
    with os.scandir(folder) as listing:
        entries = sorted(listing, key=lambda entry: entry.name)
    if any(entry.name == LIBRARY_FILE for entry in entries):
        return []
    return [entry for entry in entries if not entry.name.startswith(_HIDDEN)]


def _meet(entry: _Entry) -> Iterator[str | Failure]:
    """What a folder or pattern led to besides folders: a readable file, a Failure or nothing."""
    path, linked = os.fspath(entry), entry.is_symlink()
    if linked and not os.path.exists(path):
        if suffix_of(path) in FORMATS:
            yield _failure(path, SourceNotFound("a link that leads nowhere: mend or remove the link."))
        return
    real = os.path.realpath(path) if linked else path
    suffix = suffix_of(real)
    if suffix in FORMATS:
        yield real
    elif suffix in CURES:
        yield _failure(real, UnsupportedSource(f"{suffix} files are not read: {CURES[suffix]} and index that."))


def _expand_pattern(shown: str, pattern: str, seen: set[str | Failure]) -> Iterator[str | Failure]:
    parts = Path(pattern).parts
    fixed = next(i for i, part in enumerate(parts) if any(character in part for character in "*?["))
    root = Path(*parts[:fixed])
    try:  # pathlib, since its ** does not follow links and so cannot loop
        matches = sorted(filter(_shown_under(root, parts[fixed:]), root.glob("/".join(parts[fixed:]))))
    except RecursionError:
        yield _failure(shown, SourceNotFound("folders there are nested too deep for '**': name the folder instead."))
        return
    except (OSError, ValueError) as error:
        yield _failure(shown, SourceNotFound(f"not a usable pattern ({error}): write it like 'docs/**/*.pdf'."))
        return
    if not matches:
        yield _failure(shown, SourceNotFound("no file matches this pattern: check the folder, or write '**' for any."))
    for match in matches:
        yield from _walk(Path(os.path.realpath(match.parent), match.name), seen)


def _shown_under(root: Path, pattern: Sequence[str]) -> Callable[[Path], bool]:
    """Tells what is neither hidden (unless the pattern itself names something hidden) nor in a library."""
    hidden = () if any(part.startswith(".") for part in pattern) else _HIDDEN

    @cache
    def is_open(folder: Path) -> bool:
        inner = len(folder.parts) > len(root.parts)
        if inner and (folder.name.startswith(hidden) or not is_open(folder.parent)):
            return False
        return not (folder / LIBRARY_FILE).exists()

    return lambda path: not path.name.startswith(hidden) and is_open(path.parent)


def _storable(path: str) -> str | Failure:
    """The path, or a Failure where its name is no text."""
    try:
        path.encode()
    except UnicodeEncodeError:
        shown = path.encode(errors="backslashreplace").decode()
        return _failure(shown, UnsupportedSource("its name is not valid UTF-8: rename the file, then index it again."))
    return path


def _failure(source: str, error: LoadError) -> Failure:
    return Failure(source, type(error).__name__, str(error))


def _os_failure(error: OSError | ValueError) -> LoadError:
    if isinstance(error, PermissionError):
        return AccessDenied("it may not be read: give yourself read permission (chmod +r), or leave it out.")
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return SourceNotFound("no such file or folder: check the spelling; what it held stays until `rag remove`.")
    reason = error.strerror if isinstance(error, OSError) else str(error)
    return SourceNotFound(f"it cannot be opened ({reason}): check the path and the disk it is on.")
