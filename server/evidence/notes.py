"""C2SP signed notes: a text, an empty line, and one line for each signature; and the keys that check them.

    — <key name> base64(key id || signature)

A key is known by its name and a 4-byte id, which covers name, kind and public key. Lines of unknown keys are ignored;
a line that claims a known key and does not verify spoils the whole note.
Source: https://c2sp.org/signed-note@v1.0.0
"""

import hashlib
import re
from collections.abc import Iterable
from enum import IntEnum
from typing import Self

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from server.evidence.errors import BadNoteSignature, MalformedText
from server.evidence.strict_text import from_base64, to_base64

MAX_NOTE_BYTES = 1_000_000
"Our own limit; a checkpoint with 16 cosignatures has 3 kB."
MAX_SIGNATURES = 100
"Lines a note; the standard asks for at least 16."

_KEY_NAME = re.compile(r"[^\s+\x00-\x1f]+")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")


class SignatureType(IntEnum):
    """The byte that tells what a key signs, so that one key never speaks for two purposes."""

    ED25519 = 1
    "The note's text: how a log signs."
    COSIGNATURE_V1 = 4
    "Text and time: how a witness signs (see `cosignatures.py`)."


class NoteSignature(msgspec.Struct, kw_only=True, frozen=True):
    """One signature line."""

    name: str
    key_id: bytes
    "4 bytes."
    signature: bytes
    "What follows the id; its form is the key's affair."

    @property
    def line(self) -> str:
        """The line with its line feed."""
        return f"— {self.name} {to_base64(self.key_id + self.signature)}\n"


class Note(msgspec.Struct, kw_only=True, frozen=True):
    """A text and its signature lines, well-formed but of unproved origin."""

    text: str
    "What is signed, with its last line feed."
    signatures: tuple[NoteSignature, ...]

    def __post_init__(self) -> None:
        if not self.text.endswith("\n"):
            raise _malformed_note("the text does not end with a line feed")
        if _CONTROL.search(self.text):
            raise _malformed_note("a control character other than a line feed")

    def to_bytes(self) -> bytes:
        """The note as it is stored and sent."""
        return (self.text + "\n" + "".join(each.line for each in self.signatures)).encode()

    def with_signatures(self, more: Iterable[NoteSignature]) -> Self:
        """The same text with these lines after those it has."""
        return msgspec.structs.replace(self, signatures=(*self.signatures, *more))


class VerifierKey(msgspec.Struct, kw_only=True, frozen=True):
    """A named Ed25519 public key for one kind of signature: what C2SP calls a vkey.

    Raises:
        MalformedText: the name is empty or holds a space, a plus or a control character, or the key has not 32 bytes.
    """

    name: str
    signature_type: SignatureType
    public_key: bytes
    "32 bytes of Ed25519 (RFC 8032)."

    def __post_init__(self) -> None:
        if not _KEY_NAME.fullmatch(self.name):
            raise _malformed_key("the name is empty or has a space, a plus or a control character")
        if len(self.public_key) != 32:
            raise _malformed_key("an Ed25519 key has 32 bytes")

    @property
    def key_id(self) -> bytes:
        """4 bytes over name, type and key."""
        return hashlib.sha256(self.name.encode() + b"\n" + self._material).digest()[:4]

    @property
    def vkey(self) -> str:
        """The key as text: `name+id+key`, id in hexadecimal, key in base64 with its type in front."""
        return f"{self.name}+{self.key_id.hex()}+{to_base64(self._material)}"

    @property
    def _material(self) -> bytes:
        return bytes([self.signature_type]) + self.public_key

    def signature(self, raw: bytes) -> NoteSignature:
        """The line under this key's name for a signature that it made."""
        return NoteSignature(name=self.name, key_id=self.key_id, signature=raw)

    def claimed(self, note: Note) -> list[bytes]:
        """The signatures that stand in the note under this key's name and id, still to be checked."""
        key_id = self.key_id
        return [each.signature for each in note.signatures if (each.name, each.key_id) == (self.name, key_id)]

    def check(self, message: bytes, raw: bytes) -> None:
        """Verify one Ed25519 signature of 64 bytes.

        Raises:
            BadNoteSignature: this key did not make it over this message.
        """
        try:
            Ed25519PublicKey.from_public_bytes(self.public_key).verify(raw, message)
        except InvalidSignature as error:
            raise BadNoteSignature(name=self.name) from error


class NoteSigner:
    """A log's private key under its name."""

    def __init__(self, name: str, private_key: Ed25519PrivateKey) -> None:
        self.key = verifier_key(name, SignatureType.ED25519, private_key)
        self._private_key = private_key

    def sign(self, text: str) -> NoteSignature:
        """The signature line for a note's text, its last line feed included."""
        return self.key.signature(self._private_key.sign(text.encode()))


def verifier_key(name: str, signature_type: SignatureType, private_key: Ed25519PrivateKey) -> VerifierKey:
    """The public half of a private key, named and typed."""
    public_key = private_key.public_key().public_bytes_raw()
    return VerifierKey(name=name, signature_type=signature_type, public_key=public_key)


def is_signed_by(note: Note, key: VerifierKey) -> bool:
    """Whether a key of type `ED25519` signed the note; False if no line claims it.

    Raises:
        BadNoteSignature: a line claims the key and is not by it.
    """
    claimed = key.claimed(note)
    for raw in claimed:
        key.check(note.text.encode(), raw)
    return bool(claimed)


def parse_note(data: bytes) -> Note:
    """A note from its bytes.

    Raises:
        MalformedText: not UTF-8, too large, without the empty line, or a signature line is wrong.
    """
    if len(data) > MAX_NOTE_BYTES:
        raise _malformed_note(f"more than {MAX_NOTE_BYTES} bytes")
    try:
        content = data.decode()
    except UnicodeDecodeError as error:
        raise _malformed_note("not UTF-8") from error
    text, empty_line, lines = content.rpartition("\n\n")
    if not empty_line:
        raise _malformed_note("no empty line between text and signatures")
    return Note(text=text + "\n", signatures=parse_signature_lines(lines))


def parse_signature_lines(lines: str) -> tuple[NoteSignature, ...]:
    """The signatures of one or more lines, such as a witness answers with.

    Raises:
        MalformedText: no line, too many, or one that is not `— name base64` with a line feed.
    """
    if not lines.endswith("\n"):
        raise _malformed_note("no signature line, or the last has no line feed")
    each_line = lines[:-1].split("\n")
    if len(each_line) > MAX_SIGNATURES:
        raise _malformed_note(f"more than {MAX_SIGNATURES} signatures")
    return tuple(_parse_signature_line(line) for line in each_line)


def _parse_signature_line(line: str) -> NoteSignature:
    match line.split(" "):
        case ["—", name, encoded] if _KEY_NAME.fullmatch(name):
            raw = from_base64(encoded)
        case _:
            raise _malformed_note("a signature line is not dash, name and base64 with single spaces")
    if len(raw) <= 4:
        raise _malformed_note("a signature line holds no signature")
    return NoteSignature(name=name, key_id=raw[:4], signature=raw[4:])


def parse_verifier_key(vkey: str, signature_type: SignatureType) -> VerifierKey:
    """A verifier key of the wanted type from its text.

    Raises:
        MalformedText: not `name+id+key`, another type, or an id that is not this key's.
    """
    match vkey.split("+", 2):
        case [name, key_id, encoded]:
            material = from_base64(encoded)
        case _:
            raise _malformed_key("not name, id and key joined by plus signs")
    if material[:1] != bytes([signature_type]):
        raise _malformed_key(f"not of signature type {signature_type:#04x}")
    key = VerifierKey(name=name, signature_type=signature_type, public_key=material[1:])
    if key.key_id.hex() != key_id:
        raise _malformed_key("the id is not this key's")
    return key


def _malformed_note(why: str) -> MalformedText:
    return MalformedText(what="note", why=why)


def _malformed_key(why: str) -> MalformedText:
    return MalformedText(what="verifier key", why=why)
