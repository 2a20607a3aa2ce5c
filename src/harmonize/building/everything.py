"""Everything that lies in a folder, built into one dataset: what no mapping reads is listed and does not stop it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from ..model.finding import problem
from .build import run
from .dataset import Dataset
from .feed import Progress


def everything(folder: Path, *, mappings: Path | None = None, progress: Progress = lambda _: None) -> Dataset:
    """Try every file below a folder.

    Returns:
        The dataset. `passed_over` says why a file is not in it, `findings` what is wrong with those that are read; an
        edition with errors is left out whole, and its errors are findings.

    Raises:
        Problem: there is no such folder, or it holds no file that a mapping reads.
    """
    if not folder.is_dir():
        raise problem("file-unreadable", "there is no such folder", file=str(folder))
    files = list(files_below(folder))
    if not files:
        raise problem("file-empty", "the folder holds no file", file=str(folder))
    dataset = run(files, mappings=mappings, keep_going=True, progress=progress)
    if not dataset.fed and dataset.ok:
        raise problem("file-unknown", f"no mapping reads any of the {len(files)} files in it", file=str(folder))
    return dataset


def files_below(folder: Path) -> Iterator[Path]:
    """Every file below a folder in the order of its path. Hidden ones are nobody's data; links to folders may lead
    anywhere, and are not followed."""
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield from (Path(place) / name for name in sorted(names) if not name.startswith("."))
