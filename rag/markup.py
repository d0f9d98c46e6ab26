"""The Markdown-like text that the readers of formats write, and the facts that stand beside it.

``#`` headings, ``-`` items, ``|`` tables, an empty line between blocks.
"""

from __future__ import annotations

import datetime as dt
import email.utils
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from rag.errors import SourceTooLarge

MAX_SPAN = 100
"""The most rows or columns one merged cell is repeated in."""
MAX_CELLS = 10_000_000
"""The most places a table may have: a few bytes can claim a million columns."""
MAX_CHARACTERS = 100 * 2**20
"""The most text one file may give: few bytes can stand for much, but none is larger than this itself."""
MAX_REPEATED = 5_000_000
"""The most characters merged cells may add to a file, see :class:`Repeats`."""

_WHITE_SPACE = re.compile(r"[ \t\n\r\f\v\x85\u2028\u2029]+")
_ISO_DATE = re.compile(r"(\d{4})(?:[-/](\d{1,2})(?:[-/](\d{1,2}))?)?(?![\d/-])")
_LONGEST_DATE = 100
_WRITTEN_DATES = ("%d %B %Y", "%B %d, %Y", "%B %d %Y", "%d %b %Y", "%b %d, %Y", "%Y%m%d", "%B %Y", "%b %Y")


@dataclass(frozen=True, slots=True)
class Content:
    """What the reader of a format found in a file; the fields are those of :class:`~rag.types.Loaded`."""

    pages: tuple[str, ...]
    title: str | None = None
    published: str | None = None
    metadata: Mapping[str, str] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()


def folded(text: str | None) -> str:
    """Every run of white space as one space; a no-break space stays, since it holds a number together."""
    return _WHITE_SPACE.sub(" ", text or "")


def pipe_table(rows: Iterable[Sequence[str]]) -> str:
    """A pipe table whose header is the first row; a table of one row or one column becomes lines.

    Rows of one single value above the header are captions, and stay lines. Empty rows and columns are left out.
    Raises SourceTooLarge.
    """
    cells: list[list[str]] = []
    met = characters = 0
    for row in rows:
        met += len(row)
        characters += sum(map(len, row))
        check_cells(met)
        check_characters(characters)
        line = [folded(cell).strip() for cell in row]
        if any(line):
            cells.append([line[0]] if len(set(line)) == 1 else line)  # a cell merged over the whole row
    captions = next((i for i, row in enumerate(cells) if sum(map(bool, row)) > 1), len(cells))
    lines = [cell for row in cells[:captions] for cell in row if cell]
    columns = sorted({i for row in cells[captions:] for i, cell in enumerate(row) if cell})
    check_cells(len(cells) * len(columns))
    if len(cells) - captions == 1:
        lines.append("; ".join(filter(None, cells[captions])))
    elif cells[captions:]:
        body = [[row[i].replace("|", "\\|") if i < len(row) else "" for i in columns] for row in cells[captions:]]
        body.insert(1, ["---"] * len(columns))
        lines.append("\n".join(f"| {' | '.join(row)} |" for row in body))
    return "\n\n".join(lines)


def check_cells(count: int) -> None:
    """Raises SourceTooLarge where a table has grown over ``MAX_CELLS``."""
    if count > MAX_CELLS:
        raise SourceTooLarge(
            f"a table in it has over {MAX_CELLS:,} cells, empty ones included: "
            "delete empty rows and columns, or split it."
        )


def check_characters(count: int) -> None:
    """Raises SourceTooLarge where a file has given over ``MAX_CHARACTERS``."""
    if count > MAX_CHARACTERS:
        raise SourceTooLarge(
            f"it holds over {MAX_CHARACTERS:,} characters of text: split it into smaller files and index those."
        )


class Repeats:
    """What the merged cells of one file have added to it: their text in each further place, and the place itself."""

    _PLACE_CHARACTERS = 10  # what an empty place costs

    def __init__(self) -> None:
        self._characters = 0

    def add(self, places: int, text: str) -> None:
        """Counts a cell of so many places. Raises SourceTooLarge beyond ``MAX_REPEATED``."""
        self._characters += (places - 1) * (len(text) + self._PLACE_CHARACTERS)
        if self._characters > MAX_REPEATED:
            raise SourceTooLarge(
                f"its merged cells, repeated in each place they cover, make over {MAX_REPEATED:,} characters: "
                "unmerge them, or save the text without its tables, and index that."
            )


def facts(**fields: str | dt.datetime | None) -> dict[str, str]:
    """Metadata of the fields that say something: words in one line, a moment as its day."""
    known = {
        name: value.date().isoformat() if isinstance(value, dt.datetime) else " ".join((value or "").split())
        for name, value in fields.items()
    }
    return {name: value for name, value in known.items() if value}


def iso_date(text: str | None) -> str | None:
    """``2024-03-18``, ``2024-03`` or ``2024`` where the words can mean nothing else; ``03/04/2024`` could."""
    words = " ".join((text or "").split())
    if match := _ISO_DATE.match(words):
        year, month, day = (int(part) if part else None for part in match.groups())
        try:
            dt.date(year or 0, month or 1, day or 1)
        except ValueError:
            return None
        return "-".join([f"{year:04d}", *(f"{part:02d}" for part in (month, day) if part)])
    if len(words) > _LONGEST_DATE:
        return None
    for form in _WRITTEN_DATES:
        try:
            date = dt.datetime.strptime(words, form).date()
        except ValueError:
            continue
        return date.isoformat() if "%d" in form else f"{date:%Y-%m}"
    try:
        return email.utils.parsedate_to_datetime(words).date().isoformat()
    except (ValueError, IndexError, TypeError, OverflowError):
        return None
