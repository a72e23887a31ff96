"""What the bridge tells the media process, out of the words of the domain; and what a page is told of it. Pure."""

from collections.abc import Collection, Iterable
from typing import Final

from server.domain.ids import Alias, RoomId
from server.domain.media_policy import published_tracks
from server.domain.recordings import MediaTrack, TrackKey
from server.domain.state import RoomState
from server.web.signal_frames import MediaConnected, MediaGone, MediaOffer, Picture, PicturesPaused, TileView
from signaling.messages import TRACKS, Connected, Gone, Join, Offer, Reoffer, SetPolicy, SetView, Shown, Track
from signaling.messages import PicturesPaused as Paused

NAMES: Final[dict[MediaTrack, Track]] = {MediaTrack(name): name for name in TRACKS}
"As the media process calls them."


def join(room_id: RoomId, alias: Alias, room: RoomState, sources: Iterable[TrackKey]) -> Join:
    """A seat wants media, and may ever get these tracks."""
    sends: list[Track] = [NAMES[track] for track in published_tracks(alias, room)]
    return Join(room=room_id, alias=alias, publishes=sends, sources=names(sources), cameras=_cameras(room))


def reoffer(room_id: RoomId, alias: Alias, room: RoomState, sources: Iterable[TrackKey]) -> Reoffer:
    """A seat is to be offered its connection again, with lines for all of these tracks."""
    return Reoffer(room=room_id, alias=alias, sources=names(sources), cameras=_cameras(room))


def _cameras(room: RoomState) -> list[str]:
    return [str(camera) for camera in room.cameras]


def policy(
    room_id: RoomId,
    version: int,
    allowed: Collection[tuple[Alias, Alias, MediaTrack]],
    recorded: Collection[TrackKey],
) -> SetPolicy:
    """What may flow, and what is to be recorded."""
    routes: list[tuple[str, str, Track]] = [
        (str(source), str(listener), NAMES[track]) for source, listener, track in sorted(allowed)
    ]
    return SetPolicy(room=room_id, version=version, allowed=routes, recorded=names(sorted(recorded)))


def names(tracks: Iterable[TrackKey]) -> list[tuple[str, Track]]:
    """Tracks as the media process calls them."""
    return [(str(alias), NAMES[track]) for alias, track in tracks]


def view(room_id: RoomId, alias: Alias, tiles: Iterable[TileView]) -> SetView:
    """What the page of a seat shows."""
    shown = [Shown(tile.alias, NAMES[tile.track], tile.lines, tile.pinned) for tile in tiles]
    return SetView(room=room_id, alias=alias, shown=shown)


def for_page(message: Offer | Connected | Gone | Paused) -> MediaOffer | MediaConnected | MediaGone | PicturesPaused:
    """What the media process says of a seat, for its page."""
    match message:
        case Offer():
            return MediaOffer(connection=message.connection, revision=message.revision, sdp=message.sdp)
        case Connected():
            return MediaConnected(connection=message.connection)
        case Gone():
            return MediaGone(connection=message.connection, reason=message.reason)
        case Paused():
            paused = (Picture(alias=Alias(alias), track=MediaTrack(track)) for alias, track in message.pictures)
            return PicturesPaused(pictures=tuple(paused))
