"""A page of another system that plays by WHEP: a plain peer connection and `fetch`, nothing of ours."""

import asyncio
from typing import Any

from playwright.async_api import Browser, Page

from tests.support.patience import PATIENCE_S

HTML = """<!doctype html><meta charset="utf-8"><title>大屏</title><script>
  const players = [];
  window.play = async (url, token) => {
    const peer = new RTCPeerConnection();
    const video = document.createElement('video');
    video.autoplay = video.muted = true;
    document.body.append(video);
    video.srcObject = new MediaStream();
    peer.ontrack = ({ track }) => video.srcObject.addTrack(track);
    for (const kind of ['audio', 'video']) peer.addTransceiver(kind, { direction: 'recvonly' });
    await peer.setLocalDescription();
    const headers = { 'Content-Type': 'application/sdp', Authorization: `Bearer ${token}` };
    const answer = await fetch(url, { method: 'POST', headers, body: peer.localDescription.sdp });
    if (answer.status !== 201) return { status: answer.status, text: (await answer.json()).text };
    await peer.setRemoteDescription({ type: 'answer', sdp: await answer.text() });
    players.push({ peer, session: new URL(answer.headers.get('Location'), url).href });
    return { status: 201, text: '' };
  };
  window.decoded = async (number, kind = 'video') => {
    const stats = [...(await players[number].peer.getStats()).values()];
    const found = stats.find((each) => each.type === 'inbound-rtp' && each.kind === kind);
    return found === undefined ? 0 : kind === 'video' ? found.framesDecoded : found.packetsReceived;
  };
  window.stateOf = (number) => players[number].peer.connectionState;
</script>"""


class WhepPage:
    """One page with any number of players.

    Args:
        page: it, loaded.
    """

    def __init__(self, page: Page) -> None:
        self.page = page

    async def play(self, url: str, token: str) -> dict[str, Any]:
        """Ask for a picture; status, and the server's words where it refuses."""
        given: dict[str, Any] = await self.page.evaluate("([url, token]) => play(url, token)", [url, token])
        return given

    async def decoded(self, number: int, kind: str = "video") -> int:
        """How many pictures of a player were decoded, or packets of its sound came."""
        return int(await self.page.evaluate("([number, kind]) => decoded(number, kind)", [number, kind]))

    async def goes_on(self, number: int, kind: str = "video") -> None:
        """Wait until more has come than had."""
        had = await self.decoded(number, kind)
        async with asyncio.timeout(PATIENCE_S):  # `wait_for_function` takes the promise of an answer for a yes
            while await self.decoded(number, kind) <= had + 3:  # noqa: ASYNC110 - the page sets no event here
                await asyncio.sleep(0.05)

    async def is_gone(self, number: int) -> None:
        """Wait until the connection has ended."""
        ended = "number => ['closed', 'failed', 'disconnected'].includes(stateOf(number))"
        await self.page.wait_for_function(ended, arg=number, timeout=PATIENCE_S * 1000)


async def whep_page(browser: Browser, url: str) -> WhepPage:
    """The page, from where it is served."""
    page = await (await browser.new_context()).new_page()
    await page.goto(url)
    return WhepPage(page)
