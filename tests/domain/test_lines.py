from typing import get_args

import pytest

from server.domain.events import AnyEvent, PledgeMade, RoomPaused
from server.domain.ids import Alias, Digest, Millis, Seq
from server.domain.lines import HEAD_FIELDS, Line, LineHead, LineUnknown, line_fields, parse_line
from server.domain.plan import SignedCommand
from server.evidence.canonical import canonical

SIGNED = SignedCommand(text="{}", key=Digest("1" * 64), signature=bytes(64))
HEAD = LineHead(seq=Seq(3), at=Millis(1_774_400_000_000), by=Alias("E1"), salt=bytes(16))
CAUSED = LineHead(
    seq=Seq(4), at=Millis(1_774_400_000_001), by=Alias("H1"), salt=bytes(16), cause=Digest("2" * 64), signed=SIGNED
)


def test_line_is_one_flat_object_without_empty_places() -> None:
    assert line_fields(Line(head=HEAD, event=RoomPaused(reason="停电"))) == {
        "seq": 3,
        "at": 1_774_400_000_000,
        "by": "E1",
        "salt": "AAAAAAAAAAAAAAAAAAAAAA==",
        "type": "room_paused",
        "reason": "停电",
    }


@pytest.mark.parametrize("head", [HEAD, CAUSED])
def test_bytes_give_the_line_back(head: LineHead) -> None:
    line = Line(head=head, event=RoomPaused(reason="停电"))

    assert parse_line(canonical(line_fields(line))) == line
    assert (line.seq, line.by) == (head.seq, head.by)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"[]",
        b"not JSON",
        b"\xff",
        b"{}",
        b'{"at":1,"by":"E1","salt":"AA==","seq":0,"type":"a_later_version"}',
        b'{"at":1,"by":"E1","salt":"AA==","seq":0,"type":"pledge_made","more":1}',
        b'{"at":1,"by":"E1","seq":0,"type":"pledge_made"}',
        b'{"at":1,"by":"E1","salt":"AA==","seq":0}',
        b'{"at":1,"by":"E1","salt":"AA==","seq":0,"type":"room_paused"}',
    ],
)
def test_line_that_this_version_cannot_read_is_not_skipped(raw: bytes) -> None:
    with pytest.raises(LineUnknown, match="not a line of this version"):
        parse_line(raw)


def test_no_event_has_a_field_of_the_envelope() -> None:
    assert PledgeMade in get_args(AnyEvent)
    for event in get_args(AnyEvent):
        assert not HEAD_FIELDS & set(event.__struct_fields__), event


@pytest.mark.parametrize("raw", [b"[" * 100_000 + b"]" * 100_000, b'{"type":"room_closed","reason":"\xff"}'])
def test_bytes_that_no_reader_can_take_are_no_line(raw: bytes) -> None:
    with pytest.raises(LineUnknown):
        parse_line(raw)
