from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

from server.auth.certificates import make_venue_issuer
from server.auth.certified_keys import CertifiedKey, open_certified_key
from server.auth.document_certificates import issue_seal_certificate
from server.auth.rejections import IssuerExpired, LoosePermissions, SecretsDamaged
from server.auth.x509_authority import Authority
from server.domain.ids import Millis, VenueId

NOW = Millis(1_800_000_000_000)
YEAR = 365 * 86_400_000
YI = VenueId("yi")
ISSUER = make_venue_issuer(YI, NOW)


def _open(folder: Path, issuer: Authority = ISSUER, name: str = "乙县", now: int = NOW) -> CertifiedKey:
    def certify(key: ec.EllipticCurvePublicKey) -> x509.Certificate:
        return issue_seal_certificate(issuer, venue=YI, venue_name=name, key=key, now=Millis(now))

    return open_certified_key(folder, issuer, certify, Millis(now))


def test_key_and_certificate_are_made_once(tmp_path: Path) -> None:
    made = _open(tmp_path / "seal")

    later = _open(tmp_path / "seal", now=NOW + YEAR)

    assert later.certificate == made.certificate
    assert later.key.private_numbers() == made.key.private_numbers()
    assert made.certificate.public_key() == made.key.public_key()
    assert made.issuer == ISSUER.certificate
    assert [path.stat().st_mode & 0o777 for path in sorted((tmp_path / "seal").iterdir())] == [0o600] * 2


@pytest.mark.parametrize("name", ["乙县新中心", "乙县"])
def test_certificate_is_renewed_when_name_or_issuer_change_and_the_key_stays(tmp_path: Path, name: str) -> None:
    made = _open(tmp_path / "seal")
    issuer = ISSUER if name != "乙县" else make_venue_issuer(YI, NOW)

    renewed = _open(tmp_path / "seal", issuer, name)

    assert renewed.certificate != made.certificate
    assert renewed.certificate.public_key() == made.certificate.public_key()
    renewed.certificate.verify_directly_issued_by(issuer.certificate)
    assert _open(tmp_path / "seal", issuer, name).certificate == renewed.certificate


def test_certificate_that_has_expired_is_renewed(tmp_path: Path) -> None:
    made = _open(tmp_path / "seal", make_venue_issuer(YI, Millis(NOW - 9 * YEAR)))
    issuer = make_venue_issuer(YI, Millis(NOW + 2 * YEAR))

    renewed = _open(tmp_path / "seal", issuer, now=NOW + 3 * YEAR)

    assert made.certificate.not_valid_after_utc < renewed.certificate.not_valid_before_utc
    assert renewed.key.private_numbers() == made.key.private_numbers()


def test_nobody_certifies_once_the_issuer_has_expired(tmp_path: Path) -> None:
    with pytest.raises(IssuerExpired) as caught:
        _open(tmp_path / "seal", now=NOW + 11 * YEAR)

    assert str(caught.value).startswith("The issuing certificate CN=Lianping venue yi has expired")


def test_damaged_or_open_files_are_refused(tmp_path: Path) -> None:
    _open(tmp_path / "seal")
    (tmp_path / "seal/signing.pem").write_bytes(b"nonsense")
    with pytest.raises(SecretsDamaged):
        _open(tmp_path / "seal")
    (tmp_path / "seal/signing.pem").write_bytes(ISSUER.certificate.public_bytes(Encoding.PEM))
    (tmp_path / "seal/signing.key").chmod(0o644)
    with pytest.raises(LoosePermissions):
        _open(tmp_path / "seal")


def test_key_is_not_shown(tmp_path: Path) -> None:
    assert repr(_open(tmp_path / "seal")) == "CertifiedKey(hidden)"
