"""Command certificates: a venue certifies that a key speaks for one alias in one room, and says nothing of the person.

Each venue issues for the people who sit there, with a key of its own; the room's first event names the venues' issuing
certificates. Source: RFC 5280, 4.
"""

from collections.abc import Mapping
from datetime import timedelta
from urllib.parse import quote

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtensionOID, NameOID

from server.auth.leaf_verdicts import CertificateVerdict, Flaw, has_extension, judge_leaf, spki_of
from server.auth.rejections import SeatKeyUnfit
from server.auth.x509_authority import (
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

LEAF_EXTENSIONS = frozenset(
    {
        ExtensionOID.BASIC_CONSTRAINTS,
        ExtensionOID.KEY_USAGE,
        ExtensionOID.SUBJECT_ALTERNATIVE_NAME,
        ExtensionOID.SUBJECT_KEY_IDENTIFIER,
        ExtensionOID.AUTHORITY_KEY_IDENTIFIER,
    }
)


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
        public_key=load_seat_key(spki),
        begins=to_utc(now),
        ends=to_utc(now) + timedelta(seconds=lifetime_s),
        names=alternative_names(seat_urn(room, alias)),
        serial=x509.random_serial_number() if serial is None else serial,
    )
    return issue_leaf(venue_issuer, plan).public_bytes(serialization.Encoding.DER)


def verify_command_certificate(
    der: bytes, issuing_der: bytes, *, room: RoomId, alias: Alias, at: Millis
) -> CertificateVerdict:
    """Whether the certificate binds a key to this alias in this room at the moment `at`, with every reason if not."""

    def demands(leaf: x509.Certificate) -> Mapping[Flaw, bool]:
        return {
            Flaw.OTHER_ALIAS: [(part.oid, part.value) for part in leaf.subject] == [(NameOID.COMMON_NAME, alias)],
            Flaw.OTHER_SEAT: has_extension(leaf, alternative_names(seat_urn(room, alias)), critical=False),
            Flaw.USAGE_UNFIT: has_extension(leaf, key_usage("digital_signature"), critical=True)
            and has_extension(leaf, LEAF_CONSTRAINTS, critical=True),
            Flaw.OTHER_EXTENSIONS: {extension.oid for extension in leaf.extensions} == LEAF_EXTENSIONS,
        }

    return judge_leaf(der, issuing_der, at, demands)


def seat_urn(room: RoomId, alias: Alias) -> str:
    """The name of a seat in certificates; no two seats share one, whatever their ids hold."""
    return f"urn:lianping:room:{quote(room, safe='')}:seat:{quote(alias, safe='')}"


def alternative_names(*urns: str) -> x509.SubjectAlternativeName:
    """The subject's other names in a certificate."""
    return x509.SubjectAlternativeName([x509.UniformResourceIdentifier(urn) for urn in urns])


def load_seat_key(spki: bytes) -> ec.EllipticCurvePublicKey:
    """The public key that a page offers.

    Raises:
        SeatKeyUnfit: it is no P-256 key in the form that browsers export.
    """
    try:
        key = serialization.load_der_public_key(spki)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise SeatKeyUnfit from error
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        raise SeatKeyUnfit
    if spki_of(key) != spki:  # a second spelling of the key would have another fingerprint
        raise SeatKeyUnfit
    return key
