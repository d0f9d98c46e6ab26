"""Answers, documents and lists as HTML. Whatever a document or a person wrote is escaped.

Every function returns HTML that is safe to put into the page: text goes through ``ui.escaping``, and what is not text
is a number or a constant of ours. Nothing is rendered as Markdown, and no address in a document becomes a link.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import html
import re
from collections.abc import Mapping, Sequence

from rag.types import Answer, Basis, BlockKind, Citation, Document, Failure, Grounds, Hit, IndexReport, Moment, Passage, Point, Published
from ui import texts
from ui.chart import chart
from ui.escaping import attribute, line, shown

NEAREST = 3  # passages that an abstention shows
AROUND = 40_000  # characters of a long document on either side of a quote
SNIPPET = 280

Span = tuple[int, int]

# --- an answer --------------------------------------------------------------------------------------------------


def turn_html(
    number: int,
    answer: Answer,
    documents: Mapping[int, Document],
    *,
    asked: str = "",
    vote: int = 0,
    note: str = "",
) -> str:
    """A question and what came of it; ``number`` is the turn's, ``documents`` those of its hits that are still there.

    ``asked`` is a line on the limits it was asked within, already HTML; ``vote`` is 1, -1 or 0.
    """
    body = _abstention(answer, documents) if answer.text is None else _answer(answer)
    return (
        f'<article class="turn" data-turn="{number}" aria-label="{attribute(answer.question)}">'
        f'<header class="question"><h2>{line(answer.question)}</h2>{asked}</header>'
        f'<div class="answer">{body}{_actions(number, answer, vote, note)}{_why(answer, documents)}</div></article>'
    )


def limits_html(as_of: str = "", source: str = "", published_from: str = "") -> str:
    """The limits a question was asked within, as a quiet line; empty where there were none."""
    parts = [
        as_of and texts.KNOWN_AS_OF.format(day=line(as_of)),
        published_from and texts.FROM_DAY.format(day=line(published_from)),
        source and texts.ONLY_FROM.format(source=line(_file_name(source))),
    ]
    words = " · ".join(part for part in parts if part)
    return f'<p class="limits">{words}</p>' if words else ""


def _answer(answer: Answer) -> str:
    sentence = "" if answer.conflicts else _sentence(answer)  # the quotes stand side by side below
    return (
        f"{_short(answer)}{sentence}{_facts(answer)}"
        f"{_conflicts(answer.conflicts)}{_series(answer.timeline, texts.SERIES)}{_sources(answer.citations)}"
    )


_ARITHMETIC = re.compile(r"(?s)(?P<result>[^(]+) \((?P<sum>.+)\)")


def _short(answer: Answer) -> str:
    """The exact words asked for, large; a computed figure says so, with its arithmetic below."""
    if not answer.short:
        return ""
    words, below, badge = answer.short, "", ""
    if answer.computed:
        told = _ARITHMETIC.fullmatch(answer.short)
        if told:
            words, below = told["result"], f'<p class="sum">{line(told["sum"])}</p>'
        badge = f'<span class="badge">{texts.COMPUTED}</span>'
        below += f'<p class="computed">{texts.COMPUTED_NOTE}.</p>'
    long = " long" if len(words) > 60 else ""
    return f'<p class="short{long}">{line(words)}{badge}</p>{below}'


def _abstention(answer: Answer, documents: Mapping[int, Document]) -> str:
    reason = (answer.reason or "").removeprefix("the documents don't say: ")
    reason = reason[:1].upper() + reason[1:]
    steps = [texts.STEP_WORDS, texts.STEP_ADD]
    nearest = "".join(_near(hit, documents) for hit in answer.hits[:NEAREST])
    if nearest and not answer.timeline:
        nearest = f'<section class="nearest"><h3>{texts.NEAREST}</h3><ol>{nearest}</ol></section>'
    else:
        nearest = ""
    return (
        f'<div class="none"><p class="short">{texts.NO_ANSWER}</p><p class="reason">{line(reason)}.</p></div>'
        f"{_series(answer.timeline, texts.SERIES_LATEST)}{_sources(answer.citations)}{nearest}"
        f'<section class="steps"><h3>{texts.NEXT_STEPS}</h3><ul>'
        f"{''.join(f'<li>{step}</li>' for step in steps)}</ul></section>"
    )


def _near(hit: Hit, documents: Mapping[int, Document]) -> str:
    document = documents.get(hit.passage.document_id)
    text = " ".join(hit.passage.text.split())
    snippet = shown(text[:SNIPPET]) + ("…" if len(text) > SNIPPET else "")
    if document is None:
        return f'<li><p class="gone">{texts.GONE}</p></li>'
    return (
        f'<li><button type="button" class="near" {_place(hit.passage)}>'
        f'<span class="title">{line(document.title)}</span>'
        f'<span class="when">{line(str(document.published))}</span>'
        f'<span class="snippet"><bdi>{snippet}</bdi></span></button></li>'
    )


def _sentence(answer: Answer) -> str:
    """The text with its markers as buttons. A quote is put out whole, so that "[2]" within it stays what it is."""
    text = answer.text or ""
    if answer.short and text.startswith(f"{answer.short}:"):
        text = text[len(answer.short) + 1 :].lstrip()  # it stands above, large
    parts: list[str] = []
    for citation in answer.citations:
        written = f"{citation.quote} [{citation.number}]"
        before, found, after = text.partition(written)
        if not found:
            continue
        if before.strip():
            parts.append(f'<p class="lead">{shown(before.strip())}</p>')
        parts.append(f"<p><q>{_stressed(citation.quote, answer.short)}</q>&nbsp;{marker(citation)}</p>")
        text = after
    if text.strip():
        parts.append(f"<p>{shown(text.strip())}</p>")
    return f'<div class="sentence">{"".join(parts)}</div>'


def _stressed(quote: str, short: str | None) -> str:
    """A quote in which the words of the short answer stand out, where it holds them whole."""
    start = quote.find(short) if short else -1
    if not short or start < 0 or len(short) > 0.8 * len(quote):
        return f"<bdi>{shown(quote)}</bdi>"
    end = start + len(short)
    return f"<bdi>{shown(quote[:start])}<strong>{shown(quote[start:end])}</strong>{shown(quote[end:])}</bdi>"


def marker(citation: Citation) -> str:
    """The number of a citation, as a button that opens its source."""
    label = texts.OPEN_SOURCE.format(
        number=citation.number, title=attribute(citation.title), date=attribute(str(citation.published))
    )
    return (
        f'<button type="button" class="mark" {_cited(citation)} aria-label="{label}">{citation.number}</button>'
    )


def fingerprint(text: str) -> str:
    """By which the page asks for exactly these words: numbers of documents may come to mean others in time."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def place(document_id: int, start: int, end: int, words: str) -> str:
    """Where words stand, as attributes of what opens them."""
    return f'data-document="{document_id}" data-start="{start}" data-end="{end}" data-words="{fingerprint(words)}"'


def _place(passage: Passage) -> str:
    return place(passage.document_id, passage.start, passage.end, passage.text)


def _cited(citation: Citation) -> str:
    where = place(citation.document_id, citation.start, citation.end, citation.quote)
    return f'{where} data-number="{citation.number}"'


def _facts(answer: Answer) -> str:
    """The quiet line: how sure, when it was true, when it was published, and as of when it was asked."""
    percent = round(100 * answer.confidence)
    level = "high" if answer.confidence >= 0.8 else "middle" if answer.confidence >= 0.5 else "low"
    facts = [
        f'<span class="confidence {level}" title="{texts.CONFIDENCE_NOTE}"><span class="dot" aria-hidden="true"></span>'
        f"{texts.confidence(answer.confidence)} ({percent}%)</span>"
    ]
    facts += [f"<span>{fact}</span>" for fact in _age(answer)]
    if answer.as_of:
        facts.append(f"<span>{texts.ASKED_AS_OF.format(day=_day(answer.as_of))}</span>")
    return f'<p class="facts">{" · ".join(facts)}</p>'


def _age(answer: Answer) -> list[str]:
    """When what is answered was true, and when that was published, where this is another day."""
    moment = answer.moment
    carrier = next(
        (point.citation for point in (*answer.conflicts, *answer.timeline) if point.moment == moment),
        answer.citations[0] if answer.citations else None,
    )
    published = str(carrier.published) if carrier and carrier.published.basis is not Basis.UNKNOWN else ""
    facts = []
    if moment and moment.grounds is not Grounds.UNKNOWN and moment.label != published:
        facts.append(f'<span title="{_grounds(moment)}">{texts.TRUE_AT.format(moment=line(moment.label))}</span>')
    if published and not (answer.conflicts or answer.computed):  # these rest on more than one document
        facts.append(texts.PUBLISHED.format(date=line(published)))
    return facts


def _grounds(moment: Moment) -> str:
    return attribute(texts.GROUNDS[moment.grounds] + (f": “{moment.words}”" if moment.words else ""))


def _conflicts(points: Sequence[Point]) -> str:
    """Values of one moment that contradict each other, side by side."""
    if not points:
        return ""
    cards = "".join(
        f'<li><p class="value">{line(point.value)}</p>'
        f'<p class="when">{texts.TRUE_AT.format(moment=line(point.moment.label))}</p>'
        f"<blockquote><bdi>{shown(point.citation.quote)}</bdi></blockquote>"
        f'<p class="from">{line(point.citation.title)}, {line(str(point.citation.published))} '
        f"{marker(point.citation)}</p></li>"
        for point in points
    )
    return (
        f'<section class="conflict"><h3>{texts.CONFLICT}</h3><p class="hint">{texts.CONFLICT_NOTE}</p>'
        f"<ul>{cards}</ul></section>"
    )


def _series(points: Sequence[Point], heading: str) -> str:
    """A series as a chart, where it has figures at two or more moments, and as a table."""
    if len(points) < 2:
        return ""
    rows = "".join(
        f"<tr><td>{line(point.moment.label)}</td><td>{line(point.value)}</td><td>{marker(point.citation)}</td></tr>"
        for point in points
    )
    head = "".join(f'<th scope="col">{name}</th>' for name in (texts.MOMENT, texts.VALUE, texts.SOURCE))
    table = f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
    drawn = chart(points, _cited)
    if drawn:
        table = f'<details class="quiet"><summary>{texts.AS_TABLE}</summary>{table}</details>'
    return f'<section class="series"><h3>{heading}</h3>{drawn}{table}</section>'


def _sources(citations: Sequence[Citation]) -> str:
    if not citations:
        return ""
    rows = "".join(
        f'<li><button type="button" class="cited" {_cited(citation)}>'
        f'<span class="number" aria-hidden="true">{citation.number}</span>'
        f'<span class="what"><span class="title">{line(citation.title)}</span>'
        f'<span class="when">{_when(citation)}</span>'
        f'<span class="quote"><bdi>{shown(citation.quote)}</bdi></span></span></button></li>'
        for citation in citations
    )
    return f'<section class="sources"><h3>{texts.SOURCES}</h3><ol>{rows}</ol></section>'


def _when(citation: Citation) -> str:
    parts = [line(str(citation.published))]
    if citation.page:
        parts.append(texts.PAGE.format(page=citation.page))
    parts.append(line(_file_name(citation.source)))
    return " · ".join(parts)


def _file_name(source: str) -> str:
    return source if "://" in source else re.split(r"[/\\]", source)[-1]


def _day(day: dt.date) -> str:
    return f"{day.day} {day:%B %Y}"


def _actions(number: int, answer: Answer, vote: int, note: str) -> str:
    """What a person can do with an answer."""

    def button(name: str, label: str, extra: str = "") -> str:
        return f'<button type="button" class="act" data-act="{name}"{extra}>{label}</button>'

    def thumb(name: str, label: str, pressed: bool, sign: str) -> str:
        return button(name, sign, f' aria-label="{label}" title="{label}" aria-pressed="{str(pressed).lower()}"')

    kinds = "".join(button("export", label, f' data-kind="{kind}"') for kind, label in texts.EXPORT_AS.items())
    return (
        f'<div class="actions">{button("copy", texts.COPY)}{button("edit", texts.EDIT)}{button("retry", texts.RETRY)}'
        f'<details class="menu"><summary class="act">{texts.EXPORT}</summary><div>{kinds}</div></details>'
        f'<span class="gap"></span>{thumb("up", texts.GOOD, vote > 0, THUMB_UP)}'
        f"{thumb('down', texts.BAD, vote < 0, THUMB_DOWN)}</div>"
        f'<form class="note" data-act="note"{"" if vote else " hidden"}><input type="text" name="note" maxlength="2000" '
        f'value="{attribute(note)}" placeholder="{texts.NOTE}" aria-label="{texts.NOTE}">'
        f'<button type="submit" class="act">{texts.SAVE_NOTE}</button></form>'
    )


_THUMB = (
    '<svg viewBox="0 0 24 24" width="17" height="17" aria-hidden="true"{turn}><path fill="none" stroke="currentColor" '
    'stroke-width="1.7" stroke-linejoin="round" d="M4 10.5h3.5v9H4zM7.5 10.5l4-7c1.6 0 2.6 1.2 2.3 2.7l-.6 3.3h5.3'
    'c1.3 0 2.2 1.2 1.9 2.4l-1.5 5.9c-.3 1-1.1 1.7-2.2 1.7H7.5"/></svg>'
)
THUMB_UP = _THUMB.format(turn="")
THUMB_DOWN = _THUMB.format(turn=' class="down"')


def _why(answer: Answer, documents: Mapping[int, Document]) -> str:
    """The passages considered, with where each search ranked them, and the time each stage took."""
    rows = "".join(_considered(rank, hit, answer, documents) for rank, hit in enumerate(answer.hits, 1))
    names = ("#", texts.PASSAGE, texts.BY_MEANING, texts.BY_WORDS, texts.SCORE)
    head = "".join(f'<th scope="col">{name}</th>' for name in names)
    total = sum(answer.timings.values()) or 1.0
    spent = "".join(
        f'<li><span>{shown(texts.STAGES.get(stage, stage))}</span><span class="bar"><i style="width:{100 * s / total:.0f}%">'
        f'</i></span><span class="seconds">{1000 * s:,.0f} ms</span></li>'
        for stage, s in answer.timings.items()
    )
    return (
        f'<details class="why quiet"><summary>{texts.WHY if answer.text else texts.WHY_NONE}</summary>'
        f'<h3>{texts.PASSAGES_READ}</h3><div class="scroll" tabindex="0"><table><thead><tr>{head}</tr></thead>'
        f"<tbody>{rows}</tbody></table></div><h3>{texts.TIME_SPENT}</h3>"
        f'{f"<ul class=spent>{spent}</ul>" if spent else f"<p>{texts.NO_TIMINGS}</p>"}'
        f'<p class="hint">{texts.CHECKED}</p></details>'
    )


def _considered(rank: int, hit: Hit, answer: Answer, documents: Mapping[int, Document]) -> str:
    passage = hit.passage
    document = documents.get(passage.document_id)
    quoted = any(
        c.document_id == passage.document_id and c.start < passage.end and passage.start < c.end
        for c in answer.citations
    )
    words = line(document.title) if document else texts.GONE
    text = " ".join(passage.text.split())
    opens = f'<button type="button" class="plain" {_place(passage)}>{words}</button>'
    return (
        f"<tr><td>{rank}</td><td>{opens if document else words}"
        f"{f' <span class=badge>{texts.QUOTED}</span>' if quoted else ''}"
        f'<span class="snippet"><bdi>{shown(text[:120])}{"…" if len(text) > 120 else ""}</bdi></span></td>'
        f"<td>{_ranked(hit.dense_rank, hit.dense_score)}</td><td>{_ranked(hit.lexical_rank, hit.lexical_score)}</td>"
        f"<td>{hit.score:.2f}</td></tr>"
    )


def _ranked(rank: int | None, score: float | None) -> str:
    if rank is None:
        return texts.NOT_FOUND_BY
    return f"{rank}." + (f' <span class="hint">{score:.2f}</span>' if score is not None else "")


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
        f'<p class="file hint">{line(document.source)}</p>{_details(document)}</header>'
        f'<div class="text" tabindex="0">{_more(before)}{body}{_more(after)}</div>'
    )


def _known(published: Published) -> str:
    """How a document's date is known."""
    words = shown(" ".join(published.words.split()))
    return texts.BASIS[published.basis].format(words=f"<bdi>{words}</bdi>")


def _details(document: Document) -> str:
    warnings = "".join(f'<p class="warning">{line(warning)}</p>' for warning in document.warnings)
    facts = [
        (texts.FORMAT, shown(document.format)),
        (texts.CHARACTERS.format(count=""), f"{len(document.text):,}"),
        (texts.SHA, f"<code>{shown(document.sha256)}</code>"),
        *((shown(key), line(str(value))) for key, value in document.metadata.items()),
    ]
    pages = ""
    if len(document.pages) > 1:
        ends = [*document.pages[1:], len(document.text)]
        rows = "".join(
            f"<li>{texts.PAGES.format(page=page)}: {texts.CHARACTERS.format(count=f'{end - start:,}')}</li>"
            for page, (start, end) in enumerate(zip(document.pages, ends, strict=True), 1)
        )
        pages = f"<p>{texts.TEXT_BY_PAGE}</p><ul>{rows}</ul>"
    listed = "".join(f"<dt>{name}</dt><dd>{value}</dd>" for name, value in facts)
    return f'{warnings}<details class="quiet"><summary>{texts.FILE}</summary><dl>{listed}</dl>{pages}</details>'


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
    for left, right in zip(cuts, cuts[1:], strict=False):
        piece = shown(text[left:right])
        if current and current[0] <= left and right <= current[1]:
            parts.append(f'<mark class="current">{piece}</mark>')
        elif any(span[0] <= left and right <= span[1] for span in marks):
            parts.append(f"<mark>{piece}</mark>")
        else:
            parts.append(piece)
    return f"<bdi>{''.join(parts)}</bdi>"


# --- the library ------------------------------------------------------------------------------------------------


def shelf_html(entries: Sequence[tuple[Document, int]], *, may_delete: bool) -> str:
    """The documents with their passages, as a list that can be searched."""
    if not entries:
        return f'<p class="empty">{texts.NO_DOCUMENTS}</p>'
    return f"<ul>{''.join(_entry(document, passages, may_delete) for document, passages in entries)}</ul>"


def _entry(document: Document, passages: int, may_delete: bool) -> str:
    pages = f"{len(document.pages):,}" if len(document.pages) > 1 or document.format == "pdf" else "–"
    name = _file_name(document.source)
    delete = (
        f'<button type="button" class="act danger" data-act="delete" aria-label="{texts.DELETE}: '
        f'{attribute(document.title)}">{texts.DELETE}</button>'
        if may_delete
        else ""
    )
    warnings = f'<span class="warning">{line(document.warnings[0])}</span>' if document.warnings else ""
    return (
        f'<li class="entry" data-document="{document.id}" data-title="{attribute(document.title)}" '
        f'data-source="{attribute(document.source)}" data-find="{attribute(f"{document.title} {name}".lower())}">'
        f'<div class="what"><button type="button" class="plain title" {place(document.id, 0, 0, "")}>{line(document.title)}'
        f'</button><span class="hint">{line(name)}</span>{warnings}</div>'
        f'<dl><div><dt>{texts.DATE}</dt><dd>{line(str(document.published))}</dd></div>'
        f"<div><dt>{texts.PAGE_COUNT}</dt><dd>{pages}</dd></div>"
        f"<div><dt>{texts.PASSAGE_COUNT}</dt><dd>{passages:,}</dd></div></dl>"
        f'<div class="do"><button type="button" class="act" data-act="only">{texts.ASK_ONLY}</button>{delete}</div></li>'
    )


def options_html(documents: Sequence[Document]) -> str:
    """The choice of one document to ask, by title."""
    rows = "".join(
        f'<option value="{html.escape(document.source, quote=True)}">{attribute(document.title)}</option>'
        for document in documents
    )
    return f'<option value="">{texts.ALL_DOCUMENTS}</option>{rows}'


def report_html(report: IndexReport, unsent: Sequence[Failure] = ()) -> str:
    """What became of each file that was added; ``unsent`` are those that did not even arrive."""

    def row(state: str, label: str, source: str, why: str = "") -> str:
        reason = f'<span class="why-not">{line(why)}</span>' if why else ""
        return (
            f'<li class="{state}"><span class="state">{label}</span>'
            f'<span class="what"><span>{line(_file_name(source))}</span>{reason}</span></li>'
        )

    rows = [
        *(row("failed", texts.STATE_FAILED, one.source, one.reason) for one in (*unsent, *report.failed)),
        *(row("added", texts.STATE_ADDED, source) for source in report.added),
        *(row("added", texts.STATE_UPDATED, source) for source in report.updated),
        *(row("same", texts.STATE_UNCHANGED, source) for source in report.unchanged),
        *(row("warned", texts.WARNING, warning.partition(": ")[0], warning.partition(": ")[2]) for warning in report.warnings),
    ]
    count = texts.REPORT_PASSAGES.format(passages=f"{report.passages:,}")
    return f'<ul class="report">{"".join(rows)}</ul><p class="hint">{count}</p>'


# --- conversations and beginnings -------------------------------------------------------------------------------


def history_html(entries: Sequence[tuple[str, str, str]], current: str | None, searched: bool = False) -> str:
    """Conversations as ``(number, title, day)``, newest first."""
    if not entries:
        return f'<p class="empty">{texts.NONE_FOUND if searched else texts.NO_CONVERSATIONS}</p>'
    rows = "".join(
        f'<li><button type="button" class="talk" data-conversation="{number}"'
        f'{" aria-current=true" if number == current else ""}>'
        f'<span title="{attribute(title)}">{line(title)}</span><span class="hint">{shown(day)}</span></button>'
        f'<button type="button" class="x" data-forget="{number}" aria-label="{texts.FORGET}: {attribute(title)}">×</button>'
        "</li>"
        for number, title, day in entries
    )
    return f"<ul>{rows}</ul>"


def examples_html(questions: Sequence[str]) -> str:
    """Questions to begin with."""
    return "".join(f'<li><button type="button" class="example">{line(question)}</button></li>' for question in questions)
