from collections.abc import Collection

import pytest

from server.domain.commands import OpenTalk, PauseRoom, ReleaseSeat
from server.domain.ids import Alias
from server.domain.media_policy import allowed_tracks, possible_tracks, published_tracks, recorded_tracks
from server.domain.phases import Phase, Stage
from server.domain.plan import Recording
from server.domain.recordings import MediaTrack
from server.domain.roles import MEMBERS, Role
from server.domain.screen_policy import SHOWN_TO, desktops, is_shown_to, shows
from tests.support.room_plan import opening
from tests.support.room_scenes import HOST, ask_for_talk, at, examine, replaced, run_to, score
from tests.support.room_world import World

AGENT, WITNESS, SUPERVISOR = Alias("A1"), Alias("W1"), Alias("S1")
E1, E2 = Alias("E1"), Alias("E2")
COMMITTEE = frozenset(map(Alias, ("E1", "E2", "E3", "E4", "R1")))
PHASES = (Phase.PREPARED, Phase.CHECK_IN, Phase.CHAIR_ELECTION, Phase.EXAMINATION, Phase.SCORING, Phase.LOCKED)


def screens(world: World, listening: Collection[Alias] | None = None) -> set[tuple[Alias, Alias]]:
    """Every (source, listener) whose screen flows now; all seats hear the room unless it is said which."""
    allowed = allowed_tracks(world.room, world.room.seats if listening is None else listening)
    return {(source, listener) for source, listener, track in allowed if track is MediaTrack.SCREEN}


def viewers(source: Alias | None, world: World, listening: Collection[Alias] | None = None) -> set[Alias]:
    """Who gets the screen of a seat now."""
    return {listener for shown, listener in screens(world, listening) if shown == source}


def showing(world: World) -> set[Alias]:
    """Whose screen anybody gets now."""
    return {source for source, _ in screens(world)}


def conferring() -> World:
    """All have examined, nobody scores yet."""
    world = at(Phase.EXAMINATION)
    for lot in world.room.lots:
        for member in world.room.lots[lot].stages[Stage.EXAMINATION].pending:
            examine(world, lot, member)
    return world


def test_host_shows_a_screen_to_everybody_but_the_auditor() -> None:
    world = at(Phase.CHECK_IN)

    assert viewers(HOST, world) == world.room.seats.keys() - {HOST, "U1"}


def test_agent_shows_a_screen_to_the_host_and_to_those_who_watch_and_to_members_in_a_talk_only() -> None:
    world = at(Phase.CHECK_IN)
    assert viewers(AGENT, world) == {HOST, "W1", "W2", SUPERVISOR}

    ask_for_talk(world, "A1", None)
    assert not viewers(AGENT, world) & COMMITTEE
    world.act("W1", OpenTalk(asker=AGENT))

    assert viewers(AGENT, world) >= COMMITTEE
    assert not viewers(AGENT, world, world.room.seats.keys() - {WITNESS}) & COMMITTEE


def test_chair_shows_a_screen_to_the_members_and_the_supervisor_alone() -> None:
    world = conferring()
    chair = world.room.chair
    assert chair is not None

    assert viewers(chair, world) == COMMITTEE - {chair} | {SUPERVISOR}
    assert showing(world) == {HOST, AGENT, chair}


def test_nobody_shows_a_screen_while_a_sheet_is_filled_in_alone_in_a_pause_or_before_and_after_the_proceeding() -> None:
    paused = at(Phase.CHECK_IN)
    paused.act(HOST, PauseRoom(reason="午休"))
    apart = (at(phase) for phase in (Phase.PREPARED, Phase.EXAMINATION, Phase.SCORING, Phase.CLOSED))

    assert [showing(world) for world in (paused, *apart)] == [set()] * 5


def test_other_members_show_no_screen_whatever_they_send() -> None:
    world = conferring()

    assert [alias for alias in COMMITTEE if shows(alias, world.room)] == [world.room.chair]
    assert all(MediaTrack.SCREEN in published_tracks(alias, world.room) for alias in COMMITTEE)


def test_substitute_sees_no_screen_of_the_chair_before_the_own_first_sheets() -> None:
    world = at(Phase.SCORING)
    for lot in world.room.lots:
        for member in world.room.lots[lot].stages[Stage.SCORING].pending:
            score(world, lot, member)
    chair = world.room.chair
    member = next(alias for alias in (Alias("E4"), Alias("E3")) if alias != chair)
    replaced(world, member, "E9")
    for lot in world.room.lots:
        examine(world, lot, "E9")
    assert world.room.seats[Alias("E9")].confirmed
    open_sheets = [stage for lot in world.room.lots.values() for stage in lot.stages.values() if stage.open_round]

    assert open_sheets == []
    assert viewers(chair, world) == COMMITTEE - {chair, member} | {SUPERVISOR}


def test_seat_that_is_not_confirmed_neither_shows_nor_sees_a_screen() -> None:
    world = at(Phase.CHECK_IN)
    world.act("V1", ReleaseSeat(seat=E2, reason="换设备"))
    assert (HOST, E2) not in screens(world)

    world.act(HOST, ReleaseSeat(seat=AGENT, reason="换设备"))
    assert showing(world) == {HOST}


@pytest.mark.parametrize("phase", PHASES)
def test_every_screen_that_flows_has_its_two_lines(phase: Phase) -> None:
    world = at(phase)
    for source, listener in screens(world):
        assert MediaTrack.SCREEN in published_tracks(source, world.room)
        assert (source, MediaTrack.SCREEN) in possible_tracks(listener, world.room)


def test_nobody_has_a_line_for_a_screen_that_is_never_for_them() -> None:
    room = at(Phase.LOCKED).room

    for listener in room.seats:
        lines = {source for source, track in possible_tracks(listener, room) if track is MediaTrack.SCREEN}
        assert lines == {source for source in room.seats if is_shown_to(source, listener, room)}
    assert Role.AUDITOR not in frozenset().union(*SHOWN_TO.values())


def of_desktops(recording: Recording = Recording.REQUIRED) -> World:
    return World(opening(recording=recording, record_desktops=True))


@pytest.mark.parametrize("phase", PHASES)
def test_desktop_has_no_listener_in_any_phase(phase: Phase) -> None:
    room = run_to(of_desktops(), phase).room

    assert MediaTrack.DESKTOP in published_tracks(E1, room)
    assert not [track for _, _, track in allowed_tracks(room, room.seats) if track is MediaTrack.DESKTOP]
    for listener in room.seats:
        assert MediaTrack.DESKTOP not in {track for _, track in possible_tracks(listener, room)}


def test_desktops_of_members_alone_are_recorded_and_only_where_the_room_asks_for_them() -> None:
    world = run_to(of_desktops(), Phase.EXAMINATION)

    recorded = {alias for alias, track in recorded_tracks(world.room) if track is MediaTrack.DESKTOP}
    assert recorded == set(desktops(world.room)) == COMMITTEE
    assert all(
        (MediaTrack.DESKTOP in published_tracks(alias, world.room)) is (seat.role in MEMBERS)
        for alias, seat in world.room.seats.items()
    )
    plain = run_to(World(opening(recording=Recording.REQUIRED)), Phase.EXAMINATION).room
    assert MediaTrack.DESKTOP not in {track for _, track in recorded_tracks(plain)}
    assert MediaTrack.DESKTOP not in published_tracks(E1, plain)


def test_screens_are_recorded_while_they_may_be_shown() -> None:
    world = run_to(of_desktops(), Phase.CHECK_IN)
    assert {alias for alias, track in recorded_tracks(world.room) if track is MediaTrack.SCREEN} == {HOST, AGENT}

    run_to(world, Phase.SCORING)
    assert MediaTrack.SCREEN not in {track for _, track in recorded_tracks(world.room)}
