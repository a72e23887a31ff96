"""The types of the protocol, read from the server's own structs: what another language has to know of them."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from enum import Enum, StrEnum
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, NewType, Union, cast, get_args, get_origin, get_type_hints

from msgspec import Struct
from msgspec.structs import FieldInfo, fields


class Scalar(StrEnum):
    """A value with no name of its own."""

    TEXT = "text"
    INTEGER = "integer"
    FLAG = "flag"
    BYTES = "bytes"
    "Raw in a frame, base64 in JSON."
    DECIMAL = "decimal"
    "A decimal text, such as `13.50`."
    NOTHING = "nothing"


class Named(Struct, frozen=True):
    """A struct, an enum or an id, by its class or `NewType`."""

    of: Any


class ListOf(Struct, frozen=True):
    """An array."""

    item: "Shape"


class MapOf(Struct, frozen=True):
    """An object with keys of one kind."""

    key: "Shape"
    value: "Shape"


class OneOf(Struct, frozen=True):
    """A choice."""

    choices: tuple["Shape", ...]


class Words(Struct, frozen=True):
    """A text, one of these."""

    words: tuple[str, ...]


Shape = Scalar | Named | ListOf | MapOf | OneOf | Words

_SCALARS: dict[object, Scalar] = {
    str: Scalar.TEXT,
    int: Scalar.INTEGER,
    bool: Scalar.FLAG,
    bytes: Scalar.BYTES,
    Decimal: Scalar.DECIMAL,
    NoneType: Scalar.NOTHING,
}


class Field(Struct, frozen=True, kw_only=True):
    """A field of a struct."""

    name: str
    shape: Shape
    is_omitted: bool
    "Whether it is absent where it has its default."


def shape_of(annotation: Any) -> Shape:
    """The shape that an annotation describes.

    Raises:
        TypeError: the protocol has no such type.
    """
    if annotation in _SCALARS:
        return _SCALARS[annotation]
    if is_named(annotation):
        return Named(annotation)
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin in (Union, UnionType):
        return OneOf(tuple(shape_of(each) for each in arguments))
    if origin is Literal:
        return Words(arguments)
    if origin is Annotated:
        return shape_of(arguments[0])
    if origin is dict:
        return MapOf(shape_of(arguments[0]), shape_of(arguments[1]))
    if origin is tuple and arguments[1:] == (...,):
        return ListOf(shape_of(arguments[0]))
    raise TypeError(f"the protocol has no type {annotation}")


def is_named(annotation: object) -> bool:
    """Whether an annotation is a struct, an enum or an id."""
    return isinstance(annotation, NewType) or (isinstance(annotation, type) and issubclass(annotation, Struct | Enum))


def fields_of(struct: type[Struct]) -> tuple[Field, ...]:
    """The fields of a struct, in order, without its tag."""
    hints = get_type_hints(struct)
    return tuple(_field(struct, info, hints[info.name]) for info in fields(struct))


def _field(struct: type[Struct], info: FieldInfo, annotation: Any) -> Field:
    is_omitted = struct.__struct_config__.omit_defaults and not info.required
    return Field(name=info.encode_name, shape=shape_of(annotation), is_omitted=is_omitted)


def leaves(shape: Shape) -> Iterator[Scalar | Named | Words]:
    """The scalars and named types that a shape speaks of, directly."""
    match shape:
        case ListOf(item):
            yield from leaves(item)
        case MapOf(key, value):
            yield from (*leaves(key), *leaves(value))
        case OneOf(choices):
            yield from (leaf for choice in choices for leaf in leaves(choice))
        case _:
            yield shape


def reachable(roots: Iterable[Any]) -> list[Any]:
    """The named types and, after each, those that its fields speak of; every one once."""
    found: dict[Any, None] = {}
    for root in roots:
        _gather(root, found)
    return list(found)


def _gather(named: Any, found: dict[Any, None]) -> None:
    if named in found:
        return
    found[named] = None
    if is_struct(named):
        for field in fields_of(named):
            for leaf in leaves(field.shape):
                if isinstance(leaf, Named):
                    _gather(leaf.of, found)


def is_struct(named: Any) -> bool:
    """Whether a named type is a struct."""
    return isinstance(named, type) and issubclass(named, Struct)


def members_of(union: Any) -> tuple[type[Struct], ...]:
    """The structs of a tagged union."""
    return cast("tuple[type[Struct], ...]", get_args(union))
