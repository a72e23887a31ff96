"""Which connection is at the other end of a path, for Python and, without it, for what comes in by the path."""

from typing import Any, Generic, Protocol, TypeVar

from signaling.datagram_batches import Address
from signaling.hot_path.entrance import Entrance
from signaling.hot_path.library import ffi, lib

FIRST_PLACES = 64


class HasEntrance(Protocol):
    """A connection."""

    @property
    def entrance(self) -> Entrance:
        """Where its packets come in."""
        ...


Owner = TypeVar("Owner", bound=HasEntrance)


class Paths(Generic[Owner]):
    """All paths of a port, each with the connection that it belongs to."""

    def __init__(self) -> None:
        self.owners: dict[Address, Owner] = {}
        "To be read; changed by the methods alone."
        self.pointer: Any = ffi.new("struct paths *")
        self._table: Any = None
        self._grow(FIRST_PLACES)

    def put(self, address: Address, owner: Owner, now: float) -> None:
        """Have what comes by this path go to a connection, which has just been heard there."""
        if 2 * (len(self.owners) + 1) > self.pointer.places:
            self._grow(2 * self.pointer.places)
        self.owners[address] = owner
        lib.put_path(self.pointer, address, len(address), owner.entrance.pointer, now)

    def hear(self, address: Address, now: float) -> None:
        """Note that something authentic has come by a path; of media and feedback that is done as they come."""
        path = lib.find_path(self.pointer, address, len(address))
        if path:
            path.heard_at = now

    def heard_at(self, address: Address) -> float:
        """When something authentic came by a path for the last time; long ago if there is none."""
        path = lib.find_path(self.pointer, address, len(address))
        return float(path.heard_at) if path else float("-inf")

    def drop(self, address: Address) -> None:
        """Have what comes by this path go to nobody."""
        if self.owners.pop(address, None) is not None:
            lib.drop_path(self.pointer, address, len(address))

    def forget(self, owner: Owner) -> None:
        """Drop every path of a connection."""
        for address in [known for known, each in self.owners.items() if each is owner]:
            self.drop(address)

    def _grow(self, places: int) -> None:
        before = {address: self.heard_at(address) for address in self.owners}
        self._table = self.pointer.at = ffi.new("struct path[]", places)
        self.pointer.places = places
        for address, owner in self.owners.items():
            lib.put_path(self.pointer, address, len(address), owner.entrance.pointer, before[address])
