"""What seats see of each other: who is off by choice, by rule or by a fault, who asks to speak; real media process."""

import asyncio
import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Locator, Page, expect

from server.domain import commands as c
from server.domain.ids import Alias
from tests.support.axe import violations
from tests.support.client_pages import SIZES, Gallery, wanted_pictures
from tests.support.hall import Hall, hall_on_air
from tests.support.listening import can_listen, falls_silent, listen, sounds
from tests.support.live_server import E1, E3, H1, V1, kept
from tests.support.page_moves import check_in, confirm_seat, heading, press, press_and_confirm, row, vote

pytestmark = pytest.mark.asyncio(loop_scope="package")

E2, E4, E5, E6, E7, V2 = (Alias(name) for name in ("E2", "E4", "E5", "E6", "E7", "V2"))

KEEP_CONNECTIONS = """
  window.peers = [];
  const Real = RTCPeerConnection;
  window.RTCPeerConnection = class extends Real {
    constructor(...given) { super(...given); window.peers.push(this); }
  };
"""

PULL_THE_PLUG = """async () => {
  const sender = window.peers.at(-1).getSenders().find(({ track }) => track?.kind === 'video');
  window.unplugged = { sender, track: sender.track };
  await sender.replaceTrack(null);
}"""
"The picture's packets end, and the page knows nothing of it, as with a broken line."

UNPLUG_CAMERA = """() => {
  const { track } = window.peers.at(-1).getSenders().find(({ track }) => track?.kind === 'video');
  const { deviceId } = track.getSettings();
  const media = navigator.mediaDevices;
  const [get, list] = [media.getUserMedia.bind(media), media.enumerateDevices.bind(media)];
  media.enumerateDevices = async () => (await list()).filter((device) => device.deviceId !== deviceId);
  media.getUserMedia = (wanted) => {
    if (wanted.video?.deviceId?.exact === deviceId) throw new DOMException('gone', 'OverconstrainedError');
    return get(wanted);
  };
  track.stop();
  track.dispatchEvent(new Event('ended'));
  media.dispatchEvent(new Event('devicechange'));
}"""
"What a page sees when somebody pulls out the camera that is used."

SOUND_OF_E1, SOUND_OF_E2 = "E1-audio", "E2-audio"

MICROPHONE = """async () => {
  const { track } = window.peers.at(-1).getSenders().find(({ track }) => track?.kind === 'audio');
  return [window.peers.length, track.label];
}"""
"How many connections the page has made, and what it speaks into."

PLUG_IN = "() => window.unplugged.sender.replaceTrack(window.unplugged.track)"


@pytest_asyncio.fixture(scope="module", loop_scope="package")
async def hall(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> AsyncIterator[Hall]:
    async with hall_on_air(tmp_path_factory, browser, kept()) as hall:
        yield hall


@pytest_asyncio.fixture(scope="module", loop_scope="package")
async def pages(hall: Hall) -> dict[Alias, Page]:
    """The host and two experts at browsers; the other members and operators are scripted."""
    hall.conductor.allow(c.ConfirmSeat)
    await hall.seat(V1, V2, E3, E4, E5, E6)
    pages = {alias: await hall.page(prepare=_prepare) for alias in (H1, E1, E2)}
    for alias, page in pages.items():
        await hall.enter(page, alias)
    for alias in (E1, E2):
        await confirm_seat(pages[H1], alias)
    await press_and_confirm(pages[H1], "开启签到")
    for alias in (E1, E2):
        await heading(pages[alias], "回避声明")
    return pages


async def _prepare(page: Page) -> None:
    await page.add_init_script(KEEP_CONNECTIONS)
    await can_listen(page)


def tile(page: Page, alias: Alias) -> Locator:
    """A seat on the wall of an expert's page."""
    return page.locator(f'#wall [data-seat="{alias}"]')


async def test_picture_is_off_by_choice_or_broken_off_and_it_says_which(
    pages: dict[Alias, Page], gallery: Gallery
) -> None:
    near, far = pages[E1], pages[E2]
    seen = tile(near, E2)
    await expect(seen.locator("video")).to_be_visible()
    await expect(seen).to_contain_text("在线")
    await listen(near, SOUND_OF_E2)
    await sounds(near, SOUND_OF_E2)

    await press(far, "摄像头 开")
    await expect(seen).to_contain_text("摄像头已关闭")
    await expect(seen.locator("video")).to_be_hidden()
    await press(far, "麦克风 开")
    await expect(seen).to_contain_text("麦克风已关闭")
    await expect(tile(far, E2)).to_contain_text("摄像头已关闭")
    await expect(row(pages[H1], E2)).to_contain_text("摄像头已关闭")
    await asyncio.gather(falls_silent(near, SOUND_OF_E2), gallery.take(near, "seat_view", "camera_off"))

    await press(far, "摄像头 关")
    await press(far, "麦克风 关")
    await sounds(near, SOUND_OF_E2)
    await expect(seen.locator("video")).to_be_visible()
    await far.evaluate(PULL_THE_PLUG)
    await expect(seen).to_contain_text("画面中断")
    await expect(seen).not_to_contain_text("摄像头已关闭")
    await gallery.take(near, "seat_view", "interrupted")

    await far.evaluate(PLUG_IN)
    await expect(seen).not_to_contain_text("画面中断")
    await expect(seen.locator("video")).to_be_visible()


async def test_seats_that_never_see_each_other_are_apart_by_rule(pages: dict[Alias, Page]) -> None:
    await expect(tile(pages[E1], V1)).to_contain_text("按规则不互通")
    await expect(row(pages[H1], E3)).to_contain_text("按规则不互通")


async def test_hands_are_seen_in_order_and_lowered_by_the_host(pages: dict[Alias, Page], gallery: Gallery) -> None:
    host, near, far = pages[H1], pages[E1], pages[E2]
    raised = host.get_by_role("region", name="举手的席位（按先后）")
    await far.keyboard.press("Alt+h")
    await expect(tile(near, E2)).to_contain_text("举手")
    await press(near, "举手")

    await expect(raised.locator("li strong")).to_have_text(["E2", "E1"])
    await expect(near.get_by_role("region", name="举手的席位（按先后）")).to_have_count(0)  # not for the members
    await gallery.take(host, "seat_view", "hands")
    assert await violations(host) == []

    await press(host, "放下 E2")
    await expect(far.get_by_text("H1 已把您举起的手放下。")).to_be_visible()
    await expect(tile(near, E2)).not_to_contain_text("举手")
    await gallery.take(far, "seat_view", "hand_lowered")
    await press(far, "知道了")
    await press(near, "放下手")
    await expect(raised).to_have_count(0)


async def test_who_pushes_to_talk_is_heard_only_while_the_key_is_held(
    pages: dict[Alias, Page], gallery: Gallery
) -> None:
    near, far = pages[E1], pages[E2]
    await listen(far, SOUND_OF_E1)
    await sounds(far, SOUND_OF_E1)
    await press(near, "设置")
    await near.get_by_label("按住说话").check()
    await asyncio.gather(falls_silent(far, SOUND_OF_E1), gallery.take(near, "seat_view", "settings"))
    assert await violations(near) == []
    await press(near, "返回")
    await expect(tile(far, E1)).to_contain_text("麦克风已关闭")

    await near.locator("#work").focus()
    await near.keyboard.down("Space")
    await expect(near.get_by_role("button", name="正在说话，松开即关闭")).to_be_visible()
    await expect(tile(far, E1)).not_to_contain_text("麦克风已关闭")
    await asyncio.gather(sounds(far, SOUND_OF_E1), gallery.take(near, "seat_view", "talking"))
    await near.keyboard.up("Space")
    await expect(tile(far, E1)).to_contain_text("麦克风已关闭")
    await falls_silent(far, SOUND_OF_E1)

    talk = near.get_by_role("button", name="按住说话", exact=True)
    await talk.hover()
    await near.mouse.down()
    await expect(tile(far, E1)).not_to_contain_text("麦克风已关闭")
    await sounds(far, SOUND_OF_E1)
    await near.mouse.up()
    await expect(tile(far, E1)).to_contain_text("麦克风已关闭")

    await near.reload()
    await expect(talk).to_be_visible()
    await expect(tile(far, E1)).to_contain_text("麦克风已关闭")
    await falls_silent(far, SOUND_OF_E1)


async def test_the_seats_are_laid_out_as_the_person_chooses(pages: dict[Alias, Page], gallery: Gallery) -> None:
    near = pages[E1]
    await tile(near, E2).locator("video").wait_for()
    for layout, state in (("主场为主", "main_venue"), ("宫格", "grid"), ("发言者", "speaker")):
        await near.get_by_label("画面布局").select_option(label=layout)
        await gallery.take(near, "seat_view", state)
        assert await violations(near) == []
    large = near.locator("#wall .large")
    await expect(large).to_have_attribute("data-seat", re.compile("E2|H1"))

    await press(near, "H1 的更多操作")
    await press(near, "固定放大")
    await expect(large).to_have_attribute("data-seat", "H1")
    await expect(large.get_by_text("已固定")).to_have_count(1)
    await near.get_by_label("H1 的音量").fill("30")
    await expect(large.locator("video")).to_have_js_property("volume", 0.3)
    await gallery.take(near, "seat_view", "pinned")
    assert await violations(near) == []

    await near.reload()
    await expect(large).to_have_attribute("data-seat", "H1")
    await expect(large.locator("video")).to_have_js_property("volume", 0.3)
    await near.set_viewport_size({"width": 911, "height": 512})
    await expect(large.locator("video")).to_be_visible()  # where other layouts fold the seats away
    for width, height in SIZES:
        await near.set_viewport_size({"width": width, "height": height})
        for seen in (large.locator("video"), near.locator("[data-situation]")):
            await expect(seen).to_be_in_viewport()
    await near.set_viewport_size({"width": 1366, "height": 768})


async def test_a_picture_fills_the_screen_until_it_is_left(pages: dict[Alias, Page]) -> None:
    near = pages[E1]
    await press(near, "H1 的更多操作")
    await tile(near, H1).get_by_role("button", name="全屏", exact=True).press("Enter")
    await expect(near.get_by_role("button", name="退出全屏（Esc 键）")).to_be_focused()
    assert await near.evaluate("document.fullscreenElement.dataset.seat") == "H1"
    await expect(tile(near, H1).get_by_role("button")).to_have_count(1)  # none that would do nothing

    await near.keyboard.press("Enter")
    await expect(near.get_by_role("button", name="退出全屏（Esc 键）")).to_have_count(0)
    await expect(near.get_by_role("button", name="H1 的更多操作")).to_be_focused()
    await press(near, "取消固定")
    await near.get_by_label("画面布局").select_option(label="文件为主")


async def test_devices_are_chosen_in_the_room_and_one_that_is_gone_is_replaced(
    pages: dict[Alias, Page], gallery: Gallery
) -> None:
    near, far = pages[E1], pages[E2]
    await press(far, "设置")
    dialog = far.locator("dialog[open]")
    await expect(dialog.get_by_label("摄像头").locator("option")).to_have_count(3)
    await dialog.get_by_label("摄像头").select_option(index=2)
    second = await dialog.get_by_label("摄像头").locator("option:checked").text_content()
    await expect(dialog.get_by_text(f"正在使用：{second}")).to_be_visible()
    await the_microphone_is_changed(far, near)
    await dialog.get_by_label("扬声器").select_option(index=1)
    await expect(tile(far, E1).locator("video")).not_to_have_js_property("sinkId", "")
    await expect(dialog.locator("video")).to_have_js_property("paused", False)
    await expect(dialog.get_by_role("meter")).not_to_have_js_property("value", 0)
    await press(far, "播放测试声音")
    await expect(dialog.get_by_role("button", name="播放测试声音")).to_be_visible()
    await gallery.take(far, "seat_view", "devices")
    assert await violations(far) == []
    await press(far, "返回")

    await far.evaluate(UNPLUG_CAMERA)
    await expect(far.locator(".notes").get_by_text(f"摄像头“{second}”已断开")).to_be_visible()
    await gallery.take(far, "seat_view", "device_lost")
    await expect(tile(near, E2).locator("video")).to_be_visible()
    await expect(tile(near, E2)).not_to_contain_text("画面中断")
    await press(far, "知道了")


async def the_microphone_is_changed(page: Page, other: Page) -> None:
    """On the way: the connection stays, and the other one hears the second as the first."""
    dialog = page.locator("dialog[open]")
    connections, before = await page.evaluate(MICROPHONE)
    await dialog.get_by_label("麦克风", exact=True).select_option(index=2)
    second = await dialog.get_by_label("麦克风", exact=True).locator("option:checked").text_content()
    await expect(dialog.get_by_text(f"正在使用：{second}")).to_be_visible()
    assert second != before
    assert await page.evaluate(MICROPHONE) == [connections, second]
    await listen(other, SOUND_OF_E2)
    await sounds(other, SOUND_OF_E2)


def chat(page: Page) -> Locator:
    return page.get_by_role("region", name="评委会文字交流")


async def test_members_write_to_each_other_and_nobody_else_reads_it(pages: dict[Alias, Page], gallery: Gallery) -> None:
    near, far = pages[E1], pages[E2]
    for member in (near, far):
        await expect(member.get_by_role("button", name="评委会文字交流")).to_have_attribute("aria-expanded", "false")
    await near.get_by_role("button", name="评委会文字交流").click()
    await expect(chat(near)).to_contain_text("还没有人发过文字。")
    await gallery.take(near, "seat_view", "chat_empty")

    field = chat(near).get_by_label("写给评委会")
    await field.fill("字" * 401)
    await expect(chat(near)).to_contain_text("超出 1 字")
    await expect(chat(near).get_by_role("button", name="发送")).to_be_disabled()
    await field.fill("请先看投标人名单第 3 家")
    await field.press("Enter")
    await expect(chat(near).get_by_role("listitem")).to_contain_text("请先看投标人名单第 3 家")
    await expect(field).to_have_value("")

    await expect(far.get_by_role("button", name="评委会文字交流 1 条未读")).to_be_visible()
    await far.get_by_role("button", name="评委会文字交流 1 条未读").click()
    await expect(chat(far)).to_contain_text("请先看投标人名单第 3 家")
    await expect(far.get_by_text("1 条未读", exact=True)).to_have_count(0)
    await chat(far).get_by_label("写给评委会").fill("已看，没有需要回避的")
    await press(far, "发送")
    await expect(chat(near).get_by_role("listitem")).to_have_count(2)
    await gallery.take(near, "seat_view", "chat")
    assert await violations(near) == []

    await expect(pages[H1].get_by_role("button", name="评委会文字交流")).to_have_count(0)
    await expect(pages[H1].get_by_text("请先看投标人名单第 3 家")).to_have_count(0)
    await press(near, "收起")
    await far.keyboard.press("Escape")
    for member in (near, far):
        await expect(chat(member)).to_be_hidden()

    await near.get_by_role("button", name="评委会文字交流").click()
    await near.get_by_role("button", name="E6 的更多操作").focus()  # which lies under the panel
    await expect(chat(near)).to_be_hidden()


async def test_members_are_quiet_by_rule_while_sheets_are_filled_in(
    hall: Hall, pages: dict[Alias, Page], gallery: Gallery
) -> None:
    host, near, far = pages[H1], pages[E1], pages[E2]
    await hall.seat(E7)
    await confirm_seat(host, E7)
    hall.conductor.allow(c.StateRecusal, c.MakePledge)
    for member in (near, far):
        await check_in(member)
    await press_and_confirm(host, "开启推选组长")
    hall.conductor.allow(c.CastBallot)
    for member in (near, far):
        await vote(member, E1)
    await heading(near, "初步评审")

    await press(far, "举手")
    await expect(tile(near, E2)).to_contain_text("按规则暂停声音和画面：独立填写期间")
    await expect(tile(near, E2)).not_to_contain_text("举手")
    await expect(row(host, E2)).to_contain_text("举手")
    for page in (near, host):
        await listen(page, SOUND_OF_E2)
    await asyncio.gather(
        falls_silent(near, SOUND_OF_E2), sounds(host, SOUND_OF_E2), gallery.take(near, "seat_view", "alone")
    )
    assert await violations(near) == []

    await near.get_by_role("button", name="评委会文字交流").click()
    await expect(chat(near).get_by_label("写给评委会")).not_to_be_editable()
    await expect(chat(near)).to_contain_text("独立填写期间，评委之间不能交流文字")
    await expect(chat(near)).to_contain_text("已看，没有需要回避的")
    await gallery.take(near, "seat_view", "chat_forbidden")
    assert await violations(near) == []


async def test_every_wanted_picture_was_taken(gallery: Gallery) -> None:
    assert gallery.taken == wanted_pictures("seat_view")
