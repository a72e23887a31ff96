"""Our own mistakes, met while a packet is followed: counted and logged now and then, so that the others go on.

Whoever catches one does so for a single datagram or a single room: what one seat sends must not stop another.
"""

import traceback
from typing import Any

import structlog

from signaling.allowance import Allowance

LOGGED_PER_S = 1 / 60
LOGGED_AT_ONCE = 3

_log: Any = structlog.get_logger()


class Faults:
    """Those of one process."""

    def __init__(self) -> None:
        self.count = 0
        self._logged = Allowance(LOGGED_PER_S, LOGGED_AT_ONCE)

    def note(self, error: Exception, now: float, **about: object) -> None:
        """Count a mistake; `about` says where it happened."""
        self.count += 1
        if self._logged.take(now):
            _log.error("fault", count=self.count, trace="".join(traceback.format_exception(error)), **about)
