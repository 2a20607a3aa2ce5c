"""The public functions: paths, lists and DataFrames in; a dataset, or a Problem that carries every finding, out."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from building import submissions
from building.samples import PKS_HEADER, dhs, mexico, pks, pks_row, pks_rows, pks_text, written
from pandas.testing import assert_frame_equal

import harmonize as hz
from harmonize.cli import main
from harmonize.model.finding import COLUMNS, Finding, Severity
from harmonize.model.observation import COLUMNS as CONTRACT
from harmonize.model.observation import Observation

OBSERVED = pd.DataFrame(submissions.rows({}, {}, {}))
"""Figures of three years, 2018 to 2020."""


def frame_of(rows: list[tuple[str, ...]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=list(PKS_HEADER))


def test_a_path_as_text_as_path_and_in_a_list(tmp_path: Path) -> None:
    path = pks(tmp_path)
    datasets = [hz.build(str(path)), hz.build(path), hz.build([str(path)]), hz.build((path,))]
    assert len(datasets[0].observations) == 16
    for one in datasets[1:]:
        assert_frame_equal(one.observations, datasets[0].observations)


def test_several_files_make_one_dataset(tmp_path: Path) -> None:
    observations = hz.build([pks(tmp_path), dhs(tmp_path)]).observations
    assert set(observations["source"]) == {"deu/pks_time_series", "usa/dhs_yearbook_table_73"}
    alone = hz.build(tmp_path / "pks.csv").observations
    german = observations[observations["ref_area"] == "DEU"].reset_index(drop=True)
    assert_frame_equal(german, alone)


@pytest.mark.parametrize("typed", [False, True])
def test_a_frame_is_equal_to_the_csv(tmp_path: Path, typed: bool) -> None:
    path = pks(tmp_path)
    frame = pd.read_csv(path, sep=";", encoding="latin-1", dtype=None if typed else str)
    dataset = hz.build(frame, mapping="deu/pks_time_series")
    assert_frame_equal(dataset.observations, hz.build(path).observations)
    assert dataset.sources[0]["file"] == "<DataFrame>"


def test_a_frame_with_missing_values_and_another_index(tmp_path: Path) -> None:
    frame = frame_of(pks_rows()).set_index(pd.Index(list("abcde")))
    frame.loc["b", "erfasste Faelle"] = None
    result = hz.validate(frame, mapping="deu/pks_time_series")
    errors = result.findings[result.findings["severity"] == "error"]
    assert errors[["rule", "row", "column"]].to_numpy().tolist() == [["number-format", 3, "erfasste Faelle"]]


def test_two_frames_are_two_inputs() -> None:
    """A DataFrame has no digest; the second must not be taken for the first."""
    frames = [frame_of(pks_rows(2022)), frame_of(pks_rows(2023))]
    observations = hz.build(frames, mapping="deu/pks_time_series").observations
    assert set(observations["time_period"]) == {"2022", "2023"}


def test_a_frame_is_not_changed_by_reading_it() -> None:
    frame = frame_of(pks_rows())
    before = frame.copy(deep=True)
    hz.build(frame, mapping="deu/pks_time_series")
    assert_frame_equal(frame, before)


def test_observations_have_the_columns_and_types_of_the_contract(tmp_path: Path) -> None:
    observations = hz.build([pks(tmp_path), mexico(tmp_path)]).observations
    assert tuple(observations.columns) == CONTRACT
    assert observations[["value", "lower", "upper"]].dtypes.astype(str).tolist() == ["float64"] * 3
    assert observations["n_cells"].dtype == "int64"
    texts = [name for name in CONTRACT if name not in ("value", "lower", "upper", "n_cells")]
    assert all(pd.api.types.is_string_dtype(observations[name]) for name in texts)
    assert not observations[texts].isna().any().any()
    assert list(observations.index) == list(range(len(observations)))


def test_every_observation_is_one_of_the_model(tmp_path: Path) -> None:
    observations = hz.build([pks(tmp_path), mexico(tmp_path), dhs(tmp_path)]).observations
    for row in observations.astype(object).where(observations.notna(), None).to_dict("records"):
        Observation.model_validate(row)


def test_a_suppressed_or_unpublished_figure_is_never_zero(tmp_path: Path) -> None:
    observations = hz.build(pks(tmp_path)).observations
    (row,) = observations[observations["offence"] == "FTD"].to_dict("records")
    assert (row["obs_status"], row["lower"], row["n_cells"], row["national_codes"]) == ("K", 0.0, 0, "540000")
    assert pd.isna(row["value"])
    assert pd.isna(row["upper"])


def test_explain_names_every_cell_behind_a_figure(tmp_path: Path) -> None:
    dataset = hz.build([pks(tmp_path), dhs(tmp_path)])
    frame = dataset.observations
    (row,) = frame.index[(frame["offence"] == "SOM") & (frame["indicator"] == "OFFENCES_RECORDED")]
    cells = dataset.explain(row)
    assert list(cells.columns) == [
        "file", "sheet", "row", "column", "text", "national_code", "label", "offences", "relation", "note",
    ]  # fmt: skip
    assert cells[["file", "row", "column", "text", "national_code"]].to_numpy().tolist() == [
        ["pks.csv", 3, "erfasste Faelle", "400", "725200"], ["pks.csv", 4, "erfasste Faelle", "30", "725400"],
    ]  # fmt: skip


def test_the_cells_of_every_figure_add_up_to_it(tmp_path: Path) -> None:
    dataset = hz.build([pks(tmp_path), mexico(tmp_path), dhs(tmp_path)])
    for index, row in enumerate(dataset.observations.to_dict("records")):
        cells = dataset.explain(index)
        assert len(cells) == row["n_cells"], row
        if not pd.isna(row["value"]) and row["n_cells"]:
            assert sum(float(text) for text in cells["text"]) == row["value"], row


def test_a_sheet_is_explained_by_its_letters(tmp_path: Path) -> None:
    dataset = hz.build(dhs(tmp_path))
    frame = dataset.observations
    (row,) = frame.index[(frame["offence"] == "SOM") & (frame["time_period"] == "1996-10-01/P1Y")]
    assert dataset.explain(row)[["sheet", "row", "column", "text"]].to_numpy().tolist() == [["Sheet", 8, "C", "240"]]


def test_a_figure_of_a_frame_is_explained() -> None:
    dataset = hz.build(frame_of(pks_rows()), mapping="deu/pks_time_series")
    frame = dataset.observations
    (row,) = frame.index[(frame["offence"] == "TIP") & (frame["indicator"] == "OFFENCES_RECORDED")]
    assert dataset.explain(row)[["file", "row", "text"]].to_numpy().tolist() == [["<DataFrame>", 6, "59"]]


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_what_is_written_is_what_was_built(tmp_path: Path, form: str) -> None:
    dataset = hz.build([pks(tmp_path), mexico(tmp_path)])
    path = dataset.write(tmp_path / "out", format=form)  # type: ignore[arg-type]  # parametrized
    assert path == tmp_path / "out" / f"observations.{form}"
    read = pd.read_csv(path, keep_default_na=False, na_values={"value": "", "lower": "", "upper": ""}, dtype={
        name: str for name in CONTRACT if name not in ("value", "lower", "upper", "n_cells")
    }) if form == "csv" else pd.read_parquet(path)  # fmt: skip
    assert_frame_equal(read, dataset.observations, check_dtype=False)


def test_validate_is_ok_or_says_what_is_wrong(tmp_path: Path) -> None:
    good = hz.validate(pks(tmp_path))
    assert good.ok
    assert good.findings.empty
    assert tuple(good.findings.columns) == COLUMNS
    bad = hz.validate([tmp_path / "pks.csv", tmp_path / "missing.csv"])
    assert not bad.ok
    assert bad.findings["rule"].tolist() == ["file-unreadable"]


def test_validate_with_warnings(tmp_path: Path) -> None:
    paths = [pks(tmp_path), written(tmp_path / "again.csv", pks_text())]
    assert hz.validate(paths).ok
    assert not hz.validate(paths, fail_on="warning").ok
    assert hz.build(paths).findings["rule"].tolist() == ["file-twice"]
    with pytest.raises(hz.Problem):
        hz.build(paths, fail_on="warning")


def test_a_problem_carries_every_finding_of_every_file(tmp_path: Path) -> None:
    bad = pks(tmp_path, rows=[*pks_rows()[1:], pks_row("725100", cases="x"), ("725201", "neu", "2023", "1", "1", "1")])
    with pytest.raises(hz.Problem) as caught:
        hz.build([bad, tmp_path / "missing.csv"])
    findings = caught.value.findings
    assert all(isinstance(finding, Finding) for finding in findings)
    errors = {(Path(f.file).name, f.rule, f.row) for f in findings if f.severity is Severity.ERROR}
    assert errors == {
        ("missing.csv", "file-unreadable", None),
        ("pks.csv", "number-format", 6),
        ("pks.csv", "unknown-code", 7),
    }
    assert "'x' is no number" in str(caught.value)


def test_a_mapping_there_is_not(tmp_path: Path) -> None:
    for function in (hz.build, hz.validate):
        with pytest.raises(hz.Problem, match="no mapping 'deu/nothing'"):
            function(pks(tmp_path), mapping="deu/nothing")


def test_progress_is_called(tmp_path: Path) -> None:
    said: list[str] = []
    hz.build(pks(tmp_path), progress=said.append)
    assert said[0] == "reading pks.csv"


def test_offences() -> None:
    assert hz.offence("SOM").iccs[0].code == "08051"
    assert hz.offences()["TIP"] == hz.offence("TIP")


@pytest.mark.parametrize(("wrong", "right"), [("SOM_ENTRI", "SOM_ENTRY"), ("som_agg", "SOM_AGG")])
def test_an_unknown_offence_suggests_the_nearest(wrong: str, right: str) -> None:
    with pytest.raises(hz.Problem) as caught:
        hz.offence(wrong)
    (finding,) = caught.value.findings
    assert right in finding.suggestion.split(", ")
    assert finding.rule == "offence-unknown"


def test_public_names() -> None:
    assert all(callable(getattr(hz, name)) for name in hz.__all__)
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        hz.nothing  # noqa: B018


@pytest.mark.parametrize(
    "code", ["import harmonize", "import harmonize; harmonize.offence('SOM')", "import harmonize.cli"]
)
def test_importing_harmonize_imports_no_data_library(code: str) -> None:
    check = f"{code}\nimport sys\nprint(*sorted({{'pandas', 'polars', 'pint', 'pyarrow', 'numpy'}} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.strip() == ""


def test_a_template_is_written_and_its_codes_are_checked(tmp_path: Path) -> None:
    files = hz.template("CAN", tmp_path / "can.csv", offences=["SOM"], periods=range(2020, 2022))
    assert [file.name for file in files] == ["can.csv", "can.metadata.csv"]
    table = pd.read_csv(files[0], dtype=str)
    assert set(table["time_period"]) == {"2020", "2021"}
    assert set(table["offence"]) == {"SOM"}
    with pytest.raises(hz.Problem, match="there is no area 'CNA'") as trouble:
        hz.template("CNA", tmp_path / "cna.csv")
    assert trouble.value.findings[0].suggestion.startswith("CAN")


def test_settings_are_read_before_any_file(tmp_path: Path) -> None:
    with pytest.raises(hz.Problem) as trouble:
        hz.build(tmp_path / "not_there.csv", config=tmp_path / "harmonize.toml")
    assert [one.rule for one in trouble.value.findings] == ["config-invalid"]


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: hz.compare("SOM", "DEU", at="2015-02-31"), "'2015-02-31' is no day"),
        (lambda: hz.relation("DEU", "725200", "SOM", at="01.01.2015"), "'01.01.2015' is no day"),
        (lambda: hz.penalties("SOM", "DEU", at="yesterday"), "'yesterday' is no day"),
        (lambda: hz.compare("SOM", "DEU", against="foo"), "`against`: 'foo' is none of protocol, eu, iccs"),  # type: ignore[arg-type]
        (lambda: hz.total(OBSERVED, "time_period", periods=("2020",)), "are no first and last period"),  # type: ignore[arg-type]
        (lambda: hz.total(OBSERVED, "time_period", periods=("2020", "2018")), "are no first and last period"),
        (lambda: hz.total(OBSERVED, "time_period", periods=("2020-Q", "2021")), "are no first and last period"),
        (lambda: hz.total(OBSERVED, "time_period", periods="2020"), "are no first and last period"),  # type: ignore[arg-type]
    ],
)
def test_arguments_that_are_none(call: Callable[[], object], said: str) -> None:
    with pytest.raises(hz.Problem, match=re.escape(said)) as refused:
        call()
    assert [one.rule for one in refused.value.findings] == ["argument-invalid"]


def test_years_and_codes_may_be_numbers() -> None:
    assert str(hz.relation("DEU", 725200, "SOM", at=2015)) == str(hz.relation("DEU", "725200", "SOM", at="2015-01-01"))  # type: ignore[arg-type]
    assert hz.compare("SOM", "DEU", at="2005").equals(hz.compare("SOM", "DEU", at="2005-01-01"))
    assert hz.total(OBSERVED, "time_period", periods=(2018, 2020))["time_period"].tolist() == ["2018-01-01/2020-12-31"]


@pytest.mark.parametrize("row", [-1, 99])
def test_a_row_that_is_not_there_is_not_explained(row: int) -> None:
    with pytest.raises(hz.Problem, match="there is no row"):
        hz.build(OBSERVED).explain(row)


def test_a_problem_says_where_and_what_may_help() -> None:
    """What a person sees who catches nothing: the exception's text."""
    with pytest.raises(hz.Problem) as refused:
        hz.build(OBSERVED.assign(offence="SOMM"))
    assert "row 2, column offence: 'SOMM' is no code of the list offence — try: SOM" in str(refused.value)


@pytest.mark.parametrize(
    ("name", "arguments", "message", "suggestion"),
    [
        ("build", {"fail_on": "never"}, "`fail_on`: 'never' is none of error, warning", ""),
        ("build", {"fail_on": "errors"}, "`fail_on`: 'errors' is none of error, warning", "error"),
        ("validate", {"fail_on": "info"}, "`fail_on`: 'info' is none of error, warning", ""),
        ("validate", {"fail_on": None}, "`fail_on`: None is none of error, warning", ""),
        ("write", {"format": "xlsx"}, "`format`: 'xlsx' is none of csv, parquet", ""),
        ("write", {"format": "CSV"}, "`format`: 'CSV' is none of csv, parquet", "csv"),
        ("compare", {"against": "protocoll"}, "`against`: 'protocoll' is none of protocol, eu, iccs", "protocol"),
        ("total", {"over": "time_period", "periods": 2020}, "`periods`: 2020 are no first and last", ""),
    ],
)
def test_an_argument_that_is_none_of_its_words(
    tmp_path: Path, name: str, arguments: dict[str, Any], message: str, suggestion: str
) -> None:
    path = pks(tmp_path)
    function: Any = hz.build(path).write if name == "write" else getattr(hz, name)
    given = {"write": tmp_path / "out", "compare": "SOM"}.get(name, path)
    with pytest.raises(hz.Problem) as caught:
        function(given, **arguments)
    [finding] = caught.value.findings
    assert (finding.rule, finding.suggestion) == ("argument-invalid", suggestion)
    assert message in finding.message
    assert {path.name for path in tmp_path.iterdir()} == {"pks.csv"}


def test_a_wrong_threshold_is_said_before_anything_is_read(tmp_path: Path) -> None:
    with pytest.raises(hz.Problem, match="fail_on"):
        hz.build(tmp_path / "nowhere.csv", fail_on="never")  # type: ignore[arg-type]


def test_one_word_may_stand_for_a_list_of_one(tmp_path: Path) -> None:
    assert len(hz.build(pks(tmp_path), only="narrower").observations) < len(hz.build(pks(tmp_path)).observations)
    hz.template("CAN", tmp_path / "t.csv", offences="SOM", periods=2020, indicators="PERSONS_CONVICTED")  # type: ignore[arg-type]
    assert (tmp_path / "t.csv").read_text(encoding="utf-8-sig").count("\n") == 2


@pytest.mark.parametrize("place", ["a file", "below a file", "/proc/harmonize"])
def test_a_folder_that_cannot_be_written_to(tmp_path: Path, place: str) -> None:
    path = pks(tmp_path)
    folder = {"a file": path, "below a file": path / "out"}.get(place, Path(place))
    writers: tuple[Callable[[Path], object], ...] = (
        hz.build(path).write,
        lambda folder: hz.template("CAN", folder / "t.csv"),
    )
    for write in writers:
        with pytest.raises(hz.Problem) as caught:
            write(folder)
        [finding] = caught.value.findings
        assert (finding.rule, finding.file) == ("output-unwritable", str(folder))
        assert "and not a folder" in finding.message or "nothing can be written there" in finding.message
        assert finding.suggestion


@pytest.mark.parametrize(
    ("code", "offence", "at", "start"),
    [
        ("725200", "SOM", None, "<broader, "),
        ("725200", "TIP", None, "<overlapping, "),
        ("DE_96_1_1", "CORRUPTION", None, "<unknown, unverified; ? CORRUPTION has no definition by elements>"),
    ],
)
def test_a_relation_shows_itself_in_a_line(code: str, offence: str, at: str | None, start: str) -> None:
    found = hz.relation("DEU", code, offence, at=at)
    shown = repr(found)
    assert shown.startswith(start)
    assert len(shown) < 320
    assert "\n" not in shown
    reasons = len(found.beyond) + len(found.lacks)
    assert shown.endswith(f"and {reasons - 3} more>") == (reasons > 3)
    if found.beyond:
        assert f"; + {found.beyond[0][:70]}" in shown


# explain, of what is no file


def test_explain_of_a_submission_in_a_frame_says_what_was_given(tmp_path: Path) -> None:
    frame = OBSERVED.copy()
    dataset = hz.build(frame)
    frame["value"] = "999"
    cells = dataset.explain(1)
    assert cells[["file", "row", "column", "text"]].to_numpy().tolist() == [["<DataFrame>", 3, "value", "12"]]
    assert cells["note"].tolist() == ["as submitted in a DataFrame, whose header is row 1"]


def test_explain_says_which_of_several_frames_it_was() -> None:
    frames = [frame_of(pks_rows(2022)), frame_of(pks_rows(2023))]
    dataset = hz.build(frames, mapping="deu/pks_time_series")
    assert [one["file"] for one in dataset.sources] == ["<DataFrame 1>", "<DataFrame 2>"]
    frames[1].iloc[:, :] = "0"
    for row, one in enumerate(dataset.observations.to_dict("records")):
        cells = dataset.explain(row)
        assert len(cells) == one["n_cells"]
        assert set(cells["file"]) <= {f"<DataFrame {int(one['time_period']) - 2021}>"}
        if not pd.isna(one["value"]):
            assert cells["text"].astype(float).sum() == one["value"] or one["n_cells"] == 0


@pytest.mark.parametrize("given", ["submission", "mapping"])
def test_the_command_says_that_a_frame_is_in_no_file(
    tmp_path: Path, given: str, capsys: pytest.CaptureFixture[str]
) -> None:
    is_submission = given == "submission"
    dataset = hz.build(OBSERVED) if is_submission else hz.build(frame_of(pks_rows()), mapping="deu/pks_time_series")
    path = dataset.write(tmp_path / "out")
    assert main(["explain", str(path), "--row", "2"]) == 2
    err = capsys.readouterr().err
    assert "<DataFrame>: was given in Python and is in no file" in err
    assert "`explain` of the dataset in Python" in err


def test_a_figure_of_a_file_is_explained_beside_a_frame(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = OBSERVED.assign(time_period=["2011", "2012", "2013"])
    other.to_csv(tmp_path / "can.csv", index=False)
    dataset = hz.build([OBSERVED, tmp_path / "can.csv", pks(tmp_path)])
    path = dataset.write(tmp_path / "out")
    for row, one in enumerate(dataset.observations.to_dict("records")):
        is_of_frame = one["ref_area"] == "CAN" and one["time_period"] >= "2018"
        assert main(["explain", str(path), "--row", str(row + 2)]) == (2 if is_of_frame else 0), one
        assert ("is in no file" in capsys.readouterr().err) == is_of_frame
