"""What holds for encoders and players alike, over HTTP: who may ask, wrong tokens, relays."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from server.app import run_server
from server.auth.relays import Relays
from server.auth.tries import TryLimits
from server.domain.commands import AddRoomCamera, OpenCheckIn
from server.domain.ids import Alias, Millis
from server.web.offered_sessions import SDP, relay_links
from tests.support.live_server import H1, V1, Sitting, open_sitting, plain_settings
from tests.support.offering import ask

WRONG = {"whip": "C1." + 43 * "A", "whep/E1": 43 * "A"}


@pytest_asyncio.fixture
async def sitting(tmp_path: Path) -> AsyncIterator[Sitting]:
    """A room in its check-in with a room camera, on a server without sound and pictures."""
    async with run_server(plain_settings(tmp_path)) as server, open_sitting(server) as sitting:
        await sitting.enrol(H1, V1)
        host = sitting.seats[H1]
        await host.submit(AddRoomCamera(venue=host.view.seats[H1].venue, label="场地全景"))
        await host.submit(OpenCheckIn())
        yield sitting


@pytest.mark.parametrize("place", WRONG)
async def test_page_of_another_system_may_ask(sitting: Sitting, place: str) -> None:
    status, headers, _ = await ask(sitting, "OPTIONS", f"/rooms/{sitting.room}/{place}", None)

    assert (status, headers["Accept-Post"], headers["Access-Control-Allow-Origin"]) == (200, SDP, "*")
    assert "Authorization" in headers["Access-Control-Allow-Headers"]
    assert "PATCH" in headers["Access-Control-Allow-Methods"]


async def test_wrong_tokens_are_told_to_wait_and_shut_out_no_right_one(sitting: Sitting) -> None:
    services, whip = sitting.server.services, f"/rooms/{sitting.room}/whip"
    good = await services.camera_passes.issue(sitting.room, Alias("C1"), services.clock())

    answers = []
    for number in range(TryLimits().per_address + 1):
        place = list(WRONG)[number % 2]
        answers.append(
            await ask(sitting, "POST", f"/rooms/{sitting.room}/{place}", WRONG[place], "v=0", Content_Type=SDP)
        )

    assert [status for status, _, _ in answers] == [401] * TryLimits().per_address + [429]
    assert answers[-1][1]["Retry-After"] == "600"
    assert "media_off" in (await ask(sitting, "POST", whip, good.text, "v=0", Content_Type=SDP))[2]
    await sitting.enter(Alias("W1"))


def test_relays_are_named_as_the_standard_has_it() -> None:
    relays = Relays(urls=("turns:relay.example:443?transport=tcp",), secret="s")

    [link] = relay_links(relays, "C1", Millis(1_774_400_000_000))

    assert link.startswith('<turns:relay.example:443?transport=tcp>; rel="ice-server"; username="1774403600:C1"; ')
    assert link.endswith('credential-type="password"')
