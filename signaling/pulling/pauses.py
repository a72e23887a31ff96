"""When a camera is tried again, by how it went. Pure."""

from signaling.pulling.messages import PullState

FIRST_S, LONGEST_S = 1.0, 30.0
AFTER_SETTING_S = 60.0
"What a person has to change at the camera is not there sooner."
_BY_PERSON: frozenset[PullState] = frozenset({"bad_codec", "b_frames", "no_stream", "no_camera"})


class Pauses:
    """They grow until the camera is live again."""

    def __init__(self) -> None:
        self._next_s = FIRST_S

    def after(self, state: PullState) -> float | None:
        """Seconds until the next try; none at all after a wrong password: cameras lock out who tries it often."""
        if state in ("wrong_password", "forbidden"):
            return None
        if state in _BY_PERSON:
            return AFTER_SETTING_S
        if state == "interrupted":
            self._next_s = FIRST_S
        pause, self._next_s = self._next_s, min(LONGEST_S, 2 * self._next_s)
        return pause
