"""A workbook or a Parquet file of a stranger is first read by another process, with bounds on its memory and time.

Where memory is short, the reader of workbooks ends the process that it runs in. What it makes room for is reckoned
before (`room`, `package`, `binary_workbook`); that is reckoned by other rules than its own, and a file may be made to
be read differently by the two. Arrow ends the process where some parts of a footer contradict each other.
"""

from __future__ import annotations

import signal
import subprocess
import sys
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

from ..model.finding import problem
from . import on_trial
from .on_trial import BROKEN, EXHAUSTED, MEMORY, SECONDS
from .source import Source

CRASHES = (-signal.SIGABRT, -signal.SIGSEGV)
"""How a process ends in which Arrow meets what it does not expect; of one that reads a workbook, memory was short."""

Outcome = Literal["fine", "too much", "broken"]

READERS = {"workbook": "python_calamine", "parquet": "pyarrow"}
"""The library that reads a kind of file."""


def tried(path: Path, kind: str = "workbook") -> Outcome:
    """What becomes of a file, a workbook or Parquet, within the bounds; `fine`, too, where it cannot be opened for a
    reason that is told, or where a system knows no bounds (Windows) or lets no process be started."""
    origin = find_spec(READERS[kind]).origin  # type: ignore[union-attr]  # whoever asks is about to import it
    try:
        done = subprocess.run(
            [sys.executable, "-I", on_trial.__file__, str(Path(str(origin)).parents[1]), kind, str(path.absolute())],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=10 * SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return "too much"
    except (OSError, ValueError):
        return "fine"
    if done.returncode == BROKEN or (kind == "parquet" and done.returncode in CRASHES):
        return "broken"
    return "too much" if done.returncode < 0 or done.returncode == EXHAUSTED else "fine"


@lru_cache(maxsize=64)
def ensure_bearable(source: Source) -> None:
    """Try a workbook or a Parquet file, once.

    Raises:
        Problem: it takes too much memory or time to read it, or its reader breaks off.
    """
    assert source.path is not None
    outcome = tried(source.path, source.kind)
    if outcome == "too much":
        message = f"cannot be opened within {MEMORY >> 30} GB of memory and {SECONDS} seconds"
        raise problem("file-too-large", message, file=source.name)
    if outcome == "broken":
        raise problem("file-unreadable", "is damaged: the reader of its format breaks off in it", file=source.name)
