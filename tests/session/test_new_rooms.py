from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio
from msgspec.structs import replace

from server.app import Backend, open_backend
from server.auth.codes import Door, SeatEntry
from server.domain.ids import Digest, Seq
from server.domain.lines import parse_line
from server.room_desk import read_room
from server.store.embedded_valkey import EmbeddedValkey
from server.tender.opening import opening_events
from tests.support.live_server import E1, E2, TENDER, plain_settings


@pytest_asyncio.fixture
async def backend(valkey: EmbeddedValkey, tmp_path: Path) -> AsyncIterator[Backend]:
    async with open_backend(plain_settings(tmp_path / "data", valkey.url)) as backend:
        yield backend


async def test_a_new_room_begins_with_the_tender_and_names_the_client_it_was_made_for(backend: Backend) -> None:
    new_rooms = replace(backend.new_rooms, client=Digest("ab" * 32))

    room = await new_rooms.create(TENDER)

    [entry] = await backend.log.read(room)
    assert [parse_line(raw).event for raw in entry.lines] == opening_events(
        TENDER,
        room=room,
        issuing_certificates={venue: backend.issuing_certificate(venue) for venue in TENDER.venues},
        log_key=backend.log_signer(room).key.vkey,
        witnesses=(backend.witness.key.vkey,),
        quorum=1,
        client=Digest("ab" * 32),
    )


async def test_seats_that_are_held_or_left_get_no_code(backend: Backend) -> None:
    room = await backend.new_rooms.create(TENDER)
    state = await read_room(backend, room)
    held = replace(state.seats[E1], key=Digest("cd" * 32))
    left = replace(state.seats[E2], left_at=Seq(40))

    codes = await backend.new_rooms.issue_codes(room, replace(state, seats={**state.seats, E1: held, E2: left}))

    assert list(codes) == [seat.alias for seat in TENDER.seats if seat.alias not in (E1, E2)]
    entry = await backend.codes.redeem(codes[TENDER.seats[2].alias], address="10.0.0.1", door=Door("front"))
    seat = TENDER.seats[2]
    assert entry == SeatEntry(room=room, alias=seat.alias, venue=seat.venue, role=seat.role)
