"""The public functions. Heavy libraries are imported when a function needs them, not before."""

from __future__ import annotations

from ..model.finding import Problem
from .files import build, template, validate
from .law import compare, offence, offences, penalties, published, relation
from .observations import coverage, editions, growth, reconcile, total

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
