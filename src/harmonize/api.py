"""The public functions. Heavy libraries are imported when a function needs them, not before."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from .model.finding import Problem, Severity, problem
from .model.offence import Offence

__all__ = [
    "Problem",
    "build",
    "compare",
    "coverage",
    "editions",
    "growth",
    "offence",
    "offences",
    "penalties",
    "published",
    "reconcile",
    "relation",
    "template",
    "total",
    "validate",
]

if TYPE_CHECKING:
    import pandas as pd

    from .building.dataset import Dataset, Result
    from .checking.settled import Settings
    from .model.offence import Yardstick
    from .relations.comparison import Comparison

    Given = str | Path | pd.DataFrame
    Observed = str | Path | pd.DataFrame | Dataset


def build(
    files: Given | Sequence[Given],
    *,
    mapping: str | None = None,
    mappings: str | Path | None = None,
    only: Sequence[str] = (),
    config: str | Path | None = None,
    fail_on: Literal["error", "warning"] = "error",
    progress: Callable[[str], None] | None = None,
) -> Dataset:
    """Harmonize national files.

    Args:
        files: one or several paths, or pandas DataFrames (their columns are the file's header).
        mapping: id of the mapping, such as `deu/pks_time_series`; without it each file is recognised.
        mappings: a folder of your own mappings, looked at before the ones that ship.
        only: relations such as `("exact", "narrower")`: observations of any other are left out.
        config: severities of rules, a harmonize.toml or pyproject.toml; none is looked for.
        fail_on: the severity from which on there is no dataset.
        progress: called with a line of text at each step.

    Returns:
        The dataset: `.observations`, `.findings`, `.explain(row)`, `.write(folder)`.

    Raises:
        Problem: findings at or above `fail_on`, all of them, of all files.
    """
    from .building.build import run

    settings = _settings(config)
    dataset = run(_listed(files), mapping=mapping, mappings=mappings, only=only, progress=progress or (lambda _: None))
    if settings:
        dataset.all_findings = settings.applied(dataset.all_findings, _listed(files)).everything
    dataset.threshold = Severity(fail_on)
    if not dataset.ok:
        raise dataset.problem()
    return dataset


def validate(
    files: Given | Sequence[Given],
    *,
    mapping: str | None = None,
    mappings: str | Path | None = None,
    previous: Observed | None = None,
    config: str | Path | None = None,
    baseline: str | Path | None = None,
    fail_on: Literal["error", "warning"] = "error",
    progress: Callable[[str], None] | None = None,
) -> Result:
    """Look for everything that is wrong with files, without making a dataset. No symbolic link is followed.

    Args:
        previous: the last submission or its dataset: relations that got worse are findings.
        baseline: findings that are known, as `harmonize validate --write-baseline` writes them.

    Returns:
        `.ok` and `.findings`; other arguments as in `build`. What is wrong with a file is never raised. A finding
        that settings or baseline accept is an info that says why.

    Raises:
        Problem: only where there is no such mapping, settings or baseline, or they have mistakes.
    """
    from .building.build import run
    from .building.dataset import Result

    settings = _settings(config, baseline)
    last = None
    if previous is not None:
        from .comparing.observations import observations_of

        last = observations_of(previous, mappings)
    dataset = run(
        _listed(files),
        mapping=mapping,
        mappings=mappings,
        follow_links=False,
        previous=last,
        keep=False,
        progress=progress or (lambda _: None),
    )
    if settings:
        dataset.all_findings = settings.applied(dataset.all_findings, _listed(files)).everything
    return Result(dataset.all_findings, Severity(fail_on))


def _settings(config: str | Path | None, baseline: str | Path | None = None) -> Settings | None:
    """What was set, read before any file is."""
    if config is None and baseline is None:
        return None
    from .checking.settled import Settings

    return Settings.read(*(Path(one) if one else None for one in (config, baseline)))


def _listed(given: Any) -> list[Any]:
    return list(given) if isinstance(given, list | tuple) else [given]


def offences() -> dict[str, Offence]:
    """Every common offence by code."""
    from .model.catalog import offences as load

    return load()


def offence(code: str) -> Offence:
    """One common offence.

    Raises:
        Problem: there is no such code; the nearest are named.
    """
    from .model.nearest import nearest

    known = offences()
    if code not in known:
        raise problem(
            "offence-unknown",
            f"there is no common offence {code!r}",
            suggestion=", ".join(nearest(code, known)),
        )
    return known[code]


def relation(
    area: str,
    code: str,
    offence: str,
    *,
    at: str | None = None,
    against: Yardstick | None = None,
    mappings: str | Path | None = None,
) -> Comparison:
    """How a national category stands to a common offence, computed from the elements of its provisions.

    >>> import harmonize as hz
    >>> str(hz.relation("DEU", "725200", "SOM"))
    'broader'

    Args:
        area: a country or the EU, such as `DEU`.
        code: a national code of its statistics (`725200`), or the id of a provision (`DE_96_1_1`).
        offence: a common offence.
        at: an ISO day; without it the law as it last stood in the texts read.
        against: whose definition is the yardstick: `protocol`, `eu` or `iccs`.
        mappings: a folder of your own mappings and laws, looked at before the ones that ship.

    Returns:
        The relation; `str()` is its word, `.beyond` and `.lacks` say what differs.

    Raises:
        Problem: there is no such area, code or offence; the nearest are named.
    """
    from .comparing.areas import LATEST, category

    return category(area, code, offence, at or LATEST, against, Path(mappings) if mappings else None)


def compare(
    offence: str,
    areas: str | Sequence[str] = (),
    *,
    at: str | None = None,
    against: Yardstick | None = None,
    mappings: str | Path | None = None,
) -> pd.DataFrame:
    """Each country's law and statistical categories against a common offence.

    Args:
        offence: a common offence, such as `SOM`.
        areas: one or several, such as `["DEU", "FRA"]`; none means all that have a law.
        at: an ISO day; without it the law as it last stood in the texts read.
        against: whose definition is the yardstick: `protocol`, `eu` or `iccs`.
        mappings: a folder of your own mappings and laws, looked at before the ones that ship.

    Returns:
        One row per provision, per statistical category, and for all criminal provisions of an area together:
        area, provision, category, relation, beyond, lacks, status, penalty_base, penalty_worst (texts). A penalty is
        the most the law threatens, never a sentence.

    Raises:
        Problem: there is no such offence or area, or a law has mistakes.
    """
    from .comparing.areas import LATEST, rows
    from .comparing.frames import frame

    return frame(rows(offence, _listed(areas), at or LATEST, against, Path(mappings) if mappings else None))


def penalties(
    offence: str, areas: str | Sequence[str] = (), *, at: str | None = None, mappings: str | Path | None = None
) -> pd.DataFrame:
    """What the laws threaten for an offence, tier by tier; arguments as in `compare`.

    Returns:
        One row per tier: area, provision, tier, trigger, minimum and maximum (years, float64; twelve months are a
        year), life, fine and currency (as the law writes them), status. A maximum is not a sentence.

    Raises:
        Problem: there is no such offence or area, or a law has mistakes.
    """
    from .comparing.areas import LATEST, rows
    from .comparing.tiers import tiers

    return tiers(rows(offence, _listed(areas), at or LATEST, None, Path(mappings) if mappings else None), at or LATEST)


def published(areas: str | Sequence[str] = (), *, mappings: str | Path | None = None) -> pd.DataFrame:
    """What countries publish about smuggling, trafficking and fraudulent documents, and what is missing.

    >>> import harmonize as hz
    >>> frame = hz.published("ITA")
    >>> frame.loc[frame["pillar"] == "SOM", ["fit", "read_by"]].values.tolist()
    [['no_line', 'ita/statdel_national ita/statdel_provinces ita/statdel_persons_provinces'], ['missing', '']]

    Args:
        areas: one or several, such as `["DEU", "FRA"]`; none means all that are written down.
        mappings: a folder of your own mappings and statistics, looked at before the ones that ship.

    Returns:
        One row per area, pillar and publication, and per thing that is missing. Texts: area, pillar, fit (own_line,
        shared_line, no_line, missing), publication, publisher, categories, offences, indicators, unit, stage,
        input_or_output, principal_offence_rule, attempts_included, reference_period; first_year, last_year (Int64);
        read_by (ids of mappings, or of sources that cannot answer), note, unverified (the columns that are background
        knowledge), evidence (of the row as a whole), source.

    Raises:
        Problem: of an area nothing is written down, or a file has mistakes.
    """
    from .comparing.published import published as rows

    return rows(_listed(areas), Path(mappings) if mappings else None)


def reconcile(
    a: Observed, b: Observed, *, tolerance: float | str = 0.0, mappings: str | Path | None = None
) -> pd.DataFrame:
    """Two datasets that claim to say the same thing, on their shared keys.

    Args:
        a: a dataset, its observations, a file or folder of a build, or a published file, which is built.
        b: the other side. Of each source the latest edition is compared.
        tolerance: how far figures may lie apart: a number, or a share such as `"2%"`.
        mappings: a folder of your own mappings, looked at before the ones that ship.

    Returns:
        One row per pair and per figure of one side: the key, `value_a`, `value_b`, their bounds, `difference` (A less
        B), `ratio` (A by B), `verdict` (equal, within_rounding, within_bounds, within_tolerance, differs,
        not_comparable, no_figure, only_a, only_b), `reason`, and relation, source, edition, codes and status of each.

    Raises:
        Problem: a side is no observations and cannot be built, or the tolerance is no number.
    """
    from .comparing.observations import observations_of
    from .comparing.reconcile import Tolerance
    from .comparing.reconcile import reconcile as against

    return against(observations_of(a, mappings), observations_of(b, mappings), Tolerance.of(tolerance)).to_pandas()


def editions(*given: Observed, tolerance: float | str = 0.0, mappings: str | Path | None = None) -> pd.DataFrame:
    """Editions of each source against the one before: what was revised, added, removed, and what looks like damage.

    Args:
        given: one or several datasets, as in `reconcile`; all their editions are compared.
        tolerance: revisions up to this are `within_tolerance`.
        mappings: a folder of your own mappings, looked at before the ones that ship.

    Returns:
        As `reconcile`, A being the earlier edition; the verdicts are equal, within_*, revised, added, removed,
        new_period, period_dropped. `reason` names suspected damage.

    Raises:
        Problem: as in `reconcile`.
    """
    from .comparing.editions import editions as between
    from .comparing.observations import observations_of
    from .comparing.reconcile import Tolerance

    return between([observations_of(one, mappings) for one in given], Tolerance.of(tolerance)).to_pandas()


def coverage(given: Observed, *, mappings: str | Path | None = None) -> pd.DataFrame:
    """What a dataset covers.

    Args:
        given: a dataset, its observations, a file or folder of a build, or a published file, which is built.
        mappings: a folder of your own mappings, looked at before the ones that ship.

    Returns:
        One row per pillar, area, offence, indicator, unit and source: `years` with a figure or bounds, years in which
        it is counted `elsewhere` (texts such as `2013-2020, 2022`), `relation` (all that occur, worst first), and how
        many `editions`, `observations`, exact figures (`known`), figures known only between bounds (`bounded`), and
        places in errors and warnings of the whole source (`findings`, empty where they are not known).

    Raises:
        Problem: it is no observations and cannot be built.
    """
    from .building.dataset import Dataset
    from .comparing.coverage import coverage as covered
    from .comparing.coverage import findings_in, findings_of
    from .comparing.observations import observations_of

    findings = findings_in(Path(given)) if isinstance(given, str | Path) else None
    if isinstance(given, Dataset):
        findings = findings_of(given)
    return covered(observations_of(given, mappings), findings).to_pandas().astype({"findings": "Int64"})


def template(
    area: str,
    path: str | Path,
    *,
    offences: Sequence[str] = (),
    periods: Sequence[str | int] = (),
    indicators: Sequence[str] = (),
) -> list[Path]:
    """Write an empty submission for an office to fill: the rows of the figures, and the form of their metadata.

    Args:
        area: whose figures, such as `CAN`.
        path: F.xlsx, a workbook with drop-downs (needs XlsxWriter); or F.csv, with the form beside it.
        offences: common offences; none means SOM, TIP and FTD.
        periods: such as 2020 or `2020-Q3`; none means the last five years.
        indicators: none means those that fit the offences (template_indicator.csv).

    Returns:
        The files written. One that is there already is never overwritten.

    Raises:
        Problem: there is no such area, offence or indicator (all are named); another ending; the file is there.
    """
    from .writing.template import PILLARS, Template, write_template

    named = tuple(str(period) for period in periods)
    return write_template(Template(area, tuple(offences) or PILLARS, named, tuple(indicators)), Path(path))


def growth(given: Observed, *, across_breaks: bool = False, mappings: str | Path | None = None) -> pd.DataFrame:
    """The yearly change of every series: each observation against the same period one year earlier.

    Args:
        given: a dataset, its observations, a file or folder of a build, or a published file, which is built.
        across_breaks: also over breaks (status B) and changes of relation; `reason` still names them.
        mappings: a folder of your own mappings, looked at before the ones that ship.

    Returns:
        One row per observation, in its order: the series, `previous` (the period before), `value`, `before`, `change`
        in the unit of the figure and `growth` as a share, both with bounds that contain them (`change_lower` ...), and
        `reason`: why there is none. Never over a gap or another kind of period.

    Raises:
        Problem: it is no observations and cannot be built.
    """
    from .comparing.growth import growth as growth_of
    from .comparing.observations import observations_of

    return growth_of(observations_of(given, mappings), across_breaks=across_breaks).to_pandas()


def total(
    given: Observed,
    over: str | Sequence[str],
    *,
    periods: tuple[str, str] | None = None,
    across_breaks: bool = False,
    mappings: str | Path | None = None,
) -> pd.DataFrame:
    """Sums over years, areas, offences or breakdowns, within their bounds; none where the figures may not be added.

    Args:
        given: a dataset, its observations, a file or folder of a build, or a published file, which is built.
        over: one or several of time_period, ref_area, offence, sex, age, citizenship, form.
        periods: the first and last that each sum should hold, `("2015", "2020")`; one that lacks leaves it open above.
        across_breaks: also over breaks (status B); `reason` still names them.
        mappings: a folder of your own mappings, looked at before the ones that ship.

    Returns:
        The contract columns, one row for each combination of the columns that are not added over, then `parts` (how
        many observations) and `reason` (why there is no sum). Codes that were added stand joined by `+`, the time as
        its first and last day.

    Raises:
        Problem: it is no observations and cannot be built, or `over` names another column.
    """
    from .comparing.observations import observations_of
    from .comparing.total import total as total_of

    table, own = observations_of(given, mappings), Path(mappings) if mappings else None
    return total_of(table, over, periods=periods, across_breaks=across_breaks, mappings=own).to_pandas()
