"""Each number of the dataset survives the lineage test: all of them, group-wise (`make lineage`; slow)."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import polars as pl
import pytest

from harmonize.building.dataset import Dataset
from harmonize.building.explain import Place, behind
from harmonize.kernel.rules import Rules

from .facts import Row
from .lineage import found_wrong, made_again, rows_of

MOST_SHOWN = 10


def _cell(place: Place) -> Row:
    return {
        **{name: getattr(place, name) for name in ("file", "sheet", "row", "column", "text")},
        "national_code": place.code.name,
    }


def cells_of(dataset: Dataset, source: str, own: pl.DataFrame) -> dict[int, list[Row]]:
    """The cells behind all observations of a source: each file is read once."""
    cells: dict[int, list[Row]] = defaultdict(list)
    for fed in dataset.fed:
        if fed.file.mapping.id == source:
            of_edition = own.filter(pl.col("edition") == fed.edition)
            for at, place in behind(fed, Rules(fed.file.mapping), of_edition):
                cells[at].append(_cell(place))
            if fed.file.workbook:
                fed.file.workbook.forget()
    return cells


@pytest.mark.lineage
def test_the_cells_behind_every_figure_make_it_again(everything_built: Dataset, pytestconfig: pytest.Config) -> None:
    files = {fed.file.source.name: Path(fed.file.source.path) for fed in everything_built.fed if fed.file.source.path}
    assert len(files) == len(everything_built.fed), "two files of one name"
    table, wrong = everything_built.table.with_row_index("observation"), found_wrong(everything_built)
    passed, failed = 0, []
    for source in table["source"].unique().sort():
        own = table.filter(pl.col("source") == source)
        cells, frame = cells_of(everything_built, source, own), own.to_pandas()
        for row in rows_of(frame):
            try:
                made_again(row, cells[row["observation"]], files, frame, wrong)
                passed += 1
            except AssertionError as error:
                failed.append(str(error))
    said = f"{passed:,} of {table.height:,} observations are made again by their cells"
    pytestconfig.get_terminal_writer().line(said)
    assert not failed, f"{len(failed):,} are not:\n" + "\n".join(failed[:MOST_SHOWN])
    assert passed == table.height > 200_000
