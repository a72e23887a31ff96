from server.domain.errors import Rejection
from server.evidence import errors


def test_codes_are_distinct() -> None:
    codes = sorted(each.code for each in Rejection.__subclasses__() if each.__module__ == errors.__name__)

    assert codes == ["bad_note_signature", "malformed_text", "not_canonical", "out_of_tree", "unsupported_key"]


def test_malformed_text_says_what_and_why() -> None:
    error = errors.MalformedText(what="note", why="not UTF-8")

    assert (str(error), error.facts) == ("Malformed note: not UTF-8.", {"what": "note", "why": "not UTF-8"})
