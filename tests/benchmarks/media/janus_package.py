"""Gets the Debian package of Janus, aloud: installed by root, named with its command to anyone else."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

INSTALL = ("apt-get", "install", "--yes", "--no-install-recommends", "janus")
POLICY = Path("/usr/sbin/policy-rc.d")
"Whether a package may start its service. Source: Debian policy, invoke-rc.d."


def _say(text: str) -> None:
    sys.stderr.write(f"media: {text}\n")


def is_installed() -> bool:
    """Whether Janus can be started."""
    return shutil.which("janus") is not None


def ensure() -> None:
    """Install it if it is missing, or say how to; before the network is left."""
    if is_installed():
        return
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        _say("Janus is not installed, so nothing is compared. This installs it: sudo " + " ".join(INSTALL))
        return
    _say("installing Janus: " + " ".join(INSTALL))
    with _no_service_starts():
        for command in (("apt-get", "update"), INSTALL):
            environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
            ran = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
            if ran.returncode:
                _say(f"that failed, so nothing is compared: {ran.stderr.strip()}")
                return
    if shutil.which("systemctl") is not None:
        subprocess.run(["systemctl", "disable", "janus"], capture_output=True, check=False)


@contextmanager
def _no_service_starts() -> Iterator[None]:
    if POLICY.exists():
        yield
        return
    POLICY.write_text("#!/bin/sh\nexit 101\n")
    POLICY.chmod(0o755)
    try:
        yield
    finally:
        POLICY.unlink()
