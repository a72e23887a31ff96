import asyncio
import errno
import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from server.cli.recordings import write_whole
from server.domain.commands import CloseRoom
from server.domain.phases import Phase
from signaling.recording.pieces import SenderTime
from signaling.recording.sender_clock import NTP_EPOCH_MS
from tests.support.desk import open_desk
from tests.support.live_server import H1, plain_settings
from tests.support.recorded import BEGINS_AT, piece, played, write
from tests.support.server_process import environment, run


async def test_recordings_are_listed_joined_and_handed_out_where_their_key_is(
    env: dict[str, str], tmp_path: Path
) -> None:
    recordings, film, package, copies = (tmp_path / name for name in ("data/recordings", "E1.webm", "zip", "copies"))
    async with open_desk(plain_settings(tmp_path / "data")) as desk:
        room, key = desk.room_id, await desk.backend.recordings.key_of(desk.room_id)
        assert key is not None
        said = SenderTime(BEGINS_AT // 1000 + 7 + NTP_EPOCH_MS // 1000, 0, 0, BEGINS_AT)
        for name in (room, "r-gone"):
            write(recordings, name, piece("video", 45), replace(piece("audio", 150), reports=(said,)), key=key)
        listed, joined, exported, unknown, gone = await asyncio.gather(
            run("room", "recordings", room, env=env),
            run("room", "join", room, "E1", film, env=env),
            run("room", "export", room, package, "--recordings", copies, env=env),
            run("room", "join", "r-2", "E1", tmp_path / "no.webm", env=env),
            run("room", "recordings", "r-gone", env=env),
        )
    shutil.copytree(copies, tmp_path / "keyless" / "recordings" / "r-old")
    stranger = environment(data=tmp_path / "keyless")
    handed, sealed, old = await asyncio.gather(
        run("verify", package, "--recordings", copies, env=stranger),
        run("verify", package, "--recordings", recordings / room, env={**stranger, "LANG": "zh_CN.UTF-8"}),
        run("room", "join", "r-old", "E1", tmp_path / "old.webm", env=stranger),
    )

    codes = [each.code for each in (listed, joined, exported, unknown, gone, handed, sealed, old)]
    assert codes == [0, 0, 0, 1, 1, 2, 3, 0]
    assert "E1-video" in listed.out
    assert "0:00:03" in listed.out
    assert "+7.00 s" in listed.out
    shown = played(film.read_bytes())
    assert (len(shown["video"]), len(shown["audio"])) == (45, 150)
    assert "Wrote 2 pieces" in exported.out
    assert len(played((copies / "E1-video" / "1.webm").read_bytes())["video"]) == 45
    assert "There is no recording of E1" in unknown.err
    assert "the key of its room is not here" in gone.err
    assert "✓ recordings_unchanged" in handed.out
    assert "这里没有该评标室的密钥" in sealed.err
    assert "Traceback" not in gone.err + sealed.err
    assert (tmp_path / "old.webm").read_bytes() == film.read_bytes()
    assert [path.name for path in (tmp_path / "keyless").iterdir()] == ["recordings"]


async def test_damaged_piece_keeps_back_neither_the_list_nor_the_check_nor_the_rest_of_the_seat(
    env: dict[str, str], tmp_path: Path
) -> None:
    recordings, film = tmp_path / "data" / "recordings", tmp_path / "E1.webm"
    async with open_desk(replace(plain_settings(tmp_path / "data"), media=True)) as desk:
        room, key = desk.room_id, await desk.backend.recordings.key_of(desk.room_id)
        assert key is not None
        write(recordings, room, piece("video", 45), piece("video", 15, first=45, begins_at=BEGINS_AT + 3000), key=key)
        (recordings / room / "E1-video" / "1.webm.sealed").write_bytes(b"")
        checked, joined = await asyncio.gather(
            run("room", "recordings", room, "--check", env={**env, "LANG": "zh_CN.UTF-8"}),
            run("room", "join", room, "E1", film, env=env),
        )

    assert (checked.code, joined.code) == (0, 0)
    assert "无法" in checked.out
    assert "1.webm.sealed cannot be opened" in joined.err
    assert len(played(film.read_bytes())["video"]) == 15


def test_film_that_is_not_written_to_its_end_leaves_what_stands_there(tmp_path: Path) -> None:
    film = tmp_path / "E1.webm"

    def parts() -> Iterator[bytes]:
        yield b"half"
        raise OSError(errno.ENOSPC, "No space left on device")

    for before in (None, b"before"):
        with pytest.raises(OSError, match="No space left"):
            write_whole(film, parts())
        assert [path.read_bytes() for path in tmp_path.iterdir()] == ([before] if before else [])
        write_whole(film, [b"be", b"fore"])

    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("E1.webm", b"before")]


def test_film_goes_through_a_pipe_as_it_comes(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    end = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)

    write_whole(pipe, [b"a film"])

    assert os.read(end, 9) == b"a film"
    os.close(end)


async def test_recordings_are_destroyed_by_whoever_says_so_twice_and_verification_tells(
    env: dict[str, str], tmp_path: Path
) -> None:
    package = tmp_path / "zip"
    async with open_desk(replace(plain_settings(tmp_path / "data"), media=True)) as desk:
        room, key = desk.room_id, await desk.backend.recordings.key_of(desk.room_id)
        assert key is not None
        write(tmp_path / "data" / "recordings", room, piece("video", 45), key=key)
        await desk.play(lambda state: state.phase is Phase.CHECK_IN)
        await desk.act(H1, CloseRoom(reason="改期"))
        destroy = ("room", "shred", room, "--by", "档案室 [王芳]")
        early = (*destroy, "--early", "--reason", "法院裁定")
        chinese = {**env, "LANG": "zh_CN.UTF-8"}

        kept = await run(*destroy, "--confirm", room, env=env)
        mistaken = await run(*early, "--confirm", "r-2", env=env)
        listed = await run("room", "recordings", room, env=env)
        done = await run(*early, "--confirm", room, env=chinese)
        gone, again, exported = await asyncio.gather(
            run("room", "recordings", room, env=chinese),
            run(*destroy, "--confirm", room, env=env),
            run("room", "export", room, package, env=env),
        )
    verified, judged = await asyncio.gather(
        run("verify", package, "--recordings", tmp_path / "data" / "recordings" / room, env=chinese),
        run("verify", package, "--json", env=env),
    )

    codes = [each.code for each in (kept, mistaken, listed, done, gone, again, exported, verified)]
    assert codes == [1, 1, 0, 0, 1, 0, 0, 2]
    assert "are to be kept until" in kept.err
    assert "nothing was destroyed" in mistaken.err
    assert "1 段录音录像" in done.err
    for told in (done.out, gone.err, verified.out):
        assert "由 档案室 [王芳] 销毁（1 段" in told
        assert "理由：法院裁定" in told
    assert "此前的备份仍含密钥" in done.out
    assert "destroyed before" in again.out
    assert "✗ recordings_kept_long_enough" in verified.out
    assert json.loads(judged.out)["recordings_destroyed"]["by"] == "档案室 [王芳]"
