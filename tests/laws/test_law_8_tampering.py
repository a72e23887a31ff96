"""Law 8: flipping any byte of a package, or cutting its tail, makes `verify` say no, and say where.

Then the same for people who know more: a stranger who computes every digest anew, and a host who signs anew with all
the keys it holds. The last tests say what no verifier can know.
"""

from collections.abc import Callable, Sequence
from random import Random
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from server.domain import commands as c
from server.domain.ids import Alias
from server.domain.phases import Phase
from server.evidence.canonical import canonical
from server.evidence.check_archive import check_archive
from server.evidence.check_lines import place
from server.evidence.notes import NoteSigner
from server.evidence.package import LINES, SUMS, PackageUnreadable, read_package
from server.evidence.verdict import Outcome
from server.verify_desk import verify_package
from tests.evidence.keys import private_key
from tests.evidence.signed_room import (
    SignedRoom,
    found,
    number_of,
    rewritten,
    short_sitting,
    signed_package,
    sitting,
    with_files,
)
from tests.support.room_plan import DESIGN, JIA, L2, LOT_TWO, A
from tests.support.room_scenes import points_of, run_to

SHORT = short_sitting().package()
PACKAGE = sitting().package()
RAWS = sitting().world.raw
SIZES = sitting().sizes
E1, E3 = Alias("E1"), Alias("E3")
"At the host's own venue, and at another."
SCORED = number_of(RAWS, "sheet_scored", "E3")


def flipped(data: bytes, number: int, bits: int) -> bytes:
    return data[:number] + bytes([data[number] ^ bits]) + data[number + 1 :]


def record(raws: Sequence[bytes]) -> dict[str, bytes | None]:
    return {LINES: b"".join(raw + b"\n" for raw in raws)}


def heads_around(number: int) -> tuple[int, int]:
    """The sizes of the last head before a line and of the first that covers it."""
    return max((size for size in SIZES if size <= number), default=0), min(size for size in SIZES if size > number)


def places_of(data: bytes) -> dict[str, list[str]]:
    """Where something was found; a package that is not sound must say it."""
    verdict = verify_package(data)
    wheres = found(verdict)
    assert (verdict.outcome is Outcome.SOUND) == (not wheres)
    assert all(where for found_at in wheres.values() for where in found_at)
    return wheres


def archive_places(data: bytes) -> list[str]:
    """Where the first checks of `verify` find something, without those that take a hundred times as long."""
    try:
        contents = read_package(data)
    except PackageUnreadable:
        return ["package"]
    return [each.where for check in check_archive(data, contents) for each in check.findings]


# -- accidents


def test_any_flipped_byte_is_found() -> None:
    rng = Random(8)

    missed = [number for number in range(len(SHORT)) if not archive_places(flipped(SHORT, number, rng.randint(1, 255)))]

    assert missed == []


def test_any_flipped_bit_of_a_table_is_found() -> None:
    """Of everything in the archive that is no file's content."""
    contents = read_package(SHORT)
    inside = {at + n for data in contents.values() for at in [SHORT.index(data)] for n in range(len(data))}
    tables = [number for number in range(len(SHORT)) if number not in inside]

    missed = [(n, bit) for n in tables for bit in range(8) if not archive_places(flipped(SHORT, n, 1 << bit))]

    assert missed == []


def test_any_cut_tail_is_found() -> None:
    missed = [size for size in range(len(SHORT)) if places_of(SHORT[:size]) != {"package_readable": ["package"]}]

    assert missed == []


def test_flipped_byte_of_a_sitting_is_found_by_the_whole_verdict() -> None:
    rng = Random(88)
    tables = range(PACKAGE.index(b"PK\x01\x02"), len(PACKAGE))

    for number in [*rng.sample(range(len(PACKAGE)), 40), *rng.sample(tables, 10)]:
        assert places_of(flipped(PACKAGE, number, rng.randint(1, 255)))


# -- a stranger who computes digests anew


def test_flipped_byte_under_new_digests_is_found_in_its_file() -> None:
    """Every 29th byte of every file but the list of digests, which would be as before."""
    for name, data in read_package(SHORT).items():
        if name == SUMS:
            continue
        for number in range(0, len(data), 29):
            assert places_of(with_files(SHORT, {name: flipped(data, number, 1 + number % 255)})), (name, number)


def test_flipped_byte_of_a_line_is_found_between_two_heads() -> None:
    """Whatever it does to the line, or to the end of it; the first line holds the keys."""
    rng = Random(888)
    data = read_package(PACKAGE)[LINES]
    for offset in rng.sample(range(len(RAWS[0]) + 1, len(data) - 1), 40):
        before, after = heads_around(data.count(b"\n", 0, offset))

        wheres = places_of(with_files(PACKAGE, {LINES: flipped(data, offset, rng.randint(1, 255))}))

        assert wheres["tree_matches"] == [f"lines.jsonl:{before + 1}-{after}"]


LineChange = Callable[[list[bytes]], list[bytes]]
OTHER_ROOM = short_sitting().world.raw
ONE_LINE: dict[str, LineChange] = {
    "removed": lambda raws: raws[:SCORED] + raws[SCORED + 1 :],
    "doubled": lambda raws: raws[: SCORED + 1] + raws[SCORED:],
    "swapped": lambda raws: [*raws[:SCORED], raws[SCORED + 1], raws[SCORED], *raws[SCORED + 2 :]],
    "inserted": lambda raws: [*raws[:SCORED], b"{}", *raws[SCORED:]],
    "from another room": lambda raws: [*raws[:SCORED], OTHER_ROOM[-1], *raws[SCORED + 1 :]],
    "added": lambda raws: [*raws, raws[-1]],
}


@pytest.mark.parametrize("change", ONE_LINE)
def test_line_that_is_not_where_it_was_is_found(change: str) -> None:
    wheres = places_of(with_files(PACKAGE, record(ONE_LINE[change](RAWS))))

    line = {"added": len(RAWS) + 1, "doubled": SCORED + 2}.get(change, SCORED + 1)
    assert f"lines.jsonl:{line}" in [where for found_at in wheres.values() for where in found_at]


@pytest.mark.parametrize("change", ["removed", "doubled", "swapped"])
def test_renumbered_lines_are_found_between_two_heads(change: str) -> None:
    raws = ONE_LINE[change](RAWS)
    renumbered = [canonical({**msgspec.json.decode(raw), "seq": number}) for number, raw in enumerate(raws)]
    before, after = heads_around(SCORED)

    wheres = places_of(with_files(PACKAGE, record(renumbered)))

    assert wheres.pop("tree_matches") == [f"lines.jsonl:{before + 1}-{after}"]
    assert len(wheres.keys() & {"lines_in_order", "command_signatures", "commands_decided_again"}) == 1


@pytest.mark.parametrize("size", SIZES[:-1])
def test_whole_tail_with_its_heads_cut_off_is_missing(size: int) -> None:
    files: dict[str, bytes | None] = {f"checkpoints/{each}.txt": None for each in SIZES if each > size}

    verdict = verify_package(with_files(PACKAGE, {**files, **record(RAWS[:size])}))

    assert verdict.outcome in (Outcome.INCOMPLETE, Outcome.BROKEN)
    assert found(verdict)["complete"] == [f"lines.jsonl:{size}"]


def test_removed_last_head_is_missing() -> None:
    wheres = places_of(with_files(PACKAGE, {f"checkpoints/{SIZES[-1]}.txt": None}))

    assert wheres == {"complete": [f"lines.jsonl:{SIZES[-2] + 1}-{len(RAWS)}"]}


def test_head_of_another_room_is_found() -> None:
    log = NoteSigner("jia.example/rooms/another", private_key("jia"))
    other = read_package(signed_package(OTHER_ROOM, [8, 9], log=log))

    wheres = places_of(with_files(PACKAGE, {"checkpoints/9.txt": other["checkpoints/9.txt"]}))

    assert wheres == {"checkpoints_signed": ["checkpoints/9.txt"], "cosignatures": ["checkpoints/9.txt"]}


# -- a host who signs anew with every key it holds: the log's, all witnesses', its own venue's, its own seats'


def set_points(line: dict[str, Any]) -> None:
    line["points"][A][DESIGN] = "39.5"


def test_host_cannot_change_the_points_of_another_venues_expert() -> None:
    raws = rewritten(RAWS, SCORED, set_points)

    assert places_of(signed_package(raws, SIZES)) == {"commands_decided_again": [place(SCORED)]}


def test_host_cannot_change_what_another_venues_expert_signed() -> None:
    def resign(line: dict[str, Any]) -> None:
        set_points(line)
        text = line["signed"]["text"]
        line["signed"]["text"] = text.replace('"design":"', '"design":"3', 1)

    raws = rewritten(RAWS, SCORED, resign)

    assert places_of(signed_package(raws, SIZES)) == {"command_signatures": [place(SCORED)]}


def do_nothing(room: SignedRoom) -> None:
    """What an honest host does beside the rules."""


def hand_in(points: str) -> Callable[[SignedRoom], None]:
    """E1's sheet with these points for the first criterion of bid A."""

    def act(room: SignedRoom) -> None:
        sheet = points_of(room.world.room, L2, E1)
        sheet[A] = {**sheet[A], DESIGN: points}
        room.world.act(E1, c.HandInScores(lot=L2, round=1, points=sheet))

    return act


def played(change: Callable[[SignedRoom], None] = do_nothing) -> SignedRoom:
    """A sitting over one lot up to the points, then whatever the host makes of it, then the close."""
    room = SignedRoom(lots={L2: LOT_TWO})
    room.enrol_all()
    run_to(room.world, Phase.SCORING)
    change(room)
    run_to(room.world, Phase.CLOSED)
    room.sign_head()
    return room


def test_host_cannot_sign_with_a_key_that_nobody_enrolled() -> None:
    """The forged command is whole, only its key is the host's: no server would take it, but this one is the host's."""
    room = SignedRoom(lots={L2: LOT_TWO})
    room.enrol_all()
    world = run_to(room.world, Phase.SCORING)
    own = world.keys[E3]
    world.new_key(E3)
    signed = world.sign(E3, c.HandInScores(lot=L2, round=1, points=points_of(world.room, L2, E3)))
    world.keys[E3] = own
    events = [line.event for line in played().world.lines if line.by == E3][-2:]
    number = len(world.raw)
    world._append(events, E3, signed)
    room.sign_head()

    assert places_of(room.package())["command_signatures"] == [place(number + 1)]


def test_host_cannot_certify_a_key_for_another_venues_expert() -> None:
    """A key of the host's in E3's place from the start, certified with the only issuing key that the host has."""
    room = SignedRoom(lots={L2: LOT_TWO})
    room.enrol_all(issuers={E3: JIA})
    run_to(room.world, Phase.CLOSED)
    room.sign_head()

    enrolled = number_of(room.world.raw, "seat_enrolled", "E3")
    assert places_of(room.package()) == {"seat_certificates": [place(enrolled)] * 2}


def test_host_cannot_move_another_venues_expert_to_a_key_of_its_own() -> None:
    def move(room: SignedRoom) -> None:
        room.world.act("V1", c.ReleaseSeat(seat=E3, reason="设备故障"))
        room.enrol(E3, issuer=JIA)

    room = played(move)

    moved = [n for n, raw in enumerate(room.world.raw) if b'"type":"seat_enrolled"' in raw and b'"by":"E3"' in raw][1]
    assert places_of(room.package()) == {"seat_certificates": [place(moved)] * 2}


def test_host_cannot_change_its_own_experts_points_afterwards() -> None:
    """It holds E1's key and signs every head, but the next author's command says what E1's line was."""
    honest, forged = played(hand_in("20")).world, played(hand_in("39.5")).world
    number = number_of(honest.raw, "sheet_scored", "E1")

    wheres = places_of(signed_package([*forged.raw[: number + 1], *honest.raw[number + 1 :]], [len(honest.raw)]))

    assert forged.raw[: number - 1] == honest.raw[: number - 1]
    assert wheres == {"commands_decided_again": [f"lines.jsonl:{number}-{number + 1}"]}


# -- what no verifier can know, as the README of the package says


def test_host_that_plays_its_own_venues_expert_from_the_start_is_not_found() -> None:
    """Its venue certified the key: who sat there is a matter of trust in that venue."""
    assert places_of(played(hand_in("39.5")).package()) == {}


def test_move_of_its_own_venues_expert_is_sound_and_stands_in_the_record() -> None:
    def move(room: SignedRoom) -> None:
        room.world.act("H1", c.ReleaseSeat(seat=E1, reason="设备故障"))
        room.enrol(E1)
        hand_in("39.5")(room)

    room = played(move)

    assert places_of(room.package()) == {}
    assert number_of(room.world.raw, "seat_released", "H1")


def test_room_made_up_with_the_hosts_keys_for_every_venue_is_found_only_by_comparing_them() -> None:
    honest = sitting().world.room.opening
    assert honest
    venues = {
        name: replace(venue, issuing_certificate=honest.venues[JIA].issuing_certificate)
        for name, venue in honest.venues.items()
    }
    room = SignedRoom(lots={L2: LOT_TWO}, venues=venues)
    room.enrol_all(issuers=dict.fromkeys(room.world.room.seats, JIA))
    run_to(room.world, Phase.CLOSED)
    room.sign_head()

    verdict = verify_package(room.package())

    assert found(verdict) == {}
    assert verdict.opening
    assert verdict.opening.venues == venues != honest.venues


def test_earlier_head_left_out_is_not_missed() -> None:
    """All that it proved is proved by the last one; the time of its cosignatures is lost."""
    assert places_of(with_files(PACKAGE, {f"checkpoints/{SIZES[0]}.txt": None})) == {}
