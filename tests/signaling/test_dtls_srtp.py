"""Against the pinned aiortc and pylibsrtp: what `dtls_srtp.py` takes from their insides must be there."""

import asyncio
from collections.abc import AsyncIterator
from importlib.metadata import version
from typing import Any

import pylibsrtp
import pytest

from signaling.dtls_srtp import MAX_WAITING_DATAGRAMS, Certificate, DtlsSrtp, HandshakeFailed
from signaling.rtcp import picture_loss
from signaling.rtp import build
from tests.support.patience import until

PACKET = build(b"x" * 500, payload_type=96, marker=False, sequence=5, timestamp=9, ssrc=11)


class Ends:
    """Client and server joined by two wires that can be cut."""

    def __init__(self) -> None:
        self.closed: list[str] = []
        self.is_cut = False
        self.certificates = Certificate(), Certificate()
        self.client = DtlsSrtp(
            self.certificates[0], "client", send=self.to_server, on_close=lambda: self.closed.append("client")
        )
        self.server = DtlsSrtp(
            self.certificates[1], "server", send=self.to_client, on_close=lambda: self.closed.append("server")
        )

    def to_server(self, datagram: bytes) -> None:
        if not self.is_cut:
            self.server.handle(datagram)

    def to_client(self, datagram: bytes) -> None:
        if not self.is_cut:
            self.client.handle(datagram)

    async def connect(self) -> None:
        await asyncio.gather(
            self.client.connect(self.certificates[1].fingerprint),
            self.server.connect(self.certificates[0].fingerprint),
        )


@pytest.fixture
async def ends() -> AsyncIterator[Ends]:
    ends = Ends()
    yield ends
    await ends.client.close()
    await ends.server.close()


def slot(data: bytes) -> Any:
    pointer = pylibsrtp.ffi.new("unsigned char[]", 2048)  # type: ignore[attr-defined]
    pylibsrtp.ffi.memmove(pointer, data, len(data))  # type: ignore[attr-defined]
    return pointer


def content(pointer: Any, length: int) -> bytes:
    return bytes(pylibsrtp.ffi.buffer(pointer, length))  # type: ignore[attr-defined]


@pytest.mark.parametrize(("package", "series"), [("aiortc", "1.16."), ("aioice", "0.13."), ("pylibsrtp", "1.0.")])
def test_versions_are_the_pinned_ones(package: str, series: str) -> None:
    assert version(package).startswith(series)


async def test_either_end_may_be_the_one_that_speaks_first(ends: Ends) -> None:
    ends.server.speak_first()
    ends.client._dtls._set_role("server")

    await ends.connect()

    assert (ends.client.is_connected, ends.server.is_connected) == (True, True)


async def test_handshake_gives_aes_gcm_both_ways(ends: Ends) -> None:
    await ends.connect()

    assert (ends.client.profile, ends.server.profile) == ("SRTP_AEAD_AES_256_GCM", "SRTP_AEAD_AES_256_GCM")
    assert (ends.client.is_connected, ends.server.is_connected) == (True, True)


async def test_nothing_is_negotiated_before_the_handshake(ends: Ends) -> None:
    assert (ends.client.is_connected, ends.client.profile) == (False, "")


async def test_rtp_protected_in_place_is_opened_by_the_other_end(ends: Ends) -> None:
    await ends.connect()
    pointer = slot(PACKET)

    length = ends.server.protect(pointer, len(PACKET))
    sealed = content(pointer, length)

    assert length == len(PACKET) + 16
    assert sealed[12:] != PACKET[12:]
    assert ends.client.open(sealed) == PACKET


async def test_rtp_is_protected_alike_by_who_has_only_the_addresses(ends: Ends) -> None:
    await ends.connect()
    ffi = pylibsrtp.ffi  # type: ignore[attr-defined]
    function, session, _ = ends.server.protection
    pointer, length = slot(PACKET), ffi.new("int *", len(PACKET))

    failed = ffi.cast("int (*)(void *, void *, int *)", function)(ffi.cast("void *", session), pointer, length)

    assert not failed
    assert ends.client.open(content(pointer, length[0])) == PACKET


async def test_rtp_is_unprotected_in_place_once(ends: Ends) -> None:
    await ends.connect()
    sealed = ends.client.seal(PACKET)
    pointer, again = slot(sealed), slot(sealed)

    assert content(pointer, ends.server.unprotect(pointer, len(sealed))) == PACKET
    assert ends.server.unprotect(again, len(sealed)) == 0


async def test_repeat_of_a_packet_is_the_same_bytes(ends: Ends) -> None:
    """A second ciphertext under one nonce would give the key away."""
    await ends.connect()

    assert ends.client.seal(PACKET) == ends.client.seal(PACKET)


async def test_rtcp_goes_both_ways(ends: Ends) -> None:
    await ends.connect()
    feedback = picture_loss(1, 11)

    assert ends.server.open(ends.client.seal(feedback)) == feedback
    assert ends.client.open(ends.server.seal(feedback)) == feedback


async def test_forged_packet_is_refused(ends: Ends) -> None:
    await ends.connect()
    sealed = ends.client.seal(PACKET)
    forged = sealed[:-1] + bytes([sealed[-1] ^ 1])

    assert ends.server.open(forged) is None
    assert ends.server.unprotect(slot(forged), len(forged)) == 0


async def test_what_cannot_be_a_packet_is_refused(ends: Ends) -> None:
    await ends.connect()

    assert ends.server.protect(slot(b"\x80"), 1) == 0
    assert ends.server.open(b"\x80\x60" + bytes(4000)) is None


async def test_other_certificate_than_announced_fails(ends: Ends) -> None:
    with pytest.raises(HandshakeFailed):
        await asyncio.gather(
            ends.client.connect(Certificate().fingerprint), ends.server.connect(ends.certificates[0].fingerprint)
        )


async def test_datagrams_wait_for_the_handshake_but_not_without_limit(ends: Ends) -> None:
    connecting = asyncio.create_task(ends.client.connect(ends.certificates[1].fingerprint))
    await until(lambda: not ends.server._wire.arrived.empty())
    for _ in range(2 * MAX_WAITING_DATAGRAMS):
        ends.server.handle(b"\x14noise")

    await ends.server.connect(ends.certificates[0].fingerprint)
    await connecting

    assert ends.server.is_connected


async def test_goodbye_is_heard(ends: Ends) -> None:
    await ends.connect()
    await ends.client.close()

    await until(lambda: ends.closed == ["server"])


async def test_own_close_is_not_reported(ends: Ends) -> None:
    await ends.connect()
    ends.is_cut = True
    await ends.client.close()
    await ends.server.close()
    await asyncio.sleep(0)

    assert ends.closed == []


def test_fingerprint_stands_as_in_sdp() -> None:
    algorithm, digest = Certificate().fingerprint.split(" ")

    assert (algorithm, len(digest.split(":"))) == ("sha-256", 32)
