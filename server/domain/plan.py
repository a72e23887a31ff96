"""What a room is planned to be: the parts of its first events, and of an import before them."""

from enum import StrEnum

from msgspec import Struct

from server.domain.ids import BidAlias, CheckId, CriterionId, Digest, RoomId
from server.domain.scoring.scheme import Scheme


class Regime(StrEnum):
    """The law that the proceeding follows; it decides which formulas are allowed. Source: `domain.md` 0, item 1."""

    TENDERING_LAW = "tendering_law"
    GOVERNMENT_PROCUREMENT = "government_procurement"
    ENTERPRISE = "enterprise"


class MemberNames(StrEnum):
    """When members' names open to the room. Source: `domain.md` 2.3."""

    NEVER = "never"
    AT_SIGNING = "at_signing"
    OPEN = "open"


class Recording(StrEnum):
    """Whether sound and pictures of the proceeding are kept."""

    OFF = "off"
    KEPT = "kept"
    "Every camera and microphone is recorded as far as it is on."
    REQUIRED = "required"
    "The same, and a member whose own are not recorded cannot hand in a sheet."


class Policy(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """The choices a procuring entity makes once, before the room opens."""

    member_names: MemberNames
    retention_years: int
    "How long the record is kept. Source: 政府采购法, Art. 42: at least 15."
    recording: Recording = Recording.OFF
    "Rooms from before there was a choice record nothing. Source: 87号令, Art. 39: 全程录音录像."
    cover_faces: bool = False
    "Members, agent and operators see a member's picture as a mosaic only. Source: `domain.md` 0, item 5 (Hebei 2025)."
    change_voices: bool = False
    "They hear a member's voice changed only."
    record_desktops: bool = False
    """The whole screen of every member is recorded, and nobody sees it while it comes; where recordings are required, a
    member whose desktop is not recorded cannot hand in a sheet. Source: `domain.md` 0, item 9 (Guangxi, Jinan)."""


class Venue(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A site of the proceeding."""

    name: str
    main: bool
    "主场 or 副场; exactly one venue is the main one."
    issuing_certificate: bytes
    "DER certificate of the key that certifies the seats of this venue."


class Check(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One item of the preliminary examination, passed or failed."""

    id: CheckId
    title: str
    basis: str
    "The clause of the tender document that asks for it."


class BidPlan(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the committee knows of a bid from the start; who made it and its price are sealed."""

    title: str
    given: dict[CriterionId, str]
    "Points of criteria that are given for the bid, not scored by members; decimal strings."


class LotPlan(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One lot as the tender document describes it."""

    title: str
    bids: dict[BidAlias, BidPlan]
    checks: tuple[Check, ...]
    scheme: Scheme


class DocumentFile(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A file that stands beside the record, named by its content."""

    sha256: Digest
    size: int
    "Bytes."


class Continues(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The earlier room that a re-check or a new committee goes on from."""

    room: RoomId
    checkpoint: str
    "Its last signed checkpoint, as text."


class Person(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who sits at a seat."""

    name: str
    organisation: str
    title: str


class SeenTree(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The Merkle tree over the first `size` lines, as the page computed it."""

    size: int
    root: Digest


class RoomRef(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A room, named so that no other can be meant."""

    id: RoomId
    first: Digest
    "Leaf hash of the room's first event."


class SignedCommand(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a seat sent, as it was received."""

    text: str
    "RFC 8785 text of the command."
    key: Digest
    "Fingerprint of the command key: SHA-256 of its SPKI in DER."
    signature: bytes
    "P-256 with SHA-256 over `lianping-command-v1\\n` and the text; r and s, 32 bytes each."
