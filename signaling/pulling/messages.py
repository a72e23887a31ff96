"""What the server and the process that pulls one camera say to each other over its standard input and output.

What opens the camera goes in here alone: neither the command line nor the environment of the process holds it.
"""

from typing import Literal

import msgspec

from signaling.messages import Message

PullState = Literal[
    "connecting",
    "live",
    "interrupted",
    "wrong_password",
    "forbidden",
    "unreachable",
    "no_camera",
    "no_stream",
    "bad_codec",
    "b_frames",
    "no_picture",
    "media_away",
]
"""How it stands with a camera.

`interrupted`: it was live. `forbidden`: its address lies in no network that is allowed. `no_camera`: what answers there
speaks no RTSP that we understand. `no_stream`: it knows nothing under this path. `bad_codec`: its picture is not H.264.
`no_picture`: it answers, and no key frame comes. `media_away`: our media process takes nothing just now.
"""

SoundState = Literal["none", "sent", "unsupported"]
"`unsupported`: neither G.711 A-law nor µ-law."


class Pull(Message, tag="pull", kw_only=True, frozen=True):
    """The camera to be pulled: the first message."""

    url: str
    "With neither name nor password."
    user: str
    password: str
    networks: list[str]
    "Those in which a camera may stand, as in `192.168.0.0/16`."


class Answered(Message, tag="answered", kw_only=True, frozen=True):
    """Our media process's answer to the last offer; or that there is none."""

    sdp: str = ""


class Lost(Message, tag="lost", kw_only=True, frozen=True):
    """Our media process has no such connection any more."""


class Offering(Message, tag="offering", kw_only=True, frozen=True):
    """A WebRTC offer of what the camera sends."""

    sdp: str


class Standing(Message, tag="standing", kw_only=True, frozen=True):
    """How it stands now; told when it changes, and every two seconds as a sign of life."""

    state: PullState
    detail: str = ""
    "The name of a codec that is not supported."
    sound: SoundState = "none"
    has_rare_key_frames: bool = False
    "A new viewer and a new piece of the recording wait too long for one."


ToPull = Pull | Answered | Lost
FromPull = Offering | Standing

BEAT_S = 2.0

_to_pull: msgspec.msgpack.Decoder[ToPull] = msgspec.msgpack.Decoder(ToPull)
_from_pull: msgspec.msgpack.Decoder[FromPull] = msgspec.msgpack.Decoder(FromPull)


def read_to_pull(body: bytes) -> ToPull:
    """The server's message in a frame's body.

    Raises:
        msgspec.DecodeError: it is not one.
    """
    return _to_pull.decode(body)


def read_from_pull(body: bytes) -> FromPull:
    """The process's message in a frame's body.

    Raises:
        msgspec.DecodeError: it is not one.
    """
    return _from_pull.decode(body)
