import socket
from pathlib import Path

import pytest

from server.service_manager import READY, VARIABLE, tell_service_manager


@pytest.mark.parametrize("kind", ["file", "abstract"])
def test_a_service_manager_that_asked_is_told(tmp_path: Path, kind: str) -> None:
    address = str(tmp_path / "notify") if kind == "file" else f"@lianping-{tmp_path.name}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(address.replace("@", "\0"))

        tell_service_manager(READY, {VARIABLE: address})

        assert manager.recv(100) == b"READY=1"


@pytest.mark.parametrize("given", [{}, {VARIABLE: ""}])
def test_without_a_service_manager_nobody_is_told(given: dict[str, str]) -> None:
    tell_service_manager(READY, given)
