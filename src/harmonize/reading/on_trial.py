"""What another process does with a file before this one reads it (`trial`): a script of its own, which knows no more
than the libraries that read.
"""

from __future__ import annotations

import sys
from pathlib import Path

MEMORY = 3 << 30
"""Bytes of the address space: twenty million cells with 512 MB of text take less."""
SECONDS = 30
"""Of the processor: a workbook of twenty million cells takes less, and Parquet of thirty million rows."""
EXHAUSTED = 3
"""The exit code where more memory is needed."""
BROKEN = 4
"""The exit code where the reader of workbooks breaks off. Where it does so it writes to stderr."""


def _try_parquet(path: str) -> None:
    """Read what `parquet` reads, batch by batch."""
    import pyarrow as pa
    from pyarrow import parquet

    kinds = {field.name: field.type for field in parquet.read_schema(path)}
    if any(pa.types.is_nested(kind) for kind in kinds.values()):
        return  # it is refused
    texts = [name for name, kind in kinds.items() if pa.types.is_string(kind) or pa.types.is_binary(kind)]
    file = parquet.ParquetFile(path, read_dictionary=texts)
    groups = [file.metadata.row_group(at) for at in range(file.metadata.num_row_groups)]
    packed = sum(group.column(at).total_compressed_size for group in groups for at in range(group.num_columns))
    if packed <= Path(path).stat().st_size:  # else it is refused
        for _ in file.iter_batches(use_threads=False):
            pass


def _try_workbook(path: str) -> None:
    """Make everything that `workbook` makes, and keep it as that does."""
    import python_calamine

    book = python_calamine.load_workbook(path)
    kept = []
    for name in book.sheet_names:
        sheet = book.get_sheet_by_name(name)
        kept.append((sheet.to_python(skip_empty_area=False), sheet.merged_cell_ranges))


def main() -> None:
    """Set the bounds, and read."""
    library, kind, path = sys.argv[1:]
    sys.path.append(library)
    try:
        import resource
    except ImportError:  # Windows
        return
    for limit, most in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_AS, MEMORY),
    ):
        known = resource.getrlimit(limit)[1]  # nobody may ask for more than that
        bound = most if known == resource.RLIM_INFINITY else min(most, known)
        resource.setrlimit(limit, (bound, known))
    try:
        {"workbook": _try_workbook, "parquet": _try_parquet}[kind](path)
    except Exception as error:  # of the file: whoever opens it says so
        sys.exit(EXHAUSTED if isinstance(error, MemoryError) else 0)
    except BaseException as error:  # what panics in Rust is no Exception
        sys.exit(EXHAUSTED if "pointer is null" in str(error) else BROKEN)


if __name__ == "__main__":
    main()
