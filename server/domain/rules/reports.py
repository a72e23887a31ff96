"""The evaluation report (评标报告): issued by the chair, signed or refused by each member, sealed by the chair.

A member signs, signs and keeps a dissent, refuses with a written dissent, or refuses without one: then the chair
minutes it and the member is deemed to agree. Source: 12号令, Art. 42 and 43.
"""

from server.domain import commands as c
from server.domain.commands import LONG_TEXT_LIMIT
from server.domain.committee import members
from server.domain.events import (
    AnyEvent,
    DissentStated,
    DocumentKeyCertified,
    LotPhaseChanged,
    NamesOpened,
    RefusalMinute,
    RefusalMinuted,
    ReportAnswered,
    ReportFiled,
    ReportIssued,
    ReportRevised,
    ReportSealed,
    SigningEnd,
    SigningOpened,
)
from server.domain.gates import report_blockers, require, seal_blockers
from server.domain.ids import Alias, LotId
from server.domain.moment import Moment
from server.domain.phases import Phase
from server.domain.plan import MemberNames
from server.domain.rejections import (
    DocumentKeyMissing,
    DocumentMoved,
    KeyUnusable,
    NothingToMinute,
    NothingToSign,
    ReportVersionPassed,
)
from server.domain.rules.checks import known_lot, limited, require_text
from server.domain.state import Report, RoomState

OPEN_ENDS = frozenset({None, SigningEnd.REFUSED})
"A member who has not ended the signing can still sign, or state a dissent."


def enrol_document_key(by: Alias, room: RoomState, moment: Moment) -> list[AnyEvent]:
    """Certify the key that the member signs documents with: a new one, or the same one anew."""
    key = moment.document_key
    others = {held.key for alias, held in room.document_keys.items() if alias != by}
    if key is None or key in room.keys or key in others:
        raise KeyUnusable
    return [DocumentKeyCertified(alias=by, key=key, certificate=moment.certificate)]


def issue(command: c.IssueReport, room: RoomState, moment: Moment) -> list[AnyEvent]:
    """Fix the report and ask every member for a signature; all that an earlier version had is void."""
    lot = known_lot(command.lot, room)
    require(report_blockers(room))
    matters = limited(command.matters, LONG_TEXT_LIMIT)
    clarifications = limited(command.clarifications, LONG_TEXT_LIMIT)
    version = lot.report.version + 1 if lot.report else 1
    papers = moment.required_papers()
    typeset, certified = papers.files
    events: list[AnyEvent] = [
        SigningOpened(lot=command.lot, version=version, members=members(room)),
        ReportIssued(
            lot=command.lot,
            version=version,
            matters=matters,
            clarifications=clarifications,
            typeset=typeset,
            certified=certified,
            renderer=papers.renderer,
        ),
    ]
    if lot.phase is Phase.LOCKED:
        events.append(LotPhaseChanged(lot=command.lot, phase=Phase.SIGNING))
    return [NamesOpened(), *events] if _names_open_now(room) else events


def sign(by: Alias, command: c.SignReport, room: RoomState, moment: Moment) -> list[AnyEvent]:
    """Add a member's signature to the report."""
    dissent = check_signable(by, command, room)
    [file] = moment.required_papers().files
    end = SigningEnd.SIGNED_WITH_DISSENT if dissent else SigningEnd.SIGNED
    events: list[AnyEvent] = [
        ReportAnswered(lot=command.lot, version=command.version, end=end),
        ReportRevised(lot=command.lot, version=command.version, file=file),
    ]
    return [*events, DissentStated(lot=command.lot, version=command.version, text=dissent)] if dissent else events


def check_signable(by: Alias, command: c.SignReport, room: RoomState) -> str:
    """Whether the member can sign this revision now; the dissent, without the spaces around it.

    Raises:
        NothingToSign, ReportVersionPassed, DocumentKeyMissing, DocumentMoved, TextTooLong: not so.
    """
    report = _asked(by, command.lot, command.version, room)
    if by not in room.document_keys:
        raise DocumentKeyMissing(alias=by)
    if report.latest is None or report.latest.sha256 != command.base:
        raise DocumentMoved
    return limited(command.dissent, LONG_TEXT_LIMIT)


def refuse(by: Alias, command: c.RefuseReport, room: RoomState) -> list[AnyEvent]:
    """Note that a member does not sign, with the dissent if there is one."""
    report = _asked(by, command.lot, command.version, room)
    dissent = limited(command.dissent, LONG_TEXT_LIMIT)
    if not dissent and report.ends.get(by) is SigningEnd.REFUSED:
        raise NothingToSign(alias=by)
    end = SigningEnd.REFUSED_WITH_DISSENT if dissent else SigningEnd.REFUSED
    events: list[AnyEvent] = [ReportAnswered(lot=command.lot, version=command.version, end=end)]
    return [*events, DissentStated(lot=command.lot, version=command.version, text=dissent)] if dissent else events


def minute_refusal(command: c.MinuteRefusal, room: RoomState) -> list[AnyEvent]:
    """Minute that a member neither signed nor stated a dissent."""
    lot, version, member = command.lot, command.version, command.member
    report = _present(known_lot(lot, room).report, version)
    if member not in report.members or report.ends.get(member) not in OPEN_ENDS:
        raise NothingToMinute(member=member)
    minute = require_text(command.minute, "minute")
    return [
        RefusalMinuted(lot=lot, version=version, member=member),
        RefusalMinute(lot=lot, version=version, member=member, minute=minute),
    ]


def seal_report(command: c.SealReport, room: RoomState, moment: Moment) -> list[AnyEvent]:
    """Close the signing once every member has ended it."""
    _present(known_lot(command.lot, room).report, command.version)
    require(seal_blockers(room, command.lot))
    papers = moment.required_papers()
    report, signing_record = papers.files
    return [
        ReportSealed(lot=command.lot, version=command.version),
        ReportFiled(
            lot=command.lot,
            version=command.version,
            report=report,
            signing_record=signing_record,
            renderer=papers.renderer,
        ),
        LotPhaseChanged(lot=command.lot, phase=Phase.SEALED),
    ]


def _names_open_now(room: RoomState) -> bool:
    """Whether the names open with this report."""
    at_signing = room.opening is not None and room.opening.policy.member_names is MemberNames.AT_SIGNING
    return at_signing and room.names_opened_at is None


def _asked(by: Alias, lot: LotId, version: int, room: RoomState) -> Report:
    """The report, for a member who has still to sign it."""
    report = _present(known_lot(lot, room).report, version)
    if report.ends.get(by) not in OPEN_ENDS:
        raise NothingToSign(alias=by)
    return report


def _present(report: Report | None, version: int) -> Report:
    if report is None or report.version != version:
        raise ReportVersionPassed(version=version)
    return report
