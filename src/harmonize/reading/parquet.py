"""Parquet files in the common format, read by Arrow: it says what is wrong with a damaged file, and loses no row.

Polars' reader ends early, or takes the process with it, where a page is damaged.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import polars as pl

from ..model.finding import Problem, problem
from .grid import as_text
from .source import LARGEST_UNPACKED, MOST_ROWS, Source
from .trial import ensure_bearable
from .workbook import LONGEST_CELL

if TYPE_CHECKING:
    from pyarrow.parquet import ParquetFile

BATCH_ROWS = 250_000
LARGEST_BATCH = 1 << 28
"""Bytes of the texts of a batch. A file stores equal ones once, so that few bytes can claim any number of them."""


def names_in(source: Source) -> list[str]:
    """The names of its columns.

    Raises:
        Problem: it is damaged, or too large, or a column has no name: what it holds would be lost.
    """
    names = list(_opened(source).schema_arrow.names)
    if not all(name.strip() for name in names):
        raise problem(
            "column-unknown", "a column has no name: what it says of the rows would be lost", file=source.name
        )
    return names


def batches(source: Source, columns: dict[str, int]) -> Iterator[pl.DataFrame]:
    """Columns at some positions as texts, by the names given, and the `row` that each row has in the csv it would be
    written to, the header being row 1; rows that are blank in every column are passed over.

    Raises:
        Problem: it is damaged, or a column holds no texts, numbers or dates.
    """
    import pyarrow as pa

    file = _opened(source)
    row = 2
    try:
        for batch in file.iter_batches(BATCH_ROWS, use_threads=False):
            _refuse_long_texts(source, batch)
            texts = [_as_text(source, file, batch, at) for at in range(batch.num_columns)]
            is_blank = pl.select(pl.all_horizontal(text.str.strip_chars() == "" for text in texts)).to_series()
            rows = pl.int_range(row, row + batch.num_rows, dtype=pl.UInt32, eager=True)
            row += batch.num_rows
            frame = pl.DataFrame({"row": rows} | {name: texts[at] for name, at in columns.items()})
            yield frame.filter(~is_blank)
    except (pa.ArrowException, OSError) as error:
        raise _damaged(source, str(error)) from error
    if row - 2 != file.metadata.num_rows:
        raise _damaged(source, f"holds {row - 2:,} of its {file.metadata.num_rows:,} rows")


def _opened(source: Source) -> ParquetFile:
    import pyarrow as pa
    from pyarrow import parquet

    assert source.path is not None
    if not source.is_trusted:
        ensure_bearable(source)
    try:
        schema = parquet.read_schema(source.path)
        _refuse_what_is_no_column(source, schema)
        texts = [field.name for field in schema if pa.types.is_string(field.type) or pa.types.is_binary(field.type)]
        file = parquet.ParquetFile(source.path, read_dictionary=texts)  # equal texts stay one in memory, too
    except (pa.ArrowException, OSError) as error:
        raise _damaged(source, str(error)) from error
    groups = [file.metadata.row_group(at) for at in range(file.metadata.num_row_groups)]
    size = sum(group.total_byte_size for group in groups)
    if file.metadata.num_rows > MOST_ROWS:
        raise problem("file-too-large", f"has more than {MOST_ROWS:,} rows", file=source.name)
    if size > LARGEST_UNPACKED:
        raise problem("file-too-large", "is not a table: it unpacks to too much data", file=source.name)
    packed = sum(group.column(at).total_compressed_size for group in groups for at in range(group.num_columns))
    if packed > source.path.stat().st_size:  # a row group may be named a hundred thousand times, and read as often
        raise _damaged(source, f"its columns claim {packed:,} bytes, more than it has")
    return file


def _refuse_what_is_no_column(source: Source, schema: Any) -> None:
    """Refuse lists and the like by their type, before anything makes room for them.

    Raises:
        Problem: a column holds no texts, numbers or dates.
    """
    import pyarrow as pa

    for field in schema:
        if pa.types.is_nested(field.type) or pa.types.is_fixed_size_binary(field.type):
            raise _no_column(source, field)


def _no_column(source: Source, field: Any) -> Problem:
    message = f"the column {field.name!r} holds neither texts nor numbers, but {field.type}"
    return problem("file-unreadable", message, file=source.name)


def _refuse_long_texts(source: Source, batch: Any) -> None:
    """Refuse a batch whose texts would be too long, or too many of them long, before they are made.

    Raises:
        Problem: so they would.
    """
    import pyarrow as pa
    from pyarrow import compute

    size = 0
    for column in batch.columns:
        is_shared = pa.types.is_dictionary(column.type)
        texts = column.dictionary if is_shared else column
        if not (
            pa.types.is_binary(texts.type) or pa.types.is_string(texts.type) or pa.types.is_large_string(texts.type)
        ):
            continue
        lengths = compute.binary_length(texts)
        if (compute.max(lengths).as_py() or 0) > LONGEST_CELL:
            message = f"a text holds more than {LONGEST_CELL:,} bytes"
            raise problem("file-too-large", message, file=source.name)
        used = lengths.take(column.indices) if is_shared else lengths
        size += compute.sum(used.cast("int64")).as_py() or 0
    if size > LARGEST_BATCH:
        message = f"is not a table: the texts of {batch.num_rows:,} rows take more than {LARGEST_BATCH >> 20} MB"
        raise problem("file-too-large", message, file=source.name)


def _as_text(source: Source, file: ParquetFile, batch: Any, at: int) -> pl.Series:
    """A column of any type as its publisher would write it in a csv.

    Raises:
        Problem: it holds something else.
    """
    try:
        column = pl.Series(batch.column(at))
        if column.dtype == pl.Float32:
            column = _widened(column)
        if column.dtype == pl.Float64:
            distinct = column.unique().drop_nulls()
            shown = pl.Series([as_text(value) for value in distinct], dtype=pl.String)
            return column.replace_strict(distinct, shown, default="", return_dtype=pl.String)
        texts = column.cast(pl.String).fill_null("")
        # a number with a fixed number of decimals (`5.000`) is no text that may mean thousands
        return texts.str.replace(r"\.0+$", "") if column.dtype.is_decimal() else texts
    except (TypeError, ValueError, pl.exceptions.PolarsError) as error:
        raise _no_column(source, file.schema_arrow.field(at)) from error


def _widened(column: pl.Series) -> pl.Series:
    """Numbers of 4 bytes as those of 8: whole ones as they are stored, others as they are written (`0.1`)."""
    stored = column.cast(pl.Float64)
    shown = column.cast(pl.String).cast(pl.Float64)
    return shown.zip_with((stored != stored.floor()).fill_null(value=False), stored)


def _damaged(source: Source, said: str) -> Problem:
    message = f"is no readable Parquet file, or is damaged: {said[:200].partition(chr(10))[0]}"
    return problem("file-unreadable", message, file=source.name)
