"""Documents made for the tests, and their text."""

from __future__ import annotations

import io
from typing import Any

import docx

from rag.loading import load


def page(source: str, data: bytes | str, content_type: str | None = None) -> str:
    """The text of the only page."""
    loaded = load(source, data if isinstance(data, bytes) else data.encode(), content_type)
    assert len(loaded.pages) == 1
    return loaded.pages[0]


def pdf(*pages: str, title: str | None = None) -> bytes:
    """A PDF with one line of text a page; an empty string is a page left blank."""
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", ""]
    kids = []
    for text in pages:
        content = f"BT /F1 12 Tf 72 720 Td ({text}) Tj ET" if text else ""
        kids.append(f"{len(objects) + 1} 0 R")
        font = "<< /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >>"
        number = len(objects) + 2
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Resources {font} /Contents {number} 0 R >>"
        )
        objects.append(f"<< /Length {len(content)} >>\nstream\n{content}\nendstream")
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>"
    objects.append(f"<< /Title ({title or ''}) /Author (Ann) /CreationDate (D:20200102030405Z) >>")
    out, offsets = "%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n"
    table = "".join(f"{offset:010d} 00000 n \n" for offset in offsets)
    start = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
    trailer = f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R /Info {len(objects)} 0 R >>"
    return f"{out}{start}{trailer}\nstartxref\n{len(out)}\n%%EOF\n".encode("latin-1")


def saved(document: Any) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def word() -> bytes:
    document = docx.Document()
    document.core_properties.title = "Core title"
    document.core_properties.author = "Ann"
    document.sections[0].header.paragraphs[0].text = "Running header"
    document.add_paragraph("The scheme", style="Title")
    document.add_heading("Who may apply", 2)
    document.add_paragraph("First words.\tAfter a tab.")
    document.add_paragraph("residents", style="List Bullet")
    document.add_paragraph("with a card", style="List Bullet 2")
    document.add_paragraph("step", style="List Number")
    table = document.add_table(3, 3)
    for row, values in zip(
        table.rows, (("Year", "Here", "There"), ("2023", "1|2", "x\ny"), ("2024", "5", "")), strict=True
    ):
        for cell, value in zip(row.cells, values, strict=True):
            cell.text = value
    table.cell(2, 1).merge(table.cell(2, 2))
    document.add_paragraph("Last words.")
    return saved(document)
