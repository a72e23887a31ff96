"""How long tests wait for what must come: multiples of one unit, which a slow machine can stretch."""

import asyncio
import os
from collections.abc import Callable

UNIT_S = float(os.environ.get("LIANPING_TEST_PATIENCE", "1"))

PATIENCE_S = 60 * UNIT_S
"Far more than anything takes, so that only a fault reaches it."


async def until(holds: Callable[[], object]) -> None:
    """Wait for a condition that nobody announces; it is looked at often."""
    async with asyncio.timeout(PATIENCE_S):
        while not holds():  # noqa: ASYNC110 - no event is set for it
            await asyncio.sleep(0.005)
