"""The report as one HTML page that asks nothing of the network. Every word of documents and questions is escaped."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from eval import plots
from eval.figures import FIGURES, HEADLINES, changes
from eval.judging import FAILURES
from eval.metrics import reliability, risk_coverage
from rag.rendering import plain

if TYPE_CHECKING:
    from markupsafe import Markup

    from eval.report import Report
    from eval.scoring import Scored


def page(report: Report) -> str:
    """The whole page."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_printable,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(percent=percent, marked=marked, figure=figure_text)
    run = report.run
    return environment.get_template("report.html").render(
        report=report,
        figures=[(figure, found) for name, figure in FIGURES.items() if (found := run.interval(figure))],
        headlines=[(FIGURES[name], found) for name in HEADLINES if (found := run.interval(FIGURES[name]))],
        baselines=[
            (baseline, {one.figure.name: one for one in changes(run, baseline)}) for baseline in report.baselines
        ],
        plots=_plots(report.scored, report),
        failures=FAILURES,
        categories=sorted({one.question.category for one in report.scored}),
    )


def _printable(value: Any) -> Any:
    """Words of documents may hold control characters and what turns text around; markup of ours does not."""
    return value if hasattr(value, "__html__") or not isinstance(value, str) else plain(value)


def _plots(scored: Sequence[Scored], report: Report) -> list[tuple[str, str, Markup]]:
    from markupsafe import Markup

    answers = [one for one in scored if one.answered]
    confidence, right = [one.confidence for one in answers], [float(one.right) for one in answers]
    share = len(answers) / len(scored)
    points = [(covered * share, wrong) for covered, wrong in risk_coverage(confidence, right)]
    drawn = [
        ("Risk and coverage", "Answer only the surest questions: how many of these answers are wrong?",
         plots.risk_coverage(points, "share wrong by share answered")),
        ("Reliability",
         "Is a confidence of 0.7 right in 7 of 10 cases? On the dotted line it is. Large dots: more answers.",
         plots.reliability(reliability(confidence, right), "share right by confidence")),
    ]  # fmt: skip
    if latencies := report.latencies():
        drawn.append(("Time", "Median by stage; the thin line goes to what one question in twenty exceeds.",
                      plots.latency(latencies, "seconds by stage")))  # fmt: skip
    return [(title, text, Markup(svg)) for title, text, svg in drawn]  # noqa: S704 numbers and words of ours alone


def percent(value: float) -> str:
    """``83 %``; ``99.6 %`` does not become 100."""
    rounded = f"{100 * value:.0f}"
    return f"{100 * value:.1f} %" if rounded in ("0", "100") and value not in (0, 1) else f"{rounded} %"


def figure_text(value: float, name: str) -> str:
    """A figure as it is written: shares as per cent, areas and errors as numbers."""
    return f"{value:.3f}" if name in ("risk_area", "calibration", "mrr", "ndcg") else percent(value)


def marked(text: str, words: Sequence[str]) -> Markup:
    """Escaped text with every occurrence of the words marked, whatever their case."""
    from markupsafe import Markup, escape

    known = sorted({word for word in words if word and len(word) > 1}, key=len, reverse=True)
    if not known:
        return escape(plain(text))
    parts = re.split(rf"(?<!\w)({'|'.join(map(re.escape, known))})(?!\w)", plain(text), flags=re.IGNORECASE)
    mark = Markup("<mark>{}</mark>")
    return Markup("").join(mark.format(part) if place % 2 else escape(part) for place, part in enumerate(parts))
