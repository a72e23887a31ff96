from server.reports.pdf_damage import told


def test_what_was_wrong_is_told_in_one_short_line() -> None:
    assert told(ValueError("no\n  PDF")) == "ValueError: no PDF"
    assert len(told(ValueError("x" * 900))) < 230
