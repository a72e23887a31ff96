"""A page that tries its way, with the real media process: what it sends comes back to it."""

from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest_asyncio
from msgspec.structs import replace

from server.app import run_server
from server.session.frames import Goodbye, Refused
from server.web.packing import pack, unpack_signal_to_seat
from server.web.signal_frames import (
    SIGNAL_PROTOCOL,
    AnySignalToSeat,
    JoinProbe,
    MediaAnswer,
    MediaOffer,
    MediaRelays,
    RestartMedia,
    TryWay,
)
from signaling.scripted.scripted_peer import ScriptedPeer
from tests.support.live_server import E1, Sitting, media_settings, open_sitting
from tests.support.patience import PATIENCE_S, until
from tests.support.played_media import FILMS


@pytest_asyncio.fixture
async def sitting(tmp_path: Path) -> AsyncIterator[Sitting]:
    """A room on a server with media and a relay."""
    settings = replace(media_settings(tmp_path), turn_urls=("turn:relay.example:3478",), turn_secret="north")
    async with run_server(settings) as server, open_sitting(server) as sitting:
        yield sitting


class Page:
    """A page's end of the socket."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket

    async def say(self, frame: JoinProbe | TryWay | MediaAnswer | RestartMedia) -> None:
        await self._socket.send_bytes(pack(frame))

    async def hear(self) -> AnySignalToSeat:
        return unpack_signal_to_seat(await self._socket.receive_bytes(timeout=PATIENCE_S))


async def test_what_a_page_sends_comes_back_to_it(sitting: Sitting) -> None:
    sends, takes = ScriptedPeer(FILMS[0]), ScriptedPeer(FILMS[0])
    async with (
        aiohttp.ClientSession() as http,
        http.ws_connect(f"{sitting.url}/rooms/{sitting.room}/signal", protocols=[SIGNAL_PROTOCOL]) as socket,
    ):
        page = Page(socket)
        await page.say(JoinProbe(token=await sitting.token(E1), key=None, proof=None))
        await page.say(TryWay())
        relays = await page.hear()
        assert isinstance(relays, MediaRelays)
        assert relays.username.endswith(":E1")
        for peer in (sends, takes):
            offer = await page.hear()
            assert isinstance(offer, MediaOffer)
            sdp = await peer.answer(offer.sdp)
            await page.say(MediaAnswer(connection=offer.connection, revision=offer.revision, sdp=sdp))

        await until(lambda: {("P1", "audio"), ("P1", "video")} <= takes.received.keys())
        await until(lambda: all(track.packets > 20 for track in takes.received.values()))

        assert sends.received == {}
        await sends.close()
        await takes.close()


async def test_frame_that_is_not_for_a_probe_is_refused(sitting: Sitting) -> None:
    async with (
        aiohttp.ClientSession() as http,
        http.ws_connect(f"{sitting.url}/rooms/{sitting.room}/signal", protocols=[SIGNAL_PROTOCOL]) as socket,
    ):
        page = Page(socket)
        await page.say(JoinProbe(token=await sitting.token(E1), key=None, proof=None))
        await page.say(RestartMedia())
        heard = [await page.hear(), await page.hear()]

    assert isinstance(heard[1], Refused)
    assert heard[1].code == "join_missing"


async def test_probe_needs_the_token_of_a_seat(sitting: Sitting) -> None:
    async with (
        aiohttp.ClientSession() as http,
        http.ws_connect(f"{sitting.url}/rooms/{sitting.room}/signal", protocols=[SIGNAL_PROTOCOL]) as socket,
    ):
        page = Page(socket)
        await page.say(JoinProbe(token="none", key=None, proof=None))
        goodbye = await page.hear()

    assert isinstance(goodbye, Goodbye)
    assert goodbye.code == "token_malformed"
