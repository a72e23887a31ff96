"""What this store promises about a power cut, checked at start: shown by `/readyz` and `lianping doctor`."""

import msgspec

from server.store.connection import Store, as_dict
from server.store.errors import StoreUnwritable

OLDEST_MAJOR_VERSION = 7
"The multi-part append-only file and `CONFIG GET` of several settings came with Redis 7.0."

WANTED = {
    "appendonly": "yes",
    "appendfsync": "always",
    "no-appendfsync-on-rewrite": "no",
    "maxmemory-policy": "noeviction",
}
"Under `no-appendfsync-on-rewrite yes` even `always` answers before the disk has it, while the file is rewritten."


class StorePromise(msgspec.Struct, kw_only=True, frozen=True):
    """The facts, and what is wrong with them."""

    version: str
    "The Redis version it speaks for, such as `7.2.4`; Valkey 9 names itself so too."
    role: str
    "`master`, or `slave` for one that takes no writes."
    replicas: int
    "Connected ones; they copy, but no answer waits for them."
    settings: dict[str, str | None]
    "The settings of `WANTED` as they are; `None` where the server does not tell."
    last_write_ok: bool
    "Whether the last write to the append-only file succeeded."
    faults: tuple[str, ...]
    "A sentence for each fact that breaks the promise."

    @property
    def is_kept(self) -> bool:
        """Whether an answered write survives the death of the process and a power cut."""
        return not self.faults

    @property
    def sentences(self) -> tuple[str, ...]:
        """The verdict in words, for an operator."""
        if self.faults:
            return ("An answered write may be lost in a power cut.", *self.faults)
        promise = "An answered write survives the death of the process and a power cut, not the loss of the disk."
        if not self.replicas:
            return (promise,)
        return (promise, f"Replicas connected: {self.replicas}. They copy, but no answer waits for them.")


async def check(store: Store) -> StorePromise:
    """Asks the server for the facts.

    Raises:
        StoreUnavailable: no answer.
        StoreUnwritable: it refuses to tell even its version.
    """
    text: bytes = await store.ask("INFO")
    info = dict(line.split(":", 1) for line in text.decode().splitlines() if ":" in line)
    return judge(info, await _settings(store))


def judge(info: dict[str, str], settings: dict[str, str | None]) -> StorePromise:
    """The verdict over what the server said of itself."""
    version = info.get("redis_version", "")
    role = info.get("role", "")
    last_write_ok = info.get("aof_last_write_status") == "ok"
    faults = [
        f"{name} is {settings.get(name) or 'not shown by the server'}; it must be {wanted}."
        for name, wanted in WANTED.items()
        if settings.get(name) != wanted
    ]
    major = version.split(".")[0]
    if not major.isdecimal() or int(major) < OLDEST_MAJOR_VERSION:
        faults.append(f"The server's version is {version or 'unknown'}; it must be {OLDEST_MAJOR_VERSION} or newer.")
    if role != "master":
        faults.append(f"The server's role is {role or 'unknown'}: it takes no writes.")
    if not last_write_ok:
        faults.append("The last write to the append-only file failed; is the disk full?")
    return StorePromise(
        version=version,
        role=role,
        replicas=int(info.get("connected_slaves", 0)),
        settings=settings,
        last_write_ok=last_write_ok,
        faults=tuple(faults),
    )


async def _settings(store: Store) -> dict[str, str | None]:
    """What `CONFIG GET` shows of `WANTED`; hosted services may refuse it."""
    try:
        shown = as_dict(await store.ask("CONFIG", "GET", *WANTED))
    except StoreUnwritable:
        shown = {}
    return {name: shown[name.encode()].decode() if name.encode() in shown else None for name in WANTED}
