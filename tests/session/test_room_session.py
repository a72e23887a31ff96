import asyncio
from collections.abc import Iterable
from pathlib import Path

import pytest
from cryptography import x509
from msgspec.structs import replace

from server.demo.seat_client import SeatKey
from server.domain.commands import CloseRoom, EnrolSeat, MakePledge, PauseRoom, ReleaseSeat, ReplaceMember, ResumeRoom
from server.domain.errors import EvidenceBroken, Rejection
from server.domain.events import RecordingsChecked, RoomClosed, SeatEnrolled
from server.domain.ids import Alias, RoomId
from server.domain.phases import Phase
from server.domain.plan import Person, SignedCommand
from server.domain.rejections import (
    BadSignature,
    CommandIdReused,
    ForeignAlias,
    ForkedView,
    NumberNotRising,
    SeatLeft,
    SeatUnknown,
    StaleView,
)
from server.domain.roles import MEMBERS
from server.domain.state import RoomState
from server.evidence.command_signatures import sign_command
from server.session.feed import Feed
from server.session.frames import AnyToSeat, CheckpointSigned, Goodbye, Lines, Presence
from server.session.recording_reviews import CheckNote
from server.session.room_session import RoomStopped
from server.session.server_notes import ServerNotes
from server.store.embedded_valkey import EmbeddedValkey
from server.store.errors import StoreUnavailable
from tests.support.cutting_proxy import Cut, CuttingProxy
from tests.support.desk import Desk, open_desk, open_node
from tests.support.live_server import E1, E2, H1, S1, U1, W1, plain_settings
from tests.support.patience import PATIENCE_S

READ = b"$6\r\nXRANGE\r\n"
"A request to read the log."


async def attached(desk: Desk, alias: Alias, have: int = 0) -> Feed:
    """A connection of a seat."""
    session = await desk.session()
    feed = session.attach(alias, have)
    session.begin(feed)
    return feed


async def next_checkpoint(feed: Feed) -> CheckpointSigned:
    """The next checkpoint, once it comes."""
    async with asyncio.timeout(PATIENCE_S):
        while not isinstance(frame := await feed.frames.get(), CheckpointSigned):
            pass
        return frame


def waiting(feed: Feed) -> list[AnyToSeat | None]:
    return [feed.frames.get_nowait() for _ in range(feed.frames.qsize())]


def seqs(frames: Iterable[AnyToSeat | None]) -> list[int]:
    return [line.seq for frame in frames if isinstance(frame, Lines) for line in frame.lines]


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


async def test_attach_wants_a_seat_of_the_room(desk: Desk) -> None:
    session = await desk.session()

    with pytest.raises(SeatUnknown):
        session.attach(Alias("E99"), 0)


async def test_a_new_feed_gets_lines_checkpoint_and_presence_and_ends_the_one_before(desk: Desk) -> None:
    first = await attached(desk, E1)
    await next_checkpoint(first)

    second = await attached(desk, E1)

    assert waiting(first)[-2:] == [
        Goodbye(code="taken_over", text="The seat has been opened in another window."),
        None,
    ]
    lines, checkpoint, presence = waiting(second)[:3]
    assert (type(lines), type(checkpoint), presence) == (Lines, CheckpointSigned, Presence(connected=(E1,)))


async def test_presence_hides_supervisor_and_auditor_and_even_that_they_come_and_go(desk: Desk) -> None:
    session = await desk.session()
    witness = await attached(desk, W1)
    member = await attached(desk, E1)
    waiting(witness)

    unseen = [await attached(desk, alias) for alias in (S1, U1)]
    for feed in unseen:
        session.detach(feed)
    session.detach(member)

    assert [frame for frame in waiting(witness) if isinstance(frame, Presence)] == [Presence(connected=(W1,))]
    assert Presence(connected=(E1, W1)) in waiting(unseen[0])


async def test_a_replaced_member_gets_the_line_and_a_goodbye_and_comes_in_no_more(desk: Desk) -> None:
    await desk.play(checked_in)
    session = await desk.session()
    feed = await attached(desk, E2, session.record.size)
    waiting(feed)
    person = Person(name="新人", organisation="单位", title="工程师")

    given = await desk.act(H1, ReplaceMember(member=E2, reason="突发疾病", successor=Alias("E8"), person=person))

    frames = waiting(feed)
    assert given.accepted.first in seqs(frames)
    assert frames[-2:] == [Goodbye(code="seat_left", text="You have been replaced; thank you for your work."), None]
    with pytest.raises(SeatLeft):
        session.attach(E2, 0)


async def test_a_released_seat_gets_the_line_and_a_goodbye(desk: Desk) -> None:
    await desk.play(checked_in)
    feed = await attached(desk, E1)

    given = await desk.act(H1, ReleaseSeat(seat=E1, reason="换机"))

    frames = waiting(feed)
    assert given.accepted.first in seqs(frames)
    assert frames[-2:] == [Goodbye(code="seat_released", text="The seat is moved to another device."), None]


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


async def test_certificate_is_good_from_the_time_of_its_line_on(desk: Desk) -> None:
    """However long the server takes to issue it: the verifier judges it for that time."""
    await desk.play(lambda room: room.seats[E1].confirmed)

    lines = [stored.line for stored in (await desk.session()).record.stored]
    assert any(isinstance(line.event, SeatEnrolled) for line in lines)
    for line, event in ((line, line.event) for line in lines):
        if isinstance(event, SeatEnrolled):
            begins = x509.load_der_x509_certificate(event.certificate).not_valid_before_utc
            assert begins.timestamp() == line.head.at // 1000
