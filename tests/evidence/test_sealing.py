import json
from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from server.domain import commands as c
from server.domain.events import (
    AnyEvent,
    BallotCast,
    PhaseChanged,
    PledgeMade,
    RecusalGrounds,
    RecusalStated,
    SheetHandedIn,
)
from server.domain.ids import SYSTEM, Alias, Millis
from server.domain.lines import parse_line
from server.domain.phases import Phase, Stage
from server.domain.plan import SignedCommand
from server.domain.rejections import BadSignature, MalformedCommand, SeatNotEnrolled
from server.evidence.canonical import canonical, is_canonical
from server.evidence.command_signatures import command_digest, key_fingerprint
from server.evidence.sealing import open_command, seal
from tests.evidence.keys import spki_of
from tests.support.room_scenes import HOST, at
from tests.support.room_world import SeatKey, World, signed_by

NOW = Millis(1_774_400_000_000)
PLEDGE = PledgeMade()
HANDED_IN = SheetHandedIn(lot=None, stage=Stage.ELECTION, round=1)


# -- events to lines -----------------------------------------------------------------------------------------------


def test_line_holds_place_time_author_salt_and_event() -> None:
    [line] = seal([PhaseChanged(phase=Phase.CHECK_IN)], at=NOW, first_seq=5, salts=[bytes(16)])

    assert json.loads(line) == {
        "seq": 5,
        "at": NOW,
        "by": SYSTEM,
        "salt": "AAAAAAAAAAAAAAAAAAAAAA==",
        "type": "phase_changed",
        "phase": "check_in",
    }
    assert is_canonical(line)


def test_lines_follow_one_another() -> None:
    lines = seal([PLEDGE, PLEDGE], by=Alias("E1"), at=NOW, first_seq=7, salts=[bytes(16), bytes(range(16))])

    assert [parse_line(line).seq for line in lines] == [7, 8]
    assert lines[0] != lines[1].replace(b'"seq":8', b'"seq":7')


@pytest.mark.parametrize(
    ("events", "bearer"),
    [
        ([PLEDGE], 0),
        ([RecusalStated(conflict=True), RecusalGrounds(grounds="亲属")], 1),
        (
            [
                SheetHandedIn(lot=None, stage=Stage.ELECTION, round=1),
                BallotCast(round=1, candidate=Alias("E1")),
                PLEDGE,
            ],
            1,
        ),
        ([RecusalGrounds(grounds="一"), RecusalGrounds(grounds="二")], 0),
    ],
)
def test_signature_stands_in_the_narrowest_event_only(events: list[AnyEvent], bearer: int) -> None:
    signed = SignedCommand(text="{}", key=SeatKey(7).fingerprint, signature=bytes(64))

    lines = seal(events, by=Alias("E1"), at=NOW, first_seq=0, salts=[bytes(16) for _ in events], signed=signed)

    heads = [parse_line(line).head for line in lines]
    assert [head.signed for head in heads] == [signed if place == bearer else None for place in range(len(events))]
    assert {head.cause for head in heads} == {command_digest("{}")}


def test_every_event_needs_a_salt_of_its_own() -> None:
    with pytest.raises(ValueError, match="shorter"):
        seal([PLEDGE, PLEDGE], at=NOW, first_seq=0, salts=[bytes(16)])


# -- signed texts to commands ----------------------------------------------------------------------------------------


def test_signed_command_is_opened() -> None:
    world = at(Phase.CHECK_IN)
    signed = world.sign("E1", c.MakePledge())

    received = open_command(signed, world.room)

    assert (received.envelope.by, received.command, received.key) == ("E1", c.MakePledge(), signed.key)


def test_enrolment_is_signed_with_the_key_that_it_brings() -> None:
    world = World()
    key = world.key_of(HOST)

    received = open_command(world.sign(HOST, c.EnrolSeat(spki=key.spki)), world.room)

    assert received.key == key.fingerprint


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text + " ",
        lambda text: " " + text,
        lambda text: text.replace(",", ", ", 1),
        lambda text: text.replace('"type"', '"type":"make_pledge","type"'),
        lambda text: json.dumps({"zz": 1, **json.loads(text)}),
        lambda text: text[:-1],
        lambda text: '"\ud800"',
        lambda text: text.replace('"n":', '"n":1e'),
    ],
)
def test_text_that_is_not_canonical_is_refused(change: Callable[[str], str]) -> None:
    world = at(Phase.CHECK_IN)
    signed = world.sign("E1", c.MakePledge())
    changed = SignedCommand(text=change(signed.text), key=signed.key, signature=signed.signature)

    with pytest.raises(MalformedCommand, match="RFC 8785"):
        open_command(changed, world.room)


def test_canonical_text_that_is_no_command_is_refused() -> None:
    world = at(Phase.CHECK_IN)

    with pytest.raises(MalformedCommand, match="missing required field"):
        open_command(signed_by(world.keys[Alias("E1")], '{"by":"E1"}'), world.room)


def test_key_that_the_room_does_not_know_is_refused() -> None:
    world = at(Phase.CHECK_IN)

    with pytest.raises(SeatNotEnrolled):
        open_command(signed_by(SeatKey(99), world.sign("E1", c.MakePledge()).text), world.room)


def test_enrolment_signed_with_another_key_is_refused() -> None:
    world = World()
    other = SeatKey(99)
    signed = world.sign(HOST, c.EnrolSeat(spki=other.spki))

    with pytest.raises(SeatNotEnrolled):
        open_command(signed, world.room)
    with pytest.raises(BadSignature):
        open_command(SignedCommand(text=signed.text, key=other.fingerprint, signature=signed.signature), world.room)


@pytest.mark.parametrize("signature", [b"", bytes(64), b"\xff" * 64])
def test_signature_that_the_key_did_not_make_is_refused(signature: bytes) -> None:
    world = at(Phase.CHECK_IN)
    signed = world.sign("E1", c.MakePledge())

    with pytest.raises(BadSignature):
        open_command(SignedCommand(text=signed.text, key=signed.key, signature=signature), world.room)


def test_signature_over_another_text_is_refused() -> None:
    world = at(Phase.CHECK_IN)
    signed, other = world.sign("E1", c.MakePledge()), world.sign("E1", c.MakePledge())

    with pytest.raises(BadSignature):
        open_command(SignedCommand(text=other.text, key=signed.key, signature=signed.signature), world.room)


def test_enrolment_of_a_key_that_is_not_p_256_is_refused() -> None:
    world = World()
    spki = spki_of(ec.derive_private_key(7, ec.SECP384R1()))
    text = world.sign(HOST, c.EnrolSeat(spki=spki)).text

    signed = SignedCommand(text=text, key=key_fingerprint(spki), signature=bytes(64))

    with pytest.raises(BadSignature):
        open_command(signed, world.room)


def test_text_is_kept_as_it_was_signed() -> None:
    world = at(Phase.CHECK_IN)
    signed = world.sign("E1", c.MakePledge())
    [line] = world.submit(signed)

    assert line.head.signed == signed
    assert canonical(json.loads(signed.text)).decode() == signed.text
