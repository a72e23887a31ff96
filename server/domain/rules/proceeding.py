"""The room as a whole: pause, resume, close."""

from server.domain.commands import CloseRoom, PauseRoom
from server.domain.events import AnyEvent, RoomClosed, RoomPaused, RoomResumed
from server.domain.rules.checks import require_text


def pause(command: PauseRoom) -> list[AnyEvent]:
    """Stop everything but seats."""
    return [RoomPaused(reason=require_text(command.reason, "reason"))]


def resume() -> list[AnyEvent]:
    """Go on where the room stood."""
    return [RoomResumed()]


def close(command: CloseRoom) -> list[AnyEvent]:
    """End the room for good."""
    return [RoomClosed(reason=require_text(command.reason, "reason"))]
