"""What a room camera or an encoder offers (WHIP), and our answer. Pure.

Here the other side offers, once, and we take its first sound and its first picture: VP8 or H.264, as one encoding.
Everything else it offers is refused line by line. Our side stays what it is for seats: ICE-lite, and DTLS server where
the other side lets us choose.
Source: RFC 9725; RFC 8829, 5.3 (answers); RFC 8843, 7.3 (bundle); RFC 8839, 4.4 (lite).
"""

from collections.abc import Collection, Sequence

import msgspec

from signaling import sdp
from signaling.messages import Kind, Track
from signaling.negotiation import (
    CODECS,
    COUNTER_EXTENSION,
    H264,
    H264_FORMAT,
    LEVEL_EXTENSION,
    MID_EXTENSION,
    Agreed,
    Agreement,
    CodecName,
    DtlsRole,
    Endpoint,
    Line,
    h264_of,
    repeats_of,
)

_TRACK_OF: dict[Kind, Track] = {"audio": "audio", "video": "video"}
_EXTENSIONS = (MID_EXTENSION, LEVEL_EXTENSION, COUNTER_EXTENSION)
"Those that we take; a layer's name is not among them, so a single encoding comes."
_ROLES: dict[str | None, DtlsRole] = {"actpass": "server", "active": "server", "passive": "client"}
_FEEDBACK = ("nack", "nack pli", "transport-cc")


class BadOffer(ValueError):
    """The offer cannot be answered; the text says why."""


class OfferedLine(msgspec.Struct, frozen=True, kw_only=True):
    """One media line of the offer; without an agreement it is refused."""

    section: sdp.Section
    agreed: Agreed | None


class Offered(msgspec.Struct, frozen=True, kw_only=True):
    """An offer, and what we take of it."""

    lines: tuple[Line, ...]
    agreement: Agreement
    sections: tuple[OfferedLine, ...]


def read_offer(text: str, alias: str) -> Offered:
    """What we take of an offer, under the alias of a room camera.

    Raises:
        BadOffer: it is no offer of sound or pictures that we understand.
    """
    try:
        offer = sdp.read(text)
        sections = _taken(offer.sections)
    except ValueError as error:
        raise BadOffer(f"The body is no SDP offer that can be answered: {error}.") from error
    fingerprint, role = fingerprint_of(offer), role_of(offer)
    agreed = {_TRACK_OF[_kind(line.section)]: line.agreed for line in sections if line.agreed is not None}
    if not agreed:
        raise BadOffer("The offer has neither Opus sound nor a picture in VP8 or H.264 (packetization-mode 1).")
    lines = tuple(Line(mid=track, source=alias, track=track, ssrc=None) for track in agreed)
    named = {str(track): each for track, each in agreed.items()}
    return Offered(lines=lines, agreement=Agreement(fingerprint=fingerprint, lines=named, role=role), sections=sections)


def fingerprint_of(offer: sdp.Description) -> str:
    """The fingerprint of who offers.

    Raises:
        BadOffer: it shows none.
    """
    fingerprint = offer.inherited("fingerprint")
    if fingerprint is None or not fingerprint.lower().startswith("sha-256 "):
        raise BadOffer("The offer shows no SHA-256 fingerprint of a certificate.")
    return fingerprint


def role_of(offer: sdp.Description) -> DtlsRole:
    """Ours in the DTLS handshake: who offers begins it, unless it can only wait (ffmpeg 8 by itself).

    Raises:
        BadOffer: it does not say.
    """
    setup = offer.inherited("setup")
    if setup not in _ROLES:
        raise BadOffer("The offer must be `setup:actpass`, `setup:active` or `setup:passive`.")
    return _ROLES[setup]


def setup_of(role: DtlsRole) -> str:
    """The same in our answer."""
    return "a=setup:active" if role == "client" else "a=setup:passive"


def _taken(sections: tuple[sdp.Section, ...]) -> tuple[OfferedLine, ...]:
    """The first line of each kind that we understand is taken."""
    kinds: set[str] = set()
    lines: list[OfferedLine] = []
    for section in sections:
        agreed = _agreed(section) if section.kind not in kinds else None
        if agreed is not None:
            kinds.add(section.kind)
        lines.append(OfferedLine(section=section, agreed=agreed))
    return tuple(lines)


def _kind(section: sdp.Section) -> Kind:
    return "video" if section.kind == "video" else "audio"


def _agreed(section: sdp.Section) -> Agreed | None:
    names = {name for name, _ in section.attributes}
    is_sent = not names & {"recvonly", "inactive"} and section.kind in ("audio", "video")
    mid = section.first("mid")
    codec = _codec(section) if is_sent else None
    if codec is None or mid is None:
        return None
    name, number, repeats = codec
    ssrc, repeats_ssrc = _ssrcs(section)
    extensions = extensions_of(section, _EXTENSIONS)
    if ssrc is None and MID_EXTENSION not in extensions:
        return None  # nothing would tell its packets from others
    return Agreed(
        payload_type=number,
        ssrc=ssrc,
        extensions=extensions,
        repeats=repeats,
        repeats_ssrc=repeats_ssrc,
        codec=name,
        mid=mid,
    )


def _codec(section: sdp.Section) -> tuple[CodecName, int, int | None] | None:
    """Codec, payload type and that of the repeats; the first one named that we understand."""
    order = {str(number): place for place, number in enumerate(section.payload_types)}
    if section.kind == "audio":
        found = numbers_of(section, CODECS["audio"].name)
        return ("opus", payload_type(min(found, key=order.__getitem__)), None) if found else None
    h264 = h264_of(section)
    vp8 = numbers_of(section, CODECS["video"].name)
    place = order.get(str(h264[0])) if h264 is not None else None
    if h264 is not None and place is not None and (not vp8 or place < order[vp8[0]]):
        return "h264", *h264
    return ("vp8", payload_type(vp8[0]), repeats_of(section, vp8[0])) if vp8 else None


def payload_type(text: str) -> int:
    """The number that a line gives a codec; a ValueError where it is none."""
    number = int(text)
    if not 0 <= number <= 127:
        raise ValueError(f"{number} is no payload type")
    return number


def numbers_of(section: sdp.Section, codec: str) -> list[str]:
    """The payload types under which a line offers a codec; some players leave out that Opus has two channels."""
    maps = (value.partition(" ") for value in section.every("rtpmap"))
    known, names = set(map(str, section.payload_types)), (codec.lower(), codec.lower().removesuffix("/2"))
    return [number for number, _, name in maps if name.strip().lower() in names and number in known]


def _ssrcs(section: sdp.Section) -> tuple[int | None, int | None]:
    """Of the track and of its repeats, if the offer says."""
    groups = (value.split()[1:] for value in section.every("ssrc-group") if value.startswith("FID "))
    group = next((each for each in groups if len(each) == 2), None)
    if group is not None:
        return _ssrc(group[0]), _ssrc(group[1])
    named = section.first("ssrc")
    return (_ssrc(named.partition(" ")[0]), None) if named is not None else (None, None)


def _ssrc(text: str) -> int:
    number = int(text)
    if not 0 < number <= 0xFFFFFFFF:
        raise ValueError(f"{number} is no SSRC")
    return number


def extensions_of(section: sdp.Section, known: Collection[str]) -> dict[str, int]:
    """The numbers of the header extensions that we know."""
    maps = (value.split() for value in section.every("extmap"))
    numbered = ((fields[1], int(fields[0].partition("/")[0])) for fields in maps if len(fields) > 1)
    return {uri: number for uri, number in numbered if uri in known and 1 <= number <= 14}


def answer(offered: Offered, endpoint: Endpoint, *, connection: int) -> str:
    """The SDP of our answer."""
    taken = [line for line in offered.sections if line.agreed is not None]
    head = [
        "v=0",
        f"o=- {connection} 1 IN IP4 0.0.0.0",
        "s=-",
        "t=0 0",
        "a=group:BUNDLE " + " ".join(line.agreed.mid or "" for line in taken if line.agreed is not None),
        "a=ice-lite",
        "a=msid-semantic: WMS *",
    ]
    body = [text for line in offered.sections for text in _media(line, endpoint, offered.agreement.role, taken[0])]
    return "\r\n".join([*head, *body, ""])


def restarted(taken: Sequence[tuple[Kind, str]], endpoint: Endpoint) -> str:
    """The fragment that answers an ICE restart. Source: RFC 9725, 4.3.3; RFC 8840, 9.

    Args:
        taken: kind and name of each line of the bundle.
        endpoint: what is said of us, with the new credentials.
    """
    kind, first = taken[0]
    lines = [
        "a=ice-lite",
        "a=group:BUNDLE " + " ".join(mid for _, mid in taken),
        f"m={kind} 9 UDP/TLS/RTP/SAVPF 0",
        f"a=mid:{first}",
        f"a=ice-ufrag:{endpoint.credentials.name}",
        f"a=ice-pwd:{endpoint.credentials.password}",
        *candidates_of(endpoint),
    ]
    return "\r\n".join([*lines, ""])


def _media(line: OfferedLine, endpoint: Endpoint, role: DtlsRole, first: OfferedLine) -> list[str]:
    section, agreed = line.section, line.agreed
    if agreed is None:
        return refused(section)
    numbers = [agreed.payload_type, *([agreed.repeats] if agreed.repeats is not None else [])]
    return [
        f"m={section.kind} 9 UDP/TLS/RTP/SAVPF " + " ".join(map(str, numbers)),
        "c=IN IP4 0.0.0.0",
        f"a=mid:{agreed.mid}",
        "a=recvonly",
        "a=rtcp-mux",
        "a=rtcp-rsize",
        f"a=ice-ufrag:{endpoint.credentials.name}",
        f"a=ice-pwd:{endpoint.credentials.password}",
        f"a=fingerprint:{endpoint.fingerprint}",
        setup_of(role),
        *formats_of(section, agreed),
        *(f"a=extmap:{number} {uri}" for uri, number in agreed.extensions.items()),
        *(candidates_of(endpoint) if line is first else []),
    ]


def refused(section: sdp.Section) -> list[str]:
    """A line that is not taken, in its place."""
    mid = section.first("mid")
    named = [f"a=mid:{mid}"] if mid is not None else []
    head = " ".join([f"m={section.kind} 0 {section.protocol}", *section.formats])
    return [head, "c=IN IP4 0.0.0.0", *named, "a=inactive"]


def formats_of(section: sdp.Section, agreed: Agreed) -> list[str]:
    """The codec as the offer describes it, and the feedback that it can be given."""
    number = agreed.payload_type
    name = {"opus": CODECS["audio"].name, "vp8": CODECS["video"].name, "h264": H264.name}[agreed.codec]
    format_of = next((text for text in section.every("fmtp") if text.startswith(f"{number} ")), None)
    if format_of is None and agreed.codec == "h264":
        format_of = f"{number} {H264_FORMAT}"
    asked = {text.partition(" ")[2] for text in section.every("rtcp-fb") if text.split(" ")[0] in (str(number), "*")}
    repeats = []
    if agreed.repeats is not None:
        repeats = [f"a=rtpmap:{agreed.repeats} rtx/90000", f"a=fmtp:{agreed.repeats} apt={number}"]
    return [
        f"a=rtpmap:{number} {name}",
        *([f"a=fmtp:{format_of}"] if format_of is not None else []),
        *(f"a=rtcp-fb:{number} {feedback}" for feedback in _FEEDBACK if feedback in asked),
        *repeats,
    ]


def candidates_of(endpoint: Endpoint) -> list[str]:
    """All of ours, so that nothing has to trickle."""
    candidates = [
        f"a=candidate:{n} 1 udp {2130706431 - n} {address} {endpoint.port} typ host"
        for n, address in enumerate(endpoint.addresses, start=1)
    ]
    return [*candidates, "a=end-of-candidates"]
