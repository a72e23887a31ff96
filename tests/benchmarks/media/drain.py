"""Takes what waits at many sockets with few system calls, and says when the kernel got it."""

import socket
import struct
from typing import Any

import cffi  # type: ignore[import-untyped] # as in signaling/datagram_batches.py

SLOTS = 64
SLOT_BYTES = 2048
_CONTROL_BYTES = 64
_SO_TIMESTAMPNS = 35
"Source: asm-generic/socket.h; the control message has the same number."

_ffi = cffi.FFI()
_ffi.cdef("""
    struct iovec { void *iov_base; size_t iov_len; };
    struct msghdr { void *msg_name; uint32_t msg_namelen; struct iovec *msg_iov; size_t msg_iovlen;
                    void *msg_control; size_t msg_controllen; int msg_flags; };
    struct mmsghdr { struct msghdr msg_hdr; unsigned int msg_len; };
    int recvmmsg(int fd, struct mmsghdr *v, unsigned int n, int flags, void *timeout);
""")
_libc = _ffi.dlopen(None)
_STAMP = struct.Struct("=Qiiqq")
"Length, level, type, seconds, nanoseconds: struct cmsghdr with a timespec."


def stamp_arrivals(sock: socket.socket) -> None:
    """Have the kernel note when it takes each datagram."""
    sock.setsockopt(socket.SOL_SOCKET, _SO_TIMESTAMPNS, 1)


class Drain:
    """Slots that `take` fills; they stay as they are until it is called again."""

    def __init__(self) -> None:
        self._memory: Any = _ffi.new("unsigned char[]", SLOTS * SLOT_BYTES)
        self._vectors: Any = _ffi.new("struct iovec[]", SLOTS)
        self._controls: Any = _ffi.new("unsigned char[]", SLOTS * _CONTROL_BYTES)
        self._messages: Any = _ffi.new("struct mmsghdr[]", SLOTS)
        self._control_view = _ffi.buffer(self._controls)
        self._headers = [_ffi.addressof(self._messages[n], "msg_hdr") for n in range(SLOTS)]
        self.view: Any = _ffi.buffer(self._memory)
        "All slots, `SLOT_BYTES` apart."
        self.pointers = [self._memory + n * SLOT_BYTES for n in range(SLOTS)]
        for n, header in enumerate(self._headers):
            self._vectors[n].iov_base = self.pointers[n]
            self._vectors[n].iov_len = SLOT_BYTES
            header.msg_iov = self._vectors + n
            header.msg_iovlen = 1
            header.msg_control = self._controls + n * _CONTROL_BYTES
            header.msg_controllen = _CONTROL_BYTES

    def take(self, fd: int) -> int:
        """Fill slots with what waits; gives how many."""
        count: int = _libc.recvmmsg(fd, self._messages, SLOTS, socket.MSG_DONTWAIT, _ffi.NULL)
        return max(0, count)

    def length(self, slot: int) -> int:
        """Of the datagram in a slot."""
        return int(self._messages[slot].msg_len)

    def arrived_ns(self, slot: int) -> int:
        """When the kernel took it, on the wall clock; 0 if the socket does not stamp. The slot is ready again."""
        header = self._headers[slot]
        if header.msg_controllen == 0:
            header.msg_controllen = _CONTROL_BYTES
            return 0
        header.msg_controllen = _CONTROL_BYTES
        _, _, kind, seconds, nanoseconds = _STAMP.unpack_from(self._control_view, slot * _CONTROL_BYTES)
        return int(seconds * 1_000_000_000 + nanoseconds) if kind == _SO_TIMESTAMPNS else 0
