"""What blocks each step all through the golden logs, for server and page: `python -m tests.support.gate_vectors`.

One file a log under `tests/vectors/gates`; its records stand at the sizes of the log where something changes.
"""

import json
from pathlib import Path
from typing import Any

from server.domain.fold import apply
from server.domain.gates import (
    Blocker,
    election_blockers,
    replacement_blockers,
    report_blockers,
    seal_blockers,
    stage_blockers,
)
from server.domain.lines import parse_line
from server.domain.state import EMPTY, RoomState
from tests.support.make_golden_logs import FOLDER as LOGS

FOLDER = LOGS.parent / "gates"


def gate_records(raws: list[bytes]) -> list[dict[str, Any]]:
    """Every state of the gates that a log goes through, with its size when it came to be."""
    room, records = EMPTY, [{"size": 0, **gates(EMPTY)}]
    for size, raw in enumerate(raws, start=1):
        room = apply(room, parse_line(raw))
        now = {"size": size, **gates(room)}
        if now != {**records[-1], "size": size}:
            records.append(now)
    return records


def gates(room: RoomState) -> dict[str, Any]:
    """What blocks which step now."""
    return {
        "election": plain(election_blockers(room)),
        "replacement": plain(replacement_blockers(room)),
        "report": plain(report_blockers(room)),
        "seals": {name: plain(seal_blockers(room, name)) for name in room.lots},
        "stages": {
            f"{name}/{stage}": plain(stage_blockers(room, name, stage))
            for name, lot in room.lots.items()
            for stage in lot.stages
        },
    }


def plain(blockers: list[Blocker]) -> list[list[str | None]]:
    """Code and alias of each."""
    return [[blocker.code, blocker.alias] for blocker in blockers]


def text_of(log: Path) -> str:
    """The file that belongs to a golden log."""
    records = gate_records((log / "lines.jsonl").read_bytes().splitlines())
    return "[\n" + ",\n".join(json.dumps(record) for record in records) + "\n]\n"


def logs() -> list[Path]:
    """Every golden log."""
    return sorted(path for path in LOGS.iterdir() if path.is_dir())


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for log in logs():
        (FOLDER / f"{log.name}.json").write_text(text_of(log))
