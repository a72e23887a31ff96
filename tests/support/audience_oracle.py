"""Who may hold a line, a second time: from `tests/vectors/audiences.txt` and bare lists of what happened.

It shares nothing with `server.domain.visibility` and keeps no folded state, so that a hole there shows as a difference.
"""

from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from msgspec import to_builtins

from server.domain.ids import Alias
from server.domain.lines import Line

TABLE = Path(__file__).parents[1] / "vectors" / "audiences.txt"

_HEAD, *_ROWS = TABLE.read_text().partition("the examination.\n\n")[2].splitlines()
AUDIENCES = {name: dict(zip(_HEAD.split(), words, strict=True)) for name, *words in (row.split() for row in _ROWS)}
"By event and role; other events are for everybody."

REVEALS = ("stage_revealed", "prices_opened", "result_locked", "names_opened", "lot_phase_changed", "room_closed")
"The events that open earlier lines to somebody."

NEVER = float("inf")
STAYS = 2.0**60
"Later than any line, earlier than never."

ABOUT_SOMEBODY = ("person_sealed", "document_key_certified", "staff_call_answered")
"Events that the person they are about holds in any case."

Happened = dict[str, Any]


class Oracle:
    """What has happened so far, as plain facts with the places where they stand."""

    def __init__(self) -> None:
        self._facts: list[Happened] = []
        self._by_type: defaultdict[str, list[Happened]] = defaultdict(list)

    def take(self, lines: Iterable[Line]) -> None:
        """Note more lines."""
        for line in lines:
            fact = {**to_builtins(line.event), "seq": line.seq, "by": line.by}
            self._facts.append(fact)
            self._by_type[fact["type"]].append(fact)

    def may_hold(self, seq: int, viewer: Alias) -> bool:
        """Whether the viewer may hold the line at this place now."""
        fact = self._facts[seq]
        end = self._left(viewer)
        if seq > end:
            return False
        if viewer == fact["by"] or (fact["type"] in ABOUT_SOMEBODY and fact["alias"] == viewer):
            return True
        role = self._seat(viewer)["role"]
        return self._is_time(AUDIENCES[fact["type"]][role], fact, viewer, end) if fact["type"] in AUDIENCES else True

    def left_before(self, alias: Alias, seq: int) -> bool:
        """Whether the person had left before this line."""
        return self._left(alias) < seq

    def _is_time(  # noqa: C901  # routes only: one case a word
        self, word: str, fact: Happened, viewer: Alias, end: float
    ) -> bool:
        names = self._names_open(end)
        match word:
            case "always" | "never":
                return word == "always"
            case "close":
                return bool(self._find("room_closed"))
            case "names":
                return names
            case "venue":
                return names or self._is_local(fact, viewer)
            case "local":
                return self._is_local(fact, viewer)
            case "lock" | "prices" | "bids":
                return any(found["seq"] <= end for found in self._milestones(word, fact["lot"]))
            case "seated":
                return any(found["seq"] < fact["seq"] for found in self._find("seat_confirmed", alias=viewer))
            case "own":
                return self._own(fact, viewer) <= end
            case "rounds":
                return self._revealed(fact) <= end
            case "round":
                revealed = self._revealed(fact)
                stayed = self._left(fact["by"]) > revealed
                return stayed and revealed <= end and self._own(fact, viewer) <= end
            case _:
                raise AssertionError(f"{word} stands in no legend")

    def _is_local(self, fact: Happened, viewer: Alias) -> bool:
        about = fact.get("alias") or fact["by"]
        return bool(self._seat(viewer)["venue"] == self._seat(about)["venue"])

    def _milestones(self, word: str, lot: str) -> list[Happened]:
        match word:
            case "lock":
                return self._find("result_locked", lot=lot)
            case "prices":
                return self._find("prices_opened", lot=lot)
            case _:
                return self._find("lot_phase_changed", lot=lot, phase="examination")

    def _names_open(self, end: float) -> bool:
        match self._facts[0]["policy"]["member_names"]:
            case "open":
                return True
            case "at_signing":
                return any(found["seq"] <= end for found in self._find("names_opened"))
            case _:
                return False

    def _find(self, event: str, **fields: object) -> list[Happened]:
        return [fact for fact in self._by_type[event] if all(fact[name] == value for name, value in fields.items())]

    def _seat(self, alias: str) -> Happened:
        return self._find("seat_planned", alias=alias)[0]

    def _left(self, alias: str) -> float:
        return next((fact["seq"] for fact in self._find("member_replaced", member=alias)), STAYS)

    def _revealed(self, fact: Happened) -> float:
        lot, stage = _stage(fact)
        found = self._find("stage_revealed", lot=lot, stage=stage, round=fact["round"])
        return next((reveal["seq"] for reveal in found), NEVER)

    def _own(self, fact: Happened, viewer: Alias) -> float:
        lot, stage = _stage(fact)
        mine = {sheet["round"] for sheet in self._find("sheet_handed_in", lot=lot, stage=stage, by=viewer)}
        reveals = self._find("stage_revealed", lot=lot, stage=stage)
        return min((reveal["seq"] for reveal in reveals if reveal["round"] in mine), default=NEVER)


def _stage(fact: Happened) -> tuple[str | None, str]:
    stages = {
        "ballot_cast": "election",
        "sheet_examined": "examination",
        "examination_concluded": "examination",
        "return_grounds": fact.get("stage", ""),
    }
    return fact.get("lot"), stages.get(fact["type"], "scoring")
