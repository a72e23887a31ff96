"""A seat's connection as the fan-out uses it: how to encrypt, and where to send."""

from typing import Any

from signaling.datagram_batches import Address
from signaling.hot_path.library import NAME_BYTES, ffi


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
            ValueError: set to something longer than any address of the kernel's.
        """
        return self._destination

    @destination.setter
    def destination(self, address: Address | None) -> None:
        name = address or b""
        if len(name) > NAME_BYTES:
            raise ValueError("no address is so long")
        self._destination = address
        self.pointer.name_size = len(name)
        ffi.memmove(self.pointer.name, name, len(name))
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
