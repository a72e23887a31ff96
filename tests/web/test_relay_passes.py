import asyncio

from server.auth.relays import Relays
from server.domain.ids import Alias, Millis
from server.web.relay_passes import keep_passing, new_pass
from server.web.signal_frames import MediaRelays

E3 = Alias("E3")
RELAYS = Relays(urls=("turn:relay.example:3478", "turns:relay.example:443?transport=tcp"), secret="north")


def test_page_is_given_every_address_and_a_pass_of_its_own() -> None:
    issued = RELAYS.issue(E3, Millis(5000))

    assert new_pass(RELAYS, E3, Millis(5000)) == MediaRelays(
        urls=RELAYS.urls, username=issued.username, credential=issued.credential
    )


async def test_next_pass_comes_before_the_last_one_ends() -> None:
    given: asyncio.Queue[MediaRelays] = asyncio.Queue()
    times = iter(Millis(each * 1000) for each in range(1000))
    brief = Relays(urls=RELAYS.urls, secret="north", lifetime_s=0.02)

    passing = asyncio.create_task(keep_passing(brief, E3, lambda: next(times), given.put_nowait))
    usernames = [(await given.get()).username for _ in range(3)]
    passing.cancel()

    assert usernames == ["0:E3", "1:E3", "2:E3"]
