"""Who hears whom in a talk with the agent, and when it may not go on.

In doubt, no packet: the record says that a talk is open and who listens; whether the witness hears the room and the
sound is recorded is looked at for every packet's way as well.
"""

from collections.abc import Collection, Iterable

from server.domain.agent_talk import TALK_LIMIT_MS, Talk, TalkEnd, TalkRequest
from server.domain.committee import members
from server.domain.ids import Alias, Millis
from server.domain.recordings import MediaTrack
from server.domain.state import RoomState


def sides_of(talk: Talk | TalkRequest, room: RoomState) -> tuple[Alias, ...]:
    """The agent, then the member, or all members who are there."""
    named = members(room) if talk.member is None else (talk.member,)
    return (talk.agent, *(alias for alias in named if room.seats[alias].confirmed))


def talk_pairs(room: RoomState, listening: Collection[Alias]) -> frozenset[tuple[Alias, Alias]]:
    """Every (source, listener) of the talk that is open, agent to members and back.

    Args:
        room: the room as its record tells it, in no pause and with no sheet open.
        listening: the seats that the room's sound reaches now.
    """
    talk = room.talk
    if talk is None or talk.witness not in listening:
        return frozenset()
    agent, *others = sides_of(talk, room)
    silent = unrecorded((agent, *others), room)
    both_ways = [pair for other in others for pair in ((agent, other), (other, agent))]
    return frozenset((source, listener) for source, listener in both_ways if source not in silent)


def unrecorded(aliases: Iterable[Alias], room: RoomState) -> tuple[Alias, ...]:
    """Those whose sound has to be recorded, and is not."""
    if not room.waits_for_recording:
        return ()
    return tuple(alias for alias in aliases if not _is_recorded(alias, room))


def _is_recorded(alias: Alias, room: RoomState) -> bool:
    track = room.recordings.get(alias, {}).get(MediaTrack.AUDIO)
    return track is not None and track.gap is None


def end_due(room: RoomState, listening: Collection[Alias], now: Millis) -> TalkEnd | None:
    """Why the server has to end the talk that is open now; none if it may go on.

    A member of a committee that talks as a whole may drop out of the recording and is then not heard; the agent, and
    a single member, may not.
    """
    talk = room.talk
    if talk is None:
        return None
    if talk.witness not in listening:
        return TalkEnd.WITNESS_GONE
    if unrecorded([alias for alias in (talk.agent, talk.member) if alias is not None], room):
        return TalkEnd.NOT_RECORDED
    return TalkEnd.TIME_OVER if now - talk.opened_at >= TALK_LIMIT_MS else None
