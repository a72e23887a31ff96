"""How talks with the agent (与代理机构通话) are asked for, open and end."""

from typing import assert_never

from msgspec.structs import replace

from server.domain.agent_talk import PastTalk, Talk, TalkRequest
from server.domain.events import TalkAsked, TalkEnded, TalkOpened
from server.domain.ids import Alias
from server.domain.lines import Line
from server.domain.state import RoomState

TalkEvent = TalkAsked | TalkOpened | TalkEnded
"The events that change talks."


def apply(room: RoomState, event: TalkEvent, line: Line) -> RoomState:
    """The room after one more of these events, which stands in this line."""
    match event:
        case TalkAsked():
            request = TalkRequest(agent=event.agent, member=event.member, topic=event.topic, asked_at=line.head.at)
            return replace(room, talk_requests={**room.talk_requests, line.by: request})
        case TalkOpened():
            return replace(_without_request(room, event.asker), talk=_opened(event, line))
        case TalkEnded():
            return _ended(room, event, line)
        case _:
            assert_never(event)


def _opened(event: TalkOpened, line: Line) -> Talk:
    return Talk(
        asker=event.asker,
        agent=event.agent,
        member=event.member,
        topic=event.topic,
        witness=line.by,
        opened_at=line.head.at,
    )


def _ended(room: RoomState, event: TalkEnded, line: Line) -> RoomState:
    talk = room.talk
    if talk is not None and talk.asker == event.asker:
        topic, witness, began_at = talk.topic, talk.witness, talk.opened_at
        talk = None
    else:
        request = room.talk_requests[event.asker]
        topic, witness, began_at = request.topic, None, request.asked_at
    past = PastTalk(
        asker=event.asker,
        agent=event.agent,
        member=event.member,
        topic=topic,
        witness=witness,
        began_at=began_at,
        ended_at=line.head.at,
        end=event.end,
    )
    return replace(_without_request(room, event.asker), talk=talk, past_talks=(*room.past_talks, past))


def _without_request(room: RoomState, asker: Alias) -> RoomState:
    return replace(room, talk_requests={who: each for who, each in room.talk_requests.items() if who != asker})
