"""Runs the benchmarks: `python -m tests.benchmarks [NAME ...]`, or `make bench NAME=media_forward`.

A benchmark is a program in this folder, `bench_<name>.py`, with a function `main()` that prints one JSON object a line,
in the fields of `Figure`, and says on standard error what else it has to say. Each runs in a process of its own, one
after the other, for at most twenty-five minutes; with `LIANPING_SOAK=1` in the environment, which a benchmark may read
to run for long, for at most six hours.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from threading import Timer

import msgspec

LIMIT_S = 1500.0
SOAK_LIMIT_S = 6 * 3600.0
"The longest sitting we plan for."


class Figure(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """One measured figure, beside that of the program it is compared with."""

    bench: str
    metric: str
    value: float
    unit: str
    peer: str | None = None
    "What it is compared with, with its version; none where nothing comparable is at hand."
    peer_value: float | None = None
    ratio: float | None = None
    "`value / peer_value`."
    runs: int | list[float]
    "How many runs `value` is the median of, or the value of each."


class BenchmarkFailed(Exception):
    """A benchmark ended badly, took too long, or printed something else than figures."""


def figures(program: Sequence[str], limit_s: float) -> Iterator[Figure]:
    """Runs a program and gives each figure as it prints it; what it started ends with it.

    Raises:
        BenchmarkFailed: the program did not end well and in time, or a line was no figure.
    """
    with subprocess.Popen(program, stdout=subprocess.PIPE, start_new_session=True) as process:
        assert process.stdout is not None
        alarm = Timer(limit_s, os.killpg, (process.pid, signal.SIGKILL))
        alarm.start()
        try:
            for line in process.stdout:
                yield msgspec.json.decode(line, type=Figure)
            status = process.wait()
        except msgspec.DecodeError as error:
            raise BenchmarkFailed(f"not a figure: {line!r}: {error}") from error
        finally:
            alarm.cancel()
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
    if status == -signal.SIGKILL:
        raise BenchmarkFailed(f"killed, perhaps after {limit_s:.0f} s")
    if status != 0:
        raise BenchmarkFailed(f"ended with status {status}")


def main(names: Sequence[str]) -> int:
    """Runs the named benchmarks, or all; gives the exit status."""
    found = sorted(path.stem.removeprefix("bench_") for path in Path(__file__).parent.glob("bench_*.py"))
    if unknown := set(names) - set(found):
        sys.stderr.write(f"no benchmark named {', '.join(sorted(unknown))}; there are: {', '.join(found)}\n")
        return 2
    limit_s = SOAK_LIMIT_S if os.environ.get("LIANPING_SOAK") == "1" else LIMIT_S
    failed = False
    for name in names or found:
        try:
            for figure in figures([sys.executable, "-m", f"tests.benchmarks.bench_{name}"], limit_s):
                sys.stdout.write(msgspec.json.encode(figure).decode() + "\n")
                sys.stdout.flush()
        except BenchmarkFailed as error:
            sys.stderr.write(f"{name}: {error}\n")
            failed = True
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
