"""The README's worked example, recomputed from the README: by its own shell commands, and by our code."""

import base64
import re
import subprocess
from pathlib import Path

import msgspec
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

import server.evidence
from server.evidence.canonical import is_canonical
from server.evidence.checkpoints import parse_checkpoint, sign_checkpoint
from server.evidence.command_signatures import command_digest, key_fingerprint, sign_command, verify_command_signature
from server.evidence.cosignatures import Cosigner, cosigned_at
from server.evidence.merkle import MerkleTree, leaf_hash
from server.evidence.notes import NoteSigner, SignatureType, is_signed_by, parse_note, parse_verifier_key
from tests.evidence.keys import spki_of

README = (Path(server.evidence.__path__[0]) / "README.md").read_text()
FILES = dict(re.findall(r"^```text (\S+)\n(.*?)^```$", README, re.DOTALL | re.MULTILINE))
LINES = FILES["lines.jsonl"].encode().splitlines()
TREE = MerkleTree(map(leaf_hash, LINES))
COMMAND = FILES["command.json"].rstrip("\n")
SIGNATURE = base64.b64decode(FILES["command.signature"])
SPKI = base64.b64decode(FILES["seat.key"])
LOG_KEY = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"
WITNESS_KEY = "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb"
"RFC 8032, 7.1, TEST 1 and TEST 2."
SEAT_KEY = 0xC9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721
"RFC 6979, A.2.5."
TIME_S = 1795399231


def test_shell_commands_print_what_the_readme_says(tmp_path: Path) -> None:
    (commands,) = re.findall(r"^```sh\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)
    for name, content in FILES.items():
        (tmp_path / name).write_text(content)

    run = subprocess.run(["bash", "-eu", "-c", commands], cwd=tmp_path, capture_output=True, text=True, check=True)

    assert run.stdout == FILES["output"]


def test_lines_are_canonical_and_hash_to_the_root() -> None:
    hashes = [f"leaf {i}  {leaf_hash(line).hex()}" for i, line in enumerate(LINES)]

    assert all(is_canonical(line) for line in LINES)
    assert FILES["hashes.txt"].splitlines() == [*hashes, f"root    {TREE.root().hex()}"]


def test_keys_of_the_policy_signed_the_checkpoint() -> None:
    log, witness = (line.split()[-1] for line in FILES["policy.txt"].splitlines()[:2])
    note = parse_note(FILES["checkpoint.txt"].encode())

    assert parse_checkpoint(note).head == TREE.head
    assert is_signed_by(note, parse_verifier_key(log, SignatureType.ED25519))
    assert cosigned_at(note, parse_verifier_key(witness, SignatureType.COSIGNATURE_V1)) == TIME_S


def test_published_keys_make_the_same_checkpoint() -> None:
    log, witness = (Ed25519PrivateKey.from_private_bytes(bytes.fromhex(key)) for key in (LOG_KEY, WITNESS_KEY))
    note = sign_checkpoint(TREE.head, NoteSigner("jia.example/rooms/42", log))

    cosigned = note.with_signatures([Cosigner("yi.example/witness", witness).cosign(note.text, TIME_S)])

    assert cosigned.to_bytes() == FILES["checkpoint.txt"].encode()


def test_command_stands_signed_in_one_line() -> None:
    handed_in, scored = map(msgspec.json.decode, LINES[1:])
    signed = {"key": key_fingerprint(SPKI), "signature": FILES["command.signature"].strip(), "text": COMMAND}

    assert handed_in["cause"] == scored["cause"] == command_digest(COMMAND)
    assert scored["signed"] == signed
    assert "signed" not in handed_in


def test_published_key_signs_the_command_the_same_way() -> None:
    seat = ec.derive_private_key(SEAT_KEY, ec.SECP256R1())

    assert is_canonical(COMMAND.encode())
    assert spki_of(seat) == SPKI
    assert sign_command(seat, COMMAND) == SIGNATURE
    assert verify_command_signature(SPKI, COMMAND, SIGNATURE)
