from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

from server.auth.certificates import issue_command_certificate, make_venue_issuer
from server.auth.leaf_verdicts import CertificateVerdict, Flaw, has_extension, judge_leaf, spki_of
from server.auth.x509_authority import LEAF_CONSTRAINTS, key_usage
from server.domain.ids import Alias, Millis, RoomId, VenueId

NOW = Millis(1_800_000_000_000)
SPKI = spki_of(ec.derive_private_key(7, ec.SECP256R1()).public_key())
YI = make_venue_issuer(VenueId("yi"), NOW)
YI_DER = YI.certificate.public_bytes(Encoding.DER)
LEAF = issue_command_certificate(YI, room=RoomId("r1"), alias=Alias("E3"), spki=SPKI, now=NOW)


def test_leaf_that_meets_every_demand_holds() -> None:
    assert judge_leaf(LEAF, YI_DER, NOW, lambda leaf: {Flaw.OTHER_PERSON: True}) == CertificateVerdict(
        flaws=(), spki=SPKI
    )


def test_unmet_demands_stand_beside_what_every_leaf_must_be() -> None:
    verdict = judge_leaf(LEAF, YI_DER, Millis(NOW - 1), lambda leaf: {Flaw.OTHER_PERSON: False, Flaw.OTHER_SEAT: True})

    assert verdict.flaws == (Flaw.ISSUER_NOT_VALID_THEN, Flaw.NOT_YET_VALID, Flaw.OTHER_PERSON)


def test_demands_are_asked_of_readable_leaves_only() -> None:
    def never(leaf: x509.Certificate) -> dict[Flaw, bool]:
        raise AssertionError

    assert judge_leaf(b"", b"", NOW, never).flaws == (Flaw.UNREADABLE, Flaw.ISSUER_UNREADABLE)


def test_extension_is_found_only_as_critical_as_asked() -> None:
    leaf = x509.load_der_x509_certificate(LEAF)

    assert has_extension(leaf, LEAF_CONSTRAINTS, critical=True)
    assert not has_extension(leaf, LEAF_CONSTRAINTS, critical=False)
    assert not has_extension(leaf, key_usage("key_agreement"), critical=True)
