from collections.abc import Callable
from typing import Any

import pytest

from server.domain.events import RULES_VERSION, RoomOpened
from server.evidence import check_lines
from server.evidence.check_lines import ReadLines, place, places, read_lines, rules_known
from server.evidence.verdict import Outcome
from tests.evidence.signed_room import number_of, rewritten, short_sitting, signed_opening

RAWS = short_sitting().world.raw
CLOSE = len(RAWS) - 1
ENROLLED = number_of(RAWS, "seat_enrolled")


def record(raws: list[bytes]) -> bytes:
    return b"".join(raw + b"\n" for raw in raws)


def found(read: ReadLines) -> dict[str, list[tuple[str, str]]]:
    return {check.code: [(each.where, each.reason) for each in check.findings] for check in read.checks if not check.ok}


def set_to(**fields: Any) -> Callable[[dict[str, Any]], None]:
    return lambda line: line.update(fields)


def test_record_is_read_whole() -> None:
    read = read_lines(record(RAWS))

    assert read.ok
    assert read.raws == RAWS
    assert read.lines == short_sitting().world.lines
    assert read.opening == read.lines[0].event
    assert [(check.code, check.failure) for check in read.checks] == [
        ("lines_known", Outcome.UNREADABLE),
        ("lines_canonical", Outcome.BROKEN),
        ("lines_in_order", Outcome.BROKEN),
        ("opening_and_close", Outcome.BROKEN),
    ]


def test_places_count_lines_from_one_and_hold_both_ends() -> None:
    assert place(0) == "lines.jsonl:1"
    assert places(3, 4) == "lines.jsonl:4"
    assert places(3, 9) == "lines.jsonl:4-9"


@pytest.mark.parametrize(
    ("data", "codes"),
    [
        (b"", {"opening_and_close": ["lines.jsonl:1"]}),
        (b"\n", {"lines_known": ["lines.jsonl:1"], "lines_canonical": ["lines.jsonl:1"]}),
        (record(RAWS)[:-1], {"lines_canonical": ["lines.jsonl:9"]}),
        (record(RAWS) + b"x", {"lines_canonical": ["lines.jsonl:10"]}),
        (record([*RAWS[:2], b"\xff"]), {"lines_known": ["lines.jsonl:3"], "lines_canonical": ["lines.jsonl:3"]}),
        (record([*RAWS, b'"\xff"']), {"lines_known": ["lines.jsonl:10"], "lines_canonical": ["lines.jsonl:10"]}),
        (
            record([RAWS[0], b'{"a":' + b"[" * 5000 + b"]" * 5000 + b"}"]),
            {"lines_known": ["lines.jsonl:2"], "lines_canonical": ["lines.jsonl:2"]},
        ),
        (
            record([RAWS[0], b'{"a":"\xff"}', b"{}"]),
            {"lines_known": ["lines.jsonl:2"], "lines_canonical": ["lines.jsonl:2"]},
        ),
    ],
)
def test_what_is_no_line_is_named_and_ends_the_reading(data: bytes, codes: dict[str, list[str]]) -> None:
    read = read_lines(data)

    assert {code: [where for where, _ in each] for code, each in found(read).items()} == codes


def test_lines_after_one_of_an_unknown_type_are_not_read() -> None:
    read = read_lines(record(rewritten(RAWS, 2, set_to(type="of_tomorrow"))))

    assert list(found(read)) == ["lines_known"]
    assert found(read)["lines_known"][0][0] == "lines.jsonl:3"
    assert read.lines == short_sitting().world.lines[:2]
    assert not read.ok


@pytest.mark.parametrize(
    ("spelling", "other"), [(b'"at":', b'"at": '), (b'"by":"system"', b'"by":"\\u0073ystem"'), (b"}", b',"at":1}')]
)
def test_second_spelling_of_a_line_is_found(spelling: bytes, other: bytes) -> None:
    raws = [*RAWS[:3], RAWS[3].replace(spelling, other, 1), *RAWS[4:]]

    assert found(read_lines(record(raws)))["lines_canonical"] == [("lines.jsonl:4", "not in the form of RFC 8785")]


def test_gap_repetition_and_swap_are_named_where_they_begin() -> None:
    cut, doubled = RAWS[:3] + RAWS[4:], RAWS[:4] + RAWS[3:]
    swapped = [*RAWS[:3], RAWS[4], RAWS[3], *RAWS[5:]]

    assert found(read_lines(record(cut))) == {"lines_in_order": [("lines.jsonl:4", "its seq is 4 where 3 belongs")]}
    assert found(read_lines(record(doubled))) == {"lines_in_order": [("lines.jsonl:5", "its seq is 3 where 4 belongs")]}
    assert [where for where, _ in found(read_lines(record(swapped)))["lines_in_order"]] == [
        "lines.jsonl:4",
        "lines.jsonl:5",
        "lines.jsonl:6",
    ]


def test_time_never_falls() -> None:
    raws = rewritten(RAWS, ENROLLED, set_to(at=short_sitting().world.lines[0].head.at - 1))

    assert found(read_lines(record(raws))) == {"lines_in_order": [(place(ENROLLED), "earlier than the line before it")]}


@pytest.mark.parametrize("salt", ["", "AAAA", "AAECAwQFBgcICQoLDA0ODxA="])
def test_salt_has_sixteen_bytes(salt: str) -> None:
    raws = rewritten(RAWS, 3, set_to(salt=salt))

    assert found(read_lines(record(raws))) == {"lines_in_order": [("lines.jsonl:4", "its salt has not 16 bytes")]}


def test_record_begins_with_an_opening() -> None:
    read = read_lines(record(rewritten(RAWS[1:], 0, set_to(seq=0))[:1]))

    assert read.opening is None
    assert found(read) == {"opening_and_close": [("lines.jsonl:1", "the first event does not open a room")]}


def test_second_opening_is_found() -> None:
    raws = [*RAWS[:2], *rewritten(RAWS[:1], 0, set_to(seq=2, at=short_sitting().world.lines[1].head.at))]

    assert found(read_lines(record(raws))) == {"opening_and_close": [("lines.jsonl:3", "a second opening")]}


def test_nothing_follows_the_close() -> None:
    raws = [*RAWS, *rewritten(RAWS[CLOSE:], 0, set_to(seq=CLOSE + 1))]

    assert found(read_lines(record(raws))) == {"opening_and_close": [(place(CLOSE), "lines follow the close")]}


@pytest.mark.parametrize(
    ("number", "change"),
    [
        (3, set_to(cause="0" * 64)),
        (3, set_to(by="E1")),
        (CLOSE, set_to(by="system")),
        (CLOSE, lambda x: x.pop("cause")),
    ],
)
def test_line_is_caused_by_a_person_or_by_nobody(number: int, change: Callable[[dict[str, Any]], object]) -> None:
    reason = "either a person caused it, by a command, or nobody"

    assert found(read_lines(record(rewritten(RAWS, number, change)))) == {
        "opening_and_close": [(place(number), reason)]
    }


def test_more_lines_than_any_room_has_are_not_read() -> None:
    read = read_lines(b"\n" * (check_lines.LINE_LIMIT + 1))

    assert found(read) == {"lines_known": [("lines.jsonl", "more than 200000 lines")]}
    assert read.opening is None


def test_longer_line_than_any_room_has_is_not_read() -> None:
    read = read_lines(RAWS[0] + b"\n" + b"[" * (check_lines.LINE_SIZE_LIMIT + 1) + b"\n")

    assert found(read) == {"lines_known": [("lines.jsonl:2", "more than 4194304 bytes")]}


@pytest.mark.parametrize(("rules", "ok"), [(RULES_VERSION, True), (RULES_VERSION + 1, False), (0, False)])
def test_rules_are_those_that_this_program_knows(rules: int, ok: bool) -> None:
    opening = signed_opening(rules=rules)[0]
    assert isinstance(opening, RoomOpened)

    check = rules_known(opening)

    assert (check.code, check.failure, check.ok) == ("rules_known", Outcome.UNREADABLE, ok)
    assert [each.where for each in check.findings] == ([] if ok else ["lines.jsonl:1"])
