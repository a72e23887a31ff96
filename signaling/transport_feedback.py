"""Transport-wide feedback: when each numbered packet of a connection arrived, as bytes.

One numbering runs over all streams of a connection, in a header extension; the receiver tells the arrival times, and
the sender judges the path from them. Source: draft-holmer-rmcat-transport-wide-cc-extensions-01.
"""

import struct
from collections.abc import Iterator, Sequence
from itertools import accumulate

import msgspec

from signaling.rtp import BadPacket

TICK_S = 0.000_25
"The unit of a delta, and of every time here."
_REFERENCE_TICKS = 256
"The unit of the reference time: 64 ms."

_HEAD = struct.Struct("!HHI")
_CHUNK = struct.Struct("!H")
_LARGE = struct.Struct("!h")
_IS_VECTOR = 0x8000
_IS_TWO_BIT = 0x4000
_LOST, _SMALL_DELTA, _LARGE_DELTA = range(3)
_RUN_LIMIT = 0x1FFF
_PER_VECTOR = 7
_REFERENCE_LIMIT = 1 << 23
MAX_PACKETS = 4096
"Told in one message; an honest receiver tells of some hundred."


class TransportFeedback(msgspec.Struct, frozen=True, kw_only=True):
    """What one message tells."""

    base: int
    "The 16-bit number of the first packet told of."
    count: int
    "Of messages so far, 8 bits."
    arrivals: Sequence[int | None]
    "In ticks of the receiver's clock, of this packet and those after it; None for one that has not come."


def read(body: bytes) -> TransportFeedback:
    """The feedback in a packet's body, behind the two SSRCs.

    Raises:
        BadPacket: it is truncated or tells of too many packets.
    """
    try:
        base, number, reference_and_count = _HEAD.unpack_from(body)
        if number > MAX_PACKETS:
            raise BadPacket("feedback on too many packets")
        reference = reference_and_count >> 8
        if reference >= _REFERENCE_LIMIT:
            reference -= 2 * _REFERENCE_LIMIT
        arrivals = _all_arrivals(body, number, reference * _REFERENCE_TICKS)
    except (struct.error, IndexError) as error:
        raise BadPacket("truncated feedback") from error
    return TransportFeedback(base=base, count=reference_and_count & 0xFF, arrivals=arrivals)


def _all_arrivals(body: bytes, number: int, reference: int) -> Sequence[int | None]:
    """The arrivals in ticks; the usual message tells of one run without loss."""
    if body[_HEAD.size : _HEAD.size + _CHUNK.size] == _CHUNK.pack(_SMALL_DELTA << 13 | number & _RUN_LIMIT):
        at = _HEAD.size + _CHUNK.size
        deltas = body[at : at + number]
        if len(deltas) == number:
            return list(accumulate(deltas, initial=reference))[1:]
    statuses, at = _statuses(body, number)
    return list(_arrivals(body, at, statuses, reference))


def _statuses(body: bytes, number: int) -> tuple[list[int], int]:
    """The status of each packet, and where the deltas begin."""
    statuses: list[int] = []
    at = _HEAD.size
    while len(statuses) < number:
        (chunk,) = _CHUNK.unpack_from(body, at)
        at += _CHUNK.size
        if not chunk & _IS_VECTOR:
            statuses += [chunk >> 13 & 3] * min(chunk & _RUN_LIMIT, number - len(statuses))
            if not chunk & _RUN_LIMIT:
                raise BadPacket("an empty run")
        elif chunk & _IS_TWO_BIT:
            statuses += [chunk >> shift & 3 for shift in range(12, -1, -2)]
        else:
            statuses += [chunk >> shift & 1 for shift in range(13, -1, -1)]
    return statuses[:number], at


def _arrivals(body: bytes, at: int, statuses: list[int], arrived: int) -> Iterator[int | None]:
    for status in statuses:
        if status == _SMALL_DELTA:
            arrived += body[at]
            at += 1
            yield arrived
        elif status == _LARGE_DELTA:
            arrived += int(_LARGE.unpack_from(body, at)[0])
            at += _LARGE.size
            yield arrived
        else:
            yield None


def write(base: int, count: int, ticks: Sequence[int | None]) -> bytes:
    """The body of a message behind the two SSRCs.

    Args:
        base: 16-bit number of the first packet.
        count: of messages so far.
        ticks: arrival of this packet and those after it in quarters of a millisecond, None for one that has not come;
            two that follow each other are less than 8 s apart, and at least one has come.
    """
    reference = next(tick for tick in ticks if tick is not None) // _REFERENCE_TICKS
    before = reference * _REFERENCE_TICKS
    statuses: list[int] = []
    deltas = bytearray()
    for tick in ticks:
        if tick is None:
            statuses.append(_LOST)
            continue
        delta, before = tick - before, tick
        if 0 <= delta <= 0xFF:
            statuses.append(_SMALL_DELTA)
            deltas.append(delta)
        else:
            statuses.append(_LARGE_DELTA)
            deltas += _LARGE.pack(delta)
    head = _HEAD.pack(base, len(ticks), (reference & 0xFFFFFF) << 8 | count & 0xFF)
    body = head + b"".join(_CHUNK.pack(chunk) for chunk in _chunks(statuses)) + deltas
    return body + bytes(-len(body) % 4)


def _chunks(statuses: list[int]) -> Iterator[int]:
    at = 0
    while at < len(statuses):
        run = _run_at(statuses, at)
        if run > _PER_VECTOR or at + run == len(statuses):
            yield statuses[at] << 13 | run
            at += run
        else:
            vector = statuses[at : at + _PER_VECTOR]
            vector += [_LOST] * (_PER_VECTOR - len(vector))
            yield _IS_VECTOR | _IS_TWO_BIT | sum(s << 12 - 2 * n for n, s in enumerate(vector))
            at += _PER_VECTOR


def _run_at(statuses: list[int], at: int) -> int:
    """How many equal statuses begin here."""
    end = at
    while end < len(statuses) and end - at < _RUN_LIMIT and statuses[end] == statuses[at]:
        end += 1
    return end - at
