"""One seat's connection to our port: ICE-lite, DTLS-SRTP, and where to send. It knows nothing of rooms."""

import asyncio
from typing import Any, Protocol

from aioice import stun

from signaling.datagram_batches import Address, Destination
from signaling.dtls_srtp import Certificate, DtlsSrtp, HandshakeFailed
from signaling.ice_lite import Credentials, IceLite
from signaling.messages import GoneReason
from signaling.udp_port import UdpPort

SILENT_AFTER_S = 5.0
"Chromium checks every 2.5 s and reports more often; a seat that sent nothing authentic for this long is gone."
CONNECT_WITHIN_S = 30.0
"From the offer; a person may be asked for the camera meanwhile."
MAX_ADDRESSES = 8
"Candidate pairs of one seat that are listened to."


class LinkOwner(Protocol):
    """The seat behind a connection."""

    def link_connected(self) -> None:
        """ICE and DTLS stand."""
        ...

    def link_lost(self, reason: GoneReason) -> None:
        """The connection is of no use any more."""
        ...

    def receive_rtp(self, data: bytes, now: float, arrived: float) -> None:
        """Take a decrypted RTP packet; `arrived` is by the kernel's clock, in seconds since 1970."""
        ...

    def receive_rtcp(self, data: bytes, now: float) -> None:
        """Take a decrypted RTCP packet."""
        ...


class Link:
    """A `udp_port.Connection` and an `outgoing_stream.Outlet`."""

    def __init__(self, port: UdpPort, certificate: Certificate, credentials: Credentials, owner: LinkOwner) -> None:
        self.destination: Destination | None = None
        "The path in use: the last one nominated, before that the first one checked."
        self._port = port
        self._owner = owner
        self._ice = IceLite(credentials)
        self._dtls = DtlsSrtp(certificate, "server", send=self._send, on_close=self._closed_by_peer)
        self.protect = self._dtls.protect
        "Encrypts RTP in place; 0 if it cannot be."
        self._loop = asyncio.get_running_loop()
        self._handshake: asyncio.Task[None] | None = None
        self._addresses: list[Address] = []
        self._names: set[str] = set()
        self._heard_at = self._loop.time()
        self._began_at = self._heard_at
        self._be_called(credentials.name)

    @property
    def credentials(self) -> Credentials:
        """Those that the next offer names."""
        return self._ice.credentials

    @property
    def is_connected(self) -> bool:
        """Whether packets flow."""
        return self._dtls.is_connected

    def is_silent(self, now: float) -> bool:
        """Whether it took too long to connect, or nothing authentic has come for too long."""
        if self.is_connected:
            return now - self._heard_at > SILENT_AFTER_S
        return now - self._began_at > CONNECT_WITHIN_S

    def restart_ice(self, credentials: Credentials) -> None:
        """Take new credentials for the same DTLS connection."""
        self._ice.restart(credentials)
        self._be_called(credentials.name)

    def _be_called(self, name: str) -> None:
        self._names.add(name)
        self._port.by_name[name] = self

    def _drop_old_names(self) -> None:
        for name in self._names.difference(self._ice.names):
            self._names.remove(name)
            del self._port.by_name[name]

    def answered(self, fingerprint: str) -> None:
        """Make the handshake with the owner of this fingerprint, the first time an answer comes."""
        if self._handshake is None:
            self._handshake = self._loop.create_task(self._connect(fingerprint))

    async def _connect(self, fingerprint: str) -> None:
        try:
            await self._dtls.connect(fingerprint)
        except HandshakeFailed:
            self._owner.link_lost("handshake_failed")
        else:
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

    def handle_stun(self, request: stun.Message, sender: Address, now: float) -> None:
        """Answer a check; it may open or choose a path."""
        check = self._ice.check(request, sender)
        if check is None:
            return
        self._heard_at = now
        self._drop_old_names()
        self._open_path(sender)
        if self.destination is None or (check.is_nominating and self.destination.address != sender):
            self.destination = Destination(sender)
        self._port.send(check.response, Destination(sender))

    def _open_path(self, sender: Address) -> None:
        if self._port.by_address.get(sender) is self:
            return
        self._port.by_address[sender] = self
        self._addresses.append(sender)
        if len(self._addresses) > MAX_ADDRESSES:
            oldest = self._addresses.pop(0)
            if self._port.by_address.get(oldest) is self:
                del self._port.by_address[oldest]

    def handle_dtls(self, datagram: bytes) -> None:
        """Hand it to the handshake, or let it wait for the answer."""
        self._dtls.handle(datagram)

    def handle_rtp(self, pointer: Any, view: Any, length: int, now: float, arrived: float) -> None:
        """Decrypt in place and hand on."""
        size = self._dtls.unprotect(pointer, length) if self._dtls.is_connected else 0
        if size:
            self._heard_at = now
            self._owner.receive_rtp(view[:size], now, arrived)

    def handle_rtcp(self, datagram: bytes, now: float) -> None:
        """Decrypt and hand on."""
        data = self._dtls.open(datagram) if self._dtls.is_connected else None
        if data is not None:
            self._heard_at = now
            self._owner.receive_rtcp(data, now)

    def send_rtcp(self, packet: bytes) -> None:
        """Encrypt and send a compound."""
        if self._dtls.is_connected:
            self._send(self._dtls.seal(packet))

    def _send(self, datagram: bytes) -> None:
        if self.destination is not None:
            self._port.send(datagram, self.destination)
