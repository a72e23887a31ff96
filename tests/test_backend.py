from pathlib import Path

import pytest

from server.backend import PromiseBroken, open_backend, own_store
from server.store.embedded_valkey import EmbeddedValkey
from tests.support.live_server import plain_settings


async def test_a_store_that_would_lose_commands_is_not_used(own_valkey: EmbeddedValkey, tmp_path: Path) -> None:
    settings = plain_settings(tmp_path / "data", own_valkey.url)
    async with open_backend(settings) as backend:
        await backend.store.ask("CONFIG", "SET", "appendfsync", "no")

    with pytest.raises(PromiseBroken, match="appendfsync is no; it must be always"):
        async with open_backend(settings, own_store):
            pass
