import pytest

from server.domain.errors import EvidenceBroken
from server.domain.phases import Phase
from server.evidence.merkle import Head
from server.session.record import Record
from server.store.room_log import Entry
from tests.support.room_plan import ROOM
from tests.support.room_scenes import at
from tests.support.world_log import log_of


def test_record_holds_what_the_world_holds_that_wrote_the_log() -> None:
    world = at(Phase.SCORING)
    record = Record(ROOM)

    taken = [record.take(entry) for entry in log_of(world)]

    assert [[each.line for each in fresh] for fresh in taken] == world.entries
    assert [(each.line, each.raw) for each in record.stored] == list(zip(world.lines, world.raw, strict=True))
    assert (record.size, record.room, record.tree.head) == (len(world.raw), world.room, world.tree.head)
    assert record.last_at == world.now
    assert record.root_at(5) == world.root_at(5)
    assert [record.ledger.last_n(key.fingerprint) for key in world.keys.values()] == [
        world.ledger.last_n(key.fingerprint) for key in world.keys.values()
    ]


def test_an_empty_record_has_neither_lines_nor_time() -> None:
    record = Record(ROOM)

    assert (record.size, record.last_at, record.stored) == (0, 0, [])


def test_an_entry_that_is_known_changes_nothing() -> None:
    log = log_of(at(Phase.CHECK_IN))
    record = _record_of(log)
    head, room = record.tree.head, record.room

    assert [record.take(entry) for entry in log] == [()] * len(log)
    assert (record.tree.head, record.room) == (head, room)


def test_head_with_is_the_head_after_lines_that_are_not_taken_yet() -> None:
    *log, last = log_of(at(Phase.CHECK_IN))
    record = _record_of(log)
    before = record.tree.head

    assert (record.head_with(last.lines), record.tree.head) == (last.head, before)


@pytest.mark.parametrize("place", [-1, -2], ids=["a changed head", "a missing entry"])
def test_an_entry_that_does_not_give_its_head_is_broken_evidence(place: int) -> None:
    log = log_of(at(Phase.CHECK_IN))
    record = _record_of(log[:place])
    head, room = record.tree.head, record.room
    wrong = Entry(head=Head(size=log[-1].head.size, root=log[place].head.root[::-1]), lines=log[-1].lines)

    with pytest.raises(EvidenceBroken, match=f"{ROOM}: the entry at {log[-1].head.size} does not give its tree head"):
        record.take(wrong)

    assert (record.tree.head, record.room) == (head, room)


def _record_of(log: list[Entry]) -> Record:
    record = Record(ROOM)
    for entry in log:
        record.take(entry)
    return record
