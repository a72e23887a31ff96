"""The offers the server makes and what a page's answer agrees to. Pure: names and SSRCs are arguments.

The server makes every offer. The lines of a seat are fixed when it joins: one for each own track (`recvonly`, from
here), then one for each track it may ever see or hear (`sendonly`). A route starts and ends without negotiation.
Nothing but aliases names a person: they are the stream ids (`msid`), the canonical names and the start of each `mid`.

A seat is asked for its picture in several layers (simulcast); one that cannot sends a single one. Repeats travel in a
stream of their own (RTX), and every packet has a number on its connection, by which both ends learn what the way
carries.

A room camera may send H.264 in place of VP8, so a line that carries one offers both (see `answering.py`).

The answer must be `setup:active`: Chromium takes AES-GCM only as DTLS client.
Source: RFC 8829, RFC 8843, RFC 8839; RFC 8853 (simulcast), RFC 4588 (RTX), RFC 5576 (`ssrc-group`).
"""

import re
from collections.abc import Callable, Collection, Iterable
from functools import lru_cache
from typing import Literal

import msgspec

from signaling import sdp
from signaling.ice_lite import Credentials
from signaling.messages import KIND_OF, TRACKS, Kind, Track
from signaling.rtp import ExtensionMap, Shape

ALIAS = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,15}")
"What may stand in SDP as it is."

DtlsRole = Literal["client", "server"]
MID_EXTENSION = "urn:ietf:params:rtp-hdrext:sdes:mid"
LEVEL_EXTENSION = "urn:ietf:params:rtp-hdrext:ssrc-audio-level"
COUNTER_EXTENSION = "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01"
LAYER_EXTENSION = "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id"
REPAIRED_LAYER_EXTENSION = "urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id"
PASSING = (LEVEL_EXTENSION,)
"Extensions that a listener gets as they came; all others end here."

LAYERS = ("l", "h")
"Restriction ids of the layers of a picture, lowest first: half of its width and height, and all of it."


START_KBPS = 1000
"What Chromium sends at first: enough for both layers at once, before our feedback has come."


CodecName = Literal["opus", "vp8", "h264"]


class Codec(msgspec.Struct, frozen=True, kw_only=True):
    """The codec of a kind."""

    payload_type: int
    name: str
    clock_rate: int
    attributes: tuple[str, ...]
    extensions: tuple[tuple[int, str], ...]
    "Offered on every line of this kind, so ids are the same for all seats that take them."
    repeats: int | None = None
    "Payload type of the stream of repeats."


CODECS: dict[Kind, Codec] = {
    "audio": Codec(
        payload_type=111,
        name="opus/48000/2",
        clock_rate=48_000,
        attributes=("fmtp:111 minptime=10;useinbandfec=1;usedtx=1", "rtcp-fb:111 transport-cc"),
        extensions=((1, MID_EXTENSION), (2, LEVEL_EXTENSION), (3, COUNTER_EXTENSION)),
    ),
    "video": Codec(
        payload_type=96,
        name="VP8/90000",
        clock_rate=90_000,
        attributes=(
            "rtcp-fb:96 nack",
            "rtcp-fb:96 nack pli",
            "rtcp-fb:96 transport-cc",
            "rtpmap:97 rtx/90000",
            "fmtp:97 apt=96",
            f"fmtp:96 x-google-start-bitrate={START_KBPS}",
        ),
        extensions=((1, MID_EXTENSION), (3, COUNTER_EXTENSION)),
        repeats=97,
    ),
}
H264_FORMAT = "level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f"
H264 = Codec(
    payload_type=98,
    name="H264/90000",
    clock_rate=90_000,
    attributes=(
        f"fmtp:98 {H264_FORMAT}",
        "rtcp-fb:98 nack",
        "rtcp-fb:98 nack pli",
        "rtcp-fb:98 transport-cc",
        "rtpmap:99 rtx/90000",
        "fmtp:99 apt=98",
    ),
    extensions=(),
    repeats=99,
)
"The second codec of the pictures of room cameras: encoders know no other."

_LAYERED = ((4, LAYER_EXTENSION), (5, REPAIRED_LAYER_EXTENSION))
"Further extensions of a line on which a picture comes in layers."

Draw = Callable[[], int]
"Gives 32 random bits."


class BadAnswer(ValueError):
    """The page's answer does not fit our offer."""


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One media line of a seat."""

    mid: str
    source: str
    "The alias whose track it carries."
    track: Track
    ssrc: int | None
    "Ours, on a line to the seat; None on a line from it."
    repeats: int | None = None
    "The SSRC of our repeats, on a line of pictures to the seat."
    is_room: bool = False
    "Whether it carries a room camera."

    @property
    def kind(self) -> Kind:
        """What it carries."""
        return KIND_OF[self.track]

    @property
    def stream(self) -> str:
        """What is shown together: sound and picture of a person; the screen by itself."""
        return self.mid if self.track == "screen" else self.source

    @property
    def is_layered(self) -> bool:
        """Whether the seat is asked for several layers: of its camera, which is shown in tiles of any size."""
        return self.ssrc is None and self.track == "video"


class Endpoint(msgspec.Struct, frozen=True, kw_only=True):
    """Where and how the seat reaches us."""

    credentials: Credentials
    fingerprint: str
    addresses: tuple[str, ...]
    port: int


class Agreed(msgspec.Struct, frozen=True, kw_only=True):
    """What the page took of one line."""

    payload_type: int
    ssrc: int | None
    "The page's, on a line from it, if the answer says."
    extensions: dict[str, int]
    "URI to id."
    repeats: int | None = None
    "Payload type of the repeats, if it takes or sends them."
    repeats_ssrc: int | None = None
    "The page's, on a line from it, if the answer says."
    layers: tuple[str, ...] = ()
    "Restriction ids that it will send, lowest first; none for a single picture without one."
    codec: CodecName = "vp8"
    "Of a picture that comes."
    h264: tuple[int, int | None] | None = None
    "Payload types of H.264 and of its repeats, where it takes that too."
    takes_vp8: bool = True
    "On a line of pictures to a player: else it takes H.264 alone."
    mid: str | None = None
    "As the other side calls the line, where that is not our name."

    def for_codec(self, codec: CodecName) -> "Agreed | None":
        """What holds for pictures of this codec on a line to the seat; none where it does not take them."""
        if codec != "h264":
            return self if self.takes_vp8 else None
        if self.h264 is None:
            return None
        number, repeats = self.h264
        return msgspec.structs.replace(self, payload_type=number, repeats=repeats)


class Agreement(msgspec.Struct, frozen=True, kw_only=True):
    """A page's answer."""

    fingerprint: str
    lines: dict[str, Agreed]
    "By `mid`; lines it refused or left inactive are missing."
    role: DtlsRole = "server"
    "Ours in the DTLS handshake."


def lines_of(
    alias: str,
    publishes: Iterable[Track],
    sources: Iterable[tuple[str, Track]],
    draw: Draw,
    cameras: Collection[str] = (),
) -> tuple[Line, ...]:
    """The lines of a seat that joins."""
    wanted = set(publishes)
    own = tuple(Line(mid=track, source=alias, track=track, ssrc=None) for track in TRACKS if track in wanted)
    return with_sources(own, ((source, track) for source, track in sources if source != alias), draw, cameras)


def with_sources(
    lines: tuple[Line, ...], sources: Iterable[tuple[str, Track]], draw: Draw, cameras: Collection[str] = ()
) -> tuple[Line, ...]:
    """The same lines and new ones for the tracks that have none yet; a line never goes.

    Args:
        lines: those that are there.
        sources: (alias, track) of all.
        draw: for the SSRCs.
        cameras: the aliases that are room cameras.
    """
    known = {(line.source, line.track) for line in lines}
    taken = {number for line in lines for number in (line.ssrc, line.repeats)}
    added: list[Line] = []
    for source, track in dict.fromkeys(sources):
        if (source, track) in known:
            continue
        ssrc = _fresh(taken, draw)
        repeats = None if CODECS[KIND_OF[track]].repeats is None else _fresh(taken, draw)
        mid, is_room = mid_of(source, track), source in cameras
        added.append(Line(mid=mid, source=source, track=track, ssrc=ssrc, repeats=repeats, is_room=is_room))
    return lines + tuple(added)


def mid_of(source: str, track: Track) -> str:
    """The name of the line on which a seat gets another one's track."""
    return f"{source}-{track}"


def _fresh(taken: set[int | None], draw: Draw) -> int:
    number = next(number for number in iter(draw, None) if number not in taken)
    taken.add(number)
    return number


def offer(lines: tuple[Line, ...], endpoint: Endpoint, *, connection: int, revision: int) -> str:
    """The SDP of an offer."""
    head = [
        "v=0",
        f"o=- {connection} {revision} IN IP4 0.0.0.0",
        "s=-",
        "t=0 0",
        "a=group:BUNDLE " + " ".join(line.mid for line in lines),
        "a=ice-lite",
        f"a=ice-ufrag:{endpoint.credentials.name}",
        f"a=ice-pwd:{endpoint.credentials.password}",
        f"a=fingerprint:{endpoint.fingerprint}",
        "a=setup:passive",
    ]
    candidates = [
        f"a=candidate:{n} 1 udp {2130706431 - n} {address} {endpoint.port} typ host"
        for n, address in enumerate(endpoint.addresses, start=1)
    ]
    first, *others = [_media(line) for line in lines]
    body = [*first, *candidates, "a=end-of-candidates", *(text for section in others for text in section)]
    return "\r\n".join([*head, *body, ""])


def _media(line: Line) -> list[str]:
    codec = CODECS[line.kind]
    codecs = (codec, H264) if line.is_room and line.kind == "video" else (codec,)
    payload_types = [number for each in codecs for number in (each.payload_type, each.repeats) if number is not None]
    extensions = codec.extensions + (_LAYERED if line.is_layered else ())
    text = [
        f"m={line.kind} 9 UDP/TLS/RTP/SAVPF " + " ".join(map(str, payload_types)),
        "c=IN IP4 0.0.0.0",
        f"a=mid:{line.mid}",
        "a=recvonly" if line.ssrc is None else "a=sendonly",
        "a=rtcp-mux",
        "a=rtcp-rsize",
        *(
            f"a={attribute}"
            for each in codecs
            for attribute in (f"rtpmap:{each.payload_type} {each.name}", *each.attributes)
        ),
        *(f"a=extmap:{number} {uri}" for number, uri in extensions),
    ]
    if line.is_layered:
        text += [*(f"a=rid:{layer} recv" for layer in LAYERS), "a=simulcast:recv " + ";".join(LAYERS)]
    if line.ssrc is not None:
        text += [f"a=msid:{line.stream} {line.mid}", *_sources(line)]
    return text


def _sources(line: Line) -> list[str]:
    if line.repeats is None:
        return [f"a=ssrc:{line.ssrc} cname:{line.source}"]
    named = [f"a=ssrc:{ssrc} cname:{line.source}" for ssrc in (line.ssrc, line.repeats)]
    return [f"a=ssrc-group:FID {line.ssrc} {line.repeats}", *named]


def read_answer(text: str, lines: tuple[Line, ...]) -> Agreement:
    """What an answer to an offer with these lines agrees to.

    Raises:
        BadAnswer: it is no SDP, has other lines, another DTLS role, no fingerprint, or numbers that cannot be.
    """
    try:
        answer = sdp.read(text)
        if [section.first("mid") for section in answer.sections] != [line.mid for line in lines]:
            raise BadAnswer("other lines than offered")
        fingerprint = answer.inherited("fingerprint")
        if fingerprint is None or answer.inherited("setup") != "active":
            raise BadAnswer("no fingerprint, or not `setup:active`")
        agreed = {
            line.mid: taken
            for line, section in zip(lines, answer.sections, strict=True)
            if (taken := _agreed(line, section)) is not None
        }
        ssrcs = [
            number for taken in agreed.values() for number in (taken.ssrc, taken.repeats_ssrc) if number is not None
        ]
        if len(set(ssrcs)) < len(ssrcs):
            raise BadAnswer("two streams under one SSRC")
    except ValueError as error:
        raise BadAnswer(str(error)) from error
    return Agreement(fingerprint=fingerprint, lines=agreed)


def _agreed(line: Line, section: sdp.Section) -> Agreed | None:
    wanted = {"sendonly", "sendrecv"} if line.ssrc is None else {"recvonly", "sendrecv"}
    if section.port == 0 or not wanted & {name for name, _ in section.attributes}:
        return None
    codec = CODECS[line.kind]
    number = _payload_type(section, codec.name)
    if number is None:
        return None
    ssrc, repeats_ssrc = _ssrcs(section) if line.ssrc is None else (None, None)
    extmaps = (value.split() for value in section.every("extmap"))
    return Agreed(
        payload_type=number,
        ssrc=ssrc,
        extensions={
            fields[1]: _number(fields[0].partition("/")[0], 1, 14)  # those that fit the one-byte form
            for fields in extmaps
            if len(fields) > 1
        },
        repeats=_payload_type(section, f"rtx/{codec.clock_rate}"),
        repeats_ssrc=repeats_ssrc,
        layers=_layers(section) if line.is_layered else (),
        h264=h264_of(section) if line.is_room and line.kind == "video" else None,
    )


def h264_of(section: sdp.Section) -> tuple[int, int | None] | None:
    """The payload types of H.264 in whole units and fragments, and of its repeats; baseline, if there is a choice."""
    maps = [value.partition(" ") for value in section.every("rtpmap")]
    formats = dict(value.split(" ", 1) for value in section.every("fmtp") if " " in value)
    found = [
        number
        for number, _, name in maps
        if name.lower() == H264.name.lower() and "packetization-mode=1" in formats.get(number, "")
    ]
    if not found:
        return None
    chosen = min(found, key=lambda number: "profile-level-id=42" not in formats[number].lower())
    return _number(chosen, 35, 127), repeats_of(section, chosen)


def repeats_of(section: sdp.Section, payload_type: str) -> int | None:
    """The payload type of the repeats of another one."""
    formats = (value.partition(" ") for value in section.every("fmtp"))
    found = [_number(number, 35, 127) for number, _, text in formats if text.strip() == f"apt={payload_type}"]
    return found[0] if found else None


def _payload_type(section: sdp.Section, codec: str) -> int | None:
    """The number that the answer gives a codec."""
    maps = (value.partition(" ") for value in section.every("rtpmap"))
    found = [_number(number, 96, 127) for number, _, name in maps if name.lower() == codec.lower()]
    return found[0] if found else None


def _ssrcs(section: sdp.Section) -> tuple[int | None, int | None]:
    """Of the track and of its repeats; an answer in layers names neither."""
    named = section.every("ssrc")
    group = next((value.split()[1:] for value in section.every("ssrc-group") if value.startswith("FID ")), [])
    if len(group) == 2:
        return _number(group[0], 0, 0xFFFFFFFF), _number(group[1], 0, 0xFFFFFFFF)
    return (_number(named[0].partition(" ")[0], 0, 0xFFFFFFFF) if named else None), None


def _layers(section: sdp.Section) -> tuple[str, ...]:
    """The restriction ids that the answer sends, in our order."""
    direction, _, streams = (section.first("simulcast") or "").partition(" ")
    sent = (
        {name.lstrip("~") for part in streams.split(";") for name in part.split(",")} if direction == "send" else set()
    )
    return tuple(layer for layer in LAYERS if layer in sent)


def _number(text: str, lowest: int, highest: int) -> int:
    number = int(text)
    if not lowest <= number <= highest:
        raise BadAnswer(f"{number} is not from {lowest} to {highest}")
    return number


@lru_cache(maxsize=256)
def _shape(counter: int, passing: ExtensionMap) -> Shape:
    """One object for equal shapes, so that a packet is shaped once for all listeners who take it alike."""
    return Shape(counter=counter, passing=passing)


def shape_for(source: Agreed, listener: Agreed, kind: Kind) -> Shape:
    """The header extensions of packets from this source to this listener.

    A picture gets a number on its connection only where its repeats travel apart: a packet that is sent again under its
    own number must be the same to the byte (see `continuity.py`).
    """
    is_counted = kind == "audio" or listener.repeats is not None
    return _shape(
        counter=listener.extensions.get(COUNTER_EXTENSION, 0) if is_counted else 0,
        passing=tuple(
            (source.extensions[uri], listener.extensions[uri])
            for uri in PASSING
            if uri in source.extensions and uri in listener.extensions
        ),
    )
