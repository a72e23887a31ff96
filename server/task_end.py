"""The end of tasks that run until they are told."""

import asyncio
from contextlib import suppress
from typing import Any


async def end_tasks(*tasks: asyncio.Future[Any]) -> None:
    """Cancel these, and wait until each has ended.

    Raises:
        Exception: what one of them had failed with.
    """
    for task in tasks:
        task.cancel()
    for task in tasks:
        with suppress(asyncio.CancelledError):
            await task
