import json
import os
from concurrent.futures import ThreadPoolExecutor

from signaling import lossy_log
from signaling.lossy_log import LossyLog


def read_all(fd: int) -> list[str]:
    with open(fd, encoding="utf-8") as reader:
        return reader.read().splitlines()


def test_lines_come_through_in_order() -> None:
    reader, writer = os.pipe()
    log = LossyLog(writer)

    for line in ("一", "2", "three"):
        log.write(f"{line}\n")
    log.close()
    os.close(writer)

    assert read_all(reader) == ["一", "2", "three"]


def test_a_log_that_nobody_reads_keeps_nobody_waiting_and_says_later_how_much_it_lost() -> None:
    reader, writer = os.pipe()
    log = LossyLog(writer)
    written = 3 * lossy_log.MOST_WAITING

    for number in range(written):
        log.write(f"{number:0200}\n")
    with ThreadPoolExecutor() as threads:
        lines = threads.submit(read_all, reader)
        log.close()
        os.close(writer)

    losses = [json.loads(line)["count"] for line in lines.result() if line.startswith("{")]
    assert losses
    assert sum(losses) + len(lines.result()) - len(losses) == written


def test_a_log_whose_reader_has_gone_stops_nobody() -> None:
    reader, writer = os.pipe()
    log = LossyLog(writer)
    os.close(reader)

    log.write("nobody hears this\n")
    log.close()
    os.close(writer)

    assert log.closed
