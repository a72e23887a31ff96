"""The media process: connects to the server's control socket and lives as long as that connection."""

import argparse
import asyncio
import gc
import signal
import sys
from pathlib import Path
from typing import Any

import msgspec
import structlog
import uvloop

from signaling.datagram_batches import bind_udp
from signaling.framing import FrameReader, FrameTooLong, frame
from signaling.lossy_log import LossyLog
from signaling.media_plane import MediaPlane
from signaling.messages import FromMedia, Offer, OfferTaken, PieceRecorded, Stats, read_to_media

READ_BYTES = 1 << 16
COLLECT_AFTER = 50_000
"Objects; packets leave no cycles behind, so that Python need not look for them every few milliseconds."

_log: Any = structlog.get_logger()


def parse_arguments(arguments: list[str] | None = None) -> argparse.Namespace:
    """The command line of `python -m signaling`."""
    parser = argparse.ArgumentParser(prog="python -m signaling", description="Forwards sound and pictures.")
    parser.add_argument("--control", type=Path, required=True, help="the server's Unix socket")
    parser.add_argument("--udp-port", type=int, default=0, help="0 takes any free port")
    parser.add_argument("--bind", default="0.0.0.0", help="local address of the port; :: takes IPv6 and IPv4")
    parser.add_argument("--address", nargs="+", required=True, help="addresses under which seats reach the port")
    parser.add_argument("--recordings", type=Path, help="folder of all recordings; without it nothing is recorded")
    return parser.parse_args(arguments)


def main() -> None:
    """Run until the control connection closes or a signal says stop."""
    arguments = parse_arguments()
    gc.freeze()
    gc.set_threshold(COLLECT_AFTER)
    sys.stderr = LossyLog(sys.stderr.fileno())  # what Python itself says of a fault keeps nobody waiting either
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),  # type: ignore[arg-type]  # a text stream
    )
    uvloop.run(
        run(
            arguments.control,
            arguments.bind,
            arguments.udp_port,
            tuple(arguments.address),
            recordings=arguments.recordings,
        )
    )


async def run(
    control: Path, bind: str, udp_port: int, addresses: tuple[str, ...], *, recordings: Path | None = None
) -> None:
    """Serve one control connection.

    Raises:
        OSError: the control socket does not answer, or the UDP port is taken.
    """
    loop = asyncio.get_running_loop()
    serving = loop.create_task(_serve(control, bind, udp_port, addresses, recordings))
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, serving.cancel)
    try:
        await serving
    except asyncio.CancelledError:
        _log.info("stopped by a signal")


async def _serve(control: Path, bind: str, udp_port: int, addresses: tuple[str, ...], recordings: Path | None) -> None:
    reader, writer = await asyncio.open_unix_connection(str(control))

    def tell(message: FromMedia) -> None:
        if writer.is_closing():  # the server has gone first; what is recorded is still brought to the disk
            return
        writer.write(frame(message))
        if not isinstance(message, Offer | OfferTaken | Stats | PieceRecorded):  # passwords in SDP; pieces are many
            _log.info("told", **msgspec.to_builtins(message))

    plane = MediaPlane(bind_udp(bind, udp_port), addresses, tell, recordings)
    try:
        await _follow(reader, plane)
    finally:
        await plane.close()
        writer.close()


async def _follow(reader: asyncio.StreamReader, plane: MediaPlane) -> None:
    frames = FrameReader()
    try:
        while data := await reader.read(READ_BYTES):
            for body in frames.feed(data):
                plane.handle(read_to_media(body))
        _log.info("the server is gone")
    except ConnectionError as error:
        _log.info("the server is gone", error=str(error))
    except (FrameTooLong, msgspec.DecodeError) as error:
        _log.error("the control connection is broken", error=str(error))
