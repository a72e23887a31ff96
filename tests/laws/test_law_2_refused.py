"""Law 2: a refused command leaves the state, and the log, as they were."""

import msgspec
import pytest

from server.domain import commands as c
from server.domain.ids import Alias
from server.domain.phases import Phase
from server.domain.plan import RoomRef, SeenTree
from server.domain.rejections import ForeignRoom, ForkedView, StaleView
from tests.support.random_walks import SEEDS, Walk, walked
from tests.support.room_plan import ROOM, SEATS
from tests.support.room_scenes import at
from tests.support.room_world import World
from tests.support.sample_commands import NOBODYS_KEY


def everything(world: World) -> tuple[object, ...]:
    """All that a command could change: state, log, tree, what the ledger says of every key that was ever enrolled."""
    ledger = {key: world.ledger.last_n(key) for key in world.room.keys}
    return msgspec.json.encode(world.room), tuple(world.raw), world.tree.head, len(world.lines), ledger


@pytest.mark.parametrize("seed", SEEDS[:8])
def test_refused_command_leaves_everything_as_it_was(seed: int) -> None:
    walk = Walk(seed)
    before = everything(walk.world)

    for refused in walk.steps():
        after = everything(walk.world)
        if refused is not None:
            assert after == before, refused
        before = after

    assert walk.refused


@pytest.mark.parametrize("alias", SEATS)
def test_command_with_a_wrong_envelope_leaves_everything_as_it_was(alias: Alias) -> None:
    world = at(Phase.PRICES)
    wrong = (
        world.sign(alias, c.MakePledge(), room=RoomRef(id=ROOM, first=NOBODYS_KEY)),
        world.sign(alias, c.MakePledge(), seen=SeenTree(size=len(world.raw), root=NOBODYS_KEY)),
        world.sign(alias, c.MakePledge(), seen=world.seen(1)),
    )
    before = everything(world)

    for signed in wrong:
        with pytest.raises((ForeignRoom, ForkedView, StaleView)):
            world.submit(signed)
        assert everything(world) == before


def test_walks_are_refused_for_many_reasons() -> None:
    codes = {refused.why.code for seed in SEEDS for refused in walked(seed).refused}

    assert codes >= {
        "bad_signature",
        "cannot_return",
        "command_id_reused",
        "foreign_room",
        "forked_view",
        "gate_closed",
        "malformed_command",
        "role_may_not",
        "seat_left",
        "seat_not_enrolled",
        "stale_view",
        "wrong_phase",
    }
