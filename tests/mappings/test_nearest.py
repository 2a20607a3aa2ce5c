"""Files as published with one thing changed: the mapping that is named is theirs."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest

from harmonize.reading.source import open_source
from harmonize.reading.workbook import Workbook

from .changed import copied, replaced, stops, workbook

Paths = Callable[[str], list[Path]]


def swapped(text: str) -> str:
    """The first two columns of a csv, the other way round."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([row[1], row[0], *row[2:]] for row in csv.reader(io.StringIO(text)))
    return out.getvalue()


@pytest.mark.parametrize("mapping", ["can/sdg_16_2_2", "bih/fbih_sdg_16_2_2", "gbr/ons_sdg_16_2_2"])
def test_columns_in_another_order(paths: Paths, tmp_path: Path, mapping: str) -> None:
    stops(copied(paths(mapping)[0], tmp_path, swapped), "edition-unknown", mapping, "are the columns in another order?")


@pytest.mark.parametrize(
    ("mapping", "old", "new"),
    [
        ("can/sdg_16_2_2", "Value", "VALUE"),
        ("bih/fbih_sdg_16_2_2", "SERIES", "Series"),
        ("gbr/ons_sdg_16_2_2", "Units,Obs", "UNITS,Obs"),
        ("gbr/irregular_migration_tidied", "Method of entry", "Method of Entry"),
    ],
)
def test_a_column_in_another_case(paths: Paths, tmp_path: Path, mapping: str, old: str, new: str) -> None:
    copy = copied(paths(mapping)[0], tmp_path, replaced(old, new, 1))
    if "UNITS" in new:
        copy.write_text(copy.read_text(encoding="utf-8").replace("Series", "SERIES", 1), encoding="utf-8")
    stops(copy, "edition-unknown", mapping, "(upper and lower case differ)")


@pytest.mark.parametrize(
    ("mapping", "old", "new", "rule", "said"),
    [
        ("unodc/cts", "VALUE", "Value", "edition-unknown", "unodc/cts: expected the column 'VALUE', found 'Value'"),
        ("unodc/glotip", "txtVALUE", "TxtValue", "edition-unknown", "unodc/glotip: expected the column 'txtVALUE'"),
        ("unodc/glotip", "txtVALUE", "VALUE", "unknown-code", "trafficking"),  # the header of the other table
    ],
)
def test_unodc(paths: Paths, tmp_path: Path, mapping: str, old: str, new: str, rule: str, said: str) -> None:
    book = Workbook(open_source(paths(mapping)[0]))
    (name,) = book.sheet_names
    rows = [["" if cell is None else new if cell == old else cell for cell in row] for row in book.grid(name).rows[:20]]
    stops(workbook(tmp_path / "data.xlsx", {name: rows}), rule, said)
