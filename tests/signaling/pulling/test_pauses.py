from signaling.pulling.pauses import AFTER_SETTING_S, LONGEST_S, Pauses


def test_pauses_grow_until_the_camera_was_live() -> None:
    pauses = Pauses()

    assert [pauses.after("unreachable") for _ in range(7)] == [1, 2, 4, 8, 16, LONGEST_S, LONGEST_S]
    assert [pauses.after("interrupted"), pauses.after("unreachable")] == [1, 2]


def test_password_is_not_tried_again() -> None:
    assert Pauses().after("wrong_password") is None
    assert Pauses().after("forbidden") is None
    assert Pauses().after("bad_codec") == AFTER_SETTING_S
