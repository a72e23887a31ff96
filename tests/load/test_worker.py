import msgspec
import pytest

from server.demo.seat_client import SeatClient, SeatKey
from server.demo.seat_media import SeatMedia
from server.domain.ids import Alias, RoomId
from server.load.figures import report
from server.load.worker import Job, LoadSeat, RoomJob, Worker, absent
from signaling.messages import KINDS
from signaling.scripted.clip import clips, load
from signaling.scripted.scripted_peer import ReceivedTrack
from tests.support.recorded import packets, units

H1, E1, E2 = Alias("H1"), Alias("E1"), Alias("E2")


@pytest.fixture
async def seat() -> LoadSeat:
    client = SeatClient("http://127.0.0.1:9", RoomId("r"), E1, "", key=SeatKey())
    return LoadSeat(SeatMedia(client, load(clips()[0])), sources=2)


def receive(seat: LoadSeat, source: str, first: int, last: int) -> None:
    """The frames of a film, and the parts of its sound, with these numbers."""
    for kind in KINDS:
        track = seat.media.peer.received.setdefault((source, kind), ReceivedTrack(kind))
        for sequence, unit in enumerate(units(kind, last)):
            if sequence >= first:
                for packet in packets(unit, kind, sequence * 100):
                    track.receive(packet, unit.arrived)


async def test_seat_that_never_connects_sees_nobody(seat: LoadSeat) -> None:
    seat.begin()

    figures = seat.figures(2.0)

    assert (figures.join_s, figures.unseen, figures.expected, figures.played_s) == (None, 2, 0, 0.0)
    assert not seat.sees_all


async def test_what_came_before_the_measurement_is_not_counted(seat: LoadSeat) -> None:
    receive(seat, "E2", 0, 4)
    seat.begin()
    before = seat.figures(2.0)
    receive(seat, "E2", 4, 6)

    after = seat.figures(2.0)

    assert (before.expected, before.lost, before.unseen, before.unheard) == (0, 0, 1, 2)
    assert after.unheard == 1
    assert after.expected > after.lost > 0  # the numbers between two frames here are lost
    assert after.played_s == 2.0


async def test_seats_that_cannot_sit_down_are_counted_as_absent() -> None:
    rooms = [RoomJob(room=RoomId(name), codes={H1: "1", E1: "2", E2: "3"}) for name in ("r-1", "r-2")]
    async with Worker(Job(url="http://127.0.0.1:9", root=None, rooms=rooms, seconds=0.0)) as worker:
        await worker.sit_down()
        figures = await worker.measure()

    assert figures.seats == [absent(2)] * 6
    told = report([figures], rooms=2, seats=3, seconds=0.0, machine_cores=0.0, machine_has=2)
    assert (told.not_connected, told.unseen, told.unheard) == (6, 12, 12)
    assert told.reasons[:3] == ["not_connected", "unseen", "unheard"]


def test_job_passes_as_one_line() -> None:
    job = Job(url="https://s", root=None, rooms=[RoomJob(room=RoomId("r"), codes={E1: "1"})], seconds=1.0)

    line = msgspec.json.encode(job)

    assert b"\n" not in line
    assert msgspec.json.decode(line, type=Job) == job
