import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from server.auth.private_files import create_private_folder
from server.auth.private_keys import private_pem, read_ed25519_key, read_p256_key
from server.auth.rejections import SecretsDamaged

ED25519 = Ed25519PrivateKey.from_private_bytes(bytes(32))
P256 = ec.derive_private_key(7, ec.SECP256R1())
P384 = ec.derive_private_key(7, ec.SECP384R1())
LOCKED = ED25519.private_bytes(
    serialization.Encoding.PEM,
    serialization.PrivateFormat.PKCS8,
    serialization.BestAvailableEncryption(b"password"),
)


def _keep(folder: Path, pem: bytes) -> Path:
    create_private_folder(folder / "keys", {"a.key": pem})
    return folder / "keys" / "a.key"


def test_ed25519_key_is_read_back(tmp_path: Path) -> None:
    path = _keep(tmp_path, private_pem(ED25519))

    assert read_ed25519_key(path).private_bytes_raw() == bytes(32)


def test_p256_key_is_read_back(tmp_path: Path) -> None:
    path = _keep(tmp_path, private_pem(P256))

    assert read_p256_key(path).private_numbers() == P256.private_numbers()


def test_openssl_reads_the_keys(tmp_path: Path) -> None:
    path = _keep(tmp_path, private_pem(P256))

    checked = subprocess.run(
        ["openssl", "pkey", "-in", path, "-check", "-noout"], capture_output=True, text=True, check=True
    )

    assert checked.stdout == "Key is valid\n"


@pytest.mark.parametrize(
    ("pem", "as_ed25519", "as_p256"),
    [
        (b"nonsense", "is unreadable", "is unreadable"),
        (LOCKED, "is unreadable", "is unreadable"),
        (private_pem(P384), "is no Ed25519 key", "is no P-256 key"),
        (private_pem(P256), "is no Ed25519 key", None),
        (private_pem(ED25519), None, "is no P-256 key"),
    ],
    ids=["nonsense", "locked", "P-384", "P-256", "Ed25519"],
)
def test_other_content_is_refused_by_name(
    tmp_path: Path, pem: bytes, as_ed25519: str | None, as_p256: str | None
) -> None:
    path = _keep(tmp_path, pem)
    details: list[object] = []

    for read in (read_ed25519_key, read_p256_key):
        try:
            read(path)
            details.append(None)
        except SecretsDamaged as refusal:
            details.append(refusal.facts["detail"])

    assert details == [as_ed25519, as_p256]
