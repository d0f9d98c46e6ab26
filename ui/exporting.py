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
from rag.types import Answer, Brief, Change, Citation, Comparison, Entry, Plan, Point, Series, Told
from ui import texts
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
    told = turn.answer
    yield f"## {_md(_headed(turn))}\n"
    if told.abstained:
        yield f"No answer: {_md(told.reason)}.\n"
    elif isinstance(told, Answer) and told.short:
        yield f"**{_md(told.short)}**\n"
    if told.text:
        yield f"{_md(told.text)}\n"
    for heading, rows in _sections(told):
        yield f"### {_md(heading)}\n"
        yield "\n".join(f"- {_md(row)}" for row in rows) + "\n"
    if isinstance(told, Answer) and told.timeline:
        yield "| when | value | source |\n|---|---|---|"
        yield "\n".join(
            f"| {_md(point.moment.label)} | {_md(point.value)} | {point.citation.number} |" for point in told.timeline
        )
        yield ""
    for citation in told.citations:
        where = " · ".join(_md(fact) for fact in _where(citation))
        yield f"{citation.number}. **{_md(citation.title)}** · {where}\n\n   > {_md(citation.quote)}\n"
    yield "\n".join(f"- {_md(name)}: {_md(value)}" for name, value in _facts(turn)) + "\n"


def _html(turn: Turn) -> Iterator[str]:
    told = turn.answer
    yield f"<section><h2>{_esc(_headed(turn))}</h2>"
    if told.abstained:
        yield f'<p class="none">No answer: {_esc(told.reason)}.</p>'
    elif isinstance(told, Answer) and told.short:
        yield f'<p class="short">{_esc(told.short)}</p>'
    if told.text:
        yield f"<p>{_esc(told.text)}</p>"
    for heading, rows in _sections(told):
        yield f"<h3>{_esc(heading)}</h3><ul>" + "".join(f"<li>{_esc(row)}</li>" for row in rows) + "</ul>"
    if isinstance(told, Answer) and told.timeline:
        yield "<table><tr><th>when</th><th>value</th><th>source</th></tr>"
        for point in told.timeline:
            cells = (_esc(point.moment.label), _esc(point.value), f"[{point.citation.number}]")
            yield "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"
        yield "</table>"
    yield "<ol>"
    for citation in told.citations:
        where = " · ".join(_esc(fact) for fact in _where(citation))
        yield (
            f'<li value="{citation.number}"><b>{_esc(citation.title)}</b> <small>{where}</small>'
            f"<blockquote>{_esc(citation.quote)}</blockquote></li>"
        )
    yield "</ol><dl>"
    yield "".join(f"<dt>{_esc(name)}</dt><dd>{_esc(value)}</dd>" for name, value in _facts(turn))
    yield "</dl></section>"


# --- briefs and comparisons -------------------------------------------------------------------------------------

Section = tuple[str, list[str]]


def _headed(turn: Turn) -> str:
    """The question; a topic with what was told of it."""
    told = turn.answer
    if isinstance(told, Answer):
        return turn.question
    if isinstance(told, Brief):
        return f"{texts.BRIEF_MODE}: {turn.question}"
    return f"{texts.COMPARE_MODE}: {turn.question} ({told.first.name}, {told.second.name})"


def _sections(told: Told) -> list[Section]:
    """The parts of a brief or a comparison, as headings with lines of text; without those that are empty."""
    match told:
        case Brief():
            found = [(f"{texts.FIGURES}: {one.label}", _points(one)) for one in told.figures]
            found += [(texts.IN_TIME, _entries(told.entries)), (texts.PLANS, [_plan(one) for one in told.plans])]
        case Comparison():
            found = [
                (texts.CHANGED_FIGURES if told.first.as_of else texts.DIFFERENT_FIGURES, _changes(told.changed)),
                (texts.SAME_FIGURES, _changes(told.same)),
                (texts.ONLY_IN.format(name=told.second.name), _entries(told.only_second)),
                (texts.ONLY_IN.format(name=told.first.name), _entries(told.only_first)),
                (texts.IN_BOTH, _entries(told.both)),
            ]
        case _:
            found = []
    return [(heading, rows) for heading, rows in found if rows]


def _points(series: Series) -> list[str]:
    conflicts = [f"{texts.CONFLICT}: {_value(one)}" for one in series.conflicts]
    return [*(_value(one) for one in series.points), *conflicts]


def _value(point: Point) -> str:
    return f"{point.value}, {point.moment.label} [{point.citation.number}]"


def _entries(entries: Sequence[Entry]) -> list[str]:
    return [_entry(one) for one in entries]


def _entry(entry: Entry) -> str:
    marks = "".join(f"[{one.number}]" for one in (entry.citation, *entry.also))
    return f"{entry.moment.label}: “{entry.citation.quote}” {marks}"


def _plan(plan: Plan) -> str:
    return _entry(plan.entry) + (f" {texts.LATER}, {_entry(plan.later)}" if plan.later else "")


def _changes(changes: Sequence[Change]) -> list[str]:
    return [
        f"{one.label}: {_value(one.first)}; {_value(one.second)}"
        + (f"; {texts.DIFFERENCE}: {one.difference} ({texts.COMPUTED})" if one.difference else "")
        + "".join(f"; {texts.CONFLICT}: {_value(value)}" for value in one.conflicts)
        for one in changes
    ]


# --- the record -------------------------------------------------------------------------------------------------


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
    if isinstance(turn.answer, Answer):
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


def _time_of(told: Told) -> Iterator[tuple[str, str]]:
    if not isinstance(told, Comparison) and told.as_of:
        yield "as of", told.as_of.isoformat()
    if isinstance(told, Answer) and told.moment:
        yield "true at", f"{told.moment.label} ({told.moment.grounds.value})"
    for figure in told.computed if isinstance(told, Answer) else ():
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
