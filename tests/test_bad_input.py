"""Bad files: each is said clearly, with its place; nothing is written; everything else is still reported."""

from __future__ import annotations

import csv
import gzip
import io
import json
import os
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from building.samples import (
    PKS_HEADER,
    PKS_LABELS,
    SMUGGLING,
    delimited,
    dhs,
    dhs_book,
    dhs_rows,
    mexico,
    patched,
    pks,
    pks_row,
    pks_rows,
    pks_text,
    protected_container,
    saved,
    written,
)

from harmonize.cli import main
from harmonize.reading import package
from harmonize.reading import source as source_module

Finding = dict[str, Any]

EARLIER = {"observations.csv": b"of an earlier build\n", "findings.csv": b"x\n", "sources.json": b"{}\n"}

UTF8_MAPPING = """
publisher: P
title: T
language: en
licence: none
counting:
  {what: w, unit: case, stage: recorded_input, reference_period: year, territory: all, evidence: unverified, source: s}
layout:
  format: csv
  columns: {code: Code, year: Year}
  values:
    - {header: Cases, measure: {indicator: OFFENCES_RECORDED, unit: case}}
numbers: {decimal: "."}
editions: [{last_period: true}]
code: code
scope: {whole_list: true}
area: {constant: FRA}
period: {from: year}
"""


class Cli:
    """The command line in this process, with an output folder that already holds an earlier build."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.out = folder / "out"
        self.out.mkdir()
        for name, content in EARLIER.items():
            (self.out / name).write_bytes(content)
        self._capsys = capsys
        self.stderr = ""

    def build(self, *files: Path | str, options: tuple[str, ...] = ()) -> int:
        code = main(["build", *map(str, files), "--out", str(self.out), *options])
        self.stderr = self._capsys.readouterr().err
        return code

    def findings(self, *files: Path | str, options: tuple[str, ...] = ()) -> list[Finding]:
        main(["validate", *map(str, files), "--format", "json", *options])
        rules = json.loads(self._capsys.readouterr().out)["findings"]
        return [
            {**place, "rule": rule["rule"], "severity": rule["severity"], "message": rule["message"]}
            for rule in rules for place in rule["places"]
        ]  # fmt: skip

    @property
    def is_untouched(self) -> bool:
        return {path.name: path.read_bytes() for path in self.out.iterdir()} == EARLIER

    def refuses(self, *files: Path | str, code: int, options: tuple[str, ...] = ()) -> list[Finding]:
        """Both commands refuse; the output of before is as it was. The errors among the findings."""
        assert self.build(*files, options=options) == code
        assert self.is_untouched
        assert f"nothing was written to {self.out}" in self.stderr
        errors = [f for f in self.findings(*files, options=options) if f["severity"] == "error"]
        assert errors
        for error in errors:
            assert f"error: {error['rule']}" in self.stderr
        return errors

    def accepts(self, *files: Path | str) -> tuple[list[dict[str, str]], list[Finding]]:
        """Both commands accept: observations and findings (but that the two entry offences of the DHS table differ)."""
        assert self.build(*files) == 0, self.stderr
        with (self.out / "observations.csv").open(newline="", encoding="utf-8") as file:
            noted = [finding for finding in self.findings(*files) if finding["rule"] != "relation-worsened"]
            return list(csv.DictReader(file)), noted


@pytest.fixture
def cli(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Cli:
    return Cli(tmp_path, capsys)


def figures(observations: list[dict[str, str]]) -> dict[tuple[str, str, str], str]:
    keys = ("offence", "indicator", "citizenship")
    return {(o[keys[0]], o[keys[1]], o[keys[2]]): o["value"] for o in observations}


def test_the_samples_are_fine(cli: Cli, tmp_path: Path) -> None:
    observations, findings = cli.accepts(pks(tmp_path), dhs(tmp_path))
    assert findings == []
    assert figures(observations)["SOM", "OFFENCES_RECORDED", "_T"] == "430"
    assert "warning" not in cli.stderr


# files that are not known


def test_an_unknown_file_with_every_field_quoted(cli: Cli, tmp_path: Path) -> None:
    """That a mapping with another delimiter cannot read it does not make it unreadable."""
    (error,) = cli.refuses(written(tmp_path / "weather.csv", '"day","rain"\n"1","2"\n'), code=2)
    assert (error["rule"], error["file"]) == ("file-unknown", "weather.csv")


def test_an_unknown_file(cli: Cli, tmp_path: Path) -> None:
    (error,) = cli.refuses(written(tmp_path / "weather.csv", "day,rain\n1,2\n"), code=2)
    assert (error["rule"], error["file"]) == ("file-unknown", "weather.csv")
    assert "harmonize mappings" in error["suggestion"]


def test_an_unknown_edition_names_the_column_expected_and_the_one_found(cli: Cli, tmp_path: Path) -> None:
    text = pks_text().replace("erfasste Faelle", "erfasste Faelle neu")
    (error,) = cli.refuses(written(tmp_path / "pks.csv", text), code=2)
    assert (error["rule"], error["file"]) == ("edition-unknown", "pks.csv")
    assert "deu/pks_time_series" in error["message"]
    assert "expected the column 'erfasste Faelle', found 'erfasste Faelle neu'" in error["message"]
    assert error["suggestion"] == "erfasste Faelle neu"


def test_what_was_found_is_shown_in_the_encoding_of_the_file(cli: Cli, tmp_path: Path) -> None:
    text = pks_text().replace("erfasste Faelle", "erfasste Fälle neu")
    (error,) = cli.refuses(written(tmp_path / "pks.csv", text), code=2)
    assert "'erfasste Fälle neu'" in error["message"]
    assert "\ufffd" not in cli.stderr


def test_an_unknown_edition_of_a_workbook(cli: Cli, tmp_path: Path) -> None:
    rows = dhs_rows()
    rows[0][0] = "Table 74.  Something else"
    (error,) = cli.refuses(dhs(tmp_path, rows=rows), code=2)
    assert "Table 74" in error["message"]
    assert "row 1, column 1" in error["message"]


def test_an_extra_column_stops_the_file(cli: Cli, tmp_path: Path) -> None:
    text = delimited([[*row, extra] for row, extra in zip([PKS_HEADER, *pks_rows()], ["Neu", *"12345"], strict=True)])
    (error,) = cli.refuses(written(tmp_path / "pks.csv", text), code=2)
    assert "does not know the column 'Neu'" in error["message"]


# encodings


def test_utf_16_is_said_to_be_a_matter_of_encoding(cli: Cli, tmp_path: Path) -> None:
    (error,) = cli.refuses(written(tmp_path / "pks.csv", pks_text(), "utf-16"), code=2)
    assert error["file"] == "pks.csv"
    assert "UTF-16" in error["message"] or "NUL" in error["message"]


def test_the_declared_encodings_give_the_same_figures(cli: Cli, tmp_path: Path) -> None:
    latin, _ = cli.accepts(pks(tmp_path))
    for encoding in ("utf-8", "utf-8-sig"):
        found, findings = cli.accepts(written(tmp_path / f"{encoding}.csv", pks_text(), encoding))
        assert found == latin
        assert findings == []


def test_cp1252_where_latin_1_is_declared(cli: Cli, tmp_path: Path) -> None:
    path = written(tmp_path / "pks.csv", pks_text().replace("Menschenhandel", "„Menschenhandel“"), "cp1252")
    (error,) = cli.refuses(path, code=2)
    assert (error["rule"], error["file"]) == ("encoding", "pks.csv")
    assert "utf-8-sig, latin-1" in error["message"]


@pytest.fixture
def own_mapping(tmp_path: Path) -> tuple[str, ...]:
    """Options for a mapping that takes UTF-8 only."""
    folder = tmp_path / "own" / "fra" / "utf8_only"
    folder.mkdir(parents=True)
    (folder / "mapping.yaml").write_text(UTF8_MAPPING)
    (folder / "codes.csv").write_text(
        "code,label,role,offences,relation,evidence\nPassé,Passé,detail,SOM,broader,unverified\n", encoding="utf-8"
    )
    return "--mappings", str(tmp_path / "own"), "--mapping", "fra/utf8_only"


@pytest.mark.parametrize("encoding", ["cp1252", "latin-1", "utf-16"])
def test_another_encoding_where_only_utf_8_is_declared(
    cli: Cli, tmp_path: Path, own_mapping: tuple[str, ...], encoding: str
) -> None:
    text = "Code,Year,Cases\nPassé,2023,5\n"
    assert cli.build(written(tmp_path / "good.csv", text, "utf-8"), options=own_mapping) == 0, cli.stderr
    for name, content in EARLIER.items():
        (cli.out / name).write_bytes(content)
    (error,) = cli.refuses(written(tmp_path / "bad.csv", text, encoding), code=2, options=own_mapping)
    assert (error["rule"], error["file"]) == ("encoding", "bad.csv")
    assert "utf-8" in error["message"]


# files that are cut off or empty


def test_cut_off_inside_a_row(cli: Cli, tmp_path: Path) -> None:
    rows = pks_text().splitlines()
    text = "\n".join(rows)[: -len(rows[-1].split("2023")[1])]
    errors = cli.refuses(written(tmp_path / "pks.csv", text), code=1)
    assert [(e["rule"], e["file"], e["row"]) for e in errors] == [
        ("file-truncated", "pks.csv", None),
        ("row-ragged", "pks.csv", 6),
    ]
    assert "3 fields" in errors[1]["message"]


def test_cut_off_inside_a_quote(cli: Cli, tmp_path: Path) -> None:
    text = pks_text() + '725200;"Einschleusen von Ausl'
    errors = cli.refuses(written(tmp_path / "pks.csv", text), code=2)
    assert [(e["rule"], e["file"], e["row"]) for e in errors] == [("file-truncated", "pks.csv", 7)]
    assert "never closed" in errors[0]["message"]


def test_cut_off_inside_a_quote_far_behind_the_header(cli: Cli, tmp_path: Path) -> None:
    years = [row for year in range(2017, 2024) for row in pks_rows(year)]
    text = pks_text(years) + '725200;"Einschleusen von Ausl'
    errors = cli.refuses(written(tmp_path / "pks.csv", text), code=2)
    assert [(e["rule"], e["row"]) for e in errors] == [("file-truncated", len(years) + 2)]
    assert "never closed" in errors[0]["message"]


@pytest.mark.parametrize("cut", [1, 2])
def test_a_missing_line_end_is_refused(cli: Cli, tmp_path: Path, cut: int) -> None:
    """Whether the last figure of the file lost a digit cannot be seen, nor whether lines are missing after it."""
    (error,) = cli.refuses(written(tmp_path / "pks.csv", pks_text()[:-cut]), code=1)
    assert (error["rule"], error["file"]) == ("file-truncated", "pks.csv")
    assert "last line" in error["message"]
    assert "last_line_end" in error["message"]


def test_a_missing_line_end_that_is_the_publishers_own(cli: Cli, tmp_path: Path, own_mapping: tuple[str, ...]) -> None:
    mapping = tmp_path / "own" / "fra" / "utf8_only" / "mapping.yaml"
    path = written(
        tmp_path / "a.csv", delimited([("Code", "Year", "Cases"), ("Passé", "2022", "5")], ",")[:-1], "utf-8"
    )
    cli.refuses(path, code=1, options=own_mapping)
    mapping.write_text(UTF8_MAPPING.replace("format: csv", "format: csv\n  last_line_end: false"))
    assert cli.findings(path, options=own_mapping) == []


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be", "utf-32"])
def test_line_ends_of_wide_characters(cli: Cli, tmp_path: Path, encoding: str, own_mapping: tuple[str, ...]) -> None:
    mapping = tmp_path / "own" / "fra" / "utf8_only" / "mapping.yaml"
    mapping.write_text(UTF8_MAPPING.replace("format: csv", f"format: csv\n  encoding: {encoding}"))
    text = delimited([("Code", "Year", "Cases"), ("Passé", "2022", "5")], ",")
    assert cli.findings(written(tmp_path / "a.csv", text, encoding), options=own_mapping) == []
    (error,) = cli.refuses(written(tmp_path / "b.csv", text[:-1], encoding), code=1, options=own_mapping)
    assert error["rule"] == "file-truncated"


def test_a_packed_file_is_read_and_a_truncated_one_refused(cli: Cli, tmp_path: Path) -> None:
    packed = gzip.compress(pks_text().encode("latin-1"))
    assert figures(cli.accepts(written(tmp_path / "pks.csv.gz", packed))[0])["SOM", "OFFENCES_RECORDED", "_T"] == "430"
    for name, content in EARLIER.items():
        (cli.out / name).write_bytes(content)
    (error,) = cli.refuses(written(tmp_path / "cut.csv.gz", packed[:-9]), code=2)
    assert error["rule"] == "file-truncated"
    assert error["file"].endswith("cut.csv.gz")


def test_an_empty_file(cli: Cli, tmp_path: Path) -> None:
    (error,) = cli.refuses(written(tmp_path / "empty.csv", ""), code=2)
    assert error["rule"] == "file-empty"
    assert error["file"].endswith("empty.csv")


def test_only_white_space(cli: Cli, tmp_path: Path) -> None:
    (error,) = cli.refuses(written(tmp_path / "blank.csv", " \n\t\n  \r\n\n"), code=2)
    assert error["rule"] == "file-empty"
    assert error["file"].endswith("blank.csv")


def test_only_a_header(cli: Cli, tmp_path: Path) -> None:
    (error,) = cli.refuses(written(tmp_path / "pks.csv", delimited([PKS_HEADER])), code=1)
    assert (error["rule"], error["file"]) == ("file-empty", "pks.csv")
    (error,) = cli.refuses(dhs(tmp_path, rows=dhs_rows()[:3]), code=1)
    assert (error["rule"], error["file"]) == ("file-empty", "table73.xlsx")


def test_a_blank_workbook(cli: Cli, tmp_path: Path) -> None:
    (error,) = cli.refuses(dhs(tmp_path, rows=[]), code=2)
    assert error["file"] == "table73.xlsx"
    assert error["rule"] in ("file-empty", "file-unknown")


# texts and numbers that are not known


def test_an_unknown_code_inside_the_scope_names_its_place_and_the_nearest(cli: Cli, tmp_path: Path) -> None:
    rows = [
        *pks_rows(),
        ("725201", "Einschleusen neu", "2023", "1", "1", "1"),
        ("999999", "Raub", "2023", "9", "9", "9"),
    ]
    errors = cli.refuses(pks(tmp_path, rows=rows), code=1)
    assert {(e["rule"], e["file"], e["row"], e["column"]) for e in errors} == {
        ("unknown-code", "pks.csv", 7, "Schluessel")
    }
    assert all("725201" in e["text"] for e in errors)
    assert all("725200" in e["suggestion"] for e in errors)
    assert "pks.csv, row 7, column Schluessel" in cli.stderr
    assert "725201" in cli.stderr


def test_a_label_of_our_business_under_a_code_outside_the_watched_ones(cli: Cli, tmp_path: Path) -> None:
    rows = [*pks_rows(), ("990000", "Schwerer Menschenhandel", "2023", "1", "1", "1")]
    assert {(e["rule"], e["row"]) for e in cli.refuses(pks(tmp_path, rows=rows), code=1)} == {("unknown-code", 7)}


def test_a_misspelt_category(cli: Cli, tmp_path: Path) -> None:
    rows = dhs_rows()
    rows[7][0] = SMUGGLING.replace("harboring", "harbouring")
    errors = cli.refuses(dhs(tmp_path, rows=rows), code=1)
    assert {(e["sheet"], e["row"], e["column"], e["text"]) for e in errors} == {("Sheet", 8, "A", rows[7][0])}
    assert all(SMUGGLING in e["suggestion"] for e in errors)


def test_a_misspelt_label_outside_the_watched_words(cli: Cli, tmp_path: Path) -> None:
    path = mexico(tmp_path)
    written(path, path.read_text("latin-1").replace("LEY DE MIGRACION", "LEY DE MIRGACION"))
    errors = cli.refuses(path, code=1)
    assert {e["rule"] for e in errors} == {"misspelt-code"}
    assert {e["row"] for e in errors} == {2, 5}
    assert {e["column"] for e in errors} == {"TIPO"}
    assert {e["suggestion"] for e in errors} == {"LEY DE MIGRACION"}


def test_a_known_code_with_another_label(cli: Cli, tmp_path: Path) -> None:
    rows = [*pks_rows()[1:], pks_row("725100", label="Geldwäsche")]
    errors = cli.refuses(pks(tmp_path, rows=rows), code=1)
    assert {(e["rule"], e["row"], e["column"]) for e in errors} == {("label-changed", 6, "Schluessel")}
    assert "Geldwäsche" in errors[0]["message"]
    assert "Unerlaubte Einreise" in errors[0]["suggestion"]


@pytest.mark.parametrize(
    "text", ["1.234", "1 234", "12,34", "1,23", "-5", "5-", "zwölf", "1e3", "", "0x10", "٣", "=1+1"]
)
def test_a_number_that_does_not_fit_the_declared_format(cli: Cli, tmp_path: Path, text: str) -> None:
    row = ("725200", PKS_LABELS["725200"], "2023", text, "2", "1")
    path = written(tmp_path / "pks.csv", pks_text([*pks_rows()[2:], pks_row("725100"), row]), "utf-8")
    (error,) = cli.refuses(path, code=1)
    assert error["rule"] == "number-format"
    assert (error["file"], error["row"], error["column"], error["text"]) == ("pks.csv", 6, "erfasste Faelle", text)
    assert repr(text) in error["message"]


def test_the_message_says_which_format_was_expected(cli: Cli, tmp_path: Path) -> None:
    (error,) = cli.refuses(pks(tmp_path, rows=[*pks_rows()[1:], pks_row("725100", cases="1 234")]), code=1)
    assert "thousands mark ','" in error["message"]
    assert "row 6, column erfasste Faelle: '1 234'" in cli.stderr


def test_a_number_in_a_workbook_is_named_by_sheet_row_and_letter(cli: Cli, tmp_path: Path) -> None:
    rows = dhs_rows()
    rows[7][2] = "n.a."
    (error,) = cli.refuses(dhs(tmp_path, rows=rows), code=1)
    assert (error["file"], error["sheet"], error["row"], error["column"], error["text"]) == (
        "table73.xlsx", "Sheet", 8, "C", "n.a.",
    )  # fmt: skip


def test_an_error_cell_is_no_figure(cli: Cli, tmp_path: Path) -> None:
    rows = dhs_rows()
    rows[7][1] = "#DIV/0!"
    (error,) = cli.refuses(dhs(tmp_path, rows=rows), code=1)
    assert (error["row"], error["column"], error["text"]) == (8, "B", "#DIV/0!")


def test_a_year_that_is_none(cli: Cli, tmp_path: Path) -> None:
    rows = [*pks_rows(), ("725200", PKS_LABELS["725200"], "20233", "1", "1", "1")]
    errors = cli.refuses(pks(tmp_path, rows=rows), code=1)
    assert {(e["rule"], e["row"], e["column"], e["text"]) for e in errors} == {("period-format", 7, "Jahr", "20233")}


def test_one_figure_given_twice(cli: Cli, tmp_path: Path) -> None:
    errors = cli.refuses(pks(tmp_path, rows=[*pks_rows(), pks_row("725200", cases="401")]), code=1)
    assert {e["rule"] for e in errors} == {"key-twice"}
    assert {e["row"] for e in errors} == {3, 7}
    assert {e["text"] for e in errors if e["column"] == "erfasste Faelle"} == {"400", "401"}


# headers and layouts


def test_a_header_that_moved_and_columns_in_another_order_come_out_right(cli: Cli, tmp_path: Path) -> None:
    plain, _ = cli.accepts(pks(tmp_path))
    order = [4, 2, 0, 5, 3, 1]
    rows = [tuple(row[i] for i in order) for row in [PKS_HEADER, *pks_rows()]]
    text = "Polizeiliche Kriminalstatistik;;\n\nStand: 2024;Jahr\n" + delimited(rows)
    moved, findings = cli.accepts(written(tmp_path / "moved.csv", text))
    assert moved == plain
    assert findings == []


def test_rows_below_a_header_that_moved_keep_their_numbers(cli: Cli, tmp_path: Path) -> None:
    text = "Titel\n\n\n" + pks_text([*pks_rows()[1:], pks_row("725100", cases="x")])
    (error,) = cli.refuses(written(tmp_path / "pks.csv", text), code=1)
    assert error["row"] == 9


def test_a_workbook_whose_table_moved_comes_out_right(cli: Cli, tmp_path: Path) -> None:
    plain, _ = cli.accepts(dhs(tmp_path))
    rows = dhs_rows()
    wider = [rows[0], [], [], ["", *rows[2][::-1]], *(["", *row[::-1]] for row in rows[3:-1]), ["", *rows[-1]]]
    moved, findings = cli.accepts(dhs(tmp_path, "moved.xlsx", rows=wider))
    assert moved == plain
    assert findings == []


def test_a_merged_header(cli: Cli, tmp_path: Path) -> None:
    rows = dhs_rows()
    rows[2:3] = [["Violations", "Fiscal years", None], [None, 1996, "1997 /1"]]
    book = dhs_book(rows)
    book.worksheets[0].merge_cells("B3:C3")
    book.worksheets[0].merge_cells("A3:A4")
    (error,) = cli.refuses(saved(tmp_path / "table73.xlsx", book), code=2)
    assert error["file"] == "table73.xlsx"
    assert "usa/dhs_yearbook_table_73" in error["message"]
    assert "expected the column" in error["message"]


def test_a_wrong_dimension_record_changes_nothing(cli: Cli, tmp_path: Path) -> None:
    plain, _ = cli.accepts(dhs(tmp_path))
    wrong = patched(
        dhs(tmp_path, "wrong.xlsx"),
        "xl/worksheets/sheet1.xml",
        b'<dimension ref="A1:C12" />',
        b'<dimension ref="A1:B5" />',
    )
    assert cli.accepts(wrong) == (plain, [])


def test_a_sheet_nobody_declared(cli: Cli, tmp_path: Path) -> None:
    book = dhs_book()
    book.create_sheet("More").append(["Violations", 1998])
    (error,) = cli.refuses(saved(tmp_path / "a.xlsx", book), code=2)
    assert "'More'" in error["message"]


# broken and hostile workbooks


def test_a_workbook_with_a_password(cli: Cli, tmp_path: Path) -> None:
    (error,) = cli.refuses(written(tmp_path / "secret.xlsx", protected_container()), code=2)
    assert (error["rule"], error["file"]) == ("file-protected", "secret.xlsx")
    assert "password" in error["message"]
    assert "without a password" in error["suggestion"]


def _no_workbook(_: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("readme.txt", "no workbook")
    return buffer.getvalue()


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: content[:-100],
        lambda content: content[: len(content) // 2],
        lambda _: b"PK\x03\x04" + b"garbage" * 100,
        lambda content: content[:1200] + bytes(200) + content[1400:],
        lambda _: bytes.fromhex("d0cf11e0a1b11ae1") + b"garbage" * 200,
        _no_workbook,
    ],
    ids=["truncated", "half", "garbage", "hole", "ole2 garbage", "no workbook"],
)
def test_a_corrupt_workbook(cli: Cli, tmp_path: Path, damage: Callable[[bytes], bytes]) -> None:
    path = written(tmp_path / "broken.xlsx", damage(dhs(tmp_path).read_bytes()))
    (error,) = cli.refuses(path, code=2)
    assert (error["rule"], error["file"]) == ("file-unreadable", "broken.xlsx")


def test_the_name_does_not_matter_for_what_a_file_is(cli: Cli, tmp_path: Path) -> None:
    text, _ = cli.accepts(pks(tmp_path))
    book, _ = cli.accepts(dhs(tmp_path))
    assert cli.accepts(pks(tmp_path, "really_csv.xlsx")) == (text, [])
    assert cli.accepts(dhs(tmp_path).rename(tmp_path / "really_xlsx.csv")) == (book, [])


def test_a_zip_bomb(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(package, "LARGEST_UNPACKED", 1 << 20)
    path = patched(dhs(tmp_path), "xl/worksheets/sheet1.xml", b"</sheetData>", b" " * (4 << 20) + b"</sheetData>")
    assert path.stat().st_size < 1 << 16
    (error,) = cli.refuses(path, code=2)
    assert (error["rule"], error["file"]) == ("file-too-large", "table73.xlsx")


def test_a_gzip_bomb(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source_module, "LARGEST_UNPACKED", 1 << 20)
    bomb = gzip.compress((pks_text() + "999999;x;2023;1;1;1\n" * 200_000).encode("latin-1"))
    (error,) = cli.refuses(written(tmp_path / "bomb.csv.gz", bomb), code=2)
    assert error["rule"] == "file-too-large"


def test_a_very_long_line(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source_module, "LONGEST_LINE", 1 << 20)
    path = written(tmp_path / "pks.csv", pks_text() + "x" * (3 << 20) + "\n")
    (error,) = cli.refuses(path, code=2)
    assert error["rule"] == "file-too-large"
    assert "line" in error["message"]


def test_a_very_long_field(cli: Cli, tmp_path: Path) -> None:
    rows = [*pks_rows(), ("725200", "x" * 200_000, "2022", "1", "1", "1")]
    (error,) = cli.refuses(pks(tmp_path, rows=rows), code=2)
    assert (error["rule"], error["row"]) == ("file-unreadable", 7)


# odd bytes and line ends


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1"])
def test_nul_bytes(cli: Cli, tmp_path: Path, encoding: str) -> None:
    path = written(tmp_path / "pks.csv", pks_text().replace(";400;", ";4\x000;"), encoding)
    (error,) = cli.refuses(path, code=2)
    assert error["file"] == "pks.csv"
    assert "NUL" in error["message"]


@pytest.mark.parametrize("ends", [("\r\n",), ("\n", "\r\n"), ("\r",), ("\r\n", "\n", "\n\n")])
def test_line_ends_of_every_kind(cli: Cli, tmp_path: Path, ends: tuple[str, ...]) -> None:
    plain, _ = cli.accepts(pks(tmp_path))
    lines = pks_text().splitlines()
    text = "".join(line + ends[i % len(ends)] for i, line in enumerate(lines))
    mixed, findings = cli.accepts(written(tmp_path / "mixed.csv", text))
    assert mixed == plain
    assert [f for f in findings if f["severity"] == "error"] == []


def test_row_numbers_with_mixed_line_ends(cli: Cli, tmp_path: Path) -> None:
    lines = pks_text([*pks_rows()[1:], pks_row("725100", cases="x")]).splitlines()
    text = "".join(
        line + end for line, end in zip(lines, ["\r\n", "\n\n", "\n", "\r\n", "\r\n\r\n", "\n"], strict=True)
    )
    (error,) = cli.refuses(written(tmp_path / "pks.csv", text), code=1)
    assert error["row"] == 8


# paths


def test_a_folder_and_a_missing_file(cli: Cli, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    errors = cli.refuses(folder, tmp_path / "missing.csv", code=2)
    assert {(Path(e["file"]).name, e["rule"]) for e in errors} == {
        ("folder", "file-unreadable"), ("missing.csv", "file-unreadable"),
    }  # fmt: skip
    assert "no such file" in cli.stderr
    assert "of a folder, name the files in it" in cli.stderr


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_a_file_nobody_may_read(cli: Cli, tmp_path: Path) -> None:
    path = pks(tmp_path)
    path.chmod(0)
    (error,) = cli.refuses(path, code=2)
    assert error["rule"] == "file-unreadable"


def test_one_file_given_twice_is_used_once(cli: Cli, tmp_path: Path) -> None:
    once, _ = cli.accepts(pks(tmp_path))
    copy = pks(tmp_path, "copy.csv")
    twice, findings = cli.accepts(tmp_path / "pks.csv", copy)
    assert twice == once
    assert [(f["rule"], f["severity"], f["file"]) for f in findings] == [("file-twice", "warning", "copy.csv")]


def test_two_files_of_one_edition_that_overlap(cli: Cli, tmp_path: Path) -> None:
    first = pks(tmp_path, "first.csv")
    second = pks(tmp_path, "second.csv", rows=[*pks_rows()[1:], pks_row("725100", cases="7")])
    errors = [e for e in cli.refuses(first, second, code=1) if e["rule"] == "files-overlap"]
    assert [e["file"] for e in errors] == ["second.csv"]
    assert "first.csv" in errors[0]["message"]
    assert "2023" in errors[0]["message"]


@pytest.mark.parametrize("name", ["a\n::set-output name=x::y.csv", "a\x1b[31mred.csv", "a\u202egpj.csv", "a\r%0A.csv"])
def test_file_names_cannot_speak_to_the_terminal(cli: Cli, tmp_path: Path, name: str) -> None:
    rows = [*pks_rows(), ("725201", "Einschleusen neu", "2023", "1", "1", "1")]
    cli.refuses(pks(tmp_path, name, rows=rows), code=1)
    assert all(c.isprintable() for line in cli.stderr.split("\n") for c in line)
    assert not any(line.startswith("::") for line in cli.stderr.splitlines())
    assert name.encode("unicode_escape").decode() in cli.stderr


def test_a_missing_file_with_an_odd_name_cannot_speak_to_the_terminal_either(cli: Cli, tmp_path: Path) -> None:
    assert cli.build(tmp_path / "a\n\x1b[31m::error::b.csv") == 2
    assert all(c.isprintable() for line in cli.stderr.split("\n") for c in line)
    assert not any(line.startswith("::") for line in cli.stderr.splitlines())


def test_texts_of_files_cannot_speak_to_the_terminal(cli: Cli, tmp_path: Path) -> None:
    rows = [*pks_rows(), ("725201", "Einschleusen \u202e\x1b[2J\x07 neu", "2023", "1", "1", "\x1b]0x")]
    cli.refuses(written(tmp_path / "pks.csv", pks_text(rows), "utf-8"), code=1)
    assert all(c.isprintable() for line in cli.stderr.split("\n") for c in line)
    assert "\\u202e" in cli.stderr
    assert "\\x1b" in cli.stderr


# texts that reach findings.csv: only warnings are written, so these files are given by a mapping that warns


def test_formulas_in_findings_csv_get_an_apostrophe(cli: Cli, tmp_path: Path) -> None:
    name = "=cmd|' 'pks.csv"
    first, again = pks(tmp_path), written(tmp_path / name, pks_text())
    assert cli.build(first, again) == 0, cli.stderr
    with (cli.out / "findings.csv").open(newline="", encoding="utf-8") as file:
        (finding,) = list(csv.DictReader(file))
    assert finding["file"] == f"'{name}"


@pytest.mark.parametrize("text", ["=cmd|'/c calc'!A1", "+1+cmd", "-2+3", "@SUM(A1)", "\t=1", "\r=1", " =1"])
def test_formulas_in_refused_cells_get_an_apostrophe(
    cli: Cli, tmp_path: Path, own_mapping: tuple[str, ...], text: str
) -> None:
    mapping = tmp_path / "own" / "fra" / "utf8_only" / "mapping.yaml"
    mapping.write_text(UTF8_MAPPING.replace('decimal: "."', 'decimal: ".", refused: warning'))
    rows = [("Code", "Year", "Cases"), ("Passé", "2022", "5"), ("Passé", "2023", f'"{text}"')]
    path = written(tmp_path / "a.csv", delimited(rows, ","), "utf-8")
    assert cli.build(path, options=own_mapping) == 0, cli.stderr
    with (cli.out / "findings.csv").open(newline="", encoding="utf-8") as file:
        (finding,) = [f for f in csv.DictReader(file) if f["rule"] == "number-format"]
    assert finding["text"] in ((text,) if text.startswith(" ") else (f"'{text}",))
    assert all(not value.startswith(("=", "+", "-", "@", "\t", "\r")) for value in finding.values())


# everything in one run


def test_every_finding_of_every_file_is_reported_in_one_run(cli: Cli, tmp_path: Path) -> None:
    good = dhs(tmp_path)
    bad_number = pks(
        tmp_path, "number.csv", rows=[*pks_rows()[1:], pks_row("725100", cases="x"), pks_row("725700", 2022, "y")]
    )
    bad_code = mexico(tmp_path)
    written(bad_code, bad_code.read_text("latin-1").replace("TRAFICO", "TRATA DE PERSONAS"))
    unknown = written(tmp_path / "unknown.csv", "a,b\n1,2\n")
    broken = written(tmp_path / "broken.xlsx", dhs(tmp_path, "x.xlsx").read_bytes()[:-100])
    empty = written(tmp_path / "empty.csv", "")
    missing = tmp_path / "missing.csv"
    errors = cli.refuses(missing, bad_number, empty, good, unknown, bad_code, broken, code=2)
    assert {(Path(e["file"]).name, e["rule"], e["row"], e["text"]) for e in errors} == {
        ("missing.csv", "file-unreadable", None, ""), ("empty.csv", "file-empty", None, ""),
        ("unknown.csv", "file-unknown", None, ""), ("broken.xlsx", "file-unreadable", None, ""),
        ("number.csv", "number-format", 6, "x"), ("number.csv", "number-format", 7, "y"),
        ("mexico.csv", "unknown-code", 3, "TRATA DE PERSONAS"), ("mexico.csv", "unknown-code", 6, "TRATA DE PERSONAS"),
    }  # fmt: skip
    for name in ("missing.csv", "empty.csv", "unknown.csv", "broken.xlsx", "number.csv", "mexico.csv"):
        assert name in cli.stderr


def test_findings_before_a_row_that_cannot_be_read_are_reported(cli: Cli, tmp_path: Path) -> None:
    years = [row for year in range(2017, 2024) for row in pks_rows(year)]
    years[0] = pks_row("725100", 2017, "x")
    errors = cli.refuses(written(tmp_path / "pks.csv", pks_text(years) + '1;"never closed\n'), code=2)
    assert ("file-truncated", len(years) + 2) in {(e["rule"], e["row"]) for e in errors}
    assert ("number-format", 2) in {(e["rule"], e["row"]) for e in errors}


def test_a_run_that_fails_leaves_no_new_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["build", str(tmp_path / "missing.csv"), "--out", str(tmp_path / "new")]) == 2
    assert not (tmp_path / "new").exists()
