"""Opening rooms for tenders, and handing out the entry codes of their seats."""

import asyncio
from collections.abc import Callable
from functools import partial
from typing import ClassVar

from msgspec import Struct

from server.auth.codes import EntryCodes, SeatEntry
from server.domain.errors import Rejection
from server.domain.ids import Alias, Digest, Millis, RoomId, VenueId
from server.domain.state import RoomState
from server.session.opening import new_room_id, open_room
from server.store.files import RoomFiles
from server.store.recording_keys import RecordingKeys
from server.store.room_log import RoomLog
from server.store.rooms import Rooms
from server.tender.bid_files import WholeTender
from server.tender.opening import opening_events


class BidFileChanged(Rejection):
    """A file is not the one that was looked at; nothing was created."""

    code: ClassVar[str] = "bid_file_changed"
    sentence: ClassVar[str] = "{file} was changed while the room was being created; nothing was created. Try again."


class NewRooms(Struct, frozen=True, kw_only=True):
    """What a new room takes."""

    rooms: Rooms
    log: RoomLog
    files: RoomFiles
    recording_keys: RecordingKeys
    codes: EntryCodes
    issuing_certificate: Callable[[VenueId], bytes]
    "DER of the certificate of a venue's issuing key."
    log_key: Callable[[RoomId], str]
    "The vkey of the key that signs a room's heads."
    witness: str
    "The witness's vkey."
    client: Digest | None
    "Over the build of the client that the server serves."
    records: bool
    "Whether this server can record; on one without media a room that waited for a recording could never score."
    clock: Callable[[], Millis]

    async def create(self, whole: WholeTender) -> RoomId:
        """Open a room for a tender; the files of its bids are on disk before the room's first line names them.

        Raises:
            BidFileChanged, StoreUnavailable, StoreUnwritable: nothing was created.
            OSError: a file could be looked at and now cannot be read; nothing was created.
            AppendUncertain: not known whether the room was opened; it has no codes, so create another.
        """
        room, tender = new_room_id(), whole.tender
        events = opening_events(
            tender,
            room=room,
            documents=whole.documents,
            issuing_certificates={venue: self.issuing_certificate(venue) for venue in tender.venues},
            log_key=self.log_key(room),
            witnesses=(self.witness,),
            quorum=1,
            client=self.client,
            records=self.records,
        )
        await open_room(
            room,
            tender.title,
            events,
            rooms=self.rooms,
            log=self.log,
            now=self.clock(),
            keep_files=partial(self._keep_files, room, whole),
        )
        return room

    async def _keep_files(self, room: RoomId, whole: WholeTender) -> None:
        try:
            await asyncio.to_thread(self.recording_keys.make, room)
            for name, document in whole.documents.items():
                data = await asyncio.to_thread(whole.load, name)
                if await self.files.put(room, data) != document:
                    raise BidFileChanged(file=name)
        except BaseException:
            await self.files.forget(room)
            await asyncio.to_thread(self.recording_keys.forget, room)
            raise

    async def issue_codes(self, room: RoomId, state: RoomState) -> dict[Alias, str]:
        """A fresh entry code for every seat that no device holds, by alias, as people read it."""
        codes = {}
        for alias, seat in state.seats.items():
            if seat.key is None and seat.left_at is None:
                entry = SeatEntry(room=room, alias=alias, venue=seat.venue, role=seat.role, moves=seat.moves)
                codes[alias] = (await self.codes.issue(entry)).display
        return codes
