from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from msgspec.structs import replace

from server.auth.codes import SeatEntry
from server.backend import Backend, open_backend
from server.domain.events import BidFileListed
from server.domain.ids import Digest, Seq
from server.domain.lines import parse_line
from server.room_desk import read_room
from server.session.new_rooms import BidFileChanged
from server.store.embedded_valkey import EmbeddedValkey
from server.tender.opening import opening_events
from tests.support.live_server import E1, E2, TENDER, TEXTBOOK, plain_settings


@pytest_asyncio.fixture
async def backend(valkey: EmbeddedValkey, tmp_path: Path) -> AsyncIterator[Backend]:
    async with open_backend(plain_settings(tmp_path / "data", valkey.url)) as backend:
        yield backend


def left_over(backend: Backend) -> list[Path]:
    return [path for path in (backend.settings.data / "files").rglob("*") if path.is_file()]


async def test_a_new_room_begins_with_the_tender_and_names_the_client_it_was_made_for(backend: Backend) -> None:
    new_rooms = replace(backend.new_rooms, client=Digest("ab" * 32))

    room = await new_rooms.create(TEXTBOOK)

    [entry] = await backend.log.read(room)
    assert [parse_line(raw).event for raw in entry.lines] == opening_events(
        TENDER,
        room=room,
        documents=TEXTBOOK.documents,
        issuing_certificates={venue: backend.issuing_certificate(venue) for venue in TENDER.venues},
        log_key=backend.log_signer(room).key.vkey,
        witnesses=(backend.witness.key.vkey,),
        quorum=1,
        client=Digest("ab" * 32),
        records=False,
    )


async def test_seats_that_are_held_or_left_get_no_code(backend: Backend) -> None:
    room = await backend.new_rooms.create(TEXTBOOK)
    state = await read_room(backend, room)
    held = replace(state.seats[E1], key=Digest("cd" * 32))
    left = replace(state.seats[E2], left_at=Seq(40))

    codes = await backend.new_rooms.issue_codes(room, replace(state, seats={**state.seats, E1: held, E2: left}))

    assert list(codes) == [seat.alias for seat in TENDER.seats if seat.alias not in (E1, E2)]
    entry = await backend.codes.redeem(codes[TENDER.seats[2].alias], address="10.0.0.1")
    seat = TENDER.seats[2]
    assert entry == SeatEntry(room=room, alias=seat.alias, venue=seat.venue, role=seat.role)


async def test_every_file_of_a_bid_lies_in_the_store_when_the_first_line_names_it(backend: Backend) -> None:
    room = await backend.new_rooms.create(TEXTBOOK)

    [entry] = await backend.log.read(room)
    events = [parse_line(raw).event for raw in entry.lines]
    listed = {event.bid: event.file for event in events if isinstance(event, BidFileListed)}
    assert list(listed) == list("ABCDEF")
    for bid, file in listed.items():
        assert await backend.files.get(room, file.sha256) == TEXTBOOK.load(f"bids/{bid}.pdf")


async def test_a_file_that_was_changed_meanwhile_leaves_nothing_behind(backend: Backend) -> None:
    def load(name: str) -> bytes:
        return TEXTBOOK.load(name) + (b"%%EOF" if name == "bids/F.pdf" else b"")

    with pytest.raises(BidFileChanged) as caught:
        await backend.new_rooms.create(replace(TEXTBOOK, load=load))

    assert caught.value.facts == {"file": "bids/F.pdf"}
    assert await backend.rooms.list_rooms() == []
    assert left_over(backend) == []


async def test_a_file_that_is_gone_meanwhile_leaves_nothing_behind(backend: Backend) -> None:
    def load(name: str) -> bytes:
        raise FileNotFoundError(name)

    with pytest.raises(FileNotFoundError):
        await backend.new_rooms.create(replace(TEXTBOOK, load=load))

    assert await backend.rooms.list_rooms() == []
