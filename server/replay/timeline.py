"""Since when each line of a room was visible to whom: what its feeds sent, worked out from the log.

A line that somebody may see stays visible to them for ever, so one number a line and alias says all: the line by whose
arrival it became so. Each line is judged once for each alias when it comes, and a hidden one again only when an event
comes that can open it: the work grows with the log, not with its square.
"""

from collections.abc import Iterable

from server.domain.events import MemberReplaced, SeatPlanned
from server.domain.fold import apply
from server.domain.ids import Alias, Seq
from server.domain.lines import Line
from server.domain.state import EMPTY, RoomState
from server.domain.visibility import Opening, Viewer, awaited_opening, is_visible, opening_of, viewer_of

Since = dict[Seq, Seq]
"By place of a line: the place of the line by whose arrival it became visible. Hidden lines are not in it."


class _Watcher:
    """One alias while it is in the room."""

    def __init__(self, viewer: Viewer) -> None:
        self.since: Since = {}
        self._viewer = viewer
        self._waiting: dict[Opening, list[Line]] = {}
        "Hidden lines by what can open them."

    def look(self, line: Line, now: Seq, room: RoomState) -> None:
        """Judge a line when the line at `now` has come."""
        if is_visible(line, self._viewer, room):
            self.since[line.seq] = now
        elif (opening := awaited_opening(line, self._viewer)) is not None:
            self._waiting.setdefault(opening, []).append(line)

    def look_again(self, opening: Opening, now: Seq, room: RoomState) -> None:
        """Judge the lines again that wait for this."""
        for line in self._waiting.pop(opening, ()):
            self.look(line, now, room)


def visible_since(lines: Iterable[Line]) -> dict[Alias, Since]:
    """For everyone who ever had a seat; at the opening nobody sees anything before the own seat is planned."""
    room, past = EMPTY, list[Line]()
    present: dict[Alias, _Watcher] = {}
    since: dict[Alias, Since] = {}
    for line in lines:
        room = apply(room, line)
        past.append(line)
        opening = opening_of(line.event)
        for watcher in present.values():
            if opening is not None:
                watcher.look_again(opening, line.seq, room)
            watcher.look(line, line.seq, room)
        match line.event:
            case SeatPlanned(alias=alias):
                watcher = present[alias] = _Watcher(viewer_of(alias, room))
                since[alias] = watcher.since
                for each in past:
                    watcher.look(each, line.seq, room)
            case MemberReplaced(member=alias):
                del present[alias]
            case _:
                pass
    return since
