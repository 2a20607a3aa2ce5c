"""Adds cells by key: exact whatever their order, in memory that grows only with distinct keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import polars as pl

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

FEW_ROWS = 100_000
"""Batches up to here are kept and added once; exact cells of larger ones are added as they come."""
KEPT_ROWS = 2_000_000
"""Rows that are kept before they are added."""
LARGEST_ARRAY = 1 << 23
"""Keys below this are added in a plain array (64 MB), which no hash table can match."""

COLUMNS = {
    "key": pl.Int64,
    "cells": pl.UInt32,
    "value": pl.Float64,
    "lower": pl.Float64,
    "upper": pl.Float64,
    "unknown": pl.UInt32,
    "open": pl.UInt32,
    "most": pl.Float64,
    "status": pl.UInt32,
}
"""value, lower, upper: sums (of the known values, of the lower bounds, of the finite upper bounds); unknown, open:
cells without value, without upper bound; most: the largest lower bound of one cell; status: bits of figure.STATUSES."""


class Totals:
    """Sums by key. `add` takes the columns of COLUMNS; all figures are whole numbers below 2**53."""

    def __init__(self, *, need_largest: bool) -> None:
        self._need_largest = need_largest
        """the largest single cell matters (bounds where cells may overlap): exact cells cannot be folded early"""
        self._frames: list[pl.DataFrame] = []
        self._rows = 0
        self._count: NDArray[np.int64] | None = None
        self._sum: NDArray[np.float64] | None = None

    def add_exact(self, key: pl.Series, value: pl.Series) -> None:
        """Cells whose value is known: key (Int64) and value (Float64) per row."""
        highest = cast("int | None", key.max())
        if highest is None:
            return
        many = len(key) > FEW_ROWS or self._count is not None
        if many and not self._need_largest and highest < LARGEST_ARRAY:
            self._add_to_arrays(key, value, highest + 1)
            return
        n = len(key)
        zero, one = pl.repeat(0, n, dtype=pl.UInt32, eager=True), pl.repeat(1, n, dtype=pl.UInt32, eager=True)
        self.add(
            pl.DataFrame(
                {
                    "key": key,
                    "cells": one,
                    "value": value,
                    "lower": value,
                    "upper": value,
                    "unknown": zero,
                    "open": zero,
                    "most": value,
                    "status": zero,
                }
            )
        )

    def add(self, frame: pl.DataFrame) -> None:
        """Cells with bounds and status."""
        if frame.height:
            self._frames.append(frame.select(pl.col(name).cast(dtype) for name, dtype in COLUMNS.items()))
            self._rows += frame.height
            if self._rows > KEPT_ROWS:
                self._frames = [self._folded()]
                self._rows = self._frames[0].height // 2  # many distinct keys: fold less often, never without bound

    def _add_to_arrays(self, key: pl.Series, value: pl.Series, size: int) -> None:
        import numpy as np

        if self._count is None or self._sum is None:
            self._count, self._sum = np.zeros(0, np.int64), np.zeros(0)
        if size > len(self._count):
            more = max(size, min(2 * len(self._count), LARGEST_ARRAY)) - len(self._count)
            self._count = np.concatenate([self._count, np.zeros(more, np.int64)])
            self._sum = np.concatenate([self._sum, np.zeros(more)])
        keys = key.to_numpy()
        self._count[:size] += np.bincount(keys, minlength=size)
        self._sum[:size] += np.bincount(keys, weights=value.to_numpy(), minlength=size)

    def _folded(self) -> pl.DataFrame:
        frame = pl.concat(self._frames) if self._frames else pl.DataFrame(schema=COLUMNS)
        added = ("cells", "value", "lower", "upper", "unknown", "open")
        return (
            frame.group_by("key")
            .agg(*(pl.col(name).sum() for name in added), pl.col("most").max(), pl.col("status").bitwise_or())
            .select(*COLUMNS)
        )

    def result(self) -> pl.DataFrame:
        """One row per key, ordered by key (columns of COLUMNS)."""
        if self._count is not None and self._sum is not None:
            import numpy as np

            keys = np.flatnonzero(self._count)
            sums = pl.Series(self._sum[keys])
            self._frames.append(
                pl.DataFrame(
                    {
                        "key": pl.Series(keys),
                        "cells": pl.Series(self._count[keys]).cast(pl.UInt32),
                        "value": sums,
                        "lower": sums,
                        "upper": sums,
                        "unknown": pl.repeat(0, len(keys), dtype=pl.UInt32, eager=True),
                        "open": pl.repeat(0, len(keys), dtype=pl.UInt32, eager=True),
                        "most": sums,
                        "status": pl.repeat(0, len(keys), dtype=pl.UInt32, eager=True),
                    }
                )
            )
            self._count = self._sum = None
        return self._folded().sort("key")
