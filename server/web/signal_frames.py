"""What passes over `/rooms/{id}/signal`: the media offers of the server and the answers of the page."""

from enum import StrEnum
from typing import Annotated, Final

from msgspec import Meta, Struct

from server.domain.ids import Alias, Digest, Millis
from server.domain.recordings import MediaTrack
from server.session.frames import FromSeat, Goodbye, Refused, ToSeat

SIGNAL_PROTOCOL = "lianping-signal-1"
"The WebSocket subprotocol; its number rises with every change that an older side cannot read."

COMES_BACK: Final = 4001
"WebSocket close code of a page that is about to join again over another socket, and keeps its connection."


MOST_LINES: Final = 8640
"Of a wall of the largest screens."


class JoinMedia(FromSeat, frozen=True, kw_only=True, tag="join_media"):
    """The first frame: who I am. Offers follow as soon as the seat is confirmed."""

    token: str
    key: Digest | None
    proof: bytes | None
    "As in `join`."
    connection: int | None = None
    "The one that the page has kept while its socket was away; if it stands, it is offered again in place of a new one."
    hears: bool = True
    "Whether the page plays the room's sound; a page with many rooms on it plays that of one. As `hear_room` later on."


class JoinProbe(FromSeat, frozen=True, kw_only=True, tag="join_probe"):
    """The first frame of a page that tries its ways to the server: what it sends comes back to itself alone."""

    token: str
    key: Digest | None
    proof: bytes | None
    "As in `join`."


class TryWay(FromSeat, frozen=True, kw_only=True, tag="try_way"):
    """Of a page that tries its ways: offer a pair of new connections, one that sends and one that it comes back on."""


class MediaAnswer(FromSeat, frozen=True, kw_only=True, tag="media_answer"):
    """The answer to the offer of the same connection and revision."""

    connection: int
    revision: int
    sdp: str


class RestartMedia(FromSeat, frozen=True, kw_only=True, tag="restart_media"):
    """The network has changed: offer again, with new ICE credentials."""


class TileView(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the page shows a picture."""

    alias: Alias
    track: MediaTrack
    lines: Annotated[int, Meta(ge=0, le=MOST_LINES)]
    "Device pixels from top to bottom; 0 for a picture that is not shown."
    pinned: bool


class ViewTiles(FromSeat, frozen=True, kw_only=True, tag="view_tiles"):
    """What the page shows now; the pictures come as large as they are shown, and as the line carries."""

    tiles: tuple[TileView, ...]


class MediaRelays(ToSeat, frozen=True, kw_only=True, tag="media_relays"):
    """Relays (TURN) for a network that lets no UDP through; comes before the first offer, and again before it ends."""

    urls: tuple[str, ...]
    username: str
    credential: str


class Switch(StrEnum):
    """Where a seat's camera or microphone stands, as its page says."""

    ON = "on"
    OFF = "off"
    "The person at the seat has switched it off."
    FAILED = "failed"
    "There is none, or the page may not use it."
    STALLED = "stalled"
    "It is on, but what protects it has stalled: until that works again, the protected version is black or silent."


class ShowSeat(FromSeat, frozen=True, kw_only=True, tag="show_seat"):
    """What the person at the seat has switched, all of it: passed on to those who see and hear the seat, never kept."""

    camera: Switch
    microphone: Switch
    hand: bool
    "Whether the person asks to speak."
    screen: bool
    "Whether the person shows a screen."


class HearRoom(FromSeat, frozen=True, kw_only=True, tag="hear_room"):
    """The page plays the room's sound from now on, or does not; answered by `room_heard`."""

    on: bool


class LowerHand(FromSeat, frozen=True, kw_only=True, tag="lower_hand"):
    """The chair or the main venue's operator has given somebody the floor, or takes note of the raised hand."""

    alias: Alias


AnySignalFromSeat = (
    JoinMedia | JoinProbe | TryWay | MediaAnswer | RestartMedia | ViewTiles | ShowSeat | HearRoom | LowerHand
)


class MediaOffer(ToSeat, frozen=True, kw_only=True, tag="media_offer"):
    """An offer; another `connection` than before means a new peer connection."""

    connection: int
    revision: int
    sdp: str


class MediaConnected(ToSeat, frozen=True, kw_only=True, tag="media_connected"):
    """ICE and DTLS stand."""

    connection: int


class MediaGone(ToSeat, frozen=True, kw_only=True, tag="media_gone"):
    """The media connection ended; a new offer follows by itself where it makes sense."""

    connection: int
    reason: str


class Picture(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A picture of a seat."""

    alias: Alias
    track: MediaTrack


class PicturesPaused(ToSeat, frozen=True, kw_only=True, tag="pictures_paused"):
    """The pictures that are held back now because the line of this seat does not carry them; sound goes on."""

    pictures: tuple[Picture, ...]


class SeatShown(ToSeat, frozen=True, kw_only=True, tag="seat_shown"):
    """What a seat that this one sees and hears has switched; also told as soon as it is seen and heard again."""

    alias: Alias
    camera: Switch
    microphone: Switch
    hand: Millis | None
    "Since when the hand is raised, by the server's clock."
    screen: bool
    "Whether it shows a screen."


class HandLowered(ToSeat, frozen=True, kw_only=True, tag="hand_lowered"):
    """Somebody has lowered this seat's hand."""

    by: Alias


class RoomHeard(ToSeat, frozen=True, kw_only=True, tag="room_heard"):
    """From now on the room's sound is sent to this page, and its seat counts as one that listens; or neither."""

    on: bool


class DropCause(StrEnum):
    """Why packets are dropped that come over a seat's connection, or in its name."""

    FOREIGN = "foreign"
    "They are forged or repeated, or try to open the seat's connection from elsewhere."
    UNREADABLE = "unreadable"
    "They are the seat's own, but not what it agreed to send."
    TOO_MANY = "too_many"
    "They are more than any seat sends."


class SeatDrops(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A seat with many such packets in the last minute."""

    alias: Alias
    cause: DropCause


class DropsSeen(ToSeat, frozen=True, kw_only=True, tag="drops_seen"):
    """For operators, the whole of it at each change: where packets are dropped in number. It stands in no record."""

    seats: tuple[SeatDrops, ...]
    "For the main venue's operator all, for others those of their venue."
    strays: bool
    "Whether very many packets come that belong to no seat of this server; told to the main venue's operator."


class MediaFailing(ToSeat, frozen=True, kw_only=True, tag="media_failing"):
    """The server's media process dies again and again, or does so no more; until then none of it is to be expected."""

    on: bool


AnySignalToSeat = (
    MediaRelays
    | MediaOffer
    | MediaConnected
    | MediaGone
    | PicturesPaused
    | SeatShown
    | HandLowered
    | RoomHeard
    | DropsSeen
    | MediaFailing
    | Refused
    | Goodbye
)
