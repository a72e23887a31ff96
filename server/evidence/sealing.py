"""From events to lines, and from a signed text to a command: the two places where domain values meet bytes."""

from collections.abc import Sequence

from server.domain.audiences import NARROWNESS
from server.domain.commands import AnyCommand, EnrolDocumentKey, EnrolSeat, parse_command
from server.domain.events import AnyEvent
from server.domain.ids import SYSTEM, Alias, Digest, Millis, Seq
from server.domain.lines import Line, LineHead, line_fields
from server.domain.moment import Received
from server.domain.plan import SignedCommand
from server.domain.rejections import BadSignature, MalformedCommand, SeatNotEnrolled
from server.domain.state import RoomState
from server.evidence.canonical import canonical, is_canonical
from server.evidence.command_signatures import (
    command_digest,
    key_fingerprint,
    public_key_from_spki,
    verify_command_signature,
)
from server.evidence.errors import UnsupportedKey


def seal(
    events: Sequence[AnyEvent],
    *,
    by: Alias = SYSTEM,
    at: Millis,
    first_seq: int,
    salts: Sequence[bytes],
    signed: SignedCommand | None = None,
) -> tuple[bytes, ...]:
    """The lines of one command's events, in order.

    Args:
        events: what happened.
        by: who asked for it.
        at: when; not before the line in front.
        first_seq: the place of the first line.
        salts: 16 random bytes for each event.
        signed: the command; it stands in the event with the narrowest audience, the others carry its digest only.
    """
    cause = command_digest(signed.text) if signed else None
    bearer = _narrowest(events) if signed else None
    lines = []
    for place, (event, salt) in enumerate(zip(events, salts, strict=True)):
        carried = signed if place == bearer else None
        head = LineHead(seq=Seq(first_seq + place), at=at, by=by, salt=salt, cause=cause, signed=carried)
        lines.append(canonical(line_fields(Line(head=head, event=event))))
    return tuple(lines)


def _narrowest(events: Sequence[AnyEvent]) -> int:
    """Place of the event with the narrowest audience, the first of equals."""
    ranks = [NARROWNESS.index(type(event).audience) for event in events]
    return ranks.index(max(ranks))


def open_command(signed: SignedCommand, room: RoomState) -> Received:
    """The command in a signed text, after its form and its signature have been checked.

    Raises:
        MalformedCommand: the text is not canonical, or no command.
        SeatNotEnrolled: the key is none of this room's.
        BadSignature: the key did not sign this text.
    """
    if not is_canonical(signed.text.encode("utf-8", "surrogatepass")):
        raise MalformedCommand(detail="the text is not in RFC 8785 form")
    envelope, command = parse_command(signed.text)
    spki = command.spki if isinstance(command, EnrolSeat) else room.keys.get(signed.key)
    if spki is None or key_fingerprint(spki) != signed.key:
        raise SeatNotEnrolled(alias=envelope.by)
    try:
        genuine = verify_command_signature(spki, signed.text, signed.signature)
    except UnsupportedKey as error:
        raise BadSignature from error
    if not genuine:
        raise BadSignature
    return Received(envelope=envelope, command=command, key=signed.key)


def document_key_of(command: AnyCommand) -> Digest | None:
    """The fingerprint of the document key that a command brings; none where it brings none that can be used."""
    if not isinstance(command, EnrolDocumentKey):
        return None
    try:
        public_key_from_spki(command.spki)
    except UnsupportedKey:
        return None
    return key_fingerprint(command.spki)
