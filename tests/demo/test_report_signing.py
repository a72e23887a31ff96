"""A scripted member believes nothing of what it is given to sign, and tries again where that helps."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
import pytest_asyncio
from msgspec.structs import replace

from server.app import run_server
from server.demo import report_signing
from server.demo.report_signing import handwriting, sign_report
from server.demo.seat_client import SeatClient, SeatRefused
from server.domain.commands import SignReport
from server.domain.errors import EvidenceBroken
from server.domain.events import SigningEnd
from server.domain.ids import Alias
from server.domain.phases import Phase
from server.domain.state import Report, RoomView
from server.reports.pdf_revisions import ByteRange, byte_range_digest
from server.reports.pdf_signing import prepare
from server.reports.signature_words import SIGNED
from server.room_desk import create_room
from server.web.signatures import PreparedRevision
from tests.support.live_server import E1, E2, E3, L1, TENDER, Sitting, plain_settings, stop_before
from tests.support.lying_server import LyingServer, with_digest

pytestmark = pytest.mark.asyncio(loop_scope="module")

E4, E5, E6 = Alias("E4"), Alias("E5"), Alias("E6")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def signing(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Sitting]:
    """A room that has been played up to the signing; nobody has signed."""
    data: Path = tmp_path_factory.mktemp("signing")
    async with run_server(plain_settings(data)) as server, AsyncExitStack() as stack:
        sitting = Sitting(server, await create_room(server.backend, TENDER), stack)
        await sitting.play(is_signing, stop_before(SignReport))
        yield sitting


@pytest_asyncio.fixture(loop_scope="module")
async def liar(signing: Sitting) -> AsyncIterator[LyingServer]:
    """Stands between the seats' requests and the server, for one test."""
    async with LyingServer(signing.url) as liar:
        for seat in signing.seats.values():
            seat.url = liar.url
        yield liar


def is_signing(view: RoomView) -> bool:
    return view.lots[L1].phase is Phase.SIGNING


def report_of(seat: SeatClient) -> Report:
    report = seat.view.lots[L1].report
    assert report is not None
    return report


def wish(seat: SeatClient, dissent: str = "") -> SignReport:
    report = report_of(seat)
    assert report.latest is not None
    base = report.latest.sha256
    return SignReport(lot=L1, version=report.version, base=base, document=base, signature=bytes(64), dissent=dissent)


async def end_of(seat: SeatClient) -> SigningEnd:
    await seat.until(lambda _: seat.alias in report_of(seat).ends)
    return report_of(seat).ends[seat.alias]


# -- trying again


async def test_member_tries_again_where_somebody_was_first(signing: Sitting, liar: LyingServer) -> None:
    seat, liar.refusals = signing.seats[E3], ["document_moved", "signing_busy", "signing_lapsed"]

    await sign_report(seat, wish(seat, "报价分析依据不足"))

    assert await end_of(seat) is SigningEnd.SIGNED_WITH_DISSENT
    assert (liar.asked, liar.refusals) == (4, [])


async def test_member_whose_revision_has_lapsed_signs_a_new_one(signing: Sitting, liar: LyingServer) -> None:
    seat, liar.prepares_twice = signing.seats[E4], 1

    await sign_report(seat, wish(seat))

    assert await end_of(seat) is SigningEnd.SIGNED
    assert liar.asked == 2


async def test_member_asks_again_over_a_broken_connection(signing: Sitting, liar: LyingServer) -> None:
    seat, liar.broken = signing.seats[E5], 2

    await sign_report(seat, wish(seat))

    assert await end_of(seat) is SigningEnd.SIGNED
    assert (liar.asked, liar.broken) == (1, 0)


async def test_member_gives_up_after_many_tries(
    signing: Sitting, liar: LyingServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(report_signing, "TRIES", 3)
    seat, liar.refusals = signing.seats[E6], ["signing_busy"] * 5

    with pytest.raises(SeatRefused, match="signing_busy"):
        await sign_report(seat, wish(seat))

    assert liar.asked == 3


@pytest.mark.parametrize("refusal", ["handwriting_unusable", "nothing_to_sign"])
async def test_other_refusals_are_told_at_once(signing: Sitting, liar: LyingServer, refusal: str) -> None:
    seat, liar.refusals = signing.seats[E6], [refusal] * 2

    with pytest.raises(SeatRefused, match=refusal):
        await sign_report(seat, wish(seat))

    assert liar.asked == 1


async def test_version_that_was_issued_again_is_not_signed(signing: Sitting, liar: LyingServer) -> None:
    seat = signing.seats[E6]

    with pytest.raises(SeatRefused, match="report_version_passed"):
        await sign_report(seat, replace(wish(seat), version=2))

    assert liar.asked == 0


# -- lies


def ranged(base: bytes, prepared: PreparedRevision, byte_range: ByteRange) -> PreparedRevision:
    """Another range, with the digest that fits it."""
    digest = byte_range_digest(base + prepared.tail, byte_range)
    return replace(prepared, byte_range=byte_range, attributes=with_digest(prepared.attributes, digest))


def leave_bytes_out(base: bytes, prepared: PreparedRevision) -> PreparedRevision:
    start, first, second, rest = prepared.byte_range
    return ranged(base, prepared, (start, first, second + 10, rest - 10))


def leave_beginning_out(base: bytes, prepared: PreparedRevision) -> PreparedRevision:
    _, first, second, rest = prepared.byte_range
    return ranged(base, prepared, (10, first - 10, second, rest))


def leave_end_out(base: bytes, prepared: PreparedRevision) -> PreparedRevision:
    start, first, second, rest = prepared.byte_range
    return ranged(base, prepared, (start, first, second, rest - 1))


def put_hole_into_report(base: bytes, prepared: PreparedRevision) -> PreparedRevision:
    """The place of a signature that is there already."""
    first = base.index(b"/Contents <30") + len(b"/Contents ")
    second = base.index(b">", first) + 1
    return ranged(base, prepared, (0, first, second, len(base) + len(prepared.tail) - second))


def write_into_hole(base: bytes, prepared: PreparedRevision) -> PreparedRevision:
    at = prepared.byte_range[1] - len(base) + 100
    return replace(prepared, tail=prepared.tail[:at] + b"7" + prepared.tail[at + 1 :])


def state_other_digest(base: bytes, prepared: PreparedRevision) -> PreparedRevision:
    return replace(prepared, attributes=with_digest(prepared.attributes, bytes(32)))


def change_after_digest(base: bytes, prepared: PreparedRevision) -> PreparedRevision:
    return replace(prepared, tail=prepared.tail + b"\n")


def prepare_nothing(base: bytes, prepared: PreparedRevision) -> PreparedRevision:
    """A range over bytes that are no revision."""
    tail = b"\n<00000000>\n"
    first = len(base) + 1
    return ranged(base, replace(prepared, tail=tail), (0, first, first + 10, 1))


LIES = [
    leave_bytes_out,
    leave_beginning_out,
    leave_end_out,
    put_hole_into_report,
    write_into_hole,
    state_other_digest,
    change_after_digest,
    prepare_nothing,
]


@pytest.mark.parametrize("lie", LIES, ids=lambda lie: lie.__name__)
async def test_member_does_not_sign_what_is_not_the_report_with_one_more_signature(
    signing: Sitting, liar: LyingServer, lie: Callable[[bytes, PreparedRevision], PreparedRevision]
) -> None:
    seat, liar.lie = signing.seats[E2], lie
    before = report_of(seat).latest

    with pytest.raises(EvidenceBroken, match="The prepared revision"):
        await sign_report(seat, wish(seat))

    assert report_of(seat).latest == before
    assert E2 not in report_of(seat).ends


@pytest.mark.parametrize(("field", "reason"), [("SignE7", SIGNED), ("SignE2", "确认评标报告，保留不同意见：没有说过")])
async def test_member_does_not_sign_in_anothers_place_or_with_other_words(
    signing: Sitting, liar: LyingServer, field: str, reason: str
) -> None:
    seat, now = signing.seats[E2], signing.server.services.clock()
    opening, wanted = seat.view.opening, wish(seat)
    assert opening is not None
    base = await signing.server.backend.files.get(signing.room, wanted.base)
    other = await asyncio.to_thread(
        prepare,
        base,
        field=field,
        certificate=seat.view.document_keys[E2].certificate,
        issuer=opening.venues[seat.view.seats[E2].venue].issuing_certificate,
        strokes=handwriting(E2),
        reason=reason,
        location="",
        at=now,
    )
    given = PreparedRevision(tail=other.tail, byte_range=other.byte_range, attributes=other.attributes)
    liar.lie = lambda _, prepared: given

    with pytest.raises(EvidenceBroken, match="no place for this member and these words"):
        await sign_report(seat, wanted)


async def test_member_does_not_sign_another_report_than_the_record_names(signing: Sitting, liar: LyingServer) -> None:
    seat, liar.lie_about_file = signing.seats[E2], lambda data: data + b"\n"

    with pytest.raises(EvidenceBroken, match="not the one that the record names"):
        await sign_report(seat, wish(seat))

    assert liar.asked == 0


async def test_each_member_has_a_hand_of_its_own() -> None:
    assert handwriting(E1) == handwriting(E1)
    assert handwriting(E1) != handwriting(E2)
