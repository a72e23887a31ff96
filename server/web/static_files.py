"""The page: the built client in a folder, served as it lies there.

Names under `assets/` carry a hash of their content and are kept by browsers for good; everything else is asked for
again each time, so that a new build is seen at once. Addresses that the page itself understands give `index.html`.
"""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from aiohttp import web

from server.domain.ids import Digest

INDEX: Final = "index.html"

PAGE_PATHS: Final = ("/", "/console", "/demo", "/room/{room}")
"Addresses of the page, as the client's `router.ts` reads them."

KEPT_FOR_GOOD: Final = "public, max-age=31536000, immutable"
ASKED_FOR_AGAIN: Final = "no-cache"

CONTENT_TYPES: Final = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".map": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".wasm": "application/wasm",
    ".woff2": "font/woff2",
}
"By suffix, not by the machine's own table: with `nosniff` a wrong type is a blank page."

PAGE_POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self' 'wasm-unsafe-eval'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "font-src 'self'",
        "media-src 'self' blob:",
        "worker-src 'self' blob:",
        "connect-src 'self' ws://{host} wss://{host}",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "form-action 'self'",
    )
)
"""No inline script or style. `'self'` stands for WebSockets only in Chromium 134 and later, so they are named.
Source: Content Security Policy Level 3, 6.7.2.8."""


def page_routes(folder: Path) -> list[web.RouteDef]:
    """The routes of the client in this folder; none where nothing is built there."""
    if not (folder / INDEX).is_file():
        return []
    files = {"/" + path.relative_to(folder).as_posix(): path for path in _files(folder)}
    page = files.pop("/" + INDEX)
    routes = [web.get(path, _Page(page)) for path in PAGE_PATHS]
    return [*routes, *(web.get(path, _File(file)) for path, file in files.items())]


def client_digest(folder: Path) -> Digest:
    """What is served, as one SHA-256: over each file's relative path and its SHA-256, a line a file, sorted by path."""
    lines = (f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(folder).as_posix()}\n" for path in _files(folder))
    return Digest(hashlib.sha256("".join(lines).encode()).hexdigest())


def _files(folder: Path) -> list[Path]:
    return sorted((path for path in folder.rglob("*") if path.is_file()), key=lambda path: path.relative_to(folder).as_posix())
