"""What an operator does with rooms from outside: create, hand out codes, export."""

from server.app import Backend
from server.domain.ids import Alias, RoomId
from server.domain.state import RoomState
from server.evidence.package import write_package
from server.session.record import Record
from server.store.errors import RoomUnknown
from server.tender.bid_files import WholeTender


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


async def read_room(backend: Backend, room: RoomId) -> RoomState:
    """The room as its log tells it now.

    Raises:
        RoomUnknown: there is no such room.
        EvidenceBroken: its log contradicts itself.
    """
    return (await _read_record(backend, room)).room


async def export_room(backend: Backend, room: RoomId) -> bytes:
    """The package of a room as it stands: its lines and every checkpoint.

    Raises:
        RoomUnknown: there is no such room.
        EvidenceBroken: its log contradicts itself.
    """
    record = await _read_record(backend, room)
    checkpoints = {each.size: each.note for each in await backend.heads.checkpoints(room)}
    return write_package([stored.raw for stored in record.stored], checkpoints)


async def _read_record(backend: Backend, room: RoomId) -> Record:
    record = Record(room)
    for entry in await backend.log.read(room):
        record.take(entry)
    if not record.size:
        raise RoomUnknown(room=room)
    return record
