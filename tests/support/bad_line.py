"""A bad line between seats and a server: a seeded UDP relay with delay, jitter, loss, a narrow width, cuts and a block.

`Way` is one direction, pure: when a datagram comes out, or that it never does. `BadLine` carries the datagrams. A door
is an address of ours that stands for one of a server; every seat that knocks at it gets a socket of its own towards
the server, as a router would give it, so the server tells seats apart and answers each one. Everything that goes
through one line shares its width and its queue. Doors may lie on any local address: on two loopback addresses, or at
this end of a cable into another network namespace.
"""

import asyncio
import math
import random
import re
import socket
from collections import deque
from collections.abc import Callable

import msgspec

Address = tuple[str, int]
Receive = Callable[[bytes, Address], None]

BUFFER_BYTES = 1 << 20
MAX_BYTES = 2048
_CANDIDATE = re.compile(r"(?<=^a=)(candidate:\S+ 1 udp \d+) (\S+) (\d+)(?= typ host)", re.MULTILINE | re.IGNORECASE)


class Quality(msgspec.Struct, frozen=True, kw_only=True):
    """How one direction treats a datagram."""

    delay_ms: float = 0.0
    jitter_ms: float = 0.0
    "Up to so much more, evenly spread. Nothing overtakes: one that is late keeps back those behind it."
    loss: float = 0.0
    "0 to 1, each datagram by itself."
    bits_per_second: float = math.inf
    queue_ms: float = 300.0
    "What would wait longer for a narrow line is lost."


class Way:
    """One direction; time is an argument, in seconds.

    Args:
        chance: drawn from twice for each datagram, so that the fate of the n-th depends on the seed alone.
    """

    def __init__(self, quality: Quality, chance: random.Random) -> None:
        self.quality = quality
        "May be changed at any time; what is under way is not affected."
        self.is_cut = False
        self.passed = 0
        self.lost = 0
        self._chance = chance
        self._free_at = -math.inf
        self._last_at = -math.inf

    def comes_out_at(self, octets: int, now: float) -> float | None:
        """When a datagram that enters now comes out, or None if it is lost."""
        quality = self.quality
        is_unlucky = self._chance.random() < quality.loss
        jitter_ms = self._chance.random() * quality.jitter_ms
        enters_at = max(now, self._free_at)
        if self.is_cut or is_unlucky or 1000 * (enters_at - now) > quality.queue_ms:
            self.lost += 1
            return None
        self.passed += 1
        self._free_at = enters_at + 8 * octets / quality.bits_per_second
        self._last_at = max(self._last_at, self._free_at + (quality.delay_ms + jitter_ms) / 1000)
        return self._last_at


class _Carrier:
    """What is under way in one direction."""

    def __init__(self, way: Way) -> None:
        self._way = way
        self._loop = asyncio.get_running_loop()
        self._under_way: deque[tuple[float, bytes, Callable[[bytes], None]]] = deque()
        self._timer: asyncio.TimerHandle | None = None

    def carry(self, data: bytes, deliver: Callable[[bytes], None]) -> None:
        at = self._way.comes_out_at(len(data), self._loop.time())
        if at is None:
            return
        self._under_way.append((at, data, deliver))
        if self._timer is None:
            self._arrive()

    def _arrive(self) -> None:
        self._timer = None
        while self._under_way and self._under_way[0][0] <= self._loop.time():
            _, data, deliver = self._under_way.popleft()
            deliver(data)
        if self._under_way:
            self._timer = self._loop.call_at(self._under_way[0][0], self._arrive)

    def drop(self) -> None:
        self._under_way.clear()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


class _Port:
    """A UDP socket of the relay."""

    def __init__(self, local: Address, receive: Receive) -> None:
        self._receive = receive
        self._sock = socket.socket(socket.AF_INET6 if ":" in local[0] else socket.AF_INET, socket.SOCK_DGRAM)
        for option in (socket.SO_RCVBUF, socket.SO_SNDBUF):
            self._sock.setsockopt(socket.SOL_SOCKET, option, BUFFER_BYTES)
        self._sock.setblocking(False)
        self._sock.bind(local)
        host, port, *_ = self._sock.getsockname()
        self.address: Address = (host, port)
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(self._sock, self._readable)

    def _readable(self) -> None:
        while True:
            try:
                data, (host, port, *_) = self._sock.recvfrom(MAX_BYTES)
            except BlockingIOError:
                return
            except ConnectionError:  # the other end is gone, by ICMP; it may come back
                continue
            self._receive(data, (host, port))

    def send(self, data: bytes, remote: Address) -> None:
        try:
            self._sock.sendto(data, remote)
        except OSError:  # full, unreachable or closed meanwhile: a line does not tell
            return

    def close(self) -> None:
        self._loop.remove_reader(self._sock)
        self._sock.close()


class _Door:
    """One address that stands for one of a server's, and the seats that came to it."""

    def __init__(self, local: Address, server: Address, beyond: str, *, up: _Carrier, down: _Carrier) -> None:
        self._server = server
        self._beyond = beyond
        self._up, self._down = up, down
        self._seats: dict[Address, _Port] = {}
        self._front = _Port(local, self._from_seat)
        self.address = self._front.address

    def _from_seat(self, data: bytes, seat: Address) -> None:
        if seat not in self._seats:
            self._seats[seat] = self._behind(seat)
        self._up.carry(data, lambda data: self._seats[seat].send(data, self._server))

    def _behind(self, seat: Address) -> _Port:
        def from_server(data: bytes, server: Address) -> None:
            if server == self._server:
                self._down.carry(data, lambda data: self._front.send(data, seat))

        return _Port((self._beyond, 0), from_server)

    def readdress(self) -> None:
        before = self._seats
        self._seats = {seat: self._behind(seat) for seat in before}
        for port in before.values():
            port.close()

    def close(self) -> None:
        for port in (self._front, *self._seats.values()):
            port.close()


class BadLine:
    """A relay with doors; made inside a running loop.

    Args:
        quality: of both directions at first; `up.quality` and `down.quality` change it.
        seed: the same seed loses the same datagrams, counted in each direction.
    """

    def __init__(self, quality: Quality, *, seed: int) -> None:
        self.up = Way(quality, random.Random(f"{seed} up"))
        "From the seats to the server."
        self.down = Way(quality, random.Random(f"{seed} down"))
        self._carriers = _Carrier(self.up), _Carrier(self.down)
        self._doors: list[_Door] = []

    def door(self, server: Address, *, at: Address = ("127.0.0.1", 0), beyond: str | None = None) -> Address:
        """A new address that stands for the server's.

        Args:
            server: where the datagrams go.
            at: local host and port of the door; port 0 takes any.
            beyond: local host that the server sees them come from; that of the door if not given.
        """
        up, down = self._carriers
        self._doors.append(_Door(at, server, beyond or at[0], up=up, down=down))
        return self._doors[-1].address

    def through(self, sdp: str, *, host: str = "127.0.0.1", beyond: str | None = None) -> str:
        """A server's SDP with a door on this host in the place of each UDP candidate."""

        def replaced(found: re.Match[str]) -> str:
            start, server_host, server_port = found.groups()
            door_host, door_port = self.door((server_host, int(server_port)), at=(host, 0), beyond=beyond)
            return f"{start} {door_host} {door_port}"

        return _CANDIDATE.sub(replaced, sdp)

    def cut(self, *ways: Way) -> None:
        """Let nothing more into these directions, `up` or `down`; what is under way still arrives."""
        for way in ways:
            way.is_cut = True

    def block(self) -> None:
        """Let no UDP through at all, without a word, as a firewall does; what is under way is lost too."""
        self.cut(self.up, self.down)
        for carrier in self._carriers:
            carrier.drop()

    def mend(self) -> None:
        """End every cut, and the block."""
        self.up.is_cut = self.down.is_cut = False

    def readdress(self) -> None:
        """Let every seat be seen from a new port, as after a change of network or of a router's mind."""
        for door in self._doors:
            door.readdress()

    def close(self) -> None:
        """Close all doors."""
        for carrier in self._carriers:
            carrier.drop()
        for door in self._doors:
            door.close()
