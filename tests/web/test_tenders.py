import asyncio
import io
import json
import re
from typing import Any

import aiohttp
import pytest

from server.app import Server
from server.auth.operators import Operator, OperatorId, add_operator, remove_operator
from server.auth.signed_tokens import LIFETIME_S, new_device_id
from server.domain.ids import BidAlias, Millis, VenueId
from server.room_desk import read_room
from server.tender.bid_files import FILE_SIZE_LIMIT
from server.tender.template import textbook, textbook_text
from server.tender.tender_file import SIZE_LIMIT
from tests.support.live_server import E1, L1, TENDER, Sitting

pytestmark = pytest.mark.asyncio(loop_scope="module")

WHOLE = textbook()
PLAIN = re.sub(r" *files: .*\n", "", textbook_text())
"A tender that names no file."
SUN = Operator(id=OperatorId("op-1a2b3c4d"), name="孙晓梅", venue=VenueId("qingyuan"))
BROKEN = textbook_text().replace("role: expert", "role: expret", 1).replace("price: 13656", "price: 一万", 1)
CHINESE = "“expret”不是可选项。"


async def ask(server: Server, method: str, path: str, **how: Any) -> tuple[int, Any]:
    """Status and body of the answer."""
    async with aiohttp.ClientSession() as http, http.request(method, server.address.url + path, **how) as answer:
        return answer.status, json.loads(await answer.text())


def form(tender: str = textbook_text(), **changed: bytes | None) -> aiohttp.FormData:
    """A tender with the six bids, of which some are changed or left out."""
    form = aiohttp.FormData({"tender": io.BytesIO(tender.encode())}, quote_fields=False)
    for bid in "ABCDEF":
        data = changed.get(bid, WHOLE.load(f"bids/{bid}.pdf"))
        if data is not None:
            form.add_field(
                f"file:bids/{bid}.pdf", io.BytesIO(data), filename=f"投标 {bid}.pdf", content_type="application/pdf"
            )
    return form


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


@pytest.fixture
def headers(server: Server) -> dict[str, str]:
    """Those of an operator who has entered."""
    add_operator(server.backend.operators_folder, SUN)
    services = server.services
    return bearer(services.operators.issue(SUN, new_device_id(), services.clock()))


async def test_an_operators_code_leads_to_the_desk(server: Server) -> None:
    add_operator(server.backend.operators_folder, SUN)
    code = await server.backend.codes.issue(SUN)

    status, entry = await ask(server, "POST", "/api/entry", json={"code": code.digits})

    token = entry.pop("token")
    assert (status, entry) == (200, {"operator": {"id": SUN.id, "name": "孙晓梅", "venue": "qingyuan"}})
    verified = await server.services.operators.verify(token, server.services.clock())
    assert verified.holder == SUN


async def test_a_whole_file_is_summed_up_and_nothing_is_created(server: Server, headers: dict[str, str]) -> None:
    before = await server.backend.rooms.list_rooms()

    answer = await ask(server, "POST", "/api/tenders/check", headers=headers, data=textbook_text().encode())

    files = [{"lot": "L1", "bid": bid, "title": "技术标", "file": f"bids/{bid}.pdf"} for bid in "ABCDEF"]
    summary = {"title": TENDER.title, "venues": 3, "seats": 16, "lots": 1, "bids": 6, "files": files}
    assert answer == (200, {"mistakes": [], "tender": summary})
    assert await server.backend.rooms.list_rooms() == before


@pytest.mark.parametrize(
    ("language", "message"),
    [("zh", CHINESE), ("en", "expret is not among the choices."), ("", CHINESE), ("xx", CHINESE)],
)
async def test_every_mistake_comes_at_once_in_the_language_asked_for(
    server: Server, headers: dict[str, str], language: str, message: str
) -> None:
    path = f"/api/tenders/check?lang={language}"

    status, checked = await ask(server, "POST", path, headers=headers, data=BROKEN.encode())

    assert (status, checked["tender"]) == (200, None)
    places = [(mistake["path"], BROKEN.splitlines()[mistake["line"] - 1].strip()) for mistake in checked["mistakes"]]
    assert [path for path, _ in places] == ["seats[0].role", "lots.L1.bids.A.price"]
    assert [line.split(":")[0] for _, line in places] == ["- {alias", "price"]
    assert checked["mistakes"][0]["message"] == message
    assert all(mistake["hint"] for mistake in checked["mistakes"])
    assert set(checked["mistakes"][0]) == {"line", "path", "code", "message", "hint", "source"}


@pytest.mark.parametrize(
    ("body", "code"),
    [(b"", "file_empty"), (b"title: \xff\xfe", "not_utf8"), (b"a" * (SIZE_LIMIT + 1), "file_too_large")],
    ids=["empty", "not utf-8", "too large"],
)
async def test_a_body_that_is_no_text_of_a_tender_is_a_mistake(
    server: Server, headers: dict[str, str], body: bytes, code: str
) -> None:
    status, checked = await ask(server, "POST", "/api/tenders/check", headers=headers, data=io.BytesIO(body))

    assert status == 200
    assert [(mistake["line"], mistake["code"]) for mistake in checked["mistakes"]] == [(1, code)]


async def test_a_file_larger_than_any_other_request_is_read(server: Server, headers: dict[str, str]) -> None:
    body = textbook_text().encode() + b"# padding\n" * 20_000

    status, checked = await ask(server, "POST", "/api/tenders/check", headers=headers, data=io.BytesIO(body))

    assert (status, checked["mistakes"]) == (200, [])


async def test_a_room_is_created_with_a_code_for_every_seat(server: Server, headers: dict[str, str]) -> None:
    status, opened = await ask(server, "POST", "/api/rooms", headers=headers, data=form())

    assert (status, opened["title"]) == (201, TENDER.title)
    state = await read_room(server.backend, opened["room"])
    [listed] = state.lots[L1].files[BidAlias("C")]
    assert await server.backend.files.get(opened["room"], listed.file.sha256) == WHOLE.load("bids/C.pdf")
    assert list(state.seats) == [seat["alias"] for seat in opened["seats"]]
    first = opened["seats"][0]
    code = first.pop("code")
    venue = TENDER.venues[TENDER.seats[0].venue].name
    assert first == {"alias": E1, "role": "expert", "venue_name": venue, "name": TENDER.seats[0].name}
    _, entry = await ask(server, "POST", "/api/entry", json={"code": code})
    assert (entry["room"], entry["alias"]) == (opened["room"], E1)
    _, listed = await ask(server, "GET", "/api/rooms", headers=headers)
    assert (listed["rooms"][-1]["room"], listed["rooms"][-1]["title"]) == (opened["room"], TENDER.title)


async def test_a_file_with_mistakes_creates_nothing(server: Server, headers: dict[str, str]) -> None:
    before = await server.backend.rooms.list_rooms()

    status, refused = await ask(server, "POST", "/api/rooms?name=a.yaml", headers=headers, data=BROKEN.encode())

    assert (status, refused["code"], len(refused["mistakes"])) == (422, "tender_refused", 2)
    assert refused["text"].startswith("a.yaml has 2 mistakes")
    assert await server.backend.rooms.list_rooms() == before


async def test_a_tender_without_files_comes_alone_and_opens_a_room(server: Server, headers: dict[str, str]) -> None:
    status, opened = await ask(server, "POST", "/api/rooms", headers=headers, data=PLAIN.encode())

    assert (status, opened["title"]) == (201, TENDER.title)
    assert (await read_room(server.backend, opened["room"])).lots[L1].files == {}


async def test_every_file_that_is_wrong_or_missing_is_named_with_its_line(
    server: Server, headers: dict[str, str]
) -> None:
    before = await server.backend.rooms.list_rooms()
    body = form(A=b"PK not a PDF", B=None, C=WHOLE.load("bids/D.pdf"), F=bytes(FILE_SIZE_LIMIT + 5))

    status, refused = await ask(server, "POST", "/api/rooms?lang=en", headers=headers, data=body)

    lines = textbook_text().splitlines()
    found = [(lines[each["line"] - 1].strip(), each["code"]) for each in refused["mistakes"]]
    assert (status, refused["code"]) == (422, "tender_refused")
    assert found == [
        (f"files: [{{title: 技术标, file: bids/{bid}.pdf}}]", code)
        for bid, code in [
            ("A", "bid_file_no_pdf"),
            ("B", "bid_file_missing"),
            ("D", "bid_file_same_content"),
            ("F", "bid_file_too_large"),
        ]
    ]
    assert refused["mistakes"][1]["message"] == "There is no file bids/B.pdf."
    assert await server.backend.rooms.list_rooms() == before


async def test_a_form_whose_tender_has_mistakes_is_read_to_its_end_and_refused(
    server: Server, headers: dict[str, str]
) -> None:
    status, refused = await ask(server, "POST", "/api/rooms", headers=headers, data=form(BROKEN))

    assert (status, len(refused["mistakes"])) == (422, 2)


async def test_a_file_that_the_tender_does_not_name_is_not_kept(server: Server, headers: dict[str, str]) -> None:
    body = form()
    body.add_field("file:other.pdf", b"%PDF-1.7 %%EOF", filename="other.pdf")

    status, opened = await ask(server, "POST", "/api/rooms", headers=headers, data=body)

    folder = server.backend.settings.data / "files" / opened["room"]
    assert status == 201
    assert len(await asyncio.to_thread(lambda: list(folder.iterdir()))) == 6


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/api/tenders/check"), ("POST", "/api/rooms"), ("GET", "/api/rooms"), ("POST", "/api/operator/token")],
)
async def test_only_operators_are_let_in(server: Server, sitting: Sitting, method: str, path: str) -> None:
    nobody = await ask(server, method, path)
    seat = await ask(server, method, path, headers=bearer(await sitting.token(E1)))

    assert (nobody[0], nobody[1]["code"]) == (401, "token_malformed")
    assert (seat[0], seat[1]["code"]) == (401, "token_foreign")


async def test_an_operators_token_is_renewed_until_the_account_is_closed(server: Server) -> None:
    operators, now = server.services.operators, server.services.clock()
    old = bearer(operators.issue(SUN, new_device_id(), Millis(now - (LIFETIME_S + 60) * 1000)))
    folder = server.backend.operators_folder
    add_operator(folder, SUN)

    ended = await ask(server, "GET", "/api/rooms", headers=old)
    _, fresh = await ask(server, "POST", "/api/operator/token", headers=old)
    good = await ask(server, "GET", "/api/rooms", headers=bearer(fresh["token"]))
    remove_operator(folder, SUN.id)
    closed = await ask(server, "POST", "/api/operator/token", headers=old)
    shut = await ask(server, "GET", "/api/rooms", headers=bearer(fresh["token"]))

    assert (ended[0], ended[1]["code"]) == (401, "token_expired")
    assert good[0] == 200
    assert [(status, answer["code"]) for status, answer in (closed, shut)] == [(401, "token_revoked")] * 2
