import re
from pathlib import Path

from server.backend import open_backend
from server.domain.ids import BidAlias, RoomId
from server.room_desk import read_room
from server.tender.template import textbook_text
from tests.support.live_server import L1, TEXTBOOK, plain_settings
from tests.support.pdf_pages import text_of
from tests.support.server_process import run, serving

CODE = re.compile(r"\b(\d{4} \d{4})\b")


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
