import socket
from collections.abc import Collection, Iterator

import pytest

from signaling.datagram_batches import SendBatch
from signaling.downlink import Downlink
from signaling.layer_choice import Picture
from signaling.messages import Shown
from signaling.negotiation import Agreed, Line
from signaling.outgoing_stream import OutgoingStream
from signaling.picture_budget import (
    CHOOSE_SELDOM_S,
    OFTEN_AT_FIRST,
    RESUME_AFTER_S,
    PictureBudget,
)
from signaling.published_track import SENDING_WITHIN_S, PublishedTrack
from signaling.rtp import Shape, build, parse
from tests.support.clear_way import ClearWay

STEP_S = 0.1
LINES = {"l": 180, "m": 360, "h": 720}
OCTETS = {"l": 1000, "m": 4000, "h": 12_000}
"Of a picture; ten a second."


class Outlet:
    def __init__(self) -> None:
        self.way = ClearWay()


def key_frame(lines: int, octets: int) -> bytes:
    head = b"\x90\x80\x80\x01" + b"\x10\0\0\x9d\x01\x2a\0\0" + lines.to_bytes(2, "little")
    return head + bytes(octets - len(head) - 12)


class Viewer:
    """A seat that is sent the pictures of two others in three layers, and the sound of one."""

    def __init__(self) -> None:
        self.near, self.far = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.far.setblocking(False)
        self.batch = SendBatch(self.near)
        self.downlink = Downlink()
        self.budget = PictureBudget(self.downlink)
        self.tracks: dict[str, PublishedTrack] = {}
        self.streams: dict[str, OutgoingStream] = {}
        self.now = 0.0
        self.sound_octets = 100
        "Of a packet; ten a second."
        self.news: list[list[Picture]] = []
        self.speaker: str | None = None
        self.heard: set[str] = set()
        self.choices = 0
        self.stopped: set[tuple[str, str]] = set()
        "Layers that are not sent."
        for number, source in enumerate(("E1", "E2")):
            self._add(source, Line(mid=source, source=source, track="video", ssrc=10 + number, repeats=20 + number))
        self._add("sound", Line(mid="sound", source="E1", track="audio", ssrc=30))

    def _add(self, name: str, line: Line) -> None:
        track = PublishedTrack(line.source, line.track)
        agreed = Agreed(payload_type=96, ssrc=None, extensions={}, repeats=97, layers=("l", "m", "h"))
        if line.kind == "video":
            track.agree(agreed)
        for number, layer in enumerate(track.layers):
            layer.bind(100 * len(self.tracks) + number + 1)
        stream = OutgoingStream(line, Outlet(), self.downlink, self.batch, sequence=1, timestamp=1)
        stream.attach(track, agreed, Shape())
        self.tracks[name], self.streams[name] = track, stream

    def play(self, seconds: float, *, budget_bps: float | None = None) -> None:
        """Let all play; a budget is held for as long."""
        if budget_bps is not None:
            self.downlink.is_told = True
        for _ in range(round(seconds / STEP_S)):
            self.now += STEP_S
            if budget_bps is not None:
                self.downlink.bandwidth.estimate_bps = budget_bps
            self._sound()
            for source in ("E1", "E2"):
                for layer in self.tracks[source].layers:
                    if (source, layer.layer) not in self.stopped:
                        self._picture(source, layer.layer)
            news = self.budget.spend(self.streams.values(), self._latest, self.now)
            if news is not None:
                self.news.append(news)
            self.batch.flush()
            self._drain()

    def _latest(self, among: Collection[str]) -> str | None:
        self.heard = set(among)
        self.choices += 1
        return self.speaker

    def _sound(self) -> None:
        payload, sequence = bytes(self.sound_octets - 12), round(self.now * 10)
        sent = build(payload, payload_type=111, marker=False, sequence=sequence, timestamp=0, ssrc=301)
        self.tracks["sound"].layers[0].receive(parse(sent), self.now)

    def _picture(self, source: str, name: str) -> None:
        layer = self.tracks[source].layer(name)
        assert layer is not None
        assert layer.ssrc is not None
        for part in range(OCTETS[name] // 1000):
            payload = key_frame(LINES[name], 1000)
            sequence = round(self.now * 10) * 16 + part
            sent = build(payload, payload_type=96, marker=True, sequence=sequence, timestamp=0, ssrc=layer.ssrc)
            layer.receive(parse(sent), self.now)

    def _drain(self) -> None:
        try:
            while True:
                self.far.recv(2048)
        except BlockingIOError:
            return

    def show(self, **lines: int) -> None:
        self.budget.show([Shown(source, "video", height, False) for source, height in lines.items()])

    def layers(self) -> dict[str, str | None]:
        tracks = {source: self.streams[source].layer for source in ("E1", "E2")}
        return {source: None if track is None else track.layer for source, track in tracks.items()}


@pytest.fixture
def viewer() -> Iterator[Viewer]:
    viewer = Viewer()
    yield viewer
    viewer.near.close()
    viewer.far.close()


def test_picture_begins_low_and_rises_to_how_it_is_shown(viewer: Viewer) -> None:
    first = viewer.layers()
    viewer.show(E1=720, E2=360)
    viewer.play(1.0)

    assert (first, viewer.layers()) == ({"E1": "l", "E2": "l"}, {"E1": "h", "E2": "m"})
    assert viewer.news == []


def test_narrow_way_brings_it_down(viewer: Viewer) -> None:
    viewer.show(E1=720, E2=360)
    viewer.play(2.0)
    viewer.play(2.0, budget_bps=500_000)

    assert viewer.layers() == {"E1": "m", "E2": "l"}


def test_picture_that_does_not_fit_is_paused_and_told_once_and_comes_back(viewer: Viewer) -> None:
    viewer.show(E1=720, E2=360)
    viewer.play(2.0, budget_bps=5_000_000)
    viewer.play(1.0, budget_bps=130_000)
    paused = viewer.layers()
    viewer.play(RESUME_AFTER_S / 2, budget_bps=5_000_000)
    still = viewer.layers()["E2"]
    viewer.play(RESUME_AFTER_S, budget_bps=5_000_000)

    assert (paused, still, viewer.layers()) == ({"E1": "l", "E2": None}, None, {"E1": "h", "E2": "m"})
    assert viewer.news == [[("E2", "video")], []]


def test_who_speaks_is_seen_before_the_large_one_by_those_who_hear(viewer: Viewer) -> None:
    viewer.show(E1=720, E2=360)
    viewer.speaker = "E2"
    viewer.play(2.0, budget_bps=130_000)

    assert (viewer.layers(), viewer.heard) == ({"E1": None, "E2": "l"}, {"E1"})


def test_sound_is_taken_off_before_pictures_are_given_anything(viewer: Viewer) -> None:
    viewer.show(E1=180, E2=180)
    viewer.play(2.0, budget_bps=200_000)
    quiet = viewer.layers()
    viewer.sound_octets = 1000
    viewer.play(2.0, budget_bps=200_000)

    assert (quiet, viewer.layers()) == ({"E1": "l", "E2": "l"}, {"E1": "l", "E2": None})


def test_hidden_picture_is_not_sent_and_not_called_paused(viewer: Viewer) -> None:
    viewer.show(E1=720, E2=0)
    viewer.play(1.0)
    hidden = viewer.layers()
    viewer.show(E1=720, E2=360)
    viewer.play(1.0)

    assert (hidden["E2"], viewer.layers()["E2"], viewer.news) == (None, "m", [])


def test_layers_that_stop_are_left(viewer: Viewer) -> None:
    viewer.show(E1=720, E2=360)
    viewer.play(1.0)
    top = viewer.tracks["E1"].layers[2]
    viewer.tracks["E1"].layers = viewer.tracks["E1"].layers[:2]
    viewer.play(1.0)

    assert viewer.layers()["E1"] == "m"
    assert top.listeners == []


@pytest.mark.parametrize("budget_bps", [None, 10_000_000])
def test_choice_is_seldom_while_all_is_well_and_made_at_once_when_it_is_not(
    viewer: Viewer, budget_bps: float | None
) -> None:
    viewer.show(E1=360, E2=180)
    viewer.play(OFTEN_AT_FIRST * STEP_S + 1.0, budget_bps=budget_bps)
    assert viewer.layers() == {"E1": "m", "E2": "l"}
    viewer.choices = 0
    viewer.play(4 * CHOOSE_SELDOM_S, budget_bps=budget_bps)
    assert viewer.choices == 4

    viewer.play(2 * STEP_S, budget_bps=100_000)
    assert viewer.layers()["E1"] == "l"


def test_layer_that_stops_is_left_as_soon_as_that_is_seen_however_seldom_choices_are(viewer: Viewer) -> None:
    viewer.show(E1=360, E2=180)
    viewer.play(OFTEN_AT_FIRST * STEP_S + 1.0)
    viewer.stopped.add(("E1", "m"))
    viewer.play(SENDING_WITHIN_S + 2 * STEP_S)

    assert viewer.layers()["E1"] in ("l", "h")


def test_other_pictures_are_chosen_among_at_once(viewer: Viewer) -> None:
    viewer.show(E1=180, E2=180)
    viewer.play(OFTEN_AT_FIRST * STEP_S + 1.0)
    viewer.choices = 0
    viewer.budget.look_again()
    viewer.play(2.0)

    assert viewer.choices == round(2.0 / STEP_S)


def test_more_is_probed_for_when_it_is_wanted(viewer: Viewer) -> None:
    for stream in viewer.streams.values():
        if stream.kind == "video":
            stream._shape = Shape(counter=3)
    viewer.show(E1=720, E2=720)
    viewer.play(1.0, budget_bps=500_000)

    assert viewer.downlink.sent.number > 0
