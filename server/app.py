"""The composition root: settings in, a running server out. Only `backend.py` puts parts together besides."""

import asyncio
import ipaddress
import signal
import socket
import ssl
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import ifaddr
import structlog
from aiohttp import web
from msgspec import Struct

from server.auth.camera_passes import CameraPasses
from server.auth.operators import OperatorTokens
from server.auth.relays import Relays
from server.auth.tls import TlsFiles, ensure_tls, ssl_context
from server.auth.tokens import SeatTokens
from server.backend import Backend, now, open_backend, own_store
from server.domain.ids import RoomId
from server.domain.state import RoomState
from server.ports import Port, Transport, require_port
from server.service_manager import READY, STOPPING, tell_service_manager
from server.session.drafting import DraftDesk
from server.session.live_rooms import LiveRooms
from server.session.papers import Papermaker
from server.session.recording_reviews import RecordingReviews
from server.session.recording_space import SpaceWatch
from server.session.recordings import Recordings
from server.session.room_session import RoomSession
from server.session.room_watch import RoomWatch
from server.session.server_notes import NotesTogether, ServerNotes, never_recorded, no_last_words
from server.session.signature_desk import SignatureDesk
from server.session.signature_turns import SignatureTurns
from server.session.surroundings import Surroundings
from server.session.talk_watch import talk_watch
from server.session.wall_watch import wall_watch
from server.settings import Settings, Tls
from server.store import promise
from server.store.access_codes import Revocations
from server.store.camera_keeping import CameraKeeping
from server.store.drafts import Drafts
from server.store.log_reader import LogReader
from server.store.piece_examiner import PieceExaminer
from server.store.piece_files import RESERVE_BYTES, free_bytes
from server.web.camera_pulls import CameraPulls
from server.web.media_bridge import MediaBridge
from server.web.media_line import MediaSettings
from server.web.services import Services
from server.web.static_files import page_routes
from server.web.web_app import make_web_app

EVERYWHERE_V4 = "0.0.0.0"
EVERYWHERE = "::"
"What `LIANPING_HOST` says for all addresses of this machine: those of IPv4, and those of both kinds."

MEDIA_ENDS_S = 5.0
"How long the media process of a server that was killed may still write what it has recorded, and hold the port."

_log = structlog.get_logger(__name__)


class PortNames(Struct, frozen=True):
    """What a person sets to choose other ports."""

    page: str
    media: str


VARIABLES = PortNames("LIANPING_PORT", "LIANPING_MEDIA_PORT")


class Address(Struct, frozen=True, kw_only=True):
    """Where a server listens."""

    scheme: str
    host: str
    port: int
    root_fingerprint: str | None
    "SHA-256 of the embedded CA's root, where it is used."

    @property
    def url(self) -> str:
        """For a browser on this machine."""
        host = "localhost" if self.host in (EVERYWHERE_V4, EVERYWHERE, "127.0.0.1") else self.host
        return f"{self.scheme}://{_bracketed(host)}:{self.port}"


class Server(Struct, frozen=True, kw_only=True):
    """A running server."""

    backend: Backend
    services: Services
    address: Address


def watch_space(folder: Path) -> SpaceWatch:
    """How long the disk of a folder still lasts, but for the reserve."""
    return SpaceWatch(lambda: free_bytes(folder) - RESERVE_BYTES, time.monotonic)


@asynccontextmanager
async def run_server(
    settings: Settings,
    more_routes: Iterable[web.AbstractRouteDef] = (),
    *,
    names: PortNames = VARIABLES,
    watch_space: Callable[[Path], SpaceWatch] = watch_space,
) -> AsyncIterator[Server]:
    """A server that listens while the context lasts; port 0 takes a free one. A demo adds routes of its own.

    Args:
        settings: where it listens, and what it keeps where.
        more_routes: of HTTP.
        names: how a person sets other ports.
        watch_space: tells how long the disk of the recordings' folder still lasts.

    Raises:
        PortNotHad: it cannot listen where it should; nothing was started.
        StoreNotStarted: see `open_backend`.
    """
    for wanted in wanted_ports(settings, names):
        await require_port(wanted, patience_s=MEDIA_ENDS_S if wanted.transport is Transport.UDP else 0.0)
    async with open_backend(settings, own_store) as backend, AsyncExitStack() as stack:
        reader = await stack.enter_async_context(LogReader(backend.url, backend.rooms))

        def session(room_id: RoomId) -> Awaitable[RoomSession]:
            return rooms.session(room_id)  # the rooms come after those who ask for them

        talks = talk_watch(session, lambda room_id: media.bridge.listening(room_id) if media else frozenset(), now)
        walls = wall_watch(session, lambda room_id: media.bridge.walls.present(room_id) if media else {})
        media = await _open_media(backend, reader, session, talks.wake, walls.wake, watch_space, stack)
        turns = SignatureTurns()
        papers = Papermaker(backend.files, backend.paper_keys, turns)
        around = Surroundings(
            log=backend.log,
            clock=now,
            certify=backend.certify,
            certify_document=backend.certify_document,
            make_papers=papers.make,
            enforce=partial(_enforce, talks, walls, media),
            last_words=media.last_words if media else no_last_words,
            record_on=media.record_on if media else never_recorded,
        )
        rooms = await stack.enter_async_context(
            LiveRooms(around, reader, backend.heads, log_signer=backend.log_signer, witness=backend.witness)
        )
        if media:
            await stack.enter_async_context(media.recordings)
            await stack.enter_async_context(media.reviews)
        await stack.enter_async_context(talks)
        await stack.enter_async_context(walls)
        tls = _tls_files(settings)
        services = Services(
            rooms=rooms,
            new_rooms=backend.new_rooms,
            drafts=DraftDesk(Drafts(backend.store, backend.rooms)),
            files=backend.files,
            signatures=SignatureDesk(papers, turns, now),
            codes=backend.codes,
            camera_passes=CameraPasses(CameraKeeping(backend.store, backend.rooms, "camera")),
            wrong_passes=backend.wrong_passes,
            tokens=SeatTokens(backend.keyring.token, Revocations(backend.store)),
            operators=OperatorTokens(backend.keyring.token, Revocations(backend.store), backend.operators_folder),
            reader=reader,
            check_promise=lambda: promise.check(backend.store),
            clock=now,
            media=media.bridge if media else None,
            pulls=media.pulls if media else None,
            reviews=media.reviews if media else None,
            relays=relays_of(settings),
            root_certificate=tls.root_path.read_bytes() if tls else None,
        )
        routes = [*page_routes(settings.page), *more_routes]
        address = await _listen(settings, make_web_app(services, routes), tls, stack)
        stack.push_async_callback(rooms.close)  # before the listener is closed: sockets end with their rooms
        _log.info("listening", url=address.url)
        yield Server(backend=backend, services=services, address=address)


async def _listen(settings: Settings, app: web.Application, tls: TlsFiles | None, stack: AsyncExitStack) -> Address:
    """Take the port; where that is."""
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=2.0)
    await runner.setup()
    stack.push_async_callback(runner.cleanup)
    host = None if settings.host == EVERYWHERE else settings.host  # asyncio takes `::` for IPv6 alone
    site = web.TCPSite(runner, host, settings.port, ssl_context=_ssl_context(settings, tls))
    await site.start()
    return Address(
        scheme="http" if settings.tls is Tls.OFF else "https",
        host=settings.host,
        port=_port_of(runner),
        root_fingerprint=tls.root_fingerprint if tls else None,
    )


class Media(Struct, frozen=True):
    """The media process, and what is written about its recordings."""

    bridge: MediaBridge
    recordings: Recordings
    reviews: RecordingReviews
    pulls: CameraPulls

    async def enforce(self, room_id: RoomId, room: RoomState) -> None:
        """Have the policy of a room's state in force."""
        self.recordings.follow(room_id, room)
        self.reviews.follow(room_id, room)
        await self.bridge.enforce(room_id, room)
        self.pulls.follow(room_id, room)

    async def last_words(self, room_id: RoomId) -> ServerNotes:
        """End the recording of a room that is about to be closed; what is left to be written."""
        notes = await self.recordings.last_words(room_id)
        return NotesTogether(notes, await self.reviews.last_words(room_id))

    async def record_on(self, room_id: RoomId, room: RoomState) -> None:
        """The room has not been closed after all."""
        self.recordings.record_on(room_id)
        await self.bridge.record_on(room_id, room)


async def _open_media(
    backend: Backend,
    reader: LogReader,
    session: Callable[[RoomId], Awaitable[RoomSession]],
    listening_changed: Callable[[RoomId], None],
    players_changed: Callable[[RoomId], None],
    watch_space: Callable[[Path], SpaceWatch],
    stack: AsyncExitStack,
) -> Media | None:
    """The media process, started here; none where media are off."""
    settings = backend.settings
    if not settings.media:
        return None
    folder = Path(stack.enter_context(TemporaryDirectory(prefix="lianping-")))
    bind = settings.media_host or settings.host
    addresses = settings.media_addresses or reached_at(bind, ["127.0.0.1", *own_addresses()])
    pieces = backend.recordings
    pieces.folder.mkdir(mode=0o700, exist_ok=True)
    where = MediaSettings(
        folder=folder,
        udp_port=settings.media_port,
        bind=bind,
        addresses=tuple(dict.fromkeys(addresses)),
        recordings=pieces.folder,
        log=settings.media_log,
    )

    async def finish(room_id: RoomId) -> None:
        await bridge.finish_recording(room_id)

    recordings = Recordings(session, pieces, finish, watch_space(pieces.folder))

    def recording_key(room_id: RoomId) -> bytes | None:
        cipher = backend.rooms.known_cipher(room_id)  # that of every room that is live here
        return backend.recording_keys.key_of(cipher) if cipher else None

    bridge = MediaBridge(where, lambda: reader.silence_s, recordings, recording_key, listening_changed, players_changed)
    examiner = await stack.enter_async_context(PieceExaminer(pieces.key_of))
    reviews = RecordingReviews(session, pieces, examiner.look, now)
    sources = CameraKeeping(backend.store, backend.rooms, "camera-source")
    pulls = CameraPulls(sources, bridge.take_offer, bridge.cameras, settings.camera_networks)
    await stack.enter_async_context(bridge)
    return Media(bridge, recordings, reviews, await stack.enter_async_context(pulls))


def wanted_ports(settings: Settings, names: PortNames = VARIABLES) -> Iterator[Port]:
    """Where a server with these settings listens; ports that it is given are not among them."""
    if settings.port:
        yield Port(host=settings.host, number=settings.port, transport=Transport.TCP, setting=names.page)
    if settings.media and settings.media_port:
        host = settings.media_host or settings.host
        yield Port(host=host, number=settings.media_port, transport=Transport.UDP, setting=names.media)


def relays_of(settings: Settings) -> Relays | None:
    """The relays that the settings name."""
    if settings.turn_secret is None:
        return None
    return Relays(urls=settings.turn_urls, secret=settings.turn_secret)


async def _enforce(talks: RoomWatch, walls: RoomWatch, media: Media | None, room_id: RoomId, room: RoomState) -> None:
    """Have the policy of a room's state in force; without media nothing is forwarded."""
    talks.follow(room_id, room)
    walls.follow(room_id, room)
    if media:
        await media.enforce(room_id, room)


def _port_of(runner: web.AppRunner) -> int:
    name = runner.addresses[0]
    return int(name[1])


def _tls_files(settings: Settings) -> TlsFiles | None:
    if settings.tls is not Tls.EMBEDDED:
        return None
    names = (socket.gethostname(), *settings.names)
    return ensure_tls(settings.data / "tls", names, own_addresses(), now())


def _ssl_context(settings: Settings, tls: TlsFiles | None) -> ssl.SSLContext | None:
    if tls:
        return ssl_context(tls.cert_chain_path, tls.key_path)
    if settings.tls_chain and settings.tls_key and settings.tls is Tls.FILES:
        return ssl_context(settings.tls_chain, settings.tls_key)
    return None


def own_addresses() -> list[str]:
    """The machine's addresses that a seat could use."""
    adapters = ifaddr.get_adapters()
    found = [str(ip.ip if ip.is_IPv4 else ip.ip[0]) for adapter in adapters for ip in adapter.ips]
    return [address for address in found if not ipaddress.ip_address(address).is_link_local]


def reached_at(host: str, own: Sequence[str]) -> tuple[str, ...]:
    """The addresses of this machine under which a port that listens at `host` is reached."""
    if host == EVERYWHERE:
        return tuple(own)
    if host == EVERYWHERE_V4:
        return tuple(address for address in own if ":" not in address)
    return (host,)


def public_url(settings: Settings) -> str:
    """Where seats on other machines reach the server: the first name it was given, or an address of this machine."""
    scheme, usual = ("http", 80) if settings.tls is Tls.OFF else ("https", 443)
    named = [*settings.names, *(host for host in (settings.host,) if host not in (EVERYWHERE, EVERYWHERE_V4))]
    found = [one for one in reached_at(settings.host, own_addresses()) if not ipaddress.ip_address(one).is_loopback]
    host = next(iter((*named, *found)), socket.gethostname())
    return f"{scheme}://{_bracketed(host)}" + ("" if settings.port == usual else f":{settings.port}")


def _bracketed(host: str) -> str:
    """As in an address."""
    return f"[{host}]" if ":" in host else host


async def serve(settings: Settings) -> None:
    """Serve until SIGINT or SIGTERM; a service manager hears when seats can come."""
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopping.set)
    async with run_server(settings):
        tell_service_manager(READY)
        await stopping.wait()
        tell_service_manager(STOPPING)
