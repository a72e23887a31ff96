"""The signing over HTTP and the socket, as pages do it."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import aiohttp
import msgspec
import pytest
import pytest_asyncio

from server.app import run_server
from server.demo.report_signing import handwriting, sign_report
from server.demo.script import next_act
from server.domain.commands import SignReport
from server.domain.phases import Phase
from server.domain.state import RoomView
from server.room_desk import create_room
from server.session.signature_desk import SignatureRequest
from server.web.signatures import REQUEST_LIMIT
from tests.support.live_server import ACTS, E1, E2, L1, S1, TEXTBOOK, W1, Sitting, plain_settings, stop_before

pytestmark = pytest.mark.asyncio(loop_scope="module")


def has_ended(view: RoomView) -> bool:
    report = view.lots[L1].report
    return report is not None and E2 in report.ends


def is_signing(view: RoomView) -> bool:
    return view.lots[L1].phase is Phase.SIGNING


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def signing(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Sitting]:
    """A room that has been played up to the signing; nobody has signed."""
    data: Path = tmp_path_factory.mktemp("signing")
    async with run_server(plain_settings(data)) as server, AsyncExitStack() as stack:
        sitting = Sitting(server, await create_room(server.backend, TEXTBOOK), stack)
        await sitting.play(is_signing, stop_before(SignReport))
        yield sitting


async def ask(sitting: Sitting, token: str, body: bytes, lot: str = "L1") -> tuple[int, str]:
    url = f"{sitting.url}/api/rooms/{sitting.room}/lots/{lot}/signature"
    headers = {"Authorization": f"Bearer {token}"}
    async with aiohttp.ClientSession() as http, http.post(url, data=body, headers=headers) as answer:
        return answer.status, str((await answer.json()).get("code", ""))


def body(sitting: Sitting) -> bytes:
    report = sitting.seats[E1].view.lots[L1].report
    assert report is not None
    assert report.latest is not None
    request = SignatureRequest(version=1, base=report.latest.sha256, strokes=handwriting(E1))
    return msgspec.json.encode(request)


@pytest.mark.parametrize("rubbish", [b"", b"[]", b"{}", b"[" * 90_000, b'{"version":1}', bytes(REQUEST_LIMIT + 1)])
async def test_rubbish_is_refused(signing: Sitting, rubbish: bytes) -> None:
    assert await ask(signing, signing.seats[E1].token, rubbish) == (400, "handwriting_unusable")


async def test_who_does_not_sign_gets_nothing_to_sign(signing: Sitting) -> None:
    assert await ask(signing, "eyJ", body(signing)) == (401, "token_malformed")
    assert await ask(signing, signing.seats[S1].token, body(signing)) == (403, "role_may_not")
    assert await ask(signing, signing.seats[E1].token, body(signing), lot="L9") == (400, "lot_unknown")
    assert await ask(signing, signing.seats[E1].token, body(signing)) == (400, "document_key_missing")


async def test_member_signs_what_the_record_names_and_reads_it_again(signing: Sitting) -> None:
    seat = signing.seats[E2]
    wish = next_act(seat.view, E2, ACTS)
    assert isinstance(wish, SignReport)

    await sign_report(seat, wish)

    await seat.until(has_ended)
    report = seat.view.lots[L1].report
    assert report is not None
    assert report.latest is not None
    url = f"{signing.url}/api/rooms/{signing.room}/files/{report.latest.sha256}"
    async with aiohttp.ClientSession() as http:
        async with http.get(url, headers={"Authorization": f"Bearer {seat.token}"}) as answer:
            pdf = await answer.read()
        witness = {"Authorization": f"Bearer {signing.seats[W1].token}"}
        async with http.get(url, headers=witness) as refused:
            assert (refused.status, (await refused.json())["code"]) == (404, "file_unknown")
    assert answer.content_type == "application/pdf"
    assert len(pdf) == report.latest.size
