"""Frames as bytes: msgpack, read within limits on size, depth and counts.

What comes from outside is measured before it is built: a few bytes can claim a million entries, many levels deep, and
msgpack makes room for them as it reads the claim.
Source: https://github.com/msgpack/msgpack/blob/master/spec.md
"""

from collections.abc import Iterator
from typing import Any, Final, NamedTuple, cast

import msgpack  # type: ignore[import-untyped]  # it ships no types; `pack` and `_unpack` give them back
import msgspec
from msgspec import Struct

from server.domain.errors import Rejection
from server.session.frames import AnyFromSeat, AnyToSeat
from server.web.signal_frames import AnySignalFromSeat, AnySignalToSeat


class MalformedFrame(Rejection):
    """Bytes that are no frame of this protocol."""

    code = "malformed_frame"
    sentence = "This is no frame of the protocol: {detail}."


class Limits(Struct, frozen=True, kw_only=True):
    """How much one frame may hold."""

    size: int
    "Bytes."
    depth: int
    "Maps and arrays inside one another."
    items: int
    "Values in all, the keys of maps included."


FRAME_LIMIT: Final = 256 * 1024
"Bytes of a frame from a seat; the largest hands in a sheet of 40 bids with 100 criteria, as one text."

FROM_SEAT: Final = Limits(size=FRAME_LIMIT, depth=12, items=20_000)

TO_SEAT: Final = Limits(size=256 * 1024 * 1024, depth=12, items=2_000_000)
"A frame from the server, for clients in Python: the record of a long sitting comes in one."


def pack(frame: AnyFromSeat | AnyToSeat | AnySignalFromSeat | AnySignalToSeat) -> bytes:
    """A frame's bytes; byte strings stay raw."""
    return cast("bytes", msgpack.packb(msgspec.to_builtins(frame, builtin_types=(bytes,))))


def unpack(data: bytes) -> AnyFromSeat:
    """What a seat sent.

    Raises:
        MalformedFrame: beyond `FROM_SEAT`, not msgpack, or no frame that a seat sends.
    """
    return cast("AnyFromSeat", _unpack(data, AnyFromSeat, FROM_SEAT))


def unpack_to_seat(data: bytes) -> AnyToSeat:
    """What the server sent.

    Raises:
        MalformedFrame: beyond `TO_SEAT`, not msgpack, or no frame that the server sends.
    """
    return cast("AnyToSeat", _unpack(data, AnyToSeat, TO_SEAT))


def unpack_signal(data: bytes) -> AnySignalFromSeat:
    """What a seat sent on the signal socket.

    Raises:
        MalformedFrame: as `unpack`.
    """
    return cast("AnySignalFromSeat", _unpack(data, AnySignalFromSeat, FROM_SEAT))


def unpack_signal_to_seat(data: bytes) -> AnySignalToSeat:
    """What the server sent on the signal socket.

    Raises:
        MalformedFrame: as `unpack_to_seat`.
    """
    return cast("AnySignalToSeat", _unpack(data, AnySignalToSeat, TO_SEAT))


def _unpack(data: bytes, frame_type: Any, limits: Limits) -> object:
    _measure(data, limits)
    try:
        fields = msgpack.unpackb(data, object_pairs_hook=_without_duplicates)
        return msgspec.convert(fields, frame_type, builtin_types=(bytes,))
    except (ValueError, msgspec.ValidationError) as error:
        raise MalformedFrame(detail=error) from error


def _without_duplicates(pairs: list[tuple[str, object]]) -> dict[str, object]:
    fields = dict(pairs)
    if len(fields) < len(pairs):
        raise MalformedFrame(detail="a key stands twice in one map")
    return fields


# -- measuring ---------------------------------------------------------------------------------------------------------


class _Head(NamedTuple):
    """What the first byte of a value says."""

    counter: int = 0
    "Bytes that follow and hold a number."
    number: int = 0
    "The number itself, where no bytes hold it."
    values_each: int = 0
    "What the number counts: 0 bytes, 1 elements, 2 keys with their values."


def _heads() -> Iterator[tuple[int, _Head]]:
    """Every kind of value that a frame may hold: no fractions, no extensions."""
    yield from ((kind, _Head()) for kind in (*range(0x80), *range(0xE0, 0x100), 0xC0, 0xC2, 0xC3))
    yield from ((kind, _Head(number=1 << kind % 4)) for kind in range(0xCC, 0xD4))  # integers of 1, 2, 4, 8 bytes
    yield from ((0xA0 + length, _Head(number=length)) for length in range(32))
    for first in (0xC4, 0xD9):  # bytes and texts with a length of 1, 2 or 4 bytes
        yield from ((first + place, _Head(counter=1 << place)) for place in range(3))
    for short, long, values_each in ((0x90, 0xDC, 1), (0x80, 0xDE, 2)):
        yield from ((short + count, _Head(number=count, values_each=values_each)) for count in range(16))
        yield from ((long + place, _Head(counter=2 << place, values_each=values_each)) for place in range(2))


_HEADS: Final = dict(_heads())


def _measure(data: bytes, limits: Limits) -> None:
    """Refuse bytes beyond the limits; whether they are a frame is judged by those who read them afterwards."""
    if len(data) > limits.size:
        raise MalformedFrame(detail=f"more than {limits.size} bytes")
    at, items = 0, 0
    waiting = [1]  # how many values are still to come, for each open array or map
    while waiting:
        if waiting[-1] == 0:
            waiting.pop()
            continue
        waiting[-1] -= 1
        at, inside = _step(data, at)
        items += inside
        if at + inside > len(data):
            raise MalformedFrame(detail="it ends too early")
        if items > limits.items:
            raise MalformedFrame(detail=f"more than {limits.items} values")
        if inside:
            waiting.append(inside)
        if len(waiting) - 1 > limits.depth:
            raise MalformedFrame(detail=f"more than {limits.depth} levels")


def _step(data: bytes, at: int) -> tuple[int, int]:
    """Past one value, or to the first of those inside it: where to go on, and how many are inside."""
    if at >= len(data):
        raise MalformedFrame(detail="it ends too early")
    head = _HEADS.get(data[at])
    if head is None:
        raise MalformedFrame(detail=f"a value of the kind 0x{data[at]:02x}")
    at += 1
    number = int.from_bytes(data[at : at + head.counter]) if head.counter else head.number
    at += head.counter
    return (at, number * head.values_each) if head.values_each else (at + number, 0)
