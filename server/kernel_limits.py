"""How large the kernel lets a socket's buffers be."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

WANTED_BYTES: Final = 4 << 20
"What the media process asks for, each way; Debian allows a twentieth, `deploy/sysctl.conf` all of it."

LIMITS: Final = (Path("/proc/sys/net/core/rmem_max"), Path("/proc/sys/net/core/wmem_max"))
"For receiving and for sending. Source: socket(7)."


def allowed_buffer_bytes(limits: Sequence[Path] = LIMITS) -> int | None:
    """The smaller limit; None where the kernel does not tell."""
    try:
        return min(int(limit.read_text()) for limit in limits)
    except OSError:
        return None
