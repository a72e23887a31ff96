"""Private keys as PKCS #8 in PEM, in files that only the server's own user may read."""

from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes

from server.auth.private_files import read_private_file
from server.auth.rejections import SecretsDamaged


def private_pem(key: ec.EllipticCurvePrivateKey | Ed25519PrivateKey) -> bytes:
    """The content of a key's file; not encrypted, since the folder's permissions protect it."""
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def read_ed25519_key(path: Path) -> Ed25519PrivateKey:
    """The Ed25519 key in a private file.

    Raises:
        LoosePermissions: others may read the file or its folder.
        SecretsDamaged: it is missing, unreadable or of another kind.
    """
    key = _read_key(path)
    if not isinstance(key, Ed25519PrivateKey):
        raise SecretsDamaged(path=path, detail="is no Ed25519 key")
    return key


def read_p256_key(path: Path) -> ec.EllipticCurvePrivateKey:
    """The P-256 key in a private file.

    Raises:
        LoosePermissions: others may read the file or its folder.
        SecretsDamaged: it is missing, unreadable or of another kind.
    """
    key = _read_key(path)
    if not isinstance(key, ec.EllipticCurvePrivateKey) or not isinstance(key.curve, ec.SECP256R1):
        raise SecretsDamaged(path=path, detail="is no P-256 key")
    return key


def _read_key(path: Path) -> PrivateKeyTypes:
    try:
        return serialization.load_pem_private_key(read_private_file(path), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:  # TypeError: it wants a password
        raise SecretsDamaged(path=path, detail="is unreadable") from error
