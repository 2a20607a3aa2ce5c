"""Cells of workbooks as their XML has them."""

from __future__ import annotations

import pytest

from harmonize.reading import formulas
from harmonize.reading.markup import xlsx_cells, xlsx_cells_before

ADDRESSED = (
    b'<row r="3"><c r="B3"><v>1</v></c><c r="AB3" s="1"><f>A1</f></c></row><row r="7"><c r="C7" t="n"><f/></c></row>'
)
BARE = b'<row r="3"><c r="B3"><v>1</v></c><c s="1"><f>A1</f></c></row><row><c><v>2</v></c><c><f/></c></row>'


@pytest.mark.parametrize(
    ("sheet", "places"), [(ADDRESSED, [(2, 27), (6, 2)]), (BARE, [(2, 2), (3, 1)])], ids=["addressed", "bare"]
)
def test_cells_before_a_position_are_those_of_the_sheet(sheet: bytes, places: list[tuple[int, int]]) -> None:
    """With an address they are found at once, without one by counting from the one before."""
    ends = [at for at in range(len(sheet)) if sheet.startswith(b"<f", at)]
    found = [*xlsx_cells_before(sheet, ends)]
    assert [(cell.row, cell.column) for cell in found] == places
    assert found == [cell for cell in xlsx_cells(sheet) if cell.end in ends]
    assert {*formulas.of_xlsx(sheet, are_asked_for=False)} == {*places}


def test_a_position_behind_no_cell_is_passed_over() -> None:
    sheet = b"<row><c r='A1'><v>1</v></c></row><f>A1</f>"
    assert not [*xlsx_cells_before(sheet, [0, sheet.index(b"<f")])]
    assert formulas.of_xlsx(sheet, are_asked_for=True) == {}
