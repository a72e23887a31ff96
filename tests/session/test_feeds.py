import pytest

from server.domain.commands import ReleaseSeat, ReplaceMember
from server.domain.ids import Alias
from server.domain.phases import Phase
from server.domain.plan import Person
from server.domain.rejections import SeatLeft
from server.domain.state import RoomState
from server.session.frames import CheckpointSigned, Goodbye, Lines, Presence
from tests.support.attached import attached, next_checkpoint, seqs, waiting
from tests.support.desk import Desk
from tests.support.live_server import E1, E2, H1, S1, U1, W1


def checked_in(room: RoomState) -> bool:
    return room.phase is Phase.CHECK_IN


async def test_a_new_feed_gets_lines_checkpoint_and_presence_and_ends_the_one_before(desk: Desk) -> None:
    first = await attached(desk, E1)
    await next_checkpoint(first)

    second = await attached(desk, E1)

    assert waiting(first)[-2:] == [
        Goodbye(code="taken_over", text="The seat has been opened in another window."),
        None,
    ]
    lines, checkpoint, presence = waiting(second)[:3]
    assert (type(lines), type(checkpoint), presence) == (Lines, CheckpointSigned, Presence(connected=(E1,)))


async def test_presence_hides_supervisor_and_auditor_and_even_that_they_come_and_go(desk: Desk) -> None:
    session = await desk.session()
    witness = await attached(desk, W1)
    member = await attached(desk, E1)
    waiting(witness)

    unseen = [await attached(desk, alias) for alias in (S1, U1)]
    for feed in unseen:
        session.feeds.detach(feed)
    session.feeds.detach(member)

    assert [frame for frame in waiting(witness) if isinstance(frame, Presence)] == [Presence(connected=(W1,))]
    assert Presence(connected=(E1, W1)) in waiting(unseen[0])


async def test_a_replaced_member_gets_the_line_and_a_goodbye_and_comes_in_no_more(desk: Desk) -> None:
    await desk.play(checked_in)
    session = await desk.session()
    feed = await attached(desk, E2, session.record.size)
    waiting(feed)
    person = Person(name="新人", organisation="单位", title="工程师")

    given = await desk.act(H1, ReplaceMember(member=E2, reason="突发疾病", successor=Alias("E8"), person=person))

    frames = waiting(feed)
    assert given.accepted.first in seqs(frames)
    assert frames[-2:] == [Goodbye(code="seat_left", text="You have been replaced; thank you for your work."), None]
    with pytest.raises(SeatLeft):
        session.attach(E2, 0)


async def test_a_released_seat_gets_the_line_and_a_goodbye(desk: Desk) -> None:
    await desk.play(checked_in)
    feed = await attached(desk, E1)

    given = await desk.act(H1, ReleaseSeat(seat=E1, reason="换机"))

    frames = waiting(feed)
    assert given.accepted.first in seqs(frames)
    assert frames[-2:] == [Goodbye(code="seat_released", text="The seat is moved to another device."), None]
