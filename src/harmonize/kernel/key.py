"""Packs the dimensions of a cell into one whole number: mixed radix, the period being the highest digit.

The other digits have as many values as their axis has codes, known from the mapping; periods are met while reading, so
the highest digit may grow without moving the others.
"""

from __future__ import annotations

import math
from typing import cast

import polars as pl

DIGITS = ("category", "measure", "ref_area", "sex", "age", "citizenship", "form")

SMALL = 2**31 - 1
"""Keys up to this are packed as Int32: half the memory to move."""


class Key:
    """The radix of each digit.

    Args:
        sizes: number of codes of each digit of DIGITS.
    """

    def __init__(self, sizes: dict[str, int]) -> None:
        self._sizes = {name: max(1, sizes[name]) for name in DIGITS}
        self.width = math.prod(self._sizes.values())
        if self.width > 2**48:
            raise ValueError(f"the axes of the mapping span {self.width:,} combinations, too many for one key")

    def pack(self, digits: dict[str, pl.Series | int], period: pl.Series) -> pl.Series:
        """One Int64 per row from the digits (Int32 columns, or one number for all rows)."""
        is_small = (cast("int | None", period.max()) or 0) < SMALL // self.width
        key = period.cast(pl.Int32 if is_small else pl.Int64)
        for name, size in self._sizes.items():
            if size > 1:
                digit = digits[name]
                key = key * size + digit
        return key.cast(pl.Int64)

    def unpack(self, key: str = "key") -> dict[str, pl.Expr]:
        """Expressions for each digit and `period`, from the column of keys."""
        rest, digits = pl.col(key), {}
        for name, size in reversed(self._sizes.items()):
            digits[name] = (rest % size).cast(pl.UInt32)
            rest = rest // size
        digits["period"] = rest.cast(pl.UInt32)
        return digits
