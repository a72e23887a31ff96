"""What happened in a room. Facts with different audiences are different events, so nothing is hidden inside one.

An event knows neither its author, time nor place: those belong to its line (`lines.py`).
"""

from enum import StrEnum
from typing import ClassVar, Final

from msgspec import Struct

from server.domain.agent_talk import TalkEnd, TalkTopic
from server.domain.audiences import Audience
from server.domain.commands import MeasuredLine, PrecheckMark, PrecheckPart, StaffNeed, Verdict
from server.domain.ids import Alias, BidAlias, CheckId, CriterionId, Digest, LotId, RoomId, VenueId, WallId
from server.domain.phases import Phase, Stage
from server.domain.plan import Continues, DocumentFile, LotPlan, Person, Policy, Regime, Venue
from server.domain.recordings import GapReason, MediaTrack, RecordedPieces, TrackCheck
from server.domain.roles import Role
from server.domain.scoring import DrawKind, MembersResult, Offer, PricesResult, Ranking

RULES_VERSION: Final = 1
"Named by a room's first event; `apply` and `decide` judge a log by the rules it was born with."


class Event(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="type"):
    """The root of all events."""

    audience: ClassVar[Audience] = Audience.EVERYONE
    personal: ClassVar[bool] = False
    "Holds personal data or free text: erasing its line keeps the leaf hash."


class RoomOpened(Event, frozen=True, kw_only=True, tag="room_opened"):
    """The first event: everything by which the rest is judged."""

    rules: int
    room: RoomId
    title: str
    regime: Regime
    policy: Policy
    venues: dict[VenueId, Venue]
    lots: dict[LotId, LotPlan]
    pledge: str
    "The text that members accept at the check-in."
    log_key: str
    "C2SP vkey of the key that signs the room's checkpoints."
    witnesses: tuple[str, ...]
    "C2SP vkeys of the venues' witnesses."
    quorum: int
    "How many of them must cosign a checkpoint before it counts as witnessed."
    client: Digest | None
    "SHA-256 over the client build that the server serves; none when it serves none."
    time_zone: str
    "For display only."
    continues: Continues | None


class SeatPlanned(Event, frozen=True, kw_only=True, tag="seat_planned"):
    """A seat is kept for one person, known in the room by the alias."""

    alias: Alias
    role: Role
    venue: VenueId


class PersonSealed(Event, frozen=True, kw_only=True, tag="person_sealed"):
    """Who the alias is."""

    audience: ClassVar[Audience] = Audience.PERSON
    personal: ClassVar[bool] = True

    alias: Alias
    person: Person


class BiddersListed(Event, frozen=True, kw_only=True, tag="bidders_listed"):
    """The bidders' names in alphabetical order, for the recusal statement; which bid is whose stays sealed."""

    names: tuple[str, ...]


class BidSealed(Event, frozen=True, kw_only=True, tag="bid_sealed"):
    """Who made a bid, and its price."""

    audience: ClassVar[Audience] = Audience.BID_IDENTITY

    lot: LotId
    bid: BidAlias
    bidder: str
    offer: Offer
    "In the currency of the tender document."


class BidFileListed(Event, frozen=True, kw_only=True, tag="bid_file_listed"):
    """A file of a bid that the committee reads."""

    audience: ClassVar[Audience] = Audience.BID_FILE

    lot: LotId
    bid: BidAlias
    title: str
    file: DocumentFile
    "A PDF."


class SeatEnrolled(Event, frozen=True, kw_only=True, tag="seat_enrolled"):
    """A device's command key now speaks for the alias."""

    alias: Alias
    key: Digest
    spki: bytes
    certificate: bytes
    "DER; issued by the venue where the person sits; names alias and room only."


class SeatConfirmed(Event, frozen=True, kw_only=True, tag="seat_confirmed"):
    """The venue's operator vouches that the key is with the right person."""

    alias: Alias
    key: Digest


class SeatReleased(Event, frozen=True, kw_only=True, tag="seat_released"):
    """The alias's key is revoked so that the person can go on at another device."""

    personal: ClassVar[bool] = True

    alias: Alias
    key: Digest
    reason: str


class PhaseChanged(Event, frozen=True, kw_only=True, tag="phase_changed"):
    """The room is in another phase."""

    phase: Phase


class LotPhaseChanged(Event, frozen=True, kw_only=True, tag="lot_phase_changed"):
    """A lot is in another phase."""

    lot: LotId
    phase: Phase


class RecusalStated(Event, frozen=True, kw_only=True, tag="recusal_stated"):
    """A member has said whether there is a ground for recusal."""

    conflict: bool


class RecusalGrounds(Event, frozen=True, kw_only=True, tag="recusal_grounds"):
    """Why a member must be recused."""

    audience: ClassVar[Audience] = Audience.GROUNDS
    personal: ClassVar[bool] = True

    grounds: str


class PledgeMade(Event, frozen=True, kw_only=True, tag="pledge_made"):
    """A member has accepted the pledge of the room's first event."""


class MemberReplaced(Event, frozen=True, kw_only=True, tag="member_replaced"):
    """A member has left; the conclusions are void and the successor evaluates anew. Source: 实施条例, Art. 48."""

    personal: ClassVar[bool] = True

    member: Alias
    successor: Alias
    reason: str


class RoundOpened(Event, frozen=True, kw_only=True, tag="round_opened"):
    """These members now fill in a sheet, each alone. `lot` is none for the election."""

    lot: LotId | None
    stage: Stage
    round: int
    "Starts at 1."
    members: tuple[Alias, ...]


class BallotCast(Event, frozen=True, kw_only=True, tag="ballot_cast"):
    """A member's vote for the chair."""

    audience: ClassVar[Audience] = Audience.BALLOT

    round: int
    candidate: Alias


class SheetHandedIn(Event, frozen=True, kw_only=True, tag="sheet_handed_in"):
    """A member finished a sheet; its content is in an event that is hidden until the reveal."""

    lot: LotId | None
    stage: Stage
    round: int


class StageRevealed(Event, frozen=True, kw_only=True, tag="stage_revealed"):
    """All have handed in: the round's earlier lines open."""

    lot: LotId | None
    stage: Stage
    round: int


class ChairElected(Event, frozen=True, kw_only=True, tag="chair_elected"):
    """The member with the most votes leads the committee, with one vote like the others."""

    chair: Alias
    round: int
    votes: dict[Alias, int]


class SheetExamined(Event, frozen=True, kw_only=True, tag="sheet_examined"):
    """A member's findings of the preliminary examination."""

    audience: ClassVar[Audience] = Audience.SHEET
    personal: ClassVar[bool] = True

    lot: LotId
    round: int
    verdicts: dict[BidAlias, dict[CheckId, Verdict]]


class Tally(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the committee judged one check of one bid."""

    passed: bool
    in_favour: int
    against: int


class ExaminationConcluded(Event, frozen=True, kw_only=True, tag="examination_concluded"):
    """The majority's findings, with the minuted reasons. Source: 12号令; 87号令, Art. 51 to 53."""

    audience: ClassVar[Audience] = Audience.RESULT
    personal: ClassVar[bool] = True

    lot: LotId
    tallies: dict[BidAlias, dict[CheckId, Tally]]
    rejected: dict[BidAlias, str]
    "The rejected bids with their reasons."
    competition: str


class BidsAdmitted(Event, frozen=True, kw_only=True, tag="bids_admitted"):
    """The bids that go on to scoring, in the tender's order."""

    lot: LotId
    bids: tuple[BidAlias, ...]


class SheetScored(Event, frozen=True, kw_only=True, tag="sheet_scored"):
    """A member's points."""

    audience: ClassVar[Audience] = Audience.SHEET

    lot: LotId
    round: int
    points: dict[BidAlias, dict[CriterionId, str]]
    "Decimal strings in the criterion's unit."


class SheetReturned(Event, frozen=True, kw_only=True, tag="sheet_returned"):
    """The chair gives a revealed sheet back; `round` is the one in which it is handed in again."""

    lot: LotId
    stage: Stage
    round: int
    member: Alias


class ReturnGrounds(Event, frozen=True, kw_only=True, tag="return_grounds"):
    """Why the chair gives a sheet back; it may speak of the points."""

    audience: ClassVar[Audience] = Audience.DELIBERATION
    personal: ClassVar[bool] = True

    lot: LotId
    stage: Stage
    member: Alias
    reason: str


class MembersScored(Event, frozen=True, kw_only=True, tag="members_scored"):
    """What the members' points come to, with the calculation, which names each member's points."""

    audience: ClassVar[Audience] = Audience.DELIBERATION

    lot: LotId
    round: int
    result: MembersResult


class LotDrawn(Event, frozen=True, kw_only=True, tag="lot_drawn"):
    """A draw (摇号) that the scheme asks for, as it came out."""

    audience: ClassVar[Audience] = Audience.RESULT

    lot: LotId
    draw: DrawKind
    order: tuple[str, ...]


class PricesOpened(Event, frozen=True, kw_only=True, tag="prices_opened"):
    """Bidders and prices of the lot open to the committee."""

    lot: LotId


class PricesScored(Event, frozen=True, kw_only=True, tag="prices_scored"):
    """What the prices come to, with the calculation."""

    audience: ClassVar[Audience] = Audience.RESULT

    lot: LotId
    result: PricesResult


class BidsRanked(Event, frozen=True, kw_only=True, tag="bids_ranked"):
    """The ranking, with the tie steps taken."""

    audience: ClassVar[Audience] = Audience.RESULT

    lot: LotId
    ranking: Ranking


class ResultLocked(Event, frozen=True, kw_only=True, tag="result_locked"):
    """Nothing changes the ranking any more."""

    lot: LotId


class NamesOpened(Event, frozen=True, kw_only=True, tag="names_opened"):
    """All results are locked: where the room's policy says so, the names open for the signing."""


class DocumentKeyCertified(Event, frozen=True, kw_only=True, tag="document_key_certified", omit_defaults=True):
    """A device's document key signs for the person: certificate and key tell who the alias is."""

    audience: ClassVar[Audience] = Audience.PERSON
    personal: ClassVar[bool] = True

    alias: Alias
    key: Digest
    "SHA-256 of the public key's DER SubjectPublicKeyInfo."
    certificate: bytes
    "DER; issued by the venue where the person sits."
    named: bytes | None = None
    "Where the room never tells names: `certificate` bears the alias, and this one of the same key the person's name."


class SigningOpened(Event, frozen=True, kw_only=True, tag="signing_opened"):
    """A version of the report waits for these members; earlier versions and their signatures are void."""

    lot: LotId
    version: int
    "Starts at 1."
    members: tuple[Alias, ...]


class ReportIssued(Event, frozen=True, kw_only=True, tag="report_issued"):
    """The report as it was typeset and certified by the main venue's seal."""

    audience: ClassVar[Audience] = Audience.REPORT
    personal: ClassVar[bool] = True

    lot: LotId
    version: int
    matters: str
    clarifications: str
    typeset: DocumentFile
    "The PDF before any field or signature: the beginning of every later revision."
    certified: DocumentFile
    renderer: str
    "What the typeset bytes depend on: program, templates and fonts."


class SigningEnd(StrEnum):
    """How a member ended the signing. Source: 12号令, Art. 43; `domain.md` 0, item 3."""

    SIGNED = "signed"
    "已签名."
    SIGNED_WITH_DISSENT = "signed_with_dissent"
    "已签名，保留不同意见."
    REFUSED_WITH_DISSENT = "refused_with_dissent"
    "拒绝签名，已书面陈述不同意见."
    REFUSED = "refused"
    "拒绝签名且不陈述理由; becomes the next by the chair's minute."
    DEEMED_AGREED = "deemed_agreed"
    "视为同意."


class ReportAnswered(Event, frozen=True, kw_only=True, tag="report_answered"):
    """A member has signed the report or refused to."""

    lot: LotId
    version: int
    end: SigningEnd


class ReportRevised(Event, frozen=True, kw_only=True, tag="report_revised"):
    """The report with one more signature."""

    audience: ClassVar[Audience] = Audience.REPORT

    lot: LotId
    version: int
    file: DocumentFile


class DissentStated(Event, frozen=True, kw_only=True, tag="dissent_stated"):
    """A member's dissent (不同意见) and its grounds."""

    audience: ClassVar[Audience] = Audience.REPORT
    personal: ClassVar[bool] = True

    lot: LotId
    version: int
    text: str


class AnnexSigned(Event, frozen=True, kw_only=True, tag="annex_signed"):
    """A member has signed the annex that names the person behind the alias."""

    lot: LotId
    version: int


class AnnexFiled(Event, frozen=True, kw_only=True, tag="annex_filed"):
    """The annex (成员名单附页) of the author of this line: signed, and sealed by the main venue."""

    audience: ClassVar[Audience] = Audience.PERSON

    lot: LotId
    version: int
    typeset: DocumentFile
    "The PDF before any field or signature."
    certified: DocumentFile
    "As the member was shown it."
    file: DocumentFile
    renderer: str
    "What the typeset bytes depend on."


class RefusalMinuted(Event, frozen=True, kw_only=True, tag="refusal_minuted"):
    """A member who neither signed nor stated a dissent is deemed to agree."""

    lot: LotId
    version: int
    member: Alias


class RefusalMinute(Event, frozen=True, kw_only=True, tag="refusal_minute"):
    """What the chair wrote about it."""

    audience: ClassVar[Audience] = Audience.REPORT
    personal: ClassVar[bool] = True

    lot: LotId
    version: int
    member: Alias
    minute: str


class ReportSealed(Event, frozen=True, kw_only=True, tag="report_sealed"):
    """The report is closed: nothing is added to it any more."""

    lot: LotId
    version: int


class ReportFiled(Event, frozen=True, kw_only=True, tag="report_filed"):
    """The sealed report, and the record of how its signing ended (签署情况说明)."""

    audience: ClassVar[Audience] = Audience.REPORT

    lot: LotId
    version: int
    report: DocumentFile
    signing_record: DocumentFile
    renderer: str
    "Of the signing record."


class StaffCalled(Event, frozen=True, kw_only=True, tag="staff_called"):
    """A person asks for the staff of the own venue."""

    audience: ClassVar[Audience] = Audience.STAFF

    need: StaffNeed


class StaffCallAnswered(Event, frozen=True, kw_only=True, tag="staff_call_answered"):
    """The venue's operator has taken the call."""

    audience: ClassVar[Audience] = Audience.STAFF

    alias: Alias
    "Who called."


class MessageSent(Event, frozen=True, kw_only=True, tag="message_sent"):
    """A member has written to the committee, for those who would have heard it said."""

    audience: ClassVar[Audience] = Audience.COMMITTEE
    personal: ClassVar[bool] = True

    text: str


class TalkAsked(Event, frozen=True, kw_only=True, tag="talk_asked"):
    """A member or the agent asks for a talk with the other."""

    agent: Alias
    member: Alias | None
    "None for the whole committee."
    topic: TalkTopic


class TalkOpened(Event, frozen=True, kw_only=True, tag="talk_opened"):
    """The witness who wrote this line listens: members and agent hear each other until the talk ends."""

    asker: Alias
    agent: Alias
    member: Alias | None
    topic: TalkTopic


class TalkEnded(Event, frozen=True, kw_only=True, tag="talk_ended"):
    """A talk, or what asked for one, is over."""

    asker: Alias
    agent: Alias
    member: Alias | None
    end: TalkEnd


class PrecheckReported(Event, frozen=True, kw_only=True, tag="precheck_reported"):
    """A seat's page has looked at its computer and its network (入场前检测)."""

    audience: ClassVar[Audience] = Audience.STAFF

    marks: dict[PrecheckPart, PrecheckMark]
    clock_offset_ms: int | None
    line: MeasuredLine | None


class RoomCameraAdded(Event, frozen=True, kw_only=True, tag="room_camera_added"):
    """From now on a camera shows a venue's room; who is in it is told so, as everybody is."""

    personal: ClassVar[bool] = True

    alias: Alias
    "Of a kind of its own, such as `C1`."
    venue: VenueId
    label: str
    "What it shows."


class RoomCameraRemoved(Event, frozen=True, kw_only=True, tag="room_camera_removed"):
    """The camera is gone: nothing of it is passed on or recorded any more."""

    alias: Alias


class WallPassGiven(Event, frozen=True, kw_only=True, tag="wall_pass_given"):
    """From now on a wall may show what its giver's seat may see and hear (监督大屏)."""

    audience: ClassVar[Audience] = Audience.OVERSIGHT
    personal: ClassVar[bool] = True

    wall: WallId
    place: str
    "Where the wall is."
    sha256: bytes
    "Of the token that opens it."


class WallPassWithdrawn(Event, frozen=True, kw_only=True, tag="wall_pass_withdrawn"):
    """Nothing more is shown under the pass; its players are gone."""

    audience: ClassVar[Audience] = Audience.OVERSIGHT

    wall: WallId


class WallPlayerCame(Event, frozen=True, kw_only=True, tag="wall_player_came"):
    """From now on a player on a wall is sent a picture with its sound, whenever the giver may see and hear it."""

    audience: ClassVar[Audience] = Audience.OVERSIGHT

    wall: WallId
    player: str
    "Never the same again."
    alias: Alias
    "Whose picture."
    kind: MediaTrack


class WallPlayerLeft(Event, frozen=True, kw_only=True, tag="wall_player_left"):
    """The player is sent nothing any more."""

    audience: ClassVar[Audience] = Audience.OVERSIGHT

    wall: WallId
    player: str


class RecordingBegan(Event, frozen=True, kw_only=True, tag="recording_began"):
    """From now on a seat's microphone or camera is recorded, or a room camera."""

    alias: Alias
    kind: MediaTrack


class RecordingGap(Event, frozen=True, kw_only=True, tag="recording_gap"):
    """From now on it is not, until it begins again."""

    alias: Alias
    kind: MediaTrack
    gap: GapReason
    "Why."


class MediaRecorded(Event, frozen=True, kw_only=True, tag="media_recorded"):
    """Sound and pictures that have been recorded since the last such event: their files cannot be changed unseen."""

    audience: ClassVar[Audience] = Audience.RECORDING

    tracks: tuple[RecordedPieces, ...]


class RecordingSpaceTold(Event, frozen=True, kw_only=True, tag="recording_space_told"):
    """How long the disk still holds what is recorded, where that is not long; none once it is long again."""

    audience: ClassVar[Audience] = Audience.RECORDING

    minutes: int | None
    "At the rate of the last minutes."


class RecordingsChecked(Event, frozen=True, kw_only=True, tag="recordings_checked"):
    """The recordings so far have been examined: what is missing, still, black or silent in them."""

    audience: ClassVar[Audience] = Audience.RECORDING

    pieces: int
    "On the disk then."
    examined: int
    "Fewer where the room was closed before all could be."
    tracks: tuple[TrackCheck, ...]


class RecordingWaived(Event, frozen=True, kw_only=True, tag="recording_waived"):
    """A member's sheets do not wait for the recording of this camera or microphone any more."""

    personal: ClassVar[bool] = True

    alias: Alias
    kind: MediaTrack
    reason: str


class RoomPaused(Event, frozen=True, kw_only=True, tag="room_paused"):
    """Everything but seats stands still."""

    personal: ClassVar[bool] = True

    reason: str


class RoomResumed(Event, frozen=True, kw_only=True, tag="room_resumed"):
    """The pause is over."""


class RoomClosed(Event, frozen=True, kw_only=True, tag="room_closed"):
    """The last event of a room."""

    personal: ClassVar[bool] = True

    reason: str


AnyEvent = (
    RoomOpened
    | SeatPlanned
    | PersonSealed
    | BiddersListed
    | BidSealed
    | BidFileListed
    | SeatEnrolled
    | SeatConfirmed
    | SeatReleased
    | PhaseChanged
    | LotPhaseChanged
    | RecusalStated
    | RecusalGrounds
    | PledgeMade
    | MemberReplaced
    | RoundOpened
    | BallotCast
    | SheetHandedIn
    | StageRevealed
    | ChairElected
    | SheetExamined
    | ExaminationConcluded
    | BidsAdmitted
    | SheetScored
    | SheetReturned
    | ReturnGrounds
    | MembersScored
    | LotDrawn
    | PricesOpened
    | PricesScored
    | BidsRanked
    | ResultLocked
    | NamesOpened
    | DocumentKeyCertified
    | SigningOpened
    | ReportIssued
    | ReportAnswered
    | ReportRevised
    | DissentStated
    | AnnexSigned
    | AnnexFiled
    | RefusalMinuted
    | RefusalMinute
    | ReportSealed
    | ReportFiled
    | StaffCalled
    | StaffCallAnswered
    | MessageSent
    | TalkAsked
    | TalkOpened
    | TalkEnded
    | PrecheckReported
    | RoomCameraAdded
    | RoomCameraRemoved
    | WallPassGiven
    | WallPassWithdrawn
    | WallPlayerCame
    | WallPlayerLeft
    | RecordingBegan
    | RecordingGap
    | MediaRecorded
    | RecordingSpaceTold
    | RecordingsChecked
    | RecordingWaived
    | RoomPaused
    | RoomResumed
    | RoomClosed
)
