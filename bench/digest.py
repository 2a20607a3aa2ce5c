"""Digest of a result folder, so that entrants are compared by what they say and not by how they write it.

Run as a process of its own: a parent that has read large files would show in the memory measured for its
children.
"""

import hashlib
import json
import sys
from pathlib import Path
from typing import Any

import polars as pl

KEYS = ["ref_area", "time_period", "offence", "sex", "age", "citizenship"]
FIGURES = ["value", "lower", "upper", "n_cells"]


def digest(folder: Path) -> dict[str, Any]:
    """Hash and height of the observations and of the findings about figures, whatever their order."""
    texts = pl.read_csv(folder / "observations.csv", infer_schema=False)
    observations = texts.select(*KEYS, pl.col(FIGURES).cast(pl.Float64).cast(pl.Int64)).sort(KEYS)
    texts = pl.read_csv(folder / "findings.csv", infer_schema=False)
    findings = texts.filter(pl.col("column") == "figure")
    findings = findings.select(pl.col("row").cast(pl.Int64), pl.col("text").fill_null("").str.strip_prefix("'")).sort(
        "row", "text"
    )
    return {
        "observations": _hash(observations),
        "observations_rows": observations.height,
        "findings": _hash(findings),
        "findings_rows": findings.height,
    }


def _hash(table: pl.DataFrame) -> str:
    return hashlib.sha256(table.write_csv().encode()).hexdigest()[:16]


if __name__ == "__main__":
    sys.stdout.write(json.dumps(digest(Path(sys.argv[1]))) + "\n")
