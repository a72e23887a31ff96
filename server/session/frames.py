"""What passes over `/rooms/{id}/sync`: one tagged union each way. A frame is a msgpack map with its `type`."""

from typing import Annotated

from msgspec import Meta, Struct

from server.domain.commands import LARGEST_N
from server.domain.ids import Alias, Digest, LotId, Millis, Seq, VenueId
from server.domain.phases import Stage
from server.domain.roles import Role

PROTOCOL = "lianping-sync-1"
"The WebSocket subprotocol; its number rises with every change that an older side cannot read."

Count = Annotated[int, Meta(ge=0, le=LARGEST_N)]


class FromSeat(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="type"):
    """The root of what a seat sends."""


class Join(FromSeat, frozen=True, kw_only=True, tag="join"):
    """The first frame: who I am and how much of the record I hold."""

    token: str
    have: Count
    "Lines, or hashes of lines, that the page holds: 0 to `have` - 1."
    key: Digest | None
    "Fingerprint of the seat's command key; none before the seat is enrolled."
    proof: bytes | None
    "The key's signature over `lianping-join-v1\\n` and the token: 64 bytes, r and s."


class Submit(FromSeat, frozen=True, kw_only=True, tag="submit"):
    """A signed command."""

    text: str
    "RFC 8785 text of the command."
    signature: bytes
    "64 bytes: r and s of the P-256 signature."
    key: Digest
    "Fingerprint of the command key."


class SaveCell(FromSeat, frozen=True, kw_only=True, tag="save_cell"):
    """One typed cell of a sheet that is not handed in yet."""

    lot: LotId
    stage: Stage
    round: int
    cell: str
    "Chosen by the page, such as `A/t1`."
    value: str
    "Empty to clear the cell."
    version: Annotated[int, Meta(ge=1, le=LARGEST_N)]
    "The version that the page knows, plus one."


class ShowProgress(FromSeat, frozen=True, kw_only=True, tag="show_progress"):
    """How far I am with a sheet: passed on to the room, never kept."""

    lot: LotId
    stage: Stage
    filled: Count
    total: Count


class Refresh(FromSeat, frozen=True, kw_only=True, tag="refresh"):
    """Ask for a new token before the present one expires."""


AnyFromSeat = Join | Submit | SaveCell | ShowProgress | Refresh


class ToSeat(Struct, frozen=True, kw_only=True, tag_field="type"):
    """The root of what the server sends."""


class Cell(Struct, frozen=True, kw_only=True):
    """A typed cell as it is kept."""

    lot: LotId
    stage: Stage
    round: int
    cell: str
    value: str
    version: int
    "Rises with every change of the cell; the higher one stands."


class Welcome(ToSeat, frozen=True, kw_only=True, tag="welcome"):
    """The answer to `join`; lines, a checkpoint and live lines follow."""

    alias: Alias
    role: Role
    venue: VenueId
    size: int
    "Lines in the room's record now."
    now: Millis
    "The server's clock."
    last_n: int
    "The highest `n` accepted from the seat's present key."
    cells: tuple[Cell, ...]


class PlacedLine(Struct, frozen=True, array_like=True):
    """A line in its place."""

    seq: Seq
    raw: bytes


class Lines(ToSeat, frozen=True, kw_only=True, tag="lines"):
    """Lines that the viewer may see, in order; older ones where a reveal has opened them."""

    lines: tuple[PlacedLine, ...]


class PlacedHash(Struct, frozen=True, array_like=True):
    """The leaf hash of a hidden line."""

    seq: Seq
    hash: bytes


class CheckpointSigned(ToSeat, frozen=True, kw_only=True, tag="checkpoint"):
    """A signed head, with the hashes of the hidden lines before it that have not been sent yet."""

    note: str
    "C2SP signed note with the log's signature and the witnesses' cosignatures."
    hashes: tuple[PlacedHash, ...]


class Accepted(ToSeat, frozen=True, kw_only=True, tag="accepted"):
    """A command is in the record, durably. Sent again for the same command."""

    n: int
    first: Seq
    last: Seq
    "Its events are the lines from `first` to `last`."


class Refused(ToSeat, frozen=True, kw_only=True, tag="refused"):
    """A command or a frame was refused; the room is as it was."""

    code: str
    text: str
    n: int | None = None
    "Of the refused command."


class CellSaved(ToSeat, frozen=True, kw_only=True, tag="cell_saved"):
    """A cell is kept, durably; also sent to the person's other pages."""

    cell: Cell


class Progress(ToSeat, frozen=True, kw_only=True, tag="progress"):
    """How far somebody is with a sheet; nothing of it is kept."""

    alias: Alias
    lot: LotId
    stage: Stage
    filled: int
    total: int


class Presence(ToSeat, frozen=True, kw_only=True, tag="presence"):
    """Which seats are connected now; nothing of it is kept."""

    connected: tuple[Alias, ...]


class FreshToken(ToSeat, frozen=True, kw_only=True, tag="token"):
    """The answer to `refresh`."""

    token: str


class Goodbye(ToSeat, frozen=True, kw_only=True, tag="goodbye"):
    """The last frame before the server closes the connection."""

    code: str
    text: str


AnyToSeat = (
    Welcome | Lines | CheckpointSigned | Accepted | Refused | CellSaved | Progress | Presence | FreshToken | Goodbye
)
