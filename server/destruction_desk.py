"""What an operator does with recordings whose keeping time has ended: destroy them, and have that stand written.

First the note takes the place of the key (`recording_keys.py`), which closes every copy of the sealed files; then the
files go. A command that was cut off between the two finishes when it is given again.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from msgspec import Struct

from server.backend import Backend
from server.domain.errors import LianpingError
from server.domain.ids import Digest, Millis, RoomId
from server.domain.recordings import Destruction
from server.evidence.destruction import read_destruction, sign_destruction
from server.evidence.retention import kept_until
from server.reports.report_inputs import opened
from server.session.record import Record
from server.words import words


class RoomGoesOn(LianpingError):
    """A room that is not closed is recorded still."""

    def __init__(self, room: RoomId) -> None:
        super().__init__(
            words(
                f"评标室 {room} 尚未关闭，其录音录像不能销毁。",
                f"Room {room} is not closed: its recordings cannot be destroyed.",
            )
        )


class StillKept(LianpingError):
    """The keeping time has not ended, and nobody has said why it should be cut short."""

    def __init__(self, doomed: "Doomed") -> None:
        self.doomed = doomed
        super().__init__(
            words(
                f"评标室 {doomed.room} 的录音录像须保存到 {doomed.kept_until_text}（关闭后 {doomed.years} 年），"
                "现在不能销毁。确有法定理由提前销毁的，请加 --early 并用 --reason 写明理由；理由和姓名会写入销毁说明。",
                f"The recordings of room {doomed.room} are to be kept until {doomed.kept_until_text} (retention_years: "
                f"{doomed.years}, from the close), so they are not destroyed now. Where the law wants it earlier, give "
                "--early and the reason with --reason; reason and name stand in the note.",
            )
        )


class NobodyNamed(LianpingError):
    """The note would not say by whom."""

    def __init__(self) -> None:
        super().__init__(
            words(
                "请用 --by 写明下令销毁者的单位和姓名：销毁说明要写明由谁销毁。",
                "Name who orders it with --by: the note says by whom.",
            )
        )


class NothingToDestroy(LianpingError):
    """There is no recording of the room, and there never was a key of its own."""

    def __init__(self, room: RoomId) -> None:
        super().__init__(
            words(f"评标室 {room} 没有录音录像。", f"There is no recording of room {room}."),
        )


class Order(Struct, frozen=True, kw_only=True):
    """Whoever wants the recordings of a room destroyed."""

    by: str
    "As it is written down: nobody checks who it is."
    reason: str = ""
    early: bool = False
    "Though the keeping time has not ended, for the reason that is given."

    @property
    def stated_reason(self) -> str:
        """What stands in the note."""
        return self.reason.strip() or words("保存期限届满", "keeping time ended")


class Doomed(Struct, frozen=True, kw_only=True):
    """The recordings of a closed room."""

    room: RoomId
    title: str
    pieces: int
    size: int
    "Bytes of their files."
    years: int
    "For which they are to be kept."
    kept_until: Millis
    time_zone: str
    has_own_key: bool
    "Recorded by a server that gave recordings a key apart from the record's: copies of the files are closed with it."

    @property
    def kept_until_text(self) -> str:
        """The day, by the calendar of the room."""
        return day_of(self.kept_until, self.time_zone)


def day_of(at: Millis, zone: str) -> str:
    """A day, as people of the room write it."""
    return f"{datetime.fromtimestamp(at / 1000, UTC).astimezone(ZoneInfo(zone)):%Y-%m-%d}"


async def doomed_recordings(backend: Backend, room: RoomId) -> Doomed | Destruction:
    """What there is to destroy, or the note of what has been destroyed.

    Raises:
        RoomUnknown: there is no such room.
        RoomGoesOn: it is not closed.
        NothingToDestroy: nothing was recorded.
        OSError: the folder cannot be read.
    """
    record = await backend.read_record(room)
    if record.room.closed_at is None:
        raise RoomGoesOn(room)
    note = backend.recording_keys.note_of(room)
    if note is not None:
        return read_destruction(note)[1]
    pieces, size = await backend.recordings.extent(room)
    if not pieces and not record.room.is_recorded:
        raise NothingToDestroy(room)
    opening = opened(record.room)
    years = opening.policy.retention_years
    return Doomed(
        room=room,
        title=opening.title,
        pieces=pieces,
        size=size,
        years=years,
        kept_until=kept_until(record.stored[record.room.closed_at].line.head.at, years, opening.time_zone),
        time_zone=opening.time_zone,
        has_own_key=backend.recording_keys.has_secret(room),
    )


def require_order(doomed: Doomed, order: Order, at: Millis) -> None:
    """Let an order be carried out at this moment.

    Raises:
        NobodyNamed: it does not say whose it is.
        StillKept: the keeping time has not ended, and the order does not say why it is early.
    """
    if not order.by.strip():
        raise NobodyNamed
    if at < doomed.kept_until and not (order.early and order.reason.strip()):
        raise StillKept(doomed)


async def destroy_recordings(backend: Backend, room: RoomId, order: Order, at: Millis) -> Destruction:
    """Destroy the key of a closed room's recordings, then their files; the note of it is kept, and given.

    Raises:
        NobodyNamed, StillKept: see `require_order`.
        RoomUnknown, RoomGoesOn, NothingToDestroy: see `doomed_recordings`.
        OSError: the disk refuses; given again, the command finishes.
    """
    found = await doomed_recordings(backend, room)
    if isinstance(found, Doomed):
        require_order(found, order, at)
        stated = _stated(await backend.read_record(room), found, order, at)
        backend.recording_keys.destroy(room, sign_destruction(stated, backend.log_signer(room)))
    note = backend.recording_keys.note_of(room) or b""
    await backend.recordings.destroy(room, note)
    return read_destruction(note)[1]


def _stated(record: Record, doomed: Doomed, order: Order, at: Millis) -> Destruction:
    return Destruction(
        room=doomed.room,
        lines=record.size,
        root=Digest(record.tree.root().hex()),
        at=at,
        by=order.by.strip(),
        reason=order.stated_reason,
        pieces=doomed.pieces,
        size=doomed.size,
    )


def before_destruction(doomed: Doomed) -> Iterator[str]:
    """What whoever is about to confirm should know."""
    yield words(
        f"评标室 {doomed.room}“{doomed.title}”：{doomed.pieces} 段录音录像，{doomed.size / 1e6:.1f} MB，"
        f"须保存到 {doomed.kept_until_text}（自评标室关闭起 {doomed.years} 年；"
        "法定期限从采购活动结束起算，可能更晚）。",
        f"Room {doomed.room}, “{doomed.title}”: {doomed.pieces} pieces of recordings, {doomed.size / 1e6:.1f} MB, to "
        f"be kept until {doomed.kept_until_text} (retention_years: {doomed.years}, from the close; the law counts from "
        "the end of the procurement, which may be later).",
    )
    yield words(
        "销毁后任何人都无法恢复。评标过程记录、报告和投标文件不受影响。",
        "Nobody can bring them back. The record, its reports and the bids stay.",
    )


def after_destruction(found: Doomed | Destruction) -> Iterator[str]:
    """What is left to be done by hand."""
    if isinstance(found, Destruction):
        yield words(
            "此前已经销毁；残留的文件（如有）已删除。", "They had been destroyed before; what files were left are gone."
        )
    if isinstance(found, Doomed) and not found.has_own_key:
        yield words(
            "这些录音录像由较早的版本录制，与过程记录共用密钥：只删除了文件，别处的副本仍可打开。",
            "An older version recorded them with the record's own key: the files are gone, but a copy still opens.",
        )
    yield words(
        "此前的备份仍含密钥和录像：请删除早于此刻的 .keys 备份及其所有副本（或等其过期），并删除交出的未加密副本。"
        "恢复此前的备份后须再次执行本命令。",
        "Backups from before still hold key and recordings: delete every .keys backup older than this and its copies, "
        "or wait until they have expired, and delete copies in the clear that were handed out. After a restore from "
        "such a backup give this command again.",
    )
    yield words(
        "请重新导出过程记录包（room export）：其中的销毁说明会告诉核验者。",
        "Export the package anew (room export): the note in it tells whoever verifies.",
    )
