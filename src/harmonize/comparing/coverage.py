"""What a dataset covers: pillar x area x indicator x years, from which source, and how well it fits and is known."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from ..kernel.attributes import WORST_FIRST
from ..model.catalog import codelist, offences
from ..model.finding import Severity
from ..model.observation import year_of
from .reconciliation_text import spans

if TYPE_CHECKING:
    from ..building.dataset import Dataset

KEYS = ("pillar", "ref_area", "offence", "indicator", "unit", "source")

COLUMNS = (*KEYS, "years", "elsewhere", "relation", "editions", "observations", "known", "bounded", "findings")
"""The columns of a coverage. `years` have a figure or bounds, in `elsewhere` it is counted inside another category."""

PILLARS = ("SOM", "TIP", "FTD", "context", "linked", "denominator")
"""In order; what counts no offence (`_Z`), as population does, is a denominator."""

Findings = Mapping[str, int]
"""Source -> how many places its findings name."""


def coverage(table: pl.DataFrame, findings: Findings | None = None) -> pl.DataFrame:
    """Count the observations of every pillar, area, offence, indicator, unit and source.

    Args:
        table: observations (contract columns).
        findings: of each source; without it the column `findings` is empty.

    Returns:
        COLUMNS. `years` and `elsewhere` are texts (`2013-2020, 2022`), `relation` the words that occur, worst first;
        `known` counts exact figures, `bounded` those known only between bounds, `findings` the places that findings
        of the whole source name.
    """
    by_key = with_kind(table).group_by(KEYS)
    counted = by_key.agg(
        years=_years(pl.col("kind").is_in(["known", "bounded"])),
        elsewhere=_years(pl.col("kind") == "elsewhere"),
        relation=pl.col("relation").unique(),
        editions=pl.col("edition").n_unique(),
        observations=pl.len(),
        known=(pl.col("kind") == "known").sum(),
        bounded=(pl.col("kind") == "bounded").sum(),
    )
    number = dict(findings or {})
    counted = counted.with_columns(
        *(pl.col(name).map_elements(_spans, pl.String, skip_nulls=False) for name in ("years", "elsewhere")),
        relation=pl.col("relation").map_elements(worst_first, pl.String),
        findings=pl.col("source").replace_strict(
            number, default=None if findings is None else 0, return_dtype=pl.Int64
        ),
    )
    rank = pl.col("pillar").replace_strict({name: i for i, name in enumerate(PILLARS)}, return_dtype=pl.UInt8)
    return counted.select(COLUMNS).sort(rank, *KEYS[1:])


def with_kind(table: pl.DataFrame) -> pl.DataFrame:
    """The observations with their `pillar`, their `year`, and the `kind` of what is known: `known` exactly,
    `bounded`, `elsewhere` (counted inside another category) or `missing`."""
    says_something = pl.col("upper").is_not_null() | (pl.col("lower") > 0)
    kind = (
        pl.when(pl.col("value").is_not_null())
        .then(pl.lit("known"))
        .when(pl.col("n_cells") == 0)
        .then(pl.lit("elsewhere"))
        .when(says_something)
        .then(pl.lit("bounded"))
        .otherwise(pl.lit("missing"))
    )
    years = {period: year_of(period) for period in table["time_period"].unique()}
    pillars = {code: offence.pillar for code, offence in offences().items()}
    return table.with_columns(
        pillar=pl.col("offence").replace_strict(pillars, default="denominator", return_dtype=pl.String),
        year=pl.col("time_period").replace_strict(years, return_dtype=pl.Int32),
        kind=kind,
    )


def worst_first(relations: pl.Series) -> str:
    """The relations that occur, joined.

    >>> worst_first(pl.Series(["exact", "broader"]))
    'broader, exact'
    """
    return ", ".join(relation for relation in map(str, WORST_FIRST) if relation in set(relations))


def _years(wanted: pl.Expr) -> pl.Expr:
    return pl.col("year").filter(wanted).unique()


def _spans(years: pl.Series) -> str:
    return spans([str(year) for year in years])


def is_national(source: str, area: str) -> bool:
    """Whether a source is of the area itself, or of the state that it is a part of.

    >>> is_national("deu/pks_grundtabelle", "DE-BY"), is_national("gbr/nrm", "GB-ENG"), is_national("unodc/cts", "DEU")
    (True, True, False)
    """
    return source.split("/")[0].upper() == state_of(area)


@cache
def _parents() -> dict[str, str]:
    return {row.code: row.parent for row in codelist("ref_area").codes if row.parent}


def state_of(area: str) -> str:
    """The state of a part of it, or of a part of a part; any other area as it is.

    >>> state_of("GB-ENG"), state_of("GBR"), state_of("EU27_2020")
    ('GBR', 'GBR', 'EU27_2020')
    """
    while area in _parents():
        area = _parents()[area]
    return area


def findings_of(dataset: Dataset) -> Findings:
    """How many places the findings of each source of a build name, those that inform left out."""
    return _counted(dataset.all_findings.frame(), _sources(dataset.sources))


def findings_in(path: Path) -> Findings | None:
    """The same of the folder of a build, or of the observations in it; None for anything else."""
    folder = path if path.is_dir() else path.parent
    listed, written = folder / "sources.json", folder / "findings.csv"
    is_observations = path == folder or path.stem == "observations"
    if not (is_observations and listed.is_file() and written.is_file()):
        return None
    entries = json.loads(listed.read_text(encoding="utf-8"))["sources"]
    frame = pl.read_csv(written, columns=["severity", "file"], schema_overrides={"file": pl.String})
    return _counted(frame, _sources(entries))


def _sources(entries: list[dict[str, Any]]) -> dict[str, str]:
    """The source of each file that was read."""
    return {entry["file"]: entry["mapping"] for entry in entries}


def _counted(findings: pl.DataFrame, sources: Mapping[str, str]) -> Findings:
    count = dict.fromkeys(sources.values(), 0)
    for file, places in findings.filter(pl.col("severity") != Severity.INFO).group_by("file").len().iter_rows():
        for source in {sources[name] for name in str(file).split("; ") if name in sources}:
            count[source] += places
    return count
