import ssl
from pathlib import Path

import aiohttp
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from msgspec.structs import replace

from server.app import run_server
from server.settings import Tls
from tests.support.live_server import plain_settings


async def test_the_page_shows_the_fingerprint_and_the_root_opens_the_server(tmp_path: Path) -> None:
    async with run_server(replace(plain_settings(tmp_path), tls=Tls.EMBEDDED)) as server:
        url = server.address.url
        nobody = ssl.create_default_context()
        nobody.check_hostname, nobody.verify_mode = False, ssl.CERT_NONE
        async with aiohttp.ClientSession() as http:
            async with http.get(f"{url}/trust", ssl=nobody) as page:
                text = await page.text()
            async with http.get(f"{url}/trust/root.crt", ssl=nobody) as answer:
                kind, root = answer.content_type, await answer.read()
            trusting = ssl.create_default_context(cadata=root.decode())
            async with http.get(f"{url}/healthz", ssl=trusting) as health:
                status = health.status

    fingerprint = x509.load_pem_x509_certificate(root).fingerprint(hashes.SHA256())
    assert (url.split(":")[0], kind, status) == ("https", "application/x-x509-ca-cert", 200)
    assert fingerprint.hex() == server.address.root_fingerprint
    assert fingerprint.hex(" ", 2).upper() in text
    assert "受信任的根证书颁发机构" in text


async def test_there_is_nothing_to_trust_where_the_server_has_no_root_of_its_own(tmp_path: Path) -> None:
    async with run_server(plain_settings(tmp_path)) as server, aiohttp.ClientSession() as http:
        async with http.get(f"{server.address.url}/trust") as page:
            first = page.status
        async with http.get(f"{server.address.url}/trust/root.crt") as root:
            second = root.status

    assert (first, second) == (404, 404)
