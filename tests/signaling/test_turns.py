from itertools import chain

from signaling.turns import Turns

COUNT = 10


def round_of(turns: Turns[str]) -> list[tuple[str, ...]]:
    return [turns.next() for _ in range(COUNT)]


def test_everybody_has_one_turn_in_each_round() -> None:
    turns: Turns[str] = Turns(COUNT)
    members = [f"E{n}" for n in range(33)]
    for member in members:
        turns.add(member)

    first, second = round_of(turns), round_of(turns)

    assert sorted(chain(*first)) == sorted(members)
    assert first == second
    assert {len(group) for group in first} == {3, 4}


def test_who_has_left_has_no_turn_and_leaves_a_place() -> None:
    turns: Turns[str] = Turns(2)
    for member in ("E1", "E2"):
        turns.add(member)
    turns.remove("E1")
    turns.add("E3")

    assert sorted(len(group) for group in (turns.next(), turns.next())) == [1, 1]
    assert "E1" not in chain(turns.next(), turns.next())


def test_who_leaves_during_the_turn_of_a_group_disturbs_nobody() -> None:
    turns: Turns[str] = Turns(1)
    for member in ("E1", "E2", "E3"):
        turns.add(member)
    seen = []
    for member in turns.next():
        seen.append(member)
        turns.remove(member)

    assert seen == ["E1", "E2", "E3"]
    assert turns.next() == ()
