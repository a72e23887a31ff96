from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID

from server.auth.private_files import create_private_folder
from server.auth.private_keys import private_pem
from server.auth.rejections import SecretsDamaged
from server.auth.x509_authority import (
    Authority,
    LeafPlan,
    authority_files,
    common_name_only,
    issue_leaf,
    key_usage,
    last_crl,
    make_authority,
    read_authority,
    safe_common_name,
    to_utc,
)
from server.domain.ids import Millis

BEGINS = to_utc(Millis(1_800_000_000_000))
DAY = timedelta(days=1)
LEAF_KEY = ec.derive_private_key(7, ec.SECP256R1())
NAMES = x509.SubjectAlternativeName([x509.DNSName("example")])


def _plan(*purposes: x509.ObjectIdentifier) -> LeafPlan:
    return LeafPlan(
        common_name="leaf",
        public_key=LEAF_KEY.public_key(),
        begins=BEGINS,
        ends=BEGINS + DAY,
        names=NAMES,
        purposes=purposes,
        serial=42,
    )


@pytest.fixture
def authority() -> Authority:
    return make_authority("乙县 authority", BEGINS, 10 * DAY)


def test_authority_signs_itself_and_no_further_authorities(authority: Authority) -> None:
    certificate = authority.certificate

    certificate.verify_directly_issued_by(certificate)
    assert certificate.public_key() == authority.key.public_key()
    assert certificate.subject == common_name_only("乙县 authority")
    assert (certificate.not_valid_before_utc, certificate.not_valid_after_utc) == (BEGINS, BEGINS + 10 * DAY)
    assert [(extension.value, extension.critical) for extension in certificate.extensions] == [
        (x509.BasicConstraints(ca=True, path_length=0), True),
        (key_usage("key_cert_sign", "crl_sign"), True),
        (x509.SubjectKeyIdentifier.from_public_key(authority.key.public_key()), False),
    ]


def test_leaf_says_what_was_planned(authority: Authority) -> None:
    leaf = issue_leaf(authority, _plan(ExtendedKeyUsageOID.SERVER_AUTH))

    leaf.verify_directly_issued_by(authority.certificate)
    assert (leaf.serial_number, leaf.subject, leaf.public_key()) == (
        42,
        common_name_only("leaf"),
        LEAF_KEY.public_key(),
    )
    assert (leaf.not_valid_before_utc, leaf.not_valid_after_utc) == (BEGINS, BEGINS + DAY)
    assert [(extension.value, extension.critical) for extension in leaf.extensions] == [
        (x509.BasicConstraints(ca=False, path_length=None), True),
        (key_usage("digital_signature"), True),
        (NAMES, False),
        (x509.SubjectKeyIdentifier.from_public_key(LEAF_KEY.public_key()), False),
        (x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.key.public_key()), False),
        (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), False),
    ]


def test_leaf_without_purposes_has_no_such_extension(authority: Authority) -> None:
    leaf = issue_leaf(authority, _plan())

    with pytest.raises(x509.ExtensionNotFound):
        leaf.extensions.get_extension_for_class(x509.ExtendedKeyUsage)


def test_authority_is_read_back(tmp_path: Path, authority: Authority) -> None:
    create_private_folder(tmp_path / "ca", authority_files(authority))

    found = read_authority(tmp_path / "ca")

    assert found.certificate == authority.certificate
    assert found.key.private_numbers() == authority.key.private_numbers()


@pytest.mark.parametrize(
    ("name", "content", "detail"),
    [
        ("authority.pem", b"nonsense", "is unreadable"),
        ("authority.key", b"nonsense", "is unreadable"),
        ("authority.key", private_pem(LEAF_KEY), "belongs to another key"),
    ],
)
def test_damaged_authority_is_refused(
    tmp_path: Path, authority: Authority, name: str, content: bytes, detail: str
) -> None:
    create_private_folder(tmp_path / "ca", authority_files(authority) | {name: content})

    with pytest.raises(SecretsDamaged) as caught:
        read_authority(tmp_path / "ca")

    assert caught.value.facts["detail"] == detail


def test_key_usage_allows_nothing_but_what_is_named() -> None:
    usage = key_usage("digital_signature")

    assert usage.public_bytes() == bytes.fromhex("03020780")
    assert (usage.digital_signature, usage.key_cert_sign, usage.content_commitment) == (True, False, False)


def test_to_utc_counts_milliseconds_from_1970() -> None:
    assert to_utc(Millis(1_800_000_000_123)).isoformat() == "2027-01-15T08:00:00.123000+00:00"


def test_leaf_may_be_for_more_uses_and_for_one_purpose_alone(authority: Authority) -> None:
    plan = msgspec.structs.replace(
        _plan(ExtendedKeyUsageOID.TIME_STAMPING),
        usages=("digital_signature", "content_commitment"),
        purposes_critical=True,
    )

    leaf = issue_leaf(authority, plan)

    usage = leaf.extensions.get_extension_for_class(x509.KeyUsage)
    assert usage.value == key_usage("digital_signature", "content_commitment")
    assert leaf.extensions.get_extension_for_class(x509.ExtendedKeyUsage).critical


def test_last_revocation_list_is_empty_and_good_for_long(authority: Authority) -> None:
    crl = x509.load_der_x509_crl(last_crl(authority, Millis(1_800_000_000_000), 7000 * DAY))

    assert list(crl) == []
    assert crl.issuer == authority.certificate.subject
    assert crl.is_signature_valid(authority.key.public_key())
    assert (crl.last_update_utc, crl.next_update_utc) == (BEGINS, BEGINS + 7000 * DAY)


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("王龘", "王龘"),
        ("赵𬱖", "赵(U+2CC56)"),
        ("鿍", "(U+9FCD)"),
        ("阿依古丽·买买提", "阿依古丽·买买提"),
        ("علي", "علي"),
        ("علي 王", "(U+0639)(U+0644)(U+064A) 王"),
        ("a\nb\ue000", "a(U+000A)b(U+E000)"),
        ("王" * 22, "王" * 21),
        ("王" * 20 + "𬱖", "王" * 20),
    ],
)
def test_name_is_made_one_that_certificates_can_carry(name: str, safe: str) -> None:
    assert safe_common_name(name) == safe


def test_ending_of_a_name_is_kept_whole() -> None:
    assert safe_common_name("甲" * 30, "（印章）") == "甲" * 17 + "（印章）"
