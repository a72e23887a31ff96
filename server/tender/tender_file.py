"""The format of a tender file: what a procuring entity fixes before a room is opened.

The structs are the format: keys, types and limits are read from them, by `shapes.py` as well as by msgspec. A lot's
checks and its scoring scheme stand in the file exactly as in the room's first event.
"""

from typing import Annotated, Final

from msgspec import Meta, Struct

from server.domain.commands import TEXT_LIMIT
from server.domain.ids import Alias, BidAlias, CheckId, CriterionId, LotId, RoomId, VenueId
from server.domain.plan import Check, MemberNames, Recording, Regime
from server.domain.roles import Role
from server.domain.rules.members import ALIAS_FORM
from server.domain.scoring import Scheme

SIZE_LIMIT: Final = 1024 * 1024
"Bytes of a file in UTF-8."
LOT_LIMIT: Final = 40
BID_LIMIT: Final = 40
"Of a lot."
CHECK_LIMIT: Final = 100
"Of a lot."
BID_FILE_LIMIT: Final = 20
"Of a bid."
CRITERION_LIMIT: Final = 100
"Of a lot; groups are not counted."
SEAT_LIMIT: Final = 60
VENUE_LIMIT: Final = 20
LONG_TEXT_LIMIT: Final = 4000

DEFAULT_PLEDGE: Final = (
    "本人郑重承诺：一、本人与投标人不存在应当回避的情形；评标过程中发现应当回避的，立即主动提出回避。"
    "二、遵守评标纪律，按照招标文件规定的评标标准和方法，客观、公正地独立评审，对所提出的评审意见承担个人责任。"
    "三、不与投标人或者其他利害关系人私下接触，不收受财物或者其他好处，不向招标人征询其确定中标人的意向，"
    "不接受任何单位或者个人明示或者暗示提出的倾向或者排斥特定投标人的要求。"
    "四、对投标文件的评审和比较、中标候选人的推荐情况以及与评标有关的其他情况严格保密。"
    "五、同意对本人的评审活动全程录音录像并依法存档。"
)
"Source: 评标委员会和评标方法暂行规定 (12号令), Art. 12 to 14 and 17; 实施条例, Art. 49."
DEFAULT_TIME_ZONE: Final = "Asia/Shanghai"

Text = Annotated[str, Meta(max_length=TEXT_LIMIT)]
"One line that is not empty; the spaces around it do not count."
LongText = Annotated[str, Meta(max_length=LONG_TEXT_LIMIT, extra={"lines": True})]
"May have several lines."
DecimalText = Annotated[str, Meta(extra={"decimal": True})]
"A plain decimal, kept as it is written: 13656.00 stays 13656.00."
ID_FORM: Final = r"^[A-Za-z0-9][A-Za-z0-9_-]{0,31}$"
"Of venues, lots and checks."
FILE_NAME_FORM: Final = r"^(?!\.{1,2}(/|$))[^/\\:\"]+(/(?!\.{1,2}(/|$))[^/\\:\"]+)*$"
"Relative to the tender file, never above it; the same on every system."


class PolicyEntry(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The choices a procuring entity makes once; new rooms are recorded unless it says otherwise."""

    member_names: MemberNames
    retention_years: int
    recording: Recording = Recording.REQUIRED
    cover_faces: bool = False
    change_voices: bool = False
    record_desktops: bool = False


class VenueEntry(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A site of the proceeding."""

    name: Text
    main: bool = False
    "主场; exactly one venue is."


class SeatEntry(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A seat and who sits there."""

    alias: Annotated[Alias, Meta(pattern=rf"^{ALIAS_FORM.pattern}$", extra={"code": "alias_malformed"})]
    role: Role
    venue: VenueId
    name: Text
    organisation: Text = ""
    title: Text = ""


class BidFileEntry(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A PDF of a bid."""

    title: Text
    "Seen by the committee, such as 技术标; what the file is called stays with the operator."
    file: Annotated[str, Meta(max_length=TEXT_LIMIT, pattern=FILE_NAME_FORM, extra={"code": "bid_file_name_unsafe"})]


class BidEntry(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A bid: what the committee may know of it from the start, and what stays sealed."""

    title: Text
    "Seen by the committee."
    bidder: Text
    "Sealed."
    price: DecimalText
    "Sealed; in the currency of the tender document, the same unit as the scheme's reference and ceiling."
    facts: dict[Text, DecimalText] = {}
    "Sealed; numbers that the scheme's price adjustments ask for."
    given: dict[CriterionId, DecimalText] = {}
    "Points of the scheme's `given` criteria."
    files: Annotated[tuple[BidFileEntry, ...], Meta(max_length=BID_FILE_LIMIT)] = ()
    "Shown to the committee from the examination on, in this order."


class LotEntry(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """标段 / 包."""

    title: Text
    bids: Annotated[
        dict[Annotated[BidAlias, Meta(pattern="^[A-Z]{1,2}$", extra={"code": "bid_alias_malformed"})], BidEntry],
        Meta(max_length=BID_LIMIT),
    ]
    "By a code of one or two capital letters, so that none looks like a seat's alias."
    checks: Annotated[tuple[Check, ...], Meta(max_length=CHECK_LIMIT)]
    scheme: Scheme


class ContinuesEntry(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The earlier room that a re-check or a new committee goes on from."""

    room: RoomId
    checkpoint: LongText


class Failure(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A finding of a scripted member: this check fails this bid."""

    member: Alias
    bid: BidAlias
    check: CheckId
    reason: Text


class Acts(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What scripted participants do in a demonstration; a room that people use ignores it."""

    chair: Alias | None = None
    "Whom all members vote for; none is the first member."
    failures: tuple[Failure, ...] = ()
    "Everything else passes."
    matters: LongText = ""
    "What the chair writes into the report: 签订合同前要处理的事宜."
    clarifications: LongText = ""
    "澄清、说明、补正事项纪要."
    dissents: dict[Alias, LongText] = {}
    "Members who sign and keep a dissent."
    refusals: dict[Alias, LongText] = {}
    "Members who do not sign, with a written dissent or (empty) without one."
    minutes: dict[BidAlias, Text] = {}
    "The chair's reason for each bid that the majority rejects."
    competition: Text = ""
    "Why fewer than three remaining bids still compete."
    points: dict[Alias, dict[BidAlias, dict[CriterionId, DecimalText]]] = {}
    "By member; a criterion that is not named gets its maximum."


class Tender(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A whole tender as the file states it."""

    title: Text
    regime: Regime
    policy: PolicyEntry
    budget_yuan: DecimalText | None = None
    "预算金额; decides how large a committee government procurement asks for."
    time_zone: Text = DEFAULT_TIME_ZONE
    "IANA name; for display only."
    pledge: LongText = DEFAULT_PLEDGE
    continues: ContinuesEntry | None = None
    venues: Annotated[
        dict[Annotated[VenueId, Meta(pattern=ID_FORM, extra={"code": "id_malformed"})], VenueEntry],
        Meta(min_length=1, max_length=VENUE_LIMIT),
    ]
    seats: Annotated[tuple[SeatEntry, ...], Meta(min_length=1, max_length=SEAT_LIMIT)]
    lots: Annotated[
        dict[Annotated[LotId, Meta(pattern=ID_FORM, extra={"code": "id_malformed"})], LotEntry],
        Meta(min_length=1, max_length=LOT_LIMIT),
    ]
    acts: Acts | None = None
    end: bool = False
    """`true`, as the last key of the file. Required by `read_tender`, though not by its type: a YAML file that was cut
    off between two entries of a list is still YAML, so only a last word shows that nothing is missing."""
