import msgspec
import pytest

from server.domain.commands import AnyCommand, command_fields, parse_command
from server.domain.events import AnyEvent
from server.domain.lines import parse_line
from server.evidence.canonical import canonical, is_canonical
from server.evidence.command_signatures import verify_command_signature, verify_join_signature
from server.session.frames import AnyFromSeat, AnyToSeat, Join, Submit
from server.web.packing import pack, unpack, unpack_signal, unpack_signal_to_seat, unpack_to_seat
from server.web.protocol import contents, examples
from server.web.protocol.example_room import SPKI, command_text, line_of
from server.web.signal_frames import AnySignalFromSeat, AnySignalToSeat, JoinMedia


@pytest.mark.parametrize("frame", examples.FRAMES_FROM_SEAT, ids=lambda frame: type(frame).__name__)
def test_frames_from_a_seat_are_what_the_server_decodes(frame: AnyFromSeat) -> None:
    assert unpack(pack(frame)) == frame


@pytest.mark.parametrize("frame", examples.FRAMES_TO_SEAT, ids=lambda frame: type(frame).__name__)
def test_frames_to_a_seat_are_what_a_seat_decodes(frame: AnyToSeat) -> None:
    assert unpack_to_seat(pack(frame)) == frame


@pytest.mark.parametrize("frame", examples.SIGNAL_FROM_SEAT, ids=lambda frame: type(frame).__name__)
def test_signal_frames_from_a_seat_are_what_the_server_decodes(frame: AnySignalFromSeat) -> None:
    assert unpack_signal(pack(frame)) == frame


@pytest.mark.parametrize("frame", examples.SIGNAL_TO_SEAT, ids=lambda frame: type(frame).__name__)
def test_signal_frames_to_a_seat_are_what_a_seat_decodes(frame: AnySignalToSeat) -> None:
    assert unpack_signal_to_seat(pack(frame)) == frame


@pytest.mark.parametrize("command", examples.COMMANDS, ids=lambda command: type(command).__name__)
def test_commands_are_what_the_server_decodes(command: AnyCommand) -> None:
    text = command_text(command)

    envelope, found = parse_command(text)

    assert found == command
    assert canonical(command_fields(envelope, found)).decode() == text


@pytest.mark.parametrize("event", examples.EVENTS, ids=lambda event: type(event).__name__)
def test_events_are_what_a_line_gives_back(event: AnyEvent) -> None:
    raw = line_of(event)

    assert parse_line(raw).event == event
    assert is_canonical(raw)


def test_there_is_one_example_of_everything() -> None:
    made = [
        *examples.FRAMES_FROM_SEAT,
        *examples.FRAMES_TO_SEAT,
        *examples.SIGNAL_FROM_SEAT,
        *examples.SIGNAL_TO_SEAT,
        *examples.COMMANDS,
        *examples.EVENTS,
    ]

    assert [type(each) for each in made] == [
        *contents.FRAMES_FROM_SEAT,
        *contents.FRAMES_TO_SEAT,
        *contents.SIGNAL_FROM_SEAT,
        *contents.SIGNAL_TO_SEAT,
        *contents.COMMANDS,
        *contents.EVENTS,
    ]


def test_signatures_are_real() -> None:
    [join] = [each for each in examples.FRAMES_FROM_SEAT if isinstance(each, Join)]
    [submit] = [each for each in examples.FRAMES_FROM_SEAT if isinstance(each, Submit)]

    assert verify_command_signature(SPKI, submit.text, submit.signature)
    assert join.proof is not None
    assert verify_join_signature(SPKI, join.token, join.proof)
    [join_media] = [each for each in examples.SIGNAL_FROM_SEAT if isinstance(each, JoinMedia)]
    assert join_media.proof == join.proof


def test_the_line_that_is_sent_is_a_line_of_the_record() -> None:
    assert msgspec.to_builtins(parse_line(examples.LINE).event) == {"type": "pledge_made"}
