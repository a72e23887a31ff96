"""What the seats of a room have switched: camera, microphone, hand, screen. Told to those who see or hear the seat now.

A raised hand is a signal like any other, so it travels only where sound and pictures may: nothing of it between
members who fill in their sheets alone, nothing of those who only watch. Nothing is kept: each page tells it anew.
"""

from collections.abc import Callable

from server.domain.ids import Alias, Millis
from server.web.signal_frames import HandLowered, SeatShown, ShowSeat

Send = Callable[[SeatShown | HandLowered], None]
"Passes a frame to a seat's page."


class SeatBoard:
    """The seats of one room whose pages are connected."""

    def __init__(self) -> None:
        self._send: dict[Alias, Send] = {}
        self._shown: dict[Alias, ShowSeat] = {}
        self._hands: dict[Alias, Millis] = {}
        "Kept while a page comes back, so that the person does not lose the place."
        self._allowed: frozenset[tuple[Alias, Alias]] = frozenset()
        self._told: dict[tuple[Alias, Alias], SeatShown] = {}

    def join(self, alias: Alias, send: Send) -> None:
        """A page of a seat is there, in place of an earlier one: it is told of the others, and has to tell its own."""
        self._send[alias] = send
        self._shown.pop(alias, None)
        self._told = {pair: told for pair, told in self._told.items() if pair[1] != alias}
        self._tell()

    def leave(self, alias: Alias) -> None:
        """The page is gone."""
        self._send.pop(alias, None)
        self._shown.pop(alias, None)

    def show(self, alias: Alias, shown: ShowSeat, now: Millis) -> None:
        """A page tells what its person has switched."""
        self._shown[alias] = shown
        if shown.hand:
            self._hands.setdefault(alias, now)
        else:
            self._hands.pop(alias, None)
        self._tell()

    def lower(self, alias: Alias, by: Alias) -> None:
        """Lower the hand of a seat that the other one sees now; of no other seat, and no hand that is down."""
        if alias in self._hands and alias in self._shown and (alias, by) in self._allowed:
            del self._hands[alias]
            self._send[alias](HandLowered(by=by))
            self._tell()

    def allow(self, pairs: frozenset[tuple[Alias, Alias]]) -> None:
        """From now on these listeners see or hear these sources, (source, listener), and no others."""
        self._allowed = pairs
        self._tell()

    def _tell(self) -> None:
        """Send to everyone what has changed for them."""
        for source, listener in sorted(self._allowed):
            shown, send = self._shown.get(source), self._send.get(listener)
            if shown is None or send is None:
                continue
            frame = SeatShown(
                alias=source,
                camera=shown.camera,
                microphone=shown.microphone,
                hand=self._hands.get(source),
                screen=shown.screen,
            )
            if self._told.get((source, listener)) != frame:
                self._told[source, listener] = frame
                send(frame)
