import asyncio

import pytest

from server.domain.ids import Alias, RoomId
from server.web.camera_links import CameraLinks
from server.web.offer_desk import IceSession, MediaAway, OfferRefused
from signaling.messages import Away, Connected, Gone, Leave, OfferTaken, RestartIce, TakeOffer, ToMedia

ROOM, C1, C2 = RoomId("r1"), Alias("C1"), Alias("C2")


class Process:
    """A media process that answers as it is told."""

    def __init__(self, *, problem: str = "") -> None:
        self.told: list[ToMedia] = []
        self.links = CameraLinks(self._tell)
        self._problem = problem

    def _tell(self, message: ToMedia) -> bool:
        self.told.append(message)
        if isinstance(message, TakeOffer | RestartIce):
            taken = OfferTaken(
                room=message.room,
                alias=message.alias,
                request=message.request,
                connection=message.connection if isinstance(message, RestartIce) else 100 + message.request,
                sdp=f"a=ice-ufrag:us{message.request}\r\n",
                problem=self._problem,
            )
            asyncio.get_running_loop().call_soon(self.links.hear, taken)
        return True


async def test_offer_is_answered_and_its_session_lasts_until_it_is_ended() -> None:
    process = Process()

    answer = await process.links.take_offer(ROOM, C1, "offer")

    assert (answer.sdp, answer.connection) == ("a=ice-ufrag:us1\r\n", 101)
    assert process.links.is_present(ROOM, C1, 101)
    assert not process.links.is_present(ROOM, C2, 101)
    process.links.end(ROOM, C1)
    process.links.end(ROOM, C1)
    assert [message for message in process.told if isinstance(message, Leave)] == [Leave(room=ROOM, alias=C1)]
    assert not process.links.is_present(ROOM, C1, 101)


async def test_cameras_ice_is_restarted_and_each_end_has_a_new_name() -> None:
    process = Process()
    await process.links.take_offer(ROOM, C1, "a=ice-ufrag:them\r\n")
    assert process.links.find(ROOM, C1, 101) == IceSession(connection=101, ours="us1", theirs=frozenset({"them"}))

    await process.links.restart(ROOM, C1, "a=ice-ufrag:new\r\n")

    assert process.told[-1] == RestartIce(room=ROOM, alias=C1, request=2, connection=101)
    assert process.links.find(ROOM, C1, 101) == IceSession(connection=101, ours="us2", theirs=frozenset({"new"}))
    with pytest.raises(OfferRefused, match="ended"):
        await process.links.restart(ROOM, C2, "a=ice-ufrag:new\r\n")


async def test_offer_that_cannot_be_taken_is_refused_with_the_reason() -> None:
    process = Process(problem="The offer has no picture.")

    with pytest.raises(OfferRefused, match="no picture"):
        await process.links.take_offer(ROOM, C1, "offer")

    assert not process.links.is_present(ROOM, C1, 101)


async def test_without_a_process_nothing_is_taken() -> None:
    links = CameraLinks(lambda _: False)

    with pytest.raises(MediaAway):
        await links.take_offer(ROOM, C1, "offer")


async def test_camera_that_has_gone_has_no_session_and_seats_are_left_to_others() -> None:
    process = Process()
    await process.links.take_offer(ROOM, C1, "offer")

    assert process.links.hear(Connected(room=ROOM, alias=C1, connection=101))
    assert process.links.hear(Away(room=ROOM, alias=C1, connection=101))
    assert not process.links.hear(Gone(room=ROOM, alias="E1", connection=101, reason="left"))
    assert not process.links.hear(Gone(room=ROOM, alias=C1, connection=100, reason="replaced"))
    assert process.links.is_present(ROOM, C1, 101)
    assert process.links.hear(Gone(room=ROOM, alias=C1, connection=101, reason="silent"))
    assert not process.links.is_present(ROOM, C1, 101)


async def test_cameras_that_are_taken_away_are_cut_off() -> None:
    process = Process()
    for camera in (C1, C2):
        await process.links.take_offer(ROOM, camera, "offer")

    process.links.keep(ROOM, {C2})

    assert process.told[-1] == Leave(room=ROOM, alias=C1)
    assert process.links.is_present(ROOM, C2, 102)
    process.links.begin_again()
    assert not process.links.is_present(ROOM, C2, 102)
