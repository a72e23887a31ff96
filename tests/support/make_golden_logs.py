"""Writes the files of `tests/vectors/logs` that are not there yet: `python -m tests.support.make_golden_logs`.

One that has landed is never written again; see the README beside them.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import msgspec

from server.domain.fold import fold
from server.domain.lines import Line
from server.domain.state import RoomView
from server.replay.table import replay_table
from tests.support.golden_logs import GOLDEN_LOGS
from tests.support.room_world import World

FOLDER = Path(__file__).parents[1] / "vectors" / "logs"

TRUTH = "*"
"The name of the fold of all lines, beside the aliases."


def views(world: World) -> dict[str, dict[str, Any]]:
    """What everyone of the room sees at the end, and the truth."""
    seen: dict[str, list[Line]] = {alias: world.visible(alias) for alias in world.room.seats}
    seen[TRUTH] = world.lines
    return {
        name: {"seqs": [line.seq for line in lines], "view": plain_view(fold(lines))} for name, lines in seen.items()
    }


LATER_FIELDS: Final = frozenset(
    {
        *("opened_at", "files", "report", "document_keys", "names_opened_at", "calls"),
        *("named", "annexes", "annex_files", "joined_at"),
        "prechecks",
        "cameras",
        "walls",
        *("talk", "talk_requests", "past_talks"),
        *("recordings", "pieces", "recording_space", "recordings_checked", "waivers"),
    }
)
"Fields of views that folders written before them lack."


def known_then(given: Any, stored: Any) -> Any:
    """What is given, without the later fields that the stored value lacks."""
    match given, stored:
        case dict(), dict():
            kept = {name: value for name, value in given.items() if name in stored or name not in LATER_FIELDS}
            return {name: known_then(value, stored.get(name)) for name, value in kept.items()}
        case _:
            return given


def plain_view(view: RoomView) -> dict[str, Any]:
    """A view in the types that JSON knows."""
    plain: dict[str, Any] = json.loads(msgspec.json.encode(view))
    return plain


def head(world: World) -> dict[str, Any]:
    """The tree over all lines."""
    return {"size": world.tree.size, "root": world.tree.root().hex()}


def replay(lines: Sequence[Line]) -> dict[str, Any]:
    """Who saw what since when, and the marks of the timeline."""
    plain: dict[str, Any] = json.loads(msgspec.json.encode(replay_table(lines)))
    return plain


def write(folder: Path, world: World) -> None:
    """One log with its views, its head and its replay, as far as they are not there."""
    folder.mkdir(parents=True, exist_ok=True)
    _write_new(folder / "lines.jsonl", b"".join(line + b"\n" for line in world.raw))
    for name, content in (("views", views(world)), ("head", head(world)), ("replay", replay(world.lines))):
        text = json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
        _write_new(folder / f"{name}.json", text.encode())


def _write_new(path: Path, content: bytes) -> None:
    if not path.exists():
        path.write_bytes(content)


if __name__ == "__main__":
    for log, played in GOLDEN_LOGS.items():
        write(FOLDER / log, played())
