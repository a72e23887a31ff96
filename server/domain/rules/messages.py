"""评委会文字交流: what members write to each other, under the rules of what they say to each other."""

from server.domain.commands import SendMessage
from server.domain.events import AnyEvent, MessageSent
from server.domain.media_policy import may_confer
from server.domain.rejections import MembersApart
from server.domain.rules.checks import require_text
from server.domain.state import RoomState


def send_message(command: SendMessage, room: RoomState) -> list[AnyEvent]:
    """Write to the committee.

    Raises:
        MembersApart: a sheet is open that is filled in alone.
        ReasonMissing, TextTooLong: it says nothing, or too much.
    """
    if not may_confer(room):
        raise MembersApart
    return [MessageSent(text=require_text(command.text, "text"))]
