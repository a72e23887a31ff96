"""Two real Chromium pages among seven scripted seats, all through one media plane."""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from statistics import median
from typing import Any

import pytest
from playwright.async_api import Browser, Page

from server.domain.ids import Alias
from server.recording_desk import joined_seat
from signaling.messages import (
    KINDS,
    Connected,
    FinishRecording,
    Kind,
    Offer,
    PicturesPaused,
    PieceRecorded,
    RecordingFinished,
    Reoffer,
    SetView,
    Shown,
    Track,
)
from signaling.recording.pieces import LONGEST_S
from signaling.recording.webm import read_facts
from tests.support.bad_line import BadLine, Quality
from tests.support.claps import claps
from tests.support.ffprobe import probed
from tests.support.media_world import ROOM, MediaWorld, cameras, everything
from tests.support.patience import PATIENCE_S, until
from tests.support.recorded import joined, played, read
from tests.support.seat_pages import chromium, served

PAGES = ["E1", "E2"]
SCRIPTED = ["E3", "E4", "E5", "W1", "W2", "A1", "C1"]
ALL = PAGES + SCRIPTED

PAGE = """<!doctype html><title>seat</title><script type="module">
let pc, own, loudness;
window.answer = async (sdp) => {
  own ??= await navigator.mediaDevices.getUserMedia({audio: true, video: {width: 640, height: 360, frameRate: 15}});
  if (!pc) {
    pc = new RTCPeerConnection({bundlePolicy: 'max-bundle', iceServers: []});
    pc.ontrack = ({track, streams}) => {
      const tile = document.createElement(track.kind);
      tile.dataset.alias = streams[0].id;
      tile.muted = true; tile.autoplay = true; tile.playsInline = true;
      tile.srcObject = new MediaStream([track]);
      document.body.append(tile);
    };
  }
  await pc.setRemoteDescription({type: 'offer', sdp});
  for (const transceiver of pc.getTransceivers()) {
    if (transceiver.mid !== 'audio' && transceiver.mid !== 'video') continue;
    transceiver.direction = 'sendonly';
    await transceiver.sender.replaceTrack(own.getTracks().find((track) => track.kind === transceiver.mid));
  }
  await pc.setLocalDescription();
  for (const {sender} of pc.getTransceivers()) {
    const parameters = sender.getParameters();
    for (const encoding of parameters.encodings) {
      const layer = ['l', 'h'].indexOf(encoding.rid);
      if (layer < 0) continue;
      encoding.scaleResolutionDownBy = 2 / 2 ** layer;
      encoding.maxBitrate = [150_000, 700_000][layer];
    }
    if (parameters.encodings.length > 1) await sender.setParameters(parameters);
  }
  return pc.localDescription.sdp;
};
window.speak = async (volume) => {  // vowels that change, four syllables a second, in place of the microphone
  if (!loudness) {
    const sound = new AudioContext();
    const heard = new MediaStreamAudioDestinationNode(sound);
    const swing = (frequency, gain) => {
      const source = new OscillatorNode(sound, {frequency});
      source.start();
      return source.connect(new GainNode(sound, {gain}));
    };
    const voice = new OscillatorNode(sound, {type: 'sawtooth', frequency: 120});
    swing(0.7, 15).connect(voice.frequency);
    voice.start();
    const syllables = new GainNode(sound, {gain: 0.5});
    swing(4, 0.5).connect(syllables.gain);
    for (const [frequency, range, pace] of [[600, 250, 1.9], [1500, 500, 2.3], [2600, 200, 1.1]]) {
      const throat = new BiquadFilterNode(sound, {type: 'bandpass', frequency, Q: 8});
      swing(pace, range).connect(throat.frequency);
      voice.connect(throat).connect(syllables);
    }
    loudness = new GainNode(sound);
    syllables.connect(loudness).connect(heard);
    const line = pc.getTransceivers().find(({mid}) => mid === 'audio');
    await line.sender.replaceTrack(heard.stream.getAudioTracks()[0]);
  }
  loudness.gain.value = volume;
};
window.clap = () => {
  const canvas = Object.assign(document.createElement('canvas'), {width: 640, height: 360});
  const pen = canvas.getContext('2d'), context = new AudioContext(), beep = context.createOscillator();
  const volume = new GainNode(context, {gain: 0}), sound = context.createMediaStreamDestination();
  const picture = canvas.captureStream(0).getVideoTracks()[0];
  beep.frequency.value = 1000;
  beep.connect(volume).connect(sound);
  beep.start();
  setInterval(() => {
    const loud = performance.now() % 1000 < 200;
    volume.gain.value = loud ? 0.5 : 0;
    pen.fillStyle = loud ? 'white' : 'black';
    pen.fillRect(0, 0, canvas.width, canvas.height);
    picture.requestFrame();
  }, 1000 / 15);
  own = new MediaStream([picture, ...sound.stream.getTracks()]);
  return context.state;
};
window.numbers = async () => {
  const seen = {received: {}, profile: '', repeated: 0, mayGoOut: 0};
  for (const x of (await pc.getStats()).values()) {
    if (x.type === 'inbound-rtp') {
      const {packetsReceived, framesDecoded = 0, packetsLost, frameWidth = 0, frameHeight = 0} = x;
      const {retransmittedPacketsReceived = 0, fecPacketsReceived = 0, fecPacketsDiscarded = 0} = x;
      const mended = {repeats: retransmittedPacketsReceived, fec: fecPacketsReceived - fecPacketsDiscarded};
      seen.received[x.mid] = {packetsReceived, framesDecoded, packetsLost, frameWidth, frameHeight, ...mended};
    }
    if (x.type === 'outbound-rtp') seen.repeated += x.retransmittedPacketsSent;
    if (x.type === 'candidate-pair') seen.mayGoOut += x.availableOutgoingBitrate ?? 0;  // of the one in use alone
    if (x.type === 'transport') seen.profile = x.srtpCipher;
  }
  return seen;
};
</script>"""


@pytest.fixture
async def page_address() -> AsyncIterator[str]:
    async with served(PAGE) as address:
        yield address


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as browser:
        yield browser


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[MediaWorld]:
    world = MediaWorld(tmp_path)
    yield world
    await world.close()


class Seat:
    """One page with its fake camera and microphone.

    Args:
        line: through which it reaches the server; none is there at once.
    """

    def __init__(self, page: Page, line: BadLine | None) -> None:
        self._page = page
        self._line = line

    async def answer(self, offer: str) -> str:
        sdp: str = await self._page.evaluate("answer", self._line.through(offer) if self._line else offer)
        return sdp

    async def speak(self, *, volume: float) -> None:
        """Send a voice in place of the microphone; without any volume digital silence."""
        await self._page.evaluate("speak", volume)

    async def clap(self) -> None:
        """Send flashes and beeps of one moment each, in place of camera and microphone."""
        assert await self._page.evaluate("clap()") == "running"

    async def numbers(self) -> dict[str, Any]:
        found: dict[str, Any] = await self._page.evaluate("numbers()")
        return found

    async def received(self, line: str, what: str) -> int:
        """A counter of a line, 0 while nothing has come."""
        return int((await self.numbers())["received"].get(line, {}).get(what, 0))

    async def until(self, holds: Callable[[dict[str, Any]], bool]) -> None:
        """Wait until the numbers meet a condition."""
        async with asyncio.timeout(PATIENCE_S):
            while not holds(await self.numbers()):  # noqa: ASYNC110 - the page counts
                await asyncio.sleep(0.05)

    async def shown(self, source: str, lines: int) -> None:
        """Wait until the picture of this seat has so many lines."""
        await self.until(lambda seen: seen["received"].get(f"{source}-video", {}).get("frameHeight") == lines)

    async def decoded(self, *sources: str, more: int = 10) -> None:
        """Wait until it has decoded so many more pictures of each of these seats."""
        await self._come("framesDecoded", [f"{source}-video" for source in sources], more)

    async def heard(self, source: str, more: int = 50) -> None:
        """Wait until so many more packets of the sound of this seat have come; by default those of a second."""
        await self._come("packetsReceived", [f"{source}-audio"], more)

    async def _come(self, what: str, lines: list[str], more: int) -> None:
        wanted = {line: await self.received(line, what) + more for line in lines}
        await self.until(
            lambda seen: all(seen["received"].get(line, {}).get(what, 0) >= least for line, least in wanted.items())
        )


async def open_seat(browser: Browser, address: str, line: BadLine | None = None) -> Seat:
    context = await browser.new_context(permissions=["camera", "microphone"])
    page = await context.new_page()
    await page.goto(address)
    return Seat(page, line)


async def test_two_browsers_see_all_seats_but_the_forbidden_one(
    world: MediaWorld, browser: Browser, page_address: str
) -> None:
    pages = {alias: await open_seat(browser, page_address) for alias in PAGES}
    await world.server.set_policy(
        [
            (source, listener, kind)
            for source, listener, kind in everything(*ALL)
            if source in PAGES or (listener in PAGES and source != "C1")
        ]
    )
    await world.seat(*SCRIPTED, among=ALL)
    for alias, seat in pages.items():
        await world.server.join(alias, seat.answer, ALL)

    for alias, seat in pages.items():
        others = [source for source in ALL if source not in (alias, "C1")]
        await seat.decoded(*others)

        numbers = await seat.numbers()
        assert {line for line, n in numbers["received"].items() if n["packetsReceived"]} == {
            f"{source}-{kind}" for source in others for kind in KINDS
        }
        assert {numbers["received"][f"{scripted}-video"]["frameHeight"] for scripted in SCRIPTED[:-1]} == {360}
        assert numbers["profile"] == "SRTP_AEAD_AES_256_GCM"
    for alias in SCRIPTED:
        for page in PAGES:
            await world.flowing(alias, page, "audio", more=1)
            await world.flowing(alias, page, "video", more=1)


async def test_browser_follows_the_policy_while_it_runs(world: MediaWorld, browser: Browser, page_address: str) -> None:
    everyone = ["E1", "E3", "E4"]
    page = await open_seat(browser, page_address)
    await world.seat("E3", "E4", among=everyone)
    await world.server.join("E1", page.answer, everyone)
    await world.server.set_policy(everything(*everyone))
    await page.decoded("E3", "E4")

    await world.server.set_policy([route for route in everything(*everyone) if route[0] != "E3"])
    await page.decoded("E4")  # so that what was under way has arrived
    stopped = await page.received("E3-video", "packetsReceived")
    await page.decoded("E4")
    assert await page.received("E3-video", "packetsReceived") == stopped

    await world.server.set_policy(everything(*everyone))
    await page.decoded("E3")
    assert await page.received("E3-video", "packetsLost") == 0


async def test_picture_comes_in_the_layer_that_fits_how_it_is_shown(
    world: MediaWorld, browser: Browser, page_address: str
) -> None:
    everyone = ["E1", "E2"]
    pages = {alias: await open_seat(browser, page_address) for alias in everyone}
    for alias, seat in pages.items():
        await world.server.join(alias, seat.answer, everyone)
    await world.server.set_policy(everything(*everyone))

    for lines in (360, 180, 360):
        world.server.say(SetView(room=ROOM, alias="E2", shown=[Shown("E1", "video", lines, False)]))
        await pages["E2"].shown("E1", lines)
        await pages["E2"].decoded("E1")

    stats = world.stats()
    assert {track.layer: track.lines for track in stats.tracks if track.source == "E1" and track.track == "video"} == {
        "l": 180,
        "h": 360,
    }
    assert set(stats.budgets) == set(everyone)
    assert await pages["E2"].received("E1-video", "packetsLost") == 0


async def test_browsers_on_bad_lines_keep_their_sound_and_get_back_their_pictures(
    world: MediaWorld, browser: Browser, page_address: str
) -> None:
    everyone = ["E1", "E2"]
    pages = {}
    for number, alias in enumerate(everyone):
        world.lines[alias] = BadLine(Quality(delay_ms=20), seed=number)
        pages[alias] = await open_seat(browser, page_address, world.lines[alias])
        await world.server.join(alias, pages[alias].answer, everyone)
    await world.server.set_policy(everything(*everyone))
    talking, line = pages["E1"], world.lines["E1"]
    watching, narrow = pages["E2"], world.lines["E2"]
    await talking.speak(volume=1)
    await watching.shown("E1", 360)

    narrow.down.quality = Quality(delay_ms=20, bits_per_second=250_000)
    await watching.shown("E1", 180)
    narrow.down.quality = Quality(delay_ms=20, bits_per_second=100_000)
    await until(lambda: paused(world, "E2") == [("E1", "video")])
    await watching.heard("E1", more=25)
    stopped = await watching.received("E1-video", "framesDecoded")
    await watching.heard("E1")
    assert await watching.received("E1-video", "framesDecoded") - stopped < 5  # a late repeat may complete some

    narrow.down.quality = Quality(delay_ms=20)
    await watching.decoded("E1")
    assert paused(world, "E2") == []
    narrow.down.quality = Quality(delay_ms=20, loss=0.2)
    await watching.until(lambda seen: bool(seen["received"]["E1-audio"]["fec"] > 0))  # Chromium trusts losses slowly
    line.up.quality, line.down.quality = Quality(delay_ms=20, loss=0.3), Quality(delay_ms=20, loss=0.05)
    narrow.down.quality = Quality(delay_ms=20)
    await talking.until(lambda seen: seen["repeated"] > 0 and seen["received"]["E2-video"]["repeats"] > 0)

    line.up.quality = Quality(delay_ms=20)
    may_go_out = (await watching.numbers())["mayGoOut"]
    narrow.up.quality = Quality(delay_ms=20, bits_per_second=300_000)
    await talking.speak(volume=0)
    await watching.until(lambda seen: bool(seen["mayGoOut"] < may_go_out / 2))
    await talking.heard("E2", more=25)
    before = await watching.received("E1-audio", "packetsReceived")
    await talking.heard("E2")
    assert await watching.received("E1-audio", "packetsReceived") - before < 15


def paused(world: MediaWorld, alias: str) -> list[tuple[str, Track]] | None:
    """The pictures that this seat is not sent, as it was told last."""
    told = [message.pictures for message in world.server.every(PicturesPaused) if message.alias == alias]
    return told[-1] if told else None


async def test_browser_restarts_ice_and_takes_a_new_seat_in_one_connection(
    world: MediaWorld, browser: Browser, page_address: str
) -> None:
    page = await open_seat(browser, page_address)
    await world.server.set_policy(everything("E1", "E3", "E4"))
    await world.seat("E3", "E4", among=["E1", "E3", "E4"])
    await world.server.join("E1", page.answer, ["E3"])
    await page.decoded("E3")

    world.server.say(Reoffer(room=ROOM, alias="E1", sources=cameras("E3", "E4")))
    await page.decoded("E3", "E4")

    first, second = (offer for offer in world.server.every(Offer) if offer.alias == "E1")
    assert (second.connection, second.revision) == (first.connection, first.revision + 1)
    assert [message.connection for message in world.server.every(Connected) if message.alias == "E1"] == [
        first.connection
    ]


async def test_camera_and_microphone_of_a_browser_are_recorded(
    world: MediaWorld, browser: Browser, page_address: str
) -> None:
    """Those of one seat; the other one sends a clapper that the page makes."""
    pages = {alias: await open_seat(browser, page_address) for alias in PAGES}
    await pages["E2"].clap()
    for alias, page in pages.items():
        await world.server.join(alias, page.answer, [])
    await world.server.set_policy([], [(alias, kind) for alias in PAGES for kind in KINDS])

    await until(lambda: min(recorded(world, alias, kind) for alias in PAGES for kind in KINDS) >= 2)
    world.server.say(FinishRecording(room=ROOM))
    await until(lambda: len(world.server.every(RecordingFinished)) == 1)

    for piece in world.server.every(PieceRecorded):
        facts, shown = read_facts(file_of(world, piece)), played(file_of(world, piece))[piece.track]
        assert len(shown) == len(facts.arrivals)
        assert frames(probed(file_of(world, piece))) == {piece.track: len(shown)}
        assert max(shown) <= LONGEST_S
        assert facts.ended in ("due", "stopped", "source_changed")  # the layer that is recorded comes a little later
        assert (facts.missing, facts.broken) == (0, 0)
        assert len(facts.levels) == (2 * len(facts.arrivals) if piece.track == "audio" else 0)
    assert world.recordings is not None
    film = joined(joined_seat(world.recordings / ROOM, Alias("E2"), read))
    assert frames(probed(film)) == frames(played(film))
    seen, heard = claps(film)["video"], claps(film)["audio"]
    seen = [at for at in seen if heard[0] - 0.5 < at < heard[-1] + 0.5]  # one of both may begin earlier, or end later
    assert len(seen) >= 4
    apart = [min(abs(flash - beep) for beep in heard) for flash in seen]
    assert median(apart) < 0.06, apart  # a busy machine's page may draw one of them a frame late


def frames(shown: dict[str, list[float]]) -> dict[str, int]:
    return {kind: len(times) for kind, times in shown.items()}


def recorded(world: MediaWorld, alias: str, kind: Kind) -> int:
    return sum((piece.alias, piece.track) == (alias, kind) for piece in world.server.every(PieceRecorded))


def file_of(world: MediaWorld, piece: PieceRecorded) -> bytes:
    assert world.recordings is not None
    return read(world.recordings / ROOM / f"{piece.alias}-{piece.track}" / f"{piece.number}.webm.sealed")
