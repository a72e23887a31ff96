"""What anybody on the machine may read of a process."""

from pathlib import Path


def shown(pid: int) -> bytes:
    """Its command line, environment and limits."""
    return b"".join(Path(f"/proc/{pid}/{name}").read_bytes() for name in ("cmdline", "environ", "limits"))


def is_there(pid: int) -> bool:
    """Whether it runs, or has not been waited for."""
    return Path(f"/proc/{pid}").exists()
