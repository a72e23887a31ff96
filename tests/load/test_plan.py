import pytest

from server.domain.roles import MEMBERS, Role
from server.load.plan import HOST, SMALLEST_ROOM, load_tender
from server.tender.read import read_tender


@pytest.mark.parametrize("seats", range(SMALLEST_ROOM, 26))
def test_room_of_any_size_is_within_the_law(seats: int) -> None:
    tender = read_tender(load_tender(seats, 3).decode(), name="load.json").tender

    roles = {seat.alias: seat.role for seat in tender.seats}
    members = [role for role in roles.values() if role in MEMBERS]
    assert len(roles) == seats
    assert roles[HOST] is Role.HOST_OPERATOR
    assert len(members) % 2 == 1
    assert len(members) >= seats - 3
    assert tender.title.endswith(" 3")
