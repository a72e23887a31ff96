"""The offers the server makes and what a page's answer agrees to. Pure: names and SSRCs are arguments.

The server makes every offer. The lines of a seat are fixed when it joins: one for each own track (`recvonly`, from
here), then one pair for each alias it may ever see or hear (`sendonly`). A route starts and ends without negotiation.
Nothing but aliases names a person: they are the stream ids (`msid`), the canonical names and the start of each `mid`.

The answer must be `setup:active`: Chromium takes AES-GCM only as DTLS client. Source: RFC 8829, RFC 8843, RFC 8839.
"""

import re
from collections.abc import Callable, Iterable

import msgspec

from signaling import sdp
from signaling.ice_lite import Credentials
from signaling.messages import KINDS, Kind
from signaling.rtp import ExtensionMap

ALIAS = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,15}")
"What may stand in SDP as it is."

MID_EXTENSION = "urn:ietf:params:rtp-hdrext:sdes:mid"
LEVEL_EXTENSION = "urn:ietf:params:rtp-hdrext:ssrc-audio-level"
PASSING = (LEVEL_EXTENSION,)
"Extensions that a listener gets; all others end here."


class Codec(msgspec.Struct, frozen=True, kw_only=True):
    """The one codec of a kind."""

    payload_type: int
    name: str
    clock_rate: int
    attributes: tuple[str, ...]
    extensions: tuple[tuple[int, str], ...]
    "Offered on every line of this kind, so ids are the same for all seats that take them."


CODECS: dict[Kind, Codec] = {
    "audio": Codec(
        payload_type=111,
        name="opus/48000/2",
        clock_rate=48_000,
        attributes=("fmtp:111 minptime=10;useinbandfec=1",),
        extensions=((1, MID_EXTENSION), (2, LEVEL_EXTENSION)),
    ),
    "video": Codec(
        payload_type=96,
        name="VP8/90000",
        clock_rate=90_000,
        attributes=("rtcp-fb:96 nack", "rtcp-fb:96 nack pli"),
        extensions=((1, MID_EXTENSION),),
    ),
}


Draw = Callable[[], int]
"Gives 32 random bits."


class BadAnswer(ValueError):
    """The page's answer does not fit our offer."""


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One media line of a seat."""

    mid: str
    kind: Kind
    source: str
    "The alias whose track it carries."
    ssrc: int | None
    "Ours, on a line to the seat; None on a line from it."


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


class Agreement(msgspec.Struct, frozen=True, kw_only=True):
    """A page's answer."""

    fingerprint: str
    lines: dict[str, Agreed]
    "By `mid`; lines it refused or left inactive are missing."


def lines_of(alias: str, publishes: Iterable[Kind], sources: Iterable[str], draw: Draw) -> tuple[Line, ...]:
    """The lines of a seat that joins."""
    own = tuple(Line(mid=kind, kind=kind, source=alias, ssrc=None) for kind in KINDS if kind in set(publishes))
    return with_sources(own, (source for source in sources if source != alias), draw)


def with_sources(lines: tuple[Line, ...], sources: Iterable[str], draw: Draw) -> tuple[Line, ...]:
    """The same lines and new ones for the sources that have none yet; a line never goes."""
    known = {line.source for line in lines}
    taken = {line.ssrc for line in lines}
    added: list[Line] = []
    for source in dict.fromkeys(sources):
        if source in known:
            continue
        for kind in KINDS:
            ssrc = next(number for number in iter(draw, None) if number not in taken)
            taken.add(ssrc)
            added.append(Line(mid=f"{source}-{kind}", kind=kind, source=source, ssrc=ssrc))
    return lines + tuple(added)


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
    text = [
        f"m={line.kind} 9 UDP/TLS/RTP/SAVPF {codec.payload_type}",
        "c=IN IP4 0.0.0.0",
        f"a=mid:{line.mid}",
        "a=recvonly" if line.ssrc is None else "a=sendonly",
        "a=rtcp-mux",
        "a=rtcp-rsize",
        f"a=rtpmap:{codec.payload_type} {codec.name}",
        *(f"a={attribute}" for attribute in codec.attributes),
        *(f"a=extmap:{number} {uri}" for number, uri in codec.extensions),
    ]
    if line.ssrc is not None:
        text += [f"a=msid:{line.source} {line.mid}", f"a=ssrc:{line.ssrc} cname:{line.source}"]
    return text


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
        ssrcs = [taken.ssrc for taken in agreed.values() if taken.ssrc is not None]
        if len(set(ssrcs)) < len(ssrcs):
            raise BadAnswer("two tracks under one SSRC")
    except ValueError as error:
        raise BadAnswer(str(error)) from error
    return Agreement(fingerprint=fingerprint, lines=agreed)


def _agreed(line: Line, section: sdp.Section) -> Agreed | None:
    wanted = {"sendonly", "sendrecv"} if line.ssrc is None else {"recvonly", "sendrecv"}
    if section.port == 0 or not wanted & {name for name, _ in section.attributes}:
        return None
    codec = CODECS[line.kind]
    maps = (value.partition(" ") for value in section.every("rtpmap"))
    numbers = [_number(number, 96, 127) for number, _, name in maps if name.lower() == codec.name.lower()]
    if not numbers:
        return None
    ssrcs = section.every("ssrc") if line.ssrc is None else []
    extmaps = (value.split() for value in section.every("extmap"))
    return Agreed(
        payload_type=numbers[0],
        ssrc=_number(ssrcs[0].partition(" ")[0], 0, 0xFFFFFFFF) if ssrcs else None,
        extensions={
            fields[1]: _number(fields[0].partition("/")[0], 1, 14)  # those that fit the one-byte form
            for fields in extmaps
            if len(fields) > 1
        },
    )


def _number(text: str, lowest: int, highest: int) -> int:
    number = int(text)
    if not lowest <= number <= highest:
        raise BadAnswer(f"{number} is not from {lowest} to {highest}")
    return number


def passing(source: Agreed, listener: Agreed) -> ExtensionMap:
    """The header extensions that go from this source to this listener."""
    return tuple(
        (source.extensions[uri], listener.extensions[uri])
        for uri in PASSING
        if uri in source.extensions and uri in listener.extensions
    )
