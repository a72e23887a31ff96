from enum import Enum
from typing import Annotated

import pytest
from msgspec import Meta, Struct

from server.tender.shapes import shape
from server.tender.yaml_tree import tree_of


class Colour(Enum):
    RED = "red"


class Circle(Struct, tag="circle", tag_field="kind", forbid_unknown_fields=True):
    radius: int


class Square(Struct, tag="square", tag_field="kind", forbid_unknown_fields=True):
    side: int = 1


class Picture(Struct, forbid_unknown_fields=True):
    title: str
    painter: str = ""
    shapes: Annotated[tuple[Circle | Square, ...], Meta(min_length=1, max_length=2)] = (Square(),)
    frame: Square | None = None
    colours: Annotated[
        dict[Annotated[str, Meta(pattern="^[a-z]+$", extra={"code": "id_malformed"})], Colour], Meta()
    ] = {}
    framed: bool = False


class Odd(Struct):
    weight: float


def _found(text: str) -> list[tuple[int, str, str]]:
    return [(one.line, one.path, one.code) for one in shape(tree_of(text), Picture, last_line=9).mistakes]


def test_whole_tree_becomes_a_struct() -> None:
    text = (
        "title: 画\nshapes:\n- {kind: circle, radius: 2}\n- {kind: square}\n"
        "frame: {kind: square, side: 3}\ncolours: {a: red}\nframed: true\n"
    )

    reading = shape(tree_of(text), Picture, last_line=7)

    assert reading.mistakes == ()
    assert reading.part("", Picture) == Picture(
        "画", shapes=(Circle(2), Square()), frame=Square(3), colours={"a": Colour.RED}, framed=True
    )


@pytest.mark.parametrize("text", ["title: 画\nframe: ~\n", "title: 画\nframe:\n", "title: 画\nframe: {}\n"])
def test_what_may_be_left_out_may_be_empty(text: str) -> None:
    assert _found(text) == []


@pytest.mark.parametrize("painter", ["", "~", "''", '" "'])
def test_optional_text_may_be_blank(painter: str) -> None:
    reading = shape(tree_of(f"title: 画\npainter: {painter}"), Picture, last_line=2)

    assert reading.part("", Picture) == Picture("画")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("[]", (1, "", "not_mapping")),
        ("frame: {}", (1, "title", "missing_key")),
        ("title: 画\n\ntitel: x", (3, "titel", "unknown_key")),
        ("title: 画\ntitle: 图", (2, "title", "duplicate_key")),
        ("title: [画]", (1, "title", "not_text")),
        ("title: 画\nshapes: {}", (2, "shapes", "not_list")),
        ("title: 画\nshapes: []", (2, "shapes", "too_few")),
        ("title: 画\nshapes:\n- kind: square\n- kind: square\n- kind: square", (2, "shapes", "too_many")),
        ("title: 画\nshapes:\n- kind: square\n- circle", (4, "shapes[1]", "not_mapping")),
        ("title: 画\nshapes:\n- radius: 1", (3, "shapes[0].kind", "missing_key")),
        ("title: 画\nshapes:\n- radius: 1\n  kind: cirkle", (4, "shapes[0].kind", "unknown_choice")),
        ("title: 画\nshapes:\n- kind: circle", (3, "shapes[0].radius", "missing_key")),
        ("title: 画\nshapes:\n- kind: square\n  side: 1.5", (4, "shapes[0].side", "not_whole_number")),
        ("title: 画\nframe: {kind: circle}", (2, "frame.kind", "unknown_choice")),
        ("title: 画\nframe: 1", (2, "frame", "not_mapping")),
        ("title: 画\ncolours: [a]", (2, "colours", "not_mapping")),
        ("title: 画\ncolours:\n  a: blue", (3, "colours.a", "unknown_choice")),
        ("title: 画\ncolours:\n  A: red", (3, "colours.A", "id_malformed")),
        ("title: 画\ncolours:\n  : red", (3, "colours.", "text_empty")),
        ("title: 画\nframed: yes", (2, "framed", "not_true_or_false")),
    ],
)
def test_mistake_of_form_is_found_in_its_line(text: str, found: tuple[int, str, str]) -> None:
    assert _found(text) == [found]


def test_all_mistakes_come_together() -> None:
    text = "titel: x\nshapes:\n- kind: circle\n  radius: x\n- 1\ncolours: {a: blue, a: red}\nframed: 1\n"

    assert sorted(_found(text)) == [
        (1, "titel", "unknown_key"),
        (1, "title", "missing_key"),
        (4, "shapes[0].radius", "not_whole_number"),
        (5, "shapes[1]", "not_mapping"),
        (6, "colours.a", "duplicate_key"),
        (6, "colours.a", "unknown_choice"),
        (7, "framed", "not_true_or_false"),
    ]


def test_repeated_key_names_both_lines() -> None:
    mistakes = shape(tree_of("title: 画\nframe: ~\n'title ': 图"), Picture, last_line=3).mistakes

    assert [(one.line, one.facts) for one in mistakes] == [(3, {"key": "title", "first_line": 1})]


def test_key_is_shown_without_what_cannot_be_seen() -> None:
    assert _found('title: 画\n"a\\u200b": 1') == [(2, "aU+200B", "unknown_key")]


def test_type_that_the_format_lacks_is_a_bug() -> None:
    with pytest.raises(TypeError, match="the format of tender files has no"):
        shape(tree_of("weight: 1"), Odd, last_line=1)
