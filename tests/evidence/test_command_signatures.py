import hashlib
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from server.evidence.canonical import canonical
from server.evidence.command_signatures import (
    COMMAND_PREFIX,
    JOIN_PREFIX,
    command_bytes,
    command_digest,
    key_fingerprint,
    public_key_from_spki,
    sign_command,
    sign_join,
    verify_command_signature,
    verify_join_signature,
)
from server.evidence.errors import MalformedText, UnsupportedKey
from tests.evidence.keys import LOG, OPENSSL, SEAT, ed25519_spki, openssl_accepts, spki_of

TEXT = canonical({"by": "E3", "n": 7, "type": "submit_sheet", "理由": "响应完整"}).decode()
SPKI = spki_of(SEAT)
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"Of the group of P-256. Source: SP 800-186, 3.2.1.3."


def test_prefix_is_fixed() -> None:
    assert COMMAND_PREFIX == b"lianping-command-v1\n"
    assert command_bytes("{}") == b"lianping-command-v1\n{}"


def test_digest_is_over_prefix_and_text() -> None:
    assert command_digest(TEXT) == hashlib.sha256(COMMAND_PREFIX + TEXT.encode()).hexdigest()


@given(st.text())
def test_signed_command_verifies(text: str) -> None:
    assert verify_command_signature(SPKI, text, sign_command(SEAT, text))


def test_scripted_seat_signs_the_same_text_the_same_way() -> None:
    assert sign_command(SEAT, TEXT) == sign_command(SEAT, TEXT)
    assert len(sign_command(SEAT, TEXT)) == 64


def test_openssl_accepts_a_command_signature(tmp_path: Path) -> None:
    raw = sign_command(SEAT, TEXT)
    der = encode_dss_signature(int.from_bytes(raw[:32]), int.from_bytes(raw[32:]))
    digest = ("-digest", "sha256")

    assert openssl_accepts(tmp_path, SPKI, command_bytes(TEXT), der, *digest)
    assert not openssl_accepts(tmp_path, SPKI, TEXT.encode(), der, *digest)


def test_another_text_key_or_signature_is_refused() -> None:
    signature = sign_command(SEAT, TEXT)
    other = spki_of(ec.derive_private_key(0xE4, ec.SECP256R1()))

    assert not verify_command_signature(SPKI, TEXT + " ", signature)
    assert not verify_command_signature(other, TEXT, signature)
    assert not verify_command_signature(SPKI, TEXT, signature[32:] + signature[:32])


@pytest.mark.parametrize(
    "signature",
    [
        b"",
        bytes(64),
        bytes(63),
        sign_command(SEAT, TEXT)[:63],
        sign_command(SEAT, TEXT) + b"\0",
        sign_command(SEAT, TEXT)[:32] + b"\0" + sign_command(SEAT, TEXT)[32:],
        sign_command(SEAT, TEXT)[:32] + bytes(32),
        ORDER.to_bytes(32) * 2,
        b"\xff" * 64,
        encode_dss_signature(1, 1),
    ],
)
def test_malformed_signature_is_false(signature: bytes) -> None:
    assert not verify_command_signature(SPKI, TEXT, signature)


def test_second_signature_of_the_same_text_leaves_the_digest() -> None:
    raw = sign_command(SEAT, TEXT)
    twin = raw[:32] + (ORDER - int.from_bytes(raw[32:])).to_bytes(32)

    assert twin != raw
    assert verify_command_signature(SPKI, TEXT, twin)  # why nothing is identified by signature bytes


def test_join_is_proved_for_one_token_only() -> None:
    proof = sign_join(SEAT, "token")

    assert JOIN_PREFIX == b"lianping-join-v1\n"
    assert verify_join_signature(SPKI, "token", proof)
    assert not verify_join_signature(SPKI, "another", proof)


def test_join_and_command_never_stand_for_each_other() -> None:
    assert not verify_command_signature(SPKI, TEXT, sign_join(SEAT, TEXT))
    assert not verify_join_signature(SPKI, TEXT, sign_command(SEAT, TEXT))


def test_text_with_a_lone_surrogate_cannot_be_signed() -> None:
    with pytest.raises(MalformedText, match="lone surrogate"):
        command_bytes("\ud800")


def test_public_key_is_the_one_in_the_spki() -> None:
    assert public_key_from_spki(SPKI).public_numbers() == SEAT.public_key().public_numbers()


def test_fingerprint_is_what_openssl_prints_for_the_key(tmp_path: Path) -> None:
    (tmp_path / "key.der").write_bytes(SPKI)

    printed = subprocess.run([OPENSSL, "dgst", "-sha256", "-r", tmp_path / "key.der"], capture_output=True, check=True)

    assert key_fingerprint(SPKI) == printed.stdout.split()[0].decode()


def compressed_spki() -> bytes:
    """The same key with half of its point: RFC 5480, 2.2."""
    point = SEAT.public_key().public_bytes(Encoding.X962, PublicFormat.CompressedPoint)
    return bytes.fromhex("3039301306072a8648ce3d020106082a8648ce3d030107032200") + point


@pytest.mark.parametrize(
    ("der", "why"),
    [
        (b"", "known kind"),
        (b"not DER", "known kind"),
        (SPKI[:-1], "known kind"),
        (SPKI + b"\0", "known kind"),
        (SPKI[:-1] + bytes([SPKI[-1] ^ 1]), "known kind"),
        (spki_of(ec.derive_private_key(7, ec.SECP384R1())), "P-256"),
        (spki_of(ec.derive_private_key(7, ec.SECP256K1())), "P-256"),
        (ed25519_spki(LOG.key.public_key), "P-256"),
        (compressed_spki(), "DER form"),
    ],
)
def test_other_keys_are_refused(der: bytes, why: str) -> None:
    with pytest.raises(UnsupportedKey, match=why):
        public_key_from_spki(der)
    with pytest.raises(UnsupportedKey, match=why):
        verify_command_signature(der, TEXT, bytes(64))
