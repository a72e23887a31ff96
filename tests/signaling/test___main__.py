import subprocess
import sys


def test_help_names_what_the_server_must_give() -> None:
    done = subprocess.run([sys.executable, "-m", "signaling", "--help"], capture_output=True, text=True, check=True)

    assert all(option in done.stdout for option in ("--control", "--udp-port", "--bind", "--address"))
