import pytest

from server.domain import commands as c
from server.domain.ids import Alias, Seq
from server.domain.phases import Phase
from server.domain.plan import SignedCommand
from server.domain.rejections import CommandIdReused
from server.evidence.command_signatures import command_digest
from server.evidence.ledger import Answer, Ledger, entries_of
from server.evidence.sealing import open_command
from tests.support.room_scenes import HOST, at
from tests.support.room_world import World

ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"Of the group of P-256. Source: SP 800-186, 3.2.1.3."


def earlier(world: World, signed: SignedCommand) -> Answer | None:
    return world.ledger.earlier_answer(open_command(signed, world.room), signed)


def test_new_key_has_no_number_yet() -> None:
    assert Ledger().last_n(at(Phase.PREPARED).keys[HOST].fingerprint) == 0


def test_opening_is_nobodys_command() -> None:
    ledger = Ledger()
    ledger.take(World().lines)

    assert ledger.last_n(World().key_of(HOST).fingerprint) == 0


def test_accepted_command_is_noted_with_its_lines() -> None:
    world = at(Phase.PREPARED)
    signed = world.sign(HOST, c.OpenCheckIn(), n=7)
    size = Seq(len(world.raw))
    before = earlier(world, signed)
    world.submit(signed)

    assert before is None
    assert earlier(world, signed) == Answer(digest=command_digest(signed.text), first=size, last=size)
    assert world.ledger.last_n(signed.key) == 7


def test_command_sent_again_gets_its_first_answer() -> None:
    world = at(Phase.CHECK_IN)
    signed = world.sign("E1", c.StateRecusal(conflict=True, grounds="亲属"))
    first = world.submit(signed)
    world.act("E2", c.MakePledge())

    assert world.submit(signed) == first
    assert [line.seq for line in first] == [first[0].seq, first[0].seq + 1]


def test_second_signature_of_the_same_text_is_the_same_command() -> None:
    world = at(Phase.CHECK_IN)
    signed = world.sign("E1", c.MakePledge())
    first = world.submit(signed)
    r, s = signed.signature[:32], int.from_bytes(signed.signature[32:])
    twin = SignedCommand(text=signed.text, key=signed.key, signature=r + (ORDER - s).to_bytes(32))

    assert world.submit(twin) == first


def test_same_number_with_other_content_is_refused() -> None:
    world = at(Phase.CHECK_IN)
    signed = world.sign("E1", c.MakePledge())
    world.submit(signed)
    again = world.sign("E1", c.MakePledge(), n=world.ledger.last_n(signed.key))

    with pytest.raises(CommandIdReused, match="accepted before with other content"):
        world.submit(again)


def test_keys_count_for_themselves() -> None:
    world = at(Phase.CHECK_IN)
    world.submit(world.sign("E1", c.MakePledge(), n=100))
    world.submit(world.sign("E2", c.MakePledge(), n=3))

    assert world.ledger.last_n(world.keys[Alias("E2")].fingerprint) == 3


def test_lines_are_grouped_as_they_were_written() -> None:
    world = at(Phase.CLOSED)

    assert list(entries_of(world.lines)) == world.entries
    assert list(entries_of([])) == []


def test_log_read_again_gives_the_same_ledger() -> None:
    world = at(Phase.CLOSED)
    again = Ledger()
    for entry in entries_of(world.lines):
        again.take(entry)

    assert vars(again) == vars(world.ledger)
