"""The sittings behind `tests/vectors/logs`: each an act by act script, the same bytes whenever it is played."""

from collections.abc import Callable
from typing import Final

from msgspec.structs import replace

from server.domain import commands as c
from server.domain.agent_talk import ENDS_BY_SERVER, TalkEnd, TalkTopic
from server.domain.events import (
    MediaRecorded,
    RecordingBegan,
    RecordingGap,
    RecordingsChecked,
    RecordingSpaceTold,
    RoomPaused,
    TalkEnded,
    WallPlayerCame,
    WallPlayerLeft,
)
from server.domain.gates import RECORDING_GRACE_MS
from server.domain.ids import Alias, Millis, WallId
from server.domain.phases import Phase, Stage
from server.domain.plan import MemberNames, Recording, Regime
from server.domain.recordings import CAMERA_AND_MICROPHONE, GapReason, MediaTrack, Stretch, Stretches, TrackCheck
from server.domain.roles import MEMBERS, OPERATORS
from server.domain.rules.server_events import NO_SPACE
from tests.support.room_plan import JIA, L1, L2, LOTS, SEATS, YI, A, B, C, opening
from tests.support.room_scenes import (
    HOST,
    ask_for_talk,
    check_in,
    conclude,
    enrol,
    enrol_document_key,
    examine,
    issue_report,
    pieces,
    points_of,
    record,
    replaced,
    returned,
    run_to,
    score,
    sign_annex,
    sign_report,
    vote,
)
from tests.support.room_world import World

AUDIO, VIDEO = MediaTrack.AUDIO, MediaTrack.VIDEO


def plain() -> World:
    """One lot, nothing unusual, from the opening to the lock and the close."""
    return run_to(World(opening(lots={L1: LOTS[L1]}), seed=11), Phase.CLOSED)


def returned_sheets() -> World:
    """An election in two rounds, returned sheets in both stages, a tie parted by a draw; names are never shown."""
    room = opening(lots={L2: LOTS[L2]}, names=MemberNames.NEVER, regime=Regime.GOVERNMENT_PROCUREMENT)
    world = run_to(World(room, seed=12), Phase.CHAIR_ELECTION)
    vote(world, {"E1": "E1", "E2": "E1", "E3": "E2", "E4": "E2", "R1": "E3"})
    vote(world)
    for member in ("E1", "E2", "E3", "E4", "R1"):
        examine(world, L2, member, {A: "签字页缺失"} if member == "E2" else None)
    returned(world, L2, "E2", Stage.EXAMINATION)
    examine(world, L2, "E2")
    conclude(world, L2)
    alike = {member: {**points_of(world.room, L2, Alias(member))} for member in ("E1", "E2", "E3", "E4", "R1")}
    for points in alike.values():
        points[B] = points[A]
    for member in ("R1", "E4", "E3", "E2", "E1"):
        score(world, L2, member, alike[member])
    returned(world, L2, "E3")
    returned(world, L2, "R1")
    score(world, L2, "R1", alike["R1"])
    score(world, L2, "E3", alike["E3"])
    return run_to(world, Phase.CLOSED)


def replaced_members() -> World:
    """A recusal, a moved seat, a pause, a replaced member and chair, a rejected bid, a lot in which no bid remains.

    Names are shown from the start. The room is closed during a pause.
    """
    world = run_to(World(opening(names=MemberNames.OPEN), seed=13), Phase.PREPARED)
    world.act(HOST, c.OpenCheckIn())
    for member in ("E1", "E2", "E3", "R1"):
        check_in(world, member)
    world.act("E4", c.StateRecusal(conflict=True, grounds="曾在投标人单位任职"))
    replaced(world, "E4", "E5")
    run_to(world, Phase.EXAMINATION)
    world.act("V1", c.ReleaseSeat(seat=Alias("E2"), reason="计算机故障"))
    enrol(world, "E2")
    world.act(HOST, c.PauseRoom(reason="乙县停电"))
    world.act(HOST, c.ResumeRoom())
    for member in ("E1", "E2", "E3", "E5", "R1"):
        examine(world, L1, member, {C: "无签字盖章"} if member in {"E1", "E2", "E3"} else None)
    conclude(world, L1, {C: "多数认定无签字盖章"})
    for member in ("E1", "E2"):
        score(world, L1, member)
    replaced(world, "E1", "E6")
    vote(world, dict.fromkeys(("E2", "E3", "E5", "E6", "R1"), "E2"))
    examine(world, L1, "E6", {C: "无签字盖章"})
    conclude(world, L1, {C: "多数认定无签字盖章"})
    for member in ("E3", "E5", "R1", "E6"):
        score(world, L1, member)
    for member in ("E2", "E3", "E5", "R1", "E6"):
        examine(world, L2, member, {A: "资格不符", B: "资格不符"})
    world.act("E2", c.ScorePrices(lot=L1))
    world.act("E2", c.LockResult(lot=L1))
    conclude(world, L2, {A: "资格不符", B: "资格不符"})
    world.act(HOST, c.PauseRoom(reason="设备检修"))
    world.act(HOST, c.CloseRoom(reason="评审结束"))
    return world


def minority() -> World:
    """A bid that two of five members would reject; the room is closed before anybody scores."""
    seats = {alias: seat for alias, seat in SEATS.items() if seat[0] in MEMBERS | OPERATORS}
    world = run_to(World(opening(seats=seats, lots={L2: LOTS[L2]}), seed=14), Phase.EXAMINATION)
    for member in ("E1", "E2", "E3", "E4", "R1"):
        examine(world, L2, member, {B: "印章模糊"} if member in {"E3", "R1"} else None)
    conclude(world, L2)
    world.act(HOST, c.CloseRoom(reason="改期"))
    return world


def signed_reports() -> World:
    """Two lots to their sealed reports: every end of a signing, a report issued anew; files, calls for staff."""
    world = run_to(World(opening(files=True), seed=15), Phase.EXAMINATION)
    world.act("E2", c.CallStaff(need=c.StaffNeed.DEVICE))
    world.act("W1", c.CallStaff(need=c.StaffNeed.OTHER))
    world.act("V1", c.AnswerCall(seat=Alias("E2")))
    run_to(world, Phase.LOCKED)
    issue_report(world, L1)
    sign_report(world, L1, "E1")
    issue_report(world, L1)
    sign_report(world, L1, "E2")
    sign_report(world, L1, "E1", dissent="报价分析依据不足")
    world.act("E3", c.RefuseReport(lot=L1, version=2, dissent="对资格条件的认定有异议"))
    world.act("E4", c.RefuseReport(lot=L1, version=2, dissent=""))
    world.act("E1", c.MinuteRefusal(lot=L1, version=2, member=Alias("E4"), minute="拒绝签名且不陈述不同意见"))
    world.act("R1", c.RefuseReport(lot=L1, version=2, dissent=""))
    enrol_document_key(world, "R1")
    sign_report(world, L1, "R1")
    world.act("E1", c.SealReport(lot=L1, version=2))
    return run_to(run_to(world, Phase.SEALED), Phase.CLOSED)


def named_annex() -> World:
    """Reports under aliases, and the annexes that name the persons: one voided, one of a member who signs late.

    A member whose device is moved in between signs the annex with a new key; who does not sign has no annex.
    """
    room = opening(lots={L1: LOTS[L1]}, names=MemberNames.NEVER)
    world = run_to(World(room, seed=16), Phase.LOCKED)
    issue_report(world, L1)
    sign_report(world, L1, "E1")
    sign_annex(world, L1, "E1")
    issue_report(world, L1)
    sign_report(world, L1, "E2", dissent="报价分析依据不足")
    world.act("V1", c.ReleaseSeat(seat=Alias("E2"), reason="计算机故障"))
    enrol(world, "E2")
    enrol_document_key(world, "E2")
    sign_annex(world, L1, "E2")
    world.act("E3", c.RefuseReport(lot=L1, version=2, dissent="对资格条件的认定有异议"))
    world.act("E4", c.RefuseReport(lot=L1, version=2, dissent=""))
    world.act("E1", c.MinuteRefusal(lot=L1, version=2, member=Alias("E4"), minute="拒绝签名且不陈述不同意见"))
    sign_report(world, L1, "R1")
    sign_report(world, L1, "E1")
    sign_annex(world, L1, "E1")
    sign_annex(world, L1, "R1")
    world.act("E1", c.SealReport(lot=L1, version=2))
    return run_to(world, Phase.CLOSED)


def committee_chat() -> World:
    """Members write to each other while they confer; a substitute reads what is written from the own arrival on."""
    world = run_to(World(opening(lots={L1: LOTS[L1]}), seed=17), Phase.CHECK_IN)
    world.act("E2", c.SendMessage(text="请各位先看投标人名单"))
    world.act("R1", c.SendMessage(text="已看完，没有需要回避的"))
    replaced(world, "E3", "E5")
    world.act("E5", c.SendMessage(text="我已到席\n请继续"))
    run_to(world, Phase.PRICES)
    world.act("E1", c.SendMessage(text="请核对各自的打分"))
    world.act(HOST, c.CloseRoom(reason="改期"))
    return world


def prechecks() -> World:
    """Computers that were tried: more than once, in every venue, one of a seat that is moved to another one after."""
    world = run_to(World(opening(lots={L1: LOTS[L1]}), seed=17), Phase.CHECK_IN)
    failed = {c.PrecheckPart.CAMERA: c.PrecheckMark.PASSED, c.PrecheckPart.UDP: c.PrecheckMark.FAILED}
    passed = dict.fromkeys(c.PrecheckPart, c.PrecheckMark.PASSED)
    line = c.MeasuredLine(kbit_s=1280, lost_permille=3, round_trip_ms=38)
    world.act("E1", c.ReportPrecheck(marks=failed, clock_offset_ms=-1200, line=None))
    world.act("E1", c.ReportPrecheck(marks=passed, clock_offset_ms=12, line=line))
    world.act("E2", c.ReportPrecheck(marks=failed, clock_offset_ms=None, line=line))
    world.act("H1", c.ReportPrecheck(marks=passed, clock_offset_ms=0, line=line))
    world.act("E2", c.ReportPrecheck(marks=passed, clock_offset_ms=3, line=line))
    world.act("V1", c.ReleaseSeat(seat=Alias("E2"), reason="计算机故障"))
    world.act("W1", c.ReportPrecheck(marks={}, clock_offset_ms=None, line=None))
    world.act("H1", c.CloseRoom(reason="设备检测完毕"))
    return world


def room_cameras() -> World:
    """Cameras of two venues, one taken away and one put up in its place; what is recorded of them."""
    room = opening(lots={L1: LOTS[L1]}, recording=Recording.REQUIRED)
    world = run_to(World(room, seed=17), Phase.CHECK_IN)
    world.act(HOST, c.AddRoomCamera(venue=JIA, label="场地全景"))
    world.act("V1", c.AddRoomCamera(venue=YI, label="走廊"))
    world.note(*(RecordingBegan(alias=Alias("C1"), kind=kind) for kind in CAMERA_AND_MICROPHONE))
    world.note(MediaRecorded(tracks=(pieces(world, "C1", VIDEO, 3),)))
    world.act("V1", c.RemoveRoomCamera(camera=Alias("C2")))
    world.act(HOST, c.AddRoomCamera(venue=YI, label="入口"))
    world.act(HOST, c.RemoveRoomCamera(camera=Alias("C1")))
    world.note(
        *(RecordingGap(alias=Alias("C1"), kind=kind, gap=GapReason.NOT_WANTED) for kind in CAMERA_AND_MICROPHONE)
    )
    world.act(HOST, c.CloseRoom(reason="改期"))
    return world


def supervisor_walls() -> World:
    """Walls that show the room to supervisors: withdrawn, ended as their giver is moved, and by the close."""
    world = run_to(World(opening(lots={L1: LOTS[L1]}), seed=23), Phase.CHECK_IN)
    world.act("S1", c.GiveWallPass(place="监督大厅东屏", sha256=bytes(range(32))))
    world.note(WallPlayerCame(wall=WallId("P1"), player="wall-1", alias=Alias("E1"), kind=VIDEO))
    world.note(WallPlayerCame(wall=WallId("P1"), player="wall-2", alias=Alias(HOST), kind=MediaTrack.SCREEN))
    world.note(WallPlayerLeft(wall=WallId("P1"), player="wall-1"))
    world.act("S1", c.GiveWallPass(place="监督大厅西屏", sha256=bytes(range(1, 33))))
    world.act("S1", c.WithdrawWallPass(wall=WallId("P1")))
    world.act("V1", c.ReleaseSeat(seat=Alias("S1"), reason="换机"))
    enrol(world, "S1")
    world.act("S1", c.GiveWallPass(place="纪检室", sha256=bytes(range(2, 34))))
    world.note(WallPlayerCame(wall=WallId("P3"), player="wall-3", alias=Alias("W1"), kind=VIDEO))
    world.act(HOST, c.CloseRoom(reason="改期"))
    return world


def recorded() -> World:
    """A recorded sitting: gaps of a member and of a witness, pieces before and after, a disk that fills up.

    A member who is replaced is recorded no more; the successor is, with pieces counted anew.
    """
    room = opening(lots={L1: LOTS[L1]}, recording=Recording.REQUIRED)
    world = run_to(World(room, seed=17), Phase.CHAIR_ELECTION)
    world.note(MediaRecorded(tracks=(pieces(world, "E1", AUDIO, 7), pieces(world, "W1", VIDEO, 8))))
    run_to(world, Phase.EXAMINATION)
    world.note(RecordingGap(alias=Alias("E2"), kind=VIDEO, gap=GapReason.SILENT))
    examine(world, L1, "E2")
    world.note(
        RecordingGap(alias=Alias("W1"), kind=AUDIO, gap=GapReason.DISCONNECTED),
        RecordingGap(alias=Alias("W1"), kind=VIDEO, gap=GapReason.DISCONNECTED),
        MediaRecorded(tracks=(pieces(world, "E1", AUDIO, 2), pieces(world, "E1", VIDEO, 9))),
    )
    world.note(*(RecordingBegan(alias=Alias("W1"), kind=kind) for kind in CAMERA_AND_MICROPHONE))
    world.note(RecordingBegan(alias=Alias("E2"), kind=VIDEO))
    world.note(RecordingSpaceTold(minutes=58))
    replaced(world, "E4", "E5")
    world.note(
        *(RecordingGap(alias=Alias("E4"), kind=kind, gap=GapReason.NOT_WANTED) for kind in CAMERA_AND_MICROPHONE)
    )
    run_to(world, Phase.SCORING)
    world.note(MediaRecorded(tracks=(pieces(world, "E5", VIDEO, 1),)), RecordingSpaceTold(minutes=4))
    world.note(RoomPaused(reason=NO_SPACE))
    world.act(HOST, c.ResumeRoom())
    world.note(RecordingSpaceTold(minutes=None))
    run_to(world, Phase.LOCKED)
    world.note(MediaRecorded(tracks=(pieces(world, "E1", AUDIO, 1),)))
    return run_to(world, Phase.CLOSED)


def examined() -> World:
    """Recordings that were examined: none yet, then not all, then with a still picture and a silent microphone."""
    world = run_to(World(opening(lots={L1: LOTS[L1]}, recording=Recording.KEPT), seed=23), Phase.CHECK_IN)
    world.note(RecordingsChecked(pieces=0, examined=0, tracks=()))
    world.note(MediaRecorded(tracks=(pieces(world, "E1", AUDIO, 30), pieces(world, "E1", VIDEO, 30))))
    world.note(RecordingsChecked(pieces=60, examined=12, tracks=()))
    begins_at = Millis(world.now - 100_000)
    lasting = Stretches(total_ms=90_000, longest=(Stretch(begins_at=begins_at, ends_at=Millis(begins_at + 90_000)),))
    camera = TrackCheck(
        alias=Alias("E1"),
        kind=VIDEO,
        due_ms=130_000,
        recorded_ms=120_000,
        gaps=Stretches(),
        still=lasting,
        dark=Stretches(),
        silent=Stretches(),
        silent_apart_ms=0,
        unreadable=1,
    )
    microphone = replace(camera, kind=AUDIO, still=Stretches(), silent=lasting, silent_apart_ms=30_000, unreadable=0)
    world.note(RecordingsChecked(pieces=60, examined=60, tracks=(microphone, camera)))
    world.act(HOST, c.CloseRoom(reason="改期"))
    return world


def agent_talks() -> World:
    """Talks with the agent: declined, withdrawn, of the whole committee, of single members, and every way to an end."""
    world = run_to(World(opening(lots={L1: LOTS[L1]}, recording=Recording.REQUIRED), seed=18), Phase.CHECK_IN)
    record(world)
    agent, e1, e2 = Alias("A1"), Alias("E1"), Alias("E2")
    ask_for_talk(world, "A1", None, TalkTopic.PROCEDURE)
    world.act("W1", c.OpenTalk(asker=agent))
    world.act("A1", c.EndTalk(asker=agent))
    ask_for_talk(world, "E1", "E1", TalkTopic.OTHER)
    world.act("A1", c.EndTalk(asker=e1))
    ask_for_talk(world, "E1", "E1", TalkTopic.OTHER)
    world.act("E1", c.EndTalk(asker=e1))
    ask_for_talk(world, "E2", "E2", TalkTopic.DOCUMENTS)
    world.act("W2", c.OpenTalk(asker=e2))
    world.act("V1", c.ReleaseSeat(seat=Alias("W2"), reason="计算机故障"))
    enrol(world, "W2")
    run_to(world, Phase.CHAIR_ELECTION)
    for end in sorted(ENDS_BY_SERVER):
        ask_for_talk(world, "E2", "E2", TalkTopic.DOCUMENTS)
        world.act("W2", c.OpenTalk(asker=e2))
        world.note(TalkEnded(asker=e2, agent=agent, member=e2, end=end))
    ask_for_talk(world, "E2", "E2", TalkTopic.DOCUMENTS)
    world.act("W1", c.OpenTalk(asker=e2))
    ask_for_talk(world, "E1", "E1", TalkTopic.CLARIFICATION)
    run_to(world, Phase.PRICES)
    ask_for_talk(world, "E1", None, TalkTopic.CLARIFICATION)
    world.act("W1", c.OpenTalk(asker=e1))
    world.act(HOST, c.PauseRoom(reason="乙县停电"))
    world.act(HOST, c.ResumeRoom())
    ask_for_talk(world, "E1", "E1", TalkTopic.REPORT)
    world.act("W1", c.OpenTalk(asker=e1))
    world.act(HOST, c.CloseRoom(reason="改期"))
    return world


def talks_told() -> World:
    """Talks that are over, as the record tells them: declined, of the whole committee, ended by the server."""
    world = run_to(World(opening(lots={L2: LOTS[L2]}), seed=31), Phase.CHECK_IN)
    agent, e1, e2 = Alias("A1"), Alias("E1"), Alias("E2")
    ask_for_talk(world, "E1", "E1", TalkTopic.OTHER)
    world.act("A1", c.EndTalk(asker=e1))
    ask_for_talk(world, "A1", None, TalkTopic.PROCEDURE)
    ask_for_talk(world, "E2", "E2", TalkTopic.DOCUMENTS)
    world.act("W1", c.OpenTalk(asker=agent))
    world.act("W1", c.EndTalk(asker=agent))
    world.act("W2", c.OpenTalk(asker=e2))
    world.note(TalkEnded(asker=e2, agent=agent, member=e2, end=TalkEnd.WITNESS_GONE))
    ask_for_talk(world, "E1", "E1", TalkTopic.CLARIFICATION)
    world.act("W2", c.OpenTalk(asker=e1))
    return world


def waived() -> World:
    """A member without a working camera is let off its recording for the sitting, and hands in."""
    room = opening(lots={L1: LOTS[L1]}, recording=Recording.REQUIRED)
    world = run_to(World(room, seed=29), Phase.EXAMINATION)
    world.note(RecordingGap(alias=Alias("E2"), kind=VIDEO, gap=GapReason.SILENT))
    world.now = Millis(world.now + RECORDING_GRACE_MS + 1)
    world.act(HOST, c.WaiveRecording(alias=Alias("E2"), kind=VIDEO, reason="摄像头损坏，备用摄像头也已损坏"))
    examine(world, L1, "E2")
    return world


GOLDEN_LOGS: Final[dict[str, Callable[[], World]]] = {
    "plain": plain,
    "returned-sheets": returned_sheets,
    "replaced-members": replaced_members,
    "minority": minority,
    "signed-reports": signed_reports,
    "named-annex": named_annex,
    "committee-chat": committee_chat,
    "prechecks": prechecks,
    "recorded": recorded,
    "room-cameras": room_cameras,
    "supervisor-walls": supervisor_walls,
    "examined": examined,
    "waived": waived,
    "agent-talks": agent_talks,
    "talks-told": talks_told,
}
"By the folder's name."
