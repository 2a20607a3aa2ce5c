"""What may be given to the public functions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast, get_args

from ..model.argument import one_of
from ..model.finding import Severity, problem

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl

    from ..building.dataset import Dataset
    from ..model.offence import Yardstick

    Given = str | Path | pd.DataFrame | pl.DataFrame
    Observed = str | Path | pd.DataFrame | pl.DataFrame | Dataset

FAIL_ON = ("error", "warning")
"""Severities at which a caller can stop; an info is never a reason."""


def day(at: str | None) -> str:
    """The ISO day of the law that is asked for; the latest where none is.

    Raises:
        Problem: it is no day.
    """
    from ..model.observation import day_of
    from ..model.provision import LATEST

    try:
        return LATEST if at is None else day_of(str(at))
    except ValueError as error:
        raise problem("argument-invalid", f"`at`: {error}") from None


def span(periods: Sequence[Any] | None) -> tuple[str, str] | None:
    """The first and last period that are asked for; years may be numbers.

    Raises:
        Problem: these are not two periods in their order.
    """
    from ..model.observation import DURATION, days_of, exists

    if periods is None:
        return None
    texts = words(periods)
    try:
        if len(texts) == 2 and all(re.fullmatch(DURATION, one) and exists(one) for one in texts):
            first, last = texts
            if days_of(first)[0] <= days_of(last)[1]:
                return first, last
    except ValueError:
        pass
    raise problem("argument-invalid", f"`periods`: {periods!r} are no first and last period such as ('2015', '2020')")


def yardstick(against: Any) -> Yardstick | None:
    """Whose definition is asked for.

    Raises:
        Problem: nobody's.
    """
    from ..model.offence import Yardstick

    if against is not None:
        one_of("against", against, get_args(Yardstick))
    return cast("Yardstick | None", against)


def threshold(fail_on: Any) -> Severity:
    """The severity from which on there is no dataset.

    Raises:
        Problem: it is none that a caller can set.
    """
    one_of("fail_on", fail_on, FAIL_ON)
    return Severity(fail_on)


def words(given: Any) -> list[str]:
    """A word or number, or several of them, as texts: `"SOM"` is one, and not three letters."""
    return [str(one) for one in ([given] if isinstance(given, str | int) else given)]


def listed(given: Any) -> list[Any]:
    """One, or several: as a list."""
    return list(given) if isinstance(given, list | tuple) else [given]
