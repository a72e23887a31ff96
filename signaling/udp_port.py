"""The one UDP port of the process: takes every datagram and gives it to the connection it belongs to.

The first byte tells STUN, DTLS and RTP apart (RFC 7983). STUN is looked up by user name; everything else by the address
it comes from, which counts only after an authentic STUN check from there. But for reports from nowhere: a router that
gives a seat another port tells nobody, and the next check may be seconds away. So such a report waits for a moment;
where a seat has fallen silent meanwhile that alone can have encrypted it, the seat is followed (see `link.py`).
"""

import asyncio
import socket
from collections.abc import Callable
from typing import Any, Protocol

from signaling.allowance import Allowance
from signaling.datagram_batches import RECEIVE_SLOTS, Address, ReceiveBatch, SendBatch
from signaling.drops import Drops
from signaling.faults import Faults
from signaling.hot_path.library import ffi
from signaling.rtp import MAX_RTP_BYTES, is_rtcp
from signaling.stun_binding import Request, read_request

SHORTEST_BYTES = 8
"Of RTCP without a tag; everything else is longer."
FILLS_PER_WAKE_UP = 8
"Then other tasks run, such as the control socket with a new policy."
MOVED_AFTER_S = 0.15
"Of silence where it was. A seat sends sound every 20 ms, and tells ten times a second and more what has arrived."
SEARCHES_PER_S = 50.0
"For the seat that a report from nowhere belongs to."


class Connection(Protocol):
    """Whoever owns an ICE user name on this port."""

    def handle_stun(self, request: Request, sender: Address, now: float) -> None:
        """Take a binding request that calls it."""
        ...

    def is_heard(self, now: float) -> bool:
        """Whether it lives, and keeps its addresses."""
        ...

    def handle_dtls(self, datagram: bytes, now: float) -> None:
        """Take a DTLS datagram."""
        ...

    def handle_rtp(self, pointer: Any, view: Any, length: int, now: float, arrived: float) -> None:
        """Take an SRTP datagram, to be decrypted in place; `arrived`: by the kernel, in seconds since 1970."""
        ...

    def handle_rtcp(self, pointer: Any, view: Any, length: int, now: float) -> None:
        """Take an SRTCP datagram, to be decrypted in place."""
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
        self.by_address: dict[Address, Connection] = {}
        self.strays = Drops()
        "What came and belongs to no connection."
        self.faults = Faults()
        self._sock = sock
        self._before = before
        self._searches = Allowance(SEARCHES_PER_S, SEARCHES_PER_S)
        self._received = ReceiveBatch(sock)
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
        self.by_address = {address: owner for address, owner in self.by_address.items() if owner is not connection}

    def claim(self, address: Address, connection: Connection, now: float) -> bool:
        """Have what comes from an address go to a connection; false while another one that lives has it.

        An authentic check with the address of somebody else in it must not cut that one off.
        """
        owner = self.by_address.get(address)
        if owner is not None and owner is not connection and owner.is_heard(now):
            return False
        self.by_address[address] = connection
        return True

    def _readable(self) -> None:
        now = self._loop.time()
        self._before(now)
        for _ in range(FILLS_PER_WAKE_UP):
            taken = 0
            for pointer, view, length, sender, arrived in self._received.fill():
                taken += 1
                try:
                    self._dispatch(pointer, view, length, sender, now, arrived)
                except Exception as error:  # the top of what one datagram causes: the others go on
                    self.strays["fault"] += 1
                    self.faults.note(error, now)
            if taken < RECEIVE_SLOTS:
                break
        self.batch.flush()

    def _dispatch(self, pointer: Any, view: Any, length: int, sender: Address, now: float, arrived: float) -> None:
        if not SHORTEST_BYTES <= length < MAX_RTP_BYTES:
            self.strays["nonsense"] += 1
            return
        first = pointer[0]
        if first < 4:
            self._stun(view[:length], sender, now)
            return
        connection = self.by_address.get(sender)
        if connection is None:
            if 128 <= first < 192 and is_rtcp(pointer[1]) and self._searches.take(now):
                self._loop.call_later(MOVED_AFTER_S, self._find_moved, view[:length], sender)
            else:
                self.strays["unknown_sender"] += 1
        elif 128 <= first < 192:
            if is_rtcp(pointer[1]):
                connection.handle_rtcp(pointer, view, length, now)
            else:
                connection.handle_rtp(pointer, view, length, now, arrived)
        elif 20 <= first < 64:
            connection.handle_dtls(view[:length], now)
        else:
            self.strays["nonsense"] += 1

    def _find_moved(self, report: bytes, sender: Address) -> None:
        now = self._loop.time()
        self._before(now)
        connection = self.by_address.get(sender)
        try:
            if connection is not None:  # a check has come from there meanwhile
                pointer = ffi.new("uint8_t[]", report)
                connection.handle_rtcp(pointer, ffi.buffer(pointer), len(report), now)
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
