"""A seat's connection as the fan-out uses it: how to encrypt, and where to send."""

from typing import Any

from signaling.datagram_batches import Address, route_of
from signaling.hot_path.library import ffi


class Way:
    """Closed until both an address and a session are known."""

    def __init__(self) -> None:
        self.pointer: Any = ffi.new("struct way *")
        self._destination: Address | None = None
        self._session: object = None

    @property
    def destination(self) -> Address | None:
        """Where packets go; None sends nothing.

        Raises:
            ValueError: set to what is no address.
        """
        return self._destination

    @destination.setter
    def destination(self, address: Address | None) -> None:
        name, control = route_of(address) if address is not None else (b"", b"")
        self._destination = address
        self.pointer.name_size, self.pointer.control_size = len(name), len(control)
        ffi.memmove(self.pointer.name, name, len(name))
        ffi.memmove(self.pointer.control, control, len(control))
        self._settle()

    def encrypt_with(self, protect: int, session: int, owner: object) -> None:
        """Use a function as libsrtp's `srtp_protect`.

        Args:
            protect: its address.
            session: the address of what it takes first.
            owner: lives as long as the session has to.
        """
        self._session = owner
        self.pointer.protect = ffi.cast("int (*)(void *, void *, int *)", protect)
        self.pointer.session = ffi.cast("void *", session)
        self._settle()

    def _settle(self) -> None:
        self.pointer.is_open = self._destination is not None and self._session is not None
