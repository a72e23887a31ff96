"""Law 2: a refused command leaves the state, and the log, as they were."""

import msgspec
import pytest

from tests.support.random_walks import SEEDS, Walk, walked
from tests.support.room_world import World


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
