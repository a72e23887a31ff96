import asyncio
from functools import partial

import pytest

from server.auth.signed_tokens import LIFETIME_S, new_device_id
from server.auth.tokens import Seat
from server.demo.seat_client import SeatClient, SeatRefused
from server.domain.commands import (
    AnyCommand,
    Envelope,
    HandInScores,
    MakePledge,
    OpenElection,
    PauseRoom,
    ReleaseSeat,
    ReplaceMember,
    ResumeRoom,
    command_fields,
)
from server.domain.committee import members
from server.domain.ids import Alias, Digest, Millis, Seq
from server.domain.phases import Phase, Stage
from server.domain.plan import Person, RoomRef, SeenTree
from server.domain.state import RoomView
from server.evidence.canonical import canonical
from server.evidence.command_signatures import sign_command
from server.evidence.merkle import MerkleTree, leaf_hash
from server.session.feed import QUEUE_LIMIT
from server.session.frames import (
    CellSaved,
    FreshToken,
    Goodbye,
    Lines,
    Presence,
    Progress,
    Refresh,
    Refused,
    SaveCell,
    ShowProgress,
    Submit,
    Welcome,
)
from server.web.sync_socket import FRAMES_AT_ONCE
from tests.support.live_server import E1, E2, H1, L1, S1, U1, W1, Sitting, sheet, stop_before
from tests.support.patience import UNIT_S
from tests.support.raw_socket import raw_socket
from tests.support.relay import Relay

pytestmark = pytest.mark.asyncio(loop_scope="module")

PERSON = Person(name="某人", organisation="单位", title="工程师")

SOONER_THAN_A_HEARTBEAT_S = 12 * UNIT_S

KERNEL_BUFFER_BYTES = 4 << 20
"At most for one connection on Linux: `net.ipv4.tcp_wmem`."

E7 = Alias("E7")


def cell(value: str, version: int = 1, *, stage: Stage = Stage.SCORING, name: str = "A/plan") -> SaveCell:
    return SaveCell(lot=L1, stage=stage, round=1, cell=name, value=value, version=version)


def refusals(seat: SeatClient) -> list[str]:
    """The codes of all refusals that a seat has heard."""
    return [frame.code for frame in seat.heard if isinstance(frame, Refused)]


def command_text(
    seat: SeatClient, command: AnyCommand, *, by: Alias | None = None, seen: SeenTree | None = None
) -> str:
    """What a page that is not a good one would sign, as number 500."""
    envelope = Envelope(
        room=RoomRef(id=seat.room, first=Digest(leaf_hash(seat.record.raws[Seq(0)]).hex())),
        by=by or seat.alias,
        n=500,
        seen=seen or seat.record.seen,
        nonce=bytes(16),
    )
    return canonical(command_fields(envelope, command)).decode()


# -- commands --------------------------------------------------------------------------------------------------------


async def test_the_same_bytes_over_another_connection_get_the_first_answer(sitting: Sitting) -> None:
    host, _ = await sitting.enrol(H1, E1)
    frame = host.signed(ReleaseSeat(seat=E1, reason="换机"), 9)
    first = await host.send(frame, 9)
    size = len(await sitting.lines())

    await host.drop_connection()
    again = await host.send(frame, 9)

    assert (again, len(await sitting.lines())) == (first, size)


async def test_a_command_is_answered_over_whichever_connection_stands(sitting: Sitting) -> None:
    async with Relay(sitting.url) as relay:
        sitting.url = relay.url
        host, member = await sitting.enrol(H1, E1)
        relay.withhold()
        answer = asyncio.create_task(host.submit(ReleaseSeat(seat=E1, reason="换机")))
        while len(await sitting.lines()) == host.record.have:
            pass

        relay.drop()
        relay.release()

        assert (await answer).last == len(await sitting.lines()) - 1
        await member.until(lambda _: member.goodbye is not None)


async def test_the_same_number_with_other_bytes_is_refused(sitting: Sitting) -> None:
    host, _ = await sitting.enrol(H1, E1)
    await host.send(host.signed(ReleaseSeat(seat=E1, reason="换机"), 9), 9)
    before = await sitting.lines()

    with pytest.raises(SeatRefused, match="command_id_reused"):
        await host.send(host.signed(ReleaseSeat(seat=E1, reason="再换"), 9), 9)
    with pytest.raises(SeatRefused, match="number_not_rising"):
        await host.send(host.signed(ReleaseSeat(seat=E1, reason="再换"), 8), 8)

    assert await sitting.lines() == before


async def test_a_stale_or_forked_view_is_refused(scored: Sitting) -> None:
    seat, before = scored.seats[E2], await scored.lines()
    command = HandInScores(lot=L1, round=1, points=sheet(seat))
    good = seat.record.seen
    old = MerkleTree(leaf_hash(line) for line in before[: seat.view.phase_at])
    seen = {
        "stale_view": SeenTree(size=old.size, root=Digest(old.root().hex())),
        "forked_view": SeenTree(size=good.size, root=Digest(good.root[::-1])),
    }
    for code, view in seen.items():
        text = command_text(seat, command, seen=view)
        frame = Submit(text=text, signature=sign_command(seat.key.private, text), key=seat.key.fingerprint)

        with pytest.raises(SeatRefused, match=code):
            await seat.send(frame, 500)

    assert await scored.lines() == before


async def test_a_replaced_member_is_parted_with(sitting: Sitting) -> None:
    await sitting.play(lambda view: view.phase is Phase.CHECK_IN, stop_before(OpenElection))
    member = sitting.seats[E2]
    command = ReplaceMember(member=E2, reason="突发疾病", successor=Alias("E8"), person=PERSON)

    accepted = await sitting.seats[H1].submit(command)

    await member.until(lambda _: member.goodbye is not None)
    assert (member.goodbye and member.goodbye.code, accepted.first in member.record.lines) == ("seat_left", True)
    async with raw_socket(sitting) as socket:
        await socket.join(member.token, member.key)
        goodbye, close = await socket.end()
    assert (goodbye.code, close) == ("seat_left", 4410)


# -- what passes by --------------------------------------------------------------------------------------------------


async def test_cells_and_progress_go_where_they_belong(scored: Sitting) -> None:
    member, other, witness = scored.seats[E2], scored.seats[E1], scored.seats[W1]

    await member.put(cell("11.5"))
    await member.put(ShowProgress(lot=L1, stage=Stage.SCORING, filled=1, total=5))

    shown = Progress(alias=E2, lot=L1, stage=Stage.SCORING, filled=1, total=5)
    for seat in (member, other, witness):
        await seat.until(lambda _, seat=seat: seat.progress.get(E2) == shown)  # type: ignore[misc]  # a default holds it
    assert [each.value for each in member.cells.values()] == ["11.5"]
    assert not [frame for seat in (other, witness) for frame in seat.heard if isinstance(frame, CellSaved)]
    again = await scored.enter(E1, key=other.key)
    assert again.cells == {}


async def test_progress_of_somebody_without_a_sheet_is_refused(scored: Sitting) -> None:
    supervisor, witness = scored.seats[S1], scored.seats[W1]

    await supervisor.put(ShowProgress(lot=L1, stage=Stage.SCORING, filled=1, total=5))

    await supervisor.until(lambda _: "nothing_to_hand_in" in refusals(supervisor))
    assert S1 not in witness.progress


async def test_a_cell_of_a_sheet_that_is_not_open_is_refused(scored: Sitting) -> None:
    member = scored.seats[Alias("E3")]

    await member.put(cell("x", stage=Stage.EXAMINATION))
    await member.put(cell("字" * 801))

    await member.until(lambda _: refusals(member)[-2:] == ["nothing_to_hand_in", "cell_too_long"])
    assert member.cells == {}


async def test_presence_tells_of_everybody_but_supervisor_and_auditor(sitting: Sitting) -> None:
    witness = await sitting.enter(W1)
    unseen = [await sitting.enter(alias) for alias in (S1, U1)]
    member = await sitting.enter(E1)

    for seat in (witness, *unseen, member):
        await seat.until(lambda _, seat=seat: seat.connected == (E1, W1))  # type: ignore[misc]  # a default holds it
    await member.__aexit__(None, None, None)
    await witness.until(lambda _: witness.connected == (W1,))

    told = [frame.connected for frame in witness.heard if isinstance(frame, Presence)]
    assert told == [(), (W1,), (E1, W1), (W1,)]


# -- tokens ----------------------------------------------------------------------------------------------------------


async def test_a_connection_lives_as_long_as_its_token_is_renewed(sitting: Sitting) -> None:
    services = sitting.server.services
    issued_at = Millis(services.clock() - (LIFETIME_S - 4) * 1000)
    tokens = [
        services.tokens.issue(Seat(room=sitting.room, alias=alias, moves=0), new_device_id(), issued_at)
        for alias in (E1, E2)
    ]

    async with raw_socket(sitting) as renewed, raw_socket(sitting) as forgotten:
        await renewed.join(tokens[0])
        await forgotten.join(tokens[1])
        await renewed.next(Welcome)
        await renewed.send(Refresh())
        fresh = await renewed.next(FreshToken)
        goodbye, close = await forgotten.end()
        await renewed.send(Refresh())
        await renewed.next(FreshToken)

    assert (goodbye.code, close) == ("token_expired", 4401)
    verified = await services.tokens.verify(fresh.token, room=sitting.room, now=services.clock())
    assert verified.holder == Seat(room=sitting.room, alias=E1, moves=0)


# -- slow viewers ----------------------------------------------------------------------------------------------------


async def test_a_viewer_that_stops_reading_is_cut_off_and_resumes_by_seq_without_loss(sitting: Sitting) -> None:
    await sitting.play_to_scoring()
    host = sitting.seats[H1]
    async with Relay(sitting.url, narrow=True) as relay:
        direct, sitting.url = sitting.url, relay.url
        slow = await sitting.enter(E7, key=sitting.seats[E7].key)
        sitting.url = direct
        others = [sitting.seats[alias] for alias in members(host.view) if alias != E7]
        relay.withhold()

        await _fill_the_way_to(slow)
        await host.submit(PauseRoom(reason="停电"))
        await host.submit(ResumeRoom())
        for filled in range(FRAMES_AT_ONCE - 20):
            for member in others:
                await member.put(ShowProgress(lot=L1, stage=Stage.SCORING, filled=filled, total=200))
            await host.until(partial(_sees_progress, host, filled))
        assert len(others) * (FRAMES_AT_ONCE - 20) > QUEUE_LIMIT
        await host.until(lambda _: E7 not in host.connected, SOONER_THAN_A_HEARTBEAT_S)
        held = slow.record.have
        relay.release()
        await sitting.all_hold_everything()

    assert held < slow.record.have == host.record.have
    assert slow.record.seen == host.record.seen
    assert not [frame for frame in host.heard if isinstance(frame, Goodbye)]
    firsts = [line.seq for frame in slow.heard if isinstance(frame, Lines) for line in frame.lines].count(Seq(0))
    assert (firsts, slow.goodbye) == (1, None)


async def _fill_the_way_to(slow: SeatClient) -> None:
    """Have a seat sent more than fits into all buffers on its way: refusals that repeat a very long alias."""
    text = command_text(slow, MakePledge(), by=Alias("E" * 200_000))
    frame = Submit(text=text, signature=sign_command(slow.key.private, text), key=slow.key.fingerprint)
    for _ in range(KERNEL_BUFFER_BYTES // len(text) + 5):
        await slow.put(frame)


def _sees_progress(seat: SeatClient, filled: int, _: RoomView) -> bool:
    return [each.filled for each in seat.progress.values()] == [filled] * 6
