"""One seat's connection to our port: ICE-lite, DTLS-SRTP, and where to send. It knows nothing of rooms.

A path is opened by an authentic check and taken into use by one that nominates. A seat whose router gives it another
port does not know that, and checks its path again only after seconds; so its encrypted reports are followed, too, but
only after a moment in which nothing has come from where it was. Somebody on the way who copies a report and is faster
with it cannot take the place of a seat that is heard; what he gets is unreadable, and the seat's next check ends it. A
check that has come before opens no path from another address.
"""

import asyncio
from typing import Protocol

from signaling.allowance import Allowance
from signaling.datagram_batches import Address
from signaling.drops import Drops
from signaling.dtls_srtp import Certificate, DtlsSrtp, HandshakeFailed, Role
from signaling.hot_path.entrance import HEARD, Entrance, reason
from signaling.hot_path.library import ffi
from signaling.hot_path.way import Way
from signaling.ice_lite import Credentials, IceLite
from signaling.messages import GoneReason
from signaling.stun_binding import Request
from signaling.udp_port import MOVED_AFTER_S, UdpPort

SILENT_AFTER_S = 5.0
"Chromium checks every 2.5 s and reports more often; a seat that sent nothing authentic for this long is away."
GIVEN_UP_AFTER_S = 30.0
"Of silence: so long one that is away may come back without a handshake, and without anybody's doing."
CONNECT_WITHIN_S = 30.0
"From the offer; a person may be asked for the camera meanwhile."
MAX_ADDRESSES = 16
"Candidate pairs of one seat that are listened to: of four addresses of ours and four of the seat's."
CHECKS_PER_S = FLIGHTS_PER_S = 50.0
"Of STUN and of DTLS: Chromium checks 20 times a second while it looks for a way, and a handshake has ten datagrams."
PACKETS_PER_S = 5000.0
"Of RTP: fifteen times what camera, screen and sound of a seat send."
FEEDBACK_PER_S = 1000.0
"Of RTCP, in what a small packet costs."


class LinkOwner(Protocol):
    """The seat behind a connection."""

    def link_connected(self) -> None:
        """ICE and DTLS stand."""
        ...

    def link_moved(self, now: float) -> None:
        """Packets go to another address from now on; what was sent to the one before may be lost."""
        ...

    def link_lost(self, reason: GoneReason) -> None:
        """The connection is of no use any more."""
        ...

    def follow_rtp(self, data: bytes, result: int, now: float) -> None:
        """Look at a decrypted RTP packet, which may have been forwarded; the result is one of `intake.py`."""
        ...

    def receive_rtcp(self, data: bytes, now: float) -> None:
        """Take a decrypted RTCP packet."""
        ...


class Link:
    """A `udp_port.Connection`; `way` is how the streams of the seat go out."""

    def __init__(self, port: UdpPort, certificate: Certificate, credentials: Credentials, owner: LinkOwner) -> None:
        self.drops = Drops()
        self.entrance = Entrance(PACKETS_PER_S, FEEDBACK_PER_S)
        "Who follows RTCP owes what it costs more than a small packet."
        self.way = Way()
        self._port = port
        self._owner = owner
        self._ice = IceLite(credentials)
        self._dtls = DtlsSrtp(certificate, "server", send=self._send, on_close=self._closed_by_peer)
        self._loop = asyncio.get_running_loop()
        self._handshake: asyncio.Task[None] | None = None
        self._has_path = asyncio.Event()
        self._checks = Allowance(CHECKS_PER_S, 2 * CHECKS_PER_S)
        self._openings = Allowance(CHECKS_PER_S, 2 * CHECKS_PER_S)  # checks from addresses that are not known yet
        self._flights = Allowance(FLIGHTS_PER_S, 2 * FLIGHTS_PER_S)
        self._addresses: list[Address] = []
        self._names: set[str] = set()
        self._began_at = self._loop.time()
        self._heard(self._began_at)
        self._be_called(credentials.name)

    @property
    def destination(self) -> Address | None:
        """The path in use: the last one nominated, before that the first one checked."""
        return self.way.destination

    @destination.setter
    def destination(self, address: Address | None) -> None:
        self.way.destination = address
        if address is not None:
            self._has_path.set()

    @property
    def credentials(self) -> Credentials:
        """Those that the next offer names."""
        return self._ice.credentials

    @property
    def is_connected(self) -> bool:
        """Whether packets flow."""
        return self._dtls.is_connected

    def _heard(self, now: float) -> None:
        self.entrance.pointer.heard_at = now

    def _silent_for(self, now: float) -> float:
        return now - float(self.entrance.pointer.heard_at)

    def is_heard(self, now: float) -> bool:
        """Whether something authentic has come lately."""
        return self._silent_for(now) <= SILENT_AFTER_S

    def is_given_up(self, now: float) -> bool:
        """Whether it took too long to connect, or to be heard again."""
        if self.is_connected:
            return self._silent_for(now) > GIVEN_UP_AFTER_S
        return now - self._began_at > CONNECT_WITHIN_S

    def restart_ice(self, credentials: Credentials) -> None:
        """Take new credentials for the same DTLS connection."""
        self._ice.restart(credentials)
        self._be_called(credentials.name)
        self._drop_old_names()

    def _be_called(self, name: str) -> None:
        self._names.add(name)
        self._port.by_name[name] = self

    def _drop_old_names(self) -> None:
        for name in self._names.difference(self._ice.names):
            self._names.remove(name)
            del self._port.by_name[name]

    def answered(self, fingerprint: str, role: Role = "server") -> None:
        """Make the handshake with the owner of this fingerprint, the first time an answer comes.

        Args:
            fingerprint: what the other side's certificate must have.
            role: ours; a client speaks first, once there is a path.
        """
        if self._handshake is None:
            self._handshake = self._loop.create_task(self._connect(fingerprint, role))

    async def _connect(self, fingerprint: str, role: Role) -> None:
        if role == "client":
            self._dtls.speak_first()
            await self._has_path.wait()
        try:
            await self._dtls.connect(fingerprint)
        except HandshakeFailed:
            self._owner.link_lost("handshake_failed")
        else:
            self.way.encrypt_with(*self._dtls.protection)
            self.entrance.decrypt_with(*self._dtls.unprotection)
            self._owner.link_connected()

    def _closed_by_peer(self) -> None:
        self._owner.link_lost("closed_by_peer")

    async def close(self) -> None:
        """Say goodbye; the port forgets us."""
        if self._handshake is not None:
            self._handshake.cancel()
        await self._dtls.close()
        self._port.forget(self)
        self.destination = None

    def handle_stun(self, request: Request, sender: Address, now: float) -> None:
        """Answer a check; it may open or choose a path."""
        is_known = self._port.paths.owners.get(sender) is self
        if not (self._checks if is_known else self._openings).take(now):
            self.drops["too_many"] += 1
            return
        check = self._ice.check(request, sender)
        if check is None:
            self.drops["bad_check"] += 1
            return
        if not is_known and (check.is_repeated or not self._open_path(sender, now)):
            self.drops["bad_check" if check.is_repeated else "address_taken"] += 1
            return
        self._heard(now)
        self._port.paths.hear(sender, now)
        self._drop_old_names()
        if self.destination is None or check.is_nominating:
            self._go_to(sender, now)
        self._port.send(check.response, sender)

    def follow(self, datagram: bytes, sender: Address, now: float) -> bool:
        """Move to where the seat's reports come from now, if this is one and it has fallen silent where it was."""
        if not self.entrance.has_had(datagram[4:8]) or self._silent_for(now) < MOVED_AFTER_S:
            return False
        data = self._dtls.open(datagram)
        if data is None or not self._open_path(sender, now):
            return False
        self._go_to(sender, now)
        self._heard(now)
        self._owner.receive_rtcp(data, now)
        return True

    def _go_to(self, address: Address, now: float) -> None:
        if address == self.destination:
            return
        has_moved = self.destination is not None
        self.destination = address
        if has_moved:
            self._owner.link_moved(now)

    def _open_path(self, sender: Address, now: float) -> bool:
        if not self._port.claim(sender, self, now):
            return False
        self._addresses.append(sender)
        if len(self._addresses) > MAX_ADDRESSES:
            oldest = next(address for address in self._addresses if address != self.destination)
            self._addresses.remove(oldest)
            self._port.release(oldest, self)
        return True

    def handle_dtls(self, datagram: bytes, now: float) -> None:
        """Hand it to the handshake, or let it wait for the answer."""
        if self._flights.take(now):
            self._dtls.handle(datagram)
        else:
            self.drops["too_many"] += 1

    def handle_drop(self, result: int) -> None:
        """Count it."""
        self.drops[reason(result)] += 1

    def handle_rtp(self, data: bytes, result: int, now: float) -> None:
        """Hand on."""
        self._owner.follow_rtp(data, result, now)

    def handle_rtcp(self, data: bytes, now: float) -> None:
        """Hand on."""
        self._owner.receive_rtcp(data, now)

    def handle_sealed_rtcp(self, datagram: bytes, now: float) -> None:
        """Decrypt and hand on, as is done with one that has not waited in `hot_path/receiver.c`."""
        pointer = ffi.new("uint8_t[]", datagram)
        size = self.entrance.enter_control(pointer, len(datagram), now)
        if size < 0:
            self.handle_drop(size)
            return
        self._heard(now)
        if size != HEARD:
            self._owner.receive_rtcp(bytes(ffi.buffer(pointer, size)), now)

    def send_rtcp(self, packet: bytes) -> None:
        """Encrypt and send a compound."""
        if self._dtls.is_connected:
            self._send(self._dtls.seal(packet))

    def _send(self, datagram: bytes) -> None:
        if self.destination is not None:
            self._port.send(datagram, self.destination)
