"""HTTPS without a certificate from outside: an embedded root for this machine, and a leaf for its names and addresses.

Browsers give camera, microphone and WebCrypto only to pages from HTTPS (or localhost). The root is trusted once on each
seat and lasts ten years; the leaf below it is renewed without anybody noticing. The server's key stays when the leaf is
renewed, so key and chain on disk always belong together.
"""

import ipaddress
import ssl
from collections.abc import Iterable, Sequence
from datetime import timedelta
from pathlib import Path

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID

from server.auth.private_files import create_private_folder, read_private_file, replace_private_file
from server.auth.private_keys import private_pem, read_p256_key
from server.auth.rejections import RootExpired, SecretsDamaged
from server.auth.x509_authority import (
    CERTIFICATE_FILE,
    Authority,
    LeafPlan,
    authority_files,
    issue_leaf,
    make_authority,
    read_authority,
    to_utc,
)
from server.domain.ids import Digest, Millis

ROOT_LIFETIME = timedelta(days=3652)
LEAF_LIFETIME = timedelta(days=397)
"Source: CA/Browser Forum Baseline Requirements 2.0, 6.3.2 (398 days at most)."
RENEW_BEFORE = timedelta(days=30)
BACKDATED = timedelta(hours=1)
"A seat whose clock is slow must not find a new certificate not yet valid."

KEY_FILE = "server.key"
CHAIN_FILE = "server.pem"

ALWAYS = ("localhost", "127.0.0.1", "::1")


class TlsFiles(msgspec.Struct, frozen=True, kw_only=True):
    """Where the server's TLS certificate lies."""

    cert_chain_path: Path
    key_path: Path
    root_path: Path
    "What a seat imports to trust this server."
    root_fingerprint: Digest
    "SHA-256 of the root's DER, to compare with what the browser shows."


def ensure_tls(folder: Path, names: Sequence[str], addresses: Iterable[str], now: Millis) -> TlsFiles:
    """The certificate files for these host names and IP addresses, made or renewed where needed.

    Raises:
        LoosePermissions: others may read the folder or a file in it.
        SecretsDamaged: a file is missing or unreadable.
        RootExpired: the root's ten years are over.
    """
    if not folder.exists() or not any(folder.iterdir()):
        create_private_folder(folder, _new_files(names, now))
    root = read_authority(folder)
    if root.certificate.not_valid_after_utc <= to_utc(now):
        raise RootExpired(folder=folder)
    key = read_p256_key(folder / KEY_FILE).public_key()
    alternatives = _alternative_names([*names, *addresses, *ALWAYS])
    if not _is_current(_read_leaf(folder / CHAIN_FILE), alternatives, now):
        chain = [_issue_server_leaf(root, key, alternatives, now), root.certificate]
        pem = b"".join(certificate.public_bytes(serialization.Encoding.PEM) for certificate in chain)
        replace_private_file(folder / CHAIN_FILE, pem)
    return TlsFiles(
        cert_chain_path=folder / CHAIN_FILE,
        key_path=folder / KEY_FILE,
        root_path=folder / CERTIFICATE_FILE,
        root_fingerprint=Digest(root.certificate.fingerprint(hashes.SHA256()).hex()),
    )


def ssl_context(cert_chain_path: Path, key_path: Path) -> ssl.SSLContext:
    """What the HTTPS server listens with: TLS 1.2 or newer, HTTP/1.1 (WebSockets need it)."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_alpn_protocols(["http/1.1"])
    context.load_cert_chain(cert_chain_path, key_path)
    return context


def _new_files(names: Sequence[str], now: Millis) -> dict[str, bytes]:
    root = make_authority(f"联评 Lianping {[*names, *ALWAYS][0]}", to_utc(now) - BACKDATED, ROOT_LIFETIME)
    return authority_files(root) | {KEY_FILE: private_pem(ec.generate_private_key(ec.SECP256R1()))}


def _issue_server_leaf(
    root: Authority, key: ec.EllipticCurvePublicKey, names: x509.SubjectAlternativeName, now: Millis
) -> x509.Certificate:
    begins = to_utc(now) - BACKDATED
    plan = LeafPlan(
        common_name="Lianping server",
        public_key=key,
        begins=begins,
        ends=min(begins + LEAF_LIFETIME, root.certificate.not_valid_after_utc),
        names=names,
        purposes=(ExtendedKeyUsageOID.SERVER_AUTH,),
        serial=x509.random_serial_number(),
    )
    return issue_leaf(root, plan)


def _read_leaf(path: Path) -> x509.Certificate | None:
    if not path.exists():
        return None
    try:
        return x509.load_pem_x509_certificates(read_private_file(path))[0]
    except ValueError as error:
        raise SecretsDamaged(path=path, detail="is unreadable") from error


def _is_current(leaf: x509.Certificate | None, names: x509.SubjectAlternativeName, now: Millis) -> bool:
    return (
        leaf is not None
        and leaf.not_valid_before_utc <= to_utc(now) < leaf.not_valid_after_utc - RENEW_BEFORE
        and leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value == names
    )


def _alternative_names(hosts: Iterable[str]) -> x509.SubjectAlternativeName:
    """Every name and address once, in an order that does not depend on how they came."""
    names, addresses = set(), set()
    for host in hosts:
        try:
            addresses.add(ipaddress.ip_address(host.partition("%")[0]))
        except ValueError:
            names.add(host.rstrip(".").lower().encode("idna").decode())
    ordered = sorted(addresses, key=lambda address: (address.version, int(address)))
    return x509.SubjectAlternativeName([*map(x509.DNSName, sorted(names)), *map(x509.IPAddress, ordered)])
