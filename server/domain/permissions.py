"""Which role may ask for what, in which phase: the table phase × command → roles.

A command that is not in a phase's row is refused there for everybody. While a room is paused the row `paused` decides
about every command; while it is in evaluation a lot's own phase decides about the commands of that lot.
"""

from collections.abc import Iterable, Mapping
from typing import Final

from server.domain import commands as c
from server.domain.phases import Phase
from server.domain.roles import CALLERS, MEMBERS, OPERATORS, Role
from server.domain.state import RoomState

_EVERY_ROLE: Final = frozenset(Role) - {Role.CHAIR}
_HOST: Final = frozenset({Role.HOST_OPERATOR})
_CHAIR: Final = frozenset({Role.CHAIR})
_SUPERVISOR: Final = frozenset({Role.SUPERVISOR})
_OPEN: Final = frozenset(Phase) - {Phase.CLOSED}
_GATHERED: Final = frozenset({Phase.CHECK_IN, Phase.CHAIR_ELECTION, Phase.EVALUATION})

_ROWS: Final[tuple[tuple[type[c.AnyCommand], Iterable[Phase], frozenset[Role]], ...]] = (
    (c.EnrolSeat, _OPEN, _EVERY_ROLE),
    (c.ConfirmSeat, _OPEN, OPERATORS),
    (c.ReleaseSeat, _OPEN, OPERATORS),
    (c.OpenCheckIn, (Phase.PREPARED,), _HOST),
    (c.StateRecusal, _GATHERED, MEMBERS),
    (c.MakePledge, _GATHERED, MEMBERS),
    (c.ReplaceMember, _GATHERED, _HOST),
    (c.OpenElection, (Phase.CHECK_IN,), _HOST),
    (c.CastBallot, (Phase.CHAIR_ELECTION,), MEMBERS),
    (c.HandInExamination, (Phase.EXAMINATION,), MEMBERS),
    (c.ConcludeExamination, (Phase.EXAMINATION,), _CHAIR),
    (c.HandInScores, (Phase.SCORING,), MEMBERS),
    (c.ReturnSheet, (Phase.EXAMINATION, Phase.SCORING, Phase.PRICES), _CHAIR),
    (c.ScorePrices, (Phase.PRICES,), _CHAIR),
    (c.LockResult, (Phase.SUMMARY,), _CHAIR),
    (c.IssueReport, (Phase.LOCKED, Phase.SIGNING), _CHAIR),
    (c.EnrolDocumentKey, (Phase.EVALUATION,), MEMBERS),
    (c.SignReport, (Phase.SIGNING,), MEMBERS),
    (c.SignAnnex, (Phase.SIGNING,), MEMBERS),
    (c.RefuseReport, (Phase.SIGNING,), MEMBERS),
    (c.MinuteRefusal, (Phase.SIGNING,), _CHAIR),
    (c.SealReport, (Phase.SIGNING,), _CHAIR),
    (c.CallStaff, _OPEN, CALLERS),
    (c.AnswerCall, _OPEN, OPERATORS),
    (c.SendMessage, _GATHERED, MEMBERS),
    (c.AskForTalk, _GATHERED, MEMBERS | {Role.AGENT}),
    (c.OpenTalk, _GATHERED, frozenset({Role.WITNESS})),
    (c.EndTalk, _GATHERED, MEMBERS | _HOST | {Role.AGENT, Role.WITNESS}),
    (c.ReportPrecheck, _OPEN, CALLERS | OPERATORS),
    (c.AddRoomCamera, _OPEN, OPERATORS),
    (c.RemoveRoomCamera, _OPEN, OPERATORS),
    (c.GiveWallPass, _OPEN, _SUPERVISOR),
    (c.WithdrawWallPass, _OPEN, _SUPERVISOR),
    (c.WaiveRecording, _GATHERED, _HOST),
    (c.PauseRoom, _GATHERED, _HOST),
    (c.ResumeRoom, (Phase.PAUSED,), _HOST),
    (c.CloseRoom, _OPEN, _HOST),
)

ALLOWED: Final[Mapping[Phase, Mapping[type[c.AnyCommand], frozenset[Role]]]] = {
    phase: {command: roles for command, phases, roles in _ROWS if phase in phases} for phase in Phase
}
"The table, phase by phase."


def phase_of(command: c.AnyCommand, room: RoomState) -> Phase:
    """The phase whose row decides about this command."""
    if room.paused is not None:
        return Phase.PAUSED
    lot = room.lots.get(command.lot) if isinstance(command, c.LotCommand) else None
    return lot.phase if lot is not None and room.phase is Phase.EVALUATION else room.phase
