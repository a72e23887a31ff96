from msgspec.structs import replace

from server.auth.relays import RelayPass, Relays
from server.domain.ids import Millis

RELAYS = Relays(urls=("turn:relay.example:3478",), secret="north")
NOW = Millis(1_700_000_000_999)


def test_pass_is_good_for_an_hour_and_opens_by_the_secret() -> None:
    issued = RELAYS.issue("E3", NOW)

    # printf 1700003600:E3 | openssl dgst -sha1 -hmac north -binary | base64
    assert issued == RelayPass(
        urls=("turn:relay.example:3478",), username="1700003600:E3", credential="UkEQtq2HZPMh5TqAfjl3gqRvxUY="
    )


def test_passes_of_another_seat_another_time_and_another_secret_differ() -> None:
    others = [
        RELAYS.issue("E4", NOW),
        RELAYS.issue("E3", Millis(NOW + 1000)),
        replace(RELAYS, secret="south").issue("E3", NOW),
    ]

    assert len({each.credential for each in (*others, RELAYS.issue("E3", NOW))}) == 4


def test_secret_is_not_shown() -> None:
    assert "north" not in repr(RELAYS)
