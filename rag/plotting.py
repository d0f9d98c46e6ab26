"""One series as a picture: value over time, each point with its words and date."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rag.errors import RagError
from rag.types import Point

FORMATS = (".png", ".svg")


def plot_timeline(title: str, points: Sequence[Point], file: Path) -> None:
    """Write a PNG or SVG.

    Raises RagError for other formats, without figures to plot, without matplotlib, and where the file cannot be made.
    """
    if file.suffix.lower() not in FORMATS:
        raise RagError(f"a plot is written as PNG or SVG: name the file something{FORMATS[0]}, not {file.name}")
    plotted = [(p.moment.last, float(p.quantity.number), p) for p in points if p.quantity and p.moment.last]
    if not plotted:
        raise RagError("there is no series of dated figures to plot: ask for a number that changes over time")
    try:
        import matplotlib as mpl
        import numpy as np
    except ImportError:
        raise RagError("plots need matplotlib: pip install 'vouch[plot]'") from None
    mpl.use("agg")
    from matplotlib import pyplot as plt
    from matplotlib.ticker import FuncFormatter

    figure, axes = plt.subplots(figsize=(8, 4.5), layout="constrained")
    days = np.array([day for day, _, _ in plotted], dtype="datetime64[D]")
    axes.plot(days, [number for _, number, _ in plotted], "-o", color="#1f5f8b")
    for day, (_, number, point) in zip(days, plotted, strict=True):
        label = f"{_plain(point.value)}\n{_plain(point.moment.label)}"
        above = all(other <= number for there, (_, other, _) in zip(days, plotted, strict=True) if there == day)
        axes.annotate(
            label, (day, number), xytext=(0, 10 if above else -28), textcoords="offset points", ha="center", fontsize=9
        )
    axes.set_title(_plain(title), loc="left", wrap=True)
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: _number(value)))
    axes.margins(x=0.15, y=0.25)
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(axis="y", alpha=0.3)
    figure.autofmt_xdate()
    try:
        figure.savefig(file, dpi=150)
    except OSError as problem:
        raise RagError(
            f"the plot cannot be written to {file} ({problem.strerror}): name a file in a folder you may write to"
        ) from problem
    finally:
        plt.close(figure)


def _plain(text: str) -> str:
    """Words for a picture: on one line, without what no XML may hold; a dollar would begin a formula."""
    shown = "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in " ".join(text.split()))
    return shown.replace("$", r"\$")


def _number(value: float) -> str:
    """A mark of the axis, with the decimals that it has: "12 000", "3.2"."""
    whole, _, decimals = f"{value:,.6f}".replace(",", " ").partition(".")
    return f"{whole}.{decimals}".rstrip("0").rstrip(".")
