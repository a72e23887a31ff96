import hashlib
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient
from pytest_aiohttp.plugin import AiohttpClient

from server.web.static_files import (
    ASKED_FOR_AGAIN,
    KEPT_FOR_GOOD,
    WORKER_POLICY,
    client_digest,
    page_policy,
    page_routes,
)

INDEX = b"<!doctype html><title>Lianping</title>"
SCRIPT = b"console.log(1)\n"

Browser = TestClient[web.Request, web.Application]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_bytes(INDEX)
    (tmp_path / "assets" / "index-1a2b.js").write_bytes(SCRIPT)
    (tmp_path / "assets" / "pdf.worker.min-3c4d.js").write_bytes(SCRIPT)
    (tmp_path / "icon.svg").write_bytes(b"<svg/>")
    return tmp_path


@pytest.fixture
async def browser(folder: Path, aiohttp_client: AiohttpClient) -> Browser:
    app = web.Application()
    app.add_routes(page_routes(folder))
    return await aiohttp_client(app)


@pytest.mark.parametrize("path", ["/", "/console", "/demo", "/room/R1"])
async def test_page_addresses_give_the_index_and_are_asked_for_again(browser: Browser, path: str) -> None:
    answer = await browser.get(path)

    assert await answer.read() == INDEX
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert answer.headers["Cache-Control"] == ASKED_FOR_AGAIN
    host = f"{browser.host}:{browser.port}"
    assert answer.headers["Content-Security-Policy"] == page_policy(host)


async def test_assets_are_kept_for_good_with_their_type(browser: Browser) -> None:
    answer = await browser.get("/assets/index-1a2b.js")

    assert await answer.read() == SCRIPT
    assert answer.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert answer.headers["Cache-Control"] == KEPT_FOR_GOOD


async def test_worker_that_reads_documents_may_compile_its_decoder_and_no_other_script_may(browser: Browser) -> None:
    worker = await browser.get("/assets/pdf.worker.min-3c4d.js")
    other = await browser.get("/assets/index-1a2b.js")

    assert worker.headers["Content-Security-Policy"] == WORKER_POLICY
    assert "Content-Security-Policy" not in other.headers  # `web_app.py` gives all others the same


async def test_an_unchanged_file_is_not_sent_again(browser: Browser) -> None:
    first = await browser.get("/icon.svg")

    again = await browser.get("/icon.svg", headers={"If-None-Match": first.headers["ETag"]})

    assert first.headers["Content-Type"] == "image/svg+xml"
    assert (again.status, await again.read(), again.headers["ETag"]) == (304, b"", first.headers["ETag"])


@pytest.mark.parametrize("path", ["/index.html", "/assets/", "/room/R1/x", "/assets/..%2Findex.html", "/x"])
async def test_nothing_else_is_served(browser: Browser, path: str) -> None:
    answer = await browser.get(path)

    assert answer.status == 404


def test_a_folder_without_a_build_has_no_routes(tmp_path: Path) -> None:
    assert page_routes(tmp_path) == []
    assert page_routes(tmp_path / "missing") == []


def test_policy_allows_no_inline_code_and_names_the_sockets() -> None:
    policy = page_policy("pb.example.cn:8443")

    assert "unsafe" not in policy
    assert "connect-src 'self' ws://pb.example.cn:8443 wss://pb.example.cn:8443" in policy
    assert "script-src" not in page_policy("x; script-src *").replace("script-src 'self'", "")


def test_digest_is_that_of_sha256sum_over_the_sorted_files(folder: Path) -> None:
    names = ["assets/index-1a2b.js", "assets/pdf.worker.min-3c4d.js", "icon.svg", "index.html"]
    listing = "".join(f"{hashlib.sha256((folder / name).read_bytes()).hexdigest()}  {name}\n" for name in names)

    assert client_digest(folder) == hashlib.sha256(listing.encode()).hexdigest()


def test_digest_changes_with_a_name_or_a_byte(folder: Path) -> None:
    before = client_digest(folder)
    (folder / "icon.svg").rename(folder / "icon2.svg")
    renamed = client_digest(folder)
    (folder / "icon2.svg").write_bytes(b"<svg />")

    assert len({before, renamed, client_digest(folder)}) == 3
