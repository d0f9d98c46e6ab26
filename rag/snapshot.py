"""Search structures on disk. A new one is written under another name, then renamed, and proven when it is loaded.

A snapshot is a cache of what SQLite holds. Its file name carries the library's generation and the SHA-256 of its
bytes, so a reader knows without trusting anybody whether it belongs to the library it has open: a file of another
generation, a torn one or a changed one is not used, and the structure is rebuilt from SQLite instead.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
from pathlib import Path

_DIGEST_CHARS = 16


def publish(folder: Path, generation: str, data: bytes) -> None:
    """Write the snapshot of a generation, then delete those of other generations.

    Raises OSError when the disk is full; what was there before stays as it was.
    """
    folder.mkdir(exist_ok=True)
    target = folder / f"{generation}-{_digest(data)}"
    beside = folder / f"{target.name}.{os.getpid()}.tmp"
    try:
        with beside.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(target)
    finally:
        beside.unlink(missing_ok=True)
    delete_others(folder, generation)


def delete_others(folder: Path, generation: str) -> None:
    """Delete the snapshots of other generations, and what a killed run left half written."""
    for other in folder.iterdir():
        if other.suffix or not other.name.startswith(f"{generation}-"):
            with contextlib.suppress(OSError):  # a reader on Windows may hold it open; the next run deletes it
                other.unlink()


def load(folder: Path, generation: str) -> bytes | None:
    """The verified bytes of a generation's snapshot, or None where there is none to trust."""
    for file in folder.glob(f"{generation}-*"):
        with contextlib.suppress(OSError):
            data = file.read_bytes()
            if file.name == f"{generation}-{_digest(data)}":
                return data
    return None


def is_current(folder: Path, generation: str) -> bool:
    """Whether a generation's snapshot is there, verified and alone: a killed run may not have got that far."""
    return load(folder, generation) is not None and len(list(folder.iterdir())) == 1


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:_DIGEST_CHARS]
