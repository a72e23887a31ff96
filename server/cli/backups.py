"""Backups of the data folder: made and restored."""

import os
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from server.backend import now
from server.backup.desk import make_backup, refuse, restore_backup
from server.backup.errors import BackupDamaged
from server.cli.terminal import err, out, say
from server.settings import read_settings
from server.words import words

app = typer.Typer()


@app.command(
    help=words("备份评标室、密钥和录像；服务器可以继续运行。", "Back up rooms, keys, recordings; serve may run.")
)
def backup(
    folder: Annotated[Path, typer.Argument(file_okay=False)],
    keys: Annotated[
        Path | None,
        typer.Option(file_okay=False, help=words("密钥备份的目录，应分开保管。", "Where the keys go: apart.")),
    ] = None,
    keep_days: Annotated[
        int | None,
        typer.Option(
            min=1,
            help=words(
                "删除早于这么多天的备份；空间不足时从最旧的删起，最新的一份总是保留。",
                "Take older backups away, and the oldest ones where space is short; never the newest.",
            ),
        ),
    ] = None,
) -> None:
    """Write archives of the data folder; what was recorded, and bids, go into one only once."""
    made = make_backup(read_settings(os.environ), folder, keys or folder, now(), keep_days=keep_days)
    for path in made.taken_away:
        say(words(f"已删除旧备份 {path}", f"Took away {path}"))
    for path in (*made.room_files, *made.recordings, made.records, made.keys):
        say(words(f"已写入 {path}", f"Wrote {path}"))
    out.print(words(f"共 {made.files} 个文件，{made.size} 字节。", f"{made.files} files, {made.size} bytes."))
    out.print(
        words(
            "密钥备份要与其余分开保管：它能打开全部记录，丢失它则记录无法恢复。"
            "录像（.recordings）和投标文件（.files）的备份只写一次，"
            "以后的备份也要用到，请与记录备份放在一起。",
            "Keep the keys apart from the rest: they open every record, and without them no record can be restored. "
            "Recordings (.recordings) and bids (.files) are written once and later backups need them too: keep them "
            "beside the records.",
        )
    )


@app.command(help=words("把备份恢复到空的数据目录。", "Restore a backup into an empty data folder."))
def restore(
    records: Annotated[Path, typer.Argument(exists=True, dir_okay=False)],
    keys: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help=words("密钥备份。", "The backup of the keys."))
    ] = None,
    leave_out_damaged: Annotated[
        bool,
        typer.Option(
            "--leave-out-damaged",
            help=words(
                "录像或投标文件的备份缺失或损坏时，恢复其余内容。",
                "Restore the rest where recordings or bids are missing or damaged.",
            ),
        ),
    ] = False,
) -> None:
    """Make the data folder of its archives."""
    settings = read_settings(os.environ)
    damaged: list[BackupDamaged] = []
    left_out = damaged.append if leave_out_damaged else refuse
    contents = restore_backup(settings, records, keys or records.with_suffix(".keys"), left_out)
    made_at = datetime.fromtimestamp(contents.made_at / 1000).astimezone().isoformat(sep=" ", timespec="seconds")
    for each in damaged:
        err.print(
            words(
                f"[yellow]未能完整恢复[/] {each.file}：{each.zh}",
                f"[yellow]Not restored whole[/] {each.file}: {each.en}",
            ),
            highlight=False,
            soft_wrap=True,
        )
    say(
        words(f"已恢复到 {settings.data}：{made_at} 的备份。", f"Restored to {settings.data}: the backup of {made_at}.")
    )
    out.print(words("此后的操作不在其中。", "What was done after that moment is not in it."))
