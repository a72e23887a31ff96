"""The process that pulls one camera: told which on its standard input, it lives as long as that is open.

A camera is a stranger's computer that sends whatever it likes. So each is read in a process of its own, without the
server's environment, with a bounded memory, and behind the seats when the processor is wanted.
"""

import asyncio
import os
import resource
import sys
from contextlib import suppress

from signaling.framing import FrameReader, frame
from signaling.pulling.messages import Answered, FromPull, Lost, Pull, read_to_pull
from signaling.pulling.puller import Puller

MOST_MEMORY_BYTES = 2 << 30
"Of addresses; what is in use is about a twentieth of it."
MOST_FILES = 256
READ_BYTES = 1 << 16


def main() -> None:
    """Run until the standard input ends."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a password is in this memory
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY_BYTES, MOST_MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_NOFILE, (MOST_FILES, MOST_FILES))
    os.nice(5)
    asyncio.run(_serve())


async def _serve() -> None:
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)

    def tell(message: FromPull) -> None:
        sys.stdout.buffer.write(frame(message))
        sys.stdout.buffer.flush()

    frames = FrameReader()
    puller: Puller | None = None
    running: asyncio.Task[None] | None = None
    while data := await reader.read(READ_BYTES):
        for body in frames.feed(data):
            match read_to_pull(body):
                case Pull() as pull:
                    puller = Puller(pull, tell)
                    running = asyncio.create_task(puller.run())
                    running.add_done_callback(lambda _: reader.feed_eof())  # it never ends but by a mistake of ours
                case Answered() | Lost() as message if puller is not None:
                    puller.hear(message)
    if running is not None:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
