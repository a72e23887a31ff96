"""What a page hears of somebody: the sound of a line as the browser has decoded it."""

import asyncio
from typing import Final

from playwright.async_api import Page

from tests.support.patience import PATIENCE_S
from tests.support.tones import RATE

LISTEN: Final = """
  const connections = [];
  const RealConnection = RTCPeerConnection;
  window.RTCPeerConnection = class extends RealConnection {
    constructor(...given) { super(...given); connections.push(this); }
  };
  const RealContext = AudioContext;
  window.listen = (line, sampleRate) => {
    const { receiver } = connections.at(-1).getTransceivers().find(({ mid }) => mid === line);
    const context = new RealContext({ sampleRate });
    const taking = context.createScriptProcessor(4096, 1, 1);
    const heard = [];
    taking.onaudioprocess = ({ inputBuffer }) => heard.push(...inputBuffer.getChannelData(0));
    context.createMediaStreamSource(new MediaStream([receiver.track])).connect(taking).connect(context.destination);
    (window.heard ??= {})[line] = heard;
  };
  window.heardSince = (line, from) => heard[line].slice(from).map((each) => Math.round(each * 32767)).join(' ');
  window.loudest = (line, from) => heard[line].slice(from).reduce((most, each) => Math.max(most, Math.abs(each)), 0);
"""
"Runs in a page before it loads."

QUIET: Final = 0.001
"Of full scale: what a decoder makes of nothing stays below it."
LOUD: Final = 0.02
SILENCE_S: Final = 1.2
"More than two beeps of Chromium's microphone, which come every half a second."


async def can_listen(page: Page) -> None:
    """Before the page loads."""
    await page.add_init_script(LISTEN)


async def listen(page: Page, *lines: str) -> None:
    """Take the sound of these lines, such as `E1-audio`, from now on; again after the page has a new connection."""
    for line in lines:
        await page.evaluate("([line, rate]) => listen(line, rate)", [line, RATE])


async def heard(page: Page, line: str, since: int = 0) -> list[float]:
    """What was heard of a line, from this sample on, or the last so many if it is negative: -1 to 1 at `RATE`."""
    samples: str = await page.evaluate("([line, since]) => heardSince(line, since)", [line, since])
    return [int(sample) / 32767 for sample in samples.split()]


async def length(page: Page, line: str) -> int:
    """How much was heard of a line so far, in samples."""
    return int(await page.evaluate("line => heard[line].length", line))


async def loudest(page: Page, line: str, since: int) -> float:
    """The loudest sample of a line from this one on."""
    return float(await page.evaluate("([line, since]) => loudest(line, since)", [line, since]))


async def sounds(page: Page, line: str) -> None:
    """Wait until something is heard of a line."""
    since = await length(page, line)
    async with asyncio.timeout(PATIENCE_S):
        while await loudest(page, line, since) < LOUD:  # noqa: ASYNC110 - nobody announces it
            await asyncio.sleep(0.1)


async def falls_silent(page: Page, line: str) -> None:
    """Wait until nothing has been heard of a line for a while."""
    async with asyncio.timeout(PATIENCE_S):
        while await loudest(page, line, await _a_while(page, line)) > QUIET:
            pass


async def _a_while(page: Page, line: str) -> int:
    """Let some time pass; gives the sample at which it began."""
    since = await length(page, line)
    while await length(page, line) < since + SILENCE_S * RATE:  # noqa: ASYNC110 - nobody announces it
        await asyncio.sleep(0.1)
    return since
