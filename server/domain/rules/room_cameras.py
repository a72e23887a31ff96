"""场地摄像机: cameras that show a venue's room. The venue's own operator puts them up, or the main venue's."""

from itertools import count
from typing import Final

from server.domain.commands import AddRoomCamera, RemoveRoomCamera
from server.domain.events import AnyEvent, RoomCameraAdded, RoomCameraRemoved
from server.domain.ids import Alias, VenueId
from server.domain.rejections import CameraUnknown, ForeignVenue, TooManyCameras, VenueUnknown
from server.domain.roles import Role
from server.domain.room_cameras import present_cameras
from server.domain.rules.checks import limited, require_text
from server.domain.state import RoomCamera, RoomState

ALIAS_LETTER: Final = "C"
LABEL_LIMIT: Final = 24
"Characters: a label stands over a picture."
MOST_CAMERAS: Final = 16
"At a time: a witness looks at all of them."


def add(by: Alias, command: AddRoomCamera, room: RoomState) -> list[AnyEvent]:
    """Put up a camera under an alias that nobody and nothing has had.

    Raises:
        VenueUnknown, ForeignVenue: not there, or not for this operator.
        ReasonMissing, TextTooLong: a label that says nothing, or too much.
        TooManyCameras: there are enough.
    """
    if room.opening is None or command.venue not in room.opening.venues:
        raise VenueUnknown(venue=command.venue)
    _require_own(by, command.venue, room)
    label = limited(require_text(command.label, "label"), LABEL_LIMIT)
    if len(present_cameras(room)) >= MOST_CAMERAS:
        raise TooManyCameras(limit=MOST_CAMERAS)
    return [RoomCameraAdded(alias=_fresh_alias(room), venue=command.venue, label=label)]


def remove(by: Alias, command: RemoveRoomCamera, room: RoomState) -> list[AnyEvent]:
    """Take a camera away for good.

    Raises:
        CameraUnknown, ForeignVenue: not there, or not for this operator.
    """
    require_camera(by, command.camera, room)
    return [RoomCameraRemoved(alias=command.camera)]


def require_camera(by: Alias, alias: Alias, room: RoomState) -> RoomCamera:
    """A camera that is there, for an operator who may see to it.

    Raises:
        CameraUnknown, ForeignVenue: not there, or not for this operator.
    """
    camera = present_cameras(room).get(alias)
    if camera is None:
        raise CameraUnknown(alias=alias)
    _require_own(by, camera.venue, room)
    return camera


def _require_own(by: Alias, venue: VenueId, room: RoomState) -> None:
    operator = room.seats[by]
    if operator.role is not Role.HOST_OPERATOR and operator.venue != venue:
        raise ForeignVenue(venue=venue)


def _fresh_alias(room: RoomState) -> Alias:
    numbered = (Alias(f"{ALIAS_LETTER}{number}") for number in count(1))
    return next(alias for alias in numbered if alias not in room.cameras and alias not in room.seats)
