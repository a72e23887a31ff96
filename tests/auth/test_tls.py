import asyncio
import ipaddress
import ssl
import subprocess
import time
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID

from server.auth.rejections import LoosePermissions, RootExpired, SecretsDamaged
from server.auth.tls import TlsFiles, ensure_tls, ssl_context
from server.auth.x509_authority import common_name_only, to_utc
from server.domain.ids import Millis

NOW = Millis(1_800_000_000_000)
DAY = 86_400_000
NAMES = ["PingBiao.yi.gov.cn.", "评标.example"]
ADDRESSES = ["2001:db8::7", "192.0.2.7", "fe80::1%eth0", "127.0.0.1"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "tls"


def _ensure(folder: Path, now: int = NOW) -> TlsFiles:
    return ensure_tls(folder, NAMES, ADDRESSES, Millis(now))


def _chain(files: TlsFiles) -> tuple[x509.Certificate, x509.Certificate]:
    leaf, root = x509.load_pem_x509_certificates(files.cert_chain_path.read_bytes())
    return leaf, root


async def _visit(files: TlsFiles, server_name: str, trusted: Path) -> tuple[str | None, str | None, bytes]:
    """Protocol, ALPN and answer of one visit over loopback, by a client that trusts one root."""

    async def welcome(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"welcome")
        writer.close()
        await writer.wait_closed()

    client = ssl.create_default_context(cafile=trusted)
    client.set_alpn_protocols(["h2", "http/1.1"])
    listening = ssl_context(files.cert_chain_path, files.key_path)
    async with await asyncio.start_server(welcome, "127.0.0.1", 0, ssl=listening) as server:
        port = server.sockets[0].getsockname()[1]
        reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=client, server_hostname=server_name)
        connection: ssl.SSLObject = writer.get_extra_info("ssl_object")
        answer = connection.version(), connection.selected_alpn_protocol(), await reader.read()
        writer.close()
        await writer.wait_closed()
    return answer


def test_leaf_is_what_browsers_accept(folder: Path) -> None:
    leaf, root = _chain(_ensure(folder))

    leaf.verify_directly_issued_by(root)
    key = leaf.public_key()
    assert isinstance(key, ec.EllipticCurvePublicKey)
    assert isinstance(key.curve, ec.SECP256R1)
    purposes = leaf.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert list(purposes) == [ExtendedKeyUsageOID.SERVER_AUTH]
    assert leaf.not_valid_before_utc == to_utc(NOW) - timedelta(hours=1)
    assert leaf.not_valid_after_utc == to_utc(NOW) - timedelta(hours=1) + timedelta(days=397)


def test_leaf_names_every_name_and_address_once(folder: Path) -> None:
    leaf, _ = _chain(_ensure(folder))

    names = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == ["localhost", "pingbiao.yi.gov.cn", "xn--iwv980f.example"]
    assert names.get_values_for_type(x509.IPAddress) == [
        ipaddress.ip_address(text) for text in ("127.0.0.1", "192.0.2.7", "::1", "2001:db8::7", "fe80::1")
    ]


def test_root_lasts_ten_years_and_is_named_by_its_fingerprint(folder: Path) -> None:
    files = _ensure(folder)

    root = x509.load_pem_x509_certificate(files.root_path.read_bytes())
    assert root == _chain(files)[1]
    assert root.subject == common_name_only("联评 Lianping PingBiao.yi.gov.cn.")
    assert root.not_valid_after_utc == to_utc(NOW) - timedelta(hours=1) + timedelta(days=3652)
    assert files.root_fingerprint == root.fingerprint(hashes.SHA256()).hex()


def test_root_of_a_machine_with_a_long_name_or_none_can_be_made(tmp_path: Path) -> None:
    long = ensure_tls(tmp_path / "long", [f"{'a' * 60}.example"], [], NOW)
    nameless = ensure_tls(tmp_path / "none", [], [], NOW)

    assert _chain(long)[1].subject == common_name_only(f"联评 Lianping {'a' * 48}")
    assert _chain(nameless)[1].subject == common_name_only("联评 Lianping localhost")


def test_files_are_private(folder: Path) -> None:
    _ensure(folder)

    modes = {path.name: path.stat().st_mode & 0o777 for path in (folder, *folder.iterdir())}
    assert modes == {
        "tls": 0o700,
        "authority.key": 0o600,
        "authority.pem": 0o600,
        "server.key": 0o600,
        "server.pem": 0o600,
    }


def test_second_start_changes_nothing(folder: Path) -> None:
    first = _ensure(folder)
    before = {path: path.read_bytes() for path in folder.iterdir()}

    second = ensure_tls(folder, NAMES[::-1], ADDRESSES[::-1], Millis(NOW + 366 * DAY))

    assert second == first
    assert {path: path.read_bytes() for path in folder.iterdir()} == before


@pytest.mark.parametrize("days", [367, 500], ids=["30 days before its end", "after its end"])
def test_leaf_is_renewed_below_the_same_root(folder: Path, days: int) -> None:
    old_leaf, old_root = _chain(_ensure(folder))

    new_leaf, new_root = _chain(_ensure(folder, NOW + days * DAY))

    assert new_root == old_root
    assert new_leaf.not_valid_after_utc == old_leaf.not_valid_after_utc + timedelta(days=days)
    new_leaf.verify_directly_issued_by(old_root)


def test_leaf_is_renewed_when_the_clock_was_set_back(folder: Path) -> None:
    _ensure(folder)

    leaf, _ = _chain(_ensure(folder, NOW - 2 * DAY))

    assert leaf.not_valid_before_utc == to_utc(Millis(NOW - 2 * DAY)) - timedelta(hours=1)


def test_leaf_is_renewed_when_the_machine_gets_an_address(folder: Path) -> None:
    _, old_root = _chain(_ensure(folder))

    leaf, root = _chain(ensure_tls(folder, NAMES, [*ADDRESSES, "192.0.2.8"], NOW))

    names = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert ipaddress.ip_address("192.0.2.8") in names.get_values_for_type(x509.IPAddress)
    assert root == old_root


def test_leaf_never_outlives_its_root(folder: Path) -> None:
    _ensure(folder)

    leaf, root = _chain(_ensure(folder, NOW + 3600 * DAY))

    assert leaf.not_valid_after_utc == root.not_valid_after_utc


def test_expired_root_is_left_to_a_person(folder: Path) -> None:
    _ensure(folder)

    with pytest.raises(RootExpired) as caught:
        _ensure(folder, NOW + 3652 * DAY)

    assert caught.value.facts == {"folder": folder}


@pytest.mark.parametrize("name", ["authority.key", "authority.pem", "server.key", "server.pem"])
def test_damaged_file_is_refused(folder: Path, name: str) -> None:
    _ensure(folder)
    (folder / name).write_bytes(b"nonsense")

    with pytest.raises(SecretsDamaged) as caught:
        _ensure(folder)

    assert caught.value.facts == {"path": folder / name, "detail": "is unreadable"}


def test_folder_open_to_others_is_refused(folder: Path) -> None:
    _ensure(folder)
    folder.chmod(0o755)

    with pytest.raises(LoosePermissions):
        _ensure(folder)


@pytest.mark.parametrize("server_name", ["localhost", "127.0.0.1", "192.0.2.7", "fe80::1", "pingbiao.yi.gov.cn"])
async def test_seat_that_trusts_the_root_gets_in(folder: Path, server_name: str) -> None:
    files = _ensure(folder, int(time.time() * 1000))

    assert await _visit(files, server_name, files.root_path) == ("TLSv1.3", "http/1.1", b"welcome")


async def test_seat_refuses_a_name_that_is_not_the_servers(folder: Path) -> None:
    files = _ensure(folder, int(time.time() * 1000))

    with pytest.raises(ssl.SSLCertVerificationError, match="Hostname mismatch"):
        await _visit(files, "elsewhere.example", files.root_path)


async def test_seat_that_trusts_another_root_refuses(folder: Path, tmp_path: Path) -> None:
    now = int(time.time() * 1000)
    other = _ensure(tmp_path / "other", now)

    with pytest.raises(ssl.SSLCertVerificationError, match="certificate verify failed"):
        await _visit(_ensure(folder, now), "localhost", other.root_path)


def test_server_speaks_no_old_tls(folder: Path) -> None:
    files = _ensure(folder)

    context = ssl_context(files.cert_chain_path, files.key_path)

    assert context.minimum_version == ssl.TLSVersion.TLSv1_2


@pytest.mark.parametrize(
    ("check", "verdict"),
    [
        (["-verify_hostname", "pingbiao.yi.gov.cn"], 0),
        (["-verify_ip", "2001:db8::7"], 0),
        (["-verify_hostname", "elsewhere.example"], 2),
        (["-attime", str(NOW // 1000 + 398 * 86_400)], 2),
    ],
)
def test_openssl_agrees(folder: Path, check: list[str], verdict: int) -> None:
    files = _ensure(folder)
    when = [] if "-attime" in check else ["-attime", str(NOW // 1000)]
    command = ["openssl", "verify", "-x509_strict", "-purpose", "sslserver", "-CAfile", str(files.root_path)]

    checked = subprocess.run([*command, *check, *when, str(files.cert_chain_path)], capture_output=True, check=False)

    assert checked.returncode == verdict
