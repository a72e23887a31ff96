"""Rooms: opened, entered, listed, exported."""

import asyncio
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Final

import typer
from msgspec.structs import replace
from rich.table import Table

from server.app import public_url
from server.auth.private_files import replace_private_file
from server.backend import Backend, now
from server.cli.recordings import copy_recordings, recordings_of
from server.cli.terminal import err, is_watched, out, with_backend
from server.domain.ids import Alias, RoomId
from server.progress_bar import progress_bar
from server.recording_desk import require_desktops_open
from server.room_desk import create_room, export_room, issue_codes, print_slips
from server.settings import read_settings
from server.tender_desk import read_tender_file, telling
from server.words import words

app = typer.Typer()

_GOOD_ONCE: Final = ("每个入场码只能使用一次，12 小时内有效。", "Each code is good once, for 12 hours.")


@app.command(name="create", help=words("从项目文件创建评标室。", "Open a room from a tender file."))
def room_create(file: Annotated[Path, typer.Argument(exists=True, dir_okay=False)]) -> None:
    """Open a room and print the entry codes of its seats."""
    whole = read_tender_file(file, err)

    async def create(backend: Backend) -> tuple[RoomId, dict[Alias, str]]:
        title = words("保存投标文件", "Keeping the bids' files")
        with telling(whole.load, len(whole.documents), title, err) as load:
            room = await create_room(backend, replace(whole, load=load))
        return room, await issue_codes(backend, room)

    room, codes = with_backend(create)
    out.print(words(f"评标室 {room} 已创建。", f"Room {room} is open."))
    _print_codes(codes)


@app.command(name="codes", help=words("为空席位签发新的入场码。", "New entry codes for seats without a device."))
def room_codes(room: str) -> None:
    """Print new entry codes."""
    _print_codes(with_backend(lambda backend: issue_codes(backend, RoomId(room))))


def _print_codes(codes: Mapping[Alias, str]) -> None:
    table = Table(words("席位", "Seat"), words("入场码", "Entry code"))
    for alias, code in codes.items():
        table.add_row(alias, code)
    out.print(table)
    out.print(words(*_GOOD_ONCE))


@app.command(name="tickets", help=words("打印空席位的入场单。", "Entry slips of seats without a device."))
def room_tickets(
    room: str,
    file: Annotated[Path, typer.Argument(dir_okay=False)],
    address: Annotated[str | None, typer.Option(help=words("席位使用的网址。", "Where seats open the page."))] = None,
) -> None:
    """Write slips with new entry codes, one page a seat."""
    url = (address or public_url(read_settings(os.environ))).rstrip("/")
    slips = with_backend(lambda backend: print_slips(backend, RoomId(room), address=url, at=now()))
    replace_private_file(file, slips)
    out.print(words(f"已写入 {file}，网址 {url}。", f"Wrote {file}; seats open {url}."), highlight=False)
    out.print(words(*_GOOD_ONCE))


@app.command(name="list", help=words("列出所有评标室。", "List all rooms."))
def room_list() -> None:
    """List the rooms, the oldest first."""
    records = with_backend(lambda backend: backend.rooms.list_rooms())
    if not records:
        out.print(words("还没有评标室：room create 文件", "No rooms yet: room create FILE."))
        return
    table = Table(words("编号", "Room"), words("项目", "Tender"))
    for record in records:
        table.add_row(record.room, record.title)
    out.print(table)


@app.command(name="export", help=words("导出过程记录包。", "Write a room's package."))
def room_export(
    room: str,
    file: Annotated[Path, typer.Argument(dir_okay=False)],
    recordings: Annotated[
        Path | None,
        typer.Option(
            file_okay=False, help=words("录音录像副本（不加密）的目录。", "Where copies of the recordings go.")
        ),
    ] = None,
) -> None:
    """Write the package of a room, for `verify`; where asked, its recordings in the clear, for the same."""
    with progress_bar(out, shown=is_watched()) as tell:
        package = with_backend(lambda backend: export_room(backend, RoomId(room), tell))
    file.write_bytes(package)
    out.print(words(f"已写入 {file}（{len(package)} 字节）。", f"Wrote {file} ({len(package)} bytes)."))
    if recordings is not None:
        asyncio.run(require_desktops_open(read_settings(os.environ), recordings_of(room)))
        copy_recordings(recordings_of(room), recordings)
