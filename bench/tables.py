"""The code lists of the benchmark's file; a mapping is written from the tables this module writes."""

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

COLUMNS = (
    "record_id",
    "district",
    "fiscal_year",
    "offence_code",
    "offence_label",
    "sex",
    "age_group",
    "citizenship",
    "figure",
)
LAENDER = ("BW", "BY", "BE", "BB", "HB", "HH", "HE", "MV", "NI", "NW", "RP", "SL", "SN", "ST", "SH", "TH")
OFFENCES = (
    "SOM",
    "SOM_DOC",
    "TIP_SEX",
    "TIP_LABOUR",
    "TIP_ORGAN",
    "TIP_OTHER",
    "FTD_MAKE",
    "FTD_PROCURE",
    "FTD_SUPPLY",
    "FTD_POSSESS",
    "FTD_USE",
    "IRR_ENTRY",
)
COUNTRIES = (
    "DEU",
    "TUR",
    "SYR",
    "AFG",
    "IRQ",
    "UKR",
    "POL",
    "ROU",
    "BGR",
    "SRB",
    "ALB",
    "NGA",
    "ERI",
    "SOM",
    "IRN",
    "PAK",
    "VNM",
    "GEO",
    "MAR",
    "TUN",
)
SEXES = ("M", "F", "Unknown")
AGES = ("<14", "14-17", "18-24", "25-34", "35-49", "50-64", "65+", "Unknown")
FISCAL_YEARS = tuple(f"{year}/{(year + 1) % 100:02d}" for year in range(2013, 2023))
FOREIGN_CODES = ("999Z", "998Y", "TOTAL", "10A", "9999", "201E", "x")
"""Texts of `offence_code` that no code table has: another subject's rows, skipped and only counted."""

_ACTS = (
    "Smuggling",
    "Harbouring",
    "Trafficking",
    "Recruitment",
    "Forgery",
    "Supply of documents",
    "Use of documents",
    "Irregular entry",
)


def districts() -> dict[str, str]:
    """District code -> ISO 3166-2 code of its Land; the last Länder get as many districts as the first."""
    return {f"D{i + 1:03d}": f"DE-{LAENDER[i * len(LAENDER) // 120]}" for i in range(120)}


def citizenships() -> dict[str, str]:
    """National citizenship code -> ISO 3166-1 alpha-3; the last three all mean unknown."""
    return {f"N{i + 1:02d}": COUNTRIES[i % len(COUNTRIES)] if i < 57 else "_U" for i in range(60)}


def offences() -> dict[str, tuple[str, str]]:
    """National offence code -> its label (with the commas and quotes real labels have) and common offence."""
    out = {}
    for i in range(400):
        odd = {0: f", attempted, class {i % 5}", 1: f' "aggravated" {i % 3}', 3: f" of persons {i % 9}"}
        label = _ACTS[i % 8] + odd.get(i % 20, f" type {i % 7}")
        out[f"{100 + i // 4}{'ABCD'[i % 4]}"] = label, OFFENCES[i % len(OFFENCES)]
    return out


def write_tables(folder: Path) -> None:
    """Write district.csv, citizenship.csv and codes.csv, which rivals read and mappings are written from."""
    _write(folder / "district.csv", ("text", "code"), districts().items())
    _write(folder / "citizenship.csv", ("text", "code"), citizenships().items())
    codes = ((code, label, offence) for code, (label, offence) in offences().items())
    _write(folder / "codes.csv", ("code", "label", "offence"), codes)


def _write(path: Path, header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
