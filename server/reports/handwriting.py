"""Handwriting from a signature pad, drawn as ink: vector curves on the page, sharp in print and a few kilobytes.

Points are thinned first, then joined by curves through all that stay (Catmull-Rom, as Bézier curves), whose width
follows the pressure of the pen. Raw strokes are biometric data: they end here, and only the picture goes on the page.
"""

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Annotated

import msgspec

from server.reports.rejections import HandwritingUnusable

MAX_STROKES = 200
MAX_POINTS = 4000
MAX_INK_POINTS = 400
"More are thinned further; two for every stroke always fit. About 60 bytes each on the page."
SMALLEST_EXTENT = 0.05
"Of the pad's width or height: less is a slip of the pen."

INK = "0.05 0.10 0.45 RG"
THINNEST, THICKEST = 0.012, 0.045
"Width of the ink without and with full pressure, by the height of the box."
WIDTH_STEP = 0.2
"Points (1/72 inch) by which the width may jump unseen."
TOLERANCE = 0.08
"Points (1/72 inch) by which the thinned line may miss the drawn one, at first."
WINDOW = 32
"Points thinned together, so that a hostile line of thousands costs no more than a long one."

Share = Annotated[float, msgspec.Meta(ge=0, le=1)]


class Point(msgspec.Struct, frozen=True):
    """Where the pen was: from the pad's left upper corner, as parts of its width and height."""

    x: Share
    y: Share
    pressure: Share
    "0.5 where the device cannot tell."


Stroke = Annotated[tuple[Point, ...], msgspec.Meta(min_length=1, max_length=MAX_POINTS)]
"From pen down to pen up; one point alone is a dot."

Handwriting = Annotated[tuple[Stroke, ...], msgspec.Meta(min_length=1, max_length=MAX_STROKES)]


class _Dab(msgspec.Struct, frozen=True):
    """A point of ink on the page; all in points (1/72 inch), from the box's left lower corner."""

    x: float
    y: float
    width: float


def check_handwriting(strokes: Sequence[Sequence[Point]]) -> None:
    """Whether these strokes can stand for a signature.

    Raises:
        HandwritingUnusable: nothing to see, too much of it, or numbers out of range.
    """
    points = [point for stroke in strokes for point in stroke]
    if len(strokes) > MAX_STROKES or len(points) > MAX_POINTS:
        raise HandwritingUnusable(detail=f"more than {MAX_STROKES} strokes or {MAX_POINTS} points")
    if not all(0 <= share <= 1 for point in points for share in (point.x, point.y, point.pressure)):
        raise HandwritingUnusable(detail="points outside of the pad")
    if not any(_extent(stroke) >= SMALLEST_EXTENT for stroke in strokes):
        raise HandwritingUnusable(detail="no line that can be seen")


def draw_handwriting(strokes: Sequence[Sequence[Point]], width: float, height: float) -> bytes:
    """The strokes as a PDF content stream for a box of this size, in points (1/72 inch).

    Raises:
        HandwritingUnusable: see `check_handwriting`.
    """
    check_handwriting(strokes)
    lines = [_to_page(stroke, width, height) for stroke in strokes if stroke]
    lines = _thinned(lines)
    drawing = [operator for line in lines for operator in _draw_line(line)]
    return "\n".join([f"q 1 J 1 j {INK}", *drawing, "Q"]).encode()


def _extent(stroke: Sequence[Point]) -> float:
    if len(stroke) < 2:
        return 0
    xs, ys = [point.x for point in stroke], [point.y for point in stroke]
    return max(max(xs) - min(xs), max(ys) - min(ys))


def _to_page(stroke: Sequence[Point], width: float, height: float) -> list[_Dab]:
    """The stroke in the box, ink and all; the pressure steadied, since pens report it in jumps."""
    edge = height * THICKEST / 2
    dabs = []
    for place, point in enumerate(stroke):
        around = stroke[max(place - 2, 0) : place + 3]
        pressure = sum(each.pressure for each in around) / len(around)
        thickness = height * (THINNEST + (THICKEST - THINNEST) * pressure)
        x = edge + point.x * (width - 2 * edge)
        y = edge + (1 - point.y) * (height - 2 * edge)
        dabs.append(_Dab(x, y, thickness))
    return dabs


def _thinned(lines: list[list[_Dab]]) -> list[list[_Dab]]:
    """The lines with so many points as are needed, or as are allowed; each keeps its ends."""
    tolerance = TOLERANCE
    thinned = [_thin_line(line, tolerance) for line in lines]
    while sum(map(len, thinned)) > MAX_INK_POINTS:
        tolerance *= 1.5
        thinned = [_thin_line(line, tolerance) for line in thinned]
    return thinned


def _thin_line(line: list[_Dab], tolerance: float) -> list[_Dab]:
    kept = line[:1]
    for start in range(0, len(line) - 1, WINDOW):
        kept += _thin_window(line[start : start + WINDOW + 1], tolerance)
    return kept


def _thin_window(line: list[_Dab], tolerance: float) -> list[_Dab]:
    """The points to keep, without the first. Source: Douglas and Peucker, 1973."""
    first, last = line[0], line[-1]
    misses = [_miss(dab, first, last) for dab in line[1:-1]]
    if not misses or max(misses) <= tolerance:
        return [last]
    turn = misses.index(max(misses)) + 1
    return _thin_window(line[: turn + 1], tolerance) + _thin_window(line[turn:], tolerance)


def _miss(dab: _Dab, first: _Dab, last: _Dab) -> float:
    """How far a point lies from the straight line between two, or its width from the one expected there."""
    dx, dy = last.x - first.x, last.y - first.y
    length = dx * dx + dy * dy
    along = ((dab.x - first.x) * dx + (dab.y - first.y) * dy) / length if length else 0
    along = min(1, max(0, along))
    distance = math.hypot(dab.x - first.x - along * dx, dab.y - first.y - along * dy)
    return max(distance, abs(dab.width - first.width - along * (last.width - first.width)) / 2)


def _draw_line(line: list[_Dab]) -> Iterator[str]:
    if len(line) == 1:
        (dot,) = line
        yield f"{dot.width * 1.5:.2f} w {dot.x:.2f} {dot.y:.2f} m {dot.x:.2f} {dot.y:.2f} l S"
    for place, (begin, end) in enumerate(pairwise(line)):
        before, after = line[max(place - 1, 0)], line[min(place + 2, len(line) - 1)]
        yield from _draw_curve(before, begin, end, after)


def _draw_curve(before: _Dab, begin: _Dab, end: _Dab, after: _Dab) -> Iterator[str]:
    """The curve from `begin` to `end`, in so many pieces that no jump of the width shows."""
    leave = (begin.x + (end.x - before.x) / 6, begin.y + (end.y - before.y) / 6)
    arrive = (end.x - (after.x - begin.x) / 6, end.y - (after.y - begin.y) / 6)
    curve = [(begin.x, begin.y), leave, arrive, (end.x, end.y)]
    pieces = math.ceil(abs(end.width - begin.width) / WIDTH_STEP) or 1
    for left in range(pieces, 0, -1):
        piece, curve = _split(curve, 1 / left)
        width = end.width + (begin.width - end.width) * (left - 0.5) / pieces
        (x, y), *controls = piece
        yield f"{width:.2f} w {x:.2f} {y:.2f} m " + " ".join(f"{x:.2f} {y:.2f}" for x, y in controls) + " c S"


def _split(curve: list[tuple[float, float]], at: float) -> tuple[list[tuple[float, float]], list[tuple[float, float]]]:
    """A Bézier curve as its parts before and after `at` (de Casteljau)."""
    head, tail = [curve[0]], [curve[-1]]
    while len(curve) > 1:
        curve = [(a[0] + (b[0] - a[0]) * at, a[1] + (b[1] - a[1]) * at) for a, b in pairwise(curve)]
        head.append(curve[0])
        tail.append(curve[-1])
    return head, tail[::-1]
