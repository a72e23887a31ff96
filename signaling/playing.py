"""What a player asks for (WHEP), and our answer. Pure: SSRCs are drawn by an argument.

The player offers, once, and is sent one picture with its sound: the first line of each kind that it can receive. Who
sends it decides the codec: seats send VP8, room cameras VP8 or H.264, so both are answered where both may come. A line
for which there is nothing to send (a screen has no sound) is answered `inactive`, so that it may still carry the
bundle; any other is refused in its place.
Source: draft-ietf-wish-whep-03, 4.2 and 4.4; RFC 8829, 5.3 (answers); RFC 8843, 7.3 (bundle); RFC 8839, 4.4 (lite).
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import msgspec

from signaling import sdp
from signaling.answering import (
    BadOffer,
    candidates_of,
    extensions_of,
    fingerprint_of,
    formats_of,
    numbers_of,
    payload_type,
    refused,
    role_of,
    setup_of,
)
from signaling.messages import KIND_OF, Track
from signaling.negotiation import (
    CODECS,
    COUNTER_EXTENSION,
    H264,
    LEVEL_EXTENSION,
    Agreed,
    Agreement,
    CodecName,
    Draw,
    DtlsRole,
    Endpoint,
    Line,
    h264_of,
    repeats_of,
    with_sources,
)

_EXTENSIONS = (LEVEL_EXTENSION, COUNTER_EXTENSION)
"Those that we fill in."


class NoCommonCodec(BadOffer):
    """The player takes nothing of what is sent."""


class Playable(NamedTuple):
    """A track that a player may be sent."""

    source: str
    track: Track
    is_room: bool
    "Whether it is a room camera's."
    codec: CodecName | None
    "How it comes now; none where that is not known."

    @property
    def may_be_h264(self) -> bool:
        """Whether it may come as H.264, now or later."""
        return self.is_room and KIND_OF[self.track] == "video"


class WishedLine(msgspec.Struct, frozen=True, kw_only=True):
    """One media line of the offer."""

    section: sdp.Section
    line: Line | None = None
    "What is sent on it."
    agreed: Agreed | None = None
    "Also of a line that stays silent; a line without an agreement is refused."


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """An offer, and what we send of it."""

    lines: tuple[Line, ...]
    agreement: Agreement
    sections: tuple[WishedLine, ...]


def read_wish(text: str, tracks: Sequence[Playable], draw: Draw) -> Wish:
    """What we send a player that offers this.

    Args:
        text: its SDP.
        tracks: at most one of each kind.
        draw: for the SSRCs.

    Raises:
        NoCommonCodec: it asks for what we have, and takes none of the codecs that it comes in.
        BadOffer: it is no offer to receive sound or pictures that we understand.
    """
    try:
        offer = sdp.read(text)
        fingerprint, role = fingerprint_of(offer), role_of(offer)
        sections = _wished(offer, tracks, draw)
    except BadOffer:
        raise
    except ValueError as error:
        raise BadOffer(f"The body is no SDP offer that can be answered: {error}.") from error
    agreed = {each.line.mid: each.agreed for each in sections if each.line is not None and each.agreed is not None}
    if not agreed:
        raise BadOffer("The offer has no line to receive on (`recvonly`) for anything that is sent.")
    lines = tuple(each.line for each in sections if each.line is not None)
    return Wish(lines=lines, agreement=Agreement(fingerprint=fingerprint, lines=agreed, role=role), sections=sections)


def _wished(offer: sdp.Description, tracks: Sequence[Playable], draw: Draw) -> tuple[WishedLine, ...]:
    sources = ((each.source, each.track) for each in tracks)
    lines = with_sources((), sources, draw, {each.source for each in tracks if each.is_room})
    waiting: dict[str, tuple[Playable, Line]] = {line.kind: (t, line) for t, line in zip(tracks, lines, strict=True)}
    bundled = _bundled(offer)
    sections: list[WishedLine] = []
    for section in offer.sections:
        if not _receives(section) or section.first("mid") not in bundled:
            sections.append(WishedLine(section=section))
        elif section.kind in waiting:
            track, line = waiting.pop(section.kind)
            agreed = _agreed(section, track)
            sections.append(WishedLine(section=section, line=line, agreed=agreed))
        else:
            sections.append(WishedLine(section=section, agreed=_silent(section)))
    return tuple(sections)


def _bundled(offer: sdp.Description) -> set[str]:
    """The lines that share one way, which is all that we offer."""
    groups = (value.split() for name, value in offer.attributes if name == "group")
    return {mid for kind, *mids in groups if kind == "BUNDLE" for mid in mids}


def _receives(section: sdp.Section) -> bool:
    names = {name for name, _ in section.attributes}
    is_there = section.port != 0 or "bundle-only" in names
    return is_there and section.kind in ("audio", "video") and not names & {"sendonly", "inactive"}


def _agreed(section: sdp.Section, track: Playable) -> Agreed:
    found = _codecs(section, track)
    name = track.codec if track.codec in found else next(iter(found), None)
    if name is None or (track.codec is not None and name != track.codec):
        sent = {"opus": "Opus", "vp8": "VP8", "h264": "H.264 (packetization-mode 1)"}
        comes = [track.codec] if track.codec is not None else _possible(track)
        names = " or ".join(sent[each] for each in comes)
        raise NoCommonCodec(f"The {section.kind} of {track.source} comes in {names}; the player takes none of that.")
    vp8, h264 = found.get("vp8"), found.get("h264")
    number, repeats = found["opus"] if name == "opus" else vp8 or found[name]
    return Agreed(
        payload_type=number,
        ssrc=None,
        extensions=extensions_of(section, _EXTENSIONS),
        repeats=repeats,
        codec=name,
        h264=h264,
        takes_vp8=name == "opus" or vp8 is not None,
        mid=section.first("mid"),
    )


def _possible(track: Playable) -> tuple[CodecName, ...]:
    if KIND_OF[track.track] == "audio":
        return ("opus",)
    return ("vp8", "h264") if track.may_be_h264 else ("vp8",)


def _codecs(section: sdp.Section, track: Playable) -> dict[CodecName, tuple[int, int | None]]:
    """Payload type and that of the repeats, by codec."""
    found: dict[CodecName, tuple[int, int | None]] = {}
    for codec in _possible(track):
        numbers = numbers_of(section, CODECS[KIND_OF[track.track]].name)
        if codec == "h264":
            h264 = h264_of(section) or _bare_h264(section)
            if h264 is not None:
                found["h264"] = h264
        elif numbers:
            found[codec] = payload_type(numbers[0]), repeats_of(section, numbers[0])
    return found


def _bare_h264(section: sdp.Section) -> tuple[int, int | None] | None:
    """H.264 of which the player says nothing, as GStreamer's does: it takes it in whole units and fragments too."""
    described = {value.partition(" ")[0] for value in section.every("fmtp")}
    numbers = [number for number in numbers_of(section, H264.name) if number not in described]
    return (payload_type(numbers[0]), repeats_of(section, numbers[0])) if numbers else None


def _silent(section: sdp.Section) -> Agreed | None:
    """A line that may carry the bundle and nothing else; none where we know no codec of it."""
    codec = CODECS["video" if section.kind == "video" else "audio"]
    numbers = numbers_of(section, codec.name)
    if not numbers:
        return None
    name: CodecName = "vp8" if section.kind == "video" else "opus"
    return Agreed(payload_type=payload_type(numbers[0]), ssrc=None, extensions={}, codec=name, mid=section.first("mid"))


def answer_player(wish: Wish, endpoint: Endpoint, *, connection: int) -> str:
    """The SDP of our answer."""
    taken = [each.agreed.mid or "" for each in wish.sections if each.agreed is not None]
    head = [
        "v=0",
        f"o=- {connection} 1 IN IP4 0.0.0.0",
        "s=-",
        "t=0 0",
        "a=group:BUNDLE " + " ".join(taken),
        "a=ice-lite",
        "a=msid-semantic: WMS *",
    ]
    body = [text for each in wish.sections for text in _media(each, endpoint, wish.agreement.role, taken[0])]
    return "\r\n".join([*head, *body, ""])


def _media(wished: WishedLine, endpoint: Endpoint, role: DtlsRole, first: str) -> list[str]:
    section, agreed = wished.section, wished.agreed
    if agreed is None:
        return refused(section)
    codecs = _answered(agreed)
    numbers = [number for each in codecs for number in (each.payload_type, each.repeats) if number is not None]
    return [
        f"m={section.kind} 9 UDP/TLS/RTP/SAVPF " + " ".join(map(str, numbers)),
        "c=IN IP4 0.0.0.0",
        f"a=mid:{agreed.mid}",
        "a=sendonly" if wished.line is not None else "a=inactive",
        "a=rtcp-mux",
        "a=rtcp-mux-only",
        "a=rtcp-rsize",
        f"a=ice-ufrag:{endpoint.credentials.name}",
        f"a=ice-pwd:{endpoint.credentials.password}",
        f"a=fingerprint:{endpoint.fingerprint}",
        setup_of(role),
        *(text for each in codecs for text in formats_of(section, each)),
        *(f"a=extmap:{number} {uri}" for uri, number in agreed.extensions.items()),
        *(_stream(wished.line, agreed) if wished.line is not None else []),
        *(candidates_of(endpoint) if agreed.mid == first else []),
    ]


def _answered(agreed: Agreed) -> list[Agreed]:
    """One for each codec that may come."""
    if agreed.codec == "opus":
        return [agreed]
    vp8 = [msgspec.structs.replace(agreed, codec="vp8")] if agreed.takes_vp8 else []
    if agreed.h264 is None:
        return vp8
    number, repeats = agreed.h264
    return [*vp8, msgspec.structs.replace(agreed, codec="h264", payload_type=number, repeats=repeats)]


def _stream(line: Line, agreed: Agreed) -> Iterable[str]:
    """Picture and sound belong to one stream."""
    yield f"a=msid:{line.source} {line.mid}"
    has_repeats = line.repeats is not None and any(each.repeats is not None for each in _answered(agreed))
    if has_repeats:
        yield f"a=ssrc-group:FID {line.ssrc} {line.repeats}"
    yield f"a=ssrc:{line.ssrc} cname:{line.source}"  # the first one that is named is the picture's, for Chromium 156
    if has_repeats:
        yield f"a=ssrc:{line.repeats} cname:{line.source}"
