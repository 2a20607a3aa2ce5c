"""One dataset from the crime statistics that countries really publish.

>>> import harmonize as hz
>>> hz.offence("SOM").iccs[0].code
'08051'
"""

from __future__ import annotations

from .api import Problem, build, offence, offences, validate

__all__ = ["Problem", "build", "offence", "offences", "validate"]
