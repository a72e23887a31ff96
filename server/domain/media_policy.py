"""Who may see and hear whom now: a table listener × source → link, and what the links mean at this moment.

In doubt, no packet. Supervisors and auditors send nothing: the seats do not learn that they watch (that a supervisor's
key was let in, and may be given faces and voices as they are, everyone sees: decision 0019). Members neither see
nor hear each other while any of them still fills in a sheet alone. Members and agent speak only in a talk to which a
witness listens (`talk_policy.py`).
A room may cover its members' faces and change their voices: witness and supervisor then get a member's track as it is,
everybody else its protected version alone. So there is one picture and one sound of a seat for each listener, and one
that is not protected is never on its way to somebody from whom it is kept, not even as a line in an offer.
Screens have rules of their own (`screen_policy.py`).
Source: `domain.md` 0, item 5; 1.6 (Hebei 2025, Pingdu), 2.3; 87号令, Art. 45.
"""

from collections.abc import Collection, Iterator
from enum import StrEnum
from typing import Final

from server.domain.committee import roles_of
from server.domain.ids import Alias
from server.domain.phases import Phase
from server.domain.recordings import CAMERA_AND_MICROPHONE, MediaTrack, TrackKey
from server.domain.rejections import RoleMayNot
from server.domain.roles import MEMBERS, Role
from server.domain.room_cameras import camera_pairs, recorded_cameras, watched_cameras
from server.domain.screen_policy import desktops, is_shown_to, own_screens, screen_pairs, shows
from server.domain.state import RoomState, Seat
from server.domain.talk_policy import talk_pairs


class Link(StrEnum):
    """When a listener may receive a source."""

    NEVER = "never"
    ALWAYS = "always"
    "While the room is open, pauses included."
    TOGETHER = "together"
    "While the committee confers: not in a pause, and not while anybody fills in a sheet alone."
    OWN_VENUE = "own_venue"
    "If both sit at the same venue."
    TALK = "talk"
    "In a talk between the two to which a witness listens: not in a pause, and not while a sheet is filled in alone."


_SENDERS: Final = frozenset(Role) - {Role.CHAIR, Role.SUPERVISOR, Role.AUDITOR}
"The roles that have a camera and a microphone in the room."

_SEES_BARE: Final = frozenset({Role.WITNESS, Role.SUPERVISOR})
"The roles that get members as they are, whatever is protected."

_SOUNDS: Final = frozenset({MediaTrack.AUDIO, MediaTrack.MASKED_AUDIO})

_GIVES_FLOOR: Final = frozenset({Role.CHAIR, Role.HOST_OPERATOR})


def _row(**links: Link) -> dict[Role, Link]:
    return {Role(name): link for name, link in links.items()}


_MEMBER_HEARS: Final = _row(
    expert=Link.TOGETHER,
    representative=Link.TOGETHER,
    host_operator=Link.OWN_VENUE,
    venue_operator=Link.OWN_VENUE,
    agent=Link.TALK,
    witness=Link.ALWAYS,
)
_OPERATOR_HEARS: Final = dict.fromkeys(_SENDERS, Link.OWN_VENUE)
_WATCHER_HEARS: Final = dict.fromkeys(_SENDERS, Link.ALWAYS)

LINKS: Final[dict[Role, dict[Role, Link]]] = {
    Role.EXPERT: _MEMBER_HEARS,
    Role.REPRESENTATIVE: _MEMBER_HEARS,
    Role.HOST_OPERATOR: {**_OPERATOR_HEARS, Role.VENUE_OPERATOR: Link.ALWAYS, Role.AGENT: Link.ALWAYS},
    Role.VENUE_OPERATOR: {**_OPERATOR_HEARS, Role.HOST_OPERATOR: Link.ALWAYS},
    Role.AGENT: _row(
        expert=Link.TALK,
        representative=Link.TALK,
        host_operator=Link.ALWAYS,
        witness=Link.ALWAYS,
    ),
    Role.WITNESS: _WATCHER_HEARS,
    Role.SUPERVISOR: _WATCHER_HEARS,
    Role.AUDITOR: {},
}
"By listener, then by source; what is not named is never."


def publishes(seat: Seat) -> bool:
    """Whether a seat of this role has a camera and a microphone in the room."""
    return seat.role in _SENDERS


def published_tracks(alias: Alias, room: RoomState) -> tuple[MediaTrack, ...]:
    """What a seat may send: its camera and microphone, the protected versions that the room asks for, its screens."""
    if alias in room.cameras:
        return CAMERA_AND_MICROPHONE
    if not publishes(room.seats[alias]):
        return ()
    seat = room.seats[alias]
    masks = _masks(seat, room)
    masked = (masks[track] for track in CAMERA_AND_MICROPHONE if track in masks)
    return (*CAMERA_AND_MICROPHONE, *masked, *own_screens(seat, room))


def tracks_between(source: Alias, listener: Alias, room: RoomState) -> tuple[MediaTrack, ...]:
    """Which tracks of a source are for this listener: of picture and sound either the bare or the protected one."""
    if source in room.cameras:
        return CAMERA_AND_MICROPHONE
    if not publishes(room.seats[source]):
        return ()
    masks = {} if room.seats[listener].role in _SEES_BARE else _masks(room.seats[source], room)
    return tuple(masks.get(track, track) for track in CAMERA_AND_MICROPHONE)


def _masks(seat: Seat, room: RoomState) -> dict[MediaTrack, MediaTrack]:
    """By which track each track of a seat is replaced for those from whom it is kept."""
    if seat.role not in MEMBERS or room.opening is None:
        return {}
    policy = room.opening.policy
    asked = {
        MediaTrack.AUDIO: (policy.change_voices, MediaTrack.MASKED_AUDIO),
        MediaTrack.VIDEO: (policy.cover_faces, MediaTrack.MASKED_VIDEO),
    }
    return {track: mask for track, (is_asked, mask) in asked.items() if is_asked}


def possible_tracks(listener: Alias, room: RoomState) -> tuple[TrackKey, ...]:
    """All that the listener may ever see or hear, in the order of the plan; then the room cameras, then screens."""
    seats = (
        source
        for source, seat in room.seats.items()
        if source != listener and _link(room.seats[listener], seat) is not Link.NEVER
    )
    sources = (*seats, *watched_cameras(listener, room))
    screens = ((source, MediaTrack.SCREEN) for source in room.seats if is_shown_to(source, listener, room))
    return (*((source, track) for source in sources for track in tracks_between(source, listener, room)), *screens)


def allowed_tracks(
    room: RoomState, listening: Collection[Alias], deaf: Collection[Alias] = ()
) -> frozenset[tuple[Alias, Alias, MediaTrack]]:
    """Every (source, listener, track) that may flow now.

    Args:
        room: the room as its record tells it.
        listening: the seats that the room's sound reaches now.
        deaf: the seats whose pages play no sound: none is sent to them, so that nobody takes them for listeners.
    """
    seen = (
        (source, listener, track)
        for source, listener in allowed_pairs(room, listening)
        for track in tracks_between(source, listener, room)
        if not (listener in deaf and track in _SOUNDS)
    )
    screens = screen_pairs(room, talk_pairs(room, listening)) if may_confer(room) else ()
    return frozenset((*seen, *((source, listener, MediaTrack.SCREEN) for source, listener in screens)))


def allowed_pairs(room: RoomState, listening: Collection[Alias]) -> frozenset[tuple[Alias, Alias]]:
    """Every (source, listener) who see and hear each other now, in one version or another.

    Args:
        room: the room as its record tells it.
        listening: the seats that the room's sound reaches now.
    """
    return frozenset((*_pairs(room, listening), *camera_pairs(room)))


def _pairs(room: RoomState, listening: Collection[Alias]) -> Iterator[tuple[Alias, Alias]]:
    if room.phase is Phase.CLOSED:
        return
    confer = may_confer(room)
    talking = talk_pairs(room, listening) if confer else frozenset()
    for listener, hears in room.seats.items():
        for source, sends in room.seats.items():
            if source == listener or not (hears.confirmed and sends.confirmed):
                continue
            match _link(hears, sends):
                case Link.ALWAYS | Link.OWN_VENUE:
                    yield source, listener
                case Link.TOGETHER if confer:
                    yield source, listener
                case Link.TALK if (source, listener) in talking:
                    yield source, listener
                case _:
                    pass


def may_confer(room: RoomState) -> bool:
    """Whether members may see and hear each other: no pause, and no sheet open that is filled in alone."""
    return room.paused is None and not any(
        stage.open_round is not None for lot in room.lots.values() for stage in lot.stages.values()
    )


def require_floor(by: Alias, room: RoomState) -> None:
    """Whether a seat gives the floor, and so may lower the hand of another one.

    Raises:
        RoleMayNot: it is neither the chair nor the main venue's operator.
    """
    if not roles_of(by, room) & _GIVES_FLOOR:
        raise RoleMayNot(command="lower_hand", role=room.seats[by].role, phase=room.phase)


def recorded_tracks(room: RoomState) -> frozenset[TrackKey]:
    """What is to be recorded now: camera and microphone of all that have them, pauses included, as they are; every
    screen that may be shown; and where the room asks for them, the members' desktops.
    """
    if not room.is_recorded or room.phase in (Phase.PREPARED, Phase.CLOSED):
        return frozenset()
    seats = [alias for alias, seat in room.seats.items() if publishes(seat) and seat.confirmed]
    devices = ((alias, track) for alias in (*seats, *recorded_cameras(room)) for track in CAMERA_AND_MICROPHONE)
    screens = ((alias, MediaTrack.SCREEN) for alias in seats if may_confer(room) and shows(alias, room))
    own = ((alias, MediaTrack.DESKTOP) for alias in desktops(room) if alias in seats)
    return frozenset((*devices, *screens, *own))


def _link(hears: Seat, sends: Seat) -> Link:
    """The link of two seats; one of the same venue becomes never where the venues differ."""
    link = LINKS[hears.role].get(sends.role, Link.NEVER)
    return Link.NEVER if link is Link.OWN_VENUE and hears.venue != sends.venue else link
