"""Briefs and comparisons as HTML, with the parts that answers are made of. Whatever a document or a person wrote is
escaped."""

from __future__ import annotations

from collections.abc import Sequence

from rag.types import Brief, Change, Citation, Comparison, Entry, Grounds, Moment, Plan, Point, Series, Side
from ui import texts
from ui.chart import chart
from ui.escaping import attribute, line, shown
from ui.rendering import (
    actions_html,
    cited,
    conflicts_html,
    day_words,
    framed,
    marker,
    none_html,
    notes_html,
    removed_html,
    sources_html,
    steps_html,
    written_html,
)


def turn_html(
    number: int, topic: str, told: Brief | Comparison, *, asked: str = "", vote: int = 0, note: str = ""
) -> str:
    """A topic and what was told of it, as ``rendering.turn_html`` gives a question and its answer."""
    if isinstance(told, Brief):
        how, attributes, body = texts.BRIEF_MODE, ' data-mode="brief"', _brief(told)
    else:
        sides = f' data-first="{_asked(told.first)}" data-second="{_asked(told.second)}"'
        how, attributes, body = texts.COMPARE_MODE, f' data-mode="compare"{sides}', _comparison(told)
    if told.reason is not None:
        inner = f"{none_html(told.reason, texts.NOTHING_ON_IT)}{steps_html(bool(asked))}"
    else:
        wrote = _wrote(told)
        inner = f"{notes_html(told.notes)}{wrote}{body}{sources_html(told.citations)}"
    return framed(number, topic, f"{inner}{actions_html(vote, note)}", asked, how, attributes)


def _wrote(told: Brief | Comparison) -> str:
    """What a model made of it, and what of that was removed."""
    text = written_html(told.text, told.citations) if told.text else ""
    return f"{text}{_facts(told)}{removed_html(told.removed)}"


def _is_whole(told: Brief | Comparison) -> bool:
    """Whether a model wrote all it had to, so that the quotes need not be read after it."""
    return bool(told.text) and not told.notes


def _facts(told: Brief | Comparison) -> str:
    """The quiet line: how many documents, of when, and who wrote."""
    if isinstance(told, Brief):
        dates = list(dict.fromkeys(line(str(one.published)) for one in (told.first, told.last) if one))
        known = [texts.ASKED_AS_OF.format(day=day_words(told.as_of))] if told.as_of else []
        facts = [texts.documents(told.documents)]
        facts += [texts.BETWEEN.format(first=dates[0], last=dates[-1]) if len(dates) > 1 else dates[0]] if dates else []
        facts += known
    else:
        facts = [f"{line(_capital(_name(one)))}: {_of_a_side(one)}" for one in (told.first, told.second)]
    if told.left_out:
        facts.append(texts.left_out(told.left_out))
    if told.written_by:
        facts.append(texts.WRITTEN_BY.format(model=line(told.written_by)))
    return f'<p class="facts">{" · ".join(f"<span>{fact}</span>" for fact in facts)}</p>'


def _name(side: Side) -> str:
    return f"“{side.name}”" if side.document else side.name


def _of_a_side(side: Side) -> str:
    return line(str(side.document.published)) if side.document else texts.documents(side.documents)


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _small(words: str) -> str:
    return words[:1].lower() + words[1:]


def _asked(side: Side) -> str:
    """A side as the page asks for it."""
    return side.as_of.isoformat() if side.as_of else attribute(side.name)


# --- a brief ----------------------------------------------------------------------------------------------------


def _brief(told: Brief) -> str:
    figures = "".join(_figure(series) for series in told.figures)
    plans = "".join(_plan(plan) for plan in told.plans)
    return (
        f"{_section(texts.FIGURES, figures, 'figures')}{_in_words(texts.IN_TIME, told.entries, folded=_is_whole(told))}"
        f"{_section(texts.PLANS, f'<ol class=said>{plans}</ol>' if plans else '')}"
    )


def _section(heading: str, inner: str, kind: str = "") -> str:
    return f"<section{f' class={kind}' if kind else ''}><h3>{heading}</h3>{inner}</section>" if inner else ""


def _figure(series: Series) -> str:
    """A series: its values, latest first, and its course beside them."""
    rows = "".join(
        f"<tr><td>{line(point.value)}</td><td>{line(point.moment.label)}</td><td>{marker(point.citation)}</td></tr>"
        for point in series.points
    )
    drawn = chart(sorted(series.points, key=_last_day), cited)
    return (
        f'<div class="figure"><div><h4>{line(_capital(series.label))}</h4><table><tbody>{rows}</tbody></table></div>'
        f"{drawn}</div>{conflicts_html(series.conflicts, series.label)}"
    )


def _last_day(point: Point) -> int:
    return point.moment.last.toordinal() if point.moment.last else 0


def _in_words(heading: str, entries: Sequence[Entry], *, folded: bool = False, note: str = "") -> str:
    """Statements with when each was true; to be unfolded where a model's words stand above them."""
    rows = "".join(f"<li>{_entry(entry)}</li>" for entry in entries)
    if not rows:
        return ""
    below = f'<p class="hint">{note}</p>' if note else ""
    said = f'{below}<ol class="said">{rows}</ol>'
    if folded:
        return (
            f'<details class="quiet own"><summary>{texts.OWN_WORDS}: {line(_small(heading))}</summary>{said}</details>'
        )
    return _section(line(heading), said)


def _entry(entry: Entry) -> str:
    also = ""
    if entry.also:
        marks = "&nbsp;".join(marker(one) for one in entry.also)
        dated = entry.also[0].published.date.last()
        since = texts.SAID_SINCE.format(date=line(str(entry.also[0].published))) if dated else texts.ALSO_IN
        also = f'<p class="also">{since} {marks}</p>'
    return f'{_when(entry.moment)}<div class="words">{_quote(entry.citation)}{also}</div>'


def _when(moment: Moment) -> str:
    """When something was true; where that is only known to be when it was published, it says so."""
    published = f" <span>{texts.PUBLISHED_THEN}</span>" if moment.grounds is Grounds.PUBLISHED else ""
    return f'<p class="when">{line(moment.label)}{published}</p>'


def _quote(citation: Citation) -> str:
    return f'<div class="sentence"><p><q><bdi>{shown(citation.quote)}</bdi></q>&nbsp;{marker(citation)}</p></div>'


def _plan(plan: Plan) -> str:
    later = ""
    if plan.later:
        later = f'<p class="also">{texts.LATER}, {line(plan.later.moment.label)}:</p>{_quote(plan.later.citation)}'
    elif plan.entry.citation.published.date.last():
        later = f'<p class="also">{texts.NO_LATER}</p>'
    return f"<li>{_entry(plan.entry).removesuffix('</div>')}{later}</div></li>"


# --- a comparison -----------------------------------------------------------------------------------------------


def _comparison(told: Comparison) -> str:
    first, second = told.first, told.second
    folded = _is_whole(told)
    if first.as_of:
        changed, note = texts.CHANGED_FIGURES, texts.ONLY_EARLIER_NOTE
        new, gone = texts.ONLY_LATER.format(day=day_words(first.as_of)), texts.ONLY_EARLIER
        both = texts.BOTH_TIMES
    else:
        changed, note, both = texts.DIFFERENT_FIGURES, "", texts.IN_BOTH
        new, gone = (texts.ONLY_IN.format(name=one.name) for one in (second, first))
    return (
        f"{_side_by_side(changed, told.changed, told)}{_side_by_side(texts.SAME_FIGURES, told.same, told)}"
        f"{_in_words(new, told.only_second, folded=folded)}{_in_words(gone, told.only_first, folded=folded, note=note)}"
        f"{_in_words(both, told.both, folded=folded)}"
    )


def _side_by_side(heading: str, changes: Sequence[Change], told: Comparison) -> str:
    """Figures of both sides; a difference is marked as worked out."""
    if not changes:
        return ""
    sides = [_capital(_name(one)) for one in (told.first, told.second)]
    differ = any(change.difference for change in changes)
    names = [texts.FIGURE, *sides, *([texts.DIFFERENCE] if differ else [])]
    head = "".join(f'<th scope="col">{line(name)}</th>' for name in names)
    rows = "".join(_change(change, sides, differ) for change in changes)
    against = "".join(conflicts_html(change.conflicts, change.label) for change in changes)
    table = f'<table class="facing"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>'
    return f"{_section(heading, table)}{against}"


def _change(change: Change, sides: Sequence[str], differ: bool) -> str:
    values = "".join(
        f'<td data-side="{attribute(side)}"><b>{line(point.value)}</b>&nbsp;{marker(point.citation)}'
        f'<span class="when">{line(point.moment.label)}</span></td>'
        for side, point in zip(sides, (change.first, change.second), strict=True)
    )
    worked_out = ""
    if change.difference:
        words = (texts.LOWER if _falls(change) else texts.HIGHER).format(difference=line(change.difference))
        worked_out = f'{words}<span class="badge" title="{texts.COMPUTED_NOTE}">{texts.COMPUTED}</span>'
    last = f"<td>{worked_out}</td>" if differ else ""
    return f'<tr><th scope="row">{line(_capital(change.label))}</th>{values}{last}</tr>'


def _falls(change: Change) -> bool:
    first, second = change.first.quantity, change.second.quantity
    return bool(first and second and second.number < first.number)
