"""Scenes of a sitting: what people do to bring a room from one phase to the next."""

import hashlib
from collections.abc import Mapping

from server.domain import commands as c
from server.domain.agent_talk import TalkTopic
from server.domain.committee import has_checked_in, members
from server.domain.events import RecordingBegan, RoomOpened
from server.domain.ids import Alias, BidAlias, CheckId, CriterionId, LotId, Millis
from server.domain.media_policy import recorded_tracks
from server.domain.phases import Phase, Stage
from server.domain.recordings import CONTINUOUS, MediaTrack, RecordedPieces
from server.domain.roles import OPERATORS
from server.domain.scoring.criteria import member_criteria
from server.domain.state import RoomState
from tests.support.room_plan import person
from tests.support.room_world import SeatKey, World

HOST = Alias("H1")
CHAIR = Alias("E1")

Points = dict[BidAlias, dict[CriterionId, str]]
Verdicts = dict[BidAlias, dict[CheckId, c.Verdict]]

PASSED = c.Verdict(passed=True, reason="")


# -- single acts -------------------------------------------------------------------------------------------------


def enrol(world: World, alias: Alias | str) -> None:
    """Bind a fresh key to the seat; its venue's operator confirms it."""
    alias = Alias(alias)
    key = world.new_key(alias)
    world.act(alias, c.EnrolSeat(spki=key.spki))
    if not world.room.seats[alias].confirmed:
        world.act(operator_of(world.room, alias), c.ConfirmSeat(seat=alias, key=key.fingerprint))


def operator_of(room: RoomState, alias: Alias) -> Alias:
    """The operator of the venue where the alias sits."""
    venue = room.seats[alias].venue
    return next(name for name, seat in room.seats.items() if seat.role in OPERATORS and seat.venue == venue)


def check_in(world: World, member: Alias | str) -> None:
    """State that there is no ground for recusal, and make the pledge."""
    world.act(member, c.StateRecusal(conflict=False, grounds=""))
    world.act(member, c.MakePledge())


def vote(world: World, ballots: Mapping[str, str] | None = None) -> None:
    """Everyone who has still to vote does; for the chair of these scenes, or as told."""
    number = world.room.election.stage.open_round or 0
    for member in world.room.election.stage.pending:
        candidate = Alias((ballots or {}).get(member, CHAIR))
        world.act(member, c.CastBallot(round=number, candidate=candidate))


def examine(world: World, lot: LotId, member: Alias | str, failed: Mapping[BidAlias, str] | None = None) -> None:
    """Hand in the sheet of the examination; `failed`: bids with the reason that they fail the first check."""
    number = world.room.lots[lot].stages[Stage.EXAMINATION].open_round or 0
    world.act(member, c.HandInExamination(lot=lot, round=number, verdicts=verdicts(world.room, lot, failed or {})))


def verdicts(room: RoomState, lot: LotId, failed: Mapping[BidAlias, str]) -> Verdicts:
    """A whole sheet of the examination."""
    plan = _opened(room).lots[lot]
    sheet = {bid: {check.id: PASSED for check in plan.checks} for bid in plan.bids}
    for bid, reason in failed.items():
        sheet[bid][plan.checks[0].id] = c.Verdict(passed=False, reason=reason)
    return sheet


def conclude(world: World, lot: LotId, minutes: Mapping[BidAlias, str] | None = None) -> None:
    """The chair closes the examination, with reasons for rejected bids and for a thin competition."""
    rejected = dict(minutes or {})
    left = len(_opened(world.room).lots[lot].bids) - len(rejected)
    competition = f"仍有竞争性·{lot}·" if 0 < left < 3 else ""
    chair = world.room.chair or CHAIR
    world.act(chair, c.ConcludeExamination(lot=lot, minutes=rejected, competition=competition))


def score(world: World, lot: LotId, member: Alias | str, points: Points | None = None) -> None:
    """Hand in the score sheet."""
    number = world.room.lots[lot].stages[Stage.SCORING].open_round or 0
    sheet = points or points_of(world.room, lot, Alias(member))
    world.act(member, c.HandInScores(lot=lot, round=number, points=sheet))


def points_of(room: RoomState, lot: LotId, member: Alias) -> Points:
    """Points with odd hundredths, each member's their own; the bids in the order A, B, C."""
    place = list(room.seats).index(member)
    asked = [criterion.id for criterion in member_criteria(_opened(room).lots[lot].scheme.criteria)]
    return {
        bid: {name: f"{19 - 3 * rank - column}.{place + 10}7"[:5] for column, name in enumerate(asked)}
        for rank, bid in enumerate(room.lots[lot].admitted or ())
    }


def returned(world: World, lot: LotId, member: Alias | str, stage: Stage = Stage.SCORING) -> None:
    """The chair gives a sheet back."""
    member = Alias(member)
    chair = world.room.chair or CHAIR
    world.act(chair, c.ReturnSheet(lot=lot, stage=stage, member=member, reason=f"退回理由·{member}·"))


def replaced(world: World, member: Alias | str, successor: Alias | str) -> None:
    """The host puts a successor in a member's place; the successor takes the seat and checks in."""
    member, successor = Alias(member), Alias(successor)
    reason = f"更换理由·{member}·"
    command = c.ReplaceMember(member=member, reason=reason, successor=successor, person=person(successor))
    world.act(HOST, command)
    enrol(world, successor)
    check_in(world, successor)


def issue_report(world: World, lot: LotId) -> None:
    """The chair fixes the report."""
    matters, clarifications = f"签约事宜·{lot}·", f"澄清纪要·{lot}·"
    world.act(world.room.chair or CHAIR, c.IssueReport(lot=lot, matters=matters, clarifications=clarifications))


def enrol_document_key(world: World, member: Alias | str) -> None:
    """A member's device gets a certificate for its document key."""
    secret = 7_000_003 * (list(world.room.seats).index(Alias(member)) + 1) + len(world.raw)
    world.act(member, c.EnrolDocumentKey(spki=SeatKey(secret).spki))


def sign_report(world: World, lot: LotId, member: Alias | str, dissent: str = "") -> None:
    """A member signs the report's latest revision."""
    if Alias(member) not in world.room.document_keys:
        enrol_document_key(world, member)
    report = world.room.lots[lot].report
    if report is None or report.latest is None:
        raise AssertionError("there is no report to sign")
    base, document = report.latest.sha256, world.document().sha256
    signature = world.random.randbytes(64)
    world.act(
        member,
        c.SignReport(
            lot=lot, version=report.version, base=base, document=document, signature=signature, dissent=dissent
        ),
    )


def sign_annex(world: World, lot: LotId, member: Alias | str) -> None:
    """A member who has signed the report under the alias signs the annex that names the person."""
    report = world.room.lots[lot].report
    if report is None:
        raise AssertionError("there is no report to sign an annex to")
    base, document = world.document().sha256, world.document().sha256
    signature = world.random.randbytes(64)
    world.act(member, c.SignAnnex(lot=lot, version=report.version, base=base, document=document, signature=signature))


def ask_for_talk(world: World, by: str, member: str | None, topic: TalkTopic = TalkTopic.DOCUMENTS) -> None:
    """Somebody asks for a talk between the agent and a member, or the whole committee."""
    world.act(by, c.AskForTalk(agent=Alias("A1"), member=Alias(member) if member else None, topic=topic))


# -- from phase to phase -----------------------------------------------------------------------------------------


def run_to(world: World, phase: Phase) -> World:
    """Bring a room on to a phase, with all its lots; `PAUSED` from the examination, `CLOSED` after the lock."""
    steps = (_seat, _open_check_in, _open_election, _elect, _examine, _score, _open_prices, _lock, _issue, _sign)
    phases = (
        Phase.PREPARED,
        Phase.CHECK_IN,
        Phase.CHAIR_ELECTION,
        Phase.EXAMINATION,
        Phase.SCORING,
        Phase.PRICES,
        Phase.SUMMARY,
        Phase.LOCKED,
        Phase.SIGNING,
        Phase.SEALED,
    )
    last = {Phase.PAUSED: Phase.EXAMINATION, Phase.EVALUATION: Phase.EXAMINATION, Phase.CLOSED: Phase.LOCKED}
    for step in steps[: phases.index(last.get(phase, phase)) + 1]:
        record(world)
        step(world)
    if phase is Phase.PAUSED:
        world.act(HOST, c.PauseRoom(reason="乙县停电"))
    if phase is Phase.CLOSED:
        world.act(HOST, c.CloseRoom(reason="评审结束"))
    return world


def at(phase: Phase, *, seed: int = 1) -> World:
    """The usual room in a phase."""
    return run_to(World(seed=seed), phase)


def record(world: World) -> None:
    """Have every seat recorded that is to be and is not; nobody shows a screen."""
    wanted = sorted(track for track in recorded_tracks(world.room) if track[1] in CONTINUOUS)
    began = [RecordingBegan(alias=alias, kind=kind) for alias, kind in wanted if not is_recorded(world, alias, kind)]
    if began:
        world.note(*began)


def is_recorded(world: World, alias: Alias, kind: MediaTrack) -> bool:
    """Whether a track is recorded now."""
    track = world.room.recordings.get(alias, {}).get(kind)
    return track is not None and track.gap is None


def pieces(world: World, alias: Alias | str, kind: MediaTrack, count: int) -> RecordedPieces:
    """The next pieces of a track, with digests that stand for files."""
    alias, size = Alias(alias), 40_000 * count
    first = world.room.pieces.get(alias, {}).get(kind, 0) + 1
    digests = b"".join(hashlib.sha256(f"{alias} {kind} {first + number}".encode()).digest() for number in range(count))
    begins_at = Millis(world.now - 4_000 * count)
    return RecordedPieces(
        alias=alias,
        kind=kind,
        first=first,
        last=first + count - 1,
        digests=digests,
        begins_at=begins_at,
        ends_at=world.now,
        size=size,
    )


def _seat(world: World) -> None:
    by_operator_first = sorted(world.room.seats.items(), key=lambda item: item[1].role not in OPERATORS)
    for alias, seat in by_operator_first:
        if seat.key is None and seat.left_at is None:
            enrol(world, alias)


def _open_check_in(world: World) -> None:
    if world.room.phase is Phase.PREPARED:
        world.act(HOST, c.OpenCheckIn())


def _open_election(world: World) -> None:
    if world.room.phase is Phase.CHECK_IN:
        for member in members(world.room):
            if not has_checked_in(world.room.seats[member]):
                check_in(world, member)
        world.act(HOST, c.OpenElection())


def _elect(world: World) -> None:
    if world.room.phase is Phase.CHAIR_ELECTION:
        vote(world)


def _examine(world: World) -> None:
    for name in _lots_in(world, Phase.EXAMINATION):
        for member in world.room.lots[name].stages[Stage.EXAMINATION].pending:
            examine(world, name, member)
        conclude(world, name)


def _score(world: World) -> None:
    for name in _lots_in(world, Phase.SCORING):
        for member in world.room.lots[name].stages[Stage.SCORING].pending:
            score(world, name, member)


def _open_prices(world: World) -> None:
    for name in _lots_in(world, Phase.PRICES):
        world.act(world.room.chair or CHAIR, c.ScorePrices(lot=name))


def _lock(world: World) -> None:
    for name in _lots_in(world, Phase.SUMMARY):
        world.act(world.room.chair or CHAIR, c.LockResult(lot=name))


def _issue(world: World) -> None:
    for name in _lots_in(world, Phase.LOCKED):
        issue_report(world, name)


def _sign(world: World) -> None:
    for name in _lots_in(world, Phase.SIGNING):
        report = world.room.lots[name].report
        if report is None:
            raise AssertionError("the signing follows a report")
        for member in report.members:
            if member not in report.ends:
                sign_report(world, name, member)
                if world.room.signs_under_aliases:
                    sign_annex(world, name, member)
        world.act(world.room.chair or CHAIR, c.SealReport(lot=name, version=report.version))


def _lots_in(world: World, phase: Phase) -> list[LotId]:
    return [name for name, lot in world.room.lots.items() if lot.phase is phase]


def _opened(room: RoomState) -> RoomOpened:
    if room.opening is None:
        raise AssertionError("these scenes begin with an opened room")
    return room.opening
