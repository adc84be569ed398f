"""Charts drawn by the server as SVG: they print, need no script, and carry their figures in a table beneath."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from django.utils.functional import Promise
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

# The drawing is 720 × 210, as components/line_chart.html says; these are the edges of the part where the line runs.
LEFT, RIGHT, TOP, BOTTOM = 44, 674, 14, 184
STEPS = (1, 2, 2.5, 5, 10)


@dataclass(frozen=True)
class Point:
    """One value of the line. ``label`` names it on the axis and in the table: a date as this page writes dates.

    A ``value`` of None is missing, not zero: the line stops there. ``cells`` go into the table, under ``more_labels``.
    """

    label: str
    value: int | None
    cells: tuple[str | int, ...] = ()


@dataclass(frozen=True)
class Segment:
    """A stretch of the line without a gap, and the area beneath it, as SVG points."""

    line: str
    area: str


@dataclass(frozen=True)
class Tick:
    value: int
    y: int


@dataclass(frozen=True)
class AxisLabel:
    text: str
    x: int


@dataclass(frozen=True)
class LineChart:
    """A line over time with the area beneath it, and a dotted ceiling if there is a ``limit``.

    The axis starts at zero unless all values lie in a narrow band far above it: then it starts below the lowest, and the
    grid lines say so with their numbers.
    """

    title: str | Promise
    points: Sequence[Point]
    value_label: str | Promise  # what the numbers count, as head of the table's column
    label_label: str | Promise  # what the labels are: "Night of"
    limit: int | None = None
    limit_label: str | Promise = ""
    more_labels: Sequence[str | Promise] = ()

    @cached_property
    def known(self) -> list[tuple[int, int]]:
        """``(index, value)`` of the points that have a value. Empty: there is nothing to draw."""
        return [(index, point.value) for index, point in enumerate(self.points) if point.value is not None]

    @property
    def lowest(self) -> int:
        return min(value for _index, value in self.known)

    @property
    def highest(self) -> int:
        return max(value for _index, value in self.known)

    @property
    def last(self) -> int:
        return self.known[-1][1]

    @cached_property
    def ticks(self) -> list[Tick]:
        """Three to six round numbers that hold all values and the limit."""
        top = max(self.highest, self.limit or 0, 1)
        low = self.lowest
        floor = 0 if low < top * 0.6 else low - (top - low)
        raw = (top - floor) / 4
        magnitude = 10 ** math.floor(math.log10(raw)) if raw >= 1 else 1
        step = next(math.ceil(factor * magnitude) for factor in STEPS if factor * magnitude >= raw)
        first, last = math.floor(floor / step) * step, math.ceil(top / step) * step
        values = range(first, last + 1, step)
        return [Tick(value, round(BOTTOM - (BOTTOM - TOP) * (value - first) / (last - first))) for value in values]

    @cached_property
    def segments(self) -> list[Segment]:
        runs = groupby(enumerate(self.known), key=lambda ranked: ranked[1][0] - ranked[0])  # same rank gap: neighbours
        return [self._segment([known for _rank, known in run]) for _gap, run in runs]

    @property
    def rows(self) -> SafeString:
        """The rows of the table, drawn in one go: a month of nights is a tenth of what its page costs."""
        return format_html_join(
            "\n",
            '<tr><th scope="row">{}</th><td class="n">{}</td>{}</tr>',
            (
                (
                    point.label,
                    "–" if point.value is None else point.value,
                    format_html_join("", '<td class="n">{}</td>', ((cell,) for cell in point.cells)),
                )
                for point in self.points
            ),
        )

    @property
    def end(self) -> tuple[int, int]:
        index, value = self.known[-1]
        return self._x(index), self._y(value)

    @property
    def limit_y(self) -> int | None:
        return None if self.limit is None else self._y(self.limit)

    @property
    def value_y(self) -> int:
        """Where the last value is written: at its dot, or lower when the limit is written there."""
        y = self.end[1] + 4
        return y if self.limit_y is None or abs(y - self.limit_y - 4) >= 14 else self.limit_y + 18

    @property
    def axis_labels(self) -> list[AxisLabel]:
        """About six labels, the last one always among them."""
        every = max(1, math.ceil(len(self.points) / 6))
        last = len(self.points) - 1
        return [AxisLabel(self.points[i].label, self._x(i)) for i in range(last, -1, -every)][::-1]

    def _segment(self, run: list[tuple[int, int]]) -> Segment:
        spots = [(self._x(index), self._y(value)) for index, value in run]
        if len(spots) == 1:  # a point alone would have no length
            [(x, y)] = spots
            spots = [(x - 2, y), (x + 2, y)]
        line = " ".join(f"{x},{y}" for x, y in spots)
        return Segment(line, f"{spots[0][0]},{BOTTOM} {line} {spots[-1][0]},{BOTTOM}")

    def _x(self, index: int) -> int:
        return round(LEFT + (RIGHT - LEFT) * index / max(1, len(self.points) - 1))

    def _y(self, value: int) -> int:
        bottom, top = self.ticks[0].value, self.ticks[-1].value
        return round(BOTTOM - (BOTTOM - TOP) * (value - bottom) / (top - bottom))
