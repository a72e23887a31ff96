import pytest
from hypothesis import given
from hypothesis import strategies as st

from signaling.recording.ebml import BadEbml, Element, element, elements, fixed, head, real, signed, text, whole

SEGMENT, TIMECODE = 0x18538067, 0xE7


@pytest.mark.parametrize(
    ("size", "begins"),
    [(0, "e780"), (126, "e7fe"), (127, "e7407f"), (16_382, "e77ffe"), (16_383, "e7203fff")],
)
def test_size_is_the_shortest_that_is_not_reserved(size: int, begins: str) -> None:
    assert element(TIMECODE, bytes(size)) == bytes.fromhex(begins) + bytes(size)


def test_values_stand_in_their_forms() -> None:
    assert whole(TIMECODE, 0) == bytes.fromhex("e78100")
    assert fixed(TIMECODE, 256) == bytes.fromhex("e7880000000000000100")
    assert whole(TIMECODE, 256) == bytes.fromhex("e7820100")
    assert signed(TIMECODE, -1) == bytes.fromhex("e788") + b"\xff" * 8
    assert real(TIMECODE, 1.5) == bytes.fromhex("e7883ff8000000000000")
    assert text(SEGMENT, "评") == bytes.fromhex("1853806783e8af84")


@given(st.binary(max_size=300))
def test_head_stands_before_what_comes_later(content: bytes) -> None:
    assert head(SEGMENT, len(content)) + content == element(SEGMENT, content)


@given(st.lists(st.tuples(st.sampled_from([TIMECODE, 0x4489, SEGMENT]), st.binary(max_size=300)), max_size=6))
def test_elements_are_read_as_they_were_written(parts: list[tuple[int, bytes]]) -> None:
    data = b"".join(element(identifier, content) for identifier, content in parts)

    assert [(each.identifier, data[each.start : each.end]) for each in elements(data)] == parts


def test_children_are_read_inside_their_parent() -> None:
    data = element(SEGMENT, whole(TIMECODE, 7), whole(TIMECODE, 8))
    [parent] = elements(data)

    assert list(elements(data, parent.start, parent.end)) == [Element(TIMECODE, 7, 8), Element(TIMECODE, 10, 11)]


@pytest.mark.parametrize("broken", ["e7", "e785", "e781", "00", "e7" + "00", "1853806788ff"])
def test_broken_bytes_are_refused(broken: str) -> None:
    with pytest.raises(BadEbml):
        list(elements(bytes.fromhex(broken)))
