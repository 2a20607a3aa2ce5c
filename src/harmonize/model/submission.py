"""The common format: a table of the contract columns that an office submits, and what it may leave out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Annotated, Any

from pydantic import TypeAdapter
from pydantic.fields import FieldInfo

from .observation import COLUMNS, Observation

SUBMISSION = "submission"
"""The source of an observation that an office submitted and that names no other."""

REQUIRED = ("ref_area", "time_period", "offence", "indicator", "value", "unit")
"""Columns that every submission has."""

DIMENSIONS = ("ref_area", "time_period", "offence", "indicator", "sex", "age", "citizenship", "form", "unit")

WHEN_EMPTY = {
    **dict.fromkeys(("sex", "age", "citizenship", "form"), "_T"),
    "obs_status": "A",
    "relation": "unknown",
    "source": SUBMISSION,
    "edition": "",
    "national_codes": "",
    "n_cells": "1",
}
"""What an empty cell, or a column that is not there, stands for. Relation and edition come from the metadata."""

NUMBERS = ("value", "lower", "upper")

TEXTS = tuple(name for name in COLUMNS if name not in NUMBERS)

HEADINGS = {"OBS_VALUE": "value", "UNIT_MEASURE": "unit"} | {name.upper(): name for name in COLUMNS}
"""What headers in capitals name: the columns by our names, and by those of SDMX-CSV where they differ."""

SDMX_ONLY = ("DATAFLOW", "STRUCTURE", "STRUCTURE_ID", "STRUCTURE_NAME")

ACTION = "ACTION"
"""What an SDMX-CSV 2.0 message asks to be done with a row. A row to be deleted is no observation."""

ACTIONS = ("", "I", "A", "R", "M")
"""Information, append, replace, merge: the row is there."""

OWN = ("offence", "indicator", "citizenship", "form", "relation", "national_codes", "n_cells")
"""Columns that hardly any publisher's own table has."""

NO_VALUE = "QOMLK"
"""Statuses of a figure that is not there (SDMX CL_OBS_STATUS; K as DESIGN section 3 has it)."""

REASONS = "Q suppressed, O missing, M cannot exist, L not collected, K included elsewhere"
"""The same in words."""

_NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,20})?")
_WHOLE = re.compile(r"[0-9]{1,9}")


def is_heading(names: list[str]) -> bool:
    """Whether a header is that of the common format: most of its columns, and two that nobody else has.

    >>> is_heading(["ref_area", "time_period", "offence", "indicator", "value", "unit"])
    True
    >>> is_heading(["REF_AREA", "SEX", "AGE", "TIME_PERIOD", "OBS_VALUE", "UNIT_MEASURE", "OBS_STATUS"])
    False
    """
    found = {column_of(name) for name in names} & set(COLUMNS)
    return len(found) >= 5 and len(found & set(OWN)) >= 2


def column_of(name: str) -> str:
    """The contract column that a header names, in our words or those of SDMX-CSV, in any case; else the header itself.

    >>> column_of("OBS_VALUE"), column_of(" Value "), column_of("Wert")
    ('value', 'value', 'Wert')
    """
    name = name.strip()
    capitals = name.upper().partition("[")[0]  # SDMX-CSV 2.0 writes `STRUCTURE[;]`, with the mark between values
    return capitals if capitals in (ACTION, *SDMX_ONLY) else HEADINGS.get(capitals, name)


def number(text: str) -> float:
    """A figure of the common format: digits, with a point before decimals, nothing else. 15 digits are exact.

    >>> number("12.5"), number("-3")
    (12.5, -3.0)

    Raises:
        ValueError: anything else; marks are not guessed.
    """
    if not _NUMBER.fullmatch(text):
        raise ValueError(
            "is no number of the common format: at most 15 digits, a point before decimals, no thousands mark"
        )
    return float(text)


def whole(text: str) -> int:
    """A number of cells.

    Raises:
        ValueError: anything but up to nine digits.
    """
    if not _WHOLE.fullmatch(text):
        raise ValueError("is no whole number of at most nine digits")
    return int(text)


@cache
def adapters() -> dict[str, TypeAdapter[object]]:
    """The validator of each column, taken from the model of an observation."""
    return {name: adapter_of(field) for name, field in Observation.model_fields.items()}


def adapter_of(field: FieldInfo) -> TypeAdapter[object]:
    """The validator of one field of a model, by itself."""
    kind: Any = field.annotation
    for metadata in field.metadata:
        kind = Annotated[kind, metadata]
    return TypeAdapter(kind)


def observation_of(texts: Mapping[str, str]) -> Observation:
    """One row of texts as an observation: what the columnar check must agree with, row by row.

    Raises:
        ValueError: the row is no observation (pydantic's ValidationError is one).
    """
    given = {name: texts.get(name, "").strip() or WHEN_EMPTY.get(name, "") for name in COLUMNS}
    row: dict[str, object] = {name: text for name, text in given.items() if text or name in WHEN_EMPTY}
    row |= {name: number(given[name]) for name in NUMBERS if given[name]}
    row["n_cells"] = whole(given["n_cells"])
    return Observation.model_validate(row)
