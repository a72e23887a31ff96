import pytest

from server.domain.ids import RoomId
from server.web.media_probes import MOST, MediaProbes, ProbesBusy
from server.web.signal_frames import MediaAnswer, MediaConnected, MediaGone, MediaOffer
from signaling.messages import (
    Answer,
    Away,
    CloseRoom,
    Connected,
    FromMedia,
    Gone,
    Join,
    Offer,
    OpenRoom,
    PolicyInForce,
    SetPolicy,
    ToMedia,
)
from tests.support.media_world import cameras


class Process:
    """What a media process was told, and what a page was."""

    def __init__(self) -> None:
        self.told: list[ToMedia] = []
        self.page: list[MediaOffer | MediaConnected | MediaGone] = []
        self.probes = MediaProbes(self.told.append)

    def open(self) -> RoomId:
        return self.probes.open(self.page.append)


def prepared(probe: RoomId) -> list[ToMedia]:
    return [
        OpenRoom(room=probe),
        SetPolicy(room=probe, version=1, allowed=[("P1", "P2", "audio"), ("P1", "P2", "video")]),
    ]


def test_probe_is_a_room_of_two_ends_one_of_which_hears_the_other() -> None:
    process = Process()
    probe = process.open()

    process.probes.try_way(probe)

    assert process.told == [
        *prepared(probe),
        Join(room=probe, alias="P1", publishes=["audio", "video"], sources=[]),
        Join(room=probe, alias="P2", publishes=[], sources=cameras("P1")),
    ]


def test_answer_goes_to_the_end_whose_offer_it_answers() -> None:
    process = Process()
    probe = process.open()
    process.probes.hear(Offer(room=probe, alias="P2", connection=7, revision=1, sdp="offer"))

    process.probes.answer(probe, MediaAnswer(connection=7, revision=1, sdp="answer"))
    process.probes.answer(probe, MediaAnswer(connection=8, revision=1, sdp="of nobody"))

    assert process.page == [MediaOffer(connection=7, revision=1, sdp="offer")]
    assert process.told[2:] == [Answer(room=probe, alias="P2", connection=7, revision=1, sdp="answer")]


def test_page_hears_of_its_own_probe_alone() -> None:
    process = Process()
    probe, other = process.open(), MediaProbes(process.told.append).open(process.page.append)

    assert process.probes.hear(Connected(room=probe, alias="P1", connection=7))
    assert process.probes.hear(Gone(room=probe, alias="P1", connection=7, reason="silent"))
    assert process.probes.hear(Connected(room=other, alias="P1", connection=9))
    assert process.probes.hear(Away(room=probe, alias="P1", connection=7))

    assert process.page == [MediaConnected(connection=7), MediaGone(connection=7, reason="silent")]


@pytest.mark.parametrize(
    "message",
    [
        PolicyInForce(room="probe-1", version=1),
        Connected(room="r1", alias="E1", connection=1),
        Away(room="r1", alias="E1", connection=1),
    ],
)
def test_what_is_about_a_sitting_is_left_to_the_bridge(message: FromMedia) -> None:
    assert not Process().probes.hear(message)


def test_probe_that_is_over_is_taken_down() -> None:
    process = Process()
    probe = process.open()

    process.probes.close(probe)
    process.probes.hear(Gone(room=probe, alias="P1", connection=7, reason="room_closed"))

    assert (process.told[2:], process.page) == ([CloseRoom(room=probe)], [])


def test_no_more_probes_than_the_process_can_bear() -> None:
    process = Process()
    probes = [process.open() for _ in range(MOST)]

    with pytest.raises(ProbesBusy):
        process.open()
    process.probes.close(probes[0])
    process.open()


def test_fresh_process_is_told_of_the_probes() -> None:
    process = Process()
    waiting, trying = process.open(), process.open()
    process.probes.try_way(trying)
    joins = process.told[-2:]
    process.told.clear()

    process.probes.begin_again()

    assert process.told == [*prepared(waiting), *prepared(trying), *joins]
