"""Many datagrams with one system call: recvmmsg and sendmmsg.

An `Address` is the kernel's own sockaddr in bytes, and behind it the address of ours that the other side has sent to:
both ends of a path. It is compared as it came, never parsed per packet. What is sent to it leaves from where it was
asked for: a machine with several addresses would else answer from the one that its routes prefer, and the other side
would not know the answer for one (RFC 8445, 7.2.5.2.1).
"""

import ipaddress
import socket
import struct
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, NewType

import cffi  # type: ignore[import-untyped]

from signaling.hot_path.library import CONTROL_BYTES, NAME_BYTES, SLOT_BYTES, SLOTS, ffi, lib

Address = NewType("Address", bytes)
"A sockaddr_in or sockaddr_in6, and a local address of the same family; without that, the kernel chooses one."

SO_TIMESTAMPNS = 35
"Asks Linux when each datagram arrived; not among the constants of `socket`."
IP_PKTINFO = 8
IPV6_RECVPKTINFO, IPV6_PKTINFO = 49, 50
"Tell to which address of ours a datagram was sent, and from which one is to be; not among those constants either."
RECEIVED_CONTROL_BYTES = 96
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
_FROM_V4 = struct.Struct("=qii i4s4x 4x")
_FROM_V6 = struct.Struct("=qii 16sI 4x")
"Control messages with an address of ours, padded as the kernel wants them: in_pktinfo and in6_pktinfo."
_UNPADDED = 4
_LOCAL_V4 = slice(_STAMP.size + 20, _STAMP.size + 24)
_LOCAL_V6 = slice(_STAMP.size + 16, _STAMP.size + 32)
"Where a received one has it, behind the time."


class _Slots:
    """Equal buffers with the kernel's headers around them."""

    def __init__(self, count: int) -> None:
        self.memory: Any = _ffi.new("unsigned char[]", count * SLOT_BYTES)
        self.vectors: Any = _ffi.new("struct iovec[]", count)
        self.messages: Any = _ffi.new("struct mmsghdr[]", count)
        self.pointers = [ffi.cast("uint8_t *", self.memory + n * SLOT_BYTES) for n in range(count)]
        self.views = [ffi.buffer(pointer, SLOT_BYTES) for pointer in self.pointers]
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
        is_v6 = sock.family == socket.AF_INET6
        if is_v6:
            sock.setsockopt(socket.IPPROTO_IPV6, IPV6_RECVPKTINFO, 1)
        else:
            sock.setsockopt(socket.IPPROTO_IP, IP_PKTINFO, 1)
        self._name_bytes = _V6.size if is_v6 else _V4.size
        self._local = _LOCAL_V6 if is_v6 else _LOCAL_V4
        self._slots = _Slots(RECEIVE_SLOTS)
        self._control: Any = _ffi.new("char[]", RECEIVE_SLOTS * RECEIVED_CONTROL_BYTES)
        controls = [self._control + n * RECEIVED_CONTROL_BYTES for n in range(RECEIVE_SLOTS)]
        self._controls = [_ffi.buffer(control, RECEIVED_CONTROL_BYTES) for control in controls]
        self._names: Any = _ffi.new("char[]", RECEIVE_SLOTS * NAME_BYTES)
        self._name_views = [_ffi.buffer(self._names + n * NAME_BYTES, self._name_bytes) for n in range(RECEIVE_SLOTS)]
        for n, header in enumerate(self._slots.headers):
            header.msg_name = self._names + n * NAME_BYTES
            header.msg_namelen = self._name_bytes
            header.msg_control = controls[n]
            header.msg_controllen = RECEIVED_CONTROL_BYTES

    def fill(self) -> Iterator[tuple[Any, Any, int, Address, float]]:
        """The datagrams that wait: pointer, view, length, sender, and when it arrived, in seconds since 1970.

        The kernel noted the arrival, so it is right even where this process was late to look.
        """
        count = _libc.recvmmsg(self._fd, self._slots.messages, RECEIVE_SLOTS, socket.MSG_DONTWAIT, _ffi.NULL)
        for n in range(count):
            control = self._controls[n]
            address = Address(self._name_views[n][:] + control[self._local])
            _, _, _, seconds, nanoseconds = _STAMP.unpack_from(control)
            self._slots.headers[n].msg_controllen = RECEIVED_CONTROL_BYTES  # the kernel has written over it
            arrived = seconds + nanoseconds / 1e9
            yield self._slots.pointers[n], self._slots.views[n], self._slots.messages[n].msg_len, address, arrived


class SendBatch:
    """Collects datagrams and sends them with one call. Media in real time: what the kernel refuses is dropped."""

    def __init__(self, sock: socket.socket) -> None:
        self._slots = _Slots(SLOTS)
        self._names: Any = _ffi.new("char[]", SLOTS * NAME_BYTES)
        self._controls: Any = _ffi.new("char[]", SLOTS * CONTROL_BYTES)
        for n, header in enumerate(self._slots.headers):
            header.msg_name = self._names + n * NAME_BYTES
            header.msg_control = self._controls + n * CONTROL_BYTES
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
        name, control = route_of(destination)
        header.msg_namelen, header.msg_controllen = len(name), len(control)
        _ffi.memmove(header.msg_name, name, len(name))
        _ffi.memmove(header.msg_control, control, len(control))
        self.pointer.used = slot + 1

    def flush(self) -> None:
        """Hand everything to the kernel.

        A datagram with a bad destination is skipped; when the socket is full the rest is dropped: late is lost.
        """
        lib.send_all(self.pointer)


@lru_cache(maxsize=1024)
def route_of(address: Address) -> tuple[bytes, bytes]:
    """Where to, as a sockaddr, and from where, as a control message; that one is empty where the kernel may choose.

    Raises:
        ValueError: it is no address.
    """
    match len(address):
        case 0 | _V4.size | _V6.size:
            return address, b""
        case 20:
            local = address[_V4.size :]
            length = _FROM_V4.size - _UNPADDED
            return address[: _V4.size], _FROM_V4.pack(length, socket.IPPROTO_IP, IP_PKTINFO, 0, local)
        case 44:
            local = address[_V6.size :]
            length = _FROM_V6.size - _UNPADDED
            return address[: _V6.size], _FROM_V6.pack(length, socket.IPPROTO_IPV6, IPV6_PKTINFO, local, 0)
    raise ValueError("no address has this length")


def host_and_port(address: Address) -> tuple[str, int]:
    """The other side's end, for people and for STUN; one of IPv4 inside IPv6 comes out as IPv4."""
    if len(address) < _V6.size:
        _, port, host, _ = _V4.unpack_from(address)
        return socket.inet_ntoa(struct.pack("=I", host)), socket.ntohs(port)
    _, port, _, packed, _ = _V6.unpack_from(address)
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
