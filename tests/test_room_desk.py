import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from server.auth.codes import SeatEntry
from server.backend import Backend, now, open_backend
from server.demo.seat_client import SeatKey
from server.domain.commands import EnrolSeat
from server.domain.ids import RoomId
from server.domain.lines import parse_line
from server.evidence.package import LINES, read_package
from server.evidence.verdict import Outcome
from server.reports.slips import NoEmptySeats
from server.room_desk import create_room, export_room, issue_codes, print_slips, read_room
from server.store.embedded_valkey import EmbeddedValkey
from server.store.errors import RoomUnknown
from server.tender.opening import opening_events
from server.verify_desk import verify_package
from tests.evidence.signed_room import found_by
from tests.support.desk import open_desk
from tests.support.live_server import H1, TENDER, TEXTBOOK, plain_settings
from tests.support.patience import until
from tests.support.pdf_pages import page_count, text_of


@pytest_asyncio.fixture
async def backend(valkey: EmbeddedValkey, tmp_path: Path) -> AsyncIterator[Backend]:
    async with open_backend(plain_settings(tmp_path / "data", valkey.url)) as backend:
        yield backend


async def test_a_created_room_begins_with_the_tenders_events_and_is_listed(backend: Backend) -> None:
    room = await create_room(backend, TEXTBOOK)

    [entry] = await backend.log.read(room)
    assert [parse_line(raw).event for raw in entry.lines] == opening_events(
        TENDER,
        room=room,
        documents=TEXTBOOK.documents,
        issuing_certificates={venue: backend.issuing_certificate(venue) for venue in TENDER.venues},
        log_key=backend.log_signer(room).key.vkey,
        witnesses=(backend.witness.key.vkey,),
        quorum=1,
        client=backend.client,
        records=False,
    )
    assert [(each.room, each.title) for each in await backend.rooms.list_rooms()] == [(room, TENDER.title)]


async def test_every_room_is_a_room_of_its_own(backend: Backend) -> None:
    rooms = [await create_room(backend, TEXTBOOK) for _ in range(3)]

    assert [each.room for each in await backend.rooms.list_rooms()] == rooms
    assert len(set(rooms)) == 3


async def test_every_empty_seat_gets_a_code_that_leads_to_it(backend: Backend) -> None:
    room = await create_room(backend, TEXTBOOK)

    codes = await issue_codes(backend, room)

    assert list(codes) == [seat.alias for seat in TENDER.seats]
    entries = [await backend.codes.redeem(code, address="10.0.0.1") for code in codes.values()]
    assert entries == [
        SeatEntry(room=room, alias=seat.alias, venue=seat.venue, role=seat.role) for seat in TENDER.seats
    ]


async def test_a_seat_that_a_device_holds_gets_no_code(valkey: EmbeddedValkey, tmp_path: Path) -> None:
    async with open_desk(plain_settings(tmp_path / "data", valkey.url)) as desk:
        await desk.act(H1, EnrolSeat(spki=desk.keys.setdefault(H1, SeatKey()).spki))

        codes = await issue_codes(desk.backend, desk.room_id)
        state = await read_room(desk.backend, desk.room_id)

        assert list(codes) == [seat.alias for seat in TENDER.seats if seat.alias != H1]
        assert state == (await desk.session()).room


async def test_slips_are_printed_with_fresh_codes_for_every_empty_seat(backend: Backend) -> None:
    room = await create_room(backend, TEXTBOOK)

    slips = await print_slips(backend, room, address="https://lianping.example", at=now())

    codes = re.findall(r"\d{8}", text_of(slips))
    entries = [await backend.codes.redeem(code, address="10.0.0.1") for code in codes]
    assert page_count(slips) == len(TENDER.seats)
    assert [entry.alias for entry in entries if isinstance(entry, SeatEntry)] == [seat.alias for seat in TENDER.seats]


async def test_nothing_is_printed_where_every_seat_is_held(valkey: EmbeddedValkey, tmp_path: Path) -> None:
    async with open_desk(plain_settings(tmp_path / "data", valkey.url)) as desk:
        await desk.play()

        with pytest.raises(NoEmptySeats):
            await print_slips(desk.backend, desk.room_id, address="https://lianping.example", at=now())


async def test_the_package_of_a_finished_room_holds_its_record_and_is_sound(
    valkey: EmbeddedValkey, tmp_path: Path
) -> None:
    async with open_desk(plain_settings(tmp_path / "data", valkey.url)) as desk:
        await desk.play()
        session = await desk.session()
        await until(lambda: session.signed_size == session.record.size)

        package = await export_room(desk.backend, desk.room_id)

        raws = [stored.raw for stored in (await desk.session()).record.stored]
        assert read_package(package)[LINES] == b"".join(raw + b"\n" for raw in raws)
        verdict = await asyncio.to_thread(verify_package, package)
        assert (verdict.outcome, found_by(verdict.checks)) == (Outcome.SOUND, {})


async def test_there_is_nothing_to_do_with_an_unknown_room(backend: Backend) -> None:
    for act in (issue_codes, read_room, export_room):
        with pytest.raises(RoomUnknown):
            await act(backend, RoomId("r-unknown"))
