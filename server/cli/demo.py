"""A sitting to try out."""

import asyncio
import logging
import sys
from pathlib import Path
from typing import Annotated

import structlog
import typer
from rich.table import Table

from server.cli.terminal import REFUSED, err, out, print_json, say
from server.demo.auto import DemoResult, play_demo
from server.demo.sitting import hold_demo
from server.tender.template import textbook
from server.tender_desk import read_tender_file
from server.words import words

app = typer.Typer()


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
        asyncio.run(hold_demo(whole, folder, lan=lan, say=say, ask_new=_ask_new, port=port))
        return
    result = asyncio.run(play_demo(whole, folder, say=err.print))
    if json:
        print_json(result)
    else:
        _print_ranking(result)
    raise typer.Exit(0 if result.verify == "ok" else REFUSED)


def _ask_new(title: str) -> bool:
    """A new room instead of the old one? Without a terminal the old one goes on."""
    if not sys.stdin.isatty():
        return False
    return not typer.confirm(
        words(f"继续上次的评标室“{title}”？", f"Go on with the last room, “{title}”?"), default=True
    )


def _print_ranking(result: DemoResult) -> None:
    table = Table(words("名次", "Rank"), words("投标", "Bid"), words("总分", "Total"))
    for each in result.ranking:
        table.add_row(str(each.rank), each.bid, each.total)
    out.print(table)
    out.print(
        words(f"记录包：{result.package}（核验：{result.verify}）", f"Package: {result.package} ({result.verify})")
    )
    out.print(words(f"篡改样本：{result.tampered}", f"A tampered copy to try verify on: {result.tampered}"))
