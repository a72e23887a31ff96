"""A scripted seat's connection: a small ICE client towards an ICE-lite server, DTLS client, SRTP."""

import asyncio
import secrets
from collections.abc import Callable

from aioice import stun

from signaling.dtls_srtp import Certificate, DtlsSrtp
from signaling.ice_lite import Credentials

FIRST_CHECKS_S = 0.05
CONSENT_S = 1.5
"Between two checks once the path works; the server counts a seat as gone after 5 s."


class ClientConnection(asyncio.DatagramProtocol):
    """One UDP socket and what runs over it.

    Args:
        receive: takes each decrypted RTP or RTCP packet.
    """

    def __init__(self, certificate: Certificate, receive: Callable[[bytes], None]) -> None:
        self.credentials = Credentials(secrets.token_hex(4), secrets.token_hex(12))
        self._receive = receive
        self._dtls = DtlsSrtp(certificate, "client", send=self._put, on_close=self._closed)
        self._server = Credentials("", "")
        self._remote = ("", 0)
        self._transport: asyncio.DatagramTransport | None = None
        self._waiting: dict[bytes, asyncio.Future[None]] = {}
        self._checking: asyncio.Task[None] | None = None
        self.is_closed = False
        "The server said goodbye."

    @property
    def is_connected(self) -> bool:
        """Whether packets flow."""
        return self._dtls.is_connected

    @property
    def srtp_profile(self) -> str:
        """What DTLS negotiated."""
        return self._dtls.profile

    async def open(self, remote: tuple[str, int], server: Credentials) -> None:
        """Take a fresh socket and prove it to the server; later also to move to another local address."""
        self._remote, self._server = remote, server
        before, loop = self._transport, asyncio.get_running_loop()
        transport, _ = await loop.create_datagram_endpoint(lambda: self, remote_addr=remote)
        self._transport = transport
        if self._checking is None:
            self._checking = loop.create_task(self._keep_checking())
        if before is not None:
            await self.check()
            before.close()

    def renew(self, own: Credentials, server: Credentials) -> None:
        """Go on with other ICE credentials (a restart)."""
        self.credentials, self._server = own, server

    async def connect(self, fingerprint: str) -> None:
        """Make the DTLS handshake.

        Raises:
            HandshakeFailed: the server showed another certificate.
        """
        await self.check()
        await self._dtls.connect(fingerprint)

    async def check(self) -> None:
        """Wait for the answer to a connectivity check; whatever the server sent before it has been received."""
        while True:
            try:
                async with asyncio.timeout(10 * FIRST_CHECKS_S):
                    await self._send_check()
                    return
            except TimeoutError:
                continue

    async def _keep_checking(self) -> None:
        while True:
            await asyncio.sleep(CONSENT_S)
            await self.check()

    async def _send_check(self) -> None:
        request = stun.Message(
            message_method=stun.Method.BINDING,
            message_class=stun.Class.REQUEST,
            attributes={
                "USERNAME": f"{self._server.name}:{self.credentials.name}",
                "PRIORITY": 1,
                "ICE-CONTROLLING": secrets.randbits(64),
                "USE-CANDIDATE": None,
            },
        )
        request.add_message_integrity(self._server.password.encode())
        answered: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting[request.transaction_id] = answered
        try:
            self._put(bytes(request))
            await answered
        finally:
            del self._waiting[request.transaction_id]

    def _put(self, datagram: bytes) -> None:
        if self._transport is not None:
            self._transport.sendto(datagram)

    def send(self, packet: bytes) -> None:
        """Encrypt and send RTP or RTCP."""
        if self.is_connected:
            self._put(self._dtls.seal(packet))

    def datagram_received(self, data: bytes, addr: object) -> None:
        """Tell STUN, DTLS and SRTP apart."""
        first = data[0]
        if first < 4:
            self._answered(data)
        elif 20 <= first < 64:
            self._dtls.handle(data)
        elif self.is_connected:
            packet = self._dtls.open(data)
            if packet is not None:
                self._receive(packet)

    def error_received(self, exc: Exception) -> None:
        """A dead server answers by ICMP; the checks go on."""

    def _answered(self, data: bytes) -> None:
        message = stun.parse_message(data)
        waiting = self._waiting.get(message.transaction_id)
        is_authentic = message.check_message_integrity(self._server.password.encode())
        if waiting is not None and not waiting.done() and is_authentic:
            waiting.set_result(None)

    def _closed(self) -> None:
        self.is_closed = True

    async def close(self) -> None:
        """Say goodbye to the server."""
        if self._checking is not None:
            self._checking.cancel()
        await self._dtls.close()
        if self._transport is not None:
            self._transport.close()
