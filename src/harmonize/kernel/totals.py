"""Adds cells by key: exact whatever their order, in memory that grows only with distinct keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import polars as pl

if TYPE_CHECKING:
    from numpy.typing import NDArray

MANY_ROWS = 100_000
"""From here on rows are added as they come; fewer are kept and added once."""
LARGEST_ARRAY = 1 << 23
"""Keys below this are added in plain arrays (64 MB each), which no hash table can match."""

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

ARRAYS = {name: dtype for name, dtype in COLUMNS.items() if name != "key"} | {"exact": pl.Float64}
"""What plain arrays hold; exact: the figures whose value and bounds are one number, added once."""

ADDED = ("cells", "value", "lower", "upper", "unknown", "open")


class Totals:
    """Sums by key. All figures are whole numbers below 2**53, so that no order of adding changes a sum."""

    def __init__(self, *, need_largest: bool) -> None:
        self._need_largest = need_largest
        """whether `most` matters (where cells of one key may overlap)"""
        self._frames: list[pl.DataFrame] = []
        self._rows = 0
        self._arrays: dict[str, NDArray[Any]] = {}

    def add_exact(self, key: pl.Series, value: pl.Series) -> None:
        """Cells whose value is known: key (Int64) and value (Float64) per row."""
        if len(key) >= MANY_ROWS and cast("int", key.max()) < LARGEST_ARRAY:
            self._add_exact_to_arrays(key, value)
            return
        frame = pl.DataFrame({"key": key, "value": value, "lower": value, "upper": value, "most": value})
        self.add(frame.with_columns(cells=1, unknown=0, open=0, status=0))

    def add(self, frame: pl.DataFrame) -> None:
        """Cells with bounds and status, or sums of them (columns of COLUMNS)."""
        if not frame.height:
            return
        self._frames.append(frame.select(pl.col(name).cast(dtype) for name, dtype in COLUMNS.items()))
        self._rows += frame.height
        if self._rows >= MANY_ROWS:
            self._fold()

    def _fold(self) -> None:
        """Add what has been kept: into the arrays where the keys are small, else by key."""
        frame = pl.concat(self._frames) if self._frames else pl.DataFrame(schema=COLUMNS)
        highest = cast("int | None", frame["key"].max())
        if self._rows >= MANY_ROWS and highest is not None and highest < LARGEST_ARRAY:
            self._add_to_arrays(frame, highest + 1)
            self._frames, self._rows = [], 0
            return
        grouped = _by_key(frame)
        self._frames = [grouped]
        self._rows = -grouped.height  # as many new rows again before the next fold: folding stays linear

    def _grow(self, size: int) -> None:
        import numpy as np

        old = len(self._arrays["cells"]) if self._arrays else 0
        if size <= old:
            return
        larger = max(size, min(2 * old, LARGEST_ARRAY))
        for name, dtype in ARRAYS.items():
            array = np.zeros(larger, np.float64 if dtype == pl.Float64 else np.int64)  # pages untouched cost nothing
            array[:old] = self._arrays.get(name, 0)
            self._arrays[name] = array

    def _add_exact_to_arrays(self, key: pl.Series, value: pl.Series) -> None:
        import numpy as np

        self._grow(cast("int", key.max()) + 1)
        keys, values = key.to_numpy(), value.to_numpy()
        np.add.at(self._arrays["cells"], keys, 1)
        np.add.at(self._arrays["exact"], keys, values)
        if self._need_largest:
            np.maximum.at(self._arrays["most"], keys, values)

    def _add_to_arrays(self, frame: pl.DataFrame, size: int) -> None:
        import numpy as np

        self._grow(size)
        keys = frame["key"].to_numpy()
        for name in ADDED:  # of the arrays' own type: numpy is ten times slower where it has to convert
            np.add.at(self._arrays[name], keys, frame[name].to_numpy().astype(self._arrays[name].dtype))
        if self._need_largest:
            np.maximum.at(self._arrays["most"], keys, frame["most"].to_numpy())
        with_status = frame.filter(pl.col("status") > 0)
        status = with_status["status"].to_numpy().astype(np.int64)
        np.bitwise_or.at(self._arrays["status"], with_status["key"].to_numpy(), status)

    def result(self) -> pl.DataFrame:
        """One row per key, ordered by key (columns of COLUMNS)."""
        kept = pl.concat(self._frames) if self._frames else pl.DataFrame(schema=COLUMNS)
        highest = cast("int | None", kept["key"].max())
        if self._arrays and highest is not None and highest < LARGEST_ARRAY:
            self._add_to_arrays(kept, highest + 1)
            kept = kept.clear()
        if not self._arrays:
            return _by_key(kept).sort("key")
        added = self._from_arrays()
        return _by_key(pl.concat([kept, added])).sort("key") if kept.height else added

    def _from_arrays(self) -> pl.DataFrame:
        import numpy as np

        keys = pl.Series(np.flatnonzero(self._arrays["cells"]))
        at = keys.cast(pl.UInt32)
        frame = pl.DataFrame(
            {"key": keys} | {name: pl.Series(array).gather(at) for name, array in self._arrays.items()}
        )
        frame = frame.with_columns(pl.col("value", "lower", "upper") + pl.col("exact"))
        return frame.select(pl.col(name).cast(dtype) for name, dtype in COLUMNS.items())


def _by_key(frame: pl.DataFrame) -> pl.DataFrame:
    sums = (pl.col(name).sum() for name in ADDED)
    grouped = frame.group_by("key").agg(*sums, pl.col("most").max(), pl.col("status").bitwise_or())
    return grouped.select(*COLUMNS)
