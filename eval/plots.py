"""The report's plots as inline SVG: drawn in the page's own colours, so that they suit light and dark."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from eval.metrics import Bin

if TYPE_CHECKING:
    from eval.report import Latency

WIDTH, HEIGHT = 360, 250
LEFT, RIGHT, TOP, BOTTOM = 56, 12, 12, 42  # margins for the labels
TICKS = (0.0, 0.25, 0.5, 0.75, 1.0)

Point = tuple[float, float]


def risk_coverage(points: Sequence[Point], label: str) -> str:
    """The share of answers that are wrong (y) among the surest share of the questions (x), both from 0 to 1."""
    line = " ".join(f"{_x(share):.1f},{_y(wrong):.1f}" for share, wrong in points)
    shape = f'<polyline class="line" points="{line}"/>' if points else ""
    return _axes("share of questions answered", "share of answers wrong", shape, label)


def reliability(bins: Sequence[Bin], label: str) -> str:
    """The share of answers that are right (y) by confidence (x); larger dots stand for more answers."""
    most = max((bin.count for bin in bins), default=1)
    even = f'<line class="even" x1="{_x(0)}" y1="{_y(0)}" x2="{_x(1)}" y2="{_y(1)}"/>'
    line = " ".join(f"{_x(bin.confidence):.1f},{_y(bin.right):.1f}" for bin in bins)
    dots = "".join(
        f'<circle class="dot" cx="{_x(bin.confidence):.1f}" cy="{_y(bin.right):.1f}" '
        f'r="{3 + 7 * (bin.count / most) ** 0.5:.1f}"><title>{bin.count} answers: confidence {bin.confidence:.2f}, '
        f"right {bin.right:.2f}</title></circle>"
        for bin in bins
    )
    return _axes(
        "confidence", "share of answers right", f'{even}<polyline class="line thin" points="{line}"/>{dots}', label
    )


def latency(stages: Sequence[Latency], label: str) -> str:
    """A bar for each stage: filled to the median, with a thin line to what one question in twenty exceeds."""
    longest = max((stage.slow for stage in stages), default=0.0) or 1.0
    step, room = 30, WIDTH - 92 - 116
    bars = []
    for row, stage in enumerate(stages):
        y, scale = 14 + row * step, room / longest
        told = f"{milliseconds(stage.median)} – {milliseconds(stage.slow)}"
        bars.append(
            f'<text x="86" y="{y + 12}" text-anchor="end">{stage.stage}</text>'
            f'<line class="whisker" x1="92" x2="{92 + stage.slow * scale:.1f}" y1="{y + 8}" y2="{y + 8}"/>'
            f'<rect class="bar" x="92" y="{y}" height="16" rx="2" width="{max(stage.median * scale, 1):.1f}"/>'
            f'<text x="{98 + stage.slow * scale:.1f}" y="{y + 12}">{told}</text>'
        )
    return _svg("".join(bars), label, height=20 + step * len(stages))


def milliseconds(seconds: float) -> str:
    """``148 ms``, or ``1.2 s`` from a second on."""
    return f"{seconds:.1f} s" if seconds >= 1 else f"{seconds * 1000:.0f} ms"


def _x(share: float) -> float:
    return LEFT + share * (WIDTH - LEFT - RIGHT)


def _y(share: float) -> float:
    return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM)


def _axes(across: str, upwards: str, content: str, label: str) -> str:
    grid = "".join(
        f'<line class="grid" x1="{_x(0)}" x2="{_x(1)}" y1="{_y(tick):.1f}" y2="{_y(tick):.1f}"/>'
        f'<text x="{LEFT - 6}" y="{_y(tick) + 4:.1f}" text-anchor="end">{tick:.2g}</text>'
        f'<text x="{_x(tick):.1f}" y="{HEIGHT - BOTTOM + 16}" text-anchor="middle">{tick:.2g}</text>'
        for tick in TICKS
    )
    middle = (HEIGHT - BOTTOM + TOP) / 2
    names = (
        f'<text x="{_x(0.5):.1f}" y="{HEIGHT - 8}" text-anchor="middle">{across}</text>'
        f'<text transform="rotate(-90 12 {middle})" x="12" y="{middle}" text-anchor="middle">{upwards}</text>'
    )
    return _svg(grid + content + names, label)


def _svg(content: str, label: str, height: int = HEIGHT) -> str:
    return f'<svg viewBox="0 0 {WIDTH} {height}" role="img" aria-label="{label}">{content}</svg>'
