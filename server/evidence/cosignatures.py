"""C2SP cosignatures: a witness says that at this time this was the largest consistent tree it had seen of a log.

Signed are two lines and the checkpoint's text; the signature line holds the time in 8 bytes, big endian, and 64 bytes
of Ed25519:

    cosignature/v1
    time <seconds since 1970-01-01 UTC>
    <the checkpoint's three lines>

Source: https://c2sp.org/tlog-cosignature
"""

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from server.evidence.errors import BadNoteSignature
from server.evidence.notes import Note, NoteSignature, SignatureType, VerifierKey, verifier_key
from server.evidence.strict_text import MAX_NUMBER


class Cosigner:
    """A witness's private key under its name."""

    def __init__(self, name: str, private_key: Ed25519PrivateKey) -> None:
        self.key = verifier_key(name, SignatureType.COSIGNATURE_V1, private_key)
        self._private_key = private_key

    def cosign(self, text: str, at_s: int) -> NoteSignature:
        """The witness's line for a checkpoint's text.

        Args:
            text: three lines, the last line feed included.
            at_s: whole seconds since 1970-01-01 UTC; not 0, which would say "no time".
        """
        if not 0 < at_s <= MAX_NUMBER:
            raise ValueError(f"no time to cosign at: {at_s}")
        return self.key.signature(at_s.to_bytes(8) + self._private_key.sign(_signed_message(text, at_s)))


def cosigned_at(note: Note, key: VerifierKey) -> int | None:
    """When this witness cosigned the note, in seconds since 1970-01-01 UTC; the earliest of several, None if never.

    Raises:
        BadNoteSignature: a line claims the key and is not by it.
    """
    return min((_checked_time(note.text, key, raw) for raw in key.claimed(note)), default=None)


def _checked_time(text: str, key: VerifierKey, raw: bytes) -> int:
    at_s = int.from_bytes(raw[:8])
    if not 0 < at_s <= MAX_NUMBER:
        raise BadNoteSignature(name=key.name)
    key.check(_signed_message(text, at_s), raw[8:])
    return at_s


def _signed_message(text: str, at_s: int) -> bytes:
    return f"cosignature/v1\ntime {at_s}\n{text}".encode()
