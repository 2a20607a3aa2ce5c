"""Large delimited texts, parsed by Polars piece by piece: the same frames as `cells`, at the speed of the disk.

Polars pads short rows silently and counts a quoted line break as none, so the reader proves that the file is plain
(every row has all its fields, every line is a row); where it is not, `NotPlain` sends it to the exact reader.

The proof: a padded row has an empty last field, so without empty last fields there is none. Otherwise a row that was
cut after a filled field does not end in the delimiter, and one that was cut after an empty field has its last two
fields empty: lines that end in the delimiter are counted, and rows with two empty last fields are not plain. Of a code
in broken quotes Polars reads only a part (`"D"E` as `D`): quotes must open and close where fields do.
"""

from __future__ import annotations

import shutil
import tempfile
from codecs import BOM_UTF8
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

import polars as pl

from ..model.layout import Layout
from ..threads import side_by_side
from .cells import Request, Tally
from .header import Header
from .plain import NotPlain, below, ends_after, line_ends, pieces
from .repeated import is_total, unread
from .source import Source

Schema = Mapping[str, pl.DataType | type[pl.DataType]]
"""The types of columns."""
STREAM_FROM = 32 << 20
"""Smaller texts are read exactly, row by row."""
AT_A_TIME = 3
"""Pieces that are parsed at the same time: two cores are never without work."""


def can_stream(source: Source, layout: Layout) -> bool:
    """Whether a text is large enough, in the one encoding that Polars reads, and nothing but rows of data."""
    is_split = any(column.split for column in (*layout.columns.values(), *layout.values))
    only_rows = not (layout.stop or layout.skip or layout.fill_down or is_split)
    return (
        only_rows
        and source.kind == "text"
        and source.text_size >= STREAM_FROM
        and layout.encoding[0].startswith("utf-8")
        and layout.delimiter.isascii()  # Polars takes a delimiter of one byte
    )


def stream(
    source: Source, header: Header, lines: int, delimiter: str, request: Request, tally: Tally
) -> Iterator[pl.DataFrame]:
    """The cells of a large text, in batches of a piece each: the frames of `cells`, without nulls.

    Args:
        lines: the number of the header's line.

    Raises:
        NotPlain: the file cannot be read this way without risking wrong rows or row numbers.
    """
    names = [f"c{index}" for index in range(len(header.texts))]
    used = {f"c{at}": name for name, at in header.columns.items() if name in request.texts}
    absent = dict.fromkeys(name for name in request.texts if name not in used.values())  # optional columns
    fixed = dict.fromkeys(absent, "") | {"$file": request.file}
    schema: dict[str, pl.DataType | type[pl.DataType]] = dict.fromkeys(names, pl.String)
    schema |= {column: request.types[name] for column, name in used.items()}
    row = lines + 1  # in a plain file every line is a row
    others = [f"c{at}" for at in unread(header, request.texts)] if request.repeated.is_looked_for else []
    met: list[pl.Series] = []
    tally.say(*request.repeated.of_header(header))
    with _plain_path(source) as path:
        places = pieces(path, below(path, lines))
        for batch in side_by_side(lambda place: _parsed(path, *place, delimiter, schema), places, at_a_time=AT_A_TIME):
            rows = pl.int_range(row, row + batch.height, dtype=pl.UInt32, eager=True)
            row += batch.height
            tally.rows += batch.height
            tally.cells += batch.height * len(header.values)
            if request.repeated.is_looked_for:
                met.append(batch.select(pl.col(pl.Categorical).to_physical(), pl.col(pl.String)).hash_rows())
                if any(is_total(text) for name in others for text in batch[name].unique()):
                    raise NotPlain("a line may be the total of others")
            for at, column in enumerate(header.values):
                texts = fixed | {"$header": column.header}
                constant = {
                    name: pl.Series([texts[name]]).cast(request.types[name]) for name in request.texts if name in texts
                }
                constant["at"] = pl.Series([at], dtype=pl.UInt16)
                yield pl.DataFrame(
                    {"row": rows, "figure": batch[f"c{column.index}"]}
                    | {name: batch[c] for c, name in used.items()}
                    | {name: one.new_from_index(0, batch.height) for name, one in constant.items()}
                )
        if met and pl.concat(met).is_duplicated().any():
            raise NotPlain("a line may be there twice")
        if _has_spaces(schema[names[-1]]):
            raise NotPlain("a row may be blank")


def _parsed(path: Path, first: int, size: int, delimiter: str, schema: Schema) -> pl.DataFrame:
    """The rows of a piece, without nulls.

    Raises:
        NotPlain: the piece cannot be read this way.
    """
    with path.open("rb") as file:
        file.seek(first)
        text = file.read(size)
    if first and text.startswith(BOM_UTF8):  # Polars would take it for a mark of the encoding
        raise NotPlain("a line begins with a byte order mark")
    text = text if text.endswith(b"\n") else text + b"\n"
    ends = line_ends(text, delimiter)
    scan = pl.scan_csv(text, has_header=False, schema=schema, separator=delimiter, empty_string_is_null=False)
    try:
        rows = scan.collect()  # every column: where Polars leaves one out, it does not look for rows that are too long
    except pl.exceptions.PolarsError as error:
        raise NotPlain(str(error)) from error
    if rows.height != ends:
        raise NotPlain("some line is no row")
    empty = _empty_ends(rows.select(rows.columns[-2:]))
    if empty and empty != ends_after(text, delimiter):
        raise NotPlain("a row is shorter than the header, or ends in an empty quoted field")
    # Polars makes nulls of empty cells where it reads Categoricals
    return rows.with_columns(column.fill_null("") for column in rows if column.null_count())


def _empty_ends(last_two: pl.DataFrame) -> int:
    """How many rows have an empty last field.

    Raises:
        NotPlain: it is blank, and the field before it, too: see `_has_spaces` for Categoricals.
    """
    before, last = last_two.to_series(0), last_two.to_series(-1)
    ends = last_two.select(pl.col(last.name).fill_null("") == "").to_series()
    if isinstance(last.dtype, pl.Categorical):
        at = ends.arg_true()
    else:
        sorts_as_blank = (last < "!") | (last > "~")  # as spaces of every kind do; few figures and codes
        at = sorts_as_blank.arg_true()
        at = at.filter(_are_blank(last.gather(at)))
    if _are_blank(before.gather(at).unique()).any():
        raise NotPlain("a row may be blank, or shorter than the header")
    return int(ends.sum())


def _are_blank(column: pl.Series) -> pl.Series:
    """For each cell whether it is empty or holds nothing but spaces."""
    return column.cast(pl.String).fill_null("").str.strip_chars() == ""


def _has_spaces(kind: pl.DataType | type[pl.DataType]) -> bool:
    """Whether some cell of a Categorical column holds nothing but spaces."""
    texts = kind.categories if isinstance(kind, pl.Categorical) else ()
    return any(text and text.isspace() for text in texts)


@contextmanager
def _plain_path(source: Source) -> Iterator[Path]:
    """The path of the unpacked text."""
    assert source.path is not None
    if not source.is_packed:
        yield source.path
        return
    with tempfile.TemporaryDirectory(prefix="harmonize-") as folder:
        path = Path(folder) / "text.csv"
        with source.open() as packed, path.open("wb") as file:
            shutil.copyfileobj(packed, cast(BinaryIO, file), 1 << 22)
        yield path
