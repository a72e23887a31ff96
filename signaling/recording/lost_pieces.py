"""Pieces that the disk did not take, told once for all of them: a full disk would fill the log with a line each.

Near its end a disk takes small pieces and refuses large ones. So it is over only once none has been lost for a while.
"""

import time
from collections.abc import Callable
from typing import Final

import structlog

from signaling.messages import GapReason
from signaling.recording.piece_writer import KeptPiece, LostPiece

OVER_AFTER_S: Final = 30.0
"Without a loss; a track closes a piece every few seconds."

_log = structlog.get_logger(__name__)


class LostPieces:
    """Those of one disk.

    Args:
        clock: seconds that never go back.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._count = 0
        self._began_at = self._last_at = 0.0
        self._told: set[GapReason] = set()

    def note(self, piece: KeptPiece | LostPiece) -> None:
        """What has become of a piece."""
        now = self._clock()
        if isinstance(piece, LostPiece):
            self._note_lost(piece, now)
        elif self._count and now >= self._last_at + OVER_AFTER_S:
            _log.warning("pieces_kept_again", lost=self._count, within_s=round(self._last_at - self._began_at))
            self._count = 0
            self._told.clear()

    def _note_lost(self, piece: LostPiece, now: float) -> None:
        if not self._count:
            self._began_at = now
        self._count += 1
        self._last_at = now
        if piece.reason not in self._told:
            self._told.add(piece.reason)
            _log.error("piece_lost", room=piece.room, alias=piece.alias, reason=piece.reason, detail=piece.detail)
