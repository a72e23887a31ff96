"""What an operator does with rooms from outside: create, hand out codes, export."""

import asyncio

from server.auth.codes import DEFAULT_TTL_S
from server.backend import Backend
from server.domain.ids import Alias, Millis, RoomId
from server.domain.state import RoomState
from server.evidence.destruction import DESTRUCTION
from server.evidence.package import write_package
from server.evidence.progress import Stage, Tell, untold
from server.evidence.report_files import report_files
from server.reports.fonts import require_fonts
from server.reports.slips import render_slips, slips_of
from server.tender.bid_files import WholeTender
from server.tender.tender_file import DEFAULT_TIME_ZONE


async def create_room(backend: Backend, whole: WholeTender) -> RoomId:
    """Open a room for a tender and the files of its bids.

    Raises:
        BidFileChanged, StoreUnavailable, StoreUnwritable, OSError: nothing was created.
        AppendUncertain: not known whether the room was opened; it has no codes, so create another.
    """
    return await backend.new_rooms.create(whole)


async def issue_codes(backend: Backend, room: RoomId) -> dict[Alias, str]:
    """A fresh entry code for every seat that no device holds, by alias, as people read it.

    Raises:
        RoomUnknown: there is no such room.
    """
    return await backend.new_rooms.issue_codes(room, await read_room(backend, room))


async def print_slips(backend: Backend, room: RoomId, *, address: str, at: Millis) -> bytes:
    """Fresh entry codes for every seat that no device holds, on slips to be handed out: a PDF.

    Raises:
        RoomUnknown: there is no such room.
        NoEmptySeats: every seat is held; no code was issued.
        FontsMissing: `make setup` has not been run; no code was issued.
    """
    require_fonts()
    state = await read_room(backend, room)
    slips = slips_of(state, await backend.new_rooms.issue_codes(room, state))
    zone = state.opening.time_zone if state.opening else DEFAULT_TIME_ZONE
    expires = Millis(at + DEFAULT_TTL_S * 1000)
    return await asyncio.to_thread(render_slips, slips, address=address, expires=expires, zone=zone, at=at)


async def read_room(backend: Backend, room: RoomId) -> RoomState:
    """The room as its log tells it now.

    Raises:
        RoomUnknown: there is no such room.
        EvidenceBroken: its log contradicts itself.
    """
    return (await backend.read_record(room)).room


async def export_room(backend: Backend, room: RoomId, tell: Tell = untold) -> bytes:
    """The package of a room as it stands: its lines, every checkpoint and every version of its reports.

    Where its recordings were destroyed, the note that says so is in it.

    Args:
        backend: its store.
        room: which.
        tell: is told how far it is.

    Raises:
        RoomUnknown: there is no such room.
        EvidenceBroken: its log contradicts itself.
        FileMissing: a report is lost.
    """
    record = await backend.read_record(room)
    checkpoints = {each.size: each.note for each in await backend.heads.checkpoints(room)}
    named = report_files(stored.line for stored in record.stored)
    reports: dict[str, bytes] = {}
    for name, report in named.items():
        tell(Stage.REPORTS, len(reports), len(named))
        reports[name] = await backend.files.get(room, report.last.file.sha256)
    tell(Stage.REPORTS, len(reports), len(named))
    note = backend.recording_keys.note_of(room)
    notes = {DESTRUCTION: note} if note is not None else {}
    return write_package([stored.raw for stored in record.stored], checkpoints, {**reports, **notes})
