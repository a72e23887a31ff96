"""The relay of `deploy/coturn` as a process of its own, on ports that are free."""

import asyncio
import shutil
import socket
from asyncio.subprocess import DEVNULL
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path

import server as product
from tests.support.patience import PATIENCE_S

SECRET = "relay-of-a-test"

_CONFIGURATION = Path(product.__file__).parents[1] / "deploy" / "coturn" / "turnserver.conf"
_UDP_AND_TCP, _TLS = "listening-port=3478", "tls-listening-port=443"


def is_installed() -> bool:
    return shutil.which("turnserver") is not None


class TurnServer:
    """A relay that listens."""

    def __init__(self, address: str, port: int, tls_port: int) -> None:
        self.address = address
        self.udp = f"turn:{address}:{port}?transport=udp"
        self.tcp = f"turn:{address}:{port}?transport=tcp"
        self.tls = f"turns:{address}:{tls_port}?transport=tcp"
        self._place = (address, port)

    async def listens(self) -> None:
        """Wait until it takes connections."""
        async with asyncio.timeout(PATIENCE_S):
            while True:
                try:
                    _, writer = await asyncio.open_connection(*self._place)
                except OSError:
                    await asyncio.sleep(0.02)
                else:
                    writer.close()
                    return


@asynccontextmanager
async def turn_server(
    folder: Path, address: str, media: str, *, chain: Path | None = None, key: Path | None = None
) -> AsyncIterator[TurnServer]:
    """Run it as `deploy/` configures it.

    Args:
        folder: for its configuration and its log.
        address: where it listens.
        media: the only address that it may reach.
        chain: its certificate for TLS, in PEM.
        key: the certificate's key.
    """
    relay = TurnServer(address, _free_port(address), _free_port(address))
    text = _CONFIGURATION.read_text()
    for placeholder, value in {
        "@SECRET@": SECRET,
        "@NAME@": "relay.test",
        "@LISTEN@": address,
        "@ADDRESS@": address,
        "@MEDIA@": media,
        _UDP_AND_TCP: f"listening-port={relay.tcp.split(':')[2].partition('?')[0]}",
        _TLS: f"tls-listening-port={relay.tls.split(':')[2].partition('?')[0]}",
        "/etc/coturn/chain.pem": str(chain or folder / "none.pem"),
        "/etc/coturn/key.pem": str(key or folder / "none.pem"),
    }.items():
        assert placeholder in text, placeholder
        text = text.replace(placeholder, value)
    if media.startswith("127."):
        text += "allow-loopback-peers\n"
    configuration = folder / "turnserver.conf"
    configuration.write_text(text)
    with (folder / "turnserver.log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            "turnserver", "-c", configuration, "--pidfile", folder / "pid", cwd=folder, stdin=DEVNULL, stdout=log
        )
    try:
        await relay.listens()
        yield relay
    finally:
        process.kill()
        await process.wait()


def _free_port(address: str) -> int:
    with closing(socket.create_server((address, 0))) as probe:
        port: int = probe.getsockname()[1]
        return port
