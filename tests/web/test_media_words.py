from typing import get_args

import pytest

from server.domain.ids import Alias, RoomId
from server.domain.phases import Phase
from server.domain.recordings import MediaTrack
from server.web import media_words
from server.web.signal_frames import MediaConnected, MediaGone, MediaOffer, Picture, PicturesPaused, TileView
from signaling.messages import Connected, Gone, Join, Offer, Reoffer, SetPolicy, SetView, Shown, Track
from signaling.messages import PicturesPaused as Paused
from tests.support.room_scenes import at

ROOM, E1, E2, S1 = RoomId("r"), Alias("E1"), Alias("E2"), Alias("S1")
CAMERA_OF_E2 = (E2, MediaTrack.VIDEO)


def test_every_track_of_the_domain_has_its_name_in_the_media_process() -> None:
    assert set(media_words.NAMES) == set(MediaTrack)
    assert set(media_words.NAMES.values()) == set(get_args(Track))


@pytest.mark.parametrize(("alias", "publishes"), [(E1, ["audio", "video", "screen"]), (S1, [])])
def test_seat_sends_what_its_role_has(alias: Alias, publishes: list[Track]) -> None:
    room = at(Phase.CHECK_IN).room

    assert media_words.join(ROOM, alias, room, [CAMERA_OF_E2]) == Join(
        room="r", alias=alias, publishes=publishes, sources=[("E2", "video")], cameras=[]
    )
    assert media_words.reoffer(ROOM, alias, room, [CAMERA_OF_E2]) == Reoffer(
        room="r", alias=alias, sources=[("E2", "video")], cameras=[]
    )


def test_policy_names_routes_and_recordings_in_order() -> None:
    allowed = {(E2, E1, MediaTrack.VIDEO), (E1, E2, MediaTrack.MASKED_AUDIO)}

    assert media_words.policy(ROOM, 7, allowed, {CAMERA_OF_E2}) == SetPolicy(
        room="r",
        version=7,
        allowed=[("E1", "E2", "masked_audio"), ("E2", "E1", "video")],
        recorded=[("E2", "video")],
    )


def test_page_tells_how_large_it_shows_a_picture() -> None:
    tile = TileView(alias=E2, track=MediaTrack.SCREEN, lines=720, pinned=True)

    assert media_words.view(ROOM, E1, [tile]) == SetView(
        room="r", alias="E1", shown=[Shown(source="E2", track="screen", lines=720, is_pinned=True)]
    )


def test_page_is_told_in_its_own_words() -> None:
    assert media_words.for_page(Offer(room="r", alias="E1", connection=5, revision=2, sdp="v=0")) == MediaOffer(
        connection=5, revision=2, sdp="v=0"
    )
    assert media_words.for_page(Connected(room="r", alias="E1", connection=5)) == MediaConnected(connection=5)
    assert media_words.for_page(Gone(room="r", alias="E1", connection=5, reason="silent")) == MediaGone(
        connection=5, reason="silent"
    )
    assert media_words.for_page(Paused(room="r", alias="E1", pictures=[("E2", "video")])) == PicturesPaused(
        pictures=(Picture(alias=E2, track=MediaTrack.VIDEO),)
    )
