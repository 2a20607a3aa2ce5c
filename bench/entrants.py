"""Who takes part: one table of names and commands."""

import dataclasses
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

from paths import BENCH, data_dir

LIBRARY = "harmonize"
POLARS_FLOOR = "floor: polars parse"
DUCKDB_FLOOR = "floor: duckdb parse"
REFERENCE = "polars script"
PANDAS = "pandas script"
PYDANTIC = "pydantic rows"


@dataclasses.dataclass(frozen=True, slots=True)
class Entrant:
    """One competitor: how it is called on a file, and how it is treated."""

    name: str
    command: Callable[[Path, Path], list[str]]
    checked: bool = True
    """Whether it does the whole job, so that its results must equal the others'."""
    slow: bool = False
    """Whether one round is enough at ten million rows and more."""


def library(*arguments: str) -> list[str]:
    """The library's command line, by its script if that is installed."""
    beside = Path(sys.executable).with_name(LIBRARY)
    script = str(beside) if beside.exists() else shutil.which(LIBRARY)
    return [script, *arguments] if script else [sys.executable, "-m", LIBRARY, *arguments]


def _build(source: Path, out: Path) -> list[str]:
    mapping = ("--mapping", "bench/microdata", "--mappings", str(BENCH / "mappings"))
    return library("build", str(source), *mapping, "--out", str(out), "--format", "csv")


def _rival(script: str) -> Callable[[Path, Path], list[str]]:
    path = BENCH / "rivals" / script
    return lambda source, out: [sys.executable, str(path), str(source), str(data_dir()), str(out)]


ENTRANTS = (
    Entrant(POLARS_FLOOR, _rival("floor_polars.py"), checked=False),
    Entrant(DUCKDB_FLOOR, _rival("floor_duckdb.py"), checked=False),
    Entrant(LIBRARY, _build),
    Entrant(REFERENCE, _rival("polars_script.py")),
    Entrant(PANDAS, _rival("pandas_script.py"), slow=True),
    Entrant(PYDANTIC, _rival("pydantic_rows.py"), slow=True),
)
STARTUP: dict[str, Callable[[], list[str]]] = {
    "import pandas": lambda: [sys.executable, "-c", "import pandas"],
    "harmonize --help": lambda: library("--help"),
}
"""Commands without a file, to hold small builds against."""
