"""The media twin of a room: its seats, the policy, and the routes in force."""

import asyncio
from collections.abc import Callable, Collection, Iterable

from signaling.drops import Drops
from signaling.faults import Faults
from signaling.messages import (
    Away,
    Connected,
    FromMedia,
    Gone,
    GoneReason,
    PicturesPaused,
    PolicyInForce,
    RouteStats,
    Shown,
    Stats,
    Track,
)
from signaling.negotiation import LEVEL_EXTENSION, CodecName
from signaling.peer import Peer
from signaling.recording.room_recording import RoomRecording, Source
from signaling.routes import NOTHING, MediaPolicy, Route, wanted_routes
from signaling.speakers import Speakers
from signaling.turns import Turns

ROUND_TICKS = 10
"Of 20 ms, in which every seat is looked after once."
FOLLOW_LAYERS_EVERY_S = 1.0
"A browser starts and stops the layers of its picture; what is recorded goes with it."


class MediaRoom:
    """Keeps the routes equal to what policy and presence want.

    Args:
        name: the room's id.
        tell: sends a message to the server.
        drop: ends a connection in the background.
        recording: the room's recorders; none where nothing is recorded.
        faults: where our own mistakes are noted.
    """

    def __init__(
        self,
        name: str,
        *,
        tell: Callable[[FromMedia], None],
        drop: Callable[[Peer], None],
        recording: RoomRecording | None = None,
        faults: Faults | None = None,
    ) -> None:
        self.name = name
        self.recording = recording
        self.peers: dict[str, Peer] = {}
        self._turns: Turns[Peer] = Turns(ROUND_TICKS)
        self._away: set[Peer] = set()
        self._players: set[str] = set()
        self._tell = tell
        self._drop = drop
        self._faults = faults or Faults()
        self._policy = NOTHING
        self._is_silenced = False
        self._routes: frozenset[Route] = frozenset()
        self._record_at = 0.0
        self._speakers = Speakers()
        self._loop = asyncio.get_running_loop()

    @property
    def policy_version(self) -> int:
        """The version in force, 0 before the first."""
        return self._policy.version

    def set_policy(self, policy: MediaPolicy, recorded: Iterable[tuple[str, Track]] = ()) -> None:
        """Put a policy in force and only then say so."""
        self._policy = policy
        if self.recording is not None:
            self.recording.want(recorded)
        self._apply()
        self._tell(PolicyInForce(room=self.name, version=policy.version))

    def silence(self) -> None:
        """Forward nothing until `resume`."""
        self._is_silenced = True
        self._apply()

    def resume(self) -> None:
        """Forward as the policy allows."""
        self._is_silenced = False
        self._apply()

    def _is_present(self, peer: Peer) -> bool:
        return peer.link.is_connected and peer not in self._away

    def _apply(self) -> None:
        seats = [peer for peer in self.peers.values() if self._is_present(peer)]
        wanted = wanted_routes(seats, NOTHING if self._is_silenced else self._policy)
        for route in self._routes - wanted:
            self.peers[route.listener].detach(route.source, route.track)
        new = wanted - self._routes
        blind = [
            each.listener for each in new if not self.peers[each.listener].attach(self.peers[each.source], each.track)
        ]
        self._routes = wanted
        self._record()
        for alias in self._players.intersection(blind):  # of a seat's page without H.264 the tile says it
            self.remove(alias, "codec_missing")

    def _record(self) -> None:
        """Record what the policy asks for and what comes in; that nobody may be forwarded changes nothing in it."""
        if self.recording is None:
            return
        now = self._loop.time()
        sources = {
            (alias, track): Source(published.recorded(now), peer.extension_id(track, LEVEL_EXTENSION))
            for alias, peer in self.peers.items()
            if self._is_present(peer)
            for track, published in peer.tracks.items()
            if track in peer.publishing
        }
        self.recording.follow(sources, now)

    def add(self, peer: Peer) -> None:
        """Seat a new connection; one that its alias had before ends."""
        self.remove(peer.alias, "replaced")
        self.peers[peer.alias] = peer
        self._turns.add(peer)

    def add_player(self, peer: Peer) -> None:
        """The same of one that negotiates once: it ends when its picture comes in a codec that it does not take."""
        self.add(peer)
        self._players.add(peer.alias)

    def remove(self, alias: str, reason: GoneReason) -> None:
        """End the connection of an alias, if it has one: its routes first."""
        if alias not in self.peers:
            return
        peer = self.peers[alias]
        for route in self._routes:
            if alias in (route.source, route.listener):
                self.peers[route.listener].detach(route.source, route.track)
        self._routes = frozenset(route for route in self._routes if alias not in (route.source, route.listener))
        del self.peers[alias]
        self._turns.remove(peer)
        self._speakers.left(alias)
        self._away.discard(peer)
        self._players.discard(alias)
        self._record()
        self._drop(peer)
        self._tell(Gone(room=self.name, alias=alias, connection=peer.connection, reason=reason))

    def close(self) -> None:
        """End every connection."""
        for alias in list(self.peers):
            self.remove(alias, "room_closed")

    def peer_connected(self, peer: Peer) -> None:
        """Start what the policy allows for a new connection."""
        self._tell(Connected(room=self.name, alias=peer.alias, connection=peer.connection))
        self._apply()

    def peer_lost(self, peer: Peer, reason: GoneReason) -> None:
        """End a connection that broke."""
        if self.peers.get(peer.alias) is peer:
            self.remove(peer.alias, reason)

    def sound_heard(self, peer: Peer, level: int, now: float) -> None:
        """Note how loud a seat is."""
        self._speakers.heard(peer.alias, level, now)

    def speaker(self, among: Collection[str]) -> str | None:
        """Who of these seats speaks, or spoke last."""
        return self._speakers.latest(among)

    def pictures_paused(self, peer: Peer, pictures: list[tuple[str, Track]]) -> None:
        """Tell the server which pictures a seat is not sent."""
        self._tell(PicturesPaused(room=self.name, alias=peer.alias, pictures=pictures))

    def codec(self, source: str, track: Track) -> CodecName | None:
        """How a track comes, where its seat is there."""
        peer = self.peers.get(source)
        return peer.codec(track) if peer is not None else None

    def answered(self, peer: Peer, sdp: str) -> None:
        """Take a page's answer; one to a later offer may change what it takes.

        Raises:
            BadAnswer: nothing has changed.
        """
        peer.accept(sdp)
        self._apply()

    def show(self, peer: Peer, shown: Iterable[Shown]) -> None:
        """Take what a page shows now."""
        peer.show(shown)
        self._look_after(peer, self._loop.time())

    def hear_urgent(self, now: float) -> None:
        """Judge the ways at once of which feedback has told that something is wrong."""
        for peer in self.peers.values():
            if peer.downlink.is_urgent:
                self._guarded(peer, peer.downlink.heard, now)

    def tick(self, now: float) -> None:
        """Let every connection ask; look after those whose turn it is; record the layers that come."""
        if now >= self._record_at:
            self._record_at = now + FOLLOW_LAYERS_EVERY_S
            self._record()
        for peer in self.peers.values():
            if peer.is_sending and peer.link.is_connected:
                self._guarded(peer, peer.ask, now)
        for peer in self._turns.next():
            self._look_after(peer, now)
        if self.recording is not None:
            self.recording.tick(now)

    def _look_after(self, peer: Peer, now: float) -> None:
        if peer.link.is_given_up(now):
            self.peer_lost(peer, "silent")
        elif peer.link.is_connected:
            self._note_presence(peer, is_away=not peer.link.is_heard(now))
            self._guarded(peer, peer.take_turn, now)

    def _note_presence(self, peer: Peer, *, is_away: bool) -> None:
        if is_away == (peer in self._away):
            return
        self._away ^= {peer}
        news = Away if is_away else Connected
        self._tell(news(room=self.name, alias=peer.alias, connection=peer.connection))
        self._apply()

    def _guarded(self, peer: Peer, act: Callable[[float], None], now: float) -> None:
        try:
            act(now)
        except Exception as error:  # the top of what time brings to a seat: the others go on
            self._faults.note(error, now, room=self.name, alias=peer.alias)

    def stats(self, unsent: int, strays: Drops) -> Stats:
        """The counters of every track and route, with those of the port."""
        return Stats(
            room=self.name,
            tracks=[stats for peer in self.peers.values() for each in peer.tracks.values() for stats in each.stats()],
            routes=[
                RouteStats(
                    source=source,
                    listener=listener,
                    track=track,
                    flowing=stream.layer is not None,
                    packets=stream.packets,
                    octets=stream.octets,
                    resent=stream.resent,
                    layer=stream.layer.layer if stream.layer is not None else "",
                    is_paused=stream.is_paused,
                    fraction_lost=stream.fraction_lost,
                    round_trip_ms=stream.round_trip_ms,
                )
                for listener, peer in self.peers.items()
                for (source, track), stream in peer.streams.items()
            ],
            budgets={
                alias: budget for alias, peer in self.peers.items() if (budget := peer.downlink.budget_bps) is not None
            },
            unsent=unsent,
            dropped={alias: dict(peer.link.drops) for alias, peer in self.peers.items()},
            strays=dict(strays),
        )
