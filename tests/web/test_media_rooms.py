import asyncio

from server.domain.ids import RoomId
from server.domain.recordings import MediaTrack
from server.web import media_words
from server.web.media_rooms import MediaRooms
from signaling.messages import CloseRoom, FinishRecording, OpenRoom, PolicyInForce, SetPolicy, ToMedia
from tests.support.live_server import E1, E3
from tests.support.patience import PATIENCE_S

ROOM, KEY = RoomId("r"), bytes(32)
ROUTES = frozenset({(E1, E3, MediaTrack.AUDIO)})
TRACKS = frozenset({(E1, MediaTrack.AUDIO)})


class Process:
    """A media process that puts in force what it is told, unless it is stuck."""

    def __init__(self, *, is_stuck: bool = False, in_force_within_s: float = PATIENCE_S) -> None:
        self.told: list[ToMedia] = []
        self.is_up = True
        self.is_stuck = is_stuck
        self.rooms = MediaRooms(self, lambda _: KEY, in_force_within_s=in_force_within_s)
        self._answers: set[asyncio.Task[None]] = set()

    def tell(self, message: ToMedia) -> bool:
        if self.is_up:
            self.told.append(message)
            if isinstance(message, SetPolicy) and not self.is_stuck:
                answer = self.rooms.hear(PolicyInForce(room=message.room, version=message.version))
                self._answers.add(asyncio.create_task(answer))
        return self.is_up

    async def kill(self) -> None:
        self.is_up = False


def policy(version: int, *, recorded: bool = True) -> SetPolicy:
    return media_words.policy(ROOM, version, ROUTES, TRACKS if recorded else ())


async def opened() -> Process:
    process = Process()
    process.rooms.open(ROOM)
    await process.rooms.set_policy(ROOM, ROUTES, TRACKS)
    return process


async def test_room_is_opened_once_and_each_policy_told_once() -> None:
    process = await opened()

    process.rooms.open(ROOM)
    await process.rooms.set_policy(ROOM, ROUTES, TRACKS)
    await process.rooms.set_policy(ROOM, ROUTES, frozenset())

    assert process.told == [OpenRoom(room=ROOM, recording_key=KEY), policy(1), policy(2, recorded=False)]
    assert process.is_up


async def test_whoever_wants_a_policy_that_was_told_already_waits_for_it_too_or_for_the_rooms_end() -> None:
    process = Process(is_stuck=True, in_force_within_s=PATIENCE_S)
    process.rooms.open(ROOM)
    asking = [asyncio.create_task(process.rooms.set_policy(ROOM, ROUTES, TRACKS)) for _ in range(2)]
    asking[0].add_done_callback(lambda _: process.rooms.close(ROOM))
    await asyncio.sleep(0)
    are_answered = [each.done() for each in asking]

    await process.rooms.hear(PolicyInForce(room=ROOM, version=1))
    await asyncio.gather(*asking)

    assert (are_answered, process.is_up) == ([False, False], True)


async def test_a_confirmation_of_a_room_that_was_closed_is_none_of_one_with_its_name() -> None:
    process = await opened()
    process.rooms.close(ROOM)
    process.rooms.open(ROOM)
    process.is_stuck = True
    asking = asyncio.create_task(process.rooms.set_policy(ROOM, ROUTES, TRACKS))

    await process.rooms.hear(PolicyInForce(room=ROOM, version=1))
    await asyncio.sleep(0)
    is_answered = asking.done()
    await process.rooms.hear(PolicyInForce(room=ROOM, version=2))
    await asking

    assert not is_answered


async def test_process_that_does_not_put_a_policy_in_force_is_ended() -> None:
    process = Process(is_stuck=True, in_force_within_s=0)
    process.rooms.open(ROOM)

    await process.rooms.set_policy(ROOM, ROUTES, TRACKS)

    assert not process.is_up


async def test_fresh_process_is_told_the_rooms_as_they_are_now() -> None:
    process = await opened()
    await process.kill()
    await process.rooms.lost()
    await process.rooms.set_policy(ROOM, ROUTES, frozenset())
    process.told.clear()

    process.is_up = True
    process.rooms.begin_again()

    assert process.told == [OpenRoom(room=ROOM, recording_key=KEY), policy(2, recorded=False)]


async def test_nothing_is_recorded_after_the_end_until_it_goes_on() -> None:
    process = await opened()
    process.told.clear()

    ends = [process.rooms.finish_recording(ROOM) for _ in range(2)]
    await process.rooms.set_policy(ROOM, ROUTES, TRACKS)
    process.rooms.record_on(ROOM)
    await process.rooms.set_policy(ROOM, ROUTES, TRACKS)

    assert ends == [True, False]
    assert process.told == [FinishRecording(room=ROOM), policy(2)]


async def test_room_that_is_closed_is_forgotten() -> None:
    process = await opened()

    process.rooms.close(ROOM)

    assert (ROOM in process.rooms, process.told[-1]) == (False, CloseRoom(room=ROOM))
    assert not process.rooms.finish_recording(ROOM)
