"""Many datagrams with one system call: recvmmsg and sendmmsg.

An `Address` is the kernel's own sockaddr in bytes: it is compared and sent to as it came, never parsed per packet.
"""

import ipaddress
import socket
import struct
from collections.abc import Iterator
from typing import Any, NewType

import cffi  # type: ignore[import-untyped]

from signaling.hot_path.library import NAME_BYTES, SLOT_BYTES, SLOTS, ffi, lib

Address = NewType("Address", bytes)
"A sockaddr_in or sockaddr_in6."

SO_TIMESTAMPNS = 35
"Asks Linux when each datagram arrived; not among the constants of `socket`."
CONTROL_BYTES = 64
RECEIVE_SLOTS = 32

_ffi = cffi.FFI()
_ffi.cdef("""
    struct iovec { void *iov_base; size_t iov_len; };
    struct msghdr { void *msg_name; uint32_t msg_namelen; struct iovec *msg_iov; size_t msg_iovlen;
                    void *msg_control; size_t msg_controllen; int msg_flags; };
    struct mmsghdr { struct msghdr msg_hdr; unsigned int msg_len; };
    int recvmmsg(int fd, struct mmsghdr *v, unsigned int n, int flags, void *timeout);
""")
_libc = _ffi.dlopen(None)

_V4 = struct.Struct("=HHI8s")
_V6 = struct.Struct("=HHI16sI")
_STAMP = struct.Struct("=qii qq")
"A control message (length, level, type) with seconds and nanoseconds since 1970, on a 64-bit machine."


class _Slots:
    """Equal buffers with the kernel's headers around them."""

    def __init__(self, count: int) -> None:
        self.memory: Any = _ffi.new("unsigned char[]", count * SLOT_BYTES)
        self.vectors: Any = _ffi.new("struct iovec[]", count)
        self.messages: Any = _ffi.new("struct mmsghdr[]", count)
        self.pointers = [self.memory + n * SLOT_BYTES for n in range(count)]
        self.views = [_ffi.buffer(pointer, SLOT_BYTES) for pointer in self.pointers]
        self.headers = [_ffi.addressof(self.messages[n], "msg_hdr") for n in range(count)]
        for n, header in enumerate(self.headers):
            self.vectors[n].iov_base = self.pointers[n]
            self.vectors[n].iov_len = SLOT_BYTES
            header.msg_iov = self.vectors + n
            header.msg_iovlen = 1


class ReceiveBatch:
    """Takes up to `RECEIVE_SLOTS` datagrams at once; each stays in its slot until the next `fill`."""

    def __init__(self, sock: socket.socket) -> None:
        sock.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
        self._fd = sock.fileno()
        self._name_bytes = _V6.size if sock.family == socket.AF_INET6 else _V4.size
        self._slots = _Slots(RECEIVE_SLOTS)
        self._control: Any = _ffi.new("char[]", RECEIVE_SLOTS * CONTROL_BYTES)
        self._stamps = [_ffi.buffer(self._control + n * CONTROL_BYTES, _STAMP.size) for n in range(RECEIVE_SLOTS)]
        self._names: Any = _ffi.new("char[]", RECEIVE_SLOTS * NAME_BYTES)
        self._name_views = [_ffi.buffer(self._names + n * NAME_BYTES, self._name_bytes) for n in range(RECEIVE_SLOTS)]
        for n, header in enumerate(self._slots.headers):
            header.msg_name = self._names + n * NAME_BYTES
            header.msg_namelen = self._name_bytes
            header.msg_control = self._control + n * CONTROL_BYTES
            header.msg_controllen = CONTROL_BYTES

    def fill(self) -> Iterator[tuple[Any, Any, int, Address, float]]:
        """The datagrams that wait: pointer, view, length, sender, and when it arrived, in seconds since 1970.

        The kernel noted the arrival, so it is right even where this process was late to look.
        """
        count = _libc.recvmmsg(self._fd, self._slots.messages, RECEIVE_SLOTS, socket.MSG_DONTWAIT, _ffi.NULL)
        for n in range(count):
            address = Address(self._name_views[n][:])
            _, _, _, seconds, nanoseconds = _STAMP.unpack(self._stamps[n])
            self._slots.headers[n].msg_controllen = CONTROL_BYTES  # the kernel has written over it
            arrived = seconds + nanoseconds / 1e9
            yield self._slots.pointers[n], self._slots.views[n], self._slots.messages[n].msg_len, address, arrived


class SendBatch:
    """Collects datagrams and sends them with one call. Media in real time: what the kernel refuses is dropped."""

    def __init__(self, sock: socket.socket) -> None:
        self._slots = _Slots(SLOTS)
        self._names: Any = _ffi.new("char[]", SLOTS * NAME_BYTES)
        for n, header in enumerate(self._slots.headers):
            header.msg_name = self._names + n * NAME_BYTES
        self.pointer: Any = ffi.new("struct batch *")
        self.pointer.fd = sock.fileno()
        self.pointer.memory = ffi.cast("uint8_t *", self._slots.memory)
        self.pointer.messages = ffi.cast("void *", self._slots.messages)

    @property
    def unsent(self) -> int:
        """Datagrams that the kernel refused, or that no slot holds."""
        return int(self.pointer.unsent)

    def add(self, data: bytes, destination: Address) -> None:
        """Copy a finished datagram into the batch; one that no slot holds is none of ours and is not sent."""
        if len(data) > SLOT_BYTES:
            self.pointer.unsent += 1
            return
        if self.pointer.used == SLOTS:
            self.flush()
        slot = self.pointer.used
        self._slots.views[slot][: len(data)] = data
        self._slots.vectors[slot].iov_len = len(data)
        header = self._slots.headers[slot]
        header.msg_namelen = len(destination)
        _ffi.memmove(header.msg_name, destination, len(destination))
        self.pointer.used = slot + 1

    def flush(self) -> None:
        """Hand everything to the kernel.

        A datagram with a bad destination is skipped; when the socket is full the rest is dropped: late is lost.
        """
        lib.send_all(self.pointer)


def host_and_port(address: Address) -> tuple[str, int]:
    """The address for people and for STUN; one of IPv4 inside IPv6 comes out as IPv4."""
    if len(address) == _V4.size:
        _, port, host, _ = _V4.unpack(address)
        return socket.inet_ntoa(struct.pack("=I", host)), socket.ntohs(port)
    _, port, _, packed, _ = _V6.unpack(address)
    v6 = ipaddress.IPv6Address(packed)
    return str(v6.ipv4_mapped or v6), socket.ntohs(port)


def bind_udp(host: str, port: int, *, buffer_bytes: int = 4 << 20) -> socket.socket:
    """A non-blocking UDP socket; bound to `::` it takes IPv4 as well.

    Raises:
        OSError: the address is not ours or the port is taken.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_DGRAM)
    try:
        if family == socket.AF_INET6:
            sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        for option in (socket.SO_RCVBUF, socket.SO_SNDBUF):
            sock.setsockopt(socket.SOL_SOCKET, option, buffer_bytes)
        sock.setblocking(False)
        sock.bind((host, port))
    except OSError:
        sock.close()
        raise
    return sock
