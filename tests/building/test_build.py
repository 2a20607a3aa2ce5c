"""Many files, one dataset: editions, overlaps, absences, parts, revisions, and the same result on every path."""

from __future__ import annotations

import gzip
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from building.samples import MONTHS, PKS_HEADER, delimited, dhs, mexico, pks, pks_row, pks_rows, pks_text, written
from harmonize.building import feed as feed_module
from harmonize.building.build import run
from harmonize.building.dataset import Dataset
from harmonize.building.known import load_mappings
from harmonize.model.finding import Problem
from harmonize.reading import stream as stream_module


def rules_of(dataset: Dataset) -> list[tuple[str, str]]:
    return [(row["rule"], row["severity"]) for row in dataset.all_findings.frame().iter_rows(named=True)]


def value_of(dataset: Dataset, **wanted: str) -> dict[str, Any]:
    rows: list[dict[str, Any]] = [row for row in dataset.table.iter_rows(named=True) if wanted.items() <= row.items()]
    assert len(rows) == 1, rows
    return rows[0]


CASES = {"indicator": "OFFENCES_RECORDED"}


def test_codes_of_one_offence_are_added(tmp_path: Path) -> None:
    dataset = run([pks(tmp_path)])
    row = value_of(dataset, offence="SOM", **CASES)
    assert (row["value"], row["national_codes"], row["n_cells"]) == (430.0, "725200+725400", 2)
    assert value_of(dataset, offence="SOM_AGG", **CASES)["value"] == 30.0
    assert len(dataset.all_findings) == 0


def test_persons_counted_under_several_codes_are_bounded_and_not_added(tmp_path: Path) -> None:
    row = value_of(run([pks(tmp_path)]), offence="SOM", indicator="PERSONS_SUSPECTED", citizenship="_T")
    assert (row["value"], row["lower"], row["upper"]) == (None, 399.0, 428.0)


def test_a_covered_code_that_is_absent_is_a_finding(tmp_path: Path) -> None:
    dataset = run([pks(tmp_path, rows=pks_rows()[:-1])])
    assert rules_of(dataset) == [("code-absent", "warning")]
    message = dataset.all_findings.frame()["message"][0]
    assert "239000" in message
    assert "2023" in message


def test_an_offence_is_not_complete_where_one_of_its_codes_is_absent(tmp_path: Path) -> None:
    dataset = run([pks(tmp_path, rows=[row for row in pks_rows() if row[0] != "725400"])])
    row = value_of(dataset, offence="SOM", **CASES)
    assert (row["value"], row["lower"], row["upper"]) == (None, 400.0, None)


def test_two_editions_are_both_kept_and_the_difference_is_an_info(tmp_path: Path) -> None:
    later = [*pks_rows(2024), *pks_rows(2023)[:-1], pks_row("239000", 2023, "61")]
    dataset = run([pks(tmp_path), pks(tmp_path, "later.csv", rows=later)])
    values = {
        row["edition"]: row["value"] for row in dataset.table.iter_rows(named=True)
        if (row["offence"], row["indicator"], row["time_period"]) == ("TIP", "OFFENCES_RECORDED", "2023")
    }  # fmt: skip
    assert values == {"2023": 59.0, "2024": 61.0}
    revised = dataset.all_findings.frame().filter(pl.col("rule") == "figure-revised")
    assert any("59 in 2023, 61 in 2024" in message for message in revised["message"])
    assert set(revised["severity"]) == {"info"}


def test_parts_of_a_nation_that_are_missing_leave_a_lower_bound(tmp_path: Path) -> None:
    dataset = run([mexico(tmp_path)])
    row = value_of(dataset, ref_area="MEX", offence="SOM", time_period="2024-01")
    assert (row["value"], row["lower"], row["upper"]) == (None, 12.0, None)
    assert value_of(dataset, ref_area="MX-TAB", offence="SOM", time_period="2024-01")["value"] == 11.0
    assert ("parts-missing", "warning") in rules_of(dataset)
    assert ("part-year", "info") in rules_of(dataset)


def test_months_that_are_not_yet_reported_are_no_observations(tmp_path: Path) -> None:
    periods = set(run([mexico(tmp_path)]).table["time_period"])
    assert {"2024-01", "2024-02", "2024-03"} <= periods
    assert not {"2024-04", "2024-12"} & periods


def test_the_edition_is_the_last_period_that_was_reported(tmp_path: Path) -> None:
    """Months without a figure yet say nothing of the release: otherwise all releases of a year are one edition."""
    assert run([mexico(tmp_path)]).sources[0]["edition"] == "2024-03"
    assert run([mexico(tmp_path, name="IDEFF_mar24.csv")]).sources[0]["edition"] == "2024-03"


def test_a_file_is_accounted_for_cell_by_cell(tmp_path: Path) -> None:
    (source,) = run([mexico(tmp_path)]).sources
    assert (source["rows_read"], source["cells_read"]) == (6, 6 * len(MONTHS))
    assert source["cells_used"] == 2 * 3
    assert source["cells_not_yet_reported"] == 2 * 9
    assert sum(source["cells_ignored"].values()) == 4 * len(MONTHS)
    assert source["cells_refused"] == 0


def test_fiscal_years_begin_where_the_source_says(tmp_path: Path) -> None:
    table = run([dhs(tmp_path)]).table
    assert set(table["time_period"]) == {"1995-10-01/P1Y", "1996-10-01/P1Y"}


@pytest.mark.parametrize("name", [None, "deu/pks_time_series"])
def test_only_the_wanted_mappings_are_loaded(name: str | None) -> None:
    found = [mapping.id for mapping in load_mappings(name)]
    assert found == [name] if name else len(found) > 5


def test_an_unknown_mapping_names_the_nearest() -> None:
    with pytest.raises(Problem) as caught:
        load_mappings("deu/pks_timeseries")
    assert "deu/pks_time_series" in caught.value.findings[0].suggestion


def test_reading_stops_where_a_file_is_refused_as_a_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed_module, "MOST_REFUSED", 3)
    dataset = run([pks(tmp_path, rows=[pks_row(row[0], cases="x") for row in pks_rows()])])
    assert ("too-many-refused", "error") in rules_of(dataset)


# the fast path gives what the exact one gives, through to the observations


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> Iterable[None]:
    """Stream every file, however small."""
    with monkeypatch.context() as patch:
        patch.setattr(stream_module, "STREAM_FROM", 0)
        yield


ALTERED = {
    "plain": lambda text: text,
    "a blank line": lambda text: text.replace("\n725400", "\n\n725400"),
    "a quoted line break": lambda text: text.replace(
        "Einschleusen mit Todesfolge § 97", '"Einschleusen mit\nTodesfolge"'
    ),
    "no line end": lambda text: text[:-1],
    "CRLF": lambda text: text.replace("\n", "\r\n"),
    "a short row": lambda text: text.replace(";30;29;15\n", ";30\n"),
    "a short first row": lambda text: text.replace(";901;900;450\n", ";901\n"),
    "a long row": lambda text: text.replace(";30;29;15\n", ";30;29;15;7\n"),
    "an empty last field": lambda text: text.replace(";30;29;15\n", ";30;29;\n"),
    "a bad number": lambda text: text.replace(";30;29;15\n", ";3O;29;15\n"),
    "an unknown code": lambda text: text.replace("725400;", "725401;"),
    "a bad number below a blank line": lambda text: text.replace("\n725400", "\n\n725400").replace(";59;", ";5 9;"),
    "a title": lambda text: "Titel\n\n" + text.replace(";59;", ";5 9;"),
    "a lone carriage return": lambda text: text.replace("725400;Einschleusen mit", "725400;Einschleusen\rmit"),
}


@pytest.mark.parametrize("kind", ALTERED)
def test_streaming_gives_the_same_observations_and_findings(
    tmp_path: Path, request: pytest.FixtureRequest, kind: str
) -> None:
    path = written(tmp_path / "pks.csv", ALTERED[kind](pks_text()), "utf-8")
    exact = run([path])
    request.getfixturevalue("at_once")
    streamed = run([path])
    assert_frame_equal(streamed.all_findings.frame(), exact.all_findings.frame())
    assert_frame_equal(streamed.table, exact.table)
    exact_source, streamed_source = exact.sources[0], streamed.sources[0]
    assert streamed_source["cells_used"] == exact_source["cells_used"]
    assert streamed_source["rows_read"] == exact_source["rows_read"]


def test_streaming_refuses_a_field_too_many_also_beside_a_column_nobody_reads(tmp_path: Path, at_once: None) -> None:
    """All figures of such a row stand one column too far: Polars cuts it where not every column is asked for."""
    rows = [(*row[:3], "0", *row[3:]) for row in [PKS_HEADER, *pks_rows()]]
    rows[0] = (*PKS_HEADER[:3], "Versuche", *PKS_HEADER[3:])
    rows[3] = (*rows[3][:3], "0", *rows[3][3:])
    dataset = run([written(tmp_path / "pks.csv", delimited(rows), "utf-8")])
    assert ("row-ragged", "error") in rules_of(dataset)


def test_a_text_in_latin_1_is_read_exactly_where_utf_8_would_be_streamed(tmp_path: Path, at_once: None) -> None:
    path = written(tmp_path / "pks.csv", pks_text(), "latin-1")
    assert value_of(run([path]), offence="SOM", **CASES)["value"] == 430.0


def test_streaming_of_a_packed_file(tmp_path: Path, at_once: None) -> None:
    path = written(tmp_path / "pks.csv.gz", gzip.compress(pks_text().encode()))
    assert value_of(run([path]), offence="SOM", **CASES)["value"] == 430.0


def test_explain_after_streaming(tmp_path: Path, at_once: None) -> None:
    dataset = run([written(tmp_path / "pks.csv", "Titel\n\n" + pks_text(), "utf-8")])
    table = dataset.table.with_row_index("at")
    index = table.filter(pl.col("offence") == "SOM", pl.col("indicator") == "OFFENCES_RECORDED")["at"].item()
    assert dataset.explain(index)[["row", "text"]].to_numpy().tolist() == [[5, "400"], [6, "30"]]


def test_an_order_of_rows_does_not_matter(tmp_path: Path) -> None:
    rows = [row for year in (2021, 2022, 2023) for row in pks_rows(year)]
    forward = run([pks(tmp_path, "a.csv", rows=rows)])
    backward = run([written(tmp_path / "b.csv", pks_text(rows[::-1]))])
    assert_frame_equal(forward.table, backward.table)
