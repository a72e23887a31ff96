"""What a scripted participant does next, from what the participant sees: pure, so that people can take any seats."""

from collections import Counter
from collections.abc import Iterator

from server.demo.acts import points_of, verdicts_of
from server.domain import commands as c
from server.domain.committee import is_eligible, members
from server.domain.events import SigningEnd
from server.domain.gates import election_blockers, is_recorded, owes_annex, report_blockers, seal_blockers
from server.domain.ids import Alias, BidAlias, Digest, LotId
from server.domain.media_policy import may_confer
from server.domain.phases import Phase, Stage
from server.domain.roles import MEMBERS, OPERATORS, Role
from server.domain.rules.checks import lot_plan
from server.domain.rules.examination import COMPETITION_FLOOR
from server.domain.state import LotState, Report, RoomView, Seat
from server.domain.talk_policy import sides_of, unrecorded
from server.tender.tender_file import Acts

DEFAULT_MINUTE = "委员会多数成员认定该投标未通过初步评审。"
DEFAULT_REFUSAL_MINUTE = "该成员拒绝在评标报告上签字且不陈述其不同意见和理由，视为同意评标结论。"
"Source: 12号令, Art. 43."
CLOSING_REASON = "评标结束，评标报告已经签署封存。"
UNREAD = Digest("0" * 64)
"Stands for an annex that has not been read yet."
DEFAULT_COMPETITION = "剩余投标报价相互独立，仍具有竞争性。"


def next_act(view: RoomView, alias: Alias, acts: Acts) -> c.AnyCommand | None:
    """The command that is this participant's to give now; none while others are to act."""
    seat = view.seats[alias]
    if not seat.confirmed or view.paused is not None or view.phase is Phase.CLOSED:
        return None
    return next(_acts(view, alias, seat, acts), None)


def _acts(view: RoomView, alias: Alias, seat: Seat, acts: Acts) -> Iterator[c.AnyCommand]:
    if seat.role in OPERATORS:
        yield from _operator_acts(view, seat)
    if seat.role is Role.HOST_OPERATOR:
        yield from _host_acts(view)
    if seat.role is Role.WITNESS:
        yield from _witness_acts(view)
    if seat.role in MEMBERS:
        yield from _member_acts(view, alias, seat, acts)
    if view.chair == alias:
        for name, lot in view.lots.items():
            yield from _chair_acts(view, name, lot, acts)
        for name, lot in view.lots.items():
            if lot.phase is Phase.SIGNING and lot.report is not None:
                yield from _closing_acts(view, name, lot.report)


def _operator_acts(view: RoomView, own: Seat) -> Iterator[c.AnyCommand]:
    """Vouch for everyone who has come to the own venue."""
    for alias, seat in view.seats.items():
        if seat.venue == own.venue and seat.key is not None and not seat.confirmed:
            yield c.ConfirmSeat(seat=alias, key=seat.key)
    for alias in view.calls:
        if view.seats[alias].venue == own.venue:
            yield c.AnswerCall(seat=alias)


def _host_acts(view: RoomView) -> Iterator[c.AnyCommand]:
    if view.phase is Phase.PREPARED and all(view.seats[member].confirmed for member in members(view)):
        yield c.OpenCheckIn()
    if view.phase is Phase.CHECK_IN and not election_blockers(view):
        yield c.OpenElection()
    if view.lots and all(lot.phase is Phase.SEALED for lot in view.lots.values()):
        yield c.CloseRoom(reason=CLOSING_REASON)


def _witness_acts(view: RoomView) -> Iterator[c.AnyCommand]:
    """Listen to the first talk that is asked for and can begin."""
    for asker, request in view.talk_requests.items():
        sides = sides_of(request, view)
        are_there = view.seats[request.agent].confirmed and len(sides) > 1
        if view.talk is None and may_confer(view) and are_there and not unrecorded(sides, view):
            yield c.OpenTalk(asker=asker)


def _member_acts(view: RoomView, alias: Alias, seat: Seat, acts: Acts) -> Iterator[c.AnyCommand]:
    if view.phase is not Phase.PREPARED:
        if seat.conflict is None:
            yield c.StateRecusal(conflict=False, grounds="")
        if not seat.pledged:
            yield c.MakePledge()
    may_hand_in = is_recorded(alias, view)
    ballot = view.election.stage
    if view.phase is Phase.CHAIR_ELECTION and alias in ballot.pending and may_hand_in:
        yield c.CastBallot(round=ballot.open_round or 1, candidate=_candidate(view, acts))
    if view.phase is Phase.EVALUATION:
        for name, lot in view.lots.items():
            if may_hand_in:
                yield from _sheets(view, alias, name, lot, acts)
            if lot.report is not None:
                yield from _signing(view, alias, name, lot.report, acts)


def _candidate(view: RoomView, acts: Acts) -> Alias:
    if acts.chair is not None and is_eligible(acts.chair, view):
        return acts.chair
    return next(member for member in members(view) if is_eligible(member, view))


def _sheets(view: RoomView, alias: Alias, name: LotId, lot: LotState, acts: Acts) -> Iterator[c.AnyCommand]:
    plan = lot_plan(name, view)
    examination, scoring = lot.stages[Stage.EXAMINATION], lot.stages[Stage.SCORING]
    if lot.phase is Phase.EXAMINATION and alias in examination.pending:
        verdicts = verdicts_of(acts, alias, plan)
        yield c.HandInExamination(lot=name, round=examination.open_round or 1, verdicts=verdicts)
    if lot.phase is Phase.SCORING and alias in scoring.pending:
        points = points_of(acts, alias, plan.scheme, lot.admitted or ())
        yield c.HandInScores(lot=name, round=scoring.open_round or 1, points=points)


def _signing(view: RoomView, alias: Alias, name: LotId, report: Report, acts: Acts) -> Iterator[c.AnyCommand]:
    """A member's end of the signing; what a signature covers is filled in by whoever signs."""
    if owes_annex(alias, report, view):
        yield c.SignAnnex(lot=name, version=report.version, base=UNREAD, document=UNREAD, signature=bytes(64))
    if report.latest is None or alias not in report.members or alias in report.ends:
        return
    if alias in acts.refusals:
        yield c.RefuseReport(lot=name, version=report.version, dissent=acts.refusals[alias])
        return
    yield c.SignReport(
        lot=name,
        version=report.version,
        base=report.latest.sha256,
        document=report.latest.sha256,
        signature=bytes(64),
        dissent=acts.dissents.get(alias, ""),
    )


def _chair_acts(view: RoomView, name: LotId, lot: LotState, acts: Acts) -> Iterator[c.AnyCommand]:
    if view.phase is not Phase.EVALUATION:
        return
    examination = lot.stages[Stage.EXAMINATION]
    if lot.phase is Phase.EXAMINATION and examination.rounds and examination.open_round is None:
        rejected = rejected_bids(view, lot)
        remaining = len(lot_plan(name, view).bids) - len(rejected)
        yield c.ConcludeExamination(
            lot=name,
            minutes={bid: acts.minutes.get(bid, DEFAULT_MINUTE) for bid in rejected},
            competition=(acts.competition or DEFAULT_COMPETITION) if 0 < remaining < COMPETITION_FLOOR else "",
        )
    if lot.phase is Phase.PRICES:
        yield c.ScorePrices(lot=name)
    if lot.phase is Phase.SUMMARY:
        yield c.LockResult(lot=name)
    if lot.phase is Phase.LOCKED and not report_blockers(view):
        yield c.IssueReport(lot=name, matters=acts.matters, clarifications=acts.clarifications)


def _closing_acts(view: RoomView, name: LotId, report: Report) -> Iterator[c.AnyCommand]:
    for member, end in report.ends.items():
        if end is SigningEnd.REFUSED:
            yield c.MinuteRefusal(lot=name, version=report.version, member=member, minute=DEFAULT_REFUSAL_MINUTE)
    if not seal_blockers(view, name):
        yield c.SealReport(lot=name, version=report.version)


def rejected_bids(view: RoomView, lot: LotState) -> list[BidAlias]:
    """The bids that the majority of the present members fails on some check."""
    sheets = [lot.verdicts[member] for member in members(view)]
    failures = Counter(
        (bid, check)
        for sheet in sheets
        for bid, verdicts in sheet.items()
        for check, verdict in verdicts.items()
        if not verdict.passed
    )
    return sorted({bid for (bid, _), count in failures.items() if count * 2 > len(sheets)})
