"""Transport-wide feedback: when each numbered packet of a connection arrived, as bytes.

One numbering runs over all streams of a connection, in a header extension; the receiver tells the arrival times, and
the sender judges the path from them. It is written here and read in C (`hot_path/feedback.c`): we read as many as
there are listeners. Source: draft-holmer-rmcat-transport-wide-cc-extensions-01.
"""

import struct
from collections.abc import Iterator, Sequence

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
