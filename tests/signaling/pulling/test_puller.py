"""What a puller says of cameras; that its pictures arrive is shown in tests/web/test_camera_sources.py."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from signaling.pulling.messages import Answered, FromPull, Offering, Pull, PullState, Standing
from signaling.pulling.puller import Puller
from tests.support.patience import until
from tests.support.rtsp_camera import Habits, RtspCamera


@asynccontextmanager
async def pulling(
    url: str, *, networks: tuple[str, ...] = ("127.0.0.0/8",)
) -> AsyncIterator[tuple[Puller, list[FromPull]]]:
    told: list[FromPull] = []
    puller = Puller(Pull(url=url, user="", password="", networks=list(networks)), told.append)
    running = asyncio.create_task(puller.run())
    try:
        yield puller, told
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


def is_told(told: list[FromPull], state: PullState) -> bool:
    return any(isinstance(each, Standing) and each.state == state for each in told)


@pytest.mark.parametrize(
    ("habits", "state"),
    [
        (Habits(user="admin", password="x"), "wrong_password"),
        (Habits(status_of_describe=404), "no_stream"),
        (Habits(redirects_to="rtsp://10.0.0.1/"), "no_stream"),
        (Habits(is_rtsp=False), "no_camera"),
        (Habits(codec="H265"), "bad_codec"),
        (Habits(has_b_frames=True), "b_frames"),
    ],
)
async def test_what_is_wrong_is_told(habits: Habits, state: PullState) -> None:
    async with RtspCamera(habits) as camera, pulling(camera.url) as (_, told):
        await until(lambda: is_told(told, state))


async def test_place_where_no_camera_stands_is_told() -> None:
    async with RtspCamera() as camera, pulling(camera.url, networks=("10.0.0.0/8",)) as (_, told):
        await until(lambda: is_told(told, "forbidden"))
        assert camera.asked == []
    async with pulling(camera.url) as (_, told):
        await until(lambda: is_told(told, "unreachable"))


async def test_silence_after_the_beginning_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("signaling.pulling.puller.KEY_WITHIN_S", 0.2)

    async with RtspCamera(Habits(sends=False)) as camera, pulling(camera.url) as (_, told):
        await until(lambda: is_told(told, "no_picture"))


async def test_offer_that_is_not_taken_is_made_again() -> None:
    async with RtspCamera() as camera, pulling(camera.url) as (puller, told):
        await until(lambda: any(isinstance(each, Offering) for each in told))

        puller.hear(Answered())

        await until(lambda: is_told(told, "media_away"))
        await until(lambda: sum(isinstance(each, Offering) for each in told) == 2)
