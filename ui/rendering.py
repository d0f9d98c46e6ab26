"""Answers and conversations as HTML. Whatever a document or a person wrote is escaped.

Every function returns HTML that is safe to put into the page: text goes through ``ui.escaping``, and what is not text
is a number or a constant of ours. Nothing is rendered as Markdown, and no address in a document becomes a link.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence

from rag.types import Answer, Basis, Candidate, Citation, Document, Fate, Grounds, Hit, Moment, Passage, Point, Removed
from ui import texts
from ui.chart import chart
from ui.escaping import attribute, line, shown
from ui.papers import file_name, place

NEAREST = 3  # passages that an abstention shows
SNIPPET = 280

# --- an answer --------------------------------------------------------------------------------------------------


def turn_html(
    number: int,
    answer: Answer,
    documents: Mapping[int, Document],
    *,
    asked: str = "",
    vote: int = 0,
    note: str = "",
    least: float | None = None,
) -> str:
    """A question and what came of it; ``number`` is the turn's, ``documents`` those of its hits that are still there.

    ``asked`` is a line on the limits it was asked within, already HTML; ``vote`` is 1, -1 or 0; ``least`` the
    confidence below which nothing answered then.
    """
    body = _abstention(answer, documents, limited=bool(asked)) if answer.text is None else _answer(answer)
    inner = f"{body}{actions_html(vote, note)}{_why(answer, documents, least)}"
    return framed(number, answer.question, inner, asked)


def framed(number: int, question: str, inner: str, asked: str = "", how: str = "", attributes: str = "") -> str:
    """A turn around its inner HTML; ``how`` is said of what was asked for, ``attributes`` tell it to the page."""
    kind = f'<p class="how">{how}</p>' if how else ""
    return (
        f'<article class="turn" data-turn="{number}"{attributes} aria-label="{attribute(question)}">'
        f'<header class="question">{kind}<h2>{line(question)}</h2>{asked}</header>'
        f'<div class="answer">{inner}</div>'
        f'<nav class="next" aria-label="{texts.NEXT_QUESTIONS}" hidden></nav></article>'
    )


def limits_html(as_of: str = "", source: str = "", published_from: str = "") -> str:
    """The limits a question was asked within, as a quiet line; empty where there were none."""
    parts = [
        as_of and texts.KNOWN_AS_OF.format(day=line(as_of)),
        published_from and texts.FROM_DAY.format(day=line(published_from)),
        source and texts.ONLY_FROM.format(source=line(file_name(source))),
    ]
    words = " · ".join(part for part in parts if part)
    return f'<p class="limits">{words}</p>' if words else ""


def _answer(answer: Answer) -> str:
    quotes = "" if answer.conflicts else _sentence(answer)  # the quotes stand side by side below
    sentence = written_html(answer.text or "", answer.citations, answer.short) if answer.written_by else quotes
    told = answer.written_by and answer.short and answer.short in (answer.text or "")  # it has been read as it came
    return (
        f"{notes_html(answer.notes)}{'' if told else _short(answer)}{sentence}{_facts(answer)}"
        f"{removed_html(answer.removed)}{conflicts_html(answer.conflicts)}"
        f"{_series(answer.timeline, texts.SERIES)}{sources_html(answer.citations)}"
    )


_MARKER = re.compile(r"\[(\d{1,3})\]")


def written_html(written: str, citations: Sequence[Citation], short: str | None = None) -> str:
    """What a model wrote, with its markers as buttons; a number that cites nothing stays text."""
    known = {str(citation.number): citation for citation in citations}
    paragraphs = []
    for paragraph in re.split(r"\n\s*\n", written):
        parts = _MARKER.split(paragraph.strip())  # text, number, text, number, ... text
        pieces = [_with_stress(parts[0], short)]
        for number, text in zip(parts[1::2], parts[2::2], strict=True):
            pieces.append(marker(known[number]) if number in known else f"[{number}]")
            pieces.append(_with_stress(text, short))
        paragraphs.append(f"<p>{''.join(pieces)}</p>")
    return f'<div class="sentence written">{"".join(paragraphs)}</div>'


def notes_html(notes: Sequence[str]) -> str:
    """What else to know of how the answer came about: that a model failed, and so the documents' own words stand."""
    return "".join(f'<p class="told">{line(note)}</p>' for note in notes)


def removed_html(removed: Sequence[Removed]) -> str:
    """What a model wrote and the documents do not bear out, to be unfolded."""
    if not removed:
        return ""
    rows = "".join(
        f'<li><s><bdi>{shown(one.sentence)}</bdi></s><span class="hint">{line(one.reason)}</span></li>'
        for one in removed
    )
    return (
        f'<details class="removed quiet"><summary>{texts.removed(len(removed))}</summary>'
        f'<p class="hint">{texts.REMOVED_NOTE}</p><ul>{rows}</ul></details>'
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


def _abstention(answer: Answer, documents: Mapping[int, Document], limited: bool) -> str:
    nearest = "".join(_near(hit, documents) for hit in answer.hits[:NEAREST])
    if nearest and not answer.timeline:
        nearest = f'<section class="nearest"><h3>{texts.NEAREST}</h3><ol>{nearest}</ol></section>'
    else:
        nearest = ""
    return (
        f"{notes_html(answer.notes)}{none_html(answer.reason or '')}{removed_html(answer.removed)}"
        f"{_series(answer.timeline, texts.SERIES_LATEST)}{sources_html(answer.citations)}{nearest}{steps_html(limited)}"
    )


def none_html(reason: str, heading: str = texts.NO_ANSWER) -> str:
    """That the documents say nothing, and why."""
    reason = reason.removeprefix("the documents don't say: ")
    reason = reason[:1].upper() + reason[1:]
    return f'<div class="none"><p class="short">{heading}</p><p class="reason">{line(reason)}.</p></div>'


def steps_html(limited: bool) -> str:
    """What may help where the documents say nothing."""
    steps = [texts.STEP_WORDS, texts.STEP_ADD]
    if limited:
        steps.insert(0, f'<button type="button" class="plain" data-act="free">{texts.STEP_WITHOUT}</button>')
    rows = "".join(f"<li>{step}</li>" for step in steps)
    return f'<section class="steps"><h3>{texts.NEXT_STEPS}</h3><ul>{rows}</ul></section>'


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
    return f"<bdi>{_with_stress(quote, short)}</bdi>"


def _with_stress(text: str, short: str | None) -> str:
    """Text in which the words of the short answer stand out."""
    before, found, after = text.partition(short) if short else (text, "", "")
    return f"{shown(before)}<strong>{shown(found)}</strong>{shown(after)}" if found else shown(text)


def marker(citation: Citation) -> str:
    """The number of a citation, as a button that opens its source."""
    label = texts.OPEN_SOURCE.format(
        number=citation.number, title=attribute(citation.title), date=attribute(str(citation.published))
    )
    return f'<button type="button" class="mark" {cited(citation)} aria-label="{label}">{citation.number}</button>'


def _place(passage: Passage) -> str:
    return place(passage.document_id, passage.start, passage.end, passage.text)


def cited(citation: Citation) -> str:
    """Where a quote stands and its number, as attributes of what opens it."""
    where = place(citation.document_id, citation.start, citation.end, citation.quote)
    return f'{where} data-number="{citation.number}"'


def _facts(answer: Answer) -> str:
    """The quiet line: how sure, when it was true, when it was published, and as of when it was asked."""
    level = "high" if answer.confidence >= 0.8 else "middle" if answer.confidence >= 0.5 else "low"
    facts = [
        f'<span class="confidence {level}" title="{texts.CONFIDENCE_NOTE}"><span class="dot" aria-hidden="true"></span>'
        f"{texts.confidence(answer.confidence)} ({_percent(answer.confidence)})</span>"
    ]
    facts += [f"<span>{fact}</span>" for fact in _age(answer)]
    if answer.written_by:
        facts.append(f'<span class="by">{texts.WRITTEN_BY.format(model=line(answer.written_by))}</span>')
    if answer.as_of:
        facts.append(f"<span>{texts.ASKED_AS_OF.format(day=day_words(answer.as_of))}</span>")
    return f'<p class="facts">{" · ".join(facts)}</p>'


def _percent(share: float) -> str:
    """A probability; what is read is never quite certain."""
    return f"{min(round(100 * share), 99)}%"


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
        facts.append(f'<span title="{_grounds(moment)}">{line(moment.told)}</span>')
    if published and not (answer.conflicts or answer.computed):  # these rest on more than one document
        facts.append(texts.PUBLISHED.format(date=line(published)))
    return facts


def _grounds(moment: Moment) -> str:
    return attribute(texts.GROUNDS[moment.grounds] + (f": “{moment.words}”" if moment.words else ""))


def conflicts_html(points: Sequence[Point], of: str = "") -> str:
    """Values of one moment that contradict each other, side by side; ``of`` names the figure."""
    if not points:
        return ""
    cards = "".join(
        f'<li><p class="value">{line(point.value)}</p>'
        f'<p class="when">{line(point.moment.told)}</p>'
        f"<blockquote><bdi>{shown(point.citation.quote)}</bdi></blockquote>"
        f'<p class="from">{line(point.citation.title)}, {line(str(point.citation.published))} '
        f"{marker(point.citation)}</p></li>"
        for point in points
    )
    heading = f"{texts.CONFLICT}: {line(of)}" if of else texts.CONFLICT
    return (
        f'<section class="conflict"><h3>{heading}</h3><p class="hint">{texts.CONFLICT_NOTE}</p>'
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
    drawn = chart(points, cited)
    if drawn:
        table = f'<details class="quiet"><summary>{texts.AS_TABLE}</summary>{table}</details>'
    return f'<section class="series"><h3>{heading}</h3>{drawn}{table}</section>'


def sources_html(citations: Sequence[Citation]) -> str:
    """What is cited: document, date, page, file; each opens its source."""
    if not citations:
        return ""
    rows = "".join(
        f'<li><button type="button" class="cited" {cited(citation)}>'
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
    parts.append(line(file_name(citation.source)))
    return " · ".join(parts)


def day_words(day: dt.date) -> str:
    """A day as a person writes it."""
    return f"{day.day} {day:%B %Y}"


def actions_html(vote: int, note: str) -> str:
    """What a person can do with an answer."""

    def button(name: str, label: str, extra: str = "") -> str:
        return f'<button type="button" class="act" data-act="{name}"{extra}>{label}</button>'

    def thumb(name: str, label: str, pressed: bool, sign: str) -> str:
        return button(name, sign, f' aria-label="{label}" title="{label}" aria-pressed="{str(pressed).lower()}"')

    kinds = "".join(
        f"<p>{heading}</p>"
        + "".join(button(act, label, f' data-kind="{kind}"') for kind, label in texts.EXPORT_AS.items())
        for act, heading in (("export", texts.EXPORT_ANSWER), ("export_all", texts.EXPORT_ALL))
    )
    return (
        f'<div class="actions">{button("copy", texts.COPY)}{button("edit", texts.EDIT)}{button("retry", texts.RETRY)}'
        f'<details class="menu"><summary class="act">{texts.EXPORT}</summary><div>{kinds}</div></details>'
        f'<span class="gap"></span>{thumb("up", texts.GOOD, vote > 0, THUMB_UP)}'
        f"{thumb('down', texts.BAD, vote < 0, THUMB_DOWN)}</div>"
        f'<form class="note" data-act="note"{"" if vote else " hidden"}>'
        f'<input type="text" name="note" maxlength="2000" value="{attribute(note)}" '
        f'placeholder="{texts.NOTE}" aria-label="{texts.NOTE}">'
        f'<button type="submit" class="act">{texts.SAVE_NOTE}</button></form>'
    )


_THUMB = (
    '<svg viewBox="0 0 24 24" width="17" height="17" aria-hidden="true"{turn}><path fill="none" stroke="currentColor" '
    'stroke-width="1.7" stroke-linejoin="round" d="M4 10.5h3.5v9H4zM7.5 10.5l4-7c1.6 0 2.6 1.2 2.3 2.7l-.6 3.3h5.3'
    'c1.3 0 2.2 1.2 1.9 2.4l-1.5 5.9c-.3 1-1.1 1.7-2.2 1.7H7.5"/></svg>'
)
THUMB_UP = _THUMB.format(turn="")
THUMB_DOWN = _THUMB.format(turn=' class="down"')


def _why(answer: Answer, documents: Mapping[int, Document], least: float | None) -> str:
    """What might have answered and what became of it, the passages it was read from, and the time each stage took."""
    rows = "".join(_considered(rank, hit, answer, documents) for rank, hit in enumerate(answer.hits, 1))
    names = ("#", texts.PASSAGE, texts.BY_MEANING, texts.BY_WORDS, texts.SCORE)
    head = "".join(f'<th scope="col">{name}</th>' for name in names)
    total = sum(answer.timings.values()) or 1.0
    spent = "".join(
        f"<li><span>{shown(texts.STAGES.get(stage, stage))}</span>"
        f'<span class="bar"><i style="width:{100 * s / total:.0f}%"></i></span>'
        f'<span class="seconds">{1000 * s:,.0f} ms</span></li>'
        for stage, s in answer.timings.items()
    )
    return (
        f'<details class="why quiet"><summary>{texts.WHY if answer.text else texts.WHY_NONE}</summary>'
        f"{_weighed(answer, documents, least)}"
        f'<h3>{texts.PASSAGES_READ}</h3><p class="hint">{texts.PASSAGES_NOTE}</p>'
        f'<div class="scroll" tabindex="0"><table><thead><tr>{head}</tr></thead>'
        f"<tbody>{rows}</tbody></table></div><h3>{texts.TIME_SPENT}</h3>"
        f"{f'<ul class=spent>{spent}</ul>' if spent else f'<p>{texts.NO_TIMINGS}</p>'}"
        f'<p class="hint">{texts.CHECKED}</p></details>'
    )


def _weighed(answer: Answer, documents: Mapping[int, Document], least: float | None) -> str:
    """The words the reader marked, how sure it was, and why each is or is not in the answer."""
    if not answer.candidates:
        return f"<h3>{texts.READ_WORDS}</h3><p>{texts.NOTHING_READ}</p>" if answer.hits else ""
    head = "".join(f'<th scope="col">{name}</th>' for name in (texts.WORDS, texts.SURE, texts.OF_WHEN, texts.FATE))
    rows = "".join(_candidate(one, documents.get(one.document_id)) for one in answer.candidates)
    below = f" {texts.LEAST_SURE.format(percent=round(100 * least))}" if least else ""
    return (
        f'<h3>{texts.READ_WORDS}</h3><p class="hint">{texts.READ_NOTE}.{below}</p>'
        f'<div class="scroll" tabindex="0"><table class="weighed"><thead><tr>{head}</tr></thead>'
        f"<tbody>{rows}</tbody></table></div>"
    )


def _candidate(one: Candidate, document: Document | None) -> str:
    words = " ".join(one.words.split())
    told = line(words[:120] + ("…" if len(words) > 120 else ""))
    if document is not None and document.text[one.start : one.end] == one.words:
        where = place(one.document_id, one.start, one.end, one.words)
        told = f'<button type="button" class="plain" {where}>{told}</button>'
    title = line(document.title) if document else texts.GONE
    kind = "kept" if one.fate is Fate.ANSWERS else "left"
    return (
        f'<tr class="{kind}"><td>{told}<span class="snippet">{title}</span></td>'
        f"<td>{_percent(one.score)}</td><td>{line(one.moment.label) if one.moment else texts.NOT_FOUND_BY}</td>"
        f'<td><span class="fate">{texts.FATES[one.fate]}</span></td></tr>'
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


# --- conversations and beginnings -------------------------------------------------------------------------------


def history_html(entries: Sequence[tuple[str, str, str]], current: str | None, searched: bool = False) -> str:
    """Conversations as ``(number, title, day)``, newest first."""
    if not entries:
        return f'<p class="empty">{texts.NONE_FOUND if searched else texts.NO_CONVERSATIONS}</p>'
    rows = "".join(
        f'<li><button type="button" class="talk" data-conversation="{number}"'
        f"{' aria-current=true' if number == current else ''}>"
        f'<span title="{attribute(title)}">{line(title)}</span><span class="hint">{shown(day)}</span></button>'
        f'<button type="button" class="x pen" data-rename="{number}" '
        f'aria-label="{texts.RENAME}: {attribute(title)}" title="{texts.RENAME}">{PEN}</button>'
        f'<button type="button" class="x" data-forget="{number}" title="{texts.FORGET}" '
        f'aria-label="{texts.FORGET}: {attribute(title)}">×</button>'
        "</li>"
        for number, title, day in entries
    )
    return f"<ul>{rows}</ul>"


PEN = (
    '<svg viewBox="0 0 24 24" width="14" height="14" aria-hidden="true"><path fill="none" stroke="currentColor" '
    'stroke-width="2" stroke-linejoin="round" d="M4 20l1-4.5L16.5 4 20 7.5 8.5 19z"/></svg>'
)


def next_html(questions: Sequence[str], answered: bool) -> str:
    """What to ask after an answer, or instead of a question that had none; empty where there is nothing."""
    if not questions:
        return ""
    heading = texts.NEXT_QUESTIONS if answered else texts.INSTEAD
    return f"<h3>{heading}</h3><ul>{examples_html(questions)}</ul>"


def examples_html(questions: Sequence[str]) -> str:
    """Questions to begin with."""
    row = '<li><button type="button" class="example">{}</button></li>'
    return "".join(row.format(line(question)) for question in questions)
