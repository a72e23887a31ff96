"""A listener's connection that writes in clear, for tests that read what is sent."""

from typing import Any

from signaling.datagram_batches import Address
from signaling.hot_path.library import ffi
from signaling.hot_path.way import Way


class ClearWay(Way):
    """Leads to the other end of a connected socket; a broken one lets no packet out."""

    def __init__(self) -> None:
        super().__init__()
        self.is_broken = False
        self._protect = ffi.callback("int(void *, void *, int *)", self._leave_as_it_is)
        self.destination = Address(b"")
        self.encrypt_with(int(ffi.cast("uintptr_t", self._protect)), 0, self)

    def _leave_as_it_is(self, _session: Any, _packet: Any, _size: Any) -> int:
        return int(self.is_broken)
