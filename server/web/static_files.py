"""The page: the built client in a folder, read once and served from memory.

Names under `assets/` carry a hash of their content and are kept by browsers for good; everything else is asked for
again each time, so that a new build is seen at once. Addresses that the page itself understands give `index.html`.
"""

import hashlib
import re
from pathlib import Path
from typing import Final

from aiohttp import hdrs, web
from aiohttp.typedefs import Handler

from server.domain.ids import Digest

INDEX: Final = "index.html"
ASSETS: Final = "assets/"

PAGE_PATHS: Final = ("/", "/console", "/demo", "/precheck", "/room/{room}", "/wall")
"Addresses of the page, as the client's `router.ts` reads them."

KEPT_FOR_GOOD: Final = "public, max-age=31536000, immutable"
ASKED_FOR_AGAIN: Final = "no-cache"

CONTENT_TYPES: Final = {
    ".css": "text/css",
    ".html": "text/html",
    ".js": "text/javascript",
    ".json": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
}
"By suffix, and not by the machine's own table: under `nosniff` a wrong type is a blank page."

OTHER_TYPE: Final = "application/octet-stream"

PAGE_POLICY: Final = (
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "media-src 'self' blob:",
    "worker-src 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'self'",
)
"What a page may load and do; no inline script, no inline style."

PDF_WORKER: Final = f"{ASSETS}pdf.worker"
"How the script's name begins that reads documents in a worker of its own."

WORKER_POLICY: Final = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'"
"What that worker may do: its decoder of JPEG 2000, in which scanners keep pages, is WebAssembly. It sees no page."

_HOST: Final = re.compile(r"[A-Za-z0-9.:\[\]-]+")


def page_routes(folder: Path) -> list[web.RouteDef]:
    """The routes of the client that is built in this folder; none where nothing is."""
    files = _files(folder)
    index = files.pop(INDEX, None)
    if index is None:
        return []
    pages = [web.get(path, _page(index)) for path in PAGE_PATHS]
    return [*pages, *(web.get(f"/{name}", _file(name, content)) for name, content in files.items())]


def client_digest(folder: Path) -> Digest:
    """What is served as one SHA-256: over a line a file, its own SHA-256 and its relative path, sorted by path."""
    lines = (f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in _files(folder).items())
    return Digest(hashlib.sha256("".join(lines).encode()).hexdigest())


def page_policy(host: str) -> str:
    """The Content-Security-Policy of a page that was asked for under this `Host`.

    Its sockets are named: not every browser in use takes a WebSocket of the same host for `'self'`.
    Source: https://github.com/w3c/webappsec-csp/issues/7
    """
    sockets = f" ws://{host} wss://{host}" if _HOST.fullmatch(host) else ""
    return "; ".join((*PAGE_POLICY, f"connect-src 'self'{sockets}"))


def _files(folder: Path) -> dict[str, bytes]:
    """Every file by its path relative to the folder, in the order of these paths."""
    paths = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    return {name: paths[name].read_bytes() for name in sorted(paths)}


def _page(content: bytes) -> Handler:
    answer = _file(INDEX, content)

    async def page(request: web.Request) -> web.StreamResponse:
        response = await answer(request)
        response.headers["Content-Security-Policy"] = page_policy(request.host)
        return response

    return page


def _file(name: str, content: bytes) -> Handler:
    kept = KEPT_FOR_GOOD if name.startswith(ASSETS) else ASKED_FOR_AGAIN
    tag = hashlib.sha256(content).hexdigest()
    content_type = CONTENT_TYPES.get(Path(name).suffix, OTHER_TYPE)

    async def file(request: web.Request) -> web.StreamResponse:
        if any(known.value == tag for known in request.if_none_match or ()):
            response = web.Response(status=304)
        else:
            response = web.Response(body=content, content_type=content_type, charset=_charset(content_type))
            response.enable_compression()
        response.etag = tag
        response.headers[hdrs.CACHE_CONTROL] = kept
        if name.startswith(PDF_WORKER):
            response.headers["Content-Security-Policy"] = WORKER_POLICY
        return response

    return file


def _charset(content_type: str) -> str | None:
    return "utf-8" if content_type.startswith("text/") else None
