"""What an operator can set: environment variables into one frozen `Settings`, checked at the start."""

import ipaddress
import re
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from server.auth.camera_addresses import PRIVATE_NETWORKS
from server.domain.errors import LianpingError
from server.words import words

PREFIX: Final = "LIANPING_"

TURN_URL: Final = re.compile(
    r"turns?:(?P<host>[\w.-]+|\[[0-9a-fA-F:.]+\])(:(?P<port>[0-9]{1,5}))?(\?transport=(?P<transport>udp|tcp))?"
)
"Source: RFC 7065, 3.1."


class SettingsUnusable(LianpingError):
    """An environment variable that is unknown or makes no sense."""


class Tls(StrEnum):
    """How `serve` proves who it is."""

    EMBEDDED = "embedded"
    "A certificate of the embedded CA for this machine's names and addresses."
    FILES = "files"
    "`LIANPING_TLS_CHAIN` and `LIANPING_TLS_KEY`."
    OFF = "off"
    "Plain HTTP: behind a proxy that speaks HTTPS, or on localhost."


class Settings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Every setting, named like its environment variable in lower case without `LIANPING_`."""

    data: Path = Path("data")
    "Folder of keys, files and the embedded store."
    redis_url: str | None = None
    "`redis://`, `rediss://` or `unix://`; none starts a private Valkey in the data folder."
    host: str = "0.0.0.0"
    port: int = 8443
    tls: Tls = Tls.EMBEDDED
    tls_chain: Path | None = None
    "PEM, leaf first."
    tls_key: Path | None = None
    page: Path = Path(__file__).parent.parent / "client_web" / "dist"
    "Folder of the built client."
    media: bool = True
    "Whether sound and pictures are forwarded."
    media_host: str | None = None
    "Where the UDP port of all media listens; none: where the page does."
    media_port: int = 8444
    media_addresses: tuple[str, ...] = ()
    "Under which seats reach that port; empty: this machine's own."
    media_log: Path | None = None
    "Where the media process writes its log; none: standard error."
    camera_networks: tuple[str, ...] = PRIVATE_NETWORKS
    "In which room cameras may stand whose pictures this server pulls (RTSP)."
    names: tuple[str, ...] = ()
    "Further DNS names of this server, for the embedded certificate."
    turn_urls: tuple[str, ...] = ()
    "Relays for seats whose network lets no UDP through: `turn:` or `turns:` addresses. Source: RFC 7065."
    turn_secret: str | None = None
    "What the relays share with this server: `static-auth-secret` of coturn."


def read_settings(environment: Mapping[str, str]) -> Settings:
    """The settings in an environment.

    Raises:
        SettingsUnusable: a `LIANPING_` variable is unknown or has no usable value.
    """
    given: dict[str, object] = {
        key.removeprefix(PREFIX).lower(): value for key, value in environment.items() if key.startswith(PREFIX)
    }
    for key in ("names", "media_addresses", "turn_urls", "camera_networks"):
        if key in given:
            given[key] = [name.strip() for name in str(given[key]).split(",") if name.strip()]
    try:
        settings = msgspec.convert(given, Settings, strict=False, dec_hook=_decode_path)
    except msgspec.ValidationError as error:
        raise SettingsUnusable(
            words(
                f"环境变量（{PREFIX}…）中有不能使用的设置：{error}",
                f"A setting in the environment ({PREFIX}…) is not usable: {error}",
            )
        ) from error
    if settings.tls is Tls.FILES and not (settings.tls_chain and settings.tls_key):
        raise SettingsUnusable(
            words(
                "LIANPING_TLS=files 时，必须同时设置 LIANPING_TLS_CHAIN 和 LIANPING_TLS_KEY。",
                "LIANPING_TLS=files needs LIANPING_TLS_CHAIN and LIANPING_TLS_KEY.",
            )
        )
    if bool(settings.turn_urls) != bool(settings.turn_secret):
        raise SettingsUnusable(
            words(
                "LIANPING_TURN_URLS 和 LIANPING_TURN_SECRET 必须同时设置。",
                "LIANPING_TURN_URLS and LIANPING_TURN_SECRET go together.",
            )
        )
    for network in settings.camera_networks:
        _require_network(network)
    for url in settings.turn_urls:
        if not TURN_URL.fullmatch(url):
            raise SettingsUnusable(
                words(
                    f"LIANPING_TURN_URLS：{url} 不是中继地址，应如 turn:主机:3478?transport=tcp。",
                    f"LIANPING_TURN_URLS: {url} is no address like turn:HOST:3478?transport=tcp.",
                )
            )
    return settings


def _require_network(text: str) -> None:
    try:
        ipaddress.ip_network(text)
    except ValueError as error:
        raise SettingsUnusable(
            words(
                f"LIANPING_CAMERA_NETWORKS：{text} 不是网段，应如 192.168.0.0/16。",
                f"LIANPING_CAMERA_NETWORKS: {text} is no network like 192.168.0.0/16.",
            )
        ) from error


def _decode_path(kind: type, value: object) -> object:
    if kind is Path:
        return Path(str(value))
    raise NotImplementedError(f"no setting is a {kind}")
