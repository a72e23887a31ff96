"""Firefox as Debian has it, with a simulated camera and microphone, and with a sound card that nobody hears."""

import asyncio
import json
import os
import re
import shutil
import tempfile
from asyncio.subprocess import DEVNULL, PIPE, STDOUT, Process
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Final

import aiohttp

from tests.support.bidi import BidiBrowser
from tests.support.patience import PATIENCE_S

HABITS: Final = {
    "intl.accept_languages": "zh-CN",
    "media.navigator.permission.disabled": True,
    "media.navigator.streams.fake": True,
    "app.normandy.enabled": False,  # this and what follows: nothing is fetched that no test asks for
    "app.update.disabledForTesting": True,
    "browser.safebrowsing.downloads.remote.enabled": False,
    "browser.safebrowsing.malware.enabled": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "media.gmp-manager.updateEnabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "services.settings.server": "",
}
"How it differs from a person's: `about:config`."


@asynccontextmanager
async def firefox() -> AsyncIterator[BidiBrowser]:
    """A browser of this machine, with a profile of its own."""
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True)))
        address = await stack.enter_async_context(
            _browser(folder, await stack.enter_async_context(_sound_card(folder)))
        )
        http = await stack.enter_async_context(aiohttp.ClientSession())
        browser = BidiBrowser(await http.ws_connect(f"{address}/session", max_msg_size=0))
        listening = asyncio.create_task(browser.listen())
        stack.callback(listening.cancel)
        await browser.ask("session.new", capabilities={})
        await browser.ask("session.subscribe", events=["log.entryAdded"])
        yield browser


@asynccontextmanager
async def _sound_card(folder: Path) -> AsyncIterator[str]:
    """One that nobody hears; gives its address. Without any, Firefox 153 begins no `AudioContext`."""
    address = str(folder / "sound")
    parts = ("module-null-sink", f"module-native-protocol-unix socket={address} auth-anonymous=1")
    options = ("-n", "-v", "--exit-idle-time=-1", "--use-pid-file=no", *(f"--load={part}" for part in parts))
    own = {"HOME": str(folder), "PULSE_RUNTIME_PATH": str(folder)}
    async with _running("pulseaudio", *options, around=own, says=rb"(Daemon startup complete)"):
        yield f"unix:{address}"


@asynccontextmanager
async def _browser(folder: Path, sound: str) -> AsyncIterator[str]:
    """Gives where it is driven."""
    profile = folder / "profile"
    profile.mkdir()
    lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in HABITS.items()]
    (profile / "user.js").write_text("".join(lines))
    options = ("--headless", "--no-remote", "--profile", str(profile), "--remote-debugging-port", "0")
    own = {"PULSE_SERVER": sound}
    async with _running("firefox-esr", *options, around=own, says=rb"WebDriver BiDi listening on (\S+)") as address:
        yield address


@asynccontextmanager
async def _running(name: str, *options: str, around: dict[str, str], says: bytes) -> AsyncIterator[str]:
    """A program once it says that it is ready; gives what it says."""
    program = shutil.which(name)
    assert program is not None, f"{name} is missing: make setup installs it"
    env = {**os.environ, **around}
    process = await asyncio.create_subprocess_exec(
        program, *options, env=env, stdin=DEVNULL, stdout=PIPE, stderr=STDOUT
    )
    reading: asyncio.Task[object] | None = None
    try:
        ready = await _heard(process, says)
        reading = asyncio.create_task(process.communicate())  # so that it never waits for a reader
        yield ready
    finally:
        process.terminate()
        await (reading or process.wait())


async def _heard(process: Process, words: bytes) -> str:
    assert process.stdout is not None
    async with asyncio.timeout(PATIENCE_S):
        async for line in process.stdout:
            if found := re.search(words, line):
                return found[1].decode()
    raise AssertionError("the program has ended")
