"""The real files of the publishers, and one build of each source per session."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from hypothesis import settings

import harmonize as hz
from harmonize.building.dataset import Dataset
from harmonize.building.everything import everything

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")  # no test fails because the machine is slow

Built = Callable[[str], Dataset]
"""The dataset of a mapping id over all its real files."""

FILES: dict[str, tuple[str, ...]] = {
    "arm/armstat_sdg_16_2_2_a": ("sdg_16-2-2_national/ARM/data_indicator_16-2-2-a.csv",),
    "bih/fbih_sdg_10_7_3": ("sdg_16-2-2_national/BIH-FBiH/data_indicator_10-7-3.csv",),
    "bih/fbih_sdg_16_2_2": ("sdg_16-2-2_national/BIH-FBiH/data_indicator_16-2-2.csv",),
    "bih/rs_sdg_16_2_2": ("sdg_16-2-2_national/BIH-RS/data_indicator_16-2-2.csv",),
    "can/sdg_16_2_2": ("sdg_16-2-2_national/CAN/data_indicator_16-2-2.csv",),
    "can/statcan_35100177": ("ca_statcan_35100177/DashDisplay.csv",),
    "che/bfs_pks": (
        "ch_bfs_pks/px-x-1903020100_101_20230427-102332.csv",
        "ch_bfs_pks/px-x-1903020100_101_20230427-074952.json",
    ),
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
    "eurostat/crim_off_cat": ("eurostat_sdmxcsv_2025/crime_by_category.csv",),
    "eurostat/crim_off_cat_tsv": ("eurostat_crim_off_cat_tsv_2024/estat_crim_off_cat.tsv",),
    "eurostat/demo_gind": ("eurostat_sdmxcsv_2025/country_population.csv",),
    "eurostat/demo_pjan_legacy": ("eurostat_dataexplorer_2017/demo_pjan_1_Data.csv",),
    "eurostat/migr_eiord_legacy": ("eurostat_dataexplorer_2017/migr_eiord_1_Data.csv",),
    "eurostat/migr_eirfs_legacy": ("eurostat_dataexplorer_2017/migr_eirfs_1_Data_mit2012.csv",),
    "eurostat/migr_eirtn_legacy": ("eurostat_dataexplorer_2017/migr_eirtn_1_Data.csv",),
    "eurostat/migr_eipre": ("eurostat_sdmxcsv_2025/migrants_illegally_present.csv",),
    "eurostat/migr_eirfs": ("eurostat_sdmxcsv_2025/migrants_refused_entry_at_the_border.csv",),
    "fra/etat_4001_services": (
        "fr_etat4001_services/crimes-et-delits-enregistres-par-les-services-de-gendarmerie-et-de-police-depuis-2012.xlsx",
    ),
    "gbr/irregular_migration": (
        "uk_ho_irregular_migration/irregular-migration-to-the-UK-detailed-dataset-year-ending-september-2023 (1).xlsx",
    ),
    "gbr/irregular_migration_tidied": ("uk_ho_irregular_migration/irregular_migration.csv",),
    "gbr/nrm_conclusive_grounds": ("uk_nrm/nrm_conclusive_grounds.csv",),
    "gbr/nrm_duty_to_notify": ("uk_nrm/nrm_duty_to_notify_longitudinal.csv",),
    "gbr/nrm_referrals": ("uk_nrm/nrm_referrals_longitudinal.csv",),
    "gbr/ons_sdg_10_7_3": ("sdg_16-2-2_national/GBR/data_indicator_10-7-3.csv",),
    "gbr/ons_sdg_16_2_2": ("uk_sdg_16_2_2/indicator_16-2-2.csv",),
    "gbr/police_recorded_crime": ("uk_ho_prc/prc-pfa-mar2013-onwards-tables201718.csv",),
    "gbr/small_boat_nrm_referrals": ("uk_ho_irregular_migration/small_boat_NRM_referrals.csv",),
    "gbr/small_boats": ("uk_ho_small_boats/12_December_2025_Small_boats_-_time_series.ods",),
    "jam/statin_sdg_16_2_2": ("sdg_16-2-2_national/JAM/data_indicator_16-2-2.csv",),
    "mda/nbs_sdg_16_2_2": ("sdg_16-2-2_national/MDA/data_indicator_16-2-2.csv",),
    "mex/sesnsp_federal": ("mx_sesnsp_federal/IDEFF_jul25.csv",),
    "mlt/nso_sdg_16_2_2": ("sdg_16-2-2_national/MLT/data_indicator_16-2-2.csv",),
    "fra/etat_4001_departements": ("fr_etat4001_dept_annual/faits2003.csv",),
    "fra/ssmsi_departements": ("fr_ssmsi_dep/données_ssmsi_france.csv",),
    "frontex/ibc_gdidata": ("frontex_ibc_gdidata_2025/frontex_from_rda_DERIVED.csv",),
    "iom/missing_migrants": ("iom_mmp_2026/MissingMigrants-Global-2026-05-06--19_42_11.csv",),
    "iom/missing_migrants_all_data": ("iom_mmp_alldata_excerpt/Missing_Migrants_Global_Figures_allData_excerpt.csv",),
    "ita/sbarchi_nazionalita": ("it_interno_sbarchi/nazionalita.csv",),
    "ita/sbarchi_per_giorno": ("it_interno_sbarchi/2023-08-31_migranti_sbarcati_per_giorno.csv",),
    "ita/statdel_national": (
        "it_interno_delitti/DELITTIITA-REG-PROV2020.xls",
        "it_interno_delitti/NT00062_Delitti_denunciati__-_dati_anno_2019_-_dati_Nazionali__Regionali__Provinciali.xlsx",
    ),
    "ita/statdel_persons_provinces": (
        "it_interno_delitti/INT00062_Persone_denunciate_-_anno_2018_-_dati_Provinciali.csv",
    ),
    "ita/statdel_provinces": (
        "it_interno_delitti/INT00062_Delitti_denunciati__-_dati_anno_2017_-_dati__Provinciali.csv",
        "it_interno_delitti/NT00062_Delitti_denunciati__-_dati_anno_2019_-_dati_Provinciali.csv",
    ),
    "kor/police_kosis": ("kr_police/crime_2014_2024_raw_as_is.csv",),
    "mex/sesnsp_estatal": ("mx_sesnsp_estatal/estatal_n.csv",),
    "nld/cbs_provinces": ("nl_cbs/Criminaliteit Provincies.csv",),
    "rus/crimestat_social_portrait": ("ru_mvd_crimestat/crimestat_social_portrait.csv.gz",),
    "swe/bra_handled_offences": ("se_bra/EXCERPT_bra_handlagda_brott_2022.tsv",),
    "unodc/cts": (
        "unodc_cts_2025/data_cts_corruption_and_economic_crime.xlsx",
        "unodc_cts_2025/data_cts_violent_and_sexual_crime.xlsx",
    ),
    "unodc/glotip": ("unodc_glotip_2025-07/data_glotip.xlsx",),
    "usa/cbp_encounters_southwest": ("us_cbp_encounters/sbo-encounters-fy22-fy25-nov.csv",),
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
    "usa/fbi_human_trafficking_download": ("us_fbi_human_trafficking/HT_2013-2020.csv",),
    "usa/nibrs_offense_counts": ("us_fbi_human_trafficking/roll_nibrs_offense_counts_2016_test.psv",),
    "usa/gsa_sdg_16_2_2": ("us_sdg_16_2_2/indicator_16-2-2.csv",),
    "worldbank/population": ("worldbank_population_orig_2018/API_SP.POP.TOTL_DS2_en_csv_v2.csv",),
    "worldbank/population_datahub": ("worldbank_population_datahub_2026/population.csv",),
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


@pytest.fixture(scope="session")
def everything_built(data: Path) -> Dataset:
    """Everything in the data folder in one dataset, as `make dataset` builds it."""
    return everything(data)
