"""Files in the common format: recognised, read in every shape, built with lineage, and told from all other files."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
import pytest
from conftest import FILES
from hypothesis import given, settings
from hypothesis import strategies as st

import harmonize as hz
from building import submissions
from building.submissions import ROW, filled, findings_of, rows, rules_in, write
from harmonize.building import submitted_cells
from harmonize.building.build import run
from harmonize.building.recognise import Candidate
from harmonize.model.observation import COLUMNS
from harmonize.model.submission import REQUIRED
from harmonize.reading import parquet, plain
from harmonize.reading import submitted as reading
from harmonize.reading.source import open_source
from harmonize.reading.submitted import heading_of
from harmonize.relations.form import blocks

ROOT = Path(__file__).parents[2]
TABLE = rows({}, {"value": "", "lower": "1", "upper": "4", "obs_status": "Q"}, {"value": "0", "sex": "F"})


def saved(folder: Path, shape: str, table: list[dict[str, str]]) -> Path:
    """The table in one of the shapes that can be submitted."""
    frame = pd.DataFrame(table).fillna("")
    path = folder / f"can.{shape.split()[0]}"
    if shape == "xlsx":
        frame.to_excel(path, index=False, sheet_name="anything")
    elif shape == "xlsx typed":
        with pd.ExcelWriter(path) as book:
            pd.DataFrame({"a": ["read me"]}).to_excel(book, sheet_name="notes", index=False)
            _typed(frame).to_excel(book, sheet_name="observations", index=False)
    elif shape == "parquet":
        frame.to_parquet(path)
    elif shape == "parquet typed":
        _typed(frame).to_parquet(path)
    elif shape == "csv sdmx":
        sdmx = {name: name.upper() for name in frame.columns} | {"value": "OBS_VALUE", "unit": "UNIT_MEASURE"}
        frame = frame.rename(columns=sdmx)
        frame.insert(0, "DATAFLOW", "OUR:CRIME(1.0)")
        frame.to_csv(path, index=False)
    elif shape == "csv sdmx 2.0":
        sdmx = {name: name.upper() for name in frame.columns} | {"value": "OBS_VALUE", "unit": "UNIT_MEASURE"}
        frame = frame.rename(columns=sdmx)
        for at, (name, text) in enumerate(
            {"STRUCTURE": "dataflow", "STRUCTURE_ID": "OUR:CRIME(1.0)", "ACTION": "I"}.items()
        ):
            frame.insert(at, name, text)
        frame.to_csv(path, index=False)
    else:
        frame.to_csv(path, index=False, sep={"csv ;": ";", "tsv": "\t"}.get(shape, ","))
    return path


def _typed(frame: pd.DataFrame) -> pd.DataFrame:
    """Figures as numbers, as programs write them."""
    numbers = {name: pd.to_numeric(frame[name]) for name in ("value", "lower", "upper") if name in frame}
    return frame.assign(**numbers, time_period=pd.to_numeric(frame["time_period"]))


SHAPES = ["csv", "csv ;", "tsv", "csv sdmx", "csv sdmx 2.0", "xlsx", "xlsx typed", "parquet", "parquet typed"]


@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_gives_the_same_observations(tmp_path: Path, shape: str) -> None:
    path = saved(tmp_path, shape, TABLE)
    dataset = hz.build(path)
    found = dataset.table.sort("time_period")
    assert found.columns == list(COLUMNS)
    assert found["value"].to_list() == [12.0, None, 0.0]
    assert found["lower"].to_list() == [12.0, 1.0, 0.0]
    assert found["upper"].to_list() == [12.0, 4.0, 0.0]
    assert found["obs_status"].to_list() == ["A", "Q", "A"]
    assert found["sex"].to_list() == ["_T", "_T", "F"]
    assert set(found["source"]) == {"submission"}
    assert found["n_cells"].to_list() == [1, 1, 1]
    at = int(dataset.table.with_row_index().filter(pl.col("lower") == 1)["index"][0])
    cells = dataset.explain(at)
    assert cells["text"].tolist() == ["1", "4"]
    assert set(cells["row"]) == {3}


def test_a_frame_is_a_submission_too() -> None:
    frame = pd.DataFrame(TABLE).fillna("")
    assert hz.build(frame).table.height == 3
    assert hz.validate(frame).ok


@pytest.mark.parametrize("shape", SHAPES)
def test_a_place_is_what_a_person_sees(tmp_path: Path, shape: str) -> None:
    path = saved(tmp_path, shape, rows({}, {"offence": "SOMM"}, {}))
    found = hz.validate(path).findings
    [line] = found[found["rule"] == "not-in-codelist"].to_dict("records")
    assert (line["file"], line["row"], line["text"], line["suggestion"]) == (path.name, 3, "SOMM", "SOM")
    letters = {"xlsx": "C", "csv sdmx": "OFFENCE", "csv sdmx 2.0": "OFFENCE"}
    assert line["column"] == letters.get("xlsx" if "xlsx" in shape else shape, "offence")


def test_headers_may_be_in_any_case(tmp_path: Path) -> None:
    table = [{name.title(): text for name, text in row.items()} for row in TABLE]
    form = filled(answers={"last_period": "2024"})
    same = hz.build(write(tmp_path / "a.csv", TABLE, form)).table
    assert hz.build(write(tmp_path / "b.csv", table, form)).table.equals(same)
    twice = write(tmp_path / "c.csv", [{**ROW, "UNIT": "offence"}])
    assert "column-twice" in set(hz.validate(twice).findings["rule"])


def test_a_row_to_be_deleted_is_no_observation(tmp_path: Path) -> None:
    text = "STRUCTURE,STRUCTURE_ID,ACTION,REF_AREA,TIME_PERIOD,OFFENCE,INDICATOR,OBS_VALUE,UNIT_MEASURE\n"
    row = "dataflow,OUR:CRIME(1.0),{},CAN,{},SOM,OFFENCES_RECORDED,12,offence\n"
    path = tmp_path / "can.csv"
    path.write_text(text + row.format("I", 2020) + row.format("D", 2021))
    found = findings_of(path).filter(pl.col("severity") == "error")
    assert found.select("rule", "row", "column", "text").row(0) == ("field-invalid", 3, "ACTION", "D")
    path.write_text(text + row.format("A", 2020) + row.format("M", 2021))
    assert hz.build(path).table.height == 2


def test_columns_missing_unknown_and_twice(tmp_path: Path) -> None:
    path = tmp_path / "can.csv"
    path.write_text("ref_area,time_period,offense,indicator,value,sex,sex,form\nCAN,2020,SOM,X,1,_T,_T,_T\n")
    found = findings_of(path)
    by_rule = {row["rule"]: row for row in found.sort("text").iter_rows(named=True)}
    assert found.filter(pl.col("rule") == "column-missing")["text"].sort().to_list() == ["offence", "unit"]
    assert by_rule["column-unknown"]["suggestion"] == "offence"
    assert by_rule["column-twice"]["column"] == "sex"
    assert found.filter(pl.col("rule") == "not-in-codelist")["text"].to_list() == ["X"]  # the cells are looked at too


@pytest.mark.parametrize(("header", "rule"), [("sex,sex", "column-twice"), ("Geschlecht,sexe", "column-unknown")])
def test_rows_of_a_doubtful_breakdown_are_not_held_against_each_other(tmp_path: Path, header: str, rule: str) -> None:
    """All of them would be one key."""
    path = tmp_path / "can.csv"
    table = [",".join([*ROW.values(), "_T", "_T", "_T", marks]) for marks in ("M,F", "M,M")]
    path.write_text("\n".join([",".join([*ROW, "age", "citizenship", "form", header]), *table, ""]))
    assert set(rules_in(findings_of(path))) == {rule}


def test_an_unknown_column_beside_all_breakdowns_is_none_of_them(tmp_path: Path) -> None:
    table = [{**row, **dict.fromkeys(("sex", "age", "citizenship", "form"), "_T"), "note": "x"} for row in [ROW, ROW]]
    assert set(rules_in(findings_of(write(tmp_path / "can.csv", table)))) == {"column-unknown", "key-twice"}


@pytest.mark.parametrize("without", REQUIRED)
@pytest.mark.parametrize("is_streamed", [False, True])
def test_any_column_may_be_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, without: str, *, is_streamed: bool
) -> None:
    if is_streamed:
        monkeypatch.setattr(reading, "STREAM_FROM", 0)
    table = [
        {name: text for name, text in row.items() if name != without} for row in rows({"form": "_T"}, {"sex": "many"})
    ]
    found = findings_of(write(tmp_path / "can.csv", table))
    missing = found.filter(pl.col("rule") == "column-missing")
    assert missing["text"].to_list() == [without]
    assert found.filter(pl.col("rule") == "not-in-codelist")["text"].to_list() == ["many"]
    assert findings_of(pd.DataFrame(table).fillna(""))["rule"].to_list() == found["rule"].to_list()


@pytest.mark.parametrize(
    ("above", "header", "said", "suggestion"),
    [
        ("", "ref_area,time_period,offense,indicator,value,unit", "row 1 has its columns but for offence", "offense"),
        (
            "",
            "ref_area;time_period;offence;year;value;what",
            "row 1 has its columns but for indicator and unit",
            "",
        ),
        ("Crime,2020\n\n", "ref_area,time_period,offence,indicator,value,unit", "its header is in row 3", ""),
        ("Crime,2020\n", "REF_AREA,TIME_PERIOD,OFFENCE,INDICATOR,OBS_VALUE,UNIT_MEASURE", "its header is in row 2", ""),
        ("", "ref_area,time_period,crime,kind,value,quantity", "", "`harmonize mappings`"),
    ],
)
def test_a_file_that_is_nearly_in_the_common_format_is_told_what_it_lacks(
    tmp_path: Path, above: str, header: str, said: str, suggestion: str
) -> None:
    (tmp_path / "can.csv").write_text(f"{above}{header}\nCAN,2020,SOM,OFFENCES_RECORDED,12,offence\n")
    [found] = hz.validate(tmp_path / "can.csv").findings.to_dict("records")
    assert found["rule"] == "file-unknown"
    assert said in found["message"]
    assert ("not in the common format" in found["message"]) == bool(said)
    assert found["suggestion"].startswith(suggestion)
    assert "CAN" not in found["message"], "of a file that nobody knows no row is shown"


CELL = st.sampled_from(["", "CAN", "2020", "2020-01-01", "SOM", "OFFENCES_RECORDED", "offence", "12", "x", "_T"])


@given(st.lists(st.sampled_from([*COLUMNS, "VALUE", "ACTION", "", "note"]), min_size=1, max_size=20), st.data())
@settings(max_examples=60, deadline=None)
def test_whatever_columns_there_are_what_is_wrong_is_said(names: list[str], data: st.DataObject) -> None:
    table = data.draw(st.lists(st.lists(CELL, min_size=len(names), max_size=len(names)), max_size=4))
    result = hz.validate(pd.DataFrame(table, columns=names))
    assert result.findings["rule"].str.len().gt(0).all()
    is_whole = {*REQUIRED} <= {*names} and len({*names}) == len(names) and table
    assert is_whole or not result.ok


def test_a_frame_of_polars_is_what_one_of_pandas_is() -> None:
    table = rows({}, {"value": ""}, {"offence": "SOMM"})
    of_pandas, of_polars = hz.validate(pd.DataFrame(table)).findings, hz.validate(pl.DataFrame(table)).findings
    assert of_polars.to_dict() == of_pandas.to_dict()
    typed = pl.DataFrame(rows({})).with_columns(pl.col("time_period", "value").cast(pl.Int64), lower=None)
    assert hz.build(typed).table.select("time_period", "value", "lower").row(0) == ("2018", 12.0, 12.0)


def test_what_is_neither_a_path_nor_a_frame_is_refused() -> None:
    with pytest.raises(TypeError, match="give a path or a DataFrame, not int"):
        hz.validate(5)  # type: ignore[arg-type]


def test_a_sheet_of_several_is_told_its_name(tmp_path: Path) -> None:
    with pd.ExcelWriter(tmp_path / "can.xlsx") as book:
        pd.DataFrame(["hello"]).to_excel(book, sheet_name="Notes", index=False)
        pd.DataFrame(rows({})).to_excel(book, sheet_name="Data", index=False)
    [message] = hz.validate(tmp_path / "can.xlsx").findings["message"]
    assert message.endswith("row 1 of the sheet 'Data', a sheet that is to be called 'observations'")


def test_ragged_blank_and_quoted_rows_keep_their_numbers(tmp_path: Path) -> None:
    path = tmp_path / "can.csv"
    path.write_text(
        "ref_area,time_period,offence,indicator,value,unit,national_codes\n"
        'CAN,2018,SOM,OFFENCES_RECORDED,1,offence,"a\nb"\n'
        "\n"
        "CAN,2019,SOM,OFFENCES_RECORDED,1\n"
        ",,,,,,\n"
        "CAN,2020,SOM,OFFENCES_RECORDED,-1,offence,\n"
    )
    found = findings_of(path)
    places = {(row["rule"], row["row"]) for row in found.iter_rows(named=True) if row["row"]}
    assert places == {("row-ragged", 5), ("negative-value", 7)}


def test_every_kind_of_fault_in_one_pass(tmp_path: Path) -> None:
    faults = [{"value": "x"}, {"unit": "person"}, {"ref_area": "EU28"}, {"obs_status": "Q"}, {"time_period": "never"}]
    result = hz.validate(write(tmp_path / "can.csv", rows({}, *faults)))
    assert not result.ok
    wanted = {"number-format", "unit-contradicted", "aggregate-as-country", "status-contradicted", "period-format"}
    assert set(result.findings["rule"]) == wanted | {"metadata-incomplete"}
    with pytest.raises(hz.Problem):
        hz.build(tmp_path / "can.csv")


def test_an_empty_table_and_a_lone_form(tmp_path: Path) -> None:
    (tmp_path / "can.csv").write_text(",".join(ROW) + "\n")
    assert "file-empty" in set(hz.validate(tmp_path / "can.csv").findings["rule"])
    write(tmp_path / "deu.csv", TABLE, filled())
    (tmp_path / "deu.csv").unlink()
    [line] = hz.validate(tmp_path / "deu.metadata.csv").findings.to_dict("records")
    assert (line["rule"], line["suggestion"].endswith("deu.csv")) == ("file-unknown", True)


def test_a_form_given_with_its_table_or_alone_stands_for_the_table(tmp_path: Path) -> None:
    path = write(tmp_path / "can.csv", rows({}), filled())
    form = tmp_path / "can.metadata.csv"
    for files in ([path], [form], [path, form], [form, path]):
        dataset = hz.build(files)
        assert dataset.table["relation"].to_list() == ["exact"]
        assert not len(dataset.all_findings)


@pytest.mark.parametrize("name", ["CAN.CSV", "CAN.CSV.GZ", "can.Csv.gz"])
def test_a_form_is_found_whatever_the_case_of_the_ending(tmp_path: Path, name: str) -> None:
    text = write(tmp_path / "x.csv", rows({})).read_bytes()
    path = tmp_path / name
    path.write_bytes(gzip.compress(text) if name.lower().endswith("gz") else text)
    stem = name.split(".")[0]
    write(tmp_path / f"{stem}.csv.tmp", rows({}), filled())
    (tmp_path / f"{stem}.csv.metadata.csv").rename(form := tmp_path / f"{stem}.metadata.csv")
    for files in ([path], [form], [path, form], [form, path]):
        dataset = hz.build(files)
        assert dataset.table["relation"].to_list() == ["exact"]
        assert not len(dataset.all_findings)


def test_a_decimal_comma_without_quotes_is_one_finding(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(",".join(ROW) + "\nCAN,2020,SOM,OFFENCES_RECORDED,12,5,offence\n")
    found = hz.validate(path).findings
    assert set(found["rule"]) == {"row-ragged", "metadata-incomplete"}
    assert "quotes" in found["suggestion"].iloc[0]


def test_a_form_that_is_a_link_or_no_form_is_refused(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("part,about\nhush,hush\n")
    path = write(tmp_path / "can.csv", rows({}))
    form = tmp_path / "can.metadata.csv"
    form.symlink_to(secret)
    found = findings_of(path)
    assert "metadata-invalid" in set(found["rule"])
    assert not any("hush" in text for text in found["message"])
    form.unlink()
    form.write_text("hello\nworld\n")
    assert "metadata-invalid" in set(findings_of(path)["rule"])


def test_damaged_parquet_is_a_finding(tmp_path: Path) -> None:
    path = tmp_path / "can.parquet"
    path.write_bytes(b"PAR1" + b"\0" * 100)
    assert hz.validate(path).findings["rule"].tolist() == ["file-unreadable"]
    pd.DataFrame({"a": [1]}).to_parquet(path)
    assert hz.validate(path).findings["rule"].tolist() == ["file-unknown"]


def test_two_submissions_with_the_same_rows(tmp_path: Path) -> None:
    one = write(tmp_path / "a.csv", rows({}), filled())
    other = write(tmp_path / "b.csv", rows({}, {}), filled(answers={"last_period": "2019"}))
    with pytest.raises(hz.Problem) as trouble:
        hz.build([one, other])
    assert [finding.rule for finding in trouble.value.findings] == ["key-twice", "not-compared"]
    found, _ = hz.validate([one, other]).findings.itertuples()
    assert (found.rule, found.file, found.row) == ("key-twice", "b.csv", 2)
    said = "1 of its combinations of codes stand in a.csv, too, the first in row 2 of a.csv"
    assert str(found.message).startswith(said)
    assert hz.validate(one).ok


def test_a_copy_with_other_line_ends_is_no_second_edition(tmp_path: Path) -> None:
    """Without metadata nothing says that two files are two editions, whatever their digests are."""
    one = write(tmp_path / "a.csv", rows({}, {}))
    other = tmp_path / "b.csv"
    other.write_bytes(one.read_bytes().replace(b"\n", b"\r\n"))
    for keep in (hz.validate([one, other]), hz.validate([other, one])):
        assert "key-twice" in set(keep.findings["rule"])
    with pytest.raises(hz.Problem):
        hz.build([one, other])
    write(tmp_path / "c.csv", rows({}), filled(answers={"edition": "2024-06-30"}))
    write(tmp_path / "d.csv", rows({"value": "13"}), filled(answers={"edition": "2025-06-30"}))
    assert len(hz.build([tmp_path / "c.csv", tmp_path / "d.csv"]).observations) == 2, "two editions are both kept"


def test_national_codes_are_a_set(tmp_path: Path) -> None:
    codes = [{"national_codes": text, "time_period": "2020"} for text in ("A+B", "B + A", "A")]
    found = hz.validate(write(tmp_path / "a.csv", rows(*codes))).findings
    assert found[found["rule"] == "key-twice"]["row"].tolist() == [2, 3]
    one, other = write(tmp_path / "b.csv", rows(codes[0])), write(tmp_path / "c.csv", rows(codes[1]))
    assert "key-twice" in set(hz.validate([one, other]).findings["rule"])


def test_a_last_period_before_the_first_is_said_once(tmp_path: Path) -> None:
    answers = {"first_period": "2024", "last_period": "2018"}
    path = write(tmp_path / "a.csv", rows({}, {}), filled(answers=answers))
    (found,) = hz.validate(path).findings.to_dict("records")
    assert (found["rule"], found["file"], found["text"]) == ("metadata-invalid", "a.metadata.csv", "2018")
    assert "'2018' is over before first_period, '2024', begins" in found["message"]


@pytest.mark.parametrize(("names", "severity"), [(["unit", "value"], "error"), (["value", "unit"], "warning")])
def test_a_last_line_without_an_end(tmp_path: Path, names: list[str], severity: str) -> None:
    """A figure there may have lost digits; a text that did is no code."""
    order = [*(name for name in ROW if name not in names), *names]
    path = write(tmp_path / "a.csv", [{name: ROW[name] for name in order}])
    assert "file-truncated" not in set(hz.validate(path).findings["rule"])
    path.write_bytes(path.read_bytes().rstrip(b"\n"))
    found = hz.validate(path).findings
    assert found[found["rule"] == "file-truncated"]["severity"].tolist() == [severity]


def test_what_build_writes_is_a_submission_and_comes_out_as_it_was(tmp_path: Path) -> None:
    files = sorted(path for path in (ROOT / "examples").iterdir() if path.suffix in (".csv", ".xlsx"))
    first = hz.build(files)
    path = first.write(tmp_path / "out")
    again = hz.build(path)
    assert set(again.findings["rule"]) <= {"metadata-incomplete", "code-not-valid"}
    assert again.table.equals(first.table)
    parquet = first.write(tmp_path / "other", format="parquet")
    assert hz.build(parquet).table.equals(first.table)


def test_a_build_of_a_submission_is_explained_later(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from harmonize.cli import main

    answers = {"last_period": "2019"}
    path = write(tmp_path / "can.csv", rows({}, {"value": "", "obs_status": "K"}), filled(answers=answers))
    assert main(["build", str(path), "--out", str(tmp_path / "out")]) == 0
    [source] = json.loads((tmp_path / "out" / "sources.json").read_text())["sources"]
    assert (source["mapping"], source["edition"], source["metadata"]) == (
        "submission",
        "2025-06-30",
        "can.metadata.csv",
    )
    capsys.readouterr()
    assert main(["explain", str(tmp_path / "out" / "observations.csv"), "--row", "2"]) == 0
    out = capsys.readouterr().out
    assert "can.csv" in out
    assert "value" in out
    assert main(["explain", str(tmp_path / "out" / "observations.csv"), "--row", "3"]) == 0
    assert "obs_status" in capsys.readouterr().out


def test_a_large_text_is_streamed_to_the_same_result(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    table = [{**ROW, "time_period": str(1990 + i % 30), "national_codes": str(i), "value": str(i)} for i in range(300)]
    table[17]["offence"], table[211]["value"], table[40]["value"] = "SOMM", "-5", "7.5"
    path = write(tmp_path / "can.csv", table)
    exact = findings_of(path)
    assert exact.filter(pl.col("severity") == "error").height == 3
    monkeypatch.setattr(reading, "STREAM_FROM", 0)
    monkeypatch.setattr(plain, "PIECE_BYTES", 2_000)
    assert findings_of(path).equals(exact)
    with path.open("a") as file:
        file.write("CAN,2020\n")
    ragged = findings_of(path)
    assert ragged.filter(pl.col("rule") == "row-ragged")["row"].to_list() == [302]
    assert ragged.filter(pl.col("severity") == "error").height == 4


BLANKS = ["", '""']
FIGURES = ["value", "lower", "upper", "obs_status"]
CELLS = {
    "offence": ["SOM", "TIP"],
    "sex": [*BLANKS, "_T", "M"],
    "citizenship": [*BLANKS, "FOR"],
    "form": [*BLANKS, "_T", "LAND"],
    "edition": [*BLANKS, "2025-06-30"],
    "n_cells": [*BLANKS, "3"],
    "national_codes": [*BLANKS, "7252"],
    ",".join(FIGURES): [
        ",".join(cells)
        for cells in (("12", "", "", "A"), ('"7"', '""', "", ""), ("0", "", "", "A"), ("", '"1"', "4", "Q"))
    ],
}
FAULTS = {
    "ref_area": BLANKS,
    "unit": [*BLANKS, "person"],
    "time_period": [*BLANKS, "20", "2019"],
    "form": [" ", "HORSE"],
    "n_cells": ["many"],
    ",".join(FIGURES): [",,,A", '"1,5",,,', "-3,,,", "7,8,9,"],
}


@st.composite
def texts_of_tables(draw: st.DrawFn) -> str:
    """The text of a submission whose columns stand in any order, and of which few cells are faulty."""
    names = draw(st.permutations([*CELLS, "ref_area", "time_period", "indicator", "unit"]))
    lines = [",".join(names)]
    for year in range(2001, draw(st.integers(2002, 2012))):
        row = {name: draw(st.sampled_from(cells)) for name, cells in CELLS.items()}
        row |= {name: ROW[name] for name in ("ref_area", "indicator", "unit")} | {"time_period": str(year)}
        if draw(st.integers(0, 9)) == 9:
            name = draw(st.sampled_from(sorted(FAULTS)))
            row[name] = draw(st.sampled_from(FAULTS[name]))
        lines.append(",".join(row[name] for name in names))
    return "\n".join([*lines, ""])


@settings(max_examples=100, deadline=None)
@given(texts_of_tables())
def test_cells_are_the_same_read_row_by_row_or_in_batches(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    path = tmp_path_factory.mktemp("csv") / "can.csv"
    path.write_text(text)
    exact = run([path])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reading, "STREAM_FROM", 0)
        patch.setattr(plain, "PIECE_BYTES", 100)
        streamed = run([path])
    assert streamed.all_findings.frame().equals(exact.all_findings.frame())
    assert streamed.ok == exact.ok
    if exact.ok:
        assert exact.table.height
        assert streamed.table.equals(exact.table)


def test_a_column_of_countless_texts_is_not_read_to_its_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from harmonize.building import submitted_cells
    from harmonize.checking import columns

    path = write(tmp_path / "can.csv", [{**ROW, "national_codes": str(i), "value": "1,5"} for i in range(60)])
    monkeypatch.setattr(submitted_cells, "MOST_PLACES", 50)
    found = findings_of(path).filter(pl.col("severity") == "error")
    assert found["rule"].to_list() == ["too-many-refused"]
    assert "the first: '1,5' is no number" in found["message"][0]
    monkeypatch.setattr(columns, "MOST_TEXTS", 50)
    monkeypatch.setattr(submitted_cells, "MOST_PLACES", 1000)
    found = findings_of(path).filter(pl.col("severity") == "error")
    assert found["message"].to_list() == [
        "the column national_codes has more than 50 different texts: these are no codes"
    ]


@settings(max_examples=25, deadline=None)
@given(st.permutations(list(range(8))))
def test_the_order_of_rows_changes_nothing_but_the_places(order: list[int]) -> None:
    table = [
        {**row, "national_codes": str(i)} for i, row in enumerate(rows(*[{}] * 6, {"value": "-1"}, {"offence": "X"}))
    ]
    found = findings_of(pd.DataFrame([table[i] for i in order]))
    places = sorted((row["rule"], order[row["row"] - 2]) for row in found.iter_rows(named=True) if row["row"])
    assert places == [("negative-value", 6), ("not-in-codelist", 7)]


def test_figures_are_held_against_each_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A total below its parts is a warning at its own row, and makes no value; a row with an error is not looked at."""
    from harmonize.building import submitted

    table = rows({"value": "12"}, {"sex": "M", "value": "9"}, {"sex": "F", "value": "8"}, {"offence": "SOMM"})
    table = [{**row, "time_period": "2018"} for row in table]
    path = write(tmp_path / "can.csv", table)
    found = findings_of(path)
    [above] = found.filter(pl.col("rule") == "parts-above-total").iter_rows(named=True)
    assert (above["row"], above["column"], above["text"]) == (2, "value", "12")
    dataset = hz.build(write(tmp_path / "right.csv", table[:3]))
    total = dataset.table.filter(pl.col("sex") == "_T").row(0, named=True)
    assert (total["value"], total["lower"], total["upper"], total["obs_status"]) == (None, 0, None, "O")
    assert dataset.table.filter(pl.col("sex") != "_T")["value"].sort().to_list() == [8, 9]
    monkeypatch.setattr(submitted, "MOST_COMPARED", 3)
    assert "parts-above-total" not in rules_in(findings_of(path))
    assert "not-compared" in rules_in(findings_of(path))


@pytest.mark.parametrize("mapping", sorted(FILES))
def test_no_published_file_is_taken_for_a_submission(paths: Callable[[str], list[Path]], mapping: str) -> None:
    for path in paths(mapping):
        candidate = Candidate(open_source(path))
        assert heading_of(candidate.source, candidate.workbook) is None


def test_no_sample_is_taken_for_a_submission(tmp_path: Path) -> None:
    for path in (ROOT / "examples").iterdir():
        if path.suffix in (".csv", ".xlsx"):
            candidate = Candidate(open_source(path))
            assert heading_of(candidate.source, candidate.workbook) is None
    assert rules_in(submissions.findings_of(pd.DataFrame(rows({})))) == []


def test_a_validation_finds_the_same_without_a_digest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shares = [{"value": "9", "edition": ""}, {"value": "12", "sex": "F", "edition": ""}]
    older = [{"value": "9", "edition": "2019-01-01"}, {"value": "7", "sex": "F", "edition": "2019-01-01"}]
    path = write(tmp_path / "can.csv", [{**ROW, **one} for one in (*shares, *older)])
    found = hz.build([path]).findings
    built = found[found["rule"] != "figure-revised"].reset_index(drop=True)  # two editions are compared when kept
    assert (built["rule"] == "part-above-total").sum() == 1  # of two editions no figure is a part of the other's
    monkeypatch.setattr("harmonize.reading.source._digest", lambda _: pytest.fail("nobody sees the digest"))
    pd.testing.assert_frame_equal(hz.validate([path]).findings, built)


def test_an_answer_that_cannot_be_understood_is_not_missing_too(tmp_path: Path) -> None:
    """One cell of the form has one finding: that it is answered, and wrongly."""
    wrong = {"edition": "yesterday", "disclosure_threshold": "few", "stage": "court", "principal_offence": "perhaps"}
    form = filled(answers=wrong)
    for line in form:
        if line[2].startswith("act:"):
            line[3] = "maybe"
    found = findings_of(write(tmp_path / "can.csv", rows({}), form))
    mine = found.filter(pl.col("rule").str.starts_with("metadata"))
    assert set(mine["rule"]) == {"metadata-invalid"}
    answers = {text for text in mine["text"] if text != "maybe"}
    assert answers == set(wrong.values())
    assert mine.select("file", "row", "column").is_unique().all()
    assert mine.filter(text="maybe").height == sum(line[2].startswith("act:") for line in form)


def test_what_is_not_answered_stays_missing_beside_a_wrong_answer(tmp_path: Path) -> None:
    form = filled(answers={"edition": "yesterday", "contact": "", "principal_offence": ""})
    found = findings_of(write(tmp_path / "can.csv", rows({}), form))
    missing = found.filter(pl.col("rule") == "metadata-incomplete")["message"].to_list()
    assert missing == ["`contact` is not answered", "`principal_offence` is not answered for OFFENCES_RECORDED"]


def test_a_twin_with_another_form_is_another_submission(tmp_path: Path) -> None:
    """The same table beside two forms: what is wrong with the second form is said."""
    good = write(tmp_path / "a.csv", rows({}), filled())
    bad = write(tmp_path / "b.csv", rows({}), filled(answers={"edition": "yesterday"}))
    assert "metadata-invalid" in set(hz.validate(bad).findings["rule"])
    assert "metadata-invalid" in set(hz.validate([good, bad]).findings["rule"])
    same = write(tmp_path / "c.csv", rows({}), filled())
    assert hz.validate([good, same]).findings["rule"].tolist() == ["file-twice"]


@pytest.mark.parametrize(
    ("title", "row", "severity"),
    [("observations (2)", list(ROW), "error"), ("scratch", [1, 2], "warning"), ("notes", ["see page 3"], None)],
)
def test_other_sheets_of_a_workbook(tmp_path: Path, title: str, row: list[Any], severity: str | None) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Observations"
    for line in (list(ROW), list(ROW.values())):
        sheet.append(line)
    book.create_sheet(title).append(row)
    book.save(tmp_path / "a.xlsx")
    found = hz.validate(tmp_path / "a.xlsx").findings
    assert found[found["rule"] == "sheet-passed-over"]["severity"].tolist() == ([severity] if severity else [])


def test_an_unreadable_form_has_its_own_place(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from harmonize.cli import main

    path = write(tmp_path / "a.csv", rows({}))
    (tmp_path / "a.metadata.csv").write_bytes("part,about,question,answer,expected\n,,,Büro,\n".encode("latin-1"))
    assert main(["validate", str(path), "--format", "github"]) == 1
    (line,) = [line for line in capsys.readouterr().out.splitlines() if "encoding" in line]
    assert "a.metadata.csv" in line.split("::")[1]


def test_boxes_without_an_act_say_nothing(tmp_path: Path) -> None:
    ticked = {block.title: {":".join(key) for key in block.usual if key[0] != "act"} for block in blocks("SOM")}
    path = write(tmp_path / "a.csv", rows({}), filled(ticked=ticked))
    assert hz.build(path).table["relation"].to_list() == ["unknown"]
    stated = write(tmp_path / "b.csv", rows({"relation": "exact"}), filled(ticked=ticked))
    assert set(hz.validate(stated).findings["rule"]) == {"metadata-incomplete"}


@pytest.mark.parametrize(
    ("change", "answers", "column"),
    [
        ({"time_period": "2015"}, {"last_period": ""}, "time_period"),
        ({"time_period": "2025"}, {"first_period": ""}, "time_period"),
        ({"time_period": "2024"}, {"edition": "2023-12-31"}, "time_period"),
        ({"edition": "2019-01-01"}, {}, "edition"),
    ],
)
def test_rows_that_their_form_contradicts(
    tmp_path: Path, change: dict[str, str], answers: dict[str, str], column: str
) -> None:
    form = filled(answers={"last_period": "2024", **answers})
    path = write(tmp_path / "a.csv", rows({"time_period": "2020"}, change), form)
    found = hz.validate(path).findings
    (one,) = found[found["rule"] == "metadata-contradicted"].to_dict("records")
    assert (one["row"], one["column"]) == (3, column)


def test_parts_of_one_edition_in_two_files_are_not_compared_and_that_is_said(tmp_path: Path) -> None:
    total = write(tmp_path / "a.csv", rows({"value": "100"}), filled())
    part = write(tmp_path / "b.csv", rows({"value": "500", "sex": "M"}), filled())
    (found,) = hz.validate([total, part]).findings.to_dict("records")
    assert (found["rule"], found["severity"], found["file"]) == ("not-compared", "warning", "b.csv")
    other = write(tmp_path / "c.csv", rows({"sex": "F"}), filled(answers={"edition": "2024-12-31"}))
    tip = write(tmp_path / "d.csv", rows({"offence": "TIP"}), filled("TIP"))
    assert "not-compared" not in set(hz.validate([total, tip]).findings["rule"]), "other offences are no parts"
    assert hz.validate([total, other]).findings.empty


def test_a_status_that_is_left_out_is_shown_as_empty(tmp_path: Path) -> None:
    nothing = {"value": ""}
    for changes, texts in (
        (
            [{**nothing, "obs_status": ""}, {**nothing, "obs_status": "A"}, {**nothing, "obs_status": " "}],
            ["", "A", ""],
        ),
        ([nothing], [""]),
    ):
        found = findings_of(write(tmp_path / "a.csv", rows(*changes), filled())).filter(rule="status-contradicted")
        assert found["text"].to_list() == texts


@pytest.mark.parametrize("ending", ["csv", "csv.gz", "xlsx", "parquet"])
def test_a_submission_of_very_many_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ending: str) -> None:
    frame, path = pd.DataFrame(rows({}, {}, {})), tmp_path / f"can.{ending}"
    if ending == "parquet":
        frame.to_parquet(path, index=False)
    elif ending == "xlsx":
        frame.to_excel(path, index=False)
    else:
        frame.to_csv(path, index=False)
    assert "file-too-large" not in hz.validate(path).findings["rule"].to_list()
    for module in (submitted_cells, parquet):
        monkeypatch.setattr(module, "MOST_ROWS", 2)
    [message] = hz.validate(path).findings.query("rule == 'file-too-large'")["message"]
    assert message == "has more than 2 rows"


@pytest.mark.parametrize(
    ("header", "line", "is_ragged"),
    [
        ("unit,value,national_codes", "offence,1,219,", True),
        ("unit,value,national_codes", "offence,1219,", False),
        ("unit,value", "offence,1219,", True),
        ("unit,value,", "offence,1219,", False),
        ("unit,value,,,", "offence,1219", False),
        ("unit,value,,", "offence,1,219,", True),
        ("unit,value,,", "offence,1219,,,", True),
        ("value,unit,obs_status", "1,219,offence,", True),
    ],
)
def test_a_mark_of_thousands_that_nothing_quotes(tmp_path: Path, header: str, line: str, *, is_ragged: bool) -> None:
    """`1,219,` beside a column that may be empty was read as 1, with the national code 219."""
    path = tmp_path / "can.csv"
    path.write_text(f"ref_area,time_period,offence,indicator,{header}\nCAN,2020,SOM,OFFENCES_RECORDED,{line}\n")
    result = hz.validate(path)
    assert (not result.ok, "row-ragged" in result.findings["rule"].to_list()) == (is_ragged, is_ragged)
    if not is_ragged:
        assert hz.build(path).observations["value"].to_list() == [1219]


@pytest.mark.parametrize("wrong", [{}, {"sex": "X"}, {"unit": "persn"}, {"time_period": "201"}, {"ref_area": ""}])
def test_a_year_whose_row_has_an_error_is_not_said_to_be_missing(tmp_path: Path, wrong: dict[str, str]) -> None:
    table = [row for row in rows(*[{}] * 8) if row["time_period"] != "2021"]
    missing = "years-missing" in rules_in(findings_of(write(tmp_path / "a.csv", table)))
    assert missing
    table.append({**rows({})[0], "time_period": "2021", **wrong})
    assert "years-missing" not in rules_in(findings_of(write(tmp_path / "b.csv", table)))
