"""Law 1: every cell of phase x role x command is allowed or refused, as the table says; each is tried for real."""

from pathlib import Path
from typing import get_args

import pytest

from server.domain.commands import AnyCommand, EnrolSeat, tag_of
from server.domain.errors import Rejection
from server.domain.ids import Alias
from server.domain.phases import Phase
from server.domain.rejections import RoleMayNot, WrongPhase
from server.domain.roles import Role
from tests.support.room_scenes import at
from tests.support.room_world import World
from tests.support.sample_commands import SAMPLES

TABLE = Path(__file__).parents[1] / "vectors" / "permissions.txt"

LETTERS = {
    "E": Role.EXPERT,
    "R": Role.REPRESENTATIVE,
    "C": Role.CHAIR,
    "H": Role.HOST_OPERATOR,
    "V": Role.VENUE_OPERATOR,
    "A": Role.AGENT,
    "W": Role.WITNESS,
    "S": Role.SUPERVISOR,
    "U": Role.AUDITOR,
}
"Each letter's role."

PEOPLE = {"E": "E2", "R": "R1", "C": "E1", "H": "H1", "V": "V1", "A": "A1", "W": "W1", "S": "S1", "U": "U1"}
"Who tries it; E1 is the chair from the election on, an expert like any other before it."


def table() -> dict[str, dict[str, str]]:
    """The cells, by command and phase."""
    _, _, grid = TABLE.read_text().partition("everybody.\n\n")
    head, *rows = grid.splitlines()
    cells = {name: cells for name, *cells in (row.split() for row in rows)}
    return {name: dict(zip(head.split(), row, strict=True)) for name, row in cells.items()}


COLUMNS = next(iter(table().values())).keys()


def test_table_has_every_command_and_every_phase() -> None:
    tags = {tag_of(command) for command in get_args(AnyCommand)}
    phases = {phase.value for phase in Phase} - {Phase.EVALUATION.value}  # lots have phases of their own then

    assert table().keys() == tags
    assert SAMPLES.keys() == tags
    assert phases == COLUMNS
    assert set(LETTERS.values()) == set(Role)


@pytest.mark.parametrize("phase", COLUMNS)
def test_every_command_is_allowed_to_the_roles_of_its_cell_and_to_nobody_else(phase: str) -> None:
    world = at(Phase(phase))
    has_chair = world.room.chair is not None

    tried = {
        command: {letter: outcome(world, Alias(alias), sample) for letter, alias in PEOPLE.items()}
        for command, sample in SAMPLES.items()
    }

    assert world.room.chair == (PEOPLE["C"] if has_chair else None)
    assert tried == {
        command: {letter: expected(table()[command][phase], letter, has_chair=has_chair) for letter in PEOPLE}
        for command in SAMPLES
    }


def expected(cell: str, letter: str, *, has_chair: bool) -> str:
    """What the table says: allowed, or refused for the phase or for the role."""
    if cell == ".":
        return "wrong_phase"
    own = {"C": "CE" if has_chair else "E"}.get(letter, letter)
    return "allowed" if cell == "*" or set(cell) & set(own) else "role_may_not"


def outcome(world: World, alias: Alias, command: AnyCommand) -> str:
    """Allowed: not refused for phase or role, whatever the command's own rule says."""
    if isinstance(command, EnrolSeat):
        command = EnrolSeat(spki=world.key_of(alias).spki)
    try:
        world.attempt(alias, command)
    except (WrongPhase, RoleMayNot) as refusal:
        return refusal.code
    except Rejection:
        return "allowed"
    return "allowed"
