"""Whether the file that a document was read from is still as it was."""

from __future__ import annotations

import hashlib
from enum import StrEnum
from pathlib import Path

from rag.sources import is_url
from rag.types import Document

MOST_BYTES = 50 * 2**20  # of a file that is read to compare it; larger ones count as unchanged


class Original(StrEnum):
    """What became of it since."""

    AS_READ = "as read"
    CHANGED = "changed"
    GONE = "gone"
    WEB = "web"  # an address; nobody asks it without being told to


class Originals:
    """Looks at files; reads one again only after it was written to."""

    def __init__(self) -> None:
        self._hashes: dict[str, tuple[int, int, str]] = {}

    def state(self, document: Document) -> Original:
        """What became of a document's file."""
        if is_url(document.source):
            return Original.WEB
        try:
            sha256 = self._sha256(document.source)
        except (FileNotFoundError, NotADirectoryError):
            return Original.GONE
        except OSError:  # may not be looked at: nothing is known
            return Original.AS_READ
        return Original.AS_READ if sha256 in ("", document.sha256) else Original.CHANGED

    def _sha256(self, source: str) -> str:
        found = Path(source).stat()
        known = self._hashes.get(source)
        if known is None or known[:2] != (found.st_mtime_ns, found.st_size):
            if found.st_size > MOST_BYTES:
                return ""
            with Path(source).open("rb") as file:
                sha256 = hashlib.file_digest(file, "sha256").hexdigest()
            known = self._hashes[source] = (found.st_mtime_ns, found.st_size, sha256)
        return known[2]
