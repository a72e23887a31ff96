from server.load.plan import SMALLEST_ROOM
from tests.support.server_process import run


async def test_load_says_what_stops_it(env: dict[str, str]) -> None:
    plan = ("--code", "12345678", "--json", "--seats")

    absent = await run("load", "http://127.0.0.1:9/", *plan, str(SMALLEST_ROOM), env=env)
    too_small = await run("load", "http://127.0.0.1:9/", *plan, str(SMALLEST_ROOM - 1), env=env)

    assert (absent.code, absent.out, too_small.code, too_small.out) == (1, "", 2, "")
    assert "127.0.0.1:9" in absent.err
    assert "Traceback" not in absent.err + too_small.err
