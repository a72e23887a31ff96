"""A room camera that the server pulls, with the real media process, a camera on this machine, and who receives it."""

import os
import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import aiohttp
import pytest_asyncio

from server.app import run_server
from server.demo.play import Troupe, bring_media
from server.demo.seat_media import SeatMedia
from server.domain.commands import AddRoomCamera, OpenCheckIn, RemoveRoomCamera
from server.domain.ids import Alias
from signaling.pulling.messages import PullState
from tests.support.live_server import E1, H1, V1, W1, Sitting, media_settings, open_sitting
from tests.support.patience import until
from tests.support.process_facts import is_there, shown
from tests.support.rtsp_camera import Habits, RtspCamera

C1 = Alias("C1")
PASSWORD = "s3cret-of-the-camera"


@pytest_asyncio.fixture
async def hall(tmp_path: Path) -> AsyncIterator[tuple[Sitting, dict[Alias, SeatMedia]]]:
    """A room with a room camera at the main venue; witness and a member of another venue receive."""
    async with (
        run_server(media_settings(tmp_path)) as server,
        open_sitting(server) as sitting,
        AsyncExitStack() as stack,
    ):
        await sitting.enrol(H1, V1, E1, W1)
        host = sitting.seats[H1]
        await host.submit(AddRoomCamera(venue=host.view.seats[H1].venue, label="场地全景"))
        await host.submit(OpenCheckIn())
        media = await bring_media(Troupe({alias: sitting.seats[alias] for alias in (W1, E1)}), stack)
        for each in media.values():
            await until(each.connected.is_set)
        yield sitting, media


async def ask(sitting: Sitting, by: Alias, method: str, path: str, **body: str) -> tuple[int, Any]:
    """Status and body of the answer."""
    url = f"{sitting.url}/api/rooms/{sitting.room}/cameras{path}"
    headers = {"Authorization": f"Bearer {sitting.seats[by].token}"}
    async with (
        aiohttp.ClientSession() as http,
        http.request(method, url, headers=headers, json=body if method == "POST" else None) as answer,
    ):
        assert PASSWORD not in await answer.text()
        return answer.status, await answer.json()


async def name(sitting: Sitting, camera: RtspCamera, password: str = PASSWORD) -> None:
    given = await ask(sitting, H1, "POST", "/C1/source", address=camera.url, user="admin", password=password)
    assert given == (200, {"address": camera.url})


async def until_state(sitting: Sitting, *wanted: PullState) -> None:
    pulls = sitting.server.services.pulls
    assert pulls is not None
    await until(lambda: pulls.pulled(sitting.room)[C1].standing.state in wanted)


def packets(media: SeatMedia) -> dict[str, int]:
    received = media.peer.received.items()
    return {kind: track.packets for (alias, kind), track in received if alias == C1 and track.packets}


async def test_camera_is_seen_heard_and_recorded_and_comes_back_by_itself(
    hall: tuple[Sitting, dict[Alias, SeatMedia]], tmp_path: Path
) -> None:
    sitting, media = hall
    async with RtspCamera(Habits(user="admin", password=PASSWORD)) as camera:
        await name(sitting, camera)
        await until(lambda: packets(media[W1]).get("video", 0) > 20 and packets(media[W1]).get("audio", 0) > 20)
        folder = tmp_path / "recordings" / sitting.room / "C1-video"
        await until(lambda: folder.is_dir() and any(folder.glob("*.mkv.sealed")))
        assert packets(media[E1]) == {}
        _, body = await ask(sitting, H1, "GET", "")
        assert body["cameras"]["C1"] == {
            "address": camera.url,
            "state": "live",
            "detail": "",
            "sound": "sent",
            "has_rare_key_frames": False,
        }
        pulls = sitting.server.services.pulls
        assert pulls is not None
        pid = pulls.pulled(sitting.room)[C1].pid or 0
        assert PASSWORD.encode() not in shown(pid)
        assert not any(PASSWORD.encode() in line for line in await sitting.lines())

    await until_state(sitting, "interrupted", "unreachable")
    before = packets(media[W1])["video"]
    async with RtspCamera(Habits(user="admin", password=PASSWORD), camera.port):
        await until_state(sitting, "live")
        await until(lambda: packets(media[W1])["video"] > before + 10)

        await sitting.seats[H1].submit(RemoveRoomCamera(camera=C1))
        await until(lambda: not pulls.pulled(sitting.room))
    await until(lambda: not is_there(pid))


async def test_what_is_wrong_with_a_camera_is_told(hall: tuple[Sitting, dict[Alias, SeatMedia]]) -> None:
    sitting, _ = hall
    async with RtspCamera(Habits(user="admin", password="another")) as camera:
        await name(sitting, camera)
        await until_state(sitting, "wrong_password")
    async with RtspCamera(Habits(codec="H265")) as camera:
        await name(sitting, camera)
        await until_state(sitting, "bad_codec")
        _, body = await ask(sitting, H1, "GET", "")
        assert body["cameras"]["C1"]["detail"] == "H265"
    async with RtspCamera(Habits(has_b_frames=True)) as camera:
        await name(sitting, camera)
        await until_state(sitting, "b_frames")


async def test_address_is_for_its_operators_and_for_cameras(hall: tuple[Sitting, dict[Alias, SeatMedia]]) -> None:
    sitting, _ = hall
    sent = {"address": "rtsp://admin:x@127.0.0.1:8554/1"}

    assert (await ask(sitting, V1, "POST", "/C1/source", **sent))[0] == 403
    assert (await ask(sitting, E1, "POST", "/C1/source", **sent))[0] == 403
    assert (await ask(sitting, E1, "GET", ""))[0] == 403
    assert (await ask(sitting, H1, "POST", "/C1/source", address="http://127.0.0.1/"))[0] == 422
    forbidden = await ask(sitting, H1, "POST", "/C1/source", address="rtsp://8.8.8.8/")
    assert (forbidden[0], forbidden[1]["code"]) == (403, "camera_address_forbidden")
    assert (await ask(sitting, H1, "POST", "/C1/source", place="x"))[1]["code"] == "camera_source_malformed"
    assert await ask(sitting, H1, "POST", "/C1/source", **sent) == (200, {"address": "rtsp://127.0.0.1:8554/1"})
    assert (await ask(sitting, V1, "GET", ""))[1] == {"cameras": {}}

    assert (await ask(sitting, H1, "POST", "/C1/pass"))[0] == 200
    assert (await ask(sitting, H1, "GET", ""))[1] == {"cameras": {}}


async def test_camera_comes_back_after_the_media_process_has_died(hall: tuple[Sitting, dict[Alias, SeatMedia]]) -> None:
    sitting, _ = hall
    services = sitting.server.services
    assert services.pulls is not None
    assert services.media is not None
    async with RtspCamera() as camera:
        assert (await ask(sitting, H1, "POST", "/C1/source", address=camera.url))[0] == 200
        await until_state(sitting, "live")
        pulled, first = services.pulls.pulled(sitting.room)[C1], services.pulls.pulled(sitting.room)[C1].connection

        os.kill(services.media.pid or 0, signal.SIGKILL)

        await until(lambda: pulled.connection not in (None, first) and pulled.standing.state == "live")
        assert sum(line.startswith("PLAY") for line in camera.asked) == 1
