"""From a room to the signing record of one of its sealed reports."""

from server.domain.events import SigningEnd
from server.domain.ids import Alias, Digest, LotId
from server.domain.moment import Moment
from server.domain.state import Report, RoomState
from server.reports.signing_record import SigningFacts, SigningOutcome, SigningRecord, SigningRow, signing_record
from server.reports.subject import Subject, subject_of

OUTCOMES = {
    SigningEnd.SIGNED: SigningOutcome.SIGNED,
    SigningEnd.SIGNED_WITH_DISSENT: SigningOutcome.SIGNED_WITH_DISSENT,
    SigningEnd.REFUSED_WITH_DISSENT: SigningOutcome.REFUSED_WITH_DISSENT,
    SigningEnd.DEEMED_AGREED: SigningOutcome.DEEMED_AGREED,
}
"The ends with which a report can be sealed."


def signing_record_of(room: RoomState, lot: LotId, moment: Moment, sealed: Digest) -> SigningRecord:
    """How the signing of a lot's report ended; `room` before the seal, `sealed` the digest of the sealed file."""
    subject = subject_of(room, lot)
    report = subject.lot.report
    if report is None:
        raise TypeError("a signing record follows a report")
    facts = SigningFacts(
        project=subject.opening.title,
        lot=subject.plan.title,
        version=report.version,
        digest=sealed,
        at=moment.now,
        zone=subject.opening.time_zone,
        size=moment.size,
        root=moment.root_at(moment.size),
    )
    return signing_record(facts, [_row(subject, report, member) for member in report.members])


def _row(subject: Subject, report: Report, member: Alias) -> SigningRow:
    return SigningRow(
        label=subject.member(member),
        outcome=OUTCOMES[report.ends[member]],
        at=report.ended_at[member],
        text=report.dissents.get(member) or report.minutes.get(member, ""),
    )
