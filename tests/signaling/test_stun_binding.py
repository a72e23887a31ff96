from collections.abc import Mapping

import pytest
from aioice import stun
from hypothesis import given
from hypothesis import strategies as st

from signaling.stun_binding import Request, read_request, success

PASSWORD = b"VOkJxbRl1RmTxUk/WvJxBt"
SAMPLE = bytes.fromhex(
    "000100582112a442b7e7a701bc34d686fa87dfae802200105354554e207465737420636c69656e74002400046e0001ff80290008932ff9b1"
    "51263b36000600096576746a3a68367659202020000800149aeaa70cbfd8cb56781ef2b5b2d3f249c1b571a280280004e57a3bcf"
)
"The sample request of RFC 5769, 2.1, whose padding is not of zeros."
ANSWER_V4 = bytes.fromhex("002000080001a147e112a643")
ANSWER_V6 = bytes.fromhex("002000140002a1470113a9faa5d3f179bc25f4b5bed2b9d9")
"The mapped addresses of its sample answers, RFC 5769, 2.2 and 2.3."


def asking(attributes: Mapping[str, object], *, kind: stun.Class = stun.Class.REQUEST, is_signed: bool = True) -> bytes:
    message = stun.Message(stun.Method.BINDING, kind, attributes=dict(attributes))
    if is_signed:
        message.add_message_integrity(PASSWORD)
    return bytes(message)


def read(datagram: bytes) -> Request:
    request = read_request(datagram)
    assert request is not None
    return request


def test_published_request_is_read_and_is_by_who_knows_the_password() -> None:
    request = read(SAMPLE)

    assert (request.called, request.is_nominating) == ("evtj", False)
    assert request.transaction.hex() == "b7e7a701bc34d686fa87dfae"
    assert [request.is_by(password) for password in (PASSWORD, PASSWORD[:-1], b"")] == [True, False, False]


@pytest.mark.parametrize(
    ("sender", "mapped"),
    [(("192.0.2.1", 32853), ANSWER_V4), (("2001:db8:1234:5678:11:2233:4455:6677", 32853), ANSWER_V6)],
)
def test_answer_tells_the_published_address_in_a_form_that_others_read(sender: tuple[str, int], mapped: bytes) -> None:
    request = read(SAMPLE)

    answer = success(request, sender, PASSWORD)

    assert mapped in answer
    response = stun.parse_message(answer)
    assert (response.message_method, response.message_class) == (stun.Method.BINDING, stun.Class.RESPONSE)
    assert (response.transaction_id, response.attributes["XOR-MAPPED-ADDRESS"]) == (request.transaction, sender)
    assert response.check_message_integrity(PASSWORD)
    assert "FINGERPRINT" in response.attributes


def test_request_of_another_implementation_is_read() -> None:
    request = read(asking({"PRIORITY": 1, "USERNAME": "ours:theirs", "ICE-CONTROLLING": 7, "USE-CANDIDATE": None}))

    assert (request.called, request.is_nominating, request.is_by(PASSWORD)) == ("ours", True, True)


@pytest.mark.parametrize("at", range(8, len(SAMPLE)))
def test_request_with_any_octet_changed_is_no_authentic_one(at: int) -> None:
    changed = SAMPLE[:at] + bytes([SAMPLE[at] ^ 1]) + SAMPLE[at + 1 :]

    request = read_request(changed)

    assert request is None or not request.is_by(PASSWORD)


def test_what_is_no_signed_request_is_none() -> None:
    named = {"USERNAME": "ours:theirs"}
    allocate = stun.Message(stun.Method.ALLOCATE, stun.Class.REQUEST, attributes=dict(named))
    allocate.add_message_integrity(PASSWORD)

    assert [
        read_request(datagram)
        for datagram in (
            asking(named, kind=stun.Class.RESPONSE),
            bytes(allocate),
            asking(named, is_signed=False),
            asking({"USERNAME": "ours"}),
            asking({"PRIORITY": 1}),
            asking(named) + b"\0\0\0\0",
            SAMPLE[:-1],
            SAMPLE[:20],
            b"",
        )
    ] == [None] * 9


@given(st.binary(max_size=120))
def test_any_datagram_is_a_request_or_none(tail: bytes) -> None:
    head = b"\x00\x01\x00" + bytes([len(tail)]) + b"\x21\x12\xa4\x42" + b"transaction!"

    request = read_request(head + tail)

    assert request is None or ":" not in request.called
