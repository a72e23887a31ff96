"""The command `lianping`: its verbs, and how it says that one was refused."""

import logging
import sys

import structlog
import typer

from server.cli import backups, demo, keys, load, operators, recordings, rooms, serving, verify
from server.cli.refusal_words import refusal_sentence
from server.cli.terminal import REFUSED, err
from server.domain.errors import LianpingError
from server.tender.messages import Language, hint_of, message_of
from server.tender.mistakes import TenderRefused
from server.words import is_chinese, words
from signaling.lossy_log import LossyLog

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help=words("联评：远程异地评标的服务器。", "Lianping: the server for remote bid evaluation."),
)
for verbs in (serving.app, verify.app, backups.app, demo.app, load.app):
    app.add_typer(verbs)

room_app = typer.Typer(no_args_is_help=True, help=words("评标室。", "Rooms."))
room_app.add_typer(rooms.app)
room_app.add_typer(recordings.app)
app.add_typer(room_app, name="room")

app.add_typer(operators.app, name="operator", no_args_is_help=True, help=words("管理员。", "Operators."))
app.add_typer(keys.app, name="key", no_args_is_help=True, help=words("服务器的密钥。", "The server's keys."))


def main() -> None:
    """Run the command line; a refusal is a sentence, not a traceback."""
    log = LossyLog(sys.stderr.fileno())
    logging.basicConfig(stream=log, level=logging.WARNING)  # what libraries say
    structlog.configure(
        processors=[structlog.processors.TimeStamper(fmt="iso"), structlog.processors.JSONRenderer()],
        logger_factory=structlog.WriteLoggerFactory(log),  # type: ignore[arg-type]  # a text stream
    )
    try:
        app()
    except TenderRefused as error:
        _print_mistakes(error)
        raise SystemExit(REFUSED) from None
    except (LianpingError, OSError) as error:
        err.print("[red]✗[/]", end=" ")
        err.print(refusal_sentence(error), markup=False, highlight=False, soft_wrap=True)
        raise SystemExit(REFUSED) from None


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
