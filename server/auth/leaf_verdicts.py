"""Whether a leaf certificate holds: what every leaf of a venue must be, and a verdict with every reason if it is not.

A verdict is asked for years later too, so it is given for the moment of the act, never for today.
Source: RFC 5280, 4 and 6.1.
"""

from collections.abc import Callable, Mapping
from enum import StrEnum

import msgspec
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.types import CertificatePublicKeyTypes
from cryptography.x509.oid import SignatureAlgorithmOID

from server.auth.x509_authority import AUTHORITY_CONSTRAINTS, key_usage
from server.domain.ids import Millis

ECDSA_WITH_SHA256 = bytes.fromhex("300a06082a8648ce3d040302")
"The algorithm identifier in DER. Source: RFC 5758, 3.2."

UNREADABLE = (
    ValueError,
    UnsupportedAlgorithm,
    x509.DuplicateExtension,
    x509.InvalidVersion,
    x509.UnsupportedGeneralNameType,
)
"What `cryptography` raises over bytes that are no certificate it understands."


class Flaw(StrEnum):
    """One reason why a certificate does not hold."""

    UNREADABLE = "unreadable"
    ISSUER_UNREADABLE = "issuer_unreadable"
    ISSUER_NO_AUTHORITY = "issuer_no_authority"
    "The issuing certificate may not issue, or its key is not P-256."
    ISSUER_NOT_VALID_THEN = "issuer_not_valid_then"
    OTHER_ISSUER = "other_issuer"
    "It names another issuer than this one."
    BAD_SIGNATURE = "bad_signature"
    NOT_YET_VALID = "not_yet_valid"
    EXPIRED = "expired"
    OTHER_ALIAS = "other_alias"
    "The subject is not exactly the alias."
    OTHER_SEAT = "other_seat"
    "The alternative names do not hold exactly the seat's URN: another room or alias, or more names."
    OTHER_PERSON = "other_person"
    "Subject or alternative names say another person's name."
    OTHER_VENUE = "other_venue"
    "It is not the seal of this venue."
    KEY_UNFIT = "key_unfit"
    USAGE_UNFIT = "usage_unfit"
    "The key may do more or less than its purpose, or may certify."
    OTHER_EXTENSIONS = "other_extensions"
    "Extensions that we never issue, or lack of those we always do."


class CertificateVerdict(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that is wrong with a certificate; nothing, if it holds."""

    flaws: tuple[Flaw, ...]
    spki: bytes | None
    "The certified public key in DER; None if the certificate cannot be read."


def judge_leaf(
    der: bytes, issuing_der: bytes, at: Millis, demands: Callable[[x509.Certificate], Mapping[Flaw, bool]]
) -> CertificateVerdict:
    """What is wrong with a leaf at the moment `at`: against its issuer, and by the `demands` on its kind."""
    leaf, issuer = _load(der), _load(issuing_der)
    if leaf is None or issuer is None:
        unread = {Flaw.UNREADABLE: leaf, Flaw.ISSUER_UNREADABLE: issuer}
        return CertificateVerdict(
            flaws=tuple(flaw for flaw, certificate in unread.items() if certificate is None),
            spki=_spki(leaf) if leaf else None,
        )
    held: dict[Flaw, bool] = {
        Flaw.ISSUER_NO_AUTHORITY: _is_authority(issuer),
        Flaw.ISSUER_NOT_VALID_THEN: _begins(issuer) <= at <= _ends(issuer),
        Flaw.OTHER_ISSUER: leaf.issuer == issuer.subject,
        Flaw.BAD_SIGNATURE: _is_signed_by(leaf, issuer),
        Flaw.NOT_YET_VALID: _begins(leaf) <= at,
        Flaw.EXPIRED: at <= _ends(leaf),
        **demands(leaf),
        Flaw.KEY_UNFIT: _is_p256(leaf),
    }
    return CertificateVerdict(flaws=tuple(flaw for flaw, holds in held.items() if not holds), spki=_spki(leaf))


def has_extension(certificate: x509.Certificate, wanted: x509.ExtensionType, *, critical: bool) -> bool:
    """Whether exactly this extension stands there, as critical as it should be."""
    return any(found.value == wanted and found.critical == critical for found in certificate.extensions)


def spki_of(key: CertificatePublicKeyTypes) -> bytes:
    """A public key as browsers export it: SubjectPublicKeyInfo in DER."""
    return key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)


def _load(der: bytes) -> x509.Certificate | None:
    """The certificate with all its parts read, since `cryptography` reads many only when asked."""
    try:
        certificate = x509.load_der_x509_certificate(der)
        _ = (certificate.subject, certificate.issuer, certificate.extensions, certificate.public_key())
    except UNREADABLE:
        return None
    return certificate


def _begins(certificate: x509.Certificate) -> int:
    return int(certificate.not_valid_before_utc.timestamp()) * 1000


def _ends(certificate: x509.Certificate) -> int:
    return int(certificate.not_valid_after_utc.timestamp()) * 1000


def _is_authority(issuer: x509.Certificate) -> bool:
    return (
        _is_p256(issuer)
        and has_extension(issuer, AUTHORITY_CONSTRAINTS, critical=True)
        and has_extension(issuer, key_usage("key_cert_sign", "crl_sign"), critical=True)
    )


def _is_signed_by(leaf: x509.Certificate, issuer: x509.Certificate) -> bool:
    key = issuer.public_key()
    if not isinstance(key, ec.EllipticCurvePublicKey) or not _is_framed_as_issued(leaf):
        return False
    try:
        key.verify(leaf.signature, leaf.tbs_certificate_bytes, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return False
    return True


def _is_framed_as_issued(leaf: x509.Certificate) -> bool:
    """Whether what stands around the signed part is exactly ours; the signature does not cover it.

    `cryptography` 50 takes the algorithm from the signed part alone and lets the signature count unused bits.
    """
    frame = ECDSA_WITH_SHA256 + b"\x03%c\x00" % min(len(leaf.signature) + 1, 0x7F) + leaf.signature
    inside = leaf.signature_algorithm_oid == SignatureAlgorithmOID.ECDSA_WITH_SHA256
    return inside and leaf.public_bytes(serialization.Encoding.DER).endswith(leaf.tbs_certificate_bytes + frame)


def _is_p256(certificate: x509.Certificate) -> bool:
    key = certificate.public_key()
    return isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, ec.SECP256R1)


def _spki(certificate: x509.Certificate) -> bytes:
    return spki_of(certificate.public_key())
