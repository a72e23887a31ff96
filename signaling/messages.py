"""What server and media process say to each other over their Unix socket.

The server listens, the process connects, says `Ready`, and ends when the connection closes.
"""

from typing import Literal, get_args

import msgspec

Kind = Literal["audio", "video"]
"What a track carries, and so its codec."

Track = Literal["audio", "video", "screen", "desktop", "masked_audio", "masked_video"]
"""What of a seat is meant: its microphone and its camera as they are, the screen that it shares, its desktop for the
recording, and the protected versions of voice and picture."""

GoneReason = Literal["left", "replaced", "closed_by_peer", "silent", "handshake_failed", "room_closed", "codec_missing"]
"""Why a connection ended; `silent` covers a seat that never connected, and one that was away for too long,
`codec_missing` a player whose picture comes in another codec now."""

RefusalCode = Literal[
    "room_exists",
    "unknown_room",
    "unknown_seat",
    "bad_alias",
    "nothing_to_offer",
    "stale_answer",
    "bad_answer",
    "stale_policy",
]
"Why a message changed nothing."

GapReason = Literal[
    "not_wanted",
    "disconnected",
    "silent",
    "no_key_frame",
    "disk_full",
    "disk_slow",
    "disk_failed",
]
"Why a track is not recorded any more; `silent` covers a camera or microphone that is switched off."

DropReason = Literal[
    "nonsense",
    "unknown_name",
    "bad_check",
    "address_taken",
    "unknown_sender",
    "too_early",
    "forged",
    "malformed",
    "not_agreed",
    "too_many",
    "too_many_sources",
    "fault",
]
"""Why a datagram that came was dropped, in the order in which it is looked at.

`nonsense`: no STUN request, DTLS or RTP. `unknown_name`: a STUN request that calls nobody here. `bad_check`: one that
is not signed with the password, or comes a second time, from elsewhere. `address_taken`: one from the address of
another seat. `unknown_sender`: from an address without an authentic check. `too_early`: before DTLS stands. `forged`:
SRTP that is forged or repeated. `malformed`: an RTP or RTCP packet that cannot be read. `not_agreed`: RTP of no track,
or in no codec, that the seat agreed to send. `too_many`: more than a seat may send. `too_many_sources`: of more SSRCs
than any seat has. `fault`: our own mistake.
"""


class Message(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The root of all messages."""


class OpenRoom(Message, tag="open_room", kw_only=True, frozen=True):
    """Make a media room; nothing is allowed in it until the first `SetPolicy`."""

    room: str
    recording_key: bytes | None = None
    "32 bytes that its recordings are sealed with; without it nothing is recorded, for nothing is kept in the clear."

    def __repr__(self) -> str:
        return f"OpenRoom(room={self.room!r}, recording_key=hidden)"


class CloseRoom(Message, tag="close_room", kw_only=True, frozen=True):
    """End every connection of a room and forget it."""

    room: str


class Join(Message, tag="join", kw_only=True, frozen=True):
    """A seat wants media; answered by `Offer`. An earlier connection of this alias ends."""

    room: str
    alias: str
    publishes: list[Track]
    "The tracks the seat may send."
    sources: list[tuple[str, Track]]
    "(source, track): all that this seat may ever see or hear, in the order of its lines. No other is named to it."
    cameras: list[str] = []
    "Those of the sources that are room cameras."


class Reoffer(Message, tag="reoffer", kw_only=True, frozen=True):
    """Offer again over the same DTLS connection: new ICE credentials (a restart), lines for new sources appended."""

    room: str
    alias: str
    sources: list[tuple[str, Track]]
    "As in `Join`; those that already have lines keep them."
    cameras: list[str] = []
    "As in `Join`."


class Answer(Message, tag="answer", kw_only=True, frozen=True):
    """The page's answer to the offer with the same `connection` and `revision`."""

    room: str
    alias: str
    connection: int
    revision: int
    sdp: str


class TakeOffer(Message, tag="take_offer", kw_only=True, frozen=True):
    """A room camera offers what it sends (WHIP); answered by `OfferTaken`. An earlier connection of this alias ends."""

    room: str
    alias: str
    request: int
    "Names this offer."
    sdp: str


class TakePlayer(Message, tag="take_player", kw_only=True, frozen=True):
    """A player offers to be sent a picture with its sound (WHEP); answered by `OfferTaken`. It sends nothing."""

    room: str
    alias: str
    "Of the player: no seat's, and in the policy like a seat's."
    request: int
    "Names this offer."
    sdp: str
    tracks: list[tuple[str, Track]]
    "(source, track): at most one picture and one sound."
    cameras: list[str] = []
    "As in `Join`."


class RestartIce(Message, tag="restart_ice", kw_only=True, frozen=True):
    """Who offered wants new ICE credentials for the same DTLS connection; answered by `OfferTaken` with a fragment."""

    room: str
    alias: str
    request: int
    "Names this wish, among offers too."
    connection: int


class Leave(Message, tag="leave", kw_only=True, frozen=True):
    """End a seat's connection."""

    room: str
    alias: str


class SetPolicy(Message, tag="set_policy", kw_only=True, frozen=True):
    """Everything that may flow in a room from now on; answered by `PolicyInForce`."""

    room: str
    version: int
    "Rises; an older one is refused."
    allowed: list[tuple[str, str, Track]]
    "(source, listener, track): what is not named is not forwarded."
    recorded: list[tuple[str, Track]] = []
    "(source, track): what is to be recorded whenever it comes; what is not named is not."


class FinishRecording(Message, tag="finish_recording", kw_only=True, frozen=True):
    """Close all pieces of a room and record no more until the next policy; answered by `RecordingFinished`."""

    room: str


class Shown(msgspec.Struct, frozen=True):
    """How a seat's page shows a picture of another seat."""

    source: str
    track: Track
    lines: int
    "Device pixels from top to bottom; 0 for a picture that is not shown."
    is_pinned: bool


class SetView(Message, tag="set_view", kw_only=True, frozen=True):
    """What a seat's page shows now; a picture that is not named counts as shown in full."""

    room: str
    alias: str
    shown: list[Shown]


class Heartbeat(Message, tag="heartbeat", kw_only=True, frozen=True):
    """The server lives, and has heard from its log; where it has not for 2 s nothing flows between members."""

    log_silence_s: float
    "How long ago it heard from its log."


class AskStats(Message, tag="ask_stats", kw_only=True, frozen=True):
    """Answered by `Stats`."""

    room: str


class Ready(Message, tag="ready", kw_only=True, frozen=True):
    """The first message of the media process."""

    protocol: int
    udp_port: int
    "The port in every offer."


class Offer(Message, tag="offer", kw_only=True, frozen=True):
    """An SDP offer for a seat's page."""

    room: str
    alias: str
    connection: int
    "Names one peer connection; a new number means a new `RTCPeerConnection` in the page."
    revision: int
    "Counts the offers of this connection from 1."
    sdp: str


class OfferTaken(Message, tag="offer_taken", kw_only=True, frozen=True):
    """The answer to what a room camera or a player offers or asks for; or why there is none, as a sentence."""

    room: str
    alias: str
    request: int
    connection: int = 0
    sdp: str = ""
    problem: str = ""
    is_codec: bool = False
    "Whether the problem is that a player takes no codec that is sent."


class Connected(Message, tag="connected", kw_only=True, frozen=True):
    """ICE and DTLS stand, or one that was away is heard again; packets flow as the policy allows."""

    room: str
    alias: str
    connection: int


class Away(Message, tag="away", kw_only=True, frozen=True):
    """Nothing has come over a connection for 5 s: its routes have ended. `Connected` or `Gone` follows."""

    room: str
    alias: str
    connection: int


class Gone(Message, tag="gone", kw_only=True, frozen=True):
    """A connection ended."""

    room: str
    alias: str
    connection: int
    reason: GoneReason


class PolicyInForce(Message, tag="policy_in_force", kw_only=True, frozen=True):
    """No packet this version forbids has been sent since before this message."""

    room: str
    version: int


class PicturesPaused(Message, tag="pictures_paused", kw_only=True, frozen=True):
    """The pictures that a seat is not sent, because its way does not carry them; told when they change."""

    room: str
    alias: str
    pictures: list[tuple[str, Track]]
    "(source, track)."


class RecordingStarted(Message, tag="recording_started", kw_only=True, frozen=True):
    """From now on a track is recorded."""

    room: str
    alias: str
    track: Track


class RecordingStopped(Message, tag="recording_stopped", kw_only=True, frozen=True):
    """From now on it is not; pieces that were closed before may still follow."""

    room: str
    alias: str
    track: Track
    reason: GapReason


class PieceRecorded(Message, tag="piece_recorded", kw_only=True, frozen=True):
    """A piece is on the disk, flushed, under its number."""

    room: str
    alias: str
    track: Track
    number: int
    "From 1, rising by 1."
    sha256: str
    "Over the clear file."
    size: int
    "Of the same."
    begins_at: int
    "When its first packet came: milliseconds since 1970 UTC."
    ends_at: int


class RecordingFinished(Message, tag="recording_finished", kw_only=True, frozen=True):
    """Every piece of a room is on the disk and told, and none is open."""

    room: str


class TrackStats(msgspec.Struct, kw_only=True, frozen=True):
    """What has arrived of one seat's track."""

    source: str
    track: Track
    layer: str
    "The restriction id of one layer of a picture; empty for sound and for a picture without layers."
    lines: int
    "Height of the picture; 0 for sound, and before the first key frame."
    packets: int
    octets: int
    lost: int
    "As in a receiver report: expected less received."
    jitter_ms: float
    key_frames_asked: int
    packets_asked: int
    "Sequence numbers asked for again by NACK."


class RouteStats(msgspec.Struct, kw_only=True, frozen=True):
    """What one listener has been sent of one track."""

    source: str
    listener: str
    track: Track
    flowing: bool
    "Whether the route is in force now."
    packets: int
    octets: int
    resent: int
    "Packets sent again after a NACK."
    layer: str
    "The layer that is forwarded now."
    is_paused: bool
    "Whether the picture is held back because the listener's way does not carry it."
    fraction_lost: float
    "0 to 1, from the listener's last receiver report."
    round_trip_ms: float | None


class Stats(Message, tag="stats", kw_only=True, frozen=True):
    """Counters since each connection began."""

    room: str
    tracks: list[TrackStats]
    routes: list[RouteStats]
    budgets: dict[str, float]
    "Bits per second that each seat's way carries by our estimate; missing while nothing is known."
    unsent: int
    "Datagrams of the whole process that the kernel did not take."
    dropped: dict[str, dict[DropReason, int]]
    "Of what came, by alias and reason; reasons that never were are missing."
    strays: dict[DropReason, int]
    "The same of what belongs to no seat, of the whole process."


class Refused(Message, tag="refused", kw_only=True, frozen=True):
    """A message changed nothing."""

    code: RefusalCode
    about: str
    "The tag of the refused message."
    room: str
    alias: str | None = None


ToMedia = (
    OpenRoom
    | CloseRoom
    | Join
    | Reoffer
    | Answer
    | TakeOffer
    | TakePlayer
    | RestartIce
    | Leave
    | SetPolicy
    | SetView
    | FinishRecording
    | Heartbeat
    | AskStats
)
"Everything the server says."
FromMedia = (
    Ready
    | Offer
    | OfferTaken
    | Connected
    | Away
    | Gone
    | PolicyInForce
    | PicturesPaused
    | RecordingStarted
    | RecordingStopped
    | PieceRecorded
    | RecordingFinished
    | Stats
    | Refused
)
"Everything the media process says."

PROTOCOL = 5
"Raised when a message changes its meaning."
KINDS: tuple[Kind, ...] = get_args(Kind)
TRACKS: tuple[Track, ...] = get_args(Track)
KIND_OF: dict[Track, Kind] = {
    "audio": "audio",
    "video": "video",
    "screen": "video",
    "desktop": "video",
    "masked_audio": "audio",
    "masked_video": "video",
}

_to_media: msgspec.msgpack.Decoder[ToMedia] = msgspec.msgpack.Decoder(ToMedia)
_from_media: msgspec.msgpack.Decoder[FromMedia] = msgspec.msgpack.Decoder(FromMedia)


def read_to_media(body: bytes) -> ToMedia:
    """The server's message in a frame's body.

    Raises:
        msgspec.DecodeError: it is not one.
    """
    return _to_media.decode(body)


def read_from_media(body: bytes) -> FromMedia:
    """The media process's message in a frame's body.

    Raises:
        msgspec.DecodeError: it is not one.
    """
    return _from_media.decode(body)
