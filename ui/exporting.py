"""Conversations to keep: Markdown, HTML and JSON with full citations and the record of what answered.

Words of documents are data here as well: in HTML they are escaped, in Markdown every mark is, and neither file
fetches anything.
"""

from __future__ import annotations

import datetime as dt
import html
import json
import re
from collections.abc import Iterator, Sequence
from enum import StrEnum

from rag.rendering import line, plain, to_json
from rag.types import Answer, Citation
from ui.conversations import Settings, Turn

_MARKS = re.compile(
    r"([\\`*_\[\]<>&|~$@#]|(?<=:)/(?=/)|(?<=\bwww)\.|^[-+=]|(?:(?<=^\d)|(?<=^\d\d))[.)])", re.IGNORECASE
)


class Form(StrEnum):
    """How a conversation is written."""

    MARKDOWN = "markdown"
    HTML = "html"
    JSON = "json"

    @property
    def suffix(self) -> str:
        """Of a file's name, without the dot."""
        return {"markdown": "md"}.get(self.value, self.value)

    @property
    def media_type(self) -> str:
        """As HTTP names it."""
        return {"json": "application/json"}.get(self.value, f"text/{self.value}; charset=utf-8")


def export(title: str, turns: Sequence[Turn], form: Form) -> str:
    """A conversation, or one answer as a conversation of one, as a whole file."""
    match form:
        case Form.MARKDOWN:
            return "\n".join([f"# {_md(title)}", "", *(part for turn in turns for part in _markdown(turn))])
        case Form.HTML:
            return _PAGE.format(title=_esc(title), body="\n".join(part for turn in turns for part in _html(turn)))
        case Form.JSON:
            return json.dumps({"title": title, "turns": to_json(turns)}, indent=2, ensure_ascii=False) + "\n"


def _markdown(turn: Turn) -> Iterator[str]:
    answer = turn.answer
    yield f"## {_md(turn.question)}\n"
    if answer.text is None:
        yield f"No answer: {_md(answer.reason)}.\n"
    else:
        if answer.short:
            yield f"**{_md(answer.short)}**\n"
        yield f"{_md(answer.text)}\n"
    if answer.timeline:
        yield "| when | value | source |\n|---|---|---|"
        yield "\n".join(
            f"| {_md(point.moment.label)} | {_md(point.value)} | {point.citation.number} |" for point in answer.timeline
        )
        yield ""
    for citation in answer.citations:
        where = " · ".join(_md(fact) for fact in _where(citation))
        yield f"{citation.number}. **{_md(citation.title)}** · {where}\n\n   > {_md(citation.quote)}\n"
    yield "\n".join(f"- {_md(name)}: {_md(value)}" for name, value in _facts(turn)) + "\n"


def _html(turn: Turn) -> Iterator[str]:
    answer = turn.answer
    yield f"<section><h2>{_esc(turn.question)}</h2>"
    if answer.text is None:
        yield f'<p class="none">No answer: {_esc(answer.reason)}.</p>'
    else:
        yield f'<p class="short">{_esc(answer.short)}</p>' if answer.short else ""
        yield f"<p>{_esc(answer.text)}</p>"
    if answer.timeline:
        yield "<table><tr><th>when</th><th>value</th><th>source</th></tr>"
        for point in answer.timeline:
            cells = (_esc(point.moment.label), _esc(point.value), f"[{point.citation.number}]")
            yield "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"
        yield "</table>"
    yield "<ol>"
    for citation in answer.citations:
        where = " · ".join(_esc(fact) for fact in _where(citation))
        yield (
            f'<li value="{citation.number}"><b>{_esc(citation.title)}</b> <small>{where}</small>'
            f"<blockquote>{_esc(citation.quote)}</blockquote></li>"
        )
    yield "</ol><dl>"
    yield "".join(f"<dt>{_esc(name)}</dt><dd>{_esc(value)}</dd>" for name, value in _facts(turn))
    yield "</dl></section>"


def _where(citation: Citation) -> Iterator[str]:
    """Date, page, source and exact place of a quote."""
    yield f"{citation.published} ({citation.published.basis.value})"
    if citation.page:
        yield f"page {citation.page}"
    yield citation.source
    yield f"document {citation.document_id}, characters {citation.start}-{citation.end}"


def _facts(turn: Turn) -> Iterator[tuple[str, str]]:
    """The record: when and how it was asked, and what answered."""
    yield "asked", f"{turn.asked.astimezone(dt.UTC):%Y-%m-%d %H:%M:%S} UTC"
    yield "confidence", f"{turn.answer.confidence:.2f}"
    if turn.answer.written_by:
        yield "written by", f"{turn.answer.written_by}, each sentence checked against the documents"
    for removed in turn.answer.removed:
        yield "removed", f"{removed.sentence} ({removed.reason})"
    for note in turn.answer.notes:
        yield "note", note
    yield from _time_of(turn.answer)
    yield from _record_of(turn.settings)
    if turn.rating:
        yield "rated", f"{turn.rating.value}{f', {turn.note}' if turn.note else ''}"


def _time_of(answer: Answer) -> Iterator[tuple[str, str]]:
    if answer.as_of:
        yield "as of", answer.as_of.isoformat()
    if answer.moment:
        yield "true at", f"{answer.moment.label} ({answer.moment.grounds.value})"
    for figure in answer.computed:
        yield "computed", figure


def _record_of(settings: Settings) -> Iterator[tuple[str, str]]:
    if settings.published_from:
        yield "published from", settings.published_from.isoformat()
    if settings.source:
        yield "only sources with", settings.source
    record = settings.record
    if record is None:
        return
    sample = ", the sample library" if record.sample else ""
    yield "library", f"{record.library}{sample}: {record.documents} documents, state {record.generation}"
    yield "embedding model", f"{record.embedder}, SHA-256 {record.embedder_sha256}"
    yield "reader", f"{record.reader}, SHA-256 {record.reader_sha256 or 'not known'}"
    yield "least confidence", f"{record.min_confidence:g}"
    yield "Vouch", record.version
    for number, sha256 in record.files.items():
        yield f"file of document {number}", f"SHA-256 {sha256}"


def _md(text: str | None) -> str:
    """Text of one line that Markdown takes for nothing but text: no emphasis, link, list, heading, cell or tag."""
    return _MARKS.sub(r"\\\1", line(text or ""))


def _esc(text: str | None) -> str:
    return html.escape(plain(text or ""), quote=True)


_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
:root {{ color-scheme: light dark; }}
body {{ font: 16px/1.6 system-ui, sans-serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem;
        overflow-wrap: anywhere; }}
section {{ border-top: 1px solid #8886; padding-top: .5rem; margin-top: 2rem; }}
h1 {{ font-size: 1.5rem; }} h2 {{ font-size: 1.15rem; }}
.short {{ font-size: 1.35rem; font-weight: 600; margin: .5rem 0; }}
.none {{ font-style: italic; }}
blockquote {{ border-left: 3px solid #8888; margin: .3rem 0; padding-left: .8rem; }}
table {{ border-collapse: collapse; }} th, td {{ border: 1px solid #8886; padding: .2rem .6rem; text-align: left; }}
dl {{ display: grid; grid-template-columns: max-content 1fr; gap: 0 1rem; font-size: .8rem; }} dd {{ margin: 0; }}
</style>
</head>
<body>
<h1>{title}</h1>
{body}
</body>
</html>
"""
