"""Screens in real browsers: a host's window before a member who may see it, and a member's desktop before nobody.

Beside them a wall of the supervision hall: a page of another system, which gets by WHEP what the supervisor may see.
"""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from server.demo.play import Troupe, bring_media
from server.domain import commands as c
from server.domain.ids import Alias
from server.domain.recordings import MediaTrack
from server.domain.state import RoomView
from server.recording_desk import checked_recordings, copy_in_the_clear, joined_screen, joined_seat, recorded_tracks
from server.recording_words import track_sentences
from server.room_desk import export_room
from server.tender.tender_file import DEFAULT_TIME_ZONE
from server.verify_desk import verify_package
from tests.support.axe import violations
from tests.support.client_pages import Gallery, wanted_pictures
from tests.support.encoder import new_encoder
from tests.support.ffprobe import probed
from tests.support.hall import Hall, hall_on_air
from tests.support.live_server import E1, E3, H1, S1, U1, V1, desktops
from tests.support.offering import ask, offer
from tests.support.page_moves import confirm, confirm_seat, heading, press
from tests.support.patience import PATIENCE_S, until
from tests.support.recorded import joined
from tests.support.seat_pages import chromium, served, simulated
from tests.support.whep_page import HTML, WhepPage, whep_page

pytestmark = pytest.mark.asyncio(loop_scope="package")

C1 = Alias("C1")

MONITOR = simulated("display-media-type=monitor")
"""What a browser without a screen gives a page that asks for one: Chromium's test picture, named as this surface.

The browser of all modules names it as a window.
"""

WATCHED = """
  const Peer = RTCPeerConnection;
  const peers = [];
  window.RTCPeerConnection = class extends Peer {
    constructor(...given) { super(...given); peers.push(this); }
  };
  window.lines = () => peers.at(-1).getTransceivers().map(({ mid }) => mid);
  const ask = navigator.mediaDevices.getDisplayMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getDisplayMedia = async (wanted) => {
    const stream = await ask(wanted);
    window.captured = stream.getVideoTracks()[0];
    return stream;
  };
  window.endByBar = () => { captured.stop(); captured.dispatchEvent(new Event('ended')); };
"""
"Before the page loads: which lines it has, and what happens when the person ends a capture in the browser's own bar."


@pytest_asyncio.fixture(scope="module", loop_scope="package")
async def hall(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> AsyncIterator[Hall]:
    async with hall_on_air(tmp_path_factory, browser, desktops()) as hall:
        yield hall


async def _watch(page: Page) -> None:
    await page.add_init_script(WATCHED)


def _is_recorded(view: RoomView, alias: Alias, track: MediaTrack) -> bool:
    recording = view.recordings.get(alias, {}).get(track)
    return recording is not None and recording.gap is None


async def _until(hall: Hall, alias: Alias, track: MediaTrack, *, recorded: bool) -> None:
    """Wait until a track is recorded, or is not any more."""
    await hall.sitting.seats[V1].until(lambda view: _is_recorded(view, alias, track) is recorded, PATIENCE_S)


async def test_window_is_shown_to_who_may_see_it_and_a_desktop_to_nobody(
    hall: Hall, gallery: Gallery, tmp_path: Path
) -> None:
    async with chromium(MONITOR) as with_monitor:
        host, member = await hall.page(prepare=_watch), await hall.page(browser=with_monitor, prepare=_watch)
        await hall.enter(host, H1)
        await hall.enter(member, E1)
        await confirm_seat(host, E1)
        hall.conductor.allow(c.ConfirmSeat)
        await hall.seat(V1)
        await expect(host.get_by_role("button", name="共享屏幕")).to_have_count(0)
        await press(host, "开启签到")
        await confirm(host, "开启签到")

        await _record_the_desktop(hall, gallery, host, member)
        async with _on_camera(hall, E3), _covered_room_camera(hall), served(HTML) as elsewhere:
            supervisor = await hall.page()
            wall = await _give_a_wall(hall, gallery, host, supervisor, elsewhere)
            await _show_a_window(hall, gallery, host, member)
            await _play_what_the_supervisor_may_see(gallery, supervisor, wall)
            await _pause(hall, gallery, host, member)
            await _withdraw(gallery, supervisor, wall)
        await _close(hall, host)
    await _look_at_what_was_recorded(hall, tmp_path)


async def _record_the_desktop(hall: Hall, gallery: Gallery, host: Page, member: Page) -> None:
    # the member is told what is asked for, and begins
    note = member.locator(".desktop")
    await expect(note).to_contain_text("本评标室要求录制您的电脑桌面。")
    await expect(member.locator(".own-recording")).to_contain_text("请按上方的“开始录制桌面”")
    await gallery.take(member, "screens", "desktop_asked")
    assert await violations(member) == []
    await press(member, "开始录制桌面")
    await expect(note).to_contain_text("正在录制您的电脑桌面。")
    await expect(note).to_contain_text("任何人都不能观看")
    await _until(hall, E1, MediaTrack.DESKTOP, recorded=True)
    await expect(member.locator(".own-recording .callout")).to_have_count(0)
    await gallery.take(member, "screens", "desktop_on")

    # nobody's page has a line for it
    assert "desktop" in await member.evaluate("lines()")
    assert not [mid for mid in await host.evaluate("lines()") if "desktop" in mid]

    # the person ends it in the browser's bar, and is asked to begin again
    await member.evaluate("endByBar()")
    await expect(note).to_contain_text("桌面录制已停止。")
    await _until(hall, E1, MediaTrack.DESKTOP, recorded=False)
    await expect(host.get_by_role("region", name="未被录制")).to_contain_text("E1 电脑桌面")
    await gallery.take(member, "screens", "desktop_ended")
    await press(member, "重新开始录制桌面")
    await _until(hall, E1, MediaTrack.DESKTOP, recorded=True)


async def _show_a_window(hall: Hall, gallery: Gallery, host: Page, member: Page) -> None:
    # the host shows a window, which takes the large place on the member's page
    await press(host, "共享屏幕")
    await expect(host.locator(".own-screen")).to_contain_text("现在可以看到的席位")
    await expect(host.locator(".own-screen")).to_contain_text("E1")
    stage = member.get_by_role("region", name="H1 的屏幕")
    await expect(stage).to_be_visible()
    moves = "() => document.querySelector('[data-screen=\"H1\"] video')?.videoWidth > 0"
    await member.wait_for_function(moves, timeout=PATIENCE_S * 1000)
    await expect(stage.locator("video")).to_be_visible()
    await _until(hall, H1, MediaTrack.SCREEN, recorded=True)
    await gallery.take(member, "screens", "shown")
    await gallery.take(host, "screens", "showing")
    assert await violations(member) == []
    assert await violations(host) == []
    await press(member, "收起屏幕")
    await expect(stage.locator("video")).to_have_count(0)
    await press(member, "展开屏幕")


async def _pause(hall: Hall, gallery: Gallery, host: Page, member: Page) -> None:
    # a pause ends the share, and says so; the desktop is recorded on
    stage = member.get_by_role("region", name="H1 的屏幕")
    await press(host, "暂停评标")
    await host.get_by_role("dialog").get_by_label("暂停原因").fill("望溪县副场断网，正在抢修。")
    await press(host, "立即暂停")
    await expect(stage).to_have_count(0)
    await expect(host.locator(".own-screen")).to_contain_text("屏幕共享已结束")
    await _until(hall, H1, MediaTrack.SCREEN, recorded=False)
    assert _is_recorded(await hall.sitting.state(), E1, MediaTrack.DESKTOP)
    await gallery.take(host, "screens", "ended_by_rule")


@asynccontextmanager
async def _on_camera(hall: Hall, alias: Alias) -> AsyncIterator[None]:
    """A scripted member sends sound and pictures."""
    seat = await hall.sitting.enter(alias)
    await seat.enrol()
    await seat.until(lambda view: view.seats[alias].confirmed, PATIENCE_S)
    async with AsyncExitStack() as stack:
        media = await bring_media(Troupe({alias: seat}), stack)
        await until(media[alias].connected.is_set)
        yield


@asynccontextmanager
async def _covered_room_camera(hall: Hall) -> AsyncIterator[None]:
    """An encoder at the sub-venue sends black pictures and no sound."""
    sitting, operator = hall.sitting, hall.sitting.seats[V1]
    await operator.submit(c.AddRoomCamera(venue=operator.view.seats[V1].venue, label="场地全景"))
    _, _, given = await ask(sitting, "POST", f"/api/rooms/{sitting.room}/cameras/{C1}/pass", operator.token)
    encoder = new_encoder("video/H264", is_covered=True)
    status, _, _ = await offer(sitting, f"/rooms/{sitting.room}/whip", json.loads(given)["pass"], encoder)
    assert status == 201
    yield
    await encoder.close()


async def _close(hall: Hall, host: Page) -> None:
    auditor = await hall.page()
    await hall.enter(auditor, U1)
    await confirm_seat(host, U1)

    # before the close the host is told what is wrong with the recordings
    await press(host, "关闭评标室")
    dialog = host.get_by_role("dialog")
    found = dialog.get_by_role("region", name="录音录像检查")
    await expect(found).to_contain_text(re.compile(r"C1 的画面有 .*秒是黑的"))
    await expect(found).not_to_contain_text("无法解码")
    await dialog.get_by_label("关闭说明").fill("流标")
    await dialog.get_by_label("确认关闭").fill("确认关闭")
    await press(host, "永久关闭")
    await expect(host.get_by_text("评标室已关闭，记录已经封存。")).to_be_visible()

    # and afterwards the auditor replays the room with all of it
    await heading(auditor, "复盘")
    lines = auditor.get_by_role("region", name="评标记录")
    for told in ("V1 添加场地摄像机 C1：场地全景", "C1 的摄像头开始录制", "H1 的共享屏幕停止录制"):
        await expect(lines.get_by_text(told)).to_be_visible()
    await expect(lines).not_to_contain_text("replay.line.")


async def _look_at_what_was_recorded(hall: Hall, folder: Path) -> None:
    """Whatever an operator and an auditor do with it from outside."""
    backend, room = hall.sitting.server.backend, hall.sitting.room
    recorded, read = backend.recordings.folder / room, await backend.recordings.reader(room)
    listed = {track.track for track in recorded_tracks(recorded, read)}
    assert listed > {(C1, MediaTrack.VIDEO), (C1, MediaTrack.AUDIO), (H1, MediaTrack.SCREEN), (E1, MediaTrack.DESKTOP)}

    camera = joined(joined_seat(recorded, C1, read))
    assert probed(camera).keys() == {"video", "audio"}
    for alias, screen in ((H1, MediaTrack.SCREEN), (E1, MediaTrack.DESKTOP)):
        assert probed(joined(joined_screen(recorded, alias, screen, read))).keys() == {"video"}

    package = await export_room(backend, room)
    copy_in_the_clear(recorded, folder / "copies", read)
    verdict = await asyncio.to_thread(verify_package, package, recordings=folder / "copies")
    assert [check.code for check in verdict.checks if not check.ok] == []
    assert verdict.recordings is not None
    told = [sentence for track in verdict.recordings.tracks for sentence in track_sentences(track, DEFAULT_TIME_ZONE)]
    assert any(sentence.startswith("The picture of C1 was black for") for sentence in told)
    again, _ = await checked_recordings(backend, room)
    assert [(each.alias, each.dark) for each in again.tracks] == [
        (each.alias, each.dark) for each in verdict.recordings.tracks
    ]


@dataclass(frozen=True)
class Wall:
    """A page of another system, and what was copied into it."""

    page: WhepPage
    addresses: dict[str, str]
    token: str


async def _give_a_wall(hall: Hall, gallery: Gallery, host: Page, supervisor: Page, elsewhere: str) -> Wall:
    # the supervisor gives a pass, and copies address and token
    await hall.enter(supervisor, S1)
    await confirm_seat(host, S1)
    panel = supervisor.get_by_role("region", name="监督大屏")
    await expect(panel).to_contain_text("还没有大屏在播放本评标室。")
    await press(panel, "发放播放凭证")
    dialog = supervisor.locator("dialog[open]")
    await dialog.get_by_label("大屏所在位置").fill("市公共资源交易中心监督大厅")
    await gallery.take(supervisor, "walls", "give")
    await confirm(supervisor, "发放")
    await expect(dialog).to_contain_text("令牌只显示这一次")
    await gallery.take(supervisor, "walls", "pass")
    assert await violations(supervisor) == []
    token = await dialog.get_by_label("令牌", exact=True).input_value()
    addresses = {}
    for name in ("E3 评标专家", "H1 主场管理员共享的屏幕"):
        await dialog.get_by_label("画面").select_option(label=name)
        addresses[name[:2]] = await dialog.get_by_label("播放地址").input_value()
    await press(dialog, "已填好")
    await expect(panel).to_contain_text("没有播放器连接")
    await expect(supervisor.get_by_label("令牌", exact=True)).to_have_count(0)
    assert token not in await supervisor.content()
    return Wall(await whep_page(hall.browser, elsewhere), addresses, token)


async def _play_what_the_supervisor_may_see(gallery: Gallery, supervisor: Page, wall: Wall) -> None:
    # a page of another system plays a member and the shared window; the supervisor sees which
    assert (await wall.page.play(wall.addresses["E3"], wall.token))["status"] == 201
    assert (await wall.page.play(wall.addresses["H1"], wall.token))["status"] == 201
    await wall.page.goes_on(0)
    await wall.page.goes_on(0, "audio")
    await wall.page.goes_on(1)
    refused = await wall.page.play(wall.addresses["E3"].replace("E3", "S1"), wall.token)
    assert (refused["status"], "that this pass may show" in refused["text"]) == (404, True)
    panel = supervisor.get_by_role("region", name="监督大屏")
    await expect(panel.get_by_role("list", name="正在播放").get_by_role("listitem")).to_have_count(2)
    await expect(panel).to_contain_text("H1 共享屏幕")
    await gallery.take(supervisor, "walls", "playing")


async def _withdraw(gallery: Gallery, supervisor: Page, wall: Wall) -> None:
    # in the pause the window is gone from the wall, and the member is not
    await wall.page.goes_on(0)
    shown = await wall.page.decoded(1)
    await wall.page.goes_on(0)
    assert await wall.page.decoded(1) == shown

    # once the pass is withdrawn there is nothing
    panel = supervisor.get_by_role("region", name="监督大屏")
    await press(panel, "撤销 市公共资源交易中心监督大厅")
    await gallery.take(supervisor, "walls", "withdraw")
    await confirm(supervisor, "撤销")
    await expect(panel).to_contain_text("市公共资源交易中心监督大厅 的播放凭证已撤销。")
    for number in (0, 1):
        await wall.page.is_gone(number)
    refused = await wall.page.play(wall.addresses["E3"], wall.token)
    assert (refused["status"], "withdrawn" in refused["text"]) == (401, True)


async def test_every_wanted_picture_was_taken(gallery: Gallery) -> None:
    assert gallery.taken == wanted_pictures("screens", "walls")
