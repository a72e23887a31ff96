"""Every line against the command that its author signed: what a host can write, and where it is found out."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest
from msgspec.structs import replace

from server.domain import commands as c
from server.domain.events import (
    AnyEvent,
    DocumentKeyCertified,
    PhaseChanged,
    RecordingBegan,
    RecordingGap,
    RoomOpened,
    RoomPaused,
    RoomResumed,
    SeatConfirmed,
    SeatEnrolled,
    SheetHandedIn,
    SheetScored,
)
from server.domain.ids import Alias
from server.domain.lines import Line, parse_line
from server.domain.phases import Phase, Stage
from server.domain.plan import Recording, SignedCommand
from server.domain.recordings import GapReason, MediaTrack
from server.domain.scoring.criteria import Group, MemberCriterion
from server.domain.state import RoomState
from server.evidence.check_commands import Certified, check_commands
from server.evidence.check_lines import place, places
from server.evidence.verdict import Outcome
from tests.evidence.signed_room import HOST, SignedRoom, found_by, number_of, rewritten, sitting
from tests.support.room_plan import DESIGN, L2, LOT_TWO, opening
from tests.support.room_scenes import points_of, run_to
from tests.support.room_world import SeatKey, World, signed_by

RAWS = sitting().world.raw
LINES = sitting().world.lines
SCORED = number_of(RAWS, "sheet_scored", "E3")
E1, E2 = Alias("E1"), Alias("E2")


def no_flaw(opening: RoomOpened, event: Certified, line: Line, room: RoomState) -> Sequence[str]:
    return ()


def found(raws: Sequence[bytes], lines: Sequence[Line] | None = None) -> dict[str, list[tuple[str, str]]]:
    lines = lines or [parse_line(raw) for raw in raws]
    opening = lines[0].event
    assert isinstance(opening, RoomOpened)
    return found_by(check_commands(raws, lines, opening, no_flaw))


def changed(number: int, **fields: Any) -> dict[str, list[tuple[str, str]]]:
    return found(rewritten(RAWS, number, lambda line: line.update(fields)))


def seated(phase: Phase = Phase.CHECK_IN) -> World:
    room = SignedRoom(lots={L2: LOT_TWO})
    room.enrol_all()
    return run_to(room.world, phase)


def force(world: World, alias: Alias, signed: SignedCommand, *events: AnyEvent) -> int:
    """Write whatever events under a signed command, as no honest server would; the number of the first."""
    number = len(world.raw)
    world._append(events, alias, signed)
    return number


def test_sitting_follows_from_its_commands() -> None:
    opening = LINES[0].event
    assert isinstance(opening, RoomOpened)

    checks = check_commands(RAWS, LINES, opening, no_flaw)

    assert [(check.code, check.failure, check.ok) for check in checks] == [
        ("command_signatures", Outcome.BROKEN, True),
        ("commands_decided_again", Outcome.BROKEN, True),
        ("seat_certificates", Outcome.BROKEN, True),
    ]


# -- signatures


def test_lines_without_their_command_are_found() -> None:
    unsigned = rewritten(RAWS, SCORED, lambda line: line.pop("signed"))

    assert found(unsigned) == {"command_signatures": [(place(SCORED - 1), "0 signed commands where one belongs")]}


def test_line_that_nobody_caused_is_found() -> None:
    world = seated()
    number = len(world.raw)
    world._append([RoomPaused(reason="主场自行暂停")], Alias("system"), None)

    reason = "nobody's command caused it: nothing is recorded in this room now"
    assert found(world.raw) == {"commands_decided_again": [(place(number), reason)]}


def recorded() -> World:
    """A room in which the server has written that one camera is recorded, and that it is not."""
    world = run_to(World(opening(recording=Recording.REQUIRED)), Phase.CHECK_IN)
    world.note(RecordingBegan(alias=E1, kind=MediaTrack.VIDEO))
    world.note(RecordingGap(alias=E1, kind=MediaTrack.VIDEO, gap=GapReason.SILENT))
    return world


def test_lines_that_the_server_may_write_are_sound() -> None:
    assert found(recorded().raw) == {}


def test_line_that_the_server_may_not_write_is_found_behind_those_that_it_may() -> None:
    world = recorded()
    number = len(world.raw)
    world.note(RecordingGap(alias=E1, kind=MediaTrack.VIDEO, gap=GapReason.SILENT))

    reason = "nobody's command caused it: E1 is not recorded already"
    assert found(world.raw) == {"commands_decided_again": [(place(number), reason)]}


def test_entry_with_two_commands_is_found() -> None:
    signed = {"signed": parse_line(RAWS[SCORED]).head.signed}
    both = [
        *LINES[: SCORED - 1],
        replace(LINES[SCORED - 1], head=replace(LINES[SCORED - 1].head, **signed)),
        *LINES[SCORED:],
    ]

    assert found(RAWS, both) == {"command_signatures": [(place(SCORED - 1), "2 signed commands where one belongs")]}


def test_command_of_another_cause_is_found() -> None:
    other = "0" * 64
    raws = rewritten(RAWS, SCORED, lambda line: line.update(cause=other))
    raws = rewritten(raws, SCORED - 1, lambda line: line.update(cause=other))

    assert found(raws) == {"command_signatures": [(place(SCORED), "the cause of these lines is another command")]}


def test_text_that_nobody_can_sign_is_found() -> None:
    line = LINES[SCORED]
    assert line.head.signed
    head = replace(line.head, signed=replace(line.head.signed, text="\ud800"))
    lines = [*LINES[:SCORED], replace(line, head=head), *LINES[SCORED + 1 :]]

    assert found(RAWS, lines) == {"command_signatures": [(place(SCORED), "Malformed command: a lone surrogate.")]}


def test_signature_by_no_key_of_the_room_is_found() -> None:
    world = seated()
    stranger = SeatKey(99)
    signed = signed_by(stranger, world.sign(E1, c.MakePledge()).text)
    number = force(world, E1, signed, PhaseChanged(phase=Phase.CLOSED))

    assert [where for where, _ in found(world.raw)["command_signatures"]] == [place(number)]


def test_signature_over_another_text_is_found() -> None:
    world = seated()
    signed = world.sign(HOST, c.OpenElection())
    number = force(world, HOST, replace(signed, signature=bytes(64)), RoomResumed())

    assert found(world.raw) == {"command_signatures": [(place(number), "The signature does not fit the command.")]}


def test_line_under_another_authors_name_is_found() -> None:
    assert changed(SCORED - 1, by="E4") == {
        "command_signatures": [(place(SCORED - 1), "its author is not the one who signed")]
    }


# -- decisions


def test_event_that_the_rules_do_not_give_is_found_in_its_line() -> None:
    ranked = number_of(RAWS, "bids_ranked")
    raws = rewritten(RAWS, ranked, lambda line: line["ranking"]["order"].reverse())

    assert found(raws) == {"commands_decided_again": [(place(ranked), "the rules give another event than the record")]}


def test_points_that_were_not_signed_are_found_in_their_line() -> None:
    def raise_points(line: dict[str, Any]) -> None:
        line["points"]["A"][DESIGN] = "40"

    assert found(rewritten(RAWS, SCORED, raise_points)) == {
        "commands_decided_again": [(place(SCORED), "the rules give another event than the record")]
    }


def test_another_certificate_breaks_no_rule_but_contradicts_who_has_seen_it() -> None:
    enrolled = number_of(RAWS, "seat_enrolled", "U1")

    ((where, reason),) = changed(enrolled, certificate="AAAA")["commands_decided_again"]

    assert where == place(enrolled)
    assert reason.endswith("has signed to have seen these lines otherwise")


def test_missing_and_added_events_are_found() -> None:
    world = seated()
    signed = world.sign(HOST, c.PauseRoom(reason="停电"))
    number = force(world, HOST, signed, RoomPaused(reason="停电"), RoomResumed())

    assert found(world.raw) == {
        "commands_decided_again": [(places(number, number + 2), "the rules give 1 events, the record has 2")]
    }


def test_command_that_the_rules_refuse_is_found() -> None:
    world = seated()
    number = force(world, E1, world.sign(E1, c.OpenElection()), PhaseChanged(phase=Phase.CHAIR_ELECTION))

    ((where, reason),) = found(world.raw)["commands_decided_again"]

    assert where == place(number)
    assert reason.startswith("the rules refuse this command: ")


def test_command_that_is_written_twice_is_found() -> None:
    world = seated()
    signed = world.sign(HOST, c.PauseRoom(reason="停电"))
    world.submit(signed)
    world.act(HOST, c.ResumeRoom())
    number = force(world, HOST, signed, RoomPaused(reason="停电"))

    ((where, reason),) = found(world.raw)["commands_decided_again"]

    assert where == place(number)
    assert reason.startswith("the rules refuse this command: ")


def test_key_is_enrolled_beside_another_only_after_a_release() -> None:
    world = seated()
    key = world.new_key(E1)
    signed = world.sign(E1, c.EnrolSeat(spki=key.spki))
    enrolled = SeatEnrolled(alias=E1, key=key.fingerprint, spki=key.spki, certificate=b"")

    number = force(world, E1, signed, enrolled)

    assert found(world.raw)["commands_decided_again"][0][0] == place(number)


def test_released_seat_takes_another_key() -> None:
    room = SignedRoom(lots={L2: LOT_TWO})
    room.enrol_all()
    room.world.act(HOST, c.ReleaseSeat(seat=E1, reason="更换设备"))
    room.enrol(E1)

    assert found(room.world.raw) == {}


def test_key_of_a_released_seat_signs_nothing_more() -> None:
    world = seated()
    signed = world.sign(E1, c.MakePledge())
    world.act(HOST, c.ReleaseSeat(seat=E1, reason="更换设备"))
    number = force(world, E1, signed, RoomResumed())

    assert found(world.raw)["commands_decided_again"][0][0] == place(number)


def test_key_of_one_seat_is_enrolled_for_no_other() -> None:
    world = seated()
    world.act(HOST, c.ReleaseSeat(seat=E1, reason="更换设备"))
    world.keys[E1] = world.keys[E2]
    signed = world.sign(E1, c.EnrolSeat(spki=world.keys[E2].spki))
    key = world.keys[E2]
    enrolled = SeatEnrolled(alias=E1, key=key.fingerprint, spki=key.spki, certificate=b"")

    number = force(world, E1, signed, enrolled)

    assert found(world.raw)["commands_decided_again"][0][0] == place(number)


def test_document_key_is_the_one_that_the_member_asked_a_certificate_for() -> None:
    world = seated(Phase.EXAMINATION)
    asked, other = SeatKey(11), SeatKey(12)
    signed = world.sign(E1, c.EnrolDocumentKey(spki=asked.spki))

    number = force(world, E1, signed, DocumentKeyCertified(alias=E1, key=other.fingerprint, certificate=b""))

    assert found(world.raw)["commands_decided_again"] == [
        (place(number), "the rules give another event than the record")
    ]


def test_seat_that_was_not_planned_cannot_be_taken() -> None:
    world = seated()
    alias = Alias("E9")
    key = world.new_key(alias)
    signed = world.sign(alias, c.EnrolSeat(spki=key.spki))
    world.room = replace(world.room, seats={**world.room.seats, alias: world.room.seats[E1]})

    number = force(world, alias, signed, SeatEnrolled(alias=alias, key=key.fingerprint, spki=key.spki, certificate=b""))

    assert found(world.raw)["commands_decided_again"][0][0] == place(number)


def test_confirmation_is_only_by_the_venues_own_operator() -> None:
    room = SignedRoom(lots={L2: LOT_TWO})
    room.enrol_all()
    world = room.world
    world.act("V1", c.ReleaseSeat(seat=E2, reason="更换设备"))
    key = world.new_key(E2)
    room.submit_enrolment(E2, key, b"")
    signed = world.sign(HOST, c.ConfirmSeat(seat=E2, key=key.fingerprint))

    number = force(world, HOST, signed, SeatConfirmed(alias=E2, key=key.fingerprint))

    assert found(world.raw)["commands_decided_again"][0][0] == place(number)


def test_first_event_that_the_rules_fail_over_is_no_crash() -> None:
    criterion = MemberCriterion(id=DESIGN, title="方案", max_points=Decimal(40), unit=Decimal(0))
    criteria = replace(LOT_TWO.scheme.criteria, children=(criterion, *LOT_TWO.scheme.criteria.children[1:]))
    assert isinstance(criteria, Group)
    plan = replace(LOT_TWO, scheme=replace(LOT_TWO.scheme, criteria=criteria))
    room = SignedRoom(lots={L2: plan})
    room.enrol_all()
    world = run_to(room.world, Phase.SCORING)
    points = points_of(world.room, L2, E1)
    signed = world.sign(E1, c.HandInScores(lot=L2, round=1, points=points))
    handed_in = SheetHandedIn(lot=L2, stage=Stage.SCORING, round=1)
    number = force(world, E1, signed, handed_in, SheetScored(lot=L2, round=1, points=points))

    assert found(world.raw) == {
        "commands_decided_again": [(place(number + 1), "the rules fail over it: ZeroDivisionError")]
    }


def test_time_that_no_line_can_be_written_with_is_no_crash() -> None:
    """2^53 has a canonical form for who reads it, but a writer cannot know it from its neighbour."""
    at = str(sitting().world.lines[-1].head.at).encode()
    raws = [*RAWS[:-1], RAWS[-1].replace(at, b"9007199254740992")]

    ((where, reason),) = found(raws)["commands_decided_again"]

    assert where == place(len(RAWS) - 1)
    assert "exceeds safe integer domain" in reason


# -- what other authors have seen


@pytest.mark.parametrize("number", [45, 70, 100, len(RAWS) - 6])
def test_change_that_breaks_no_rule_contradicts_what_the_next_author_saw(number: int) -> None:
    """Another salt: only the hash of the line differs."""
    entries = sitting().world.entries
    of_line = next(place for place, entry in enumerate(entries) if entry[0].seq <= number <= entry[-1].seq)
    first, next_ = entries[of_line][0].seq, entries[of_line + 1]
    bearer = next(line for line in next_ if line.head.signed)

    result = changed(number, salt="AAECAwQFBgcICQoLDA0ODw==")

    assert result == {
        "commands_decided_again": [
            (
                places(first, next_[0].seq),
                f"the author of line {bearer.seq + 1} has signed to have seen these lines otherwise",
            )
        ]
    }


def test_command_that_saw_more_than_there_is_is_found() -> None:
    world = seated()
    seen = replace(world.seen(), size=len(world.raw) + 1)
    number = force(world, HOST, world.sign(HOST, c.PauseRoom(reason="停电"), seen=seen), RoomPaused(reason="停电"))

    reason = f"its author has signed to have seen {number + 1} lines that are not the ones before it"
    assert found(world.raw) == {"commands_decided_again": [(place(number), reason)]}


def test_author_who_was_shown_another_version_is_found() -> None:
    """All others have signed to have seen these lines as they are."""
    world = seated()
    seen = replace(world.seen(), size=len(world.raw) - 3)
    number = force(world, HOST, world.sign(HOST, c.PauseRoom(reason="停电"), seen=seen), RoomPaused(reason="停电"))

    reason = f"its author has signed to have seen {number - 3} lines that are not the ones before it"
    assert found(world.raw) == {"commands_decided_again": [(place(number), reason)]}


# -- certificates


def test_every_flaw_of_a_certificate_is_told_and_the_rest_is_still_checked() -> None:
    enrolled = [line for line in LINES if isinstance(line.event, SeatEnrolled)]
    opening = LINES[0].event
    assert isinstance(opening, RoomOpened)

    def judge(opening: RoomOpened, event: Certified, line: Line, room: RoomState) -> Sequence[str]:
        return ("too old", "too new") if event.alias == E2 and room.seats[E2].key is None else ()

    checks = check_commands(RAWS, LINES, opening, judge)

    (where,) = [place(line.seq) for line in enrolled if line.by == E2]
    assert found_by(checks) == {
        "seat_certificates": [
            (where, "the certificate of E2 does not hold: too old"),
            (where, "the certificate of E2 does not hold: too new"),
        ]
    }
