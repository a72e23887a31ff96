"""The append-only log of a room: one stream, one entry a command with all its event lines.

An entry's id is `<tree size after it>-0`; its fields are `head`, the tree's root after it in hexadecimal, and
`lines`, sealed for this room and this entry. The id alone would be no compare-and-swap: after a failover that lost
entries it would accept a gap. So one short script appends only behind the very head that was decided on, and says
what it found otherwise:

* the entry itself: an earlier, unanswered try has written it, and nothing is written twice;
* another entry behind that head: *conflict*, someone was first;
* no such head: the log is not the one that was read, it has lost or changed entries: *broken*.

An unanswered request may lie unread in a socket of a server that hangs, and be carried out later. So *uncertain* is
settled only by sending the same entry again: whatever stands behind the head then, no late request can change it.
"""

import asyncio
from collections.abc import Sequence

import msgspec

from server.domain.errors import AppendConflict, AppendUncertain
from server.domain.ids import RoomId
from server.evidence.merkle import Head
from server.store.connection import Store, as_dict
from server.store.encryption import RoomCipher, RoomCiphers
from server.store.errors import LogContradicted, StoreSilent, StoreUnavailable, StoreUnwritable

PAGE = 256
"Entries read at a time."

SETTLE_PAUSES_S = (0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 4.0)
"Between the tries of `settle`: with the time-outs, enough for a restart of Redis or a failover."

_WORDS = """
local function head_at(id)
  local entry = redis.call('XRANGE', KEYS[1], id, id)[1]
  return entry and entry[2][2]
end
"""
_CREATE = f"""{_WORDS}
if redis.call('EXISTS', KEYS[1]) == 0 then
  redis.call('XADD', KEYS[1], ARGV[1], 'head', ARGV[2], 'lines', ARGV[3])
  return 'appended'
end
return head_at(ARGV[1]) == ARGV[2] and 'appended' or 'conflict'
"""
_APPEND = f"""{_WORDS}
local last = redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)[1]
if last and last[1] == ARGV[4] and last[2][2] == ARGV[5] then
  redis.call('XADD', KEYS[1], 'NOMKSTREAM', ARGV[1], 'head', ARGV[2], 'lines', ARGV[3])
  return 'appended'
end
if head_at(ARGV[1]) == ARGV[2] then return 'appended' end
return head_at(ARGV[4]) == ARGV[5] and 'conflict' or 'broken'
"""

_SEALED_AS = "log"
"What an entry's lines are bound to, beside its place."

RawEntry = tuple[bytes, list[bytes]]
"An entry as the server gives it: id; name, value, name, value."


class Entry(msgspec.Struct, kw_only=True, frozen=True):
    """What one command added: its event lines and the tree after them."""

    head: Head
    "The log after this entry."
    lines: tuple[bytes, ...]
    "At least one; their leaf indices end at `head.size - 1`."


class RoomLog:
    """The logs of all rooms."""

    def __init__(
        self, store: Store, ciphers: RoomCiphers, *, settle_pauses_s: Sequence[float] = SETTLE_PAUSES_S
    ) -> None:
        """Works on a store of its own, so that a writer never waits for a connection that reads."""
        self._store = store
        self._ciphers = ciphers
        self._settle_pauses_s = settle_pauses_s

    async def create(self, room: RoomId, entry: Entry) -> None:
        """Opens the log with its first entry; the only way to make the key.

        Raises:
            AppendConflict: there is a log already, with another first entry.
            AppendUncertain: not answered; `settle` finds out.
            StoreUnavailable: nothing was sent.
            StoreUnwritable: nothing was written.
        """
        await self._send(room, entry, None)

    async def append(self, room: RoomId, entry: Entry, after: Head) -> None:
        """Appends behind the head that was decided on; on return the entry is durable.

        Sending an entry that stands there already changes nothing. A cancelled call is as uncertain as an
        unanswered one: shield it.

        Raises:
            AppendConflict: another entry stands behind `after`: read on, decide again.
            AppendUncertain: not answered; `settle` finds out.
            LogContradicted: the log has no such head; it lost or changed entries.
            StoreUnavailable: nothing was sent.
            StoreUnwritable: nothing was written.
        """
        await self._send(room, entry, after)

    async def settle(self, room: RoomId, entry: Entry, after: Head | None) -> None:
        """Sends an entry again until it, or another at its place, stands there; `after=None` for the first.

        Raises:
            AppendConflict: another entry stands there; this one never will.
            AppendUncertain: still not known after the last try. The entry may yet appear: stop the room.
            LogContradicted: the log has no such head.
        """
        for pause_s in self._settle_pauses_s:
            try:
                return await self._send(room, entry, after)
            except (AppendUncertain, StoreUnavailable, StoreUnwritable):
                await asyncio.sleep(pause_s)
        raise AppendUncertain(f"Room {room}: not known whether the entry at {entry.head.size} is stored.")

    async def read(self, room: RoomId, after_size: int = 0) -> list[Entry]:
        """Every entry behind the one that ended at this size, in order.

        Raises:
            LogContradicted: ids, heads, sizes and lines do not fit each other.
            SealBroken: an entry cannot be opened.
            StoreUnavailable: no answer.
        """
        cipher = await self._ciphers.cipher_of(room)
        key = log_key(room)
        entries: list[Entry] = []
        size = after_size
        while True:
            page: list[RawEntry] = await self._store.ask("XRANGE", key, f"({entry_id(size)}", "+", "COUNT", PAGE)
            for raw in page:
                entries.append(open_entry(cipher, raw, size))
                size = entries[-1].head.size
            if len(page) < PAGE:
                return entries

    async def _send(self, room: RoomId, entry: Entry, after: Head | None) -> None:
        cipher = await self._ciphers.cipher_of(room)
        place = entry_id(entry.head.size)
        sealed = cipher.seal(msgspec.msgpack.encode(entry.lines), _SEALED_AS, place)
        arguments: list[str | bytes] = [place, entry.head.root.hex(), sealed]
        if after is not None:
            arguments += [entry_id(after.size), after.root.hex()]
        script = _CREATE if after is None else _APPEND
        try:
            answer = await self._store.run(script, log_key(room), *arguments)
        except StoreSilent as error:
            raise AppendUncertain(f"Room {room}: the store was sent entry {place} and did not answer.") from error
        if answer == b"conflict":
            raise AppendConflict(f"Room {room}: another entry stands where {place} was to follow.")
        if answer == b"broken":
            raise LogContradicted(room, f"the log does not hold the head of size {after.size if after else 0}")


def log_key(room: RoomId) -> str:
    """The stream of a room's log; the braces keep all keys of a room in one hash slot."""
    return f"room:{{{room}}}:log"


def entry_id(size: int) -> str:
    """The stream id of the entry after which the tree has this size."""
    return f"{size}-0"


def open_entry(cipher: RoomCipher, raw: RawEntry, size_before: int) -> Entry:
    """An entry as stored, checked to follow a tree of `size_before` lines.

    Raises:
        LogContradicted: id, head, size and lines do not fit each other.
        SealBroken: the lines cannot be opened.
    """
    head = _raw_head(cipher.room, raw)
    place = entry_id(head.size)
    sealed = as_dict(raw[1]).get(b"lines", b"")
    lines = msgspec.msgpack.decode(cipher.open(sealed, _SEALED_AS, place), type=tuple[bytes, ...])
    if not lines or len(lines) != head.size - size_before:
        raise LogContradicted(cipher.room, f"entry {place} holds {len(lines)} lines and follows size {size_before}")
    return Entry(head=head, lines=lines)


def _raw_head(room: RoomId, raw: RawEntry) -> Head:
    stream_id, fields = raw
    size, _, part = stream_id.decode().partition("-")
    try:
        root = bytes.fromhex(as_dict(fields).get(b"head", b"").decode())
    except ValueError:
        root = b""
    if part != "0" or len(root) != 32:
        raise LogContradicted(room, f"entry {stream_id.decode()} has no proper id or head")
    return Head(size=int(size), root=root)
