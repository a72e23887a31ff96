"""What `deploy/` holds fits the program, and the tools that read it take it."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from server.kernel_limits import LIMITS, WANTED_BYTES
from server.settings import read_settings

DEPLOY = Path(__file__).parents[1] / "deploy"


@pytest.mark.parametrize("script", sorted(DEPLOY.rglob("*.sh")), ids=lambda path: str(path.relative_to(DEPLOY)))
def test_scripts_can_be_read_and_run(script: Path) -> None:
    assert subprocess.run(["bash", "-n", script], check=False).returncode == 0
    assert script.stat().st_mode & 0o111


@pytest.mark.skipif(shutil.which("shellcheck") is None, reason="needs shellcheck (Debian package of that name)")
def test_scripts_are_free_of_the_usual_mistakes() -> None:
    found = subprocess.run(["shellcheck", *DEPLOY.rglob("*.sh")], capture_output=True, text=True, check=False)

    assert (found.returncode, found.stdout) == (0, "")


ODD_SETTINGS = """\
# LIANPING_PORT=1
LIANPING_NAMES=a.example, 192.0.2.7\t
  LIANPING_DATA="/var/lib/lianping/data"
LIANPING_TURN_URLS=turn:a.example:3478?transport=udp,turns:a.example:443
LIANPING_TURN_SECRET=$(touch broken)\r
LIANPING_PORT=443"""


def test_command_of_the_administrator_reads_the_settings_as_the_service_does(tmp_path: Path) -> None:
    (tmp_path / "settings").write_text(ODD_SETTINGS)
    script = (DEPLOY / "lianping.sh").read_text().replace('[ "$(id -u)" -eq 0 ]', "true")
    script = script.replace("/etc/lianping/lianping.env", str(tmp_path / "settings")).replace("/srv", str(tmp_path))
    script = re.sub(r"^exec .*", "env -0", script, flags=re.MULTILINE)
    (tmp_path / "lianping").mkdir()

    environment = {"PATH": os.environ["PATH"], "LIANPING_PORT": "8443"}
    printed = subprocess.check_output(["bash", "-c", script], env=environment, text=True)

    given = dict(line.split("=", 1) for line in printed.split("\0") if line.startswith("LIANPING_"))
    assert given == {
        "LIANPING_NAMES": "a.example, 192.0.2.7",
        "LIANPING_DATA": "/var/lib/lianping/data",
        "LIANPING_TURN_URLS": "turn:a.example:3478?transport=udp,turns:a.example:443",
        "LIANPING_TURN_SECRET": "$(touch broken)",
        "LIANPING_PORT": "8443",
    }
    assert [path.name for path in (tmp_path / "lianping").iterdir()] == []


@pytest.mark.parametrize(
    ("name", "value"),
    [("LIANPING_NAMES", "a.example, 192.0.2.7"), ("LIANPING_DATA", "/var/lib/lianping/data"), ("LIANPING_HOST", "")],
)
def test_installation_of_the_relay_reads_the_settings_as_the_service_does(
    tmp_path: Path, name: str, value: str
) -> None:
    (tmp_path / "settings").write_text(ODD_SETTINGS)
    [setting] = re.findall(r"^setting\(\) .*", (DEPLOY / "coturn" / "install.sh").read_text(), re.MULTILINE)
    script = f"SETTINGS={tmp_path}/settings\n{setting}\nsetting {name}"

    assert subprocess.check_output(["bash", "-c", script], text=True).strip() == value


def test_kernel_is_asked_for_the_buffers_that_the_media_process_wants() -> None:
    given = re.findall(r"^-net\.core\.([rw]mem_max) = (\d+)$", (DEPLOY / "sysctl.conf").read_text(), re.MULTILINE)

    assert given == [(limit.name, str(WANTED_BYTES)) for limit in LIMITS]


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
