"""Talks between members and the agent (与代理机构通话): asked for by a side, opened by the witness who listens.

No talk outlives a pause, the opening of a sheet that is filled in alone, or the leaving of one of its people: the
command that causes that ends the talk first. What the server alone can notice, it ends without a command.
Source: `domain.md` 2.3; 87号令, Art. 45; Hebei 2025 (`domain.md` 1.6).
"""

from collections.abc import Iterable, Iterator

from server.domain.agent_talk import Talk, TalkEnd, TalkRequest
from server.domain.commands import AskForTalk, EndTalk, OpenTalk
from server.domain.events import (
    AnyEvent,
    MemberReplaced,
    RoomClosed,
    RoomPaused,
    RoundOpened,
    SeatReleased,
    SheetReturned,
    TalkAsked,
    TalkEnded,
    TalkOpened,
)
from server.domain.ids import Alias
from server.domain.media_policy import may_confer
from server.domain.rejections import (
    AlreadyDone,
    NobodyAsks,
    NotForOthers,
    RoleMayNot,
    SeatNotConfirmed,
    SheetsOpen,
    TalkGoesOn,
    TalkNotRecorded,
)
from server.domain.roles import MEMBERS, Role
from server.domain.rules.checks import present_seat
from server.domain.state import RoomState
from server.domain.talk_policy import unrecorded


def ask(by: Alias, command: AskForTalk, room: RoomState) -> list[AnyEvent]:
    """Ask for a talk between the agent and a member, or the whole committee.

    Raises:
        SheetsOpen: a sheet is open that is filled in alone.
        SeatUnknown, SeatLeft, NotForOthers: it is not for the author to ask for this talk, or between nobody.
        AlreadyDone: the author asks already, or is in the talk that is open.
    """
    if not may_confer(room):
        raise SheetsOpen
    if not _may_ask(by, command, room):
        raise NotForOthers(by=by, agent=command.agent, member=command.member or "the committee")
    if by in room.talk_requests or (room.talk is not None and room.talk.asker == by):
        raise AlreadyDone
    return [TalkAsked(agent=command.agent, member=command.member, topic=command.topic)]


def _may_ask(by: Alias, command: AskForTalk, room: RoomState) -> bool:
    if present_seat(command.agent, room).role is not Role.AGENT:
        return False
    if command.member is not None and present_seat(command.member, room).role not in MEMBERS:
        return False
    return by == command.agent or (room.chair == by if command.member is None else command.member == by)


def open_talk(by: Alias, command: OpenTalk, room: RoomState) -> list[AnyEvent]:
    """Listen, and let those who asked for it talk.

    Raises:
        NobodyAsks: nobody of that alias does.
        TalkGoesOn: another talk is open.
        SheetsOpen: a sheet is open that is filled in alone.
        SeatNotConfirmed: the other side is not there.
        TalkNotRecorded: the sound of the agent, or of a single member, has to be recorded, and is not; a member of a
            committee that talks as a whole is then only not heard.
    """
    request = room.talk_requests.get(command.asker)
    if request is None:
        raise NobodyAsks(asker=command.asker)
    if room.talk is not None:
        raise TalkGoesOn
    if not may_confer(room):
        raise SheetsOpen
    named = (request.agent,) if request.member is None else (request.agent, request.member)
    for alias in named:
        if not room.seats[alias].confirmed:
            raise SeatNotConfirmed(alias=alias)
    missing = unrecorded(named, room)
    if missing:
        raise TalkNotRecorded(aliases=", ".join(missing))
    opened = TalkOpened(asker=command.asker, agent=request.agent, member=request.member, topic=request.topic)
    return [opened]


def end(by: Alias, command: EndTalk, room: RoomState) -> list[AnyEvent]:
    """End a talk, or what asks for one.

    Raises:
        NobodyAsks: there is none.
        RoleMayNot: it is another member's.
    """
    is_open = room.talk is not None and room.talk.asker == command.asker
    found = room.talk if is_open else room.talk_requests.get(command.asker)
    if found is None:
        raise NobodyAsks(asker=command.asker)
    role = room.seats[by].role
    if role in MEMBERS and not _has_part(by, found, room):
        raise RoleMayNot(command="end_talk", role=role, phase=room.phase)
    before = TalkEnd.WITHDRAWN if by == command.asker else TalkEnd.DECLINED
    return [_ended(command.asker, found, TalkEnd.ENDED if is_open else before)]


def _has_part(member: Alias, talk: Talk | TalkRequest, room: RoomState) -> bool:
    """Whether a member speaks for a side of the talk: for the committee the chair, or anybody before there is one."""
    return talk.member == member if talk.member is not None else room.chair in (None, member)


def ended_by(events: Iterable[AnyEvent], room: RoomState) -> list[AnyEvent]:
    """The ends of the talks and requests that these events leave no room for; they are written before them."""
    standing: dict[Alias, Talk | TalkRequest] = {**room.talk_requests}
    if room.talk is not None:
        standing = {room.talk.asker: room.talk, **standing}
    ends: list[AnyEvent] = []
    for event in events:
        for asker, end in list(_ends(event, standing)):
            ends.append(_ended(asker, standing.pop(asker), end))
    return ends


def _ends(event: AnyEvent, standing: dict[Alias, Talk | TalkRequest]) -> Iterator[tuple[Alias, TalkEnd]]:
    match event:
        case RoomPaused():
            yield from ((asker, TalkEnd.PAUSED) for asker in standing)
        case RoomClosed():
            yield from ((asker, TalkEnd.ROOM_CLOSED) for asker in standing)
        case RoundOpened(lot=str()) | SheetReturned():
            yield from ((asker, TalkEnd.SHEET_OPENED) for asker in standing)
        case SeatReleased(alias=leaver) | MemberReplaced(member=leaver):
            for asker, talk in standing.items():
                if leaver in _people(asker, talk):
                    yield asker, TalkEnd.SEAT_GIVEN_UP
        case _:
            pass


def _people(asker: Alias, talk: Talk | TalkRequest) -> set[Alias | None]:
    """Who is named for a talk."""
    return {asker, talk.agent, talk.member, talk.witness if isinstance(talk, Talk) else None}


def _ended(asker: Alias, talk: Talk | TalkRequest, end: TalkEnd) -> TalkEnded:
    return TalkEnded(asker=asker, agent=talk.agent, member=talk.member, end=end)
