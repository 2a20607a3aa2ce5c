"""Observations: datasets against each other, what they cover, their change and their sums."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from .given import span

if TYPE_CHECKING:
    import pandas as pd

    from .given import Observed


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
    from ..comparing.observations import observations_of
    from ..comparing.reconcile import Tolerance
    from ..comparing.reconcile import reconcile as against

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
    from ..comparing.editions import editions as between
    from ..comparing.observations import observations_of
    from ..comparing.reconcile import Tolerance

    if not given:
        raise TypeError("give one dataset or more")
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
    from ..building.dataset import Dataset
    from ..comparing.coverage import coverage as covered
    from ..comparing.coverage import findings_in, findings_of
    from ..comparing.observations import observations_of

    findings = findings_in(Path(given)) if isinstance(given, str | Path) else None
    if isinstance(given, Dataset):
        findings = findings_of(given)
    return covered(observations_of(given, mappings), findings).to_pandas().astype({"findings": "Int64"})


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
    from ..comparing.growth import growth as growth_of
    from ..comparing.observations import observations_of

    return growth_of(observations_of(given, mappings), across_breaks=across_breaks).to_pandas()


def total(
    given: Observed,
    over: str | Sequence[str],
    *,
    periods: tuple[str | int, str | int] | None = None,
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
        Problem: it is no observations and cannot be built, `over` names another column, or `periods` are none.
    """
    from ..comparing.observations import observations_of
    from ..comparing.total import total as total_of

    table, own = observations_of(given, mappings), Path(mappings) if mappings else None
    return total_of(table, over, periods=span(periods), across_breaks=across_breaks, mappings=own).to_pandas()
