"""Opening rooms for tenders, and handing out the entry codes of their seats."""

from collections.abc import Callable

from msgspec import Struct

from server.auth.codes import EntryCodes, SeatEntry
from server.domain.ids import Alias, Digest, Millis, RoomId, VenueId
from server.domain.state import RoomState
from server.session.opening import new_room_id, open_room
from server.store.room_log import RoomLog
from server.store.rooms import Rooms
from server.tender.opening import opening_events
from server.tender.tender_file import Tender


class NewRooms(Struct, frozen=True, kw_only=True):
    """What a new room takes."""

    rooms: Rooms
    log: RoomLog
    codes: EntryCodes
    issuing_certificate: Callable[[VenueId], bytes]
    "DER of the certificate of a venue's issuing key."
    log_key: Callable[[RoomId], str]
    "The vkey of the key that signs a room's heads."
    witness: str
    "The witness's vkey."
    client: Digest | None
    "Over the build of the client that the server serves."
    clock: Callable[[], Millis]

    async def create(self, tender: Tender) -> RoomId:
        """Open a room for a tender.

        Raises:
            StoreUnavailable, StoreUnwritable: nothing was created.
            AppendUncertain: not known whether the room was opened; it has no codes, so create another.
        """
        room = new_room_id()
        events = opening_events(
            tender,
            room=room,
            issuing_certificates={venue: self.issuing_certificate(venue) for venue in tender.venues},
            log_key=self.log_key(room),
            witnesses=(self.witness,),
            quorum=1,
            client=self.client,
        )
        await open_room(room, tender.title, events, rooms=self.rooms, log=self.log, now=self.clock())
        return room

    async def issue_codes(self, room: RoomId, state: RoomState) -> dict[Alias, str]:
        """A fresh entry code for every seat that no device holds, by alias, as people read it."""
        codes = {}
        for alias, seat in state.seats.items():
            if seat.key is None and seat.left_at is None:
                entry = SeatEntry(room=room, alias=alias, venue=seat.venue, role=seat.role)
                codes[alias] = (await self.codes.issue(entry)).display
        return codes
