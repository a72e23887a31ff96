import msgspec

from server.domain.ids import Alias, Seq
from server.replay.table import ReplayTable, Sight, replay_table
from server.replay.timeline import Since, visible_since
from tests.support.golden_logs import plain, replaced_members
from tests.support.random_walks import EVENTFUL, walked


def unfolded(sight: Sight, size: int) -> Since:
    """What a page makes of a sight."""
    since: dict[Seq, Seq] = {Seq(seq): Seq(max(seq, sight.planned)) for seq in range(size)}
    for first, last, when in sight.later:
        since |= dict.fromkeys(map(Seq, range(first, last + 1)), when)
    for first, last in sight.never:
        for seq in range(first, last + 1):
            del since[Seq(seq)]
    return since


def test_a_table_says_all_that_the_timeline_says() -> None:
    logs = [plain().lines, replaced_members().lines, *(walked(seed).world.lines for seed in EVENTFUL)]

    for lines in logs:
        table = replay_table(lines)
        given = {alias: unfolded(sight, table.size) for alias, sight in table.aliases.items()}
        assert given == visible_since(lines)


def test_who_leaves_never_sees_what_comes_after() -> None:
    world = replaced_members()
    left = world.room.seats[Alias("E1")].left_at

    sight = replay_table(world.lines).aliases[Alias("E1")]

    assert left is not None
    assert sight.never[-1] == (left + 1, len(world.lines) - 1)


def test_a_table_is_small_and_survives_its_json() -> None:
    world = plain()
    table = replay_table(world.lines)

    text = msgspec.json.encode(table)

    assert msgspec.json.decode(text, type=ReplayTable) == table
    assert len(text) < len(b"".join(world.raw)) / 4
