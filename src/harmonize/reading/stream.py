"""Large delimited texts, scanned by Polars in batches: the same frames as `cells`, at the speed of the disk.

Polars pads short rows silently and counts a quoted line break as none, so the reader proves that the file is plain
(every row has all its fields, every line is a row); where it is not, `NotPlain` sends it to the exact reader.

The proof: a padded row has an empty last field, so without empty last fields there is none. Otherwise a row that was
cut after a filled field does not end in the delimiter, and one that was cut after an empty field has its last two
fields empty: lines that end in the delimiter are counted, and rows with two empty last fields are not plain.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, cast

import polars as pl

from ..model.layout import Layout
from .cells import Request, Tally
from .header import Header
from .source import Source

if TYPE_CHECKING:
    from numpy.typing import NDArray

STREAM_FROM = 32 << 20
"""Smaller texts are read exactly, row by row."""
EVERY_COLUMN = pl.QueryOptFlags(projection_pushdown=False)
"""Polars looks for rows that are too long only where it parses every column."""
BATCH_ROWS = 300_000
C1 = b"\xc2"
"""The first byte of the characters U+0080 to U+00BF in UTF-8."""
READ_BYTES = 1 << 18
"""So many bytes stay in the processor's cache while they are looked at."""


class NotPlain(Exception):  # noqa: N818  (no failure: the signal to read exactly)
    """The file has ragged rows, blank lines, quoted line breaks or broken text."""


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
    """The cells of a large text, in batches of a dozen pieces each: the frames of `cells`, without nulls.

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
    seen = empty = 0
    with _plain_path(source) as path, ThreadPoolExecutor(1) as worker:
        scan = pl.scan_csv(
            path,
            has_header=False,
            skip_lines=lines,
            schema=schema,
            separator=delimiter,
            glob=False,
            empty_string_is_null=False,
        )
        wanted = dict.fromkeys([*used, *(f"c{v.index}" for v in header.values), *names[-2:]])
        line_ends = worker.submit(_line_ends, path)
        try:
            for batch in scan.select(*wanted).collect_batches(
                chunk_size=BATCH_ROWS, maintain_order=True, engine="streaming", optimizations=EVERY_COLUMN
            ):
                # Polars makes nulls of empty cells where it reads Categoricals
                batch = batch.with_columns(column.fill_null("") for column in batch if column.null_count())
                first = lines + 1 + seen  # in a plain file every line is a row
                rows = pl.int_range(first, first + batch.height, dtype=pl.UInt32, eager=True).alias("row")
                seen += batch.height
                empty += _empty_ends(batch.select(names[-2:]))
                tally.rows += batch.height
                tally.cells += batch.height * len(header.values)
                for at, column in enumerate(header.values):
                    texts = fixed | {"$header": column.header}
                    constant = {
                        name: pl.lit(texts[name]).cast(request.types[name]) for name in request.texts if name in texts
                    }
                    yield batch.select(
                        rows,
                        pl.lit(at, pl.UInt16).alias("at"),
                        *(pl.col(c).alias(name) for c, name in used.items()),
                        pl.col(f"c{column.index}").alias("figure"),
                        **constant,
                    )
        except pl.exceptions.PolarsError as error:
            raise NotPlain(str(error)) from error
        if seen + lines != line_ends.result() + (not source.ends_with_newline):
            raise NotPlain("some line is no row")
        if empty and empty != _ends_after(path, delimiter):
            raise NotPlain("a row is shorter than the header, or ends in an empty quoted field")


def _empty_ends(last_two: pl.DataFrame) -> int:
    """How many rows have a blank last field.

    Raises:
        NotPlain: the field before it is blank, too.
    """
    ends = _blank(last_two.to_series(-1))
    if not ends.any():
        return 0
    if (ends & _blank(last_two.to_series(0))).any():
        raise NotPlain("a row may be shorter than the header")
    return int(ends.sum())


def _blank(column: pl.Series) -> pl.Series:
    """For each cell, none of which is null, whether it is empty or holds nothing but spaces."""
    if isinstance(column.dtype, pl.Categorical):
        distinct = column.unique()
        blank = distinct.filter(_blank(distinct.cast(pl.String))).to_physical()
        return column.to_physical().is_in(blank.implode())
    sorts_as_blank = (column < "!") | (column > "~")  # as spaces of every kind do; few figures and codes
    at = sorts_as_blank.arg_true()
    is_blank = column.gather(at).str.strip_chars() == ""
    return pl.repeat(False, len(column), dtype=pl.Boolean, eager=True).scatter(at.filter(is_blank), True)


def _line_ends(path: Path) -> int:
    """Number of line ends.

    Raises:
        NotPlain: a carriage return stands alone, or there is a control character that the exact reader refuses.
    """
    import numpy as np

    ends = returns = pairs = 0
    for data, text in _windows(path):
        is_end = text[2:] == ord("\n")
        ends += int(np.count_nonzero(is_end))
        if data.find(b"\0", 2, len(text)) >= 0 or (data.find(C1, 1, len(text)) >= 0 and _has_c1(text)):
            raise NotPlain("a control character")
        if data.find(b"\r", 1, len(text)) >= 0:
            returns += int(np.count_nonzero(text[2:] == ord("\r")))
            pairs += int(np.count_nonzero(is_end & (text[1:-1] == ord("\r"))))
    if returns != pairs:
        raise NotPlain("a carriage return alone may end a line")
    return ends


def _has_c1(text: NDArray[Any]) -> bool:
    """Whether one of the control characters U+0080 to U+009F ends in the new bytes of a window."""
    return bool(((text[1:-1] == ord(C1)) & (text[2:] < 0xA0)).any())


def _ends_after(path: Path, delimiter: str) -> int:
    """Number of line ends that follow a delimiter."""
    import numpy as np

    found = 0
    for _, text in _windows(path):
        is_end, before, first = text[2:] == ord("\n"), text[1:-1], text[:-2]
        is_pair = (before == ord("\r")) & (first == ord(delimiter))
        found += int(np.count_nonzero(is_end & (is_pair | (before == ord(delimiter)))))
    return found


def _windows(path: Path) -> Iterator[tuple[bytearray, NDArray[Any]]]:
    """The bytes of a file through one small buffer, as digests read it.

    Yields:
        The buffer; and as an array (uint8) what of it is new, behind the two bytes before.
    """
    import numpy as np

    data = bytearray(b"\n\n") + bytearray(READ_BYTES)
    text = np.frombuffer(data, np.uint8)
    with path.open("rb", buffering=0) as file:
        while size := file.readinto(memoryview(data)[2:]):
            yield data, text[: size + 2]
            data[:2] = data[size : size + 2]


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
