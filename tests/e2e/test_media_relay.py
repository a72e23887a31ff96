"""A browser behind a network that blocks UDP: its sound and pictures go over the relay of `deploy/coturn`."""

from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from aiohttp import web
from msgspec.structs import replace

from server.app import run_server
from server.auth.tls import ensure_tls
from server.backend import now
from tests.support import second_network, turn_server
from tests.support.live_server import E1, H1, W1, media_settings, open_sitting
from tests.support.patience import until
from tests.support.played_media import played_media
from tests.support.seat_pages import chromium, open_seat_page

pytestmark = [
    pytest.mark.asyncio(loop_scope="package"),
    pytest.mark.skipif(not second_network.can_be_made(), reason="needs iproute2, and the right to make namespaces"),
    pytest.mark.skipif(not turn_server.is_installed(), reason="needs coturn (Debian package `coturn`)"),
]


@pytest.mark.parametrize(
    ("way", "blocked"), [("tcp", "all"), ("tls", "all"), ("udp", "media port"), ("tcp", "nothing")]
)
async def test_seat_without_udp_sees_and_is_seen_over_the_relay_and_with_udp_straight(
    tmp_path: Path, page_routes: list[web.AbstractRouteDef], way: str, blocked: str
) -> None:
    async with AsyncExitStack() as stack:
        network = await stack.enter_async_context(second_network.second_network())
        if blocked == "all":
            await network.block_udp()
        tls = ensure_tls(tmp_path / "tls", ["relay.test"], [second_network.HOST], now())
        relay = await stack.enter_async_context(
            turn_server.turn_server(
                tmp_path, second_network.HOST, second_network.HOST, chain=tls.cert_chain_path, key=tls.key_path
            )
        )
        settings = replace(
            media_settings(tmp_path / "data", second_network.HOST),
            turn_urls=({"udp": relay.udp, "tcp": relay.tcp, "tls": relay.tls}[way],),
            turn_secret=turn_server.SECRET,
        )
        server = await stack.enter_async_context(run_server(settings, page_routes))
        sitting = await stack.enter_async_context(open_sitting(server))
        await sitting.enrol(H1, E1, W1)
        scripted = await played_media(sitting, stack, W1)
        if blocked == "media port":
            assert server.services.media is not None
            assert server.services.media.udp_port is not None
            await network.swallow_udp(server.services.media.udp_port)
        browser = await stack.enter_async_context(
            chromium(
                f"--unsafely-treat-insecure-origin-as-secure={server.address.url}",
                "--ignore-certificate-errors",
                executable=network.program_inside("chromium", tmp_path),
            )
        )

        page = await open_seat_page(browser, sitting.seats[E1], server.address.url)

        await page.sees(W1)
        await until(lambda: (E1, "video") in scripted[W1].peer.received)
        assert await page.way() == (["host", "udp"] if blocked == "nothing" else ["relay", way])
