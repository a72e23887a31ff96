"""Keys of a small world, and openssl as the stranger who checks what they signed."""

import subprocess
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from server.evidence.cosignatures import Cosigner
from server.evidence.notes import NoteSigner

OPENSSL = "/usr/bin/openssl"
ORIGIN = "jia.example/rooms/2026-0042"


def private_key(seed: str) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(seed.encode().ljust(32, b"."))


def cosigner(venue: str) -> Cosigner:
    return Cosigner(f"{venue}.example/witness", private_key(venue))


LOG = NoteSigner(ORIGIN, private_key("jia"))
OTHER_LOG = NoteSigner(ORIGIN, private_key("another jia"))
SEAT = ec.derive_private_key(0xE3, ec.SECP256R1())


def spki_of(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def ed25519_spki(public_key: bytes) -> bytes:
    """RFC 8410, 4: the fixed head of an Ed25519 key in DER."""
    return bytes.fromhex("302a300506032b6570032100") + public_key


def openssl_accepts(folder: Path, spki: bytes, message: bytes, signature: bytes, *options: str) -> bool:
    """What `openssl pkeyutl -verify` says of a signature over the whole message."""
    for name, content in (("key.der", spki), ("message", message), ("signature", signature)):
        (folder / name).write_bytes(content)
    verify = f"{OPENSSL} pkeyutl -verify -pubin -keyform DER -inkey key.der -rawin -in message -sigfile signature"
    return subprocess.run([*verify.split(), *options], cwd=folder, capture_output=True, check=False).returncode == 0
