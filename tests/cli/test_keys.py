from pathlib import Path

from server.auth.keyring import open_keyring
from tests.support.server_process import run


async def test_a_key_that_leaked_is_worthless_after_two_rotations(env: dict[str, str], tmp_path: Path) -> None:
    folder = tmp_path / "data" / "keys"
    folder.parent.mkdir(mode=0o700)
    leaked = open_keyring(folder).token.signing.public_key()

    once = await run("key", "rotate", env=env)
    between = open_keyring(folder).token
    twice = await run("key", "rotate", env=env)

    after = open_keyring(folder).token
    assert (once.code, twice.code) == (0, 0)
    assert "rotate and restart once more" in once.out
    assert between.previous == leaked
    assert after.previous == between.signing.public_key()
    assert leaked not in (between.signing.public_key(), after.signing.public_key())
