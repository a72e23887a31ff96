"""What a person has typed and not handed in: each cell is on disk, sealed, before `save` returns."""

import msgspec

from server.domain.ids import Alias, RoomId
from server.store.connection import Store, as_dict
from server.store.encryption import RoomCiphers
from server.store.errors import SealBroken

_SAVE = """
local stands = redis.call('HGET', KEYS[1], ARGV[1])
local version = stands and tonumber(string.match(stands, '^%d+')) or 0
if tonumber(ARGV[2]) < version then return stands end
local saved = string.format('%d:', math.max(tonumber(ARGV[2]), version + 1)) .. ARGV[3]
redis.call('HSET', KEYS[1], ARGV[1], saved)
return saved
"""


class DraftSheet(msgspec.Struct, kw_only=True, frozen=True):
    """The sheet of one person that is being filled in."""

    room: RoomId
    alias: Alias
    sheet: str
    "Names lot, stage and round."

    @property
    def key(self) -> str:
        """Where its cells are stored."""
        return f"room:{{{self.room}}}:draft:{self.alias}:{self.sheet}"


class DraftCell(msgspec.Struct, kw_only=True, frozen=True):
    """A cell as it stands at the server."""

    value: bytes
    version: int
    "Rises with every write; a page sends the version it knows plus one."


class Drafts:
    """The drafts of all rooms."""

    def __init__(self, store: Store, ciphers: RoomCiphers) -> None:
        self._store = store
        self._ciphers = ciphers

    async def save(self, sheet: DraftSheet, cell: str, value: bytes, *, version: int) -> DraftCell:
        """The cell as it stands afterwards: this value under its new version, or a newer one that stays.

        `version` is what the page knew plus one. A page that knows less than the server is behind (a frame that was
        sent again, a tab asleep) and overwrites nothing; of two that know the same, the last to arrive wins.

        Raises:
            StoreUnavailable: no answer: send it again.
            StoreUnwritable: not stored.
            SealBroken: the newer value cannot be opened.
        """
        cipher = await self._ciphers.cipher_of(sheet.room)
        sealed = cipher.seal(value, *_place(sheet, cell))
        stands = await self._store.run(_SAVE, sheet.key, cell, version, sealed)
        return await self._opened(sheet, cell, stands)

    async def load(self, sheet: DraftSheet) -> dict[str, DraftCell]:
        """Every cell of the sheet by its name.

        Raises:
            StoreUnavailable: no answer.
            SealBroken: a cell cannot be opened.
        """
        cells = as_dict(await self._store.ask("HGETALL", sheet.key))
        return {name.decode(): await self._opened(sheet, name.decode(), stored) for name, stored in cells.items()}

    async def discard(self, sheet: DraftSheet) -> None:
        """Forgets the sheet, once it is handed in.

        Raises:
            StoreUnavailable: no answer.
            StoreUnwritable: it is still there.
        """
        await self._store.ask("DEL", sheet.key)

    async def _opened(self, sheet: DraftSheet, cell: str, stored: bytes) -> DraftCell:
        cipher = await self._ciphers.cipher_of(sheet.room)
        version, _, sealed = stored.partition(b":")
        if not version.isdigit():
            raise SealBroken(sheet.room, _place(sheet, cell))
        return DraftCell(value=cipher.open(sealed, *_place(sheet, cell)), version=int(version))


def _place(sheet: DraftSheet, cell: str) -> tuple[str, ...]:
    return ("draft", sheet.alias, sheet.sheet, cell)
