"""Law 6 for the gates: the page's `gates.ts` is held to what these files say, and so is the server."""

from pathlib import Path

import pytest

from tests.support.gate_vectors import FOLDER, logs, text_of

SIGNING_CODES = ("result_open", "report_missing", "signature_pending", "refusal_not_minuted", "annex_pending")


@pytest.mark.parametrize("log", logs(), ids=lambda log: log.name)
def test_gates_of_a_golden_log_are_the_stored_ones(log: Path) -> None:
    assert text_of(log) == (FOLDER / f"{log.name}.json").read_text()


def test_every_blocker_occurs_in_some_log() -> None:
    text = "".join(path.read_text() for path in FOLDER.iterdir())

    codes = ("not_enrolled", "not_confirmed", "no_recusal_statement", "conflict_of_interest", "no_pledge")
    assert [
        code for code in (*codes, *SIGNING_CODES, "sheet_pending", "prices_opened") if f'"{code}"' not in text
    ] == []
