import pytest

from signaling.speakers import BREAK_S, SILENCE, TAKES_OVER_S, VOICE, Speakers

PACKET_S = 0.02
LOUD, FAINT = 30, round(VOICE) + 5
ALL = ("E1", "E2", "E3")


class Table:
    """Seats that send a packet of sound every 20 ms."""

    def __init__(self) -> None:
        self.speakers = Speakers()
        self.now = 0.0

    def sound(self, seconds: float, **levels: int) -> str | None:
        for _ in range(round(seconds / PACKET_S)):
            self.now += PACKET_S
            for source in ALL:
                self.speakers.heard(source, levels.get(source, SILENCE), self.now)
        return self.speakers.latest(ALL)


@pytest.fixture
def table() -> Table:
    return Table()


def test_nobody_speaks_in_silence(table: Table) -> None:
    assert table.sound(5, E1=FAINT) is None


def test_who_speaks_for_a_while_comes_first_and_stays_in_the_silence_after(table: Table) -> None:
    table.sound(2)

    assert table.sound(TAKES_OVER_S / 2, E2=LOUD) is None
    assert table.sound(TAKES_OVER_S, E2=LOUD) == "E2"
    assert table.sound(60) == "E2"


def test_cough_while_somebody_speaks_changes_nothing(table: Table) -> None:
    table.sound(2, E1=LOUD)
    table.sound(0.1, E1=LOUD, E2=10)

    assert table.sound(1, E1=LOUD) == "E1"


def test_breaks_between_words_are_no_end(table: Table) -> None:
    table.sound(2, E1=LOUD)
    table.sound(BREAK_S / 2, E2=LOUD)

    assert table.sound(TAKES_OVER_S, E1=LOUD, E2=LOUD) == "E1"


def test_next_one_comes_first_when_the_one_before_is_silent(table: Table) -> None:
    table.sound(2, E1=LOUD)

    assert table.sound(2 * BREAK_S + TAKES_OVER_S, E2=LOUD) == "E2"
    assert table.speakers.latest(("E1", "E3")) == "E1"


def test_what_is_loud_all_the_time_is_no_speech(table: Table) -> None:
    table.sound(30, E3=LOUD)
    table.sound(2, E3=LOUD, E1=LOUD)

    assert table.sound(2, E3=LOUD) == "E1"


def test_voice_above_the_noise_of_its_booth_is_speech(table: Table) -> None:
    table.sound(30, E3=45)
    table.sound(2, E1=LOUD)

    assert table.sound(2, E3=LOUD) == "E3"


def test_seat_that_left_is_forgotten(table: Table) -> None:
    table.sound(2, E1=LOUD)
    table.speakers.left("E1")
    table.speakers.left("E9")

    assert table.speakers.latest(ALL) is None
