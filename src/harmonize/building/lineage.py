"""Which cells were combined into which observations: for all observations of a source in one join."""

from __future__ import annotations

import polars as pl

from ..kernel.attributes import counted
from ..kernel.rules import Rules

BREAKDOWNS = ("sex", "age", "citizenship")
"""What a measure can be by itself (`Nichtdeutsche Tatverdaechtige`), whatever stands in the row."""

ANY = -1
"""The digit of a dimension that does not tell cells apart."""


def belonging(rules: Rules, frame: pl.DataFrame, observations: pl.DataFrame) -> pl.DataFrame:
    """The cells behind observations.

    Args:
        rules: of the source, after reading the cells (they know the periods met).
        frame: `Cells.frame` of a batch.
        observations: contract columns and `observation`, all of this source.

    Returns:
        The rows of `frame`, once for each observation that they are in, with its number `observation`.
    """
    wanted = _wanted(rules, observations)
    names = [*BREAKDOWNS, *(["form"] if rules.mapping.form else [])]
    digits = {f"_{name}": digit.cast(pl.Int64) for name, digit in rules.key.unpack().items()}
    cells = frame.select(pl.all(), _area=digits["_ref_area"], **{f"_{name}": digits[f"_{name}"] for name in names})
    cells = cells.with_columns(pl.col("category", "measure", "period").cast(pl.Int64))
    cells = cells.join(_measures(rules).drop("indicator", "unit"), on="measure", maintain_order="left").with_columns(
        pl.when(pl.col(f"own_{name}") == "_T").then(f"_{name}").otherwise(ANY).alias(f"_{name}") for name in BREAKDOWNS
    )
    keys = ["category", "measure", "period", *(f"_{name}" for name in names)]
    of_all_areas = wanted["_area"] == ANY
    found = (
        cells.join(wanted.filter(~of_all_areas), on=[*keys, "_area"]),
        cells.join(wanted.filter(of_all_areas).drop("_area"), on=keys),
    )
    return pl.concat(one.select(*frame.columns, "observation") for one in found)


def _wanted(rules: Rules, observations: pl.DataFrame) -> pl.DataFrame:
    """For each observation the digits of the cells behind it: one row per category, measure and period of them."""
    rows = (
        observations.join(_categories(rules, observations), on=["offence", "national_codes"])
        .join(_measures(rules), on=["indicator", "unit"])
        .join(_periods(rules), on="time_period")
        .filter((pl.col(f"own_{name}") == "_T") | (pl.col(f"own_{name}") == pl.col(name)) for name in BREAKDOWNS)
    )
    parts = rules.mapping.parts
    area = pl.col("ref_area").replace_strict(rules.number["ref_area"], default=ANY - 1, return_dtype=pl.Int64)
    is_sum = pl.col("ref_area") == (parts.nation if parts else "")
    numbers = {
        name: pl.col(name).replace_strict(rules.number[name], default=ANY - 1, return_dtype=pl.Int64)
        for name in (*BREAKDOWNS, *(["form"] if rules.mapping.form else []))
    }
    free = {name: pl.col(f"own_{name}") != "_T" for name in BREAKDOWNS}
    return rows.select(
        "observation",
        *("category", "measure", "period"),
        _area=pl.when(is_sum).then(ANY).otherwise(area),
        **{
            f"_{name}": pl.when(free.get(name, pl.lit(value=False))).then(ANY).otherwise(number)
            for name, number in numbers.items()
        },
    )


def _categories(rules: Rules, observations: pl.DataFrame) -> pl.DataFrame:
    """The rows of codes.csv behind each offence and its `national_codes`."""
    codes = rules.mapping.codes
    names = {row.name for row in codes}
    found = [
        (offence, joined, one.category)
        for offence, joined in observations.select("offence", "national_codes").unique().iter_rows()
        for inside in [codes_in(joined, names)]
        for one in counted(rules)
        if one.offence == offence and codes[one.category].name in inside
    ]
    schema = {"offence": pl.String, "national_codes": pl.String, "category": pl.Int64}
    return pl.DataFrame(found, schema=schema, orient="row").unique()


def codes_in(joined: str, names: set[str]) -> set[str]:
    """Which codes were joined by `+`; a code may hold a plus itself, so long names go first.

    >>> sorted(codes_in("a+b+c", {"a+b", "a", "c"}))
    ['a+b', 'c']
    """
    rest, found = f"+{joined}+", set()
    for name in sorted(names, key=len, reverse=True):
        if f"+{name}+" in rest:
            found.add(name)
            rest = rest.replace(f"+{name}+", "++")
    return found


def _measures(rules: Rules) -> pl.DataFrame:
    """What is counted in each measure, and the breakdown that it is by itself."""
    rows = [(at, m.indicator, m.unit, m.sex, m.age, m.citizenship) for at, m in enumerate(rules.measures)]
    own = {f"own_{name}": pl.String for name in BREAKDOWNS}
    schema = {"measure": pl.Int64, "indicator": pl.String, "unit": pl.String, **own}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _periods(rules: Rules) -> pl.DataFrame:
    """The periods behind each reference period: itself; the months, quarters or days of a year that was added up."""
    adds = rules.mapping.period.add_years
    rows = {
        (name, at)
        for at, period in enumerate(rules.periods)
        for name in (period.iso, *([rules.years.year_of(period.year)] if adds else []))
    }
    return pl.DataFrame(sorted(rows), schema={"time_period": pl.String, "period": pl.Int64}, orient="row")
