from server.domain import commands as c
from server.domain.events import WallPlayerCame, WallPlayerLeft
from server.domain.ids import Alias, WallId
from server.domain.phases import Phase
from server.domain.recordings import MediaTrack
from server.domain.state import WallPlayer
from tests.support.room_scenes import at


def test_players_come_and_leave_and_the_other_walls_stay_as_they_were() -> None:
    world, east, west = at(Phase.CHECK_IN), WallId("P1"), WallId("P2")
    for number, place in enumerate(("东屏", "西屏")):
        world.act("S1", c.GiveWallPass(place=place, sha256=bytes([number]) * 32))
    empty = world.room.walls[west]
    came = {f"wall-{number}": Alias(alias) for number, alias in enumerate(("E1", "E2"))}
    for player, alias in came.items():
        world.note(WallPlayerCame(wall=east, player=player, alias=alias, kind=MediaTrack.VIDEO))
    since = world.now
    world.note(WallPlayerLeft(wall=east, player="wall-0"))

    assert world.room.walls[east].players == {
        "wall-1": WallPlayer(alias=Alias("E2"), kind=MediaTrack.VIDEO, since=since)
    }
    assert world.room.walls[west] == empty
