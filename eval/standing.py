"""The reports that are kept: the gate against the last of them, and the README's table made from it."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from eval.figures import FIGURES, HEADLINES, Change
from eval.page import figure_text
from eval.plots import milliseconds
from eval.report import Record, Report, ReportError, compared, read, to_record
from eval.resampling import Interval

HISTORY = Path(__file__).parent / "history"
README = Path(__file__).parents[1] / "README.md"
SCORES, PEERS = "scores", "peers"
"""The README's tables, by the marks around them."""
_MARKS = {"better": " ▲", "worse": " ▼", "same": ""}
_KEPT = ("about", "figures", "baselines", "questions", "seconds")


def last(folder: Path = HISTORY) -> Path:
    """The newest report kept. Raises ReportError where there is none."""
    kept = sorted(folder.glob("*.json"))
    if not kept:
        raise ReportError(f"no report is kept in {folder}: keep one with `python -m eval --readme`")
    return kept[-1]


def keep(report: Report, folder: Path = HISTORY) -> Path:
    """Write a report under today's date; one of the same day is replaced."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{dt.date.today().isoformat()}.json"
    record = {key: value for key, value in to_record(report).items() if key in _KEPT}
    path.write_text(_compact(record), "utf-8")
    return path


def _compact(record: Mapping[str, Any]) -> str:
    """JSON with one line an entry: a change of one figure is one changed line."""
    parts = []
    for key, value in record.items():
        entries = [f"  {json.dumps(name)}: {json.dumps(entry)}" for name, entry in value.items()]
        parts.append(f" {json.dumps(key)}: {{\n" + ",\n".join(entries) + "\n }")
    return "{\n" + ",\n".join(parts) + "\n}\n"


def fallen(old: Record, new: Record) -> list[Change]:
    """The headlines that are worse than before by more than chance, on the questions of both. Raises ReportError.

    One unfaithful quote is a fall, whatever chance says.
    """
    return [
        one
        for one in compared(old, new, HEADLINES)
        if one.verdict == "worse" or (one.figure.name == "faithful" and one.new < 1)
    ]


def table(record: Record) -> str:
    """The README's table: headlines by row, the default and each baseline by column."""
    names = list(record.baselines)
    rows = [f"| {' | '.join(['', 'Vouch', *names])} |", f"|{'---|' * (len(names) + 2)}"]
    for name in HEADLINES:
        if name in record.figures:
            others = [_cell(name, *record.baselines[baseline]) for baseline in names]
            rows.append(f"| {' | '.join([FIGURES[name].label, _own(name, record.figures[name]), *others])} |")
    asked, (median, slow) = len(record.run.ids), record.seconds["all"]
    rows += ["", f"{asked} questions, {_unanswerable(record)} of them without an answer; in brackets 95 of 100 draws.",
             "▲ and ▼: better or worse than the default by more than chance. A question took "
             f"{milliseconds(median)}, one in twenty {milliseconds(slow)} or more."]  # fmt: skip
    return "\n".join(rows)


def _own(name: str, found: Interval) -> str:
    low, high = (figure_text(bound, name).removesuffix(" %") for bound in (found.low, found.high))
    return f"**{figure_text(found.value, name)}** ({low} to {high})"


def _cell(name: str, figures: Mapping[str, Interval], verdicts: Mapping[str, str]) -> str:
    return figure_text(figures[name].value, name) + _MARKS[verdicts.get(name, "same")] if name in figures else "–"


def _unanswerable(record: Record) -> int:
    return sum(value is not None for value in record.run.columns["refused"])


def into_readme(text: str, name: str, shown: str) -> str:
    """The README with a table between its marks. Raises ReportError where the marks are gone."""
    start, end = f"<!-- {name} -->", f"<!-- end of {name} -->"
    before, found, rest = text.partition(start)
    _, closed, after = rest.partition(end)
    if not found or not closed:
        raise ReportError(f"the README has no {start} and {end}: put them where the table belongs")
    return f"{before}{start}\n{shown}\n{end}{after}"


def renew_readme(name: str = SCORES, shown: str | None = None, path: Path = README) -> None:
    """Put a table into the README: without one, that of the last report kept. Raises ReportError."""
    if not path.exists():
        raise ReportError(f"there is no {path.name} here: renew it in a checkout of Vouch")
    path.write_text(into_readme(path.read_text("utf-8"), name, shown or table(read(last()))), "utf-8")
