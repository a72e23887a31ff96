"""A package that someone was given: what it is worth."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from server.cli.recordings import piece_reader
from server.cli.terminal import err, is_watched, out
from server.domain.errors import LianpingError
from server.evidence.verdict import EXIT_CODES, Outcome
from server.progress_bar import progress_bar
from server.verdict_text import print_verdict, verdict_json
from server.verify_desk import verify_package
from server.words import words

app = typer.Typer()


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
        read = piece_reader(recordings) if recordings else None
        with progress_bar(out, shown=is_watched() and not json) as tell:
            verdict = verify_package(package, log_key=log_key, recordings=recordings, read=read, tell=tell)
    except (OSError, LianpingError) as error:  # wrong usage ends with 2: here that says that something is missing
        err.print(f"[red]✗[/] {error}", highlight=False, soft_wrap=True)
        raise typer.Exit(EXIT_CODES[Outcome.UNREADABLE]) from None
    if json:
        sys.stdout.write(verdict_json(verdict) + "\n")
    else:
        print_verdict(out, verdict, trusts_itself=log_key is None)
    raise typer.Exit(EXIT_CODES[verdict.outcome])
