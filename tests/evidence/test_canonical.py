import json
import struct
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.evidence.canonical import canonical, is_canonical
from server.evidence.errors import NotCanonical

NUMBERS = {
    "0000000000000000": "0",
    "8000000000000000": "0",
    "0000000000000001": "5e-324",
    "7fefffffffffffff": "1.7976931348623157e+308",
    "4340000000000000": "9007199254740992",
    "4430000000000000": "295147905179352830000",
    "44b52d02c7e14af5": "9.999999999999997e+22",
    "44b52d02c7e14af6": "1e+23",
    "444b1ae4d6e2ef4e": "999999999999999700000",
    "444b1ae4d6e2ef50": "1e+21",
    "3eb0c6f7a0b5ed8c": "9.999999999999997e-7",
    "3eb0c6f7a0b5ed8d": "0.000001",
    "41b3de4355555555": "333333333.3333333",
    "becbf647612f3696": "-0.0000033333333333333333",
}
"Doubles in hexadecimal and their text. Source: RFC 8785, Appendix B."

scalars = st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.floats(allow_nan=False) | st.text()
values = st.recursive(
    scalars.filter(lambda value: value not in (float("inf"), float("-inf"))),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@pytest.mark.parametrize(("bits", "text"), NUMBERS.items())
def test_canonical_number_follows_the_rfc(bits: str, text: str) -> None:
    (number,) = struct.unpack(">d", bytes.fromhex(bits))

    assert canonical(number) == text.encode()


def test_canonical_sorts_keys_by_utf16_and_escapes_little() -> None:
    value = {"\u20ac": 1, "\r": 2, "\ufb33": 3, "1": 4, "\U0001f600": 5, "\x80": 6, "\u00f6": '\x0f\n"\\/评'}

    expected = '{"\\r":2,"1":4,"\x80":6,"ö":"\\u000f\\n\\"\\\\/评","€":1,"😀":5,"\ufb33":3}'

    assert canonical(value) == expected.encode()


def looped() -> list[Any]:
    value: list[Any] = []
    value.append(value)
    return value


@pytest.mark.parametrize(
    "value", [2**53, -(2**53), float("nan"), float("inf"), "\ud800", {"\ud800": 1}, {1: 2}, b"raw", {1, 2}, looped()]
)
def test_canonical_refuses_what_has_no_form(value: object) -> None:
    with pytest.raises(NotCanonical):
        canonical(value)


@settings(max_examples=40)
@given(values)
def test_canonical_bytes_are_canonical(value: object) -> None:
    assert is_canonical(canonical(value))


@settings(max_examples=40)
@given(values)
def test_canonical_bytes_mean_the_value(value: object) -> None:
    assert json.loads(canonical(value), parse_int=float) == value


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"{",
        b"{} ",
        b"{}\n",
        b"{}{}",
        b' {"a":1}',
        b'{"a": 1}',
        b'{"b":1,"a":2}',
        b'{"a":1,"a":1}',
        b'{"a":1,"a":2}',
        b"1.0",
        b"1e2",
        b"-0",
        b"01",
        b"1e400",
        b"9007199254740993",
        b"1" * 5000,
        b"NaN",
        b"Infinity",
        b'"\\u0041"',
        b'"\\/"',
        b'"\\u000A"',
        b'"\x01"',
        b'"\\ud800"',
        b'{"\\udfff":1}',
        b'"\xed\xa0\x80"',
        b'"\xff"',
        b"\xef\xbb\xbf{}",
        "{}".encode("utf-16"),
        b"[" * 100_000 + b"]" * 100_000,
    ],
)
def test_is_canonical_refuses_a_second_spelling(line: bytes) -> None:
    assert not is_canonical(line)


@pytest.mark.parametrize("line", [b"{}", b"null", b'"\xe8\xaf\x84"', b'{"a":[1,"2",true]}', b"100000000000000000000"])
def test_is_canonical_accepts_the_one_spelling(line: bytes) -> None:
    assert is_canonical(line)


@given(st.binary(max_size=40))
def test_is_canonical_never_raises(line: bytes) -> None:
    assert is_canonical(line) in (True, False)


@settings(max_examples=40)
@given(values, st.data())
def test_is_canonical_refuses_any_inserted_space(value: object, data: st.DataObject) -> None:
    line = canonical({"k": value})
    outside = [i for i in range(len(line)) if line[:i].replace(b"\\\\", b"").replace(b'\\"', b"").count(b'"') % 2 == 0]
    at = data.draw(st.sampled_from(outside))

    assert not is_canonical(line[:at] + b" " + line[at:])
