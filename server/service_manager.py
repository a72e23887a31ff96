"""What a service manager (systemd) is told about this server, where it asked to be told."""

import os
import socket
from collections.abc import Mapping

VARIABLE = "NOTIFY_SOCKET"
"Names the Unix socket that listens; an `@` stands for the zero byte of an abstract one. Source: sd_notify(3)."

READY = "READY=1"
STOPPING = "STOPPING=1"


def tell_service_manager(state: str, environment: Mapping[str, str] = os.environ) -> None:
    """Send a state; nothing happens where nobody asked.

    Raises:
        OSError: whoever asked does not listen.
    """
    address = environment.get(VARIABLE)
    if not address:
        return
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as to_manager:
        to_manager.connect(f"\0{address[1:]}" if address.startswith("@") else address)
        to_manager.sendall(state.encode())
