"""Files of one piece, WebM or for H.264 Matroska, written and read back without a decoder; longer files are made of it.

Source: RFC 9559 (Matroska); www.webmproject.org, "WebM Container Guidelines"; RFC 7845, 5.1 (OpusHead).
"""

import struct
from collections.abc import Iterator, Mapping, Sequence

import msgspec

from signaling.messages import Kind
from signaling.recording.ebml import BadEbml, Element, element, elements, real, signed, text, whole
from signaling.recording.pieces import Piece, PieceFacts

APPLICATION = "lianping"
FACTS_TAG = "LIANPING_PIECE"
"The name under which a piece's facts stand, as JSON."
AVC = "V_MPEG4/ISO/AVC"
"H.264 in Matroska."

_EPOCH_2001_MS = 978_307_200_000
"Where the dates of Matroska begin, in milliseconds since 1970."
_SEEK_PRE_ROLL_NS = 80_000_000
_KEY = 0x80
_BLOCK_HEAD = struct.Struct("!BhB")

# fmt: off
SEGMENT, INFO, TRACKS, TAGS, CLUSTER = 0x18538067, 0x1549A966, 0x1654AE6B, 0x1254C367, 0x1F43B675
_EBML, _TRACK = 0x1A45DFA3, 0xAE
_TAG, _TARGETS, _SIMPLE_TAG, _TAG_NAME, _TAG_STRING = 0x7373, 0x63C0, 0x67C8, 0x45A3, 0x4487
_DURATION, _TIMECODE, _SIMPLE_BLOCK, _CODEC_ID, _CODEC_PRIVATE, _PICTURE = 0x4489, 0xE7, 0xA3, 0x86, 0x63A2, 0xE0
# fmt: on


class Track(msgspec.Struct, frozen=True, kw_only=True):
    """A track of a file."""

    number: int
    "From 1."
    kind: Kind
    size: tuple[int, int] | None = None
    "Width and height of the picture."
    parameters: bytes | None = None
    "avcC of a picture in H.264; none of VP8."


class Block(msgspec.Struct, frozen=True, kw_only=True):
    """A frame or a packet of sound in its place."""

    track: int
    at_ms: int
    "From the beginning of the file."
    is_key: bool
    data: bytes


def piece_file(piece: Piece, room: str, number: int) -> bytes:
    """A piece as it is stored."""
    first = piece.units[0]
    track = Track(number=1, kind=piece.kind, size=first.size, parameters=first.parameters)
    facts = msgspec.json.encode(piece.facts(room, number)).decode()
    blocks = [
        Block(track=1, at_ms=at, is_key=unit.is_key, data=unit.data)
        for unit, at in zip(piece.units, piece.offsets_ms, strict=True)
    ]
    about = describe([track], begins_at=piece.begins_at, duration_ms=piece.duration_ms, tags={FACTS_TAG: facts})
    return file_head([track]) + element(SEGMENT, *about.values(), cluster(blocks))


def file_head(tracks: Sequence[Track]) -> bytes:
    """How a file begins; WebM knows no H.264: with it, it is Matroska."""
    kind = "webm" if all(track.parameters is None for track in tracks) else "matroska"
    sizes = (whole(identifier, value) for identifier, value in ((0x4286, 1), (0x42F7, 1), (0x42F2, 4), (0x42F3, 8)))
    versions = (whole(identifier, value) for identifier, value in ((0x4287, 4), (0x4285, 2)))
    return element(_EBML, *sizes, text(0x4282, kind), *versions)


def describe(tracks: Sequence[Track], *, begins_at: int, duration_ms: int, tags: Mapping[str, str]) -> dict[int, bytes]:
    """What stands before the blocks, by its identifiers."""
    info = element(
        INFO,
        whole(0x2AD7B1, 1_000_000),  # one tick is a millisecond
        real(_DURATION, duration_ms),
        signed(0x4461, (begins_at - _EPOCH_2001_MS) * 1_000_000),
        text(0x4D80, APPLICATION),
        text(0x5741, APPLICATION),
    )
    named = [element(_SIMPLE_TAG, text(_TAG_NAME, name), text(_TAG_STRING, value)) for name, value in tags.items()]
    entries = element(TRACKS, *map(_entry, tracks))
    return {INFO: info, TRACKS: entries, TAGS: element(TAGS, element(_TAG, element(_TARGETS), *named))}


def _entry(track: Track) -> bytes:
    """A track's description. Names of the fields: TrackNumber, TrackUID, FlagLacing, TrackType, CodecID and so on."""
    common = [whole(0xD7, track.number), whole(0x73C5, track.number), whole(0x9C, 0)]
    if track.kind == "audio":
        opus = [text(_CODEC_ID, "A_OPUS"), element(_CODEC_PRIVATE, _OPUS_HEAD)]
        opus += [whole(0x56AA, 0), whole(0x56BB, _SEEK_PRE_ROLL_NS)]
        return element(_TRACK, *common, whole(0x83, 2), *opus, element(0xE1, real(0xB5, 48_000.0), whole(0x9F, 2)))
    width, height = track.size or (0, 0)
    codec = [text(_CODEC_ID, "V_VP8")]
    if track.parameters is not None:
        codec = [text(_CODEC_ID, AVC), element(_CODEC_PRIVATE, track.parameters)]
    return element(_TRACK, *common, whole(0x83, 1), *codec, element(_PICTURE, whole(0xB0, width), whole(0xBA, height)))


def cluster(blocks: Sequence[Block]) -> bytes:
    """Blocks that stand together; the last one is at most 32 seconds behind the first."""
    begins_at = blocks[0].at_ms
    return element(
        CLUSTER, whole(_TIMECODE, begins_at), *(_simple_block(block, block.at_ms - begins_at) for block in blocks)
    )


def _simple_block(block: Block, at_ms: int) -> bytes:
    flags = _KEY if block.is_key else 0
    return element(_SIMPLE_BLOCK, _BLOCK_HEAD.pack(0x80 | block.track, at_ms, flags), block.data)


def read_facts(data: bytes) -> PieceFacts:
    """What stands beside the blocks of a piece.

    Raises:
        BadEbml: it is no piece of ours.
    """
    for fields in _simple_tags(data):
        if fields.get(_TAG_NAME) == FACTS_TAG.encode():
            return _facts(fields.get(_TAG_STRING, b""))
    raise BadEbml("no facts of a piece")


def _simple_tags(data: bytes) -> Iterator[dict[int, bytes]]:
    """The fields of every tag."""
    for tags in _inside(data, _segment(data), TAGS):
        for tag in _inside(data, tags, _TAG):
            for simple in _inside(data, tag, _SIMPLE_TAG):
                fields = elements(data, simple.start, simple.end)
                yield {each.identifier: data[each.start : each.end] for each in fields}


def read_parameters(data: bytes) -> bytes | None:
    """The avcC of a piece; none where it is not of H.264."""
    fields = _track_fields(data)
    return fields.get(_CODEC_PRIVATE) if fields.get(_CODEC_ID) == AVC.encode() else None


def read_size(data: bytes) -> tuple[int, int]:
    """Width and height of a piece's pictures."""
    picture = _track_fields(data).get(_PICTURE, b"")
    fields = {each.identifier: int.from_bytes(picture[each.start : each.end]) for each in elements(picture)}
    return fields.get(0xB0, 0), fields.get(0xBA, 0)


def _track_fields(data: bytes) -> dict[int, bytes]:
    """What a file says of its first track."""
    for tracks in _inside(data, _segment(data), TRACKS):
        for track in _inside(data, tracks, _TRACK):
            return {each.identifier: data[each.start : each.end] for each in elements(data, track.start, track.end)}
    return {}


def read_duration(data: bytes) -> int:
    """How long a file of ours says that it is, in milliseconds.

    Raises:
        BadEbml: it does not say.
    """
    for info in _inside(data, _segment(data), INFO):
        for each in _inside(data, info, _DURATION):
            if each.end - each.start == 8:
                return round(float(struct.unpack_from("!d", data, each.start)[0]))
    raise BadEbml("no duration")


def _facts(found: bytes) -> PieceFacts:
    try:
        return msgspec.json.decode(found, type=PieceFacts)
    except msgspec.DecodeError as error:
        raise BadEbml("no facts of a piece") from error


def read_blocks(data: bytes) -> Iterator[Block]:
    """The blocks of a file of ours, in order.

    Raises:
        BadEbml: it is none.
    """
    for cluster in _inside(data, _segment(data), CLUSTER):
        begins_at = 0
        for each in elements(data, cluster.start, cluster.end):
            if each.identifier == _TIMECODE:
                begins_at = int.from_bytes(data[each.start : each.end])
            elif each.identifier == _SIMPLE_BLOCK and each.end - each.start >= _BLOCK_HEAD.size:
                track, at_ms, flags = _BLOCK_HEAD.unpack_from(data, each.start)
                content = data[each.start + _BLOCK_HEAD.size : each.end]
                yield Block(track=track & 0x7F, at_ms=begins_at + at_ms, is_key=bool(flags & _KEY), data=content)


def _segment(data: bytes) -> Element:
    found = next((each for each in elements(data) if each.identifier == SEGMENT), None)
    if found is None:
        raise BadEbml("no segment")
    return found


def _inside(data: bytes, parent: Element, identifier: int) -> Iterator[Element]:
    return (each for each in elements(data, parent.start, parent.end) if each.identifier == identifier)


_OPUS_HEAD = b"OpusHead" + struct.pack("<BBHIhB", 1, 2, 0, 48_000, 0, 0)
"Version, channels, samples to skip, rate, gain, mapping. A track is cut in its middle: nothing is to be skipped."
