"""Random sittings: what a committee, its operators and a few rogues might send, in an order that chance decides.

A walk mostly does what the room waits for, so that it gets somewhere; now and then it disturbs (pause, moved seats,
replaced members, returned sheets), and now and then it sends nonsense. The same seed walks the same way.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from random import Random

from msgspec.structs import replace

from server.domain import commands as c
from server.domain.agent_talk import ENDS_BY_SERVER, Talk, TalkTopic
from server.domain.committee import members
from server.domain.errors import Rejection
from server.domain.events import (
    AnyEvent,
    MediaRecorded,
    RecordingBegan,
    RecordingGap,
    RecordingsChecked,
    RecordingSpaceTold,
    RoomPaused,
    SigningEnd,
    TalkEnded,
    WallPlayerCame,
    WallPlayerLeft,
)
from server.domain.gates import owes_annex, report_blockers
from server.domain.ids import Alias, Digest, LotId, VenueId
from server.domain.media_policy import recorded_tracks
from server.domain.phases import Phase, Stage
from server.domain.plan import MemberNames, Recording, Regime, RoomRef, SeenTree, SignedCommand
from server.domain.recordings import CAMERA_AND_MICROPHONE, CONTINUOUS, GapReason, MediaTrack
from server.domain.roles import OPERATORS, Role
from server.domain.room_cameras import present_cameras
from server.domain.rules.agent_talks import ended_by
from server.domain.rules.room_cameras import LABEL_LIMIT
from server.domain.rules.server_events import NO_SPACE, objection
from server.domain.scoring.criteria import member_criteria
from server.domain.state import LotState, Report
from server.domain.wall_policy import open_walls, wall_tracks
from tests.support.room_plan import BING, JIA, L1, LOTS, ROOM, SEATS, YI, opening, person
from tests.support.room_scenes import Points, Verdicts, is_recorded, operator_of, pieces, run_to
from tests.support.room_world import SeatKey, World, signed_by
from tests.support.sample_commands import NOBODYS_KEY, SAMPLES

SEEDS = range(16)
"The walks that the laws are tried on."

EVENTFUL = (0, 59, 73)
"Those for trials that take long; law 3 shows that together they meet every type of event, and all that is hard."

STEPS = 170
AFTER_THE_END = 8
"Steps that are tried once the room is closed."

Wish = tuple[Alias, c.AnyCommand]


@dataclass(frozen=True)
class Refused:
    """A step that changed nothing."""

    signed: SignedCommand
    why: Rejection


class Walk:
    """One random sitting."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        seats = dict(SEATS)
        for place, venue in enumerate((YI, BING)[: seed % 3]):  # committees of five, six and seven
            seats[Alias(f"E{place + 5}")] = (Role.EXPERT, VenueId(venue))
        lots = LOTS if seed % 4 else {L1: LOTS[L1]}
        self._server = Random(seed + 1_000)  # chance of its own: what the server writes changes no person's choice
        self._hall = Random(seed + 2_000)  # the same for what happens at a supervisor's wall
        names = self.random.choice(tuple(MemberNames))
        regime = self.random.choice(tuple(Regime))
        room = opening(seats=seats, lots=lots, names=names, regime=regime, files=True, recording=Recording.REQUIRED)
        self.world = World(room, seed=seed)
        starts = (Phase.PREPARED, Phase.CHECK_IN, Phase.CHAIR_ELECTION, Phase.EXAMINATION, Phase.SCORING, Phase.PRICES)
        run_to(self.world, starts[seed % len(starts)])
        self._harshness = {name: self.random.choice((0.02, 0.05, 0.1, 0.3, 0.95)) for name in lots}
        self._alike = {name: self.random.random() < 0.5 for name in lots}
        self.refused: list[Refused] = []
        self._accepted: list[SignedCommand] = []
        self._texts = 0

    def steps(self, count: int = STEPS) -> Iterator[Refused | None]:
        """Take so many steps, or fewer to the end of the room; what was refused, or none for an accepted step.

        What the server writes in between is a step that is always accepted.
        """
        for _ in range(count):
            noticed = [*self._noticed(), *self._noticed_walls()]
            events = [event for event in noticed if objection(event, self.world.room) is None]
            if events:
                self.world.note(*events)
                yield None
            if self._server.random() < 0.25:
                yield self._tried(self.world.sign(*self._talk()))
            if self._hall.random() < 0.08:
                yield self._tried(self.world.sign(Alias("S1"), self._wall_pass()))
            yield self._step()
            if self.world.room.phase is Phase.CLOSED:
                break
        yield from (self._step() for _ in range(AFTER_THE_END))

    def _step(self) -> Refused | None:
        signed = self._next()
        refused = self._tried(signed)
        if refused is None:
            self._accepted.append(signed)
        return refused

    def _tried(self, signed: SignedCommand) -> Refused | None:
        try:
            self.world.submit(signed)
        except Rejection as why:
            self.refused.append(Refused(signed, why))
            return self.refused[-1]
        return None

    def _talk(self) -> Wish:
        """Somebody asks for a talk with the agent, or what was asked for begins or ends."""
        room, chance, agent = self.world.room, self._server.random(), Alias("A1")
        present = members(room)
        if room.talk is not None and chance < 0.4:
            return self._server.choice((agent, *present, Alias("W2"), Alias("H1"))), c.EndTalk(asker=room.talk.asker)
        if room.talk_requests and chance < 0.7:
            asker = self._server.choice(list(room.talk_requests))
            return (Alias("W1"), c.OpenTalk(asker=asker)) if chance > 0.1 else (asker, c.EndTalk(asker=asker))
        member = self._server.choice(present)
        whom = self._server.choice((None, member, member))
        topic = self._server.choice(tuple(TalkTopic))
        return self._server.choice((agent, member)), c.AskForTalk(agent=agent, member=whom, topic=topic)

    def _noticed(self) -> list[AnyEvent]:
        """What the server sees of the recording: mostly nothing, or that all is recorded again."""
        world, chance = self.world, self._server.random()
        tracks = sorted(track for track in recorded_tracks(world.room) if track[1] in CONTINUOUS)
        if chance < 0.35 or not tracks:
            return [
                RecordingBegan(alias=alias, kind=kind) for alias, kind in tracks if not is_recorded(world, alias, kind)
            ]
        alias, kind = self._server.choice(tracks)
        if self.world.room.talk is not None and chance < 0.4:
            return self._server_ends_talk(self.world.room.talk)
        if chance < 0.43:
            return [RecordingGap(alias=alias, kind=kind, gap=self._server.choice(tuple(GapReason)))]
        if chance < 0.5:
            return [MediaRecorded(tracks=(pieces(world, alias, kind, self._server.randrange(1, 9)),))]
        if chance < 0.53:
            return [RecordingSpaceTold(minutes=self._server.choice((None, 3, 12, 58)))]
        if chance < 0.55:
            pause = RoomPaused(reason=NO_SPACE)
            return [*ended_by([pause], world.room), pause]
        return [RecordingsChecked(pieces=9, examined=self._server.randrange(10), tracks=())] if chance < 0.58 else []

    def _wall_pass(self) -> c.GiveWallPass | c.WithdrawWallPass:
        """A supervisor lets another wall show the room, or ends a pass."""
        walls = list(open_walls(self.world.room))
        if walls and self._hall.random() < 0.4:
            return c.WithdrawWallPass(wall=self._hall.choice(walls))
        place = f"监督大厅·{len(self.world.room.walls)}·"
        return c.GiveWallPass(place=place, sha256=self._hall.randbytes(32))

    def _noticed_walls(self) -> list[AnyEvent]:
        """What the server sees of the players on walls: mostly nothing."""
        walls = open_walls(self.world.room)
        if not walls or self._hall.random() > 0.3:
            return []
        name = self._hall.choice(list(walls))
        if walls[name].players and self._hall.random() < 0.4:
            return [WallPlayerLeft(wall=name, player=self._hall.choice(list(walls[name].players)))]
        pictures = [track for track in wall_tracks(walls[name], self.world.room) if track[1] is MediaTrack.VIDEO]
        alias, kind = self._hall.choice(pictures)
        return [WallPlayerCame(wall=name, player=f"wall-{self._hall.randbytes(5).hex()}", alias=alias, kind=kind)]

    def _server_ends_talk(self, talk: Talk) -> list[AnyEvent]:
        end = self._server.choice(sorted(ENDS_BY_SERVER))
        return [TalkEnded(asker=talk.asker, agent=talk.agent, member=talk.member, end=end)]

    def _next(self) -> SignedCommand:
        chance = self.random.random()
        if chance < 0.7 and (wanted := self._wanted()):
            return self.world.sign(*self.random.choice(wanted))
        if chance < 0.86:
            return self.world.sign(*self._disturbance())
        return self._nonsense()

    # -- what the room waits for -----------------------------------------------------------------------------------

    def _wanted(self) -> list[Wish]:
        room = self.world.room
        if room.paused is not None:
            return [(Alias("H1"), c.ResumeRoom())]
        if seats := self._seats_wanted():
            return seats
        match room.phase:
            case Phase.PREPARED:
                return [(Alias("H1"), c.OpenCheckIn())]
            case Phase.CHECK_IN:
                return self._check_ins_wanted() or [(Alias("H1"), c.OpenElection())]
            case Phase.CHAIR_ELECTION:
                return self._check_ins_wanted() or self._ballots_wanted()
            case Phase.EVALUATION:
                return self._check_ins_wanted() or self._evaluation_wanted()
            case _:
                return []

    def _seats_wanted(self) -> list[Wish]:
        wanted: list[Wish] = []
        for alias, seat in self.world.room.seats.items():
            if seat.left_at is None and seat.key is None:
                wanted.append((alias, c.EnrolSeat(spki=self.world.new_key(alias).spki)))
            elif seat.left_at is None and seat.key is not None and not seat.confirmed:
                confirmed = c.ConfirmSeat(seat=alias, key=seat.key)
                wanted.append((operator_of(self.world.room, alias), confirmed))
        operators = [wish for wish in wanted if self.world.room.seats[wish[0]].role in OPERATORS]
        return operators or wanted

    def _check_ins_wanted(self) -> list[Wish]:
        room = self.world.room
        wanted: list[Wish] = []
        for alias in members(room):
            seat, conflict = room.seats[alias], self.random.random() < 0.14
            if seat.conflict is None:
                wanted.append((alias, c.StateRecusal(conflict=conflict, grounds=self._text() if conflict else "")))
            elif seat.conflict:
                wanted.append((Alias("H1"), self._replacement(alias)))
            elif not seat.pledged:
                wanted.append((alias, c.MakePledge()))
        return wanted

    def _ballots_wanted(self) -> list[Wish]:
        room, stage = self.world.room, self.world.room.election.stage
        favourites = [alias for alias in members(room) if room.seats[alias].role is Role.EXPERT][:2]
        return [
            (voter, c.CastBallot(round=stage.open_round or 0, candidate=self.random.choice(favourites)))
            for voter in stage.pending
        ]

    def _evaluation_wanted(self) -> list[Wish]:
        lots = self.world.room.lots
        wanted = [wish for name, lot in lots.items() for wish in self._lot_wanted(name, lot)]
        calls = self.world.room.calls
        wanted += [(operator_of(self.world.room, caller), c.AnswerCall(seat=caller)) for caller in calls]
        return wanted or [(Alias("H1"), c.CloseRoom(reason=self._text()))]

    def _lot_wanted(self, name: LotId, lot: LotState) -> list[Wish]:
        chair = self.world.room.chair or Alias("E1")
        match lot.phase:
            case Phase.EXAMINATION:
                stage = lot.stages[Stage.EXAMINATION]
                sheets: list[Wish] = [
                    (member, c.HandInExamination(lot=name, round=stage.open_round or 0, verdicts=self._verdicts(name)))
                    for member in stage.pending
                ]
                return sheets or [
                    (chair, self._conclusion(name, lot)),
                    (chair, self._conclusion(name, lot)),
                    (chair, self._return(name, Stage.EXAMINATION)),
                ]
            case Phase.SCORING:
                stage = lot.stages[Stage.SCORING]
                return [
                    (member, c.HandInScores(lot=name, round=stage.open_round or 0, points=self._points(name, lot)))
                    for member in stage.pending
                ]
            case Phase.PRICES:
                return [(chair, c.ScorePrices(lot=name)), (chair, self._return(name, Stage.SCORING))]
            case Phase.SUMMARY:
                return [(chair, c.LockResult(lot=name))]
            case Phase.LOCKED if not report_blockers(self.world.room):
                return [(chair, self._report(name))]
            case Phase.SIGNING if lot.report:
                return self._signing_wanted(name, lot.report)
            case _:
                return []

    def _report(self, name: LotId) -> c.IssueReport:
        return c.IssueReport(lot=name, matters=self._text(), clarifications=self._text())

    def _signing_wanted(self, name: LotId, report: Report) -> list[Wish]:
        chair, keys = self.world.room.chair or Alias("E1"), self.world.room.document_keys
        again = self.random.random() < 0.06
        wanted: list[Wish] = [(chair, self._report(name))] if again else []
        for member in report.members:
            end = report.ends.get(member)
            if end is SigningEnd.REFUSED:
                minute = c.MinuteRefusal(lot=name, version=report.version, member=member, minute=self._text())
                wanted.append((chair, minute))
            elif owes_annex(member, report, self.world.room):
                wanted.append((member, self._annex(name, report)))
            elif end is None and member not in keys:
                wanted.append((member, c.EnrolDocumentKey(spki=self.world.document_key().spki)))
            elif end is None:
                wanted += [(member, self._signature(name, report)), (member, self._refusal(name, report))]
        return wanted or [(chair, c.SealReport(lot=name, version=report.version))]

    def _signature(self, name: LotId, report: Report) -> c.SignReport:
        return c.SignReport(
            lot=name,
            version=report.version,
            base=report.latest.sha256 if report.latest else NOBODYS_KEY,
            document=self.world.document().sha256,
            signature=self.random.randbytes(64),
            dissent=self._text() if self.random.random() < 0.3 else "",
        )

    def _annex(self, name: LotId, report: Report) -> c.SignAnnex:
        return c.SignAnnex(
            lot=name,
            version=report.version,
            base=self.world.document().sha256,
            document=self.world.document().sha256,
            signature=self.random.randbytes(64),
        )

    def _refusal(self, name: LotId, report: Report) -> c.RefuseReport:
        return c.RefuseReport(
            lot=name, version=report.version, dissent=self._text() if self.random.random() < 0.5 else ""
        )

    def _verdicts(self, name: LotId) -> Verdicts:
        plan = LOTS[name]
        harsh = self._harshness[name]
        return {
            bid: {
                check.id: c.Verdict(passed=False, reason=self._text())
                if self.random.random() < harsh
                else c.Verdict(passed=True, reason="")
                for check in plan.checks
            }
            for bid in plan.bids
        }

    def _conclusion(self, name: LotId, lot: LotState) -> c.ConcludeExamination:
        """With the minutes that the majority's findings ask for."""
        plan, present = LOTS[name], members(self.world.room)
        against = Counter(
            (bid, check.id)
            for bid in plan.bids
            for check in plan.checks
            for member in present
            if not lot.verdicts[member][bid][check.id].passed
        )
        rejected = {bid for (bid, _), count in against.items() if 2 * count > len(present)}
        thin = 0 < len(plan.bids) - len(rejected) < 3
        minutes = {bid: self._text() for bid in sorted(rejected)}
        return c.ConcludeExamination(lot=name, minutes=minutes, competition=self._text() if thin else "")

    def _points(self, name: LotId, lot: LotState) -> Points:
        """Odd hundredths; in some lots the same for every bid, so that bids tie and members are equally wide."""
        criteria = [criterion.id for criterion in member_criteria(LOTS[name].scheme.criteria)]
        alike = {criterion: self._number() for criterion in criteria}
        if self._alike[name]:
            return {bid: dict(alike) for bid in lot.admitted or ()}
        return {bid: {criterion: self._number() for criterion in criteria} for bid in lot.admitted or ()}

    def _number(self) -> str:
        return f"{self.random.randrange(8, 20)}.{self.random.randrange(10)}{self.random.choice('12346789')}"

    # -- disturbances ----------------------------------------------------------------------------------------------

    def _disturbance(self) -> Wish:
        room, host = self.world.room, Alias("H1")
        member = self.random.choice(members(room))
        lot = self.random.choice(list(room.lots))
        chance = self.random.random()
        if chance < 0.02:
            return room.chair or member, self._report(lot)
        if chance < 0.12:
            return self._by_the_way(chance, member)
        if chance < 0.14:
            return host, self._replacement(member)
        if chance < 0.25:
            return host, self._replacement(room.chair or member)
        if chance < 0.6:
            return room.chair or member, self._return(lot, self.random.choice((Stage.EXAMINATION, Stage.SCORING)))
        if chance < 0.8:
            seat = self.random.choice([alias for alias, seat in room.seats.items() if seat.left_at is None])
            return operator_of(room, seat), c.ReleaseSeat(seat=seat, reason=self._text())
        if chance < 0.83:
            return host, c.WaiveRecording(
                alias=member, kind=self.random.choice(CAMERA_AND_MICROPHONE), reason=self._text()
            )
        if chance < 0.985:
            return host, c.PauseRoom(reason=self._text())
        return host, c.CloseRoom(reason=self._text())

    def _by_the_way(self, chance: float, member: Alias) -> Wish:
        """What holds nobody up."""
        if chance < 0.03:
            return self.random.choice((member, Alias("W1"))), self._precheck()
        if chance < 0.06:
            return self.random.choice((member, Alias("W1"))), c.CallStaff(need=self.random.choice(tuple(c.StaffNeed)))
        if chance < 0.1:
            return member, c.SendMessage(text=self._text())
        return Alias("H1"), self._room_camera()

    def _room_camera(self) -> c.AddRoomCamera | c.RemoveRoomCamera:
        """Another camera, or one that is taken away."""
        present = list(present_cameras(self.world.room))
        if present and self.random.random() < 0.6:
            return c.RemoveRoomCamera(camera=self.random.choice(present))
        venue = self.random.choice((JIA, YI, BING))
        return c.AddRoomCamera(venue=venue, label=self._text()[:LABEL_LIMIT])

    def _precheck(self) -> c.ReportPrecheck:
        marks = {part: self.random.choice(tuple(c.PrecheckMark)) for part in c.PrecheckPart}
        line = c.MeasuredLine(kbit_s=self.random.randrange(5000), lost_permille=4, round_trip_ms=40)
        return c.ReportPrecheck(marks=marks, clock_offset_ms=None, line=line)

    def _replacement(self, member: Alias) -> c.ReplaceMember:
        numbers = (number for number in range(1, 99) if f"E{number}" not in self.world.room.seats)
        successor = Alias(f"E{next(numbers)}")
        return c.ReplaceMember(member=member, reason=self._text(), successor=successor, person=person(successor))

    def _return(self, lot: LotId, stage: Stage) -> c.ReturnSheet:
        member = self.random.choice(members(self.world.room))
        return c.ReturnSheet(lot=lot, stage=stage, member=member, reason=self._text())

    def _text(self) -> str:
        """A free text like no other."""
        self._texts += 1
        return f"说明·{self._texts}·"

    # -- nonsense --------------------------------------------------------------------------------------------------

    def _nonsense(self) -> SignedCommand:
        world, alias = self.world, self.random.choice(list(self.world.room.seats))
        command = self.random.choice(tuple(SAMPLES.values()))
        match self.random.randrange(11):
            case 0:
                return world.sign(alias, command, n=self.random.randrange(1, 4))
            case 1:
                return world.sign(alias, command, seen=self._other_view(self.random.randrange(len(world.raw))))
            case 2:
                return world.sign(alias, command, room=RoomRef(id=ROOM, first=Digest(NOBODYS_KEY)))
            case 3:
                return signed_by(world.key_of(alias), self._garbage())
            case 4:
                return signed_by(SeatKey(99), world.sign(alias, command).text)
            case 5:
                signed = world.sign(alias, command)
                return SignedCommand(text=signed.text, key=signed.key, signature=self.random.randbytes(64))
            case 6 if self._accepted:
                return self.random.choice(self._accepted)
            case 7 | 8 if wanted := self._wanted():
                return world.sign(*self._spoilt(*self.random.choice(wanted)))
            case _:
                return world.sign(alias, command)

    def _other_view(self, size: int) -> SeenTree:
        """A view that is old, or (every second one) of another record."""
        return SeenTree(size=size, root=NOBODYS_KEY) if size % 2 else self.world.seen(size)

    def _spoilt(self, alias: Alias, command: c.AnyCommand) -> Wish:
        """What the room waits for, but for another round, without its reason, or from somebody else."""
        match command:
            case c.CastBallot() | c.HandInExamination() | c.HandInScores():
                return alias, replace(command, round=command.round + 1)
            case c.ReturnSheet() | c.ReplaceMember() | c.CloseRoom():
                return alias, replace(command, reason=" ")
            case _:
                return self.random.choice(list(self.world.room.seats)), command

    def _garbage(self) -> str:
        """An accepted text with one letter changed, or something that is no command at all."""
        if not self._accepted or self.random.random() < 0.3:
            return self.random.choice(("", "{}", "[]", '{"by":"E1"}', "not JSON", '{"by":"\\ud800"}', '{"n":1,"n":2}'))
        text = self.random.choice(self._accepted).text
        place = self.random.randrange(len(text))
        return text[:place] + self.random.choice('0aA"{}:,') + text[place + 1 :]


@cache
def walked(seed: int) -> Walk:
    """A walk at its end; made once, read by every law."""
    walk = Walk(seed)
    for _ in walk.steps():
        pass
    return walk
