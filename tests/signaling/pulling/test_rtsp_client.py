import asyncio
from pathlib import Path

import pytest

from server.auth.tls import ensure_tls, ssl_context
from server.domain.ids import Millis
from signaling.pulling.description import NotH264, Offer
from signaling.pulling.messages import Pull
from signaling.pulling.reach import Forbidden
from signaling.pulling.rtsp import NotRtsp
from signaling.pulling.rtsp_client import PICTURE_CHANNEL, SOUND_CHANNEL, Closed, NoStream, RtspClient, WrongPassword
from tests.support.patience import until
from tests.support.rtsp_camera import Habits, RtspCamera


def pull_of(camera: RtspCamera, password: str = "", networks: tuple[str, ...] = ("127.0.0.0/8",)) -> Pull:
    return Pull(url=camera.url, user="admin" if password else "", password=password, networks=list(networks))


async def played(habits: Habits, password: str = "") -> Offer:
    async with RtspCamera(habits) as camera:
        client = await RtspClient.connect(pull_of(camera, password))
        try:
            return await client.play()
        finally:
            await client.close()


async def test_camera_behind_a_password_plays_picture_and_sound() -> None:
    async with RtspCamera(Habits(user="admin", password="s3cret")) as camera:
        client = await RtspClient.connect(pull_of(camera, "s3cret"))
        offer = await client.play()
        channels = set()

        async for packet in client.packets():
            channels.add(packet.channel)
            if len(channels) == 2:
                break

        await client.close()
        assert (offer.sound_codec, offer.sound_state, len(offer.parameters)) == ("pcm_alaw", "sent", 2)
        assert channels == {PICTURE_CHANNEL, SOUND_CHANNEL}
        assert not any("s3cret" in line for line in camera.asked)
        assert camera.asked[-2] == f"SETUP {camera.url}/trackID=2 RTSP/1.0"


@pytest.mark.parametrize("password", ["", "wrong"])
async def test_wrong_password_is_tried_once(password: str) -> None:
    async with RtspCamera(Habits(user="admin", password="s3cret")) as camera:
        client = await RtspClient.connect(pull_of(camera, password))

        with pytest.raises(WrongPassword):
            await client.play()

        await client.close()
        assert len(camera.asked) == 2 + bool(password)


async def test_camera_that_sends_elsewhere_is_not_followed() -> None:
    async with RtspCamera() as other:
        with pytest.raises(NoStream, match="302"):
            await played(Habits(redirects_to=other.url))

        assert other.asked == []


async def test_what_cannot_be_taken_is_told_apart() -> None:
    with pytest.raises(NotH264, match="H265"):
        await played(Habits(codec="H265"))
    with pytest.raises(NoStream):
        await played(Habits(status_of_describe=404))
    with pytest.raises(NotRtsp):
        await played(Habits(is_rtsp=False))
    assert (await played(Habits(sound="MPEG4-GENERIC/16000"))).sound_state == "unsupported"


async def test_camera_outside_the_networks_is_not_connected_to() -> None:
    async with RtspCamera() as camera:
        with pytest.raises(Forbidden):
            await RtspClient.connect(pull_of(camera, networks=("10.0.0.0/8", "fc00::/7")))

        assert camera.asked == []


async def test_camera_that_hangs_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("signaling.pulling.rtsp_client.REPLY_WITHIN_S", 0.2)
    monkeypatch.setattr("signaling.pulling.rtsp_client.PACKETS_WITHIN_S", 0.2)

    with pytest.raises(Closed):
        await played(Habits(hangs_at="DESCRIBE"))
    async with RtspCamera(Habits(sends=False)) as camera:
        client = await RtspClient.connect(pull_of(camera))
        await client.play()
        with pytest.raises(Closed):
            await asyncio.wait_for(anext(client.packets()), 5)
        await client.close()


async def test_certificate_that_a_camera_signed_itself_is_taken(tmp_path: Path) -> None:
    files = ensure_tls(tmp_path, ("camera.example",), ("192.0.2.1",), Millis(1_774_400_000_000))

    async with RtspCamera(tls=ssl_context(files.cert_chain_path, files.key_path)) as camera:
        assert camera.url.startswith("rtsps://")
        client = await RtspClient.connect(pull_of(camera))
        await client.play()
        assert (await anext(client.packets())).channel == PICTURE_CHANNEL
        await client.close()


async def test_session_is_kept_alive_and_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("signaling.pulling.rtsp_client.SHORTEST_KEEP_S", 0.2)

    async with RtspCamera(Habits(timeout_s=0)) as camera:
        client = await RtspClient.connect(pull_of(camera))
        await client.play()
        async for _ in client.packets():
            if any(line.startswith("GET_PARAMETER") for line in camera.asked):
                break
        await client.close()
        await until(lambda: camera.asked[-1] == f"TEARDOWN {camera.url}/ RTSP/1.0")
