"""Every way the rules refuse a command. `code` is stable: the client translates it."""

from typing import ClassVar

from server.domain.errors import Rejection


class MalformedCommand(Rejection):
    code: ClassVar[str] = "malformed_command"
    sentence: ClassVar[str] = "This is no command the server knows: {detail}."


class ForeignRoom(Rejection):
    code: ClassVar[str] = "foreign_room"
    sentence: ClassVar[str] = "The command was signed for another room."


class ForeignAlias(Rejection):
    code: ClassVar[str] = "foreign_alias"
    sentence: ClassVar[str] = "The command speaks for {by}, the connection belongs to {alias}."


class BadSignature(Rejection):
    code: ClassVar[str] = "bad_signature"
    sentence: ClassVar[str] = "The signature does not fit the command."


class NumberNotRising(Rejection):
    code: ClassVar[str] = "number_not_rising"
    sentence: ClassVar[str] = "Command {n} is not above the last accepted one, {last}."


class CommandIdReused(Rejection):
    code: ClassVar[str] = "command_id_reused"
    sentence: ClassVar[str] = "Command {n} was accepted before with other content."


class NotRecorded(Rejection):
    code: ClassVar[str] = "not_recorded"
    sentence: ClassVar[str] = "The camera or the microphone of {alias} is not recorded, so nothing can be handed in."


class NothingToWaive(Rejection):
    code: ClassVar[str] = "nothing_to_waive"
    sentence: ClassVar[str] = "Nothing waits for the recording of {kind} of {alias}, or not any more."


class StaleView(Rejection):
    code: ClassVar[str] = "stale_view"
    sentence: ClassVar[str] = "The page has not seen the room's present phase yet."


class ForkedView(Rejection):
    code: ClassVar[str] = "forked_view"
    sentence: ClassVar[str] = "The page holds a record that is not a beginning of this room's."


class WrongPhase(Rejection):
    code: ClassVar[str] = "wrong_phase"
    sentence: ClassVar[str] = "{command} is not possible in the phase {phase}."


class RoleMayNot(Rejection):
    code: ClassVar[str] = "role_may_not"
    sentence: ClassVar[str] = "{command} is not for {role} in the phase {phase}."


class SeatUnknown(Rejection):
    code: ClassVar[str] = "seat_unknown"
    sentence: ClassVar[str] = "There is no seat {alias} in this room."


class SeatLeft(Rejection):
    code: ClassVar[str] = "seat_left"
    sentence: ClassVar[str] = "{alias} has been replaced and takes no part any more."


class SeatTaken(Rejection):
    code: ClassVar[str] = "seat_taken"
    sentence: ClassVar[str] = "{alias} is open on another device; the venue's operator can move the seat."


class SeatNotEnrolled(Rejection):
    code: ClassVar[str] = "seat_not_enrolled"
    sentence: ClassVar[str] = "{alias} has no key in this room, or another one."


class SeatNotConfirmed(Rejection):
    code: ClassVar[str] = "seat_not_confirmed"
    sentence: ClassVar[str] = "The venue's operator has not confirmed {alias} yet."


class SeatAlreadyConfirmed(Rejection):
    code: ClassVar[str] = "seat_already_confirmed"
    sentence: ClassVar[str] = "{alias} is confirmed already."


class OtherVenue(Rejection):
    code: ClassVar[str] = "other_venue"
    sentence: ClassVar[str] = "{alias} sits at another venue."


class KeyUnusable(Rejection):
    code: ClassVar[str] = "key_unusable"
    sentence: ClassVar[str] = "The key is not the one that signed, or was in use in this room before."


class AliasUsed(Rejection):
    code: ClassVar[str] = "alias_used"
    sentence: ClassVar[str] = "The alias {alias} was given before, or is not of the form E1."


class ReasonMissing(Rejection):
    code: ClassVar[str] = "reason_missing"
    sentence: ClassVar[str] = "A reason is required: {where}."


class ReasonUnasked(Rejection):
    code: ClassVar[str] = "reason_unasked"
    sentence: ClassVar[str] = "No reason is asked for here: {where}."


class TextTooLong(Rejection):
    code: ClassVar[str] = "text_too_long"
    sentence: ClassVar[str] = "The text has {length} characters; at most {limit} are possible."


class AlreadyDone(Rejection):
    code: ClassVar[str] = "already_done"
    sentence: ClassVar[str] = "This has been done already."


class GateClosed(Rejection):
    code: ClassVar[str] = "gate_closed"
    sentence: ClassVar[str] = "The next step is not open yet: {blockers}."


class NotEligible(Rejection):
    code: ClassVar[str] = "not_eligible"
    sentence: ClassVar[str] = "{alias} cannot be elected chair."


class NotYetCheckedIn(Rejection):
    code: ClassVar[str] = "not_checked_in"
    sentence: ClassVar[str] = "{alias} has not finished the check-in."


class WrongRound(Rejection):
    code: ClassVar[str] = "wrong_round"
    sentence: ClassVar[str] = "Round {round} is not open; the present one is {open}."


class MembersApart(Rejection):
    code: ClassVar[str] = "members_apart"
    sentence: ClassVar[str] = "Members write to each other only while no sheet is filled in alone."


class SheetsOpen(Rejection):
    code: ClassVar[str] = "sheets_open"
    sentence: ClassVar[str] = "There is no talk with the agent while a sheet is filled in alone."


class NotForOthers(Rejection):
    code: ClassVar[str] = "not_for_others"
    sentence: ClassVar[str] = "{by} cannot ask for a talk between {agent} and {member}."


class NobodyAsks(Rejection):
    code: ClassVar[str] = "nobody_asks"
    sentence: ClassVar[str] = "{asker} asks for no talk, and none is open that {asker} had asked for."


class TalkGoesOn(Rejection):
    code: ClassVar[str] = "talk_goes_on"
    sentence: ClassVar[str] = "Another talk with the agent is open; there is one at a time."


class TalkNotRecorded(Rejection):
    code: ClassVar[str] = "talk_not_recorded"
    sentence: ClassVar[str] = "The sound of {aliases} is not recorded, so no talk can begin."


class NothingToHandIn(Rejection):
    code: ClassVar[str] = "nothing_to_hand_in"
    sentence: ClassVar[str] = "{alias} has handed in already, or has no sheet in this round."


class LotUnknown(Rejection):
    code: ClassVar[str] = "lot_unknown"
    sentence: ClassVar[str] = "There is no lot {lot} in this room."


class SheetIncomplete(Rejection):
    code: ClassVar[str] = "sheet_incomplete"
    sentence: ClassVar[str] = "The sheet has no entry for {where}."


class SheetForeign(Rejection):
    code: ClassVar[str] = "sheet_foreign"
    sentence: ClassVar[str] = "The sheet has an entry that is not asked for: {where}."


class NothingToSign(Rejection):
    code: ClassVar[str] = "nothing_to_sign"
    sentence: ClassVar[str] = "{alias} has ended the signing already, or is not asked to sign."


class NothingToMinute(Rejection):
    code: ClassVar[str] = "nothing_to_minute"
    sentence: ClassVar[str] = "{member} has ended the signing already, or is not asked to sign."


class ReportVersionPassed(Rejection):
    code: ClassVar[str] = "report_version_passed"
    sentence: ClassVar[str] = "Version {version} of the report is not the present one."


class DocumentMoved(Rejection):
    code: ClassVar[str] = "document_moved"
    sentence: ClassVar[str] = "Somebody else has signed in the meantime; sign again."


class DocumentKeyMissing(Rejection):
    code: ClassVar[str] = "document_key_missing"
    sentence: ClassVar[str] = "{alias} has no certificate to sign documents with, or it has expired."


class VenueUnknown(Rejection):
    code: ClassVar[str] = "venue_unknown"
    sentence: ClassVar[str] = "There is no venue {venue} in this room."


class ForeignVenue(Rejection):
    code: ClassVar[str] = "foreign_venue"
    sentence: ClassVar[str] = "Cameras of the venue {venue} are for its own operator and the main venue's."


class CameraUnknown(Rejection):
    code: ClassVar[str] = "camera_unknown"
    sentence: ClassVar[str] = "There is no room camera {alias} in this room, or it has been taken away."


class TooManyCameras(Rejection):
    code: ClassVar[str] = "too_many_cameras"
    sentence: ClassVar[str] = "A room has at most {limit} room cameras at a time."


class WallUnknown(Rejection):
    code: ClassVar[str] = "wall_unknown"
    sentence: ClassVar[str] = "There is no pass {wall} for a wall in this room, or it has ended."


class WallTokenUsed(Rejection):
    code: ClassVar[str] = "wall_token_used"
    sentence: ClassVar[str] = "Another pass of this room has the same token; draw a new one."


class TooManyWalls(Rejection):
    code: ClassVar[str] = "too_many_walls"
    sentence: ClassVar[str] = "A room has at most {limit} passes for walls at a time."


class NobodyCalls(Rejection):
    code: ClassVar[str] = "nobody_calls"
    sentence: ClassVar[str] = "{alias} does not call the staff, or the call has been answered."


class CannotReturn(Rejection):
    code: ClassVar[str] = "cannot_return"
    sentence: ClassVar[str] = "There is no revealed sheet of {member} that can be returned."
