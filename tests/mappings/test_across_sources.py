"""What must hold over all sources: agreement, lineage, and that order and repetition change nothing."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from conftest import FILES, Built
from pandas.testing import assert_frame_equal, assert_series_equal

import harmonize as hz
from harmonize.building.dataset import Dataset

from .facts import FACTS, ROUNDED_RATES
from .lineage import found_wrong, made_again, rows_of
from .raw import pick, values

CONTRACT = [
    "ref_area", "time_period", "offence", "indicator", "sex", "age", "citizenship", "form", "value", "lower", "upper",
    "unit", "obs_status", "relation", "source", "edition", "national_codes", "n_cells",
]  # fmt: skip
KEY = [name for name in CONTRACT if name not in ("value", "lower", "upper", "obs_status", "relation", "n_cells")]

SMALL = 50
"""Up to so many observations of a source, the cells of each are looked up: a large file is read anew for every one."""

CHOSEN_BY_CHANCE = 25

every_source = pytest.mark.parametrize("mapping", sorted(FILES))


@every_source
def test_the_contract_columns_and_unique_rows(built: Built, mapping: str) -> None:
    obs = built(mapping).observations
    assert list(obs.columns) == CONTRACT
    _many(len(obs), FACTS[mapping].rows)
    assert not obs.duplicated(KEY).any(), obs[obs.duplicated(KEY, keep=False)].head().to_string()
    assert set(obs["source"]) == {mapping}


@every_source
def test_bounds_contain_the_value(built: Built, mapping: str) -> None:
    obs = built(mapping).observations
    assert obs["lower"].notna().all()
    known = obs[obs["value"].notna()]
    expected = FACTS[mapping].known
    _many(len(known), 21 if expected is None else expected)
    assert ((known["lower"] <= known["value"]) & (known["value"] <= known["upper"])).all()
    closed = obs[obs["upper"].notna()]
    assert (closed["lower"] <= closed["upper"]).all()
    assert not obs[obs["value"].isna()]["obs_status"].eq("A").any(), "a figure without a value has a reason"
    assert not closed["obs_status"].str.contains("O").any(), "what is missing has no highest figure"
    elsewhere = obs[obs["n_cells"] == 0]
    assert_series_equal(obs["n_cells"] == 0, obs["obs_status"] == "K", check_names=False)
    assert elsewhere["value"].isna().all()
    assert elsewhere["upper"].isna().all()
    assert elsewhere["lower"].eq(0).all()
    rates = obs[obs["unit"].str.contains("_per_")]
    assert rates["n_cells"].le(1).all(), "rates are never added"


@pytest.mark.parametrize("mapping", sorted(ROUNDED_RATES))
def test_bounds_of_a_rounded_rate_contain_the_true_rate(built: Built, mapping: str) -> None:
    obs = built(mapping).observations
    rates = obs[obs["unit"].str.contains("_per_") & obs["value"].notna()]
    assert len(rates) >= 7
    half = 0.1 ** ROUNDED_RATES[mapping] / 2
    assert (rates["upper"] - rates["value"] > 0.99 * half).all()
    assert ((rates["value"] - rates["lower"] > 0.99 * half) | (rates["value"] < half)).all()


def test_the_facts_are_those_of_the_sources() -> None:
    assert FACTS.keys() == FILES.keys()


def _many(found: int, expected: int) -> None:
    assert found == expected if expected <= 20 else found >= expected


def test_germany_says_the_same_to_the_united_nations(built: Built) -> None:
    own = values(
        built("deu/pks_time_series").observations, offence="SOM", indicator="OFFENCES_RECORDED", edition="2023"
    )
    told = values(built("unodc/cts").observations, ref_area="DEU", offence="SOM", unit="offence")
    both = sorted(own.keys() & told.keys())
    assert both == [str(year) for year in range(2013, 2023)]
    assert {year: own[year] for year in both} == {year: told[year] for year in both}


@every_source
def test_the_cells_behind_a_figure_make_it_again(
    built: Built, paths: Callable[[str], list[Path]], mapping: str
) -> None:
    """All observations of a small source; else at least six: all that is peculiar to it, and some more by chance."""
    dataset = built(mapping)
    files = {path.name: path for path in paths(mapping)}
    looked_at = {name for at in _sample(dataset.observations) for name in _made_again(dataset, at, files)}
    says_nothing = not dataset.observations[
        "n_cells"
    ].any()  # a scheme without a line: no figure, and no cell behind it
    assert looked_at == (set() if says_nothing else set(files)), "some file was not looked at"


def test_the_cells_behind_the_figures_of_everything_make_them_again(everything_built: Dataset) -> None:
    """One observation of each source and edition, and more by chance, of all files in one dataset."""
    files = {fed.file.source.name: fed.file.source.path for fed in everything_built.fed}
    keys = everything_built.table.select("source", "edition").rows()
    assert {source for source, _ in keys} == set(FACTS), "a source has no facts here, or no file"
    by_chance = random.Random(20260201).sample(range(len(keys)), len(keys))
    of_each = {keys[at]: at for at in by_chance}
    chosen = sorted({*of_each.values(), *by_chance[:CHOSEN_BY_CHANCE]})
    assert len(chosen) > CHOSEN_BY_CHANCE
    for at in chosen:
        _made_again(everything_built, at, {name: path for name, path in files.items() if path})


def _made_again(dataset: Dataset, at: int, files: dict[str, Path]) -> set[str]:
    """Looks up the cells of one observation, as `explain` gives them; the names of the files."""
    row = rows_of(dataset.observations.loc[[at]])[0]
    cells = dataset.explain(at)
    made_again(row, rows_of(cells), files, pick(dataset.observations, source=row["source"]), found_wrong(dataset))
    return set(cells["file"])


def _sample(obs: pd.DataFrame) -> list[int]:
    """All of a small source; else six, and more until every kind of status, cells, unit, offence ... is there."""
    if len(obs) <= SMALL:
        return list(range(len(obs)))
    new = obs[["obs_status", "unit", "edition", "offence", "indicator"]].copy()
    new["kind"] = obs["obs_status"] + obs["value"].isna().astype(str) + obs["n_cells"].clip(upper=2).astype(str)
    wanted = {(name, one) for name in new for one in new[name].unique()}
    rows = new.to_dict("records")
    chosen: list[int] = []
    for at in random.Random(20260101).sample(range(len(obs)), len(obs)):
        if (here := wanted & set(rows[at].items())) or len(chosen) < 6:
            wanted -= here
            chosen.append(at)
    assert not wanted
    assert len(chosen) >= min(6, len(obs))
    return chosen


@pytest.mark.parametrize("mapping", ["deu/pks_time_series", "deu/pks_grundtabelle", "unodc/cts"])
def test_the_order_of_files_does_not_matter(built: Built, paths: Callable[[str], list[Path]], mapping: str) -> None:
    again = hz.build(list(reversed(paths(mapping))))
    assert len(again.sources) > 1
    assert_frame_equal(again.observations, built(mapping).observations)


def test_the_order_of_sources_does_not_matter(built: Built, paths: Callable[[str], list[Path]]) -> None:
    small = ["usa/dhs_yearbook_table_73", "mex/sesnsp_federal", "esp/ine_condenados", "deu/pks_time_series"]
    files = [path for mapping in small for path in paths(mapping)]
    first, second = hz.build(files).observations, hz.build(files[::-1]).observations
    assert_frame_equal(first, second)
    assert len(first) == sum(len(built(mapping).observations) for mapping in small)
    for mapping in small:
        one = pick(first, source=mapping).reset_index(drop=True)
        assert_frame_equal(one, built(mapping).observations)


@every_source
def test_a_second_build_gives_the_same_bytes(
    built: Built, paths: Callable[[str], list[Path]], tmp_path: Path, mapping: str
) -> None:
    first = built(mapping).write(tmp_path / "first")
    second = hz.build(paths(mapping)).write(tmp_path / "second")
    assert first.name == second.name == "observations.csv"
    assert first.read_bytes() == second.read_bytes()
    assert (tmp_path / "first" / "findings.csv").read_bytes() == (tmp_path / "second" / "findings.csv").read_bytes()
    lines = first.read_bytes().splitlines()
    assert lines[0].decode() == ",".join(CONTRACT)
    assert len(lines) == len(built(mapping).observations) + 1
