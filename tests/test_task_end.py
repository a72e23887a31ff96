import asyncio

import pytest

from server.task_end import end_tasks


async def test_tasks_have_done_what_they_do_at_their_end() -> None:
    ended: list[str] = []

    async def run(name: str) -> None:
        try:
            await asyncio.sleep(3600)
        finally:
            ended.append(name)

    tasks = [asyncio.create_task(run(name)) for name in ("one", "other")]
    await asyncio.sleep(0)

    await end_tasks(*tasks)

    assert (ended, [task.cancelled() for task in tasks]) == (["one", "other"], [True, True])


async def test_failure_of_a_task_is_not_lost_and_the_others_end_all_the_same() -> None:
    async def fail() -> None:
        raise ValueError("broken")

    failed, other = asyncio.create_task(fail()), asyncio.create_task(asyncio.sleep(3600))
    await asyncio.sleep(0)

    with pytest.raises(ValueError, match="broken"):
        await end_tasks(failed, other)
    await asyncio.sleep(0)

    assert other.cancelled()
