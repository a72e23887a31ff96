"""Who may show a screen (屏幕共享) to whom, and whose desktop is recorded (桌面录制): beside the table of seats.

A screen is shown to confer over a document, so only while members may confer: never in a pause, and never while a sheet
is filled in alone. Who has the floor by office shows one: the main venue's operator, the agent (to members in a talk to
which a witness listens, like sound and picture), and the chair. A shared screen may hold whatever its person's page
shows, so the chair's goes to nobody who may not hold the members' points: neither to witness, agent and operators, nor
to a substitute who has not evaluated yet.

A recorded desktop shows a sheet while it is filled in. Nobody but its author may see that before the reveal, neither
witness nor supervisor; so it has no listener at any time, and is recorded alone.
Source: `domain.md` 0, item 9; 2.2, step 9; 2.3 and its defaults; 87号令, Art. 45; decision 0012.
"""

from collections.abc import Collection, Iterator
from typing import Final

from server.domain.committee import members, roles_of
from server.domain.ids import Alias
from server.domain.phases import Phase
from server.domain.recordings import MediaTrack
from server.domain.roles import MEMBERS, OPERATORS, Role
from server.domain.state import RoomState, Seat

SHOWN_TO: Final[dict[Role, frozenset[Role]]] = {
    Role.HOST_OPERATOR: MEMBERS | OPERATORS | {Role.AGENT, Role.WITNESS, Role.SUPERVISOR},
    Role.AGENT: MEMBERS | {Role.HOST_OPERATOR, Role.WITNESS, Role.SUPERVISOR},
    Role.CHAIR: MEMBERS | {Role.SUPERVISOR},
}
"By who shows a screen; who is not named never sees one."

_MAY_COME_TO_SHOW: Final = MEMBERS | {Role.HOST_OPERATOR, Role.AGENT}
"The roles with a line for a screen: it is fixed when a seat joins, and every member may become the chair."


def own_screens(seat: Seat, room: RoomState) -> tuple[MediaTrack, ...]:
    """The lines for screens that a seat is asked for."""
    shown = (MediaTrack.SCREEN,) if seat.role in _MAY_COME_TO_SHOW else ()
    return (*shown, MediaTrack.DESKTOP) if seat.role in MEMBERS and records_desktops(room) else shown


def records_desktops(room: RoomState) -> bool:
    """Whether the members' desktops are to be recorded in this room."""
    return room.opening is not None and room.opening.policy.record_desktops


def desktops(room: RoomState) -> tuple[Alias, ...]:
    """The members whose desktops are to be recorded, as soon as their seats are confirmed."""
    return members(room) if records_desktops(room) else ()


def shows(source: Alias, room: RoomState) -> bool:
    """Whether a seat may show a screen to anybody, when it is the time for it."""
    return not roles_of(source, room).isdisjoint(SHOWN_TO)


def is_shown_to(source: Alias, listener: Alias, room: RoomState) -> bool:
    """Whether a listener may ever see the screen of this seat, as long as its offices stay."""
    role = room.seats[listener].role
    return source != listener and any(role in SHOWN_TO.get(office, ()) for office in roles_of(source, room))


def screen_pairs(room: RoomState, talking: Collection[tuple[Alias, Alias]]) -> Iterator[tuple[Alias, Alias]]:
    """Every (source, listener) whose screen may flow now.

    Args:
        room: the room as its record tells it, in no pause and with no sheet open.
        talking: (source, listener) of the talk that is open.
    """
    if room.phase in (Phase.PREPARED, Phase.CLOSED):
        return
    for source, sends in room.seats.items():
        for listener, sees in room.seats.items():
            if not (sends.confirmed and sees.confirmed and is_shown_to(source, listener, room)):
                continue
            if sees.role in MEMBERS and sends.role is Role.AGENT and (source, listener) not in talking:
                continue
            if sees.role in MEMBERS and sends.role in MEMBERS and _is_behind(listener, room):
                continue
            yield source, listener


def _is_behind(member: Alias, room: RoomState) -> bool:
    """Whether a member may not know yet what the others have found: a substitute before the own first sheet."""
    stages = (stage.rounds for lot in room.lots.values() for stage in lot.stages.values())
    revealed = ([number for number in rounds if number.revealed_at is not None] for rounds in stages)
    return any(rounds and not any(member in number.handed_in for number in rounds) for rounds in revealed)
