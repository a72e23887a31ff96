from aiortc.codecs.vpx import VpxPayloadDescriptor

from signaling.picture_numbers import PictureNumbers
from signaling.vp8 import Descriptor, read

AT = 12


class Stream:
    """What a listener gets of pictures with these numbers."""

    def __init__(self) -> None:
        self.numbers = PictureNumbers()
        self.last: Descriptor | None = None

    def send(self, picture: int, level: int | None = None, *, begins: bool = False) -> tuple[int, int | None]:
        descriptor = VpxPayloadDescriptor(
            partition_start=1,
            partition_id=0,
            picture_id=picture,
            tl0picidx=level,
            tid=None if level is None else (0, 0),
        )
        packet = bytearray(bytes(AT) + bytes(descriptor) + b"\x11delta")
        found = read(bytes(packet), AT)
        if begins and self.last is not None:
            self.numbers.go_on(self.last, found)
        self.last = found
        self.numbers.write(packet, AT, found)
        again, payload = VpxPayloadDescriptor.parse(bytes(packet[AT:]))
        assert payload == b"\x11delta"
        return again.picture_id or 0, again.tl0picidx


def test_first_layer_keeps_its_numbers() -> None:
    stream = Stream()

    assert [stream.send(70, 5, begins=True), stream.send(71, 6)] == [(70, 5), (71, 6)]
    assert not stream.numbers.are_moved


def test_another_layer_goes_on_where_the_one_before_stopped() -> None:
    stream = Stream()
    stream.send(70, 250, begins=True)
    stream.send(71, 255)

    assert [stream.send(9000, 17, begins=True), stream.send(9001, 18)] == [(72, 0), (73, 1)]


def test_numbers_wrap_as_the_layer_and_the_listener_do() -> None:
    stream = Stream()
    stream.send(32_767, begins=True)

    assert [stream.send(32_766, begins=True), stream.send(32_767), stream.send(0)] == [(0, None), (1, None), (2, None)]


def test_short_numbers_are_left_as_they_are() -> None:
    stream = Stream()
    stream.send(70, begins=True)

    assert stream.send(5) == (5, None)
