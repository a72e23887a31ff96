"""The judge of seat certificates, and verification with it."""

import pytest
from msgspec.structs import replace

from server.auth.certificates import issue_command_certificate
from server.domain.events import RoomOpened, SeatEnrolled
from server.domain.ids import Alias, Millis, RoomId
from server.domain.lines import Line
from server.evidence.verdict import Outcome
from server.verify_desk import judge_certificate, verify_package
from tests.evidence.keys import LOG, OTHER_LOG
from tests.evidence.signed_room import ISSUERS, found, short_sitting, sitting
from tests.support.room_plan import JIA, ROOM, YI
from tests.support.room_world import START, SeatKey

E3 = Alias("E3")
STATE = sitting().world.room
(LINE,) = [line for line in sitting().world.lines if isinstance(line.event, SeatEnrolled) and line.by == E3]
KEY, OTHER_KEY = sitting().world.keys[E3], SeatKey(99)


def certificate(
    *, issuer: str = YI, alias: str = E3, room: str = ROOM, key: SeatKey = KEY, now: int = START, lifetime_s: int = 3600
) -> bytes:
    return issue_command_certificate(
        next(authority for venue, authority in ISSUERS.items() if venue == issuer),
        room=RoomId(room),
        alias=Alias(alias),
        spki=key.spki,
        now=Millis(now),
        lifetime_s=lifetime_s,
    )


def flaws(der: bytes, line: Line = LINE) -> list[str]:
    event = line.event
    opening = STATE.opening
    assert isinstance(event, SeatEnrolled)
    assert isinstance(opening, RoomOpened)
    return list(judge_certificate(opening, replace(event, certificate=der), line, STATE))


def test_certificate_of_the_seats_venue_holds() -> None:
    assert isinstance(LINE.event, SeatEnrolled)
    assert flaws(certificate()) == []
    assert flaws(LINE.event.certificate) == []


@pytest.mark.parametrize(
    ("der", "reasons"),
    [
        (b"rubbish", ["unreadable", "another key than the enrolled one"]),
        (certificate(issuer=JIA), ["other_issuer", "bad_signature"]),
        (certificate(alias="E4"), ["other_alias", "other_seat"]),
        (certificate(room="another"), ["other_seat"]),
        (certificate(now=START + 86_400_000), ["not_yet_valid"]),
        (certificate(now=START - 1_000_000, lifetime_s=1), ["expired"]),
        (certificate(key=OTHER_KEY), ["another key than the enrolled one"]),
    ],
)
def test_every_flaw_is_told(der: bytes, reasons: list[str]) -> None:
    assert flaws(der) == reasons


def test_fingerprint_must_be_the_keys() -> None:
    assert isinstance(LINE.event, SeatEnrolled)
    line = replace(LINE, event=replace(LINE.event, key=OTHER_KEY.fingerprint))

    assert flaws(certificate(), line) == ["another key than the enrolled one"]


def test_seat_that_was_never_planned_has_no_certificate() -> None:
    assert isinstance(LINE.event, SeatEnrolled)
    line = replace(LINE, event=replace(LINE.event, alias=Alias("E9")))

    assert flaws(certificate(), line) == ["no such seat"]


def test_package_is_verified_with_certificates_and_published_key() -> None:
    package = short_sitting().package()

    assert verify_package(package).outcome is Outcome.SOUND
    assert verify_package(package, log_key=LOG.key.vkey).outcome is Outcome.SOUND
    assert found(verify_package(package, log_key=OTHER_LOG.key.vkey)) == {"log_key": ["lines.jsonl:1"]}
