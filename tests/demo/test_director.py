from functools import partial

import pytest

from server.demo.director import SeatNotFree
from server.domain.phases import Phase
from server.room_desk import read_room
from tests.support.live_demo import Demo, demo, hurried, is_confirmed, person_at
from tests.support.live_server import E1, E3, V1
from tests.support.patience import PATIENCE_S, until

__all__ = ["demo"]


async def test_nothing_happens_before_the_start(demo: Demo) -> None:
    sitting = await demo.director.sitting()

    assert not sitting.started
    assert {seat.held_by for seat in sitting.seats} == {"script"}
    assert (await read_room(demo.server.backend, demo.room)).keys == {}


async def test_person_takes_a_seat_and_the_others_play_on(demo: Demo) -> None:
    async with await person_at(demo, E1) as person:
        await person.enrol()
        await person.until(partial(is_confirmed, E1), PATIENCE_S)
        await hurried(demo, person, Phase.CHECK_IN)

        sitting = await demo.director.sitting()

    assert sitting.started
    assert {seat.alias for seat in sitting.seats if seat.held_by == "person"} == {E1}


async def test_played_seat_is_moved_to_the_person_who_takes_it(demo: Demo) -> None:
    async with await person_at(demo, E1) as first:
        await first.enrol()
        await hurried(demo, first, Phase.CHECK_IN)

        async with await person_at(demo, E3) as second:
            await second.enrol()
            await second.until(partial(is_confirmed, E3), PATIENCE_S)

            assert second.view.seats[E3].moves == 1


async def test_seat_cannot_be_moved_while_a_person_is_its_operator(demo: Demo) -> None:
    async with await person_at(demo, V1) as operator:
        await operator.enrol()
        scripted = demo.director.client(E3)
        assert scripted is not None
        await until(lambda: scripted.view.seats[E3].key is not None)

        with pytest.raises(SeatNotFree):
            await demo.director.take(E3)
