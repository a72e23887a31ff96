"""What the record says of sound and pictures: which track, since when, why not, and the digests of its pieces."""

from enum import StrEnum
from typing import Final

from msgspec import Struct

from server.domain.ids import Alias, Digest, Millis, RoomId

DIGEST_BYTES: Final = 32
"Of a SHA-256."


class MediaTrack(StrEnum):
    """What of a seat is meant."""

    AUDIO = "audio"
    "麦克风, as it is."
    VIDEO = "video"
    "摄像头, as it is."
    SCREEN = "screen"
    "屏幕共享: for those whom the media policy names, while the seat shows it."
    DESKTOP = "desktop"
    "桌面录制: the whole screen of a member, for the recording alone."
    MASKED_AUDIO = "masked_audio"
    "变声."
    MASKED_VIDEO = "masked_video"
    "遮挡."


CAMERA_AND_MICROPHONE: Final = (MediaTrack.AUDIO, MediaTrack.VIDEO)
"What every seat with devices sends."

CONTINUOUS: Final = (*CAMERA_AND_MICROPHONE, MediaTrack.DESKTOP)
"What is missed where it is not recorded; a shared screen comes and goes."


TrackKey = tuple[Alias, MediaTrack]
"A track of a seat."


class GapReason(StrEnum):
    """Why a track is not recorded any more."""

    NOT_WANTED = "not_wanted"
    "Nothing of this seat is to be recorded any more."
    DISCONNECTED = "disconnected"
    "音视频连接中断."
    SILENT = "silent"
    "Nothing comes: the device is switched off or pulled out."
    NO_KEY_FRAME = "no_key_frame"
    "Pictures come, and none that stands alone."
    DISK_FULL = "disk_full"
    DISK_SLOW = "disk_slow"
    DISK_FAILED = "disk_failed"
    MEDIA_PROCESS_ENDED = "media_process_ended"
    SERVER_RESTARTED = "server_restarted"


class TrackRecording(Struct, frozen=True, kw_only=True):
    """Whether a track is recorded now."""

    since: Millis
    "When it became so."
    gap: GapReason | None = None
    "Why it is not; none while it is."


class PieceNote(Struct, frozen=True, kw_only=True):
    """A piece on the disk."""

    number: int
    sha256: Digest
    "Over the clear file."
    size: int
    "Of the same."
    begins_at: Millis
    "When its first packet came."
    ends_at: Millis


class RecordedPieces(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Pieces of one track that are on the disk."""

    alias: Alias
    kind: MediaTrack
    first: int
    "Number of the first piece; a track's pieces are counted from 1, without a hole."
    last: int
    digests: bytes
    "SHA-256 of each piece's clear file, 32 bytes each, in the order of their numbers."
    begins_at: Millis
    "When the first packet of the first piece came."
    ends_at: Millis
    "The end of the last piece."
    size: int
    "Bytes of these files together."

    def digest_of(self, number: int) -> Digest:
        """The digest of one of these pieces."""
        at = DIGEST_BYTES * (number - self.first)
        return Digest(self.digests[at : at + DIGEST_BYTES].hex())


class Stretch(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """From one moment to another, by the server's clock."""

    begins_at: Millis
    ends_at: Millis


class Stretches(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When something was so."""

    total_ms: int = 0
    "All of it, from the shortest stretch that counts on."
    longest: tuple[Stretch, ...] = ()
    "The longest ones, in the order of time."


class PieceLook(Struct, frozen=True, kw_only=True):
    """What is seen and heard in a piece, as the examiner tells it."""

    begins_at: Millis
    ends_at: Millis
    picture: bytes = b""
    "Brightness of its first picture from 0 to 255, small and row by row; empty for sound, or where it is unreadable."
    level: int | None = None
    "The loudest moment of sound in -dBov, 127 for nothing at all; none for pictures, or where it is unreadable."
    pauses: tuple[tuple[Millis, Millis], ...] = ()
    "From when to when nothing came within the piece."


class TrackCheck(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an examination of one track's pieces came to."""

    alias: Alias
    kind: MediaTrack
    due_ms: int
    "How long the seat was to be recorded so far."
    recorded_ms: int
    "The pieces' lengths together."
    gaps: Stretches
    "When it was to be recorded, and was not; why, the lines about gaps say."
    still: Stretches
    "When its picture did not change."
    dark: Stretches
    "When its picture was black."
    silent: Stretches
    "When it was recorded and held no sound at all."
    silent_apart_ms: int
    "How much of that falls into pauses and into times in which each member works alone: silence is no fault then."
    unreadable: int
    "Pieces that could not be decoded, or are no pieces."


class Destruction(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """That the recordings of a closed room were destroyed, as the server that did it states."""

    room: RoomId
    lines: int
    "Of the room's whole record."
    root: Digest
    "Of the tree over them."
    at: Millis
    by: str
    "Who gave the order, as that person wrote it."
    reason: str
    pieces: int
    "How many there were."
    size: int
    "Bytes of their files."
