"""The real process: started, killed, started again, and ended."""

import asyncio
import base64
import signal
import sys
from collections.abc import AsyncIterator, Iterable
from pathlib import Path

import msgspec
import pytest

from signaling.media_process import parse_arguments
from signaling.messages import AskStats, Connected, OpenRoom, Refused, Track
from signaling.scripted.scripted_peer import ScriptedPeer
from tests.support.media_worker import Worker
from tests.support.media_world import FILMS, ROOM, cameras, everything
from tests.support.patience import PATIENCE_S, until
from tests.support.recorded import RECORDING_KEY

UNREAD = 5_000
"Lines of a log: several times what a pipe holds and asyncio reads ahead."


@pytest.fixture
async def worker(tmp_path: Path) -> AsyncIterator[Worker]:
    worker = Worker(tmp_path / "control")
    await worker.start()
    yield worker
    if worker.process.returncode is None:
        worker.process.kill()
        await worker.ended()


async def two_seats(worker: Worker, recorded: Iterable[tuple[str, Track]] = ()) -> dict[str, ScriptedPeer]:
    """Two seats that see each other through the present process."""
    seats = {"E1": ScriptedPeer(FILMS[0]), "E2": ScriptedPeer(FILMS[1])}
    worker.server.say(OpenRoom(room=ROOM, recording_key=RECORDING_KEY))
    await worker.server.set_policy(everything(*seats), recorded)
    await asyncio.gather(*(worker.server.join(alias, seat.answer, seats) for alias, seat in seats.items()))
    for listener, source in (("E1", "E2"), ("E2", "E1")):
        await until(lambda key=(source, "video"), seat=seats[listener]: key in seat.received)  # type: ignore[misc]
    return seats


async def test_seats_rejoin_after_the_process_was_killed(worker: Worker) -> None:
    before = await two_seats(worker)
    worker.process.kill()
    assert (await worker.ended())[0] == -signal.SIGKILL

    await worker.start()
    after = await two_seats(worker)

    assert len(worker.server.every(Connected)) == 2
    for seat in [*before.values(), *after.values()]:
        await seat.close()


async def test_process_ends_with_its_control_connection(worker: Worker) -> None:
    seats = await two_seats(worker)
    worker.hang_up()

    status, log = await worker.ended()

    assert (status, "the server is gone" in log) == (0, True)
    await until(lambda: all(seat.connection.is_closed for seat in seats.values()))
    for seat in seats.values():
        await seat.close()


async def test_key_of_a_room_is_in_no_line_of_the_log_whatever_is_wrong_with_its_message(worker: Worker) -> None:
    key = b"0123456789abcdef0123456789abcdef"
    opening = OpenRoom(room=ROOM, recording_key=key)
    worker.server.say(opening)
    worker.server.say(opening)
    await until(lambda: [refused.code for refused in worker.server.every(Refused)] == ["room_exists"])
    worker.server.say(msgspec.structs.replace(opening, room=7))  # what no server says

    status, log = await worker.ended()

    assert (status, "the control connection is broken" in log) == (0, True)
    assert not [form for form in (key.decode(), key.hex(), base64.b64encode(key).decode()) if form in log]


async def test_a_server_that_goes_first_costs_no_room_its_open_pieces(tmp_path: Path) -> None:
    worker = Worker(tmp_path / "control")
    await worker.start(tmp_path)
    worker.server.say(OpenRoom(room="empty", recording_key=RECORDING_KEY))
    await worker.server.set_policy([], cameras("E1"), room="empty")
    seats = await two_seats(worker, recorded=cameras("E1", "E2"))
    worker.hang_up()

    status, log = await worker.ended()

    assert (status, "Traceback" in log) == (0, False)
    kept = {path.parent.name for path in (tmp_path / ROOM).rglob("*.webm.sealed")}
    assert kept == {f"{alias}-{track}" for alias, track in cameras("E1", "E2")}
    for seat in seats.values():
        await seat.close()


async def test_process_whose_log_nobody_reads_goes_on_and_says_later_what_was_lost(worker: Worker) -> None:
    worker.read_no_log()
    for _ in range(UNREAD):
        worker.server.say(AskStats(room="nowhere"))

    await until(lambda: len(worker.server.every(Refused)) == UNREAD)
    worker.read_log()
    worker.hang_up()

    status, log = await worker.ended()
    assert (status, "log_lines_lost" in log) == (0, True)


async def test_process_stops_cleanly_on_a_signal(worker: Worker) -> None:
    worker.process.terminate()

    status, log = await worker.ended()

    assert (status, "stopped by a signal" in log) == (0, True)


async def test_process_ends_when_it_is_told_nonsense(worker: Worker) -> None:
    worker.raw(b"\xff\xff\xff\xff")

    status, log = await worker.ended()

    assert (status, "the control connection is broken" in log) == (0, True)


async def test_log_holds_no_password(worker: Worker) -> None:
    seats = await two_seats(worker)
    worker.hang_up()
    _, log = await worker.ended()

    assert "connected" in log
    assert "ice-pwd" not in log
    for seat in seats.values():
        await seat.close()


async def test_process_without_a_server_fails(tmp_path: Path) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *["-m", "signaling", "--control", str(tmp_path / "nobody"), "--address", "127.0.0.1"],
        stderr=asyncio.subprocess.PIPE,
    )

    _, log = await asyncio.wait_for(process.communicate(), PATIENCE_S)

    assert (process.returncode, b"FileNotFoundError" in log) == (1, True)


def test_arguments_are_read() -> None:
    arguments = parse_arguments(["--control", "c", "--udp-port", "7", "--address", "192.0.2.1", "2001:db8::1"])

    assert vars(arguments) == {
        "control": Path("c"),
        "udp_port": 7,
        "bind": "0.0.0.0",
        "address": ["192.0.2.1", "2001:db8::1"],
        "recordings": None,
    }
