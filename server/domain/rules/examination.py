"""The preliminary examination (初步评审): each member alone, then the majority with minuted reasons.

Source: 实施条例, Art. 51; 12号令, Art. 27.
"""

from collections.abc import Iterable

from server.domain.commands import ConcludeExamination, HandInExamination, Verdict
from server.domain.committee import members, next_round, standing
from server.domain.events import (
    AnyEvent,
    BidsAdmitted,
    ExaminationConcluded,
    LotPhaseChanged,
    ResultLocked,
    RoundOpened,
    SheetExamined,
    SheetHandedIn,
    StageRevealed,
    Tally,
)
from server.domain.gates import require, stage_blockers
from server.domain.ids import Alias, BidAlias, CheckId, LotId, Millis
from server.domain.phases import Phase, Stage
from server.domain.plan import LotPlan
from server.domain.rejections import ReasonMissing, ReasonUnasked, SheetForeign, SheetIncomplete
from server.domain.rules.checks import known_lot, limited, lot_plan, require_pending, require_text
from server.domain.state import LotState, RoomState

COMPETITION_FLOOR = 3
"With fewer remaining bids the committee says whether they still compete. Source: 12号令, Art. 27."

Verdicts = dict[BidAlias, dict[CheckId, Verdict]]


def hand_in(by: Alias, command: HandInExamination, room: RoomState, now: Millis) -> list[AnyEvent]:
    """Take a member's findings and, when they are the last, reveal the round."""
    lot = known_lot(command.lot, room)
    stage = lot.stages[Stage.EXAMINATION]
    require_pending(by, command.round, stage, room, now=now)
    verdicts = _checked(command.verdicts, lot_plan(command.lot, room))
    events: list[AnyEvent] = [
        SheetHandedIn(lot=command.lot, stage=Stage.EXAMINATION, round=command.round),
        SheetExamined(lot=command.lot, round=command.round, verdicts=verdicts),
    ]
    if stage.pending == (by,):
        events.append(StageRevealed(lot=command.lot, stage=Stage.EXAMINATION, round=command.round))
    return events


def conclude(command: ConcludeExamination, room: RoomState) -> list[AnyEvent]:
    """Count the findings, minute the reasons and go on to scoring with the bids that passed."""
    lot = known_lot(command.lot, room)
    require(stage_blockers(room, command.lot, Stage.EXAMINATION))
    plan = lot_plan(command.lot, room)
    tallies = {bid: {c.id: _tally(bid, c.id, lot, room) for c in plan.checks} for bid in plan.bids}
    rejected = tuple(bid for bid in plan.bids if not all(tally.passed for tally in tallies[bid].values()))
    admitted = tuple(bid for bid in plan.bids if bid not in rejected)
    concluded = ExaminationConcluded(
        lot=command.lot,
        tallies=tallies,
        rejected=_minuted(command.minutes, rejected),
        competition=_competition(command.competition, admitted),
    )
    return [concluded, BidsAdmitted(lot=command.lot, bids=admitted), *_go_on(command.lot, admitted, room)]


def _checked(verdicts: Verdicts, plan: LotPlan) -> Verdicts:
    _same_keys(verdicts, plan.bids, "")
    checks = [check.id for check in plan.checks]
    for bid, of_bid in verdicts.items():
        _same_keys(of_bid, checks, f"{bid} ")
    return {bid: {check: _reasoned(verdicts[bid][check], f"{bid} {check}") for check in checks} for bid in plan.bids}


def _same_keys(given: Iterable[str], asked: Iterable[str], where: str) -> None:
    have, want = set(given), set(asked)
    if want - have:
        raise SheetIncomplete(where=where + ", ".join(sorted(want - have)))
    if have - want:
        raise SheetForeign(where=where + ", ".join(sorted(have - want)))


def _reasoned(verdict: Verdict, where: str) -> Verdict:
    """A finding with a reason exactly when it fails the bid."""
    if verdict.passed:
        if verdict.reason.strip():
            raise ReasonUnasked(where=where)
        return Verdict(passed=True, reason="")
    return Verdict(passed=False, reason=require_text(verdict.reason, where))


def _tally(bid: BidAlias, check: CheckId, lot: LotState, room: RoomState) -> Tally:
    """The majority of the members who take part; an equal vote does not reject."""
    findings = [lot.verdicts[member][bid][check].passed for member in members(room)]
    against = findings.count(False)
    return Tally(passed=against * 2 <= len(findings), in_favour=findings.count(True), against=against)


def _minuted(minutes: dict[BidAlias, str], rejected: tuple[BidAlias, ...]) -> dict[BidAlias, str]:
    for bid in minutes:
        if bid not in rejected:
            raise ReasonUnasked(where=bid)
    return {bid: require_text(minutes.get(bid, ""), bid) for bid in rejected}


def _competition(text: str, admitted: tuple[BidAlias, ...]) -> str:
    reason = limited(text)
    few = 0 < len(admitted) < COMPETITION_FLOOR
    if few and not reason:
        raise ReasonMissing(where="competition")
    if reason and not few:
        raise ReasonUnasked(where="competition")
    return reason


def _go_on(name: LotId, admitted: tuple[BidAlias, ...], room: RoomState) -> list[AnyEvent]:
    """To scoring; where nothing passed the lot ends here."""
    if not admitted:
        return [ResultLocked(lot=name), LotPhaseChanged(lot=name, phase=Phase.LOCKED)]
    phase = LotPhaseChanged(lot=name, phase=Phase.SCORING)
    return [phase, *_scoring_round(name, admitted, room)]


def _scoring_round(name: LotId, admitted: tuple[BidAlias, ...], room: RoomState) -> list[AnyEvent]:
    """Open a round for all whose score sheet does not stand, after a substitution as well.

    When the substitute's findings changed which bids remain, nobody's score sheet stands.
    """
    lot = room.lots[name]
    stage = lot.stages[Stage.SCORING]
    done = standing(stage, members(room)) if lot.admitted == admitted else frozenset()
    missing = tuple(m for m in members(room) if m not in done and m not in stage.pending)
    return [RoundOpened(lot=name, stage=Stage.SCORING, round=next_round(stage), members=missing)]
