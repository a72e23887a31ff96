from decimal import Decimal
from typing import Annotated, Literal

import pytest
from msgspec import Meta, Struct

from server.domain.ids import Alias, Seq
from server.domain.phases import Stage
from server.domain.scoring.criteria import Group
from server.web.protocol.shapes import (
    Field,
    ListOf,
    MapOf,
    Named,
    OneOf,
    Scalar,
    Shape,
    Words,
    fields_of,
    leaves,
    reachable,
    shape_of,
)


class Leaf(Struct, kw_only=True, omit_defaults=True):
    place: Seq
    note: str | None = None


class Tree(Struct):
    leaf: Leaf
    by: dict[Alias, tuple[Stage, ...]]


@pytest.mark.parametrize(
    ("annotation", "shape"),
    [
        (bool, Scalar.FLAG),
        (Decimal, Scalar.DECIMAL),
        (Alias, Named(Alias)),
        (Stage, Named(Stage)),
        (Annotated[int, Meta(ge=0)], Scalar.INTEGER),
        (Literal["a", "b"], Words(("a", "b"))),
        (bytes | None, OneOf((Scalar.BYTES, Scalar.NOTHING))),
        (dict[Alias, tuple[str, ...]], MapOf(Named(Alias), ListOf(Scalar.TEXT))),
    ],
)
def test_shape_of_tells_what_an_annotation_is(annotation: object, shape: Shape) -> None:
    assert shape_of(annotation) == shape


@pytest.mark.parametrize("annotation", [float, set[str], tuple[int, str], list[str], object])
def test_shape_of_refuses_what_the_protocol_has_not(annotation: object) -> None:
    with pytest.raises(TypeError, match="the protocol has no type"):
        shape_of(annotation)


def test_fields_of_tells_which_fields_can_be_absent() -> None:
    assert fields_of(Leaf) == (
        Field(name="place", shape=Named(Seq), is_omitted=False),
        Field(name="note", shape=OneOf((Scalar.TEXT, Scalar.NOTHING)), is_omitted=True),
    )


def test_leaves_are_what_a_shape_speaks_of() -> None:
    shape = MapOf(Named(Alias), ListOf(OneOf((Scalar.TEXT, Words(("a",))))))

    assert list(leaves(shape)) == [Named(Alias), Scalar.TEXT, Words(("a",))]


def test_reachable_names_every_type_once_in_reading_order() -> None:
    assert reachable([Tree, Leaf]) == [Tree, Leaf, Seq, Alias, Stage]


def test_reachable_ends_where_a_type_holds_itself() -> None:
    assert reachable([Group])[0] is Group
