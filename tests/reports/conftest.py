import time

import pytest

from server.domain.ids import Millis
from tests.support.signed_pdf import SigningWorld, make_world


@pytest.fixture(scope="session")
def signing_world() -> SigningWorld:
    """At the present moment, for foreign tools know no other."""
    return make_world(Millis(int(time.time() * 1000)))


@pytest.fixture(scope="session")
def certified(signing_world: SigningWorld) -> bytes:
    return signing_world.certified()


@pytest.fixture(scope="session")
def report(signing_world: SigningWorld, certified: bytes) -> bytes:
    return signing_world.closed(signing_world.signed(certified, *signing_world.members))
