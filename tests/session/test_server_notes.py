import pytest

from server.domain.errors import EvidenceBroken
from server.domain.events import RecordingBegan, RecordingGap
from server.domain.ids import SYSTEM, Alias, Millis, RoomId
from server.domain.lines import parse_line
from server.domain.phases import Phase
from server.domain.plan import Recording
from server.domain.recordings import GapReason, MediaTrack
from server.session.server_notes import no_last_words, own_lines
from tests.support.room_plan import opening
from tests.support.room_scenes import run_to
from tests.support.room_world import World

BEGAN = RecordingBegan(alias=Alias("E1"), kind=MediaTrack.AUDIO)
GAP = RecordingGap(alias=Alias("E1"), kind=MediaTrack.AUDIO, gap=GapReason.SILENT)
ROOM = run_to(World(opening(recording=Recording.REQUIRED)), Phase.CHECK_IN).room


def test_lines_bear_nobodys_name_and_no_command() -> None:
    lines = [parse_line(raw) for raw in own_lines([BEGAN, GAP], ROOM, at=Millis(7), first_seq=40)]

    assert [(line.by, line.head.cause, line.head.at, line.seq, line.event) for line in lines] == [
        (SYSTEM, None, 7, 40, BEGAN),
        (SYSTEM, None, 7, 41, GAP),
    ]
    assert lines[0].head.salt != lines[1].head.salt


def test_what_the_rules_do_not_let_the_server_write_is_never_sealed() -> None:
    with pytest.raises(EvidenceBroken, match="RecordingBegan: E1 is recorded already"):
        own_lines([BEGAN, BEGAN], ROOM, at=Millis(7), first_seq=40)


async def test_nothing_is_left_to_say_where_nothing_is_recorded() -> None:
    notes = await no_last_words(RoomId("r"))
    notes.written()

    assert notes.due(ROOM) == []
