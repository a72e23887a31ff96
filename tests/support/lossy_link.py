"""A UDP relay between a seat and the media port that loses the packets it is told to lose."""

import asyncio
import re
from collections.abc import Callable
from typing import Literal

Direction = Literal["up", "down"]


class _End(asyncio.DatagramProtocol):
    def __init__(self, received: Callable[[bytes, tuple[str, int]], None]) -> None:
        self._received = received

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        self._received(data, addr)


class LossyLink:
    """Stands between one seat and the server.

    Args:
        loses: whether a datagram is lost on its way; only media may be lost, so that the connection itself stands.
    """

    def __init__(self, loses: Callable[[Direction, bytes], bool]) -> None:
        self.lost = 0
        self._loses = loses
        self._seat: tuple[str, int] | None = None

    async def through(self, offer: str) -> str:
        """The offer with our own port in the place of the server's; the relay runs from now on."""
        loop = asyncio.get_running_loop()
        found = re.search(r"udp \d+ (\S+) (\d+) typ host", offer)
        assert found is not None
        host, port = found.group(1), int(found.group(2))
        inner, _ = await loop.create_datagram_endpoint(lambda: _End(self._down), remote_addr=(host, port))
        outer, _ = await loop.create_datagram_endpoint(lambda: _End(self._up), local_addr=(host, 0))
        self._inner, self._outer = inner, outer
        return offer.replace(f" {host} {port} typ host", f" {host} {outer.get_extra_info('sockname')[1]} typ host")

    def _up(self, data: bytes, sender: tuple[str, int]) -> None:
        self._seat = sender
        if not self._is_lost("up", data):
            self._inner.sendto(data)

    def _down(self, data: bytes, sender: tuple[str, int]) -> None:
        if self._seat is not None and not self._is_lost("down", data):
            self._outer.sendto(data, self._seat)

    def _is_lost(self, direction: Direction, data: bytes) -> bool:
        is_lost = self._loses(direction, data)
        self.lost += is_lost
        return is_lost

    def close(self) -> None:
        """Cut the link."""
        self._inner.close()
        self._outer.close()


def every_tenth_video_packet(direction: Direction) -> Callable[[Direction, bytes], bool]:
    """Loses each tenth large SRTP packet that goes one way."""
    count = 0

    def loses(going: Direction, data: bytes) -> bool:
        nonlocal count
        if going != direction or not 128 <= data[0] < 192 or len(data) < 300:
            return False
        count += 1
        return count % 10 == 0

    return loses
