"""What `deploy/` holds fits the program, and the tools that read it take it."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from server.settings import read_settings

DEPLOY = Path(__file__).parents[1] / "deploy"


@pytest.mark.parametrize("script", sorted(DEPLOY.rglob("*.sh")), ids=lambda path: str(path.relative_to(DEPLOY)))
def test_scripts_can_be_read_and_run(script: Path) -> None:
    assert subprocess.run(["bash", "-n", script], check=False).returncode == 0
    assert script.stat().st_mode & 0o111


def test_every_setting_of_the_service_is_one_that_the_program_knows() -> None:
    lines = (DEPLOY / "lianping.env").read_text().splitlines()
    given = dict(line.lstrip("#").split("=", 1) for line in lines if re.match(r"#?LIANPING_[A-Z_]+=", line))

    settings = read_settings(given)

    assert settings.data == Path("/var/lib/lianping/data")
    assert (settings.tls_chain, settings.names) == (Path("/etc/lianping/chain.pem"), ("pingbiao.example.gov.cn",))


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="needs systemd-analyze (Debian package `systemd`)")
def test_units_are_understood_and_give_little_away(tmp_path: Path) -> None:
    units = [*(DEPLOY / "systemd").glob("*.service"), *(DEPLOY / "systemd").glob("*.timer")]
    copies = [tmp_path / unit.name for unit in units]
    for unit, copy in zip(units, copies, strict=True):
        copy.write_text(unit.read_text().replace("/opt/lianping/.venv/bin/lianping", "/bin/true"))

    verified = subprocess.run(["systemd-analyze", "verify", *copies], capture_output=True, text=True, check=False)
    services = [copy for copy in copies if copy.suffix == ".service"]
    judged = [
        subprocess.run(
            ["systemd-analyze", "security", "--offline=true", "--threshold=20", service],
            capture_output=True,
            check=False,
        ).returncode
        for service in services
    ]

    assert (verified.returncode, verified.stderr) == (0, "")
    assert judged == [0, 0]


def test_relay_is_closed_but_for_the_media_address() -> None:
    lines = (DEPLOY / "coturn" / "turnserver.conf").read_text().splitlines()

    assert [line for line in lines if line.startswith("allowed-peer-ip")] == ["allowed-peer-ip=@MEDIA@"]
    assert "denied-peer-ip=0.0.0.0-255.255.255.255" in lines
    assert "use-auth-secret" in lines
    assert "allow-loopback-peers" not in lines
