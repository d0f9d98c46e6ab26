from __future__ import annotations

import hashlib
import io
import time
from email.message import EmailMessage

import pytest
from documents import page, pdf, word
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from rag.errors import (
    DamagedSource,
    EmptySource,
    EncryptedSource,
    LoadError,
    UnsupportedSource,
)
from rag.loading import load
from rag.types import Loaded

# ------------------------------------------------------------------------------------------------------------- decoding


CHINESE = "香港特別行政區政府今日公布人才計劃的最新數字。截至二零二四年二月底，約十六萬宗申請獲批。\n"
SIMPLIFIED = "香港特别行政区政府今日公布人才计划的最新数字。截至二零二四年二月底，约十六万宗申请获批。\n"


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("utf-8", "naïve – 香港 🎉\r\n"),
        ("utf-8-sig", "naïve – 香港\n"),
        ("utf-16", "naïve – 香港\n"),
        ("utf-32", "naïve – 香港\n"),
    ],
)
def test_unicode_needs_no_guessing(encoding: str, text: str) -> None:
    loaded = load("/a.txt", text.encode(encoding))
    assert (loaded.pages, loaded.warnings, loaded.format) == ((text,), (), "text")


@pytest.mark.parametrize("mark", [b"\xfe\xff", b"\x00\x00\xfe\xff"])
def test_big_endian_marks(mark: bytes) -> None:
    encoding = "utf-16-be" if len(mark) == 2 else "utf-32-be"
    assert page("/a.txt", mark + "né".encode(encoding)) == "né"


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp1252", "Café crème à Genève coûte 5 €."),
        ("cp1252", "The “cost” of the naïve plan is £5 – or more."),
        ("cp1252", "Le gouvernement a annoncé hier un programme où les élèves reçoivent 5 € à la rentrée."),
        ("cp1250", "Rząd ogłosił dziś nowy program dla młodych specjalistów. Wnioski można składać do końca roku."),
        ("cp1252", "Größe und Maße der Straße für Bürger, geändert am 5. März 2023."),
        ("big5", CHINESE),
        ("gb18030", SIMPLIFIED),
        ("shift_jis", "東京都は本日、新しい計画を発表しました。これは2024年の予算です。"),
        ("euc_kr", "정부는 오늘 새로운 계획을 발표했습니다. 2024년 예산입니다."),
        ("cp1251", "Правительство сегодня объявило о новой программе для молодых специалистов."),
    ],
)
@pytest.mark.parametrize("before", ["", "Plain words. " * 20_000], ids=["short", "long"])
def test_legacy_encodings_are_told_and_said(encoding: str, text: str, before: str) -> None:
    loaded = load("/a.txt", (before + text).encode(encoding))
    assert loaded.pages[0].removeprefix(before) == text
    assert "not UTF-8" in loaded.warnings[0]


def test_the_encoding_a_page_names_is_believed() -> None:
    text = "<html><head><meta charset='{}'></head><body><p>人才</p></body></html>"
    assert "人才" in page("/a.html", text.format("big5").encode("big5"))
    loaded = load("https://example.org/", text.format("x").encode("gb2312"), "text/html; charset=GB2312")
    assert ("人才" in loaded.pages[0], loaded.warnings) == (True, ())
    assert "人才" in page("/a.html", text.format("big5").encode())  # UTF-8 in truth


def test_a_few_bad_bytes_do_not_spoil_utf8() -> None:
    loaded = load("/a.txt", (CHINESE * 20).encode() + b"\xff end")
    assert loaded.pages[0] == CHINESE * 20 + "\ufffd end"
    assert "1 places are not valid UTF-8" in loaded.warnings[0]


def test_a_cut_utf16_file_is_damaged() -> None:
    with pytest.raises(DamagedSource, match="utf-16"):
        load("/a.txt", "abc".encode("utf-16")[:-1])


@settings(deadline=None)  # the first of a kind loads its library
@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1).filter(lambda text: not text.isspace()))
def test_any_text_passes_unchanged(text: str) -> None:
    text = "Text: " + text
    for encoding in ("utf-8", "utf-16", "utf-32"):
        assert load("/a.txt", text.encode(encoding)).pages == (text,)


@settings(deadline=None)  # the first of a kind loads its library
@given(st.binary(min_size=1), st.sampled_from(["txt", "md", "html", "pdf", "docx", "xlsx", "csv", "eml", "bin"]))
def test_any_bytes_give_text_or_a_named_error(data: bytes, suffix: str) -> None:
    try:
        loaded = load(f"/a.{suffix}", data)
    except LoadError as error:
        assert ":" in str(error)  # what is wrong: what to do
    else:
        assert any(text.strip() for text in loaded.pages)


# -------------------------------------------------------------------------------------------------- choosing the reader


def test_what_a_load_says_of_itself() -> None:
    data = "Näher\n".encode()
    digest = hashlib.sha256(data).hexdigest()
    assert load("/folder/a.txt", data) == Loaded("/folder/a.txt", digest, "text", ("Näher\n",))


def test_loading_small_text_is_quick() -> None:
    data = b"A paragraph of some words about one matter. " * 18

    def seconds() -> float:
        begun = time.process_time()
        for _ in range(100):
            load("/folder/a.txt", data)
        return time.process_time() - begun

    assert min(seconds() for _ in range(10)) < 100 * 100e-6  # the best of ten, since the machine may be busy


@pytest.mark.parametrize("suffix", ["txt", "md", "html", "pdf", "docx", "pptx", "xlsx", "csv", "eml", ""])
def test_empty_files(suffix: str) -> None:
    with pytest.raises(EmptySource, match="0 bytes"):
        load(f"/a.{suffix}", b"")


@pytest.mark.parametrize(
    ("suffix", "data"),
    [
        ("txt", b" \n\t\n"),
        ("md", b"---\ntitle: x\n---\n"),
        ("html", b"<html><body></body></html>"),
        ("csv", b",,\n,,\n"),
    ],
)
def test_files_without_text(suffix: str, data: bytes) -> None:
    with pytest.raises(EmptySource):
        load(f"/a.{suffix}", data)


def test_a_binary_called_txt_is_damaged() -> None:
    with pytest.raises(DamagedSource, match="by its name plain text"):
        load("/a.txt", bytes(range(256)) * 20)
    with pytest.raises(DamagedSource):
        load("/a.pdf", b"\0" * 5000)


def test_a_binary_of_unknown_name_is_unsupported() -> None:
    picture = io.BytesIO()
    Image.effect_noise((60, 60), 50).save(picture, "PNG")
    with pytest.raises(UnsupportedSource, match=r"\.docx"):
        load("/a.png", picture.getvalue())


@pytest.mark.parametrize(
    ("name", "data", "error"),
    [
        ("/a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, UnsupportedSource),
        ("/a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), EncryptedSource),
        ("/a.rtf", b"{\\rtf1 text}", UnsupportedSource),
        ("/a.docx", b"PK\x03\x04" + b"\0" * 100, DamagedSource),
    ],
)
def test_office_files_that_are_not_read(name: str, data: bytes, error: type[LoadError]) -> None:
    with pytest.raises(error):
        load(name, data)


def test_a_wrong_extension_still_loads_and_is_said() -> None:
    loaded = load("/notes.txt", pdf("Words of a page"))
    assert (loaded.format, loaded.pages[0].strip()) == ("pdf", "Words of a page")
    assert loaded.warnings == ("by its name plain text, by its content a PDF: read as the latter.",)
    assert load("/a.pdf", word()).format == "docx"
    assert load("/a.txt", b"\xef\xbb\xbf <!-- x --><!DOCTYPE html><html><p>Hello").format == "html"
    assert load("/a.txt", "<html><p>Hello".encode("utf-16")).format == "html"
    assert load("/a.docx", b"Just words").format == "text"
    assert load("/README", b"Just words").warnings == ()


@pytest.mark.parametrize(
    ("url", "content_type", "expected"),
    [
        ("https://example.org/page.php?a=b.pdf", "text/html; charset=utf-8", "html"),
        ("https://example.org/notes.md?raw=1", "text/plain", "markdown"),
        ("https://example.org/table", "text/csv", "csv"),
        ("https://example.org/table%2Ecsv#x", None, "csv"),
        ("https://example.org/", "application/octet-stream", "text"),
    ],
)
def test_what_a_server_says_counts(url: str, content_type: str | None, expected: str) -> None:
    loaded = load(url, b"some,words\n1,2\n", content_type)
    assert (loaded.format, loaded.warnings) == (expected, ())


# -------------------------------------------------------------------------------------------------------- small formats


def test_front_matter_gives_title_and_date() -> None:
    lines = (
        "---",
        'title: "A: title"',
        "Date: 2024-03-18T10:00:00+08:00",
        "tags:",
        "  - a",
        "author: Ann",
        "---",
        "# Head",
    )
    loaded = load("/a.md", "\r\n".join((*lines, "")).encode())
    assert (loaded.title, loaded.published, loaded.pages) == ("A: title", "2024-03-18", ("# Head\r\n",))
    assert loaded.metadata == {"author": "Ann"}


@pytest.mark.parametrize(
    "text", ["---\nJust a rule above\n---\n", "---\ntitle: open\n", "Text\n---\ndate: 2024-01-01\n---\n"]
)
def test_what_only_looks_like_front_matter_stays(text: str) -> None:
    loaded = load("/a.md", text.encode())
    assert (loaded.pages, loaded.published, loaded.title) == ((text,), None, None)


@pytest.mark.parametrize(
    ("words", "iso"),
    [
        *(("2024-03-18", "2024-03-18"), ("2024-3-8", "2024-03-08"), ("2024/03/18 10:00", "2024-03-18")),
        *(("2024-03", "2024-03"), ("2024", "2024"), ("18 March 2024", "2024-03-18"), ("March 18, 2024", "2024-03-18")),
        *(("20240318", "2024-03-18"), ("Mar 2024", "2024-03"), ("Mon, 18 Mar 2024 09:30:00 +0800", "2024-03-18")),
        *(("03/04/2024", None), ("2024-13-01", None), ("yesterday", None), ("", None), ("2024-02-30", None)),
        *(("March 18", None), ("0000-01-01", None), ("Mon, 18 Mar 2024 09:30:00 +99999999999999999", None)),
    ],
)
def test_dates_are_read_only_where_they_are_plain(words: str, iso: str | None) -> None:
    assert load("/a.md", f"---\ntitle: t\ndate: {words}\n---\nText".encode()).published == iso


def test_front_matter_takes_its_own_fields_only_and_no_longer_than_it_is() -> None:
    begun = time.process_time()
    nested = load("/a.md", b"---\ntitle: 'x' \nlinks:\n  - url: y\nnote: a 'b'\n---\nText")
    assert (nested.title, nested.metadata) == ("x", {"note": "a 'b'"})
    for filling in (b"a" * 50_000, b"a: b" + b" " * 50_000 + b"c", b'a: "' + b"b' " * 20_000):
        load("/a.md", b"---\ntitle: x\n" + filling + b"\n---\nText")
    assert time.process_time() - begun < 1


def test_many_leading_comments_take_no_longer_than_they_are() -> None:
    begun = time.process_time()
    assert load("/a.md", b"<!-- markdownlint-disable -->\n" * 30 + b"# Head").format == "markdown"
    assert load("/a.txt", b"<!-- x -->\n" * 30 + b"<html><p>Hello").format == "html"
    assert time.process_time() - begun < 1


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_separated_values_become_a_table(separator: str) -> None:
    lines = ['Year|"Approved, all"|Note', '2022|"49 000"|"a ""b"""', "|||", "2023|85 000|"]
    expected = '| Year | Approved, all | Note |\n| --- | --- | --- |\n| 2022 | 49 000 | a "b" |\n| 2023 | 85 000 |  |'
    assert page("/a.csv", "\r\n".join(lines).replace("|", separator)) == expected


def test_a_long_field_is_read() -> None:
    long = "words " * 40_000
    assert page("/a.csv", f"Name,Text\na,{long}\n").endswith(f"| a | {long.strip()} |")


def test_captions_pipes_and_line_breaks_in_a_table() -> None:
    text = 'Table 1: approvals,,\n\nYear,Place\n2023,"Ho|me\nand away"\n'
    assert page("/a.csv", text) == "Table 1: approvals\n\n| Year | Place |\n| --- | --- |\n| 2023 | Ho\\|me and away |"


def test_a_list_of_one_column_is_lines() -> None:
    assert page("/a.csv", "First\nSecond\n") == "First\n\nSecond"


# --------------------------------------------------------------------------------------------------------------- e-mail


def mail(text: str | None = "Dear all,\n\nThe fee is £5.\n", page_text: str | None = None) -> EmailMessage:
    message = EmailMessage()
    message["Subject"], message["From"], message["To"] = (
        "The new fee – today",
        "Ann <ann@example.org>",
        "bob@example.org",
    )
    message["Date"] = "Mon, 18 Mar 2024 23:30:00 +0800"
    if text is not None:
        message.set_content(text)
    if page_text is not None:
        message.add_alternative(page_text, subtype="html")
    return message


def test_a_mail() -> None:
    message = mail(page_text="<p>The page</p>")
    message.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="fees.pdf")
    loaded = load("/a.eml", message.as_bytes())
    assert loaded.pages[0].replace("\r", "") == "Dear all,\n\nThe fee is £5.\n"
    assert (loaded.title, loaded.published, loaded.format) == ("The new fee – today", "2024-03-18", "eml")
    assert loaded.metadata == {"from": "Ann <ann@example.org>", "to": "bob@example.org"}
    assert loaded.warnings == ("attachments are not read (fees.pdf): save them and index the files.",)


def test_a_mail_that_is_only_a_page() -> None:
    message = mail(None)
    message.set_content("<h1>Fees</h1><p>The fee is £5.</p>", subtype="html")
    assert page("/a.eml", message.as_bytes()) == "# Fees\n\nThe fee is £5."


def test_mails_with_odd_headers() -> None:
    assert load("/a.eml", b"Subject: x\nDate: nonsense\n\nText").published is None
    assert page("/a.eml", b"Content-Type: text/plain; charset=nonsense\n\nCaf\xc3\xa9") == "Café"
    assert page("/a.eml", b"Content-Type: text/plain; charset=big5\n\n" + CHINESE.encode("big5")) == CHINESE


def test_a_mail_of_attachments_only() -> None:
    message = mail(None)
    message.make_mixed()
    message.add_attachment(b"x", maintype="application", subtype="pdf", filename="fees.pdf")
    with pytest.raises(EmptySource, match=r"fees\.pdf"):
        load("/a.eml", message.as_bytes())
