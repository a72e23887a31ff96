"""Members sign one file one after the other: a turn lasts from the prepared revision to the signature in it.

It is a courtesy that saves work: the record decides, and refuses a signature over a revision that is not the latest.
"""

import asyncio
from collections.abc import Callable
from typing import Final

from server.domain.errors import Rejection
from server.domain.ids import Alias, Digest, LotId, RoomId
from server.reports.pdf_signing import Prepared

LEASE_S: Final = 5.0
"For the seat to check the revision, to sign it and to send the command; then somebody else may have the turn."

PATIENCE_S: Final = 6.0
"How long a seat waits for its turn before it is told to try again."


class SigningBusy(Rejection):
    """Somebody else is signing."""

    code = "signing_busy"
    sentence = "Another member is signing just now; try again in a moment."


class SigningLapsed(Rejection):
    """The prepared revision is not kept any more."""

    code = "signing_lapsed"
    sentence = "The prepared signature has lapsed; sign again."


class Turn:
    """One member's turn at one lot's report."""

    def __init__(self, alias: Alias, base: Digest, ends_at: float) -> None:
        self.alias = alias
        self.base = base
        "The revision that is signed."
        self.ends_at = ends_at
        "By the event loop's clock."
        self.prepared: Prepared | None = None
        self.ended = asyncio.Event()


class SignatureTurns:
    """Whose turn it is at each report of this node."""

    def __init__(self, clock: Callable[[], float] | None = None, patience_s: float = PATIENCE_S) -> None:
        self._patience_s = patience_s
        self._clock = clock or (lambda: asyncio.get_running_loop().time())
        self._turns: dict[tuple[RoomId, LotId], Turn] = {}

    async def take(self, room: RoomId, lot: LotId, alias: Alias, base: Digest) -> Turn:
        """The turn, once nobody else has it; an earlier one of the same member ends.

        Raises:
            SigningBusy: others have it for longer than anybody waits.
        """
        try:
            async with asyncio.timeout(self._patience_s):
                await self._others_end(room, lot, alias)
        except TimeoutError as error:
            raise SigningBusy from error
        turn = Turn(alias, base, self._clock() + LEASE_S)
        self.end(room, lot, alias)
        self._turns[room, lot] = turn
        return turn

    async def _others_end(self, room: RoomId, lot: LotId, alias: Alias) -> None:
        while (turn := self._turns.get((room, lot))) is not None and turn.alias != alias:
            left_s = turn.ends_at - self._clock()
            if left_s <= 0:
                self.end(room, lot, turn.alias)
                return
            try:
                async with asyncio.timeout(left_s):
                    await turn.ended.wait()
            except TimeoutError:
                continue

    def prepared(self, room: RoomId, lot: LotId, alias: Alias, base: Digest) -> Prepared:
        """The revision that was prepared for this member on this base.

        Raises:
            SigningLapsed: there is none any more.
        """
        turn = self._turns.get((room, lot))
        if turn is None or turn.alias != alias or turn.base != base or turn.prepared is None:
            raise SigningLapsed
        return turn.prepared

    def end(self, room: RoomId, lot: LotId, alias: Alias) -> None:
        """Let the next one have the turn, if it is this member's."""
        turn = self._turns.get((room, lot))
        if turn is not None and turn.alias == alias:
            turn.ended.set()
            del self._turns[room, lot]
