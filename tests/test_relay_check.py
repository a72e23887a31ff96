"""The relay check against coturn itself, configured as in `deploy/`."""

import ssl
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from msgspec.structs import replace

from server.auth.relays import Relays
from server.auth.tls import ensure_tls
from server.backend import now
from server.domain.ids import Millis
from server.relay_check import RelayAddress, read_relay_address, relay_trouble
from tests.support.turn_server import SECRET, TurnServer, is_installed, turn_server

MEDIA = ("127.0.0.1", 8444)

needs_coturn = pytest.mark.skipif(not is_installed(), reason="needs coturn (Debian package `coturn`)")


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("turn:relay.example", RelayAddress("relay.example", 3478, "udp", is_secure=False)),
        ("turn:10.0.0.3:80?transport=tcp", RelayAddress("10.0.0.3", 80, "tcp", is_secure=False)),
        ("turns:[2001:db8::3]", RelayAddress("2001:db8::3", 5349, "tcp", is_secure=True)),
        ("turns:relay.example:443?transport=tcp", RelayAddress("relay.example", 443, "tcp", is_secure=True)),
    ],
)
def test_address_of_a_relay_is_read_as_the_standard_says(url: str, address: RelayAddress) -> None:
    assert read_relay_address(url) == address


class Relay:
    """A relay that runs, and what a seat needs for it."""

    def __init__(self, server: TurnServer, trusted: ssl.SSLContext) -> None:
        self.server = server
        self.trusted = trusted
        self.urls = (server.udp, server.tcp, server.tls)
        self.relays = Relays(urls=self.urls, secret=SECRET)


@pytest_asyncio.fixture
async def relay(tmp_path: Path) -> AsyncIterator[Relay]:
    files = ensure_tls(tmp_path / "tls", ["relay.test"], ["127.0.0.1"], now())
    trusted = ssl.create_default_context(cafile=files.root_path)
    certificate = {"chain": files.cert_chain_path, "key": files.key_path}
    async with turn_server(tmp_path, "127.0.0.1", MEDIA[0], **certificate) as server:
        yield Relay(server, trusted)


@needs_coturn
async def test_relay_is_used_over_udp_tcp_and_tls(relay: Relay) -> None:
    issued = relay.relays.issue("E1", now())

    troubles = [await relay_trouble(url, issued, [MEDIA], trusted=relay.trusted) for url in relay.urls]

    assert troubles == [None, None, None]


@needs_coturn
async def test_relay_reaches_nothing_but_the_media_address(relay: Relay) -> None:
    issued = relay.relays.issue("E1", now())

    for place in ("10.0.0.1", "127.0.0.2", "198.18.0.1"):
        trouble = await relay_trouble(relay.server.tcp, issued, [(place, 8444)], trusted=relay.trusted)
        assert trouble is not None
        assert f"may not reach {place}" in trouble


@needs_coturn
async def test_one_address_that_it_may_reach_is_enough(relay: Relay) -> None:
    issued = relay.relays.issue("E1", now())

    assert await relay_trouble(relay.server.udp, issued, [("198.18.0.1", 8444), MEDIA]) is None


@needs_coturn
async def test_relay_whose_name_means_this_machine_here_is_found_at_an_address_of_its_own(relay: Relay) -> None:
    issued, url = relay.relays.issue("E1", now()), relay.server.tcp.replace("127.0.0.1", "127.0.1.1")

    alone = await relay_trouble(url, issued, [MEDIA])
    beside = await relay_trouble(url, issued, [MEDIA], own=["127.0.0.2", "127.0.0.1"])

    assert alone is not None
    assert "is coturn running" in alone
    assert beside is None


@needs_coturn
@pytest.mark.parametrize("transport", ["udp", "tcp"])
async def test_pass_with_another_secret_and_one_that_has_ended_open_nothing(relay: Relay, transport: str) -> None:
    url = relay.server.udp if transport == "udp" else relay.server.tcp
    passes = [replace(relay.relays, secret="south").issue("E1", now()), relay.relays.issue("E1", Millis(0))]

    for each in passes:
        trouble = await relay_trouble(url, each, [MEDIA])
        assert trouble is not None
        assert "LIANPING_TURN_SECRET" in trouble


@needs_coturn
async def test_certificate_that_this_machine_does_not_trust_is_named(relay: Relay) -> None:
    trouble = await relay_trouble(relay.server.tls, relay.relays.issue("E1", now()), [MEDIA])

    assert trouble is not None
    assert "certificate is not trusted" in trouble
