from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.evidence.errors import BadNoteSignature, MalformedText
from server.evidence.notes import (
    MAX_NOTE_BYTES,
    MAX_SIGNATURES,
    Note,
    NoteSignature,
    SignatureType,
    VerifierKey,
    is_signed_by,
    parse_note,
    parse_signature_lines,
    parse_verifier_key,
)
from tests.evidence.keys import LOG, OTHER_LOG, ed25519_spki, openssl_accepts

VKEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
NOTE = (
    "This is an example message.\n\n— example.com/foo "
    "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
).encode()
"Source: c2sp.org/signed-note, Example."
POEM = (
    "Ognuno sta solo sul cuor della terra\ntrafitto da un raggio di sole:\n\ned è subito sera.\n\n"
    "— quasimodo.example/salvatore "
    "NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+EhfLW9oJKONrMouFSQU0xMcXxj99ihAQwaqP3ZekRwNtIc=\n"
).encode()
"Source: c2sp.org/signed-note, the note at its head."
TEXT = "评标\n\n第一标段\n"
SIGNED = Note(text=TEXT, signatures=(LOG.sign(TEXT),))


def test_example_note_verifies_with_the_example_key() -> None:
    key = parse_verifier_key(VKEY, SignatureType.ED25519)

    note = parse_note(NOTE)

    assert note.text == "This is an example message.\n"
    assert is_signed_by(note, key)
    assert (key.name, key.vkey) == ("example.com/foo", VKEY)
    assert note.to_bytes() == NOTE


def test_text_may_hold_empty_lines() -> None:
    note = parse_note(POEM)

    assert note.text.endswith("sole:\n\ned è subito sera.\n")
    assert [(each.name, each.key_id.hex()) for each in note.signatures] == [("quasimodo.example/salvatore", "367ba04b")]
    assert note.to_bytes() == POEM


def test_cosigner_key_parses_only_as_its_type() -> None:
    # Source: transparency-dev/formats, note/note_cosigv1_test.go
    vkey = "remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2"

    assert parse_verifier_key(vkey, SignatureType.COSIGNATURE_V1).vkey == vkey
    with pytest.raises(MalformedText, match="signature type 0x01"):
        parse_verifier_key(vkey, SignatureType.ED25519)


def test_signed_note_survives_the_trip() -> None:
    note = parse_note(SIGNED.to_bytes())

    assert note == SIGNED
    assert is_signed_by(note, parse_verifier_key(LOG.key.vkey, SignatureType.ED25519))


def test_openssl_accepts_a_note_signature(tmp_path: Path) -> None:
    spki, raw = ed25519_spki(LOG.key.public_key), SIGNED.signatures[0].signature

    assert openssl_accepts(tmp_path, spki, TEXT.encode(), raw)
    assert not openssl_accepts(tmp_path, spki, TEXT.encode() + b"\n", raw)


def test_unknown_keys_are_ignored() -> None:
    stranger = OTHER_LOG.sign("something else\n")  # the same name, another id
    note = Note(text=TEXT, signatures=(stranger,)).with_signatures(SIGNED.signatures)

    assert note.signatures == (stranger, SIGNED.signatures[0])
    assert is_signed_by(note, LOG.key)
    assert not is_signed_by(Note(text=TEXT, signatures=(stranger,)), LOG.key)


def test_false_line_of_a_known_key_spoils_the_note() -> None:
    false_line = LOG.key.signature(bytes(64))

    for lines in ((false_line,), (*SIGNED.signatures, false_line), (false_line, *SIGNED.signatures)):
        with pytest.raises(BadNoteSignature, match=LOG.key.name):
            is_signed_by(Note(text=TEXT, signatures=lines), LOG.key)


def test_signature_of_another_length_is_false() -> None:
    with pytest.raises(BadNoteSignature):
        is_signed_by(Note(text=TEXT, signatures=(LOG.key.signature(b"short"),)), LOG.key)


@given(st.integers(0, len(TEXT.encode()) - 1), st.integers(0, 7))
def test_any_flipped_bit_of_the_text_is_noticed(at: int, bit: int) -> None:
    data = bytearray(SIGNED.to_bytes())
    data[at] ^= 1 << bit

    with pytest.raises((MalformedText, BadNoteSignature)):
        is_signed_by(parse_note(bytes(data)), LOG.key)


LINE = SIGNED.signatures[0].line


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "no empty line"),
        (LINE.encode(), "no empty line"),
        (f"text\n{LINE}".encode(), "no empty line"),
        (b"text\n\n", "no signature line"),
        (f"text\n\n{LINE}"[:-1].encode(), "no line feed"),
        (f"text\n\n{LINE}\n".encode(), "no signature line"),
        (f"text\r\n\r\n{LINE}".encode(), "no empty line"),
        (f"text\r\n\n{LINE}".encode(), "control character"),
        (f"te\txt\n\n{LINE}".encode(), "control character"),
        (f"te\0xt\n\n{LINE}".encode(), "control character"),
        (f"text\n\n{LINE[:-1]}\r\n".encode(), "base64"),
        (f"text\n\n{LINE}trailing\n".encode(), "single spaces"),
        (f"text\n\n-{LINE[1:]}".encode(), "single spaces"),
        (f"text\n\n—  {LINE[2:]}".encode(), "single spaces"),
        (f"text\n\n{LINE[:-1]} \n".encode(), "single spaces"),
        ("text\n\n— na+me AAAAAAAA\n".encode(), "single spaces"),
        ("text\n\n— na\u3000me AAAAAAAA\n".encode(), "single spaces"),
        ("text\n\n— na\tme AAAAAAAA\n".encode(), "single spaces"),
        ("text\n\n—  AAAAAAAA\n".encode(), "single spaces"),
        ("text\n\n— name AAAAAA==\n".encode(), "no signature"),
        ("text\n\n— name AAAAAAA\n".encode(), "base64"),
        ("text\n\n— name AAAAAAB=\n".encode(), "base64"),
        (f"t\xff\n\n{LINE}".encode("latin-1", "replace"), "UTF-8"),
        (b"t\xed\xa0\x80\n\n", "UTF-8"),
        (b"x" * (MAX_NOTE_BYTES + 1), "more than"),
        (f"text\n\n{LINE * (MAX_SIGNATURES + 1)}".encode(), "more than"),
    ],
)
def test_parse_note_refuses(data: bytes, why: str) -> None:
    with pytest.raises(MalformedText, match=why):
        parse_note(data)


def test_parse_note_accepts_the_largest_size() -> None:
    rest = f"\n\n{LINE}".encode()

    assert len(parse_note(b"x" * (MAX_NOTE_BYTES - len(rest)) + rest).text) == MAX_NOTE_BYTES - len(rest) + 1


def test_parse_note_accepts_the_largest_number_of_signatures() -> None:
    assert len(parse_note(f"text\n\n{LINE * MAX_SIGNATURES}".encode()).signatures) == MAX_SIGNATURES


def test_signature_lines_of_a_witness_parse_alone() -> None:
    assert parse_signature_lines(LINE + LINE) == SIGNED.signatures * 2
    with pytest.raises(MalformedText, match="single spaces"):
        parse_signature_lines(LINE + "\n" + LINE)


@pytest.mark.parametrize(("text", "why"), [("", "does not end"), ("text", "does not end"), ("te\rxt\n", "control")])
def test_note_demands_a_text_that_can_be_signed(text: str, why: str) -> None:
    with pytest.raises(MalformedText, match=why):
        Note(text=text, signatures=())


@pytest.mark.parametrize(
    ("vkey", "why"),
    [
        ("", "plus signs"),
        ("example.com/foo", "plus signs"),
        ("example.com/foo+530d903a", "plus signs"),
        (VKEY.replace("530d903a", "530D903A"), "id is not"),
        (VKEY.replace("530d903a", "530d903b"), "id is not"),
        (VKEY.replace("example.com/foo", "example.com/bar"), "id is not"),
        (VKEY.replace("+Aeky", "+Beky"), "signature type"),
        (VKEY.replace("+Aeky", "+"), "signature type"),
        (VKEY[:-4], "32 bytes"),
        (VKEY[:-1], "base64"),
        (VKEY + "\n", "base64"),
        (VKEY.replace("example.com/foo", ""), "name is empty"),
        (VKEY.replace("example.com/foo", "example.com /foo"), "has a space"),
        ("example.com/foo+530d903a+", "signature type"),
    ],
)
def test_parse_verifier_key_refuses(vkey: str, why: str) -> None:
    with pytest.raises(MalformedText, match=why):
        parse_verifier_key(vkey, SignatureType.ED25519)


@pytest.mark.parametrize("name", ["", "a b", "a\u2003b", "a+b", "a\nb", "a\x1bb"])
def test_key_names_are_one_word(name: str) -> None:
    with pytest.raises(MalformedText, match="the name is empty or has"):
        VerifierKey(name=name, signature_type=SignatureType.ED25519, public_key=bytes(32))


@given(st.binary(min_size=4, max_size=4), st.binary(min_size=1, max_size=90))
def test_signature_line_returns_what_it_was_given(key_id: bytes, raw: bytes) -> None:
    signature = NoteSignature(name="省.example/见证", key_id=key_id, signature=raw)

    assert parse_signature_lines(signature.line) == (signature,)
