"""Command certificates: a venue certifies that a key speaks for one alias in one room, and says nothing of the person.

Each venue issues for the people who sit there, with a key of its own; the room's first event names the venues' issuing
certificates. A verdict is asked for years later too, so it is given for the moment of the command, never for today.
Source: RFC 5280, 4 and 6.1.
"""

from collections.abc import Callable
from datetime import timedelta
from enum import StrEnum
from urllib.parse import quote

import msgspec
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.types import CertificatePublicKeyTypes
from cryptography.x509.oid import ExtensionOID, NameOID, SignatureAlgorithmOID

from server.auth.rejections import SeatKeyUnfit
from server.auth.x509_authority import (
    AUTHORITY_CONSTRAINTS,
    LEAF_CONSTRAINTS,
    Authority,
    LeafPlan,
    issue_leaf,
    key_usage,
    make_authority,
    to_utc,
)
from server.domain.ids import Alias, Millis, RoomId, VenueId

ISSUER_LIFETIME = timedelta(days=3650)
SESSION_S = 12 * 3600

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

LEAF_EXTENSIONS = {
    ExtensionOID.BASIC_CONSTRAINTS,
    ExtensionOID.KEY_USAGE,
    ExtensionOID.SUBJECT_ALTERNATIVE_NAME,
    ExtensionOID.SUBJECT_KEY_IDENTIFIER,
    ExtensionOID.AUTHORITY_KEY_IDENTIFIER,
}


class Flaw(StrEnum):
    """One reason why a command certificate does not hold."""

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
    "The alternative name is not exactly the seat's URN: another room or alias, or more names."
    KEY_UNFIT = "key_unfit"
    USAGE_UNFIT = "usage_unfit"
    "The key may do more than sign, or may certify."
    OTHER_EXTENSIONS = "other_extensions"
    "Extensions that we never issue, or lack of those we always do."


class CertificateVerdict(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that is wrong with a command certificate; nothing, if it holds."""

    flaws: tuple[Flaw, ...]
    spki: bytes | None
    "The certified public key in DER; None if the certificate cannot be read."

    @property
    def is_valid(self) -> bool:
        """Whether the key spoke for the alias in the room at that moment."""
        return not self.flaws


def make_venue_issuer(venue: VenueId, now: Millis) -> Authority:
    """A new issuing key for a venue, with its certificate for ten years."""
    return make_authority(f"Lianping venue {venue}", to_utc(now), ISSUER_LIFETIME)


def issue_command_certificate(
    venue_issuer: Authority,
    *,
    room: RoomId,
    alias: Alias,
    spki: bytes,
    now: Millis,
    lifetime_s: int = SESSION_S,
    serial: int | None = None,
) -> bytes:
    """The certificate (DER) for a seat's command key; `serial` is drawn if not given.

    Raises:
        SeatKeyUnfit: `spki` is no P-256 key in the form that browsers export.
    """
    plan = LeafPlan(
        common_name=alias,
        public_key=_load_seat_key(spki),
        begins=to_utc(now),
        ends=to_utc(now) + timedelta(seconds=lifetime_s),
        names=_seat_names(room, alias),
        serial=x509.random_serial_number() if serial is None else serial,
    )
    return issue_leaf(venue_issuer, plan).public_bytes(serialization.Encoding.DER)


def verify_command_certificate(
    der: bytes, issuing_der: bytes, *, room: RoomId, alias: Alias, at: Millis
) -> CertificateVerdict:
    """Whether the certificate binds a key to this alias in this room at the moment `at`, with every reason if not."""
    leaf, issuer = _load(der), _load(issuing_der)
    if leaf is None or issuer is None:
        unread = {Flaw.UNREADABLE: leaf, Flaw.ISSUER_UNREADABLE: issuer}
        return CertificateVerdict(
            flaws=tuple(flaw for flaw, certificate in unread.items() if certificate is None),
            spki=_spki(leaf) if leaf else None,
        )
    demands: dict[Flaw, Callable[[], bool]] = {
        Flaw.ISSUER_NO_AUTHORITY: lambda: _is_authority(issuer),
        Flaw.ISSUER_NOT_VALID_THEN: lambda: _begins(issuer) <= at <= _ends(issuer),
        Flaw.OTHER_ISSUER: lambda: leaf.issuer == issuer.subject,
        Flaw.BAD_SIGNATURE: lambda: _is_signed_by(leaf, issuer),
        Flaw.NOT_YET_VALID: lambda: _begins(leaf) <= at,
        Flaw.EXPIRED: lambda: at <= _ends(leaf),
        Flaw.OTHER_ALIAS: lambda: [(part.oid, part.value) for part in leaf.subject] == [(NameOID.COMMON_NAME, alias)],
        Flaw.OTHER_SEAT: lambda: _has(leaf, _seat_names(room, alias), critical=False),
        Flaw.KEY_UNFIT: lambda: _is_p256(leaf),
        Flaw.USAGE_UNFIT: lambda: (
            _has(leaf, key_usage("digital_signature"), critical=True) and _has(leaf, LEAF_CONSTRAINTS, critical=True)
        ),
        Flaw.OTHER_EXTENSIONS: lambda: {extension.oid for extension in leaf.extensions} == LEAF_EXTENSIONS,
    }
    return CertificateVerdict(flaws=tuple(flaw for flaw, holds in demands.items() if not holds()), spki=_spki(leaf))


def _seat_names(room: RoomId, alias: Alias) -> x509.SubjectAlternativeName:
    urn = f"urn:lianping:room:{quote(room, safe='')}:seat:{quote(alias, safe='')}"
    return x509.SubjectAlternativeName([x509.UniformResourceIdentifier(urn)])


def _load_seat_key(spki: bytes) -> ec.EllipticCurvePublicKey:
    try:
        key = serialization.load_der_public_key(spki)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise SeatKeyUnfit from error
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        raise SeatKeyUnfit
    if _spki_of(key) != spki:  # a second spelling of the key would have another fingerprint
        raise SeatKeyUnfit
    return key


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
        and _has(issuer, AUTHORITY_CONSTRAINTS, critical=True)
        and _has(issuer, key_usage("key_cert_sign", "crl_sign"), critical=True)
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


def _has(certificate: x509.Certificate, wanted: x509.ExtensionType, *, critical: bool) -> bool:
    return any(found.value == wanted and found.critical == critical for found in certificate.extensions)


def _spki(certificate: x509.Certificate) -> bytes:
    return _spki_of(certificate.public_key())


def _spki_of(key: CertificatePublicKeyTypes) -> bytes:
    return key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
