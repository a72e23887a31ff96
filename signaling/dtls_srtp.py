"""DTLS-SRTP over our own datagrams: the one file that knows private names of aiortc and pylibsrtp.

`RTCDtlsTransport` is given an object with the three things it asks of an ICE transport: `role`, `_recv` and `_send`.
It makes the handshake, checks the fingerprint and derives the SRTP sessions. RTP and RTCP never pass through it:
they are protected and unprotected here, in place.

Written against aiortc 1.16 and pylibsrtp 1.0. Source: RFC 5763, RFC 5764.
"""

import asyncio
from collections.abc import Callable
from typing import Any, Literal, cast

import pylibsrtp
from aiortc import RTCCertificate, RTCDtlsFingerprint, RTCDtlsParameters, RTCDtlsTransport, RTCIceTransport
from OpenSSL import SSL
from pylibsrtp import ffi, lib  # type: ignore[attr-defined]

from signaling.rtp import is_rtcp

Role = Literal["client", "server"]

MAX_WAITING_DATAGRAMS = 64
"DTLS flights kept until the answer with the fingerprint comes."

_length: Any = ffi.new("int *")  # one thread, one call at a time


class HandshakeFailed(Exception):
    """No DTLS connection with the certificate that signaling announced."""


class Certificate:
    """Key and self-signed certificate of one process."""

    def __init__(self) -> None:
        self._inner = RTCCertificate.generateCertificate()

    @property
    def fingerprint(self) -> str:
        """Algorithm and digest as they stand in SDP."""
        found = next(f for f in self._inner.getFingerprints() if f.algorithm == "sha-256")
        return f"{found.algorithm} {found.value}"


class _Wire:
    """What RTCDtlsTransport takes for an ICE transport."""

    role = "controlled"

    def __init__(self, send: Callable[[bytes], None]) -> None:
        self.arrived: asyncio.Queue[bytes] = asyncio.Queue(MAX_WAITING_DATAGRAMS)
        self._put_on_wire = send

    async def _recv(self) -> bytes:
        return await self.arrived.get()

    async def _send(self, data: bytes) -> None:
        self._put_on_wire(data)


class DtlsSrtp:
    """One connection: handshake, then four in-place or by-value operations on packets.

    Args:
        certificate: ours; the other side checks its fingerprint.
        role: the client speaks first. Chromium as client takes AES-GCM.
        send: puts a datagram on the wire.
        on_close: called once when the other side closes.
    """

    def __init__(
        self, certificate: Certificate, role: Role, *, send: Callable[[bytes], None], on_close: Callable[[], None]
    ) -> None:
        self._wire = _Wire(send)
        self._on_close = on_close
        self._dtls = RTCDtlsTransport(cast(RTCIceTransport, self._wire), [certificate._inner])
        self._dtls._set_role(role)
        self._rx: Any = None
        self._tx: Any = None

    def speak_first(self) -> None:
        """Be the client after all; only before the handshake."""
        self._dtls._set_role("client")

    def handle(self, datagram: bytes) -> None:
        """Take a DTLS datagram; when too many wait it is dropped, DTLS sends again."""
        if not self._wire.arrived.full():
            self._wire.arrived.put_nowait(datagram)

    async def connect(self, fingerprint: str) -> None:
        """Make the handshake with whoever owns this fingerprint.

        Raises:
            HandshakeFailed: the other side closed, or showed another certificate.
        """
        algorithm, _, digest = fingerprint.partition(" ")
        try:
            await self._dtls.start(RTCDtlsParameters([RTCDtlsFingerprint(algorithm=algorithm, value=digest)]))
        except (pylibsrtp.Error, SSL.Error) as error:
            raise HandshakeFailed(str(error)) from error
        if self._dtls.state != "connected":
            raise HandshakeFailed(self._dtls.state)
        self._rx, self._tx = self._dtls._rx_srtp._srtp[0], self._dtls._tx_srtp._srtp[0]
        self._dtls.on("statechange", self._state_changed)

    def _state_changed(self) -> None:
        if self._dtls.state == "closed":
            self._on_close()

    @property
    def is_connected(self) -> bool:
        """Whether packets can be protected."""
        return self._tx is not None

    @property
    def profile(self) -> str:
        """The negotiated SRTP profile, such as `SRTP_AEAD_AES_256_GCM`."""
        ssl = self._dtls._ssl
        return ssl.get_selected_srtp_profile().decode() if ssl is not None else ""

    def unprotect(self, pointer: Any, length: int) -> int:
        """Decrypt RTP in place; the new length, or 0 if it is forged, repeated or too old."""
        _length[0] = length
        return 0 if lib.srtp_unprotect(self._rx, pointer, _length) else int(_length[0])

    @property
    def protection(self) -> tuple[int, int, object]:
        """`protect` for C: the addresses of `srtp_protect` and of its session, and what keeps the session alive."""
        return _address("srtp_protect"), int(ffi.cast("uintptr_t", self._tx)), self._dtls._tx_srtp

    @property
    def unprotection(self) -> tuple[int, int, int, object]:
        """`unprotect` and `unprotect_rtcp` for C: their addresses, that of their session, and what keeps it alive."""
        session = int(ffi.cast("uintptr_t", self._rx))
        return _address("srtp_unprotect"), _address("srtp_unprotect_rtcp"), session, self._dtls._rx_srtp

    def protect(self, pointer: Any, length: int) -> int:
        """Encrypt RTP in place, in a buffer with 144 bytes to spare; the new length, or 0 if it cannot be."""
        _length[0] = length
        return 0 if lib.srtp_protect(self._tx, pointer, _length) else int(_length[0])

    def seal(self, packet: bytes) -> bytes:
        """An RTP or RTCP packet encrypted."""
        session = self._dtls._tx_srtp
        sealed = session.protect_rtcp(packet) if is_rtcp(packet[1]) else session.protect(packet)
        return bytes(sealed)

    def open(self, datagram: bytes) -> bytes | None:
        """An RTP or RTCP datagram decrypted, or None if it is forged or repeated."""
        session = self._dtls._rx_srtp
        try:
            return bytes(session.unprotect_rtcp(datagram) if is_rtcp(datagram[1]) else session.unprotect(datagram))
        except (pylibsrtp.Error, ValueError):
            return None

    async def close(self) -> None:
        """Say goodbye to the other side and stop."""
        self._dtls.remove_all_listeners()
        await self._dtls.stop()


def _address(name: str) -> int:
    """Of a function of libsrtp."""
    return int(ffi.cast("uintptr_t", ffi.addressof(lib, name)))
