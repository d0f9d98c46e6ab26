from __future__ import annotations

import datetime
import hashlib
import io
import os
import shutil
import stat
import time
import zipfile
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pptx
import pytest
from docx.oxml import parse_xml
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageFont
from pypdf import PdfReader, PdfWriter

from rag import loading
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
from rag.loading import expand, load, read_bytes
from rag.types import Failure, Loaded


def page(source: str, data: bytes | str, content_type: str | None = None) -> str:
    """The text of the only page."""
    loaded = load(source, data if isinstance(data, bytes) else data.encode(), content_type)
    assert len(loaded.pages) == 1
    return loaded.pages[0]


def failures(found: list[str | Failure]) -> list[tuple[str, str]]:
    return [(failure.source, failure.error) for failure in found if isinstance(failure, Failure)]


# ---------------------------------------------------------------------------------------------- finding the sources


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of documents and of what lies around documents."""
    root = tmp_path.resolve() / "docs"
    for name in ("b.txt", "a.md", "sub/c.pdf", "sub/deeper/D.HTML", "photo.jpg", "notes.py", "Makefile"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("x")
    for name in (".git/readme.md", ".hidden.txt", "~$b.docx", "library/library.sqlite3", "library/inner.txt"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("x")
    return root


def under(root: Path, *names: str) -> list[str]:
    return [str(root / name) for name in names]


def test_a_folder_gives_its_documents_sorted(folder: Path) -> None:
    assert list(expand([folder])) == under(folder, "a.md", "b.txt", "sub/c.pdf", "sub/deeper/D.HTML")


def test_one_path_need_not_be_in_a_list(folder: Path) -> None:
    assert list(expand(str(folder / "a.md"))) == under(folder, "a.md")


def test_each_source_comes_once_in_the_order_given(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    url = "https://example.org/a.pdf"
    paths: list[str | Path] = ["sub", url, "b.txt", folder / "sub/../b.txt", f"{folder}//sub/c.pdf", url, folder, "./"]
    assert list(expand(paths)) == [
        *under(folder, "sub/c.pdf", "sub/deeper/D.HTML"),
        url,
        *under(folder, "b.txt", "a.md"),
    ]


def test_a_file_named_is_given_whatever_its_suffix(folder: Path) -> None:
    assert list(expand([folder / "Makefile", folder / ".hidden.txt"])) == under(folder, "Makefile", ".hidden.txt")


def test_a_document_of_another_format_is_reported_with_its_cure(folder: Path) -> None:
    (folder / "old.doc").write_text("x")
    failure = next(found for found in expand([folder]) if isinstance(found, Failure))
    assert (failure.source, failure.error) == (str(folder / "old.doc"), "UnsupportedSource")
    assert "save it as .docx" in failure.reason


@pytest.mark.parametrize(
    ("pattern", "names"),
    [
        ("*.txt", ["b.txt"]),
        ("**/*.pdf", ["sub/c.pdf"]),
        ("**/*", ["a.md", "b.txt", "sub/c.pdf", "sub/deeper/D.HTML"]),
        ("s*", ["sub/c.pdf", "sub/deeper/D.HTML"]),
        ("[ab].*", ["a.md", "b.txt"]),
        ("?.md", ["a.md"]),
        (".git/*.md", [".git/readme.md"]),
    ],
)
def test_patterns(folder: Path, pattern: str, names: list[str]) -> None:
    assert list(expand([f"{folder}/{pattern}"])) == under(folder, *names)


def test_a_file_with_a_bracket_in_its_name_is_a_file(folder: Path) -> None:
    (folder / "a[1].txt").write_text("x")
    assert list(expand([folder / "a[1].txt"])) == under(folder, "a[1].txt")


@pytest.mark.parametrize(
    "missing", ["nothing.txt", "no/such/folder", "*.nothing", "", "bad\0name.txt", "n" * 300 + ".txt"]
)
def test_what_is_missing_is_reported(folder: Path, missing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    (failure,) = expand([missing])
    assert isinstance(failure, Failure)
    assert (failure.source, failure.error) == (missing, "SourceNotFound")
    assert ": " in failure.reason  # what is wrong: what to do


def test_a_home_folder_is_found(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(folder))
    assert list(expand(["~/b.txt", "~/*.md"])) == under(folder, "b.txt", "a.md")


def test_other_addresses_are_refused() -> None:
    assert failures(list(expand(["ftp://example.org/a.txt"]))) == [("ftp://example.org/a.txt", "UnsupportedSource")]


def test_loops_of_links_end_and_repeat_nothing(folder: Path) -> None:
    (folder / "sub/up").symlink_to(folder)
    (folder / "sub/deeper/again").symlink_to(folder / "sub")
    (folder / "itself").symlink_to(folder / "itself")
    (folder / "same.txt").symlink_to(folder / "b.txt")
    expected = under(folder, "a.md", "b.txt", "sub/c.pdf", "sub/deeper/D.HTML")
    assert sorted(map(str, expand([folder]))) == expected
    assert sorted(map(str, expand([f"{folder}/**/*"]))) == expected


def test_a_link_out_of_the_folder_is_followed_and_a_dead_one_reported(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere.txt").write_text("x")
    (folder / "sub/link.txt").symlink_to(tmp_path / "elsewhere.txt")
    (folder / "sub/dead.txt").symlink_to(tmp_path / "gone.txt")
    found = list(expand([folder / "sub"]))
    assert str(tmp_path.resolve() / "elsewhere.txt") in found
    assert failures(found) == [(str(folder / "sub/dead.txt"), "SourceNotFound")]


def test_a_folder_that_may_not_be_listed_is_reported(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    listed = os.scandir

    def scandir(path: str) -> Any:  # permissions do not bind root, so the refusal is played
        if path.endswith("/sub"):
            raise PermissionError(13, "Permission denied")
        return listed(path)

    monkeypatch.setattr(os, "scandir", scandir)
    found = list(expand([folder]))
    assert failures(found) == [(str(folder / "sub"), "AccessDenied")]
    assert found[:2] == under(folder, "a.md", "b.txt")


def test_a_name_that_is_no_text_is_reported(tmp_path: Path) -> None:
    name = os.fsencode(tmp_path) + b"/caf\xe9.txt"
    with open(name, "wb") as file:  # noqa: PTH123
        file.write(b"x")
    (failure,) = expand([tmp_path])
    assert isinstance(failure, Failure)
    assert failure.source.encode().endswith(b"caf\\udce9.txt")
    assert "rename" in failure.reason


def test_a_large_folder_is_listed_quickly(tmp_path: Path) -> None:
    for number in range(3000):
        (tmp_path / f"{number}.txt").touch()
    begun = time.process_time()
    assert len(list(expand([tmp_path]))) == 3000
    assert time.process_time() - begun < 1


# ----------------------------------------------------------------------------------------------------- reading bytes


def test_bytes_are_read(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"\r\n\xff")
    assert read_bytes(str(tmp_path / "a.txt")) == b"\r\n\xff"


def test_a_file_over_the_limit_is_refused_unread(tmp_path: Path) -> None:
    with (tmp_path / "huge.txt").open("wb") as file:
        file.truncate(200 * 2**20)  # sparse: takes no room
    with pytest.raises(SourceTooLarge, match=r"200 MB is over the limit of 100 MB.*split"):
        read_bytes(str(tmp_path / "huge.txt"))


def test_a_file_at_the_limit_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "MAX_BYTES", 10)
    (tmp_path / "a.txt").write_bytes(b"x" * 10)
    assert read_bytes(str(tmp_path / "a.txt")) == b"x" * 10
    (tmp_path / "a.txt").write_bytes(b"x" * 11)
    with pytest.raises(SourceTooLarge):
        read_bytes(str(tmp_path / "a.txt"))


def test_a_file_that_is_gone_a_folder_and_a_pipe(tmp_path: Path) -> None:
    with pytest.raises(SourceNotFound):
        read_bytes(str(tmp_path / "gone.txt"))
    with pytest.raises(UnsupportedSource):
        read_bytes(str(tmp_path))
    os.mkfifo(tmp_path / "pipe.txt")
    with pytest.raises(UnsupportedSource):
        read_bytes(str(tmp_path / "pipe.txt"))


def test_a_file_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_args: object) -> None:
        raise PermissionError(13, "Permission denied")

    (tmp_path / "a.txt").touch()
    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(AccessDenied, match=r"chmod \+r"):
        read_bytes(str(tmp_path / "a.txt"))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_real_permissions(tmp_path: Path) -> None:
    (tmp_path / "a.txt").touch(mode=0)
    with pytest.raises(AccessDenied):
        read_bytes(str(tmp_path / "a.txt"))
    (tmp_path / "sub").mkdir(mode=stat.S_IWUSR)
    assert failures(list(expand([tmp_path / "sub"]))) == [(str(tmp_path.resolve() / "sub"), "AccessDenied")]


# ---------------------------------------------------------------------------------------------------------- decoding

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


# ---------------------------------------------------------------------------------------------- choosing the reader


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


# -------------------------------------------------------------------------------------------------------- plain text


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
        *(("March 18", None), ("0000-01-01", None)),
    ],
)
def test_dates_are_read_only_where_they_are_plain(words: str, iso: str | None) -> None:
    assert load("/a.md", f"---\ntitle: t\ndate: {words}\n---\nText".encode()).published == iso


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_separated_values_become_a_table(separator: str) -> None:
    lines = ['Year|"Approved, all"|Note', '2022|"49 000"|"a ""b"""', "|||", "2023|85 000|"]
    expected = '| Year | Approved, all | Note |\n| --- | --- | --- |\n| 2022 | 49 000 | a "b" |\n| 2023 | 85 000 |  |'
    assert page("/a.csv", "\r\n".join(lines).replace("|", separator)) == expected


def test_captions_pipes_and_line_breaks_in_a_table() -> None:
    text = 'Table 1: approvals,,\n\nYear,Place\n2023,"Ho|me\nand away"\n'
    assert page("/a.csv", text) == "Table 1: approvals\n\n| Year | Place |\n| --- | --- |\n| 2023 | Ho\\|me and away |"


def test_a_list_of_one_column_is_lines() -> None:
    assert page("/a.csv", "First\nSecond\n") == "First\n\nSecond"


# ------------------------------------------------------------------------------------------------------------ HTML


def html(body: str, head: str = "") -> bytes:
    return f"<!doctype html><html><head>{head}</head><body>{body}</body></html>".encode()


LONG = "<p>The scheme had about 160&nbsp;000 <b>approved</b> applications as at <i>end-February</i> 2024.</p>" * 8
TABLE = """<table><caption>Approvals</caption><tr><th>Year<th>Place<th>Number</tr>
<tr><td rowspan=2>2023<td>Here<td>5|0</tr><tr><td>There<br>too<td>60</tr><tr><td colspan=2>Both<td>110</tr></table>"""
BODY = f"""<nav><a href=/>Home</a> <a href=/n>News</a></nav><main><h1>The scheme</h1>{{}}
<h2>Who may apply</h2><ul><li>Residents<ul><li>with a card</li></ul></li><li>Visitors</li></ul>{TABLE}
<p>It grew.<sup><a href="#1">1</a></sup> By 10<sup>6</sup>, since 1<sup>st</sup> May; see <a href="g">the guide</a>.</p>
<details><summary>Is it free?</summary><p>Yes, it is free for everybody who may apply.</p></details></main>
<script>evil()</script><noscript>Enable scripts</noscript><footer>Copyright</footer>"""


@pytest.mark.parametrize("filling", ["", LONG], ids=["short page", "long page"])
def test_a_page_keeps_its_structure_and_loses_its_frame(filling: str) -> None:
    text = page("/a.html", html(BODY.format(filling)))
    lines = [line.rstrip() for line in text.splitlines()]
    for expected in (
        *("# The scheme", "## Who may apply", "- Residents", "  - with a card", "- Visitors", "### Is it free?"),
        *("| Year | Place | Number |", "| 2023 | Here | 5\\|0 |", "| 2023 | There too | 60 |", "| Both | Both | 110 |"),
        *("Approvals", "It grew. By 10^6, since 1st May; see the guide."),
    ):
        assert expected in lines
    assert not {"Home", "evil()", "Enable scripts", "Copyright"} & set(lines)
    assert "*" not in text


def test_loose_text_pairs_and_terms() -> None:
    body = "Loose <span>text</span><br>next line<div>In <b>a</b> block</div>tail<pre>a\n  b</pre><hr>"
    body += "<table><tr><th>Opened:<td>3 May 2021</tr><tr><th>Cost<td>$5m</tr></table>"
    body += "<dl><dt>Term<dd>Meaning</dl><header>Skip to content</header>"
    assert page("/a.html", html(body)).split("\n\n") == [
        *("Loose text\nnext line", "In a block", "tail", "a\n  b", "- Opened: 3 May 2021\n- Cost: $5m"),
        "- Term: Meaning",
    ]


def test_menus_go_but_a_page_of_links_stays() -> None:
    links = "".join(f"<li><a href=/{n}>Place number {n}</a></li>" for n in range(5))
    assert page("/a.html", html(f"<div><ul>{links}</ul></div><h1>Head</h1><p>{'Words of it. ' * 10}</p>")).startswith(
        "# Head"
    )
    assert "- Place number 4" in page("/a.html", html(f"<h1>Places</h1><ul>{links}</ul>"))


@pytest.mark.parametrize("tag", ["div", "span", "ul"])
def test_a_page_made_to_take_long_does_not(tag: str) -> None:
    begun = time.process_time()
    assert "x" in page("/a.html", html(f"<{tag}>" * 200 + "<a>x</a> " * 10_000))
    assert time.process_time() - begun < 10  # trafilatura alone would take minutes


def test_headings_survive_a_layout_table() -> None:
    body = "<table><tr><td><h1>Head</h1><p>Text of it.</p><table><tr><th>A<th>B<tr><td>1<td>2</table></td></tr></table>"
    assert page("/a.html", html(body)) == "# Head\n\nText of it.\n\n| A | B |\n| --- | --- |\n| 1 | 2 |"


@pytest.mark.parametrize(
    "head",
    [
        "<meta property='article:published_time' content='2024-03-18T23:30:00Z'>",
        "<meta name='DC.date.issued' content='2024-03-18'>",
        "<meta name='date' content='18 March 2024'>",
        "<meta itemprop='datePublished' content='2024-03-18'>",
        '<script type="application/ld+json">{"@type": "NewsArticle", "datePublished": "2024-03-18"}</script>',
        '<script type="application/ld+json">[{"@graph": [{"a": 1}, {"datePublished": "2024-03-18"}]}]</script>',
        "<meta name='dcterms.modified' content='2025-01-01'><meta name='pubdate' content='2024-03-18'>",
    ],
)
def test_the_publication_date_a_page_names(head: str) -> None:
    assert load("/a.html", html("<p>Text.</p>", head)).published == "2024-03-18"


@pytest.mark.parametrize(
    "body", ["<time pubdate>18 March 2024</time>", "<time itemprop=datePublished datetime=2024-03-18>x</time>"]
)
def test_a_time_element_marked_as_publication(body: str) -> None:
    assert load("/a.html", html(body + LONG)).published == "2024-03-18"


def test_a_date_the_page_does_not_call_its_publication_is_not_taken() -> None:
    head = """<meta property="article:modified_time" content="2025-01-01">
    <meta name="last-modified" content="2025-01-01">
    <meta name="dcterms.created" content="2025-01-01"><title>News of 1 May 2023</title>
    <script type="application/ld+json">{"dateModified": "2025-01-01", "comment": {"datePublished": "2025-01-01"}}
    </script>
    <script type="application/ld+json">{"datePublished": </script>"""
    body = f"<p>Hong Kong, 2023-05-01</p><time datetime=2022-01-01>then</time>{LONG}<footer>Updated 1 May 2023</footer>"
    loaded = load("https://example.org/2023/05/01/news.html", html(body, head), "text/html")
    assert loaded.published is None


def test_a_page_is_only_read_and_nothing_it_names_is_opened(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("SECRET")
    entity = (
        f'<?xml version="1.0" encoding="UTF-8"?><!DOCTYPE html [<!ENTITY x SYSTEM "file://{tmp_path}/secret.txt">]>'
    )
    text = page("/a.xhtml", f"{entity}<html xmlns='http://www.w3.org/1999/xhtml'><body><p>Text &x;</p></body></html>")
    assert "Text" in text
    assert "SECRET" not in text


def test_the_title_of_a_page() -> None:
    assert load("/a.html", html("<h1>The head</h1><p>Text.</p>", "<title>The head | Site</title>")).title == "The head"


def test_a_deeply_nested_page_is_still_read() -> None:
    assert "deep" in page("/a.html", html("<div>" * 200 + "<p>deep words</p>"))


# ------------------------------------------------------------------------------------------------------------- PDF


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


def scan(text: str) -> bytes:
    """A PDF of one page that is only a picture of the text."""
    picture = Image.new("L", (1200, 400), 255)
    ImageDraw.Draw(picture).text((60, 120), text, fill=0, font=ImageFont.load_default(64))
    out = io.BytesIO()
    picture.save(out, "PDF", resolution=150)
    return out.getvalue()


def joined(*files: bytes) -> bytes:
    writer = PdfWriter()
    for file in files:
        writer.append(PdfReader(io.BytesIO(file)))
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def test_a_pdf_keeps_its_pages_and_its_creation_is_not_its_publication() -> None:
    loaded = load("/a.pdf", pdf("First page", "", "Third page", title="A real title"))
    assert [text.strip() for text in loaded.pages] == ["First page", "", "Third page"]
    assert (loaded.title, loaded.published, loaded.warnings) == ("A real title", None, ())
    assert loaded.metadata == {"author": "Ann", "created": "2020-01-02"}


@pytest.mark.parametrize(
    "title", ["Microsoft Word - report.doc", "report-final.docx", "untitled", "", "12-3", "Slide 1"]
)
def test_a_title_a_program_filled_in_is_none(title: str) -> None:
    assert load("/a.pdf", pdf("Text", title=title)).title is None


def test_truncated_pdfs() -> None:
    whole = pdf(*("Some words " * 20 for _ in range(5)))
    for length in (5, 9, 100, len(whole) // 2, len(whole) - 30):
        with pytest.raises(DamagedSource, match=r"cut short|download"):
            load("/a.pdf", whole[:length])


def test_a_malformed_pdf_names_its_kind() -> None:
    with pytest.raises(DamagedSource, match="could not be read as a PDF"):
        load("/a.pdf", b"%PDF-1.7\nnothing of the sort\n%%EOF")


def test_encrypted_pdfs() -> None:
    for user, opens in (("secret", False), ("", True)):
        writer = PdfWriter(clone_from=io.BytesIO(pdf("Open words")))
        writer.encrypt(user, "owner", algorithm="AES-256")
        out = io.BytesIO()
        writer.write(out)
        if opens:
            assert page("/a.pdf", out.getvalue()).strip() == "Open words"
        else:
            with pytest.raises(EncryptedSource, match="password"):
                load("/a.pdf", out.getvalue())


def test_scanned_pages_without_ocr_are_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    picture = scan("unseen")
    loaded = load("/a.pdf", joined(pdf("Words"), picture, picture, pdf("More"), picture))
    assert [text.strip() for text in loaded.pages] == ["Words", "", "", "More", ""]
    (warning,) = loaded.warnings
    assert warning.startswith("no text layer on pages 2-3, 5: install tesseract")
    with pytest.raises(EmptySource, match=r"no text layer on page 1: .*tesseract-ocr"):
        load("/a.pdf", picture)


@pytest.mark.skipif(shutil.which("tesseract") is None, reason="tesseract is not installed")
def test_scanned_pages_are_read_by_ocr() -> None:
    loaded = load("/a.pdf", joined(pdf("Words"), scan("The fee is 4,750 dollars")))
    assert "The fee is 4,750 dollars" in loaded.pages[1]
    assert loaded.warnings == ("no text layer on page 2: read by OCR, so check figures against the scan.",)


@pytest.mark.skipif(shutil.which("tesseract") is None, reason="tesseract is not installed")
def test_a_picture_stored_on_its_side_is_turned_before_ocr() -> None:
    picture = Image.new("L", (1200, 400), 255)
    ImageDraw.Draw(picture).text((60, 120), "Turned on its side", fill=0, font=ImageFont.load_default(64))
    out = io.BytesIO()
    picture.rotate(90, expand=True).save(out, "PDF", resolution=150)
    writer = PdfWriter(clone_from=io.BytesIO(out.getvalue()))
    writer.pages[0].rotate(90)
    out = io.BytesIO()
    writer.write(out)
    assert "Turned on its side" in page("/a.pdf", out.getvalue())


def test_ocr_that_fails_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _name: "/bin/false")
    loaded = load("/a.pdf", joined(pdf("Words"), scan("unseen")))
    assert loaded.warnings == ("no text layer on page 2: OCR found no text there.",)


# ---------------------------------------------------------------------------------------------------------- Office


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
    monkeypatch.setattr(loading, "MAX_XML_BYTES", 1000)
    with pytest.raises(SourceTooLarge):
        load("/a.docx", word())
    monkeypatch.undo()
    monkeypatch.setattr(loading, "MAX_MEMBERS", 3)
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
    monkeypatch.setattr(loading, "MAX_CELLS", 30_000)
    with pytest.raises(SourceTooLarge, match="delete empty rows and columns"):
        load("/a.xlsx", data)


def test_a_web_table_that_claims_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "MAX_CELLS", 5000)
    body = f"<table><tr>{'<td colspan=9999 rowspan=9999>x</td>' * 20}</tr>{'<tr></tr>' * 20}</table>"
    with pytest.raises(SourceTooLarge):
        load("/a.html", html(body))


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


# ---------------------------------------------------------------------------------------------------------- e-mail


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
