from itertools import groupby

from server.evidence.progress import Stage, untold
from server.verify_desk import verify_package
from tests.evidence.reported_room import plainly_reported


def test_verification_tells_how_far_it_is_from_nothing_to_all() -> None:
    told: list[tuple[Stage, int, int]] = []

    verify_package(plainly_reported().package(), tell=lambda *step: told.append(step))

    by_stage = {stage: list(steps) for stage, steps in groupby(told, key=lambda step: step[0])}
    assert list(by_stage) == [Stage.COMMANDS, Stage.REPORTS]
    for steps in by_stage.values():
        done = [step[1] for step in steps]
        assert (done[0], done[-1]) == (0, steps[0][2])
        assert done == sorted(done)


def test_nobody_need_listen() -> None:
    untold(Stage.REPORTS, 1, 2)
