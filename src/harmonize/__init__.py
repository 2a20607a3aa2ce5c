"""One dataset from the crime statistics that countries really publish.

>>> import harmonize as hz
>>> hz.offence("SOM").iccs[0].code
'08051'
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .api import (
        Problem,
        build,
        compare,
        coverage,
        editions,
        growth,
        offence,
        offences,
        penalties,
        published,
        reconcile,
        relation,
        template,
        total,
        validate,
    )

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


def __getattr__(name: str) -> Any:
    """The public names on demand: importing harmonize imports no data library, and the command starts at once."""
    if name == "__version__":
        from .release import version

        return version()
    if name not in __all__:
        raise AttributeError(f"module 'harmonize' has no attribute {name!r}")
    from . import api

    return getattr(api, name)
