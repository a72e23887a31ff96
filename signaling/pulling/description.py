"""What a camera says it sends, and what we take of it: a picture in H.264, and sound in G.711. Pure.

Source: RFC 2326, appendix C; RFC 6184, 8.2.1; RFC 3551, 6 (payload types 0 and 8).
"""

import base64
import binascii
from typing import Literal

import msgspec

from signaling import sdp
from signaling.pulling.messages import SoundState
from signaling.pulling.rtsp import NotRtsp, joined

SoundCodec = Literal["pcm_alaw", "pcm_mulaw"]
"As PyAV names them."
_FIXED = {0: "PCMU/8000", 8: "PCMA/8000", 26: "JPEG/90000", 32: "MPV/90000"}
_SOUND: dict[str, SoundCodec] = {"PCMA/8000": "pcm_alaw", "PCMU/8000": "pcm_mulaw"}


class NotH264(ValueError):
    """The picture comes in another codec; the text is its name."""


class NoPicture(ValueError):
    """There is no picture at all."""


class OfferedTrack(msgspec.Struct, frozen=True, kw_only=True):
    """One track of a camera."""

    url: str
    payload_type: int


class Offer(msgspec.Struct, frozen=True, kw_only=True):
    """What we take."""

    whole: str
    "The name of all tracks together."
    picture: OfferedTrack
    parameters: tuple[bytes, ...]
    "Parameter sets of the picture; a camera may send them here alone."
    sound: OfferedTrack | None
    sound_codec: SoundCodec
    sound_state: SoundState


def read_description(text: str, base: str) -> Offer:
    """What we take of a description whose names are relative to `base`.

    Raises:
        NotRtsp: it cannot be read.
        NotH264, NoPicture: there is nothing to be taken.
    """
    lines = "\n".join(line for line in text.splitlines() if line[1:2] == "=")
    try:
        described = sdp.read(lines)
    except sdp.BadSdp as error:
        raise NotRtsp(str(error)) from error
    pictures = [each for each in described.sections if each.kind == "video" and each.payload_types]
    if not pictures:
        raise NoPicture
    picture = next((each for each in pictures if _codec(each) == "H264/90000"), None)
    if picture is None:
        raise NotH264(_codec(pictures[0]).partition("/")[0])
    sounds = [each for each in described.sections if each.kind == "audio" and each.payload_types]
    sound = next((each for each in sounds if _codec(each) in _SOUND), None)
    whole = next((value for name, value in described.attributes if name == "control"), "*")
    return Offer(
        whole=joined(base, whole),
        picture=_track(picture, base),
        parameters=_parameters(picture),
        sound=_track(sound, base) if sound is not None else None,
        sound_codec=_SOUND[_codec(sound)] if sound is not None else "pcm_alaw",
        sound_state="sent" if sound is not None else "unsupported" if sounds else "none",
    )


def _codec(section: sdp.Section) -> str:
    number = section.payload_types[0]
    maps = (value.strip().partition(" ") for value in section.every("rtpmap"))
    named = next((name.strip() for key, _, name in maps if key == str(number)), _FIXED.get(number, "?"))
    return named.upper().removesuffix("/1")


def _track(section: sdp.Section, base: str) -> OfferedTrack:
    url = joined(base, section.first("control") or "*")
    return OfferedTrack(url=url, payload_type=section.payload_types[0])


def _parameters(section: sdp.Section) -> tuple[bytes, ...]:
    formats = (field.strip() for value in section.every("fmtp") for field in value.partition(" ")[2].split(";"))
    sets = next((field.partition("=")[2] for field in formats if field.lower().startswith("sprop-parameter-sets=")), "")
    try:
        found = (base64.b64decode(each + "=" * (-len(each) % 4)) for each in sets.split(",") if each)
        return tuple(each for each in found if each)
    except (binascii.Error, ValueError):
        return ()  # then they come with the pictures
