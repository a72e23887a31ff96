"""Keeps small values of room cameras in memory."""

from server.domain.ids import Alias, RoomId


class MemoryKeeping:
    """A `PassStore`."""

    def __init__(self) -> None:
        self.kept: dict[tuple[RoomId, Alias], bytes] = {}

    async def put(self, room: RoomId, camera: Alias, kept: bytes, *, ttl_s: int) -> None:
        self.kept[room, camera] = kept

    async def get(self, room: RoomId, camera: Alias) -> bytes | None:
        return self.kept.get((room, camera))

    async def remove(self, room: RoomId, camera: Alias) -> None:
        self.kept.pop((room, camera), None)
