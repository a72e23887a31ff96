"""A line: one event in its place in the log.

A line's bytes are one flat RFC 8785 object: the envelope (`seq`, `at`, `by`, `salt`, `cause` and `signed` where a
person caused it), `type` and the event's own fields. Those bytes are what is stored, hashed, sent and exported;
nothing serialises an event again to check it.
"""

from typing import Any, Final

import msgspec
from msgspec import Struct

from server.domain.errors import EvidenceBroken
from server.domain.events import AnyEvent
from server.domain.ids import Alias, Digest, Millis, Seq
from server.domain.plan import SignedCommand

SALT_SIZE: Final = 16
"Random bytes in every line, so that the leaf hash of a hidden line cannot be guessed."


class LineUnknown(EvidenceBroken):
    """A line that this version cannot read: never skipped, since what follows may depend on it."""


class LineHead(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """The envelope of an event."""

    seq: Seq
    at: Millis
    by: Alias
    salt: bytes
    cause: Digest | None = None
    "SHA-256 of the signed command; none when no person caused the event."
    signed: SignedCommand | None = None
    "The command itself, in the one event of the command with the narrowest audience."


class Line(Struct, frozen=True, kw_only=True):
    """An event with its envelope."""

    head: LineHead
    event: AnyEvent

    @property
    def seq(self) -> Seq:
        """Leaf index in the room's tree."""
        return self.head.seq

    @property
    def by(self) -> Alias:
        """Who caused the event."""
        return self.head.by


HEAD_FIELDS: Final = frozenset(LineHead.__struct_fields__)


def line_fields(line: Line) -> dict[str, Any]:
    """The flat object whose RFC 8785 bytes are the line."""
    return {**msgspec.to_builtins(line.head), **msgspec.to_builtins(line.event)}


def parse_line(raw: bytes) -> Line:
    """The event that stands in a line.

    Raises:
        LineUnknown: no event that this version knows.
    """
    try:
        fields: dict[str, Any] = msgspec.json.decode(raw, type=dict[str, Any])
        head = msgspec.convert({k: v for k, v in fields.items() if k in HEAD_FIELDS}, LineHead)
        event = msgspec.convert({k: v for k, v in fields.items() if k not in HEAD_FIELDS}, AnyEvent)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise LineUnknown(f"not a line of this version: {error}") from error
    return Line(head=head, event=event)
