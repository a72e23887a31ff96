import asyncio
import json
import signal
import socket
import ssl
from pathlib import Path

import aiohttp
import pytest
from msgspec.structs import replace

from server.app import Address, own_addresses, public_url, reached_at, run_server, wanted_ports
from server.backend import now, open_backend
from server.domain.ids import VenueId
from server.room_desk import create_room, read_room
from server.service_manager import READY, STOPPING, VARIABLE
from server.settings import Tls
from server.store.errors import FolderInUse
from tests.support.live_server import TEXTBOOK, plain_settings
from tests.support.server_process import environment, start_server


async def test_a_server_listens_and_stops_with_its_store(tmp_path: Path) -> None:
    async with run_server(plain_settings(tmp_path)) as server, aiohttp.ClientSession() as http:
        async with http.get(f"{server.address.url}/healthz") as answer:
            assert answer.status == 200
        assert server.address.url == f"http://localhost:{server.address.port}"
        assert (tmp_path / "store.url").read_text() == server.backend.url
        assert (tmp_path / "store.url").stat().st_mode & 0o777 == 0o600
        port = server.address.port

    assert not (tmp_path / "store.url").exists()
    with pytest.raises(OSError):  # noqa: PT011 - whichever way nobody answers
        await asyncio.open_connection("127.0.0.1", port)


async def test_rooms_and_keys_outlive_the_server(tmp_path: Path) -> None:
    async with run_server(plain_settings(tmp_path)) as server:
        room = await create_room(server.backend, TEXTBOOK)
        before = await read_room(server.backend, room)
        keys = (server.backend.log_signer(room).key, server.backend.witness.key)
        certificate = server.backend.issuing_certificate(VenueId("qingyuan"))

    async with run_server(plain_settings(tmp_path)) as server:
        assert await read_room(server.backend, room) == before
        assert (server.backend.log_signer(room).key, server.backend.witness.key) == keys
        assert server.backend.issuing_certificate(VenueId("qingyuan")) == certificate
        assert (await server.services.rooms.session(room)).room == before


async def test_a_command_beside_a_server_uses_its_store_and_leaves_it_running(tmp_path: Path) -> None:
    async with run_server(plain_settings(tmp_path)) as server:
        async with open_backend(plain_settings(tmp_path)) as beside:
            room = await create_room(beside, TEXTBOOK)
            assert beside.url == server.backend.url

        assert (await server.services.rooms.session(room)).room_id == room


async def test_a_server_does_not_start_on_a_store_that_ends_with_a_command(tmp_path: Path) -> None:
    async with open_backend(plain_settings(tmp_path)):
        with pytest.raises(FolderInUse):
            async with run_server(plain_settings(tmp_path)):
                pass


@pytest.mark.parametrize("own", [True, False], ids=["embedded", "files"])
async def test_https_with_a_certificate_of_its_own_or_from_files(tmp_path: Path, own: bool) -> None:
    settings = replace(plain_settings(tmp_path), tls=Tls.EMBEDDED, names=("pingbiao.example",))
    async with run_server(settings) as server:
        root = server.services.root_certificate or b""
        fingerprint = server.address.root_fingerprint
    if not own:
        files = {"tls_chain": tmp_path / "tls" / "server.pem", "tls_key": tmp_path / "tls" / "server.key"}
        settings = replace(settings, tls=Tls.FILES, **files)

    trusting = ssl.create_default_context(cadata=root.decode())
    async with run_server(settings) as server, aiohttp.ClientSession() as http:
        async with http.get(f"{server.address.url}/healthz", ssl=trusting) as answer:
            assert answer.status == 200
        async with http.get(
            f"https://127.0.0.1:{server.address.port}/healthz", ssl=trusting, server_hostname="pingbiao.example"
        ) as answer:
            assert answer.status == 200
        assert server.address.root_fingerprint == (fingerprint if own else None)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_serve_ends_in_order_when_it_is_told_to(tmp_path: Path, number: signal.Signals) -> None:
    manager = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    manager.bind(str(tmp_path / "notify"))
    settings = environment(data=tmp_path / "data", tls="off", host="127.0.0.1", port=0, media="false")
    server = await start_server(settings | {VARIABLE: str(tmp_path / "notify")})
    try:
        async with aiohttp.ClientSession() as http, http.get(f"{server.url}/healthz") as answer:
            alive = answer.status
        server.signal(number)
        code = await server.end()
    finally:
        await server.kill()

    assert (alive, code, (tmp_path / "data" / "store.url").exists()) == (200, 0, False)
    with manager:
        assert [manager.recv(100).decode() for _ in range(2)] == [READY, STOPPING]
    assert [json.loads(line)["event"] for line in server.log if line] == ["listening"]


def test_the_clock_gives_milliseconds_and_addresses_are_those_of_this_machine() -> None:
    assert now() > 1_700_000_000_000
    assert "127.0.0.1" in own_addresses()
    assert not [address for address in own_addresses() if address.startswith("fe80")]


@pytest.mark.parametrize(
    ("host", "reached"),
    [
        ("0.0.0.0", ("127.0.0.1", "10.0.0.5")),
        ("::", ("127.0.0.1", "10.0.0.5", "2001:db8::5")),
        ("10.0.0.5", ("10.0.0.5",)),
    ],
)
def test_port_is_reached_only_at_addresses_of_the_kind_it_listens_at(host: str, reached: tuple[str, ...]) -> None:
    assert reached_at(host, ["127.0.0.1", "10.0.0.5", "2001:db8::5"]) == reached


def test_media_listen_where_the_page_does_unless_told_otherwise(tmp_path: Path) -> None:
    page = replace(plain_settings(tmp_path), media=True, media_port=8444)

    wanted = [list(wanted_ports(settings)) for settings in (page, replace(page, media_host="0.0.0.0"))]

    assert [[port.host for port in ports] for ports in wanted] == [["127.0.0.1"], ["0.0.0.0"]]


async def test_server_on_all_addresses_answers_both_kinds(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    async with run_server(replace(plain_settings(tmp_path), host="::", port=port)) as server:
        for address in ("127.0.0.1", "[::1]"):
            url = f"http://{address}:{server.address.port}/healthz"
            async with aiohttp.ClientSession() as http, http.get(url) as answer:
                assert answer.status == 200


def test_seats_are_told_a_name_an_address_or_this_machines_own(tmp_path: Path) -> None:
    plain = replace(plain_settings(tmp_path), port=8443)

    assert public_url(plain) == "http://127.0.0.1:8443"
    assert public_url(replace(plain, names=("hall.example", "b.example"), tls=Tls.EMBEDDED, port=443)) == (
        "https://hall.example"
    )
    assert public_url(replace(plain, host="2001:db8::7", port=80)) == "http://[2001:db8::7]"
    assert Address(scheme="http", host="::1", port=80, root_fingerprint=None).url == "http://[::1]:80"
    own = public_url(replace(plain, host="0.0.0.0", tls=Tls.EMBEDDED))
    assert own.startswith("https://")
    assert "127.0.0.1" not in own
    assert "0.0.0.0" not in own
