"""What was recorded of a room: listed, joined, copied, destroyed."""

import asyncio
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.table import Table

from server.backend import Backend, now
from server.cli.terminal import REFUSED, err, is_watched, out, say, with_backend
from server.destruction_desk import (
    Doomed,
    Order,
    after_destruction,
    before_destruction,
    destroy_recordings,
    doomed_recordings,
    require_order,
)
from server.domain.ids import Alias, RoomId
from server.domain.recordings import Destruction
from server.progress_bar import progress_bar
from server.recording_desk import (
    SCREENS,
    Joined,
    RecordedTrack,
    checked_recordings,
    copy_in_the_clear,
    joined_screen,
    joined_seat,
    reader_of,
    recorded_tracks,
    require_desktops_open,
    require_not_destroyed,
)
from server.recording_words import check_sentences, destruction_sentence
from server.settings import read_settings
from server.store.piece_files import ReadPiece
from server.tender.tender_file import DEFAULT_TIME_ZONE
from server.verdict_text import print_plainly
from server.words import words

app = typer.Typer()

_HEADS: Final = (
    ("席位", "Track"),
    ("段数", "Pieces"),
    ("时长", "Recorded"),
    ("大小", "Size"),
    ("丢失的包", "Packets lost"),
    ("席位时钟", "Seat's clock"),
)
_UNREADABLE: Final = ("无法读取的段", "Unreadable")


@app.command(name="recordings", help=words("列出评标室的录音录像。", "List a room's recordings."))
def room_recordings(
    room: str,
    check: Annotated[
        bool, typer.Option("--check", help=words("逐段检查：缺录、静止、黑屏、无声。", "Examine every piece."))
    ] = False,
) -> None:
    """List what lies in the folder of a room's recordings; where asked, say what is wrong with it."""
    folder = recordings_of(room)
    tracks = recorded_tracks(folder, piece_reader(folder))
    names_unreadable = any(track.unreadable for track in tracks)
    table = Table(*(words(*head) for head in (*_HEADS, *([_UNREADABLE] if names_unreadable else []))))
    for track in tracks:
        alias, kind = track.track
        seconds = round(track.recorded_ms / 1000)
        length = f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"
        table.add_row(
            f"{alias}-{kind}",
            str(track.pieces),
            length,
            f"{track.size / 1e6:.1f} MB",
            str(track.missing_packets),
            _clock_of(track),
            *([str(track.unreadable)] if names_unreadable else []),
        )
    out.print(table)
    if check:
        with progress_bar(out, shown=is_watched()) as tell:
            result, zone = with_backend(lambda backend: checked_recordings(backend, RoomId(room), tell))
        for sentence in check_sentences(result, zone):
            say(sentence)


def _clock_of(track: RecordedTrack) -> str:
    """How far the seat's clock was ahead of the server's, at the beginning and, where it went otherwise, at the end."""
    if track.clock_ahead_ms is None:
        return "-"
    begin, end = (f"{ahead / 1000:+.2f} s" for ahead in track.clock_ahead_ms)
    return begin if begin == end else f"{begin} … {end}"


@app.command(name="join", help=words("将一个席位的录音录像合成一个文件。", "Make one file of a seat's pieces."))
def room_join(
    room: str,
    alias: str,
    file: Annotated[Path, typer.Argument(dir_okay=False)],
    of: Annotated[
        Joined, typer.Option(help=words("席位的录音录像、共享的屏幕或桌面。", "The seat, its screens or its desktop."))
    ] = Joined.SEAT,
) -> None:
    """Write one WebM file of a seat's sound and pictures, or of a screen; nothing is encoded anew."""
    folder, seat = recordings_of(room), Alias(alias)
    if of is Joined.DESKTOP:
        asyncio.run(require_desktops_open(read_settings(os.environ), folder))
    read = piece_reader(folder)
    if of is Joined.SEAT:
        parts = joined_seat(folder, seat, read, _name_damaged)
    else:
        parts = joined_screen(folder, seat, SCREENS[of], read, _name_damaged)
    write_whole(file, parts)
    out.print(words(f"已写入 {file}。", f"Wrote {file}."), highlight=False)


def write_whole(file: Path, parts: Iterable[bytes]) -> None:
    """Put all parts at `file`, or leave what stands there."""
    target = file.resolve()
    if target.exists() and not target.is_file():  # a pipe, such as /dev/stdout
        with target.open("wb") as pipe:
            pipe.writelines(parts)
        return
    part = target.with_name(f".{target.name}.part")
    try:
        with part.open("wb") as written:
            written.writelines(parts)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


@app.command(
    name="shred",
    help=words("销毁保存期满的录音录像，不可恢复。", "Destroy recordings whose keeping time has ended, for ever."),
)
def room_shred(
    room: str,
    by: Annotated[str, typer.Option(help=words("谁下令销毁：单位、姓名。", "Who orders it: office and name."))],
    reason: Annotated[str, typer.Option(help=words("理由。", "Why."))] = "",
    early: Annotated[
        bool, typer.Option("--early", help=words("保存期未满也销毁，须写明理由。", "Before its end; needs a reason."))
    ] = False,
    confirm: Annotated[
        str | None, typer.Option(help=words("不询问：再写一次编号。", "Do not ask: the room once more."))
    ] = None,
) -> None:
    """Destroy the key of a closed room's recordings and their files, and keep a signed note of it."""
    order = Order(by=by, reason=reason, early=early)

    async def destroy(backend: Backend) -> tuple[Doomed | Destruction, Destruction]:
        found = await doomed_recordings(backend, RoomId(room))
        if isinstance(found, Doomed):
            require_order(found, order, now())
            _confirm_destruction(found, confirm)
        return found, await destroy_recordings(backend, RoomId(room), order, now())

    found, destruction = with_backend(destroy)
    print_plainly(out, destruction_sentence(destruction, DEFAULT_TIME_ZONE))
    for sentence in after_destruction(found):
        print_plainly(out, sentence)


def _confirm_destruction(doomed: Doomed, confirm: str | None) -> None:
    """Have the room's id written once more, where it was not."""
    for sentence in before_destruction(doomed):
        print_plainly(err, sentence)
    question = words(f"确认销毁请再输入评标室编号 {doomed.room}", f"To destroy them, write {doomed.room} once more")
    answer = confirm if confirm is not None else typer.prompt(question, err=True)
    if answer.strip() != doomed.room:
        err.print(words("编号不符，什么也没有销毁。", "That is another room: nothing was destroyed."))
        raise typer.Exit(REFUSED)


def copy_recordings(folder: Path, into: Path) -> None:
    """Write its pieces in the clear; what cannot be read is said, and refuses the command."""
    with progress_bar(out, shown=is_watched()) as tell:
        copied = copy_in_the_clear(folder, into, piece_reader(folder), tell)
    for reason in copied.damaged:
        _name_damaged(reason)
    say(
        words(
            f"已将 {copied.pieces} 段录音录像写入 {into}。它们没有加密，请妥善保管。",
            f"Wrote {copied.pieces} pieces of the recordings to {into}. They are not encrypted: keep them with care.",
        )
    )
    if copied.damaged:
        raise typer.Exit(REFUSED)


def _name_damaged(reason: str) -> None:
    err.print(f"[red]✗[/] {reason}", highlight=False, soft_wrap=True)


def recordings_of(room: str) -> Path:
    """The folder of a room's recordings.

    Raises:
        RecordingsDestroyed: they are no more.
    """
    settings = read_settings(os.environ)
    require_not_destroyed(settings, RoomId(room))
    return settings.data / "recordings" / room


def piece_reader(folder: Path) -> ReadPiece:
    """What opens the pieces of this folder, with the key of their room where they are encrypted."""
    return asyncio.run(reader_of(read_settings(os.environ), folder))
