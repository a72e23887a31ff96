"""A load test of a running server."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from server.cli.terminal import REFUSED, err, out, print_json
from server.load.desk import LoadPlan, load_test
from server.load.figures import Result
from server.load.plan import SMALLEST_ROOM
from server.load.text import print_load_report
from server.words import words

app = typer.Typer()


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
    report = asyncio.run(load_test(plan, say=err.print))
    if json:
        print_json(report)
    else:
        print_load_report(out, report)
    raise typer.Exit(0 if report.result is Result.CARRIED else REFUSED)
