"""What all entrants must agree on: the columns, the code tables and the names of the two result files.

Only names and tables are shared; each rival states the rules in its own idiom, so that a wrong rule shows as
a different digest instead of being wrong everywhere alike.
"""

import csv
import sys
from pathlib import Path

USED = ["district", "fiscal_year", "offence_code", "sex", "age_group", "citizenship", "figure"]
KEYS = ["ref_area", "time_period", "offence", "sex", "age", "citizenship"]
OBSERVATION = [*KEYS, "value", "lower", "upper", "n_cells"]
FINDING = ["row", "column", "text"]

SEX = {"M": "M", "F": "F", "Unknown": "_U"}
AGE = {
    "<14": "Y_LT14",
    "14-17": "Y14T17",
    "18-24": "Y18T24",
    "25-34": "Y25T34",
    "35-49": "Y35T49",
    "50-64": "Y50T64",
    "65+": "Y_GE65",
    "Unknown": "_U",
}


def table(folder: Path, name: str, source: str, target: str) -> dict[str, str]:
    """Read one code table as a mapping from the national text to the common code."""
    with (folder / name).open(encoding="utf-8", newline="") as handle:
        return {row[source]: row[target] for row in csv.DictReader(handle)}


def tables(folder: Path) -> tuple[dict[str, str], dict[str, str], dict[str, str]]:
    """District -> Land, offence code -> common offence, citizenship -> country."""
    return (
        table(folder, "district.csv", "text", "code"),
        table(folder, "codes.csv", "code", "offence"),
        table(folder, "citizenship.csv", "text", "code"),
    )


def arguments() -> tuple[Path, Path, Path]:
    """CSV TABLES_DIR OUT_DIR from the command line; the output folder is made."""
    source, folder, out = (Path(text) for text in sys.argv[1:4])
    out.mkdir(parents=True, exist_ok=True)
    return source, folder, out
