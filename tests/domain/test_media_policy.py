from random import Random

import pytest

from server.domain.commands import CloseRoom, EnrolSeat, OpenTalk, PauseRoom, ReleaseSeat
from server.domain.ids import Alias
from server.domain.media_policy import (
    LINKS,
    Link,
    allowed_pairs,
    allowed_tracks,
    may_confer,
    possible_tracks,
    published_tracks,
    publishes,
    recorded_tracks,
    require_floor,
    tracks_between,
)
from server.domain.phases import Phase, Stage
from server.domain.plan import Recording
from server.domain.recordings import MediaTrack
from server.domain.rejections import RoleMayNot
from server.domain.roles import MEMBERS, Role
from server.domain.state import RoomState
from tests.support.room_plan import opening
from tests.support.room_scenes import HOST, ask_for_talk, at, examine, run_to
from tests.support.room_world import World

UNSEEN = {Role.SUPERVISOR, Role.AUDITOR}


def of_role(room: RoomState, *roles: Role) -> list[Alias]:
    return [alias for alias, seat in room.seats.items() if seat.role in roles]


def pairs(world: World) -> frozenset[tuple[Alias, Alias]]:
    return allowed_pairs(world.room, world.room.seats)


def test_members_see_and_hear_each_other_while_they_confer() -> None:
    world = at(Phase.CHAIR_ELECTION)
    committee = of_role(world.room, *MEMBERS)

    allowed = pairs(world)

    assert all((a, b) in allowed for a in committee for b in committee if a != b)


def test_seat_whose_page_plays_no_sound_is_sent_pictures_alone() -> None:
    room = at(Phase.CHAIR_ELECTION).room
    [deaf, *_] = of_role(room, Role.WITNESS)
    everything = allowed_tracks(room, room.seats)

    allowed = allowed_tracks(room, room.seats, deaf=(deaf,))

    kept_back = everything - allowed
    assert {track for _, listener, track in allowed if listener == deaf} == {MediaTrack.VIDEO}
    assert kept_back == {each for each in everything if each[1] == deaf and each[2] is MediaTrack.AUDIO}
    assert kept_back


def test_members_are_apart_while_anybody_fills_in_a_sheet_alone() -> None:
    for phase in (Phase.EXAMINATION, Phase.SCORING):
        world = at(phase)
        committee = of_role(world.room, *MEMBERS)

        allowed = pairs(world)

        assert not may_confer(world.room)
        assert [(a, b) for a in committee for b in committee if (a, b) in allowed] == []


def test_members_confer_again_once_every_sheet_is_revealed() -> None:
    world = at(Phase.EXAMINATION)
    for lot in world.room.lots:
        for member in world.room.lots[lot].stages[Stage.EXAMINATION].pending:
            examine(world, lot, member)

    assert may_confer(world.room)


def test_pause_parts_the_members_and_leaves_the_witness() -> None:
    world = at(Phase.CHAIR_ELECTION)
    member, other = of_role(world.room, *MEMBERS)[:2]
    witness = of_role(world.room, Role.WITNESS)[0]

    world.act(HOST, PauseRoom(reason="网络故障"))

    assert (member, other) not in pairs(world)
    assert (member, witness) in pairs(world)


def test_nothing_flows_in_a_closed_room() -> None:
    world = at(Phase.CHECK_IN)

    world.act(HOST, CloseRoom(reason="改期"))

    assert pairs(world) == frozenset()


def test_supervisors_and_auditors_are_never_a_source() -> None:
    world = at(Phase.CHECK_IN)
    unseen = of_role(world.room, *UNSEEN)

    sources = {source for source, _ in pairs(world)}

    assert unseen
    assert not sources & set(unseen)
    assert [alias for alias in unseen if publishes(world.room.seats[alias])] == []


def test_supervisor_watches_every_sender_in_every_phase() -> None:
    for phase in (Phase.CHECK_IN, Phase.SCORING, Phase.SUMMARY):
        world = at(phase)
        supervisor = of_role(world.room, Role.SUPERVISOR)[0]
        senders = {alias for alias, seat in world.room.seats.items() if publishes(seat)}

        assert {source for source, listener in pairs(world) if listener == supervisor} == senders


def test_venue_operator_sees_the_own_venue_and_the_host_only() -> None:
    world = at(Phase.SCORING)
    operator = of_role(world.room, Role.VENUE_OPERATOR)[0]
    venue = world.room.seats[operator].venue

    heard = {source for source, listener in pairs(world) if listener == operator}

    assert heard == {
        alias
        for alias, seat in world.room.seats.items()
        if alias != operator and publishes(seat) and (seat.venue == venue or seat.role is Role.HOST_OPERATOR)
    }


def test_agent_and_members_neither_see_nor_hear_each_other_without_a_talk() -> None:
    for phase in (Phase.PREPARED, Phase.CHECK_IN, Phase.CHAIR_ELECTION, Phase.PRICES, Phase.LOCKED):
        allowed = pairs(at(phase))

        assert not {("A1", "E1"), ("E1", "A1")} & allowed


def test_agent_and_member_see_and_hear_each_other_in_their_talk_and_nobody_else() -> None:
    world = at(Phase.PRICES)
    before = pairs(world)
    ask_for_talk(world, "E2", "E2")
    assert pairs(world) == before

    world.act("W1", OpenTalk(asker=Alias("E2")))

    assert pairs(world) - before == {("A1", "E2"), ("E2", "A1")}


def test_unconfirmed_seats_receive_and_send_nothing() -> None:
    world = World()

    assert pairs(world) == frozenset()


def test_possible_tracks_hold_every_source_of_every_phase() -> None:
    for phase in (Phase.CHECK_IN, Phase.CHAIR_ELECTION, Phase.SCORING, Phase.LOCKED):
        world = at(phase)
        for source, listener in pairs(world):
            assert (source, MediaTrack.VIDEO) in possible_tracks(listener, world.room)


def test_possible_tracks_name_nobody_who_is_never_seen() -> None:
    world = at(Phase.CHECK_IN)

    for listener, seat in world.room.seats.items():
        for source, _ in possible_tracks(listener, world.room):
            assert LINKS[seat.role][world.room.seats[source].role] is not Link.NEVER


def test_chair_and_host_give_the_floor_and_nobody_else() -> None:
    room = at(Phase.EXAMINATION).room
    assert room.chair is not None
    others = [alias for alias in room.seats if alias not in (room.chair, HOST)]

    require_floor(room.chair, room)
    require_floor(HOST, room)

    for alias in others:
        with pytest.raises(RoleMayNot):
            require_floor(alias, room)


def test_every_confirmed_seat_with_a_camera_is_recorded_from_the_check_in_to_the_close() -> None:
    world = World(opening(recording=Recording.REQUIRED))
    assert recorded_tracks(run_to(world, Phase.PREPARED).room) == frozenset()
    run_to(world, Phase.CHECK_IN)
    senders = frozenset(
        (alias, track)
        for alias, seat in world.room.seats.items()
        if seat.role not in UNSEEN
        for track in (MediaTrack.AUDIO, MediaTrack.VIDEO)
    )
    assert recorded_tracks(world.room) == senders

    world.act(HOST, PauseRoom(reason="午休"))
    assert recorded_tracks(world.room) == senders
    world.act("V1", ReleaseSeat(seat=Alias("E2"), reason="换设备"))
    world.act("E2", EnrolSeat(spki=world.new_key(Alias("E2")).spki))
    assert recorded_tracks(world.room) == frozenset(track for track in senders if track[0] != "E2")
    world.act(HOST, CloseRoom(reason="改期"))
    assert recorded_tracks(world.room) == frozenset()


def test_nothing_is_recorded_where_the_policy_does_not_ask_for_it() -> None:
    assert recorded_tracks(at(Phase.EXAMINATION).room) == frozenset()


MASKED = {MediaTrack.MASKED_VIDEO, MediaTrack.MASKED_AUDIO}
WATCHERS = {Role.WITNESS, Role.SUPERVISOR}
PROTECTIONS = [(faces, voices) for faces in (False, True) for voices in (False, True)]


def protected(*, cover_faces: bool, change_voices: bool) -> World:
    return World(opening(recording=Recording.REQUIRED, cover_faces=cover_faces, change_voices=change_voices))


@pytest.mark.parametrize(("faces", "voices"), PROTECTIONS)
@pytest.mark.parametrize("seed", range(6))
def test_no_bare_track_of_a_member_ever_reaches_one_it_is_kept_from(seed: int, faces: bool, voices: bool) -> None:
    random = Random(seed)
    world = protected(cover_faces=faces, change_voices=voices)
    kept = {track for track, asked in ((MediaTrack.VIDEO, faces), (MediaTrack.AUDIO, voices)) if asked}
    flowed = 0
    for phase in (Phase.PREPARED, Phase.CHECK_IN, Phase.CHAIR_ELECTION, Phase.EXAMINATION, Phase.SCORING, Phase.LOCKED):
        room = run_to(world, phase).room
        connected = random.sample(list(room.seats), k=random.randrange(len(room.seats) + 1))
        possible = {
            (source, listener, track) for listener in room.seats for source, track in possible_tracks(listener, room)
        }
        allowed = allowed_tracks(room, connected)

        assert allowed <= possible
        for source, listener, track in possible:
            is_kept_from = room.seats[listener].role not in WATCHERS and room.seats[source].role in MEMBERS
            assert track not in (kept if is_kept_from else MASKED)
            assert track in published_tracks(source, room)
        flowed += len(allowed)
        assert not {track for _, track in recorded_tracks(room)} & MASKED

    assert flowed


@pytest.mark.parametrize(("faces", "voices"), PROTECTIONS)
def test_each_listener_gets_one_picture_and_one_sound_of_a_member(faces: bool, voices: bool) -> None:
    room = run_to(protected(cover_faces=faces, change_voices=voices), Phase.CHAIR_ELECTION).room
    member, other = of_role(room, *MEMBERS)[:2]
    sound = MediaTrack.MASKED_AUDIO if voices else MediaTrack.AUDIO
    picture = MediaTrack.MASKED_VIDEO if faces else MediaTrack.VIDEO

    for listener in (other, *of_role(room, Role.AGENT, Role.HOST_OPERATOR, Role.VENUE_OPERATOR)):
        assert tracks_between(member, listener, room) == (sound, picture)
    for listener in of_role(room, *WATCHERS):
        assert tracks_between(member, listener, room) == (MediaTrack.AUDIO, MediaTrack.VIDEO)


def test_only_members_are_protected() -> None:
    room = run_to(protected(cover_faces=True, change_voices=True), Phase.CHECK_IN).room

    for alias, seat in room.seats.items():
        masked = (MediaTrack.MASKED_AUDIO, MediaTrack.MASKED_VIDEO) if seat.role in MEMBERS else ()
        bare = (MediaTrack.AUDIO, MediaTrack.VIDEO) if publishes(seat) else ()
        assert published_tracks(alias, room) == (*bare, *masked)
        assert seat.role in MEMBERS or tracks_between(alias, HOST, room) == bare
