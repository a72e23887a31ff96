"""Replacing a member: the conclusions are void, the substitute evaluates anew. Source: 实施条例, Art. 48."""

import re
from typing import Final

from server.domain.commands import ReplaceMember
from server.domain.committee import members, next_round
from server.domain.events import (
    AnyEvent,
    LotPhaseChanged,
    MemberReplaced,
    PersonSealed,
    PhaseChanged,
    RoundOpened,
    SeatPlanned,
)
from server.domain.gates import replacement_blockers, require
from server.domain.ids import Alias, LotId
from server.domain.phases import Phase, Stage
from server.domain.plan import Person
from server.domain.rejections import AliasUsed, SeatUnknown
from server.domain.rules.checks import limited, present_seat, require_text
from server.domain.rules.election import election_round
from server.domain.state import LotState, RoomState

ALIAS_FORM: Final = re.compile(r"[A-Z]{1,2}[1-9][0-9]{0,2}")
"A capital letter or two for the role, then a number."


def replace_member(command: ReplaceMember, room: RoomState) -> list[AnyEvent]:
    """Put the successor in the member's place and open what the successor has to fill in."""
    require(replacement_blockers(room))
    seat = present_seat(command.member, room)
    if command.member not in members(room):
        raise SeatUnknown(alias=command.member)
    used = room.seats.keys() | room.cameras.keys()
    if command.successor in used or not ALIAS_FORM.fullmatch(command.successor):
        raise AliasUsed(alias=command.successor)
    reason = require_text(command.reason, "reason")
    events: list[AnyEvent] = [
        MemberReplaced(member=command.member, successor=command.successor, reason=reason),
        SeatPlanned(alias=command.successor, role=seat.role, venue=seat.venue),
        PersonSealed(alias=command.successor, person=_checked(command.person)),
    ]
    for name, lot in room.lots.items():
        events += _examine_again(name, lot, command.successor)
    return [*events, *_elect_again(command, room)]


def _checked(person: Person) -> Person:
    return Person(
        name=require_text(person.name, "person.name"),
        organisation=limited(person.organisation),
        title=limited(person.title),
    )


def _examine_again(name: LotId, lot: LotState, successor: Alias) -> list[AnyEvent]:
    stage = lot.stages[Stage.EXAMINATION]
    if not stage.rounds:
        return []
    opened = RoundOpened(lot=name, stage=Stage.EXAMINATION, round=next_round(stage), members=(successor,))
    if lot.phase is Phase.EXAMINATION:
        return [opened]
    return [LotPhaseChanged(lot=name, phase=Phase.EXAMINATION), opened]


def _elect_again(command: ReplaceMember, room: RoomState) -> list[AnyEvent]:
    """Another election where one is under way or the chair is the one who leaves."""
    voters = (*(alias for alias in members(room) if alias != command.member), command.successor)
    if room.phase is Phase.CHAIR_ELECTION:
        return [election_round(voters, room)]
    if room.chair == command.member:
        return [PhaseChanged(phase=Phase.CHAIR_ELECTION), election_round(voters, room)]
    return []
