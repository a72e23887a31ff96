"""The one UDP port of the process: takes every datagram and gives it to the connection it belongs to.

The first byte tells STUN, DTLS and RTP apart (RFC 7983). STUN is looked up by user name; everything else by the address
it comes from, which counts only after an authentic STUN check from there. Media and feedback of a known address have
gone all their way in C (`hot_path/receiver.c`) before anything here is called.

But for reports from nowhere: a router that gives a seat another port tells nobody, and the next check may be seconds
away. So such a report waits for a moment; where a seat has fallen silent meanwhile that alone can have encrypted it,
the seat is followed (see `link.py`).
"""

import asyncio
import socket
from collections.abc import Callable
from typing import Protocol

from signaling.allowance import Allowance
from signaling.datagram_batches import NOTHING, Address, ReceiveBatch, SendBatch
from signaling.drops import Drops
from signaling.faults import Faults
from signaling.hot_path.entrance import Entrance
from signaling.hot_path.intake import taken
from signaling.hot_path.library import lib
from signaling.hot_path.paths import Paths
from signaling.stun_binding import Request, read_request

_STUN, _DTLS = int(lib.STUN), int(lib.DTLS)
_DROPPED, _PACKET, _CONTROL = int(lib.DROPPED), int(lib.PACKET), int(lib.CONTROL)
_STRAY, _STRAY_CONTROL = int(lib.STRAY), int(lib.STRAY_CONTROL)
"What is left to be done about a datagram."

MOVED_AFTER_S = 0.15
"Of silence where it was. A seat sends sound every 20 ms, and tells ten times a second and more what has arrived."
LEFT_AFTER_S = 5.0
"Of silence from an address; a browser checks every one that it may want to use twice as often."
SEARCHES_PER_S = 50.0
"For the seat that a report from nowhere belongs to."


class Connection(Protocol):
    """Whoever owns an ICE user name on this port."""

    @property
    def entrance(self) -> Entrance:
        """Where its media and feedback come in."""
        ...

    def handle_stun(self, request: Request, sender: Address, now: float) -> None:
        """Take a binding request that calls it."""
        ...

    def handle_dtls(self, datagram: bytes, now: float) -> None:
        """Take a DTLS datagram."""
        ...

    def handle_drop(self, result: int) -> None:
        """Count a datagram of its that was dropped; why: see `entrance.reason`."""
        ...

    def handle_rtp(self, data: bytes, result: int, now: float) -> None:
        """Look at a packet in the clear, which may have been forwarded; the result is one of `intake.py`."""
        ...

    def handle_rtcp(self, data: bytes, now: float) -> None:
        """Take RTCP in the clear."""
        ...

    def handle_sealed_rtcp(self, datagram: bytes, now: float) -> None:
        """Take an SRTCP datagram that has waited."""
        ...

    def follow(self, datagram: bytes, sender: Address, now: float) -> bool:
        """Take an SRTCP datagram from an address that nobody has, if it is this one's and it has moved there."""
        ...


class UdpPort:
    """Receives, tells apart and sends.

    Args:
        sock: bound and non-blocking.
        before: called with the time before anything received is looked at.
    """

    def __init__(self, sock: socket.socket, before: Callable[[float], None]) -> None:
        self.number: int = sock.getsockname()[1]
        self.batch = SendBatch(sock)
        self.by_name: dict[str, Connection] = {}
        self.paths: Paths[Connection] = Paths()
        self.strays = Drops()
        "What came and belongs to no connection."
        self.faults = Faults()
        self._sock = sock
        self._before = before
        self._searches = Allowance(SEARCHES_PER_S, SEARCHES_PER_S)
        self._received = ReceiveBatch(sock, self.paths.pointer, taken)
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(sock, self._readable)

    def close(self) -> None:
        """Stop; the port is free afterwards."""
        self._loop.remove_reader(self._sock)
        self._sock.close()

    def send(self, datagram: bytes, destination: Address) -> None:
        """Send at once, after anything that is batched."""
        self.batch.add(datagram, destination)
        self.batch.flush()

    def forget(self, connection: Connection) -> None:
        """Drop all names and addresses of a connection."""
        self.by_name = {name: owner for name, owner in self.by_name.items() if owner is not connection}
        self.paths.forget(connection)

    def claim(self, address: Address, connection: Connection, now: float) -> bool:
        """Have what comes from an address go to a connection; false while another one is heard from there.

        An authentic check with the address of somebody else in it must not cut that one off. But a seat that has moved
        leaves an address behind, which a router may give to the next one.
        """
        owner = self.paths.owners.get(address)
        if owner not in (None, connection) and now - self.paths.heard_at(address) < LEFT_AFTER_S:
            return False
        self.paths.put(address, connection, now)
        return True

    def release(self, address: Address, connection: Connection) -> None:
        """Have nothing go to a connection any more that comes from an address."""
        if self.paths.owners.get(address) is connection:
            self.paths.drop(address)

    def _readable(self) -> None:
        now = self._loop.time()
        self._before(now)
        while (left := self._received.take_next(now)) != NOTHING:
            try:
                self._follow(left, now)
            except Exception as error:  # the top of what one datagram causes: the others go on
                self.strays["fault"] += 1
                self.faults.note(error, now)
        self.batch.flush()

    def _follow(self, left: int, now: float) -> None:
        """Do what is left about the last datagram."""
        received = self._received
        if left == _STUN:
            self._stun(received.data, received.sender, now)
            return
        sender = received.sender
        if left == _STRAY_CONTROL and self._searches.take(now):
            self._loop.call_later(MOVED_AFTER_S, self._find_moved, received.data, sender)
            return
        connection = self.paths.owners.get(sender)
        if connection is None:
            self.strays["unknown_sender" if left in (_STRAY, _STRAY_CONTROL) else "nonsense"] += 1
        elif left == _PACKET:
            connection.handle_rtp(received.data, received.result, now)
        elif left == _CONTROL:
            connection.handle_rtcp(received.data, now)
        elif left == _DROPPED:
            connection.handle_drop(received.result)
        elif left == _DTLS:
            connection.handle_dtls(received.data, now)
        else:
            self.strays["nonsense"] += 1

    def _find_moved(self, report: bytes, sender: Address) -> None:
        now = self._loop.time()
        self._before(now)
        connection = self.paths.owners.get(sender)
        try:
            if connection is not None:  # a check has come from there meanwhile
                connection.handle_sealed_rtcp(report, now)
            elif not any(each.follow(report, sender, now) for each in dict.fromkeys(self.by_name.values())):
                self.strays["unknown_sender"] += 1
        except Exception as error:  # as in `_readable`
            self.strays["fault"] += 1
            self.faults.note(error, now)
        self.batch.flush()

    def _stun(self, datagram: bytes, sender: Address, now: float) -> None:
        request = read_request(datagram)
        connection = self.by_name.get(request.called) if request is not None else None
        if request is None or connection is None:
            self.strays["nonsense" if request is None else "unknown_name"] += 1
        else:
            connection.handle_stun(request, sender, now)
