"""Plots as SVG, on logarithmic axes: what is twice as far is so many times as much."""

import math
from collections.abc import Mapping, Sequence

WIDTH, HEIGHT = 720, 380
LEFT, RIGHT, TOP, BOTTOM = 64, 150, 40, 48
COLOURS = {
    "tributary": "#0b6bcb",
    "mercurius": "#c4570c",
    "apollo": "#7a3fb8",
    "strawberry": "#c2304a",
    "limit": "#4a4f55",
}
Points = Sequence[tuple[float, float]]


class _Axis:
    """Values on a logarithmic axis to places in the picture, between whole powers of ten."""

    def __init__(self, values: Sequence[float], start: float, end: float) -> None:
        usable = [value for value in values if value > 0] or [1.0]
        self._low = math.floor(math.log10(min(usable)))
        self._high = max(self._low + 1, math.ceil(math.log10(max(usable))))
        self._start, self._end = start, end

    def place(self, value: float) -> float:
        """Where a value is; what is not above 0 is at the start."""
        if value <= 0:
            return self._start
        share = (math.log10(value) - self._low) / (self._high - self._low)
        return round(self._start + share * (self._end - self._start), 1)

    @property
    def ticks(self) -> Sequence[float]:
        """The powers of ten."""
        return [10.0**power for power in range(self._low, self._high + 1)]


def lines(title: str, across: str, up: str, curves: Mapping[str, Points]) -> str:
    """One line for each gateway."""
    xs = _Axis([x for points in curves.values() for x, _ in points], LEFT, WIDTH - RIGHT)
    ys = _Axis([y for points in curves.values() for _, y in points], HEIGHT - BOTTOM, TOP)
    parts = [*_frame(title, up, ys), _text(WIDTH - RIGHT, HEIGHT - 10, across, anchor="end")]
    parts += [_text(xs.place(tick), HEIGHT - BOTTOM + 18, _number(tick), anchor="middle") for tick in xs.ticks]
    for name, points in curves.items():
        places = [(xs.place(x), ys.place(y)) for x, y in points]
        path = " ".join(f"{x},{y}" for x, y in places)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{COLOURS[name]}" stroke-width="2"/>')
        parts += [f'<circle cx="{x}" cy="{y}" r="3" fill="{COLOURS[name]}"/>' for x, y in places]
    return _picture([*parts, *_legend(curves)])


def bars(title: str, up: str, groups: Sequence[str], heights: Mapping[str, Sequence[float]]) -> str:
    """For each group one bar of each gateway."""
    ys = _Axis([height for each in heights.values() for height in each], HEIGHT - BOTTOM, TOP)
    room = (WIDTH - LEFT - RIGHT) / len(groups)
    width = room * 0.8 / max(1, len(heights))
    parts = _frame(title, up, ys)
    for at, group in enumerate(groups):
        start = LEFT + at * room + room * 0.1
        parts.append(_text(start + room * 0.4, HEIGHT - BOTTOM + 18, group, anchor="middle"))
        for place, (name, each) in enumerate(heights.items()):
            top = ys.place(each[at])
            where = f'x="{start + place * width:.1f}" y="{top}" width="{width - 1:.1f}"'
            parts.append(f'<rect {where} height="{HEIGHT - BOTTOM - top:.1f}" fill="{COLOURS[name]}"/>')
    return _picture([*parts, *_legend(heights)])


def _frame(title: str, up: str, ys: _Axis) -> list[str]:
    parts = [_text(LEFT, 20, title, size=15), _text(LEFT, TOP - 6, up)]
    for tick in ys.ticks:
        y = ys.place(tick)
        parts.append(f'<line x1="{LEFT}" y1="{y}" x2="{WIDTH - RIGHT}" y2="{y}" stroke="#d0d4d9"/>')
        parts.append(_text(LEFT - 6, y + 4, _number(tick), anchor="end"))
    return parts


def _legend(names: Mapping[str, object]) -> list[str]:
    left, parts = WIDTH - RIGHT + 16, []
    for at, name in enumerate(names):
        y = TOP + 10 + at * 22
        parts.append(f'<rect x="{left}" y="{y - 10}" width="12" height="12" fill="{COLOURS[name]}"/>')
        parts.append(_text(left + 18, y, name))
    return parts


def _text(x: float, y: float, text: str, *, anchor: str = "start", size: int = 12) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="{anchor}" fill="#24292f">{text}</text>'


def _picture(parts: Sequence[str]) -> str:
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif">'
    return "\n".join([head, f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>', *parts, "</svg>", ""])


def _number(value: float) -> str:
    return f"{value:g}" if value < 1000 else f"{value:,.0f}"
