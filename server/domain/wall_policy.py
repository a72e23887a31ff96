"""What a supervisor's wall (监督大屏) may show: what its giver's seat may see and hear at this moment, and less.

A pass has no rights of its own. Its tracks are those of the supervisor who gave it, out of the same table, so it can
never show what that seat may not see; it ends with the room, and when that seat is moved to another device. It is left
out what a hall full of people must not read: a member's screen, which may hold the members' points, though a
supervisor may see it. Desktops have no listener at all.
Source: `domain.md` 2.3 and its defaults; decision 0015.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Final

from server.domain.ids import Alias, WallId
from server.domain.media_policy import allowed_tracks, possible_tracks
from server.domain.phases import Phase
from server.domain.recordings import MediaTrack, TrackKey
from server.domain.roles import MEMBERS, Role
from server.domain.state import RoomState, WallPass

PICTURES: Final = frozenset({MediaTrack.VIDEO, MediaTrack.SCREEN})
"What a player may ask for; a camera brings its sound."


def open_walls(room: RoomState) -> Mapping[WallId, WallPass]:
    """The passes that have not ended, in the order they were given."""
    return {name: wall for name, wall in room.walls.items() if wall.ended_at is None}


def shown_tracks(wall: WallPass, alias: Alias, kind: MediaTrack, room: RoomState) -> tuple[TrackKey, ...]:
    """What a player gets that asks for a picture: the picture and what is heard with it; none if it is not for a wall.

    Args:
        wall: the pass under which it asks.
        alias: a seat or a room camera.
        kind: its camera, or the screen that it shows.
        room: the room as its record tells it.
    """
    if kind not in PICTURES:
        return ()
    is_screen = kind is MediaTrack.SCREEN
    of_source = (track for track in wall_tracks(wall, room) if track[0] == alias)
    return tuple(track for track in of_source if (track[1] is MediaTrack.SCREEN) == is_screen)


def wall_tracks(wall: WallPass, room: RoomState) -> tuple[TrackKey, ...]:
    """Every track that may ever be shown under a pass."""
    if room.phase is Phase.CLOSED or wall.ended_at is not None or room.seats[wall.by].role is not Role.SUPERVISOR:
        return ()
    return tuple(track for track in possible_tracks(wall.by, room) if _is_for_a_hall(track, room))


def flowing_tracks(
    walls: Iterable[WallPass], room: RoomState, listening: Collection[Alias]
) -> dict[Alias, frozenset[TrackKey]]:
    """By giver: what may flow to walls now.

    Args:
        walls: those that have players.
        room: the room as its record tells it.
        listening: the seats that the room's sound reaches now.
    """
    givers = {wall.by for wall in walls if wall.ended_at is None}
    allowed = allowed_tracks(room, listening) if givers else frozenset()
    return {
        giver: frozenset(
            (source, track)
            for source, listener, track in allowed
            if listener == giver and _is_for_a_hall((source, track), room)
        )
        for giver in givers
    }


def _is_for_a_hall(track: TrackKey, room: RoomState) -> bool:
    """Whether it holds nothing that a supervisor may read and a hall may not."""
    alias, kind = track
    return kind is not MediaTrack.SCREEN or room.seats[alias].role not in MEMBERS
