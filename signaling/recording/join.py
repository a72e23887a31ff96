"""The pieces of one seat as one file that plays: sound and pictures in step, gaps as they were, nothing decoded."""

import heapq
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import msgspec

from signaling.h264 import parameter_units
from signaling.messages import Kind
from signaling.recording.ebml import BadEbml
from signaling.recording.long_file import long_file
from signaling.recording.piece_places import Read
from signaling.recording.pieces import PieceFacts
from signaling.recording.sender_clock import SenderClock, made_at
from signaling.recording.webm import (
    Block,
    Track,
    read_blocks,
    read_duration,
    read_facts,
    read_parameters,
    read_size,
)


class NothingToJoin(ValueError):
    """There is no piece."""


class _Placed(msgspec.Struct, frozen=True):
    """A piece in its place."""

    path: Path
    made_at: float
    duration_ms: int


def join(pieces: Mapping[Kind, Sequence[Path]], title: str, read: Read) -> Iterator[bytes]:
    """One file of a seat's pieces, part by part, in which a player may seek.

    The pieces are read as they are needed, three times: nothing of them is kept.

    Args:
        pieces: where they lie, in their order.
        title: of the file.
        read: gives the clear file of a piece; what it raises comes through.

    Raises:
        NothingToJoin: there is no piece.
        BadEbml: a file is none of ours.
    """
    facts = {kind: [_about(read(path)) for path in paths] for kind, paths in pieces.items() if paths}
    if not facts:
        raise NothingToJoin
    clock = SenderClock(report for of_kind in facts.values() for about, _ in of_kind for report in about.reports)
    placed = {
        kind: [
            _Placed(path, made_at(about, clock), duration)
            for path, (about, duration) in zip(pieces[kind], of_kind, strict=True)
        ]
        for kind, of_kind in facts.items()
    }
    begins_at = min(piece.made_at for of_kind in placed.values() for piece in of_kind)
    ends_at = max(piece.made_at + piece.duration_ms for of_kind in placed.values() for piece in of_kind)
    tracks = [
        _pictures(number, of_kind, read) if kind == "video" else Track(number=number, kind=kind)
        for number, (kind, of_kind) in enumerate(placed.items(), start=1)
    ]

    def blocks() -> Iterator[Block]:
        of_tracks = (_blocks(placed[track.kind], track.number, begins_at, read) for track in tracks)
        return heapq.merge(*of_tracks, key=lambda block: block.at_ms)

    duration_ms = round(ends_at - begins_at)
    return long_file(tracks, blocks, begins_at=round(begins_at), duration_ms=duration_ms, tags={"TITLE": title})


def _about(data: bytes) -> tuple[PieceFacts, int]:
    return read_facts(data), read_duration(data)


def _pictures(number: int, pieces: Sequence[_Placed], read: Read) -> Track:
    """The track of these pieces.

    Raises:
        BadEbml: a room camera sent VP8 at one time and H.264 at another: one track cannot hold both.
    """
    configured = [read_parameters(read(piece.path)) for piece in pieces]
    if len({parameters is None for parameters in configured}) > 1:
        raise BadEbml("pictures of two codecs, which one file cannot hold; play the pieces one by one")
    size = read_size(read(pieces[0].path))
    return Track(number=number, kind="video", size=size, parameters=configured[0])


def _blocks(pieces: Sequence[_Placed], track: int, begins_at: float, read: Read) -> Iterator[Block]:
    """The blocks of a track; one never comes before the one in front of it."""
    last = 0
    for piece in pieces:
        data = read(piece.path)
        parameters = parameter_units(read_parameters(data) or b"")  # other ones than before, where they have changed
        for block in read_blocks(data):
            last = max(last, round(piece.made_at - begins_at) + block.at_ms)
            yield Block(track=track, at_ms=last, is_key=block.is_key, data=parameters + block.data)
            parameters = b""
