import json
from typing import Any

import pytest

from server.domain.commands import LARGEST_N, AnyCommand, Envelope, command_fields, parse_command, tag_of
from server.domain.ids import Alias, Digest
from server.domain.plan import RoomRef, SeenTree
from server.domain.rejections import MalformedCommand
from server.evidence.canonical import canonical
from tests.support.room_plan import ROOM
from tests.support.sample_commands import SAMPLES

ENVELOPE = Envelope(
    room=RoomRef(id=ROOM, first=Digest("1" * 64)),
    by=Alias("E1"),
    n=1,
    seen=SeenTree(size=1, root=Digest("2" * 64)),
    nonce=bytes(range(16)),
)
NONCE = "AAECAwQFBgcICQoLDA0ODw=="


def fields(command: AnyCommand | None = None) -> dict[str, Any]:
    return command_fields(ENVELOPE, command or SAMPLES["make_pledge"])


@pytest.mark.parametrize("command", SAMPLES.values(), ids=SAMPLES.keys())
def test_signed_text_gives_envelope_and_command_back(command: AnyCommand) -> None:
    assert parse_command(canonical(fields(command)).decode()) == (ENVELOPE, command)


def test_text_is_one_flat_object() -> None:
    assert fields(SAMPLES["cast_ballot"]) == {
        "room": {"id": ROOM, "first": "1" * 64},
        "by": "E1",
        "n": 1,
        "seen": {"size": 1, "root": "2" * 64},
        "nonce": NONCE,
        "type": "cast_ballot",
        "round": 1,
        "candidate": "E1",
    }


@pytest.mark.parametrize("tag", SAMPLES)
def test_tag_is_the_type_that_is_signed(tag: str) -> None:
    assert tag_of(type(SAMPLES[tag])) == tag


@pytest.mark.parametrize("text", ["", "not JSON", "[]", "7", "{}", '{"type":"make_pledge"}', "\ud800", "null"])
def test_text_that_is_no_command_is_refused(text: str) -> None:
    with pytest.raises(MalformedCommand):
        parse_command(text)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("n", 0),
        ("n", -1),
        ("n", LARGEST_N + 1),
        ("n", "1"),
        ("n", 1.5),
        ("nonce", NONCE[:-4]),
        ("nonce", "AAEC" + NONCE),
        ("nonce", 7),
        ("by", None),
        ("seen", {"size": 1}),
        ("room", {"id": ROOM, "first": "1" * 64, "more": 1}),
        ("type", "submit_score"),
        ("extra", 1),
    ],
)
def test_field_that_is_wrong_or_unknown_is_refused(name: str, value: object) -> None:
    with pytest.raises(MalformedCommand):
        parse_command(json.dumps({**fields(), name: value}))


@pytest.mark.parametrize("name", ["room", "by", "n", "seen", "nonce", "type"])
def test_field_that_is_missing_is_refused(name: str) -> None:
    rest = {key: value for key, value in fields().items() if key != name}

    with pytest.raises(MalformedCommand):
        parse_command(json.dumps(rest))


def test_largest_n_is_accepted() -> None:
    envelope, _ = parse_command(json.dumps({**fields(), "n": LARGEST_N}))

    assert envelope.n == LARGEST_N


def test_text_that_is_nested_too_deeply_is_malformed() -> None:
    with pytest.raises(MalformedCommand):
        parse_command("[" * 100_000 + "]" * 100_000)
