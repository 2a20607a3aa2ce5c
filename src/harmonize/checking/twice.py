"""Rows that have the same key: in one submission, and between several that are given together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from ..kernel.rank import are_repeated, rank
from ..model.catalog import codelist
from ..model.finding import Finding, Severity
from ..model.observation import KEY
from .columns import Numbering
from .metadata import Metadata
from .place import codes_in


@dataclass(frozen=True)
class Keys:
    """The keys of one submission (columns of KEY, as Enums), the rows they stand in, and whose they are."""

    file: str
    table: pl.DataFrame
    rows: Numbering
    territory: str
    edition: str
    """both as the metadata name them; '' where they do not"""

    @classmethod
    def of(cls, file: str, table: pl.DataFrame, rows: Numbering, said: Metadata, unnamed: str) -> Keys:
        """
        Args:
            said: the metadata.
            unnamed: what stands for the edition where nobody named one, as a digest does: two files without a named
                edition are not two editions.
        """
        edition = table["edition"]
        named = pl.Series([code if code != unnamed else "" for code in codes_in(edition)], dtype=pl.String)
        kind = pl.Enum(named.unique().sort())
        keys = table.select(KEY).with_columns(named.cast(kind).gather(edition.to_physical()).alias("edition"))
        return cls(file, keys, rows, said.territory, said.edition)

    @cached_property
    def counted(self) -> frozenset[tuple[str, str]]:
        """Pillar and indicator of what is counted; other figures are no parts of one another."""
        pillars = {code.code: code.pillar for code in codelist("offence_tree").codes}
        pairs = self.table.select("offence", "indicator").unique().drop_nulls().cast(pl.String)
        return frozenset((pillars.get(offence, offence), indicator) for offence, indicator in pairs.iter_rows())


def are_twice(keys: pl.DataFrame) -> pl.Series:
    """For each row (columns of KEY as Enums) whether another has its key; not where one of the codes is null."""
    return are_repeated(rank(keys.with_columns(in_order(keys["national_codes"])), KEY))


def between(submissions: list[Keys]) -> Iterator[Finding]:
    """What several submissions say twice: the first such row of each pair of files; and which are parts of one."""
    for number, one in enumerate(submissions):
        for other in submissions[:number]:
            yield from _in_both(one, other)
        if part := next((other for other in submissions[:number] if _are_one(one, other)), None):
            message = (
                f"is of the same territory and edition as {part.file} and counts the same things, and totals and parts "
                "are held against each other in one file only"
            )
            yield Finding(rule="not-compared", severity=Severity.WARNING, file=one.file, message=message)


def _are_one(one: Keys, other: Keys) -> bool:
    """Whether two submissions are parts of one: what contradicts itself between them is not looked for."""
    is_same = (one.territory, one.edition) == (other.territory, other.edition)
    return bool(one.edition) and is_same and bool(one.counted & other.counted)


def _in_both(one: Keys, other: Keys) -> Iterator[Finding]:
    both = _in_common_codes(other.table, one.table)
    number = rank(both.with_columns(in_order(both["national_codes"])), KEY)
    before, mine = number.head(other.table.height), number.tail(one.table.height)
    is_twice = mine.is_in(before.drop_nulls().unique().implode()).fill_null(value=False)
    if not is_twice.any():
        return
    first = is_twice.arg_true().head(1)
    its = (before == mine.gather(first)[0]).arg_true().head(1)
    twins = mine.filter(is_twice).n_unique()
    row = f"row {other.rows.of(its)[0]} of {other.file}"
    message = (
        f"{twins:,} of its combinations of codes stand in {other.file}, too, the first in {row}: one figure is given "
        "twice. Two editions of one figure are told apart by the edition that their metadata name"
    )
    yield Finding(
        rule="key-twice",
        severity=Severity.ERROR,
        file=one.file,
        row=one.rows.of(first)[0],
        column="ref_area",
        text=codes_in(one.table["ref_area"])[one.table["ref_area"].to_physical()[first[0]]],
        message=message,
    )


def _in_common_codes(above: pl.DataFrame, below: pl.DataFrame) -> pl.DataFrame:
    """One table above the other, their columns as Enums of the codes of both."""
    columns = {}
    for name in KEY:
        kind = pl.Enum(sorted({*codes_in(above[name]), *codes_in(below[name])}))
        columns[name] = pl.concat([above[name].cast(kind), below[name].cast(kind)])
    return pl.DataFrame(columns)


def in_order(national_codes: pl.Series) -> pl.Series:
    """A column of national codes (Enum) where `B+A` is `A+B`: it is the same sum.

    >>> in_order(pl.Series(["B+A", "A + B"], dtype=pl.Enum(["A + B", "B+A"]))).to_list()
    ['A+B', 'A+B']
    """
    ordered = pl.Series(
        ["+".join(sorted(code.strip() for code in text.split("+"))) for text in codes_in(national_codes)],
        dtype=pl.String,
    )
    kind = pl.Enum(ordered.unique().sort())
    return ordered.cast(kind).gather(national_codes.to_physical()).alias(national_codes.name)
