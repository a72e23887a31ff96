from collections.abc import AsyncIterator

import aiohttp
import pytest
import pytest_asyncio
from msgspec.structs import replace

from server.app import Server
from server.demo.seat_client import SeatClient, SeatKey, SeatRecord, SeatRefused, enter
from server.domain.commands import PauseRoom, ReleaseSeat
from server.domain.errors import EvidenceBroken
from server.domain.ids import Alias, Seq
from server.session.frames import CheckpointSigned, FreshToken, Lines, PlacedLine, Welcome
from tests.support.live_server import E1, E2, H1, L1, W1, Sitting, open_sitting
from tests.support.relay import Relay

pytestmark = pytest.mark.asyncio(loop_scope="module")

Frames = list[Lines | CheckpointSigned]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def member(server: Server) -> AsyncIterator[SeatClient]:
    """A member who has seen hidden lines become visible."""
    async with open_sitting(server) as sitting:
        await sitting.play(lambda view: view.lots[L1].locked_at is not None)
        await sitting.all_hold_everything()
        yield sitting.seats[E2]


def frames(seat: SeatClient) -> Frames:
    """What the record was made of."""
    return [frame for frame in seat.heard if isinstance(frame, Lines | CheckpointSigned)]


def replayed(heard: Frames) -> SeatRecord:
    record = SeatRecord()
    for frame in heard:
        if isinstance(frame, Lines):
            record.take_lines(frame)
        else:
            record.take_checkpoint(frame)
    return record


# -- the record ------------------------------------------------------------------------------------------------------


async def test_the_same_frames_give_the_same_record(member: SeatClient) -> None:
    again = replayed(frames(member))

    assert (again.view, again.seen, again.signed_size) == (member.view, member.record.seen, member.record.have)


async def test_lines_that_come_twice_change_nothing(member: SeatClient) -> None:
    twice = [frame for each in frames(member) for frame in (each, each)]

    assert replayed(twice).view == member.view


async def test_a_line_in_two_versions_is_an_alarm(member: SeatClient) -> None:
    record = replayed(frames(member))
    hidden = next(seq for seq in range(record.have) if seq not in record.raws)

    with pytest.raises(EvidenceBroken, match=f"Line {hidden} was sent in two versions"):
        record.take_lines(Lines(lines=(PlacedLine(Seq(hidden), b"{}"),)))


async def test_a_head_that_contradicts_the_lines_is_an_alarm(member: SeatClient) -> None:
    heard = frames(member)
    first = next(frame for frame in heard if isinstance(frame, Lines))
    last = [frame for frame in heard if isinstance(frame, CheckpointSigned)][-1]

    with pytest.raises(EvidenceBroken, match="contradicts the lines that were sent"):
        replayed([first, last])


async def test_a_head_that_the_log_did_not_sign_is_an_alarm(member: SeatClient) -> None:
    record = replayed(frames(member))
    last = [frame for frame in member.heard if isinstance(frame, CheckpointSigned)][-1]
    body, _, signatures = last.note.partition("\n\n")
    witness_only = "".join(f"{line}\n" for line in signatures.splitlines() if "witness" in line)

    with pytest.raises(EvidenceBroken, match="not signed by the room's log"):
        record.take_checkpoint(replace(last, note=f"{body}\n\n{witness_only}"))


# -- the connection --------------------------------------------------------------------------------------------------


async def test_a_wrong_code_gets_no_token(sitting: Sitting) -> None:
    async with aiohttp.ClientSession() as http:
        with pytest.raises(SeatRefused, match="code_unknown: This entry code is not valid"):
            await enter(http, sitting.url, "00000000")


async def test_a_seat_that_is_not_let_in_says_why(sitting: Sitting) -> None:
    with pytest.raises(SeatRefused) as refused:
        async with SeatClient(sitting.url, sitting.room, E1, "a.b.c", key=SeatKey()):
            pass

    assert refused.value.code == "token_malformed"


async def test_a_seat_comes_back_by_itself_and_holds_what_it_missed(sitting: Sitting) -> None:
    async with Relay(sitting.url) as relay:
        host = (await sitting.enrol(H1))[0]
        direct, sitting.url = sitting.url, relay.url
        witness = await sitting.enter(W1)
        sitting.url = direct
        relay.lead_nowhere()
        relay.drop()
        await host.until(lambda _: W1 not in host.connected)
        await sitting.enrol(E1)

        relay.lead_to(sitting.url)
        await sitting.all_hold_everything()

        assert sum(isinstance(frame, Welcome) for frame in witness.heard) == 2
        assert witness.record.seen == host.record.seen


async def test_waiting_for_what_never_comes_ends(sitting: Sitting) -> None:
    seat = await sitting.enter(E1)

    with pytest.raises(TimeoutError):
        await seat.until(lambda view: view.paused, 0.01)


async def test_waiting_ends_with_the_reason_when_the_seat_is_gone(sitting: Sitting) -> None:
    host, seat = await sitting.enrol(H1, E1)
    await host.submit(ReleaseSeat(seat=E1, reason="换机"))

    with pytest.raises(SeatRefused, match="seat_released"):
        await seat.until(lambda view: view.paused)


async def test_a_refusal_carries_the_stable_code(sitting: Sitting) -> None:
    [host] = await sitting.enrol(H1)

    with pytest.raises(SeatRefused) as refused:
        await host.submit(PauseRoom(reason="停电"))

    assert refused.value.code == "wrong_phase"
    assert str(refused.value).startswith("wrong_phase: pause_room is not possible")


async def test_a_refreshed_token_is_used_from_then_on(sitting: Sitting) -> None:
    seat = await sitting.enter(Alias("G1"))

    await seat.refresh()
    await seat.until(lambda _: isinstance(seat.heard[-1], FreshToken))

    assert seat.heard[-1] == FreshToken(token=seat.token)
