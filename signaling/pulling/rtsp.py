"""RTSP over one TCP connection: requests, replies, the packets between them, and how one logs in. Pure.

FFmpeg's client follows a camera that redirects it, to whatever address, and cannot be told not to; this one goes
nowhere but where it was sent, and the names in a camera's description only ever stand in request lines.
Source: RFC 2326 (10.12: interleaved packets); RFC 7616 and RFC 2617 (Digest); RFC 7617 (Basic).
"""

import base64
import hashlib
import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import msgspec

MAX_HEAD_BYTES = 16 * 1024
MAX_BODY_BYTES = 64 * 1024
_PARAMETER = re.compile(r'(\w+)\s*=\s*(?:"([^"]*)"|([^\s,]+))')
_HASHES = {"MD5": "md5", "SHA-256": "sha256"}


class NotRtsp(ValueError):
    """What comes is no RTSP."""


class Reply(msgspec.Struct, frozen=True, kw_only=True):
    """A camera's reply, or a request of its own, which has the status 0."""

    status: int
    number: int
    "Of the request that it answers; -1 where it does not say."
    headers: tuple[tuple[str, str], ...]
    "Names in lower case."
    body: str

    def first(self, name: str) -> str | None:
        """The first value of a header."""
        return next((value for key, value in self.headers if key == name), None)


class Packet(msgspec.Struct, frozen=True):
    """A packet on a channel."""

    channel: int
    data: bytes


class Incoming:
    """Cuts what a camera sends into replies and packets."""

    def __init__(self) -> None:
        self._pending = bytearray()

    def feed(self, data: bytes) -> Iterator[Reply | Packet]:
        """What is whole now.

        Raises:
            NotRtsp: it cannot be read.
        """
        self._pending += data
        while True:
            empty = len(self._pending) - len(self._pending.lstrip(b"\r\n"))
            del self._pending[:empty]  # some cameras end a body with an empty line of its own
            if not self._pending:
                return
            found = self._packet() if self._pending[0] == 0x24 else self._reply()
            if found is None:
                return
            yield found

    def _packet(self) -> Packet | None:
        end = 4 + int.from_bytes(self._pending[2:4]) if len(self._pending) >= 4 else 4
        if len(self._pending) < end:
            return None
        found = Packet(self._pending[1], bytes(self._pending[4:end]))
        del self._pending[:end]
        return found

    def _reply(self) -> Reply | None:
        end = self._pending.find(b"\r\n\r\n", 0, MAX_HEAD_BYTES)
        if end < 0:
            if len(self._pending) >= MAX_HEAD_BYTES or not chr(self._pending[0]).isalpha():
                raise NotRtsp("no head of a reply")
            return None
        head, *lines = self._pending[:end].decode("utf-8", "replace").split("\r\n")
        pairs = (line.partition(":") for line in lines)
        headers = tuple((name.strip().lower(), value.strip()) for name, _, value in pairs)
        size = _number(headers, "content-length", 0)
        if not 0 <= size <= MAX_BODY_BYTES:
            raise NotRtsp("a body that is too long")
        if len(self._pending) < end + 4 + size:
            return None
        body = self._pending[end + 4 : end + 4 + size].decode("utf-8", "replace")
        del self._pending[: end + 4 + size]
        return Reply(status=_status(head), number=_number(headers, "cseq", -1), headers=headers, body=body)


def _status(line: str) -> int:
    found = re.match(r"RTSP/\S* +([1-5][0-9]{2})\b", line)
    if found is not None:
        return int(found[1])
    if re.fullmatch(r"[A-Z_]+ +\S+ +RTSP/\S+", line):
        return 0  # a request
    raise NotRtsp(f"no status: {line[:40]!r}")


def _number(headers: tuple[tuple[str, str], ...], name: str, otherwise: int) -> int:
    value = next((value for key, value in headers if key == name), None)
    if value is None:
        return otherwise
    if not re.fullmatch(r"[0-9]{1,9}", value):
        raise NotRtsp(f"{name} is no number")
    return int(value)


def request(method: str, url: str, number: int, headers: dict[str, str]) -> bytes:
    """A request as it is sent."""
    fields = {"CSeq": str(number), "User-Agent": "Lianping", **headers}
    lines = [f"{method} {url} RTSP/1.0", *(f"{name}: {value}" for name, value in fields.items()), "", ""]
    return "\r\n".join(lines).encode()


class Login:
    """Proves that we know the password, in the way that the camera asks for; the safest one, if there is a choice."""

    def __init__(self, user: str, password: str) -> None:
        self._user = user
        self._password = password
        self._asked: dict[str, str] | None = None
        self._count = 0

    def heard(self, reply: Reply) -> bool:
        """Take the challenge of a 401; false if the password has been refused already, or cannot be asked for so."""
        was_answered = self._asked is not None
        challenges = [value for name, value in reply.headers if name == "www-authenticate"]
        found = [(value.split(" ", 1)[0].lower(), _parameters(value)) for value in challenges]
        usable = [
            {"scheme": scheme, **values}
            for scheme, values in found
            if scheme == "basic" or (scheme == "digest" and values.get("algorithm", "MD5").upper() in _HASHES)
        ]
        order = {"SHA-256": 0, "MD5": 1}
        usable.sort(key=lambda each: order[each.get("algorithm", "MD5").upper()] if each["scheme"] == "digest" else 2)
        if not usable or not self._user:
            return False
        is_stale = usable[0].get("stale", "").lower() == "true"
        self._asked, self._count = usable[0], 0
        return is_stale or not was_answered

    def headers(self, method: str, url: str, nonce: str) -> dict[str, str]:
        """What a request carries; `nonce` is a fresh random word."""
        asked = self._asked
        if asked is None:
            return {}
        if asked["scheme"] == "basic":
            return {"Authorization": "Basic " + base64.b64encode(f"{self._user}:{self._password}".encode()).decode()}
        self._count += 1
        return {"Authorization": "Digest " + self._digest(asked, method, url, nonce)}

    def _digest(self, asked: dict[str, str], method: str, url: str, nonce: str) -> str:
        algorithm = asked.get("algorithm", "MD5").upper()
        realm, theirs = asked.get("realm", ""), asked.get("nonce", "")

        def hashed(text: str) -> str:
            return hashlib.new(_HASHES[algorithm], text.encode(), usedforsecurity=False).hexdigest()

        secret, about = hashed(f"{self._user}:{realm}:{self._password}"), hashed(f"{method}:{url}")
        fields = {"username": self._user, "realm": realm, "nonce": theirs, "uri": url}
        more = ""
        if "auth" in [each.strip() for each in asked.get("qop", "").split(",")]:
            count = f"{self._count:08x}"
            fields["response"] = hashed(f"{secret}:{theirs}:{count}:{nonce}:auth:{about}")
            more = f', qop=auth, nc={count}, cnonce="{nonce}"'
        else:
            fields["response"] = hashed(f"{secret}:{theirs}:{about}")
        if "opaque" in asked:
            fields["opaque"] = asked["opaque"]
        if "algorithm" in asked:
            more += f", algorithm={algorithm}"
        return ", ".join(f'{name}="{value}"' for name, value in fields.items()) + more


def _parameters(challenge: str) -> dict[str, str]:
    return {name.lower(): quoted or plain for name, quoted, plain in _PARAMETER.findall(challenge)}


def joined(base: str, control: str) -> str:
    """The name of a track, as requests about it carry it."""
    if control in ("", "*"):
        return base
    if urlsplit(control).scheme.lower() in ("rtsp", "rtsps"):
        return control
    return f"{base.rstrip('/')}/{control.lstrip('/')}"
