from __future__ import annotations

import datetime
import io
import time
import zipfile
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pptx
import pytest
from documents import page, saved, word
from docx.oxml import parse_xml

from rag import markup, office
from rag.errors import (
    DamagedSource,
    SourceTooLarge,
    UnsupportedSource,
)
from rag.loading import load


def test_a_word_document_in_its_order() -> None:
    loaded = load("/a.docx", word())
    assert loaded.pages[0].split("\n\n") == [
        *("# The scheme", "## Who may apply", "First words.\tAfter a tab.", "- residents\n  - with a card\n- step"),
        "| Year | Here | There |\n| --- | --- | --- |\n| 2023 | 1\\|2 | x y |\n| 2024 | 5 | 5 |",
        "Last words.",
    ]
    assert (loaded.title, loaded.published, loaded.warnings) == ("Core title", None, ())
    assert set(loaded.metadata) == {"author", "created"}


W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def test_content_controls_changes_and_text_boxes_of_word() -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("Kept")
    document.add_paragraph("Contents line", style=document.styles.add_style("TOC 1", 1))
    run = "<w:r><w:t>{}</w:t></w:r>"
    ins, gone = (
        f"<w:ins {W}>{run.format(' inserted')}</w:ins>",
        f"<w:del {W}><w:r><w:delText>X</w:delText></w:r></w:del>",
    )
    box = f"<w:r {W}><w:pict><w:txbxContent><w:p>{run.format('In a box')}</w:p></w:txbxContent></w:pict></w:r>"
    for xml in (ins, gone, box):
        paragraph._p.append(parse_xml(xml))
    control = f"<w:sdt {W}><w:sdtContent><w:p>{run.format('In a control')}</w:p></w:sdtContent></w:sdt>"
    document.element.body.insert(0, parse_xml(control))
    assert page("/a.docx", saved(document)).split("\n\n") == ["In a control", "Kept inserted", "In a box"]


def test_a_presentation_has_a_page_a_slide() -> None:
    show = pptx.Presentation()
    slide = show.slides.add_slide(show.slide_layouts[1])
    slide.shapes.title.text = "Aims"
    body = slide.placeholders[1].text_frame
    body.text = "first"
    inner = body.add_paragraph()
    inner.text, inner.level = "below it", 1
    slide.notes_slide.notes_text_frame.text = "Say it slowly."
    other = show.slides.add_slide(show.slide_layouts[6])
    one = pptx.util.Inches(1)
    table = other.shapes.add_table(2, 2, one, one, one, one).table
    for row, values in enumerate((("Year", "Number"), ("2023", "5"))):
        for column, value in enumerate(values):
            table.cell(row, column).text = value
    group = other.shapes.add_group_shape()
    group.shapes.add_textbox(one, one, one, one).text_frame.text = "In a group"
    loaded = load("/a.pptx", saved(show))
    assert loaded.pages == (
        "## Aims\n\n- first\n  - below it\n\nNotes: Say it slowly.",
        "| Year | Number |\n| --- | --- |\n| 2023 | 5 |\n\nIn a group",
    )


def test_a_workbook_has_a_page_a_sheet() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Approvals"
    for row in (
        *([], ["Table 1"], [], [None, "Date", "Number", "Share", "Sure"]),
        *([None, datetime.date(2024, 2, 29), 160000.0, 0.125, True], [], [None, "later", 1.5, None, None]),
    ):
        sheet.append(row)
    sheet["D5"].number_format = "0.0%"
    book.create_sheet("Empty")
    loaded = load("/a.xlsx", saved(book))
    assert loaded.pages[0].split("\n\n") == [
        *("## Approvals", "Table 1"),
        "| Date | Number | Share | Sure |\n| --- | --- | --- | --- |\n"
        "| 2024-02-29 | 160000 | 12.5% | True |\n| later | 1.5 |  |  |",
    ]
    assert (loaded.pages[1], loaded.published) == ("", None)


def rezipped(data: bytes, **parts: bytes) -> bytes:
    """An Office file with some of its parts replaced or added; ``__`` stands for ``/`` in a name."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        replaced = {name.replace("__", "/") + ".xml": part for name, part in parts.items()}
        for name in old.namelist():
            if name not in replaced:
                new.writestr(name, old.read(name))
        for name, part in replaced.items():
            new.writestr(name, part)
    return out.getvalue()


def test_a_decompression_bomb_is_refused_before_it_is_opened() -> None:
    bomb = rezipped(word(), word__bomb=b"\0" * 60 * 2**20)
    begun = time.process_time()
    with pytest.raises(SourceTooLarge, match=r"unpacks from 0\.1 MB to 61 MB"):
        load("/a.docx", bomb)
    assert time.process_time() - begun < 0.5


def test_a_bomb_that_lies_about_its_size_is_found() -> None:
    data = bytearray(rezipped(word(), word__bomb=b"\0" * 60 * 2**20))
    true_size = (60 * 2**20).to_bytes(4, "little")
    assert data.count(true_size) == 2  # in the member's own header and in the directory
    with pytest.raises(DamagedSource, match=r"word/bomb\.xml"):
        load("/a.docx", bytes(data.replace(true_size, (500).to_bytes(4, "little"))))


def test_limits_of_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office, "MAX_XML_BYTES", 1000)
    with pytest.raises(SourceTooLarge):
        load("/a.docx", word())
    monkeypatch.undo()
    monkeypatch.setattr(office, "MAX_MEMBERS", 3)
    with pytest.raises(SourceTooLarge):
        load("/a.docx", word())


def test_archives_inside_a_document_are_left_alone() -> None:
    inner = rezipped(word(), bomb=b"\0" * 5 * 2**20)
    for _ in range(3):
        inner = rezipped(word(), word__embeddings__inner=inner)
    assert load("/a.docx", inner).format == "docx"


def test_entities_in_a_word_document_are_neither_expanded_nor_opened(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("SECRET")
    laughs = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10 if n else "ha" * 10}">' for n in range(9))
    outside = f'<!ENTITY a8 SYSTEM "file://{tmp_path}/secret.txt">'
    body = f"<w:document {W}><w:body><w:p><w:r><w:t>A&a8;</w:t></w:r></w:p></w:body></w:document>"
    with pytest.raises(DamagedSource):
        load("/a.docx", rezipped(word(), word__document=f"<!DOCTYPE x [{laughs}]>{body}".encode()))
    assert page("/a.docx", rezipped(word(), word__document=f"<!DOCTYPE x [{outside}]>{body}".encode())) == "A"


def test_claims_of_size_inside_a_document_are_not_believed() -> None:
    document = docx.Document()
    document.add_paragraph("item", style="List Bullet")._p.get_or_add_pPr().get_or_add_numPr()._add_ilvl().val = 10**9
    table = document.add_table(2, 2)
    table.cell(0, 0).text, table.cell(1, 1).text = "wide", "x"
    table.cell(0, 0)._tc.grid_span = 10**9
    assert len(page("/a.docx", saved(document))) < 2000


def test_a_sheet_that_claims_every_cell_is_read_by_what_it_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    book = openpyxl.Workbook()
    book.active["A1"], book.active["A3"], book.active["XFD1"], book.active["XFD3"] = "a", "b", "c", "d"
    data = saved(book)
    assert page("/a.xlsx", data).endswith("| a | c |\n| --- | --- |\n| b | d |")
    monkeypatch.setattr(markup, "MAX_CELLS", 30_000)
    with pytest.raises(SourceTooLarge, match="delete empty rows and columns"):
        load("/a.xlsx", data)


def test_cells_that_make_much_of_little_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    document = docx.Document()
    table = document.add_table(30, 2)
    table.cell(0, 0).text = "x" * 20_000
    table.cell(0, 0).merge(table.cell(29, 0))
    monkeypatch.setattr(markup, "MAX_REPEATED", 100_000)
    with pytest.raises(SourceTooLarge, match="merged cells"):
        load("/a.docx", saved(document))
    book = openpyxl.Workbook()
    for sheet in (book.active, book.create_sheet()):
        for row in range(1, 31):
            sheet[f"A{row}"], sheet[f"B{row}"] = "x" * 1000, "y"
    for limit in (50_000, 20_000):  # both sheets, each sheet
        monkeypatch.setattr(markup, "MAX_CHARACTERS", limit)
        with pytest.raises(SourceTooLarge, match="characters"):
            load("/a.xlsx", saved(book))


@pytest.mark.parametrize("make", [word, lambda: saved(openpyxl.Workbook()), lambda: saved(pptx.Presentation())])
def test_truncated_office_files(make: Any) -> None:
    whole = make()
    for length in (4, 50, len(whole) // 2, len(whole) - 10):
        with pytest.raises(DamagedSource):
            load("/a.docx", whole[:length])


def test_other_archives_are_not_opened() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("notes.txt", "Words")
    with pytest.raises(UnsupportedSource, match="unpack it"):
        load("/a.zip", out.getvalue())
    with pytest.raises(UnsupportedSource, match=r"save it as \.docx"):
        load("/a.odt", out.getvalue())
