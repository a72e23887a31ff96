from collections import Counter

from server.domain.rejections import WrongPhase
from server.domain.state import RoomState
from server.session.frames import Cell, Join
from server.web.packing import MalformedFrame
from server.web.protocol.contents import frame_types, json_types, name_of, rejections, tag_of


def test_no_two_types_share_a_name() -> None:
    names = Counter(name_of(each) for each in (*json_types(), *frame_types()))

    assert [name for name, count in names.items() if count > 1] == []


def test_name_of_calls_the_state_what_a_page_holds() -> None:
    assert name_of(RoomState) == "RoomView"


def test_tag_of_is_the_field_that_tells_the_struct() -> None:
    assert (tag_of(Join), tag_of(Cell)) == (("type", "join"), None)


def test_rejections_come_from_every_layer() -> None:
    expected = {
        "wrong_phase": WrongPhase.sentence,
        "malformed_frame": MalformedFrame.sentence,
        "store_unavailable": "The store does not answer. Try again in a moment.",
        "token_expired": "The token has expired.",
    }

    found = rejections()

    assert {code: found.get(code) for code in expected} == expected
