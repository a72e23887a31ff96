"""What can be wrong with evidence that came from outside.

Rejection
├── MalformedText    a note, key, checkpoint or request that is not written as its format demands
├── NotCanonical     a value that has no RFC 8785 form
├── BadNoteSignature     a line carries a known key's name and id, but the key did not make it
├── UnsupportedKey   a command key that is not P-256, or not in its one DER form
└── OutOfTree        a proof or root for leaves that the tree does not have

A signature or proof that is merely false is a verdict, not an error: the functions that check return it.
"""

from server.domain.errors import Rejection


class MalformedText(Rejection):
    """Text that breaks its format; `what` names the text, `why` the rule."""

    code = "malformed_text"
    sentence = "Malformed {what}: {why}."


class NotCanonical(Rejection):
    """A value that RFC 8785 cannot write."""

    code = "not_canonical"
    sentence = "The value has no canonical form: {why}."


class BadNoteSignature(Rejection):
    """A signature line of a known key that does not verify; such a note is refused whole."""

    code = "bad_note_signature"
    sentence = "The signature of {name} does not verify."


class UnsupportedKey(Rejection):
    """A public key that is not P-256 in its plain SubjectPublicKeyInfo form."""

    code = "unsupported_key"
    sentence = "The public key cannot be used: {why}."


class OutOfTree(Rejection):
    """A request for leaves beyond the end of the tree."""

    code = "out_of_tree"
    sentence = "The tree of {size} leaves has no {asked}."
