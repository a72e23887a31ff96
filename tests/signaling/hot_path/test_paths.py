from hypothesis import given
from hypothesis import strategies as st

from signaling.datagram_batches import Address
from signaling.hot_path.entrance import Entrance
from signaling.hot_path.library import ffi, lib
from signaling.hot_path.paths import FIRST_PLACES, Paths


class Seat:
    def __init__(self) -> None:
        self.entrance = Entrance(1, 1)


SEATS = [Seat() for _ in range(3)]


def address(number: int) -> Address:
    """Of either family; few addresses, many of which have one place."""
    return Address(number.to_bytes(20 if number % 2 else 44, "little"))


def found(paths: Paths[Seat], known: Address) -> Seat | None:
    """Whose packets come by a path, as C sees it."""
    path = lib.find_path(paths.pointer, known, len(known))
    return next(seat for seat in SEATS if seat.entrance.pointer == path.entrance) if path else None


@given(st.lists(st.tuples(st.integers(0, 99), st.sampled_from([*SEATS, None])), max_size=300))
def test_paths_lead_where_they_were_last_put(changes: list[tuple[int, Seat | None]]) -> None:
    paths: Paths[Seat] = Paths()
    expected: dict[Address, Seat] = {}
    for number, seat in changes:
        if seat is None:
            paths.drop(address(number))
            expected.pop(address(number), None)
        else:
            paths.put(address(number), seat, float(number))
            expected[address(number)] = seat

    assert paths.owners == expected
    assert {n: found(paths, address(n)) for n in range(100)} == {n: expected.get(address(n)) for n in range(100)}


def test_more_paths_than_there_were_places_for() -> None:
    paths: Paths[Seat] = Paths()
    for number in range(4 * FIRST_PLACES):
        paths.put(address(number), SEATS[number % 3], 1.0 * number)

    assert [found(paths, address(n)) for n in range(4 * FIRST_PLACES)] == [
        SEATS[n % 3] for n in range(4 * FIRST_PLACES)
    ]
    assert found(paths, address(4 * FIRST_PLACES)) is None


def test_forgotten_connection_leaves_those_of_others() -> None:
    paths: Paths[Seat] = Paths()
    for number in range(30):
        paths.put(address(number), SEATS[number % 3], float(number))

    paths.forget(SEATS[0])

    assert [found(paths, address(n)) for n in range(30)] == [SEATS[n % 3] if n % 3 else None for n in range(30)]


def test_no_paths_lead_nowhere() -> None:
    assert lib.find_path(ffi.new("struct paths *"), b"x", 1) == ffi.NULL
