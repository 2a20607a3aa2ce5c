"""Run a command as a whole process and say what it cost.

CPU seconds are those of the whole process tree, so that work moved to threads or children still counts; on a
shared machine they are steadier than the wall clock. The peak is the larger of what the kernel reports for
the process and the polled sum over its tree. The kernel's figure includes what the parent held when it
started the child: the process that measures must therefore import nothing large.
"""

import dataclasses
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

TICKS, PAGE = os.sysconf("SC_CLK_TCK"), os.sysconf("SC_PAGE_SIZE")
POLL_SECONDS = 0.02
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
"""Modules are compiled once and kept, as pip does for whoever installs a package; otherwise a checkout, and it alone
of all entrants, would be compiled at every start."""


@dataclasses.dataclass(frozen=True, slots=True)
class Measure:
    """What one run cost; `error` holds the end of its error output when it failed."""

    wall: float
    cpu: float
    peak_mb: float
    code: int
    error: str = ""


def measure(command: Sequence[str], cwd: Path | None = None, timeout: float = 1800) -> Measure:
    """Run `command` to its end, or kill it and its children after `timeout` seconds."""
    with tempfile.TemporaryFile() as errors:
        begin = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=cwd, env=ENVIRONMENT, start_new_session=True, stdout=subprocess.DEVNULL, stderr=errors
        )
        spent: dict[int, float] = {}
        peak = 0.0
        ended = 0
        while not ended:
            peak = max(peak, _look(process.pid, spent))
            ended, status, usage = os.wait4(process.pid, os.WNOHANG)
            if not ended and time.perf_counter() - begin > timeout:
                os.killpg(process.pid, signal.SIGKILL)
                ended, status, usage = os.wait4(process.pid, 0)
            if not ended:
                time.sleep(POLL_SECONDS)
        wall = time.perf_counter() - begin
        process.returncode = code = os.waitstatus_to_exitcode(status)
        _look(process.pid, spent)  # children that outlive the command have worked for it too
        errors.seek(0)
        error = errors.read().decode(errors="replace")[-600:] if code else ""
    cpu = max(sum(spent.values()), usage.ru_utime + usage.ru_stime)
    return Measure(wall, cpu, max(peak, usage.ru_maxrss * 1024) / 1e6, code, error)


def _look(session: int, spent: dict[int, float]) -> float:
    """Note the CPU seconds of every process of the session; return their resident memory in bytes."""
    resident = 0.0
    for process, seconds, size in _session(session):
        spent[process] = max(spent.get(process, 0.0), seconds)
        resident += size
    return resident


def _session(session: int) -> Iterator[tuple[int, float, int]]:
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            text = (entry / "stat").read_bytes()
        except OSError:  # it ended between the listing and the reading
            continue
        fields = text[text.rindex(b")") + 2 :].split()
        if int(fields[3]) == session:
            yield int(entry.name), (int(fields[11]) + int(fields[12])) / TICKS, int(fields[21]) * PAGE


if __name__ == "__main__":
    sys.stdout.write(f"{measure(sys.argv[1:])}\n")
