"""The session descriptions of a load seat, for a server that offers and for one that wants an offer. Pure."""

from collections.abc import Collection, Iterable
from typing import Literal

import msgspec

from signaling import sdp
from signaling.ice_lite import Credentials
from signaling.messages import Kind
from signaling.negotiation import LEVEL_EXTENSION, MID_EXTENSION

TRANSPORT_WIDE_EXTENSION = "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01"
KNOWN_EXTENSIONS = {MID_EXTENSION: 1, LEVEL_EXTENSION: 2, TRANSPORT_WIDE_EXTENSION: 3}
"With the ids of an own offer."

Feature = Literal["congestion_control", "repeats", "extensions"]
"What a seat may leave out of its answers, to see what it costs a server."

_ECHOED = ("rtpmap", "fmtp", "rtcp-fb")
_OFFERED: dict[Kind, tuple[int, tuple[str, ...]]] = {
    "audio": (111, ("rtpmap:111 opus/48000/2", "fmtp:111 minptime=10;useinbandfec=1", "rtcp-fb:111 transport-cc")),
    "video": (
        96,
        (
            "rtpmap:96 VP8/90000",
            *(f"rtcp-fb:96 {way}" for way in ("goog-remb", "transport-cc", "ccm fir", "nack", "nack pli")),
        ),
    ),
}


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One media line as both sides agreed to it."""

    mid: str
    kind: Kind
    payload_type: int
    is_ours: bool
    "Whether the seat sends on it."
    extensions: dict[str, int]
    "URI to id."


class Remote(msgspec.Struct, frozen=True, kw_only=True):
    """What a server's description says."""

    host: str
    port: int
    credentials: Credentials
    fingerprint: str
    lines: tuple[Line, ...]


def read(text: str) -> Remote:
    """A server's offer or answer."""
    description = sdp.read(text)
    fields = (description.inherited("candidate") or "").split()
    return Remote(
        host=fields[4],
        port=int(fields[5]),
        credentials=Credentials(description.inherited("ice-ufrag") or "", description.inherited("ice-pwd") or ""),
        fingerprint=description.inherited("fingerprint") or "",
        lines=tuple(map(_line, description.sections)),
    )


def _line(section: sdp.Section) -> Line:
    extmaps = (value.split() for value in section.every("extmap"))
    return Line(
        mid=section.first("mid") or "",
        kind="video" if section.kind == "video" else "audio",
        payload_type=section.payload_types[0],
        is_ours=section.first("recvonly") is not None,
        extensions={fields[1]: int(fields[0].partition("/")[0]) for fields in extmaps if fields[1] in KNOWN_EXTENSIONS},
    )


class Own(msgspec.Struct, frozen=True, kw_only=True):
    """What a seat says of itself."""

    host: str
    port: int
    credentials: Credentials
    fingerprint: str
    ssrcs: dict[Kind, int]
    "Of the tracks it sends."
    without: frozenset[Feature] = frozenset()


def _head(own: Own, mids: Iterable[str]) -> list[str]:
    return [
        "v=0",
        "o=- 1 1 IN IP4 0.0.0.0",
        "s=-",
        "t=0 0",
        "a=group:BUNDLE " + " ".join(mids),
        f"a=ice-ufrag:{own.credentials.name}",
        f"a=ice-pwd:{own.credentials.password}",
        f"a=fingerprint:{own.fingerprint}",
        "a=setup:active",
    ]


def _candidate(own: Own) -> list[str]:
    return [f"candidate:1 1 udp 2130706431 {own.host} {own.port} typ host", "end-of-candidates"]


def _media(kind: str, payload_types: Iterable[int], mid: str, attributes: Iterable[str]) -> list[str]:
    numbers = " ".join(map(str, payload_types))
    head = [f"m={kind} 9 UDP/TLS/RTP/SAVPF {numbers}", "c=IN IP4 0.0.0.0", f"a=mid:{mid}", "a=rtcp-mux", "a=rtcp-rsize"]
    return head + [f"a={attribute}" for attribute in attributes]


def answer(offer: str, own: Own) -> str:
    """Takes every line of an offer, with every codec and feedback in it but for what the seat leaves out."""
    sections = sdp.read(offer).sections
    text = _head(own, (section.first("mid") or "" for section in sections))
    for section in sections:
        line = _line(section)
        numbers = [number for number in section.payload_types if number not in _left_out(section, own.without)]
        text += _media(
            section.kind,
            numbers,
            line.mid,
            [
                *(f"{name}:{value}" for name in _ECHOED for value in section.every(name) if _is_of(value, numbers)),
                *(f"extmap:{number} {uri}" for uri, number in line.extensions.items() if _takes(uri, own.without)),
                *(["sendonly", f"ssrc:{own.ssrcs[line.kind]} cname:load"] if line.is_ours else ["recvonly"]),
                *_candidate(own),
            ],
        )
    return "\r\n".join([*text, ""])


def _left_out(section: sdp.Section, without: frozenset[Feature]) -> set[int]:
    """The payload types of repeats, where there are to be none."""
    kinds = (value.split() for value in section.every("rtpmap"))
    return {int(number) for number, kind in kinds if kind.startswith("rtx/") and "repeats" in without}


def _is_of(value: str, numbers: Collection[int]) -> bool:
    number = value.split()[0]
    return number == "*" or int(number) in numbers


def _takes(extension: str, without: frozenset[Feature]) -> bool:
    return "extensions" not in without and not (
        extension == TRANSPORT_WIDE_EXTENSION and "congestion_control" in without
    )


def offer(own: Own) -> str:
    """Sends its tracks, to a server that wants an offer."""
    text = _head(own, own.ssrcs)
    for kind, ssrc in own.ssrcs.items():
        number, attributes = _OFFERED[kind]
        extensions = (
            f"extmap:{identifier} {uri}"
            for uri, identifier in KNOWN_EXTENSIONS.items()
            if uri != LEVEL_EXTENSION or kind == "audio"
        )
        direction = ("sendonly", f"ssrc:{ssrc} cname:load")
        text += _media(kind, [number], kind, [*attributes, *extensions, *direction, *_candidate(own)])
    return "\r\n".join([*text, ""])
