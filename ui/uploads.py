"""Files that people send, kept inside the library's own folder so that a source stays where its document says."""

from __future__ import annotations

import filecmp
import re
import shutil
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

FOLDER = "uploads"
LONGEST_NAME = 120  # characters; file systems take 255 bytes
_UNFIT = re.compile(r'[<>:"|?*\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ud800-\udfff]')
_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\.|$)")  # names that Windows keeps for devices


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that was sent: the name its sender gave it, and where its bytes lie now."""

    name: str
    path: Path


def safe_name(name: str) -> str:
    """The last part of a name, without what a file system, a terminal or a reader could take for something else."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name).rstrip("/\\"))[-1]
    last = " ".join(_UNFIT.sub("_", last).split()).lstrip(".~$ ").rstrip(". ")
    stem, suffix = Path(last).stem, Path(last).suffix
    if len(suffix) > 10:
        stem, suffix = last, ""
    last = (stem[: LONGEST_NAME - len(suffix)] + suffix) or "document"
    return f"_{last}" if _RESERVED.match(last) else last


@dataclass
class Keeping:
    """Puts uploads into a folder, and takes back those that turn out not to be readable."""

    folder: Path
    warnings: list[str] = field(default_factory=list)
    _placed: dict[Path, Path | None] = field(default_factory=dict)  # where, and what lay there before

    def keep(self, uploads: Iterable[Upload], replace: bool) -> list[Path]:
        """Copies the files in and returns where they are, in order.

        Where another file of that name is kept, it stays and the new one gets a number, which ``warnings`` tells;
        with ``replace`` the new one takes its place, as the document's next version.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        return [self._keep(upload, replace) for upload in uploads]

    def _keep(self, upload: Upload, replace: bool) -> Path:
        name = safe_name(upload.name)
        target = self._free(name, upload.path, replace)
        if target.name != name:
            self.warnings.append(
                f"{name}: another file of that name is in the library; this one is kept as {target.name!r}"
            )
        if target.exists() and filecmp.cmp(target, upload.path, shallow=False):
            return target
        before = target.with_name(f".{target.name}.before") if target.exists() else None
        beside = target.with_name(f".{target.name}.part")
        try:
            shutil.copyfile(upload.path, beside)
        except OSError:
            beside.unlink(missing_ok=True)
            raise
        if before:
            target.replace(before)
        beside.replace(target)
        self._placed[target] = before
        return target

    def _free(self, name: str, path: Path, replace: bool) -> Path:
        """The place for a file: that of the same file, or of one to be replaced, or one that nothing holds."""
        target, number = self.folder / name, 2
        while target.exists() and not filecmp.cmp(target, path, shallow=False):
            if replace and target not in self._placed:  # of two files sent together, neither replaces the other
                break
            target, number = self.folder / f"{Path(name).stem} ({number}){Path(name).suffix}", number + 1
        return target

    def settle(self, unreadable: Sequence[str] | None) -> None:
        """Ends it: files that could not be read (None: all) are taken out again, and what they replaced is put back."""
        for target, before in self._placed.items():
            if unreadable is None or str(target) in unreadable:
                before.replace(target) if before else target.unlink(missing_ok=True)
            elif before:
                before.unlink(missing_ok=True)
        self._placed.clear()
