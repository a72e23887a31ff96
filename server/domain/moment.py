"""What `decide` needs beside the command and the room: everything that is no fact of the room itself."""

from collections.abc import Callable

from msgspec import Struct

from server.domain.commands import AnyCommand, Envelope
from server.domain.errors import LianpingError
from server.domain.ids import Digest, Millis
from server.domain.plan import DocumentFile
from server.domain.scoring import Draws


class Received(Struct, frozen=True, kw_only=True):
    """A command whose signature has been checked."""

    envelope: Envelope
    command: AnyCommand
    key: Digest
    "Fingerprint of the key that signed it."


class PapersNeeded(LianpingError):
    """The rules allow the command, and what it asks for has still to be typeset or signed; decide again with it."""


class Papers(Struct, frozen=True, kw_only=True):
    """Documents that were made for a command, kept durably before it is decided."""

    files: tuple[DocumentFile, ...]
    "In the order of the event's fields."
    renderer: str = ""
    "What typeset bytes depend on; empty where nothing was typeset."


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
    "For `EnrolSeat` and `EnrolDocumentKey`: the certificate that the seat's venue issued; empty otherwise."
    document_key: Digest | None = None
    "For `EnrolDocumentKey`: fingerprint of the key; none where it is no usable key."
    papers: Papers | None = None
    "Documents made for this command; none before they are asked for."
    draws: Draws
    "Draws that the scheme asks for, made just now."

    def required_papers(self) -> Papers:
        """The documents of a command that has passed every other check.

        Raises:
            PapersNeeded: they have not been made yet.
        """
        if self.papers is None:
            raise PapersNeeded("This command needs documents that have not been made yet.")
        return self.papers
