"""The command `lianping`."""

import asyncio
import logging
import os
import sys
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Final, TypeVar

import msgspec
import structlog
import typer
from msgspec.structs import replace
from rich.console import Console
from rich.table import Table

from server.app import public_url, serve
from server.auth.operators import Operator, add_operator, new_operator_id
from server.auth.private_files import replace_private_file
from server.backend import Backend, now, open_backend
from server.backup.desk import make_backup, refuse, restore_backup
from server.backup.errors import BackupDamaged
from server.demo.auto import DemoResult, play_demo
from server.demo.sitting import hold_demo
from server.destruction_desk import (
    Doomed,
    Order,
    after_destruction,
    before_destruction,
    destroy_recordings,
    doomed_recordings,
    require_order,
)
from server.doctor import examine
from server.domain.errors import LianpingError
from server.domain.ids import Alias, RoomId, VenueId
from server.domain.recordings import Destruction
from server.evidence.verdict import EXIT_CODES, Outcome
from server.load.desk import LoadPlan, load_test
from server.load.figures import Result
from server.load.plan import SMALLEST_ROOM
from server.load.text import print_load_report
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
from server.room_desk import create_room, export_room, issue_codes, print_slips
from server.settings import read_settings
from server.store.piece_files import ReadPiece
from server.tender.messages import Language, hint_of, message_of
from server.tender.mistakes import TenderRefused
from server.tender.template import template_text, textbook
from server.tender.tender_file import DEFAULT_TIME_ZONE
from server.tender_desk import read_tender_file, telling
from server.verdict_text import print_plainly, print_verdict, verdict_json
from server.verify_desk import verify_package
from server.words import is_chinese, words

T = TypeVar("T")

OPERATOR_CODE_S: Final = 15 * 60
"How long an operator's entry code is good: it opens more than a seat."

REFUSED: Final = 1
"Exit code of a command that was refused."

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help=words("联评：远程异地评标的服务器。", "Lianping: the server for remote bid evaluation."),
)
room_app = typer.Typer(no_args_is_help=True, help=words("评标室。", "Rooms."))
app.add_typer(room_app, name="room")
operator_app = typer.Typer(no_args_is_help=True, help=words("管理员。", "Operators."))
app.add_typer(operator_app, name="operator")

out = Console()
err = Console(stderr=True)


@app.command(name="serve", help=words("启动服务器，直到 Ctrl-C。", "Run the server until Ctrl-C."))
def serve_command() -> None:
    """Run the server."""
    _run(serve(read_settings(os.environ)))


@app.command(help=words("输出一份带注释的项目文件样例。", "Print a commented example of a tender file."))
def template() -> None:
    """Print the template."""
    sys.stdout.write(template_text())


@app.command(help=words("检查本机缺少什么。", "Say what is missing on this machine."))
def doctor() -> None:
    """Examine this machine."""
    findings = _run(examine(read_settings(os.environ)))
    for finding in findings:
        mark = "[green]✓[/]" if finding.ok else "[yellow]![/]" if finding.is_advice else "[red]✗[/]"
        out.print(f"{mark} {finding.what}", soft_wrap=True)
        if not finding.ok:
            out.print(f"   {finding.remedy}", soft_wrap=True)
    raise typer.Exit(0 if all(finding.ok or finding.is_advice for finding in findings) else REFUSED)


@room_app.command(name="create", help=words("从项目文件创建评标室。", "Open a room from a tender file."))
def room_create(file: Annotated[Path, typer.Argument(exists=True, dir_okay=False)]) -> None:
    """Open a room and print the entry codes of its seats."""
    whole = read_tender_file(file, err)

    async def create(backend: Backend) -> tuple[RoomId, dict[Alias, str]]:
        title = words("保存投标文件", "Keeping the bids' files")
        with telling(whole.load, len(whole.documents), title, err) as load:
            room = await create_room(backend, replace(whole, load=load))
        return room, await issue_codes(backend, room)

    room, codes = _run(_with_backend(create))
    out.print(words(f"评标室 {room} 已创建。", f"Room {room} is open."))
    _print_codes(codes)


@room_app.command(name="codes", help=words("为空席位签发新的入场码。", "New entry codes for seats without a device."))
def room_codes(room: str) -> None:
    """Print new entry codes."""
    _print_codes(_run(_with_backend(lambda backend: issue_codes(backend, RoomId(room)))))


@room_app.command(name="tickets", help=words("打印空席位的入场单。", "Entry slips of seats without a device."))
def room_tickets(
    room: str,
    file: Annotated[Path, typer.Argument(dir_okay=False)],
    address: Annotated[str | None, typer.Option(help=words("席位使用的网址。", "Where seats open the page."))] = None,
) -> None:
    """Write slips with new entry codes, one page a seat."""
    url = (address or public_url(read_settings(os.environ))).rstrip("/")
    slips = _run(_with_backend(lambda backend: print_slips(backend, RoomId(room), address=url, at=now())))
    replace_private_file(file, slips)
    out.print(words(f"已写入 {file}，网址 {url}。", f"Wrote {file}; seats open {url}."), highlight=False)
    out.print(words("每个入场码只能使用一次，12 小时内有效。", "Each code is good once, for 12 hours."))


@room_app.command(name="list", help=words("列出所有评标室。", "List all rooms."))
def room_list() -> None:
    """List the rooms, the oldest first."""
    records = _run(_with_backend(lambda backend: backend.rooms.list_rooms()))
    if not records:
        out.print(words("还没有评标室：room create 文件", "No rooms yet: room create FILE."))
        return
    table = Table(words("编号", "Room"), words("项目", "Tender"))
    for record in records:
        table.add_row(record.room, record.title)
    out.print(table)


@room_app.command(name="export", help=words("导出过程记录包。", "Write a room's package."))
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
    with progress_bar(out, shown=_is_watched()) as tell:
        package = _run(_with_backend(lambda backend: export_room(backend, RoomId(room), tell)))
    file.write_bytes(package)
    out.print(words(f"已写入 {file}（{len(package)} 字节）。", f"Wrote {file} ({len(package)} bytes)."))
    if recordings is not None:
        _run(require_desktops_open(read_settings(os.environ), _recordings_of(room)))
        _copy_recordings(_recordings_of(room), recordings)


def _copy_recordings(folder: Path, into: Path) -> None:
    with progress_bar(out, shown=_is_watched()) as tell:
        copied = copy_in_the_clear(folder, into, _reader_of(folder), tell)
    for reason in copied.damaged:
        err.print(f"[red]✗[/] {reason}", highlight=False, soft_wrap=True)
    out.print(
        words(
            f"已将 {copied.pieces} 段录音录像写入 {into}。它们没有加密，请妥善保管。",
            f"Wrote {copied.pieces} pieces of the recordings to {into}. They are not encrypted: keep them with care.",
        ),
        highlight=False,
        soft_wrap=True,
    )
    if copied.damaged:
        raise typer.Exit(REFUSED)


@room_app.command(name="recordings", help=words("列出评标室的录音录像。", "List a room's recordings."))
def room_recordings(
    room: str,
    check: Annotated[
        bool, typer.Option("--check", help=words("逐段检查：缺录、静止、黑屏、无声。", "Examine every piece."))
    ] = False,
) -> None:
    """List what lies in the folder of a room's recordings; where asked, say what is wrong with it."""
    table = Table(*(words(*head) for head in _RECORDING_HEADS))
    folder = _recordings_of(room)
    for track in recorded_tracks(folder, _reader_of(folder)):
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
        )
    out.print(table)
    if check:
        with progress_bar(out, shown=_is_watched()) as tell:
            result, zone = _run(_with_backend(lambda backend: checked_recordings(backend, RoomId(room), tell)))
        for sentence in check_sentences(result, zone):
            out.print(sentence, highlight=False, soft_wrap=True)


@room_app.command(name="join", help=words("将一个席位的录音录像合成一个文件。", "Make one file of a seat's pieces."))
def room_join(
    room: str,
    alias: str,
    file: Annotated[Path, typer.Argument(dir_okay=False)],
    of: Annotated[
        Joined, typer.Option(help=words("席位的录音录像、共享的屏幕或桌面。", "The seat, its screens or its desktop."))
    ] = Joined.SEAT,
) -> None:
    """Write one WebM file of a seat's sound and pictures, or of a screen; nothing is encoded anew."""
    folder, seat = _recordings_of(room), Alias(alias)
    if of is Joined.DESKTOP:
        _run(require_desktops_open(read_settings(os.environ), folder))
    read = _reader_of(folder)
    parts = joined_seat(folder, seat, read) if of is Joined.SEAT else joined_screen(folder, seat, SCREENS[of], read)
    with file.open("wb") as written:
        written.writelines(parts)
    out.print(words(f"已写入 {file}。", f"Wrote {file}."), highlight=False)


@room_app.command(
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

    found, destruction = _run(_with_backend(destroy))
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


_RECORDING_HEADS: Final = (
    ("席位", "Track"),
    ("段数", "Pieces"),
    ("时长", "Recorded"),
    ("大小", "Size"),
    ("丢失的包", "Packets lost"),
    ("席位时钟", "Seat's clock"),
)


def _clock_of(track: RecordedTrack) -> str:
    """How far the seat's clock was ahead of the server's, at the beginning and, where it went otherwise, at the end."""
    if track.clock_ahead_ms is None:
        return "-"
    begin, end = (f"{ahead / 1000:+.2f} s" for ahead in track.clock_ahead_ms)
    return begin if begin == end else f"{begin} … {end}"


def _recordings_of(room: str) -> Path:
    settings = read_settings(os.environ)
    require_not_destroyed(settings, RoomId(room))
    return settings.data / "recordings" / room


def _reader_of(folder: Path) -> ReadPiece:
    return _run(reader_of(read_settings(os.environ), folder))


@operator_app.command(name="add", help=words("登记管理员，输出其入场码。", "Add an operator; prints the entry code."))
def operator_add(
    name: str, venue: Annotated[str, typer.Option(help=words("所在场地。", "Whose venue it is."))]
) -> None:
    """Keep an operator's account and print a code that opens the console once."""
    operator = Operator(id=new_operator_id(), name=name, venue=VenueId(venue))

    async def add(backend: Backend) -> str:
        add_operator(backend.operators_folder, operator)
        return (await backend.codes.issue(operator, OPERATOR_CODE_S)).display

    code = _run(_with_backend(add))
    out.print(words(f"管理员 {name}（{operator.id}）的入场码：{code}", f"Entry code of {name} ({operator.id}): {code}"))
    out.print(words("15 分钟内有效，只能使用一次。", "Good once, for 15 minutes."))


@app.command(help=words("核验过程记录包。", "Check a package: 0 sound, 1 broken, 2 incomplete, 3 unreadable."))
def verify(
    file: Annotated[Path, typer.Argument(dir_okay=False)],
    log_key: Annotated[str | None, typer.Option(help=words("另行公布的日志公钥。", "The log's published key."))] = None,
    recordings: Annotated[
        Path | None, typer.Option(exists=True, file_okay=False, help=words("录音录像目录。", "The recordings' folder."))
    ] = None,
    json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Check a package and say everything that was found."""
    try:
        package = file.read_bytes()
        read = _reader_of(recordings) if recordings else None
        with progress_bar(out, shown=_is_watched() and not json) as tell:
            verdict = verify_package(package, log_key=log_key, recordings=recordings, read=read, tell=tell)
    except (OSError, LianpingError) as error:  # wrong usage ends with 2: here that says that something is missing
        err.print(f"[red]✗[/] {error}", highlight=False, soft_wrap=True)
        raise typer.Exit(EXIT_CODES[Outcome.UNREADABLE]) from None
    if json:
        sys.stdout.write(verdict_json(verdict) + "\n")
    else:
        print_verdict(out, verdict, trusts_itself=log_key is None)
    raise typer.Exit(EXIT_CODES[verdict.outcome])


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
    """Write archives of the data folder; what was recorded goes into one only once."""
    made = make_backup(read_settings(os.environ), folder, keys or folder, now(), keep_days=keep_days)
    for path in made.taken_away:
        out.print(words(f"已删除旧备份 {path}", f"Took away {path}"), highlight=False, soft_wrap=True)
    for path in (*made.recordings, made.records, made.keys):
        out.print(words(f"已写入 {path}", f"Wrote {path}"), highlight=False, soft_wrap=True)
    out.print(words(f"共 {made.files} 个文件，{made.size} 字节。", f"{made.files} files, {made.size} bytes."))
    out.print(
        words(
            "密钥备份要与其余分开保管：它能打开全部记录，丢失它则记录无法恢复。录像备份（.recordings）只写一次，"
            "以后的备份也要用到，请与记录备份放在一起。",
            "Keep the keys apart from the rest: they open every record, and without them no record can be restored. "
            "Recordings (.recordings) are written once and later backups need them too: keep them beside the records.",
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
                "录像备份缺失或损坏时，恢复其余内容。", "Restore the rest where recordings are missing or damaged."
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
                f"[yellow]未能完整恢复录像[/] {each.file}：{each.zh}",
                f"[yellow]Recordings not whole[/] {each.file}: {each.en}",
            ),
            highlight=False,
            soft_wrap=True,
        )
    out.print(
        words(
            f"已恢复到 {settings.data}：{made_at} 的备份。", f"Restored to {settings.data}: the backup of {made_at}."
        ),
        highlight=False,
        soft_wrap=True,
    )
    out.print(words("此后的操作不在其中。", "What was done after that moment is not in it."))


@app.command(help=words("演示：一个人即可体验的评标室。", "Demo: a room that one person can try alone."))
def demo(
    auto: Annotated[bool, typer.Option("--auto", help=words("所有席位自动进行。", "Play every seat."))] = False,
    lan: Annotated[bool, typer.Option("--lan", help=words("供其他电脑加入。", "For other machines too."))] = False,
    port: Annotated[int | None, typer.Option(min=0, max=65534, help=words("监听端口。", "Where to listen."))] = None,
    tender: Annotated[Path | None, typer.Option(exists=True, dir_okay=False)] = None,
    folder: Annotated[Path, typer.Option(help=words("演示数据目录。", "The demo's folder."))] = Path("data/demo"),
    json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Open a room to try, or play every seat of it at once."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    whole = read_tender_file(tender, err) if tender else textbook()
    if not auto:
        _run(hold_demo(whole, folder, lan=lan, say=_say, ask_new=_ask_new, port=port))
        return
    result = _run(play_demo(whole, folder, say=err.print))
    if json:
        sys.stdout.write(msgspec.json.encode(result).decode() + "\n")
    else:
        _print_ranking(result)
    raise typer.Exit(0 if result.verify == "ok" else REFUSED)


@app.command(
    name="load",
    help=words(
        "负载测试：在运行中的服务器上开若干评标室，以真实音视频坐满席位，测量后关闭。",
        "Load test: open rooms on a running server, fill their seats with real media, measure, close.",
    ),
)
def load_command(
    url: Annotated[str, typer.Argument(help=words("服务器网址。", "The server's address."))],
    code: Annotated[
        str,
        typer.Option(
            prompt=words("管理员入场码（operator add）", "Entry code of an operator (operator add)"),
            help=words("管理员入场码。", "An operator's entry code."),
        ),
    ],
    rooms: Annotated[int, typer.Option(min=1, max=50, help=words("评标室数。", "Rooms."))] = 1,
    seats: Annotated[int, typer.Option(min=SMALLEST_ROOM, max=25, help=words("每室席位数。", "Seats a room."))] = 9,
    seconds: Annotated[float, typer.Option(min=1, max=3600, help=words("测量多少秒。", "For how long."))] = 60,
    processes: Annotated[int | None, typer.Option(min=1, help=words("负载进程数。", "Load processes."))] = None,
    root: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, help=words("服务器的根证书。", "The server's root certificate.")),
    ] = None,
    json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Measure whether a server and the network to it carry so many rooms."""
    plan = LoadPlan(
        url=url.rstrip("/"), code=code, rooms=rooms, seats=seats, seconds=seconds, processes=processes, root=root
    )
    report = _run(load_test(plan, say=err.print))
    if json:
        sys.stdout.write(msgspec.json.encode(report).decode() + "\n")
    else:
        print_load_report(out, report)
    raise typer.Exit(0 if report.result is Result.CARRIED else REFUSED)


def _is_watched() -> bool:
    """Whether a person sees the output come."""
    return sys.stdout.isatty()


def _say(line: str) -> None:
    out.print(line, highlight=False, soft_wrap=True)


def _ask_new(title: str) -> bool:
    """A new room instead of the old one? Without a terminal the old one goes on."""
    if not sys.stdin.isatty():
        return False
    return not typer.confirm(
        words(f"继续上次的评标室“{title}”？", f"Go on with the last room, “{title}”?"), default=True
    )


async def _with_backend(action: Callable[[Backend], Awaitable[T]]) -> T:
    async with open_backend(read_settings(os.environ)) as backend:
        return await action(backend)


def _run(work: Coroutine[Any, Any, T]) -> T:
    return asyncio.run(work)


def _print_codes(codes: Mapping[Alias, str]) -> None:
    table = Table(words("席位", "Seat"), words("入场码", "Entry code"))
    for alias, code in codes.items():
        table.add_row(alias, code)
    out.print(table)
    out.print(words("每个入场码只能使用一次，12 小时内有效。", "Each code is good once, for 12 hours."))


def _print_mistakes(refused: TenderRefused) -> None:
    title = words(
        f"{refused.name}：发现 {len(refused.mistakes)} 处问题，未创建任何内容。",
        f"{refused.name}: {len(refused.mistakes)} mistakes; nothing was created.",
    )
    err.print(title, highlight=False)
    language = Language.CHINESE if is_chinese() else Language.ENGLISH
    for mistake in refused.mistakes:
        err.print(f"  {mistake.line}: {mistake.path}", style="bold", highlight=False)
        err.print(f"     {message_of(mistake.code, mistake.facts, language)}", highlight=False)
        err.print(f"     {hint_of(mistake.code, mistake.facts, language)}", style="dim", highlight=False)


def _print_ranking(result: DemoResult) -> None:
    table = Table(words("名次", "Rank"), words("投标", "Bid"), words("总分", "Total"))
    for each in result.ranking:
        table.add_row(str(each.rank), each.bid, each.total)
    out.print(table)
    out.print(
        words(f"记录包：{result.package}（核验：{result.verify}）", f"Package: {result.package} ({result.verify})")
    )
    out.print(words(f"篡改样本：{result.tampered}", f"A tampered copy to try verify on: {result.tampered}"))


def main() -> None:
    """Run the command line; a refusal is a sentence, not a traceback."""
    structlog.configure(
        processors=[structlog.processors.TimeStamper(fmt="iso"), structlog.processors.JSONRenderer()],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    try:
        app()
    except TenderRefused as error:
        _print_mistakes(error)
        raise SystemExit(REFUSED) from None
    except (LianpingError, OSError) as error:
        err.print("[red]✗[/]", end=" ")
        err.print(str(error), markup=False, highlight=False, soft_wrap=True)
        raise SystemExit(REFUSED) from None
