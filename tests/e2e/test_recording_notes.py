"""Who is not recorded is told, to the member and to the operator; before a room is closed what was is examined. A disk
that gets full is told an hour before, and pauses the room.
"""

import os
import re
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from msgspec.structs import replace
from playwright.async_api import Browser, expect

from server.domain import commands as c
from server.domain.ids import Alias
from server.session.recording_space import KNOWN_AFTER_S, SpaceWatch
from server.store.piece_files import free_bytes
from server.web.drop_watch import MATTERS, STRAYS_MATTER
from signaling.messages import DropReason, Stats
from tests.support.axe import violations
from tests.support.client_pages import Gallery, wanted_pictures
from tests.support.hall import Hall, hall_on_air
from tests.support.live_server import E1, H1, V1
from tests.support.page_moves import confirm, press, press_and_confirm
from tests.support.patience import until

pytestmark = pytest.mark.asyncio(loop_scope="package")

E3 = Alias("E3")
TIMES = 100
"A byte is counted so often: what one seat records in minutes is less than the largest piece, which is a full disk."


class Watch(SpaceWatch):
    """Tells whether any piece has been counted: it is on the disk before."""

    has_counted = False

    def wrote(self, size: int) -> None:
        super().wrote(TIMES * size)
        self.has_counted = True


class Disk:
    """That of the recordings, which can be filled; and the clock of who watches it, which can be put on."""

    def __init__(self) -> None:
        self.folder = Path()
        self.space = Watch(self._free, lambda: time.monotonic() + self._ahead_s)
        self._minutes: float | None = None
        self._ahead_s = 0.0

    def watch(self, folder: Path) -> SpaceWatch:
        """How long it still lasts."""
        self.folder = folder
        return self.space

    def put_clock_on(self, seconds: float) -> None:
        """Let so much time pass in which nothing is recorded."""
        self._ahead_s += seconds

    def fill(self, minutes: float) -> None:
        """Leave as much as what was recorded so far takes in so many minutes."""
        self._minutes = minutes

    def clear(self) -> None:
        """Take all else away."""
        self._minutes = None

    def pieces(self) -> list[os.stat_result]:
        """What was recorded."""
        return [path.stat() for path in self.folder.rglob("*.sealed")]

    def _free(self) -> int:
        if self._minutes is None:
            return TIMES * free_bytes(self.folder)
        kept = self.pieces()
        seconds = time.time() - min(each.st_mtime for each in kept) + self._ahead_s
        return round(60 * self._minutes * TIMES * sum(each.st_size for each in kept) / seconds)


@pytest.fixture(scope="module")
def disk() -> Disk:
    return Disk()


@pytest_asyncio.fixture(scope="module", loop_scope="package")
async def hall(tmp_path_factory: pytest.TempPathFactory, browser: Browser, disk: Disk) -> AsyncIterator[Hall]:
    async with hall_on_air(tmp_path_factory, browser, space=disk.watch) as hall:
        yield hall


async def test_member_without_a_recorded_camera_is_told_and_so_is_the_operator(
    hall: Hall, gallery: Gallery, disk: Disk
) -> None:
    host, member = await hall.page(), await hall.page()
    await hall.enter(host, H1)
    await hall.enter(member, E1)
    await press(host, "核对并确认 E1")
    await press(host, "人证相符、核对码一致，确认")
    hall.conductor.allow(c.ConfirmSeat)
    await hall.seat(V1, E3)  # whose seat has no camera at all
    await press(host, "开启签到")
    await confirm(host, "开启签到")
    note, panel = member.locator(".own-recording .callout"), host.get_by_role("region", name="未被录制的席位")
    space = host.get_by_role("alert").filter(has_text="录音录像的存储空间")
    happenings = host.get_by_role("region", name="现场动态")

    # on with both, the member is recorded
    await expect(panel).to_contain_text("E3 摄像头、麦克风 · 尚未开始录制")
    await expect(panel).not_to_contain_text("E1")
    await expect(note).to_have_count(0)

    # off with the camera, and both are told; an hour before the disk is full the operator is told that too
    await until(lambda: disk.space.has_counted)
    disk.put_clock_on(KNOWN_AFTER_S)
    disk.fill(minutes=45)
    await press(member, "摄像头 开")
    await expect(note).to_contain_text("您的摄像头没有被录制，现在不能提交。")
    await expect(panel).to_contain_text("E1 摄像头 · 没有信号，可能未打开")
    await expect(space).to_contain_text(re.compile(r"约剩 [345]\d 分钟。 请尽快清理服务器磁盘"))
    await gallery.take(member, "recording", "member")
    await gallery.take(host, "recording", "console")
    assert await violations(member) == []
    assert await violations(host) == []

    # on again, but with five minutes of space left the room is paused
    disk.fill(minutes=4)
    await press(member, "摄像头 关")
    await expect(note).to_have_count(0)
    await expect(panel).not_to_contain_text("E1")
    await expect(space).to_contain_text(re.compile(r"约剩 [345] 分钟。 评标室已暂停。"))
    await expect(member.get_by_text("评标已暂停。")).to_be_visible()
    await gallery.take(host, "recording", "full")
    assert await violations(host) == []

    # and goes on once there is space again
    disk.clear()
    await press_and_confirm(host, "恢复评标")
    await expect(space).to_have_count(0)
    await expect(happenings).to_contain_text("录音录像存储空间已恢复充足")
    await expect(member.get_by_text("评标已暂停。")).to_have_count(0)

    # the operator alone is told where much of what comes is dropped
    await dropped(hall, "forged")
    notes = host.locator(".notes")
    await expect(notes).to_contain_text("席位 E1：收到大量冒用该席位或重复发送的数据，已全部拒收")
    await expect(notes).to_contain_text("服务器的声音、画面端口收到大量来历不明的数据，已全部拒收")
    await gallery.take(host, "recording", "drops")
    assert await violations(host) == []
    await expect(member.get_by_text("收到大量")).to_have_count(0)

    # who has no camera at all is let off, and everybody sees why
    await press(host, "免除 E3 的摄像头录制要求")
    dialog = host.get_by_role("dialog", name="免除 E3 的摄像头录制要求？")
    await expect(dialog.get_by_role("button", name="确认免除")).to_be_disabled()
    await dialog.get_by_label("免除的理由").fill("摄像头损坏，备用摄像头也已损坏")
    await gallery.take(host, "recording", "waive")
    assert await violations(host) == []
    await press(host, "确认免除")
    for page in (host, member):
        told = page.locator(".waiver")
        await expect(told).to_have_text("E3 的摄像头已免除录制要求。 理由：摄像头损坏，备用摄像头也已损坏")
    await expect(panel).to_contain_text("E3 麦克风")
    await expect(panel.get_by_role("listitem").filter(has_text="E3")).not_to_contain_text("摄像头")
    await gallery.take(member, "recording", "waived")
    assert await violations(member) == []

    # and the host sees what is wrong with the recordings before the room is closed
    await press(host, "关闭评标室")
    found = host.get_by_role("dialog").get_by_role("region", name="录音录像检查")
    await expect(found).to_contain_text("E3 的画面从未录下 （已免除录制要求）")
    await gallery.take(host, "recording", "closing")
    assert await violations(host) == []
    await press(host, "返回")
    await expect(happenings).to_contain_text("已检查录音录像")


async def dropped(hall: Hall, reason: DropReason) -> None:
    """The media process tells of many packets under the name of E1, and of very many under nobody's."""
    bridge = hall.sitting.server.services.media
    assert bridge is not None
    stats = Stats(room=hall.sitting.room, tracks=[], routes=[], budgets={}, unsent=0, dropped={}, strays={})
    await bridge.heard(stats)
    await bridge.heard(replace(stats, dropped={E1: {reason: MATTERS}}, strays={"unknown_sender": 2 * STRAYS_MATTER}))


async def test_every_wanted_picture_was_taken(gallery: Gallery) -> None:
    assert gallery.taken == wanted_pictures("recording")
