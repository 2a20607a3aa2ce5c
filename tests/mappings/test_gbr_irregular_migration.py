"""United Kingdom, detected attempts to enter: one sheet of many, detections added by quarter and method."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Built

from .changed import built_from, stops, workbook
from .raw import Rows, assert_same, csv_rows, keyed, pick, sheet_names, sheet_rows, values

MAPPING = "gbr/irregular_migration"
SHEET = "Data - Irr_D01"
FORMS = {
    "Small boat arrivals": "SMALL_BOAT",
    "Inadequately documented air arrivals": "INADEQUATE_DOCUMENTS",
    "Recorded detections at UK ports": "PORT",
    "Recorded detections in the UK": "INLAND",
}
Paths = Callable[[str], list[Path]]


@pytest.fixture(scope="module")
def cells(paths: Paths) -> Rows:
    rows = sheet_rows(paths(MAPPING)[0], SHEET)
    assert rows[1][-1] == "Number of detections"
    assert rows[-1][0] == "End of table"
    return rows[2:-1]


def test_every_quarter_and_method(built: Built, cells: Rows) -> None:
    sums: dict[tuple[str, str], int] = defaultdict(int)
    count: dict[tuple[str, str], int] = defaultdict(int)
    for row in cells:
        key = (row[1].replace(" ", "-"), FORMS[row[2]])
        sums[key] += int(row[7])
        count[key] += 1
    expected = {key: (float(value), count[key]) for key, value in sums.items()}
    assert len(expected) == 23 * 4
    obs = built(MAPPING).observations
    quarters = obs[obs["time_period"].str.contains("Q")]
    assert_same(keyed(quarters, ("time_period", "form"), "value", "n_cells"), expected)
    years: dict[tuple[str, str], tuple[float, int]] = {}
    for (quarter, form), (value, cells_of) in expected.items():
        if quarter[:4] != "2023":
            before = years.get((quarter[:4], form), (0.0, 0))
            years[quarter[:4], form] = (before[0] + value, before[1] + cells_of)
    assert_same(keyed(obs[~obs["time_period"].str.contains("Q")], ("time_period", "form"), "value", "n_cells"), years)
    assert set(zip(obs["offence"], obs["indicator"], obs["unit"], obs["ref_area"], strict=True)) == {
        ("IRR_ENTRY", "CROSSINGS_DETECTED", "crossing", "GBR")
    }


def test_the_years_of_the_reference(built: Built) -> None:
    """sources_us_ca_uk_au section 3.4."""
    obs = built(MAPPING).observations
    years = obs.set_index(["time_period", "form"])["value"].to_dict()
    air = [years[year, "INADEQUATE_DOCUMENTS"] for year in ("2018", "2019", "2020", "2021", "2022")]
    assert air == [4769, 5237, 2328, 2561, 5130]
    assert (years["2018", "SMALL_BOAT"], years["2022", "SMALL_BOAT"]) == (299, 45774)


def test_the_next_edition_as_tidied_by_others_agrees(built: Built, data: Path) -> None:
    path = data / "uk_ho_irregular_migration" / "irregular_migration.csv"
    if not path.is_file():
        pytest.skip("the tidied copy is not here")
    header, *rows = [row for _, row in csv_rows(path, "utf-8-sig")]
    at = {name: header.index(name) for name in header}
    later: dict[tuple[str, str], float] = defaultdict(float)
    for row in rows:
        key = (f"{row[at['Year']]}-Q{row[at['Quarter']]}", FORMS[row[at["Method of entry"]]])
        later[key] += float(row[at["Number of detections"]])
    obs = built(MAPPING).observations
    quarters = obs[obs["time_period"].str.contains("Q")]
    found = {key: one for key, (one,) in keyed(quarters, ("time_period", "form"), "value").items()}
    assert len(later) == 24 * 4
    assert_same(found, {key: value for key, value in later.items() if key[0] != "2023-Q4"})


def test_methods_are_never_added_and_mostly_weak(built: Built) -> None:
    obs = built(MAPPING).observations
    assert "_T" not in set(obs["form"])
    assert set(pick(obs, form="SMALL_BOAT")["obs_status"]) == {"A"}
    assert set(obs[obs["form"] != "SMALL_BOAT"]["obs_status"]) == {"U"}
    assert not set(obs["offence"]) & {"SOM", "FTD"}, "detections are context, and papers are not told apart"


def test_the_other_sheets_are_not_read(built: Built, paths: Paths, cells: Rows) -> None:
    assert len(sheet_names(paths(MAPPING)[0])) == 14
    (source,) = built(MAPPING).sources
    assert source["rows_read"] == len(cells) == source["cells_used"] == 10_294
    assert built(MAPPING).findings["rule"].tolist() == ["part-year"]


HEADER = ["Year", "Quarter", "Method of entry", "Nationality", "Region", "Sex", "Age Group", "Number of detections"]
TITLE = "Detected attempts to enter the UK irregularly, 2018 to 2024 Q1 - dataset"


def sample(path: Path, *rows: list[object], title: str = TITLE, sheet: str = SHEET) -> Path:
    table: list[list[object]] = [[title], [*HEADER], *rows, ["End of table"]]
    return workbook(path, {"Cover_sheet": [["Irregular migration"]], "Data - Irr_D06": [["x"]], sheet: table})


def test_a_later_edition_is_read(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        [2024, "2024 Q1", method, "Albania", "Europe Other", sex, "Unknown", 5]
        for method in FORMS
        for sex in ("Male", "Female")
    ]
    obs = built_from(sample(tmp_path / "later.xlsx", *rows))
    assert values(obs, by="form", time_period="2024-Q1") == dict.fromkeys(FORMS.values(), 10.0)


@pytest.mark.parametrize(
    ("at", "new", "rule", "word"),
    [
        (2, "Lorry arrivals", "unknown-code", "Lorry arrivals"),
        (1, "Q1 2024", "period-format", "Q1 2024"),
        (7, "..", "number-format", ".."),
    ],
)
def test_what_is_not_known_stops(tmp_path: Path, at: int, new: str, rule: str, word: str) -> None:
    rows: list[list[object]] = [
        [2024, "2024 Q1", method, "Iran", "Middle East", "Male", "Unknown", 5] for method in FORMS
    ]
    rows[0][at] = new
    stops(sample(tmp_path / "changed.xlsx", *rows), rule, word)


def test_another_table_or_sheet_is_refused(tmp_path: Path) -> None:
    row: list[object] = [2024, "2024 Q1", "Small boat arrivals", "Iran", "Middle East", "Male", "Unknown", 5]
    title = "NRM referrals from small boat arrivals, 2018 Q1 to 2023 Q2 - dataset"
    stops(sample(tmp_path / "title.xlsx", row, title=title), "(edition|file)-unknown", "")
    stops(sample(tmp_path / "sheet.xlsx", row, sheet="Data - D01"), "(edition|file)-unknown", "")
