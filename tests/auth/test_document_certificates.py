import subprocess
from datetime import timedelta
from pathlib import Path
from urllib.parse import unquote

import pytest
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from server.auth.certificates import issue_command_certificate, make_venue_issuer
from server.auth.document_certificates import (
    DOCUMENT_PURPOSES,
    issue_document_certificate,
    issue_seal_certificate,
    issue_timestamp_certificate,
    person_urn,
    verify_document_certificate,
    verify_seal_certificate,
)
from server.auth.leaf_verdicts import CertificateVerdict, Flaw, spki_of
from server.auth.rejections import SeatKeyUnfit
from server.auth.x509_authority import MAX_NAME_BYTES, Authority, LeafPlan, issue_leaf, key_usage, to_utc
from server.domain.ids import Alias, Millis, RoomId, VenueId

NOW = Millis(1_800_000_000_000)
HOUR = 3_600_000
ROOM, E3 = RoomId("r1"), Alias("E3")
KEY = ec.derive_private_key(7, ec.SECP256R1())
YI, BING = (make_venue_issuer(VenueId(venue), NOW) for venue in ("yi", "bing"))
NAMES = ["赵𬱖", "王龘", "买买提吐尔逊·阿卜杜热合曼·伊敏尼亚孜", "阿依古丽·买买提"]


def _issue(name: str = "王龘", issuer: Authority = YI, room: RoomId = ROOM, alias: Alias = E3) -> bytes:
    return issue_document_certificate(
        issuer, room=room, alias=alias, name=name, spki=spki_of(KEY.public_key()), now=NOW, serial=42
    )


def _verify(der: bytes, name: str = "王龘", at: int = NOW) -> CertificateVerdict:
    issuing_der = YI.certificate.public_bytes(Encoding.DER)
    return verify_document_certificate(der, issuing_der, room=ROOM, alias=E3, name=name, at=Millis(at))


def _common_name(certificate: x509.Certificate) -> str:
    (attribute,) = certificate.subject
    assert attribute.oid == NameOID.COMMON_NAME
    return str(attribute.value)


def _urns(certificate: x509.Certificate) -> list[str]:
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return names.get_values_for_type(x509.UniformResourceIdentifier)


@pytest.mark.parametrize("name", [*NAMES, "𬱖" * 30, "Ali 阿里", "علي 王", "a\u200bb\n"])
def test_certificate_of_any_name_holds_and_names_the_person_in_full(name: str) -> None:
    der = _issue(name)

    certificate = x509.load_der_x509_certificate(der)
    assert _verify(der, name) == CertificateVerdict(flaws=(), spki=spki_of(KEY.public_key()))
    assert len(_common_name(certificate).encode()) <= MAX_NAME_BYTES
    assert _urns(certificate) == ["urn:lianping:room:r1:seat:E3", person_urn(name)]
    assert unquote(_urns(certificate)[1]) == f"urn:lianping:person:{name}"
    assert asn1_x509.Certificate.load(der).subject.hashable  # prepares the name, and raises over one it refuses


def test_common_name_writes_out_what_verifiers_refuse() -> None:
    assert [_common_name(x509.load_der_x509_certificate(_issue(name))) for name in NAMES] == [
        "赵(U+2CC56)",
        *NAMES[1:],
    ]


def test_certificate_is_for_signing_documents_for_twelve_hours() -> None:
    certificate = x509.load_der_x509_certificate(_issue())

    found = {extension.oid: (extension.value, extension.critical) for extension in certificate.extensions}
    usage, purposes = key_usage("digital_signature", "content_commitment"), x509.ExtendedKeyUsage(DOCUMENT_PURPOSES)
    assert found[usage.oid] == (usage, True)
    assert found[purposes.oid] == (purposes, False)
    assert certificate.serial_number == 42
    assert certificate.not_valid_after_utc - certificate.not_valid_before_utc == timedelta(hours=12)


@pytest.mark.parametrize(
    ("der", "flaws"),
    [
        (_issue(alias=Alias("E4")), (Flaw.OTHER_SEAT,)),
        (_issue(room=RoomId("r2")), (Flaw.OTHER_SEAT,)),
        (_issue("王龙"), (Flaw.OTHER_PERSON,)),
        (_issue(issuer=BING), (Flaw.OTHER_ISSUER, Flaw.BAD_SIGNATURE)),
        (_issue(issuer=make_venue_issuer(VenueId("yi"), NOW)), (Flaw.BAD_SIGNATURE,)),
        (b"nonsense", (Flaw.UNREADABLE,)),
    ],
    ids=["alias", "room", "person", "venue", "namesake", "nonsense"],
)
def test_certificate_of_another_is_refused(der: bytes, flaws: tuple[Flaw, ...]) -> None:
    assert _verify(der).flaws == flaws


def test_people_whose_short_names_agree_are_told_apart() -> None:
    first, second = "买" * 30 + "甲", "买" * 30 + "乙"

    assert _verify(_issue(first), second).flaws == (Flaw.OTHER_PERSON,)


@pytest.mark.parametrize(("at", "flaw"), [(NOW - 1, Flaw.NOT_YET_VALID), (NOW + 12 * HOUR + 1, Flaw.EXPIRED)])
def test_certificate_is_judged_for_the_moment_asked_about(at: int, flaw: Flaw) -> None:
    assert flaw in _verify(_issue(), at=at).flaws


def test_command_certificate_signs_no_document() -> None:
    der = issue_command_certificate(YI, room=ROOM, alias=E3, spki=spki_of(KEY.public_key()), now=NOW)

    assert _verify(der).flaws == (Flaw.OTHER_PERSON, Flaw.USAGE_UNFIT, Flaw.OTHER_EXTENSIONS)


def test_names_that_are_no_uris_are_refused() -> None:
    plan = LeafPlan(
        common_name="王龘",
        public_key=KEY.public_key(),
        begins=to_utc(NOW),
        ends=to_utc(NOW) + timedelta(hours=1),
        names=x509.SubjectAlternativeName(
            [x509.DNSName("example"), x509.UniformResourceIdentifier(person_urn("王龘"))]
        ),
        usages=("digital_signature", "content_commitment"),
        purposes=DOCUMENT_PURPOSES,
        serial=42,
    )

    der = issue_leaf(YI, plan).public_bytes(Encoding.DER)

    assert _verify(der).flaws == (Flaw.OTHER_SEAT, Flaw.OTHER_PERSON, Flaw.OTHER_EXTENSIONS)


def test_unfit_key_gets_no_certificate() -> None:
    with pytest.raises(SeatKeyUnfit):
        issue_document_certificate(YI, room=ROOM, alias=E3, name="王龘", spki=b"", now=NOW)


def test_seal_names_the_venue_and_that_it_is_a_seal() -> None:
    name = "甲县公共资源交易中心" * 3

    seal = issue_seal_certificate(YI, venue=VenueId("yi"), venue_name=name, key=KEY.public_key(), now=NOW)

    assert _common_name(seal) == "甲县公共资源交易中心甲县公共资（电子印章）"
    assert [unquote(urn) for urn in _urns(seal)] == ["urn:lianping:venue:yi", f"urn:lianping:seal:{name}"]
    seal.verify_directly_issued_by(YI.certificate)


def _judge_seal(der: bytes, venue: str = "yi", name: str = "乙县") -> tuple[Flaw, ...]:
    issuing_der = YI.certificate.public_bytes(Encoding.DER)
    return verify_seal_certificate(der, issuing_der, venue=VenueId(venue), venue_name=name, at=NOW).flaws


def _seal(issuer: Authority = YI, venue: str = "yi", name: str = "乙县") -> bytes:
    certificate = issue_seal_certificate(issuer, venue=VenueId(venue), venue_name=name, key=KEY.public_key(), now=NOW)
    return certificate.public_bytes(Encoding.DER)


def test_seal_of_the_venue_holds_and_no_other_does() -> None:
    assert _judge_seal(_seal()) == ()
    assert _judge_seal(_seal(issuer=BING)) == (Flaw.OTHER_ISSUER, Flaw.BAD_SIGNATURE)
    assert _judge_seal(_seal(venue="bing")) == _judge_seal(_seal(name="丙县")) == (Flaw.OTHER_VENUE,)
    assert _judge_seal(_issue("乙县")) == (Flaw.OTHER_VENUE,)
    assert _judge_seal(b"rubbish") == (Flaw.UNREADABLE,)


def test_time_stamps_are_all_that_their_certificate_allows() -> None:
    certificate = issue_timestamp_certificate(YI, venue=VenueId("yi"), key=KEY.public_key(), now=NOW)

    purposes = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage)
    usage = certificate.extensions.get_extension_for_class(x509.KeyUsage)
    assert (list(purposes.value), purposes.critical) == ([ExtendedKeyUsageOID.TIME_STAMPING], True)
    assert usage.value == key_usage("digital_signature")
    certificate.verify_directly_issued_by(YI.certificate)


def test_no_certificate_outlives_its_issuer() -> None:
    later = Millis(NOW + 1000 * 86_400_000)

    ends = [
        issue_seal_certificate(
            YI, venue=VenueId("yi"), venue_name="乙县", key=KEY.public_key(), now=later
        ).not_valid_after_utc,
        issue_timestamp_certificate(YI, venue=VenueId("yi"), key=KEY.public_key(), now=later).not_valid_after_utc,
    ]

    assert ends == [YI.certificate.not_valid_after_utc] * 2


def test_openssl_agrees(tmp_path: Path) -> None:
    leaf, issuer = tmp_path / "leaf.pem", tmp_path / "issuer.pem"
    leaf.write_bytes(x509.load_der_x509_certificate(_issue("赵𬱖")).public_bytes(Encoding.PEM))
    issuer.write_bytes(YI.certificate.public_bytes(Encoding.PEM))
    at = str((NOW + HOUR) // 1000)

    said = subprocess.run(
        ["openssl", "verify", "-x509_strict", "-purpose", "smimesign", "-CAfile", issuer, "-attime", at, leaf],
        capture_output=True,
        text=True,
        check=False,
    )

    assert said.stdout == f"{leaf}: OK\n"
