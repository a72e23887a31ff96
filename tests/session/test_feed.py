from server.domain.events import BidFileListed, LotPhaseChanged, NamesOpened, PersonSealed, SheetScored
from server.domain.ids import Alias
from server.domain.phases import Phase
from server.domain.visibility import viewer_of
from server.evidence.merkle import leaf_hash
from server.session.feed import QUEUE_LIMIT, Feed, is_openable
from server.session.frames import (
    AnyToSeat,
    CheckpointSigned,
    Goodbye,
    Lines,
    PlacedHash,
    PlacedLine,
    Presence,
)
from tests.support.room_plan import L1, LOTS, opening
from tests.support.room_scenes import CHAIR, at, run_to, score
from tests.support.room_world import World
from tests.support.world_log import stored

E1, E2 = Alias("E1"), Alias("E2")


def frames(feed: Feed) -> list[AnyToSeat | None]:
    """What waits to be sent."""
    return [feed.frames.get_nowait() for _ in range(feed.frames.qsize())]


def begun(world: World, alias: Alias, have: int = 0) -> Feed:
    """A feed that has sent what its viewer lacked."""
    feed = Feed(viewer_of(alias, world.room), have)
    feed.begin(stored(world), world.room)
    frames(feed)
    return feed


def placed(world: World, *places: int) -> Lines:
    """Some lines of the world, as they are sent."""
    return Lines(lines=tuple(PlacedLine(world.lines[place].seq, world.raw[place]) for place in places))


def test_begin_sends_the_visible_lines_that_the_viewer_lacks_and_older_ones_that_may_have_been_hidden() -> None:
    world = at(Phase.SCORING)
    have = len(world.raw) - 4
    feed = Feed(viewer_of(E1, world.room), have)

    feed.begin(stored(world), world.room)

    wanted = [line.seq for line in world.visible(E1) if line.seq >= have or is_openable(line)]
    assert frames(feed) == [placed(world, *wanted)]


def test_begin_sends_nothing_to_a_viewer_who_lacks_nothing() -> None:
    world = World()
    feed = Feed(viewer_of(Alias("A1"), world.room), len(world.raw))
    feed.begin([each for each in stored(world) if not is_openable(each.line)], world.room)

    assert frames(feed) == []


def test_publish_sends_what_is_visible_of_new_lines() -> None:
    world = at(Phase.SCORING)
    own, other = begun(world, E1), begun(world, E2)
    size = len(world.raw)
    score(world, L1, E1)

    for feed in (own, other):
        feed.publish(stored(world, size), world.room)

    assert (frames(own), frames(other)) == ([placed(world, size, size + 1)], [placed(world, size)])


def test_publish_sends_no_line_again_that_begin_knew() -> None:
    world = at(Phase.SCORING)
    size = len(world.raw)
    score(world, L1, E1)
    feed = begun(world, E2)

    feed.publish(stored(world, size), world.room)
    feed.checkpoint("note", len(world.raw))

    [checkpoint] = frames(feed)
    assert isinstance(checkpoint, CheckpointSigned)
    assert [each.seq for each in checkpoint.hashes].count(world.lines[size + 1].seq) == 1


def test_a_reveal_sends_the_older_lines_that_it_opens_before_its_own() -> None:
    world = at(Phase.SCORING)
    size = len(world.raw)
    pending = world.room.lots[L1].stages
    for member in [alias for stage in pending.values() for alias in stage.pending]:
        feed = begun(world, E2)
        before = len(world.raw)
        score(world, L1, member)
        feed.publish(stored(world, before), world.room)
    others = [line for line in world.lines[size:before] if isinstance(line.event, SheetScored) and line.by != E2]

    assert frames(feed) == [placed(world, *(line.seq for line in others), *range(before, len(world.raw)))]


def test_a_checkpoint_brings_each_hidden_hash_once() -> None:
    world = at(Phase.SCORING)
    size = len(world.raw)
    feed = begun(world, E2, have=size)
    score(world, L1, E1)
    feed.publish(stored(world, size), world.room)
    frames(feed)

    feed.checkpoint("first", size + 1)
    feed.checkpoint("second", size + 2)
    feed.checkpoint("third", size + 2)

    hidden = PlacedHash(world.lines[size + 1].seq, leaf_hash(world.raw[size + 1]))
    assert frames(feed) == [
        CheckpointSigned(note="first", hashes=()),
        CheckpointSigned(note="second", hashes=(hidden,)),
        CheckpointSigned(note="third", hashes=()),
    ]


def test_a_viewer_with_too_many_frames_waiting_is_cut_off_and_gets_none_of_them() -> None:
    feed = begun(World(), E1)

    for _ in range(2 * QUEUE_LIMIT):
        feed.send(Presence(connected=()))

    slow = Goodbye(code="too_slow", text="The connection is too slow; it will be resumed.")
    assert (frames(feed), feed.is_closed) == ([slow, None], True)


def test_a_closed_feed_ends_with_the_first_goodbye() -> None:
    feed = begun(World(), E1)

    feed.send(Presence(connected=(E1,)))
    feed.close("seat_left", "You have been replaced.")
    feed.close("server_stopping", "Later.")
    feed.send(Presence(connected=()))

    assert frames(feed) == [
        Presence(connected=(E1,)),
        Goodbye(code="seat_left", text="You have been replaced."),
        None,
    ]


def test_names_that_open_are_sent_at_once() -> None:
    world = at(Phase.LOCKED)
    feed, size = begun(world, E1), len(world.raw)
    named = [line.seq for line in world.lines if isinstance(line.event, PersonSealed) and line.event.alias != E1]

    world.force(CHAIR, NamesOpened())
    feed.publish(stored(world, size), world.room)

    assert frames(feed) == [placed(world, *named, size)]


def test_bids_are_sent_when_the_examination_begins() -> None:
    world = run_to(World(opening(lots={L1: LOTS[L1]}, files=True)), Phase.CHAIR_ELECTION)
    feed, size = begun(world, E1), len(world.raw)
    files = [line.seq for line in world.lines if isinstance(line.event, BidFileListed)]

    world.force(CHAIR, LotPhaseChanged(lot=L1, phase=Phase.EXAMINATION))
    feed.publish(stored(world, size), world.room)

    assert frames(feed) == [placed(world, *files, size)]
