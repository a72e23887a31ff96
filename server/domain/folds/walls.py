"""The passes for walls of supervisors (监督大屏), and the players that show the room under them."""

from typing import assert_never

from msgspec.structs import replace

from server.domain.events import WallPassGiven, WallPassWithdrawn, WallPlayerCame, WallPlayerLeft
from server.domain.ids import Alias
from server.domain.lines import Line
from server.domain.state import RoomState, WallPass, WallPlayer

WallEvent = WallPassGiven | WallPassWithdrawn | WallPlayerCame | WallPlayerLeft
"The events that change walls."


def apply(room: RoomState, event: WallEvent, line: Line) -> RoomState:
    """The room after one more of these events, which stands in this line."""
    return replace(room, walls={**room.walls, event.wall: _changed(room, event, line)})


def ended(room: RoomState, line: Line, by: Alias | None = None) -> RoomState:
    """End the passes of a giver, or else all."""
    walls = {
        name: _ended(wall, line) if wall.ended_at is None and by in (None, wall.by) else wall
        for name, wall in room.walls.items()
    }
    return replace(room, walls=walls)


def _changed(room: RoomState, event: WallEvent, line: Line) -> WallPass:
    match event:
        case WallPassGiven():
            return WallPass(by=line.by, place=event.place, sha256=event.sha256, given_at=line.head.at)
        case WallPassWithdrawn():
            return _ended(room.walls[event.wall], line)
        case WallPlayerCame():
            wall = room.walls[event.wall]
            player = WallPlayer(alias=event.alias, kind=event.kind, since=line.head.at)
            return replace(wall, players={**wall.players, event.player: player})
        case WallPlayerLeft():
            wall = room.walls[event.wall]
            return replace(wall, players={name: each for name, each in wall.players.items() if name != event.player})
        case _:
            assert_never(event)


def _ended(wall: WallPass, line: Line) -> WallPass:
    return replace(wall, ended_at=line.head.at, players={})
