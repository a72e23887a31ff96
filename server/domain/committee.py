"""Questions about the evaluation committee (评标委员会) that rules and gates ask."""

from collections.abc import Iterable

from server.domain.ids import Alias
from server.domain.plan import Regime
from server.domain.roles import MEMBERS, Role
from server.domain.state import RoomState, Seat, StageState


def members(room: RoomState) -> tuple[Alias, ...]:
    """The members who take part now, in the order they were planned."""
    return tuple(alias for alias, seat in room.seats.items() if seat.role in MEMBERS and seat.left_at is None)


def roles_of(alias: Alias, room: RoomState) -> frozenset[Role]:
    """The planned role and, for the elected member, the chair."""
    own = frozenset({room.seats[alias].role})
    return own | {Role.CHAIR} if room.chair == alias else own


def has_checked_in(seat: Seat) -> bool:
    """Whether a member's check-in is complete: key confirmed, no conflict, pledge made."""
    return seat.confirmed and seat.conflict is False and seat.pledged


def is_eligible(alias: Alias, room: RoomState) -> bool:
    """Whether a member can be elected chair. Source: 87号令, Art. 45: not the purchaser's representative."""
    if alias not in members(room):
        return False
    representative = room.seats[alias].role is Role.REPRESENTATIVE
    regime = room.opening.regime if room.opening else None
    return not (representative and regime is Regime.GOVERNMENT_PROCUREMENT)


def standing(stage: StageState, among: Iterable[Alias]) -> frozenset[Alias]:
    """Those whose latest sheet of the stage stands: handed in, and not asked for again."""
    handed_in = {alias for number in stage.rounds for alias in number.handed_in}
    return frozenset(among) & frozenset(handed_in) - frozenset(stage.pending)


def next_round(stage: StageState) -> int:
    """The round that more members can join: the open one, or a new one."""
    return stage.open_round or len(stage.rounds) + 1
