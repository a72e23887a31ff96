"""What a live room needs from outside."""

from collections.abc import Awaitable, Callable

from msgspec import Struct

from server.domain.ids import Alias, Millis, RoomId, VenueId
from server.domain.moment import Moment, Papers, Received
from server.domain.state import RoomState
from server.session.server_notes import ServerNotes
from server.store.room_log import RoomLog


class Surroundings(Struct, frozen=True, kw_only=True):
    """The log, the clock, and whoever acts on what the room says."""

    log: RoomLog
    clock: Callable[[], Millis]
    certify: Callable[[RoomId, VenueId, Alias, bytes, Millis], bytes]
    "The command certificate (DER) that a venue issues to an alias for a key (SPKI), good from the line's time on."
    certify_document: Callable[[RoomState, Alias, bytes, str, Millis], bytes]
    "The document certificate (DER) that a venue issues to a seat for a key (SPKI), with a name in it, likewise."
    make_papers: Callable[[Received, RoomState, Moment], Awaitable[Papers]]
    "Typesets, signs or seals what a command asks for, and keeps it on disk."
    enforce: Callable[[RoomId, RoomState], Awaitable[None]]
    "Has what the room's state forbids to sound and pictures in force; awaited before anyone is told of the state."
    last_words: Callable[[RoomId], Awaitable[ServerNotes]]
    "Ends the recording of a room that is about to be closed; what then is left to be written before its last line."
    record_on: Callable[[RoomId, RoomState], Awaitable[None]]
    "The room has not been closed after all."
