"""Probes: media rooms of one page each, in which what it sends comes back to itself (入场前检测).

A probe is two connections of the same page, so that real packets take the seat's own way there and back, through the
forwarder that the sitting will use. Nobody else is in such a room, and no rule of a sitting is touched by it.
"""

import secrets
from collections.abc import Callable
from typing import Final

from server.domain.errors import Rejection
from server.domain.ids import RoomId
from server.web.signal_frames import MediaAnswer, MediaConnected, MediaGone, MediaOffer
from signaling.messages import (
    Answer,
    Away,
    CloseRoom,
    Connected,
    FromMedia,
    Gone,
    Join,
    Offer,
    OpenRoom,
    SetPolicy,
    ToMedia,
    Track,
)

MOST: Final = 24
"At a time: each costs the media process about a seat's own picture."

SENDER: Final = "P1"
TAKER: Final = "P2"
TRIED: Final[tuple[Track, ...]] = ("audio", "video")

PassOn = Callable[[MediaOffer | MediaConnected | MediaGone], None]


class ProbesBusy(Rejection):
    """As many seats as can be are being tried now."""

    code = "probes_busy"
    sentence = "Many seats are being tried just now; try again in a minute."


class MediaProbes:
    """The probes of one media process.

    Args:
        tell: sends a message to the process; without one it is lost.
    """

    def __init__(self, tell: Callable[[ToMedia], object]) -> None:
        self._tell = tell
        self._pages: dict[RoomId, PassOn] = {}
        self._trying: set[RoomId] = set()
        "Those that have asked for a way."
        self._ends: dict[int, str] = {}
        "Which end of its probe a connection is."

    def open(self, pass_on: PassOn) -> RoomId:
        """A new probe, whose page is told what comes.

        Raises:
            ProbesBusy: there are too many.
        """
        if len(self._pages) >= MOST:
            raise ProbesBusy
        probe = RoomId(f"probe-{secrets.token_hex(8)}")
        self._pages[probe] = pass_on
        self._prepare(probe)
        return probe

    def close(self, probe: RoomId) -> None:
        """End both connections."""
        del self._pages[probe]
        self._trying.discard(probe)
        self._tell(CloseRoom(room=probe))

    def try_way(self, probe: RoomId) -> None:
        """Offer a new pair of connections in place of those before."""
        self._trying.add(probe)
        self._tell(Join(room=probe, alias=SENDER, publishes=list(TRIED), sources=[]))
        self._tell(Join(room=probe, alias=TAKER, publishes=[], sources=[(SENDER, track) for track in TRIED]))

    def answer(self, probe: RoomId, answer: MediaAnswer) -> None:
        """Hand on the page's answer; one to a connection that has ended is dropped."""
        end = self._ends.get(answer.connection)
        if end is not None:
            self._tell(
                Answer(room=probe, alias=end, connection=answer.connection, revision=answer.revision, sdp=answer.sdp)
            )

    def begin_again(self) -> None:
        """Tell a fresh process of the probes, and offer once more what was asked for."""
        for probe in self._pages:
            self._prepare(probe)
        for probe in self._trying:
            self.try_way(probe)

    def hear(self, message: FromMedia) -> bool:
        """Take what the process says, if it is about a probe."""
        match message:
            case Offer(room=room) | Connected(room=room) | Gone(room=room) if room.startswith("probe-"):
                self._hear_of(RoomId(room), message)
                return True
            case Away(room=room):
                return room.startswith("probe-")
            case _:
                return False

    def _hear_of(self, probe: RoomId, message: Offer | Connected | Gone) -> None:
        pass_on = self._pages.get(probe, _nobody)
        match message:
            case Offer():
                self._ends[message.connection] = message.alias
                pass_on(MediaOffer(connection=message.connection, revision=message.revision, sdp=message.sdp))
            case Connected():
                pass_on(MediaConnected(connection=message.connection))
            case Gone():
                self._ends.pop(message.connection, None)
                pass_on(MediaGone(connection=message.connection, reason=message.reason))

    def _prepare(self, probe: RoomId) -> None:
        self._tell(OpenRoom(room=probe))
        self._tell(SetPolicy(room=probe, version=1, allowed=[(SENDER, TAKER, track) for track in TRIED]))


def _nobody(_: MediaOffer | MediaConnected | MediaGone) -> None:
    """The page has left."""
