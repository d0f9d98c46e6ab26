from __future__ import annotations

import time
from pathlib import Path

import pytest
from documents import page

from rag import markup
from rag.errors import (
    SourceTooLarge,
)
from rag.loading import load


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


@pytest.mark.parametrize(
    "byline",
    [
        "<p class='byline'>Harbour News, 18 March 2024</p>",
        "<div class='meta Post-Date'>Posted March 18, 2024</div>",
        "<span class='published'>2024-03-18</span>",
    ],
)
def test_a_byline_tells_the_date(byline: str) -> None:
    assert load("/a.html", html(byline + LONG)).published == "2024-03-18"


@pytest.mark.parametrize(
    "frame",
    [
        "<aside>{}</aside>",
        "<div class='site-sidebar'>{}</div>",
        "<ul id=related-posts><li>{}</ul>",
        "<footer>{}</footer>",
    ],
)
def test_the_date_of_another_article_is_not_taken(frame: str) -> None:
    other = frame.format("<a href=/>Older</a> <span class=post-date>1 May 2019</span>")
    other += frame.format("<time itemprop=datePublished>2 May 2019</time>")
    own = "<h1>Head</h1><p class=byline>Harbour News, 18 March 2024</p>"
    assert load("/a.html", html(f"<div class='with-sidebar'>{other}{own}{LONG}</div>")).published == "2024-03-18"
    assert load("/a.html", html(other + LONG)).published is None


def test_a_page_that_says_it_has_a_sidebar_is_no_sidebar() -> None:
    data = html(f"<p class=byline>18 March 2024</p>{LONG}").replace(b"<body>", b"<body class='has-sidebar'>")
    assert load("/a.html", data).published == "2024-03-18"


def test_bylines_that_disagree_tell_no_date() -> None:
    twice = "<p class=byline>{}</p>" * 2
    assert load("/a.html", html(twice.format("18 March 2024", "2024-03-18") + LONG)).published == "2024-03-18"
    assert load("/a.html", html(twice.format("18 March 2024", "19 March 2024") + LONG)).published is None


def test_a_date_in_a_class_of_another_name_is_no_byline() -> None:
    assert load("/a.html", html("<p class='event-published-list'>Held on 18 March 2024</p>" + LONG)).published is None


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


def test_a_web_table_that_claims_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(markup, "MAX_CELLS", 5000)
    body = f"<table><tr>{'<td colspan=9999 rowspan=9999>x</td>' * 20}</tr>{'<tr></tr>' * 20}</table>"
    with pytest.raises(SourceTooLarge):
        load("/a.html", html(body))


@pytest.mark.parametrize(
    "body",
    [
        f"<table><tr><td colspan=100 rowspan=100>{'x' * 20_000}<td>y{'<tr><td>z' * 99}</table>",
        f"<table><tr>{'<td colspan=100 rowspan=100>x' * 100}{'<tr><td>z' * 99}</table>",
        f"<table><tr><td colspan=100>{'x' * 2000}<td>y<tr><td>z</table>" * 50,
    ],
    ids=["long text", "many cells", "many tables"],
)
def test_merged_cells_that_make_much_of_little_are_refused_at_once(body: str) -> None:
    begun = time.process_time()
    with pytest.raises(SourceTooLarge, match="merged cells"):
        load("/a.html", html(body))
    assert time.process_time() - begun < 5
