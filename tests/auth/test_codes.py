import asyncio
import hashlib
import hmac
from collections.abc import Awaitable

import pytest

from server.auth.codes import Entry, EntryCodes, SeatEntry, parse_code
from server.auth.operators import Operator, OperatorId
from server.auth.rejections import CodeUnknown, TooManyTries
from server.auth.tries import TryLimits
from server.domain.errors import Rejection
from server.domain.ids import Alias, RoomId, VenueId
from tests.support.code_store import MemoryCodeStore

KEY = bytes(range(32))
E3 = SeatEntry(room=RoomId("r1"), alias=Alias("E3"), venue=VenueId("yi"), role="expert")
WANG = Operator(id=OperatorId("op-1"), name="王主任", venue=VenueId("jia"))
HOME = "192.0.2.7"


def _codes(store: MemoryCodeStore, *draws: int, limits: TryLimits | None = None) -> EntryCodes:
    remaining = iter(draws)
    return EntryCodes(KEY, store, limits=limits, draw=lambda _: next(remaining))


async def _answer(redeeming: Awaitable[Entry]) -> str:
    """The code of the refusal, or `entered`."""
    try:
        await redeeming
    except Rejection as refusal:
        return refusal.code
    return "entered"


@pytest.mark.parametrize("entry", [E3, WANG])
async def test_code_leads_to_its_entry(entry: Entry) -> None:
    codes = _codes(MemoryCodeStore(), 12_345_678)

    issued = await codes.issue(entry)

    assert issued.display == "1234 5678"
    assert await codes.redeem(issued.display, address=HOME) == entry


async def test_code_keeps_its_leading_zeros() -> None:
    codes = _codes(MemoryCodeStore(), 42)

    issued = await codes.issue(E3)

    assert issued.display == "0000 0042"


async def test_code_is_drawn_from_all_eight_digit_numbers() -> None:
    bounds: list[int] = []

    def draw(bound: int) -> int:
        bounds.append(bound)
        return 7

    await EntryCodes(KEY, MemoryCodeStore(), draw=draw).issue(E3)

    assert bounds == [100_000_000]


async def test_code_is_stored_as_keyed_hash_only() -> None:
    store = MemoryCodeStore()

    issued = await _codes(store, 12_345_678).issue(E3)

    expected = hmac.new(KEY, b"lianping-code-v1\n12345678", hashlib.sha256).hexdigest()
    assert issued.code_hash == expected
    assert list(store.codes) == [expected]
    assert b"12345678" not in store.codes[expected][0]


async def test_code_that_another_person_holds_is_drawn_again() -> None:
    codes = _codes(MemoryCodeStore(), 5, 5, 6)
    first = await codes.issue(E3)

    second = await codes.issue(WANG)

    assert (first.digits, second.digits) == ("00000005", "00000006")
    assert await codes.redeem(first.digits, address=HOME) == E3


async def test_code_is_good_for_one_of_two_who_enter_at_once() -> None:
    codes = _codes(MemoryCodeStore(), 5)
    issued = await codes.issue(E3)

    answers = await asyncio.gather(
        *(_answer(codes.redeem(issued.digits, address=HOME)) for _ in range(2)),
    )

    assert sorted(answers) == ["code_unknown", "entered"]


async def test_code_stays_with_the_page_that_used_it_for_ten_minutes() -> None:
    store = MemoryCodeStore()
    codes = _codes(store, 5)
    issued = await codes.issue(E3)

    async def answer(secret: str | None) -> str:
        return await _answer(codes.redeem(issued.digits, address=HOME, secret=secret))

    at_once = [await answer(secret) for secret in ("mine", "hers", None, "mine")]
    store.now_s = 599
    later = await answer("mine")
    store.now_s = 600 + 599

    assert at_once == ["entered", "code_unknown", "code_unknown", "entered"]
    assert (later, await answer("mine")) == ("entered", "code_unknown")


async def test_secret_of_a_page_is_stored_as_keyed_hash_only() -> None:
    store = MemoryCodeStore()
    codes = _codes(store, 5)
    issued = await codes.issue(E3)

    await codes.redeem(issued.digits, address=HOME, secret="mine")

    expected = hmac.new(KEY, b"lianping-code-taker-v1\nmine", hashlib.sha256).hexdigest()
    assert store.takers == {issued.code_hash: expected}


async def test_code_of_which_the_store_did_not_answer_is_no_wrong_try() -> None:
    store = MemoryCodeStore()
    codes = _codes(store, 5, limits=TryLimits(per_address=1))
    issued = await codes.issue(E3)
    store.is_silent = True
    unanswered = [await _answer(codes.redeem(issued.digits, address=HOME)) for _ in range(5)]
    store.is_silent = False

    assert unanswered == ["store_unavailable"] * 5
    assert await codes.redeem(issued.digits, address=HOME) == E3


async def test_all_useless_codes_get_the_same_answer() -> None:
    store = MemoryCodeStore()
    codes = _codes(store, 1, 2, 3)
    used, withdrawn, expired = [await codes.issue(E3, ttl_s=60) for _ in range(3)]
    await codes.redeem(used.digits, address=HOME)
    await codes.withdraw(withdrawn.code_hash)
    store.now_s = 60

    refusals = []
    for typed in (used.digits, withdrawn.digits, expired.digits, "99999999", "no code"):
        with pytest.raises(CodeUnknown) as caught:
            await codes.redeem(typed, address=HOME)
        refusals.append((caught.value.code, str(caught.value), caught.value.facts))

    assert set(map(repr, refusals)) == {repr(("code_unknown", "This entry code is not valid.", {}))}


async def test_code_lives_until_the_second_before_its_end() -> None:
    store = MemoryCodeStore()
    codes = _codes(store, 5)
    issued = await codes.issue(E3)
    store.now_s = 12 * 3600 - 1

    assert await codes.redeem(issued.digits, address=HOME) == E3


async def test_eleventh_wrong_code_of_an_address_closes_the_door_to_right_ones_too() -> None:
    store = MemoryCodeStore()
    codes = _codes(store, 5)
    issued = await codes.issue(E3)

    answers = [await _answer(codes.redeem(f"9999000{n % 10}", address=HOME)) for n in range(11)]
    locked_out = await _answer(codes.redeem(issued.digits, address=HOME))
    from_elsewhere = await _answer(codes.redeem(issued.digits, address="192.0.2.8"))

    assert answers == ["code_unknown"] * 10 + ["too_many_tries"]
    assert locked_out == "too_many_tries"
    assert from_elsewhere == "entered"


async def test_closed_door_opens_after_the_time_it_names() -> None:
    store = MemoryCodeStore()
    codes = _codes(store, 5, limits=TryLimits(per_address=0))
    issued = await codes.issue(E3)

    with pytest.raises(TooManyTries) as caught:
        await codes.redeem(issued.digits, address=HOME)
    store.now_s = int(str(caught.value.facts["retry_after_s"]))

    assert caught.value.facts == {"retry_after_s": 600}
    patient = _codes(store, limits=TryLimits(per_address=1))
    assert await patient.redeem(issued.digits, address=HOME) == E3


async def test_hall_of_thirty_enters_from_one_address() -> None:
    codes = _codes(MemoryCodeStore(), *range(30))
    issued = [await codes.issue(E3) for _ in range(30)]

    answers = [await _answer(codes.redeem(code.digits, address=HOME)) for code in issued]

    assert answers == ["entered"] * 30


async def test_wrong_codes_from_many_addresses_close_the_door() -> None:
    codes = _codes(MemoryCodeStore(), limits=TryLimits(per_door=3))

    answers = [await _answer(codes.redeem("99999999", address=f"192.0.2.{n}")) for n in range(4)]

    assert answers == ["code_unknown"] * 3 + ["too_many_tries"]


async def test_text_that_is_no_code_is_not_counted() -> None:
    store = MemoryCodeStore()

    answers = [await _answer(_codes(store).redeem("1234567", address=HOME)) for _ in range(20)]

    assert answers == ["code_unknown"] * 20
    assert store.counts == {}


@pytest.mark.parametrize("typed", ["12345678", "1234 5678", " 1234-5678\n", "1234\u30005678", "１２３４５６７８"])
def test_parse_code_understands_what_people_type(typed: str) -> None:
    assert parse_code(typed) == "12345678"


@pytest.mark.parametrize("typed", ["", "1234567", "123456789", "1234567a", "١٢٣٤٥٦٧٨", "12345678;"])
def test_parse_code_refuses_other_text(typed: str) -> None:
    with pytest.raises(CodeUnknown):
        parse_code(typed)
