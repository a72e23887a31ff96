"""A piece of a recording: a few seconds of one track, and what is known of how it came.

The facts stand in the file beside the blocks, so that one digest covers both; `server/evidence/README.md` has them
field by field.
"""

from typing import Literal

import msgspec

from signaling.messages import KIND_OF, Kind, Track
from signaling.negotiation import CODECS
from signaling.reception import SenderClock
from signaling.recording.units import Unit
from signaling.rtcp import NTP_FRACTION

LONGEST_S = 4.0
"No block of a piece lies further than this behind its first one."
LARGEST_BYTES = 8 << 20
"Four seconds at 16 Mbit/s, ten times what a camera is asked for."

Ending = Literal["due", "no_key_frame", "picture_changed", "source_changed", "clock_jumped", "too_large", "stopped"]
"Why a piece ends: `due` is the usual one."


class SenderTime(msgspec.Struct, frozen=True, array_like=True):
    """A sender report: where the track's clock stood against its sender's clock, and when we heard of it."""

    ntp_seconds: int
    "Since 1900, by the sender's clock."
    ntp_fraction: int
    "In 1/2**32 s."
    rtp_timestamp: int
    heard_at: int
    "Milliseconds since 1970 UTC, by our clock."


class PieceFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What a player does not need and an auditor does."""

    version: int = 1
    room: str
    alias: str
    track: Track = msgspec.field(name="kind")
    number: int
    "Of the track's pieces, from 1, without a hole."
    begins_at: int
    "When the first block's first packet came: milliseconds since 1970 UTC, by our clock."
    clock_rate: int
    first_timestamp: int
    "RTP timestamp of the first block, 32 bits; the others follow from their place in the file."
    arrivals: tuple[int, ...]
    "When each block's first packet came, in milliseconds after `begins_at`."
    reports: tuple[SenderTime, ...]
    "The last sender report before the piece, if there was one, and all during it."
    missing: int
    "Packets that never came, since the piece before it."
    broken: int
    "Frames that were left out because a part of them never came, since the piece before it."
    levels: str
    "Of sound: two hexadecimal digits a block, -dBov; empty where the sender does not say."
    ended: Ending


class Piece(msgspec.Struct, frozen=True, kw_only=True):
    """A closed piece on its way to the disk."""

    alias: str
    track: Track
    begins_at: int
    units: tuple[Unit, ...]
    reports: tuple[SenderTime, ...]
    missing: int
    broken: int
    ended: Ending

    @property
    def kind(self) -> Kind:
        """What it carries."""
        return KIND_OF[self.track]

    @property
    def suffix(self) -> str:
        """How the name of its clear file ends: WebM knows no H.264, so that is Matroska."""
        return ".webm" if self.units[0].parameters is None else ".mkv"

    @property
    def offsets_ms(self) -> list[int]:
        """When each block is to be shown, in milliseconds after the first."""
        first, rate = self.units[0].timestamp, CODECS[self.kind].clock_rate
        return [round(1000 * _distance(unit.timestamp, first) / rate) for unit in self.units]

    @property
    def duration_ms(self) -> int:
        """To the end of the last block, which is taken to be as long as the one before it."""
        offsets = self.offsets_ms
        last = offsets[-1] - offsets[-2] if len(offsets) > 1 else _USUAL_MS[self.kind]
        return offsets[-1] + last

    def facts(self, room: str, number: int) -> PieceFacts:
        """What stands beside the blocks."""
        first = self.units[0]
        levels = [unit.level for unit in self.units]
        known = [level for level in levels if level is not None]
        return PieceFacts(
            room=room,
            alias=self.alias,
            track=self.track,
            number=number,
            begins_at=self.begins_at,
            clock_rate=CODECS[self.kind].clock_rate,
            first_timestamp=first.timestamp,
            arrivals=tuple(round(1000 * (unit.arrived - first.arrived)) for unit in self.units),
            reports=self.reports,
            missing=self.missing,
            broken=self.broken,
            levels=bytes(known).hex() if len(known) == len(levels) else "",
            ended=self.ended,
        )


_USUAL_MS: dict[Kind, int] = {"audio": 20, "video": 66}
"Of a block that stands alone."


class OpenPiece:
    """Takes blocks until it is closed."""

    def __init__(self, alias: str, track: Track, first: Unit, begins_at: int) -> None:
        self.begins_at = begins_at
        self.size = first.size
        self._parameters = first.parameters
        self._alias = alias
        self._track = track
        self._units = [first]
        self._octets = len(first.data)
        self._reports: list[SenderTime] = []

    @property
    def began(self) -> float:
        """When the first packet came, in seconds of our clock."""
        return self._units[0].arrived

    def note_report(self, clock: SenderClock, heard_at: int) -> None:
        """Keep a sender report."""
        seconds, fraction = divmod(clock.ntp, NTP_FRACTION)
        self._reports.append(SenderTime(seconds, fraction, clock.rtp_timestamp, heard_at))

    def age_s(self, unit: Unit) -> float:
        """How far a block lies behind the first, by the sender's clock."""
        return _distance(unit.timestamp, self._units[0].timestamp) / CODECS[KIND_OF[self._track]].clock_rate

    def ending(self, unit: Unit, *, due_s: float) -> Ending | None:
        """Why this block cannot stand in the piece; none if it can.

        Args:
            unit: the next block.
            due_s: from this age on, a block that a piece may begin with begins the next one.
        """
        age = self.age_s(unit)
        if age < self.age_s(self._units[-1]) or age > 2 * LONGEST_S:
            return "clock_jumped"
        if unit.size is not None and (unit.size, unit.parameters) != (self.size, self._parameters):
            return "picture_changed"
        if unit.is_key and age >= due_s:
            return "due"
        if age >= LONGEST_S:
            return "no_key_frame"
        return "too_large" if self._octets + len(unit.data) > LARGEST_BYTES else None

    def add(self, unit: Unit) -> None:
        """Take a block."""
        self._units.append(unit)
        self._octets += len(unit.data)

    def closed(self, ended: Ending, *, missing: int, broken: int) -> Piece:
        """The piece as it is now."""
        return Piece(
            alias=self._alias,
            track=self._track,
            begins_at=self.begins_at,
            units=tuple(self._units),
            reports=tuple(self._reports),
            missing=missing,
            broken=broken,
            ended=ended,
        )


def _distance(timestamp: int, reference: int) -> int:
    """How far a 32-bit number lies after a reference."""
    return ((timestamp - reference + 0x80000000) & 0xFFFFFFFF) - 0x80000000
