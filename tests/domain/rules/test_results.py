import pytest
from msgspec.structs import replace

from server.domain import commands as c
from server.domain.decide import decide
from server.domain.events import BidsRanked, LotDrawn, LotPhaseChanged, PricesOpened, PricesScored, ResultLocked
from server.domain.ids import Alias
from server.domain.phases import Phase
from server.domain.scoring import DrawKind, DrawNeeded
from server.evidence.sealing import open_command
from tests.support.room_plan import L1, L2, A, B, C
from tests.support.room_scenes import at, conclude, examine, points_of, run_to, score
from tests.support.room_world import World

MEMBERS = ("E1", "E2", "E3", "E4", "R1")


def test_prices_are_opened_drawn_scored_and_ranked() -> None:
    opened, drawn, scored, ranked, phase = at(Phase.PRICES).attempt("E1", c.ScorePrices(lot=L1))

    assert opened == PricesOpened(lot=L1)
    assert isinstance(drawn, LotDrawn)
    assert (drawn.draw, len(drawn.order)) == (DrawKind.COEFFICIENT, 3)
    assert isinstance(scored, PricesScored)
    assert scored.result.remaining == (A, B, C)
    assert isinstance(ranked, BidsRanked)
    assert [place.bid for place in ranked.ranking.order] == [A, B, C]
    assert phase == LotPhaseChanged(lot=L1, phase=Phase.SUMMARY)


def test_draw_that_is_not_made_yet_is_asked_for() -> None:
    world = at(Phase.PRICES)
    received = open_command(world.sign("E1", c.ScorePrices(lot=L1)), world.room)

    with pytest.raises(DrawNeeded) as needed:
        decide(received, world.room, world.moment(received))
    assert (needed.value.kind, needed.value.among) == (DrawKind.COEFFICIENT, ("0.97", "0.98", "0.99"))


def test_tie_is_parted_by_a_recorded_draw() -> None:
    world = at(Phase.SCORING)
    for member in MEMBERS:
        points = points_of(world.room, L2, Alias(member))
        score(world, L2, member, {A: points[A], B: points[A]})

    _, drawn, _, ranked, _ = world.attempt("E1", c.ScorePrices(lot=L2))

    assert isinstance(drawn, LotDrawn)
    assert drawn.draw is DrawKind.TIE
    assert isinstance(ranked, BidsRanked)
    assert tuple(place.bid for place in ranked.ranking.order) == drawn.order


def test_rejected_bid_has_no_price_scored() -> None:
    world = at(Phase.EXAMINATION)
    for member in MEMBERS:
        examine(world, L1, member, {C: "无签字盖章"})
    conclude(world, L1, {C: "无签字盖章"})
    for member in MEMBERS:
        score(world, L1, member)
    world.act("E1", c.ScorePrices(lot=L1))

    prices = world.room.lots[L1].prices
    assert prices is not None
    assert set(prices.result.prices) == {A, B}


def test_bid_below_the_gate_is_not_ranked() -> None:
    world: World = at(Phase.SCORING)
    for member in MEMBERS:
        points = points_of(world.room, L1, Alias(member))
        score(world, L1, member, {**points, C: dict.fromkeys(points[C], "1.11")})
    world.act("E1", c.ScorePrices(lot=L1))

    ranked = world.room.lots[L1].ranked
    assert ranked is not None
    assert [place.bid for place in ranked.ranking.order] == [A, B]


def test_result_is_locked_once() -> None:
    world = run_to(at(Phase.PRICES), Phase.SUMMARY)

    assert world.attempt("E1", c.LockResult(lot=L1)) == [
        ResultLocked(lot=L1),
        LotPhaseChanged(lot=L1, phase=Phase.LOCKED),
    ]


def test_prices_without_a_members_result_are_a_bug_that_shows() -> None:
    world = at(Phase.PRICES)
    lot = replace(world.room.lots[L1], members=None)
    world.room = replace(world.room, lots={**world.room.lots, L1: lot})

    with pytest.raises(TypeError, match="the phase prices follows the members' result"):
        world.attempt("E1", c.ScorePrices(lot=L1))
