"""What a page's browser has counted of every track that could come: `getStats` of each connection it ever had."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable

from playwright.async_api import Page

from server.demo.seat_media import SeatMedia
from signaling.messages import KINDS
from tests.support.patience import PATIENCE_S

Counts = dict[str, int]
"Packets by track: number of the connection, source and kind, such as `1 E1-video`."

KEEP_PEERS = """
window.peersOfTest = [];
window.RTCPeerConnection = class extends RTCPeerConnection {
  constructor(...given) {
    super(...given);
    peersOfTest.push(this);
  }
};
"""
"Runs in a page before it loads. The server names each line after the source and kind (`mid`)."

COUNT = """async () => {
  const counts = {};
  for (const [number, peer] of peersOfTest.entries()) {
    for (const entry of (await peer.getStats()).values()) {
      if (entry.type === 'inbound-rtp') counts[`${number + 1} ${entry.mid}`] = entry.packetsReceived;
    }
  }
  return counts;
}"""

CHOSEN = """async () => {
  const pairs = [];
  for (const peer of peersOfTest) {
    const stats = await peer.getStats();
    for (const entry of stats.values()) {
      const pair = entry.type === 'transport' && stats.get(entry.selectedCandidatePairId);
      if (pair) pairs.push([pair.localCandidateId, pair.remoteCandidateId].map((id) => stats.get(id).address));
    }
  }
  return pairs;
}"""

Count = Callable[[], Awaitable[Counts]]


async def keep_peers(page: Page) -> None:
    """Before the page loads."""
    await page.add_init_script(KEEP_PEERS)


def counted_by(page: Page) -> Count:
    """What a page has counted so far."""

    async def count() -> Counts:
        counts: Counts = await page.evaluate(COUNT)
        return counts

    return count


def counted_by_script(media: SeatMedia) -> Count:
    """What a scripted seat has counted so far."""

    async def count() -> Counts:
        received = media.peer.received
        return {
            f"{id(media.peer.connection)} {source}-{kind}": track.packets for (source, kind), track in received.items()
        }

    return count


async def sources_that_come(count: Count, expected: Iterable[str], packets: int) -> set[str]:
    """Of whom packets come now: watched while so many come on both tracks of everyone who is expected.

    The same is waited for before: what was under way has come by then.
    """
    lines = {f"{source}-{kind}" for source in expected for kind in KINDS}
    await _more(count, lines, packets)
    before = await count()
    after = await _more(count, lines, packets)
    return {track.split()[1].partition("-")[0] for track, number in after.items() if number > before.get(track, 0)}


async def _more(count: Count, lines: set[str], packets: int) -> Counts:
    """Wait until so many more have come on each of these lines."""
    before = await count()
    async with asyncio.timeout(PATIENCE_S):
        while True:  # the page sets no event here
            now = await count()
            came = {track.split()[1] for track, number in now.items() if number >= before.get(track, 0) + packets}
            if lines <= came:
                return now
            await asyncio.sleep(0.05)


async def addresses(page: Page) -> set[tuple[str, str]]:
    """Where the page's media come to, and from: the two IP addresses of each chosen pair."""
    pairs: list[tuple[str, str]] = await page.evaluate(CHOSEN)
    return {(here, there) for here, there in pairs}
