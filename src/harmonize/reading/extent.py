"""How large the sheets of an xlsx are, from its raw parts: before anything makes room for them.

The reader of workbooks fills a rectangle from the first cell to the last, so that two cells in opposite corners of a
sheet ask for 17 billion. No XML parser is used: the files are untrusted.
"""

from __future__ import annotations

import re

import polars as pl

LONGEST_TEXT = 4 << 20
"""Bytes between two tags. A cell holds 32,767 characters at most (Excel, "specifications and limits")."""
_TAG = re.compile(r"<(?:\w{1,40}:)?(row|c)(?=[\s/>])([^<>]*)")
_REFERENCE = re.compile(r"""(?<![\w:.-])r\s*=\s*["']([A-Za-z]{0,7})([0-9]{0,10})""")
_PLAIN_TAG = r"""<(?:\w{1,40}:)?(?:row|c)(?: r=["'][A-Za-z]{0,7}[0-9]{1,10}["'])?[\s/>]"""
_PLAIN_REFERENCE = r"""["']([A-Za-z]*)([0-9]+)["']"""


class Extent:
    """The last row and column that the tags of one part reach. Parts are handed over in pieces."""

    def __init__(self) -> None:
        self.rows = self.columns = 0
        self._row = self._column = 0
        self._rest = b""

    @property
    def cells(self) -> int:
        """How many cells the rectangle of the part holds."""
        return self.rows * self.columns

    @property
    def is_endless(self) -> bool:
        """Whether a text goes on for longer than any cell."""
        return len(self._rest) > LONGEST_TEXT

    def add(self, piece: bytes) -> None:
        """Take the next piece. Rows and cells without a reference stand after the one before."""
        whole = piece if self.is_endless else self._rest + piece
        end = max(whole.rfind(b"<"), 0)
        self._rest = whole[end:]
        text = whole[:end].decode("latin-1")
        tags = pl.Series([text]).str.extract_all(_PLAIN_TAG).explode().drop_nulls()
        named = tags.str.extract_groups(_PLAIN_REFERENCE).struct.unnest()
        if named.null_count().row(0) == (0, 0):  # as every program writes them: ten times as fast as one by one
            rows = named["2"].cast(pl.Int64)
            self.rows = max([self.rows, *rows.top_k(1)])
            self.columns = max([self.columns, *map(_number, named["1"].unique())])
            if named.height:
                self._row, self._column = int(rows[-1]), _number(named["1"][-1])
        else:
            self._one_by_one(text)

    def _one_by_one(self, text: str) -> None:
        for tag in _TAG.finditer(text):
            reference = _REFERENCE.search(tag[2])
            if tag[1] == "row":
                self._row, self._column = int(reference[2] or 0) if reference else self._row + 1, 0
            else:
                self._column += 1
                if reference:
                    self._column = _number(reference[1]) or self._column
                    self._row = int(reference[2] or 0) or self._row
                self.columns = max(self.columns, self._column)
            self.rows = max(self.rows, self._row)


def _number(letters: str) -> int:
    """The number of a column: A is 1."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number
