"""A signing key that stays, with a certificate that is renewed: a venue's seal and its time-stamp service."""

from collections.abc import Callable
from pathlib import Path

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from server.auth.private_files import create_private_folder, read_private_file, replace_private_file
from server.auth.private_keys import private_pem, read_p256_key
from server.auth.rejections import IssuerExpired, SecretsDamaged
from server.auth.x509_authority import Authority, to_utc
from server.domain.ids import Millis

KEY_FILE = "signing.key"
CERTIFICATE_FILE = "signing.pem"


class CertifiedKey(msgspec.Struct, frozen=True, kw_only=True):
    """A P-256 key, its certificate, and the self-signed certificate of who issued it."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate
    issuer: x509.Certificate

    def __repr__(self) -> str:
        return "CertifiedKey(hidden)"


def open_certified_key(
    folder: Path, issuer: Authority, certify: Callable[[ec.EllipticCurvePublicKey], x509.Certificate], now: Millis
) -> CertifiedKey:
    """The key in a private folder, made now if there is none, with a certificate that is as `certify` would make it.

    Raises:
        LoosePermissions: others may read the folder or a file in it.
        SecretsDamaged: a file is missing or unreadable.
        IssuerExpired: nobody can certify the key any more.
    """
    if issuer.certificate.not_valid_after_utc <= to_utc(now):
        raise IssuerExpired(name=issuer.certificate.subject.rfc4514_string())
    if not folder.exists():
        key = ec.generate_private_key(ec.SECP256R1())
        files = {KEY_FILE: private_pem(key), CERTIFICATE_FILE: _pem(certify(key.public_key()))}
        create_private_folder(folder, files)
    key = read_p256_key(folder / KEY_FILE)
    wanted = certify(key.public_key())
    certificate = _read_certificate(folder / CERTIFICATE_FILE)
    if not _serves_as(certificate, wanted, now):
        certificate = wanted
        replace_private_file(folder / CERTIFICATE_FILE, _pem(certificate))
    return CertifiedKey(key=key, certificate=certificate, issuer=issuer.certificate)


def _serves_as(certificate: x509.Certificate, wanted: x509.Certificate, now: Millis) -> bool:
    """Whether the old certificate says what the new one would; not before or after its time."""
    return (
        certificate.not_valid_before_utc <= to_utc(now) < certificate.not_valid_after_utc
        and (certificate.subject, certificate.issuer) == (wanted.subject, wanted.issuer)
        and certificate.public_key() == wanted.public_key()
        and list(certificate.extensions) == list(wanted.extensions)  # the issuer's key among them
    )


def _read_certificate(path: Path) -> x509.Certificate:
    try:
        return x509.load_pem_x509_certificate(read_private_file(path))
    except ValueError as error:
        raise SecretsDamaged(path=path, detail="is unreadable") from error


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)
