import subprocess
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.x509.oid import NameOID

from server.auth.certificates import (
    issue_command_certificate,
    make_venue_issuer,
    verify_command_certificate,
)
from server.auth.leaf_verdicts import CertificateVerdict, Flaw
from server.auth.rejections import SeatKeyUnfit
from server.auth.x509_authority import Authority, common_name_only, key_usage, to_utc
from server.domain.ids import Alias, Millis, RoomId, VenueId

NOW = Millis(1_800_000_000_000)
HOUR = 3_600_000
ROOM, E3 = RoomId("r1"), Alias("E3")
SEAT_KEY = ec.derive_private_key(7, ec.SECP256R1())
YI = make_venue_issuer(VenueId("yi"), NOW)


def _der(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.DER)


def _spki(key: ec.EllipticCurvePrivateKey | Ed25519PrivateKey) -> bytes:
    return key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)


def _issue(venue_issuer: Authority = YI, alias: Alias = E3, room: RoomId = ROOM) -> bytes:
    return issue_command_certificate(venue_issuer, room=room, alias=alias, spki=_spki(SEAT_KEY), now=NOW, serial=42)


def _verify(der: bytes, issuing_der: bytes = _der(YI.certificate), at: int = NOW) -> CertificateVerdict:
    return verify_command_certificate(der, issuing_der, room=ROOM, alias=E3, at=Millis(at))


def _flaws(der: bytes, issuing_der: bytes = _der(YI.certificate), at: int = NOW) -> set[Flaw]:
    return set(_verify(der, issuing_der, at).flaws)


def _forge(
    *extensions: tuple[x509.ExtensionType, bool],
    key: ec.EllipticCurvePrivateKey | Ed25519PrivateKey = SEAT_KEY,
    subject: x509.Name | None = None,
    issuer: Authority = YI,
    digest: hashes.SHA256 | hashes.SHA384 | None = None,
) -> bytes:
    """A certificate that the venue's key signed outside of `issue_command_certificate`."""
    begins = to_utc(NOW)
    builder = x509.CertificateBuilder(
        subject_name=subject or common_name_only(E3),
        issuer_name=issuer.certificate.subject,
        public_key=key.public_key(),
        serial_number=42,
        not_valid_before=begins,
        not_valid_after=begins + timedelta(hours=12),
    )
    for extension, critical in extensions or _proper_extensions():
        builder = builder.add_extension(extension, critical)
    return _der(builder.sign(issuer.key, digest or hashes.SHA256()))


def _proper_extensions() -> list[tuple[x509.ExtensionType, bool]]:
    leaf = x509.load_der_x509_certificate(_issue())
    return [(extension.value, extension.critical) for extension in leaf.extensions]


def _swapped(extension: x509.ExtensionType, *, critical: bool) -> list[tuple[x509.ExtensionType, bool]]:
    """The proper extensions with this one in place of its like."""
    others = [pair for pair in _proper_extensions() if pair[0].oid != extension.oid]
    return [*others, (extension, critical)]


def test_certificate_names_alias_and_room_and_no_person() -> None:
    leaf = x509.load_der_x509_certificate(_issue())

    names = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert [(attribute.oid, attribute.value) for attribute in leaf.subject] == [(NameOID.COMMON_NAME, "E3")]
    assert list(names) == [x509.UniformResourceIdentifier("urn:lianping:room:r1:seat:E3")]
    assert leaf.serial_number == 42


def test_certificate_lives_twelve_hours() -> None:
    leaf = x509.load_der_x509_certificate(_issue())

    lifetime: list[datetime] = [leaf.not_valid_before_utc, leaf.not_valid_after_utc]
    assert lifetime == [to_utc(NOW), to_utc(NOW) + timedelta(hours=12)]


def test_certificate_draws_a_serial_when_none_is_given() -> None:
    ders = [
        issue_command_certificate(YI, room=ROOM, alias=E3, spki=_spki(SEAT_KEY), now=NOW, lifetime_s=60)
        for _ in range(2)
    ]

    serials = {x509.load_der_x509_certificate(der).serial_number for der in ders}
    assert len(serials) == 2


def test_names_with_separators_cannot_imitate_another_seat() -> None:
    der = _issue(alias=Alias("E3"), room=RoomId("r1:seat:E9"))

    names = x509.load_der_x509_certificate(der).extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert list(names) == [x509.UniformResourceIdentifier("urn:lianping:room:r1%3Aseat%3AE9:seat:E3")]


@pytest.mark.parametrize(
    "spki",
    [
        b"",
        b"nonsense",
        _spki(ec.derive_private_key(7, ec.SECP384R1())),
        _spki(Ed25519PrivateKey.from_private_bytes(bytes(32))),
        _spki(SEAT_KEY) + b"\0",
        bytes.fromhex("3039301306072a8648ce3d020106082a8648ce3d030107032200")
        + SEAT_KEY.public_key().public_bytes(serialization.Encoding.X962, serialization.PublicFormat.CompressedPoint),
    ],
    ids=["empty", "nonsense", "P-384", "Ed25519", "longer", "compressed"],
)
def test_unfit_keys_get_no_certificate(spki: bytes) -> None:
    with pytest.raises(SeatKeyUnfit):
        issue_command_certificate(YI, room=ROOM, alias=E3, spki=spki, now=NOW)


@pytest.mark.parametrize("at", [NOW, NOW + 12 * HOUR], ids=["first moment", "last moment"])
def test_certificate_holds_within_its_time(at: int) -> None:
    assert _verify(_issue(), at=at) == CertificateVerdict(flaws=(), spki=_spki(SEAT_KEY))


@pytest.mark.parametrize(
    ("at", "flaws"),
    [
        (NOW - 1, {Flaw.NOT_YET_VALID, Flaw.ISSUER_NOT_VALID_THEN}),
        (NOW + 12 * HOUR + 1, {Flaw.EXPIRED}),
        (NOW + 10 * 366 * 24 * HOUR, {Flaw.EXPIRED, Flaw.ISSUER_NOT_VALID_THEN}),
        (2**53, {Flaw.EXPIRED, Flaw.ISSUER_NOT_VALID_THEN}),
    ],
)
def test_certificate_is_judged_for_the_moment_asked_about(at: int, flaws: set[Flaw]) -> None:
    assert _flaws(_issue(), at=at) == flaws


def test_certificate_of_another_seat_is_refused() -> None:
    assert _flaws(_issue(alias=Alias("E4"))) == {Flaw.OTHER_ALIAS, Flaw.OTHER_SEAT}
    assert _flaws(_issue(room=RoomId("r2"))) == {Flaw.OTHER_SEAT}


def test_certificate_of_another_venue_is_refused() -> None:
    bing = make_venue_issuer(VenueId("bing"), NOW)

    verdict = _verify(_issue(bing))

    assert verdict.flaws == (Flaw.OTHER_ISSUER, Flaw.BAD_SIGNATURE)


def test_certificate_of_a_venues_namesake_is_refused() -> None:
    namesake = make_venue_issuer(VenueId("yi"), NOW)

    assert _verify(_issue(namesake)).flaws == (Flaw.BAD_SIGNATURE,)


def test_verdict_gives_every_reason() -> None:
    elsewhere = make_venue_issuer(VenueId("bing"), NOW)
    der = _issue(elsewhere, alias=Alias("E4"))

    assert _flaws(der, at=NOW - 1) == {
        Flaw.ISSUER_NOT_VALID_THEN,
        Flaw.OTHER_ISSUER,
        Flaw.BAD_SIGNATURE,
        Flaw.NOT_YET_VALID,
        Flaw.OTHER_ALIAS,
        Flaw.OTHER_SEAT,
    }


def test_forging_helper_makes_a_certificate_that_holds() -> None:
    assert _flaws(_forge()) == set()


def test_certificate_that_names_a_person_is_refused() -> None:
    subject = x509.Name([*common_name_only(E3), x509.NameAttribute(NameOID.SURNAME, "王")])

    assert _flaws(_forge(subject=subject)) == {Flaw.OTHER_ALIAS}


def test_certificate_for_two_seats_is_refused() -> None:
    urns = [f"urn:lianping:room:r1:seat:{alias}" for alias in ("E3", "E4")]
    names = x509.SubjectAlternativeName([x509.UniformResourceIdentifier(urn) for urn in urns])

    assert _flaws(_forge(*_swapped(names, critical=False))) == {Flaw.OTHER_SEAT}


@pytest.mark.parametrize(
    ("extension", "critical"),
    [
        (x509.BasicConstraints(ca=True, path_length=None), True),
        (x509.BasicConstraints(ca=False, path_length=None), False),
        (key_usage("digital_signature", "key_cert_sign"), True),
        (key_usage("key_agreement"), True),
    ],
)
def test_certificate_for_another_use_is_refused(extension: x509.ExtensionType, critical: bool) -> None:
    assert _flaws(_forge(*_swapped(extension, critical=critical))) == {Flaw.USAGE_UNFIT}


def test_certificate_with_unknown_or_missing_extensions_is_refused() -> None:
    unknown = x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4"), b"\x05\x00")
    one_more = [*_proper_extensions(), (unknown, True)]
    one_less = [pair for pair in _proper_extensions() if not isinstance(pair[0], x509.SubjectKeyIdentifier)]

    assert _flaws(_forge(*one_more)) == {Flaw.OTHER_EXTENSIONS}
    assert _flaws(_forge(*one_less)) == {Flaw.OTHER_EXTENSIONS}


@pytest.mark.parametrize(
    "key", [ec.derive_private_key(7, ec.SECP384R1()), Ed25519PrivateKey.from_private_bytes(bytes(32))]
)
def test_certificate_for_another_kind_of_key_is_refused(
    key: ec.EllipticCurvePrivateKey | Ed25519PrivateKey,
) -> None:
    assert _verify(_forge(key=key)) == CertificateVerdict(flaws=(Flaw.KEY_UNFIT,), spki=_spki(key))


def test_certificate_signed_in_another_way_is_refused() -> None:
    assert _flaws(_forge(digest=hashes.SHA384())) == {Flaw.BAD_SIGNATURE}


def test_seat_cannot_issue_for_others() -> None:
    leaf = x509.load_der_x509_certificate(_issue())
    usurper = Authority(key=SEAT_KEY, certificate=leaf)

    assert _flaws(_forge(issuer=usurper), _der(leaf)) == {Flaw.ISSUER_NO_AUTHORITY}


def test_issuer_with_a_key_of_another_kind_is_refused() -> None:
    key = Ed25519PrivateKey.from_private_bytes(bytes(32))
    certificate = (
        x509.CertificateBuilder(YI.certificate.subject, YI.certificate.subject, key.public_key(), 1)
        .not_valid_before(to_utc(NOW))
        .not_valid_after(to_utc(NOW) + timedelta(days=1))
        .sign(key, None)
    )

    assert _flaws(_issue(), _der(certificate)) == {Flaw.ISSUER_NO_AUTHORITY, Flaw.BAD_SIGNATURE}


def test_bytes_that_are_no_certificate_are_named() -> None:
    assert _verify(b"nonsense") == CertificateVerdict(flaws=(Flaw.UNREADABLE,), spki=None)
    assert _verify(_issue(), b"nonsense") == CertificateVerdict(flaws=(Flaw.ISSUER_UNREADABLE,), spki=_spki(SEAT_KEY))
    assert _verify(b"", b"").flaws == (Flaw.UNREADABLE, Flaw.ISSUER_UNREADABLE)


@pytest.mark.filterwarnings("ignore:Parsed a serial number:Warning")  # some changes make it negative
def test_no_changed_bit_goes_unnoticed() -> None:
    der = next(der for der in (_issue() for _ in range(100)) if der[-1] % 2 == 0)  # a last bit that could be "unused"

    unnoticed = [
        (place, bit)
        for place in range(len(der))
        for bit in range(8)
        if _verify(der[:place] + bytes([der[place] ^ 1 << bit]) + der[place + 1 :]).flaws == ()
    ]

    assert unnoticed == []


def test_openssl_agrees(tmp_path: Path) -> None:
    leaf, issuer = tmp_path / "leaf.pem", tmp_path / "issuer.pem"
    leaf.write_bytes(x509.load_der_x509_certificate(_issue()).public_bytes(serialization.Encoding.PEM))
    issuer.write_bytes(YI.certificate.public_bytes(serialization.Encoding.PEM))
    command = ["openssl", "verify", "-x509_strict", "-CAfile", str(issuer), "-attime"]

    during, after = (
        subprocess.run([*command, str((NOW + offset) // 1000), str(leaf)], capture_output=True, text=True, check=False)
        for offset in (HOUR, 13 * HOUR)
    )

    assert during.stdout == f"{leaf}: OK\n"
    assert "certificate has expired" in after.stderr
