"""How a seat signs a command: ECDSA on P-256 with SHA-256 over a fixed prefix and the command's JCS text.

The signature is WebCrypto's: r and s, 32 bytes each, big endian. ECDSA lets anyone turn one valid signature into a
second one for the same text, so signature bytes never identify anything: a command's digest is over what was signed.
"""

import hashlib

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_public_key

from server.domain.ids import Digest
from server.evidence.errors import MalformedText, UnsupportedKey

COMMAND_PREFIX = b"lianping-command-v1\n"
"Separates commands from whatever else a P-256 key may sign; a new format gets a new number."

JOIN_PREFIX = b"lianping-join-v1\n"
"Before a token that a seat joins with: proof that the device holds the seat's key."

_COORDINATE_BYTES = 32


def command_bytes(text: str) -> bytes:
    """What the seat signs for a command's JCS text.

    Raises:
        MalformedText: the text holds a lone surrogate, which no page can sign.
    """
    try:
        return COMMAND_PREFIX + text.encode()
    except UnicodeEncodeError as error:
        raise MalformedText(what="command", why="a lone surrogate") from error


def command_digest(text: str) -> Digest:
    """The `cause` of every event of this command: the SHA-256 of the signed bytes."""
    return Digest(hashlib.sha256(command_bytes(text)).hexdigest())


def public_key_from_spki(spki: bytes) -> ec.EllipticCurvePublicKey:
    """A seat's P-256 key from the SubjectPublicKeyInfo that WebCrypto exports.

    Raises:
        UnsupportedKey: no key, another curve or kind, or a second encoding of a good one (a compressed point).
    """
    try:
        key = load_der_public_key(spki)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise UnsupportedKey(why="not a SubjectPublicKeyInfo of a known kind") from error
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        raise UnsupportedKey(why="not on P-256")
    if key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo) != spki:
        raise UnsupportedKey(why="not in the DER form that names it")
    return key


def key_fingerprint(spki: bytes) -> Digest:
    """The name of a seat's key: the SHA-256 of its SubjectPublicKeyInfo."""
    return Digest(hashlib.sha256(spki).hexdigest())


def verify_command_signature(spki: bytes, text: str, signature: bytes) -> bool:
    """Whether the key made this signature (64 bytes, r and s) over this command.

    Raises:
        UnsupportedKey: `spki` is not a P-256 key.
        MalformedText: see `command_bytes`.
    """
    return _is_signed(spki, command_bytes(text), signature)


def verify_join_signature(spki: bytes, token: str, signature: bytes) -> bool:
    """Whether the key's device is the one that joins with this token.

    Raises:
        UnsupportedKey: `spki` is not a P-256 key.
    """
    return _is_signed(spki, JOIN_PREFIX + token.encode(), signature)


def _is_signed(spki: bytes, signed: bytes, signature: bytes) -> bool:
    key = public_key_from_spki(spki)
    if len(signature) != 2 * _COORDINATE_BYTES:
        return False
    r, s = (int.from_bytes(half) for half in (signature[:_COORDINATE_BYTES], signature[_COORDINATE_BYTES:]))
    try:
        key.verify(encode_dss_signature(r, s), signed, ec.ECDSA(SHA256()))
    except InvalidSignature:
        return False
    return True


def sign_command(private_key: ec.EllipticCurvePrivateKey, text: str) -> bytes:
    """What WebCrypto would return, for scripted seats: 64 bytes, r and s; the same for the same text (RFC 6979)."""
    return _sign(private_key, command_bytes(text))


def sign_join(private_key: ec.EllipticCurvePrivateKey, token: str) -> bytes:
    """The proof that a scripted seat joins with: 64 bytes, r and s."""
    return _sign(private_key, JOIN_PREFIX + token.encode())


def sign_document(private_key: ec.EllipticCurvePrivateKey, attributes: bytes) -> bytes:
    """What WebCrypto makes of a PDF's signed attributes (DER), for scripted seats: 64 bytes, r and s.

    No prefix stands before them: the form is that of CMS. They begin with a SET's tag, which no prefix of ours does.
    """
    return _sign(private_key, attributes)


def _sign(private_key: ec.EllipticCurvePrivateKey, message: bytes) -> bytes:
    signature = private_key.sign(message, ec.ECDSA(SHA256(), deterministic_signing=True))
    r, s = decode_dss_signature(signature)
    return r.to_bytes(_COORDINATE_BYTES) + s.to_bytes(_COORDINATE_BYTES)
