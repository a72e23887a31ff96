"""What `decide` needs beside the command and the room: everything that is no fact of the room itself."""

from collections.abc import Callable

from msgspec import Struct

from server.domain.commands import AnyCommand, Envelope
from server.domain.ids import Digest, Millis
from server.domain.scoring import Draws


class Received(Struct, frozen=True, kw_only=True):
    """A command whose signature has been checked."""

    envelope: Envelope
    command: AnyCommand
    key: Digest
    "Fingerprint of the key that signed it."


class Moment(Struct, frozen=True, kw_only=True):
    """Time, place and chance at which a command is decided."""

    now: Millis
    size: int
    "Lines in the room's log."
    root_at: Callable[[int], Digest]
    "The tree's root over the first lines, for a size from 0 to `size`."
    last_n: int
    "The highest `n` accepted from the command's key so far; 0 for none."
    certificate: bytes
    "For `EnrolSeat`: the certificate that the seat's venue issued; empty otherwise."
    draws: Draws
    "Draws that the scheme asks for, made just now."
