"""H.264 in RTP, as far as a forwarder and a recorder need it; nothing is decoded.

Encoders and room cameras send it, browsers of seats send VP8. A key frame comes with the parameter sets in front of it.
Source: RFC 6184, 5.4 to 5.8 (single units, STAP-A, FU-A); ITU-T H.264, 7.3.1, 7.3.2.1 (parameter set), 7.4.1 (units);
ISO/IEC 14496-15, 5.2.4.1 (avcC).
"""

from collections.abc import Iterator

import msgspec

from signaling.vp8 import Descriptor

IDR = 5
SEQUENCE_PARAMETERS = 7
PICTURE_PARAMETERS = 8
_DELIMITER = 9
_STAP_A = 24
_FU_A = 28
_TYPE = 0x1F
_REFERENCE = 0xE0
"Of a unit's first byte: all but its type."
_BEGINS = 0x80
_LENGTH_BYTES = 2
_HIGH_PROFILES = frozenset({100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135})
"Those whose parameter set says more."


def read(data: bytes, at: int) -> Descriptor:
    """Whether the payload that begins at this offset begins a key frame, and how high its picture is."""
    lines, is_key = 0, False
    for kind, unit in _beginnings(data[at:]):
        is_key |= kind in (SEQUENCE_PARAMETERS, IDR)
        if kind == SEQUENCE_PARAMETERS:
            size = picture_size(unit)
            lines = size[1] if size is not None else 0
    return Descriptor(is_key, lines, 0, 0, 0, 0)


def _beginnings(payload: bytes) -> Iterator[tuple[int, bytes]]:
    """Types of the units that begin in a payload, with their bytes as far as they are there."""
    kind = payload[0] & _TYPE if payload else 0
    if kind == _STAP_A:
        yield from ((unit[0] & _TYPE, unit) for unit in _aggregated(payload))
    elif kind == _FU_A:
        if len(payload) > 1 and payload[1] & _BEGINS:
            yield payload[1] & _TYPE, b""
    elif kind:
        yield kind, payload


def _aggregated(payload: bytes) -> Iterator[bytes]:
    """The units of a STAP-A, up to the first one that does not fit."""
    at = 1
    while at + _LENGTH_BYTES < len(payload):
        end = at + _LENGTH_BYTES + int.from_bytes(payload[at : at + _LENGTH_BYTES])
        if end == at + _LENGTH_BYTES or end > len(payload):
            return
        yield payload[at + _LENGTH_BYTES : end]
        at = end


class Units:
    """Puts the units of one picture together from payloads that come in order, without a hole."""

    def __init__(self) -> None:
        self._parts: list[bytearray] = []
        self._is_open = False
        "The last unit waits for more fragments."
        self.is_broken = False
        "A fragment came without its beginning."

    def take(self, payload: bytes) -> None:
        """Take a payload."""
        kind = payload[0] & _TYPE if payload else 0
        if kind == _FU_A and len(payload) > 1:
            self._take_fragment(payload)
        elif kind == _STAP_A:
            self._parts += map(bytearray, _aggregated(payload))
        elif kind:
            self._parts.append(bytearray(payload))

    def _take_fragment(self, payload: bytes) -> None:
        head = payload[1]
        if head & _BEGINS:
            self._parts.append(bytearray([payload[0] & _REFERENCE | head & _TYPE]))
            self._is_open = True
        if not self._is_open:
            self.is_broken = True
            return
        self._parts[-1] += payload[2:]
        self._is_open = not head & 0x40

    def whole(self) -> list[bytes]:
        """The units of the picture."""
        return [bytes(part) for part in self._parts]


class Picture(msgspec.Struct, frozen=True, kw_only=True):
    """A picture as a file holds it."""

    data: bytes
    "Each unit behind four bytes of length; parameter sets stand apart."
    is_key: bool
    parameters: bytes | None
    "avcC, of a picture that brings its parameter sets."
    size: tuple[int, int] | None


def picture_of(units: list[bytes]) -> Picture:
    """The picture that these units make."""
    kinds = [unit[0] & _TYPE for unit in units]
    sequence = next((unit for unit, kind in zip(units, kinds, strict=True) if kind == SEQUENCE_PARAMETERS), None)
    picture = next((unit for unit, kind in zip(units, kinds, strict=True) if kind == PICTURE_PARAMETERS), None)
    kept = (
        unit
        for unit, kind in zip(units, kinds, strict=True)
        if kind not in (SEQUENCE_PARAMETERS, PICTURE_PARAMETERS, _DELIMITER)
    )
    return Picture(
        data=b"".join(len(unit).to_bytes(4) + unit for unit in kept),
        is_key=IDR in kinds,
        parameters=_avcc(sequence, picture) if sequence is not None and picture is not None else None,
        size=picture_size(sequence) if sequence is not None else None,
    )


def _avcc(sequence: bytes, picture: bytes) -> bytes:
    """The decoder's configuration. The fields that the standard adds for high profiles may be left out by writers."""
    head = bytes([1]) + sequence[1:4].ljust(3, b"\0") + bytes([0xFF, 0xE1])
    return head + len(sequence).to_bytes(2) + sequence + bytes([1]) + len(picture).to_bytes(2) + picture


def parameter_units(avcc: bytes) -> bytes:
    """The parameter sets of a configuration of ours, as they may stand in front of a key frame in a file."""
    if not avcc:
        return b""
    sequence_end = 8 + int.from_bytes(avcc[6:8])
    sequence, picture = avcc[8:sequence_end], avcc[sequence_end + 3 :]
    return b"".join(len(unit).to_bytes(4) + unit for unit in (sequence, picture))


def picture_size(sequence: bytes) -> tuple[int, int] | None:
    """Width and height that a sequence parameter set tells; none of a broken one."""
    try:
        return _size(_Bits(sequence[1:].replace(b"\0\0\3", b"\0\0")))
    except EOFError:
        return None


class _Bits:
    """Reads a unit bit by bit."""

    def __init__(self, data: bytes) -> None:
        self._value = int.from_bytes(data)
        self._left = 8 * len(data)

    def take(self, count: int) -> int:
        """The next bits.

        Raises:
            EOFError: there are not so many.
        """
        self._left -= count
        if self._left < 0:
            raise EOFError
        return self._value >> self._left & (1 << count) - 1

    def number(self) -> int:
        """An unsigned Exp-Golomb number; a signed one is as long."""
        zeros = 0
        while not self.take(1):
            zeros += 1
        return (1 << zeros) - 1 + self.take(zeros)


def slice_type(unit: bytes) -> int | None:
    """The type of a slice, 0 to 4 (P, B, I, SP, SI); none of a broken one."""
    bits = _Bits(unit[1:17].replace(b"\0\0\3", b"\0\0"))
    try:
        bits.number()
        return bits.number() % 5
    except EOFError:
        return None


def _size(bits: _Bits) -> tuple[int, int]:
    profile = bits.take(8)
    bits.take(16)
    bits.number()
    chroma = _high_fields(bits) if profile in _HIGH_PROFILES else 1
    bits.number()
    order = bits.number()
    if order == 0:
        bits.number()
    elif order == 1:
        bits.take(1)
        for _ in range(2):
            bits.number()
        for _ in range(bits.number()):
            bits.number()
    bits.number()
    bits.take(1)
    width, height = bits.number() + 1, bits.number() + 1
    frames_only = bits.take(1)
    if not frames_only:
        bits.take(1)
    bits.take(1)
    left, right, top, bottom = (bits.number() for _ in range(4)) if bits.take(1) else (0, 0, 0, 0)
    across, down = (2 if chroma in (1, 2) else 1), (2 if chroma == 1 else 1) * (2 - frames_only)
    return 16 * width - across * (left + right), 16 * height * (2 - frames_only) - down * (top + bottom)


def _high_fields(bits: _Bits) -> int:
    """Pass over what high profiles add; the format of the colours is needed."""
    chroma = bits.number()
    if chroma == 3:
        bits.take(1)
    bits.number()
    bits.number()
    bits.take(1)
    if bits.take(1):
        for place in range(8 if chroma != 3 else 12):
            if bits.take(1):
                _pass_scaling(bits, 16 if place < 6 else 64)
    return chroma


def _pass_scaling(bits: _Bits, size: int) -> None:
    last = following = 8
    for _ in range(size):
        if following:
            coded = bits.number()
            following = (last + ((coded + 1) // 2 if coded % 2 else -(coded // 2)) + 256) % 256
        last = following or last
