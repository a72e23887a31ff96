"""Law 5: folding what a viewer received equals folding the visible subset of the log, for every role."""

import pytest

from server.domain.fold import fold
from server.domain.roles import Role
from server.domain.visibility import is_visible, viewer_of
from server.evidence.merkle import MerkleTree, leaf_hash
from tests.support.audience_oracle import REVEALS
from tests.support.random_walks import EVENTFUL, walked
from tests.support.room_world import types_of
from tests.support.viewing_page import Replay


@pytest.mark.parametrize("seed", EVENTFUL)
def test_page_holds_the_visible_lines_and_folds_them(seed: int) -> None:
    world = walked(seed).world
    replay = Replay(world, seed)

    while entry := replay.step():
        if not set(types_of(entry)) & {*REVEALS, "member_replaced"} and len(replay.stored) < len(world.lines):
            continue
        for alias, page in replay.pages.items():
            viewer = viewer_of(alias, replay.room)
            expected = [each for each in replay.stored if is_visible(each.line, viewer, replay.room)]
            assert page.held == {each.line.seq: each.raw for each in expected}, alias
            if len(replay.stored) == len(world.lines) or len(replay.stored) % 5 == 0:
                assert page.view() == fold(each.line for each in expected), alias

    roles = {world.room.seats[alias].role for alias in replay.pages}
    assert roles == set(Role) - {Role.CHAIR}


@pytest.mark.parametrize("seed", EVENTFUL)
def test_page_computes_the_tree_from_lines_and_hashes(seed: int) -> None:
    world = walked(seed).world
    replay = Replay(world, seed)
    while replay.step():
        pass

    for alias, page in replay.pages.items():
        page.checkpoint(len(world.raw))
        known = page.hashes | {seq: leaf_hash(raw) for seq, raw in page.held.items()}
        assert MerkleTree(known[seq] for seq in range(len(world.raw))).head == world.tree.head, alias
