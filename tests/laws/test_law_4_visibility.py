"""Law 4, the one door: what may be seen stays so, a reveal opens what is its own, who left gets nothing new."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import pytest

from server.domain.fold import fold
from server.domain.gates import election_blockers, replacement_blockers, stage_blockers
from server.domain.ids import Alias
from server.domain.lines import Line
from server.domain.phases import Stage
from server.domain.roles import MEMBERS, Role
from server.domain.state import EMPTY, RoomState
from server.domain.visibility import is_visible, viewer_of
from tests.support.audience_oracle import REVEALS, Oracle
from tests.support.random_walks import EVENTFUL, walked
from tests.support.room_world import types_of

FACTS = ("lot", "stage", "round")


@dataclass
class Look:
    """The room after an entry, and who sees what."""

    room: RoomState
    lines: list[Line]
    entry: list[Line]
    tags: set[str]
    seen: dict[Alias, set[int]]
    opened: dict[Alias, set[int]]
    "Older lines that this entry has made visible."
    closed: dict[Alias, set[int]]
    "Lines that this entry has made invisible: none, ever."


@cache
def looks(seed: int) -> tuple[Look, ...]:
    """Every entry of a walk at which anything could open or end, every twentieth other one, and the last."""
    return tuple(_looks(seed))


def _looks(seed: int) -> Iterator[Look]:
    lines: list[Line] = []
    room = EMPTY
    seen: dict[Alias, set[int]] = {}
    for place, entry in enumerate(walked(seed).world.entries):
        room, lines, tags = fold(entry, room), [*lines, *entry], set(types_of(entry))
        if not tags & {*REVEALS, "member_replaced"} and place % 20:
            for alias in seen:
                seen[alias] |= visible(entry, alias, room)
            continue
        now = {alias: visible(lines, alias, room) for alias in room.seats}
        opened = {alias: {seq for seq in now[alias] - seen[alias] if seq < entry[0].seq} for alias in seen}
        closed = {alias: seen[alias] - now[alias] for alias in seen}
        seen = {alias: set(seqs) for alias, seqs in now.items()}
        yield Look(room, lines, entry, tags, now, opened, closed)


def visible(lines: list[Line], alias: Alias, room: RoomState) -> set[int]:
    viewer = viewer_of(alias, room)
    return {line.seq for line in lines if is_visible(line, viewer, room)}


@pytest.mark.parametrize("seed", EVENTFUL)
def test_door_agrees_with_the_oracle(seed: int) -> None:
    oracle = Oracle()
    taken = 0

    for look in looks(seed):
        oracle.take(look.lines[taken:])
        taken = len(look.lines)
        expected = {alias: {line.seq for line in look.lines if oracle.may_hold(line.seq, alias)} for alias in look.seen}
        assert look.seen == expected


@pytest.mark.parametrize("seed", EVENTFUL)
def test_what_may_be_seen_stays_so_and_opens_for_a_reason_only(seed: int) -> None:
    for look in looks(seed):
        assert not any(look.closed.values())
        for alias, opened in look.opened.items():
            assert [seq for seq in opened if not is_opened_by(look, look.lines[seq], alias)] == [], (alias, look.tags)
            assert not (opened and look.room.seats[alias].left_at is not None)


OF_REPORTS = {"report_issued", "report_revised", "dissent_stated", "refusal_minute", "report_filed"}


def is_opened_by(look: Look, old: Line, alias: Alias) -> bool:
    """Whether an entry of this kind can make the old line visible to this viewer."""
    role = look.room.seats[alias].role
    event = old.event
    lot = getattr(event, "lot", None)
    for line in look.entry:
        match types_of([line])[0]:
            case "stage_revealed":
                same_stage = (line.event.lot, line.event.stage) == (lot, stage_of(old))  # type: ignore[union-attr]
                number = getattr(event, "round", None)
                own_round = number == line.event.round  # type: ignore[union-attr]
                if same_stage and (own_round or role in MEMBERS):  # a substitute's first reveal opens earlier rounds
                    return True
            case "prices_opened" if lot == line.event.lot:  # type: ignore[union-attr]
                return types_of([old]) == ["bid_sealed"]
            case "result_locked" if lot == line.event.lot:  # type: ignore[union-attr]
                return role in {Role.HOST_OPERATOR, Role.AGENT, Role.WITNESS}
            case "lot_phase_changed" if lot == line.event.lot:  # type: ignore[union-attr]
                return types_of([old]) == ["bid_file_listed"]
            case "names_opened":
                return types_of([old])[0] in {"person_sealed", "document_key_certified", "annex_filed"}
            case "room_closed":
                return role is Role.AUDITOR or (role is Role.AGENT and types_of([old])[0] in OF_REPORTS)
            case _:
                pass
    return False


def stage_of(line: Line) -> Stage | None:
    match types_of([line])[0]:
        case "ballot_cast":
            return Stage.ELECTION
        case "sheet_examined" | "examination_concluded":
            return Stage.EXAMINATION
        case "return_grounds":
            return line.event.stage  # type: ignore[union-attr]
        case "sheet_scored" | "members_scored" | "lot_drawn" | "prices_scored" | "bids_ranked":
            return Stage.SCORING
        case _:
            return None


@pytest.mark.parametrize("seed", EVENTFUL)
def test_sheets_of_who_left_before_the_reveal_open_to_supervisor_and_auditor_only(seed: int) -> None:
    *_, last = looks(seed)
    void = [
        line
        for line in last.lines
        if types_of([line])[0] in {"ballot_cast", "sheet_examined", "sheet_scored"}
        and (left := last.room.seats[line.by].left_at) is not None
        and not was_revealed(last, line, before=left)
    ]

    for alias, seen in last.seen.items():
        others = {line.seq for line in void if line.by != alias}
        if last.room.seats[alias].role not in {Role.SUPERVISOR, Role.AUDITOR}:
            assert not seen & others, alias


def was_revealed(look: Look, sheet: Line, *, before: int) -> bool:
    wanted = (getattr(sheet.event, "lot", None), stage_of(sheet), sheet.event.round)  # type: ignore[union-attr]
    return any(
        types_of([line]) == ["stage_revealed"] and wanted == tuple(getattr(line.event, name) for name in FACTS)
        for line in look.lines[sheet.seq : before]
    )


@pytest.mark.parametrize("seed", EVENTFUL)
def test_all_folds_agree_on_phases_gates_and_progress(seed: int) -> None:
    for look in looks(seed)[::3]:
        truth = agreed(look.room)
        for alias, seen in look.seen.items():
            if look.room.seats[alias].left_at is None:
                assert agreed(fold(line for line in look.lines if line.seq in seen)) == truth, alias


def agreed(room: RoomState) -> object:
    """All that the console shows of how far the room is, and what blocks it."""
    return (
        room.phase,
        room.phase_at,
        room.paused,
        room.seats,
        room.keys,
        room.bidders,
        room.chair,
        room.election.stage,
        room.election.votes,
        room.closed_at,
        room.closed,
        election_blockers(room),
        replacement_blockers(room),
        {
            name: (
                lot.phase,
                lot.stages,
                lot.admitted,
                lot.prices_opened_at,
                lot.locked_at,
                [stage_blockers(room, name, stage) for stage in lot.stages],
            )
            for name, lot in room.lots.items()
        },
    )


@pytest.mark.parametrize("seed", EVENTFUL)
def test_signature_is_for_those_only_who_may_see_all_that_it_signs(seed: int) -> None:
    entries = [entry for entry in walked(seed).world.entries[1:] if entry[0].head.cause is not None]

    assert [[line.head.signed is not None for line in entry].count(True) for entry in entries] == [1] * len(entries)
    for look in looks(seed)[::3]:
        for entry in (entry for entry in entries if entry[-1].seq < len(look.lines)):
            bearer = next(line.seq for line in entry if line.head.signed)
            for alias, seen in look.seen.items():
                assert bearer not in seen or {line.seq for line in entry} <= seen, (alias, bearer)
