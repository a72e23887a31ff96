"""Prices, ranking, lock."""

from server.domain.commands import LockResult, ScorePrices
from server.domain.events import AnyEvent, BidsRanked, LotPhaseChanged, PricesOpened, PricesScored, ResultLocked
from server.domain.moment import Moment
from server.domain.phases import Phase
from server.domain.rules.checks import known_lot, lot_plan
from server.domain.rules.draws import drawn
from server.domain.scoring import MembersResult, rank, score_prices
from server.domain.state import LotState, RoomState


def open_prices(command: ScorePrices, room: RoomState, moment: Moment) -> list[AnyEvent]:
    """Open the prices, score them and rank the bids that remain."""
    lot = known_lot(command.lot, room)
    scheme, members = lot_plan(command.lot, room).scheme, _members(lot)
    offers = {bid: identity.offer for bid, identity in lot.identities.items() if bid in (lot.admitted or ())}
    prices = score_prices(scheme, offers, members.remaining, draws=moment.draws)
    ranking = rank(scheme, members, prices, draws=moment.draws)
    return [
        PricesOpened(lot=command.lot),
        *drawn(command.lot, moment),
        PricesScored(lot=command.lot, result=prices),
        BidsRanked(lot=command.lot, ranking=ranking),
        LotPhaseChanged(lot=command.lot, phase=Phase.SUMMARY),
    ]


def _members(lot: LotState) -> MembersResult:
    if lot.members is None:
        raise TypeError("the phase prices follows the members' result")
    return lot.members.result


def lock(command: LockResult) -> list[AnyEvent]:
    """Lock the ranking. Source: 87号令, Art. 64: afterwards only four named reasons change it."""
    return [ResultLocked(lot=command.lot), LotPhaseChanged(lot=command.lot, phase=Phase.LOCKED)]
