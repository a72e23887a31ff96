import asyncio
from itertools import count

import pytest

from server.domain import commands as c
from server.domain.events import WallPlayerCame
from server.domain.ids import Alias, RoomId, WallId
from server.domain.phases import Phase
from server.domain.recordings import MediaTrack
from server.web.offer_desk import CodecMissing, IceSession, OfferRefused
from server.web.wall_players import (
    MOST_PLAYERS,
    NotForWalls,
    Picture,
    TooManyPlayers,
    WallPassEnded,
    WallPlayers,
)
from signaling.messages import Away, Connected, Gone, Leave, OfferTaken, RestartIce, TakePlayer, ToMedia, Track
from tests.support.room_plan import JIA
from tests.support.room_scenes import HOST, at
from tests.support.room_world import World

ROOM, E1, H1, C1, P1 = RoomId("r1"), Alias("E1"), Alias("H1"), Alias("C1"), WallId("P1")
AUDIO, VIDEO, SCREEN = MediaTrack.AUDIO, MediaTrack.VIDEO, MediaTrack.SCREEN
PICTURE = Picture(wall=P1, alias=E1, kind=VIDEO)


class Hall:
    """A room with a pass for a wall, and a media process that answers as it is told."""

    def __init__(self, phase: Phase = Phase.CHECK_IN, *, problem: str = "") -> None:
        self.world: World = at(phase)
        self.world.act("S1", c.GiveWallPass(place="监督大厅", sha256=bytes(32)))
        self.told: list[ToMedia] = []
        self.changes = 0
        self._problem = problem
        numbers = count(1)
        self.players = WallPlayers(self._tell, self._changed, lambda _: str(next(numbers)))

    def _changed(self, room_id: RoomId) -> None:
        assert room_id == ROOM
        self.changes += 1

    def _tell(self, message: ToMedia) -> bool:
        self.told.append(message)
        if isinstance(message, TakePlayer | RestartIce):
            taken = OfferTaken(
                room=message.room,
                alias=message.alias,
                request=message.request,
                connection=100,
                sdp=f"a=ice-ufrag:us{message.request}\r\n",
                problem=self._problem,
                is_codec=bool(self._problem),
            )
            asyncio.get_running_loop().call_soon(self.players.hear, taken)
        return True

    def enter(self, picture: Picture = PICTURE) -> Alias:
        return self.players.enter(ROOM, picture, self.world.room, "a=ice-ufrag:abc\r\n")

    async def play(self, picture: Picture = PICTURE) -> Alias:
        name = self.enter(picture)
        await self.players.take_offer(ROOM, name, self.world.room.cameras, "offer")
        self.players.hear(Connected(room=ROOM, alias=name, connection=100))
        return name

    def allowed(self) -> frozenset[tuple[Alias, Alias, MediaTrack]]:
        return self.players.allowed(ROOM, self.world.room, ())


async def test_player_is_allowed_what_it_asked_for_before_its_offer_is_handed_on() -> None:
    hall = Hall()
    hall.world.act(HOST, c.AddRoomCamera(venue=JIA, label="场地全景"))

    name = hall.enter()

    assert hall.allowed() == {(E1, name, AUDIO), (E1, name, VIDEO)}
    assert hall.told == []
    answer = await hall.players.take_offer(ROOM, name, hall.world.room.cameras, "offer")
    assert (answer.connection, answer.sdp) == (100, "a=ice-ufrag:us1\r\n")
    tracks: list[tuple[str, Track]] = [("E1", "audio"), ("E1", "video")]
    assert hall.told == [TakePlayer(room=ROOM, alias=name, request=1, sdp="offer", tracks=tracks, cameras=["C1"])]
    found = hall.players.find(ROOM, P1, 100)
    assert found == IceSession(connection=100, ours="us1", theirs=frozenset({"abc"}))
    assert hall.players.find(ROOM, WallId("P2"), 100) is None


async def test_player_is_noted_while_its_connection_stands() -> None:
    hall = Hall()

    name = await hall.play()

    came = WallPlayerCame(wall=P1, player=name, alias=E1, kind=VIDEO)
    assert hall.players.present(ROOM) == {name: came}
    assert hall.players.hear(Away(room=ROOM, alias=name, connection=100))
    assert hall.players.present(ROOM) == {}
    assert hall.players.hear(Gone(room=ROOM, alias=name, connection=100, reason="silent"))
    assert hall.players.find(ROOM, P1, 100) is None
    assert not hall.players.hear(Gone(room=ROOM, alias="E1", connection=100, reason="left"))
    assert hall.changes == 3


async def test_withdrawal_ends_the_players_and_what_they_were_allowed() -> None:
    hall = Hall()
    name = await hall.play()

    hall.world.act("S1", c.WithdrawWallPass(wall=P1))

    assert hall.allowed() == frozenset()
    hall.players.keep(ROOM, hall.world.room)
    assert hall.told[-1] == Leave(room=ROOM, alias=name)
    assert hall.players.present(ROOM) == {}
    with pytest.raises(WallPassEnded):
        hall.enter()


async def test_withdrawal_while_an_offer_is_on_its_way_leaves_no_player() -> None:
    hall = Hall()
    name = hall.enter()
    asked = asyncio.create_task(hall.players.take_offer(ROOM, name, (), "offer"))
    await asyncio.sleep(0)  # it has been handed on, and is not answered yet
    hall.world.act("S1", c.WithdrawWallPass(wall=P1))

    hall.players.keep(ROOM, hall.world.room)

    assert [type(message) for message in hall.told] == [TakePlayer, Leave]
    with pytest.raises(WallPassEnded):
        await asked


async def test_players_of_a_camera_that_is_taken_away_end_and_others_stay() -> None:
    hall = Hall()
    hall.world.act(HOST, c.AddRoomCamera(venue=JIA, label="场地全景"))
    gone, stays = await hall.play(Picture(wall=P1, alias=C1, kind=VIDEO)), await hall.play()

    hall.world.act(HOST, c.RemoveRoomCamera(camera=C1))
    hall.players.keep(ROOM, hall.world.room)

    assert list(hall.players.present(ROOM)) == [stays]
    assert hall.told[-1] == Leave(room=ROOM, alias=gone)


async def test_screen_is_not_allowed_in_a_pause_and_its_player_stays() -> None:
    hall = Hall()
    name = await hall.play(Picture(wall=P1, alias=H1, kind=SCREEN))
    assert hall.allowed() == {(H1, name, SCREEN)}

    hall.world.act(HOST, c.PauseRoom(reason="停电"))
    hall.players.keep(ROOM, hall.world.room)

    assert hall.allowed() == frozenset()
    assert list(hall.players.present(ROOM)) == [name]


async def test_what_the_player_cannot_show_is_refused_and_forgotten() -> None:
    hall = Hall(problem="It comes in VP8.")
    name = hall.enter()

    with pytest.raises(CodecMissing, match="VP8"):
        await hall.players.take_offer(ROOM, name, (), "offer")

    assert hall.allowed() == frozenset()
    assert [type(message) for message in hall.told] == [TakePlayer]


@pytest.mark.parametrize(
    "picture",
    [
        Picture(wall=P1, alias=Alias("E9"), kind=VIDEO),
        Picture(wall=P1, alias=Alias("S1"), kind=VIDEO),
        Picture(wall=P1, alias=E1, kind=SCREEN),
    ],
)
def test_what_no_pass_covers_is_refused(picture: Picture) -> None:
    with pytest.raises(NotForWalls):
        Hall().enter(picture)


async def test_only_so_many_players_are_there_at_a_time() -> None:
    hall = Hall()
    for _ in range(MOST_PLAYERS):
        hall.enter()

    with pytest.raises(TooManyPlayers):
        hall.enter()
    hall.players.begin_again()
    hall.enter()


async def test_players_ice_is_restarted_under_its_present_connection() -> None:
    hall = Hall()
    name = await hall.play()

    answer = await hall.players.restart(ROOM, 100, "a=ice-ufrag:new\r\n")

    assert hall.told[-1] == RestartIce(room=ROOM, alias=name, request=2, connection=100)
    assert (answer.connection, hall.players.find(ROOM, P1, 100)) == (
        100,
        IceSession(connection=100, ours="us2", theirs=frozenset({"new"})),
    )
    with pytest.raises(OfferRefused, match="ended"):
        await hall.players.restart(ROOM, 99, "a=ice-ufrag:new\r\n")
