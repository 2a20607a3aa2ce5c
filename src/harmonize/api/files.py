"""Files: build a dataset of them, validate them, and the template of a submission."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from .given import listed, threshold, words

if TYPE_CHECKING:
    from ..building.dataset import Dataset, Result
    from ..checking.settled import Settings
    from .given import Given, Observed


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
        Problem: findings at or above `fail_on`, all of them, of all files; or an argument is none that there is.
    """
    from ..building.build import run

    severity, settings = threshold(fail_on), _settings(config)
    dataset = run(
        listed(files), mapping=mapping, mappings=mappings, only=words(only), progress=progress or (lambda _: None)
    )
    if settings:
        dataset.all_findings = settings.applied(dataset.all_findings, dataset.files).everything
    dataset.threshold = severity
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
        previous: the last submission or its dataset: relations that got worse are findings, and its years before those
            of the new one are the history of its figures.
        baseline: findings that are known, as `harmonize validate --write-baseline` writes them.

    Returns:
        `.ok` and `.findings`; other arguments as in `build`. What is wrong with a file is never raised. A finding
        that settings or baseline accept is an info that says why.

    Raises:
        Problem: only where there is no such mapping, settings, baseline or `fail_on`, or they have mistakes.
    """
    from ..building.build import run
    from ..building.dataset import Result

    severity, settings = threshold(fail_on), _settings(config, baseline)
    last = None
    if previous is not None:
        from ..comparing.observations import observations_of

        last = observations_of(previous, mappings)
    dataset = run(
        listed(files),
        mapping=mapping,
        mappings=mappings,
        follow_links=False,
        previous=last,
        keep=False,
        progress=progress or (lambda _: None),
    )
    if settings:
        dataset.all_findings = settings.applied(dataset.all_findings, dataset.files).everything
    return Result(dataset.all_findings, severity)


def _settings(config: str | Path | None, baseline: str | Path | None = None) -> Settings | None:
    """What was set, read before any file is."""
    if config is None and baseline is None:
        return None
    from ..checking.settled import Settings

    return Settings.read(*(Path(one) if one else None for one in (config, baseline)))


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
        Problem: there is no such area, offence or indicator (all are named); another ending; the file is there, or
            cannot be written.
    """
    from ..model.statistics import PILLARS
    from ..writing.template import Template, write_template
    from ..writing.whole import into

    wanted = Template(area, tuple(words(offences)) or PILLARS, tuple(words(periods)), tuple(words(indicators)))
    with into(Path(path).parent):
        return write_template(wanted, Path(path))
