"""A log that keeps nobody waiting: where it is read too slowly, or not at all, lines are lost and counted.

A write to a full pipe waits for its reader, for ever if need be, and sound and pictures would wait with it. So a
thread writes, behind a queue that is bounded; how many lines were lost is the next line that comes through.
"""

import atexit
import io
import os
from queue import Full, Queue
from threading import Thread

MOST_WAITING = 2_000
"Lines."
LAST_LINES_S = 1.0
"For what still waits when the program ends."
_LOST = b'{"event": "log_lines_lost", "level": "warning", "count": %d}\n'


class LossyLog(io.TextIOBase):
    """A stream of lines to a file descriptor, which stays open; to write never waits and never fails."""

    def __init__(self, fd: int) -> None:
        self._fd = fd
        self._waiting: Queue[str | None] = Queue(MOST_WAITING)
        self._lost = 0
        self._writer = Thread(target=self._keep_writing, name="log", daemon=True)
        self._writer.start()
        atexit.register(self.close)

    def write(self, text: str) -> int:
        """Have a line written, or lose it."""
        try:
            self._waiting.put_nowait(text)
        except Full:
            self._lost += 1
        return len(text)

    def close(self) -> None:
        """Give what still waits a moment to be written; after that nothing is."""
        if self._writer.is_alive() and not self.closed:
            try:
                self._waiting.put(None, timeout=LAST_LINES_S)
            except Full:
                return
            self._writer.join(LAST_LINES_S)
        super().close()

    def _keep_writing(self) -> None:
        told = failed = 0
        while True:
            text = self._waiting.get()
            lost = self._lost + failed
            if lost > told and self._is_written(_LOST % (lost - told)):
                told = lost
            if text is None:
                return
            failed += not self._is_written(text.encode(errors="backslashreplace"))

    def _is_written(self, data: bytes) -> bool:
        """Write all of it; false where the reader has gone, or the disk is full."""
        try:
            while data:
                data = data[os.write(self._fd, data) :]
        except OSError:
            return False
        return True
