"""What a person sees in each source's files: how to open them, how their figures are written, how many there are.

Looked up in the files (and in INDEX.tsv beside them), never in the mappings: what is found here is compared with these.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction
from typing import Any, NamedTuple

Row = dict[str, Any]
"""An observation, or a cell as `explain` gives it, by column."""


class Cell(NamedTuple):
    """The figure of a cell, and the lowest and highest figure it can stand for (None: not known)."""

    low: float
    value: float | None
    high: float | None


class Facts(NamedTuple):
    """One source, as its files show it.

    Attributes:
        rows: observations there must be at least, counted in the file; the very number where it is 20 or less.
        known: those of them with a value, where not all of 20 have one.
        encoding: of a text file; `ascii` where no byte of it is anything else.
        header: the line of a text file that names the columns.
        columns: what they are called where no line does.
        thousands: what stands between thousands.
        decimal: what stands before decimals; empty where figures are whole.
        nearest: figures are rounded to a multiple of this.
        missing: texts that say the figure is not there.
        nil: texts that say nothing happened.
        below: figures like `<5` occur.
        absurd: from here on a number is something else that slipped into the column.
        padded: blanks stand around figures.
        open: the figure counts only what is known to the publisher, so that the truth may be any higher.
        title: the publication's name, used as a code; it is not in the file.
        gaps: where a code has no row in the file, its figure is not known.
        negative: the publisher takes back what it counted before.
        lacks: whether some part of the observation is in no file at all.
        fiscal: the first month of the year, where years are not calendar years; they are called after the year they
            end in, or after both (`2017/18`).
        whole: a number with a fraction occurs and is refused, since a count has none.
        overlap: whether several cells of an observation count some of the same, so that they are not added.
    """

    rows: int
    known: int | None = None
    encoding: str = "ascii"
    delimiter: str = ","
    header: int = 1
    columns: tuple[str, ...] = ()
    thousands: str = ""
    decimal: str = ""
    nearest: int = 1
    missing: tuple[str, ...] = ()
    nil: tuple[str, ...] = ()
    below: bool = False
    absurd: float = float("inf")
    padded: bool = False
    whole: bool = False
    open: bool = False
    title: str = ""
    gaps: bool = False
    negative: bool = False
    lacks: Callable[[Row], bool] = lambda _: False
    fiscal: int = 1
    overlap: Callable[[Row], bool] = lambda _: False


def persons(row: Row) -> bool:
    """A person counts once under every key, so that keys of persons overlap."""
    return bool(row["unit"] == "person")


def same_group(row: Row) -> bool:
    """Rows alike in all but the figure: parts of one group for other forms, elsewhere two figures for one thing."""
    return bool(row["offence"] != "TIP_OTHER")


def one_kind(row: Row) -> bool:
    """An agency that is not listed reported nothing or did not report: a state has both kinds, or not all is known."""
    return bool(row["offence"] == "TIP" and "+" not in row["national_codes"])


FACTS: dict[str, Facts] = {
    # every line but the header
    "arm/armstat_sdg_16_2_2_a": Facts(4, 4, encoding="utf-8-sig"),
    "bih/fbih_sdg_10_7_3": Facts(9, 9),
    # 4 years of all offences, 4 years of victims by both sexes, men, women; offences by article are parts of the total
    "bih/fbih_sdg_16_2_2": Facts(16, 16),
    # 9 of the 12 groups (not the cases by article), 13 years
    "bih/rs_sdg_16_2_2": Facts(9 * 13, decimal="."),
    # every line but the header
    "can/sdg_16_2_2": Facts(10, 10, decimal="."),
    # 5 of the 16 statistics, 11 areas, 5 years
    "can/statcan_35100177": Facts(5 * 11 * 5),
    # 5 offences, 14 years: 6 cantons in the csv, Switzerland and 26 cantons in the json
    "che/bfs_pks": Facts(5 * (6 + 27) * 14, encoding="utf-8-sig", delimiter=";"),
    # 17 areas by 4 columns of figures: 16 offences in 2023, 11 in 2016; in 2013 rows without cases are left out
    "deu/pks_grundtabelle": Facts(17 * 4 * 27, gaps=True, overlap=persons),
    # smuggling, entry, trafficking by 3 columns, and documents: 30 years and 37 years
    "deu/pks_time_series": Facts(
        10 * 67, encoding="latin-1", delimiter=";", header=2, thousands=",", decimal=".", overlap=persons
    ),
    # 3 columns, 11 years
    "esp/ine_condenados": Facts(3 * 11),
    # corruption, money laundering, sexual exploitation: lines of numbers, lines of rates
    "eurostat/crim_off_cat": Facts(241 + 225 + 203 + 234 + 221 + 199, encoding="utf-8", decimal="."),
    # the same three: lines of numbers and of rates, 15 years
    "eurostat/crim_off_cat_tsv": Facts((73 + 69 + 65) * 15, delimiter="\t", decimal=".", missing=(":",), padded=True),
    # every line but the header, the euro area and EFTA; 52 territories, 22 years, not all of them there
    "eurostat/demo_gind": Facts(1_093 - 44, encoding="utf-8"),
    # 58 territories without 5 groups, metropolitan France and Germany's second line, 10 years
    "eurostat/demo_pjan_legacy": Facts((58 - 7) * 10, thousands=",", missing=(":",), title="Number"),
    # every line but the header and those with the flag d: another definition
    "eurostat/migr_eiord_legacy": Facts(
        238 - 7, thousands=",", nearest=5, missing=(":",), title="Persons ordered to leave"
    ),
    # as before, and without China including Hong Kong
    "eurostat/migr_eirfs_legacy": Facts(
        29_040 - 180 - 164, encoding="latin-1", thousands=",", nearest=5, missing=(":",)
    ),
    "eurostat/migr_eirtn_legacy": Facts(476 - 10, encoding="latin-1", thousands=",", nearest=5, missing=(":",)),
    # every line but the header, other reasons, and 2 with the flag d or bd
    "eurostat/migr_eipre": Facts(2535 - 577 - 2, encoding="utf-8", nearest=5),
    # every line but the header
    "eurostat/migr_eirfs": Facts(327, nearest=5),
    # 5 indexes and one without an index, 9 years
    "fra/etat_4001_services": Facts(6 * 9),
    # 5 indexes and one without an index: 96 departments of the 101 of France, and France
    "fra/etat_4001_departements": Facts(
        6 * 97, encoding="cp1252", delimiter=";", thousands=" ", lacks=lambda row: bool(row["ref_area"] == "FRA")
    ),
    # one indicator, and three offences that are not there, of 101 departments in 9 years
    "fra/ssmsi_departements": Facts(4 * 101 * 9, encoding="utf-8-sig", delimiter=";", decimal=","),
    # 5 offences, 4 purposes, 2 sides of smuggling, use of papers, other papers: one year
    "swe/bra_handled_offences": Facts(
        13,
        13,
        encoding="utf-8",
        delimiter="\t",
        columns=("lagrum", "brottstyp", "handlagda", "utredda", "direktavskrivna", "%", "%"),
        thousands=" ",
        nil=("-",),
        padded=True,
    ),
    # every type, nationality (not OOO, OOS, STL) and month that occurs, over all routes
    "frontex/ibc_gdidata": Facts(19_320),
    # 4 methods, 23 quarters, 5 years of them
    "gbr/irregular_migration": Facts(4 * (23 + 5)),
    # 4 methods, 24 quarters, 6 years
    "gbr/irregular_migration_tidied": Facts(4 * (24 + 6)),
    # 3 ages, 40 quarters, 10 years
    "gbr/nrm_conclusive_grounds": Facts(3 * (40 + 10)),
    # 42 lines, 9 of them totals of a year; one of these is of a single quarter
    "gbr/nrm_duty_to_notify": Facts(42 - 1, title="Duty to Notify"),
    # the lines of all locations, and 14 years of 3 ages
    "gbr/nrm_referrals": Facts(177 + 3 * 14),
    # total, 2 sexes, minors, 9 years
    "gbr/ons_sdg_10_7_3": Facts(4 * 9, decimal="."),
    # every line but the header
    "gbr/ons_sdg_16_2_2": Facts(429, decimal="."),
    # 4 quarters and their year: both offences of trafficking, one of them, identity documents twice, and smuggling that
    # is not there
    "gbr/police_recorded_crime": Facts(5 * 5, 4 * 5, nil=("-00",), padded=True, fiscal=4),
    # 21 quarters with referrals, 4 years of four of them
    "gbr/small_boat_nrm_referrals": Facts(21 + 4),
    # every line but the header, and 7 years of all their days
    "gbr/small_boats": Facts(2902 + 7),
    # January to May
    "iom/missing_migrants": Facts(5, 0, encoding="utf-8", missing=("",), open=True),
    # 3 months of its 7 rows
    "iom/missing_migrants_all_data": Facts(3, 0, encoding="utf-8", missing=("",), open=True),
    # 106 provinces: 3 offences, 3 that stand within the other ones; one year and two
    "ita/statdel_persons_provinces": Facts(6 * 106, encoding="cp1252", delimiter=";"),
    "ita/statdel_provinces": Facts(6 * 106 * 2, encoding="cp1252", delimiter=";", thousands="."),
    # every report
    "ita/sbarchi_nazionalita": Facts(144, encoding="utf-8", title="nazionalità dichiarate"),
    # every line but the header and the day of the report
    "ita/sbarchi_per_giorno": Facts(31 - 1, encoding="utf-8"),
    # 2 years: 3 offences, 3 that stand within the other ones
    "ita/statdel_national": Facts(12, 6),
    # the country and 83 subjects, 5 years, the three offences that no line tells
    "rus/crimestat_social_portrait": Facts(3 * 84 * 5, 0, encoding="utf-8"),
    # 5 offences by 6 of the 9 items, and one offence within another, 11 years
    "kor/police_kosis": Facts(31 * 11, overlap=persons, encoding="utf-8-sig", header=2, missing=("",), nil=("-",)),
    # every line but the header
    "jam/statin_sdg_16_2_2": Facts(7 * 5, decimal="."),
    # 25 groups without 13 destinations, 13 years
    "mda/nbs_sdg_16_2_2": Facts(12 * 13, decimal=".", missing=("",)),
    # the state and its 32 parts, 3 months: trafficking, its 4 purposes, documents, extortion, drugs
    "mex/sesnsp_estatal": Facts(8 * 33 * 3, encoding="latin-1"),
    # the state and its 32 parts, 163 months and 13 years: migration act, and two that are not there
    "mex/sesnsp_federal": Facts(3 * 33 * 176, encoding="latin-1"),
    # every line but the header
    "mlt/nso_sdg_16_2_2": Facts(84, decimal="."),
    # 6 offences, 13 areas, 3 measures, 4 years, two of them with a star
    "nld/cbs_provinces": Facts(6 * 13 * 3 * 4, nearest=5),
    # corruption, smuggling, money laundering, sexual exploitation: each line of counts has one of rates
    "unodc/cts": Facts(2 * (637 + 623 + 527 + 497), decimal="."),
    # lines of totals and of forms, those alike taken as one, without Sark; by citizenship there are more
    "unodc/glotip": Facts(29_835 + 16_173, thousands=",", below=True, absurd=1_000_000, overlap=same_group),
    # 2 components, 38 months, three years of them
    "usa/cbp_encounters_southwest": Facts(2 * (38 + 3), fiscal=10),
    # 38 months, three years of them
    "usa/cbp_encounters_state": Facts(38 + 3, fiscal=10),
    # fiscal years from October on: 1977 to 2013
    "usa/dhs_yearbook_table_33": Facts(37, fiscal=10),
    # the same years, two columns
    "usa/dhs_yearbook_table_39": Facts(2 * 37, fiscal=10),
    # 5 activities, 10 years
    "usa/dhs_yearbook_table_60": Facts(5 * 10, fiscal=10),
    # 6 activities, 10 years
    "usa/dhs_yearbook_table_61": Facts(6 * 10, missing=("NA",), fiscal=10),
    # 3 offences, 7 years
    "usa/dhs_yearbook_table_73": Facts(3 * 7, fiscal=10),
    # 17 and 31 beginnings of agencies' numbers, 6 figures
    "usa/fbi_human_trafficking_agencies": Facts((17 + 31) * 6),
    # 8 years, the agencies with a report by state: 152 and 233 figures of a kind, 242 of both, two indicators
    "usa/fbi_human_trafficking_download": Facts(2 * (152 + 233 + 242), negative=True, lacks=one_kind),
    # 2 states with a report of trafficking, all and its kinds
    "usa/nibrs_offense_counts": Facts(
        6,
        0,
        delimiter="|",
        columns=("year", "state number", "state", "agency number", "ori", "offense", "offenses", "incidents"),
        open=True,
    ),
    # every line but the header
    "usa/gsa_sdg_16_2_2": Facts(15, 15, encoding="utf-8-sig"),
    # 264 lines without 46 groups of countries, the Channel Islands and what is not classified; 58 years
    "worldbank/population": Facts((264 - 48) * 58, encoding="utf-8-sig", header=5, missing=("",), whole=True),
    # 265 territories without 48 groups and the Channel Islands, 65 years; Palestine from 1990
    "worldbank/population_datahub": Facts((265 - 49) * 65 - 30, encoding="utf-8"),
}


ROUNDED_RATES = {
    "bih/rs_sdg_16_2_2": 1,
    "eurostat/crim_off_cat": 2,
    "eurostat/crim_off_cat_tsv": 2,
    "jam/statin_sdg_16_2_2": 2,
    "mda/nbs_sdg_16_2_2": 1,
    "mlt/nso_sdg_16_2_2": 1,
}
"""How many decimals the rates have, where they are rounded."""


def reading(text: str, facts: Facts, rate_decimals: int | None = None) -> Cell:
    """What a text stands for in a source; fails where the source writes no such text.

    `rate_decimals`: how many decimals a rate is rounded to, where the figure is such a rate.
    """
    text = text.strip(" ") if facts.padded else text
    if text in facts.missing or (facts.whole and re.fullmatch(r"\d+\.\d+", text)):
        return Cell(0, None, None)
    if text in facts.nil:
        return Cell(0, 0, 0)
    if facts.below and re.fullmatch(r"<\d+", text):
        return Cell(0, None, float(text[1:]) - 1)
    if facts.negative and re.fullmatch(r"-\d+", text):
        return Cell(float(text), float(text), float(text))
    whole = rf"\d{{1,3}}({re.escape(facts.thousands)}\d{{3}})+|\d{{1,3}}" if facts.thousands else r"\d+"
    part = rf"({re.escape(facts.decimal)}\d+)?" if facts.decimal else ""
    assert re.fullmatch(f"({whole}){part}", text), f"{text!r} is no figure of this source"
    number = float(text.replace(facts.thousands, "").replace(facts.decimal or ".", "."))
    if number >= facts.absurd:
        return Cell(0, None, None)
    if facts.open:
        return Cell(number, None, None)
    if facts.nearest > 1:
        assert number % facts.nearest == 0, f"{text!r} is not rounded to {facts.nearest}"
    if rate_decimals is not None:
        exact, half = Fraction(text), Fraction(1, 2 * 10**rate_decimals)
        return Cell(float(max(Fraction(0), exact - half)), number, float(exact + half))
    slack = facts.nearest // 2
    return Cell(max(0, number - slack), number, number + slack)
