"""Generate a large submission in the common format: persons suspected per month, in every breakdown, with all totals.

`valid` has no error: every total is the sum of its parts, small counts are suppressed between bounds, and keys are
unique. In `faulty` about one row in a thousand is wrong. A smaller file is the beginning of a larger one.
"""

import argparse
import os
from itertools import product
from pathlib import Path
from typing import Literal

import numpy as np
import polars as pl
from paths import data_dir

LANDS = ("BB", "BE", "BW", "BY", "HB", "HE", "HH", "MV", "NI", "NW", "RP", "SH", "SL", "SN", "ST", "TH")
AREAS = ["DEU", *(f"DE-{land}" for land in LANDS)]
OFFENCES = ["SOM", "SOM_ENTRY", "SOM_STAY"]
SEXES = ["_T", "F", "M", "_U"]
AGES = ["_T", "Y_LT18", "Y18T24", "Y25T34", "Y35T44", "Y45T54", "Y_GE55", "_U"]
STATES = ("DEU", "AFG", "ALB", "DZA", "BGR", "CHN", "ERI", "GEO", "IRN", "IRQ")
MORE_STATES = ("ITA", "MDA", "NGA", "POL", "ROU", "MAR", "SYR", "TUR", "UKR", "VNM")
CITIZENSHIPS = ["_T", *STATES, *MORE_STATES]
BREAKDOWNS = {"ref_area": AREAS, "offence": OFFENCES, "sex": SEXES, "age": AGES, "citizenship": CITIZENSHIPS}
"""The first code of each is the total of the others."""

FIRST_YEAR = 2000
FAULTY = 0.001
FAULTS = {
    "offence": ("SMO", "SOM_ENTYR", "smuggling"),
    "citizenship": ("CNA", "Syria", "EU27_2020"),
    "value": ("1,234", "-7", "n/a", "", "12.5", "=1+1"),
    "obs_status": ("X", "Q"),
    "sex": ("female", "M"),  # the second makes a key that stands there twice, or a part above its total
}
Kind = Literal["valid", "faulty"]


def submission_file(rows: int, kind: Kind) -> Path:
    """The generated file of that size and kind, made now if it is not there yet."""
    path = data_dir() / f"submission-{kind}_{rows}.csv"
    if not path.exists():
        generate(path, rows, kind)
    return path


def generate(path: Path, rows: int, kind: Kind, seed: int = 42) -> None:
    """Write `rows` rows, month by month, after twelve of them the year; the file gets its name when complete."""
    aside = path.with_name(f"{path.name}.{os.getpid()}.part")
    keys = pl.DataFrame(list(product(*BREAKDOWNS.values())), schema=list(BREAKDOWNS), orient="row")
    year = np.zeros(keys.height, dtype=np.int64)
    with aside.open("wb") as handle:
        for number in range(-(-rows // keys.height)):
            rng = np.random.default_rng((seed, number))
            since, month = divmod(number, 13)
            counts = _counts(rng) if month < 12 else year
            year = year + counts if month < 12 else np.zeros_like(year)
            period = f"{FIRST_YEAR + since}-{month + 1:02d}" if month < 12 else str(FIRST_YEAR + since)
            table = _rows(keys, period, counts, rng)
            table = _spoilt(table, rng) if kind == "faulty" else table
            table.head(rows - number * keys.height).write_csv(handle, include_header=number == 0)
    aside.rename(path)


def _counts(rng: np.random.Generator) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
    """Counts of every combination of codes, in which all totals are the sums of their parts."""
    counts = rng.negative_binomial(0.3, 0.02, [len(codes) - 1 for codes in BREAKDOWNS.values()])
    for axis in range(counts.ndim):
        counts = np.concatenate([counts.sum(axis=axis, keepdims=True), counts], axis=axis)
    return np.asarray(counts.ravel(), dtype=np.int64)


def _rows(
    keys: pl.DataFrame, period: str, counts: "np.ndarray[tuple[int], np.dtype[np.int64]]", rng: np.random.Generator
) -> pl.DataFrame:
    """One period in the columns of the common format; every third count of 1 to 4 is suppressed."""
    count = pl.Series(counts)
    hidden = count.is_between(1, 4) & pl.Series(rng.random(len(counts)) < 0.3)
    text = count.cast(pl.String)
    return keys.with_columns(
        time_period=pl.lit(period),
        indicator=pl.lit("PERSONS_SUSPECTED"),
        form=pl.lit("_T"),
        value=text.set(hidden, None),
        lower=pl.when(hidden).then(pl.lit("1")),
        upper=pl.when(hidden).then(pl.lit("4")),
        unit=pl.lit("person"),
        obs_status=pl.when(hidden).then(pl.lit("Q")).otherwise(pl.lit("A")),
        national_codes=pl.lit("StGB/") + pl.col("offence"),
    )


def _spoilt(table: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    """The table with another text in one cell of about one row in a thousand."""
    for name, texts in FAULTS.items():
        wrong = pl.Series(rng.random(table.height) < FAULTY / len(FAULTS))
        other = pl.Series(texts).gather(pl.Series(rng.integers(0, len(texts), table.height)))
        table = table.with_columns(pl.when(wrong).then(other).otherwise(name).alias(name))
    return table.with_columns(value=pl.when(pl.col("value") != "").then("value"))


def main() -> None:
    """Make the files named on the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rows", type=int, nargs="+")
    parser.add_argument("--kind", choices=("valid", "faulty"), default="valid")
    arguments = parser.parse_args()
    for rows in arguments.rows:
        submission_file(rows, arguments.kind)


if __name__ == "__main__":
    main()
