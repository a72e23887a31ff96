import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.evidence.errors import MalformedText
from server.evidence.strict_text import MAX_NUMBER, from_base64, from_decimal, to_base64


@given(st.binary(max_size=80))
def test_base64_returns_what_it_was_given(raw: bytes) -> None:
    assert from_base64(to_base64(raw)) == raw


@pytest.mark.parametrize(
    "text", ["AA", "AA=", "AB==", "AA==\n", " AA==", "A-==", "AA===", "A=A=", "ＡＡ==", "AA==AA=="]
)
def test_base64_has_one_spelling(text: str) -> None:
    with pytest.raises(MalformedText):
        from_base64(text)


@pytest.mark.parametrize("number", [0, 1, 9, 10, 20852163, 10**18, MAX_NUMBER])
def test_decimal_returns_the_number(number: int) -> None:
    assert from_decimal(str(number)) == number


@pytest.mark.parametrize("text", ["", "00", "01", "-1", "+1", "1 ", "1\n", "1_0", "1.0", "٣", "1" * 5000, str(2**63)])
def test_decimal_has_one_spelling(text: str) -> None:
    with pytest.raises(MalformedText):
        from_decimal(text)
