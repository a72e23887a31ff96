import os
import shutil
from pathlib import Path

import pytest

from server.backup.archive import Newest, RoomArchive
from server.backup.room_archives import Chain, chains
from server.domain.ids import RoomId

SAVED_AT = 1_700_000_000


def keep(data: Path, *names: str, changed_at: int = SAVED_AT) -> None:
    """Pieces of rooms, each as large as its number."""
    for name in names:
        path = data / "recordings" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(bytes(int(path.name.partition(".")[0])))
        os.utime(path, (changed_at, changed_at))


def archived(chain: Chain, name: str) -> list[RoomArchive]:
    """The archives of a room after its new pieces were written."""
    return [*chain.saved, RoomArchive(name=name, room=chain.room, size=0, seal="", newest=chain.newest())]


def found(data: Path, saved: list[RoomArchive], destroyed: str = "") -> dict[str, tuple[list[str], list[str]]]:
    """By room: archives that go on being needed, and pieces that are to be written."""
    return {
        chain.room: (
            [each.name for each in chain.saved],
            [f"{each.track}/{each.path.name}" for each in chain.pieces],
        )
        for chain in chains(data, saved, lambda room: room == destroyed)
    }


@pytest.fixture
def saved(tmp_path: Path) -> list[RoomArchive]:
    """Of two pieces of pictures and one of sound, which lie in the folder."""
    keep(tmp_path, "r1/E1-video/9.webm.sealed", "r1/E1-video/10.webm.sealed", "r1/E1-audio/1.webm.sealed")
    [chain] = chains(tmp_path, [], lambda _: False)
    return archived(chain, "first")


def test_first_backup_takes_all_whole_pieces(tmp_path: Path) -> None:
    keep(tmp_path, "r1/E1-video/1.webm.sealed", "r1/E1-video/2.part", "r2/E2-audio/1.webm", "r1/E1-screen/1.mkv.sealed")

    assert found(tmp_path, []) == {
        "r1": ([], ["E1-screen/1.mkv.sealed", "E1-video/1.webm.sealed"]),
        "r2": ([], ["E2-audio/1.webm"]),
    }
    assert [chain.size for chain in chains(tmp_path, [], lambda _: False)] == [2, 1]


def test_next_ones_take_what_came_since(tmp_path: Path, saved: list[RoomArchive]) -> None:
    assert saved[0].newest == {"E1-audio": Newest(1, 1, SAVED_AT), "E1-video": Newest(10, 10, SAVED_AT)}
    assert found(tmp_path, saved) == {"r1": (["first"], [])}

    keep(tmp_path, "r1/E1-video/11.webm.sealed", "r1/E2-audio/1.webm.sealed", changed_at=SAVED_AT + 9)
    assert found(tmp_path, saved) == {"r1": (["first"], ["E1-video/11.webm.sealed", "E2-audio/1.webm.sealed"])}

    [chain] = chains(tmp_path, saved, lambda _: False)
    assert found(tmp_path, archived(chain, "second")) == {"r1": (["first", "second"], [])}


@pytest.mark.parametrize("other", [{"changed_at": SAVED_AT + 9}, {"shorter": True}, {"gone": True}])
def test_room_that_went_on_otherwise_is_taken_anew(
    tmp_path: Path, saved: list[RoomArchive], other: dict[str, int]
) -> None:
    path = tmp_path / "recordings/r1/E1-video/10.webm.sealed"
    path.write_bytes(bytes(3 if "shorter" in other else 10))
    os.utime(path, (other.get("changed_at", SAVED_AT),) * 2)
    if "gone" in other:
        path.unlink()

    [(archives, pieces)] = found(tmp_path, saved).values()

    assert archives == []
    assert pieces[:2] == ["E1-audio/1.webm.sealed", "E1-video/9.webm.sealed"]


def test_track_that_is_gone_stays_in_the_backup(tmp_path: Path, saved: list[RoomArchive]) -> None:
    shutil.rmtree(tmp_path / "recordings/r1/E1-video")
    keep(tmp_path, "r1/E1-audio/2.webm.sealed", changed_at=SAVED_AT + 9)

    assert found(tmp_path, saved) == {"r1": (["first"], ["E1-audio/2.webm.sealed"])}


def test_room_that_is_gone_stays_in_the_backup_unless_it_was_destroyed(
    tmp_path: Path, saved: list[RoomArchive]
) -> None:
    shutil.rmtree(tmp_path / "recordings")

    assert found(tmp_path, saved) == {"r1": (["first"], [])}
    assert found(tmp_path, saved, destroyed=RoomId("r1")) == {}
