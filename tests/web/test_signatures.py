"""The signing over HTTP and the socket, as pages do it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import aiohttp
import msgspec
import pytest
import pytest_asyncio

from server.app import run_server
from server.demo.report_signing import handwriting, sign_annex, sign_report
from server.demo.script import next_act
from server.domain.commands import SignAnnex, SignReport
from server.domain.ids import Alias
from server.domain.phases import Phase
from server.domain.state import RoomView
from server.evidence.package import read_package
from server.evidence.verdict import Outcome
from server.room_desk import create_room, export_room
from server.session.signature_desk import SignatureRequest
from server.verify_desk import verify_package
from server.web.signatures import REQUEST_LIMIT
from tests.support.live_server import (
    ACTS,
    E1,
    E2,
    E3,
    L1,
    S1,
    TEXTBOOK,
    UNNAMED,
    V1,
    W1,
    Sitting,
    plain_settings,
    stop_before,
)
from tests.support.pdf_pages import text_of

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


# -- annexes


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def unnamed(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Sitting]:
    """A room that never tells names; all have signed the report, and nobody an annex."""
    async with run_server(plain_settings(tmp_path_factory.mktemp("unnamed"))) as server, AsyncExitStack() as stack:
        sitting = Sitting(server, await create_room(server.backend, UNNAMED), stack)
        await sitting.play(have_all_signed, stop_before(SignAnnex))
        yield sitting


def have_all_signed(view: RoomView) -> bool:
    report = view.lots[L1].report
    return report is not None and set(report.ends) == set(report.members)


async def get(sitting: Sitting, alias: Alias, path: str) -> tuple[int, bytes]:
    headers = {"Authorization": f"Bearer {sitting.seats[alias].token}"}
    url = f"{sitting.url}/api/rooms/{sitting.room}/{path}"
    async with aiohttp.ClientSession() as http, http.get(url, headers=headers) as answer:
        return answer.status, await answer.read()


async def test_annex_is_shown_to_the_own_member_alone(unnamed: Sitting) -> None:
    status, pdf = await get(unnamed, E2, "lots/L1/annex/1")
    other, anothers = await get(unnamed, E3, "lots/L1/annex/1")

    people = (await unnamed.state()).people
    assert (status, other) == (200, 200)
    assert people[E2].name in text_of(pdf)
    assert people[E2].name not in text_of(anothers)
    assert people[E3].name in text_of(anothers)


@pytest.mark.parametrize(
    ("alias", "path", "refusal"),
    [
        (S1, "lots/L1/annex/1", (403, b"role_may_not")),
        (E2, "lots/L9/annex/1", (400, b"lot_unknown")),
        (E2, "lots/L1/annex/2", (400, b"report_version_passed")),
        (E2, "lots/L1/annex/first", (404, b"Not Found")),
    ],
)
async def test_nobody_else_is_shown_an_annex(
    unnamed: Sitting, alias: Alias, path: str, refusal: tuple[int, bytes]
) -> None:
    status, body = await get(unnamed, alias, path)

    assert status == refusal[0]
    assert refusal[1] in body


async def test_member_signs_the_annex_and_only_who_may_know_the_name_reads_it(unnamed: Sitting) -> None:
    seat = unnamed.seats[E2]
    wish = next_act(seat.view, E2, ACTS)
    assert isinstance(wish, SignAnnex)

    await sign_annex(seat, wish)

    await seat.until(has_signed_annex)
    report = seat.view.lots[L1].report
    assert report is not None
    path = f"files/{report.annex_files[E2].sha256}"
    for alias in (E2, S1, V1):
        venues = {unnamed.seats[E2].view.seats[name].venue for name in (alias, E2)}
        status, _ = await get(unnamed, alias, path)
        assert status == (200 if alias != V1 or len(venues) == 1 else 404)
    await unnamed.seats[E3].until(has_signed_annex)
    assert (await get(unnamed, E3, path))[0] == 404
    assert (await get(unnamed, W1, path))[0] == 404
    assert not unnamed.seats[E3].view.lots[L1].report.annex_files  # type: ignore[union-attr]  # it is there


def has_signed_annex(view: RoomView) -> bool:
    report = view.lots[L1].report
    return report is not None and E2 in report.annexes


async def test_rubbish_is_no_request_for_an_annex(unnamed: Sitting) -> None:
    url = f"{unnamed.url}/api/rooms/{unnamed.room}/lots/L1/annex"
    headers = {"Authorization": f"Bearer {unnamed.seats[E3].token}"}
    async with aiohttp.ClientSession() as http, http.post(url, data=b'{"version":1}', headers=headers) as answer:
        assert (answer.status, (await answer.json())["code"]) == (400, "handwriting_unusable")


async def test_room_that_never_tells_names_ends_in_a_sound_package(unnamed: Sitting) -> None:
    await unnamed.play(lambda view: view.phase is Phase.CLOSED)
    await unnamed.all_hold_everything()

    package = await export_room(unnamed.server.backend, unnamed.room)
    verdict = await asyncio.to_thread(verify_package, package)

    assert verdict.outcome is Outcome.SOUND
    names = read_package(package)
    members = unnamed.seats[E1].view.lots[L1].report.members  # type: ignore[union-attr]  # it is there
    assert {f"reports/L1-v1-annex-{member}.pdf" for member in members} <= names.keys()
