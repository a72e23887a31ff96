"""Records one track of one seat: a listener like any other, which keeps what passes in pieces.

A piece of pictures begins with a key frame; one is asked for when the piece is due to end. Sound is cut anywhere. The
recorder outlives connections: `begin` attaches it to another track of the seat (a new connection, another layer), which
closes the open piece.
"""

from collections.abc import Callable, Iterable
from typing import Protocol

from signaling.incoming_track import IncomingTrack
from signaling.messages import KIND_OF, GapReason, Kind, Track
from signaling.reception import SenderClock
from signaling.recording.packet_order import Arrival, PacketOrder
from signaling.recording.pieces import LONGEST_S, Ending, OpenPiece, Piece
from signaling.recording.units import PictureUnits, SoundUnits, Unit, Units
from signaling.rtp import RtpPacket

WAIT_S: dict[Kind, float] = {"audio": 0.25, "video": 1.25}
"For a missing packet: the sender is asked for pictures again during one second, for sound never."
DUE_S: dict[Kind, float] = {"audio": LONGEST_S, "video": 3.0}
"From this age on the next block that a piece may begin with ends it: a key frame has a second to come."
ASK_AGAIN_S = 0.3
SILENT_AFTER_S = 3.0
"Without a packet the track is not recorded any more; sound in pauses of speech comes every 0.4 s."
BLIND_AFTER_S = 3.0
"Without a key frame the picture is not recorded any more."


class RecorderOwner(Protocol):
    """Whom a recorder tells."""

    def keep(self, piece: Piece) -> bool:
        """Take a closed piece to the disk; false if it cannot be taken."""
        ...

    def recording(self, alias: str, track: Track) -> None:
        """From now on the track is recorded."""
        ...

    def stopped(self, alias: str, track: Track, reason: GapReason) -> None:
        """From now on it is not."""
        ...


class Recorder:
    """Time is an argument, in seconds of our clock.

    Args:
        wall: the same moment in milliseconds since 1970 UTC.
    """

    def __init__(self, alias: str, track: Track, owner: RecorderOwner, wall: Callable[[float], int]) -> None:
        self.alias = alias
        self.track = track
        self.kind = KIND_OF[track]
        self.is_recording = False
        self.incoming: IncomingTrack | None = None
        "What is recorded now."
        self._owner = owner
        self._wall = wall
        self._disk_works = True
        self._piece: OpenPiece | None = None
        self._level_id: int | None = None
        self._heard_at = self._blind_since = self._ask_at = 0.0

    def begin(self, incoming: IncomingTrack, level_id: int | None, now: float) -> None:
        """Record this track from now on, in place of another one.

        Args:
            incoming: a layer of our track.
            level_id: the number of the audio level's header extension in it, where it was agreed.
            now: the time.
        """
        self._detach("source_changed")
        self.incoming, self._level_id = incoming, level_id
        self._heard_at = self._blind_since = now
        self._begin_run(incoming)
        incoming.listen(self)
        if incoming.is_video:
            incoming.key_frames.for_new_listener()

    def end(self, reason: GapReason) -> None:
        """Record nothing until the next `begin`."""
        self._detach("stopped")
        self._stop(reason)

    def _detach(self, ended: Ending) -> None:
        if self.incoming is not None:
            self._end_run(ended)
            self.incoming.leave(self)
            self.incoming = None

    def _begin_run(self, track: IncomingTrack) -> None:
        self._run = track.run
        self._clock: SenderClock | None = None
        self._order = PacketOrder(WAIT_S[self.kind])
        self._units: Units = SoundUnits(self._level_id) if self.kind == "audio" else PictureUnits()
        self._counted = (0, 0)

    def _end_run(self, ended: Ending) -> None:
        """Nothing more comes of these numbers and this clock."""
        self._take(self._order.rest())
        self._close(ended)

    def forward(self, packet: RtpPacket, index: int, begins_key_frame: bool, now: float) -> None:
        """Take a packet of the track."""
        track = self.incoming
        if track is None:
            return
        if track.run != self._run:
            self._end_run("source_changed")
            self._begin_run(track)
        self._heard_at = now
        self._take(self._order.arrived(packet, index, now))

    def tick(self, now: float) -> None:
        """What time brings: packets given up, reports, key frames asked for, a track that has fallen silent."""
        track = self.incoming
        if track is None:
            return
        self._take(self._order.due(now))
        self._note_report(track)
        if now - self._heard_at > SILENT_AFTER_S:
            self._take(self._order.rest())
            self._close("stopped")
            self._stop("silent")
        elif track.is_video:
            self._see_to_key_frames(track, now)

    def _note_report(self, track: IncomingTrack) -> None:
        clock = track.reception.clock
        if clock is not None and clock is not self._clock:
            self._clock = clock
            if self._piece is not None:
                self._piece.note_report(clock, self._wall(clock.heard_at))

    def _see_to_key_frames(self, track: IncomingTrack, now: float) -> None:
        piece = self._piece
        if piece is not None and now - piece.began < DUE_S["video"]:
            return
        if now >= self._ask_at:
            self._ask_at = now + ASK_AGAIN_S
            track.key_frames.for_loss()
        if piece is None and now - self._blind_since > BLIND_AFTER_S:
            self._stop("no_key_frame")

    def _take(self, arrivals: Iterable[Arrival]) -> None:
        for arrival in arrivals:
            for unit in self._units.take(arrival):
                self._add(unit)

    def _add(self, unit: Unit) -> None:
        if self._piece is not None:
            ending = self._piece.ending(unit, due_s=DUE_S[self.kind])
            if ending is None:
                self._piece.add(unit)
                return
            self._blind_since = unit.arrived
            self._close(ending)
        if unit.is_key:
            self._open(unit)

    def _open(self, unit: Unit) -> None:
        self._piece = OpenPiece(self.alias, self.track, unit, self._wall(unit.arrived))
        if self._clock is not None:
            self._piece.note_report(self._clock, self._wall(self._clock.heard_at))
        if self._disk_works:
            self._go_on()

    def _close(self, ended: Ending) -> None:
        if self._piece is None:
            return
        counted = self._units.missing, self._units.broken
        missing, broken = (now - before for now, before in zip(counted, self._counted, strict=True))
        self._counted = counted
        piece = self._piece.closed(ended, missing=missing, broken=broken)
        self._piece = None
        if not self._owner.keep(piece):
            self.disk_failed("disk_slow")

    # -- what is told --------------------------------------------------------------------------------------------

    def disk_failed(self, reason: GapReason) -> None:
        """A piece could not be kept: the track is not recorded until one can be again."""
        self._disk_works = False
        self._stop(reason)

    def disk_works(self) -> None:
        """A piece has been kept."""
        self._disk_works = True
        if self._piece is not None:
            self._go_on()

    def _go_on(self) -> None:
        if not self.is_recording:
            self.is_recording = True
            self._owner.recording(self.alias, self.track)

    def _stop(self, reason: GapReason) -> None:
        if self.is_recording:
            self.is_recording = False
            self._owner.stopped(self.alias, self.track, reason)
