"""How large the sheets of an xlsx are, from its raw parts: before anything makes room for them.

The reader of workbooks fills a rectangle from the first cell to the last, so that two cells in opposite corners of a
sheet ask for 17 billion. No XML parser is used: the files are untrusted.
"""

from __future__ import annotations

import re

import polars as pl

LONGEST_TEXT = 4 << 20
"""Bytes between two tags. A cell holds 32,767 characters at most (Excel, "specifications and limits")."""
_TOKEN = re.compile(
    r"""<(?:[^\s<>/:"'=]*+:)?(?P<tag>row|c)(?=[\s/>])"""
    r"""|(?<=[\s"'])r\s*+=\s*+["']?(?P<letters>[A-Za-z]{0,7})[A-Za-z]*+0*(?P<digits>[0-9]{1,10})"""
)
"""Rows, cells, and whatever looks like an address, wherever it stands: readers differ in where a tag ends that holds a
`<` or `>` in quotes, or a comment that holds a tag, and an address that is missed may ask for 17 billion cells."""
_PLAIN_TAG = r"""<(?:\w{1,40}:)?(?:row|c)(?: r=["'][A-Za-z]{0,7}[0-9]{1,10}["'])?[\s/>]"""
_PLAIN_REFERENCE = r"""["']([A-Za-z]*)([0-9]+)["']"""
_ANY_TAG = r"[<:](?:row|c)[\s/>]"
_ANY_REFERENCE = r"""[\s"']r\s*=\s*["']?[A-Za-z]*[0-9]"""


class Extent:
    """The last row and column that the tags of one part reach. Parts are handed over in pieces."""

    def __init__(self) -> None:
        self.rows = self.columns = 0
        self._row = self._column = 0
        self._has_cells = False
        self._rest = b""

    @property
    def cells(self) -> int:
        """How many cells the rectangle of the part holds; none without tags of cells (drawings have `r="9"`, too)."""
        return self.rows * self.columns if self._has_cells else 0

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
        series = pl.Series([text])
        tags = series.str.extract_all(_PLAIN_TAG).explode().drop_nulls()
        named = tags.str.extract_groups(_PLAIN_REFERENCE).struct.unnest()
        counts = [series.str.count_matches(pattern)[0] for pattern in (_ANY_TAG, _ANY_REFERENCE)]
        if named.null_count().row(0) != (0, 0) or counts != [named.height] * 2:
            self._one_by_one(text)
        elif named.height:  # as every program writes them: ten times as fast as one by one
            rows = named["2"].cast(pl.Int64)
            self.rows = max([self.rows, *rows.top_k(1)])
            self.columns = max([self.columns, *map(_number, named["1"].unique())])
            self._has_cells = self._has_cells or bool((named["1"] != "").any())
            self._row, self._column = int(rows[-1]), _number(named["1"][-1])

    def _one_by_one(self, text: str) -> None:
        for token in _TOKEN.finditer(text):
            if token["tag"]:
                self._reach()
                is_row = token["tag"] == "row"
                self._row, self._column = (self._row + 1, 0) if is_row else (self._row, self._column + 1)
                self._has_cells = self._has_cells or not is_row
            else:
                self._row = int(token["digits"]) or self._row
                self._column = _number(token["letters"])
        self._reach()

    def _reach(self) -> None:
        self.rows, self.columns = max(self.rows, self._row), max(self.columns, self._column)


def _number(letters: str) -> int:
    """The number of a column: A is 1."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number
