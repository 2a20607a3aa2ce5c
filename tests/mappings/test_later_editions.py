"""The first seven sources in an edition that nobody has seen: another year, another encoding, a header further down.

The figures of the new year are those of the last one, so that the file itself says what is to come out.
"""

from __future__ import annotations

import gzip
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from harmonize.building.build import run

from .changed import built_from, copied, stops, workbook
from .raw import Rows, pick, sheet_names, sheet_rows, statuses, values

Paths = Callable[[str], list[Path]]
SERIES, FEDERAL = "deu/pks_time_series", "mex/sesnsp_federal"


def again(rows: Rows, header: int, column: str, year: int) -> Rows:
    """Rows below a header, and those of the year once more as the next year."""
    at = rows[header].index(column)
    later = [
        [year + 1 if i == at else cell for i, cell in enumerate(row)] for row in rows if str(row[at])[:4] == str(year)
    ]
    return [*rows, *later]


@pytest.mark.parametrize("encoding", ["latin-1", "utf-8", "utf-8-sig", "cp1252"])
def test_a_further_year_of_the_german_series(paths: Paths, tmp_path: Path, encoding: str) -> None:
    lines = gzip.decompress(paths(SERIES)[0].read_bytes()).decode("latin-1").splitlines(keepends=True)
    smuggling = [line for line in lines if line.startswith(("725200", "725400")) and ";2023;" in line]
    expected = sum(int(line.split(";")[3].replace(",", "")) for line in smuggling)
    later = [line.replace(";2023;", ";2024;") for line in lines if ";2023;" in line]
    (tmp_path / "2024-ZR.csv").write_bytes("".join([*lines, *later]).encode(encoding))
    obs = built_from(tmp_path / "2024-ZR.csv")
    assert values(obs, offence="SOM", indicator="OFFENCES_RECORDED")["2024"] == expected == 7924
    assert set(obs["edition"]) == {"2024"}


def test_a_new_key_of_our_offences_stops_the_german_series(paths: Paths, tmp_path: Path) -> None:
    text = gzip.decompress(paths(SERIES)[0].read_bytes()).decode("latin-1")
    line = next(line for line in text.splitlines() if line.startswith("725400") and ";2023;" in line)
    key = line.replace("725400", "725450").replace("gewerbs- und bandenm", "bandenm")
    (tmp_path / "2024-ZR.csv").write_bytes(f"{text.rstrip()}\r\n{key}\r\n".encode("latin-1"))
    stops(tmp_path / "2024-ZR.csv", "unknown-code", "725450")


def test_a_further_year_of_the_german_tables(paths: Paths, tmp_path: Path) -> None:
    source = paths("deu/pks_grundtabelle")[-1]
    (name,) = sheet_names(source)
    ours = re.compile("------|725|239|540|895")
    rows = [row for i, row in enumerate(sheet_rows(source, name)) if i < 9 or ours.match(str(row[0]))]
    obs = built_from(workbook(tmp_path / "PKS2024.xlsx", {name: rows}))
    assert values(obs, ref_area="DEU", offence="SOM", indicator="OFFENCES_RECORDED") == {"2024": 7924}
    stops(workbook(tmp_path / "tabelle.xlsx", {name: rows}), "period-format|edition-unknown|file-unknown")


def test_a_further_year_of_the_french_services(paths: Paths, tmp_path: Path) -> None:
    (source,) = paths("fra/etat_4001_services")
    sheets: dict[str, Any] = {name: sheet_rows(source, name) for name in sheet_names(source) if "2020" in name}
    stale = {name.replace("2020", "2021"): rows for name, rows in sheets.items()}
    stops(
        workbook(tmp_path / "stale.xlsx", sheets | stale),
        "edition-unknown",
        "says 2020, and the sheet is called 'Services PN 2021'",
    )
    later = {name: [[str(rows[0][0]).replace("2020", "2021"), *rows[0][1:]], *rows[1:]] for name, rows in stale.items()}
    obs = built_from(workbook(tmp_path / "services.xlsx", sheets | later))
    assert values(obs, offence="SOM") == {"2020": 3988, "2021": 3988}
    assert set(obs["edition"]) == {"2021"}


@pytest.mark.parametrize("encoding", ["latin-1", "utf-8-sig"])
def test_a_further_year_of_the_mexican_federation(paths: Paths, tmp_path: Path, encoding: str) -> None:
    (source,) = paths(FEDERAL)
    text = source.read_bytes().decode("latin-1")
    later = "".join(f"2026{line[4:]}" for line in text.splitlines(keepends=True) if line.startswith("2025"))
    (tmp_path / "IDEFF_jul26.csv").write_bytes((text + later).encode(encoding))
    found = values(built_from(tmp_path / "IDEFF_jul26.csv"), ref_area="MEX", offence="SOM")
    assert {month: figure for month, figure in found.items() if month > "2026"} == {
        month.replace("2025", "2026"): figure for month, figure in found.items() if "2025-" in month
    }
    assert "2026-07" in found
    assert not {"2025", "2026", "2025-08", "2026-08"} & set(found), "a part of a year is no year"


def test_a_renamed_column_stops_the_mexican_federation(paths: Paths, tmp_path: Path) -> None:
    copy = copied(
        paths(FEDERAL)[0], tmp_path, lambda text: text.replace(",SEPTIEMBRE,", ",SETIEMBRE,"), encoding="latin-1"
    )
    stops(copy, "edition-unknown", "SETIEMBRE")


def test_the_next_seven_years_of_american_convictions(paths: Paths, tmp_path: Path) -> None:
    (source,) = paths("usa/dhs_yearbook_table_73")
    (name,) = sheet_names(source)[:1]
    rows = [list(row) for row in sheet_rows(source, name)]
    rows[1][0] = "FISCAL YEARS 1993-1999"
    rows[3] = ["Violations", 1993, 1994, 1995, 1996, "1997 /1", 1998, 1999]
    rows[5:] = [[row[0], *row[2:], 100] if row[1] != "" else row for row in rows[5:]]
    obs = built_from(workbook(tmp_path / "table73.xlsx", {name: rows}))
    found = values(obs, offence="SOM")
    assert (found["1992-10-01/P1Y"], found["1996-10-01/P1Y"], found["1998-10-01/P1Y"]) == (1008, 1185, 100)
    assert statuses(obs, offence="SOM")["1996-10-01/P1Y"] == "B"


def test_the_next_release_of_the_un_crime_trends(paths: Paths, tmp_path: Path) -> None:
    """Earlier releases have the name of the publisher and the day above the header."""
    source = paths("unodc/cts")[0]
    (name,) = sheet_names(source)
    header, *rows = sheet_rows(source, name)
    own = [row for row in rows if "Smuggling of migrants" in row and row[0] in ("DEU", "ITA", "CHE")]
    new = again([header, *own], 0, "Year", 2022)
    obs = built_from(workbook(tmp_path / "cts.xlsx", {name: [["UNODC"], ["01/06/2026"], *new]}))
    found = values(pick(obs, unit="offence"), ref_area="DEU", offence="SOM")
    assert (found["2018"], found["2022"], found["2023"]) == (3293, 4936, 4936)


def test_the_next_release_of_the_un_trafficking_data(paths: Paths, tmp_path: Path) -> None:
    (source,) = paths("unodc/glotip")
    (name,) = sheet_names(source)
    above, rows = sheet_rows(source, name)[:3], sheet_rows(source, name)[3:]
    own = again([above[2], *(row for row in rows if row[0] == "AUT")], 0, "Year", 2022)
    obs = built_from(workbook(tmp_path / "data_glotip.xlsx", {name: [above[0], ["01/06/2026"], *own]}))
    found = values(obs, ref_area="AUT", offence="TIP", indicator="OFFENCES_RECORDED")
    assert found["2022"] == found["2023"] == 56
    assert set(obs["edition"]) == {"2026-06-01"}


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("deu/pks_grundtabelle", "2014-05-20_PKS2013.xlsx"),
        ("deu/pks_grundtabelle", "PKS2014.xlsx"),  # the header says `erfasste Fälle 2013`
        ("ita/statdel_national", "Delitti_pubbl2021_2020.xls"),
        ("fra/etat_4001_departements", "faits-2003-2010.csv"),
    ],
)
def test_a_name_that_says_another_year_or_two_gives_none(
    tmp_path: Path, paths: Callable[[str], list[Path]], source: str, name: str
) -> None:
    """Else the day on which a file was published would be the year of its figures."""
    own = [path for path in paths(source) if path.suffix == Path(name).suffix]
    wanted = next((path for path in own if "2013" in path.name), own[0]) if "PKS" in name else own[0]
    copy = Path(shutil.copy(wanted, tmp_path / name))
    dataset = run([copy], mapping=source)
    assert "period-format" in {*dataset.findings["rule"]}
    assert not dataset.ok


def test_a_quarter_of_another_year_is_refused(tmp_path: Path, paths: Callable[[str], list[Path]]) -> None:
    """In the publisher's referrals 2023 Q2 was printed as 2022 Q2: here year and quarter stand side by side."""
    [original] = paths("gbr/irregular_migration")
    book = openpyxl.load_workbook(original)
    wrong = [cell for row in book["Data - Irr_D01"].iter_rows() for cell in row if cell.value == "2023 Q3"]
    for cell in wrong:
        cell.value = "2022 Q3"
    book.save(tmp_path / original.name)
    findings = run([tmp_path / original.name], mapping="gbr/irregular_migration").findings
    rows = findings.loc[findings["rule"] == "period-format", "row"]
    assert 0 < len(rows) <= len(wrong)
    assert {*rows} <= {cell.row for cell in wrong}
