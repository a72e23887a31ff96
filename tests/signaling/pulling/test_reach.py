import pytest

from signaling.pulling.reach import Forbidden, allowed_address, reachable_address

PRIVATE = ("10.0.0.0/8", "192.168.0.0/16", "fc00::/7")


def test_first_address_in_an_allowed_network_is_taken() -> None:
    assert allowed_address(["8.8.8.8", "192.168.1.64"], PRIVATE) == "192.168.1.64"
    assert allowed_address(["fd00::5"], PRIVATE) == "fd00::5"
    assert allowed_address(["127.0.0.1", "::1", "169.254.169.254", "1.1.1.1"], PRIVATE) is None


def test_address_in_the_clothes_of_another_is_judged_by_what_it_is() -> None:
    assert allowed_address(["::ffff:127.0.0.1"], PRIVATE) is None
    assert allowed_address(["::ffff:10.1.1.1"], PRIVATE) == "::ffff:10.1.1.1"
    assert allowed_address(["::ffff:10.1.1.1"], ("::/0",)) is None


async def test_name_that_leads_to_this_machine_is_forbidden() -> None:
    with pytest.raises(Forbidden):
        await reachable_address("localhost", 554, PRIVATE)
    assert await reachable_address("127.0.0.1", 554, ("127.0.0.0/8",)) == "127.0.0.1"
