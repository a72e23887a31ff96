import asyncio
import json
import re
import shutil
import socket
from pathlib import Path

import pytest
from msgspec.structs import replace

from server.auth.operators import list_operators
from server.auth.tries import Door
from server.backend import open_backend
from server.demo.auto import tamper
from server.domain.commands import CloseRoom
from server.domain.ids import BidAlias, RoomId
from server.domain.phases import Phase
from server.room_desk import read_room
from server.tender.template import template_text, textbook_text
from signaling.recording.pieces import SenderTime
from signaling.recording.sender_clock import NTP_EPOCH_MS
from tests.evidence.reported_room import fully_reported
from tests.support.desk import open_desk
from tests.support.live_server import H1, L1, TEXTBOOK, plain_settings
from tests.support.pdf_pages import text_of
from tests.support.recorded import BEGINS_AT, piece, played, write
from tests.support.server_process import environment, run, run_installed, run_on_terminal, serving

CODE = re.compile(r"\b(\d{4} \d{4})\b")


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    return environment(data=tmp_path / "data")


@pytest.fixture
def tender(tmp_path: Path) -> Path:
    file = tmp_path / "textbook.yaml"
    file.write_text(textbook_text(), encoding="utf-8")
    (tmp_path / "bids").mkdir()
    for name, load in ((name, TEXTBOOK.load) for name in TEXTBOOK.documents):
        (tmp_path / name).write_bytes(load(name))
    return file


async def test_help_speaks_the_language_of_the_locale(env: dict[str, str]) -> None:
    english, chinese = await asyncio.gather(
        run("--help", env=env), run_installed("--help", env={**env, "LANG": "zh_CN.UTF-8"})
    )

    assert (english.code, chinese.code) == (0, 0)
    for command in ("serve", "template", "doctor", "verify", "demo", "room"):
        assert command in english.out
    assert "Run the server until Ctrl-C." in english.out
    assert "启动服务器" in chinese.out


async def test_server_and_demo_say_what_to_do_where_their_port_is_taken(env: dict[str, str], tmp_path: Path) -> None:
    with socket.create_server(("0.0.0.0", 0)) as taken:
        port = taken.getsockname()[1]
        serve, demo = await asyncio.gather(
            run("serve", env={**env, "LIANPING_PORT": str(port)}),
            run("demo", "--port", str(port), "--folder", tmp_path / "demo", env={**env, "LANG": "zh_CN.UTF-8"}),
        )

    assert (serve.code, serve.out, demo.code, demo.out) == (1, "", 1, "")
    assert serve.err.startswith(f"✗ Port {port}/TCP is taken by ")
    assert serve.err.endswith("or choose another port: LIANPING_PORT.\n")
    assert demo.err.startswith(f"✗ 端口 {port}/TCP 已被程序 ")
    assert demo.err.endswith(f"或者换一个端口：lianping demo --port {port + 10}。\n")
    assert not (tmp_path / "data").exists()


async def test_template_prints_a_tender_that_a_room_can_be_opened_with(env: dict[str, str], tmp_path: Path) -> None:
    template = await run("template", env=env)
    file = tmp_path / "mine.yaml"
    file.write_text(template.out, encoding="utf-8")

    created = await run("room", "create", file, env=env)

    assert (template.code, template.out) == (0, template_text())
    assert created.code == 0


async def test_an_operator_is_added_with_a_code_that_opens_the_desk(env: dict[str, str], tmp_path: Path) -> None:
    added = await run("operator", "add", "孙晓梅", "--venue", "qingyuan", env=env)

    [code] = CODE.findall(added.out)
    async with open_backend(plain_settings(tmp_path / "data")) as backend:
        [operator] = list_operators(backend.operators_folder)
        entry = await backend.codes.redeem(code, address="10.0.0.1", door=Door("front"))
    assert (added.code, operator.name, operator.venue) == (0, "孙晓梅", "qingyuan")
    assert entry == operator


async def test_rooms_are_created_listed_coded_and_exported_without_a_server(
    env: dict[str, str], tender: Path, tmp_path: Path
) -> None:
    nothing = await run("room", "list", env=env)
    created = await run("room", "create", tender, env=env)
    room = re.findall(r"r-[0-9a-f]{12}", created.out)[0]
    listed, codes, exported = [
        await run("room", *arguments, env=env)
        for arguments in (("list",), ("codes", room), ("export", room, tmp_path / "room.zip"))
    ]
    verified = await run("verify", tmp_path / "room.zip", env=env)

    assert [each.code for each in (nothing, created, listed, codes, exported)] == [0] * 5
    assert "No rooms yet" in nothing.out
    assert room in listed.out
    assert len(set(CODE.findall(created.out))) == len(set(CODE.findall(codes.out))) == 16
    assert set(CODE.findall(created.out)) & set(CODE.findall(codes.out)) == set()
    assert (verified.code, "Incomplete" in verified.out) == (2, True)


async def test_rooms_are_backed_up_and_restored_where_nothing_is(
    env: dict[str, str], tender: Path, tmp_path: Path
) -> None:
    early = await run("backup", tmp_path / "backups", env=env)
    created = await run("room", "create", tender, env=env)
    made = await run("backup", tmp_path / "backups", "--keys", tmp_path / "safe", env=env)
    [records], [keys] = ([*(tmp_path / folder).glob("lianping-*")] for folder in ("backups", "safe"))
    elsewhere = {**env, "LIANPING_DATA": str(tmp_path / "elsewhere")}

    again = await run("backup", tmp_path / "backups", "--keys", tmp_path / "safe", "--keep-days", "30", env=env)
    occupied = await run("restore", records, "--keys", keys, env=env)
    restored = await run("restore", records, "--keys", keys, env=elsewhere)
    listed = await run("room", "list", env=elsewhere)

    assert [each.code for each in (early, made, again, occupied, restored)] == [1, 0, 0, 1, 0]
    assert "holds no data of Lianping" in " ".join(early.err.split())
    assert str(records) in made.out
    assert "is not empty" in " ".join(occupied.err.split())
    assert re.findall(r"r-[0-9a-f]{12}", created.out)[0] in listed.out


async def test_bids_beside_the_tender_file_become_files_of_the_room(
    env: dict[str, str], tender: Path, tmp_path: Path
) -> None:
    created = await run("room", "create", tender, env=env)

    async with open_backend(plain_settings(tmp_path / "data")) as backend:
        room = RoomId(re.findall(r"r-[0-9a-f]{12}", created.out)[0])
        files = (await read_room(backend, room)).lots[L1].files
        assert list(files) == list("ABCDEF")
        assert await backend.files.get(room, files[BidAlias("A")][0].file.sha256) == TEXTBOOK.load("bids/A.pdf")


async def test_a_tender_whose_bids_are_missing_or_no_pdfs_creates_nothing(
    env: dict[str, str], tender: Path, tmp_path: Path
) -> None:
    (tmp_path / "bids" / "B.pdf").unlink()
    (tmp_path / "bids" / "C.pdf").write_text("no PDF")

    refused, listed = [await run("room", *arguments, env=env) for arguments in (("create", tender), ("list",))]

    line = next(at for at, text in enumerate(textbook_text().splitlines(), 1) if "bids/B.pdf" in text)
    assert (refused.code, refused.out) == (1, "")
    assert "textbook.yaml: 2 mistakes; nothing was created." in refused.err
    assert f"{line}: lots.L1.bids.B.files[0].file" in refused.err
    assert "There is no file bids/B.pdf." in refused.err
    assert "bids/C.pdf is no PDF" in refused.err
    assert "No rooms yet" in listed.out


async def test_entry_slips_are_written_for_a_rooms_seats(env: dict[str, str], tender: Path, tmp_path: Path) -> None:
    created = await run("room", "create", tender, env=env)
    room = re.findall(r"r-[0-9a-f]{12}", created.out)[0]
    file = tmp_path / "slips.pdf"

    given = await run("room", "tickets", room, file, "--address", "https://hall.example/", env=env)
    text = text_of(file.read_bytes())
    usual = await run("room", "tickets", room, file, env={**env, "LIANPING_NAMES": "seats.example"})

    assert (given.code, usual.code) == (0, 0)
    assert "seats open https://hall.example." in given.out
    assert text.count("https://hall.example") == len(re.findall(r"入场码\D{0,9}\d{8}", text)) == 16
    assert file.stat().st_mode & 0o077 == 0
    assert "seats open https://seats.example:8443." in usual.out


async def test_commands_beside_a_server_work_on_its_store(env: dict[str, str], tender: Path, tmp_path: Path) -> None:
    async with serving({**env, "LIANPING_TLS": "off", "LIANPING_PORT": "0", "LIANPING_MEDIA": "false"}):
        created = await run("room", "create", tender, env=env)
        listed = await run("room", "list", env=env)
        async with open_backend(plain_settings(tmp_path / "data")) as backend:
            [record] = await backend.rooms.list_rooms()

    assert (created.code, listed.code) == (0, 0)
    assert record.room in created.out
    assert record.room in listed.out


async def test_a_bad_tender_is_refused_with_every_mistake_and_creates_nothing(
    env: dict[str, str], tmp_path: Path
) -> None:
    file = tmp_path / "bad.yaml"
    file.write_text(textbook_text().replace("role: expert", "role: wizard", 1).replace("price: 13656", "price: -1"))
    binary = tmp_path / "binary.yaml"
    binary.write_bytes(b"title: \xff")

    refused, unreadable, listed = [
        await run("room", *arguments, env=env) for arguments in (("create", file), ("create", binary), ("list",))
    ]

    assert (refused.code, unreadable.code, refused.out) == (1, 1, "")
    assert re.search(r"bad\.yaml: \d+ mistakes; nothing was created", refused.err)
    assert "lots.L1.bids.A.price" in refused.err
    assert "binary.yaml" in unreadable.err
    assert "No rooms yet" in listed.out


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("room", "codes", "r-unknown"), "There is no room r-unknown."),
        (("room", "export", "r-unknown", "/dev/null"), "There is no room r-unknown."),
        (("room", "tickets", "r-unknown", "slips.pdf"), "There is no room r-unknown."),
    ],
)
async def test_an_unknown_room_is_a_sentence_not_a_traceback(
    env: dict[str, str], arguments: tuple[str, ...], says: str
) -> None:
    refused = await run(*arguments, env=env)

    assert (refused.code, refused.out) == (1, "")
    assert says in refused.err
    assert "Traceback" not in refused.err


async def test_an_unknown_setting_stops_every_command(env: dict[str, str]) -> None:
    refused = await run("serve", env={**env, "LIANPING_PROT": "1"})

    assert refused.code == 1
    assert "unknown field `prot`" in refused.err
    assert "Traceback" not in refused.err


async def test_doctor_finds_what_is_wrong(env: dict[str, str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        where = {**env, "LIANPING_HOST": "127.0.0.1", "LIANPING_PORT": str(port), "LIANPING_MEDIA_PORT": "0"}
        sick = await run("doctor", env=where)
    well = await run("doctor", env=where)

    assert (sick.code, well.code) == (1, 0)
    assert sick.out.count("✗") == 1
    assert "✗" not in well.out


@pytest.mark.parametrize(("content", "code"), [(None, 3), (b"no package", 3)], ids=["missing", "unreadable"])
async def test_what_cannot_be_verified_has_an_exit_code_of_its_own(
    env: dict[str, str], tmp_path: Path, content: bytes | None, code: int
) -> None:
    file = tmp_path / "room.zip"
    if content is not None:
        file.write_bytes(content)

    verified = await run("verify", file, env=env)

    assert (verified.code, "Traceback" in verified.err) == (code, False)


async def test_the_automatic_demo_ends_with_the_published_ranking_and_packages_to_verify(
    env: dict[str, str], tmp_path: Path
) -> None:
    played = await run("demo", "--auto", "--json", "--folder", tmp_path / "demo", env=env)
    result = json.loads(played.out)

    sound, tampered = [await run("verify", result[name], env=env) for name in ("package", "tampered")]

    assert played.code == 0
    assert [(each["bid"], each["total"], each["rank"]) for each in result["ranking"]] == [
        ("A", "92.87", 1),
        ("D", "91.59", 2),
        ("E", "89.43", 3),
        ("F", "83.59", 4),
        ("B", "49.6", 5),
    ]
    assert (result["verify"], sound.code, tampered.code) == ("ok", 0, 1)
    assert "Sound" in sound.out
    assert re.search(r"lines\.jsonl:\d+", tampered.out)


async def test_verify_says_what_a_package_is_worth(env: dict[str, str], tmp_path: Path) -> None:
    data = tmp_path / "played"
    async with open_desk(plain_settings(data)) as desk:
        await desk.play()
        room = desk.room_id
        key = desk.backend.log_signer(room).key.vkey
    played = environment(data=data)
    sound, broken = tmp_path / "sound.zip", tmp_path / "broken.zip"
    assert (await run("room", "export", room, sound, env=played)).code == 0
    broken.write_bytes(tamper(sound.read_bytes()))

    trusted, foreign, changed, judged = await asyncio.gather(
        run("verify", sound, "--log-key", key, env=env),
        run("verify", sound, "--log-key", key[::-1], env=env),
        run("verify", broken, env=env),
        run("verify", broken, "--json", env=env),
    )

    assert (trusted.code, foreign.code, changed.code, judged.code) == (2, 1, 1, 1)
    verdict = json.loads(judged.out)
    assert (verdict["ok"], verdict["outcome"]) == (False, "broken")
    wheres = [check["where"] for check in verdict["checks"] if not check["ok"]]
    assert any("lines.jsonl:" in where or "checkpoints/" in where for where in wheres)
    assert "Broken" in changed.out


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


async def test_verify_tells_of_the_reports_and_draws_bars_on_a_terminal_alone(
    env: dict[str, str], tmp_path: Path
) -> None:
    package = tmp_path / "room.zip"
    package.write_bytes(await asyncio.to_thread(lambda: fully_reported().package()))
    chinese = {**env, "LANG": "zh_CN.UTF-8", "TERM": "xterm"}

    watched, piped, judged = await asyncio.gather(
        run_on_terminal("verify", package, env=chinese),
        run("verify", package, env=env),
        run_on_terminal("verify", package, "--json", env=chinese),
    )

    assert [each.code for each in (watched, piped, judged)] == [0, 0, 0]
    assert "逐条核验指令" in watched.out
    assert "二标段（L2）评标报告第 2 版：已封存" in watched.out
    assert "E3 姓名·E3·: signed with dissent, 2026-03-25" in piped.out
    assert not {"\x1b", "\r"} & set(piped.out + piped.err)
    assert json.loads(judged.out)["ok"] is True
