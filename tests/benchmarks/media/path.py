"""A load seat's connection to a server: one UDP socket, a small ICE client, DTLS-SRTP."""

import asyncio
import secrets
import socket
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from aioice import stun

from signaling.datagram_batches import bind_udp
from signaling.dtls_srtp import Certificate, DtlsSrtp
from signaling.ice_lite import Credentials
from signaling.messages import Kind
from tests.benchmarks.media import description
from tests.support.patience import PATIENCE_S

CHECK_AGAIN_S = 0.05
MAX_BYTES = 2048


class Path:
    """Connects by itself once it knows the server's description; then a generator may take the socket over.

    Args:
        certificate: of all seats.
        host: the local address.
        publishes: the kinds that this path sends, if the server wants them.
        without: what it leaves out of its answers.
    """

    def __init__(
        self,
        certificate: Certificate,
        host: str,
        publishes: tuple[Kind, ...],
        without: frozenset[description.Feature] = frozenset(),
    ) -> None:
        self._without = without
        self.ssrcs: dict[Kind, int] = {kind: secrets.randbits(31) | 2 for kind in publishes}
        self.lines: tuple[description.Line, ...] = ()
        self.heard: Callable[[bytes], None] | None = None
        "Takes each decrypted RTP and RTCP packet, while the path is read by itself."
        self.sock: socket.socket = bind_udp(host, 0)
        self.dtls = DtlsSrtp(certificate, "client", send=self.put, on_close=lambda: None)
        self._certificate = certificate
        self._credentials = Credentials(secrets.token_hex(4), secrets.token_hex(12))
        self._server = Credentials("", "")
        self._checked = asyncio.Event()
        self._connecting: asyncio.Task[None] | None = None
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(self.sock, self._readable)

    async def answer(self, offer: str) -> str:
        """Take a server's offer and connect behind it."""
        self._begin(description.read(offer))
        return description.answer(offer, self._own())

    def offer(self) -> str:
        """Offer to send, to a server that wants that; `accept` takes its answer."""
        return description.offer(self._own())

    def _own(self) -> description.Own:
        host, port = self.sock.getsockname()
        return description.Own(
            host=host,
            port=port,
            credentials=self._credentials,
            fingerprint=self._certificate.fingerprint,
            ssrcs=self.ssrcs,
            without=self._without,
        )

    def accept(self, answer: str) -> None:
        """Connect as the server's answer says."""
        self._begin(description.read(answer))

    def _begin(self, remote: description.Remote) -> None:
        # what an answer calls recvonly is ours, as in an offer
        self.lines, self._server = remote.lines, remote.credentials
        self._connecting = self._loop.create_task(self._connect(remote))

    async def _connect(self, remote: description.Remote) -> None:
        self.sock.connect((remote.host, remote.port))
        while not self._checked.is_set():
            self.check()
            try:
                await asyncio.wait_for(self._checked.wait(), CHECK_AGAIN_S)
            except TimeoutError:
                continue
        await self.dtls.connect(remote.fingerprint)

    async def connected(self) -> None:
        """Wait until packets can flow.

        Raises:
            HandshakeFailed: the server showed another certificate.
        """
        assert self._connecting is not None
        await asyncio.wait_for(asyncio.shield(self._connecting), PATIENCE_S)

    def check(self) -> None:
        """Ask whether the path works; also says that we are still there."""
        request = stun.Message(
            message_method=stun.Method.BINDING,
            message_class=stun.Class.REQUEST,
            attributes={
                "USERNAME": f"{self._server.name}:{self._credentials.name}",
                "PRIORITY": 1,
                "ICE-CONTROLLING": 1,
                "USE-CANDIDATE": None,
            },
        )
        request.add_message_integrity(self._server.password.encode())
        self.put(bytes(request))

    def put(self, datagram: bytes | memoryview) -> None:
        """Send as it is."""
        with suppress(OSError):  # a full buffer, or a server that is gone: whoever waits for it will tell
            self.sock.send(datagram)

    def hand_over(self) -> None:
        """Read the socket no more: from now on whoever took it gives us STUN and DTLS by `handle`."""
        self._loop.remove_reader(self.sock)

    def _readable(self) -> None:
        while True:
            try:
                self.handle(self.sock.recv(MAX_BYTES))
            except BlockingIOError:
                return
            except ConnectionError:
                continue

    def handle(self, datagram: bytes) -> None:
        """Take STUN or DTLS, and media for whoever listens."""
        if datagram[0] < 4:
            self._take_stun(datagram)
        elif datagram[0] < 64:
            self.dtls.handle(datagram)
        elif self.heard is not None and (packet := self.dtls.open(datagram)) is not None:
            self.heard(packet)

    def _take_stun(self, datagram: bytes) -> None:
        message = stun.parse_message(datagram)
        if message.message_class == stun.Class.RESPONSE:
            self._checked.set()
        elif message.message_class == stun.Class.REQUEST:  # libnice checks too, even when it is lite
            response = stun.Message(
                message_method=stun.Method.BINDING,
                message_class=stun.Class.RESPONSE,
                transaction_id=message.transaction_id,
                attributes={"XOR-MAPPED-ADDRESS": self.sock.getpeername()},
            )
            response.add_message_integrity(self._credentials.password.encode())
            self.put(bytes(response))

    def send(self, packet: bytes) -> None:
        """Encrypt and send RTP or RTCP."""
        self.put(self.dtls.seal(packet))

    def protect(self, pointer: Any, length: int) -> int:
        """Encrypt RTP in place."""
        return self.dtls.protect(pointer, length)

    async def close(self) -> None:
        """Say goodbye."""
        self._loop.remove_reader(self.sock)
        if self._connecting is not None:
            self._connecting.cancel()
        await self.dtls.close()
        self.sock.close()
