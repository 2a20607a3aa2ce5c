"""The real files of the publishers, and one build of each source per session."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

import harmonize as hz
from harmonize.building.dataset import Dataset

Built = Callable[[str], Dataset]
"""The dataset of a mapping id over all its real files."""

FILES: dict[str, tuple[str, ...]] = {
    "bih/fbih_sdg_16_2_2": ("sdg_16-2-2_national/BIH-FBiH/data_indicator_16-2-2.csv",),
    "bih/rs_sdg_16_2_2": ("sdg_16-2-2_national/BIH-RS/data_indicator_16-2-2.csv",),
    "deu/pks_grundtabelle": (
        "de_pks_grundtabelle/PKS2013.xlsx",
        "de_pks_grundtabelle/PKS2016.xlsx",
        "de_pks_grundtabelle/PKS2023.xlsx",
    ),
    "deu/pks_time_series": (
        "de_pks_timeseries/2023-ZR-F-01-T01-Faelle_csv.csv.gz",
        "de_pks_timeseries/ZR-F-01-T01_csv.csv.gz",
    ),
    "esp/ine_condenados": ("es_ine_condenados/Delitos Historico.xlsx",),
    "fra/etat_4001_services": (
        "fr_etat4001_services/crimes-et-delits-enregistres-par-les-services-de-gendarmerie-et-de-police-depuis-2012.xlsx",
    ),
    "gbr/irregular_migration": (
        "uk_ho_irregular_migration/irregular-migration-to-the-UK-detailed-dataset-year-ending-september-2023 (1).xlsx",
    ),
    "gbr/nrm_conclusive_grounds": ("uk_nrm/nrm_conclusive_grounds.csv",),
    "gbr/nrm_duty_to_notify": ("uk_nrm/nrm_duty_to_notify_longitudinal.csv",),
    "gbr/nrm_referrals": ("uk_nrm/nrm_referrals_longitudinal.csv",),
    "gbr/ons_sdg_16_2_2": ("uk_sdg_16_2_2/indicator_16-2-2.csv",),
    "gbr/police_recorded_crime": ("uk_ho_prc/prc-pfa-mar2013-onwards-tables201718.csv",),
    "mda/nbs_sdg_16_2_2": ("sdg_16-2-2_national/MDA/data_indicator_16-2-2.csv",),
    "mex/sesnsp_federal": ("mx_sesnsp_federal/IDEFF_jul25.csv",),
    "mlt/nso_sdg_16_2_2": ("sdg_16-2-2_national/MLT/data_indicator_16-2-2.csv",),
    "unodc/cts": (
        "unodc_cts_2025/data_cts_corruption_and_economic_crime.xlsx",
        "unodc_cts_2025/data_cts_violent_and_sexual_crime.xlsx",
    ),
    "unodc/glotip": ("unodc_glotip_2025-07/data_glotip.xlsx",),
    "usa/cbp_encounters_state": ("us_cbp_encounters/nationwide-encounters-fy21-fy24-nov-state.csv",),
    "usa/dhs_yearbook_table_33": ("us_dhs_yearbook/table33_5.xls",),
    "usa/dhs_yearbook_table_39": ("us_dhs_yearbook/table39_3.xls",),
    "usa/dhs_yearbook_table_60": ("us_dhs_yearbook/Table60_1.xls",),
    "usa/dhs_yearbook_table_61": ("us_dhs_yearbook/Table61_1.xls",),
    "usa/dhs_yearbook_table_73": ("us_dhs_yearbook/Table73_2.xls",),
    "usa/fbi_human_trafficking_agencies": (
        "us_fbi_human_trafficking/ht_2013.csv",
        "us_fbi_human_trafficking/ht_2014.csv",
    ),
    "usa/gsa_sdg_16_2_2": ("us_sdg_16_2_2/indicator_16-2-2.csv",),
}
"""The real files of each mapping, below the data folder."""


@pytest.fixture(scope="session")
def data() -> Path:
    """The folder of real files: beside the repository, or where HARMONIZE_DATA says."""
    folder = Path(os.environ.get("HARMONIZE_DATA") or Path(__file__).parents[2] / "shared" / "data")
    if not folder.is_dir():
        pytest.skip(f"the publishers' files are not here: {folder} is no folder (set HARMONIZE_DATA to where they are)")
    return folder


@pytest.fixture(scope="session")
def paths(data: Path) -> Callable[[str], list[Path]]:
    """The real files of a mapping id."""

    def of(mapping: str) -> list[Path]:
        found = [data / name for name in FILES[mapping]]
        if absent := [path.name for path in found if not path.is_file()]:
            pytest.skip(f"{mapping}: {', '.join(absent)} not in {data}")
        return found

    return of


@pytest.fixture(scope="session")
def built(paths: Callable[[str], list[Path]]) -> Built:
    """Builds a source from its real files, recognised without a mapping id, once per session."""

    @cache
    def build(mapping: str) -> Dataset:
        return hz.build([str(path) for path in paths(mapping)])

    return build
