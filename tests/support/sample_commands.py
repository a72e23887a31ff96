"""One well-formed command of every kind, for trials in which only the kind matters."""

from server.domain import commands as c
from server.domain.agent_talk import TalkTopic
from server.domain.ids import Alias, Digest, WallId
from server.domain.phases import Stage
from server.domain.recordings import MediaTrack
from tests.support.room_plan import JIA, L1, person
from tests.support.room_world import SeatKey

NOBODYS_KEY = Digest("0" * 64)

SAMPLES: dict[str, c.AnyCommand] = {
    c.tag_of(type(command)): command
    for command in (
        c.EnrolSeat(spki=SeatKey(7).spki),
        c.ConfirmSeat(seat=Alias("E1"), key=NOBODYS_KEY),
        c.ReleaseSeat(seat=Alias("E1"), reason="换机位"),
        c.OpenCheckIn(),
        c.StateRecusal(conflict=False, grounds=""),
        c.MakePledge(),
        c.ReplaceMember(member=Alias("E1"), reason="突发疾病", successor=Alias("E9"), person=person(Alias("E9"))),
        c.OpenElection(),
        c.CastBallot(round=1, candidate=Alias("E1")),
        c.HandInExamination(lot=L1, round=1, verdicts={}),
        c.ConcludeExamination(lot=L1, minutes={}, competition=""),
        c.HandInScores(lot=L1, round=1, points={}),
        c.ReturnSheet(lot=L1, stage=Stage.SCORING, member=Alias("E1"), reason="畸高"),
        c.ScorePrices(lot=L1),
        c.LockResult(lot=L1),
        c.EnrolDocumentKey(spki=SeatKey(8).spki),
        c.IssueReport(lot=L1, matters="", clarifications=""),
        c.SignReport(
            lot=L1, version=1, base=NOBODYS_KEY, document=NOBODYS_KEY, signature=bytes(64), dissent="单价分析不充分"
        ),
        c.SignAnnex(lot=L1, version=1, base=NOBODYS_KEY, document=NOBODYS_KEY, signature=bytes(64)),
        c.RefuseReport(lot=L1, version=1, dissent=""),
        c.MinuteRefusal(lot=L1, version=1, member=Alias("E1"), minute="拒绝签名且不陈述理由"),
        c.SealReport(lot=L1, version=1),
        c.CallStaff(need=c.StaffNeed.DEVICE),
        c.AnswerCall(seat=Alias("E1")),
        c.SendMessage(text="请看第三页"),
        c.AskForTalk(agent=Alias("A1"), member=Alias("E1"), topic=TalkTopic.PROCEDURE),
        c.OpenTalk(asker=Alias("E1")),
        c.EndTalk(asker=Alias("E1")),
        c.ReportPrecheck(marks={c.PrecheckPart.CAMERA: c.PrecheckMark.PASSED}, clock_offset_ms=0, line=None),
        c.AddRoomCamera(venue=JIA, label="场地全景"),
        c.RemoveRoomCamera(camera=Alias("C1")),
        c.GiveWallPass(place="监督大厅", sha256=bytes(32)),
        c.WithdrawWallPass(wall=WallId("P1")),
        c.WaiveRecording(alias=Alias("E1"), kind=MediaTrack.VIDEO, reason="摄像头损坏"),
        c.PauseRoom(reason="停电"),
        c.ResumeRoom(),
        c.CloseRoom(reason="评审结束"),
    )
}
"By tag."
