"""A scheme without a line of ours: its totals tell where and when, and no figure of it is kept."""

from __future__ import annotations

from pathlib import Path

import pytest
from strategies import source

import harmonize as hz

VALUES = [{"header": "Cases", "measure": {"indicator": "OFFENCES_RECORDED", "unit": "offence"}}]
MISSING = {"offence": "SOM", "indicator": "OFFENCES_RECORDED", "unit": "offence", "included_in": "A1", "reason": "none"}


def built(folder: Path, role: str, *, missing: bool = True) -> hz.Dataset:
    """A file of one code in two years, one of them without a figure."""
    total = {"code": "A1", "label": "all", "role": role, "offences": ""}
    where = source(VALUES, [total], not_published=[MISSING] if missing else []).write_mapping(folder / "mappings")
    path = folder / "all.csv"
    path.write_text("Id;Code;Year;Cases\n1;A1;2019;7\n2;A1;2020;:\n", encoding="utf-8")
    return hz.build(path, mappings=where.parents[1])


def test_each_year_of_a_total_says_that_it_is_not_published(tmp_path: Path) -> None:
    dataset = built(tmp_path, "total")
    columns = ["time_period", "offence", "obs_status", "national_codes", "n_cells"]
    assert dataset.table.select(columns).rows() == [("2019", "SOM", "K", "A1", 0), ("2020", "SOM", "K", "A1", 0)]
    assert dataset.table["value"].null_count() == 2
    [read] = dataset.sources
    assert (read["cells_used"], sum(read["cells_ignored"].values())) == (0, 2)


@pytest.mark.parametrize(("role", "missing"), [("ignore", True), ("total", False)])
def test_without_totals_or_without_what_is_missing_there_is_nothing(tmp_path: Path, role: str, missing: bool) -> None:
    with pytest.raises(hz.Problem, match="holds no figure"):
        built(tmp_path, role, missing=missing)
