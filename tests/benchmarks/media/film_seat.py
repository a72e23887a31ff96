"""A seat that sends a real film over a path, to either server, for pages that decode it."""

import asyncio
import time

from signaling import rtcp
from signaling.messages import Kind
from signaling.rtp import BadPacket, is_rtcp
from signaling.scripted.clip import Clip
from signaling.scripted.player import TrackPlayer, UnixSeconds
from tests.benchmarks.media.path import Path

PACE_S = 0.005
REPORT_S = 1.0


class FilmSeat:
    """Plays from `play` on, answers requests for repeats and key frames, and reports."""

    def __init__(self, path: Path, clip: Clip) -> None:
        self._path = path
        self._loop = asyncio.get_running_loop()
        kinds: tuple[Kind, ...] = tuple(path.ssrcs)
        self._players = {
            path.ssrcs[kind]: TrackPlayer(clip, kind, path.ssrcs[kind], self._loop.time()) for kind in kinds
        }
        path.heard = self._heard

    def _heard(self, packet: bytes) -> None:
        try:
            reports = rtcp.parse(packet) if is_rtcp(packet[1]) else []
        except BadPacket:
            return
        for report in reports:
            match report:
                case rtcp.Nack() if report.media_ssrc in self._players:
                    for repeated in self._players[report.media_ssrc].repeat(report.lost):
                        self._path.send(repeated)
                case rtcp.PictureLoss() if report.media_ssrc in self._players:
                    self._players[report.media_ssrc].ask_key_frame()
                case _:
                    pass

    async def play(self) -> None:
        """Send until cancelled."""
        report_at = check_at = self._loop.time()
        while True:
            now = self._loop.time()
            for player in self._players.values():
                for packet in player.due(now):
                    self._path.send(packet)
            if now >= report_at:
                report_at = now + REPORT_S
                wall = UnixSeconds(time.time())
                for player in self._players.values():
                    self._path.send(rtcp.sender_report(player.report(now, wall), "film"))
            if now >= check_at:
                check_at = now + 2 * REPORT_S
                self._path.check()
            await asyncio.sleep(PACE_S)
