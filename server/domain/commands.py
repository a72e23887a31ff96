"""What a seat can ask for. A command is the person's signed wish; `decide` turns it into events or refuses it.

The signed text of a command is one flat RFC 8785 object: the envelope's fields (`room`, `by`, `n`, `seen`, `nonce`),
`type` and the command's own fields.
"""

from enum import StrEnum
from typing import Annotated, Any, Final

import msgspec
from msgspec import Meta, Struct

from server.domain.agent_talk import TalkTopic
from server.domain.ids import Alias, BidAlias, CheckId, CriterionId, Digest, LotId, VenueId, WallId
from server.domain.phases import Stage
from server.domain.plan import Person, RoomRef, SeenTree
from server.domain.recordings import MediaTrack
from server.domain.rejections import MalformedCommand

TEXT_LIMIT: Final = 400
"Characters of a free text: a reason, grounds, a minute."

LONG_TEXT_LIMIT: Final = 1_000
"Characters of what goes into a report, and of a dissent."

LARGEST_N: Final = 2**53 - 1
"The largest integer that every JSON reader keeps. Source: RFC 8785, 3.2.2.3 with RFC 7493, 2.2."


class Envelope(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What every command says beside its own fields."""

    room: RoomRef
    by: Alias
    n: Annotated[int, Meta(ge=1, le=LARGEST_N)]
    "Rises with every command of a key; key and `n` are the command's id."
    seen: SeenTree
    "The tree as the page computed it."
    nonce: Annotated[bytes, Meta(min_length=16, max_length=16)]
    "16 random bytes, so that neither hash nor signature can be tried against guesses."


class Command(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="type"):
    """The root of all commands."""


class EnrolSeat(Command, frozen=True, kw_only=True, tag="enrol_seat"):
    """Bind this device's command key to the alias; signed with that key."""

    spki: bytes
    "Public command key, DER SubjectPublicKeyInfo on P-256."


class ConfirmSeat(Command, frozen=True, kw_only=True, tag="confirm_seat"):
    """A venue's operator has seen the person at the seat and vouches for the key."""

    seat: Alias
    key: Digest


class ReleaseSeat(Command, frozen=True, kw_only=True, tag="release_seat"):
    """A venue's operator moves a person to another device: the old key is revoked."""

    seat: Alias
    reason: str


class OpenCheckIn(Command, frozen=True, kw_only=True, tag="open_check_in"):
    """Begin the check-in (签到)."""


class StateRecusal(Command, frozen=True, kw_only=True, tag="state_recusal"):
    """A member says whether there is a ground for recusal (回避). Source: 12号令, Art. 12."""

    conflict: bool
    grounds: str
    "Empty without a conflict."


class MakePledge(Command, frozen=True, kw_only=True, tag="make_pledge"):
    """A member accepts the room's pledge of discipline and secrecy (承诺书)."""


class ReplaceMember(Command, frozen=True, kw_only=True, tag="replace_member"):
    """Put a substitute in a member's place; the member's conclusions are void. Source: 实施条例, Art. 48."""

    member: Alias
    reason: str
    successor: Alias
    person: Person


class OpenElection(Command, frozen=True, kw_only=True, tag="open_election"):
    """Begin the election of the chair (推选组长)."""


class CastBallot(Command, frozen=True, kw_only=True, tag="cast_ballot"):
    """A member's vote for the chair."""

    round: int
    candidate: Alias


class Verdict(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A member's finding on one check of one bid."""

    passed: bool
    reason: str
    "Empty when passed."


class HandInExamination(Command, frozen=True, kw_only=True, tag="hand_in_examination"):
    """A member's whole sheet of the preliminary examination."""

    lot: LotId
    round: int
    verdicts: dict[BidAlias, dict[CheckId, Verdict]]


class ConcludeExamination(Command, frozen=True, kw_only=True, tag="conclude_examination"):
    """The chair minutes the reasons of the majority's rejections and closes the examination."""

    lot: LotId
    minutes: dict[BidAlias, str]
    "A reason for every bid that the majority rejects, and for no other."
    competition: str
    "Why fewer than three remaining bids still compete; empty otherwise. Source: 12号令, Art. 27."


class HandInScores(Command, frozen=True, kw_only=True, tag="hand_in_scores"):
    """A member's whole score sheet."""

    lot: LotId
    round: int
    points: dict[BidAlias, dict[CriterionId, str]]
    "Points as decimal strings with at most two places."


class ReturnSheet(Command, frozen=True, kw_only=True, tag="return_sheet"):
    """The chair gives a revealed sheet back (退回重评); the next round opens for it."""

    lot: LotId
    stage: Stage
    member: Alias
    reason: str


class ScorePrices(Command, frozen=True, kw_only=True, tag="score_prices"):
    """The chair opens the prices; they are scored and the bids ranked."""

    lot: LotId


class LockResult(Command, frozen=True, kw_only=True, tag="lock_result"):
    """The chair locks the ranking (汇总锁定)."""

    lot: LotId


class EnrolDocumentKey(Command, frozen=True, kw_only=True, tag="enrol_document_key"):
    """Ask for a certificate of this device's document key; signed, as every command, with the command key."""

    spki: bytes
    "Public document key, DER SubjectPublicKeyInfo on P-256."


class IssueReport(Command, frozen=True, kw_only=True, tag="issue_report"):
    """The chair fixes a lot's evaluation report (评标报告); issued again, it voids all signatures."""

    lot: LotId
    matters: str
    "签订合同前要处理的事宜; empty for none. Source: 12号令, Art. 42 (9)."
    clarifications: str
    "澄清、说明、补正事项纪要; empty for none. Source: 12号令, Art. 42 (10)."


class SignReport(Command, frozen=True, kw_only=True, tag="sign_report"):
    """A member signs the report, with the revision that was made for this signature."""

    lot: LotId
    version: int
    base: Digest
    "SHA-256 of the revision before, the one that the member was shown."
    document: Digest
    "SHA-256 over the byte range that the signature covers, as the page computed it."
    signature: Annotated[bytes, Meta(min_length=64, max_length=64)]
    "Of the document key over the DER signed attributes: P-256 with SHA-256, r and s of 32 bytes each."
    dissent: str
    "保留的不同意见; empty for none."


class SignAnnex(Command, frozen=True, kw_only=True, tag="sign_annex"):
    """A member who has signed the report under the alias signs the annex that names the person behind it."""

    lot: LotId
    version: int
    "Of the report."
    base: Digest
    "SHA-256 of the annex as the member was shown it."
    document: Digest
    "SHA-256 over the byte range that the signature covers, as the page computed it."
    signature: Annotated[bytes, Meta(min_length=64, max_length=64)]
    "Of the document key, as in `SignReport`."


class RefuseReport(Command, frozen=True, kw_only=True, tag="refuse_report"):
    """A member does not sign. Without a written dissent this counts as agreeing. Source: 12号令, Art. 43."""

    lot: LotId
    version: int
    dissent: str
    "Dissent and its grounds; empty where the member states none."


class MinuteRefusal(Command, frozen=True, kw_only=True, tag="minute_refusal"):
    """The chair minutes that a member neither signed nor stated a dissent: deemed agreed. Source: 12号令, Art. 43."""

    lot: LotId
    version: int
    member: Alias
    minute: str


class SealReport(Command, frozen=True, kw_only=True, tag="seal_report"):
    """The chair closes the signing: the main venue's seal, and a timestamp over all."""

    lot: LotId
    version: int


class StaffNeed(StrEnum):
    """What a person calls the staff for; no free text, which could carry a message past the rules."""

    DEVICE = "device"
    "设备故障."
    NETWORK = "network"
    "网络、音视频问题."
    UNWELL = "unwell"
    "身体不适."
    OTHER = "other"
    "其他."


class CallStaff(Command, frozen=True, kw_only=True, tag="call_staff"):
    """呼叫工作人员: it rings at the operator's of the own venue."""

    need: StaffNeed


class AnswerCall(Command, frozen=True, kw_only=True, tag="answer_call"):
    """A venue's operator is on the way to the seat that called."""

    seat: Alias


class SendMessage(Command, frozen=True, kw_only=True, tag="send_message"):
    """评委会文字交流: a member writes to the committee."""

    text: str


class AskForTalk(Command, frozen=True, kw_only=True, tag="ask_for_talk"):
    """申请与代理机构通话: a member, or the agent, asks for a talk that a witness listens to."""

    agent: Alias
    member: Alias | None
    "None for the whole committee: the chair or the agent asks for that."
    topic: TalkTopic


class OpenTalk(Command, frozen=True, kw_only=True, tag="open_talk"):
    """开始旁听: a witness listens from now on, and the talk that was asked for begins."""

    asker: Alias


class EndTalk(Command, frozen=True, kw_only=True, tag="end_talk"):
    """结束通话: a side, a witness or the main venue's operator ends a talk, or declines it before it begins."""

    asker: Alias
    "Who had asked for it."


class PrecheckPart(StrEnum):
    """What is looked at before a seat is taken: its computer, then its ways to the server."""

    BROWSER = "browser"
    HTTPS = "https"
    CLOCK = "clock"
    SOCKET = "socket"
    "The WebSockets that the room comes over."
    CAMERA = "camera"
    MICROPHONE = "microphone"
    LOUDSPEAKER = "loudspeaker"
    UDP = "udp"
    "The straight way of sound and pictures."
    RELAY = "relay"
    "The way around, where no UDP comes through (TURN)."
    LINE = "line"
    "Bandwidth and loss, with the seat's own picture."


class PrecheckMark(StrEnum):
    """How a part was found; one that was not tried has none."""

    PASSED = "passed"
    WARNED = "warned"
    FAILED = "failed"


class MeasuredLine(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What came back of the seat's own sound and picture."""

    kbit_s: Annotated[int, Meta(ge=0, le=10_000_000)]
    lost_permille: Annotated[int, Meta(ge=0, le=1000)]
    round_trip_ms: Annotated[int, Meta(ge=0, le=600_000)]


class ReportPrecheck(Command, frozen=True, kw_only=True, tag="report_precheck"):
    """入场前检测: what the page of a seat has found out about its computer and its network."""

    marks: dict[PrecheckPart, PrecheckMark]
    clock_offset_ms: Annotated[int, Meta(ge=-LARGEST_N, le=LARGEST_N)] | None
    "How far the seat's clock is ahead of the server's; none if it was not found out."
    line: MeasuredLine | None


class AddRoomCamera(Command, frozen=True, kw_only=True, tag="add_room_camera"):
    """An operator puts up a camera that shows a venue's room (场地摄像机), not a person's seat."""

    venue: VenueId
    label: str
    "What it shows, such as 场地全景."


class RemoveRoomCamera(Command, frozen=True, kw_only=True, tag="remove_room_camera"):
    """An operator takes a room camera away; its alias is never given again."""

    camera: Alias


class GiveWallPass(Command, frozen=True, kw_only=True, tag="give_wall_pass"):
    """A supervisor lets a wall of a supervision hall (监督大屏) show what the own seat may see and hear, by WHEP."""

    place: str
    "Where the wall is, such as 市公共资源交易中心监督大厅."
    sha256: Annotated[bytes, Meta(min_length=32, max_length=32)]
    """Of the token that opens it: 32 random bytes in base64url, drawn by the page and hashed as text. The token itself
    never reaches the record."""


class WithdrawWallPass(Command, frozen=True, kw_only=True, tag="withdraw_wall_pass"):
    """A supervisor of the room ends a pass: nothing more is shown under it."""

    wall: WallId


class WaiveRecording(Command, frozen=True, kw_only=True, tag="waive_recording"):
    """Do not wait for the recording of a member's camera or microphone in this room (免除录制要求)."""

    alias: Alias
    kind: MediaTrack
    reason: str


class PauseRoom(Command, frozen=True, kw_only=True, tag="pause_room"):
    """Lock the room for the time of a fault or an interruption (暂停)."""

    reason: str


class ResumeRoom(Command, frozen=True, kw_only=True, tag="resume_room"):
    """End a pause."""


class CloseRoom(Command, frozen=True, kw_only=True, tag="close_room"):
    """End the room for good; nothing is added to its record afterwards."""

    reason: str


AnyCommand = (
    EnrolSeat
    | ConfirmSeat
    | ReleaseSeat
    | OpenCheckIn
    | StateRecusal
    | MakePledge
    | ReplaceMember
    | OpenElection
    | CastBallot
    | HandInExamination
    | ConcludeExamination
    | HandInScores
    | ReturnSheet
    | ScorePrices
    | LockResult
    | EnrolDocumentKey
    | IssueReport
    | SignReport
    | SignAnnex
    | RefuseReport
    | MinuteRefusal
    | SealReport
    | CallStaff
    | AnswerCall
    | SendMessage
    | AskForTalk
    | OpenTalk
    | EndTalk
    | ReportPrecheck
    | AddRoomCamera
    | RemoveRoomCamera
    | GiveWallPass
    | WithdrawWallPass
    | WaiveRecording
    | PauseRoom
    | ResumeRoom
    | CloseRoom
)

LotCommand = (
    HandInExamination
    | ConcludeExamination
    | HandInScores
    | ReturnSheet
    | ScorePrices
    | LockResult
    | IssueReport
    | SignReport
    | SignAnnex
    | RefuseReport
    | MinuteRefusal
    | SealReport
)
"The commands whose phase is that of their lot."

ENVELOPE_FIELDS: Final = frozenset(Envelope.__struct_fields__)


def tag_of(command: type[Command]) -> str:
    """The `type` under which a command is signed and sent."""
    return str(command.__struct_config__.tag)


def parse_command(text: str) -> tuple[Envelope, AnyCommand]:
    """The envelope and the command in a signed text.

    Raises:
        MalformedCommand: it is no JSON object, or a field is missing, unknown or of the wrong type.
    """
    try:
        fields: dict[str, Any] = msgspec.json.decode(text.encode(), type=dict[str, Any])
        envelope = msgspec.convert({k: v for k, v in fields.items() if k in ENVELOPE_FIELDS}, Envelope)
        rest = {k: v for k, v in fields.items() if k not in ENVELOPE_FIELDS}
        return envelope, msgspec.convert(rest, AnyCommand)
    except (msgspec.MsgspecError, UnicodeEncodeError, RecursionError) as error:
        raise MalformedCommand(detail=str(error)) from error


def command_fields(envelope: Envelope, command: AnyCommand) -> dict[str, Any]:
    """The flat object whose RFC 8785 text a seat signs."""
    return {**msgspec.to_builtins(envelope), **msgspec.to_builtins(command)}
