import inspect
from pathlib import Path

from server.kernel_limits import WANTED_BYTES, allowed_buffer_bytes
from signaling.datagram_batches import bind_udp


def test_the_smaller_limit_counts(tmp_path: Path) -> None:
    limits = [tmp_path / "rmem_max", tmp_path / "wmem_max"]
    limits[0].write_text("4194304\n")
    limits[1].write_text("212992\n")

    assert allowed_buffer_bytes(limits) == 212992


def test_a_kernel_that_does_not_tell_has_no_limit_that_we_know(tmp_path: Path) -> None:
    assert allowed_buffer_bytes([tmp_path / "rmem_max"]) is None


def test_what_is_wanted_is_what_the_media_process_asks_for() -> None:
    assert inspect.signature(bind_udp).parameters["buffer_bytes"].default == WANTED_BYTES
