"""The bridge with the real media process and scripted seats that send and receive real packets."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import aiohttp
import pytest
import pytest_asyncio
from aiohttp import WSCloseCode

from server.app import run_server
from server.demo.play import Troupe, bring_media
from server.demo.seat_media import SeatMedia
from server.domain.agent_talk import TalkEnd, TalkTopic
from server.domain.commands import AskForTalk, CloseRoom, OpenCheckIn, OpenTalk, PauseRoom, ReleaseSeat, ResumeRoom
from server.domain.events import TalkEnded
from server.domain.ids import Alias
from server.domain.recordings import MediaTrack
from server.domain.talk_policy import unrecorded
from server.evidence.command_signatures import sign_join
from server.session.frames import Goodbye, Refused
from server.web import media_bridge
from server.web.drop_watch import MATTERS
from server.web.media_line import MediaLine
from server.web.packing import pack, unpack_signal_to_seat
from server.web.signal_frames import (
    COMES_BACK,
    SIGNAL_PROTOCOL,
    AnySignalFromSeat,
    DropCause,
    DropsSeen,
    HandLowered,
    HearRoom,
    JoinMedia,
    LowerHand,
    MediaFailing,
    MediaOffer,
    Picture,
    PicturesPaused,
    RoomHeard,
    SeatDrops,
    SeatShown,
    ShowSeat,
    Switch,
    TileView,
)
from signaling import messages
from signaling.messages import Kind
from signaling.rtp import build
from tests.support.live_server import E1, E3, H1, S1, V1, W1, Sitting, media_settings, open_sitting, protected
from tests.support.patience import PATIENCE_S, until

G1 = Alias("G1")
CAST = (H1, V1, E1, Alias("E2"), E3, W1, G1)


@pytest_asyncio.fixture
async def on_air(tmp_path: Path) -> AsyncIterator[tuple[Sitting, dict[Alias, SeatMedia]]]:
    """A room in which seven confirmed seats of two venues send sound and pictures."""
    settings = media_settings(tmp_path)
    async with run_server(settings) as server, open_sitting(server) as sitting, AsyncExitStack() as stack:
        await sitting.enrol(*CAST)
        media = await bring_media(Troupe(sitting.seats), stack)
        for each in media.values():
            await until(each.connected.is_set)
        yield sitting, media


def packets(media: SeatMedia, source: Alias) -> int:
    """How many packets of a source's picture and sound have come."""
    return sum(track.packets for (alias, _), track in media.peer.received.items() if alias == source)


async def all_so_far(media: SeatMedia, source: Alias) -> int:
    """The same, with those that the server has sent and that still wait in the seat's socket."""
    await media.peer.connection.check()
    return packets(media, source)


async def test_members_see_and_hear_each_other(on_air: tuple[Sitting, dict[Alias, SeatMedia]]) -> None:
    _, media = on_air

    await until(lambda: packets(media[E1], E3) > 50 and packets(media[E3], E1) > 50)


async def test_restriction_is_in_force_before_its_command_is_acknowledged(
    on_air: tuple[Sitting, dict[Alias, SeatMedia]],
) -> None:
    sitting, media = on_air
    await sitting.seats[H1].submit(OpenCheckIn())
    await until(lambda: packets(media[E1], E3) > 10)

    await sitting.seats[H1].submit(PauseRoom(reason="线路故障"))
    at_once, watched = await all_so_far(media[E1], E3), packets(media[W1], E3)
    await until(lambda: packets(media[W1], E3) > watched + 50)

    assert packets(media[E1], E3) == at_once


async def test_routes_flow_again_after_the_pause(on_air: tuple[Sitting, dict[Alias, SeatMedia]]) -> None:
    sitting, media = on_air
    await sitting.seats[H1].submit(OpenCheckIn())
    await sitting.seats[H1].submit(PauseRoom(reason="线路故障"))
    before = packets(media[E1], E3)

    await sitting.seats[H1].submit(ResumeRoom())

    await until(lambda: packets(media[E1], E3) > before + 50)


async def test_released_seat_is_cut_off(on_air: tuple[Sitting, dict[Alias, SeatMedia]]) -> None:
    sitting, media = on_air
    await until(lambda: packets(media[E1], E3) > 10)

    await sitting.seats[V1].submit(ReleaseSeat(seat=E3, reason="换一台电脑"))
    at_once, watched = await all_so_far(media[E1], E3), packets(media[E1], Alias("E2"))
    await until(lambda: packets(media[E1], Alias("E2")) > watched + 50)

    assert packets(media[E1], E3) == at_once


async def test_seats_of_a_protected_room_send_a_member_protected_to_all_but_the_witness(tmp_path: Path) -> None:
    bare, masked = {(E1, "audio"), (E1, "video")}, {(E1, "masked_audio"), (E1, "masked_video")}
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(run_server(media_settings(tmp_path)))
        sitting = await stack.enter_async_context(open_sitting(server, protected()))
        await sitting.enrol(H1, E1, Alias("E2"), W1)
        media = await bring_media(Troupe(sitting.seats), stack)

        await until(lambda: all(packets(media[alias], E1) > 50 for alias in (H1, Alias("E2"), W1)))

        came = {alias: {key for key in media[alias].peer.received if key[0] == E1} for alias in media}
        assert came == {H1: masked, E1: set(), Alias("E2"): masked, W1: bare}


async def test_member_and_agent_hear_each_other_only_in_a_talk_and_while_its_witness_hears_them(
    on_air: tuple[Sitting, dict[Alias, SeatMedia]],
) -> None:
    sitting, media = on_air
    await sitting.seats[H1].submit(OpenCheckIn())
    await until(lambda: packets(media[E1], E3) > 50)
    assert packets(media[E1], G1) == packets(media[G1], E1) == 0

    await sitting.seats[E1].submit(AskForTalk(agent=G1, member=E1, topic=TalkTopic.PROCEDURE))
    await sitting.seats[W1].until(lambda view: E1 in view.talk_requests and not unrecorded((E1, G1), view))
    await sitting.seats[W1].submit(OpenTalk(asker=E1))
    await until(lambda: packets(media[E1], G1) > 50 and packets(media[G1], E1) > 50)
    assert packets(media[E3], G1) == 0

    await media[W1].__aexit__(None, None, None)
    await sitting.seats[H1].until(lambda view: view.talk is None)
    assert last_end(sitting) is TalkEnd.WITNESS_GONE
    at_once, others = await all_so_far(media[E1], G1), packets(media[E1], E3)
    await until(lambda: packets(media[E1], E3) > others + 50)
    assert packets(media[E1], G1) == at_once


async def test_witness_whose_page_plays_no_sound_is_sent_none_and_does_not_listen(
    on_air: tuple[Sitting, dict[Alias, SeatMedia]],
) -> None:
    sitting, media = on_air
    bridge = sitting.server.services.media
    assert bridge is not None

    def came(kind: Kind) -> int:
        return sum(track.packets for (_, track_name), track in media[W1].peer.received.items() if track_name == kind)

    await sitting.seats[H1].submit(OpenCheckIn())
    await sitting.seats[E1].submit(AskForTalk(agent=G1, member=E1, topic=TalkTopic.PROCEDURE))
    await sitting.seats[W1].until(lambda view: E1 in view.talk_requests and not unrecorded((E1, G1), view))
    await sitting.seats[W1].submit(OpenTalk(asker=E1))
    await until(lambda: packets(media[E1], G1) > 50)

    await bridge.hear_room(sitting.room, W1, on=False)
    between = await all_so_far(media[E1], G1)
    await media[W1].peer.connection.check()
    sounds, pictures = came("audio"), came("video")
    await sitting.seats[H1].until(lambda view: view.talk is None)
    await until(lambda: came("video") > pictures + 50)

    assert last_end(sitting) is TalkEnd.WITNESS_GONE
    assert packets(media[E1], G1) == between
    assert came("audio") == sounds
    assert W1 not in bridge.listening(sitting.room)

    await bridge.hear_room(sitting.room, W1, on=True)
    await until(lambda: came("audio") > sounds + 50)
    assert W1 in bridge.listening(sitting.room)

    async with signal_page(sitting, W1, hears=False) as page:
        await page.say(HearRoom(on=True))
        assert await page.room_heard() == RoomHeard(on=True)
        await page.say(HearRoom(on=False))
        assert await page.room_heard() == RoomHeard(on=False)


def last_end(sitting: Sitting) -> TalkEnd:
    """How the last talk ended, as the host's operator reads it."""
    return [line.event.end for line in sitting.seats[H1].record.lines.values() if isinstance(line.event, TalkEnded)][-1]


async def test_nothing_flows_while_the_log_is_not_heard(on_air: tuple[Sitting, dict[Alias, SeatMedia]]) -> None:
    sitting, media = on_air
    await until(lambda: packets(media[E1], E3) > 10)
    facts: bytes = await sitting.server.backend.store.ask("INFO", "server")
    store = next(int(line.partition(b":")[2]) for line in facts.splitlines() if line.startswith(b"process_id"))

    os.kill(store, signal.SIGSTOP)
    try:
        await until(lambda: sitting.server.services.reader.silence_s > 2.5)  # the limit, and a beat of half a second
        at_first = await all_so_far(media[E1], E3)
        await until(lambda: sitting.server.services.reader.silence_s > 3.5)
        assert await all_so_far(media[E1], E3) == at_first
    finally:
        os.kill(store, signal.SIGCONT)

    await until(lambda: packets(media[E1], E3) > at_first + 50)


async def test_every_seat_comes_back_after_the_process_is_killed(
    on_air: tuple[Sitting, dict[Alias, SeatMedia]],
) -> None:
    sitting, media = on_air
    bridge = sitting.server.services.media
    assert bridge is not None
    killed = bridge.pid
    assert killed is not None
    os.kill(killed, signal.SIGKILL)

    await until(lambda: bridge.pid not in (None, killed))
    for each in media.values():
        each.peer.received.clear()

    await until(lambda: all(packets(media[alias], E1) > 20 for alias in (E3, W1, Alias("E2"))))


async def test_hidden_picture_is_not_sent_not_even_by_another_process(
    on_air: tuple[Sitting, dict[Alias, SeatMedia]],
) -> None:
    sitting, media = on_air
    bridge = sitting.server.services.media
    assert bridge is not None
    killed = bridge.pid
    assert killed is not None

    def came(kind: Kind) -> int:
        track = media[E1].peer.received.get((E3, kind))
        return track.packets if track is not None else 0

    bridge.view(sitting.room, E1, [TileView(alias=E3, track=MediaTrack.VIDEO, lines=0, pinned=False)])
    os.kill(killed, signal.SIGKILL)
    await until(lambda: bridge.pid not in (None, killed))
    media[E1].peer.received.clear()

    async def pictures_in_a_second() -> int:
        sounds, pictures = came("audio"), came("video")
        await until(lambda: came("audio") > sounds + 50)
        return came("video") - pictures

    async with asyncio.timeout(PATIENCE_S):  # a fresh process takes what the page shows within a moment
        while await pictures_in_a_second():
            pass

    pictures = came("video")
    bridge.view(sitting.room, E1, [TileView(alias=E3, track=MediaTrack.VIDEO, lines=360, pinned=False)])
    await until(lambda: came("video") > pictures)


async def test_offers_go_only_to_the_device_that_holds_the_key(
    on_air: tuple[Sitting, dict[Alias, SeatMedia]],
) -> None:
    sitting, _ = on_air
    seat = sitting.seats[E1]
    async with (
        aiohttp.ClientSession() as http,
        http.ws_connect(f"{sitting.url}/rooms/{sitting.room}/signal", protocols=[SIGNAL_PROTOCOL]) as socket,
    ):
        await socket.send_bytes(pack(JoinMedia(token=seat.token, key=seat.key.fingerprint, proof=bytes(64))))
        answer = unpack_signal_to_seat(await socket.receive_bytes())

    assert isinstance(answer, Goodbye)
    assert answer.code == "seat_taken"


async def test_rubbish_on_the_signal_socket_is_refused_and_the_connection_kept(
    on_air: tuple[Sitting, dict[Alias, SeatMedia]],
) -> None:
    sitting, _ = on_air
    seat = sitting.seats[E1]
    join = JoinMedia(token=seat.token, key=seat.key.fingerprint, proof=sign_join(seat.key.private, seat.token))
    async with (
        aiohttp.ClientSession() as http,
        http.ws_connect(f"{sitting.url}/rooms/{sitting.room}/signal", protocols=[SIGNAL_PROTOCOL]) as socket,
    ):
        await socket.send_bytes(pack(join))
        await socket.send_bytes(b"rubbish")
        await socket.send_bytes(pack(join))
        refused: list[str] = []
        offered = False
        async with asyncio.timeout(PATIENCE_S):
            while not offered or len(refused) < 2:
                answer = unpack_signal_to_seat(await socket.receive_bytes())
                offered |= isinstance(answer, MediaOffer)
                refused += [answer.code] if isinstance(answer, Refused) else []

    assert refused == ["malformed_frame", "join_missing"]


async def offered(sitting: Sitting, kept: int | None, leave: int | None = WSCloseCode.OK) -> MediaOffer:
    """The first offer to a page of E1 that joins, still has this connection, and leaves with a code, or without."""
    seat = sitting.seats[E1]
    proof = sign_join(seat.key.private, seat.token)
    async with (
        aiohttp.ClientSession() as http,
        http.ws_connect(f"{sitting.url}/rooms/{sitting.room}/signal", protocols=[SIGNAL_PROTOCOL]) as socket,
        asyncio.timeout(PATIENCE_S),
    ):
        join = JoinMedia(token=seat.token, key=seat.key.fingerprint, proof=proof, connection=kept)
        await socket.send_bytes(pack(join))
        while True:
            frame = unpack_signal_to_seat(await socket.receive_bytes())
            if isinstance(frame, MediaOffer):
                break
        if leave is not None:
            await socket.close(code=leave)
        else:
            await http.close()
    return frame


def connection_of(sitting: Sitting, alias: Alias) -> int | None:
    """The connection that a seat has by the bridge's books."""
    bridge = sitting.server.services.media
    seat = bridge._seats.get(sitting.room, alias) if bridge is not None else None
    return seat.connection if seat is not None else None


async def test_page_that_joins_again_keeps_the_connection_that_it_names_if_it_stands(
    on_air: tuple[Sitting, dict[Alias, SeatMedia]],
) -> None:
    sitting, media = on_air
    standing = connection_of(sitting, E1)
    await until(lambda: packets(media[E3], E1) > 10)

    replaced = await offered(sitting, standing, COMES_BACK)
    cut_off = await offered(sitting, standing, None)
    left = await offered(sitting, standing)
    other = await offered(sitting, standing)

    assert [(each.connection, each.revision) for each in (replaced, cut_off, left)] == [
        (standing, n) for n in (2, 3, 4)
    ]
    assert (other.connection != standing, other.revision) == (True, 1)


async def test_seat_whose_page_was_lost_is_seen_and_heard_until_one_takes_leave(
    on_air: tuple[Sitting, dict[Alias, SeatMedia]],
) -> None:
    sitting, media = on_air
    bridge = sitting.server.services.media
    assert bridge is not None
    standing = connection_of(sitting, E1)
    await offered(sitting, standing, None)
    before = packets(media[E3], E1)

    await until(lambda: packets(media[E3], E1) > before + 10)
    assert E1 in bridge.listening(sitting.room)

    await offered(sitting, standing)
    await until(lambda: E1 not in bridge.listening(sitting.room))


async def test_page_that_comes_back_is_told_what_was_held_back_while_it_was_away(
    on_air: tuple[Sitting, dict[Alias, SeatMedia]],
) -> None:
    sitting, _ = on_air
    bridge = sitting.server.services.media
    assert bridge is not None
    standing = connection_of(sitting, E1)
    paused = PicturesPaused(pictures=(Picture(alias=E3, track=MediaTrack.VIDEO),))
    await offered(sitting, standing, None)
    seat = bridge._seats.get(sitting.room, E1)
    assert seat is not None
    await until(lambda: seat.send is media_bridge._to_nobody)

    await bridge.heard(messages.PicturesPaused(room=sitting.room, alias=E1, pictures=[(E3, "video")]))
    async with signal_page(sitting, E1, kept=standing) as page:
        assert await page.told_of_pictures() == paused


class SignalPage:
    """One seat's signal socket, and what it was told of others."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket

    async def say(self, frame: AnySignalFromSeat) -> None:
        await self._socket.send_bytes(pack(frame))

    async def told(self) -> SeatShown | HandLowered | Refused:
        """The next frame that is about no connection."""
        async with asyncio.timeout(PATIENCE_S):
            while True:
                frame = unpack_signal_to_seat(await self._socket.receive_bytes())
                if isinstance(frame, SeatShown | HandLowered | Refused):
                    return frame

    async def room_heard(self) -> RoomHeard:
        """The next answer about the room's sound."""
        async with asyncio.timeout(PATIENCE_S):
            while True:
                frame = unpack_signal_to_seat(await self._socket.receive_bytes())
                if isinstance(frame, RoomHeard):
                    return frame

    async def told_of_pictures(self) -> PicturesPaused:
        """What it is told next of the pictures that are held back."""
        async with asyncio.timeout(PATIENCE_S):
            while True:
                frame = unpack_signal_to_seat(await self._socket.receive_bytes())
                if isinstance(frame, PicturesPaused):
                    return frame

    async def told_of_trouble(self) -> DropsSeen | MediaFailing:
        """What it is told next of what is dropped, or of a media process that fails."""
        async with asyncio.timeout(PATIENCE_S):
            while True:
                frame = unpack_signal_to_seat(await self._socket.receive_bytes())
                if isinstance(frame, DropsSeen | MediaFailing):
                    return frame


@asynccontextmanager
async def signal_page(
    sitting: Sitting, alias: Alias, *, hears: bool = True, kept: int | None = None
) -> AsyncIterator[SignalPage]:
    """A page of an enrolled seat that has joined."""
    seat = sitting.seats[alias]
    async with (
        aiohttp.ClientSession() as http,
        http.ws_connect(f"{sitting.url}/rooms/{sitting.room}/signal", protocols=[SIGNAL_PROTOCOL]) as socket,
    ):
        page = SignalPage(socket)
        proof = sign_join(seat.key.private, seat.token)
        join = JoinMedia(token=seat.token, key=seat.key.fingerprint, proof=proof, hears=hears, connection=kept)
        await page.say(join)
        yield page


async def test_what_a_seat_has_switched_reaches_those_who_see_it_and_nobody_else(tmp_path: Path) -> None:
    settings = media_settings(tmp_path)
    async with run_server(settings) as server, open_sitting(server) as sitting:
        await sitting.enrol(H1, V1, E1, E3, S1)
        async with (
            signal_page(sitting, H1) as host,
            signal_page(sitting, E1) as near,
            signal_page(sitting, E3) as far,
            signal_page(sitting, S1) as supervisor,
        ):
            await supervisor.say(ShowSeat(camera=Switch.ON, microphone=Switch.ON, hand=True, screen=False))
            await far.say(ShowSeat(camera=Switch.ON, microphone=Switch.ON, hand=True, screen=False))
            assert of(await near.told()) == of(await supervisor.told()) == (E3, Switch.ON, True)

            await near.say(ShowSeat(camera=Switch.OFF, microphone=Switch.ON, hand=True, screen=False))
            assert of(await far.told()) == of(await supervisor.told()) == (E1, Switch.OFF, True)
            assert of(await host.told()) == (E1, Switch.OFF, True)  # of another venue's member it is told nothing

            await near.say(LowerHand(alias=E3))
            refused = await near.told()
            await host.say(LowerHand(alias=E1))

            assert isinstance(refused, Refused)
            assert refused.code == "role_may_not"
            assert await near.told() == HandLowered(by=H1)
            assert of(await host.told()) == (E1, Switch.OFF, False)


def of(frame: SeatShown | HandLowered | Refused) -> tuple[Alias, Switch, bool]:
    """Whose camera it is, where it stands, and whether the hand is raised."""
    assert isinstance(frame, SeatShown)
    return frame.alias, frame.camera, frame.hand is not None


async def test_supervisor_sends_nothing_and_sees_all(tmp_path: Path) -> None:
    settings = media_settings(tmp_path)
    async with run_server(settings) as server, open_sitting(server) as sitting, AsyncExitStack() as stack:
        await sitting.enrol(H1, E1, S1)
        media = await bring_media(Troupe({E1: sitting.seats[E1]}), stack)
        film = next(iter(media.values()))
        watching = await stack.enter_async_context(SeatMedia(sitting.seats[S1], film.clip))

        await until(lambda: packets(watching, E1) > 20)

        assert packets(film, S1) == 0
        assert watching.peer.players == {}


async def test_operator_is_told_of_packets_that_are_forged_in_the_name_of_a_seat(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(media_bridge, "LOOK_EVERY_S", 0.1)
    async with (
        run_server(media_settings(tmp_path)) as server,
        open_sitting(server) as sitting,
        AsyncExitStack() as stack,
    ):
        await sitting.enrol(H1, E1)
        media = await bring_media(Troupe({E1: sitting.seats[E1]}), stack)
        await until(media[E1].connected.is_set)
        host = await stack.enter_async_context(signal_page(sitting, H1))
        bridge = server.services.media
        await until(lambda: bridge is not None and bridge._seats.get(sitting.room, H1) is not None)
        forged = build(b"forged", payload_type=111, marker=False, sequence=1, timestamp=2, ssrc=3)
        for _ in range(3 * MATTERS):  # some may fall into the next look
            media[E1].peer.connection._put(forged)

        assert await host.told_of_trouble() == DropsSeen(
            seats=(SeatDrops(alias=E1, cause=DropCause.FOREIGN),), strays=False
        )

        assert bridge is not None
        bridge.failing(on=True)
        told = await host.told_of_trouble()
        back = await stack.enter_async_context(signal_page(sitting, H1))
        told_again = await back.told_of_trouble()
        bridge.failing(on=False)

        assert (told, told_again) == (MediaFailing(on=True), MediaFailing(on=True))
        assert await back.told_of_trouble() == MediaFailing(on=False)


async def test_media_process_is_told_to_forget_a_room_that_is_over_once_the_last_has_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[messages.ToMedia] = []
    tell = MediaLine.tell

    def overheard(line: MediaLine, message: messages.ToMedia) -> bool:
        told.append(message)
        return tell(line, message)

    monkeypatch.setattr(MediaLine, "tell", overheard)
    async with run_server(media_settings(tmp_path)) as server, open_sitting(server) as sitting:
        await sitting.enrol(H1, E1)
        forgotten = messages.CloseRoom(room=sitting.room)
        async with signal_page(sitting, E1), signal_page(sitting, H1):
            await until(lambda: {each.alias for each in told if isinstance(each, messages.Join)} == {E1, H1})
            await sitting.seats[H1].submit(CloseRoom(reason="流标"))
            assert forgotten not in told

        await until(lambda: forgotten in told)
