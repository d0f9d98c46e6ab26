"""Web pages: the article as trafilatura finds it, or all of the page where that would leave out too much."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from rag.markup import MAX_SPAN, Content, Repeats, check_cells, folded, iso_date, pipe_table

_TRAFILATURA_CHARACTERS = 1_000_000
"""Longer pages are taken whole: choosing the article takes some eight seconds per million characters."""
_TRAFILATURA_WORK = 1_000_000
"""Likewise pages of more elements times depth than this; a long encyclopedia article has half of it."""

_SURE_DATES = "article:published_time og:article:published_time datepublished".split()
_LIKELY_DATES = (  # in order of trust; "modified" and "created" are not publication
    "citation_publication_date dcterms.issued dc.date.issued dcterms.date dc.date dcterms.available parsely-pub-date "
    "sailthru.date publication_date publish-date publishdate publish_date pubdate date"
).split()
_BYLINES = "byline dateline pubdate publish-date published post-date entry-date article-date".split()
_WRITTEN_DATE = re.compile(r"\b(?:\d{1,2} [A-Z][a-z]{2,8} \d{4}|[A-Z][a-z]{2,8} \d{1,2}, \d{4}|\d{4}-\d\d-\d\d)\b")
_FRAME_WORDS = frozenset("sidebar aside footer related recommended comment comments widget".split())
_INLINE_MARKS = "b strong i em u s mark small big font tt cite var ins abbr".split()
_UNSEEN = "script style noscript template".split()
_FRAME = "nav aside footer svg iframe object head".split()
_MENUS = "//*[@role='navigation'] | //header[not(.//h1 or .//h2)]"
_TABLE_TAGS = frozenset("table thead tbody tfoot tr th td".split())
_BLOCKS = _TABLE_TAGS.union(
    "address article blockquote body center dd details div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 "
    "h6 header hr html legend li main ol p pre section summary ul".split()
)
_STRUCTURE = (r"^#", r"^\|", r"^ *(-|\d+\.) ", r"\n\n")  # headings, tables, lists, paragraphs


def read(text: str) -> Content:
    """The page's text in Markdown, its title, and the date that it calls its publication."""
    import lxml.html
    from trafilatura.metadata import extract_title

    text = re.sub(r"^\s*<\?xml[^>]*\?>", "", text)  # lxml refuses text that names its own encoding
    if not text.strip():
        return Content(("",))
    parser = lxml.html.HTMLParser(remove_comments=True, remove_pis=True, no_network=True)
    tree = lxml.html.document_fromstring(text.replace("\0", ""), parser=parser)
    published, title = _published(tree), extract_title(tree)
    _simplify(tree)
    manageable = len(text) < _TRAFILATURA_CHARACTERS and _elements_by_depth(tree) < _TRAFILATURA_WORK
    article = _article(tree) if manageable else ""
    whole = _whole_page(tree)
    return Content((article if _keeps_enough(article, whole) else whole,), title, published)


def _article(tree: Any) -> str:
    import trafilatura

    markdown = trafilatura.extract(tree, output_format="markdown", include_comments=False, fast=False) or ""
    return re.sub(
        r"\\([\\`*_~\[\]#<>+.()!-])", r"\1", markdown
    )  # it escapes for a renderer; here text stays as written


def _elements_by_depth(tree: Any) -> int:
    from lxml import etree

    depth = deepest = count = 0
    for event, _ in etree.iterwalk(tree, events=("start", "end")):
        depth += 1 if event == "start" else -1
        deepest, count = max(deepest, depth), count + 1
    return deepest * count // 2


def _keeps_enough(article: str, whole: str) -> bool:
    """Trafilatura finds the article on long pages, but on short ones drops parts, or headings and tables."""
    if 2 * len(article) < len(whole):
        return False
    return all(re.search(mark, article, re.M) for mark in _STRUCTURE if re.search(mark, whole, re.M))


def _published(tree: Any) -> str | None:
    """The date the page itself calls its publication; never one from its address, its footer or "last modified"."""
    named: dict[str, str] = {}
    for meta in tree.iter("meta"):
        for key in ("property", "name", "itemprop"):
            named.setdefault((meta.get(key) or "").strip().lower(), meta.get("content") or "")
    frames = _frames(tree)
    times = [time for time in tree.xpath("//*[@itemprop='datePublished'] | //time[@pubdate]") if _own(time, frames)]
    candidates = [
        *map(named.get, _SURE_DATES),
        *(date for script in tree.xpath("//script[@type='application/ld+json']") for date in _json_dates(script.text)),
        *(time.get("content") or time.get("datetime") or time.text_content() for time in times),
        *map(named.get, _LIKELY_DATES),
        _byline_date(tree, frames),
        _lone_time(tree, frames),
    ]
    return next(filter(None, map(iso_date, candidates)), None)


def _byline_date(tree: Any, frames: set[Any]) -> str | None:
    """The date in elements whose class says that they tell it: ``<p class="byline">Harbour News, 21 March 2024</p>``.

    None where they disagree: then some are of other articles.
    """
    dates = set()
    for element in tree.xpath("//*[@class]"):
        if not set(element.get("class").lower().split()).isdisjoint(_BYLINES) and _own(element, frames):
            found = _WRITTEN_DATE.search(" ".join(element.text_content().split()))
            dates.add(iso_date(found[0]) if found else None)
    dates.discard(None)
    return dates.pop() if len(dates) == 1 else None


def _lone_time(tree: Any, frames: set[Any]) -> str | None:
    """The day of ``<p><time datetime="2024-10-03">3 October 2024</time></p>``; None where such days disagree."""
    alone = [
        time
        for time in tree.iter("time")
        if _own(time, frames) and time.text_content().split() == time.getparent().text_content().split()
    ]
    dates = {iso_date(time.get("datetime") or time.text_content()) for time in alone} - {None}
    return dates.pop() if len(dates) == 1 else None


def _frames(tree: Any) -> set[Any]:
    """What stands around the article: by its tag, or by a word of its class or id where no main heading is inside."""
    found = set(tree.iter("aside", "nav", "footer"))
    for element in tree.xpath("//body//*[@class or @id]"):  # body itself may say "has-sidebar"
        words = re.split(r"[\W_]+", f"{element.get('class')} {element.get('id')}".lower())
        if not _FRAME_WORDS.isdisjoint(words) and element.find(".//h1") is None:
            found.add(element)
    return found


def _own(element: Any, frames: set[Any]) -> bool:
    return element not in frames and frames.isdisjoint(element.iterancestors())


def _json_dates(text: str | None) -> list[str]:
    """``datePublished`` of the page's own objects in JSON-LD; those nested deeper are of comments and other pages."""
    try:
        found = json.loads(text or "null")
    except (ValueError, RecursionError):
        return []
    objects = found if isinstance(found, list) else [found]
    graphs = [thing.get("@graph") for thing in objects if isinstance(thing, dict)]
    objects = objects + [thing for graph in graphs if isinstance(graph, list) for thing in graph]
    dates = [thing.get("datePublished") for thing in objects if isinstance(thing, dict)]
    return [date for date in dates if isinstance(date, str)]


def _simplify(tree: Any) -> None:
    """In place: no inline marks, no footnote numbers stuck to words, plain tables, questions of a FAQ as headings."""
    from lxml import etree

    etree.strip_tags(tree, *_INLINE_MARKS)
    etree.strip_elements(tree, *_UNSEEN, with_tail=False)
    for raised in list(tree.iter("sup")):
        if raised.find(".//a") is not None:
            raised.drop_tree()  # "160 000" with footnote 1 must not become "160 0001"
        elif re.match(r"\s*[-+−]?\d", raised.text or ""):
            raised.text = f"^{raised.text.strip()}"
    etree.strip_tags(tree, "sup", "sub")
    for summary in tree.iter("summary"):
        summary.tag = "h3"
    for terms in list(tree.iter("dl")):
        if [child.tag for child in terms] == ["dt", "dd"] * (len(terms) // 2) and not terms.xpath(".//ul | .//ol"):
            cells = [_inline(child) for child in terms]
            _replace(terms, _pair_list(zip(cells[::2], cells[1::2], strict=True)))
    repeats = Repeats()
    for table in list(tree.iter("table")):
        if not table.xpath(".//table | .//ul | .//ol | .//h1 | .//h2 | .//h3 | .//form"):  # those are for layout
            _simplify_table(table, repeats)


def _simplify_table(table: Any, repeats: Repeats) -> None:
    """Merged cells repeated in each place they cover; a table of "name: value" rows becomes a list."""
    from lxml.html import builder

    rows = table.xpath(".//tr")
    grid = _cell_grid(rows, repeats)
    captions = [builder.P(_inline(caption)) for caption in table.iter("caption")]
    if rows and all([cell.tag for cell in row.xpath("./th | ./td")] == ["th", "td"] for row in rows):
        _replace(table, *captions, _pair_list((line[0], line[1]) for line in grid))
        return
    lines = [builder.TR(*((builder.TD if i else builder.TH)(cell) for cell in line)) for i, line in enumerate(grid)]
    _replace(table, *captions, builder.TABLE(*lines))


def _pair_list(pairs: Iterable[tuple[str, str]]) -> Any:
    from lxml.html import builder

    return builder.UL(*(builder.LI(f"{name.rstrip(': ')}: {value}") for name, value in pairs))


def _replace(element: Any, *others: Any) -> None:
    others[-1].tail = element.tail
    for other in others:
        element.addprevious(other)
    element.getparent().remove(element)


def _cell_grid(rows: Sequence[Any], repeats: Repeats) -> list[list[str]]:
    """The text of each place of a table, with ``colspan`` and ``rowspan`` filled in."""
    grid: list[list[str | None]] = [[] for _ in rows]
    filled = 0
    for number, row in enumerate(rows):
        free = 0
        for cell in row.xpath("./th | ./td"):
            while free < len(grid[number]) and grid[number][free] is not None:
                free += 1
            wide, high, text = _span(cell, "colspan"), _span(cell, "rowspan"), _inline(cell)
            filled += wide * high
            check_cells(filled)
            repeats.add(wide * min(high, len(rows) - number), text)
            for line in grid[number : number + high]:
                line.extend([None] * (free + wide - len(line)))
                line[free : free + wide] = [text] * wide
    return [[text or "" for text in line] for line in grid]


def _span(cell: Any, name: str) -> int:
    value = (cell.get(name) or "").strip()
    return min(int(value[:6]), MAX_SPAN) if value.isascii() and value.isdigit() and value != "0" else 1


def _whole_page(tree: Any) -> str:
    """All of the page but menus, footers and the like, block by block."""
    _drop([*tree.iter(*_FRAME), *tree.xpath(_MENUS)])
    _drop(_menus(tree))
    return "\n\n".join(block for block in _blocks(tree) if block)


def _drop(elements: Iterable[Any]) -> None:
    for element in elements:
        if element.getparent() is not None:
            element.drop_tree()


def _menus(tree: Any) -> list[Any]:
    """Blocks of three links or more with hardly any text beside them, unless they are most of the page."""
    from lxml import etree

    menus = []
    sizes: list[tuple[int, int, int]] = [(0, 0, 0)]  # characters, of them in links, and links, of each open element
    for event, element in etree.iterwalk(tree, events=("start", "end")):
        if event == "start":
            sizes.append((len(element.text or ""), 0, 0))
            continue
        characters, linked, links = sizes.pop()
        if element.tag == "a":
            linked, links = characters, 1
        elif element.tag in ("ul", "ol", "div", "p") and links > 2 and 10 * linked > 8 * characters:
            menus.append((element, characters))
        outer = sizes[-1]
        sizes[-1] = (outer[0] + characters + len(element.tail or ""), outer[1] + linked, outer[2] + links)
    return [menu for menu, characters in menus if 2 * characters < sizes[0][0]]


def _blocks(element: Any) -> Iterator[str]:
    """Headings, lists, tables and paragraphs in order; text between blocks is a paragraph of its own."""
    loose = [folded(element.text)]
    for child in element:
        if child.tag == "br":
            loose.append("\n")
        elif any(inner.tag in _BLOCKS for inner in child.iter()):
            yield _paragraph(loose)
            loose = []
            yield from _block(child)
        else:
            loose += _pieces(child)
        loose.append(folded(child.tail))
    yield _paragraph(loose)


def _block(element: Any) -> Iterator[str]:
    tag = element.tag
    if re.fullmatch("h[1-6]", tag):
        yield f"{'#' * int(tag[1])} {_inline(element)}"
    elif tag in ("ul", "ol"):
        yield "\n".join(_items(element, 0))
    elif tag == "table" and not any(inner.tag in _BLOCKS - _TABLE_TAGS for inner in element.iter()):
        yield pipe_table([_inline(cell) for cell in row.xpath("./th | ./td")] for row in element.iter("tr"))
    elif tag == "pre":
        yield element.text_content().strip("\n")
    else:
        yield from _blocks(element)


def _items(listing: Any, level: int) -> Iterator[str]:
    for item in listing:
        inner = [child for child in item if child.tag in ("ul", "ol")]
        text = "".join(_pieces(item, skipped=("ul", "ol"))).strip()
        if text:
            yield f"{'  ' * level}- {folded(text)}"
        for nested in [item] if item.tag in ("ul", "ol") else inner:
            yield from _items(nested, level + 1)


def _pieces(element: Any, skipped: Sequence[str] = ()) -> Iterator[str]:
    """The text of an element piece by piece, its inner blocks and line breaks apart by a space."""
    yield folded(element.text)
    for child in element:
        gap = " " if child.tag in _BLOCKS or child.tag == "br" else ""
        yield gap
        if child.tag not in skipped:
            yield from _pieces(child, skipped)
        yield gap + folded(child.tail)


def _inline(element: Any) -> str:
    return folded("".join(_pieces(element))).strip()


def _paragraph(pieces: Iterable[str]) -> str:
    lines = (folded(line).strip() for line in "".join(pieces).split("\n"))
    return "\n".join(line for line in lines if line)
