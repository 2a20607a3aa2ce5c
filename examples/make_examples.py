"""Writes the example files of this folder: a few published figures, each file in its publisher's layout.

Every figure below stands in the project's own notes on sources (see README.md, which says which note and what is left
out). Nothing is invented: where a layout has columns for which no figure is known here, those rows are left out, or the
cells are empty in columns that the mapping does not read. Run it with `python examples/make_examples.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

HERE = Path(__file__).parent
Cell = str | int | float | None
Row = Sequence[Cell]


def _csv(name: str, encoding: str, lines: Sequence[str]) -> None:
    (HERE / name).write_bytes("".join(f"{line}\r\n" for line in lines).encode(encoding))


def _fill(sheet: Worksheet, rows: Sequence[Row]) -> None:
    for row in rows:
        sheet.append(list(row))


def _workbook(name: str, sheets: dict[str, Sequence[Row]]) -> None:
    book = Workbook()
    book.remove(book.worksheets[0])
    for title, rows in sheets.items():
        _fill(book.create_sheet(title), rows)
    book.save(HERE / name)


def pks_time_series() -> None:
    """BKA, time series: two header rows, latin-1, `;`, thousands comma. Sum keys are there and must not be counted."""
    header = (
        "Schluessel;Straftat;Jahr;erfasste Faelle;HZ;Versuche - Anzahl;Versuche - Anteil in %;"
        "mit Schusswaffe gedroht;mit Schusswaffe geschossen;Aufklaerungsquote in %;Tatverdaechtige insgesamt;"
        "Nichtdeutsche Tatverdaechtige - Anzahl;Nichtdeutsche Tatverdaechtige - Anteil in %"
    )
    smuggling = "725200;Einschleusen von Ausländern § 96 Aufenthaltsgesetz"
    alien_law = "725000;Straftaten gegen das Aufenthalts-, das Asyl- und das Freizügigkeitsgesetz/EU"
    rows = [
        f"{alien_law};2015;402,741;;;;;;;;;",
        f"{alien_law};2023;298,909;;20,129;;;;;272,539;;",
        f"{smuggling};2015;5,140;6.3;76;1.5;0;0;89.2;4,865;4,339;89.2",
        f"{smuggling};2023;7,159;8.5;511;7.1;0;0;53.4;4,045;3,640;90",
        "540000;Urkundenfälschung §§ 267-271, 273-279, 281 StGB;2023;86,644;;1,661;;;;;65,686;;",
        "895000;Menschenhandel insgesamt;2023;1,011;;210;;;;;890;;",
    ]
    _csv("deu_pks_time_series.csv", "latin-1", ["1;2;3;4;5;6;7;8;9;10;11;12;13", header, *rows])


def pks_grundtabelle() -> None:
    """BKA, basic table of one year: merged headers leave blank ones; the year stands only in the file's name."""
    header = (
        *("Schlüssel", "Straftat", "Bundesland", "Anzahl erfasste Fälle", "HZ", "erfasste Fälle davon: Versuche", None),
        *("Aufklärung", None, "Tatver-dächtige insgesamt", "Nichtdeutsche Tat-verdächtige", None),
    )
    nation = "Bundesrepublik Deutschland"
    rows: list[Row] = [
        header,
        ("725000", "Straftaten gegen das Aufenthalts-, das Asyl- und das Freizügigkeitsgesetz/EU", nation,
         298909, None, 20129, None, None, None, 272539, None, None),
        ("725200", "Einschleusen von Ausländern § 96 Aufenthaltsgesetz", nation,
         7159, 8.48636, 511, 7.13787, 3820, 53.35941, 4045, 3640, 89.98764),
        ("895000", "Menschenhandel insgesamt", nation, 1011, None, 210, None, None, None, 890, None, None),
    ]  # fmt: skip
    _workbook("PKS2023.xlsx", {"T01_LÜ": rows})


def etat_4001() -> None:
    """France, État 4001: one sheet per corps and year, one column per service; here one column per corps."""
    figures = {
        "PN": {"69": (79935, 21504, 3580, 3336), "70": (4698, 4232, 4452, 3773)},
        "GN": {"69": (9814, 2719, 641, 585), "70": (379, 266, 202, 215)},
    }
    labels = {
        "69": "Infractions aux conditions générales d'entrée et de séjour des étrangers",
        "70": "Aide à l'entrée, à la circulation et au séjour des étrangers",
    }
    sheets: dict[str, Sequence[Row]] = {"Présentation": [()]}
    for corps, by_index in figures.items():
        for at, year in enumerate((2012, 2013, 2019, 2020)):
            if corps == "PN":
                above: list[Row] = [
                    (f"Année {year} - services de police", "Départements", "somme"),
                    (None, "Périmètres", "somme"),
                    ("Code index", "Libellé index \\ CSP", "somme des services de police"),
                ]
            else:
                above = [
                    (f"Année {year} - compagnies de gendarmerie", "Départements", "somme"),
                    ("Code index", "Libellé index \\ CGD", "somme des compagnies de gendarmerie"),
                ]
            sheets[f"Services {corps} {year}"] = [
                *above,
                *((int(index), labels[index], by_year[at]) for index, by_year in by_index.items()),
            ]
    _workbook("fra_etat_4001.xlsx", sheets)


def sesnsp_federal() -> None:
    """Mexico, federal crimes: months across, latin-1, months not reported yet are empty. One state of 33 parts."""
    law = "2,BAJA CALIFORNIA,OTRAS LEYES Y CODIGOS,OTRAS LEYES Y CODIGOS,LEY DE MIGRACION"
    _csv("IDEFF_jul25_example.csv", "latin-1", [
        "AÑO,INEGI,ENTIDAD,LEY,CONCEPTO,TIPO,ENERO,FEBRERO,MARZO,ABRIL,MAYO,JUNIO,JULIO,AGOSTO,SEPTIEMBRE,OCTUBRE,NOVIEMBRE,DICIEMBRE",
        f"2012,{law},24,28,30,29,29,26,35,10,13,18,14,13",
        f"2025,{law},3,6,7,9,5,5,5,,,,,",
    ])  # fmt: skip


def table_73() -> None:
    """United States, yearbook table 73: fiscal years across, a footnote mark inside one header."""
    _workbook("usa_table_73.xlsx", {"Table 73": [
        ("TABLE 73. CONVICTIONS FOR IMMIGRATION AND NATIONALITY VIOLATIONS",),
        ("FISCAL YEARS 1992-1998",),
        (),
        ("Violations", 1992, 1993, 1994, 1995, 1996, "1997 /1", 1998),
        (),
        ("Bringing in, transporting, harboring, and inducing illegal entry of aliens",
         977, 1008, 732, 763, 1307, 1185, 1108),
        ("Fraud, misuse of visas, entry permits,and other entry documents", 306, 293, 306, 211, 193, 160, 260),
        ("Producing, transferring, possessing, using, or selling false identification documents",
         497, 802, 672, 1123, 768, 1142, 1068),
        (),
        ("1/  (the publisher's footnote stands here: violation codes were classified anew)",),
    ]})  # fmt: skip


def ine_condenados() -> None:
    """Spain, INE table 25997: offences across, years down as texts, a blank header over the years, notes below."""
    years = range(2024, 2013, -1)
    columns: dict[str, tuple[int, ...]] = {
        "A Delitos": (455705, 403194, 426416, 410842, 311271, 412571, 406327, 394301, 365202, 288756, 277956),
        "7 BIS Trata de seres humanos": (391, 266, 206, 226, 94, 197, 54, 63, 123, 103, 30),
        "15 BIS Contra los derechos de los ciudadanos extranjeros":
            (246, 287, 465, 346, 195, 387, 433, 424, 279, 315, 171),
        "18.2 Falsedades documentales": (6389, 5721, 6920, 7181, 5339, 8386, 8100, 7342, 7577, 7093, 7017),
    }  # fmt: skip
    rows: list[Row] = [(str(year), *(figures[at] for figures in columns.values())) for at, year in enumerate(years)]
    _workbook("esp_ine_25997.xlsx", {"tabla-25997": [
        ("Resultados nacionales",),
        ("Condenados. Todos los delitos ",),
        (),
        ("Delitos según tipo",),
        ("Unidades: Infracciones",),
        (),
        (" ", *columns),
        *rows,
        (),
        ("Notas:",),
    ]})  # fmt: skip


UNODC = ("Iso3_code", "Country", "Region", "Subregion", "Indicator", "Dimension", "Category", "Sex", "Age", "Year",
         "Unit of measurement")  # fmt: skip


def cts() -> None:
    """UN-CTS: long table, numeric VALUE. In the copy that the notes describe the banner is gone."""
    kind = ("Offences", "by type of offence", "Smuggling of migrants", "Total", "Total")
    _workbook("un_cts.xlsx", {"data_cts_corruption_and_economi": [
        (*UNODC, "VALUE", "Source"),
        ("CHE", "Switzerland", "Europe", "Western Europe", *kind, 2013, "Counts", 129, "CTS"),
        ("ITA", "Italy", "Europe", "Southern Europe", *kind, 2014, "Counts", 1608, "CTS"),
        ("MAR", "Morocco", "Africa", "Northern Africa", *kind, 2016, "Counts", 1951, "CTS"),
    ]})  # fmt: skip


def glotip() -> None:
    """GLOTIP: a banner above the header, figures as texts, `<5`, rows that look alike, a cell id as a count."""
    victims, albania = "Detected trafficking victims", ("ALB", "Albania", "Europe", "Southern Europe")
    pakistan = ("PAK", "Pakistan", "Asia", "Southern Asia")
    other = ("by form of exploitation", "Other forms of exploitation", "Total", "Total", 2017, "Counts")
    total = ("Total", "Total", "Total", "Total")
    _workbook("un_glotip.xlsx", {"data_glotip_1": [
        ("UNODC",),
        ("14/04/2025",),
        (*UNODC, "txtVALUE", "Source"),
        ("ABW", "Aruba", "Americas", "Latin America and the Caribbean", victims, "by country of repatriation",
         "Ukraine", "Total", "Total", 2010, "Counts", "<5", "GLOTIP"),
        ("AFG", "Afghanistan", "Asia", "Southern Asia", "Offences of trafficking in persons", *total, 2013, "Counts",
         "103", "GLOTIP"),
        *((*albania, victims, *other, text, "GLOTIP") for text in ("27", "<5", "5", "20")),
        (*pakistan, victims, *total, 2019, "Counts", "32,022", "GLOTIP"),
        (*pakistan, "Persons convicted", "by citizenship", "Q6.1_10s_2019", "Total", "Total", 2019, "Counts",
         "61,102,019", "GLOTIP"),
    ]})  # fmt: skip


def main() -> None:
    """Write every example."""
    for write in (pks_time_series, pks_grundtabelle, etat_4001, sesnsp_federal, table_73, ine_condenados, cts, glotip):
        write()


if __name__ == "__main__":
    main()
