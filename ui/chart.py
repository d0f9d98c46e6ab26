"""A series as a small drawing (SVG): value over time, every point a button that opens its source."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rag.types import Citation, Point
from ui import texts
from ui.escaping import attribute

WIDTH, HEIGHT = 420, 180
LEFT, RIGHT, TOP, BOTTOM = 16, 16, 34, 30  # room around the drawing for labels
LETTER = 6.6  # the width of a letter of a label, roughly
LINE = 16
NEAR = 70  # a label is about as wide


@dataclass(frozen=True, slots=True)
class _Placed:
    """A point where it is drawn."""

    point: Point
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class _Box:
    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: _Box) -> bool:
        return (
            self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom
        )


def chart(points: Sequence[Point], opens: Callable[[Citation], str]) -> str:
    """SVG of the figures of a series; empty where fewer than two moments have one.

    ``opens`` gives the attributes by which a point opens its source.
    """
    dated = [(p.moment.last, float(p.quantity.number), p) for p in points if p.quantity and p.moment.last]
    if len({day for day, _, _ in dated}) < 2:
        return ""
    placed = _placed(dated)
    label = texts.CHART_LABEL.format(count=len(dated), first=dated[0][2].moment.label, last=dated[-1][2].moment.label)
    buttons = "".join(_button(one, opens) for one in placed)
    path = " ".join(f"{one.x:.1f},{one.y:.1f}" for one in placed)
    floor = HEIGHT - BOTTOM
    return (
        f'<svg class="chart" viewBox="0 0 {WIDTH} {HEIGHT}" role="group" aria-label="{attribute(label)}">'
        f'<line class="floor" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{floor}" y2="{floor}"/>'
        f'<polyline points="{path}"/>{_moments(placed)}{_values(placed)}{buttons}</svg>'
    )


def _placed(dated: Sequence[tuple[dt.date, float, Point]]) -> list[_Placed]:
    """Days to x, values to y; the values' axis begins at nothing, so that a rise looks as large as it is."""
    days = [day.toordinal() for day, _, _ in dated]
    lowest, highest = min(0.0, *(value for _, value, _ in dated)), max(0.0, *(value for _, value, _ in dated))
    spread = (highest - lowest) or 1.0
    edge = 36  # so that the labels of the first and the last point have room
    across = WIDTH - LEFT - RIGHT - 2 * edge
    up = HEIGHT - TOP - BOTTOM
    return [
        _Placed(
            point,
            LEFT + edge + across * (day - min(days)) / (max(days) - min(days)),
            HEIGHT - BOTTOM - up * (value - lowest) / spread,
        )
        for day, (_, value, point) in zip(days, dated, strict=True)
    ]


def _values(placed: Sequence[_Placed]) -> str:
    """The words of each value above, below or beside its point, the last one first; those without room are left out."""
    taken = [_Box(one.x - 5, one.y - 5, one.x + 5, one.y + 5) for one in placed]
    drawn = []
    for one in sorted(placed, key=lambda p: (p is not placed[-1], p is not placed[0], p.y)):
        words = " ".join(one.point.value.split())
        wide = LETTER * len(words)
        above, below, beside = (one.x, one.y - 10), (one.x, one.y + 22), (one.x + wide / 2 + 10, one.y + 5)
        climbs = any(0 < other.x - one.x < NEAR and other.y < one.y for other in placed)  # above stands the next point
        for wished, y in (below, beside, above) if climbs else (above, below, beside):
            x = min(max(wished, wide / 2 + 2), WIDTH - wide / 2 - 2)
            box = _Box(x - wide / 2, y - LINE + 3, x + wide / 2, y + 3)
            if box.top > 0 and box.bottom < HEIGHT - BOTTOM and not any(box.meets(other) for other in taken):
                taken.append(box)
                drawn.append(f'<text class="value" x="{x:.1f}" y="{y:.1f}">{attribute(words)}</text>')
                break
    return "".join(drawn)


def _moments(placed: Sequence[_Placed]) -> str:
    """Labels of the moments below the axis, first and last before those between, as far as there is room."""
    taken: list[_Box] = []
    drawn = []
    order = sorted(range(len(placed)), key=lambda i: (i not in (0, len(placed) - 1), i))
    seen: set[str] = set()
    for one in (placed[i] for i in order):
        words = " ".join(one.point.moment.label.split())
        wide = LETTER * len(words)
        x = min(max(one.x, wide / 2 + 2), WIDTH - wide / 2 - 2)
        box = _Box(x - wide / 2 - 6, 0, x + wide / 2 + 6, 1)
        if words in seen or any(box.meets(other) for other in taken):
            continue
        seen.add(words)
        taken.append(box)
        drawn.append(f'<text class="moment" x="{x:.1f}" y="{HEIGHT - 8}">{attribute(words)}</text>')
    return "".join(drawn)


def _button(one: _Placed, opens: Callable[[Citation], str]) -> str:
    citation = one.point.citation
    words = " ".join(f"{one.point.value}, {one.point.moment.label}: {citation.title}".split())
    return (
        f'<g class="point" role="button" tabindex="0" {opens(citation)} aria-label="{attribute(words)}">'
        f"<title>{attribute(words)}</title>"
        f'<circle class="reach" cx="{one.x:.1f}" cy="{one.y:.1f}" r="14"/>'
        f'<circle cx="{one.x:.1f}" cy="{one.y:.1f}" r="4.5"/></g>'
    )
