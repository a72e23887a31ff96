"""Verification with everything this program knows: the evidence, the judges of certificates and of reports."""

import time
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from server.auth.certificates import verify_command_certificate
from server.auth.document_certificates import verify_document_certificate, verify_seal_certificate
from server.auth.leaf_verdicts import CertificateVerdict
from server.domain.events import DocumentKeyCertified, RoomOpened
from server.domain.ids import Millis
from server.domain.lines import Line
from server.domain.state import RoomState
from server.evidence.check_commands import Certified
from server.evidence.command_signatures import key_fingerprint
from server.evidence.progress import Tell, untold
from server.evidence.verdict import Verdict
from server.evidence.verify import verify
from server.reports.report_checks import judge_reports
from server.reports.report_inputs import main_venue
from server.store.piece_files import ReadPiece, destruction_in, digests_in, reading


def verify_package(
    data: bytes,
    *,
    log_key: str | None = None,
    recordings: Path | None = None,
    read: ReadPiece | None = None,
    tell: Tell = untold,
    at: Millis | None = None,
) -> Verdict:
    """What a package is worth at a moment, now if none is named; see `server.evidence.verify.verify`.

    Args:
        data: its bytes.
        log_key: the log's published key.
        recordings: the folder of the room's recordings.
        read: gives the clear file of a piece in it; by default those that are in the clear.
        tell: is told how far it is.
        at: the moment.

    Raises:
        PieceKeyMissing: the recordings are sealed, and `read` has no key.
        OSError: the folder of the room's recordings cannot be read.
    """
    moment = Millis(time.time_ns() // 1_000_000) if at is None else at
    digests = digests_in(recordings, read or reading(None)) if recordings else None
    judge = partial(judge_reports, at=moment, judge_seal=judge_seal)
    return verify(
        data,
        judge_certificate,
        judge,
        log_key=log_key,
        recordings=digests,
        note=destruction_in(recordings) if recordings else None,
        tell=tell,
    )


def judge_seal(certificate: bytes, opening: RoomOpened, at: Millis) -> Sequence[str]:
    """Why a certificate is not that of the main venue's seal; empty if it is."""
    venue = main_venue(opening)
    named = opening.venues[venue]
    verdict = verify_seal_certificate(certificate, named.issuing_certificate, venue=venue, venue_name=named.name, at=at)
    return [flaw.value for flaw in verdict.flaws]


def judge_certificate(opening: RoomOpened, event: Certified, line: Line, room: RoomState) -> Sequence[str]:
    """Why a certificate in the record does not hold; empty if it does."""
    if event.alias not in room.seats:
        return ["no such seat"]
    reasons: list[str] = []
    for verdict in _verdicts(opening, event, line, room):
        reasons += [flaw.value for flaw in verdict.flaws]
        if verdict.spki is None or key_fingerprint(verdict.spki) != event.key:
            reasons.append("another key than the enrolled one")
    if isinstance(event, DocumentKeyCertified) and (event.named is not None) != room.signs_under_aliases:
        reasons.append("a certificate with the name where the report has names, or none where it has not")
    return reasons


def _verdicts(opening: RoomOpened, event: Certified, line: Line, room: RoomState) -> Iterator[CertificateVerdict]:
    alias, at = event.alias, line.head.at
    issuing = opening.venues[room.seats[alias].venue].issuing_certificate
    if not isinstance(event, DocumentKeyCertified):
        yield verify_command_certificate(event.certificate, issuing, room=opening.room, alias=alias, at=at)
        return
    judge = partial(verify_document_certificate, issuing_der=issuing, room=opening.room, alias=alias, at=at)
    person = room.people[alias].name if alias in room.people else alias
    yield judge(event.certificate, name=alias if room.signs_under_aliases else person)
    if event.named is not None:
        yield judge(event.named, name=person)
