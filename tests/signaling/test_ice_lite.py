from aioice import stun

from signaling.datagram_batches import Address
from signaling.ice_lite import MOST_REMEMBERED, Check, Credentials, IceLite
from signaling.stun_binding import Request, read_request

OURS = Credentials("ours", "secret")
NEXT = Credentials("next", "other")
SENDER = Address(bytes.fromhex("02001f90c0000201") + bytes(8))  # 192.0.2.1:8080


def request(credentials: Credentials = OURS, *, nominating: bool = False) -> Request:
    message = stun.Message(
        stun.Method.BINDING, stun.Class.REQUEST, attributes={"USERNAME": f"{credentials.name}:theirs"}
    )
    if nominating:
        message.attributes["USE-CANDIDATE"] = None
    message.add_message_integrity(credentials.password.encode())
    read = read_request(bytes(message))
    assert read is not None
    return read


def passed(ice: IceLite, credentials: Credentials, *, nominating: bool = False) -> bool:
    return ice.check(request(credentials, nominating=nominating), SENDER) is not None


def test_authentic_check_is_answered_with_the_senders_address() -> None:
    asked = request(nominating=True)

    check = IceLite(OURS).check(asked, SENDER)

    assert isinstance(check, Check)
    response = stun.parse_message(check.response)
    assert check.is_nominating
    assert response.check_message_integrity(b"secret")
    assert (response.message_class, response.transaction_id) == (stun.Class.RESPONSE, asked.transaction)
    assert response.attributes["XOR-MAPPED-ADDRESS"] == ("192.0.2.1", 8080)


def test_check_without_nomination_is_answered_too() -> None:
    check = IceLite(OURS).check(request(), SENDER)

    assert check is not None
    assert not check.is_nominating


def test_check_that_has_come_from_elsewhere_before_is_told_from_one_that_is_sent_again() -> None:
    ice, asked = IceLite(OURS), request()
    elsewhere = Address(SENDER[:-1] + b"\x07")

    sent = [(asked, SENDER), (request(), elsewhere), (asked, SENDER), (asked, elsewhere)]
    checks = [ice.check(each, sender) for each, sender in sent]

    assert [check is not None and check.is_repeated for check in checks] == [False, False, False, True]


def test_checks_of_long_ago_are_forgotten() -> None:
    ice = IceLite(OURS)
    for _ in range(MOST_REMEMBERED + 10):
        ice.check(request(), SENDER)

    assert len(ice._came) == MOST_REMEMBERED


def test_check_with_a_wrong_password_gets_no_answer() -> None:
    assert not passed(IceLite(OURS), Credentials("ours", "guess"))


def test_check_for_another_name_gets_no_answer() -> None:
    assert not passed(IceLite(OURS), Credentials("else", "secret"))


def test_old_credentials_live_until_the_new_pair_is_nominated() -> None:
    ice = IceLite(OURS)
    ice.restart(NEXT)

    during = [passed(ice, OURS), passed(ice, NEXT), passed(ice, OURS, nominating=True)]
    nominated = passed(ice, NEXT, nominating=True)

    assert during == [True, True, True]
    assert nominated
    assert not passed(ice, OURS)
    assert ice.names == ["next"]


def test_names_are_those_that_are_answered() -> None:
    ice = IceLite(OURS)
    ice.restart(NEXT)

    assert ice.names == ["next", "ours"]
