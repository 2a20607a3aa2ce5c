"""Groups of findings, and where each place stands in its file."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from building.samples import mexico, pks, pks_row, pks_rows, pks_text, written
from hypothesis import given
from hypothesis import strategies as st

from harmonize.building.build import run
from harmonize.writing.places import Report, spans

from .samples import bad_text, bad_workbook, report_of


@given(st.lists(st.text("ab ;\"'é", max_size=5), min_size=1, max_size=5))
def test_spans_are_the_fields_that_csv_reads(fields: list[str]) -> None:
    import csv
    import io

    out = io.StringIO()
    csv.writer(out, delimiter=";", lineterminator="").writerow(fields)
    line = out.getvalue()
    found = [line[slice(*span)] for span in spans(line, ";")]
    assert [text[1:-1].replace('""', '"') if text.startswith('"') else text for text in found] == fields


def test_spans_end_before_a_quoted_text_that_goes_on() -> None:
    assert spans('a;"b', ";") == [(0, 1)]
    assert spans("", ";") == [(0, 0)]


def test_a_place_in_a_text_has_path_line_and_columns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "sub").mkdir()
    path = bad_text(tmp_path / "sub")
    monkeypatch.chdir(tmp_path)
    lines = path.read_text(encoding="latin-1").splitlines()
    report = report_of(Path("sub/pks.csv"))
    places = [place for group in report.groups for place in group.places if group.rule == "number-format"]
    assert sorted((place.row, place.text) for place in places) == [(6, "x"), (7, "1.2.3"), (7, "x")]
    for place in places:
        assert place.path == "sub/pks.csv"
        assert place.row
        assert place.span
        assert lines[place.row - 1][slice(*place.span)] == place.text


@pytest.mark.parametrize("name", ["can.csv", "sub/can.csv"])
def test_a_place_in_a_form_has_columns_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    from building.submissions import filled, rows, write

    (tmp_path / "sub").mkdir()
    monkeypatch.chdir(tmp_path)
    names = list(dict.fromkeys(["can.csv", name]))  # of several files of one name each goes by its path
    for path in names:
        write(
            Path(path), rows({"value": str(len(path))}), filled(answers={"edition": 'soon, "perhaps"', "contact": ""})
        )
    result = run(names)
    report = Report(result.all_findings, result.files, [*result.fed, *result.submitted])
    form = name.replace(".csv", ".metadata.csv")
    lines = Path(form).read_text(encoding="utf-8").splitlines()
    found = {
        group.rule: (place, lines[(place.row or 0) - 1][slice(*(place.span or (0, 0)))])
        for group in report.groups for place in group.places if place.path == form
    }  # fmt: skip
    assert found["metadata-invalid"][1] == '"soon, ""perhaps"""'
    place, text = found["metadata-incomplete"]
    assert (text, place.column) == ("", "answer")
    assert place.span


def test_one_group_per_rule_and_message(tmp_path: Path) -> None:
    report = report_of(bad_text(tmp_path))
    assert len({(group.rule, group.message) for group in report.groups}) == len(report.groups)
    assert sorted(len(group.places) for group in report.groups if group.rule == "number-format") == [1, 2]
    assert sum(len(group.places) for group in report.groups) == len(report.findings)


def test_a_packed_text_has_columns_too(tmp_path: Path) -> None:
    path = written(tmp_path / "pks.csv.gz", gzip.compress(bad_text(tmp_path).read_bytes()))
    assert {place.span is None for group in report_of(path).groups for place in group.places if place.column} == {False}


def test_a_place_in_a_workbook_is_a_cell(tmp_path: Path) -> None:
    (group,) = report_of(bad_workbook(tmp_path)).groups
    assert [(place.sheet, place.cell, place.span) for place in group.places] == [("data_glotip_1", "L11", None)]


def test_files_of_one_name_are_told_apart(tmp_path: Path) -> None:
    good, bad, worse = (tmp_path / name for name in "abc")
    for folder in (good, bad, worse):
        folder.mkdir()
    report = report_of(
        pks(good),
        pks(bad, rows=[*pks_rows(2022)[1:], pks_row("725100", 2022, "x")]),
        written(worse / "pks.csv", b"PK\x03\x04"),
    )
    assert {Path(place.path).parent.name for group in report.groups for place in group.places if place.row} == {"b"}
    unreadable = next(group for group in report.groups if group.rule == "file-unreadable")
    assert [Path(place.path).parent.name for place in unreadable.places] == ["c"]


def test_files_of_one_name_give_what_they_give_alone(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    report = report_of(pks(tmp_path), mexico(tmp_path / "b", name="pks.csv"))
    assert not [group for group in report.groups if group.severity == "error"]


def test_a_finding_about_an_edition_names_each_of_its_files(tmp_path: Path) -> None:
    report = report_of(
        written(tmp_path / "a.csv", pks_text(pks_rows()[1:])), written(tmp_path / "b.csv", pks_text(pks_rows(2022)[1:]))
    )
    absent = [group for group in report.groups if group.rule == "code-absent"]
    assert absent
    assert {place.file for group in absent for place in group.places} <= {"a.csv", "b.csv"}


def test_a_name_that_is_no_text_is_a_finding_and_no_traceback(tmp_path: Path) -> None:
    path = Path(f"{tmp_path}/b\udcff.csv")
    report = report_of(path)
    assert [group.rule for group in report.groups] == ["file-unreadable"]
    assert report.exit_code == 2
