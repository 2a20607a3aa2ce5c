"""`make demo`: harmonizes the example files into out/ and prints a summary."""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd

import harmonize as hz

HERE = Path(__file__).parent
OUT = HERE.parent / "out"


def main() -> int:
    """Build, write, summarise. Returns 1 where the build fails."""
    files = sorted(path for path in HERE.iterdir() if path.suffix in (".csv", ".xlsx"))
    try:
        dataset = hz.build([str(path) for path in files])
    except hz.Problem as trouble:
        sys.stderr.write(f"the build failed:\n{trouble}\n")
        return 1
    path = dataset.write(OUT)
    counts = dataset.findings["severity"].value_counts()
    lines = [
        *_summary(dataset.observations),
        "",
        f"{len(dataset.observations)} observations of {len(files)} files: {path.relative_to(HERE.parent)}",
        f"{counts.get('warning', 0)} warnings, {counts.get('info', 0)} infos: out/findings.csv",
        "every cell behind a figure: harmonize explain out/observations.csv --row 2",
    ]
    sys.stdout.write("\n".join(lines) + "\n")
    return 0


def _summary(observations: pd.DataFrame) -> list[str]:
    """One line per pillar and source."""
    pillar = {code: offence.pillar for code, offence in hz.offences().items()}
    frame = observations.assign(
        pillar=observations["offence"].map(pillar),
        year=observations["time_period"].str[:4],
        exact=observations["value"].notna(),
    )
    rows = [("pillar", "area", "source", "years", "relation", "rows", "exact")]
    for (name, source), group in frame.groupby(["pillar", "source"]):
        areas = sorted(group["ref_area"].unique())
        years = f"{group['year'].min()}-{group['year'].max()}"
        relation = ", ".join(sorted(group["relation"].unique()))
        counts = (str(len(group)), str(group["exact"].sum()))
        rows.append((str(name), " ".join(areas), str(source), years, relation, *counts))
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]


if __name__ == "__main__":
    sys.exit(main())
