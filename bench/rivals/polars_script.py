"""The whole job as a careful Polars script: expressions only, streaming, tuned for speed.

Each text becomes a small integer and all six keys one integer, so that the group-by hashes four bytes per
row; the figure's regular expressions see only the cells that are not plain digits. A text of a clean column
that no table has stops the script, as it must.
"""

from pathlib import Path

import polars as pl
from job import AGE, FINDING, KEYS, OBSERVATION, SEX, USED, arguments, tables

YEARS = {f"{year}/{(year + 1) % 100:02d}": f"{year}-04-01/P1Y" for year in range(1900, 2100)}
GROUPED = "|".join(f"(?:{mark}[0-9]{{3}})+" for mark in (" ", "\u00a0", "\u202f", r"\."))
NUMBER = rf"^(?:[0-9]{{1,18}}|[0-9]{{1,3}}(?:{GROUPED}))(?: [bp])?$"
UNKNOWN = ["", ":", "..", "c"]


def coded(column: str, codes: dict[str, str]) -> tuple[pl.Expr, list[str]]:
    """The column as positions in the list of its targets, and that list."""
    targets = sorted(set(codes.values()))
    positions = pl.Series([targets.index(target) for target in codes.values()], dtype=pl.UInt32)
    strict = column != "offence_code"  # there an unknown code is another subject's, elsewhere an error
    text = pl.col(column).cast(pl.Enum(list(codes)), strict=strict)
    return pl.lit(positions).gather(text.to_physical()), targets


def read_figures(scan: pl.LazyFrame) -> pl.LazyFrame:
    """Add the figure's number where it is exact, its bounds, and whether no rule accepts it.

    Stage by stage, because the streaming engine works a shared expression out again wherever it occurs.
    """
    text, number, other, exact = (pl.col(name) for name in ("figure", "number", "other", "exact"))
    signed = text.str.contains("^[+-]")  # the cast reads them, the file's number format has no sign
    exactly = pl.when(other.is_null()).then(number).when(other == "-").then(0).otherwise("grouped")
    return (
        scan.with_columns(text.fill_null(""))
        .with_columns(text.cast(pl.Int64, strict=False).alias("number"))
        .with_columns(pl.when(number.is_null() | signed).then(text).alias("other"))
        .with_columns(pl.when(other.str.contains(NUMBER)).then(other).alias("grouped"))
        .with_columns(pl.col("grouped").str.replace_all("[^0-9]", "").cast(pl.Int64).alias("grouped"))
        .with_columns(
            exactly.alias("exact"),
            (other == "<5").fill_null(False).alias("few"),
        )
        .with_columns(
            pl.when("few").then(pl.lit(1, pl.Int64)).otherwise(exact).alias("lower"),
            pl.when("few").then(pl.lit(4, pl.Int64)).otherwise(exact).alias("upper"),
            (exact.is_null() & ~pl.col("few") & ~other.is_in(UNKNOWN).fill_null(False)).alias("refused"),
        )
    )


def run(source: Path, folder: Path, out: Path) -> None:
    """One pass over the file for the observations and one over two columns for the findings."""
    district, offence, citizenship = tables(folder)
    columns = zip(USED, (district, YEARS, offence, SEX, AGE, citizenship), strict=False)
    parts = [coded(column, codes) for column, codes in columns]
    key, size = pl.lit(0, pl.UInt32), 1
    for expression, targets in parts:
        key, size = key * len(targets) + expression, size * len(targets)
    assert size < 2**32

    scan = pl.scan_csv(source, infer_schema=False, row_index_name="row", row_index_offset=2)
    figures = read_figures(scan)
    cells = figures.select("exact", "lower", "upper", key.alias("key")).filter(pl.col("key").is_not_null())
    sums = cells.group_by("key").agg(
        pl.col("lower").sum(),
        pl.col("upper").sum(),
        pl.col("upper").null_count().alias("open"),
        pl.col("exact").null_count().alias("inexact"),
        pl.len().alias("n_cells"),
    )
    in_scope = pl.col("offence_code").is_in(list(offence))
    findings = figures.filter("refused").filter(in_scope)
    findings = findings.select("row", pl.lit("figure").alias("column"), pl.col("figure").alias("text"))

    table = sums.collect(engine="streaming").sort("key")
    names = {}
    rest = pl.col("key")
    for name, (_, targets) in reversed(list(zip(KEYS, parts, strict=True))):
        names[name] = (rest % len(targets)).cat.to(pl.Enum(targets))
        rest = rest // len(targets)
    observations = table.select(
        **names,
        value=pl.when(pl.col("inexact") == 0).then("lower"),
        lower="lower",
        upper=pl.when(pl.col("open") == 0).then("upper"),
        n_cells="n_cells",
    )
    observations.select(OBSERVATION).write_csv(out / "observations.csv")
    findings.select(FINDING).sink_csv(out / "findings.csv", engine="streaming")


if __name__ == "__main__":
    run(*arguments())
