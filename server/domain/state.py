"""A room as its lines tell it.

`RoomState` is the fold of all lines, `RoomView` the fold of those one viewer may see: the same shape, with gaps where
lines are hidden. Both hold only what events carry, so that the client's fold stays a placing of values.
"""

from msgspec import Struct

from server.domain.agent_talk import PastTalk, Talk, TalkRequest
from server.domain.commands import MeasuredLine, PrecheckMark, PrecheckPart, StaffNeed, Verdict
from server.domain.events import (
    BidsRanked,
    ExaminationConcluded,
    MembersScored,
    PricesScored,
    RecordingsChecked,
    ReportFiled,
    ReportIssued,
    RoomOpened,
    SigningEnd,
)
from server.domain.ids import Alias, BidAlias, CheckId, CriterionId, Digest, LotId, Millis, Seq, VenueId, WallId
from server.domain.phases import Phase, Stage
from server.domain.plan import DocumentFile, MemberNames, Person, Recording
from server.domain.recordings import MediaTrack, TrackRecording
from server.domain.roles import Role
from server.domain.scoring import DrawKind, Offer


class Seat(Struct, frozen=True, kw_only=True):
    """One person's place in the room."""

    role: Role
    venue: VenueId
    key: Digest | None = None
    "Fingerprint of the command key that speaks for the seat now."
    confirmed: bool = False
    joined_at: Seq | None = None
    "The line by which the person was confirmed for the first time."
    moves: int = 0
    "How often the seat has been released; a token from before a move opens it no more."
    conflict: bool | None = None
    "The recusal statement; none before it is made."
    pledged: bool = False
    successor: Alias | None = None
    left_at: Seq | None = None
    "The line by which the person left; nothing after it is shown to them."


class Round(Struct, frozen=True, kw_only=True):
    """One round of a stage: who fills in a sheet, and when it was revealed."""

    pending: tuple[Alias, ...]
    handed_in: tuple[Alias, ...] = ()
    revealed_at: Seq | None = None


class StageState(Struct, frozen=True, kw_only=True):
    """The rounds of a stage; the last one may be open."""

    rounds: tuple[Round, ...] = ()

    @property
    def open_round(self) -> int | None:
        """Number of the round that waits for sheets, from 1."""
        return len(self.rounds) if self.rounds and self.rounds[-1].revealed_at is None else None

    @property
    def pending(self) -> tuple[Alias, ...]:
        """Who has still to hand in."""
        return self.rounds[-1].pending if self.rounds else ()

    def revealed_at(self, number: int) -> Seq | None:
        """The line that revealed a round, if it is revealed."""
        return self.rounds[number - 1].revealed_at if 0 < number <= len(self.rounds) else None


class Identity(Struct, frozen=True, kw_only=True):
    """Who made a bid, its price and the facts that the price rule asks for."""

    bidder: str
    offer: Offer


class BidFile(Struct, frozen=True, kw_only=True):
    """A file of a bid."""

    title: str
    file: DocumentFile


class DocumentKey(Struct, frozen=True, kw_only=True):
    """The key that a member signs documents with."""

    key: Digest
    certificate: bytes
    named: bytes | None = None
    "The certificate for the annex, where the report is signed under aliases."


class Report(Struct, frozen=True, kw_only=True):
    """A lot's report in its present version."""

    version: int
    members: tuple[Alias, ...]
    "Who is asked to sign."
    ends: dict[Alias, SigningEnd] = {}
    ended_at: dict[Alias, Millis] = {}
    "When each member came to the present end."
    issued: ReportIssued | None = None
    latest: DocumentFile | None = None
    "The last revision."
    dissents: dict[Alias, str] = {}
    minutes: dict[Alias, str] = {}
    annexes: tuple[Alias, ...] = ()
    "Who has signed the annex that names the person, in this order."
    annex_files: dict[Alias, DocumentFile] = {}
    "As far as the fold has seen them."
    filed: ReportFiled | None = None
    sealed_at: Seq | None = None


class Precheck(Struct, frozen=True, kw_only=True):
    """What a seat's page last found out about its computer and its network."""

    at: Millis
    marks: dict[PrecheckPart, PrecheckMark]
    clock_offset_ms: int | None
    line: MeasuredLine | None


class RoomCamera(Struct, frozen=True, kw_only=True):
    """A camera that shows a venue's room."""

    venue: VenueId
    label: str
    removed_at: Seq | None = None
    "The line by which it was taken away; it stays here, since its alias is never given again."


class WallPlayer(Struct, frozen=True, kw_only=True):
    """A player on a wall."""

    alias: Alias
    kind: MediaTrack
    since: Millis


class WallPass(Struct, frozen=True, kw_only=True):
    """A pass for a supervisor's wall."""

    by: Alias
    "Whose seat it shows the room as."
    place: str
    sha256: bytes
    given_at: Millis
    ended_at: Millis | None = None
    "When it was withdrawn, its giver moved to another device, or the room was closed."
    players: dict[str, WallPlayer] = {}
    "Those that are connected, as far as the server has noted."


class RecordingsReview(Struct, frozen=True, kw_only=True):
    """The last examination of the recordings."""

    at: Millis
    check: RecordingsChecked


class LotState(Struct, frozen=True, kw_only=True):
    """One lot (标段 / 包)."""

    phase: Phase
    stages: dict[Stage, StageState]
    identities: dict[BidAlias, Identity] = {}
    verdicts: dict[Alias, dict[BidAlias, dict[CheckId, Verdict]]] = {}
    "The latest sheet of each member, as far as the fold has seen it."
    points: dict[Alias, dict[BidAlias, dict[CriterionId, str]]] = {}
    "The latest sheet of each member, as far as the fold has seen it."
    return_grounds: dict[Alias, str] = {}
    "Why the member's sheet was last given back, as far as the fold has seen it."
    admitted: tuple[BidAlias, ...] | None = None
    examination: ExaminationConcluded | None = None
    members: MembersScored | None = None
    prices_opened_at: Seq | None = None
    prices: PricesScored | None = None
    ranked: BidsRanked | None = None
    draws: dict[DrawKind, tuple[str, ...]] = {}
    "The latest draw of each kind."
    locked_at: Seq | None = None
    opened_at: Seq | None = None
    "The line that first began the examination."
    files: dict[BidAlias, tuple[BidFile, ...]] = {}
    report: Report | None = None


class Election(Struct, frozen=True, kw_only=True):
    """The election of the chair."""

    stage: StageState = StageState()
    ballots: dict[Alias, Alias] = {}
    "Of the last round, as far as the fold has seen them."
    votes: dict[Alias, int] = {}
    "Counted, once a chair is elected."


class RoomState(Struct, frozen=True, kw_only=True):
    """One room."""

    opening: RoomOpened | None = None
    phase: Phase = Phase.PREPARED
    phase_at: Seq = Seq(0)
    "The line of the last change of the room's or a lot's phase, pause or round; older views cannot decide."
    paused: str | None = None
    "The reason of the pause that lasts."
    seats: dict[Alias, Seat] = {}
    people: dict[Alias, Person] = {}
    bidders: tuple[str, ...] = ()
    grounds: dict[Alias, str] = {}
    keys: dict[Digest, bytes] = {}
    "Every command key ever enrolled, by fingerprint: SPKI in DER."
    election: Election = Election()
    chair: Alias | None = None
    lots: dict[LotId, LotState] = {}
    document_keys: dict[Alias, DocumentKey] = {}
    "The latest of each member, as far as the fold has seen them."
    names_opened_at: Seq | None = None
    calls: dict[Alias, StaffNeed] = {}
    "Who calls the staff and has not been answered, as far as the fold has seen it."
    talk: Talk | None = None
    "The talk between members and agent that is open now; one at a time."
    talk_requests: dict[Alias, TalkRequest] = {}
    "Who asks for a talk, in this order."
    past_talks: tuple[PastTalk, ...] = ()
    "In the order in which they ended."
    prechecks: dict[Alias, Precheck] = {}
    "The latest of each seat at its present computer, as far as the fold has seen it."
    cameras: dict[Alias, RoomCamera] = {}
    "Every room camera there ever was, in the order they were added."
    walls: dict[WallId, WallPass] = {}
    "Every pass for a supervisor's wall there ever was, as far as the fold has seen them."
    recordings: dict[Alias, dict[MediaTrack, TrackRecording]] = {}
    "Whether a track is recorded now; one that never was is missing."
    pieces: dict[Alias, dict[MediaTrack, int]] = {}
    "Number of the last piece of each track, as far as the fold has seen it."
    recording_space: int | None = None
    "Minutes of recording that the disk still holds; none where it is enough, or the fold has not seen it."
    recordings_checked: RecordingsReview | None = None
    "The last examination of the recordings, as far as the fold has seen it."
    waivers: dict[Alias, dict[MediaTrack, str]] = {}
    "The reasons for which a member's track need not be recorded."
    closed_at: Seq | None = None
    closed: str | None = None
    "The reason that the room was closed with."

    @property
    def signs_under_aliases(self) -> bool:
        """Whether a report names no member, and each who signs it signs a named annex too."""
        return self.opening is not None and self.opening.policy.member_names is MemberNames.NEVER

    @property
    def is_recorded(self) -> bool:
        """Whether sound and pictures are to be recorded from the check-in on."""
        return self.opening is not None and self.opening.policy.recording is not Recording.OFF

    @property
    def waits_for_recording(self) -> bool:
        """Whether a member who is not recorded cannot hand in a sheet."""
        return self.opening is not None and self.opening.policy.recording is Recording.REQUIRED


RoomView = RoomState
"What one viewer's lines fold to."

EMPTY = RoomState()
"A room before its first line."
