import asyncio
from collections.abc import Iterable
from pathlib import Path

import pytest
from msgspec.structs import replace

from server.demo.seat_client import SeatKey
from server.domain.commands import CloseRoom, EnrolSeat, MakePledge, PauseRoom, ResumeRoom
from server.domain.errors import EvidenceBroken, Rejection
from server.domain.events import RecordingsChecked, RoomClosed
from server.domain.ids import Alias, RoomId
from server.domain.phases import Phase
from server.domain.plan import SignedCommand
from server.domain.rejections import (
    BadSignature,
    CommandIdReused,
    ForeignAlias,
    ForkedView,
    NumberNotRising,
    SeatUnknown,
    StaleView,
)
from server.domain.roles import MEMBERS
from server.domain.state import RoomState
from server.evidence.command_signatures import sign_command
from server.session.frames import AnyToSeat, CheckpointSigned, Goodbye
from server.session.recording_reviews import CheckNote
from server.session.room_session import RoomStopped
from server.session.server_notes import ServerNotes
from server.store.embedded_valkey import EmbeddedValkey
from server.store.errors import StoreUnavailable
from tests.support.attached import attached, next_checkpoint, seqs, waiting
from tests.support.cutting_proxy import Cut, CuttingProxy
from tests.support.desk import Desk, open_desk, open_node
from tests.support.live_server import E1, E2, H1, W1, plain_settings

READ = b"$6\r\nXRANGE\r\n"
"A request to read the log."


def checked_in(room: RoomState) -> bool:
    return room.phase is Phase.CHECK_IN


# -- writing ---------------------------------------------------------------------------------------------------------


async def test_a_command_is_durable_folded_and_published_when_it_is_answered(desk: Desk) -> None:
    feed = await attached(desk, W1)
    session = await desk.session()
    size = session.record.size

    given = await desk.act(H1, EnrolSeat(spki=desk.keys.setdefault(H1, SeatKey()).spki))

    assert (given.accepted.n, given.accepted.first, given.accepted.last) == (1, size, size + 1)
    assert await desk.size() == session.record.size == size + 2
    assert session.room.seats[H1].confirmed
    assert seqs(waiting(feed))[-2:] == [size, size + 1]


async def test_the_same_bytes_again_get_the_first_answer(desk: Desk) -> None:
    await desk.play(checked_in)
    first = await desk.act(H1, PauseRoom(reason="停电"))
    size = await desk.size()

    assert await desk.submit(H1, first.signed) == first
    assert await desk.size() == size


async def test_the_same_number_with_other_bytes_is_refused(desk: Desk) -> None:
    await desk.play(checked_in)
    await desk.act(H1, PauseRoom(reason="停电"))
    last_n = (await desk.session()).record.ledger.last_n(desk.keys[H1].fingerprint)

    await _refused(desk, H1, await desk.sign(H1, PauseRoom(reason="停水"), n=last_n), CommandIdReused)


async def test_a_number_below_the_last_one_is_refused(desk: Desk) -> None:
    await desk.play(checked_in)
    await desk.submit(H1, await desk.sign(H1, PauseRoom(reason="停电"), n=50))

    await _refused(desk, H1, await desk.sign(H1, ResumeRoom(), n=40), NumberNotRising)


async def test_a_view_from_before_the_phase_is_refused(desk: Desk) -> None:
    await desk.play(checked_in)
    old = (await desk.session()).room.phase_at

    await _refused(desk, E1, await desk.sign(E1, MakePledge(), seen=old), StaleView)


async def test_a_view_of_another_history_is_refused(desk: Desk) -> None:
    await desk.play(checked_in)
    good = await desk.sign(E1, MakePledge())
    root = (await desk.session()).record.root_at((await desk.session()).record.size)
    forked = good.text.replace(root, root[::-1])

    await _refused(desk, E1, _signed(desk, E1, forked), ForkedView)


async def test_a_command_for_another_alias_is_refused(desk: Desk) -> None:
    await desk.play(checked_in)

    await _refused(desk, E2, await desk.sign(E1, MakePledge()), ForeignAlias)


async def test_a_command_with_another_keys_signature_is_refused(desk: Desk) -> None:
    await desk.play(checked_in)
    good = await desk.sign(E1, MakePledge())
    forged = SignedCommand(text=good.text, key=good.key, signature=sign_command(SeatKey().private, good.text))

    await _refused(desk, E1, forged, BadSignature)


async def test_a_command_is_refused_while_the_store_is_away_and_accepted_afterwards(
    desk: Desk, valkey: EmbeddedValkey, tmp_path: Path
) -> None:
    await desk.play(checked_in)
    signed, size = await desk.sign(H1, PauseRoom(reason="停电")), await desk.size()
    way = CuttingProxy(valkey.socket, tmp_path / "way.sock")
    async with open_node(desk.backend, writer_url=way.url) as node:
        async with way:
            session = await node.session(desk.room_id)

        with pytest.raises(StoreUnavailable):
            await session.submit(H1, signed)
        assert (await desk.size(), session.record.size, session.stopped) == (size, size, None)

        async with CuttingProxy(valkey.socket, tmp_path / "way.sock"):
            assert (await session.submit(H1, signed)).first == size


async def test_an_examination_that_always_has_news_is_written_once_and_the_room_is_closed(
    valkey: EmbeddedValkey, tmp_path: Path
) -> None:
    asked = 0

    async def last_words(room_id: RoomId) -> ServerNotes:
        nonlocal asked
        asked += 1
        return CheckNote(RecordingsChecked(pieces=9, examined=asked, tracks=()))

    settings = replace(plain_settings(tmp_path / "data", valkey.url), media=True)
    async with open_desk(settings) as desk, open_node(desk.backend, last_words=last_words) as node:
        await desk.play(checked_in)
        session, size = await node.session(desk.room_id), await desk.size()

        accepted = await session.submit(H1, await desk.sign(H1, CloseRoom(reason="改期")))

        written = [type(each.line.event) for each in session.record.stored[size:]]
        assert (asked, written, accepted.first) == (1, [RecordingsChecked, RoomClosed], size + 1)


# -- reading ---------------------------------------------------------------------------------------------------------


async def test_a_room_whose_reader_is_silent_takes_its_own_lines_and_needs_no_store_for_it(
    desk: Desk, valkey: EmbeddedValkey, tmp_path: Path
) -> None:
    await desk.play(checked_in)
    signed = await desk.sign(H1, PauseRoom(reason="停电"))
    async with (
        CuttingProxy(valkey.socket, tmp_path / "way.sock") as way,
        open_node(desk.backend, writer_url=way.url, reader_url="unix:///nowhere/valkey.sock") as node,
    ):
        session = await node.session(desk.room_id)
        feed = session.attach(W1, session.record.size)
        session.begin(feed)
        way.cut(Cut.BEFORE, READ)

        accepted = await session.submit(H1, signed)

        assert accepted.first == accepted.last == session.record.size - 1
        assert seqs(waiting(feed))[-1] == accepted.first
        assert way.waits


async def test_lines_whose_rule_could_not_be_enforced_are_shown_to_nobody_until_the_next_ones_come(
    desk: Desk, tmp_path: Path
) -> None:
    fails = True

    async def enforce(room_id: RoomId, room: RoomState) -> None:
        if fails and room.paused is not None:
            raise RuntimeError

    await desk.play(checked_in)
    silent = f"unix://{tmp_path / 'nobody.sock'}"
    async with open_node(desk.backend, reader_url=silent, enforce=enforce) as node:
        session = await node.session(desk.room_id)
        size = session.record.size
        feed = session.attach(W1, size)
        session.begin(feed)
        waiting(feed)
        await desk.act(H1, PauseRoom(reason="停电"))
        [paused] = await desk.backend.log.read(desk.room_id, size)

        with pytest.raises(RuntimeError):
            await session.take(paused)
        late = session.attach(E1, size)
        session.begin(late)
        session.ask_for_checkpoint()
        await asyncio.sleep(0.2)  # enough to sign a head many times over
        held_back = [*waiting(feed), *waiting(late)]
        fails = False
        await desk.act(H1, ResumeRoom())
        [resumed] = await desk.backend.log.read(desk.room_id, paused.head.size)
        await session.take(resumed)

        news = [*range(size, resumed.head.size)]
        assert ([each for each in seqs(held_back) if each >= size], _ahead_of(held_back, size)) == ([], [])
        assert (seqs(waiting(feed)), seqs(waiting(late))) == (news, news)


async def test_attach_wants_a_seat_of_the_room(desk: Desk) -> None:
    session = await desk.session()

    with pytest.raises(SeatUnknown):
        session.attach(Alias("E99"), 0)


async def test_heads_are_signed_soon_after_lines_and_at_once_when_the_phase_moves(desk: Desk) -> None:
    await desk.play(lambda room: all(seat.confirmed for seat in room.seats.values() if seat.role in MEMBERS))
    feed = await attached(desk, W1)

    await desk.play(checked_in)

    size = await desk.size()
    while (await next_checkpoint(feed)).note.splitlines()[1] != str(size):
        pass


# -- stopping --------------------------------------------------------------------------------------------------------


async def test_a_stopped_room_says_so_and_takes_nothing(desk: Desk) -> None:
    await desk.play(checked_in)
    session = await desk.session()
    feed = await attached(desk, W1)
    signed = await desk.sign(H1, PauseRoom(reason="停电"))
    size = await desk.size()

    session.stop(EvidenceBroken("the log contradicts itself"))

    assert waiting(feed)[-2:] == [
        Goodbye(code="room_stopped", text="The room has been stopped: the log contradicts itself"),
        None,
    ]
    with pytest.raises(RoomStopped, match="the log contradicts itself"):
        await session.submit(H1, signed)
    with pytest.raises(RoomStopped):
        session.attach(W1, 0)
    assert await desk.size() == size


def _ahead_of(frames: Iterable[AnyToSeat | None], size: int) -> list[CheckpointSigned]:
    """The checkpoints over more lines than these."""
    return [each for each in frames if isinstance(each, CheckpointSigned) and int(each.note.splitlines()[1]) > size]


def _signed(desk: Desk, alias: Alias, text: str) -> SignedCommand:
    key = desk.keys[alias]
    return SignedCommand(text=text, key=key.fingerprint, signature=sign_command(key.private, text))


async def _refused(desk: Desk, alias: Alias, signed: SignedCommand, why: type[Rejection]) -> None:
    """The command is refused, and the room is as it was."""
    session = await desk.session()
    before = (session.room, session.record.tree.head, await desk.size())

    with pytest.raises(why):
        await session.submit(alias, signed)

    assert (session.room, session.record.tree.head, await desk.size()) == before
