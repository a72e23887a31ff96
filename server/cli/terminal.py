"""What every command needs: where it speaks, and the store it works on."""

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

import msgspec
from rich.console import Console

from server.backend import Backend, open_backend
from server.settings import read_settings

T = TypeVar("T")

REFUSED: Final = 1
"Exit code of a command that was refused."

out = Console()
err = Console(stderr=True)


def say(line: str) -> None:
    """Print a line as it is, however long."""
    out.print(line, highlight=False, soft_wrap=True)


def print_json(value: object) -> None:
    """Print a value for programs."""
    sys.stdout.write(msgspec.json.encode(value).decode() + "\n")


def is_watched() -> bool:
    """Whether a person sees the output come."""
    return sys.stdout.isatty()


def with_backend(action: Callable[[Backend], Awaitable[T]]) -> T:
    """Do this with the store and the secrets of the data folder, opened for it alone."""

    async def act() -> T:
        async with open_backend(read_settings(os.environ)) as backend:
            return await action(backend)

    return asyncio.run(act())
