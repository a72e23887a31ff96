"""Certificates for signing documents: the person at a seat by name, the main venue's seal, and its time-stamp service.

The venue where a person sits certifies that the seat's document key speaks for this person, and nothing of the command
key: one key for both would link alias and name. Each is issued directly below a venue's issuing certificate, which the
room's first event names: those are the trust anchors of every signed document.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from urllib.parse import quote

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, ExtensionOID, ObjectIdentifier

from server.auth.certificates import LEAF_EXTENSIONS, SESSION_S, alternative_names, load_seat_key, seat_urn
from server.auth.leaf_verdicts import CertificateVerdict, Flaw, has_extension, judge_leaf
from server.auth.x509_authority import (
    LEAF_CONSTRAINTS,
    Authority,
    LeafPlan,
    common_name_only,
    issue_leaf,
    key_usage,
    safe_common_name,
    to_utc,
)
from server.domain.ids import Alias, Millis, RoomId, VenueId

DOCUMENT_USAGES = ("digital_signature", "content_commitment")
DOCUMENT_SIGNING = ObjectIdentifier("1.3.6.1.5.5.7.3.36")
"Source: RFC 9336, 3.1."
DOCUMENT_PURPOSES = (DOCUMENT_SIGNING, ExtendedKeyUsageOID.EMAIL_PROTECTION)
"The second is what NSS, and so pdfsig, trusts for signatures."

DOCUMENT_EXTENSIONS = LEAF_EXTENSIONS | {ExtensionOID.EXTENDED_KEY_USAGE}

SEAL_LIFETIME = timedelta(days=3650)
"Of seal and time-stamp certificates; never beyond their issuer's."
SEAL_ENDING = "（电子印章）"


def issue_document_certificate(
    venue_issuer: Authority,
    *,
    room: RoomId,
    alias: Alias,
    name: str,
    spki: bytes,
    now: Millis,
    lifetime_s: int = SESSION_S,
    serial: int | None = None,
) -> bytes:
    """The certificate (DER) for the key with which a person signs documents; `serial` is drawn if not given.

    Raises:
        SeatKeyUnfit: `spki` is no P-256 key in the form that browsers export.
    """
    plan = LeafPlan(
        common_name=safe_common_name(name),
        public_key=load_seat_key(spki),
        begins=to_utc(now),
        ends=to_utc(now) + timedelta(seconds=lifetime_s),
        names=alternative_names(seat_urn(room, alias), person_urn(name)),
        usages=DOCUMENT_USAGES,
        purposes=DOCUMENT_PURPOSES,
        serial=x509.random_serial_number() if serial is None else serial,
    )
    return issue_leaf(venue_issuer, plan).public_bytes(serialization.Encoding.DER)


def verify_document_certificate(
    der: bytes, issuing_der: bytes, *, room: RoomId, alias: Alias, name: str, at: Millis
) -> CertificateVerdict:
    """Whether the certificate binds a key to this person at this seat at the moment `at`, with every reason if not."""

    def demands(leaf: x509.Certificate) -> Mapping[Flaw, bool]:
        urns = _urns(leaf)
        subject = common_name_only(safe_common_name(name))
        return {
            Flaw.OTHER_SEAT: urns[:1] == [seat_urn(room, alias)],
            Flaw.OTHER_PERSON: urns[1:] == [person_urn(name)] and leaf.subject == subject,
            **_signs_documents(leaf, urns),
        }

    return judge_leaf(der, issuing_der, at, demands)


def is_current(der: bytes, now: Millis) -> bool:
    """Whether a certificate that this server issued has not expired."""
    return to_utc(now) <= x509.load_der_x509_certificate(der).not_valid_after_utc


def verify_seal_certificate(
    der: bytes, issuing_der: bytes, *, venue: VenueId, venue_name: str, at: Millis
) -> CertificateVerdict:
    """Whether the certificate is that of the venue's electronic seal at the moment `at`, with every reason if not."""

    def demands(leaf: x509.Certificate) -> Mapping[Flaw, bool]:
        urns = _urns(leaf)
        subject = common_name_only(safe_common_name(venue_name, SEAL_ENDING))
        is_seal = urns == [_venue_urn(venue), _seal_urn(venue_name)] and leaf.subject == subject
        return {Flaw.OTHER_VENUE: is_seal, **_signs_documents(leaf, urns)}

    return judge_leaf(der, issuing_der, at, demands)


def _signs_documents(leaf: x509.Certificate, urns: Sequence[str]) -> Mapping[Flaw, bool]:
    """What every certificate must be that documents are signed with."""
    kinds = {extension.oid for extension in leaf.extensions}
    return {
        Flaw.USAGE_UNFIT: has_extension(leaf, key_usage(*DOCUMENT_USAGES), critical=True)
        and has_extension(leaf, x509.ExtendedKeyUsage(DOCUMENT_PURPOSES), critical=False)
        and has_extension(leaf, LEAF_CONSTRAINTS, critical=True),
        Flaw.OTHER_EXTENSIONS: kinds == DOCUMENT_EXTENSIONS
        and has_extension(leaf, alternative_names(*urns), critical=False),
    }


def issue_seal_certificate(
    venue_issuer: Authority, *, venue: VenueId, venue_name: str, key: ec.EllipticCurvePublicKey, now: Millis
) -> x509.Certificate:
    """The certificate of a venue's electronic seal (电子印章)."""
    plan = LeafPlan(
        common_name=safe_common_name(venue_name, SEAL_ENDING),
        public_key=key,
        begins=to_utc(now),
        ends=_last_moment(venue_issuer, now),
        names=alternative_names(_venue_urn(venue), _seal_urn(venue_name)),
        usages=DOCUMENT_USAGES,
        purposes=DOCUMENT_PURPOSES,
        serial=x509.random_serial_number(),
    )
    return issue_leaf(venue_issuer, plan)


def issue_timestamp_certificate(
    venue_issuer: Authority, *, venue: VenueId, key: ec.EllipticCurvePublicKey, now: Millis
) -> x509.Certificate:
    """The certificate of a venue's time-stamp service. Source: RFC 3161, 2.3 (one purpose, critical)."""
    plan = LeafPlan(
        common_name=safe_common_name(f"Lianping timestamps {venue}"),
        public_key=key,
        begins=to_utc(now),
        ends=_last_moment(venue_issuer, now),
        names=alternative_names(_venue_urn(venue)),
        purposes=(ExtendedKeyUsageOID.TIME_STAMPING,),
        purposes_critical=True,
        serial=x509.random_serial_number(),
    )
    return issue_leaf(venue_issuer, plan)


def person_urn(name: str) -> str:
    """A person's full name in certificates, whatever characters it has."""
    return f"urn:lianping:person:{quote(name, safe='')}"


def _urns(leaf: x509.Certificate) -> list[str]:
    """The alternative names, if they are nothing but URIs."""
    for extension in leaf.extensions:
        if isinstance(extension.value, x509.SubjectAlternativeName):
            uris = extension.value.get_values_for_type(x509.UniformResourceIdentifier)
            return uris if len(uris) == len(extension.value) else []
    return []


def _venue_urn(venue: VenueId) -> str:
    return f"urn:lianping:venue:{quote(venue, safe='')}"


def _seal_urn(venue_name: str) -> str:
    return f"urn:lianping:seal:{quote(venue_name, safe='')}"


def _last_moment(issuer: Authority, now: Millis) -> datetime:
    return min(to_utc(now) + SEAL_LIFETIME, issuer.certificate.not_valid_after_utc)
