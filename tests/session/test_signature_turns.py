import asyncio

import pytest

from server.domain.ids import Alias, Digest, LotId, RoomId
from server.reports.pdf_signing import Prepared
from server.session.signature_turns import LEASE_S, SignatureTurns, SigningBusy, SigningLapsed

ROOM, L1, L2 = RoomId("r-1"), LotId("L1"), LotId("L2")
E1, E2 = Alias("E1"), Alias("E2")
BASE, NEXT = Digest("a" * 64), Digest("b" * 64)
PREPARED = Prepared(tail=b"tail", byte_range=(0, 10, 20, 30), attributes=b"1", certificate=b"", issuer=b"")


class HandClock:
    """A clock moved by hand."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


async def test_second_member_waits_for_the_end_of_the_first_ones_turn() -> None:
    turns = SignatureTurns()
    await turns.take(ROOM, L1, E1, BASE)

    waiting = asyncio.create_task(turns.take(ROOM, L1, E2, BASE))
    await asyncio.sleep(0)
    was_waiting = not waiting.done()
    turns.end(ROOM, L1, E1)

    assert was_waiting
    assert (await waiting).alias == E2


async def test_turns_of_other_lots_and_rooms_do_not_matter() -> None:
    turns = SignatureTurns()
    await turns.take(ROOM, L1, E1, BASE)

    assert (await turns.take(ROOM, L2, E2, BASE)).alias == E2
    assert (await turns.take(RoomId("r-2"), L1, E2, BASE)).alias == E2


async def test_turn_that_is_not_used_passes_on() -> None:
    clock = HandClock()
    turns = SignatureTurns(clock)
    silent = await turns.take(ROOM, L1, E1, BASE)
    silent.prepared = PREPARED
    clock.now = LEASE_S

    assert (await turns.take(ROOM, L1, E2, BASE)).alias == E2
    with pytest.raises(SigningLapsed):
        turns.prepared(ROOM, L1, E1, BASE)


async def test_nobody_waits_for_ever() -> None:
    turns = SignatureTurns(patience_s=0.01)
    await turns.take(ROOM, L1, E1, BASE)

    with pytest.raises(SigningBusy):
        await turns.take(ROOM, L1, E2, BASE)


async def test_prepared_revision_is_found_by_its_member_over_its_base_only() -> None:
    turns = SignatureTurns()
    turn = await turns.take(ROOM, L1, E1, BASE)

    with pytest.raises(SigningLapsed):
        turns.prepared(ROOM, L1, E1, BASE)
    turn.prepared = PREPARED

    assert turns.prepared(ROOM, L1, E1, BASE) == PREPARED
    for lot, alias, base in ((L2, E1, BASE), (L1, E2, BASE), (L1, E1, NEXT)):
        with pytest.raises(SigningLapsed):
            turns.prepared(ROOM, lot, alias, base)


async def test_member_who_asks_again_begins_anew() -> None:
    turns = SignatureTurns()
    (await turns.take(ROOM, L1, E1, BASE)).prepared = PREPARED

    again = await turns.take(ROOM, L1, E1, NEXT)

    assert (again.base, again.prepared) == (NEXT, None)
    turns.end(ROOM, L1, E2)
    with pytest.raises(SigningLapsed):
        turns.prepared(ROOM, L1, E1, BASE)
