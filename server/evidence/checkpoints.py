"""C2SP checkpoints: a tree head as a signed note.

    <origin>
    <size>
    <root in base64>

The origin names the log and is also the name of its key. We write no extension lines and accept none: nobody could
audit them.
Source: https://c2sp.org/tlog-checkpoint@v1.0.0
"""

import msgspec

from server.evidence.errors import MalformedText
from server.evidence.merkle import HASH_BYTES, Head
from server.evidence.notes import Note, NoteSigner
from server.evidence.strict_text import from_base64, from_decimal, to_base64


class Checkpoint(msgspec.Struct, kw_only=True, frozen=True):
    """What a log says of itself: who it is, how many lines it has, and the root over them."""

    origin: str
    size: int
    "Leaves."
    root: bytes
    "32 bytes."

    @property
    def head(self) -> Head:
        """Size and root without the log's name."""
        return Head(size=self.size, root=self.root)

    @property
    def text(self) -> str:
        """The three lines that are signed."""
        return f"{self.origin}\n{self.size}\n{to_base64(self.root)}\n"


def sign_checkpoint(head: Head, signer: NoteSigner) -> Note:
    """The log's note over a head; its origin is the key's name.

    A log signs one root a size, ever: the caller stores the head before this note leaves.
    """
    text = Checkpoint(origin=signer.key.name, size=head.size, root=head.root).text
    return Note(text=text, signatures=(signer.sign(text),))


def parse_checkpoint(note: Note) -> Checkpoint:
    """The checkpoint a note carries; whether anyone signed it is not judged here.

    Raises:
        MalformedText: the text is not exactly origin, size and root.
    """
    match note.text.split("\n"):
        case [origin, size, root, ""] if origin:
            checkpoint = Checkpoint(origin=origin, size=from_decimal(size), root=from_base64(root))
        case _:
            raise MalformedText(what="checkpoint", why="not three lines: origin, size and root")
    if len(checkpoint.root) != HASH_BYTES:
        raise MalformedText(what="checkpoint", why=f"the root has not {HASH_BYTES} bytes")
    return checkpoint
