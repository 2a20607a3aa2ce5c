"""What is done otherwise with large files (batches, portions, arrays) gives what is done with small ones."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import pytest
from polars.testing import assert_frame_equal

from harmonize.building.dataset import Dataset
from harmonize.building.everything import everything

LARGE = {
    "reading.stream": {"STREAM_FROM": 0},
    "reading.plain": {"PIECE_BYTES": 1 << 18, "CACHE_BYTES": 1 << 12},
    "reading.delimited": {"CHUNK_ROWS": 500},
    "checking.screen": {"FEW": 0, "SPARSE": 1},
    "checking.place": {"PORTION": 3_000, "BUCKET_BITS": 8},
    "checking.hierarchy": {"PORTION": 3_000},
    "kernel.rank": {"MANY_ROWS": 1, "BLOCK": 1 << 10, "WINDOW": 1 << 12, "DENSE": 2},
    "kernel.totals": {"MANY_ROWS": 1},
    "kernel.memo": {"MANY_NEW": 20},
    "kernel.figures": {"REMEMBERED": 2_000, "MANY_TEXTS": 50},
    "building.feed": {"MANY_ROWS": 1, "FEW_ROWS": 0},
}
"""From how many rows or bytes on files are large, and how much of them is worked on at a time."""


def test_the_dataset_is_the_same_when_every_file_counts_as_large(
    everything_built: Dataset, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module, numbers in LARGE.items():
        for name, number in numbers.items():
            monkeypatch.setattr(import_module(f"harmonize.{module}"), name, number)
    large = everything(data)
    assert large.table.height > 200_000
    assert_frame_equal(large.table, everything_built.table)
    assert_frame_equal(large.all_findings.frame(), everything_built.all_findings.frame())
