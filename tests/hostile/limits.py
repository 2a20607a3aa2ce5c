"""Runs the command line in a process of its own, bounded as a runner bounds it, and says what it took."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SECONDS = 40
"""Of the processor, before the kernel kills it; what is measured is far below."""
MEGABYTES = 1_500


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

    def bound() -> None:
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
        resource.setrlimit(resource.RLIMIT_AS, (12 << 30, 12 << 30))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

    command = [sys.executable, "-m", "harmonize", "validate", "--format", "json", *map(str, arguments)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, preexec_fn=bound, cwd=folder, text=True
    ) as process:
        assert process.stdout
        assert process.stderr
        out, err = process.stdout.read(), process.stderr.read()
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    assert "Traceback" not in err, err[-2_000:]
    found = json.loads(out)["findings"] if out else []
    return Ran(process.returncode, found, err, used.ru_maxrss >> 10)


def refused(*arguments: Path | str, rule: str, folder: Path | None = None) -> Ran:
    """A validation that says with this rule that it cannot run, within the bounds."""
    ran = validated(*arguments, folder=folder)
    assert (ran.code, ran.rules) == (2, {rule}), (ran.code, ran.findings, ran.stderr[-2_000:])
    assert ran.megabytes < MEGABYTES
    return ran
