"""The package's README does what it says: its own commands, with its own program, on an unpacked package."""

import re
import subprocess
from functools import cache
from pathlib import Path

import pytest

from server.evidence.package import readme_text
from tests.evidence.reported_room import fully_reported
from tests.support.tampered_pdf import draw_over, flip_byte

REPORT = "reports/L2-v2-report.pdf"
README = readme_text().decode()


@cache
def commands() -> str:
    """The lines that begin with a prompt, for the report of the test."""
    lines = re.findall(r"^  \$ (.*)$", README, re.MULTILINE)
    return "\n".join(lines).replace("reports/THE-REPORT.pdf", REPORT)


def unpacked(folder: Path) -> Path:
    (folder / "THIS-FILE").write_bytes(fully_reported().package())
    (unpack,) = [line.strip() for line in README.splitlines() if "sha256sum -c" in line]
    subprocess.run(["bash", "-euc", unpack], cwd=folder, capture_output=True, check=True)
    return folder / "record"


def run(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["bash", "-eu", "-c", commands()], cwd=folder, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def checked(tmp_path_factory: pytest.TempPathFactory) -> subprocess.CompletedProcess[str]:
    return run(unpacked(tmp_path_factory.mktemp("package")))


def test_cut_program_needs_nothing_but_python(checked: subprocess.CompletedProcess[str]) -> None:
    program = README[README.index("# cut.py FILE") : README.rindex("# end of cut.py")]

    assert re.findall(r"^(?:import|from) (.*)$", program, re.MULTILINE) == ["re, sys"]
    assert re.findall(r"^(\d) covers (\d+) of (\d+) bytes$", checked.stdout, re.MULTILINE)[-1][0] == "6"


def test_openssl_accepts_every_signature_and_every_time_stamp(checked: subprocess.CompletedProcess[str]) -> None:
    assert checked.returncode == 0, checked.stderr
    assert checked.stderr.count("CAdES Verification successful") == 5
    assert (checked.stdout + checked.stderr).count("Verification: OK") == 6


def test_who_signed_and_when_is_told(checked: subprocess.CompletedProcess[str]) -> None:
    told = re.findall(r"^(\d), (.*): subject=CN=(.*)$", checked.stdout, re.MULTILINE)

    assert [name for _, _, name in told] == [
        "甲市（电子印章）",
        "姓名·E3·",
        "姓名·E1·",
        "姓名·E2·",
        "甲市（电子印章）",
    ]
    assert all(time.startswith("Mar 25 ") and time.endswith(" GMT") for _, time, _ in told)


def test_pdfsig_finds_valid_signatures_of_members_whose_certificates_have_ended(
    checked: subprocess.CompletedProcess[str],
) -> None:
    members = checked.stdout.split("Signature #")[2:5]

    assert all("Signature Validation: Signature is Valid." in each for each in members)
    assert all("Certificate has Expired" in each for each in members)


def test_changed_byte_is_refused_by_openssl(tmp_path: Path) -> None:
    folder = unpacked(tmp_path)
    file = folder / REPORT
    file.write_bytes(flip_byte(file.read_bytes()))

    assert run(folder).returncode != 0


def test_page_drawn_over_is_not_seen_by_these_tools(tmp_path: Path) -> None:
    """As the README says; `lianping verify` sees it (law 8)."""
    folder = unpacked(tmp_path)
    file = folder / REPORT
    file.write_bytes(draw_over(file.read_bytes()))

    done = run(folder)

    assert done.returncode == 0
    assert done.stderr.count("CAdES Verification successful") == 5
