"""Generate the benchmark's microdata file: one row per record, as a national office would send it.

The same arguments always give the same bytes, and a smaller file is the beginning of a larger one of the same
kind and seed, so that sizes can be compared.
"""

import argparse
import os
from pathlib import Path

import numpy as np
import polars as pl
from figures import KINDS, Kind, Pools, figures, pools
from paths import data_dir, data_path
from tables import (
    AGES,
    COLUMNS,
    FISCAL_YEARS,
    FOREIGN_CODES,
    SEXES,
    citizenships,
    districts,
    offences,
    write_tables,
)

CHUNK = 500_000
"""Rows made at a time. Each chunk has its own random stream, so another number gives another file."""

FOREIGN_SHARE = 0.002


def data_file(rows: int, kind: Kind = "ordinary") -> Path:
    """The generated file of that size and kind, made now if it is not there yet."""
    write_tables(data_dir())
    path = data_path(kind, rows)
    if not path.exists():
        generate(path, rows, kind)
    return path


def generate(path: Path, rows: int, kind: Kind = "ordinary", seed: int = 42) -> None:
    """Write `rows` rows to `path`, chunk by chunk; the file gets its name only when complete."""
    pool = pools(seed)
    aside = path.with_name(f"{path.name}.{os.getpid()}.part")
    with aside.open("wb") as handle:
        for number, start in enumerate(range(0, rows, CHUNK)):
            frame = _chunk(np.random.default_rng((seed, number)), start, kind, pool)
            frame.head(rows - start).write_csv(handle, include_header=start == 0)
    aside.rename(path)


def _chunk(rng: np.random.Generator, start: int, kind: Kind, pool: Pools) -> pl.DataFrame:
    codes = offences()
    offence = rng.choice(len(codes), CHUNK, p=_skewed(len(codes), 0.7))
    foreign = pl.Series(rng.random(CHUNK) < FOREIGN_SHARE)
    foreign_code = pl.Series(FOREIGN_CODES).gather(pl.Series(rng.integers(0, len(FOREIGN_CODES), CHUNK)))
    code = pl.Series(list(codes)).gather(pl.Series(offence))
    others = 0.45 * _skewed(59, 0.3)
    figure = figures(kind, pool, rng, start + 1, CHUNK)
    columns = {
        "record_id": pl.select("P" + pl.int_range(start + 1, start + CHUNK + 1).cast(pl.String).str.zfill(8)),
        "district": _draw(rng, list(districts()), _skewed(120, 0.5)),
        "fiscal_year": _draw(rng, FISCAL_YEARS),
        "offence_code": pl.select(pl.when(foreign).then(foreign_code).otherwise(code)),
        "offence_label": pl.Series([label for label, _ in codes.values()]).gather(pl.Series(offence)),
        "sex": _draw(rng, SEXES, np.array([0.6, 0.32, 0.08])),
        "age_group": _draw(rng, AGES, np.array([0.03, 0.09, 0.2, 0.25, 0.22, 0.12, 0.05, 0.04])),
        "citizenship": _draw(rng, list(citizenships()), np.concatenate([[0.55], others])),
        "figure": figure.set(figure == "", None),  # an empty cell is written as nothing, not as ""
    }
    series = {n: c.to_series() if isinstance(c, pl.DataFrame) else c for n, c in columns.items()}
    return pl.DataFrame({name: series[name] for name in COLUMNS})


def _skewed(size: int, power: float) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    weights = 1 / np.arange(1, size + 1) ** power
    return np.asarray(weights / weights.sum(), dtype=np.float64)


def _draw(
    rng: np.random.Generator,
    texts: list[str] | tuple[str, ...],
    shares: "np.ndarray[tuple[int], np.dtype[np.float64]] | None" = None,
) -> pl.Series:
    return pl.Series(texts).gather(pl.Series(rng.choice(len(texts), CHUNK, p=shares)))


def main() -> None:
    """Make the files named on the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rows", type=int, nargs="+")
    parser.add_argument("--kind", choices=KINDS, default="ordinary")
    arguments = parser.parse_args()
    for rows in arguments.rows:
        data_file(rows, arguments.kind)


if __name__ == "__main__":
    main()
