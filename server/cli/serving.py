"""Before the first room: the server itself, what its machine lacks, a tender file to begin with."""

import asyncio
import os
import sys

import typer

from server.app import serve
from server.cli.terminal import REFUSED, out
from server.doctor import examine
from server.settings import read_settings
from server.tender.template import template_text
from server.words import words

app = typer.Typer()


@app.command(name="serve", help=words("启动服务器，直到 Ctrl-C。", "Run the server until Ctrl-C."))
def serve_command() -> None:
    """Run the server."""
    asyncio.run(serve(read_settings(os.environ)))


@app.command(help=words("输出一份带注释的项目文件样例。", "Print a commented example of a tender file."))
def template() -> None:
    """Print the template."""
    sys.stdout.write(template_text())


@app.command(help=words("检查本机缺少什么。", "Say what is missing on this machine."))
def doctor() -> None:
    """Examine this machine."""
    findings = asyncio.run(examine(read_settings(os.environ)))
    for finding in findings:
        mark = "[green]✓[/]" if finding.ok else "[yellow]![/]" if finding.is_advice else "[red]✗[/]"
        out.print(f"{mark} {finding.what}", soft_wrap=True)
        if not finding.ok:
            out.print(f"   {finding.remedy}", soft_wrap=True)
    raise typer.Exit(0 if all(finding.ok or finding.is_advice for finding in findings) else REFUSED)
