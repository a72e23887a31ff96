"""The whole proceeding: four people at browsers in two venues among scripted seats, from the entry code to the close.

What each role may learn, and from when, stands below as a table, and so does whose sound and pictures come to whom. The
first is held against everything that passed to each seat, the second against what the browsers count.
"""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
import pytest_asyncio
from msgspec import Struct
from msgspec.structs import replace
from playwright.async_api import Browser, Page, expect

from server.app import run_server
from server.backend import now
from server.demo.seat_media import SeatMedia
from server.domain import commands as c
from server.domain.events import RecordingsChecked, SigningEnd
from server.domain.ids import Alias
from server.domain.lines import parse_line
from server.domain.recordings import MediaTrack
from server.domain.track_review import GAP_FROM_MS, SILENT_FROM_MS
from server.recording_words import track_sentences
from server.room_desk import create_room, export_room
from server.tender.tender_file import DEFAULT_TIME_ZONE, Acts
from server.verify_desk import verify_package
from signaling.scripted.clip import SOUNDS_PER_SECOND
from tests.support import page_moves as do
from tests.support import second_network
from tests.support.client_pages import build_client
from tests.support.earshot import Earshot, ScriptedEarshot, is_named
from tests.support.failing_film import failing_film
from tests.support.hall import Hall
from tests.support.live_server import E1, E2, E3, H1, L1, S1, U1, V1, W1, Sitting, kept, media_settings
from tests.support.page_moves import confirm, heading, press, press_and_confirm
from tests.support.patience import until
from tests.support.played_media import FILMS, played_media
from tests.support.rich_tender import CRITERIA, rich_tender
from tests.support.room_world import types_of
from tests.support.seat_pages import chromium, simulated
from tests.support.stopped_journey import told_where_it_stopped
from tests.support.track_counts import Count, addresses, counted_by, counted_by_script, keep_peers, sources_that_come

pytestmark = pytest.mark.asyncio(loop_scope="package")

E4, E5, E6, E7, G1, V2, W2, W3 = (Alias(name) for name in ("E4", "E5", "E6", "E7", "G1", "V2", "W2", "W3"))
SCRIPTED = (H1, V2, E2, E4, E5, E6, E7, G1, W1, W2, W3, U1)
"Operators first."

FILMED = (H1, E2, E7, W1, W2)
FAILING = G1
"Its camera freezes and its microphone falls silent before the check-in."
LAST = E7
"Hands in when told to: until then nothing is revealed."

BIDS = "ABCDEF"
POINTS = {
    E1: {
        "A": ["13.37", "4.5", "4"],
        "B": ["14.41", "5", "4.5"],
        "C": ["12.29", "3.5", "3"],
        "D": ["14.03", "5", "4.5"],
        "E": ["12.61", "4", "4"],
        "F": ["10.73", "4", "3.5"],
    },
    E3: {
        "A": ["11.83", "4", "4"],
        "B": ["14.57", "5.5", "4.5"],
        "C": ["11.47", "3", "3.5"],
        "D": ["13.67", "5", "4"],
        "E": ["12.07", "4.5", "4"],
        "F": ["10.39", "4", "3"],
    },
}
"By member and bid, for the criteria in the order of the sheet; the first of them occur nowhere by chance."

FINDINGS = {E1: "投标有效期写为九十日历天，与投标函不一致。", E3: "已标价工程量清单缺第七章计日工表。"}
MATTERS = "第一中标候选人须在签订合同前提交履约担保。"
DISSENT = "投标文件 D 的总平面布置没有响应招标文件第四章第二条。"
MOVED = "席位电脑死机，改用备用机。"


class Fact(Struct, frozen=True):
    """Something in the record that not everybody may know."""

    words: tuple[str, ...]
    "Each of them tells it."
    stands_in: frozenset[str]
    "The types of all lines that hold any of the words."


FACTS = {
    "finding of E1": Fact((FINDINGS[E1],), frozenset({"sheet_examined"})),
    "finding of E3": Fact((FINDINGS[E3],), frozenset({"sheet_examined"})),
    "points of E1": Fact(tuple(row[0] for row in POINTS[E1].values()), frozenset({"sheet_scored", "members_scored"})),
    "points of E3": Fact(tuple(row[0] for row in POINTS[E3].values()), frozenset({"sheet_scored", "members_scored"})),
    "bidder of A": Fact(('"bidder":"远峰水利建设集团有限公司"',), frozenset({"bid_sealed"})),
    "price of A": Fact(('"price":"13656"',), frozenset({"bid_sealed", "prices_scored"})),
    "files of bids": Fact(('"type":"bid_file_listed"',), frozenset({"bid_file_listed"})),
    "ranking": Fact(('"type":"bids_ranked"',), frozenset({"bids_ranked"})),
    "name of E1": Fact(("赵𬱖",), frozenset({"person_sealed"})),
    "name of E3": Fact(("阿依古丽·买买提",), frozenset({"person_sealed"})),
    "report": Fact((MATTERS,), frozenset({"report_issued"})),
    "dissent of E3": Fact((DISSENT,), frozenset({"dissent_stated", "report_revised"})),
    "why E3 moved": Fact((MOVED,), frozenset({"seat_released"})),
}

PERIODS = ("check_in", "examining", "scoring", "revealed", "priced", "locked", "signed", "closed")
"Each ends before the act that opens the next; in `examining` and `scoring` all sheets but one are handed in."

WHO_LEARNS = """
                 E1         E3         E7         V1        S1         H1        G1      W1      U1
finding of E1    examining  scoring    scoring    never     scoring    never     never   never   closed
finding of E3    scoring    examining  scoring    never     scoring    never     never   never   closed
points of E1     scoring    revealed   revealed   never     revealed   never     never   never   closed
points of E3     revealed   scoring    revealed   never     revealed   never     never   never   closed
bidder of A      priced     priced     priced     never     priced     locked    locked  locked  closed
price of A       priced     priced     priced     never     priced     locked    locked  locked  closed
files of bids    examining  examining  examining  never     examining  never     never   never   closed
ranking          priced     priced     priced     never     priced     locked    locked  locked  closed
name of E1       check_in   signed     signed     signed    check_in   check_in  signed  signed  closed
name of E3       signed     check_in   signed     check_in  check_in   signed    signed  signed  closed
report           signed     signed     signed     never     signed     never     closed  never   closed
dissent of E3    signed     signed     signed     never     signed     never     closed  never   closed
why E3 moved     scoring    scoring    scoring    scoring   scoring    scoring   scoring scoring scoring
"""
"By fact and seat: the first period in which the seat has it."

WHO_COMES = """
    check_in              scoring        revealed
E1  E2 E3 E7 H1 W1 W2     H1 W1 W2       E2 E3 E7 H1 W1 W2
E3  E1 E2 E7 V1 W1 W2     V1 W1 W2       E1 E2 E7 V1 W1 W2
E7  E1 E2 E3 H1 W1 W2     H1 W1 W2       E1 E2 E3 H1 W1 W2
V1  E3 W2 H1              E3 W2 H1       E3 W2 H1
G1  H1 W1 W2              H1 W1 W2       H1 W1 W2
S1  ALL                   ALL            ALL
"""
"By listener and period: those of whom packets come, and of nobody else."

ALL = {E1, E3, V1, FAILING, *FILMED}
"Whoever has a camera; the supervisor has none."

PACKETS = 15
"Of every track that comes, while the others are watched for staying silent."


def table(text: str, columns: str) -> dict[str, dict[str, str]]:
    """Rows by their name, cells by the column's; `columns` divides them."""
    head, *rows = (re.split(columns, line.strip()) for line in text.strip("\n").splitlines())
    return {name: dict(zip(head, cells, strict=True)) for name, *cells in rows}


class Proceeding:
    """The room with its people: browsers, scripted seats, and what came to each."""

    def __init__(self, hall: Hall, far: Browser, far_url: str) -> None:
        self.hall = hall
        self.far = far
        "A browser on another machine."
        self.far_url = far_url
        self.far_addresses: set[tuple[str, str]] = set()
        "Of the media that came there: its own address, and the server's."
        self.pages: dict[Alias, Page] = {}
        self.ears: dict[Alias, Earshot | ScriptedEarshot] = {}
        self.counts: dict[Alias, Count] = {}

    @property
    def sitting(self) -> Sitting:
        return self.hall.sitting

    async def seat(self, alias: Alias, ear: Earshot) -> None:
        """A person at a browser, heard from the first byte on."""
        await self._sit(alias, ear, self.hall.browser, self.sitting.url)
        await self.hall.enter(self.pages[alias], alias)

    async def seat_far_away(self, alias: Alias, ear: Earshot, code: str) -> None:
        """A person with a code at the browser on the other machine."""
        await self._sit(alias, ear, self.far, self.far_url)
        await self.pages[alias].get_by_label("席位码（8 位数字）").fill(code)
        await press(self.pages[alias], "进入席位")

    async def _sit(self, alias: Alias, ear: Earshot, browser: Browser, url: str) -> None:
        async def prepare(page: Page) -> None:
            await keep_peers(page)
            await ear.follow(page)

        self.pages[alias] = await self.hall.page(browser, url, prepare)
        self.ears[alias] = ear
        self.counts[alias] = counted_by(self.pages[alias])

    async def tells_only_what_is_due(self, period: str) -> None:
        """Everybody has learnt the facts that are due by the end of this period, and no others."""
        lines = await self.sitting.lines()
        record = b"\n".join(lines).decode()
        await asyncio.gather(*(ear.caught_up(len(lines)) for ear in self.ears.values()))
        wrong = []
        for name, row in table(WHO_LEARNS, r"\s{2,}| (?=scoring)").items():
            words = FACTS[name].words
            if period in PERIODS[min(PERIODS.index(since) for since in row.values() if since != "never") :]:
                assert all(word in record for word in words), f"{period}: {name} is not there to be told"
            for alias, since in row.items():
                is_due = since != "never" and PERIODS.index(since) <= PERIODS.index(period)
                heard = [word for word in words if self.ears[Alias(alias)].has(word)]
                if heard != (list(words) if is_due else []):
                    wrong.append(f"{alias} {'lacks' if is_due else 'has'} {name}")
        assert wrong == [], period

    async def sends_only_whom_it_may(self, period: str) -> None:
        """Packets of everybody who may be seen and heard now come, and of nobody else."""
        rows = table(WHO_COMES, r"\s{2,}")
        expected = {Alias(alias): self._sources(row[period]) for alias, row in rows.items()}
        came = await asyncio.gather(
            *(sources_that_come(self.counts[alias], sources, PACKETS) for alias, sources in expected.items())
        )
        assert dict(zip(expected, came, strict=True)) == expected, period

    def _sources(self, cell: str) -> set[str]:
        return set(ALL) if cell == "ALL" else set(cell.split())


@pytest_asyncio.fixture(scope="module", loop_scope="package")
async def proceeding(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> AsyncIterator[Proceeding]:
    folder, page = tmp_path_factory.mktemp("data"), tmp_path_factory.mktemp("client")
    await build_client(page)
    whole = rich_tender(unit="0.01")
    acts = replace(whole.tender.acts or Acts(), refusals={E5: ""})
    async with AsyncExitStack() as stack:
        network = None
        if second_network.can_be_made():
            network = await stack.enter_async_context(second_network.second_network())
        settings = replace(
            media_settings(folder),
            page=page,
            host="0.0.0.0",
            media_addresses=("127.0.0.1", second_network.HOST) if network else ("127.0.0.1",),
        )
        server = await stack.enter_async_context(run_server(settings))
        sitting = Sitting(server, await create_room(server.backend, kept(whole)), stack)
        far_url = f"http://{second_network.HOST}:{server.address.port}" if network else sitting.url
        hall = Hall(sitting, browser, acts)
        stack.push_async_callback(hall.leave)
        far = await stack.enter_async_context(
            chromium(
                simulated(),
                f"--unsafely-treat-insecure-origin-as-secure={far_url}",
                executable=network.program_inside("chromium", folder) if network else None,
            )
        )
        yield Proceeding(hall, far, far_url)


async def test_four_people_in_two_venues_bring_a_room_to_its_close(proceeding: Proceeding, tmp_path: Path) -> None:
    media_log = proceeding.sitting.server.backend.settings.data / "media.log"
    async with AsyncExitStack() as stack, told_where_it_stopped(proceeding.pages, media_log):
        await they_come(proceeding, stack, tmp_path)
        await they_check_in(proceeding)
        await they_examine(proceeding)
        await they_score(proceeding)
        await one_is_moved_in_mid_sheet(proceeding)
        await the_points_are_revealed(proceeding)
        await they_come_to_a_result(proceeding)
        await they_sign(proceeding)
        await the_room_is_closed(proceeding)
    assert proceeding.hall.errors == []


async def they_come(proceeding: Proceeding, stack: AsyncExitStack, folder: Path) -> None:
    hall, sitting, pages = proceeding.hall, proceeding.sitting, proceeding.pages
    hall.conductor.allow(c.ConfirmSeat)
    await asyncio.gather(*(proceeding.seat(alias, Earshot()) for alias in (V1, E1, E3, S1)))
    await hall.seat(*SCRIPTED)
    proceeding.ears |= {alias: ScriptedEarshot(sitting.seats[alias]) for alias in SCRIPTED}
    for alias in (E3, E4, W2):
        await do.confirm_seat(pages[V1], alias)
    await heading(pages[E1], "席位已确认")
    await heading(pages[E3], "席位已确认")
    failing = await stack.enter_async_context(SeatMedia(sitting.seats[FAILING], failing_film(FILMS[0], folder)))
    media = {FAILING: failing} | await played_media(sitting, stack, *FILMED)
    await until(lambda: failing.peer.players and failing.peer.players["audio"].packets > SOUNDS_PER_SECOND)
    proceeding.counts |= {alias: counted_by_script(each) for alias, each in media.items()}


async def they_check_in(proceeding: Proceeding) -> None:
    conductor, pages = proceeding.hall.conductor, proceeding.pages
    conductor.allow(c.OpenCheckIn, c.StateRecusal, c.MakePledge)
    await heading(pages[S1], "正在签到")
    await asyncio.gather(
        *(do.check_in(pages[alias]) for alias in (E1, E3)), proceeding.sends_only_whom_it_may("check_in")
    )
    await proceeding.tells_only_what_is_due("check_in")

    conductor.allow(c.OpenElection, c.CastBallot)
    await asyncio.gather(*(do.vote(pages[alias], E1) for alias in (E1, E3)))


async def they_examine(proceeding: Proceeding) -> None:
    conductor, pages = proceeding.hall.conductor, proceeding.pages
    for kind in (c.HandInExamination, c.HandInScores):
        conductor.hold(LAST, kind)
        conductor.allow(kind)
    await heading(pages[E1], "初步评审")
    await press(pages[E1], "查看投标 B 的文件")
    reader = pages[E1].get_by_role("dialog", name="投标文件")
    await expect(reader.locator(".page__text").first).to_contain_text(re.compile("投标文件 *B"))
    await pages[E1].keyboard.press("Escape")
    await asyncio.gather(
        examine(pages[E1], "A/responsiveness-2/failed", FINDINGS[E1]),
        examine(pages[E3], "B/responsiveness-3/failed", FINDINGS[E3]),
    )
    await proceeding.tells_only_what_is_due("examining")

    conductor.release(LAST, c.HandInExamination)
    await heading(pages[E1], "形成初步评审结论")
    await press_and_confirm(pages[E1], "形成结论")


async def examine(page: Page, cell: str, reason: str) -> None:
    """One check fails, all else passes."""
    await heading(page, "初步评审")
    await page.locator(f'[data-cell="{cell}"]').click()
    await page.keyboard.insert_text(reason)
    for bid in BIDS:
        await press(page, f"投标 {bid} 尚未填写的各项全部合格")
    await do.hand_in(page)
    await heading(page, "您的评审表已提交")


async def they_score(proceeding: Proceeding) -> None:
    """The chair hands in; the member of the sub-venue is in the middle of the sheet."""
    await asyncio.gather(score_all(proceeding.pages[E1]), score_half(proceeding.pages[E3]))


async def score_all(page: Page) -> None:
    await heading(page, "打分")
    await type_points(page, POINTS[E1], BIDS)
    await do.hand_in(page)
    await heading(page, "您的打分表已提交")


async def score_half(page: Page) -> None:
    await heading(page, "打分")
    await type_points(page, POINTS[E3], "ABC")
    await page.locator('[data-cell="D/plan"]').fill(POINTS[E3]["D"][0])
    await expect(page.get_by_text("我已填写 10 项，共 18 项")).to_be_visible()
    await expect(page.get_by_text("已填写的内容均已保存")).to_be_visible()


async def type_points(page: Page, points: dict[str, list[str]], bids: str) -> None:
    for bid in bids:
        for criterion, value in zip(CRITERIA, points[bid], strict=True):
            await page.locator(f'[data-cell="{bid}/{criterion}"]').fill(value)


async def one_is_moved_in_mid_sheet(proceeding: Proceeding) -> None:
    """The operator of the sub-venue hands out a new code; every cell is there, and the person goes on."""
    pages, ear, points = proceeding.pages, proceeding.ears[E3], POINTS[E3]
    assert isinstance(ear, Earshot)
    await ear.settled()
    await pages[E3].context.close()

    await press(pages[V1], "换设备 E3")
    await pages[V1].get_by_label("换设备的原因").fill(MOVED)
    await confirm(pages[V1], "换设备并签发席位码")
    code = await pages[V1].locator("dialog[open]").get_by_text(re.compile(r"^\d{4} \d{4}$")).inner_text()
    await confirm(pages[V1], "已交给本人")
    await proceeding.seat_far_away(E3, ear, code)
    await do.confirm_seat(pages[V1], E3)

    await heading(pages[E3], "打分")
    await expect(pages[E3].get_by_text("我已填写 10 项，共 18 项")).to_be_visible()
    kept = {bid: points[bid] for bid in "ABC"} | {"D": [points["D"][0], "", ""]} | {bid: ["", "", ""] for bid in "EF"}
    assert {bid: [await cell(pages[E3], bid, each) for each in CRITERIA] for bid in BIDS} == kept
    await asyncio.gather(proceeding.sends_only_whom_it_may("scoring"), type_points(pages[E3], points, "DEF"))
    proceeding.far_addresses = await addresses(pages[E3])
    await do.hand_in(pages[E3])
    await heading(pages[E3], "您的打分表已提交")
    await proceeding.tells_only_what_is_due("scoring")


async def cell(page: Page, bid: str, criterion: str) -> str:
    """What stands in a cell of the sheet."""
    return await page.locator(f'[data-cell="{bid}/{criterion}"]').input_value()


async def the_points_are_revealed(proceeding: Proceeding) -> None:
    proceeding.hall.conductor.release(LAST, c.HandInScores)
    await heading(proceeding.pages[E1], "打分已公开，请开启报价")
    await heading(proceeding.pages[S1], "等待开启报价")
    await the_supervisor_leaves_and_returns(proceeding)
    await proceeding.tells_only_what_is_due("revealed")


async def the_supervisor_leaves_and_returns(proceeding: Proceeding) -> None:
    """Nobody else is told: until all packets come again, no frame of either socket names the seat."""
    ears = {alias: ear for alias, ear in proceeding.ears.items() if alias != S1}
    before = {alias: len(ear.frames) for alias, ear in ears.items()}

    await proceeding.pages[S1].reload()
    await heading(proceeding.pages[S1], "等待开启报价")
    await proceeding.sends_only_whom_it_may("revealed")

    def name_it(since: dict[Alias, int]) -> set[Alias]:
        return {alias for alias, ear in ears.items() if any(is_named(S1, each) for each in ear.frames[since[alias] :])}

    assert name_it(before) == set()
    assert name_it(dict.fromkeys(ears, 0)) == set(ears)  # in the plan of the room


async def they_come_to_a_result(proceeding: Proceeding) -> None:
    chair = proceeding.pages[E1]
    await press_and_confirm(chair, "开启报价")
    await heading(chair, "请核对并锁定排名")
    await proceeding.tells_only_what_is_due("priced")
    await press_and_confirm(chair, "锁定排名")
    await heading(proceeding.pages[S1], "结果已锁定")
    await proceeding.tells_only_what_is_due("locked")


async def they_sign(proceeding: Proceeding) -> None:
    """The chair by hand, the other with a dissent; who refuses without reasons is minuted; then the seal."""
    conductor, chair, member = proceeding.hall.conductor, proceeding.pages[E1], proceeding.pages[E3]
    await heading(chair, "请生成评标报告")
    await chair.get_by_label("签订合同前要处理的事宜（选填）").fill(MATTERS)
    await press_and_confirm(chair, "生成评标报告")
    conductor.allow(c.SignReport, c.RefuseReport)
    await asyncio.gather(sign(chair, "同意评标报告，在报告上签名"), sign(member, "签名并保留不同意见", DISSENT))
    await chair.get_by_text("记录成员拒绝签名且不陈述理由").click()
    await chair.get_by_label("成员", exact=True).select_option(E5)
    await chair.get_by_label("情况说明").fill("该成员表示不签名，也不说明理由。")
    await press_and_confirm(chair, "记录在案")
    await expect(chair.get_by_text("全体成员已经签署完毕，可以封存。")).to_be_visible()
    await press_and_confirm(chair, "封存评标报告")
    for alias in (E1, E3, S1):
        await heading(proceeding.pages[alias], "评标报告已封存")
    await proceeding.tells_only_what_is_due("signed")


async def sign(page: Page, end: str, dissent: str = "") -> None:
    await do.read_to_the_end(page)
    await do.choose(page, end)
    if dissent:
        await page.get_by_label("不同意见和理由", exact=True).fill(dissent)
    await press(page, "下一步：手写签名")
    await do.write_name(page, end)
    await press(page, "写好了，核对")
    await confirm(page, "确认签名")
    await heading(page, "正在签署评标报告")


async def the_room_is_closed(proceeding: Proceeding) -> None:
    """The record that is left is sound, and holds each fact where the tables say."""
    sitting = proceeding.sitting
    await the_silence_counts(sitting)
    proceeding.hall.conductor.allow(c.CloseRoom)
    for alias in (E1, E3, S1):
        await heading(proceeding.pages[alias], "评标室已关闭")
    await expect(proceeding.pages[V1].get_by_text("评标室已关闭，记录已经封存。")).to_be_visible()
    await proceeding.tells_only_what_is_due("closed")

    report = (await sitting.state()).lots[L1].report
    assert report is not None
    signed = dict.fromkeys((E1, E2, E4, E6, E7), SigningEnd.SIGNED)
    assert report.ends == signed | {E3: SigningEnd.SIGNED_WITH_DISSENT, E5: SigningEnd.DEEMED_AGREED}
    lines = await sitting.lines()
    for name, fact in FACTS.items():
        holding = [line for line in lines if any(word in line.decode() for word in fact.words)]
        assert set(types_of(map(parse_line, holding))) == fact.stands_in, name
    backend = sitting.server.backend
    package, recorded = await export_room(backend, sitting.room), backend.recordings.folder / sitting.room
    read = await backend.recordings.reader(sitting.room)
    verdict = await asyncio.to_thread(verify_package, package, recordings=recorded, read=read)
    assert [check for check in verdict.checks if not check.ok] == []
    assert verdict.recordings is not None
    await what_failed_is_told(proceeding, verdict.recordings)


async def the_silence_counts(sitting: Sitting) -> None:
    """As a rule it does by now."""
    since = sitting.seats[H1].view.recordings[FAILING][MediaTrack.AUDIO].since
    await until(lambda: now() > since + SILENT_FROM_MS + GAP_FROM_MS)


async def what_failed_is_told(proceeding: Proceeding, check: RecordingsChecked) -> None:
    """Of that seat alone: in the record, in what is printed of it, and on the supervisor's page, in either language."""
    found = {(each.alias, each.kind) for each in check.tracks if each.still.total_ms or each.silent.total_ms}
    assert found == {(FAILING, MediaTrack.VIDEO), (FAILING, MediaTrack.AUDIO)}
    told = [sentence for each in check.tracks for sentence in track_sentences(each, DEFAULT_TIME_ZONE)]
    for words in (f"The picture of {FAILING} stood still for 1 min", f"The sound of {FAILING} was silent for 1 min"):
        assert any(sentence.startswith(words) for sentence in told), told
    supervisor = proceeding.pages[S1]
    panel = supervisor.get_by_role("region", name="录音录像检查")
    await expect(panel).to_contain_text(re.compile(rf"{FAILING} 的画面有 1 分.*是静止的"))
    await expect(panel).to_contain_text(re.compile(rf"{FAILING} 的录音有 1 分.*没有任何声音"))
    await press(supervisor, "English")
    panel = supervisor.get_by_role("region", name="The recordings, examined")
    await expect(panel).to_contain_text(re.compile(rf"{FAILING} – the picture stood still for 1 min"))
    await expect(panel).to_contain_text(re.compile(rf"{FAILING} – the sound was silent for 1 min"))


@pytest.mark.skipif(
    not second_network.can_be_made(),
    reason="this machine lets nobody make network namespaces (iproute2, CAP_NET_ADMIN, CAP_SYS_ADMIN): all on loopback",
)
async def test_one_of_them_joined_from_another_machine(proceeding: Proceeding) -> None:
    assert proceeding.far_addresses == {(second_network.GUEST, second_network.HOST)}
    assert proceeding.pages[E3].url.startswith(f"http://{second_network.HOST}:")
