"""The whole verdict: which checks find what in which package, and that nothing makes verification itself fail."""

import subprocess
from base64 import b64decode
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from hypothesis import given, settings
from hypothesis import strategies as st

from server.domain.lines import Line
from server.evidence.canonical import canonical
from server.evidence.merkle import MerkleTree, leaf_hash
from server.evidence.package import LINES, README, SUMS, archive, read_package, with_digests
from server.evidence.progress import Tell
from server.evidence.verdict import JudgedReports, Outcome, Verdict
from server.evidence.verify import verify
from server.verify_desk import judge_certificate
from tests.evidence.keys import LOG, OTHER_LOG, ed25519_spki, openssl_accepts
from tests.evidence.signed_room import (
    found,
    number_of,
    rewritten,
    short_sitting,
    signed_head,
    signed_package,
    sitting,
    with_files,
)

RAWS = sitting().world.raw
END = len(RAWS)
SIZES = sitting().sizes
PACKAGE = sitting().package()
SHORT = short_sitting().package()
CONTENTS = read_package(PACKAGE)
SCORED = number_of(RAWS, "sheet_scored", "E3")
ENROLLED = number_of(RAWS, "seat_enrolled", "E3")
BEFORE, AFTER = next((low, high) for low, high in pairwise(SIZES) if low <= SCORED < high)
EVERY_CHECK = [
    "package_readable",
    "archive_exact",
    "digests",
    "contents_known",
    "lines_known",
    "lines_canonical",
    "lines_in_order",
    "opening_and_close",
    "rules_known",
    "opening_sound",
    "venue_certificates",
    "log_key",
    "keys_readable",
    "checkpoints_readable",
    "checkpoints_signed",
    "tree_matches",
    "cosignatures",
    "complete",
    "command_signatures",
    "commands_decided_again",
    "seat_certificates",
    "reports_present",
    "report_files",
]


def no_reports(
    contents: Mapping[str, bytes], raws: Sequence[bytes], lines: Sequence[Line], tell: Tell
) -> JudgedReports:
    return JudgedReports()


def judged(data: bytes, log_key: str | None = None) -> Verdict:
    return verify(data, judge_certificate, no_reports, log_key=log_key)


def record(raws: Sequence[bytes]) -> bytes:
    return b"".join(raw + b"\n" for raw in raws)


def changed(number: int, change: Callable[[dict[str, Any]], object]) -> bytes:
    """A line changed by somebody without keys, who computes the digests anew."""
    return with_files(PACKAGE, {LINES: record(rewritten(RAWS, number, change))})


def resigned(number: int, change: Callable[[dict[str, Any]], object]) -> bytes:
    """A line changed by somebody who holds the keys of log and witnesses."""
    return signed_package(rewritten(RAWS, number, change), SIZES)


def reopened(**fields: Any) -> bytes:
    """Another first event, under signed heads."""
    return resigned(0, lambda line: line.update(fields))


def raise_points(line: dict[str, Any]) -> None:
    line["points"]["A"]["design"] = "40"


def add_number(line: dict[str, Any]) -> None:
    line["lots"]["L1"]["scheme"]["price"]["ceiling"] = "1E+1000000000"


def test_sitting_is_sound_by_every_check() -> None:
    verdict = judged(PACKAGE, log_key=LOG.key.vkey)

    assert [check.code for check in verdict.checks] == EVERY_CHECK
    assert found(verdict) == {}
    assert verdict.outcome is Outcome.SOUND
    assert verdict.opening == sitting().world.room.opening


OTHER_SALT = {"salt": "AAECAwQFBgcICQoLDA0ODw=="}
NOBODY_SAW = f"lines.jsonl:1-{END}"

CASES: dict[str, tuple[bytes, Outcome, dict[str, list[str]]]] = {
    "package_readable": (b"rubbish", Outcome.UNREADABLE, {"package_readable": ["package"]}),
    "archive_exact": (PACKAGE + b"\0", Outcome.BROKEN, {"archive_exact": [f"package:{len(PACKAGE)}"]}),
    "digests": (archive({**CONTENTS, SUMS: CONTENTS[SUMS] + b"\n"}), Outcome.BROKEN, {"digests": [SUMS]}),
    "contents_known": (with_files(PACKAGE, {"a.pdf": b""}), Outcome.UNREADABLE, {"contents_known": ["a.pdf"]}),
    "lines_known": (
        resigned(END - 1, lambda line: line.update(type="of_tomorrow")),
        Outcome.UNREADABLE,
        {"lines_known": [f"lines.jsonl:{END}"]},
    ),
    "lines_canonical": (
        signed_package([*RAWS[:2], RAWS[2].replace(b'"at":', b'"at": '), *RAWS[3:]], SIZES),
        Outcome.BROKEN,
        {"lines_canonical": ["lines.jsonl:3"]},
    ),
    "lines_in_order": (
        resigned(7, lambda line: line.update(at=1)),
        Outcome.BROKEN,
        {"lines_in_order": ["lines.jsonl:8"]},
    ),
    "opening_and_close": (
        signed_package([*RAWS, *rewritten(RAWS[-1:], 0, lambda line: line.update(seq=END))], [END + 1]),
        Outcome.BROKEN,
        {"opening_and_close": [f"lines.jsonl:{END}"]},
    ),
    "no_opening": (
        signed_package(rewritten(RAWS[1:2], 0, lambda line: line.update(seq=0)), [1]),
        Outcome.BROKEN,
        {"opening_and_close": ["lines.jsonl:1"]},
    ),
    "rules_known": (reopened(rules=2), Outcome.UNREADABLE, {"rules_known": ["lines.jsonl:1"]}),
    "opening_sound": (resigned(0, add_number), Outcome.BROKEN, {"opening_sound": ["lines.jsonl:1"]}),
    "keys_readable": (
        reopened(log_key="none", rules=2),
        Outcome.UNREADABLE,
        {"rules_known": ["lines.jsonl:1"], "keys_readable": ["lines.jsonl:1"]},
    ),
    "checkpoints_readable": (
        with_files(PACKAGE, {"checkpoints/1.txt": b"?"}),
        Outcome.BROKEN,
        {"checkpoints_readable": ["checkpoints/1.txt"]},
    ),
    "checkpoints_signed": (
        with_files(
            PACKAGE,
            {"checkpoints/9.txt": signed_head(MerkleTree(map(leaf_hash, RAWS)), 9, log=OTHER_LOG).encode()},
        ),
        Outcome.BROKEN,
        {"checkpoints_signed": ["checkpoints/9.txt"], "cosignatures": ["checkpoints/9.txt"]},
    ),
    "tree_matches": (
        changed(END - 1, lambda line: line.update(OTHER_SALT)),
        Outcome.BROKEN,
        {"tree_matches": [f"lines.jsonl:{SIZES[-2] + 1}-{END}"]},
    ),
    "complete": (signed_package(RAWS, ()), Outcome.INCOMPLETE, {"complete": [NOBODY_SAW]}),
    "command_signatures": (
        resigned(SCORED, lambda line: line["signed"].update(signature="A" * 86 + "==")),
        Outcome.BROKEN,
        {"command_signatures": [f"lines.jsonl:{SCORED + 1}"]},
    ),
    "commands_decided_again": (
        resigned(SCORED, raise_points),
        Outcome.BROKEN,
        {"commands_decided_again": [f"lines.jsonl:{SCORED + 1}"]},
    ),
    "changed_by_a_stranger": (
        changed(SCORED, raise_points),
        Outcome.BROKEN,
        {
            "tree_matches": [f"lines.jsonl:{BEFORE + 1}-{AFTER}"],
            "commands_decided_again": [f"lines.jsonl:{SCORED + 1}"],
        },
    ),
    "changed_by_accident": (
        archive({**CONTENTS, LINES: record(rewritten(RAWS, SCORED, raise_points))}),
        Outcome.BROKEN,
        {
            "digests": [LINES],
            "tree_matches": [f"lines.jsonl:{BEFORE + 1}-{AFTER}"],
            "commands_decided_again": [f"lines.jsonl:{SCORED + 1}"],
        },
    ),
    "unknown_and_changed": (
        changed(SCORED, lambda line: line.update(type="of_tomorrow")),
        Outcome.BROKEN,
        {
            "lines_known": [f"lines.jsonl:{SCORED + 1}"],
            "tree_matches": [f"lines.jsonl:{BEFORE + 1}-{AFTER}"],
        },
    ),
    "explanation": (with_files(PACKAGE, {README: b"all is well"}), Outcome.UNREADABLE, {"contents_known": [README]}),
}


@pytest.mark.parametrize("case", CASES)
def test_each_check_finds_its_own_and_where(case: str) -> None:
    data, outcome, where = CASES[case]

    verdict = judged(data)

    assert (verdict.outcome, found(verdict)) == (outcome, where)
    assert all(finding.reason for check in verdict.checks for finding in check.findings)


def test_key_that_was_published_elsewhere_must_be_the_rooms() -> None:
    verdict = judged(PACKAGE, log_key=OTHER_LOG.key.vkey)

    assert (verdict.outcome, found(verdict)) == (Outcome.BROKEN, {"log_key": ["lines.jsonl:1"]})


def test_certificates_are_judged_as_asked() -> None:
    verdict = verify(PACKAGE, lambda opening, event, line, room: ["revoked"] if event.alias == "E3" else (), no_reports)

    assert found(verdict) == {"seat_certificates": [f"lines.jsonl:{ENROLLED + 1}"]}


def test_forged_cosignature_is_found_in_its_checkpoint() -> None:
    name = f"checkpoints/{SIZES[0]}.txt"
    own, other = (CONTENTS[f"checkpoints/{size}.txt"].split(b"\n") for size in SIZES[:2])

    verdict = judged(with_files(PACKAGE, {name: b"\n".join([*own[:-2], other[-2], b""])}))

    assert found(verdict) == {"cosignatures": [name]}


# -- never a traceback


@given(st.binary(max_size=200))
@settings(max_examples=200)
def test_rubbish_is_unreadable(data: bytes) -> None:
    assert judged(data).outcome is Outcome.UNREADABLE


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_any_bytes_in_any_file_are_judged(data: st.DataObject) -> None:
    contents = read_package(SHORT)
    name = data.draw(st.sampled_from(sorted(contents)))
    start = data.draw(st.integers(0, len(contents[name])))
    end = data.draw(st.integers(start, min(len(contents[name]), start + 40)))
    replaced = contents[name][:start] + data.draw(st.binary(max_size=20)) + contents[name][end:]
    files = {**contents, name: replaced}
    package = archive(files) if name == SUMS else with_digests(files)

    assert (judged(package).outcome is Outcome.SOUND) == (replaced == contents[name])


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(1 - 2**53, 2**53 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_any_value_in_any_field_of_a_resigned_record_is_judged(data: st.DataObject) -> None:
    """The host may write whatever it likes into a line and sign the heads."""
    raws = short_sitting().world.raw
    number = data.draw(st.integers(0, len(raws) - 1))
    line = msgspec.json.decode(raws[number])
    place = line
    while True:
        keys = sorted(place) if isinstance(place, dict) else range(len(place))
        key = data.draw(st.sampled_from(keys))
        if not isinstance(place[key], (dict, list)) or not place[key] or data.draw(st.booleans()):
            break
        place = place[key]
    place[key] = data.draw(JSON)

    verdict = judged(signed_package([*raws[:number], canonical(line), *raws[number + 1 :]], short_sitting().sizes))

    assert verdict.outcome in Outcome


@pytest.mark.parametrize(
    "lines",
    [
        b"",
        b"\n" * 1000,
        b"\n" * 200_001,
        b"[" * 100_000 + b"\n",
        RAWS[0] + b"\n" + b'{"a":' * 900 + b"1" + b"}" * 900 + b"\n",
        RAWS[0] + b"\n" + b'{"a":' * 5000 + b"1" + b"}" * 5000 + b"\n",
        b"\xff\xfe" * 100,
        b"\xef\xbb\xbf" + RAWS[0] + b"\n",
        record(RAWS).replace(b"\n", b"\r\n"),
        record(RAWS).decode().encode("utf-16"),
        RAWS[0] + b"\n" + b"x" * 5_000_000,
        RAWS[0].replace(b'"quorum":2', b'"quorum":' + b"9" * 5000) + b"\n",
    ],
)
def test_strange_records_are_judged(lines: bytes) -> None:
    verdict = judged(with_files(SHORT, {LINES: lines}))

    assert verdict.outcome in (Outcome.BROKEN, Outcome.UNREADABLE)
    assert all(finding.reason and finding.where for check in verdict.checks for finding in check.findings)


# -- a second opinion by common tools


def test_openssl_accepts_a_command_and_a_checkpoint_as_the_readme_describes_them(tmp_path: Path) -> None:
    (tmp_path / "package").write_bytes(PACKAGE)
    subprocess.run(["unzip", "-q", "package", "-d", "record"], cwd=tmp_path, check=True)
    lines = [msgspec.json.decode(line) for line in (tmp_path / "record" / LINES).read_bytes().splitlines()]
    signed = lines[SCORED]["signed"]
    (spki,) = [line["spki"] for line in lines if line["type"] == "seat_enrolled" and line["key"] == signed["key"]]
    raw = b64decode(signed["signature"])
    der = encode_dss_signature(int.from_bytes(raw[:32]), int.from_bytes(raw[32:]))
    message = b"lianping-command-v1\n" + signed["text"].encode()
    checkpoint = (tmp_path / "record" / "checkpoints" / f"{END}.txt").read_text()
    text, lines_of_log = checkpoint.split("\n\n")
    note_signature = b64decode(lines_of_log.splitlines()[0].split(" ")[2])[4:]
    log_key = b64decode(lines[0]["log_key"].split("+", 2)[2])[1:]

    assert openssl_accepts(tmp_path, b64decode(spki), message, der, "-digest", "sha256")
    assert not openssl_accepts(tmp_path, b64decode(spki), message + b" ", der, "-digest", "sha256")
    assert openssl_accepts(tmp_path, ed25519_spki(log_key), f"{text}\n".encode(), note_signature)
