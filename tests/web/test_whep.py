"""WHEP over HTTP with a foreign player, the real media process and seats that send."""

import hashlib
import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest_asyncio

from server.app import run_server
from server.demo.play import Troupe, bring_media
from server.domain.commands import CloseRoom, GiveWallPass, OpenCheckIn, PauseRoom, ReleaseSeat, WithdrawWallPass
from server.domain.events import WallPlayerCame, WallPlayerLeft
from server.domain.ids import WallId
from server.domain.state import WallPass
from server.web.offered_sessions import FRAGMENT, SDP
from tests.support.foreign_peer import ForeignPeer
from tests.support.live_server import E1, H1, S1, V1, W1, Sitting, media_settings, open_sitting
from tests.support.offering import ask, is_answered, offer
from tests.support.patience import until
from tests.support.wall_player import new_player

P1 = WallId("P1")
TOKEN, OTHER = 43 * "A", 43 * "B"


@pytest_asyncio.fixture
async def hall(tmp_path: Path) -> AsyncIterator[Sitting]:
    """A room in its check-in whose supervisor has given a pass; two of its seats send, no supervisor is connected."""
    async with (
        run_server(media_settings(tmp_path)) as server,
        open_sitting(server) as sitting,
        AsyncExitStack() as stack,
    ):
        await sitting.enrol(H1, V1, E1, W1, S1)
        await sitting.seats[H1].submit(OpenCheckIn())
        await sitting.seats[S1].submit(GiveWallPass(place="监督大厅东屏", sha256=digest(TOKEN)))
        media = await bring_media(Troupe({alias: sitting.seats[alias] for alias in (E1, W1)}), stack)
        for each in media.values():
            await until(each.connected.is_set)
        yield sitting


def digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


async def play(
    sitting: Sitting, player: ForeignPeer, source: str = "E1", token: str | None = TOKEN
) -> tuple[int, Any, str]:
    """Offer, and take the answer if there is one."""
    return await offer(sitting, f"/rooms/{sitting.room}/whep/{source}", token, player)


async def noted(sitting: Sitting) -> list[WallPlayerCame | WallPlayerLeft]:
    """What the record tells of players."""
    session = await sitting.server.services.rooms.session(sitting.room)
    events = (each.line.event for each in session.record.stored)
    return [event for event in events if isinstance(event, WallPlayerCame | WallPlayerLeft)]


def wall(sitting: Sitting) -> WallPass:
    return sitting.seats[S1].view.walls[P1]


async def test_wall_plays_a_member_until_its_pass_is_withdrawn_and_the_record_tells_it(hall: Sitting) -> None:
    player = new_player()

    status, headers, _ = await play(hall, player)

    assert (status, headers["Content-Type"]) == (201, f"{SDP}; charset=utf-8")
    assert re.fullmatch(f"/rooms/{hall.room}/whep/session/[0-9a-f]+", headers["Location"])
    assert headers["Access-Control-Allow-Origin"] == "*"
    assert "Location" in headers["Access-Control-Expose-Headers"]
    await until(lambda: player.came["video"] > 5 and player.came["audio"] > 5)
    await hall.seats[S1].until(lambda view: bool(view.walls[P1].players))
    [came] = await noted(hall)
    assert (came.wall, wall(hall).players[came.player].alias) == (P1, E1)
    assert hall.seats[H1].view.walls == hall.seats[E1].view.walls == hall.seats[W1].view.walls == {}

    await hall.seats[S1].submit(WithdrawWallPass(wall=P1))

    await until(lambda: player.state in ("closed", "failed"))
    late = new_player()
    status, headers, text = await play(hall, late)
    assert (status, headers["WWW-Authenticate"], "wall_pass_ended" in text) == (401, "Bearer", True)
    assert (wall(hall).ended_at is None, wall(hall).players) == (False, {})
    for each in (player, late):
        await each.close()


async def test_session_is_trickled_restarted_and_ended(hall: Sitting) -> None:
    player = new_player("video")
    _, headers, _ = await play(hall, player)
    await until(lambda: player.came["video"] > 2)
    path, etag = headers["Location"], headers["ETag"]

    async def patch(body: str = "a=end-of-candidates", **more: str) -> tuple[int, Any, str]:
        return await ask(hall, "PATCH", path, TOKEN, body, **({"Content_Type": FRAGMENT} | more))

    assert (await patch(If_Match=etag))[0] == 204
    assert (await patch())[0] == (await patch("a=ice-ufrag:new\r\na=ice-pwd:secret\r\n"))[0] == 428
    assert (await patch(If_Match='"another"'))[0] == 412
    assert (await patch("a=ice-ufrag:new", If_Match=etag))[0] == 412
    assert (await patch(Content_Type="text/plain", If_Match=etag))[0] == 415
    status, headers, fragment = await patch("a=ice-ufrag:new\r\na=ice-pwd:secret\r\n", If_Match="*")
    assert (status, headers["Content-Type"]) == (200, f"{FRAGMENT}; charset=utf-8")
    assert f"a=ice-ufrag:{headers['ETag'].strip(chr(34))}\r\n" in fragment
    assert headers["ETag"] != etag
    assert await is_answered(fragment, "new")
    assert [(await patch(If_Match=each))[0] for each in (etag, headers["ETag"])] == [412, 204]
    seen = player.came["video"]
    await until(lambda: player.came["video"] > seen + 2)
    assert (await ask(hall, "GET", path, None))[0] == 204
    assert (await ask(hall, "DELETE", path, OTHER))[0] == 401
    assert (await ask(hall, "DELETE", path, TOKEN))[0] == 200
    assert (await ask(hall, "DELETE", path, TOKEN))[0] == 404
    await until(lambda: player.state in ("closed", "failed"))
    await hall.seats[S1].until(lambda view: not view.walls[P1].players)
    assert [type(event) for event in await noted(hall)] == [WallPlayerCame, WallPlayerLeft]
    await player.close()


async def test_pass_ends_with_the_supervisors_device_and_goes_on_in_a_pause(hall: Sitting) -> None:
    player = new_player("video")
    assert (await play(hall, player))[0] == 201
    await until(lambda: player.came["video"] > 2)

    await hall.seats[H1].submit(PauseRoom(reason="停电"))
    seen = player.came["video"]
    await until(lambda: player.came["video"] > seen + 3)
    await hall.seats[H1].submit(ReleaseSeat(seat=S1, reason="换机"))

    await until(lambda: player.state in ("closed", "failed"))
    late = new_player()
    assert (await play(hall, late))[0] == 401
    for each in (player, late):
        await each.close()


async def test_closed_room_is_shown_no_more(hall: Sitting) -> None:
    player = new_player("video")
    assert (await play(hall, player))[0] == 201

    await hall.seats[H1].submit(CloseRoom(reason="改期"))

    await until(lambda: player.state in ("closed", "failed"))
    late = new_player()
    status, _, text = await play(hall, late)
    assert (status, "The room is closed" in text) == (410, True)
    for each in (player, late):
        await each.close()


async def test_what_cannot_be_played_is_refused_in_words_that_any_page_may_read(hall: Sitting) -> None:
    path = f"/rooms/{hall.room}/whep/E1"

    assert (await ask(hall, "GET", path, None))[0] == 204
    assert (await ask(hall, "POST", path, TOKEN, "{}", Content_Type="application/json"))[0] == 415
    for token in (None, OTHER, "short", hall.seats[S1].token):
        status, headers, _ = await ask(hall, "POST", path, token, "v=0\r\n", Content_Type=SDP)
        assert (status, headers["Access-Control-Allow-Origin"]) == (401, "*")
    status, _, text = await ask(hall, "POST", path, TOKEN, "v=0\r\n", Content_Type=SDP)
    assert (status, "fingerprint" in text) == (422, True)
    for missing in ("S1", "E9", "E1/screen", "session"):
        player = new_player("video")
        status, _, text = await play(hall, player, missing)
        assert (status, "that this pass may show" in text) == (404, True)
        await player.close()
    player = new_player("video", codec="video/H264")
    status, _, text = await play(hall, player)
    assert (status, "comes in VP8" in text) == (406, True)
    await player.close()
