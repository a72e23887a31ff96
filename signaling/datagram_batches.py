"""Many datagrams with one system call: recvmmsg (in `hot_path/receiver.c`) and sendmmsg.

An `Address` is the kernel's own sockaddr in bytes, and behind it the address of ours that the other side has sent to:
both ends of a path. It is compared as it came, never parsed per packet. What is sent to it leaves from where it was
asked for: a machine with several addresses would else answer from the one that its routes prefer, and the other side
would not know the answer for one (RFC 8445, 7.2.5.2.1).
"""

import ipaddress
import socket
import struct
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
RECEIVE_SLOTS = int(lib.RECEIVE_SLOTS)
RECEIVED_CONTROL_BYTES = int(lib.RECEIVED_CONTROL_BYTES)
NOTHING = int(lib.NOTHING)

_ffi = cffi.FFI()
_ffi.cdef("""
    struct iovec { void *iov_base; size_t iov_len; };
    struct msghdr { void *msg_name; uint32_t msg_namelen; struct iovec *msg_iov; size_t msg_iovlen;
                    void *msg_control; size_t msg_controllen; int msg_flags; };
    struct mmsghdr { struct msghdr msg_hdr; unsigned int msg_len; };
""")

_V4 = struct.Struct("=HHI8s")
_V6 = struct.Struct("=HHI16sI")
_FROM_V4 = struct.Struct("=qii i4s4x 4x")
_FROM_V6 = struct.Struct("=qii 16sI 4x")
"Control messages with an address of ours, padded as a 64-bit kernel wants them: in_pktinfo and in6_pktinfo."
_UNPADDED = 4


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
    """Takes up to `RECEIVE_SLOTS` datagrams at once; each stays in its slot until all of them have been looked at.

    Args:
        sock: bound and non-blocking.
        paths: `struct paths`: whose media and feedback goes all its way without Python.
        taken: `struct taken`, in which is told what was read of media.
    """

    def __init__(self, sock: socket.socket, paths: Any = None, taken: Any = None) -> None:
        sock.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
        is_v6 = sock.family == socket.AF_INET6
        if is_v6:
            sock.setsockopt(socket.IPPROTO_IPV6, IPV6_RECVPKTINFO, 1)
        else:
            sock.setsockopt(socket.IPPROTO_IP, IP_PKTINFO, 1)
        self._slots = _Slots(RECEIVE_SLOTS)
        self._controls: Any = _ffi.new("char[]", RECEIVE_SLOTS * RECEIVED_CONTROL_BYTES)
        self._names: Any = _ffi.new("char[]", RECEIVE_SLOTS * NAME_BYTES)
        name_bytes = _V6.size if is_v6 else _V4.size
        for n, header in enumerate(self._slots.headers):
            header.msg_name = self._names + n * NAME_BYTES
            header.msg_namelen = name_bytes
            header.msg_control = self._controls + n * RECEIVED_CONTROL_BYTES
            header.msg_controllen = RECEIVED_CONTROL_BYTES
        self.pointer: Any = ffi.new("struct receiver *")
        self._paths = ffi.new("struct paths *") if paths is None else paths
        self._taken = ffi.new("struct taken *") if taken is None else taken
        self.pointer.fd, self.pointer.name_size = sock.fileno(), name_bytes
        self.pointer.messages = ffi.cast("void *", self._slots.messages)
        self.pointer.paths, self.pointer.taken = self._paths, self._taken
        self._sender = ffi.buffer(self.pointer.sender)

    def take_next(self, now: float) -> int:
        """Go on to the next datagram about which something is left to be done; what it is, `NOTHING` where none waits.

        Not more than some hundred datagrams are taken before that is said; then call again.
        """
        return int(lib.take_next(self.pointer, now))

    @property
    def result(self) -> int:
        """What was taken of the last datagram, or why it was dropped."""
        return int(self.pointer.result)

    @property
    def arrived(self) -> float:
        """When the last datagram came, in seconds since 1970; the kernel noted it, even where we were late to look."""
        return float(self.pointer.arrived)

    @property
    def data(self) -> bytes:
        """The last datagram, decrypted where it could be."""
        return bytes(self._slots.views[self.pointer.at - 1][: self.pointer.size])

    @property
    def sender(self) -> Address:
        """From where the last datagram came."""
        return Address(self._sender[: self.pointer.sender_size])


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
