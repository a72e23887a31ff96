import pytest

from server.domain.commands import MakePledge, OpenCheckIn
from server.web.protocol.page import example_of, page

FOUND = page()


@pytest.mark.parametrize(
    "section",
    [
        "### SaveCell: `save_cell`\n\nOne typed cell of a sheet that is not handed in yet.\n\n| Field | Type |  |\n",
        "| `version` | integer | The version that the page knows, plus one. |\n",
        '```json\n{"type": "show_progress", "lot": "1", "stage": "scoring", "filled": 1, "total": 2}\n```\n',
        "### RecusalGrounds: `recusal_grounds`\n\nWhy a member must be recused.\n\nAudience: `grounds`. Personal.\n",
        "### PhaseChanged: `phase_changed`\n\nThe room is in another phase.\n\nAudience: `everyone`.\n",
        "### PlacedLine\n\nA line in its place.\n\nAn array, in this order.\n\n",
        "| `wrong_phase` | {command} is not possible in the phase {phase}. |\n",
        '```json\n{"type": "media_connected", "connection": 187236894512347}\n```\n',
        "| `too_slow` | 4408 |\n",
        "| `cause` | Digest or null, absent where it has none |",
        "| `chair_election` | 推选组长. |\n",
    ],
)
def test_page_says(section: str) -> None:
    assert section in FOUND


def test_example_of_wants_exactly_one() -> None:
    with pytest.raises(TypeError, match="0 examples of OpenCheckIn"):
        example_of(OpenCheckIn, [MakePledge()])
