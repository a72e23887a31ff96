"""Whether a certificate from files can be served to seats: readable, with its key, in its time, for our name."""

import ipaddress
import ssl
from datetime import timedelta
from pathlib import Path
from typing import Final

from cryptography import x509

from server.auth.tls import ssl_context
from server.auth.x509_authority import to_utc
from server.domain.ids import Millis
from server.words import words

RENEW_BEFORE: Final = timedelta(days=21)


def certificate_trouble(chain: Path, key: Path, names: tuple[str, ...], at: Millis) -> str | None:
    """What keeps seats from trusting the server under its names; none where nothing does.

    Args:
        chain: PEM, leaf first.
        key: PEM.
        names: under which seats open the page.
        at: now.
    """
    try:
        ssl_context(chain, key)
        leaf = x509.load_pem_x509_certificates(chain.read_bytes())[0]
    except ssl.SSLError as error:
        return words(
            f"{chain} 与 {key} 不是一对可用的证书链和私钥（{error.reason}）。",
            f"{chain} and {key} are no certificate chain with its key ({error.reason}).",
        )
    except OSError as error:
        return words(
            f"读不了 {chain} 或 {key}（{error.strerror}）：lianping 组必须能读取两个文件。",
            f"{chain} or {key} cannot be read ({error.strerror}): the group `lianping` must be able to.",
        )
    return _time_trouble(leaf, at) or _name_trouble(leaf, names)


def _time_trouble(leaf: x509.Certificate, at: Millis) -> str | None:
    moment, begins, ends = to_utc(at), leaf.not_valid_before_utc, leaf.not_valid_after_utc
    if begins <= moment < ends - RENEW_BEFORE:
        return None
    return words(
        f"证书有效期为 {begins:%Y-%m-%d} 至 {ends:%Y-%m-%d}：请更换证书，再运行 systemctl restart lianping。",
        f"It is good from {begins:%Y-%m-%d} to {ends:%Y-%m-%d}: put a new one there, then systemctl restart lianping.",
    )


def _name_trouble(leaf: x509.Certificate, names: tuple[str, ...]) -> str | None:
    try:
        found = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        found = x509.SubjectAlternativeName([])
    missing = [name for name in names if not _is_named(found, name)]
    if not missing:
        return None
    listed = ", ".join(missing)
    return words(
        f"证书中没有 LIANPING_NAMES 的 {listed}：浏览器不会信任。",
        f"It does not name {listed} of LIANPING_NAMES: browsers will not trust it.",
    )


def _is_named(found: x509.SubjectAlternativeName, name: str) -> bool:
    """Whether a certificate is for a host; a star stands for one whole label. Source: RFC 9525, 6.3."""
    try:
        return ipaddress.ip_address(name) in found.get_values_for_type(x509.IPAddress)
    except ValueError:
        wanted = name.rstrip(".").lower()
    patterns = [each.lower() for each in found.get_values_for_type(x509.DNSName)]
    return wanted in patterns or f"*.{wanted.partition('.')[2]}" in patterns
