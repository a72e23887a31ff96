"""What passes over `/rooms/{id}/signal`: the media offers of the server and the answers of the page."""

from enum import StrEnum

from server.domain.ids import Alias, Digest, Millis
from server.session.frames import FromSeat, Goodbye, Refused, ToSeat

SIGNAL_PROTOCOL = "lianping-signal-1"
"The WebSocket subprotocol; its number rises with every change that an older side cannot read."


class JoinMedia(FromSeat, frozen=True, kw_only=True, tag="join_media"):
    """The first frame: who I am. Offers follow as soon as the seat is confirmed."""

    token: str
    key: Digest | None
    proof: bytes | None
    "As in `join`."


class MediaAnswer(FromSeat, frozen=True, kw_only=True, tag="media_answer"):
    """The answer to the offer of the same connection and revision."""

    connection: int
    revision: int
    sdp: str


class RestartMedia(FromSeat, frozen=True, kw_only=True, tag="restart_media"):
    """The network has changed: offer again, with new ICE credentials."""


class Switch(StrEnum):
    """Where a seat's camera or microphone stands, as its page says."""

    ON = "on"
    OFF = "off"
    "The person at the seat has switched it off."
    FAILED = "failed"
    "There is none, or the page may not use it."


class ShowSeat(FromSeat, frozen=True, kw_only=True, tag="show_seat"):
    """What the person at the seat has switched, all of it: passed on to those who see and hear the seat, never kept."""

    camera: Switch
    microphone: Switch
    hand: bool
    "Whether the person asks to speak."


class LowerHand(FromSeat, frozen=True, kw_only=True, tag="lower_hand"):
    """The chair or the main venue's operator has given somebody the floor, or takes note of the raised hand."""

    alias: Alias


AnySignalFromSeat = JoinMedia | MediaAnswer | RestartMedia | ShowSeat | LowerHand


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


class SeatShown(ToSeat, frozen=True, kw_only=True, tag="seat_shown"):
    """What a seat that this one sees and hears has switched; also told as soon as it is seen and heard again."""

    alias: Alias
    camera: Switch
    microphone: Switch
    hand: Millis | None
    "Since when the hand is raised, by the server's clock."


class HandLowered(ToSeat, frozen=True, kw_only=True, tag="hand_lowered"):
    """Somebody has lowered this seat's hand."""

    by: Alias


AnySignalToSeat = MediaOffer | MediaConnected | MediaGone | SeatShown | HandLowered | Refused | Goodbye
