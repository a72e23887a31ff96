"""Law 6: golden logs of every rules version give the same views and the same tree head, here and in vitest."""

import json
from pathlib import Path
from typing import Any, get_args

import pytest

from server.domain.decide import decide
from server.domain.events import RULES_VERSION, AnyEvent, DocumentKeyCertified, LotDrawn, RoomOpened, SeatEnrolled
from server.domain.fold import apply, fold
from server.domain.ids import SYSTEM, Alias, Digest
from server.domain.lines import Line, parse_line
from server.domain.moment import Moment
from server.domain.rules.server_events import objection
from server.domain.state import RoomState
from server.domain.visibility import is_visible, viewer_of
from server.evidence.check_commands import papers_of
from server.evidence.ledger import Ledger, entries_of
from server.evidence.merkle import MerkleTree, leaf_hash
from server.evidence.sealing import open_command, seal
from tests.support.golden_logs import GOLDEN_LOGS
from tests.support.make_golden_logs import FOLDER, TRUTH, head, known_then, plain_view, replay, views

NAMES = sorted(path.name for path in FOLDER.iterdir() if path.is_dir())


def raw_lines(name: str) -> list[bytes]:
    return (FOLDER / name / "lines.jsonl").read_bytes().splitlines()


def stored(name: str, what: str) -> Any:
    return json.loads((FOLDER / name / f"{what}.json").read_text())


@pytest.mark.parametrize("name", NAMES)
def test_lines_give_the_stored_head(name: str) -> None:
    tree = MerkleTree(leaf_hash(raw) for raw in raw_lines(name))

    assert {"size": tree.size, "root": tree.root().hex()} == stored(name, "head")


@pytest.mark.parametrize("name", NAMES)
def test_lines_give_the_stored_views(name: str) -> None:
    lines = [parse_line(raw) for raw in raw_lines(name)]
    room = fold(lines)
    seen = {alias: visible(lines, alias, room) for alias in room.seats} | {TRUTH: lines}

    given = {
        alias: {"seqs": [line.seq for line in of_alias], "view": plain_view(fold(of_alias))}
        for alias, of_alias in seen.items()
    }

    assert known_then(given, stored(name, "views")) == stored(name, "views")


def visible(lines: list[Line], alias: Alias, room: RoomState) -> list[Line]:
    return [line for line in lines if is_visible(line, viewer_of(alias, room), room)]


@pytest.mark.parametrize("name", NAMES)
def test_lines_give_the_stored_replay(name: str) -> None:
    assert replay([parse_line(raw) for raw in raw_lines(name)]) == stored(name, "replay")


@pytest.mark.parametrize("name", NAMES)
def test_commands_decided_again_give_the_same_lines(name: str) -> None:
    raw = raw_lines(name)
    opening, *entries = entries_of(parse_line(each) for each in raw)
    given = list(sealed_again(opening))
    room, ledger = fold(opening), Ledger()

    for entry in entries:
        tree = MerkleTree(leaf_hash(each) for each in given)
        given += decided_again(entry, room, tree, ledger)
        room = fold(entry, room)
        ledger.take(entry)

    assert given == raw


def sealed_again(entry: list[Line]) -> tuple[bytes, ...]:
    first = entry[0].head
    salts = [line.head.salt for line in entry]
    return seal([line.event for line in entry], by=SYSTEM, at=first.at, first_seq=first.seq, salts=salts)


def decided_again(entry: list[Line], room: RoomState, tree: MerkleTree, ledger: Ledger) -> tuple[bytes, ...]:
    """The lines of a logged command, from its signed text and the logged time, salts, draws and certificate.

    Lines that nobody's command caused are those that the server may write; they are sealed again.
    """
    if entry[0].head.cause is None:
        return allowed_again(entry, room)
    [signed] = [line.head.signed for line in entry if line.head.signed]
    received = open_command(signed, room)
    events = [line.event for line in entry]
    moment = Moment(
        now=entry[0].head.at,
        size=tree.size,
        root_at=lambda size: Digest(tree.root(size).hex()),
        last_n=ledger.last_n(received.key),
        certificate=b"".join(
            event.certificate for event in events if isinstance(event, SeatEnrolled | DocumentKeyCertified)
        ),
        named_certificate=next((event.named for event in events if isinstance(event, DocumentKeyCertified)), None),
        document_key=next((event.key for event in events if isinstance(event, DocumentKeyCertified)), None),
        papers=next((papers for event in events if (papers := papers_of(event))), None),
        draws={event.draw: event.order for event in events if isinstance(event, LotDrawn)},
    )
    return seal(
        decide(received, room, moment),
        by=received.envelope.by,
        at=moment.now,
        first_seq=tree.size,
        salts=[line.head.salt for line in entry],
        signed=signed,
    )


def allowed_again(entry: list[Line], room: RoomState) -> tuple[bytes, ...]:
    for line in entry:
        assert objection(line.event, room) is None
        room = apply(room, line)
    return tuple(raw for line in entry for raw in sealed_again([line]))


def test_logs_hold_every_type_of_event_by_rules_that_are_known() -> None:
    events = [parse_line(raw).event for name in NAMES for raw in raw_lines(name)]

    assert {type(event) for event in events} == set(get_args(AnyEvent))
    assert {event.rules for event in events if isinstance(event, RoomOpened)} == {RULES_VERSION}


@pytest.mark.parametrize("name", GOLDEN_LOGS)
def test_sitting_played_again_gives_the_stored_files(name: str) -> None:
    world = GOLDEN_LOGS[name]()

    assert world.raw == raw_lines(name)
    assert known_then(views(world), stored(name, "views")) == stored(name, "views")
    assert head(world) == stored(name, "head")


def test_files_are_written_as_described() -> None:
    for path in FOLDER.glob("*/*.json"):
        text = path.read_text()
        assert text == json.dumps(json.loads(text), ensure_ascii=False, indent=1, sort_keys=True) + "\n"
        assert Path(path.parent / "lines.jsonl").read_bytes().endswith(b"}\n")
