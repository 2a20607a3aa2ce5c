"""Findings about the observations of a build, each at the cells behind it where they are few."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from ..checking.observations import check_observations, without_value
from ..checking.part_years import declared
from ..kernel.assemble import SCHEMA
from ..kernel.rules import Rules
from ..model.finding import COLUMNS
from .feed import Fed

LOCATED = 20
"""Observations of each rule whose cells are looked for; the others are named by their key in the message."""

FEW_CELLS = 3
"""A figure of more cells is no place to point at: `explain` lists them."""

MOST_ROWS = 500_000
"""A file of more rows is not read a second time to find cells."""


def doubts(
    table: pl.DataFrame, fed: Sequence[Fed], rules: dict[str, Rules], *, only: Sequence[str] = (), is_whole: bool = True
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """What the rules over observations find.

    Returns:
        The findings, one line per cell (columns of Finding), and the table without the figures that cannot be right.

    Args:
        table: the observations, contract columns; texts are Strings or Enums.
        fed: the files behind them; rules: by mapping id.
        only: relations; figures of others are left out of the dataset, so nothing is said of them.
        is_whole: no cell was refused as an error; otherwise an info could come from the lack of that cell.
    """
    mappings = [one.mapping for one in rules.values()]
    found = pl.concat([check_observations(table), declared(table, mappings)])
    left = without_value(table, found)
    if not is_whole:
        found = found.filter(pl.col("severity") != "info")
    if only:
        relations = table.select(pl.col("relation").cast(pl.String)).with_row_index("observation")
        kept = relations.filter(pl.col("relation").is_in(only))
        found = found.join(kept, on="observation", how="semi", maintain_order="left")
    if not found.height:
        return found.select(COLUMNS), left
    keys = table.select(pl.col("source", "edition").cast(pl.String), "n_cells").with_row_index("observation")
    found = found.drop("file", "sheet", "row", "column", "text").join(keys, on="observation", maintain_order="left")
    few = found.filter(pl.col("n_cells").is_between(1, FEW_CELLS)).group_by("rule", maintain_order=True).head(LOCATED)
    cells = _cells(table, few["observation"].unique(maintain_order=True).to_list(), fed, rules)
    placed = found.join(cells, on="observation", how="left", maintain_order="left")
    placed = placed.join(_files(fed), on=["source", "edition"], how="left", maintain_order="left")
    told = placed.with_columns(file=pl.coalesce("file", "files")).select(
        pl.col(name) if name == "row" else pl.col(name).fill_null("") for name in COLUMNS
    )
    return told, left


def _files(fed: Sequence[Fed]) -> pl.DataFrame:
    """The names of all files of a source and edition."""
    names = [(one.file.mapping.id, one.edition, one.file.source.name) for one in fed]
    frame = pl.DataFrame(names, schema=dict.fromkeys(("source", "edition", "files"), pl.String), orient="row")
    return frame.group_by("source", "edition").agg(pl.col("files").str.join("; "))


def _cells(table: pl.DataFrame, observations: list[int], fed: Sequence[Fed], rules: dict[str, Rules]) -> pl.DataFrame:
    """The cells behind these observations: a file whose cells were not kept is read once more, if it is not large."""
    from .explain import behind  # needed only where there are doubts

    wanted = table.with_row_index("observation").filter(pl.col("observation").is_in(observations)).cast(SCHEMA)
    places = []
    for one in fed:
        mapping = one.file.mapping.id
        here = wanted.filter((pl.col("source") == mapping) & (pl.col("edition") == one.edition))
        if here.height and one.tally.rows <= MOST_ROWS:
            for number, place in behind(one, rules[mapping], here, one.kept):
                places.append((number, place.file, place.sheet, place.row, place.column, place.text))
            if one.file.workbook:
                one.file.workbook.forget()
    schema = {"observation": pl.UInt32, "file": pl.String, "sheet": pl.String, "row": pl.UInt32}
    return pl.DataFrame(places, schema={**schema, "column": pl.String, "text": pl.String}, orient="row")
