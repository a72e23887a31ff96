"""A scripted seat's side of the negotiation: takes every line of an offer, sends one layer. Pure."""

from collections.abc import Mapping

import msgspec

from signaling import sdp
from signaling.ice_lite import Credentials
from signaling.messages import TRACKS, Track
from signaling.negotiation import COUNTER_EXTENSION


class Offered(msgspec.Struct, frozen=True, kw_only=True):
    """What an offer says, as far as a scripted seat needs it."""

    session: str
    "The same for all offers of one connection."
    host: str
    port: int
    credentials: Credentials
    fingerprint: str
    streams: dict[int, tuple[str, Track]]
    "SSRC to (alias, track) of the lines to the seat."
    repeats: dict[int, int]
    "SSRC of the repeats to that of their stream."
    counter: int
    "Number of the extension that counts the packets of the connection; 0 if there is none."
    wanted: frozenset[Track]
    "The lines from the seat; a track is the `mid` of its own."
    sections: tuple[sdp.Section, ...]


def read_offer(text: str) -> Offered:
    """The offer in a text.

    Raises:
        sdp.BadSdp: it is none.
    """
    offer = sdp.read(text)
    origin = next(line for line in text.splitlines() if line.startswith("o="))
    fields = (offer.inherited("candidate") or "").split()
    streams: dict[int, tuple[str, Track]] = {}
    repeats: dict[int, int] = {}
    wanted: set[Track] = set()
    for section in offer.sections:
        ssrc, msid = section.first("ssrc"), section.first("msid")
        if ssrc is not None and msid is not None:
            source, _, name = msid.split()[1].rpartition("-")
            streams[int(ssrc.split()[0])] = (source, _track(name))
            if (group := section.first("ssrc-group")) is not None:
                _, stream, again = group.split()
                repeats[int(again)] = int(stream)
        else:
            wanted.add(_track(section.first("mid") or ""))
    return Offered(
        session=origin.split()[1],
        host=fields[4],
        port=int(fields[5]),
        credentials=Credentials(offer.inherited("ice-ufrag") or "", offer.inherited("ice-pwd") or ""),
        fingerprint=offer.inherited("fingerprint") or "",
        streams=streams,
        repeats=repeats,
        counter=_counter(offer.sections),
        wanted=frozenset(wanted),
        sections=offer.sections,
    )


def _track(name: str) -> Track:
    return next(track for track in TRACKS if track == name)


def _counter(sections: tuple[sdp.Section, ...]) -> int:
    maps = (value.split() for section in sections for value in section.every("extmap"))
    return next((int(number) for number, uri in maps if uri == COUNTER_EXTENSION), 0)


def answer(
    offered: Offered,
    credentials: Credentials,
    fingerprint: str,
    ssrcs: Mapping[Track, int],
    *,
    tells_arrivals: bool = True,
) -> str:
    """The SDP that takes every line of the offer.

    Args:
        offered: what is answered.
        credentials: ours, of ICE.
        fingerprint: of our certificate.
        ssrcs: of our own tracks; a line of another is left empty.
        tells_arrivals: whether packets are to be numbered, so that we can tell when each arrived.
    """
    text = [
        "v=0",
        "o=- 1 1 IN IP4 0.0.0.0",
        "s=-",
        "t=0 0",
        "a=group:BUNDLE " + " ".join(section.first("mid") or "" for section in offered.sections),
        f"a=ice-ufrag:{credentials.name}",
        f"a=ice-pwd:{credentials.password}",
        f"a=fingerprint:{fingerprint}",
        "a=setup:active",
    ]
    own = {str(track): ssrc for track, ssrc in ssrcs.items()}
    for section in offered.sections:
        mid = section.first("mid") or ""
        text += [
            f"m={section.kind} 9 UDP/TLS/RTP/SAVPF " + " ".join(map(str, section.payload_types)),
            "c=IN IP4 0.0.0.0",
            f"a=mid:{mid}",
            f"a={_direction(section, is_sent=mid in own)}",
            "a=rtcp-mux",
            *(f"a=rtpmap:{value}" for value in section.every("rtpmap")),
            *(
                f"a=extmap:{value}"
                for value in section.every("extmap")
                if tells_arrivals and value.endswith(COUNTER_EXTENSION)
            ),
        ]
        if mid in own:
            text.append(f"a=ssrc:{own[mid]} cname:scripted")
    return "\r\n".join([*text, ""])


def _direction(section: sdp.Section, *, is_sent: bool) -> str:
    if ("recvonly", "") in section.attributes:
        return "sendonly" if is_sent else "inactive"
    return "recvonly"
