"""A certificate authority of one key: what venues issue seat certificates with, and the server its TLS certificate.

Source: RFC 5280, 4.1, 4.2 and 5.
"""

import stringprep
import unicodedata
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from pathlib import Path

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID, ObjectIdentifier

from server.auth.private_files import read_private_file
from server.auth.private_keys import private_pem, read_p256_key
from server.auth.rejections import SecretsDamaged
from server.domain.ids import Millis

KEY_FILE = "authority.key"
CERTIFICATE_FILE = "authority.pem"
MAX_NAME_BYTES = 64
"Source: RFC 5280, A.1 (ub-common-name), which `cryptography` counts in UTF-8 bytes."

AUTHORITY_CONSTRAINTS = x509.BasicConstraints(ca=True, path_length=0)
LEAF_CONSTRAINTS = x509.BasicConstraints(ca=False, path_length=None)


class Authority(msgspec.Struct, frozen=True, kw_only=True):
    """A P-256 key with its self-signed certificate, which issues leaves and no further authorities."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate


class LeafPlan(msgspec.Struct, frozen=True, kw_only=True):
    """What a leaf certificate is to say."""

    common_name: str
    public_key: ec.EllipticCurvePublicKey
    begins: datetime
    ends: datetime
    names: x509.SubjectAlternativeName
    usages: tuple[str, ...] = ("digital_signature",)
    "Key usages, named as in `cryptography`."
    purposes: tuple[ObjectIdentifier, ...] = ()
    "Extended key usages; none leaves the extension out."
    purposes_critical: bool = False
    serial: int
    "Positive, at most 20 bytes."


def make_authority(common_name: str, begins: datetime, lifetime: timedelta) -> Authority:
    """A new authority, good from `begins` on; a name that certificates do not allow is made one they do."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = common_name_only(safe_common_name(common_name))
    certificate = (
        x509.CertificateBuilder(subject_name=name, issuer_name=name, public_key=key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(begins + lifetime)
        .add_extension(AUTHORITY_CONSTRAINTS, critical=True)
        .add_extension(key_usage("key_cert_sign", "crl_sign"), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    return Authority(key=key, certificate=certificate)


def issue_leaf(authority: Authority, plan: LeafPlan) -> x509.Certificate:
    """A certificate for a key that signs and certifies nothing."""
    builder = (
        x509.CertificateBuilder(
            subject_name=common_name_only(plan.common_name),
            issuer_name=authority.certificate.subject,
            public_key=plan.public_key,
            serial_number=plan.serial,
            not_valid_before=plan.begins,
            not_valid_after=plan.ends,
        )
        .add_extension(LEAF_CONSTRAINTS, critical=True)
        .add_extension(key_usage(*plan.usages), critical=True)
        .add_extension(plan.names, critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(plan.public_key), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.key.public_key()), critical=False)
    )
    if plan.purposes:
        builder = builder.add_extension(x509.ExtendedKeyUsage(plan.purposes), critical=plan.purposes_critical)
    return builder.sign(authority.key, hashes.SHA256())


def last_crl(authority: Authority, now: Millis, lifetime: timedelta) -> bytes:
    """The statement (DER) that none of the authority's certificates was revoked, good for as long as `lifetime`.

    A long life suits a list made when the leaves it speaks of are at their end: nobody will ask for a newer one.
    """
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(authority.certificate.subject)
        .last_update(to_utc(now))
        .next_update(to_utc(now) + lifetime)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.key.public_key()), critical=False)
        .add_extension(x509.CRLNumber(now), critical=False)  # rises with time, as it must
    )
    return builder.sign(authority.key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)


def authority_files(authority: Authority) -> dict[str, bytes]:
    """An authority as the files of a private folder; `read_authority` is the way back."""
    return {
        KEY_FILE: private_pem(authority.key),
        CERTIFICATE_FILE: authority.certificate.public_bytes(serialization.Encoding.PEM),
    }


def read_authority(folder: Path) -> Authority:
    """The authority kept in a private folder.

    Raises:
        LoosePermissions: others may read the folder or a file in it.
        SecretsDamaged: a file is missing or unreadable, or key and certificate do not belong together.
    """
    key = read_p256_key(folder / KEY_FILE)
    path = folder / CERTIFICATE_FILE
    try:
        certificate = x509.load_pem_x509_certificate(read_private_file(path))
    except ValueError as error:
        raise SecretsDamaged(path=path, detail="is unreadable") from error
    if certificate.public_key() != key.public_key():
        raise SecretsDamaged(path=path, detail="belongs to another key")
    return Authority(key=key, certificate=certificate)


def safe_common_name(name: str, ending: str = "") -> str:
    """A name as certificates can carry it: cut at a character to 64 UTF-8 bytes, `ending` kept whole.

    asn1crypto 1.5, and so every verifier made with it, refuses names with characters younger than Unicode 3.2 (𬱖) or
    with mixed directions: the certificate never validates. Such characters are written out, 赵(U+2CC56).
    Source: RFC 3454, as RFC 4518, 2 applies it.
    """
    spelled = _cut([_spell_out(char) if _is_refused(char) else char for char in name], ending)
    if not _mixes_directions(spelled):
        return spelled
    left_to_right = [_spell_out(char) if _is_refused(char) or _runs_left(char) else char for char in name]
    return _cut(left_to_right, ending)


def common_name_only(common_name: str) -> x509.Name:
    """A distinguished name that consists of a common name, 1 to 64 UTF-8 bytes."""
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def key_usage(*allowed: str) -> x509.KeyUsage:
    """The key usage that allows these, named as in `cryptography`, and nothing else."""
    usages = (
        "digital_signature content_commitment key_encipherment data_encipherment key_agreement"
        " key_cert_sign crl_sign encipher_only decipher_only"
    )
    return x509.KeyUsage(**{usage: usage in allowed for usage in usages.split()})


def to_utc(at: Millis) -> datetime:
    """A moment as `cryptography` wants it; a certificate keeps its whole seconds."""
    return datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=at)


def _cut(pieces: Sequence[str], ending: str) -> str:
    room = MAX_NAME_BYTES - len(ending.encode())
    lengths = accumulate(len(piece.encode()) for piece in pieces)
    return "".join(piece for piece, length in zip(pieces, lengths, strict=True) if length <= room) + ending


def _spell_out(char: str) -> str:
    return f"(U+{ord(char):04X})"


def _is_refused(char: str) -> bool:
    tables = (
        stringprep.in_table_a1,
        stringprep.in_table_c3,
        stringprep.in_table_c4,
        stringprep.in_table_c5,
        stringprep.in_table_c8,
    )
    folded = unicodedata.normalize("NFKC", char)
    return not char.isprintable() or "\ufffd" in folded or any(table(part) for table in tables for part in folded)


def _mixes_directions(name: str) -> bool:
    """Source: RFC 3454, 6."""
    return any(map(_runs_left, name)) and not (
        _runs_left(name[0]) and _runs_left(name[-1]) and not any(map(stringprep.in_table_d2, name))
    )


def _runs_left(char: str) -> bool:
    return stringprep.in_table_d1(char)
