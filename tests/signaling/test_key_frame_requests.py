from signaling.key_frame_requests import REPEAT_AFTER_S, KeyFrameRequests


def test_new_listener_is_served_at_once() -> None:
    requests = KeyFrameRequests()
    requests.for_loss()
    first = requests.due(0.0)
    requests.arrived()
    requests.for_new_listener()

    assert (first, requests.due(0.01)) == (True, True)


def test_new_listeners_share_a_request_that_is_not_answered_yet() -> None:
    requests = KeyFrameRequests()
    requests.for_new_listener()
    requests.due(0.0)
    requests.for_new_listener()

    assert (requests.due(0.01), requests.asked) == (False, 1)


def test_losses_are_throttled() -> None:
    requests = KeyFrameRequests()
    asked = []
    for n in range(6):
        requests.for_loss()
        asked.append(requests.due(n * REPEAT_AFTER_S / 2))
        requests.arrived()

    assert asked == [True, False, True, False, True, False]


def test_request_is_repeated_until_a_key_frame_comes() -> None:
    requests = KeyFrameRequests()
    requests.for_new_listener()

    asked = [requests.due(n * REPEAT_AFTER_S) for n in range(3)]
    requests.arrived()

    assert (asked, requests.due(9 * REPEAT_AFTER_S), requests.asked) == ([True, True, True], False, 3)


def test_nothing_is_asked_without_a_reason() -> None:
    assert not KeyFrameRequests().due(0.0)
