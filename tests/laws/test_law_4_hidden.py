"""Law 4: no viewer's bytes ever hold a hidden line, nor a signature over a command with a field it may not see.

The walks are played again to a page of everybody who ever sat in the room, replaced members too, with lost
connections. What is hidden is said by the oracle, and looked for in the very bytes that a feed sends.
"""

import re

import pytest

from server.domain.ids import Alias
from server.domain.lines import Line
from tests.support.audience_oracle import AUDIENCES, REVEALS, Oracle
from tests.support.random_walks import EVENTFUL, walked
from tests.support.room_plan import person
from tests.support.room_world import types_of
from tests.support.viewing_page import Page, Replay

SECRET = re.compile(
    rb"(?:[\xe4-\xe9][\x80-\xbf]{2}){2,4}\xc2\xb7\w{1,4}\xc2\xb7"  # a planted text, such as 说明·12·
    rb'|(?<=")\d+\.\d\d(?=\\?")'  # points and prices with two decimals
    rb"|[A-Za-z0-9+/]{22,86}==",  # salts, nonces, signatures
)
COMPUTED = {"members_scored", "lot_drawn", "prices_scored", "bids_ranked"}
"Their numbers are the outcome of others; a secret that shows up in one of them is a leak all the same."


def secrets(raw: bytes) -> frozenset[bytes]:
    return frozenset(SECRET.findall(raw))


class Watcher:
    """Looks over one page's shoulder: reads every byte that comes, and knows what must not be among them."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self._read = 0
        self._hidden: dict[int, frozenset[bytes]] = {}
        self._known: set[bytes] = set()

    def learn(self, lines: list[Line], raw: list[bytes], oracle: Oracle) -> None:
        """Sort new lines, and those hidden before, into what the page may know and what not."""
        tags = types_of(lines)
        self._hidden |= {
            line.seq: secrets(raw[line.seq])
            for line, tag in zip(lines, tags, strict=True)
            if tag not in COMPUTED or line.head.signed
        }
        if any(tag in REVEALS for tag in tags):
            again = list(self._hidden)
        else:
            again = [line.seq for line in lines if line.seq in self._hidden]
        for seq in again:
            if oracle.may_hold(seq, self.page.alias):
                self._known |= self._hidden.pop(seq)

    def leaks(self) -> set[bytes]:
        """Secrets among the bytes that came since the last look."""
        came, self._read = secrets(bytes(self.page.bytes[self._read :])), len(self.page.bytes)
        return {secret for secret in came - self._known if any(secret in hidden for hidden in self._hidden.values())}


@pytest.mark.parametrize("seed", EVENTFUL)
def test_no_byte_that_is_sent_holds_a_secret(seed: int) -> None:
    replay, oracle = Replay(walked(seed).world, seed), Oracle()
    watchers: dict[Alias, Watcher] = {}
    played: list[Line] = []
    searched = 0

    while entry := replay.step():
        played += entry
        oracle.take(entry)
        raw = [each.raw for each in replay.stored]
        for alias, page in replay.pages.items():
            if alias not in watchers:
                watchers[alias] = Watcher(page)
                watchers[alias].learn(played, raw, oracle)
            else:
                watchers[alias].learn(entry, raw, oracle)
            assert watchers[alias].leaks() == set(), (alias, entry[0].seq)
            searched += 1

    assert searched > len(played)


@pytest.mark.parametrize("seed", EVENTFUL)
def test_every_line_that_is_sent_may_be_held(seed: int) -> None:
    replay, oracle = Replay(walked(seed).world, seed + 1), Oracle()
    held: dict[Alias, set[int]] = {}

    while entry := replay.step():
        oracle.take(entry)
        for alias, page in replay.pages.items():
            new = page.held.keys() - held.get(alias, set())
            held[alias] = set(page.held)
            assert [seq for seq in new if not oracle.may_hold(seq, alias)] == [], alias
            assert not (new and oracle.left_before(alias, entry[0].seq)), alias
            signed = [line.seq for line in entry if line.head.signed]
            if signed and signed[0] in page.held:
                assert {line.seq for line in entry} <= page.held.keys(), alias


def test_walks_plant_what_could_leak() -> None:
    raw = b"\n".join(line for seed in EVENTFUL for line in walked(seed).world.raw)
    planted = secrets(raw)

    assert len(planted) > 1_000
    assert secrets(person(Alias("E5")).name.encode()) <= planted
    assert b"8137411.53" in planted
    assert set(AUDIENCES) <= {tag for seed in EVENTFUL for tag in types_of(walked(seed).world.lines)}
