"""The main venue lets a member off a device's recording, for one sitting and with a reason that everybody sees."""

from server.domain.commands import WaiveRecording
from server.domain.events import AnyEvent, RecordingWaived
from server.domain.gates import awaited_tracks, is_waived
from server.domain.rejections import NothingToWaive
from server.domain.rules.checks import present_seat, require_text
from server.domain.state import RoomState


def waive_recording(command: WaiveRecording, room: RoomState) -> list[AnyEvent]:
    """Do not wait for a member's camera, microphone or desktop any more.

    Raises:
        SeatUnknown, SeatLeft: there is no such seat now.
        NothingToWaive: no sheet waits for it, or it is waived already.
        ReasonMissing, TextTooLong: no reason is given, or too long a one.
    """
    alias, kind = command.alias, command.kind
    present_seat(alias, room)
    if kind not in awaited_tracks(alias, room) or is_waived(alias, kind, room):
        raise NothingToWaive(alias=alias, kind=kind)
    return [RecordingWaived(alias=alias, kind=kind, reason=require_text(command.reason, "reason"))]
