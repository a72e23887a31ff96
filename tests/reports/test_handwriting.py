import re
from itertools import pairwise

import msgspec
import pytest

from server.reports.handwriting import MAX_INK_POINTS, Handwriting, Point, check_handwriting, draw_handwriting
from server.reports.rejections import HandwritingUnusable

LINE = (Point(0.1, 0.1, 0.5), Point(0.5, 0.5, 0.5), Point(0.9, 0.1, 0.5))


def _zigzag(count: int) -> tuple[Point, ...]:
    """A line that no thinning can shorten unseen."""
    return tuple(Point(place / count, 0.1 + 0.8 * (place % 2), 0.5) for place in range(count))


def test_line_becomes_curves_within_the_box() -> None:
    drawing = draw_handwriting([LINE], 124, 51).decode().splitlines()

    first, second = ([float(number) for number in re.findall(r"[-0-9.]+", line)] for line in drawing[1:-1])
    assert (drawing[0], drawing[-1]) == ("q 1 J 1 j 0.05 0.10 0.45 RG", "Q")
    assert first[:3] == [1.45, 13.32, 44.98]  # its width; it begins left above
    assert first[-2:] == second[1:3] == [62.0, 25.5]
    assert second[-2:] == [110.68, 44.98]  # it ends right above


def test_pressure_makes_the_ink_wider() -> None:
    light, heavy = (
        draw_handwriting([[Point(0, 0, pressure), Point(1, 1, pressure)]], 100, 100) for pressure in (0.0, 1.0)
    )

    assert light.splitlines()[1].startswith(b"1.20 w")
    assert heavy.splitlines()[1].startswith(b"4.50 w")


def test_width_does_not_jump() -> None:
    swelling = [Point(place / 10, place / 10, place / 10) for place in range(11)]

    drawing = draw_handwriting([swelling], 100, 100).decode().splitlines()

    widths = [float(line.split()[0]) for line in drawing[1:-1]]
    assert widths == sorted(widths)
    assert max(after - before for before, after in pairwise(widths)) <= 0.21


def test_dot_is_drawn() -> None:
    drawing = draw_handwriting([LINE, [Point(0.5, 0.5, 0.5)]], 100, 100).splitlines()

    assert drawing[-2].endswith(b" w 50.00 50.00 m 50.00 50.00 l S")


def test_points_on_a_straight_line_are_left_out() -> None:
    straight = [Point(place / 1000, 0.5, 0.5) for place in range(1000)]

    assert draw_handwriting([straight], 124, 51).count(b" c S") <= 1000 / 32 + 1


def test_the_largest_drawing_costs_not_much_more_than_a_name() -> None:
    drawing = draw_handwriting([_zigzag(400) for _ in range(10)], 124, 51)

    assert drawing.count(b" c S") <= MAX_INK_POINTS
    assert len(drawing) < 25_000


@pytest.mark.parametrize(
    ("strokes", "detail"),
    [
        ((), "no line that can be seen"),
        (((),), "no line that can be seen"),
        (((Point(0.5, 0.5, 0.5),),), "no line that can be seen"),
        (((Point(0.5, 0.5, 0.5), Point(0.51, 0.51, 0.5)),), "no line that can be seen"),
        ((LINE,) * 201, "more than 200 strokes or 4000 points"),
        ((_zigzag(2001),) * 2, "more than 200 strokes or 4000 points"),
        ((LINE, (Point(1.1, 0, 0),)), "points outside of the pad"),
        ((LINE, (Point(0, float("nan"), 0),)), "points outside of the pad"),
    ],
)
def test_useless_drawing_is_refused(strokes: tuple[tuple[Point, ...], ...], detail: str) -> None:
    with pytest.raises(HandwritingUnusable) as caught:
        draw_handwriting(strokes, 124, 51)

    assert caught.value.facts == {"detail": detail}


@pytest.mark.parametrize("stroke", [LINE, _zigzag(4000)])
def test_proper_drawing_is_accepted(stroke: tuple[Point, ...]) -> None:
    check_handwriting([stroke])


@pytest.mark.parametrize(
    "text",
    [b"[]", b"[[]]", b'[[{"x":2,"y":0,"pressure":0}]]', b'[[{"x":0,"y":0,"pressure":-1}]]', b'[[{"x":0,"y":0}]]'],
)
def test_limits_stand_in_the_type(text: bytes) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(text, type=Handwriting)
