"""Why nothing was backed up or restored, in the language of the command line.

LianpingError
└── BackupRefused
    ├── NothingToBackUp    the data folder holds no server's data
    ├── StoreElsewhere     the records lie in an external Redis, which has its own tools
    ├── StoreBusy          the store rewrote its file each time it was copied
    ├── BackupRunning      another backup is being written into the folder
    ├── NotEnoughSpace     the disk of the folder has no room for it
    ├── BackupDamaged      cut off, changed, or not the keys that belong to it
    └── FolderNotEmpty     a restore would overwrite something
"""

from pathlib import Path

from server.domain.errors import LianpingError
from server.words import words


class BackupRefused(LianpingError):
    """Nothing was written, or what was begun has been taken away."""


class NothingToBackUp(BackupRefused):
    """The folder holds no server's data."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            words(
                f"{folder} 中没有联评的数据：请把 LIANPING_DATA 设为服务器的数据目录。",
                f"{folder} holds no data of Lianping: set LIANPING_DATA to the server's data folder.",
            )
        )


class StoreElsewhere(BackupRefused):
    """The records are not in the data folder."""

    def __init__(self) -> None:
        super().__init__(
            words(
                "记录保存在外部 Redis（LIANPING_REDIS_URL）中：请用它自己的工具备份，并另行复制数据目录。",
                "The records lie in an external Redis (LIANPING_REDIS_URL): back it up with its own tools, "
                "and copy the data folder.",
            )
        )


class StoreBusy(BackupRefused):
    """The store was rewriting its file all the time."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            words(
                f"{folder} 正在整理数据文件，请过一分钟再备份。",
                f"{folder} is being rewritten; back it up again in a minute.",
            )
        )


class BackupRunning(BackupRefused):
    """Another backup is being written."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            words(
                f"{folder} 中正在写入另一次备份，请等它结束。",
                f"Another backup is being written into {folder}: wait until it has ended.",
            )
        )


class NotEnoughSpace(BackupRefused):
    """The disk of the backups is full, or would be."""

    def __init__(self, folder: Path, needed: int, free: int) -> None:
        need_mb, free_mb = -(-needed // 10**6), max(0, free) // 10**6
        super().__init__(
            words(
                f"{folder} 所在磁盘空间不足：这次备份需要 {need_mb} MB，可用 {free_mb} MB"
                "（另须留出 2 GiB 给正在进行的评标）。未留下不完整的备份。请清理磁盘，或把备份目录换到更大的磁盘。",
                f"The disk of {folder} is too full: this backup needs {need_mb} MB, and {free_mb} MB are free (besides "
                "2 GiB that are left for rooms in session). No incomplete backup is left behind. Free some space, or "
                "put the backups on a larger disk.",
            )
        )


class BackupDamaged(BackupRefused):
    """A backup cannot be trusted."""

    def __init__(self, file: Path, zh: str, en: str) -> None:
        self.file, self.zh, self.en = file, zh, en
        super().__init__(
            words(
                f"备份 {file} 不能使用：{zh}。未恢复任何内容。",
                f"The backup {file} cannot be used: {en}. Nothing was restored.",
            )
        )


class FolderNotEmpty(BackupRefused):
    """There is something where the data would go."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            words(
                f"{folder} 不是空目录：恢复不会覆盖任何内容。请先把它移开，或设置 LIANPING_DATA。",
                f"{folder} is not empty, and a restore overwrites nothing: move it away, or set LIANPING_DATA.",
            )
        )
