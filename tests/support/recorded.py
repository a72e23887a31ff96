"""Pieces of a recording made of the scripted seats' films, and packets as they come over the line. Nothing is sent."""

import io
from collections.abc import Iterable
from pathlib import Path

import av

from server.domain.ids import RoomId
from server.store.encryption import RoomCipher
from server.store.piece_files import PieceFiles
from server.store.recording_keys import RecordingKeys
from signaling import rtp, vp8
from signaling.messages import Kind
from signaling.negotiation import CODECS
from signaling.recording.piece_cipher import PieceCipher
from signaling.recording.piece_places import read_piece
from signaling.recording.piece_writer import KeptPiece, LostPiece, PieceWriter
from signaling.recording.pieces import OpenPiece, Piece
from signaling.recording.units import Unit
from signaling.scripted.clip import SOUNDS_PER_SECOND, clips, load

FILM = load(clips()[0])
BEGINS_AT = 1_774_400_000_000


class RoomKeys:
    """A `RoomCiphers` without a store, in which all rooms have one key."""

    async def cipher_of(self, room: RoomId) -> RoomCipher:
        """The cipher of any room."""
        return RoomCipher(room, bytes(range(32)))


def piece_files(folder: Path) -> PieceFiles:
    """The recordings in a folder, of rooms that have no secret beside their key."""
    return PieceFiles(folder, RoomKeys(), RecordingKeys(folder / "secrets"))


RECORDING_KEY = RoomCipher(RoomId("r"), bytes(range(32))).recording_key()
"Of every room in `RoomKeys`."


def write(root: Path, room: str, *pieces: Piece, key: bytes = RECORDING_KEY) -> list[KeptPiece | LostPiece]:
    """What becomes of pieces that the media process writes."""
    became: list[KeptPiece | LostPiece] = []
    cipher = PieceCipher(key)
    writer = PieceWriter(root, lambda _: cipher, became.append, reserve_bytes=0)
    for each in pieces:
        writer.put(room, each)
    writer.close()
    return became


def read(path: Path) -> bytes:
    """The clear file of a piece."""
    return read_piece(path, PieceCipher(RECORDING_KEY))


def units(kind: Kind, count: int, *, first: int = 0, arrived: float = 100.0) -> list[Unit]:
    """The film's frames or sounds from one on, as they come in time."""
    data = FILM.frames if kind == "video" else FILM.sounds
    per_second = FILM.frames_per_second if kind == "video" else SOUNDS_PER_SECOND
    return [
        Unit(
            data=data[number % len(data)],
            timestamp=(number * CODECS[kind].clock_rate // per_second) & 0xFFFFFFFF,
            arrived=arrived + (number - first) / per_second,
            is_key=kind == "audio" or vp8.is_key_frame(data[number % len(data)]),
            size=vp8.picture_size(data[number % len(data)]) if kind == "video" else None,
        )
        for number in range(first, first + count)
    ]


def piece(kind: Kind, count: int, *, first: int = 0, begins_at: int = BEGINS_AT) -> Piece:
    """A closed piece of that many blocks."""
    opening, *rest = units(kind, count, first=first)
    open_piece = OpenPiece("E1", kind, opening, begins_at)
    for unit in rest:
        open_piece.add(unit)
    return open_piece.closed("due", missing=0, broken=0)


def packets(unit: Unit, kind: Kind, first_sequence: int, *, ssrc: int = 7) -> list[rtp.RtpPacket]:
    """A unit as it comes over the line."""
    payloads = list(vp8.payloads(unit.data, first_sequence)) if kind == "video" else [unit.data]
    return [
        rtp.parse(
            rtp.build(
                payload,
                payload_type=CODECS[kind].payload_type,
                marker=at == len(payloads) - 1,
                sequence=first_sequence + at,
                timestamp=unit.timestamp,
                ssrc=ssrc,
            )
        )
        for at, payload in enumerate(payloads)
    ]


def played(data: bytes) -> dict[str, list[float]]:
    """When each frame of a file is shown, in seconds, by kind: decoded by FFmpeg's libraries, every one of them."""
    with av.open(io.BytesIO(data), "r") as container:
        shown: dict[str, list[float]] = {stream.type: [] for stream in container.streams}
        for frame in container.decode(*container.streams):
            shown["video" if isinstance(frame, av.VideoFrame) else "audio"].append(frame.time or 0.0)
    return shown


def joined(parts: Iterable[bytes]) -> bytes:
    """The file that is given part by part."""
    return b"".join(parts)
