"""Verification with everything this program knows: the evidence, and the judge of seat certificates."""

from collections.abc import Sequence

from server.auth.certificates import verify_command_certificate
from server.domain.events import DocumentKeyCertified, RoomOpened
from server.domain.lines import Line
from server.domain.state import RoomState
from server.evidence.check_commands import Certified
from server.evidence.command_signatures import key_fingerprint
from server.evidence.verdict import Verdict
from server.evidence.verify import verify


def verify_package(data: bytes, *, log_key: str | None = None) -> Verdict:
    """What a package is worth; see `server.evidence.verify.verify`."""
    return verify(data, judge_certificate, log_key=log_key)


def judge_certificate(opening: RoomOpened, event: Certified, line: Line, room: RoomState) -> Sequence[str]:
    """Why a seat's certificate does not hold; empty if it does."""
    if isinstance(event, DocumentKeyCertified):
        return ["certificates of document keys are not judged yet"]
    seat = room.seats.get(event.alias)
    if seat is None:
        return ["no such seat"]
    verdict = verify_command_certificate(
        event.certificate,
        opening.venues[seat.venue].issuing_certificate,
        room=opening.room,
        alias=event.alias,
        at=line.head.at,
    )
    reasons = [flaw.value for flaw in verdict.flaws]
    if verdict.spki != event.spki or key_fingerprint(event.spki) != event.key:
        reasons.append("another key than the enrolled one")
    return reasons
