"""Every command: what it prints, where, and its exit code."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from building.samples import dhs, mexico, pks, pks_row, pks_rows, pks_text, written

import harmonize as hz
from harmonize.cli import main
from harmonize.model.finding import COLUMNS
from harmonize.model.observation import COLUMNS as CONTRACT

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command in this process: exit code, stdout, stderr."""

    def call(*arguments: object) -> tuple[int, str, str]:
        code = main([str(argument) for argument in arguments])
        return code, *capsys.readouterr()

    return call


def spawned(*arguments: object, **options: Any) -> subprocess.CompletedProcess[str]:
    """Runs a command as a process of its own."""
    command = [sys.executable, "-m", "harmonize", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, **options)


@pytest.fixture
def built(tmp_path: Path, run: Run) -> Path:
    """Observations of a German and a Mexican file."""
    assert run("build", pks(tmp_path), mexico(tmp_path), "--out", tmp_path / "out")[0] == 0
    return tmp_path / "out" / "observations.csv"


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def line_of(path: Path, **wanted: str) -> int:
    """The line of the one observation that fits."""
    lines = [i for i, row in enumerate(rows_of(path), start=2) if wanted.items() <= row.items()]
    assert len(lines) == 1, (wanted, lines)
    return lines[0]


# build


def test_build_writes_three_files_and_says_where(tmp_path: Path, run: Run) -> None:
    code, out, err = run("build", pks(tmp_path), "--out", tmp_path / "deep" / "out")
    assert (code, err) == (0, "")
    folder = tmp_path / "deep" / "out"
    assert sorted(path.name for path in folder.iterdir()) == ["findings.csv", "observations.csv", "sources.json"]
    assert out == f"16 observations of 1 source in {folder / 'observations.csv'}\n"
    with (folder / "observations.csv").open(encoding="utf-8") as file:
        assert file.readline().rstrip("\n").split(",") == list(CONTRACT)
    assert (folder / "findings.csv").read_text().strip().split(",") == list(COLUMNS)
    (source,) = json.loads((folder / "sources.json").read_text(encoding="utf-8"))["sources"]
    assert (source["file"], source["mapping"], source["edition"]) == ("pks.csv", "deu/pks_time_series", "2023")
    assert (source["rows_read"], source["cells_read"], source["cells_used"]) == (5, 15, 15)


def test_build_as_parquet_replaces_the_csv_of_before(tmp_path: Path, run: Run, built: Path) -> None:
    assert run("build", pks(tmp_path), "--out", built.parent, "--format", "parquet")[0] == 0
    assert sorted(path.name for path in built.parent.iterdir()) == [
        "findings.csv",
        "observations.parquet",
        "sources.json",
    ]
    assert pl.read_parquet(built.parent / "observations.parquet").columns == list(CONTRACT)


def test_a_build_is_the_same_every_time_and_in_any_order_of_files(tmp_path: Path, run: Run) -> None:
    files = [pks(tmp_path), mexico(tmp_path), dhs(tmp_path)]
    for out, given in (("a", files), ("b", files[::-1])):
        assert run("build", *given, "--out", tmp_path / out)[0] == 0
    assert (tmp_path / "a" / "observations.csv").read_bytes() == (tmp_path / "b" / "observations.csv").read_bytes()


def test_build_with_a_mapping_that_does_not_fit(tmp_path: Path, run: Run) -> None:
    code, _, err = run("build", pks(tmp_path), "--mapping", "mex/sesnsp_federal", "--out", tmp_path / "out")
    assert code == 2
    assert "mex/sesnsp_federal" in err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("command", [["build", "--out", "x"], ["validate"]])
def test_a_mapping_there_is_not(tmp_path: Path, run: Run, command: list[str]) -> None:
    code, _, err = run(*command, pks(tmp_path), "--mapping", "deu/pks_time_serie")
    assert code == 2
    assert "deu/pks_time_series" in err


# exit codes


@pytest.mark.parametrize(("options", "code"), [((), 0), (("--fail-on", "error"), 0), (("--fail-on", "warning"), 1)])
def test_a_warning_fails_only_where_it_is_asked_for(
    tmp_path: Path, run: Run, options: tuple[str, ...], code: int
) -> None:
    paths = pks(tmp_path), written(tmp_path / "again.csv", pks_text())
    assert run("build", *paths, "--out", tmp_path / "out", *options)[0] == code
    assert (tmp_path / "out").exists() is (code == 0)
    assert run("validate", *paths, *options)[0] == code


def test_an_info_never_fails(tmp_path: Path, run: Run) -> None:
    code, out, _ = run(
        "validate", pks(tmp_path, "a.csv"), pks(tmp_path, "b.csv", rows=_revised()), "--fail-on", "warning"
    )
    assert code == 0
    assert "info: figure-revised" in out


def _revised() -> list[tuple[str, ...]]:
    """The edition of a year later, with one figure of the year before revised."""
    return [*pks_rows(2024), *pks_rows(2023)[:-1], pks_row("239000", 2023, "61")]


def test_findings_are_1_and_what_cannot_run_is_2(tmp_path: Path, run: Run) -> None:
    bad = pks(tmp_path, "bad.csv", rows=[*pks_rows()[1:], pks_row("725100", cases="x")])
    unknown = written(tmp_path / "unknown.csv", "a\n1\n")
    for command in (["validate"], ["build", "--out", tmp_path / "out"]):
        assert run(*command, bad)[0] == 1
        assert run(*command, unknown)[0] == 2
        assert run(*command, tmp_path / "missing.csv")[0] == 2
        assert run(*command, bad, unknown)[0] == 2, "a file that cannot be read is worse than findings"


USAGES = ("build", "build a.csv", "nonsense", "validate", "explain x", "build a --out b --format xml")


@pytest.mark.parametrize("arguments", [usage.split() for usage in USAGES])
def test_bad_usage_is_2(capsys: pytest.CaptureFixture[str], arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2
    assert "usage: harmonize" in capsys.readouterr().err


def test_the_release_is_told_and_noted(tmp_path: Path, run: Run) -> None:
    project = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    release = str(project["version"])
    assert run("--version") == (0, f"harmonize {release}\n", "")
    assert hz.__version__ == release
    assert run("build", pks(tmp_path), "--out", tmp_path / "out")[0] == 0
    assert json.loads((tmp_path / "out" / "sources.json").read_text(encoding="utf-8"))["harmonize"] == release


def test_no_command_shows_the_help(run: Run) -> None:
    code, out, _ = run()
    assert code == 2
    assert "usage: harmonize" in out


def test_help_lists_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["--help"])
    assert caught.value.code == 0
    out = capsys.readouterr().out
    for command in ("build", "validate", "mappings", "offences", "explain"):
        assert f"\n    {command}" in out
    assert "exit codes" in out


# validate


def test_validate_as_text(tmp_path: Path, run: Run) -> None:
    assert run("validate", pks(tmp_path)) == (0, "no findings\n", "")
    code, out, err = run("validate", pks(tmp_path, rows=[*pks_rows()[1:], pks_row("725100", cases="x")]))
    assert (code, err) == (1, "")
    assert out.startswith("error: number-format (1 place)\n  pks.csv, row 6, column erfasste Faelle: 'x' is no number")
    assert not (tmp_path / "out").exists()


def test_validate_shows_a_few_places_and_counts_the_others(tmp_path: Path, run: Run) -> None:
    rows = [
        pks_row(code, year, "x") for year in (2022, 2023) for code in ("725100", "725200", "725400", "725700", "239000")
    ]
    _, out, _ = run("validate", pks(tmp_path, rows=rows))
    assert "error: number-format (10 places)" in out
    assert out.count("is no number") == 5
    assert "... and 5 more" in out


def test_validate_as_json_has_every_place(tmp_path: Path, run: Run) -> None:
    rows = [
        pks_row(code, year, "x") for year in (2022, 2023) for code in ("725100", "725200", "725400", "725700", "239000")
    ]
    code, out, _ = run("validate", pks(tmp_path, rows=rows), "--format", "json")
    assert code == 1
    (rule,) = json.loads(out)["findings"]
    assert (rule["rule"], rule["severity"]) == ("number-format", "error")
    assert [place["row"] for place in rule["places"]] == list(range(2, 12))
    assert {place["column"] for place in rule["places"]} == {"erfasste Faelle"}


def test_validate_writes_its_report_to_a_file(tmp_path: Path, run: Run) -> None:
    path = tmp_path / "report.json"
    code, out, _ = run("validate", pks(tmp_path), "--format", "json", "--output", path)
    assert (code, out) == (0, "")
    assert json.loads(path.read_text(encoding="utf-8")) == {"findings": []}


def test_a_report_that_cannot_be_written_is_said_without_a_traceback(tmp_path: Path) -> None:
    done = spawned("validate", pks(tmp_path), "--output", tmp_path / "no" / "such" / "folder.txt")
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert "folder.txt" in done.stderr


def test_an_output_folder_that_is_a_file_is_said_without_a_traceback(tmp_path: Path) -> None:
    done = spawned("build", pks(tmp_path), "--out", written(tmp_path / "out", "x"))
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert "out" in done.stderr


# mappings and offences


def test_mappings_lists_what_is_supported(run: Run) -> None:
    code, out, err = run("mappings")
    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert lines[0].split() == ["mapping", "publisher", "title", "offences"]
    for name in ("deu/pks_time_series", "mex/sesnsp_federal", "usa/dhs_yearbook_table_73"):
        assert sum(line.startswith(name + " ") for line in lines) == 1
    assert "SOM" in next(line for line in lines if line.startswith("usa/dhs_yearbook_table_73"))


def test_one_mapping_in_full(run: Run) -> None:
    code, out, _ = run("mappings", "deu/pks_time_series")
    assert code == 0
    mapping = json.loads(out)
    assert mapping["id"] == "deu/pks_time_series"
    assert mapping["counting"]["stage"] == "recorded_output"
    assert "725200" in {row["code"] for row in mapping["codes"]}


def test_mappings_also_lists_the_sources_that_cannot_answer(run: Run) -> None:
    code, out, _ = run("mappings")
    assert code == 0
    header, *lines = out.split("\n\n")[2].splitlines()
    assert header.split() == ["source", "publisher", "title", "why"]
    (asylum,) = (line for line in lines if line.startswith("eurostat/asylum_applicants "))
    assert asylum.endswith("figures about something else")


def test_one_source_that_cannot_answer_in_full(run: Run) -> None:
    code, out, _ = run("mappings", "eurostat/asylum_applicants")
    assert code == 0
    refusal = json.loads(out)
    assert refusal["id"] == "eurostat/asylum_applicants"
    assert refusal["kind"] == "context"
    assert "ask for protection" in refusal["reason"]


def test_a_mapping_that_cannot_answer_says_why(run: Run, tmp_path: Path) -> None:
    code, out, err = run("validate", pks(tmp_path), "--mapping", "iom/ctdc_case_records")
    assert (code, out) == (2, "")
    assert "iom/ctdc_case_records, which cannot answer" in err


def test_an_unknown_mapping_names_the_nearest(run: Run) -> None:
    code, out, err = run("mappings", "deu/pks_timeseries")
    assert (code, out) == (2, "")
    assert "deu/pks_time_series" in err


def test_offences_lists_the_common_definitions(run: Run) -> None:
    code, out, _ = run("offences")
    assert code == 0
    first = [line.split()[0] for line in out.splitlines()[1:]]
    assert {"SOM", "TIP", "FTD", "SOM_AGG", "IRR_ENTRY", "MONEY_LAUNDERING"} <= set(first)
    assert len(first) == len(set(first))


def test_one_offence_in_full(run: Run) -> None:
    code, out, _ = run("offences", "SOM")
    assert code == 0
    offence = json.loads(out)
    assert offence["code"] == "SOM"
    assert offence["iccs"][0]["code"] == "08051"


def test_an_unknown_offence_names_the_nearest(run: Run) -> None:
    code, out, err = run("offences", "SOM_ENTRI")
    assert (code, out) == (2, "")
    assert "SOM_ENTRY" in err


# explain


def test_explain_prints_every_cell(built: Path, run: Run) -> None:
    line = line_of(built, offence="SOM", indicator="OFFENCES_RECORDED", ref_area="DEU")
    code, out, err = run("explain", built, "--row", line)
    assert (code, err) == (0, "")
    head, columns, *cells = out.splitlines()
    assert head == "DEU SOM OFFENCES_RECORDED 2023 = 430.0 (broader, status A)" or head.startswith(
        "DEU SOM OFFENCES_RECORDED 2023 = 430 "
    )
    assert columns.split() == ["file", "sheet", "row", "column", "text", "national_code", "label"]
    assert [cell.split()[:6] for cell in cells] == [
        ["pks.csv", "3", "erfasste", "Faelle", "400", "725200"], ["pks.csv", "4", "erfasste", "Faelle", "30", "725400"],
    ]  # fmt: skip


def test_explain_names_as_many_cells_as_were_counted(built: Path, run: Run) -> None:
    for line, row in enumerate(rows_of(built), start=2):
        code, out, _ = run("explain", built, "--row", line)
        assert code == 0
        assert len(out.splitlines()) - 2 == int(row["n_cells"]), row


def test_explain_reads_parquet_and_works_from_another_folder(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    pks(tmp_path)
    monkeypatch.chdir(tmp_path)
    assert run("build", "pks.csv", "--out", "out", "--format", "parquet")[0] == 0
    (tmp_path / "else").mkdir()
    monkeypatch.chdir(tmp_path / "else")
    code, out, _ = run("explain", "../out/observations.parquet", "--row", 3)
    assert code == 0
    assert "pks.csv" in out


@pytest.mark.parametrize("row", ["1", "0", "-1", "9999"])
def test_explain_refuses_lines_that_hold_no_observation(built: Path, run: Run, row: str) -> None:
    code, out, err = run("explain", built, "--row", row)
    assert (code, out) == (2, "")
    assert f"lines 2 to {len(rows_of(built)) + 1}" in err


def test_explain_refuses_a_file_that_changed(tmp_path: Path, built: Path, run: Run) -> None:
    line = line_of(built, offence="SOM", indicator="OFFENCES_RECORDED", ref_area="DEU")
    written(tmp_path / "pks.csv", pks_text().replace("400", "401"))
    code, out, err = run("explain", built, "--row", line)
    assert (code, out) == (2, "")
    assert "pks.csv" in err
    assert "has changed since the build" in err


def test_explain_refuses_a_file_that_moved(tmp_path: Path, built: Path, run: Run) -> None:
    line = line_of(built, offence="SOM", indicator="OFFENCES_RECORDED", ref_area="DEU")
    (tmp_path / "pks.csv").rename(tmp_path / "elsewhere.csv")
    code, out, err = run("explain", built, "--row", line)
    assert (code, out) == (2, "")
    assert "pks.csv" in err


def test_explain_needs_the_observations_and_what_was_written_beside_them(tmp_path: Path, built: Path, run: Run) -> None:
    assert run("explain", tmp_path / "missing.csv", "--row", 2)[0] == 2
    (built.parent / "sources.json").unlink()
    code, _, err = run("explain", built, "--row", 2)
    assert code == 2
    assert "sources.json" in err


def test_explain_refuses_a_csv_that_is_no_dataset(tmp_path: Path) -> None:
    done = spawned("explain", written(tmp_path / "x.csv", "a,b\n1,2\n"), "--row", 2)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert "x.csv" in done.stderr


# as a process


def test_no_progress_and_no_control_characters_in_a_pipe(tmp_path: Path) -> None:
    done = spawned("build", pks(tmp_path), "--out", tmp_path / "out")
    assert done.returncode == 0
    assert done.stderr == ""
    assert "\x1b" not in done.stdout
    assert "\r" not in done.stdout


def test_findings_of_build_go_to_stderr(tmp_path: Path) -> None:
    done = spawned("build", pks(tmp_path), written(tmp_path / "again.csv", pks_text()), "--out", tmp_path / "out")
    assert done.returncode == 0
    assert "warning: file-twice" in done.stderr
    assert done.stdout.startswith("16 observations")


def test_the_exit_code_reaches_the_shell(tmp_path: Path) -> None:
    assert spawned("validate", tmp_path / "missing.csv").returncode == 2
    bad = pks(tmp_path, rows=[*pks_rows()[1:], pks_row("725100", cases="x")])
    assert spawned("validate", bad).returncode == 1


@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.parametrize("arguments", [["mappings", "deu/pks_time_series"], ["offences"]])
def test_a_reader_that_closes_the_pipe_early_makes_no_noise(arguments: list[str], unbuffered: str) -> None:
    read, write = os.pipe()
    os.close(read)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "harmonize", *arguments],
            stdout=write,
            stderr=subprocess.PIPE,
            env=os.environ | {"PYTHONUNBUFFERED": unbuffered},
            timeout=60,
            check=False,
        )
    finally:
        os.close(write)
    assert done.stderr == b""
    assert done.returncode in (0, 141)


def _into_a_closed_pipe(*arguments: object, **environment: str) -> tuple[int, bytes]:
    read, write = os.pipe()
    os.close(read)
    try:
        command = [sys.executable, "-m", "harmonize", *map(str, arguments)]
        done = subprocess.run(
            command, stdout=write, stderr=subprocess.PIPE, timeout=60, check=False, env=os.environ | environment
        )
    finally:
        os.close(write)
    return done.returncode, done.stderr


@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.parametrize("form", ["text", "json", "github"])
def test_the_verdict_stands_though_nobody_reads_it(tmp_path: Path, form: str, unbuffered: str) -> None:
    """As with `harmonize validate FILE | grep -q error` in a shell with pipefail."""
    bad = pks(tmp_path, "bad.csv", rows=[*pks_rows()[1:], pks_row("725100", cases="x")])
    summary = tmp_path / "summary"
    settings = {"PYTHONUNBUFFERED": unbuffered, "GITHUB_STEP_SUMMARY": str(summary)}
    for path, code in ((bad, 1), (written(tmp_path / "unknown.csv", "a\n1\n"), 2), (pks(tmp_path), 0)):
        assert _into_a_closed_pipe("validate", path, "--format", form, **settings) == (code, b"")
    assert summary.exists() is (form == "github")


def test_the_verdict_of_other_commands_stands_too(tmp_path: Path, built: Path) -> None:
    one, other = pks(tmp_path), mexico(tmp_path)
    assert _into_a_closed_pipe("reconcile", one, other, "--fail-on", "missing") == (1, b"")
    assert _into_a_closed_pipe("build", one, "--out", tmp_path / "again")[0] == 0
    assert (tmp_path / "again" / "observations.csv").exists()


@pytest.mark.parametrize("encoding", ["ascii", "utf-16"])
@pytest.mark.parametrize("form", ["json", "sarif", "junit", "html", "github"])
def test_formats_for_machines_are_utf_8_whatever_the_terminal_is(tmp_path: Path, form: str, encoding: str) -> None:
    path = pks(tmp_path, "ärger.csv", rows=[*pks_rows()[1:], pks_row("725100", cases="ß é")])
    report = tmp_path / "report"
    assert spawned("validate", path, "--format", form, "--output", report).returncode == 1
    done = subprocess.run(
        [sys.executable, "-m", "harmonize", "validate", str(path), "--format", form],
        capture_output=True, timeout=60, check=False,
        env=os.environ | {"PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"},
    )  # fmt: skip
    assert done.returncode == 1
    assert done.stdout == report.read_bytes()
    assert "ß é" in done.stdout.decode("utf-8")


def test_texts_outside_the_encoding_of_the_terminal_do_not_stop_a_command(tmp_path: Path) -> None:
    environment = os.environ | {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    done = spawned(
        "validate", pks(tmp_path, "ärger.csv", rows=[*pks_rows()[1:], pks_row("725100", cases="é")]), env=environment
    )
    assert done.returncode == 1
    assert "Traceback" not in done.stderr


def test_template_then_validate(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "can.csv"
    wanted = ("--area", "CAN", "--offence", "SOM", "--years", "2020-2021", "--indicator", "OFFENCES_RECORDED")
    code, out, _ = run("template", *wanted, "--out", path)
    assert (code, "can.metadata.csv" in out) == (0, True)
    code, out, _ = run("validate", path)
    assert code == 1
    assert "status-contradicted (2 places)" in out
    assert "can.metadata.csv, row 3, column answer: `edition` is not answered" in out
    assert run("template", *wanted, "--out", path)[0] == 2
    path.write_text(path.read_text(encoding="utf-8-sig").replace("_T,,,,offence", "_T,5,,,offence"), encoding="utf-8")
    code, out, _ = run("validate", path)
    assert (code, "metadata-incomplete" in out) == (0, True)
    assert run("validate", path, "--fail-on", "warning")[0] == 1


def test_template_of_unknown_codes(run: Run, tmp_path: Path) -> None:
    code, _, err = run("template", "--area", "CANN", "--offence", "SOMM", "--out", tmp_path / "x.csv")
    assert code == 2
    assert "there is no area 'CANN' — try: CAN" in err
    assert "there is no common offence 'SOMM' — try: SOM" in err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("years", ["2020-", "20", "2024-2020", "x", "2020-20245", ""])
def test_years_that_are_none(run: Run, tmp_path: Path, years: str) -> None:
    with pytest.raises(SystemExit) as end:
        run("template", "--area", "CAN", "--years", years, "--out", tmp_path / "x.csv")
    assert end.value.code == 2


def test_validate_against_the_last_submission(run: Run, tmp_path: Path) -> None:
    from building.submissions import filled, rows, write

    before = write(tmp_path / "last.csv", rows({}), filled())
    path = write(tmp_path / "can.csv", rows({}), filled(ticked={"SOM/entry": {"act:facilitate_entry"}}))
    code, out, _ = run("validate", path, "--previous", before, "--fail-on", "warning")
    assert code == 1
    assert "definition-worse" in out
    assert "was exact in the last submission" in out
    assert "definition-worse" not in run("validate", path)[1]
    assert run("validate", path, "--previous", tmp_path / "absent.csv")[0] == 2


# options between what is listed


@pytest.mark.parametrize(
    "arguments",
    [
        "compare SOM --against eu DEU FRA",
        "compare --against eu SOM DEU FRA",
        "compare SOM DEU --against eu FRA",
        "compare SOM --against eu --format text DEU FRA",
    ],
)
def test_areas_may_stand_behind_an_option(run: Run, arguments: str) -> None:
    expected = run("compare", "SOM", "DEU", "FRA", "--against", "eu")
    assert expected[0] == 0
    assert run(*arguments.split()) == expected


def test_files_may_stand_behind_an_option(tmp_path: Path, run: Run) -> None:
    one, other = pks(tmp_path), dhs(tmp_path)
    expected = run("validate", one, other, "--format", "json")
    assert run("validate", one, "--format", "json", other) == expected
    assert run("reconcile", one, "--format", "csv", one) == run("reconcile", one, one, "--format", "csv")


@pytest.mark.parametrize(
    "arguments", ["compare SOM --agianst eu DEU", "compare SOM DEU --agianst", "offences SOM TIP", "mappings a b"]
)
def test_what_no_command_takes_is_still_refused(capsys: pytest.CaptureFixture[str], arguments: str) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(arguments.split())
    assert stopped.value.code == 2
    assert "unrecognized arguments: " in capsys.readouterr().err


def test_an_area_in_the_place_of_the_offence(run: Run) -> None:
    code, _, err = run("compare", "DEU", "SOM")
    assert code == 2
    assert "there is no common offence 'DEU': it is an area, and the offence goes first — try: SOM DEU" in err


# a submission: a table, and the form beside it

WARNS = '[[rules]]\nrule = "metadata-incomplete"\nseverity = "off"\nfiles = ["ok/*"]\nreason = "asked for"\n'


def _submission(folder: Path) -> Path:
    """A table in `ok` with one error, in line 3, and a form that lacks an answer."""
    from building.submissions import filled, rows, write

    (folder / "ok").mkdir()
    return write(folder / "ok" / "good.csv", rows({}, {"value": "x"}), filled(answers={"contact": ""}))


@pytest.mark.parametrize("form", ["json", "sarif", "junit", "github", "html", "text"])
def test_a_form_given_alone_is_judged_as_its_table(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    _submission(tmp_path)
    config = written(tmp_path / "harmonize.toml", WARNS)
    monkeypatch.chdir(tmp_path)
    options = ("--config", config, "--format", form)
    expected = run("validate", "ok/good.csv", *options)
    assert run("validate", "ok/good.metadata.csv", *options) == expected
    assert "asked for" in expected[1] or form == "github"
    assert "ok/good.csv" in expected[1] or form in ("json", "text")
    for given, name in (("ok/good.csv", "a"), ("ok/good.metadata.csv", "b")):
        assert run("validate", given, "--write-baseline", name)[0] == 0
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    assert "ok/good.metadata.csv" in (tmp_path / "a").read_text()
    assert run("validate", "ok/good.metadata.csv", "--baseline", "a")[0] == 0


def test_a_form_given_alone_goes_by_the_name_of_its_table(tmp_path: Path, run: Run) -> None:
    """Two tables of one name are told apart by their paths, also where only the form of one was given."""
    path = _submission(tmp_path)
    other = written(tmp_path / "good.csv", path.read_text(encoding="utf-8"))
    _, out, _ = run("validate", path.with_name("good.metadata.csv"), other, "--format", "json")
    files = {place["file"] for one in json.loads(out)["findings"] for place in one["places"]}
    assert {str(path), str(other)} <= files


@pytest.mark.parametrize("length", [241, 242, 243, 251])
def test_a_name_that_leaves_no_room_for_a_form_stops_nothing(tmp_path: Path, run: Run, length: int) -> None:
    from building.submissions import rows, write

    path = write(tmp_path / f"{'a' * (length - 1)}b.csv", rows({}))
    twin = written(tmp_path / f"{'a' * (length - 1)}c.csv", path.read_text(encoding="utf-8"))  # compared by their forms
    code, out, err = run("validate", path, twin, tmp_path / ("x" * 300 + ".csv"), pks(tmp_path), "--format", "json")
    assert (code, err) == (2, "")
    found = {
        (one["rule"], place["file"]): one["message"] for one in json.loads(out)["findings"] for place in one["places"]
    }
    assert ("can be no metadata" in found["metadata-incomplete", path.name]) is (length > 242)
    assert ("file-twice", twin.name) in found
    assert run("validate", path, tmp_path / ("x" * 300 + ".csv"), "--format", "html")[0] == 2
    assert found["file-unreadable", str(tmp_path / ("x" * 300 + ".csv"))].startswith("cannot be read: File name too lo")


@pytest.mark.parametrize("option", ["--output", "--write-baseline"])
@pytest.mark.parametrize("through", ["", "link", "twin"])
@pytest.mark.parametrize(
    "target",
    ["ok/good.csv", "ok/good.metadata.csv", "last.csv", "last.metadata.csv", "known.json", "harmonize.toml",
     "own/deu/x/codes.csv"],
)  # fmt: skip
def test_no_file_that_is_read_is_ever_overwritten(
    tmp_path: Path, run: Run, option: str, through: str, target: str
) -> None:
    from building.submissions import filled, rows, write

    path = _submission(tmp_path)
    write(tmp_path / "last.csv", rows({}), filled())
    written(tmp_path / "known.json", '{"harmonize_baseline": 1, "findings": []}')
    written(tmp_path / "harmonize.toml", WARNS)
    (tmp_path / "own" / "deu" / "x").mkdir(parents=True)
    written(tmp_path / "own" / "deu" / "x" / "codes.csv", "mine")
    before = {one: one.read_bytes() for one in tmp_path.rglob("*") if one.is_file()}
    out = tmp_path / "out" if through else tmp_path / "own" / ".." / target
    if through == "link":
        out.symlink_to(tmp_path / target)
    elif through == "twin":
        out.hardlink_to(tmp_path / target)
    read: tuple[object, ...] = ("--previous", tmp_path / "last.csv", "--baseline", tmp_path / "known.json")
    read += ("--config", tmp_path / "harmonize.toml", "--mappings", tmp_path / "own")
    for given in (path, path.with_name("good.metadata.csv")):
        code, _, err = run("validate", given, *read, option, out)
        assert (code, "is one of the files that are read, and would be lost" in err) == (2, True)
    assert {one: one.read_bytes() for one in before} == before
    assert os.path.lexists(out)


def test_the_dataset_of_the_last_submission_is_not_overwritten(tmp_path: Path, run: Run, built: Path) -> None:
    for name in ("observations.csv", "sources.json"):
        options = ("--previous", built.parent, "--output", built.parent / name)
        assert run("validate", pks(tmp_path), *options)[0] == 2
    assert built.read_text(encoding="utf-8").startswith(",".join(CONTRACT))


def test_report_and_baseline_are_two_files(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for there in (False, True):
        if there:
            written(tmp_path / "a", "mine")
        code, _, err = run("validate", pks(tmp_path), "--output", "a", "--write-baseline", tmp_path / "a")
        assert (code, "is to be written twice" in err) == (2, True)
    assert (tmp_path / "a").read_text() == "mine"
    assert run("validate", pks(tmp_path), "--output", os.devnull, "--write-baseline", os.devnull)[0] == 0
