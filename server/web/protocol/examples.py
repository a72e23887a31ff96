"""One example of every frame, command and event, for the protocol's description and for tests."""

from typing import Final

from server.domain import commands as c
from server.domain import events as e
from server.domain.agent_talk import TalkEnd, TalkTopic
from server.domain.ids import Alias, Millis, Seq, WallId
from server.domain.phases import Phase, Stage
from server.domain.plan import Continues, DocumentFile, MemberNames, Person, Policy, Regime, Venue
from server.domain.recordings import GapReason, MediaTrack, RecordedPieces, Stretch, Stretches, TrackCheck
from server.domain.roles import Role
from server.domain.scoring import DrawKind
from server.evidence.command_signatures import sign_join
from server.evidence.merkle import leaf_hash
from server.session import frames as f
from server.web import signal_frames as s
from server.web.protocol.example_room import (
    A1,
    AT,
    BID_A,
    BID_B,
    E1,
    E2,
    JIA,
    KEY,
    LICENCE,
    LOG,
    LOT,
    LOT_PLAN,
    MEMBERS_RESULT,
    OFFERS,
    POINTS,
    PRICES_RESULT,
    R1,
    RANKING,
    ROOM,
    SEAT_KEY,
    SPKI,
    WITNESS,
    YI,
    checkpoint,
    digest,
    line_of,
    signed,
)

TOKEN: Final = "eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiJFMSJ9.c2lnbmF0dXJl"
CERTIFICATE: Final = b"DER of a certificate"
WANG: Final = Person(name="王敏", organisation="甲县评标专家库", title="高级工程师")
VERDICTS: Final = {
    BID_A: {LICENCE: c.Verdict(passed=True, reason="")},
    BID_B: {LICENCE: c.Verdict(passed=False, reason="营业执照已过期")},
}
REPORT: Final = DocumentFile(sha256=digest("the certified report"), size=134_808)
REVISION: Final = DocumentFile(sha256=digest("the report with one more signature"), size=155_498)
ANNEX: Final = DocumentFile(sha256=digest("the certified annex"), size=98_213)
SIGNED: Final = signed(c.MakePledge())
LINE: Final = line_of(e.PledgeMade())
STILL: Final = Stretch(begins_at=Millis(AT - 300_000), ends_at=Millis(AT - 100_000))
CHECKED_TRACK: Final = TrackCheck(
    alias=E1,
    kind=MediaTrack.VIDEO,
    due_ms=900_000,
    recorded_ms=899_800,
    gaps=Stretches(),
    still=Stretches(total_ms=200_000, longest=(STILL,)),
    dark=Stretches(),
    silent=Stretches(),
    silent_apart_ms=0,
    unreadable=0,
)
CELL: Final = f.Cell(lot=LOT, stage=Stage.SCORING, round=1, cell="A/method", value="61.5", version=2)

FRAMES_FROM_SEAT: Final[tuple[f.AnyFromSeat, ...]] = (
    f.Join(token=TOKEN, have=41, key=KEY, proof=sign_join(SEAT_KEY, TOKEN)),
    f.Submit(text=SIGNED.text, signature=SIGNED.signature, key=KEY),
    f.SaveCell(lot=LOT, stage=Stage.SCORING, round=1, cell="A/method", value="61.5", version=2),
    f.ShowProgress(lot=LOT, stage=Stage.SCORING, filled=1, total=2),
    f.Refresh(),
)

FRAMES_TO_SEAT: Final[tuple[f.AnyToSeat, ...]] = (
    f.Welcome(alias=E1, role=Role.EXPERT, venue=JIA, size=44, now=AT, last_n=7, cells=(CELL,)),
    f.Lines(lines=(f.PlacedLine(Seq(41), LINE),)),
    f.CheckpointSigned(note=checkpoint(), hashes=(f.PlacedHash(Seq(42), leaf_hash(b"a hidden line")),)),
    f.Accepted(n=7, first=Seq(41), last=Seq(42)),
    f.Refused(code="wrong_phase", text="make_pledge is not possible in the phase prepared.", n=7),
    f.CellSaved(cell=CELL),
    f.Progress(alias=E1, lot=LOT, stage=Stage.SCORING, filled=1, total=2),
    f.Presence(connected=(A1, E1, E2)),
    f.FreshToken(token=TOKEN),
    f.Goodbye(code="too_slow", text="The connection is too slow; it will be resumed."),
)

CONNECTION: Final = 187_236_894_512_347
OFFER: Final = "v=0\r\no=- 187236894512347 1 IN IP4 0.0.0.0\r\n…"
ANSWER: Final = "v=0\r\no=- 4611731400430051336 2 IN IP4 127.0.0.1\r\n…"

SIGNAL_FROM_SEAT: Final[tuple[s.AnySignalFromSeat, ...]] = (
    s.JoinMedia(token=TOKEN, key=KEY, proof=sign_join(SEAT_KEY, TOKEN)),
    s.JoinProbe(token=TOKEN, key=KEY, proof=sign_join(SEAT_KEY, TOKEN)),
    s.TryWay(),
    s.MediaAnswer(connection=CONNECTION, revision=1, sdp=ANSWER),
    s.RestartMedia(),
    s.ViewTiles(
        tiles=(
            s.TileView(alias=Alias("E2"), track=MediaTrack.VIDEO, lines=720, pinned=True),
            s.TileView(alias=Alias("E3"), track=MediaTrack.VIDEO, lines=0, pinned=False),
        )
    ),
    s.ShowSeat(camera=s.Switch.ON, microphone=s.Switch.OFF, hand=True, screen=False),
    s.HearRoom(on=False),
    s.LowerHand(alias=E2),
)

SIGNAL_TO_SEAT: Final[tuple[s.AnySignalToSeat, ...]] = (
    s.MediaRelays(
        urls=("turn:pingbiao.example:3478", "turns:pingbiao.example:443?transport=tcp"),
        username="1797670800:E1",
        credential="q0Q4pKMhQ1o4mXzG2QmJm5rYH3c=",
    ),
    s.MediaOffer(connection=CONNECTION, revision=1, sdp=OFFER),
    s.MediaConnected(connection=CONNECTION),
    s.MediaGone(connection=CONNECTION, reason="silent"),
    s.PicturesPaused(pictures=(s.Picture(alias=Alias("E3"), track=MediaTrack.VIDEO),)),
    s.SeatShown(alias=E2, camera=s.Switch.OFF, microphone=s.Switch.ON, hand=AT, screen=False),
    s.HandLowered(by=E2),
    s.RoomHeard(on=False),
    s.DropsSeen(seats=(s.SeatDrops(alias=E2, cause=s.DropCause.UNREADABLE),), strays=False),
    s.MediaFailing(on=True),
    f.Refused(code="malformed_frame", text="This is no frame of the protocol: it ends too early."),
    f.Goodbye(code="seat_taken", text="E1 is open on another device; the venue's operator can move the seat."),
)

COMMANDS: Final[tuple[c.AnyCommand, ...]] = (
    c.EnrolSeat(spki=SPKI),
    c.ConfirmSeat(seat=E1, key=KEY),
    c.ReleaseSeat(seat=E1, reason="电脑故障，换到 3 号席"),
    c.OpenCheckIn(),
    c.StateRecusal(conflict=True, grounds="曾在投标人处任职"),
    c.MakePledge(),
    c.ReplaceMember(member=E2, reason="突发疾病", successor=Alias("E3"), person=WANG),
    c.OpenElection(),
    c.CastBallot(round=1, candidate=E1),
    c.HandInExamination(lot=LOT, round=1, verdicts=VERDICTS),
    c.ConcludeExamination(lot=LOT, minutes={BID_B: "营业执照已过期"}, competition="报价与方案仍有竞争"),
    c.HandInScores(lot=LOT, round=1, points=POINTS),
    c.ReturnSheet(lot=LOT, stage=Stage.SCORING, member=E2, reason="客观分不一致"),
    c.ScorePrices(lot=LOT),
    c.LockResult(lot=LOT),
    c.EnrolDocumentKey(spki=SPKI),
    c.IssueReport(lot=LOT, matters="合同签订前核实项目经理在岗情况", clarifications=""),
    c.SignReport(
        lot=LOT,
        version=1,
        base=REPORT.sha256,
        document=digest("what the signature covers"),
        signature=sign_join(SEAT_KEY, "the signed attributes"),
        dissent="",
    ),
    c.SignAnnex(
        lot=LOT,
        version=1,
        base=ANNEX.sha256,
        document=digest("what the signature covers"),
        signature=sign_join(SEAT_KEY, "the signed attributes"),
    ),
    c.RefuseReport(lot=LOT, version=1, dissent="对投标文件 B 的否决理由有异议"),
    c.MinuteRefusal(lot=LOT, version=1, member=E2, minute="拒绝签名且不陈述不同意见"),
    c.SealReport(lot=LOT, version=1),
    c.CallStaff(need=c.StaffNeed.DEVICE),
    c.AnswerCall(seat=E2),
    c.SendMessage(text="请看投标文件 B 第 12 页。"),
    c.AskForTalk(agent=A1, member=E2, topic=TalkTopic.CLARIFICATION),
    c.OpenTalk(asker=E2),
    c.EndTalk(asker=E2),
    c.ReportPrecheck(
        marks={c.PrecheckPart.CAMERA: c.PrecheckMark.PASSED, c.PrecheckPart.UDP: c.PrecheckMark.FAILED},
        clock_offset_ms=-1200,
        line=c.MeasuredLine(kbit_s=1280, lost_permille=3, round_trip_ms=38),
    ),
    c.AddRoomCamera(venue=JIA, label="场地全景"),
    c.RemoveRoomCamera(camera=Alias("C1")),
    c.GiveWallPass(place="市公共资源交易中心监督大厅", sha256=bytes.fromhex(digest("the token of a wall"))),
    c.WithdrawWallPass(wall=WallId("P1")),
    c.WaiveRecording(alias=E1, kind=MediaTrack.VIDEO, reason="备用摄像头也已损坏"),
    c.PauseRoom(reason="副场断电"),
    c.ResumeRoom(),
    c.CloseRoom(reason="评标结束"),
)

EVENTS: Final[tuple[e.AnyEvent, ...]] = (
    e.RoomOpened(
        rules=e.RULES_VERSION,
        room=ROOM,
        title="教学设备采购",
        regime=Regime.GOVERNMENT_PROCUREMENT,
        policy=Policy(member_names=MemberNames.AT_SIGNING, retention_years=15),
        venues={
            JIA: Venue(name="甲县评标中心", main=True, issuing_certificate=CERTIFICATE),
            YI: Venue(name="乙县评标中心", main=False, issuing_certificate=CERTIFICATE),
        },
        lots={LOT: LOT_PLAN},
        pledge="本人承诺遵守评标纪律。",
        log_key=LOG.key.vkey,
        witnesses=(WITNESS.key.vkey,),
        quorum=1,
        client=digest("the client build"),
        time_zone="Asia/Shanghai",
        continues=Continues(room=ROOM, checkpoint=checkpoint()),
    ),
    e.SeatPlanned(alias=E1, role=Role.EXPERT, venue=JIA),
    e.PersonSealed(alias=E1, person=WANG),
    e.BiddersListed(names=("宏达公司", "远景公司")),
    e.BidSealed(lot=LOT, bid=BID_A, bidder="宏达公司", offer=OFFERS[BID_A]),
    e.BidFileListed(lot=LOT, bid=BID_A, title="技术标", file=DocumentFile(sha256=digest("a bid"), size=61_204)),
    e.SeatEnrolled(alias=E1, key=KEY, spki=SPKI, certificate=CERTIFICATE),
    e.SeatConfirmed(alias=E1, key=KEY),
    e.SeatReleased(alias=E1, key=KEY, reason="电脑故障，换到 3 号席"),
    e.PhaseChanged(phase=Phase.CHECK_IN),
    e.LotPhaseChanged(lot=LOT, phase=Phase.SCORING),
    e.RecusalStated(conflict=True),
    e.RecusalGrounds(grounds="曾在投标人处任职"),
    e.PledgeMade(),
    e.MemberReplaced(member=E2, successor=Alias("E3"), reason="突发疾病"),
    e.RoundOpened(lot=LOT, stage=Stage.SCORING, round=1, members=(E1, E2, R1)),
    e.BallotCast(round=1, candidate=E1),
    e.SheetHandedIn(lot=LOT, stage=Stage.SCORING, round=1),
    e.StageRevealed(lot=LOT, stage=Stage.SCORING, round=1),
    e.ChairElected(chair=E1, round=1, votes={E1: 2, E2: 1}),
    e.SheetExamined(lot=LOT, round=1, verdicts=VERDICTS),
    e.ExaminationConcluded(
        lot=LOT,
        tallies={
            BID_A: {LICENCE: e.Tally(passed=True, in_favour=3, against=0)},
            BID_B: {LICENCE: e.Tally(passed=False, in_favour=1, against=2)},
        },
        rejected={BID_B: "营业执照已过期"},
        competition="报价与方案仍有竞争",
    ),
    e.BidsAdmitted(lot=LOT, bids=(BID_A,)),
    e.SheetScored(lot=LOT, round=1, points=POINTS),
    e.SheetReturned(lot=LOT, stage=Stage.SCORING, round=2, member=E2),
    e.ReturnGrounds(lot=LOT, stage=Stage.SCORING, member=E2, reason="客观分不一致"),
    e.MembersScored(lot=LOT, round=1, result=MEMBERS_RESULT),
    e.LotDrawn(lot=LOT, draw=DrawKind.TIE, order=(BID_B, BID_A)),
    e.PricesOpened(lot=LOT),
    e.PricesScored(lot=LOT, result=PRICES_RESULT),
    e.BidsRanked(lot=LOT, ranking=RANKING),
    e.ResultLocked(lot=LOT),
    e.NamesOpened(),
    e.DocumentKeyCertified(alias=E1, key=KEY, certificate=CERTIFICATE),
    e.SigningOpened(lot=LOT, version=1, members=(E1, E2, R1)),
    e.ReportIssued(
        lot=LOT,
        version=1,
        matters="合同签订前核实项目经理在岗情况",
        clarifications="",
        typeset=DocumentFile(sha256=digest("the typeset report"), size=120_331),
        certified=REPORT,
        renderer="typst 0.15.2, 5f3a…",
    ),
    e.ReportAnswered(lot=LOT, version=1, end=e.SigningEnd.SIGNED_WITH_DISSENT),
    e.ReportRevised(lot=LOT, version=1, file=REVISION),
    e.DissentStated(lot=LOT, version=1, text="对投标文件 B 的否决理由有异议"),
    e.AnnexSigned(lot=LOT, version=1),
    e.AnnexFiled(
        lot=LOT,
        version=1,
        typeset=DocumentFile(sha256=digest("the typeset annex"), size=84_020),
        certified=ANNEX,
        file=DocumentFile(sha256=digest("the sealed annex"), size=240_100),
        renderer="typst 0.15.2, 5f3a…",
    ),
    e.RefusalMinuted(lot=LOT, version=1, member=E2),
    e.RefusalMinute(lot=LOT, version=1, member=E2, minute="拒绝签名且不陈述不同意见"),
    e.ReportSealed(lot=LOT, version=1),
    e.ReportFiled(
        lot=LOT,
        version=1,
        report=DocumentFile(sha256=digest("the sealed report"), size=281_100),
        signing_record=DocumentFile(sha256=digest("how the signing ended"), size=48_822),
        renderer="typst 0.15.2, 5f3a…",
    ),
    e.StaffCalled(need=c.StaffNeed.DEVICE),
    e.StaffCallAnswered(alias=E2),
    e.MessageSent(text="请看投标文件 B 第 12 页。"),
    e.TalkAsked(agent=A1, member=E2, topic=TalkTopic.CLARIFICATION),
    e.TalkOpened(asker=E2, agent=A1, member=E2, topic=TalkTopic.CLARIFICATION),
    e.TalkEnded(asker=E2, agent=A1, member=E2, end=TalkEnd.TIME_OVER),
    e.PrecheckReported(
        marks={c.PrecheckPart.CAMERA: c.PrecheckMark.PASSED, c.PrecheckPart.UDP: c.PrecheckMark.FAILED},
        clock_offset_ms=-1200,
        line=c.MeasuredLine(kbit_s=1280, lost_permille=3, round_trip_ms=38),
    ),
    e.RoomCameraAdded(alias=Alias("C1"), venue=JIA, label="场地全景"),
    e.RoomCameraRemoved(alias=Alias("C1")),
    e.WallPassGiven(
        wall=WallId("P1"),
        place="市公共资源交易中心监督大厅",
        sha256=bytes.fromhex(digest("the token of a wall")),
    ),
    e.WallPassWithdrawn(wall=WallId("P1")),
    e.WallPlayerCame(wall=WallId("P1"), player="wall-3f9c20d1a7", alias=E2, kind=MediaTrack.VIDEO),
    e.WallPlayerLeft(wall=WallId("P1"), player="wall-3f9c20d1a7"),
    e.RecordingBegan(alias=E1, kind=MediaTrack.VIDEO),
    e.RecordingGap(alias=E1, kind=MediaTrack.VIDEO, gap=GapReason.SILENT),
    e.MediaRecorded(
        tracks=(
            RecordedPieces(
                alias=E1,
                kind=MediaTrack.VIDEO,
                first=1,
                last=2,
                digests=bytes.fromhex(digest("piece 1") + digest("piece 2")),
                begins_at=AT,
                ends_at=Millis(AT + 6_020),
                size=310_224,
            ),
        )
    ),
    e.RecordingSpaceTold(minutes=58),
    e.RecordingsChecked(pieces=2, examined=2, tracks=(CHECKED_TRACK,)),
    e.RecordingWaived(alias=E1, kind=MediaTrack.VIDEO, reason="备用摄像头也已损坏"),
    e.RoomPaused(reason="副场断电"),
    e.RoomResumed(),
    e.RoomClosed(reason="评标结束"),
)
