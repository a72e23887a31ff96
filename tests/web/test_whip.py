"""WHIP over HTTP with a foreign encoder, the real media process and a witness who receives."""

import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import aiohttp
import pytest_asyncio

from server.app import run_server
from server.auth.camera_passes import LIFETIME_S
from server.demo.play import Troupe, bring_media
from server.demo.seat_media import SeatMedia
from server.domain.commands import AddRoomCamera, CloseRoom, OpenCheckIn, RemoveRoomCamera
from server.domain.ids import Alias, Millis
from server.web.offered_sessions import FRAGMENT, SDP
from tests.support.encoder import new_encoder
from tests.support.ffmpeg_encoder import send_with_ffmpeg
from tests.support.foreign_peer import ForeignPeer
from tests.support.live_server import E1, H1, V1, W1, Sitting, media_settings, open_sitting
from tests.support.offering import ask, is_answered, offer
from tests.support.patience import until

C1 = Alias("C1")


@pytest_asyncio.fixture
async def hall(tmp_path: Path) -> AsyncIterator[tuple[Sitting, dict[Alias, SeatMedia]]]:
    """A room with a room camera at the main venue; witness and a member of another venue receive."""
    settings = media_settings(tmp_path)
    async with run_server(settings) as server, open_sitting(server) as sitting, AsyncExitStack() as stack:
        await sitting.enrol(H1, V1, E1, W1)
        host = sitting.seats[H1]
        await host.submit(AddRoomCamera(venue=host.view.seats[H1].venue, label="场地全景"))
        await host.submit(OpenCheckIn())
        media = await bring_media(Troupe({alias: sitting.seats[alias] for alias in (W1, E1)}), stack)
        for each in media.values():
            await until(each.connected.is_set)
        yield sitting, media


async def new_pass(sitting: Sitting, by: Alias = H1) -> str:
    async with aiohttp.ClientSession() as http:
        headers = {"Authorization": f"Bearer {sitting.seats[by].token}"}
        path = f"{sitting.url}/api/rooms/{sitting.room}/cameras/C1/pass"
        async with http.post(path, headers=headers) as answer:
            given = await answer.json()
            assert answer.status == 200, given
            return str(given["pass"])


async def send(sitting: Sitting, encoder: ForeignPeer, token: str) -> tuple[int, Any, str]:
    """Offer, and take the answer if there is one."""
    return await offer(sitting, f"/rooms/{sitting.room}/whip", token, encoder)


def packets(media: SeatMedia) -> int:
    return sum(track.packets for (alias, _), track in media.peer.received.items() if alias == C1)


async def test_encoder_is_seen_by_the_witness_and_recorded_until_its_camera_is_taken_away(
    hall: tuple[Sitting, dict[Alias, SeatMedia]], tmp_path: Path
) -> None:
    sitting, media = hall
    encoder = new_encoder("video/H264")
    token = await new_pass(sitting)

    status, headers, _ = await send(sitting, encoder, token)

    assert (status, headers["Content-Type"]) == (201, f"{SDP}; charset=utf-8")
    assert re.fullmatch(f"/rooms/{sitting.room}/whip/[0-9a-f]+", headers["Location"])
    await until(lambda: packets(media[W1]) > 20)
    folder = tmp_path / "recordings" / sitting.room / "C1-video"
    await until(lambda: folder.is_dir() and any(folder.glob("*.mkv.sealed")))
    assert packets(media[E1]) == 0
    await sitting.seats[W1].until(lambda view: C1 in view.recordings)

    await sitting.seats[H1].submit(RemoveRoomCamera(camera=C1))
    await until(lambda: encoder.state in ("closed", "failed"))

    late = new_encoder("video/VP8", has_sound=False)
    assert (await send(sitting, late, token))[0] == 404
    for each in (encoder, late):
        await each.close()


async def test_encoder_of_a_room_that_is_closed_is_let_go(hall: tuple[Sitting, dict[Alias, SeatMedia]]) -> None:
    sitting, media = hall
    encoder = new_encoder("video/VP8", has_sound=False)
    token = await new_pass(sitting)
    assert (await send(sitting, encoder, token))[0] == 201
    await until(lambda: packets(media[W1]) > 5)

    await sitting.seats[H1].submit(CloseRoom(reason="流标"))
    await until(lambda: encoder.state in ("closed", "failed"))

    late = new_encoder("video/VP8", has_sound=False)
    assert (await send(sitting, late, token))[0] == 404
    for each in (encoder, late):
        await each.close()


async def test_session_is_trickled_restarted_and_ended(hall: tuple[Sitting, dict[Alias, SeatMedia]]) -> None:
    sitting, media = hall
    encoder = new_encoder("video/VP8", has_sound=False)
    token = await new_pass(sitting)
    _, headers, _ = await send(sitting, encoder, token)
    await until(lambda: packets(media[W1]) > 10)
    path, etag = headers["Location"], headers["ETag"]

    async def patch(body: str, **more: str) -> tuple[int, Any, str]:
        return await ask(sitting, "PATCH", path, token, body, Content_Type=FRAGMENT, **more)

    assert (await patch("a=end-of-candidates", If_Match=etag))[0] == 204
    unnamed = [await patch(body) for body in ("a=end-of-candidates", "a=ice-ufrag:new\r\na=ice-pwd:secret\r\n")]
    assert [(status, "media_session_not_named" in text) for status, _, text in unnamed] == [(428, True)] * 2
    status, headers, fragment = await patch("a=ice-ufrag:new\r\na=ice-pwd:secret\r\n", If_Match='"*"')
    assert status == 200
    assert await is_answered(fragment, "new")
    assert [(await patch("", If_Match=each))[0] for each in (etag, headers["ETag"])] == [412, 204]
    assert (await ask(sitting, "DELETE", path, "C1." + 43 * "A"))[0] == 401
    assert (await ask(sitting, "DELETE", path, token))[0] == 200
    assert (await ask(sitting, "DELETE", path, token))[0] == 404
    await until(lambda: encoder.state in ("closed", "failed"))
    await encoder.close()


async def test_ffmpeg_is_seen_by_the_witness_though_it_waits_for_our_handshake(
    hall: tuple[Sitting, dict[Alias, SeatMedia]], tmp_path: Path
) -> None:
    sitting, media = hall
    token = await new_pass(sitting)

    await send_with_ffmpeg(f"{sitting.url}/rooms/{sitting.room}/whip", token, tmp_path, seconds=2)

    await until(lambda: packets(media[W1]) > 20)


async def test_new_pass_shuts_out_what_was_sent_under_the_one_before(
    hall: tuple[Sitting, dict[Alias, SeatMedia]],
) -> None:
    sitting, media = hall
    encoder = new_encoder("video/VP8", has_sound=False)
    first = await new_pass(sitting)
    assert (await send(sitting, encoder, first))[0] == 201
    await until(lambda: packets(media[W1]) > 5)

    second = await new_pass(sitting)

    await until(lambda: encoder.state in ("closed", "failed"))
    other = new_encoder("video/VP8", has_sound=False)
    status, headers, text = await send(sitting, other, first)
    assert (status, headers["WWW-Authenticate"], "camera_pass_unknown" in text) == (401, "Bearer", True)
    path = f"/api/rooms/{sitting.room}/cameras/C1/pass"
    assert (await ask(sitting, "DELETE", path, sitting.seats[H1].token))[0] == 204
    assert (await send(sitting, other, second))[0] == 401
    for each in (encoder, other):
        await each.close()


async def test_what_is_no_offer_or_no_pass_is_refused_in_words(hall: tuple[Sitting, dict[Alias, SeatMedia]]) -> None:
    sitting, _ = hall
    token, path = await new_pass(sitting), f"/rooms/{sitting.room}/whip"

    assert (await ask(sitting, "POST", path, token, "{}", Content_Type="application/json"))[0] == 415
    refused = await ask(sitting, "POST", path, token, "v=0\r\n", Content_Type=SDP)
    assert refused[0] == 422
    assert "fingerprint" in refused[2]
    assert (await ask(sitting, "POST", path, sitting.seats[H1].token, "v=0\r\n", Content_Type=SDP))[0] == 401
    services = sitting.server.services
    old = await services.camera_passes.issue(sitting.room, C1, Millis(services.clock() - 1000 * LIFETIME_S))
    expired = await ask(sitting, "POST", path, old.text, "v=0\r\n", Content_Type=SDP)
    assert expired[0] == 401
    assert "camera_pass_expired" in expired[2]
