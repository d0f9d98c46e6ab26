"""Documents as HTML: opened at a quote, listed, and as they come into the library. Everything they hold is escaped."""

from __future__ import annotations

import hashlib
import html
import re
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import pairwise

from rag.types import BlockKind, Document, Failure, IndexReport, Published
from ui import texts
from ui.escaping import attribute, line, shown
from ui.originals import Original

AROUND = 40_000  # characters of a long document on either side of a quote
LISTED = 500  # documents shown at a time

Span = tuple[int, int]


def fingerprint(text: str) -> str:
    """By which the page asks for exactly these words: numbers of documents may come to mean others in time."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def place(document_id: int, start: int, end: int, words: str) -> str:
    """Where words stand, as attributes of what opens them."""
    return f'data-document="{document_id}" data-start="{start}" data-end="{end}" data-words="{fingerprint(words)}"'


def file_name(source: str) -> str:
    """The last part of a path; a web address as a whole."""
    return source if "://" in source else re.split(r"[/\\]", source)[-1]


# --- a source ---------------------------------------------------------------------------------------------------


def source_html(document: Document, spans: Sequence[Span], current: Span | None) -> str:
    """A document's text with its quotes highlighted, the current one most of all, and what is known of it.

    ``spans`` are offsets of quotes into the text. A long text is shown around the current quote only.
    """
    page = document.page_at(current[0]) if current else None
    first, last = _window(document, current)
    body = _text(document, first, last, spans, current)
    before = texts.MORE_BEFORE.format(count=f"{first:,}") if first else ""
    after = texts.MORE_AFTER.format(count=f"{len(document.text) - last:,}") if last < len(document.text) else ""
    return (
        f'<header><h3 class="title">{line(document.title)}</h3>'
        f'<p class="when">{line(str(document.published))} <span class="hint">({_known(document.published)})</span>'
        f"{' · ' + texts.PAGE.format(page=page) if page else ''}</p>"
        f'<p class="file hint">{_origin(document.source)}</p>{_details(document)}</header>'
        f'<div class="text" tabindex="0">{_more(before)}{body}{_more(after)}</div>'
    )


def _known(published: Published) -> str:
    """How a document's date is known."""
    words = shown(" ".join(published.words.split()))
    return texts.BASIS[published.basis].format(words=f"<bdi>{words}</bdi>")


def _origin(source: str) -> str:
    """A path as text; the address that a page was fetched from as a link, which tells that site nothing of us."""
    if not re.fullmatch(r"https?://[\x21-\x7e]+", source):
        return line(source)
    return f'<a href="{html.escape(source, quote=True)}" target="_blank" rel="noopener noreferrer">{line(source)}</a>'


def _details(document: Document) -> str:
    warnings = "".join(f'<p class="warning">{line(warning)}</p>' for warning in document.warnings)
    facts = [
        (texts.FORMAT, shown(document.format)),
        (texts.CHARACTERS.format(count=""), f"{len(document.text):,}"),
        (texts.SHA, f"<code>{shown(document.sha256)}</code>"),
        *((shown(key), line(str(value))) for key, value in document.metadata.items()),
    ]
    listed = "".join(f"<dt>{name}</dt><dd>{value}</dd>" for name, value in facts)
    pages = _pages(document)
    heading = f'<p class="hint">{texts.TEXT_BY_PAGE}</p>' if pages else ""
    return (
        f'{warnings}<details class="quiet"><summary>{texts.FILE}</summary><dl>{listed}</dl>{heading}{pages}</details>'
    )


def characters_by_page(document: Document) -> list[int]:
    """How much text each page gave, white space aside; of a document without pages, the whole."""
    ends = [*document.pages[1:], len(document.text)]
    return [len(document.text[start:end].strip()) for start, end in zip(document.pages, ends, strict=True)]


def _pages(document: Document) -> str:
    """The text that each page gave, as numbers beside bars; empty for a document without pages."""
    counts = characters_by_page(document)
    if len(counts) == 1 and document.format != "pdf":
        return ""
    most = max(*counts, 1)
    rows = "".join(
        f"<li{'' if count else ' class=none'}><span>{texts.PAGES.format(page=page)}</span>"
        f'<span class="bar" aria-hidden="true"><i style="width:{100 * count / most:.0f}%"></i></span>'
        f"<span>{texts.CHARACTERS.format(count=f'{count:,}') if count else texts.NO_TEXT}</span></li>"
        for page, count in enumerate(counts[:LISTED], 1)
    )
    return f'<ol class="pages">{rows}</ol>'


def _more(words: str) -> str:
    return f'<p class="more hint">{words}</p>' if words else ""


def _window(document: Document, current: Span | None) -> Span:
    """The stretch that is shown: all of it, or what lies around the quote."""
    if len(document.text) <= 2 * AROUND:
        return 0, len(document.text)
    start, end = current or (0, 0)
    first, last = max(start - AROUND, 0), min(end + AROUND, len(document.text))
    line = document.text.find("\n", first, start)  # begin with a whole line, where lines are of any use
    return (line + 1 if 0 <= line < first + AROUND // 2 else first), last


_ROLES = {BlockKind.HEADING: "heading", BlockKind.ITEM: "item", BlockKind.ROW: "row"}


def _text(document: Document, first: int, last: int, spans: Sequence[Span], current: Span | None) -> str:
    """The text from ``first`` to ``last``, block by block; what lies between blocks is only white space or kept."""
    marks = [span for span in spans if span[0] < span[1]]
    if current and current not in marks:
        marks.append(current)
    pages = {start: number for number, start in enumerate(document.pages, 1)} if len(document.pages) > 1 else {}
    parts: list[str] = []
    at, page = first, 0
    for block in document.blocks:
        if block.end <= first or block.start >= last:
            continue
        begin = max(document.text.rfind("\n", at, block.start) + 1, at)  # "- " or "1. " belongs to its item
        parts.append(_between(document.text, at, begin, marks, current))
        now = document.page_at(block.start) or 0
        if pages and now != page:
            parts.append(f'<p class="page">{texts.PAGES.format(page=now)}</p>')
            page = now
        role = _ROLES.get(block.kind, "paragraph")
        level = min(max(block.level, 1), 6)
        start, end = max(begin, at), min(block.end, last)
        parts.append(f'<p class="{role} l{level}">{_marked(document.text, start, end, marks, current)}</p>')
        at = max(at, end)
    parts.append(_between(document.text, at, last, marks, current))
    return "".join(parts)


def _between(text: str, start: int, end: int, marks: Sequence[Span], current: Span | None) -> str:
    if start >= end or text[start:end].isspace():
        return ""
    return f'<p class="paragraph">{_marked(text, start, end, marks, current)}</p>'


def _marked(text: str, start: int, end: int, marks: Sequence[Span], current: Span | None) -> str:
    """``text[start:end]`` with the parts of quotes that lie in it highlighted; quotes may overlap."""
    cuts = sorted({start, end, *(cut for span in marks for cut in span if start < cut < end)})
    parts: list[str] = []
    for left, right in pairwise(cuts):
        piece = shown(text[left:right])
        if current and current[0] <= left and right <= current[1]:
            parts.append(f'<mark class="current">{piece}</mark>')
        elif any(span[0] <= left and right <= span[1] for span in marks):
            parts.append(f"<mark>{piece}</mark>")
        else:
            parts.append(piece)
    return f"<bdi>{''.join(parts)}</bdi>"


# --- the library ------------------------------------------------------------------------------------------------


def shelf_html(
    entries: Sequence[tuple[Document, int]],
    state: Callable[[Document], Original],
    *,
    may_change: bool,
    matching: str = "",
) -> str:
    """The documents with their passages, as a list; those whose title or file holds every word of ``matching``.

    ``state`` tells what became of a document's file; it is asked of those that are shown.
    """
    words = matching.lower().split()
    found = [(document, passages) for document, passages in entries if _holds(document, words)]
    if not found:
        return f'<p class="empty">{texts.NO_DOCUMENT_FOUND if entries else texts.NO_DOCUMENTS}</p>'
    rows = "".join(_entry(document, passages, state(document), may_change) for document, passages in found[:LISTED])
    more = texts.MORE_DOCUMENTS.format(count=f"{len(found) - LISTED:,}") if len(found) > LISTED else ""
    return f"<ul>{rows}</ul>{_more(more)}"


def _holds(document: Document, words: Sequence[str]) -> bool:
    name = f"{document.title} {file_name(document.source)} {document.published}".lower()
    return all(word in name for word in words)


def _entry(document: Document, passages: int, state: Original, may_change: bool) -> str:
    warnings = f'<span class="warning">{line(document.warnings[0])}</span>' if document.warnings else ""
    return (
        f'<li class="entry" data-document="{document.id}" data-title="{attribute(document.title)}" '
        f'data-source="{html.escape(document.source, quote=True)}">'
        f'<div class="what"><button type="button" class="plain title" {place(document.id, 0, 0, "")}>'
        f'{line(document.title)}</button><p class="hint">{_summary(document, passages)}</p>'
        f'<p class="hint file">{line(file_name(document.source))}{_state(state)}</p>'
        f"{warnings}{_by_page(document)}</div>"
        f'<div class="do">{_doings(document, state, may_change)}</div></li>'
    )


def _summary(document: Document, passages: int) -> str:
    """Date, format, length and passages, as a line."""
    pages = characters_by_page(document)
    parts = [
        f'<span class="date">{line(str(document.published))}</span>',
        texts.KINDS.get(document.format, shown(document.format)),
        *([texts.pages(len(pages))] if len(pages) > 1 or document.format == "pdf" else []),
        texts.CHARACTERS.format(count=f"{sum(pages):,}"),
        texts.passages(passages),
    ]
    return " · ".join(parts)


def _state(state: Original) -> str:
    label = texts.STATE[state]
    kind = state.name.lower()
    return f' · <span class="original {kind}">{label}</span>'


def _by_page(document: Document) -> str:
    """How much text each page gave, to be unfolded; what gave none is said at once."""
    counts = characters_by_page(document)
    if len(counts) == 1:
        return ""
    empty = counts.count(0)
    told = f' · <span class="warning">{texts.EMPTY_PAGES.format(empty=empty)}</span>' if empty else ""
    return f'<details class="quiet"><summary>{texts.TEXT_BY_PAGE}{told}</summary>{_pages(document)}</details>'


def _doings(document: Document, state: Original, may_change: bool) -> str:
    """What can be done with a document; the sample that comes with Vouch stays as it is."""

    def button(act: str, label: str, extra: str = "") -> str:
        return (
            f'<button type="button" class="act{extra}" data-act="{act}" '
            f'aria-label="{label}: {attribute(document.title)}">{label}</button>'
        )

    again = "" if state is Original.GONE else button("reindex", texts.REINDEX)
    change = again + button("delete", texts.DELETE, " danger") if may_change else ""
    return button("only", texts.ASK_ONLY) + change


def options_html(documents: Sequence[Document]) -> str:
    """The choice of one document to ask, by title."""
    rows = "".join(
        f'<option value="{html.escape(document.source, quote=True)}">{attribute(document.title)}</option>'
        for document in documents[:LISTED]
    )
    return f'<option value="">{texts.ALL_DOCUMENTS}</option>{rows}'


def names_of(documents: Sequence[Document]) -> dict[int, str]:
    """Documents by number, as they are named where one is chosen: by title, with the number where others share it."""
    shared = Counter(document.title for document in documents)
    return {
        document.id: texts.NUMBERED_TITLE.format(title=document.title, number=document.id)
        if shared[document.title] > 1
        else document.title
        for document in documents
    }


def sides_html(documents: Sequence[Document]) -> str:
    """The documents that can be one side of a comparison, as suggestions."""
    names = names_of(documents[:LISTED])
    return "".join(
        f'<option value="{attribute(names[document.id])}">{attribute(str(document.published))}</option>'
        for document in documents[:LISTED]
    )


def report_html(report: IndexReport, unsent: Sequence[Failure] = ()) -> str:
    """What became of each file that was added; ``unsent`` are those that did not even arrive."""

    def row(state: str, label: str, source: str, why: str = "") -> str:
        reason = f'<span class="why-not">{line(why)}</span>' if why else ""
        return (
            f'<li class="{state}"><span class="state">{label}</span>'
            f'<span class="what"><span>{line(file_name(source))}</span>{reason}</span></li>'
        )

    rows = [
        *(row("failed", texts.STATE_FAILED, one.source, one.reason) for one in (*unsent, *report.failed)),
        *(row("added", texts.STATE_ADDED, source) for source in report.added),
        *(row("added", texts.STATE_UPDATED, source) for source in report.updated),
        *(row("same", texts.STATE_UNCHANGED, source) for source in report.unchanged),
        *(row("warned", texts.WARNING, *warning.partition(": ")[::2]) for warning in report.warnings),
    ]
    count = texts.REPORT_PASSAGES.format(passages=f"{report.passages:,}")
    return f'<ul class="report">{"".join(rows)}</ul><p class="hint">{count}</p>'
