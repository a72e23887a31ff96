"""What is said of a certificate that an operator put there, from the point of view of a seat's browser."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from server.auth.tls import LEAF_LIFETIME, TlsFiles, ensure_tls
from server.backend import now
from server.certificate_check import certificate_trouble
from server.domain.ids import Millis

AT = now()


@pytest.fixture
def files(tmp_path: Path) -> TlsFiles:
    return ensure_tls(tmp_path / "tls", ["pingbiao.example", "*.hall.example"], ["192.0.2.7"], AT)


@pytest.mark.parametrize(
    "names", [(), ("pingbiao.example",), ("PINGBIAO.example.", "192.0.2.7"), ("a.hall.example", "localhost")]
)
def test_a_certificate_in_order_is_no_trouble(files: TlsFiles, names: tuple[str, ...]) -> None:
    assert certificate_trouble(files.cert_chain_path, files.key_path, names, AT) is None


@pytest.mark.parametrize("names", [("other.example",), ("a.b.hall.example",), ("hall.example",), ("192.0.2.8",)])
def test_a_name_that_it_lacks_is_told(files: TlsFiles, names: tuple[str, ...]) -> None:
    trouble = certificate_trouble(files.cert_chain_path, files.key_path, names, AT)

    assert trouble == f"It does not name {names[0]} of LIANPING_NAMES: browsers will not trust it."


@pytest.mark.parametrize("later", [LEAF_LIFETIME, LEAF_LIFETIME - timedelta(days=20), timedelta(days=-2)])
def test_a_certificate_out_of_its_time_or_almost_is_told(files: TlsFiles, later: timedelta) -> None:
    at = Millis(AT + round(later.total_seconds() * 1000))

    trouble = certificate_trouble(files.cert_chain_path, files.key_path, (), at) or ""

    assert trouble.startswith("It is good from 20")


def _other_key(files: TlsFiles) -> Path:
    return files.root_path.with_name("authority.key")


def _no_key(files: TlsFiles) -> Path:
    return files.root_path.with_name("nothing.key")


@pytest.mark.parametrize(
    ("key", "said"), [(_other_key, "no certificate chain with its key"), (_no_key, "cannot be read")]
)
def test_a_key_that_does_not_fit_or_cannot_be_read_is_told(
    files: TlsFiles, key: Callable[[TlsFiles], Path], said: str
) -> None:
    assert said in (certificate_trouble(files.cert_chain_path, key(files), (), AT) or "")
