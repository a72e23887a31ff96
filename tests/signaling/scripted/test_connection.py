import asyncio
from collections.abc import AsyncIterator
from typing import cast

import pytest
from aioice import stun

from signaling.dtls_srtp import Certificate
from signaling.ice_lite import Credentials
from signaling.rtp import build
from signaling.scripted.connection import ClientConnection
from tests.support.patience import until

SERVER = Credentials("server", "password")
RTP = build(b"x", payload_type=96, marker=True, sequence=1, timestamp=2, ssrc=3)


class Server(asyncio.DatagramProtocol):
    """Answers checks as told: not at all, with a wrong password, or well."""

    def __init__(self) -> None:
        self.requests: list[stun.Message] = []
        self.passwords: list[bytes | None] = []
        self.is_closed = False
        self.transport: asyncio.DatagramTransport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.DatagramTransport, transport)

    def connection_lost(self, exc: Exception | None) -> None:
        self.is_closed = True

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        request = stun.parse_message(data)
        self.requests.append(request)
        password = self.passwords.pop(0) if self.passwords else SERVER.password.encode()
        if password is not None:
            response = stun.Message(
                stun.Method.BINDING, stun.Class.RESPONSE, request.transaction_id, {"XOR-MAPPED-ADDRESS": addr}
            )
            response.add_message_integrity(password)
            self.transport.sendto(bytes(response), addr)


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    _, server = await asyncio.get_running_loop().create_datagram_endpoint(Server, local_addr=("127.0.0.1", 0))
    yield server
    server.transport.close()


@pytest.fixture
async def seat(server: Server) -> AsyncIterator[ClientConnection]:
    seat = ClientConnection(Certificate(), lambda packet: None)
    await seat.open(server.transport.get_extra_info("sockname"), SERVER)
    yield seat
    await seat.close()


async def test_check_carries_name_password_and_nomination(server: Server, seat: ClientConnection) -> None:
    await seat.check()

    (request,) = server.requests
    assert request.attributes["USERNAME"] == f"server:{seat.credentials.name}"
    assert "USE-CANDIDATE" in request.attributes
    assert request.check_message_integrity(b"password")


async def test_check_is_sent_again_until_an_authentic_answer_comes(server: Server, seat: ClientConnection) -> None:
    server.passwords = [None, b"forged"]

    await seat.check()

    assert len(server.requests) == 3


async def test_renewed_connection_uses_the_new_names(server: Server, seat: ClientConnection) -> None:
    seat.renew(Credentials("mine", "x"), Credentials("again", "password"))

    await seat.check()

    assert server.requests[-1].attributes["USERNAME"] == "again:mine"


async def test_moved_connection_checks_from_another_port(server: Server, seat: ClientConnection) -> None:
    await seat.open(server.transport.get_extra_info("sockname"), SERVER)

    assert len(server.requests) == 1


async def test_nothing_is_sent_or_taken_before_the_handshake(server: Server, seat: ClientConnection) -> None:
    seat.send(RTP)
    seat.datagram_received(RTP, None)
    await seat.check()

    assert len(server.requests) == 1
    assert (seat.is_connected, seat.srtp_profile) == (False, "")


async def test_unreachable_server_is_no_error(server: Server, seat: ClientConnection) -> None:
    address = server.transport.get_extra_info("sockname")
    server.transport.close()
    await until(lambda: server.is_closed)
    checking = asyncio.create_task(seat.check())
    _, again = await asyncio.get_running_loop().create_datagram_endpoint(Server, local_addr=address)

    await checking

    await until(lambda: len(again.requests) >= 1)
    again.transport.close()
