"""The texts of the figure column: what publishers write where a number should be."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import polars as pl

Kind = Literal["ordinary", "distinct", "refused"]
KINDS: tuple[Kind, ...] = ("ordinary", "distinct", "refused")

NO_BREAK, NARROW_NO_BREAK = "\u00a0", "\u202f"
DAMAGED = (
    "n/a?",
    "#REF!",
    "12x",
    "1,2,3",
    "--",
    "1 23",
    "5<",
    "cc",
    "1e3",
    "-7",
    "?",
    "\u0663\u0664",  # Arabic-Indic digits: `\d` and int() accept them, the file's number format does not
    "12 q",
    "1.23",
    "1 234.567",
    "12 34 567",
)


@dataclass(frozen=True, slots=True)
class Pools:
    """All texts that can be drawn, one pool after the other, and the share of rows of each pool."""

    texts: pl.Series
    starts: np.ndarray[tuple[int], np.dtype[np.int64]]
    sizes: np.ndarray[tuple[int], np.dtype[np.int64]]
    shares: tuple[float, ...]

    def draw(self, rng: np.random.Generator, rows: int) -> pl.Series:
        """Draw one text per row: first its pool, then a text of the pool."""
        pool = rng.choice(len(self.shares), rows, p=self.shares)
        index = self.starts[pool] + (rng.random(rows) * self.sizes[pool]).astype(np.int64)
        return self.texts.gather(pl.Series(index))


def pools(seed: int) -> Pools:
    """Build the pools of the ordinary file; a pool repeats a text as often as it should be likelier."""
    rng = np.random.default_rng(seed)
    plain = [str(int(x)) for x in np.minimum(rng.lognormal(2.0, 2.0, 200_000), 99_999)]
    large = [int(x) for x in rng.integers(1_000, 3_000_000, 20_000)]
    marks = (" ", NO_BREAK, NARROW_NO_BREAK)
    spaced = [grouped(number, marks[i % 3]) for i, number in enumerate(large)]
    dotted = [grouped(number, ".") for number in large[:2_000]]
    flagged = [f"{int(x)} {'bp'[i % 2]}" for i, x in enumerate(rng.integers(0, 900, 2_000))]
    parts: tuple[tuple[list[str], float], ...] = (
        (plain, 0.88),
        (spaced, 0.04),
        (dotted, 0.005),
        (["<5"], 0.03),
        (["", ":", "..", ":"], 0.014),
        (["c"], 0.01),
        (["-"], 0.001),
        (flagged, 0.015),
        (list(DAMAGED), 0.005),
    )
    sizes = np.array([len(texts) for texts, _ in parts], dtype=np.int64)
    texts = pl.Series([text for texts, _ in parts for text in texts])
    return Pools(texts, np.cumsum(sizes) - sizes, sizes, tuple(share for _, share in parts))


def grouped(number: int, mark: str) -> str:
    """Write a number with a mark between groups of three digits."""
    return f"{number:,}".replace(",", mark)


def figures(kind: Kind, pool: Pools, rng: np.random.Generator, first: int, rows: int) -> pl.Series:
    """The figure texts of `rows` rows, the first of which has the running number `first`."""
    ordinary = pool.draw(rng, rows)
    if kind == "ordinary":
        return ordinary
    running = np.arange(first, first + rows, dtype=np.int64)
    if kind == "distinct":  # a permutation of the nine-digit numbers: no text comes twice, in no order
        nine = pl.Series((running * 567_890_123) % 900_000_000 + 100_000_000).cast(pl.String)
        return nine.str.replace(r"^(...)(...)(...)$", "$1 $2 $3")
    mangled = pl.Series(running).cast(pl.String) + " ?"
    refused = pl.Series(rng.random(rows) < 0.88)
    return pl.select(pl.when(refused).then(mangled).otherwise(ordinary)).to_series()
