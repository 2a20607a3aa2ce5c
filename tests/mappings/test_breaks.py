"""Every break that the reference names is attached to the series it touches, or it is said why it touches none."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import NamedTuple

import pytest

from harmonize.checking.mappings import load_mapping
from harmonize.model.mapping import Mapping

TOP = Path(__file__).parents[2]
REFERENCE = Path(os.environ.get("HARMONIZE_DATA", TOP.parent / "shared" / "data")).parent / "reference"
needs_reference = pytest.mark.skipif(not REFERENCE.is_dir(), reason="../shared/reference is not here")


class Touches(NamedTuple):
    """The series a break touches: mapping -> offences; and the first period that is (wholly) after it."""

    series: dict[str, str]
    year: int | None = None


PENALTIES = "other penalties for the same conduct: what is counted stays the same"
NO_SERIES = "no series of ours has figures of that offence and time"
DEU = ("deu/pks_time_series", "deu/pks_grundtabelle")

LAW: dict[tuple[str, int], Touches | str] = {
    ("USA", 1994): PENALTIES,
    ("USA", 1996): PENALTIES,
    ("USA", 2000): NO_SERIES,
    ("USA", 2004): PENALTIES,
    ("USA", 2006): Touches({"unodc/glotip": "TIP"}),
    ("USA", 2008): Touches({"unodc/glotip": "TIP"}, 2009),
    ("USA", 2015): Touches({"unodc/glotip": "TIP"}),  # the FBI counts by definitions of its own
    ("CAN", 2012): Touches({"unodc/cts": "SOM"}, 2013),
    ("CAN", 2005): Touches({"can/statcan_35100177": "TIP", "unodc/glotip": "TIP"}),
    ("GBR", 2022): Touches({"unodc/cts": "SOM"}),
    ("GBR", 2025): "commencement dates were not seen, and no series of ours has figures of these offences",
    ("GBR", 2015): Touches(
        {
            "gbr/police_recorded_crime": "TIP",
            "gbr/nrm_referrals": "TIP",
            "gbr/nrm_conclusive_grounds": "TIP",
            "gbr/ons_sdg_16_2_2": "TIP",
            "unodc/glotip": "TIP",
        }
    ),  # the Duty to Notify begins with the act
    ("FRA", 2013): Touches({"fra/etat_4001_services": "IRR_ALL"}),
    ("FRA", 2018): Touches({"fra/etat_4001_services": "SOM", "unodc/cts": "SOM"}),
    ("FRA", 2021): "new numbers for the same text",
    ("FRA", 2024): PENALTIES,
    ("DEU", 2012): PENALTIES,
    ("DEU", 2018): PENALTIES,
    ("DEU", 2024): Touches({**dict.fromkeys(DEU, "SOM SOM_AGG"), "unodc/cts": "SOM"}),
    ("DEU", 2025): Touches(dict.fromkeys(DEU, "SOM"), 2026),
    ("DEU", 2026): Touches(dict.fromkeys(DEU, "SOM")),
    ("DEU", 2016): Touches(dict.fromkeys((*DEU, "unodc/glotip"), "TIP")),
    ("ITA", 2002): NO_SERIES,
    ("ITA", 2009): NO_SERIES,
    ("ITA", 2023): Touches({"unodc/cts": "SOM"}),
    ("ITA", 2003): Touches({"unodc/glotip": "TIP"}),
    ("ITA", 2014): Touches({"unodc/glotip": "TIP"}),
    ("JPN", 2005): Touches({"unodc/glotip": "TIP"}),
    ("JPN", 2025): PENALTIES,
    ("JPN", 2027): PENALTIES,
    ("RUS", 2005): NO_SERIES,
    ("RUS", 2016): PENALTIES,
    ("RUS", 2024): PENALTIES,
    ("ESP", 2000): NO_SERIES,
    ("ESP", 2003): NO_SERIES,
    ("ESP", 2010): Touches({"esp/ine_condenados": "SOM TIP", "unodc/glotip": "TIP"}, 2011),
    ("ESP", 2015): Touches({"esp/ine_condenados": "SOM", "unodc/cts": "SOM"}),
    ("AUT", 2009): NO_SERIES,
    ("AUT", 2010): NO_SERIES,
    ("SWE", 2002): NO_SERIES,
    ("SWE", 2004): Touches({"unodc/glotip": "TIP"}),
    ("SWE", 2010): Touches({"unodc/glotip": "TIP"}),
    ("SWE", 2018): Touches({"unodc/glotip": "TIP"}),
    ("NLD", 2005): Touches({"nld/cbs_provinces": "SOM"}),
    ("NLD", 2016): PENALTIES,
    ("NLD", 2024): "a bill that is pending",
    ("CHE", 2006): Touches({"che/bfs_pks": "TIP", "unodc/glotip": "TIP"}),
    ("CHE", 2008): NO_SERIES,
    ("CHE", 2023): PENALTIES,
    ("AUS", 2010): NO_SERIES,
    ("AUS", 2012): NO_SERIES,
    ("EU data", 2018): "the United Kingdom has no rows after it",
    ("EU data", 2024): "purposes of trafficking, which no table of Eurostat that is mapped counts",
    ("EU data", 2025): "a classification gets a new name",
}
"""law_facts.md, section 3, every year that it names."""

SOURCES: dict[str, tuple[str, Touches | str]] = {
    "SERIES BREAK: 인신매매 has no own row to 2013": (
        "continental",
        Touches({"kor/police_kosis": "TIP IRR_ALL"}, 2014),
    ),
    "MX catalogue in 2026": ("continental", Touches({"mex/sesnsp_estatal": "TIP"}, 2026)),
    "ES July 2015": ("continental", Touches({"esp/ine_condenados": "SOM FTD TIP"}, 2015)),
    "FR index 69 from 2013": ("continental", Touches({"fra/etat_4001_services": "IRR_ALL"}, 2013)),
    "144000 -> 236/237/238000 (both in 2005)": (
        "continental",
        Touches({"deu/pks_time_series": "TIP", "unodc/glotip": "TIP"}, 2005),
    ),
    "-> 239000 (both in 2017)": ("continental", Touches(dict.fromkeys(DEU, "TIP"), 2017)),
    "DE census rate (HZ) break 2013": ("continental", "rates are not read"),
    "named breaks: CBV before March 2015": ("continental", "other indexes"),
    "ran March 2020": ("us_ca_uk_au", Touches({"usa/cbp_encounters_state": "IRR_ENTRY"}, 2020)),
    "May 2023": ("us_ca_uk_au", Touches({"usa/cbp_encounters_state": "IRR_ENTRY"}, 2023)),
    "2013 FBI trafficking collection starts": ("us_ca_uk_au", "the series begins there"),
    "2013 and 2013-04 UK classification": ("us_ca_uk_au", "groups of codes, which are not read"),
    "106 introduced after 31 March 2013": (
        "us_ca_uk_au",
        Touches({"gbr/police_recorded_crime": "TIP"}, 2015),
    ),
    "2009-04 NRM starts": ("us_ca_uk_au", "the series begins there"),
    "2018-01 StatCan": ("us_ca_uk_au", Touches({"can/statcan_35100177": "TIP"}, 2018)),
    "2020 StatCan military police": ("us_ca_uk_au", Touches({"can/statcan_35100177": "TIP"}, 2020)),
    "2003-04 US INS reorganisation": (
        "us_ca_uk_au",
        Touches({"usa/dhs_yearbook_table_60": "SOM", "usa/dhs_yearbook_table_61": "SOM FTD"}, 2003),
    ),
    "FY2004 is a partial or broken year": ("us_ca_uk_au", Touches({"usa/dhs_yearbook_table_73": "SOM FTD"}, 2004)),
    "FY2018 USSC offence scheme": ("us_ca_uk_au", "no figures of the USSC are mapped"),
}
"""What sources_*.md call a break or a change of codes, in their words."""


@pytest.fixture(scope="module")
def mappings() -> dict[str, Mapping]:
    """Every mapping that ships, by id."""
    found = [load_mapping(path.parent, with_law=False) for path in TOP.glob("mappings/*/*/mapping.yaml")]
    return {mapping.id: mapping for mapping in found}


@pytest.mark.parametrize(("country", "year"), LAW)
def test_a_change_of_law_is_a_break_of_the_series_it_touches(
    mappings: dict[str, Mapping], country: str, year: int
) -> None:
    told = LAW[country, year]
    if isinstance(told, str):
        assert len(told) > 10
    else:
        attached(mappings, told._replace(year=told.year or year), country)


@pytest.mark.parametrize("words", SOURCES)
def test_a_change_of_a_source_is_a_break_of_it(mappings: dict[str, Mapping], words: str) -> None:
    _, told = SOURCES[words]
    if isinstance(told, str):
        assert len(told) > 10
    else:
        attached(mappings, told, "DEU" if "unodc/glotip" in told.series else "")


def attached(mappings: dict[str, Mapping], told: Touches, country: str) -> None:
    """Fails where a mapping lacks the break in that year, for all the offences, and in the country."""
    for name, offences in told.series.items():
        breaks = [one for one in mappings[name].breaks if one.year == told.year]
        many = name.startswith("unodc/")
        marked = {offence for one in breaks if not many or country in one.areas for offence in one.offences}
        assert set(offences.split()) <= marked, f"{name} lacks the break of {told.year} ({country})"
        assert all(one.areas for one in breaks) or not many, "a table of many states names the state"


@needs_reference
def test_no_year_of_the_law_is_forgotten() -> None:
    """A date that is added to the reference has to be placed here, too."""
    text = (REFERENCE / "law_facts.md").read_text(encoding="utf-8")
    section = text.split("## 3. ")[1].split("\n## ")[0]
    section = re.sub(r"Directive \S+|(2024|2009)/\d{2,4}\b|BGBl I \S+|\d+/(2009|2014|2023)\b|20/2023", " ", section)
    named = {
        (country, int(year))
        for country, words in re.findall(r"^- ([A-Z][\w ]*): (.*?)(?=^- |\Z)", section, re.DOTALL | re.MULTILINE)
        for year in re.findall(r"(?<![\d/.])((?:19|20)\d\d)(?![\d/])", words)
    }
    assert len(named) > 40
    assert named - LAW.keys() == set()


@needs_reference
@pytest.mark.parametrize("words", SOURCES)
def test_the_words_are_those_of_the_reference(words: str) -> None:
    page = (REFERENCE / f"sources_{SOURCES[words][0]}.md").read_text(encoding="utf-8")
    assert words in page
