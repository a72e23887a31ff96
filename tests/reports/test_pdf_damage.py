from pyhanko.pdf_utils.misc import PdfReadError

from server.reports.pdf_damage import UNREADABLE, told


def test_damage_is_told_in_a_line() -> None:
    assert told(PdfReadError("no\n  startxref")) == "PdfReadError: no startxref"
    assert len(told(ValueError("x" * 9000))) < 250


def test_what_ends_a_program_is_no_damage() -> None:
    assert not issubclass(KeyboardInterrupt, UNREADABLE)
    assert issubclass(RecursionError, UNREADABLE)
