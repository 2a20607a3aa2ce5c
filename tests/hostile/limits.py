"""Runs the command line in a process of its own, bounded as a runner bounds it, and says what it took."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SECONDS = 40
"""Of the processor, before the kernel kills it; what is measured is far below."""
MEGABYTES = 1_500

LAUNCHER = f"""
import os, resource, subprocess, sys
resource.setrlimit(resource.RLIMIT_CPU, ({SECONDS}, {SECONDS}))
resource.setrlimit(resource.RLIMIT_AS, (12 << 30, 12 << 30))
resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
process = subprocess.Popen(sys.argv[1:])
_, status, used = os.wait4(process.pid, 0)
print(os.waitstatus_to_exitcode(status), used.ru_maxrss >> 10, file=sys.stderr, end="")
"""
"""A process begins with what the one that starts it holds, and tests hold much: this one holds nothing."""


@dataclass(frozen=True)
class Ran:
    """How a validation ended."""

    code: int
    findings: list[dict[str, Any]]
    stderr: str
    megabytes: int

    @property
    def rules(self) -> set[str]:
        return {finding["rule"] for finding in self.findings}


def validated(*arguments: Path | str, folder: Path | None = None) -> Ran:
    """`harmonize validate`, as json, with bounds on processor and memory that end it when it does not hold them."""
    command = [sys.executable, "-m", "harmonize", "validate", "--format", "json", *map(str, arguments)]
    launched = [sys.executable, "-c", LAUNCHER, *command]
    done = subprocess.run(launched, capture_output=True, cwd=folder, text=True, check=False)
    said, _, last = done.stderr.rpartition("\n")
    assert "Traceback" not in said, said[-2_000:]
    code, megabytes = map(int, last.split())
    found = json.loads(done.stdout)["findings"] if done.stdout else []
    return Ran(code, found, said, megabytes)


def refused(*arguments: Path | str, rule: str, folder: Path | None = None) -> Ran:
    """A validation that says with this rule that it cannot run, within the bounds."""
    ran = validated(*arguments, folder=folder)
    assert (ran.code, ran.rules) == (2, {rule}), (ran.code, ran.findings, ran.stderr[-2_000:])
    assert ran.megabytes < MEGABYTES
    return ran
