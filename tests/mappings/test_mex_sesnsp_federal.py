"""Mexico, federal crimes: months across, states down, the nation is the sum, the months to come are empty."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from conftest import Built

from .changed import copied, stops
from .raw import assert_same, csv_rows, keyed, pick, values

MAPPING = "mex/sesnsp_federal"
NATION = dict(
    zip(
        map(str, range(2012, 2025)),
        [775, 927, 937, 1202, 801, 497, 764, 1369, 672, 1681, 1648, 1000, 749],
        strict=True,
    )
)
"""sources_continental.md: LEY DE MIGRACION, sums of all states and months."""
STATES = {
    "AGUASCALIENTES": "AGU", "BAJA CALIFORNIA": "BCN", "BAJA CALIFORNIA SUR": "BCS", "CAMPECHE": "CAM",
    "CHIAPAS": "CHP", "CHIHUAHUA": "CHH", "CIUDAD DE MEXICO": "CMX", "COAHUILA": "COA", "COLIMA": "COL",
    "DURANGO": "DUR", "GUANAJUATO": "GUA", "GUERRERO": "GRO", "HIDALGO": "HID", "JALISCO": "JAL", "MEXICO": "MEX",
    "MICHOACAN": "MIC", "MORELOS": "MOR", "NAYARIT": "NAY", "NUEVO LEON": "NLE", "OAXACA": "OAX", "PUEBLA": "PUE",
    "QUERETARO": "QUE", "QUINTANA ROO": "ROO", "SAN LUIS POTOSI": "SLP", "SINALOA": "SIN", "SONORA": "SON",
    "TABASCO": "TAB", "TAMAULIPAS": "TAM", "TLAXCALA": "TLA", "VERACRUZ": "VER", "YUCATAN": "YUC", "ZACATECAS": "ZAC",
}  # fmt: skip

Months = dict[tuple[str, str], int]
"""Figures of the Migration Act by area and month (`2012-01`)."""


@pytest.fixture(scope="module")
def months(paths: Callable[[str], list[Path]]) -> Months:
    """Every reported month of every part, by its name in the file, and of the nation."""
    table: Months = defaultdict(int)
    lines = [row for _, row in csv_rows(paths(MAPPING)[0], "latin-1")[1:] if row[5] == "LEY DE MIGRACION"]
    assert len(lines) == 14 * 33
    for row in lines:
        for month, text in enumerate(row[6:18], start=1):
            if text:
                period = f"{row[0]}-{month:02d}"
                assert (row[2], period) not in table
                table[row[2], period] = int(text)
                table["MEX", period] += int(text)
    assert len(table) == (12 * 13 + 7) * 34
    return dict(table)


@pytest.fixture(scope="module")
def obs(built: Built) -> pd.DataFrame:
    return built(MAPPING).observations


@pytest.fixture(scope="module")
def smuggling(obs: pd.DataFrame) -> pd.DataFrame:
    return pick(obs, offence="SOM")


def test_every_month_of_every_state(smuggling: pd.DataFrame, months: Months) -> None:
    codes = {name: f"MX-{code}" for name, code in STATES.items()} | {"MEX": "MEX"}
    expected = {
        (codes[name], period): (float(figure), float(figure), float(figure), 33 if name == "MEX" else 1)
        for (name, period), figure in months.items()
        if name in codes
    }
    assert len(expected) == 163 * 33
    rows = smuggling[smuggling["time_period"].str.len() == 7]
    assert_same(keyed(rows, ("ref_area", "time_period"), "value", "lower", "upper", "n_cells"), expected)


def test_every_year_of_every_state(smuggling: pd.DataFrame, months: Months) -> None:
    expected: dict[tuple[str, str], float] = defaultdict(float)
    for (name, period), figure in months.items():
        if (name in STATES or name == "MEX") and period < "2025":
            expected[f"MX-{STATES[name]}" if name in STATES else name, period[:4]] += figure
    assert len(expected) == 13 * 33
    rows = smuggling[smuggling["time_period"].str.len() == 4]
    assert_same(
        {key: value for key, (value,) in keyed(rows, ("ref_area", "time_period"), "value").items()}, dict(expected)
    )


def test_the_nation_of_the_reference_table(smuggling: pd.DataFrame) -> None:
    rows = smuggling[smuggling["time_period"].str.len() == 4]
    assert values(rows, ref_area="MEX") == NATION
    assert set(pick(rows, ref_area="MEX")["n_cells"]) == {33 * 12}
    assert set(rows["national_codes"]) == {"LEY DE MIGRACION"}
    assert set(rows["relation"]) == {"broader"}


def test_the_states_and_crimes_abroad_add_up_to_the_nation(smuggling: pd.DataFrame, months: Months) -> None:
    periods = sorted(smuggling["time_period"][smuggling["time_period"].str.len() == 7].unique())
    assert len(periods) == 163
    nation = values(smuggling, ref_area="MEX")
    states = smuggling[smuggling["ref_area"] != "MEX"].groupby("time_period")["value"].sum().to_dict()
    assert {p: nation[p] for p in periods} == {p: states[p] + months["EXTRANJERO", p] for p in periods}
    assert not smuggling["ref_area"].str.startswith("_").any()
    assert smuggling["ref_area"].nunique() == 33


def test_the_year_that_is_not_over_makes_no_yearly_figure(built: Built, smuggling: pd.DataFrame) -> None:
    assert "2025" not in set(smuggling["time_period"])
    of_2025 = smuggling[smuggling["time_period"].str.startswith("2025")]
    assert sorted(of_2025["time_period"].unique()) == [f"2025-{month:02d}" for month in range(1, 8)]
    assert sum(values(of_2025, ref_area="MEX").values()) == 177
    findings = built(MAPPING).findings
    assert findings["rule"].tolist() == ["part-year"]
    assert findings["severity"].tolist() == ["info"]


def test_a_month_to_come_is_absent_and_not_zero(obs: pd.DataFrame) -> None:
    assert (obs["time_period"] == "2025-07").sum() == 3 * 33
    assert not obs["time_period"].isin([f"2025-{month:02d}" for month in range(8, 13)]).any()


@pytest.mark.parametrize("offence", ["FTD", "TIP"])
def test_what_is_not_published_separately_has_no_value(obs: pd.DataFrame, offence: str) -> None:
    rows = pick(obs, offence=offence)
    assert len(rows) >= 163 * 33
    assert set(rows["obs_status"]) == {"K"}
    assert rows["value"].isna().all()


@pytest.mark.parametrize("offence", ["FTD", "TIP"])
def test_what_is_not_published_separately_is_left_out_of_no_year(obs: pd.DataFrame, offence: str) -> None:
    """DESIGN section 3: a row with status K and no value, never left out; the yearly figures are rows as well."""
    rows = pick(obs, offence=offence, ref_area="MEX")
    assert set(NATION) <= set(rows["time_period"]), f"no yearly row says that {offence} is not published"


def test_the_sums_of_cells_add_up(built: Built) -> None:
    (source,) = built(MAPPING).sources
    assert source["edition"] == "2025-07"
    assert source["rows_read"] == 13_398
    assert source["cells_read"] == 12 * 13_398
    assert source["cells_used"] == 33 * 163
    assert source["cells_not_yet_reported"] == 33 * 5
    assert source["cells_refused"] == 0
    everything = source["cells_used"] + sum(source["cells_ignored"].values()) + source["cells_not_yet_reported"]
    assert everything == source["cells_read"]


def test_months_to_come_that_are_published_as_zero_are_refused(
    paths: Callable[[str], list[Path]], tmp_path: Path
) -> None:
    """The months of 2025 that the file leaves empty as 0 in every row: they would make a year of seven months."""
    zeros = re.compile(r"^(2025,.*?)((?:,)+)\r?$", re.MULTILINE)
    copy = copied(
        paths(MAPPING)[0],
        tmp_path,
        lambda text: zeros.sub(lambda row: row[1] + row[2].replace(",", ",0"), text),
        encoding="latin-1",
    )
    stops(copy, "zero-at-the-end", "months, 2025-08 to 2025-12, is 0")


def test_a_file_in_which_everything_is_zero_is_refused(paths: Callable[[str], list[Path]], tmp_path: Path) -> None:
    """As where a column of formulas was written out without their results."""
    copy = copied(
        paths(MAPPING)[0],
        tmp_path,
        lambda text: re.sub(r"(?<=,)\d+(?=(?:,\d*){0,11}\r?$)", "0", text, flags=re.MULTILINE),
        encoding="latin-1",
    )
    stops(copy, "zero-at-the-end", "every figure of every period is 0")


def test_a_month_in_which_one_state_has_nothing_is_none_of_that(built: Built) -> None:
    assert "zero-at-the-end" not in set(built(MAPPING).findings["rule"])
