"""The public functions. Heavy libraries are imported when a function needs them, not before."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from .model.finding import Finding, Problem, Severity, problem
from .model.offence import Offence

__all__ = ["Problem", "build", "offence", "offences", "validate"]

if TYPE_CHECKING:
    import pandas as pd

    from .building.dataset import Dataset, Result

    Given = str | Path | pd.DataFrame


def build(
    files: Given | Sequence[Given],
    *,
    mapping: str | None = None,
    mappings: str | Path | None = None,
    fail_on: Literal["error", "warning"] = "error",
    progress: Callable[[str], None] | None = None,
) -> Dataset:
    """Harmonize national files.

    Args:
        files: one or several paths, or pandas DataFrames (their columns are the file's header).
        mapping: id of the mapping, such as `deu/pks_time_series`; without it each file is recognised.
        mappings: a folder of your own mappings, looked at before the ones that ship.
        fail_on: the severity from which on there is no dataset.
        progress: called with a line of text at each step.

    Returns:
        The dataset: `.observations`, `.findings`, `.explain(row)`, `.write(folder)`.

    Raises:
        Problem: findings at or above `fail_on`, all of them, of all files.
    """
    from .building.build import run

    dataset = run(_listed(files), mapping=mapping, mappings=mappings, progress=progress or (lambda _: None))
    dataset.threshold = Severity(fail_on)
    if not dataset.ok:
        frame = dataset.all_findings.frame()
        raise Problem(
            *(
                Finding.model_validate({k: v for k, v in row.items() if v is not None})
                for row in frame.head(1_000).iter_rows(named=True)
            )
        )
    return dataset


def validate(
    files: Given | Sequence[Given],
    *,
    mapping: str | None = None,
    mappings: str | Path | None = None,
    fail_on: Literal["error", "warning"] = "error",
    progress: Callable[[str], None] | None = None,
) -> Result:
    """Look for everything that is wrong with files, without making a dataset.

    Returns:
        `.ok` and `.findings`; arguments as in `build`. What is wrong with a file is never raised.

    Raises:
        Problem: only where there is no such mapping, or it has mistakes.
    """
    from .building.build import run
    from .building.dataset import Result

    dataset = run(_listed(files), mapping=mapping, mappings=mappings, progress=progress or (lambda _: None))
    return Result(dataset.all_findings, Severity(fail_on))


def _listed(files: Any) -> list[Any]:
    return list(files) if isinstance(files, list | tuple) else [files]


def offences() -> dict[str, Offence]:
    """Every common offence by code."""
    from .model.catalog import offences as load

    return load()


def offence(code: str) -> Offence:
    """One common offence.

    Raises:
        Problem: there is no such code; the nearest are named.
    """
    from .model.nearest import nearest

    known = offences()
    if code not in known:
        raise problem(
            "offence-unknown",
            f"there is no common offence {code!r}",
            suggestion=", ".join(nearest(code, known)),
        )
    return known[code]
