from server.tender.mistakes import mistake
from server.tender.reading import Field, Place, Reading

PLACES = {
    "": Place(1, {"lots": {"L1": None}, "seats": [None, None], "title": "项目"}),
    "title": Place(1, "项目"),
    "seats": Place(2, [{"alias": "E1", "n": 1}, {"alias": None}]),
    "seats[0]": Place(3, {"alias": "E1", "n": 1}),
    "seats[0].alias": Place(3, "E1"),
    "seats[1]": Place(4, {"alias": None}),
    "seats[1].alias": Place(5, None),
    "lots": Place(6, {"L1": {"x": 1}}),
    "lots.L1": Place(7, {"x": 1}),
}
READING = Reading(PLACES, [mistake("seats[1].alias", 5, "text_empty")], 9)


def test_mistake_breaks_its_place_and_all_above() -> None:
    whole = [path for path in PLACES if READING.is_whole(path)]

    assert whole == ["title", "seats[0]", "seats[0].alias", "lots", "lots.L1"]


def test_absent_place_is_neither_there_nor_whole() -> None:
    assert (READING.has("regime"), READING.is_whole("regime"), READING.part("regime", str)) == (False, False, None)


def test_part_is_given_where_it_is_whole() -> None:
    assert [READING.part("title", str), READING.part("seats", list[object])] == ["项目", None]


def test_entries_are_those_of_mappings_and_lists() -> None:
    assert [READING.entries(path) for path in ("lots", "seats", "title", "regime")] == [
        {"L1": "lots.L1"},
        {"0": "seats[0]", "1": "seats[1]"},
        {},
        {},
    ]


def test_fields_are_those_that_are_whole() -> None:
    assert READING.fields("seats", "alias", str) == [Field("seats[0].alias", "0", "E1")]


def test_line_is_that_of_the_nearest_place() -> None:
    paths = ("seats[1].alias", "seats[1].role", "lots.L1.bids.A", "regime")

    assert [READING.line(path) for path in paths] == [5, 4, 7, 1]


def test_mistake_stands_at_its_line() -> None:
    made = READING.mistake("lots.L1.title", "text_too_long", {"count": 5, "limit": 4}, source="法")

    assert (made.line, made.path, made.source) == (7, "lots.L1.title", "法")
