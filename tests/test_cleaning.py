"""Cleaning, on small documents made for one trouble each, on ugly text, and on the five real ones where present."""

import gzip
import json
import subprocess
import sys
import textwrap
import time
import unicodedata
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.cleaning import clean
from rag.errors import EmptySource, SourceTooLarge
from rag.types import BlockKind, Cleaned, Loaded

SHARED = Path(__file__).parents[2] / "shared"
INVISIBLE = "\u200b\u200c\u200d\u200e\u200f\u202a\u202e\u2060\u2066\ufeff\xad\xa0\x00\r\t"


def cleaned(*pages: str, title: str | None = None, source: str = "notes/a.txt", kind: str = "markdown") -> Cleaned:
    return clean(Loaded(source, "0" * 64, kind, pages, title=title))


def blocks(document: Cleaned) -> list[tuple[str, int, str]]:
    return [(b.kind.value, b.level, document.text[b.start : b.end]) for b in document.blocks]


def texts(document: Cleaned, kind: BlockKind | None = None) -> list[str]:
    return [document.text[b.start : b.end] for b in document.blocks if kind in (None, b.kind)]


# --- characters and inline markup


@pytest.mark.parametrize(
    ("raw", "wanted"),
    [
        ("Some 13\u00a0000 posts were filled.", "Some 13 000 posts were filled."),
        ("A â€‹zero width space came in as mojibake.", "A zero width space came in as mojibake."),
        ("The mayorâ€™s office said so.", "The mayor’s office said so."),
        ("Curly “quotes” and ‘these’ stay.", "Curly “quotes” and ‘these’ stay."),
        ("The ﬁrst ofﬁce opened.", "The first office opened."),
        ("Cafe\u0301 tables are free.", "Café tables are free."),
        ("in\u00advisible and \u202ereversed\u202c and \ufeffmarked.", "invisible and reversed and marked."),
        ("a lone \ud800 surrogate and a \x00 nul.", "a lone surrogate and a nul."),
        ("See [the form](https://a.example/form_(1).pdf) for it.", "See the form for it."),
        (r"A [long \(new\) form](#) is out.", "A long (new) form is out."),
        (r"Cost \* weight \(in kg\) is \_due\_.", "Cost * weight (in kg) is _due_."),
        ("It is **very** important, *really* and _truly_.", "It is very important, really and truly."),
        ("Work out 5 * 3 * 2 and keep snake_case_names.", "Work out 5 * 3 * 2 and keep snake_case_names."),
        ("Roads &amp; Bridges&nbsp;Office, R&D, &#8217;tis so.", "Roads & Bridges Office, R&D, ’tis so."),
        ("Section [3](a) is not a link.", "Section [3](a) is not a link."),
        ("ＡＢＣ stays as wide as it was.", "ＡＢＣ stays as wide as it was."),
        ("Tabs\tand\u2009thin\u3000spaces.", "Tabs and thin spaces."),
    ],
)
def test_characters(raw: str, wanted: str) -> None:
    assert cleaned(raw).text == wanted


@pytest.mark.parametrize("kind", ["text", "pdf", "csv", "eml", "docx", "html"])
@pytest.mark.parametrize(
    "words",
    [
        r"Call __init__ and *args, a * b * c, in C:\.config\(x) or C:\_old.",
        "See [the form](https://a.example/form) or <https://a.example> for **it**.",
    ],
)
def test_only_markdown_has_inline_markup(words: str, kind: str) -> None:
    assert cleaned(f"Notes on files\n\n{words}", kind=kind).text.endswith(words)
    assert not cleaned(f"Notes on files\n\n{words}").text.endswith(words)


@pytest.mark.parametrize("line", [r"## [Pier \(north\) opens](#)", r"[Pier \(north\) opens](https://a.example/b)"])
def test_a_line_of_plain_text_that_is_a_link_as_a_whole(line: str) -> None:
    document = cleaned(f"\n\n{line}\n\nIt opened.", kind="text")
    assert blocks(document)[0] == ("heading", 1, "Pier (north) opens")
    assert document.title == "Pier (north) opens"


# --- structure


def test_markdown_structure() -> None:
    document = cleaned(
        "# Fees\n\nPay at the desk.\n\n## Discounts\n\n- Students\n  - full time\n    only\n- Pensioners\n"
    )
    assert blocks(document) == [
        ("heading", 1, "Fees"),
        ("paragraph", 1, "Pay at the desk."),
        ("heading", 2, "Discounts"),
        ("item", 1, "Students"),
        ("item", 2, "full time only"),
        ("item", 1, "Pensioners"),
    ]
    assert document.text.endswith("Discounts\n\n- Students\n  - full time only\n- Pensioners")


def test_table_rows_carry_their_headers() -> None:
    document = cleaned(
        "| Card | Fee |\n|---|---:|\n| New | $370 |\n| Lost \\| torn | |\n| Renewal | **$120** |\n\nThat is all."
    )
    assert texts(document, BlockKind.ROW) == ["Card: New; Fee: $370", "Card: Lost | torn", "Card: Renewal; Fee: $120"]
    assert "Fee: $370\nCard: Lost" in document.text


def test_a_huge_header_is_not_repeated_whole() -> None:
    header = "word " * 10_000
    document = cleaned(f"| {header} | B |\n|---|---|\n" + "| 1 | 2 |\n" * 500, kind="csv")
    assert len(document.text) < 60_000
    assert texts(document)[0].startswith("word word") and texts(document)[0].endswith("…: 1; B: 2")


def test_too_much_text_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rag.cleaning.MAX_CHARS", 10_000)
    rows = "| A long label of a column | B |\n|---|---|\n" + "| 1 | 2 |\n" * 500
    for page in (rows, "Words of a sentence. " * 600):
        with pytest.raises(SourceTooLarge, match="split it"):
            cleaned(page, kind="csv")
    assert cleaned("Words of a sentence. " * 400).text


def test_two_tables_do_not_run_together() -> None:
    document = cleaned("| A |\n|---|\n| 1 |\n\nMiddle words here.\n\n| B |\n|---|\n| 2 |")
    assert texts(document) == ["A: 1", "Middle words here.", "B: 2"]


@pytest.mark.parametrize("rule", ["———————", "*********", "=========", "–––––––", "---"])
def test_a_line_drawn_under_a_heading(rule: str) -> None:
    document = cleaned(f"The new bridge opens\n\nIt opened.\n\nRoads and paths\n{rule}\n\nThey are mended.")
    assert ("heading", 1 if "=" in rule else 2, "Roads and paths") in blocks(document)
    assert rule not in document.text


def test_a_short_line_between_blank_lines_heads_what_follows() -> None:
    document = cleaned("New library opens\n\nThe library opened.\n\nOpening hours\n\nIt is open every day.")
    assert [b[0] for b in blocks(document)] == ["heading", "paragraph", "heading", "paragraph"]


def test_unpunctuated_lines_in_a_row_are_no_headings_and_stay_apart() -> None:
    lines = ["Certificate of identity", "Proof of address", "Two recent photographs", "Signed form"]
    document = cleaned(
        "What to bring\n\nYou must bring these:\n\n" + "\n\n".join(lines) + "\n\nThen wait to be called."
    )
    assert [text for text in texts(document) if text in lines] == lines
    assert not set(texts(document, BlockKind.HEADING)[1:]) & set(lines[:-1])


def test_lower_case_list_lines_are_not_joined() -> None:
    lines = ["short break services", "holiday play schemes", "care at home"]
    assert texts(cleaned("You can get:\n" + "\n".join(lines)))[1:] == lines


def test_glyphs_and_enumerators() -> None:
    document = cleaned("Bring these:\n\n • a card\n · a photo;\n(a) the first\n(ii) the second\n2. the third")
    assert texts(document, BlockKind.ITEM) == ["a card", "a photo;", "(a) the first", "(ii) the second", "2. the third"]
    assert "\n- a card\n- a photo;\n(a) the first\n" in document.text


def test_a_bullet_alone_on_its_line_takes_the_next() -> None:
    assert texts(cleaned("These count:\n\n•\n\nwater and light\n•\nheat"), BlockKind.ITEM) == [
        "water and light",
        "heat",
    ]


def test_numbered_headings_and_numbered_lists() -> None:
    document = cleaned(
        "1. Introduction\n\nThe office was set up.\n\n2. Funding arrangements\n\nIt was found.\n\n2.1 Grants\n\nMany."
    )
    assert [b[:2] for b in blocks(document) if b[0] == "heading"] == [("heading", 1), ("heading", 2), ("heading", 3)]
    steps = cleaned("How to apply\n\nThere are steps:\n\n1. Fill in the form\n2. Pay the fee\n3. Wait")
    assert texts(steps, BlockKind.ITEM) == ["1. Fill in the form", "2. Pay the fee", "3. Wait"]


# --- sentences torn apart


PROSE = (
    "The inspector of the northern harbours visited three piers and found that repairs were late. In the afternoon "
    "she met the keeper, the clerks and representatives of the Coastal Works Office; the Harbour Dues Board; "
)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (PROSE + "and the", "keeper of the light, who thanked her for coming."),
        (PROSE + "Port", "Safety Council (PSC) and its members, who all thanked her for coming."),
        (PROSE + "all of which were", "content. They thanked her."),
        (PROSE + "and others whose boats were idle and opening", "of the new quay."),
    ],
)
def test_a_sentence_torn_by_a_blank_line_or_a_page_is_joined(left: str, right: str) -> None:
    whole = f"{left} {right}"
    assert whole in texts(cleaned(f"Harbour visit\n\n{left}\n\n{right}\n\nShe left."))
    paged = cleaned(f"Harbour visit\n\n{left}", f"{right}\n\nShe left.", kind="pdf")
    assert whole in texts(paged)
    assert paged.text[paged.pages[1] :].startswith(right[:20])


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Harbour Dues Board", "The board met on the pier and spoke of dues."),
        (PROSE.rstrip("; ") + ".", "the keeper wrote this without a capital."),
        ("One for the northern harbours and piers; and", "one for the southern harbours and piers."),
        (PROSE + "and the clerks who keep the books", "The keeper thanked her."),
        (PROSE + "and the clerks who keep the books", "- a list item"),
    ],
)
def test_what_must_stay_apart(left: str, right: str) -> None:
    assert left in texts(cleaned(f"Harbour visit\n\nIt was fine.\n\n{left}\n\n{right}"))


def test_hard_wraps_are_undone() -> None:
    words = PROSE + "and the keeper. " + PROSE + "and others."
    for width in (50, 72, 110):
        raw = "\n".join(textwrap.wrap(words, width, break_on_hyphens=False))
        assert words in texts(cleaned(f"Harbour visit\n\n{raw}\n\nShe left."))


def test_wrapped_paragraphs_without_blank_lines_stay_apart() -> None:
    first, second = PROSE + "and the keeper.", PROSE + "and the clerk of works."
    raw = "\n".join(["1. Visit", *textwrap.wrap(first, 70), "2. Second visit", *textwrap.wrap(second, 70)])
    assert texts(cleaned(raw, kind="pdf")) == ["1. Visit", first, "2. Second visit", second]


@pytest.mark.parametrize(
    ("left", "right", "wanted"),
    [
        ("co-", "ordination", "co-ordination"),
        ("informa-", "tion", "information"),
        ("high-", "quality", "high-quality"),
        ("decision-", "making", "decision-making"),
        ("Guangdong-", "Macao", "Guangdong-Macao"),
        ("2024-", "25", "2024-25"),
        ("har-", "bour", "harbour"),
        ("light-", "keeper", "light-keeper"),
    ],
)
def test_hyphens_at_line_ends(left: str, right: str, wanted: str) -> None:
    before = "The harbour light and its keeper were seen in the long report"
    raw = f"{before}\nwhich the office had been asked for and had written on {left}\n{right} for all to read just then."
    assert f"on {wanted} for all" in cleaned(raw).text


def test_a_soft_hyphen_at_a_line_end() -> None:
    assert cleaned("All the infor\xad\nmation is here.").text == "All the information is here."


def test_a_formula_keeps_its_subscript() -> None:
    raw = "The plant gives off less CO\n2 than the old one did, and no SO\n2 at all, which the office was glad of."
    assert "less CO2 than" in cleaned(raw).text


def test_chinese_lines_join_without_a_space() -> None:
    line = "香港" * 20
    assert f"{line}，{line}。" in cleaned(f"標題\n\n{line}，\n{line}。\n\n完。").text


# --- margins, pages, titles


def test_navigation_and_sign_off_go_to_the_margins() -> None:
    own = ["Go to main content", "Home > News > 2031", "Print", "Share this page"]
    end = ["Ends/Friday, May 2, 2031", "Issued at HKT 9:05", "NNNN", "Today's Press Releases", "- ENDS -", "###"]
    end += ["Back to top", "Email this article", "Privacy policy", "© 2031 Harbour Office. All rights reserved."]
    document = cleaned("\n".join([*own, "Harbour opens (with photos/video)", "", PROSE + "and so on.", *end]))
    assert document.margins == (*own, *end)
    assert texts(document) == ["Harbour opens", PROSE + "and so on."]
    assert document.title == "Harbour opens"


@pytest.mark.parametrize(
    "line",
    [
        "Share prices fell on the last day of the year.",
        "Print runs ended when the office closed.",
        "Home is where the keeper lives > most of the year.",
        "The works end/finish on Friday.",
        "(c) the applicant's income",
        "copyright",
        "search",
        "Back to top form, the team won.",
    ],
)
def test_real_lines_are_never_taken_out(line: str) -> None:
    document = cleaned(f"Harbour visit\n\nShe came.\n\n{line}\n\nShe left.")
    assert line in document.text
    assert not document.margins


def test_a_real_title_is_never_taken_out() -> None:
    assert cleaned("# Disclaimer\n\nThe office accepts no liability.").title == "Disclaimer"


def test_running_headers_footers_and_page_numbers() -> None:
    pages = [f"Harbour Office circular\n{word} was settled here by the clerks.\nhref.example/docs   {n}" for n, word in
             enumerate(["Rent", "Light", "Water", "Heat"], start=1)]  # fmt: skip
    document = cleaned("Rules for the northern piers\n\nThey follow.", *pages, kind="pdf")
    assert [text.split()[0] for text in texts(document)] == ["Rules", "They", "Rent", "Light", "Water", "Heat"]
    assert document.margins.count("Harbour Office circular") == 1
    assert [document.text[offset:].split()[0] for offset in document.pages[1:]] == ["Rent", "Light", "Water", "Heat"]


def test_a_title_repeated_on_later_pages_stays_where_it_is_the_title() -> None:
    pages = [
        f"Strategy for northern piers\nPart {word} is short and says so.\n{n}" for n, word in enumerate("abc", start=7)
    ]
    document = cleaned(*pages, kind="pdf")
    assert document.title == "Strategy for northern piers"
    assert document.text.count("Strategy for northern piers") == 1


def test_the_header_of_two_pages_gives_way_to_a_fuller_title() -> None:
    first = "Harbour notes\nThe keeping of the northern piers and lights\nThe piers are kept by the"
    document = cleaned(first, "Harbour notes\nkeeper alone.", kind="pdf")
    assert document.title == "The keeping of the northern piers and lights"
    assert document.margins == ("Harbour notes",)


def test_rows_of_links_are_margins() -> None:
    links = ("Skip to search | Contact us | Text size: A A A", "Photo  Photo  Video", "Back to list of notices")
    document = cleaned("\n".join([links[0], "Pier opens", "", "It opened.", *links[1:]]))
    assert (document.margins, document.title) == (links, "Pier opens")


def test_headings_of_a_wrapped_page_without_blank_lines() -> None:
    body = textwrap.wrap(PROSE + "and the clerk told Ms Reed of it.", 62)
    document = cleaned(
        "\n".join(["On piers", "What the office is", *body, "Where the money comes from", *body]), kind="pdf"
    )
    assert texts(document, BlockKind.HEADING) == ["On piers", "What the office is", "Where the money comes from"]


def test_a_row_of_numbered_captions_is_not_a_running_header() -> None:
    document = cleaned(*[f"Step {n}\n\nDo thing {n} with care." for n in (1, 2, 3, 4)], kind="pptx")
    assert [f"Step {n}" in document.text for n in (1, 2, 3, 4)] == [True] * 4


def test_empty_pages_share_the_next_offset() -> None:
    document = cleaned("", "The first words.", "   \n\u200b", "The last words.", "", kind="pdf")
    assert document.pages == (0, 0, 18, 18, len(document.text))


@pytest.mark.parametrize(
    ("page", "stated", "source", "title"),
    [
        ("The office opened.", None, "in/annual_report-2031.pdf", "annual report 2031"),
        ("The office opened.", "Untitled", "https://a.example/press/new-pier.html?x=1", "new pier"),
        ("The office opened.", "Microsoft Word - draft3.doc", "b.docx", "b"),
        ("The office opened.", "Opening of the office", "b.docx", "Opening of the office"),
        ("18 March 2031\n\nPress release\n\nPier opens to all\n\nIt opened.", None, "b.txt", "Pier opens to all"),
        ("# Pier opens\n\nIt opened.", "Pier opens | Harbour Office", "b.html", "Pier opens"),
        (
            "Fourth meeting of the standing commission on piers and lights held in the old town hall with guests from "
            "abroad and at home\nIt was held.",
            None,
            "b.txt",
            "Fourth meeting of the standing commission on piers and lights held in the old town hall with guests from "
            "abroad and at home",
        ),
    ],
)
def test_titles(page: str, stated: str | None, source: str, title: str) -> None:
    document = cleaned(page, title=stated, source=source)
    assert document.title == title
    if title in page:
        assert blocks(document)[texts(document).index(title)][:2] == ("heading", 1)


@pytest.mark.parametrize("pages", [("",), ("  \n\xa0\u200b\n",), ("", "\ufeff"), ("NNNN\n",), ("| | |\n|---|---|",)])
def test_nothing_left_is_an_error(pages: tuple[str, ...]) -> None:
    with pytest.raises(EmptySource, match="tesseract"):
        cleaned(*pages)


# --- invariants


def hold_invariants(document: Cleaned, page_count: int) -> None:
    assert len(document.pages) == page_count
    assert document.pages[0] == 0
    assert list(document.pages) == sorted(document.pages)
    assert document.pages[-1] <= len(document.text)
    assert document.title.strip()
    assert unicodedata.is_normalized("NFC", document.text)
    assert not set(document.text) & set(INVISIBLE)
    document.text.encode()
    end = 0
    for block in document.blocks:
        text = document.text[block.start : block.end]
        assert text == " ".join(text.split())
        assert text
        assert document.text[end : block.start].strip(" -\n") == ""
        end = block.end
    assert end == len(document.text)
    for left, right in pairwise(document.blocks):
        between = document.text[left.end : right.start]
        assert between.startswith("\n")
        assert between.startswith("\n\n") or (left.kind is right.kind and left.kind in (BlockKind.ITEM, BlockKind.ROW))


FRAGMENTS = [
    "# ",
    "## T",
    "- ",
    "* ",
    "• ",
    "(a) ",
    "1. ",
    "\n",
    "\n\n",
    "\r\n",
    "\r",
    "\xa0",
    "\u200b",
    "\ufeff",
    "\u202e",
]
FRAGMENTS += [
    "😀\u200d",
    "e\u0301",
    "[x](#)",
    "**b**",
    "_i_",
    "\\(",
    "&nbsp;",
    "&amp;lt;",
    "â€‹",
    "The the",
    "the",
    "Hong Kong",
]
FRAGMENTS += [
    "co-",
    "a-",
    "Page 1 of 3",
    "NNNN",
    "Home > News",
    "end.",
    "\t",
    "\x0c",
    "\x00",
    "שלום",
    "中文。",
    "3",
    "=*",
    "\u0338",
]
FRAGMENTS += [
    "<br>",
    ">",
    "```",
    "o Xx",
    "Ends",
    "***",
    "———",
    "|a|b|\n",
    "|---|---|\n",
    "| x | |\n",
    "\ud800",
    "W" * 300,
]
UGLY = st.lists(st.sampled_from(FRAGMENTS) | st.text(max_size=8), max_size=30).map("".join)


@given(st.lists(UGLY, min_size=1, max_size=4))
@settings(max_examples=400, deadline=None)
def test_invariants_on_ugly_text(pages: list[str]) -> None:
    try:
        document = cleaned(*pages, kind="pdf")
    except EmptySource:
        return
    hold_invariants(document, len(pages))


@pytest.mark.parametrize("unit", ["a", "[a](", "**a ", "_a ", "\xa0x", "(", "&amp;", "\\", "x; a", "שלום "])
def test_a_long_line_takes_linear_time(unit: str) -> None:
    start = time.perf_counter()
    hold_invariants(cleaned(unit * (500_000 // len(unit))), 1)
    assert time.perf_counter() - start < 5


UNENDED = "some words of prose that go on and on " * 5 + "without an end"


@pytest.mark.parametrize(
    "pages",
    [
        (f"-\n{UNENDED}\n\nand then in lower case.",),
        (f"•\n{UNENDED}\n\nand then in lower case.",),
        ("Header\n#\nSome words here.",) * 3,
        ("Header\n# \nSome words.", "Header\n##\nOther words.", "Header\n#\nMore words."),
        ("#\n-\n|\n||\n>\n",) * 2 + ("Words.",),
    ],
)
def test_lines_of_marks_alone(pages: tuple[str, ...]) -> None:
    hold_invariants(cleaned(*pages, kind="pdf"), len(pages))


HOSTILE = [
    " ".join(map(str, range(1000, 1060))) + " Total",
    "2024 " * 50 + "Total",
    "Home" + "/" * 200 + "|",
    "Home" + " / " * 60 + "|",
    "Home" + " > a" * 50 + "|" * 50 + "\n",
    "English|" * 30 + "!",
    "photos, " * 25 + "!",
    "# " * 100 + "x",
    "- " * 100 + "x",
    "[- " * 70 + "x",
    "a; " * 80,
    "| " + "- " * 15_000 + "x | b |\n|---|---|\n| 1 | 2 |",
    "a-" * 15_000 + "\n\nlast words",
    "(with " * 5_000 + "photo",
    "[a](b" * 5_000,
    "**a " * 5_000,
    "\xad " * 10_000,
]


@pytest.mark.parametrize("kind", ["text", "markdown"])
def test_hostile_lines_take_no_time(kind: str) -> None:
    """In a process of its own: an exponential pattern never comes back, and holds the interpreter while at it."""
    script = (
        "import json, sys\nfrom rag.cleaning import clean\nfrom rag.dates import published\n"
        "from rag.types import Loaded\n"
        "for page in json.load(sys.stdin):\n    published(clean(Loaded('a.txt', '', sys.argv[1], (page,))).text)\n"
    )
    pages = [
        page
        for line in HOSTILE
        for page in (f"{line}\n\nThe pier opened.", f"Harbour news\n\n{line}\n\nThe pier opened.")
    ]
    subprocess.run([sys.executable, "-c", script, kind], input=json.dumps(pages), text=True, check=True, timeout=10)


# --- real documents, where the checkout has them


def shared(path: str) -> Path:
    if not (SHARED / path).exists():
        pytest.skip(f"shared/{path} is not beside this checkout")
    return SHARED / path


def test_the_real_press_releases() -> None:
    documents = {path.name[:3]: cleaned(path.read_text(), source=path.name) for path in shared("seeds").glob("0*.txt")}
    everything = "\n".join(document.text for document in documents.values())
    for whole in (
        "Ruobing; the Director",
        "Hong Kong Talent Engage (HKTE) under",
        "and opening of The",
        "about 13 000 jobs",
    ):
        assert whole in everything
    for gone in (
        "Go to main",
        "Ends/",
        "Issued at",
        "NNNN",
        "Today's Press",
        "with photos",
        "\u200b",
        "â€",
        "———",
        "***",
    ):
        assert gone not in everything
    for document in documents.values():
        hold_invariants(document, 1)
        assert document.blocks[0].kind is BlockKind.HEADING
        assert document.text.startswith(document.title)
    plenary = documents["004"]
    assert len(texts(plenary, BlockKind.ITEM)) == 4
    assert len(texts(plenary, BlockKind.HEADING)) == 13
    assert len(plenary.margins) == 5


@pytest.mark.parametrize("name", ["eval/omos_public_service_dev.jsonl.gz", "train/conditionalqa_gov.jsonl.gz"])
def test_nothing_of_substance_is_lost(name: str) -> None:
    with gzip.open(shared(name), "rt") as rows:
        contexts = {json.loads(row)["context"] for row in rows}
    lost = 0
    for context in contexts:
        document = cleaned(context)
        hold_invariants(document, 1)
        kept = {word.strip("*_-•#>") for word in document.text.split()}
        before = {word.strip("*_-•#>") for word in context.replace("\u200b", "").replace("\xad", "").split()}
        lost += len({word for word in before - kept if word.isalpha()})
    assert lost <= len(contexts) // 50


def test_financial_years_at_the_edge_are_not_page_numbers() -> None:
    pages = tuple(f"Accidents\n\n2022/23\n\n{n} people were hurt on the roads of the district." for n in (11, 7))
    cleaned = clean(Loaded("/a.pdf", "", "pdf", pages))
    assert cleaned.text.count("2022/23") == 2
