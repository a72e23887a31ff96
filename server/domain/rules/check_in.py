"""The check-in: recusal statement and pledge. Source: 87号令, Art. 45; 12号令, Art. 12."""

from server.domain.commands import StateRecusal
from server.domain.events import AnyEvent, PhaseChanged, PledgeMade, RecusalGrounds, RecusalStated
from server.domain.ids import Alias
from server.domain.phases import Phase
from server.domain.rejections import AlreadyDone, ReasonUnasked
from server.domain.rules.checks import require_text
from server.domain.state import RoomState


def open_check_in() -> list[AnyEvent]:
    """Begin the check-in."""
    return [PhaseChanged(phase=Phase.CHECK_IN)]


def state_recusal(by: Alias, command: StateRecusal, room: RoomState) -> list[AnyEvent]:
    """Record the statement; a conflict once stated is not taken back."""
    if room.seats[by].conflict is not None:
        raise AlreadyDone
    stated = RecusalStated(conflict=command.conflict)
    if command.conflict:
        return [stated, RecusalGrounds(grounds=require_text(command.grounds, "grounds"))]
    if command.grounds.strip():
        raise ReasonUnasked(where="grounds")
    return [stated]


def make_pledge(by: Alias, room: RoomState) -> list[AnyEvent]:
    """Record the pledge."""
    if room.seats[by].pledged:
        raise AlreadyDone
    return [PledgeMade()]
