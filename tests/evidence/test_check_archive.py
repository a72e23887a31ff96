import zipfile
from io import BytesIO

import pytest

from server.evidence.check_archive import check_archive
from server.evidence.package import (
    LINES,
    README,
    SUMS,
    archive,
    digest_list,
    read_package,
    readme_text,
    with_digests,
    write_package,
)
from server.evidence.verdict import Outcome

PACKAGE = write_package([b'{"seq":0}'], {1: "one\n", 10: "ten\n"})
CONTENTS = read_package(PACKAGE)


def found(data: bytes) -> dict[str, list[str]]:
    checks = check_archive(data, read_package(data))
    return {check.code: [each.where for each in check.findings] for check in checks if not check.ok}


def changed(place: int) -> bytes:
    return PACKAGE[:place] + bytes([PACKAGE[place] ^ 1]) + PACKAGE[place + 1 :]


def test_package_as_written_gives_no_finding() -> None:
    checks = check_archive(PACKAGE, CONTENTS)

    assert [(check.code, check.failure, check.ok) for check in checks] == [
        ("archive_exact", Outcome.BROKEN, True),
        ("digests", Outcome.BROKEN, True),
        ("contents_known", Outcome.UNREADABLE, True),
    ]


def test_change_in_the_archives_tables_is_found_at_its_byte() -> None:
    central = PACKAGE.index(b"PK\x01\x02")

    assert found(changed(central + 4)) == {"archive_exact": [f"package:{central + 4}"]}
    assert found(changed(10)) == {"archive_exact": ["package:10"]}
    assert found(PACKAGE[:-2] + b"\x01\x00x") == {"archive_exact": [f"package:{len(PACKAGE) - 2}"]}


def test_bytes_in_front_of_the_archive_are_found() -> None:
    assert found(b"MZ" + PACKAGE) == {"archive_exact": ["package:0"]}


def test_changed_file_is_found_by_its_digest_and_its_checksum() -> None:
    place = PACKAGE.index(b'{"seq":0}')
    checksum = PACKAGE.index(b"PK\x03\x04", 1) + 14

    assert found(changed(place)) == {"archive_exact": [f"package:{checksum}"], "digests": [LINES]}


def test_files_in_another_order_or_compressed_are_no_exact_archive() -> None:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        for name, data in reversed(CONTENTS.items()):
            target.writestr(name, data)

    assert list(found(buffer.getvalue())) == ["archive_exact"]


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_files_of_one_name_are_no_exact_archive() -> None:
    buffer = BytesIO(PACKAGE)
    with zipfile.ZipFile(buffer, "a") as target:
        target.writestr(README, readme_text())

    assert list(found(buffer.getvalue())) == ["archive_exact"]


@pytest.mark.parametrize(
    ("sums", "where"),
    [
        (None, [SUMS]),
        (b"", [README, LINES, "checkpoints/1.txt", "checkpoints/10.txt"]),
        (CONTENTS[SUMS].replace(b"  lines", b"  other"), [LINES]),
        (CONTENTS[SUMS] + b"0" * 64 + b"  more\n", [SUMS]),
        (CONTENTS[SUMS][:-1], [SUMS]),
        (CONTENTS[SUMS] + b"\xff", [SUMS]),
    ],
)
def test_list_of_digests_is_exactly_that_of_the_files(sums: bytes | None, where: list[str]) -> None:
    files = {name: data for name, data in CONTENTS.items() if name != SUMS}

    assert found(archive(files if sums is None else {**files, SUMS: sums})) == {"digests": where}


@pytest.mark.parametrize("name", ["more.pdf", "/etc/passwd", "../../up", "checkpoints", "Lines.jsonl", "a\nb", "文件"])
def test_file_that_no_package_has_is_named(name: str) -> None:
    assert found(with_digests({**CONTENTS, name: b"x"})) == {"contents_known": [name]}


@pytest.mark.parametrize("text", [None, b"", readme_text().replace(b"sha256sum", b"sha1sum")])
def test_explanation_is_the_one_that_the_program_writes(text: bytes | None) -> None:
    files = {name: data for name, data in CONTENTS.items() if name != README}

    package = with_digests(files if text is None else {**files, README: text})

    assert found(package) == {"contents_known": [README]}


def test_digests_cover_every_file_but_their_own() -> None:
    assert [line.split()[1].decode() for line in digest_list(CONTENTS).splitlines()] == [
        README,
        LINES,
        "checkpoints/1.txt",
        "checkpoints/10.txt",
    ]
