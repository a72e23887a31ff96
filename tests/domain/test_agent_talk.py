from server.domain.agent_talk import ENDS_BY_SERVER, TALK_LIMIT_MS, TalkEnd


def test_server_ends_nothing_that_a_person_or_a_command_ends() -> None:
    assert set(TalkEnd) > ENDS_BY_SERVER
    assert TalkEnd.ENDED not in ENDS_BY_SERVER


def test_talk_lasts_minutes_and_not_hours() -> None:
    assert 5 * 60_000 <= TALK_LIMIT_MS <= 60 * 60_000
