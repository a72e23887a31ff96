import asyncio
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from server.backend import now
from server.domain.commands import PauseRoom, ResumeRoom
from server.domain.errors import EvidenceBroken
from server.domain.ids import RoomId
from server.domain.moment import Moment, Papers, Received
from server.domain.phases import Phase
from server.domain.state import RoomState
from server.evidence.checkpoints import parse_checkpoint
from server.evidence.merkle import Head
from server.evidence.notes import NoteSigner, parse_note
from server.session.frames import Goodbye
from server.session.live_rooms import LiveRooms
from server.session.server_notes import never_recorded, no_last_words
from server.session.surroundings import Surroundings
from server.store.errors import RoomUnknown, StoreUnavailable
from server.store.log_reader import LogReader
from server.store.room_log import log_key
from tests.support.attached import seqs
from tests.support.desk import Desk, open_node
from tests.support.live_server import H1, W1
from tests.support.patience import PATIENCE_S


def checked_in(room: RoomState) -> bool:
    return room.phase is Phase.CHECK_IN


async def test_a_room_is_opened_from_its_log_and_kept(desk: Desk) -> None:
    await desk.play(checked_in)
    here = await desk.session()

    async with open_node(desk.backend) as node:
        opened = await node.session(desk.room_id)

        assert (opened.room, opened.record.tree.head) == (here.room, here.record.tree.head)
        assert await node.session(desk.room_id) is opened
        assert opened is not here


async def test_callers_who_ask_at_once_get_the_same_session(desk: Desk) -> None:
    async with open_node(desk.backend) as node:
        sessions = await asyncio.gather(*(node.session(desk.room_id) for _ in range(5)))

    assert len(set(map(id, sessions))) == 1


async def test_there_is_no_session_of_an_unknown_room(desk: Desk) -> None:
    with pytest.raises(RoomUnknown):
        await desk.rooms.session(RoomId("r-unknown"))


async def test_there_is_no_session_without_a_store(desk: Desk) -> None:
    async with open_node(desk.backend, writer_url="unix:///nowhere/valkey.sock") as node:
        with pytest.raises(StoreUnavailable):
            await node.session(desk.room_id)


async def test_a_room_follows_what_another_node_writes(desk: Desk) -> None:
    await desk.play(checked_in)
    async with open_node(desk.backend) as node:
        there = await node.session(desk.room_id)
        feed = there.attach(W1, there.record.size)
        there.begin(feed)

        await desk.act(H1, PauseRoom(reason="停电"))

        async with asyncio.timeout(PATIENCE_S):
            while there.room.paused is None:
                await feed.frames.get()
        assert there.record.tree.head == (await desk.session()).record.tree.head


async def test_a_room_that_had_stopped_is_opened_from_its_log_again(desk: Desk) -> None:
    await desk.play(checked_in)
    stopped = await desk.session()
    stopped.stop(EvidenceBroken("doubt"))

    again = await desk.session()

    assert (again is stopped, again.stopped, again.record.tree.head) == (False, None, stopped.record.tree.head)


async def test_an_open_room_has_its_head_signed(desk: Desk) -> None:
    session = await desk.session()
    feed = session.attach(W1, session.record.size)
    session.begin(feed)

    async with asyncio.timeout(PATIENCE_S):
        while not (checkpoints := await desk.backend.heads.checkpoints(desk.room_id)):
            await feed.frames.get()

    assert parse_checkpoint(parse_note(checkpoints[-1].note.encode())).head == session.record.tree.head


async def test_a_mistake_while_an_entry_is_handed_on_keeps_no_later_one_from_the_seats(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    is_first = True

    async def enforce(room_id: RoomId, room: RoomState) -> None:
        nonlocal is_first
        if room.paused is not None and is_first:
            is_first = False
            raise RuntimeError

    await desk.play(checked_in)
    async with open_node(desk.backend, enforce=enforce) as node:
        session = await node.session(desk.room_id)
        size = session.record.size
        feed = session.attach(H1, size)
        session.begin(feed)
        for command in (PauseRoom(reason="停电"), ResumeRoom()):
            await desk.act(H1, command)

        came: list[int] = []
        async with asyncio.timeout(PATIENCE_S):
            while size + 1 not in came:
                came += seqs([await feed.frames.get()])

    assert came[-2:] == [size, size + 1]
    assert "entry_not_handed_on" in capsys.readouterr().out


@pytest.mark.parametrize("longer", [0, 1], ids=["another root", "lost lines"])
async def test_a_log_without_a_head_that_was_signed_is_broken_evidence(desk: Desk, longer: int) -> None:
    size = await desk.size() + longer
    await desk.backend.heads.may_sign(desk.room_id, Head(size=size, root=bytes(32)))

    with pytest.raises(EvidenceBroken, match=f"the log does not hold the signed head of size {size}"):
        await desk.session()


async def test_a_room_that_names_another_log_key_is_not_opened(desk: Desk) -> None:
    backend = desk.backend
    foreign = NoteSigner(f"lianping/rooms/{desk.room_id}", Ed25519PrivateKey.generate())
    around = Surroundings(
        log=backend.log,
        clock=now,
        certify=backend.certify,
        certify_document=backend.certify_document,
        make_papers=_no_papers,
        enforce=_nothing,
        last_words=no_last_words,
        record_on=never_recorded,
    )
    async with (
        LogReader(backend.url, backend.rooms) as reader,
        LiveRooms(around, reader, backend.heads, log_signer=lambda _: foreign, witness=backend.witness) as rooms,
    ):
        with pytest.raises(EvidenceBroken, match="this server does not hold the room's log key"):
            await rooms.session(desk.room_id)


async def test_an_entry_that_contradicts_the_record_stops_the_room(desk: Desk) -> None:
    session = await desk.session()
    feed = session.attach(W1, 0)
    session.begin(feed)
    size = await desk.size()

    await desk.backend.store.ask("XADD", log_key(desk.room_id), f"{size + 1}-0", "head", "00" * 32, "lines", b"forged")

    async with asyncio.timeout(PATIENCE_S):
        while not isinstance(frame := await feed.frames.get(), Goodbye):
            pass
    assert (frame.code, type(session.stopped).__name__) == ("room_stopped", "SealBroken")


async def test_closing_ends_every_connection_and_leaves_the_log_as_it_is(desk: Desk, tmp_path: Path) -> None:
    async with open_node(desk.backend) as node:
        session = await node.session(desk.room_id)
        feed = session.attach(W1, 0)
        session.begin(feed)
        size = await desk.size()

        await node.close()
        await node.close()

    frames = [feed.frames.get_nowait() for _ in range(feed.frames.qsize())]
    assert [type(frame) for frame in frames[-2:]] == [Goodbye, type(None)]
    assert isinstance(goodbye := frames[-2], Goodbye)
    assert (goodbye.code, await desk.size()) == ("server_stopping", size)


async def _no_papers(received: Received, room: RoomState, moment: Moment) -> Papers:
    raise AssertionError("no report is asked for here")


async def _nothing(room_id: RoomId, room: RoomState) -> None:
    pass
