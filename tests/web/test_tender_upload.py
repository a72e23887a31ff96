import io
from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from server.tender.bid_files import FILE_SIZE_LIMIT, FILES_SIZE_LIMIT, MB
from server.web import tender_upload
from server.web.client_errors import http_refusal
from server.web.tender_upload import Upload, UploadMalformed, UploadTooLarge, receive


@pytest.fixture
async def received() -> AsyncIterator[tuple[list[Upload], str]]:
    """What a server received, and where it listens."""
    uploads: list[Upload] = []

    async def handle(request: web.Request) -> web.Response:
        try:
            uploads.append(await receive(request))
        except (UploadMalformed, UploadTooLarge) as error:
            return http_refusal(error)
        return web.json_response({})

    app = web.Application(client_max_size=1000)
    app.add_routes([web.post("/", handle)])
    async with TestServer(app) as server:
        yield uploads, str(server.make_url("/"))


async def post(url: str, **how: object) -> tuple[int, str]:
    async with aiohttp.ClientSession() as http, http.post(url, **how) as answer:  # type: ignore[arg-type]
        return answer.status, (await answer.json()).get("code", "")


async def test_parts_are_known_by_their_names(received: tuple[list[Upload], str]) -> None:
    uploads, url = received
    form = aiohttp.FormData()
    form.add_field("file:投标 文件/甲(1).pdf", b"%PDF 1", filename="x.pdf")
    form.add_field("tender", "title: 项目")
    form.add_field("file:b%20.pdf", b"", filename="b.pdf")

    assert await post(url, data=form) == (200, "")

    [upload] = uploads
    assert upload == Upload("title: 项目".encode(), {"file:投标 文件/甲(1).pdf": b"%PDF 1", "file:b%20.pdf": b""})
    assert upload.load("b%20.pdf") == b""
    with pytest.raises(FileNotFoundError):
        upload.load("tender")


async def test_of_a_large_file_the_beginning_is_kept_and_the_rest_read(received: tuple[list[Upload], str]) -> None:
    uploads, url = received
    form = aiohttp.FormData({"tender": io.BytesIO(b"t"), "file:a.pdf": io.BytesIO(bytes(FILE_SIZE_LIMIT + 3 * MB))})
    form.add_field("file:b.pdf", io.BytesIO(b"%PDF after it"))

    assert await post(url, data=form) == (200, "")

    assert len(uploads[0].files["file:a.pdf"]) == FILE_SIZE_LIMIT + 1
    assert uploads[0].files["file:b.pdf"] == b"%PDF after it"


async def test_more_than_a_tender_may_have_is_refused(
    received: tuple[list[Upload], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    uploads, url = received
    monkeypatch.setattr(tender_upload, "FILES_SIZE_LIMIT", 2 * MB)
    form = aiohttp.FormData({"tender": io.BytesIO(b"t"), "a.pdf": io.BytesIO(bytes(4 * MB))})

    assert await post(url, data=form) == (413, "upload_too_large")
    assert uploads == []
    assert str(UploadTooLarge(limit_mb=FILES_SIZE_LIMIT // MB)).count("200 MB") == 1


@pytest.mark.parametrize(
    "how",
    [
        {"data": aiohttp.FormData({"a.pdf": io.BytesIO(b"%PDF")})},
        {"data": b"--x\r\nno headers", "headers": {"Content-Type": "multipart/form-data; boundary=x"}},
        {"data": b"", "headers": {"Content-Type": "multipart/form-data; boundary=x"}},
        {"data": b"x", "headers": {"Content-Type": "multipart/form-data"}},
    ],
    ids=["no tender", "cut off", "empty", "no boundary"],
)
async def test_what_is_no_form_with_a_tender_is_refused(
    received: tuple[list[Upload], str], how: dict[str, object]
) -> None:
    uploads, url = received

    assert await post(url, **how) == (400, "upload_malformed")
    assert uploads == []


async def test_a_form_of_too_many_parts_is_refused(received: tuple[list[Upload], str]) -> None:
    _, url = received
    form = aiohttp.FormData({str(at): io.BytesIO(b"") for at in range(tender_upload.PART_LIMIT + 1)})

    assert await post(url, data=form) == (400, "upload_malformed")


# aiohttp warns of a header that it cannot read, and goes on
@pytest.mark.filterwarnings("ignore::aiohttp.BadContentDispositionHeader")
async def test_a_form_that_was_cut_off_anywhere_is_refused(received: tuple[list[Upload], str]) -> None:
    uploads, url = received
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    parts = [("tender", "title: 项目"), ("a.pdf", "%PDF-1.7 %%EOF")]
    body = "".join(f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{text}\r\n' for name, text in parts)
    whole = f"{body}--x--\r\n".encode()

    answers = {size: await post(url, data=whole[:size], headers=headers) for size in range(0, len(whole), 3)}

    assert {answer for size, answer in answers.items() if size < len(whole) - 8} == {(400, "upload_malformed")}
    assert {len(upload.files) for upload in uploads} <= {1}
