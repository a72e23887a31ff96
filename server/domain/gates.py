"""What still blocks the next step, for the rule that refuses it and for the console that shows it."""

from typing import Final

from msgspec import Struct

from server.domain.committee import members
from server.domain.events import SigningEnd
from server.domain.ids import Alias, LotId, Millis
from server.domain.phases import Phase, Stage
from server.domain.recordings import MediaTrack
from server.domain.rejections import GateClosed
from server.domain.screen_policy import desktops
from server.domain.state import Report, RoomState, Seat


class Blocker(Struct, frozen=True, order=True):
    """One thing that is missing."""

    code: str
    "Stable; the client translates it."
    alias: Alias | None = None
    "Who has to act."


def election_blockers(room: RoomState) -> list[Blocker]:
    """What is missing before the chair can be elected."""
    return [blocker for alias in members(room) for blocker in _check_in_blockers(alias, room.seats[alias])]


def _check_in_blockers(alias: Alias, seat: Seat) -> list[Blocker]:
    facts = (
        (seat.key is None, "not_enrolled"),
        (seat.key is not None and not seat.confirmed, "not_confirmed"),
        (seat.conflict is None, "no_recusal_statement"),
        (seat.conflict is True, "conflict_of_interest"),
        (not seat.pledged, "no_pledge"),
    )
    return [Blocker(code, alias) for missing, code in facts if missing]


def stage_blockers(room: RoomState, lot: LotId, stage: Stage) -> list[Blocker]:
    """Whose sheets are missing before a stage can be concluded."""
    return [Blocker("sheet_pending", alias) for alias in room.lots[lot].stages[stage].pending]


def replacement_blockers(room: RoomState) -> list[Blocker]:
    """Why no member can be replaced any more: a successor would score knowing the prices."""
    opened = any(lot.prices_opened_at is not None for lot in room.lots.values())
    locked = any(lot.locked_at is not None for lot in room.lots.values())
    return [Blocker("prices_opened")] if opened or locked else []


RESULT_PHASES = frozenset({Phase.LOCKED, Phase.SIGNING, Phase.SEALED})
"Those of a lot whose result is locked."


def report_blockers(room: RoomState) -> list[Blocker]:
    """Why no report can be issued yet: it opens the names, so every lot's result must be locked."""
    is_open = any(lot.phase not in RESULT_PHASES for lot in room.lots.values())
    return [Blocker("result_open")] if is_open else []


def seal_blockers(room: RoomState, lot: LotId) -> list[Blocker]:
    """Who has not ended the signing of a lot's report."""
    report = room.lots[lot].report
    if report is None:
        return [Blocker("report_missing")]
    return [Blocker(code, member) for member in report.members if (code := _waits_for(member, report, room))]


def _waits_for(member: Alias, report: Report, room: RoomState) -> str | None:
    match report.ends.get(member):
        case None:
            return "signature_pending"
        case SigningEnd.REFUSED:
            return "refusal_not_minuted"
        case _:
            return "annex_pending" if owes_annex(member, report, room) else None


SIGNED_ENDS = frozenset({SigningEnd.SIGNED, SigningEnd.SIGNED_WITH_DISSENT})
"Those of a member whose signature stands in the report."


def owes_annex(member: Alias, report: Report, room: RoomState) -> bool:
    """Whether a member has signed the report under the alias, and not yet the annex that names the person."""
    return room.signs_under_aliases and report.ends.get(member) in SIGNED_ENDS and member not in report.annexes


RECORDING_GRACE_MS: Final = 10_000
"How long a track may be without a recording before its seat cannot hand in: a connection comes back within that."

_NOT_RECORDED: Final = {
    MediaTrack.VIDEO: "camera_not_recorded",
    MediaTrack.AUDIO: "microphone_not_recorded",
    MediaTrack.DESKTOP: "desktop_not_recorded",
}


def awaited_tracks(alias: Alias, room: RoomState) -> tuple[MediaTrack, ...]:
    """What of a member has to be recorded before a sheet is handed in."""
    if not room.waits_for_recording or alias not in members(room):
        return ()
    return (MediaTrack.VIDEO, MediaTrack.AUDIO, *((MediaTrack.DESKTOP,) if alias in desktops(room) else ()))


def recording_blockers(alias: Alias, room: RoomState, now: Millis) -> list[Blocker]:
    """What of a member is not recorded, though the room's policy asks for it before a sheet is handed in."""
    missed = (kind for kind in awaited_tracks(alias, room) if _is_missed(alias, kind, room, now))
    return [Blocker(_NOT_RECORDED[kind], alias) for kind in missed]


def _is_missed(alias: Alias, kind: MediaTrack, room: RoomState, now: Millis) -> bool:
    if is_waived(alias, kind, room):
        return False
    track = room.recordings.get(alias, {}).get(kind)
    return track is None or (track.gap is not None and now - track.since > RECORDING_GRACE_MS)


def is_recorded(alias: Alias, room: RoomState) -> bool:
    """Whether all that has to be is recorded of a member at this moment, or need not be."""
    tracks = room.recordings.get(alias, {})
    now = {kind for kind, track in tracks.items() if track.gap is None}
    return set(awaited_tracks(alias, room)) <= now | room.waivers.get(alias, {}).keys()


def is_waived(alias: Alias, kind: MediaTrack, room: RoomState) -> bool:
    """Whether the main venue has let a seat off this track's recording."""
    return kind in room.waivers.get(alias, {})


def require(blockers: list[Blocker]) -> None:
    """Pass an open gate.

    Raises:
        GateClosed: something is missing.
    """
    if blockers:
        raise GateClosed(blockers=", ".join(f"{b.alias}: {b.code}" if b.alias else b.code for b in blockers))
