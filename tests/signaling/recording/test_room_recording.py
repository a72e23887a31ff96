import msgspec

from signaling.incoming_track import IncomingTrack
from signaling.messages import FromMedia, PieceRecorded, RecordingFinished, RecordingStarted, RecordingStopped
from signaling.recording.piece_writer import KeptPiece, LostPiece
from signaling.recording.pieces import Piece
from signaling.recording.room_recording import RoomRecording, Source, TrackKey
from tests.support.recorded import packets, units

E1: TrackKey = ("E1", "audio")
E2: TrackKey = ("E2", "audio")


class World:
    """A room whose recordings go to a disk that answers when it is told to."""

    def __init__(self) -> None:
        self.told: list[FromMedia] = []
        self.waiting: list[Piece] = []
        self.recording = RoomRecording("r", self, self.told.append, lambda now: round(1000 * now))
        self.tracks = {alias: IncomingTrack(alias, "audio") for alias in ("E1", "E2")}

    def put(self, room: str, piece: Piece) -> bool:
        self.waiting.append(piece)
        return True

    def follow(self, *connected: str) -> None:
        sources: dict[TrackKey, Source] = {(alias, "audio"): Source(self.tracks[alias], None) for alias in connected}
        self.recording.follow(sources, 100.0)

    def play(self, alias: str) -> None:
        for sequence, unit in enumerate(units("audio", 10)):
            for packet in packets(unit, "audio", sequence):
                self.tracks[alias].receive(packet, unit.arrived)

    def keep(self) -> KeptPiece:
        piece = self.waiting.pop(0)
        kept = KeptPiece(
            room="r",
            alias=piece.alias,
            track=piece.track,
            number=1,
            sha256="0" * 64,
            size=1,
            begins_at=piece.begins_at,
            ends_at=piece.begins_at + 1,
        )
        self.recording.became(kept)
        return kept


def started(alias: str) -> RecordingStarted:
    return RecordingStarted(room="r", alias=alias, track="audio")


def stopped(alias: str, reason: str) -> RecordingStopped:
    return RecordingStopped(room="r", alias=alias, track="audio", reason=reason)  # type: ignore[arg-type]


def test_what_is_wanted_and_comes_is_recorded() -> None:
    world = World()
    world.recording.want([E1])
    world.follow("E1", "E2")
    world.play("E1")
    world.play("E2")

    assert world.told == [started("E1")]


def test_seat_that_goes_is_a_gap_until_it_comes_back() -> None:
    world = World()
    world.recording.want([E1])
    world.follow("E1")
    world.play("E1")
    world.follow()
    world.tracks["E1"] = IncomingTrack("E1", "audio")
    world.follow("E1")
    world.play("E1")

    assert world.told == [started("E1"), stopped("E1", "disconnected"), started("E1")]
    assert len(world.waiting) == 1


def test_what_is_not_wanted_any_more_stops() -> None:
    world = World()
    world.recording.want([E1, E2])
    world.follow("E1", "E2")
    world.play("E1")
    world.recording.want([E2])
    world.follow("E1", "E2")
    world.follow("E1", "E2")

    assert world.told == [started("E1"), stopped("E1", "not_wanted")]


def test_finished_is_said_once_all_is_on_the_disk() -> None:
    world = World()
    world.recording.want([E1, E2])
    world.follow("E1", "E2")
    world.play("E1")
    world.play("E2")
    world.recording.finish()
    assert RecordingFinished(room="r") not in world.told

    kept = world.keep()
    assert world.told[-1] == PieceRecorded(**msgspec.structs.asdict(kept))
    world.recording.became(LostPiece(room="r", alias="E2", track="audio", reason="disk_full", detail=""))

    assert world.told.count(RecordingFinished(room="r")) == 1
    assert isinstance(world.told[-1], RecordingFinished)


def test_finish_of_nothing_is_said_at_once() -> None:
    world = World()
    world.recording.finish()

    assert world.told == [RecordingFinished(room="r")]


def test_piece_that_is_lost_is_a_gap() -> None:
    world = World()
    world.recording.want([E1])
    world.follow("E1")
    world.play("E1")
    world.recording.became(LostPiece(room="r", alias="E1", track="audio", reason="disk_full", detail=""))

    assert world.told == [started("E1"), stopped("E1", "disk_full")]
