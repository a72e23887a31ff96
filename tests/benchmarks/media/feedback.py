"""Transport-wide feedback of a load seat: when each numbered packet arrived, as Chromium tells it.

Source: draft-holmer-rmcat-transport-wide-cc-extensions-01.
"""

import struct
from collections.abc import Iterable

TICK_NS = 250_000
REFERENCE_TICKS = 256
EVERY_S = 0.1
MAX_PACKETS = 350
"Of one message, so that it fits into a datagram."
_LONGEST_TICKS = 0x7000
_HEAD = struct.Struct("!BBHIIHHI")
_SMALL, _LARGE = 1, 2


class Feedback:
    """Collects arrivals of one connection; numbers are 16 bits wide."""

    def __init__(self) -> None:
        self._arrived: list[tuple[int, int]] = []  # number, ticks
        self._messages = 0

    def arrived(self, number: int, nanoseconds: int) -> None:
        """Note a packet by its number and arrival time."""
        self._arrived.append((number, nanoseconds // TICK_NS))

    def due(self, sender_ssrc: int, media_ssrc: int) -> list[bytes]:
        """The RTCP packets that tell of everything since the last call."""
        waiting, self._arrived = self._arrived, []
        return [
            self._message(waiting[at : at + MAX_PACKETS], sender_ssrc, media_ssrc)
            for at in range(0, len(waiting), MAX_PACKETS)
        ]

    def _message(self, arrived: list[tuple[int, int]], sender_ssrc: int, media_ssrc: int) -> bytes:
        base = arrived[0][0]
        ticks: dict[int, int] = {}
        for number, at in arrived:
            ticks.setdefault((number - base) & 0xFFFF, at)
        count = max(place for place in ticks if place < 0x8000) + 1
        reference = arrived[0][1] // REFERENCE_TICKS
        statuses, deltas, last = [], [], reference * REFERENCE_TICKS
        for place in range(count):
            at_ticks = ticks.get(place)
            delta = 0 if at_ticks is None else max(-_LONGEST_TICKS, min(at_ticks - last, _LONGEST_TICKS))
            is_small = 0 <= delta <= 255
            statuses.append(0 if at_ticks is None else _SMALL if is_small else _LARGE)
            if at_ticks is not None:
                deltas.append(bytes([delta]) if is_small else struct.pack("!h", delta))
                last += delta
        chunks = b"".join(struct.pack("!H", chunk) for chunk in _chunks(statuses))
        body = chunks + b"".join(deltas)
        body += bytes(-len(body) % 4)
        words = (_HEAD.size + len(body)) // 4 - 1
        tail = (reference & 0xFFFFFF) << 8 | self._messages & 0xFF
        self._messages += 1
        return _HEAD.pack(0x8F, 205, words, sender_ssrc, media_ssrc, base, count, tail) + body


def _chunks(statuses: list[int]) -> Iterable[int]:
    """One run if all are alike, else vectors of seven."""
    if len(set(statuses)) == 1:
        yield statuses[0] << 13 | len(statuses)
        return
    for at in range(0, len(statuses), 7):
        chunk = 0xC000
        for place, status in enumerate(statuses[at : at + 7]):
            chunk |= status << (12 - 2 * place)
        yield chunk
