"""监督大屏: passes under which a wall of a supervision hall shows a room, given and withdrawn by its supervisors."""

from typing import Final

from server.domain.commands import GiveWallPass, WithdrawWallPass
from server.domain.events import AnyEvent, WallPassGiven, WallPassWithdrawn
from server.domain.ids import WallId
from server.domain.rejections import TooManyWalls, WallTokenUsed, WallUnknown
from server.domain.rules.checks import limited, require_text
from server.domain.state import RoomState
from server.domain.wall_policy import open_walls

PLACE_LIMIT: Final = 40
"Characters: who looks into the record is to know where the room was shown."
MOST_WALLS: Final = 8
"Passes at a time."


def give(command: GiveWallPass, room: RoomState) -> list[AnyEvent]:
    """Let a wall show what the giver may see.

    Raises:
        ReasonMissing, TextTooLong: a place that says nothing, or too much.
        WallTokenUsed: the token has opened another pass.
        TooManyWalls: there are enough.
    """
    place = limited(require_text(command.place, "place"), PLACE_LIMIT)
    if command.sha256 in {wall.sha256 for wall in room.walls.values()}:
        raise WallTokenUsed
    if len(open_walls(room)) >= MOST_WALLS:
        raise TooManyWalls(limit=MOST_WALLS)
    return [WallPassGiven(wall=WallId(f"P{len(room.walls) + 1}"), place=place, sha256=command.sha256)]


def withdraw(command: WithdrawWallPass, room: RoomState) -> list[AnyEvent]:
    """End a pass, whichever supervisor of the room has given it.

    Raises:
        WallUnknown: there is none, or it has ended.
    """
    if command.wall not in open_walls(room):
        raise WallUnknown(wall=command.wall)
    return [WallPassWithdrawn(wall=command.wall)]
