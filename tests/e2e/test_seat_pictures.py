"""Pictures of the seats where they help: in the operators' rows and on the witness's wall; real media process."""

import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from server.domain import commands as c
from server.domain.ids import Alias
from tests.support.axe import violations
from tests.support.client_pages import Gallery, wanted_pictures
from tests.support.hall import Hall, hall_on_air
from tests.support.live_server import E1, H1, V1, W1, kept
from tests.support.page_moves import confirm, confirm_seat, press, press_and_confirm
from tests.support.patience import PATIENCE_S, until
from tests.support.recorded import played
from tests.support.rtsp_camera import Habits, RtspCamera

pytestmark = pytest.mark.asyncio(loop_scope="package")

E2, E4 = Alias("E2"), Alias("E4")


@pytest_asyncio.fixture(scope="module", loop_scope="package")
async def hall(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> AsyncIterator[Hall]:
    async with hall_on_air(tmp_path_factory, browser, kept()) as hall:
        yield hall


async def sees(page: Page, place: str) -> None:
    """The picture in a place comes, and goes on."""
    video = page.locator(f"{place} video")
    await expect(video).to_be_visible(timeout=PATIENCE_S * 1000)
    await expect(video).to_have_js_property("paused", False)
    shown = "place => document.querySelector(`${place} video`)?.getVideoPlaybackQuality().totalVideoFrames ?? 0"
    more = f"([place, had]) => ({shown})(place) > had + 3"
    await page.wait_for_function(more, arg=[place, await page.evaluate(shown, place)], timeout=PATIENCE_S * 1000)


async def test_operator_and_witness_see_the_people_at_their_seats(hall: Hall, gallery: Gallery) -> None:
    hall.conductor.allow(c.ConfirmSeat)
    await hall.seat(V1)
    pages = {alias: await hall.page() for alias in (H1, W1, E1, E2, E4)}
    for alias, page in pages.items():
        await hall.enter(page, alias)
    host, witness = pages[H1], pages[W1]
    for alias in (W1, E1, E2):
        await confirm_seat(host, alias)

    # the host sees the people of the own venue in their rows, and no other venue's members
    for alias in (E1, E2):
        await sees(host, f'tr[data-seat="{alias}"]')
    await expect(host.locator(f'tr[data-seat="{E4}"] video')).to_have_count(0)
    await gallery.take(host, "pictures", "console")
    assert await violations(host) == []

    # the witness sees every venue
    for alias in (E1, E2, E4):
        await sees(witness, f'li[data-seat="{alias}"]')
    await gallery.take(witness, "pictures", "witness")
    assert await violations(witness) == []

    # one of them large
    await press(host, "放大画面 E1")
    await sees(host, "dialog[open]")
    await gallery.take(host, "pictures", "enlarged")
    await press(host, "返回")
    await press(witness, "放大画面 E4")
    await expect(witness.get_by_role("dialog")).to_contain_text("席位 E4 的画面 · 望溪县公共资源交易中心")
    await sees(witness, "dialog[open]")
    await press(witness, "返回")
    await a_room_camera_is_put_up(hall, gallery, pages)


async def a_room_camera_is_put_up(hall: Hall, gallery: Gallery, pages: dict[Alias, Page]) -> None:
    """An encoder sends by WHIP; operator and witness see it, members are told and do not."""
    host, witness, member = pages[H1], pages[W1], pages[E1]
    await press(host, "添加场地摄像机")
    await gallery.take(host, "cameras", "add")
    await host.get_by_label("服务器从网络摄像机拉流（RTSP）", exact=True).check()
    await gallery.take(host, "cameras", "add_pulled")
    assert await violations(host) == []
    await expect(host.get_by_role("button", name="添加", exact=True)).to_be_disabled()
    await host.get_by_label("编码器或 OBS 推流（WHIP）", exact=True).check()
    await press(host, "添加")
    camera = '[data-camera="C1"]'
    await expect(host.locator(camera)).to_contain_text("还没有信号")
    await expect(witness.locator(camera)).to_contain_text("场地全景")

    await press(host, "接入 C1")
    address, token = host.get_by_label("服务器地址", exact=True), host.get_by_label("令牌", exact=True)
    await host.wait_for_function("() => document.activeElement.closest('dialog') !== null")
    where, opens = await address.input_value(), await token.input_value()
    await expect(host.get_by_role("dialog")).not_to_contain_text(opens)
    await expect(host.get_by_role("dialog")).to_contain_text(re.compile(r"\d{4}/\d\d/\d\d \d\d:\d\d:\d\d 前有效"))
    await gallery.take(host, "cameras", "pass")
    assert await violations(host) == []
    await press(host, "复制 令牌")
    await expect(host.get_by_role("button", name="已复制 令牌")).to_be_visible()
    await press(host, "已填好")
    await expect(token).to_have_count(0)

    encoder = await hall.page()
    assert await encoder.evaluate(ENCODER, {"where": where, "token": f"{opens}x"}) == 401
    assert await encoder.evaluate(ENCODER, {"where": where, "token": opens}) == 201
    for page in (host, witness):
        await expect(page.locator(camera)).to_have_attribute("data-state", "live", timeout=PATIENCE_S * 1000)
        await sees(page, camera)
    await gallery.take(host, "cameras", "console")
    await gallery.take(witness, "cameras", "witness")
    assert await violations(witness) == []
    await expect(member.locator("video")).not_to_have_count(0)
    assert "C1" not in await member.evaluate(
        "[...document.querySelectorAll('[data-camera]')].map((e) => e.dataset.camera)"
    )

    # it is recorded from the check-in on
    alarm = host.get_by_role("region", name="未被录制的席位和场地摄像机")
    await press_and_confirm(host, "开启签到")
    await expect(alarm).to_contain_text("V1 摄像头、麦克风 · 尚未开始录制")
    await expect(alarm).not_to_contain_text("C1", timeout=PATIENCE_S * 1000)

    # its pass is withdrawn: what is sent ends, is said to be missing, and does not come again
    await host.locator(f"{camera} summary").click()
    await gallery.take(host, "cameras", "more")
    await press(host, "接入 C1")  # which would end what comes
    await expect(host.get_by_role("dialog", name="重新接入场地摄像机 C1 场地全景？")).to_be_visible()
    await press(host, "返回")
    await expect(host.locator(camera)).to_have_attribute("data-state", "live")
    await press(host, "撤销令牌 C1")
    await gallery.take(host, "cameras", "withdraw")
    await confirm(host, "撤销令牌")
    await expect(host.get_by_text("C1 的令牌已撤销。")).to_be_visible()
    await expect(witness.locator(camera)).to_contain_text("信号中断", timeout=PATIENCE_S * 1000)
    await expect(alarm).to_contain_text("C1 场地全景 摄像头、麦克风", timeout=PATIENCE_S * 1000)
    assert await encoder.evaluate(ENCODER, {"where": where, "token": opens}) == 401

    # the server pulls a network camera in its place
    await encoder.close()
    async with RtspCamera(Habits(user="admin", password="s3cret")) as network_camera:
        await pull(host, "拉流 C1", network_camera.url, "wrong")
        await expect(host.locator(camera)).to_contain_text("不接受这个账号或密码", timeout=PATIENCE_S * 1000)
        await gallery.take(host, "cameras", "refused")
        await pull(host, "修改拉流地址 C1", network_camera.url, "s3cret")
        await expect(host.locator(camera)).to_contain_text("已连接摄像机", timeout=PATIENCE_S * 1000)
        for page in (host, witness):
            await expect(page.locator(camera)).to_have_attribute("data-state", "live", timeout=PATIENCE_S * 1000)
            await sees(page, camera)
        await gallery.take(host, "cameras", "pulled")
        assert await violations(host) == []
        assert "s3cret" not in await host.content()
    await expect(host.locator(camera)).to_contain_text("正在自动重", timeout=PATIENCE_S * 1000)
    await h264_is_recorded(hall)

    # the camera is taken away, and not missed
    await press(host, "移除 C1")
    await confirm(host, "移除")
    await expect(witness.locator(camera)).to_have_count(0)
    await expect(alarm).not_to_contain_text("C1")


async def h264_is_recorded(hall: Hall) -> None:
    """The H.264 that the pages have played is kept as it came, and plays."""
    recordings, room = hall.sitting.server.backend.recordings, hall.sitting.room
    folder = recordings.folder / room / "C1-video"
    await until(lambda: any(folder.glob("*.mkv.sealed")))
    read = await recordings.reader(room)
    first = min(folder.glob("*.mkv.sealed"), key=lambda piece: int(piece.name.partition(".")[0]))
    assert len(played(read(first))["video"]) > 3


async def pull(page: Page, button: str, address: str, password: str) -> None:
    """Fill in where the server pulls a camera from."""
    await press(page, button)
    await page.get_by_label("摄像机地址", exact=True).fill(address)
    await page.get_by_label("账号", exact=True).fill("admin")
    await page.get_by_label("密码", exact=True).fill(password)
    await press(page, "开始拉流")


ENCODER = """async ({where, token}) => {
  const own = await navigator.mediaDevices.getUserMedia({audio: true, video: {width: 640, height: 360}});
  const peer = window.peer = new RTCPeerConnection();
  for (const track of own.getTracks()) {
    const {sender} = peer.addTransceiver(track, {direction: 'sendonly', streams: [own]});
    const codecs = RTCRtpSender.getCapabilities('video').codecs.filter((codec) => codec.mimeType === 'video/H264');
    if (track.kind === 'video' && codecs.length) {
      peer.getTransceivers().find((each) => each.sender === sender).setCodecPreferences(codecs);
    }
  }
  await peer.setLocalDescription();
  while (peer.iceGatheringState !== 'complete') {
    await new Promise((done) => peer.addEventListener('icegatheringstatechange', done, {once: true}));
  }
  const answer = await fetch(where, {
    method: 'POST',
    headers: {Authorization: `Bearer ${token}`, 'Content-Type': 'application/sdp'},
    body: peer.localDescription.sdp,
  });
  if (answer.status === 201) await peer.setRemoteDescription({type: 'answer', sdp: await answer.text()});
  return answer.status;
}"""
"A page as WHIP client; it sends H.264 where the browser can."


async def test_every_wanted_picture_was_taken(gallery: Gallery) -> None:
    assert gallery.taken == wanted_pictures("pictures", "cameras")
