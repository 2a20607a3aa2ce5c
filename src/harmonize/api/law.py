"""Definitions and law: the common offences, how national law stands to them, and what countries publish."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ..model.finding import problem
from ..model.offence import Offence
from .given import day, listed, yardstick

if TYPE_CHECKING:
    import pandas as pd

    from ..model.offence import Yardstick
    from ..relations.comparison import Comparison


def offences() -> dict[str, Offence]:
    """Every common offence by code."""
    from ..model.catalog import offences as load

    return load()


def offence(code: str) -> Offence:
    """One common offence.

    Raises:
        Problem: there is no such code; the nearest are named.
    """
    from ..model.nearest import nearest

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
        at: an ISO day (a year or month: its first day); without it the law as it last stood in the texts read.
        against: whose definition is the yardstick: `protocol`, `eu` or `iccs`.
        mappings: a folder of your own mappings and laws, looked at before the ones that ship.

    Returns:
        The relation; `str()` is its word, `.beyond` and `.lacks` say what differs.

    Raises:
        Problem: there is no such area, code or offence, and the nearest are named; or no such day or yardstick.
    """
    from ..comparing.areas import category

    own = Path(mappings) if mappings else None
    return category(str(area), str(code), offence, day(at), yardstick(against), own)


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
        at: an ISO day (a year or month: its first day); without it the law as it last stood in the texts read.
        against: whose definition is the yardstick: `protocol`, `eu` or `iccs`.
        mappings: a folder of your own mappings and laws, looked at before the ones that ship.

    Returns:
        One row per provision, per statistical category, and for all criminal provisions of an area together:
        area, provision, category, relation, beyond, lacks, status, penalty_base, penalty_worst (texts). A penalty is
        the most the law threatens, never a sentence.

    Raises:
        Problem: there is no such offence or area, or a law has mistakes.
    """
    from ..comparing.areas import rows
    from ..comparing.frames import frame

    return frame(rows(offence, listed(areas), day(at), yardstick(against), Path(mappings) if mappings else None))


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
    from ..comparing.areas import rows
    from ..comparing.tiers import tiers

    return tiers(rows(offence, listed(areas), day(at), None, Path(mappings) if mappings else None), day(at))


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
    from ..comparing.published import published as rows

    return rows(listed(areas), Path(mappings) if mappings else None)
