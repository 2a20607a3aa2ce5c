"""A workbook of a stranger is first opened by another process, with bounds on its memory and time.

Where memory is short, the reader of workbooks ends the process that it runs in. What it makes room for is reckoned
before (`room`, `package`, `binary_workbook`); that is reckoned by other rules than its own, and a file may be made to
be read differently by the two.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Literal

MEMORY = 3 << 30
"""Bytes of the address space: twenty million cells with 512 MB of text take less."""
SECONDS = 30
"""Of the processor: a workbook of twenty million cells takes less."""
EXHAUSTED = 3
"""The exit code of a trial that needs more memory."""
BROKEN = 4
"""The exit code of a trial in which the reader of workbooks broke off. Where it does so it writes to stderr."""


def tried(path: Path) -> Literal["fine", "too much", "broken"]:
    """What becomes of the workbook within the bounds; `fine`, too, where it cannot be opened for a reason that is told,
    or where a system knows no bounds (Windows) or lets no process be started."""
    import python_calamine

    library = str(Path(python_calamine.__file__).parents[1])
    try:
        done = subprocess.run(
            [sys.executable, "-I", __file__, library, str(path.absolute())],
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
    if done.returncode < 0 or done.returncode == EXHAUSTED:
        return "too much"
    return "broken" if done.returncode == BROKEN else "fine"


def _try(path: str) -> None:
    """Make everything that `workbook` makes, and keep it as that does."""
    import python_calamine

    book = python_calamine.load_workbook(path)
    kept = []
    for name in book.sheet_names:
        sheet = book.get_sheet_by_name(name)
        kept.append((sheet.to_python(skip_empty_area=False), sheet.merged_cell_ranges))


def main() -> None:
    """What the other process does."""
    library, path = sys.argv[1:]
    sys.path.append(library)
    try:
        import resource
    except ImportError:  # Windows
        return
    for kind, most in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_AS, MEMORY),
    ):
        known = resource.getrlimit(kind)[1]  # nobody may ask for more than that
        bound = most if known == resource.RLIM_INFINITY else min(most, known)
        resource.setrlimit(kind, (bound, known))
    try:
        _try(path)
    except Exception as error:  # of the file: whoever opens it says so
        sys.exit(EXHAUSTED if isinstance(error, MemoryError) else 0)
    except BaseException as error:  # what panics in Rust is no Exception
        sys.exit(EXHAUSTED if "pointer is null" in str(error) else BROKEN)


if __name__ == "__main__":
    main()
