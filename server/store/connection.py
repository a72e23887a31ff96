"""How we speak to Redis or Valkey: each request is sent once, and a failure says whether it was sent.

The driver's connections and pool are used as they are, its client is not: that one sends a request again when no
answer came, and does not tell a refused connection (nothing happened) from a lost one (it may have happened).
The time limit is ours too: under `socket_timeout` the driver sends through `asyncio.wait_for`, which in Python 3.11
can swallow the cancelling of a task (gh-86296).
"""

import asyncio
from collections.abc import Sequence
from types import TracebackType
from typing import Any, Self

from redis.asyncio import BlockingConnectionPool
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import BusyLoadingError, RedisError, ResponseError

from server.store.errors import StoreSilent, StoreUnavailable, StoreUnwritable

UNANSWERED = (RedisError, OSError)
"Whatever the driver makes of a line that breaks, is silent or talks rubbish; who asks must be able to go on."

Word = bytes | str | int
"A part of a request."


class Store:
    """Connections of its own to one server; they come back by themselves after a failure."""

    def __init__(self, url: str, *, timeout_s: float = 2.0, connections: int = 64) -> None:
        """Connects when first asked.

        Args:
            url: `unix:///path`, `redis://host:port/db` or `rediss://…`.
            timeout_s: how long to wait for a connection and for each answer.
            connections: how many requests may be under way; further ones wait their turn, `timeout_s` at most.
        """
        self._timeout_s = timeout_s
        self._pool = BlockingConnectionPool.from_url(
            url,
            max_connections=connections,
            timeout=timeout_s,
            socket_timeout=None,
            retry=Retry(NoBackoff(), 0),
            protocol=2,
            driver_info=None,
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.disconnect()

    async def disconnect(self) -> None:
        """Closes every connection; the next request opens a new one."""
        await self._pool.disconnect()

    async def ask(self, *words: Word) -> Any:
        """The answer to one command, as the server gave it: `bytes`, `int`, `None` or a list of these.

        Raises:
            StoreUnavailable: no connection; nothing was sent.
            StoreSilent: sent and not answered; it may have been carried out, or be carried out later.
            StoreUnwritable: the answer is an error; nothing was written.
        """
        try:
            async with asyncio.timeout(self._timeout_s):
                connection = await self._pool.get_connection()  # type: ignore[no-untyped-call]  # redis-py 8.1
        except UNANSWERED as error:
            raise StoreUnavailable from error
        try:
            async with asyncio.timeout(self._timeout_s):
                await connection.send_command(*words)
                return await connection.read_response()
        except BusyLoadingError as error:
            raise StoreUnavailable from error
        except ResponseError as error:
            raise StoreUnwritable(reply=error) from error
        except UNANSWERED as error:
            raise StoreSilent from error
        finally:
            await self._pool.release(connection)

    async def run(self, script: str, key: str, *arguments: Word) -> Any:
        """The answer of a Lua script over one key; it is sent whole, so a restarted server needs no reminder.

        Raises:
            StoreUnavailable: as `ask` does.
            StoreSilent: as `ask` does.
            StoreUnwritable: as `ask` does.
        """
        return await self.ask("EVAL", script, 1, key, *arguments)


def as_dict(flat: Sequence[bytes]) -> dict[bytes, bytes]:
    """The fields of a hash or an entry, which the server gives as name, value, name, value."""
    return dict(zip(flat[::2], flat[1::2], strict=True))
