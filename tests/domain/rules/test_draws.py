from msgspec.structs import replace

from server.domain import commands as c
from server.domain.events import LotDrawn
from server.domain.phases import Phase
from server.domain.rules.draws import drawn
from server.domain.scoring import DrawKind
from server.evidence.sealing import open_command
from tests.support.room_plan import L1
from tests.support.room_scenes import at


def test_every_draw_of_the_moment_is_written_down() -> None:
    world = at(Phase.PRICES)
    received = open_command(world.sign("E1", c.ScorePrices(lot=L1)), world.room)
    moment = world.moment(received)

    assert drawn(L1, moment) == []
    assert drawn(L1, replace(moment, draws={DrawKind.TIE: ("B", "A"), DrawKind.COEFFICIENT: ("0.98",)})) == [
        LotDrawn(lot=L1, draw=DrawKind.TIE, order=("B", "A")),
        LotDrawn(lot=L1, draw=DrawKind.COEFFICIENT, order=("0.98",)),
    ]
