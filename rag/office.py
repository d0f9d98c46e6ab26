"""Word, PowerPoint and Excel files: archives of XML, opened only after a look at what they would unpack to."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from rag.errors import DamagedSource, LoadError, SourceTooLarge
from rag.markup import MAX_SPAN, Content, Repeats, check_characters, facts, folded, pipe_table

if TYPE_CHECKING:
    from docx.document import Document as WordDocument
    from pptx.slide import Slide

MAX_UNPACKED_BYTES = 300 * 2**20
"""The most a file may unpack to."""
MAX_XML_BYTES = 64 * 2**20
"""The largest single XML part of a .docx or .pptx: parsers hold it whole, at some twenty times its size."""
MAX_RATIO = 200
"""The most an archive of over 50 MB unpacked may have been packed by; documents stay near 20."""
MAX_MEMBERS = 20_000

_FOLDERS = (("word/", "docx"), ("ppt/", "pptx"), ("xl/", "xlsx"))

# ------------------------------------------------------------------------------------------------------ the archive


def archive_format(data: bytes) -> str | None:
    """``docx``, ``pptx`` or ``xlsx`` by the folders inside; None for another archive.

    Raises SourceTooLarge for what would unpack to too much, and DamagedSource.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            names = [member.filename for member in members]
            found = next((form for top, form in _FOLDERS if any(name.startswith(top) for name in names)), None)
            if found is None:
                return None
            _check_unpacked_size(members, len(data), found)
            # The sizes above are only what the archive claims. This reads each member in small steps, never beyond
            # its claimed size, and finds those that lie: parsers, which read a member whole, then meet none.
            damaged = archive.testzip()
    except LoadError:
        raise
    except Exception as error:  # BadZipFile, zlib.error, struct.error …: a broken archive all the same
        damaged = str(error)
    if damaged:
        raise DamagedSource(f"its archive is broken or cut short ({damaged}): copy or download it again.")
    return found


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


# ------------------------------------------------------------------------------------------------------------- Word

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_WRAPPERS = [f"{_W}{name}" for name in ("sdt", "sdtContent", "ins", "moveTo", "smartTag", "customXml")]
_MARKS = {f"{_W}tab": "\t", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-", f"{_W}p": " "}


def read_docx(data: bytes) -> Content:
    """Headings, lists, tables and paragraphs in order, as one page."""
    import docx

    document = docx.Document(io.BytesIO(data))
    known = document.core_properties
    _flatten(document.element.body)
    blocks = [block for block in _word_blocks(document) if block]
    text = re.sub(r"(?m)^( *- .*)\n\n(?= *- )", r"\1\n", "\n\n".join(blocks))
    return Content((text,), known.title, metadata=facts(author=known.author, created=known.created))


def _flatten(body: Any) -> None:
    """In place: content controls and accepted changes become plain text, text boxes follow their paragraphs."""
    from lxml import etree

    etree.strip_elements(body, "{*}Fallback", f"{_W}moveFrom", with_tail=False)  # both repeat what stands elsewhere
    etree.strip_tags(body, *_WRAPPERS)
    for box in reversed(list(body.iter(f"{_W}txbxContent"))):
        paragraph = next(box.iterancestors(f"{_W}p"))
        for block in reversed(list(box)):
            paragraph.addnext(block)


def _word_blocks(document: WordDocument) -> Iterator[str]:
    from docx.text.paragraph import Paragraph

    repeats = Repeats()
    for element in document.element.body.iterchildren(f"{_W}p", f"{_W}tbl"):
        if element.tag == f"{_W}tbl":
            yield pipe_table(_word_rows(element, repeats))
        elif text := _word_text(element):
            mark = _word_mark(Paragraph(element, document))
            if mark is not None:
                yield f"{mark}{folded(text)}" if mark else text


def _word_text(element: Any) -> str:
    """The text of a paragraph or cell."""
    nodes = element.iter(f"{_W}t", *_MARKS)
    in_text = (node for node in nodes if node.tag != f"{_W}tab" or node.getparent().tag == f"{_W}r")  # no tab stops
    return "".join(_MARKS.get(node.tag, node.text or "") for node in in_text).strip()


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


def _word_rows(table: Any, repeats: Repeats) -> Iterator[list[str]]:
    """A table's rows, with merged cells repeated in each place they cover."""
    above: list[str] = []
    for row in table.iterchildren(f"{_W}tr"):
        line = [""] * min(row.grid_before, MAX_SPAN)
        for cell in row.iterchildren(f"{_W}tc"):
            goes_on = cell.vMerge == "continue" and len(line) < len(above)
            text, wide = above[len(line)] if goes_on else _word_text(cell), min(cell.grid_span, MAX_SPAN)
            repeats.add(wide + goes_on, text)
            line += [text] * wide
        above = line
        yield line


# ------------------------------------------------------------------------------------------------------- PowerPoint


def read_pptx(data: bytes) -> Content:
    """A page a slide: its title as a heading, its texts and tables, and the speaker's notes."""
    from pptx import Presentation

    show = Presentation(io.BytesIO(data))
    known = show.core_properties
    pages = tuple("\n\n".join(filter(None, _slide_blocks(slide))) for slide in show.slides)
    return Content(pages, known.title, metadata=facts(author=known.author, created=known.created))


def _slide_blocks(slide: Slide) -> Iterator[str]:
    title = slide.shapes.title
    if title is not None and title.text_frame.text.strip():
        yield f"## {folded(title.text_frame.text).strip()}"
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
    elif shape.has_table:
        yield pipe_table([cell.text for cell in row.cells] for row in shape.table.rows)
    elif shape.has_text_frame:
        bulleted = kind in (PP_PLACEHOLDER.BODY, PP_PLACEHOLDER.OBJECT)
        lines = [(p.level, folded(p.text).strip()) for p in shape.text_frame.paragraphs if p.text.strip()]
        yield "\n".join(f"{'  ' * level}- {text}" if bulleted or level else text for level, text in lines)


# ------------------------------------------------------------------------------------------------------------ Excel


def read_xlsx(data: bytes) -> Content:
    """A page a sheet, with what its formulas gave when it was saved."""
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    pages, characters = [], 0
    for sheet in book.worksheets:
        sheet.reset_dimensions()  # what the file claims may be too little, or a million empty rows
        cells = pipe_table([_cell_text(cell.value, cell.number_format) for cell in row] for row in sheet.iter_rows())
        pages.append(f"## {sheet.title}\n\n{cells}" if cells else "")
        characters += len(cells)
        check_characters(characters)  # a text is stored once for all the cells that hold it
    # openpyxl fills in today as the day of creation where the file names none
    return Content(tuple(pages), book.properties.title, metadata=facts(author=book.properties.creator))


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
