"""Opening a room: its key, its first entry, its seats' entry codes."""

import secrets
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress

from server.domain.events import AnyEvent
from server.domain.ids import Millis, RoomId
from server.domain.lines import SALT_SIZE
from server.evidence.merkle import MerkleTree, leaf_hash
from server.evidence.sealing import seal
from server.store.errors import StoreUnavailable
from server.store.room_log import Entry, RoomLog
from server.store.rooms import Rooms


def new_room_id() -> RoomId:
    """An id that nobody can guess, such as `r-3f9a1c02d4e5`."""
    return RoomId(f"r-{secrets.token_hex(6)}")


async def open_room(
    room: RoomId,
    title: str,
    events: Sequence[AnyEvent],
    *,
    rooms: Rooms,
    log: RoomLog,
    now: Millis,
    keep_files: Callable[[], Awaitable[None]],
) -> None:
    """Write a room's first entry; nothing of the room exists before it is durable.

    `keep_files` writes what the entry names, between the room's key and the entry; if it fails, the room is forgotten.

    Raises:
        RoomExists: the id is taken.
        AppendConflict: the log has another first entry.
        AppendUncertain: not known whether the room was opened.
        StoreUnavailable, StoreUnwritable: it was not.
    """
    lines = seal(events, at=now, first_seq=0, salts=[secrets.token_bytes(SALT_SIZE) for _ in events])
    tree = MerkleTree(leaf_hash(line) for line in lines)
    await rooms.add(room, title, now)
    try:
        await keep_files()
    except BaseException:
        with suppress(StoreUnavailable):
            await rooms.forget(room)
        raise
    await log.create(room, Entry(head=tree.head, lines=lines))
