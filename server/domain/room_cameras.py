"""Who sees and hears a room camera (场地摄像机), and when it is recorded: beside the table of seats.

A room camera shows everybody in the room, with faces and natural voices as they are; so no member and no tender agent
is ever sent one. A sub-venue's operator sees the own venue; who watches over the whole sees all.
Source: `domain.md` 1.6 (Hebei 2025, Liyang, State Grid), 2.3.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from server.domain.ids import Alias
from server.domain.phases import Phase
from server.domain.roles import Role
from server.domain.state import RoomCamera, RoomState, Seat

_EVERYWHERE: Final = frozenset({Role.HOST_OPERATOR, Role.WITNESS, Role.SUPERVISOR})
_OWN_VENUE: Final = frozenset({Role.VENUE_OPERATOR})


def present_cameras(room: RoomState) -> Mapping[Alias, RoomCamera]:
    """The cameras that have not been taken away, in the order they were added."""
    return {alias: camera for alias, camera in room.cameras.items() if camera.removed_at is None}


def may_watch(seat: Seat, camera: RoomCamera) -> bool:
    """Whether a seat may ever see and hear a camera."""
    return seat.role in _EVERYWHERE or (seat.role in _OWN_VENUE and seat.venue == camera.venue)


def watched_cameras(listener: Alias, room: RoomState) -> tuple[Alias, ...]:
    """Every camera that the listener may see and hear."""
    seat = room.seats[listener]
    return tuple(alias for alias, camera in present_cameras(room).items() if may_watch(seat, camera))


def camera_pairs(room: RoomState) -> Iterator[tuple[Alias, Alias]]:
    """Every (camera, listener) that may flow now: while the room is open, pauses included."""
    if room.phase is Phase.CLOSED:
        return
    for listener, seat in room.seats.items():
        if seat.confirmed:
            yield from ((camera, listener) for camera in watched_cameras(listener, room))


def recorded_cameras(room: RoomState) -> frozenset[Alias]:
    """The cameras that are to be recorded now: all, from the check-in to the close, pauses included."""
    if not room.is_recorded or room.phase in (Phase.PREPARED, Phase.CLOSED):
        return frozenset()
    return frozenset(present_cameras(room))
