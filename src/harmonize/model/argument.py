"""Arguments of public functions that are one word of a few."""

from __future__ import annotations

from collections.abc import Sequence

from .finding import problem
from .nearest import nearest


def one_of(name: str, given: object, known: Sequence[str]) -> None:
    """
    Raises:
        Problem: what was given for the argument of this name is none of the words known; the nearest are named.
    """
    if given not in known:
        near = ", ".join(nearest(given, known)) if isinstance(given, str) else ""
        raise problem("argument-invalid", f"`{name}`: {given!r} is none of {', '.join(known)}", suggestion=near)
