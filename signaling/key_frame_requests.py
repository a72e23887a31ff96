"""When to ask a camera for a key frame."""

from math import inf

REPEAT_AFTER_S = 0.5
"Between two requests; a key frame costs as much as ten other frames."


class KeyFrameRequests:
    """At once for a new listener, throttled for losses, again until one comes. Time is an argument, in seconds."""

    def __init__(self) -> None:
        self.asked = 0
        self._wanted = False
        self._answered = True
        self._not_before = -inf

    def for_new_listener(self) -> None:
        """A new listener cannot show anything before a key frame: do not wait for the throttle."""
        self._wanted = True
        if self._answered:
            self._not_before = -inf

    def for_loss(self) -> None:
        """A listener lost its picture."""
        self._wanted = True

    def arrived(self) -> None:
        """A key frame has begun."""
        self._wanted = False
        self._answered = True

    def due(self, now: float) -> bool:
        """Whether to send a request now; it then counts as sent."""
        if not self._wanted or now < self._not_before:
            return False
        self._answered = False
        self._not_before = now + REPEAT_AFTER_S
        self.asked += 1
        return True
