"""Messages on a stream between two processes of ours.

A frame is four bytes of length (big-endian) and one msgpack map with the message's tag under `type`.
"""

import struct
from collections.abc import Iterator

import msgspec

MAX_FRAME_BYTES = 4 << 20
"Far above any policy or SDP; a longer frame is a broken connection."

_LENGTH = struct.Struct("!I")
_encoder = msgspec.msgpack.Encoder()


class FrameTooLong(ValueError):
    """The other side announced a frame above `MAX_FRAME_BYTES`."""


def frame(message: msgspec.Struct) -> bytes:
    """The message as it stands on the stream."""
    body = _encoder.encode(message)
    return _LENGTH.pack(len(body)) + body


class FrameReader:
    """Cuts a byte stream into frame bodies."""

    def __init__(self) -> None:
        self._pending = bytearray()

    def feed(self, data: bytes) -> Iterator[bytes]:
        """The bodies that are whole now.

        Raises:
            FrameTooLong: a length no honest sender writes.
        """
        self._pending += data
        while len(self._pending) >= _LENGTH.size:
            (length,) = _LENGTH.unpack_from(self._pending)
            if length > MAX_FRAME_BYTES:
                raise FrameTooLong(length)
            end = _LENGTH.size + length
            if len(self._pending) < end:
                return
            body = bytes(self._pending[_LENGTH.size : end])
            del self._pending[:end]
            yield body
