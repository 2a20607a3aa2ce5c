"""Every file that we hold is read by a mapping, or refused with a reason, or waits by name for a mapping."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

import harmonize as hz
from harmonize.building.known import load_mappings
from harmonize.building.recognise import Candidate, Fit, recognise
from harmonize.checking.refusals import load_refusals
from harmonize.checking.statistics import every_statistics
from harmonize.model.catalog import offences, refusal_folders
from harmonize.model.finding import Problem
from harmonize.model.mapping import Mapping
from harmonize.model.refusal import Refusal
from harmonize.model.statistics import Answer
from harmonize.model.statistics import Fit as Held
from harmonize.reading.source import open_source

REFUSED: dict[str, tuple[str, ...]] = {
    "arm/sdg_10_7_3": ("sdg_16-2-2_national/ARM/data_indicator_10-7-3.csv",),
    "arm/sdg_16_2_2": ("sdg_16-2-2_national/ARM/data_indicator_16-2-2.csv",),
    "bih/rs_sdg_10_7_3": ("sdg_16-2-2_national/BIH-RS/data_indicator_10-7-3.csv",),
    "esp/mir_detenciones_total": ("es_mir_detenciones/Detenciones Histórico.xlsx",),
    "eurostat/asylum_applicants": ("eurostat_sdmxcsv_2025/asylum_applicants_total.csv",),
    "eurostat/code_lists": ("eurostat_dic_2023-11/*.dic",),
    "eurostat/crim_off_cat_code_lists": (
        "eurostat_crim_off_cat_tsv_2024/geo.csv",
        "eurostat_crim_off_cat_tsv_2024/iccs.csv",
    ),
    "eurostat/first_permits": ("eurostat_sdmxcsv_2025/migration_permits_issued.csv",),
    "gbr/enforcement_transparency": ("uk_ho_enforcement_transparency/IE__Q3_2023_Background_Published.xlsx",),
    "gbr/offence_reference": ("uk_ho_offence_ref/reccrime-offence-ref - Reference_Table_-_Offence.csv",),
    "gbr/small_boats_scraped": ("uk_ho_small_boats/data.csv",),
    "iom/ctdc_case_records": ("ctdc_global_kanon_excerpt/human_trafficking_excerpt.csv",),
    "iom/htcds_case_form": ("iom_htcds_2.0/HTCDS Excel Spreadsheet v2.0.xlsx",),
    "iom/htcds_field_standards": (
        "iom_htcds_2.0/HTCDS Field Standards 2.0.ods",
        "iom_htcds_2.0/htcds_xlsform.xlsx",
    ),
    "ita/sbarchi_report_extract": ("it_interno_sbarchi/cruscotto_statistico_giornaliero_31-08-2023-nazionalita.csv",),
    "usa/nibrs_code_tables": ("us_fbi_nibrs_codes/*.xlsx",),
    "usa/ussc_code_lists": ("us_ussc/OFFGUIDE.csv", "us_ussc/OFFTYPSB.csv"),
}
"""The files of each source that cannot answer, below the data folder."""

NO_SOURCE = ("INDEX.tsv",)
"""What the collection itself is described by."""


@cache
def mappings() -> dict[str, Mapping]:
    return {mapping.id: mapping for mapping in load_mappings()}


@cache
def refusals() -> list[Refusal]:
    return load_refusals()


@cache
def outcome(path: Path) -> str:
    """The mapping that reads a file, the refusal that names it, or the rule that says it is unknown."""
    try:
        return recognise(Candidate(open_source(path)), [*mappings().values()], refusals).mapping.id
    except Problem as trouble:
        (finding,) = trouble.findings
        if finding.rule != "source-cannot-answer":
            return f"({finding.rule})"
        (named,) = (one for one, _ in refusal_folders() if finding.message.startswith(f"is of {one}, "))
        return named


def fitting(path: Path) -> list[str]:
    """The refusals that a file fits, whatever mapping reads it."""
    candidate = Candidate(open_source(path))
    return [one.id for one in refusals() if any(isinstance(candidate.fit(look), Fit) for look in one.files)]


def test_every_file_is_read_or_refused(data: Path) -> None:
    names = {path.relative_to(data).as_posix(): path for path in sorted(data.rglob("*")) if path.is_file()}
    assert len(names) > 100
    left = {
        name: said for name, path in names.items() if name not in NO_SOURCE and (said := outcome(path)).startswith("(")
    }
    assert left == {}, "neither read nor refused: make a mapping or a refusal.yaml"


def test_every_refusal_has_real_files_and_fits_no_other(data: Path) -> None:
    """Held against the files directly, so that it also holds where a mapping reads a file first."""
    assert {refusal.id for refusal in refusals()} == set(REFUSED), "name the new refusal's files in REFUSED"
    for id_, patterns in REFUSED.items():
        found = [path for pattern in patterns for path in sorted(data.glob(pattern))]
        assert len(found) >= len(patterns), id_
        for path in found:
            assert fitting(path) == [id_], path.name


def test_no_refusal_takes_a_file_that_a_mapping_reads(data: Path) -> None:
    """A refusal that fits would only be hidden as long as the mapping is there."""
    count = 0
    for path in sorted(path for path in data.rglob("*") if path.is_file()):
        if outcome(path) not in mappings():
            continue
        count += 1
        assert fitting(path) == [], path.name
    assert count > 40


@pytest.mark.parametrize(
    ("name", "id_"),
    [(pattern, id_) for id_, patterns in REFUSED.items() for pattern in patterns if "*" not in pattern],
)
def test_a_refused_file_ends_with_one_clear_finding(data: Path, name: str, id_: str) -> None:
    path = data / name
    if not path.is_file():
        pytest.skip(f"{name} is not in {data}")
    (refusal,) = (one for one in refusals() if one.id == id_)
    with pytest.raises(hz.Problem) as caught:
        hz.build(path)
    (finding,) = caught.value.findings
    assert finding.rule == "source-cannot-answer"
    assert finding.file == path.name
    assert refusal.reason in finding.message
    assert refusal.instead in finding.message
    assert len(finding.message) <= 300, "a longer message is cut on a terminal"


# what each country publishes


def answers() -> list[tuple[str, str, Answer]]:
    return [
        (area, pillar, answer)
        for area, statistics in every_statistics().items()
        for one in statistics.publications
        for pillar, answer in one.pillars.items()
    ]


def indicators(mapping: Mapping) -> set[str]:
    measures = [value.measure for value in mapping.layout.values if value.measure]
    return {one.indicator for one in (*measures, *(mapping.measure.read if mapping.measure else ()))}


def test_the_countries_asked_for_are_there() -> None:
    g8 = {"CAN", "FRA", "DEU", "ITA", "JPN", "RUS", "GBR", "USA"}
    assert {*g8, "EU", "ESP", "NLD", "SWE", "CHE", "MEX", "KOR", "AUT", "AUS"} <= set(every_statistics())


@pytest.mark.parametrize(("area", "pillar", "answer"), answers())
def test_what_is_said_of_a_mapping_is_what_it_does(area: str, pillar: str, answer: Answer) -> None:
    for name in answer.read_by:
        if name not in mappings():
            continue  # a refusal; its id was checked when the file was loaded
        mapping = mappings()[name]
        counted = {code for row in mapping.codes for code in row.offences}
        absent = {one.offence for one in mapping.not_published}
        if answer.fit is Held.NO_LINE:
            assert pillar in absent, f"{area}: {name} does not say that it has no {pillar}"
            assert not any(offences()[code].pillar == pillar for code in counted), f"{area}: {name} counts {pillar}"
        else:
            assert set(answer.offences) & counted, f"{area}: {name} counts none of {answer.offences}"
            assert set(answer.indicators) & indicators(mapping), f"{area}: {name} has none of {answer.indicators}"


def test_how_a_source_counts_is_said_in_one_way() -> None:
    """The counting rules of a mapping and of its publication come from one reference and never contradict each other.

    Suspects are left out: a mapping that also reads cases says the rules of the cases, and persons have their own.
    """
    compared = 0
    for area, statistics in every_statistics().items():
        for one in statistics.publications:
            if all(answer.indicators == ("PERSONS_SUSPECTED",) for answer in one.pillars.values()):
                continue
            for name in {name for answer in one.pillars.values() for name in answer.read_by} & set(mappings()):
                counting = mappings()[name].counting
                for key in ("input_or_output", "principal_offence_rule", "attempts_included"):
                    both = {getattr(one, key), getattr(counting, key)}
                    compared += 1
                    assert len(both - {"unknown", "mixed", "partial"}) < 2, f"{area} {one.id}, {name}: {key} {both}"
    assert compared > 60


def test_what_mappings_count_is_what_is_said() -> None:
    """A mapping that counts a pillar, or says that its source has none, stands with that pillar of its country."""
    said = {(name, pillar) for _, pillar, answer in answers() for name in answer.read_by}
    folders = {area.lower() for area in every_statistics()} - {"eu"}
    silent, known = [], offences()  # `_Z`, no offence at all, is none of them
    for name, mapping in mappings().items():
        counted = {known[code].pillar for row in mapping.codes for code in row.offences if code in known}
        held = (counted | {one.offence for one in mapping.not_published}) & {"SOM", "TIP", "FTD"}
        if name.split("/")[0] in folders:
            silent += [(name, pillar) for pillar in sorted(held) if (name, pillar) not in said]
    assert silent == [], "write the mapping down in the statistics.yaml of its country"
